"""Benches in a browser: by keyboard, mouse and touch, on a page without a kernel."""

import json

import nbformat
import pytest
from asked import CHAINS
from axe_playwright_python.sync_playwright import Axe
from benches_made import BENCHES, classes, gate, jacobian, one_bit, square
from pages import complete, go, number
from playwright.sync_api import expect
from small_books import jupyter_book, write_book

from lossnotes import assets

#: As the book's pages say it.
PHONE = '<meta name="viewport" content="width=device-width, initial-scale=1">'


@pytest.fixture
def opened(browser_page, tmp_path):
    """Opens a page that holds these benches and nothing else."""

    def open_benches(*widgets, name="page", **options):
        path = tmp_path / f"{name}.html"
        path.write_text(complete("".join(w._without_kernel()["text/html"] for w in widgets)), encoding="utf-8")
        return browser_page(path.as_uri(), **options)

    return open_benches


def cells(page, row=0):
    return page.locator(".ln-slopes tbody tr").nth(row).locator("td").all_inner_texts()


def says(page):
    return page.locator(".ln-says").inner_text()


def height(page):
    """Where the mark of the reader's step stands: far down where many digits agree."""
    return float(page.locator('[data-gid="point-0"] use').get_attribute("y"))


def test_the_keyboard_is_enough(opened):
    page = opened(one_bit())
    assert cells(page) == ["−0.9525741268", "−0.9525741268", "10 digits"]
    page.keyboard.press("Tab")  # the line
    page.keyboard.press("Tab")  # z
    assert page.evaluate("document.activeElement.dataset.key") == "z"
    page.keyboard.press("Control+A")
    page.keyboard.type("0")
    assert cells(page)[0] == "−0.5000000000"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-key=z]").input_value() == "0.2"
    assert cells(page)[0] == "−0.4501660027"
    step = page.get_by_role("slider", name="Step h, slider")
    step.focus()
    low = height(page)
    page.keyboard.press("Home")
    assert page.locator("[data-key=h]").input_value() == "1e-15"
    assert number(cells(page)[2].split()[0]) <= 2
    assert height(page) < low
    assert "Rounding contributes most" in says(page)
    assert "1e-15: " in step.get_attribute("aria-valuetext")
    page.keyboard.press("End")
    assert page.locator("[data-key=h]").input_value() == "0.1"
    assert "Make h smaller." in says(page)
    assert page.faults == []


def test_a_wrong_line_is_caught(opened):
    page = opened(one_bit())
    line = page.locator(".ln-line input")
    assert line.input_value() == "σ(z) − y"
    line.fill("σ(z) + y")
    assert cells(page)[2] == "0 digits"
    assert "No h mends this" in says(page)
    assert page.locator(".ln-state").inner_text() == "a line of yours"
    flat = page.locator('[data-gid="curve-2"] path').get_attribute("d")
    heights = {part.split()[1] for part in flat[1:].split("L")[:40]}
    assert len(heights) == 1
    line.fill("σ(z) +")
    assert "got the end." in page.locator(".ln-line .ln-fault").inner_text()
    assert line.get_attribute("aria-invalid") == "true"
    assert cells(page)[2] == "0 digits"  # of the line before
    back = page.get_by_role("button", name="Back to the derived line")
    back.click()
    assert line.input_value() == "σ(z) − y"
    assert cells(page)[2] == "10 digits"
    assert page.locator(".ln-line .ln-fault").inner_text() == ""
    expect(back).to_be_hidden()
    expect(line).to_be_focused()
    line.fill("−y+sigma(z)")
    assert cells(page)[2] in ("10 digits", "the same to the last bit")
    line.fill("sigma(z) - y")
    assert page.locator(".ln-state").inner_text() == "the derived line"
    assert page.faults == []


