"""How a mail reached us, and whether that way shows that its owner sent it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings

from complaints.intake.shapes import Outer
from complaints.models import IncomingMail

OWN_HAND = frozenset({IncomingMail.Door.UPLOAD, IncomingMail.Door.PASTE})


@dataclass(frozen=True, slots=True)
class Route:
    verified: bool
    why: str  # a key of words.REASONS


def verify(mail: IncomingMail, outer: Outer) -> Route:
    """Whether what `mail` holds came from its owner: by their own hand, or from a mailbox they confirmed.

    A loopback client is believed only while TRUST_LOOPBACK is on, and only when both the envelope
    sender and the one From are confirmed mailboxes of the owner (docs/decisions/0009-routes.md).
    An inbox address is a routing secret and proves nothing.
    """
    if mail.door in OWN_HAND:
        return Route(True, "own_hand")
    if outer.from_count > 1:
        return Route(False, "contradictory")
    mailboxes = set(mail.owner.confirmed_mailboxes.values_list("email", flat=True))
    both = {mail.mail_from.lower(), outer.from_address.lower()}
    if mail.door == IncomingMail.Door.SMTP and settings.TRUST_LOOPBACK and is_loopback(mail.peer) and both <= mailboxes:
        return Route(True, "verified_route")
    return Route(False, "unverified_route")


def is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False
