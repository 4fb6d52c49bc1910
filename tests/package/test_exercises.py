"""A typed formula is read as the field reads it, judged rightly, and never run as code."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import sympy as sp
import v8
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import complete

from lossnotes import exercise, trees
from lossnotes.exercises.question import ChoiceAnswer, FormulaAnswer, NumberAnswer, as_answer
from lossnotes.functions import sigmoid, softplus
from lossnotes.printing import digits, shown

p, y, z, stray = sp.symbols("p y z stray", real=True)
y_hat = sp.Symbol(r"\hat{y}", real=True)
SPELLINGS = [["p"], ["y"], ["z"], ["ŷ", "yhat", "y_hat"], ["w1", "w_1"], ["rate"]]
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
    "ylogp": y * sp.log(p),
    "ylog(p)": y * sp.log(p),
    "logp": sp.log(p),
    "z = p": p,
    "∂L/∂z = p - y": p - y,
    "L(z) = p - y": p - y,
    "2yzp": 2 * y * z * p,
    "rate z": rate * z,
    ".5z": z / 2,
    "1.": sp.Integer(1),
    "2e-3": sp.Rational(2, 1000),
    "2e−3z": z / 500,
    "1.5E2": sp.Integer(150),
    "[p - y][p + y]": p**2 - y**2,
    "  p\u00a0-\ty\n": p - y,
    "\\sigma(z)": sigmoid(z),
    "\\sigma \\left( z \\right)": sigmoid(z),
    "-y \\ln p": -y * sp.log(p),
    "e^{-z}": sp.exp(-z),
    "\\frac{1}{1+e^{-z}}": 1 / (1 + sp.exp(-z)),
    "\\hat y - y": y_hat - y,
    "\\hat{y}\\cdot y": y_hat * y,
    "2\\hat{y}": 2 * y_hat,
    "w₁ z": w1 * z,
    "w_{1} z": w1 * z,
    "logit(p)": sp.log(p / (1 - p)),
    "(ln(p))^2": sp.log(p) ** 2,
    "ln(p^2)": sp.log(p**2),
}
VOCABULARY = (
    "one of the names p, y, z, ŷ (yhat or y_hat), w1 (w_1), rate, or a function (exp, ln, sqrt, abs, sigma, softplus, "
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
    "L = ": "expected a formula; got nothing",
    "p = y = z": "Leave out the left side",
    "1 = p": "Leave out the left side",
    "\\": "place 1: expected a number, a name or an opening bracket, or an operator; got “\\”",
    "\\hat": "place 2",
    "\\constructor": f"place 2: expected {VOCABULARY}",
    "\\frac{p}": "place 9: expected an opening brace; got the end",
    "\\frac p y": "place 7: expected an opening brace; got “p”",
    "ln(p)^2": "place 6: expected brackets around what is raised, as in ln((…)^2) or (ln(…))^2; got “^”",
    "ln(1-p)²": "place 8: expected brackets around what is raised",
    "Σ_j z_j": f"place 1: expected {VOCABULARY}",
    "∂p": "place 1: expected a number, a name or an opening bracket, or an operator; got “∂”. Work the derivative out",
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


#: A lesson about classes has these.
CLASSES = {"families": [["z"], ["t"]], "indices": ["k", "y"], "size": "K"}
#: What a reader may type about classes → the tree that it is.
GOOD_OF_CLASSES = {
    "z_k": ["at", "z", "k"],
    "zₖ": ["at", "z", "k"],
    "z_{k}": ["at", "z", "k"],
    "z_y": ["at", "z", "y"],
    "p_k T - t_k": ["-", ["*", "p_k", "T"], ["at", "t", "k"]],
    "pₖT − tₖ": ["-", ["*", "p_k", "T"], ["at", "t", "k"]],
    "e^z_k/S": ["/", ["^", ["e"], ["at", "z", "k"]], "S"],
    "e^{zₖ}/S": ["/", ["^", ["e"], ["at", "z", "k"]], "S"],
    "ln z_k": ["ln", ["at", "z", "k"]],
    "t_kz_k": ["*", ["at", "t", "k"], ["at", "z", "k"]],
    "2tₖzₖ": ["*", ["*", 2, ["at", "t", "k"]], ["at", "z", "k"]],
    **{
        text: ["sum", "j", 1, "K", ["at", "z", "j"]]
        for text in ("sum_j z_j", "Σ_j z_j", "∑_j z_j", "Σⱼ zⱼ", "Σⱼzⱼ", "\\sum_j z_j", "sum_{j=1}^K z_j",
         "\\sum_{j = 1}^{K} z_j", "Σ z_j", "sum_jz_j", "Σ_j^K z_j", "Σ_{j} z_j")
    },
    "1 + Σ_j t_j z_j - z_k": [
        "-",
        ["+", 1, ["sum", "j", 1, "K", ["*", ["at", "t", "j"], ["at", "z", "j"]]]],
        ["at", "z", "k"],
    ],
    "T Σ_k z_k": ["*", "T", ["sum", "k", 1, "K", ["at", "z", "k"]]],
    "ln(Σ_j e^{z_j})": ["ln", ["sum", "j", 1, "K", ["^", ["e"], ["at", "z", "j"]]]],
    "Σ_i Σ_j t_i z_j": ["sum", "i", 1, "K", ["sum", "j", 1, "K", ["*", ["at", "t", "i"], ["at", "z", "j"]]]],
}  # fmt: skip
BAD_OF_CLASSES = {
    "z_j": "place 1: expected the index k or y, or one that a sum around it runs over, as in Σ_j z_j; got “z_j”",
    "(Σ_j z_j) z_j": "place 11: expected the index k or y",
    "Σ T": "place 1: expected the index that the sum runs over, as in Σ_j; got “Σ”",
    "Σ_{j=1}^n z_j": "place 1: expected a sum from 1 to K; got one to n",
    "Σ_j": "place 4: expected a number, a name or an opening bracket; got the end",
    "ln Σ_j z_j": "place 4: expected an opening bracket after “ln”; got “Σ_j”",
    "z_constructor": "place 1: expected one of the names T, S, p_k (p_k), z_k, t_k, or a function",
    "constructor_k": "place 1: expected one of the names T, S, p_k",
    "__proto___k": "place 1",
    "z": "place 1: expected one of the names T, S, p_k",
    "Σ_j " * 60 + "z_j": "expected at most 40 levels; got more",
}


def reading_of_classes(text):
    """Code that reads a text about classes."""
    return f"parse({json.dumps(text)}, [['T'], ['S'], ['p_k']], {json.dumps(CLASSES)})"


@pytest.mark.parametrize("text", GOOD_OF_CLASSES)
def test_sums_and_members_are_read(text):
    assert v8.run(reading_of_classes(text)) == GOOD_OF_CLASSES[text]


@pytest.mark.parametrize("text", GOOD_OF_CLASSES)
def test_sums_and_members_are_written_so_that_they_read_back(text):
    again = v8.run(f"written({reading_of_classes(text)})")
    assert v8.run(f"parse(written({reading_of_classes(again)}), [['T'], ['S'], ['p_k']], {json.dumps(CLASSES)})") == (
        v8.run(reading_of_classes(again))
    )


@pytest.mark.parametrize("text", BAD_OF_CLASSES)
def test_sums_and_members_that_cannot_be_read_are_named(text):
    refused = v8.refusal(reading_of_classes(text))
    assert refused.startswith("FormulaError: ")
    assert BAD_OF_CLASSES[text].replace("p_k (p_k)", "p_k") in refused


def reading(text):
    """Code that reads a text."""
    return f"parse({json.dumps(text)}, {json.dumps(SPELLINGS)})"


def read(text):
    return v8.run(reading(text))


def written(tree):
    return v8.run(f"written({json.dumps(tree)})")


@pytest.mark.parametrize("text", GOOD)
def test_formula_means_what_the_field_means(text):
    tree = read(text)
    meaning = trees.from_tree(tree, SYMBOLS)
    found = v8.values(tree, list(SYMBOLS), [list(map(float, place.values())) for place in PLACES])
    for place, value in zip(PLACES, found, strict=True):
        wanted = digits(GOOD[text], place)
        assert digits(meaning, place) == pytest.approx(wanted, rel=1e-40)
        assert value == pytest.approx(float(wanted), rel=1e-12)


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_read_is_named_with_its_place(text):
    refused = v8.refusal(reading(text))
    assert refused.startswith("FormulaError: ")
    assert BAD[text] in refused


@pytest.mark.parametrize("hostile", ["'('.repeat(1e5)", "'p'.repeat(1e7)", "'9^'.repeat(5e6)", "'<b>'.repeat(1000)"])
def test_long_texts_are_refused(hostile):
    assert v8.refusal(f"parse({hostile}, [['p']])") == "FormulaError: expected at most 500 characters; got more"
    assert (
        v8.run(f"judge({{kind: 'number', answer: 1, tolerance: 1e-3, replies: []}}, {hostile}).answered.length") == 501
    )


@pytest.mark.parametrize(
    ("text", "shown_as"),
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
        ("1e-9z", "1e−9·z"),
        ("½z", "(1/2)·z"),
    ],
)
def test_formula_is_read_back(text, shown_as):
    assert written(read(text)) == shown_as


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


def of_places(tree):
    """The values that a tree has, NaN where it has none."""
    return v8.values(tree, list(SYMBOLS), [list(map(float, place.values())) for place in PLACES])


@settings(deadline=None, max_examples=200)
@given(TREES)
def test_random_formulas_are_read_as_they_were_meant(tree):
    for place, ours in zip(PLACES, of_places(read(as_text(tree))), strict=True):
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
    first = read(as_text(tree))
    assert read(written(first)) == first


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="pyzŷ2.0e^*/+-−()|[] ²⁻½√,logexpσ<'_\\\u0302", max_size=40))
def test_any_text_is_read_or_refused(text):
    refused = v8.refusal(reading(text))
    assert not refused or refused.startswith("FormulaError: ")
    if not refused:
        assert read(written(read(text))) == read(text)


# --- verdicts ------------------------------------------------------------

HALF = FormulaAnswer(y_hat - y, {2 * (y_hat - y): "no ½", y - y_hat: "sign"}, {y_hat: (-2, 2), y: (-2, 2)})
CROSS = FormulaAnswer(softplus(z) - y * z, {}, {z: (-4, 4), y: (0, 1)})
WIDE = FormulaAnswer(softplus(z) - y * z, {z - y * z: "far out"}, {z: (-40, 40), y: (0, 1)})
FLAT = FormulaAnswer(sigmoid(z) * sigmoid(-z), {sigmoid(z) ** 2: "square"}, {z: (-40, 40)})
PUSH = FormulaAnswer(2 * p * (1 - p), {p * (1 - p): "half"}, {p: (0, 1)})
LOG2 = NumberAnswer(float(sp.log(2)), {1.0: "bits"}, 1e-3)
MANY = NumberAnswer(22134.0, {}, 1e-3)
ZERO = NumberAnswer(0.0, {}, 1e-3)
NOISE = ChoiceAnswer("Gauss", ("Laplace", "Gauss", "<b>none</b>"), {"Laplace": "too pointed"})

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
    (LOG2, "0.70", "wrong", "Close, and 0.7 is too large."),
    (LOG2, "7/10", "wrong", "Close, and 0.7 is too large."),
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


def judge(answer, typed):
    return v8.run(f"judge({json.dumps(answer.data())}, {json.dumps(typed)})")


@pytest.mark.parametrize(
    ("answer", "typed", "status", "says"), VERDICTS, ids=lambda v: v[:40] if isinstance(v, str) else type(v).__name__
)
def test_verdict(answer, typed, status, says):
    verdict = judge(answer, typed)
    assert verdict["status"] == status
    assert says in verdict["text"]
    assert verdict["answered"] == typed[:501]


def test_replies_of_wrong_answers():
    assert judge(HALF, "2ŷ - 2y")["reply"] == 0
    assert judge(HALF, "y - ŷ")["reply"] == 1
    assert judge(HALF, "ŷ + y")["reply"] == -1
    assert judge(LOG2, "1.0001")["reply"] == 0
    assert judge(NOISE, "Laplace")["reply"] == 0
    assert judge(NOISE, "<b>none</b>")["reply"] == -1


#: Ways to write one formula; at the ends of a wide domain several of them keep no digit.
SAME = {
    softplus(z) - y * z: ("ln(1+e^z) - yz", "-y ln(σ(z)) - (1-y)ln(σ(-z))", "ln(1+e^-z) + z - yz", "-ln(1-σ(z)) - yz"),
    sigmoid(z) * sigmoid(-z): ("σ(z) - σ(z)²", "¼ - (σ(z) - ½)²", "e^z/(1+e^z)^2", "(1-tanh(z/2))(1+tanh(z/2))/4"),
    sigmoid(z): ("1 - 1/(1+e^z)", "(1+tanh(z/2))/2", "e^(z - ln(1+e^z))", "1 - σ(-z)"),
    sp.log(sp.cosh(z)): ("ln((e^z+e^-z)/2)", "abs(z) + ln(1+e^(-2|z|)) - ln 2", "softplus(2z) - z - ln 2"),
    (z - y) ** 2 / 2: ("½z² - zy + ½y²", "(z²-y²)/2 - y(z-y)", "½(z-y)^(1+1)", "½|z-y|^2"),
}


@pytest.mark.parametrize("ends", [(-2, 2), (-12, 12), (-40, 40), (-120, 120), (-300, 300), (0, 120), (60, 90)], ids=str)
@pytest.mark.parametrize("meant", SAME, ids=str)
def test_a_right_formula_is_never_called_wrong_for_its_rounding(meant, ends):
    answer = FormulaAnswer(meant, {}, {z: ends, y: (0, 1)})
    for typed in SAME[meant]:
        assert judge(answer, typed)["status"] != "wrong", typed
        assert judge(answer, f"({typed})·1.00001")["status"] != "right", typed


def test_a_judgement_takes_little_time():
    longest = "+".join(["σ(z)(1-σ(z))"] * 38)
    taken = v8.run(
        f"(() => {{ const begun = Date.now(); judge({json.dumps(FLAT.data())}, {json.dumps(longest)});"
        " return Date.now() - begun; })()"
    )
    assert taken < 500, "50 ms are the aim; a busy machine has ten times as long"


def test_points_are_short_inside_the_domain_and_the_same_each_time():
    formula = FormulaAnswer(sp.log(p) * y, {}, {p: (0, 1), y: (1000, 1001)})
    assert len(formula.points) >= 24
    assert np.all((formula.points[:, 0] > 0) & (formula.points[:, 0] < 1))
    assert np.all((formula.points[:, 1] > 1000) & (formula.points[:, 1] < 1001))
    assert max(len(repr(x)) for x in formula.points.flatten().tolist()) <= 7
    np.testing.assert_array_equal(formula.points, FormulaAnswer(sp.log(p) * y, {}, {p: (0, 1), y: (1000, 1001)}).points)


def test_points_at_which_the_answer_loses_its_digits_are_not_used():
    naive = -y * sp.log(1 / (1 + sp.exp(-z))) - (1 - y) * sp.log(1 - 1 / (1 + sp.exp(-z)))
    formula = FormulaAnswer(naive, {}, {z: (-40, 40), y: (0, 1)})
    assert len(formula.points) >= 24
    assert np.all(formula.points[:, 0] < 25)
    assert judge(formula, "softplus(z) - yz")["status"] == "right"
    with pytest.raises(ValueError, match=r"which 64-bit arithmetic computes to nine digits; .* Narrow the domain"):
        FormulaAnswer(naive, {}, {z: (30, 40), y: (0, 1)})


def test_exact_numbers_are_ends_of_a_domain():
    formula = FormulaAnswer(sp.sin(z), {}, {z: (-sp.pi, sp.pi / 2)})
    assert judge(formula, "sin(z)")["status"] == "right"
    for end in (sp.zoo, sp.I, sp.nan, "1", z):
        with pytest.raises(ValueError, match="domain of z: expected a finite real number"):
            FormulaAnswer(sp.sin(z), {}, {z: (0, end)})


def test_points_without_a_value_are_not_used():
    formula = FormulaAnswer(sp.sqrt(z), {}, {z: (-4, 4)})
    assert np.all(formula.points > 0)
    assert judge(formula, "√z")["status"] == "right"


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
    answer = gradient().question.answer
    for typed in (HOSTILE, "__import__('os').system('true')", "().__class__", "p" * 10_000_000, "(" * 100_000):
        verdict = judge(answer, typed)
        assert verdict["status"] == "unreadable"
        assert len(json.dumps(verdict)) < 3000


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


def test_a_name_of_the_exercise_beats_a_function_and_a_constant():
    sigma, e = sp.symbols("sigma e", positive=True)
    answer = exercise("?", answer=sigma * e, domain={sigma: (1, 2), e: (1, 2)}).question.answer
    verdict = judge(answer, "σe")
    assert verdict["status"] == "right"
    assert verdict["read"] == "σ·e"


def test_numbers_are_shown_alike_by_python_and_script():
    values = [0.5, -0.25, 1 / 3, 1e-9, 0.3125, 1.125, 2.675, 123456.7, 1e21, 0.0, 99999.5, 1e-5, -1.0005, 5e-324]
    for count in (3, 6, 12, 17):
        assert v8.run(f"{values}.map((x) => shown(x, {count}))") == [shown(x, count) for x in values]


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
        path.write_text(complete(html_of(*(questions or (NUMBER, FORMULA, CHOICE)))), encoding="utf-8")
        return browser_page(path.as_uri(), **options)

    return open_static


def part(page, question):
    return page.locator(f"[id='{question.question.identifier}']")


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
        "exp, ln, sqrt, abs, sigma, softplus, sin, cos, tanh, cosh, log1p and others); got “ln2”."
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
    page.set_content(complete(html_of(FORMULA)))
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
    key = f"lossnotes ${{location.pathname}} {FORMULA.question.identifier}"
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
    assert part(page, FORMULA).get_by_text("It is").is_visible()
    assert not part(page, FORMULA).get_by_role("textbox").is_visible()
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


@pytest.mark.parametrize("answer", [0.34657, 0.15748, 1.0397, -0.0603, 9.995, 1.005, 312.46])
def test_three_digits_are_enough(answer):
    number = as_answer(answer, choices=None, tolerance=None, domain=None, names=None, replies={})
    assert judge(number, f"{answer:.3g}")["status"] == "right"
    assert judge(number, str(answer * 1.006))["status"] != "right"


def test_a_whole_number_of_three_digits_is_exact():
    number = as_answer(355, choices=None, tolerance=None, domain=None, names=None, replies={})
    assert [judge(number, typed)["status"] for typed in ("354", "355", "356")] == ["wrong", "right", "wrong"]
