"""The bench as HTML, and what its script needs to know."""

import html
import math
import re
from collections.abc import Sequence
from typing import Any

import sympy as sp

from lossnotes.assets import MATH, UNTOUCHED, display_math
from lossnotes.benches.bench_curve import PlottedCurve, X, Y
from lossnotes.benches.measured import agreeing, central
from lossnotes.benches.tested import MOST, BenchDeclaration, Line, Values
from lossnotes.exercises.question import spellings
from lossnotes.figures.controls import Slider
from lossnotes.figures.entries import FEWEST, Entries
from lossnotes.printing import latex
from lossnotes.words import NO_MATH, words

#: Significant digits of a slope.
SHOWN = 10
#: What a text says of slopes that are the same to the last bit.
SAME = 16


def markup(bench: BenchDeclaration, curve: PlottedCurve | None) -> str:
    """The bench before any script runs: formulas, the table and the curve at the start, and nothing to set."""
    identifier = html.escape(bench.identifier)
    return (
        f'<div class="ln-bench {MATH}" id="{identifier}" role="group" aria-label="Bench">'
        f"{_known(bench)}{_lines(bench)}{_inputs(bench)}{_table(bench)}{_likelihood(bench)}{_curve(bench, curve)}</div>"
    )


def plain(bench: BenchDeclaration) -> str:
    """The bench where there is no HTML."""
    rows = []
    for line, place in bench.rows(bench.starts):
        measured = bench.measured(line, place, bench.starts)
        name = _text(line, place)
        by_differences = central(measured.line, measured.x, bench.h)
        rows.append(f"slope in {name}: derived {fixed(measured.derived)}, measured {fixed(by_differences)}")
    return "\n".join([f"{bench.letter} = {bench.quantity}", *rows])


def fixed(value: float) -> str:
    """A number as the script shows it: so many significant digits, zeros at the end included.

    >>> fixed(-0.05), fixed(1.5e-8), fixed(float("nan"))
    ('−0.05000000000', '1.500000000e−8', 'undefined')
    """
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else "∞" if value > 0 else "−∞"
    power = int(f"{value:.{SHOWN - 1}e}".partition("e")[2])
    if value == 0:
        text = "0"
    elif -7 < power < SHOWN:
        text = f"{value:.{SHOWN - 1 - power}f}"
    else:
        text = f"{value:.{SHOWN - 1}e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return text.replace("-", "−")


# What is tested


def _known(bench: BenchDeclaration) -> str:
    moved = _listed([_entry_name(line) for line in bench.lines])
    if not bench.lines:
        return f"<p>The bench knows the {bench.what} and the density:</p>{display_math(_formula(bench))}"
    return (
        f"<p>The bench knows only the {html.escape(bench.what)}:</p>{display_math(_formula(bench))}"
        f"<p>It moves {moved} by a small step <i>h</i> to either side and divides the change of "
        f"\\({latex(bench.letter)}\\) by 2<i>h</i>. That is the measured slope.</p>"
    )


def _formula(bench: BenchDeclaration) -> str:
    return f"{latex(bench.letter)} = {latex(bench.written)}"


def _entry_name(line: Line) -> str:
    name = f"\\({latex(line.variable)}\\)"
    return name if line.index is None else f"each {name}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names or [""]
    return f"{', '.join(most)}, then {last}" if most else last


def _lines(bench: BenchDeclaration) -> str:
    return "".join(_line(bench, n) for n in range(len(bench.lines))) + _where(bench)


def _line(bench: BenchDeclaration, number: int) -> str:
    line = bench.lines[number]
    identifier = f"{html.escape(bench.identifier)}-line-{number}"
    slope = rf"\partial {latex(bench.letter)}/\partial {latex(line.variable)}"
    return (
        f'<div class="ln-line" data-line="{number}"><p class="ln-still">\\({slope} = {latex(line.slope)}\\)</p>'
        f'<div class="ln-controls" hidden><label for="{identifier}">\\({slope} =\\)</label>'
        f'<input type="text" id="{identifier}" aria-label="Slope in {html.escape(str(line.variable))}" '
        f'aria-describedby="{identifier}-state {identifier}-fault" {UNTOUCHED}>'
        f'<span class="ln-state" id="{identifier}-state">the derived line</span>'
        f'<button type="button" data-do="derived" hidden>Back to the derived line</button></div>'
        f'<p class="ln-fault {NO_MATH}" id="{identifier}-fault" role="status"></p></div>'
    )


