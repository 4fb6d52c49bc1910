"""Losses over K classes: accurate NumPy beside one symbolic form for every K."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from lossnotes.losses import checks, kernels
from lossnotes.losses.checks import Parameter
from lossnotes.losses.display import Displayed
from lossnotes.printing import latex

Array = NDArray[Any]
Kernel = Callable[..., Array]

#: Numbers worked on at a time: what this many take fits into a core's cache.
_BLOCK = 1 << 16

K = sp.Symbol("K", integer=True, positive=True)
_i, _j, _k = sp.symbols("i j k", integer=True, positive=True)
_z, _t, _p, _q = (sp.IndexedBase(name, real=True) for name in "ztpq")
_epsilon, _tau = sp.symbols("epsilon tau", positive=True)


def _total(term: sp.Expr, index: sp.Symbol = _j) -> sp.Expr:
    return sp.Sum(term, (index, 1, K))


def _softmax(index: sp.Expr) -> sp.Expr:
    return sp.exp(_z[index]) / _total(sp.exp(_z[_j]))


_temperature = {"temperature": Parameter(_tau, 1.0)}
_log_sum_tau = sp.log(_total(sp.exp(_z[_j] / _tau)))
#: What e^z of the others add up to, for the i-th of a batch.
_others = _total((1 - sp.KroneckerDelta(_i, _j)) * sp.exp(_z[_j] / _tau))


@dataclass(frozen=True)
class ClassLoss(Displayed):
    """A loss of the logits of K classes.

    Attributes
    ----------
    name
        Its name in the catalogue.
    expr
        The loss for every K, in ``prediction`` (logits, z) and ``target`` (t, a row on the
        simplex; a label y is the row with a 1 at y).
    slope
        Its derivative in the k-th logit on the simplex, in p_k where that is shorter.
    probability
        What p_k is in ``slope``.
    labels, rows
        Kernels for integer labels and for rows on the simplex.
    parameters, likelihood, reference
        As for a loss of one number.
    """

    name: str
    expr: sp.Expr
    reference: str
    slope: sp.Expr
    labels: Kernel
    rows: Kernel | None = None
    probability: sp.Expr = field(default_factory=lambda: _softmax(_k))
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    likelihood: sp.Expr | None = None
    prediction: sp.IndexedBase = _z
    target: sp.IndexedBase = _t
    #: What an error calls the prediction.
    called: str = "logits"

    @property
    def gradient_expr(self) -> sp.Expr:
        """The derivative in the k-th logit, for every K, where the target's row adds up to 1."""
        return self.slope.replace(
            lambda node: isinstance(node, sp.Indexed) and node.base == _p,
            lambda node: self.probability.subs(_k, node.indices[0]),
        )

    def value(self, logits: ArrayLike, target: ArrayLike, **parameters: float) -> Any:
        """The loss of each example, not averaged.

        Parameters
        ----------
        logits
            Shape (..., K); the last axis is the class axis.
        target
            Integer labels in 0..K-1, shape (...), or, where the loss takes them, rows on
            the simplex, shape (..., K).
        parameters
            The loss's parameters.

        Returns
        -------
        Shape (...), in nats where the loss is a negative log-likelihood; float32 where the
        logits are, else float64.

        Raises
        ------
        ValueError
            If a shape is wrong, a label is out of range, a row leaves the simplex, a value
            is NaN, or infinite logits leave the loss without a limit.
        TypeError
            If labels are not integers, or logits are not real numbers.
        """
        return self.value_and_gradient(logits, target, **parameters)[0]

    def gradient(self, logits: ArrayLike, target: ArrayLike, **parameters: float) -> Any:
        """The derivative of each example's loss in its logits, shape (..., K); see :meth:`value`."""
        return self.value_and_gradient(logits, target, **parameters)[1]

    def value_and_gradient(self, logits: ArrayLike, target: ArrayLike, **parameters: float) -> tuple[Any, Any]:
        """Both in one pass; see :meth:`value`."""
        scores = self._scores(logits)
        kernel, targets = self._targets(scores, target)
        settings = checks.parameters(self.name, self.parameters, parameters)
        value, gradient = _run(kernel, scores, targets, settings, self.called)
        return (value if value.ndim else value[()]), gradient

    def _scores(self, given: ArrayLike) -> Array:
        scores = checks.numbers(self.called, given)
        if scores.ndim == 0:
            raise ValueError(f"{self.called}: expected shape (..., K); got a single number")
        return scores

    def _targets(self, scores: Array, target: ArrayLike) -> tuple[Kernel, Array]:
        given = checks.as_array("target", target)
        if given.dtype.kind in "iu" or self.rows is None:
            return self.labels, checks.labels("target", given, scores.shape)
        return self.rows, checks.simplex_rows("target", given, scores)

    def _formulas(self) -> dict[str, sp.Expr | None]:
        of_p = sp.Eq(_p[_k], self.probability, evaluate=False) if self.slope.has(_p) else None
        return {"loss": self.expr, "gradient": self.slope, "where": of_p, "likelihood": self.likelihood}

    def _domains(self) -> list[str]:
        return [rf"{latex(self.prediction)} \in \mathbb{{R}}^K", rf"{latex(self.target)} \in \Delta^{{K-1}}"]


