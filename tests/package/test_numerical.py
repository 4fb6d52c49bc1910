"""What is searched for and added up: NumPy's value, the page's, and the true one."""

import json

import numpy as np
import pytest
import sympy as sp
import v8
from pages import complete

from lossnotes import Entries, Formula, Lowest, Panel, Point, Quadrature, Run, Slider, bench, explore, softplus
from lossnotes.figures.sample import with_gaps
from lossnotes.printing import latex, numpy_function
from lossnotes.trees import from_tree, to_tree

c, x, r, a, z = sp.symbols("c x r a z", real=True)
y = sp.IndexedBase("y", real=True)
i, n = sp.symbols("i n", integer=True, positive=True)
DATA = (-2, -1.5, -0.5, 0.25, 0.5, 1, 2.5)
HUBER = sp.Piecewise((r**2 / 2, sp.Abs(r) <= 1), (sp.Abs(r) - sp.Rational(1, 2), True))


def total(rho, data=DATA):
    return sum(rho.subs(r, c - sp.Rational(value)) for value in data)


#: An expression in c and a, and where between -3 and 3 it is lowest for a = 0.7.
LOWEST = [
    (total(r**2), np.mean(DATA)),
    (total(r**2) + 1e6, np.mean(DATA)),
    (total(sp.Abs(r)), 0.25),
    (total(sp.Abs(r), DATA[:-1]), -0.125),  # the middle of the flat from -0.5 to 0.25
    (total(HUBER, (-1.5, 0, 2.5)), 0),
    (total(HUBER, (-1, 0, 2.5)), 0),  # where a bend begins
    (total(r**4, (-1, 1)), 0),
    ((c - a) ** 2, 0.7),
    (sp.Abs(c - a), 0.7),
    (-c, 3),
    (sp.exp(c), -3),
    (c + 0 * a, -3),
    ((c - a) ** 2 / 1e12, 0.7),
    (sp.log(c) ** 2, 1),  # not there below 0
    (sp.Max(sp.Abs(c - 1) - sp.Rational(1, 2), 0), 1),
    (c**2 * (c - 2) ** 2, 0),  # of two valleys the first
    (softplus(c) - a * c, np.log(0.7 / 0.3)),
    (sp.cos(40 * c) + (c - 1) ** 2, None),
]

INTEGRALS = [
    (sp.exp(-(r**2) / 2), -40, 40, np.sqrt(2 * np.pi)),
    (sp.exp(-sp.Abs(r)), -60, 60, 2),
    (1 / (1 + r**2), -60, 60, 2 * np.arctan(60)),
    (sp.sin(r), 0, 10, 1 - np.cos(10)),
    (sp.exp(-a * r), 0, a, (1 - np.exp(-0.49)) / 0.7),
    (sp.Integer(3), -1, 1, 6),
]


def by_script(expr, value=0.7):
    return v8.values(to_tree(expr, [a], numerical=True), ["a"], [[value]])[0]


@pytest.mark.parametrize(("expr", "place"), LOWEST)
def test_the_lowest_place_is_found_alike(expr, place):
    lowest = Lowest(expr, (c, -3, 3))
    found = float(numpy_function(lowest, [a])(0.7))
    assert by_script(lowest) == pytest.approx(found, abs=2e-9)
    if place is not None:
        wide = {LOWEST[1][0]: 1e-6, LOWEST[5][0]: 3e-7}  # a large constant costs digits
        assert found == pytest.approx(place, abs=wide.get(expr, 3e-9))


@pytest.mark.parametrize(("expr", "low", "high", "value"), INTEGRALS)
def test_integrals_agree_with_their_closed_forms(expr, low, high, value):
    integral = Quadrature(expr, (r, low, high))
    found = float(numpy_function(integral, [a])(0.7))
    assert found == pytest.approx(value, rel=1e-10)
    assert by_script(integral) == pytest.approx(found, rel=1e-13)


def test_the_rule_of_the_page_is_exact_for_polynomials_and_says_where_there_is_no_value():
    for degree in range(16):
        code = f"quadrature((x) => x ** {degree}, -1, 1)"
        assert v8.run(code) == pytest.approx((1 - (-1) ** (degree + 1)) / (degree + 1), abs=1e-14)
    assert v8.run("lowest((x) => NaN, 0, 1)") is None  # JSON has no NaN
    assert v8.run("lowest((x) => x, 1, 0)") is None
    assert np.isnan(numpy_function(Lowest(sp.log(c), (c, -3, a)), [a])(-1.0))


