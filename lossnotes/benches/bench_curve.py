"""The disagreement over the step, plotted by Matplotlib; the script moves its paths."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lossnotes import style
from lossnotes.benches.measured import STEPS, Measured
from lossnotes.palette import COLOURS, INK

#: The frame: steps, and parts by which the two slopes differ. What agrees to the last bit stands on its lower edge.
X, Y = (1e-15, 1e-1), (1e-16, 10.0)
_SIZE = (4.9, 2.5)


@dataclass(frozen=True)
class PlottedCurve:
    """The curve as SVG, with the box that its axes fill and the width and height of the whole, in the SVG's units."""

    svg: str
    box: tuple[float, float, float, float]
    size: tuple[float, float]


def plot_curve(rows: list[Measured], h: float, identifier: str, bends: bool = True) -> PlottedCurve:
    """The widest disagreement of all rows, and what the step and rounding may do to it; whether any number bends it."""
    figure, axes = style.new_figure(*_SIZE)
    axes.set_xscale("log")
    axes.set_yscale("log")
    gaps, widths, roundings = np.nanmax([row.curves for row in rows], axis=0)
    looks: list[tuple[str, np.ndarray, dict[str, Any]]] = [
        ("from the width of h", widths, {"color": COLOURS[1], "linewidth": 1.2, "linestyle": (0, (5, 2))}),
        ("from rounding", roundings, {"color": COLOURS[2], "linewidth": 1.2, "linestyle": (0, (1.5, 1.5))}),
        ("disagreement", np.maximum(gaps, Y[0]), {"color": COLOURS[0], "linewidth": 2}),
    ]
    for number, (label, values, look) in enumerate(looks):
        # The width of h does nothing to a parabola: a name in the legend would never have a line.
        shown = label if bends or np.any(values) else None
        axes.plot(STEPS, values, label=shown, gid=f"ln:curve-{number}", **look)
    here = np.clip(max(row.apart(h) for row in rows), *Y)
    axes.plot([h, h], Y, color=INK, linewidth=0.8, alpha=0.6, gid="ln:step")
    axes.plot([h], [here], "o", color=INK, markersize=6, zorder=3, gid="ln:point-0")
    axes.set(xlim=X, ylim=Y, xlabel="h")
    _mark(axes.xaxis, range(-15, 0, 3), lambda power: f"1e−{-power}")
    _mark(axes.yaxis, range(-16, 1, 4), lambda power: f"{-power} digits")
    axes.legend(
        fontsize=10,
        handlelength=1.4,
        handletextpad=0.5,
        columnspacing=1,
        borderpad=0,
        loc="lower right",
        ncols=3,
        bbox_to_anchor=(1, 1),
    )
    figure.canvas.draw()  # settles the layout, so that the box is final
    box = axes.get_window_extent()
    width, height = figure.bbox.width, figure.bbox.height
    svg = style.to_svg(figure, identifier=f"{identifier}-curve")
    return PlottedCurve(svg, (box.x0, height - box.y1, box.width, box.height), (width, height))


def _mark(axis: Any, powers: range, name: Any) -> None:
    axis.set_major_locator(FixedLocator([10.0**power for power in powers]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: name(round(np.log10(value)))))
    axis.set_minor_locator(NullLocator())
