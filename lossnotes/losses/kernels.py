"""Accurate NumPy for losses over K classes, on rows: (rows, K) in, (rows,) and (rows, K) out.

Everything is made of the exponentials and of ``rest``: what all but the largest add up to,
in units of the largest. It keeps its digits because the largest is not in the sum. Then
1 − p of the likeliest class is rest/(1 + rest), and its loss ln(1 + rest).

Each kernel writes the gradient into ``out`` and returns the values.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


#: Logits within this need no shift: neither e^z nor a sum of them leaves the normal range.
_DIRECT = {np.dtype(np.float64): 300.0, np.dtype(np.float32): 40.0}


@dataclass
class Exponentials:
    """``e^z`` of each row up to a common factor, and what belongs to it."""

    logits: Array
    terms: Array
    unit: Array  # the largest term
    rest: Array  # Σ of the other terms / unit
    top: Array  # where each row is largest
    rows: Array  # 0, 1, 2, ...
    scale: Any  # what the logits are divided by

    @property
    def total(self) -> Array:
        return 1 + self.rest

    @property
    def log_total(self) -> Array:
        """LSE(z) − max z."""
        return np.log1p(self.rest)

    def below_top(self, labels: Array) -> Array:
        """(max z − z_label)/scale: exactly 0 at the largest, even if that is infinite."""
        gap = self.logits[self.rows, self.top] - self.logits[self.rows, labels]
        return np.where(labels == self.top, 0, gap / self.scale)

    def others(self, labels: Array) -> Array:
        """1 − p at the label, times the total: the label's term is at most half of what it leaves."""
        term = np.where(labels == self.top, 1, np.exp(-self.below_top(labels)))
        return np.where(labels == self.top, self.rest, self.total - term)

    def probabilities(self) -> Array:
        """p, in the memory of the terms."""
        self.terms *= (1 / (self.unit * self.total))[:, None]
        return self.terms


def exponentials(logits: Array, out: Array | None = None, scale: Any = None) -> Exponentials:
    """Exponentials of each row of logits/scale; an infinite largest logit gives the limit.

    With a scale, differences are taken before they are divided: the rounding of a large
    logit does not enter a small difference.
    """
    rows = np.arange(len(logits))
    top = logits.argmax(axis=1)
    largest = logits[rows, top]
    limit = _DIRECT[logits.dtype]
    if scale is None and largest.max() < limit and logits.min() > -limit:
        terms = np.exp(logits, out=out)
        unit = terms[rows, top]
    else:
        terms = np.subtract(logits, largest[:, None], out=out)
        # inf − inf at the largest itself has the limit 0; elsewhere it stays NaN, which is refused.
        terms[rows, top] = 0
        if scale is not None:
            terms /= scale
        np.exp(terms, out=terms)
        unit = np.ones_like(largest)
    # The largest stays out of the sum, so that a tiny rest keeps its digits.
    terms[rows, top] = 0
    rest = terms.sum(axis=1) / unit
    terms[rows, top] = unit
    return Exponentials(logits, terms, unit, rest, top, rows, 1 if scale is None else scale)


def cross_entropy_labels(logits: Array, labels: Array, out: Array, scale: Any = None) -> Array:
    """−ln p_y = (max z − z_y) + ln(1 + rest), a sum of non-negative terms; gradient p − e_y."""
    e = exponentials(logits, out, scale)
    e.probabilities()
    out[e.rows, labels] = -e.others(labels) / e.total
    return e.log_total + e.below_top(labels)


def info_nce(similarities: Array, labels: Array, out: Array, temperature: Any) -> Array:
    """Cross-entropy of similarities/τ; gradient in the similarities, (p − e_y)/τ."""
    value = cross_entropy_labels(similarities, labels, out, scale=temperature)
    out /= temperature
    return value


def cross_entropy_rows(logits: Array, targets: Array, out: Array) -> Array:
    """Σ t_k (LSE − z_k), where a target of 0 costs nothing even at an infinite logit."""
    e = exponentials(logits, out)
    gaps = logits[e.rows, e.top, None] - logits
    gaps[e.rows, e.top] = 0
    residual(e, e.probabilities(), targets)
    return np.where(targets > 0, targets * (gaps + e.log_total[:, None]), 0).sum(axis=1)


