"""Whatever is wrong with the input, the error names the argument, what was expected and what came.

Good input of any shape, order or kind raises no warning, and no call writes to what it is given.
"""

import copy
import warnings

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st
from loss_points import settings_for

from lossnotes.losses import CATALOGUE, ClassLoss

warnings.simplefilter("error")

PAIRS, DIVERGENCE = {"nt_xent"}, {"kl_divergence"}
ROWS = [name for name, loss in CATALOGUE.items() if isinstance(loss, ClassLoss) and loss.rows and loss.labels]
CLASSES = [name for name, loss in CATALOGUE.items() if isinstance(loss, ClassLoss)]
SCALAR = [name for name in CATALOGUE if name not in CLASSES]
LABELS = [name for name in CLASSES if name not in DIVERGENCE]
PARAMETERS = [(name, parameter) for name, loss in CATALOGUE.items() for parameter in loss.parameters]
CALLS = st.sampled_from(["value", "gradient", "value_and_gradient"])


def good(name, shape=(3,), kind=np.float64, seed=0):
    """A prediction and a target of these leading dimensions that the loss accepts."""
    rng = np.random.default_rng(seed)
    loss = CATALOGUE[name]
    if name in DIVERGENCE:
        # Eighths are exact in float32 and float64.
        return tuple(((rng.multinomial(5, [1 / 3] * 3, shape) + 1) / 8).astype(kind) for _ in range(2))
    if name in PAIRS:
        return rng.normal(size=(*shape, 4, 4)).astype(kind), np.broadcast_to([1, 0, 3, 2], (*shape, 4)).copy()
    if name in CLASSES:
        return rng.normal(size=(*shape, 3)).astype(kind), rng.integers(0, 3, shape)
    prediction, target = np.abs(rng.normal(size=shape)), rng.integers(0, 2, shape).astype(kind)
    return prediction.astype(kind), 2 * target - 1 if loss.domain[loss.target] == sp.FiniteSet(-1, 1) else target


def refused(name, argument, prediction, target, call="value", parameters=None):
    """The error; a ``ValueError`` or ``TypeError`` that says all, with the input as it was."""
    parameters = settings_for(CATALOGUE[name]) if parameters is None else parameters
    given_ = prediction, target, parameters
    before = copy.deepcopy(given_)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((ValueError, TypeError)) as caught:
            getattr(CATALOGUE[name], call)(prediction, target, **parameters)
    assert caught.type in (ValueError, TypeError)
    message = str(caught.value)
    assert message.startswith(f"{argument}: expected "), message
    assert "; got " in message
    same(given_, before)
    return message


def same(given_, before):
    for now, then in zip((*given_[:2], *given_[2].values()), (*before[:2], *before[2].values()), strict=True):
        if isinstance(now, np.ndarray):
            assert now.dtype == then.dtype
            assert now.dtype.kind == "O" or now.tobytes() == then.tobytes()
        else:
            assert repr(now) == repr(then)


#: What no loss takes for numbers.
NO_NUMBERS = {
    "object": np.array([object()] * 3),
    "complex": np.ones(3, complex),
    "text": np.array(["a", "b", "c"]),
    "numerals": np.array(["1", "2", "3"]),
    "bytes": np.array([b"1"] * 3),
    "bool": np.ones(3, bool),
    "longdouble": np.ones(3, np.longdouble),
    "date": np.array(["2020-01-01"] * 3, "datetime64[D]"),
    "duration": np.ones(3, "timedelta64[s]"),
    "record": np.zeros(3, [("a", float)]),
    "masked": np.ma.masked_array([0.0, 1.0, 1.0], [False, True, False]),
    "ragged": [[1.0, 2.0], [3.0]],
    "ragged and deep": [1.0, [2.0, [3.0]]],
    "none": None,
    "nones": [None, 1.0],
    "string": "1.0",
    "dict": {"a": 1.0},
    "set": {1.0, 2.0},
    "generator": range,
    "symbol": sp.Symbol("x"),
    "huge integer": 10**400,
    "huge integers": [10**400, 1],
    "empty": np.zeros(0),
    "empty list": [],
    "empty inside": np.zeros((0, 3)),
}


