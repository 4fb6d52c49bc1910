"""What experiments of several lessons share: made data, small networks, and races between them.

Networks come in stacks: the runs of an experiment are the first axis of every array, so
that seeds and learning rates train side by side. NumPy only, gradients written out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
#: A loss's gradient in the logits, one row an example: ``losses.cross_entropy.gradient``.
Slope = Callable[[Array, Array], Array]


def mixture(
    seed: int,
    *,
    examples: int = 600,
    classes: int = 10,
    clusters: int = 3,
    dimensions: int = 10,
    spread: float = 0.5,
) -> tuple[Array, Array]:
    """Classes that are made of Gaussian clouds.

    The centres are drawn from N(0, I), the points around them from N(0, spread² I). Every
    class has as many clouds as every other, and every cloud as many points, as far as
    ``examples`` can be divided.

    Returns
    -------
    inputs, labels
        Shapes (examples, dimensions) and (examples,); labels are 0..classes−1.

    Examples
    --------
    >>> inputs, labels = mixture(0, examples=6, classes=2, dimensions=3)
    >>> inputs.shape, labels
    ((6, 3), array([0, 1, 0, 1, 0, 1]))
    """
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(clusters * classes, dimensions))
    cloud = np.arange(examples) % len(centres)
    return centres[cloud] + spread * rng.normal(size=(examples, dimensions)), cloud % classes


@dataclass
class MLP:
    """A stack of ReLU networks, one for each run.

    Attributes
    ----------
    weights, biases
        For each layer an array (runs, inputs, outputs) and one (runs, 1, outputs).

    Examples
    --------
    >>> network = MLP.he([4, 8, 3], seeds=[0, 1])
    >>> network.logits(np.ones((5, 4))).shape
    (2, 5, 3)
    """

    weights: list[Array]
    biases: list[Array]

    @classmethod
    def he(cls, widths: Sequence[int], seeds: Sequence[int], *, gain: float = 1.0, output_scale: float = 1.0) -> "MLP":
        """Networks whose weights are drawn from N(0, gain²·2/inputs), one network for each seed.

        Equal seeds give equal networks, whatever stands beside them. The last layer is
        drawn from N(0, output_scale²/inputs). Biases are 0.

        Raises
        ------
        ValueError
            If there are fewer than two widths, or no seed.
        """
        if len(widths) < 2 or min(widths) < 1:
            raise ValueError(f"widths: expected inputs, hidden layers if any, and outputs; got {list(widths)}")
        if len(seeds) == 0:
            raise ValueError("seeds: expected one for each run; got none")
        layers = list(pairwise(widths))
        scales = [gain * np.sqrt(2 / inputs) for inputs, _ in layers[:-1]]
        scales.append(output_scale / np.sqrt(layers[-1][0]))
        runs = [np.random.default_rng(seed) for seed in seeds]
        weights = [
            np.stack([scale * rng.normal(size=shape) for rng in runs])
            for scale, shape in zip(scales, layers, strict=True)
        ]
        return cls(weights, [np.zeros((len(runs), 1, outputs)) for _, outputs in layers])

    @property
    def parameters(self) -> list[Array]:
        """All arrays that training moves, first the weights, layer by layer, then the biases."""
        return [*self.weights, *self.biases]

    def activations(self, inputs: ArrayLike) -> list[Array]:
        """What each layer is given, and at the end the logits.

        ``inputs`` has the shape (examples, inputs), or (runs, examples, inputs) where the
        runs see different examples.
        """
        layers = [np.asarray(inputs)]
        for weight, bias in zip(self.weights, self.biases, strict=True):
            given = layers[-1] if len(layers) == 1 else np.maximum(layers[-1], 0)
            layers[-1] = given
            layers.append(given @ weight + bias)
        return layers

    def logits(self, inputs: ArrayLike) -> Array:
        """The logits, of shape (runs, examples, outputs)."""
        return self.activations(inputs)[-1]

    def gradients(self, activations: Sequence[Array], slope: Array) -> list[Array]:
        """Of the mean loss over the examples, in each of :attr:`parameters`, by backpropagation.

        ``slope`` is the gradient of each example's loss in its logits, of the logits' shape.
        """
        slope = slope / slope.shape[-2]
        weights: list[Array] = []
        biases: list[Array] = []
        for given, weight in zip(activations[-2::-1], self.weights[::-1], strict=True):
            weights.insert(0, given.swapaxes(-1, -2) @ slope)
            biases.insert(0, slope.sum(axis=-2, keepdims=True))
            slope = (slope @ weight.swapaxes(-1, -2)) * (given > 0)
        return weights + biases

    def keep(self, stay: Array) -> None:
        """Keep those networks of the stack for which ``stay`` is true."""
        self.weights = [weight[stay] for weight in self.weights]
        self.biases = [bias[stay] for bias in self.biases]

    def accuracy(self, inputs: ArrayLike, labels: ArrayLike) -> Array:
        """The share of examples whose label has the largest logit, for each run."""
        return np.mean(self.logits(inputs).argmax(axis=-1) == labels, axis=-1)


class Optimiser(Protocol):
    """Moves parameters, in place, against their gradients."""

    def __call__(self, parameters: Sequence[Array], gradients: Sequence[Array]) -> None: ...

    def keep(self, stay: Array) -> None:
        """Forget the runs for which ``stay`` is not true."""
        ...


class Descent:
    """Gradient descent: θ ← θ − rate · ∂L/∂θ, with one rate or one for each run."""

    def __init__(self, rate: ArrayLike) -> None:
        self.rate = _for_each_run(rate)

    def __call__(self, parameters: Sequence[Array], gradients: Sequence[Array]) -> None:
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter -= self.rate * gradient

    def keep(self, stay: Array) -> None:
        """Forget the runs for which ``stay`` is not true."""
        self.rate = _kept(self.rate, stay)


class Adam:
    """Adam (Kingma & Ba 2015, algorithm 1), with one rate or one for each run."""

    def __init__(self, rate: ArrayLike, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        self.rate = _for_each_run(rate)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.count = 0
        self.means: list[Array] = []
        self.squares: list[Array] = []

    def __call__(self, parameters: Sequence[Array], gradients: Sequence[Array]) -> None:
        if not self.count:
            self.means = [np.zeros_like(parameter) for parameter in parameters]
            self.squares = [np.zeros_like(parameter) for parameter in parameters]
        self.count += 1
        short, long = 1 - self.beta1**self.count, 1 - self.beta2**self.count
        for parameter, gradient, mean, square in zip(parameters, gradients, self.means, self.squares, strict=True):
            mean += (1 - self.beta1) * (gradient - mean)
            square += (1 - self.beta2) * (gradient**2 - square)
            parameter -= self.rate * (mean / short) / (np.sqrt(square / long) + self.epsilon)

    def keep(self, stay: Array) -> None:
        """Forget the runs for which ``stay`` is not true."""
        self.rate = _kept(self.rate, stay)
        self.means = [mean[stay] for mean in self.means]
        self.squares = [square[stay] for square in self.squares]


class Training:
    """A stack in training: an iterator that goes on without end; each item is the number of steps so far.

    Runs with equal seeds see the examples in equal order, so that two losses can be raced
    on the same batches. Each pass through the data has an order of its own. A run whose
    logits are no longer finite has diverged and leaves the stack.

    Parameters
    ----------
    network
        Moved in place; runs that leave are taken out of it.
    inputs, labels
        Shapes (examples, inputs) and (examples,), the same for all runs.
    slope
        The loss's gradient in the logits; it is given logits (runs, batch, outputs) and
        labels (runs, batch).
    seeds
        Of the order of the examples, one for each run.

    Attributes
    ----------
    running
        The numbers of the runs that are still in training, in the order of the stack.

    Raises
    ------
    ValueError
        If there is not one seed for each run, or a batch is larger than the data.

    Examples
    --------
    >>> from lossnotes.losses import cross_entropy
    >>> inputs, labels = mixture(0, classes=2)
    >>> network = MLP.he([10, 16, 2], seeds=[0])
    >>> for step in Training(network, inputs, labels, cross_entropy.gradient, Descent(0.3), seeds=[0]):
    ...     if step == 200:
    ...         break
    >>> bool(network.accuracy(inputs, labels)[0] > 0.95)
    True
    """

    def __init__(
        self,
        network: MLP,
        inputs: Array,
        labels: Array,
        slope: Slope,
        optimiser: Optimiser,
        *,
        seeds: Sequence[int],
        batch: int = 64,
    ) -> None:
        runs = len(network.weights[0])
        if len(seeds) != runs:
            raise ValueError(f"seeds: expected one for each of the {runs} runs; got {len(seeds)}")
        if not 0 < batch <= len(inputs):
            raise ValueError(f"batch: expected 1 to {len(inputs)}, the number of examples; got {batch}")
        self.network, self.slope, self.optimiser = network, slope, optimiser
        self.inputs, self.labels = inputs, labels
        self.running = np.arange(runs)
        self._batch = batch
        self._shuffles = [np.random.default_rng(seed) for seed in seeds]

    def __iter__(self) -> Iterator[int]:
        step = 0
        while True:
            order = np.stack([shuffle.permutation(len(self.inputs)) for shuffle in self._shuffles])
            for start in range(0, len(self.inputs) - self._batch + 1, self._batch):
                self._step(order[self.running, start : start + self._batch])
                if not len(self.running):
                    return
                step += 1
                yield step

    def keep(self, stay: Array) -> None:
        """Go on with those runs of the stack for which ``stay`` is true."""
        if not np.all(stay):
            self.running = self.running[stay]
            self.network.keep(stay)
            self.optimiser.keep(stay)

    def _step(self, picked: Array) -> None:
        # To diverge is a result of a run: it is seen in the logits.
        with np.errstate(over="ignore", invalid="ignore"):
            activations = self.network.activations(self.inputs[picked])
            finite: Array = np.all(np.isfinite(activations[-1]), axis=(-1, -2))
            self.keep(finite)
            if not finite.any():
                return
            activations = [layer[finite] for layer in activations]
            slope = self.slope(activations[-1], self.labels[picked[finite]])
            self.optimiser(self.network.parameters, self.network.gradients(activations, slope))


def steps_to(target: float, training: Training, *, limit: int = 1500, every: int = 5) -> Array:
    """After how many steps each run's accuracy on all examples is first at least ``target``.

    It is looked at after every ``every`` steps; a run that is there leaves the stack. One
    that diverges, or is not there after ``limit`` steps, has infinity.

    Examples
    --------
    >>> from lossnotes.losses import cross_entropy
    >>> inputs, labels = mixture(0, classes=2)
    >>> network = MLP.he([10, 16, 2], seeds=[0, 0])
    >>> rates = Descent([0.3, 0.03])
    >>> race = Training(network, inputs, labels, cross_entropy.gradient, rates, seeds=[0, 0])
    >>> fast, slow = steps_to(0.9, race)
    >>> bool(fast < slow < np.inf)
    True
    """
    arrived = np.full(len(training.running), np.inf)
    for step in training:
        if step % every == 0:
            with np.errstate(over="ignore", invalid="ignore"):
                behind = training.network.accuracy(training.inputs, training.labels) < target
            arrived[training.running[~behind]] = step
            training.keep(behind)
        if step >= limit or not len(training.running):
            break
    return arrived


def _for_each_run(rate: ArrayLike) -> Array:
    rates = np.asarray(rate, dtype=float)
    if rates.ndim > 1 or not np.all((rates > 0) & np.isfinite(rates)):
        raise ValueError(f"rate: expected a positive number, or one for each run; got {rate!r}")
    return rates.reshape(-1, 1, 1)


def _kept(rate: Array, stay: Array) -> Array:
    return rate if len(rate) == 1 else rate[stay]
