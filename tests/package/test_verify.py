"""A check that cannot fail is no check: each is seen to fail."""

import contextlib

import numpy as np
import pytest
import sympy as sp

from lossnotes import verify
from lossnotes.losses import CATALOGUE, Loss
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
    with pytest.raises(ValueError, match="expected a finite real value"):
        verify.digits("a pole", [1.0], 1 / z, {z: [0.0]})


def test_monte_carlo_sees_a_biased_mean():
    draws = np.random.default_rng(7).standard_normal((50_000, 2))
    verify.monte_carlo("mean", draws, [0.0, 0.0])
    with pytest.raises(VerificationError, match=r"standard errors off, allowed 5, at index \(1,\)"):
        verify.monte_carlo("shifted", draws, [0.0, 0.05])
    with pytest.raises(ValueError, match="expected numbers that vary"):
        verify.monte_carlo("constant", np.ones(10), 1.0)
    with pytest.raises(ValueError, match="with n of at least 10"):
        verify.monte_carlo("nine", draws[:9], [0.0, 0.0])
    with pytest.raises(ValueError, match="expected: expected shape"):
        verify.monte_carlo("shape", draws, 0.0)


# --- differences: at each component's own scale --------------------------------------

SCALES = [1e-300, 1e-200, 1e-100, 1e-20, 1e-10, 1.0, 1e10, 1e100, 1e200, 1e300]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("check", [verify.gradient, verify.complex_step])
def test_a_turned_sign_is_seen_at_every_scale(check, scale):
    check("right", lambda x: scale * np.sin(x[0]), lambda x: scale * np.cos(x), [[0.3]])
    with pytest.raises(VerificationError, match="relative error 2"):
        check("turned", lambda x: scale * np.sin(x[0]), lambda x: -scale * np.cos(x), [[0.3]])


@pytest.mark.parametrize("place", SCALES)
@pytest.mark.parametrize("check", [verify.gradient, verify.complex_step])
def test_points_of_every_size(check, place):
    check("right", lambda x: np.log(x[0]), lambda x: 1 / x, [[place]])
    with pytest.raises(VerificationError):
        check("turned", lambda x: np.log(x[0]), lambda x: -1 / x, [[place]])


def cross_entropy_of(scores):
    return np.log(np.exp(scores).sum()) - scores[0]


def cross_entropy_slope(scores):
    return np.exp(scores) / np.exp(scores).sum() - np.array([1, 0, 0])


@pytest.mark.parametrize("turn", [-1, 0, 1])
def test_a_component_that_rounding_hides_is_refused_whatever_is_claimed(turn):
    def slope(scores):
        return cross_entropy_slope(scores) * np.array([1, turn, 1])

    for scores in ([0.0, -30.0, 5.0], [0.0, -50.0, 5.0]):
        with pytest.raises(ValueError, match=r"can see; got \S+ beside a value of 5\.00672.*component 1 of point 0"):
            verify.gradient("softmax", cross_entropy_of, slope, [scores])
        verdict = pytest.raises(VerificationError) if turn != 1 else contextlib.nullcontext()
        with verdict:
            verify.complex_step("softmax", cross_entropy_of, slope, [scores])


def test_a_component_that_can_just_be_seen_is_judged_and_what_was_allowed_is_said():
    def value(x):
        return np.sin(x[0]) + 1e-9 * np.sin(x[1])

    def slope(x):
        return np.array([np.cos(x[0]), 1e-9 * np.cos(x[1])])

    result = verify.gradient("nine digits less", value, slope, [[0.3, 0.4]])
    assert 1e-9 < float(result.allowed) < 1e-4
    with pytest.raises(VerificationError, match="component 1"):
        verify.gradient("off", value, lambda x: slope(x) * np.array([1, 1.001]), [[0.3, 0.4]])


@pytest.mark.parametrize("wrong", [1e-300, 1e-30, 1.0, -1.0])
def test_a_derivative_of_zero_is_equal_to_zero_alone(wrong):
    for value in (lambda x: 0.0 * x[0], lambda x: 0.0 * x[0] + 7):
        verify.gradient("constant", value, np.zeros_like, [[1.0]])
        with pytest.raises((VerificationError, ValueError)):
            verify.gradient("constant", value, lambda x: np.full_like(x, wrong), [[1.0]])
    with pytest.raises(VerificationError):
        verify.complex_step("constant", lambda x: 0 * x[0], lambda x: np.full_like(x, wrong), [[1.0]])


