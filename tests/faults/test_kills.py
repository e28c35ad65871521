"""kill -9 by chance, in both modes at once: the short form of `make faults LONG=1`, on other seeds if SEED says so."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import kills
from tests.faults.house import House

pytestmark = [pytest.mark.stack, pytest.mark.cluster, pytest.mark.faults]

SEED = int(os.environ.get("SEED", "1"))
HOLDERS = 13  # in each mode


def test_no_mail_is_lost_doubled_or_stuck_whatever_is_killed(embedded: House, scaled: House) -> None:
    def storm(mode: str, house: House, seed: int) -> kills.Run:
        house.up()
        return kills.storm(house, mode, seed, mails=300, holders=HOLDERS)

    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(storm, ("embedded", "scaled"), (embedded, scaled), (SEED, SEED + 1)))
    assert "".join(run.report for run in runs) == "", "\n".join(run.report for run in runs)
    assert [run.hits for run in runs] == [HOLDERS, HOLDERS], [run.figures for run in runs]
