"""A guess: what is refused in its declaration, and what it does on a page by itself."""

import json

import pytest
import sympy as sp
import v8
from pages import complete

from lossnotes import Formula, Panel, Run, Slider, explore, guess

z, g, x = sp.symbols("z g x", real=True)
QUESTION = "How many times as hard?"


def asked(**changes):
    given = {"answer": 22_134, "identifier": "steps", "unit": "steps"}
    return guess(QUESTION, **given | changes)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"answer": "20"}, TypeError, "answer: expected a number; got '20'"),
        ({"answer": z}, TypeError, "answer: expected a number; got z"),
        ({"answer": True}, TypeError, "answer: expected a number; got True"),
        ({"answer": sp.oo}, ValueError, "answer: expected a finite real number; got oo"),
        ({"answer": float("nan")}, ValueError, "answer: expected a finite real number; got nan"),
        ({"digits": 0}, ValueError, "digits: expected a whole number from 1 to 17; got 0"),
        ({"digits": 2.5}, ValueError, "digits: .* got 2.5"),
        ({"unit": 3}, TypeError, "unit: expected a text; got 3"),
        ({"identifier": "1 2"}, ValueError, "identifier: expected a letter, then .* got '1 2'"),
        ({"veils": {"bowl": "push"}}, TypeError, r"veils\['bowl'\]: expected a list of names, as \['push'\]"),
        ({"veils": {"bowl": []}}, TypeError, r"veils\['bowl'\]: expected a list of names"),
        ({"veils": {"bowl": ["push"]}}, ValueError, "alt: expected .* each figure with veils .* got none .* of bowl"),
        ({"alt": {"bowl": "A bowl."}}, ValueError, "alt: expected .* no other; got bowl for veils of none"),
        ({"veils": {"bowl": ["push"]}, "alt": {"bowl": " "}}, ValueError, r"alt\['bowl'\]: expected words"),
    ],
)
def test_faulty_declaration(changes, kind, message):
    with pytest.raises(kind, match=message):
        asked(**changes)


def test_the_question_must_be_words():
    with pytest.raises(ValueError, match="question: expected words"):
        guess(" ", answer=1)


def test_the_answer_stands_in_no_markup():
    made = asked(answer=sp.Rational(1, 7), veils={"bowl": ["push"]}, alt={"bowl": "A bowl & <b>."})
    assert "0.14" not in made.markup
    assert made.data["answer"] == 1 / 7
    assert "<b>" not in made._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize(
    ("number", "digits", "written"),
    [
        (0.95257, 3, "0.953"),
        (22134, 3, "22,134"),
        (-22134.4, 3, "−22,134"),
        (1234.56, 3, "1235"),
        (2.5, 3, "2.5"),
        (0, 3, "0"),
        (1e-7, 3, "1e−7"),
        (1.5e12, 3, "1.5e12"),
    ],
)
def test_numbers_in_a_sentence(number, digits, written):
    assert v8.run(f"inWords({number}, {digits})") == written


# --- a figure that uses a guess ------------------------------------------------------


def bowl(**changes):
    given = {
        "x": (x, -2, 2),
        "curves": {"loss": (x - z) ** 2, "your guess": g + 0 * x},
        "points": {"you said": (0, g)},
        "sliders": [Slider(z, -2, 2, 1)],
        "readouts": {"push": 2 * z},
        "guesses": {g: "steps"},
        "caption": "A bowl.",
        "alt": "A bowl with its lowest point.",
        "identifier": "bowl",
    }
    return explore(**given | changes)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"guesses": {"g": "steps"}}, TypeError, "guesses: expected a symbol"),
        ({"guesses": {g: 3}}, TypeError, "guesses: expected the identifier of a guess for g; got 3"),
        ({"guesses": {}}, ValueError, "curve 'your guess': .* got also g"),
        ({"readouts": {"apart": g - z}}, ValueError, "read-out 'apart': expected a number before .* got one with g"),
        ({"guesses": {g: "steps", z: "steps"}}, ValueError, "expected one for each symbol; got z, g, z"),
        ({"guesses": {g: "steps", x: "steps"}}, ValueError, "x: expected a symbol of its own"),
        ({"positions": {"far": {g: 1}}}, ValueError, "positions, 'far': expected symbols of controls, z; got g"),
        ({"positions": {"far": {z: 3}}}, ValueError, "positions, 'far': expected z in -2 to 2; got 3"),
        ({"positions": {"": {z: 1}}}, ValueError, "name of a position: expected words"),
    ],
)
def test_faulty_guesses_and_positions(changes, kind, message):
    with pytest.raises(kind, match=message):
        bowl(**changes)


# --- on a page -----------------------------------------------------------------------

