"""A declaration that cannot work is refused by name; what a figure writes is safe and small."""

import json
import math
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
import sympy as sp
import v8

from lossnotes import Panel, Slider, explore
from lossnotes.figures import POINTER, Arrows, Menu, Point
from lossnotes.figures.markup import kernel_readouts
from lossnotes.printing import shown

x, y, w, stray = sp.symbols("x y w stray", real=True)
WORDS = {"caption": "A point.", "alt": "A parabola."}


def parabola(**changes):
    given = {"curves": {"loss": (x - y) ** 2}, "x": (x, -2, 2), "sliders": [Slider(y, -1, 1)], **WORDS}
    return explore(**given | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"curves": {"loss": x * stray}}, "curve 'loss': expected only symbols that a slider .* got also stray"),
        ({"bands": {"range": (x, x + stray)}}, "band 'range': .* got also stray"),
        ({"points": {"here": (x, y)}}, "point 'here': .* got also x"),
        ({"readouts": {"loss": x * y}}, "read-out 'loss': .* got also x"),
        ({"curves": {"loss": sp.log(-(x**2) - 1)}}, "curve 'loss': expected a finite value somewhere on x = -2 to 2"),
        ({"curves": {"loss": sp.gamma(x + 5)}}, "got gamma in"),
        ({"x": (x, 2, -2)}, "x = x: expected low < high"),
        ({"x": None}, r"expected x=\(symbol, low, high\) or panels"),
        ({"panels": [Panel(x=(x, 0, 1))]}, "got both panels and x, curves"),
        ({"sliders": []}, "at least one panel and one slider"),
        ({"sliders": [Slider(y, 0, 1), Slider(y, 0, 2)]}, "expected one for each symbol; got y, y"),
        ({"caption": " "}, "caption: expected words"),
        ({"alt": ""}, "alt: expected words"),
    ],
)
def test_faulty_declaration(changes, message):
    with pytest.raises(ValueError, match=message):
        parabola(**changes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 1), "expected low < high"),
        ((0, 1, 2), "expected a value in 0.0 to 1.0; got 2.0"),
        ((0, 1, 0.5, "", -0.1), "expected a step above 0"),
        ((0, 1, 0.5, "", 0), "expected a step above 0"),
        ((0, 1, 0.5, "", 2), "expected a step above 0 and up to 1.0"),
        ((0, 1, 0.5, "", float("nan")), "step: expected a finite real number; got nan"),
        ((float("nan"), 1), "low: expected a finite real number; got nan"),
        ((0, sp.oo), "high: expected a finite real number; got oo"),
        ((0, sp.zoo), "high: expected a finite real number; got zoo"),
        ((0, 1, float("nan")), "value: expected a finite real number"),
        ((0, x), "high: expected a finite real number; got x"),
        (("0", 1), "low: expected a finite real number; got 0"),
    ],
)
def test_faulty_slider(arguments, message):
    with pytest.raises(ValueError, match=message):
        Slider(y, *arguments)


# --- what is refused by name ---------------------------------------------------------

