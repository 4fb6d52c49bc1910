"""False steps that no derivation may publish, true ones that it must allow, and what it cannot judge.

``FALSE``, ``TRUE`` and ``MALFORMED`` map a kind to its cases, and a case's description to the case. The rules
that decide which is which:

- A step is false if one point of its domain, or one size, tells the two sides apart. A point where only one side
  has a value, as (x² − 1)/(x − 1) at 1, tells nothing; a whole interval of them does.
- Sizes are positive and may be 1; a sum whose end is below its start is 0.
- A derivative in z_k of a sum to n is a statement for 1 ≤ k ≤ n, and holds if it holds off the kinks.
- A dropped constant is free of the variable; a dropped factor is that, and positive everywhere.
- A free index of any other line is any number that it may be, inside the sums and beyond, but for its domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Heaviside,
    IndexedBase,
    Integer,
    Integral,
    KroneckerDelta,
    Limit,
    Max,
    Min,
    Piecewise,
    Product,
    Rational,
    Sum,
    acos,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    digamma,
    erf,
    erfc,
    exp,
    factorial,
    gamma,
    log,
    loggamma,
    oo,
    pi,
    polygamma,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

from lossnotes.functions import lngamma, logcosh, sigmoid, softplus


@dataclass(frozen=True, eq=False)
class Case:
    """One step of a chain; ``relation`` is "equal", "derivative", "constant" or "factor".

    ``earlier`` are the right steps that the chain takes before this one, and ``naming`` is a word that the refusal
    of a malformed step says.
    """

    before: Any
    after: Any
    relation: str = "equal"
    variable: Any = None
    domain: Mapping[Any, Any] = field(default_factory=dict)
    where: Mapping[Any, Any] | None = None
    earlier: tuple["Case", ...] = ()
    naming: str = ""


def slope(before, variable, after, **more):
    return Case(before, after, "derivative", variable, **more)


def constant(before, after, variable, **more):
    return Case(before, after, "constant", variable, **more)


def factor(before, after, variable, **more):
    return Case(before, after, "factor", variable, **more)


def total(term, index=None, low=1, high=None):
    return Sum(term, (i if index is None else index, low, n if high is None else high))


def tiny(exponent):
    return Rational(1, 10**exponent)


x, y, a, b, c, u = symbols("x y a b c u", real=True)
p, q, s, tau, nu = symbols("p q s tau nu", positive=True)
S, X = symbols("S X", positive=True)
M = symbols("M", real=True)
m = symbols("m", integer=True)
i, j, k, l, n, d, K = symbols("i j k l n d K", integer=True, positive=True)  # noqa: E741
even = symbols("N", integer=True, positive=True, even=True)
z, r, h, A, B = (IndexedBase(name, real=True) for name in "zrhAB")
g, f = (IndexedBase(name, positive=True) for name in "gf")
half = Rational(1, 2)

UNIT = {p: (0, 1)}
UNITS = {p: (0, 1), q: (0, 1)}

partition = total(exp(z[i]))
lse = log(partition)
square = total(r[i] ** 2)
mean = total(r[i]) / n
G = total(g[i])
bell = exp(-(x**2) / 2) / sqrt(2 * pi)
Phi = (1 + erf(x / sqrt(2))) / 2
huber = Piecewise((x**2 / 2, Abs(x) <= q), (q * (Abs(x) - q / 2), True))


def share(at):
    """Softmax."""
    return exp(z[at]) / total(exp(z[j]), j)


FALSE: dict[str, dict[str, Case]] = {}
TRUE: dict[str, dict[str, Case]] = {}
MALFORMED: dict[str, dict[str, Case]] = {}

# --- algebra ----------------------------------------------------------------------------

FALSE["algebra"] = {
    "a square without its cross term": Case((x + y) ** 2, x**2 + y**2),
    "half of a square, half kept": Case((x - y) ** 2 / 2, x**2 / 2 - x * y + y**2),
    "the cross term's sign": Case((x - y) ** 2, x**2 + 2 * x * y + y**2),
    "a quotient of a sum": Case(1 / (p + q), 1 / p + 1 / q),
    "the exponential of a sum": Case(exp(x + y), exp(x) + exp(y)),
    "a power of a power": Case(exp(x) ** 2, exp(x**2)),
    "cancelled in a sum": Case((x + y) / (x + c), y / c),
    "a square completed with the wrong sign": Case(x**2 - 2 * a * x, (x - a) ** 2 + a**2),
    "the square of a mean": Case((x**2 + y**2) / 2, ((x + y) / 2) ** 2),
    "a difference of cubes": Case(x**3 - y**3, (x - y) ** 3),
    "the root of a sum": Case(sqrt(p + q), sqrt(p) + sqrt(q)),
    "cosh and sinh as cos and sin": Case(cosh(x) ** 2 + sinh(x) ** 2, Integer(1)),
    "two symbols of one name": Case(x, sp.Symbol("x")),
    "two symbols of one name that cancel": Case(p - sp.Symbol("p", real=True), Integer(0)),
}
TRUE["algebra"] = {
    "a square completed": Case(x**2 - 2 * a * x, (x - a) ** 2 - a**2),
    "a fraction that cancels": Case((x**2 - 1) / (x - 1), x + 1),
    "a fraction that cancels, backwards": Case(x + 1, (x**2 - 1) / (x - 1)),
    "a fraction that cancels where a root is": Case((p - q) / (sqrt(p) - sqrt(q)), sqrt(p) + sqrt(q)),
    "a difference of cubes": Case(x**3 - y**3, (x - y) * (x**2 + x * y + y**2)),
    "cosh and sinh": Case(cosh(x) ** 2 - sinh(x) ** 2, Integer(1)),
    "tanh by one exponential": Case(tanh(x / 2), (exp(x) - 1) / (exp(x) + 1)),
    "a sum of fractions": Case(1 / p + 1 / q, (p + q) / (p * q)),
    "two squares about their weighted mean": Case(
        p * (x - c) ** 2 + q * (y - c) ** 2,
        (p + q) * (c - (p * x + q * y) / (p + q)) ** 2 + p * q / (p + q) * (x - y) ** 2,
    ),
    "a root of a square in disguise": Case(sqrt(p + q + 2 * sqrt(p * q)), sqrt(p) + sqrt(q)),
    "a rationalised root": Case(1 / (sqrt(p + 1) - sqrt(p)), sqrt(p + 1) + sqrt(p)),
    "ten powers": Case((x - 1) * Sum(x**i, (i, 0, 9)), x**10 - 1),
    "a fourth power in one variable": Case((x + 1) ** 4 - (x - 1) ** 4, 8 * x * (x**2 + 1)),
}

# --- branches of roots and logarithms ---------------------------------------------------

FALSE["branches"] = {
    "the root of a square": Case(sqrt(x**2), x),
    "the logarithm of a square": Case(log(x**2), 2 * log(x)),
    "the logarithm of a product of any signs": Case(log(x * y), log(x) + log(y)),
    "the root of a product of any signs": Case(sqrt(x * y), sqrt(x) * sqrt(y)),
    "the logarithm of an inverse": Case(log(1 / x), -log(x)),
    "the root of an inverse": Case(sqrt(1 / x), 1 / sqrt(x)),
    "the cube root of a cube": Case((x**3) ** Rational(1, 3), x),
    "an arctangent undone": Case(atan(tan(x)), x),
    "an arcsine undone": Case(asin(sin(x)), x),
    "an arccosine undone": Case(acos(cos(x)), x),
    "the logarithm of a turn": Case(log(exp(sp.I * x)), sp.I * x),
    "two roots in one": Case(sqrt(x - 1) * sqrt(x + 1), sqrt(x**2 - 1)),
    "minus one taken out of a logarithm": Case(log(-x), log(x) + sp.I * pi),
    "an even root of a negative number": Case(x ** Rational(2, 3), Abs(x) ** Rational(2, 3)),
    "the arctangent of an inverse": Case(atan(1 / x), pi / 2 - atan(x)),
    "a sum of arctangents": Case(atan(x) + atan(y), atan((x + y) / (1 - x * y))),
    "a complex logarithm undone": Case(log(exp(sp.Symbol("w"))), sp.Symbol("w")),
    "the logarithm of a difference squared": Case(log((x - 3) ** 2), 2 * log(x - 3)),
}
TRUE["branches"] = {
    "the logarithm of a square": Case(log(x**2), 2 * log(Abs(x))),
    "the logarithm of a product": Case(log(p * q), log(p) + log(q)),
    "the logarithm of a power": Case(log(p**x), x * log(p)),
    "a power as an exponential": Case(exp(x * log(p)), p**x),
    "the logarithm of a hidden square": Case(log(x**2 + 2 * x + 1) / 2, log(Abs(x + 1))),
    "a square taken out of a root": Case(sqrt(x**2 * y**2 + x**2), Abs(x) * sqrt(y**2 + 1)),
    "the root of a hidden square": Case(sqrt(x**2 - 6 * x + 9), Abs(x - 3)),
    "asinh as a logarithm": Case(asinh(x), log(x + sqrt(x**2 + 1))),
    "atanh as a logarithm": Case(atanh(x), log((1 + x) / (1 - x)) / 2, domain={x: (-1, 1)}),
    "two arctangents make a right angle": Case(atan(p) + atan(1 / p), pi / 2),
    "the cube root of a positive cube": Case((p**3 + 3 * p**2 + 3 * p + 1) ** Rational(1, 3), p + 1),
    "the root of x to the fourth": Case(sqrt(x**4 + 2 * x**2 + 1), x**2 + 1),
    "an arcsine of a hyperbolic tangent": Case(asin(tanh(x)), 2 * atan(tanh(x / 2))),
    "a logarithm of a ratio of squares": Case(log((x**2 + 1) / (y**2 + 1)), log(x**2 + 1) - log(y**2 + 1)),
}

# --- likelihoods ------------------------------------------------------------------------

gauss = exp(-(x**2) / (2 * s**2)) / sqrt(2 * pi * s**2)

FALSE["likelihoods"] = {
    "one norm for n observations": Case(
        -log(Product(exp(-(r[i] ** 2) / (2 * s**2)) / s, (i, 1, n))), square / (2 * s**2) + log(s)
    ),
    "the root of the norm forgotten": Case(-log(gauss), x**2 / (2 * s**2) + log(2 * pi * s**2)),
    "the norm's sign": Case(-log(gauss), x**2 / (2 * s**2) - log(2 * pi * s**2) / 2),
    "the norm dropped in silence": Case(-log(gauss), x**2 / (2 * s**2)),
    "Laplace without its 2": Case(-log(exp(-Abs(x) / s) / (2 * s)), Abs(x) / s + log(s)),
    "Poisson, the factorial's sign": Case(-log(exp(-p) * p**k / factorial(k)), p - k * log(p) - log(factorial(k))),
    "Cauchy, the norm's sign": Case(-log(1 / (pi * (1 + x**2))), log(1 + x**2) - log(pi)),
    "Bernoulli, one sign": Case(-log(p**y * (1 - p) ** (1 - y)), -y * log(p) + (1 - y) * log(1 - p), domain=UNIT),
    "exponential, the scale's sign": Case(-log(exp(-p / s) / s), p / s - log(s)),
    "log-normal without its Jacobian": Case(-log(exp(-(log(p) ** 2) / 2) / p), log(p) ** 2 / 2),
    "a logistic density turned round": Case(-log(exp(-x) / (1 + exp(-x)) ** 2), x + 2 * log(1 + exp(x))),
    "a precision taken for a variance": Case(x**2 / (2 * s**2) + log(s), x**2 * s**2 / 2 + log(s)),
    "a mean taken for a sum": Case(square / n, square),
    "n − 1 for n": Case(total((r[i] - a) ** 2) / n, total((r[i] - a) ** 2) / (n - 1)),
    "heads and tails exchanged": Case(-log(p**k * (1 - p) ** (n - k)), -k * log(1 - p) - (n - k) * log(p), domain=UNIT),
}
TRUE["likelihoods"] = {
    "a norm for each observation": Case(
        -log(Product(exp(-(r[i] ** 2) / (2 * s**2)) / s, (i, 1, n))), square / (2 * s**2) + n * log(s)
    ),
    "Gauss": Case(-log(gauss), x**2 / (2 * s**2) + log(2 * pi * s**2) / 2),
    "Laplace": Case(-log(exp(-Abs(x) / s) / (2 * s)), Abs(x) / s + log(2 * s)),
    "Poisson": Case(-log(exp(-p) * p**k / factorial(k)), p - k * log(p) + log(factorial(k))),
    "Cauchy": Case(-log(1 / (pi * (1 + x**2))), log(1 + x**2) + log(pi)),
    "Bernoulli": Case(-log(p**y * (1 - p) ** (1 - y)), -y * log(p) - (1 - y) * log(1 - p), domain=UNIT),
    "exponential": Case(-log(exp(-p / s) / s), p / s + log(s)),
    "log-normal": Case(-log(exp(-(log(p) ** 2) / 2) / p), log(p) ** 2 / 2 + log(p)),
    "a logistic density": Case(-log(exp(-x) / (1 + exp(-x)) ** 2), x + 2 * log(1 + exp(-x))),
    "a logistic density, symmetric": Case(-log(exp(-x) / (1 + exp(-x)) ** 2), 2 * log(2 * cosh(x / 2))),
    "a ratio of two bells": Case((x - a) ** 2 / 2 - (x - b) ** 2 / 2, (a**2 - b**2) / 2 + (b - a) * x),
    "spread and distance": Case(total((r[i] - c) ** 2), total((r[i] - total(r[j], j) / n) ** 2) + n * (c - mean) ** 2),
    "heads among n": Case(-log(p**k * (1 - p) ** (n - k)), -k * log(p) - (n - k) * log(1 - p), domain=UNIT),
    "a mixture of two bells": Case(
        -log(exp(-((x - a) ** 2) / 2) / 2 + exp(-((x - b) ** 2) / 2) / 2),
        (x - a) ** 2 / 2 + log(2) - log(1 + exp((x - a) ** 2 / 2 - (x - b) ** 2 / 2)),
    ),
}

# --- one bit ----------------------------------------------------------------------------

logistic = 1 / (1 + exp(-x))

FALSE["one bit"] = {
    "the sigmoid taken for odd": Case(sigmoid(-x), -sigmoid(x)),
    "softplus taken for the identity": Case(softplus(x), x),
    "softplus taken for its kink": Case(softplus(x), Max(0, x)),
    "the logarithm of the sigmoid, turned round": Case(log(sigmoid(x)), -softplus(x)),
    "a sigmoid's slope as its square": Case(sigmoid(x) * (1 - sigmoid(x)), sigmoid(x) ** 2),
    "two softpluses, the sign": Case(softplus(x) - softplus(-x), -x),
    "the cross-entropy turned round": Case(-y * log(sigmoid(x)) - (1 - y) * log(sigmoid(-x)), softplus(x) + y * x),
    "tanh without its 2": Case(tanh(x), 2 * sigmoid(x) - 1),
    "the sigmoid of a sum": Case(logistic.subs(x, x + y), logistic * logistic.subs(x, y)),
    "log-odds as a sum": Case(log(p / (1 - p)), log(p) + log(1 - p), domain=UNIT),
    "nearly nothing times huge": Case((1 - logistic) * exp(x), Integer(0), domain={x: (1000, 2000)}),
    "softplus at 1000": Case(softplus(Integer(1000)), Integer(1000)),
    "softplus at 10000, spelled out": Case(log(1 + exp(Integer(10000))), Integer(10000)),
    "tanh at 1000": Case(tanh(Integer(1000)), Integer(1)),
    "tanh at 3000": Case(tanh(Integer(3000)), Integer(1)),
    "the sigmoid at 40": Case(sigmoid(Integer(40)), Integer(1)),
    "the sigmoid at −5000": Case(sigmoid(Integer(-5000)), Integer(0)),
    "the first term of a softplus": Case(log(1 + exp(-x)), exp(-x), domain={x: (50, 100)}),
    "a floor under a probability": Case(-log(Max(p, tiny(7))), -log(p)),
    "a floor under a probability, in its domain": Case(-log(Max(p, tiny(7))), -log(p), domain=UNIT),
    "a clipped logit": Case(softplus(Min(x, 30)), softplus(x)),
}
TRUE["one bit"] = {
    "the sigmoid's mirror": Case(sigmoid(-x), 1 - sigmoid(x)),
    "the difference of two softpluses": Case(softplus(x) - softplus(-x), x),
    "the difference of two steep softpluses": Case(log(1 + exp(-1000 * x)), log(1 + exp(1000 * x)) - 1000 * x),
    "the logarithm of the sigmoid": Case(log(sigmoid(x)), -softplus(-x)),
    "a sigmoid's slope": Case(sigmoid(x) * (1 - sigmoid(x)), exp(-x) / (1 + exp(-x)) ** 2),
    "the cross-entropy": Case(-y * log(sigmoid(x)) - (1 - y) * log(sigmoid(-x)), softplus(x) - y * x),
    "tanh as a sigmoid": Case(tanh(x), 2 * sigmoid(2 * x) - 1),
    "softplus without overflow": Case(Max(0, x) + log(1 + exp(-Abs(x))), log(1 + exp(x))),
    "log-odds undone": Case(1 / (1 + exp(-log(p / (1 - p)))), p, domain=UNIT),
    "a sigmoid of a square": Case(1 / (1 + exp(x**2)), 1 - 1 / (1 + exp(-(x**2)))),
    "nearly nothing times huge": Case((1 - logistic) * exp(x), logistic),
    "nearly nothing times huge, far out": Case((1 - logistic) * exp(x), logistic, domain={x: (1000, 2000)}),
    "a sigmoid at a temperature": Case(1 / (1 + exp(-x / tau)), exp(x / tau) / (1 + exp(x / tau))),
    "a margin": Case(log(1 + exp(-x * y)), -log(sigmoid(x * y))),
    "the odds of yes": Case(sigmoid(x) / sigmoid(-x), exp(x)),
    "log cosh as a softplus": Case(logcosh(x), softplus(2 * x) - x - log(2)),
}

# --- softmax ----------------------------------------------------------------------------

FALSE["softmax"] = {
    "a shift forgotten": Case(log(total(exp(z[i] + c))), lse),
    "the logarithm of a share without the sum": Case(log(share(k)), z[k]),
    "the logarithm of a sum as a sum": Case(log(share(k)), z[k] - total(z[i])),
    "the last class left out": Case(share(k), exp(z[k]) / Sum(exp(z[i]), (i, 1, n - 1))),
    "a scaled softmax": Case(exp(2 * z[k]) / total(exp(2 * z[i])), share(k)),
    "the pivot's own term": Case(lse, z[1] + log(Sum(exp(z[i] - z[1]), (i, 2, n)))),
    "a temperature dropped": Case(tau * log(total(exp(z[i] / tau))), lse),
    "two classes turned round": Case(exp(z[1]) / (exp(z[1]) + exp(z[2])), sigmoid(z[2] - z[1])),
    "shares that sum to n": Case(total(share(k), k), n),
    "squared shares that sum to 1": Case(total(share(k) ** 2, k), Integer(1)),
    "all logits equal": Case(lse - total(z[i]) / n, log(n)),
    "two classes out of n": Case(partition, exp(z[1]) + exp(z[2])),
    "a share as an odds": Case(share(k), exp(z[k]) / (partition - exp(z[k]))),
    "a mask of −100": Case(log(exp(x) + exp(y) + exp(Integer(-100))), log(exp(x) + exp(y))),
    "the largest in place of all": Case(log(exp(x) + exp(y)), Max(x, y)),
    "shares of other logits": Case(exp(r[k]) / total(exp(r[i])), share(k)),
}
TRUE["softmax"] = {
    "a shift": Case(log(total(exp(z[i] + c))), lse + c),
    "a shift that cancels": Case(exp(z[k] + c) / total(exp(z[i] + c)), share(k)),
    "shares sum to 1": Case(total(share(k), k), Integer(1)),
    "the logarithm of a share": Case(log(share(k)), z[k] - lse),
    "a mean of exponentials": Case(log(total(exp(z[i])) / n), lse - log(n)),
    "a pivot": Case(lse, z[1] + log(1 + Sum(exp(z[i] - z[1]), (i, 2, n)))),
    "a share by differences": Case(share(k), 1 / total(exp(z[j] - z[k]), j)),
    "the loss by differences": Case(-log(share(k)), log(total(exp(z[j] - z[k]), j))),
    "two classes": Case(exp(z[1]) / (exp(z[1]) + exp(z[2])), sigmoid(z[1] - z[2])),
    "the odds of two classes": Case(share(1) / share(2), exp(z[1] - z[2])),
    "soft targets": Case(total(h[i] * (lse.subs(i, j) - z[i])), lse * total(h[i]) - total(h[i] * z[i])),
    "log-softmax twice": Case(
        z[k] - lse - log(total(exp(z[i] - log(total(exp(z[j]), j))))), z[k] - log(total(exp(z[j]), j))
    ),
    "two logits without overflow": Case(log(exp(x) + exp(y)), Max(x, y) + log(1 + exp(-Abs(x - y)))),
    "an index bound here and free there": Case(exp(z[i]) / total(exp(z[i])), 1 / total(exp(z[j] - z[i]), j)),
}

# --- entropy and divergence -------------------------------------------------------------

binary_entropy = -p * log(p) - (1 - p) * log(1 - p)
binary_kl = p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))

FALSE["entropy"] = {
    "half of a binary entropy": Case(binary_entropy, -p * log(p), domain=UNIT),
    "a divergence the other way": Case(binary_kl, binary_kl.subs({p: q, q: p}, simultaneous=True), domain=UNITS),
    "every entropy as the largest": Case(log(G) - total(g[i] * log(g[i])) / G, log(n)),
    "cross-entropy as divergence": Case(-p * log(q) - (1 - p) * log(1 - q), binary_kl, domain=UNITS),
    "cross-entropy as entropy less divergence": Case(
        -p * log(q) - (1 - p) * log(1 - q), binary_entropy - binary_kl, domain=UNITS
    ),
    "a divergence as a difference of entropies": Case(
        total(g[i] * log(g[i] / f[i])), total(g[i] * log(g[i])) - total(f[i] * log(f[i]))
    ),
    "bits as nats": Case(-p * log(p) / log(2), -p * log(p), domain=UNIT),
    "Gibbs's inequality as an equation": Case(total(g[i] * log(g[i])) / G, log(G / n)),
    "Pinsker's inequality as an equation": Case(binary_kl, 2 * (p - q) ** 2, domain=UNITS),
    "Gini as entropy": Case(binary_entropy, 4 * log(2) * p * (1 - p), domain=UNIT),
    "the entropy of a softmax without its mean": Case(-total(share(k) * log(share(k)), k), lse),
    "the divergence without the sums": Case(
        total(g[i] * log(g[i] / f[i]) - g[i] + f[i]), total(g[i] * log(g[i] / f[i]))
    ),
    "perplexity as the number of classes": Case(exp(log(G) - total(g[i] * log(g[i])) / G), n),
}
TRUE["entropy"] = {
    "cross-entropy is entropy and divergence": Case(
        -p * log(q) - (1 - p) * log(1 - q), binary_entropy + binary_kl, domain=UNITS
    ),
    "a divergence taken apart": Case(total(g[i] * log(g[i] / f[i])), total(g[i] * log(g[i])) - total(g[i] * log(f[i]))),
    "the entropy of a softmax": Case(
        -total(share(k) * log(share(k)), k), lse - total(z[k] * exp(z[k]), k) / total(exp(z[k]), k)
    ),
    "the entropy of shares": Case(
        -total(g[i] / total(g[j], j) * log(g[i] / total(g[j], j))), log(G) - total(g[i] * log(g[i])) / G
    ),
    "equal shares": Case(-total(log(Integer(1) / n) / n), log(n)),
    "binary entropy of a logit": Case(
        -sigmoid(x) * log(sigmoid(x)) - sigmoid(-x) * log(sigmoid(-x)), softplus(x) - x * sigmoid(x)
    ),
    "both divergences": Case(
        total(g[i] * log(g[i] / f[i])) + total(f[i] * log(f[i] / g[i])), total((g[i] - f[i]) * log(g[i] / f[i]))
    ),
    "bits": Case(-p * log(p) / log(2), p * log(1 / p) / log(2), domain=UNIT),
    "a divergence of logits": Case(
        sigmoid(x) * (log(sigmoid(x)) - log(sigmoid(y))) + sigmoid(-x) * (log(sigmoid(-x)) - log(sigmoid(-y))),
        softplus(y) - softplus(x) - sigmoid(x) * (y - x),
    ),
    "twice the uniform": Case(total(g[i] * log(2 * g[i])), total(g[i] * log(g[i])) + log(2) * G),
    "binary divergence by log-odds": Case(
        binary_kl, p * (log(p / (1 - p)) - log(q / (1 - q))) + log(1 - p) - log(1 - q), domain=UNITS
    ),
    "a smoothed label": Case(
        -(1 - q) * log(share(1)) - q / n * total(log(share(k)), k), lse - (1 - q) * z[1] - q * total(z[i]) / n
    ),
}

# --- sums to a symbolic size ------------------------------------------------------------

FALSE["sums"] = {
    "a sum of squares as the square of a sum": Case(total(r[i]) ** 2, square),
    "a constant counted once": Case(total(r[i] + a), total(r[i]) + a),
    "a sum of products as a product of sums": Case(total(r[i] * h[i]), total(r[i]) * total(h[i])),
    "a quotient of sums": Case(total(r[i]) / total(g[i]), total(r[i] / g[i])),
    "the first n numbers": Case(total(i), n**2 / 2),
    "the first n squares": Case(total(i**2), n * (n + 1) * (n + 2) / 6),
    "a geometric sum from 1": Case(total(p**i), (1 - p**n) / (1 - p)),
    "a harmonic sum as a logarithm": Case(total(1 / i), log(n) + sp.EulerGamma),
    "a harmonic sum, asymptotically": Case(total(1 / i), log(n) + sp.EulerGamma + 1 / (2 * n) - 1 / (12 * n**2)),
    "the limit for the sum": Case(total(1 / (i * (i + 1))), Integer(1)),
    "the logarithm of a sum": Case(log(G), total(log(g[i]))),
    "the exponential of a sum": Case(exp(total(r[i])), total(exp(r[i]))),
    "alternating signs": Case(total((-1) ** i), Integer(0)),
    "the limit of a fast sum": Case(Sum(2**-i, (i, 1, n + 40)), Integer(1)),
    "weights dropped": Case(total(i * r[i]), n * total(r[i])),
    "another family": Case(total(r[i]), total(h[i])),
    "a member for its family": Case(total(r[i]), n * r[k]),
    "true up to 12": Case(total(r[i]) + Product(n - i, (i, 1, 12)), total(r[i])),
}
TRUE["sums"] = {
    "a constant counted n times": Case(total(r[i] + a), total(r[i]) + n * a),
    "nothing but a constant": Case(total(c), n * c),
    "a factor leaves": Case(total(3 * a * r[i]), 3 * a * total(r[i])),
    "the first n numbers": Case(total(i), n * (n + 1) / 2),
    "the first n squares": Case(total(i**2), n * (n + 1) * (2 * n + 1) / 6),
    "the cubes are a square": Case(total(i**3), total(i) ** 2),
    "the first n odd numbers": Case(total(2 * i - 1), n**2),
    "a telescope": Case(total(z[i + 1] - z[i]), z[n + 1] - z[1]),
    "a telescope of fractions": Case(total(1 / (i * (i + 1))), n / (n + 1)),
    "a geometric sum": Case(Sum(p**i, (i, 0, n - 1)), (p**n - 1) / (p - 1)),
    "a shifted index": Case(Sum(r[i + 1], (i, 0, n - 1)), total(r[i])),
    "from the end": Case(total(r[n + 1 - i]), total(r[i])),
    "the first taken out": Case(total(r[i]), r[1] + Sum(r[i], (i, 2, n))),
    "renamed": Case(total(r[i] * h[i]), total(r[k] * h[k], k)),
    "a square of a difference": Case(total((r[i] - h[i]) ** 2), square - 2 * total(r[i] * h[i]) + total(h[i] ** 2)),
    "the binomial theorem": Case(Sum(sp.binomial(n, i) * x**i, (i, 0, n)), (1 + x) ** n),
    "variance two ways": Case(total((r[i] - total(r[j], j) / n) ** 2) / n, square / n - mean**2),
    "the powers of one half": Case(total(2**-i), 1 - 2**-n),
}

# --- sums within sums -------------------------------------------------------------------

FALSE["nested sums"] = {
    "two bound indices under one name": Case(
        total(r[i] * Max(i - 8, 0) * total(A[i, j], j)), total(r[i] * Max(i - 8, 0) * total(A[j, j], j))
    ),
    "a row for a column": Case(total(r[i] * total(A[i, j], j)), total(r[i] * total(A[j, i], j))),
    "the diagonal for the whole": Case(total(total(A[i, j], j)), total(A[i, i])),
    "the product of two sums as one sum": Case(Sum(r[i] * h[j], (i, 1, n), (j, 1, n)), total(r[i] * h[i])),
    "squares counted twice": Case(total(r[i]) ** 2, square + Sum(r[i] * r[j], (i, 1, n), (j, 1, n))),
    "a shadowed index": Case(total(r[i] * total(r[i])), n * square),
    "d taken for n": Case(Sum(a, (i, 1, n), (j, 1, d)), n**2 * a),
    "all differences without the mean": Case(Sum((r[i] - r[j]) ** 2, (i, 1, n), (j, 1, n)), 2 * n * square),
    "a product with a transposed factor": Case(
        Sum(r[i] * A[i, j] * B[j, k] * h[k], (i, 1, n), (j, 1, n), (k, 1, n)),
        Sum(r[i] * A[i, j] * B[k, j] * h[k], (i, 1, n), (j, 1, n), (k, 1, n)),
    ),
    "a logarithm pulled out": Case(total(log(total(exp(A[i, j]), j))), log(total(total(exp(A[i, j]), j)))),
    "the mean of rows over the wrong size": Case(
        Sum(A[i, j], (i, 1, n), (j, 1, d)) / n, Sum(A[i, j], (i, 1, n), (j, 1, d)) / d
    ),
    "sizes exchanged": Case(Sum(A[i, j], (i, 1, n), (j, 1, d)), Sum(A[i, j], (i, 1, d), (j, 1, n))),
    "a square row by row": Case(total(total(A[i, j], j) ** 2), total(total(A[i, j] ** 2, j))),
    "an inner index that is the outer": Case(total(total(A[i, j] * r[j], j)), total(total(A[i, j] * r[i], j))),
}
TRUE["nested sums"] = {
    "names exchanged": Case(Sum(A[i, j], (i, 1, n), (j, 1, d)), Sum(A[j, i], (j, 1, n), (i, 1, d))),
    "order exchanged": Case(Sum(A[i, j], (i, 1, n), (j, 1, d)), Sum(A[i, j], (j, 1, d), (i, 1, n))),
    "one sum of two, or one in the other": Case(
        2 * Sum(A[i, j], (j, 1, d), (i, 1, n)), total(2 * Sum(A[i, j], (j, 1, d)))
    ),
    "a shadowed index": Case(total(r[i] * total(r[i])), total(r[i]) ** 2),
    "a square as a double sum": Case(total(r[i]) ** 2, Sum(r[i] * r[j], (i, 1, n), (j, 1, n))),
    "all differences": Case(Sum((r[i] - r[j]) ** 2, (i, 1, n), (j, 1, n)), 2 * n * square - 2 * total(r[i]) ** 2),
    "a weighted sum of rows, renamed": Case(
        total(r[i] * Max(i - 8, 0) * total(A[i, j], j)), total(r[j] * Max(j - 8, 0) * total(A[j, i], i), j)
    ),
    "rows or columns first": Case(total(r[i] * total(A[i, j] * h[j], j)), total(h[j] * total(A[i, j] * r[i]), j)),
    "a product of two sums": Case(total(r[i]) * total(h[i]), Sum(r[i] * h[j], (i, 1, n), (j, 1, n))),
    "n times d": Case(Sum(a + A[i, j], (i, 1, n), (j, 1, d)), n * d * a + Sum(A[i, j], (i, 1, n), (j, 1, d))),
    "a matrix product, brackets moved": Case(
        total(r[i] * total(A[i, j] * total(B[j, k] * h[k], k), j)),
        total(h[k] * total(B[j, k] * total(A[i, j] * r[i]), j), k),
    ),
    "a table of products": Case(Sum(i * j, (i, 1, n), (j, 1, d)), n * (n + 1) * d * (d + 1) / 4),
    "softmax over rows": Case(total(total(exp(A[i, j]) / total(exp(A[i, k]), k), j)), n),
}

# --- sums whose ends are outer indices --------------------------------------------------

below = (i, 1, j - 1)
pairs = ((i, 1, j - 1), (j, 1, n))

FALSE["triangles"] = {
    "twice the upper half, without the diagonal": Case(total(r[i]) ** 2, 2 * Sum(r[i] * r[j], *pairs)),
    "half of all, with the diagonal": Case(Sum(r[i] * r[j], (i, 1, j), (j, 1, n)), total(r[i]) ** 2 / 2),
    "running sums, one too few": Case(total(Sum(r[j], (j, 1, i))), total((n - j) * r[j], j)),
    "half the square of n": Case(Sum(1, *pairs), n**2 / 2),
    "pairs with themselves": Case(Sum(1, *pairs), n * (n + 1) / 2),
    "each in n pairs": Case(Sum(r[i] + r[j], *pairs), n * total(r[i])),
    "pairs of differences, the sign": Case(Sum((r[i] - r[j]) ** 2, *pairs), n * square + total(r[i]) ** 2),
    "the upper half for the lower": Case(Sum(A[i, j], (j, 1, i), (i, 1, n)), Sum(A[j, i], (j, 1, i), (i, 1, n))),
    "an exchanged order with its old ends": Case(
        Sum(A[i, j], (j, 1, i), (i, 1, n)), Sum(A[i, j], (i, 1, j), (j, 1, n))
    ),
    "pairs counted twice": Case(Sum(r[i] * r[j], *pairs), total(r[i]) ** 2 - square),
    "threes counted twice": Case(Sum(1, (i, 1, j - 1), (j, 1, k - 1), (k, 1, n)), n * (n - 1) * (n - 2) / 3),
    "strictly below or not": Case(Sum(A[i, j], (j, 1, i), (i, 1, n)), Sum(A[i, j], (j, 1, i - 1), (i, 1, n))),
    "a running product": Case(total(Product(g[j], (j, 1, i))), total(g[i] ** i)),
    "from i to n, one short": Case(total(Sum(r[j], (j, i, n))), total((j - 1) * r[j], j)),
    "wrong from the tenth row": Case(Sum(A[i, j], (j, 1, i), (i, 1, n)), Sum(A[i, j], (j, 1, Min(i, 9)), (i, 1, n))),
}
TRUE["triangles"] = {
    "squares and pairs": Case(total(r[i]) ** 2, square + 2 * Sum(r[i] * r[j], *pairs)),
    "the number of pairs": Case(Sum(1, *pairs), n * (n - 1) / 2),
    "running sums": Case(total(Sum(r[j], (j, 1, i))), total((n + 1 - j) * r[j], j)),
    "sums of what is left": Case(total(Sum(r[j], (j, i, n))), total(j * r[j], j)),
    "each in n − 1 pairs": Case(Sum(r[i] + r[j], *pairs), (n - 1) * total(r[i])),
    "pairs of differences": Case(Sum((r[i] - r[j]) ** 2, *pairs), n * square - total(r[i]) ** 2),
    "an order exchanged": Case(Sum(A[i, j], (j, 1, i), (i, 1, n)), Sum(A[i, j], (i, j, n), (j, 1, n))),
    "lower and upper": Case(
        Sum(A[i, j], (i, 1, n), (j, 1, n)), Sum(A[i, j], (j, 1, i), (i, 1, n)) + Sum(A[i, j], (j, i + 1, n), (i, 1, n))
    ),
    "distances of pairs": Case(Sum(Abs(r[i] - r[j]), (i, 1, n), (j, 1, n)), 2 * Sum(Abs(r[i] - r[j]), *pairs)),
    "the number of threes": Case(Sum(1, (i, 1, j - 1), (j, 1, k - 1), (k, 1, n)), n * (n - 1) * (n - 2) / 6),
    "pairs the other way round": Case(Sum(r[i] * h[j], (j, i + 1, n), (i, 1, n)), Sum(r[i] * h[j], *pairs)),
    "names exchanged": Case(Sum(A[i, j], (j, 1, i), (i, 1, n)), Sum(A[j, i], (i, 1, j), (j, 1, n))),
    "Lagrange's identity": Case(
        square * total(h[i] ** 2) - total(r[i] * h[i]) ** 2, Sum((r[i] * h[j] - r[j] * h[i]) ** 2, *pairs)
    ),
    "a triangle of numbers": Case(Sum(i, (i, 1, j), (j, 1, n)), n * (n + 1) * (n + 2) / 6),
}

# --- where a sum begins and ends --------------------------------------------------------

FALSE["ends"] = {
    "the last one lost": Case(total(r[i]), Sum(r[i], (i, 1, n - 1))),
    "from 0": Case(total(r[i]), Sum(r[i], (i, 0, n))),
    "one too many": Case(total(r[i]), Sum(r[i], (i, 1, n + 1))),
    "from 4, at n below 4": Case(Sum(a, (i, 4, n)), (n - 3) * a),
    "from 3, at n = 1": Case(Sum(1, (i, 3, n)), n - 2),
    "an empty sum counted backwards": Case(Sum(a, (i, n + 3, n)), -2 * a),
    "from n down to 1": Case(Sum(1, (i, n, 1)), 2 - n),
    "first and last of one": Case(total(r[i]), r[1] + r[n] + Sum(r[i], (i, 2, n - 1))),
    "cut anywhere": Case(total(r[i]), Sum(r[i], (i, 1, K)) + Sum(r[i], (i, K + 1, n))),
    "at most 32": Case(Sum(r[i], (i, 1, Min(n, 32))), total(r[i])),
    "at most 8": Case(Sum(r[i], (i, 1, Min(n, 8))), total(r[i])),
    "at most 100": Case(Sum(1, (i, 1, Min(n, 100))), n),
    "at least 2": Case(Sum(r[i], (i, 1, Max(n, 2))), total(r[i])),
    "a telescope, one off": Case(total(z[i + 1] - z[i]), z[n] - z[1]),
    "true for n = 1": Case(total(r[i]) ** 2, square),
    "true for n = 1, 2, 3": Case(total(r[i]) + (n - 1) * (n - 2) * (n - 3), total(r[i])),
    "the second half, one off": Case(Sum(r[i], (i, n + 1, 2 * n)), total(r[n + i - 1])),
    "one in three, always": Case(total(KroneckerDelta(i, 3)), Integer(1)),
    "from 2 to n of n": Case(Sum(i, (i, 2, n)), n * (n + 1) / 2),
}
TRUE["ends"] = {
    "from 2, also at n = 1": Case(Sum(1, (i, 2, n)), n - 1),
    "the last taken off": Case(total(r[i]) - Sum(r[i], (i, 1, n - 1)), r[n]),
    "an empty sum": Case(Sum(a, (i, n + 3, n)), Integer(0)),
    "from 4, at n of any size": Case(Sum(a, (i, 4, n)), Max(n - 3, 0) * a),
    "cut at a place inside": Case(total(r[i]), Sum(r[i], (i, 1, Min(n, K))) + Sum(r[i], (i, Min(n, K) + 1, n))),
    "a telescope to n − 1": Case(Sum(r[i] - r[i + 1], (i, 1, n - 1)), r[1] - r[n]),
    "the second half": Case(Sum(r[i], (i, n + 1, 2 * n)), total(r[n + i])),
    "odd and even places": Case(Sum(r[i], (i, 1, 2 * n)), total(r[2 * i]) + total(r[2 * i - 1])),
    "one more": Case(Sum(r[i], (i, 1, n + 1)), total(r[i]) + r[n + 1]),
    "from 0": Case(Sum(r[i], (i, 0, n)), r[0] + total(r[i])),
    "n − 1 gaps": Case(Sum((z[i + 1] - z[i]) ** 2, (i, 1, n - 1)), Sum((z[i] - z[i - 1]) ** 2, (i, 2, n))),
    "the first n numbers, from 0": Case(Sum(i, (i, 0, n)), total(i)),
    "two blocks": Case(Sum(r[i], (i, 1, n + d)), total(r[i]) + Sum(r[n + i], (i, 1, d))),
}

# --- products ---------------------------------------------------------------------------

PG = Product(g[i], (i, 1, n))

FALSE["products"] = {
    "a constant times n": Case(Product(c, (i, 1, n)), n * c),
    "the logarithm of a product": Case(log(PG), Product(log(g[i]), (i, 1, n))),
    "a product of sums": Case(Product(g[i] + f[i], (i, 1, n)), PG + Product(f[i], (i, 1, n))),
    "1 less a sum": Case(Product(1 - r[i], (i, 1, n)), 1 - total(r[i])),
    "a product of exponentials": Case(Product(exp(r[i]), (i, 1, n)), exp(Product(r[i], (i, 1, n)))),
    "a factorial, one short": Case(Product(i, (i, 1, n - 1)), factorial(n)),
    "a telescope, one off": Case(Product(i / (i + 1), (i, 1, n)), 1 / n),
    "minus one, once": Case(Product(-r[i], (i, 1, n)), -Product(r[i], (i, 1, n))),
    "two, once": Case(Product(2 * r[i], (i, 1, n)), 2 * Product(r[i], (i, 1, n))),
    "a geometric mean as a mean": Case(PG ** (1 / n), G / n),
    "the first factor lost": Case(PG, Product(g[i], (i, 2, n))),
    "a likelihood as a sum": Case(Product(exp(-(r[i] ** 2)), (i, 1, n)), total(exp(-(r[i] ** 2)))),
    "a product's slope without the others": slope(PG, g[k], Integer(1)),
    "a product's slope with itself": slope(PG, g[k], PG),
}
TRUE["products"] = {
    "a constant to the n": Case(Product(c, (i, 1, n)), c**n),
    "the logarithm of a product": Case(log(PG), total(log(g[i]))),
    "a product of exponentials": Case(Product(exp(r[i]), (i, 1, n)), exp(total(r[i]))),
    "a factorial": Case(Product(i, (i, 1, n)), factorial(n)),
    "a telescope": Case(Product(i / (i + 1), (i, 1, n)), 1 / (n + 1)),
    "minus one, n times": Case(Product(-r[i], (i, 1, n)), (-1) ** n * Product(r[i], (i, 1, n))),
    "two, n times": Case(Product(2 * r[i], (i, 1, n)), 2**n * Product(r[i], (i, 1, n))),
    "a product of products": Case(Product(r[i] * h[i], (i, 1, n)), Product(r[i], (i, 1, n)) * Product(h[i], (i, 1, n))),
    "a square": Case(Product(r[i] ** 2, (i, 1, n)), Product(r[i], (i, 1, n)) ** 2),
    "Wallis-like": Case(Product(1 - 1 / i**2, (i, 2, n)), (n + 1) / (2 * n)),
    "the last taken off": Case(Product(r[i], (i, 1, n)), r[n] * Product(r[i], (i, 1, n - 1))),
    "an inverse": Case(1 / PG, exp(-total(log(g[i])))),
    "a geometric mean": Case(PG ** (1 / n), exp(total(log(g[i])) / n)),
    "a product's slope": slope(PG, g[k], PG / g[k]),
    "heads and tails": Case(
        log(Product(p ** h[i] * (1 - p) ** (1 - h[i]), (i, 1, n))),
        log(p) * total(h[i]) + log(1 - p) * (n - total(h[i])),
        domain=UNIT,
    ),
}

# --- slopes -----------------------------------------------------------------------------

FALSE["slopes"] = {
    "a chain without its inner slope": slope(log(1 + x**2), x, 1 / (1 + x**2)),
    "an inner slope without the outer": slope(exp(-(x**2)), x, -2 * x),
    "the sigmoid's slope as itself": slope(sigmoid(x), x, sigmoid(x)),
    "softplus's slope, turned round": slope(softplus(x), x, sigmoid(-x)),
    "tanh's slope without its square": slope(tanh(x), x, 1 - tanh(x)),
    "a power with its exponent only": slope(p**p, p, p * p ** (p - 1)),
    "a product by one factor": slope(p * log(p), p, log(p)),
    "σ: the norm's sign": slope(x**2 / (2 * s**2) + log(s), s, -(x**2) / s**3 - 1 / s),
    "σ: one power short": slope(x**2 / (2 * s**2) + log(s), s, -(x**2) / s**2 + 1 / s),
    "log cosh's slope, squared": slope(logcosh(x), x, tanh(x) ** 2),
    "target less prediction": slope(softplus(x) - y * x, x, y - sigmoid(x)),
    "c counted once": slope(total((r[i] - c) ** 2), c, 2 * (c - total(r[i]))),
    "the slope of a mean over n": slope(total((r[i] - c) ** 2) / n, c, 2 * (n * c - total(r[i]))),
    "a quotient as a quotient of slopes": slope(x / (1 + x**2), x, 1 / (2 * x)),
    "the other variable": slope(x**2 * y, y, 2 * x * y),
    "a bell's slope, the sign": slope(bell, x, x * bell),
    "a flat one": slope(Max(0, x - 20) ** 2, x, Integer(0)),
    "an integral's slope at the wrong end": slope(Integral(exp(-(u**2)), (u, x, 1)), x, exp(-(x**2))),
    "an integral's slope without its end": slope(Integral(exp(-x * u), (u, 0, 1)), x, exp(-x)),
    "off by 1e-30": slope(x**2, x, 2 * x * (1 + tiny(30))),
    "a curvature, one slope too few": slope(x**4, x, 4 * x**3, earlier=(slope(x**4, x, 4 * x**3),)),
}
TRUE["slopes"] = {
    "a chain": slope(log(1 + x**2), x, 2 * x / (1 + x**2)),
    "the sigmoid": slope(sigmoid(x), x, sigmoid(x) * (1 - sigmoid(x))),
    "softplus": slope(softplus(x), x, sigmoid(x)),
    "softplus, spelled out and turned round": slope(log(1 + exp(-x)), x, -1 / (1 + exp(x))),
    "tanh": slope(tanh(x), x, 1 - tanh(x) ** 2),
    "p to the p": slope(p**p, p, p**p * (1 + log(p))),
    "an entropy": slope(binary_entropy, p, log((1 - p) / p), domain=UNIT),
    "σ": slope(x**2 / (2 * s**2) + log(s), s, (s**2 - x**2) / s**3),
    "log cosh": slope(logcosh(x), x, tanh(x)),
    "prediction less target": slope(softplus(x) - y * x, x, sigmoid(x) - y),
    "a centre": slope(total((r[i] - c) ** 2), c, 2 * (n * c - total(r[i]))),
    "a centre of means": slope(total((r[i] - c) ** 2) / (2 * n), c, c - mean),
    "a steep softplus": slope(log(1 + exp(1000 * x)) / 1000, x, 1 / (1 + exp(-1000 * x))),
    "a bell": slope(bell, x, -x * bell),
    "one weight of a regression": slope(total(log(1 + exp(-c * r[i]))), c, -total(r[i] / (1 + exp(c * r[i])))),
    "a temperature": slope(
        tau * log(total(exp(z[i] / tau))),
        tau,
        log(total(exp(z[i] / tau))) - total(z[i] * exp(z[i] / tau)) / (tau * total(exp(z[i] / tau))),
    ),
    "an integral's end": slope(Integral(exp(-(u**2)), (u, 0, x)), x, exp(-(x**2))),
    "a slope written as one": Case(sp.Derivative(x**3, x), 3 * x**2),
    "a ratio": slope(x / (1 + x**2), x, (1 - x**2) / (1 + x**2) ** 2),
    "a curvature": slope(x**4, x, 12 * x**2, earlier=(slope(x**4, x, 4 * x**3),)),
    "after a dropped constant": slope(x**2 + y, x, 2 * x, earlier=(constant(x**2 + y, x**2, x),)),
}

# --- slopes in members of families ------------------------------------------------------

quadratic = Sum(A[i, j] * z[i] * z[j], (i, 1, n), (j, 1, n))
lse_k = log(Sum(exp(z[k]), (k, 1, n)))
square_k = Sum(z[k] ** 2, (k, 1, n))

FALSE["members"] = {
    "a bound index differentiated: 1": slope(lse_k, z[k], Integer(1)),
    "a bound index differentiated: the sum of slopes": slope(square_k, z[k], Sum(2 * z[k], (k, 1, n))),
    "a bound index differentiated: n slopes": slope(square_k, z[k], 2 * n * z[k]),
    "a sum of exponentials without its sum": slope(lse, z[k], exp(z[k])),
    "a mean's slope without n": slope(mean, r[k], Integer(1)),
    "a mean's slope, summed": slope(total(r[i] ** 2) / n, r[k], 2 * total(r[i]) / n),
    "no interaction": slope(lse, z[k], Integer(1) / n),
    "true inside, not at the ends": slope(
        Sum((z[i + 1] - z[i]) ** 2, (i, 1, n - 1)), z[k], 4 * z[k] - 2 * z[k - 1] - 2 * z[k + 1]
    ),
    "neighbours, also at the first": slope(total(r[i] * r[i + 1]), r[k], r[k - 1] + r[k + 1]),
    "a quadratic form taken for symmetric": slope(quadratic, z[k], 2 * total(A[k, j] * z[j], j)),
    "a quadratic form, one half": slope(quadratic, z[k], total(A[k, j] * z[j], j)),
    "the first class left out of the sum": slope(lse, z[1], exp(z[1]) / Sum(exp(z[i]), (i, 2, n))),
    "a Jacobian without its delta": slope(share(k), z[l], -share(k) * share(l)),
    "a Jacobian's diagonal everywhere": slope(share(k), z[l], share(k) * (1 - share(k))),
    "a Jacobian, the sign": slope(share(k), z[l], share(k) * (share(l) - KroneckerDelta(k, l))),
    "a squared sum, one term": slope(total(z[i]) ** 2, z[k], 2 * z[k]),
    "the fourth not seen": slope(square, r[4], Integer(0)),
    "the fourth, its 2 forgotten": slope(square, r[4], r[4]),
    "a product inside, by one factor": slope(total(z[i] * total(z[j], j)), z[k], total(z[j], j)),
    "bound and free, by one factor": slope(Sum(z[k], (k, 1, n)) * z[k], z[k], Sum(z[k], (k, 1, n))),
    "one entry of a table, for all rows": slope(Sum(A[i, j] ** 2, (i, 1, n), (j, 1, d)), A[k, l], 2 * total(A[i, l])),
    "a trace's slope everywhere": slope(total(A[i, i]), A[k, l], Integer(1)),
    "cross-entropy, targets that need not sum to 1": slope(
        total(h[i] * (log(total(exp(z[j]), j)) - z[i])), z[k], share(k) - h[k]
    ),
    "every second only": slope(total(z[2 * i]), z[k], Integer(1)),
    "the last, as if it were in both": slope(total(z[i] ** 2) + Sum(z[i], (i, 1, n - 1)), z[k], 2 * z[k] + 1),
    "a Hessian without its diagonal": slope(lse, z[l], -share(k) * share(l), earlier=(slope(lse, z[k], share(k)),)),
}
TRUE["members"] = {
    "a bound index differentiated": slope(square_k, z[k], 2 * z[k]),
    "a bound index differentiated: softmax": slope(lse_k, z[k], exp(z[k]) / Sum(exp(z[i]), (i, 1, n))),
    "softmax": slope(lse, z[k], share(k)),
    "the mean": slope(mean, r[k], 1 / n),
    "a mean of squares": slope(square / n, r[k], 2 * r[k] / n),
    "the first": slope(lse, z[1], exp(z[1]) / total(exp(z[i]))),
    "the fourth": slope(square, r[4], 2 * r[4]),
    "the last": slope(square, r[n], 2 * r[n]),
    "a Jacobian": slope(share(k), z[l], share(k) * (KroneckerDelta(k, l) - share(l))),
    "a Jacobian's diagonal": slope(share(k), z[k], share(k) * (1 - share(k))),
    "a squared sum": slope(total(z[i]) ** 2, z[k], 2 * total(z[i])),
    "a quadratic form": slope(quadratic, z[k], total((A[k, j] + A[j, k]) * z[j], j)),
    "a sum in a sum": slope(total(z[i] * total(z[j], j)), z[k], 2 * total(z[j], j)),
    "a shadowed sum in a sum": slope(total(z[i] * total(z[i])), z[k], 2 * total(z[i])),
    "bound and free": slope(Sum(z[k], (k, 1, n)) * z[k], z[k], z[k] + total(z[i])),
    "one entry of a table": slope(Sum(A[i, j] ** 2, (i, 1, n), (j, 1, d)), A[k, l], 2 * A[k, l]),
    "a trace": slope(total(A[i, i]), A[k, l], KroneckerDelta(k, l)),
    "cross-entropy": slope(total(h[i] * (log(total(exp(z[j]), j)) - z[i])), z[k], share(k) * total(h[i]) - h[k]),
    "pairs": slope(Sum((z[i] - z[j]) ** 2, *pairs), z[k], 2 * n * z[k] - 2 * total(z[i])),
    "a spread": slope(total((z[i] - total(z[j], j) / n) ** 2), z[k], 2 * (z[k] - total(z[j], j) / n)),
    "a norm": slope(sqrt(1 + square), r[k], r[k] / sqrt(1 + square)),
    "the curvature of squares": slope(2 * z[k], z[l], 2 * KroneckerDelta(k, l)),
    "a Hessian": slope(lse, z[l], share(k) * (KroneckerDelta(k, l) - share(l)), earlier=(slope(lse, z[k], share(k)),)),
}

# --- kinks ------------------------------------------------------------------------------

absolute = total(Abs(c - r[i]))
pinball = Max(tau * x, (tau - 1) * x)

FALSE["kinks"] = {
    "no absolute value": Case(Abs(x), x),
    "the square of a sign": Case(sign(x) ** 2, Integer(1)),
    "the square of a step": Case(Heaviside(x) ** 2, Heaviside(x)),
    "a maximum as an identity": Case(Max(0, x), x),
    "a maximum without its half": Case(Max(x, y), (x + y) / 2 + Abs(x - y)),
    "a hinge without its corner": Case(Max(0, 1 - x), 1 - x),
    "a sum of absolute values": Case(Abs(x + y), Abs(x) + Abs(y)),
    "two rectifiers as an absolute value": Case(Max(0, x) - Max(0, -x), Abs(x)),
    "an absolute value within another": Case(Abs(Abs(x) - 1), Abs(x) - 1),
    "true below 20": Case(Abs(x - 20), 20 - x),
    "a slope of 1": slope(Abs(x), x, Integer(1)),
    "half of a rectifier's slope": slope(Max(0, x) ** 2, x, 2 * x),
    "a step the wrong way": slope(Max(0, -x), x, Heaviside(x)),
    "a median's slope, the sign": slope(absolute, c, total(sign(r[i] - c))),
    "a median's slope, one vote": slope(absolute, c, sign(n * c - total(r[i]))),
    "the pinball the other way": slope(pinball, x, Piecewise((tau, x < 0), (tau - 1, True)), domain={tau: (0, 1)}),
    "a sum of maxima as a maximum": Case(total(Max(0, r[i])), Max(0, total(r[i]))),
    "the largest of three by two": Case(Max(x, y, a), Max(x, y)),
    "a smooth absolute value": Case(sqrt(x**2 + tiny(12)), Abs(x)),
    "a leak": Case(Max(x, x / 100), Max(x, 0)),
    "a kink's slope at every x": slope(Max(0, x - 7), x, Heaviside(x)),
}
TRUE["kinks"] = {
    "the slope of an absolute value": slope(Abs(x), x, sign(x)),
    "the slope of a rectifier": slope(Max(0, x), x, Heaviside(x)),
    "the slope of a rectifier, by sign": slope(Max(0, x), x, (1 + sign(x)) / 2),
    "a squared hinge": slope(Max(0, 1 - x) ** 2, x, -2 * Max(0, 1 - x)),
    "a median": slope(absolute, c, total(sign(c - r[i]))),
    "a pinball": slope(pinball, x, Piecewise((tau - 1, x < 0), (tau, True)), domain={tau: (0, 1)}),
    "a pinball by an absolute value": Case(pinball, Abs(x) / 2 + (tau - half) * x),
    "x times its absolute value": slope(x * Abs(x), x, 2 * Abs(x)),
    "a maximum by an absolute value": Case(Max(x, y), (x + y + Abs(x - y)) / 2),
    "largest and smallest": Case(Max(x, y) + Min(x, y), x + y),
    "two rectifiers": Case(Max(0, x) + Max(0, -x), Abs(x)),
    "the identity by two rectifiers": Case(Max(0, x) - Max(0, -x), x),
    "x times its sign": Case(x * sign(x), Abs(x)),
    "a sign by a step": Case(2 * Heaviside(x) - 1, sign(x)),
    "x over its absolute value": Case(x / Abs(x), sign(x)),
    "a hinge turned": Case(Max(0, 1 - x), 1 - Min(1, x)),
    "a rectifier of a member": slope(total(Max(0, r[i])), r[k], Heaviside(r[k])),
    "a distance": Case(Max(x, y) - Min(x, y), Abs(x - y)),
}

# --- cases ------------------------------------------------------------------------------

FALSE["piecewise"] = {
    "Huber as a square": Case(huber, x**2 / 2),
    "Huber as a square, within 10": Case(huber.subs(q, 10), x**2 / 2),
    "Huber's tail without its half": Case(huber, Piecewise((x**2 / 2, Abs(x) <= q), (q * (Abs(x) - q), True))),
    "Huber's slope as x": slope(huber, x, x),
    "Huber's slope as a sign": slope(huber, x, q * sign(x)),
    "Huber as its smooth cousin": Case(huber, q**2 * (sqrt(1 + x**2 / q**2) - 1)),
    "its cases exchanged": Case(huber, Piecewise((q * (Abs(x) - q / 2), Abs(x) <= q), (x**2 / 2, True))),
    "a boundary on the other side": Case(Piecewise((1, x < 0), (2, True)), Piecewise((1, x <= 0), (2, True))),
    "a clip dropped": Case(Min(Max(x, 0), 1), x),
    "a case without the others": Case(Piecewise((x**2, x < 0)), x**2),
    "a logarithm continued by 0": Case(Piecewise((log(x), x > 0), (0, True)), log(x)),
    "a case that is never reached, reached": Case(Piecewise((x, x < 10**6), (2 * x, True)), x),
    "one narrow case": Case(Piecewise((x + 1, (x > 3) & (x < 3 + tiny(6))), (x, True)), x),
    "Huber's curvature everywhere": slope(Max(-q, Min(x, q)), x, Integer(1)),
    "a case by another variable": Case(Piecewise((x, y < 20), (x + 1, True)), x),
    "Huber summed as a square": Case(
        total(Piecewise((r[i] ** 2 / 2, Abs(r[i]) <= 50), (50 * (Abs(r[i]) - 25), True))), square / 2
    ),
    "a boundary at y": Case(Piecewise((0, x < y), (1, True)), Piecewise((0, x <= y), (1, True))),
}
TRUE["piecewise"] = {
    "Huber by a rectifier": Case(huber, x**2 / 2 - Max(Abs(x) - q, 0) ** 2 / 2),
    "Huber's slope, clipped": slope(huber, x, Max(-q, Min(x, q))),
    "Huber's slope by cases": slope(huber, x, Piecewise((x, Abs(x) <= q), (q * sign(x), True))),
    "Huber's curvature": slope(Max(-q, Min(x, q)), x, Piecewise((1, Abs(x) < q), (0, True))),
    "a boundary where both agree": Case(Piecewise((x**2, x < 0), (0, True)), Piecewise((x**2, x <= 0), (0, True))),
    "a clip by cases": Case(Min(Max(x, 0), 1), Piecewise((0, x < 0), (x, x <= 1), (1, True))),
    "a maximum by cases": Case(Max(x, y), Piecewise((y, x < y), (x, True))),
    "a maximum by cases, the other boundary": Case(Max(x, y), Piecewise((y, x <= y), (x, True))),
    "an absolute value by cases": Case(Abs(x), Piecewise((-x, x < 0), (x, True))),
    "softplus by cases": Case(Piecewise((x + log(1 + exp(-x)), x > 0), (log(1 + exp(x)), True)), log(1 + exp(x))),
    "two cases that are equal": Case(Piecewise(((x + y) ** 2, x < 7), (x**2 + 2 * x * y + y**2, True)), (x + y) ** 2),
    "cases in another order": Case(
        Piecewise((-1, x < -1), (1, x > 1), (x, True)), Piecewise((1, x > 1), (-1, x < -1), (x, True))
    ),
    "a factor in both cases": Case(
        Piecewise((a * x, x < 0), (a * x**2, True)), a * Piecewise((x, x < 0), (x**2, True))
    ),
    "Huber summed": slope(
        total(Piecewise((r[i] ** 2 / 2, Abs(r[i]) <= 1), (Abs(r[i]) - half, True))), r[k], Max(-1, Min(r[k], 1))
    ),
    "the square within its reach": Case(huber, x**2 / 2, domain={x: (-1, 1), q: (1, 5)}),
}

# --- Kronecker's delta ------------------------------------------------------------------

delta = KroneckerDelta

FALSE["deltas"] = {
    "wrong at 7 only": Case(x * delta(k, 7), Integer(0)),
    "wrong at 100 only": Case(x * delta(k, 100), Integer(0)),
    "wrong at one size": Case(total(r[i]) + delta(n, 13) * a, total(r[i])),
    "wrong at one pair": Case(x * delta(i, 3) * delta(j, 11), Integer(0)),
    "wrong where two agree": Case(x * delta(i, j), Integer(0)),
    "a double sum of deltas, 1": Case(Sum(delta(i, j), (i, 1, n), (j, 1, n)), Integer(1)),
    "a double sum of deltas, n²": Case(Sum(delta(i, j), (i, 1, n), (j, 1, n)), n**2),
    "two deltas as one": Case(delta(i, j) * delta(j, k), delta(i, k)),
    "the diagonal for the whole": Case(
        Sum(delta(i, j) * A[i, j], (i, 1, n), (j, 1, n)), Sum(A[i, j], (i, 1, n), (j, 1, n))
    ),
    "one of two": Case(delta(k, 1) + delta(k, 2), Integer(1)),
    "a delta of twice": Case(delta(2 * k, 7), delta(k, 3)),
    "its index replaced by another": Case(k * delta(k, 7), 8 * delta(k, 7)),
    "a delta always 1": Case(delta(i, j), Integer(1)),
    "two neighbours": Case(Sum(delta(i, j + 1), (i, 1, n), (j, 1, n)), n),
    "wrong at one member": Case(r[k] * (1 + delta(k, 5)), r[k]),
}
TRUE["deltas"] = {
    "a double sum": Case(Sum(delta(i, j), (i, 1, n), (j, 1, n)), n),
    "a trace": Case(Sum(delta(i, j) * A[i, j], (i, 1, n), (j, 1, n)), total(A[i, i])),
    "one index for the other": Case(delta(i, j) * r[i], delta(i, j) * r[j]),
    "a power of one more": Case((1 + delta(i, j)) ** 3, 1 + 7 * delta(i, j)),
    "three indices": Case(delta(i, j) * delta(j, k), delta(i, k) * delta(j, k)),
    "its index as a number": Case(k * delta(k, 7), 7 * delta(k, 7)),
    "nothing where it is": Case((k - 7) * delta(k, 7), Integer(0)),
    "its member": Case(delta(k, 7) * r[k], delta(k, 7) * r[7]),
    "of twice": Case(delta(2 * k, 8), delta(k, 4)),
    "in an exponent": Case(p ** delta(i, j), 1 + (p - 1) * delta(i, j)),
    "two neighbours": Case(Sum(delta(i, j + 1), (i, 1, n), (j, 1, n)), n - 1),
    "one size": Case(delta(n, 1) * total(r[i]), delta(n, 1) * r[1]),
    "the first, picked": Case(total(delta(i, 1) * r[i]), r[1]),
    "a Jacobian's row sums to 0": Case(total(total(share(k) * (delta(k, l) - share(l)), k), l), Integer(0)),
    "off the diagonal": Case(Sum((1 - delta(i, j)) * r[i] * r[j], (i, 1, n), (j, 1, n)), total(r[i]) ** 2 - square),
}

# --- integrals and expectations ---------------------------------------------------------

centred = exp(-((x - a) ** 2) / 2) / sqrt(2 * pi)
LINE = (x, -oo, oo)

FALSE["integrals"] = {
    "an absolute cosine, negative": Case(Integral(Abs(cos(x)), (x, -pi / 2, 0)), Integer(-1)),
    "half a wave, cancelled": Case(Integral(Max(0, sin(x)), (x, -pi, pi)), Integer(0)),
    "half a wave, halved": Case(Integral(Max(0, sin(x)), (x, -pi, pi)), Integer(1)),
    "a bell without its root": Case(Integral(exp(-(x**2)), LINE), pi),
    "a bell cut at 10": Case(Integral(exp(-(x**2)), (x, -10, 10)), sqrt(pi)),
    "a bell cut at 6": Case(Integral(exp(-(x**2)), (x, -6, 6)), sqrt(pi)),
    "a narrow bell overlooked": Case(Integral(exp(-10000 * (x - 50) ** 2), (x, -100, 100)), Integer(0)),
    "across a pole": Case(Integral(1 / x**2, (x, -1, 1)), Integer(-2)),
    "across a pole, by symmetry": Case(Integral(1 / x, (x, -1, 1)), Integer(0)),
    "a divergent one": Case(Integral(1 / x, (x, 0, 1)), Integer(5)),
    "the mean distance without spread": Case(Integral(Abs(x - a) * bell, LINE), Abs(a)),
    "the mean distance as the deviation": Case(Integral(Abs(x) * bell, LINE), Integer(1)),
    "the end forgotten": Case(Integral(exp(-p * s), (p, 0, 1)), 1 / s),
    "a power, one off": Case(Integral(x**k, (x, 0, 1)), 1 / k),
    "signs that do not balance": Case(Integral(sign(x - Rational(1, 3)), (x, 0, 1)), Integer(0)),
    "a lower end forgotten": Case(Integral(logistic.subs(x, u), (u, 0, x)), softplus(x)),
    "a triangle as a square": Case(Integral(u, (u, 0, p)), p**2),
    "a third, nearly": Case(Integral(x**2, (x, 0, 1)), Rational(1, 3) + tiny(20)),
    "an expectation of a square": Case(Integral(x**2 * centred, LINE), a**2),
    "Cauchy's norm": Case(Integral(1 / (1 + x**2), LINE), 2 * pi),
    "an expected maximum": Case(Integral(Max(0, x) * bell, LINE), Integer(0)),
    "ends exchanged": Case(Integral(x**2, (x, 0, p)), -(p**3) / 3),
    "a narrow tent": Case(Integral(Max(0, 1 - 1000 * Abs(x - Rational(2, 7))), (x, 0, 1)), Integer(0)),
}
TRUE["integrals"] = {
    "an absolute cosine": Case(Integral(Abs(cos(x)), (x, -pi / 2, 0)), Integer(1)),
    "half a wave": Case(Integral(Max(0, sin(x)), (x, -pi, pi)), Integer(2)),
    "a bell": Case(Integral(exp(-(x**2)), LINE), sqrt(pi)),
    "a density": Case(Integral(centred, LINE), Integer(1)),
    "a mean": Case(Integral(x * centred, LINE), a),
    "a second moment": Case(Integral(x**2 * centred, LINE), 1 + a**2),
    "a mean distance": Case(Integral(Abs(x) * bell, LINE), sqrt(2 / pi)),
    "a mean distance from a": Case(
        Integral(Abs(x - a) * bell, LINE), sqrt(2 / pi) * exp(-(a**2) / 2) + a * erf(a / sqrt(2))
    ),
    "an exponential": Case(Integral(exp(-p * s), (p, 0, 1)), (1 - exp(-s)) / s),
    "a power": Case(Integral(x**k, (x, 0, 1)), 1 / (k + 1)),
    "signs": Case(Integral(sign(x - Rational(1, 3)), (x, 0, 1)), Rational(1, 3)),
    "an area under a sigmoid": Case(Integral(logistic.subs(x, u), (u, 0, x)), softplus(x) - log(2)),
    "a logarithm": Case(Integral(1 / u, (u, 1, p)), log(p)),
    "a triangle": Case(Integral(u, (u, 0, p)), p**2 / 2),
    "renamed": Case(Integral(exp(-(x**2)), (x, 0, 1)), Integral(exp(-(u**2)), (u, 0, 1))),
    "Cauchy": Case(Integral(1 / (1 + x**2), LINE), pi),
    "an entropy": Case(Integral(-bell * log(bell), LINE), log(2 * pi * sp.E) / 2),
    "a Bernoulli likelihood, averaged": Case(Integral(u**2 * (1 - u) ** 3, (u, 0, 1)), Rational(1, 60)),
    "a threshold over all prices": Case(
        Integral(2 * u, (u, 0, p)) + Integral(2 * (1 - u), (u, p, 1)), p**2 + (1 - p) ** 2, domain=UNIT
    ),
}

# --- limits -----------------------------------------------------------------------------

FALSE["limits"] = {
    "compound interest as 2": Case(Limit((1 + 1 / p) ** p, p, oo), Integer(2)),
    "compound interest, 13 digits": Case(Limit((1 + 1 / p) ** p, p, oo), Rational(2718281828459, 10**12)),
    "sin x over x": Case(Limit(sin(x) / x, x, 0), Integer(0)),
    "the first for the largest": Case(Limit(tau * log(exp(x / tau) + exp(y / tau)), tau, 0), x),
    "the faster exponential": Case(Limit(log(exp(x * p) + exp(y * p)) / p, p, oo), x + y),
    "a Box–Cox power": Case(Limit((q**p - 1) / p, p, 0), q),
    "a steep softplus as the identity": Case(Limit(log(1 + exp(p * x)) / p, p, oo), x),
    "x log x": Case(Limit(p * log(p), p, 0), Integer(1)),
    "a tiny exponential against a power": Case(Limit(exp(-1 / p) / p**5, p, 0), Integer(1)),
    "a slope from one side": Case(Limit(Abs(x) / x, x, 0, "-"), Integer(1)),
    "a heavy tail, the half lost": Case(Limit((p + 1) / 2 * log(1 + x**2 / p), p, oo), x**2),
    "a difference quotient": Case(Limit(((x + u) ** 2 - x**2) / u, u, 0), x),
    "cosh, the half lost": Case(Limit((cosh(u * x) - 1) / u**2, u, 0), x**2),
    "a sum of exponentials": Case(Limit((exp(-2 * p) + exp(-p)) / exp(-p), p, oo), Integer(2)),
}
TRUE["limits"] = {
    "compound interest": Case(Limit((1 + 1 / p) ** p, p, oo), sp.E),
    "compound interest at x": Case(Limit((1 + x / p) ** p, p, oo), exp(x)),
    "sin x over x": Case(Limit(sin(x) / x, x, 0), Integer(1)),
    "a Box–Cox power": Case(Limit((q**p - 1) / p, p, 0), log(q)),
    "x log x": Case(Limit(p * log(p), p, 0), Integer(0)),
    "a steep softplus": Case(Limit(log(1 + exp(p * x)) / p, p, oo), Max(0, x)),
    "a cold softmax": Case(Limit(tau * log(exp(x / tau) + exp(y / tau)), tau, 0), Max(x, y)),
    "a slope from below": Case(Limit(Abs(x) / x, x, 0, "-"), Integer(-1)),
    "a difference quotient": Case(Limit(((x + u) ** 2 - x**2) / u, u, 0), 2 * x),
    "cosh": Case(Limit((cosh(u * x) - 1) / u**2, u, 0), x**2 / 2),
    "Student's t to Gauss": Case(Limit((p + 1) / 2 * log(1 + x**2 / p), p, oo), x**2 / 2),
    "a sigmoid far out": Case(Limit(1 / (1 + exp(-p)), p, oo), Integer(1)),
    "a ratio of exponentials": Case(Limit((exp(-2 * p) + exp(-p)) / exp(-p), p, oo), Integer(1)),
}

# --- gamma functions --------------------------------------------------------------------

student = (nu + 1) / 2 * log(1 + x**2 / nu)

FALSE["gamma"] = {
    "a recurrence, one off": Case(gamma(p + 1), (p + 1) * gamma(p)),
    "a recurrence without its logarithm": Case(loggamma(p + 1), loggamma(p) + p),
    "gamma of a sum": Case(gamma(p + q), gamma(p) * gamma(q)),
    "Stirling as an equation": Case(loggamma(p), (p - half) * log(p) - p + log(2 * pi) / 2),
    "Stirling with a correction": Case(
        loggamma(p), (p - half) * log(p) - p + log(2 * pi) / 2 + 1 / (12 * p) - 1 / (360 * p**3)
    ),
    "a factorial, one off": Case(factorial(k), gamma(k)),
    "digamma as a logarithm": Case(digamma(p), log(p)),
    "digamma as a shifted logarithm": Case(digamma(p), log(p) - 1 / (2 * p)),
    "Student's t as Gauss": Case(student, x**2 / 2),
    "Student's t, ν for ν + 1": Case(student, nu / 2 * log(1 + x**2 / nu)),
    "Student's slope without its tail": slope(student, x, (nu + 1) * x / nu),
    "Student's slope, ν for ν + 1": slope(student, x, nu * x / (nu + x**2)),
    "the slope of log gamma": slope(loggamma(p), p, log(p)),
    "a reflection": Case(gamma(p) * gamma(1 - p), pi / cos(pi * p), domain=UNIT),
    "next to a root": Case(loggamma(1 + exp(-30 - x**2)), Integer(0)),
    "gamma of one half": Case(gamma(half), Integer(2)),
    "log gamma of any sign": Case(loggamma(x), log(gamma(x))),
    "true at whole numbers 1 and 2": Case(gamma(p), Integer(1)),
}
TRUE["gamma"] = {
    "a recurrence": Case(gamma(p + 1), p * gamma(p)),
    "a recurrence, logarithmic": Case(loggamma(p + 1), loggamma(p) + log(p)),
    "a factorial": Case(factorial(k), gamma(k + 1)),
    "log gamma": Case(loggamma(p), log(gamma(p))),
    "this package's own": Case(lngamma(p), loggamma(p)),
    "duplication": Case(gamma(p) * gamma(p + half), 2 ** (1 - 2 * p) * sqrt(pi) * gamma(2 * p)),
    "reflection": Case(gamma(p) * gamma(1 - p), pi / sin(pi * p), domain=UNIT),
    "digamma's recurrence": Case(digamma(p + 1), digamma(p) + 1 / p),
    "trigamma": slope(digamma(p), p, polygamma(1, p)),
    "the slope of log gamma": slope(loggamma(p), p, digamma(p)),
    "Student's slope": slope(student, x, (nu + 1) * x / (nu + x**2)),
    "Student's curvature": slope((nu + 1) * x / (nu + x**2), x, (nu + 1) * (nu - x**2) / (nu + x**2) ** 2),
    "Student's logarithm split": Case(student, (nu + 1) / 2 * (log(nu + x**2) - log(nu))),
    "the slope in ν": slope(student, nu, log(1 + x**2 / nu) / 2 - (nu + 1) * x**2 / (2 * nu * (nu + x**2))),
    "a Gamma density": Case(
        -log(p ** (q - 1) * exp(-p / s) / (gamma(q) * s**q)), p / s - (q - 1) * log(p) + loggamma(q) + q * log(s)
    ),
}

# --- Gaussian tails ---------------------------------------------------------------------

FALSE["tails"] = {
    "the tail as the mirror": Case(1 - erf(x), erf(-x)),
    "one from 10 on": Case(erf(x), Integer(1), domain={x: (10, 20)}),
    "a tail by its first term": Case(erfc(x), exp(-(x**2)) / (x * sqrt(pi)), domain={x: (20, 30)}),
    "a distribution as erf": Case(Phi, erf(x)),
    "a distribution taken for odd": Case(Phi.subs(x, -x), -Phi),
    "erf at 6": Case(erf(Integer(6)), Integer(1)),
    "erf at 40": Case(erf(Integer(40)), Integer(1)),
    "erfc at 30": Case(erfc(Integer(30)), Integer(0)),
    "erf's slope without its factor": slope(erf(x), x, exp(-(x**2))),
    "a distribution's slope, unscaled": slope(Phi, x, exp(-(x**2))),
    "probit as logit": Case(Phi, sigmoid(Rational(1702, 1000) * x)),
    "erf as tanh": Case(erf(x), tanh(2 * x / sqrt(pi))),
    "squares that do not sum to 1": Case(erf(x) ** 2 + erfc(x) ** 2, Integer(1)),
    "Mills's ratio as an equation": Case(erfc(p / sqrt(2)) / 2, exp(-(p**2) / 2) / (p * sqrt(2 * pi))),
    "the hazard, turned round": slope(
        -log(erfc(x / sqrt(2)) / 2), x, -exp(-(x**2) / 2) / (sqrt(pi / 2) * erfc(x / sqrt(2)))
    ),
    "a sum with a hidden tail": Case(x + erfc(30 + x**2), x),
}
TRUE["tails"] = {
    "one less erf": Case(1 - erf(x), erfc(x)),
    "a product of both tails": Case(erfc(x) * erfc(-x), 1 - erf(x) ** 2),
    "a distribution and its mirror": Case(Phi, 1 - erfc(x / sqrt(2)) / 2),
    "a distribution as a tail": Case(Phi, erfc(-x / sqrt(2)) / 2),
    "erf's slope": slope(erf(x), x, 2 * exp(-(x**2)) / sqrt(pi)),
    "erfc's slope": slope(erfc(x), x, -2 * exp(-(x**2)) / sqrt(pi)),
    "a distribution's slope": slope(Phi, x, bell),
    "an area under a distribution": slope(x * Phi + bell, x, Phi),
    "a hazard": slope(-log(erfc(x / sqrt(2)) / 2), x, exp(-(x**2) / 2) / (sqrt(pi / 2) * erfc(x / sqrt(2)))),
    "erf as an integral": Case(2 / sqrt(pi) * Integral(exp(-(u**2)), (u, 0, x)), erf(x), domain={x: (-3, 3)}),
    "probit loss by tails": Case(
        -y * log(Phi) - (1 - y) * log(1 - Phi), -y * log(erfc(-x / sqrt(2)) / 2) - (1 - y) * log(erfc(x / sqrt(2)) / 2)
    ),
    "a difference of squares": Case(1 - erf(x) ** 2, erfc(x) * (1 + erf(x))),
    "a scaled bell's distribution": slope(
        (1 + erf((x - a) / (s * sqrt(2)))) / 2, a, -exp(-((x - a) ** 2) / (2 * s**2)) / (s * sqrt(2 * pi))
    ),
}

# --- magnitudes -------------------------------------------------------------------------

BIG = Integer(10) ** 40

FALSE["magnitudes"] = {
    "beside a large number": Case(BIG + x, BIG),
    "beside a large exponential": Case(exp(1000 * p) + p, exp(1000 * p) + 2 * p),
    "a root with a floor": Case(sqrt(x**2 + tiny(30)), Abs(x)),
    "a tiny softplus dropped": Case(log(1 + exp(-100 - x**2)), Integer(0)),
    "a tiny softplus dropped beside x": Case(x + log(1 + exp(-100 - x**2)), x),
    "cosh as half of an exponential": Case(cosh(x), exp(Abs(x)) / 2),
    "an exponential below every float": Case(exp(-(x**2) - 1000), Integer(0)),
    "an exponential below every float, in a sum": Case(x + exp(-(x**2) - 5000), x),
    "beside a large denominator": Case(1 / (BIG + x**2), 1 / BIG),
    "expm1, first term": Case(exp(x / BIG) - 1, x / BIG),
    "log1p, first term": Case(log(1 + p / BIG), p / BIG),
    "a cosine near 1": Case(cos(x / BIG), Integer(1)),
    "an epsilon in a logarithm": Case(log(x**2 + tiny(24)), log(x**2)),
    "an epsilon in a logarithm, in its domain": Case(log(p + tiny(12)), log(p), domain=UNIT),
    "an epsilon in a denominator": Case(x / (sqrt(p) + tiny(8)), x / sqrt(p)),
    "tanh far out": Case(tanh(100 + p), Integer(1)),
    "tanh very far out": Case(tanh(3000 + p), Integer(1)),
    "a root of a large number": Case(sqrt(10**24 + p), Integer(10) ** 12),
    "compound interest": Case((1 + p / 10**12) ** (10**12), exp(p)),
    "a softmax with a cold loser": Case(1 / (1 + exp(-500 - x**2)), Integer(1)),
    "sinh as half of an exponential": Case(sinh(100 + p), exp(100 + p) / 2),
    "the larger of two exponentials": Case(log(exp(1000 + p) + exp(p)), 1000 + p),
}
TRUE["magnitudes"] = {
    "a square beside a larger": Case((BIG + x) ** 2 - BIG**2 - 2 * BIG * x, x**2),
    "a root beside a large number": Case(sqrt(10**24 + p) - 10**12, p / (sqrt(10**24 + p) + 10**12)),
    "log-sum-exp at 1000 p": Case(log(1 + exp(1000 * p)), 1000 * p + log(1 + exp(-1000 * p))),
    "log-sum-exp, shifted by 1000": Case(log(exp(1000 + x) + exp(1000 + y)), 1000 + log(exp(x) + exp(y))),
    "steep cosh and sinh": Case(cosh(500 * x) ** 2 - sinh(500 * x) ** 2, Integer(1)),
    "the logarithm of a large multiple": Case(log(10**300 * p), log(p) + 300 * log(10)),
    "a tiny share": Case(1 - 1 / (1 + p / BIG), p / (BIG + p)),
    "a floored root": Case((sqrt(p**2 + tiny(30)) - p) * (sqrt(p**2 + tiny(30)) + p), tiny(30)),
    "a tiny number, kept": Case(tiny(40) * a, a / 10**40),
    "exponentials that cancel": Case(exp(-1000 * x) * (exp(1000 * x) + 1), 1 + exp(-1000 * x)),
    "a quotient at large arguments": Case(exp(-x) / (1 + exp(-x)) / (1 - logistic), Integer(1)),
    "an expm1 by tanh": Case(exp(x) - 1, 2 * tanh(x / 2) / (1 - tanh(x / 2))),
    "a difference of near roots": Case(sqrt(p + tiny(20)) - sqrt(p), tiny(20) / (sqrt(p + tiny(20)) + sqrt(p))),
    "a cold loser": Case(1 / (1 + exp(-500 - x**2)), 1 - 1 / (1 + exp(500 + x**2))),
}

# --- tiny errors ------------------------------------------------------------------------

FALSE["tiny errors"] = {
    "by 1e-12": Case(log(p * q), log(p) + log(q) + tiny(12)),
    "by a factor of 1 + 1e-12": Case(exp(x), exp(x) * (1 + tiny(12))),
    "by a factor of 1 + 1e-60": Case(x, x * (1 + tiny(60))),
    "by a factor of 1 + 1e-200": Case(exp(x), exp(x) * (1 + tiny(200))),
    "by 1e-500 x": Case(x**2 + x * tiny(500), x**2),
    "by 1e-1000 x": Case(x**2 + x * tiny(1000), x**2),
    "log 2 to 30 digits": Case(log(2 * p), log(p) + Rational(693147180559945309417232121458, 10**30)),
    "π to 40 digits": Case(pi * x, Rational(31415926535897932384626433832795028841971, 10**40) * x),
    "the root of 2 to 20 digits": Case(sqrt(2) * x, Rational(141421356237309504880, 10**20) * x),
    "Ramanujan's near integer": Case(exp(pi * sqrt(163)), Integer(640320) ** 3 + 744),
    "a sum, by 1e-15 n": Case(total(r[i]), total(r[i]) + n * tiny(15)),
    "one member, by 1e-40": Case(total(r[i]), total(r[i]) + tiny(40) * r[1]),
    "a constant with 1e-40 x in it": constant(x**2 + y**2, x**2 + tiny(40) * x, x),
    "a factor with 1e-30 x² in it": factor(x**4 + 1, (x**4 + 1) * (1 + tiny(30) * x**2), x),
    "a slope, by 1e-40": slope(log(1 + x**2), x, 2 * x / (1 + x**2) + tiny(40)),
    "a softmax, by 1e-50": Case(share(k), share(k) + tiny(50)),
    "an entropy, by 1e-25": Case(binary_entropy, -p * log(p) - (1 - p) * log(1 - p) * (1 - tiny(25)), domain=UNIT),
    "a power, by 1e-30": Case(p**2, p ** (2 + tiny(30))),
    "a size, by 1e-20": Case(n**2, n ** (2 + tiny(20))),
    "a shift of 1e-30": Case(sigmoid(x), sigmoid(x + tiny(30))),
}
TRUE["tiny errors"] = {
    "a product with 1e-60": Case((x + tiny(60)) * (x - tiny(60)), x**2 - tiny(120)),
    "a factor of 1 + 1e-12 on both sides": Case(
        (exp(x) * (1 + tiny(12))) ** 2, exp(2 * x) * (1 + 2 * tiny(12) + tiny(24))
    ),
    "a square with 1e-60": Case((x + tiny(60)) ** 2, x**2 + 2 * x * tiny(60) + tiny(120)),
    "Machin's π": Case(4 * atan(Rational(1, 5)) - atan(Rational(1, 239)), pi / 4),
    "two nested roots": Case(sqrt(5 + 2 * sqrt(6)) * x, (sqrt(2) + sqrt(3)) * x),
    "a logarithm of 10^60": Case(log(p * 10**60), log(p) + 60 * log(2) + 60 * log(5)),
    "the golden cosine": Case(4 * cos(pi / 5) ** 2 * x, (cos(pi / 5) * 2 + 1) * x),
    "a constant with 1e-40 in it": constant(x**2 + tiny(40) * y, x**2, x),
    "a factor of 1 + 1e-30": factor((1 + tiny(30)) * x**2, x**2, x),
    "a slope with 1e-40": slope(log(1 + x**2) + tiny(40) * x, x, 2 * x / (1 + x**2) + tiny(40)),
    "a shift of 1e-30": Case(exp(x + tiny(30)), exp(x) * exp(tiny(30))),
    "a sum with 1e-15": Case(total(r[i] + tiny(15)), total(r[i]) + n * tiny(15)),
}

# --- wrong at one place -----------------------------------------------------------------

FALSE["one place"] = {
    "a threshold of 10^6": Case(Max(x - 10**6, 0), Integer(0)),
    "a threshold of 10^11": Case(x + Max(p - 10**11, 0), x),
    "a threshold of 10^-9": Case(Max(tiny(9) - p, 0), Integer(0)),
    "a threshold of 100 π": Case(Max(x - 100 * pi, 0) * y, Integer(0)),
    "a threshold in a difference": Case(Max(x - y - 100, 0), Integer(0)),
    "a threshold in a product": Case(Max(p * q - 10**4, 0), Integer(0)),
    "the square of a sign at 7": Case(sign(x - 7) ** 2, Integer(1)),
    "the square of a sign at the root of 2": Case(sign(x**2 - 2) ** 2, Integer(1)),
    "the square of a sign at y": Case(sign(x - y) ** 2, Integer(1)),
    "the square of a sign at a²": Case(sign(x - a**2) ** 2, Integer(1)),
    "the square of a sign at a logarithm": Case(sign(x - log(p)) ** 2, Integer(1)),
    "a sum of squared signs": Case(total(sign(r[i]) ** 2), n),
    "a squared sign of a sine": Case(sign(sin(x)) ** 2, Integer(1)),
    "a narrow tent at 7": Case(Max(0, 1 - 1000 * Abs(x - 7)), Integer(0)),
    "a narrow tent at 3/7": Case(x + Max(0, tiny(3) - Abs(x - Rational(3, 7))), x),
    "a tent at 123456": Case(Max(0, 1 - Abs(x - 123456)), Integer(0)),
    "a narrow tent at y": Case(Max(0, 1 - 10**6 * Abs(x - y)), Integer(0)),
    "a tent at x = 20, y = 30": Case(Max(0, 1 - Abs(x - 20) - Abs(y - 30)), Integer(0)),
    "a size above 50": Case(total(r[i]) + Max(n - 50, 0), total(r[i])),
    "a size below 3": Case(total(r[i]) + Max(3 - n, 0) * a, total(r[i])),
    "an index above 1000": Case(x * Max(k - 1000, 0), Integer(0)),
    "a step at 20": Case(x * Heaviside(x - 20), Integer(0)),
    "a positive factor that is 0 at 2": factor((x - 2) ** 2 * (y**2 + 1), y**2 + 1, y),
    "a residual clipped at 10^6": slope(Piecewise((x**2 / 2, Abs(x) < 10**6), (0, True)), x, x),
}
TRUE["one place"] = {
    "a sign that is undone": Case(sign(x) ** 2 * x, x),
    "a sign that is undone at 7": Case(sign(x - 7) ** 2 * (x - 7), x - 7),
    "a sign cubed": Case(sign(x) ** 3, sign(x)),
    "a tent at 7": Case(Max(0, 1 - Abs(x - 7)), Max(0, Min(x - 6, 8 - x))),
    "a narrow tent at 7": Case(Max(0, 1 - 1000 * Abs(x - 7)), 1000 * Max(0, tiny(3) - Abs(x - 7))),
    "below and above 10^6": Case(Max(x - 10**6, 0) + Min(x, 10**6), x),
    "the sign of x² − 2": Case(sign(x**2 - 2) * (x**2 - 2), Abs(x**2 - 2)),
    "a step at 20": Case(Heaviside(x - 20) * (x - 20), Max(0, x - 20)),
    "a size above 50": Case(Max(n - 50, 0) + Min(n, 50), n),
    "a step and its mirror": Case(Heaviside(x - 20) + Heaviside(20 - x), Integer(1)),
    "a threshold in a difference": Case(Max(x - y - 100, 0), Max(x, y + 100) - y - 100),
    "a threshold of 10^-9": Case(Max(p, tiny(9)) - p, Max(0, tiny(9) - p)),
    "a sign of a product": Case(sign(x * y), sign(x) * sign(y)),
}

# --- whole numbers and real ones --------------------------------------------------------

FALSE["whole numbers"] = {
    "a sine at whole numbers": Case(sin(pi * x), Integer(0)),
    "a cosine at whole numbers": Case(cos(2 * pi * x), Integer(1)),
    "a sign that alternates": Case((-1) ** k, Integer(1)),
    "a sign with period 4": Case((-1) ** (k * (k + 1) / 2), (-1) ** k),
    "a cosine that alternates": Case(cos(pi * k), Integer(1)),
    "a whole number's square": Case(k**2, k),
    "a whole number's absolute value": Case(Abs(m), m),
    "one less": Case(Max(k - 1, 0), k),
    "true for 1, 2, 3": Case(x + (k - 1) * (k - 2) * (k - 3), x),
    "a quarter turn": Case(sin(pi * k / 2) ** 2, Integer(1)),
    "a power as a square": Case(2**n, n**2),
    "a factorial as a power": Case(factorial(n), n ** (n - 1)),
    "twice the index": Case(r[2 * k], r[k]),
    "at most 100": Case(Min(k, 100), k),
    "an index as a number": Case(k * r[k], r[k]),
    "any two members": Case(r[i] - r[k], Integer(0)),
    "a negative whole number": Case(Max(m, 0), m),
    "true for 1 to 8": Case(x * Product(k - j, (j, 1, 8)), Integer(0)),
    "a third of a turn": Case(cos(2 * pi * k / 3), -half),
}
TRUE["whole numbers"] = {
    "a sum of two to the i": Case(Sum(2**i, (i, 0, n - 1)), 2**n - 1),
    "odd or even": Case((1 - (-1) ** m) * (1 + (-1) ** m), Integer(0)),
    "a product of neighbours is even": Case((-1) ** (m * (m + 1)), Integer(1)),
    "an absolute value": Case(Abs(m), Max(m, -m)),
    "three less, not below 0": Case(Max(k - 3, 0), k - Min(k, 3)),
    "a whole turn in three": Case(cos(2 * pi * (k + 3) / 3), 1 - 2 * sin(pi * k / 3) ** 2),
    "a quarter turn": Case(sin(pi * k / 2) ** 2, (1 - (-1) ** k) / 2),
    "pairs of signs": Case(Sum((-1) ** i, (i, 1, even)), Integer(0)),
    "signs to n": Case(total((-1) ** i), ((-1) ** n - 1) / 2),
    "a sign squared": Case((-1) ** (k**2), (-1) ** k),
    "halves of an even size": Case(
        Sum(r[i], (i, 1, even)), Sum(r[i], (i, 1, even / 2)) + Sum(r[i], (i, even / 2 + 1, even))
    ),
    "the odd ones among 2n": Case(Sum((1 - (-1) ** i) / 2, (i, 1, 2 * n)), n),
    "a power of a power": Case((2**k) ** 2, 4**k),
    "sizes chosen": Case(total(r[i]), total(r[j], j), domain={n: (5, 5)}),
    "a second class": Case(total(exp(delta(i, 2))), n - 1 + sp.E, domain={n: (2, oo)}),
    "a label among the classes": Case(-total(delta(i, k) * log(g[i])), -log(g[k]), domain={k: (1, n)}),
}

# --- domains ----------------------------------------------------------------------------

FALSE["domains"] = {
    "an absolute value on both sides of 0": Case(Abs(x), x, domain={x: (-1, 1)}),
    "a threshold just inside": Case(Max(0, x - 20), Integer(0), domain={x: (0, 21)}),
    "a threshold barely inside": Case(Max(p, 1), Integer(1), domain={p: (0, 1 + tiny(9))}),
    "a root of a square, no domain": Case(sqrt((1 - p) ** 2), 1 - p),
    "a root of a square, the other sign": Case(sqrt((1 - p) ** 2), p - 1, domain=UNIT),
    "a probability's square": Case(p**2, p, domain=UNIT),
    "half of the unit interval": Case(Abs(p - half), p - half, domain=UNIT),
    "a cap below the end": Case(Min(p, 1), p, domain={p: (0, 2)}),
    "a tiny domain": Case(exp(p), 1 + p, domain={p: (0, tiny(9))}),
    "a family on both sides of 0": Case(Abs(r[k]), r[k], domain={r: (-1, 1)}),
    "an arcsine beyond its range": Case(asin(sin(x)), x, domain={x: (-2, 2)}),
    "far out": Case(log(1 + exp(x)), x, domain={x: (700, 800)}),
    "a corner in the middle": Case(Abs(x - Rational(1, 3)), Rational(1, 3) - x, domain={x: (0, half)}),
    "two domains that overlap": Case(Min(x, y), x, domain={x: (0, 2), y: (1, 3)}),
    "two domains that overlap barely": Case(Min(x, y), x, domain={x: (0, 1 + tiny(6)), y: (1, 3)}),
    "a sum that leaves the unit interval": Case(Min(1, p + q), p + q, domain=UNITS),
    "1 − p for any positive p": Case(-log(1 - p), log(1 / (1 - p))),
    "a slope outside": slope(Max(0, x - 3), x, Integer(1), domain={x: (2, 5)}),
}
TRUE["domains"] = {
    "an absolute value": Case(Abs(x), x, domain={x: (0, 1)}),
    "a threshold outside": Case(Max(0, x - 20), Integer(0), domain={x: (0, 20)}),
    "a threshold below": Case(Max(0, x - 20), x - 20, domain={x: (20, 30)}),
    "a root of a square": Case(sqrt((1 - p) ** 2), 1 - p, domain=UNIT),
    "a root of a negative's square": Case(sqrt(x**2), -x, domain={x: (-5, 0)}),
    "an arcsine": Case(asin(sin(x)), x, domain={x: (Rational(-3, 2), Rational(3, 2))}),
    "a cap": Case(Max(p, 1), Integer(1), domain=UNIT),
    "a family": Case(Abs(r[k]), r[k], domain={r: (0, 1)}),
    "a family's logarithms": Case(total(log(1 - r[i])), -total(log(1 / (1 - r[i]))), domain={r: (0, 1)}),
    "two domains apart": Case(Min(x, y), x, domain={x: (0, 1), y: (2, 3)}),
    "half of the unit interval": Case(Abs(x - half), half - x, domain={x: (0, half)}),
    "a logarithm of a product of reals": Case(log(x * y), log(x) + log(y), domain={x: (0, 5), y: (0, 5)}),
    "a probability": Case(-log(1 - p), log(1 / (1 - p)), domain=UNIT),
    "ends in floats": Case(p / (1 - p) + 1, 1 / (1 - p), domain={p: (0.05, 0.95)}),
    "a slope inside": slope(Max(0, x - 3), x, Integer(1), domain={x: (4, 5)}),
    "far out": Case((1 - logistic) * exp(x) * (1 + exp(-x)), Integer(1), domain={x: (1000, 2000)}),
}

# --- dropped constants ------------------------------------------------------------------

nll = (x - y) ** 2 / (2 * s**2) + log(2 * pi * s**2) / 2

FALSE["constants"] = {
    "x still in it": constant(x**2 + x, x**2, x),
    "a cross term": constant((x - y) ** 2, x**2, x),
    "σ counts": constant(nll, (x - y) ** 2 / (2 * s**2), [x, s]),
    "σ counts alone": constant(nll, (x - y) ** 2 / 2, s),
    "a factor": constant(nll, (x - y) ** 2, x),
    "a sum of members": constant(square + total(r[i]), square, r),
    "one member": constant(square + r[1], square, r),
    "the fourth member": constant(Sum(r[i] ** 2, (i, 1, n + 4)) + r[4], Sum(r[i] ** 2, (i, 1, n + 4)), r),
    "a scalar product": constant(total((h[i] - r[i]) ** 2), total(h[i] ** 2), h),
    "all of it": constant(x * y, Integer(0), x),
    "a threshold": constant(x**2 + Max(y - 20, 0) * Max(x - 20, 0), x**2, x),
    "a step": constant(sign(x), Integer(1), x),
    "a tiny slope": constant(x**2 + y + tiny(20) * x, x**2, x),
    "log-sum-exp as its largest": constant(log(exp(x) + exp(y)), Max(x, y), x),
    "a member of two families": constant(total(h[i] * r[i]), Integer(0), h),
    "shares": constant(total(h[i] * (log(total(exp(z[j]), j)) - z[i])), -total(h[i] * z[i]), z),
    "far from 0 only": constant(sqrt(1 + x**2), Abs(x), x),
    "in two variables": constant(x**2 + y**2, x**2, [x, y]),
    "at one index": constant(x**2 + x * KroneckerDelta(k, 9), x**2, x),
}
TRUE["constants"] = {
    "a norm": constant(nll, (x - y) ** 2 / (2 * s**2), x),
    "a square without a variable": constant((x - y) ** 2, x**2 - 2 * x * y, x),
    "a norm in two variables": constant(nll, (x - y) ** 2 / (2 * s**2), [x, y]),
    "targets' squares": constant(total((h[i] - r[i]) ** 2), total(h[i] ** 2 - 2 * h[i] * r[i]), h),
    "n norms": constant(square / 2 + n * log(s), square / 2, r),
    "a large one": constant(x**2 + BIG * p, x**2, x),
    "a hidden one": constant(sin(x) ** 2 + cos(x) ** 2 + y, Integer(0), x),
    "an entropy": constant(
        total(g[i] * (log(g[i]) - z[i])) + G * log(total(exp(z[j]), j)),
        G * log(total(exp(z[j]), j)) - total(g[i] * z[i]),
        z,
    ),
    "the logarithm of a factor": constant(log(p * q), log(p), p),
    "a factorial": constant(p - k * log(p) + log(factorial(k)), p - k * log(p), p),
    "another one instead": constant(x**2 + y, x**2 + exp(y), x),
    "nothing": constant(x**2, x**2, x),
    "a log-partition of others": constant(x**2 + lse, x**2, x),
    "binary divergence to cross-entropy": constant(binary_kl, -p * log(q) - (1 - p) * log(1 - q), q, domain=UNITS),
}

# --- dropped factors --------------------------------------------------------------------

FALSE["factors"] = {
    "negative": factor(x**2, -(x**2), x),
    "of any sign": factor(a * x**2, x**2, x),
    "an absolute value": factor(Abs(a) * x**2, x**2, x),
    "a square": factor(a**2 * x**2, x**2, x),
    "a square about 2": factor((a - 2) ** 2 * exp(x), exp(x), x),
    "with x in it": factor(x**2 * (1 + x**2), x**2, x),
    "zero": factor(x**2, Integer(0), x),
    "a power": factor(x**2, x**4, x),
    "a monotone function": factor(exp(x**2), x**2, x),
    "a rectifier": factor(Max(a - 1, 0) * x**2, x**2, x),
    "n − 1": factor((n - 1) * x**2, x**2, x),
    "a sum of members": factor(total(r[i]) * x**2, x**2, x),
    "a sum of squares": factor(square * x**2, x**2, x),
    "σ in both": factor((x - y) ** 2 / s, (x - y) ** 2, [x, s]),
    "an added constant": factor(2 * x**2 + 1, x**2, x),
    "an imaginary unit": factor(sp.I * x, -sp.I * x, x),
    "a logarithm": factor(log(p) * x**2, x**2, x),
    "an alternating sign": factor((-1) ** k * x**2, x**2, x),
    "negative beyond 10^6": factor((10**6 - p) * x**2, x**2, x),
    "zero in the domain": factor((p - half) ** 2 * x**2, x**2, x, domain=UNIT),
    "a rate without its sum": factor(exp(z[k]) / total(exp(z[i])), exp(z[k]), z),
}
TRUE["factors"] = {
    "1/2σ²": factor((x - y) ** 2 / (2 * s**2), (x - y) ** 2, x),
    "1/2σ², in two variables": factor((x - y) ** 2 / (2 * s**2), (x - y) ** 2, [x, y]),
    "2": factor(2 * x**2, x**2, x),
    "a size": factor(n * x**2, x**2, x),
    "a mean": factor(square / n, square, r),
    "an exponential": factor(exp(a) * x**2, x**2, x),
    "a² + 1": factor((a**2 + 1) * (x - 1), x - 1, x),
    "a sum of exponentials": factor(exp(x) * partition, exp(x), x),
    "a softmax denominator": factor(exp(x) / partition, exp(x), x),
    "two positive ones": factor(p * q * x, x, x),
    "1e-40": factor(tiny(40) * x**2, x**2, x),
    "cosh": factor(cosh(a) * x**3, x**3, x),
    "1 − p": factor((1 - p) * x**2, x**2, x, domain=UNIT),
    "taken up": factor(x**2, s * x**2, x),
    "nothing": factor(x**2 + 1, 1 + x**2, x),
}

# --- abbreviations ----------------------------------------------------------------------

ABBREVIATED = Case(1 + square, S, where={S: 1 + square})
ABOUT_THE_MEAN = Case(total((r[i] - mean.xreplace({i: j})) ** 2), total((r[i] - M) ** 2), where={M: mean})

FALSE["abbreviations"] = {
    "a half lost": Case((1 + square) / 2, S, where={S: 1 + square}),
    "a square lost": Case(square**2, S, where={S: 1 + square}),
    "a negative one, declared positive": Case(-1 - square, S, where={S: -1 - square}),
    "a sum that may be negative, declared positive": Case(total(r[i]), S, where={S: total(r[i])}),
    "the root of what it stands for": Case(sqrt(1 + square), S / 2, where={S: 1 + square}),
    "a sign that it hides": Case(x, sqrt(X), where={X: 1 + x**2}),
    "used as something else later": Case(1 + square, S + 1, earlier=(ABBREVIATED,)),
    "taken for a constant": slope(1 + square, r[k], Integer(0), earlier=(ABBREVIATED,)),
    "its slope without its inner slope": slope(1 + square, r[k], Integer(1), earlier=(ABBREVIATED,)),
    "a mean that is held fixed, in error": slope(
        total((r[i] - mean.xreplace({i: j})) ** 2), r[k], 2 * (r[k] + M), earlier=(ABOUT_THE_MEAN,)
    ),
    "two that are exchanged": Case(exp(x) / (exp(x) + 1), X / S, where={X: exp(x) + 1, S: exp(x)}),
    "one of a wrong size": Case(total(r[i] ** 2) + 1, S, where={S: 1 + Sum(r[i] ** 2, (i, 1, n - 1))}),
    "a near one": Case(exp(x), S, where={S: exp(x) + tiny(30)}),
}
TRUE["abbreviations"] = {
    "a half": Case((1 + square) / 2, S / 2, where={S: 1 + square}),
    "a square": Case((1 + square) ** 2, S**2, where={S: 1 + square}),
    "a logarithm of one": Case(log(1 + exp(x)), log(S), where={S: 1 + exp(x)}),
    "two at once": Case(exp(x) / (exp(x) + 1), X / S, where={X: exp(x), S: exp(x) + 1}),
    "a mean": ABOUT_THE_MEAN,
    "undone": Case(1 + square, square + 1, earlier=(ABBREVIATED,)),
    "turned on": Case(1 + square, (S**2 - 1) / (S + 1) + 1, earlier=(ABBREVIATED,)),
    "its slope": slope(1 + square, r[k], 2 * r[k], earlier=(ABBREVIATED,)),
    "a spread's slope": slope(
        total((r[i] - mean.xreplace({i: j})) ** 2), r[k], 2 * (r[k] - M), earlier=(ABOUT_THE_MEAN,)
    ),
    "a share": Case(share(1) * (1 - share(1)), S * (1 - S), where={S: share(1)}),
    "with a constant dropped": constant(square / 2 + log(s), (S - 1) / 2, r, where={S: 1 + square}),
    "with a factor dropped": factor((1 + square) / (2 * s**2), S, r, where={S: 1 + square}),
    "a margin": Case(log(1 + exp(-x * y)), softplus(-M), where={M: x * y}),
}

# --- inequalities -----------------------------------------------------------------------

FALSE["inequalities"] = {
    "the logarithm of a mean": Case(log(G / n), total(log(g[i])) / n),
    "the exponential of a mean": Case(exp(mean), total(exp(r[i])) / n),
    "a mean of squares": Case(square / n, mean**2),
    "arithmetic and geometric": Case((p + q) / 2, sqrt(p * q)),
    "Cauchy and Schwarz": Case(total(r[i] * h[i]) ** 2, square * total(h[i] ** 2)),
    "the triangle": Case(Abs(total(r[i])), total(Abs(r[i]))),
    "the largest of sums": Case(Max(x + a, y + b), Max(x, y) + Max(a, b)),
    "log-sum-exp and largest": Case(log(exp(x) + exp(y)), Max(x, y) + log(2)),
    "the tangent of a logarithm": Case(log(p), p - 1),
    "the tangent of an exponential": Case(exp(x), 1 + x),
    "softplus of a mean": Case(softplus((x + y) / 2), (softplus(x) + softplus(y)) / 2),
    "Young": Case(p * q, p**2 / 2 + q**2 / 2),
    "a mixture's likelihood": Case(log(exp(x) / 2 + exp(y) / 2), (x + y) / 2),
    "a distance's square": Case(total(Abs(r[i])) ** 2, n * square),
    "the norm of a sum": Case(sqrt((x + y) ** 2 + (a + b) ** 2), sqrt(x**2 + a**2) + sqrt(y**2 + b**2)),
    "the log-sum inequality": Case(total(g[i] * log(g[i] / f[i])), G * log(G / total(f[i]))),
    "the harmonic mean": Case(n / total(1 / g[i]), G / n),
}
TRUE["inequalities"] = {
    "arithmetic and geometric, what is between": Case((p + q) / 2 - sqrt(p * q), (sqrt(p) - sqrt(q)) ** 2 / 2),
    "a mean of squares, what is between": Case(
        square / n - mean**2, Sum((r[i] - r[j]) ** 2, (i, 1, n), (j, 1, n)) / (2 * n**2)
    ),
    "a mean of a line": Case(a * mean + b, total(a * r[i] + b) / n),
    "the parallelogram": Case((x + y) ** 2 + (x - y) ** 2, 2 * x**2 + 2 * y**2),
    "polarisation": Case(x * y, ((x + y) ** 2 - (x - y) ** 2) / 4),
    "log-sum-exp above the largest": Case(log(exp(x) + exp(y)) - Max(x, y), log(1 + exp(-Abs(x - y)))),
    "a Bregman divergence of squares": Case(x**2 - y**2 - 2 * y * (x - y), (x - y) ** 2),
    "a Bregman divergence of negative entropy": Case(
        p * log(p) - q * log(q) - (1 + log(q)) * (p - q), p * log(p / q) - p + q
    ),
    "Young, what is between": Case((p**2 + q**2) / 2 - p * q, (p - q) ** 2 / 2),
    "the larger triangle": Case(Abs(x) + Abs(y), Max(Abs(x + y), Abs(x - y))),
    "two means": Case((x**2 + y**2) / 2 - ((x + y) / 2) ** 2, ((x - y) / 2) ** 2),
    "softplus about a mean": Case(softplus(x) + softplus(y), log(1 + exp(x) + exp(y) + exp(x + y))),
    "the log-sum inequality, what is between": Case(
        total(g[i] * log(g[i] / f[i])) - G * log(G / total(f[i])),
        total(g[i] * log(g[i] * total(f[j], j) / (f[i] * total(g[j], j)))),
    ),
}

# --- scores -----------------------------------------------------------------------------

expected_brier = p * (1 - q) ** 2 + (1 - p) * q**2
focal = -((1 - p) ** nu) * log(p)

FALSE["scores"] = {
    "Brier's score as its divergence": Case(expected_brier, (p - q) ** 2, domain=UNITS),
    "Brier's slope, halved": slope(expected_brier, q, q - p, domain=UNITS),
    "Brier's slope, the sign": slope(expected_brier, q, 2 * (p - q), domain=UNITS),
    "the expected logarithm's slope": slope(-p * log(q) - (1 - p) * log(1 - q), q, q - p, domain=UNITS),
    "focal loss as cross-entropy": Case(focal, -log(p), domain=UNIT),
    "focal slope without the product": slope(focal, p, -((1 - p) ** nu) / p, domain=UNIT),
    "focal slope with one sign": slope(focal, p, -nu * (1 - p) ** (nu - 1) * log(p) - (1 - p) ** nu / p, domain=UNIT),
    "a generalised cross-entropy as its limit": Case((1 - p**s) / s, -log(p), domain=UNIT),
    "a Brier score of n classes without its 1": Case(
        total((g[i] - KroneckerDelta(i, 1)) ** 2), total(g[i] ** 2) - 2 * g[1]
    ),
    "a squared error of a sigmoid": slope((sigmoid(x) - y) ** 2 / 2, x, sigmoid(x) - y),
    "an absolute score as proper": slope(p * (1 - q) + (1 - p) * q, q, q - p, domain=UNITS),
    "a spherical score's norm": Case(
        (p * q + (1 - p) * (1 - q)) / sqrt(q**2 + (1 - q) ** 2), p * q + (1 - p) * (1 - q), domain=UNITS
    ),
    "Gini's index": Case(p * (1 - p) + (1 - p) * p, 1 - p**2 - (1 - p), domain=UNIT),
    "a dice score of squares": Case(2 * p * q / (p + q), 2 * p * q / (p**2 + q**2), domain=UNITS),
}
TRUE["scores"] = {
    "Brier's score taken apart": Case(expected_brier, (p - q) ** 2 + p * (1 - p), domain=UNITS),
    "Brier's slope": slope(expected_brier, q, 2 * (q - p), domain=UNITS),
    "the expected logarithm's slope": slope(
        -p * log(q) - (1 - p) * log(1 - q), q, (q - p) / (q * (1 - q)), domain=UNITS
    ),
    "focal slope": slope(focal, p, nu * (1 - p) ** (nu - 1) * log(p) - (1 - p) ** nu / p, domain=UNIT),
    "a Brier score of n classes": Case(total((g[i] - KroneckerDelta(i, 1)) ** 2), total(g[i] ** 2) - 2 * g[1] + 1),
    "a squared error of a sigmoid": slope((sigmoid(x) - y) ** 2 / 2, x, (sigmoid(x) - y) * sigmoid(x) * sigmoid(-x)),
    "Gini's index": Case(p * (1 - p) + (1 - p) * p, 1 - p**2 - (1 - p) ** 2, domain=UNIT),
    "a generalised cross-entropy's slope": slope((1 - p**s) / s, p, -(p ** (s - 1)), domain=UNIT),
    "dice by counts": Case(2 * p * q / (p + q), 2 / (1 / p + 1 / q), domain=UNITS),
    "a Savage form": Case(
        -(q**2 + (1 - q) ** 2) + 1 - 2 * (2 * q - 1) * (p - q) - (1 - p**2 - (1 - p) ** 2),
        2 * (p - q) ** 2,
        domain=UNITS,
    ),
    "Brier of logits": Case((1 - sigmoid(x)) ** 2, sigmoid(-x) ** 2),
    "tempered powers": Case(
        p ** (1 / s) / (p ** (1 / s) + (1 - p) ** (1 / s)), 1 / (1 + ((1 - p) / p) ** (1 / s)), domain=UNIT
    ),
}

# --- what the book derives, where no other kind and no lesson has the like ---------------

ridge = total((h[i] - x * r[i]) ** 2) / (2 * s**2) + nu * x**2 / 2
ridge_slope = (x * total(r[i] ** 2) - total(r[i] * h[i])) / s**2 + nu * x
own_spread = (exp(-a) * x**2 / 2 + a / 2).subs(a, log(x**2))
student_turn = sp.diff((nu + 1) * x / (nu * s**2 + x**2), x).subs(x, s * sqrt(nu))
dead_direction = total(share(l) * (KroneckerDelta(l, i) - share(i)))
pairs = Sum(g[i] * g[j] * (z[i] - z[j]) ** 2, (i, 1, n), (j, 1, n))
covariance = total(g[i] * z[i] ** 2) * total(g[j], j) - total(g[i] * z[i]) ** 2
hidden = x * sigmoid(a * b)
gate = 2 * sigmoid(hidden) * sigmoid(-hidden) * sp.Derivative(softplus(-hidden), a)
twice = log(1 + n * exp((1 - p) / n - p))
hellinger = -2 * total(g[i] * exp(z[i] / 2)) / sqrt(partition)
drawn, on_average = g[k] / sqrt(share(k)), total(g[i] * sqrt(share(i)))
distance = total((share(i) - h[i]) ** 2)
miss = share(k) - h[k]
brier = p * (2 * (1 - p) * p * (1 - p)) ** 2 + (1 - p) * (2 * p * p * (1 - p)) ** 2

FALSE["lessons"] = {
    "weight decay, its slope turned": slope(ridge, x, ridge_slope - 2 * nu * x),
    "weight decay without a spread": slope(ridge, x, ridge_slope.subs(s, 1)),
    "a spread of one's own, squared once more": Case(own_spread, half + log(x**2)),
    "Student-t turns later": Case(student_turn, (nu + 1) / nu),
    "softmax and the direction of ones, beyond its end": Case(dead_direction, Integer(0)),
    "a covariance by pairs, each twice": Case(covariance, pairs),
    "probit's loss, its sign turned": slope(x * Phi + bell - q * x, x, q - Phi),
    "probit's loss, the bell kept": slope(x * Phi + bell - q * x, x, Phi + bell - q),
    "a weight in a hidden layer, half of it": Case(sp.Derivative((sigmoid(hidden) - 1) ** 2, a), gate / 2),
    "softmax twice, as if it had no floor": slope(twice, p, -(n + 1) / n),
    "Hellinger from one label, the mean forgotten": slope(hellinger, z[k], -share(k) * drawn),
    "squared error through softmax, as of sigmoids": slope(distance, z[k], 2 * share(k) * (1 - share(k)) * miss),
    "Brier's slopes squared, a power less": Case(brier, 4 * (p * (1 - p)) ** 2, domain=UNIT),
}
TRUE["lessons"] = {
    "weight decay": slope(ridge, x, ridge_slope),
    "a spread of one's own": Case(own_spread, half + log(Abs(x))),
    "Student-t turns": Case(student_turn, Integer(0)),
    "softmax and the direction of ones": Case(dead_direction, Integer(0), domain={l: (1, n)}),
    "a covariance by pairs": Case(covariance, pairs / 2),
    "probit's loss": slope(x * Phi + bell - q * x, x, Phi - q),
    "a weight in a hidden layer": Case(sp.Derivative((sigmoid(hidden) - 1) ** 2, a), gate),
    "softmax twice": slope(twice, p, -(n + 1) / n * (1 - exp(-twice))),
    "Hellinger from one label": slope(hellinger, z[k], -share(k) * (drawn - on_average)),
    "squared error through softmax": slope(distance, z[k], 2 * share(k) * (miss - total(share(i) * (share(i) - h[i])))),
    "Brier's slopes squared": Case(brier, 4 * (p * (1 - p)) ** 3, domain=UNIT),
    "a weight that grows, its time": slope((nu * x + exp(nu * x) - 1) / nu**2, x, 1 / (nu * sigmoid(-nu * x))),
}

# --- what is no step --------------------------------------------------------------------

F = sp.Function("F")
w = sp.Symbol("w")


def unknown(node, naming, **more):
    return Case(x + node, node + x, naming=naming, **more)


def dropped(before, variable, naming, **more):
    return constant(before, Integer(0), variable, naming=naming, **more)


def placed(domain, naming, before=p + x):
    return Case(before, before + 0, domain=domain, naming=naming)


MALFORMED["vocabulary"] = {
    "floor": unknown(sp.floor(x), "floor"),
    "ceiling": unknown(sp.ceiling(x), "ceiling"),
    "a fractional part": unknown(sp.frac(x), "frac"),
    "a remainder": unknown(sp.Mod(k, 3), "Mod"),
    "an undefined function": unknown(F(x), "F"),
    "an undefined function's derivative": unknown(sp.Derivative(F(x), x), "F"),
    "a conjugate": unknown(sp.conjugate(w), "conjugate"),
    "an imaginary part": unknown(sp.im(w), "im"),
    "a Bessel function": unknown(sp.besselj(0, x), "besselj"),
    "a zeta function": unknown(sp.zeta(x), "zeta"),
    "a Dirac delta": unknown(sp.DiracDelta(x), "DiracDelta"),
    "a power of 0": Case(x + sp.Integer(0) ** sp.Abs(x), x, naming="0**Abs(x)"),
    "a power of 0 in several": Case(sp.Integer(0) ** (sp.Abs(x - y) + sp.Abs(y)), Integer(0), naming="0**"),
    "a product logarithm": unknown(sp.LambertW(p), "LambertW"),
    "an order": Case(sp.Order(x**2), sp.Order(x**2), naming="O"),
    "an equation": Case(sp.Eq(x, y), sp.Eq(y, x), naming="Eq"),
    "an equation that follows": Case(x, sp.Eq(x, x, evaluate=False), naming="Eq"),
    "an inequality": Case(x < y, y > x, naming="x < y"),
    "a truth": Case(sp.true, sp.true, naming="True"),
    "a tuple": Case(sp.Tuple(x, y), sp.Tuple(x, y), naming="(x, y)"),
    "a tuple that follows": Case(x, (x, x), naming="(x, x)"),
    "a matrix": Case(sp.Matrix([x]), sp.Matrix([x]), naming="Matrix"),
    "a set": Case(sp.Interval(0, 1), sp.Interval(0, 1), naming="Interval"),
    "a function without its argument": Case(sp.Lambda(x, x), sp.Lambda(x, x), naming="Lambda"),
    "an infinite end of a sum": unknown(Sum(2**-i, (i, 1, oo)), "Sum"),
    "a divergent sum": Case(Sum(1 / i, (i, 1, oo)), 5 + Sum(1 / i, (i, 1, oo)), naming="Sum"),
    "an infinite end of a product": unknown(Product(1 + 2**-i, (i, 1, oo)), "Product"),
    "an integral without ends": unknown(Integral(exp(-(x**2)), x), "Integral"),
    "a sum to a real end": unknown(Sum(r[i], (i, 1, y)), "y"),
    "a sum to one half": unknown(Sum(r[i], (i, 1, half)), "1/2"),
    "infinity": Case(oo, oo, naming="oo"),
    "no number": Case(sp.nan, sp.nan, naming="nan"),
    "complex infinity": Case(x + sp.zoo, sp.zoo, naming="zoo"),
}
MALFORMED["domains"] = {
    "reversed": placed({p: (1, 0)}, "p"),
    "reversed for a real symbol": placed({x: (3, -3)}, "x"),
    "without room": placed({p: (1, 1)}, "p"),
    "outside the assumptions": placed({p: (-2, -1)}, "p"),
    "in part outside the assumptions": placed({p: (-1, 1)}, "p"),
    "of a symbol that does not occur": placed({q: (0, 1)}, "q"),
    "of another symbol of that name": placed({sp.Symbol("p"): (0, 1)}, "p"),
    "of a family that does not occur": placed({r: (0, 1)}, "r"),
    "of a positive family, outside": placed({g: (-1, 1)}, "g", total(log(g[i]))),
    "of a family, reversed": placed({r: (1, 0)}, "r", total(r[i])),
    "of one member": placed({r[1]: (0, 1)}, "r[1]", total(r[i])),
    "of an expression": placed({p + x: (0, 1)}, "p + x"),
    "of a bound variable": placed({u: (0, 1)}, "u", Integral(exp(-p * u), (u, 0, 1))),
    "of a bound index": placed({i: (1, 4)}, "i", total(r[i])),
    "with one end": placed({p: (1,)}, "p"),
    "with three ends": placed({p: (0, 1, 2)}, "p"),
    "with a symbol as its end": placed({p: (0, y)}, "p"),
    "with an imaginary end": placed({x: (0, sp.I)}, "x"),
    "with no number as its end": placed({x: (0, sp.nan)}, "x"),
}
MALFORMED["dropping"] = {
    "a constant in a size": dropped(square + n * log(s), n, "n"),
    "a constant in a size and a variable": dropped(square + n * log(s), [s, n], "n"),
    "a constant in a free index": dropped(k * x, k, "k"),
    "a constant in a bound index": dropped(square, i, "i"),
    "a constant in a bound variable": dropped(Integral(exp(-p * s), (p, 0, 1)), p, "p"),
    "a constant in a variable of a limit": dropped(Limit(sin(u * x) / u, u, 0), u, "u"),
    "a constant in a member": dropped(square, r[k], "r[k]"),
    "a constant in the first member": dropped(square, r[1], "r[1]"),
    "a constant in a family's label": dropped(square, sp.Symbol("r", real=True), "r"),
    "a constant in what does not occur": dropped(x**2, y, "y"),
    "a constant in another symbol of that name": dropped(x**2, sp.Symbol("x"), "x"),
    "a constant in a family that does not occur": dropped(square, h, "h"),
    "a constant in nothing": dropped(x**2, [], "up_to_constant_in"),
    "a constant in a number": dropped(x**2, Integer(2), "2"),
    "a constant in an abbreviation": dropped(1 + square, S, "S", earlier=(ABBREVIATED,)),
    "a factor in a free index": factor(share(k), Integer(1), k, naming="k"),
    "a factor in a size": factor(n * x**2, x**2, n, naming="n"),
    "a factor in a bound index": factor(square, 2 * square, i, naming="i"),
    "a factor in a bound variable": factor(Integral(exp(-p * s), (p, 0, 1)), Integer(1), p, naming="p"),
    "a factor in what does not occur": factor(x**2, 2 * x**2, y, naming="y"),
    "a factor in nothing": factor(x**2 + 1, exp(x), [], naming="up_to_positive_factor_in"),
    "a constant in what was not kept": dropped(x**2 + y**2 + s, y, "y", earlier=(constant(x**2 + y**2 + s, x**2, x),)),
    "a constant in what the dropped one may hold": dropped(
        x**2 + x * s + y * s, s, "s", earlier=(constant(x**2 + x * s + y * s, x**2 + x * s, x),)
    ),
}
MALFORMED["names"] = {
    "a symbol in use": Case(x, x + y, where={x: y}, naming="x"),
    "a symbol in use elsewhere": Case(x + y, x + x**2, where={y: x**2}, naming="y"),
    "its own meaning": Case(x, x, where={X: X + x}, naming="X"),
    "a number": Case(Integer(3) * x, pi * x, where={pi: Integer(3)}, naming="pi"),
    "an expression": Case(x, x + x**2 + 1, where={x**2: Integer(-1)}, naming="x**2"),
    "another symbol of a name in use": Case(x**2 + 1, w.func("x"), where={w.func("x"): x**2 + 1}, naming="x"),
    "another symbol of a name in use, positive": Case(
        p**2 + 1, sp.Symbol("p", real=True), where={sp.Symbol("p", real=True): p**2 + 1}, naming="p"
    ),
    "the name of a family": Case(square, sp.Symbol("r"), where={sp.Symbol("r"): square}, naming="r"),
    "the name of a size": Case(total(a), sp.Symbol("n"), where={sp.Symbol("n"): n * a}, naming="n"),
    "the name of a bound index": Case(square, sp.Symbol("i"), where={sp.Symbol("i"): square}, naming="i"),
    "the name of a bound variable": Case(
        Integral(exp(-p * u), (u, 0, 1)),
        sp.Symbol("u"),
        where={sp.Symbol("u"): Integral(exp(-p * x), (x, 0, 1))},
        naming="u",
    ),
    "the name of the chain": Case(1 + square, sp.Symbol("L") - 1, where={sp.Symbol("L"): 2 + square}, naming="L"),
    "two of one name": Case(
        x + y,
        sp.Symbol("Q") + sp.Symbol("Q", real=True),
        where={sp.Symbol("Q"): x, sp.Symbol("Q", real=True): y},
        naming="Q",
    ),
    "an abbreviation again": Case(1 + square, S / 2, where={S: 2 + 2 * square}, earlier=(ABBREVIATED,), naming="S"),
    "an abbreviation's name again": Case(
        1 + square, 2 * sp.Symbol("S"), where={sp.Symbol("S"): (1 + square) / 2}, earlier=(ABBREVIATED,), naming="S"
    ),
    "a symbol of an earlier line": Case(
        x**2 + a, x**2 - a + 7, where={a: Integer(7)}, earlier=(constant(x**2 + a, x**2, x),), naming="a"
    ),
    "a symbol that an abbreviation holds": Case(
        1 + square, S, where={sp.Symbol("r", real=True): Integer(2)}, earlier=(ABBREVIATED,), naming="r"
    ),
    "a symbol and a family of one name": Case(
        sp.Symbol("r", integer=True) + r[1], r[1] + sp.Symbol("r", integer=True), naming="r"
    ),
}
MALFORMED["slopes"] = {
    "in a size": slope(n**2 * x, n, 2 * n * x, naming="n"),
    "in the end of a sum": slope(square, n, Integer(0), naming="n"),
    "in a bound index": slope(square, i, Integer(0), naming="i"),
    "in a free index": slope(k * x, k, x, naming="k"),
    "in a bound variable": slope(Integral(exp(-p * s), (p, 0, 1)), p, Integer(0), naming="p"),
    "in what does not occur": slope(x**2, y, Integer(0), naming="y"),
    "in another symbol of that name": slope(x**2, sp.Symbol("x"), Integer(0), naming="x"),
    "in a whole family": slope(square, r, total(2 * r[i]), naming="r"),
    "in a family's label": slope(square, sp.Symbol("r", real=True), Integer(0), naming="r"),
    "in an expression": slope(x**2, x**2, Integer(1), naming="x**2"),
    "in a number": slope(x**2, Integer(2), Integer(0), naming="2"),
    "in a member of another family": slope(square, h[k], Integer(0), naming="h"),
    "in an abbreviation": slope(1 + square, S, Integer(1), earlier=(ABBREVIATED,), naming="S"),
    "after a dropped factor": slope(2 * x**2, x, 2 * x, earlier=(factor(2 * x**2, x**2, x),), naming="factor"),
    "in what the dropped constant may hold": slope(
        x**2 + y, y, Integer(0), earlier=(constant(x**2 + y, x**2, x),), naming="y"
    ),
}
MALFORMED["sizes"] = {
    "none": Case(total(r[i]), total(r[i]), domain={n: ()}, naming="n"),
    "zero": Case(total(r[i]), total(r[i]), domain={n: (0, 3)}, naming="n"),
    "a half": Case(total(r[i]), total(r[i]), domain={n: (half, 2)}, naming="n"),
    "reversed": Case(total(r[i]), total(r[i]), domain={n: (5, 2)}, naming="n"),
    "of what does not occur": Case(total(r[i]), total(r[i]), domain={d: (2, 3)}, naming="d"),
    "of another symbol of that name": Case(total(r[i]), total(r[i]), domain={sp.Symbol("n"): (5, 6)}, naming="n"),
    "to a size that does not occur": Case(r[k] * total(r[i]), total(r[i]) * r[k], domain={k: (1, d)}, naming="k"),
}
