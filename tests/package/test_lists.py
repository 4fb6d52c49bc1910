"""Lists in a figure: points that are dragged, a field, and draws from a seed that are Python's own."""

import json

import numpy as np
import pytest
import sympy as sp
import v8
from axe_playwright_python.sync_playwright import Axe
from pages import complete

from lossnotes import Draws, Entries, Formula, Menu, Panel, Point, Run, Slider, explore

c, x, r = sp.symbols("c x r", real=True)
y, t = sp.IndexedBase("y", real=True), sp.IndexedBase("t", real=True)
i, n, m = sp.symbols("i n m", integer=True, positive=True)
WORDS = {"caption": "The mean follows.", "alt": "Points and a loss."}
SEVEN = [-2, -1.5, -0.5, 0.25, 0.5, 1, 2.5]
SQUARES = sp.Sum((c - y[i]) ** 2, (i, 1, n)) / n
MEAN = sp.Sum(y[i], (i, 1, n)) / n
ROW = Point(y[i], sp.Rational(1, 4) * i, index=i)


def figure(values=SEVEN, points=ROW, field=True, **more):
    given = {
        "sliders": [Entries(y, values, size=n, label="data", field=field), Slider(c, -3, 3, 1)],
        "panels": [Panel(x=(x, -3, 3), y=(0, 4), curves={"loss": SQUARES.subs(c, x)}, points={"data": points})],
        "readouts": {"mean": MEAN, "loss": SQUARES, "third": y[3], "how many": n},
    }
    return explore(**WORDS, **{"identifier": "data"} | given | more)


# --- draws ---------------------------------------------------------------------------

DRAWS = [
    Draws("normal", 0, 1, count=12),
    Draws("normal", 100, 15, count=7, far=400),
    Draws("uniform", -3, 8, count=9),
    Draws("bernoulli", 0.3, count=12),
    Draws("bernoulli", 1, count=2),
]


def test_the_page_draws_what_python_draws():
    seeds = [*range(300), 2**31 - 1, 2**31, 2**32 - 1]
    for draws in DRAWS:
        spec = {"kind": draws.kind, "parameters": draws.parameters, "count": draws.count, "far": draws.far}
        by_script = v8.run(f"{json.dumps(seeds)}.map((seed) => draw({json.dumps(spec)}, seed))")
        assert by_script == [list(draws.sample(seed)) for seed in seeds], draws


def test_draws_have_the_moments_of_their_distribution():
    for draws, mean, spread in ((DRAWS[0], 0, 1), (DRAWS[2], 2.5, 11 / 12**0.5), (DRAWS[3], 0.3, 0.21**0.5)):
        drawn = np.array([draws.sample(seed) for seed in range(2000)])
        error = spread / drawn.size**0.5
        assert abs(drawn.mean() - mean) < 4 * error
        assert drawn.std() == pytest.approx(spread, rel=0.03)
        assert np.abs(np.corrcoef(drawn.T) - np.eye(draws.count)).max() < 5 / 2000**0.5
        assert abs(np.corrcoef(drawn[:-1].ravel(), drawn[1:].ravel())[0, 1]) < 4 / drawn.size**0.5


@pytest.mark.parametrize(
    ("given", "more", "message"),
    [
        (("cauchy", 0, 1), {"count": 5}, "draws, kind: expected 'normal', 'uniform', 'bernoulli'; got 'cauchy'"),
        (("normal", 0), {"count": 5}, "draws normal: expected mean and sd; got 1 numbers"),
        (("normal", 0, 0), {"count": 5}, "draws normal, sd: expected a number above 0; got 0"),
        (("normal", "0", 1), {"count": 5}, "draws normal, mean: expected a finite real number; got 0"),
        (("uniform", 1, 1), {"count": 5}, "draws uniform: expected low < high; got 1 and 1"),
        (("bernoulli", 1.2), {"count": 5}, "draws bernoulli, p: expected a probability, 0 to 1; got 1.2"),
        (("bernoulli", 0.5), {"count": 13}, "draws, count: expected a whole number from 2 to 12; got 13"),
        (("bernoulli", 0.5), {"count": 5, "seed": -1}, "draws, seed: expected a whole number from 0 .*; got -1"),
        (("bernoulli", 0.5), {"count": 5, "seed": 2**32}, "draws, seed: expected a whole number"),
        (("normal", 0, 1), {"count": 5, "far": np.inf}, "draws, far: expected a finite real number; got inf"),
    ],
)
def test_draws_that_cannot_be_are_refused(given, more, message):
    with pytest.raises(ValueError, match=message):
        Draws(*given, **more)


