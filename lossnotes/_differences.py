"""The slope of a function that can only be called, by differences, and how far it is to be trusted.

Central differences at h, h/2, h/4, h/8, extrapolated to h = 0 (Richardson 1911). No one step
suits all functions: a logit of 30 has the scale of 1, a variance of 1e-12 its own, and beside
a corner only a stencil that ends before it is right. So steps are tried from 1e-2 on, wider and
narrower, and each estimate carries what it may be off by.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

#: Steps, in parts of max(1, |x|), in the order in which they are tried.
STEPS = (1e-2, 1e-3, 1e-1, 0.3, 1.0, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
#: Where a value is defined only nearby, or x is large: parts of min(1, |x|).
_NEAR = (1e-1, 1e-2, 1e-3)
#: How near and how far a value is followed that does not seem to move.
_CLOSE = (1e-14, 1e-12, 1e-10)
_FAR = (10.0, 1e2, 1e3, 1e6, 1e12, 1e100)
_HALVINGS, _DOUBLINGS = 64, 200
#: Units of rounding beyond which a change is one, and the power of the distance that it may have.
_CLEAR, _HIGHEST_POWER = 2**20, 5
_LEVELS = 4
#: Units of rounding by which a value may be off.
_ROUNDING = 4
#: What they come to in the extrapolated slope, and in the extrapolated jump of the slope, times 1/h.
_SLOPE_WEIGHT, _JUMP_WEIGHT = 14, 90
_SMALLEST = math.ulp(0.0)

#: The part of a component to which differences must see it; else nothing is said of it. A
#: hundredth in float32, whose values differ in seven digits at most.
LEAST = 1e-4
_SINGLE = float(np.finfo(np.float32).eps) / 100

#: Another step beside a power of two; in single precision with so few bits that x + h is seldom rounded.
_APART, _APART_SINGLE = 0.9133, 117 / 2**7

Line = Callable[[float], float]


@dataclass(frozen=True)
class Estimate:
    """A slope by differences.

    Attributes
    ----------
    slope, error
        The slope, and what rounding and the step may have done to it.
    jump
        By how much the slope to the right differs from the slope to the left, extrapolated to
        h = 0; 0 where they do not differ by more than the rounding and the step explain.
    still
        Whether every value is the same.
    step
        The widest distance.
    """

    slope: float
    error: float
    jump: float
    still: bool
    step: float


def estimates(line: Line, x: float, here: float, unit: float) -> Iterator[Estimate]:
    """The estimates of the slope at x, where the line is worth ``here``, each worked out when it is asked for.

    ``unit`` is the unit of rounding of the line's values, and of what it makes of its argument.
    """
    wide = [part * max(1.0, abs(x)) for part in STEPS if part > 512 * unit]
    near = [part * min(1.0, abs(x)) for part in _NEAR]
    for step in (*wide, *(step for step in near if step > 512 * unit * abs(x))):
        # With a power of two, x + h has no rounding of its own.
        estimate = _estimate(line, x, here, _power_of_two(step), unit)
        if estimate:
            yield estimate


def scatter(line: Line, x: float, here: float, unit: float, estimate: Estimate) -> float:
    """How far estimates at almost the same steps lie from this one: what rounding inside of the value does.

    A value that is small by cancellation is rougher than its own rounding.
    """
    beside = (_estimate(line, x, here, part * estimate.step, unit) for part in (0.91, 0.96, 1.04, 1.09))
    return max((abs(one.slope - estimate.slope) for one in beside if one), default=0.0)


def _beside(line: Line, x: float, here: float, unit: float, estimate: Estimate) -> Estimate | None:
    """A second opinion: powers of two are multiples of many a grid and period."""
    return _estimate(line, x, here, (_APART if unit < _SINGLE else _APART_SINGLE) * estimate.step, unit)


#: Units of rounding that a value may be off by where it is looked at closely, and the part of a
#: slope by which a closer look may differ.
_ROUGH, _DIFFERS = 64, 0.1


def _require_smooth(line: Line, x: float, here: float, unit: float, found: Estimate, claimed: float) -> None:
    """Look at the slope as closely as the rounding allows: what is narrower than the steps may have another one.

    Raises
    ------
    UnseenError
        If it has.
    """
    size = max(abs(claimed), abs(found.slope))
    noise = _ROUGH * unit * max(abs(here), size * max(1.0, abs(x)))
    for part in (4, 32):
        h = _power_of_two(2 * part * noise / size) if size else np.inf
        if not h < found.step / 8:
            return
        right, left = line(x + h), line(x - h)
        off = abs((right - left) / (2 * h) - found.slope)
        if not off <= size * (1 / part + _DIFFERS):
            raise UnseenError(corner=False, error=off, scale=h)


class UnseenError(Exception):
    """A component that differences do not see."""

    def __init__(self, corner: bool, error: float = np.inf, scale: float = 0.0) -> None:
        self.corner, self.error, self.scale = corner, error, scale

    def told(self, place: str, claimed: float, here: float, kind: str) -> str:
        if self.scale:
            return (
                f"gradient: expected a value whose slope differences can see; not judged: {place}, the value is rough "
                f"at the scale of {self.scale:.1g}, where its slope is another by {self.error:.2g}. Where the value "
                "rounds, jumps or cancels, mend that, or check it with verify.complex_step or verify.digits"
            )
        if self.error == np.inf and not self.corner:
            return (
                f"value: expected finite values on both sides of {place}; got none at any step, or an error that "
                "a point beside it is outside the domain. Give value a function of coordinates that can be moved "
                "one by one"
            )
        if self.corner:
            return (
                f"points: expected places without a corner; the value has one at or beside {place}, where its "
                "slopes to the left and to the right differ. Move the point away from it, or check the slope "
                "on one side with verify.equal"
            )
        cause = (
            f"the values came as {kind}: pass float64"
            if kind != "float64"
            else "where the value jumps, or is rougher than 64-bit rounding, mend that"
        )
        return (
            f"gradient: expected a component that differences of the value can see; got {float(claimed)!r} beside a "
            f"value of {here:.6g}, whose differences are uncertain by {self.error:.2g}, in {place}. Check it with "
            f"verify.complex_step or verify.digits, or say by how much it may be off with atol; {cause}"
        )


def judged(
    line: Line, x: float, here: float, claimed: float, unit: float, rtol: float, atol: float
) -> tuple[float, float]:
    """The slope of a line, and how far from it a right claim may be.

    Raises
    ------
    UnseenError
        Where differences do not see a slope of that size, or see a corner.
    """
    found: list[Estimate] = []
    bent: list[Estimate] = []
    flat: bool | None = None
    for one in estimates(line, x, here, unit):
        if one.still:
            # A value that rounding or underflow holds still says nothing, whatever is claimed.
            flat = is_flat(line, x, here, unit) if flat is None else flat
            if flat and claimed == 0:
                return 0.0, 0.0
            one = one if flat else replace(one, error=max(one.error, abs(claimed), _SMALLEST))
        size = max(abs(claimed), abs(one.slope))
        if not one.jump and one.error <= rtol * size / 4 and abs(claimed - one.slope) <= rtol * size:
            other = _beside(line, x, here, unit, one)
            if other and abs(other.slope - one.slope) <= rtol * size:
                _require_smooth(line, x, here, unit, one, claimed)
                return one.slope, rtol * size
        (bent if one.jump else found).append(one)
    corner = is_corner(bent)
    if claimed == 0 and (is_flat(line, x, here, unit) or (not corner and is_even(line, x, here, unit))):
        return 0.0, 0.0
    # What looks bent at one step and not at another is the roughness of the values.
    found += [] if corner else bent
    if not found:
        raise UnseenError(corner)
    best = min(found, key=lambda one: one.error)
    # Not denied by what could not have seen it: a jump is known six times less well than a slope.
    if corner and best.error < abs(bent[-1].jump) < 16 * best.error:
        raise UnseenError(corner)
    size = max(abs(claimed), abs(best.slope))
    enough = max(LEAST * max(1.0, unit / _SINGLE), rtol) * size
    # Estimates that should see the slope and contradict each other: the values are rougher than their rounding.
    apart = max(abs(one.slope - best.slope) - one.error for one in found if one.error <= max(enough, best.error))
    other = _beside(line, x, here, unit, best)
    error = best.error + max(apart, abs(other.slope - best.slope) - best.error if other else 0.0, 0.0)
    if not error <= max(enough, atol):
        raise UnseenError(corner, error)
    allowed = max(rtol * size, atol) + error
    if abs(claimed - best.slope) > allowed:
        error += 4 * scatter(line, x, here, unit, best)
        allowed = max(rtol * size, atol) + error
        if abs(claimed - best.slope) <= allowed and error > max(enough, atol):
            raise UnseenError(corner, error)
    if abs(claimed - best.slope) <= allowed:
        _require_smooth(line, x, here, unit, best, claimed)
    return best.slope, allowed


def is_corner(bent: Sequence[Estimate]) -> bool:
    """Whether estimates whose slopes jump agree on the jump, which roughness would not."""
    last = [one.jump for one in bent[-2:]]
    return len(last) == 2 and abs(last[0] - last[1]) <= 0.25 * max(map(abs, last))


def is_even(line: Line, x: float, here: float, unit: float) -> bool:
    """Whether the line has equal values at equal distances from x, wherever it has any, and no cusp at x.

    One that moves by less than a thousandth of its value shows too little of itself. At a cusp,
    as of √|x|, the slopes to points beside x do not fall as these come near.
    """
    steps = np.array(_far_steps(x))
    with np.errstate(all="ignore"):
        right, left = (np.array([line(x + side * h) for h in steps]) for side in (1, -1))
        moved = np.abs(right - here)
        seen = moved > _CLEAR * unit * abs(here)
        slopes = (moved / steps)[seen][:3]
    falls = bool(np.all(2 * slopes[:-1] <= slopes[1:]))
    return (
        bool(np.array_equal(right, left, equal_nan=True)) and np.nanmax(moved, initial=0.0) > abs(here) / 1000 and falls
    )


def is_flat(line: Line, x: float, here: float, unit: float) -> bool:
    """Whether the line stands still around x, and not only because rounding hides that it moves.

    Where a unit is off or an example has its margin, a value stands still up to some place, moves
    from there like a power of the distance, and has moved far beyond its rounding at twice that
    distance. A power of the distance from x itself has not. The tail of an exponential moves
    everywhere: where it comes out of the rounding it grows by many powers.
    """
    steps = _far_steps(x)
    with np.errstate(all="ignore"):
        return all(_begins_from_nothing(line, x, here, unit, [side * h for h in steps]) for side in (1, -1))


def _far_steps(x: float) -> list[float]:
    """Steps from the narrowest to far beyond, in order; one leads to 0."""
    steps = {_power_of_two(part * max(1.0, abs(x))) for part in (*_CLOSE, *STEPS, *_FAR)}
    return sorted(steps | {abs(x)} - {0.0})


def _begins_from_nothing(line: Line, x: float, here: float, unit: float, steps: Sequence[float]) -> bool:
    def moved(h: float) -> float:
        change = abs(line(x + h) - here)
        return change if math.isfinite(change) else 0.0

    first = next((n for n, h in enumerate(steps) if moved(h)), None)
    if not first:
        return first is None
    still, moving = steps[first - 1], steps[first]
    for _ in range(_HALVINGS):
        middle = (still + moving) / 2
        still, moving = (still, middle) if moved(middle) else (middle, moving)
    # Beside what it grows to, a value of 0 may be rounding.
    clear = _CLEAR * unit * max(abs(here), 0.0 if here else moved(2 * still))
    if not moved(2 * still) > clear:
        return False  # rounding may hide a movement that begins at x
    way = math.copysign(max(map(math.ulp, (x, still))), moving)
    now = moved(still + way)
    if now > clear:
        return False  # a jump, of which there may be many
    for _ in range(_DOUBLINGS):
        way *= 2
        before, now = now, moved(still + way)
        if now > clear:
            return now < 2**_HIGHEST_POWER * before
    return False


def _estimate(line: Line, x: float, here: float, step: float, unit: float) -> Estimate | None:
    h = np.array([step / 2**level for level in range(_LEVELS)])
    with np.errstate(over="ignore"):
        right, left = x + h, x - h
    values = np.array([[line(float(t)) for t in side] for side in (right, left)])
    if not np.all(np.isfinite(values)) or np.any(right == left):
        return None
    with np.errstate(all="ignore"):
        slopes = (values[0] - values[1]) / (right - left)
        # (f(x+h) − f(x))/h − (f(x) − f(x−h))/h: h f″ of a smooth function, and a corner's jump.
        jumps = ((values[0] - here) + (values[1] - here)) / h
        slope, rough = _extrapolated(slopes, first_power=2)
        jump, uncertain = _extrapolated(jumps, first_power=1)
        rounding = (_ROUNDING * unit * max(float(np.max(np.abs(values))), abs(here)) + _SMALLEST) / h[0]
        bent = abs(jump) > 4 * (uncertain + _JUMP_WEIGHT * rounding)
    if not math.isfinite(slope) or not math.isfinite(rough):
        return None
    still = step >= STEPS[-1] / 2 and bool(np.all(values == here))
    return Estimate(slope, rough + _SLOPE_WEIGHT * rounding, jump if bent else 0.0, still, step)


def _extrapolated(rows: NDArray[np.float64], first_power: int) -> tuple[float, float]:
    """The limit of numbers whose error has the powers of h from the first on, in twos; and how settled it is.

    Compared with what the same numbers give without the narrowest step. Where a second derivative
    jumps, errors have other powers, and what the last two columns differ by is 64 times too small.
    """
    wider = rows
    for power in range(first_power, first_power + 2 * (len(rows) - 1), 2):
        wider = rows
        rows = (2**power * rows[1:] - rows[:-1]) / (2**power - 1)
    return float(rows[0]), 2 * float(np.max(np.abs(rows[0] - wider)))


def _power_of_two(step: float) -> float:
    return math.ldexp(1.0, math.frexp(step)[1] - 1)
