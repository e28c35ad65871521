"""What was deleted is written down by a name that means nothing any more, so that no backup brings it back.

A tombstone is a row in the transaction of the deletion; a minute later it is carved into the file storage, which
outlives the database: one small file a turn, never changed again. `restore` reads all of them and deletes again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError

from accounts.ids import random_id
from accounts.revoking import ADDRESS, MAILBOX
from complaints.models import Tombstone
from evidence import keep

log = logging.getLogger(__name__)

FOLDER = "tombstones"
KEPT_FOR = timedelta(days=400)  # longer than anybody should keep a backup
AT_ONCE = 5000  # tombstones in one file
MAIL, USER, KEEPING = "mail", "user", "keeping"
KINDS = (USER, MAIL, KEEPING, MAILBOX, ADDRESS)  # in the order in which they are deleted again

Line = tuple[str, str, str]  # what, its name, when it was deleted


def bury(what: str, refs: Iterable[str], now: datetime) -> None:
    """These are deleted in the transaction that is open."""
    Tombstone.objects.bulk_create((Tombstone(what=what, ref=ref, at=now) for ref in refs), batch_size=500)


def bury_revoked(*, what: str, ref: str, at: datetime, **_kwargs: object) -> None:
    """What a person took back at `at` is not given back by a backup from before. Listens to accounts/revoking.py."""
    bury(what, [ref], at)


def carve(now: datetime) -> int:
    """Write what was buried since the last turn into the file storage. Returns how many.

    Twice the same does no harm; what could not be written is tried again with the next turn.
    """
    rows = list(Tombstone.objects.filter(carved_at=None).order_by("pk")[:AT_ONCE])
    if not rows:
        return 0
    text = "".join(f"{row.what} {row.ref} {row.at.astimezone(UTC).isoformat()}\n" for row in rows)
    name = f"{FOLDER}/{now.astimezone(UTC):%Y%m%dT%H%M%S}-{random_id()}.txt"
    try:
        keep.save_durably(name, ContentFile(text.encode()))
    except OSError as error:
        log.error("tombstones not written: %s", type(error).__name__)
        return 0
    return Tombstone.objects.filter(pk__in=[row.pk for row in rows]).update(carved_at=now)


def carved() -> Iterator[Line]:
    """Every tombstone in the file storage."""
    for name in sorted(_files()):
        with default_storage.open(f"{FOLDER}/{name}") as file:
            yield from lines(file.read().decode())


def all_of_them() -> Iterator[Line]:
    """Those in the file storage, and those that the database has, if it can still be asked; some come twice."""
    yield from carved()
    try:
        rows = list(Tombstone.objects.order_by("pk").values_list("what", "ref", "at"))
    except DatabaseError:
        return
    for what, ref, at in rows:
        yield what, ref, at.astimezone(UTC).isoformat()


def lines(text: str) -> Iterator[Line]:
    """The tombstones of a file. Raises ValueError at a line that is none."""
    for number, line in enumerate(text.splitlines(), 1):
        what, ref, at = line.split(" ")
        if what not in KINDS or datetime.fromisoformat(at).tzinfo is None:
            raise ValueError(f"line {number} is no tombstone")
        yield what, ref, at


def crumble(now: datetime) -> int:
    """Take away what no backup can need any more. Returns how many rows."""
    edge = now - KEPT_FOR
    for name in _files():
        if name[:15] < f"{edge.astimezone(UTC):%Y%m%dT%H%M%S}":
            default_storage.delete(f"{FOLDER}/{name}")
    gone, _kinds = Tombstone.objects.filter(carved_at__isnull=False, at__lt=edge).delete()
    return gone


def _files() -> list[str]:
    if isinstance(default_storage, FileSystemStorage) and not default_storage.exists(FOLDER):
        return []
    return default_storage.listdir(FOLDER)[1]
