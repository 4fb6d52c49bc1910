"""A check that cannot fail is no check: each is seen to fail."""

import numpy as np
import pytest
import sympy as sp

from lossnotes import verify
from lossnotes.verify import VerificationError


def test_tiny_numbers_are_not_zero():
    with pytest.raises(VerificationError, match="relative error 1"):
        verify.equal("a confident loss", 0.0, 4.2e-18)
    with pytest.raises(VerificationError, match="absolute error"):
        verify.equal("a confident loss", 4.2e-18, 0.0)


def test_error_names_the_worst_place_and_both_values():
    with pytest.raises(VerificationError, match=r"at index \(1, 0\): got .*3\.1.*, expected .*3\.0"):
        verify.equal("a table", [[1.0, 2.0], [3.1, 4.000001]], [[1.0, 2.0], [3.0, 4.0]], rtol=1e-3)


def test_worst_is_judged_by_what_is_allowed_at_its_place():
    result = verify.equal("mixed", [1.0 + 1e-9, 1e-6], [1.0, 0.0], rtol=0, atol=1e-5)
    assert result.where == "index (1,)"
    assert result.worst == 1e-6


def test_scalar_expectation_for_an_array():
    assert verify.equal("all one", np.ones((2, 3)), 1.0).points == 6


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        ([1.0, 2.0], [1.0], "expected one shape"),
        ([], [], "actual: expected at least one number"),
        ([np.nan], [np.nan], "actual: expected finite numbers; got nan"),
        ([1.0], [np.inf], "expected: expected finite numbers; got inf"),
    ],
)
def test_equal_refuses_what_cannot_be_compared(actual, expected, message):
    with pytest.raises(ValueError, match=message):
        verify.equal("x", actual, expected)


def test_between():
    with pytest.raises(VerificationError, match=r"got 0.9 at index \(1,\)"):
        verify.between("coverage", [0.95, 0.9], 0.93, 0.97)
    with pytest.raises(ValueError, match="expected low < high"):
        verify.between("coverage", 0.5, 1, 0)


def cube(x):
    return np.sum(x**3)


@pytest.mark.parametrize(
    "wrong",
    [lambda x: -3 * x**2, lambda x: 3 * x**2 * [1, 1 + 1e-6], lambda x: 2 * x**2],
    ids=["sign", "1e-6", "factor"],
)
def test_wrong_gradient_is_caught(wrong):
    points = [[1.0, -2.0], [0.5, 30.0]]
    verify.gradient("right", cube, lambda x: 3 * x**2, points)
    with pytest.raises(VerificationError, match="the stencil gives"):
        verify.gradient("wrong", cube, wrong, points)


def test_gradient_refuses_wrong_shapes():
    with pytest.raises(ValueError, match=r"points: expected shape \(m, n\)"):
        verify.gradient("x", cube, cube, [1.0, 2.0])
    with pytest.raises(ValueError, match="gradient: expected shape"):
        verify.gradient("x", cube, lambda x: x[:1], [[1.0, 2.0]])


def test_result_shows_what_was_tried_and_escapes():
    page = verify.equal("a < b", [1.0, 2.0], [1.0, 2.0])._repr_html_()
    assert "a &lt; b" in page
    assert "<td>2</td>" in page
    assert "checked: a < b" in str(verify.equal("a < b", 1.0, 1.0))


# --- what a referee got past an earlier version ------------------------------------


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [([1, -5], 0, np.inf), ([-1, 5], -np.inf, 0), ([1.0, -1e-20], 0, 1), ([0.5, 2.0, 0.5], 0, 1)],
)
def test_between_looks_at_every_value(values, low, high):
    with pytest.raises(VerificationError):
        verify.between("bounds", values, low, high)


def test_gradient_has_no_hidden_absolute_tolerance():
    with pytest.raises(VerificationError):
        verify.gradient("tiny", lambda x: 1e-10 * x @ x, lambda x: 0 * x, [[1.0, 2.0]])


def test_gradient_judges_each_component_by_itself():
    with pytest.raises(VerificationError, match="component 1"):
        verify.gradient(
            "small beside large", lambda x: 1e3 * x[0] + x[1], lambda x: np.array([1e3, 1.001]), [[1.0, 2.0]]
        )


