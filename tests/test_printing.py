"""One expression, four printings: they agree, and what cannot be printed is refused by name."""

import math
import shutil
import subprocess

import numpy as np
import pytest
import sympy as sp

from lossnotes import functions, printing

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


def assert_javascript_agrees(run):
    """``run`` evaluates JavaScript and gives back its JSON value."""
    for name, expr in EXPRESSIONS.items():
        source = printing.javascript_function(expr, ARGUMENTS)
        values = run(f"{POINTS}.map(point => ({source})(...point))")
        for point, value in zip(POINTS, values, strict=True):
            assert math.isclose(value, exact(expr, point), rel_tol=1e-13), (name, point)


def test_javascript_agrees_with_50_digits_in_the_browser(browser_page):
    assert_javascript_agrees(browser_page("data:text/html,<title>empty</title>").evaluate)


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed; the browser runs the same test")
def test_javascript_agrees_with_50_digits_in_node():
    import json

    def run(source):
        script = f"console.log(JSON.stringify({source}))"
        return json.loads(subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True).stdout)

    assert_javascript_agrees(run)


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (sp.gamma(x), r"prints as JavaScript; got gamma in gamma\(x\)\. Rewrite it"),
        (sp.Sum(x * y, (y, 1, 3)), r"expected it evaluated; got Sum.*Call \.doit\(\)"),
        (sp.Derivative(sp.Function("f")(x), x), "expected it evaluated"),
        (x * sp.Symbol("unknown"), "expected only the symbols x, y, sigma_0; got also unknown"),
    ],
)
def test_what_has_no_javascript_is_refused_by_name(expr, message):
    with pytest.raises(ValueError, match=message):
        printing.javascript_function(expr, ARGUMENTS)


def test_symbols_may_have_any_name():
    odd = sp.Symbol(r"\hat{y} alert(1)", real=True)
    assert printing.javascript_function(odd**2, [odd]) == "(a0) => Math.pow(a0, 2)"


def test_a_float_stands_for_its_exact_fraction():
    assert str(printing.digits(x, {x: 0.1}, count=30)) == "0.100000000000000005551115123126"
