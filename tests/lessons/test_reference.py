"""The reference pages against what they refer to: the package, the catalogue, the citation file."""

import inspect
import re
from importlib import import_module

import nbformat
import numpy as np
import pytest
import yaml
from pages import FURTHER, LESSONS, ROOT, ids
from scipy.optimize import brentq

import lossnotes
from lossnotes import losses
from lossnotes.desk import known
from lossnotes.functions import StableFunction

BOOK = ROOT / "book"


def text(name):
    return (BOOK / name).read_text(encoding="utf-8")


def cells(name, kind):
    notebook = nbformat.read(BOOK / name, as_version=4)
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == kind)


# The package


def test_each_name_of_the_package_is_on_its_page(site):
    described = ids(site, "api.html")
    missing = [
        name for name in lossnotes.__all__
        if f"lossnotes.{name}" not in described and f"module-lossnotes.{name}" not in described
    ]  # fmt: skip
    assert missing == ["losses", "style"], "they are described by what they hold"
    assert {"lossnotes.losses.Loss", "lossnotes.losses.ClassLoss", "lossnotes.style.Picture"} <= set(described)


@pytest.mark.parametrize("module", ["verify", "experiments"])
def test_each_function_of_a_module_is_on_its_page(site, module):
    described = ids(site, "api.html")
    held = import_module(f"lossnotes.{module}")
    public = [
        name for name, thing in vars(held).items()
        if not name.startswith("_") and getattr(thing, "__module__", "") == held.__name__
    ]  # fmt: skip
    assert len(public) > 5
    assert [name for name in public if f"lossnotes.{module}.{name}" not in described] == []


def test_functions_that_losses_are_made_of_are_on_the_page(site):
    used = {type(node) for loss in losses.CATALOGUE.values() for node in loss.expr.atoms(StableFunction)}
    assert len(used) > 5
    described = ids(site, "api.html")
    assert [f.__name__ for f in used if f"lossnotes.functions.{f.__name__}" not in described] == []


def test_the_lines_that_import_all_import_all():
    lines = re.findall(r"(?m)^from lossnotes import (.+)$", text("api.md"))
    assert sorted(name for line in lines for name in line.split(", ")) == sorted(lossnotes.__all__)


def test_signatures_that_the_page_spells_out_are_those_of_the_code():
    """A dataclass's own signature says ``<factory>`` where the page says ``{}``."""
    spelled = re.findall(r"(?m)^\.\. autoclass:: ([\w.]+)\((.+)\)$", text("api.md"))
    assert len(spelled) > 2
    for name, arguments in spelled:
        module, _, attribute = name.rpartition(".")
        code = inspect.signature(getattr(import_module(module), attribute)).parameters.values()
        shown = inspect.signature(eval(f"lambda {arguments}: None")).parameters.values()
        assert [p.name for p in shown] == [p.name for p in code], name
        for ours, theirs in zip(shown, code, strict=True):
            assert str(theirs.default) == "<factory>" or ours.default == theirs.default, f"{name}: {ours.name}"


def test_docstrings_leave_no_markup_on_the_page(site):
    page = (site / "book" / "api.html").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", "", page)
    assert re.findall(r":(?:class|meth|func|data|math|attr):`|\.\. \w+::|^\s*-{5,}$", words, re.M) == []


# Which loss


WHICH = "which-loss.ipynb"


def test_losses_named_in_which_loss_are_in_the_catalogue():
    markdown = cells(WHICH, "markdown")
    linked = re.findall(r"catalogue\.ipynb#(\w+)\)", markdown)
    called = re.findall(r"`losses\.(\w+)\.", markdown)
    assert len(linked) > 15
    assert len(called) > 15
    assert set(linked) | set(called) <= set(losses.CATALOGUE)


def test_each_loss_is_an_end_or_is_left_out_on_purpose():
    named = set(re.findall(r"catalogue\.ipynb#(\w+)\)", cells(WHICH, "markdown")))
    same = {"laplace_nll", "softmax_squared_error", "sigmoid_squared_error"}  # an end under another name
    rivals = {"quartic_error", "spherical"}  # nobody should begin with them
    assert set(losses.CATALOGUE) - named == same | rivals