# --- declared ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"values": [1]}, r"entries y: expected 2 to 12 values; got 1"),
        ({"values": [0.1] * 13}, r"entries y: expected 2 to 12 values; got 13"),
        ({"values": [1, np.nan]}, r"entries y, value 2: expected a finite real number; got nan"),
        ({"values": [1, 5]}, r"entries y: expected values on their axis, -3 to 3; got 5"),
        ({"readouts": {"z": y[8]}}, r"read-out 'z': expected members y\[1\] to \[7\]; got y\[8\]"),
        ({"readouts": {"z": y[i]}}, r"read-out 'z': expected only symbols that a slider .* got also i"),
        ({"readouts": {"z": y[c]}}, r"read-out 'z': expected members y\[1\] to \[7\]; got y\[c\]"),
        ({"readouts": {"z": t[1]}}, r"read-out 'z': expected only symbols .* got also t"),
        ({"readouts": {"z": sp.Sum(y[i], (i, 1, m))}}, r"read-out 'z': .* got also m"),
        (
            {"readouts": {"z": sp.Sum(i, (i, 1, c))}},
            r"'z': expected sums with whole numbers or the size .* n, for ends",
        ),
        ({"readouts": {"z": sp.Sum(i, (i, 1, 2000))}}, r"'z': expected sums of at most 1000 terms"),
        ({"points": Point(c, 0), "field": False}, r"entries y: expected something that moves it; got field=False"),
        ({"points": Point(t[i], 0, index=i)}, r"expected only symbols .* got also t"),
        (
            {"sliders": [Entries(y, SEVEN, size=c), Slider(c, -3, 3)]},
            r"names of their own for size and seed; got c twice",
        ),
        (
            {"sliders": [Entries(y, SEVEN, size=n), Entries(t, [1, 2], size=n), Slider(c, -3, 3)]},
            r"entries t: .* of y, 7",
        ),
        ({"positions": {"bad": {y: [1]}}}, r"positions, 'bad': expected 2 to 12 values; got 1"),
        ({"panels": [Panel(x=(x, -3, 3), points={"d": Point(x * 0, y[i], index=i)})]}, r"a panel with y=\(low, high\)"),
    ],
)
def test_what_is_refused_by_name(given, message):
    with pytest.raises(ValueError, match=message):
        figure(**given)


def test_a_point_with_an_index_shows_members():
    with pytest.raises(ValueError, match=r"point, index: .* as y\[i\], in x or y; got c and 0"):
        Point(c, 0, index=i)


def test_numpy_script_and_fifty_digits_agree_for_any_number_of_entries():
    made = figure()
    rng = np.random.default_rng(1)
    for count in (7, 2, 12):
        values = rng.normal(size=count).round(3).tolist()
        made.y = values
        by_numpy, by_digits = (np.array(column, dtype=float) for column in zip(*_numbers(made), strict=True))
        expected = [np.mean(values), np.mean((1 - np.array(values)) ** 2), values[2] if count > 2 else np.nan, count]
        names = [*made.declaration.keys, "n"]
        by_script = [v8.values(tree, names, [[values, 1, count]])[0] for tree in made.data["readouts"]]
        for found in (by_numpy, by_digits, by_script):
            assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def _numbers(made):
    return [[text.replace("undefined", "nan") for text in row] for row in made.kernel_readouts]


