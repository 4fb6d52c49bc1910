"""What makes one read on: the first page, the way on, terms, sources, and a page's head."""

import io
import re
from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import urljoin

import numpy as np
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from pages import FURTHER, LESSONS, MOVED, PARTS, ROOT, TOC, ids, set_control
from PIL import Image, ImageChops, ImageStat

from lossbook import links, meta, terms

PAGES = [TOC["root"], *(page for pages in PARTS.values() for page in pages)]
NOTEBOOKS = [page for page in PAGES if (ROOT / f"{page}.ipynb").is_file()]
MADE = ["search", "genindex", "404"]


@cache
def soup(site, page):
    return BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def words_of(tag):
    return " ".join(tag.get_text().replace("#", "").split())


def title(site, page):
    return words_of(soup(site, page).find("h1"))


def without_number(tag):
    """What a link says after the number of its lesson."""
    return re.sub(r"^\d+\. ", "", words_of(tag))


def leads_to(page, href):
    """The page of the book that a link on this one leads to."""
    return urljoin(f"/{page}.html", href).partition("#")[0].removeprefix("/").removesuffix(".html")


# The first page


@pytest.mark.parametrize("width", [1280, 390])
def test_the_first_screen_has_a_figure_to_move(browser_page, address, width):
    page = browser_page(f"{address}/{TOC['root']}.html", width=width)
    for part in ("article h1", "#three-at-once svg", "#three-at-once [data-key=z]", "#three-at-once [data-key=y]"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 800, part


def test_the_push_of_squared_error_fades_and_that_of_cross_entropy_stays(browser_page, address):
    page = browser_page(f"{address}/{TOC['root']}.html")

    def shown(name):
        row = page.locator("#three-at-once .ln-readouts tr", has=page.get_by_text(name, exact=True))
        return float(row.locator("td").first.get_attribute("title"))

    for z, share in ((-3.0, 1.0), (-6.0, 1.0), (1.4, 0.8), (2.0, 0.3)):
        for key, value in (("z", z), ("y", share)):
            set_control(page.locator(f"#three-at-once [data-key={key}]"), value)
        p = 1 / (1 + np.exp(-z))
        hinge = share * (z < 1) - (1 - share) * (z > -1)
        assert shown("loss, cross-entropy") == pytest.approx(-share * np.log(p) - (1 - share) * np.log1p(-p), rel=1e-5)
        assert shown("push, cross-entropy") == pytest.approx(share - p, rel=1e-4)
        assert shown("push, squared error") == pytest.approx(2 * p * (1 - p) * (share - p), rel=1e-4)
        assert shown("push, hinge") == pytest.approx(hinge, abs=1e-6)


def test_the_first_page_leads_to_each_lesson_by_its_own_title(site):
    rows = [row for row in soup(site, TOC["root"]).select("#the-lessons tbody tr") if row.td.get_text(strip=True)]
    links = [row.find("a") for row in rows]
    assert [leads_to(TOC["root"], link["href"]) for link in links] == LESSONS
    assert [words_of(link) for link in links] == [title(site, page) for page in LESSONS]
    assert [row.td.get_text(strip=True) for row in rows] == [str(n) for n, _ in enumerate(LESSONS, start=1)]


# Finding one's way


@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_has_its_number_in_the_sidebar(site, page):
    here = soup(site, page).select_one("nav.bd-links li.current > a")
    assert words_of(here) == f"{LESSONS.index(page) + 1}. {title(site, page)}"


@pytest.mark.parametrize("old", MOVED)
def test_an_old_address_leads_to_the_lesson_with_query_and_fragment(browser_page, address, old):
    there = browser_page(f"{address}/{old}.html?z=-1#references")
    there.wait_for_url(f"{address}/book/{MOVED[old]}?z=-1#references")


@pytest.mark.parametrize(("before", "after"), list(pairwise(PAGES)))
def test_previous_and_next_have_the_titles_of_their_pages(site, before, after):
    forth = soup(site, before).find("a", class_="right-next")
    back = soup(site, after).find("a", class_="left-prev")
    for link, page, target in ((forth, before, after), (back, after, before)):
        assert leads_to(page, link["href"]) == target
        assert without_number(link.find(class_="prev-next-title")) == title(site, target)


@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_the_sidebar_shows_each_part_with_its_pages(site, page):
    menu = soup(site, page).select_one("nav.bd-links")
    captions = menu.select(".caption-text")
    assert [words_of(caption) for caption in captions] == list(PARTS)
    for caption, pages in zip(captions, PARTS.values(), strict=True):
        shown = caption.find_parent("p").find_next_sibling("ul").select("li > a")
        targets = [page if link["href"] == "#" else leads_to(page, link["href"]) for link in shown]
        assert targets == pages
        assert [without_number(link) for link in shown] == [title(site, target) for target in pages]


# Words of the trade


@pytest.mark.parametrize("page", PAGES)
def test_a_term_is_linked_once_on_a_page_where_running_text_uses_it(site, page):
    found = soup(site, page).select("a.ln-term")
    if page in LESSONS:
        assert len(found) > 2
    if page not in NOTEBOOKS:
        assert found == []
    anchors = [link["href"].partition("#")[2] for link in found]
    assert len(set(anchors)) == len(anchors)
    assert set(anchors) <= set(ids(site, "glossary.html"))
    assert [words_of(link) for link in found if link.find_parent(["h1", "h2", "h3", "code", "pre", "strong"])] == []


def linked(*parts, name="book/lesson", source=".ipynb"):
    """What becomes of a paragraph of these parts: the words that are linked, and their anchors."""
    known = terms.Terms()
    for term in (terms.Term("logit", "term-logit", "A number."), terms.Term("cross-entropy", "term-ce", "")):
        known.forms |= dict.fromkeys(terms.forms(term.name), term)
    app = SimpleNamespace(
        env=SimpleNamespace(doc2path=lambda name: f"{name}{source}"),
        builder=SimpleNamespace(get_relative_uri=lambda _from, _to: "glossary.html"),
    )
    page = new_document("lesson")
    page += nodes.paragraph("", "", *parts)
    known.link(app, page, name)
    return [(link.astext(), link["refuri"], link.get("reftitle")) for link in page.findall(nodes.reference)]


def test_the_first_use_is_linked_in_singular_or_plural():
    assert linked(nodes.Text("Logits, and a logit.")) == [("Logits", "glossary.html#term-logit", "A number.")]
    assert linked(nodes.Text("a Cross-Entropy")) == [("Cross-Entropy", "glossary.html#term-ce", None)]


def test_no_link_within_other_words_or_code_or_bold_or_formulas():
    assert linked(nodes.Text("a logitech, a pre-logit; entropy")) == []
    assert linked(nodes.literal("", "logit"), nodes.math("", "logit")) == []
    assert linked(nodes.strong("", "", nodes.Text("logit")), nodes.Text(" is a logit")) == [], "explained here"
    assert linked(nodes.Text("logit"), source=".md") == []


def test_everyday_words_are_left_alone(site):
    glossary = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    everyday = re.search(r"(?m)^everyday: (.+)$", glossary)[1].split(", ")
    assert all(re.search(rf"(?m)^{word}\n  ", glossary) for word in everyday)
    used = {link["href"] for page in NOTEBOOKS for link in soup(site, page).select("a.ln-term")}
    assert [word for word in everyday if f"glossary.html#term-{word}" in used] == []
    assert len(used) > 30


# Sources


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_the_source_of_each_figure_is_in_its_cell(site, page):
    for figure in soup(site, page).select("figure.ln-figure"):
        cell = figure.find_parent("div", class_="cell")
        code = cell.select_one(".cell_input pre")
        assert code is not None, cell["id"]
        assert code.get_text().strip()
        fold = code.find_parent("details")
        if fold and not figure.find_parent("details"):
            assert "Show the code" in fold.find("summary").get_text()


#: A lesson may leave its references to the page that goes further.
CITING = [page for page in (*LESSONS, *FURTHER) if "## References" in (ROOT / f"{page}.ipynb").read_text("utf-8")]


def test_nearly_all_lessons_have_references():
    assert len(CITING) >= len(LESSONS)


@pytest.mark.parametrize("page", CITING)
def test_each_reference_leads_to_the_bibliography_or_out(site, page):
    items = soup(site, page).select("section#references li")
    assert items
    bare = [words_of(item) for item in items if not item.find("a", href=True)]
    assert [item for item in bare if not item.startswith("Data: ")] == []
    inside = [link["href"] for item in items for link in item.select("a[title='in the bibliography']")]
    assert inside
    assert {href.partition("#")[2] for href in inside} <= set(ids(site, "references.html"))


def test_each_work_of_the_bibliography_leads_back(site):
    works = soup(site, "book/references").select(".citation")
    assert len(works) == (ROOT / "book" / "references.bib").read_text(encoding="utf-8").count("\n@") + 1
    for work in works:
        for link in work.select(".ln-cited a"):
            cited = soup(site, leads_to("book/references", link["href"])).select("section#references a[href]")
            assert f"references.html#{work['id']}" in {back["href"] for back in cited}
        assert work.select(".ln-cited a"), words_of(work)


def test_a_copy_button_copies_the_code(browser_page, address):
    page = browser_page(f"{address}/{LESSONS[3]}.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = page.locator("div.cell_input:visible .highlight").first
    code.hover()
    code.locator("button.copybtn").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == code.locator("pre").inner_text().strip()
    assert len(copied) > 20


# A page's head


def heads(site):
    return {page: soup(site, page).head for page in [*PAGES, *MADE]}


def test_each_page_has_a_title_and_a_description_of_its_own(site):
    titles = {page: words_of(head.title) for page, head in heads(site).items()}
    assert len(set(titles.values())) == len(titles)
    assert all("Loss notes" in told and len(told) > 15 for told in titles.values())
    described = {page: head.find_all("meta", attrs={"name": "description"}) for page, head in heads(site).items()}
    assert {page for page, tags in described.items() if len(tags) != 1} == set()
    told = {page: tags[0]["content"] for page, tags in described.items()}
    assert len(set(told.values())) == len(told)
    for page, words in told.items():
        assert 30 <= len(words) <= 230, page
        assert re.findall(r"[\\${}<>]|\bLesson \d+ ·", words) == [], page


def test_icons_are_there(site):
    for page, head in heads(site).items():
        for relation in ("icon", "apple-touch-icon"):
            (link,) = head.find_all("link", rel=relation)
            assert (site / urljoin(f"/{page}.html", link["href"])[1:]).is_file(), page


def test_the_phone_icon_is_the_drawing(browser, site):
    drawing = (site / "_static" / "favicon.svg").read_text(encoding="utf-8").replace(' rx="6"', "")
    page = browser.new_page(viewport={"width": 180, "height": 180})
    page.set_content(f'<body style="margin:0">{drawing}')
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    icon = Image.open(site / "_static" / "apple-touch-icon.png").convert("RGB")
    assert icon.size == drawn.size
    assert max(ImageStat.Stat(ImageChops.difference(icon, drawn)).mean) < 2


def test_a_site_that_is_nowhere_yet_claims_no_address(monkeypatch, site):
    if soup(site, PAGES[0]).find("link", rel="canonical"):
        pytest.skip("this build knows where it is published")
    for head in heads(site).values():
        assert head.find("meta", property=re.compile("^og:")) is None
    assert not (site / "sitemap.xml").exists()
    assert not (site / "robots.txt").exists()


def test_descriptions_are_whole_sentences():
    page = new_document("lesson")
    section = nodes.section()
    section += nodes.paragraph("", "", nodes.Text("About "), classes=["ln-cited"])
    section += nodes.paragraph("", "", nodes.Text("It costs "), nodes.math("", "\\frac34"), nodes.Text(". A loss."))
    section += nodes.paragraph("", "One. " + "word " * 30 + "end. Not told.")
    page += section
    told = meta.description(page)
    assert told.startswith("A loss. One. word")
    assert told.endswith("end.")


# A dead address


def test_a_dead_link_of_that_page_is_found(tmp_path):
    (tmp_path / "a.html").write_text("")
    (tmp_path / "404.html").write_text(
        '<a href="/notes/a.html">a</a><a href="/notes/b.html">b</a><a href="/a.html">c</a>'
    )
    assert [fault.split(": ")[1] for fault in links.faults(tmp_path, "/notes/")] == [
        "dead link b.html",
        "dead link /a.html",
    ]
