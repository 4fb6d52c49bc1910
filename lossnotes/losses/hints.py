"""What a person most likely meant by input that a loss cannot take: the last sentence of an error, or nothing."""

from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

Array = NDArray[Any]

_WEIGHT = "Multiply what comes back: loss.value(prediction, target) * weight, a class's weight being weight[target]"
_MEAN = "One number for each example comes back: take its .mean() or .sum()"
_SELECT = "Select before: keep = target != {0}; loss.value(prediction[keep], target[keep])"
_AXIS = "The class axis is the last one: np.moveaxis(prediction, axis, -1)"
_LOGITS = "Logits are always meant: drop it; of probabilities, pass np.log(p), of a yes or no np.log(p / (1 - p))"
_SOFT = "Soft rows? losses.cross_entropy and losses.brier take them"
_DROP = "Nothing is left out or added here: drop it"
#: What other libraries call it → what to do here.
_ELSEWHERE = {
    **dict.fromkeys(("weight", "weights", "sample_weight", "class_weight", "class_weights"), _WEIGHT),
    "pos_weight": "Multiply: loss.value(z, y) * np.where(y == 1, pos_weight, 1)",
    "alpha": "Multiply: loss.value(z, y) * np.where(y == 1, alpha, 1 - alpha); a quantile is called q",
    **dict.fromkeys(("reduction", "reduce", "size_average", "mean"), _MEAN),
    **dict.fromkeys(("ignore_index", "ignore_class", "mask", "where"), _SELECT.format("ignored")),
    "label_smoothing": "Take losses.label_smoothing_cross_entropy with epsilon, or smooth the target of a yes or no",
    **dict.fromkeys(("axis", "dim"), _AXIS),
    "from_logits": _LOGITS,
    "logits": "The first argument is called prediction",
    **dict.fromkeys(("labels", "y_true", "y"), "The second argument is called target"),
    **dict.fromkeys(("input", "y_pred", "predictions"), "The first argument is called prediction"),
    "log_input": "The prediction is always the logarithm of the rate: pass np.log(rate)",
    "log_target": "The target is probabilities: pass np.exp(target)",
    **dict.fromkeys(("full", "eps", "epsilon_clip"), f"{_DROP}; a tiny prediction is not clipped"),
    **dict.fromkeys(("var", "variance"), "Pass the standard deviation: sigma=np.sqrt(variance)"),
    **dict.fromkeys(("std", "scale"), "A scale is called sigma, b or s, after the loss"),
    **dict.fromkeys(("log_var", "log_sigma"), "Pass the standard deviation: sigma=np.exp(log_sigma)"),
    "beta": "Take losses.huber with delta=beta, and divide by beta",
    **dict.fromkeys(("quantile", "tau"), "The quantile of losses.pinball is called q; a temperature, temperature"),
    **dict.fromkeys(("df", "dof"), "Degrees of freedom are called nu"),
    **dict.fromkeys(("num_classes", "n_classes", "K"), "The number of classes is that of the prediction's last axis"),
    "smoothing": "It is called epsilon",
    "p": "Take the norms yourself: the prediction and target are distances",
}


def of_unknown(names: list[str]) -> str:
    """Of a parameter that a loss does not have."""
    return next((_ELSEWHERE[name] for name in names if name in _ELSEWHERE), "")


def of_dtype(array: Array) -> str:
    """Of numbers in a kind that is no float32 or float64."""
    kind = array.dtype.kind
    if kind == "b":
        return "Yes and no as numbers: .astype(float)"
    if kind == "O":
        return "Lists of unequal length, None, or tensors: convert each to floats first"
    return {"U": "Text: .astype(float)", "S": "Text: .astype(float)", "f": "Round it: .astype(float)"}.get(kind, "")


def of_shapes(prediction: tuple[int, ...], target: tuple[int, ...]) -> str:
    """Of a prediction and a target of different shapes."""
    if prediction == (*target, 1):
        return "Drop the last axis: prediction[..., 0]"
    if target == (*prediction, 1):
        return "Drop the last axis: target[..., 0]"
    if prediction == target[::-1]:
        return "Transpose one of them"
    if prediction[: len(target)] == target:
        return "Several outputs for each target: np.broadcast_to(target[..., None], prediction.shape)"
    if len(target) < len(prediction) and prediction[-len(target) :] == target:
        return "If that is meant: np.broadcast_to(target, prediction.shape)"
    return ""


def of_domain(name: str, values: Array, domain: sp.Set) -> str:
    """Of numbers outside the set from which they must be."""
    if name not in ("prediction", "target"):
        return _of_parameter(values, domain)
    if domain.sup == 1:
        return _of_yes_or_no(values, domain)
    if name == "prediction" and (values < 0).any():
        return "Similarities? Their distances, such as 1 - similarity"
    return ""


