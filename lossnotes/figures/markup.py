"""The figure as HTML, and what the script that moves it needs to know."""

import html
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from lossnotes import printing
from lossnotes.assets import UNTOUCHED
from lossnotes.figures import run as runs
from lossnotes.figures.controls import Menu, Slider, as_key
from lossnotes.figures.declaration import FigureDeclaration
from lossnotes.figures.entries import FEWEST, MOST, Entries
from lossnotes.figures.frames import Frame
from lossnotes.figures.letters import is_large
from lossnotes.figures.members import reach
from lossnotes.figures.panel import POINTER, SAMPLES, Arrows, Panel, Point
from lossnotes.figures.plot import PlottedPanel
from lossnotes.figures.run import Run
from lossnotes.figures.typed import Control, Formula
from lossnotes.numerical import Numerical
from lossnotes.printing import digits
from lossnotes.trees import Tree

#: Significant digits of a slider, whose steps may need them.
_OF_SLIDER = 6


def markup(declaration: FigureDeclaration, plots: Sequence[PlottedPanel], frame: Frame | None = None) -> str:
    """The figure before any script runs: first picture, first read-outs, controls hidden."""
    panels = "".join(
        f'<div class="{_kind(plot)}" style="flex:{plot.figure.get_figwidth():g} 1 {_pixels(plot, 0.75)}px;'
        f'max-width:{_pixels(plot, 1.45)}px">{plot.svg}</div>'
        for plot in plots
    )
    controls = "".join(_control(control, declaration.identifier) for control in declaration.controls)
    buttons = "".join(
        f'<button type="button" data-do="{name}">{label}</button>'
        for name, label in (("reset", "Reset"), ("link", "Link to this"), ("save", "Save picture"))
    )
    kind = "ln-figure ln-explore" + (" ln-wide full-width" if declaration.wide else "")
    return (
        f'<figure class="{kind}" id="{html.escape(declaration.identifier)}">'
        f'<div class="ln-panels" role="img" aria-label="{html.escape(declaration.alt)}">{panels}</div>'
        f'<div class="ln-controls" hidden>{controls}{runs.markup(declaration.runs) if declaration.runs else ""}'
        f'<div class="ln-buttons">{buttons}</div></div>'
        f"{_readouts(declaration, frame)}"
        f"<figcaption>{html.escape(declaration.caption)}</figcaption></figure>"
    )


def kernel_readouts(
    declaration: FigureDeclaration, values: Sequence[float], typed: Collection[sp.Symbol] = ()
) -> list[list[str]]:
    """Each read-out by NumPy and to 50 digits, at these positions of the controls.

    Nothing for what holds a formula that a reader has ``typed``: Python does not read it. What is searched
    for has no 50 digits.
    """
    position = dict(zip(declaration.symbols, values, strict=True))
    rows = zip(declaration.readout_functions, declaration.readouts.values(), strict=True)
    with np.errstate(all="ignore"):  # a read-out may be infinite
        return [
            ["", ""]
            if expr.free_symbols.intersection(typed)
            else [f"{float(function(*values)):.17g}", _to_fifty_digits(declaration.settled(expr), position)]
            for function, expr in rows
        ]


def _to_fifty_digits(expr: sp.Expr, position: Mapping[sp.Symbol, float]) -> str:
    if expr.has(Numerical):
        return ""
    try:
        return str(digits(expr, position))
    except printing.VanishingError:  # no digit of it differs from 0
        return "0"
    except ValueError:  # no finite real value here, as of 1/z at 0
        return printing.shown(math.nan, 1)


def _kind(plot: PlottedPanel) -> str:
    return "ln-panel ln-large" if is_large(plot.figure.get_figwidth()) else "ln-panel"


def _pixels(plot: PlottedPanel, scale: float) -> int:
    # Below three quarters of its size a panel's words become too small to read.
    return round(scale * plot.figure.get_figwidth() * 72)


def _control(control: Control, identifier: str) -> str:
    label = f"<span>{html.escape(control.label)}</span>"
    if isinstance(control, Formula):
        return _field(control, label, html.escape(f"{identifier}-{control.key}-note"))
    if isinstance(control, Entries):
        return _entries(control, label, html.escape(f"{identifier}-{control.key}-note"))
    if isinstance(control, Slider):
        # A screen reader has the value from the slider itself.
        value = f'<span class="ln-value" aria-hidden="true">{printing.shown(control.value, _OF_SLIDER)}</span>'
        return f'<div class="ln-slider">{value}<label>{label}{_range(control)}</label></div>'
    return f'<div class="ln-menu"><label>{label}{_select(control)}</label></div>'


def _range(slider: Slider) -> str:
    return (
        f'<input type="range" data-key="{slider.key}" min="{slider.low!r}" max="{slider.high!r}" '
        f'step="{slider.step!r}" value="{slider.value!r}">'
    )


