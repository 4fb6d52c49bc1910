"""One SymPy expression, printed as LaTeX, as NumPy and as 50 digits; a number, as pages show it."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, arb, ctx

from lossnotes.balls.formula import BoundedFormula
from lossnotes.balls.values import State, TooLongError, UndecidedError, UndefinedError, ball, exact
from lossnotes.balls.vocabulary import require_known
from lossnotes.functions import NUMPY, readable, with_costly_arguments
from lossnotes.latex_printer import Printer
from lossnotes.numerical import Numerical, outermost

#: Decimal digits of the arithmetic that judges the others.
DIGITS = 50
_FLOAT = np.dtype(float)
_LARGEST = sp.Integer(np.finfo(float).max)
#: What is known to 25 digits at best, without a bound.
_CALCULUS = (sp.Integral, sp.Limit, sp.Derivative)


class VanishingError(ValueError):
    """A value that sixty thousand digits do not tell from 0, and that may be 0."""


def latex(expr: sp.Basic) -> str:
    """The expression as LaTeX, as a person writes it; see :mod:`lossnotes.latex_printer`.

    Examples
    --------
    >>> latex(sp.log(sp.Symbol("z")) / 2)
    '\\\\frac{\\\\ln z}{2}'
    """
    return Printer().doprint(readable(expr))


def numpy_function(expr: sp.Expr, arguments: Sequence[sp.Symbol]) -> Callable[..., Any]:
    """The expression as a function of NumPy arrays; arrays of integers are taken as float64.

    Raises
    ------
    ValueError
        If the expression has a symbol that is not an argument, or a number that no float holds.

    Examples
    --------
    >>> z = sp.Symbol("z")
    >>> numpy_function(z**2, [z])(3.0)
    9.0
    """
    _require_arguments(expr, arguments)
    if searched := outermost(expr):
        return _with_numerical(expr, arguments, {part: sp.Dummy() for part in searched})
    numbers = expr.atoms(sp.Number) - {sp.nan}  # which a member of a list is that is not there
    if long := [number for number in numbers if _LARGEST < max(map(abs, number.as_numer_denom())) < sp.oo]:
        raise ValueError(f"expression: expected numbers below 2^1024; got {str(long[0])[:40]}. Take logarithms")
    function = sp.lambdify(list(arguments), with_costly_arguments(expr), modules=[NUMPY, "numpy"], cse=True)
    return lambda *given: function(*map(_as_floats, given))


def _with_numerical(
    expr: sp.Expr, arguments: Sequence[sp.Symbol], stand: Mapping[Numerical, sp.Dummy]
) -> Callable[..., Any]:
    """A function that gives each part its value before the rest of the expression."""
    outer = numpy_function(expr.xreplace(dict(stand)), [*arguments, *stand.values()])
    parts = [_numerical(part, arguments) for part in stand]

    def value(*given: Any) -> Any:
        return outer(*given, *(part(*given) for part in parts))

    return value


def _numerical(part: Numerical, arguments: Sequence[sp.Symbol]) -> Callable[..., Any]:
    """A part as a function of all arguments; its rule is applied at each value of those that it depends on."""
    used = [n for n, argument in enumerate(arguments) if argument in part.free_symbols]
    own = [arguments[n] for n in used]
    variable, *ends = part.limits
    moved = sp.Dummy()
    inside = numpy_function(part.inside.xreplace({variable: moved}), [moved, *own])
    low, high = (numpy_function(end, own) for end in ends)

    def at(*values: Any) -> float:
        return part.rule(lambda x: inside(x, *values), float(low(*values)), float(high(*values)))

    def value(*given: Any) -> Any:
        rows = np.broadcast_arrays(*(np.asarray(given[n], dtype=float) for n in used))
        if not rows or rows[0].ndim == 0:
            return np.float64(at(*(row[()] for row in rows)))
        return np.array([at(*row) for row in zip(*map(np.ravel, rows), strict=True)]).reshape(rows[0].shape)

    return value


def _as_floats(given: Any) -> Any:
    """Integers of 8 bits would wrap around at 255."""
    return given.astype(float) if getattr(given, "dtype", _FLOAT).kind in "iub" else given


def digits(expr: sp.Expr, values: Mapping[sp.Symbol, Any], count: int = DIGITS) -> sp.Float:
    """The value of the expression to ``count`` decimal digits, all of them right.

    It is computed with a bound on every rounding, to more and more digits until so many are
    known. A float among the values stands for the exact binary fraction that it is.

    Raises
    ------
    ValueError
        If the expression has a symbol that is not given, a part that cannot be computed with a
        bound, as an integral, a limit or a derivative, or no finite real value here; or if a value
        is no finite rational number or float, or against the assumptions of its symbol.
    VanishingError
        If even sixty thousand digits cancel: the value is 0, or below 1e-50000.
    TypeError
        If ``count`` is no whole number.

    Examples
    --------
    >>> z = sp.Symbol("z")
    >>> digits(sp.exp(z), {z: 1}, count=20)
    2.7182818284590452354
    """
    _require_arguments(expr, list(values))
    if isinstance(count, bool) or not isinstance(count, int | np.integer):
        raise TypeError(f"count: expected a whole number; got {count!r}")
    if count < 1:
        raise ValueError(f"count: expected at least one digit; got {count}")
    given = {symbol: exact(_rational(symbol, value)) for symbol, value in values.items()}
    known = require_known("expression", expr)
    if guessed := list(known.atoms(*_CALCULUS)):
        raise ValueError(
            f"expression: expected parts whose every digit has a bound; got {guessed[0]}, whose value is an estimate. "
            "Take its closed form, as of .doit()"
        )
    found = ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
    try:
        return _to_digits(BoundedFormula(known), given, int(count), f"of {expr} at {found}")
    except (UndefinedError, TooLongError):
        raise ValueError(f"expression: expected a finite real value; got none for {expr} at {found}") from None


def _rational(symbol: sp.Symbol, value: Any) -> sp.Rational:
    """The fraction that a value is, if its symbol may have it."""
    number = None
    if isinstance(value, sp.Float | sp.Rational | np.integer):
        number = sp.Rational(value)
    elif hasattr(value, "as_integer_ratio") and not isinstance(value, bool) and math.isfinite(value):
        number = sp.Rational(*value.as_integer_ratio())
    if number is None:
        hint = f". Put it into the expression: .subs({symbol}, {value})" if isinstance(value, sp.Expr) else ""
        raise ValueError(f"values: expected finite numbers, floats or exact fractions; got {symbol} = {value!r}{hint}")
    for name, holds in sorted(symbol.assumptions0.items(), key=lambda item: (not item[1], len(item[0]))):
        if getattr(number, f"is_{name}", None) is (not holds):
            kind = name if holds else f"not {name}"
            raise ValueError(f"values: expected a number that is {kind}, as {symbol} is declared; got {value}")
    return number


#: To how many digits a value is computed, in turn, until enough of them are known.
_ATTEMPTS = (80, 500, 2500, 20_000, 60_000)


def _to_digits(formula: BoundedFormula, given: Mapping[sp.Symbol, Any], count: int, where: str) -> sp.Float:
    value: Any = None
    for attempt in _ATTEMPTS:
        with ctx.workdps(count + attempt):
            try:
                value = ball(formula.run(State(given.__getitem__)))
            except UndecidedError:
                continue
            if isinstance(value, acb):
                if not value.imag.contains(0):
                    raise UndefinedError
                value = value.real
            if value == 0:
                return sp.Float(0, count)
            if value.rel_accuracy_bits() > 3.33 * (count + 35):
                # Rounded once, in decimal: a binary number on the way would round twice.
                rounded = Context(prec=count, rounding=ROUND_HALF_EVEN).create_decimal(
                    value.str(count + 30, radius=False)
                )
                return sp.Float(str(rounded), count)
    if value is not None and abs(value) < arb("1e-50000"):
        raise VanishingError(
            f"expression: expected a value with a first digit; got one below 1e-50000, or 0, {where}. "
            "Write it in a form that does not cancel"
        )
    raise ValueError(
        f"expression: expected terms whose sum keeps them all at {_ATTEMPTS[-1]:,} digits, and branches that can be "
        f"told apart; got others {where}. Write it in a form that does not cancel"
    )


def shown(value: float, digits: int) -> str:
    """A number as the page's script shows it: JavaScript's ``toPrecision``, without trailing zeros.

    Examples
    --------
    >>> shown(0.3125, 3), shown(-1234567.0, 3), shown(1e-5, 3), shown(-0.0, 3), shown(math.inf, 3)
    ('0.313', '−1.23e6', '0.00001', '0', '∞')
    """
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else "∞" if value > 0 else "−∞"
    # The script shows −0 as 0.
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(float(value) or 0)
    power = rounded.adjusted() if rounded else 0
    plain = -7 < power < digits
    text = f"{rounded:f}" if plain else f"{rounded.scaleb(-power):f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return (short if plain else f"{short}e{power}").replace("-", "−")


def _require_arguments(expr: sp.Expr, arguments: Sequence[sp.Symbol]) -> None:
    unknown = sorted(str(s) for s in expr.free_symbols - set(arguments))
    if unknown:
        known = ", ".join(str(a) for a in arguments) or "none"
        raise ValueError(f"expression: expected only the symbols {known}; got also {', '.join(unknown)}")
