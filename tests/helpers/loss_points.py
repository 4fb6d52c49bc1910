"""Where losses are judged: ordinary numbers, the ends of every range, and where terms cancel.

Half of the points are of ordinary size. The others hold subnormal and the largest numbers,
parameters at their edges, and predictions at which the loss or its gradient nearly vanishes.
"""

import numpy as np
import sympy as sp

from lossnotes.losses import CATALOGUE

LIMITS = np.finfo(float)
ODD = [0.0, 0.5, 1.0, 2.0, 5e-324, 1e-310, LIMITS.tiny, 1e-300, 1e15, 1 - 1e-16, 1e300, LIMITS.max]
#: Where a loss near 0 is bent: distances from where it vanishes, as a share of the number itself.
CLOSE = [0.0, 2.3e-16, 1e-12, 1e-8, 1e-3, 0.1]

#: Parameters of an ordinary size.
PARAMETERS = {
    "huber": {"delta": 0.75},
    "pinball": {"q": 0.25},
    "gaussian_nll": {"sigma": 0.625},
    "laplace_nll": {"b": 0.375},
    "student_t_nll": {"nu": 3.5, "s": 1.25},
    "focal": {"gamma": 2.0},
    "label_smoothing_cross_entropy": {"epsilon": 0.125},
    "triplet": {"margin": 0.5},
    "info_nce": {"temperature": 0.25},
}


def settings_for(loss):
    """A value for each parameter of a loss, in its order."""
    return {k: PARAMETERS.get(loss.name, {}).get(k, p.default) for k, p in loss.parameters.items()}


def any_number(rng, kind):
    """A number of either sign and any size."""
    low, high = (-308, 308) if kind is np.float64 else (-38, 38)
    size = [
        lambda: rng.choice(ODD),
        lambda: 10.0 ** rng.uniform(low, high),
        lambda: 10.0 ** rng.uniform(-4, 3),
        lambda: rng.integers(0, 20) / 4,
    ][rng.integers(0, 4)]()
    return float(size * rng.choice([-1, 1]))


def share(rng):
    """A number from 0 to 1, often next to an end."""
    near = 10.0 ** rng.uniform(-300, -1)
    return float(rng.choice([0, 1, 0.1, 0.25, 0.5, rng.random(), near, 1 - 10.0 ** rng.uniform(-16, -1)]))


def parameter(rng, name, domain):
    """A parameter that its domain holds."""
    while True:
        if name == "nu":
            value = 10.0 ** rng.uniform(-2, 20)
        elif name == "gamma":
            value = rng.choice([0, 1e-300, 0.5, 2, 5, 10.0 ** rng.uniform(-2, 3)])
        elif domain.sup == 1:
            value = share(rng)
        else:
            value = rng.choice([1.0, 10.0 ** rng.uniform(-300, 300), 10.0 ** rng.uniform(-3, 3)])
        if domain.contains(sp.Float(float(value))):
            return float(value)


def target(rng, loss, kind):
    domain = loss.domain[loss.target]
    if isinstance(domain, sp.FiniteSet):
        return float(rng.choice([float(member) for member in domain]))
    if domain == sp.Interval(0, 1):
        return share(rng)
    if loss.name == "poisson_nll":
        return float(rng.choice([0, 1, 2.5, np.floor(10.0 ** rng.uniform(0, 15)), 10.0 ** rng.uniform(-300, 1)]))
    return any_number(rng, kind)


def vanishing(rng, loss, y, parameters):
    """A prediction at which a value or a slope nearly vanishes."""
    off = 1 + rng.choice(CLOSE) * rng.standard_normal()
    if loss.name == "poisson_nll":
        return np.log(max(y, 1e-300)) * off
    if loss.domain[loss.prediction] == sp.Reals and loss.domain[loss.target].sup == 1:
        return np.log(y / (1 - y)) * off if 0 < y < 1 else rng.uniform(-40, 40)
    scale = next((parameters[name] for name in ("sigma", "b", "s") if name in parameters), None)
    if scale is None or rng.random() < 0.3:
        return y * off
    x = abs(np.log(scale))  # where what a miss costs is what the scale saves
    x = np.sqrt(2 * x) if loss.name == "gaussian_nll" else x
    if loss.name == "student_t_nll":
        x = np.sqrt(parameters["nu"] * np.expm1(min(700, 2 * abs(np.log(scale)) / (parameters["nu"] + 1))))
    return y + x * scale


