"""Formulas are read alike by Python and the page, judged alike, and never run as code."""

import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from lossnotes import exercise
from lossnotes.exercises import judge as judge_module
from lossnotes.exercises import parse as parse_module
from lossnotes.exercises import tree as tree_module
from lossnotes.exercises.declare import Choice, Formula, Number
from lossnotes.exercises.judge import judge, shown
from lossnotes.exercises.parse import FormulaError, parse
from lossnotes.exercises.rounding import float_doubts
from lossnotes.exercises.tree import float_values, in_sympy, names_in, value, written
from lossnotes.functions import sigmoid, softplus
from lossnotes.printing import digits

p, y, z, stray = sp.symbols("p y z stray", real=True)
y_hat = sp.Symbol(r"\hat{y}", real=True)
NAMES = {"p": "p", "y": "y", "z": "z", "ŷ": "ŷ", "yhat": "ŷ", "y_hat": "ŷ", "w1": "w1", "rate": "rate"}
w1, rate = sp.symbols("w1 rate", real=True)
SYMBOLS = {"p": p, "y": y, "z": z, "ŷ": y_hat, "w1": w1, "rate": rate}
#: Where formulas are compared.
PLACES = [
    dict(zip(SYMBOLS.values(), map(sp.Rational, row), strict=True))
    for row in (("1/4", "1/2", "9/8", "3/4", "-7/4", "1/8"), ("7/8", "1/8", "5/2", "-5/4", "3/2", "11/4"))
]

#: What a reader may type → what it means.
GOOD = {
    "p - y": p - y,
    "p−y": p - y,
    "p – y": p - y,
    "-p": -p,
    "+p": p,
    "--p": p,
    "2p(1-p)": 2 * p * (1 - p),
    "2 z": 2 * z,
    "2z y": 2 * z * y,
    "p(1-p)(p-y)": p * (1 - p) * (p - y),
    "(p)(y)": p * y,
    "2·p⋅y×z∙2": 4 * p * y * z,
    "2*p": 2 * p,
    "-z^2": -(z**2),
    "-z**2": -(z**2),
    "(-z)^2": z**2,
    "2^-z": 2**-z,
    "2^-z^2": 2 ** -(z**2),
    "2^z^2": 2 ** (z**2),
    "(2^z)^2": 4**z,
    "2**3**2": sp.Integer(512),
    "z²": z**2,
    "2z²y": 2 * z**2 * y,
    "z⁻¹": 1 / z,
    "z^2y": z**2 * y,
    "z^(2y)": z ** (2 * y),
    "1/2 z": z / 2,
    "1/2(p-y)^2": (p - y) ** 2 / 2,
    "½(p-y)²": (p - y) ** 2 / 2,
    "(p — y)½": (p - y) / 2,
    "1/(2z)": 1 / (2 * z),
    "p/y/z": p / y / z,
    "p/(y/z)": p * z / y,
    "p ÷ y": p / y,
    "p∕y": p / y,
    "p - y - z": p - y - z,
    "p - (y - z)": p - y + z,
    "2 - -p": 2 + p,
    "2*-p": -2 * p,
    "p/-y": -p / y,
    "sigma(z)": sigmoid(z),
    "σ(z)": sigmoid(z),
    "sigmoid(-z)": sigmoid(-z),
    "σ(z)(1-σ(z))": sigmoid(z) * (1 - sigmoid(z)),
    "σ(z)^2": sigmoid(z) ** 2,
    "softplus(z) - y z": softplus(z) - y * z,
    "softplus(-40z)": softplus(-40 * z),
    "-y log(p) - (1-y) log(1-p)": -y * sp.log(p) - (1 - y) * sp.log(1 - p),
    "-y log p - (1-y)ln(1-p)": -y * sp.log(p) - (1 - y) * sp.log(1 - p),
    "ln 2": sp.log(2),
    "e": sp.E,
    "e^z": sp.exp(z),
    "e^-z": sp.exp(-z),
    "e^(40z)": sp.exp(40 * z),
    "2e^z": 2 * sp.exp(z),
    "1/(1+e^-z)": 1 / (1 + sp.exp(-z)),
    "exp(-z^2/2)/sqrt(2pi)": sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi),
    "exp(z)exp(y)": sp.exp(z + y),
    "√(2π)": sp.sqrt(2 * sp.pi),
    "√2·z": sp.sqrt(2) * z,
    "tanh(z/2)": sp.tanh(z / 2),
    "abs(y-z)": sp.Abs(y - z),
    "|y-z|": sp.Abs(y - z),
    "2|y|z": 2 * sp.Abs(y) * z,
    "|y||z|": sp.Abs(y) * sp.Abs(z),
    "|y(|z|-2)|": sp.Abs(y * (sp.Abs(z) - 2)),
    "||z|-2|": sp.Abs(sp.Abs(z) - 2),
    "sign(y-z)": sp.sign(y - z),
    "sin(z)cos(z)": sp.sin(z) * sp.cos(z),
    "sin(z)^2+cos(z)^2": sp.sin(z) ** 2 + sp.cos(z) ** 2,
    "yhat - y": y_hat - y,
    "ŷ-y": y_hat - y,
    "y\u0302-y": y_hat - y,
    "y_hat^2": y_hat**2,
    "w1 z": w1 * z,
    "w1z": w1 * z,
    "yz": y * z,
    "2yzp": 2 * y * z * p,
    "rate z": rate * z,
    ".5z": z / 2,
    "1.": sp.Integer(1),
    "2e-3": sp.Rational(2, 1000),
    "2e−3z": z / 500,
    "1.5E2": sp.Integer(150),
    "[p - y][p + y]": p**2 - y**2,
    "  p\u00a0-\ty\n": p - y,
}
VOCABULARY = (
    "one of the names p, y, z, ŷ (yhat or y_hat), w1, rate, or a function (exp, ln, sqrt, abs, sigma, softplus, "
)
#: What is no formula → what the reader is told.
BAD = {
    "": "expected a formula; got nothing",
    "   ": "expected a formula; got nothing",
    "p -": "place 4: expected a number, a name or an opening bracket; got the end",
    "* p": "place 1: expected a number, a name or an opening bracket; got “*”",
    "p * / y": "place 5: expected a number, a name or an opening bracket; got “/”",
    "(p - y": "place 7: expected a closing bracket; got the end",
    "p - y)": "place 6: expected an operator or the end; got “)”",
    "(p - y|": "place 8: expected a number, a name or an opening bracket; got the end",
    "|(p - y|": "place 9: expected a number, a name or an opening bracket; got the end",
    "|p - y)": "place 7: expected a closing bar; got “)”",
    "√2z": "place 3: expected brackets around the argument of “√”; got “z”",
    "()": "place 2: expected a number, a name or an opening bracket; got “)”",
    "|p": "place 3: expected a closing bar; got the end",
    "||": "place 3: expected a number, a name or an opening bracket; got the end",
    "p^": "place 3: expected a number, a name or an opening bracket; got the end",
    "p^^2": "place 3: expected a number, a name or an opening bracket; got “^”",
    "p²^2": "place 3: expected an operator or the end; got “^”",
    "p⁻": "place 2: expected a raised whole number; got “⁻”",
    "²": "place 1: expected a number, a name or an opening bracket; got “2”",
    "2 3": "place 3: expected an operator or the end; got “3”",
    "(p)2": "place 4: expected an operator or the end; got “2”",
    "1.2.3": "place 4: expected an operator or the end; got “.3”",
    "x": f"place 1: expected {VOCABULARY}",
    "p + q": f"place 5: expected {VOCABULARY}",
    "Log(p)": f"place 1: expected {VOCABULARY}",
    "pqy": f"place 1: expected {VOCABULARY}",
    "log": "place 4: expected an opening bracket after “log”; got the end",
    "log -p": "place 5: expected an opening bracket after “log”; got “-”",
    "log 2p": "place 6: expected brackets around the argument of “log”; got “p”",
    "ln p^2": "place 5: expected brackets around the argument of “ln”; got “^”",
    "sin²(z)": "place 4: expected an opening bracket after “sin”; got “2”",
    "log(p, 2)": "place 6: expected a number, a name or an opening bracket, or an operator; got “,”. Decimals have a",
    "0,5": "place 2: expected a number, a name or an opening bracket, or an operator; got “,”. Decimals have a point",
    "L = p": "place 1",
    "p = y": "Leave out the left side",
    "\\sigma(z)": "place 1: expected a number, a name or an opening bracket, or an operator; got “\\”. Write sigma(z)",
    "e^{z}": "Use round brackets",
    "50%": "place 3: expected a number, a name or an opening bracket, or an operator; got “%”. Divide by 100",
    "1½": "place 2: expected + or * before a fraction; got “½”",
    "p^2 ½": "place 5: expected + or * before a fraction; got “½”",
    "p!": "place 2",
    "p\u0000": "place 2: expected a number, a name or an opening bracket, or an operator; got “U+0000”",
    "𝑝": "place 1",
    "p 😀": "place 3: expected a number, a name or an opening bracket, or an operator; got “😀”",
    "1e999": "place 1: expected a number that fits 64 bits; got “1e999”",
    "1e-999999999": "place 1: expected a number that fits 64 bits",
    "p" * 501: "expected at most 500 characters; got more",
    "😀" * 501: "expected at most 500 characters; got more",
    "z" * 100: f"place 1: expected {VOCABULARY}",
    "(" * 100 + "p" + ")" * 100: "place 41: expected at most 40 levels; got more",
    "-" * 100 + "p": "expected at most 40 levels; got more",
    "^".join("p" * 60): "expected at most 40 levels; got more",
    "sin(" * 60: "expected at most 40 levels; got more",
    "|(" * 60: "expected at most 40 levels; got more",
    "<script>alert(1)</script>": "place 1: expected a number, a name or an opening bracket, or an operator; got “<”",
    "__import__('os')": "place 1",
    "().__class__": "place 3",
    "p.__class__": "place 2",
    "p if y else z": "place 3",
    "lambda: 0": "place 1",
    "constructor": f"place 1: expected {VOCABULARY}",
    "__proto__": "place 1",
    "toString()": f"place 1: expected {VOCABULARY}",
    "alert(1)": f"place 1: expected {VOCABULARY}",
    "p;y": "place 2",
    "`p`": "place 1",
    "z(\u202e": "place 3: expected a number, a name or an opening bracket, or an operator; got “U+202E”",
}