lines = {str(k): k * x + y for k in range(13)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"curves": lines}, "curves: expected at most 12, as many as can be told apart; got 13.* second panel"),
        ({"bands": {name: (line, x) for name, line in lines.items()}}, "bands: expected at most 4"),
        ({"x": (x, 0, sp.zoo)}, "x = x: expected a finite real number; got zoo"),
        ({"x": (x, 0, sp.oo)}, "expected a finite real number; got oo"),
        ({"x": (x, float("nan"), 1)}, "expected a finite real number; got nan"),
        ({"x": (x, 0, sp.I)}, "expected a finite real number; got I"),
        ({"x": (x, 0, stray)}, "expected a finite real number; got stray"),
        ({"x": (x, 0)}, "x = x: expected two ends, low and high; got 1"),
        ({"y": (1, 0)}, "y: expected low < high; got 1 and 0"),
        ({"y": (0, sp.nan)}, "y: expected a finite real number"),
        ({"log": "z"}, "log: expected '', 'x', 'y' or 'xy'; got 'z'"),
        ({"log": "x"}, "expected a logarithmic axis to begin above 0"),
        ({"log": "y", "curves": {"l": -1 - (x - y) ** 2}}, "expected a positive value somewhere"),
        ({"sliders": [Slider(x, 0, 1), Slider(y, 0, 1)]}, "slider x: expected a symbol of its own; .* axis"),
        ({"sliders": [Slider(POINTER[0], 0, 1), Slider(y, 0, 1)]}, "slider pointer_x: .* pointer"),
        ({"sliders": [Slider(sp.Symbol("a b"), 0, 1), Slider(sp.Symbol("a_b"), 0, 1)]}, "one for each symbol"),
        ({"curves": {"l": sp.Symbol("x") * y}}, "got also x. There are two symbols named x, with other assumptions"),
        ({"curves": {"l": sp.loggamma(x + 5) * y}}, "got loggamma in .* lngamma"),
        ({"curves": {"l": sp.I * x * y}}, "curve 'l': .* got I in"),
        ({"points": {"p": Point(y, y**2, drag={y: sp.I * POINTER[0]})}}, "point 'p', dragged: .* got I in"),
        ({"curves": {"l": sp.Sum(x**w, (w, 1, y))}}, "curve 'l': expected sums with whole numbers for ends"),
        ({"curves": {"l": sp.Integral(x * w, (w, 1, 3))}}, "curve 'l': .* expected it evaluated"),
        ({"sliders": [Slider(sp.Symbol("x"), 0, 1), Slider(y, 0, 1)]}, "slider x: expected a symbol of its own"),
        ({"curves": {"l": sp.Piecewise((x, x > 0))}}, "expected a Piecewise with a default"),
        ({"curves": {"l": sp.Function("f")(x)}}, "got f in"),
        ({"bands": {"b": (sp.log(-(x**2) - 1), x)}}, "band 'b': expected a finite value somewhere"),
        ({"bands": {"b": (x,)}}, "bands, 'b': expected two expressions"),
        ({"points": {"p": (y,)}}, "points, 'p': expected two expressions"),
        (
            {"readouts": {"r": sp.sqrt(-1 - y**2)}},
            "read-out 'r': expected a finite number somewhere; got none for sqrt",
        ),
        ({"readouts": {"r": y > 0}}, "read-out 'r': .* expected one with a number for a value"),
        ({"data": ([1, 2], [1])}, "data: expected two rows of finite numbers, of one length"),
        ({"data": ([1, 2], [1, float("nan")])}, "data: expected two rows of finite numbers"),
        (
            {"arrows": {"a": Arrows([y], [[1.0]], (y, y), (y, y))}},
            "expected places with symbols of their own; got y twice",
        ),
    ],
)
def test_a_declaration_that_breaks_later_is_refused_at_once(changes, message):
    with pytest.raises(ValueError, match=message):
        parabola(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": ("x", 0, 1)}, "x: expected a symbol, as from sympy.Symbol; got 'x'"),
        ({"curves": {5: x * y}}, "curves, name 0: expected words for the reader; got 5"),
        ({"readouts": {5: y}}, "name of a read-out: expected words"),
        ({"readouts": {"r": "y"}}, "readouts: expected an expression; got 'y'"),
        ({"caption": 5}, "caption: expected words for the reader; got 5"),
        ({"alt": None}, "alt: expected words for the reader; got None"),
        ({"identifier": 5}, "identifier: expected a text; got 5"),
        ({"sliders": [y]}, "sliders: expected a Slider, a Menu, a Formula or Entries; got y"),
        ({"panels": [3], "x": None, "curves": None}, "panels: expected a Panel; got 3"),
    ],
)
def test_what_is_of_another_kind_is_named(changes, message):
    with pytest.raises(TypeError, match=message):
        parabola(**changes)


NAMES_TAKEN = ["keys", "comm", "layout", "frame", "markup", "observe", "close", "declaration", "send", "traits", "log"]


