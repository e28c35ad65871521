"""A shopper's inbox addresses: a further one, pausing, resuming, changing. Nothing else writes their state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import segno
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import InboxAddress, User
from accounts.revoking import ADDRESS, revoked

State = InboxAddress.State

MOST = 10  # addresses of one person that take mail or could again
NEW_A_DAY = 20  # further ones and changed ones together
DAY = timedelta(days=1)


class TooMany(Exception):
    """Enough of them at once, or made today."""


class NotSo(Exception):
    """The address is no longer in the state that this begins with; somebody changed it meanwhile."""


def live(user: User) -> int:
    """How many addresses of `user` take mail or could again."""
    return user.inbox_addresses.exclude(state=State.ROTATED).count()


@transaction.atomic
def add(user: User, label: str, now: datetime) -> InboxAddress:
    """A further address of `user`. Raises TooMany."""
    User.objects.select_for_update().get(pk=user.pk)  # two clicks at once count each other
    if live(user) >= MOST or not limits.take("new address", user.pk, NEW_A_DAY, DAY, now):
        raise TooMany
    return InboxAddress.objects.create(owner=user, label=one_line(label), created_at=now)


def relabel(inbox: InboxAddress, label: str) -> None:
    """Call it otherwise."""
    inbox.label = one_line(label)
    inbox.save(update_fields=["label"])


def pause(inbox: InboxAddress) -> None:
    """It takes no mail until it is resumed; who sends hears what an unknown address hears. Raises NotSo."""
    step(inbox, State.ACTIVE, State.PAUSED)


def resume(inbox: InboxAddress) -> None:
    """It takes mail again. Raises NotSo."""
    step(inbox, State.PAUSED, State.ACTIVE)


@transaction.atomic
def rotate(inbox: InboxAddress, now: datetime) -> InboxAddress:
    """Another address in its place, of the same label. Raises NotSo, TooMany.

    What comes to the old one is held for InboxAddress.HELD_FOR, then refused with the same words as an unknown one.
    """
    if not limits.take("new address", inbox.owner_id, NEW_A_DAY, DAY, now):
        raise TooMany
    changed = InboxAddress.objects.filter(pk=inbox.pk).exclude(state=State.ROTATED)
    if not changed.update(state=State.ROTATED, rotated_at=now):
        raise NotSo
    revoked.send(InboxAddress, what=ADDRESS, ref=inbox.local, at=now)
    return InboxAddress.objects.create(owner_id=inbox.owner_id, label=inbox.label, created_at=now)


def one_line(label: str) -> str:
    return " ".join(label.split())


def step(inbox: InboxAddress, here: str, there: str) -> None:
    if not InboxAddress.objects.filter(pk=inbox.pk, state=here).update(state=there):
        raise NotSo
    inbox.state = there


# -- taking it along --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as one path: squares of side 1, `size` of them a side with the quiet zone."""

    size: int
    path: str


def qr(inbox: InboxAddress) -> Picture:
    """What a phone's camera reads as "write to this address"."""
    rows = list(segno.make(f"mailto:{inbox.address}", error="m", micro=False).matrix_iter(border=4))
    runs = [(x, y, len(list(run))) for y, row in enumerate(rows) for x, run in dark_runs(row)]
    return Picture(len(rows), "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs))


def dark_runs(row: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """Where each run of dark squares begins, and the run."""
    for is_dark, run in groupby(enumerate(row), key=lambda square: bool(square[1])):
        if is_dark:
            places = [x for x, _square in run]
            yield places[0], places


def vcard(inbox: InboxAddress) -> bytes:
    """The address as a contact (RFC 2426), so that 转发 finds it by name."""
    name = f"{_('诉迹')} {inbox.label}".strip()
    for sign in "\\,;":
        name = name.replace(sign, f"\\{sign}")
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"N:{name};;;;", f"FN:{name}", f"EMAIL:{inbox.address}", "END:VCARD", "")
    return "\r\n".join(lines).encode()
