"""A typed line of a derivation is judged by what it says, and by what is still in it."""

import json
import re

import asked
import pytest
import sympy as sp
import v8
from asked import CHAINS, K, S, T, data, faults, judge, k, p, p_k, scores, targets, y, z

from lossnotes import Ask, Derivation, sigmoid, softplus
from lossnotes.exercises.ask import PARTS

#: Line → what a reader may type → its status, and the number of its reply or words of what is said.
TYPED = {
    "cost": {
        "-y ln p - (1-y) ln(1-p)": ("there", ""),
        "−y ln p − (1−y) ln(1−p)": ("there", ""),
        "-(y ln p + (1-y)ln(1-p))": ("there", ""),
        "(y-1)ln(1-p) - y ln p": ("there", ""),
        "-y \\ln p - (1-y) \\ln(1-p)": ("there", ""),
        "-ln(p^y (1-p)^(1-y))": ("same", "That is the line above."),
        "-ln((1-p)^{1-y} p^y)": ("same", "That is the line above."),
        "-ln(p^y) - ln((1-p)^(1-y))": ("early", "Still in it: a power inside a logarithm"),
        "-y ln p - ln((1-p)^(1-y))": ("early", "a power inside a logarithm"),
        "-ln(p^y(1-p)/(1-p)^y)": ("early", "a product inside a logarithm"),
        "y ln p + (1-y) ln(1-p)": ("apart", 0),
        "-y ln p - ln(1-p)": ("apart", 1),
        "-ln p^y": ("unreadable", "brackets around the argument"),
        "-ln p - ln(1-p)": ("apart", "yours gives"),
        "0": ("apart", "yours gives 0, the line above"),
        "-y ln p - (1-y) ln(1-p) + 0 p y": ("early", "It can be written shorter"),
        "ln(p": ("unreadable", "expected a closing bracket"),
    },
    "slope": {
        "σ(z) - y": ("there", ""),
        "sigma(z) - y": ("there", ""),
        "1/(1+e^-z) - y": ("there", ""),
        "e^z/(1+e^z) - y": ("there", ""),
        "p - y": ("there", ""),
        "-(y - σ(z))": ("there", ""),
        "-y + p": ("there", ""),
        "σ(z) + y": ("apart", 0),
        "p + y": ("apart", 0),
        "y - σ(z)": ("apart", 1),
        "σ(z)": ("apart", 2),
        "σ(z)(1−σ(z)) − y": ("apart", 3),
        "softplus(z) - y z": ("same", "its derivative is asked"),
        "ln(1+e^z) - yz": ("same", "its derivative is asked"),
        "σ(z) - yz": ("apart", "the derivative"),
        "∂L/∂z": ("unreadable", "Work the derivative out"),
        "σ(z)(1 - y) - y(1 - σ(z))": ("early", "shorter"),
    },
    "squared": {
        "2(σ(z) − y)σ(z)(1 − σ(z))": ("there", ""),
        "2σ(z)(1-σ(z))(σ(z)-y)": ("there", ""),
        "2(σ(z) - y)": ("apart", ""),
        "(σ(z) - y)^2": ("same", ""),
    },
    "lse": {
        "e^{z_k}/S": ("there", ""),
        "e^zₖ/S": ("there", ""),
        "p_k": ("there", ""),
        "pₖ": ("there", ""),
        "e^z_k/Σ_j e^z_j": ("there", ""),
        "e^z_k/sum_{j=1}^K e^{z_j}": ("there", ""),
        "1/S": ("apart", 0),
        "e^{z_k}": ("apart", 1),
        "1": ("apart", 2),
        "1/K": ("apart", "At K = 2, k = 1"),
        "ln S": ("unreadable", ""),
        "ln(S)": ("same", ""),
        "p_j": ("unreadable", ""),
    },
    "general": {
        "pₖT − tₖ": ("there", ""),
        "p_k T - t_k": ("there", ""),
        "T e^{z_k}/S - t_k": ("there", ""),
        "-(t_k - T p_k)": ("there", ""),
        "p_k - t_k": ("apart", 0),
        "p_k Σ_i t_i - t_k": ("early", "a sum over the classes"),
        "p_k T": ("apart", ""),
        "T ln(S) - Σ_j t_j z_j": ("same", ""),
    },
    "dropped": {
        "r²/(2σ²)": ("there", ""),
        "½(r/σ)^2": ("there", ""),
        "r^2/(2sigma^2) + 1": ("early", "Still in it: a term without r"),
        "r^2/(2σ^2) + ln(2σ)": ("early", "a term without r"),
        "r^2/(2σ^2) + ln(σ)": ("same", ""),
        "r^2/2": ("apart", "yours changes by"),
        "r^2/σ^2": ("apart", "From r ="),
    },
}
TYPED["lse"]["ln S"] = ("same", "its derivative is asked")
CASES = [(line, typed, *wanted) for line, cases in TYPED.items() for typed, wanted in cases.items()]


