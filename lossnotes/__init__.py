"""Formulas that are read, run, moved and checked: the package behind the lessons.

Importing it loads NumPy and SymPy only. Matplotlib and the widget machinery load
when the first figure is made.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lossnotes import losses, verify
from lossnotes.derivation import Derivation, StepError

if TYPE_CHECKING:
    from lossnotes.explorer import Panel, Slider, explore

__version__ = "0.1.0"
__all__ = ["Derivation", "Panel", "Slider", "StepError", "explore", "losses", "verify"]

_FIGURES = frozenset({"Panel", "Slider", "explore"})


def __getattr__(name: str) -> Any:
    if name in _FIGURES:
        return getattr(import_module("lossnotes.explorer"), name)
    raise AttributeError(f"module 'lossnotes' has no attribute {name!r}")
