"""Every loss of the catalogue against arithmetic with hundreds of digits, and against bad input."""

import warnings
from functools import cache

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from lossnotes import functions, losses
from lossnotes.losses import CATALOGUE, ClassLoss
from lossnotes.printing import digits

warnings.simplefilter("error")

SCALAR = [name for name, loss in CATALOGUE.items() if not isinstance(loss, ClassLoss)]
#: Of another shape than (..., K) logits against labels: tested by themselves.
APART = {"kl_divergence", "nt_xent"}
CLASSES = [name for name, loss in CATALOGUE.items() if isinstance(loss, ClassLoss) and name not in APART]
KINDS = [np.float64, np.float32]
#: Enough that e^700 beside e^-700 cancels to nothing that is seen.
DIGITS = 700
UNITS = 8
#: Likelihoods that change sign are measured against the sum of the sizes of their terms.
SIGNED = {"gaussian_nll", "laplace_nll", "student_t_nll", "poisson_nll", "triplet"}
PARAMETERS = {
    "huber": {"delta": 0.75},
    "pinball": {"q": 0.25},
    "gaussian_nll": {"sigma": 0.625},
    "laplace_nll": {"b": 0.375},
    "student_t_nll": {"nu": 3.5, "s": 1.25},
    "focal": {"gamma": 2.0},
    "label_smoothing_cross_entropy": {"epsilon": 0.125},
    "triplet": {"margin": 0.5},
    "info_nce": {"temperature": 0.25},
}


@cache
def scalar_reference(name, which):
    """(value, the same with every term's size in its place) with hundreds of digits."""
    loss = CATALOGUE[name]
    expr = getattr(loss, which)
    symbols = [loss.prediction, loss.target, *(p.symbol for p in loss.parameters.values())]
    sizes = expr.replace(functions.mix, lambda y, a, b: y * sp.Abs(a) + (1 - y) * sp.Abs(b))
    sizes = sp.Add(*(sp.Abs(term) for term in sp.Add.make_args(sizes)))
    both = [sp.lambdify(symbols, functions.spelled_out(e), "mpmath") for e in (expr, sizes)]

    def reference(*arguments):
        with mpmath.workdps(DIGITS):
            return tuple(mpmath.mpf(f(*map(mpmath.mpf, arguments))) for f in both)

    return reference


@cache
def class_reference(name, classes):
    """(value, gradient) of the symbolic form at a concrete K, with hundreds of digits."""
    loss = CATALOGUE[name]
    index = sp.Symbol("K", integer=True, positive=True)
    z, t = sp.symbols(f"z1:{classes + 1}", real=True), sp.symbols(f"t1:{classes + 1}", real=True)
    names = {loss.prediction[k + 1]: z[k] for k in range(classes)} | {loss.target[k + 1]: t[k] for k in range(classes)}
    expr = loss.expr.subs(index, classes).doit().xreplace(names)
    symbols = [*z, *t, *(p.symbol for p in loss.parameters.values())]
    functions_ = [sp.lambdify(symbols, e, "mpmath", cse=True) for e in (expr, *(sp.diff(expr, zk) for zk in z))]

    def reference(*arguments):
        with mpmath.workdps(DIGITS):
            value, *gradient = (f(*map(mpmath.mpf, arguments)) for f in functions_)
            return value, gradient

    return reference


def units(got, exact, scale, kind):
    """The error in units of rounding; nothing where the exact number is not normal."""
    limits = np.finfo(kind)
    if exact == 0:
        return 0.0 if got == 0 else np.inf
    if not limits.tiny <= abs(exact) <= limits.max:
        return 0.0
    with mpmath.workdps(DIGITS):
        return float(abs(mpmath.mpf(float(got)) - exact) / scale / limits.eps)


def margins(kind, count=60):
    """Numbers of both signs: most of ordinary size, some tiny, some large."""
    rng = np.random.default_rng(20)
    small = -300 if kind is np.float64 else -35
    large = 2.8 if kind is np.float64 else 1.8
    sizes = 10.0 ** np.concatenate([rng.uniform(small, large, count), rng.uniform(-3, 1.5, count)])
    return (sizes * rng.choice([-1, 1], 2 * count)).astype(kind)


def targets_for(loss, count, kind):
    rng = np.random.default_rng(21)
    domain = loss.domain[loss.target]
    if isinstance(domain, sp.FiniteSet):
        return rng.choice([float(v) for v in domain], count).astype(kind)
    if domain == sp.S.Naturals0:
        return rng.integers(0, 30, count).astype(kind)
    if domain == sp.Interval(0, 1):
        return rng.choice([0, 1, 0.25, 0.5, 1e-5], count).astype(kind)
    if domain.inf == 0:
        return rng.choice([0, 1.5, 2], count).astype(kind)
    return rng.choice([0, 1.5, -2], count).astype(kind)


