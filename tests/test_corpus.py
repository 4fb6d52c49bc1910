"""Derivations of the curriculum, for every K, each within ten seconds; the lessons grow from them."""

import time

import pytest
import sympy as sp
from sympy import Derivative, IndexedBase, KroneckerDelta, Product, Rational, Sum, exp, log, pi, sqrt, symbols

from lossnotes import Derivation, StepError
from lossnotes.functions import logcosh, sigmoid, softplus

K, n = symbols("K n", integer=True, positive=True)
i, j, k, m, l_ = symbols("i j k m l", integer=True, positive=True)
z, t = IndexedBase("z", real=True), IndexedBase("t", real=True)
x, y, q, s = symbols("x y q s", real=True)
r, a = symbols("r a", real=True)
p, sigma, b, nu, scale = symbols("p sigma b nu s", positive=True)
logit = symbols("z_0", real=True)
PROBABILITY = {p: (0, 1)}

total = Sum(exp(z[j]), (j, 1, K))
softmax_k, softmax_m = exp(z[k]) / total, exp(z[m]) / total
lse = log(total)

EQUAL = {
    "1: half squared error, multiplied out": ((x - y) ** 2 / 2, x**2 / 2 - x * y + y**2 / 2),
    "3: log-cosh as exponentials": (logcosh(r), log(exp(r) + exp(-r)) - log(2)),
    "4: the Bernoulli likelihood": (
        -log(p**y * (1 - p) ** (1 - y)), -y * log(p) - (1 - y) * log(1 - p), PROBABILITY
    ),
    "4: sigmoid of −z": (sigmoid(-logit), 1 - sigmoid(logit)),
    "4: −ln σ(z) is a softplus": (-log(sigmoid(logit)), softplus(-logit)),
    "4: softplus(z) − softplus(−z) = z": (softplus(logit) - softplus(-logit), logit),
    "4: binary cross-entropy of a logit": (
        -q * log(sigmoid(logit)) - (1 - q) * log(1 - sigmoid(logit)), softplus(logit) - q * logit
    ),
    "4: two classes are one logit": (
        exp(z[2]) / (exp(z[1]) + exp(z[2])), sigmoid(z[2] - z[1])
    ),
    "5: cross-entropy of logits": (
        -Sum(t[k] * log(softmax_k), (k, 1, K)), Sum(t[k] * (lse - z[k]), (k, 1, K))
    ),
    "5: LSE leaves the sum over targets": (
        Sum(t[k] * (lse - z[k]), (k, 1, K)), lse * Sum(t[k], (k, 1, K)) - Sum(t[k] * z[k], (k, 1, K))
    ),
    "5: a shift of all logits": (log(Sum(exp(z[j] + a), (j, 1, K))), lse + a),
    "5: softmax does not see it": (exp(z[k] + a) / Sum(exp(z[j] + a), (j, 1, K)), softmax_k),
    "5: probabilities add up to 1": (Sum(exp(z[i]) / total, (i, 1, K)), sp.Integer(1)),
    "7: cross-entropy is entropy plus divergence": (
        -p * log(q**2 + 1), -p * log(p) + p * log(p / (q**2 + 1)), PROBABILITY
    ),
    "9: squared error through a sigmoid": (
        2 * (sigmoid(logit) - q) * sigmoid(logit) * sigmoid(-logit),
        2 * sigmoid(logit) * (1 - sigmoid(logit)) * (sigmoid(logit) - q),
    ),
    "11: softplus without overflow": (softplus(logit), sp.Max(logit, 0) + log(1 + exp(-sp.Abs(logit)))),
    "12: label smoothing": (
        Sum(((1 - p) * t[k] + p / K) * (lse - z[k]), (k, 1, K)),
        (1 - p) * Sum(t[k] * (lse - z[k]), (k, 1, K)) + p / K * Sum(lse - z[k], (k, 1, K)),
    ),
    "13: divergence of two bells": (
        log(1 / sigma) + (sigma**2 + x**2) / 2 - Rational(1, 2), (x**2 + sigma**2 - 1 - log(sigma**2)) / 2
    ),
}  # fmt: skip

