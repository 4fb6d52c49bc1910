"""The corpus, lessons 4 to 6: one bit, K classes, and what forces the residual."""

import corpus
import pytest
import sympy as sp
from corpus import K, a, c, i, j, k, lse, m, n, p, q, r, refused, softmax, t, tau, total, v, x, y, z
from corpus import logit as s
from sympy import Derivative, IndexedBase, Integer, KroneckerDelta, Product, Rational, Sum, exp, log, oo, pi, sqrt

from lossnotes import Derivation
from lossnotes.functions import logcosh, sigmoid, softplus

softmax_k, softmax_m, labels = softmax(k), softmax(m), total(t[i], i)
cross_entropy = softplus(s) - q * s
weight = IndexedBase("w", positive=True)
gap = IndexedBase("g", nonnegative=True)
theta = sp.symbols("theta", negative=True)
shape = sp.symbols("k", positive=True)
Phi = (1 + sp.erf(s / sqrt(2))) / 2
phi = exp(-(s**2) / 2) / sqrt(2 * pi)
count = sp.symbols("n", integer=True, nonnegative=True)
rest = sp.symbols("R", positive=True)
z_1, z_2 = sp.symbols("z_1 z_2", real=True)

#: Link → the integral of link(s) − q from 0 to the score: the loss that gives it the residual.
MATCHING = {
    sp.tanh: logcosh(s) - q * s,
    sp.exp: exp(s) - 1 - q * s,
    sp.atan: s * sp.atan(s) - log(1 + s**2) / 2 - q * s,
    sigmoid: cross_entropy - log(2),
}
probit = s * Phi + phi - q * s

EQUAL = {
    "4: the Bernoulli likelihood": (
        -log(p**y * (1 - p) ** (1 - y)), -y * log(p) - (1 - y) * log(1 - p), corpus.PROBABILITY
    ),
    "4: sigmoid of −z": (sigmoid(-s), 1 - sigmoid(s)),
    "4: −ln σ(z) is a softplus": (-log(sigmoid(s)), softplus(-s)),
    "4: softplus(z) − softplus(−z) = z": (softplus(s) - softplus(-s), s),
    "4: binary cross-entropy of a logit": (-q * log(sigmoid(s)) - (1 - q) * log(1 - sigmoid(s)), cross_entropy),
    "4: two classes are one logit": (exp(z[2]) / (exp(z[1]) + exp(z[2])), sigmoid(z[2] - z[1])),
    "4: n fair flips": (-log(Product(Rational(1, 2), (i, 1, n))), n * log(2)),
    "5: cross-entropy of logits": (-total(t[k] * log(softmax_k), k), total(t[k] * (lse - z[k]), k)),
    "5: LSE leaves the sum over targets": (
        total(t[k] * (lse - z[k]), k), lse * total(t[k], k) - total(t[k] * z[k], k)
    ),
    "5: cross-entropy of a label": (-total(KroneckerDelta(k, 2) * log(softmax_k), k), lse - z[2], {K: (2, sp.oo)}),
    "5: a shift of all logits": (log(total(exp(z[j] + a))), lse + a),
    "5: softmax does not see it": (exp(z[k] + a) / total(exp(z[j] + a)), softmax_k),
    "5: probabilities add up to 1": (total(softmax(i), i), Integer(1)),
    "5: J1 = 0": (total(softmax_m * (KroneckerDelta(m, i) - softmax(i)), i), Integer(0), {m: (1, K)}),
    "5: the quadratic form of J": (
        total(weight[i] * v[i] ** 2, i) * total(weight[j]) - total(weight[i] * v[i], i) ** 2,
        Sum(weight[i] * weight[j] * (v[i] - v[j]) ** 2, (i, 1, K), (j, 1, K)) / 2,
    ),
    "5: LSE at a temperature, about any a": (
        tau * log(total(exp(z[j] / tau))), a + tau * log(total(exp((z[j] - a) / tau)))
    ),
    "5: K equal logits": (tau * log(total(exp(a / tau))), a + tau * log(K)),
    "5: K less terms that are at most 1": (K - total(1 / (1 + gap[j])), total(gap[j] / (1 + gap[j]))),
    "5: one logit behind, when cold": (lambda: sp.limit(tau * log(1 + exp(-p / tau)), tau, 0), Integer(0)),
    "6: the loss whose slope is the difference": (lambda: solved(x - y, y), (x - y) ** 2 / 2),
    "6: slope in p, times dp/dz": ((p - q) / (p * (1 - p)) * (p * (1 - p)), p - q, corpus.PROBABILITY),
    "6: a path from 0, its end": (log(total(exp(1 * z[j]))) - log(total(exp(0 * z[j]))), lse - log(K)),
    "6: tanh's matching loss": (lambda: matching(sp.tanh), MATCHING[sp.tanh]),
    "6: exp's matching loss": (lambda: matching(sp.exp), MATCHING[sp.exp]),
    "6: atan's matching loss": (lambda: matching(sp.atan), MATCHING[sp.atan]),
    "6: probit's matching loss": (
        lambda: sp.integrate(Phi - q, (s, 0, c)).rewrite(sp.erf), (probit - 1 / sqrt(2 * pi)).subs(s, c)
    ),
    "6: z² + 1 is not conservative": (
        2 * z_1 * (z_2**2 + 1) - (z_1**2 + 1) * 2 * z_2, 2 * (z_1 - z_2) * (1 - z_1 * z_2)
    ),
    "6: the mean of a Poisson count": (lambda: poisson(count), exp(s)),
    "6: its variance": (lambda: poisson(count**2) - poisson(count) ** 2, exp(s)),
    "6: the mean of an exponential": (lambda: exponential(r), -1 / theta),
    "6: its variance, squared mean": (lambda: exponential(r**2) - exponential(r) ** 2, theta**-2),
}  # fmt: skip

