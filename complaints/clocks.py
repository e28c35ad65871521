"""Days that count: calendar days, and the working days of China with their make-up Saturdays (调休)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import cache

import holidays

SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1992
END_OF_DAY = time(23, 59, 59)
# The State Council settles a year's make-up days around the November before. Years not settled yet have
# only the statutory days, so a date in them is an estimate.
SETTLED_UNTIL = 2026


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=[year])


def is_working_day(day: date) -> bool:
    """Whether `day` is a 工作日: no statutory or bridging day off, a make-up Saturday or Sunday counts."""
    return bool(_calendar(day.year).is_working_day(day))


def is_estimate(day: date) -> bool:
    """Whether the make-up days of that year were not known when this was written."""
    return day.year > SETTLED_UNTIL


def end_of(day: date) -> datetime:
    """23:59:59 of `day` in Shanghai."""
    return datetime.combine(day, END_OF_DAY, SHANGHAI)


def days_after(start: datetime, days: int) -> datetime:
    """The end of the `days`-th calendar day (自然日) after `start`, whose own day is not counted."""
    return end_of(start.astimezone(SHANGHAI).date() + timedelta(days=days))


def working_days_after(start: datetime, days: int) -> datetime:
    """When a clock of `days` working days (工作日) started at `start` runs out.

    start    aware datetime; counted in Shanghai, and its own day is not counted
    days     whole days, 1 to 400
    returns  aware datetime, 23:59:59 of the last day
    raises   ValueError if days is outside 1 to 400
    source   docs/sources.md#working-days
    """
    if not 1 <= days <= 400:
        raise ValueError(f"a clock of {days} working days")
    day = start.astimezone(SHANGHAI).date()
    while days:
        day += timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return end_of(day)