def points_for(loss, kind):
    """Predictions, targets and parameters on which a loss of a number is judged."""
    predictions = margins(kind)
    if loss.name == "poisson_nll":
        predictions = predictions[np.abs(predictions) < 80]
    if loss.domain[loss.prediction].inf == 0:
        predictions = np.abs(predictions)
    return predictions, targets_for(loss, predictions.size, kind), settings_for(loss)


def settings_for(loss):
    """A value for each parameter of a loss, in its order."""
    return {k: PARAMETERS.get(loss.name, {}).get(k, p.default) for k, p in loss.parameters.items()}


def errors(loss, which, points, got, kind):
    """For each point: the error in units of rounding, and the point with both numbers."""
    reference = scalar_reference(loss.name, which)
    predictions, targets, parameters = points
    for p, t, g in zip(predictions, targets, got, strict=True):
        exact, scale = reference(float(p), float(t), *parameters.values())
        # With a soft target p − y may cancel to any depth.
        soft = 0 < t < 1 and loss.domain[loss.target] == sp.Interval(0, 1)
        measure = scale if loss.name in SIGNED or soft else abs(exact)
        yield units(g, exact, measure, kind), (which, float(p), float(t), float(g), float(exact))


@pytest.mark.parametrize("kind", KINDS, ids=["float64", "float32"])
@pytest.mark.parametrize("name", SCALAR)
def test_loss_of_a_number_is_accurate(name, kind):
    loss = CATALOGUE[name]
    predictions, targets, parameters = points = points_for(loss, kind)
    value, gradient = loss.value_and_gradient(predictions, targets, **parameters)
    assert value.dtype == gradient.dtype == kind
    for which, got in (("expr", value), ("gradient_expr", gradient)):
        for error, where in errors(loss, which, points, got, kind):
            assert error <= UNITS, where


@pytest.mark.parametrize("name", [name for name in SCALAR if CATALOGUE[name].short_gradient is not None])
def test_the_short_gradient_is_the_gradient(name):
    loss = CATALOGUE[name]
    symbols = [loss.prediction, loss.target, *(p.symbol for p in loss.parameters.values())]
    difference = (loss.short_gradient - loss.gradient_expr).doit()
    for prediction in (-2.5, -0.5, 0.25, 7.0):
        for target in (0, 1):
            values = dict(zip(symbols, [prediction, target, 0.625, 1.5], strict=False))
            assert abs(digits(difference, values)) < 1e-45


def logits_for(classes, kind, count=25):
    rng = np.random.default_rng(classes)
    spread = 350 if kind is np.float64 else 40
    ordinary = rng.normal(0, 3, (count, classes))
    extreme = rng.uniform(-spread, spread, (count, classes))
    return np.concatenate([ordinary, extreme]).astype(kind)


def class_points(classes, kind):
    """Logits and labels on which a loss over classes is judged."""
    logits = logits_for(classes, kind)
    return logits, np.random.default_rng(1).integers(0, classes, len(logits))


def errors_over_classes(name, which, points, got, kind):
    """As :func:`errors`, in the units that are allowed: 1 + the largest difference of logits."""
    logits, labels, parameters = points
    classes = logits.shape[1]
    # Wrong classes of the Brier score and smoothed targets have gradients that cancel.
    cancels = name in ("brier", "softmax_squared_error", "label_smoothing_cross_entropy")
    for z, y, g in zip(logits, labels, got, strict=True):
        value, slopes = class_reference(name, classes)(*map(float, z), *np.eye(classes)[y], *parameters.values())
        allowed = 1 + float(z.max() - z.min()) / parameters.get("temperature", 1)
        if which == "expr":
            yield units(g, value, abs(value), kind) / allowed, (which, z, y, float(g), float(value))
            continue
        for k, slope in enumerate(slopes):
            scale = max(abs(slope), mpmath.mpf(float(np.abs(g).max()))) if cancels and k != y else abs(slope)
            yield units(g[k], slope, scale or 1, kind) / allowed, (which, z, y, k, float(g[k]), float(slope))


@pytest.mark.parametrize("kind", KINDS, ids=["float64", "float32"])
@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("name", CLASSES)
def test_loss_over_classes_is_accurate_on_labels(name, classes, kind):
    loss = CATALOGUE[name]
    logits, labels = class_points(classes, kind)
    parameters = settings_for(loss)
    value, gradient = loss.value_and_gradient(logits, labels, **parameters)
    assert value.dtype == gradient.dtype == kind
    assert value.shape == labels.shape
    for which, got in (("expr", value), ("gradient_expr", gradient)):
        for error, where in errors_over_classes(name, which, (logits, labels, parameters), got, kind):
            assert error <= UNITS, where