def test_zero_at_a_minimum():
    for value in (lambda x: x @ x, lambda x: x[0] ** 4 + 3, lambda x: np.log(np.cosh(x[0]))):
        verify.gradient("even", value, np.zeros_like, [[0.0]])
        verify.complex_step("even", value, np.zeros_like, [[0.0]])
    verify.complex_step("x³", lambda x: x[0] * x[0] * x[0], np.zeros_like, [[0.0]])


def test_what_is_zero_but_for_rounding_needs_a_tolerance_of_its_own():
    def value(x):
        return np.cosh(x[0] - 0.3) + np.exp(x[1])

    def slope(x):
        return np.array([1e-17, np.exp(x[1])])

    with pytest.raises(ValueError, match="with atol"):
        verify.gradient("a minimum", value, slope, [[0.3, 0.0]])
    verify.gradient("a minimum", value, slope, [[0.3, 0.0]], atol=1e-12)
    with pytest.raises(VerificationError):
        verify.gradient("off", value, lambda x: slope(x) + np.array([1e-10, 0]), [[0.3, 0.0]], atol=1e-12)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (lambda z: -np.expm1(-z[0]), 50.0),
        (lambda z: np.tanh(z[0]), -30.0),
        (lambda z: 1 - np.exp(-(z[0] ** 2)), 10.0),
        (lambda z: 1 + 1 / (1 + z[0] ** 2), 1e9),
        (lambda z: np.logaddexp(z[0], 5.0), -50.0),
    ],
    ids=["exponential", "tanh", "bell", "Cauchy", "LogSumExp"],
)
def test_a_slope_too_small_to_move_a_flat_value_is_no_zero(value, place):
    with pytest.raises(ValueError, match=r"got 0\.0 beside a value of"):
        verify.gradient("a tail", value, np.zeros_like, [[place]])


@pytest.mark.parametrize("place", [1e-9, -1e-7, 1e-6])
@pytest.mark.parametrize(
    "value",
    [
        lambda x: 1e4 + x[0] ** 2,
        lambda x: 1e4 + (1e-3 * x[0]) ** 3,
        lambda x: 1e8 + abs(x[0]),
        lambda x: 1e9 + x[0],
        lambda x: 1e9 + np.logaddexp(0, x[0]),
        lambda x: 1e6 + np.exp(-((1e-3 * x[0]) ** 2)),
    ],
    ids=["square", "cube", "corner", "line", "softplus", "bell"],
)
def test_a_large_constant_makes_no_slope_zero(value, place):
    with pytest.raises((ValueError, VerificationError)):
        verify.gradient("raised", value, np.zeros_like, [[place]])


def test_a_value_that_is_small_by_cancellation_is_rougher_than_its_rounding():
    a, b = 12.121089440011684, 3.0549368543414053
    place = [[-0.25203483257963444]]
    value, slope = (lambda x: max(a * x[0] + b, 0.0)), (lambda x: np.full_like(x, a))
    verify.gradient("right", value, slope, place)
    with pytest.raises(VerificationError):
        verify.gradient("off", value, lambda x: slope(x) * (1 + 1e-5), place)


