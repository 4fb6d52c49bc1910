"""A list of numbers that the reader types: scores, targets, data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from lossnotes.figures.controls import as_key, require_symbol
from lossnotes.style import as_number, require_words

#: How many entries a list may have.
FEWEST, MOST = 2, 8


@dataclass(frozen=True)
class Entries:
    """A family of numbers, as long as the reader makes it: 2 to 8 entries.

    Parameters
    ----------
    family
        The family, ``sympy.IndexedBase``, whose members stand in the formulas.
    values
        Its entries at first.
    size
        The symbol that stands for how many there are. Families of one bench share it.
    label
        What the reader sees; the family's name where none is given.

    Raises
    ------
    TypeError
        If the family is no ``IndexedBase``, or the size no symbol.
    ValueError
        If there are fewer than 2 or more than 8 values, or one is not a finite real number.

    Examples
    --------
    >>> z, K = sp.IndexedBase("z"), sp.Symbol("K", integer=True, positive=True)
    >>> Entries(z, [-2.77, -1.67, 0], size=K).values
    (-2.77, -1.67, 0.0)
    >>> Entries(z, [1], size=K)
    Traceback (most recent call last):
    ...
    ValueError: entries z: expected 2 to 8 values; got 1
    """

    family: sp.IndexedBase
    values: Sequence[float]
    size: sp.Symbol
    label: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.family, sp.IndexedBase):
            raise TypeError(
                f"entries: expected a family, as from sympy.IndexedBase; got {self.family!r} "
                f"({type(self.family).__name__}). For one number use a Slider"
            )
        require_symbol(f"entries {self.family}, size", self.size)
        object.__setattr__(self, "values", as_entries(f"entries {self.family}", self.values))
        label = str(self.family) if self.label == "" else self.label
        require_words(**{f"label of entries {self.family}": label})
        object.__setattr__(self, "label", label)

    @property
    def key(self) -> str:
        """The family's name as a Python name: its name in a link."""
        return as_key(self.family.label)


def as_entries(name: str, values: Any) -> tuple[float, ...]:
    """Two to eight finite real numbers.

    Raises
    ------
    ValueError
        If they are others, or not so many.
    """
    given = () if isinstance(values, str) or not hasattr(values, "__iter__") else tuple(values)
    if not FEWEST <= len(given) <= MOST:
        got = len(given) if hasattr(values, "__iter__") and not isinstance(values, str) else repr(values)
        raise ValueError(f"{name}: expected {FEWEST} to {MOST} values; got {got}")
    return tuple(as_number(f"{name}, value {n}", value) for n, value in enumerate(given, 1))
