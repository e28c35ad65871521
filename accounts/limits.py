"""How often somebody may do what costs others something: a mail to a mailbox, a new address, mails through a door.

`take` asks the cache each time: for what people do. `count` and `so_far` are for the doors, which must not wait: a
process counts in its memory and writes it down once a second at most, into a table that all processes share (both
modes have one; a broker that is away takes no limit with it). Between two writings each knows only its own, so a
flood may go over by what arrives in a second. What cannot be written is tried again, and meanwhile lets mail in: a
limit never loses or refuses mail for a fault of ours.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils.crypto import salted_hmac

from accounts.models import Tally

log = logging.getLogger(__name__)

SALT = "accounts.limits"
HOUR = timedelta(hours=1)
WRITTEN_EVERY = 1.0  # seconds
REMEMBERED = 20_000  # tallies in memory; above that, those of others are forgotten
AT_ONCE = 200  # rows of one statement
KEPT = timedelta(days=35)  # refusals by hour; their sum stays
EVER = 0  # the window of that sum

Key = tuple[str, str, int]  # what, of whom (hashed), the window's first second


def take(what: str, who: object, most: int, per: timedelta, now: datetime) -> bool:
    """Count one more `what` of `who`; False, and it should not be done, beyond `most` in the present window of `per`.

    Windows stand side by side from 1970 on, so that counting needs no clock of the cache. Addresses and ids are not
    written into the cache as they are: the key is a hash.
    """
    if settings.LIMITS_OFF:
        return True
    seconds = int(per.total_seconds())
    window = int(now.timestamp()) // seconds
    key = f"limit:{salted_hmac(SALT, f'{what} {who}').hexdigest()[:20]}:{window}"
    cache.add(key, 0, timeout=seconds * 2)
    try:
        return cache.incr(key) <= most
    except ValueError:  # dropped by the cache between the two: in doubt no
        return False


class Refusal(StrEnum):
    """Why a door said no. Each is counted; the answers of SMTP stand in complaints/door.py."""

    UNKNOWN = "unknown_recipient"  # or paused, or changed: nobody outside learns which
    GUESSING = "too_many_unknown"
    RECIPIENTS = "too_many_recipients"
    TOO_LARGE = "too_large"
    INBOX = "inbox_full"
    OWNER = "owner_full"
    DOMAIN = "sender_domain_flood"
    PEER = "peer_flood"
    DISK = "disk_full"
    BUSY = "busy"
    CONNECTIONS = "too_many_connections"
    COMMANDS = "too_many_commands"
    IDLE = "idle"
    SESSION = "session_too_long"
    FAULT = "our_fault"


# -- counting -----------------------------------------------------------------------------------------------


class _Memory:
    """What this process counted and has not written yet, and what the table said when it last wrote."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.unwritten: dict[Key, tuple[int, int]] = {}
        self.known: dict[Key, tuple[int, int]] = {}
        self.written_at = -WRITTEN_EVERY

    def add(self, key: Key, times: int, size: int) -> None:
        with self.lock:
            self._add(key, times, size)

    def _add(self, key: Key, times: int, size: int) -> None:
        before = self.unwritten.get(key, (0, 0))
        self.unwritten[key] = before[0] + times, before[1] + size

    def so_far(self, key: Key) -> tuple[int, int]:
        with self.lock:
            ours, all_ = self.unwritten.get(key, (0, 0)), self.known.get(key, (0, 0))
        return ours[0] + all_[0], ours[1] + all_[1]

    def take_out(self, *, at_once: bool) -> dict[Key, tuple[int, int]]:
        """What should be written now: all that is not, unless something was a moment ago."""
        with self.lock:
            if not self.unwritten or (not at_once and time.monotonic() - self.written_at < WRITTEN_EVERY):
                return {}
            self.written_at = time.monotonic()
            taken, self.unwritten = self.unwritten, {}
            return taken

    def put_back(self, taken: Mapping[Key, tuple[int, int]]) -> None:
        with self.lock:
            for key, (times, size) in taken.items():
                self._add(key, times, size)

    def learn(self, rows: Mapping[Key, tuple[int, int]]) -> None:
        with self.lock:
            if len(self.known) + len(rows) > REMEMBERED:
                self.known.clear()
            self.known |= rows


