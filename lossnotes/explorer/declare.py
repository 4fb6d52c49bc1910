"""What a figure consists of, and the errors of a declaration that cannot work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from lossnotes import printing
from lossnotes.explorer.controls import Control
from lossnotes.explorer.panel import POINTER, Panel
from lossnotes.style import require_words

Function = Callable[..., Mapping[str, Any]]


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
        if not self.panels or not self.controls:
            raise ValueError("explore: expected at least one panel and one slider; got none")
        keys = [control.key for control in self.controls]
        if len(set(keys)) < len(keys):
            raise ValueError(f"sliders: expected one for each symbol; got {', '.join(keys)}")
        for panel in self.panels:
            self._check(panel)
        for name, expr in self.readouts.items():
            _require_printable(f"read-out {name!r}", expr, self.symbols)
        if self.function and (len(self.panels) > 1 or self.panels[0].curves or self.readouts):
            raise ValueError("function: expected one panel with no curves and no read-outs of its own; got more")

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        return tuple(control.symbol for control in self.controls)

    @property
    def values(self) -> tuple[float, ...]:
        """Where the controls stand at first."""
        return tuple(control.value for control in self.controls)

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

    def _check(self, panel: Panel) -> None:
        for name, expr, own in panel.expressions():
            _require_printable(name, expr, [*own, *self.symbols])
        for name, curve in panel.curves.items():
            self._require_finite(name, curve, panel)
        for name, point in panel.points.items():
            for symbol, expr in point.handles(self.symbols).items():
                if symbol not in self.symbols:
                    raise ValueError(f"point {name!r}: expected to drag a slider's symbol; got {symbol}")
                _require_printable(f"point {name!r}, dragged", expr, [*POINTER, *self.symbols])

    def _require_finite(self, name: str, curve: sp.Expr, panel: Panel) -> None:
        values = self.curve(curve, panel)(panel.places)
        if not np.any(np.isfinite(values)):
            symbol, low, high = panel.x
            raise ValueError(
                f"curve {name!r}: expected a finite value somewhere on {symbol} = {low} to {high}; "
                f"got {values[0]} to {values[-1]}"
            )


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
