"""Runs of gradient descent: the steps of Python's own loop, why they end, and their buttons."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
import sympy as sp
import v8
from axe_playwright_python.sync_playwright import Axe
from pages import complete, open_page, set_control

from lossnotes import Formula, Menu, Run, Slider, explore, guess, sigmoid, softplus

z, y, u, w, eta = sp.symbols("z y u w eta", real=True)
SQUARED, CROSS = (sigmoid(z) - 1) ** 2, softplus(-z)
GOAL = {"until": sigmoid(z) >= 0.9, "goal": "p reaches 0.9", "most": 100_000}
WORDS = {"caption": "A run.", "alt": "A loss.", "identifier": "run"}


def single(loss=CROSS, **changes):
    """One run, which the slider follows."""
    given = {"size": 0.5, **GOAL} | changes
    return explore(
        x=(u, -12, 6),
        y=(0, 12),
        curves={"loss": loss.subs(z, u)},
        points={"you": (z, loss)},
        sliders=[Slider(z, -12, 6, -10, step=0.05, label="logit"), Slider(eta, 0.1, 2, 0.5, label="step size")],
        readouts={"p": sigmoid(z)},
        run=Run(loss, z, **given),
        **WORDS,
    )


def race():
    """Two runs from one start."""
    runs = [
        Run(loss, z, size=eta, name=name, **GOAL)
        for name, loss in (("squared error", SQUARED), ("cross-entropy", CROSS))
    ]
    return explore(
        x=(u, -12, 6),
        y=(0, 12),
        curves={"squared error": SQUARED.subs(z, u), "cross-entropy": CROSS.subs(z, u)},
        sliders=[Slider(z, -12, 6, -10, label="logit"), Slider(eta, 0.1, 2, 0.5, label="step size")],
        readouts={"where": runs[0].place},
        run=runs,
        **WORDS,
    )


# --- declared ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"variable": "z"}, TypeError, "run, variable: expected a symbol"),
        ({"variable": u}, ValueError, "run, variable: expected the symbol of a slider, .*; got u"),
        ({"size": 0}, ValueError, "run, size: expected a step above 0; got 0"),
        ({"size": -0.5}, ValueError, "run, size: expected a step above 0; got -0.5"),
        ({"size": w}, ValueError, "run, size: expected only symbols that a slider .* got also w"),
        ({"loss": z * w}, ValueError, "run, loss: expected only symbols that a slider .* got also w"),
        ({"loss": sp.gamma(z)}, ValueError, "run, loss: .* got gamma"),
        ({"loss": z > 0}, TypeError, "run, loss: expected an expression; got z > 0"),
        ({"until": 0.9}, TypeError, "run, until: expected a condition, as z >= 2; got 0.9"),
        ({"until": w > 0}, ValueError, "run, until: .* got also w"),
        ({"most": 0}, ValueError, "run, most: expected a whole number of steps from 1 to 1,000,000; got 0"),
        ({"most": 1.5}, ValueError, "run, most: expected a whole number"),
        ({"most": True}, ValueError, "run, most: expected a whole number"),
        ({"most": 10**7}, ValueError, "run, most: expected a whole number"),
        ({"at": (z,)}, ValueError, "run, at: expected two expressions"),
        ({"at": (z, w)}, ValueError, "run, at: .* got also w"),
        ({"panel": 1}, ValueError, "run, panel: expected the number of a panel, 0 to 0; got 1"),
        ({"variable": (z, eta)}, ValueError, "run, at: expected the place of a dot"),
        ({"goal": 0.9}, TypeError, "run, goal: expected words"),
        ({"method": "sgd"}, ValueError, "run, method: expected 'gradient descent' or 'Adam'; got 'sgd'"),
        ({"method": 1}, TypeError, "run, method: expected a name or a Menu of names; got 1"),
        ({"method": Menu(w, ["Adam", "RMSprop"])}, ValueError, "run, method: .* got 'rmsprop'"),
        ({"method": Menu(w, ["Adam", "gradient descent"])}, ValueError, "expected a menu among the controls; got w"),
    ],
)
def test_what_is_refused_by_name(given, error, message):
    with pytest.raises(error, match=message):
        explore(
            x=(sp.Symbol("x"), -1, 1),
            sliders=[Slider(z, -1, 1), Slider(eta, 0.1, 1)],
            run=Run(**{"loss": z**2, "variable": z} | given),
            **WORDS,
        )


@pytest.mark.parametrize(
    ("runs", "error", "message"),
    [
        ([Run(z**2, z), Run(z**4, z)], ValueError, "expected a name for each of several runs"),
        ([Run(z**2, z, name="a"), Run(z**4, z, name="a")], ValueError, "different ones; got 'a', 'a'"),
        ("fast", TypeError, "run: expected a Run; got 'fast'"),
        ([z], TypeError, "run: expected a Run; got z"),
        ([Run(z**2 * w, z, name="a"), Run(w**2, w, name="b")], ValueError, "run 'a': .* no other run moves; got w"),
    ],
)
def test_several_runs_are_told_apart(runs, error, message):
    with pytest.raises(error, match=message):
        explore(x=(u, -1, 1), sliders=[Slider(z, -1, 1), Slider(w, -1, 1)], run=runs, **WORDS)


def test_a_control_cannot_have_the_name_of_a_count():
    with pytest.raises(ValueError, match="no control that has the name of a run's count; got steps"):
        explore(x=(u, -1, 1), sliders=[Slider(z, -1, 1), Slider(sp.Symbol("steps"), 0, 1)], run=Run(z**2, z), **WORDS)


def test_the_count_is_a_readout_and_a_trait():
    figure = single()
    assert list(figure.declaration.readouts) == ["p", "steps"]
    assert figure.steps is None
    figure.z, figure.steps = 2.0, 42.0
    assert figure.kernel_readouts[1][0] == "42"


# --- its arithmetic --------------------------------------------------------------------


def by_script(figure, number=0, steps=10**6, **moves):
    """Steps, why it ended, and where: as the page's script has them."""
    run = figure.data["runs"][number]
    names = [*figure.data["keys"], *(name for name, _ in figure.data["counters"])]
    values = [moves.get(name, getattr(figure, name, 0)) or 0 for name in names]
    return descended(run, names, min(steps, run["most"]), json.dumps(values))


