"""The built site for readers who do not see it, who use no mouse, or who need large letters."""

import re

import pytest
from page_checks import KINDS, MADE, PLAIN, REACHED, VIEWS, fold_out, show, violations
from pages import LESSON, go
from playwright.sync_api import expect
from sphinx.errors import ExtensionError

from lossbook.postprocess import repairs

LEDGER = "book/ledger.html"


#: What each repair is for, as the versions write it that it names; in the order of the repairs.
WRITTEN = (
    '<div id="pst-primary-sidebar" class="x">',
    '<dialog id="pst-primary-sidebar-modal">',
    '<dialog id="pst-secondary-sidebar-modal">',
    '<dialog id="pst-search-dialog">',
    '<button class="btn search-button-field" title="Search" aria-label="Search">',
    '<i class="theme-switch fa-sun" title="Light"></i>',
    '<html lang="en" data-content_root="../" data-theme="auto">',
    'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";',
    '<details class="hide"><summary aria-label="Toggle hidden content">\n<p class="collapsed">Show the proof</p>',
    '<div class="citation" role="doc-biblioentry">',
    '<th class="head"><p></p></th>',
)
#: The same places in a theme that writes them otherwise.
CHANGED = (
    *(piece.replace("<", "<x-") for piece in WRITTEN[:2]),
    '<dialog class="new" id="pst-secondary-sidebar-modal">',
    *(piece.replace("<", "<x-") for piece in WRITTEN[3:6]),
    '<html lang="en" data-content_root="../" data-theme="system">',
    "document.documentElement.dataset.theme = pick();",
    WRITTEN[8].replace("aria-label", "aria-description"),
    '<div class="citation" role="doc-entry">',
    "<th><p></p></th>",
)


def test_each_repair_is_made():
    page = repairs.repair("".join(WRITTEN))
    assert [written for written in WRITTEN if written in page] == []
    assert '<summary data-paper="proof">' in page
    assert repairs.repair("<p>no page of the theme</p>") == "<p>no page of the theme</p>"


@pytest.mark.parametrize("number", range(len(repairs.REPAIRS)))
def test_a_repair_raises_where_its_markup_has_changed(number):
    page = "".join(WRITTEN).replace(WRITTEN[number], CHANGED[number])
    with pytest.raises(ExtensionError, match=re.escape(repr(repairs.REPAIRS[number].found))):
        repairs.repair(page)


def opened(browser, url, *, width=1280, theme="light", **kind):
    page = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=theme, reduced_motion="reduce", **kind
    ).new_page()
    go(page, url)
    # What is off the screen is laid out later; axe would find it unfinished.
    page.add_style_tag(content=".bd-article :is(section, .cell) { content-visibility: visible !important }")
    return page


@pytest.fixture
def visit(browser, address):
    pages = []

    def open_page(name, **kind):
        pages.append(opened(browser, f"{address}/{name}", **kind))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()


@pytest.mark.parametrize(("name", "view"), list(zip([*KINDS, *MADE], 2 * VIEWS, strict=True)))
def test_axe_finds_nothing_on_the_whole_page(visit, name, view):
    page = visit(name)
    fold_out(page)
    page.evaluate(PLAIN)
    show(page, *view)
    assert violations(page) == {}


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (1280, "light"), (390, "light")])
def test_axe_finds_nothing_on_one_page_in_full(visit, width, theme):
    """What each page has in common needs one page: its lists, buttons, footer, and the colours of code."""
    page = visit(LESSON)
    show(page, width, theme)
    assert violations(page) == {}


def press(page, button):
    page.locator(f"{button}:visible").first.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("width", "button", "theme"),
    [
        (1280, ".search-button__button", "light"),
        (390, ".primary-toggle", "dark"),
        (390, ".secondary-toggle", "light"),
        (390, ".search-button", "dark"),
    ],
)
def test_a_dialog_is_sound_and_gives_the_focus_back(visit, width, button, theme):
    page = visit(LEDGER, width=width, theme=theme)
    press(page, button)
    page.wait_for_function("document.querySelector('dialog[open]')?.contains(document.activeElement)")
    assert page.locator("dialog[open]").count() == 1
    assert violations(page) == {}
    page.keyboard.press("Escape")
    page.wait_for_function("button => document.activeElement.matches(button)", arg=button)
    assert page.locator("dialog[open]").count() == 0