def meaning(text):
    return value(parse(text, NAMES), in_sympy(SYMBOLS))


@pytest.mark.parametrize("text", GOOD)
def test_formula_means_what_the_field_means(text):
    for place in PLACES:
        assert digits(meaning(text), place) == pytest.approx(digits(GOOD[text], place), rel=1e-40)


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_read_is_named_with_its_place(text):
    with pytest.raises(FormulaError, match=re.escape(BAD[text])):
        parse(text, NAMES)


@pytest.mark.parametrize("hostile", ["(" * 100_000 + ")" * 100_000, "p" * 10_000_000, "9^" * 5_000_000, "<b>" * 1000])
def test_long_texts_are_refused_at_once(hostile):
    with pytest.raises(FormulaError, match="at most 500 characters"):
        parse(hostile, NAMES)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2p(1-p)", "2·p·(1 − p)"),
        ("1/2z", "(1/2)·z"),
        ("p/y/z", "(p/y)/z"),
        ("-z**2", "−z^2"),
        ("(-z)^2", "(−z)^2"),
        ("2^-z^2", "2^(−z^2)"),
        ("2*-p", "2·(−p)"),
        ("p - -y", "p − (−y)"),
        ("((p))", "p"),
        ("p-(y-z)", "p − (y − z)"),
        ("log yhat", "ln(ŷ)"),
        ("|y_hat|", "abs(ŷ)"),
        ("sqrt(2pi)", "√(2·π)"),
        ("yz²", "y·z^2"),
    ],
)
def test_formula_is_read_back(text, read):
    assert written(parse(text, NAMES)) == read


