"""A slope measured from values alone, by central differences: the same as ``measure.js``, for the first picture."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

#: The steps at which a slope is tried: 57 from 0.1 to 1e-15, four to a decade.
STEPS = 10.0 ** (-np.arange(4, 61) / 4)
_HALF_UNIT = 2.0**-53
#: Of two neighbouring steps the squares differ by this part of the larger.
_SHRINKS = 1 - 10**-0.5
#: So many times what rounding and the step explain is more than they explain.
_FAR = 8


def central(line: Callable[[float], float], x: float, h: float) -> float:
    """(f(x + h) − f(x − h)) / 2h.

    >>> round(central(math.exp, 0.0, 0.1), 6)
    1.001668
    """
    return (line(x + h) - line(x - h)) / (2 * h)


def agreeing(gap: float) -> float:
    """How many digits agree: whole ones only; infinitely many where the last bit does.

    >>> agreeing(0.002), agreeing(3.0), agreeing(0.0)
    (2, 0, inf)
    """
    return math.inf if gap == 0 else max(0, math.floor(-math.log10(gap)))


@dataclass(frozen=True)
class Measured:
    """A derived slope at x beside the one by differences of ``line``."""

    line: Callable[[float], float]
    x: float
    derived: float

    def apart(self, h: float) -> float:
        """How far the two are apart: as a part of the larger, or as such where both are 0 but for rounding."""
        return float(self._apart(np.array([central(self.line, self.x, h)]))[0])

    @cached_property
    def curves(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """At each step: how far the two are apart, what the width of the step may do, what rounding may do."""
        scale = 1.0 if self._near_zero else max(abs(self.derived), abs(self._slopes[self._best]))
        return self._apart(self._slopes), self._widths / scale, self._roundings / scale

    @property
    def near_zero(self) -> bool:
        """Whether both slopes are 0 but for what the step and rounding do."""
        return self._near_zero

    def _apart(self, slopes: np.ndarray) -> np.ndarray:
        larger = np.ones_like(slopes) if self._near_zero else np.maximum(np.abs(slopes), abs(self.derived))
        with np.errstate(all="ignore"):
            return np.where(slopes == self.derived, 0.0, np.abs(slopes - self.derived) / larger)

    @cached_property
    def _slopes(self) -> np.ndarray:
        return np.array([central(self.line, self.x, h) for h in STEPS])

    @cached_property
    def _roundings(self) -> np.ndarray:
        return _HALF_UNIT * (abs(self.line(self.x)) + abs(self.x * self.derived)) / STEPS

    @cached_property
    def _changes(self) -> np.ndarray:
        return np.append(np.abs(np.diff(self._slopes)), 0)

    @cached_property
    def _widths(self) -> np.ndarray:
        """It shrinks with the square of the step, so it is told from how the slope changes from step to step."""
        after = np.append(self._roundings[1:], np.inf)
        seen = np.where(self._changes > _FAR * after, self._changes / _SHRINKS, 0)
        bends = (seen / STEPS**2)[seen > 0]
        bend = np.min(bends) if bends.size else 0.0
        return np.where(np.isfinite(self._slopes), np.maximum(bend * STEPS**2, seen), np.nan)

    @cached_property
    def _best(self) -> int:
        return int(np.nanargmin(self._widths + self._roundings))

    @cached_property
    def _near_zero(self) -> bool:
        # A change that is not clear of rounding is no width, and may be one.
        allowed = _FAR * (self._widths + self._roundings)[self._best] + self._changes[self._best] / _SHRINKS
        return bool(max(abs(self.derived), abs(self._slopes[self._best])) <= allowed)
