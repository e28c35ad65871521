"""Files that somebody hands in, each kept as a mail: what lies in a zip is the same mails as handed in alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from complaints import bell
from complaints.intake.archives import is_zip, packed_in
from complaints.intake.receive import Envelope, NotKept, receive
from complaints.intake.shapes import Door


class Became(StrEnum):
    """What became of one file that was handed in."""

    NEW = "new"
    REPEAT = "repeat"
    REFUSED = "refused"  # the door said no: `why`
    UNREADABLE = "unreadable"  # a zip that is locked, broken or over a limit: nothing of it was taken
    EMPTY = "empty"  # a zip without mails
    LEFT = "left"  # what lies in a zip beside its mails


@dataclass(frozen=True, slots=True)
class Handed:
    """One file and what became of it. In a zip it is called by both names: "letters.zip/a.eml"."""

    name: str
    became: Became
    public_id: str = ""  # of the mail that it is
    why: type[NotKept] | None = None

    @property
    def is_kept(self) -> bool:
        return self.became in (Became.NEW, Became.REPEAT)


def hand_over(files: Iterable[tuple[str, bytes]], envelope: Envelope, door: Door) -> Iterator[Handed]:
    """Keep each of `files` (name, bytes) and ring for it; what became of each, and of each file in a zip, in order."""
    for name, raw in files:
        if not is_zip(raw):
            yield _keep(name, raw, envelope, door)
            continue
        packed = packed_in(raw)
        if packed is None:
            yield Handed(name, Became.UNREADABLE)
            continue
        if not packed.mails:
            yield Handed(name, Became.EMPTY)
            continue
        for member in packed.mails:
            yield _keep(f"{name}/{member.name}", member.raw, envelope, door)
        for left in packed.others:
            yield Handed(f"{name}/{left}", Became.LEFT)


def _keep(name: str, raw: bytes, envelope: Envelope, door: Door) -> Handed:
    try:
        receipt = receive(raw, envelope, door)
    except NotKept as error:
        return Handed(name, Became.REFUSED, why=type(error))
    bell.ring(receipt.mail_pks)
    return Handed(name, Became.REPEAT if receipt.repeats else Became.NEW, receipt.ids[0])
