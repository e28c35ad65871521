"""A disk without room: what a page says then, and that it is told from other faults."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.db import OperationalError
from django.test import Client

from complaints.durability import says_full
from complaints.intake.receive import disk_is_full


def page_where_home_fails_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> tuple[int, str]:
    def fail(*_about: Any, **_more: Any) -> NoReturn:
        raise error

    monkeypatch.setattr("config.views.render", fail)
    answer = Client(raise_request_exception=False).get("/privacy/")
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db
def test_a_page_that_could_not_save_for_want_of_room_says_so_in_two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left on device")):
        status, text = page_where_home_fails_with(monkeypatch, error)
        assert status == 507
        assert "空间暂时不够" in text
        assert "out of room" in text


@pytest.mark.django_db
def test_other_faults_are_no_want_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = page_where_home_fails_with(monkeypatch, OperationalError("database is locked"))
    assert status == 500
    assert "空间" not in text


def test_what_lies_behind_an_error_counts() -> None:
    outer = OperationalError("could not be saved")
    outer.__cause__ = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert says_full(outer)
    assert not says_full(OSError(errno.EIO, "Input/output error"))


@pytest.mark.parametrize(("free", "percent", "is_full"), [(99, 5, True), (100, 10, False), (100, 11, True)])
def test_a_disk_is_full_below_either_of_two_marks(
    monkeypatch: pytest.MonkeyPatch, settings: Any, free: int, percent: int, is_full: bool
) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"free_bytes": 100, "free_percent": percent}

    class Disk:
        total = 1000

    Disk.free = free  # type: ignore[attr-defined]

    def usage(_path: Path) -> type[Disk]:
        return Disk

    monkeypatch.setattr("complaints.intake.receive.shutil.disk_usage", usage)
    assert disk_is_full() is is_full
