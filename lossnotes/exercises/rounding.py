"""What rounding may have done to a typed formula's value.

Each value carries a bound on its error, from the leaves up. In ln(1 − σ(z)) at z = 38 nothing is left
of 1 − σ(z), and a right formula is infinite there: at such a place a difference says nothing. The
page's script bounds by the same rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from lossnotes.exercises.tree import FUNCTIONS, Arithmetic, Node, float_power, value

#: The unit of rounding, and how many a function may be off by itself.
_UNIT = 2.0**-52
_OF_FUNCTIONS = 4 * _UNIT


@dataclass(frozen=True)
class Rounded:
    """A value and a bound on its error, both arrays or numbers; an infinite bound where no digit is left."""

    value: Any
    error: Any

    def __neg__(self) -> "Rounded":
        return Rounded(-self.value, self.error)

    def __add__(self, other: "Rounded") -> "Rounded":
        return _settled(self.value + other.value, self.error + other.error)

    def __sub__(self, other: "Rounded") -> "Rounded":
        return self + -other

    def __mul__(self, other: "Rounded") -> "Rounded":
        crossed = _times(self.value, other.error) + _times(other.value, self.error)
        return _settled(self.value * other.value, crossed + self.error * other.error)

    def __truediv__(self, other: "Rounded") -> "Rounded":
        quotient = self.value / other.value
        left = abs(other.value) - other.error
        error = (self.error + _times(quotient, other.error)) / left
        return _settled(quotient, np.where(other.error == 0, self.error / abs(other.value), _if_left(left, error)))


def float_doubts(node: Node, names: Mapping[str, Any]) -> np.ndarray:
    """How far from the formula's exact values those of 64-bit arithmetic may be."""
    exact = {name: Rounded(np.asarray(column, dtype=float), 0.0) for name, column in names.items()}
    constants = {"e": Rounded(np.float64(np.e), _UNIT * np.e), "π": Rounded(np.float64(np.pi), _UNIT * np.pi)}
    functions = {name: _function(name) for name in FUNCTIONS}
    with np.errstate(all="ignore"):
        return np.asarray(value(node, Arithmetic(_number, exact, constants, functions, _power)).error, dtype=float)


def _settled(result: Any, error: Any, own: float = _UNIT) -> Rounded:
    # What has no finite value has none in exact arithmetic either, unless no digit was left on the way.
    finite = np.isfinite(result)
    bound = np.where(finite, np.where(np.isnan(error), np.inf, error) + own * np.where(finite, abs(result), 0), 0.0)
    return Rounded(result, np.where(np.isposinf(error), np.inf, bound))


def _times(size: Any, error: Any) -> Any:
    # What is infinite because it is too large is so whatever its last digits.
    return np.where(np.isfinite(size) | np.isinf(error), abs(size) * error, 0.0)


def _if_left(left: Any, error: Any) -> Any:
    return np.where(left > 0, error, np.inf)


def _number(number: Fraction) -> Rounded:
    result = np.float64(float(number))
    return Rounded(result, 0.0 if result.is_integer() else _UNIT * abs(result))


def _power(base: Rounded, exponent: Rounded) -> Rounded:
    a, b = abs(base.value), abs(exponent.value)
    result = float_power(base.value, exponent.value)
    of_base = np.where(base.error == 0, 0.0, -(b + exponent.error) * np.log1p(-base.error / a))
    of_exponent = np.where(exponent.error == 0, 0.0, abs(np.log(a)) * exponent.error)
    near_zero = np.where(exponent.value > exponent.error, (a + base.error) ** b, np.inf)
    wide = np.where((base.error > 0) & (base.error >= a), near_zero, _times(result, np.expm1(of_base + of_exponent)))
    return _settled(result, np.where((base.error == 0) & (exponent.error == 0), 0.0, wide), _OF_FUNCTIONS)


#: Function → a bound on its error by those of its argument x, which may be off by e, and of its value v.
_ERRORS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "exp": lambda x, e, v: _times(v, np.expm1(e)),
    "ln": lambda x, e, v: _if_left(abs(x) - e, -np.log1p(-e / abs(x))),
    "√": lambda x, e, v: _if_left(abs(x) - e, e / np.sqrt(abs(x))),
    "abs": lambda x, e, v: e,
    "σ": lambda x, e, v: np.minimum(v * np.expm1(e), 1.0),
    "softplus": lambda x, e, v: np.minimum(v * np.expm1(e), e),
    "tanh": lambda x, e, v: np.minimum(e, 2.0),
    "sin": lambda x, e, v: np.minimum(e, 2.0),
    "cos": lambda x, e, v: np.minimum(e, 2.0),
    "sign": lambda x, e, v: _if_left(abs(x) - e, 0.0),
}


def _function(name: str) -> Callable[[Rounded], Rounded]:
    def call(argument: Rounded) -> Rounded:
        result = FUNCTIONS[name].numpy(argument.value)
        error = _ERRORS[name](argument.value, argument.error, result)
        return _settled(result, np.where(argument.error == 0, 0.0, error), _OF_FUNCTIONS)

    return call
