"""What an exercise consists of, and the errors of a declaration that cannot work."""

import math
import random
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice
from numbers import Real
from typing import Any
from zlib import crc32

import numpy as np
import sympy as sp

from lossnotes import printing, trees
from lossnotes.balls.formula import BoundedFormula
from lossnotes.balls.values import exact, is_real
from lossnotes.style import as_number, require_words, slug

#: Places at which a formula is tried, and how many of them must give a finite answer.
POINTS, LEAST_POINTS = 32, 24
#: Two formulas agree where they differ by no more than this part of their size, or of the
#: largest answer: the same as in ``judge.js``.
RELATIVE, ABSOLUTE = 1e-9, 1e-12

_SEED = 1809
_TRIES = 400
#: Digits by which the answer's own value is judged: softplus(−700) has 304 zeros before its first.
_DIGITS = 400
_GREEK = {"lambda": "λ", **{unicodedata.name(c).split()[-1].lower(): c for c in "αβγδεζηθικμνξοπρστυφχψω"}}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}


@dataclass(frozen=True)
class ChoiceAnswer:
    """One of several texts."""

    answer: str
    choices: tuple[str, ...]
    replies: Mapping[str, str]

    def __post_init__(self) -> None:
        shown = ", ".join(map(repr, self.choices))
        require_words(**{f"choices[{n}]": choice for n, choice in enumerate(self.choices)})
        if len(self.choices) < 2 or len(set(self.choices)) < len(self.choices):
            raise ValueError(f"choices: expected two or more different texts; got {shown or 'none'}")
        if self.answer not in self.choices:
            raise ValueError(f"answer: expected one of the choices {shown}; got {self.answer!r}")
        for wrong in self.replies:
            if wrong not in self.choices or wrong == self.answer:
                raise ValueError(f"replies: expected wrong ones of the choices {shown}; got {wrong!r}")

    def data(self) -> dict[str, Any]:
        """What the judge needs to know."""
        return {"kind": "choice", "choices": self.choices, "answer": self.answer, "replies": list(self.replies)}


@dataclass(frozen=True)
class NumberAnswer:
    """A number, right within ``tolerance`` of itself; of 1 where the answer is 0."""

    answer: float
    replies: Mapping[float, str]
    tolerance: float

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < 1:
            raise ValueError(f"tolerance: expected a part of the answer, above 0 and below 1; got {self.tolerance}")
        for wrong in self.replies:
            if abs(wrong - self.answer) <= self.tolerance * (abs(self.answer) or 1.0):
                raise ValueError(f"replies: expected wrong answers; got {wrong}, right within {self.tolerance:g}")

    def data(self) -> dict[str, Any]:
        """What the judge needs to know."""
        rule = {"answer": self.answer, "tolerance": self.tolerance, "replies": list(self.replies)}
        return {"kind": "number", **rule}