def descended(run, names, most, values):
    way = f"descent({json.dumps(run)}, {json.dumps(names)})"
    counted = f"let n = 0; const why = descend({way}, values, {most}, () => {{ n += 1; }})"
    return v8.run(f"((values) => {{ {counted}; return [n, why?.why ?? null, values[0]]; }})({values})")


def by_python(slope):
    at, steps = -10.0, 0
    while 1 / (1 + np.exp(-at)) < 0.9:
        at, steps = at - 0.5 * slope(1 / (1 + np.exp(-at))), steps + 1
    return steps, at


@pytest.mark.parametrize(
    ("loss", "slope", "steps"),
    [(CROSS, lambda p: p - 1, 42), (SQUARED, lambda p: 2 * (p - 1) * p * (1 - p), 22_134)],
    ids=["cross-entropy", "squared error"],
)
def test_steps_are_those_of_pythons_own_loop(loss, slope, steps):
    found = by_script(single(loss))
    assert by_python(slope) == (steps, pytest.approx(found[2], abs=1e-9))
    assert found[:2] == [steps, "goal"]


def adam_by_python(slope, size):
    """Algorithm 1 of Kingma and Ba (2015)."""
    at, steps, m, v = -10.0, 0, 0.0, 0.0
    while (p := 1 / (1 + np.exp(-at))) < 0.9:
        steps, g = steps + 1, slope(p)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        at -= size * (m / (1 - 0.9**steps)) / (np.sqrt(v / (1 - 0.999**steps)) + 1e-8)
    return steps, at


@pytest.mark.parametrize("size", [0.5, 0.01])
@pytest.mark.parametrize(
    ("loss", "slope"),
    [(CROSS, lambda p: p - 1), (SQUARED, lambda p: 2 * (p - 1) * p * (1 - p))],
    ids=["cross-entropy", "squared error"],
)
def test_adams_steps_are_those_of_pythons_own_loop(loss, slope, size):
    found = by_script(single(loss, method="adam", size=size))
    steps, at = adam_by_python(slope, size)
    assert found[:2] == [steps, "goal"]
    assert found[2] == pytest.approx(at, abs=1e-9)


