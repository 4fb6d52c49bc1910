"""One SymPy expression, printed as LaTeX, as NumPy and as 50 digits; a number, as pages show it."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context
from typing import Any

import sympy as sp
from flint import acb, ctx
from sympy.printing.latex import LatexPrinter

from lossnotes.balls.formula import Formula
from lossnotes.balls.values import State, TooLongError, UndecidedError, UndefinedError, ball, exact
from lossnotes.balls.vocabulary import require_known
from lossnotes.functions import NUMPY, readable, with_costly_arguments

#: Decimal digits of the arithmetic that judges the others.
DIGITS = 50


def latex(expr: sp.Basic) -> str:
    """The expression as LaTeX, natural logarithms as ln; no sum begins with a minus that need not.

    Examples
    --------
    >>> latex(sp.log(sp.Symbol("z")) / 2)
    '\\\\frac{\\\\ln{\\\\left(z \\\\right)}}{2}'
    """
    return str(_LatexPrinter({"ln_notation": True}).doprint(readable(expr)))


def numpy_function(expr: sp.Expr, arguments: Sequence[sp.Symbol]) -> Callable[..., Any]:
    """The expression as a function of NumPy arrays.

    Raises
    ------
    ValueError
        If the expression has a symbol that is not an argument.

    Examples
    --------
    >>> z = sp.Symbol("z")
    >>> numpy_function(z**2, [z])(3.0)
    9.0
    """
    _require_arguments(expr, arguments)
    return sp.lambdify(list(arguments), with_costly_arguments(expr), modules=[NUMPY, "numpy"], cse=True)


def digits(expr: sp.Expr, values: Mapping[sp.Symbol, Any], count: int = DIGITS) -> sp.Float:
    """The value of the expression to ``count`` decimal digits, all of them right.

    It is computed with a bound on every rounding, to more and more digits until so many are
    known. A float among the values stands for the exact binary fraction that it is.

    Raises
    ------
    ValueError
        If the expression has a symbol that is not given, a part that cannot be computed, no
        finite real value here, or terms that even sixty thousand digits drown.

    Examples
    --------
    >>> z = sp.Symbol("z")
    >>> digits(sp.exp(z), {z: 1}, count=20)
    2.7182818284590452354
    """
    _require_arguments(expr, list(values))
    if count < 1:
        raise ValueError(f"count: expected at least one digit; got {count}")
    wrong = [f"{symbol} = {value}" for symbol, value in values.items() if not sp.sympify(value).is_finite]
    if wrong:
        raise ValueError(f"values: expected finite numbers; got {', '.join(wrong)}")
    given = {symbol: exact(sp.Rational(value)) for symbol, value in values.items()}
    formula = Formula(require_known("expression", expr))
    try:
        return _to_digits(formula, given, count)
    except (UndefinedError, TooLongError):
        found = ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
        raise ValueError(f"expression: expected a finite real value; got none for {expr} at {found}") from None


#: To how many digits a value is computed, in turn, until enough of them are known.
_ATTEMPTS = (80, 500, 2500, 20_000, 60_000)


def _to_digits(formula: Formula, given: Mapping[sp.Symbol, Any], count: int) -> sp.Float:
    for attempt in _ATTEMPTS:
        with ctx.workdps(count + attempt):
            state = State(given.__getitem__, watch=attempt == _ATTEMPTS[-1])
            try:
                value = ball(formula.run(state))
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
            if state.watch and value.contains(0) and not state.lost:
                return sp.Float(0, count)  # sixty thousand digits cancel, and nothing was drowned
    raise ValueError(
        f"expression: expected terms whose sum keeps them all at {_ATTEMPTS[-1]:,} digits; got smaller ones. "
        "Write it in a form that does not cancel"
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


class _LatexPrinter(LatexPrinter):
    """SymPy's printer, which here writes ŷ − y where SymPy's order is −y + ŷ."""

    def _as_ordered_terms(self, expr: sp.Expr, order: str | None = None) -> list[sp.Expr]:
        terms = list(super()._as_ordered_terms(expr, order=order))
        first = next((k for k, term in enumerate(terms) if not term.could_extract_minus_sign()), 0)
        return [terms.pop(first), *terms]


def _require_arguments(expr: sp.Expr, arguments: Sequence[sp.Symbol]) -> None:
    unknown = sorted(str(s) for s in expr.free_symbols - set(arguments))
    if unknown:
        known = ", ".join(str(a) for a in arguments) or "none"
        raise ValueError(f"expression: expected only the symbols {known}; got also {', '.join(unknown)}")