def test_presets_and_lists(opened):
    page = opened(classes())
    assert [cells(page, n)[2] for n in range(3)] == ["11 digits", "9 digits", "12 digits"]
    page.get_by_role("button", name="targets that sum to 1.3").click()
    assert page.locator("[data-key=t]").input_value() == "1.1, 0.1, 0.1"
    assert [round(number(cells(page, n)[0]), 3) for n in range(3)] == [-1.050, 0.050, 0.699]
    assert [round(number(cells(page, n)[1]), 3) for n in range(3)] == [-1.035, 0.096, 0.939]
    page.locator(".ln-line input").fill("p_k T − t_k")
    assert min(number(cells(page, n)[2].split()[0]) for n in range(3)) >= 9
    page.get_by_role("button", name="One entry more").click()
    assert page.locator("[data-key=z]").input_value() == "-2.77, -1.67, 0, 0"
    assert page.locator(".ln-slopes tbody tr").count() == 4
    for _ in range(4):
        page.get_by_role("button", name="One fewer").click()
    assert page.locator("[data-key=z]").input_value() == "-2.77, -1.67"
    page.locator("[data-key=t]").fill("1 0 0")
    assert page.locator("[data-key=t] ~ .ln-fault").inner_text() == "Expected as many as of z, 2; there are 3."
    page.locator("[data-key=z]").fill("1 2 3")
    assert page.locator(".ln-fault:visible").count() == 0
    assert page.locator(".ln-slopes tbody tr").count() == 3
    page.get_by_role("button", name="Reset").click()
    assert page.locator("[data-key=z]").input_value() == "-2.77, -1.67, 0"
    assert page.locator(".ln-line input").input_value() == "p_k − t_k"
    assert page.faults == []


def test_a_row_is_chosen_among_those_that_there_are(opened):
    page = opened(jacobian())
    page.get_by_role("button", name="One fewer").click()
    page.locator("[data-key=k]").fill("3")
    assert "Expected a whole number from 1 to 2" in page.locator(".ln-fault:visible").inner_text()
    page.get_by_role("slider", name="row k, slider").focus()
    page.keyboard.press("Home")
    assert page.locator("[data-key=k]").input_value() == "1"
    assert page.locator(".ln-fault:visible").count() == 0
    assert page.faults == []