def test_what_falls_without_end_has_no_lowest_place():
    falls = Lowest(sp.log(c) + a * sp.log(1 - c), (c, 0, 1))
    assert np.isnan(numpy_function(falls, [a])(0.7))
    assert np.isnan(by_script(falls))
    rises = Lowest(-sp.log(c) - a * sp.log(1 - c), (c, 0, 1))
    assert by_script(rises) == pytest.approx(1 / 1.7)


def test_a_lowest_place_that_jumps_has_a_gap_on_both_sides():
    """Of a line the lowest place is an end, and the middle where the line is level."""
    line = numpy_function(Lowest(a * (1 - c) + (1 - a) * c, (c, 0, 1)), [a])
    x, y = with_gaps(lambda xs: np.array([line(one) for one in xs]), np.array([0.495, 0.5, 0.505]), 1)
    gaps = np.flatnonzero(np.isnan(y))
    (level,) = np.flatnonzero((x == 0.5) & ~np.isnan(y))
    assert [gap < level for gap in gaps] == [True, False]
    by_page = "(a) => lowest((c) => a * (1 - c) + (1 - a) * c, 0, 1)"
    assert v8.run(f"[[0.495, 0.5], [0.5, 0.505]].map(([from, to]) => jump({by_page}, from, to).length > 0)") == [
        True,
        True,
    ]
    assert v8.run("jump((x) => Math.tanh(1e6 * (x - 0.3)), 0.2, 0.4)") == []
    assert v8.run("jump(Math.cbrt, -0.01, 0.02)") == []


def test_they_stand_in_formulas_of_arrays_and_in_each_other():
    density = sp.exp(-((r - a) ** 2)) / Quadrature(sp.exp(-((x - a) ** 2)), (x, -20, 20))
    mode = Lowest(-density, (r, -3, 3))
    values = np.array([-1.0, 0.25, 2.0])
    assert numpy_function(mode + a, [a])(values) == pytest.approx(2 * values, abs=1e-8)
    assert [by_script(mode + a, value) for value in values] == pytest.approx(list(2 * values), abs=1e-8)
    # The variable has no value outside, and one of its name may have.
    same = numpy_function(Quadrature(a * r, (r, 0, 2)) + r, [r, a])
    assert same(10.0, 3.0) == pytest.approx(16)
    tree = to_tree(Quadrature(a * r, (r, 0, 2)) + r, [r, a], numerical=True)
    assert v8.values(tree, ["r", "a"], [[10, 3]]) == pytest.approx([16])
    assert Quadrature(a * r, (r, 0, 2)).subs(a, r).free_symbols == {r}
    assert numpy_function(Quadrature(a * r, (r, 0, 2)).subs(a, r), [r])(3.0) == pytest.approx(6)


def test_trees_latex_and_derivatives():
    for expr in (Lowest((r - a) ** 2, (r, -1, a)), Quadrature(sp.exp(a * r), (r, 0, a))):
        tree = to_tree(expr, [a], numerical=True)
        assert to_tree(from_tree(tree, {"a": a}), [a], numerical=True) == tree
    assert latex(Quadrature(r, (r, 0, a))) == r"\int_{0}^{a} r\,dr"
    slope = Quadrature(sp.exp(a * r), (r, 0, a)).diff(a)
    assert numpy_function(slope, [a])(1.0) == pytest.approx(np.e + 1, rel=1e-12)  # of (e^(a²) − 1)/a
    with pytest.raises(ValueError, match="Lowest: expected no derivative by a"):
        Lowest((r - a) ** 2, (r, -1, 1)).diff(a)


@pytest.mark.parametrize(
    ("made", "error", "message"),
    [
        (lambda: Lowest(r, r), ValueError, r"Lowest, limits: expected \(variable, low, high\); got r"),
        (lambda: Lowest(r, ("r", 0, 1)), TypeError, "Lowest, variable: expected a symbol; got 'r'"),
        (lambda: Lowest(r > 0, (r, 0, 1)), TypeError, "Lowest: expected an expression; got r > 0"),
        (lambda: Lowest(r, (r, 1, 0)), ValueError, "Lowest, limits: expected finite ends, low < high; got 1 and 0"),
        (lambda: Quadrature(r, (r, 0, sp.oo)), ValueError, "Quadrature, limits: expected finite ends, .* got 0 and oo"),
        (lambda: Quadrature(r, (r, 0, r)), ValueError, "Quadrature, limits: expected ends without r; got 0 and r"),
        (lambda: to_tree(Lowest(r, (r, 0, 1)), []), ValueError, "got Lowest in .*, which only figures evaluate"),
        (
            lambda: bench(
                Quadrature(z * r, (r, 0, 1)), {z: sp.Rational(1, 2)}, controls=[Slider(z, 0, 1)], identifier="b"
            ),
            ValueError,
            "got Quadrature in .*, which only figures evaluate",
        ),
    ],
)
def test_what_is_refused_by_name(made, error, message):
    with pytest.raises(error, match=message):
        made()