def test_each_line_that_which_loss_shows_is_run():
    shown = re.findall(r"^\| (?:here)? *\| `(losses\..+)` \|$", cells(WHICH, "markdown"), re.M)
    assert len(shown) > 15
    code = cells(WHICH, "code")
    assert [line for line in shown if line not in code] == []


def test_each_end_says_where_to_begin_and_what_to_beware_of():
    ends = re.split(r"(?m)^### ", cells(WHICH, "markdown"))[1:]
    assert len(ends) > 15
    for end in ends:
        name = end.splitlines()[0]
        if name == "No target":
            continue
        rows = re.findall(r"(?m)^\| (\w[\w, ]*) \|", end)
        assert {"loss", "output layer", "here", "beware", "why"} <= set(rows), name


def test_the_table_of_which_loss_leads_to_each_end():
    markdown = cells(WHICH, "markdown")
    ends = [line.lower().replace(" ", "-") for line in re.findall(r"(?m)^### (.+)$", markdown)]
    table = markdown[: markdown.index("Not sure of the noise?")]
    assert re.findall(r"\]\(#([\w-]+)\)", table) == ends


# The comparison


def test_each_row_of_the_table_has_its_verdict_once(site):
    there = ids(site, "compare.html")
    rows = [f"a{number}" for number in range(21, 29)] + ["a2", "c2", "c65"]
    assert {row: there.count(row) for row in rows} == dict.fromkeys(rows, 1)


def test_each_row_of_the_comparison_leads_to_its_section(site):
    table = cells("compare.ipynb", "markdown")
    sections = re.findall(r"(?m)^\| \[[^]]+\]\(#([\w-]+)\)", table)
    assert len(sections) == 7
    assert set(sections) <= set(ids(site, "compare.html"))


# The questions


#: Symptoms that are no question of the curriculum.
SEEN = ("at-069", "capped", "zero-from-the-start", "infinite", "commonest-class", "same-number")
#: All questions: those of the curriculum by number, and these.
ASKED = (*range(1, 25), *SEEN)


def anchor(question):
    return question if question in SEEN else f"q{question}"


def answers(part=""):
    """The questions and answers of the page, or of the section with this title."""
    page = text("faq.md")
    page = page.partition(f"## {part}\n")[2].partition("\n## ")[0] if part else page
    found = re.findall(r"(?ms)^\(([\w-]+)\)=\n### (.+?)\n\n(.+?)(?=\n\n\(|\n\n## |\Z)", page)
    by_anchor = {anchor(one): one for one in ASKED}
    return {by_anchor[name]: (question, answer) for name, question, answer in found}


def test_each_question_is_there_once(site):
    assert set(answers()) == set(ASKED)
    there = ids(site, "faq.html")
    assert [there.count(anchor(question)) for question in ASKED] == [1] * len(ASKED)


def test_symptoms_come_first_and_say_what_to_do():
    seen = answers("My loss does this")
    assert set(SEEN) < set(seen)
    assert list(answers())[: len(seen)] == list(seen)
    for question, answer in seen.values():
        assert len(answer.partition("→")[0].split()) <= 90, question
    for one in (*SEEN, 10, 14, 18, 20):
        question, answer = seen[one]
        assert "bug?" in question + answer, question
        assert "**The number:**" in answer, question
        assert "**Do:**" in answer, question


def test_the_desk_knows_the_numbers_that_symptoms_name():
    named = {"2.3026", "1.4612", "0.7437", "0.6931", "0.5032", "16.118", "15.942", "36.04", "14.51", "7.97"}
    told = " ".join(answer for _, answer in answers("My loss does this").values())
    values = [
        float(k.value.subs(known.K, n)) for k in known.KNOWN if not k.value.has(known.s, known.epsilon) for n in (4, 10)
    ]
    for number in named:
        assert number in told
        assert any(abs(value - float(number)) <= 0.5 * 10.0 ** -len(number.partition(".")[2]) for value in values), (
            number
        )


@pytest.mark.parametrize("number", ASKED)
def test_each_answer_is_short_and_leads_to_the_place_that_shows_it(number):
    question, answer = answers()[number]
    told, _, places = answer.partition("→")
    assert "?" in question or question.endswith(".")
    sentences = re.findall(r"[.!?:;](?:\s|$)", told)
    assert 2 <= len(sentences) <= 8
    assert len(told.split()) <= 100
    links = re.findall(r"\]\(([\w-]+\.ipynb)(?:#(\w+))?\)", places)
    assert links
    if number not in SEEN:
        assert {place for _, place in links} == {anchor(number)}