def residual(e: Exponentials, p: Array, targets: Array) -> Array:
    """The residual p − t in the memory of p, as (1 − t) − (1 − p) where t is the larger part of 1."""
    largest = targets.argmax(axis=1)
    heavy = targets[e.rows, largest]
    wrong = e.others(largest) / e.total
    there = np.where(heavy > 0.5, (1 - heavy) - wrong, p[e.rows, largest] - heavy)
    p -= targets
    p[e.rows, largest] = there
    return p


def smoothed_rows(labels: Array, classes: int, epsilon: float, kind: Any) -> Array:
    """(1 − ε) at the label plus ε/K everywhere."""
    rows = np.full((len(labels), classes), epsilon / classes, kind)
    rows[np.arange(len(labels)), labels] = 1 - epsilon * (classes - 1) / classes
    return rows


def brier_labels(logits: Array, labels: Array, out: Array) -> Array:
    """‖p − e_y‖² = (1 − p_y)² + Σ_{j≠y} p_j²; the label's gradient, −2 p_y times that, never cancels."""
    e = exponentials(logits, out)
    p, wrong, right, squares = _parts(e, labels)
    value = wrong * wrong + squares
    # The likeliest class, if wrong, takes its p − p² as p(1 − p).
    likeliest = p[e.rows, e.top].copy()
    p[e.rows, e.top] = 0
    small = (p * p).sum(axis=1)
    out *= 2 * (p + (right * wrong - squares)[:, None])
    out[e.rows, e.top] = 2 * likeliest * (likeliest * e.rest / e.total + right * wrong - small)
    out[e.rows, labels] = -2 * right * value
    return value


def brier_rows(logits: Array, targets: Array, out: Array) -> Array:
    """‖p − t‖², gradient 2p(d − p·d) with d = p − t."""
    e = exponentials(logits, out)
    p = e.probabilities()
    d = residual(e, p.copy(), targets)
    slope = d - (p * d).sum(axis=1)[:, None]
    out *= 2 * slope
    return (d * d).sum(axis=1)


def spherical_labels(logits: Array, labels: Array, out: Array) -> Array:
    """1 − p_y/‖p‖ = R/(N(N + p_y)) with R = Σ_{j≠y} p_j² and N = ‖p‖."""
    e = exponentials(logits, out)
    p, _, right, squares = _parts(e, labels)
    norm = np.sqrt(squares + right * right)
    out *= p * (right / norm**3)[:, None]
    out[e.rows, labels] = -right * squares / norm**3
    return squares / (norm * (norm + right))


def _parts(e: Exponentials, labels: Array) -> tuple[Array, Array, Array, Array]:
    """P with 0 at the label, 1 − p_y, p_y, and Σ_{j≠y} p_j²."""
    p = e.probabilities()
    right = p[e.rows, labels].copy()
    p[e.rows, labels] = 0
    return p, e.others(labels) / e.total, right, (p * p).sum(axis=1)


#: Coefficients of φ(x) = Σ (−1)ⁿ xⁿ/(n(n−1)), highest first: enough for |x| ≤ ½.
_SERIES = [(-1.0) ** n / (n * (n - 1)) for n in range(52, 1, -1)]


def divergence(predicted: Array, target: Array, out: Array) -> Array:
    """Σ [p ln(p/q) − p + q], each term non-negative; gradient in q: (q − p)/q."""
    excess = target - predicted
    ratio = np.where(excess == 0, 0, excess / predicted)
    np.negative(ratio, out=out)
    # Near 1 the logarithm is a series in p/q − 1; its leading terms would cancel.
    small = np.clip(ratio, -0.5, 0.5)
    near = predicted * small * small * np.polyval(_SERIES, small)
    far = np.where(target > 0, target * np.log(target / predicted), 0) - excess
    return np.where(np.abs(ratio) <= 0.5, near, far).sum(axis=1)
