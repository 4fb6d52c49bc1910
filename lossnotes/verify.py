"""Checks that raise when they fail and show what they tried when they do not."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from lossnotes import printing
from lossnotes.assets import text

Array = NDArray[np.float64]


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
        return f"<style>{text('verify.css')}</style>{table}"

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
        If the shapes differ, an array is empty, or a value is not finite.

    Examples
    --------
    >>> equal("a half is 0.5", 1 / 2, 0.5).worst
    0.0
    >>> equal("tiny is zero", 4.2e-18, 0.0)
    Traceback (most recent call last):
    ...
    lossnotes.verify.VerificationError: tiny is zero: absolute error 4.2e-18, allowed 0...
    """
    left, right = _numbers("actual", actual), _numbers("expected", expected)
    if right.ndim and left.shape != right.shape:
        raise ValueError(f"actual, expected: expected one shape; got {left.shape} and {right.shape}")
    error = np.abs(left - right)
    allowed = atol + rtol * np.abs(right)
    relative = atol == 0 and bool(np.all(right != 0))
    shown = error / np.abs(right) if relative else error
    # Where nothing is allowed, any error is infinitely too large.
    excess = np.divide(error, allowed, out=np.where(error > 0, np.inf, 0.0), where=allowed > 0)
    worst = _worst_place(excess)
    measure = "relative error" if relative else "absolute error"
    limit = rtol if relative else float(np.broadcast_to(allowed, error.shape)[worst])
    place = f"index {tuple(map(int, worst))}" if left.ndim else "the one number"
    if not np.all(error <= allowed):
        got, wanted = left[worst], np.broadcast_to(right, left.shape)[worst]
        raise VerificationError(
            f"{claim}: {measure} {shown[worst]:.3g}, allowed {limit:.3g}, at {place}: got {got!r}, expected {wanted!r}"
        )
    return Result(claim, left.size, float(shown[worst]), f"{limit:.3g}", measure, place)


def between(claim: str, values: ArrayLike, low: float, high: float) -> Result:
    """Check that every value lies in ``[low, high]``; show the one nearest to an end.

    Raises
    ------
    VerificationError
        Where a value lies outside.
    ValueError
        If ``low >= high``, an array is empty, or a value is not finite.

    Examples
    --------
    >>> between("coverage", [0.94, 0.951], 0.93, 0.97).worst
    0.94
    """
    if not low < high:
        raise ValueError(f"low, high: expected low < high; got {low} and {high}")
    array = _numbers("values", values)
    # How far inside, negative outside: the smallest decides.
    worst = _worst_place(-np.minimum(array - low, high - array))
    place = f"index {tuple(map(int, worst))}" if array.ndim else "the one number"
    limits = f"{low:g} to {high:g}"
    if not np.all((low <= array) & (array <= high)):
        raise VerificationError(f"{claim}: got {array[worst]:.6g} at {place}, allowed {limits}")
    return Result(claim, array.size, float(array[worst]), limits, "nearest to an end", place)


