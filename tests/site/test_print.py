"""What paper shows: a page as a handout, and the whole book as one PDF."""

import re
import shutil
import unicodedata
from io import BytesIO

import nbformat
import pytest
from page_checks import ACROSS, KINDS, cut_off
from pages import EXECUTED, set_control
from pypdf import PdfReader
from small_books import cell, configure, jupyter_book, make_pdf

from tools import pdf
from tools.joined import Chapter

INTRO = """# Small book

To [the lesson](lesson.ipynb), to [its solution](lesson.ipynb#cell-solve), to
[the end](end.md#far-away), and [out](https://example.org/out).
"""
END = """# The end

[Back to the start](intro.md), and to the <a href="../genindex.html">index</a>.

## Far away

Two headings.
"""
FIGURE = """
from lossnotes import Slider, explore, exercise
from sympy import symbols
x, t = symbols("x t", real=True)
explore(
    curves={"line": t * x}, x=(x, -1, 1), y=(-3, 3), sliders=[Slider(t, -2, 2, value=1, label="tilt")],
    readouts={"twice the tilt": 2 * t}, caption="A line that tilts.", alt="A line.", identifier="tilting",
)
"""
ASK = """exercise("What is twice 3?", answer=6, hint="It is even.", solution="Six, of course.")"""
SOLVE = "print('solved:', 6 * 7)"


def lesson():
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    prompts = {"mystnb": {"code_prompt_show": "Show the solution", "code_prompt_hide": "Hide the solution"}}
    made.cells = [
        nbformat.v4.new_markdown_cell("# A lesson"),
        cell("figure", FIGURE, "hide-input"),
        cell("shown", "print('a' * 3)  # " + "a long comment, " * 12),
        cell("ask", ASK, "remove-input"),
        cell("solve", SOLVE, "hide-cell", **prompts),
    ]
    return nbformat.writes(made)


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """A book of three pages, one of them in a part, with the real book's configuration; built."""
    source = tmp_path_factory.mktemp("small")
    configure(source)
    toc = "format: jb-book\nroot: book/intro\nparts:\n- caption: First part\n  chapters:\n"
    (source / "_toc.yml").write_text(f"{toc}  - file: book/lesson\n  - file: book/end\n")
    pages = {"intro.md": INTRO, "end.md": END, "lesson.ipynb": lesson()}
    for name, text in pages.items():
        (source / "book" / name).write_text(text)
    code, output = jupyter_book(source)
    assert code == 0, output
    return source


def test_asked_lines_are_answered_at_the_end_of_the_page(tmp_path):
    ask = '<li class="ln-ask"><form>blank</form></li>'
    inner = '<details class="ln-answer"><ol><li>fourth</li></ol></details>'
    rest = f"<ol><li>second</li><li>third</li>{ask}</ol>{inner}"
    fold = f'<details class="ln-answer"><summary>Show</summary>{rest}</details>'
    chain = f'<div class="ln-asked ln-derivation"><ol><li>first</li>{ask}</ol>{fold}</div>'
    page = f"<head></head><body><article><h1>Page</h1>{chain}<p>after</p></article></body>"
    (tmp_path / "page.html").write_text(page)
    article = Chapter(tmp_path, "page", {"page"}, in_part=False).article
    assert " ".join(article.get_text(" ").split()) == "Page first blank after Answers first second third fourth"


@pytest.fixture(scope="module")
def book(small_book, chromium):
    code, output = make_pdf(small_book)
    assert code == 0, output
    return PdfReader(small_book / "_build" / "lossnotes.pdf")


def words(reader):
    text = " ".join(page.extract_text() for page in reader.pages)
    return unicodedata.normalize("NFKC", " ".join(text.split()))  # fonts draw "fi" as one sign


def printed(page):
    return PdfReader(BytesIO(page.pdf(format="A4")))


