"""Words that move a figure, numbers that follow it, and a guess in a book; what of these a build refuses."""

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import nbformat
import pytest
from pages import go, set_control
from small_books import jupyter_book, write_book

FIGURE = """
import sympy as sp
from lossnotes import Menu, Panel, Point, Slider, explore, sigmoid
z, y, scale, x, g = sp.symbols("z y scale x g", real=True)
explore(
    panels=[
        Panel(x=(x, -8, 8), curves={"loss": sp.log(1 + sp.exp(x)) - y * x}, title="loss", size=(4, 3)),
        Panel(x=(x, -8, 8), y=(-1.5, 1.5), curves={"slope": y - sigmoid(x), "you": g + 0 * x}, size=(4, 3)),
    ],
    sliders=[Slider(z, -8, 8, -3, step=0.5), Slider(y, 0, 1, 1, step=0.1), Menu(scale, ["one", "ten"])],
    readouts={"push": y - sigmoid(z), "steps": sp.Integer(22134) + 0 * z, "at zero": 1 / z},
    guesses={g: "how-hard"},
    caption="The push is never above 1.", alt="The push, which is never above 1.", identifier="bet",
)
"""
GUESS = """
from lossnotes import guess
guess("How hard?", answer=0.953, identifier="how-hard", veils={"bet": ["slope", "push"]}, alt={"bet": "Loss alone."})
"""
TEXT = "\n\n".join(["The costs add up, one after the other, and each of them is paid in nats."] * 40)
LESSON = f"""
**It is 0.953.** You said [▢](#how-hard:guess).

The next paragraph is open. The push is [0.953 of 1](#bet:push) after [22,134 steps](#bet:steps).

Go to [logit *−6*](#bet?z=−6), or to [both](#bet?z=2&y=0.5), or see [the figure](#bet).

{TEXT}

## Far

Set [−7](#bet?z=-7) from afar, or [the menu](#bet?scale=1). The push is [0.95](#bet:push).
"""


def notebook(*cells):
    """A notebook of these cells: those that begin with an empty line and import are code."""
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for n, text in enumerate(cells):
        kind = nbformat.v4.new_code_cell if "import" in text else nbformat.v4.new_markdown_cell
        made.cells.append(kind(text, id=f"cell-{n}", metadata={"tags": ["remove-input"]} if "import" in text else {}))
    return nbformat.writes(made)