def test_adam_is_at_rest_at_the_bottom_and_not_where_it_turns():
    assert by_script(single(z**2, method="Adam", until=None), z=0)[:2] == [0, "rest"]
    assert by_script(single(z**2, method="Adam", until=None), steps=2000, z=1)[:2] == [2000, None]


@pytest.mark.parametrize(
    ("loss", "changes", "found"),
    [
        (CROSS, {"until": None, "most": 7}, [7, None]),
        (CROSS, {"until": z >= -10}, [0, "goal"]),
        (z**2, {"size": 1.5, "until": None}, [0, "end"]),
        (z**2, {"size": 0.5, "until": None}, [1, "rest"]),
        (sp.Abs(z), {"until": None, "size": 2}, [5, "rest"]),
        (sp.exp(-100 * z), {"until": None}, [0, "diverged"]),
    ],
)
def test_why_a_run_ends(loss, changes, found):
    assert by_script(single(loss, **changes))[:2] == found


def test_a_typed_loss_is_descended_and_a_kink_ends_it():
    formula = Formula(sp.Symbol("L"), u, abs(u))
    figure = explore(
        x=(u, -4, 4), curves={"loss": formula(u)}, sliders=[Slider(z, -4, 4, 3), formula],
        run=Run(formula(z), z, size=0.5), **WORDS,
    )  # fmt: skip
    run, names = figure.data["runs"][0], ["z", "L", "steps", "z_run"]
    found = descended(run, names, 99, "[3, withDerivatives('abs(u)', ['u']), 0, 0]")
    assert found == [6, "undefined", 0]


def test_the_pace_shows_each_step_at_first_and_thousands_later():
    assert v8.run("[0.5, 3].map(pace)") == [0, 41]
    assert v8.run("[4.5, 5.5].map(pace)") == [1807, 22025]


def test_a_trail_stays_short_and_even():
    code = (
        "((t) => { for (let n = 1; n <= 22134; n += 1) if (t.wants(n)) t.add(n, [n, 0]); return t.places(); })(trail())"
    )
    steps = [x for x, _ in v8.run(code)]
    assert steps[:120] == list(range(1, 121))
    assert 200 <= len(steps) <= 360
    assert len(set(np.diff(steps[121:]))) == 1


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"steps": 22134, "why": "goal"}, "p reaches 0.9 after 22,134 steps, at z = 2.5."),
        ({"steps": 0, "why": "goal"}, "There already, at z = 2.5."),
        ({"steps": 6, "why": "diverged"}, "Diverged at step 7: the next place is not finite."),
        (
            {"steps": 1, "why": "end", "next": [7]},
            "Stopped after 1 step: the next goes to z = 7, past the end of the slider.",
        ),
        ({"steps": 5, "why": "undefined"}, "Stopped after 5 steps: the loss has no slope at z = 2.5."),
        ({"steps": 5, "why": "most"}, "Ended after 5 steps, at z = 2.5. Not reached: p reaches 0.9."),
        ({"steps": 1}, "1 step so far, at z = 2.5."),
        (
            {"steps": 9, "why": "most", "swings": True},
            "Ended after 9 steps, at z = 2.5. Not reached: p reaches 0.9. "
            "It goes to and fro: a smaller step swings less.",
        ),
    ],
)
def test_what_is_said(found, words):
    given = json.dumps({"places": [2.5], **found})
    assert v8.run(f"ending({{ goal: 'p reaches 0.9', keys: ['z'] }}, {given})") == words


# --- in the reader's hands -------------------------------------------------------------


@pytest.fixture
def opened(browser_page, tmp_path):
    def opened(figure, query="", **kind):
        file = tmp_path / "page.html"
        html = f"<main><h1>Run</h1>{figure._repr_mimebundle_()[0]['text/html']}</main>"
        file.write_text(complete(html), encoding="utf-8")
        page = browser_page(f"{file.as_uri()}{query}", **kind)
        page.evaluate("globalThis.figure = globalThis[Symbol.for('lossnotes')].figures.get('run')")
        return page

    return opened


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def counted(page):
    return page.evaluate("figure.readout('steps').text")


def dots(page):
    return (page.locator("[data-trail=dots]").first.get_attribute("d") or "").count("M")


