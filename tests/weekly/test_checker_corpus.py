"""The slow true steps of the checker's corpus that ``tests/package`` leaves out."""

import pytest
from checker import OTHER_TRUE, not_accepted


@pytest.mark.parametrize("kind", OTHER_TRUE)
def test_every_true_step_is_accepted(kind):
    assert OTHER_TRUE[kind]
    wrong = not_accepted(OTHER_TRUE[kind])
    assert not wrong, wrong