@pytest.mark.parametrize("distance", [1e-3, 1.0, 300.0])
@pytest.mark.parametrize(
    "value",
    [
        lambda r: 0.7 + max(0.0, r[0]),
        lambda r: 0.7 + max(0.0, r[0]) ** 2,
        lambda r: 0.7 + max(0.0, r[0]) ** 3 + max(0.0, -r[0] - 1000),
        lambda r: np.log1p(np.exp(max(0.0, 3 * r[0]))),
    ],
    ids=["hinge", "squared hinge", "cubed", "unit that is off"],
)
def test_where_nothing_moves_zero_is_right(value, distance):
    verify.gradient("off", value, np.zeros_like, [[-distance]])
    with pytest.raises((VerificationError, ValueError)):
        verify.gradient("off", value, lambda r: np.full_like(r, 1e-10), [[-distance]])


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (lambda x: 1e-320 * x[0], 0.0),
        (lambda x: 1e-318 * x[0], 0.0),
        (lambda x: np.log(np.exp(8 * x[0]) + 1), -29.0),
        (lambda x: np.log(1 + 1 / (1 + x[0] ** 2) ** 6), 400.0),
    ],
    ids=["underflow", "underflow beside it", "softplus at its word", "power at its word"],
)
@pytest.mark.parametrize("claimed", [0.0, 1e-100])
def test_a_value_that_rounding_holds_still_shows_no_slope(value, place, claimed):
    with pytest.raises((ValueError, VerificationError)) as caught:
        verify.gradient("still", value, lambda x: np.full_like(x, claimed), [[place]])
    if place:  # no accusation: the claim may be right
        assert "that differences of the value can see" in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        lambda x: np.sqrt(abs(x[0])),
        lambda x: np.log(abs(x[0]) + 1e-300),
        lambda x: float(x[0] == 0),
        lambda x: abs(x[0]) * np.cos(1 / x[0] ** 2) if x[0] else 0.0,
    ],
    ids=["root", "logarithm", "lone point", "no limit"],
)
def test_equal_on_both_sides_is_no_slope_of_zero_at_a_cusp(value):
    with pytest.raises(ValueError, match="can see"):
        verify.gradient("cusp", value, np.zeros_like, [[0.0]])


@pytest.mark.parametrize("value", [lambda x: abs(x[0]) ** 1.5, lambda x: np.exp(-1 / x[0] ** 2) if x[0] else 0.0])
def test_however_slowly_the_slopes_fall_to_zero(value):
    verify.gradient("smooth enough", value, np.zeros_like, [[0.0]])


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (lambda x: round(x[0], 3), 1.3),
        (lambda x: round(x[0], 6), 1.3),
        (lambda x: x[0] + 1e-3 * np.sin(2 * np.pi * 2**20 * x[0]), 0.0),
        (lambda x: x[0] + np.sin(2 * np.pi * 2**27 * x[0]) / 2**20, 0.0),
    ],
    ids=["three decimals", "six decimals", "wave", "small wave"],
)
def test_a_grid_that_steps_fit_into_is_seen(value, place):
    with pytest.raises((ValueError, VerificationError)):
        verify.gradient("on a grid", value, np.ones_like, [[place]])


# --- corners and jumps ----------------------------------------------------------------


def huber(x):
    return x[0] ** 2 / 2 if abs(x[0]) <= 1 else abs(x[0]) - 0.5


CORNERS = {
    "abs": (lambda x: abs(x[0]), np.sign, 0.0),
    "abs, raised": (lambda x: 1000 + abs(x[0] - 1), lambda x: np.sign(x - 1), 1.0),
    "max": (lambda x: max(x[0], 3 * x[0]), lambda x: np.where(x > 0, 3.0, 1.0), 0.0),
    "hinge": (lambda x: max(0.0, 1 - x[0]), lambda x: np.where(x < 1, -1.0, 0.0), 1.0),
}


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.parametrize("distance", [1e-4, -1e-4, 0.3, -0.3, 1e-6, -1e-6])
def test_a_right_gradient_beside_a_corner(name, distance):
    value, slope, corner = CORNERS[name]
    verify.gradient(name, value, slope, [[corner + distance]])
    with pytest.raises(VerificationError):
        verify.gradient(name, value, lambda x: slope(x) + 1, [[corner + distance]])


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.parametrize("claimed", [0.0, 1.0, -1.0, 2.0, 0.5])
def test_no_slope_is_right_at_a_corner(name, claimed):
    value, _, corner = CORNERS[name]
    with pytest.raises(ValueError, match=r"places without a corner; .* component 0 of point 0.* Move the point"):
        verify.gradient(name, value, lambda x: np.full_like(x, claimed), [[corner]])