@pytest.fixture
def lesson_page(browser_page, small_book):
    """Opens the small book's lesson on a dark screen."""
    return lambda **options: browser_page(
        (small_book / "_build/html/book/lesson.html").as_uri(), theme="dark", **options
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_page_prints_what_is_read_and_nothing_that_is_clicked(lesson_page, javascript):
    text = words(printed(lesson_page(javascript=javascript)))
    for shown in ("A lesson", "A line that tilts.", "What is twice 3?", "Hint", "It is even.", "Six, of course."):
        assert shown in text
    assert "print('solved:', 6 * 7) solved: 42" in text
    assert text.count("Solution") == 2
    assert text.count("a long comment") == 12
    for hidden in ("Show the", "Hide the", "Reset", "Check", "Your number", "explore(", "Contents", "#", "First part"):
        assert hidden not in text.replace("# a long", "")


def test_an_address_is_written_out_where_a_link_leaves_the_book(browser_page, small_book):
    page = browser_page((small_book / "_build/html/book/intro.html").as_uri())
    assert "out (https://example.org/out)" in words(printed(page))


def test_paper_has_the_figure_at_its_default_and_the_screen_keeps_its_own(lesson_page):
    page = lesson_page()
    slider = page.locator("input[data-key=t]")
    assert "twice the tilt 2" in words(printed(page))
    set_control(slider, 2)
    assert "twice the tilt 4" in page.locator(".ln-readouts").inner_text().replace("\t", " ")
    assert "twice the tilt 2" in words(printed(page))
    assert slider.input_value() == "2"
    assert "twice the tilt 4" in page.locator(".ln-readouts").inner_text().replace("\t", " ")
    assert page.locator("details[open]").count() == 0
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_an_answer_stays_off_the_paper(lesson_page):
    page = lesson_page()
    page.get_by_role("textbox", name="Your number").fill("6")
    page.get_by_role("textbox", name="Your number").press("Enter")
    assert "✓ Right." in page.locator(".ln-feedback").inner_text()
    assert "Right" not in words(printed(page))


#: Ink that is not dark on what is not white.
GLARING = """() => [...document.querySelectorAll("article *")].filter(node => {
    const style = getComputedStyle(node);
    const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;
    const clear = /, 0\\)$/.test(style.backgroundColor);
    return node.checkVisibility() && (light(style.color) > 0.55 || !clear && light(style.backgroundColor) < 0.9);
}).map(node => node.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", ["book/k-classes.html", "book/ledger.html", "book/which-loss.html", "book/api.html"])
def test_paper_is_light_by_style_alone(browser_page, address, name):
    page = browser_page(f"{address}/{name}", theme="dark")
    assert page.evaluate(GLARING) != []
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(GLARING) == []


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_cut_off(browser_page, address, name):
    assert cut_off(browser_page(f"{address}/{name}", width=ACROSS)) == []


#: Headings of two levels, the lower of two lines, with a mark between them, at every height of a page.
HEADINGS = """() => {
    const line = `<p>${"words and words, ".repeat(30)}</p>`;
    const heading = `<h3>${"Lower ".repeat(16)}</h3>`;
    const part = `<section><h2>Upper</h2><section><span id=""></span>${heading}${line}</section></section>`;
    document.querySelector("article").innerHTML = part.repeat(60);
}"""


def test_no_heading_is_the_last_line_of_a_page(browser_page, small_book):
    page = browser_page((small_book / "_build/html/book/end.html").as_uri())
    page.evaluate(HEADINGS)
    last = [sheet.extract_text().strip().split("\n")[-1] for sheet in printed(page).pages]
    assert len(last) > 8
    assert [line for line in last if line.startswith(("Upper", "Lower"))] == []


def test_every_folded_cell_has_a_heading_on_paper(site):
    pages = [(site / name).read_text(encoding="utf-8") for name in EXECUTED]
    folded = [summary for page in pages for summary in re.findall(r'<summary[^>]*>\s*<p class="collapsed', page)]
    assert len(folded) > 100
    assert [summary for summary in folded if "data-paper" not in summary] == []


def flat(outline):
    return [item for entry in outline for item in (flat(entry) if isinstance(entry, list) else [entry])]


def test_contents_name_the_pages(book):
    lines = dict(re.findall(r"^(.+?) ?(\d+)$", book.pages[1].extract_text(), re.MULTILINE))
    assert list(lines) == ["Small book", "First part", "A lesson", "The end"]
    for title, number in lines.items():
        assert title in book.pages[int(number) - 1].extract_text(), title
    assert int(lines["The end"]) == len(book.pages)


def test_bookmarks_are_the_headings(book):
    marks = {mark.title: book.get_destination_page_number(mark) for mark in flat(book.outline)}
    assert list(marks) == ["Contents", "Small book", "First part", "A lesson", "The end", "Far away"]
    for title, page in marks.items():
        assert title in book.pages[page].extract_text()
    assert isinstance(book.outline[-1], list), "chapters stand below their part"


def test_every_page_has_its_number(book):
    for number, page in enumerate(book.pages, 1):
        assert str(number) in page.extract_text().split("\n")


def test_links_inside_stay_inside_and_links_outside_leave(book):
    found = [link.get_object() for page in book.pages for link in page.annotations or ()]
    outside = {str(link["/A"]["/URI"]) for link in found if "/A" in link}
    inside = {str(link["/Dest"]).removeprefix("/") for link in found if "/Dest" in link}
    assert outside == {"https://example.org/out", "https://creativecommons.org/licenses/by/4.0/"}
    assert inside >= {"page-book-lesson--cell-solve", "page-book-end--far-away", "page-book-intro"}
    assert {f"/{name}" for name in inside} <= set(book.named_destinations)


def test_the_book_says_what_it_is(book):
    assert book.metadata.title == "Loss notes"
    assert book.metadata.author == "The lossnotes authors"
    assert book.root_object["/Lang"] == "en"
    assert book.root_object["/MarkInfo"]["/Marked"]
    text = words(book)
    assert "print('solved:', 6 * 7) solved: 42" in text
    assert text.count("Solution") == 2
    assert "twice the tilt 2" in text
    assert not re.search("Show the|Reset|Your number|explore\\(", text)


def test_paper_can_be_letter(small_book, chromium):
    code, output = make_pdf(small_book, "--paper", "Letter")
    assert code == 0, output
    size = PdfReader(small_book / "_build" / "lossnotes.pdf").pages[0].mediabox
    assert (round(size.width), round(size.height)) == (612, 792)


def test_a_link_that_leads_nowhere_is_refused(small_book, tmp_path, chromium):
    shutil.copytree(small_book, tmp_path, dirs_exist_ok=True)
    page = tmp_path / "_build/html/book/intro.html"
    page.write_text(page.read_text().replace("lesson.html#cell-solve", "lesson.html#cell-gone"))
    code, output = make_pdf(tmp_path)
    assert code != 0
    assert "expected links that lead somewhere on paper" in output
    assert "cell-gone" in output
    assert "Traceback" not in output


def test_without_a_browser_it_says_how_to_get_one(small_book, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    with pytest.raises(FileNotFoundError, match="apt-get install chromium"):
        pdf.make(small_book, small_book / "none.pdf")


def test_without_a_site_it_says_what_to_run(tmp_path):
    code, output = make_pdf(tmp_path)
    assert code != 0
    assert "run `make book` first" in output