DERIVATIVES = {
    "4: sigmoid": (sigmoid(s), s, sigmoid(s) * (1 - sigmoid(s))),
    "4: binary cross-entropy": (cross_entropy, s, sigmoid(s) - q),
    "4: its curvature": (sigmoid(s) - q, s, sigmoid(s) * sigmoid(-s)),
    "4: of two logits, in the first": (cross_entropy.subs(s, z_2 - z_1), z_1, -(sigmoid(z_2 - z_1) - q)),
    "4: of two logits, in the second": (cross_entropy.subs(s, z_2 - z_1), z_2, sigmoid(z_2 - z_1) - q),
    "5: LSE": (lse, z[k], softmax_k),
    "5: cross-entropy, before Σt = 1 is used": (lse * labels - total(t[i] * z[i], i), z[k], softmax_k * labels - t[k]),
    "5: softmax, its Jacobian": (softmax_m, z[k], softmax_m * (KroneckerDelta(m, k) - softmax_k)),
    "6: half squared error has the slope asked for": ((x - y) ** 2 / 2, x, x - y),
    "6: binary cross-entropy in p": (
        -q * log(p) - (1 - q) * log(1 - p), p, (p - q) / (p * (1 - p)), corpus.PROBABILITY
    ),
    "6: LSE along a ray": (log(total(exp(r * z[j]))), r, total(z[k] * exp(r * z[k]), k) / total(exp(r * z[j]))),
    "6: f = a e^{cz} has a loss": (
        log(total(p * exp(tau * z[j]))) / tau - total(t[i] * z[i], i), z[k],
        p * exp(tau * z[k]) / total(p * exp(tau * z[j])) - t[k],
    ),
    "6: f_k = a_k e^{cz} has one too: offsets": (
        log(total(weight[j] * exp(tau * z[j]))) / tau - total(t[i] * z[i], i), z[k],
        weight[k] * exp(tau * z[k]) / total(weight[j] * exp(tau * z[j])) - t[k],
    ),
    "6: tanh": (MATCHING[sp.tanh], s, sp.tanh(s) - q),
    "6: exp": (MATCHING[sp.exp], s, exp(s) - q),
    "6: atan": (MATCHING[sp.atan], s, sp.atan(s) - q),
    "6: probit": (probit, s, Phi - q),
    "6: sigmoid": (MATCHING[sigmoid], s, sigmoid(s) - q),
}  # fmt: skip

#: Family → A(θ), its mean A′ and its variance A″.
CANONICAL = {
    "Gaussian": (s, s**2 / 2, s, Integer(1)),
    "Bernoulli": (s, softplus(s), sigmoid(s), sigmoid(s) * sigmoid(-s)),
    "Poisson": (s, exp(s), exp(s), exp(s)),
    "exponential": (theta, -log(-theta), -1 / theta, theta**-2),
    "Gamma": (theta, -shape * log(-theta), -shape / theta, shape / theta**2),
}


def solved(slope, right):
    """The loss with this slope that is 0 where the answer is right."""
    L = sp.Function("L")
    return sp.dsolve(sp.Eq(L(x).diff(x), slope), L(x), ics={L(right): 0}).rhs


