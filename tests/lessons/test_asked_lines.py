"""Each line that a lesson asks for survives the judge that the page has."""

import json
import re

import pytest
import v8
from asked import faults
from bs4 import BeautifulSoup
from lessons import executed
from pages import ROOT

LESSONS = sorted((ROOT / "book").glob("*.ipynb"))


def lines(path, site):
    """The asked lines of a lesson, as its page has them."""
    for cell in executed(path, site).cells:
        for output in cell.get("outputs", ()):
            page = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser")
            for block in page.select("script.ln-data"):
                data = json.loads(block.string)
                yield from data["lines"] if data["kind"] == "chain" else ()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_asked_lines_survive_their_judge(path, site):
    assert [fault for line in lines(path, site) for fault in faults(line)] == []


WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_an_answer_with_as_many_digits_as_are_asked_for_is_right(path, site):
    page = BeautifulSoup((site / f"book/{path.stem}.html").read_text(encoding="utf-8"), "html.parser")
    for block in page.select("script.ln-data"):
        rule = json.loads(block.string)
        asked = re.search(r"\((\w+) (significant )?digits", block.parent.get_text())
        if asked and rule["kind"] == "number":
            rounded = f"{rule['answer']:.{WORDS[asked[1].lower()]}g}"
            assert v8.run(f"judge({json.dumps(rule)}, {json.dumps(rounded)})")["status"] == "right", rounded