def gradient(
    claim: str,
    value: Callable[[Array], Any],
    gradient: Callable[[Array], Any],
    points: ArrayLike,
    *,
    step: float = 1e-3,
    rtol: float = 1e-9,
) -> Result:
    r"""Check each component of a gradient against the 4-point stencil.

    .. math:: f'(x) \approx \frac{8\,[f(x+h) - f(x-h)] - [f(x+2h) - f(x-2h)]}{12 h}

    Its error is of order :math:`h^4`. A smaller step is not a better one: the rounding of
    the values, divided by h, takes over. That much is allowed besides ``rtol``.

    Parameters
    ----------
    value, gradient
        Functions of one vector: shape (n,) → a number, and shape (n,) → shape (n,).
    points
        Where to check, shape (m, n).
    step
        The h of the stencil, times ``max(1, |x|)`` for each coordinate.
    rtol
        Allowed error of each component, relative to that component.

    Raises
    ------
    VerificationError
        Where they differ by more; the message names point and component.
    ValueError
        If ``points`` is not of shape (m, n), ``value`` gives no single number, a value is
        not finite, or the stencil itself is less accurate than ``rtol`` at this step.

    Examples
    --------
    >>> gradient("(x²)′ = 2x", lambda x: x @ x, lambda x: 2 * x, [[1.0, -3.0]]).points
    2
    """
    places = _numbers("points", points)
    if places.ndim != 2:
        raise ValueError(f"points: expected shape (m, n); got {places.shape}")
    exact = np.stack([_numbers("gradient", gradient(x.copy())) for x in places])
    if exact.shape != places.shape:
        raise ValueError(f"gradient: expected shape {places.shape[1:]}; got {exact.shape[1:]}")
    numeric, noise = (np.stack(part) for part in zip(*(_stencil(value, x, step) for x in places), strict=True))
    finer, _ = (np.stack(part) for part in zip(*(_stencil(value, x, step / 2) for x in places), strict=True))
    size = np.maximum(np.abs(exact), np.abs(numeric))
    allowed = rtol * size + noise
    error = np.abs(exact - numeric)
    worst = _worst_place(np.where(error > 0, error / np.where(allowed > 0, allowed, 1e-300), 0.0))
    where = f"component {worst[1]} of point {worst[0]}"
    if not error[worst] <= allowed[worst]:
        # Halving the step divides an honest stencil's error by 16; a wrong gradient stays wrong.
        if abs(finer[worst] - exact[worst]) < error[worst] / 4:
            raise ValueError(
                f"step: expected one at which the stencil is accurate to {rtol:.3g}; {step} is not, in {where}"
            )
        raise VerificationError(
            f"{claim}: relative error {error[worst] / size[worst]:.3g}, allowed {rtol:.3g}, in {where}, "
            f"{places[worst[0]]}: got {exact[worst]!r}, the stencil gives {numeric[worst]!r}"
        )
    relative = float(error[worst] / size[worst]) if size[worst] else 0.0
    return Result(claim, exact.size, relative, f"{rtol:.3g}", "relative error", where)


def complex_step(
    claim: str,
    value: Callable[[NDArray[np.complex128]], Any],
    gradient: Callable[[Array], Any],
    points: ArrayLike,
    *,
    rtol: float = 1e-13,
) -> Result:
    r"""Check each component of a gradient by a complex step, which has no cancellation.

    .. math:: f'(x) = \operatorname{Im} f(x + ih)/h + O(h^2), \qquad h = 10^{-20}

    Parameters
    ----------
    value
        A function of one complex vector, shape (n,) → a number, made of analytic parts
        only: no ``abs``, no ``maximum``, no comparison.
    gradient, points, rtol
        As for :func:`gradient`.

    Raises
    ------
    VerificationError
        Where they differ by more.
    ValueError
        If ``points`` is not of shape (m, n), or ``value`` gives no single complex number.

    Examples
    --------
    >>> complex_step("(eˣ)′ = eˣ", lambda x: np.exp(x[0]), np.exp, [[1.0]]).worst < 1e-15
    True
    """
    places = _numbers("points", points)
    if places.ndim != 2:
        raise ValueError(f"points: expected shape (m, n); got {places.shape}")
    h = 1e-20
    steps = 1j * h * np.eye(places.shape[1])
    values = np.array([[value(x + step) for step in steps] for x in places])
    if values.shape != places.shape or values.dtype.kind != "c":
        raise ValueError(f"value: expected a single complex number; got dtype {values.dtype}, shape {values.shape[2:]}")
    exact = np.stack([_numbers("gradient", gradient(x.copy())) for x in places])
    return equal(claim, exact, values.imag / h, rtol=rtol)


