"""Bad input gets an error that names the argument, what was expected, what came and what was most likely meant."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from lossnotes.arrays import beyond_floats, has_mask
from lossnotes.losses import hints

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
        If it is a masked array, or holds one, whose mask would be lost.
    ValueError
        If rows differ in length.
    """
    if has_mask(values):
        raise TypeError(
            f"{name}: expected an array without a mask; got a masked array{_meant('Select first: .compressed()')}"
        )
    try:
        array = np.asarray(values)
    except ValueError as fault:
        raise ValueError(f"{name}: expected rows of one length; got a {type(values).__name__}: {fault}") from None
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def as_floats(name: str, values: ArrayLike) -> Array:
    """The values as float32 or float64; integers become float64, float16 becomes float32.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If there are none, or integers beyond 2^53, which a float would round.
    """
    array = as_array(name, values)
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        hint = hints.of_dtype(array)
        raise TypeError(f"{name}: expected real numbers in float32 or float64; got dtype {array.dtype}{_meant(hint)}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one number; got shape {array.shape}")
    if (worst := beyond_floats(array)) is not None:
        raise ValueError(
            f"{name}: expected integers up to 2^53, which a float holds exactly; got {worst}"
            f"{_meant('Subtract what they share first; if rounding is meant: .astype(float)')}"
        )
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


def _meant(hint: str) -> str:
    return f". {hint}" if hint else ""


@cache
def suspicion(domain: sp.Set) -> Callable[[Array], bool]:
    """A quick look at whether some value may be NaN or outside a domain, with no second array."""
    if not isinstance(domain, sp.Interval):
        return lambda values: bool(np.isnan(values.min())) or not _inside(values, domain).all()
    if domain == sp.Reals:
        return lambda values: bool(np.isnan(values.min()))
    low, high, above, below = _ends(domain)
    return lambda values: not (above(values.min(), low) and below(values.max(), high))


def in_domain(name: str, values: Array, domain: sp.Set, other: Array | None = None) -> None:
    """Check that every value lies in a SymPy set: an interval or a finite set.

    The ends of the real line count as limits and are let through. ``other`` may have been
    meant for these values.

    Raises
    ------
    ValueError
        If one lies outside; it is shown with the set.
    """
    inside = _inside(values, domain)
    if not inside.all():
        first = np.asarray(values)[~inside].flat[0]
        hint = hints.of_domain(name, np.asarray(values), domain)
        if not hint and other is not None and _inside(other, domain).all() and (other == np.floor(other)).all():
            hint = hints.SWAPPED
        raise ValueError(f"{name}: expected {_words(domain)}; got {first}{_meant(hint)}")


def _inside(values: Array, domain: sp.Set) -> Array:
    if isinstance(domain, sp.FiniteSet):
        return np.isin(values, [float(member) for member in domain])
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
            + _meant(hints.of_shapes(prediction.shape, target.shape))
        )


def parameters(
    loss: str, known: Mapping[str, Parameter], given: Mapping[str, ArrayLike], shape: tuple[int, ...] = ()
) -> dict[str, Array]:
    """Every parameter of a loss, given or by default, checked against its domain.

    One number each, or an array of this shape, or one number for each place of its last axis.

    Raises
    ------
    TypeError
        If a name is unknown, or a parameter without a default is missing.
    ValueError
        If a value lies outside its domain, or has another shape.
    """
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise TypeError(
            f"{loss}: expected the parameters {', '.join(known) or 'none'}; got {', '.join(unknown)}"
            + _meant(hints.of_unknown(unknown, known))
        )
    settings = {}
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if value is None:
            raise TypeError(f"{name}: expected a value; got none")
        settings[name] = _in_shape(name, numbers(name, value), shape)
        in_domain(name, settings[name], parameter.domain)
    return settings


def _in_shape(name: str, value: Array, shape: tuple[int, ...]) -> Array:
    if not value.ndim or value.shape == shape:
        return value
    if value.shape == shape[-1:]:
        return np.broadcast_to(value, shape)
    wanted = " or ".join(dict.fromkeys(f"shape {axes}" for axes in (shape, shape[-1:]) if axes))
    raise ValueError(
        f"{name}: expected a single number{' or ' if wanted else ''}{wanted}; got shape {value.shape}"
        + _meant(hints.of_parameter_shape(value.shape, shape))
    )


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
        hint = hints.of_labels(given, shape)
        raise TypeError(f"{name}: expected integer labels; got dtype {given.dtype}{_meant(hint)}")
    if given.shape != shape[:-1]:
        raise ValueError(
            f"{name}: expected labels of shape {shape[:-1]} for logits {shape}; got {given.shape}"
            + _meant(hints.of_labels(given, shape))
        )
    if given.min() < 0 or given.max() >= shape[-1]:
        worst = given.min() if given.min() < 0 else given.max()
        hint = hints.of_label_range(given, shape[-1])
        raise ValueError(f"{name}: expected integers in 0..{shape[-1] - 1}; got {worst}{_meant(hint)}")
    return given


def simplex_rows(name: str, given: Array, shape: tuple[int, ...]) -> Array:
    """Rows of probabilities in double precision, of this shape.

    They may miss 1 by what the precision allows in which they were made, whatever the dtype
    in which they come: numbers that float32, float16 or bfloat16 holds are taken to be of it.

    Raises
    ------
    ValueError
        If the shape differs, an entry is negative, or a row does not sum to 1.
    """
    if given.dtype.kind in "iub" and given.shape == shape[:-1]:
        raise TypeError(
            f"{name}: expected rows of probabilities of shape {shape}; got labels of dtype {given.dtype}. "
            f"As rows: np.eye({shape[-1]})[target]; of logits, losses.cross_entropy takes labels"
        )
    if given.dtype.kind in "bUS":
        hint = hints.of_labels(given, shape)
        raise TypeError(f"{name}: expected integer labels or rows; got dtype {given.dtype}{_meant(hint)}")
    rows = numbers(name, given).astype(np.float64, copy=False)
    if rows.shape != shape:
        raise ValueError(
            f"{name}: expected integer labels of shape {shape[:-1]} or rows of shape {shape}; "
            f"got dtype {given.dtype}, shape {rows.shape}{_meant(hints.of_labels(given, shape))}"
        )
    if rows.min() < 0:
        raise ValueError(
            f"{name}: expected rows on the simplex; got a negative entry, {rows.min()}{_meant(hints.of_rows(rows))}"
        )
    sums = rows.sum(axis=-1)
    off = np.abs(sums - 1)
    if off.max() > 4 * np.finfo(np.float64).eps * rows.shape[-1] and off.max() > _allowed(rows):
        worst = sums.flat[off.argmax()]
        raise ValueError(f"{name}: expected rows that sum to 1; got a sum of {worst}{_meant(hints.of_rows(rows))}")
    return rows


def _allowed(rows: Array) -> float:
    """How far sums may be from 1: each entry is rounded to the fewest bits that hold them all."""
    mantissas = np.frexp(rows[np.isfinite(rows)])[0]
    for bits in (8, 11, 24):
        if (np.ldexp(mantissas, bits) % 1 == 0).all():
            # Roundings mostly cancel; no precision excuses a row that a person would see is wrong.
            return min(4 * 2.0 ** (1 - bits) * (1 + math.sqrt(rows.shape[-1])), 0.01)
    return 4 * np.finfo(np.float64).eps * rows.shape[-1]