def _where(bench: BenchDeclaration) -> str:
    if not bench.where or not bench.lines:
        return ""
    named = ", ".join(f"\\({latex(symbol)} = {latex(meaning)}\\)" for symbol, meaning in bench.where.items())
    return f'<p class="ln-where">where {named}</p>'


# What the reader sets


def _inputs(bench: BenchDeclaration) -> str:
    fields = "".join(_entries(bench, c) if isinstance(c, Entries) else _number(bench, c) for c in bench.controls)
    more = (
        '<button type="button" data-do="more">One entry more</button>'
        '<button type="button" data-do="fewer">One fewer</button>'
        if bench.families
        else ""
    )
    presets = "".join(
        f'<button type="button" data-preset="{number}">{words(label)}</button>'
        for number, label in enumerate(bench.presets)
    )
    buttons = f'<div class="ln-buttons">{presets}{more}<button type="button" data-do="reset">Reset</button></div>'
    return f'<div class="ln-inputs ln-controls" hidden>{fields}{buttons}</div>{_still(bench)}'


def _still(bench: BenchDeclaration) -> str:
    """Where the controls stand, for whoever has none."""
    places = "; ".join(f"{words(control.label)}: {_given(bench.starts[control.key])}" for control in bench.controls)
    return f'<p class="ln-still">{places}; <i>h</i> = {_step(bench.h)}</p>'


def _given(value: float | Sequence[float]) -> str:
    """Numbers as a field holds them."""
    numbers = value if isinstance(value, Sequence) else (value,)
    return ", ".join(f"{number:.12g}" for number in numbers)


def _step(h: float) -> str:
    """A step as its field holds it.

    >>> _step(1e-5), _step(0.1), _step(3.16e-8)
    ('1e-5', '0.1', '3.16e-8')
    """
    return f"{h:g}" if h >= 1e-3 else f"{h:.3g}".replace("e-0", "e-")


def _number(bench: BenchDeclaration, slider: Slider) -> str:
    identifier = f"{html.escape(bench.identifier)}-{slider.key}"
    label = words(slider.label)
    start = _given(slider.value)
    return (
        f'<div class="ln-input"><label for="{identifier}">{label}</label>'
        f'<input type="text" id="{identifier}" data-key="{slider.key}" value="{start}" '
        f'aria-label="{_spoken(slider.label)}" aria-describedby="{identifier}-fault" {UNTOUCHED}>'
        f'<input type="range" data-slides="{slider.key}" aria-label="{_spoken(slider.label)}, slider" '
        f'min="{slider.low!r}" max="{slider.high!r}" step="{slider.step!r}" value="{slider.value!r}">'
        f'<p class="ln-fault {NO_MATH}" id="{identifier}-fault" role="status"></p></div>'
    )


def _spoken(label: str) -> str:
    r"""A label without the signs of math.

    >>> _spoken(r"row $\mu$")
    'row mu'
    """
    return html.escape(re.sub(r"[$\\{}]", "", label))


def _entries(bench: BenchDeclaration, entries: Entries) -> str:
    identifier = f"{html.escape(bench.identifier)}-{entries.key}"
    return (
        f'<div class="ln-input ln-list"><label for="{identifier}">{words(entries.label)}</label>'
        f'<input type="text" id="{identifier}" data-key="{entries.key}" value="{_given(entries.values)}" '
        f'aria-label="{_spoken(entries.label)}" '
        f'aria-describedby="{identifier}-fault" {UNTOUCHED}>'
        f'<p class="ln-fault {NO_MATH}" id="{identifier}-fault" role="status"></p></div>'
    )


# What comes of it


