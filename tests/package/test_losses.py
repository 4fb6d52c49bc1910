"""Every loss of the catalogue against arithmetic with hundreds of digits, and against bad input."""

import contextlib
import math
import warnings

import loss_points
import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from loss_judge import (
    CLASSES,
    EXACT_CLASSES,
    SCALAR,
    UNITS,
    errors_of_classes,
    errors_of_numbers,
    exact_number,
    excess,
    truth_and_slack,
)

from lossnotes import functions, losses
from lossnotes.losses import CATALOGUE
from lossnotes.printing import VanishingError, digits

warnings.simplefilter("error")

#: Of another shape than (..., K) logits against labels.
APART = {"kl_divergence", "nt_xent"}
ON_LOGITS = [name for name in CLASSES if name not in APART]
KINDS = [np.float64, np.float32]


# Accuracy


@pytest.mark.parametrize("kind", KINDS, ids=["float64", "float32"])
@pytest.mark.parametrize("name", SCALAR)
def test_loss_of_a_number_is_accurate(name, kind):
    loss = CATALOGUE[name]
    predictions, targets, parameters = loss_points.of_numbers(name, kind)
    value, gradient = loss.value_and_gradient(predictions, targets, **parameters)
    assert value.dtype == gradient.dtype == kind
    for which, got in (("expr", value), ("gradient_expr", gradient)):
        for error, where in errors_of_numbers(name, which, got, kind):
            assert error <= UNITS, where


@pytest.mark.parametrize("kind", KINDS, ids=["float64", "float32"])
@pytest.mark.parametrize("name", CLASSES)
def test_loss_over_classes_is_accurate(name, kind):
    loss = CATALOGUE[name]
    for prediction, target, row, parameters in loss_points.of_classes(name, kind):
        value, gradient = of_one_row(loss, prediction, target, parameters)
        assert value.dtype == gradient.dtype == kind
        for error, where in errors_of_classes(name, prediction, row, parameters, [value, *gradient], kind):
            assert error <= UNITS, where
        if name != "kl_divergence":
            assert ties_are_equal(prediction, row, gradient)


def of_one_row(loss, prediction, target, parameters):
    """Value and gradient; where the prediction is a matrix of pairs, of its first view."""
    if loss.name != "nt_xent":
        return loss.value_and_gradient(prediction, target, **parameters)
    pairs = np.zeros((len(prediction) + 1,) * 2, prediction.dtype)
    pairs[0, 1:] = prediction
    value, gradient = loss.value_and_gradient(pairs, [target + 1] + [0] * len(prediction), **parameters)
    assert gradient[0, 0] == 0
    return value[0], gradient[0, 1:]


def ties_are_equal(prediction, row, gradient):
    """Whether equal logits of equal targets have exactly equal slopes."""
    slopes = {}
    return all(
        slopes.setdefault((z, t), g) == g for z, t, g in zip(prediction.tolist(), row, gradient.tolist(), strict=True)
    )


