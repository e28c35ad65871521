"""Is everything that was kept still what it was? Every hash again, every chain again. Reads all, changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from complaints import ledger, raw, workflow
from complaints.models import Case, IncomingMail, RawFile, RawMail
from evidence import keep
from evidence.models import Exhibit

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not what it was: what it is and which one, by the id that it has in our pages."""

    what: str  # "mail", "exhibit", "chain", "ledger"
    which: str
    why: str


@dataclass(slots=True)
class Seen:
    """How much was looked at."""

    mails: int = 0
    exhibits: int = 0
    cases: int = 0
    events: int = 0


def verify(seen: Seen) -> Iterator[Fault]:
    """Every fault there is; `seen` is counted up meanwhile."""
    yield from mails(seen)
    yield from exhibits(seen)
    yield from chains(seen)
    for door, count in ledger.count().missing.items():
        yield Fault("ledger", door, f"{count} accepted mails are not there")


def mails(seen: Seen) -> Iterator[Fault]:
    """The bytes of every mail, from the table or from the storage."""
    whole: dict[int, bool] = {}  # a file that many mails share is read once
    last = 0
    while rows := list(IncomingMail.objects.filter(pk__gt=last).order_by("pk").only("public_id", "sha256")[:AT_ONCE]):
        last = rows[-1].pk
        bytes_of = RawMail.objects.select_related("file").in_bulk([row.pk for row in rows])
        for row in rows:
            seen.mails += 1
            kept = bytes_of.get(row.pk)
            if kept is None:
                yield Fault("mail", row.public_id, "its bytes are nowhere")
            elif kept.data is not None:
                if hashlib.sha256(kept.data).hexdigest() != row.sha256:
                    yield Fault("mail", row.public_id, "its bytes are not those that came")
            elif kept.file and not (kept.file.sha256 == row.sha256 and is_whole(kept.file, whole)):
                yield Fault("mail", row.public_id, f"its file {kept.file.name} is missing or not what it was")


def is_whole(file: RawFile, known: dict[int, bool]) -> bool:
    if file.pk not in known:
        known[file.pk] = raw.is_whole(file)
    return known[file.pk]


def exhibits(seen: Seen) -> Iterator[Fault]:
    """The original of every exhibit."""
    for exhibit in Exhibit.objects.order_by("pk").iterator(AT_ONCE):
        seen.exhibits += 1
        if not keep.is_unchanged(exhibit):
            yield Fault("exhibit", exhibit.public_id, "its original is missing or not what was handed in")


def chains(seen: Seen) -> Iterator[Fault]:
    """The events of every case: none changed, none missing, in their order."""
    for case in Case.objects.order_by("pk").iterator(AT_ONCE):
        seen.cases += 1
        seen.events += case.events.count()
        if not workflow.is_chained(case):
            yield Fault("chain", case.public_id, "its events are not as they were recorded")
