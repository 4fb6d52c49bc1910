"""How a page looks and opens up: derivations, wide figures, terms; in a book of one lesson and a glossary."""

import nbformat
import pytest
from playwright.sync_api import expect
from small_books import jupyter_book, notebook, write_book

CHAIN = """
import sympy as sp
from lossnotes import Derivation

p, y = sp.symbols("p y", real=True)
L = Derivation("L", (p - y) ** 2)
L.differentiate(p, 2 * (p - y), "the chain rule, as $(u^2)' = 2u u'$")
L.step(2 * p - 2 * y, "multiply out")
L
"""
FIGURE = """
from lossnotes import Panel, Slider, explore

x = sp.Symbol("x")
panels = [Panel(x=(x, -2, 2), curves={"loss": (x - y) ** 2}, size=(3.9, 2.6)) for _ in "ab"]
explore(wide=True, panels=panels, sliders=[Slider(y, -1, 1)], caption="Wide.", alt="Two parabolas.", identifier="wide")
"""
GLOSSARY = """# Glossary

```{glossary}
logit
  The logarithm of the odds $p/(1-p)$, a zebra of a number ([lesson](lesson.ipynb)). See {term}`odds`.

odds
  Yes against no.
```
"""
#: A formula with marks that touch it, a letter further along in each paragraph.
MARKS = "\n\n".join(f"Some words at first, then {'i' * n} ($x+y$), and of it, $p$." for n in range(60))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("looks")
    lesson = nbformat.reads(notebook(CHAIN, FIGURE), as_version=4)
    lesson.cells.insert(
        1, nbformat.v4.new_markdown_cell("The logit is a number. A logit is met twice.\n\n## One\n\n## Two")
    )
    lesson.cells.append(nbformat.v4.new_markdown_cell(MARKS))
    lesson.cells.append(nbformat.v4.new_markdown_cell("\n\n".join(f"## Part {n}\n\nA paragraph." for n in range(25))))
    write_book(folder, {"intro.md": "# Intro", "lesson.ipynb": nbformat.writes(lesson), "glossary.md": GLOSSARY})
    code, said = jupyter_book(folder)
    assert code == 0, said
    return folder / "_build" / "html"


@pytest.fixture
def lesson(small, browser):
    """Opens the lesson in a window so wide."""
    contexts = []

    def opened(width, **kind):
        context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce", **kind)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"file://{small}/book/lesson.html")
        return page

    yield opened
    for context in contexts:
        context.close()


def box(locator):
    return locator.bounding_box()


def test_a_derivation_is_aligned_at_its_relation_sign(lesson):
    page = lesson(1280)
    lines = page.locator(".ln-derivation ol > li")
    assert lines.count() == 3
    starts = [box(lines.nth(n).locator(".ln-math"))["x"] for n in range(3)]
    assert max(starts) - min(starts) < 0.5
    for n in (1, 2):
        math, why = box(lines.nth(n).locator(".ln-math")), box(lines.nth(n).locator(".ln-why"))
        assert why["x"] >= math["x"] + math["width"]
        assert why["y"] < math["y"] + math["height"]
    assert lines.nth(1).locator(".ln-reason mjx-container").count() == 1


def test_a_reason_stands_below_its_line_on_a_phone(lesson):
    page = lesson(390)
    for line in page.locator(".ln-derivation ol > li").all()[1:]:
        math, why = box(line.locator(".ln-math")), box(line.locator(".ln-why"))
        assert why["y"] >= math["y"] + math["height"] - 1
        assert abs(why["x"] - math["x"]) < 1


SAID = "mark => getComputedStyle(mark, '::after').content"


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("way", ["hover", "focus", "tap"])
def test_a_mark_says_what_it_means(lesson, way, javascript):
    page = lesson(390, has_touch=True, java_script_enabled=javascript)
    mark = page.locator(".ln-mark").first
    assert mark.text_content() == "✓"
    getattr(mark, way)()
    assert "Proved: both sides agree at" in mark.evaluate(SAID)
    expect(mark).to_have_accessible_name(mark.get_attribute("aria-label"))


