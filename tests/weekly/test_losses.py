"""Every loss against hundreds of digits, at many more points than ``tests/package`` takes."""

import loss_points
import numpy as np
import pytest
from loss_judge import CLASSES, SCALAR, UNITS, errors_of_classes, errors_of_numbers

from lossnotes.losses import CATALOGUE

SEEDS = range(1, 9)
KINDS = {"float64": np.float64, "float32": np.float32}
#: Its prediction is a matrix of pairs, of which the points are one row.
PAIRS = {"nt_xent"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("name", SCALAR)
def test_loss_of_a_number_is_accurate(name, kind):
    for seed in SEEDS:
        predictions, targets, parameters = loss_points.of_numbers(name, kind, seed=seed)
        value, gradient = CATALOGUE[name].value_and_gradient(predictions, targets, **parameters)
        for which, got in (("expr", value), ("gradient_expr", gradient)):
            for error, where in errors_of_numbers(name, which, got, kind, seed):
                assert error <= UNITS, where


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("name", [name for name in CLASSES if name not in PAIRS])
def test_loss_over_classes_is_accurate(name, kind):
    for seed in SEEDS:
        for prediction, target, row, parameters in loss_points.of_classes(name, kind, seed=seed):
            value, gradient = CATALOGUE[name].value_and_gradient(prediction, target, **parameters)
            for error, where in errors_of_classes(name, prediction, row, parameters, [value, *gradient], kind):
                assert error <= UNITS, where