def test_gradient_hands_out_copies():
    def in_place(x):
        x *= 0
        return x

    points = np.ones((1, 2))
    with pytest.raises(VerificationError):
        verify.gradient("in place", lambda x: x @ x, in_place, points)
    assert np.all(points == 1)


def test_gradient_tells_a_coarse_stencil_from_a_wrong_gradient():
    with pytest.raises(ValueError, match="step: expected one at which the stencil is accurate"):
        verify.gradient("ln", lambda x: np.log(x[0]), lambda x: 1 / x, [[0.01]])
    verify.gradient("ln", lambda x: np.log(x[0]), lambda x: 1 / x, [[0.01]], step=1e-5)
    verify.gradient("beside a large constant", lambda x: 1e6 + x @ x, lambda x: 2 * x, [[1.0, 2.0]])


@pytest.mark.parametrize("value", [lambda x: np.array([x @ x]), lambda x: [x @ x, x @ x]], ids=["(1,)", "(2,)"])
def test_gradient_wants_a_single_number(value):
    with pytest.raises(ValueError, match="value: expected a single number; got shape"):
        verify.gradient("shape", value, lambda x: 2 * x, [[1.0, 1.0]])


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (np.array([1 + 5j]), TypeError, "actual: expected real numbers; got dtype complex128"),
        (np.ma.masked_array([1.0], [True]), TypeError, "got a masked array"),
        (["1.0"], TypeError, "got dtype <U3"),
        ([2**53 + 1], ValueError, r"integers up to 2\^53"),
    ],
)
def test_equal_refuses_what_a_float_would_hide(values, error, message):
    with pytest.raises(error, match=message):
        verify.equal("hidden", values, [1.0], rtol=0)


def test_complex_step_sees_the_thirteenth_digit():
    points = [[0.3, -2.0], [1e-8, 5.0]]

    def value(x):
        return np.log(np.exp(x[0]) + np.exp(x[1]))

    def slope(x):
        return np.exp(x) / np.exp(x).sum()

    assert verify.complex_step("softmax", value, slope, points).worst < 1e-14
    with pytest.raises(VerificationError):
        verify.complex_step("softmax, off by 1e-12", value, lambda x: slope(x) * (1 + 1e-12), points)
    with pytest.raises(ValueError, match="value: expected a single complex number; got dtype float64"):
        verify.complex_step("abs drops the step", lambda x: np.abs(x[0]), lambda x: x, [[1.0]])
    with pytest.raises(ValueError, match="points: expected shape"):
        verify.complex_step("flat", value, slope, [1.0, 2.0])


def test_digits_measures_in_units_of_rounding():
    z = sp.Symbol("z")
    values = np.array([40.0, 1.0, -3.0])
    verify.digits("softplus(−z)", np.log1p(np.exp(-values)), sp.log(1 + sp.exp(-z)), {z: values})
    with pytest.raises(VerificationError, match=r"units of rounding off, allowed 8, at index \(0,\).*'z': 40.0"):
        verify.digits("the naive form", np.log(1 + np.exp(-values)), sp.log(1 + sp.exp(-z)), {z: values})
    single = values.astype(np.float32)
    verify.digits("float32", np.log1p(np.exp(-single)), sp.log(1 + sp.exp(-z)), {z: single})
    with pytest.raises(ValueError, match="expr: expected a finite real value"):
        verify.digits("a pole", [1.0], 1 / z, {z: [0.0]})


def test_monte_carlo_sees_a_biased_mean():
    draws = np.random.default_rng(7).standard_normal((50_000, 2))
    verify.monte_carlo("mean", draws, [0.0, 0.0])
    with pytest.raises(VerificationError, match=r"standard errors off, allowed 5, at index \(1,\)"):
        verify.monte_carlo("shifted", draws, [0.0, 0.05])
    with pytest.raises(ValueError, match="expected numbers that vary"):
        verify.monte_carlo("constant", np.ones(10), 1.0)
    with pytest.raises(ValueError, match="with n of at least 2"):
        verify.monte_carlo("one", [1.0], 1.0)
    with pytest.raises(ValueError, match="expected: expected shape"):
        verify.monte_carlo("shape", draws, 0.0)
