"""The lessons in a real JupyterLab: Run All reaches the bottom, and figures talk to Python."""

import json
import shutil

import nbformat
import numpy as np
import pytest
from gallery import descent
from lab_server import OUTPUTS, kernel_values, open_notebook, run_all, running_lab, settled
from pages import ROOT, number
from playwright.sync_api import expect
from small_books import cell

LESSONS = sorted(path.name for path in (ROOT / "book").glob("*.ipynb"))

EXERCISES = """
import sympy as sp
from lossnotes import exercise
p, y = sp.symbols("p y", real=True)
half = exercise("What is the derivative of $\\\\tfrac12(p-y)^2$ in $p$?", answer=p - y, domain={p: (0, 1), y: (0, 1)},
                replies={2 * (p - y): "Without the $\\\\frac12$."})
display(half)
display(exercise("Which?", answer="one", choices=["one", "two", "three"]))
"""

ASKED = """
from sympy import symbols
from lossnotes import Ask, Derivation, sigmoid, softplus
y, z = symbols("y z", real=True)
d = Derivation("L", softplus(z) - y * z)
slips = {sigmoid(z) + y: "The slope of $-yz$ is $-y$."}
d.differentiate(z, sigmoid(z) - y, "The slope of softplus is σ.", ask=Ask("slope", replies=slips))
d
"""


HIDDEN = {"jupyter": {"source_hidden": True}}
#: Its long cells open collapsed, and each needs the one before it.
EVIDENCE = (
    cell("set-up", "x = 1\n" * 9, "evidence", **HIDDEN),
    cell("figure", "y = x + 1\nprint('figure', y)", "hide-input", **HIDDEN),
    cell("check-it", "# Checked: the sum\nassert y == 2\nprint('checked')", "evidence"),
)

