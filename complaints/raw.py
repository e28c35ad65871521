"""The bytes of mails, wherever they are; large ones move to the file storage once their mail is done.

A file there has a row (RawFile) before it has bytes, is shared by all mails with its hash, and its name is
never used again once it is doomed: so a worker that was stopped for hours and goes on can delete no bytes
that are still needed. The row of a mail lets go of its bytes only after the file was on the disk and read
again whole; until then both have them.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

from accounts.ids import random_id
from complaints.models import IncomingMail, RawFile, RawMail
from complaints.models.mail import LARGE, Outcome
from evidence import keep

log = logging.getLogger(__name__)

Item = TypeVar("Item")

AT_ONCE = 500  # mails moved, files deleted and files looked at in one turn
TURN = 4.0  # seconds that each part of a turn lasts: the worker's other periodic jobs wait for it


def bytes_of(raw: RawMail) -> bytes:
    """The bytes as they came, from the table or from where they were moved to.

    raises  OSError when the file is not there or cannot be read
    """
    if raw.data is not None:
        return bytes(raw.data)
    assert raw.file is not None  # raw_mail_is_somewhere
    with default_storage.open(raw.file.name) as file:
        return bytes(file.read())


# -- moving ----------------------------------------------------------------------------------------------


def large(after: int = 0) -> QuerySet[RawMail]:
    """The bytes above LARGE that still are in the table, of mails behind `after`: their index has nothing else."""
    return RawMail.objects.filter(GreaterThan(Length("data"), LARGE), pk__gt=after).order_by("pk")


def to_move() -> Iterator[int]:
    """The mails whose bytes are to move: large, and done. In two steps, for PostgreSQL would walk the mails in one.

    Held ones stay: a code is deleted within a day, and should be in no copy of a bucket until then.
    """
    last = 0
    while pks := list(large(last).values_list("pk", flat=True)[:AT_ONCE]):
        done = IncomingMail.objects.filter(pk__in=pks, settled_at__isnull=False).exclude(outcome=Outcome.HELD)
        yield from list(done.order_by("pk").values_list("pk", flat=True))
        last = pks[-1]


def move_large(now: datetime, at_once: int = AT_ONCE) -> int:
    """Move what is large and done to the file storage, `at_once` mails or TURN seconds. Returns how many were moved.

    Running it again, beside itself, or dying anywhere in it loses nothing.
    """
    moved = 0
    for mail_pk in _in_time(to_move()):
        moved += _move(mail_pk, now)
        if moved >= at_once:
            break
    return moved


def _move(mail_pk: int, now: datetime) -> bool:
    raw = RawMail.objects.select_related("mail").filter(pk=mail_pk).first()
    if raw is None or raw.data is None:
        return False
    data, sha256 = bytes(raw.data), raw.mail.sha256
    if hashlib.sha256(data).hexdigest() != sha256:
        log.error("ALARM the bytes of mail %s are not those that came", raw.mail.public_id)
        return False
    file = _point(raw, sha256, len(data), now)
    if file is None:
        return False
    try:
        is_there = _put(file, data)
    except OSError as error:  # this file, or the disk; the row has its bytes still
        log.error("mail %s could not be moved: %s", raw.mail.public_id, type(error).__name__)
        return False
    if not is_there:
        log.error("ALARM %s in the file storage is not what it should be; nothing rests on it from now on", file.name)
        _doom(file, now)  # the next turn makes another
        return False
    return _clear(raw, file, now)


@transaction.atomic
def _point(raw: RawMail, sha256: str, size: int, now: datetime) -> RawFile | None:
    """The file that `raw` will rest on, committed to its row beside the bytes; None when the mail is gone."""
    name = f"raw/{sha256[:2]}/{sha256}-{random_id()}"
    made = {"size": size, "name": name, "checked_at": now}
    RawFile.objects.get_or_create(sha256=sha256, doomed_at=None, defaults=made)
    file = RawFile.objects.select_for_update().filter(sha256=sha256, doomed_at=None).first()
    mine = RawMail.objects.filter(pk=raw.pk, data__isnull=False)
    if file is None or not mine.update(file=file):
        transaction.set_rollback(True)  # or the file would be there for nobody
        return None
    return file


def _put(file: RawFile, data: bytes) -> bool:
    """Put `data` where `file` is, unless something is there. Is what lies there, on the disk, exactly that?"""
    if not default_storage.exists(file.name):
        name = default_storage.save(file.name, ContentFile(data))
        if name != file.name:  # another worker was first
            default_storage.delete(name)
    if isinstance(default_storage, FileSystemStorage):  # an object store has said yes by itself
        keep.settle(Path(default_storage.path(file.name)), Path(default_storage.location))
    return is_whole(file)


def is_whole(file: RawFile) -> bool:
    """Does the storage have exactly the bytes of `file`? Read whole, and hashed. False when they are gone."""
    try:
        with default_storage.open(file.name) as there:
            return keep.measure(there, file.size) == (file.sha256, file.size)
    except (FileNotFoundError, keep.TooLarge):
        return False


def _clear(raw: RawMail, file: RawFile, now: datetime) -> bool:
    """`file` was read again and is whole: let the row go of its bytes, if the file still is to stay."""
    with transaction.atomic():
        is_to_stay = bool(RawFile.objects.select_for_update().filter(pk=file.pk, doomed_at=None))
        if is_to_stay:
            RawFile.objects.filter(pk=file.pk).update(checked_at=now, damaged_at=None)
            # The same bytes whose file was damaged are whole here.
            RawMail.objects.filter(file__sha256=file.sha256, file__doomed_at__isnull=False).update(file=file)
            mine = RawMail.objects.filter(pk=raw.pk, file=file, data__isnull=False)
            return bool(mine.update(data=None))
    if not RawFile.objects.filter(pk=file.pk).exists():  # the mail was deleted, and the file before it was written
        default_storage.delete(file.name)
    return False


@transaction.atomic
def _doom(file: RawFile, now: datetime) -> None:
    """It is damaged: mails that have their bytes let go of it, those that have not are counted as lost."""
    if RawFile.objects.select_for_update().filter(pk=file.pk, doomed_at=None):
        RawMail.objects.filter(file=file, data__isnull=False).update(file=None)
        RawFile.objects.filter(pk=file.pk).update(doomed_at=now, damaged_at=now)


# -- deleting --------------------------------------------------------------------------------------------


def forget_unused(now: datetime) -> int:
    """Delete the files that no mail rests on any more, whoever deleted the mails. Returns how many.

    To be called after the commit that deleted the mails; what a crash left undone, the next call does.
    """
    rests = RawMail.objects.filter(file=OuterRef("pk"))
    unused = list(RawFile.objects.filter(~Exists(rests)).values_list("pk", flat=True)[:AT_ONCE])
    return sum(_forget(pk, now) for pk in _in_time(unused))


def _forget(file_pk: int, now: datetime) -> bool:
    with transaction.atomic():
        file = RawFile.objects.select_for_update().filter(pk=file_pk).first()
        if file is None or file.raw_mails.exists():  # looked at again under the lock that _point takes too
            return False
        RawFile.objects.filter(pk=file_pk).update(doomed_at=file.doomed_at or now)
    try:
        default_storage.delete(file.name)
    except OSError as error:
        log.error("%s could not be deleted: %s", file.name, type(error).__name__)
        return False
    return bool(RawFile.objects.filter(pk=file_pk).delete()[0])


# -- looking after what lies there -----------------------------------------------------------------------


def audit(now: datetime, at_once: int = AT_ONCE) -> int:
    """Read again the files that were not looked at for longest, for TURN seconds, and those known as damaged.

    returns  how many files are damaged or gone; balance.differences counts the mails that rest on them
    """
    damaged = list(RawFile.objects.filter(damaged_at__isnull=False, doomed_at=None).order_by("damaged_at")[:at_once])
    whole = RawFile.objects.filter(damaged_at__isnull=True, checked_at__lt=now)
    oldest = list(whole.order_by("checked_at")[:at_once])
    return sum(not _look_at(file, now) for file in chain(_in_time(oldest), _in_time(damaged)))


def _look_at(file: RawFile, now: datetime) -> bool:
    try:
        whole = is_whole(file)
    except keep.StoreAway as error:  # which says nothing of the file: the next turn asks again
        log.warning("%s could not be asked for: %s", file.name, error)
        return True
    except OSError as error:  # there, and not to be read
        log.error("%s could not be read: %s", file.name, type(error).__name__)
        whole = False
    RawFile.objects.filter(pk=file.pk).update(checked_at=now, damaged_at=None if whole else file.damaged_at or now)
    return whole


def _in_time(items: Iterable[Item]) -> Iterator[Item]:
    """Of `items` as many as TURN seconds have room for, one at least."""
    end = time.monotonic() + TURN
    for item in items:
        yield item
        if time.monotonic() > end:
            return
