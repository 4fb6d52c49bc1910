"""Accurate NumPy for losses over K classes, on rows: (rows, K) in, (rows,) and (rows, K) out.

Everything is made of the exponentials and of ``rest``: what all but the largest add up to,
in units of the largest. It keeps its digits because the largest is not in the sum. Then
1 − p of the likeliest class is rest/(1 + rest), and its loss ln(1 + rest).

Each function returns the values, and writes the gradient into ``out`` where it is given one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossnotes.stable import product_error, two_sum

Array = NDArray[Any]

#: Logits within this need no shift: neither e^z nor a sum of them leaves the normal range.
_DIRECT = 300.0
#: Differences of larger logits are taken of their halves.
_HUGE = 2.0**1000
#: From e^−600 on exponentials are made of two halves, as what they are divided by may bring them back.
_FAINT = 600.0


@dataclass
class Exponentials:
    """``e^z`` of each row up to a common factor, and what belongs to it."""

    logits: Array
    terms: Array
    unit: Array  # the largest term
    rest: Array  # Σ of the other terms / unit
    top: Array  # where each row is largest
    rows: Array  # 0, 1, 2, ...

    @property
    def total(self) -> Array:
        return 1 + self.rest

    @property
    def log_total(self) -> Array:
        """LSE(z) − max z."""
        return np.log1p(self.rest)

    def below_top(self, labels: Array) -> Array:
        """Max z − z_label: exactly 0 at the largest, even if that is infinite."""
        gap = self.logits[self.rows, self.top] - self.logits[self.rows, labels]
        return np.where(labels == self.top, 0, gap)

    def others(self, labels: Array) -> Array:
        """1 − p at the label, times the total: the label's term is at most half of what it leaves."""
        term = np.where(labels == self.top, 1, np.exp(-self.below_top(labels)))
        return np.where(labels == self.top, self.rest, self.total - term)

    def gaps(self, half: float = 1.0) -> Array:
        """Max z − z_k, or half of it, where that would leave the range."""
        gaps = self.logits[self.rows, self.top, None] * half - self.logits * half
        gaps[self.rows, self.top] = 0
        return gaps

    def probabilities(self) -> Array:
        """p, in the memory of the terms."""
        self.terms *= (1 / (self.unit * self.total))[:, None]
        return self.terms


def exponentials(logits: Array, out: Array | None = None) -> Exponentials:
    """Exponentials of each row of logits; an infinite largest logit gives the limit."""
    rows = np.arange(len(logits))
    top = logits.argmax(axis=1)
    largest = logits[rows, top]
    if largest.max() < _DIRECT and logits.min() > -_DIRECT:
        terms = np.exp(logits, out=out)
        unit = terms[rows, top]
    else:
        terms = np.subtract(logits, largest[:, None], out=out)
        # inf − inf at the largest itself has the limit 0; elsewhere it stays NaN, which is refused.
        terms[rows, top] = 0
        np.exp(terms, out=terms)
        unit = np.ones_like(largest)
    # The largest stays out of the sum, so that a tiny rest keeps its digits.
    terms[rows, top] = 0
    rest = terms.sum(axis=1) / unit
    terms[rows, top] = unit
    return Exponentials(logits, terms, unit, rest, top, rows)


def _halving(logits: Array) -> float:
    """A half where differences of logits may leave the range, else 1."""
    return 0.5 if np.abs(logits).max(initial=0, where=np.isfinite(logits)) > _HUGE else 1.0


def cross_entropy_labels(logits: Array, labels: Array, out: Array | None = None) -> Array:
    """−ln p_y = (max z − z_y) + ln(1 + rest), a sum of non-negative terms; gradient p − e_y."""
    e = exponentials(logits, out)
    if out is not None:
        e.probabilities()
        out[e.rows, labels] = -e.others(labels) / e.total
    return e.log_total + e.below_top(labels)


