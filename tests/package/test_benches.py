"""Benches: a right line agrees everywhere, a wrong one is refuted, and a declaration that cannot work is refused."""

import json
import math
import random
import re

import benches_made as made
import numpy as np
import pytest
import sympy as sp
import v8
from benches_made import BENCHES, K, S, T, classes, gate, gaussian, one_bit, p, p_k, square, ts, y, z, zs

from lossnotes import Entries, Slider, bench, sigmoid, softplus
from lossnotes.benches import bench_markup
from lossnotes.benches.measured import STEPS, Measured, agreeing, central


def rows(widget, h=None, typed=None, line=0, **moves):
    """What the script makes of each component, its line replaced by what was typed."""
    data = widget.data
    values = [moves.get(control["key"], control["start"]) for control in data["inputs"]]
    spec = f"D.lines[{line}]"
    swap = f"T.lines[{line}] = T.line({spec}, parse({json.dumps(typed)}, {spec}.spellings));" if typed else ""
    return v8.run(
        f"""(() => {{
            const D = {json.dumps(data)}, T = prepared(D);
            {swap}
            const h = {h or data["h"]};
            const rows = at(h, components(T, row({json.dumps(values)}, D)));
            const words = verdict(h, rows, (one) => "row " + one.place, D.what);
            return rows.map(({{derived, measured, gap, digits, nearZero, refuted, widths, roundings}}) =>
                ({{derived, measured, gap, digits: digits === Infinity ? 99 : digits, nearZero, refuted, words}}));
        }})()"""
    )


# What is measured


def test_targets_that_add_up_to_more_than_one():
    wrong = rows(classes(), t=[1.1, 0.1, 0.1])
    assert [round(row["measured"], 3) for row in wrong] == [-1.035, 0.096, 0.939]
    assert [round(row["derived"], 3) for row in wrong] == [-1.050, 0.050, 0.699]
    assert all(row["refuted"] and row["digits"] <= 1 for row in wrong)
    right = rows(classes(p_k * T - ts[made.k]), t=[1.1, 0.1, 0.1])
    assert not any(row["refuted"] for row in right)
    assert min(row["digits"] for row in right) >= 9


@pytest.mark.parametrize("step", [0.1, 1e-5, 1e-15])
def test_digits_are_won_and_lost_over_the_step(step):
    (row,) = rows(one_bit(), h=step)
    assert row["digits"] == pytest.approx({0.1: 4, 1e-5: 10, 1e-15: 1}[step], abs=1)
    assert not row["refuted"]
    says = {0.1: "The width of h contributes most", 1e-15: "Rounding contributes most"}
    assert says.get(step, "") in row["words"][1]


@pytest.mark.parametrize("declared", BENCHES)
def test_a_derived_line_is_refuted_nowhere(declared):
    widget, draw = declared(), random.Random(1809)
    bounds = {control.key: control for control in widget.declaration.controls}
    for _ in range(40):
        moves = {}
        length = draw.randint(2, 8)
        for control in widget.data["inputs"]:
            if not isinstance(control["start"], float):
                moves[control["key"]] = [draw.uniform(-5, 5) for _ in range(length)]
            elif control["row"]:
                moves[control["key"]] = draw.randint(1, length)
            else:
                moves[control["key"]] = draw.uniform(bounds[control["key"]].low, bounds[control["key"]].high)
        if "t" in moves:  # p − t holds where the targets add up to 1
            whole = [abs(t) for t in moves["t"]]
            moves["t"] = [t / sum(whole) for t in whole]
        for row in rows(widget, **moves):
            assert not row["refuted"], (moves, row)


@pytest.mark.parametrize(
    ("declared", "line", "typed"),
    [
        (one_bit, 0, "σ(z) + y"),
        (one_bit, 0, "y − σ(z)"),
        (one_bit, 0, "σ(z)"),
        (one_bit, 0, "2(σ(z) − y)"),
        (one_bit, 0, "1.000001(σ(z) − y)"),
        (one_bit, 0, "ln(0) + y"),
        (gate, 0, "2(p − y)"),
        (gate, 0, "p(1 − p)(p − y)"),
        (gate, 0, "-2p(1 − p)(p − y)"),
        (lambda: gaussian()[0], 0, "(μ − y)/σ"),
        (lambda: gaussian()[0], 1, "1/σ − (y − μ)^2/σ^2"),
        (lambda: gaussian()[0], 1, "1/σ + (y − μ)^2/σ^3"),
        (classes, 0, "p_k"),
        (classes, 0, "t_k − p_k"),
        (classes, 0, "1/S − t_k"),
        (classes, 0, "e^z_k − t_k"),
    ],
)
def test_a_wrong_line_is_refuted_at_the_start(declared, line, typed):
    found = rows(declared(), typed=typed, line=line)
    assert any(row["refuted"] for row in found)
    assert "It is not the slope" in found[0]["words"][1] or "The line has no value" in found[0]["words"][1]


