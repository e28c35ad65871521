"""What doors count: in memory, written down for all processes, never in anybody's way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from accounts import limits
from accounts.limits import HOUR, Refusal
from accounts.models import Tally
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    limits.forget_memory()


def test_what_was_counted_is_known_at_once_and_written_for_others() -> None:
    for size in (10, 20):
        limits.count("mails", "qq.com", NOW, size=size)
    assert limits.so_far("mails", "qq.com", NOW) == (2, 30)
    limits.write_down()
    assert limits.so_far("mails", "qq.com", NOW) == (2, 30)
    limits.forget_memory()  # another process
    limits.count("mails", "qq.com", NOW, size=5)
    assert limits.so_far("mails", "qq.com", NOW) == (1, 5)
    limits.write_down()
    assert limits.so_far("mails", "qq.com", NOW) == (3, 35)


def test_each_who_and_each_hour_is_counted_apart() -> None:
    limits.count("mails", "qq.com", NOW)
    assert limits.so_far("mails", "163.com", NOW) == (0, 0)
    assert limits.so_far("bytes", "qq.com", NOW) == (0, 0)
    assert limits.so_far("mails", "qq.com", NOW + HOUR) == (0, 0)


def test_it_is_written_once_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(limits.time, "monotonic", lambda: now)
    limits.count("mails", "a", NOW)
    limits.write_down()
    limits.count("mails", "a", NOW)
    limits.write_down()
    assert Tally.objects.get().times == 1
    now += limits.WRITTEN_EVERY
    limits.write_down()
    assert Tally.objects.get().times == 2


def test_who_it_was_stands_in_no_table() -> None:
    limits.count("peer", "192.0.2.7", NOW)
    limits.write_down()
    assert "192.0.2.7" not in str(Tally.objects.values_list().get())


def test_a_database_that_is_away_loses_no_count_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    real = limits._written

    def broken(_taken: Any) -> Any:
        raise DatabaseError("away")

    monkeypatch.setattr(limits, "_written", broken)
    limits.count("mails", "a", NOW)
    limits.write_down()
    assert not Tally.objects.exists()
    assert limits.so_far("mails", "a", NOW) == (1, 0)
    monkeypatch.setattr(limits, "_written", real)
    limits.count("mails", "a", NOW)
    limits.write_down(at_once=True)
    assert Tally.objects.get().times == 2


def test_more_than_one_statement_holds_is_written_whole() -> None:
    for number in range(2 * limits.AT_ONCE + 1):
        limits.count("mails", f"{number}.example", NOW, size=1)
    limits.write_down()
    assert Tally.objects.count() == 2 * limits.AT_ONCE + 1


def test_refusals_are_counted_by_reason_for_ever_and_by_the_hour() -> None:
    limits.refuse(Refusal.DISK, NOW)
    limits.refuse(Refusal.DISK, NOW + 2 * HOUR)
    limits.refuse(Refusal.PEER, NOW)
    limits.write_down()
    said = limits.refusals()
    assert {why: count for why, count in said.items() if count} == {"disk_full": 2, "peer_flood": 1}
    assert set(said) == {why.value for why in Refusal}
    assert limits.refusals(since=NOW + HOUR)["disk_full"] == 1


def test_tallies_of_hours_that_are_over_go_and_the_sums_of_refusals_stay() -> None:
    limits.count("mails", "a", NOW)
    limits.refuse(Refusal.PEER, NOW)
    limits.write_down()
    limits.forget(NOW + HOUR)
    assert limits.so_far("mails", "a", NOW) == (1, 0)
    assert limits.forget(NOW + 3 * HOUR) == 1
    assert not Tally.objects.filter(what="mails").exists()
    assert limits.refusals(since=NOW)["peer_flood"] == 1
    assert limits.forget(NOW + limits.KEPT + timedelta(hours=2)) == 1
    assert limits.refusals()["peer_flood"] == 1