@pytest.mark.parametrize(
    ("name", "prediction", "target", "parameters"),
    [
        ("poisson_nll", math.log(1e9), 1e9, {}),
        ("poisson_nll", math.log(1e15), 1e15, {}),
        ("poisson_nll", 1e-20, 1.0, {}),
        ("poisson_nll", -690.0, 1e-300, {}),
        ("poisson_nll", -800.0, 3.0, {}),
        ("student_t_nll", 1.0, 0.0, {"nu": 1e16, "s": 1.0}),
        ("student_t_nll", 1.0, 0.0, {"nu": 30.0, "s": 1.0}),
        ("student_t_nll", 4.86, 3.4e38, {"nu": 3.0, "s": 1.0}),
        ("student_t_nll", 1.7e308, -1.7e308, {"nu": 1e20, "s": 1e-300}),
        ("student_t_nll", 1.0, 0.0, {"nu": 0.01, "s": 1e-150}),
        ("student_t_nll", 1e-270, 0.0, {"nu": 10.0, "s": 1e-297}),
        ("student_t_nll", 0.0, 0.0, {"nu": 5e-324, "s": 1e-100}),
        ("gaussian_nll", 1e-310, 0.0, {"sigma": 1e-100}),
        ("gaussian_nll", 1.7e308, -1.7e308, {"sigma": 1e300}),
        ("laplace_nll", 1.7e308, -1.7e308, {"b": 1e300}),
        ("pinball", 0.0, 1.0, {"q": 1 - 1e-12}),
        ("pinball", 1.7e308, -1.7e308, {"q": 0.75}),
        ("huber", 1.7e308, -1.7e308, {"delta": 1e-10}),
        ("huber", 1.7e308, -1.7e308, {"delta": 1e200}),
        ("squared_error", 1.7e308, 1.69e308, {}),
        ("focal", 800.0, 1, {"gamma": 0.5}),
        ("focal", -800.0, 0, {"gamma": 0.25}),
        ("focal", 0.3, 0, {"gamma": 1023.0}),
        ("binary_cross_entropy", -0.4, 0.4013, {}),
        ("sigmoid_squared_error", 40.0, 1.0, {}),
        ("triplet", 1e-17, 1.0, {"margin": 1.0}),
        ("triplet", 100.0, 9.427016096605436e55, {"margin": 9.427016096605436e55}),
        ("triplet", 0.1, 0.3, {"margin": 0.2}),
        ("laplace_nll", 1e-17, 0.0, {"b": 0.5}),
        ("laplace_nll", 1e-10, 0.0, {"b": 0.5}),
        ("laplace_nll", -1.690792683226998e-06, 0.0, {"b": 0.499998309204458}),
        ("gaussian_nll", 0.24113590695267306, 0.0, {"sigma": 0.22762564765617407}),
        ("student_t_nll", 0.22078884597708612, 0.0, {"nu": 6.211782137622559, "s": 0.19569097257765442}),
    ],
)
def test_where_a_formula_at_its_word_loses_digits(name, prediction, target, parameters):
    numbers = prediction, target, *parameters.values()
    for which, got in zip(
        ("expr", "gradient_expr"),
        CATALOGUE[name].value_and_gradient(prediction, target, **parameters),
        strict=True,
    ):
        formula = exact_number(name, which)
        (truth,), (slack,) = truth_and_slack(lambda *at, formula=formula: [formula(*at)], numbers)
        assert excess(got, truth, slack, np.float64) <= UNITS, (which, got, mpmath.nstr(truth, 20))


def crossing(rng, name):
    """Parameters, and a prediction at which the surprise at 0 is nearly nothing."""
    drop, root = 10.0 ** rng.uniform(-16, 1), np.sqrt(2 * np.pi)
    if name == "laplace_nll":
        b = np.exp(-drop) / 2
        return {"b": b}, drop * b
    if name == "gaussian_nll":
        sigma = np.exp(-drop) / root
        return {"sigma": sigma}, np.sqrt(2 * drop) * sigma
    nu = 10.0 ** rng.uniform(-1, 6)
    s = np.exp(-drop - losses.student_t_nll.value(0.0, 0.0, nu=nu))
    return {"nu": nu, "s": s}, s * np.sqrt(nu * np.expm1(2 * drop / (nu + 1)))


@pytest.mark.parametrize("name", ["laplace_nll", "gaussian_nll", "student_t_nll"])
def test_a_surprise_that_crosses_zero_keeps_its_digits(name):
    rng, formula = np.random.default_rng(8), exact_number(name, "expr")
    for _ in range(40):
        parameters, prediction = crossing(rng, name)
        (truth,), (slack,) = truth_and_slack(lambda *at: [formula(*at)], (prediction, 0.0, *parameters.values()))
        got = CATALOGUE[name].value(prediction, 0.0, **parameters)
        assert excess(got, truth, slack, np.float64) <= UNITS, (prediction, parameters)


