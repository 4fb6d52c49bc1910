"""Matplotlib draws a panel; what moves in it carries a name that the script finds."""

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lossnotes import style
from lossnotes.explorer.declare import Declaration, Panel
from lossnotes.printing import numpy_function


@dataclass(frozen=True)
class Drawing:
    """A panel as SVG, with the box that its axes fill, in the SVG's units."""

    svg: str
    figure: Figure
    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]


def draw(declaration: Declaration, number: int) -> Drawing:
    """Draw panel ``number`` with the sliders where they stand at first."""
    panel = declaration.panels[number]
    figure, axes = style.new_figure(*panel.size)
    _bands(axes, panel, declaration)
    _still(axes, panel)
    _curves(axes, panel, declaration)
    _points(axes, panel, declaration)
    _frame(axes, panel)
    figure.canvas.draw()  # settles the layout, so that the box is final
    box = axes.get_window_extent()
    svg = style.to_svg(figure, identifier=f"{declaration.identifier}-{number}", alt=_alt(declaration, panel))
    return Drawing(
        svg,
        figure,
        left=box.x0,
        top=figure.bbox.height - box.y1,
        width=box.width,
        height=box.height,
        x=axes.get_xlim(),
        y=axes.get_ylim(),
    )


def _alt(declaration: Declaration, panel: Panel) -> str:
    return declaration.alt if len(declaration.panels) == 1 else f"{panel.title}. {declaration.alt}"


def _bands(axes: Axes, panel: Panel, declaration: Declaration) -> None:
    for number, (name, edges) in enumerate(panel.bands.items()):
        lower, upper = (declaration.sample(edge, panel) for edge in edges)
        places = panel.places
        axes.fill(
            [*places, *places[::-1]],
            [*upper, *lower[::-1]],
            color=style.COLOURS[number],
            alpha=0.18,
            linewidth=0,
            label=name,
            gid=f"ln:band-{number}",
        )


def _still(axes: Axes, panel: Panel) -> None:
    if panel.data is not None:
        horizontal, vertical = panel.data
        axes.plot(horizontal, vertical, "o", color=style.INK, markersize=3.5, alpha=0.75, label="data")


def _curves(axes: Axes, panel: Panel, declaration: Declaration) -> None:
    for number, (name, curve) in enumerate(panel.curves.items()):
        values = declaration.sample(curve, panel)
        axes.plot(panel.places, values, color=style.COLOURS[number], label=name, gid=f"ln:curve-{number}")


def _points(axes: Axes, panel: Panel, declaration: Declaration) -> None:
    looks: list[dict[str, Any]] = [
        {"color": style.COLOURS[1]},
        {"markerfacecolor": "none", "markeredgecolor": style.INK, "markersize": 11},
    ]
    for number, (name, place) in enumerate(panel.points.items()):
        horizontal, vertical = (numpy_function(part, declaration.symbols)(*declaration.values) for part in place)
        look = looks[number % len(looks)]
        axes.plot([horizontal], [vertical], "o", label=name, gid=f"ln:point-{number}", zorder=3, **look)


def _frame(axes: Axes, panel: Panel) -> None:
    axes.set_xlim(panel.x[1], panel.x[2])
    # Moving parts must not move the axes.
    axes.set_ylim(*(panel.y or axes.get_ylim()))
    axes.set(title=panel.title, xlabel=panel.x_label, ylabel=panel.y_label)
    named = len(panel.curves) + len(panel.bands) + len(panel.points) + (panel.data is not None)
    if panel.legend and named > 1:
        # Above the axes where no title stands there: nothing that moves can run under it.
        place = {"loc": "best"} if panel.title else {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": named}
        axes.legend(fontsize=10, handlelength=1.2, labelspacing=0.25, columnspacing=1, borderpad=0, **place)
