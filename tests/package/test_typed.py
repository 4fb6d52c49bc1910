"""A formula that the reader types: exact derivatives, kinks, messages, links, and what is refused."""

import json
import re

import numpy as np
import pytest
import sympy as sp
import v8
from pages import complete

from lossnotes import Formula, Panel, Run, Slider, explore, sigmoid, softplus
from lossnotes.figures.markup import kernel_readouts
from lossnotes.functions import logcosh
from lossnotes.trees import TYPED, from_tree

r, z, a = sp.symbols("r z a", real=True)
L = sp.Symbol("L")
PLACES = [-2.5, -1.0, -0.3, 0.2, 1.0, 3.0]


def own(**changes):
    """A figure with a typed loss: its curve, slope, a point and read-outs."""
    given = {"default": r**2 / 2, "presets": {"squared": r**2 / 2, "absolute": abs(r)}}
    formula = Formula(L, r, **{name: changes.pop(name, given[name]) for name in given})
    parts = {
        "panels": [
            Panel(x=(r, -4, 4), y=(0, 5), curves={"loss": formula(r)}, points={"here": (a, formula(a))}),
            Panel(x=(r, -4, 4), y=(-3, 3), curves={"slope": formula.slope(r), "curvature": formula.curvature(r)}),
        ],
        "sliders": [formula, Slider(a, -4, 4, 3, label="residual")],
        "readouts": {"loss": formula(a), "slope": formula.slope(a), "curvature": formula.curvature(a)},
        "caption": "Type a loss.",
        "alt": "A loss and its slope.",
        "identifier": "own",
    }
    return explore(**parts | changes)


# --- declared ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("L", r, r**2), TypeError, "formula: expected a symbol.*got 'L'"),
        ((L, "r", r**2), TypeError, "formula L, variable: expected a symbol"),
        ((L, L, L**2), ValueError, "formula L: expected a variable other than itself"),
        ((L, r, "r^2"), TypeError, "formula L, default: expected an expression in r; got 'r.2'"),
        ((L, r, r * z), ValueError, "formula L, default: expected no symbol but r; got z in r.z"),
        ((L, r, sp.sec(r)), ValueError, "default: expected what a reader can type.* got sec in sec.r."),
        ((L, r, sp.Max(0, r)), ValueError, "default: expected what a reader can type.* got Max"),
        ((L, r, sp.oo * r), ValueError, "default: expected .*got Infinity|default: expected what"),
        ((L, r, sp.Float(1) / 3 * sum(r**k for k in range(99))), ValueError, "expected at most 500 characters; got"),
        ((L, r, r**2, "", {"": r}), ValueError, "preset 0: expected words"),
        ((L, r, r**2, "", {"one": r, "two": r}), ValueError, "presets: expected different formulas; got one, two"),
        ((L, r, r**2, "", {"one": z}), ValueError, "preset 'one': expected no symbol but r; got z"),
        ((sp.Symbol("1"), r, r**2), ValueError, "formula 1: expected a symbol whose name holds a letter"),
    ],
)
def test_what_is_refused_by_name(arguments, error, message):
    with pytest.raises(error, match=message):
        Formula(*arguments)


def test_a_default_without_a_value_on_its_axis_is_refused():
    with pytest.raises(ValueError, match="formula L, default: expected a finite value somewhere from r = -4 to 4"):
        own(default=sp.sqrt(-1 - r**2))


def test_a_third_derivative_is_refused():
    formula = Formula(L, r, r**4)
    with pytest.raises(ValueError, match="L: expected at most its second derivative"):
        sp.diff(formula.curvature(a), a)


def test_sympy_differentiates_it_by_the_chain_rule():
    formula = Formula(L, r, r**4)
    assert sp.diff(formula(a * z - 1), z) == a * formula.slope(a * z - 1)
    assert sp.diff(formula(a * z), z, 2) == a**2 * formula.curvature(a * z)
    assert formula.settled(sp.diff(formula(a * z), z)) == 4 * a * (a * z) ** 3


def test_a_symbol_that_may_be_complex_will_do():
    plain = sp.Symbol("r")
    formula = Formula(L, plain, abs(plain))
    assert formula.settled(formula.slope(a)) == sp.sign(a)
    assert formula.settled(formula.curvature(a)) == 0