# --- round trip -------------------------------------------------------------------

LEAVES = st.sampled_from(["p", "y", "z", "ŷ", "2", "0.5", "3", "½", "e"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*/"), inner, inner),
        st.tuples(st.just("^"), inner, st.sampled_from(["2", "3", "z", ("neg", "2")])),
        st.tuples(st.just("neg"), inner),
        st.tuples(st.sampled_from(["exp", "sin", "sigma", "tanh", "abs"]), inner),
    ),
    max_leaves=12,
)
_LEAF = {"ŷ": y_hat, "p": p, "y": y, "z": z, "½": sp.Rational(1, 2), "e": sp.E}
_CALLS = {"exp": sp.exp, "sin": sp.sin, "sigma": sigmoid, "tanh": sp.tanh, "abs": sp.Abs}


def as_text(tree):
    """With a bracket around everything: precedence plays no part."""
    match tree:
        case str():
            return tree
        case ("neg", inner):
            return f"(-{as_text(inner)})"
        case (operator, left, right):
            return f"({as_text(left)} {operator} {as_text(right)})"
        case (function, inner):
            return f"{function}({as_text(inner)})"


def at_place(tree, place):
    """The tree's value in floats, by its own definition."""
    match tree:
        case str():
            return complex(place[_LEAF[tree]] if _LEAF.get(tree) in place else _LEAF.get(tree, tree))
        case ("neg", inner):
            return -at_place(inner, place)
        case ("^", base, exponent):
            return at_place(base, place) ** at_place(exponent, place)
        case (operator, left, right) if operator in "+-*/":
            a, b = at_place(left, place), at_place(right, place)
            return {"+": a + b, "-": a - b, "*": a * b}.get(operator) if operator != "/" else a / b
        case (function, inner):
            return complex(_CALLS[function](sp.sympify(at_place(inner, place))).evalf())


def of_places(node):
    """The values that the parser's tree has, NaN where it has none."""
    names = {name: np.array([float(place[symbol]) for place in PLACES]) for name, symbol in SYMBOLS.items()}
    return np.broadcast_to(float_values(node, names), len(PLACES))


@settings(deadline=None, max_examples=200)
@given(TREES)
def test_random_formulas_are_read_as_they_were_meant(tree):
    for place, ours in zip(PLACES, of_places(parse(as_text(tree), NAMES)), strict=True):
        try:
            theirs = at_place(tree, place)
        except (ZeroDivisionError, OverflowError, TypeError):
            continue
        if np.isfinite(ours) and abs(theirs) < 1e100:
            # Sums of terms that nearly cancel keep fewer digits.
            assert ours == pytest.approx(theirs.real, rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=300)
@given(TREES)
def test_what_is_read_back_reads_the_same(tree):
    node = parse(as_text(tree), NAMES)
    again = parse(written(node), NAMES)
    assert written(again) == written(node)
    np.testing.assert_array_equal(of_places(again), of_places(node))
    assert names_in(again) == names_in(node)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="pyzŷ2.0e^*/+-−()|[] ²⁻½√,logexpσ<'_\\\u0302", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        node = parse(text, NAMES)
    except FormulaError:
        return
    assert written(parse(written(node), NAMES)) == written(node)


# --- verdicts in Python ------------------------------------------------------------

HALF = Formula(y_hat - y, {2 * (y_hat - y): "no ½", y - y_hat: "sign"}, {y_hat: (-2, 2), y: (-2, 2)})
CROSS = Formula(softplus(z) - y * z, {}, {z: (-4, 4), y: (0, 1)})
WIDE = Formula(softplus(z) - y * z, {z - y * z: "far out"}, {z: (-40, 40), y: (0, 1)})
FLAT = Formula(sigmoid(z) * sigmoid(-z), {sigmoid(z) ** 2: "square"}, {z: (-40, 40)})
PUSH = Formula(2 * p * (1 - p), {p * (1 - p): "half"}, {p: (0, 1)})
LOG2 = Number(float(sp.log(2)), {1.0: "bits"}, 1e-3)
MANY = Number(22134.0, {}, 1e-3)
ZERO = Number(0.0, {}, 1e-3)
NOISE = Choice("Gauss", ("Laplace", "Gauss", "<b>none</b>"), {"Laplace": "too pointed"})

