"""Matplotlib plots a panel; what moves in it carries a name that the script finds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullLocator

from lossnotes import style
from lossnotes.figures import letters, marks
from lossnotes.figures.declaration import FigureDeclaration
from lossnotes.figures.frames import Frame
from lossnotes.figures.panel import Arrows, Panel
from lossnotes.figures.sample import with_gaps
from lossnotes.palette import COLOURS, INK

#: How long the barbs of an arrow are, in the SVG's units; half of a short arrow.
HEAD = 6.0
#: Half of the largest marker: so far a point on the edge of the frame reaches out of it.
MARKER = 6.0
#: A barb is the way back, turned by this angle to either side.
TURN = np.pi * 25 / 180
_TURNS = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in (TURN, -TURN)]


@dataclass(frozen=True)
class PlottedPanel:
    """A panel as SVG, with the box that its axes fill, in the SVG's units."""

    svg: str
    figure: Figure
    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    log: str

    @property
    def across(self) -> Callable[[Any], np.ndarray]:
        """Horizontal data to the SVG's units."""
        along = _along(self.x, "x" in self.log)
        return lambda x: self.left + self.width * along(x)

    @property
    def down(self) -> Callable[[Any], np.ndarray]:
        """Vertical data to the SVG's units, which run downwards."""
        along = _along(self.y, "y" in self.log)
        return lambda y: self.top + self.height * (1 - along(y))


def _along(ends: tuple[float, float], log: bool) -> Callable[[Any], np.ndarray]:
    def part(values: Any) -> np.ndarray:
        with np.errstate(all="ignore"):  # what has no logarithm has no place
            low, high, here = (np.log10(v) if log else np.asarray(v) for v in (*ends, values))
        return (here - low) / (high - low)

    return part


def plot_panel(declaration: FigureDeclaration, number: int, frame: Frame | None = None) -> PlottedPanel:
    """Plot panel ``number`` with the controls where they stand at first."""
    panel = declaration.panels[number]
    figure, axes = style.new_figure(*panel.size)
    axes.tick_params(labelsize=letters.size(panel.size[0]))
    if panel.points:
        figure.set_layout_engine("constrained", w_pad=MARKER / 72, h_pad=MARKER / 72)
    _scale(axes, panel)
    _bands(axes, panel, declaration)
    _still(axes, panel)
    _curves(axes, panel, declaration, frame)
    shafts = _arrows(axes, panel)
    markers = _points(axes, panel, declaration)
    _frame(axes, panel, len(frame.curves) if frame else len(panel.curves))
    figure.canvas.draw()  # settles the layout, so that the box is final
    for kind, (shaft, arrows) in enumerate(zip(shafts, panel.arrows.values(), strict=True)):
        shaft.set_data(*_outlines(axes, arrows, declaration))
        marks.number_dots(axes, kind, _dots(axes, arrows, declaration))
    absent = _set_absent_aside(axes, markers)
    box = axes.get_window_extent()
    svg = style.to_svg(figure, identifier=f"{declaration.identifier}-{number}")
    for n in absent:
        svg = re.sub(rf'(data-gid="point-{n}".*?<use )', r'\1visibility="hidden" ', svg, count=1, flags=re.DOTALL)
        markers[n].set_visible(False)
    return PlottedPanel(
        svg,
        figure,
        left=box.x0,
        top=figure.bbox.height - box.y1,
        width=box.width,
        height=box.height,
        x=axes.get_xlim(),
        y=axes.get_ylim(),
        log=panel.log,
    )


def _scale(axes: Axes, panel: Panel) -> None:
    if "x" in panel.log:
        axes.set_xscale("log")
        _mark_decades(axes.xaxis)
    if "y" in panel.log:
        axes.set_yscale("log", nonpositive="mask")
        _mark_decades(axes.yaxis)
    if panel.corners:
        _triangle(axes, panel.corners)


