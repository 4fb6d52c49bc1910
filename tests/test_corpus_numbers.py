"""The corpus, lessons 1 to 3: losses of a number, and the noise that they stand for."""

import corpus
import pytest
import sympy as sp
from corpus import a, c, d, i, j, k, n, p, r, refused, sigma, x, y
from sympy import Abs, IndexedBase, Integer, Integral, Product, Rational, Sum, exp, log, oo, pi, sin, sqrt, symbols

from lossnotes import Derivation
from lossnotes.functions import logcosh

b, nu, scale, delta, lamda = symbols("b nu s delta lambda", positive=True)
whole = symbols("m", integer=True, nonzero=True)
w = symbols("w", real=True)
X, Y = IndexedBase("x", real=True), IndexedBase("y", real=True)
R = IndexedBase("r", real=True)
squares = Sum((X[i] - Y[i]) ** 2, (i, 1, n))
mean = Sum(Y[j], (j, 1, n)) / n
S = Sum(R[i, j] ** 2, (i, 1, n), (j, 1, d))
A = Sum(Abs(R[i]), (i, 1, n))
student = (nu + 1) / 2 * log(1 + r**2 / (nu * scale**2))
student_slope = (nu + 1) * r / (nu * scale**2 + r**2)
ridge = Sum((Y[i] - w * X[i]) ** 2, (i, 1, n)) / (2 * sigma**2) + lamda * w**2 / 2
ridge_optimum = Sum(X[i] * Y[i], (i, 1, n)) / (Sum(X[i] ** 2, (i, 1, n)) + lamda * sigma**2)


def sine(ratio):
    return sin(x) ** 2 + sin(ratio * x) ** 2


def huber_mass():
    bell = sp.integrate(exp(-(r**2) / 2), (r, -delta, delta))
    return bell + 2 * sp.integrate(exp(-delta * (r - delta / 2)), (r, delta, oo))


HUBER_MASS = sqrt(2 * pi) * sp.erf(delta / sqrt(2)) + 2 * exp(-(delta**2) / 2) / delta

EQUAL = {
    "1: half squared error, multiplied out": ((x - y) ** 2 / 2, x**2 / 2 - x * y + y**2 / 2),
    "1: the sine rival where its first term is 0": (sine(pi).subs(x, pi * whole), sin(pi**2 * whole) ** 2),
    "2: a curvature of σ̂": (
        (3 * S / sigma**4 - n * d / sigma**2).subs(sigma, sqrt(S / (n * d))), 2 * (n * d) ** 2 / S
    ),
    "2: the slope is 0 at σ̂": ((-S / sigma**3 + n * d / sigma).subs(sigma, sqrt(S / (n * d))), Integer(0)),
    "2: the loss at its best s": (
        (exp(-a) * r**2 / 2 + a / 2).subs(a, log(r**2)), Rational(1, 2) + log(Abs(r))
    ),
    "2: the slope is 0 at the shrunken weight": (sp.diff(ridge, w).subs(w, ridge_optimum), Integer(0)),
    "3: squared error is spread plus distance from the mean": (
        Sum((Y[i] - c) ** 2, (i, 1, n)) / n, Sum((Y[i] - mean) ** 2, (i, 1, n)) / n + (c - mean) ** 2
    ),
    "3: log-cosh as exponentials": (logcosh(r), log(exp(r) + exp(-r)) - log(2)),
    "3: the density of log-cosh": (-log(1 / (pi * sp.cosh(r))), logcosh(r) + log(pi)),
    "3: its mass": (
        lambda: sp.limit(2 * sp.atan(exp(r)) / pi, r, oo) - sp.limit(2 * sp.atan(exp(r)) / pi, r, -oo), Integer(1)
    ),
    "3: Huber's normaliser": (huber_mass, HUBER_MASS),
    "3: of a wide Huber loss": (lambda: sp.limit(HUBER_MASS, delta, oo), sqrt(2 * pi)),
    "3: Laplace's slope is 0 at the mean size": ((n / b - A / b**2).subs(b, A / n), Integer(0)),
    "3: Laplace's curvature there": ((-n / b**2 + 2 * A / b**3).subs(b, A / n), n**3 / A**2),
    "3: Student-t pulls hardest with": (student_slope.subs(r, scale * sqrt(nu)), (nu + 1) / (2 * scale * sqrt(nu))),
    "3: there its pull turns": (sp.diff(student_slope, r).subs(r, scale * sqrt(nu)), Integer(0)),
    "3: and bends down": (
        sp.diff(student_slope, r, 2).subs(r, scale * sqrt(nu)), -(nu + 1) / (2 * (scale * sqrt(nu)) ** 3)
    ),
    "3: Student-t with many degrees of freedom": (lambda: sp.limit(student, nu, oo), r**2 / (2 * scale**2)),
    "3: a linear slope leaves the mean alone": (b * (sigma * a) + a * (sigma * -b), Integer(0)),
}  # fmt: skip