def info_nce(similarities: Array, labels: Array, out: Array | None = None, *, temperature: Any) -> Array:
    """Cross-entropy of similarities/τ; gradient in the similarities, (p − e_y)/τ.

    Differences are taken before they are divided: the rounding of a large similarity does
    not enter a small difference. The label's gradient is what the others add up to.
    """
    half = _halving(similarities)
    rows, top = np.arange(len(similarities)), similarities.argmax(axis=1)
    # Divided by the half last: half of the smallest temperature is 0.
    gaps = (similarities[rows, top, None] * half - similarities * half) / temperature / half
    gaps[rows, top] = 0
    terms = np.exp(-gaps)
    terms[rows, top] = 0
    rest = terms.sum(axis=1)
    value = np.log1p(rest) + gaps[rows, labels]
    if out is not None:
        terms[rows, top] = 1
        total = (1 + rest)[:, None]
        np.divide(terms / total, temperature, out=out)
        if gaps.max() > _FAINT:
            root = np.exp(-0.5 * gaps)
            out[:] = np.where(gaps > _FAINT, root / total / temperature * root, out)
        out[rows, labels] = 0
        out[rows, labels] = -out.sum(axis=1)
    return value


@dataclass
class Rows:
    """Rows of targets, and what would lose digits if it were taken from them."""

    t: Array
    heaviest: Array  # where each row is largest
    others: Array  # what the others add up to
    lean: Array  # mean t − t


def _rows(targets: Array) -> Rows:
    rows, heaviest = np.arange(len(targets)), targets.argmax(axis=1)
    others = targets.copy()
    others[rows, heaviest] = 0
    rest = others.sum(axis=1)
    # The mean twice: of what is left once it is taken off, its rounding is seen.
    off = targets - ((rest + targets[rows, heaviest]) / targets.shape[1])[:, None]
    return Rows(targets, heaviest, rest, off.mean(axis=1, keepdims=True) - off)


def _smoothed(targets: Rows, epsilon: Any) -> Rows:
    """(1 − ε) t + ε/K."""
    classes, kept = targets.t.shape[1], 1 - epsilon
    others = kept * targets.others + epsilon * (classes - 1) / classes
    return Rows(kept * targets.t + epsilon / classes, targets.heaviest, others, kept * targets.lean)


def cross_entropy_rows(logits: Array, targets: Array, out: Array | None = None) -> Array:
    """Σ t_k (LSE − z_k), where a target of 0 costs nothing even at an infinite logit."""
    return _soft_cross_entropy(logits, _rows(targets), out)


def smoothed_rows(logits: Array, targets: Array, out: Array | None = None, *, epsilon: Any) -> Array:
    """The same with (1 − ε) of the target and ε/K everywhere."""
    return _soft_cross_entropy(logits, _smoothed(_rows(targets), epsilon), out)


def smoothed_labels(logits: Array, labels: Array, out: Array | None = None, *, epsilon: Any) -> Array:
    """The same for labels."""
    rows = np.zeros(logits.shape)
    rows[np.arange(len(labels)), labels] = 1
    return smoothed_rows(logits, rows, out, epsilon=epsilon)


def _soft_cross_entropy(logits: Array, targets: Rows, out: Array | None) -> Array:
    e, half = exponentials(logits, out), _halving(logits)
    costs = e.gaps(half) + half * e.log_total[:, None]
    value = np.where(targets.t > 0, targets.t * costs, 0).sum(axis=1) / half
    if out is not None:
        residual(e, e.probabilities(), targets)
    return value


def residual(e: Exponentials, p: Array, targets: Rows) -> Array:
    """P Σt − t in the memory of p.

    As p · (others of t) − (1 − p) t where t is the larger part of 1; as what logits and
    targets each make of a difference from their means where all logits are nearly equal.
    """
    heavy = targets.t[e.rows, targets.heaviest]
    total = heavy + targets.others
    there = p[e.rows, targets.heaviest] * targets.others - e.others(targets.heaviest) / e.total * heavy
    even = e.gaps().max(axis=1) < 0.5
    flat = np.empty((0, p.shape[1]))
    if even.any():
        q, _ = _shortfall(e, p)
        flat = (total[:, None] * (q.mean(axis=1, keepdims=True) - q) + targets.lean)[even]
    p *= total[:, None]
    p -= targets.t
    p[e.rows, targets.heaviest] = np.where(heavy > 0.5, there, p[e.rows, targets.heaviest])
    p[even] = flat
    return p


