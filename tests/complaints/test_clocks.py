from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from complaints.clocks import days_after, is_estimate, is_working_day, working_days_after

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


def test_years_not_settled_yet_are_estimates():
    assert is_estimate(date(2027, 1, 4))
    assert not is_estimate(date(2026, 12, 31))
