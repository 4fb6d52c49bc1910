"""Formulas that are read, run, moved and checked: the package behind the lessons.

Importing it loads NumPy, SymPy and python-flint only. The catalogue of losses, Matplotlib and the
widget machinery load when they are first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lossnotes import verify
from lossnotes.derivation import Derivation, StepError
from lossnotes.functions import logsumexp, sigmoid, softplus
from lossnotes.numerical import Lowest, Quadrature

if TYPE_CHECKING:
    from lossnotes import losses, style
    from lossnotes.benches import bench
    from lossnotes.exercises import Ask, exercise, guess
    from lossnotes.figures import (
        Arrows,
        Draws,
        Entries,
        Formula,
        Menu,
        Panel,
        Point,
        Run,
        Slider,
        explore,
        held_probabilities,
    )

__version__ = "0.1.0"
__all__ = [
    "Arrows",
    "Ask",
    "Derivation",
    "Draws",
    "Entries",
    "Formula",
    "Lowest",
    "Menu",
    "Panel",
    "Point",
    "Quadrature",
    "Run",
    "Slider",
    "StepError",
    "bench",
    "exercise",
    "explore",
    "guess",
    "held_probabilities",
    "logsumexp",
    "losses",
    "sigmoid",
    "softplus",
    "style",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name == "losses":
        return import_module("lossnotes.losses")
    if name == "style":
        return import_module("lossnotes.style")
    if name == "bench":
        return import_module("lossnotes.benches").bench
    if name in ("Ask", "exercise", "guess"):
        return getattr(import_module("lossnotes.exercises"), name)
    if name in __all__:
        return getattr(import_module("lossnotes.figures"), name)
    raise AttributeError(f"module 'lossnotes' has no attribute {name!r}")