def test_a_run_cannot_descend_what_has_no_derivative():
    with pytest.raises(ValueError, match="Lowest: expected no derivative"):
        explore(
            sliders=[Slider(a, -1, 1)],
            x=(x, -1, 1),
            run=Run(Lowest((r - a) ** 2, (r, -1, 1)), a, size=0.1),
            caption="A run.",
            alt="None.",
        )


# --- on the page ---------------------------------------------------------------------


def own_loss():
    loss = Formula(sp.Symbol("L"), r, r**2 / 2)
    cost = sp.Sum(loss(c - y[i]), (i, 1, n))
    chosen = Lowest(cost, (c, -3, 3))
    whole = Quadrature(sp.exp(-loss(r)), (r, -40, 40))
    return explore(
        sliders=[Entries(y, DATA, size=n), loss],
        panels=[
            Panel(
                x=(x, -3, 3),
                y=(0, 20),
                curves={"cost": cost.subs(c, x)},
                points={"data": Point(y[i], 0, index=i), "chosen": (chosen, cost.subs(c, chosen))},
            ),
            Panel(x=(x, -3, 3), y=(0, 1), curves={"noise": sp.exp(-loss(x)) / whole}),
        ],
        readouts={"chosen": chosen, "normaliser": whole},
        digits=8,
        caption="Each loss chooses its average.",
        alt="A cost and a density.",
        identifier="own",
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    page = tmp_path_factory.mktemp("own") / "own.html"
    page.write_text(complete(own_loss()._repr_mimebundle_()[0]["text/html"]), encoding="utf-8")
    return f"file://{page}"


def said(page):
    return [float(cell.replace("−", "-")) for cell in page.locator(".ln-readouts td").all_inner_texts()]


def test_what_a_typed_loss_chooses_follows_the_data(browser_page, address):
    still, page = browser_page(address, javascript=False), browser_page(address)
    start = [np.mean(DATA), np.sqrt(2 * np.pi)]
    assert said(still) == pytest.approx(start, abs=1e-7)
    assert said(page) == pytest.approx(start, abs=1e-7)
    page.locator("[data-key=L]").fill("abs(r)")
    assert said(page) == pytest.approx([0.25, 2], abs=1e-7)
    page.locator("[data-key=y]").fill("-2, 1, 2")
    assert said(page) == pytest.approx([1, 2], abs=1e-7)
    point = page.locator("[data-gid=point-1] use")
    across = own_loss()._plots[0].across(1)
    assert float(point.get_attribute("x")) == pytest.approx(float(across), abs=0.02)
    page.locator("[data-do=reset]").click()
    assert said(page) == pytest.approx(start, abs=1e-7)
    assert page.faults == []


def test_a_part_is_computed_once_for_a_whole_curve_and_anew_for_other_values():
    density = sp.exp(-((x - a) ** 2)) / Quadrature(sp.exp(-((r - a) ** 2)) / c, (r, -20, 20))
    tree = json.dumps(to_tree(density, [x, a, c], numerical=True))
    curve = f"""((f, reads) => {{
        const count = {{get: () => {{ reads += 1; return 1; }}}};
        const row = (x, a) => Object.defineProperty([x, a], 2, count);
        const values = Array.from({{length: 241}}, (_, n) => f(row(n / 100, 0.5)));
        return [reads, values[50], f(row(0.5, 0.25))];
    }})(compile({tree}, ['x', 'a', 'c']), 0)"""
    reads, at_mode, beside = v8.run(curve)
    assert reads < 241 + 900
    assert at_mode == pytest.approx(1 / np.sqrt(np.pi))
    assert beside == pytest.approx(np.exp(-(0.25**2)) / np.sqrt(np.pi))


def test_a_search_takes_some_four_hundred_places():
    """Counted in values of the loss, as time depends on the machine."""
    tree = json.dumps(own_loss().data["readouts"][0])
    counted = f"""(() => {{
        let calls = 0;
        const f = [(x) => {{ calls += 1; return x * x; }}];
        compile({tree}, ['y', 'L', 'n'])([{json.dumps(DATA)}, f, {len(DATA)}]);
        return calls;
    }})()"""
    assert v8.run(counted) < 500 * len(DATA)
