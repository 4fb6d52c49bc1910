"""The claims ledger: all claims of the sources, each with a live place and a check that is still there."""

import re

import pytest
import yaml
from lessons import LISTS, PROVES, executed
from pages import ROOT, ids

from lossbook.ledger import VERDICTS

CLAIMS = yaml.safe_load((ROOT / "book" / "ledger.yml").read_text(encoding="utf-8"))
#: Claims A15a, A15b and A15c are one line of the source.
NUMBERS = [
    *(f"A{n}" for n in range(1, 15)), "A15a", "A15b", "A15c", *(f"A{n}" for n in range(16, 32)),
    *(f"B{n}" for n in range(1, 31)),
    *(f"C{n}" for n in range(1, 68)),
]  # fmt: skip
#: They say what something is called, how it is used, what somebody thinks: nothing that a cell could check.
UNCHECKED = {"definition", "usage", "opinion"}
CHECK = "|".join(dict.fromkeys(PROVES[group] for group in ("derivations", "numbers")))


def test_no_claim_is_missing():
    assert len(NUMBERS) == 130
    assert list(CLAIMS) == NUMBERS


@pytest.fixture(scope="module")
def pages(site):
    """Of each page that the ledger leads to: the ids on it, and its executed code cells."""
    stems = {place.partition("#")[0] for claim in CLAIMS.values() for place in claim["where"]}
    stems |= {claim["check"].split("#")[0] for claim in CLAIMS.values() if "check" in claim}
    found = {}
    for stem in stems:
        cells = executed(ROOT / "book" / f"{stem}.ipynb", site).cells
        code = {f"cell-{cell.id}": cell for cell in cells if cell.cell_type == "code"}
        found[stem] = set(ids(site, f"{stem}.html")), code
    return found


def fault(number, claim, pages):
    """What is wrong with an entry; nothing of one that holds."""
    if claim["verdict"] not in VERDICTS:
        return f"{number}: no such verdict as {claim['verdict']}"
    if not claim["says"] or not 2 <= len(claim["answer"].split()) <= 40:
        return f"{number}: expected a quotation, and an answer of 2 to 40 words"
    for place in claim["where"]:
        stem, _, mark = place.partition("#")
        if mark and mark not in pages[stem][0]:
            return f"{number}: no {mark} in {stem}"
    if "check" not in claim:
        return "" if claim["verdict"] in UNCHECKED else f"{number}: a verdict that nothing checks"
    stem, cell = claim["check"].split("#")
    there, code = pages[stem]
    if f"cell-{cell}" not in there or f"cell-{cell}" not in code:
        return f"{number}: its check is gone, {cell} in {stem}"
    if not re.search(CHECK, code[f"cell-{cell}"].source):
        return f"{number}: {cell} in {stem} checks nothing"
    return ""


@pytest.mark.parametrize("number", NUMBERS)
def test_each_claim_has_its_verdict_its_place_and_its_check(number, pages):
    assert not fault(number, CLAIMS[number], pages)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"verdict": "maybe"}, "no such verdict"),
        ({"answer": "Yes"}, "an answer of"),
        ({"check": None}, "nothing checks"),
        ({"check": "k-classes#derive-nothing"}, "its check is gone"),
        ({"check": "k-classes#figure-push"}, "checks nothing"),
        ({"where": ["one-bit#b28"]}, "no b28 in one-bit"),
    ],
)
def test_a_broken_entry_is_seen(change, seen, pages):
    claim = {key: value for key, value in (CLAIMS["B28"] | change).items() if value is not None}
    assert seen in fault("B28", claim, pages)


def test_the_ledger_leads_to_every_lesson_that_answers():
    answered = {}
    for path in LISTS:
        for number in yaml.safe_load(path.read_text(encoding="utf-8")).get("claims", {}):
            answered.setdefault(number, set()).add(path.stem)
    for number, stems in answered.items():
        assert stems <= {place.partition("#")[0] for place in CLAIMS[number]["where"]}, number


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_can_choose_what_is_wrong(browser_page, site, width):
    page = browser_page((site / "book" / "ledger.html").as_uri(), width=width)
    assert page.locator(".ln-claim:visible").count() == len(CLAIMS)
    page.locator("#ln-show-wrong").check()
    wrong = [number for number, claim in CLAIMS.items() if claim["verdict"] == "wrong"]
    assert page.locator(".ln-claim:visible .ln-number").all_text_contents() == wrong
    assert page.locator("label.ln-wrong b").inner_text() == str(len(wrong))
