"""A false step is refused, a true one is marked for what it is."""

import pytest
import sympy as sp
from sympy import IndexedBase, Integer, Rational, Sum, exp, log, pi, sin, sqrt

from lossnotes import Derivation, StepError

a, b = sp.symbols("a b", positive=True)
x, y, y_hat = sp.symbols("x y yhat", real=True)
sigma, S = sp.symbols("sigma S", positive=True)
m = sp.symbols("m", integer=True)
n, d = sp.symbols("n d", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True, positive=True)
r = IndexedBase("r", real=True)
z = IndexedBase("z", real=True)

nll = (y_hat - y) ** 2 / (2 * sigma**2) + log(2 * pi * sigma**2) / 2
softmax_sum = Sum(exp(z[j]), (j, 1, n))

FALSE = {
    "a wrong sign": (nll, (y_hat - y) ** 2 / (2 * sigma**2) - log(2 * pi * sigma**2) / 2),
    "a missing factor 2": (nll, (y_hat - y) ** 2 / sigma**2 + log(2 * pi * sigma**2) / 2),
    "a constant dropped in silence": (nll, (y_hat - y) ** 2 / (2 * sigma**2)),
    "the log of a product as a product": (log(a * b), log(a) * log(b)),
    "true at integers only": (sin(pi * x), Integer(0)),
    "true for positive numbers only": (sqrt(x**2), x),
    "a log branch": (log(x**2), 2 * log(x)),
    "true for n = 2 only": (softmax_sum, exp(z[1]) + exp(z[2])),
    "true for n = 1 only": (Sum(r[i], (i, 1, n)) ** 2, Sum(r[i] ** 2, (i, 1, n))),
    "off by 1e-12": (log(a * b), log(a) + log(b) + Rational(1, 10**12)),
    "off by a factor of 1 + 1e-12": (exp(x), exp(x) * (1 + Rational(1, 10**12))),
    "a power law with the wrong law": (exp(x) ** 2, exp(x**2)),
}

TRUE = {
    "a square multiplied out": ((y_hat - y) ** 2, y_hat**2 - 2 * y * y_hat + y**2),
    "the log of a product": (log(a * b), log(a) + log(b)),
    "an integer's sine": (sin(pi * m), Integer(0)),
    "the log of a density": (-log(exp(-(x**2) / 2) / sqrt(2 * pi)), x**2 / 2 + log(2 * pi) / 2),
    "a constant leaves a sum": (Sum(3 * r[i] + a, (i, 1, n)), 3 * Sum(r[i], (i, 1, n)) + n * a),
    "cancellation to exactly zero": (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, Integer(0)),
    "a softmax, shifted": (exp(z[k]) / softmax_sum, exp(z[k] - z[1]) / Sum(exp(z[j] - z[1]), (j, 1, n))),
    "a tiny number, kept": (Rational(1, 10**40) * a, a / 10**40),
}


@pytest.mark.parametrize("case", FALSE)
def test_false_step_is_refused(case):
    before, after = FALSE[case]
    chain = Derivation("L", before)
    with pytest.raises(StepError, match="the two sides differ"):
        chain.step(after, case)
    assert len(chain.steps) == 1, "a refused step left a trace"


@pytest.mark.parametrize("case", TRUE)
def test_true_step_is_proved(case):
    before, after = TRUE[case]
    assert Derivation("L", before).step(after, case).mark == "proved"


def test_true_step_beyond_sympy_is_checked_not_proved():
    square = Sum(r[i], (i, 1, n)) ** 2
    step = Derivation("L", square).step(Sum(r[i] * r[j], (i, 1, n), (j, 1, n)), "each with each")
    assert step.mark == "checked"
    assert step.points >= 30


def test_error_shows_both_sides_a_point_and_both_values():
    with pytest.raises(StepError) as caught:
        Derivation("L", sqrt(x**2)).step(x, "undo the square")
    message = str(caught.value)
    assert "Abs(x)" in message
    assert "x = -" in message
    first, second = message.split("the first gives ")[1].split(", the second ")
    assert float(first) == -float(second) > 0


def test_error_shows_enough_digits_to_see_the_difference():
    with pytest.raises(StepError) as caught:
        Derivation("L", a).step(a * (1 + Rational(1, 10**15)), "nearly")
    first, second = str(caught.value).split("the first gives ")[1].split(", the second ")
    assert first != second