def test_a_run_and_a_typed_formula_go_over_a_list():
    """The slope is exact also for a family that is not declared real."""
    z = sp.IndexedBase("z")
    loss = Formula(sp.Symbol("L"), r, sp.Abs(r))
    descended = sp.Sum(sp.Abs(c - z[i]) + loss(c - z[i]), (i, 1, n))
    made = explore(
        sliders=[Entries(z, SEVEN, size=n), Slider(c, -3, 3, 1), loss],
        x=(x, -3, 3),
        curves={"loss": descended.subs(c, x)},
        run=Run(descended, c, size=0.1),
        **WORDS,
    )
    (slope,) = made.data["runs"][0]["slopes"]
    typed = "withDerivatives('abs(r)', ['r'])"
    code = f"compile({json.dumps(slope)}, ['z', 'c', 'L', 'n'])([{json.dumps(SEVEN)}, 1.2, {typed}, 7])"
    assert v8.run(code) == 2 * (6 - 1)


# --- in the reader's hands -----------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    drawn = Entries(y, Draws("normal", 0, 1, count=7, seed=3, far=2.75), size=n, label="data", field=False)
    menu = Menu(sp.Symbol("kind"), ["one", "two"])
    made = {
        "data": figure(),
        "drawn": figure(sliders=[drawn, Slider(c, -3, 3, 1), menu], identifier="drawn"),
    }
    folder = tmp_path_factory.mktemp("lists")
    for name, one in made.items():
        body = one._repr_mimebundle_()[0]["text/html"]
        (folder / f"{name}.html").write_text(complete(f"<main><h1>Data</h1>{body}</main>"), encoding="utf-8")
    return f"file://{folder}"


def said(page):
    return [cell.replace("−", "-") for cell in page.locator(".ln-readouts td").all_inner_texts()]


def entered(page):
    return [float(part) for part in page.locator("[data-key=y]").input_value().split(",")]


def middle(page, k, figure_id="0"):
    box = page.locator(f"[data-handle='{figure_id}-{k}']").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_member_is_dragged_by_a_mouse_and_stays_in_the_frame(browser_page, address):
    page = browser_page(f"{address}/data.html")
    across, up = middle(page, 2)
    page.mouse.move(across, up)
    page.mouse.down()
    page.mouse.move(across + 80, up + 40, steps=4)
    moved = entered(page)
    assert moved[2] > -0.5
    assert moved[:2] + moved[3:] == SEVEN[:2] + SEVEN[3:]
    assert middle(page, 2) == pytest.approx((across + 80, up), abs=3)
    assert float(said(page)[0]) == pytest.approx(np.mean(moved), rel=5e-3)
    page.mouse.move(5, 5)
    assert entered(page)[2] == -3
    page.mouse.up()
    page.locator("[data-do=reset]").click()
    assert entered(page) == SEVEN
    assert page.faults == []


