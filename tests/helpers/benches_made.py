"""Benches of every kind, for the tests that compute with them and look at them in a browser."""

import sympy as sp

from lossnotes import Entries, Slider, bench, sigmoid, softplus

z, y, mu, p = sp.symbols("z y mu p", real=True)
sigma = sp.Symbol("sigma", positive=True)
zs, ts = sp.IndexedBase("z"), sp.IndexedBase("t")
i, j, k, K = sp.symbols("i j k K", integer=True, positive=True)
p_k, S, T = sp.symbols("p_k S T", positive=True)
SUM = sp.Sum(sp.exp(zs[i]), (i, 1, K))
SCORES = [-2.77, -1.67, 0]


def one_bit(**more):
    """The slope p − y of cross-entropy for one bit."""
    return bench(
        softplus(z) - y * z,
        {z: sigmoid(z) - y},
        controls=[Slider(z, -10, 10, value=-3, label="$z$"), Slider(y, 0, 1, value=1, label="$y$")],
        **{"identifier": "one-bit", "presets": {"sure and wrong": {z: -10, y: 1}, "agreed": {z: 0, y: 0.5}}, **more},
    )


def gaussian():
    """−ln of the bell curve: its slopes in μ and in σ."""
    density = sp.exp(-((y - mu) ** 2) / (2 * sigma**2)) / (sigma * sp.sqrt(2 * sp.pi))
    return bench(
        (y - mu) ** 2 / (2 * sigma**2) + sp.log(sigma) + sp.log(2 * sp.pi) / 2,
        {mu: (mu - y) / sigma**2, sigma: 1 / sigma - (y - mu) ** 2 / sigma**3},
        controls=[
            Slider(y, -5, 5, value=1.7, label="$y$"),
            Slider(mu, -5, 5, value=0.4, label=r"$\mu$"),
            Slider(sigma, 0.1, 5, value=0.8, label=r"$\sigma$"),
        ],
        identifier="gaussian",
        presets={"σ too small": {sigma: 0.1}},
    ), density


def square(slopes=None, **more):
    """The half square beside −ln of the bell curve."""
    density = sp.exp(-((y - mu) ** 2) / (2 * sigma**2)) / (sigma * sp.sqrt(2 * sp.pi))
    return bench(
        (y - mu) ** 2 / (2 * sigma**2),
        {mu: (mu - y) / sigma**2} if slopes is None else slopes,
        controls=[
            Slider(y, -5, 5, value=1.7, label="$y$"),
            Slider(mu, -5, 5, value=0.4, label=r"$\mu$"),
            Slider(sigma, 0.1, 5, value=0.8, label=r"$\sigma$"),
        ],
        likelihood=(density, sp.log(sigma) + sp.log(2 * sp.pi) / 2),
        identifier="square",
        **more,
    )


def classes(slope=p_k - ts[k], **more):
    """Cross-entropy for K classes, whose targets need not add up to 1."""
    return bench(
        -sp.Sum(ts[j] * (zs[j] - sp.log(S)), (j, 1, K)),
        {zs[k]: slope},
        controls=[Entries(zs, SCORES, size=K, label="scores $z$"), Entries(ts, [1, 0, 0], size=K, label="targets $t$")],
        where={S: SUM, p_k: sp.exp(zs[k]) / S, T: sp.Sum(ts[i], (i, 1, K))},
        **{"identifier": "classes", "presets": {"targets that sum to 1.3": {ts: [1.1, 0.1, 0.1]}}, **more},
    )


def gate():
    """Squared error through a sigmoid, with its gate."""
    return bench(
        (sigmoid(z) - y) ** 2,
        {z: 2 * p * (1 - p) * (p - y)},
        controls=[Slider(z, -15, 15, value=-10), Slider(y, 0, 1, value=1)],
        where={p: sigmoid(z)},
        identifier="gate",
    )


def jacobian():
    """A row of the Jacobian of softmax."""
    p_j, delta = sp.symbols("p_j delta")
    return bench(
        sp.exp(zs[k]) / SUM,
        {zs[j]: p_k * (delta - p_j)},
        controls=[Entries(zs, SCORES, size=K, label="scores $z$"), Slider(k, 1, 3, value=2, step=1, label="row $k$")],
        where={
            p_j: sp.exp(zs[j]) / SUM,
            p_k: sp.exp(zs[k]) / SUM,
            delta: sp.Piecewise((1, sp.Eq(j, k)), (0, True)),
        },
        identifier="jacobian",
        what="probability",
        letter=sp.Symbol("p_k"),
    )


BENCHES = [one_bit, lambda: gaussian()[0], square, classes, gate, jacobian]
