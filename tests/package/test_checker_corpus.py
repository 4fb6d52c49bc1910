"""What the checker may and may not accept, kind by kind: see ``checker_corpus``."""

import time
from functools import cache
from typing import NamedTuple

import pytest
from checker_corpus import FALSE, MALFORMED, TRUE, Case

from lossnotes import Derivation, StepError

#: Seconds by the clock: 10 of computing, and the start of a worker on a busy machine.
LONGEST = 15.0


class Judgement(NamedTuple):
    """What came of a step, "proved", "checked", "false" (a StepError), "refused" (a ValueError) or "broken: …"."""

    outcome: str
    seconds: float
    message: str = ""


@cache
def judged(case: Case) -> Judgement:
    """What the checker says of the last step of a case."""
    start = time.perf_counter()
    try:
        chain = Derivation("L", case.before, domain=case.domain, sizes=case.sizes)
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
    return {name: judged(case)[::2] for name, case in cases.items() if not expected(judged(case), case)}


@pytest.mark.parametrize("kind", FALSE)
def test_no_false_step_is_accepted(kind):
    assert not _unlike(FALSE[kind], lambda judgement, _: judgement.outcome in ("false", "refused"))


@pytest.mark.parametrize("kind", TRUE)
def test_every_true_step_is_accepted(kind):
    assert not _unlike(TRUE[kind], lambda judgement, _: judgement.outcome in ("proved", "checked"))


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_cannot_be_judged_is_refused_by_name(kind):
    def named(judgement, case):
        return judgement.outcome == "refused" and case.naming in judgement.message

    assert not _unlike(MALFORMED[kind], named)


@pytest.mark.parametrize("kind", [*FALSE, *MALFORMED])
def test_no_judgement_takes_long(kind):
    cases = [group[kind][name] for group in (FALSE, TRUE, MALFORMED) for name in group.get(kind, ())]
    assert max(judged(case).seconds for case in cases) < LONGEST


def test_the_corpus_is_as_large_as_it_says():
    assert list(FALSE) == list(TRUE)
    assert min(len(cases) for group in (FALSE, TRUE) for cases in group.values()) >= 10
    assert min(sum(map(len, group.values())) for group in (FALSE, TRUE)) >= 220
