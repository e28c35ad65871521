"""One mail a day before the shopper's own date: when, to whom, once, and how it is switched off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import OutgoingMail, User
from complaints import outgoing, reminders, tasks, workflow
from complaints.balance import differences
from complaints.models import Case, Mute, Reminder
from complaints.reminders import is_night, plan, remind_at, send
from complaints.stages import Act, Party
from tests import make
from tests.make import SHANGHAI

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DUE = datetime(2026, 11, 12, 18, 30, tzinfo=SHANGHAI)
LONG_AGO = DUE - timedelta(days=20)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


# -- when ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "written"),
    [
        (at(12, 18, 30), at(11, 18, 30)),
        (at(12, 8), at(11, 8)),
        (at(12, 21, 59), at(11, 21, 59)),
        (at(12, 22), at(11, 21, 30)),  # that evening, before the night
        (datetime(2026, 11, 12, 23, 59, 59, tzinfo=SHANGHAI), at(11, 21, 30)),
        (at(12, 0), at(11, 8)),  # midnight: the whole of the day before is left
        (at(12, 3), at(11, 8)),
        (at(12, 7, 59), at(11, 8)),
    ],
)
def test_a_reminder_is_written_a_day_before_but_not_at_night(deadline: datetime, written: datetime) -> None:
    assert remind_at(deadline, LONG_AGO, by_hand=False) == written


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=12))])
def test_the_night_is_the_one_in_shanghai_whatever_zone_a_date_came_in(zone: timezone) -> None:
    late = at(12, 23).astimezone(zone)
    assert remind_at(late, LONG_AGO.astimezone(zone), by_hand=False) == at(11, 21, 30)
    assert is_night(at(12, 23).astimezone(zone))
    assert not is_night(at(12, 12).astimezone(zone))


@pytest.mark.parametrize(
    ("known", "by_hand", "written"),
    [
        (at(12, 10, 30), False, at(12, 10, 30)),  # a mail brought it: at once
        (at(12, 10, 30), True, at(12, 14, 30)),  # they typed it just now: halfway
        (at(11, 23), False, at(12, 8)),
        (at(12, 2), False, at(12, 8)),
        (at(12, 17, 45), False, None),  # less than an hour: no mail helps
    ],
)
def test_what_is_known_late_is_told_at_once_or_halfway(
    known: datetime, by_hand: bool, written: datetime | None
) -> None:
    assert remind_at(DUE, known, by_hand) == written


def test_a_date_of_this_very_night_is_not_worth_waking_anybody() -> None:
    assert remind_at(at(12, 6), at(12, 1), by_hand=False) is None


def test_for_every_minute_of_a_day_the_hour_is_decent_and_at_least_half_a_day_is_left() -> None:
    for minute in range(24 * 60):
        deadline = at(12, 0) + timedelta(minutes=minute)
        written = remind_at(deadline, LONG_AGO, by_hand=False)
        assert written is not None
        assert not is_night(written)
        assert timedelta(hours=16) <= deadline - written <= timedelta(hours=26, minutes=30)


# -- whom, and what they read ------------------------------------------------------------------------------


def due_case(owner: User | None = None, due: datetime = DUE, act: Act = Act.REFUSES, **said: object) -> Case:
    deadline = make.a_deadline(due, waiting_for=Party.BUYER, **said)  # type: ignore[arg-type]
    return make.a_case(owner, act=act, at=DUE - 5 * DAY, deadline=deadline, order_no="2026000000000000268")


def turn(now: datetime) -> int:
    plan(now)
    return send(now, seconds=60)


@pytest.mark.django_db
def test_a_reminder_says_which_case_until_when_and_what_to_do_and_no_more_than_that() -> None:
    case = due_case(if_missed="closes", because="请于11月12日18:30前处理")
    assert turn(DUE - DAY - timedelta(minutes=1)) == 0
    assert turn(DUE - DAY) == 1
    (sent,) = mail.outbox
    assert sent.to == [case.owner.email]
    assert "2026-11-12 18:30" in sent.subject
    assert "暖冬" not in sent.subject  # a locked phone shows it to anybody
    for words in (
        "暖冬旗舰店",
        "2026-11-12 18:30",
        "还剩1天",
        "修改申请，或申请平台介入",
        "逾期申请会被关闭",
        case.get_absolute_url(),
    ):
        assert words in sent.body
    for secret in ("2026000000000000268", "459", "请于11月12日"):
        assert secret not in sent.body
    (row,) = Reminder.objects.all()
    assert sent.message()["Message-ID"] == f"<reminder.{row.public_id}@127.0.0.1>"
    assert sent.message()["Auto-Submitted"] == "auto-generated"
    assert turn(DUE - 20 * HOUR) == 0


@pytest.mark.django_db
def test_a_reminder_is_in_its_readers_language() -> None:
    owner = make.a_user()
    owner.language = "en"
    owner.save()
    due_case(owner)
    assert turn(DUE - DAY) == 1
    assert "Suji" in mail.outbox[0].subject
    assert not re.search("[\u4e00-\u9fff]", mail.outbox[0].body.replace("暖冬旗舰店", ""))


@pytest.mark.django_db
def test_a_usual_date_is_told_as_usual() -> None:
    make.a_case(act=Act.REFUSES, at=DUE - 7 * DAY)  # the rule's seven days end at DUE
    assert turn(DUE - DAY) == 1
    assert "请以订单页倒计时为准" in mail.outbox[0].body


@pytest.mark.django_db
def test_the_own_date_is_told_even_while_the_move_is_anothers() -> None:
    case = make.a_case(act=Act.INTERVENES, at=DUE - 5 * DAY, deadline=make.a_deadline(DUE, waiting_for=Party.PLATFORM))
    own = make.a_deadline(DUE, waiting_for=Party.BUYER)
    workflow.record(case, workflow.Saying(act=None, by=Party.PLATFORM, at=DUE - 4 * DAY, payload={"deadline": own}))
    assert turn(DUE - DAY) == 1
    assert "现在不用做什么" not in mail.outbox[0].body


@pytest.mark.django_db
def test_nobody_is_told_of_what_is_not_theirs_to_do() -> None:
    owner = make.a_user()
    make.a_case(owner, act=Act.FILES, at=DUE - DAY, deadline=make.a_deadline(DUE, waiting_for=Party.MERCHANT))
    closed = due_case(owner)
    make.an_event(closed, Act.EXECUTES, at=DUE - 2 * DAY, money_arrived=True)
    gone = due_case(make.a_user("gone@example.com"))
    User.objects.filter(pk=gone.owner_id).update(is_active=False)
    make.a_case(owner, act=Act.REFUSES, at=DUE - 5 * DAY, state="proposed", deadline=make.a_deadline(DUE))
    assert turn(DUE - DAY) == 0
    assert not mail.outbox


@pytest.mark.django_db
def test_any_act_that_changes_the_date_resets_the_reminder() -> None:
    case = due_case()
    plan(DUE - 26 * HOUR)
    make.an_event(case, Act.ASKS_INTERVENTION, at=DUE - 25 * HOUR)  # they acted: their date is gone
    assert turn(DUE - DAY) == 0
    later = make.a_deadline(DUE + 3 * DAY, waiting_for=Party.BUYER)
    make.an_event(case, Act.REQUESTS_EVIDENCE, at=DUE - 23 * HOUR, deadline=later)
    assert turn(DUE) == 0
    assert turn(DUE + 2 * DAY) == 1


@pytest.mark.django_db
def test_a_date_that_moved_earlier_is_told_at_once_and_the_old_one_no_more() -> None:
    case = due_case(due=DUE + 3 * DAY)
    assert turn(DUE - 10 * HOUR) == 0
    make.an_event(
        case, Act.REQUESTS_EVIDENCE, at=DUE - 9 * HOUR, deadline=make.a_deadline(DUE, waiting_for=Party.BUYER)
    )
    assert turn(DUE - 9 * HOUR) == 1
    assert "2026-11-12 18:30" in mail.outbox[0].subject
    assert turn(DUE + 2 * DAY) == 0


@pytest.mark.django_db
def test_a_date_that_comes_back_after_an_undo_is_told_once_all_in_all() -> None:
    case = due_case()
    assert turn(DUE - DAY) == 1
    asked = make.an_event(case, Act.ASKS_INTERVENTION, at=DUE - 23 * HOUR, actor=case.owner)
    workflow.undo(asked, case.owner)
    case.refresh_from_db()
    assert case.own_deadline_at == DUE
    assert turn(DUE - 22 * HOUR) == 0


@pytest.mark.django_db
def test_a_schedule_that_comes_back_at_night_waits_for_the_morning() -> None:
    due_case(due=at(13, 12))
    assert turn(at(12, 23)) == 0
    assert turn(at(13, 7, 59)) == 0
    assert turn(at(13, 8)) == 1


@pytest.mark.django_db
def test_when_the_date_is_over_nothing_is_sent_any_more() -> None:
    due_case()
    plan(DUE - DAY)
    assert send(DUE + HOUR / 60, seconds=60) == 0


# -- once ----------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What SIGKILL is to a process, here without one."""


