"""What was accepted is there, was deleted by us, or is an alarm within the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from accounts.models import Role
from complaints import alarms, balance, ledger, retention, tasks
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import Alarm, IncomingMail, LastCount, LedgerCount, PeriodicJob, Tombstone
from complaints.models.mail import Outcome
from tests import make

pytestmark = pytest.mark.django_db


def arrive(number: int = 1, door: Door = Door.SMTP) -> IncomingMail:
    """A mail that comes in by a real door."""
    inbox = make.an_inbox()
    envelope = Envelope("mei@example.com", (inbox.address,), "127.0.0.1")
    receipt = receive(make.raw_mail(body=f"第 {number} 封"), envelope, door)
    return IncomingMail.objects.get(pk=receipt.mail_pks[0])


def vanish(mail: IncomingMail) -> None:
    """Its rows go, past everything that counts: a hand in the database, a bug, a restore of half a table."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM complaints_rawmail WHERE mail_id = %s", [mail.pk])
        cursor.execute("DELETE FROM complaints_incomingmail WHERE id = %s", [mail.pk])


def test_what_the_doors_accept_is_counted_and_a_repeat_is_not() -> None:
    arrive(1)
    arrive(1)
    arrive(2, Door.LMTP)
    assert {door: count for door, (count, _at) in ledger.by_door().items()} == {"smtp": 1, "lmtp": 1}
    assert ledger.count().missing == {}


def test_a_mail_for_two_inboxes_counts_twice_and_one_that_is_not_kept_not_at_all() -> None:
    inboxes = [make.an_inbox(make.a_user(email)) for email in ("mei@example.com", "hua@example.com")]
    receive(make.raw_mail(), Envelope("a@example.com", tuple(inbox.address for inbox in inboxes), "::1"), Door.SMTP)
    assert ledger.by_door()["smtp"][0] == 2
    assert ledger.count().missing == {}


def test_what_retention_deletes_balances_and_leaves_a_tombstone() -> None:
    kept, gone = arrive(1), arrive(2)
    long_ago = timezone.now() - timedelta(days=31)
    IncomingMail.objects.filter(pk=gone.pk).update(outcome=Outcome.IGNORED, reason="advertising", settled_at=long_ago)
    assert retention.purge(timezone.now()) >= 1
    assert list(IncomingMail.objects.all()) == [kept]
    assert ledger.count().missing == {}
    assert balance.differences() == {}
    assert list(Tombstone.objects.values_list("what", "ref")) == [("mail", gone.public_id)]


def test_a_row_that_vanished_is_missed_and_so_is_one_that_nobody_accepted() -> None:
    vanish(arrive(1))
    LedgerCount.objects.create(name="deleted", door="paste", count=3)
    assert ledger.count().missing == {"smtp": 1, "paste": -3}
    assert balance.differences() == {"missing": 4}


# -- the hourly check ------------------------------------------------------------------------------------


@pytest.fixture
def _hosts() -> None:
    make.a_user("host@example.com", role=Role.STAFF)
    make.a_user("gone@example.com", role=Role.STAFF).__class__.objects.filter(email="gone@example.com").update(
        is_active=False
    )


def hours_go_by(start: datetime, hours: int) -> list[dict[str, int]]:
    """What the schedule's job finds when it is rung every ten minutes for so long."""
    found = []
    for turn in range(hours * 6 + 1):
        with time_machine.travel(start + timedelta(minutes=10 * turn), tick=False):
            if said := tasks.count_balance():
                found.append(said)
    return found


@pytest.mark.usefixtures("_hosts")
def test_a_missing_row_is_an_alarm_within_the_hour_told_once_and_over_when_it_is_right_again() -> None:
    start = timezone.now().replace(hour=4, minute=0)  # noon in Shanghai
    with time_machine.travel(start, tick=False):
        lost = arrive(1)
    hours_go_by(start, 0)  # the last check found nothing
    assert not Alarm.objects.exists()
    vanish(lost)
    assert hours_go_by(start, 1) == [{"missing": 1}]
    (alarm,) = Alarm.objects.ringing()
    assert (alarm.name, alarm.count) == ("missing", 1)
    assert alarm.since <= start + timedelta(hours=1)

    assert len(hours_go_by(start + timedelta(hours=1, minutes=1), 5)) == 5  # it goes on and on
    assert Alarm.objects.count() == 1
    (told,) = outbox.outbox  # to those who run it, once
    assert told.to == ["host@example.com"]
    assert "/operations/" in told.body
    assert str(alarms.ALARMS["missing"][0]) in told.body

    LedgerCount.objects.filter(name="accepted", door="smtp").update(count=0)  # put right
    hours_go_by(start + timedelta(hours=7), 1)
    alarm.refresh_from_db()
    assert alarm.over_at is not None
    LedgerCount.objects.filter(name="accepted", door="smtp").update(count=2)
    hours_go_by(start + timedelta(hours=9), 1)
    assert Alarm.objects.ringing().get().pk != alarm.pk
    assert len(outbox.outbox) == 2


@pytest.mark.usefixtures("_hosts")
def test_an_alarm_that_no_server_took_is_told_with_the_next_check(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _refuses)
    alarms.note({"stuck": 2}, now)
    assert not outbox.outbox
    monkeypatch.undo()
    alarms.note({"stuck": 2}, now + timedelta(hours=1))
    assert len(outbox.outbox) == 1


def _refuses(*_args: object) -> int:
    raise ConnectionRefusedError


def test_every_difference_has_a_name_and_says_what_to_do() -> None:
    LedgerCount.objects.create(name="deleted", door="smtp", count=1)
    PeriodicJob.objects.all().delete()
    make.a_mail(at=timezone.now() - timedelta(hours=2))
    LedgerCount.objects.filter(name="accepted").update(count=9)
    assert set(balance.differences()) <= set(alarms.ALARMS)


def test_the_check_keeps_its_counts_for_pages_that_do_not_count() -> None:
    now = timezone.now()
    make.a_mail(outcome=Outcome.FILED, at=now)
    make.a_mail(outcome=Outcome.FILED, at=now)
    make.a_mail(at=now)
    balance.reconcile(now)
    balance.reconcile(now)
    assert {(row.door, row.outcome): row.count for row in LastCount.objects.all()} == {
        ("smtp", "filed"): 2,
        ("smtp", "waiting"): 1,
    }
