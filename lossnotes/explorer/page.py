"""The figure as HTML, and its formulas as the script that moves it."""

import html
import json
from collections.abc import Sequence
from typing import Any

import sympy as sp

from lossnotes.assets import text
from lossnotes.explorer.declare import SAMPLES, Declaration, Panel, Slider
from lossnotes.explorer.draw import Drawing
from lossnotes.printing import digits, javascript_function

#: Significant digits of a read-out.
SHOWN = 6


def markup(declaration: Declaration, drawings: Sequence[Drawing]) -> str:
    """The figure before any script runs: first picture, first read-outs, sliders hidden."""
    panels = "".join(
        f'<div class="ln-panel" style="flex:{d.figure.get_figwidth():g} 1 {_narrowest(d)}px">{d.svg}</div>'
        for d in drawings
    )
    sliders = "".join(_slider(slider) for slider in declaration.sliders)
    return (
        f'<figure class="ln-figure ln-explore" id="{html.escape(declaration.identifier)}">'
        f"<style>{text('figure.css')}</style>"
        f'<div class="ln-panels">{panels}</div>'
        f'<div class="ln-controls" hidden>{sliders}<button type="button">Reset</button></div>'
        f"{_readouts(declaration)}"
        f"<figcaption>{html.escape(declaration.caption)}</figcaption></figure>"
    )


def module(declaration: Declaration, drawings: Sequence[Drawing]) -> str:
    """The ES module of this figure: its formulas as JavaScript, and the script that all figures share."""
    return f"const FIGURE = {_figure(declaration, drawings)};\n{text('figure.js')}"


def static_page(declaration: Declaration, drawings: Sequence[Drawing]) -> str:
    """The figure and its script, complete in itself: needs no kernel and no server."""
    identifier = _json(declaration.identifier)
    start = f"mount(document.getElementById({identifier}), pageStore());"
    return f'{markup(declaration, drawings)}<script type="module">{module(declaration, drawings)}\n{start}</script>'


def kernel_readouts(declaration: Declaration, values: Sequence[float]) -> list[list[str]]:
    """Each read-out by NumPy and to 50 digits, at these positions of the sliders."""
    position = dict(zip(declaration.symbols, values, strict=True))
    return [
        [f"{float(function(*values)):.17g}", str(digits(expr, position))]
        for function, expr in zip(declaration.readout_functions, declaration.readouts.values(), strict=True)
    ]


def shown(value: float) -> str:
    """A number as the script shows it: JavaScript's ``toPrecision``, without trailing zeros.

    Examples
    --------
    >>> shown(-0.5), shown(1234567.0), shown(1e-5)
    ('−0.5', '1.23457e6', '0.00001')
    """
    digits, exponent = f"{value:.{SHOWN - 1}e}".split("e")
    power = int(exponent)
    if -7 < power < SHOWN:
        digits, power = f"{value:.{SHOWN - 1 - power}f}", 0
    short = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return (f"{short}e{power}" if power else short).replace("-", "−")


def _narrowest(drawing: Drawing) -> int:
    # Below three quarters of its size a panel's words become too small to read.
    return round(0.75 * drawing.figure.get_figwidth() * 72)


def _slider(slider: Slider) -> str:
    label = html.escape(slider.label)
    # A screen reader has the value from the slider itself.
    value = f'<span class="ln-value" aria-hidden="true">{shown(slider.value)}</span>'
    return (
        f'<div class="ln-slider">{value}<label><span>{label}</span>'
        f'<input type="range" data-key="{slider.key}" min="{slider.low!r}" max="{slider.high!r}" '
        f'step="{slider.step!r}" value="{slider.value!r}"></label></div>'
    )


def _readouts(declaration: Declaration) -> str:
    if not declaration.readouts:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{shown(float(function(*declaration.values)))}</td></tr>'
        for name, function in zip(declaration.readouts, declaration.readout_functions, strict=True)
    )
    return f'<div role="status"><table class="ln-readouts">{rows}</table></div>'


def _figure(declaration: Declaration, drawings: Sequence[Drawing]) -> str:
    panels = ",".join(_panel(declaration, *pair) for pair in zip(declaration.panels, drawings, strict=True))
    readouts = ",".join(javascript_function(expr, declaration.symbols) for expr in declaration.readouts.values())
    return f"{{samples:{SAMPLES},digits:{SHOWN},panels:[{panels}],readouts:[{readouts}]}}"


def _panel(declaration: Declaration, panel: Panel, drawing: Drawing) -> str:
    over_x = [panel.x[0], *declaration.symbols]
    curves = ",".join(javascript_function(curve, over_x) for curve in panel.curves.values())
    bands = ",".join(_functions(edges, over_x) for edges in panel.bands.values())
    points = ",".join(_functions(place, declaration.symbols) for place in panel.points.values())
    box = _json([drawing.left, drawing.top, drawing.width, drawing.height])
    axes = f"box:{box},x:{_json(drawing.x)},y:{_json(drawing.y)}"
    return f"{{{axes},curves:[{curves}],bands:[{bands}],points:[{points}]}}"


def _functions(expressions: Sequence[sp.Expr], arguments: Sequence[sp.Symbol]) -> str:
    return f"[{','.join(javascript_function(expr, arguments) for expr in expressions)}]"


def _json(value: Any) -> str:
    """JSON that cannot end the script element that it stands in."""
    return json.dumps(value).replace("<", "\\u003c")
