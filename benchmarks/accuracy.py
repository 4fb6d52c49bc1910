"""How far every loss of the catalogue is off, beside other libraries on the same points.

Points, judge (arithmetic with hundreds of digits) and allowances are those of the tests.
An error is in units of rounding, the worst of all points, value / gradient; over classes it
is divided by 1 + the largest difference of logits. "lost" means that a normal number came
out as 0, infinite or NaN.
"""

import sys
from pathlib import Path

import numpy as np
from scipy import special
from sklearn._loss import loss as sklearn_losses

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from test_losses import (
    APART,
    CLASSES,
    SCALAR,
    UNITS,
    class_points,
    errors,
    errors_over_classes,
    points_for,
    settings_for,
)

from lossnotes.losses import CATALOGUE

try:
    import torch
    from torch.nn import functional
except ImportError:
    torch = None

EPS, TINY = np.finfo(float).eps, np.finfo(float).tiny
COLUMNS = ("lossnotes", "scikit-learn", "SciPy", "PyTorch")


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


def worst(found):
    """The largest error, or "lost"."""
    largest = 0.0
    for error, (*_, got, exact) in found:
        if error > UNITS and abs(exact) >= TINY and (got == 0 or not np.isfinite(got)):
            return "lost"
        largest = max(largest, error)
    return f"{largest:.2g}"


def show(name, points, judge):
    loss, (p, t, given) = CATALOGUE[name], points
    with np.errstate(all="ignore"):
        found = [
            loss.value_and_gradient(p, t, **given),
            *(by(name, p, t, given) for by in (by_sklearn, by_scipy, by_torch)),
        ]
    cells = []
    for pair in found:
        parts = [
            judge(which, got) for which, got in zip(("expr", "gradient_expr"), pair, strict=True) if got is not None
        ]
        cells.append(" / ".join(worst(part) for part in parts))
    print(f"{name:<32}" + "".join(f"{cell:>16}" for cell in cells))


def main():
    if torch is None:
        print("PyTorch is not installed: its column is empty")
    print(" " * 32 + "".join(f"{name:>16}" for name in COLUMNS))
    for name in SCALAR:
        points = points_for(CATALOGUE[name], np.float64)
        show(name, points, lambda which, got, n=name, at=points: errors(CATALOGUE[n], which, at, got, np.float64))
    for name in CLASSES:
        points = (*class_points(5, np.float64), settings_for(CATALOGUE[name]))
        show(name, points, lambda which, got, n=name, at=points: errors_over_classes(n, which, at, got, np.float64))
    print(f"tested elsewhere, on points of their own: {', '.join(sorted(APART))}")
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
