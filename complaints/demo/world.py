"""The demo world, made through the real door: people, and mails sent over SMTP that the line files."""

from __future__ import annotations

import smtplib
import time
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts.models import InboxAddress, User
from accounts.people import add_user
from complaints.demo import letters, wraps
from complaints.demo.people import PEOPLE
from complaints.models import IncomingMail, Notice


class NotHere(Exception):
    """The demo world exists in embedded installations only."""


def people() -> dict[str, User]:
    """Everybody of the demo by name (complaints/demo/people.py), made where missing."""
    if not settings.DEMO:
        raise NotHere
    return {name: add_user(email, role)[0] for name, (email, role) in PEOPLE.items()}


def ensure(port: int | None = None, patience: float = 60) -> int:
    """Make the world once: returns how many mails were sent, 0 when it was there already.

    raises  OSError when the SMTP door does not answer
    """
    everybody = people()
    if IncomingMail.objects.filter(owner__in=everybody.values()).exists():
        return 0
    now = timezone.localtime()
    for letter in sorted(letters.LETTERS, key=lambda letter: moment_of(letter, now)):
        send(letter, everybody[letter.owner], now, port)
    wait_until_read(everybody, patience)
    return len(letters.LETTERS)


def moment_of(letter: letters.Letter, now: datetime) -> datetime:
    """When the notice of `letter` was written, never later than `now`."""
    if letter.hour is None:
        return now
    return min(letters.day_of(now)(-letter.days_ago, letter.hour, 5), now)


def send(letter: letters.Letter, owner: User, now: datetime, port: int | None = None) -> None:
    """Send `letter` to `owner` as its client forwards it, through the SMTP door.

    now     the moment the dates hang on, in the zone they are written in
    raises  OSError when the door does not answer or refuses
    """
    day = letters.day_of(now)
    mailbox = letter.mailbox or owner.email
    name, address = letter.sender
    inbox = first_inbox(owner)
    raw = wraps.wrap(
        letter.client,
        subject=letter.subject,
        from_name=name,
        from_address=address,
        to=owner.email,
        date=moment_of(letter, now),
        body=letter.body(day),
        note=letter.note,
        outer_from=mailbox,
        outer_to=inbox,
    )
    with smtplib.SMTP("127.0.0.1", port or settings.SMTP_PORT, local_hostname="demo.localhost", timeout=30) as door:
        door.sendmail(mailbox, [inbox], raw)


def first_inbox(owner: User) -> str:
    """The inbox address that `owner` was given first."""
    return owner.inbox_addresses.filter(state=InboxAddress.State.ACTIVE).earliest("pk").address


def send_sample(owner: User, port: int | None = None) -> None:
    """The next sample letter that `owner` has not received yet; at the end the last one again."""
    now = timezone.localtime()
    there = Notice.objects.filter(owner=owner)
    unseen = (
        letter
        for letter in letters.SAMPLES
        if not there.filter(body__contains=letter.body(letters.day_of(now)).splitlines()[-1]).exists()
    )
    send(next(unseen, letters.SAMPLES[-1]), owner, now, port)


def send_forged(owner: User, port: int | None = None) -> None:
    """A ruling that nobody made, from a mailbox that is not `owner`'s."""
    send(letters.FORGED, owner, timezone.localtime(), port)


def wait_until_read(everybody: dict[str, User], patience: float) -> bool:
    """Whether the line settled all their mails within `patience` seconds."""
    deadline = time.monotonic() + patience
    while IncomingMail.objects.filter(owner__in=everybody.values()).waiting().exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def newest_after(owner: User, before: int, patience: float = 2) -> IncomingMail | None:
    """The mail of `owner` that came after the one with pk `before`, once the line settled it or `patience` ran out.

    None when nothing new came: the same bytes again.
    """
    deadline = time.monotonic() + patience
    while True:
        mail = IncomingMail.objects.filter(owner=owner, pk__gt=before).order_by("-pk").first()
        if mail is None or not mail.is_waiting or time.monotonic() > deadline:
            return mail
        time.sleep(0.1)
