"""What proves a lesson: one click below it, whole, and easy to reach."""

import re
from io import BytesIO

import nbformat
import pytest
from bs4 import BeautifulSoup
from page_checks import PLAIN, fold_out, show, violations
from playwright.sync_api import expect
from pypdf import PdfReader
from small_books import cell, jupyter_book, make_pdf, notebook, write_book

INTRO = "# Intro\n\nTo [the cost](lesson.ipynb#cell-check-cost) and to [the unit](lesson.ipynb#unit).\n"
GLOSSARY = "# Glossary\n\n```{glossary}\nlogit\n  A raw number.\n```\n"
FIGURE = """
from lossnotes import Slider, explore
from sympy import symbols
x, t = symbols("x t", real=True)
explore(curves={"line": t * x}, x=(x, -1, 1), y=(-3, 3), sliders=[Slider(t, -2, 2, value=1, label="tilt")],
        caption="A line that tilts.", alt="A line.", identifier="tilting")
"""
#: Its chain is displayed, so it is inside the fold too.
CHAIN = """# Checked: each step of the chain
from lossnotes import Derivation
chain = Derivation("L", x**2)
chain.differentiate(x, 2 * x, "of a square")
chain.step(x + x, "as a sum")
chain"""
TEXT = """## What it costs

It costs 3. See [the chain](#cell-check-chain), [the unit](#unit), [the solution](#cell-solve).

<details><summary>Nats and bits</summary>

<a id="unit"></a>A loss in nats, divided by $\\ln 2$, is in **bits**.

</details>"""
SOLUTION = {"mystnb": {"code_prompt_show": "Show the solution", "code_prompt_hide": "Hide the solution"}}


def lesson():
    made = nbformat.reads(notebook(), as_version=4)
    markdown = nbformat.v4.new_markdown_cell
    made.cells = [
        cell("set-up", "from lossnotes import verify", "evidence"),
        markdown("# Lesson\n\nA picture comes first."),
        cell("figure", FIGURE, "hide-input"),
        cell("check-top", "# Checked: the slope, and $-\\ln p$ for a logit < 1\nassert 6 * 7 == 42", "evidence"),
        markdown("Below the picture."),
        markdown(TEXT),
        cell("check-cost", "# Checked: the cost\nassert 3 > 2\nverify.equal('cost', 3, 3)", "evidence"),
        cell("table", "print('a table')", tags=["evidence", "hide-input"]),
        markdown("It was cheap."),
        markdown("### Why"),
        cell("check-chain", CHAIN, "evidence"),
        markdown("Because the logit says so."),
        cell("open", "from sympy import diff\ndiff(x**2, x)"),
        markdown("## Exercises"),
        cell("solve", "print('solved')", "hide-cell", **SOLUTION),
    ]
    return nbformat.writes(made)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    write_book(folder, {"intro.md": INTRO, "lesson.ipynb": lesson(), "glossary.md": GLOSSARY})
    code, output = jupyter_book(folder)
    assert code == 0, output
    return folder


@pytest.fixture(scope="module")
def article(book):
    page = (book / "_build/html/book/lesson.html").read_text(encoding="utf-8")
    return BeautifulSoup(page, "html.parser").find("article")


@pytest.fixture
def opened(browser_page, book):
    """Opens the lesson, at a place of it."""
    address = (book / "_build/html/book/lesson.html").as_uri()
    return lambda place="", **kind: browser_page(f"{address}{place}", **kind)


def words(tag):
    for formula in tag.select("mjx-container"):
        formula.replace_with("FORMULA")
    return " ".join(tag.get_text().split())


