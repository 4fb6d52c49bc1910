"""The figure as HTML, and its formulas as the script that moves it."""

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from lossnotes import printing
from lossnotes.assets import in_script, script, text
from lossnotes.figures import sample
from lossnotes.figures.controls import Control, Menu, Slider
from lossnotes.figures.declare import Declaration
from lossnotes.figures.draw import HEAD, TURN, Drawing
from lossnotes.figures.frames import FINE, GAP, Frame
from lossnotes.figures.panel import POINTER, SAMPLES, Arrows, Panel, Point
from lossnotes.printing import digits, javascript_function

#: Significant digits of a read-out.
SHOWN = 6


def markup(declaration: Declaration, drawings: Sequence[Drawing], frame: Frame | None = None) -> str:
    """The figure before any script runs: first picture, first read-outs, controls hidden."""
    panels = "".join(
        f'<div class="ln-panel" style="flex:{d.figure.get_figwidth():g} 1 {_pixels(d, 0.75)}px;'
        f'max-width:{_pixels(d, 1.45)}px">{d.svg}</div>'
        for d in drawings
    )
    controls = "".join(_control(control) for control in declaration.controls)
    buttons = "".join(
        f'<button type="button" data-do="{name}">{label}</button>'
        for name, label in (("reset", "Reset"), ("link", "Link to this"), ("save", "Save picture"))
    )
    return (
        f'<figure class="ln-figure ln-explore" id="{html.escape(declaration.identifier)}">'
        f"<style>{text('figure.css')}</style>"
        f'<div class="ln-panels" role="img" aria-label="{html.escape(declaration.alt)}">{panels}</div>'
        f'<div class="ln-controls" hidden>{controls}<div class="ln-buttons">{buttons}</div></div>'
        f"{_readouts(declaration, frame)}"
        f"<figcaption>{html.escape(declaration.caption)}</figcaption></figure>"
    )


def module(declaration: Declaration, drawings: Sequence[Drawing]) -> str:
    """The ES module of this figure: its formulas as JavaScript, and the script that all figures share."""
    return f"const FIGURE = {_figure(declaration, drawings)};\n{script('shared.js', 'figure.js')}"


def static_page(declaration: Declaration, markup: str, module: str, frames: Sequence[Any]) -> str:
    """The figure and its script, complete in itself: needs no kernel and no server."""
    grid = [len(control.positions) for control in declaration.controls]
    table = f"Object.assign(FIGURE, {{grid:{in_script(grid)},frames:{in_script(frames)}}});\n" if frames else ""
    start = f"mountPage(document.getElementById({in_script(declaration.identifier)}));"
    return f'{markup}<script type="module">{module}\n{table}{start}</script>'


def kernel_readouts(declaration: Declaration, values: Sequence[float]) -> list[list[str]]:
    """Each read-out by NumPy and to 50 digits, at these positions of the controls."""
    position = dict(zip(declaration.symbols, values, strict=True))
    with np.errstate(all="ignore"):  # a read-out may be infinite
        return [
            [f"{float(function(*values)):.17g}", _to_fifty_digits(expr, position)]
            for function, expr in zip(declaration.readout_functions, declaration.readouts.values(), strict=True)
        ]


def _to_fifty_digits(expr: sp.Expr, position: Mapping[sp.Symbol, float]) -> str:
    try:
        return str(digits(expr, position))
    except ValueError:  # no finite real value here, as of 1/z at 0
        return printing.shown(math.nan, SHOWN)


def shown(value: float) -> str:
    """A number as a read-out or a slider shows it."""
    return printing.shown(value, SHOWN)


def _pixels(drawing: Drawing, scale: float) -> int:
    # Below three quarters of its size a panel's words become too small to read.
    return round(scale * drawing.figure.get_figwidth() * 72)


