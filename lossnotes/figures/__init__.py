"""One declaration of curves, points, read-outs and sliders; a figure that answers anywhere.

The declaration is plotted once by Matplotlib. One script then moves what depends on the
sliders, on the static page without a kernel and in Jupyter as a widget.
"""

from lossnotes.figures.controls import Menu, Slider
from lossnotes.figures.draws import Draws
from lossnotes.figures.entries import Entries
from lossnotes.figures.figure_widget import LiveFigure, explore
from lossnotes.figures.panel import POINTER, Arrows, Panel, Point, held_probabilities
from lossnotes.figures.run import Run
from lossnotes.figures.typed import Formula

__all__ = [
    "POINTER",
    "Arrows",
    "Draws",
    "Entries",
    "Formula",
    "LiveFigure",
    "Menu",
    "Panel",
    "Point",
    "Run",
    "Slider",
    "explore",
    "held_probabilities",
]