@pytest.mark.parametrize(
    ("declared", "typed"),
    [
        (one_bit, "−(y − σ(z))"),
        (one_bit, "1/(1+e^(−z)) − y"),
        (classes, "e^z_k/S − t_k"),
        (classes, "T p_k − t_k"),
        (gate, "2(p−y)p(1−p)"),
    ],
)
def test_another_form_of_the_line_is_not_refuted(declared, typed):
    assert not any(row["refuted"] for row in rows(declared(), typed=typed))


def test_where_a_slope_is_zero_places_are_counted():
    (row,) = rows(one_bit(), z=0, y=0.5)
    assert row["nearZero"]
    assert not row["refuted"]
    assert row["digits"] >= 10
    # Here the loss is a difference of forties: what is left of it is rounding.
    (far,) = rows(one_bit(), z=40, y=1)
    assert far["nearZero"]
    assert not far["refuted"]
    # And a small slope that can be measured keeps its digits.
    (small,) = rows(one_bit(), z=-30, y=0)
    assert not small["nearZero"]
    assert small["digits"] >= 8


@pytest.mark.parametrize("h", [0.1, 1e-6])
def test_a_loss_that_floats_cannot_tell_apart_is_not_called_agreement(h):
    words = rows(gate(), h=h, z=-40)[0]["words"]
    assert words[0] == "The measurement finds no slope."
    assert ("Make h larger" in words[1]) == (h < 0.1)
    assert rows(gate(), h=h, z=-10)[0]["words"][0] != words[0]
    assert rows(one_bit(), h=h, z=0, y=0.5)[0]["words"][0] != words[0], "the line is 0 there too"


def test_where_nothing_was_measured_no_agreement_is_drawn():
    def drawn(at_z):
        data = json.dumps(gate().data)
        code = f"const D = {data}, T = prepared(D), found = components(T, row([{at_z}, 1], D));"
        return v8.run(f"(() => {{ {code} return [curves(found)[2], widest(at(0.1, found)) === -Infinity]; }})()")

    assert drawn(-40) == [[None] * len(STEPS), True]  # JSON has no NaN
    gaps, nothing = drawn(-10)
    assert None not in gaps
    assert not nothing
    assert max(gaps) == 1, "a step too narrow for a slope that is there leaves no digit"


@pytest.mark.parametrize(("h", "left"), [(1e-10, 6), (1e-15, 1)])
def test_rounding_says_how_many_digits_a_difference_has(h, left):
    said = rows(one_bit(), h=h)[0]["words"][1]
    assert f"agrees in {16 - left} of its 16 digits, so their difference has only {left}. Make h larger." in said


def test_digits_are_whole_ones():
    assert v8.run("[0.002, 0.0010001, 3, 1, 1e-16].map(agreeing)") == [2, 2, 0, 0, 16]
    assert [agreeing(gap) for gap in (0.002, 0.0010001, 3, 1, 1e-16)] == [2, 2, 0, 0, 16]
    assert v8.run("[agreeing(0) === Infinity, apart(2, 2, false), apart(NaN, 2, false) === Infinity]") == [
        True,
        0,
        True,
    ]
    assert v8.run("[1, 9, Infinity].map((n) => counted(n, false))") == [
        "1 digit",
        "9 digits",
        "the same to the last bit",
    ]
    assert v8.run("counted(9, true)") == "9 places"


# The first picture, by Python


@pytest.mark.parametrize("declared", BENCHES)
def test_python_and_script_agree_at_the_start(declared):
    widget = declared()
    tested = widget.declaration
    for row, (line, place) in zip(rows(widget), tested.rows(tested.starts), strict=True):
        ours = tested.measured(line, place, tested.starts)
        assert row["derived"] == pytest.approx(ours.derived, rel=1e-13)
        rounding = 2**-50 * (1 + abs(ours.line(ours.x))) / tested.h
        assert row["measured"] == pytest.approx(central(ours.line, ours.x, tested.h), abs=rounding)
        assert row["nearZero"] == ours.near_zero
        shown = agreeing(ours.apart(tested.h))
        assert abs(row["digits"] - shown) <= 1 or min(row["digits"], shown) >= 11