@pytest.mark.parametrize("classes", [1, 2, 3, 4])
@pytest.mark.parametrize("name", [*CLASSES, *sorted(APART)])
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


@pytest.mark.parametrize("name", ["cross_entropy", "brier", "softmax_squared_error"])
def test_rows_on_the_simplex_are_accurate(name):
    rng = np.random.default_rng(2)
    logits, targets = rng.normal(0, 5, (40, 4)), rng.dirichlet([0.5] * 4, 40)
    value, gradient = CATALOGUE[name].value_and_gradient(logits, targets)
    for z, t, v, g in zip(logits, targets, value, gradient, strict=True):
        exact, slopes = class_reference(name, 4)(*z, *t)
        assert units(v, exact, abs(exact), np.float64) <= UNITS * (1 + np.ptp(z))
        for got, slope in zip(g, slopes, strict=True):
            assert units(got, slope, 1, np.float64) <= UNITS * (1 + np.ptp(z))


@pytest.mark.parametrize("name", ["cross_entropy", "brier", "softmax_squared_error"])
def test_labels_and_their_rows_agree(name):
    logits = logits_for(5, np.float64)
    labels = np.arange(len(logits)) % 5
    by_label = CATALOGUE[name].value_and_gradient(logits, labels)
    by_row = CATALOGUE[name].value_and_gradient(logits, np.eye(5)[labels])
    for a, b in zip(by_label, by_row, strict=True):
        # A row may be soft, so its gradient is good to the size of p, not of p − t.
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)


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


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("logits", [[np.inf, np.inf], [-np.inf, -np.inf]])
def test_infinite_logits_without_a_limit_are_refused(name, logits):
    with pytest.raises(ValueError, match=r"expected a loss with a limit; got .*inf"):
        CATALOGUE[name].value(logits, 0)


@pytest.mark.parametrize("name", SCALAR)
def test_gradient_is_zero_at_the_optimum(name):
    loss, parameters = CATALOGUE[name], PARAMETERS.get(name, {})
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
    values = {loss.parameters[k].symbol: sp.Rational(v) for k, v in settings_for(loss).items()}
    values[loss.prediction] = sp.Rational(3, 5)
    density = loss.likelihood.subs(values)
    domain = loss.domain[loss.target]
    difference = loss.expr.subs(values) + loss.offset + sp.log(density)
    points = [0, 1] if domain in (sp.Interval(0, 1), sp.S.Naturals0) else [sp.Rational(-7, 5), 0, sp.Rational(9, 5)]
    for point in points:
        assert abs(sp.N(difference.subs(loss.target, point), 30)) < 1e-25
    mass = sp.lambdify(loss.target, functions.spelled_out(density), "mpmath")
    if domain == sp.Interval(0, 1):
        total = mass(0) + mass(1)
    elif domain == sp.S.Naturals0:
        total = mpmath.nsum(lambda k: mass(int(k)), [0, mpmath.inf])
    else:
        total = mpmath.quad(mass, [-mpmath.inf, -3, 0, mpmath.mpf(3) / 5, 3, mpmath.inf])
    assert abs(total - 1) < 1e-8


@pytest.mark.parametrize("name", CATALOGUE)
def test_shapes_scalars_and_no_warning(name):
    loss, parameters = CATALOGUE[name], PARAMETERS.get(name, {})
    target = 1
    if name in APART:
        rows = np.full((2, 3, 3), 1 / 3)
        target = rows if name == "kl_divergence" else np.array([[1, 2, 0]] * 2)
        value, gradient = loss.value_and_gradient(rows, target)
        assert value.shape == (2, 3)
        assert gradient.shape == (2, 3, 3)
    elif isinstance(loss, ClassLoss):
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
        ("poisson_nll", (0.0, 1.5), ValueError, "target: expected a whole number, 0 or more; got 1.5"),
        ("poisson_nll", (0.0, -1), ValueError, "a whole number, 0 or more; got -1.0"),
        ("cross_entropy", (3.0, 0), ValueError, r"logits: expected shape \(..., K\)"),
        ("cross_entropy", ([[1.0, 2.0]], [2]), ValueError, r"target: expected integers in 0\.\.1; got 2"),
        ("cross_entropy", ([[1.0, 2.0]], [-1]), ValueError, "got -1"),
        ("cross_entropy", ([[1.0, 2.0]], [0, 1]), ValueError, r"expected labels of shape \(1,\)"),
        ("cross_entropy", ([[1.0, 2.0]], [1.0]), ValueError, r"expected integer labels of shape \(1,\) or rows"),
        ("cross_entropy", ([[1.0, 2.0]], [[0.5, 0.6]]), ValueError, "rows that sum to 1; got a sum of 1.1"),
        ("cross_entropy", ([[1.0, 2.0]], [[1.5, -0.5]]), ValueError, "got a negative entry, -0.5"),
        ("cross_entropy", ([[1.0, np.nan]], [0]), ValueError, "logits: expected numbers; got NaN"),
        ("spherical", ([[1.0, 2.0]], [0.5]), TypeError, "expected integer labels; got dtype float64"),
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


