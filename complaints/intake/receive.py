"""The first step: keep the bytes before anyone tries to understand them.

Whoever gets a `Receipt` may say yes (250, 2xx, "saved"): bytes and row are committed and on the disk.
Nothing here rings for a worker; the door does that after its yes (complaints/bell.py).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import AutoField, Count, F, Model, Q
from django.utils import timezone

from accounts.models import InboxAddress
from complaints.intake.shapes import Door
from complaints.models import Arrival, IncomingMail, RawMail
from complaints.models.mail import Outcome

# The door notes on an inbox that it said no, at most so often: who is refused may try again and again.
NOTED_AGAIN = timedelta(minutes=1)

MOST_WAYS = 10  # by which the same bytes came again that are kept
# Doors at which who brings a mail tells more than its bytes do: the owner's own hand, a client on this machine.
TELL_SOMETHING = frozenset({Door.UPLOAD, Door.PASTE, Door.SMTP})


class NotKept(Exception):
    """Nothing of it was kept; each subclass says why, and whether trying again can help."""


class UnknownAddress(NotKept):
    """No inbox of that name takes mail now."""


class TooLarge(NotKept):
    """Above MAIL_LIMITS["size"]; it will not get smaller."""


class OverLimit(NotKept):
    """That inbox had its fill for this hour or day; later it will take mail again."""


class DiskFull(NotKept):
    """No room to keep it; that is our fault and passes."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who brought it, to whom. Nothing of it is proof of anything."""

    mail_from: str
    recipients: tuple[str, ...]
    peer: str  # the address that the door saw
    owner_id: int | None = None  # handed in by its owner's own hand; then there need be no recipients
    inboxes: tuple[InboxAddress, ...] = ()  # those of `recipients`, when the door has only just found them


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was kept: one mail per inbox, `ids` and `mail_pks` side by side."""

    ids: tuple[str, ...]  # public ids
    repeats: int  # how many of them were here before, the same bytes to the same inbox
    mail_pks: tuple[int, ...]


def receive(raw: bytes, envelope: Envelope, door: Door) -> Receipt:
    """Keep `raw` for each inbox of `envelope`: one row and its bytes each, one commit for all, fsynced.

    The same bytes to the same inbox again are counted on the row that is there.
    raises  UnknownAddress, TooLarge, OverLimit, DiskFull: then nothing was kept, for no inbox
    """
    if len(raw) > settings.MAIL_LIMITS["size"]:
        raise TooLarge
    if disk_is_full():
        raise DiskFull
    inboxes = _inboxes(envelope)
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        with transaction.atomic():
            kept = [_keep(raw, sha256, inbox, envelope, door, timezone.now()) for inbox in inboxes]
    except OperationalError as error:
        if _says_full(error):
            raise DiskFull from error
        raise
    return Receipt(
        ids=tuple(mail.public_id for mail, _is_new in kept),
        repeats=sum(not is_new for _mail, is_new in kept),
        mail_pks=tuple(mail.pk for mail, _is_new in kept),
    )


# -- which inboxes ---------------------------------------------------------------------------------------


def look_up(address: str) -> tuple[InboxAddress | None, InboxAddress.Refused | None]:
    """The inbox that `address` names, if any, and why it takes no mail now, if so; from outside all closed look alike."""
    inbox = InboxAddress.objects.named(address).filter(owner__is_active=True).first()
    if inbox is None:
        return None, None
    now = timezone.now()
    if why := why_closed(inbox, now):
        return inbox, why
    return inbox, InboxAddress.Refused.FULL if over_limit(inbox, now) else None


def why_closed(inbox: InboxAddress, now: datetime) -> InboxAddress.Refused | None:
    """Why `inbox` takes no mail whatever comes; a changed one still takes it for a while, into `held`."""
    if inbox.state == InboxAddress.State.PAUSED:
        return InboxAddress.Refused.PAUSED
    is_rotated = inbox.state == InboxAddress.State.ROTATED
    if is_rotated and (inbox.rotated_at is None or inbox.rotated_at <= now - InboxAddress.HELD_FOR):
        return InboxAddress.Refused.ROTATED
    return None


def note_refusal(inbox: InboxAddress, why: InboxAddress.Refused, now: datetime) -> None:
    """Keep on `inbox` that a mail for it was refused: its owner will ask where it is."""
    noted = Q(refused_why=why, refused_at__gt=now - NOTED_AGAIN)
    InboxAddress.objects.filter(pk=inbox.pk).exclude(noted).update(refused_at=now, refused_why=why)


def _accepts(address: str) -> InboxAddress | None:
    inbox = InboxAddress.objects.named(address).filter(owner__is_active=True).first()
    return inbox if inbox and why_closed(inbox, timezone.now()) is None else None


def _inboxes(envelope: Envelope) -> list[InboxAddress]:
    """Each inbox once, in one order for all doors, so that two of them never wait for each other in a ring."""
    if envelope.owner_id is not None and not envelope.recipients:
        return [_own_inbox(envelope.owner_id)]
    found = envelope.inboxes or [_accepts(address) for address in dict.fromkeys(envelope.recipients)]
    inboxes = {inbox.pk: inbox for inbox in found if inbox}
    if not inboxes or None in found:
        raise UnknownAddress
    return [inboxes[pk] for pk in sorted(inboxes)]


def _own_inbox(owner_id: int) -> InboxAddress:
    """Where a hand-in of the owner goes: their first active inbox, else (all paused) the newest there is."""
    mine = InboxAddress.objects.filter(owner_id=owner_id)
    inbox = mine.filter(state=InboxAddress.State.ACTIVE).order_by("pk").first() or mine.order_by("-pk").first()
    if inbox is None:
        raise UnknownAddress
    return inbox


# -- one inbox ---------------------------------------------------------------------------------------------


def _keep(
    raw: bytes, sha256: str, inbox: InboxAddress, envelope: Envelope, door: Door, now: datetime
) -> tuple[IncomingMail, bool]:
    """The mail of those bytes in `inbox`, and whether it is new. Runs inside the transaction of `receive`."""
    if over_limit(inbox, now):
        again = IncomingMail.objects.filter(inbox=inbox, sha256=sha256)
        if not again.update(repeats=F("repeats") + 1):
            raise OverLimit
        return again.only("public_id").get(), False  # kept before the inbox was full: its yes is owed again
    is_by_owner = envelope.owner_id is not None
    is_held = inbox.state == InboxAddress.State.ROTATED and not is_by_owner
    mail = IncomingMail(
        inbox=inbox,
        owner_id=inbox.owner_id,
        door=door.value,
        sha256=sha256,
        size=len(raw),
        mail_from=envelope.mail_from[:320],
        peer=envelope.peer[:64],
        received_at=now,
        due_at=now,
        outcome=Outcome.HELD if is_held else Outcome.WAITING,
        reason="rotated" if is_held else "",
        settled_at=now if is_held else None,
    )
    mail.pk, mail.public_id, mail.repeats = _insert(mail, COUNT_REPEAT)
    if mail.repeats:
        _note_way(mail)
        return mail, False
    _insert(RawMail(mail=mail, data=raw))
    return mail, True


def _note_way(mail: IncomingMail) -> None:
    """The bytes of `mail` came once more: keep by which way, each once, a few at most. It may be a better one."""
    if mail.door in TELL_SOMETHING and Arrival.objects.filter(mail=mail).count() < MOST_WAYS:
        way = Arrival(mail=mail, door=mail.door, mail_from=mail.mail_from, peer=mail.peer, received_at=mail.received_at)
        _insert(way, "ON CONFLICT DO NOTHING")


# One statement finds out whether the bytes are new, however many doors keep them at once, on both databases.
COUNT_REPEAT = (
    "ON CONFLICT (inbox_id, sha256) DO UPDATE SET repeats = complaints_incomingmail.repeats + 1 "
    "RETURNING id, public_id, repeats"
)


def _insert(row: Model, ending: str = "") -> Any:
    """Insert `row` with the SQL `ending`; what that returns. A third of the time that `save` takes: the door waits."""
    fields = [field for field in row._meta.local_concrete_fields if not isinstance(field, AutoField)]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    names, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks}) {ending}', values)
        return cursor.fetchone() if "RETURNING" in ending else None


# -- limits --------------------------------------------------------------------------------------------------


def over_limit(inbox: InboxAddress, now: datetime) -> bool:
    """Has `inbox` had its mails of this hour or of this day (MAIL_LIMITS)?"""
    if settings.LIMITS_OFF:
        return False
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    counts = IncomingMail.objects.filter(inbox=inbox, received_at__gt=day).aggregate(
        hour=Count("pk", filter=Q(received_at__gt=hour)), day=Count("pk")
    )
    limits = settings.MAIL_LIMITS
    return bool(counts["hour"] >= limits["per_inbox_hour"] or counts["day"] >= limits["per_inbox_day"])


def disk_is_full() -> bool:
    """Is there less free room under DATA_DIR than MAIL_LIMITS["free_bytes"]?"""
    return shutil.disk_usage(settings.DATA_DIR).free < settings.MAIL_LIMITS["free_bytes"]


def _chain(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _says_full(error: OperationalError) -> bool:
    """SQLite says it in words, PostgreSQL with SQLSTATE 53100 (disk_full)."""
    return any("disk is full" in str(one) or getattr(one, "sqlstate", None) == "53100" for one in _chain(error))