def digits(
    claim: str, actual: ArrayLike, expr: sp.Expr, values: Mapping[sp.Symbol, ArrayLike], *, units: float = 8
) -> Result:
    """Check numbers against an expression's value in 50-digit arithmetic, in units of rounding.

    Parameters
    ----------
    actual
        The numbers to check, float64 or float32; the unit of rounding is theirs.
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
    given = np.asarray(actual)
    array = _numbers("actual", given)
    columns = [np.broadcast_to(_numbers(str(symbol), column), array.shape) for symbol, column in values.items()]
    unit = float(np.finfo(given.dtype if given.dtype.kind == "f" else np.float64).eps)
    errors = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        point = {symbol: float(column[place]) for symbol, column in zip(values, columns, strict=True)}
        errors[place] = _units_off(float(array[place]), printing.digits(expr, point), unit)
    worst = _worst_place(errors)
    where = f"index {worst}" if array.ndim else "the one number"
    if not errors[worst] <= units:
        point = {str(symbol): float(column[worst]) for symbol, column in zip(values, columns, strict=True)}
        raise VerificationError(
            f"{claim}: {errors[worst]:.3g} units of rounding off, allowed {units:g}, at {where}, {point}: "
            f"got {array[worst]!r}"
        )
    return Result(claim, array.size, float(errors[worst]), f"{units:g}", "units of rounding", where)


def monte_carlo(claim: str, samples: ArrayLike, expected: ArrayLike, *, errors: float = 5) -> Result:
    """Check that the mean of samples lies within some standard errors of what is expected.

    Parameters
    ----------
    samples
        Shape (n, ...): n independent draws, made from a fixed seed.
    expected
        What their mean should be, shape (...).
    errors
        How many standard errors are allowed.

    Raises
    ------
    VerificationError
        Where the mean lies further away.
    ValueError
        If there are fewer than two samples, or the samples do not vary.

    Examples
    --------
    >>> draws = np.random.default_rng(0).uniform(size=10_000)
    >>> monte_carlo("the mean of a uniform number", draws, 0.5).points
    10000
    """
    draws, wanted = _numbers("samples", samples), _numbers("expected", expected)
    if draws.ndim == 0 or len(draws) < 2:
        raise ValueError(f"samples: expected shape (n, ...) with n of at least 2; got {draws.shape}")
    if wanted.shape != draws.shape[1:]:
        raise ValueError(f"expected: expected shape {draws.shape[1:]}; got {wanted.shape}")
    spread = draws.std(axis=0, ddof=1) / np.sqrt(len(draws))
    if not np.all(spread > 0):
        raise ValueError("samples: expected numbers that vary; got a constant")
    away = np.abs(draws.mean(axis=0) - wanted) / spread
    worst = _worst_place(away)
    where = f"index {worst}" if wanted.ndim else "the one number"
    if not away[worst] <= errors:
        mean = draws.mean(axis=0)[worst]
        raise VerificationError(
            f"{claim}: {away[worst]:.3g} standard errors off, allowed {errors:g}, at {where}: "
            f"mean {mean:.6g}, expected {wanted[worst]:.6g}"
        )
    return Result(claim, draws.size, float(away[worst]), f"{errors:g}", "standard errors", where)


def _units_off(got: float, exact: sp.Float, unit: float) -> float:
    if not exact.is_number or exact.is_finite is False or not exact.is_real:
        raise ValueError(f"expr: expected a finite real value; got {exact}")
    if exact == 0:
        return 0.0 if got == 0 else float("inf")
    return float(abs((sp.Float(got, printing.DIGITS) - exact) / exact) / unit)


def _stencil(value: Callable[[Array], Any], x: Array, step: float) -> tuple[Array, Array]:
    """The derivative in each coordinate, and what the rounding of the values may do to it."""
    slopes, noise = np.empty_like(x), np.empty_like(x)
    for k in range(x.size):
        h = np.zeros_like(x)
        h[k] = step * max(1.0, abs(x[k]))
        values = [_one_number(value(x + times * h)) for times in (1, -1, 2, -2)]
        slopes[k] = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h[k])
        # 18 values' worth of weights, each off by a few units of rounding.
        noise[k] = 8 * np.finfo(np.float64).eps * max(map(abs, values)) * 18 / (12 * h[k])
    return slopes, noise


def _one_number(result: Any) -> float:
    number = _numbers("value", result)
    if number.ndim:
        raise ValueError(f"value: expected a single number; got shape {number.shape}")
    return float(number)


def _numbers(name: str, values: ArrayLike) -> Array:
    given = np.asanyarray(values)
    if isinstance(given, np.ma.MaskedArray) or given.dtype.kind not in "biuf":
        what = "a masked array" if isinstance(given, np.ma.MaskedArray) else f"dtype {given.dtype}"
        raise TypeError(f"{name}: expected real numbers; got {what}")
    if given.size == 0:
        raise ValueError(f"{name}: expected at least one number; got an empty array")
    array = given.astype(np.float64)
    if given.dtype.kind in "iu" and np.any((given > 2**53) | (given < -(2**53))):
        raise ValueError(f"{name}: expected integers up to 2^53, which a float holds exactly; got {given.max()}")
    if not np.all(np.isfinite(array)):
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name}: expected finite numbers; got {bad}")
    return array


def _worst_place(error: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(np.argmax(error), np.shape(error)))