@pytest.mark.parametrize(("line", "typed", "status", "said"), CASES)
def test_verdict(line, typed, status, said):
    verdict = judge(data(line), typed)
    assert (verdict["status"], verdict["reply"] if isinstance(said, int) else said) == (
        status,
        said,
    ), verdict
    if isinstance(said, str):
        assert said in verdict["text"]
        assert verdict["reply"] == -1


def test_a_witness_without_a_sum_names_the_member():
    """Of K = 7 classes two were drawn: their number would say nothing."""
    d = Derivation("g", (1 / K - targets[k]) * 2 / K)
    d.step(2 * (1 / K - targets[k]) / K, "The same.", ask=Ask("even", tried={targets: (0, 1)}))
    said = judge(d.steps[-1].asked.data(), "1/K - t_k")["text"]
    assert re.match(r"At k = 1, K = \d, t_k = 0\.\d+ yours gives", said), said


def test_the_name_that_a_sum_runs_over_is_not_in_what_it_adds_up_to():
    """A reader types the term; that "y" is no name here would not say why."""
    label = sp.Symbol("y", integer=True)
    d = Derivation("m", sp.Sum(p**label * (1 - p) ** (1 - label) * (z - label), (label, 0, 1)), domain={p: (0, 1)})
    d.step(z - p, "Added up.", ask=Ask("mean", gone=["sum"]))
    line = d.steps[-1].asked.data()
    assert judge(line, "z - y")["text"].startswith("The sum runs over y: ")
    assert "expected one of the names" in judge(line, "z - w")["text"]
    assert judge(line, "z - p")["status"] == "there"


def test_the_form_of_the_goal_is_known_by_another_order():
    for line, typed in (
        ("slope", "-1(y - σ(z))"),
        ("slope", "-(y - σ(z))"),
        ("squared", "2(σ(z) - y)σ(z)(1 - σ(z))"),
        ("general", "T p_k - t_k"),
    ):
        assert judge(data(line), typed)["isGoal"], typed
    assert not judge(data("slope"), "p - y")["isGoal"]


@pytest.mark.parametrize("name", CHAINS)
def test_what_is_declared_survives_its_own_judge(name):
    for step in CHAINS[name]().steps:
        if step.asked:
            assert faults(step.asked.data()) == []


def test_a_goal_that_holds_what_must_be_gone_is_a_fault():
    line = {**data("cost"), "gone": ["logarithm"]}
    assert len(faults(line)) == 1
    assert "holds what must be gone: logarithm" in faults(line)[0]
    line = {**data("slope"), "replies": [data("slope")["goal"]]}
    assert "is answered otherwise: there" in faults(line)[0]
    line = {**data("slope"), "forms": [["+", ["sigmoid", "z"], "y"]]}
    assert "a form, σ(z) + y, is not there" in faults(line)[0]


def test_one_third_is_not_one_over_the_number_of_classes():
    line = {**data("lse"), "goal": ["/", 1, "K"], "replies": []}
    assert judge(line, "1/3")["status"] == "apart"
    assert judge(line, "1/K")["status"] == "there"


def test_every_class_is_tried():
    line = {**data("lse"), "goal": ["at", "z", "k"], "replies": []}
    assert judge(line, "z_k")["status"] == "there"
    for typed in ("z_k + 0.01 (k - 1)", "Σ_j z_j"):
        assert judge(line, typed)["status"] in ("apart", "unreadable")
    swapped = {**line, "goal": ["if", ["=", "k", 5], 0, ["at", "z", "k"]]}
    assert judge(swapped, "z_k")["status"] == "apart"


def test_author_and_script_name_the_same_parts():
    assert v8.run("Object.keys(PARTS)") == list(PARTS)


