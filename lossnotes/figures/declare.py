"""What a figure consists of, and the errors of a declaration that cannot work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any

import numpy as np
import sympy as sp

from lossnotes import printing
from lossnotes.figures.controls import Control, Menu, Slider
from lossnotes.figures.panel import POINTER, Panel
from lossnotes.style import require_words

Function = Callable[..., Mapping[str, Any]]

#: Positions of the sliders at which a read-out is tried.
_PLACES = 256


@dataclass(frozen=True)
class Declaration:
    """A whole figure: panels, controls, read-outs and words."""

    panels: tuple[Panel, ...]
    controls: tuple[Control, ...]
    readouts: Mapping[str, sp.Expr]
    caption: str
    alt: str
    identifier: str
    #: What computes the curves, where they are no formulas.
    function: Function | None = None

    def __post_init__(self) -> None:
        require_words(caption=self.caption, alt=self.alt)
        _require_each("sliders", self.controls, "a Slider or a Menu", Slider, Menu)
        _require_each("panels", self.panels, "a Panel", Panel)
        _require_each("identifier", [self.identifier], "a text", str)
        if not self.panels or not self.controls:
            raise ValueError("explore: expected at least one panel and one slider; got none")
        keys = [control.key for control in self.controls]
        if len(set(keys)) < len(keys):
            raise ValueError(f"sliders: expected one for each symbol; got {', '.join(keys)}")
        for symbol in self.symbols:
            if symbol in (*POINTER, *(panel.x[0] for panel in self.panels)):
                raise ValueError(
                    f"slider {symbol}: expected a symbol of its own; got that of an axis or of the pointer. Give the "
                    "slider another symbol"
                )
        _require_each("readouts", self.readouts.values(), "an expression", sp.Basic, int, float)
        # A number is an expression too.
        readouts = {name: sp.sympify(expr, strict=True) for name, expr in self.readouts.items()}
        object.__setattr__(self, "readouts", readouts)
        for panel in self.panels:
            self._check(panel)
        for name, expr in self.readouts.items():
            require_words(**{"name of a read-out": name})
            _require_printable(f"read-out {name!r}", expr, self.symbols)
        self._require_numbers()
        if self.function and (len(self.panels) > 1 or self.panels[0].curves or self.readouts):
            raise ValueError("function: expected one panel with no curves and no read-outs of its own; got more")

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        return tuple(control.symbol for control in self.controls)

    @property
    def values(self) -> tuple[float, ...]:
        """Where the controls stand at first; NumPy's numbers, which divide by 0 as JavaScript's do."""
        return tuple(np.float64(control.value) for control in self.controls)

    @cached_property
    def readout_functions(self) -> tuple[Callable[..., Any], ...]:
        """The read-outs as NumPy functions of the controls, made once: a slider moves often."""
        return tuple(printing.numpy_function(expr, self.symbols) for expr in self.readouts.values())

    def curve(self, expr: sp.Expr, panel: Panel) -> Callable[[Any], np.ndarray]:
        """A curve as a function of x, with the controls where they stand at first."""
        function = printing.numpy_function(expr, [panel.x[0], *self.symbols])

        def values(x: Any) -> np.ndarray:
            with np.errstate(all="ignore"):
                # A place where the curve is not finite is drawn as a gap.
                return np.broadcast_to(np.asarray(function(x, *self.values), dtype=float), np.shape(x))

        return values

    def _require_numbers(self) -> None:
        """Refuse a read-out that is a number nowhere: where the sliders stand, at their ends or half-way."""
        rows = [
            (control.value, control.low, control.high, (control.low + control.high) / 2) for control in self.controls
        ]
        places = [tuple(map(np.float64, place)) for place in islice(product(*rows), _PLACES)]
        for (name, expr), function in zip(self.readouts.items(), self.readout_functions, strict=True):
            with np.errstate(all="ignore"):
                if not any(np.isfinite(float(function(*place))) for place in places):
                    raise ValueError(
                        f"read-out {name!r}: expected a finite number somewhere; got none for {expr} where the sliders "
                        "stand, at their ends or half-way"
                    )

    def _check(self, panel: Panel) -> None:
        for name, expr, own in panel.expressions():
            twice = [symbol for symbol in own if symbol in (*self.symbols, *POINTER)]
            if twice:
                raise ValueError(f"{name}: expected places with symbols of their own; got {twice[0]}, a slider's")
            _require_printable(name, expr, [*own, *self.symbols])
        for name, curve in panel.curves.items():
            self._require_finite(f"curve {name!r}", curve, panel)
        for name, edges in panel.bands.items():
            for edge in edges:
                self._require_finite(f"band {name!r}", edge, panel)
        for name, point in panel.points.items():
            for symbol, expr in point.handles(self.symbols).items():
                if symbol not in self.symbols:
                    raise ValueError(f"point {name!r}: expected to drag a slider's symbol; got {symbol}")
                _require_printable(f"point {name!r}, dragged", expr, [*POINTER, *self.symbols])

    def _require_finite(self, name: str, curve: sp.Expr, panel: Panel) -> None:
        values = self.curve(curve, panel)(panel.places)
        seen = np.isfinite(values) & ((values > 0) if "y" in panel.log else True)
        if not np.any(seen):
            symbol, low, high = panel.x
            kind = "positive value" if "y" in panel.log else "finite value"
            raise ValueError(
                f"{name}: expected a {kind} somewhere on {symbol} = {low:g} to {high:g}; "
                f"got {values[0]} to {values[-1]}"
            )


def _require_each(name: str, parts: Iterable[Any], expected: str, *kinds: type) -> None:
    for part in parts:
        if not isinstance(part, kinds):
            raise TypeError(f"{name}: expected {expected}; got {part!r} ({type(part).__name__})")


def _require_printable(name: str, expr: sp.Expr, moved: Sequence[sp.Symbol]) -> None:
    fixed = sorted(str(symbol) for symbol in expr.free_symbols - set(moved))
    if fixed:
        twins = sorted(set(fixed) & set(map(str, moved)))
        hint = f". There are two symbols named {twins[0]}, with other assumptions: use one" if twins else ""
        raise ValueError(
            f"{name}: expected only symbols that a slider or the axis moves; got also {', '.join(fixed)}{hint}"
        )
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
