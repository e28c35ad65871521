"""True notices move their cases unasked, through the real door; what sounds like one, or is forged, does not."""

from __future__ import annotations

import pytest

from tests.mails.judging import recorded
from tests.mails.parts import ASIDE, OPEN
from tests.mails.sending import EACH, SEED, right, sample, send
from tools.stack import running

pytestmark = pytest.mark.stack


def test_a_sample_of_the_corpus_moves_what_it_should_and_nothing_else() -> None:
    groups = sample((OPEN, ASIDE), SEED, EACH)
    assert min(len(groups["true"]), len(groups["negative"])) >= 60
    with running(demo=False) as stack:
        out = send(stack, groups)
    assert out["forged"].moved == ()
    came = right(out)
    assert came["true"][0] >= 0.9 * came["true"][1], came
    for group, (before, of) in recorded()["sent"].items():
        slack = 1 if group == "true" else 0
        assert came[group][0] + slack >= before, f"{group}: {came[group]}, recorded {before} of {of}"