GUESS = """
import sympy as sp
from lossnotes import Slider, explore, guess
x, z, g = sp.symbols("x z g", real=True)
veils, alt = {"bowl": ["push", "loss"]}, {"bowl": "Nothing yet."}
asked = guess("How steep?", answer=2, identifier="steep", veils=veils, alt=alt)
asked
"""
BOWL = """
explore(x=(x, -2, 2), curves={"loss": (x - z)**2, "you": g + 0*x}, sliders=[Slider(z, -2, 2, 1)], alt="A bowl.",
        readouts={"push": 2*z}, guesses={g: "steep"}, positions={"far left": {z: -2}}, caption="A.", identifier="bowl")
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the lessons."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "book", folder / "book")
    shutil.copy(ROOT / "tests" / "helpers" / "gallery.py", folder)
    write_notebook(folder / "gallery.ipynb", "import gallery", "gallery.penalties()", "gallery.measured()")
    write_notebook(folder / "exercises.ipynb", EXERCISES, "print(half.answered, half.verdict)")
    write_notebook(folder / "evidence.ipynb", *EVIDENCE)
    write_notebook(folder / "asked.ipynb", ASKED, "print(d.steps[-1].asked.verdict)")
    write_notebook(folder / "guess.ipynb", GUESS, BOWL, "print(asked.answered)")
    with running_lab(folder) as address:
        yield address


def write_notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) if isinstance(source, str) else source for source in sources]
    # Without a kernel's name JupyterLab would ask for one.
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)


@pytest.mark.parametrize("lesson", LESSONS)
def test_run_all_reaches_the_bottom_without_a_warning(browser_page, lab, lesson):
    page = browser_page(f"{lab}/lab/tree/book/{lesson}?reset")
    outputs = run_all(page)
    assert not [o for o in outputs if o["type"] == "error" or o["name"] == "stderr"], json.dumps(outputs, indent=1)


def test_long_evidence_opens_collapsed_runs_in_order_and_shows_its_outputs(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/evidence.ipynb?reset")
    open_notebook(page)
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(3)
    for n, collapsed in enumerate((True, True, False)):
        expect(cells.nth(n).locator(".jp-InputPlaceholder")).to_have_count(int(collapsed))
    outputs = run_all(page)
    assert [output["text"].strip() for output in outputs] == ["figure 2", "checked"]
    expect(cells.nth(1).locator(".jp-OutputArea")).to_contain_text("figure 2")
    cells.nth(0).locator(".jp-InputPlaceholder").click()
    expect(cells.nth(0).locator(".jp-InputArea-editor")).to_contain_text("x = 1")


def test_slider_moves_the_figure_and_python_follows(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/book/gaussian-noise.ipynb?reset")
    run_all(page)
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 3")
    figure = page.locator(".ln-explore").first
    figure.scroll_into_view_if_needed()
    curve = figure.locator(".ln-panel >> nth=0").locator("[data-gid=curve-0] path").first
    before = curve.get_attribute("d")
    row = figure.locator("tr", has_text="her sum of squares")
    slider = figure.get_by_role("slider", name="slope w")
    slider.focus()
    page.keyboard.press("Home")
    assert float(slider.input_value()) == 0
    assert curve.get_attribute("d") != before
    by_script = float(row.locator("td").first.get_attribute("title"))  # all its digits
    by_numpy, by_digits = settled(
        lambda: kernel_values(row), lambda texts: float(texts[0]) == pytest.approx(by_script, rel=1e-5)
    )
    assert float(by_digits) == pytest.approx(float(by_numpy), rel=1e-12)
    assert len(by_digits) > 45


def test_menus_drags_and_functions_reach_python(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/gallery.ipynb?reset")
    run_all(page)
    figure = page.locator("#penalties")
    figure.scroll_into_view_if_needed()
    figure.get_by_label("penalty").select_option("log-cosh")
    box = figure.locator("[data-handle]").first.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 90, middle[1])
    page.mouse.up()
    held = float(figure.get_by_label("residual").input_value())
    assert held < 1.5
    row = figure.locator("tr", has_text="loss")
    settled(
        lambda: kernel_values(row), lambda texts: float(texts[0]) == pytest.approx(np.log(np.cosh(held)), rel=1e-12)
    )
    measured = page.locator("#measured")
    slider = measured.get_by_label("learning rate")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == pytest.approx(0.4), "JupyterLab took the key"
    page.keyboard.press("End")
    last = measured.locator("td").first
    expected = descent(float(slider.input_value()))["last"]
    settled(lambda: float(last.get_attribute("title")), lambda value: value == pytest.approx(expected, rel=1e-5))


def test_python_sees_the_verdict_on_what_is_typed_in_the_lab(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/exercises.ipynb?reset")
    outputs = run_all(page)
    assert not [o for o in outputs if o["type"] == "error"], outputs
    question = page.locator(".ln-exercise").first
    question.locator("mjx-container").first.wait_for()
    assert "$" not in question.inner_text()
    field = question.get_by_role("textbox")
    field.fill("p−y")
    field.press("Enter")
    verdict = question.get_by_role("status")
    settled(verdict.inner_text, lambda text: "✓ Right. It agrees with the answer at 32 points." in text)
    field.fill("2(p-y)")
    field.press("Enter")
    settled(verdict.inner_text, lambda text: "✗ Not yet. At p = " in text and "Without the" in text)
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    printed = settled(lambda: run_outputs(page), lambda texts: texts and "2(p-y)" in texts[-1])[-1]
    assert "'status': 'wrong'" in printed
    assert "'reply': 0" in printed


def test_python_sees_the_verdict_on_a_line_of_a_derivation(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/asked.ipynb?reset")
    outputs = run_all(page)
    assert not [o for o in outputs if o["type"] == "error"], outputs
    chain = page.locator(".ln-asked").first
    chain.locator("mjx-container").first.wait_for()
    assert "$" not in chain.inner_text()
    field = chain.get_by_role("textbox")
    verdict = chain.get_by_role("status")
    field.fill("σ(z)+y")
    field.press("Enter")
    settled(verdict.inner_text, lambda text: text.startswith("✗ It does not follow. The slope of"))
    field.fill("σ(z)-y")
    field.press("Enter")
    settled(verdict.inner_text, lambda text: "✓ Right. The slope of softplus is σ." in text)
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    printed = settled(lambda: run_outputs(page), lambda texts: texts and "there" in texts[-1])[-1]
    assert "'reply': -1" in printed


def test_arrow_keys_choose_and_do_not_leave_the_cell(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/exercises.ipynb?reset")
    run_all(page)
    choice = page.locator(".ln-exercise").nth(1)
    choice.get_by_label("two").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert choice.get_by_label("one").is_checked()
    settled(choice.get_by_role("status").inner_text, lambda text: text == "✓ Right.")


def run_outputs(page):
    return [output["text"] for cell in page.evaluate(OUTPUTS) for output in cell["outputs"] if output["text"]]


def test_a_guess_veils_a_figure_of_its_notebook_and_reaches_python(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/guess.ipynb?reset")
    run_all(page)
    bowl, asked = page.locator("#bowl"), page.locator("#steep")
    curve = bowl.locator('[data-gid="curve-0"]')
    assert not curve.is_visible()
    assert not bowl.locator("td").first.is_visible()
    assert bowl.get_by_role("img").get_attribute("aria-label") == "Nothing yet."
    asked.locator("input").fill("0.5")
    asked.locator("input").press("Enter")
    assert curve.is_visible()
    assert bowl.locator('[data-gid="curve-1"] path').get_attribute("d").count("L") == 240
    assert asked.locator(".ln-verdict").inner_text() == "You said 0.5. It is 2."
    bowl.get_by_role("button", name="far left").click()
    assert number(bowl.locator("td").first.inner_text()) == -4
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    settled(lambda: page.evaluate(OUTPUTS)[2]["outputs"][0]["text"], lambda text: text == "0.5\n")
    # A cell that runs again shows a new figure: what was guessed stands in it, and nothing is veiled.
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    settled(lambda: bowl.count() == 1 and number(bowl.locator("td").first.inner_text()), lambda push: push == 2)
    assert curve.is_visible()
    assert bowl.locator('[data-gid="curve-1"] path').get_attribute("d").count("L") == 240
    assert page.faults == []
