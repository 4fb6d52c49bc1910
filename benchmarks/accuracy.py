"""How far every loss of the catalogue is off, beside other libraries on the same points.

Points, judge (arithmetic with hundreds of digits) and allowances are those of the tests: half
of the points are of ordinary size, half at the ends of every range or where terms cancel. An
error is what exceeds the change of the exact function when each number moves to its neighbour,
in units of rounding of the result; the worst of all points, value / gradient. "lost" means that
a normal number came out as 0, infinite or NaN, or without a correct digit.
"""

import sys
from pathlib import Path

import numpy as np
from scipy import special
from sklearn._loss import loss as sklearn_losses

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

import loss_points
from loss_judge import SCALAR, errors_of_classes, errors_of_numbers

from lossnotes.losses import CATALOGUE

try:
    import torch
    from torch.nn import functional
except ImportError:
    torch = None

EPS = np.finfo(float).eps
COLUMNS = ("float64", "float32", "scikit-learn", "SciPy", "PyTorch")


def by_sklearn(name, p, t, given):
    """(value, gradient), None where scikit-learn has no such loss."""
    made = {
        "half_squared_error": lambda: sklearn_losses.HalfSquaredError(),
        "absolute_error": lambda: sklearn_losses.AbsoluteError(),
        "huber": lambda: sklearn_losses.HuberLoss(delta=given["delta"]),
        "pinball": lambda: sklearn_losses.PinballLoss(quantile=given["q"]),
        "binary_cross_entropy": lambda: sklearn_losses.HalfBinomialLoss(),
        "cross_entropy": lambda: sklearn_losses.HalfMultinomialLoss(n_classes=p.shape[-1]),
    }
    if name not in made:
        return None, None
    theirs, target = made[name](), np.asarray(t, dtype=float)
    return theirs.loss(target, p), theirs.gradient(target, p)


def by_scipy(name, p, t, given):
    """The same with SciPy's functions, put together as their documentation suggests."""
    if name == "huber":
        return special.huber(given["delta"], p - t), None
    if name == "binary_cross_entropy":
        return -t * special.log_expit(p) - (1 - t) * special.log_expit(-p), special.expit(p) - t
    if name == "sigmoid_squared_error":
        q = special.expit(p)
        return (q - t) ** 2, 2 * (q - t) * q * (1 - q)
    if name in ("cross_entropy", "info_nce"):
        tau = given.get("temperature", 1.0)
        rows, q = np.arange(len(p)), special.softmax(p / tau, axis=1)
        q[rows, t] -= 1
        return -special.log_softmax(p / tau, axis=1)[rows, t], q / tau
    if name in ("brier", "softmax_squared_error"):
        q = special.softmax(p, axis=1)
        d = q - np.eye(p.shape[1])[t]
        return (d * d).sum(axis=1), 2 * q * (d - (q * d).sum(axis=1, keepdims=True))
    return None, None


def by_torch(name, p, t, given):
    """The same with PyTorch's losses and its automatic differentiation."""
    formulas = {
        "half_squared_error": lambda x, y: functional.mse_loss(x, y, reduction="none") / 2,
        "squared_error": lambda x, y: functional.mse_loss(x, y, reduction="none"),
        "absolute_error": lambda x, y: functional.l1_loss(x, y, reduction="none"),
        "huber": lambda x, y: functional.huber_loss(x, y, reduction="none", delta=given["delta"]),
        "gaussian_nll": lambda x, y: functional.gaussian_nll_loss(
            x, y, torch.full_like(x, given["sigma"] ** 2), full=True, reduction="none"
        ),
        "binary_cross_entropy": lambda x, y: functional.binary_cross_entropy_with_logits(x, y, reduction="none"),
        "sigmoid_squared_error": lambda x, y: (torch.sigmoid(x) - y) ** 2,
        "cross_entropy": lambda x, y: functional.cross_entropy(x, y, reduction="none"),
        "label_smoothing_cross_entropy": lambda x, y: functional.cross_entropy(
            x, y, reduction="none", label_smoothing=given["epsilon"]
        ),
        "info_nce": lambda x, y: functional.cross_entropy(x / given["temperature"], y, reduction="none"),
    }
    if torch is None or name not in formulas:
        return None, None
    x = torch.tensor(p, requires_grad=True)
    value = formulas[name](x, torch.tensor(t))
    value.sum().backward()
    return value.detach().numpy(), x.grad.numpy()


