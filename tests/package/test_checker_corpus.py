"""What the checker may and may not accept, kind by kind: see ``checker_corpus``."""

import copy
import pickle
import re
import time
from functools import cache
from typing import NamedTuple

import checker_attacks
import checker_corpus
import pytest
import sympy as sp
from checker_corpus import Case, x

from lossnotes import Derivation, StepError

FALSE, TRUE, MALFORMED = (
    {**getattr(checker_corpus, group), **{f"attack: {k}": v for k, v in getattr(checker_attacks, group).items()}}
    for group in ("FALSE", "TRUE", "MALFORMED")
)
#: Seconds by the clock: 10 of computing, and the start of a worker on a busy machine.
LONGEST = 15.0


class Judgement(NamedTuple):
    """What came of a step: "proved", "checked", "false" (StepError), "refused" (ValueError), "broken: …" (another)."""

    outcome: str
    seconds: float
    message: str = ""


@cache
def judged(case: Case) -> Judgement:
    """What the checker says of the last step of a case."""
    start = time.perf_counter()
    try:
        chain = Derivation("L", case.before, domain=case.domain)
        for before in case.earlier:
            _take(chain, before)
        start = time.perf_counter()
        outcome, message = _take(chain, case).mark, ""
    except StepError as error:
        outcome, message = "false", str(error)
    except ValueError as error:
        outcome, message = "refused", str(error)
    except Exception as error:
        outcome, message = f"broken: {type(error).__name__}", str(error)
    return Judgement(outcome, time.perf_counter() - start, message)


def _take(chain, case):
    if case.relation == "derivative":
        return chain.differentiate(case.variable, case.after, "as the case says")
    dropped = {"constant": "up_to_constant_in", "factor": "up_to_positive_factor_in"}.get(case.relation)
    arguments = {dropped: case.variable} if dropped else {}
    return chain.step(case.after, "as the case says", where=case.where, **arguments)


def _unlike(cases, expected):
    """The cases that are judged otherwise, one a line."""
    found = {name: (judged(case), case) for name, case in cases.items()}
    return "\n".join(
        f"{name}: {judgement.outcome} {judgement.message}"
        for name, (judgement, case) in found.items()
        if not expected(judgement, case)
    )


@pytest.mark.parametrize("kind", FALSE)
def test_no_false_step_is_accepted(kind):
    wrong = _unlike(FALSE[kind], lambda judgement, _: judgement.outcome in ("false", "refused"))
    assert not wrong, wrong


@pytest.mark.parametrize("kind", TRUE)
def test_every_true_step_is_accepted(kind):
    wrong = _unlike(TRUE[kind], lambda judgement, _: judgement.outcome in ("proved", "checked"))
    assert not wrong, wrong


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_is_no_step_is_refused_by_name(kind):
    def named(judgement, case):
        # A word of its own: every message that says "expected" holds a p.
        return judgement.outcome == "refused" and re.search(
            rf"(?<!\w){re.escape(case.naming)}(?!\w)", judgement.message
        )

    wrong = _unlike(MALFORMED[kind], named)
    assert not wrong, wrong


@pytest.mark.parametrize("kind", {**FALSE, **MALFORMED})
def test_no_judgement_takes_long(kind):
    cases = {name: case for group in (FALSE, TRUE, MALFORMED) for name, case in group.get(kind, {}).items()}
    slow = {name: judged(case).seconds for name, case in cases.items() if judged(case).seconds >= LONGEST}
    assert not slow, slow


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda chain: pickle.loads(pickle.dumps(chain))])
def test_a_copy_of_a_chain_goes_its_own_way(copied):
    chain = Derivation("L", x**2 + x, domain={x: (0, 1)})
    copied(chain).differentiate(x, 2 * x + 1, "slope")
    assert len(chain.steps) == 1
    chain.step(x * (x + 1), "of the first line")


def test_what_a_chain_holds_is_not_assigned():
    chain = Derivation("L", x**2)
    for name in ("expr", "steps", "domain", "name"):
        with pytest.raises(AttributeError):
            setattr(chain, name, x)


@pytest.mark.parametrize("name", [x + 1, sp.Integer(3), "3", "x + 1", "{x}", "x ", x])
def test_a_chain_is_named_after_something_new(name):
    with pytest.raises(ValueError, match="name"):
        Derivation(name, x**2)


def test_a_side_that_was_not_visited_is_named():
    said = judged(checker_attacks.FALSE["branches not visited"]["a Pell equation"]).message
    assert "KroneckerDelta(k**2, 61*l**2 + 1)" in said
    assert "is zero: not judged. Give a domain" in said


def test_the_corpus_is_as_large_as_it_says():
    groups = checker_corpus.FALSE, checker_corpus.TRUE
    assert list(groups[0]) == list(groups[1])
    assert min(len(cases) for group in groups for cases in group.values()) >= 10
    assert min(sum(map(len, group.values())) for group in groups) >= 220
