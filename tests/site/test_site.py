"""The built site in a real browser: whole, quiet, offline, and answering its sliders."""

import re

import numpy as np
import pytest
from page_checks import SOME_VIEWS, disturbances, fold_out
from pages import EXECUTED, LESSON, LESSONS, MOVED, PAGES, number, open_page, set_control

from lossbook.links import pages_of

FIGURE = "#bells"
#: The same data as in the lesson's first cell.
X = np.arange(1.0, 6.0)
Y = np.array([1.5, 1.2, 3.9, 3.6, 5.0])


def set_slider(page, key, value):
    set_control(page.locator(f".ln-explore input[data-key={key}]"), value)


def readout(page, name):
    return float(page.locator(".ln-readouts tr", has_text=name).locator("td").first.get_attribute("title"))


def path_of(page, gid, panel=0):
    return page.locator(f".ln-panel >> nth={panel}").locator(f"[data-gid={gid}] path").first.get_attribute("d")


@pytest.fixture(scope="module", params=SOME_VIEWS, ids=lambda view: "-".join(map(str, view)))
def visited(browser, address, request):
    """Each page, loaded once: its name and the page; the tests below look at it in their order."""
    name, width, theme = request.param
    page = open_page(browser, f"{address}/{name}", width=width, theme=theme, wait="networkidle")
    yield name, page
    page.context.close()


def test_page_is_whole_quiet_and_offline(visited, request):
    _, width, theme = request.node.callspec.params["visited"]
    assert disturbances(visited[1], width, theme) == []


#: What a page says, without what is code.
WORDS = """() => {
    const text = document.querySelector("article, main").cloneNode(true);
    text.querySelectorAll("pre, code, script, style, mjx-container").forEach(node => node.remove());
    return text.textContent;
}"""


def test_there_is_something_to_do_on_the_first_screen(visited):
    name, page = visited
    if name.removesuffix(".html") in LESSONS and page.viewport_size["width"] == 1280:
        first = page.locator("[data-key], .ln-guess input").first.bounding_box()
        assert first["y"] + first["height"] <= 800


def test_math_is_rendered(visited):
    name, page = visited
    assert page.locator("mjx-merror").count() == 0
    assert re.findall(r"\\\(|\\\[|\\frac|\\sum|\$\$|\$[^$]+\$", page.evaluate(WORDS)) == []
    if name in EXECUTED and "intro" not in name:  # the first page has no formula
        formulas = page.locator(".math, .ln-math").count()
        assert max(formulas, page.locator("mjx-container").count()) > 20  # those of tables are of no class
        assert page.locator("mjx-container").count() >= formulas


#: Each picture that is content, with its alternative and its caption. Formulas speak for themselves.
PICTURES = """() => [...document.querySelectorAll("img, svg, div[role=img]")]
    .filter(node => !node.closest("[aria-hidden=true], nav, button, dialog"))
    .filter(node => !node.closest("[role=math], .math, .ln-math, mjx-container"))
    .filter(node => !node.parentElement.closest("svg"))
    .map(node => [
        node.getAttribute(node.tagName === "IMG" ? "alt" : "aria-label"),
        node.closest("figure")?.querySelector("figcaption")?.textContent ?? "",
    ])"""


def test_each_picture_says_what_it_shows(visited):
    for words, caption in visited[1].evaluate(PICTURES):
        assert re.match(r"[A-Z0-9](.|\n)*[.!?]$", words or ""), f"not a sentence: {words!r}"
        assert len(words.split()) >= 8, f"too short: {words!r}"
        assert words != caption, f"says what the caption says: {words!r}"


#: Each control at its ends, then all at once in each corner; what the figures say of it.
#: A read-out may be undefined where the caption speaks of it: lesson 11 is about such numbers.
CORNERS = """() => [...document.querySelectorAll(".ln-explore")].flatMap(figure => {
    const inputs = [...figure.querySelectorAll("[data-key]")];
    const ends = inputs.map(i => i.options ? [...i.options].map(o => o.value) : [i.min, i.max]);
    const corners = ends.reduce((all, end) => all.flatMap(head => end.map(tail => [...head, tail])), [[]]);
    return corners.map(corner => {
        inputs.forEach((input, n) => {
            input.value = corner[n];
            input.dispatchEvent(new Event("input", {bubbles: true}));
        });
        const [drawn, said] = [".ln-panels", ".ln-readouts"].map(part => figure.querySelector(part)?.innerHTML ?? "");
        const wanted = figure.querySelector("figcaption").textContent.includes("undefined");
        const broken = drawn.match(/NaN|Infinity/) ?? (wanted ? null : said.match(/NaN|Infinity|>undefined</));
        return [figure.id, corner.join(), broken?.[0] ?? ""];
    });
})"""


