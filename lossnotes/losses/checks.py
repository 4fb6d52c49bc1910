"""Bad input gets an error that names the argument, what was expected and what came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Parameter:
    """A number that shapes a loss: its symbol, what it is when not given, what it may be."""

    symbol: sp.Symbol
    default: float | None
    domain: sp.Set = field(default_factory=lambda: sp.Interval.open(0, sp.oo))


def as_array(name: str, values: ArrayLike) -> Array:
    """The values as an array in the machine's own byte order.

    Raises
    ------
    TypeError
        If it is a masked array, whose mask would be lost.
    ValueError
        If rows differ in length.
    """
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{name}: expected an array without a mask; got a masked array")
    try:
        array = np.asarray(values)
    except ValueError as fault:
        raise ValueError(f"{name}: expected rows of one length; got a {type(values).__name__}: {fault}") from None
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def as_floats(name: str, values: ArrayLike) -> Array:
    """The values as float32 or float64; integers become float64.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If there are none.
    """
    array = as_array(name, values)
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        raise TypeError(f"{name}: expected real numbers in float32 or float64; got dtype {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one number; got shape {array.shape}")
    if array.dtype.kind != "f" or array.dtype.itemsize < 4:
        array = array.astype(np.float64 if array.dtype.kind != "f" else np.float32)
    return array


def numbers(name: str, values: ArrayLike) -> Array:
    """As :func:`as_floats`, and no NaN among them.

    Raises
    ------
    ValueError
        If one is NaN; the message says where.
    """
    array = as_floats(name, values)
    if np.isnan(array.min()):  # one pass, no second array: a minimum keeps NaN
        place = tuple(int(i) for i in np.argwhere(np.isnan(array))[0])
        raise ValueError(f"{name}: expected numbers; got NaN at index {place}")
    return array


@cache
def suspicion(domain: sp.Set) -> Callable[[Array], bool]:
    """A quick look at whether some value may be NaN or outside a domain, with no second array."""
    if not isinstance(domain, sp.Interval):
        return lambda values: bool(np.isnan(values.min())) or not _inside(values, domain).all()
    if domain == sp.Reals:
        return lambda values: bool(np.isnan(values.min()))
    low, high, above, below = _ends(domain)
    return lambda values: not (above(values.min(), low) and below(values.max(), high))


def in_domain(name: str, values: Array, domain: sp.Set) -> None:
    """Check that every value lies in a SymPy set: an interval, a finite set, or the natural numbers.

    The ends of the real line count as limits and are let through.

    Raises
    ------
    ValueError
        If one lies outside; it is shown with the set.
    """
    inside = _inside(values, domain)
    if not inside.all():
        first = np.asarray(values)[~inside].flat[0]
        raise ValueError(f"{name}: expected {_words(domain)}; got {first}")


def _inside(values: Array, domain: sp.Set) -> Array:
    if isinstance(domain, sp.FiniteSet):
        return np.isin(values, [float(member) for member in domain])
    if domain == sp.S.Naturals0:
        return (values >= 0) & (values == np.floor(values)) & np.isfinite(values)
    return _within(values, domain)


def _within(values: Any, domain: sp.Interval) -> Any:
    low, high, above, below = _ends(domain)
    return above(values, low) & below(values, high)


@cache
def _ends(domain: sp.Interval) -> tuple[float, float, Callable[..., Any], Callable[..., Any]]:
    """The ends of an interval, and the comparisons with them."""
    low, high = float(domain.inf), float(domain.sup)
    above = np.greater if domain.left_open and np.isfinite(low) else np.greater_equal
    below = np.less if domain.right_open and np.isfinite(high) else np.less_equal
    return low, high, above, below


def _words(domain: sp.Set) -> str:
    if isinstance(domain, sp.FiniteSet):
        return " or ".join(str(member) for member in sorted(domain))
    if domain == sp.S.Naturals0:
        return "a whole number, 0 or more"
    low, high = domain.inf, domain.sup
    if low.is_infinite and high.is_infinite:
        return "real numbers"
    if high.is_infinite:
        return f"a number {'above' if domain.left_open else 'of at least'} {low}"
    return f"a number in {low} to {high}{', without the ends' if domain.left_open else ''}"


def same_shape(prediction: Array, target: Array) -> None:
    """Check that prediction and target have one shape, or that one of them is a single number.

    Raises
    ------
    ValueError
        If not: silent broadcasting of (n, 1) against (n,) is a known way to a wrong loss.
    """
    if prediction.ndim and target.ndim and prediction.shape != target.shape:
        raise ValueError(
            f"target: expected the prediction's shape {prediction.shape} or a single number; got {target.shape}"
        )


def parameters(
    loss: str, known: Mapping[str, Parameter], given: Mapping[str, ArrayLike], shape: tuple[int, ...] = ()
) -> dict[str, Array]:
    """Every parameter of a loss, given or by default, checked against its domain.

    Raises
    ------
    TypeError
        If a name is unknown, or a parameter without a default is missing.
    ValueError
        If a value lies outside its domain, or is neither a single number nor of this shape.
    """
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise TypeError(f"{loss}: expected the parameters {', '.join(known) or 'none'}; got {', '.join(unknown)}")
    settings = {}
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if value is None:
            raise TypeError(f"{name}: expected a value; got none")
        settings[name] = numbers(name, value)
        if settings[name].ndim and settings[name].shape != shape:
            wanted = f"a single number or shape {shape}" if shape else "a single number"
            raise ValueError(f"{name}: expected {wanted}; got shape {settings[name].shape}")
        in_domain(name, settings[name], parameter.domain)
    return settings


def labels(name: str, given: Array, shape: tuple[int, ...]) -> Array:
    """Integer labels, one for each row of logits of this shape.

    Raises
    ------
    TypeError
        If they are not integers.
    ValueError
        If their shape is not the logits' without the class axis, or one is out of range.
    """
    if given.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integer labels; got dtype {given.dtype}")
    if given.shape != shape[:-1]:
        raise ValueError(f"{name}: expected labels of shape {shape[:-1]} for logits {shape}; got {given.shape}")
    if given.min() < 0 or given.max() >= shape[-1]:
        worst = given.min() if given.min() < 0 else given.max()
        raise ValueError(f"{name}: expected integers in 0..{shape[-1] - 1}; got {worst}")
    return given


def simplex_rows(name: str, given: Array, logits: Array) -> Array:
    """Rows of probabilities, one for each row of logits, in the logits' precision.

    Raises
    ------
    ValueError
        If the shape differs, an entry is negative, or a row does not sum to 1.
    """
    rows = numbers(name, given)
    if rows.shape != logits.shape:
        raise ValueError(
            f"{name}: expected integer labels of shape {logits.shape[:-1]} or rows of shape {logits.shape}; "
            f"got dtype {rows.dtype}, shape {rows.shape}"
        )
    if rows.min() < 0:
        raise ValueError(f"{name}: expected rows on the simplex; got a negative entry, {rows.min()}")
    sums = rows.sum(axis=-1, dtype=np.float64)
    off = np.abs(sums - 1)
    allowed = 4 * rows.shape[-1] * np.finfo(rows.dtype).eps
    if off.max() > allowed:
        raise ValueError(f"{name}: expected rows that sum to 1; got a sum of {sums.flat[off.argmax()]}")
    return rows.astype(logits.dtype, copy=False)
