"""Figures of every kind in a real browser: right to the pixel, and in the reader's hand."""

import base64
import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import sympy as sp
import v8
from axe_playwright_python.sync_playwright import Axe
from gallery import FIGURES, bars, descent, gaps, leaving, measured, penalties, powers, shaded, triangle
from pages import complete, set_control

from lossnotes import Panel, Slider, explore, printing
from lossnotes.figures import Arrows, Menu, Point, frames

ID = {"ids": lambda make: make.__name__}
PIXEL = 0.02


def html_of(figure):
    return figure._repr_mimebundle_()[0]["text/html"]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """All figures on one page, which is opened from a folder."""
    body = "".join(map(html_of, (make() for make in FIGURES)))
    page = tmp_path_factory.mktemp("gallery") / "index.html"
    head = "<style>body{max-width:730px;margin:auto}</style>"
    page.write_text(complete(f"<main><h1>Gallery</h1>{body}</main>", "Gallery", head), encoding="utf-8")
    return f"file://{page}"


def put(page, figure, **values):
    for key, value in values.items():
        set_control(page.locator(f"#{figure} [data-key={key}]"), value)


def position(page, figure):
    controls = page.locator(f"#{figure} [data-key]")
    return controls.evaluate_all("all => Object.fromEntries(all.map(i => [i.dataset.key, Number(i.value)]))")


def path(page, figure, part, panel=0):
    return page.locator(f"#{figure} svg >> nth={panel}").locator(f"[data-gid={part}] path").get_attribute("d")


def places(d):
    """The strokes of a path, each an array of places."""
    strokes = [re.findall(r"([-\d.]+) ([-\d.]+)", stroke) for stroke in d.split("M")[1:]]
    return [np.array(stroke, dtype=float) for stroke in strokes]


def text(value):
    return printing.shown(float(value), 3)


def readouts(page, figure):
    return page.locator(f"#{figure} .ln-readouts td").all_inner_texts()


@pytest.mark.parametrize(
    ("make", "moves"),
    [
        (penalties, {"penalty": 3, "r0": -2.3}),
        (penalties, {"penalty": 1, "r0": 0.4}),
        (powers, {"k": 2.5}),
        (gaps, {"a": -1.12}),
        (shaded, {"y": 0.9}),
    ],
)
def test_curves_stand_where_fifty_digits_say(browser_page, gallery, make, moves):
    figure = make()
    page = browser_page(gallery)
    put(page, figure.declaration.identifier, **moves)
    values = {control.symbol: sp.Float(moves[control.key], 50) for control in figure.declaration.controls}
    for at, panel in enumerate(figure.declaration.panels):
        plot = figure._plots[at]
        for n, curve in enumerate(panel.curves.values()):
            drawn = np.concatenate(places(path(page, figure.declaration.identifier, f"curve-{n}", at)))
            expected = []
            for x in panel.places:
                try:
                    y = printing.digits(curve, values | {panel.x[0]: float(x)})
                except ValueError:
                    continue  # the curve has no point here
                # On a logarithmic axis a double that is 0 has no place.
                if "y" not in panel.log or float(y) > 0:
                    expected.append((plot.across(float(x)), np.clip(plot.down(float(y)), -1e5, 1e5)))
            # Both sides of a jump are drawn besides: each lies between two places.
            between = ~np.any(np.abs(drawn[:, :1] - np.array(expected)[:, 0]) < PIXEL, axis=1)
            assert drawn[~between] == pytest.approx(np.array(expected), abs=PIXEL, rel=1e-9), (make.__name__, n)
            assert between.sum() <= 2


@pytest.mark.parametrize("make", [penalties, triangle], **ID)
def test_readouts_agree_with_numpy(make):
    figure = make()
    declaration = figure.declaration
    for values in itertools.product(*([c.low, 0.37 * c.high, c.high] for c in declaration.controls)):
        if isinstance(declaration.controls[0], Menu):
            values = (round(values[0]), *values[1:])
        by_script = [v8.values(tree, declaration.keys, [values])[0] for tree in figure.data["readouts"]]
        by_numpy = [float(f(*values)) for f in declaration.readout_functions]
        assert by_script == pytest.approx(by_numpy, rel=1e-12, abs=0)


