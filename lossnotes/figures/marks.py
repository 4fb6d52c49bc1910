"""What a picture says of parts that are not seen, as ``js/marks.js`` does when they move."""

import re
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from lossnotes.figures import letters
from lossnotes.palette import COLOURS
from lossnotes.printing import shown

#: Significant digits of a number in the picture.
DIGITS = 3
#: An arrow shorter than this, in the picture's units, is a dot, and how wide that is.
SHORT, DOT = 3.0, 1.2
#: The part of the frame's width right of which there is no room for a number.
ROOM = 0.75
_EIGHTHS = np.arange(9) * np.pi / 4
_TRIANGLE = np.array([[0, 0], [-9, -5], [-9, 5]])
_UNITS = 72  # to the inch


def is_short(start: np.ndarray, tip: np.ndarray) -> bool:
    """Whether an arrow between two places of the picture is too short to be seen as one."""
    return bool(np.hypot(*(tip - start)) < SHORT)


def dot(place: np.ndarray) -> list[np.ndarray]:
    """The corners of a dot."""
    return [place + DOT * np.array([np.cos(turn), np.sin(turn)]) for turn in _EIGHTHS]


def write(axes: Axes, gid: str, text: str, place: Any, side: str, **more: Any) -> None:
    """Text at a place of the picture, which moves nothing else."""
    x, y = np.divide(place, _UNITS)
    look: dict[str, Any] = {"fontsize": letters.size(axes.figure.bbox.width / _UNITS), "ha": side, "gid": gid} | more
    axes.text(x, y, text, transform=axes.figure.dpi_scale_trans, in_layout=False, **look)


def number_dots(axes: Axes, kind: int, dots: list[tuple[np.ndarray, float]]) -> None:
    """The numbers beside arrows that are dots, of the arrows' colour. Near the right edge, left of them."""
    box = axes.get_window_extent()
    for place, value in dots:
        is_left = place[0] > box.x0 + ROOM * box.width
        at, side = place + np.array([-5 if is_left else 5, 5]), "right" if is_left else "left"
        write(axes, f"ln:dots-{kind}", shown(value, DIGITS), at, side, color=COLOURS[kind])


def darken_numbers(svg: str) -> str:
    """The numbers beside arrows, dark enough for letters: of CSS's colours, which follow the page's theme."""
    return re.sub(
        r'(data-gid="dots-\d+"><text style="[^"]*fill:)(var\([^)]*\))',
        r"\1color-mix(in srgb, \2 70%, currentColor)",
        svg,
    )


def mark_edge(axes: Axes, name: str, value: np.ndarray, marker: Line2D) -> bool:
    """Whether a point has left the frame: if so, an arrow at the edge says which way, and its value stands there."""
    (place,) = axes.transData.transform([value])
    if np.any(np.isnan(place)):
        return False
    box = axes.get_window_extent()
    corner, size = np.array([box.x0, box.y0]), np.array([box.width, box.height])
    seen = np.clip(place, corner, corner + size)
    way = np.where(np.abs(place - seen) > 0.5, np.sign(place - seen), 0)
    if not np.any(way):
        return False
    turn = np.arctan2(way[1], way[0])
    corners = (seen + _TRIANGLE @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) / _UNITS
    look: dict[str, Any] = {
        "facecolor": marker.get_markerfacecolor(),
        "edgecolor": marker.get_markeredgecolor(),
        "clip_on": False,
    }
    gid = f"ln:edge-{name}"
    for polygon in axes.fill(*corners.T, transform=axes.figure.dpi_scale_trans, gid=gid, **look):
        polygon.set_in_layout(False)
    parts = [shown(float(part), DIGITS) for part in value]
    text = f"({parts[0]}, {parts[1]})" if np.all(way) else parts[0 if way[0] else 1]
    right, high = seen > corner + size / 2
    write(axes, gid, text, seen + np.array([-12 if right else 12, -12 if high else 4]), "right" if right else "left")
    return True
