"""The first step: keep the bytes before anyone tries to understand them.

Whoever gets a `Receipt` may say yes (250, 2xx, "saved"): bytes and row are committed and on the disk.
Nothing here rings for a worker; the door does that after its yes (complaints/bell.py).
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import limits
from accounts.limits import Refusal
from accounts.models import InboxAddress
from complaints import ledger
from complaints.durability import says_full
from complaints.inserting import Insert
from complaints.intake.shapes import Door
from complaints.models import Arrival, IncomingMail, RawMail
from complaints.models.mail import Outcome

# The door notes on an inbox that it said no, at most so often: who is refused may try again and again.
NOTED_AGAIN = timedelta(minutes=1)

WAITED = 2.0  # seconds: a commit that failed after so long waited for a database that is away, or for a lock
MOST_WAYS = 10  # by which the same bytes came again that are kept
# Doors at which who brings a mail tells more than its bytes do: the owner's own hand, a client on this machine.
TELL_SOMETHING = frozenset({Door.UPLOAD, Door.PASTE, Door.SCREENSHOT, Door.SMTP})


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


Kept = Receipt | NotKept | DatabaseError  # or why not


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail at a door."""

    raw: bytes
    envelope: Envelope
    door: Door


def receive(raw: bytes, envelope: Envelope, door: Door) -> Receipt:
    """Keep `raw` for each inbox of `envelope`: one row and its bytes each, one commit for all, fsynced.

    The same bytes to the same inbox again are counted on the row that is there. Whatever is refused is counted too.
    raises  UnknownAddress, TooLarge, OverLimit, DiskFull: then nothing was kept, for no inbox
    """
    (answer,) = receive_together([Delivery(raw, envelope, door)])
    if isinstance(answer, Receipt):
        return answer
    raise answer


def receive_together(deliveries: Sequence[Delivery]) -> list[Kept]:
    """The same for mails that wait at the same time: one commit, one wait for the disk for all of them.

    returns  for each, in order, what `receive` would return or raise: where one fails, each gets a commit of its own
    """
    now = timezone.now()
    answers: dict[int, Kept] = {}
    ready: list[tuple[int, _Ready]] = []
    for place, delivery in enumerate(deliveries):
        try:
            ready.append((place, _ready(delivery, now)))
        except NotKept as refused:
            answers[place] = refused
    # One order for all doors: two groups that hold the same bytes must not wait for each other in a ring.
    ready.sort(key=lambda one: one[1].sha256)
    mails = [one for _place, one in ready]
    each = _commit_together(mails, now) or _commit_each(mails, now)
    answers |= {place: answer for (place, _one), answer in zip(ready, each, strict=True)}
    for place, delivery in enumerate(deliveries):
        _count(delivery, answers[place], now)
    if not any(isinstance(answer, DatabaseError) for answer in answers.values()):
        limits.write_down()  # else in a moment, by the door: its clients need not wait for a database twice
    return [answers[place] for place in range(len(deliveries))]


def _count(delivery: Delivery, answer: Kept, now: datetime) -> None:
    """Count what was refused, and by where it came from what was not."""
    if isinstance(answer, NotKept):
        limits.refuse(why_refused(answer), now)
    if isinstance(answer, Receipt):
        for what, who in _strangers(delivery.envelope, delivery.door):
            limits.count(what, who, now, size=len(delivery.raw))


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


@dataclass(frozen=True, slots=True)
class _Ready:
    """A delivery that nothing speaks against, and the inboxes it is for."""

    delivery: Delivery
    sha256: str
    inboxes: tuple[InboxAddress, ...]


def _ready(delivery: Delivery, now: datetime) -> _Ready:
    """What can be asked before a transaction is open. Raises NotKept."""
    if len(delivery.raw) > settings.MAIL_LIMITS["size"]:
        raise TooLarge
    if disk_is_full():
        raise DiskFull
    if why := flooding(delivery.envelope, delivery.door, now):
        raise OverLimit(why)
    inboxes = tuple(_inboxes(delivery.envelope))
    return _Ready(delivery, hashlib.sha256(delivery.raw).hexdigest(), inboxes)