def _field(formula: Formula, label: str, note: str) -> str:
    text = html.escape(formula.text)
    field = f'<input type="text" data-key="{formula.key}" value="{text}" aria-describedby="{note}" {UNTOUCHED}>'
    options = "".join(
        f'<option value="{html.escape(formula.typed(expr))}">{html.escape(name)}</option>'
        for name, expr in formula.presets.items()
    )
    presets = f'<select data-presets="{formula.key}" aria-label="Formulas to choose"><option value="">your own</option>'
    return (
        f'<div class="ln-typed"><label>{label}{field}</label>{f"{presets}{options}</select>" if options else ""}'
        f'<p class="ln-note" id="{note}" data-note="{formula.key}" role="status"></p></div>'
    )


def _entries(entries: Entries, label: str, note: str) -> str:
    """A list: its field, what draws it anew, and room for what the keyboard moves each point by."""
    value = f'data-key="{entries.key}" value="{", ".join(f"{number:.12g}" for number in entries.values)}"'
    if entries.field:
        field = f'<label>{label}<input type="text" {value} aria-describedby="{note}" {UNTOUCHED}></label>'
    else:
        field = f'<span class="ln-label">{label}</span><input type="hidden" {value}>'
    # The seed before the list: what is set last holds.
    seed = entries.draws and f'<input type="hidden" data-key="{entries.seed_key}" value="{entries.draws.seed}">'
    draw = entries.draws and (
        f'<span><button type="button" data-draw="{entries.key}">Draw</button> '
        f'<span data-seed="{entries.key}" role="status">seed {entries.draws.seed}</span></span>'
    )
    return (
        f'<div class="ln-typed ln-entries">{seed or ""}{field}<span class="ln-grips" role="group" '
        f'aria-label="{html.escape(entries.label)}" data-grips="{entries.key}"></span>{draw or ""}'
        f'<p class="ln-note" id="{note}" data-note="{entries.key}" role="status"></p></div>'
    )


def _select(menu: Menu) -> str:
    options = "".join(
        f'<option value="{number}"{" selected" if number == menu.value else ""}>{html.escape(name)}</option>'
        for number, name in enumerate(menu.options)
    )
    return f'<select data-key="{menu.key}">{options}</select>'


def _readouts(declaration: FigureDeclaration, frame: Frame | None) -> str:
    numbers = _numbers(declaration, frame)
    if not numbers:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>{_number(value, declaration.digits)}</tr>'
        for name, value in numbers.items()
    )
    return f'<div role="status"><table class="ln-readouts">{rows}</table></div>'


def _numbers(declaration: FigureDeclaration, frame: Frame | None) -> dict[str, float]:
    """What each read-out says at first."""
    if frame:
        return dict(frame.readouts)
    pairs = zip(declaration.readouts, declaration.readout_functions, strict=True)
    with np.errstate(all="ignore"):  # a read-out may be infinite
        return {name: float(function(*declaration.values)) for name, function in pairs}


def _number(value: float, digits: int) -> str:
    """A cell of a table; under a mouse it shows all digits."""
    exact = f' title="{float(value)!r}"' if math.isfinite(value) else ""
    return f"<td{exact}>{printing.shown(value, digits)}</td>"


def data(declaration: FigureDeclaration, plots: Sequence[PlottedPanel], frame: Frame | None = None) -> dict[str, Any]:
    """The formulas of the figure as trees, and where their values stand on the picture."""
    steps = [run.steps for run in declaration.runs]
    said = _numbers(declaration, frame)
    return {
        "kind": "figure",
        "samples": SAMPLES,
        "digits": declaration.digits,
        "keys": declaration.keys,
        "counters": [
            [as_key(count), start and as_key(start)] for count, start in runs.counters(declaration.runs).items()
        ],
        "typed": [
            {"key": formula.key, "names": formula.names, "span": declaration.span(formula)}
            for formula in declaration.formulas
        ],
        "lists": [_list(entries, declaration) for entries in declaration.lists],
        "runs": [_run(run, declaration) for run in declaration.runs],
        "panels": [_panel(declaration, *pair) for pair in zip(declaration.panels, plots, strict=True)],
        "readouts": [declaration.tree(name, expr) for name, expr in declaration.readouts.items()],
        "whole": [n for n, expr in enumerate(declaration.readouts.values()) if expr in steps],
        # For those who link to the figure, veil its parts or watch them. JSON holds finite numbers only.
        "controls": {
            **{control.key: _ends(control) for control in declaration.controls},
            **{entries.seed_key: [0.0, 2.0**32 - 1, 1.0] for entries in declaration.lists if entries.draws},
        },
        "said": [[name, value if math.isfinite(value) else None] for name, value in said.items()],
        "parts": [_parts(panel, frame) for panel in declaration.panels],
        "guesses": {as_key(symbol): name for symbol, name in declaration.guesses.items()},
        "positions": {name: _position(declaration, moves) for name, moves in declaration.positions.items()},
    }


