"""Formulas whose value is searched for or added up: the place where a curve is lowest, the area below it.

Each takes an expression and ``(variable, low, high)``. Figures evaluate them, here by NumPy and on the
page by ``js/numerical.js``, in the same steps.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

#: Intervals of the grid on which the lowest place is first looked for.
GRID = 200
#: Steps of golden section in the two intervals beside the lowest place of the grid, and halvings at the edge of a flat.
SECTIONS, HALVINGS = 50, 50
#: What counts as low as the lowest: this part of what the curve rises within one interval, and its rounding.
LEVEL, ROUNDING = 1e-9, 2.0**-49
_GOLDEN = (np.sqrt(5) - 1) / 2
#: Panels of an integral; each has the Gauss-Legendre rule of eight places, exact for polynomials of degree 15.
PANELS = 100
PLACES, WEIGHTS = np.polynomial.legendre.leggauss(8)

Curve = Callable[[Any], Any]


class Numerical(sp.Expr):
    """An expression over one variable between two ends, whose value no formula gives.

    Raises
    ------
    TypeError
        If the variable is no symbol, or the expression none.
    ValueError
        If the limits are not ``(variable, low, high)``, or stated ends are not low < high and finite.
    """

    is_commutative = True
    is_extended_real = True

    def __new__(cls, expr: Any, limits: Any) -> "Numerical":
        name = cls.__name__
        parts = tuple(limits) if isinstance(limits, tuple | list | sp.Tuple) else ()
        if len(parts) != 3:
            raise ValueError(f"{name}, limits: expected (variable, low, high); got {limits}")
        variable, *ends = parts
        if not isinstance(variable, sp.Symbol):
            raise TypeError(f"{name}, variable: expected a symbol; got {variable!r} ({type(variable).__name__})")
        low, high = (sp.sympify(end, strict=True) for end in ends)
        if low.has(variable) or high.has(variable):
            raise ValueError(f"{name}, limits: expected ends without {variable}; got {low} and {high}")
        if low.is_number and high.is_number and not (low.is_finite and high.is_finite and low < high):
            raise ValueError(f"{name}, limits: expected finite ends, low < high; got {low} and {high}")
        inside = sp.sympify(expr, strict=True)
        if not isinstance(inside, sp.Expr):
            raise TypeError(f"{name}: expected an expression; got {expr!r}")
        return super().__new__(cls, inside, sp.Tuple(variable, low, high))

    @property
    def inside(self) -> sp.Expr:
        """The expression."""
        return self.args[0]

    @property
    def limits(self) -> tuple[sp.Symbol, sp.Expr, sp.Expr]:
        """The variable and its ends."""
        return tuple(self.args[1])

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        """The variable: it stands for no value outside."""
        return [self.limits[0]]

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """What stands for a value outside."""
        variable, low, high = self.limits
        return (self.inside.free_symbols - {variable}) | low.free_symbols | high.free_symbols

    def _eval_subs(self, old: sp.Basic, new: sp.Basic) -> "Numerical | None":
        variable, low, high = self.limits
        if old == variable:
            return self
        if variable in new.free_symbols:
            own = sp.Dummy(variable.name, **variable.assumptions0)
            return self.func(self.inside.xreplace({variable: own}), (own, low, high)).subs(old, new)
        return None

    def rule(self, curve: Curve, low: float, high: float) -> float:
        """The value for a function of arrays."""
        raise NotImplementedError


class Lowest(Numerical):
    r"""The place at which an expression is lowest, :math:`\arg\min_{x \in [a, b]} f(x)`.

    It is looked for at 201 places and then by golden section, to about 1e-9, or 1e-7 where the
    curvature jumps just there. Of several valleys of one depth the first counts, of a flat the
    middle. It has no derivative.

    Examples
    --------
    >>> from lossnotes.printing import numpy_function
    >>> c, y = sp.symbols("c y", real=True)
    >>> f = numpy_function(Lowest((c - 1) ** 2 + (c - y) ** 2, (c, 0, 10)), [y])
    >>> round(float(f(5)), 9)
    3.0
    """

    def rule(self, curve: Curve, low: float, high: float) -> float:
        return lowest(curve, low, high)

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        raise ValueError(f"Lowest: expected no derivative by {symbol} to be asked for; it has none that is known")

    def _latex(self, printer: Any) -> str:
        variable, low, high = map(printer._print, self.limits)
        return rf"\operatorname*{{arg\,min}}_{{{low} \le {variable} \le {high}}} {printer._print(self.inside)}"


class Quadrature(Numerical):
    r"""The integral :math:`\int_a^b f(x)\,dx` by a fixed rule: Gauss-Legendre, eight places in each of 100 panels.

    For what is smooth on the scale of a panel it is exact to rounding. A kink costs digits unless it
    stands between two panels, as 0 does between −a and a.

    Examples
    --------
    >>> from lossnotes.printing import numpy_function
    >>> r, s = sp.symbols("r s", real=True)
    >>> f = numpy_function(Quadrature(sp.exp(-abs(r / s)), (r, -100, 100)), [s])
    >>> round(float(f(2)), 9)
    4.0
    """

    def rule(self, curve: Curve, low: float, high: float) -> float:
        return quadrature(curve, low, high)

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        variable, low, high = self.limits
        moved = self.func(self.inside.diff(symbol), self.limits) if self.inside.has(symbol) else sp.S.Zero
        ends = ((high, 1), (low, -1))
        return moved + sum(sign * end.diff(symbol) * self.inside.subs(variable, end) for end, sign in ends)

    def _latex(self, printer: Any) -> str:
        variable, low, high = map(printer._print, self.limits)
        return rf"\int_{{{low}}}^{{{high}}} {printer._print(self.inside)}\,d{variable}"


def lowest(curve: Curve, low: float, high: float) -> float:
    """The place between two ends at which a function of arrays is lowest; NaN where none is.

    None is where it has no finite value, or where it is -∞ at one of 201 places: ln x falls without end.

    Examples
    --------
    >>> round(lowest(lambda x: abs(x - 1) + abs(x - 2), 0, 10), 6)
    1.5
    """
    if not low < high:
        return np.nan
    with np.errstate(all="ignore"):

        def found(x: Any) -> Any:
            return np.broadcast_to(np.asarray(curve(x), dtype=float), np.shape(x))

        def value(x: Any) -> Any:
            heights = found(x)
            return np.where(np.isfinite(heights), heights, np.inf)

        grid = low + (high - low) * (np.arange(GRID + 1) / GRID)
        heights = found(grid)
        if not np.any(np.isfinite(heights)) or np.any(heights == -np.inf):
            return np.nan
        return _settle(value, grid, np.where(np.isfinite(heights), heights, np.inf))


def _settle(value: Curve, grid: np.ndarray, heights: np.ndarray) -> float:
    seen = heights[np.isfinite(heights)]
    k = int(np.argmax(heights <= seen.min() + 1e-12 * np.ptp(seen)))
    place = _section(value, grid[max(k - 1, 0)], grid[min(k + 1, GRID)])
    height = float(value(place))
    if heights[k] <= height:
        place, height = grid[k], heights[k]
    beside = [heights[j] for j in (k - 1, k + 1) if 0 <= j <= GRID and np.isfinite(heights[j])]
    rise = max(min(beside, default=height) - height, 0)
    level = height + LEVEL * rise + ROUNDING * abs(height)
    # What is as low, to rounding, is a small interval around the place, and its middle is known better than any of it.
    left, right = (_edge(value, grid, heights, (place, k, step), level) for step in (-1, 1))
    if place in (grid[0], grid[-1]) and right - left < grid[1] - grid[0]:
        return float(place)
    return float((left + right) / 2)


def _section(value: Curve, a: float, b: float) -> float:
    c, d = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
    fc, fd = value(c), value(d)
    for _ in range(SECTIONS):
        if fc <= fd:
            b, d, fd = d, c, fc
            c = b - _GOLDEN * (b - a)
            fc = value(c)
        else:
            a, c, fc = c, d, fd
            d = a + _GOLDEN * (b - a)
            fd = value(d)
    return (a + b) / 2


def _edge(value: Curve, grid: np.ndarray, heights: np.ndarray, start: tuple[float, int, int], level: float) -> float:
    """How far a flat reaches to one side."""
    inner, k, step = start
    k += step
    while 0 <= k <= GRID and heights[k] <= level:
        inner = grid[k]
        k += step
    if not 0 <= k <= GRID:
        return inner
    outer = grid[k]
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        if value(middle) <= level:
            inner = middle
        else:
            outer = middle
    return inner


def quadrature(curve: Curve, low: float, high: float) -> float:
    """The integral of a function of arrays between two ends.

    Examples
    --------
    >>> round(quadrature(np.sin, 0, np.pi), 12)
    2.0
    """
    half = (high - low) / PANELS / 2
    places = low + half * (2 * np.arange(PANELS)[:, None] + 1 + PLACES)
    with np.errstate(all="ignore"):
        heights = np.broadcast_to(np.asarray(curve(places), dtype=float), places.shape)
        return float(half * np.sum(heights @ WEIGHTS))


def outermost(expr: sp.Basic) -> set[Numerical]:
    """The parts of an expression that are such, and in no other."""
    if isinstance(expr, Numerical):
        return {expr}
    return set().union(*map(outermost, expr.args))
