"""One declaration of curves, points, read-outs and sliders; a figure that answers anywhere.

The declaration is drawn once by Matplotlib. One script then moves what depends on the
sliders, on the static page without a kernel and in Jupyter as a widget.
"""

from lossnotes.figures.controls import Menu, Slider
from lossnotes.figures.panel import POINTER, Arrows, Panel, Point, held_probabilities
from lossnotes.figures.readouts import gradient_readouts
from lossnotes.figures.widget import Explorer, explore

__all__ = [
    "POINTER",
    "Arrows",
    "Explorer",
    "Menu",
    "Panel",
    "Point",
    "Slider",
    "explore",
    "gradient_readouts",
    "held_probabilities",
]
