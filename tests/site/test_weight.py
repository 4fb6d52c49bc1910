"""What a page weighs, and that nothing a reader sees was lost with the weight."""

import json
import re

import pytest
from page_checks import KINDS, MADE, burdens, fold_out
from pages import LESSON, LESSONS

from lossbook.postprocess import icons, scripts, styles
from lossbook.typeset import Typesetter


@pytest.mark.parametrize("name", [*KINDS, *MADE, "404.html"])
def test_a_page_is_light_and_stands_still(browser_page, address, site, name):
    assert burdens(browser_page("about:blank", width=412), address, site, name) == []


def test_without_scripts_text_math_and_figures_are_there(browser_page, address):
    page = browser_page(f"{address}/{LESSON}", javascript=False)
    formulas = page.locator("mjx-container mjx-math")
    assert formulas.count() > 80
    seen = formulas.locator("visible=true")
    widths = [box["width"] for box in (seen.nth(n).bounding_box() for n in range(10))]
    assert min(widths) > 4
    assert page.locator("mjx-assistive-mml math").count() == formulas.count()
    assert page.locator(".ln-panel svg").first.is_visible()
    family = formulas.first.locator("mjx-c").first.evaluate("c => getComputedStyle(c, '::before').fontFamily")
    assert "MJXTEX" in family
    assert page.evaluate("document.fonts.check('16px MJXTEX')")


#: How many selectors the sheets have that were joined, and those that match something but are not in the one.
LOST = """async addresses => {
    const dynamic = /::?(hover|focus(-visible|-within)?|active|visited|target|before|after|marker|placeholder)/g;
    const split = text => text.split(/,(?![^(]*[)])/).map(part => part.trim());
    const parts = (rules, where) => [...rules].flatMap(rule => rule.selectorText
        ? split(rule.selectorText).map(selector => ({selector, name: `${where} ${selector}`}))
        : rule.cssRules ? parts(rule.cssRules, `${where} ${rule.conditionText ?? ""}`) : []);
    const read = async address => {
        const text = await (await fetch(address)).text();
        return parts((await new CSSStyleSheet().replace(text)).cssRules, "");
    };
    const matches = ({selector}) => {
        try { return document.querySelector(selector.replace(dynamic, "") || "*") !== null; } catch { return false; }
    };
    const [joined, ...others] = await Promise.all(addresses.map(read));
    const kept = new Set(joined.map(part => part.name));
    const all = others.flat();
    return [all.length, all.filter(part => !kept.has(part.name) && matches(part)).map(part => part.name)];
}"""


@pytest.mark.parametrize("name", [*KINDS, *MADE])
def test_no_style_that_meets_something_was_left_out(browser_page, address, site, name):
    page = browser_page(f"{address}/{name}", width=390)
    fold_out(page)
    others = [path for path in (site / "_static").rglob("*.css") if path.name != styles.JOINED]
    addresses = [f"{address}/{path.relative_to(site)}" for path in (site / "_static" / styles.JOINED, *others)]
    seen, lost = page.evaluate(LOST, addresses)
    assert seen > 3000
    assert lost == []
    if name == LESSON:
        page.keyboard.press("Control+k")
        assert page.locator("#pst-search-dialog").is_visible()
        assert page.evaluate(LOST, addresses)[1] == []


def test_a_sheet_keeps_what_can_match_and_nothing_else():
    source = """
        .a.b > i:not(.gone), .gone #x { color: var(--used) }
        @media (min-width: 9px) { .gone { top: 0 } p:hover::after { left: 0 } }
        @media print { p { color: black } }
        @keyframes turn { from { top: 0 } }
        P { animation: turn 1s }
    """
    assert styles.for_words(source, {"a", "b", "i", "p"}).split("\n") == [
        ".a.b > i:not(.gone){color:var(--used)}",
        "@media (min-width: 9px){p:hover::after{left:0}}",
        "@media print{p{color:black}}",
        "@keyframes turn{from { top: 0 }}",
        "P{animation:turn 1s}",
    ]


