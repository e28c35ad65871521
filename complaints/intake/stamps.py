"""The date that a forwarded header block states, in the light of when it was forwarded.

Mail programs write dates for people of one country: 08/11/2026 is a day of August or of November, 昨天 18:30
has no day at all. A notice is older than its forward, so the newest day that is not later is meant.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from complaints.intake.dates import find_moments, read_date, resolve

LONGEST = 300
_SLACK = timedelta(days=1)  # clocks and zones of two machines
_YEAR = timedelta(days=363)

_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4}|\d{1,2})(?![\d/])")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[ .]{1,2}([A-Z][a-z]{2,8})\.? (\d{1,2})(?!\d)(?:\s?\([A-Za-z]{3,9}\.?\))?")
_ZONE_FIRST = re.compile(r"([+-]\d{4}) (\d{1,2}:\d{2}(?::\d{2})?)(?!\d)")
_MONTHS = (
    "jan", "feb", "mar mär mrz", "apr avr abr", "may mai", "jun juin", "jul juil", "aug aoû ago", "sep", "oct okt",
    "nov", "dec dez déc dic",
)  # fmt: skip
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
# What other languages write, and the same as a Chinese mail would; each is tried in this order.
_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[（(][日月火水木金土一二三四五六][）)]"), " "),
    (re.compile(r"(?<!\d)(\d{1,2}) (\d{1,2})月,? (\d{4})(?!\d)"), r"\3-\2-\1"),
    (re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)"), r"\3-\2-\1"),
    (re.compile(r"(?<!\d)(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\."), r"\1-\2-\3"),
    (re.compile(r"오전|午前"), "上午"),
    (re.compile(r"오후|午後(?=\s?\d)"), "下午"),
    (re.compile(r"(?<=\d{4}) (?:um|à|a las|às|kl\.) (?=\d)"), " "),
    (re.compile(r"^(\d{1,2}:\d{2}(?::\d{2})?)[ ,]{1,3}(\d{4}[-/年].{4,40})$"), r"\2 \1"),
    (_YEAR_FIRST, r"\3 \2 \1"),
    (_ZONE_FIRST, r"\2 \1"),
)
_FOREIGN_MONTH = re.compile(r"(?<!\d)(\d{1,2})\.? (?:de )?([a-zà-ü]{3,10})\.?,? (?:de )?(\d{4})(?!\d)", re.IGNORECASE)


def _rewritten(text: str) -> str:
    for pattern, form in _REWRITTEN:
        text = pattern.sub(form, text)
    return _FOREIGN_MONTH.sub(_with_number, text)


def _with_number(found: re.Match[str]) -> str:
    name = found[2].lower()
    month = _MONTH_OF.get(name[:4]) or _MONTH_OF.get(name[:3])
    return f"{found[3]}-{month}-{found[1]}" if month else found[0]


def read_stamp(text: str, forwarded: datetime | None) -> datetime | None:
    """The moment that the date line of a header block says; None if it says none.

    forwarded  aware; when the mail around the block was sent: settles which of two readings of a date is
               meant, and the year and day that a line leaves out. Without it those stay open
    """
    said = _rewritten(text[:LONGEST].strip())
    if found := _SLASHED.search(said):
        readings = [said[: found.start()] + day + said[found.end() :] for day in _days(*found.groups())]
        return _nearest([read_date(reading) for reading in readings], forwarded)
    told = read_date(said)
    return told if told is not None or forwarded is None else _without_year(said, forwarded)


def _days(first: str, second: str, third: str) -> list[str]:
    """What 8/11/2026 or 26/11/8 may mean, the American reading first."""
    year = third if len(third) == 4 else f"20{third.zfill(2)}"
    days = [f"{year}-{first}-{second}", f"{year}-{second}-{first}"]
    return days if len(third) == 4 else [*days, f"20{first.zfill(2)}-{second}-{third}"]


def _nearest(moments: list[datetime | None], forwarded: datetime | None) -> datetime | None:
    told = [moment for moment in moments if moment is not None]
    if forwarded is not None:
        told = [moment for moment in told if moment <= forwarded + _SLACK] or told
        told.sort(key=lambda moment: abs(forwarded - moment))
    return told[0] if told else None


def _without_year(text: str, forwarded: datetime) -> datetime | None:
    for moment in find_moments(text):
        if moment.days_ahead is not None:
            return resolve(moment, forwarded)
        if moment.year is None:
            return resolve(moment, forwarded - _YEAR)
    return None