def matching(link):
    """∫₀ˢ (link − q)"""
    return sp.integrate(link(r) - q, (r, 0, s))


def poisson(value):
    rate = sp.Symbol("rate", positive=True)
    mean = sp.summation(value * rate**count / sp.factorial(count), (count, 0, oo)) * exp(-rate)
    return sp.simplify(mean).subs(rate, exp(s))


def exponential(value):
    positive = sp.Symbol("r", positive=True)
    return sp.integrate(value.subs(r, positive) * -theta * exp(theta * positive), (positive, 0, oo))


test_equalities, test_derivatives = corpus.tables(EQUAL, DERIVATIVES)


@pytest.mark.parametrize("family", CANONICAL)
def test_canonical_links(family):
    natural, normaliser, mean, variance = CANONICAL[family]
    corpus.derivative(normaliser, natural, mean)
    corpus.derivative(mean, natural, variance)


def test_a_derivative_written_as_such_is_computed():
    chain = Derivation("L", Derivative(softplus(s), s))
    assert chain.step(sigmoid(s), "what it is").mark == "proved"
    refused(Derivative(softplus(s), s), sigmoid(-s))


def test_binary_cross_entropy_is_convex():
    assert (sigmoid(s) * sigmoid(-s)).is_positive
    assert (sigmoid(s) - sigmoid(-s)).is_positive is None


def test_a_likelihood_underflows_where_its_logarithm_does_not():
    assert 0.5**1100 == 0 < 0.5**1000
    assert float(1100 * log(2)) == pytest.approx(762.4618986159398, rel=1e-15)


def test_the_residual_for_every_number_of_classes():
    """Cross-entropy to p − t, with the place where Σt = 1 is used in plain sight."""
    chain = Derivation("L", -total(t[i] * log(softmax(i)), i))
    chain.step(lse * labels - total(t[i] * z[i], i), "the logarithm of a quotient")
    chain.differentiate(z[k], softmax_k * labels - t[k], "softmax is the gradient of LSE")
    with pytest.raises(corpus.StepError):
        chain.step(softmax_k - t[k], "as if Σt = 1 were no premise")
    target = weight[k] / total(weight[j])  # any distribution
    corpus.equal(softmax_k * total(target.subs(k, i), i) - target, softmax_k - target)


def test_softmax_has_a_positive_semidefinite_jacobian():
    assert (weight[i] * weight[j] * (v[i] - v[j]) ** 2).is_nonnegative
    assert (weight[i] * weight[j] * (v[i] + v[j])).is_nonnegative is None


def test_lse_lies_between_the_largest_and_ln_K_above_it():
    """With a = max z the terms e^{(z − a)/τ} = 1/(1 + g) are at most 1, and one of them is 1."""
    assert (gap[j] / (1 + gap[j])).is_nonnegative, "so Σ is at most K"
    assert (1 / (1 + gap[j])).is_positive, "so Σ is at least the 1 of the largest"
    refused(K - total(1 / (1 + gap[j])), Integer(0))


def test_a_normalised_function_with_a_residual_loss_is_an_exponential():
    """asymmetry × S² = f′(z₁)f(z₂) − f(z₁)f′(z₂), whatever the other classes add to S."""
    f = sp.Function("f")
    S = f(z_1) + f(z_2) + rest
    asymmetry = sp.diff(f(z_2) / S, z_1) - sp.diff(f(z_1) / S, z_2)
    wanted = f(z_1) * f(z_2).diff(z_2) - f(z_1).diff(z_1) * f(z_2)
    assert sp.simplify(asymmetry * S**2 - wanted) == 0
    assert sp.simplify(asymmetry * S**2 + wanted) != 0
    # f′/f has the same value c everywhere:
    found = sp.dsolve(sp.Eq(f(x).diff(x), c * f(x)), f(x)).rhs
    assert found == sp.Symbol("C1") * exp(c * x)
    assert sp.diff(found, x) - c * found == 0


@pytest.mark.parametrize("f", [lambda s: s**2 + 1, softplus])
def test_other_functions_have_no_residual_loss(f):
    first, second = f(z_1), f(z_2)
    S = first + second + rest
    asymmetry = sp.diff(first / S, z_2) - sp.diff(second / S, z_1)
    corpus.equal(asymmetry * S**2, sp.diff(first, z_1) * second - first * sp.diff(second, z_2))
    refused(asymmetry, Integer(0))
