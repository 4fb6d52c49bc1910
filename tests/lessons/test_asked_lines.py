"""Each line that a lesson asks for survives the judge that the page has."""

import json

import pytest
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