def _prediction(rng, loss, kind, y, parameters):
    logit = loss.name in ("poisson_nll", "binary_cross_entropy", "focal", "sigmoid_squared_error")
    way = rng.integers(0, 3)
    if way == 0:
        return any_number(rng, kind)
    if way == 1:
        return vanishing(rng, loss, y if logit or rng.random() < 0.5 else 0.0, parameters)
    return rng.choice([-1, 1]) * 10.0 ** rng.uniform(-3, 2.8 if logit else 1)


def of_numbers(name, kind, count=24, seed=0):
    """Predictions, targets and {parameter: values} of a loss of one number."""
    loss, rng = CATALOGUE[name], np.random.default_rng(seed)
    found = []
    with np.errstate(all="ignore"):
        while len(found) < count:
            y = target(rng, loss, kind)
            parameters = {k: parameter(rng, k, p.domain) for k, p in loss.parameters.items()}
            z = _prediction(rng, loss, kind, y, parameters)
            z, y = (abs(v) if loss.domain[s].inf == 0 else v for v, s in ((z, loss.prediction), (y, loss.target)))
            z, y = kind(z), kind(y)
            if np.isfinite(z) and np.isfinite(y) and not (name == "poisson_nll" and z > 1e4):
                found.append((z, y, *parameters.values()))
    predictions, targets, *values = (np.array(column) for column in zip(*found, strict=True))
    return predictions, targets, dict(zip(loss.parameters, values, strict=True))


def logits(rng, classes, kind, scale=1.0):
    """A row of logits: of ordinary size, far apart, tied, nearly tied, sure, or of any size."""
    size = 2.8 if kind is np.float64 else 1.8
    signs = rng.choice([-1, 1], classes)
    row = [
        lambda: rng.normal(0, 3, classes),
        lambda: rng.uniform(-350, 350, classes),
        lambda: signs * 10.0 ** rng.uniform(-12, size, classes),
        lambda: rng.choice([0, 20, -20, 700, -1e-3, 5e-324], classes),
        lambda: rng.choice([0.0, 1, 2]) + 10.0 ** rng.uniform(-16, 1, classes) * rng.choice([0, 1], classes),
        lambda: signs * 10.0 ** rng.uniform(-300, 308, classes),
        lambda: rng.normal(0, 1, classes) + 60 * rng.random() * np.eye(classes)[rng.integers(classes)],
        lambda: rng.integers(-3, 4, classes) * 10.0,
    ][rng.integers(0, 8)]()
    with np.errstate(over="ignore"):
        row = kind(row * scale)
    return np.clip(row, np.finfo(kind).min, np.finfo(kind).max)


def simplex(rng, classes):
    """A row on the simplex: any, of few numbers, nearly sure, even, or sparse; some in single precision."""
    row = [
        lambda: rng.dirichlet([0.5] * classes),
        lambda: rng.integers(0, 4, classes) + np.eye(classes)[rng.integers(classes)],
        lambda: 10.0 ** rng.uniform(-16, -1) / classes + np.eye(classes)[rng.integers(classes)],
        lambda: np.ones(classes),
        lambda: rng.dirichlet([0.05] * classes).round(6) + np.eye(classes)[rng.integers(classes)],
    ][rng.integers(0, 5)]()
    row = row / row.sum()
    return row.astype(np.float32).astype(float) if rng.random() < 0.2 else row


def of_classes(name, kind, count=20, seed=0):
    """(prediction, target, row, parameters): a row of the prediction, and the target as given and as a row."""
    rng, loss = np.random.default_rng(seed), CATALOGUE[name]
    for _ in range(count):
        classes = int(rng.choice([1, 2, 3, 4, 6]))
        parameters = {k: parameter(rng, k, p.domain) for k, p in loss.parameters.items()}
        tau = parameters.get("temperature", 1.0)
        prediction = logits(rng, classes, kind, min(tau, 1e5) if rng.random() < 0.7 else 1.0)
        label = int(rng.integers(classes))
        row = np.eye(classes)[label]
        given = label
        if name == "kl_divergence":
            row = simplex(rng, classes)
            off = 1 + 10.0 ** rng.uniform(-12, -0.1) * rng.standard_normal(classes)
            near = np.maximum(np.abs(row * off), np.finfo(kind).tiny)
            other = near if rng.random() < 0.5 else rng.dirichlet([0.1] * classes) + 1e-36
            prediction, row = kind(other / other.sum()), kind(row)
        if loss.rows is not None and (name == "kl_divergence" or rng.random() < 0.5):
            given = row = row if name == "kl_divergence" else simplex(rng, classes)
        yield prediction, given, row, parameters