def test_nothing_joins_what_is_apart(browser_page, gallery):
    still = browser_page(gallery, javascript=False)
    assert [len(places(path(still, "gaps", f"curve-{n}"))) for n in range(4)] == [2, 2, 1, 1]
    page = browser_page(gallery)
    for value in (0.3, -1.1, 2):
        put(page, "gaps", a=value)
        pole, jump, logarithm, steep = (places(path(page, "gaps", f"curve-{n}")) for n in range(4))
        seen = [sum(len(stroke) > 1 for stroke in strokes) for strokes in (pole, jump, logarithm, steep)]
        assert seen == [2, 2, 1, 1]
        assert max(np.ptp(stroke[:, 1]) for stroke in jump) == 0
        assert len(logarithm[0]) < len(steep[0])


def test_bars_stand_upright_and_a_step_is_drawn_whole(browser_page, gallery):
    still, live = browser_page(gallery, javascript=False), browser_page(gallery)
    put(live, "bars", a=0.45, k=1.37)
    bar, step = bars()._plots
    for page, middle in ((still, 1.5), (live, 1.37)):
        ends = bar.across(np.array([middle - 1 / 3, middle + 1 / 3]))
        for n in range(2):
            (outline,) = places(path(page, "bars", f"band-{n}"))
            along, up = np.abs(np.diff([*outline, outline[0]], axis=0)).T
            assert np.minimum(along, up).max() <= PIXEL, "no side leans"
            assert sorted({*outline[:-1][up[:-1] > 1, 0]}) == pytest.approx(ends, abs=PIXEL)
        (top,) = (stroke for stroke in places(path(page, "bars", "curve-0")) if stroke[0, 1] < bar.down(0))
        assert top[[0, -1], 0] == pytest.approx(ends, abs=PIXEL)
        left, right = (stroke for stroke in places(path(page, "bars", "curve-0", 1)) if len(stroke) > 1)
        assert (left[0, 0], left[-1, 0]) == pytest.approx(step.across(np.array([0, 0.5])), abs=PIXEL)
        assert (right[0, 0], right[-1, 0]) == pytest.approx(step.across(np.array([0.5, 1])), abs=PIXEL)
        assert (np.ptp(left[:, 1]), np.ptp(right[:, 1])) == pytest.approx((0, 0), abs=PIXEL)


HIT = """(svg, [x, y]) => {
    svg.scrollIntoView();
    const place = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
    return document.elementsFromPoint(place.x, place.y).map(found => found.closest("[data-gid]")?.dataset.gid);
}"""


@pytest.mark.parametrize("javascript", [True, False])
def test_a_point_on_the_edge_of_the_frame_is_whole(browser_page, gallery, javascript):
    page = browser_page(gallery, javascript=javascript)
    height = 0.6
    if javascript:
        put(page, "bars", a=(height := 1))  # in the corner
    panel, svg = bars()._plots[0], page.locator("#bars svg").first
    assert "point-0" in svg.evaluate(HIT, [float(panel.across(3)) + 2.5, float(panel.down(2 * height))])
    assert "point-1" in svg.evaluate(HIT, [float(panel.across(3 * height)), float(panel.down(2)) - 5.5])


PATHS = "paths => paths.map(path => path.getAttribute('d'))"


@pytest.mark.parametrize("make", FIGURES, **ID)
def test_script_begins_with_the_picture_that_matplotlib_drew(browser_page, gallery, make):
    figure = make().declaration.identifier
    still, live = browser_page(gallery, javascript=False), browser_page(gallery)
    assert still.locator(f"#{figure} .ln-controls").is_hidden()
    parts = f"#{figure} .ln-panel :not([data-gid^=edge], [data-mark]) > path"
    assert still.locator(parts).evaluate_all(PATHS) == live.locator(parts).evaluate_all(PATHS)
    live.locator(f"#{figure} [data-do=reset]").click()
    assert readouts(still, figure) == readouts(live, figure)
    for part in still.locator(f"#{figure} [data-gid]").evaluate_all("all => all.map(g => g.dataset.gid)"):
        if part.startswith(("point", "band", "edge", "dots")):
            continue
        drawn, moved = (np.concatenate(places(path(page, figure, part))) for page in (still, live))
        inside = drawn[(drawn > 0).all(axis=1) & (drawn[:, 1] < 200)][1:-1]
        # Matplotlib leaves out what a straight line needs not, so its points lie on our line.
        for point in inside:
            assert np.abs(moved - point).sum(axis=1).min() < 2.5, part


