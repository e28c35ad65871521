"""Look after what lies in the storage: is it still what was handed in, and does anybody still name it?

A disk loses bits and a bucket objects, and nobody notices before the day they are needed; and whoever dies between
writing a file and its row leaves a file that nobody ever asks for, or deletes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Q

from evidence import keep
from evidence.models import Exhibit

log = logging.getLogger(__name__)

MONTH = timedelta(days=30)  # every original is read again within so long (threats.md T17)
GRACE = timedelta(hours=24)  # a file so young may still get its row
FOLDERS = (
    "exhibits",
    "copies",
)  # whose files rows name (pictures.new_key); those of mails have rows before they have bytes
TURN = 4.0  # seconds that each part of a turn lasts
AT_ONCE = 200
FEW = 10  # so many files without a row may be there though no others are
SHARES = 24  # turns after which every folder was looked into: a day of hourly ones


def audit(now: datetime, seconds: float = TURN) -> int:
    """Read and hash again the originals that nobody read for a MONTH, oldest first, and those known as damaged.

    returns  how many of those that were read are gone or not what was handed in. A store that is away says nothing of
             them: the next turn asks again.
    """
    end = time.monotonic() + seconds
    wrong = 0
    due = Exhibit.objects.filter(Q(checked_at__lt=now - MONTH) | Q(damaged_at__isnull=False))
    for exhibit in due.order_by("checked_at")[:AT_ONCE]:
        try:
            whole = keep.is_unchanged(exhibit)
        except keep.StoreAway as error:
            log.warning("exhibit %s could not be asked for: %s", exhibit.public_id, type(error).__name__)
            break
        except OSError as error:  # there, and not to be read
            log.error("exhibit %s could not be read: %s", exhibit.public_id, type(error).__name__)
            whole = False
        damaged_at = None if whole else exhibit.damaged_at or now
        Exhibit.objects.filter(pk=exhibit.pk).update(checked_at=now, damaged_at=damaged_at)
        wrong += not whole
        if time.monotonic() > end:
            break
    return wrong


def damaged() -> int:
    """How many exhibits are gone or not what was handed in, as far as is known."""
    return Exhibit.objects.filter(damaged_at__isnull=False).count()


def forget_orphans(now: datetime, turn: int) -> int:
    """Delete files of exhibits and their copies that no row names and that are older than GRACE. Returns how many.

    turn  the how many-th turn it is: each looks into one of SHARES shares of the folders, so that a bucket of a million
          files is listed once a day and not once an hour

    Where most files have no row, it is the rows that are wrong (another database, half a restore): none is deleted.
    """
    try:
        names = [f"{folder}/{name}" for folder in _share(turn) for name in default_storage.listdir(folder)[1]]
        orphans = [name for start in range(0, len(names), AT_ONCE) for name in _unnamed(names[start : start + AT_ONCE])]
        orphans = [name for name in sorted(orphans) if _is_old(name, now)]
        if len(orphans) > max(FEW, len(names) // 2):
            log.error(
                "ALARM %s of %s files have no row; is this their database? None was deleted", len(orphans), len(names)
            )
            return 0
        for name in orphans:
            default_storage.delete(name)
            log.warning("a file that no row names was deleted: %s", name)
    except OSError as error:  # a store that is away, a disk: the next day asks again
        log.warning("files without a row could not be looked for: %s", type(error).__name__)
        return 0
    return len(orphans)


def _share(turn: int) -> Iterator[str]:
    for top in FOLDERS:
        try:
            folders, _files = default_storage.listdir(top)
        except FileNotFoundError:  # nothing was handed in yet
            continue
        yield from (f"{top}/{name}" for place, name in enumerate(sorted(folders)) if place % SHARES == turn % SHARES)


def _unnamed(names: list[str]) -> set[str]:
    """Those of `names` that no row names."""
    named = Exhibit.objects.filter(Q(file__in=names) | Q(copy_file__in=names) | Q(thumbnail_file__in=names))
    rows = named.values_list("file", "copy_file", "thumbnail_file")
    return set(names) - {name for row in rows for name in row}


def _is_old(name: str, now: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < now - GRACE
    except FileNotFoundError:  # deleted meanwhile
        return False