def test_a_finger_drags_a_member(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}/data.html")
    across, up = middle(page, 0)
    session = context.new_cdp_session(page)
    for kind, dx in (("touchStart", 0), ("touchMove", 30), ("touchMove", 60), ("touchEnd", None)):
        touches = [] if dx is None else [{"x": across + dx, "y": up}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    assert entered(page)[0] > -1.8
    assert page.evaluate("scrollY") == 0
    context.close()


def test_the_keyboard_moves_each_member_and_shows_which(browser_page, address):
    page = browser_page(f"{address}/drawn.html")
    before = entered(page)
    page.keyboard.press("Tab")  # the field is hidden, so the points come first
    page.keyboard.press("Tab")
    focused = page.evaluate("[document.activeElement.type, document.activeElement.getAttribute('aria-label')]")
    assert focused == ["range", "data 2"]
    assert page.locator(".ln-focused").evaluate_all("all => all.map(h => h.dataset.handle)") == ["0-1"]
    page.keyboard.press("ArrowRight")
    after = entered(page)
    assert after[1] == pytest.approx(before[1] + 0.05, abs=0.03)
    assert after[0] == before[0]
    assert page.locator("[data-seed]").inner_text() == "seed 3, then moved"


def test_no_page_scrolls_sideways_to_what_has_the_focus(browser_page, address):
    page = browser_page(f"{address}/data.html", width=390)
    for _ in range(9):  # the field, seven points, and on
        page.keyboard.press("Tab")
        assert page.evaluate("scrollX") == 0
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_what_is_typed_is_taken_or_its_fault_is_told(browser_page, address):
    page = browser_page(f"{address}/data.html")
    field, note = page.locator("[data-key=y]"), page.locator("[data-note=y]")
    for text, fault in (
        ("1", "Expected 2 to 12 numbers; got 1."),
        ("1, two", "Number 2: "),
        ("1 " * 13, "got 13."),
        ("1, 1/0", "Number 2: expected a finite number; got none."),
    ):
        field.fill(text)
        assert fault in note.inner_text()
        assert field.get_attribute("aria-invalid") == "true"
        assert said(page)[0] == f"{np.mean(SEVEN):.3g}"
    field.fill("1, 2.5")
    assert note.inner_text() == ""
    assert said(page) == ["1.75", "1.13", "undefined", "2"]
    assert page.locator("[data-gid=point-0] use").count() == 2
    assert page.locator(".ln-handle").count() == 2
    field.fill("0 0 0 0 0 0 0 0 4")
    assert page.locator("[data-gid=point-0] use").count() == 9
    assert page.locator("[data-mark='edge-0-8'] text").text_content() == "4"
    page.locator("[data-do=reset]").click()
    assert page.locator("[data-gid=point-0] use").count() == 7
    assert page.locator("[data-mark^=edge]").evaluate_all("all => all.filter(m => m.childElementCount).length") == 0
    assert page.faults == []


def test_draw_takes_the_next_seed_and_a_link_leads_there(browser_page, address):
    draws = Draws("normal", 0, 1, count=7, seed=3, far=2.75)
    page = browser_page(f"{address}/drawn.html")
    seed = page.locator("[data-seed]")
    assert (seed.inner_text(), entered(page)) == ("seed 3", list(draws.sample()))
    page.get_by_role("button", name="Draw").click()
    assert (seed.inner_text(), entered(page)) == ("seed 4", list(draws.sample(4)))
    assert float(said(page)[0]) == pytest.approx(np.mean(draws.sample(4)), rel=5e-3)
    page.locator("[data-do=link]").click()
    assert page.evaluate("location.hash") == "#drawn?y_seed=4"
    linked = browser_page(page.url)
    assert (linked.locator("[data-seed]").inner_text(), entered(linked)) == ("seed 4", list(draws.sample(4)))
    for query, told, values in (
        ("y_seed=77", "seed 77", list(draws.sample(77))),
        ("y=1,2,2.5", "seed 3, then moved", [1, 2, 2.5]),
        ("y=1&y_seed=no", "seed 3", list(draws.sample())),
        ("y_seed=4294967296", "seed 3", list(draws.sample())),
    ):
        other = browser_page(f"{address}/drawn.html#drawn?{query}")
        assert (other.locator("[data-seed]").inner_text(), entered(other)) == (told, values)
    assert page.faults == []


def test_paper_has_no_field(browser_page, address):
    page = browser_page(f"{address}/data.html")
    page.emulate_media(media="print")
    assert not page.locator(".ln-entries").is_visible()


def test_the_script_begins_with_the_first_picture(browser_page, address):
    still, live = (browser_page(f"{address}/drawn.html", javascript=on) for on in (False, True))
    marks = "[data-gid=point-0] use"
    places = "all => all.map(use => [Number(use.getAttribute('x')), Number(use.getAttribute('y'))])"
    found = [page.locator(marks).evaluate_all(places) for page in (still, live)]
    assert np.array(found[0]) == pytest.approx(np.array(found[1]), abs=0.02)
    assert not still.locator(".ln-entries").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser_page, address, theme):
    for name in ("data", "drawn"):
        page = browser_page(f"{address}/{name}.html", theme=theme)
        assert Axe().run(page).response["violations"] == []
