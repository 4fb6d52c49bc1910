"""A figure alone at its own address: nothing else is seen, and it does all that it does on its page."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import set_control
from small_books import jupyter_book, write_book

FIGURE = """
import sympy as sp
from lossnotes import Draws, Entries, Panel, Point, Slider, explore
c, x = sp.symbols("c x", real=True)
y, i, n = sp.IndexedBase("y", real=True), sp.Symbol("i", integer=True), sp.Symbol("n", integer=True)
data = Entries(y, Draws("normal", 0, 1, count=5), size=n, label="data")
explore(
    panels=[
        Panel(
            x=(x, -4, 4),
            y=(0, 8),
            curves={"loss": sp.Sum((x - y[i]) ** 2, (i, 1, n)) / n},
            points={"data": Point(y[i], 0, index=i)},
            size=(3.9, 2.6),
        ),
        Panel(x=(x, -4, 4), curves={"slope": x - c}, size=(3.9, 2.6)),
    ],
    sliders=[Slider(c, -4, 4, 1, step=0.5), data],
    readouts={"loss": sp.Sum((c - y[i]) ** 2, (i, 1, n)) / n},
    caption="The mean is lowest.", alt="A loss over five points.", identifier="mean", wide=True,
)
"""
BENCH = """
import sympy as sp
from lossnotes import Slider, bench
z = sp.Symbol("z", real=True)
bench(z**2 / 2, {z: z}, controls=[Slider(z, -2, 2, 1)], identifier="test")
"""
GUESS = """
from lossnotes import guess
guess("How much?", answer=1.5, identifier="much", veils={"mean": ["loss"]}, alt={"mean": "Two panels."})
"""
TEXT = "# Which mean?\n\n" + "\n\n".join(["The costs add up, one after the other, and each is paid in nats."] * 30)


def notebook():
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells.append(nbformat.v4.new_markdown_cell(TEXT, id="text"))
    for name, code in (("guess", GUESS), ("figure", FIGURE), ("bench", BENCH)):
        tags = ["hide-input"] if name == "figure" else ["remove-input"]
        made.cells.append(nbformat.v4.new_code_cell(code, id=name, metadata={"tags": tags}))
    made.cells.insert(2, nbformat.v4.new_markdown_cell("**The secret.** It is told here.\n\n## The figure", id="told"))
    return nbformat.writes(made)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    write_book(folder, {"intro.md": "# Intro\n\nWords.\n", "lesson.ipynb": notebook()})
    code, output = jupyter_book(folder)
    assert code == 0, output
    return folder / "_build" / "html"


@pytest.fixture(scope="module", params=["folder", "server"])
def lesson(request, folder):
    """The lesson's address, in a folder and on a server."""
    if request.param == "folder":
        yield f"file://{folder}/book/lesson.html"
        return
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/book/lesson.html"
        server.shutdown()


#: Of all elements that hold text or a picture and are seen, those outside of the figure.
OUTSIDE = """id => [...document.body.querySelectorAll('*')].filter((e) =>
    !e.closest(`#${id}`) && !e.contains(document.getElementById(id)) && e.checkVisibility({visibilityProperty: true})
    && e.getClientRects().length && !['SCRIPT', 'STYLE'].includes(e.tagName)).map((e) => e.outerHTML.slice(0, 80))"""
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


def value(page):
    return float(page.locator("#mean [data-key=c]").input_value())


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_the_figure_is_all_that_is_seen(browser_page, lesson, width, theme):
    page = browser_page(f"{lesson}?alone=mean", width=width, theme=theme)
    assert page.evaluate(OUTSIDE, "mean") == []
    for part in (
        ".ln-panel >> nth=0",
        ".ln-panel >> nth=1",
        "[data-key=c]",
        "figcaption",
        ".ln-readouts td",
        ".ln-from",
    ):
        assert page.locator(f"#mean {part}").is_visible(), part
    assert not page.evaluate(SIDEWAYS)
    top = page.locator("#mean").bounding_box()
    assert top["y"] < 20
    assert page.locator(".ln-veiled").count() == 0  # there is no question whose answer it could tell
    assert page.locator("#mean .ln-panels").get_attribute("aria-label") == "A loss over five points."
    if width == 1280:
        panels = [page.locator("#mean .ln-panel").nth(n).bounding_box() for n in (0, 1)]
        assert panels[0]["y"] == panels[1]["y"]
    assert page.faults == []  # later there is what axe asks of a folder
    found = Axe().run(page).response["violations"]
    assert {one["id"] for one in found} <= {"page-has-heading-one"}


