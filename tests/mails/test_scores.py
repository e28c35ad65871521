from collections import Counter

import pytest

from complaints.stages import KINDS, Kind
from tests.mails.corpus import cases, wordings
from tests.mails.judging import by_field, recorded, verdicts
from tests.mails.parts import ASIDE, NOTED, OPEN

SLACK = 1  # cases that may turn bad before it counts as worse


@pytest.mark.parametrize("part", [OPEN, NOTED, ASIDE], ids=lambda part: part.name)
def test_no_score_falls_below_the_recorded_one(part):
    now = by_field(verdicts(part))
    fell = {}
    for field, (right, of) in recorded()[part.name].items():
        got, among = now.get(field, (0, 0))
        if got + SLACK < right * among / of:
            fell[field] = f"{got} of {among}, was {right} of {of}"
    assert not fell, f"read worse than recorded, see make reading: {fell}"


def test_the_corpus_is_as_large_as_its_readme_says():
    all_ = [*cases(OPEN), *cases(ASIDE)]
    assert sum(case.suffix == ".eml" for case in all_) >= 1000
    assert sum(case.suffix == ".txt" for case in all_) >= 300
    assert sum(not case.truth["moves_case"] for case in all_) >= 600
    assert 0.18 <= sum(1 for _ in cases(ASIDE)) / len(all_) <= 0.25


@pytest.mark.parametrize("part", [OPEN, ASIDE], ids=lambda part: part.name)
def test_every_kind_is_in_either_part(part):
    kinds = {wording.kind for wording in wordings(part.folder)}
    assert kinds | {Kind.FORWARD_CONFIRMATION} >= set(Kind) - {Kind.UNKNOWN}


def test_a_step_is_worded_in_at_least_eight_ways_and_every_other_kind_in_four():
    ways = Counter(wording.kind for part in (OPEN, ASIDE) for wording in wordings(part.folder))
    least = {kind: 8 if row.stage else 4 for kind, row in KINDS.items()}
    least |= {Kind.UNKNOWN: 0, Kind.FORWARD_CONFIRMATION: 2}  # who says nothing known; few mailboxes ask
    assert {kind: ways[kind] for kind in Kind if ways[kind] < least[kind]} == {}


def test_the_part_set_aside_shares_no_wording_no_shop_and_no_client():
    texts = [{wording.body for wording in wordings(part.folder)} for part in (OPEN, ASIDE)]
    assert not texts[0] & texts[1]
    assert not set(OPEN.clients) & set(ASIDE.clients)
    assert not {*OPEN.shops, *OPEN.shops_hant} & {*ASIDE.shops, *ASIDE.shops_hant}


def test_the_same_seed_gives_the_same_mails():
    first, again = ([(case.raw, case.truth) for case in cases(ASIDE)] for _ in range(2))
    assert first == again


def test_a_text_states_what_its_truth_says():
    for case in cases(OPEN):
        for key in ("case_no", "shop", "tracking_no"):
            if case.shape != "odd" and case.truth.get(key):
                assert case.truth[key] in case.text, (case.name, key)
