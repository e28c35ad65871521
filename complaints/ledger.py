"""How many mails were accepted and how many deleted, kept apart from their rows: a row that vanished is noticed.

The doors count in the transaction that keeps a mail, deletions in the one that deletes it. So in any snapshot of the
database accepted − deleted = the rows that are there, door by door, whatever ran at the same time.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, Count, Max, Sum, Value

from complaints import tombstones
from complaints.models import IncomingMail, LastCount, LedgerCount
from complaints.models.mail import IncomingMailQuerySet

SLOTS = 16  # rows of one count on PostgreSQL, where several doors commit at once; SQLite has one writer

ADD = (
    "INSERT INTO complaints_ledgercount (name, door, slot, count, last_at) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (name, door, slot) DO UPDATE SET count = complaints_ledgercount.count + excluded.count, "
    "last_at = CASE WHEN excluded.last_at > complaints_ledgercount.last_at THEN excluded.last_at "
    "ELSE complaints_ledgercount.last_at END"
)


def accepted(door: str, mails: int, now: datetime) -> None:
    """`door` keeps so many new mails, in the transaction that is open."""
    _add(LedgerCount.Name.ACCEPTED, door, mails, now)


@transaction.atomic
def delete(mails: IncomingMailQuerySet, now: datetime) -> int:
    """Delete `mails`, count them and write their tombstones. Returns how many. No row of a mail goes another way."""
    gone = list(mails.order_by("pk").select_for_update(of=("self",)).values_list("pk", "public_id", "door"))
    IncomingMail.objects.filter(pk__in=[pk for pk, _public_id, _door in gone]).delete()
    for door, count in sorted(Counter(door for _pk, _public_id, door in gone).items()):
        _add(LedgerCount.Name.DELETED, door, count, now)
    tombstones.bury(tombstones.MAIL, (public_id for _pk, public_id, _door in gone), now)
    return len(gone)


def _add(name: str, door: str, count: int, now: datetime) -> None:
    if not count:
        return
    slot = 0 if settings.IS_SQLITE else threading.get_native_id() % SLOTS
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(ADD, (name, door, slot, count, at))


@dataclass(frozen=True, slots=True)
class Counts:
    """One look at the whole table: what was accepted and deleted, by door, and what is there, by door and outcome."""

    accepted: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def missing(self) -> dict[str, int]:
        """Door → mails that were accepted, never deleted by us, and are not there; below 0: there, never accepted."""
        there: Counter[str] = Counter()
        for (door, _outcome), count in self.rows.items():
            there[door] += count
        doors = {*self.accepted, *self.deleted, *there}
        found = {door: self.accepted[door] - self.deleted[door] - there[door] for door in doors}
        return {door: count for door, count in found.items() if count}


def count() -> Counts:
    """Count everything in one statement, which is one snapshot on both databases. Reads the whole table: hourly."""
    counted = (
        LedgerCount.objects.order_by().values_list("name", "door").annotate(of=Value("", CharField()), n=Sum("count"))
    )
    of_rows = IncomingMail.objects.order_by().annotate(name=Value("row", CharField()))
    rows = of_rows.values_list("name", "door", "outcome").annotate(n=Count("pk"))
    counts = Counts()
    for name, door, outcome, number in counted.union(rows, all=True):
        if name == LedgerCount.Name.ACCEPTED:
            counts.accepted[door] += number
        elif name == LedgerCount.Name.DELETED:
            counts.deleted[door] += number
        else:
            counts.rows[door, outcome] += number
    return counts


@transaction.atomic
def keep(counts: Counts, now: datetime) -> None:
    """Keep how many ended as what, for pages and figures."""
    LastCount.objects.all().delete()
    LastCount.objects.bulk_create(
        LastCount(door=door, outcome=outcome, count=number, counted_at=now)
        for (door, outcome), number in sorted(counts.rows.items())
    )


def by_door() -> dict[str, tuple[int, datetime]]:
    """Door → how many mails it ever accepted, and when the last; of the doors that ever did."""
    rows = LedgerCount.objects.filter(name=LedgerCount.Name.ACCEPTED).order_by("door").values_list("door")
    return {door: (count, last_at) for door, count, last_at in rows.annotate(Sum("count"), Max("last_at"))}
