"""A list of numbers that the reader sets: scores, targets, data."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import sympy as sp

from lossnotes.figures.controls import as_key, require_symbol
from lossnotes.figures.draws import Draws
from lossnotes.style import as_number, require_words

#: How many entries a list may have.
FEWEST, MOST = 2, 12


@dataclasses.dataclass(frozen=True)
class Entries:
    """A family of numbers, as long as the reader makes it: 2 to 12 entries, in a bench 2 to 8.

    In a figure its members stand in curves, points and read-outs as ``y[k]``, and in sums as
    ``Sum((c - y[i]) ** 2, (i, 1, n))``. ``Point(y[i], 0, index=i)`` shows each as a point that can be
    dragged.

    Parameters
    ----------
    family
        The family, ``sympy.IndexedBase``, whose members stand in the formulas. Of those that are
        differentiated say ``real=True``.
    values
        Its entries at first, or :class:`~lossnotes.Draws`, which the reader can renew.
    size
        The symbol that stands for how many there are. Families of one bench share it.
    label
        What the reader sees; the family's name where none is given.
    field
        Whether a figure has a text field for them; a bench always has.

    Raises
    ------
    TypeError
        If the family is no ``IndexedBase``, the size no symbol, or ``field`` neither True nor False.
    ValueError
        If there are fewer than 2 or more than 12 values, or one is not a finite real number.

    Examples
    --------
    >>> z, K = sp.IndexedBase("z"), sp.Symbol("K", integer=True, positive=True)
    >>> Entries(z, [-2.77, -1.67, 0], size=K).values
    (-2.77, -1.67, 0.0)
    >>> Entries(z, [1], size=K)
    Traceback (most recent call last):
    ...
    ValueError: entries z: expected 2 to 12 values; got 1
    """

    family: sp.IndexedBase
    values: Sequence[float]
    size: sp.Symbol
    label: str = ""
    field: bool = True
    #: What the values were drawn by, and can be drawn by again.
    draws: Draws | None = dataclasses.field(default=None, init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.family, sp.IndexedBase):
            raise TypeError(
                f"entries: expected a family, as from sympy.IndexedBase; got {self.family!r} "
                f"({type(self.family).__name__}). For one number use a Slider"
            )
        require_symbol(f"entries {self.family}, size", self.size)
        if not isinstance(self.field, bool):
            raise TypeError(f"entries {self.family}, field: expected True or False; got {self.field!r}")
        if isinstance(self.values, Draws):
            object.__setattr__(self, "draws", self.values)
            object.__setattr__(self, "values", self.values.sample())
        object.__setattr__(self, "values", as_entries(f"entries {self.family}", self.values))
        label = str(self.family) if self.label == "" else self.label
        require_words(**{f"label of entries {self.family}": label})
        object.__setattr__(self, "label", label)

    @property
    def key(self) -> str:
        """The family's name as a Python name: its name in a link."""
        return as_key(self.family.label)

    @property
    def seed_key(self) -> str:
        """The name of its seed in a link."""
        return f"{self.key}_seed"

    def members(self, count: int) -> tuple[sp.Symbol, ...]:
        """A symbol for each entry where there are so many: what NumPy is given."""
        return tuple(sp.Symbol(f"{self.key}[{k}]", real=True) for k in range(1, count + 1))


def as_entries(name: str, values: Any, most: int = MOST) -> tuple[float, ...]:
    """Two or more finite real numbers.

    Raises
    ------
    ValueError
        If they are others, fewer than two, or more than ``most``.
    """
    given = () if isinstance(values, str) or not hasattr(values, "__iter__") else tuple(values)
    if not FEWEST <= len(given) <= most:
        got = len(given) if hasattr(values, "__iter__") and not isinstance(values, str) else repr(values)
        raise ValueError(f"{name}: expected {FEWEST} to {most} values; got {got}")
    return tuple(as_number(f"{name}, value {n}", value) for n, value in enumerate(given, 1))
