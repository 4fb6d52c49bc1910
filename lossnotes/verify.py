"""Checks that raise when they fail and show what they tried when they do not."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
        What ``worst`` is: ``"relative error"``, ``"absolute error"`` or ``"nearest to an end"``.
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
    worst = _worst_place(np.abs(array - (low + high) / 2))
    place = f"index {tuple(map(int, worst))}" if array.ndim else "the one number"
    limits = f"{low:g} to {high:g}"
    if not low <= array[worst] <= high:
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
    r"""Check a gradient against the 4-point stencil.

    .. math:: f'(x) \approx \frac{8\,[f(x+h) - f(x-h)] - [f(x+2h) - f(x-2h)]}{12 h}

    Its error is of order :math:`h^4`. A smaller step is not a better one: below
    :math:`10^{-3}` the rounding of the differences takes over.

    Parameters
    ----------
    value, gradient
        Functions of one vector: shape (n,) → scalar, and shape (n,) → shape (n,).
    points
        Where to check, shape (m, n).
    step
        The h of the stencil, times ``max(1, |x|)`` for each coordinate.
    rtol
        Allowed error relative to the largest component of the gradient at the point.

    Raises
    ------
    VerificationError
        Where they differ by more; the message names point and component.
    ValueError
        If ``points`` is not of shape (m, n), or a value is not finite.

    Examples
    --------
    >>> gradient("(x²)′ = 2x", lambda x: x @ x, lambda x: 2 * x, [[1.0, -3.0]]).points
    2
    """
    places = _numbers("points", points)
    if places.ndim != 2:
        raise ValueError(f"points: expected shape (m, n); got {places.shape}")
    exact = np.stack([_numbers("gradient", gradient(x)) for x in places])
    if exact.shape != places.shape:
        raise ValueError(f"gradient: expected shape {places.shape[1:]}; got {exact.shape[1:]}")
    numeric = np.stack([_stencil(value, x, step) for x in places])
    scale = np.abs(exact).max(axis=1, keepdims=True)
    error = np.abs(exact - numeric) / np.where(scale > 0, scale, 1)
    worst = _worst_place(error)
    where = f"component {worst[1]} at {np.array2string(places[worst[0]], precision=4)}"
    if not error[worst] <= rtol:
        raise VerificationError(
            f"{claim}: relative error {error[worst]:.3g}, allowed {rtol:.3g}, in {where}: "
            f"got {exact[worst]!r}, the stencil gives {numeric[worst]!r}"
        )
    return Result(claim, exact.size, float(error[worst]), f"{rtol:.3g}", "relative error", where)


def _stencil(value: Callable[[Array], Any], x: Array, step: float) -> Array:
    columns = []
    for k in range(x.size):
        h = np.zeros_like(x)
        h[k] = step * max(1.0, abs(x[k]))
        wide = value(x + 2 * h) - value(x - 2 * h)
        columns.append((8 * (value(x + h) - value(x - h)) - wide) / (12 * h[k]))
    return _numbers("value", columns)


def _numbers(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one number; got an empty array")
    if not np.all(np.isfinite(array)):
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name}: expected finite numbers; got {bad}")
    return array


def _worst_place(error: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(np.argmax(error), np.shape(error)))
