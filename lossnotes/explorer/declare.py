"""What a figure consists of, and the errors of a declaration that cannot work."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from lossnotes import printing
from lossnotes.style import require_words

#: Places at which a curve is drawn.
SAMPLES = 241


@dataclass(frozen=True)
class Slider:
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
        if not low < high:
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
    def key(self) -> str:
        """The symbol's name as a Python name: the widget's trait, and the name in a link."""
        return re.sub(r"\W+", "_", str(self.symbol)).strip("_")


@dataclass(frozen=True)
class Panel:
    """One pair of axes: what stands still in it and what moves.

    Parameters
    ----------
    x
        ``(symbol, low, high)`` of the horizontal axis.
    curves
        Name → expression in x and the sliders' symbols.
    bands
        Name → (lower, upper) expressions; the area between them is shaded.
    points
        Name → (horizontal, vertical) expressions in the sliders' symbols.
    data
        ``(horizontal, vertical)`` numbers of points that stand still.
    y
        ``(low, high)`` of the vertical axis; what the first curves need where not given.
    title, x_label, y_label
        Words on the picture.
    size
        Width and height in inches.
    legend
        Whether to name the parts on the picture, where there are several.
    """

    x: tuple[sp.Symbol, float, float]
    curves: Mapping[str, sp.Expr] = field(default_factory=dict)
    bands: Mapping[str, tuple[sp.Expr, sp.Expr]] = field(default_factory=dict)
    points: Mapping[str, tuple[sp.Expr, sp.Expr]] = field(default_factory=dict)
    data: tuple[ArrayLike, ArrayLike] | None = None
    y: tuple[float, float] | None = None
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    size: tuple[float, float] = (7.0, 3.2)
    legend: bool = True

    def __post_init__(self) -> None:
        symbol, low, high = self.x
        if not low < high:
            raise ValueError(f"x = {symbol}: expected low < high; got {low} and {high}")

    @property
    def places(self) -> np.ndarray:
        """The places of x at which curves are drawn."""
        return np.linspace(self.x[1], self.x[2], SAMPLES)

    def expressions(self) -> Iterator[tuple[str, sp.Expr, bool]]:
        """Each expression with its name, and whether x may be in it."""
        for name, curve in self.curves.items():
            yield f"curve {name!r}", curve, True
        for name, edges in self.bands.items():
            yield from ((f"band {name!r}", edge, True) for edge in edges)
        for name, place in self.points.items():
            yield from ((f"point {name!r}", part, False) for part in place)


@dataclass(frozen=True)
class Declaration:
    """A whole figure: panels, sliders, read-outs and words."""

    panels: tuple[Panel, ...]
    sliders: tuple[Slider, ...]
    readouts: Mapping[str, sp.Expr]
    caption: str
    alt: str
    identifier: str

    def __post_init__(self) -> None:
        require_words(caption=self.caption, alt=self.alt)
        if not self.panels or not self.sliders:
            raise ValueError("explore: expected at least one panel and one slider; got none")
        keys = [slider.key for slider in self.sliders]
        if len(set(keys)) < len(keys):
            raise ValueError(f"sliders: expected one for each symbol; got {', '.join(keys)}")
        for panel in self.panels:
            for name, expr, over_x in panel.expressions():
                _require_printable(name, expr, [panel.x[0], *self.symbols] if over_x else self.symbols)
            for name, curve in panel.curves.items():
                self._require_finite(name, curve, panel)
        for name, expr in self.readouts.items():
            _require_printable(f"read-out {name!r}", expr, self.symbols)

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        return tuple(slider.symbol for slider in self.sliders)

    @property
    def values(self) -> tuple[float, ...]:
        """Where the sliders stand at first."""
        return tuple(slider.value for slider in self.sliders)

    @cached_property
    def readout_functions(self) -> tuple[Callable[..., Any], ...]:
        """The read-outs as NumPy functions of the sliders, made once: a slider moves often."""
        return tuple(printing.numpy_function(expr, self.symbols) for expr in self.readouts.values())

    def sample(self, expr: sp.Expr, panel: Panel) -> np.ndarray:
        """A curve's values at the panel's places, with the sliders where they stand at first."""
        function = printing.numpy_function(expr, [panel.x[0], *self.symbols])
        with np.errstate(all="ignore"):
            # A place where the curve is not finite is drawn as a gap.
            values = np.asarray(function(panel.places, *self.values), dtype=float)
        return np.broadcast_to(values, panel.places.shape)

    def _require_finite(self, name: str, curve: sp.Expr, panel: Panel) -> None:
        values = self.sample(curve, panel)
        if not np.any(np.isfinite(values)):
            symbol, low, high = panel.x
            raise ValueError(
                f"curve {name!r}: expected a finite value somewhere on {symbol} = {low} to {high}; "
                f"got {values[0]} to {values[-1]}"
            )


def _nice_step(width: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that takes at least 100 steps.

    >>> _nice_step(4.0), _nice_step(3.0), _nice_step(1.0)
    (0.02, 0.02, 0.01)
    """
    power = 10.0 ** np.floor(np.log10(width / 100))
    factor = max(f for f in (1, 2, 5) if f * power <= width / 100)
    return float(f"{factor * power:.0e}")


def _require_printable(name: str, expr: sp.Expr, moved: Sequence[sp.Symbol]) -> None:
    fixed = sorted(str(symbol) for symbol in expr.free_symbols - set(moved))
    if fixed:
        raise ValueError(f"{name}: expected only symbols that a slider or the axis moves; got also {', '.join(fixed)}")
    try:
        printing.javascript_function(expr, moved)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def as_panels(
    panels: Sequence[Panel] | None, x: tuple[sp.Symbol, float, float] | None, **parts: object
) -> tuple[Panel, ...]:
    """The panels that were given, or one made of ``curves=``, ``x=`` and their like."""
    given = {name: part for name, part in parts.items() if part is not None}
    if panels is not None:
        if x is not None or given:
            named = ", ".join([*(["x"] if x is not None else []), *given])
            raise ValueError(f"explore: expected panels= or the parts of one panel; got both panels and {named}")
        return tuple(panels)
    if x is None:
        raise ValueError("explore: expected x=(symbol, low, high) or panels=[...]; got neither")
    return (Panel(x=x, **given),)  # type: ignore[arg-type]
