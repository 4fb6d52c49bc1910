"""Checks that raise when they fail and show what they tried when they do not."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from lossnotes import _differences as differences
from lossnotes import printing
from lossnotes.arrays import beyond_floats, has_mask
from lossnotes.assets import style

Array = NDArray[np.float64]

#: Draws below which a standard error says too little.
_LEAST_DRAWS = 10
_DOUBLE = np.dtype(np.float64)
_EPS = float(np.finfo(np.float64).eps)
#: The smallest float above 0.
_SMALLEST = float(np.finfo(np.float64).smallest_subnormal)


class VerificationError(AssertionError):
    """A check that failed: what was compared, where it was worst, and both values."""


@dataclass(frozen=True)
class Result:
    """What a check tried and how close it came; it exists only where the check passed.

    Attributes
    ----------
    claim
        What was checked.
    points
        How many numbers were compared.
    worst, allowed
        The largest error seen and the largest allowed, in the same measure.
    measure
        What ``worst`` is, such as ``"relative error"`` or ``"standard errors"``.
    where
        The place of the worst error.
    """

    claim: str
    points: int
    worst: float
    allowed: str
    measure: str
    where: str

    def _columns(self) -> dict[str, str]:
        return {
            "checked": self.claim,
            "numbers": f"{self.points:,}",
            self.measure: f"{self.worst:.3g}",
            "allowed": self.allowed,
            "worst at": self.where,
        }

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self._columns())
        body = "".join(f"<td>{html.escape(value)}</td>" for value in self._columns().values())
        table = f'<table class="ln-verify"><thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody></table>'
        return f"{style('verify')}{table}"

    def __str__(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self._columns().items())


def equal(claim: str, actual: ArrayLike, expected: ArrayLike, *, rtol: float = 1e-12, atol: float = 0.0) -> Result:
    """Check that ``|actual - expected| <= atol + rtol * |expected|`` everywhere.

    Parameters
    ----------
    claim
        What is being checked, in words.
    actual, expected
        Numbers or arrays of one shape; ``expected`` may be a scalar.
    rtol, atol
        Relative and absolute tolerance. There is no hidden absolute one, so that a
        tiny number is never equal to zero.

    Raises
    ------
    VerificationError
        Where the two differ by more; the message names the worst place.
    ValueError
        If the shapes differ, an array is empty, a value is not finite, or a tolerance is
        negative, not finite or, where it is relative, a whole: 0 would pass for any number.

    Examples
    --------
    >>> equal("a half is 0.5", 1 / 2, 0.5).worst
    0.0
    >>> equal("tiny is zero", 4.2e-18, 0.0)
    Traceback (most recent call last):
    ...
    lossnotes.verify.VerificationError: tiny is zero: absolute error 4.2e-18, allowed 0...
    """
    _require_tolerances(rtol, atol)
    left, right = _numbers("actual", actual), _numbers("expected", expected)
    if right.ndim and left.shape != right.shape:
        raise ValueError(f"actual, expected: expected one shape; got {left.shape} and {right.shape}")
    with np.errstate(over="ignore"):
        error = np.abs(left - right)
        allowed = np.broadcast_to(atol + rtol * np.abs(right), error.shape)
    if not np.all(np.isfinite(allowed)):
        raise ValueError(f"atol: expected what fits 64 bits with the numbers' own tolerance; got {atol}")
    relative = atol == 0 and bool(np.all(right != 0))
    shown = _parts(error, np.broadcast_to(np.abs(right), error.shape)) if relative else error
    # Where nothing is allowed, any error is infinitely too large.
    worst = _worst_place(_parts(error, allowed))
    measure = "relative error" if relative else "absolute error"
    limit = rtol if relative else float(allowed[worst])
    place = f"index {tuple(map(int, worst))}" if left.ndim else "the one number"
    if not np.all(error <= allowed):
        got, wanted = left[worst], np.broadcast_to(right, left.shape)[worst]
        raise VerificationError(
            f"{claim}: {measure} {shown[worst]:.3g}, allowed {limit:.3g}, at {place}: got {got!r}, expected {wanted!r}"
            f"{_single_precision(error[worst], abs(wanted), actual=actual, expected=expected)}"
        )
    return Result(claim, left.size, float(shown[worst]), f"{limit:.3g}", measure, place)


def between(claim: str, values: ArrayLike, low: float, high: float) -> Result:
    """Check that every value lies in ``[low, high]``; show the one nearest to an end.

    Raises
    ------
    VerificationError
        Where a value lies outside.
    ValueError
        If ``low >= high``, both ends are infinite or no float holds one, an array is empty, or
        a value is not finite.

    Examples
    --------
    >>> between("coverage", [0.94, 0.951], 0.93, 0.97).worst
    0.94
    """
    low, high = _end("low", low), _end("high", high)
    if not (low < high and (np.isfinite(low) or np.isfinite(high))):
        raise ValueError(f"low, high: expected low < high, one of them finite; got {low} and {high}")
    array = _numbers("values", values)
    # How far inside, negative outside: the smallest decides.
    with np.errstate(over="ignore"):
        worst = _worst_place(-np.minimum(array - low, high - array))
    place = f"index {tuple(map(int, worst))}" if array.ndim else "the one number"
    limits = f"{low:g} to {high:g}"
    if not np.all((low <= array) & (array <= high)):
        outside = max(low - array[worst], array[worst] - high)
        raise VerificationError(
            f"{claim}: got {float(array[worst])!r} at {place}, allowed {limits}"
            f"{_single_precision(outside, abs(array[worst]), values=values)}"
        )
    return Result(claim, array.size, float(array[worst]), limits, "nearest to an end", place)


def gradient(
    claim: str,
    value: Callable[[Array], Any],
    gradient: Callable[[Array], Any],
    points: ArrayLike,
    *,
    rtol: float = 1e-9,
    atol: float = 0.0,
) -> Result:
    r"""Check each component of a gradient by differences of the values, at that component's own scale.

    .. math:: f'(x) = \frac{f(x+h) - f(x-h)}{2h} + O(h^2)

    at four steps, extrapolated to an error of order :math:`h^8`. Wider and narrower steps are
    tried until the component is seen to ``rtol``. Where the rounding of the values hides it at
    every step, as much more is allowed as it hides, at most 1e-4 of the component; the result
    says how much. What is not seen to four digits is refused, not passed.

    Parameters
    ----------
    value, gradient
        Functions of one vector: shape (n,) → a number, and shape (n,) → shape (n,). Where one
        gives float32, both are judged by its rounding, at the points that float32 holds, and
        a component need be seen to two digits only.
    points
        Where to check, shape (m, n).
    rtol
        Allowed error of each component, relative to that component.
    atol
        Allowed besides; for places where a derivative is 0 but for rounding.

    Raises
    ------
    VerificationError
        Where they differ by more; the message names point and component.
    ValueError
        If ``points`` is not of shape (m, n), ``value`` gives no single number, a value is
        not finite or came as float16, ``value`` or ``gradient`` give another result when
        asked again, a corner lies at a point, the value is rough below the steps, or a
        component is too small to be seen beside the value. A gradient of exactly 0 is seen where the values are 0 all
        around, stand still up to a place from which they move like a power of the distance,
        or are equal on both sides as far as they can be followed.

    Examples
    --------
    >>> gradient("(x²)′ = 2x", lambda x: x @ x, lambda x: 2 * x, [[1.0, -3.0]]).points
    2
    >>> gradient("|x|′ = sign x", lambda x: abs(x[0]), np.sign, [[0.0]])
    Traceback (most recent call last):
    ...
    ValueError: points: expected places without a corner; the value has one at or beside component 0 of point 0, ...
    """
    _require_tolerances(rtol, atol)
    places = _points(points)
    kinds = [_kind(value(x.copy()), gradient(x.copy())) for x in places]
    for kind in kinds:
        _require_single(kind)
    # A float32 function sees the nearest float32, whatever it is given.
    places = np.stack([x.astype(kind).astype(np.float64) for x, kind in zip(places, kinds, strict=True)])
    exact = np.stack([_numbers("gradient", gradient(x.copy())) for x in places])
    if exact.shape != places.shape:
        raise ValueError(f"gradient: expected shape {places.shape[1:]}; got {exact.shape[1:]}")
    found = [
        _slopes(value, i, x, claims, kind, rtol, atol)
        for i, (x, claims, kind) in enumerate(zip(places, exact, kinds, strict=True))
    ]
    for i, x in enumerate(places):
        _require_same("gradient", exact[i], gradient(x.copy()), kinds[i], f"point {i}, {x}")
    numeric, allowed = (np.stack(part) for part in zip(*found, strict=True))
    size = np.maximum(np.abs(exact), np.abs(numeric))
    error = np.abs(exact - numeric)
    worst = _worst_place(_parts(error, allowed))
    relative, limit = (float(_parts(part, size)[worst]) for part in (error, allowed))
    where = f"component {worst[1]} of point {worst[0]}"
    single = "" if kinds[worst[0]] == np.float64 else f" ({kinds[worst[0]]})"
    if not error[worst] <= allowed[worst]:
        raise VerificationError(
            f"{claim}: relative error {relative:.3g}, allowed {limit:.3g}{single}, in {where}, "
            f"{places[worst[0]]}: got {exact[worst]!r}, the stencil gives {numeric[worst]!r}"
        )
    return Result(claim, exact.size, relative, f"{limit:.3g}{single}", "relative error", where)


def complex_step(
    claim: str,
    value: Callable[[NDArray[np.complex128]], Any],
    gradient: Callable[[Array], Any],
    points: ArrayLike,
    *,
    rtol: float = 1e-13,
) -> Result:
    r"""Check each component of a gradient by a complex step, which has no cancellation.

    .. math:: f'(x) = \operatorname{Im} f(x + ih)/h + O(h^2)

    with :math:`h = 10^{-20}`, larger where the imaginary part would underflow, smaller where
    h and 2h disagree.

    Parameters
    ----------
    value
        A function of one complex vector, shape (n,) → a number, made of analytic parts
        only: no ``abs``, no ``.real``, no comparison that a step could turn.
    gradient, points, rtol
        As for :func:`gradient`. A derivative of 0 is equal to 0 alone.

    Raises
    ------
    VerificationError
        Where they differ by more.
    ValueError
        If ``points`` is not of shape (m, n), ``value`` gives no single complex number, a
        component is too small for every step, or a step along the real line, where it can
        see the component, finds another slope than the complex one: a part is not analytic.
        Of more than 24 components, 24 are looked at in this way.

    Examples
    --------
    >>> complex_step("(eˣ)′ = eˣ", lambda x: np.exp(x[0]), np.exp, [[1.0]]).worst < 1e-15
    True
    >>> complex_step("|x|′ = 0", lambda x: abs(x[0]) + 0j, np.zeros_like, [[1.0]])
    Traceback (most recent call last):
    ...
    ValueError: value: expected analytic parts only; got 0 by a complex step and 1 by a real one, in component 0...
    """
    _require_tolerances(rtol)
    places = _points(points)
    _require_precision(rtol, value=value(places[0].astype(complex)), gradient=gradient(places[0].copy()))
    exact = np.stack([_numbers("gradient", gradient(x.copy())) for x in places])
    if exact.shape != places.shape:
        raise ValueError(f"gradient: expected shape {places.shape[1:]}; got {exact.shape[1:]}")
    slopes = np.empty_like(places)
    for i, x in enumerate(places):
        here = _one_complex(value(x.astype(complex))).real
        where = f"point {i}, {x}"  # once: to write out a thousand numbers takes longer than a value
        looked = set(np.linspace(0, x.size - 1, _LOOKED).astype(int).tolist())
        for k in range(x.size):
            place = f"component {k} of {where}"
            slopes[i, k] = _imaginary_slope(value, x, k, exact[i, k], rtol, place)
            if k in looked:
                _require_analytic(value, x, k, here, slopes[i, k], rtol, place)
    return equal(claim, exact, slopes, rtol=rtol)


#: At so many components of a long vector a real step looks for what is not analytic: it takes
#: a hundred values where the complex step takes two.
_LOOKED = 24
#: Complex steps, in the order in which they are tried: larger ones against underflow, then smaller ones.
_COMPLEX_STEPS = (1e-20, 1e-10, 1e-7, 1e-40, 1e-80, 1e-150, 1e-250)


def _imaginary_slope(
    value: Callable[[NDArray[np.complex128]], Any], x: Array, k: int, claimed: float, rtol: float, place: str
) -> float:
    def slope(h: float) -> float:
        moved = x.astype(complex)
        moved[k] += 1j * h
        with np.errstate(under="ignore"):
            return _one_complex(value(moved)).imag / h

    zero = True
    for h in (*_COMPLEX_STEPS, 1e-7 * abs(x[k]) or _COMPLEX_STEPS[0]):
        one, two = slope(h), slope(2 * h)
        zero &= one == two == 0
        # Of a smaller imaginary part too few digits are left.
        if abs(one) * h > 8 * _SMALLEST / max(rtol, _EPS) and abs(one - two) <= rtol * abs(one):
            return one
    wide, narrow = abs(slope(_COMPLEX_STEPS[2])), abs(slope(_COMPLEX_STEPS[0]))
    if zero:
        zero = not _underflows(slope)
    # The slope of x³ at 0 is −h² by a complex step.
    if (zero and not 0 < abs(claimed) < _SMALLEST / _COMPLEX_STEPS[2] ** 2) or (
        claimed == 0 and narrow < 1e-20 * wide and slope(_COMPLEX_STEPS[-1]) == 0
    ):
        return 0.0
    raise ValueError(
        f"gradient: expected a component that a complex step can see; got {float(claimed)!r} by the gradient and "
        f"{wide:.6g} by a step, and others by smaller ones, in {place}. Check it with verify.digits"
    )


def _underflows(slope: Callable[[float], float]) -> bool:
    """Whether a slope of 0 is one that a step of 1 shows, and that is lost in smaller ones."""
    try:
        with np.errstate(all="ignore"):
            return 0 < abs(slope(1.0)) < _SMALLEST / _EPS / _COMPLEX_STEPS[2]
    except (ValueError, ArithmeticError):
        return False  # so far out there is no value


def _require_analytic(
    value: Callable[[NDArray[np.complex128]], Any], x: Array, k: int, here: float, slope: float, rtol: float, place: str
) -> None:
    """Compare a complex step with real ones, where those can see."""
    line = _line(lambda moved: _one_complex(value(moved.astype(complex))).real, x, k)
    found = list(differences.estimates(line, x[k], here, _EPS))
    if found and all(one.jump for one in found) and differences.is_corner(found):
        raise ValueError(differences.UnseenError(corner=True).told(place, slope, here, "float64"))
    # A slope of exactly 0 may be rounding's.
    seen = (one for one in found if one.slope or differences.is_flat(line, x[k], here, _EPS))
    clear = [one for one in seen if one.error <= differences.LEAST * abs(one.slope) and not one.jump]
    best = min(clear, key=lambda one: one.error / (abs(one.slope) or 1.0), default=None)
    if not best:
        return
    error = 4 * (best.error + differences.scatter(line, x[k], here, _EPS, best))
    if abs(best.slope - slope) > rtol * abs(best.slope) + error:
        raise ValueError(
            f"value: expected analytic parts only; got {slope:.12g} by a complex step and {best.slope:.12g} by a real "
            f"one, in {place}. Leave out abs, .real and comparisons, or use verify.gradient"
        )


def _one_complex(result: Any) -> complex:
    number = np.asanyarray(result)
    if number.ndim or number.dtype.kind != "c":
        raise ValueError(f"value: expected a single complex number; got dtype {number.dtype}, shape {number.shape}")
    if not np.isfinite(number):
        raise ValueError(f"value: expected finite numbers; got {number}")
    return complex(number)


def digits(
    claim: str, actual: ArrayLike, expr: sp.Expr, values: Mapping[sp.Symbol, ArrayLike], *, units: float = 8
) -> Result:
    """Check numbers against an expression's value in 50-digit arithmetic, in units of rounding.

    0 passes only for what is nearer to 0 than to the smallest float, and no number for one of
    the other sign.

    Parameters
    ----------
    actual
        The numbers to check, float64 or float32; the unit of rounding is theirs, the spacing
        of floats at 1 as part of the number, and the smallest float above 0 where that is more.
    expr, values
        What they should be: an expression, and for each of its symbols the numbers, of
        the shape of ``actual``, or a single one. A float stands for the exact fraction it is.
    units
        The largest relative error allowed, in units of rounding.

    Raises
    ------
    VerificationError
        Where the error is larger.
    ValueError
        If shapes differ, or a value is not finite.

    Examples
    --------
    >>> z = sp.Symbol("z")
    >>> digits("log1p", np.log1p([1e-9, 1.0]), sp.log(1 + z), {z: [1e-9, 1.0]}).points
    2
    """
    if not 0 <= _tolerance("units", units) < np.inf:
        raise ValueError(f"units: expected a finite number from 0 on; got {units}")
    array, kind = _numbers("actual", actual), _kind(np.asanyarray(actual))
    if np.finfo(kind).eps > np.finfo(np.float32).eps:
        raise ValueError(f"actual: expected float64 or float32; got {kind}")
    columns = {symbol: _numbers(str(symbol), column) for symbol, column in values.items()}
    for symbol, column in columns.items():
        if column.ndim and column.shape != array.shape:
            raise ValueError(f"{symbol}: expected one number, or the shape {array.shape} of actual; got {column.shape}")
    rows = [np.broadcast_to(column, array.shape) for column in columns.values()]
    errors = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        point = {symbol: float(row[place]) for symbol, row in zip(values, rows, strict=True)}
        try:
            truth = printing.digits(sp.sympify(expr), point)
        except printing.VanishingError:  # below any float
            truth = sp.Float(0)
        errors[place] = _units_off(float(array[place]), truth, np.finfo(kind))
    worst = _worst_place(errors)
    where = f"index {worst}" if array.ndim else "the one number"
    if not errors[worst] <= units:
        point = {str(symbol): float(row[worst]) for symbol, row in zip(columns, rows, strict=True)}
        raise VerificationError(
            f"{claim}: {errors[worst]:.3g} units of rounding off, allowed {units:g}, at {where}, {point}: "
            f"got {array[worst]!r}"
        )
    return Result(claim, array.size, float(errors[worst]), f"{units:g}", "units of rounding", where)


def monte_carlo(claim: str, samples: ArrayLike, expected: ArrayLike, *, errors: float = 5) -> Result:
    r"""Check that the mean of samples lies within some standard errors of what is expected.

    Each component has its own standard error, :math:`s/\sqrt n`; one that never varies must be
    equal to what is expected.

    Parameters
    ----------
    samples
        Shape (n, ...): n independent draws, made from a fixed seed; float32 ones are added
        up in float64.
    expected
        What their mean should be, shape (...).
    errors
        How many standard errors are allowed.

    Raises
    ------
    VerificationError
        Where the mean lies further away.
    ValueError
        If there are fewer than ten samples (five standard errors of ten are passed by chance
        once in 1,400 times, of two once in 8), the samples do not vary, a component varies
        by its rounding alone, or ``errors`` is not finite and above 0.

    Examples
    --------
    >>> draws = np.random.default_rng(0).uniform(size=10_000)
    >>> monte_carlo("the mean of a uniform number", draws, 0.5).points
    10000
    """
    draws, wanted = _numbers("samples", samples), _numbers("expected", expected)
    if draws.ndim == 0 or len(draws) < _LEAST_DRAWS:
        raise ValueError(f"samples: expected shape (n, ...) with n of at least {_LEAST_DRAWS}; got {draws.shape}")
    if wanted.shape != draws.shape[1:]:
        raise ValueError(f"expected: expected shape {draws.shape[1:]}; got {wanted.shape}")
    if not 0 < _tolerance("errors", errors) < np.inf:
        raise ValueError(f"errors: expected a finite number above 0; got {errors}")
    rounding = np.finfo(_kind(np.asanyarray(samples))).eps * np.max(np.abs(draws), axis=0)
    with np.errstate(over="ignore"):
        off = draws - wanted
    if not np.all(np.isfinite(off)):
        raise ValueError("samples, expected: expected numbers whose difference fits 64 bits; got larger ones")
    # As parts of the largest: squares of 1e200 overflow, and those of 1e-200 vanish.
    scale = np.max(np.abs(off), axis=0)
    parts = off / np.where(scale > 0, scale, 1.0)
    constant = np.all(draws == draws[0], axis=0)
    if np.all(constant):
        raise ValueError("samples: expected numbers that vary; got a constant")
    spread = np.where(constant, 0.0, parts.std(axis=0, ddof=1))
    still = ~constant & (spread * scale <= 4 * rounding)
    if np.any(still):
        at = _worst_place(still)
        raise ValueError(
            f"samples: expected numbers that vary by more than their rounding; got a spread of "
            f"{(spread * scale)[at]:.2g}{f' at index {at}' if at else ''}. Compare them with verify.equal"
        )
    away = _parts(np.abs(parts.mean(axis=0)), spread / np.sqrt(len(draws)))
    worst = _worst_place(away)
    where = f"index {worst}" if wanted.ndim else "the one number"
    if not away[worst] <= errors:
        missed = off.mean(axis=0)[worst]
        mean = wanted[worst] + missed
        digits = 6 if abs(missed) > 1e-4 * abs(mean) else 17
        raise VerificationError(
            f"{claim}: {away[worst]:.3g} standard errors off, allowed {errors:g}, at {where}: "
            f"mean {mean:.{digits}g}, expected {wanted[worst]:.{digits}g}"
            f"{_single_precision(abs(missed), abs(mean), samples=samples)}"
        )
    return Result(claim, draws.size, float(away[worst]), f"{errors:g}", "standard errors", where)


def _units_off(got: float, exact: sp.Expr, kind: np.finfo[Any]) -> float:
    if not exact.is_number or exact.is_finite is False or not exact.is_real:
        raise ValueError(f"expr: expected a finite real value; got {exact}")
    smallest = sp.Rational(float(kind.smallest_subnormal))
    is_zero = abs(exact) <= smallest / 2
    if got == 0 or exact == 0:
        return 0.0 if got == 0 and is_zero else np.inf
    if (got > 0) != bool(exact > 0):
        return np.inf
    unit = sp.Max(abs(exact) * sp.Rational(float(kind.eps)), smallest)
    return float(abs(sp.Rational(got) - exact) / unit)


def _slopes(
    value: Callable[[Array], Any], i: int, x: Array, claims: Array, kind: np.dtype[Any], rtol: float, atol: float
) -> tuple[Array, Array]:
    """The slope of each coordinate at point i, and how far from it a right gradient may be."""
    unit = float(np.finfo(kind).eps)
    rtol = rtol if kind == _DOUBLE else max(rtol, 8 * unit)
    here = _one_number(value(x.copy()))
    _require_same("value", here, value(x.copy()), kind, f"point {i}, {x}")
    found: list[tuple[float, float]] = []
    for k, claimed in enumerate(claims):
        try:
            found.append(differences.judged(_line(value, x, k), x[k], here, claimed, unit, rtol, atol))
        except differences.UnseenError as unseen:
            raise ValueError(unseen.told(f"component {k} of point {i}, {x}", claimed, here, str(kind))) from None
    slopes, allowed = np.array(found).T
    return slopes, allowed


def _require_same(name: str, before: ArrayLike, after: Any, kind: np.dtype[Any], place: str) -> None:
    """What is asked for twice must be the same, but for its rounding."""
    first, again = np.asarray(before), _numbers(name, after)
    if not np.all(np.abs(again - first) <= 8 * np.finfo(kind).eps * np.abs(first)):
        raise ValueError(
            f"{name}: expected a function that gives the same each time; got {first} and then {again} at {place}. "
            "Take out what it keeps between calls: a counter, a cache, random numbers"
        )


def _line(value: Callable[[Array], Any], x: Array, k: int) -> differences.Line:
    """The value along one coordinate, NaN where there is none."""

    def line(t: float) -> float:
        moved = x.copy()
        moved[k] = t
        try:
            with np.errstate(all="ignore"):
                return _one_number(value(moved))
        except (ValueError, ArithmeticError):
            return np.nan

    return line


def _kind(*results: Any) -> np.dtype[Any]:
    """The least precise type of float among results."""
    kinds = [np.asanyarray(result).dtype for result in results]
    return min([_DOUBLE, *(kind for kind in kinds if kind.kind == "f")], key=lambda kind: kind.itemsize)


def _require_single(kind: np.dtype[Any]) -> None:
    if np.finfo(kind).eps > np.finfo(np.float32).eps:
        raise ValueError(f"value, gradient: expected float64 or float32; got {kind}, whose differences say nothing")


def _parts(error: Array, whole: Array) -> Array:
    """The errors as parts of what they belong to; no error is no part even of 0."""
    with np.errstate(over="ignore"):
        return np.divide(error, whole, out=np.where(error > 0, np.inf, 0.0), where=whole > 0)


def _single_precision(error: float, size: float, **given: ArrayLike) -> str:
    """What to say of numbers that came with fewer bits, where an error is of the size of their rounding."""
    for name, values in given.items():
        kind = _kind(np.asanyarray(values))
        unit = np.finfo(kind).eps
        if kind != _DOUBLE and error <= 16 * unit * size:
            return f"; {name} came as {kind}, whose rounding is {unit:.2g}: pass float64, or allow as much"
    return ""


def _points(points: ArrayLike) -> Array:
    places = _numbers("points", points)
    if places.ndim != 2:
        raise ValueError(f"points: expected shape (m, n); got {places.shape}")
    return places


def _require_precision(rtol: float, **results: Any) -> None:
    for name, result in results.items():
        kind = np.asanyarray(result).dtype
        unit = float(np.finfo(kind).eps) if kind.kind in "fc" else 0.0
        if unit > _EPS and rtol < 8 * unit:
            raise ValueError(
                f"{name}: expected 64-bit floats where rtol is {rtol:.3g}; got {kind}, whose rounding is {unit:.2g}. "
                f"Compute in float64, or say rtol={8 * unit:.1g}"
            )


def _require_tolerances(rtol: float, atol: float = 0.0) -> None:
    if not 0 <= _tolerance("rtol", rtol) < 1:
        raise ValueError(f"rtol: expected a part of the number, from 0 to below 1; got {rtol}")
    if not 0 <= _tolerance("atol", atol) < np.inf:
        raise ValueError(f"atol: expected a finite number from 0 on; got {atol}")


def _tolerance(name: str, value: Any) -> float:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected one number; got {value!r}")
    return float(value)


def _end(name: str, value: Any) -> float:
    """An end of an interval, which must be what is meant: a float close to ⅓ is another end."""
    if not isinstance(value, Real | sp.Float | sp.Rational) or float(value) != value:
        raise ValueError(f"{name}: expected a number that 64 bits hold; got {value!r}. Round it: float({name})")
    return float(value)


def _one_number(result: Any) -> float:
    number = _numbers("value", result)
    if number.ndim:
        raise ValueError(f"value: expected a single number; got shape {number.shape}")
    return float(number)


def _numbers(name: str, values: ArrayLike) -> Array:
    given = np.asanyarray(values)
    if has_mask(values) or given.dtype.kind not in "biuf":
        what = "a masked array" if has_mask(values) else f"dtype {given.dtype}"
        raise TypeError(f"{name}: expected real numbers; got {what}")
    if given.size == 0:
        raise ValueError(f"{name}: expected at least one number; got an empty array")
    array = given.astype(np.float64)
    if (worst := beyond_floats(given)) is not None:
        raise ValueError(f"{name}: expected integers up to 2^53, which a float holds exactly; got {worst}")
    if given.dtype.itemsize > array.dtype.itemsize and np.any(given != array):
        raise ValueError(f"{name}: expected numbers that float64 holds; got dtype {given.dtype}. Round: .astype(float)")
    if not np.all(np.isfinite(array)):
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name}: expected finite numbers; got {bad}")
    return array


def _worst_place(error: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(np.argmax(error), np.shape(error)))