@pytest.mark.parametrize("distance", [0.0, 1e-8, -1e-8, 1e-4])
def test_where_only_the_curvature_jumps_there_is_no_corner(distance):
    verify.gradient("Huber", huber, lambda x: np.clip(x, -1, 1), [[1 + distance], [-1 - distance]])
    with pytest.raises(VerificationError):
        verify.gradient("Huber", huber, lambda x: np.clip(x, -1, 1) + 1e-3, [[1 + distance]])


NARROW = {
    **{f"tanh of {w}": lambda x, w=w: x + w * np.tanh((x - 1.5) / w) for w in (1e-13, 1e-11, 1e-10, 1e-8, 1e-5)},
    "wave": lambda x: x + 1e-12 * np.sin(1e12 * (x - 1.5)),
    "twelve decimals": lambda x: np.round(x, 12),
    "single precision inside": lambda x: float(np.float32(x)),
}


@pytest.mark.parametrize("name", NARROW)
@pytest.mark.parametrize("atol", [0.0, 1e-6])
def test_what_is_narrower_than_the_steps_is_not_passed(name, atol):
    with pytest.raises((ValueError, VerificationError)):
        verify.gradient(name, lambda v: NARROW[name](v[0]), np.ones_like, [[1.5]], atol=atol)
    with pytest.raises((ValueError, VerificationError)):
        verify.gradient(name, lambda v: NARROW[name](v[0]) + v[1] ** 2, lambda v: [1, 2] * v ** [0, 1], [[1.5, 0.3]])


def test_the_scale_at_which_a_value_is_rough_is_said():
    with pytest.raises(ValueError, match=r"not judged: component 0 of point 0.*rough at the scale of 1e-13, where"):
        verify.gradient("rounded", lambda v: np.round(v[0], 12), np.ones_like, [[1.5]])


@pytest.mark.parametrize("reach", [1e-13, 1e-11, 1e-9])
def test_a_slope_on_a_narrow_stretch_is_no_zero(reach):
    with pytest.raises((ValueError, VerificationError)):
        verify.gradient("stretch", lambda v: v[0] if abs(v[0]) < reach else 0.0, np.zeros_like, [[0.0]])


@pytest.mark.parametrize("bend", [1e-4, 1e-6, -1e-6])
def test_a_small_corner_beside_a_curve(bend):
    with pytest.raises(ValueError, match="places without a corner"):
        verify.gradient("bent", lambda v: v[0] ** 2 + bend * abs(v[0] - 1.5), lambda v: 2 * v, [[1.5]])


def test_functions_that_keep_something_between_calls():
    calls = []

    def counted(v):
        calls.append(1)
        return 2 * v if len(calls) < 3 else 3 * v

    with pytest.raises(ValueError, match=r"gradient: expected a function that gives the same each time; got \[3\. 4"):
        verify.gradient("counted", lambda v: v @ v, counted, [[1.5, 2.0]])
    for drift in (1e-14, 1e-9, 1.0):
        with pytest.raises(ValueError, match="value: expected a function that gives the same each time"):
            verify.gradient(
                "drifting", lambda v, d=drift: (calls.append(1), v @ v + d * len(calls))[1], lambda v: 2 * v, [[1.5]]
            )
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="random numbers"):
        verify.gradient("noisy", lambda v: v @ v + rng.normal(), lambda v: 2 * v, [[1.5]])


def test_a_list_of_masked_arrays_is_refused():
    with pytest.raises(TypeError, match="actual: expected real numbers; got a masked array"):
        verify.equal("masked", [np.ma.array([1.0, 99.0], mask=[0, 1])], [[1.0, 99.0]])


def test_digits_believe_no_estimate():
    with pytest.raises(ValueError, match="expected parts whose every digit has a bound; got Limit"):
        verify.digits("0", [0.0], sp.Limit(sp.sin(203 * sp.pi * Z) ** 2, Z, sp.oo), {})


def test_a_sharp_bend_is_no_corner():
    def slope(z):
        return 1e5 / (1 + np.exp(-1e5 * z))

    verify.gradient("softplus(10⁵ z)", lambda z: np.logaddexp(0, 1e5 * z[0]), slope, [[0.0], [1e-6], [1e-5]])