def _mark_decades(axis: Axis) -> None:
    axis.set_major_formatter(FuncFormatter(lambda value, _: _power_of_ten(value)))
    axis.set_minor_locator(NullLocator())


def _power_of_ten(value: float) -> str:
    """A power of ten in plain characters: Matplotlib would place each digit by itself.

    >>> _power_of_ten(0.001), _power_of_ten(10), _power_of_ten(1e12)
    ('0.001', '10', '10¹²')
    """
    power = round(np.log10(value))
    if -3 <= power <= 3:
        return f"{value:g}"
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _triangle(axes: Axes, corners: tuple[str, str, str]) -> None:
    top = np.sqrt(3) / 2
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.plot([0, 1, 0.5, 0], [0, 0, top, 0], color=INK, linewidth=1)
    left, right, up = corners
    axes.text(0, -0.03, left, ha="center", va="top")
    axes.text(1, -0.03, right, ha="center", va="top")
    axes.text(0.5, top + 0.03, up, ha="center", va="bottom")


def _bands(axes: Axes, panel: Panel, declaration: FigureDeclaration) -> None:
    for number, (name, edges) in enumerate(panel.bands.items()):
        places = panel.places
        for edge in edges:  # both sides of each jump: there the area is upright
            places, _ = _sampled(declaration, edge, panel, places)
        lower, upper = (declaration.curve(edge, panel)(places) for edge in edges)
        axes.fill(
            [*places, *places[::-1]],
            [*upper, *lower[::-1]],
            color=COLOURS[number],
            alpha=0.18,
            linewidth=0,
            label=name,
            gid=f"ln:band-{number}",
        )


def _still(axes: Axes, panel: Panel) -> None:
    if panel.data is not None:
        horizontal, vertical = panel.data
        axes.plot(horizontal, vertical, "o", color=INK, markersize=3.5, alpha=0.75, label="data")


def _curves(axes: Axes, panel: Panel, declaration: FigureDeclaration, frame: Frame | None) -> None:
    rows = (
        frame.curves if frame else {n: _sampled(declaration, c, panel, panel.places) for n, c in panel.curves.items()}
    )
    for number, (name, (x, y)) in enumerate(rows.items()):
        axes.plot(x, y, label=name, gid=f"ln:curve-{number}", **style.line_look(number))


