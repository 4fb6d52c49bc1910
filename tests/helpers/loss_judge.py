"""How far a loss may be from the truth, and how far it is.

The truth is the exact function, in hundreds of digits, at the numbers that were given. A result
may be off by some units of rounding, in its own type, and by what the exact function itself
changes when each number given moves to its neighbour, in double precision.
"""

import math
from functools import cache

import loss_points
import mpmath
import numpy as np
import sympy as sp

from lossnotes import functions
from lossnotes.losses import CATALOGUE, ClassLoss

#: Enough that 1e308 beside 1e-308, and e^700 beside e^-700, cancel to nothing that is seen.
DIGITS = 700
UNITS = 8

SCALAR = [name for name, loss in CATALOGUE.items() if not isinstance(loss, ClassLoss)]
CLASSES = [name for name in CATALOGUE if name not in SCALAR]


@cache
def exact_number(name, which):
    """A formula of a loss of one number as a function in hundreds of digits."""
    loss = CATALOGUE[name]
    symbols = [loss.prediction, loss.target, *(p.symbol for p in loss.parameters.values())]
    formula = sp.lambdify(symbols, functions.spelled_out(getattr(loss, which)), "mpmath")
    return lambda *arguments: mpmath.mpf(formula(*arguments))


def _softmax(z):
    terms = [mpmath.exp(zk - max(z)) for zk in z]
    total = mpmath.fsum(terms)
    return [term / total for term in terms], mpmath.log(total) + max(z)


def _brier(z, t):
    p, _ = _softmax(z)
    d = [a - b for a, b in zip(p, t, strict=True)]
    mean = mpmath.fdot(p, d)
    return [mpmath.fdot(d, d), *(2 * a * (b - mean) for a, b in zip(p, d, strict=True))]


def _spherical(z, t):
    p, _ = _softmax(z)
    norm, hit = mpmath.sqrt(mpmath.fdot(p, p)), mpmath.fdot(p, t)
    return [1 - hit / norm, *(a / norm * (a * hit / norm**2 - b) for a, b in zip(p, t, strict=True))]


def _cross_entropy(z, t, temperature=1):
    z = [zk / temperature for zk in z]
    p, log_sum = _softmax(z)
    value = mpmath.fsum(b * (log_sum - a) for a, b in zip(z, t, strict=True))
    total = mpmath.fsum(t)
    return [value, *((a * total - b) / temperature for a, b in zip(p, t, strict=True))]


def _smoothed(z, t, epsilon):
    return _cross_entropy(z, [(1 - epsilon) * tk + epsilon / len(t) for tk in t])


def _divergence(q, t):
    terms = [(b * mpmath.log(b / a) if b else 0) - b + a for a, b in zip(q, t, strict=True)]
    return [mpmath.fsum(terms), *(1 - b / a for a, b in zip(q, t, strict=True))]


#: (prediction, row, parameters) → the value, and the derivative of it in each prediction.
EXACT_CLASSES = {
    "cross_entropy": _cross_entropy,
    "label_smoothing_cross_entropy": _smoothed,
    "brier": _brier,
    "softmax_squared_error": _brier,
    "spherical": _spherical,
    "kl_divergence": _divergence,
    "info_nce": _cross_entropy,
    "nt_xent": _cross_entropy,
}


def _neighbours(number):
    around = (math.nextafter(number, -math.inf), math.nextafter(number, math.inf))
    # Not across 0, which ends a scale or a count.
    return [mpmath.mpf(n) for n in around if math.isfinite(n) and (n > 0 or number < 0)]


def truth_and_slack(exact, numbers):
    """The exact results, a list, and for each what moving every number to its neighbours changes."""
    with mpmath.workdps(DIGITS):
        at = [mpmath.mpf(float(number)) for number in numbers]
        truth = exact(*at)
        slack = [mpmath.mpf(0)] * len(truth)
        for place, number in enumerate(numbers):
            moved = [exact(*at[:place], n, *at[place + 1 :]) for n in _neighbours(float(number))]
            slack = [total + max((abs(m[i] - truth[i]) for m in moved), default=0) for i, total in enumerate(slack)]
        return truth, slack


def excess(got, truth, slack, kind):
    """The error beyond the slack in units of rounding; 0 where the truth is not a normal number."""
    limits = np.finfo(kind)
    if truth == 0:
        return 0.0 if abs(got) <= slack else np.inf
    if not limits.tiny <= abs(truth) <= limits.max:
        return 0.0
    if not np.isfinite(got):
        return np.inf
    with mpmath.workdps(DIGITS):
        return float(max(abs(mpmath.mpf(float(got)) - truth) - slack, 0) / abs(truth) / limits.eps)


@cache
def judged_numbers(name, which, kind, seed=0):
    """The truth and its slack at each point of a loss of one number."""
    formula = exact_number(name, which)
    predictions, targets, parameters = loss_points.of_numbers(name, kind, seed=seed)
    found = []
    for numbers in zip(predictions, targets, *parameters.values(), strict=True):
        (truth,), (slack,) = truth_and_slack(lambda *at: [formula(*at)], numbers)
        found.append((truth, slack, tuple(map(float, numbers))))
    return found


def errors_of_numbers(name, which, got, kind, seed=0):
    """For each point the excess, and the point with both numbers."""
    for (truth, slack, numbers), g in zip(judged_numbers(name, which, kind, seed), got, strict=True):
        yield excess(g, truth, slack, kind), (which, *numbers, float(g), mpmath.nstr(truth, 20))


def errors_of_classes(name, prediction, row, parameters, got, kind):
    """For one example the excess of its value and of each slope, and what they are of."""
    classes = len(prediction)
    formula = EXACT_CLASSES[name]
    loose = [*map(float, prediction), *map(float, parameters.values())]
    with mpmath.workdps(DIGITS):
        hard = [mpmath.mpf(float(t)) for t in row]
    soft = any(t not in (0, 1) for t in row)
    if soft:
        loose += [*map(float, row)]

    def exact(*at):
        z, rest = list(at[:classes]), at[classes:]
        settings = dict(zip(parameters, rest[: len(parameters)], strict=True))
        return formula(z, list(rest[len(parameters) :]) if soft else hard, **settings)

    truth, slack = truth_and_slack(exact, loose)
    for place, (g, t, s) in enumerate(zip(got, truth, slack, strict=True)):
        yield excess(g, t, s, kind), (place, list(prediction), list(row), parameters, float(g), mpmath.nstr(t, 20))