@pytest.mark.parametrize(
    ("gone", "typed", "status"),
    [
        ("brackets", "2(σ(z) − y)σ(z)", "early"),
        ("fraction", "1/(1+e^-z)", "early"),
        ("logarithm", "ln(p)", "early"),
        ("exponential", "e^z", "early"),
        ("sum", "Σ_j z_j", "early"),
        ("logarithm of a sigmoid", "ln(σ(z))", "early"),
        ("logarithm of a sigmoid", "ln(1 − σ(z))", "early"),
        ("sigmoid of a logarithm", "σ(ln(p))", "early"),
        ("sigmoid of a logarithm", "σ(logit(p))", "early"),
        ("product in a logarithm", "ln(2p)", "early"),
        ("product in a logarithm", "ln(p/2)", "early"),
        ("power in a logarithm", "ln(p^2)", "early"),
        ("power in a logarithm", "ln(√(p))", "early"),
        ("power in a logarithm", "2 ln(p)", "there"),
        ("product in a logarithm", "p ln(1+p)", "there"),
        ("outer sum", "6p^2 − 8p + 2", "early"),
        ("outer sum", "−(2 − 8p)", "early"),
        ("outer sum", "2(1 − p)(1 − 3p)", "there"),
    ],
)
def test_what_must_be_gone_is_seen(gone, typed, status):
    classes = {"families": [["z"]], "indices": [], "size": "K"} if "Σ" in typed else data("slope")["classes"]
    names = [["p"], ["y"], *([] if "Σ" in typed else [["z"]])]
    tree = v8.run(f"parse({json.dumps(typed)}, {json.dumps(names)}, {json.dumps(classes)})")
    # The goal is the same twice over: its value is the same, and its form is another.
    line = {
        **data("slope"),
        "relation": "equal",
        "spellings": names,
        "classes": classes,
        "scalars": [["p", 0.1, 0.9, False], ["y", -1, 1, False], *([] if "Σ" in typed else [["z", -2, 2, False]])],
        "members": [["z", -2, 2, False]] if "Σ" in typed else [],
        "where": [],
        "above": "p",
        "goal": ["/", ["+", ["*", 3, tree], tree], 4],
        "forms": [],
        "replies": [],
        "gone": [gone],
    }
    assert judge(line, typed)["status"] == status


# --- hostile input --------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "'p'.repeat(1e7)",
        "'('.repeat(1e5)",
        "'Σ_j '.repeat(1e5)",
        "'constructor'",
        "'__proto__'",
        "'z_constructor'",
        "'\\\\constructor'",
        "'\\\\frac'.repeat(100)",
        "'<img src=x onerror=alert(1)>'",
        "'\\u0000'",
    ],
)
def test_hostile_lines_get_a_message(typed):
    for line in ("slope", "general"):
        verdict = v8.run(f"judgeLine({json.dumps(data(line))}, {typed})")
        assert verdict["status"] == "unreadable"
        assert len(json.dumps(verdict)) < 1000


def text_of(node):
    """What is read of MathML; products and functions have signs that are not seen."""
    _tag, _attributes, *inside = node
    return "".join(text_of(one) if isinstance(one, list) else one for one in inside).translate({0x2061: "", 0x2062: ""})


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2(p-y)p", "2(p−y)p"),
        ("-(p-y)^2", "−(p−y)2"),
        ("p - (y - z)", "p−(y−z)"),
        ("p/y/z", "pyz"),
        ("(p+y)/z", "p+yz"),
        ("2·3", "2·3"),
        ("p 2^y".replace("p ", "p*"), "p·2y"),
        ("y ln p", "ylnp"),
        ("ln(1-p)", "ln(1−p)"),
        ("-σ(-z)", "−σ(−z)"),
        ("p + -y", "p+(−y)"),
        ("(p^y)^z", "(py)z"),
        ("e^{-z}", "e−z"),
        ("|p|", "|p|"),
        ("√(p)", "p"),
    ],
)
def test_formula_is_shown_as_it_was_read(typed, shown):
    node = v8.run(f"mathml(parse({json.dumps(typed)}, [['p'], ['y'], ['z']]))")
    assert text_of(node) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("-y ln(p) - (1-y) ln(1-p)", "−ylnp−⋯"),
        ("σ(z) - y", "σ(z)−⋯"),
        ("2(p-y)p", "2·⋯"),
        ("p/y", "p⋯"),
        ("σ(z)", "σ(⋯)"),
        ("p", "⋯"),
    ],
)
def test_second_hint_begins_the_line(typed, shown):
    node = v8.run(f"beginning(parse({json.dumps(typed)}, [['p'], ['y'], ['z']]))")
    assert text_of(node) == shown


# --- declarations ---------------------------------------------------------------------


def chain():
    return Derivation("L", softplus(z) - y * z)


def asks(ask, chain=chain):
    return chain().differentiate(z, sigmoid(z) - y, "slope", ask=ask)