#: Answer, what is typed, verdict, and what it says.
VERDICTS = [
    (HALF, "ŷ - y", "right", ""),
    (HALF, "-(y - yhat)", "right", ""),
    (HALF, "(ŷ² - y²)/(ŷ + y)", "right", ""),
    (HALF, "2(ŷ - y)", "wrong", "At ŷ = −0.49, y = 0.81 yours gives −2.6, the answer −1.3."),
    (HALF, "y - ŷ", "wrong", "At ŷ = −0.49, y = 0.81 yours gives 1.3, the answer −1.3."),
    (HALF, "log(ŷ - y - 5)", "wrong", "At ŷ = 1.87, y = 1.85 yours has no finite value; the answer is 0.02."),
    (HALF, "ŷ", "wrong", "At ŷ = 1.87, y = 1.85 yours gives 1.87, the answer 0.02."),
    (HALF, "ŷ - 1.00001y", "wrong", "yours gives"),
    (HALF, "1/0", "wrong", "no finite value"),
    (HALF, "9^9^9^9", "wrong", "no finite value"),
    (HALF, "ŷ - y + 1/9^9^9^9", "right", "at 32 points"),
    (HALF, "ŷ - y + 1/exp(exp(exp(exp(9))))", "right", "at 32 points"),
    (HALF, "(ŷ - y)^(9^9^0)^9/(ŷ-y)^8", "wrong", ""),
    (HALF, "z", "unreadable", "Place 1: expected one of the names ŷ (yhat or y_hat), y"),
    (HALF, "a" * 600, "unreadable", "Expected at most 500 characters; got more."),
    (CROSS, "log(1 + e^z) - yz", "right", ""),
    (CROSS, "-y log(σ(z)) - (1-y) log(1-σ(z))", "right", ""),
    (CROSS, "log(1 + e^z) + yz", "wrong", "At z = "),
    # Far out nothing is left of 1 − σ(z): a right formula is infinite there, or off by a third.
    (WIDE, "-y ln(σ(z)) - (1-y) ln(1-σ(z))", "right", ""),
    (WIDE, "-y ln(1/(1+e^-z)) - (1-y) ln(1 - 1/(1+e^-z))", "right", ""),
    (WIDE, "ln(1+e^z) - yz", "right", ""),
    (WIDE, "ln(1+e^-z) + (1-y)z", "right", ""),
    (WIDE, "½z + ln(e^(z/2) + e^(-z/2)) - yz", "right", ""),
    (WIDE, "-y ln(σ(z)) + (1-y) ln(1-σ(z))", "wrong", "yours gives"),
    (WIDE, "-y ln(σ(z)) - (1-y) ln(1+σ(z))", "wrong", "yours gives"),
    (WIDE, "-(1-y) ln(1-σ(z))", "wrong", "yours gives"),
    (WIDE, "softplus(z) - yz + 1e-20exp(z)", "wrong", "yours gives"),
    (WIDE, "z - yz", "wrong", "yours gives"),
    (WIDE, "ln(-1-z²)", "wrong", "no finite value"),
    (WIDE, "softplus(z) - yz + 1e20 - 1e20", "unreadable", "Rounding leaves too few digits of it"),
    (FLAT, "σ(z)(1-σ(z))", "right", ""),
    (FLAT, "(1 - tanh(z/2)²)/4", "right", ""),
    (FLAT, "e^-z/(1+e^-z)²", "right", ""),
    (FLAT, "σ(z)(1+σ(z))", "wrong", "yours gives"),
    (FLAT, "σ(z)²", "wrong", "yours gives"),
    (PUSH, "2p - 2p²", "right", ""),
    (PUSH, "½ - 2(p - ½)²", "right", ""),
    (PUSH, "p(1-p)", "wrong", "At p = "),
    (LOG2, "0.693", "right", ""),
    (LOG2, "ln 2", "right", ""),
    (LOG2, "-log(1/2)", "right", ""),
    (LOG2, "0.69", "wrong", "Close: give it to more digits."),
    (LOG2, "-0.693", "wrong", "−0.693 has the wrong sign."),
    (LOG2, "1", "wrong", "1 is too large."),
    (LOG2, "0.3010299957", "wrong", "0.30103 is too small."),
    (LOG2, "1/0", "wrong", "Yours has no finite value."),
    (LOG2, "0,69", "unreadable", "Decimals have a point"),
    (LOG2, "p", "unreadable", "Place 1: expected a number or a function"),
    (MANY, "22150", "right", ""),
    (MANY, "22157", "wrong", "Close"),
    (ZERO, "0.0005", "right", ""),
    (ZERO, "0.005", "wrong", "Close"),
    (ZERO, "-1", "wrong", "−1 is too small."),
    (NOISE, "Gauss", "right", ""),
    (NOISE, "Laplace", "wrong", ""),
    (NOISE, "<b>none</b>", "wrong", ""),
    (NOISE, "Cauchy", "unreadable", "Expected one of the choices; got none of them."),
]


@pytest.mark.parametrize(
    ("answer", "typed", "status", "says"), VERDICTS, ids=lambda v: v[:40] if isinstance(v, str) else type(v).__name__
)
def test_verdict(answer, typed, status, says):
    verdict = judge(answer, typed)
    assert verdict.status == status
    assert says in verdict.text


def test_replies_of_wrong_answers():
    assert judge(HALF, "2ŷ - 2y").reply == 0
    assert judge(HALF, "y - ŷ").reply == 1
    assert judge(HALF, "ŷ + y").reply == -1
    assert judge(LOG2, "1.0001").reply == 0
    assert judge(NOISE, "Laplace").reply == 0
    assert judge(NOISE, "<b>none</b>").reply == -1


def test_python_sees_a_difference_that_64_bits_do_not():
    verdict = judge(HALF, "ŷ - y + 1e-14")
    assert verdict.status == "wrong"
    ours, theirs = re.search(r"yours gives (\S+), the answer (\S+)\.", verdict.text).groups()
    assert ours != theirs


def test_what_sympy_proves_is_said_to_be_proved():
    assert judge(PUSH, "2p - 2p²").text == "SymPy proves it."
    assert judge(HALF, "(ŷ - y)cos(0)").text == "SymPy proves it."


def test_points_are_short_inside_the_domain_and_the_same_each_time():
    formula = Formula(sp.log(p) * y, {}, {p: (0, 1), y: (1000, 1001)})
    assert len(formula.points) >= 24
    assert np.all((formula.points[:, 0] > 0) & (formula.points[:, 0] < 1))
    assert np.all((formula.points[:, 1] > 1000) & (formula.points[:, 1] < 1001))
    assert max(len(repr(x)) for x in formula.points.flatten().tolist()) <= 7
    np.testing.assert_array_equal(formula.points, Formula(sp.log(p) * y, {}, {p: (0, 1), y: (1000, 1001)}).points)


def test_points_at_which_the_answer_loses_its_digits_are_not_used():
    naive = -y * sp.log(1 / (1 + sp.exp(-z))) - (1 - y) * sp.log(1 - 1 / (1 + sp.exp(-z)))
    formula = Formula(naive, {}, {z: (-40, 40), y: (0, 1)})
    assert len(formula.points) >= 24
    assert np.all(formula.points[:, 0] < 25)
    assert judge(formula, "softplus(z) - yz").status == "right"
    with pytest.raises(ValueError, match=r"which 64-bit arithmetic computes to nine digits; .* Narrow the domain"):
        Formula(naive, {}, {z: (30, 40), y: (0, 1)})


def test_exact_numbers_are_ends_of_a_domain():
    formula = Formula(sp.sin(z), {}, {z: (-sp.pi, sp.pi / 2)})
    assert judge(formula, "sin(z)").status == "right"
    for end in (sp.zoo, sp.I, sp.nan, "1", z):
        with pytest.raises(ValueError, match="domain of z: expected a finite real number"):
            Formula(sp.sin(z), {}, {z: (0, end)})