def _table(bench: BenchDeclaration) -> str:
    if not bench.lines:
        return ""
    rows, near = [], False
    for line, place in bench.rows(bench.starts):
        measured = bench.measured(line, place, bench.starts)
        near |= measured.near_zero
        by_differences = central(measured.line, measured.x, bench.h)
        digits = agreeing(measured.apart(bench.h))
        rows.append(
            f'<tr><th scope="row">{_row_name(line, place)}</th><td>{fixed(measured.derived)}</td>'
            f"<td>{_split(fixed(by_differences), digits, measured.near_zero)}</td>"
            f"<td>{_count(digits, measured.near_zero)}</td></tr>"
        )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("slope in", "line", "measured", "agree in"))
    hidden = "" if near else " hidden"
    return (
        f'<div class="ln-scroll"><table class="ln-slopes {NO_MATH}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f'<p class="ln-near"{hidden}>A slope that is 0 but for rounding has no first digit: places after the point '
        "are counted.</p>"
    )


def _row_name(line: Line, place: int | None) -> str:
    return f"<i>{html.escape(_name(line))}</i>" + ("" if place is None else f"<sub>{place}</sub>")


def _name(line: Line) -> str:
    base = line.variable.base if isinstance(line.variable, sp.Indexed) else line.variable
    return spellings(sp.Symbol(str(base)))[0]


def _text(line: Line, place: int | None) -> str:
    return str(line.variable) if place is None else f"{line.variable.base}[{place}]"


def _count(digits: float, near_zero: bool) -> str:
    if math.isinf(digits):
        return "the same to the last bit"
    unit = "place" if near_zero else "digit"
    return f"{digits:g} {unit}" + ("" if digits == 1 else "s")


def _split(text: str, digits: float, near_zero: bool) -> str:
    """The digits that agree, and the others faded."""
    if near_zero or digits >= SHOWN:
        return text
    seen = 0
    for at, sign in enumerate(text):
        if seen == digits and (seen or sign.isdigit()):
            return f'{text[:at]}<span class="ln-off">{text[at:]}</span>'
        seen += sign.isdigit() and (seen > 0 or sign != "0")
    return text


def _likelihood(bench: BenchDeclaration) -> str:
    if not bench.likelihood:
        return ""
    density, constant = bench.likelihood
    cost, loss, expected = bench.costs(bench.starts)
    rows = (
        (r"\(-\ln\)&nbsp;density", cost),
        (html.escape(bench.what), loss),
        ("difference", cost - loss),
        (f"derived: \\({latex(constant)}\\)", expected),
    )
    body = "".join(f'<tr><th scope="row">{name}</th><td>{fixed(value)}</td></tr>' for name, value in rows)
    without = [line.variable for line in bench.lines if line.variable not in constant.free_symbols]
    names = " or ".join(f"\\({latex(variable)}\\)" for variable in without)
    reason = f" It has no {names} in it, so moving {names} cannot change it." if names else ""
    told = (
        f"<p>The density is \\({latex(density)}\\). On paper, minus its logarithm and the {html.escape(bench.what)} "
        f"differ by \\({latex(constant)}\\).{reason}</p>"
        f'<div class="ln-scroll"><table class="ln-costs"><tbody>{body}</tbody></table></div>'
    )
    if bench.lines or not bench.typed:
        return told
    # The constant gives the asked line away.
    fold = f'<details class="ln-veil" data-guess="{html.escape(str(bench.typed))}"><summary>Show me</summary>'
    return f"{fold}{told}</details>"


def _curve(bench: BenchDeclaration, curve: PlottedCurve | None) -> str:
    if not curve:
        return ""
    identifier = f"{html.escape(bench.identifier)}-h"
    left, width = (100 * part / curve.size[0] for part in (curve.box[0], curve.box[2]))
    power = math.log10(bench.h)
    alt = (
        "How far the line and the measured slope are apart, over the step h from 1e-15 to 0.1: "
        "on the right the width of the step sets them apart, on the left rounding."
    )
    return (
        f'<div class="ln-steps"><div class="ln-plot"><div role="img" aria-label="{alt}">{curve.svg}</div>'
        f'<div class="ln-controls ln-h" hidden><div><input type="range" class="ln-step" data-slides="h" '
        f'min="-15" max="-1" step="0.25" '
        f'value="{power:.12g}" aria-label="Step h, slider" style="margin-left:calc({left:.2f}% - 8px);'
        f'width:calc({width:.2f}% + 16px)"></div><label for="{identifier}">Step <i>h</i></label>'
        f'<input type="text" id="{identifier}" data-key="h" value="{_step(bench.h)}" '
        f'aria-describedby="{identifier}-fault" {UNTOUCHED}>'
        f'<p class="ln-fault {NO_MATH}" id="{identifier}-fault" role="status"></p></div></div>'
        f'<p class="ln-says {NO_MATH}" role="status"></p></div>'
    )