VEILED = {"veils": {"bowl": ["push", "loss"]}, "alt": {"bowl": "A bowl, once you have guessed."}}
#: As the book writes them round the paragraph after a guess.
TEXT = (
    '<details class="ln-veil" data-guess="steps"><summary>Show me</summary><p id="answer">It takes long. You said '
    '<span class="ln-live" data-guess="steps">▢</span>.</p></details>'
    '<p>The push is <span class="ln-live" data-figure="bowl" data-readout="push" data-digits="3">2</span>.</p>'
)


def html(output):
    return output._repr_mimebundle_()[0]["text/html"]


@pytest.fixture
def opened(browser_page, tmp_path):
    """Opens a page with a guess, its figure and its paragraph; with something stored before, if asked."""
    file = tmp_path / "page.html"

    def opening(stored=None, head="", **kind):
        if stored is not None:
            head += f"<script>localStorage['lossnotes ' + location.pathname + ' steps'] = {stored}</script>"
        file.write_text(complete(html(asked(**VEILED)) + html(bowl()) + TEXT, head=head), encoding="utf-8")
        return browser_page(file.as_uri(), **kind)

    return opening


def veiled(page):
    """What is veiled: the curve, the read-out, the number in the text, the paragraph; and what is not."""
    seen = {
        "curve": page.locator('[data-gid="curve-0"]').is_visible(),
        "read-out": page.locator(".ln-readouts td").is_visible(),
        "number": page.locator(".ln-live[data-figure]").is_visible(),
        "paragraph": page.locator("#answer").is_visible(),
        "label": page.locator("[role=img]").get_attribute("aria-label") == "A bowl with its lowest point.",
    }
    assert page.locator(".ln-readouts th").is_visible()
    assert page.locator("[data-key=z]").is_visible()
    assert len(set(seen.values())) == 1, seen
    return not seen["curve"]


def told(page):
    return page.locator("#steps .ln-verdict").inner_text().replace("\xa0", " ")


def type_and_enter(page):
    page.locator("#steps input").focus()
    page.keyboard.type("1,500.5")
    page.keyboard.press("Enter")


def click(page):
    page.locator("#steps input").fill("1500.5")
    page.get_by_role("button", name="Guess", exact=True).click()


@pytest.mark.parametrize("commit", [type_and_enter, click])
def test_what_was_said_stands_beside_what_is_so(opened, commit):
    page = opened()
    assert veiled(page)
    commit(page)
    assert not veiled(page)
    assert told(page) == "You said 1500.5 steps. It is 22,134 steps."
    assert page.locator("#answer").inner_text() == "It takes long. You said 1500.5."
    assert not page.locator("#steps form").is_visible()
    assert page.evaluate("document.activeElement.className") == "ln-verdict"
    page.reload()
    assert not veiled(page)
    assert told(page) == "You said 1500.5 steps. It is 22,134 steps."
    page.get_by_role("button", name="Guess again").click()
    assert veiled(page)
    assert page.locator("#steps input").input_value() == ""
    assert page.evaluate("document.activeElement.name") == "answer"
    assert page.evaluate("localStorage.length") == 0
    assert page.faults == []


@pytest.mark.parametrize("opener", ["#steps .ln-look", "details.ln-veil summary"])
def test_who_only_looks_has_said_nothing(opened, opener):
    page = opened()
    page.locator(opener).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#steps form').hidden")
    assert not veiled(page)
    assert told(page) == "It is 22,134 steps."
    assert page.locator("#answer").inner_text() == "It takes long. You said nothing."
    assert page.evaluate("document.activeElement.tagName") == "P"


def test_by_touch(browser, opened, tmp_path):
    opened()
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.locator("#steps input").tap()
    page.keyboard.insert_text("20")
    page.get_by_role("button", name="Guess", exact=True).tap()
    assert told(page) == "You said 20 steps. It is 22,134 steps."
    context.close()


@pytest.mark.parametrize("typed", ["", "many", "1/0", "1,5,2", "(" * 600, "constructor", "__proto__"])
def test_what_is_no_number_is_told_and_veils_stay(opened, typed):
    page = opened()
    page.locator("#steps input").fill(typed)
    page.locator("#steps input").press("Enter")
    assert told(page) == "Type a number, such as −0.5, or choose “Show me”."
    assert page.locator("#steps input").get_attribute("aria-invalid") == "true"
    assert veiled(page)
    assert page.faults == []


@pytest.mark.parametrize(
    "stored", ["'constructor'", "'<img src=x onerror=alert(1)>'", "'9'.repeat(2e6)", "'('.repeat(3e3)", "'1/0'"]
)
def test_what_others_have_stored_is_no_guess(opened, stored):
    page = opened(stored)
    assert veiled(page)
    assert page.locator("#steps form").is_visible()
    assert page.faults == []


