"""Keeping mail: once per inbox, all or nothing, on the disk; and who may not have any kept."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import InboxAddress, User
from complaints.durability import durability_problem
from complaints.intake import line
from complaints.intake import receive as receive_module
from complaints.intake.receive import (
    Delivery,
    DiskFull,
    Envelope,
    OverLimit,
    Receipt,
    TooLarge,
    UnknownAddress,
    look_up,
    note_refusal,
    receive,
    receive_together,
)
from complaints.intake.shapes import Door
from complaints.models import IncomingMail, RawMail
from complaints.models.mail import Outcome
from tests import make

pytestmark = pytest.mark.django_db

RAW = make.raw_mail()
Refused = InboxAddress.Refused


def envelope(*inboxes: InboxAddress, mail_from: str = "mei@example.com") -> Envelope:
    return Envelope(mail_from, tuple(inbox.address for inbox in inboxes), "127.0.0.1")


def test_a_mail_is_kept_byte_for_byte_and_waits() -> None:
    raw = b"\x00\xff odd \r bytes \n and no header at all\r\n"
    receipt = receive(raw, envelope(make.an_inbox()), Door.SMTP)
    mail = IncomingMail.objects.get()
    assert receipt == Receipt(ids=(mail.public_id,), repeats=0, mail_pks=(mail.pk,))
    assert bytes(mail.raw.data) == raw
    assert (mail.sha256, mail.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert (mail.outcome, mail.door, mail.mail_from, mail.peer) == ("waiting", "smtp", "mei@example.com", "127.0.0.1")
    assert mail.owner == make.a_user()


def test_an_empty_mail_is_a_mail() -> None:
    receipt = receive(b"", envelope(make.an_inbox()), Door.SMTP)
    assert IncomingMail.objects.get().public_id == receipt.ids[0]


def test_the_same_bytes_to_the_same_inbox_are_one_mail_that_counts_its_repeats() -> None:
    inbox = make.an_inbox()
    first = receive(RAW, envelope(inbox), Door.SMTP)
    again = receive(RAW, envelope(inbox), Door.UPLOAD)
    third = receive(RAW, envelope(inbox, mail_from="other@example.com"), Door.INGEST)
    assert first.ids == again.ids == third.ids
    assert (first.repeats, again.repeats, third.repeats) == (0, 1, 1)
    assert IncomingMail.objects.get().repeats == 2
    assert RawMail.objects.count() == 1


def test_a_mail_for_two_inboxes_is_one_for_each() -> None:
    mine, yours = make.an_inbox(), make.an_inbox(make.a_user("yu@example.com"))
    receive(RAW, envelope(mine), Door.SMTP)
    receipt = receive(RAW, envelope(yours, mine, yours), Door.SMTP)
    assert len(receipt.ids) == 2
    assert receipt.repeats == 1
    assert {mail.owner for mail in IncomingMail.objects.all()} == {mine.owner, yours.owner}


@pytest.mark.parametrize("written", ["{}", "<{}>", " {} "])
def test_an_address_is_found_however_a_client_writes_it(written: str) -> None:
    inbox = make.an_inbox()
    address = written.format(inbox.address.upper())
    assert look_up(address) == (inbox, None)


def test_unknown_paused_and_long_changed_addresses_take_nothing() -> None:
    paused = make.an_inbox(make.a_user("p@example.com"), state=InboxAddress.State.PAUSED)
    gone = make.an_inbox(make.a_user("g@example.com"), state=InboxAddress.State.ROTATED)
    InboxAddress.objects.filter(pk=gone.pk).update(rotated_at=timezone.now() - timedelta(days=30, minutes=1))
    left = make.an_inbox(make.a_user("l@example.com"))
    User.objects.filter(pk=left.owner_id).update(is_active=False)
    elsewhere = paused.address.replace(settings.INBOX_DOMAIN, "example.com")
    for address in [paused.address, gone.address, left.address, "nobody@in.suji.localhost", elsewhere, "", "@", "x"]:
        inbox, why = look_up(address)
        assert inbox is None or why in (Refused.PAUSED, Refused.ROTATED)
        with pytest.raises(UnknownAddress):
            receive(RAW, Envelope("", (address,), ""), Door.SMTP)
    assert not IncomingMail.objects.exists()


def test_a_refusal_is_noted_on_its_inbox_once_a_minute_and_at_once_when_the_reason_is_another() -> None:
    inbox = make.an_inbox()

    def noted(why: Refused, minutes: float) -> tuple[Any, str]:
        note_refusal(inbox, why, make.NOW + timedelta(minutes=minutes))
        inbox.refresh_from_db()
        return inbox.refused_at, inbox.refused_why

    assert noted(Refused.PAUSED, 0) == (make.NOW, "paused")
    assert noted(Refused.PAUSED, 0.5) == (make.NOW, "paused")
    assert noted(Refused.FULL, 0.6) == (make.NOW + timedelta(minutes=0.6), "full")
    assert noted(Refused.FULL, 2) == (make.NOW + timedelta(minutes=2), "full")


def test_one_unknown_recipient_and_nothing_is_kept_for_the_others() -> None:
    with pytest.raises(UnknownAddress):
        receive(RAW, Envelope("", (make.an_inbox().address, "nobody@in.suji.localhost"), ""), Door.SMTP)
    assert not IncomingMail.objects.exists()


def test_a_newly_changed_address_keeps_into_held() -> None:
    inbox = make.an_inbox(state=InboxAddress.State.ROTATED)
    InboxAddress.objects.filter(pk=inbox.pk).update(rotated_at=timezone.now() - timedelta(days=29))
    receive(RAW, envelope(inbox), Door.SMTP)
    mail = IncomingMail.objects.get()
    assert (mail.outcome, mail.reason) == (Outcome.HELD, "rotated")
    assert mail.settled_at is not None
    assert bytes(mail.raw.data) == RAW


def test_what_its_owner_hands_in_needs_no_address() -> None:
    owner = make.a_user()
    second = InboxAddress.objects.create(owner=owner)
    receive(RAW, Envelope("", (), "", owner_id=owner.pk), Door.PASTE)
    assert IncomingMail.objects.get().inbox == owner.inbox_addresses.order_by("pk").first() != second


def test_what_its_owner_hands_in_is_read_though_all_addresses_are_paused_or_changed() -> None:
    owner = make.a_user()
    InboxAddress.objects.filter(owner=owner).update(state="rotated", rotated_at=timezone.now())
    receive(RAW, Envelope("", (), "", owner_id=owner.pk), Door.PASTE)
    assert IncomingMail.objects.get().outcome == Outcome.WAITING


def test_a_mail_above_the_limit_is_too_large_and_one_at_the_limit_is_not(settings: Any) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"size": 1000}
    with pytest.raises(TooLarge):
        receive(b"x" * 1001, envelope(make.an_inbox()), Door.SMTP)
    assert receive(b"x" * 1000, envelope(make.an_inbox()), Door.SMTP).repeats == 0


@pytest.mark.parametrize("limit", ["per_inbox_hour", "per_inbox_day"])
def test_an_inbox_has_its_fill_and_its_neighbour_does_not_notice(settings: Any, limit: str) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {limit: 2}
    mine, yours = make.an_inbox(), make.an_inbox(make.a_user("yu@example.com"))
    for number in range(2):
        receive(b"mail %d" % number, envelope(mine), Door.SMTP)
    with pytest.raises(OverLimit):
        receive(b"one more", envelope(mine, yours), Door.SMTP)
    assert receive(b"mail 1", envelope(mine), Door.SMTP).repeats == 1  # was kept: the yes is owed again
    assert receive(b"one more", envelope(yours), Door.SMTP).repeats == 0
    IncomingMail.objects.update(received_at=timezone.now() - timedelta(days=1, minutes=1))
    assert receive(b"one more", envelope(mine), Door.SMTP).repeats == 0


def test_load_tests_may_lift_the_limits(settings: Any) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"per_inbox_hour": 0}
    settings.LIMITS_OFF = True
    assert receive(RAW, envelope(make.an_inbox()), Door.SMTP).ids


def test_a_full_disk_is_said_before_anything_is_kept(settings: Any) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"free_bytes": 1 << 60}
    with pytest.raises(DiskFull):
        receive(RAW, envelope(make.an_inbox()), Door.SMTP)
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("words", ["database or disk is full", "other"])
def test_a_database_that_has_no_room_is_a_full_disk_and_other_trouble_is_not(
    monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    inbox = make.an_inbox()

    def fail(**_row: Any) -> None:  # the row is written, its bytes are not
        raise OperationalError(words)

    monkeypatch.setattr("complaints.intake.receive._insert_raw", fail)
    with pytest.raises(DiskFull if "full" in words else OperationalError):
        receive(RAW, envelope(inbox), Door.SMTP)
    assert not IncomingMail.objects.exists()


def deliveries(*recipients: InboxAddress) -> list[Delivery]:
    return [Delivery(b"mail %d" % n, envelope(inbox), Door.SMTP) for n, inbox in enumerate(recipients)]


def test_mails_that_wait_together_are_each_kept_as_if_alone() -> None:
    mine, yours = make.an_inbox(), make.an_inbox(make.a_user("yu@example.com"))
    together = deliveries(mine, yours, mine)
    answers = receive_together([*together, together[0]])
    assert [type(answer) for answer in answers] == [Receipt] * 4
    assert [answer.repeats for answer in answers if isinstance(answer, Receipt)] == [0, 0, 0, 1]
    assert answers[3].mail_pks == answers[0].mail_pks  # type: ignore[union-attr]
    for delivery, answer in zip(together, answers, strict=False):
        mail = IncomingMail.objects.select_related("raw").get(public_id=answer.ids[0])  # type: ignore[union-attr]
        assert (bytes(mail.raw.data), mail.inbox.address) == (delivery.raw, delivery.envelope.recipients[0])


def test_of_mails_that_wait_together_one_that_cannot_be_kept_costs_no_other(settings: Any) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"per_inbox_hour": 1, "size": 100}
    mine, yours = make.an_inbox(), make.an_inbox(make.a_user("yu@example.com"))
    unknown = Delivery(b"x", Envelope("", ("nobody@in.suji.localhost",), ""), Door.SMTP)
    large = Delivery(b"x" * 101, envelope(mine), Door.SMTP)
    answers = receive_together([*deliveries(mine, mine, yours), unknown, large])
    assert sorted(type(answer).__name__ for answer in answers) == [
        "OverLimit", "Receipt", "Receipt", "TooLarge", "UnknownAddress",
    ]  # fmt: skip
    kept = {id for answer in answers if isinstance(answer, Receipt) for id in answer.ids}
    assert kept == set(IncomingMail.objects.values_list("public_id", flat=True))


def test_a_database_that_fails_once_fails_for_that_mail_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = receive_module._insert_raw

    def fail(**row: Any) -> None:
        if row["data"] == b"mail 1":
            raise OperationalError("other")
        real(**row)

    monkeypatch.setattr(receive_module, "_insert_raw", fail)
    answers = receive_together(deliveries(*[make.an_inbox()] * 3))
    assert [type(answer).__name__ for answer in answers] == ["Receipt", "OperationalError", "Receipt"]
    assert IncomingMail.objects.count() == RawMail.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_a_database_that_lets_us_wait_is_waited_for_once_however_many_mails_wait(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    tries = []

    def wait(**_row: Any) -> None:
        tries.append(1)
        raise OperationalError("couldn't get a connection after 5.00 sec")

    monkeypatch.setattr(receive_module, "_insert_raw", wait)
    monkeypatch.setattr(receive_module, "WAITED", -1.0)
    answers = receive_together(deliveries(*[make.an_inbox()] * count))
    assert [type(answer) for answer in answers] == [OperationalError] * count
    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_doors_that_keep_the_same_bytes_at_once_keep_one_mail() -> None:
    mine, yours = make.an_inbox(), make.an_inbox(make.a_user("yu@example.com"))
    start = threading.Barrier(8)
    receipts: list[Receipt] = []

    def keep(number: int) -> None:
        start.wait()
        both = (mine, yours) if number % 2 else (yours, mine)
        receipts.append(receive(RAW, envelope(*both), Door.SMTP))
        connection.close()

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(receipts) == 8
    assert len({receipt.ids for receipt in receipts}) == 1
    assert [mail.repeats for mail in IncomingMail.objects.all()] == [7, 7]
    assert sum(receipt.repeats for receipt in receipts) == 14


@pytest.mark.skipif(settings.IS_SQLITE, reason="SQLite has one writer at a time, whatever it writes")
@pytest.mark.django_db(transaction=True)
def test_the_door_does_not_wait_for_a_worker_that_files_a_mail_of_the_same_owner() -> None:
    inbox, busy = make.an_inbox(), make.a_mail()
    claimed = line.claim(busy.pk)
    assert claimed
    kept: list[Receipt] = []

    def keep() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        kept.append(receive(RAW, envelope(inbox), Door.SMTP))
        connection.close()

    with transaction.atomic():
        assert line.held_by(busy.pk, claimed[0])
        door = threading.Thread(target=keep)
        door.start()
        door.join(10)
    assert [receipt.repeats for receipt in kept] == [0]


def test_this_database_waits_for_the_disk() -> None:
    assert durability_problem() is None


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_wait_for_the_disk_is_refused() -> None:
    weaker = "PRAGMA synchronous=NORMAL" if settings.IS_SQLITE else "SET synchronous_commit=off"
    usual = "PRAGMA synchronous=FULL" if settings.IS_SQLITE else "SET synchronous_commit=on"
    with connection.cursor() as cursor:
        cursor.execute(weaker)
        try:
            assert "could be lost" in (durability_problem() or "")
        finally:
            cursor.execute(usual)
