"""Reads a typed formula. What it cannot read, it names, with the place.

The page's script reads by the same rules and the same tables: ``GRAMMAR`` is sent to it.

    sum      = product (("+" | "-") product)*
    product  = sign (("*" | "/") sign | power)*        a power that follows is multiplied, but for 1½
    sign     = ("-" | "+") sign | power
    power    = atom ("^" exponent | superscript)?
    exponent = ("-" | "+") exponent | power            so x^y^z = x^(y^z), -x^2 = -(x^2)
    atom     = number | name | constant | function argument | "(" sum ")" | "|" sum "|"
    argument = "(" sum ")" | number | name | constant  a bare one must stand alone
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lossnotes.exercises.tree import (
    CONSTANTS,
    FUNCTIONS,
    VULGAR,
    Call,
    Chain,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
)

#: Characters of a formula.
LONGEST = 500
#: Levels of brackets, signs and powers.
DEEPEST = 40
#: Words of more letters are not taken for a product of names.
_LONGEST_PRODUCT = 12

#: What a character stands for, where it is not itself.
_ALIASES = {
    **dict.fromkeys("−–—‐‑﹣", "-"),
    **dict.fromkeys("·⋅∙•×∗", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("[", "("),
    **dict.fromkeys("]", ")"),
    "∣": "|",
    "µ": "μ",
}
_SUPERSCRIPTS = {**{char: str(n) for n, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "⁻": "-"}
_SPACES = " \t\n\r\u00a0\u2002\u2003\u2009\u200a\u202f\u205f"
_SPELLINGS = {spelling: name for name, known in FUNCTIONS.items() for spelling in known.spellings}
_OPERATORS = "+-*/^()|"
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

#: The same tables for the page.
GRAMMAR: dict[str, Any] = {
    "longest": LONGEST,
    "deepest": DEEPEST,
    "longestProduct": _LONGEST_PRODUCT,
    "aliases": _ALIASES,
    "superscripts": _SUPERSCRIPTS,
    "spaces": _SPACES,
    "operators": _OPERATORS,
    "vulgar": VULGAR,
    "constants": CONSTANTS,
    "spellings": _SPELLINGS,
}

_OPERAND = "a number, a name or an opening bracket"
_STARTS = frozenset(("name", "constant", "function", "vulgar", "("))


class FormulaError(ValueError):
    """A text that is no formula; says where, what was expected and what came."""


class Token(NamedTuple):
    """A word of the formula. ``place`` counts characters from 1."""

    kind: str
    text: str
    place: int


def parse(text: str, names: Mapping[str, str]) -> Node:
    """Read a formula.

    Parameters
    ----------
    text
        What the reader typed.
    names
        Each spelling of a variable → the name under which the tree holds it.

    Raises
    ------
    FormulaError
        If the text is no formula in these names.

    Examples
    --------
    >>> from lossnotes.exercises.tree import written
    >>> written(parse("2p(1-p)", {"p": "p"}))
    '2·p·(1 − p)'
    >>> written(parse("-x**2 / sigma(z)", {"x": "x", "z": "z"}))
    '−x^2/σ(z)'
    >>> parse("2 * (p", {"p": "p"})
    Traceback (most recent call last):
    ...
    lossnotes.exercises.parse.FormulaError: place 7: expected a closing bracket; got the end
    """
    if len(text) > LONGEST:
        raise FormulaError(f"expected at most {LONGEST} characters; got more")
    plain = "".join(_ALIASES.get(char, char) for char in unicodedata.normalize("NFC", text))
    return _Parser(list(_tokens(plain, names)), names).formula()


# --- words ------------------------------------------------------------------------


def _tokens(text: str, names: Mapping[str, str]) -> Iterator[Token]:
    at = 0
    while at < len(text):
        char, end = text[at], at + 1
        if char in _SPACES:
            pass
        elif number := _NUMBER.match(text, at):
            end = number.end()
            yield _number(number[0], at + 1)
        elif char in VULGAR:
            yield Token("vulgar", char, at + 1)
        elif char in _SUPERSCRIPTS:
            end = _end(text, at, _SUPERSCRIPTS)
            yield _superscript(text[at:end], at + 1)
        elif _is_letter(char) or char == "√":
            end = _word_end(text, at)
            yield from _word(text[at:end], at + 1, names)
        elif text.startswith("**", at):
            end = at + 2
            yield Token("^", "**", at + 1)
        elif char in _OPERATORS:
            yield Token(char, char, at + 1)
        else:
            raise FormulaError(
                f"place {at + 1}: expected {_OPERAND}, or an operator; got {_quoted(char)}{_advice(char)}"
            )
        at = end
    yield Token("end", "", len(text) + 1)


def _number(text: str, place: int) -> Token:
    value = float(text)
    # Exact arithmetic would write out every digit of 1e999999999.
    lost = value == 0 and re.search("[1-9]", re.split("[eE]", text)[0])
    if math.isinf(value) or lost:
        raise FormulaError(f"place {place}: expected a number that fits 64 bits; got {_quoted(text)}")
    return Token("number", text, place)


def _superscript(signs: str, place: int) -> Token:
    digits = "".join(_SUPERSCRIPTS[sign] for sign in signs)
    if not re.fullmatch("-?[0-9]+", digits):
        raise FormulaError(f"place {place}: expected a raised whole number; got {_quoted(signs)}")
    return Token("superscript", digits, place)


def _word(word: str, place: int, names: Mapping[str, str]) -> Iterator[Token]:
    if word in names:
        yield Token("name", word, place)
    elif word in _SPELLINGS:
        yield Token("function", word, place)
    elif word in CONSTANTS:
        yield Token("constant", word, place)
    else:
        parts = _product_of_names(word, names) if len(word) <= _LONGEST_PRODUCT else None
        if parts is None:
            raise FormulaError(f"place {place}: expected {vocabulary(names)}; got {_quoted(word)}")
        for part in parts:
            yield Token("name", part, place)
            place += len(part)


def _product_of_names(word: str, names: Mapping[str, str]) -> list[str] | None:
    """``wx`` as ``w``, ``x``; the longest name first."""
    if not word:
        return []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        rest = _product_of_names(word[len(name) :], names) if word.startswith(name) else None
        if rest is not None:
            return [name, *rest]
    return None


def _is_letter(char: str) -> bool:
    return unicodedata.category(char).startswith("L")


def is_word(text: str) -> bool:
    """Whether a text can be the name of a variable.

    Examples
    --------
    >>> is_word("ŷ"), is_word("w_1"), is_word("2x"), is_word("a b")
    (True, True, False, False)
    """
    return bool(text) and _is_letter(text[0]) and _word_end(text, 0) == len(text)


def _word_end(text: str, at: int) -> int:
    if text[at] == "√":
        return at + 1
    end = at + 1
    while end < len(text) and (text[end] in "_0123456789" or unicodedata.category(text[end])[0] in "LM"):
        end += 1
    return end


def _end(text: str, at: int, kind: Mapping[str, str]) -> int:
    while at < len(text) and text[at] in kind:
        at += 1
    return at


def vocabulary(names: Mapping[str, str]) -> str:
    functions = ", ".join(known.spellings[0] for known in FUNCTIONS.values())
    if not names:
        return f"a number or a function ({functions})"
    spelled: dict[str, list[str]] = {}
    for spelling, name in names.items():
        spelled.setdefault(name, []).append(spelling)
    known = ", ".join(f"{first} ({' or '.join(more)})" if more else first for first, *more in spelled.values())
    return f"one of the names {known}, or a function ({functions})"


def _advice(char: str) -> str:
    advice = {
        ",": ". Decimals have a point, as in 0.5; functions have one argument",
        "=": ". Leave out the left side",
        "\\": ". Write sigma(z), not \\sigma(z)",
        "{": ". Use round brackets",
        "}": ". Use round brackets",
        "%": ". Divide by 100",
    }
    return advice.get(char, "")


def _quoted(text: str) -> str:
    shown = "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in text)
    return f"“{shown}”" if len(shown) <= 30 else f"“{shown[:30]}…”"


# --- phrases ----------------------------------------------------------------------


class _Parser:
    def __init__(self, tokens: list[Token], names: Mapping[str, str]) -> None:
        self.tokens, self.names = tokens, names
        self.at = self.depth = self.bars = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def formula(self) -> Node:
        if self.token.kind == "end":
            raise FormulaError("expected a formula; got nothing")
        node = self.sum()
        if self.token.kind != "end":
            raise self.expected("an operator or the end")
        return node

    def expected(self, what: str) -> FormulaError:
        got = _quoted(self.token.text) if self.token.kind != "end" else "the end"
        return FormulaError(f"place {self.token.place}: expected {what}; got {got}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"place {self.token.place}: expected at most {DEEPEST} levels; got more")

    def sum(self) -> Node:
        first, rest = self.product(), []
        while self.token.kind in ("+", "-"):
            rest.append((self.take().kind, self.product()))
        return Chain(first, tuple(rest)) if rest else first

    def product(self) -> Node:
        first, rest = self.sign(), []
        while True:
            if self.token.kind in ("*", "/"):
                rest.append((self.take().kind, self.sign()))
            elif self.token.kind == "vulgar" and self.tokens[self.at - 1].kind == "number":
                # 1½ is a sum to most readers, and would be a product here.
                raise self.expected("+ or * before a fraction")
            elif self.token.kind in _STARTS or (self.token.kind == "|" and not self.bars):
                rest.append(("*", self.power()))
            else:
                return Chain(first, tuple(rest)) if rest else first

    def sign(self) -> Node:
        return self.signed(self.sign)

    def exponent(self) -> Node:
        return self.signed(self.exponent)

    def signed(self, again: Any) -> Node:
        if self.token.kind not in ("-", "+"):
            return self.power()
        self.deeper()
        sign = self.take().kind
        operand = again()
        self.depth -= 1
        return Negative(operand) if sign == "-" else operand

    def power(self) -> Node:
        base = self.atom()
        if self.token.kind == "superscript":
            digits = self.take().text
            raised: Node = Number(digits.lstrip("-"))
            return Power(base, Negative(raised) if digits.startswith("-") else raised)
        if self.token.kind != "^":
            return base
        self.deeper()
        self.take()
        node = Power(base, self.exponent())
        self.depth -= 1
        return node

    def atom(self) -> Node:
        kind = self.token.kind
        if kind == "(":
            return self.bracket()
        if kind == "|":
            return self.between_bars()
        if kind == "function":
            return self.call()
        return self.single(_OPERAND)

    def single(self, what: str) -> Node:
        match self.token.kind:
            case "number" | "vulgar":
                return Number(self.take().text)
            case "name":
                return Name(self.names[self.take().text])
            case "constant":
                return Constant(CONSTANTS[self.take().text])
        raise self.expected(what)

    def bracket(self) -> Node:
        self.deeper()
        self.take()
        bars, self.bars = self.bars, 0
        node = self.sum()
        if self.token.kind != ")":
            raise self.expected("a closing bracket")
        self.take()
        self.bars = bars
        self.depth -= 1
        return node

    def between_bars(self) -> Node:
        self.deeper()
        self.take()
        self.bars += 1
        node = self.sum()
        if self.token.kind != "|":
            raise self.expected("a closing bar")
        self.take()
        self.bars -= 1
        self.depth -= 1
        return Call("abs", node)

    def call(self) -> Node:
        word = self.take().text
        if self.token.kind == "(":
            return Call(_SPELLINGS[word], self.bracket())
        node = self.single(f"an opening bracket after {_quoted(word)}")
        # log 2p is log(2p) to one reader and log(2)·p to another.
        if self.token.kind in _STARTS | {"^", "superscript"}:
            raise self.expected(f"brackets around the argument of {_quoted(word)}")
        return Call(_SPELLINGS[word], node)
