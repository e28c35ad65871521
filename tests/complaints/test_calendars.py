"""The shopper's dates in a calendar program: valid, private, changed and called off under one name."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from accounts.models import User
from complaints import calendars, workflow
from complaints.models import CalendarFeed, Case
from complaints.stages import Act, Party
from tests import make

pytestmark = pytest.mark.django_db

NOW = make.NOW
DUE = NOW + timedelta(days=3)


def due_case(owner: User | None = None, due: datetime = DUE, **said: object) -> Case:
    deadline = make.a_deadline(due, waiting_for=Party.BUYER, **said)  # type: ignore[arg-type]
    return make.a_case(owner, act=Act.REQUESTS_EVIDENCE, at=NOW, deadline=deadline)


def entry_in(body: bytes | None) -> Event:
    assert body is not None
    calendar = Calendar.from_ical(body)
    (entry,) = calendar.walk("VEVENT")
    return entry


def test_one_date_is_an_entry_that_ends_at_it_and_rings_a_day_before() -> None:
    case = due_case(if_missed="judged_as_is")
    body = calendars.single(case, NOW)
    assert body is not None
    entry = entry_in(body)
    assert entry.decoded("dtend") == DUE
    assert entry.decoded("dtstart") == DUE - timedelta(minutes=30)
    assert entry["status"] == "CONFIRMED"
    assert "暖冬旗舰店" in entry["summary"]
    assert "逾期将按现有材料判定" in entry["description"]
    (alarm,) = entry.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=-24)
    assert alarm["trigger"].params["RELATED"] == "END"


def test_the_file_is_what_rfc_5545_asks_for() -> None:
    body = calendars.single(due_case(), NOW)
    assert body is not None
    assert body.count(b"\r\n") == body.count(b"\n")  # every line ends in CR LF
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    for once in (
        b"VERSION:2.0",
        b"PRODID:",
        b"METHOD:PUBLISH",
        b"UID:",
        b"DTSTAMP:",
        b"BEGIN:VALARM",
        b"ACTION:DISPLAY",
    ):
        assert body.count(b"\r\n" + once) == 1
    for name in ("dtstart", "dtend", "dtstamp"):
        assert entry_in(body)[name].to_ical().endswith(b"Z")
    assert not [error for part in Calendar.from_ical(body).walk() for error in part.errors]


def test_a_usual_date_is_tentative() -> None:
    case = make.a_case(act=Act.REFUSES, at=NOW)
    entry = entry_in(calendars.single(case, NOW))
    assert entry["status"] == "TENTATIVE"
    assert "请以订单页倒计时为准" in entry["description"]


def test_a_change_keeps_the_name_and_raises_the_sequence_and_an_undo_calls_it_off() -> None:
    case = due_case()
    first = entry_in(calendars.single(case, NOW))
    later = make.a_deadline(DUE + timedelta(days=1), waiting_for=Party.BUYER)
    again = make.an_event(case, Act.REQUESTS_EVIDENCE, at=NOW + timedelta(hours=1), deadline=later)
    case.refresh_from_db()
    changed = entry_in(calendars.single(case, NOW))
    workflow.undo(again, case.owner)
    workflow.undo(case.events.get(seq=1), case.owner)
    case.refresh_from_db()
    cancelled = entry_in(calendars.single(case, NOW))
    assert first["uid"] == changed["uid"] == cancelled["uid"]
    assert first["sequence"] < changed["sequence"] < cancelled["sequence"]
    assert changed.decoded("dtend") == DUE + timedelta(days=1)
    assert cancelled["status"] == "CANCELLED"
    assert not cancelled.walk("VALARM")


def test_a_usual_date_that_was_met_is_called_off_as_well() -> None:
    case = make.a_case(act=Act.REFUSES, at=NOW)
    make.an_event(case, Act.ASKS_INTERVENTION, at=NOW + timedelta(hours=1))
    case.refresh_from_db()
    assert entry_in(calendars.single(case, NOW))["status"] == "CANCELLED"


def test_what_never_had_a_date_of_its_owner_has_no_file() -> None:
    case = make.a_case(act=Act.FILES, at=timezone.now())
    client = Client()
    client.force_login(case.owner)
    assert calendars.single(case, NOW) is None
    assert client.get(reverse("complaints:case_calendar", args=[case.public_id])).status_code == 404


# -- the feed ----------------------------------------------------------------------------------------------


def read(token: str) -> tuple[int, list[Event]]:
    response = Client().get(reverse("complaints:calendar_feed", args=[token]))
    if response.status_code != 200:
        return response.status_code, []
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    return 200, Calendar.from_ical(response.content).walk("VEVENT")


def test_the_feed_holds_its_owners_dates_and_nobody_elses() -> None:
    soon = timezone.now() + timedelta(days=2)
    mine, other = due_case(due=soon), due_case(make.a_user("other@example.com"), due=soon)
    feed = calendars.new_address(mine.owner, NOW)
    status, entries = read(feed.token)
    assert status == 200
    assert [entry["uid"].split("@")[0] for entry in entries] == [mine.public_id]
    assert other.public_id not in str(entries)
    feed.refresh_from_db()
    assert feed.read_at is not None


def test_the_feed_tells_no_number_no_amount_and_no_word_of_a_notice() -> None:
    case = due_case(due=timezone.now() + timedelta(days=2), because="请于11月12日18:30前")
    workflow.learn(case, shop=None, numbers=[("order", "3299194706518006493")], reason=None, amount=None)
    told = calendars.feed(case.owner, timezone.now()).decode()
    for secret in ("3299194706518006493", "459", "请于11月"):
        assert secret not in told


def test_a_changed_or_stopped_address_is_read_no_more() -> None:
    owner = due_case().owner
    old = calendars.new_address(owner, NOW).token
    new = calendars.new_address(owner, NOW).token
    assert (read(old)[0], read(new)[0]) == (404, 200)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert read(new)[0] == 404
    User.objects.filter(pk=owner.pk).update(is_active=True)
    calendars.no_address(owner)
    assert read(new)[0] == 404
    assert not CalendarFeed.objects.exists()


def test_the_feed_takes_the_same_queries_for_one_case_and_for_many() -> None:
    owner = make.a_user()
    feed = calendars.new_address(owner, NOW)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert read(feed.token)[0] == 200
        return len(found)

    due_case(owner, due=timezone.now() + timedelta(days=1))
    one = (queries(), queries())[1]
    for _more in range(10):
        due_case(owner, due=timezone.now() + timedelta(days=1))
    assert queries() == one


def test_the_address_is_long_and_shown_to_its_owner_alone() -> None:
    owner = make.a_user()
    client = Client()
    client.force_login(owner)
    page = reverse("complaints:reminder_settings")
    client.post(page, {"do": "feed"})
    token = CalendarFeed.objects.get(owner=owner).token
    assert len(token) == 26
    assert token in client.get(page).text
    other = Client()
    other.force_login(make.a_user("other@example.com"))
    assert token not in other.get(page).text
    client.post(page, {"do": "no_feed"})
    assert read(token)[0] == 404
