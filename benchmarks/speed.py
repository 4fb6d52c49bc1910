"""How long losses take, as ratios measured side by side in one run on one thread.

Each contender runs in turn, several rounds; the ratio is that of the fastest runs.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy loads

import subprocess
import sys
import time

import numpy as np
from scipy.special import expit, log_softmax
from sklearn._loss.loss import HalfBinomialLoss, HalfMultinomialLoss, HalfSquaredError

from lossnotes import losses

ROUNDS = 9
RNG = np.random.default_rng(0)


def fastest(contenders, rounds=ROUNDS):
    """Milliseconds of each contender's fastest run; they take turns, so that drift hits all."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], 1e3 * (time.perf_counter() - start))
    return best


def show(title, times):
    own = times["lossnotes"]
    print(f"\n{title}")
    for name, milliseconds in times.items():
        print(f"  {name:<32}{milliseconds:9.1f} ms   {milliseconds / own:5.2f} × lossnotes")


def cross_entropy():
    logits, labels = RNG.normal(0, 3, (4096, 1000)), RNG.integers(0, 1000, 4096)
    rows, out = np.arange(4096), np.empty((4096, 1000))

    def by_scipy():
        log_p = log_softmax(logits, axis=1)
        gradient = np.exp(log_p)
        gradient[rows, labels] -= 1
        return -log_p[rows, labels], gradient

    theirs = HalfMultinomialLoss(n_classes=1000)
    as_floats = labels.astype(float)
    contenders = {
        "lossnotes": lambda: losses.cross_entropy.value_and_gradient(logits, labels),
        "scipy log_softmax + gradient": by_scipy,
        "scikit-learn loss_gradient": lambda: theirs.loss_gradient(as_floats, logits, n_threads=1),
        "one np.exp pass (the floor)": lambda: np.exp(logits, out=out),
    }
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: left out")
    else:
        torch.set_num_threads(1)
        z, y = torch.tensor(logits, requires_grad=True), torch.tensor(labels)

        def by_torch():
            z.grad = None
            torch.nn.functional.cross_entropy(z, y, reduction="sum").backward()

        contenders["torch cross_entropy + backward"] = by_torch
    show("cross_entropy, value and gradient, 4096 × 1000 float64", fastest(contenders))


def elementwise():
    size = 10_000_000
    prediction, target = RNG.normal(0, 3, size), RNG.integers(0, 2, size).astype(float)
    squared, binomial = HalfSquaredError(), HalfBinomialLoss()

    def two_passes():
        residual = prediction - target
        return residual * residual, residual

    show(
        "half_squared_error, value and gradient, 10 million float64",
        fastest(
            {
                "lossnotes": lambda: losses.half_squared_error.value_and_gradient(prediction, target),
                "scikit-learn loss_gradient": lambda: squared.loss_gradient(target, prediction, n_threads=1),
                "two NumPy passes (the floor)": two_passes,
            },
            rounds=5,
        ),
    )
    show(
        "binary_cross_entropy, value and gradient, 10 million float64",
        fastest(
            {
                "lossnotes": lambda: losses.binary_cross_entropy.value_and_gradient(prediction, target),
                "scikit-learn loss_gradient": lambda: binomial.loss_gradient(target, prediction, n_threads=1),
                "scipy expit (gradient only)": lambda: expit(prediction) - target,
            },
            rounds=5,
        ),
    )


def import_time():
    def run(code):
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    times = fastest({"lossnotes": run("import lossnotes"), "numpy and sympy": run("import numpy, sympy")}, rounds=5)
    print(f"\nimport lossnotes adds {times['lossnotes'] - times['numpy and sympy']:.0f} ms to numpy and sympy")


if __name__ == "__main__":
    cross_entropy()
    elementwise()
    import_time()