@pytest.mark.parametrize("name", [*NAMES_TAKEN, "kernel_readouts", "widgets", "constructor", "toString"])
def test_a_slider_takes_no_name_of_the_widget(name):
    symbol = sp.Symbol(name, real=True)
    with pytest.raises(ValueError, match=f"slider {name}: expected a name that is free.* label"):
        parabola(curves={"line": symbol * x}, sliders=[Slider(symbol, 0, 1)])


@pytest.mark.parametrize("name", ["lambda", "get", "set", "values", "proto", r"\hat{y}", "a b", "é"])
def test_any_other_name_moves(name):
    symbol = sp.Symbol(name, real=True)
    slider = Slider(symbol, 0, 1)
    figure = parabola(curves={"line": symbol * x}, sliders=[slider], readouts={"twice": 2 * symbol})
    setattr(figure, slider.key, 0.25)
    assert float(figure.kernel_readouts[0][0]) == 0.5


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.5", 0.5), ("-1e-3", -0.001), ("", None), (" ", None), ("NaN", None), ("half", None), (None, None)],
)
def test_a_link_asks_for_a_number_or_for_nothing(text, number):
    assert v8.run(f"linked({json.dumps(text)})") == number  # JSON has null for NaN


def test_exact_numbers_are_ends():
    figure = parabola(x=(x, -sp.pi, sp.pi), y=(0, sp.Integer(9)), sliders=[Slider(y, -sp.pi, sp.pi, step=sp.pi / 8)])
    assert figure.data["panels"][0]["span"] == (-math.pi, math.pi)
    assert 'max="3.14159' in figure.markup


def test_what_divides_by_zero_is_shown_as_infinite(recwarn):
    """A warning of NumPy's would stand on the page; a Python float would raise."""
    figure = parabola(sliders=[Slider(y, -1, 1, value=0.5)], readouts={"inverse": 1 / y})
    figure.y = 0
    assert figure.kernel_readouts[0][0] == "inf"
    assert "<td>∞</td>" in parabola(readouts={"inverse": 1 / y}).markup
    parabola(arrows={"beyond": Arrows([w], [[1.0]], (w / y, y), (y, y))})._repr_mimebundle_()
    assert not recwarn.list


def test_more_curves_than_colours_are_told_apart_by_their_strokes():
    eight = parabola(curves={str(k): k * x + y for k in range(8)})
    looks = re.findall(r'data-gid="curve-\d">.*?style="([^"]*)"', eight.markup, re.DOTALL)
    assert len(looks) == 8
    assert len(set(looks)) == 8
    assert ["dash" in look for look in looks] == [False] * 4 + [True] * 4


def test_a_function_has_no_more_curves_than_can_be_told_apart():
    def many(y):
        return {str(k): ([0, 1], [0, k * y]) for k in range(13)}

    with pytest.raises(ValueError, match="function: expected at most 12 curves, as many as can be told apart; got 13"):
        parabola(curves=None, function=many)


def test_faulty_symbols_and_labels():
    for symbol in ("y", 3, sp.IndexedBase("z")[1]):
        with pytest.raises(TypeError, match="slider: expected a symbol"):
            Slider(symbol, 0, 1)
    for name in ("2", "\\"):
        with pytest.raises(ValueError, match="expected a symbol whose name holds a letter"):
            Slider(sp.Symbol(name), 0, 1)
    with pytest.raises(TypeError, match="label of slider y: expected words for the reader; got 5"):
        Slider(y, 0, 1, label=5)
    with pytest.raises(TypeError, match="menu y, choice 0: expected words"):
        Menu(y, [1, 2])
    with pytest.raises(ValueError, match="expected two or more different names"):
        Menu(y, "ab")


