"""One expression, four printings: they agree, and what cannot be printed is refused by name."""

import itertools
import json
import math

import numpy as np
import pytest
import sympy as sp
import v8

from lossnotes import functions, printing, trees
from lossnotes.style import slug

x, y, s = sp.symbols("x y sigma_0", real=True)

EXPRESSIONS = {
    "squared error": (x - y) ** 2 / 2,
    "gaussian": (x - y) ** 2 / (2 * sp.exp(2 * s)) + s + sp.log(2 * sp.pi) / 2,
    "powers": sp.sqrt(x**2 + 1) ** 3 + x**-2,
    "pieces": sp.Piecewise((x**2 / 2, sp.Abs(x) <= 1), (sp.Abs(x) - sp.Rational(1, 2), True)),
    "largest": sp.Max(0, 1 - x * y) + sp.sign(y),
    "a float of 17 digits": sp.Float(0.1) * x + sp.Float(1) / 3 * y,
    "hyperbolic": sp.log(sp.cosh(x)) + sp.tanh(y),
    "trigonometric": sp.sin(x) ** 2 + sp.sin(sp.pi * x) ** 2,
    "a constant": sp.Integer(3) + 0 * x,
    "sigmoid": functions.sigmoid(x) * functions.sigmoid(-y),
    "softplus": functions.softplus(x) + functions.softplus(-40 * x),
    "logcosh": functions.logcosh(x) + functions.logcosh(y / 1000),
    "log1psquare": functions.log1psquare(x) * functions.redescend(y),
    "halfsquare": functions.halfsquare(x - y),
    "mix": functions.mix(functions.sigmoid(s), functions.softplus(-x), functions.softplus(x)),
    "logsumexp": functions.logsumexp(x, y, 10 * s),
    "difference": functions.difference(x, y) ** 2,
    "scaled": functions.scaled(x, y, 3, sp.exp(s), 2),
    "costs of a miss": functions.gaussian_cost(x, y, sp.exp(s)) * functions.laplace_cost(y, x, sp.exp(s)) + 40,
    "hinged": functions.hinged(10 * x, y, 1),
    "linear_tail": functions.linear_tail(10 * x, y, sp.exp(s / 10)),
    "bernoulli": functions.bernoulli_cost(x, functions.sigmoid(y)) + functions.bernoulli_slope(50 * x, 1),
    "focal": functions.focal_cost(x, sp.exp(y)) + functions.focal_slope(y, sp.exp(s)),
    "poisson": functions.poisson_cost(x, sp.exp(y)) + functions.poisson_slope(y, sp.exp(s)) ** 2,
    "poisson of many": functions.poisson_cost(30 + x, sp.exp(30 + y)),
    "student": functions.student_cost(x, y, sp.exp(s), sp.exp(x)),
    "student of many": functions.student_cost(x, y, sp.exp(20 + s), sp.exp(x)),
    "student slope": functions.student_slope(x, y, sp.exp(s), sp.exp(x)),
    "lngamma": functions.lngamma(x**2 + sp.Rational(1, 10)) + 3,
}
ARGUMENTS = [x, y, s]
POINTS = np.random.default_rng(0).normal(0, 2, (50, 3)).tolist()


def exact(expr, point):
    return float(printing.digits(expr, dict(zip(ARGUMENTS, point, strict=True))))


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_numpy_agrees_with_50_digits(name):
    function = printing.numpy_function(EXPRESSIONS[name], ARGUMENTS)
    for point in POINTS:
        assert math.isclose(function(*point), exact(EXPRESSIONS[name], point), rel_tol=1e-13)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_trees_agree_with_50_digits(name):
    tree = trees.to_tree(EXPRESSIONS[name], ARGUMENTS)
    for point, value in zip(POINTS, v8.values(tree, list(map(str, ARGUMENTS)), POINTS), strict=True):
        assert math.isclose(value, exact(EXPRESSIONS[name], point), rel_tol=1e-13), point


