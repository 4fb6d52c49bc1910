"""The places at which a curve is drawn, and the gaps where it jumps."""

from collections.abc import Callable

import numpy as np

Curve = Callable[[np.ndarray], np.ndarray]

#: The part of the frame's height that a curve may climb between two places before it is asked whether it jumps.
STEEP = 0.05
#: Halvings of the way between two places; then a jump is what has not become smaller.
HALVINGS = 40
#: The part of a step that is still there after them if it is a jump.
KEPT = 0.125


def with_gaps(curve: Curve, x: np.ndarray, height: float | None) -> tuple[np.ndarray, np.ndarray]:
    """The curve at x, and NaN between two places where it jumps: no line may join what is apart.

    ``height`` is that of the frame; what the curve needs where there is none.

    Examples
    --------
    >>> x, y = with_gaps(np.sign, np.array([-1.0, 1.0]), height=2.0)
    >>> y
    array([-1., nan,  1.])
    """
    y = curve(x)
    seen = y[np.isfinite(y)]
    if not seen.size:  # nothing is seen of it before the reader has guessed
        return x, y
    height = float(np.ptp(seen)) if height is None else height
    with np.errstate(invalid="ignore"):
        steep = np.flatnonzero(np.abs(np.diff(y)) > STEEP * height)
    jumps = [i + 1 for i in steep if _jumps(curve, x[i], x[i + 1])]
    return np.insert(x, jumps, np.nan), np.insert(y, jumps, np.nan)


def _jumps(curve: Curve, left: float, right: float) -> bool:
    ends = np.array([left, right])
    first = np.ptp(curve(ends))
    for _ in range(HALVINGS):
        middle = ends.mean()
        three = curve(np.array([ends[0], middle, ends[1]]))
        if not np.isfinite(three[1]):
            return True
        climbs = np.abs(np.diff(three))
        ends = np.array([ends[0], middle] if climbs[0] >= climbs[1] else [middle, ends[1]])
        if climbs.max() <= KEPT * first:
            return False
    return True