DERIVATIVES = {
    "1: squared error": ((x - y) ** 2 / 2, x, x - y),
    "1: quartic error": ((x - y) ** 4, x, 4 * (x - y) ** 3),
    "1: the sine rival": (sp.sin(x) ** 2 + sp.sin(pi * x) ** 2, x, sp.sin(2 * x) + pi * sp.sin(2 * pi * x)),
    "3: log-cosh": (logcosh(r), r, sp.tanh(r)),
    "3: Student-t": ((nu + 1) / 2 * log(1 + r**2 / (nu * scale**2)), r, (nu + 1) * r / (nu * scale**2 + r**2)),
    "4: sigmoid": (sigmoid(logit), logit, sigmoid(logit) * (1 - sigmoid(logit))),
    "4: binary cross-entropy": (softplus(logit) - q * logit, logit, sigmoid(logit) - q),
    "4: its curvature": (sigmoid(logit) - q, logit, sigmoid(logit) * sigmoid(-logit)),
    "5: LSE": (lse, z[k], softmax_k),
    "5: cross-entropy, before Σt = 1 is used": (
        lse * Sum(t[i], (i, 1, K)) - Sum(t[i] * z[i], (i, 1, K)), z[k], softmax_k * Sum(t[i], (i, 1, K)) - t[k]
    ),
    "5: softmax, its Jacobian": (softmax_m, z[k], softmax_m * (KroneckerDelta(m, k) - softmax_k)),
    "9: squared error through a sigmoid": (
        (sigmoid(logit) - q) ** 2, logit, 2 * (sigmoid(logit) - q) * sigmoid(logit) * sigmoid(-logit)
    ),
    "12: distillation at temperature b": (
        log(Sum(exp(z[j] / b), (j, 1, K))), z[k], exp(z[k] / b) / Sum(exp(z[j] / b), (j, 1, K)) / b
    ),
}  # fmt: skip


def within_ten_seconds(work):
    start = time.perf_counter()
    result = work()
    assert time.perf_counter() - start < 10
    return result


@pytest.mark.parametrize("name", EQUAL)
def test_equalities(name):
    before, after, *domain = EQUAL[name]
    chain = Derivation("L", before, domain=domain[0] if domain else {})
    step = within_ten_seconds(lambda: chain.step(after, name))
    assert step.points >= 30
    with pytest.raises(StepError):
        chain.step(-after if after != 0 else sp.Integer(1), "a wrong sign")


@pytest.mark.parametrize("name", DERIVATIVES)
def test_derivatives(name):
    before, variable, after = DERIVATIVES[name]
    with pytest.raises(StepError):
        Derivation("L", before).differentiate(variable, 2 * after, "a factor of 2 too much")
    step = within_ten_seconds(lambda: Derivation("L", before).differentiate(variable, after, name))
    assert step.points >= 30


def test_the_residual_for_every_number_of_classes():
    """Cross-entropy to p − t, with the place where Σt = 1 is used in plain sight."""
    one = Sum(t[i], (i, 1, K))
    chain = Derivation("L", -Sum(t[i] * log(exp(z[i]) / total), (i, 1, K)))
    chain.step(lse * one - Sum(t[i] * z[i], (i, 1, K)), "the logarithm of a quotient")
    chain.differentiate(z[k], softmax_k * one - t[k], "softmax is the gradient of LSE")
    with pytest.raises(StepError):
        chain.step(softmax_k - t[k], "as if Σt = 1 were no premise")


def test_a_product_of_likelihoods_is_a_sum_of_losses():
    likelihood = Product(exp(-((x - t[i]) ** 2) / (2 * sigma**2)) / (sigma * sqrt(2 * pi)), (i, 1, n))
    chain = Derivation("L", -log(likelihood))
    chain.step(Sum((x - t[i]) ** 2, (i, 1, n)) / (2 * sigma**2) + n * log(2 * pi * sigma**2) / 2, "all at once")
    assert chain.steps[-1].mark == "proved"


def test_a_derivative_written_as_such_is_computed():
    chain = Derivation("L", Derivative(softplus(logit), logit))
    assert chain.step(sigmoid(logit), "what it is").mark == "proved"
    with pytest.raises(StepError):
        Derivation("L", Derivative(softplus(logit), logit)).step(sigmoid(-logit), "what it is not")
