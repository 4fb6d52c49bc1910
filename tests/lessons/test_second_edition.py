"""A lesson that has folded its evidence says little, shows little code, and opens in JupyterLab as it reads."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from lessons import load
from pages import ROOT
from small_books import cell

from lossbook import evidence

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
#: Open code cells of a lesson, lines of each, words outside folds.
CELLS, LINES, WORDS = 3, 8, 1400
#: Tags of cells whose code a page does not show at once.
FOLDED = {evidence.TAG, "hide-input", "hide-cell", "remove-input", "remove-cell"}


def code_cells(notebook, *, of=None):
    """The code cells of a notebook, or those that have one of these tags."""
    cells = [each for each in notebook.cells if each.cell_type == "code"]
    return cells if of is None else [each for each in cells if of & set(each.metadata.get("tags", []))]


def length(each):
    return len(each.source.strip().splitlines())


def is_of_the_second_edition(notebook):
    return bool(code_cells(notebook, of={evidence.TAG}))


def faults(notebook):
    """What stands open in a notebook and should not, and what JupyterLab would show at full length."""
    folded = [each.id for each in code_cells(notebook, of=FOLDED)]
    shown = [each for each in code_cells(notebook) if each.id not in folded]
    found = [f"more than {CELLS} open cells: {', '.join(each.id for each in shown)}"] if len(shown) > CELLS else []
    for each in shown:
        checks = evidence.count(each.source)
        if length(each) > LINES:
            found.append(f"{each.id} is open, with {length(each)} lines; at most {LINES}, or tag it 'evidence'")
        if checks.assertions or checks.comparisons:
            found.append(f"{each.id} is open and checks something: tag it 'evidence'")
    for each in code_cells(notebook, of={evidence.TAG, "hide-input"}):
        if length(each) > LINES and not each.metadata.get("jupyter", {}).get("source_hidden"):
            found.append(f"{each.id} has {length(each)} lines; its metadata want jupyter.source_hidden: true")
    return found


def words(markup):
    """How many words a page says outside folds and glossary cards: in its text and the captions of its figures."""
    article = BeautifulSoup(markup, "html.parser").find("article")
    captions = [caption.extract() for caption in article.select("figcaption") if not caption.find_parent("details")]
    for part in article.select(
        ".cell, details:not(.ln-veil), summary, mjx-container, script, style, button, .headerlink, [popover]"
    ):
        part.decompose()
    said = " ".join(part.get_text(" ") for part in (article, *captions))
    return sum(any(letter.isalpha() for letter in word) for word in said.split())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_lesson_with_evidence_keeps_code_short_and_words_few(path, site):
    notebook = load(path)
    if not is_of_the_second_edition(notebook):
        return
    assert faults(notebook) == []
    assert words((site / "book" / f"{path.stem}.html").read_text(encoding="utf-8")) <= WORDS


def made(*cells):
    return nbformat.v4.new_notebook(cells=[cell("check-it", "assert True", "evidence"), *cells])


LONG = "x = 1\n" * 9


@pytest.mark.parametrize(
    ("cells", "seen"),
    [
        ([cell(f"open-{n}", "x = 1") for n in range(4)], "more than 3 open cells: open-0, open-1, open-2, open-3"),
        ([cell("open", LONG)], "open is open, with 9 lines"),
        ([cell("open", "assert True")], "checks something"),
        ([cell("open", "verify.equal('x', 1, 1)")], "checks something"),
        ([cell("check-long", LONG, "evidence")], "check-long has 9 lines; its metadata want jupyter.source_hidden"),
        ([cell("figure", LONG, "hide-input")], "figure has 9 lines"),
    ],
)
def test_what_is_loud_is_seen(cells, seen):
    (fault,) = faults(made(*cells))
    assert seen in fault


def test_what_is_quiet_is_not():
    hidden = {"jupyter": {"source_hidden": True}}
    quiet = [
        *(cell(f"open-{n}", LONG[: 8 * 6]) for n in range(3)),
        cell("check-long", LONG, "evidence", **hidden),
        cell("figure", LONG, "hide-input", **hidden),
        cell("solve", LONG, "hide-cell"),
        cell("ask", "exercise('?', answer=1)", "remove-input"),
    ]
    assert faults(made(*quiet)) == []
    assert is_of_the_second_edition(made())
    assert not is_of_the_second_edition(nbformat.v4.new_notebook(cells=[cell("open", LONG)]))


def test_words_are_counted_outside_folds_cells_and_formulas():
    page = """<article><h1>One bit<a class="headerlink">#</a></h1><button>Show all code</button>
        <p>It costs 3.00: <mjx-container><mi>x</mi></mjx-container> twice.</p>
        <details class="ln-evidence"><summary>Checked</summary><pre>assert it</pre></details>
        <div class="cell"><pre>code</pre><figure><figcaption>A line.</figcaption></figure></div></article>"""
    assert words(page) == len(["One", "bit", "It", "costs", "twice", "A", "line"])


def test_stripping_outputs_keeps_what_collapses_a_cell(tmp_path):
    path = tmp_path / "lesson.ipynb"
    nbformat.write(made(cell("check-long", LONG, "evidence", jupyter={"source_hidden": True})), path)
    subprocess.run([str(Path(sys.executable).parent / "nbstripout"), "--keep-id", str(path)], check=True)
    assert faults(load(path)) == []