def test_sliders_in_their_corners_leave_no_broken_path(visited):
    name, page = visited
    corners = page.evaluate(CORNERS)
    assert [corner for corner in corners if corner[2]] == []
    assert page.faults == []
    if name == LESSON:
        assert len(corners) >= 8


def width_of(page, letters="100%"):
    return page.evaluate(
        "size => { document.documentElement.style.fontSize = size; return document.documentElement.scrollWidth; }",
        letters,
    )


def test_nothing_scrolls_sideways(visited):
    """1280 px at 200 and at 400 per cent, a small phone, and letters of twice the size, with all unfolded."""
    _, page = visited
    fold_out(page)
    for width in (640, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert width_of(page) <= width
    page.set_viewport_size({"width": 640, "height": 800})
    wide = width_of(page, "200%")
    width_of(page)
    assert wide <= 640


def test_these_are_all_pages(site):
    written = {path.relative_to(site).as_posix() for path in pages_of(site)}
    moved = {f"{page}.html" for page in MOVED}
    assert written == {name.partition("?")[0] for name in PAGES} | {"index.html", "404.html"} | moved


def test_the_top_leads_to_the_first_page(browser_page, address):
    page = browser_page(f"{address}/")
    page.wait_for_url(f"{address}/{PAGES[0]}")
    assert page.faults == []


def test_slider_moves_the_curve_to_where_numpy_says(browser_page, address):
    page = browser_page(f"{address}/{LESSON}")
    for w, sigma in ((0.5, 0.4), (1.5, 1.0), (2.0, 2.0)):
        set_slider(page, "w", w)
        set_slider(page, "sigma", sigma)
        squares = np.sum((w * X - Y) ** 2)
        surprise = squares / (2 * sigma**2) + 5 * np.log(sigma) + 2.5 * np.log(2 * np.pi)
        assert readout(page, "her sum of squares") == pytest.approx(squares, rel=1e-5)
        assert readout(page, "his surprise, in nats") == pytest.approx(surprise, rel=1e-5)
        assert readout(page, "her squares are lowest") == pytest.approx(X @ Y / (X @ X), rel=1e-5)
        assert_line_stands_at(page, w)


def assert_line_stands_at(page, w):
    """The path of the line y = wx against the picture's own ticks."""
    ticks = page.evaluate(
        """() => [...document.querySelector(".ln-panel svg").querySelectorAll("text")]
            .map(t => [t.textContent, t.getBBox()])
            .map(([text, box]) => [text, box.x + box.width / 2, box.y + box.height / 2])"""
    )
    ticks = [(number(text), across, down) for text, across, down in ticks if re.fullmatch(r"[−-]?\d", text)]
    bottom, left = max(down for *_, down in ticks), min(across for _, across, _ in ticks)
    x_ticks = np.array([(across, value) for value, across, down in ticks if down > bottom - 2])
    y_ticks = np.array([(down, value) for value, across, down in ticks if across < left + 2 and down <= bottom - 2])
    points = np.array(re.findall(r"([-\d.]+) ([-\d.]+)", path_of(page, "curve-0")), float)
    x, y = (
        np.polyval(np.polyfit(*axis.T, 1), places) for axis, places in zip((x_ticks, y_ticks), points.T, strict=True)
    )
    inside = (y > y_ticks[:, 1].min()) & (y < y_ticks[:, 1].max())
    assert inside.sum() > 20
    assert np.abs(y - w * x)[inside].max() < 0.06


@pytest.mark.parametrize(("kind", "margin"), [("float32", 17), ("float32", 40), ("float64", 40), ("float64", 300)])
def test_the_last_formula_keeps_its_digits_in_the_browser(browser_page, address, kind, margin):
    page = browser_page(f"{address}/book/floating-point.html")
    page.locator(".ln-look").first.click()  # what a guess is asked for is veiled until then
    page.locator("select[data-key=kind]").select_option(label=kind)
    set_slider(page, "margin", margin)
    assert readout(page, "2 minus the largest") == 0
    assert readout(page, "3 with log1p") == pytest.approx(np.log1p(np.exp(-margin)), rel=1e-5)


def test_keyboard_and_reset(browser_page, address):
    page = browser_page(f"{address}/{LESSON}")
    reset = page.locator(FIGURE).get_by_role("button", name="Reset")
    reset.click()  # from here on the script draws
    before = path_of(page, "curve-1", panel=1)
    slider = page.locator(f"{FIGURE} [data-key=sigma]")
    slider.focus()
    page.keyboard.press("End")
    assert number(slider.input_value()) == 2
    assert path_of(page, "curve-1", panel=1) != before
    page.keyboard.press("ArrowLeft")
    assert number(slider.input_value()) == 1.99
    reset.click()
    assert number(slider.input_value()) == 0.5
    assert path_of(page, "curve-1", panel=1) == before


def test_first_picture_is_the_one_that_matplotlib_drew(browser_page, address):
    """With and without script, and read-outs too: nothing jumps when the script starts or draws."""
    still = browser_page(f"{address}/{LESSON}", javascript=False)
    live = browser_page(f"{address}/{LESSON}")
    assert still.locator(f"{FIGURE} svg").first.is_visible()
    assert still.locator(f"{FIGURE} .ln-controls").is_hidden()
    assert live.locator(f"{FIGURE} .ln-controls").is_visible()
    live.locator(".ln-look").first.click()  # what a guess is asked for is veiled until then
    rows = f"{FIGURE} .ln-readouts"
    assert path_of(still, "curve-0") == path_of(live, "curve-0")
    live.locator(FIGURE).get_by_role("button", name="Reset").click()
    assert still.locator(rows).inner_text() == live.locator(rows).inner_text()
    for panel in range(2):
        drawn, moved = (
            [tuple(map(float, p)) for p in re.findall(r"([-\d.]+) ([-\d.]+)", path_of(page, "curve-0", panel))]
            for page in (still, live)
        )
        inside = [p for p in moved if 0 < p[1] < 180]
        # Matplotlib leaves out what a straight line needs not, so its points are among ours.
        for point in drawn:
            if point in (drawn[0], drawn[-1]):
                continue
            assert min(abs(point[0] - p[0]) + abs(point[1] - p[1]) for p in inside) < 0.5


#: Height of the page, and the same when all of it has been on the screen.
SCROLLED = """async () => {
    const height = () => document.documentElement.scrollHeight;
    const rest = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const before = height();
    for (let y = 0; y < height(); y += innerHeight) { scrollTo(0, y); await rest(); }
    return [before, height()];
}"""
LAID_OUT = """() => [...document.querySelectorAll(".bd-article :is(section, .cell)")]
    .every(part => getComputedStyle(part).contentVisibility === "visible")"""


@pytest.mark.parametrize("name", [LESSON, "book/k-classes.html"])
def test_the_scroll_bar_tells_the_length(browser_page, address, name):
    page = browser_page(f"{address}/{name}")
    page.wait_for_function(LAID_OUT)
    before, after = page.evaluate(SCROLLED)
    assert after == pytest.approx(before, rel=0.02)


#: How far below its place the target of a link lies, when the page has come to rest.
MISSED = """async link => {
    const rest = () => new Promise(done => setTimeout(done, 100));
    const target = document.getElementById(decodeURIComponent(link.slice(1)));
    let y;
    do { y = scrollY; await rest(); } while (y !== scrollY);
    const [page, own] = [document.documentElement, target].map(part => getComputedStyle(part));
    const margin = (parseFloat(page.scrollPaddingTop) || 0) + (parseFloat(own.scrollMarginTop) || 0);
    return target.getBoundingClientRect().top - margin;
}"""


@pytest.mark.parametrize("way", ["clicked", "opened"])
def test_a_link_far_down_leads_to_its_place(browser_page, address, way):
    page = browser_page(f"{address}/book/k-classes.html")
    links = page.locator("#pst-secondary-sidebar nav a[href^='#']")
    link = links.nth(links.count() * 3 // 4)
    target = link.get_attribute("href")
    if way == "clicked":
        page.reload(wait_until="commit")
        link.click()
    else:
        page = browser_page(f"{address}/book/k-classes.html{target}")
    assert abs(page.evaluate(MISSED, target)) <= 5
    page.wait_for_function(LAID_OUT)
    assert abs(page.evaluate(MISSED, target)) <= 5


def test_from_a_folder(browser_page, site):
    page = browser_page(f"file://{site}/{LESSON}", wait="networkidle")
    assert page.faults == []
    assert page.locator("mjx-container").count() > 20
    before = path_of(page, "curve-1", panel=1)
    set_slider(page, "sigma", 1)
    assert path_of(page, "curve-1", panel=1) != before


def test_ink_follows_the_theme(browser_page, address):
    colours = {}
    for theme in ("light", "dark"):
        page = browser_page(f"{address}/{LESSON}", theme=theme)
        colours[theme] = page.evaluate(
            "[...document.querySelectorAll('.ln-panel text')].filter(t => !t.closest('[data-gid^=dots-], [data-mark]'))"
            ".map(t => getComputedStyle(t).fill)"
        )
        body = page.evaluate("getComputedStyle(document.querySelector('.ln-figure')).color")
        assert set(colours[theme]) == {body}
    assert colours["light"] != colours["dark"]


def test_solutions_are_folded_and_executed(browser_page, address):
    page = browser_page(f"{address}/book/tougher-further.html")
    folded = page.locator("details", has_text="Show the solution")
    assert folded.count() == 3
    first = folded.first
    assert not first.locator(".cell_output").first.is_visible()
    first.locator("summary").click()
    assert "at r = sqrt(3)" in first.locator(".cell_output").first.inner_text()
