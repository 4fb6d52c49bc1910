"""The book's search: what it finds, in V8; how its page shows it, in a browser."""

import json
import re
from functools import cache
from urllib.parse import quote, unquote, urlsplit

import pytest
import yaml
from pages import LESSONS, PARTS, ROOT, TOC, ids
from v8 import engine

from lossbook.search import ExtensionError, synonyms

PAGES = [TOC["root"], *(page for pages in PARTS.values() for page in pages)]
ASKED = yaml.safe_load((ROOT / "tests/site/searches.yml").read_text(encoding="utf-8"))
RANKING = (ROOT / "book/_static/ranking.js").read_text(encoding="utf-8")


@cache
def ranks(texts):
    """Asks these texts: question -> pages, best first, as (address, headings)."""
    asked = engine(RANKING, texts, "const book = searching.index(SEARCHED)")
    listed = "({ address, sections }) => [address, sections.map(({ heading }) => heading)]"
    return lambda question: json.loads(
        asked.eval(f"JSON.stringify(searching.rank({json.dumps(question)}, book).pages.map({listed}))")
    )


@pytest.fixture(scope="module")
def texts(site):
    return (site / "_static" / "searchtexts.js").read_text(encoding="utf-8")


# The book


@pytest.mark.parametrize(("question", "pages"), [(q, pages) for part in ASKED.values() for q, pages in part.items()])
def test_a_question_finds_its_page_among_the_first_three(texts, question, pages):
    found = [address for address, _ in ranks(texts)(question)[:3]]
    assert set(found) & {f"book/{page}.html" for page in pages}


HOSTILE = ["constructor", "__proto__", "toString", "<script>alert(1)</script>", "\\", "= =3", "(((", "🦓", "", " "]


@pytest.mark.parametrize("question", [*HOSTILE, "x" * 10_000, "a " * 5_000, "the of and"], ids=lambda asked: asked[:12])
def test_anything_may_be_asked(texts, question):
    assert len(ranks(texts)(question)) <= len(PAGES)


def test_the_searched_texts_are_plain_and_their_places_exist(site, texts):
    pages = json.loads(texts.removeprefix("const SEARCHED = ").removesuffix(";\n"))["pages"]
    assert {address for address, *_ in pages} == {f"{page}.html" for page in PAGES}
    for address, _, places in pages:
        there = ids(site, address.removeprefix("book/"))
        for anchor, heading, _, text in places:
            assert anchor in there, f"{address}: {heading}"
            assert re.findall(r"\\(?:frac|sum|hat|sigma|ln)|<a id", heading + text) == [], f"{address}: {heading}"


def test_only_the_search_page_loads_the_texts_and_none_what_sphinx_would(site):
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert [name for name, page in pages.items() if "searchtexts.js" in page] == ["search.html"]
    sphinx = r"(?:searchtools|language_data|searchindex|sphinx_highlight|doctools)\.js"
    assert [path for path in site.rglob("*.js") if re.fullmatch(sphinx, path.name)] == []
    assert [name for name, page in pages.items() if re.search(sphinx, page)] == []


# A made book


def made(*sections, groups=()):
    """Texts of a book with a page for each of these (heading, text)."""
    pages = [
        [f"{n}.html", "", [["top", f"Page {n}", "page", ""], ["x", heading, "section", text]]]
        for n, (heading, text) in enumerate(sections)
    ]
    return f"const SEARCHED = {json.dumps({'pages': pages, 'synonyms': groups})};"


def order(question, *sections, groups=()):
    return [int(address.removesuffix(".html")) for address, _ in ranks(made(*sections, groups=groups))(question)]


def test_any_word_counts_and_more_words_count_more():
    assert order("purple zebra crossing", ("A", "a zebra"), ("B", "a zebra crossing"), ("C", "a lion")) == [1, 0]


def test_a_heading_weighs_more_than_a_text():
    assert order("wild zebra", ("A", "of a zebra and a zebra"), ("The zebra", "of horses")) == [1, 0]


def test_a_synonym_is_found_after_the_word_itself():
    animals = [("A", "the donkey eats"), ("B", "the mule eats"), ("C", "the lion eats")]
    assert order("mule", *animals, groups=[["donkey", "mule"]]) == [1, 0]
    assert order("a pack animal", *animals, groups=[["donkey", "mule", "pack animal"]]) == [0, 1]