_memory = _Memory()


def forget_memory() -> None:
    """Start with nothing counted here; in a child, what its parent counted is the parent's to write."""
    global _memory
    _memory = _Memory()


os.register_at_fork(after_in_child=forget_memory)


def count(what: str, who: str, now: datetime, *, size: int = 0, per: timedelta = HOUR) -> None:
    """One more `what` of `who`, of `size` bytes, in the window of `per` that `now` is in. Never waits, never fails."""
    _memory.add((what, _hashed(who), _window(now, per)), 1, size)


def so_far(what: str, who: str, now: datetime, *, per: timedelta = HOUR) -> tuple[int, int]:
    """How many of them, and how many bytes, as far as this process knows."""
    return _memory.so_far((what, _hashed(who), _window(now, per)))


def refuse(why: Refusal, now: datetime) -> None:
    """Count that a door said no, by the hour and for ever."""
    for window in (EVER, _window(now, HOUR)):
        _memory.add((_refused(why), "", window), 1, 0)


def write_down(*, at_once: bool = False) -> None:
    """Write what was counted, unless that was done a moment ago. Never raises for a database that is away."""
    taken = _memory.take_out(at_once=at_once)
    if not taken:
        return
    try:
        _memory.learn(_written(taken))
    except DatabaseError as error:
        log.warning("limits could not be written down (%s)", type(error).__name__)
        _memory.put_back(taken)


def refusals(since: datetime | None = None) -> dict[str, int]:
    """How often a door of this installation said no, by reason (Refusal), each reason named; counts only rise.

    since  only from its hour on, at most KEPT back; None: ever
    """
    rows = Tally.objects.filter(what__startswith=_refused(""))
    rows = rows.filter(window=EVER) if since is None else rows.filter(window__gte=_window(since, HOUR))
    counted = dict(rows.order_by().values_list("what").annotate(Sum("times")))
    return {why.value: counted.get(_refused(why), 0) for why in Refusal}


def forget(now: datetime) -> int:
    """Delete the tallies of windows that are over, and refusals by the hour that are old. Returns how many."""
    rows = Tally.objects.exclude(window=EVER)
    over = rows.exclude(what__startswith=_refused("")).filter(window__lt=_window(now - HOUR, HOUR))
    old = rows.filter(window__lt=_window(now - KEPT, HOUR))
    return sum(found.delete()[0] for found in (over, old))


def _refused(why: str) -> str:
    return f"refused:{why}"


def _window(now: datetime, per: timedelta) -> int:
    seconds = int(per.total_seconds())
    return int(now.astimezone(UTC).timestamp()) // seconds * seconds


@lru_cache(maxsize=4096)
def _hashed(who: str) -> str:
    """Who it is stands in no table: a door counts addresses of strangers."""
    return salted_hmac(SALT, who).hexdigest()[:24] if who else ""


def _written(taken: Mapping[Key, tuple[int, int]]) -> dict[Key, tuple[int, int]]:
    """Add `taken` to the table; what it says now of the same. In one order for all, so that nobody waits in a ring."""
    rows: dict[Key, tuple[int, int]] = {}
    keys = sorted(taken)
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            marks = ", ".join(["(%s, %s, %s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO accounts_tally (what, who, window_start, times, size) VALUES {marks} "
                "ON CONFLICT (what, who, window_start) DO UPDATE SET times = accounts_tally.times + excluded.times, "
                "size = accounts_tally.size + excluded.size RETURNING what, who, window_start, times, size",
                [value for key in some for value in (*key, *taken[key])],
            )
            rows |= {(what, who, window): (times, size) for what, who, window, times, size in cursor.fetchall()}
    return rows
