"""The places at which a curve is drawn, and the gaps where it jumps."""

from collections.abc import Callable

import numpy as np

Curve = Callable[[np.ndarray], np.ndarray]

#: The part of the frame's height that a curve may climb between two places before it is asked whether it jumps.
STEEP = 0.05
#: Halvings of the way between two places; then a jump is what has not become smaller. With twice as many
#: the place of a lowest point, which jumps where two are equally low, would glide there by rounding.
HALVINGS = 30
#: The part of a step that is still there after them if it is a jump.
KEPT = 0.125


def with_gaps(curve: Curve, x: np.ndarray, height: float | None) -> tuple[np.ndarray, np.ndarray]:
    """The curve at x and at both sides of each jump, with NaN between them: no line may join what is apart.

    ``height`` is that of the frame; what the curve needs where there is none. Of a pole, whose
    sides have no end, there is NaN alone.

    Examples
    --------
    >>> x, y = with_gaps(lambda x: np.where(x < 0.5, 0.0, 1.0), np.array([0.0, 1.0]), height=1.0)
    >>> x
    array([0. , 0.5, 0.5, 0.5, 1. ])
    >>> y
    array([ 0.,  0., nan,  1.,  1.])
    """
    y = curve(x)
    seen = y[np.isfinite(y)]
    if not seen.size:  # nothing is seen of it before the reader has guessed
        return x, y
    height = float(np.ptp(seen)) if height is None else height
    with np.errstate(invalid="ignore"):
        steep = np.flatnonzero(np.abs(np.diff(y)) > STEEP * height)
    found = [(i + 1, *place) for i in steep for place in _jump(curve, x[i], x[i + 1])]
    at, across, up = zip(*found, strict=True) if found else ((), (), ())
    return np.insert(x, at, across), np.insert(y, at, up)


def _jump(curve: Curve, left: float, right: float) -> list[tuple[float, float]]:
    """Both sides of a jump with a gap between them; of a pole the gap; nothing where there is neither."""
    ends = np.array([left, right])
    first = np.ptp(curve(ends))
    for _ in range(HALVINGS):
        middle = ends.mean()
        three = curve(np.array([ends[0], middle, ends[1]]))
        if not np.isfinite(three[1]):
            return [(ends[1], np.nan)]
        climbs = np.abs(np.diff(three))
        ends = np.array([ends[0], middle] if climbs[0] >= climbs[1] else [middle, ends[1]])
        if climbs.max() <= KEPT * first:
            return []
    low, high = curve(ends)
    is_pole = abs(high - low) > 2 * first
    sides = [(ends[0], low), (ends[1], np.nan), (ends[1], high)]
    # A side that is one of the two places is drawn already.
    return [(x, y) for x, y in sides if np.isnan(y) or not (is_pole or x in (left, right))]