@pytest.mark.parametrize("what", NO_NUMBERS)
@pytest.mark.parametrize("name", CATALOGUE)
def test_what_is_no_number(name, what):
    prediction, target = good(name)
    refused(name, "prediction", NO_NUMBERS[what], target)
    refused(name, "target", prediction, NO_NUMBERS[what])


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
@pytest.mark.parametrize("what", NO_NUMBERS)
def test_a_parameter_that_is_no_number(name, parameter, what):
    refused(name, parameter, *good(name), parameters={parameter: NO_NUMBERS[what]})


@pytest.mark.parametrize("name", CATALOGUE)
@given(at=st.integers(0, 10**6), call=CALLS, shape=st.sampled_from([(3,), (2, 3), (1, 2, 2)]))
def test_nan_anywhere(name, at, call, shape):
    prediction, target = good(name, shape)
    prediction.flat[at % prediction.size] = np.nan
    assert "NaN" in refused(name, "prediction", prediction, target, call)
    prediction, target = good(name, shape)
    if name in LABELS and name not in ROWS:
        return
    target = np.eye(3)[target] if name in ROWS else target
    target.flat[at % target.size] = np.nan
    assert "NaN" in refused(name, "target", prediction, target, call)


@pytest.mark.parametrize("name", CATALOGUE)
@given(first=st.sampled_from([(3,), (1, 3), (2, 3), (3, 2), (2, 1, 3)]), second=st.sampled_from([(3,), (1, 3), (3, 1)]))
def test_shapes_that_do_not_fit(name, first, second):
    assume(first != second)
    prediction, _ = good(name, first)
    _, target = good(name, second)
    refused(name, "target", prediction, target)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("score", [1.5, np.float64(2), np.array(0.5)])
def test_a_single_score_has_no_classes(name, score):
    assert "got" in refused(name, "prediction", score, 0)


@pytest.mark.parametrize("name", LABELS)
@given(off=st.one_of(st.integers(-(2**40), -1), st.integers(4, 2**40)), at=st.integers(0, 2), call=CALLS)
def test_labels_out_of_range(name, off, at, call):
    prediction, target = good(name)
    target.flat[at] = off
    assert str(off) in refused(name, "target", prediction, target, call)


@pytest.mark.parametrize("kind", [bool, np.float64, np.float32, "M8[s]"])
@pytest.mark.parametrize("name", LABELS)
def test_labels_that_are_no_integers(name, kind):
    prediction, target = good(name)
    refused(name, "target", prediction, target.astype(kind))


@pytest.mark.parametrize("name", [*ROWS, *DIVERGENCE])
@given(excess=st.one_of(st.floats(1e-6, 1e300), st.floats(-1e300, -1e-6)), at=st.integers(0, 8), call=CALLS)
def test_rows_off_the_simplex(name, excess, at, call):
    rows = np.full((3, 3), 1 / 3)
    rows.flat[at] += excess
    refused(name, "target", np.full((3, 3), 1 / 3), rows, call)
    if name in DIVERGENCE:
        refused(name, "prediction", rows, np.full((3, 3), 1 / 3), call)


@pytest.mark.parametrize("name", [*ROWS, *DIVERGENCE])
@pytest.mark.parametrize("entry", [np.inf, -np.inf])
def test_rows_with_an_infinite_entry(name, entry):
    rows = np.array([[entry, 0.5, 0.5]])
    refused(name, "target", np.full((1, 3), 1 / 3), rows)


def outside(domain):
    """Numbers that a domain does not hold."""
    if isinstance(domain, sp.FiniteSet):
        return st.floats(allow_nan=False).filter(lambda number: number not in map(float, domain))
    low, high = float(domain.inf), float(domain.sup)
    below = st.floats(max_value=low, exclude_max=not domain.left_open, allow_infinity=False)
    above = st.floats(min_value=high, exclude_min=not domain.right_open)
    ranges = [*([below] if np.isfinite(low) else []), *([above] if np.isfinite(high) else [])]
    return st.one_of(ranges) if ranges else st.nothing()


BOUNDED = [
    (name, side) for name in SCALAR for side in ("prediction", "target")
    if CATALOGUE[name].domain[getattr(CATALOGUE[name], side)] != sp.Reals
]  # fmt: skip


@pytest.mark.parametrize(("name", "side"), BOUNDED)
@given(data=st.data(), call=CALLS)
def test_numbers_outside_their_domain(name, side, data, call):
    loss = CATALOGUE[name]
    arguments = dict(zip(("prediction", "target"), good(name), strict=True))
    arguments[side][data.draw(st.integers(0, 2))] = data.draw(outside(loss.domain[getattr(loss, side)]))
    refused(name, side, **arguments, call=call)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