def test_the_script_has_every_function_of_the_table():
    theirs = {*v8.run("Object.keys(FUNCTIONS)"), *v8.run("Object.keys(NUMBERS.operations)")}
    assert theirs - {*"+-*/^"} == set(trees.FUNCTIONS)


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (sp.gamma(x), r"that a page can evaluate; got gamma in gamma\(x\)\. Rewrite it as exp\(lngamma\(x\)\)"),
        (sp.loggamma(x), r"got loggamma in loggamma\(x\)\. Rewrite it as lngamma\(x\), from lossnotes\.functions"),
        (sp.KroneckerDelta(x, y), r"got KroneckerDelta in .* Rewrite it as Piecewise"),
        *((function(x), f"got {function.__name__} in") for function in (sp.erf, sp.zeta, sp.DiracDelta)),
        (sp.besselj(0, x), "got besselj in"),
        (sp.Function("f")(x), r"got f in f\(x\)"),
        (sp.I * x, r"got I in I\*x\. Its value must be a real number"),
        (sp.exp(sp.I * x), "got I in"),
        (sp.sqrt(-2) + x, "got I in"),
        (x * sp.IndexedBase("x")[1], "got also x"),
        (sp.Piecewise((x, x > 0)), "expected a Piecewise with a default"),
        (sp.Piecewise((sp.nan, x > 0), (x, True)), "got nan in"),
        (sp.Piecewise((sp.zoo, x > 0), (x, True)), "got zoo in"),
        (x > y, "expected one with a number for a value; got StrictGreaterThan x > y.* Piecewise"),
        (sp.true, "got BooleanTrue True"),
        (sp.Tuple(x, y), "got Tuple"),
        (sp.Limit(x * y, y, 0), r"expected it evaluated; got Limit.*\.doit\(\)"),
        (sp.Integral(x * y, (y, 0, 1)), "expected it evaluated"),
        (sp.Subs(x, x, y), "expected it evaluated"),
        (x + sp.O(x), "got Order"),
        (sp.Sum(x**y, (y, 1, sp.oo)), r"expected a sum that ends; got Sum.*Call \.doit\(\)"),
        (sp.Derivative(sp.Function("f")(x), x), "expected it evaluated"),
        (x * sp.Symbol("unknown"), "expected only the symbols x, y, sigma_0; got also unknown"),
    ],
)
def test_what_no_page_can_evaluate_is_refused_by_name(expr, message):
    with pytest.raises(ValueError, match=message):
        trees.to_tree(expr, ARGUMENTS)


a, b = sp.symbols("a b", real=True)
_CIRCULAR = (sp.sin, sp.cos, sp.tan, sp.sec, sp.csc, sp.cot, sp.sinc)
_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.csch, sp.coth)
_INVERSE = (sp.asin, sp.acos, sp.atan, sp.asec, sp.acsc, sp.acot)
_AREA = (sp.asinh, sp.acosh, sp.atanh, sp.asech, sp.acsch, sp.acoth)
_PLAIN = (sp.exp, sp.log, sp.sqrt, sp.cbrt, sp.Abs, sp.sign, sp.floor, sp.ceiling, sp.frac, sp.Heaviside)
#: Whatever the printer lets through, in every place where precedence could go wrong.
PRINTED = [
    *(function(a) for function in (*_CIRCULAR, *_HYPERBOLIC, *_INVERSE, *_AREA, *_PLAIN)),
    *(a ** sp.Rational(power) for power in ("1/3", "2/3", "-1/3", "3/2", "-1/2", "-3", "5/2")),
    *(constant * a for constant in (sp.pi, sp.E, sp.GoldenRatio, sp.EulerGamma, sp.Catalan, sp.TribonacciConstant)),
    *(sp.Integer(10) ** 30 * a, sp.Float("1e-300") * a, a - sp.Float(-0.1), sp.Rational(1, 3) * a, a / (b / 3)),
    *(a**b, 2**a, (a**2) ** b, -(a**2), a - (b - 1), sp.atan2(a, b), sp.log(a, 2), sp.real_root(a, 3)),
    *(sp.Max(a, b, 1) - 2 * sp.Min(a, b), sp.UnevaluatedExpr(a) - sp.UnevaluatedExpr(-b)),
    *(sp.Mod(a, b), -sp.Mod(a, b), 2 / sp.Mod(a, 3), a - sp.Mod(a, -b), sp.Mod(a + b, 2 * b), sp.Mod(sp.Mod(a, 2), b)),
    *(sp.Mod(a, b) ** 2, 2 ** sp.Mod(a, 2), sp.Mod(a, sp.Float(0.125)), sp.Mod(a, 2 * sp.pi) - sp.pi, sp.Mod(3, b)),
    *(2 * sp.Piecewise((a, a < 0), (b, True)) ** 2, sp.Piecewise((sp.oo, a > 0), (a, True))),
    *(
        sp.Piecewise((a, condition), (5, True))
        for condition in (
            *(sp.Eq(a, 0), sp.Ne(a, 1), (a > 0) & (b > 0), (a > 0) | (b >= 0), sp.Not((a > 0) | (b > 0))),
            *(sp.Xor(a > 0, b > 0), sp.ITE(a > 0, b > 0, b < 0), sp.Implies(a > 0, b > 0), sp.Nand(a > 0, b > 0)),
            *(sp.Equivalent(a > 0, b > 0), a <= b),
        )
    ),
    *(functions.mix(a, b, 2), functions.lngamma(a), functions.lngamma(a) + functions.lngamma(b + 2)),
]
PLACES = [*itertools.product((-2.5, -1.0, -0.3, 0.0, 0.4, 1.0, 2.0, 7.3), (-3.0, -0.5, 0.5, 1.0, 2.7)), (-1e-17, 1.0)]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # no value is one that both have
@pytest.mark.parametrize("expr", PRINTED, ids=str)
def test_trees_mean_what_numpy_means(expr):
    numpy, tree = printing.numpy_function(expr, [a, b]), trees.to_tree(expr, [a, b])
    # SymPy makes csch and its like of exponentials for NumPy, which cancel near 0.
    places = PLACES if expr.has(sp.Mod) else PLACES[:-1]
    for place, value in zip(places, v8.values(tree, ["a", "b"], places), strict=True):
        expected = float(numpy(*map(np.float64, place)))
        assert value == pytest.approx(expected, rel=1e-12, nan_ok=True), place


