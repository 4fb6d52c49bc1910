"""Each page of the built site in the sizes and themes that ``tests/site`` leaves out, on paper, and by Lighthouse."""

import pytest
from page_checks import (
    ACROSS,
    KINDS,
    PLAIN,
    SOME_VIEWS,
    VIEWS,
    burdens,
    cut_off,
    disturbances,
    fold_out,
    show,
    violations,
)
from pages import PAGES

from benchmarks.weight import CATEGORIES, LIGHTHOUSE, lighthouse, served

OTHER_VIEWS = [(name, *view) for name in PAGES for view in VIEWS if (name, *view) not in SOME_VIEWS]


@pytest.mark.parametrize(("name", "width", "theme"), OTHER_VIEWS)
def test_page_is_whole_quiet_and_offline(browser_page, address, name, width, theme):
    page = browser_page(f"{address}/{name}", width=width, theme=theme, wait="networkidle")
    assert disturbances(page, width, theme) == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_any_size_and_theme(browser_page, address, name):
    page = browser_page(f"{address}/{name}")
    # What is off the screen waits to be laid out; axe would find it unfinished.
    page.add_style_tag(content=".bd-article :is(section, .cell) { content-visibility: visible !important }")
    fold_out(page)
    page.evaluate(PLAIN)
    for width, theme in VIEWS:
        show(page, width, theme)
        assert violations(page) == {}, (width, theme)


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("book/") and name not in KINDS])
def test_nothing_is_cut_off_on_paper(browser_page, address, name):
    assert cut_off(browser_page(f"{address}/{name}", width=ACROSS)) == []


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("book/") and name not in KINDS])
def test_a_page_is_light_and_stands_still(browser_page, address, site, name):
    assert burdens(browser_page("about:blank", width=412), address, site, name) == []


#: Of 100, in Lighthouse's mobile setting.
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}


@pytest.fixture(scope="module")
def compressed(site):
    """Where the site is served as GitHub Pages does: text goes out compressed."""
    with served(site) as address:
        yield address


@pytest.mark.skipif(not LIGHTHOUSE, reason="Lighthouse is not installed: npm install --global lighthouse")
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.usefixtures("chromium")
def test_lighthouse_is_content(compressed, name):
    scores = dict(zip(CATEGORIES, lighthouse([LIGHTHOUSE], f"{compressed}/{name}"), strict=False))
    assert {category: score for category, score in scores.items() if score < LEAST[category]} == {}