def _ends(control: Control) -> list[float] | None:
    """The lowest and the highest value of a control, and the step between two; nothing for one that takes text."""
    if isinstance(control, Formula | Entries):
        return None
    if isinstance(control, Slider):
        return [control.low, control.high, control.step]
    return [control.low, control.high, 1.0]


def _position(declaration: FigureDeclaration, moves: Mapping[sp.Basic, Any]) -> dict[str, float | str | list[float]]:
    typed = {formula.symbol: formula for formula in declaration.formulas}
    lists = {entries.family for entries in declaration.lists}

    def plain(moved: sp.Basic, value: Any) -> float | str | list[float]:
        if moved in typed:
            return typed[moved].typed(value)
        return [float(number) for number in value] if moved in lists else float(value)

    return {as_key(moved): plain(moved, value) for moved, value in moves.items()}


def _list(entries: Entries, declaration: FigureDeclaration) -> dict[str, Any]:
    """A list's start, how long it may be, how it is drawn, and between which ends its points are dragged."""
    shared = [other for other in declaration.lists if other.size == entries.size]
    count = len(entries.values)
    draws = entries.draws
    return {
        "key": entries.key,
        "size": as_key(entries.size),
        "label": entries.label,
        "start": entries.values,
        "limits": [FEWEST, MOST] if len(shared) == 1 else [count, count],
        "reach": reach(entries, declaration.panels),
        "seed": entries.seed_key,
        "draws": draws
        and {"kind": draws.kind, "parameters": draws.parameters, "count": draws.count, "seed": draws.seed}
        | {"far": draws.far},
    }


def _parts(panel: Panel, frame: Frame | None) -> list[list[str]]:
    """What each moving part of a panel is called in the picture, and by the author."""
    kinds = {"curve": frame.curves if frame else panel.curves, "band": panel.bands, "point": panel.points}
    named = {**kinds, "arrows": panel.arrows}
    return [[f"{kind}-{n}", name] for kind, parts in named.items() for n, name in enumerate(parts)]


def _panel(declaration: FigureDeclaration, panel: Panel, plot: PlottedPanel) -> dict[str, Any]:
    def tree(expr: sp.Expr) -> Tree:
        return declaration.tree("", expr, panel.x[:1])

    return {
        "box": [plot.left, plot.top, plot.width, plot.height],
        "x": plot.x,
        "y": plot.y,
        "log": ["x" in panel.log, "y" in panel.log],
        "axis": as_key(panel.x[0]),
        "span": panel.x[1:],
        "curves": [tree(curve) for curve in panel.curves.values()],
        "bands": [[tree(edge) for edge in edges] for edges in panel.bands.values()],
        "points": [_point(point, declaration) for point in panel.points.values()],
        "arrows": [_arrows(arrows, declaration) for arrows in panel.arrows.values()],
    }


def _run(run: Run, declaration: FigureDeclaration) -> dict[str, Any]:
    """What moves by what, when it ends, and where it leaves its dots."""
    sliders = {control.symbol: control for control in declaration.numbers}
    return {
        "name": run.name,
        "goal": run.goal,
        "keys": [as_key(variable) for variable in run.variables],
        "ends": [(sliders[variable].low, sliders[variable].high) for variable in run.variables],
        "slopes": [declaration.tree("", slope) for slope in run.slopes],
        "size": declaration.tree("", run.size),
        "until": None if run.ends is None else declaration.tree("", run.ends),
        "most": int(run.most),
        "steps": as_key(run.steps),
        "places": [as_key(place) for place in run.places],
        "follows": runs.follows(run, declaration.runs),
        "panel": run.panel,
        "at": [declaration.tree("", part) for part in run.dot],
        "methods": run.methods,
        "menu": run.method.key if isinstance(run.method, Menu) else None,
    }


def _point(point: Point, declaration: FigureDeclaration) -> dict[str, Any]:
    """Where the point is, and for each slider that dragging moves its key and its new value."""
    handles = point.handles(declaration.draggable).items()
    return {
        "index": None if point.index is None else as_key(point.index),
        "list": as_key(point.families[0]) if point.index is not None else None,
        "at": [declaration.tree("", part, point.own) for part in (point.x, point.y)],
        "drag": [[as_key(symbol), declaration.tree("", expr, POINTER)] for symbol, expr in handles],
    }


def _arrows(arrows: Arrows, declaration: FigureDeclaration) -> dict[str, Any]:
    return {
        "places": np.asarray(arrows.places).tolist(),
        "names": [as_key(symbol) for symbol in arrows.at],
        "parts": [declaration.tree("", part, arrows.at) for part in (*arrows.start, *arrows.step)],
        "number": None if arrows.number is None else declaration.tree("", arrows.number, arrows.at),
    }