def test_points_without_a_value_are_not_used():
    formula = Formula(sp.sqrt(z), {}, {z: (-4, 4)})
    assert np.all(formula.points > 0)
    assert judge(formula, "√z").status == "right"


# --- declarations that cannot work --------------------------------------------------


def gradient(**changes):
    given = {"question": "Derive.", "answer": p - y, "domain": {p: (0, 1), y: (0, 1)}}
    given |= changes
    return exercise(given.pop("question"), **given)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"question": " "}, ValueError, "question: expected words"),
        ({"answer": None}, TypeError, "answer: expected a number, a SymPy expression or one of choices; got None"),
        ({"answer": True}, TypeError, "answer: expected a number"),
        ({"answer": [1]}, TypeError, r"answer: .* got \[1\] \(list\)"),
        ({"answer": float("nan"), "domain": None}, ValueError, "answer: expected a finite real number; got nan"),
        ({"answer": sp.I, "domain": None}, ValueError, "answer: expected a finite real number; got I"),
        ({"domain": None}, ValueError, "domain: expected an interval for each symbol; got none for p, y"),
        ({"domain": {p: (0, 1)}}, ValueError, r"got none for y \(answer\)"),
        ({"domain": {p: (1, 0), y: (0, 1)}}, ValueError, "domain of p: expected finite low < high; got 1 and 0"),
        ({"domain": {p: (0, sp.oo), y: (0, 1)}}, ValueError, "domain of p: expected a finite real number; got oo"),
        ({"domain": {"p": (0, 1), y: (0, 1)}}, TypeError, "domain: expected symbols; got 'p'"),
        ({"answer": sp.gamma(p + y)}, ValueError, "answer: .* got gamma in"),
        ({"answer": sp.loggamma(p + y)}, ValueError, "answer: .* got loggamma in .* lngamma"),
        ({"answer": sp.Piecewise((p, y > 0))}, ValueError, "answer: .* expected a Piecewise with a default"),
        ({"answer": sp.Piecewise((sp.nan, y > 2), (p, True))}, ValueError, "got nan in"),
        ({"answer": sp.Integral(p * y, p)}, ValueError, "answer: expression: expected it evaluated"),
        ({"answer": sp.I * p}, ValueError, "answer: expected real functions; got I"),
        (
            {"answer": sp.log(-p - y)},
            ValueError,
            r"answer: expected finite values all over the domain, .* got 0 in 400 points",
        ),
        ({"replies": {p - y: "no"}}, ValueError, "replies: expected wrong answers; got p - y, which equals the answer"),
        ({"replies": {-(y - p) * 1: "no"}}, ValueError, "which equals the answer"),
        ({"replies": {p - stray: "no"}}, ValueError, r"got none for stray \(replies\)"),
        ({"replies": {sp.gamma(p): "no"}}, ValueError, "replies: .* got gamma in"),
        ({"replies": {"p": "no"}}, TypeError, "replies: expected SymPy expressions; got 'p'"),
        ({"replies": {p: " "}}, ValueError, r"replies\[p\]: expected words"),
        ({"names": {stray: ["s"]}}, ValueError, "names: expected symbols of the domain; got stray"),
        ({"names": {p: ["2p"]}}, ValueError, "names of p: expected words of letters"),
        ({"names": {p: []}, "domain": {p: (0, 1), y: (0, 1), sp.Symbol("a b"): (0, 1)}}, ValueError, "names of a b"),
        ({"names": {p: "y"}}, ValueError, "expected one symbol for each name; got two for y"),
        ({"choices": ["p", "y"]}, ValueError, "choices: expected none where the answer is a formula"),
        ({"tolerance": 0.1}, ValueError, "tolerance: expected none where the answer is a formula"),
        ({"answer": 2}, ValueError, "domain: expected none where the answer is a number"),
        ({"answer": 2, "domain": None, "tolerance": 0}, ValueError, "tolerance: expected a part of the answer"),
        (
            {"answer": 2, "domain": None, "replies": {2.001: "no"}},
            ValueError,
            "replies: expected wrong answers; got 2.0",
        ),
        ({"answer": 2, "domain": None, "replies": {"3": "no"}}, TypeError, "replies: expected a number; got '3'"),
        ({"answer": "p", "domain": None}, ValueError, "choices: expected them where the answer is a text; got none"),
        ({"answer": "p", "domain": None, "choices": ["y", "z"]}, ValueError, "answer: expected one of the choices"),
        ({"answer": "p", "domain": None, "choices": ["p"]}, ValueError, "choices: expected two or more different"),
        ({"answer": "p", "domain": None, "choices": ["p", "p", "y"]}, ValueError, "two or more different"),
        ({"answer": "p", "domain": None, "choices": ["p", " "]}, ValueError, r"choices\[1\]: expected words"),
        (
            {"answer": "p", "domain": None, "choices": ["p", "y"], "replies": {"p": "no"}},
            ValueError,
            "replies: expected wrong ones of the choices 'p', 'y'; got 'p'",
        ),
        ({"solution": 7}, TypeError, "solution: expected text or an expression; got int"),
    ],
)
def test_faulty_declaration(changes, error, message):
    with pytest.raises(error, match=message):
        gradient(**changes)


# --- the output ---------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.tags, self.ids, self.handlers = [], [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


HOSTILE = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(1)>"


def html_of(*questions):
    return "".join(question._repr_mimebundle_()[0]["text/html"] for question in questions)


def test_hostile_words_are_shown_not_run():
    question = exercise(
        HOSTILE,
        answer=HOSTILE,
        choices=[HOSTILE, "$" + HOSTILE + "$"],
        replies={"$" + HOSTILE + "$": HOSTILE},
        hint=HOSTILE,
        solution=HOSTILE,
        identifier=HOSTILE,
    )
    page = Tags(html_of(question))
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not page.handlers