def test_a_point_is_dragged_along_its_curve(browser_page, gallery):
    page = browser_page(gallery)
    put(page, "penalties", penalty=2)
    box = page.locator("#penalties [data-handle]").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y - 40, steps=4)
    page.mouse.up()
    at = position(page, "penalties")["r0"]
    assert at < 0
    assert readouts(page, "penalties")[0] == text(np.log(np.cosh(at)))
    page.mouse.move(x - 400, y)
    assert position(page, "penalties")["r0"] == at, "let go, it stays"


def test_dragging_stops_at_the_end_of_the_slider(browser_page, gallery):
    page = browser_page(gallery)
    box = page.locator("#penalties [data-handle]").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(5, 300)
    assert position(page, "penalties")["r0"] == -4
    assert readouts(page, "penalties")[1] == text(-4), "the figure stops there too"
    page.mouse.up()


def test_a_distribution_is_dragged_in_the_simplex(browser_page, gallery):
    page = browser_page(gallery)
    handle = page.locator("#triangle [data-handle]")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 30, middle[1] + 20)
    inside = position(page, "triangle")
    assert inside["z2"] > inside["z1"]
    assert inside["z2"] > 0
    page.mouse.move(2, 2)  # outside the triangle there is no distribution
    assert position(page, "triangle") == inside
    page.mouse.up()
    after = handle.bounding_box()
    assert after["x"] - box["x"] == pytest.approx(30, abs=3)
    assert after["y"] - box["y"] == pytest.approx(20, abs=3)


def test_a_finger_drags_too(browser, gallery):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(gallery)
    assert page.locator(".ln-handle").first.evaluate("h => getComputedStyle(h).touchAction") == "none"
    assert page.locator(".ln-handle").first.bounding_box()["width"] >= 24
    context.close()


def test_keyboard_moves_sliders_and_menus_and_reset_puts_them_back(browser_page, gallery):
    page = browser_page(gallery)
    reset = page.locator("#penalties").get_by_role("button", name="Reset")
    reset.click()  # from here on the script draws
    before = path(page, "penalties", "curve-0")
    start = position(page, "penalties")
    page.get_by_label("penalty").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("residual").focus()
    page.keyboard.press("Home")
    assert position(page, "penalties") == {"penalty": 1, "r0": -4}
    assert path(page, "penalties", "curve-0") != before
    reset.click()
    assert position(page, "penalties") == start
    assert path(page, "penalties", "curve-0") == before


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("r0=-2.5&penalty=2", {"penalty": 2, "r0": -2.5}),
        ("r0=99&penalty=-7", {"penalty": 0, "r0": 4}),
        ("r0=<script>&stray=1&__proto__=3", {"penalty": 0, "r0": 1.5}),
        ("%72%30=1", {"penalty": 0, "r0": 1}),
    ],
)
def test_a_link_holds_a_position(browser_page, gallery, query, expected):
    page = browser_page(f"{gallery}#penalties?{query}")
    assert position(page, "penalties") == expected
    assert page.faults == []


def test_a_link_moves_its_own_figure_only(browser_page, gallery):
    page = browser_page(f"{gallery}#powers?r0=2&k=1")
    assert position(page, "penalties")["r0"] == 1.5
    assert position(page, "powers") == {"k": 1}


def test_a_broken_link_breaks_nothing(browser_page, gallery):
    page = browser_page(f"{gallery}#penalties?r0=%E0%A4%A")
    assert position(page, "penalties") == {"penalty": 0, "r0": 1.5}
    assert page.faults == []


def test_the_link_button_writes_what_the_link_reads(browser_page, gallery):
    page = browser_page(gallery)
    put(page, "triangle", z1=1.5, z2=-2)
    button = page.locator("#triangle [data-do=link]")
    button.click()
    assert page.url.endswith("#triangle?z1=1.5&z2=-2")
    assert "ink" in button.inner_text()
    again = browser_page(page.url)
    assert position(again, "triangle") == {"z1": 1.5, "z2": -2}
    assert again.locator("#triangle").bounding_box()["y"] < 400
    again.evaluate("location.hash = '#triangle?z1=0.5'")
    again.wait_for_function("document.querySelector('#triangle [data-key=z1]').value === '0.5'")
    again.evaluate("location.hash = '#triangle?z1=&z2=1'")
    again.wait_for_function("document.querySelector('#triangle [data-key=z2]').value === '1'")
    assert position(again, "triangle") == {"z1": 0.5, "z2": 1}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_can_be_saved(browser_page, gallery, theme, tmp_path):
    page = browser_page(gallery, theme=theme)
    put(page, "penalties", penalty=1)
    with page.expect_download() as waiting:
        page.locator("#penalties [data-do=save]").click()
    assert waiting.value.suggested_filename == "penalties.svg"
    waiting.value.save_as(tmp_path / "picture.svg")
    saved = (tmp_path / "picture.svg").read_text()
    title, paper, *panels = ET.fromstring(saved)
    assert title.text == page.locator("#penalties .ln-panels").get_attribute("aria-label")
    assert paper.get("fill")
    assert len(panels) == 2
    assert path(page, "penalties", "curve-0") in saved
    assert not re.search(r"currentColor|var\(|data-handle", saved)