def test_the_curves_of_python_and_script_have_one_shape():
    widget = one_bit()
    gaps, widths, roundings = widget.declaration.measured(
        *widget.declaration.rows(widget.declaration.starts)[0], widget.declaration.starts
    ).curves
    theirs = v8.run(
        f"""(() => {{ const D = {json.dumps(widget.data)}, T = prepared(D);
        return curves(components(T, row([-3, 1], D))); }})()"""
    )
    assert np.allclose(np.log10(theirs[0][:16]), np.log10(widths[:16]), atol=0.05)
    assert np.allclose(np.log10(theirs[1]), np.log10(roundings), atol=0.7)
    assert np.allclose(np.log10(theirs[2][:16]), np.log10(gaps[:16]), atol=0.05)


def test_steps_are_the_same_in_both():
    assert v8.run("STEPS") == pytest.approx(STEPS.tolist())


def powers():
    """A parabola at first, and no longer when the reader moves the power."""
    r = sp.Symbol("r", positive=True)
    return bench(z**r, {z: r * z ** (r - 1)}, controls=[Slider(z, 1, 5), Slider(r, 1, 6, value=2)], identifier="powers")


def test_the_width_of_the_step_does_nothing_to_a_parabola():
    measured = Measured(lambda x: x * x, 3.0, 6.0)
    gaps, widths, _ = measured.curves
    assert not np.any(widths)
    assert np.nanmax(gaps[:20]) < 1e-10
    said = [rows(square(), h=h, mu=0.25)[0]["words"][1] for h in (0.1, 1e-3)]
    assert not any("bend" in words for words in said)
    assert all(word in said[0] for word in ("parabola", "any h", "Only rounding"))
    assert "from the width" not in square()._without_kernel()["text/html"]
    assert "from the width" in gate()._without_kernel()["text/html"]
    assert "from the width" in powers()._without_kernel()["text/html"], "2 is not the only power"


def test_the_static_table_holds_the_first_numbers():
    html = one_bit()._without_kernel()["text/html"]
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert cells[:2] == ["−0.9525741268", "−0.9525741268"]
    assert cells[2] in ("10 digits", "11 digits")


@pytest.mark.parametrize("value", [-0.05, 0.0, 1.5e-8, 123456.789, 1e10, 99999999999.5, 1e-7, 1e-6, -2 / 3, 1e300])
def test_numbers_are_written_alike(value):
    assert v8.run(f"fixed({value!r}, {bench_markup.SHOWN})") == bench_markup.fixed(value)


@pytest.mark.parametrize(
    ("text", "digits", "parts"),
    [
        ("−1.034878875", 1, ["−1", ".034878875"]),
        ("0.09563467176", 3, ["0.0956", "3467176"]),
        ("0.09563467176", 0, ["", "0.09563467176"]),
        ("−0.5", 0, ["−", "0.5"]),
        ("9.357e−14", 2, ["9.3", "57e−14"]),
        ("0.5000000000", 12, ["0.5000000000", ""]),
    ],
)
def test_digits_that_agree_are_told_from_the_others(text, digits, parts):
    assert v8.run(f"split({json.dumps(text)}, {digits})") == parts
    same, off = parts
    faded = f'{same}<span class="ln-off">{off}</span>' if off else same
    assert bench_markup._split(text, digits, near_zero=False) == faded


def test_a_step_beyond_the_domain_is_too_wide():
    found = rows(gaussian()[0], h=0.1, sigma=0.05)
    assert "At so wide a step the loss has no value." in found[0]["words"][1]
    assert found[1]["digits"] == 0
    assert not any(row["refuted"] for row in rows(gaussian()[0], sigma=0.05))


# The kernel


def test_the_kernel_computes_in_its_own_ways():
    widget = classes()
    assert len(widget.kernel_rows) == 3
    widget.values = {"z": [0, 0], "t": [1, 0]}
    assert widget.kernel_rows == [["-0.5", "-0.5" + 49 * "0"], ["0.5", "0.5" + 49 * "0"]]
    bit = one_bit()
    bit.values = {"z": -800, "y": 0}
    assert bit.kernel_rows[0][1].startswith("3.6")
    assert bit.kernel_rows[0][1].endswith("e-348")
    spread, _ = gaussian()
    spread.values = {"y": 0, "mu": 0, "sigma": -1}
    assert [row[1] for row in spread.kernel_rows] == ["undefined", "undefined"]


