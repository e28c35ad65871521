"""The line that clients write above what they quote: 在 2026年11月8日 18:30，某某 <a@b> 写道：, On … wrote:."""

from __future__ import annotations

import re
from typing import NamedTuple

from complaints.intake.dates import find_moments

LONGEST_INTRO = 300
LONGEST_NAME = 40
MOST_SCANNED = 6_000  # lines
EDGES = "> \t*|＞\u00a0\u3000\u200b\ufeff"  # around what a line says
ENDS = " \t*|\u00a0\u3000\u200b\ufeff"

_WROTE = ("写道:", "写道：", "写道", "寫道:", "寫道：", "寫道", "wrote:", "来信：", "來信：")
_ADDRESS = re.compile(r"[^\s<>\"(),;:\[\]，、]{1,120}@[^\s<>\"(),;:\[\]，、]{1,200}")
_ITS_WORDS = re.compile(
    r"(?:^|(?<=[\s,，]))(?:在|于|於|on|at|wrote|写道|寫道|来信|來信)(?=[\s,，:：\"<]|$)|写道|寫道|来信|來信|wrote:",
    re.IGNORECASE,
)
_AROUND = " \t,，:：;；<>\"'“”–—-*·"


class Intro(NamedTuple):
    """The line as the only header that a forward has."""

    first: int
    end: int  # the line after it
    sender: str  # 名 <a@b>
    date: str


def next_said(lines: list[str], at: int) -> int:
    """The first line from `at` on that says anything; their number if none does."""
    while at < len(lines) and not lines[at].strip(EDGES):
        at += 1
    return at


def reply_intro(lines: list[str], at: int) -> int | None:
    """Where `2026年11月8日 18:30，某某 <a@b> 写道：` or `On … wrote:` begins, if line `at` ends one.

    It names an address or stands above quoted lines; 商家于11月9日写道： in a notice does neither.
    """
    if not lines[at].rstrip(ENDS).endswith(_WROTE):
        return None
    below = next_said(lines, at + 1)
    is_quoting = below < len(lines) and lines[below].lstrip(" ").startswith(">")
    for first in (at, at - 1):  # clients wrap it
        if first >= 0:
            said = " ".join(lines[first : at + 1])[-400:]
            if "@" in said or (is_quoting and any(moment.day is not None for moment in find_moments(said))):
                return first
    return None


def find_intro(lines: list[str]) -> Intro | None:
    """The first line that says nothing but who wrote and when; for mails that are announced as forwards."""
    for at in range(min(len(lines), MOST_SCANNED)):
        first = reply_intro(lines, at)
        said = " ".join(lines[at if first is None else first : at + 1]).strip(EDGES)
        if "@" not in said or len(said) > LONGEST_INTRO:
            continue
        if (told := _who_and_when(said)) and (first is not None or told[0]):
            name, address, date = told
            return Intro(at if first is None else first, at + 1, f"{name} <{address}>", date)
    return None


def _who_and_when(said: str) -> tuple[str, str, str] | None:
    """Name, address and date, if the line names one of each and says nothing else."""
    moment = next((moment for moment in find_moments(said) if moment.day is not None and moment.has_time), None)
    address = _ADDRESS.search(said)
    if moment is None or address is None or (moment.start < address.end() and moment.end > address.start()):
        return None
    (first, first_end), (second, second_end) = sorted(((moment.start, moment.end), address.span()))
    names = [_bare(piece) for piece in (said[:first], said[first_end:second], said[second_end:])]
    told = [name for name in names if name]
    if len(told) > 1 or any(len(name) > LONGEST_NAME for name in told):
        return None
    return (told[0] if told else ""), address[0], said[moment.start : moment.end]


def _bare(piece: str) -> str:
    """What is left of a piece of the line without its own words and marks: a name, or nothing."""
    bare = _ITS_WORDS.sub("", piece).strip(_AROUND)
    return bare.lstrip(")]）").rstrip("([（").strip(_AROUND)