def test_a_slip_of_one_letter_is_found_and_an_exact_word_has_no_slips():
    words = [("A", "the quantile"), ("B", "the quantize"), ("C", "the median")]
    assert order("quantlie now", *words) == [0]
    assert order("quantile now", *words) == [0]


def test_what_is_still_being_typed_is_the_beginning_of_a_word():
    words = [("A", "the quantile"), ("B", "the median")]
    assert order("quant", *words) == [0]
    assert order("quant rest", *words) == []


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("logits", "BCEWithLogitsLoss"),
        ("bcewithlogitsloss", "BCEWithLogitsLoss"),
        ("from_logits", "from_logits=True"),
        ("from logits", "from_logits=True"),
        ("logsoftmax", "log_softmax"),
        ("log_softmax", "LogSoftmax"),
        ("cross entropy", "cross-entropy"),
        ("multilabel", "multi-label"),
        ("2.30", "it is 2.3026"),
        ("0.693", "it is −0.693."),
        ("10000", "10,000 of them"),
        ("saturates", "saturation"),
        ("initialization", "initialised"),
        ("modeling behavior", "modelled"),
        ("behavior", "behaviours"),
        ("entropies", "entropy"),
        ("labelled", "labeling"),
        ("Bayes' rule", "Bayes’s rule"),
        ("network’s", "networks"),
    ],
)
def test_a_word_is_found_in_its_other_forms(question, text):
    assert order(question, ("A", text), ("B", "nothing of it")) == [0]


def test_a_page_shows_its_best_sections_first(texts):
    first, headings = ranks(texts)("my loss is negative, is that a bug")[0]
    assert (first, headings[0]) == ("book/faq.html", "My loss is negative. Is that a bug?")


def test_an_excerpt_has_the_words_that_were_asked_for():
    asked = engine(RANKING, made(("A", f"{'Filler of no use. ' * 40}Here a zebra crosses. {'And more. ' * 40}")))
    shown = asked.eval("""{
        const book = searching.index(SEARCHED), { pages, wanted } = searching.rank("zebras", book);
        const { text } = pages[0].sections[0], { from, to, spans } = searching.excerpt(text, wanted, book);
        JSON.stringify([text.slice(from, to).trim(), spans.map(([start, end]) => text.slice(start, end))]);
    }""")
    text, marked = json.loads(shown)
    assert text.startswith("Here a zebra crosses.")
    assert len(text) < 200
    assert marked == ["zebra"]


def test_a_synonym_that_is_no_word_is_refused(tmp_path):
    listed = tmp_path / "synonyms.yml"
    listed.write_text("- [positive, yes]")
    with pytest.raises(ExtensionError, match=r"expected words; got True .* quotation marks"):
        synonyms(listed)


# The page


@pytest.mark.parametrize("door", ["server", "folder"])
def test_a_question_leads_to_its_section_by_keyboard(browser_page, site, address, door):
    page = browser_page(f"{address if door == 'server' else site.as_uri()}/{LESSONS[0]}.html")
    page.keyboard.press("Control+k")
    field = page.locator("dialog[open] input[name=q]")
    field.wait_for()
    assert field.evaluate("field => field === document.activeElement")
    page.keyboard.type("why is my loss negative")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?**")
    page.get_by_role("status").filter(has_text="pages for “why is my loss negative”").wait_for()
    first = page.get_by_role("main").get_by_role("listitem").first
    assert first.get_by_role("heading", level=2).inner_text() == "Questions that learners ask"
    assert first.locator(".ln-part").inner_text() == "Reference"
    assert any("loss" in mark.lower() for mark in first.locator("mark").all_inner_texts())
    field = page.get_by_role("main").get_by_role("searchbox")
    assert field.input_value() == "why is my loss negative"
    field.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/faq.html#*")
    section = unquote(urlsplit(page.url).fragment)
    assert "My loss is negative" in page.locator(f"[id='{section}']").inner_text()
    assert page.faults == []


@pytest.mark.parametrize("question", ["zeppelin", "constructor", "<qqqq>zeppelin</qqqq>", ""])
def test_what_is_nowhere_is_said_to_be_nowhere(browser_page, address, question):
    page = browser_page(f"{address}/search.html?q={quote(question)}")
    main = page.get_by_role("main")
    main.get_by_role("link", name="Glossary").wait_for()
    assert main.get_by_role("link", name="Questions that learners ask").count() == 1
    if question:
        page.get_by_role("status").filter(has_text=f"Nothing found for “{question}”").wait_for()
    assert main.locator("#search-results qqqq").count() == 0
    assert page.faults == []