def test_a_function_is_looked_up_at_the_slider(browser_page, gallery):
    page, plot = browser_page(gallery), measured()._plots[0]
    for rate in (0.1, 1.2, 1.9):
        put(page, "measured", rate=rate)
        expected = descent(rate)
        for n, name in enumerate(("descent", "flow")):
            x, y = (v[np.isfinite(expected[name][1])] for v in expected[name])
            drawn = np.concatenate(places(path(page, "measured", f"curve-{n}")))
            assert drawn == pytest.approx(np.stack([plot.across(x), plot.down(y)], axis=1), abs=0.04)
        assert readouts(page, "measured") == [text(expected["last"])]


def test_a_function_answers_python_between_the_positions():
    figure = measured()
    before = figure.frame
    figure.rate = 0.1234
    assert figure.frame != before
    assert figure.frame[1] == [descent(0.1234)["last"]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sliders": [Slider(sp.Symbol("rate"), 0, 2, step=0.0005)]}, r"at most 150000 bytes .* got 4001 positions"),
        ({"function": lambda rate: {"one": 1.0}}, "expected at least one curve"),
        (
            {"function": lambda rate: {"one": (np.ones(3), np.ones(4))}},
            r"two rows of one length; got shapes \(3,\), \(4,",
        ),
        ({"function": lambda rate: {f"c{rate > 1}": (np.ones(3), np.ones(3))}}, "same names at every position"),
        ({"readouts": {"r": sp.Symbol("rate")}}, "one panel with no curves, read-outs"),
    ],
)
def test_a_function_that_cannot_be_shown(changes, message):
    x = sp.Symbol("x")
    given = {"function": descent, "sliders": [Slider(sp.Symbol("rate"), 0, 2, step=0.5)], "x": (x, 0, 40), "y": (0, 3)}
    with pytest.raises(ValueError, match=message):
        explore(**(given | changes), caption="A.", alt="B.")._repr_mimebundle_()