# What is read


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1, 2, 3", [1, 2, 3]),
        ("1 2 3", [1, 2, 3]),
        ("1,2", [1, 2]),
        ("  −1.5 ; +2\n.5,", [-1.5, 2, 0.5]),
        ("1/3 ½ ln(2)", [1 / 3, 0.5, math.log(2)]),
        ("1e-3 2", [1e-3, 2]),
    ],
)
def test_lists_are_read(text, numbers):
    assert v8.run(f"readList({json.dumps(text)}, [2, 8])") == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected 2 to 8 numbers; got 0"),
        ("1", "expected 2 to 8 numbers; got 1"),
        ("1 " * 9, "expected 2 to 8 numbers; got 9"),
        ("1,5 2,5", "expected decimals with a point, as in 0.5; got commas inside numbers"),
        ("1 x", "number 2: place 1: expected a number or a function"),
        ("1 1/0", "number 2: expected a finite number; got none"),
        ("1 constructor", "number 2: place 1: expected a number"),
        ("1 __proto__", "number 2: place 1: expected a number"),
        ("(" * 60 + " 1", "number 1: place 41: expected at most 40 levels; got more"),
    ],
)
def test_other_lists_get_a_message(text, says):
    assert says in v8.refusal(f"readList({json.dumps(text)}, [2, 8])")


def test_a_list_of_ten_megabytes_is_not_read():
    assert "FormulaError" in v8.refusal("readList('1,'.repeat(5e6), [2, 8])")


@pytest.mark.parametrize("text", ["0", "1", "0.2", "-1e-5", "1e-16", "inf"])
def test_steps_lie_between_rounding_and_a_tenth(text):
    assert "FormulaError" in v8.refusal(f"readStep({json.dumps(text)})")


@pytest.mark.parametrize(
    ("declared", "values", "key", "says"),
    [
        (lambda: gaussian()[0], {"y": 1, "mu": 0, "sigma": 0}, "sigma", "With this the loss has no value."),
        (lambda: gaussian()[0], {"y": 1, "mu": 0, "sigma": -1}, "sigma", "With this the loss has no value."),
        (lambda: gaussian()[0], {"y": 1e200, "mu": 0, "sigma": 1}, "y", "With this the loss is ∞."),
        (classes, {"z": [1, 2, 3], "t": [1, 0]}, "t", "Expected as many as of z, 3; there are 2."),
        (classes, {"z": [1, 800, 3], "t": [1, 0, 0]}, "z", "With this the loss has no value."),
        (made.jacobian, {"z": [1, 2], "k": 3}, "k", "Expected a whole number from 1 to 2, one for each entry."),
        (made.jacobian, {"z": [1, 2], "k": 1.5}, "k", "Expected a whole number"),
    ],
)
def test_the_input_that_is_the_cause_is_named(declared, values, key, says):
    data = json.dumps(declared().data)
    found = v8.run(f"fault(prepared({data}), {data}, {json.dumps(values)})")
    assert found["key"] == key
    assert says in found["text"]


def test_no_fault_where_there_is_none():
    data = json.dumps(one_bit().data)
    assert v8.run(f'fault(prepared({data}), {data}, {{"z": 700, "y": 0}})') is None


def test_what_can_be_typed_is_what_the_parser_reads():
    from lossnotes.benches.tested import TYPED

    named = sorted(TYPED - {"+", "-", "*", "/", "^"})
    spelled = {"sigmoid": "σ(x)", "pi": "π", "e": "e"}
    heads = [v8.run(f"parse({json.dumps(spelled.get(head, f'{head}(x)'))}, [['x']])")[0] for head in named]
    assert heads == named


@pytest.mark.parametrize("declared", BENCHES)
def test_the_derived_line_reads_back(declared):
    """What stands in the field at first is the line itself, of two parts in each sum and product."""
    data = declared().data
    for n, line in enumerate(data["lines"]):
        pairs = v8.run(f"written(inPairs({json.dumps(line['tree'])}))")
        assert v8.run(f"JSON.stringify(parse({json.dumps(pairs)}, {json.dumps(line['spellings'])}))") == v8.run(
            f"JSON.stringify(inPairs({json.dumps(data['lines'][n]['tree'])}))"
        )


# What is refused


def declared(**changes):
    given = {
        "quantity": softplus(z) - y * z,
        "slopes": {z: sigmoid(z) - y},
        "controls": [Slider(z, -10, 10, value=-3), Slider(y, 0, 1, value=1)],
        "identifier": "bit",
    }
    return bench(**given | changes)


