"""What the lessons say about Keras and Optax, where these are there: the book itself does not need them."""

import os

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
optax = pytest.importorskip("optax")
keras = pytest.importorskip("keras")
jax = pytest.importorskip("jax")


def one_bit(z, y, **how):
    return float(keras.losses.BinaryCrossentropy(**how)(np.array([[y]], np.float32), np.array([[z]], np.float32)))


@pytest.mark.parametrize(("z", "y", "cost"), [(-5, 1, 16.118), (5, 0, 15.942), (5, 1, 1.2e-7), (-5, 0, 1.2e-7)])
def test_a_logit_taken_for_a_probability_has_one_of_three_costs_and_no_slope(z, y, cost):
    assert one_bit(z, y) == pytest.approx(cost, rel=0.01 if cost < 1 else 3e-5)
    loss = keras.losses.BinaryCrossentropy()
    slope = jax.grad(lambda at: loss(np.array([[y]], np.float32), at).sum())(jax.numpy.array([[float(z)]]))
    assert slope == 0


def test_from_logits_takes_logits():
    assert one_bit(-50, 1, from_logits=True) == pytest.approx(50)


@pytest.mark.parametrize("label", [0, 1, 2])
def test_rows_taken_for_probabilities_are_divided_by_their_sum(label):
    row = np.array([[1.0, -2.0, -3.0]], np.float32)
    shares = np.clip(row[0] / row.sum(), 1e-7, 1 - 1e-7)
    dense = keras.losses.CategoricalCrossentropy()(np.eye(3, dtype=np.float32)[[label]], row)
    sparse = keras.losses.SparseCategoricalCrossentropy()(np.array([label]), row)
    assert float(dense) == float(sparse) == pytest.approx(-np.log(shares[label]), rel=1e-6)
    assert (label == 0) == (round(float(dense), 3) == 16.118)


def test_softmax_of_one_output_costs_nothing_that_is_seen():
    said = np.ones((2, 1), np.float32)
    assert float(keras.losses.CategoricalCrossentropy()(np.array([[1.0], [0.0]], np.float32), said)) < 2e-7


def test_weights_divide_by_the_count():
    loss, targets = keras.losses.MeanSquaredError(), np.array([[1.0], [np.sqrt(3)]], np.float32)
    assert float(loss(targets, np.zeros((2, 1)), sample_weight=np.array([1.0, 9.0]))) == pytest.approx(14)


def test_a_batch_that_is_all_ignored_costs_0():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    assert float(loss(np.array([-1, -1]), np.zeros((2, 2)))) == 0
    assert float(loss(np.array([0, -1, -1]), np.zeros((3, 2)))) == pytest.approx(np.log(2))


def test_binary_accuracy_counts_entries_and_cuts_at_a_half():
    none = keras.metrics.binary_accuracy(np.eye(10)[:3], np.full((3, 10), 0.1))
    assert np.mean(none) == pytest.approx(0.9)
    yes, at = np.array([[1.0]]), np.array([[0.3]])
    assert np.mean(keras.metrics.binary_accuracy(yes, at)) == 0
    assert np.mean(keras.metrics.binary_accuracy(yes, at, threshold=0)) == 1


def test_optax_takes_minus_1_for_the_last_class_and_knows_no_label_to_ignore():
    of, logits = optax.softmax_cross_entropy_with_integer_labels, jax.numpy.array([[0.0, 5.0, 1.0]])
    assert of(logits, jax.numpy.array([-1])) == of(logits, jax.numpy.array([2]))
    assert np.isnan(of(logits, jax.numpy.array([-100])) * 0).all(), "a mask alone does not mend it"


def test_optax_takes_logits_and_does_not_average():
    loss = optax.sigmoid_binary_cross_entropy(jax.numpy.array([-50.0, 0.0]), jax.numpy.array([1.0, 1.0]))
    np.testing.assert_allclose(loss, [50, np.log(2)], rtol=1e-6)
