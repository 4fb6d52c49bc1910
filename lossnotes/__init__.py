"""Formulas that are read, run, moved and checked: the package behind the lessons.

Importing it loads NumPy, SymPy and python-flint only. The catalogue of losses, Matplotlib and the
widget machinery load when they are first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lossnotes import verify
from lossnotes.derivation import Derivation, StepError

if TYPE_CHECKING:
    from lossnotes import losses
    from lossnotes.exercises import exercise
    from lossnotes.explorer import Panel, Slider, explore

__version__ = "0.1.0"
__all__ = ["Derivation", "Panel", "Slider", "StepError", "exercise", "explore", "losses", "verify"]


def __getattr__(name: str) -> Any:
    if name == "losses":
        return import_module("lossnotes.losses")
    if name == "exercise":
        return import_module("lossnotes.exercises").exercise
    if name in ("Panel", "Slider", "explore"):
        return getattr(import_module("lossnotes.explorer"), name)
    raise AttributeError(f"module 'lossnotes' has no attribute {name!r}")
