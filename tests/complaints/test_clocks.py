from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from complaints import clocks
from complaints.clocks import (
    BadTable,
    count_working_days,
    day_of,
    days_after,
    is_estimate,
    is_known,
    is_working_day,
    read_table,
    working_days_after,
)

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 9, 30), 7, date(2026, 10, 15)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 2, 13), 4, date(2026, 2, 26)),
        (date(2025, 9, 30), 4, date(2025, 10, 13)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
    ],
)
def test_working_days_skip_holidays_and_count_make_up_saturdays(start, days, last):
    began = datetime(start.year, start.month, start.day, 18, 30, tzinfo=CHINA)
    assert working_days_after(began, days) == datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=CHINA)


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2026, 10, 10), date(2025, 4, 27)])
def test_a_make_up_day_is_a_working_day(day):
    assert is_working_day(day)


def test_the_day_that_counts_is_the_one_in_shanghai():
    late = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)  # already Friday the 20th in Shanghai
    assert working_days_after(late, 1).date() == date(2026, 11, 23)


def test_calendar_days_end_at_the_last_second():
    began = datetime(2026, 11, 8, 18, 30, tzinfo=CHINA)
    assert days_after(began, 7) == datetime(2026, 11, 15, 23, 59, 59, tzinfo=CHINA)


@pytest.mark.parametrize("days", [0, -1, 401])
def test_a_clock_of_no_days_is_refused(days):
    with pytest.raises(ValueError, match="working days"):
        working_days_after(datetime(2026, 1, 1, tzinfo=CHINA), days)


def far_year() -> int:
    """A year that nobody has settled yet, however old this test is."""
    return clocks.known_years()[-1] + 1


def test_years_not_settled_yet_are_estimates():
    assert is_estimate(date(far_year(), 1, 4))
    assert not is_estimate(date(2026, 12, 31))
    assert {2020, 2025, 2026} <= set(clocks.known_years())


def test_a_count_names_every_day_and_why_it_counts():
    count = count_working_days(datetime(2026, 9, 30, 18, 30, tzinfo=CHINA), 7)
    told = {one.date.day: one.why for one in count.days}
    assert list(told) == list(range(1, 16))
    assert {day for day, why in told.items() if why == "holiday"} == {1, 2, 3, 5, 6, 7}
    assert {day for day, why in told.items() if why == "weekend"} == {4, 11}
    assert told[10] == "made_up"
    assert count.days[0].name == "国庆节"
    assert sum(one.counts for one in count.days) == 7
    assert not count.is_estimate


def test_a_count_into_an_unknown_year_says_so():
    year = far_year()
    assert count_working_days(datetime(year - 1, 12, 30, 12, 0, tzinfo=CHINA), 5).is_estimate
    assert not count_working_days(datetime(year - 1, 12, 1, 12, 0, tzinfo=CHINA), 5).is_estimate


def test_the_hosts_table_settles_a_year_and_comes_before_the_package():
    year = far_year()
    monday = next(date(year, 3, day) for day in range(1, 8) if date(year, 3, day).isoweekday() == 1)
    saturday = monday + timedelta(days=5)
    table = read_table(f"[{year}]\noff = [{monday}]\nwork = [{saturday}]\nsource = 'a notice'")
    assert is_known(year, table)
    assert not is_known(year, {})
    assert not day_of(monday, table).counts
    assert day_of(saturday, table).why == "made_up"
    assert not day_of(date(year, 10, 1), table).counts  # what the table is silent of, the package says
    began = datetime(year, 3, monday.day, 9, 0, tzinfo=CHINA) - timedelta(days=1)
    count = count_working_days(began, 5, table)
    assert count.due.date() == saturday
    assert not count.is_estimate


def test_the_table_that_is_shipped_can_be_read():
    assert read_table(clocks.TABLE.read_text("utf-8")) is not None


@pytest.mark.parametrize(
    "text",
    [
        "[2031",
        "[next]\noff = []",
        "[2031]\nholidays = []",
        "[2031]\noff = ['2031-10-01']",
        "[2031]\noff = [2032-10-01]",
        "[2031]\noff = [2031-10-01T00:00:00]",
        "[2031]\noff = [2031-10-01]\nwork = [2031-10-01]",
        "off = 3",
    ],
)
def test_a_table_that_cannot_be_is_refused_with_a_sentence(text):
    with pytest.raises(BadTable, match=r"working_days\.toml"):
        read_table(text)
