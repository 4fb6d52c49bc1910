"""Losses over K classes: accurate NumPy beside one symbolic form for every K."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from lossnotes.losses import checks, rowwise
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
    short_gradient
        Its derivative in the k-th logit on the simplex as the field writes it, in p_k where
        that is shorter.
    where
        What p_k stands for.
    labels, rows
        Kernels for integer labels and for rows on the simplex.
    parameters, likelihood, reference
        As for a loss of one number.
    """

    name: str
    expr: sp.Expr
    reference: str
    short_gradient: sp.Expr
    labels: Kernel | None = None
    rows: Kernel | None = None
    where: Mapping[sp.Expr, sp.Expr] = field(default_factory=lambda: {_p[_k]: _softmax(_k)})
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    likelihood: sp.Expr | None = None
    prediction: sp.IndexedBase = _z
    target: sp.IndexedBase = _t

    @property
    def gradient_expr(self) -> sp.Expr:
        """The derivative in the k-th logit, for every K, where the target's row adds up to 1."""
        gradient = self.short_gradient
        for symbol, what in self.where.items():
            gradient = gradient.replace(
                lambda node, base=symbol.base: isinstance(node, sp.Indexed) and node.base == base,
                lambda node, what=what: what.subs(_k, node.indices[0]),
            )
        return gradient

    def value(self, prediction: ArrayLike, target: ArrayLike, **parameters: float) -> Any:
        """The loss of each example, not averaged.

        Parameters
        ----------
        prediction
            Logits, shape (..., K); the last axis is the class axis.
        target
            Integer labels in 0..K-1, shape (...), or, where the loss takes them, rows on
            the simplex, shape (..., K).
        parameters
            The loss's parameters.

        Returns
        -------
        Shape (...), in nats where the loss is a negative log-likelihood; float32 where the
        logits are, else float64. They are computed in double precision.

        Raises
        ------
        ValueError
            If a shape is wrong, a label is out of range, a row leaves the simplex, a value
            is NaN, or infinite logits leave the loss without a limit.
        TypeError
            If labels are not integers, or logits are not real numbers.
        """
        value = self._run(prediction, target, parameters, gradient=None)
        return value if value.ndim else value[()]

    def gradient(self, prediction: ArrayLike, target: ArrayLike, **parameters: float) -> Any:
        """The derivative of each example's loss in its logits, shape (..., K); see :meth:`value`."""
        return self.value_and_gradient(prediction, target, **parameters)[1]

    def value_and_gradient(self, prediction: ArrayLike, target: ArrayLike, **parameters: float) -> tuple[Any, Any]:
        """Both in one pass; see :meth:`value`."""
        gradient: list[Array] = []
        value = self._run(prediction, target, parameters, gradient)
        return (value if value.ndim else value[()]), gradient[0]

    def _run(
        self, prediction: ArrayLike, target: ArrayLike, parameters: Mapping[str, Any], gradient: list[Array] | None
    ) -> Array:
        given = self._scores(prediction)
        kernel, targets = self._targets(given, target)
        settings = checks.parameters(self.name, self.parameters, parameters)
        settings = {name: setting.astype(float) for name, setting in settings.items()}
        slopes = None if gradient is None else np.empty(given.shape, given.dtype)
        value = _blocks(kernel, given, targets, settings, slopes)
        if gradient is not None and slopes is not None:
            gradient.append(slopes)
        return value

    def _scores(self, given: ArrayLike) -> Array:
        scores = checks.numbers("prediction", given)
        if scores.ndim == 0:
            raise ValueError("prediction: expected shape (..., K); got a single number")
        return scores

    def _targets(self, scores: Array, target: ArrayLike) -> tuple[Kernel, Array]:
        given = checks.as_array("target", target)
        if self.labels is not None and (given.dtype.kind in "iub" or self.rows is None):
            return self.labels, checks.labels("target", given, scores.shape)
        assert self.rows is not None
        return self.rows, checks.simplex_rows("target", given, scores.shape)

    def _domains(self) -> list[str]:
        return [rf"{latex(self.prediction)} \in \mathbb{{R}}^K", rf"{latex(self.target)} \in \Delta^{{K-1}}"]