def said(page):
    return page.locator(".ln-said").inner_text()


def hurry(page):
    """As a reader who wants no motion: a run is at its end at once."""
    page.emulate_media(reduced_motion="reduce")


def test_a_run_moves_what_the_figure_shows_in_full_precision(opened):
    page = opened(single())
    hurry(page)
    button(page, "Run").click()
    assert said(page) == "p reaches 0.9 after 42 steps, at z = 2.236."
    assert counted(page) == "42"
    assert dots(page) == 42
    assert page.evaluate("figure.get('z')") == pytest.approx(by_python(lambda p: p - 1)[1], abs=1e-12)
    assert page.get_by_label("logit").input_value() == "2.25"  # the thumb's nearest place
    button(page, "Back to start").click()
    assert page.evaluate("[figure.get('z'), figure.readout('steps').text]") == [-10, "0"]
    assert dots(page) == 0
    assert said(page) == ""
    button(page, "Run").click()
    button(page, "Run again").click()
    assert counted(page) == "42"
    assert page.faults == []


@pytest.mark.parametrize(
    ("loss", "size", "most", "is_said"),
    [
        (z**2, 1, 500, True),  # from 3 to −3 and back
        (z**2, 1.01, 500, True),  # ever wider, to the end of the slider
        (abs(z), 0.8, 501, True),  # it begins one-sided and ends on both sides of 0
        (z**2, 0.98, 40, False),  # to and fro, and each time nearer
        (z**2, 0.1, 40, False),  # one-sided
        (z**2, 1, 7, False),  # too soon to tell
        ((z - sp.Rational(1, 3)) ** 2, 0.75, 500, False),  # at the lowest place but for rounding
        ((z - 0.3) ** 2 * (1 + z**2), 0.4, 500, False),
    ],
)
def test_a_run_that_goes_to_and_fro_says_so(opened, loss, size, most, is_said):
    figure = explore(
        x=(u, -6, 6), curves={"loss": loss.subs(z, u)}, sliders=[Slider(z, -6, 6, 3)],
        run=Run(loss, z, size=size, most=most), **WORDS,
    )  # fmt: skip
    page = opened(figure)
    hurry(page)
    button(page, "Run").click()
    assert said(page).endswith("It goes to and fro: a smaller step swings less.") == is_said, said(page)


def test_one_step_by_keyboard(opened):
    page = opened(single())
    button(page, "One step").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert counted(page) == "2"
    assert page.evaluate("figure.get('z')") == pytest.approx(-9.00007, abs=1e-5)
    assert said(page) == "2 steps so far, at z = −9."


def test_a_run_is_seen_step_by_step_and_pauses(opened):
    page = opened(single())
    button(page, "Run").click()
    page.wait_for_function("figure.readout('steps').value >= 3")
    assert page.locator("[role=status]:has(.ln-readouts)").get_attribute("aria-busy") == "true"
    assert said(page) == ""
    button(page, "Pause").click()
    paused = page.evaluate("figure.readout('steps').value")
    assert 3 <= paused <= 42
    assert said(page).startswith(f"{paused} steps so far")
    assert page.locator("[role=status]:has(.ln-readouts)").get_attribute("aria-busy") is None
    assert (
        page.evaluate(
            """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
                () => done(figure.readout('steps').value))))"""
        )
        == paused
    )
    button(page, "Run").click()
    page.wait_for_function("figure.readout('steps').value === 42")
    button(page, "Run again").wait_for()


def test_the_count_keeps_to_the_pace(opened, browser_page):
    address = opened(single(most=100_000, until=None)).url
    page = browser_page(address)
    page.clock.install(time=datetime(2026, 1, 1, 10, tzinfo=UTC))
    page.goto(address)
    page.clock.pause_at(datetime(2026, 1, 1, 11, tzinfo=UTC))
    page.evaluate("globalThis.figure = globalThis[Symbol.for('lossnotes')].figures.get('run')")
    button(page, "Run").click()
    page.clock.run_for(3000)
    assert 38 <= page.evaluate("figure.readout('steps').value") <= 41
    page.clock.run_for(1000)
    assert 470 <= page.evaluate("figure.readout('steps').value") <= 517