w = sp.Symbol("w")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"slopes": {}}, "slopes: expected a variable and its derived slope"),
        ({"slopes": {w: z}}, r"expected a variable that a control moves \(z, y\).*; got w"),
        ({"slopes": {z: w - y}}, "slope in z: expression: expected only the symbols z, y; got also w"),
        ({"quantity": z * w}, "quantity: expression: expected only the symbols z, y; got also w"),
        ({"slopes": {z: sp.Piecewise((1, z > 0), (0, True))}}, "expected what a reader can type; got 'if'"),
        ({"quantity": sp.log(z)}, "controls: expected a finite value of the loss"),
        ({"slopes": {z: 1 / (z + 3)}}, "controls: expected a finite value of the derived slope in z; got inf"),
        ({"presets": {"far": {w: 1}}}, r"presets\['far'\]: expected what a control moves \(z, y\); got w"),
        ({"presets": {"far": {z: sp.oo}}}, r"presets\['far'\], z: expected a finite real number; got oo"),
        ({"presets": {" ": {z: 1}}}, "name of a preset: expected words"),
        ({"h": 1}, "h: expected a step from 1e-15 to 0.1; got 1"),
        ({"identifier": ""}, "identifier: expected words"),
        ({"where": {z: y}}, "expected one meaning for each name; got two for z"),
        ({"written": softplus(z)}, "written: expected the loss, 3.0"),
        ({"likelihood": (sigmoid(z) ** y, 0)}, None),
        (
            {"likelihood": (2 * sigmoid(z) ** y, 0)},
            r"likelihood: expected −ln density − loss = constant; got 2.35\d* − 3.0",
        ),
        ({"controls": [Slider(z, 0, 1), Slider(y, 0, 1), Slider(y, 0, 2)]}, "one meaning for each name; got two for y"),
        ({"controls": [Slider(sp.Symbol("h"), 0, 1), Slider(z, 0, 1), Slider(y, 0, 1)]}, "names other than h"),
        ({"controls": [Slider(z, 0, 1), Slider(y, 0, 1), Entries(zs, [1, 2], size=K)]}, "got two for z"),
    ],
)
def test_faulty_declaration(changes, says):
    if says is None:
        declared(**changes)
        return
    with pytest.raises(ValueError, match=says):
        declared(**changes)


def test_faulty_families():
    with pytest.raises(ValueError, match="expected families of one size"):
        bench(
            sp.Sum(ts[made.j] * zs[made.j], (made.j, 1, K)),
            {zs[made.k]: ts[made.k]},
            controls=[Entries(zs, [1, 2], size=K), Entries(ts, [1, 2, 3], size=K)],
            identifier="odd",
        )
    with pytest.raises(ValueError, match=r"presets\['short'\]: expected lists of one length"):
        classes(presets={"short": {ts: [1, 0]}})
    with pytest.raises(ValueError, match="expected 2 to 8 values; got 9"):
        classes(presets={"long": {ts: [0] * 9}})
    with pytest.raises(TypeError, match=r"expected a family, as from sympy.IndexedBase; got z .* use a Slider"):
        Entries(z, [1, 2], size=K)
    with pytest.raises(ValueError, match="expected a member with a symbol for an index"):
        bench(zs[1] * S, {zs[1]: S}, controls=[Entries(zs, [1, 2], size=K)], where={S: zs[2]}, identifier="first")
    with pytest.raises(ValueError, match=r"slider k: expected rows 1, 2, 3.*Write Slider\(k, 1, 2, value=1, step=1\)"):
        bench(
            zs[made.k] ** 2,
            {zs[made.j]: p},
            controls=[Entries(zs, [1, 2], size=K), Slider(made.k, 0, 2, value=1)],
            where={p: 2 * zs[made.j]},
            identifier="rows",
        )
    with pytest.raises(TypeError, match="controls: expected Sliders and Entries; got 3"):
        declared(controls=[3])


def test_more_lines_want_to_know_which_was_asked():
    with pytest.raises(ValueError, match=r"typed: expected \{variable: identifier\}"):
        declared(slopes={z: sigmoid(z) - y, y: -z}, typed="asked")
    both = declared(slopes={z: sigmoid(z) - y, y: -z}, typed={y: "asked"})
    assert [line["typed"] for line in both.data["lines"]] == ["", "asked"]


def test_the_constant_of_a_likelihood_is_named():
    html = square()._without_kernel()["text/html"]
    assert "It has no \\(\\mu\\) in it" in html
    cells = re.findall(r"<td>([^<]*)</td>", html)
    assert cells[-2:] == ["0.6957949819", "0.6957949819"]


def test_hostile_words_are_shown_not_run():
    evil = "</script><img src=x onerror=alert(1)>"
    html = one_bit(identifier='x"><img>', presets={evil: {z: 1}}, what=evil)._without_kernel()["text/html"]
    assert "<img" not in html


def test_output_is_the_same_in_every_build_and_small():
    one, other = (classes()._without_kernel()["text/html"] for _ in range(2))
    assert one == other
    assert len(one) < 24_000
    assert "<style" not in one