# What the script needs


def data(bench: BenchDeclaration, curve: PlottedCurve | None) -> dict[str, Any]:
    """The formulas as trees, where the controls stand, and where the curve's values stand on the picture."""
    known: dict[str, Any] = {
        "kind": "bench",
        "identifier": bench.identifier,
        "digits": SHOWN,
        "what": bench.what,
        "h": bench.h,
        "inputs": [_input(bench, control) for control in bench.controls],
        "limits": [FEWEST, MOST],
        "size": bench.called[bench.size] if bench.size is not None else None,
        "quantity": bench.tree("quantity", bench.quantity),
        "lines": [_line_data(bench, line) for line in bench.lines],
        "presets": list(bench.moves.values()),
        # For those who link to the bench: all its controls take text.
        "controls": dict.fromkeys([control.key for control in bench.controls] + (["h"] if curve else [])),
        "said": _said(bench),
    }
    if curve:
        known["panel"] = {"box": curve.box, "x": X, "y": Y}
    if bench.likelihood:
        density, constant = bench.likelihood
        known["costs"] = [bench.tree("density", -sp.log(density)), bench.tree("constant", constant)]
    return known


def _said(bench: BenchDeclaration) -> list[list[Any]]:
    """The numbers of the table at the start, by their names, as a text may say them: ``measured-z1``."""
    said: list[list[Any]] = []
    fewest = float(SAME)
    for line, place in bench.rows(bench.starts):
        measured = bench.measured(line, place, bench.starts)
        name = f"{line.key}{place or ''}"
        by_differences = central(measured.line, measured.x, bench.h)
        said += [[f"line-{name}", measured.derived], [f"measured-{name}", by_differences]]
        fewest = min(fewest, agreeing(measured.apart(bench.h)))
    return [*said, ["digits", fewest]] if said else []


def _input(bench: BenchDeclaration, control: Slider | Entries) -> dict[str, Any]:
    name = bench.called[control.family if isinstance(control, Entries) else control.symbol]
    rows = isinstance(control, Slider) and control in bench.rows_of
    return {"key": control.key, "name": name, "label": control.label, "start": bench.starts[control.key], "row": rows}


def _line_data(bench: BenchDeclaration, line: Line) -> dict[str, Any]:
    definitions = bench.definitions(line)
    members = bench.members(line.index) if line.index is not None else {}
    called = {symbol: name for symbol, name in bench.called.items() if isinstance(symbol, sp.Symbol)}
    return {
        "key": line.key,
        "name": _name(line),
        "index": None if line.index is None else str(line.index),
        "typed": line.typed,
        "tree": bench.tree("slope", line.slope, line),
        "names": [[spellings(symbol)[0], _meaning(bench, symbol, members, line)] for symbol in definitions],
        "classes": {
            "families": [[bench.called[entries.family]] for entries in bench.families],
            "indices": [] if line.index is None else [str(line.index)],
            "size": "" if bench.size is None else bench.called[bench.size],
        },
        "spellings": [list(spellings(symbol)) for symbol in (*called, *definitions)],
    }


def _meaning(bench: BenchDeclaration, symbol: sp.Symbol, members: Any, line: Line) -> Any:
    if symbol in members:
        return ["at", bench.called[members[symbol].base], str(line.index)]
    return bench.tree(f"where[{symbol}]", bench.where[symbol], line)


def kernel_rows(bench: BenchDeclaration, values: Values) -> list[list[str]]:
    """Each derived slope by NumPy and to 50 digits."""
    return [
        [f"{bench.derived(line, place, values):.17g}", bench.digits(line, place, values)]
        for line, place in bench.rows(values)
    ]
