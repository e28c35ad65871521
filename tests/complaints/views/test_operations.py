"""The page of those who run the installation: what it says, what it lets them do, and what it never shows."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.limits import Refusal
from accounts.models import Role
from complaints import alarms, balance, bell, imap, operations
from complaints.intake import line
from complaints.models import Alarm, Heartbeat, IncomingMail, Look, PeriodicJob
from complaints.models.mail import Outcome
from config import pulse
from tests import make

pytestmark = pytest.mark.django_db

PAGE, RERUN = "/staff/operations/", "/staff/operations/rerun/"


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make.a_user("host@example.com", role=Role.STAFF))
    return client


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    heard: list[int] = []
    monkeypatch.setattr(bell, "ring", heard.extend)
    return heard


def poisoned(**said: Any) -> IncomingMail:
    mail = make.a_mail(outcome=Outcome.QUARANTINED, reason="reader_died", at=timezone.now(), **said)
    IncomingMail.objects.filter(pk=mail.pk).update(attempts=3, lost_leases=2)
    return mail


def test_an_installation_that_is_well_says_so(staff: Client) -> None:
    balance.reconcile(timezone.now())
    page = staff.get(PAGE).text
    assert "没有警报" in page
    assert "没有看到任何工作进程" in page  # none runs here, and that is said


def test_it_says_what_is_wrong_what_waits_and_who_lives(staff: Client) -> None:
    now = timezone.now()
    Alarm.objects.create(name="missing", count=3, since=now, seen_at=now)
    make.a_mail(at=now - timedelta(minutes=5))
    Heartbeat.objects.create(name="mail@here", started_at=now, seen_at=now)
    Heartbeat.objects.create(name="mail@there", started_at=now, seen_at=now - timedelta(minutes=3))
    PeriodicJob.objects.create(name="purge", ran_at=now)
    limits.refuse(Refusal.TOO_LARGE, now)
    limits.write_down(at_once=True)
    page = staff.get(PAGE).text
    for word in (str(alarms.ALARMS["missing"][0]), "mail@here", "没有动静", "删除到期的内容", "信太大", "SMTP"):
        assert word in page, word


def test_a_mailbox_that_nobody_looks_into_is_named_with_what_to_do_and_never_its_secret(
    staff: Client, settings: LazySettings
) -> None:
    assert "定时去取的邮箱" not in staff.get(PAGE).text  # none is set up
    settings.IMAP_URL = "imaps://mei%40163.example:word-of-mei@imap.163.example/INBOX?to=mei@in.suji.example"
    page = staff.get(PAGE).text
    assert "mei@163.example@imap.163.example/INBOX" in page
    assert str(imap.PROBLEMS["stale"]) in html.unescape(page)
    assert "word-of-mei" not in page


def test_of_a_mail_that_could_not_be_read_it_shows_nothing_that_is_in_it(staff: Client) -> None:
    mail = poisoned(subject="天猫维权", sender="service@shop.example")
    page = staff.get(PAGE).text
    assert mail.public_id in page
    for word in (mail.subject, mail.sender, mail.mail_from, mail.owner.email, mail.inbox.local):
        assert word not in page


def test_a_mail_out_of_quarantine_goes_the_ordinary_line_and_its_owner_sees_who_asked(
    staff: Client, rung: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = poisoned(), poisoned()
    assert staff.post(RERUN, {"mail": one.public_id}).status_code == 302
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.outcome, one.attempts, one.lost_leases, one.settled_at) == (Outcome.WAITING, 0, 0, None)
    assert other.outcome == Outcome.QUARANTINED
    assert rung == [one.pk]
    look = Look.objects.get()
    assert (look.mail, look.owner, look.by.email, look.what) == (one, one.owner, "host@example.com", "rerun")
    assert line.claim(one.pk) is not None
    assert balance.differences() == {}


def test_all_of_them_at_once_and_twice_is_once(staff: Client, rung: list[int]) -> None:
    mails = [poisoned() for _number in range(3)]
    staff.post(RERUN, {"all": "yes"})
    staff.post(RERUN, {"all": "yes"})
    assert sorted(rung) == sorted(mail.pk for mail in mails)
    assert Look.objects.count() == 3


def test_a_mail_that_is_not_in_quarantine_is_left_alone(staff: Client, rung: list[int]) -> None:
    mail = make.a_mail(outcome=Outcome.FILED, at=timezone.now())
    staff.post(RERUN, {"mail": mail.public_id})
    mail.refresh_from_db()
    assert mail.outcome == Outcome.FILED
    assert rung == []


def test_a_worker_that_beats_lives_and_one_that_stops_as_it_should_is_not_missed() -> None:
    now = timezone.now()
    pulse.beat("mail@here", now)
    pulse.beat("mail@here", now)
    ((worker, is_alive),) = operations.workers(timezone.now())
    assert (worker.name, is_alive) == ("mail@here", True)
    ((_worker, is_alive),) = operations.workers(timezone.now() + timedelta(minutes=2))
    assert not is_alive
    pulse.still("mail@here")
    assert operations.workers(timezone.now()) == []