def shown(errors):
    """The largest error, or "lost"."""
    largest = max(errors, default=0.0)
    return f"{largest:.2g}" if largest < 0.5 / EPS else "lost"


def cell(name, kind, by):
    """The worst value and gradient by one library, or nothing where it has no such loss."""
    judge = of_numbers if name in SCALAR else of_classes
    return " / ".join(shown(errors) for errors in judge(name, kind, by) if errors)


def of_numbers(name, kind, by):
    """Point by point: elsewhere a parameter is one number."""
    p, t, given = loss_points.of_numbers(name, kind)
    each = [by(name, p[[i]], t[[i]], {k: v[i] for k, v in given.items()}) for i in range(len(p))]
    return [
        [error for error, _ in errors_of_numbers(name, which, np.concatenate(got), kind)] if got[0] is not None else []
        for which, got in zip(("expr", "gradient_expr"), zip(*each, strict=True), strict=True)
    ]


def of_classes(name, kind, by):
    values, gradients = [], []
    for prediction, target, row, given in loss_points.of_classes(name, kind):
        labels = np.ndim(target) == 0
        if by is not by_lossnotes and (not labels or len(prediction) == 1):
            continue
        value, gradient = by(name, prediction[None], np.array([target]), given)
        if value is None:
            return [], []
        slopes = [0 * prediction] if gradient is None else gradient
        found = [e for e, _ in errors_of_classes(name, prediction, row, given, [value[0], *slopes[0]], kind)]
        values.append(found[0])
        gradients += [] if gradient is None else found[1:]
    return values, gradients


def by_lossnotes(name, p, t, given):
    """Of pairs, the first view's similarities with the others."""
    if name != "nt_xent":
        return CATALOGUE[name].value_and_gradient(p, t, **given)
    pairs = np.zeros((p.shape[1] + 1,) * 2, p.dtype)
    pairs[0, 1:] = p[0]
    value, gradient = CATALOGUE[name].value_and_gradient(pairs, [t[0] + 1] + [0] * p.shape[1], **given)
    return value[:1], gradient[:1, 1:]


def main():
    if torch is None:
        print("PyTorch is not installed: its column is empty")
    print(" " * 32 + "".join(f"{name:>16}" for name in COLUMNS))
    contenders = [(by_lossnotes, np.float64), (by_lossnotes, np.float32)]
    contenders += [(by, np.float64) for by in (by_sklearn, by_scipy, by_torch)]
    for name in CATALOGUE:
        with np.errstate(all="ignore"):
            cells = [cell(name, kind, by) for by, kind in contenders]
        print(f"{name:<32}" + "".join(f"{text:>16}" for text in cells))
    near_equal_distributions()


def near_equal_distributions():
    """Divergence of rows that differ by a millionth."""
    import mpmath

    rng = np.random.default_rng(0)
    p = rng.dirichlet([1.0] * 4, 100)
    q = p * (1 + 1e-6 * rng.standard_normal(p.shape))
    q /= q.sum(axis=1, keepdims=True)
    exact = []
    with mpmath.workdps(100):
        for a, b in zip(p, q, strict=True):
            pairs = [(mpmath.mpf(float(u)), mpmath.mpf(float(v))) for u, v in zip(a, b, strict=True)]
            exact.append(float(mpmath.fsum(u * mpmath.log(u / v) - u + v for u, v in pairs)))
    print("\nkl_divergence of rows that differ by 1e-6")
    for name, got in {
        "lossnotes": CATALOGUE["kl_divergence"].value(q, p),
        "SciPy kl_div": special.kl_div(p, q).sum(axis=1),
        "SciPy rel_entr": special.rel_entr(p, q).sum(axis=1),
    }.items():
        print(f"  {name:<30}{np.max(np.abs(got / exact - 1)) / EPS:16.2g}")


if __name__ == "__main__":
    main()