def test_constant_and_factor_must_be_free_of_the_variable():
    chain = Derivation("L", nll)
    with pytest.raises(StepError, match="more than a constant in yhat"):
        chain.step(y_hat**2 / (2 * sigma**2), "drop y", up_to_constant_in=y_hat)
    assert chain.step((y_hat - y) ** 2 / (2 * sigma**2), "drop the norm", up_to_constant_in=y_hat).mark == "proved"
    with pytest.raises(StepError, match="positive factor"):
        chain.step(-((y_hat - y) ** 2), "a negative factor", up_to_positive_factor_in=y_hat)
    with pytest.raises(StepError, match="positive factor"):
        chain.step((y_hat - y) ** 4, "a factor with ŷ in it", up_to_positive_factor_in=y_hat)
    assert chain.step((y_hat - y) ** 2, "a factor", up_to_positive_factor_in=y_hat).mark == "proved"


def test_dropping_a_constant_in_sigma_is_refused_when_sigma_counts():
    with pytest.raises(StepError, match="more than a constant"):
        Derivation("L", nll).step((y_hat - y) ** 2 / (2 * sigma**2), "drop", up_to_constant_in=[y_hat, sigma])


def test_derivative_is_computed_not_believed():
    chain = Derivation("L", nll)
    with pytest.raises(StepError):
        chain.differentiate(y_hat, (y - y_hat) / sigma**2, "a wrong sign")
    chain.differentiate(y_hat, (y_hat - y) / sigma**2, "the residual")
    chain.differentiate(y_hat, 1 / sigma**2, "the curvature")
    assert r"\frac{\partial^{2} L}{\partial \hat{y}^{2}}" in chain.latex()


def test_derivative_of_a_sum_in_one_of_its_terms():
    chain = Derivation("L", Sum(r[i] ** 2, (i, 1, n)))
    with pytest.raises(StepError):
        chain.differentiate(r[k], r[k], "the 2 forgotten")
    assert chain.differentiate(r[k], 2 * r[k], "one term").points >= 30


def test_abbreviation_stands_for_its_meaning():
    chain = Derivation("L", Sum(r[i] ** 2, (i, 1, n)) / 2)
    with pytest.raises(StepError):
        Derivation("L", chain.expr).step(S, "the ½ lost", where={S: Sum(r[i] ** 2, (i, 1, n))})
    chain.step(S / 2, "call the sum S", where={S: Sum(r[i] ** 2, (i, 1, n))})
    with pytest.raises(ValueError, match="expected new symbols; got S"):
        chain.step(S / 2, "again", where={S: a})


def test_sizes_can_be_chosen():
    step = Derivation("L", Sum(r[i], (i, 1, n)), sizes={n: (5,)}).step(Sum(r[j], (j, 1, n)), "rename")
    assert step.points == 12


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"reason": " "}, "reason: expected why"),
        ({"reason": "both", "up_to_constant_in": x, "up_to_positive_factor_in": x}, "expected one of"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Derivation("L", x).step(x, **arguments)


def test_a_step_without_a_finite_value_is_an_error_not_a_proof():
    with pytest.raises(ValueError, match="expected finite values somewhere"):
        Derivation("L", sp.zoo).step(sp.zoo, "nothing")


def test_display_tells_the_marks_apart_and_escapes_reasons():
    chain = Derivation("L", log(a * b))
    chain.step(log(a) + log(b), "<script>alert(1)</script> 50 % of a_b")
    page = chain._repr_html_()
    assert "✓ proved" in page
    assert "checked at" not in page
    assert "<script>" not in page
    assert r"50 \% of a\_b" in chain.latex()


def test_two_dimensional_sum_keeps_its_dimensions_apart():
    y2 = IndexedBase("y", real=True)
    total = Sum(a + y2[i, j], (i, 1, n), (j, 1, d))
    chain = Derivation("L", total)
    with pytest.raises(StepError):
        chain.step(Sum(y2[i, j], (i, 1, n), (j, 1, d)) + n * a, "d forgotten")
    assert chain.step(Sum(y2[i, j], (i, 1, n), (j, 1, d)) + n * d * a, "n·d times a").mark == "proved"
