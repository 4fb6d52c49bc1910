"""The corpus, lessons 7 to 10: divergences, proper scores, saturation, and the race."""

import corpus
import pytest
import sympy as sp
from corpus import K, derivative, equal, i, j, k, n, p, q, r, refused, softmax, t, total, x, z
from corpus import logit as s
from sympy import Abs, Derivative, IndexedBase, Integer, KroneckerDelta, Rational, Sum, exp, log, oo, sqrt

from lossnotes.functions import sigmoid, softplus

w = IndexedBase("w", positive=True)
P, Q = IndexedBase("p", positive=True), IndexedBase("q", positive=True)
b, eta = sp.symbols("b eta", positive=True)
softmax_k = softmax(k)
W = total(w[j])
UNIT = {p: (0, 1), q: (0, 1)}


def expected(right, name=q):
    """A score of the reported q on average: right(q) with probability p, right(1 − q) otherwise."""
    return p * right(name) + (1 - p) * right(1 - name)


def pull(q):
    """What sampled Hellinger distance asks of class k, less what it asks on average."""
    return P[k] / sqrt(q(k)) - total(P[i] * sqrt(q(i)), i)


def norm(name):
    return sqrt(name**2 + (1 - name) ** 2)


#: Score → what it charges the outcome that was given probability q, and its curvature at q = p.
PROPER = {
    "log": (lambda q: -log(q), 1 / (p * (1 - p))),
    "Brier": (lambda q: 2 * (1 - q) ** 2, Integer(4)),
    "spherical": (lambda q: -q / norm(q), 1 / norm(p) ** 3),
}
#: Score → its convex function G.
SAVAGE = {"log": q * log(q) + (1 - q) * log(1 - q), "Brier": -2 * q * (1 - q), "spherical": norm(q)}
cube = p ** Rational(1, 3) / (p ** Rational(1, 3) + (1 - p) ** Rational(1, 3))
focal = expected(lambda q: -((1 - q) ** 2) * log(q))