def test_where_nothing_can_be_stored_a_guess_still_counts(opened):
    refused = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })"
    page = opened(head=f"<script>{refused}</script>")
    click(page)
    assert not veiled(page)
    assert told(page).startswith("You said 1500.5")
    assert page.faults == []


def test_without_scripts_the_answer_is_one_fold_away(opened):
    page = opened(javascript=False)
    assert page.locator('[data-gid="curve-0"]').is_visible()
    assert page.locator(".ln-readouts td").inner_text() == "2"
    assert not page.locator("#steps button").first.is_visible()
    assert not page.locator("#answer").is_visible()
    page.locator("details.ln-veil summary").click()
    assert page.locator("#answer").is_visible()


def test_paper_shows_the_question_and_the_answer(opened):
    page = opened()
    page.emulate_media(media="print")
    assert page.locator('[data-gid="curve-0"]').is_visible()
    assert page.locator(".ln-readouts td").is_visible()
    assert not page.locator("#steps .ln-controls").is_visible()


def test_a_guess_stands_in_the_figure(opened):
    page = opened()
    drawn = 'document.querySelector(\'[data-gid="curve-1"] path\').getAttribute("d")'
    before = page.locator('[data-gid="curve-1"]').bounding_box()
    assert before is None or not before["width"]
    page.locator("#steps input").fill("1.5")
    page.locator("#steps input").press("Enter")
    assert page.evaluate(drawn).count("L") == 240
    assert page.locator('[data-gid="point-0"] use').get_attribute("visibility") == "visible"
    page.get_by_role("button", name="Guess again").click()
    assert page.evaluate(drawn) == ""
    assert page.locator('[data-gid="point-0"] use').get_attribute("visibility") == "hidden"
    assert page.faults == []


def test_a_saved_picture_holds_no_veiled_part(opened):
    page = opened()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save picture").click()
    picture = saved.value.path().read_text(encoding="utf-8")
    assert 'data-gid="curve-1"' in picture
    assert 'data-gid="curve-0"' not in picture
    assert json.dumps("A bowl, once you have guessed.").strip('"') in picture


def test_a_formula_of_the_readers_own_is_theirs_to_see(browser_page, tmp_path):
    """What the guess asks of the formula that stands there at first stays veiled, however it is written."""
    own = Formula(sp.Symbol("L"), x, x**4)
    plain, typed = Run(z**2, z, size=0.1, name="square"), Run(own(z), z, size=0.1, name="yours")
    figure = explore(
        panels=[
            Panel(x=(x, -2, 2), y=(0, 5), curves={"square": x**2, "yours": own(x)}),
            Panel(x=(x, -2, 2), y=(-9, 9), curves={"slope of yours": own.slope(x)}),
        ],
        sliders=[own, Slider(z, -2, 2, 1)],
        readouts={"steps, square": plain.steps, "steps, yours": typed.steps, "here": own(z)},
        run=[plain, typed],
        caption="A bowl.",
        alt="The bowl of the fourth power.",
        identifier="bowl",
    )
    names = ["yours", "slope of yours", "steps, square", "steps, yours", "here"]
    asked_first = asked(veils={"bowl": names}, alt={"bowl": "A bowl, once you have guessed."})
    file = tmp_path / "page.html"
    file.write_text(complete(html(asked_first) + html(figure)), encoding="utf-8")
    page = browser_page(file.as_uri())

    def seen():
        curves = [page.locator(".ln-panel").nth(n).locator(f"[data-gid=curve-{k}]") for n, k in ((0, 1), (1, 0))]
        return [*(curve.is_visible() for curve in curves), *map(bool, page.locator("td").all_inner_texts())]

    def trails():
        """Those that are seen; a dot has no extent by which Playwright would know it."""
        shown = "paths => Object.fromEntries(paths.map(p => [p.dataset.count, getComputedStyle(p).display != 'none']))"
        return page.locator("[data-trail]").evaluate_all(shown)

    def waits():
        return page.locator(".ln-waits").count()

    page.locator("[data-key=L]").fill("abs(x)")
    page.locator("[data-run=step]").click()
    assert trails() == {"steps, square": False, "steps, yours": True}
    assert (seen(), waits()) == ([True, True, False, True, True], 0)
    assert page.locator("[role=img]").get_attribute("aria-label") == "A bowl, once you have guessed."
    page.locator("[data-key=L]").fill("x*x^3")
    assert (seen(), waits()) == ([False] * 5, 1)
    assert trails() == {"steps, square": False, "steps, yours": False}
    page.locator(".ln-look").click()
    assert (seen(), waits()) == ([True] * 5, 0)
    assert page.locator("[role=img]").get_attribute("aria-label") == "The bowl of the fourth power."
    assert page.faults == []