@pytest.mark.parametrize("expr", PRINTED, ids=str)
def test_trees_read_back(expr):
    again = trees.from_tree(trees.to_tree(expr, [a, b]), {"a": a, "b": b})
    tree = trees.to_tree(again, [a, b])
    assert v8.values(tree, ["a", "b"], PLACES) == pytest.approx(
        v8.values(trees.to_tree(expr, [a, b]), ["a", "b"], PLACES), rel=1e-12, nan_ok=True
    )


def test_symbols_may_have_any_name():
    odd = sp.Symbol(r"\hat{y} alert(1)", real=True)
    assert trees.to_tree(odd**2, {odd: "a"}) == ["^", "a", 2]
    for name in ("constructor", "__proto__", "toString"):
        assert v8.values(trees.to_tree(2 * odd, {odd: name}), [name], [[1.5]]) == [3]
        assert name in v8.refusal(f"compile(['{name}', 1], [])")
        assert name in v8.refusal(f"compile('{name}', [])")


j, k, n = sp.symbols("j k n", integer=True, positive=True)
family, rows = sp.IndexedBase("z"), [[2, [0.5, -1.25]], [3, [2.0, 0.25, -3.0]]]
OVER_CLASSES = {
    "cross-entropy": (
        sp.log(sp.Sum(sp.exp(family[j]), (j, 1, n))) - family[1],
        lambda z: np.log(np.sum(np.exp(z))) - z[0],
    ),
    "pairs": (
        sp.Sum(family[j] * family[k] / j, (k, 1, j), (j, 1, n)),
        lambda z: sum(z[a] * z[b] / (a + 1) for a in range(len(z)) for b in range(a + 1)),
    ),
    "product": (
        sp.Product(1 + family[j] ** 2, (j, 1, n)) + sp.Sum(j, (j, 1, n)),
        lambda z: np.prod(1 + z**2) + z.size * (z.size + 1) / 2,
    ),
}


@pytest.mark.parametrize("name", OVER_CLASSES)
def test_sums_over_classes(name):
    expr, wanted = OVER_CLASSES[name]
    tree = trees.to_tree(expr, {n: "K", family: "z"})
    assert v8.values(tree, ["K", "z"], rows) == pytest.approx([wanted(np.array(z)) for _, z in rows], rel=1e-14)
    assert trees.to_tree(trees.from_tree(tree, {"K": n, "z": family}), {n: "K", family: "z"}) == tree


def test_what_stands_twice_may_be_shared():
    tree = ["let", "s", ["exp", "a"], ["+", ["*", "s", "s"], ["let", "t", "s", ["/", "t", "b"]]]]
    assert v8.values(tree, ["a", "b"], [[0, 2], [1, 4]]) == pytest.approx([1.5, math.e**2 + math.e / 4])
    assert trees.from_tree(tree, {"a": a, "b": b}) == sp.exp(2 * a) + sp.exp(a) / b


#: What a reader may type, whose slope and curvature are exact.
JETS = {
    "squares": (a**2 + 2) ** 3 / a,
    "powers": (a**2 + 1) ** a + 2 ** (-a) + a**-2,
    "functions": sp.exp(a) * sp.sin(a) + sp.cos(a) * sp.tanh(a) + sp.log(a**2 + 1) + sp.sqrt(3 + a),
    "stable": functions.sigmoid(a) * functions.softplus(3 * a),
    "kinks": sp.Abs(a - sp.Rational(1, 3)) + sp.Max(a, 2 - a**2) * sp.Min(a, 1) + sp.sign(a) * a,
    "pieces": sp.Piecewise((a**2 / 2, sp.Abs(a) <= 1), (sp.Abs(a) - sp.Rational(1, 2), True)),
}


