"""The slow cases of the checker's corpus that ``tests/package`` leaves out."""

import pytest
from checker import FALSE, TRUE, accepted, left, not_accepted

LEFT_FALSE, LEFT_TRUE = left(FALSE), left(TRUE)


@pytest.mark.parametrize("kind", LEFT_FALSE)
def test_no_false_step_is_accepted(kind):
    wrong = accepted(LEFT_FALSE[kind])
    assert not wrong, wrong


@pytest.mark.parametrize("kind", LEFT_TRUE)
def test_every_true_step_is_accepted(kind):
    wrong = not_accepted(LEFT_TRUE[kind])
    assert not wrong, wrong
