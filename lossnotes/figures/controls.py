"""What the reader moves: sliders and menus."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from lossnotes.style import as_number, require_words


def require_symbol(name: str, symbol: Any) -> None:
    """Refuse what is no symbol: text, a number, an entry of a family."""
    if not isinstance(symbol, sp.Symbol):
        raise TypeError(f"{name}: expected a symbol, as from sympy.Symbol; got {symbol!r} ({type(symbol).__name__})")


def as_key(symbol: sp.Basic) -> str:
    """A symbol's or a family's name as a Python name: a slider's trait, its name in a link, and in the script.

    >>> as_key(sp.Symbol(r"\\hat{y}"))
    'hat_y'
    """
    return re.sub(r"\W+", "_", str(symbol)).strip("_")


class Keyed:
    """What has a symbol has a key."""

    symbol: sp.Symbol
    label: str

    def _settle_words(self, what: str) -> None:
        require_symbol(what, self.symbol)
        if not self.key.isidentifier():
            raise ValueError(f"{what} {self.symbol}: expected a symbol whose name holds a letter before any digit")
        label = str(self.symbol) if self.label == "" else self.label
        require_words(**{f"label of {what} {self.symbol}": label})
        object.__setattr__(self, "label", label)

    @property
    def key(self) -> str:
        """The symbol's name as a Python name: the widget's trait, and the name in a link."""
        return as_key(self.symbol)


@dataclass(frozen=True)
class Slider(Keyed):
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
        If an end, the value or the step is not a finite real number, ``low >= high``, the
        value lies outside, the step is not positive or wider than the way, or the symbol's
        name holds no letter.

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
    step: float = None  # type: ignore[assignment]  # filled in below

    def __post_init__(self) -> None:
        self._settle_words("slider")
        name = f"slider {self.symbol}"
        low, high = as_number(f"{name}, low", self.low), as_number(f"{name}, high", self.high)
        if not (low < high and np.isfinite(high - low)):
            raise ValueError(f"slider {self.symbol}: expected low < high; got {low} and {high}")
        value = (low + high) / 2 if self.value is None else as_number(f"{name}, value", self.value)
        if not low <= value <= high:
            raise ValueError(f"slider {self.symbol}: expected a value in {low} to {high}; got {value}")
        step = nice_step(high - low) if self.step is None else as_number(f"{name}, step", self.step)
        if not 0 < step <= high - low:
            raise ValueError(f"{name}: expected a step above 0 and up to {high - low}, the whole way; got {step}")
        for part, settled in (("low", low), ("high", high), ("value", value), ("step", step)):
            object.__setattr__(self, part, settled)

    @property
    def positions(self) -> list[float]:
        """Every value at which it can stand."""
        count = int((self.high - self.low) / self.step + 1e-9) + 1
        return [float(f"{self.low + k * self.step:.12g}") for k in range(count)]


@dataclass(frozen=True)
class Menu(Keyed):
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
        If there are fewer than two names, two are the same, no choice has that number, or
        the symbol's name holds no letter.

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
        self._settle_words("menu")
        require_words(**{f"menu {self.symbol}, choice {n}": option for n, option in enumerate(self.options)})
        if isinstance(self.options, str) or len(self.options) < 2 or len(set(self.options)) < len(self.options):
            raise ValueError(f"menu {self.symbol}: expected two or more different names; got {list(self.options)}")
        if self.value not in self.positions:
            last = len(self.options) - 1
            raise ValueError(f"menu {self.symbol}: expected the number of a choice, 0 to {last}; got {self.value}")
        object.__setattr__(self, "value", float(self.value))

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


def nice_step(width: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that takes at least 100 steps.

    >>> nice_step(4.0), nice_step(3.0), nice_step(1.0)
    (0.02, 0.02, 0.01)
    """
    power = 10.0 ** np.floor(np.log10(width / 100))
    factor = max(f for f in (1, 2, 5) if f * power <= width / 100)
    return float(f"{factor * power:.0e}")