def test_addresses_in_sheets_are_those_of_the_joined_one(tmp_path):
    static = tmp_path / "_static"
    (static / "theme").mkdir(parents=True)
    (static / "base.css").write_text("p { background: url(b.png) }")
    (static / "theme" / "a.css").write_text('@import "../base.css"; i { background: url("a.png"), url(data:x) }')
    assert styles.read(static / "theme" / "a.css", static).split("}") == [
        "p { background: url(b.png) ",
        " i { background: url(theme/a.png), url(data:x) ",
        "",
    ]
    page = '<link rel="stylesheet" href="../_static/theme/a.css" />'
    assert styles.sheets(page, tmp_path / "book" / "x.html") == [static / "theme" / "a.css"]
    linked = styles.link(f"<head>{page}\n{page}</head>", "../")
    assert linked == '<head><link rel="stylesheet" href="../_static/book.css" />\n</head>'


LIBRARY = 'x={bars:[448,512,["navicon"],"f0c9","M0 96"],"angle-left":[320,512,[8249],"f104","M9 2"]}'


def test_icons_are_drawn_from_the_themes_own_library(tmp_path):
    library = tmp_path / "icons.js"
    library.write_text(LIBRARY)
    drawn = icons.draw('<i class="theme fa-solid fa-angle-left fa-lg" data-mode="x"></i>', library)
    assert drawn == (
        '<svg class="svg-inline--fa theme fa-angle-left fa-lg" data-mode="x" aria-hidden="true" viewBox="0 0 320 512">'
        '<path fill="currentColor" d="M9 2"/></svg>'
    )
    with pytest.raises(Exception, match=r"got 'no-such', which icons\.js does not have"):
        icons.draw('<span class="fas fa-no-such"></span>', library)


def test_a_page_that_needs_a_script_keeps_it(tmp_path):
    (tmp_path / "documentation_options.js").write_text("const OPTIONS = {};")
    names = ("documentation_options", "layout", "togglebutton", "searchtools", "design-tabs")
    tags = "".join(f'<script src="_static/{name}.js?v=1"></script>\n' for name in names)
    plain = scripts.without_idle(tags, tmp_path)
    assert plain.splitlines() == [
        "<script>const OPTIONS = {};</script>",
        '<script defer src="_static/layout.js?v=1"></script>',
    ]
    everything = tags + '<p class="admonition tip dropdown"><b class="sd-tab-set">'
    assert [name for name in names[1:] if name not in scripts.without_idle(everything, tmp_path)] == ["searchtools"]


#: What the page's script brings to life.
KINDS = {"figure", "choice", "number", "formula", "guess", "chain", "bench"}


def test_one_script_brings_all_figures_and_exercises_to_life(site):
    script = (site / "_static" / scripts.SCRIPT).read_text(encoding="utf-8")
    assert "export" not in script
    for name in LESSONS:
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        blocks = re.findall(r'<script type="application/json" class="ln-data">(.*?)</script>', page)
        shown = re.findall(r'class="(?:ln-figure ln-explore|ln-exercise|ln-bench|ln-derivation ln-asked)[ "]', page)
        assert len(blocks) == len(shown) >= 3
        assert {json.loads(block)["kind"] for block in blocks} <= KINDS
        assert page.count(f"_static/{scripts.SCRIPT}") == 1
        assert "ln-style" not in page
    assert scripts.SCRIPT not in (site / "book" / "glossary.html").read_text(encoding="utf-8")


def test_formulas_come_from_memory_and_only_from_the_same_mathjax(tmp_path):
    memory = tmp_path / "formulas.json"
    first = Typesetter(memory)
    written = first(r"\frac{1}{2}", display=True)
    first.close()
    again = Typesetter(memory)
    assert again(r"\frac{1}{2}", display=True) == written
    assert again._engine is None
    again.close()
    memory.write_text(memory.read_text().replace(first._state, "another"))
    assert Typesetter(memory)._known == {}