AT = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const [box, style] = [node.getBoundingClientRect(), getComputedStyle(node)];
    const paper = getComputedStyle(document.body).backgroundColor;
    // By position, as an index counts what scripts add and take away above.
    const after = !window.last || Boolean(window.last.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    window.last = node;
    return {
        what: node.outerHTML.slice(0, 120),
        seen: node.checkVisibility({visibilityProperty: true}) && box.width > 0
            && box.bottom > 0 && box.top < innerHeight,
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 ? style.outlineColor : null,
        skip: node.closest(".skip-link") !== null,
        article: node.closest("article") !== null && !node.closest("[popover]"),
        after,
        paper,
    };
}"""
REACHABLE = """() => [...document.querySelectorAll("article :is(a[href], button, input, select, summary)")]
    .filter(node => node.checkVisibility({visibilityProperty: true}))
    .filter(node => !node.disabled && !node.matches("[type=radio]") && !node.closest("[popover]")).length"""


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def walk(page):
    """Where Tab leads, from the beginning of the page to its end."""
    stops = []
    while len(stops) < 1000:
        page.keyboard.press("Tab")
        stop = page.evaluate(AT)
        if stop is None:
            return stops
        stops.append(stop)
    pytest.fail("Tab does not come to the end of the page")


@pytest.mark.parametrize(
    ("name", "width", "theme"),
    [(LESSON, 1280, "light"), ("book/what-a-loss-asks.html", 390, "dark"), (LEDGER, 1280, "dark")],
)
def test_tab_walks_the_page_as_it_is_read(visit, name, width, theme):
    page = visit(name, width=width, theme=theme)
    page.wait_for_function(REACHED)
    stops = walk(page)
    assert stops[0]["skip"]
    assert [stop["what"] for stop in stops if not stop["seen"]] == []
    assert [stop["what"] for stop in stops if not stop["ring"]] == []
    # The skip link stands on a ground of its own.
    assert [s["what"] for s in stops[1:] if contrast(s["ring"], s["paper"]) < 3] == []
    assert [stop["what"] for stop in stops if not stop["after"]] == []
    own = re.compile(r"<(a|button|input|select|summary)\b(?!.*type=\"radio\")")
    assert len([stop for stop in stops if stop["article"] and own.match(stop["what"])]) == page.evaluate(REACHABLE)


def test_skip_link_leads_to_the_text(visit):
    page = visit(LESSON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_only_what_scrolls_is_a_stop(visit):
    page = visit("book/compare.html", width=320)
    scrolls = """() => [...document.querySelectorAll("article *")].filter(node =>
        /auto|scroll/.test(getComputedStyle(node).overflowX) && node.scrollWidth > node.clientWidth + 1
        && node.checkVisibility())"""
    # The theme looks at it a while after the last change.
    page.wait_for_function(f"({scrolls})().length > 0 && ({scrolls})().every(node => node.tabIndex >= 0)")
    show(page, 1280)
    assert page.evaluate('document.querySelectorAll(\'.ln-math[tabindex="0"], div.math[tabindex="0"]\').length') == 0


def ground(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_first_picture_has_the_right_theme(browser, address, theme):
    """Before the theme's own script has come, the page is as the system, or the reader, wants it."""
    other = {"light": "dark", "dark": "light"}[theme]
    context = browser.new_context(color_scheme=theme)
    context.route("**/scripts/*.js*", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{address}/book/cite.html")
    follows = ground(page)
    assert (luminance(follows) > 0.5) == (theme == "light")
    page.evaluate("mode => { localStorage.mode = mode; localStorage.theme = mode; }", other)
    page.reload()
    assert (luminance(ground(page)) > 0.5) == (other == "light")
    # A mode that follows the system does not remember yesterday's.
    page.evaluate("localStorage.mode = 'auto'")
    page.reload()
    assert ground(page) == follows
    context.close()


def test_theme_switch_works_by_keyboard(visit):
    page = visit("book/cite.html", theme="dark")
    button = page.locator(".theme-switch-button:visible").first
    button.focus()
    seen = [page.evaluate("document.documentElement.dataset.mode")]
    for _ in range(2):
        page.keyboard.press("Enter")
        page.wait_for_function("mode => document.documentElement.dataset.mode !== mode", arg=seen[-1])
        seen.append(page.evaluate("document.documentElement.dataset.mode"))
        assert button.evaluate("button => button === document.activeElement")
    assert set(seen) == {"auto", "light", "dark"}


def test_an_answer_keeps_the_focus(visit):
    page = visit(LESSON)
    exercise = page.locator(".ln-exercise:not(.ln-guess)").first
    field = exercise.locator("input[type=text]")
    field.fill("1")
    field.press("Enter")
    expect(exercise.get_by_role("status")).not_to_be_empty()
    assert field.evaluate("field => document.activeElement === field")


def test_high_contrast_shows_where_the_keyboard_is(visit):
    page = visit("book/cite.html", forced_colors="active")
    page.locator("nav.bd-links a").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_nothing_moves_for_who_asked_for_it(visit):
    page = visit(LESSON)
    slow = """[...document.querySelectorAll("*")].filter(node => {
        const { transitionDuration, animationDuration } = getComputedStyle(node);
        return `${transitionDuration},${animationDuration}`.split(",").some(time => parseFloat(time) > 0.001);
    }).length"""
    assert page.evaluate(slow) == 0