def test_hostile_answers_are_answered_in_text():
    question = gradient()
    for typed in (HOSTILE, "__import__('os').system('true')", "().__class__", "p" * 10_000_000, "(" * 100_000):
        question.answered = typed
        assert question.verdict["status"] == "unreadable"
        assert len(json.dumps(question.verdict)) < 3000


def test_nothing_is_evaluated_from_strings():
    script = gradient()._esm
    for word in ("eval(", "Function(", 'setTimeout("', "document.write", "insertAdjacentHTML", "import("):
        assert word not in script
    # The markup that Python wrote; nothing else becomes HTML.
    assert re.findall(r".*innerHTML.*", script) == ['el.innerHTML = model.get("markup");']
    for source in (Path(module.__file__).read_text() for module in (parse_module, tree_module, judge_module)):
        assert not re.search(r"\b(eval|exec|sympify|parse_expr|lambdify)\(", source)


def test_ids_on_a_page_differ():
    same = "What is the derivative of the loss in its argument"
    questions = [gradient(question=f"{same} {n}?", hint="h") for n in range(3)]
    questions.append(gradient(question=f"{same} 1?", answer=y - p))
    ids = Tags(html_of(*questions)).ids
    assert len(ids) == len(set(ids)) == 8


def test_output_is_the_same_in_every_build_and_small():
    first, second = (html_of(gradient(solution=p - y)) for _ in range(2))
    assert first == second
    assert len(first.encode()) < 40_000
    assert not re.findall(r"https?://", first)


def test_output_carries_widget_page_and_text():
    data, _ = exercise("Which?", answer="one", choices=["one", "two"])._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert data["text/plain"] == "Which?\n- one\n- two"


def test_words_carry_math_and_dollars():
    page = html_of(gradient(question=r"What costs \$3 and $a<b$?" + "\n\nSay it.", solution=p / y))
    assert r"\(a&lt;b\)" in page
    assert re.search(r"costs <span class=\"tex2jax_ignore mathjax_ignore\">\$</span>3", page)
    assert "<p>Say it.</p>" in page
    assert r"\[\frac{p}{y}\]" in page


def test_verdict_is_a_trait_that_python_watches():
    question, seen = gradient(), []
    question.observe(lambda change: seen.append(change["new"].get("status", "")), names="verdict")
    for answered in ("p - y", "p + y", "p +", ""):
        question.answered = answered
    assert seen == ["right", "wrong", "unreadable", ""]


def test_a_name_of_the_exercise_beats_a_function_and_a_constant():
    sigma, e = sp.symbols("sigma e", positive=True)
    question = exercise("?", answer=sigma * e, domain={sigma: (1, 2), e: (1, 2)})
    question.answered = "σe"
    assert question.verdict["status"] == "right"
    assert question.verdict["read"] == "σ·e"


# --- the page's script beside Python --------------------------------------------------

ASK = exercise(
    "?",
    answer=y_hat - y,
    domain=dict.fromkeys((p, y, z, y_hat, w1, rate), (-2, 2)),
    names={y_hat: ("ŷ", "yhat", "y_hat"), w1: "w1"},
)


def run(page, question, code):
    """Run code where the names of the exercise's script are known."""
    script = question._esm.replace("export default { render };", "")
    return page.evaluate(f"(() => {{ {script}\nreturn {code}; }})()")


@pytest.fixture
def empty(browser_page):
    return browser_page("data:text/html,<title>empty</title>")


def read_by_script(page, texts):
    places = [{name: float(place[symbol]) for name, symbol in SYMBOLS.items()} for place in PLACES]
    body = """((texts, places) => texts.map((text) => {
        try {
            const node = parse(text);
            return { read: written(node), values: places.map((place) => String(value(node, place))) };
        } catch (error) { return { error: error.message, kind: error.constructor.name }; }
    }))"""
    return run(page, ASK, f"{body}({json.dumps(texts)}, {json.dumps(places)})")


def test_script_reads_good_formulas_as_sympy_does(empty):
    for text, found in zip(GOOD, read_by_script(empty, list(GOOD)), strict=True):
        assert found.get("read") == written(parse(text, NAMES)), (text, found)
        for place, ours in zip(PLACES, found["values"], strict=True):
            assert float(ours) == pytest.approx(float(digits(GOOD[text], place)), rel=1e-12), text


def test_script_refuses_bad_formulas_in_the_same_words(empty):
    assert len(GOOD) + len(BAD) > 130
    for text, found in zip(BAD, read_by_script(empty, list(BAD)), strict=True):
        with pytest.raises(FormulaError) as refused:
            parse(text, NAMES)
        assert found == {"error": str(refused.value), "kind": "FormulaError"}


def parsed(text):
    """The tree and no error, or no tree and the error."""
    try:
        return parse(text, NAMES), ""
    except FormulaError as error:
        return None, str(error)


def random_tree(rng, depth):
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(["p", "y", "z", "ŷ", "2", "0.5", "½", "e", "w1"])
    kind = rng.choice("++--**//^nf")
    if kind == "n":
        return f"-{random_tree(rng, depth - 1)}"
    if kind == "f":
        return f"{rng.choice(['exp', 'σ', 'ln', 'abs', '√', 'tanh', 'softplus'])}({random_tree(rng, depth - 1)})"
    left, right = random_tree(rng, depth - 1), random_tree(rng, depth - 1)
    # Without brackets half the time: precedence is what is compared.
    return rng.choice(["{}{}{}", "({} {} {})"]).format(left, kind, right)


def test_script_and_python_read_a_thousand_random_formulas_alike(empty):
    rng = random.Random(5)
    texts = [text for text in (random_tree(rng, 5) for _ in range(1000)) if len(text) < 400]
    refused = 0
    for text, found in zip(texts, read_by_script(empty, texts), strict=True):
        node, error = parsed(text)
        assert found.get("error", "") == error
        refused += bool(error)
        if error:
            continue
        assert found["read"] == written(node), text
        ours = np.array([float(v.replace("Infinity", "inf")) for v in found["values"]])
        np.testing.assert_allclose(ours, of_places(node), rtol=1e-9, atol=1e-12, err_msg=text)
    assert refused < len(texts) / 4


