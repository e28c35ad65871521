from datetime import datetime

import pytest

from complaints.intake.dates import SHANGHAI
from complaints.intake.stamps import read_stamp

FORWARDED = datetime(2026, 11, 9, 8, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-08 18:30:05 (星期日)", "2026-11-08T18:30:05"),
        ("08/11/2026  18:30  (GMT+08:00)", "2026-11-08T18:30:00"),  # 8 November: August is too long ago
        ("11/8/2026 6:30:05 PM", "2026-11-08T18:30:05"),
        ("11/8/26, 6:30 PM", "2026-11-08T18:30:00"),
        ("26/11/8 18:30", "2026-11-08T18:30:00"),
        ("28/6/2026 18:30", "2026-06-28T18:30:00"),
        ("2026 Nov. 8 (Sun.) 18:30", "2026-11-08T18:30:00"),
        ("2026年11月8日 +0800 18:30", "2026-11-08T18:30:00"),
        ("11月8日 18:30", "2026-11-08T18:30:00"),
        ("12月30日 18:30", "2025-12-30T18:30:00"),  # a notice is older than its forward
        ("昨天 18:30", "2026-11-08T18:30:00"),
        ("今天 07:15", "2026-11-09T07:15:00"),
        ("星期日, 十一月 8, 2026 6:30 下午", "2026-11-08T18:30:00"),
    ],
)
def test_a_date_is_the_newest_that_is_not_later_than_the_forward(written, read):
    assert read_stamp(written, FORWARDED).isoformat() == f"{read}+08:00"


@pytest.mark.parametrize("written", ["昨天 18:30", "11月8日 18:30", "", "31/31/2026", "很久以前"])
def test_without_the_forward_s_own_date_what_is_left_out_stays_open(written):
    assert read_stamp(written, None) is None


def test_a_slashed_date_without_anything_to_compare_is_american():
    assert read_stamp("11/8/2026 18:30", None).isoformat() == "2026-11-08T18:30:00+08:00"