EQUAL = {
    "7: cross-entropy is entropy plus divergence": (
        -total(P[k] * log(Q[k]), k), -total(P[k] * log(P[k]), k) + total(P[k] * log(P[k] / Q[k]), k)
    ),
    "7: divergence as the gap of a logarithm below its tangent": (
        total(P[k] * log(P[k] / Q[k]) - P[k] + Q[k], k), total(P[k] * (Q[k] / P[k] - 1 - log(Q[k] / P[k])), k)
    ),
    "7: divergence as Bregman's, of x ln x": (
        total(P[k] * log(P[k]) - Q[k] * log(Q[k]) - (log(Q[k]) + 1) * (P[k] - Q[k]), k),
        total(P[k] * log(P[k] / Q[k]) - P[k] + Q[k], k),
    ),
    "7: linear in the labels": (
        total(w[i] * -total(KroneckerDelta(i, k) * log(Q[k]), k), i), -total(w[k] * log(Q[k]), k)
    ),
    "7: one label's gradient on average": (
        total(w[i] / W * (softmax_k - KroneckerDelta(i, k)), i), softmax_k - w[k] / W, {k: (1, K)}
    ),
    "7: total variation from one label": (
        total(w[i] / W * total(Abs(Q[k] / total(Q[j]) - KroneckerDelta(i, k)), k), i),
        2 - 2 * total(w[k] * Q[k], k) / (W * total(Q[j])),
    ),
    "7: sampled Hellinger's slope is 0 at p² / Σp²": (pull(lambda at: P[at] ** 2 / total(P[j] ** 2)), Integer(0)),
    "8: squared distance from a drawn label": (
        total(w[i] / W * total((Q[k] - KroneckerDelta(i, k)) ** 2, k), i),
        total((Q[k] - w[k] / W) ** 2, k) + 1 - total((w[k] / W) ** 2, k),
    ),
    "8: spherical, its slope at q = p": (
        -P[k] / sqrt(total(P[j] ** 2)) + P[k] * total(P[j] ** 2) / total(P[j] ** 2) ** Rational(3, 2), Integer(0)
    ),
    "8: the quartic's slope is 0 at its cube-root law": (
        (-4 * p * (1 - q) ** 3 + 4 * (1 - p) * q**3).subs(q, cube), Integer(0), UNIT
    ),
    "8: focal's slope at q = p": (
        sp.diff(focal, q).subs(q, p), 2 * p * (1 - p) * log(p / (1 - p)) + 2 * p - 1, corpus.PROBABILITY
    ),
    "8: a slope of c/p is the logarithm's": (lambda: local(), r * log(p), corpus.PROBABILITY),
    "8: Brier's slopes squared, on average": (
        p * (2 * (1 - p) * p * (1 - p)) ** 2 + (1 - p) * (2 * p * p * (1 - p)) ** 2, 4 * (p * (1 - p)) ** 3
    ),
    "8: Brier's curvature on average": (
        lambda: expected_curvature(), 2 * (sigmoid(s) * sigmoid(-s)) ** 2
    ),
    "9: squared error's steepest slope": (
        (-2 * sigmoid(s) * sigmoid(-s) ** 2).subs(s, -log(2)), -Rational(8, 27)
    ),
    "9: there the curvature is 0": ((3 * sigmoid(s) - 1).subs(s, -log(2)), Integer(0)),
    "9: squared error, confidently wrong": (lambda: sp.limit((1 / (1 + exp(-s)) - 1) ** 2, s, -oo), Integer(1)),
    "9: half of it": (lambda: sp.limit((1 / (1 + exp(-s)) - 1) ** 2 / 2, s, -oo), Rational(1, 2)),
    "9: over two classes": (
        lambda: sp.limit((1 / (1 + exp(-s)) - 1) ** 2 + (1 / (1 + exp(s))) ** 2, s, -oo), Integer(2)
    ),
    "9: cross-entropy's slope, confidently wrong": (lambda: sp.limit(1 / (1 + exp(-s)) - 1, s, -oo), Integer(-1)),
    "9: cross-entropy in units of e^{−z}": (lambda: sp.limit(log(1 + exp(-s)) / exp(-s), s, oo), Integer(1)),
    "9: cross-entropy less −z": (lambda: sp.limit(log(1 + exp(-s)) + s, s, -oo), Integer(0)),
    "9: ratio of slopes": (
        (sigmoid(s) - q) / (2 * (sigmoid(s) - q) * sigmoid(s) * sigmoid(-s)), 1 / (2 * sigmoid(s) * (1 - sigmoid(s)))
    ),
    "9: it is at least 2": (1 / (2 * p * (1 - p)) - 2, (1 - 2 * p) ** 2 / (2 * p * (1 - p)), corpus.PROBABILITY),
    "9: squared error through a sigmoid": (
        2 * (sigmoid(s) - q) * sigmoid(s) * sigmoid(-s), 2 * sigmoid(s) * (1 - sigmoid(s)) * (sigmoid(s) - q)
    ),
    "9: 2/K at uniform p": (
        2 / K * (1 / K - w[k] / W - total((1 / K - w[j] / W) / K)), 2 / K * (1 / K - w[k] / W)
    ),
    "9: wrong by a tie at least": ((1 - p) ** 2 + p**2 - Rational(1, 2), 2 * (p - Rational(1, 2)) ** 2),
    "9: the others, squared one by one": (
        total(w[i], i) ** 2 - total(w[i] ** 2, i), Sum((1 - KroneckerDelta(i, j)) * w[i] * w[j], (i, 1, K), (j, 1, K))
    ),
    "9: wrong by less than √2": (2 - 2 * (1 - p) ** 2, 2 * p * (2 - p)),
    "9: a weight in a hidden layer": (
        Derivative((sigmoid(x * sigmoid(r * q)) - 1) ** 2, r),
        2 * sigmoid(x * sigmoid(r * q)) * sigmoid(-x * sigmoid(r * q)) * Derivative(softplus(-x * sigmoid(r * q)), r),
    ),
    "10: weights grow like a logarithm": (lambda: sp.limit(b / log(b + exp(b) - 1), b, oo), Integer(1)),
    "10: separable loss falls like 1/t": (
        lambda: sp.limit(log(1 + exp(-b)) * (b + exp(b) - 1), b, oo), Integer(1)
    ),
    "10: a step of squared error contracts": (x - eta * b * (x - r) - r, (1 - eta * b) * (x - r)),
    "10: n steps": (lambda: contracted(), (1 - eta * b) ** n * x),
}  # fmt: skip