@dataclass(frozen=True)
class FormulaAnswer:
    """An expression in the symbols of ``domain``."""

    answer: sp.Expr
    replies: Mapping[sp.Expr, str]
    domain: Mapping[sp.Symbol, tuple[float, float]]
    given_names: Mapping[sp.Symbol, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._require_domain()
        self._require_names()
        for name, expr in [("answer", self.answer), *(("replies", wrong) for wrong in self.replies)]:
            self._tree(name, expr)
        if len(self.points) < LEAST_POINTS:
            raise ValueError(
                "answer: expected finite values all over the domain, which 64-bit arithmetic computes to nine "
                f"digits; got {len(self.points)} in {_TRIES} points. Narrow the domain, or write the answer with "
                "functions that keep their digits, as softplus(z) for log(1 + exp(z))"
            )
        for wrong in self.replies:
            if self._agree(wrong):
                raise ValueError(f"replies: expected wrong answers; got {wrong}, which equals the answer")

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        return tuple(self.domain)

    @cached_property
    def names(self) -> dict[sp.Symbol, tuple[str, ...]]:
        """How each symbol may be typed; the first is how it is shown."""
        return {symbol: tuple(self.given_names.get(symbol) or spellings(symbol)) for symbol in self.symbols}

    def data(self) -> dict[str, Any]:
        """What the judge needs to know."""
        return {
            "kind": "formula",
            "spellings": [list(names) for names in self.names.values()],
            "points": self.points.tolist(),
            "answer": self._tree("answer", self.answer),
            "replies": [self._tree("replies", wrong) for wrong in self.replies],
        }

    @cached_property
    def points(self) -> np.ndarray:
        """Places at which the answer has a value and 64-bit arithmetic finds it, one a row; the same in every build."""
        rng = random.Random(_SEED)  # noqa: S311  # no secret
        tried = [[_number_inside(rng, *ends) for ends in self.domain.values()] for _ in range(_TRIES)]
        values = _values(self.answer, self.symbols, np.array(tried))
        finite = (pair for pair in zip(tried, values, strict=True) if np.isfinite(pair[1]))
        return np.array(list(islice((point for point, value in finite if self._is_found(point, value)), POINTS)))

    @cached_property
    def _exactly(self) -> BoundedFormula:
        return BoundedFormula(self.answer)

    def _is_found(self, point: Sequence[float], value: float) -> bool:
        places = dict(zip(self.symbols, (exact(sp.Rational(at)) for at in point), strict=True))
        try:
            found = self._exactly.at(places, _DIGITS)
        except ArithmeticError:
            return False
        return is_real(found) and abs(float(found) - value) <= RELATIVE / 10 * abs(value)

    def _agree(self, wrong: sp.Expr) -> bool:
        """Whether an expression equals the answer at each point, or has no value where that has none."""
        theirs, ours = (_values(expr, self.symbols, self.points) for expr in (self.answer, wrong))
        return bool(np.allclose(ours, theirs, rtol=RELATIVE, atol=ABSOLUTE * (np.max(np.abs(theirs)) or 1.0)))

    def _require_domain(self) -> None:
        for symbol, ends in self.domain.items():
            if not isinstance(symbol, sp.Symbol):
                raise TypeError(f"domain: expected symbols; got {symbol!r}")
            low, high = ends
            if not as_number(f"domain of {symbol}", low) < as_number(f"domain of {symbol}", high):
                raise ValueError(f"domain of {symbol}: expected finite low < high; got {low} and {high}")
        # An exact number of SymPy's may be an end.
        floats = {s: tuple(float(e) if isinstance(e, sp.Expr) else e for e in ends) for s, ends in self.domain.items()}
        object.__setattr__(self, "domain", floats)
        for name, expr in [("answer", self.answer), *(("replies", wrong) for wrong in self.replies)]:
            missing = sorted(map(str, expr.free_symbols - set(self.domain)))
            if missing:
                raise ValueError(
                    f"domain: expected an interval for each symbol; got none for {_list(missing)} ({name})"
                )

    def _require_names(self) -> None:
        strangers = sorted(str(symbol) for symbol in set(self.given_names) - set(self.domain))
        if strangers:
            raise ValueError(f"names: expected symbols of the domain; got {_list(strangers)}")
        require_spelled(self.names)

    def _tree(self, name: str, expr: sp.Expr) -> trees.Tree:
        if expr.has(sp.I):
            raise ValueError(f"{name}: expected real functions; got I in {expr}")
        try:
            return trees.to_tree(expr, {symbol: names[0] for symbol, names in self.names.items()})
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error


Answer = ChoiceAnswer | NumberAnswer | FormulaAnswer


@dataclass(frozen=True)
class Question:
    """A whole exercise: the question, its answer, and what helps."""

    words: str
    answer: Answer
    hint: str
    solution: str | sp.Expr
    identifier: str

    def __post_init__(self) -> None:
        require_words(question=self.words)
        for wrong, reply in self.answer.replies.items():
            require_words(**{f"replies[{wrong!r}]": reply})
        if not isinstance(self.solution, str | sp.Basic):
            raise TypeError(f"solution: expected text or an expression; got {type(self.solution).__name__}")
        if not self.identifier:
            # Questions begin alike; two that are the same share an id only if all of them is.
            digest = crc32(repr((self.words, self.answer.data()["kind"], self.answer.answer)).encode())
            object.__setattr__(self, "identifier", f"exercise-{slug(self.words)}-{digest:08x}")

    def data(self) -> dict[str, Any]:
        """What the script needs to know."""
        return {"identifier": self.identifier, **self.answer.data()}


def as_answer(
    answer: Any,
    *,
    choices: Sequence[str] | None,
    tolerance: float | None,
    domain: Mapping[sp.Symbol, tuple[float, float]] | None,
    names: Mapping[sp.Symbol, Sequence[str]] | None,
    replies: Mapping[Any, str],
) -> Answer:
    """The answer as a choice, a number or a formula, by its type."""
    if isinstance(answer, str):
        if choices is None:
            raise ValueError(f"choices: expected them where the answer is a text; got none for {answer!r}")
        _require_unused("a choice", tolerance=tolerance, domain=domain, names=names)
        return ChoiceAnswer(answer, tuple(choices), replies)
    if isinstance(answer, bool) or not isinstance(answer, Real | sp.Expr):
        raise TypeError(f"answer: expected a number, a SymPy expression or one of choices; got {_kind(answer)}")
    if isinstance(answer, sp.Expr) and answer.free_symbols:
        _require_unused("a formula", choices=choices, tolerance=tolerance)
        wrongs = {_expression(wrong): reply for wrong, reply in replies.items()}
        return FormulaAnswer(answer, wrongs, dict(domain or {}), _as_tuples(names or {}))
    _require_unused("a number", choices=choices, domain=domain, names=names)
    wrong_numbers = {as_real("replies", wrong): reply for wrong, reply in replies.items()}
    number = as_real("answer", answer)
    return NumberAnswer(number, wrong_numbers, _three_digits(number) if tolerance is None else tolerance)


def _three_digits(number: float) -> float:
    """By what part of itself a number changes that is rounded to three digits; whole numbers are counts."""
    if number.is_integer():
        return 1e-3
    leading = abs(float(f"{number:.2e}".split("e")[0]))
    return max(1e-3, 0.0051 / leading)


def spellings(symbol: sp.Symbol) -> tuple[str, ...]:
    r"""How a reader may type a symbol, by its name: the sign first, then the word.

    Examples
    --------
    >>> spellings(sp.Symbol("mu")), spellings(sp.Symbol(r"\hat{y}")), spellings(sp.Symbol("w_1"))
    (('μ', 'mu'), ('ŷ', 'yhat', 'y_hat'), ('w_1', 'w1'))
    """
    name = unicodedata.normalize("NFC", str(symbol)).replace("\\", "").replace("µ", "μ")
    for word, accent in _ACCENTS.items():
        found = re.fullmatch(rf"{word}\s*\{{?(\w)\}}?|(\w)_?{word}", name)
        letter = (found[1] or found[2]) if found else None
        if letter or (len(decomposed := unicodedata.normalize("NFD", name)) == 2 and decomposed[1] == accent):
            letter = letter or decomposed[0]
            return unicodedata.normalize("NFC", letter + accent), f"{letter}{word}", f"{letter}_{word}"
    plain = re.sub(r"[{}]", "", name)
    word = {sign: word for word, sign in _GREEK.items()}.get(plain, plain)
    if word in _GREEK:
        return _GREEK[word], word
    return tuple(dict.fromkeys((plain, plain.replace("_", ""))))


def require_spelled(names: Mapping[sp.Basic, Sequence[str]]) -> None:
    """Check that what may be typed are words, and that each is the name of one thing."""
    taken: set[str] = set()
    for symbol, spelled in names.items():
        unfit = [name for name in spelled if not _is_word(name) or unicodedata.normalize("NFC", name) != name]
        if unfit or not spelled:
            raise ValueError(f"names of {symbol}: expected words of letters, digits and _; got {_list(unfit)}")
        twice = taken.intersection(spelled)
        if twice:
            raise ValueError(f"names: expected one symbol for each name; got two for {_list(sorted(twice))}")
        taken.update(spelled)


def _is_word(text: str) -> bool:
    """Whether a text can be the name of a variable.

    >>> _is_word("ŷ"), _is_word("w_1"), _is_word("2x"), _is_word("a b")
    (True, True, False, False)
    """
    kinds = [unicodedata.category(char)[0] for char in text]
    return kinds[:1] == ["L"] and all(k in "LM" or c in "_0123456789" for k, c in zip(kinds, text, strict=True))


def _number_inside(rng: random.Random, low: float, high: float) -> float:
    """A number inside the interval, short enough to be read: a hundredth of the way is fine enough."""
    step = Decimal(10) ** math.floor(math.log10((high - low) / 100))
    first, last = math.floor(Decimal(low) / step) + 1, math.ceil(Decimal(high) / step) - 1
    return float(rng.randint(first, last) * step)


def _values(expr: sp.Expr, symbols: Sequence[sp.Symbol], points: np.ndarray) -> np.ndarray:
    function = printing.numpy_function(expr, symbols)
    with np.errstate(all="ignore"):
        values = np.asarray(function(*points.T), dtype=float)
    return np.broadcast_to(values, len(points))


def as_real(name: str, value: Any) -> float:
    """A number of an author's, which may be an expression without symbols.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        If it is not finite, or not real.
    """
    if isinstance(value, bool) or not isinstance(value, Real | sp.Expr) or getattr(value, "free_symbols", None):
        raise TypeError(f"{name}: expected a number; got {_kind(value)}")
    number = complex(value)
    if number.imag or not math.isfinite(number.real):
        raise ValueError(f"{name}: expected a finite real number; got {value}")
    return number.real


def _expression(wrong: Any) -> sp.Expr:
    expr = sp.sympify(wrong, strict=True) if not isinstance(wrong, str) else None
    if not isinstance(expr, sp.Expr):
        raise TypeError(f"replies: expected SymPy expressions; got {_kind(wrong)}")
    return expr


def _as_tuples(names: Mapping[sp.Symbol, Sequence[str]]) -> dict[sp.Symbol, tuple[str, ...]]:
    """One name may stand alone: a text is a sequence of letters otherwise."""
    return {symbol: (given,) if isinstance(given, str) else tuple(given) for symbol, given in names.items()}


def _require_unused(what: str, **given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            raise ValueError(f"{name}: expected none where the answer is {what}; got {value!r}")


def _kind(value: Any) -> str:
    return f"{value!r} ({type(value).__name__})"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