def _run(kernel: Kernel, scores: Array, targets: Array, settings: dict[str, Any], called: str) -> tuple[Array, Array]:
    """The kernel on blocks of rows; their temporaries stay in the cache."""
    classes = scores.shape[-1]
    rows = np.ascontiguousarray(scores).reshape(-1, classes)
    flat = targets.reshape(-1) if targets.ndim < scores.ndim else targets.reshape(-1, classes)
    value, gradient = np.empty(len(rows), rows.dtype), np.empty(rows.shape, rows.dtype)
    step = max(1, _BLOCK // classes)
    # A loss may be infinite and a probability underflow; neither is a fault of the caller.
    with np.errstate(all="ignore"):
        for start in range(0, len(rows), step):
            block = slice(start, start + step)
            value[block] = kernel(rows[block], flat[block], gradient[block], **settings)
    lost = np.isnan(value)
    if lost.any():
        place = tuple(int(i) for i in np.unravel_index(lost.argmax(), scores.shape[:-1]))
        raise ValueError(f"{called}: expected a loss with a limit; got {rows[lost][0]} at index {place}")
    return value.reshape(scores.shape[:-1]), gradient.reshape(scores.shape)


def _smoothed(logits: Array, labels: Array, out: Array, epsilon: float) -> Array:
    rows = kernels.smoothed_rows(labels, logits.shape[1], epsilon, logits.dtype)
    return kernels.cross_entropy_rows(logits, rows, out)


@dataclass(frozen=True)
class SimplexLoss(ClassLoss):
    """A loss of predicted probabilities: rows on the simplex, against rows on the simplex."""

    called: str = "prediction"

    def _domains(self) -> list[str]:
        return [rf"{latex(rows)} \in \Delta^{{K-1}}" for rows in (self.prediction, self.target)]

    def _scores(self, given: ArrayLike) -> Array:
        scores = super()._scores(given)
        return checks.simplex_rows(self.called, scores, scores)

    def _targets(self, scores: Array, target: ArrayLike) -> tuple[Kernel, Array]:
        return self.labels, checks.simplex_rows("target", checks.as_array("target", target), scores)


@dataclass(frozen=True)
class PairLoss(ClassLoss):
    """A loss of the similarities of M examples with each other, shape (..., M, M).

    The target of an example is the index of its positive, shape (..., M); its similarity
    with itself does not count.
    """

    called: str = "similarities"

    def _scores(self, given: ArrayLike) -> Array:
        scores = super()._scores(given)
        if scores.ndim < 2 or scores.shape[-1] != scores.shape[-2] or scores.shape[-1] < 2:
            raise ValueError(f"{self.called}: expected shape (..., M, M) with M of at least 2; got {scores.shape}")
        scores = scores.copy()
        own = np.arange(scores.shape[-1])
        scores[..., own, own] = -np.inf
        return scores

    def _targets(self, scores: Array, target: ArrayLike) -> tuple[Kernel, Array]:
        kernel, positives = super()._targets(scores, target)
        if np.any(positives == np.arange(scores.shape[-1])):
            raise ValueError("target: expected the index of another example; got an example's own")
        return kernel, positives


_log_sum = sp.log(_total(sp.exp(_z[_j])))
_squares = _total((_softmax(_k) - _t[_k]) ** 2, _k)
_norm = sp.sqrt(_total(_p[_j] ** 2))

cross_entropy = ClassLoss(
    name="cross_entropy",
    expr=_total(_t[_k] * (_log_sum - _z[_k]), _k),
    slope=_p[_k] - _t[_k],
    labels=kernels.cross_entropy_labels,
    rows=kernels.cross_entropy_rows,
    likelihood=sp.Product(_softmax(_k) ** _t[_k], (_k, 1, K)),
    reference="Bridle 1990",
)

label_smoothing_cross_entropy = ClassLoss(
    name="label_smoothing_cross_entropy",
    expr=_total(((1 - _epsilon) * _t[_k] + _epsilon / K) * (_log_sum - _z[_k]), _k),
    slope=_p[_k] - (1 - _epsilon) * _t[_k] - _epsilon / K,
    labels=_smoothed,
    parameters={"epsilon": Parameter(_epsilon, 0.1, sp.Interval(0, 1))},
    reference="Szegedy et al. 2016",
)

brier = ClassLoss(
    name="brier",
    expr=_squares,
    slope=2 * _p[_k] * (_p[_k] - _t[_k] - _total(_p[_j] * (_p[_j] - _t[_j]))),
    labels=kernels.brier_labels,
    rows=kernels.brier_rows,
    reference="Brier 1950",
)

softmax_squared_error = replace(
    brier, name="softmax_squared_error", reference="Brier 1950, seen as squared error behind a softmax"
)

spherical = ClassLoss(
    name="spherical",
    expr=1 - _total(_t[_k] * _softmax(_k), _k) / sp.sqrt(_total(_softmax(_k) ** 2, _k)),
    slope=_p[_k] / _norm * (_p[_k] * _total(_t[_j] * _p[_j]) / _norm**2 - _t[_k]),
    labels=kernels.spherical_labels,
    reference="Good 1971",
)

info_nce = ClassLoss(
    name="info_nce",
    expr=_total(_t[_k] * (_log_sum_tau - _z[_k] / _tau), _k),
    slope=(_p[_k] - _t[_k]) / _tau,
    probability=sp.exp(_z[_k] / _tau) / _total(sp.exp(_z[_j] / _tau)),
    labels=kernels.info_nce,
    parameters=_temperature,
    called="similarities",
    reference="van den Oord et al. 2018; the prediction is the similarities with the candidates",
)

nt_xent = PairLoss(
    name="nt_xent",
    expr=_total(_t[_k] * (sp.log(_others) - _z[_k] / _tau), _k),
    slope=(_p[_k] - _t[_k]) / _tau,
    probability=(1 - sp.KroneckerDelta(_i, _k)) * sp.exp(_z[_k] / _tau) / _others,
    labels=kernels.info_nce,
    parameters={"temperature": Parameter(_tau, 0.5)},
    reference="Chen et al. 2020; the prediction is the similarities of all views, i the view",
)

kl_divergence = SimplexLoss(
    name="kl_divergence",
    expr=_total(_t[_k] * sp.log(_t[_k] / _q[_k]) - _t[_k] + _q[_k], _k),
    slope=1 - _t[_k] / _q[_k],
    prediction=_q,
    labels=kernels.divergence,
    reference="Kullback and Leibler 1951; −t + q adds up to 0 on the simplex",
)