def _sampled(
    declaration: FigureDeclaration, expr: Any, panel: Panel, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    height = panel.y[1] - panel.y[0] if panel.y else None
    return with_gaps(declaration.curve(expr, panel), places, height)


def _arrows(axes: Axes, panel: Panel) -> list[Line2D]:
    """A line for each kind of arrow, to be filled when the axes are settled."""
    shafts = []
    for number, name in enumerate(panel.arrows):
        gid = f"ln:arrows-{number}"
        shafts += axes.plot([], [], color=COLOURS[number], linewidth=1.6, label=name, gid=gid)
    return shafts


def _ends(
    axes: Axes, arrows: Arrows, declaration: FigureDeclaration
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Of each arrow that is seen its row, and where it begins and ends on the picture."""
    function = declaration.numpy(sp.Tuple(*arrows.start, *arrows.step), arrows.at)
    for row in np.asarray(arrows.places):
        with np.errstate(all="ignore"):  # an arrow may begin at infinity, where none is seen
            x, y, dx, dy = (float(part) for part in function(*row, *declaration.values))
        if np.all(np.isfinite((x, y, dx, dy))):
            yield row, *axes.transData.transform([(x, y), (x + dx, y + dy)])


def _outlines(axes: Axes, arrows: Arrows, declaration: FigureDeclaration) -> np.ndarray:
    """The arrows as one line with gaps; their heads have one shape on the picture, whatever the axes."""
    corners: list[Any] = []
    for _row, start, tip in _ends(axes, arrows, declaration):
        if marks.is_short(start, tip):
            corners += [*marks.dot(start), (np.nan, np.nan)]
            continue
        barbs = [tip + HEAD * (turn @ (start - tip)) / max(np.hypot(*(start - tip)), 2 * HEAD) for turn in _TURNS]
        corners += [start, tip, (np.nan, np.nan), barbs[0], tip, barbs[1], (np.nan, np.nan)]
    return axes.transData.inverted().transform(corners or [(np.nan, np.nan)]).T


def _dots(axes: Axes, arrows: Arrows, declaration: FigureDeclaration) -> list[tuple[np.ndarray, float]]:
    """The arrows that are too short to be seen, with what they stand for."""
    if arrows.number is None:
        return []
    number = declaration.numpy(arrows.number, arrows.at)
    short = [(row, start) for row, start, tip in _ends(axes, arrows, declaration) if marks.is_short(start, tip)]
    with np.errstate(all="ignore"):
        return [(start, float(number(*row, *declaration.values))) for row, start in short]


def _points(axes: Axes, panel: Panel, declaration: FigureDeclaration) -> list[Line2D]:
    """A line of one marker for each point, or of one for each member of a list."""
    markers = []
    looks: list[dict[str, Any]] = [
        {"color": COLOURS[1]},
        {"markerfacecolor": "none", "markeredgecolor": INK, "markersize": 11},
    ]
    for number, (name, point) in enumerate(panel.points.items()):
        look = looks[number % len(looks)]
        across, up = declaration.places_of(point).T
        # On the edge of the frame half of a marker would be cut off; those outside are set aside.
        own: dict[str, Any] = {"clip_on": False, "in_layout": False, "zorder": 3, "gid": f"ln:point-{number}"}
        markers += axes.plot(across, up, "o", label=name, **own, **look)
    return markers


def _set_absent_aside(axes: Axes, markers: list[Line2D]) -> list[int]:
    """Which points have no place in the frame at first; of those of a list, which have none for any member.

    Matplotlib leaves out those without a place, and the script would find nothing to move. So
    they stand in the middle, to be hidden.
    """
    absent = []
    for number, marker in enumerate(markers):
        values = np.asarray(marker.get_xydata(), dtype=float)
        names = [f"{number}"] if len(values) == 1 else [f"{number}-{k}" for k in range(len(values))]
        places = axes.transData.transform(values)
        out = [marks.mark_edge(axes, *pair, marker) for pair in zip(names, values, strict=True)]
        seen = ~np.array(out) & np.all(np.isfinite(places), axis=1)
        seen &= [bool(axes.figure.bbox.contains(*place)) for place in places]
        marker.set_data(*values[seen].T)
        if not np.any(seen):
            marker.set(transform=axes.transAxes, data=([0.5], [0.5]))
            absent.append(number)
    return absent


def _frame(axes: Axes, panel: Panel, curves: int) -> None:
    if panel.ticks is not None:
        axes.set_xticks(list(panel.ticks), list(panel.ticks.values()))
    axes.set_xlim(panel.x[1], panel.x[2])
    # Moving parts must not move the axes.
    axes.set_ylim(*(panel.y or axes.get_ylim()))
    letter = letters.size(panel.size[0])
    letters.name_axes(axes, letter, title=panel.title, across=panel.x_label, up=panel.y_label)
    named = curves + len(panel.bands) + len(panel.points) + len(panel.arrows) + (panel.data is not None)
    if panel.legend and named > 1:
        # Above the axes where no title stands there: nothing that moves can run under it.
        many = curves > len(COLOURS)
        columns = len(COLOURS) if many else named
        look = {"fontsize": 0.92 * letter, "handlelength": 2.6 if many else 1.2, "labelspacing": 0.25}
        inside = bool(panel.title) or isinstance(panel.legend, str)
        above: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1)}
        place: dict[str, Any] = {"loc": "best" if panel.legend is True else panel.legend} if inside else above
        letters.name_parts(axes, 1 if inside else columns, columnspacing=1, borderpad=0, **look, **place)
