"""Nothing that the curriculum asks of a lesson is lost: each item has its cell, and the cell does it."""

import re
from pathlib import Path

import pytest
import yaml
from lessons import LISTS, PROVES, executed
from pages import FURTHER, LESSONS, ROOT, ids

GROUPS = {"derivations", "numbers", "figures", "experiments", "exercises", "claims", "questions"}
#: What a derivation, a figure and an exercise leave on the page.
SHOWS = {"derivations": "ln-derivation", "figures": "ln-figure", "exercises": "ln-exercise"}


def items(path, *groups):
    wanted = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(group, item, cell) for group in groups for item, cell in wanted.get(group, {}).items()]


def test_every_lesson_has_its_list():
    assert {path.stem for path in LISTS} == {Path(page).stem for page in (*LESSONS, *FURTHER)}


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_groups_are_known(path):
    assert set(yaml.safe_load(path.read_text(encoding="utf-8"))) <= GROUPS


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_each_item_has_a_cell_that_does_it(path, site):
    cells = {cell["id"]: cell for cell in executed(ROOT / "book" / f"{path.stem}.ipynb", site).cells}
    for group, item, cell in items(path, *PROVES):
        assert cell in cells, f"{item}: no cell {cell}"
        assert cells[cell].cell_type == "code", f"{item}: {cell} only talks"
        shown = str([output.get("data", {}).get("text/html", "") for output in cells[cell].outputs])
        done = re.search(PROVES[group], cells[cell].source) or SHOWS.get(group, "never") in shown
        assert done, f"{item}: {cell} does not do it"


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_figures_and_exercises_are_on_the_page(path, site):
    page = (site / "book" / f"{path.stem}.html").read_text(encoding="utf-8")
    for group in ("figures", "exercises"):
        word = SHOWS[group]
        wanted = len({cell for _, _, cell in items(path, group)})
        assert len(re.findall(rf'class="{word}[ "]', page)) >= wanted, group


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_each_claim_and_question_can_be_linked_to(path, site):
    there = ids(site, f"{path.stem}.html")
    for _, item, anchor in items(path, "claims", "questions"):
        assert there.count(anchor) == 1, f"{item}: {anchor} is there {there.count(anchor)} times"