def _of_parameter(values: Array, domain: sp.Set) -> str:
    if domain.sup == 1:
        return "Per cent? Divide by 100" if values.max() > 1 else ""
    return "A logarithm? Take its np.exp" if (values < 0).any() else ""


def _of_yes_or_no(values: Array, domain: sp.Set) -> str:
    marks, signs = values[(values < 0) | (values > 1)], domain.contains(sp.S.NegativeOne) == sp.true
    if signs and np.isin(values, (0, 1)).all():
        return "From 0 and 1: 2 * target - 1"
    if not marks.size or signs:
        return "For a share between 0 and 1: losses.binary_cross_entropy" if not marks.size else ""
    if np.isin(values, (-1, 1)).all():
        return "From -1 and 1: (target + 1) / 2"
    if np.isin(values, (1, 2)).all():
        return "From 1 and 2: target - 1"
    if marks.max() < 0 and marks.min() == marks.max():
        return f"A mark for what does not count? {_SELECT.format(marks[0])}"
    if values.min() >= 0 and (values == np.floor(values)).all():
        return "Per cent: divide by 100; bytes: by 255; labels of classes: losses.cross_entropy"
    return ""


def of_parameter_shape(shape: tuple[int, ...], data: tuple[int, ...]) -> str:
    """Of a parameter in the wrong shape."""
    if len(shape) == 1 and shape == data[:1]:
        return "One for each example: np.broadcast_to(parameter[:, None], prediction.shape)"
    if len(shape) == len(data) and all(a in (1, b) for a, b in zip(shape, data, strict=True)):
        return "Say where it repeats: np.broadcast_to(parameter, prediction.shape)"
    return ""


def of_labels(given: Array, prediction: tuple[int, ...]) -> str:
    """Of labels of the wrong kind or shape for logits of this shape."""
    *leading, classes = prediction
    if given.shape == prediction and len(prediction) > 1 and given.dtype.kind in "iubf":
        hot = np.isin(given, (0, 1)).all()
        return "One-hot rows: pass target.argmax(-1), or floats where rows are taken" if hot else _SOFT
    if given.shape == (*leading, 1):
        return "Drop the last axis: target[..., 0]"
    if len(prediction) > 2 and given.shape == (prediction[0], *prediction[2:]):
        return "The class axis must be the last: np.moveaxis(prediction, 1, -1)"
    if len(prediction) == 1 and given.ndim == 1:
        return (
            "One logit for each yes or no? Take losses.binary_cross_entropy. One example of "
            f"{classes} classes has a single label"
        )
    return of_label_kind(given)


def of_label_kind(given: Array) -> str:
    """Of labels that are no integers."""
    if given.dtype.kind == "b":
        return "Yes and no as classes 1 and 0: target.astype(int)"
    if given.dtype.kind in "US":
        return "Names of classes: np.unique(target, return_inverse=True)[1]"
    if given.dtype.kind == "f" and (given == np.floor(given)).all():
        return "Whole numbers: target.astype(int)"
    return ""


def of_label_range(given: Array, classes: int) -> str:
    """Of integer labels that are not in 0..K-1."""
    low, high = int(given.min()), int(given.max())
    others = given[given != low]
    if low in (-100, -1, 255) or (low < 0 and others.size and others.min() >= 0 and others.max() < classes):
        return f"A mark for what does not count? {_SELECT.format(low)}"
    if classes == 1:
        return "One logit for each yes or no? losses.binary_cross_entropy of prediction[..., 0]"
    if low >= 1 and high == classes:
        return "Labels from 1? target - 1"
    if high in (255, 254) and np.isin(given[given >= classes], high).all():
        return f"A mark for what does not count? {_SELECT.format(high)}"
    return ""


def of_rows(rows: Array) -> str:
    """Of rows that are no probabilities."""
    sums = np.exp(np.minimum(rows, 1)).sum(axis=-1, dtype=float)
    if rows.max() <= 0 and np.allclose(sums, 1, atol=1e-3):
        return "Logarithms of probabilities? Take their np.exp"
    if rows.min() >= 0:
        for axis in range(rows.ndim - 1):
            if np.allclose(rows.sum(axis=axis, dtype=float), 1, atol=1e-3):
                return f"They add up to 1 along axis {axis}: np.moveaxis(rows, {axis}, -1)"
        if np.isin(rows, (0, 1)).all():
            return "Several classes at once are yes or no for each: losses.binary_cross_entropy"
        return "Counts or weights? Divide by rows.sum(axis=-1, keepdims=True)"
    return "Logits? Take their softmax"
