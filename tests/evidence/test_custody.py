"""What lies in the storage is looked after: originals are read again, files that nobody names go."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from complaints import balance, tasks
from complaints.models import Alarm, PeriodicJob
from evidence import custody, keep
from evidence.models import Exhibit
from tests import make
from tests.evidence import files
from tests.evidence.faulty import Proxy
from tests.evidence.test_object_store import bucket, keys, store
from tests.evidence.test_store import proxy

__all__ = ["bucket", "proxy", "store"]
pytestmark = pytest.mark.django_db

LATER = timedelta(days=31)
DAY = timedelta(days=1, hours=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """An empty folder as the file storage."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": backend | {"OPTIONS": {"location": tmp_path / "files"}}}
    return tmp_path / "files"


def an_exhibit(name: str = "paper.pdf") -> Exhibit:
    return keep.keep(make.a_user("mei@example.com"), io.BytesIO(files.PDF + name.encode()), name)


def looked_into_everywhere(days: timedelta = DAY) -> int:
    return sum(custody.forget_orphans(timezone.now() + days, turn) for turn in range(custody.SHARES))


def test_originals_are_read_again_within_a_month_and_not_before(folder: Path) -> None:
    exhibit = an_exhibit()
    (folder / exhibit.file).write_bytes(b"changed")
    assert custody.audit(timezone.now() + timedelta(days=29)) == 0
    assert custody.audit(timezone.now() + LATER) == 1
    assert custody.damaged() == 1
    exhibit.refresh_from_db()
    assert exhibit.damaged_at


def test_what_is_put_back_is_whole_again_at_the_next_look(folder: Path) -> None:
    exhibit = an_exhibit()
    there = folder / exhibit.file
    there.rename(folder / "elsewhere")
    now = timezone.now() + LATER
    assert custody.audit(now) == 1
    since = Exhibit.objects.get().damaged_at
    assert custody.audit(now + timedelta(hours=1)) == 1
    assert Exhibit.objects.get().damaged_at == since
    (folder / "elsewhere").rename(there)
    assert custody.audit(now + timedelta(hours=2)) == 0
    assert custody.damaged() == 0


def test_a_damaged_exhibit_is_an_alarm_of_the_hourly_count(folder: Path) -> None:
    exhibit = an_exhibit()
    (folder / exhibit.file).unlink()
    Exhibit.objects.update(checked_at=timezone.now() - LATER)
    assert tasks.look_after_exhibits() == 1
    assert tasks.look_after_exhibits() == 0  # once an hour
    assert balance.differences() == {"exhibits": 1}
    PeriodicJob.objects.filter(name="count_balance").delete()
    tasks.count_balance()
    assert Alarm.objects.ringing().get().name == "exhibits"


def test_a_store_that_is_away_damages_nothing(proxy: Proxy) -> None:
    an_exhibit()
    proxy.fault = "503"
    assert custody.audit(timezone.now() + LATER) == 0
    assert looked_into_everywhere() == 0
    assert custody.damaged() == 0


def test_a_file_that_no_row_names_goes_after_a_day_and_the_named_ones_stay(folder: Path) -> None:
    exhibits = [an_exhibit(f"{number}.pdf") for number in range(3)]
    orphan = default_storage.save("exhibits/zz/zznobody", ContentFile(b"half"))
    copy = default_storage.save("copies/aa/aanobody", ContentFile(b"half"))
    assert looked_into_everywhere(timedelta(hours=23)) == 0
    assert looked_into_everywhere() == 2
    assert not default_storage.exists(orphan)
    assert not default_storage.exists(copy)
    assert all(keep.is_unchanged(exhibit) for exhibit in exhibits)


def test_copies_and_thumbnails_are_named_too() -> None:
    exhibit = an_exhibit()
    copy = default_storage.save("copies/aa/aacopy", ContentFile(b"copy"))
    thumbnail = default_storage.save("copies/bb/bbthumbnail", ContentFile(b"thumbnail"))
    Exhibit.objects.filter(pk=exhibit.pk).update(copy_file=copy, thumbnail_file=thumbnail)
    assert looked_into_everywhere() == 0
    assert default_storage.exists(copy)
    assert default_storage.exists(thumbnail)


def test_files_of_mails_and_backups_are_none_of_its_business() -> None:
    raw = default_storage.save("raw/aa/aamail", ContentFile(b"mail"))
    assert looked_into_everywhere() == 0
    assert default_storage.exists(raw)


def test_with_another_database_no_file_is_an_orphan(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "SHARES", 1)  # all in one turn, as in a small house
    for number in range(custody.FEW + 1):
        an_exhibit(f"{number}.pdf")
    Exhibit.objects.all().delete()
    names = [os.path.join(top, name) for top, _folders, found in os.walk(default_storage.location) for name in found]
    assert custody.forget_orphans(timezone.now() + DAY, 0) == 0
    assert all(Path(name).exists() for name in names)
    assert "is this their database?" in caplog.text


def test_the_same_in_a_bucket(bucket: Any) -> None:
    exhibit = an_exhibit()
    default_storage.save("exhibits/zz/zznobody", ContentFile(b"half"))
    assert looked_into_everywhere() == 1
    assert keys(bucket) == [exhibit.file]
    bucket.delete_object(Bucket="suji", Key=exhibit.file)
    assert custody.audit(timezone.now() + LATER) == 1