DERIVATIVES = {
    "1: half squared error": ((x - y) ** 2 / 2, x, x - y),
    "1: squared error": ((x - y) ** 2, x, 2 * (x - y)),
    "1: mean squared error": (squares / n, X[k], 2 * (X[k] - Y[k]) / n),
    "1: quartic error": ((x - y) ** 4, x, 4 * (x - y) ** 3),
    "1: the sine rival": (sine(pi), x, sin(2 * x) + pi * sin(2 * pi * x)),
    "2: the spread": (S / (2 * sigma**2) + n * d * log(sigma), sigma, -S / sigma**3 + n * d / sigma),
    "2: a spread for each point": (exp(-a) * r**2 / 2 + a / 2, a, (1 - exp(-a) * r**2) / 2),
    "2: its curvature": ((1 - exp(-a) * r**2) / 2, a, exp(-a) * r**2 / 2),
    "2: weight decay": (
        ridge, w, (w * Sum(X[i] ** 2, (i, 1, n)) - Sum(X[i] * Y[i], (i, 1, n))) / sigma**2 + lamda * w
    ),
    "3: squared error on average": (Sum((Y[i] - c) ** 2, (i, 1, n)) / n, c, 2 * (c - mean)),
    "3: absolute error on average": (Sum(Abs(Y[i] - c), (i, 1, n)) / n, c, Sum(sp.sign(c - Y[i]), (i, 1, n)) / n),
    "3: log-cosh": (logcosh(r), r, sp.tanh(r)),
    "3: an integral of sech": (2 * sp.atan(exp(r)) / pi, r, 1 / (pi * sp.cosh(r))),
    "3: the Laplace scale": (n * log(2 * b) + A / b, b, n / b - A / b**2),
    "3: its curvature": (n / b - A / b**2, b, -n / b**2 + 2 * A / b**3),
    "3: Student-t": (student, r, student_slope),
}  # fmt: skip


test_equalities, test_derivatives = corpus.tables(EQUAL, DERIVATIVES)


def test_the_sine_rival_is_zero_at_zero_only():
    """sin x = 0 asks for x = mπ, and sin πx = 0 for a whole number: πm is none, π being irrational."""
    assert (pi * whole).is_integer is False
    refused(sine(pi).subs(x, pi * whole), Integer(0))
    corpus.equal(sine(2).subs(x, pi * whole), Integer(0))  # a rational ratio has zeros elsewhere


def gaussian():
    residuals = (X[i, j] - Y[i, j]) ** 2
    density = exp(-residuals / (2 * sigma**2)) / (sigma * sqrt(2 * pi))
    return Sum(residuals, (i, 1, n), (j, 1, d)), -log(Product(density, (i, 1, n), (j, 1, d)))


def test_a_product_of_likelihoods_is_a_sum_of_losses():
    total, loss = gaussian()
    corpus.equal(loss, total / (2 * sigma**2) + n * d * log(2 * pi * sigma**2) / 2)
    refused(loss, total / (2 * sigma**2) + n * log(2 * pi * sigma**2) / 2)


def test_the_best_fit_does_not_depend_on_sigma():
    total, _ = gaussian()
    chain = Derivation("L", total / (2 * sigma**2) + n * d * log(2 * pi * sigma**2) / 2)
    chain.step(total / (2 * sigma**2), "no x in it", up_to_constant_in=X)
    assert chain.step(total, "σ is no x", up_to_positive_factor_in=X).mark == "proved"
    with pytest.raises(corpus.StepError):
        chain.step(-total, "a negative factor", up_to_positive_factor_in=X)


def test_with_weight_decay_it_does():
    with pytest.raises(corpus.StepError):
        Derivation("L", ridge).step(ridge.subs(sigma, 1), "σ dropped", up_to_positive_factor_in=w)


def test_a_spread_for_each_point_collapses():
    corpus.lowest(exp(-a) * r**2 / 2 + a / 2, a, log(r**2), Rational(1, 2), {r: (1, 9)})
    assert sp.limit(Rational(1, 2) + log(b), b, 0) == -oo


def test_medians_and_quantiles_for_every_density():
    """Leibniz's rule: the slope is F(c) − q, and q = ½ is the median."""
    f, h = sp.Function("f"), symbols("h", positive=True)
    loss = (1 - h) * Integral((c - y) * f(y), (y, -oo, c)) + h * Integral((y - c) * f(y), (y, c, oo))
    below, above = Integral(f(y), (y, -oo, c)), Integral(f(y), (y, c, oo))
    assert sp.simplify(sp.diff(loss, c) - ((1 - h) * below - h * above)) == 0
    assert sp.simplify(sp.diff(loss, c) - (h * below - (1 - h) * above)) != 0
    corpus.equal((1 - h) * p - h * (1 - p), p - h, corpus.PROBABILITY)  # F and 1 − F


def test_only_a_linear_slope_leaves_the_mean_alone():
    """Two values a above and b below the mean, with weights b and a: f′(a)/a = f′(−b)/(−b)."""
    chain = b * (4 * a**3) + a * (4 * (-b) ** 3)
    refused(chain, Integer(0))
    corpus.equal(chain, 4 * a * b * (a**2 - b**2))