def in_v8(question, code):
    """Run code where the names of the exercise's script are known: no page, and no browser."""
    script = question._esm.replace("export default { render };", "")
    return json.loads(MiniRacer().eval(f"JSON.stringify((() => {{ {script}\nreturn {code}; }})())"))


@pytest.mark.parametrize(
    "answer", [HALF, CROSS, WIDE, FLAT, PUSH, LOG2, MANY, ZERO, NOISE], ids=lambda a: f"{a.answer} {a.replies}"
)
def test_script_and_python_give_the_same_verdict(answer):
    question = asked(answer)
    typed = [typed for each, typed, _, _ in VERDICTS if each is answer]
    for text, found in zip(typed, in_v8(question, f"{json.dumps(typed)}.map(judge)"), strict=True):
        ours = vars(judge(answer, text))
        if ours["status"] == "right":  # Python knows more of why
            found["text"] = ours["text"]
        assert found == ours


def test_script_and_python_doubt_alike():
    rng = random.Random(6)
    formulas = [(text, parsed(text)[0]) for text in (random_tree(rng, 5) for _ in range(500)) if len(text) < 400]
    formulas = [(text, node) for text, node in formulas if node]
    place = {name: float(PLACES[0][symbol]) for name, symbol in SYMBOLS.items()}
    code = f"{json.dumps([t for t, _ in formulas])}.map((t) => String(rounded(parse(t), {json.dumps(place)})[1]))"
    infinite = 0
    for (text, node), theirs in zip(formulas, in_v8(ASK, code), strict=True):
        ours = float(float_doubts(node, place))
        infinite += np.isinf(ours)
        assert float(theirs.replace("Infinity", "inf")) == pytest.approx(ours, rel=1e-6, abs=1e-300), text
    assert len(formulas) > 300
    assert infinite < len(formulas) / 4


def test_doubts_bound_what_rounding_does():
    rng, formulas = random.Random(7), 0
    for text in (random_tree(rng, 4) for _ in range(400)):
        node, _ = parsed(text)
        place = {name: float(PLACES[1][symbol]) for name, symbol in SYMBOLS.items()}
        found, doubt = (float(f(node, place)) if node else np.nan for f in (float_values, float_doubts))
        if not (np.isfinite(found) and doubt < 1e-6 * abs(found)):
            continue
        formulas += 1
        exact = digits(value(node, in_sympy(SYMBOLS)), PLACES[1])
        # What SymPy cannot evaluate as a real number has no exact value here.
        if exact.is_Float and abs(exact) > 1e-300:
            assert abs(float(exact - sp.Float(found, 50))) <= doubt + 1e-300, text
    assert formulas > 100


def asked(answer):
    """An exercise with this answer."""
    more = {
        Formula: lambda: {"domain": answer.domain},
        Number: lambda: {"tolerance": answer.tolerance},
        Choice: lambda: {"choices": answer.choices},
    }[type(answer)]()
    return exercise(f"What is {answer.answer}?", answer=answer.answer, replies=answer.replies, **more)


def test_numbers_are_shown_alike_by_python_and_script(empty):
    values = [0.5, -0.25, 1 / 3, 1e-9, 0.3125, 1.125, 2.675, 123456.7, 1e21, 0.0, 99999.5, 1e-5, -1.0005, 5e-324]
    for count in (3, 6, 12, 17):
        script = run(empty, ASK, f"{values}.map((x) => shown(x, {count}))")
        assert script == [shown(x, count) for x in values]


# --- a page without a kernel ----------------------------------------------------------

NUMBER = exercise(
    "What does a coin's outcome tell you, in nats?",
    answer=sp.log(2),
    replies={1: "That is in bits."},
    hint="One of two.",
    solution=sp.log(2),
)
FORMULA = exercise(
    r"What is the derivative of $\frac12(\hat y-y)^2$?",
    answer=y_hat - y,
    domain={y_hat: (-2, 2), y: (-2, 2)},
    replies={2 * (y_hat - y): "That is the gradient of (ŷ−y)², without the ½."},
    hint="The ½ cancels the 2.",
    solution="It is $\\hat y-y$.",
)
CHOICE = exercise(
    "Which noise makes a square?",
    answer="Gaussian",
    choices=["Laplace", "Gaussian", "Cauchy"],
    replies={"Laplace": "Laplace makes an absolute value."},
)


@pytest.fixture
def static(browser_page, tmp_path):
    """Opens a page that holds the three exercises and nothing else."""

    def open_static(*questions, name="page", **options):
        path = tmp_path / f"{name}.html"
        body = html_of(*(questions or (NUMBER, FORMULA, CHOICE)))
        path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title>{body}</html>')
        return browser_page(path.as_uri(), **options)

    return open_static


def part(page, question):
    return page.locator(f"[id='{question.declaration.identifier}']")


def type_in(page, question, text):
    field = part(page, question).get_by_role("textbox")
    field.fill(text)
    field.press("Enter")
    return feedback(page, question)


def feedback(page, question):
    return part(page, question).get_by_role("status").inner_text()


def test_number_on_the_page(static):
    page = static()
    assert type_in(page, NUMBER, "0.693") == "✓ Right."
    assert type_in(page, NUMBER, "ln2") == "? I cannot read that. Place 1: expected a number or a function (" + (
        "exp, ln, sqrt, abs, sigma, softplus, tanh, sin, cos, sign); got “ln2”."
    )
    assert type_in(page, NUMBER, "log(2)").splitlines()[-1] == "Read as ln(2)"
    assert "✗ Not yet. 1 is too large." in type_in(page, NUMBER, "1")
    assert "That is in bits." in feedback(page, NUMBER)
    assert "Close: give it to more digits." in type_in(page, NUMBER, "0.69")
    assert "That is in bits." not in feedback(page, NUMBER)
    assert page.faults == []