def _blocks(kernel: Kernel, scores: Array, targets: Array, settings: Mapping[str, Any], slopes: Array | None) -> Array:
    """The kernel on blocks of rows, in double precision; their temporaries stay in the cache."""
    classes = scores.shape[-1]
    rows = np.ascontiguousarray(scores).reshape(-1, classes)
    flat = targets.reshape(-1) if targets.ndim < scores.ndim else targets.reshape(-1, classes)
    value = np.empty(len(rows), rows.dtype)
    gradient = None if slopes is None else slopes.reshape(rows.shape)
    step = max(1, _BLOCK // classes)
    # A loss may be infinite and a probability underflow; neither is a fault of the caller.
    with np.errstate(all="ignore"):
        for start in range(0, len(rows), step):
            block = slice(start, start + step)
            double = rows[block].astype(float, copy=False)
            out = None if gradient is None else gradient[block].astype(float, copy=False)
            value[block] = kernel(double, flat[block], out, **settings)
            if gradient is not None and gradient.dtype != float:
                gradient[block] = out
    lost = np.isnan(value)
    if lost.any():
        place = tuple(int(i) for i in np.unravel_index(lost.argmax(), scores.shape[:-1]))
        raise ValueError(f"prediction: expected a loss with a limit; got {rows[lost][0]} at index {place}")
    return value.reshape(scores.shape[:-1])


@dataclass(frozen=True)
class SimplexLoss(ClassLoss):
    """A loss of predicted probabilities: rows on the simplex, against rows on the simplex."""

    def _domains(self) -> list[str]:
        return [rf"{latex(rows)} \in \Delta^{{K-1}}" for rows in (self.prediction, self.target)]

    def _scores(self, given: ArrayLike) -> Array:
        scores = super()._scores(given)
        checks.simplex_rows("prediction", checks.as_array("prediction", given), scores.shape)
        return scores


@dataclass(frozen=True)
class PairLoss(ClassLoss):
    """A loss of the similarities of M examples with each other, shape (..., M, M).

    The target of an example is the index of its positive, shape (..., M); its similarity
    with itself does not count.
    """

    def _scores(self, given: ArrayLike) -> Array:
        scores = super()._scores(given)
        if scores.ndim < 2 or scores.shape[-1] != scores.shape[-2] or scores.shape[-1] < 2:
            raise ValueError(
                f"prediction: expected similarities of shape (..., M, M) with M of at least 2; got {scores.shape}"
            )
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
    short_gradient=_p[_k] - _t[_k],
    labels=rowwise.cross_entropy_labels,
    rows=rowwise.cross_entropy_rows,
    likelihood=sp.Product(_softmax(_k) ** _t[_k], (_k, 1, K)),
    reference="Bridle 1990",
)

label_smoothing_cross_entropy = ClassLoss(
    name="label_smoothing_cross_entropy",
    expr=_total(((1 - _epsilon) * _t[_k] + _epsilon / K) * (_log_sum - _z[_k]), _k),
    short_gradient=_p[_k] - (1 - _epsilon) * _t[_k] - _epsilon / K,
    labels=rowwise.smoothed_labels,
    rows=rowwise.smoothed_rows,
    parameters={"epsilon": Parameter(_epsilon, 0.1, sp.Interval(0, 1))},
    reference="Szegedy et al. 2016",
)

brier = ClassLoss(
    name="brier",
    expr=_squares,
    short_gradient=2 * _p[_k] * (_p[_k] - _t[_k] - _total(_p[_j] * (_p[_j] - _t[_j]))),
    labels=rowwise.brier_labels,
    rows=rowwise.brier_rows,
    reference="Brier 1950",
)

softmax_squared_error = replace(
    brier, name="softmax_squared_error", reference="Brier 1950, seen as squared error behind a softmax"
)

spherical = ClassLoss(
    name="spherical",
    expr=1 - _total(_t[_k] * _softmax(_k), _k) / sp.sqrt(_total(_softmax(_k) ** 2, _k)),
    short_gradient=_p[_k] / _norm * (_p[_k] * _total(_t[_j] * _p[_j]) / _norm**2 - _t[_k]),
    labels=rowwise.spherical_labels,
    reference="Good 1971",
)

info_nce = ClassLoss(
    name="info_nce",
    expr=_total(_t[_k] * (_log_sum_tau - _z[_k] / _tau), _k),
    short_gradient=(_p[_k] - _t[_k]) / _tau,
    where={_p[_k]: sp.exp(_z[_k] / _tau) / _total(sp.exp(_z[_j] / _tau))},
    labels=rowwise.info_nce,
    parameters=_temperature,
    reference="van den Oord et al. 2018; the prediction is the similarities with the candidates",
)

nt_xent = PairLoss(
    name="nt_xent",
    expr=_total(_t[_k] * (sp.log(_others) - _z[_k] / _tau), _k),
    short_gradient=(_p[_k] - _t[_k]) / _tau,
    where={_p[_k]: (1 - sp.KroneckerDelta(_i, _k)) * sp.exp(_z[_k] / _tau) / _others},
    labels=rowwise.info_nce,
    parameters={"temperature": Parameter(_tau, 0.5)},
    reference="Chen et al. 2020; the prediction is the similarities of all views, i the view",
)

kl_divergence = SimplexLoss(
    name="kl_divergence",
    expr=_total(_t[_k] * sp.log(_t[_k] / _q[_k]) - _t[_k] + _q[_k], _k),
    short_gradient=1 - _t[_k] / _q[_k],
    where={},
    prediction=_q,
    rows=rowwise.divergence,
    reference="Kullback and Leibler 1951; −t + q adds up to 0 on the simplex",
)
