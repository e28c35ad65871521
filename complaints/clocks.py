"""Days that count: calendar days, and the working days of China with their make-up Saturdays (调休)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import holidays

SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1992
END_OF_DAY = time(23, 59, 59)
TABLE = Path(__file__).with_name("working_days.toml")  # edited by whoever runs this installation


class BadTable(ValueError):
    """The table of working days says something that cannot be; the message says what."""


@dataclass(frozen=True, slots=True)
class Year:
    """What the table says of one year, beyond the package."""

    off: frozenset[date]
    work: frozenset[date]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a count, and why it counts or does not."""

    date: date
    counts: bool
    why: str  # work, made_up (a weekend day worked in exchange), weekend, holiday
    name: str = ""  # of the holiday, in Chinese, as the package has it


@dataclass(frozen=True, slots=True)
class Count:
    """A count of working days, day by day: what it came to and how."""

    start: datetime
    due: datetime  # 23:59:59 in Shanghai of the last day
    days: tuple[Day, ...]  # every day after the start's own, to the last
    is_estimate: bool  # it runs through a year whose make-up days are not known


def read_table(text: str) -> dict[int, Year]:
    """The years that the table `text` settles.

    raises  BadTable: no TOML, a section that is no year, a day of another year or in both lists
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTable(f"working_days.toml is not TOML: {error}") from None
    return {_year(name): _days_of(name, section) for name, section in said.items()}


def _year(name: str) -> int:
    if not (name.isascii() and name.isdecimal() and len(name) == 4):
        raise BadTable(f"working_days.toml: [{name}] is no year")
    return int(name)


def _days_of(name: str, section: object) -> Year:
    if not isinstance(section, dict) or not set(section) <= {"off", "work", "source"}:
        raise BadTable(f"working_days.toml: [{name}] may hold off, work and source")
    lists = []
    for key in ("off", "work"):
        days = section.get(key, [])
        if not isinstance(days, list) or any(type(day) is not date or day.year != int(name) for day in days):
            raise BadTable(f"working_days.toml: {key} of [{name}] is a list of days of that year, like {name}-10-01")
        lists.append(frozenset(days))
    off, work = lists
    if off & work:
        raise BadTable(f"working_days.toml: {min(off & work)} is both off and worked")
    return Year(off, work, str(section.get("source", "")))


_TABLE = read_table(TABLE.read_text("utf-8"))  # once, when a process starts


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    import holidays  # calendars of the whole world: a quarter of a second that most processes never need

    return holidays.country_holidays("CN", years=[year], language="zh_CN")


def day_of(day: date, table: Mapping[int, Year] | None = None) -> Day:
    """Whether `day` is a 工作日, and why: the table first, then the package, then the weekday.

    table  instead of the file's
    """
    year = (_TABLE if table is None else table).get(day.year)
    calendar = _calendar(day.year)
    name = str(calendar.get(day, ""))
    is_weekend = day.isoweekday() >= 6
    if year and day in year.work:
        return Day(day, True, "made_up" if is_weekend else "work")
    if year and day in year.off:
        return Day(day, False, "holiday", name)
    if calendar.is_working_day(day):
        return Day(day, True, "made_up" if is_weekend else "work")
    return Day(day, False, "holiday" if name else "weekend", name)


def is_working_day(day: date) -> bool:
    """Whether `day` is a 工作日: no statutory or bridging day off, a make-up Saturday or Sunday counts."""
    return day_of(day).counts


def is_known(year: int, table: Mapping[int, Year] | None = None) -> bool:
    """Whether the days off and make-up days of `year` are settled: by the table, or in the package.

    The State Council settles a year around the November before. The package answers for any year, but for one that
    is not settled only with the statutory days; every settled year since 2001 has make-up days, so these tell.
    """
    if year in (_TABLE if table is None else table):
        return True
    return any(day.year == year for day in _calendar(year).weekend_workdays)


def known_years() -> tuple[int, ...]:
    """The settled years from 2020 on, as one unbroken run: what the operator's page names."""
    years = []
    year = 2020
    while is_known(year):
        years.append(year)
        year += 1
    return tuple(years)


def is_estimate(day: date) -> bool:
    """Whether the make-up days of that year are not known here."""
    return not is_known(day.year)


def end_of(day: date) -> datetime:
    """23:59:59 of `day` in Shanghai."""
    return datetime.combine(day, END_OF_DAY, SHANGHAI)


def days_after(start: datetime, days: int) -> datetime:
    """The end of the `days`-th calendar day (自然日) after `start`, whose own day is not counted."""
    return end_of(start.astimezone(SHANGHAI).date() + timedelta(days=days))


def count_working_days(start: datetime, days: int, table: Mapping[int, Year] | None = None) -> Count:
    """A clock of `days` working days (工作日) started at `start`, counted day by day.

    start    aware datetime; counted in Shanghai, and its own day is not counted
    days     whole days, 1 to 400
    raises   ValueError if days is outside 1 to 400
    source   docs/sources.md#working-days
    """
    if not 1 <= days <= 400:
        raise ValueError(f"a clock of {days} working days")
    day = start.astimezone(SHANGHAI).date()
    told: list[Day] = []
    while days:
        day += timedelta(days=1)
        told.append(day_of(day, table))
        days -= told[-1].counts
    is_estimate = any(not is_known(year, table) for year in {one.date.year for one in told})
    return Count(start, end_of(day), tuple(told), is_estimate)


def working_days_after(start: datetime, days: int) -> datetime:
    """When that clock runs out: 23:59:59 in Shanghai of its last day (`count_working_days`)."""
    return count_working_days(start, days).due
