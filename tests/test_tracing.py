"""The checker of traces finds what it is there to find."""

from __future__ import annotations

import pytest

from tests.tracing import unproven

READ = r'7 recvfrom(9<TCP:[5]>, "Subject: m1\r\n\r\nhello\r\n.\r\n", 262144, 0, NULL, NULL) = 30'
WRITTEN = r'8 pwrite64(6</d/suji.sqlite3-wal>, "\0\0 Subject: m1\r\n", 4096, 56) = 4096'
BEGUN = "8 fdatasync(6</d/suji.sqlite3-wal> <unfinished ...>"
ENDED = "8 <... fdatasync resumed>)           = 0"
SYNCED = "8 fdatasync(6</d/suji.sqlite3-wal>)     = 0"
YES = r'7 sendto(9<TCP:[5]>, "250 2.0.0 OK\r\n", 14, 0, NULL, 0) = 14'


@pytest.mark.parametrize("trace", [[READ, WRITTEN, SYNCED, YES], [READ, WRITTEN, BEGUN, ENDED, YES]])
def test_a_mail_that_was_synced_before_its_yes_is_proven(trace: list[str]) -> None:
    assert unproven(trace, ["m1"]) == {}


@pytest.mark.parametrize(
    ("trace", "why"),
    [
        ([], "its end was never read"),
        ([READ, YES], "yes was said, and it was never written"),
        ([READ, WRITTEN, YES], "yes was said, and it was written, and never synced"),
        ([READ, WRITTEN, YES, SYNCED], "yes was said, and it was written, and never synced"),
        ([READ, WRITTEN, BEGUN, YES, ENDED], "yes was said, and it was written, and never synced"),
        ([READ, BEGUN, WRITTEN, ENDED, YES], "yes was said, and it was written, and never synced"),
        ([READ, SYNCED, WRITTEN, YES], "yes was said, and it was written, and never synced"),
        ([WRITTEN, SYNCED, READ, YES], "yes was said, and it was never written"),
        ([READ, WRITTEN, SYNCED.replace("= 0", "= -1 EIO"), YES], "yes was said, and it was written, and never synced"),
        ([READ, WRITTEN, SYNCED.replace("-wal", ""), YES], "yes was said, and it was written, and never synced"),
        ([READ, WRITTEN.replace("m1", "m2"), SYNCED, YES], "yes was said, and it was never written"),
        ([READ, WRITTEN, SYNCED, YES.replace("9<", "10<")], "it was written, and never synced"),
    ],
)
def test_whatever_is_missing_or_out_of_order_is_said(trace: list[str], why: str) -> None:
    assert unproven(trace, ["m1"]) == {"m1": why}