@pytest.mark.parametrize(
    "value",
    [
        lambda x: float(x[0] >= 0.3),
        lambda x: x[0] + float(x[0] >= 0.3),
        lambda x: (1e9 + np.sin(x[0])) - 1e9,
    ],
    ids=["step", "jump", "cancelling"],
)
@pytest.mark.parametrize("claimed", [0.0, 1.0, 0.955336489125606])
def test_what_is_rougher_than_its_rounding_is_not_judged(value, claimed):
    with pytest.raises(ValueError, match="can see"):
        verify.gradient("rough", value, lambda x: np.full_like(x, claimed), [[0.3]])


# --- single precision -----------------------------------------------------------------


def single_value(z):
    narrow = z.astype(np.float32)
    return np.logaddexp(np.float32(0), narrow).sum(dtype=np.float32)


def single_slope(z):
    return 1 / (1 + np.exp(-z.astype(np.float32)))


@pytest.mark.parametrize(
    ("value", "slope"),
    [
        (single_value, single_slope),
        (single_value, lambda z: 1 / (1 + np.exp(-z))),
        (lambda z: np.logaddexp(0, z).sum(), single_slope),
    ],
    ids=["both", "value", "gradient"],
)
def test_single_precision_is_judged_by_its_own_rounding(value, slope):
    result = verify.gradient("softplus", value, slope, [[0.3, -2.0, 1.1]])
    assert "float32" in result.allowed
    with pytest.raises(VerificationError, match="float32"):
        verify.gradient("softplus", value, lambda z: slope(z) * np.float32(1.05), [[0.3, -2.0, 1.1]])


def test_precision_that_says_nothing_is_refused_by_name():
    with pytest.raises(ValueError, match="expected float64 or float32; got float16"):
        verify.gradient("half", lambda z: (z.astype(np.float16) ** 2).sum(), lambda z: 2 * z, [[0.3, -2.0]])
    with pytest.raises(ValueError, match="gradient: expected 64-bit floats where rtol is 1e-13; got float32"):
        verify.complex_step("single", lambda z: np.exp(z[0]), lambda z: np.exp(z).astype(np.float32), [[0.3]])
    with pytest.raises(ValueError, match=r"value: expected 64-bit floats .* got complex64"):
        verify.complex_step("single", lambda z: np.exp(z[0]).astype(np.complex64), np.exp, [[0.3]])
    with pytest.raises(VerificationError, match="actual came as float32"):
        verify.equal("a tenth", np.float32(0.1), 0.1)
    with pytest.raises(VerificationError, match="values came as float32"):
        verify.between("a tenth", np.float32(0.1), 0, 0.1)


# --- every loss of the catalogue -------------------------------------------------------

PARAMETERS = {"pinball": {"q": 0.3}}
PREDICTIONS = [0.1, -0.7, 2.3, -20.0, 20.0, 1e-4, -1e-3, 100.0, 1e-8, 1e6]
TARGETS = {
    "poisson_nll": [0.0, 3.0, 1000.0],
    "binary_cross_entropy": [0.0, 1.0, 0.3],
    "focal": [0.0, 1.0],
    "sigmoid_squared_error": [0.0, 1.0, 0.3],
    "hinge": [-1.0, 1.0],
}
SCORES = [[0.3, -0.2], [1.0, 0.5, -2.0], [0.0, 0.0, 0.0], [1.5, -1.0, 2.5, -2.0, 0.1]]


def is_judged(name, value, slope, point):
    """Whether the stencil sees the gradient; a right one must never be called wrong."""
    try:
        verify.gradient(name, value, slope, [point])
    except ValueError as error:
        if "can see" not in str(error):
            raise
        return False
    return True


def turned(slope, k):
    """A gradient with the sign of one component turned."""
    return lambda x: slope(x) * np.where(np.arange(len(x)) == k, -1, 1)


def of_one_number(loss, target):
    """A loss of one number and its slope, as functions of one vector."""
    given = PARAMETERS.get(loss.name, {})
    return (
        lambda x: loss.value(x[0], target, **given),
        lambda x: np.array([loss.gradient(x[0], target, **given)]),
    )