def test_each_section_ends_in_its_line(article):
    lines = {words(fold.parent.find(re.compile("h[1-6]"))).strip("#"): fold for fold in article.select(".ln-evidence")}
    assert {name: words(fold.summary) for name, fold in lines.items()} == {
        "Lesson": "✓ Checked at every build: the slope, and FORMULA for a logit < 1",
        "What it costs": "✓ Checked at every build: the cost",
        "Why": "✓ Checked at every build: each step of the chain",
    }
    following = [fold.find_next_sibling() for fold in lines.values()]
    assert [after and after.name for after in following] == ["section", "section", None]
    before = [words(fold.find_previous_sibling()) for fold in lines.values()]
    assert before[:2] == ["Below the picture.", "It was cheap."]
    assert before[2].startswith("from sympy import diff"), "the open cell"
    assert "\\ln" not in article.get_text().replace(lines["Lesson"].pre.get_text(), "").split("# Checked")[0]


def test_a_fold_holds_the_count_then_cells_with_code_and_outputs(article):
    def held(fold):
        return words(fold.select_one(".ln-checks > p")), [part["id"] for part in fold.select(".cell")]

    top, cost, why = article.select(".ln-evidence")
    assert held(top) == ("1 check: 1 assertion", ["cell-set-up", "cell-check-top"])
    assert held(cost) == ("2 checks: 1 assertion, 1 comparison", ["cell-check-cost", "cell-table"])
    assert held(why) == ("2 checks: 2 steps", ["cell-check-chain"])
    assert cost.select_one("#cell-check-cost table")
    assert why.select_one("#cell-check-chain .ln-derivation")
    assert "a table" in cost.select_one("#cell-table .cell_output").get_text()
    assert article.select(".ln-evidence details") == [], "no fold in the fold"
    assert len(article.select(".ln-derivation")) == 1


def test_what_is_no_evidence_stays_in_its_place(article):
    shown = article.select_one("#cell-open")
    assert shown.find_parent("details") is None
    assert shown.select_one(".cell_input") is not None
    assert shown.select_one(".cell_output") is not None
    assert "Show the solution" in words(article.select_one("#cell-solve > details > summary"))


def test_the_code_of_a_figure_is_folded_below_it(article):
    parts = [part for part in article.select_one("#cell-figure").children if part.name]
    assert [part.name for part in parts] == ["div", "details"]
    assert parts[0].select_one("#tilting")
    assert "Show the code" in parts[1].get_text()
    assert "explore(" in parts[1].get_text()


def test_search_and_terms_see_the_text_and_no_evidence(book, article):
    texts = (book / "_build/html/_static/searchtexts.js").read_text(encoding="utf-8")
    assert "It was cheap." in texts
    assert "divided by" in texts
    assert "Checked at every build" not in texts
    assert "Show all code" not in texts
    (term,) = article.select("a.ln-term")
    assert words(term.find_parent("p")) == "Because the logit says so."


def test_fine_print_is_markdown(article):
    (fold,) = (fold for fold in article.select("section > details") if "Nats" in fold.summary.get_text())
    assert fold.select_one("mjx-container")
    assert fold.select_one("strong").get_text() == "bits"


# The switch

FOLDED = "details.ln-evidence, .tag_hide-input > details"
SEEN = """selector => [...document.querySelectorAll(selector)].map(fold => fold.open)"""


def test_one_switch_shows_all_code_and_remembers(opened):
    page = opened()
    switch = page.get_by_role("button", name="Show all code")
    assert page.evaluate(SEEN, FOLDED) == [False] * 4
    switch.click()
    assert page.evaluate(SEEN, FOLDED) == [True] * 4
    assert page.evaluate(SEEN, "#cell-solve > details") == [False], "a solution is no code to be shown with the rest"
    page.reload()
    assert page.evaluate(SEEN, FOLDED) == [True] * 4
    page.get_by_role("button", name="Hide all code").click()
    assert page.evaluate(SEEN, FOLDED) == [False] * 4
    page.reload()
    assert page.evaluate(SEEN, FOLDED) == [False] * 4
    assert page.faults == []


