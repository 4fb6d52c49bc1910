"""The corpus, lessons 11 to 13: floating point, changed targets, and the residual in new clothes."""

import corpus
import pytest
import sympy as sp
from corpus import K, a, c, equal, i, j, k, lse, n, p, q, r, refused, sigma, t, tau, total, v, x, y, z
from corpus import logit as s
from sympy import IndexedBase, Integer, KroneckerDelta, Max, Product, Rational, Sum, exp, log, oo, pi, sqrt

from lossnotes.functions import sigmoid, softplus

eps, gamma, weight, rho = sp.symbols("epsilon gamma w rho", positive=True)
w = IndexedBase("w", positive=True)
A, B, R = (IndexedBase(name, positive=True) for name in ("a", "b", "r"))
softmax_k = corpus.softmax(k)
lse_tau = log(total(exp(z[j] / tau)))
softmax_tau = exp(z[k] / tau) / total(exp(z[j] / tau))
SHARE = {p: (0, 1), eps: (0, 1)}
MANY = {K: (2, sp.oo)}
near, far, margin = sp.symbols("d_p d_n m", nonnegative=True)
hinge = p * Max(0, 1 - s) + (1 - p) * Max(0, 1 + s)


def gap_of(scores):
    """Cross-entropy of class 1, of scores with one value at it and another elsewhere."""
    return log(total(exp(scores(j)))) - scores(1)


def gaussian_divergence():
    bell = exp(-((x - a) ** 2) / (2 * sigma**2)) / (sigma * sqrt(2 * pi))
    ratio = -((x - a) ** 2) / (2 * sigma**2) - log(sigma) + x**2 / 2
    return sp.simplify(sp.integrate(sp.expand(bell * ratio), (x, -oo, oo)))