@pytest.mark.parametrize("name", [name for name, loss in CATALOGUE.items() if isinstance(loss, Loss)])
def test_right_gradients_of_numbers_are_never_called_wrong(name):
    predictions = [abs(p) for p in PREDICTIONS] if name == "triplet" else PREDICTIONS
    predictions = [p for p in predictions if name != "poisson_nll" or p < 100]
    seen = []
    for target in TARGETS.get(name, [0.0, 0.5, 3.0, 1e4]):
        value, slope = of_one_number(CATALOGUE[name], target)
        for prediction in predictions:
            seen.append(is_judged(name, value, slope, [prediction]))
            if slope([prediction]) != 0:
                with pytest.raises((VerificationError, ValueError)):
                    verify.gradient("turned", value, turned(slope, 0), [[prediction]])
    assert np.mean(seen) > 0.7


def of_scores(loss, label):
    return (lambda z: loss.value(z, label)), (lambda z: loss.gradient(z, label))


@pytest.mark.parametrize("name", ["cross_entropy", "label_smoothing_cross_entropy", "brier", "spherical", "info_nce"])
@pytest.mark.parametrize("scores", SCORES)
def test_right_gradients_of_scores_are_never_called_wrong(name, scores):
    for label in range(len(scores)):
        value, slope = of_scores(CATALOGUE[name], label)
        assert is_judged(name, value, slope, scores)
        for k in np.flatnonzero(slope(np.array(scores))):
            with pytest.raises(VerificationError, match=f"component {k} "):
                verify.gradient(name, value, turned(slope, k), [scores])


def test_a_value_that_allows_no_step_is_named():
    loss = CATALOGUE["kl_divergence"]
    q = np.array([0.3, 0.7])
    with pytest.raises(ValueError, match="value: expected finite values on both sides of component 0"):
        verify.gradient("KL", lambda p: loss.value(p, q), lambda p: loss.gradient(p, q), [[0.4, 0.6]])


# --- the complex step ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (lambda x: np.abs(x[0]), "expected a single complex number; got dtype float64"),
        (lambda x: np.abs(x[0]) + x[0], "expected analytic parts only; got 1 by a complex step and 2 by a real one"),
        (lambda x: x[0].real ** 2 + x[0], "expected analytic parts only"),
        (lambda x: 1e-6 * np.abs(x[0]) + x[0], "expected analytic parts only"),
        (
            lambda x: 1e-10 * np.abs(x[0]) + x[0],
            "expected analytic parts only; got 1 by a complex step and 1.0000000001",
        ),
        (lambda x: 1e-10 * x[0].conj() + x[0], "expected analytic parts only"),
        (lambda x: (x * x.conj()).sum(), "expected analytic parts only; got 0 by"),
        (lambda x: x[0] * (x[0].imag == 0), "expected analytic parts only"),
        (lambda x: np.array([x[0], x[0]]), r"expected a single complex number; got dtype complex128, shape \(2,\)"),
    ],
)
def test_complex_step_refuses_what_is_not_analytic(value, message):
    with pytest.raises(ValueError, match=message):
        verify.complex_step("x", value, np.ones_like, [[0.5]])


def test_complex_step_takes_no_underflow_for_zero():
    for place in (0.0, 1.0):
        with pytest.raises(ValueError, match="that a complex step can see"):
            verify.complex_step("tiny", lambda x: 1e-320 * x[0], np.zeros_like, [[place]])


def test_complex_step_where_real_ones_see_only_rounding():
    def slope(x):
        return 8 * np.exp(8 * x) / (1 + np.exp(8 * x))

    verify.complex_step("softplus", lambda x: np.log(np.exp(8 * x[0]) + 1), slope, [[-29.0]])


def test_complex_step_takes_a_branch_but_no_corner():
    verify.complex_step("max", lambda x: np.maximum(x[0], 0), np.ones_like, [[0.5]])
    with pytest.raises(ValueError, match="places without a corner"):
        verify.complex_step("max", lambda x: np.maximum(x[0], 0), np.ones_like, [[0.0]])