@given(data=st.data(), call=CALLS)
def test_parameters_outside_their_domain(name, parameter, data, call):
    wrong = data.draw(st.one_of(outside(CATALOGUE[name].parameters[parameter].domain), st.just(np.nan)))
    settings_ = settings_for(CATALOGUE[name]) | {parameter: wrong}
    refused(name, parameter, *good(name), call, settings_)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
@given(shape=st.sampled_from([(1,), (2,), (4,), (3, 1), (1, 3), (3, 3)]))
def test_parameters_of_another_shape(name, parameter, shape):
    value = settings_for(CATALOGUE[name])[parameter]
    refused(name, parameter, *good(name), parameters={parameter: np.full(shape, value)})


@pytest.mark.parametrize("name", CATALOGUE)
@given(unknown=st.from_regex("[a-z]{1,8}", fullmatch=True))
def test_unknown_parameters(name, unknown):
    loss = CATALOGUE[name]
    assume(unknown not in (*loss.parameters, "prediction", "target", "logits", "self"))
    message = refused(name, name, *good(name), parameters={unknown: 1.0})
    assert unknown in message


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_missing_parameters(name, parameter):
    prediction, target = good(name)
    if CATALOGUE[name].parameters[parameter].default is None:
        refused(name, parameter, prediction, target, parameters={})
    refused(name, parameter, prediction, target, parameters={parameter: None})


def strided(array):
    wide = np.zeros((*array.shape, 2), array.dtype)
    wide[..., 0] = array
    return wide[..., 0]


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


#: Ways in which the same numbers may lie in memory.
LAYOUTS = {
    "as they are": lambda array: array,
    "strided": strided,
    "reversed": lambda array: np.flip(np.flip(array).copy()),
    "Fortran order": lambda array: np.array(array, order="F"),
    "read-only": read_only,
    "big-endian": lambda array: array.astype(array.dtype.newbyteorder(">")),
    "list": lambda array: array.tolist(),
    "subclass": lambda array: array.view(type("Sub", (np.ndarray,), {})),
}


@pytest.mark.parametrize("name", CATALOGUE)
@given(
    shape=st.lists(st.integers(1, 3), min_size=0, max_size=3).map(tuple),
    kind=st.sampled_from([np.float32, np.float64]),
    layouts=st.tuples(*[st.sampled_from(sorted(LAYOUTS))] * 2),
    seed=st.integers(0, 99),
)
def test_good_input_in_any_layout(name, shape, kind, layouts, seed):
    loss = CATALOGUE[name]
    plain = tuple(map(np.asarray, good(name, shape, kind, seed)))
    prediction, target = (LAYOUTS[layout](array) for layout, array in zip(layouts, plain, strict=True))
    given_ = prediction, target, settings_for(loss)
    before = copy.deepcopy(given_)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, gradient = loss.value_and_gradient(prediction, target, **given_[2])
        expected = loss.value_and_gradient(*plain, **given_[2])
        alone = loss.value(prediction, target, **given_[2]), loss.gradient(prediction, target, **given_[2])
    same(given_, before)
    tolerance = 1e-5 if kind is np.float32 else 1e-13
    for got, want, single in zip((value, gradient), expected, alone, strict=True):
        assert np.shape(got) == np.shape(want)
        assert np.dtype(np.asarray(got).dtype).isnative
        np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(single, want, rtol=tolerance, atol=tolerance)
    if "list" not in layouts:
        assert np.asarray(value).dtype == kind


@pytest.mark.parametrize("name", SCALAR)
def test_a_target_may_be_one_number_for_all(name):
    prediction, target = good(name)
    loss, parameters = CATALOGUE[name], settings_for(CATALOGUE[name])
    for one in (target[0], float(target[0]), int(target[0]), np.array(target[0])):
        np.testing.assert_array_equal(
            loss.value(prediction, one, **parameters), loss.value(prediction, 0 * target + target[0], **parameters)
        )


def test_parameters_may_have_the_shape_of_either():
    one = CATALOGUE["gaussian_nll"].value(0.5, [1.0, 2.0], sigma=[1.0, 3.0])
    other = CATALOGUE["gaussian_nll"].value([0.5, 0.5], [1.0, 2.0], sigma=[1.0, 3.0])
    np.testing.assert_array_equal(one, other)