class Mailbox(BaseEmailBackend):
    """A server that dies with us when it is told to, before or after it took a mail. Mails by their name."""

    taken: Counter[str] = Counter()
    deaths: dict[int, str] = {}  # at which hand-over: "before" or "after"
    handed = 0

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            Mailbox.handed += 1
            death = Mailbox.deaths.pop(Mailbox.handed, "")
            if death == "refused":
                raise ConnectionRefusedError("mei@example.com is not to stand in any log")
            if death == "before":
                raise Killed
            Mailbox.taken[message.extra_headers["Message-ID"]] += 1
            if death == "after":
                raise Killed
        return len(messages)


@pytest.fixture
def _mailbox(settings: object) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Mailbox"  # type: ignore[attr-defined]
    Mailbox.taken, Mailbox.deaths, Mailbox.handed = Counter(), {}, 0


def many_due(count: int) -> None:
    """As many cases of as many shoppers, each with a date of its owner's, made as rows."""
    users = [User(email=f"u{number}@example.com", password="!") for number in range(count)]
    User.objects.bulk_create(users)
    Case.objects.bulk_create(
        Case(
            owner=user, stage="merchant_replied", waiting_on="buyer", is_draft=False,
            own_deadline_at=DUE, own_deadline_from="stated",
            deadline_at=DUE, deadline_for="buyer", deadline_from="stated",
        )
        for user in users
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("_mailbox")
def test_each_of_many_is_sent_once_though_the_scheduler_dies_ten_times() -> None:
    """The measure with 10,000 rows and real processes that are killed: bench/reminders.py."""
    many_due(600)
    Mailbox.deaths = {50 * turn + 7: ("before", "after")[turn % 2] for turn in range(10)}
    deaths, now = 0, DUE - DAY
    for _turn in range(40):
        try:
            if turn(now) == 0 and deaths == 10 and not Reminder.objects.filter(sent_at=None).exists():
                break
        except Killed:
            deaths += 1
        now += timedelta(minutes=1)
    assert deaths == 10
    assert len(Mailbox.taken) == 600
    assert Reminder.objects.exclude(sent_at=None).count() == 600
    # Only what was handed over in the very moment of a death was handed over again, under the same name.
    assert sum(Mailbox.taken.values()) == 605
    assert max(Mailbox.taken.values()) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_mailbox")
def test_a_mail_server_that_is_away_is_tried_again_and_no_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    case = due_case()
    Mailbox.deaths = {1: "refused", 2: "refused"}
    assert [turn(DUE - DAY + timedelta(minutes=minute)) for minute in (0, 0, 1, 2, 6)] == [0, 0, 0, 0, 1]
    assert "ConnectionRefusedError" in caplog.text
    assert case.owner.email not in caplog.text


@pytest.mark.django_db
@pytest.mark.usefixtures("_mailbox")
def test_of_two_that_claim_one_reminder_one_gets_it() -> None:
    due_case()
    now = DUE - DAY
    plan(now)
    plan(now)
    (row,) = Reminder.objects.all()
    Reminder.objects.filter(pk=row.pk).update(lease_until=now + HOUR)  # the other one's
    assert not reminders.send_one(row.pk, now, connection=None)


# -- clocks that are wrong -----------------------------------------------------------------------------------

MINUTE, NONE = timedelta(minutes=1), timedelta()
LEAP_DAY = datetime(2028, 2, 29, 18, 30, tzinfo=SHANGHAI)
CLOCKS = {
    "right": lambda left: [NONE],
    "a day ahead for an hour": lambda left: [DAY if 24 * HOUR < left <= 25 * HOUR else NONE],
    "a day ahead when the date becomes known": lambda left: [DAY if left > 29 * HOUR else NONE],
    "a day behind for an hour": lambda left: [-DAY if 23 * HOUR < left <= 24 * HOUR else NONE],
    "of two machines three minutes apart": lambda left: [1.5 * MINUTE, -1.5 * MINUTE],
}


@pytest.mark.django_db
@pytest.mark.usefixtures("_mailbox")
@pytest.mark.parametrize("wrong", CLOCKS.values(), ids=CLOCKS)
@pytest.mark.parametrize("due", [DUE, LEAP_DAY, LEAP_DAY + DAY, datetime(2027, 1, 1, 10, tzinfo=SHANGHAI)], ids=str)
def test_a_date_is_told_once_whatever_the_clock_says(
    due: datetime, wrong: Callable[[timedelta], list[timedelta]]
) -> None:
    due_case(due=due)
    left = 30 * HOUR
    while left > -2 * HOUR:
        for fault in wrong(left):
            turn(due - left + fault)
        left -= 20 * MINUTE
    assert list(Mailbox.taken.values()) == [1]


@pytest.mark.django_db
@pytest.mark.usefixtures("_mailbox")
def test_a_date_that_seemed_over_to_a_clock_ahead_is_told_when_the_clock_is_right_again() -> None:
    due_case()
    assert turn(DUE - HOUR / 2) == 0  # too late to help anybody
    assert turn(DUE - DAY - HOUR / 2) == 0
    assert turn(DUE - DAY) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_mailbox")
def test_what_was_claimed_by_a_clock_that_was_a_day_ahead_is_not_held_for_a_day() -> None:
    due_case()
    Mailbox.deaths = {1: "before"}
    plan(DUE - DAY - 3 * HOUR)
    with pytest.raises(Killed):
        send(DUE - HOUR, seconds=60)  # a day ahead, and killed in its turn
    assert turn(DUE - DAY) == 1
    assert list(Mailbox.taken.values()) == [1]


@pytest.mark.django_db
def test_planning_takes_the_same_queries_for_one_and_for_many() -> None:
    def queries(count: int) -> int:
        Case.objects.all().delete()
        User.objects.all().delete()
        many_due(count)
        with CaptureQueriesContext(connection) as found:
            assert plan(DUE - DAY) == count
        return len(found)

    assert queries(1) == queries(100)  # rows go in by the hundred, not one by one


@pytest.mark.django_db
def test_the_task_sends_and_runs_once_a_minute(time_machine: object) -> None:
    due_case(due=DUE)
    time_machine.move_to(DUE - DAY, tick=False)  # type: ignore[attr-defined]
    assert tasks.remind() == 1
    assert tasks.remind() == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_kept_reminder_is_one_row_though_it_is_handed_over_again(settings: object) -> None:
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"  # type: ignore[attr-defined]
    due_case()
    assert turn(DUE - DAY) == 1
    Reminder.objects.update(sent_at=None)  # as if killed right after the hand-over
    assert send(DUE - 22 * HOUR, seconds=60) == 1
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db
def test_what_should_have_been_sent_an_hour_ago_is_an_alarm_by_day(time_machine: object) -> None:
    due_case()
    plan(DUE - DAY)
    time_machine.move_to(DUE - DAY + HOUR / 2, tick=False)  # type: ignore[attr-defined]
    assert "reminders" not in differences()
    time_machine.move_to(DUE - 22 * HOUR, tick=False)  # type: ignore[attr-defined]
    assert differences()["reminders"] == 1
    time_machine.move_to(DUE - 20 * HOUR, tick=False)  # type: ignore[attr-defined]  # half past ten at night
    assert "reminders" not in differences()


# -- switched off ----------------------------------------------------------------------------------------------


def stop_address(case: Case) -> str:
    return reverse("complaints:reminder_stop", args=[outgoing.stop_token(case.owner, case)])


@pytest.mark.django_db
def test_one_click_in_the_mail_program_stops_all_reminders_without_log_in_or_cookie() -> None:
    case = due_case()
    other = due_case(case.owner, due=DUE + 4 * DAY)
    assert turn(DUE - DAY) == 1
    header = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(header).status_code == 200
    assert not Mute.objects.exists()  # whoever scans the mail may open its links
    assert strict.post(header, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert turn(other.own_deadline_at - DAY) == 0


@pytest.mark.django_db
def test_one_case_can_be_switched_off_and_on_again_from_the_mails_page() -> None:
    case = due_case()
    other = due_case(case.owner)
    assert Client().post(stop_address(case), {"do": "case"}).status_code == 200
    assert turn(DUE - DAY) == 1
    assert other.get_absolute_url() in mail.outbox[0].body
    assert Client().post(stop_address(case), {"do": "case_on"}).status_code == 200
    assert turn(DUE - DAY + HOUR) == 1


@pytest.mark.django_db
def test_a_forged_token_switches_nothing_off() -> None:
    case = due_case()
    token = outgoing.stop_token(case.owner, case)
    other = due_case(make.a_user("other@example.com"))
    for forged in (token[:-1] + ("a" if token[-1] != "a" else "b"), f"{case.owner.public_id}.{case.public_id}", "x"):
        address = reverse("complaints:reminder_stop", args=[forged])
        assert Client().get(address).status_code == 404
        assert Client().post(address, {"do": "all"}).status_code == 403
    mixed = outgoing.stop_token(case.owner, other)  # signed, but not one owner's
    assert Client().get(reverse("complaints:reminder_stop", args=[mixed])).status_code == 404
    assert not Mute.objects.exists()


@pytest.mark.django_db
def test_the_page_of_settings_switches_off_and_on() -> None:
    case = due_case()
    client = Client()
    client.force_login(case.owner)
    page = reverse("complaints:reminder_settings")
    client.post(page, {"do": "off"})
    assert turn(DUE - DAY) == 0
    client.post(page, {"do": "on"})
    client.post(reverse("complaints:case_remind", args=[case.public_id]), {"off": "1"})
    assert "单独关掉的案件" in client.get(page).text
    assert turn(DUE - DAY) == 0
    client.post(reverse("complaints:case_remind", args=[case.public_id]), {"next": "settings"})
    assert turn(DUE - DAY) == 1
