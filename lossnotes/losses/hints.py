"""What a person most likely meant by input that a loss cannot take: the last sentence of an error, or nothing."""

from collections.abc import Iterable
from difflib import get_close_matches
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
SWAPPED = "Swapped? The prediction comes first, then the target"
_DROP = "Nothing is left out or added here: drop it"
_SMOOTH = "Take losses.label_smoothing_cross_entropy with epsilon, or smooth the target of a yes or no"
#: A parameter → what else it is called.
_CALLED = {
    "delta": ("threshold", "d"),
    "q": ("quantile", "quantiles", "tau", "alpha", "p"),
    "sigma": ("std", "sd", "scale", "s", "b"),
    "b": ("scale", "s", "sigma", "std"),
    "s": ("scale", "sigma", "std"),
    "nu": ("df", "dof", "degrees_of_freedom"),
    "margin": ("m", "alpha"),
    "epsilon": ("eps", "alpha", "smoothing", "label_smoothing"),
    "temperature": ("tau", "temp", "t"),
}
#: What other libraries call it → what to do here.
_ELSEWHERE = {
    **dict.fromkeys(("weight", "weights", "sample_weight", "class_weight", "class_weights"), _WEIGHT),
    "pos_weight": "Multiply: loss.value(z, y) * np.where(y == 1, pos_weight, 1)",
    "alpha": "Multiply: loss.value(z, y) * np.where(y == 1, alpha, 1 - alpha)",
    **dict.fromkeys(("reduction", "reduce", "size_average", "mean"), _MEAN),
    **dict.fromkeys(("ignore_index", "ignore_class", "mask", "where"), _SELECT.format("ignored")),
    **dict.fromkeys(("label_smoothing", "smoothing", "epsilon"), _SMOOTH),
    **dict.fromkeys(("temperature", "tau"), "Divide: prediction / temperature"),
    "logit_scale": "A temperature is its inverse: temperature=1 / logit_scale",
    **dict.fromkeys(("exposure", "offset"), "Add its logarithm: prediction + np.log(exposure)"),
    **dict.fromkeys(("axis", "dim"), _AXIS),
    "from_logits": _LOGITS,
    "logits": "The first argument is called prediction",
    **dict.fromkeys(("labels", "y_true", "y"), "The second argument is called target"),
    **dict.fromkeys(("input", "y_pred", "predictions"), "The first argument is called prediction"),
    "log_input": "The prediction is always the logarithm of the rate: pass np.log(rate)",
    "log_target": "The target is probabilities: pass np.exp(target)",
    **dict.fromkeys(("full", "eps", "epsilon_clip"), f"{_DROP}; a tiny prediction is not clipped"),
    **dict.fromkeys(("var", "variance"), "Pass the standard deviation: sigma=np.sqrt(variance)"),
    **dict.fromkeys(("log_var", "log_sigma"), "Pass the standard deviation: sigma=np.exp(log_sigma)"),
    "beta": "Take losses.huber with delta=beta, and divide by beta",
    "quantile": "Take losses.pinball with q",
    **dict.fromkeys(("num_classes", "n_classes", "K"), "The number of classes is that of the prediction's last axis"),
    "p": "Take the norms yourself: the prediction and target are distances",
}


def of_unknown(names: list[str], known: Iterable[str]) -> str:
    """Of a parameter that a loss with these does not have."""
    known = list(known)
    for name in names:
        plain = name.lower()
        own = [other for other in known if plain in _CALLED.get(other, ())] or get_close_matches(plain, known, 1, 0.75)
        if own:
            return f"It is called {own[0]}"
    return next((_ELSEWHERE[name] for name in names if name in _ELSEWHERE), "")


def of_dtype(array: Array) -> str:
    """Of numbers in a kind that is no float32 or float64."""
    kind = array.dtype.kind
    if kind == "b":
        return "Yes and no as numbers: .astype(float)"
    if kind == "O":
        first = next(array.flat, None)
        if first is None:
            return "None is no number: is a value missing?"
        return f"Made of {type(first).__name__}: convert each to a float first"
    text, time = "Text: .astype(float)", "Time as a number: divide it by a unit, such as np.timedelta64(1, 's')"
    record = "A record: take one field; bfloat16: .astype(np.float32)"
    advice = {"U": text, "S": text, "f": "Round it: .astype(float)", "c": "Complex: take .real or np.abs"}
    return {**advice, "V": record, "m": time, "M": f"Dates: subtract one. {time}"}.get(kind, "")


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
    return "Similarities? Their distances, such as 1 - similarity" if name == "prediction" else ""


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
    if given.shape[:-1] == prediction and given.ndim > 1 and given.shape[-1] > 1:
        return SWAPPED
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