def ce(logits, target):
    return float(losses.cross_entropy.value(np.asarray(logits, float), target))


def entropy(shares):
    return ce(np.log(np.maximum(shares, 1e-300)), shares)


def two_softmaxes(classes):
    """The least cross-entropy of a softmax of a softmax: the inner one has said 1."""
    return ce(np.eye(classes)[0], 0)


def two_sigmoids():
    """The cross-entropy of σ(σ(z)), sure and right, where half of the answers are yes."""
    return losses.binary_cross_entropy.value(np.array([1.0, 0.0]), [1, 0]).mean()


def valleys():
    """Where squared error behind a sigmoid has its minima, on the data of question 4, and its mean there."""
    x, y = np.array([6.2, -0.2, -0.4]), np.array([0.0, 1.0, 0.0])

    def slope(w):
        return losses.sigmoid_squared_error.gradient(w * x, y) @ x

    grid = np.linspace(-3, 4, 701)
    slopes = [slope(w) for w in grid]
    roots = [
        brentq(slope, grid[k], grid[k + 1])
        for k in range(len(grid) - 1) if slopes[k] < 0 < slopes[k + 1]
    ]  # fmt: skip
    return [(w, losses.sigmoid_squared_error.value(w * x, y).mean()) for w in roots]


def steps(loss):
    z, count = -8.0, 0
    while 1 / (1 + np.exp(-z)) < 0.9:
        z, count = z - loss.gradient(z, 1.0) / 2, count + 1
    return count


def price_of_squares(slope):
    """How many times the examples squared error needs: lesson 8's formula, x standard normal."""
    x = np.linspace(-10, 10, 20_001)
    p = 1 / (1 + np.exp(-slope * x))
    v, weight = p * (1 - p), np.exp(-(x**2) / 2) * x**2
    return (weight @ v**3) * (weight @ v) / (weight @ v**2) ** 2


def logit_after(count):
    z = 0.0
    for _ in range(count):
        z += 0.5 / (1 + np.exp(z))
    return z


def push_of_tanh(log_odds):
    """Of ½(tanh z − 1)² on the score z that gives a yes these log-odds, 2z."""
    z = log_odds / 2
    return (1 - np.tanh(z)) * (1 - np.tanh(z) ** 2)