# --- samples -----------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1.0, 1e30, 1e200])
def test_each_mean_has_its_own_spread(scale):
    draws = np.random.default_rng(3).standard_normal((1000, 2))
    verify.monte_carlo("mean", draws * [1, scale], [0, 0])
    with pytest.raises(VerificationError, match=r"index \(1,\)"):
        verify.monte_carlo("shifted", (draws + np.array([0, 0.5])) * [1, scale], [0, 0])


def test_a_component_that_never_varies_must_be_equal():
    draws = np.column_stack([np.random.default_rng(3).standard_normal(1000), np.ones(1000)])
    verify.monte_carlo("one", draws, [0, 1])
    for wrong in (1 + 1e-15, 0, -1):
        with pytest.raises(VerificationError, match=r"index \(1,\)"):
            verify.monte_carlo("one", draws, [0, wrong])
    with pytest.raises(VerificationError):
        verify.monte_carlo("zero", draws - [0, 1], [0, 1e-300])


def test_a_component_that_came_rounded_is_said_to_be_so():
    draws = np.column_stack([np.random.default_rng(3).standard_normal(1000), np.full(1000, 0.1)])
    verify.monte_carlo("a tenth", draws, [0, 0.1])
    with pytest.raises(VerificationError, match=r"mean 0\.10000000149.*, expected 0\.1.*; samples came as float32"):
        verify.monte_carlo("a tenth", draws.astype(np.float32), [0, 0.1])


def test_samples_that_vary_by_rounding_alone_are_no_samples():
    jitter = 0.1 + 1e-17 * np.arange(20)
    with pytest.raises(ValueError, match="vary by more than their rounding"):
        verify.monte_carlo("a tenth", jitter, 0.1)


def test_samples_are_added_up_in_double():
    draws = (np.random.default_rng(3).standard_normal(200_000) + 1e4).astype(np.float32)
    verify.monte_carlo("far from 0", draws, 1e4)
    with pytest.raises(VerificationError):
        verify.monte_carlo("shifted", draws + np.float32(0.03), 1e4)
    for kind in (int, bool, np.uint8):
        verify.monte_carlo("coins", np.random.default_rng(3).integers(0, 2, 1000).astype(kind), 0.5)


# --- what would pass for anything ----------------------------------------------------------


@pytest.mark.parametrize(
    "check",
    [
        lambda: verify.equal("0 is 1", 0.0, 1.0, rtol=1),
        lambda: verify.equal("0 is 1", 0.0, 1.0, rtol=np.nan),
        lambda: verify.equal("0 is 1", 0.0, 1.0, atol=np.inf),
        lambda: verify.between("anywhere", 1.0, -np.inf, np.inf),
        lambda: verify.gradient("any", lambda x: x @ x, np.zeros_like, [[1.0]], rtol=1.0),
        lambda: verify.complex_step("any", lambda x: x @ x, np.zeros_like, [[1.0]], rtol=2.0),
        lambda: verify.monte_carlo("any", np.arange(20), 1000, errors=np.inf),
        lambda: verify.digits("any", 0.0, sp.Symbol("z"), {sp.Symbol("z"): 1.0}, units=np.inf),
    ],
)
def test_a_tolerance_that_lets_all_through_is_refused(check):
    with pytest.raises(ValueError, match=r"expected .*; got"):
        check()


EXTENDED = np.finfo(np.longdouble).eps < np.finfo(float).eps


@pytest.mark.skipif(not EXTENDED, reason="long doubles are doubles here")
@pytest.mark.parametrize("number", [np.longdouble("1e-4000"), np.longdouble(1) + np.longdouble(2) ** -60])
@pytest.mark.parametrize(
    "check",
    [
        lambda number: verify.equal("more digits", number, float(number), rtol=0),
        lambda number: verify.equal("more digits", float(number), number, rtol=0),
        lambda number: verify.between("more digits", number, 0, 1),
        lambda number: verify.digits("more digits", number, sp.Symbol("z"), {sp.Symbol("z"): float(number)}),
    ],
)
def test_what_float64_does_not_hold_is_not_rounded_in_silence(check, number):
    with pytest.raises(ValueError, match="expected numbers that float64 holds; got dtype"):
        check(number)