def test_a_costly_grid_is_refused_before_it_is_computed():
    calls = []

    def slow(rate):
        calls.append(rate)
        return descent(rate)

    figure = explore(
        function=slow,
        sliders=[Slider(sp.Symbol("rate"), 0, 1, step=1e-4)],
        x=(sp.Symbol("x"), 0, 40),
        caption="A.",
        alt="B.",
    )
    with pytest.raises(ValueError, match="at most"):
        figure._repr_mimebundle_()
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Menu(sp.Symbol("m"), ["one"]), "menu m: expected two or more different names"),
        (lambda: Menu(sp.Symbol("m"), ["one", "one"]), "two or more different names"),
        (lambda: Menu(sp.Symbol("m"), ["one", "two"], value=2), "the number of a choice, 0 to 1; got 2"),
        (lambda: Menu(sp.Symbol("m"), ["one", "two"]).choose(1), "expected 2, one for each name; got 1"),
        (lambda: Arrows(sp.symbols("u v"), [[1, 2, 3]], (0, 0), (1, 1)), r"rows of 2 numbers; got shape \(1, 3\)"),
        (lambda: Panel(x=(sp.Symbol("x"), 0, 1), ticks={1: ""}), "ticks: expected words for the reader"),
        (lambda: Panel(x=(sp.Symbol("x"), 0, 1), legend="top left"), "one of best, upper right, .*; got 'top left'"),
        (lambda: Panel(x=(sp.Symbol("x"), 0, 1), log="x"), "logarithmic axis to begin above 0; got 0"),
        (lambda: Panel(x=(sp.Symbol("x"), 1, 2), log="y", y=(-1, 1)), "y: expected a logarithmic axis"),
    ],
)
def test_faulty_parts(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_dragging_what_no_slider_moves_is_refused():
    x, y = sp.symbols("x y")
    with pytest.raises(ValueError, match="point 'p': expected to drag a slider's symbol; got x"):
        explore(x=(x, 0, 1), points={"p": Point(y, y, drag={x: y})}, sliders=[Slider(y, 0, 1)], caption="A.", alt="B.")


@pytest.mark.parametrize(("ticks", "words"), [(None, "02"), ({0: "rain", 2: "dry"}, ["rain", "dry"]), ({}, [])])
def test_an_axis_has_words_in_place_of_numbers(ticks, words):
    x, y = sp.symbols("x y")
    panel = Panel(x=(x, 0, 2), y=(-9, -8), points={"p": (1, y)}, size=(1.5, 2), ticks=ticks)
    drawn = html_of(explore(panels=[panel], sliders=[Slider(y, -9, -8)], caption="A.", alt="B."))
    said = re.findall(r"<text[^>]*>([^<]*)", drawn)
    assert [word for word in said if not word.startswith("−")] == list(words)  # the vertical axis is below 0


@pytest.mark.parametrize(("legend", "side"), [("upper left", (-1, 1)), ("lower right", (1, -1)), ("center", (0, 0))])
@pytest.mark.parametrize("title", ["", "A title"])
def test_a_legend_stands_where_it_is_told_to(legend, side, title):
    x, y = sp.symbols("x y")
    panel = Panel(x=(x, 0, 1), curves={"one": x, "two": y * x}, legend=legend, title=title)
    axes = explore(panels=[panel], sliders=[Slider(y, 0, 1)], caption="A.", alt="B.")._plots[0].figure.axes[0]
    box, frame = axes.get_legend().get_window_extent(), axes.get_window_extent()
    middle = [
        np.mean(one) - np.mean(other) for one, other in zip(box.get_points().T, frame.get_points().T, strict=True)
    ]
    assert [np.sign(round(way, 3)) for way in middle] == list(side)
    assert frame.contains(box.x0, box.y0)
    assert frame.contains(box.x1, box.y1)


def test_frames_keep_gaps():
    packed = frames._packed(np.array([1.0, 2.0]), np.array([3.0, np.nan]))
    assert np.frombuffer(base64.b64decode(packed), "<i2").tolist() == [20, 60, -32768, -32768]


@pytest.mark.parametrize("make", FIGURES, **ID)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_corner_of_the_sliders_is_drawn(browser_page, gallery, make, theme):
    figure = make()
    name = figure.declaration.identifier
    page = browser_page(gallery, theme=theme)
    for corner in itertools.product(*((c.low, c.high) for c in figure.declaration.controls)):
        put(page, name, **{c.key: v for c, v in zip(figure.declaration.controls, corner, strict=True)})
        drawn = page.locator(f"#{name}").evaluate("figure => figure.innerHTML")
        assert not re.search(r"NaN|Infinity|>undefined<", drawn), corner
    assert page.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_but_what_is_planted(browser_page, gallery, theme):
    page = browser_page(gallery, theme=theme)
    assert Axe().run(page).response["violations"] == []
    page.evaluate(
        "document.querySelector('input[type=range]').closest('label').replaceWith(document.createElement('input'))"
    )
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == ["label"]


def test_a_printed_figure_has_no_controls(browser_page, gallery):
    page = browser_page(gallery)
    page.emulate_media(media="print")
    assert not page.locator(".ln-controls").first.is_visible()
    assert page.locator("#penalties svg").first.is_visible()


def test_hostile_choices_are_shown_not_run(browser_page, tmp_path):
    word = "</option></select><script>document.title = 'run'</script>"
    menu = Menu(sp.Symbol("m"), [word, "two"], label=word)
    x = sp.Symbol("x")
    figure = explore(sliders=[menu], x=(x, 0, 1), curves={"c": menu.choose(x, x**2)}, caption=word, alt=word)
    (tmp_path / "p.html").write_text(complete(html_of(figure), "calm"), encoding="utf-8")
    page = browser_page(f"file://{tmp_path}/p.html")
    assert page.title() == "calm"
    assert page.locator("option").first.inner_text() == word


def test_a_point_that_is_nowhere_at_first_appears_when_it_has_a_place(browser_page, tmp_path):
    x, y = sp.symbols("x y", real=True)
    figure = explore(
        sliders=[Slider(y, 0, 1, value=1)],
        x=(x, -2, 2),
        curves={"c": x**2},
        points={"infinite": (sp.log(y) - sp.log(1 - y), y), "far away": (400 * y - 201, y)},
        caption="Two points.",
        alt="None is seen at first.",
        identifier="far",
    )
    (tmp_path / "p.html").write_text(complete(html_of(figure), "p"), encoding="utf-8")
    plot = figure._plots[0]
    assert plot.svg.count('visibility="hidden"') == 2
    page = browser_page(f"file://{tmp_path}/p.html")
    put(page, "far", y=0.5)
    for n, across in enumerate((0, -1)):
        marker = page.locator(f"#far [data-gid=point-{n}] use")
        assert marker.is_visible()
        place = [float(marker.get_attribute(name)) for name in ("x", "y")]
        assert place == pytest.approx([plot.across(across), plot.down(0.5)], abs=PIXEL)


def mark(page, name):
    return page.locator(f"#leaving :is([data-mark={name}], [data-gid={name}])")


def test_a_point_that_leaves_the_frame_has_an_arrow_and_its_value_at_the_edge(browser_page, gallery):
    """The frame ends at 4."""
    page = browser_page(gallery)
    point, handle = page.locator("#leaving [data-gid=point-0] use"), page.locator("#leaving [data-handle='0']")
    assert page.locator("#leaving [data-gid=edge-0]").count() == 0  # the script's has taken its place
    assert mark(page, "edge-0").locator("text").text_content() == "9"
    assert mark(page, "edge-0").locator("path").get_attribute("transform").endswith("rotate(-90)")
    assert (point.get_attribute("visibility"), handle.get_attribute("visibility")) == ("hidden", "visible")
    put(page, "leaving", a=1)
    assert mark(page, "edge-0").evaluate("mark => mark.childElementCount") == 0
    assert point.get_attribute("visibility") == "visible"
    put(page, "leaving", a=-3.5)
    assert mark(page, "edge-0").locator("text").text_content() == "12.3"


def test_a_point_begins_outside_the_frame_with_an_arrow_where_no_script_runs():
    page = html_of(leaving())
    edge = ET.fromstring(re.search("<svg.*?</svg>", page)[0]).findall(".//*[@data-gid='edge-0']")
    assert "".join("".join(part.itertext()) for part in edge) == "9"
    assert 'data-gid="point-0"' in page
    assert 'visibility="hidden"' in page


def test_an_arrow_too_short_to_be_seen_is_a_dot_with_its_number(browser_page, gallery):
    page = browser_page(gallery)
    for moves in ([], [-1, 3]):  # as Matplotlib draws it, and as the script does
        for a in moves:
            put(page, "leaving", a=a)
            assert (mark(page, "dots-0").text_content(), len(places(path(page, "leaving", "arrows-0")))) == (
                ("0", 1) if a == 3 else ("", 2)
            )
        (dot,) = places(path(page, "leaving", "arrows-0"))
        assert np.allclose(dot.max(axis=0) - dot.min(axis=0), 2.4, atol=PIXEL)
        assert mark(page, "dots-0").text_content() == "0"


def test_a_number_near_the_right_edge_stands_left_of_its_dot(browser_page, gallery):
    page = browser_page(gallery)

    def ends():
        """Where the number ends, and where the dot is."""
        number = mark(page, "dots-0").locator("text").bounding_box()
        dot = page.locator("#leaving [data-gid=arrows-0] path").first.bounding_box()
        return number["x"] + number["width"], dot["x"]

    first = ends()
    put(page, "leaving", a=-1)
    put(page, "leaving", a=3)
    for number, dot in (first, ends()):
        assert dot - 20 < number <= dot


def test_a_number_beside_an_arrow_has_its_colour_from_the_start(browser_page, gallery):
    page = browser_page(gallery)

    def colour():
        return mark(page, "dots-0").locator("text").evaluate("text => getComputedStyle(text).fill")

    first = colour()
    put(page, "leaving", a=-1)
    put(page, "leaving", a=3)
    assert colour() == first
    assert first != page.locator("#leaving svg").first.evaluate("svg => getComputedStyle(svg).fill")


def test_a_slider_that_moves_nothing_says_so(browser_page, gallery):
    page = browser_page(gallery)
    sliders = [page.locator(f"#leaving [data-key={key}]") for key in "ak"]

    def said():
        return [
            slider.evaluate("s => document.getElementById(s.getAttribute('aria-describedby'))?.textContent")
            for slider in sliders
        ]

    assert said() == [None, "moves nothing for squared"]
    sliders[1].focus()
    assert sliders[1].evaluate("s => s === document.activeElement")
    put(page, "leaving", penalty=1)
    assert said() == [None, None]
    put(page, "leaving", penalty=0)
    assert said() == [None, "moves nothing for squared"]