def test_the_default_stands_where_there_is_no_script():
    figure = own(default=abs(r))
    assert figure.L == "abs(r)"
    found = kernel_readouts(figure.declaration, (np.float64(-2),))
    assert [[float(value) for value in row] for row in found] == [[2, 2], [-1, -1], [0, 0]]
    assert 'value="abs(r)"' in figure.markup


def test_python_is_silent_about_what_it_cannot_read():
    figure = own()
    figure.L = "r^4"
    assert figure.kernel_readouts == [["", ""]] * 3
    figure.L = "r^2/2"
    assert figure.kernel_readouts[0][0] == "4.5"


# --- read and differentiated -----------------------------------------------------------

FORMULAS = [
    *(r**2 / 2, abs(r), sp.sqrt(1 + r**2) - 1, sp.log(1 + r**2), 1 - sp.exp(-(r**2) / 2), r**3 - sp.Rational(2, 3) * r),
    *(softplus(-r), sigmoid(r) ** 2, sp.tanh(r) * sp.sin(r) + sp.cos(2 * r), sp.sign(r) * r**2, sp.E**r, sp.pi * r),
    *(1 / (2 + r), abs(r) ** sp.Float(1.5), 0.1 * r - 1e-7, (abs(r + 2) - abs(r - 2)) / 2, 2**r, (r**2) ** r),
    *(f(r / 4) for f in (sp.tan, sp.sinh, sp.cosh, sp.asin, sp.acos, sp.atan, sp.asinh, sp.atanh, logcosh)),
    *(sp.acosh(2 + r**2), sp.log(1 + r**2, 2)),
    *(r ** sp.Rational(-2), -(r**2), (-r) ** 2, sp.exp(sp.exp(-r) / 3), r / (1 + r**2) / 3, sp.Integer(7)),
]


def exact(expr):
    value = sp.N(expr, 30)
    return float(value) if value.is_real else np.nan


def typed(text, order, places=PLACES, of=""):
    at = f"{json.dumps(places)}.map((x) => String(f{of}[{order}](x)))"
    found = v8.run(f"((f) => {at})(withDerivatives({json.dumps(text)}, ['r']))")
    return [float(value.replace("Infinity", "inf")) for value in found]


@pytest.mark.parametrize("expr", FORMULAS, ids=str)
def test_the_printed_form_reads_back_and_is_differentiated_exactly(expr):
    formula = Formula(L, r, expr)
    for order, at in enumerate((formula, formula.slope, formula.curvature)):
        expected = [exact(formula.settled(at(sp.Rational(str(x))))) for x in PLACES]
        assert typed(formula.text, order) == pytest.approx(expected, rel=1e-12, abs=1e-15, nan_ok=True)


@pytest.mark.parametrize("head", TYPED)
def test_all_that_is_read_has_the_value_and_the_derivatives_that_python_gives_it(head):
    expr = from_tree([head, "r"], {"r": r})
    places = [sp.Rational(n, 10) for n in (-25, -9, -3, 2, 7, 30)]
    for order in range(3):
        at = sp.diff(expr, r, order).replace(sp.DiracDelta, lambda *_: sp.S.Zero)
        expected = [exact(at.subs(r, x)) if expr.subs(r, x).is_real else np.nan for x in places]
        found = typed(f"{head}(r)", order, [float(x) for x in places])
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-15, nan_ok=True)


def test_an_inverse_has_the_names_that_people_type():
    for text in ("arctan(r)", "\\arctan(r)", "atan r"):
        assert typed(text, 1) == typed("atan(r)", 1)


def test_digits_are_kept_where_the_definition_loses_them():
    assert typed("log1p(r)", 0, [1e-20]) == typed("expm1(r)", 0, [1e-20]) == [1e-20]
    assert typed("logcosh(r)", 0, [1000]) == [pytest.approx(1000 - np.log(2), rel=1e-15)]