@pytest.mark.parametrize(
    ("declare", "error", "message"),
    [
        (lambda: Ask(""), ValueError, "identifier: expected words"),
        (lambda: Ask("a b"), ValueError, "identifier: expected letters, digits and -"),
        (lambda: Ask("a", gone="sum"), TypeError, r"gone: expected a list; got the text 'sum'. Write \['sum'\]"),
        (lambda: Ask("a", gone=["derivative"]), ValueError, "gone: expected some of product in a logarithm"),
        (lambda: Ask("a", forms=y), TypeError, "forms: expected a list"),
        (lambda: Ask("a", replies={y: ""}), ValueError, r"replies\[y\]: expected words"),
        (
            lambda: asks(Ask("a", forms=[sigmoid(z) + y])),
            ValueError,
            r"forms: expected other ways to write -y \+ sigmoid\(z\); got y \+ sigmoid\(z\)",
        ),
        (
            lambda: asks(Ask("a", replies={1 / (1 + sp.exp(-z)) - y: "no"})),
            ValueError,
            "replies: expected wrong lines; got .*, which equals",
        ),
        (lambda: asks(Ask("a", names={p: "p"})), ValueError, "names: expected symbols of the line; got p"),
        (lambda: asks(Ask("a", names={y: "z"})), ValueError, "names: expected one symbol for each name; got two for z"),
        (lambda: asks(Ask("a", names={y: "a b"})), ValueError, "names of y: expected words of letters"),
        (
            lambda: chain().step(softplus(z) - y * z, "r", up_to_positive_factor_in=z, ask=Ask("a")),
            ValueError,
            "ask: expected a step that keeps the factor",
        ),
    ],
)
def test_faulty_declaration(declare, error, message):
    with pytest.raises(error, match=message):
        declare()


def test_a_refused_question_leaves_no_trace():
    d = chain()
    with pytest.raises(ValueError, match="forms"):
        asks(Ask("a", forms=[y]), lambda: d)
    assert len(d.steps) == 1
    asks(None, lambda: d)
    assert d.steps[-1].asked is None


def test_two_lines_of_a_chain_need_two_identifiers():
    d = chain()
    asks(Ask("a"), lambda: d)
    d.step(sigmoid(z) - y, "again", ask=Ask("a"))
    with pytest.raises(ValueError, match="identifier: expected one for each asked line; got a twice"):
        d._repr_mimebundle_()


def test_a_short_name_in_differentiate_is_an_abbreviation():
    step = asked.general().steps[-1]
    assert step.expr == p_k * T - targets[k]
    assert sp.latex(S) in asked.general()._repr_html_()
    assert step.asked.data()["classes"] == {"families": [["t"], ["z"]], "indices": ["k"], "size": str(K)}
    assert [name for name, _ in step.asked.data()["where"]] == ["T", "S", "p_k"]
    assert scores[k].base in step.asked.spelled.families


# --- the output -----------------------------------------------------------------------


def html_of(name):
    return CHAINS[name]()._repr_mimebundle_()[0]["text/html"]


def test_without_an_asked_line_a_chain_is_no_widget():
    assert chain()._repr_mimebundle_() == {}
    assert "<form" not in chain()._repr_html_()


def test_output_carries_widget_page_and_text():
    bundle, _ = asked.cost()._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert bundle["text/plain"].splitlines()[-1] == "= ____"
    assert "log(1 - p)" not in bundle["text/plain"]


def test_the_line_and_all_that_follows_it_is_folded():
    page = html_of("slope")
    before, _, folded = page.partition("<details")
    assert page.count("<details") == 2
    assert "softplus" in before
    assert folded.partition("</details>")[0].count("<li") > folded.count("<form")
    assert r"\sigma{\left(- z\right)}" not in before


def test_output_is_the_same_in_every_build_and_small():
    for name in CHAINS:
        first, second = html_of(name), html_of(name)
        assert first == second
        assert len(first.encode()) < 12_000, name
        assert not re.findall(r"https?://", first)


def test_python_hears_the_verdict():
    d = asked.cost()
    widget = asked_widget(d)
    widget.verdicts = {"cost": {"status": "there", "text": "", "reply": -1}}
    assert d.steps[-1].asked.verdict["status"] == "there"
    widget.verdicts = {}
    assert d.steps[-1].asked.verdict == {}


def asked_widget(d):
    from lossnotes.exercises.asked_chain import AskedChain

    return AskedChain(d.steps, [])