def test_the_switch_works_by_keyboard_and_says_what_it_will_do(opened):
    page = opened()
    switch = page.locator(".ln-all-code")
    switch.focus()
    page.keyboard.press("Enter")
    expect(switch).to_have_text("Hide all code")
    page.locator(".ln-evidence > summary").first.press("Enter")
    expect(switch).to_have_text("Show all code")
    switch.press("Space")
    assert page.evaluate(SEEN, FOLDED) == [True] * 4
    expect(switch).to_be_focused()


def test_the_switch_works_by_touch(browser, book):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((book / "_build/html/book/lesson.html").as_uri())
    page.locator(".ln-all-code").tap()
    assert page.evaluate(SEEN, FOLDED) == [True] * 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


REFUSED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })"


def test_without_storage_the_switch_works_and_forgets(opened):
    page = opened()
    page.evaluate(REFUSED)
    page.locator(".ln-all-code").click()
    assert page.evaluate(SEEN, FOLDED) == [True] * 4
    assert page.faults == []


def test_only_pages_with_folded_code_have_a_switch(book):
    pages = [book / f"_build/html/book/{name}.html" for name in ("intro", "lesson")]
    assert [page.read_text(encoding="utf-8").count('class="ln-all-code"') for page in pages] == [0, 1]


def test_without_scripts_there_is_no_switch_and_each_fold_opens(opened):
    page = opened(javascript=False)
    expect(page.locator(".ln-all-code")).to_be_hidden()
    page.locator(".ln-evidence > summary").first.click()
    expect(page.locator("#cell-check-top")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_folds_and_switch_are_accessible(opened, width, theme):
    page = opened(width=width, theme=theme)
    show(page, width, theme)
    assert violations(page) == {}
    page.locator(".ln-all-code").click()
    fold_out(page)
    show(page, width, theme)
    page.evaluate(PLAIN)
    assert violations(page) == {}


# Links into folds

IN_VIEW = """name => {
    const box = document.getElementById(name).getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.top < innerHeight;
}"""
#: What a browser does that opens no fold by itself.
CLOSED = "document.querySelectorAll('details').forEach(fold => { fold.open = false; })"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("name", ["cell-check-chain", "cell-check-cost"])
def test_an_address_opens_the_fold_and_leads_there(opened, name, javascript):
    page = opened(f"#{name}", javascript=javascript)
    expect(page.locator(f"#{name}")).to_be_visible()
    expect(page.locator(f"#{name}")).to_be_in_viewport()
    assert page.locator(".ln-evidence[open]").count() == 1


def test_a_link_on_the_page_opens_the_fold_each_time(opened):
    page = opened()
    for _ in range(2):
        page.get_by_role("link", name="the chain").click()
        page.wait_for_function(IN_VIEW, arg="cell-check-chain")
        page.evaluate(CLOSED)
    page.get_by_role("link", name="the unit").click()
    expect(page.get_by_text("A loss in nats")).to_be_visible()


def test_where_the_browser_opens_no_fold_the_page_does(opened):
    page = opened()
    page.evaluate("document.addEventListener('click', event => event.preventDefault())")
    page.get_by_role("link", name="the chain").click()
    expect(page.locator("#cell-check-chain")).to_be_visible()


def test_the_way_back_and_a_typed_address_open_it_too(opened):
    page = opened("#cell-check-cost")
    page.evaluate("location.hash = '#exercises'")
    page.evaluate(CLOSED)
    page.go_back()
    page.wait_for_function(IN_VIEW, arg="cell-check-cost")
    assert page.faults == []


@pytest.mark.parametrize("place", ["#%E0%A4%A", "#nowhere", "#constructor", "#tilting?t=1"])
def test_a_strange_address_breaks_nothing(opened, place):
    page = opened(place)
    page.locator(".ln-all-code").click()
    assert page.evaluate(SEEN, FOLDED) == [True] * 4
    assert page.faults == []


def test_another_page_leads_into_folds(browser_page, book):
    for link, told in (("the cost", "verify.equal"), ("the unit", "A loss in nats")):
        page = browser_page((book / "_build/html/book/intro.html").as_uri())
        page.get_by_role("link", name=link).click()
        expect(page.locator("details[open]").get_by_text(told).first).to_be_visible()


# On paper


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("open_first", [False, True], ids=["closed", "open"])
def test_paper_has_the_line_and_the_fine_print_without_the_evidence(opened, open_first):
    page = opened()
    if open_first:
        page.locator(".ln-all-code").click()
    text = text_of(PdfReader(BytesIO(page.pdf())))
    for shown in ("Checked at every build: the cost", "Nats and bits", "A loss in nats", "A line that tilts."):
        assert shown in text
    for hidden in ("verify.equal", "2 checks", "of a square", "explore(", "all code"):
        assert hidden not in text


def test_the_book_on_paper_has_the_evidence_at_the_end_of_the_lesson(book, chromium):
    code, output = make_pdf(book)
    assert code == 0, output
    reader = PdfReader(book / "_build" / "lossnotes.pdf")
    text = text_of(reader)
    assert text.index("Solution") < text.index("Evidence") < text.index("2 checks: 1") < text.index("2 checks: 2 steps")
    assert text.count("verify.equal") == text.count("2 checks: 2 steps") == 1
    assert "all code" not in text
    assert {"/page-book-lesson--cell-check-cost", "/page-book-lesson--unit"} <= set(reader.named_destinations)


# What is refused

SAID = "# Checked: that it is so\nassert True"
LONG = "<details><summary>Long</summary>\n\n{}\n\n</details>"
#: Markdown and evidence of a section → what is said of it.
FALSE_SECTIONS = {
    "no words": ("", ["assert True"], "got none among 1 cell"),
    "no check": ("", ["# Checked: nothing\nprint(1)"], "the line cannot say ✓"),
    "an optimiser": ("", ["# Checked: it\nclass A:\n    step = print\nA().step()"], "the line cannot say ✓"),
    "empty words": ("", ["# Checked:\nassert True"], "got '# Checked:', which says nothing, or not there"),
    "late words": ("", ["import math\n# checked: e\nassert math.e > 2"], "got '# checked: e'"),
    "long print": (LONG.format("word " * 121), [SAID], "expected fine print of at most 120 words; got 121"),
    "two prints": ("\n\n".join([LONG.format("one")] * 2), [SAID], "one <details> of fine print at most; got 2"),
    "open print": ("<details><summary>Open</summary>\ntext\n</details>", [SAID], "a blank line after </summary>"),
}
TRUE_SECTIONS = {
    "just right": (LONG.format("word " * 120), [SAID, "import math"]),
    "a set-up first": ("", ["import math", SAID]),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    folder = tmp_path_factory.mktemp("refused")
    made = nbformat.reads(notebook(), as_version=4)
    for name, (text, sources, *_) in (FALSE_SECTIONS | TRUE_SECTIONS).items():
        made.cells.append(nbformat.v4.new_markdown_cell(f"## Section {name}\n\n{text}"))
        made.cells += [cell(f"{name.replace(' ', '-')}-{n}", s, "evidence") for n, s in enumerate(sources)]
    write_book(folder, {"intro.md": "# Intro\n", "lesson.ipynb": nbformat.writes(made)})
    code, output = jupyter_book(folder)
    assert code != 0
    return output


@pytest.mark.parametrize("name", FALSE_SECTIONS)
def test_a_section_that_proves_nothing_or_says_too_much_is_refused(refused, name):
    told = [line for line in refused.splitlines() if f"section 'Section {name}'" in line]
    assert len(told) == 1, told
    assert "lesson.ipynb" in told[0]
    assert FALSE_SECTIONS[name][2] in told[0]


@pytest.mark.parametrize("name", TRUE_SECTIONS)
def test_a_section_that_does_is_not(refused, name):
    assert f"'Section {name}'" not in refused