def test_a_finger_on_the_slider_is_another_start(opened, browser):
    address = opened(single()).url
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address)
    page.evaluate("globalThis.figure = globalThis[Symbol.for('lossnotes')].figures.get('run')")
    hurry(page)
    button(page, "Run").tap()
    box = page.get_by_label("logit").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    start = page.evaluate("figure.get('z')")
    assert -8 < start < -4
    assert (counted(page), dots(page), said(page)) == ("0", 0, "")
    button(page, "Run").tap()
    assert 0 < int(counted(page)) < 42
    button(page, "Back to start").tap()
    assert page.evaluate("figure.get('z')") == start
    context.close()


def test_the_step_size_may_change_on_the_way(opened):
    page = opened(single(size=eta))
    button(page, "One step").click()
    set_control(page.get_by_label("step size"), 2)
    button(page, "One step").click()
    assert counted(page) == "2"
    assert page.evaluate("figure.get('z')") == pytest.approx(-7.5, abs=1e-3)


def test_two_runs_from_one_start(opened):
    page = opened(race())
    heads = page.locator("[data-trail=head]")
    assert [d.count("M") for d in heads.evaluate_all("all => all.map(one => one.getAttribute('d'))")] == [1, 1]
    hurry(page)
    button(page, "Run").click()
    assert page.evaluate("['squared error', 'cross-entropy'].map(name => figure.readout(`steps, ${name}`).text)") == [
        "22,134",
        "42",
    ]
    assert page.evaluate("figure.get('z')") == -10
    assert page.evaluate("figure.readout('where').value") == pytest.approx(2.20558, abs=1e-5)
    first, second = said(page).split("\n")
    assert first == "squared error: p reaches 0.9 after 22,134 steps, at z = 2.206."
    assert second == "cross-entropy: p reaches 0.9 after 42 steps, at z = 2.236."
    button(page, "Reset").click()
    assert page.evaluate("figure.readout('steps, squared error').text") == "0"
    assert page.evaluate("figure.readout('where').value") == -10
    assert page.faults == []


def test_a_loss_a_step_size_and_a_dot_may_hold_the_count(opened):
    steps = Run(z, z).steps
    size = sp.Piecewise((1, steps < 2), (0.5, True))
    page = opened(single(loss=-(steps + 1) * z, size=size, until=None, most=4, at=(steps, steps)))
    button(page, "One step").click()
    hurry(page)
    button(page, "Run").click()
    assert counted(page) == "4"
    assert page.evaluate("figure.get('z')") == -10 + 1 + 2 + 0.5 * 3 + 0.5 * 4
    assert dots(page) == 4


def test_another_method_is_another_start(opened):
    menu = Menu(w, ["gradient descent", "Adam"], label="method")
    figure = explore(
        x=(u, -12, 6), y=(0, 12), curves={"loss": CROSS.subs(z, u)},
        sliders=[Slider(z, -12, 6, -10, label="logit"), menu], run=Run(CROSS, z, size=0.5, method=menu, **GOAL),
        **WORDS,
    )  # fmt: skip
    page = opened(figure)
    hurry(page)
    button(page, "One step").click()
    assert page.evaluate("figure.get('z')") == pytest.approx(-9.500023, abs=1e-5)
    page.get_by_label("method").select_option(label="Adam")
    assert (counted(page), dots(page)) == ("0", 0)
    set_control(page.get_by_label("logit"), -10)
    expected = adam_by_python(lambda p: p - 1, 0.5)
    for name in ("Run", "Run again"):
        button(page, name).click()
        assert counted(page) == str(expected[0])
        assert page.evaluate("figure.get('z')") == pytest.approx(expected[1], abs=1e-9)


def test_who_ends_first_is_told_while_the_other_goes_on(opened):
    page = opened(race())
    button(page, "Run").click()
    page.wait_for_function("document.querySelector('.ln-said').textContent.startsWith('cross-entropy: p reaches')")
    button(page, "Pause").click()
    assert page.evaluate("figure.readout('steps, squared error').value") < 22_134


