"""A formula as a tree: how it is written out, and what it is worth in any arithmetic."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from lossnotes.functions import sigmoid, softplus
from lossnotes.printing import numpy_function

_t = sp.Symbol("t", real=True)


class Known(NamedTuple):
    """A function that a reader may type, in SymPy, NumPy and JavaScript."""

    sympy: Callable[..., Any]
    numpy: Callable[..., Any]
    javascript: str
    spellings: tuple[str, ...]


#: Under the name that the reader sees when the formula is read back.
FUNCTIONS = {
    "exp": Known(sp.exp, np.exp, "Math.exp", ("exp",)),
    "ln": Known(sp.log, np.log, "Math.log", ("ln", "log")),
    "√": Known(sp.sqrt, np.sqrt, "Math.sqrt", ("sqrt", "√")),
    "abs": Known(sp.Abs, np.abs, "Math.abs", ("abs",)),
    "σ": Known(sigmoid, numpy_function(sigmoid(_t), [_t]), sigmoid.javascript, ("sigma", "σ", "sigmoid")),
    "softplus": Known(softplus, numpy_function(softplus(_t), [_t]), softplus.javascript, ("softplus",)),
    "tanh": Known(sp.tanh, np.tanh, "Math.tanh", ("tanh",)),
    "sin": Known(sp.sin, np.sin, "Math.sin", ("sin",)),
    "cos": Known(sp.cos, np.cos, "Math.cos", ("cos",)),
    "sign": Known(sp.sign, np.sign, "Math.sign", ("sign", "sgn")),
}
#: Spelling → the constant.
CONSTANTS = {"e": "e", "pi": "π", "π": "π"}
#: Fractions with a sign of their own.
VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4)}


@dataclass(frozen=True)
class Number:
    """As it was typed."""

    text: str

    @property
    def value(self) -> Fraction:
        return Fraction(*VULGAR[self.text]) if self.text in VULGAR else Fraction(self.text)


@dataclass(frozen=True)
class Name:
    """A variable, under the first of its names."""

    name: str


@dataclass(frozen=True)
class Constant:
    """e or π."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function of one argument, by its key in ``FUNCTIONS``."""

    function: str
    argument: "Node"


@dataclass(frozen=True)
class Negative:
    """−operand."""

    operand: "Node"


@dataclass(frozen=True)
class Power:
    """base^exponent."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True)
class Chain:
    """Terms joined by + and −, or factors joined by * and /, from left to right."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]

    @property
    def is_sum(self) -> bool:
        return self.rest[0][0] in "+-"


Node = Number | Name | Constant | Call | Negative | Power | Chain


def written(node: Node) -> str:
    """The formula as the reader is shown it; it reads back as the same tree.

    Examples
    --------
    >>> p = Name("p")
    >>> written(Chain(Number("2"), (("*", p), ("*", Chain(Number("1"), (("-", p),))))))
    '2·p·(1 − p)'
    """
    match node:
        case Number(text):
            return text.replace("-", "−")
        case Name(name) | Constant(name):
            return name
        case Call(function, argument):
            return f"{function}({written(argument)})"
        case Negative(operand):
            return f"−{_bracketed(operand, Chain, Negative)}"
        case Power(base, exponent):
            return f"{_bracketed(base, Chain, Negative, Power)}^{_bracketed(exponent, Chain, Negative, Power)}"
        case Chain(first, rest):
            return _sum(first, rest) if node.is_sum else _product(first, rest)


def _sum(first: Node, rest: tuple[tuple[str, Node], ...]) -> str:
    text = written(first) if not (isinstance(first, Chain) and first.is_sum) else f"({written(first)})"
    for sign, term in rest:
        inside = written(term)
        # Two signs in a row, or a sum within a sum, need brackets to be seen.
        loose = (isinstance(term, Chain) and term.is_sum) or inside.startswith("−")
        text += f" {'−' if sign == '-' else '+'} {f'({inside})' if loose else inside}"
    return text


def _product(first: Node, rest: tuple[tuple[str, Node], ...]) -> str:
    text, divided = _bracketed(first, Chain), False
    for sign, factor in rest:
        # In a/b·c one reader sees (a/b)·c and another a/(b·c).
        text = f"({text})" if divided else text
        text += ("·" if sign == "*" else "/") + _bracketed(factor, Chain, Negative)
        divided = sign == "/"
    return text


def _bracketed(node: Node, *kinds: type) -> str:
    return f"({written(node)})" if isinstance(node, kinds) else written(node)


@dataclass(frozen=True)
class Arithmetic:
    """What numbers, names and functions mean."""

    number: Callable[[Fraction], Any]
    names: Mapping[str, Any]
    constants: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]
    power: Callable[[Any, Any], Any]


def value(node: Node, arithmetic: Arithmetic) -> Any:
    """What the formula is worth."""
    match node:
        case Number():
            return arithmetic.number(node.value)
        case Name(name):
            return arithmetic.names[name]
        case Constant(name):
            return arithmetic.constants[name]
        case Call(function, argument):
            return arithmetic.functions[function](value(argument, arithmetic))
        case Negative(operand):
            return -value(operand, arithmetic)
        case Power(base, exponent):
            return arithmetic.power(value(base, arithmetic), value(exponent, arithmetic))
        case Chain(first, rest):
            result = value(first, arithmetic)
            for sign, part in rest:
                result = _joined(sign, result, value(part, arithmetic))
            return result


def _joined(sign: str, left: Any, right: Any) -> Any:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right


def in_floats(names: Mapping[str, Any]) -> Arithmetic:
    """Arithmetic as the page does it: what has no value is NaN, what is too large infinite."""
    constants = {"e": np.float64(np.e), "π": np.float64(np.pi)}
    functions = {name: known.numpy for name, known in FUNCTIONS.items()}
    return Arithmetic(lambda n: np.float64(float(n)), names, constants, functions, float_power)


def in_sympy(names: Mapping[str, sp.Symbol]) -> Arithmetic:
    """Exact arithmetic."""
    functions = {name: known.sympy for name, known in FUNCTIONS.items()}
    rational = lambda n: sp.Rational(n.numerator, n.denominator)  # noqa: E731
    return Arithmetic(rational, names, {"e": sp.E, "π": sp.pi}, functions, lambda a, b: a**b)


def float_values(node: Node, names: Mapping[str, Any]) -> np.ndarray:
    """The formula at many points at once, as the page computes it."""
    with np.errstate(all="ignore"):
        return np.asarray(value(node, in_floats(names)), dtype=float)


def float_power(base: Any, exponent: Any) -> Any:
    """A power as JavaScript has it."""
    # JavaScript gives 1^∞ no value; C gives it 1.
    return np.where((np.abs(base) == 1) & ~np.isfinite(exponent), np.nan, np.power(base, exponent))


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    match node:
        case Call(_, below) | Negative(below):
            yield from nodes(below)
        case Power(base, exponent):
            yield from nodes(base)
            yield from nodes(exponent)
        case Chain(first, rest):
            yield from nodes(first)
            for _, part in rest:
                yield from nodes(part)


def names_in(node: Node) -> set[str]:
    """The variables of the formula.

    Examples
    --------
    >>> names_in(Power(Constant("e"), Name("z")))
    {'z'}
    """
    return {below.name for below in nodes(node) if isinstance(below, Name)}
