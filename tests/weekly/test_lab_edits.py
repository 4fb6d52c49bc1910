"""What a reader does in JupyterLab: opens it by make, edits a formula, and sees what depends on it follow."""

import shlex
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from lab_server import kernel_values, open_notebook, run_to_the_first_error, running_lab, settled, wait_until
from pages import ROOT, TOC
from scipy.special import expit


@contextmanager
def opened_by_make(folder):
    """What ``make lab`` opens in a browser, in a copy of the lessons: the address of a file that leads on."""
    shutil.copytree(ROOT / "book", folder / "book")
    told = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "lab"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    command = shlex.split(told.stdout.splitlines()[-1])
    assert (Path(command[0]).name, command[1]) == ("jupyter", "lab")
    note = folder / "opened"
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {note}\n')
    browser.chmod(0o755)
    with running_lab(folder, *command[2:], browser=f"{browser} %s"):
        wait_until(lambda: note.exists() and note.read_text().endswith("\n"), "JupyterLab opened no browser")
        yield note.read_text().split()


def test_make_lab_opens_the_first_page(browser_page, tmp_path):
    with opened_by_make(tmp_path) as (only,):
        page = browser_page(only)
        open_notebook(page)
        shown = page.evaluate("window.jupyterapp.shell.currentWidget.context.path")
        assert shown == f"{TOC['root']}.ipynb"
        assert page.locator(".jp-Notebook h1").first.inner_text()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab: its folder and its address."""
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder) as address:
        yield folder, address


#: Squared error with a ½ in front: (cell, what stands there, what a reader types).
HALVED = [
    ("imports", "sigmoid(-z) ** 2  #", "sigmoid(-z) ** 2 / 2  #"),
    ("imports", "2 * sigmoid(z) * sigmoid(-z) ** 2", "sigmoid(z) * sigmoid(-z) ** 2"),
    (
        "imports",
        "3 * z / 2 + exp(2 * z) / 4 + 3 * exp(z) / 2 - exp(-z) / 2",
        "3 * z + exp(2 * z) / 2 + 3 * exp(z) - exp(-z)",
    ),
    ("derive-slope", "(s - y) ** 2)", "(s - y) ** 2 / 2)"),
    ("derive-slope", "    2 * sp.UnevaluatedExpr(s - y)", "    sp.UnevaluatedExpr(s - y)"),
    ("derive-slope", "    2 * p * (1 - p) * (p - y)", "    p * (1 - p) * (p - y)"),
    ("derive-slope", '(s - y) * s * (1 - s): "The square', '2 * (s - y) * s * (1 - s): "The square'),
    ("derive-time-se", "(1 + exp(z)) ** 2 / 2", "(1 + exp(z)) ** 2"),
    (
        "derive-time-se",
        "exp(-z) / 2 + Rational(3, 2) + 3 * exp(z) / 2 + exp(2 * z) / 2",
        "exp(-z) + 3 + 3 * exp(z) + exp(2 * z)",
    ),
]


#: Type into a cell.
TYPE = """([id, before, after]) => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    const model = cells.find(cell => cell.id === id).sharedModel;
    const parts = model.getSource().split(before);
    if (parts.length !== 2) throw new Error(`${id}: ${parts.length - 1} times ${before}`);
    model.setSource(parts.join(after));
}"""


#: Bring a cell into view.
SHOW = """id => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = [...notebook.model.cells].findIndex(cell => cell.id === id);
}"""


def edited(browser_page, lab, edits):
    """The ninth lesson in JupyterLab after these edits and Run All, and the lesson's cells by name."""
    folder, address = lab
    shutil.copy(ROOT / "book" / "squashed.ipynb", folder)  # afresh: JupyterLab may have saved the last edits
    page = browser_page(f"{address}/lab/tree/squashed.ipynb?reset")
    open_notebook(page)
    for edit in edits:
        page.evaluate(TYPE, edit)
    return page, {cell["id"]: cell for cell in run_to_the_first_error(page)}


def errors(cells):
    return [
        (name, output["text"])
        for name, cell in cells.items()
        for output in cell["outputs"]
        if output["type"] == "error"
    ]


def test_derivation_check_and_figure_follow_an_edit(browser_page, lab):
    page, cells = edited(browser_page, lab, HALVED)
    # Up to the descent, which nobody has edited: its count is twice what the new formula says.
    ((stopped, why),) = errors(cells)
    assert stopped == "escape-verdict"
    assert "counted over predicted" in why
    assert cells["derive-time-se"]["count"]
    page.evaluate(SHOW, "figure-race")
    page.locator("#race").scroll_into_view_if_needed()
    assert_reads(page, "push, squared error", expit(-10) * expit(10) ** 2)
    page.evaluate(SHOW, "derive-time-se")
    derivation = page.locator(".ln-derivation", has_text="multiply out")
    derivation.scroll_into_view_if_needed()
    lines = settled(derivation.locator("ol mjx-assistive-mml").all_text_contents, lambda texts: "=" in texts[-1])
    assert lines[1:] == ["=1σ(z)σ2(−z)", "=(1+e−z)(1+ez)2", "=e2z+3ez+3+e−z"]  # each without the half
    assert derivation.locator(".ln-mark").all_inner_texts() == ["✓", "✓"]


def assert_reads(page, name, value):
    """The first figure's script, NumPy and 50 digits all say so."""
    row = page.locator("#race tr", has_text=name)
    by_numpy, by_digits = settled(lambda: kernel_values(row), all)
    assert float(by_numpy) == pytest.approx(value, rel=1e-12)
    assert float(by_digits) == pytest.approx(value, rel=1e-12)
    assert float(row.locator("td").first.get_attribute("title")) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("left_out", ["derive-slope", "derive-time-se"])
def test_half_an_edit_is_refused(browser_page, lab, left_out):
    """The formula is edited, its slope or its integral is not: the line that is now false says so."""
    last = [edit for edit in HALVED if edit[0] == left_out][1]
    _, cells = edited(browser_page, lab, [edit for edit in HALVED if edit != last])
    ((stopped, why),) = errors(cells)
    assert stopped == left_out
    assert "the two sides differ" in why
    after = list(cells)[list(cells).index(left_out) + 1 :]
    assert not any(cells[name]["count"] for name in after)
