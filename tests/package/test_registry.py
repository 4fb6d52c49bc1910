"""What moves and watches a figure from outside."""

import json

import pytest
import sympy as sp
from pages import complete, set_control

from lossnotes import Menu, Slider, explore

w, m = sp.symbols("w m", real=True)
x = sp.Symbol("x", real=True)


@pytest.fixture
def opened(browser_page, tmp_path):
    """A page with one figure, whose registry stands where the test can reach it."""
    figure = explore(
        x=(x, -2, 2),
        curves={"loss": (x - w) ** 2 + m},
        sliders=[Slider(w, -2, 2, 1), Menu(m, ["none", "one"])],
        readouts={"the push": 2 * w, "nowhere at first": sp.log(w - 1)},
        caption="A bowl.",
        alt="A bowl.",
        identifier="bowl",
    )
    file = tmp_path / "page.html"
    file.write_text(complete(figure._repr_mimebundle_()[0]["text/html"]), encoding="utf-8")
    page = browser_page(file.as_uri())
    page.evaluate("globalThis.bowl = globalThis[Symbol.for('lossnotes')].figures.get('bowl')")
    return page


def test_a_figure_can_be_moved_and_read(opened):
    assert opened.evaluate("[bowl.keys, bowl.starts, bowl.root.id]") == [["w", "m"], {"w": 1, "m": 0}, "bowl"]
    assert opened.evaluate("bowl.readout('the push')") == {"value": 2, "text": "2"}
    assert opened.evaluate("bowl.readout('nowhere at first').text") == "−∞"
    assert opened.evaluate("bowl.readout('stranger') === undefined")
    opened.evaluate("bowl.set({ w: 1.5, m: 1 })")
    assert opened.evaluate("[bowl.get('w'), bowl.get('m'), bowl.readout('the push').text]") == [1.5, 1, "3"]
    assert opened.locator("select").input_value() == "1"
    opened.evaluate("bowl.reset()")
    assert opened.evaluate("[bowl.get('w'), bowl.get('m')]") == [1, 0]
    assert opened.faults == []


@pytest.mark.parametrize(
    ("key", "asked", "settled"),
    [
        ("w", 0.501, 0.5),
        ("w", "0.501", 0.5),
        ("w", "9", 2),
        ("m", "0.7", 1),
        ("m", 5, 1),
        ("w", "", None),
        ("w", "r^2", None),
        ("w", None, None),
        ("__proto__", "1", None),
        ("constructor", "1", None),
    ],
)
def test_what_is_asked_becomes_a_value_that_the_control_can_have(opened, key, asked, settled):
    assert opened.evaluate(f"bowl.settle({json.dumps(key)}, {json.dumps(asked)})") == settled


def test_many_listen_and_each_hears_the_figure_after_it_has_followed(opened):
    opened.evaluate("""() => {
        globalThis.heard = [];
        bowl.onChange(() => heard.push(bowl.root.querySelector("td").textContent));
        globalThis.leave = bowl.onChange(() => heard.push("second"));
    }""")
    set_control(opened.locator("[data-key=w]"), 0.5)
    assert opened.evaluate("heard") == ["1", "second"]
    opened.evaluate("() => { leave() }")
    set_control(opened.locator("[data-key=w]"), 0)
    assert opened.evaluate("heard") == ["1", "second", "0"]