class Tags(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.tags, self.ids = [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]


HOSTILE = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(1)>"


def test_hostile_words_are_shown_not_run():
    figure = parabola(
        sliders=[Slider(y, -1, 1, label=HOSTILE)],
        readouts={HOSTILE: y**2},
        curves={HOSTILE: (x - y) ** 2, "other": x},
        caption=HOSTILE,
        alt=HOSTILE,
        identifier=HOSTILE,
    )
    page = Tags(figure._repr_mimebundle_()[0]["text/html"])
    assert page.tags.count("script") == 1
    assert "img" not in page.tags


def test_ids_of_two_figures_on_a_page_differ():
    first, second = (parabola(caption=c)._repr_mimebundle_()[0]["text/html"] for c in ("One point.", "Another."))
    ids = Tags(first).ids + Tags(second).ids
    assert len(ids) == len(set(ids)) > 2


def test_figure_is_the_same_in_every_build_and_small():
    first, second = (parabola()._repr_mimebundle_()[0]["text/html"] for _ in range(2))
    assert first == second
    assert len(first.encode()) < 40_000


def test_output_carries_widget_page_and_picture():
    data, _ = parabola()._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "image/png", "text/plain"}
    assert data["text/plain"] == WORDS["alt"]


def test_picture_has_no_colour_of_its_own_for_ink_and_asks_no_other_host():
    page = parabola()._repr_mimebundle_()[0]["text/html"]
    assert "currentColor" in page
    assert "#000000" not in page
    addresses = set(re.findall(r"https?://[^\"' <]+", page)) - {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not addresses


def test_python_watches_and_moves_the_sliders():
    figure = parabola(readouts={"loss at 1": (1 - y) ** 2})
    figure.y = 0.5
    ((numpy, digits),) = figure.kernel_readouts
    assert float(numpy) == 0.25
    assert digits == "0.25" + "0" * 48


def test_a_readout_may_have_no_number(recwarn):
    """A warning of NumPy's would stand on the page."""
    log_odds = sp.log(y) - sp.log(1 - y)
    figure = parabola(sliders=[Slider(y, 0, 1)], readouts={"log-odds": log_odds, "sure": sp.log(1 - sp.exp(y - 1))})
    figure.y = 1
    assert [numpy for numpy, _ in figure.kernel_readouts] == ["inf", "-inf"]
    assert not recwarn.list


def test_numbers_are_shown_alike_by_page_and_script():
    values = [0.5, -0.25, 1 / 3, 1e-9, -2.5e-7, 123456.7, 1e21, 0.0, 1234567.0, 1e-5]
    digits = parabola().data["digits"]
    assert v8.run(f"{values}.map((x) => shown(x, {digits}))") == [shown(value, digits) for value in values]


def test_a_point_may_begin_at_infinity(recwarn):
    """A warning of NumPy's would stand on the page."""
    log_odds = sp.log(y) - sp.log(1 - y)
    figure = parabola(sliders=[Slider(y, 0, 1, value=1)], points={"log-odds": (log_odds, (1 - y) * log_odds)})
    assert "text/html" in figure._repr_mimebundle_()[0]
    assert not recwarn.list


def test_importing_the_package_loads_no_figure_machinery_and_no_catalogue():
    late = {"matplotlib", "anywidget", "ipywidgets", "scipy", "lossnotes.losses"}
    code = f"import sys, lossnotes; print(sys.modules.keys() & {late})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_import_names_what_is_missing():
    import lossnotes

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lossnotes.nothing  # noqa: B018


def test_fifty_digits_of_what_no_digit_tells_from_zero_are_zero():
    figure = parabola(readouts={"nothing": sp.sin(y) ** 2 + sp.cos(y) ** 2 - 1, "pole": sp.log(y - 0.5)})
    (_, nothing), (_, pole) = kernel_readouts(figure.declaration, [0.5])
    assert (nothing, pole) == ("0", "undefined")


@pytest.mark.parametrize("digits", [0, 18, 3.0, True, "3"])
def test_digits_that_no_number_has_are_refused(digits):
    with pytest.raises(ValueError, match="digits: expected a whole number from 1 to 17"):
        parabola(digits=digits)


def test_a_read_out_has_three_digits_and_tells_all_on_demand():
    said = {"third": y / 3}
    page = parabola(sliders=[Slider(y, 0, 1, 1)], readouts=said)._repr_mimebundle_()[0]["text/html"]
    assert '<td title="0.3333333333333333">0.333</td>' in page
    page = parabola(sliders=[Slider(y, 0, 1, 1)], readouts=said, digits=5)._repr_mimebundle_()[0]["text/html"]
    assert ">0.33333</td>" in page