def test_what_is_exact_at_a_crossing():
    assert losses.laplace_nll.value(np.array([0.0, 1e-17, 1e-10]), 0.0, b=0.5).tolist() == [0, 2e-17, 2e-10]
    assert losses.gaussian_nll.value(1e-6, 0.0, sigma=0.3989422804014327) == pytest.approx(3.1416551e-12, rel=1e-7)
    assert losses.triplet.value_and_gradient(1e-17, 1.0, margin=1.0) == (1e-17, 1)
    assert losses.triplet.value_and_gradient(0.0, 1.0, margin=1.0) == (0, 0)
    assert losses.focal.value(1.9081048979414026, 0.0, gamma=1000.0) == pytest.approx(
        1.70788432803732762e-60, rel=1e-15, abs=0
    )


@pytest.mark.parametrize("classes", [2, 3, 6, 7, 49])
def test_even_targets_leave_what_the_logits_say(classes):
    z = np.random.default_rng(classes).uniform(0, 1e-20, classes)
    for name, factor in (("brier", 2 / classes), ("cross_entropy", 1)):
        gradient = CATALOGUE[name].gradient(z, np.full(classes, 1 / classes))
        assert gradient == pytest.approx(factor * (z - z.mean()) / classes, rel=1e-9, abs=1e-30), name


def test_even_targets_that_no_float_holds():
    """What 1 less the heaviest has rounded away reaches the eleventh unit."""
    z = [0.4558862154951342, 0.33904210632549453, 0.15916848956459953, 0.40409056133367394]
    z = np.array([*z, 0.750539062916691, 0.5036114640117987])
    row = np.full(6, 0.16666666666666669)
    value, gradient = losses.brier.value_and_gradient(z, row)
    for error, where in errors_of_classes("brier", z, row, {}, [value, *gradient], np.float64):
        assert error <= UNITS, where


@pytest.mark.parametrize("name", ["brier", "softmax_squared_error"])
@pytest.mark.parametrize("logits", [[20, 20, 0], [700, 700, 0], [20, 20, 20, 0], [20, 20 + 1e-9, -20, 0]])
@pytest.mark.parametrize("kind", KINDS)
def test_tied_wrong_classes(name, logits, kind):
    z, label = np.array(logits, kind), len(logits) - 1
    value, gradient = CATALOGUE[name].value_and_gradient(z, label)
    row = np.eye(len(z))[label]
    for error, where in errors_of_classes(name, z, row, {}, [value, *gradient], kind):
        assert error <= UNITS, where
    assert ties_are_equal(z, row, gradient)


@pytest.mark.parametrize(
    "row", [[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0], [1 - 1e-10, 1e-10, 0], [1 - 1e-16, 7e-17, 3e-17], [0.25, 0.5, 0.25]]
)
@pytest.mark.parametrize("name", ["brier", "softmax_squared_error", "cross_entropy"])
@pytest.mark.parametrize(
    "logits", [[0, -20, -1e-3], [0, 1e-9, -20], [700, 700, 0], [1e-12, 0, 0], [0, 40, 39.5], [60, 1, -2]]
)
def test_rows_beside_nearly_tied_logits(name, row, logits):
    z, target = np.array(logits, float), np.array(row, float)
    value, gradient = CATALOGUE[name].value_and_gradient(z, target)
    for error, where in errors_of_classes(name, z, target, {}, [value, *gradient], np.float64):
        assert error <= UNITS, where


@pytest.mark.parametrize("name", ON_LOGITS)
@pytest.mark.parametrize("classes", [2, 3, 17])
def test_all_logits_equal(name, classes):
    gradient = CATALOGUE[name].gradient(np.full(classes, 0.3), 0)
    assert len(set(gradient[1:])) == 1