def test_a_finger_is_enough(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(complete(classes()._without_kernel()["text/html"], head=PHONE), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    go(page, path.as_uri())
    page.get_by_role("button", name="targets that sum to 1.3").tap()
    assert "0 digits" in cells(page, 2)[2]
    step = page.get_by_role("slider", name="Step h, slider")
    box = step.bounding_box()
    page.touchscreen.tap(box["x"] + 12, box["y"] + box["height"] / 2)
    assert page.locator("[data-key=h]").input_value() in ("1e-15", "1.78e-15")
    page.get_by_role("button", name="Reset").tap()
    assert page.locator("[data-key=h]").input_value() == "1e-5"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_the_line_that_was_typed_elsewhere_is_tested(opened):
    page = opened(one_bit(typed="asked"))
    said = "detail => document.dispatchEvent(new CustomEvent('ln-answered', {detail}))"
    page.evaluate(said, {"identifier": "another", "text": "σ(z) + y"})
    assert page.locator(".ln-state").inner_text() == "the derived line"
    page.evaluate(said, {"identifier": "asked", "text": "y − σ(z)"})
    assert page.locator(".ln-line input").input_value() == "y − σ(z)"
    assert page.locator(".ln-state").inner_text() == "your line"
    assert cells(page)[2] == "0 digits"
    page.evaluate(said, {"identifier": "asked", "text": ""})
    assert page.locator(".ln-state").inner_text() == "the derived line"
    page.evaluate("localStorage.setItem(`lossnotes ${location.pathname} asked`, 'σ(z) − 1 + 1 − y')")
    page.reload()
    assert page.locator(".ln-state").inner_text() == "your line"
    assert cells(page)[2] == "10 digits"
    page.evaluate("localStorage.setItem(`lossnotes ${location.pathname} asked`, '<img src=x onerror=alert(1)>')")
    page.reload()
    assert "got “<”" in page.locator(".ln-line .ln-fault").inner_text()
    assert page.locator("img").count() == 0
    assert page.faults == []


def test_the_derived_line_is_not_shown_before_it_was_asked_for(opened, browser_page, tmp_path):
    chain = CHAINS["slope"]()._repr_mimebundle_()[0]["text/html"]
    path = tmp_path / "asked.html"
    path.write_text(complete(chain + one_bit(typed="slope")._without_kernel()["text/html"]), encoding="utf-8")
    page = browser_page(path.as_uri())
    line, form = page.locator(".ln-bench .ln-line input"), page.locator("form[data-line=slope]")
    assert line.input_value() == ""
    assert page.locator(".ln-state").inner_text() == "the derived line, shown when you have typed yours"
    assert cells(page)[2] == "10 digits"
    form.get_by_role("textbox").fill("σ(z) + y")
    form.get_by_role("textbox").press("Enter")
    assert line.input_value() == "σ(z) + y"
    form.get_by_role("button", name="Clear").click()
    assert line.input_value() == ""
    form.get_by_role("button", name="Show the line").click()
    assert line.input_value() == "σ(z) − y"
    assert page.locator(".ln-state").inner_text() == "the derived line"
    assert page.faults == []


def test_what_is_typed_stays_text(opened):
    page = opened(classes())
    page.evaluate("void (window.alert = () => { window.ran = true; })")
    for typed in ("<img src=x onerror=alert(1)>", "constructor", "__proto__", "(" * 400, "p" * 100_000):
        for field in page.get_by_role("textbox").all():
            field.fill(typed)
    assert page.locator(".ln-fault:visible").count() == 4
    page.get_by_role("button", name="Reset").click()
    assert page.locator(".ln-fault:visible").count() == 0
    assert page.locator("img").count() == 0
    assert page.evaluate("window.ran") is None
    assert page.faults == []


def test_density_and_loss_differ_by_a_constant(opened):
    page = opened(square())
    costs = page.locator(".ln-costs td")
    first = costs.all_inner_texts()
    assert first[2] == first[3] == "0.6957949819"
    page.locator("[data-key=mu]").fill("-4")
    moved = costs.all_inner_texts()
    assert moved[0] != first[0]
    assert moved[2:] == first[2:]
    page.locator("[data-key=sigma]").fill("0")
    assert page.locator(".ln-fault:visible").inner_text() == "With this the loss is ∞."
    assert costs.all_inner_texts() == moved
    page.locator("[data-key=sigma]").fill("1")
    assert costs.all_inner_texts()[3] == "0.9189385332"
    assert page.faults == []


def test_a_constant_that_answers_an_asked_line_is_folded_until_then(browser_page, tmp_path):
    chain = CHAINS["bell"]()._repr_mimebundle_()[0]["text/html"]
    made = square(slopes={}, typed="bell")._without_kernel()["text/html"]
    path = tmp_path / "asked.html"
    path.write_text(complete(chain + made), encoding="utf-8")
    page = browser_page(path.as_uri())
    costs, form = page.locator(".ln-costs"), page.locator("form[data-line=bell]")
    assert not costs.is_visible()
    form.get_by_role("textbox").fill("r^2/2 + ln(2π)/2")
    form.get_by_role("textbox").press("Enter")
    assert costs.is_visible()
    form.get_by_role("button", name="Clear").click()
    assert not costs.is_visible()
    page.get_by_text("Show me").click()
    assert costs.is_visible()
    assert page.faults == []


def test_others_move_and_read_a_bench(opened):
    page = opened(one_bit(), classes())
    page.evaluate("globalThis.bit = globalThis[Symbol.for('lossnotes')].figures.get('one-bit')")
    assert page.evaluate("[bit.keys, bit.starts]") == [["z", "y", "h"], {"z": -3, "y": 1, "h": 1e-5}]
    assert page.evaluate("[bit.settle('z', '1/2'), bit.settle('h', '0.1'), bit.get('h')]") == [0.5, 0.1, 1e-5]
    for key, asked in (("h", "2"), ("z", ""), ("z", "x"), ("constructor", "1"), ("__proto__", "1")):
        assert page.evaluate(f"bit.settle({json.dumps(key)}, {json.dumps(asked)}) === undefined")
    page.evaluate("globalThis.heard = 0; void (globalThis.deaf = bit.onChange(() => { heard += 1; }))")
    page.evaluate("bit.set({h: 0.1})")
    assert page.locator("#one-bit [data-key=h]").input_value() == "0.1"
    assert page.evaluate("[heard, bit.readout('digits').text, bit.readout('line-z').text]") == [
        1,
        "4",
        "−0.9525741268",
    ]
    page.evaluate("deaf(); bit.reset()")
    assert page.evaluate("[heard, bit.readout('digits').value, bit.readout('stranger') === undefined]") == [1, 10, True]
    page.evaluate("globalThis.many = globalThis[Symbol.for('lossnotes')].figures.get('classes')")
    page.evaluate("many.set({t: many.settle('t', '1.1,0.1,0.1')})")
    assert page.evaluate("many.readout('measured-z1').value") == pytest.approx(-1.0349, abs=1e-4)
    page.evaluate("many.set({z: [1, 2]})")
    assert page.locator("#classes [data-key=t]").input_value() == "1, 0"
    assert page.faults == []


def test_without_scripts_the_first_numbers_stand(opened):
    page = opened(*(declared() for declared in BENCHES), javascript=False)
    assert page.get_by_role("textbox").count() == page.get_by_role("button").count() == 0
    assert cells(page)[:2] == ["−0.9525741268", "−0.9525741268"]
    assert page.locator(".ln-inputs + .ln-still").first.inner_text() == r"\(z\): -3; \(y\): 1; h = 1e-5"
    assert page.locator(".ln-line .ln-still").first.is_visible()


def test_paper_says_what_was_set(opened):
    page = opened(one_bit())
    page.locator("[data-key=z]").fill("-10")
    page.locator(".ln-line input").fill("σ(z) + y")
    page.emulate_media(media="print")
    assert page.get_by_role("textbox").count() == 0
    assert page.get_by_text("z: -10; y: 1; h = 1e-5").is_visible()
    assert page.get_by_text("Slope in z, a line of yours: σ(z) + y").is_visible()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing(opened, width, theme):
    page = opened(*(declared() for declared in (one_bit, classes, gate)), width=width, theme=theme)
    page.locator(".ln-line input").first.fill("σ(z) +")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=rules).response["violations"]
    assert {fault["id"]: [node["html"][:200] for node in fault["nodes"]] for fault in found} == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_bench_twice_on_a_page_works_twice(opened):
    page = opened(one_bit(), one_bit())
    page.locator("[data-key=z]").nth(1).fill("x")
    assert page.locator(".ln-fault:visible").count() == 1
    assert page.locator(".ln-bench").nth(1).locator(".ln-fault:visible").count() == 1
    assert page.faults == []


LIVE = """async ([script, markup, data]) => {
    const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    const { render } = (await import(url)).default;
    const state = {markup, data, values: {}, kernel_rows: [["a", "b"]]}, listeners = {};
    globalThis.model = {
        get: (name) => state[name],
        set: (name, value) => { state[name] = value; listeners[`change:${name}`]?.(); },
        save_changes: () => { globalThis.saved = structuredClone(state.values); },
        on: (name, listen) => { listeners[name] = listen; },
    };
    const el = document.body.appendChild(document.createElement("div"));
    globalThis.leave = render({model, el});
}"""


def test_a_kernel_is_told_and_heard(browser_page):
    page = browser_page("data:text/html,<meta charset=utf-8><title>live</title>")
    widget = one_bit()
    page.evaluate(LIVE, [assets.bundle("widget.js", module=True), widget.markup, widget.data])
    assert page.locator(".ln-slopes thead th").count() == 6
    assert cells(page)[3:] == ["a", "b"]
    page.locator("[data-key=z]").fill("2")
    assert page.evaluate("saved") == {"z": 2, "y": 1}
    page.evaluate("model.set('kernel_rows', [['c', 'd']])")
    assert cells(page)[3:] == ["c", "d"]
    page.locator(".ln-line input").fill("y")  # of a line of yours the kernel knows nothing
    assert cells(page)[3:] == ["", ""]
    page.evaluate("leave()")
    assert page.evaluate("globalThis[Symbol.for('lossnotes')].figures.has('one-bit')") is False
    assert page.faults == []


CELL = """
import sympy as sp
from lossnotes import Entries, bench
t, k, K = sp.IndexedBase("t"), sp.Symbol("k", integer=True), sp.Symbol("K", integer=True, positive=True)
bench(
    sp.Sum(sp.exp(t[k]), (k, 1, K)),
    {t[k]: sp.exp(t[k])},
    controls=[Entries(t, [1, 0], size=K)],
    identifier="measured",
)
"""
WORDS = "Take [a wide step](#measured?h=0.1) or [three](#measured?t=1,2,3): the slope is [2.72](#measured:line-t1)."


def test_words_in_a_book_move_a_bench(browser_page, tmp_path):
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells = [nbformat.v4.new_markdown_cell(f"# Lesson\n\n{WORDS}"), nbformat.v4.new_code_cell(CELL)]
    write_book(tmp_path, {"intro.md": "# Intro\n", "lesson.ipynb": nbformat.writes(made)})
    code, output = jupyter_book(tmp_path)
    assert code == 0, output
    page = browser_page((tmp_path / "_build" / "html" / "book" / "lesson.html").as_uri())
    page.get_by_role("link", name="a wide step").click()
    assert page.locator("[data-key=h]").input_value() == "0.1"
    assert "Make h smaller." in says(page)
    page.get_by_role("link", name="three").click()
    assert page.locator("[data-key=t]").input_value() == "1, 2, 3"
    page.locator("[data-key=t]").fill("2 0")
    assert page.locator(".ln-live").inner_text() == "7.39"
    page.go_back()
    page.go_back()
    expect(page.locator("[data-key=h]")).to_have_value("1e-5")
    assert page.locator("[data-key=t]").input_value() == "1, 0"
    assert page.locator(".ln-live").inner_text() == "2.72"
    # The formula is set when the book is built; the field has the line as it is typed.
    assert page.locator(".ln-bench mjx-container").count() >= 4
    assert page.locator(".ln-line input").input_value() == "exp(t_k)"
    assert page.faults == []
