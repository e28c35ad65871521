"""The sweep, the schedule's leases, retention and the balance."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import LazySettings
from django.utils import timezone
from kombu import Connection
from redis.exceptions import ResponseError

from accounts.ids import random_id
from complaints import balance, bell, retention, sweep, tasks
from complaints.intake import line, settle
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import IncomingMail, Notice, PeriodicJob, RawMail
from complaints.models.mail import Outcome
from complaints.stages import Kind
from config import ticker
from config.celery import app
from tests import make
from tests.services import REDIS_URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is rung for, on a broker that answers and has no rings waiting."""
    heard: list[int] = []
    monkeypatch.setattr(bell, "has_broker", lambda: True)
    monkeypatch.setattr(bell, "ring_now", lambda mail_pks: heard.extend(mail_pks) or True)
    monkeypatch.setattr(sweep, "rings_waiting", lambda: 0)
    return heard


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is taken down the line right here."""
    taken: list[int] = []
    monkeypatch.setattr(line, "run", lambda mail_pk: taken.append(mail_pk) or "filed")
    return taken


def waiting(seconds: float, **fields: Any) -> IncomingMail:
    """A mail that has been due for so many seconds."""
    mail = make.a_mail(at=timezone.now() - timedelta(seconds=seconds))
    IncomingMail.objects.filter(pk=mail.pk).update(**fields)
    return mail


# -- the sweep -------------------------------------------------------------------------------------------


def test_what_has_waited_is_rung_for_again_the_longest_waiting_first(rung: list[int], ran: list[int]) -> None:
    waiting(1)  # its ring is on the way
    short, long = waiting(6), waiting(3600)
    make.a_mail(outcome=Outcome.FILED, at=timezone.now() - timedelta(hours=1))
    waiting(3600, lease="x", lease_until=timezone.now() + timedelta(seconds=9))  # a worker has it
    waiting(3600, due_at=timezone.now() + timedelta(seconds=9))  # put back, for later
    assert sweep.sweep() == 2
    assert rung == [long.pk, short.pk]
    assert ran == []


def test_a_mail_whose_worker_died_is_rung_for_when_its_lease_is_over(rung: list[int]) -> None:
    mail = waiting(60, lease="x", lease_until=timezone.now() - timedelta(seconds=1))
    sweep.sweep()
    assert rung == [mail.pk]


def test_what_was_leased_or_due_while_the_clock_was_a_day_ahead_is_rung_for(rung: list[int], ran: list[int]) -> None:
    ahead = timezone.now() + timedelta(days=1)
    leased = waiting(60, lease="x", lease_until=ahead, due_at=ahead)
    late = waiting(60, due_at=ahead)
    sweep.sweep()
    assert sorted(rung) == sorted([leased.pk, late.pk])
    assert line.claim(leased.pk) is not None


def test_two_schedules_ring_once(rung: list[int]) -> None:
    mail = waiting(6)
    assert [sweep.sweep(), sweep.sweep()] == [1, 0]
    assert rung == [mail.pk]
    PeriodicJob.objects.update(due_at=timezone.now())
    assert sweep.sweep() == 1


def test_while_rings_wait_no_more_are_added(rung: list[int], ran: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "rings_waiting", lambda: 7)
    waiting(6)
    assert sweep.sweep() == 0
    assert (rung, ran) == ([], [])


def test_rings_that_nobody_hears_are_not_waited_for(
    rung: list[int], ran: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "rings_waiting", lambda: 7)
    mail = waiting(61)
    assert sweep.sweep() == 1
    assert (rung, ran) == ([], [mail.pk])


def test_when_the_broker_is_silent_the_table_is_read(
    rung: list[int], ran: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "rings_waiting", lambda: None)
    mail = waiting(6)
    assert sweep.sweep() == 1
    assert (rung, ran) == ([], [mail.pk])


def test_without_a_broker_the_table_is_read_at_once(ran: list[int]) -> None:
    assert not bell.has_broker()  # tests have none
    mail = waiting(0)
    assert sweep.sweep() == 1
    assert ran == [mail.pk]


def test_a_turn_of_reading_ends_and_the_next_goes_on(ran: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "LONGEST", -1.0)
    waiting(9)
    waiting(8)
    assert sweep.sweep() == 1
    assert len(ran) == 1


@pytest.mark.usefixtures("rung")
def test_when_the_broker_is_full_the_table_is_read(ran: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring_now", lambda _mail_pks: False)
    mail = waiting(6)
    assert sweep.sweep() == 1
    assert ran == [mail.pk]


def refuse(*_ring: Any, **_how: Any) -> None:
    raise ResponseError("OOM command not allowed when used memory > 'maxmemory'.")


def test_a_broker_that_is_full_takes_no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "send_task", refuse)
    assert not bell.ring_now([1])
    assert bell.ring_now([])


def test_a_broker_that_is_not_there_is_silent(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert sweep.rings_waiting() is None


def test_a_broker_that_hangs_is_silent(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "ANSWER", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.REDIS_URL = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        assert sweep.rings_waiting() is None


@pytest.mark.redis
def test_rings_are_counted_where_they_wait(settings: LazySettings) -> None:
    name = f"rings-{random_id()}"
    settings.REDIS_URL, settings.CELERY_TASK_DEFAULT_QUEUE = REDIS_URL, name
    assert sweep.rings_waiting() == 0
    with Connection(REDIS_URL) as connection:
        queue = connection.SimpleQueue(name)
        queue.put({"x": 1})
        assert sweep.rings_waiting() == 1
        queue.clear()
        queue.close()
        connection.default_channel.queue_delete(name)


# -- leases of periodic jobs -------------------------------------------------------------------------------


def at(minute: int) -> datetime:
    return make.NOW + timedelta(minutes=minute)


def test_a_job_is_taken_once_until_it_is_due_again() -> None:
    take, hour = PeriodicJob.objects.take, timedelta(hours=1)
    assert take("job", hour, at(0))
    PeriodicJob.objects.done("job")
    assert not take("job", hour, at(59))
    assert take("job", hour, at(60))
    assert take("another", hour, at(60))


def test_a_clock_that_goes_back_holds_up_no_job_and_is_an_alarm(caplog: pytest.LogCaptureFixture) -> None:
    day, hour = timedelta(days=1), timedelta(hours=1)
    assert PeriodicJob.objects.take("x", hour, make.NOW + day)  # the clock is a day ahead, and killed in its turn
    assert "ALARM" not in caplog.text
    assert PeriodicJob.objects.take("x", hour, make.NOW)
    assert "ALARM the clock went back by 1 day" in caplog.text
    assert not PeriodicJob.objects.take("x", hour, make.NOW)  # and once is enough
    PeriodicJob.objects.done("x")
    assert not PeriodicJob.objects.take("x", hour, make.NOW + hour / 2)
    assert PeriodicJob.objects.take("x", hour, make.NOW + hour)


def test_clocks_that_differ_by_a_minute_and_a_half_are_no_alarm(caplog: pytest.LogCaptureFixture) -> None:
    assert PeriodicJob.objects.take("x", timedelta(hours=1), make.NOW + timedelta(seconds=90))
    PeriodicJob.objects.done("x")
    assert not PeriodicJob.objects.take("x", timedelta(hours=1), make.NOW)
    assert caplog.text == ""


def test_a_job_that_runs_long_is_nobody_elses_and_one_that_was_killed_is_over_in_time() -> None:
    take, minute = PeriodicJob.objects.take, timedelta(minutes=1)
    assert take("job", minute, at(0))
    assert not take("job", minute, at(5))  # due, and still running
    assert take("job", minute, at(11))  # no job of ours runs so long: it died


def test_a_sweep_that_was_killed_in_its_turn_holds_up_the_next_for_half_a_minute(rung: list[int]) -> None:
    mail = waiting(60)
    assert PeriodicJob.objects.take("sweep", sweep.EVERY, timezone.now() - timedelta(seconds=29), sweep.TURN)
    assert (sweep.sweep(), rung) == (0, [])
    PeriodicJob.objects.update(running_until=timezone.now())
    assert (sweep.sweep(), rung) == (1, [mail.pk])


# -- what is not kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "reason", "kept_for"),
    [
        (Outcome.HELD, Kind.VERIFICATION_CODE.value, timedelta(hours=24)),
        (Outcome.HELD, Kind.FORWARD_CONFIRMATION.value, timedelta(hours=24)),
        (Outcome.HELD, "rotated", timedelta(days=30)),
        (Outcome.IGNORED, "marketing", timedelta(days=30)),
        (Outcome.IGNORED, "rejected_by_owner", timedelta(days=30)),
    ],
)
def test_what_should_be_gone_goes_when_its_time_is_over_with_its_bytes(
    outcome: Outcome, reason: str, kept_for: timedelta
) -> None:
    mail = make.a_mail(outcome=outcome, reason=reason, at=make.NOW)
    make.a_notice(mail)
    assert retention.purge(make.NOW + kept_for - timedelta(seconds=1)) == 0
    assert retention.purge(make.NOW + kept_for) == 1
    assert not IncomingMail.objects.exists()
    assert not RawMail.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.WAITING, ""),
        (Outcome.FILED, "moved"),
        (Outcome.REVIEW, "unknown"),
        (Outcome.DUPLICATE, "same_notice"),
        (Outcome.QUARANTINED, "reader_died"),
    ],
)
def test_what_belongs_to_a_story_or_waits_for_a_person_stays(outcome: Outcome, reason: str) -> None:
    make.a_mail(outcome=outcome, reason=reason, at=make.NOW)
    assert retention.purge(make.NOW + timedelta(days=400)) == 0


def test_a_mail_that_an_act_rests_on_stays_though_it_was_ignored_later() -> None:
    mail = make.a_mail(outcome=Outcome.IGNORED, reason="rejected_by_owner", at=make.NOW)
    make.an_event(make.a_case(), notice=make.a_notice(mail))
    assert retention.purge(make.NOW + timedelta(days=31)) == 0


def test_an_old_mail_that_was_put_aside_today_can_still_be_called_back() -> None:
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unknown", at=timezone.now() - timedelta(days=40))
    make.a_notice(mail, kind=Kind.UNKNOWN)
    settle.reject(mail, mail.owner)
    assert retention.purge(timezone.now() + timedelta(days=29)) == 0
    assert retention.purge(timezone.now() + timedelta(days=31)) == 1


def test_a_mail_that_is_called_back_while_the_purge_runs_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = make.a_mail(outcome=Outcome.IGNORED, reason="survey", at=make.NOW)
    over = retention.over
    answers = iter([over, lambda *asked: settle.reopen(mail, mail.owner) or over(*asked)])
    monkeypatch.setattr(retention, "over", lambda *asked: next(answers, over)(*asked))
    ignored = next(rule for rule in retention.RULES if rule.outcome is Outcome.IGNORED)
    assert retention._purge(ignored, make.NOW + timedelta(days=31)) == 0
    assert IncomingMail.objects.get().outcome == Outcome.REVIEW


def test_more_than_one_batch_is_purged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for _number in range(5):
        make.a_mail(outcome=Outcome.IGNORED, reason="survey", at=make.NOW)
    assert retention.purge(make.NOW + timedelta(days=31)) == 5


def test_the_hourly_purge_runs_once_an_hour() -> None:
    old = timezone.now() - timedelta(days=31)
    make.a_mail(outcome=Outcome.IGNORED, reason="survey", at=old)
    assert tasks.purge() == 1
    make.a_mail(outcome=Outcome.IGNORED, reason="survey", at=old)
    assert tasks.purge() == 0


# -- the balance -----------------------------------------------------------------------------------------------


def test_what_was_received_is_what_ended_somewhere_plus_what_waits() -> None:
    for outcome in Outcome:
        make.a_mail(outcome=outcome, at=timezone.now())
    IncomingMail.objects.filter(outcome=Outcome.FILED).update(repeats=3)
    make.a_mail(make.a_user("yu@example.com"), at=timezone.now())
    assert balance.balance() == {
        "received": 8, "waiting": 2, "filed": 1, "review": 1, "held": 1, "quarantined": 1, "duplicate": 1,
        "ignored": 1, "repeats": 3,
    }  # fmt: skip
    mine = balance.balance(make.a_user())
    assert mine["received"] == 7 == sum(mine[outcome.value] for outcome in Outcome)
    assert balance.differences() == {}


def test_a_mail_without_its_bytes_and_one_that_waits_for_hours_are_an_alarm(caplog: pytest.LogCaptureFixture) -> None:
    make.a_mail(at=timezone.now() - timedelta(hours=2))
    lost = make.a_mail(at=timezone.now(), subject="secret words")
    RawMail.objects.filter(mail=lost).delete()
    assert tasks.count_balance() == {"stuck": 1, "bytes_lost": 1}
    assert "ALARM" in caplog.text
    assert "secret" not in caplog.text
    caplog.clear()
    assert tasks.count_balance() == {}  # once an hour
    assert not caplog.text


# -- who runs what ----------------------------------------------------------------------------------------------


def test_every_scheduled_task_and_the_bells_own_exist() -> None:
    app.autodiscover_tasks(["complaints", "evidence"], force=True)
    named = {entry["task"] for entry in app.conf.beat_schedule.values()} | {bell.TASK} | ticker.EVERY_TICK
    assert named <= set(app.tasks)


def test_a_job_that_fails_stops_neither_the_ticker_nor_is_its_text_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> int:
        raise ValueError("the secret words of a mail")

    monkeypatch.setattr(sweep, "sweep", fail)
    ticker.run(app, "complaints.tasks.sweep")
    assert "complaints.tasks.sweep failed: ValueError" in caplog.text
    assert "complaints.tasks.sweep ValueError at complaints/tasks.py" in caplog.text
    assert "secret" not in caplog.text


def test_the_whole_line_runs_from_a_ring() -> None:
    owner = make.a_user()
    raw = make.raw_mail("投诉已受理", "您的投诉已受理，投诉编号：2026110900123，请等待商家处理。")
    receipt = receive(raw, Envelope("", (), "", owner_id=owner.pk), Door.UPLOAD)
    assert [tasks.run_line(mail_pk) for mail_pk in receipt.mail_pks] == [Outcome.FILED]
    assert tasks.run_line(receipt.mail_pks[0]) == line.NOT_YOURS
