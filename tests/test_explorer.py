"""A declaration that cannot work is refused by name; what a figure writes is safe and small."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
import sympy as sp

from lossnotes import Panel, Slider, explore
from lossnotes.explorer.page import shown

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
    ],
)
def test_faulty_slider(arguments, message):
    with pytest.raises(ValueError, match=message):
        Slider(y, *arguments)


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


def test_nothing_is_evaluated_from_strings():
    module = parabola()._esm
    for word in ("eval(", "new Function", 'setTimeout("', "document.write", "insertAdjacentHTML"):
        assert word not in module


def test_python_watches_and_moves_the_sliders():
    figure = parabola(readouts={"loss at 1": (1 - y) ** 2})
    figure.y = 0.5
    ((numpy, digits),) = figure.kernel_readouts
    assert float(numpy) == 0.25
    assert digits == "0.25" + "0" * 48


def test_a_readout_may_have_no_number(recwarn):
    """A warning of NumPy's would stand on the page."""
    figure = parabola(readouts={"log-odds": sp.log(y) - sp.log(1 - y), "sure": sp.log(1 - sp.exp(y - 1))})
    figure.y = 1
    assert [numpy for numpy, _ in figure.kernel_readouts] == ["inf", "-inf"]
    assert not recwarn.list


def test_numbers_are_shown_alike_by_page_and_script(browser_page):
    values = [0.5, -0.25, 1 / 3, 1e-9, -2.5e-7, 123456.7, 1e21, 0.0, 1234567.0, 1e-5]
    script = parabola()._esm.replace("export default { render };", "")
    page = browser_page("data:text/html,<title>empty</title>")
    by_script = page.evaluate(f"(() => {{ {script}\nreturn {values}.map((x) => shown(x, FIGURE.digits)); }})()")
    assert by_script == [shown(value) for value in values]


def test_a_point_may_begin_at_infinity(recwarn):
    """A warning of NumPy's would stand on the page."""
    log_odds = sp.log(y) - sp.log(1 - y)
    figure = parabola(sliders=[Slider(y, 0, 1, value=1)], points={"log-odds": (log_odds, (1 - y) * log_odds)})
    assert "text/html" in figure._repr_mimebundle_()[0]
    assert not recwarn.list


def test_importing_the_package_loads_no_figure_machinery():
    code = "import sys, lossnotes; print(sys.modules.keys() & {'matplotlib', 'anywidget', 'ipywidgets', 'scipy'})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_import_names_what_is_missing():
    import lossnotes

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lossnotes.nothing  # noqa: B018