def _commit_together(mails: Sequence[_Ready], now: datetime) -> list[Kept] | None:
    """Keep `mails` in one transaction; None, and nothing is kept, when that fails for any of them.

    returns  the same error for each when the database let us wait: it would let each of them wait as long
    """
    began = time.monotonic()
    try:
        return list(_commit(mails, now)) if len(mails) > 1 else None
    except (NotKept, DatabaseError) as error:
        return [error] * len(mails) if _let_us_wait(error, began) else None


def _commit_each(mails: Sequence[_Ready], now: datetime) -> list[Kept]:
    """Keep each of `mails` in a transaction of its own, until the database lets us wait: then the rest is not tried."""
    answers: list[Kept] = []
    for mail in mails:
        began = time.monotonic()
        answers.append(answer := _commit_alone(mail, now))
        if _let_us_wait(answer, began):
            return answers + [answer] * (len(mails) - len(answers))
    return answers


def _let_us_wait(answer: Kept, began: float) -> bool:
    is_slow = time.monotonic() - began > WAITED
    return is_slow and isinstance(answer, OperationalError) and not says_full(answer)


def _commit_alone(mail: _Ready, now: datetime) -> Kept:
    try:
        return _commit([mail], now)[0]
    except OperationalError as error:
        if not says_full(error):
            return error
        full = DiskFull()
        full.__cause__ = error
        return full
    except (NotKept, DatabaseError) as error:
        return error


def _commit(mails: Sequence[_Ready], now: datetime) -> list[Receipt]:
    with transaction.atomic():
        kept = [[_keep(mail, inbox, now) for inbox in mail.inboxes] for mail in mails]
        new: Counter[str] = Counter()
        for mail, rows in zip(mails, kept, strict=True):
            new[mail.delivery.door.value] += sum(not row.is_repeat for row in rows)
        for door, count in sorted(new.items()):
            ledger.accepted(door, count, now)
    return [
        Receipt(
            ids=tuple(row.public_id for row in rows),
            repeats=sum(row.is_repeat for row in rows),
            mail_pks=tuple(row.pk for row in rows),
        )
        for rows in kept
    ]


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


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    public_id: str
    is_repeat: bool


def _keep(mail: _Ready, inbox: InboxAddress, now: datetime) -> _Row:
    """The row of that mail in `inbox`. Runs inside the transaction of `_commit`. Raises OverLimit."""
    delivery, envelope = mail.delivery, mail.delivery.envelope
    if why := over_limit(inbox, now):
        again = IncomingMail.objects.filter(inbox=inbox, sha256=mail.sha256)
        if not again.update(repeats=F("repeats") + 1):
            raise OverLimit(why)
        pk, public_id = again.values_list("pk", "public_id").get()
        return _Row(pk, public_id, is_repeat=True)  # kept before the inbox was full: its yes is owed again
    is_held = inbox.state == InboxAddress.State.ROTATED and envelope.owner_id is None
    pk, public_id, repeats = _insert_mail(
        inbox_id=inbox.pk,
        owner_id=inbox.owner_id,
        door=delivery.door.value,
        sha256=mail.sha256,
        size=len(delivery.raw),
        mail_from=envelope.mail_from[:320],
        peer=envelope.peer[:64],
        received_at=now,
        due_at=now,
        outcome=Outcome.HELD if is_held else Outcome.WAITING,
        reason="rotated" if is_held else "",
        settled_at=now if is_held else None,
    )
    if repeats:
        _note_way(pk, delivery, now)
    else:
        _insert_raw(mail_id=pk, data=delivery.raw)
    return _Row(pk, public_id, is_repeat=bool(repeats))


def _note_way(pk: int, delivery: Delivery, now: datetime) -> None:
    """The bytes of that mail came once more: keep by which way, each once, a few at most. It may be a better one."""
    if delivery.door in TELL_SOMETHING and Arrival.objects.filter(mail=pk).count() < MOST_WAYS:
        way = {"mail_from": delivery.envelope.mail_from[:320], "peer": delivery.envelope.peer[:64]}
        _insert_way(mail_id=pk, door=delivery.door.value, received_at=now, **way)


# One statement finds out whether the bytes are new, however many doors keep them at once, on both databases.
_insert_mail = Insert(
    IncomingMail,
    "ON CONFLICT (inbox_id, sha256) DO UPDATE SET repeats = complaints_incomingmail.repeats + 1 "
    "RETURNING id, public_id, repeats",
)
_insert_raw = Insert(RawMail)
_insert_way = Insert(Arrival, "ON CONFLICT DO NOTHING")


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