PAGES = {
    "intro.md": "# Intro\n\nSee [the push at 4](lesson.ipynb#bet?z=4).\n",
    "lesson.ipynb": notebook("# Lesson\n\nIt begins.", GUESS, FIGURE, LESSON),
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Where a book with all of this is served."""
    folder = tmp_path_factory.mktemp("book")
    write_book(folder, PAGES)
    code, output = jupyter_book(folder)
    assert code == 0, output
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder / "_build" / "html")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/book"
        server.shutdown()


@pytest.fixture
def lesson(browser_page, book):
    """Opens the lesson; the guess is made already."""

    def opening(**kind):
        page = browser_page(f"{book}/lesson.html", **kind)
        if kind.get("javascript", True):
            page.locator("#how-hard .ln-look").click()
        return page

    return opening


def position(page):
    return [float(page.locator(f"#bet [data-key={key}]").input_value()) for key in ("z", "y", "scale")]


def link(page, words):
    return page.locator("a.ln-move", has_text=re.compile(f"^{words}$"))


def push(page):
    return page.locator('.ln-live[data-readout="push"]').first.inner_text()


def in_sight(page, selector):
    """Whether all of an element is in the window, under no bar."""
    box = page.locator(selector).bounding_box()
    top = page.evaluate("parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0")
    return box["y"] >= top - 1 and box["y"] + box["height"] <= page.viewport_size["height"] + 1


def rest(page):
    """Wait until the page scrolls no more."""
    page.evaluate("""() => new Promise((done) => {
        let before = -1;
        const look = () => {
            if (scrollY === before) done();
            else { before = scrollY; setTimeout(look, 150); }
        };
        look();
    })""")


# --- links ---------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
def test_a_link_far_away_sets_the_figure_in_sight_and_back_undoes_it(lesson, width, hand):
    page = lesson(width=width)
    set_control(page.locator("#bet [data-key=z]"), -2.5)
    set_control(page.locator("#bet [data-key=y]"), 0.4)
    far = link(page, "−7")
    far.scroll_into_view_if_needed()
    rest(page)
    where = page.evaluate("scrollY")
    if hand == "mouse":
        far.click()
    else:
        far.focus()
        page.keyboard.press("Enter")
    assert position(page) == [-7, 0.4, 0]
    rest(page)
    assert in_sight(page, "#bet .ln-panels")
    assert in_sight(page, "#bet .ln-back")
    assert page.evaluate("document.activeElement.textContent") == "−7"
    assert page.evaluate("location.hash") == "#bet?z=-7"
    assert page.locator(".ln-moved").count() <= 1
    page.go_back()
    page.wait_for_function("location.hash === ''")
    rest(page)
    assert position(page) == [-2.5, 0.4, 0]
    assert abs(page.evaluate("scrollY") - where) < 2
    assert page.locator(".ln-back").count() == 0
    page.go_forward()
    page.wait_for_function("location.hash !== ''")
    assert position(page) == [-7, 0.4, 0]
    assert page.faults == []


def test_the_control_that_moved_is_marked_for_a_moment(lesson):
    page = lesson()
    link(page, "both").click()
    assert page.locator(".ln-moved").count() == 2
    page.wait_for_function("!document.querySelector('.ln-moved')")
    link(page, "the menu").click()
    assert page.locator(".ln-moved label").inner_text().startswith("scale")


def test_back_to_the_text_leads_to_the_link(lesson):
    page = lesson()
    link(page, "−7").click()
    rest(page)
    page.locator(".ln-back").click()
    rest(page)
    assert page.evaluate("document.activeElement.textContent") == "−7"
    assert link(page, "−7").bounding_box()["y"] < 800
    assert page.locator(".ln-back").count() == 0
    assert position(page)[0] == -7


def test_who_scrolls_back_is_offered_no_way_back(lesson):
    page = lesson()
    link(page, "−7").click()
    rest(page)
    link(page, "−7").scroll_into_view_if_needed()
    page.wait_for_function("!document.querySelector('.ln-back')")


def test_a_link_beside_its_figure_moves_no_page(lesson):
    page = lesson()
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.evaluate("document.querySelector('#bet').scrollIntoView()")
    rest(page)
    where = page.evaluate("scrollY")
    link(page, "logit −6").click()
    assert position(page)[0] == -6
    assert page.evaluate("scrollY") == where
    assert page.locator(".ln-back").count() == 0


def test_links_one_after_the_other_are_undone_in_turn(lesson):
    page = lesson()
    for words, there in (("logit −6", [-6, 1, 0]), ("both", [2, 0.5, 0]), ("the menu", [2, 0.5, 1])):
        link(page, words).click()
        assert position(page) == there
    for there in ([2, 0.5, 0], [-6, 1, 0], [-3, 1, 0]):
        page.go_back()
        page.wait_for_function(f"document.querySelector('[data-key=z]').value == {there[0]}")
        page.wait_for_function(f"document.querySelector('[data-key=scale]').value == {there[2]}")
        assert position(page) == there


def test_by_touch_and_with_reduced_motion(browser, book):
    context = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    go(page, f"{book}/lesson.html")
    page.locator("#how-hard .ln-look").tap()
    link(page, "−7").tap()
    page.wait_for_function("document.querySelector('#bet .ln-panels').getBoundingClientRect().top < 200")
    assert position(page)[0] == -7
    page.locator(".ln-back").tap()
    assert link(page, "−7").bounding_box()["y"] < 800
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_a_reload_keeps_the_position_and_another_page_can_ask_for_one(lesson, book):
    page = lesson()
    link(page, "−7").click()
    page.reload()
    assert position(page)[0] == -7
    page.goto(f"{book}/intro.html")
    page.get_by_role("link", name="the push at 4").click()
    page.wait_for_url(f"{book}/lesson.html#bet?z=4")
    page.wait_for_function("document.querySelector('[data-key=z]').value == 4")
    # As it is copied, or opened beside this page.
    assert link(page, "−7").evaluate("(a) => a.href") == f"{book}/lesson.html#bet?z=-7"


@pytest.mark.parametrize("hostile", ["#__proto__?z=1", "#bet?constructor=1&__proto__=2", "#bet?z=NaN"])
def test_addresses_that_ask_for_nothing_change_nothing(lesson, book, hostile):
    page = lesson()
    page.evaluate(f"location.hash = {hostile!r}")
    assert position(page) == [-3, 1, 0]
    page.goto(f"{book}/intro.html")
    page.goto(f"{book}/lesson.html{hostile}")
    assert position(page) == [-3, 1, 0]
    assert [fault for fault in page.faults if fault.startswith(("error", "console"))] == []


# --- numbers -------------------------------------------------------------------------


def test_numbers_in_the_text_follow_with_their_digits(lesson):
    page = lesson()
    assert push(page) == "0.953"
    assert page.locator('.ln-live[data-readout="steps"]').inner_text() == "22,134"
    set_control(page.locator("#bet [data-key=z]"), 2)
    assert push(page) == "0.119"
    assert page.locator("p", has_text="The next paragraph").inner_text().endswith("is 0.119 of 1 after 22,134 steps.")
    page.get_by_role("button", name="Reset").click()
    assert push(page) == "0.953"
    assert page.locator(".ln-live [aria-live], output, .ln-live[role]").count() == 0


def test_without_scripts_numbers_are_text_and_links_lead_to_the_figure(lesson):
    page = lesson(javascript=False)
    assert push(page) == "0.953"
    link(page, "−7").click()
    assert page.url.endswith("#bet")
    assert page.locator('[data-gid="curve-0"]').first.is_visible()
    assert not page.get_by_text("It is 0.953.").is_visible()
    page.get_by_text("Show me").last.click()
    assert page.get_by_text("It is 0.953.").is_visible()


def test_paper_has_the_numbers_of_the_start(lesson):
    page = lesson()
    link(page, "−7").click()
    assert push(page) != "0.953"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert push(page) == "0.953"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert push(page) != "0.953"


# --- the guess -----------------------------------------------------------------------


def test_only_what_tells_the_answer_waits_for_the_guess(browser_page, book):
    page = browser_page(f"{book}/lesson.html")
    waiting = page.locator("strong", has_text=re.compile("^It is 0.953.$"))
    assert not waiting.is_visible()
    assert page.get_by_text("The next paragraph is open.").is_visible()
    assert page.locator("#bet [role=img]").get_attribute("aria-label") == "Loss alone."
    for number in page.locator('.ln-live[data-readout="push"]').all():
        assert not number.is_visible()
    assert page.locator('.ln-live[data-readout="steps"]').is_visible()
    page.locator("#how-hard input").fill("0.5")
    page.locator("#how-hard input").press("Enter")
    assert waiting.is_visible()
    assert waiting.locator("xpath=..").inner_text() == "It is 0.953. You said 0.5."
    assert push(page) == "0.953"
    assert page.locator("#bet [role=img]").get_attribute("aria-label") == "The push, which is never above 1."
    assert page.faults == []


def test_who_reads_on_without_a_guess_sees_the_figure(browser_page, book):
    page = browser_page(f"{book}/lesson.html")
    asked, shown = page.locator("#how-hard form"), page.locator("strong", has_text=re.compile("^It is 0.953.$"))
    assert asked.is_visible()
    assert not shown.is_visible()
    page.get_by_role("link", name="−7", exact=True).click()
    assert not asked.is_visible()
    assert shown.is_visible()
    assert push(page) == "0.999"
    page.locator("#how-hard .ln-clear").click()
    assert asked.is_visible()
    assert page.faults == []


# --- what a build refuses ------------------------------------------------------------

FAULTY = {
    "[−6](#bat?z=-6)": "expected a figure of book/lesson; got 'bat'. There is: bet. Did you mean 'bet'?",
    "[−6](#bet?w=-6)": "expected control=value; got 'w=-6'. There is: z, y, scale",
    "[−6](#bet?z)": "expected control=value; got 'z'",
    "[−9](#bet?z=-9)": "expected z in -8 to 8; got -9",
    "[−6.1](#bet?z=-6.1)": "expected z where its control can stand, as -6.5 or -6; got -6.1",
    "[many](#bet?z=many)": "expected a number for z; got 'many'",
    "[two](#bet?scale=2)": "expected scale in 0 to 1; got 2",
    "[0.953](#bet:pull)": "expected a read-out of 'bet'; got 'pull'. There is: push, steps, at zero",
    "[0.953](#bat:push)": "expected a figure or a guess of book/lesson; got 'bat'. There is: bet, how-hard",
    "[0.954](#bet:push)": "expected what 'push' says where the figure starts, 0.952574; got 0.954",
    "[−0.953](#bet:push)": "got −0.953",
    "[22134.5](#bet:steps)": "got 22134.5",
    "[much](#bet:push)": "expected a number, with a unit after it or without; got 'much'",
    "[20](#how-hard:guess)": "expected [▢](#how-hard:guess)",
    "[▢](#how-hard:said)": "expected [▢](#how-hard:guess)",
    "[far](intro.md#bet?z=1)": "expected a figure of book/intro; got 'bet'. There is: none",
}
LONELY = GUESS.replace("how-hard", "lonely").replace('"slope"', '"slop"')


def test_a_build_refuses_what_is_not_there_or_not_true(tmp_path):
    wrong = "\n\n".join(f"So {words} is wrong." for words in FAULTY)
    lesson = notebook("# Lesson", GUESS, FIGURE, f"The answer.\n\n{wrong}", LONELY, "## No paragraph")
    write_book(tmp_path, {"intro.md": "# Intro\n", "lesson.ipynb": lesson})
    code, output = jupyter_book(tmp_path)
    assert code != 0
    for words, message in FAULTY.items():
        named = words.replace("intro.md", "book/intro")
        told = [line for line in output.splitlines() if named in line and message in line]
        assert told, (words, message, output)
        assert "lesson.ipynb" in told[0]
    assert "guess 'lonely': expected a paragraph with the answer after it, before the next heading" in output
    assert "guess 'lonely': veils: expected parts of 'bet'; got 'slop'. There is: push, steps, at zero" in output