@pytest.mark.parametrize(
    ("text", "slope", "curvature", "below", "above"),
    [
        ("abs(r)", None, 0, -1, 1),
        ("|r|^2", 0, 2, 0, 0),
        ("|r|^3", 0, 0, 0, 0),
        ("r*sign(r)", None, 0, -1, 1),
        ("abs(r) + r", None, 0, 0, 2),
        ("abs(sin(r)) + r^2", None, 2, -1, 1),
        ("abs(r)*r", 0, None, 0, 0),
        ("r^1", 1, 0, 1, 1),
        ("r^3", 0, 0, 0, 0),
        ("sign(r)", None, None, 0, 0),
        ("abs(abs(r) - 1)", None, 0, 1, -1),
    ],
)
def test_at_a_kink_there_is_a_slope_on_each_side(text, slope, curvature, below, above):
    wanted = [np.nan if value is None else value for value in (slope, curvature)]
    assert [*typed(text, 1, [0]), *typed(text, 2, [0])] == pytest.approx(wanted, nan_ok=True)
    assert [*typed(text, 1, [0], ".below"), *typed(text, 1, [0], ".above")] == [below, above]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a formula; got nothing"),
        ("r^", "place 3: expected a number, a name or an opening bracket; got the end"),
        ("x^2", "place 1: expected one of the names r, or a function .* got “x”"),
        ("constructor", "expected one of the names r"),
        ("__proto__", "got “_”|expected one of the names"),
        ("toString(r)", "expected one of the names r"),
        ("1e999", "expected a number that fits 64 bits; got “1e999”"),
        ("ln(-1 - r^2)", "expected a finite value somewhere from r = −4 to 4; got none"),
        ("0/0", "expected a finite value somewhere"),
        ("(" * 60 + "r" + ")" * 60, "expected at most 40 levels"),
        ("r+" * 300 + "r", "expected at most 500 characters"),
        ("r" * 10_000_000, "expected at most 500 characters"),
        ("1 = r", "Leave out the left side"),
    ],
    ids=lambda text: text[:20],
)
def test_what_cannot_be_read_is_named(text, message):
    found = v8.refusal(f"read({json.dumps(text)}, {{ names: ['r'], span: [-4, 4] }})")
    assert found.startswith("FormulaError: ")
    assert re.search(message, found), found


@pytest.mark.parametrize("text", ["r^r^r^r", "exp(exp(exp(r)))", "1/r", "r" + "+r" * 249, "-" * 39 + "r", "9^9^9^r"])
def test_what_is_odd_is_read(text):
    assert v8.refusal(f"read({json.dumps(text)}, {{ names: ['r'], span: [-4, 4] }})") == ""


# --- in the reader's hands -------------------------------------------------------------


@pytest.fixture
def opened(browser_page, tmp_path):
    def opened(query="", figure=None, **kind):
        file = tmp_path / "page.html"
        html = (figure or own())._repr_mimebundle_()[0]["text/html"]
        file.write_text(complete(f"<main><h1>Loss</h1>{html}</main>"), encoding="utf-8")
        return browser_page(f"{file.as_uri()}{query}", **kind)

    return opened


def readouts(page):
    return page.locator(".ln-readouts td").all_inner_texts()


def curve(page, panel=0, number=0):
    return page.locator("svg").nth(panel).locator(f"[data-gid=curve-{number}] path").get_attribute("d")


def field(page):
    return page.get_by_label("L(r) =")


