"""Made data, stacks of networks, optimisers, races."""

import numpy as np
import pytest

from lossnotes import verify
from lossnotes.experiments import MLP, Adam, Descent, Training, mixture, steps_to
from lossnotes.losses import cross_entropy

DATA = mixture(0, classes=3, dimensions=4, examples=90)


def train(network, seeds, optimiser, steps):
    training = Training(network, *DATA, cross_entropy.gradient, optimiser, seeds=seeds, batch=30)
    assert steps == next(step for step in training if step == steps)
    return training


def trained(seeds, optimiser, steps):
    return train(MLP.he([4, 8, 3], seeds), seeds, optimiser, steps).network


@pytest.mark.parametrize("widths", [[4, 3], [4, 6, 3], [4, 6, 5, 3]])
def test_backpropagation_is_the_slope_of_the_mean_loss(widths):
    # Few examples: a stencil that reaches over a ReLU's kink measures something else.
    network, inputs, labels = MLP.he(widths, [3]), DATA[0][:4], DATA[1][:4]
    network.biases = [bias + 0.1 for bias in network.biases]
    sizes = [parameter.size for parameter in network.parameters]

    def with_parameters(flat):
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        shaped = [part.reshape(old.shape) for part, old in zip(parts, network.parameters, strict=True)]
        return MLP(shaped[: len(widths) - 1], shaped[len(widths) - 1 :])

    def loss(flat):
        return cross_entropy.value(with_parameters(flat).logits(inputs)[0], labels).mean()

    def gradient(flat):
        activations = with_parameters(flat).activations(inputs)
        slope = cross_entropy.gradient(activations[-1], labels[None])
        return np.concatenate([part.ravel() for part in with_parameters(flat).gradients(activations, slope)])

    here = np.concatenate([parameter.ravel() for parameter in network.parameters])
    verify.gradient("backpropagation", loss, gradient, [here], rtol=1e-6)


def test_a_run_does_not_feel_its_neighbours():
    together = trained([0, 1, 2], Descent([0.1, 0.2, 0.3]), 7)
    alone = trained([1], Descent(0.2), 7)
    for both, one in zip(together.parameters, alone.parameters, strict=True):
        assert np.array_equal(both[1], one[0])


def test_first_step_of_adam_is_the_rate():
    before, after = MLP.he([4, 8, 3], [0]), trained([0], Adam(0.01), 1)
    moved = np.abs(after.weights[-1] - before.weights[-1])
    assert np.allclose(moved[moved > 1e-6], 0.01, rtol=1e-3)


def test_adam_follows_its_definition():
    parameter, adam = np.array([[[1.0]]]), Adam(0.1)
    mean = square = 0.0
    expected = 1.0
    for count in range(1, 5):
        slope = 2 * expected
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        adam([parameter], [2 * parameter])
        expected -= 0.1 * (mean / (1 - 0.9**count)) / (np.sqrt(square / (1 - 0.999**count)) + 1e-8)
        assert parameter.item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("optimiser", [Descent, Adam])
def test_a_run_that_diverges_leaves_and_the_others_do_not_notice(optimiser):
    wild = 1e200 if optimiser is Descent else 1e300
    seeds = [0, 1, 2]
    network = MLP.he([4, 8, 8, 3], seeds)
    training = train(network, seeds, optimiser([0.01, wild, 0.02]), 9)
    assert training.running.tolist() == [0, 2]
    alone = train(MLP.he([4, 8, 8, 3], [2]), [2], optimiser(0.02), 9).network
    for both, one in zip(network.parameters, alone.parameters, strict=True):
        assert np.array_equal(both[1], one[0])


def test_training_ends_when_all_have_diverged():
    training = Training(
        MLP.he([4, 8, 8, 3], [0]), *DATA, cross_entropy.gradient, Descent(1e200), seeds=[0], batch=30
    )  # fmt: skip
    assert len(list(training)) < 20


def test_steps_are_counted_for_each_run():
    rates = np.array([0.5, 1e-9, 0.2, 1e250])
    seeds = [0, 0, 0, 0]
    training = Training(
        MLP.he([4, 8, 3], seeds), *DATA, cross_entropy.gradient, Descent(rates), seeds=seeds, batch=30
    )  # fmt: skip
    fast, never, slow, lost = steps_to(0.9, training, limit=400, every=1)
    assert fast < slow <= 400
    assert never == lost == np.inf
    network = MLP.he([4, 8, 3], [0])
    alone = Training(network, *DATA, cross_entropy.gradient, Descent(0.5), seeds=[0], batch=30)
    assert fast == next(step for step in alone if network.accuracy(*DATA)[0] >= 0.9)


def test_classes_and_clouds_are_even():
    inputs, labels = mixture(1, examples=600, classes=10, clusters=3, dimensions=7)
    assert inputs.shape == (600, 7)
    assert np.bincount(labels).tolist() == [60] * 10
    assert np.array_equal(inputs, mixture(1, examples=600, classes=10, clusters=3, dimensions=7)[0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: MLP.he([4], [0]), "widths: expected .* got \\[4\\]"),
        (lambda: MLP.he([4, 0, 3], [0]), "widths: .* got \\[4, 0, 3\\]"),
        (lambda: MLP.he([4, 3], []), "seeds: expected one for each run; got none"),
        (lambda: Descent(0), "rate: expected a positive number"),
        (lambda: Adam([0.1, np.nan]), "rate: expected a positive number"),
        (
            lambda: Training(MLP.he([4, 3], [0, 1]), *DATA, cross_entropy.gradient, Descent(1), seeds=[0]),
            "seeds: expected one for each of the 2 runs; got 1",
        ),
        (
            lambda: Training(MLP.he([4, 3], [0]), *DATA, cross_entropy.gradient, Descent(1), seeds=[0], batch=91),
            "batch: expected 1 to 90, .*; got 91",
        ),
    ],
)
def test_bad_input_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