def brier_labels(logits: Array, labels: Array, out: Array | None = None) -> Array:
    """‖p − e_y‖² = (1 − p_y)² + Σ_{j≠y} p_j²; the label's gradient, −2 p_y times that, never cancels.

    The others', 2 p_k (p_k + p_y − Σ p_j²), is made of how far each p is below the largest
    one, q_j: 2 p_k (Σ p_j q_j + p_k − q_y). Equal logits have the same q.
    """
    e = exponentials(logits)
    p = e.probabilities()
    wrong, right = e.others(labels) / e.total, p[e.rows, labels]
    squares = _squares(e, p, labels)
    value = wrong * wrong + squares
    if out is not None:
        q, spread = _shortfall(e, p)
        least = q[e.rows, labels]
        # p + q is the same for all: of two equal differences, that of the smaller numbers.
        lead = np.where(p < right[:, None], p - least[:, None], right[:, None] - q)
        out[:] = 2 * p * (spread[:, None] + lead)
        out[e.rows, labels] = -2 * right * value
    return value


def _shortfall(e: Exponentials, p: Array) -> tuple[Array, Array]:
    """How far each probability is below the largest one, and the mean of that under p."""
    q = p[e.rows, e.top, None] * -np.expm1(-e.gaps())
    return q, (p * q).sum(axis=1)


def brier_rows(logits: Array, targets: Array, out: Array | None = None) -> Array:
    """‖p − t‖², gradient 2p(d − p·d) with d = p − t.

    The mean p·d is taken from d, or both from d of the likeliest class, whichever leaves
    the smaller numbers: equal and nearly equal classes cancel in neither.
    """
    e = exponentials(logits)
    p = e.probabilities()
    # Here p less t, whatever t adds up to, with what 1 − t and 1/K have rounded away.
    rows, classes = _rows(targets), float(p.shape[1])
    lacking, lost = two_sum(1.0, -targets[e.rows, rows.heaviest])
    short = ((1 - classes * (1 / classes)) - product_error(classes, 1 / classes, classes * (1 / classes))) / classes
    d = residual(e, p.copy(), Rows(targets, rows.heaviest, lacking, (1 / classes - targets) + short))
    if out is not None:
        q, spread = _shortfall(e, p)
        behind = targets - targets[e.rows, e.top, None]
        # Where the target is nearly 1 at the likeliest, d there has more digits than p.
        s = np.where(behind > -0.5, q + behind, d[e.rows, e.top, None] - d)
        mean = (targets * q).sum(axis=1) - spread - p[e.rows, e.top] * ((rows.others - lacking) - lost)
        from_top = (p * s).sum(axis=1)[:, None] - s
        out[:] = 2 * p * np.where(np.abs(s) <= np.abs(d), from_top, d - mean[:, None])
    return (d * d).sum(axis=1)


def spherical_labels(logits: Array, labels: Array, out: Array | None = None) -> Array:
    """1 − p_y/‖p‖ = R/(N(N + p_y)) with R = Σ_{j≠y} p_j² and N = ‖p‖."""
    e = exponentials(logits)
    p = e.probabilities()
    right, squares = p[e.rows, labels], _squares(e, p, labels)
    norm = np.sqrt(squares + right * right)
    if out is not None:
        out[:] = p * p * (right / norm**3)[:, None]
        out[e.rows, labels] = -right * squares / norm**3
    return squares / (norm * (norm + right))


def _squares(e: Exponentials, p: Array, labels: Array) -> Array:
    """Σ_{j≠y} p_j²."""
    squares = p * p
    squares[e.rows, labels] = 0
    return squares.sum(axis=1)


#: Coefficients of Σ v²ⁿ/(2n + 1) from n = 1, highest first: enough for |v| ≤ ½.
_SERIES = [1 / (2 * n + 1) for n in range(26, 0, -1)]


def divergence(predicted: Array, target: Array, out: Array | None = None) -> Array:
    """Σ [p ln(p/q) − p + q], each term non-negative; gradient in q: (q − p)/q."""
    excess = target - predicted
    if out is not None:
        out[:] = np.where(target == 0, 1, -excess / predicted)
    v = np.where(excess == 0, 0, excess / (target + predicted))
    # Near 1 the logarithm is 2 artanh v; its leading terms would cancel (Loader 2000).
    small = np.clip(v, -0.5, 0.5)
    square = small * small
    near = excess * small + 2 * target * small * square * np.polyval(_SERIES, square)
    quotient = target / predicted
    # An overflow of p/q: p ≤ 1, so that ln q is large and ln p takes little from it.
    log = np.where(np.isinf(quotient), np.log(target) - np.log(predicted), np.log(quotient))
    far = np.where(target > 0, target * log, 0) - excess
    return np.where(np.abs(v) <= 0.5, near, far).sum(axis=1)