EQUAL = {
    "11: a shift by the largest": (lse, v[1] + log(total(exp(z[j] - v[1])))),
    "11: loss by log1p": (
        lse - z[2], z[1] - z[2] + log(1 + Sum(exp(z[j] - z[1]), (j, 2, K))), MANY
    ),
    "11: log-softmax of log-softmax": (z[k] - lse - log(total(exp(z[j] - lse))), z[k] - lse),
    "11: softmax twice, its floor": (gap_of(lambda at: KroneckerDelta(at, 1)), log(1 + (K - 1) / sp.E)),
    "11: softmax twice, its ceiling": (
        log(total(exp(KroneckerDelta(j, 2)))) - KroneckerDelta(1, 2), log(K - 1 + sp.E), MANY
    ),
    "11: softplus without overflow": (softplus(s), Max(s, 0) + log(1 + exp(-sp.Abs(s)))),
    "12: label smoothing": (
        total(((1 - p) * t[k] + p / K) * (lse - z[k]), k),
        (1 - p) * total(t[k] * (lse - z[k]), k) + p / K * total(lse - z[k], k),
    ),
    "12: its second part, a divergence from uniform": (
        total(lse - z[k], k) / K, total(log(1 / K / softmax_k) / K, k) + log(K)
    ),
    "12: its optimum is where the target is": (
        1 / (1 + (K - 1) * exp(-a)).subs(a, log(1 + K * (1 - eps) / eps)), 1 - eps + eps / K, {eps: (0, 1)}
    ),
    "12: the optimum of the other convention": (
        1 / (1 + n * exp(-a)).subs(a, log((1 - eps) * n / eps)), 1 - eps, {eps: (0, 1)}
    ),
    "12: a class weight's optimum": (
        (-weight * p / q + (1 - p) / (1 - q)).subs(q, weight * p / (weight * p + 1 - p)), Integer(0), SHARE
    ),
    "12: in logits it is a shift": (
        log(q / (1 - q)).subs(q, weight * p / (weight * p + 1 - p)), log(p / (1 - p)) + log(weight), SHARE
    ),
    "12: logits adjusted by a prior": (exp(z[k] + log(w[k])) / total(exp(z[j] + log(w[j]))),
        w[k] * exp(z[k]) / total(w[j] * exp(z[j]))),
    "12: labels flipped with probability ε": (p * (1 - eps) + (1 - p) * eps, (1 - 2 * eps) * p + eps),
    "12: the optimum under flipped labels": (
        (-(p * (1 - eps) + (1 - p) * eps) / q + (1 - p * (1 - eps) - (1 - p) * eps) / (1 - q))
        .subs(q, (1 - 2 * eps) * p + eps), Integer(0), SHARE
    ),
    "12: many labels are many coins": (
        -log(Product(sigmoid(z[i]) ** t[i] * sigmoid(-z[i]) ** (1 - t[i]), (i, 1, K))),
        Sum(softplus(z[i]) - t[i] * z[i], (i, 1, K)),
    ),
    "12: the slope of distillation when hot": (
        lambda: sp.diff(exp(r * z[k]) / total(exp(r * z[j])), r).subs(r, 0).doit(), z[k] / K - total(z[j]) / K**2
    ),
    "13: the least hinge loss": (hinge.subs(s, sp.sign(2 * p - 1)), 2 * sp.Min(p, 1 - p), corpus.PROBABILITY),
    "13: which of two is better": (-log(exp(z[1]) / (exp(z[1]) + exp(z[2]))), softplus(z[2] - z[1])),
    "13: InfoNCE and ln K": (
        log(K) - (lse_tau - z[2] / tau), log(K * exp(z[2] / tau) / total(exp(z[j] / tau))), MANY
    ),
    "13: what is missing to the information is a divergence": (
        Sum(w[i, j] * log(w[i, j] / (A[i] * B[j])), (i, 1, K), (j, 1, n))
        - Sum(w[i, j] * log(R[i, j]), (i, 1, K), (j, 1, n)),
        Sum(w[i, j] * log(w[i, j] / (A[i] * B[j] * R[i, j])), (i, 1, K), (j, 1, n)),
    ),
    "13: floor of InfoNCE": (
        gap_of(lambda at: (2 * KroneckerDelta(at, 1) - 1) / tau), log(1 + (K - 1) * exp(-2 / tau))
    ),
    "13: floor of NT-Xent": (
        gap_of(lambda at: (2 * KroneckerDelta(at, 1) - 1) / tau).subs(K, 2 * n - 1).doit(),
        log(1 + (2 * n - 2) * exp(-2 / tau)),
    ),
    "13: divergence of two bells": (gaussian_divergence, (a**2 + sigma**2 - 1 - log(sigma**2)) / 2),
    "13: grey, on average": ((p * (c - 1) ** 2 + (1 - p) * c**2), (c - p) ** 2 + p * (1 - p)),
}  # fmt: skip

#: Where softmax twice sits between: all wrong classes share what the right one leaves.
twice = log(1 + (K - 1) * exp((1 - p) / (K - 1) - p))
smoothed = (1 - eps) * (lse - z[1]) + eps / K * total(lse - z[i], i)

