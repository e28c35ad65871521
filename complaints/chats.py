"""Who says what in a picture of a chat: as read, then as its owner put it right, and which line counts as a step.

A line is {"who", "text", "at"} as in a reading, and has "counts" where its owner said that it is a step.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from complaints.intake import settle
from complaints.models import IncomingMail, Notice
from complaints.stages import Act, Kind, Party

Line = dict[str, Any]

# What a line of the merchant may count as: the act, and the kind of notice that says the same.
MEANT: dict[str, tuple[Act, Party]] = {
    "replies": (Act.REPLIES, Party.MERCHANT),
    "refuses": (Act.REFUSES, Party.MERCHANT),
    "offers": (Act.REPLIES, Party.MERCHANT),  # and the form asks what is offered
}
KIND_OF = {"replies": Kind.MERCHANT_REPLY, "refuses": Kind.MERCHANT_REFUSAL, "offers": Kind.MERCHANT_REPLY}
SPEAKERS = (Party.BUYER, Party.MERCHANT, Party.PLATFORM)

SWAP = "swap"  # the sides of the whole picture
NOTHING = "nothing"  # a line counts as nothing
OTHER_SIDE = {Party.BUYER.value: Party.MERCHANT.value, Party.MERCHANT.value: Party.BUYER.value}
_ANSWER = re.compile(r"([0-9]{1,4}):([a-z]{1,10})")


class NoSuchLine(Exception):
    """That cannot be said of the lines as they are now."""


def lines_of(notice: Notice) -> list[Line]:
    """The lines of a chat, as its owner put them right or else as they were read; [] of anything but a chat."""
    return list(notice.lines_said or notice.reading.get("lines") or [])


def counting(notice: Notice) -> Line | None:
    """The line that its owner said counts, if any."""
    return next((line for line in lines_of(notice) if line.get("counts")), None)


def changed(lines: list[Line], said: str) -> list[Line]:
    """`lines` once their owner said `said`.

    said    SWAP, or the number of a line, from 0, with who says it or what it counts as: "2:buyer", "2:refuses"
    raises  NoSuchLine
    """
    if said == SWAP:
        return [plain(line) | {"who": OTHER_SIDE.get(line["who"], line["who"])} for line in lines]
    found = _ANSWER.fullmatch(said)
    if found is None or int(found[1]) >= len(lines):
        raise NoSuchLine(said)
    number, answer = int(found[1]), found[2]
    line = plain(lines[number])
    if answer in SPEAKERS:
        return [*lines[:number], line | {"who": answer}, *lines[number + 1 :]]
    if answer != NOTHING and (answer not in MEANT or line["who"] != Party.MERCHANT):
        raise NoSuchLine(said)
    others = [plain(other) for other in lines]  # one line counts at a time: the picture is asked about once
    others[number] = line if answer == NOTHING else line | {"counts": answer}
    return others


def plain(line: Line) -> Line:
    """`line` without what it counts as."""
    return {name: value for name, value in line.items() if name != "counts"}


@transaction.atomic
def put_right(mail: IncomingMail, said: str) -> Line | None:
    """The owner of `mail`, the picture of a chat, says `said` of its lines (see `changed`); nothing else changes by it.

    returns  the line that counts from now on
    raises   NoSuchLine; settle.NotWaiting when the picture was answered meanwhile
    """
    notice = settle.chosen(settle.lock(mail), None)
    lines = changed(lines_of(notice), said)
    notice.lines_said = None if lines == notice.reading.get("lines") else lines
    notice.save(update_fields=["lines_said"])
    return counting(notice)


def holds(notice: Notice, *fields: str) -> bool:
    """Whether the words that `fields` were read by are still said by whom the reading took them from.

    Always so while nobody put anything right. Once a line counts, only its words do.
    """
    if notice.lines_said is None:
        return True
    before = {(line["text"], line["who"]) for line in notice.reading.get("lines") or []}
    counted = counting(notice)
    told = [counted] if counted else notice.lines_said
    texts = [line["text"] for line in told if (line["text"], line["who"]) in before]
    rests_on = [because["words"] for because in notice.reading["because"] if because["of"] in fields]
    return bool(rests_on) and all(any(words in text for text in texts) for words in rests_on)


def because(notice: Notice, done: tuple[Act, Party]) -> list[dict[str, str]] | None:
    """The words that `done` rests on when the line that counts says so; None when none does."""
    counted = counting(notice)
    if counted is None or MEANT[counted["counts"]] != done:
        return None
    return [{"of": "act", "words": counted["text"], "where": "picture"}]