@settings(max_examples=60, deadline=None)
@given(
    logits=st.lists(st.floats(-700, 700), min_size=2, max_size=6),
    shift=st.floats(-100, 100),
    label=st.integers(0, 1),
)
def test_losses_over_classes_do_not_see_a_shift(logits, shift, label):
    z = np.array(logits)
    for name in CLASSES:
        value, gradient = CATALOGUE[name].value_and_gradient(z, label)
        assert value >= 0
        assert abs(gradient.sum()) <= 1e-14
        moved = CATALOGUE[name].value(z + shift, label)
        # The shift itself rounds each logit, by at most 2^-53 of 800.
        assert moved == pytest.approx(value, rel=1e-11, abs=1e-11)


@settings(max_examples=60, deadline=None)
@given(z=st.floats(-700, 700), y=st.sampled_from([0, 1]))
def test_two_classes_are_one_bit(z, y):
    two = losses.cross_entropy.value_and_gradient([0.0, z], y)
    one = losses.binary_cross_entropy.value_and_gradient(z, y)
    assert two[0] == pytest.approx(one[0], rel=1e-14, abs=0)
    assert two[1][1] == pytest.approx(one[1], rel=1e-13, abs=0)


@settings(max_examples=60, deadline=None)
@given(prediction=st.floats(-30, 30), target=st.sampled_from([0.0, 1.0]))
def test_gradients_agree_with_the_stencil(prediction, target):
    for name in SCALAR:
        loss, parameters = CATALOGUE[name], PARAMETERS.get(name, {})
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


def kl_reference(p, q):
    with mpmath.workdps(DIGITS):
        p, q = [mpmath.mpf(float(v)) for v in p], [mpmath.mpf(float(v)) for v in q]
        terms = [(a * mpmath.log(a / b) if a else 0) - a + b for a, b in zip(p, q, strict=True)]
        return mpmath.fsum(terms), [1 - a / b for a, b in zip(p, q, strict=True)]


@pytest.mark.parametrize("kind", KINDS, ids=["float64", "float32"])
def test_divergence_is_accurate_near_and_far(kind):
    rng = np.random.default_rng(3)
    p = rng.dirichlet([0.7] * 4, 60)
    near = p * (1 + 10.0 ** rng.uniform(-7, -1, (60, 1)) * rng.choice([-1, 1], (60, 4)))
    tiny = np.array([[1e-300 if kind is np.float64 else 1e-30, 0.25, 0.25, 0.5]] * 60)
    for q in (near / near.sum(axis=1, keepdims=True), rng.dirichlet([0.3] * 4, 60) + 1e-12, tiny):
        q = (q / q.sum(axis=1, keepdims=True)).astype(kind)
        target = p.astype(kind)
        value, gradient = losses.kl_divergence.value_and_gradient(q, target)
        for a, b, v, g in zip(target, q, value, gradient, strict=True):
            exact, slopes = kl_reference(a, b)
            assert units(v, exact, abs(exact), kind) <= UNITS
            assert all(units(x, y, abs(y) or 1, kind) <= UNITS for x, y in zip(g, slopes, strict=True))


def test_near_equal_distributions_have_their_tiny_true_divergence():
    q, p = [0.5, 0.5], [0.5 + 2.0**-30, 0.5 - 2.0**-30]
    exact = float(kl_reference(p, q)[0])
    assert losses.kl_divergence.value(q, p) == pytest.approx(exact, rel=1e-15, abs=0)
    assert losses.kl_divergence.value([0.5, 0.5, 0.0], [0.5, 0.5, 0.0]) == 0
    assert losses.kl_divergence.value([1.0, 0.0], [0.5, 0.5]) == np.inf


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
        ("nt_xent", (np.zeros((3, 4)), [1, 0, 0]), r"similarities: expected shape \(..., M, M\)"),
        ("nt_xent", (np.zeros((3, 3)), [1, 1, 0]), "expected the index of another example"),
        ("kl_divergence", ([0.5, 0.6], [0.5, 0.5]), "prediction: expected rows that sum to 1"),
        ("kl_divergence", ([0.5, 0.5], [0.5, 0.6]), "target: expected rows that sum to 1"),
        ("info_nce", ([0.5, np.nan], 0), "similarities: expected numbers; got NaN"),
    ],
)
def test_bad_pairs_and_rows(name, arguments, message):
    with pytest.raises(ValueError, match=message):
        CATALOGUE[name].value(*arguments)