def test_formula_on_the_page(static):
    page = static()
    assert "✓ Right. It agrees with the answer at 32 points." in type_in(page, FORMULA, "−(y − ŷ)")
    assert "Read as −(y − ŷ)" not in feedback(page, FORMULA)
    wrong = type_in(page, FORMULA, "2(yhat-y)")
    assert "✗ Not yet. At ŷ = −0.49, y = 0.81 yours gives −2.6, the answer −1.3." in wrong
    assert "That is the gradient of (ŷ−y)², without the ½." in wrong
    assert "Read as 2·(ŷ − y)" in wrong
    assert "Place 3: expected a closing bracket; got the end." in type_in(page, FORMULA, "(y")
    assert part(page, FORMULA).get_by_role("textbox").get_attribute("aria-invalid") == "true"
    assert page.faults == []


def test_choice_on_the_page(static):
    page = static()
    exercise_ = part(page, CHOICE)
    check = exercise_.get_by_role("button", name="Check")
    check.click()
    assert feedback(page, CHOICE) == "Choose an answer first."
    exercise_.get_by_label("Laplace").check()
    check.click()
    assert "✗ Not yet." in feedback(page, CHOICE)
    assert "Laplace makes an absolute value." in feedback(page, CHOICE)
    exercise_.get_by_label("Gaussian").check()
    check.click()
    assert feedback(page, CHOICE) == "✓ Right."
    assert page.faults == []


def test_keyboard_is_enough(static):
    page = static(CHOICE, FORMULA)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert feedback(page, CHOICE) == "✓ Right."
    page.keyboard.press("Tab")  # Clear
    page.keyboard.press("Tab")
    page.keyboard.type("ŷ-y")
    page.keyboard.press("Enter")
    assert "✓ Right." in feedback(page, FORMULA)
    for _ in range(3):  # Check, Clear, Hint
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert part(page, FORMULA).get_by_text("The ½ cancels the 2.").is_visible()


def test_answer_is_kept_until_it_is_cleared(static):
    page = static()
    type_in(page, FORMULA, "ŷ - y")
    part(page, CHOICE).get_by_label("Laplace").check()
    part(page, CHOICE).get_by_role("button", name="Check").click()
    page.reload()
    assert "✓ Right." in feedback(page, FORMULA)
    assert part(page, FORMULA).get_by_role("textbox").input_value() == "ŷ - y"
    assert part(page, CHOICE).get_by_label("Laplace").is_checked()
    assert "Laplace makes" in feedback(page, CHOICE)
    assert feedback(page, NUMBER) == ""
    assert not part(page, NUMBER).get_by_role("button", name="Clear").is_visible()
    for question in (FORMULA, CHOICE):
        part(page, question).get_by_role("button", name="Clear").click()
        assert feedback(page, question) == ""
    assert part(page, CHOICE).locator("input:checked").count() == 0
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert feedback(page, FORMULA) == ""
    assert part(page, FORMULA).get_by_role("textbox").input_value() == ""


def test_answers_of_two_pages_stay_apart(static, tmp_path):
    static(name="second")
    page = static(name="first")
    type_in(page, FORMULA, "ŷ - y")
    page.goto((tmp_path / "second.html").as_uri())
    assert feedback(page, FORMULA) == ""
    page.goto((tmp_path / "first.html").as_uri())
    assert "✓ Right." in feedback(page, FORMULA)


def test_page_without_storage_works(browser_page):
    # A page from a data: address may not store: the browser raises.
    page = browser_page("data:text/html,<meta charset=utf-8><title>no storage</title>")
    assert page.evaluate("(() => { try { localStorage; return true } catch { return false } })()") is False
    page.set_content(html_of(FORMULA))
    assert "✓ Right." in type_in(page, FORMULA, "ŷ - y")
    part(page, FORMULA).get_by_role("button", name="Clear").click()
    assert feedback(page, FORMULA) == ""
    assert page.faults == []


def test_what_is_typed_stays_text(static):
    page = static()
    page.evaluate("window.alert = () => { window.ran = true; }")
    for typed in ("<img src=x onerror=alert(1)>", "alert(1)", "</p><script>alert(1)</script>", "ŷ" * 100_000):
        assert "I cannot read that." in type_in(page, FORMULA, typed)
    page.reload()
    assert page.locator("img").count() == 0
    assert page.evaluate("window.ran") is None
    assert page.faults == []


def test_what_storage_holds_is_not_trusted(static):
    page = static()
    key = f"lossnotes ${{location.pathname}} {FORMULA.declaration.identifier}"
    page.evaluate(f"localStorage.setItem(`{key}`, '<img src=x onerror=alert(1)>')")
    page.reload()
    assert "expected a number, a name or an opening bracket, or an operator; got “<”" in feedback(page, FORMULA)
    assert page.locator("img").count() == 0
    assert page.faults == []


def test_page_without_scripts_can_be_read(static):
    page = static(javascript=False)
    for question in (NUMBER, FORMULA, CHOICE):
        assert part(page, question).locator(".ln-question").is_visible()
    assert part(page, CHOICE).get_by_text("Cauchy").is_visible()
    assert page.get_by_role("button").count() == page.get_by_role("textbox").count() == 0
    part(page, FORMULA).get_by_text("Solution").click()
    assert part(page, FORMULA).get_by_text("It is").is_visible()
    part(page, NUMBER).get_by_text("Hint").click()
    assert part(page, NUMBER).get_by_text("One of two.").is_visible()


def test_solution_is_printed(static):
    page = static()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert part(page, FORMULA).get_by_text("It is").is_visible()
    assert page.locator("details:not([open])").count() == 0
    assert not part(page, FORMULA).get_by_role("textbox").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not part(page, FORMULA).get_by_text("It is").is_visible()


def test_the_same_exercise_twice_on_a_page_works_twice(static):
    page = static(CHOICE, CHOICE)
    for n in range(2):
        page.get_by_label("Gaussian").nth(n).check()
        page.get_by_role("button", name="Check").nth(n).click()
        assert page.get_by_role("status").nth(n).inner_text() == "✓ Right."
    assert page.locator("input:checked").count() == 2


def test_nothing_is_wider_than_a_phone(static):
    page = static(width=390)
    type_in(page, FORMULA, "ŷ" + "+ŷ" * 200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