def _control(control: Control) -> str:
    label = f"<span>{html.escape(control.label)}</span>"
    if isinstance(control, Slider):
        # A screen reader has the value from the slider itself.
        value = f'<span class="ln-value" aria-hidden="true">{shown(control.value)}</span>'
        return f'<div class="ln-slider">{value}<label>{label}{_range(control)}</label></div>'
    return f'<div class="ln-menu"><label>{label}{_select(control)}</label></div>'


def _range(slider: Slider) -> str:
    return (
        f'<input type="range" data-key="{slider.key}" min="{slider.low!r}" max="{slider.high!r}" '
        f'step="{slider.step!r}" value="{slider.value!r}">'
    )


def _select(menu: Menu) -> str:
    options = "".join(
        f'<option value="{number}"{" selected" if number == menu.value else ""}>{html.escape(name)}</option>'
        for number, name in enumerate(menu.options)
    )
    return f'<select data-key="{menu.key}">{options}</select>'


def _readouts(declaration: Declaration, frame: Frame | None) -> str:
    if frame:
        numbers = dict(frame.readouts)
    else:
        pairs = zip(declaration.readouts, declaration.readout_functions, strict=True)
        with np.errstate(all="ignore"):  # a read-out may be infinite
            numbers = {name: float(function(*declaration.values)) for name, function in pairs}
    if not numbers:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{shown(value)}</td></tr>' for name, value in numbers.items()
    )
    return f'<div role="status"><table class="ln-readouts">{rows}</table></div>'


def _figure(declaration: Declaration, drawings: Sequence[Drawing]) -> str:
    panels = ",".join(_panel(declaration, *pair) for pair in zip(declaration.panels, drawings, strict=True))
    readouts = ",".join(javascript_function(expr, declaration.symbols) for expr in declaration.readouts.values())
    settings = {
        "samples": SAMPLES,
        "digits": SHOWN,
        "head": HEAD,
        "turn": TURN,
        "steep": sample.STEEP,
        "halvings": sample.HALVINGS,
        "kept": sample.KEPT,
        "fine": FINE,
        "gap": GAP,
    }
    constants = ",".join(f"{name}:{value}" for name, value in settings.items())
    return f"{{{constants},panels:[{panels}],readouts:[{readouts}],grid:[],frames:[]}}"


def _panel(declaration: Declaration, panel: Panel, drawing: Drawing) -> str:
    over_x = [panel.x[0], *declaration.symbols]
    parts = {
        "box": in_script([drawing.left, drawing.top, drawing.width, drawing.height]),
        "x": in_script(drawing.x),
        "y": in_script(drawing.y),
        "log": in_script(["x" in panel.log, "y" in panel.log]),
        "span": in_script(panel.x[1:]),
        "curves": _listed(javascript_function(curve, over_x) for curve in panel.curves.values()),
        "bands": _listed(_functions(edges, over_x) for edges in panel.bands.values()),
        "points": _listed(_point(point, declaration) for point in panel.points.values()),
        "arrows": _listed(_arrows(arrows, declaration) for arrows in panel.arrows.values()),
    }
    return "{" + ",".join(f"{name}:{code}" for name, code in parts.items()) + "}"


def _point(point: Point, declaration: Declaration) -> str:
    """Where the point is, and for each slider that dragging moves its number and its new value."""
    symbols = declaration.symbols
    handles = _listed(
        f"[{symbols.index(symbol)},{javascript_function(expr, [*POINTER, *symbols])}]"
        for symbol, expr in point.handles(symbols).items()
    )
    return f"{{at:{_functions((point.x, point.y), symbols)},drag:{handles}}}"


def _arrows(arrows: Arrows, declaration: Declaration) -> str:
    parts = _functions((*arrows.start, *arrows.step), [*arrows.at, *declaration.symbols])
    return f"{{places:{in_script(np.asarray(arrows.places).tolist())},parts:{parts}}}"


def _functions(expressions: Sequence[sp.Expr], arguments: Sequence[sp.Symbol]) -> str:
    return _listed(javascript_function(expr, arguments) for expr in expressions)


def _listed(codes: Any) -> str:
    return f"[{','.join(codes)}]"