DERIVATIVES = {
    "11: softmax twice, towards its floor": (twice.subs(K, n + 1), p, -(n + 1) / n * (1 - exp(-twice.subs(K, n + 1)))),
    "11: the chord above e^p": (1 + (sp.E - 1) * p - exp(p), p, sp.E - 1 - exp(p)),
    "12: label smoothing": (smoothed, z[1], exp(z[1]) / total(exp(z[j])) - (1 - eps) - eps / K),
    "12: distillation at temperature τ": (lse_tau, z[k], softmax_tau / tau),
    "12: distillation from soft targets": (
        total(w[i] * (lse_tau - z[i] / tau), i), z[k], (softmax_tau * total(w[i], i) - w[k]) / tau
    ),
    "12: class weight": (-weight * p * log(q) - (1 - p) * log(1 - q), q, (1 - p) / (1 - q) - weight * p / q,
        {p: (0, 1), q: (0, 1)}),
    "12: focal": (
        sigmoid(-s) ** gamma * softplus(-s), s,
        (1 - sigmoid(s)) ** gamma * (gamma * sigmoid(s) * log(sigmoid(s)) + sigmoid(s) - 1), {s: (-9, 9)},
    ),
    "12: many labels": (Sum(softplus(z[i]) - t[i] * z[i], (i, 1, K)), z[k], sigmoid(z[k]) - t[k]),
    "13: hinge on average, inside": (hinge, s, 1 - 2 * p, {p: (0, 1), s: (-1, 1)}),
    "13: above 1": (hinge, s, 1 - p, {p: (0, 1), s: (1, 40)}),
    "13: below −1": (hinge, s, -p, {p: (0, 1), s: (-40, -1)}),
    "13: pairwise logistic": (softplus(-(x - y)), x, -sigmoid(y - x)),
    "13: pairwise logistic, the other": (softplus(-(x - y)), y, sigmoid(y - x)),
    "13: InfoNCE": (lse_tau - z[1] / tau, z[k], (softmax_tau - KroneckerDelta(k, 1)) / tau),
    "13: triplet, active": (Max(0, near - far + margin), near, Integer(1), {near: (5, 9), far: (0, 5)}),
    "13: triplet, active, the far one": (Max(0, near - far + margin), far, Integer(-1), {near: (5, 9), far: (0, 5)}),
    "13: divergence of two bells, in its mean": ((a**2 + sigma**2 - 1 - log(sigma**2)) / 2, a, a),
    "13: in its spread": ((a**2 + sigma**2 - 1 - log(sigma**2)) / 2, sigma, sigma - 1 / sigma),
    "13: min-max generator": (log(1 - sigmoid(s)), s, -sigmoid(s)),
    "13: non-saturating generator": (-log(sigmoid(s)), s, -(1 - sigmoid(s))),
    "13: squared error on black or white": ((p * (c - 1) ** 2 + (1 - p) * c**2) / 2, c, c - p),
}  # fmt: skip


test_equalities, test_derivatives = corpus.tables(EQUAL, DERIVATIVES)


def test_softmax_twice_stays_between_floor_and_ceiling():
    """Its slope in the right class is negative, and e^p lies below its chord from 1 to e."""
    chord = 1 + (sp.E - 1) * p - exp(p)
    assert chord.subs(p, 0) == chord.subs(p, 1) == 0
    assert sp.diff(chord, p, 2).is_negative, "concave, so at least 0 in between"
    assert (-(n + 1) / n * exp(-a)).is_negative
    equal(twice.subs(K, n + 1).subs(p, 1), log(1 + n / sp.E))


@pytest.mark.parametrize(("floor", "right", "wrong"), [(0.5003, 0.91, 0.01), (0.5448, 0.9, 0.1 / 9)])
def test_floors_of_both_smoothing_conventions(floor, right, wrong):
    entropy = -right * sp.log(right) - 9 * wrong * sp.log(wrong)
    assert abs(entropy - floor) < 5e-5
    assert abs(right + 9 * wrong - 1) < 1e-15


def test_the_optimal_gap_of_ten_smoothed_classes():
    equal(log(1 + K * (1 - eps) / eps).subs({K: 10, eps: Rational(1, 10)}), log(91))


def test_label_smoothing_has_an_optimum():
    """At the gap, p − t is 0 for the right class; without smoothing it never is."""
    refused(exp(z[1]) / total(exp(z[j])) - 1, Integer(0))


def test_class_weights_and_focal_loss_do_not_ask_for_the_truth():
    refused(weight * p / (weight * p + 1 - p), p, domain=corpus.PROBABILITY)


def test_the_information_of_two_gaussians():
    """The mean of their log-ratio, with E x² = E y² = 1 and E xy = ρ."""
    ratio = -log(1 - rho**2) / 2 - (x**2 - 2 * rho * x * y + y**2) / (2 * (1 - rho**2)) + (x**2 + y**2) / 2
    mean = sp.expand(ratio).subs(x * y, rho).subs({x**2: 1, y**2: 1})
    equal(mean, -log(1 - rho**2) / 2, {rho: (0, 1)})


def test_a_temperature_squared_keeps_distillation_in_size():
    """τ² times its gradient tends to the difference of the logits, over K² for K = 2."""
    equal(sp.limit(tau * (sigmoid(x / tau) - sigmoid(y / tau)).rewrite(exp), tau, oo), (x - y) / 4)