def test_a_wide_figure_reaches_into_the_margin_and_is_never_covered(lesson):
    page = lesson(1280)
    figure, text = page.locator("#wide"), page.locator(".bd-article p").first
    page.mouse.move(5, 5)
    assert box(figure)["width"] > box(text)["width"] + 200
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    widths = [panel.bounding_box()["width"] for panel in figure.locator(".ln-panel").all()]
    assert min(widths) > 440
    height = page.evaluate("innerHeight")
    for top in (60, height * 0.3, height * 0.7, height - 60):
        page.evaluate("top => scrollBy(0, document.querySelector('#wide').getBoundingClientRect().top - top)", top)
        page.wait_for_function(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        )
        place = box(figure)
        seen = page.evaluate(
            "([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('#wide'))",
            [place["x"] + place["width"] - 20, place["y"] + 20],
        )
        assert seen, top


@pytest.mark.parametrize("width", [390, 1100])
def test_a_wide_figure_stays_within_the_text_where_there_is_no_margin(lesson, width):
    page = lesson(width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert all(panel.bounding_box()["width"] >= 300 for panel in page.locator("#wide .ln-panel").all())


def test_letters_of_a_figure_are_12_pixels_high_on_a_phone(lesson):
    sizes = (
        lesson(390)
        .locator("#wide svg text")
        .evaluate_all("all => all.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)")
    )
    assert min(sizes) >= 12


def opened(page):
    return page.locator(".ln-defined:popover-open")


@pytest.mark.parametrize("way", ["hover", "focus", "tap"])
def test_a_term_opens_its_definition_in_place(lesson, way):
    page = lesson(390, has_touch=True)
    word = page.locator("a.ln-term")
    assert word.count() == 1
    address = page.url
    if way == "focus":
        page.keyboard.press("Tab")  # or else the focus is not the keyboard's
    getattr(word, way)()
    expect(opened(page)).to_contain_text("a zebra of a number")
    assert page.url == address
    place = box(opened(page))
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 390
    page.keyboard.press("Escape")
    expect(opened(page)).to_have_count(0)


def test_tab_leaves_a_definition_closed(lesson):
    """One that is still open is walked at the end of the page, and leads back to its word as it closes."""
    page = lesson(1280)
    page.keyboard.press("Tab")
    page.locator("a.ln-term").focus()
    expect(opened(page)).to_have_count(1)
    page.keyboard.press("Tab")
    page.evaluate("new Promise(done => setTimeout(done))")
    assert opened(page).count() == 0
    assert page.evaluate("document.activeElement !== document.body && !document.activeElement.closest('[popover]')")


def test_links_in_a_definition_lead_where_the_glossary_leads(lesson):
    page = lesson(1280)
    links = page.locator(".ln-defined a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links == ["lesson.html", "glossary.html#term-odds"]


def test_a_term_is_a_link_without_scripts(lesson):
    page = lesson(1280, java_script_enabled=False)
    assert page.locator("a.ln-term").get_attribute("href") == "glossary.html#term-logit"
    assert page.locator(".ln-defined").is_hidden()


def test_search_does_not_read_definitions(small):
    texts = (small / "_static" / "searchtexts.js").read_text(encoding="utf-8")
    assert texts.count("zebra") == 1


TORN = """() => [...document.querySelectorAll(".bd-article p mjx-container")].filter(formula => {
    const whole = formula.closest("p"), walker = document.createTreeWalker(whole, NodeFilter.SHOW_TEXT);
    const before = [], after = [];
    while (walker.nextNode()) {
        if (formula.contains(walker.currentNode)) continue;
        const isBefore = formula.compareDocumentPosition(walker.currentNode) & Node.DOCUMENT_POSITION_PRECEDING;
        (isBefore ? before : after).push(walker.currentNode);
    }
    const touching = [[before.at(-1), /[(]$/, t => t.length - 1], [after[0], /^[),.]/, () => 0]];
    const {top, bottom} = formula.getBoundingClientRect();
    return touching.some(([node, mark, place]) => {
        if (!node || !mark.test(node.data)) return false;
        const range = document.createRange();
        range.setStart(node, place(node.data));
        range.setEnd(node, place(node.data) + 1);
        const at = range.getBoundingClientRect();
        return at.top > bottom || at.bottom < top;
    });
}).length"""


def test_a_mark_that_touches_a_formula_is_on_its_line(lesson):
    page = lesson(390)
    assert page.locator(".bd-article p mjx-container").count() > 100
    assert page.evaluate(TORN) == 0
    page.add_style_tag(content=".ln-bound { white-space: normal !important }")
    assert page.evaluate(TORN) > 0  # what binds them is needed
