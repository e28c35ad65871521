"""解释这个日期: every date says from when, by which days, by which rule; what is not known is not said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from complaints import explain
from complaints.clocks import working_days_after
from complaints.stages import CLOCKS, Act, Deadline, Party, Step, Told, Type, replay
from tests import make
from tests.make import SHANGHAI

START = datetime(2026, 9, 30, 18, 30, tzinfo=SHANGHAI)


def told(act: Act, deadline: Deadline | None = None, at: datetime = START, by: Party = Party.PLATFORM) -> Step:
    event = Told(key="e", type=Type.ACT, act=act, by=by, at=at, fingerprint="e", deadline=deadline)
    return replay([event]).steps[0]


def explained(due: datetime, words: str, source: str = "computed") -> explain.Explained:
    deadline = Deadline(due, Party.BUYER, source, "closes", words, "e")
    return explain.explain(deadline, told(Act.REQUESTS_EVIDENCE, deadline))


@pytest.mark.parametrize(
    ("began", "days", "last"),
    [  # the vectors of the sources: day 0 is not counted
        ("2026-09-30", 7, "2026-10-15"),
        ("2026-02-13", 4, "2026-02-26"),
        ("2025-09-30", 4, "2025-10-13"),
    ],
)
def test_working_days_are_shown_one_by_one(began: str, days: int, last: str) -> None:
    start = datetime.fromisoformat(f"{began}T09:00:00+08:00")
    due = working_days_after(start, days)
    assert due.date().isoformat() == last
    unit, count, shown, is_estimate = explain.counted(start, due, f"{days}个工作日内")
    assert (unit, count, is_estimate) == ("working", days, False)
    assert shown[-1].date.isoformat() == last
    assert sum(day.counts for day in shown) == days


def test_days_and_hours_are_told_in_their_unit() -> None:
    end = datetime(2026, 10, 3, 23, 59, 59, tzinfo=SHANGHAI)
    assert (explained(end, "3天内").unit, explained(end, "3天内").count) == ("calendar", 3)
    hours = explained(START + timedelta(hours=72), "72小时内")
    assert (hours.unit, hours.count, hours.start) == ("hours", 72, START)


@pytest.mark.parametrize("words", ["7个工作日内", "3天内", "72小时内", "请尽快"])
def test_a_count_that_does_not_lead_there_is_not_told(words: str) -> None:
    date = explained(START + timedelta(days=3, minutes=17), words)
    assert (date.unit, date.start, date.days) == ("", None, ())
    assert date.quote == words


def test_a_stated_date_shows_the_notices_own_words_and_counts_nothing() -> None:
    date = explained(START + timedelta(days=2), "请于10月2日18:30前", "stated")
    assert date.quote == "请于10月2日18:30前"
    assert (date.unit, date.grade) == ("", "")


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: f"{clock.after}")
def test_every_usual_clock_says_what_its_sources_say_and_how_well_that_is_known(clock: object) -> None:
    deadline = Deadline(START, clock.waiting_for, "rule", clock.if_missed, clock.key, "e")  # type: ignore[attr-defined]
    date = explain.explain(deadline, told(clock.after, by=make.USUAL_PARTY.get(clock.after, Party.PLATFORM)))  # type: ignore[attr-defined]
    assert date.rule
    assert date.grade == "B"
    assert date.count == clock.days  # type: ignore[attr-defined]
    assert date.quote == ""


@pytest.mark.django_db
def test_the_page_explains_the_own_date_and_offers_reminder_and_calendar() -> None:
    due = make.a_deadline(
        working_days_after(START, 7), waiting_for=Party.BUYER, source="computed", because="7个工作日内"
    )
    case = make.a_case(act=Act.REQUESTS_EVIDENCE, at=START, deadline=due)
    client = Client()
    client.force_login(case.owner)
    page = client.get(reverse("complaints:case_deadline", args=[case.public_id])).text
    for words in ("7个工作日", "国庆节", "调休，周末上班", "2026-10-10", "2026-10-15 23:59", "加入日历", "A级"):
        assert words in page
    assert reverse("complaints:case_deadline", args=[case.public_id]) in client.get(case.get_absolute_url()).text