#: For each question, each number of its answer: how it is printed, and what it is.
NUMBERS = {
    1: {
        "−0.6": lambda: losses.half_squared_error.gradient(2.4, 3.0),
        "−1.2": lambda: losses.squared_error.gradient(2.4, 3.0),
    },
    16: {"0.003125": lambda: 0.1 / 32},
    2: {"3.86": lambda: brentq(lambda c: losses.quartic_error.gradient(c, np.array([0, 0, 0, 0, 10.0])).sum(), 0, 10)},
    20: {
        "0.399": lambda: brentq(lambda s: losses.gaussian_nll.value(0.0, 0.0, sigma=s), 0.1, 1),
        "or below 1": lambda: brentq(
            lambda s: losses.gaussian_nll.value(0.0, 0.0, sigma=s) - np.log(2 * np.pi) / 2, 0.1, 2
        ),
    },
    21: {"1.75": lambda: np.mean(np.square([0.5, -1, 2]))},
    9: {"the odds 4": lambda: 0.8 / 0.2, "1.386": lambda: np.log(0.8 / 0.2)},
    5: {
        "1.0397": lambda: entropy([0.5, 0.25, 0.25]),
        "1.5 bits": lambda: entropy([0.5, 0.25, 0.25]) / np.log(2),
        "2.828": lambda: np.exp(entropy([0.5, 0.25, 0.25])),
    },
    8: {"1.4427": lambda: 1 / np.log(2)},
    7: {"1.0397": lambda: entropy([0, 0.25, 0.25, 0.5]), "1.3863": lambda: entropy([0.25] * 4)},
    24: {"3.87": lambda: logit_after(100), "10.82": lambda: logit_after(100_000)},
    18: {"95": lambda: losses.binary_cross_entropy.value(-10.0, 1) / -np.log(0.9)},
    3: {
        "3081": lambda: steps(losses.sigmoid_squared_error),
        "38": lambda: steps(losses.binary_cross_entropy),
        "48 %": lambda: 100 * (price_of_squares(3.0) - 1),
    },
    4: {
        "−0.41": lambda: valleys()[0][0],
        "0.176": lambda: valleys()[0][1],
        "1.82": lambda: valleys()[1][0],
        "0.485": lambda: valleys()[1][1],
    },
    22: {
        "0.00009": lambda: (
            losses.sigmoid_squared_error.gradient(-10.0, 1) / losses.binary_cross_entropy.gradient(-10.0, 1)
        )
    },
    23: {
        "a push of 1": lambda: push_of_tanh(0.0),
        "0.000045": lambda: 1 / (1 + np.exp(10.0)),
        "2,754": lambda: -losses.binary_cross_entropy.gradient(-10.0, 1) / push_of_tanh(-10.0),
    },
    10: {
        "2.3026": lambda: ce(np.zeros(10), 0),
        "0.3133": lambda: two_softmaxes(2),
        "0.5514": lambda: two_softmaxes(3),
        "0.7437": lambda: two_softmaxes(4),
        "1.4612": lambda: two_softmaxes(10),
    },
    14: {
        "88.7": lambda: np.log(float(np.finfo(np.float32).max)),
        "709.8": lambda: np.log(np.finfo(np.float64).max),
    },
    15: {
        "exactly 1": lambda: np.float32(1) / (1 + np.exp(np.float32(-17))),
        "its loss is 17": lambda: losses.binary_cross_entropy.value(np.float32(17), np.float32(0)),
        "its gradient 1": lambda: losses.binary_cross_entropy.gradient(np.float32(17), np.float32(0)),
    },
    19: {"2.3026": lambda: ce(np.zeros(10), 0), "6.9078": lambda: ce(np.zeros(1000), 0)},
    "at-069": {"0.6931": lambda: losses.binary_cross_entropy.value(0.0, 1), "0.5032": two_sigmoids},
    "capped": {
        "16.118": lambda: -np.log(1e-7),
        "15.942": lambda: -np.log(float(np.float32(1) - (np.float32(1) - np.float32(1e-7)))),
        "36.04": lambda: -np.log(np.finfo(float).eps),
        "14.51": lambda: -0.9 * np.log(1e-7),
        "7.97": lambda: -np.log(2.0**-23) / 2,
    },
    "infinite": {"103.97": lambda: -np.log(np.finfo(np.float32).smallest_subnormal / np.float64(2))},
    "commonest-class": {"0.3251": lambda: entropy([0.9, 0.1])},
    13: {"0.693": lambda: ce([50.0, 50.0, -50.0], 0)},
    17: {
        "1.8636": lambda: (0.5 * 1 + 2 * 10) / (1 + 10),
        "10.25": lambda: (0.5 * 1 + 2 * 10) / 2,
    },
}


@pytest.mark.parametrize(("number", "shown"), [(q, shown) for q, rows in NUMBERS.items() for shown in rows])
def test_numbers_of_the_answers_are_what_the_package_computes(number, shown):
    assert shown in answers()[number][1], "the answer has another number"
    (printed,) = re.findall(r"−?\d[\d,]*(?:\.\d+)?", shown)
    digits = len(printed.partition(".")[2])
    assert f"{float(NUMBERS[number][shown]()):.{digits}f}" == printed.replace(",", "").replace("−", "-")


#: The length of a run, a library's own limit: nothing that is computed.
SETTINGS = {15: {"100"}, "capped": {"100"}, 24: {"100", "100,000"}}


@pytest.mark.parametrize("number", ASKED)
def test_no_number_of_three_digits_stands_unchecked(number):
    told = answers()[number][1].partition("→")[0]
    checked = " ".join(NUMBERS.get(number, {}))
    assert long_numbers(told) <= long_numbers(checked) | SETTINGS.get(number, set())


def long_numbers(words):
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", words)
    return {number for number in found if len(re.sub(r"\D", "", number).lstrip("0")) >= 3}


def test_two_softmaxes_have_a_floor_that_training_does_not_pass():
    rng = np.random.default_rng(10)
    for classes in (2, 3, 4, 10):
        inner = np.exp(rng.normal(0, 5, (2000, classes)))
        inner /= inner.sum(axis=1, keepdims=True)
        assert losses.cross_entropy.value(inner, np.zeros(2000, int)).min() >= two_softmaxes(classes) - 1e-12


