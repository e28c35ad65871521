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
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import AutoField, F, Model, Q
from django.utils import timezone

from accounts import limits
from accounts.limits import Refusal
from accounts.models import InboxAddress
from complaints import ledger
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
    """The inbox, its owner, or whoever sends has had their fill for this hour or day; later it will take mail again."""

    def __init__(self, why: Refusal = Refusal.INBOX) -> None:
        super().__init__(why)
        self.why = why


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

    The same bytes to the same inbox again are counted on the row that is there. Whatever is refused is counted too.
    raises  UnknownAddress, TooLarge, OverLimit, DiskFull: then nothing was kept, for no inbox
    """
    now = timezone.now()
    try:
        receipt = _receive(raw, envelope, door, now)
    except NotKept as refused:
        limits.refuse(why_refused(refused), now)
        limits.write_down()
        raise
    for what, who in _strangers(envelope, door):
        limits.count(what, who, now, size=len(raw))
    limits.write_down()
    return receipt


def why_refused(error: NotKept) -> Refusal:
    """By what name a refusal is counted."""
    match error:
        case OverLimit():
            return error.why
        case TooLarge():
            return Refusal.TOO_LARGE
        case DiskFull():
            return Refusal.DISK
    return Refusal.UNKNOWN


def _receive(raw: bytes, envelope: Envelope, door: Door, now: datetime) -> Receipt:
    if len(raw) > settings.MAIL_LIMITS["size"]:
        raise TooLarge
    if disk_is_full():
        raise DiskFull
    if why := flooding(envelope, door, now):
        raise OverLimit(why)
    inboxes = _inboxes(envelope)
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        with transaction.atomic():
            kept = [_keep(raw, sha256, inbox, envelope, door, now) for inbox in inboxes]
            ledger.accepted(door.value, sum(is_new for _mail, is_new in kept), now)
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
    if why := over_limit(inbox, now):
        again = IncomingMail.objects.filter(inbox=inbox, sha256=sha256)
        if not again.update(repeats=F("repeats") + 1):
            raise OverLimit(why)
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


def over_limit(inbox: InboxAddress, now: datetime) -> Refusal | None:
    """Whether `inbox`, or its owner in all, has had the mails or bytes of this hour or of this day (MAIL_LIMITS).

    Counted in the table of mails itself: exact, whichever doors they came through.
    """
    if settings.LIMITS_OFF:
        return None
    moment = IncomingMail._meta.get_field("received_at")
    hour, day = (moment.get_db_prep_value(now - timedelta(hours=hours), connection) for hours in (1, 24))
    with connection.cursor() as cursor:
        cursor.execute(SO_FAR, (inbox.pk, hour, inbox.pk, inbox.pk, hour, inbox.owner_id, day))
        counted = dict(zip(COUNTED, cursor.fetchone(), strict=True))
    over = next((name for name, count in counted.items() if count >= settings.MAIL_LIMITS[name]), "")
    if not over:
        return None
    return Refusal.INBOX if over.startswith("per_inbox") else Refusal.OWNER


COUNTED = (
    *("per_inbox_hour", "per_inbox_day", "per_inbox_day_bytes"),
    *("per_owner_hour", "per_owner_day", "per_owner_day_bytes"),
)
# One statement in plain SQL: it is asked for every mail while its sender waits.
SO_FAR = """
    SELECT count(*) FILTER (WHERE inbox_id = %s AND received_at > %s), count(*) FILTER (WHERE inbox_id = %s),
           coalesce(sum(size) FILTER (WHERE inbox_id = %s), 0),
           count(*) FILTER (WHERE received_at > %s), count(*), coalesce(sum(size), 0)
    FROM complaints_incomingmail WHERE owner_id = %s AND received_at > %s
"""


def flooding(envelope: Envelope, door: Door, now: datetime) -> Refusal | None:
    """Whether the domain of the envelope's sender, or the machine that brings it, has brought its fill of this hour."""
    if settings.LIMITS_OFF:
        return None
    for what, who in _strangers(envelope, door):
        mails, size = limits.so_far(what, who, now)
        most = settings.MAIL_LIMITS
        if mails >= most[f"per_{what}_hour"] or size >= most[f"per_{what}_hour_bytes"]:
            return Refusal.DOMAIN if what == "domain" else Refusal.PEER
    return None


def _strangers(envelope: Envelope, door: Door) -> list[tuple[str, str]]:
    """Whose mails are counted by where they come from: nobody's that a person hands in, no MTA of our own."""
    if envelope.owner_id is not None:
        return []
    found: list[tuple[str, str]] = []
    if domain := envelope.mail_from.rpartition("@")[2].lower():
        found.append(("domain", domain[:255]))
    if door is Door.SMTP and envelope.peer and not is_own_mta(envelope.peer):
        found.append(("peer", envelope.peer))
    return found


def is_own_mta(peer: str) -> bool:
    """Whether `peer` is the MTA of ours that MTA_NAME says stands in front: it brings the mails of everybody."""
    if not settings.MTA_NAME:
        return False
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in settings.MTA_PEERS)


def disk_is_full() -> bool:
    """Is there less free room under DATA_DIR than MAIL_LIMITS keeps back, in bytes or as a share of the disk?"""
    disk, most = shutil.disk_usage(settings.DATA_DIR), settings.MAIL_LIMITS
    return disk.free < most["free_bytes"] or disk.free * 100 < disk.total * most["free_percent"]


def _chain(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _says_full(error: OperationalError) -> bool:
    """SQLite says it in words, PostgreSQL with SQLSTATE 53100 (disk_full)."""
    return any("disk is full" in str(one) or getattr(one, "sqlstate", None) == "53100" for one in _chain(error))
