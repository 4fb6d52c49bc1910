"""What a figure consists of, and the errors of a declaration that cannot work."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from typing import Any

import numpy as np
import sympy as sp

from lossnotes import printing, trees
from lossnotes.figures.controls import Menu, Slider, as_key, require_symbol
from lossnotes.figures.entries import Entries, as_entries
from lossnotes.figures.members import in_numbers, reach, require_lists, require_members
from lossnotes.figures.panel import POINTER, Panel, Point
from lossnotes.figures.run import Run, counters, require_runs
from lossnotes.figures.typed import Control, Formula
from lossnotes.style import as_number, require_words

Function = Callable[..., Mapping[str, Any]]

#: Positions of the sliders at which a read-out is tried.
_PLACES = 256


@dataclass(frozen=True)
class FigureDeclaration:
    """A whole figure: panels, controls, read-outs and words."""

    panels: tuple[Panel, ...]
    controls: tuple[Control, ...]
    readouts: Mapping[str, sp.Expr]
    caption: str
    alt: str
    identifier: str
    #: What computes the curves, where they are no formulas.
    function: Function | None = None
    runs: tuple[Run, ...] = ()
    #: Symbols that are what the reader guessed: each with the guess's identifier.
    guesses: Mapping[sp.Symbol, str] = field(default_factory=dict)
    #: Positions of the controls that have names.
    positions: Mapping[str, Mapping[sp.Symbol, Any]] = field(default_factory=dict)
    #: Whether it may reach into the margin.
    wide: bool = False
    #: Significant digits of a read-out.
    digits: int = 3
    #: How many entries each list has; as many as at first where none are given.
    counts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require_words(caption=self.caption, alt=self.alt)
        _require_each(
            "sliders", self.controls, "a Slider, a Menu, a Formula or Entries", Slider, Menu, Formula, Entries
        )
        _require_each("panels", self.panels, "a Panel", Panel)
        if isinstance(self.digits, bool) or not isinstance(self.digits, int) or not 1 <= self.digits <= 17:
            raise ValueError(
                f"digits: expected a whole number from 1 to 17, as a double has no more; got {self.digits!r}"
            )
        _require_each("identifier", [self.identifier], "a text", str)
        if not self.panels or not self.controls:
            raise ValueError("explore: expected at least one panel and one slider; got none")
        if len(set(self.keys)) < len(self.keys):
            raise ValueError(f"sliders: expected one for each symbol; got {', '.join(self.keys)}")
        object.__setattr__(self, "counts", tuple(len(entries.values) for entries in self.lists))
        require_lists(self.lists, self.keys, self.panels)
        self._require_guesses()
        self._require_positions()
        require_runs(self.runs, self.controls, self.panels)
        # Symbols of one name and other assumptions would be one in the script.
        taken = {as_key(symbol) for symbol in (*POINTER, *(panel.x[0] for panel in self.panels))}
        for symbol, key in zip(self.movable, self.keys, strict=True):
            if key in taken:
                raise ValueError(
                    f"slider {symbol}: expected a symbol of its own; got that of an axis or of the pointer. "
                    "Give the slider another symbol"
                )
        _require_each("readouts", self.readouts.values(), "an expression", sp.Basic, int, float)
        # A number is an expression too.
        readouts = {name: sp.sympify(expr, strict=True) for name, expr in self.readouts.items()}
        object.__setattr__(self, "readouts", {**readouts, **self._counts(readouts)})
        for formula in self.formulas:
            self._require_value(formula)
        for panel in self.panels:
            self._check(panel)
        for entries in self.lists:
            reach(entries, self.panels)
        for name, expr in self.readouts.items():
            require_words(**{"name of a read-out": name})
            self.tree(f"read-out {name!r}", expr)
        self._require_numbers()
        for run in self.runs:
            self._check_run(run)
        if self.function and (
            len(self.panels) > 1 or self.panels[0].curves or self.readouts or self.formulas or self.lists or self.runs
        ):
            raise ValueError(
                "function: expected one panel with no curves, read-outs, formulas, lists or runs of its own; got more"
            )

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The controls whose value is a function."""
        return tuple(control for control in self.controls if isinstance(control, Formula))

    @property
    def numbers(self) -> tuple[Slider | Menu, ...]:
        """The controls whose value is a number."""
        return tuple(control for control in self.controls if isinstance(control, Slider | Menu))

    @property
    def lists(self) -> tuple[Entries, ...]:
        """The controls whose value is a list."""
        return tuple(control for control in self.controls if isinstance(control, Entries))

    @property
    def scalars(self) -> tuple[sp.Symbol, ...]:
        """What has a number for a value: controls, guesses, and what runs count."""
        return (*(control.symbol for control in self.numbers), *self.guesses, *counters(self.runs))

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """These, and a symbol for each entry of a list: what NumPy is given."""
        pairs = zip(self.lists, self.counts, strict=True)
        return (*self.scalars, *(member for entries, count in pairs for member in entries.members(count)))

    @property
    def draggable(self) -> tuple[sp.Basic, ...]:
        """What a point can move that is dragged."""
        return tuple(c.family if isinstance(c, Entries) else c.symbol for c in (*self.numbers, *self.lists))

    @property
    def movable(self) -> tuple[sp.Basic, ...]:
        """The symbols and families of the controls, then the symbols of guesses."""
        return (*(c.family if isinstance(c, Entries) else c.symbol for c in self.controls), *self.guesses)

    @property
    def keys(self) -> tuple[str, ...]:
        """What the script calls those."""
        return tuple(as_key(part) for part in self.movable)

    @property
    def values(self) -> tuple[float, ...]:
        """Where these stand at first; NumPy's numbers, which divide by 0 as JavaScript's do."""
        return self.complete({control.symbol: control.value for control in self.numbers})

    def complete(self, known: Mapping[sp.Symbol, float]) -> tuple[float, ...]:
        """The values of all symbols: no guess is made, and where it is not known what runs count is at its start."""
        starts = {count: known.get(start, 0.0) for count, start in counters(self.runs).items()}
        pairs = zip(self.lists, self.counts, strict=True)
        # Of a list that has become longer, all are known.
        rows = [zip(entries.members(count), entries.values, strict=False) for entries, count in pairs]
        entered = {member: value for row in rows for member, value in row}
        found = dict.fromkeys(self.guesses, math.nan) | starts | entered | dict(known)
        return tuple(np.float64(found[symbol]) for symbol in self.symbols)

    def resized(self, counts: Sequence[int]) -> "FigureDeclaration":
        """The same figure where its lists have so many entries."""
        if tuple(counts) == self.counts:
            return self
        other = copy(self)
        vars(other).pop("readout_functions", None)
        object.__setattr__(other, "counts", tuple(counts))
        return other

    def settled(self, expr: sp.Expr) -> sp.Expr:
        """The expression with a symbol for each entry, and the defaults of what a reader may type: NumPy's."""
        expr = in_numbers(expr, self.lists, self.counts)
        for formula in self.formulas:
            expr = formula.settled(expr)
        return expr

    def places_of(self, point: Point) -> np.ndarray:
        """Where a point stands at first, or one for each member of its list: rows of x and y."""
        counts = {entries.family: count for entries, count in zip(self.lists, self.counts, strict=True)}
        numbers = range(1, counts[point.families[0]] + 1) if point.index is not None else [0]
        pairs = [[part.subs(dict.fromkeys(point.own, k)) for part in (point.x, point.y)] for k in numbers]
        with np.errstate(all="ignore"):  # a point may begin at infinity
            return np.array([[float(self.numpy(part)(*self.values)) for part in pair] for pair in pairs])

    def numpy(self, expr: sp.Expr, own: Sequence[sp.Symbol] = ()) -> Callable[..., Any]:
        """The expression as a NumPy function of ``own`` symbols and all others."""
        return printing.numpy_function(self.settled(expr), [*own, *self.symbols])

    @cached_property
    def readout_functions(self) -> tuple[Callable[..., Any], ...]:
        """The read-outs as NumPy functions of the controls, made once: a slider moves often."""
        return tuple(self.numpy(expr) for expr in self.readouts.values())

    def curve(self, expr: sp.Expr, panel: Panel) -> Callable[[Any], np.ndarray]:
        """A curve as a function of x, with the controls where they stand at first."""
        function = self.numpy(expr, panel.x[:1])

        def values(x: Any) -> np.ndarray:
            with np.errstate(all="ignore"):
                # A place where the curve is not finite is left out: a gap.
                return np.broadcast_to(np.asarray(function(x, *self.values), dtype=float), np.shape(x))

        return values

    def tree(self, name: str, expr: sp.Expr, own: Sequence[sp.Symbol] = ()) -> trees.Tree:
        """An expression as the script has it; ``own`` are its symbols besides the controls'.

        Raises
        ------
        ValueError
            If it has a symbol that nothing moves, or a part that no script can evaluate; the
            message begins with ``name``.
        """
        lists = [part for entries in self.lists for part in (entries.family, entries.size)]
        moved = [*own, *self.scalars, *(formula.symbol for formula in self.formulas), *lists]
        fixed = sorted(str(symbol) for symbol in trees.free(expr) - set(moved))
        if fixed:
            twins = sorted(set(fixed) & set(map(str, moved)))
            hint = f". There are two symbols named {twins[0]}, with other assumptions: use one" if twins else ""
            raise ValueError(
                f"{name}: expected only symbols that a slider or the axis moves; got also {', '.join(fixed)}{hint}"
            )
        require_members(name, expr, self.lists, own)
        try:
            return trees.to_tree(expr, {symbol: as_key(symbol) for symbol in moved}, numerical=True)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error

    def _require_guesses(self) -> None:
        for symbol, guess in self.guesses.items():
            require_symbol("guesses", symbol)
            if not isinstance(guess, str) or not guess:
                raise TypeError(f"guesses: expected the identifier of a guess for {symbol}; got {guess!r}")
        for name, expr in self.readouts.items():
            used = sorted(map(str, getattr(expr, "free_symbols", set()) & set(self.guesses)))
            if used:
                raise ValueError(
                    f"read-out {name!r}: expected a number before the reader has guessed; got one with {used[0]}. "
                    "A guess can stand in curves, points and arrows"
                )

    def _require_positions(self) -> None:
        controls: dict[Any, Control] = dict(zip(self.movable, self.controls, strict=False))
        for name, moves in self.positions.items():
            require_words(**{"name of a position": name})
            for symbol, value in moves.items():
                if isinstance(control := controls.get(symbol), Formula):
                    control.checked(f"positions, {name!r}", value)
                    continue
                if isinstance(control, Entries):
                    as_entries(f"positions, {name!r}", value)
                    continue
                if not control:
                    known = ", ".join(map(str, controls))
                    raise ValueError(f"positions, {name!r}: expected symbols of controls, {known}; got {symbol}")
                if not control.low <= as_number(f"positions, {name!r}", value) <= control.high:
                    raise ValueError(
                        f"positions, {name!r}: expected {symbol} in {control.low:g} to {control.high:g}; got {value}"
                    )

    def _require_numbers(self) -> None:
        """Refuse a read-out that is a number nowhere: where the sliders stand, at their ends or half-way."""
        rows = [
            (control.value, control.low, control.high, (control.low + control.high) / 2) for control in self.numbers
        ]
        names = [control.symbol for control in self.numbers]
        places = [self.complete(dict(zip(names, place, strict=True))) for place in islice(product(*rows), _PLACES)]
        for (name, expr), function in zip(self.readouts.items(), self.readout_functions, strict=True):
            with np.errstate(all="ignore"):
                if not any(np.isfinite(float(function(*place))) for place in places):
                    raise ValueError(
                        f"read-out {name!r}: expected a finite number somewhere; got none for {expr} where the sliders "
                        "stand, at their ends or half-way"
                    )

    def span(self, formula: Formula) -> tuple[float, float]:
        """Where a typed formula must have a value: on the axis or the slider of its variable, or near 0."""
        axes = [panel.x[1:] for panel in self.panels if panel.x[0] == formula.variable]
        sliders = [(control.low, control.high) for control in self.numbers if control.symbol == formula.variable]
        low, high = [*axes, *sliders, (-10.0, 10.0)][0]
        return low, high

    def _require_value(self, formula: Formula) -> None:
        places = np.linspace(*self.span(formula), 81)
        for name, expr in (("default", formula.default), *formula.presets.items()):
            with np.errstate(all="ignore"):
                values = printing.numpy_function(expr, [formula.variable])(places)
            if not np.any(np.isfinite(values)):
                raise ValueError(
                    f"formula {formula.symbol}, {name}: expected a finite value somewhere from "
                    f"{formula.variable} = {places[0]:g} to {places[-1]:g}; got none for {expr}"
                )

    def _counts(self, readouts: Mapping[str, sp.Expr]) -> dict[str, sp.Expr]:
        """The read-outs of the runs' steps, where none is declared that holds them."""
        shown = {symbol for expr in readouts.values() for symbol in expr.free_symbols}
        rows = {f"steps, {run.name}" if run.name else "steps": run.steps for run in self.runs}
        return {name: steps for name, steps in rows.items() if steps not in shown and name not in readouts}

    def _check_run(self, run: Run) -> None:
        name = f"run {run.name!r}" if run.name else "run"
        for part, expr in (("loss", run.loss), ("size", run.size), ("until", run.ends)):
            if expr is not None:
                self.tree(f"{name}, {part}", expr)
        for variable, slope in zip(run.variables, run.slopes, strict=True):
            self.tree(f"{name}, slope by {variable}", slope)
        for expr in run.dot:
            self.tree(f"{name}, at", expr)

    def _check(self, panel: Panel) -> None:
        for name, expr, own in panel.expressions():
            names = [*self.keys, *map(as_key, POINTER), *map(as_key, own)]
            twice = [symbol for symbol in own if names.count(as_key(symbol)) > 1]
            if twice:
                raise ValueError(f"{name}: expected places with symbols of their own; got {twice[0]} twice")
            self.tree(name, expr, own)
        for name, curve in panel.curves.items():
            self._require_finite(f"curve {name!r}", curve, panel)
        for name, edges in panel.bands.items():
            for edge in edges:
                self._require_finite(f"band {name!r}", edge, panel)
        for name, point in panel.points.items():
            for symbol, expr in point.handles(self.draggable).items():
                if symbol not in self.draggable:
                    raise ValueError(f"point {name!r}: expected to drag a slider's symbol; got {symbol}")
                self.tree(f"point {name!r}, dragged", expr, POINTER)
            for family in point.families:
                if family not in self.draggable:
                    known = ", ".join(str(entries.family) for entries in self.lists) or "none"
                    raise ValueError(f"point {name!r}: expected members of Entries, {known}; got {family}")

    def _require_finite(self, name: str, curve: sp.Expr, panel: Panel) -> None:
        if curve.free_symbols & set(self.guesses):
            return  # it is seen when the reader has guessed
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