def test_curve_slope_and_readouts_follow_what_is_typed(opened):
    page = opened()
    before = curve(page)
    assert readouts(page) == ["4.5", "3", "1"]
    field(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2abs(r)")
    assert readouts(page) == ["6", "2", "0"]
    assert curve(page) != before
    assert curve(page, panel=1).count("M") == 2  # the slope has a gap at the kink
    assert page.locator("select").input_value() == ""
    page.get_by_label("residual").evaluate("i => { i.value = 0; i.dispatchEvent(new Event('input', {bubbles: true})) }")
    assert readouts(page) == ["0", "−2 and 2 (kink)", "0"]
    assert page.faults == []


def test_what_cannot_be_read_has_no_curve_and_no_numbers_and_says_so(opened):
    page = opened()
    field(page).fill("r^4")
    good = curve(page)
    field(page).fill("r^4 + exp(")
    assert curve(page) == good  # half a formula is no mistake, for a while
    page.keyboard.press("Enter")
    assert (curve(page), readouts(page)) == ("", ["–", "–", "–"])
    assert page.locator("[data-gid=point-0] use").get_attribute("visibility") == "hidden"
    assert field(page).get_attribute("aria-invalid") == "true"
    note = page.locator(f"#{field(page).get_attribute('aria-describedby')}")
    assert note.inner_text() == "Place 11: expected a number, a name or an opening bracket; got the end."
    page.get_by_label("residual").press("ArrowRight")
    assert field(page).input_value() == "r^4 + exp("  # a slider does not take away what is being typed
    field(page).fill("r^4 + exp(r)")
    assert note.inner_text() == ""
    assert field(page).get_attribute("aria-invalid") == "false"
    assert "–" not in readouts(page)
    assert page.faults == []


def test_nothing_runs_on_what_cannot_be_read(opened):
    formula = Formula(L, r, r**2 / 2)
    page = opened(figure=own(sliders=[formula, Slider(a, -4, 4, 3)], run=Run(formula(a), a, size=0.1)))
    run, step = (page.locator(f"[data-run={name}]") for name in ("run", "step"))
    step.click()
    before = page.locator("[data-trail]").first.get_attribute("d")
    field(page).fill("squared(r)")
    run.click()  # before the message
    assert page.locator(".ln-note").inner_text().startswith("Place 1: expected one of the names r")
    assert run.is_disabled()
    assert step.is_disabled()
    assert run.inner_text() == "Run"
    assert before != page.locator("[data-trail]").first.get_attribute("d") == ""
    assert page.locator(".ln-said").inner_text() == ""
    field(page).fill("r^2")
    step.click()
    assert page.locator(".ln-said").inner_text().startswith("1 step so far")
    assert page.faults == []


def test_half_a_formula_is_told_after_a_rest(opened):
    page = opened()
    at_once = """i => {
        i.value = 'r^';
        i.dispatchEvent(new Event('input'));
        return document.querySelector('.ln-note').textContent;
    }"""
    assert field(page).evaluate(at_once) == ""
    page.wait_for_function("document.querySelector('.ln-note').textContent !== ''")
    assert "got the end" in page.locator(".ln-note").inner_text()


def test_a_preset_is_chosen_and_reset_brings_the_default_back(opened):
    page = opened()
    page.locator("select").select_option("absolute")
    assert field(page).input_value() == "abs(r)"
    assert readouts(page) == ["3", "1", "0"]
    field(page).fill("r^")
    page.get_by_role("button", name="Reset").click()
    assert field(page).input_value() == "r^2/2"
    assert page.locator("select").input_value() == "r^2/2"
    assert readouts(page) == ["4.5", "3", "1"]
    assert page.locator(".ln-note").inner_text() == ""


@pytest.mark.parametrize("way", ["reset", "preset"])
def test_what_cannot_be_read_goes_when_the_last_good_formula_is_chosen(opened, way):
    page = opened()
    field(page).fill("r^")
    if way == "reset":
        page.get_by_role("button", name="Reset").click()
    else:
        page.locator("select").select_option("squared")
    assert (field(page).input_value(), page.locator(".ln-note").inner_text()) == ("r^2/2", "")


def test_a_formula_is_linked_to(opened):
    page = opened("#own?L=abs(r)%2B1&a=2")
    assert field(page).input_value() == "abs(r)+1"
    assert readouts(page) == ["3", "1", "0"]
    field(page).fill("r^2+|r|/2")
    page.get_by_role("button", name="Link to this").click()
    linked = page.evaluate("location.hash")
    again = opened(linked)
    assert field(again).input_value() == "r^2+|r|/2"
    assert readouts(again) == ["5", "4.5", "2"]


@pytest.mark.parametrize("text", ["constructor", "__proto__", "<img src=x onerror=alert(1)>", "x" * 3000, "r%5E"])
def test_a_link_with_a_formula_that_cannot_be_read_says_so(opened, text):
    page = opened(f"#own?L={text}")
    assert readouts(page) == ["–", "–", "–"]
    assert page.locator(".ln-note").inner_text().startswith(("Place ", "Expected "))
    assert page.faults == []


def test_a_pasted_book_gets_a_message(opened):
    page = opened()
    field(page).evaluate("i => { i.value = 'r'.repeat(1e7); i.dispatchEvent(new Event('input', {bubbles: true})) }")
    page.wait_for_function("document.querySelector('.ln-note').textContent !== ''")
    assert page.locator(".ln-note").inner_text() == "Expected at most 500 characters; got more."
    assert readouts(page) == ["–", "–", "–"]
