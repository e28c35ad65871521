"""Notices for the tests of the pure steps, by plain functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from complaints.intake.classify import classify
from complaints.intake.extract import extract
from complaints.intake.shapes import Facts, How, Notice, Read

CHINA = timezone(timedelta(hours=8))
SENT = datetime(2026, 11, 8, 18, 30, tzinfo=CHINA)


def a_notice(subject: str = "", body: str = "", **more: Any) -> Notice:
    notice = Notice(
        how=How.INLINE,
        client=None,
        depth=1,
        note="",
        from_name="",
        from_address="",
        to=(),
        cc=(),
        subject=subject,
        date=SENT,
        body=body,
        html="",
    )
    return replace(notice, **more)


def a_read(subject: str = "", body: str = "", **more: Any) -> Read:
    """`notice` classified and extracted, as reading.read puts it together."""
    notice = a_notice(subject, body, **more)
    classified = classify(notice)
    return Read(notice, classified, extract(notice, classified), "zh-Hans", "", "")


def facts_of(subject: str = "", body: str = "", **more: Any) -> Facts:
    return a_read(subject, body, **more).facts
