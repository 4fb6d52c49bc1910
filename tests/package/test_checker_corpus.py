"""What the checker may and may not accept, kind by kind: see ``checker_corpus``."""

import copy
import pickle
import re

import checker_corpus
import pytest
import sympy as sp
from checker import FALSE, MALFORMED, SOME_TRUE, accepted, judged, not_accepted
from checker_corpus import x

from lossnotes import Derivation


@pytest.mark.parametrize("kind", FALSE)
def test_no_false_step_is_accepted(kind):
    wrong = accepted(FALSE[kind])
    assert not wrong, wrong


@pytest.mark.parametrize("kind", SOME_TRUE)
def test_every_true_step_is_accepted(kind):
    wrong = not_accepted(SOME_TRUE[kind])
    assert not wrong, wrong


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_is_no_step_is_refused_by_name(kind):
    for name, case in MALFORMED[kind].items():
        judgement = judged(case)
        assert judgement.outcome == "refused", (name, judgement)
        # A word of its own: every message that says "expected" holds a p.
        assert re.search(rf"(?<!\w){re.escape(case.naming)}(?!\w)", judgement.message), (name, judgement)


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
    said = judged(FALSE["attack: branches not visited"]["a Pell equation"]).message
    assert "KroneckerDelta(k**2, 61*l**2 + 1)" in said
    assert "is zero: not judged. Give a domain" in said


def test_the_corpus_is_as_large_as_it_says():
    groups = checker_corpus.FALSE, checker_corpus.TRUE
    assert list(groups[0]) == list(groups[1])
    assert min(len(cases) for group in groups for cases in group.values()) >= 10
    assert min(sum(map(len, group.values())) for group in groups) >= 220
