"""What the checker may and may not accept, kind by kind: see ``checker_corpus``."""

import re

import checker_corpus
import pytest
from checker import FALSE, MALFORMED, SOME_TRUE, accepted, judged, not_accepted


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


def test_the_corpus_is_as_large_as_it_says():
    groups = checker_corpus.FALSE, checker_corpus.TRUE
    assert list(groups[0]) == list(groups[1])
    assert min(len(cases) for group in groups for cases in group.values()) >= 10
    assert min(sum(map(len, group.values())) for group in groups) >= 220