@pytest.mark.parametrize("wrong", [True, "1e-3", [0.1, 0.9], None])
@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("rtol", lambda wrong: verify.equal("1 is 1.5", 1.0, 1.5, rtol=wrong)),
        ("atol", lambda wrong: verify.equal("1 is 1.5", 1.0, 1.5, atol=wrong)),
        ("errors", lambda wrong: verify.monte_carlo("any", np.arange(20), 10, errors=wrong)),
        ("units", lambda wrong: verify.digits("any", 1.0, sp.Symbol("z"), {sp.Symbol("z"): 1.0}, units=wrong)),
    ],
)
def test_a_tolerance_is_one_number(name, check, wrong):
    with pytest.raises(TypeError, match=f"{name}: expected one number; got"):
        check(wrong)


@pytest.mark.parametrize("end", [sp.Rational(1, 3), sp.pi, "0", None, [0, 0], 2**53 + 1])
def test_an_end_is_a_number_that_a_float_holds(end):
    with pytest.raises(ValueError, match=r"low: expected a number that 64 bits hold; got .* Round it"):
        verify.between("beside an end", [0.5], end, 2.0**60)


def test_numbers_at_the_ends_of_the_floats():
    assert verify.between("anything", -1.7e308, -1.7e308, 1.7e308).points == 1
    with pytest.raises(ValueError, match="atol: expected what fits 64 bits"):
        verify.equal("opposite", 1.7e308, -1.7e308, rtol=0.9, atol=1.7e308)
    with pytest.raises(VerificationError):
        verify.equal("opposite", [1e308], [-1e308])
    with pytest.raises(VerificationError):
        verify.equal("subnormal", [1e-320], [1.5e-320])


# --- digits ---------------------------------------------------------------------------------

Z = sp.Symbol("Z", real=True)


@pytest.mark.parametrize(
    ("actual", "expr", "at"),
    [
        (1.3838965267367376e-87, sp.log(1 + sp.exp(Z)), -200.0),
        (np.exp(-740.0), sp.exp(Z), -740.0),
        (0.0, sp.exp(Z), -800.0),
        (np.exp(np.float32(-95)), sp.exp(Z), np.float32(-95)),
        (np.exp(np.float32(0.1)), sp.exp(Z), np.float32(0.1)),
        (0.0, sp.log(1 + Z), 0.0),
        (0.0, sp.sin(Z) ** 2 + sp.cos(Z) ** 2 - 1, 0.3),
        ([2.0, 2.0], 2 * Z, 1.0),
    ],
)
def test_digits_take_what_is_right(actual, expr, at):
    verify.digits("right", actual, expr, {Z: at})


@pytest.mark.parametrize(
    ("actual", "expr", "at"),
    [
        (0.0, sp.log(1 + sp.exp(Z)), -200.0),
        (0.0, sp.exp(Z), -740.0),
        (-5e-324, sp.exp(Z), -744.0),
        (np.float32(0), sp.exp(Z), np.float32(-95)),
        (np.float32(6.5e-42), sp.exp(Z), -95.0),
        (np.float32(0.1), Z, 0.1 + 2e-6),
        (5e-324, sp.log(1 + Z), 0.0),
    ],
)
def test_digits_see_what_is_wrong(actual, expr, at):
    with pytest.raises(VerificationError, match="units of rounding off"):
        verify.digits("wrong", actual, expr, {Z: at})


def test_digits_tell_symbols_of_one_name_apart():
    other = sp.Symbol("Z", positive=True)
    verify.digits("sum", 1.0, Z + other, {Z: 0.25, other: 0.75})
    with pytest.raises(ValueError, match=r"Z: expected one number"):
        verify.digits("sum", 1.0, Z + other, {Z: 0.25, other: [0.75, 1]})


def test_digits_of_half_precision_are_refused():
    with pytest.raises(ValueError, match="actual: expected float64 or float32; got float16"):
        verify.digits("a tenth", np.float16(0.1), Z, {Z: 0.1})


def test_digits_name_the_symbol_whose_shape_is_wrong():
    with pytest.raises(ValueError, match=r"Z: expected one number, or the shape \(2,\) of actual; got \(3,\)"):
        verify.digits("shape", [1.0, 2.0], Z, {Z: [1.0, 2.0, 3.0]})
