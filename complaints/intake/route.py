"""How a mail reached us, and whether that way shows that its owner sent it (docs/decisions/0009-routes.md)."""

from __future__ import annotations

import fcntl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from accounts.models import User
from complaints.intake.provenance import Result, Verdict, mta_vouches
from complaints.intake.shapes import Outer
from complaints.models import Arrival, IncomingMail

OWN_HAND = frozenset({IncomingMail.Door.UPLOAD, IncomingMail.Door.PASTE, IncomingMail.Door.SCREENSHOT})
MAIL_DOORS = frozenset({IncomingMail.Door.SMTP, IncomingMail.Door.LMTP})
LMTP_LOCK = "lmtp.lock"  # in DATA_DIR; held by every door that speaks LMTP, for as long as it lives

UNVERIFIED = "unverified_route"  # from a mailbox that is not confirmed
UNPROVEN = "unproven_route"  # a confirmed mailbox stands in From, and nothing shows that it comes from there
FETCHED = "fetched_route"  # it lay in the owner's own mailbox, where anybody may have put it
PENDING = "signature_pending"  # it is signed, and the key could not be asked for yet
# Doubts about the way alone: the same words by a better way are believed.
DOUBTS = frozenset({UNVERIFIED, UNPROVEN, FETCHED, PENDING})


@dataclass(frozen=True, slots=True)
class Route:
    verified: bool
    why: str  # a key of words.REASONS
    from_proven: bool = False  # whoever wrote it, it comes from the domain of its one sender


def verify(mail: IncomingMail, outer: Outer, verdicts: Collection[Verdict] = ()) -> Route:
    """Whether what `mail` holds came from its owner: by their own hand, or from a mailbox they confirmed.

    verdicts  on the signatures of the mail itself

    From must be that whole mailbox, and shown to be true: by an aligned signature, or by our own MTA's word. A
    loopback client is believed too while `trusts_loopback`, when both the envelope's sender and the one From are
    confirmed. An inbox address is a routing secret and proves nothing.
    """
    is_signed = any(verdict.result is Result.PASSED for verdict in verdicts)
    proven = outer.from_count == 1 and (is_signed or (comes_from_mta(mail) and mta_vouches(outer, settings.MTA_NAME)))
    if mail.door in OWN_HAND:
        return Route(True, "own_hand", proven)
    if outer.from_count > 1:
        return Route(False, "contradictory")
    is_pending = any(verdict.result is Result.PENDING for verdict in verdicts)
    return judge(mail.owner, outer.from_address, [mail], proven=proven, is_pending=is_pending)


def look_again(mail: IncomingMail) -> Route:
    """The same by what was kept of `mail`, and by every way on which its bytes came since; its headers named one sender."""
    results = set(mail.signatures.filter(part=0).values_list("result", flat=True))
    ways: list[IncomingMail | Arrival] = [mail, *Arrival.objects.filter(mail=mail)]
    if any(way.door in OWN_HAND for way in ways):
        return Route(True, "own_hand", mail.from_proven)
    is_pending = Result.PENDING in results
    return judge(mail.owner, mail.from_address, ways, proven=mail.from_proven, is_pending=is_pending)


def judge(
    owner: User, from_address: str, ways: Collection[IncomingMail | Arrival], *, proven: bool, is_pending: bool
) -> Route:
    """Whether a mail that names `from_address` as its one sender, and came on `ways`, is from a mailbox of `owner`."""
    sender = from_address.lower()
    mailboxes = set(owner.confirmed_mailboxes.values_list("email", flat=True))
    if sender not in mailboxes:
        is_fetched = all(way.door == IncomingMail.Door.IMAP for way in ways)
        return Route(False, FETCHED if is_fetched else UNVERIFIED, proven)
    if proven or any(is_trusted_loopback(way, mailboxes) for way in ways):
        return Route(True, "verified_route", proven)
    return Route(False, PENDING if is_pending else UNPROVEN)


def is_trusted_loopback(way: IncomingMail | Arrival, mailboxes: Collection[str]) -> bool:
    """Whether a client on this machine, believed here, named one of `mailboxes` as the envelope's sender."""
    is_near = way.door == IncomingMail.Door.SMTP and is_loopback(way.peer) and way.mail_from.lower() in mailboxes
    return is_near and trusts_loopback()


def comes_from_mta(mail: IncomingMail) -> bool:
    """Whether the MTA that we know handed `mail` over: what is written on top of it may be that MTA's."""
    if mail.door not in MAIL_DOORS:
        return False
    try:
        peer = ip_address(mail.peer.partition("%")[0])
    except ValueError:
        return False
    return any(peer in network for network in settings.MTA_PEERS)


def is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False


def doubts_way_alone(payload: Mapping[str, Any]) -> bool:
    """Whether an act that is proposed with `payload` waits for a better way alone, and for no person to look."""
    return set(payload.get("doubts") or [payload.get("why")]) <= DOUBTS


# -- loopback, and the door that ends the trust in it ----------------------------------------------------------


def trusts_loopback() -> bool:
    """Whether a client on this machine may stand for its people: TRUST_LOOPBACK, and no door speaks LMTP.

    Behind an LMTP door stands an MTA, and what an MTA hands on comes from anywhere, by loopback too.
    """
    return bool(settings.TRUST_LOOPBACK) and not lmtp_is_open()


@contextmanager
def lmtp_open() -> Iterator[None]:
    """A door speaks LMTP within this block. A lock of the kernel: it ends with the process, however that ends."""
    with (settings.DATA_DIR / LMTP_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def lmtp_is_open() -> bool:
    try:
        with (settings.DATA_DIR / LMTP_LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