DERIVATIVES = {
    "7: a logarithm and its tangent": (p - 1 - log(p), p, 1 - 1 / p),
    "7: convex": (1 - 1 / p, p, p**-2),
    "7: a sum over labels and its gradient": (
        total(w[i] * (log(total(exp(z[j]))) - z[i]), i), z[k], softmax_k * total(w[i], i) - w[k]
    ),
    "7: sampled Hellinger": (
        -2 * total(P[i] * exp(z[i] / 2), i) / sqrt(total(exp(z[j]))), z[k],
        -softmax_k * pull(softmax),
    ),
    "8: log, K classes": (-total(w[i] / W * log(softmax(i)), i), z[k], softmax_k - w[k] / W),
    "8: Brier, K classes": (total((Q[i] - P[i]) ** 2, i), Q[k], 2 * (Q[k] - P[k])),
    "8: spherical, K classes": (
        -total(P[i] * Q[i], i) / sqrt(total(Q[j] ** 2)), Q[k],
        -P[k] / sqrt(total(Q[j] ** 2)) + Q[k] * total(P[i] * Q[i], i) / total(Q[j] ** 2) ** Rational(3, 2),
    ),
    "8: absolute error leads to a vertex": (expected(lambda q: 2 * (1 - q)), q, 2 - 4 * p, UNIT),
    "8: the quartic": (expected(lambda q: (1 - q) ** 4), q, 4 * (1 - p) * q**3 - 4 * p * (1 - q) ** 3, UNIT),
    "9: squared error through a sigmoid": (
        (sigmoid(s) - q) ** 2, s, 2 * (sigmoid(s) - q) * sigmoid(s) * sigmoid(-s)
    ),
    "9: its curvature for y = 1": (
        -2 * sigmoid(s) * sigmoid(-s) ** 2, s, 2 * sigmoid(s) * sigmoid(-s) ** 2 * (3 * sigmoid(s) - 1)
    ),
    "9: K classes": (
        total((softmax(i) - t[i]) ** 2, i), z[k],
        2 * softmax_k * (softmax_k - t[k] - total(softmax(i) * (softmax(i) - t[i]), i)),
    ),
    "9: time to escape, cross-entropy": (s + exp(s), s, 1 / sigmoid(-s)),
    "9: time to escape, squared error": (
        3 * s / 2 + exp(2 * s) / 4 + 3 * exp(s) / 2 - exp(-s) / 2, s, 1 / (2 * sigmoid(s) * sigmoid(-s) ** 2)
    ),
    "10: time to a weight, at margin b": ((b * x + exp(b * x) - 1) / b**2, x, 1 / (b * sigmoid(-b * x))),
}  # fmt: skip


def local():
    """p φ′(p) = λ"""
    phi = sp.Function("phi")
    return sp.dsolve(sp.Eq(p * phi(p).diff(p), r), phi(p), ics={phi(1): 0}).rhs


def expected_curvature():
    slope = [sp.diff((sigmoid(s) - label) ** 2, s, 2) for label in (0, 1)]
    return sigmoid(-s) * slope[0] + sigmoid(s) * slope[1]


def contracted():
    error = sp.Function("e")
    return sp.rsolve(error(n + 1) - (1 - eta * b) * error(n), error(n), {error(0): x})


test_equalities, test_derivatives = corpus.tables(EQUAL, DERIVATIVES)


def test_a_logarithm_lies_below_its_tangent():
    """So that no divergence is negative: each of its terms is at least 0, and 0 where p = q."""
    corpus.lowest(p - 1 - log(p), p, Integer(1), Integer(1))
    assert (p - 1 - log(p)).subs(p, 1) == 0
    assert (p**-2).is_positive


def test_sampled_total_variation_has_no_minimum_inside():
    assert sp.diff(expected(lambda q: 2 * (1 - q)), q, 2) == 0


@pytest.mark.parametrize("score", PROPER)
def test_proper_scores_are_lowest_at_the_truth(score):
    right, curvature = PROPER[score]
    slope = sp.diff(expected(right), q)
    equal(slope.subs(q, p), Integer(0), corpus.PROBABILITY)
    refused(slope.subs(q, p**2), Integer(0), domain=corpus.PROBABILITY)
    equal(sp.diff(slope, q).subs(q, p), curvature, corpus.PROBABILITY)


@pytest.mark.parametrize("score", PROPER)
def test_savage_form(score):
    """−score = G(q) + G′(q)(1 − q), and its mean has the slope G″(q)(p − q)."""
    right, G = PROPER[score][0], SAVAGE[score]
    equal(G + sp.diff(G, q) * (1 - q), -right(q), UNIT)
    derivative(G + sp.diff(G, q) * (p - q), q, sp.diff(G, q, 2) * (p - q), UNIT)


def test_savage_form_of_every_convex_function():
    G = sp.Function("G")
    slope = sp.diff(G(q) + G(q).diff(q) * (p - q), q)
    assert sp.simplify(slope - G(q).diff(q, 2) * (p - q)) == 0
    assert sp.simplify(slope - G(q).diff(q, 2) * (q - p)) != 0


def test_focal_loss_is_improper():
    refused(sp.diff(focal, q).subs(q, p), Integer(0), domain=corpus.PROBABILITY)


def test_the_ratio_of_slopes_is_lowest_at_one_half():
    assert ((1 - 2 * s) ** 2).is_nonnegative
    assert (1 / (2 * p * (1 - p)) - 2).subs(p, Rational(1, 2)) == 0
    assert (2 * (s - Rational(1, 2)) ** 2).is_nonnegative, "so ‖p − y‖² is at least ½ for a wrong answer"
