"""What is not kept: who is told before, what goes when, and that the count of mails stays right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail as outbox

from complaints import balance, retention, tasks
from complaints.models import Arrival, IncomingMail, Look
from complaints.models.mail import Outcome
from complaints.stages import Act, State
from tests import make

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon in Shanghai


def day(number: int) -> list[str]:
    """What the schedule does on that day, and whom it wrote to."""
    outbox.outbox.clear()
    with time_machine.travel(START + timedelta(days=number), tick=False):
        tasks.last_calls()
        tasks.purge()
    return [to for message in outbox.outbox for to in message.to]


def ended(outcome: Outcome, email: str = "mei@example.com", number: int = 0) -> IncomingMail:
    return make.a_mail(make.a_user(email), outcome=outcome, reason="unsure", at=START + timedelta(days=number))


@pytest.mark.parametrize(("outcome", "told", "gone"), [(Outcome.REVIEW, 20, 30), (Outcome.QUARANTINED, 80, 90)])
def test_what_nobody_decides_goes_ten_days_after_its_owner_was_told(outcome: Outcome, told: int, gone: int) -> None:
    ended(outcome)
    ended(outcome)
    assert day(told - 1) == []
    assert day(told) == ["mei@example.com"]  # one mail for both
    assert day(told + 1) == []
    assert day(gone - 1) == []
    assert IncomingMail.objects.count() == 2
    day(gone)
    assert not IncomingMail.objects.exists()
    assert balance.differences() == {}


def test_the_mail_to_its_owner_says_when_and_nothing_of_what_is_in_them() -> None:
    mail = make.a_mail(
        outcome=Outcome.REVIEW, reason="unsure", at=START, subject="天猫维权", sender="service@x.example"
    )
    day(20)
    (message,) = outbox.outbox
    assert "2026-04-01" in message.body
    assert "/mails/" in message.body
    for word in (mail.subject, mail.sender, mail.public_id):
        assert word not in message.subject + message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_nothing_goes_before_its_owner_was_told_however_long_no_mail_went_out(monkeypatch: pytest.MonkeyPatch) -> None:
    ended(Outcome.REVIEW)

    def refuses(*_args: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses)
    for number in (20, 30, 40):
        assert day(number) == []
    monkeypatch.undo()
    assert IncomingMail.objects.exists()
    assert day(41) == ["mei@example.com"]
    day(50)
    assert IncomingMail.objects.exists()
    day(51)
    assert not IncomingMail.objects.exists()


def test_one_that_was_decided_and_came_back_has_its_whole_time_again() -> None:
    mail = ended(Outcome.REVIEW)
    day(20)
    back = START + timedelta(days=25)
    IncomingMail.objects.filter(pk=mail.pk).update(settled_at=back)
    assert day(40) == []
    assert day(45) == ["mei@example.com"]
    day(54)
    assert IncomingMail.objects.exists()
    day(55)
    assert not IncomingMail.objects.exists()


def test_one_that_a_proposal_rests_on_stays_with_its_case() -> None:
    mail = ended(Outcome.REVIEW)
    case = make.a_case(mail.owner, act=None)
    make.an_event(case, Act.REPLIES, notice=make.a_notice(mail, case=case), state=State.PROPOSED)
    assert day(20) == []
    day(100)
    assert IncomingMail.objects.exists()


def test_nobody_is_told_at_night() -> None:
    ended(Outcome.REVIEW)
    assert retention.tell(START.replace(hour=16) + timedelta(days=20)) == 0  # midnight in Shanghai
    assert retention.tell(START + timedelta(days=21)) == 1


def test_looks_are_kept_for_two_years_and_sessions_until_they_are_over() -> None:
    look = make.a_look(ended(Outcome.FILED))
    Look.objects.filter(pk=look.pk).update(at=START)
    Session.objects.create(session_key="over", session_data="", expire_date=START)
    day(729)
    assert Look.objects.exists()
    assert not Session.objects.exists()
    day(731)
    assert not Look.objects.exists()


def test_of_the_addresses_that_handed_old_mails_in_the_network_alone_is_kept(settings: Any) -> None:
    settings.MTA_PEERS = (ip_network("198.51.100.7/32"),)
    peers = ("203.0.114.9", "2400:cb00:1:2::9", "127.0.0.1", "10.1.2.3", "198.51.100.7", "", "unknown")
    mails = [make.a_mail(at=START, outcome=Outcome.FILED) for _peer in peers]
    for mail, peer in zip(mails, peers, strict=True):
        IncomingMail.objects.filter(pk=mail.pk).update(peer=peer)
    for peer in ("203.0.114.9", "203.0.114.200", "203.0.113.1"):
        Arrival.objects.create(mail=mails[0], door="smtp", peer=peer, received_at=START)
    day(179)
    assert set(IncomingMail.objects.values_list("peer", flat=True)) == set(peers)
    day(180)
    day(181)
    told = list(IncomingMail.objects.order_by("pk").values_list("peer", flat=True))
    assert told == ["203.0.114.0/24", "2400:cb00:1::/48", "127.0.0.1", "10.1.2.3", "198.51.100.7", "", "unknown"]
    assert sorted(Arrival.objects.values_list("peer", flat=True)) == ["203.0.113.1", "203.0.114.0/24"]
