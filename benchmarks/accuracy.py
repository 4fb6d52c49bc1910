"""How far losses are off, in units of rounding, beside other libraries on the same points.

The judge is arithmetic with 400 digits. "gone" means that a result that is a normal number
came out as 0, infinite or NaN.
"""

import mpmath
import numpy as np
from scipy import special
from sklearn._loss.loss import HalfBinomialLoss, HalfMultinomialLoss

from lossnotes import losses

mpmath.mp.dps = 400
RNG = np.random.default_rng(0)
EPS, TINY = np.finfo(float).eps, np.finfo(float).tiny


def worst(got, exact):
    """The largest error in units of rounding, over exact results that are normal numbers."""
    errors = []
    for g, e in zip(np.ravel(got), exact, strict=True):
        if abs(e) < TINY:
            continue
        if not np.isfinite(g) or g == 0:
            return "gone"
        errors.append(float(abs((mpmath.mpf(float(g)) - e) / e) / EPS))
    return f"{max(errors):.3g}"


def show(title, exact, contenders):
    print(f"\n{title}")
    for name, run in contenders.items():
        with np.errstate(all="ignore"):
            print(f"  {name:<34}{worst(run(), exact):>12}")


def torch_or_none():
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: left out")
        return None
    return torch


def binary(torch):
    z = np.concatenate([RNG.normal(0, 3, 200), RNG.uniform(-700, 700, 200)])
    y = RNG.integers(0, 2, z.size).astype(float)
    margins = [mpmath.mpf(float(a)) * (1 if b else -1) for a, b in zip(z, y, strict=True)]
    exact = [mpmath.log1p(mpmath.exp(-m)) for m in margins]
    slopes = [(-1 if b else 1) / (1 + mpmath.exp(m)) for m, b in zip(margins, y, strict=True)]
    theirs = HalfBinomialLoss()
    values = {
        "lossnotes": lambda: losses.binary_cross_entropy.value(z, y),
        "scikit-learn HalfBinomialLoss": lambda: theirs.loss(y, z),
        "scipy −log_expit": lambda: -special.log_expit(np.where(y == 1, z, -z)),
        "−log of a sigmoid": lambda: -np.log(special.expit(np.where(y == 1, z, -z))),
    }
    gradients = {
        "lossnotes": lambda: losses.binary_cross_entropy.gradient(z, y),
        "scikit-learn HalfBinomialLoss": lambda: theirs.gradient(y, z),
        "scipy expit − y": lambda: special.expit(z) - y,
    }
    if torch:
        tz, ty = torch.tensor(z, requires_grad=True), torch.tensor(y)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(tz, ty, reduction="none")
        loss.sum().backward()
        values["torch …_with_logits"] = lambda: loss.detach().numpy()
        gradients["torch …_with_logits"] = lambda: tz.grad.numpy()
    show("binary_cross_entropy, value, logits to ±700", exact, values)
    show("binary_cross_entropy, gradient", slopes, gradients)


def classes(torch):
    logits = np.concatenate([RNG.normal(0, 3, (60, 5)), RNG.normal(0, 40, (60, 5))])
    labels = RNG.integers(0, 5, len(logits))
    rows = np.arange(len(logits))
    exact, slopes = [], []
    for z, y in zip(logits, labels, strict=True):
        terms = [mpmath.exp(mpmath.mpf(float(a))) for a in z]
        exact.append(mpmath.log(mpmath.fsum(terms) / terms[y]))
        others = [t for j, t in enumerate(terms) if j != y]
        total = mpmath.fsum(terms)
        slopes += [-mpmath.fsum(others) / total if j == y else t / total for j, t in enumerate(terms)]

    def by_scipy():
        gradient = special.softmax(logits, axis=1)
        gradient[rows, labels] -= 1
        return gradient

    theirs = HalfMultinomialLoss(n_classes=5)
    values = {
        "lossnotes": lambda: losses.cross_entropy.value(logits, labels),
        "scikit-learn HalfMultinomialLoss": lambda: theirs.loss(labels.astype(float), logits),
        "scipy −log_softmax": lambda: -special.log_softmax(logits, axis=1)[rows, labels],
    }
    gradients = {
        "lossnotes": lambda: losses.cross_entropy.gradient(logits, labels),
        "scikit-learn HalfMultinomialLoss": lambda: theirs.gradient(labels.astype(float), logits),
        "scipy softmax − one-hot": by_scipy,
    }
    if torch:
        tz = torch.tensor(logits, requires_grad=True)
        loss = torch.nn.functional.cross_entropy(tz, torch.tensor(labels), reduction="none")
        loss.sum().backward()
        values["torch cross_entropy"] = lambda: loss.detach().numpy()
        gradients["torch cross_entropy"] = lambda: tz.grad.numpy()
    show("cross_entropy, value, 5 classes, differences to 200", exact, values)
    show("cross_entropy, gradient", slopes, gradients)


def divergence():
    p = RNG.dirichlet([1.0] * 4, 100)
    q = p * (1 + 1e-6 * RNG.standard_normal(p.shape))
    q /= q.sum(axis=1, keepdims=True)
    exact = []
    for a, b in zip(p, q, strict=True):
        pairs = [(mpmath.mpf(float(u)), mpmath.mpf(float(v))) for u, v in zip(a, b, strict=True)]
        exact.append(mpmath.fsum(u * mpmath.log(u / v) - u + v for u, v in pairs))
    contenders = {
        "lossnotes": lambda: losses.kl_divergence.value(q, p),
        "scipy kl_div": lambda: special.kl_div(p, q).sum(axis=1),
        "scipy rel_entr": lambda: special.rel_entr(p, q).sum(axis=1),
    }
    show("kl_divergence, rows that differ by 1e-6", exact, contenders)


if __name__ == "__main__":
    installed = torch_or_none()
    binary(installed)
    classes(installed)
    divergence()