def test_its_controls_work_and_its_link_stays_alone(browser_page, lesson):
    page = browser_page(f"{lesson}?alone=mean#mean?c=-2&y_seed=9")
    assert value(page) == -2
    assert page.locator("#mean [data-seed]").inner_text() == "seed 9"
    assert page.evaluate("scrollY") == 0
    set_control(page.locator("#mean [data-key=c]"), 3)
    page.locator("#mean [data-do=link]").click()
    address = page.evaluate("location.href")
    assert address == f"{lesson}?alone=mean#mean?c=3&y_seed=9"
    again = browser_page(address)
    assert value(again) == 3
    assert again.evaluate(OUTSIDE, "mean") == []


def test_it_leads_to_its_lesson(browser_page, lesson):
    page = browser_page(f"{lesson}?alone=mean")
    link = page.locator("#mean .ln-from a")
    assert page.locator(".ln-from").inner_text() == "From: Which mean?"
    with page.expect_popup() as opened:
        link.click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{lesson}#mean"
    assert opened.value.locator(".bd-article h1").is_visible()


def test_a_bench_stands_alone_too(browser_page, lesson):
    page = browser_page(f"{lesson}?alone=test#test?z=0.5")
    assert page.evaluate(OUTSIDE, "test") == []
    assert page.locator("#test [data-key=z]").input_value() == "0.5"


def test_it_stands_in_a_slide(browser_page, lesson, tmp_path):
    slide = tmp_path / "slide.html"
    slide.write_text(
        f'<!doctype html><title>Slide</title><iframe src="{lesson}?alone=mean#mean?c=2" width="900" height="600">'
    )
    page = browser_page(f"file://{slide}")
    frame = page.frames[1]
    frame.wait_for_selector("#mean .ln-from")
    assert frame.evaluate(OUTSIDE, "mean") == []
    assert frame.locator("#mean [data-key=c]").input_value() == "2"


@pytest.mark.parametrize("query", ["?alone=none", "?alone=", "?alone", "?other=mean", "?alone=%22%5D%7B%7D%3Cb%3E"])
def test_what_is_no_figure_shows_the_page(browser_page, lesson, query):
    page = browser_page(f"{lesson}{query}")
    assert page.locator(".bd-article h1").is_visible()
    assert page.locator(".ln-from").count() == 0
    assert page.faults == []


def test_nothing_else_is_shown_before_the_figure_has_come(browser_page, lesson, browser):
    """Of the page as it was parsed up to the figure nothing is seen."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        """window.seen = [];
        new MutationObserver(() => {
            const heading = document.querySelector('.bd-article h1');
            if (heading) window.seen.push(heading.checkVisibility({visibilityProperty: true}));
        }).observe(document, {childList: true, subtree: true});"""
    )
    page.goto(f"{lesson}?alone=mean")
    seen = page.evaluate("window.seen")
    assert seen
    assert not any(seen)
    context.close()


def test_paper_has_the_first_data_and_the_screen_the_readers_again(browser_page, lesson):
    page = browser_page(f"{lesson}?alone=mean#mean?y_seed=4")
    field, seed = page.locator("#mean [data-key=y]"), page.locator("#mean [data-seed]")
    field.fill("1, 2, 3")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert seed.inner_text() == "seed 1"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert (field.input_value(), seed.inner_text()) == ("1, 2, 3", "seed 4, then moved")