@pytest.mark.parametrize("name", ON_LOGITS)
def test_a_hundred_thousand_classes(name):
    z = np.random.default_rng(6).normal(0, 3, 100_000)
    tau, epsilon = 0.07, 0.1
    parameters = {"temperature": tau} if name == "info_nce" else {}
    value, gradient = CATALOGUE[name].value_and_gradient(z, 7, **parameters)
    exact = math.fsum(np.exp(z - z.max()))
    p = np.exp(z - z.max()) / exact
    squares = math.fsum(p * p)
    colder = np.exp((z - z.max()) / tau)
    log_p = (z - z.max()) - math.log(exact)
    truth = {
        "cross_entropy": -log_p[7],
        "label_smoothing_cross_entropy": -(1 - epsilon) * log_p[7] - epsilon * math.fsum(log_p) / z.size,
        "spherical": 1 - p[7] / math.sqrt(squares),
        "info_nce": (z.max() - z[7]) / tau + math.log(math.fsum(colder)),
    }.get(name, squares - 2 * p[7] + 1)
    assert value == pytest.approx(truth, rel=1e-13)
    assert abs(math.fsum(gradient)) <= 1e-14 * np.abs(gradient).max() * 10


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("classes", [1, 2, 3])
def test_the_judge_knows_the_formula_that_is_shown(name, classes):
    loss = CATALOGUE[name]
    z = [sp.Rational(2 * k**2 + 1, 7) for k in range(classes)]
    if name == "kl_divergence":
        z = [zk / sum(z) for zk in z]
    row = [sp.Rational(k + 1, classes * (classes + 1) // 2) for k in range(classes)]
    own = classes + 1  # the view itself is another
    place = {losses.classes.K: classes, losses.classes._i: own}
    place |= {p.symbol: sp.Rational(3, 8) for p in loss.parameters.values()}
    place_rows = {loss.prediction[k + 1]: z[k] for k in range(classes)}
    place_rows |= {loss.target[k + 1]: row[k] for k in range(classes)}
    with mpmath.workdps(40):
        numbers = [[mpmath.mpf(v.p) / v.q for v in row_] for row_ in (z, row)]
        value, *slopes = EXACT_CLASSES[name](*numbers, **dict.fromkeys(loss.parameters, mpmath.mpf(3) / 8))
    shown = [loss.expr, *(loss.gradient_expr.subs(losses.classes._k, k + 1) for k in range(classes))]
    for exact, formula in zip((value, *slopes), shown, strict=True):
        assert (
            abs(sp.N(formula.subs(place).doit().xreplace(place_rows) - sp.Float(mpmath.nstr(exact, 40), 40), 40))
            < 1e-30
        )


@pytest.mark.parametrize("name", SCALAR)
def test_the_gradient_of_a_number_is_the_derivative(name):
    loss = CATALOGUE[name]
    symbols = [loss.prediction, loss.target, *(p.symbol for p in loss.parameters.values())]
    difference = functions.spelled_out(loss.gradient_expr) - functions.spelled_out(loss.expr).diff(loss.prediction)
    for prediction in (-2.5, -0.5, 0.25, 7.0):
        if prediction < 0 and loss.prediction.is_nonnegative:
            continue
        for target in (0, 1):
            values = dict(zip(symbols, [prediction, target, 0.625, 1.5], strict=False))
            with contextlib.suppress(VanishingError):  # below 1e-50000
                assert abs(digits(difference.doit(), values)) < 1e-45


@pytest.mark.parametrize("classes", [1, 2, 3, 4])
@pytest.mark.parametrize("name", CLASSES)
def test_the_gradient_that_is_shown_is_the_derivative(name, classes):
    if name == "nt_xent" and classes == 1:
        return  # nobody else is there
    loss = CATALOGUE[name]
    settings_ = {p.symbol: sp.Rational(3, 8) for p in loss.parameters.values()} | {losses.classes.K: classes}
    settings_[losses.classes._i] = classes  # the view itself, where a loss leaves it out
    z = sp.symbols(f"z1:{classes + 1}", real=True)
    weights = [sp.Rational(k + 1, classes * (classes + 1) // 2) for k in range(classes)]
    place = {loss.target[k + 1]: weights[k] for k in range(classes)}
    place |= {loss.prediction[k + 1]: z[k] for k in range(classes)}
    point = {z[k]: sp.Rational(2 * k**2 + 1, 7) for k in range(classes)}
    expr = loss.expr.subs(settings_).doit().xreplace(place)
    for k in range(classes):
        shown = loss.gradient_expr.subs(losses.classes._k, k + 1).subs(settings_).doit().xreplace(place)
        difference = (sp.diff(expr, z[k]) - shown).xreplace(point)
        assert abs(sp.N(difference, 40)) < 1e-30, k


@pytest.mark.parametrize("name", ["cross_entropy", "label_smoothing_cross_entropy", "brier", "softmax_squared_error"])
def test_labels_and_their_rows_agree(name):
    rng = np.random.default_rng(5)
    logits = np.concatenate([rng.normal(0, 3, (25, 5)), rng.uniform(-350, 350, (25, 5))])
    labels = np.arange(len(logits)) % 5
    by_label = CATALOGUE[name].value_and_gradient(logits, labels)
    by_row = CATALOGUE[name].value_and_gradient(logits, np.eye(5)[labels])
    for a, b in zip(by_label, by_row, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13, atol=0)


def test_a_confident_right_answer_has_its_tiny_true_loss():
    value, gradient = losses.cross_entropy.value_and_gradient([40.0, 0.0], 0)
    exact = float(mpmath.log1p(mpmath.exp(-40)))
    assert value == pytest.approx(exact, rel=1e-15, abs=0)
    assert gradient[0] == pytest.approx(-exact, rel=1e-15, abs=0)
    assert losses.binary_cross_entropy.value(40.0, 1) == pytest.approx(exact, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("logits", "label", "value"),
    [
        ([1e300, -1e300], 0, 0.0),
        ([1e300, -1e300], 1, 2e300),
        ([np.inf, 0.0], 0, 0.0),
        ([np.inf, 0.0], 1, np.inf),
        ([-np.inf, 0.0, 0.0], 1, np.log(2)),
        ([-np.inf, 0.0], 0, np.inf),
    ],
)
def test_huge_and_infinite_logits_give_their_limits(logits, label, value):
    assert losses.cross_entropy.value(logits, label) == pytest.approx(value)
    if len(logits) == 2:
        margin = logits[0] - logits[1] if label == 0 else logits[1] - logits[0]
        assert losses.binary_cross_entropy.value(margin, 1) == pytest.approx(value)


@pytest.mark.parametrize("name", ON_LOGITS)
@pytest.mark.parametrize("logits", [[np.inf, np.inf], [-np.inf, -np.inf]])
def test_infinite_logits_without_a_limit_are_refused(name, logits):
    with pytest.raises(ValueError, match=r"expected a loss with a limit; got .*inf"):
        CATALOGUE[name].value(logits, 0)


@pytest.mark.parametrize("temperature", [5e-324, 1e-300, 1.0])
def test_huge_similarities_at_the_smallest_temperature(temperature):
    """Half of the smallest is 0."""
    similarities = [1e308, -1e308, 1e308]
    assert losses.info_nce.value(similarities, 0, temperature=temperature) == pytest.approx(np.log(2), rel=1e-15)
    assert losses.info_nce.value(similarities, 1, temperature=temperature) == np.inf


@pytest.mark.parametrize("name", SCALAR)
def test_gradient_is_zero_at_the_optimum(name):
    loss, parameters = CATALOGUE[name], loss_points.PARAMETERS.get(name, {})
    if name in ("binary_cross_entropy", "sigmoid_squared_error"):
        assert abs(loss.gradient(np.log(0.25 / 0.75), 0.25)) < 1e-16
    elif name == "poisson_nll":
        assert abs(loss.gradient(np.log(7), 7)) < 1e-14
    elif name == "hinge":
        assert loss.gradient(1.5, 1) == 0
    elif name == "triplet":
        assert loss.gradient(1.0, 2.0, **parameters) == 0
    elif name == "focal":
        assert loss.gradient(800.0, 1) == 0
    elif name == "pinball":
        assert loss.gradient(0.0, 1.0, **parameters) < 0 < loss.gradient(1.0, 0.0, **parameters)
    else:
        assert loss.gradient(2.5, 2.5, **parameters) == 0


@pytest.mark.parametrize("name", [name for name in SCALAR if CATALOGUE[name].likelihood is not None])
def test_likelihood_is_normalised_and_its_negative_logarithm_is_the_loss(name):
    loss = CATALOGUE[name]
    values = {loss.parameters[k].symbol: sp.Rational(v) for k, v in loss_points.settings_for(loss).items()}
    values[loss.prediction] = sp.Rational(3, 5)
    density = loss.likelihood.subs(values)
    domain = loss.domain[loss.target]
    difference = loss.expr.subs(values) + loss.offset + sp.log(density)
    observed = [0, 1] if domain.inf == 0 else [sp.Rational(-7, 5), 0, sp.Rational(9, 5)]
    for point in observed:
        assert abs(sp.N(difference.subs(loss.target, point), 30)) < 1e-25
    mass = sp.lambdify(loss.target, functions.spelled_out(density), "mpmath")
    if domain == sp.Interval(0, 1):
        total = mass(0) + mass(1)
    elif name == "poisson_nll":
        total = mpmath.nsum(lambda k: mass(int(k)), [0, mpmath.inf])
    else:
        total = mpmath.quad(mass, [-mpmath.inf, -3, 0, mpmath.mpf(3) / 5, 3, mpmath.inf])
    assert abs(total - 1) < 1e-8


@pytest.mark.parametrize("name", CATALOGUE)
def test_shapes_scalars_and_no_warning(name):
    loss, parameters = CATALOGUE[name], loss_points.PARAMETERS.get(name, {})
    target = 1
    if name in APART:
        rows = np.full((2, 3, 3), 1 / 3)
        target = rows if name == "kl_divergence" else np.array([[1, 2, 0]] * 2)
        value, gradient = loss.value_and_gradient(rows, target)
        assert value.shape == (2, 3)
        assert gradient.shape == (2, 3, 3)
    elif name in CLASSES:
        logits = np.zeros((2, 5, 3))
        value, gradient = loss.value_and_gradient(logits, np.ones((2, 5), int), **parameters)
        assert value.shape == (2, 5)
        assert gradient.shape == (2, 5, 3)
        assert np.ndim(loss.value([0.0, 1.0], target, **parameters)) == 0
    else:
        value, gradient = loss.value_and_gradient(np.ones((2, 5)), target, **parameters)
        assert value.shape == gradient.shape == (2, 5)
        scalar = loss.value(0.5, target, **parameters)
        assert isinstance(scalar, float)
    assert getattr(losses, name) is loss
    assert "</table>" in loss._repr_html_()


@pytest.mark.parametrize(
    ("name", "arguments", "error", "message"),
    [
        ("squared_error", ([1.0, np.nan], 0), ValueError, r"prediction: expected numbers; got NaN at index \(1,\)"),
        ("squared_error", ([], 0), ValueError, r"prediction: expected at least one number; got shape \(0,\)"),
        (
            "squared_error",
            (["a"], 0),
            TypeError,
            "prediction: expected real numbers in float32 or float64; got dtype <U1",
        ),
        ("squared_error", ([1j], 0), TypeError, "got dtype complex128"),
        ("squared_error", (np.array([object()]), 0), TypeError, "got dtype object"),
        (
            "squared_error",
            (np.zeros((3, 1)), np.zeros(3)),
            ValueError,
            r"target: expected the prediction's shape \(3, 1\)",
        ),
        ("squared_error", (np.inf, np.inf), ValueError, "prediction: expected a value at which the loss has a limit"),
        ("binary_cross_entropy", (0.0, 1.5), ValueError, "target: expected a number in 0 to 1; got 1.5"),
        ("hinge", (0.0, 0), ValueError, "target: expected -1 or 1; got 0.0"),
        ("poisson_nll", (0.0, -1), ValueError, "target: expected a number of at least 0; got -1.0"),
        ("cross_entropy", (3.0, 0), ValueError, r"prediction: expected shape \(..., K\)"),
        ("cross_entropy", ([[1.0, 2.0]], [2]), ValueError, r"target: expected integers in 0\.\.1; got 2"),
        ("cross_entropy", ([[1.0, 2.0]], [-1]), ValueError, "got -1"),
        ("cross_entropy", ([[1.0, 2.0]], [0, 1]), ValueError, r"expected labels of shape \(1,\)"),
        ("cross_entropy", ([[1.0, 2.0]], [1.0]), ValueError, r"expected integer labels of shape \(1,\) or rows"),
        ("cross_entropy", ([[1.0, 2.0]], [[0.5, 0.6]]), ValueError, "rows that sum to 1; got a sum of 1.1"),
        ("cross_entropy", ([[1.0, 2.0]], [[1.5, -0.5]]), ValueError, "got a negative entry, -0.5"),
        ("cross_entropy", ([[1.0, np.nan]], [0]), ValueError, "prediction: expected numbers; got NaN"),
        ("spherical", ([[1.0, 2.0]], [0.5]), TypeError, "expected integer labels; got dtype float64"),
        ("squared_error", ([np.ma.array([1.0, 9.0], mask=[0, 1])], [[1.0, 1.0]]), TypeError, "without a mask"),
        ("squared_error", (np.array([2**53 + 1]), 0), ValueError, r"prediction: expected integers up to 2\^53"),
        (
            "squared_error",
            (0.0, np.array([2**63 + 1], np.uint64)),
            ValueError,
            r"target: expected integers up to 2\^53",
        ),
    ],
)
def test_bad_input(name, arguments, error, message):
    with pytest.raises(error, match=message):
        CATALOGUE[name].value(*arguments)


@pytest.mark.parametrize(
    ("name", "parameters", "error", "message"),
    [
        ("gaussian_nll", {"sigma": 0.0}, ValueError, "sigma: expected a number above 0; got 0.0"),
        ("gaussian_nll", {"sigma": [1.0, 2.0]}, ValueError, "sigma: expected a single number or shape"),
        ("gaussian_nll", {"scale": 1.0}, TypeError, "gaussian_nll: expected the parameters sigma; got scale"),
        ("pinball", {}, TypeError, "q: expected a value; got none"),
        ("pinball", {"q": 1.0}, ValueError, "q: expected a number in 0 to 1, without the ends; got 1.0"),
        ("half_squared_error", {"delta": 1}, TypeError, "expected the parameters none; got delta"),
    ],
)
def test_bad_parameters(name, parameters, error, message):
    with pytest.raises(error, match=message):
        CATALOGUE[name].value([0.0], [1.0], **parameters)


@given(
    logits=st.lists(st.floats(-700, 700), min_size=2, max_size=6),
    shift=st.floats(-100, 100),
    label=st.integers(0, 1),
)
def test_losses_over_classes_do_not_see_a_shift(logits, shift, label):
    z = np.array(logits)
    for name in ON_LOGITS:
        value, gradient = CATALOGUE[name].value_and_gradient(z, label)
        assert value >= 0
        assert abs(gradient.sum()) <= 1e-14
        moved = CATALOGUE[name].value(z + shift, label)
        # The shift itself rounds each logit, by at most 2^-53 of 800.
        assert moved == pytest.approx(value, rel=1e-11, abs=1e-11)


@given(z=st.floats(-700, 700), y=st.sampled_from([0, 1]))
def test_two_classes_are_one_bit(z, y):
    two = losses.cross_entropy.value_and_gradient([0.0, z], y)
    one = losses.binary_cross_entropy.value_and_gradient(z, y)
    assert two[0] == pytest.approx(one[0], rel=1e-14, abs=0)
    assert two[1][1] == pytest.approx(one[1], rel=1e-13, abs=0)


@given(prediction=st.floats(-30, 30), target=st.sampled_from([0.0, 1.0]))
def test_gradients_agree_with_the_stencil(prediction, target):
    for name in SCALAR:
        loss, parameters = CATALOGUE[name], loss_points.PARAMETERS.get(name, {})
        goal = 2 * target - 1 if name == "hinge" else target
        h = 1e-3
        kinks = {
            "absolute_error": [goal],
            "laplace_nll": [goal],
            "triplet": [goal - 0.5],
            "huber": [goal - 0.75, goal + 0.75],
            "pinball": [goal],
            "hinge": [goal],
        }
        if name == "triplet" and prediction < 1:
            continue  # a distance
        if any(abs(prediction - kink) < 3 * h for kink in kinks.get(name, [])) or (
            name == "poisson_nll" and prediction > 5
        ):
            continue
        f = [loss.value(prediction + k * h, goal, **parameters) for k in (-2, -1, 1, 2)]
        stencil = (8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * h)
        size = max(map(abs, f))
        assert loss.gradient(prediction, goal, **parameters) == pytest.approx(
            stencil, rel=1e-7, abs=1e-11 + 1e-12 * size
        )


def test_near_equal_distributions_have_their_tiny_true_divergence():
    q, p = [0.5, 0.5], [0.5 + 2.0**-30, 0.5 - 2.0**-30]
    exact = float(2 * mpmath.fsum(t * mpmath.log(t / 0.5) for t in map(mpmath.mpf, p)) / 2)
    assert losses.kl_divergence.value(q, p) == pytest.approx(exact, rel=1e-15, abs=0)
    assert losses.kl_divergence.value([0.5, 0.5, 0.0], [0.5, 0.5, 0.0]) == 0
    assert losses.kl_divergence.value([1.0, 0.0], [0.5, 0.5]) == np.inf
    # Where nothing is expected, each bit of probability costs itself, the first one too.
    assert losses.kl_divergence.gradient([1.0, 0.0], [1.0, 0.0]).tolist() == [0, 1]


def test_info_nce_is_cross_entropy_of_scaled_similarities():
    similarities = np.random.default_rng(4).uniform(-1, 1, (20, 16))
    labels = np.arange(20) % 16
    value, gradient = losses.info_nce.value_and_gradient(similarities, labels, temperature=0.125)
    plain, slope = losses.cross_entropy.value_and_gradient(similarities / 0.125, labels)
    np.testing.assert_allclose(value, plain, rtol=1e-14)
    np.testing.assert_allclose(gradient, slope / 0.125, rtol=1e-13, atol=1e-16)


def test_nt_xent_is_info_nce_without_oneself():
    similarities = np.random.default_rng(5).uniform(-1, 1, (6, 6))
    partner = np.array([1, 0, 3, 2, 5, 4])
    value, gradient = losses.nt_xent.value_and_gradient(similarities, partner, temperature=0.25)
    for i in range(6):
        kept = [j for j in range(6) if j != i]
        one, slope = losses.info_nce.value_and_gradient(similarities[i, kept], kept.index(partner[i]), temperature=0.25)
        assert value[i] == pytest.approx(one, rel=1e-14)
        assert gradient[i, i] == 0
        np.testing.assert_allclose(gradient[i, kept], slope, rtol=1e-13)
    best = np.where(np.eye(6)[partner] > 0, 1.0, -1.0)
    floor = np.log1p(4 * np.exp(-2 / 0.5))
    assert losses.nt_xent.value(best, partner) == pytest.approx([floor] * 6, rel=1e-14)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("nt_xent", (np.zeros((3, 4)), [1, 0, 0]), r"prediction: expected similarities of shape \(..., M, M\)"),
        ("nt_xent", (np.zeros((3, 3)), [1, 1, 0]), "expected the index of another example"),
        ("kl_divergence", ([0.5, 0.6], [0.5, 0.5]), "prediction: expected rows that sum to 1"),
        ("kl_divergence", ([0.5, 0.5], [0.5, 0.6]), "target: expected rows that sum to 1"),
        ("info_nce", ([0.5, np.nan], 0), "prediction: expected numbers; got NaN"),
    ],
)
def test_bad_pairs_and_rows(name, arguments, message):
    with pytest.raises(ValueError, match=message):
        CATALOGUE[name].value(*arguments)
