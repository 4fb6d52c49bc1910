"""The picture that goes with a link to a page: its title above the book's three curves."""

from pathlib import Path
from textwrap import fill

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lossnotes.palette import DARK_COLOURS

WIDTH, HEIGHT = 1200, 630
ALT = "Below, three losses over the logit: hinge, cross-entropy and squared error, which has gone flat."
_PAPER, _INK, _FAINT = "#0b2e4a", "#ffffff", "#b9cfe0"


def path(page: str) -> str:
    """Where the card of a page is, from the root of the site."""
    return f"_static/cards/{page.rpartition('/')[2]}.png"


def write_cards(site: Path, titles: dict[str, str], book: str) -> None:
    """Write the card of each page."""
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=_PAPER)
    FigureCanvasAgg(figure)
    _curves(figure)
    figure.text(0.06, 0.9, book, color=_FAINT, size=24, va="top")
    heading = figure.text(0.06, 0.79, "", color=_INK, size=44, va="top", linespacing=1.15)
    for page, title in titles.items():
        file = site / path(page)
        file.parent.mkdir(parents=True, exist_ok=True)
        heading.set_text(fill(title, 36))
        figure.savefig(file, pil_kwargs={"compress_level": 6})


def _curves(figure: Figure) -> None:
    axes = figure.add_axes((0.0, 0.0, 1.0, 0.52))
    axes.set_axis_off()
    z = np.linspace(-6, 4, 400)
    blue, orange, green, _ = DARK_COLOURS
    curves = {
        green: np.maximum(0, 1 - z),
        blue: np.logaddexp(0, -z),
        orange: 1 / (1 + np.exp(z)) ** 2,
    }
    for colour, loss in curves.items():
        axes.plot(z, loss, color=colour, linewidth=6, solid_capstyle="round")
    axes.set(xlim=(-6, 4), ylim=(-0.4, 7.2))