def test_what_is_said_is_veiled_with_the_count_until_a_guess_is_made(browser_page, tmp_path):
    asked = guess("How many?", answer=42, identifier="how-many", veils={"run": ["steps"]}, alt={"run": "A loss."})
    outputs = (output._repr_mimebundle_()[0]["text/html"] for output in (asked, single()))
    (tmp_path / "page.html").write_text(complete("".join(outputs)), encoding="utf-8")
    page = browser_page((tmp_path / "page.html").as_uri())
    hurry(page)
    button(page, "Run").click()
    assert not page.locator(".ln-said span").is_visible()
    trails = page.locator("path[data-trail]")
    assert trails.count() >= 1
    assert not any(path.is_visible() for path in trails.all()), "where the run stands tells it too"
    page.get_by_role("textbox").fill("9")
    page.keyboard.press("Enter")
    assert page.locator(".ln-said span").is_visible()
    assert trails.first.evaluate("path => getComputedStyle(path).display") != "none"
    assert said(page).startswith("p reaches 0.9 after 42 steps")


def test_a_link_holds_the_start_and_no_count(opened):
    page = opened(single())
    button(page, "One step").click()
    button(page, "Link to this").click()
    assert page.evaluate("location.hash").startswith("#run?z=-9.5")
    again = opened(single(), "#run?z=-5&steps=7")
    assert (again.evaluate("figure.get('z')"), counted(again)) == (-5, "0")


@pytest.mark.parametrize("make", [single, race])
def test_nothing_bars_the_way_to_a_run(opened, make):
    page = opened(make(), width=390)
    button(page, "One step").click()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_no_button_is_shown(opened, tmp_path, browser):
    (tmp_path / "still.html").write_text(complete(single()._repr_mimebundle_()[0]["text/html"]), encoding="utf-8")
    page = open_page(browser, (tmp_path / "still.html").as_uri(), javascript=False)
    assert not page.get_by_text("One step").is_visible()
    assert page.get_by_text("steps").is_visible()
    page.context.close()


def race_with_a_menu_of_strides():
    z, eta, own = sp.symbols("z eta own", real=True)
    strides = Menu(sp.Symbol("strides"), ["one", "two"])
    runs = [
        Run(sigmoid(-z) ** 2, z, size=strides.choose(eta, own), name="squares"),
        Run(softplus(-z), z, size=eta, name="logarithm"),
    ]
    return explore(
        x=(sp.Symbol("x", real=True), -6, 6),
        y=(0, 6),
        curves={"loss": softplus(-sp.Symbol("x", real=True))},
        sliders=[Slider(z, -6, 6), strides, Slider(eta, 0.1, 4), Slider(own, 0.1, 4)],
        run=runs,
        caption="Two runs.",
        alt="A loss.",
        identifier="run",
    )


def test_another_stride_from_a_menu_is_another_start(opened):
    page = opened(race_with_a_menu_of_strides())
    button(page, "One step").click()
    set_control(page.locator("[data-key=eta]"), 2)
    assert dots(page) == 1
    page.locator("select").select_option("1")
    trails = page.locator("[data-trail=dots]").evaluate_all("all => all.map(one => one.getAttribute('d'))")
    assert (trails, said(page)) == (["", ""], "")


def test_what_moves_a_run_is_not_grey_and_what_does_not_is(opened):
    page = opened(race_with_a_menu_of_strides())
    grey = "() => [...document.querySelectorAll('.ln-idle input')].map(input => input.dataset.key)"
    assert page.evaluate(grey) == ["own"]
    page.locator("select").select_option("1")
    assert page.evaluate(grey) == []


def test_a_link_to_where_the_controls_stand_puts_a_run_back(browser_page, tmp_path):
    link = '<a class="ln-move" href="#run" data-figure="run" data-moves="z=-10">there</a>'
    html = f"<main><h1>Run</h1><p>{link}</p>{race()._repr_mimebundle_()[0]['text/html']}</main>"
    (tmp_path / "page.html").write_text(complete(html), encoding="utf-8")
    page = browser_page((tmp_path / "page.html").as_uri())
    left = "() => [...document.querySelectorAll('path[data-trail=dots]')].map(path => path.getAttribute('d')).join('')"
    for _ in range(3):
        button(page, "One step").click()
    assert page.evaluate(left) != ""
    page.get_by_role("link", name="there").click()
    assert page.evaluate(left) == ""
    assert page.locator(".ln-said").inner_text() == ""
    assert page.faults == []