@pytest.mark.parametrize("name", JETS)
def test_slopes_and_curvatures_are_those_of_the_formula(name):
    expr, places = JETS[name], [-2.5, -0.7, 0.4, 1.3, 2.9]
    tree = trees.to_tree(expr, [a])
    jets = v8.run(f"{places}.map((x) => compile({json.dumps(tree)}, ['a'], JETS)([[x, 1, 0]]))")
    for place, jet in zip(places, jets, strict=True):
        wanted = [float(expr.diff(a, order).doit().subs(a, place).evalf(30)) for order in range(3)]
        assert jet == pytest.approx(wanted, rel=1e-12, abs=1e-14), place


def test_a_formula_says_where_it_may_have_a_kink():
    tree = trees.to_tree(sp.Abs(a - 2) + sp.Max(a, b) + sp.Piecewise((1, a < 3), (0, True)), [a, b])
    found = v8.run(f"switches({json.dumps(tree)})")
    assert {trees.from_tree(switch, {"a": a, "b": b}) for switch in found} >= {a - 2, a - 3}
    assert any(sp.expand(trees.from_tree(s, {"a": a, "b": b})) in (a - b, b - a) for s in found)
    assert v8.run("switches(['+', 'a', ['exp', 'a']])") == []


def test_no_slope_is_made_up():
    assert "no derivative is known of lngamma" in v8.refusal("compile(['lngamma', 'a'], ['a'], JETS)")


def test_a_float_stands_for_its_exact_fraction():
    assert str(printing.digits(x, {x: 0.1}, count=30)) == "0.100000000000000005551115123126"


positive, whole = sp.Symbol("p", positive=True), sp.Symbol("n", integer=True)


@pytest.mark.parametrize(
    ("expr", "values", "message"),
    [
        (sp.Integral(sp.exp(-((y - 10**30) ** 2)), (y, -sp.oo, sp.oo)), {}, "a bound; got Integral.*an estimate"),
        (x + sp.Limit(sp.cos(2 * sp.pi * 203 * positive), positive, sp.oo), {x: 1}, "a bound; got Limit"),
        (sp.Derivative(sp.sin(8 * sp.pi * 10**60 * x), x), {x: 1}, "a bound; got Derivative"),
        (sp.sqrt(positive**2), {positive: -1}, "expected a number that is positive, as p is declared; got -1"),
        (2**whole, {whole: 0.5}, "expected a number that is integer, as n is declared; got 0.5"),
        *((x, {x: value}, f"values: expected finite numbers.*got x = {value!r}") for value in (True, None, sp.oo)),
        (x, {x: math.inf}, "values: expected finite numbers"),
        (x, {x: sp.pi}, r"got x = pi\. Put it into the expression: \.subs\(x, pi\)"),
    ],
)
def test_digits_that_cannot_be_certified_are_refused(expr, values, message):
    with pytest.raises(ValueError, match=message):
        printing.digits(expr, values)


def test_what_sixty_thousand_digits_do_not_tell_from_zero_is_not_called_zero():
    for expr, values in (
        (sp.tanh(x) - 1, {x: 200_000}),
        (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, {x: 0.3}),
    ):
        with pytest.raises(printing.VanishingError, match="below 1e-50000, or 0"):
            printing.digits(expr, values)
    assert printing.digits(x * y, {x: 0, y: 1}).is_zero


def test_numbers_of_numpy_stand_for_their_exact_fractions():
    assert printing.digits(3 * x, {x: np.float32(0.1)}) == 3 * sp.Rational(float(np.float32(0.1))).n(50)
    assert printing.digits(x, {x: np.int64(7)}, count=3) == sp.Float(7, 3)
    for count in (2.5, True, "7"):
        with pytest.raises(TypeError, match="count: expected a whole number"):
            printing.digits(x, {x: 1}, count=count)


def test_numpy_function_takes_integers_as_numbers():
    function = printing.numpy_function(x**2 - y, [x, y])
    assert function(np.array([20], np.uint8), np.uint8(1)).tolist() == [399]
    assert printing.numpy_function(x**-2, [x])(np.array([2])).tolist() == [0.25]
    for expr in (x / sp.Integer(10) ** 400, sp.Integer(10) ** 400 * x):
        with pytest.raises(ValueError, match=r"expression: expected numbers below 2\^1024; got 1"):
            printing.numpy_function(expr, [x])


def test_no_two_captions_have_one_id():
    captions = [
        "図一",
        "図二",
        "A b",
        "a, b",
        "One two three four five six seven",
        "One two three four five six eight",
        "?",
    ]
    ids = [slug(caption) for caption in captions]
    assert len(set(ids)) == len(captions)
    assert ids[0].startswith("図一-")
    assert not any(" " in name for name in ids)
