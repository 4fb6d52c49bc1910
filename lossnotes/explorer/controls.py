"""What the reader moves: sliders and menus."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp


class _Keyed:
    """What has a symbol has a key."""

    symbol: sp.Symbol

    @property
    def key(self) -> str:
        """The symbol's name as a Python name: the widget's trait, and the name in a link."""
        return re.sub(r"\W+", "_", str(self.symbol)).strip("_")


@dataclass(frozen=True)
class Slider(_Keyed):
    """A number that the reader moves.

    Parameters
    ----------
    symbol
        The symbol that it moves.
    low, high, value
        Its ends and where it stands at first; the middle where no value is given.
    label
        What the reader sees; the symbol's name where none is given.
    step
        How far an arrow key moves it; a round number near a 200th of the way where none
        is given.

    Raises
    ------
    ValueError
        If ``low >= high``, the value lies outside, or the step is not positive.

    Examples
    --------
    >>> Slider(sp.Symbol("y"), 0, 1).value
    0.5
    >>> Slider(sp.Symbol("y"), 1, 0)
    Traceback (most recent call last):
    ...
    ValueError: slider y: expected low < high; got 1.0 and 0.0
    """

    symbol: sp.Symbol
    low: float
    high: float
    value: float = None  # type: ignore[assignment]  # filled in below
    label: str = ""
    step: float = 0.0

    def __post_init__(self) -> None:
        low, high = float(self.low), float(self.high)
        if not (low < high and np.isfinite(high - low)):
            raise ValueError(f"slider {self.symbol}: expected low < high; got {low} and {high}")
        value = (low + high) / 2 if self.value is None else float(self.value)
        if not low <= value <= high:
            raise ValueError(f"slider {self.symbol}: expected a value in {low} to {high}; got {value}")
        step = float(self.step) or _nice_step(high - low)
        if not step > 0:
            raise ValueError(f"slider {self.symbol}: expected a step above 0; got {step}")
        for name, settled in (("low", low), ("high", high), ("value", value), ("step", step)):
            object.__setattr__(self, name, settled)
        object.__setattr__(self, "label", self.label or str(self.symbol))

    @property
    def positions(self) -> list[float]:
        """Every value at which it can stand."""
        count = int((self.high - self.low) / self.step + 1e-9) + 1
        return [float(f"{self.low + k * self.step:.12g}") for k in range(count)]


@dataclass(frozen=True)
class Menu(_Keyed):
    """A choice between formulas that have names.

    Parameters
    ----------
    symbol
        A symbol of its own, which stands for the number of the choice: 0, 1, 2, ...
    options
        The names.
    value
        The number of the first choice.
    label
        What the reader sees; the symbol's name where none is given.

    Raises
    ------
    ValueError
        If there are fewer than two names, two are the same, or no choice has that number.

    Examples
    --------
    >>> r, menu = sp.Symbol("r", real=True), Menu(sp.Symbol("penalty"), ["squared", "absolute"])
    >>> menu.choose(r**2, abs(r)).subs(menu.symbol, 1)
    Abs(r)
    """

    symbol: sp.Symbol
    options: Sequence[str]
    value: float = 0
    label: str = ""

    def __post_init__(self) -> None:
        if len(self.options) < 2 or len(set(self.options)) < len(self.options):
            raise ValueError(f"menu {self.symbol}: expected two or more different names; got {list(self.options)}")
        if self.value not in self.positions:
            last = len(self.options) - 1
            raise ValueError(f"menu {self.symbol}: expected the number of a choice, 0 to {last}; got {self.value}")
        object.__setattr__(self, "value", float(self.value))
        object.__setattr__(self, "label", self.label or str(self.symbol))

    @property
    def positions(self) -> list[float]:
        """The numbers of the choices."""
        return [float(number) for number in range(len(self.options))]

    @property
    def low(self) -> float:
        """The first choice."""
        return 0.0

    @property
    def high(self) -> float:
        """The last choice."""
        return self.positions[-1]

    def choose(self, *formulas: sp.Expr) -> sp.Piecewise:
        """One formula for each name: the one that the reader chooses.

        Raises
        ------
        ValueError
            If there is not one for each name.
        """
        if len(formulas) != len(self.options):
            raise ValueError(f"formulas: expected {len(self.options)}, one for each name; got {len(formulas)}")
        *others, last = formulas
        # "At most" and not "equal": SymPy may fold equal neighbours, and a float is compared.
        return sp.Piecewise(*((f, self.symbol <= number) for number, f in enumerate(others)), (last, True))


Control = Slider | Menu


def _nice_step(width: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that takes at least 100 steps.

    >>> _nice_step(4.0), _nice_step(3.0), _nice_step(1.0)
    (0.02, 0.02, 0.01)
    """
    power = 10.0 ** np.floor(np.log10(width / 100))
    factor = max(f for f in (1, 2, 5) if f * power <= width / 100)
    return float(f"{factor * power:.0e}")