def test_log_softmax_twice_is_log_softmax():
    rows = np.random.default_rng(11).normal(0, 3, (50, 7))
    once = rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))
    again = once - np.log(np.exp(once).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(again, once, rtol=0, atol=1e-14)


# Notation, glossary, citation


@pytest.mark.parametrize("number", range(1, 7))
def test_symbols_stand_in_the_lesson_that_the_notation_names(number):
    lesson = f"{LESSONS[number - 1].removeprefix('book/')}.ipynb"
    rows = re.findall(rf"(?m)^\| (.+?) \| .+? \| .*\[{number}\]\({lesson}", text("notation.md"))
    assert rows
    for symbols in rows:
        words = cells(lesson, "markdown").replace(" ", "")
        for symbol in re.findall(r"\$([^$]+)\$", symbols):
            name = symbol.split("=")[0].replace(" ", "")
            greek = {"\\eta": "η", "\\sigma": "σ", "\\tau": "τ", "\\nu": "ν", "\\delta": "δ", "\\lambda": "λ"}
            assert name in words or greek.get(name, name) in words, f"{name} is not in {lesson}"


def terms():
    body = re.search(r"(?s)```\{glossary\}\n(.+?)\n```", text("glossary.md"))[1]
    return re.findall(r"(?m)^(\S.*)\n  (\S.*)$", body)


def test_each_term_is_explained_in_a_sentence_or_two_and_shown():
    assert len(terms()) > 40
    for term, meaning in terms():
        assert "](" in meaning or "{term}" in meaning, term
        assert len(re.sub(r"\]\([^)]*\)", "", meaning).split()) <= 45, term
    names = [term for term, _ in terms()]
    assert names == sorted(names, key=lambda name: name.lower().replace("–", "-"))


def test_words_of_the_trade_in_the_answers_are_in_the_glossary():
    wanted = {"logit", "residual", "negative log-likelihood", "proper scoring rule", "softmax", "perplexity", "nat"}
    assert wanted <= {term for term, _ in terms()}


def test_the_citation_is_that_of_the_citation_file():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    page = text("cite.md")
    entry = dict(re.findall(r"(\w+) += \{+([^{}]+)\}+", page))
    year, month, _ = str(cff["date-released"]).split("-")
    assert entry == {
        "author": cff["authors"][0]["name"],
        "title": cff["title"],
        "version": str(cff["version"]),
        "year": year,
        "month": str(int(month)),
        "license": " and ".join(cff["license"]),
    }
    prose = re.search(r"(?m)^> (.+)$", page)[1].replace("*", "")
    assert prose == f"{entry['author']}. {entry['title']}, version {entry['version']}, {year}."
    assert entry["version"] == lossnotes.__version__


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.[im][pd]*")), ids=lambda path: path.stem)
def test_a_lesson_is_called_by_its_number(path):
    """Numbers of lessons are written by hand: a link that says "lesson 4" leads to the fourth."""
    named = re.findall(r"\[[Ll]esson (\d+)\]\((?:book/)?([\w-]+)\.", path.read_text(encoding="utf-8"))
    assert [(number, page) for number, page in named if LESSONS.index(f"book/{page}") != int(number) - 1] == []


def test_the_front_page_says_of_each_lesson_what_it_says_itself():
    rows = re.findall(r"(?m)^\| (\d+) \| \[(.+?)\]\((.+?)\.ipynb\) \| (.+?) \|", cells("intro.ipynb", "markdown"))
    assert [f"book/{name}" for _, _, name, _ in rows] == LESSONS
    for number, (place, title, name, minutes) in enumerate(rows, start=1):
        opening = cells(f"{name}.ipynb", "markdown")
        own = re.search(r"(?m)^\*About (\d+) minutes(?:, and (\d+) more)?", opening)
        stated = " + ".join(filter(None, own.groups())) if own else "about an hour"
        assert (place, title, minutes) == (str(number), re.match(r"# (.+)", opening)[1], stated)


def test_the_front_page_leads_to_every_further_page():
    linked = re.findall(r"\]\(([\w-]+)\.ipynb\)", cells("intro.ipynb", "markdown"))
    assert [page for page in FURTHER if page.removeprefix("book/") not in linked] == []
