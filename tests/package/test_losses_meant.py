"""Input that other libraries take, or that a slip makes: it is taken, or the error says what to do."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from lossnotes import losses
from lossnotes.losses import CATALOGUE, ClassLoss

RNG = np.random.default_rng(0)
ROWS = RNG.dirichlet([1.0] * 5, 4)
Z = RNG.normal(size=(4, 5))
YES = np.array([1.0, 0.0, 1.0])
SOFT = ["cross_entropy", "label_smoothing_cross_entropy", "brier", "softmax_squared_error"]

OF_DIFFERENCES = [
    name for name, loss in CATALOGUE.items()
    if not isinstance(loss, ClassLoss) and loss.domain[loss.prediction] == loss.domain[loss.target]
]  # fmt: skip


def bfloat16(rows):
    """The nearest numbers of 8 bits, which NumPy has no type for."""
    return ((rows.astype(np.float32).view(np.uint32) + 0x8000) & 0xFFFF0000).view(np.float32)


#: Ways in which rows lose their last digits before they come.
ROUNDED = {
    "float32": lambda rows: rows.astype(np.float32),
    "float32 as float64": lambda rows: rows.astype(np.float32).astype(float),
    "float16": lambda rows: rows.astype(np.float16),
    "float16 as float64": lambda rows: rows.astype(np.float16).astype(float),
    "float16 as float32": lambda rows: rows.astype(np.float16).astype(np.float32),
    "bfloat16 as float32": bfloat16,
    "bfloat16 as float64": lambda rows: bfloat16(rows).astype(float),
    "summed in float32": lambda rows: rows.astype(np.float32) / rows.astype(np.float32).sum(-1, keepdims=True),
}


@pytest.mark.parametrize("how", ROUNDED)
@pytest.mark.parametrize("classes", [2, 5, 1000])
@pytest.mark.parametrize("name", [*SOFT, "kl_divergence"])
def test_rows_may_miss_1_by_their_own_precision(name, classes, how):
    rng = np.random.default_rng(classes)
    rows = rng.dirichlet([0.5] * classes, 30) + 1e-4
    rows = ROUNDED[how](rows / rows.sum(axis=1, keepdims=True))
    prediction = rows if name == "kl_divergence" else rng.normal(size=rows.shape)
    assert np.isfinite(CATALOGUE[name].value(prediction, rows)).all()


@pytest.mark.parametrize("off", [1e-12, 1e-6, 0.02, 0.5])
@pytest.mark.parametrize("name", [*SOFT, "kl_divergence"])
def test_rows_may_not_miss_1_by_more(name, off):
    rows = np.array([0.1, 0.2, 0.7]) + np.array([0, 0, off])
    with pytest.raises(ValueError, match="target: expected rows that sum to 1"):
        CATALOGUE[name].value(np.full(3, 1 / 3), rows)
    halves = np.array([0.5, 0.5 + 2.0**-5])  # few bits excuse no row that is plainly wrong
    with pytest.raises(ValueError, match="target: expected rows that sum to 1"):
        CATALOGUE[name].value(np.full(2, 0.5), halves)


@pytest.mark.parametrize("name", SOFT)
def test_the_last_digits_of_rows_are_not_dropped(name):
    z, rows = np.array([[0.0, 1.0, 2.0]], np.float32), np.array([[0.1, 0.2, 0.7]])
    double = CATALOGUE[name].value(z.astype(float), rows)
    assert CATALOGUE[name].value(z, rows)[0] == np.float32(double[0])


@pytest.mark.parametrize(
    ("name", "prediction", "target", "advice"),
    [
        ("cross_entropy", Z, np.eye(5, dtype=int)[:4], r"target\.argmax\(-1\)"),
        ("spherical", Z, np.eye(5)[:4], r"target\.argmax\(-1\)"),
        ("cross_entropy", Z, np.eye(5, dtype=bool)[:4], r"target\.argmax\(-1\)"),
        ("spherical", Z, ROWS, "losses.cross_entropy and losses.brier take them"),
        ("cross_entropy", Z, np.array([True, False, True, True]), r"target\.astype\(int\)"),
        ("cross_entropy", Z, np.array([0.0, 1.0, 2.0, 3.0]), r"target\.astype\(int\)"),
        ("spherical", Z, np.array([0.0, 1.0, 2.0, 3.0]), r"target\.astype\(int\)"),
        ("cross_entropy", Z, np.array(["a", "b", "c", "a"]), "return_inverse"),
        ("cross_entropy", Z, np.zeros((4, 1), int), r"target\[\.\.\., 0\]"),
        ("cross_entropy", np.zeros((2, 3, 8, 9)), np.zeros((2, 8, 9), int), r"np\.moveaxis\(prediction, 1, -1\)"),
        ("cross_entropy", np.zeros((2, 3, 8)), np.zeros((2, 8), int), r"np\.moveaxis\(prediction, 1, -1\)"),
        ("cross_entropy", np.zeros((2, 3, 4)), np.full((2, 3, 4), 1 / 3), r"np\.moveaxis\(rows, 1, -1\)"),
        ("cross_entropy", np.zeros(4), np.array([0, 1, 1, 0]), "binary_cross_entropy"),
        ("cross_entropy", np.zeros((4, 1)), np.array([0, 1, 1, 0]), "binary_cross_entropy"),
        ("cross_entropy", Z, [0, -100, 2, -100], r"keep = target != -100"),
        ("cross_entropy", Z, [0, -1, 2, 3], r"keep = target != -1"),
        ("cross_entropy", Z, [0, 255, 2, 3], r"keep = target != 255"),
        ("cross_entropy", Z, [1, 2, 3, 5], "target - 1"),
        ("cross_entropy", Z, np.array([[1.0, 0, 1, 0, 0]] * 4), "binary_cross_entropy"),
        ("cross_entropy", Z, 100 * ROWS, r"Divide by rows\.sum"),
        ("kl_divergence", ROWS, np.arange(4), r"np\.eye\(5\)\[target\]"),
        ("kl_divergence", Z, ROWS, "softmax"),
        ("kl_divergence", np.log(ROWS), ROWS, r"np\.exp"),
        ("binary_cross_entropy", YES, YES > 0, r"\.astype\(float\)"),
        ("binary_cross_entropy", YES, 2 * YES - 1, r"\(target \+ 1\) / 2"),
        ("binary_cross_entropy", YES, YES + 1, "target - 1"),
        ("binary_cross_entropy", YES, [1, 0, -1], r"keep = target != -1"),
        ("binary_cross_entropy", YES, 255 * YES, "by 255"),
        ("focal", YES, 2 * YES - 1, r"\(target \+ 1\) / 2"),
        ("focal", YES, YES / 2, "binary_cross_entropy"),
        ("hinge", YES, YES, r"2 \* target - 1"),
        ("triplet", -YES, YES, "1 - similarity"),
        ("squared_error", np.zeros((3, 1)), YES, r"prediction\[\.\.\., 0\]"),
        ("squared_error", YES, np.zeros((3, 1)), r"target\[\.\.\., 0\]"),
        ("squared_error", np.zeros((3, 2)), YES, r"np\.broadcast_to\(target\[\.\.\., None\], prediction\.shape\)"),
        ("squared_error", np.zeros((2, 3)), YES, r"np\.broadcast_to\(target, prediction\.shape\)"),
        ("squared_error", np.zeros((2, 3)), np.zeros((3, 2)), "Transpose"),
        ("squared_error", np.ma.masked_array([1.0]), 0.0, "compressed"),
        ("squared_error", 1.0, None, "is a value missing"),
        ("squared_error", [Fraction(1, 3)], 1.0, "Made of Fraction: convert"),
        ("squared_error", 1j, 1.0, r"\.real"),
        ("squared_error", np.array(["2020-01-01"], "datetime64[D]"), 1.0, "np.timedelta64"),
        ("squared_error", np.zeros(2, "V2"), 1.0, r"bfloat16: \.astype\(np\.float32\)"),
        ("cross_entropy", np.arange(4), Z, "Swapped"),
        ("cross_entropy", np.arange(4), np.zeros((4, 5), int), "Swapped"),
        ("spherical", np.arange(4), Z, "Swapped"),
        ("binary_cross_entropy", YES, [2.3, -1.0, 0.4], "Swapped"),
        ("poisson_nll", [3, 0, 7], [1.1, -0.4, 2.0], "Swapped"),
    ],
)
def test_the_error_says_what_to_do(name, prediction, target, advice):
    with pytest.raises((ValueError, TypeError), match=rf"(?s)^(prediction|target): expected .*; got .*\. .*{advice}"):
        CATALOGUE[name].value(prediction, target)


def test_the_advice_of_an_error_works():
    """Each as the error above words it."""
    ignored = np.array([0, -100, 2, -100])
    keep = ignored != -100
    assert losses.cross_entropy.value(Z[keep], ignored[keep]).shape == (2,)
    images, classes = RNG.normal(size=(2, 3, 8, 9)), np.zeros((2, 8, 9), int)
    assert losses.cross_entropy.value(np.moveaxis(images, 1, -1), classes).shape == (2, 8, 9)
    assert losses.kl_divergence.value(ROWS, np.eye(5)[np.arange(4)]) == pytest.approx(-np.log(np.diag(ROWS)))
    weight, labels = np.array([1.0, 2, 3, 4, 5]), np.array([4, 0, 1, 2])
    assert (losses.cross_entropy.value(Z, labels) * weight[labels]).shape == (4,)


@pytest.mark.parametrize(
    ("name", "parameter", "advice"),
    [
        ("cross_entropy", "weight", r"\* weight.*weight\[target\]"),
        ("binary_cross_entropy", "pos_weight", r"np\.where\(y == 1, pos_weight, 1\)"),
        ("focal", "alpha", r"np\.where\(y == 1, alpha, 1 - alpha\)"),
        ("cross_entropy", "ignore_index", r"prediction\[keep\], target\[keep\]"),
        ("squared_error", "reduction", r"\.mean\(\) or \.sum\(\)"),
        ("squared_error", "size_average", r"\.mean\(\) or \.sum\(\)"),
        ("cross_entropy", "label_smoothing", r"losses\.label_smoothing_cross_entropy with epsilon"),
        ("cross_entropy", "axis", r"np\.moveaxis"),
        ("cross_entropy", "dim", r"np\.moveaxis"),
        ("cross_entropy", "from_logits", r"np\.log\(p\)"),
        ("poisson_nll", "log_input", r"np\.log\(rate\)"),
        ("gaussian_nll", "full", "drop it"),
        ("gaussian_nll", "eps", "drop it"),
        ("gaussian_nll", "var", r"sigma=np\.sqrt\(variance\)"),
        ("huber", "beta", "delta=beta"),
        ("pinball", "quantile", "called q"),
        ("pinball", "alpha", "called q"),
        ("student_t_nll", "df", "called nu"),
        ("student_t_nll", "scale", "called s"),
        ("laplace_nll", "scale", "called b"),
        ("gaussian_nll", "Sigma", "called sigma"),
        ("focal", "gama", "called gamma"),
        ("info_nce", "tau", "called temperature"),
        ("info_nce", "logit_scale", "temperature=1 / logit_scale"),
        ("label_smoothing_cross_entropy", "label_smoothing", "called epsilon"),
        ("label_smoothing_cross_entropy", "eps", "called epsilon"),
        ("cross_entropy", "smoothing", r"losses\.label_smoothing_cross_entropy with epsilon"),
        ("cross_entropy", "temperature", "prediction / temperature"),
        ("poisson_nll", "exposure", r"np\.log\(exposure\)"),
    ],
)
def test_a_keyword_of_another_library_leads_to_what_to_do_here(name, parameter, advice):
    loss, target = CATALOGUE[name], np.array([0, 1, 1, 0]) if isinstance(CATALOGUE[name], ClassLoss) else 1.0
    with pytest.raises(TypeError, match=rf"^{name}: expected the parameters .*; got {parameter}\. .*{advice}"):
        loss.value(Z if isinstance(loss, ClassLoss) else 0.5, target, **{parameter: 1})


@pytest.mark.parametrize(
    ("name", "parameters", "advice"),
    [
        ("pinball", {"q": 90}, "Divide by 100"),
        ("gaussian_nll", {"sigma": -1.3}, r"np\.exp"),
        ("gaussian_nll", {"sigma": [1.0, 2, 3]}, r"np\.broadcast_to\(parameter\[:, None\], prediction\.shape\)"),
        ("gaussian_nll", {"sigma": [[1.0], [2], [3]]}, r"np\.broadcast_to\(parameter, prediction\.shape\)"),
    ],
)
def test_a_wrong_parameter_leads_to_what_was_meant(name, parameters, advice):
    with pytest.raises(ValueError, match=advice):
        CATALOGUE[name].value(np.zeros((3, 2)), np.ones((3, 2)), **parameters)


@pytest.mark.parametrize(
    ("name", "parameter", "each"),
    [
        ("gaussian_nll", "sigma", [0.5, 3.0]),
        ("laplace_nll", "b", [0.5, 3.0]),
        ("student_t_nll", "nu", [0.5, 1e9]),
        ("huber", "delta", [0.5, 3.0]),
        ("pinball", "q", [0.1, 0.9]),
        ("focal", "gamma", [0.0, 2.0]),
        ("triplet", "margin", [0.0, 2.0]),
    ],
)
@pytest.mark.parametrize("shape", [(2,), (3, 2), (4, 3, 2), (2, 2)])
def test_a_parameter_for_each_output(name, parameter, each, shape):
    rng = np.random.default_rng(1)
    prediction, target = rng.exponential(2, shape), np.ones(shape)
    value, gradient = CATALOGUE[name].value_and_gradient(prediction, target, **{parameter: each})
    for output, one in enumerate(each):
        alone = CATALOGUE[name].value_and_gradient(prediction[..., output], target[..., output], **{parameter: one})
        np.testing.assert_array_equal(value[..., output], alone[0])
        np.testing.assert_array_equal(gradient[..., output], alone[1])


def test_a_count_may_be_a_rate():
    exposure, count, log_rate = np.array([2.0, 0.5]), np.array([3, 1]), np.array([0.3, -0.2])
    value = losses.poisson_nll.gradient(log_rate, count / exposure) * exposure
    np.testing.assert_allclose(value, exposure * np.exp(log_rate) - count)


def test_smoothing_of_labels_is_that_of_their_rows():
    rows = losses.label_smoothing_cross_entropy.value_and_gradient(Z, np.eye(5)[[0, 1, 4, 2]], epsilon=0.2)
    labels = losses.label_smoothing_cross_entropy.value_and_gradient(Z, [0, 1, 4, 2], epsilon=0.2)
    by_hand = losses.cross_entropy.value_and_gradient(Z, 0.8 * np.eye(5)[[0, 1, 4, 2]] + 0.04)
    for one, other, third in zip(rows, labels, by_hand, strict=True):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_allclose(one, third, rtol=1e-13)


@pytest.mark.parametrize(
    ("name", "arguments", "parameters", "value", "gradient"),
    [
        ("poisson_nll", (-np.inf, 0), {}, 0, 0),
        ("poisson_nll", (-np.inf, 2.5), {}, np.inf, -2.5),
        ("poisson_nll", (np.inf, 2), {}, np.inf, np.inf),
        ("poisson_nll", (1.0, np.inf), {}, np.inf, -np.inf),
        ("poisson_nll", (4863.0, 1.3e308), {}, np.inf, np.inf),
        ("focal", (np.inf, 0), {}, np.inf, 1),
        ("focal", (-np.inf, 1), {}, np.inf, -1),
        ("focal", (-np.inf, 0), {}, 0, 0),
        ("focal", (np.inf, 0), {"gamma": 0}, np.inf, 1),
        ("binary_cross_entropy", (np.inf, 0.25), {}, np.inf, 0.75),
        ("binary_cross_entropy", (np.inf, 1), {}, 0, 0),
        ("sigmoid_squared_error", (-np.inf, 1), {}, 1, 0),
        ("gaussian_nll", (1.0, np.inf), {}, np.inf, -np.inf),
        ("gaussian_nll", (1.0, 0.0), {"sigma": np.inf}, np.inf, 0),
        ("gaussian_nll", (1.4407535370068924e258, 0.0), {}, np.inf, 1.4407535370068924e258),
        ("laplace_nll", (1.1e300, 0.0), {"b": 3e-300}, np.inf, 1 / 3e-300),
        ("student_t_nll", (1.0, np.inf), {}, np.inf, 0),
        ("student_t_nll", (2.0, 0.0), {"nu": np.inf, "s": 2.0}, 0.5 + np.log(2) + np.log(2 * np.pi) / 2, 0.5),
        ("student_t_nll", (np.inf, 0.0), {"nu": np.inf}, np.inf, np.inf),
        ("student_t_nll", (np.inf, 0.0), {"nu": 1e308}, np.inf, 0),
        ("student_t_nll", (np.inf, 0.0), {"s": np.inf}, np.inf, 0),
        ("focal", (0.5, 0), {"gamma": np.inf}, 0, 0),
        ("huber", (np.inf, 0.0), {}, np.inf, 1),
        ("huber", (3.0, 0.0), {"delta": np.inf}, 4.5, 3),
        ("log_cosh", (-np.inf, 0.0), {}, np.inf, -1),
        ("pinball", (np.inf, 0.0), {"q": 0.25}, np.inf, 0.75),
        ("triplet", (np.inf, 0.0), {}, np.inf, 1),
        ("triplet", (0.0, np.inf), {}, 0, 0),
        ("hinge", (-np.inf, 1), {}, np.inf, -1),
    ],
)
def test_limits(name, arguments, parameters, value, gradient):
    got = CATALOGUE[name].value_and_gradient(*arguments, **parameters)
    assert got == pytest.approx((value, gradient), rel=1e-15)
    alone = CATALOGUE[name].value(*arguments, **parameters), CATALOGUE[name].gradient(*arguments, **parameters)
    assert alone == got


@pytest.mark.parametrize("call", ["value", "gradient", "value_and_gradient"])
@pytest.mark.parametrize("name", [*OF_DIFFERENCES, "poisson_nll"])
def test_infinity_less_infinity_is_refused(name, call):
    loss, parameters = CATALOGUE[name], {"q": 0.25} if name == "pinball" else {}
    with pytest.raises(ValueError, match="prediction: expected a value at which the loss has a limit; got inf"):
        getattr(loss, call)([0.0, np.inf], [0.0, np.inf], **parameters)


@pytest.mark.parametrize("call", ["value", "gradient", "value_and_gradient"])
@pytest.mark.parametrize(
    ("name", "arguments", "parameters", "shown"),
    [
        ("triplet", (1.0, np.inf), {"margin": np.inf}, r"got 1\.0, target inf, margin inf"),
        ("triplet", ([1.0, 2.0], [np.inf, np.inf]), {"margin": [1.0, np.inf]}, r"got 2\.0, target inf, margin inf"),
        ("focal", (np.inf, 0), {"gamma": np.inf}, "got inf, gamma inf"),
        ("focal", (-np.inf, 1), {"gamma": np.inf}, "got -inf, gamma inf"),
        ("gaussian_nll", (np.inf, 0.0), {"sigma": np.inf}, "got inf, sigma inf"),
    ],
)
def test_a_limit_that_depends_on_the_way_there_is_refused(name, arguments, parameters, shown, call):
    with pytest.raises(ValueError, match=f"prediction: expected a value at which the loss has a limit; {shown}"):
        getattr(CATALOGUE[name], call)(*arguments, **parameters)


@pytest.mark.parametrize("name", [name for name, loss in CATALOGUE.items() if not isinstance(loss, ClassLoss)])
def test_parameters_are_not_rounded_to_the_datas_type(name):
    """What single precision cannot hold: 1e-60 is 0 there, and 1 - 1e-12 is 1."""
    loss = CATALOGUE[name]
    tiny = {k: 1 - 1e-12 if k in ("q", "gamma") else 1e-60 if k != "nu" else 1e60 for k in loss.parameters}
    prediction, target = np.float32([0.0, 0.25, 2.0]), np.float32([1.0, 1.0, 1.0])
    single = loss.value_and_gradient(prediction, target, **tiny)
    double = loss.value_and_gradient(prediction.astype(float), target.astype(float), **tiny)
    with np.errstate(over="ignore"):
        for one, other in zip(single, double, strict=True):
            np.testing.assert_array_equal(one, other.astype(np.float32))


def test_a_value_takes_no_gradient(monkeypatch):
    """Where only the value is asked for, no kernel is given a place for slopes."""
    given = []

    def kernel(logits, targets, out=None, **_):
        given.append(out)
        return np.zeros(len(logits))

    loss = CATALOGUE["cross_entropy"]
    monkeypatch.setitem(loss.__dict__, "labels", kernel)
    loss.value(Z, [0, 1, 2, 3])
    loss.gradient(Z, [0, 1, 2, 3])
    assert given[0] is None
    assert given[1].shape == Z.shape


def test_hostile_names_are_shown_not_run():
    hostile = "<img src=x onerror=alert(1)>"
    a, b, scale = (sp.Symbol(f"{hostile}{n}", real=True) for n in range(3))
    shown = losses.Loss(
        name=hostile,
        expr=(a - b) ** 2 * scale,
        prediction=a,
        target=b,
        domain={a: sp.Reals, b: sp.Reals},
        reference=hostile,
        parameters={hostile: losses.Parameter(scale, 1.0)},
    )._repr_html_()
    assert "<img" not in shown
    assert shown.count("&lt;img") > 2
