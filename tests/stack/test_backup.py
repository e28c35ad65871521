"""Back up, lose everything, restore, verify: on SQLite and a folder, on PostgreSQL and S3, from one to the other."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.stack.containers import a_database, an_s3
from tools.stack import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.postgres]

SETTLE = """
import io, json, sys
import django
django.setup()
from datetime import timedelta
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from accounts.models import User
from complaints import calendars, departure, raw, reminders, tombstones
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import *
from complaints.models.mail import Outcome
from complaints.stages import Act, State
from evidence import keep
from evidence.models import Exhibit
from tests import make
now = timezone.now()
"""

SEED = """
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
call_command("make_bucket", verbosity=0, stdout=io.StringIO())
for email in ("mei@example.com", "leaves@example.com"):
    owner = make.a_user(email)
    case = make.a_case(owner, order_no="TB" + email[:3])
    mail = make.a_mail(owner, outcome=Outcome.FILED, reason="moved")
    make.an_event(case, Act.ACKNOWLEDGES, notice=make.a_notice(mail, case=case))
    make.a_mail(owner, outcome=Outcome.FILED, raw=make.raw_mail(body="长" * 200_000 + email))
    large = io.BytesIO(b"%PDF-1.4 " + email.encode() * 999)
    exhibit = keep.keep(owner, large, "发票.pdf")
    CaseExhibit.objects.create(case=case, exhibit=exhibit)
    session = SessionStore(); session["_auth_user_id"] = str(owner.pk); session.create()
    CalendarFeed.objects.create(owner=owner)
volunteer = make.a_volunteer()
make.an_event(Case.objects.get(owner__email="mei@example.com"), Act.CHANGES_REQUEST, actor=volunteer)
assert raw.move_large(now) == 2
"""

LATER = """
departure.leave(User.objects.get(email="leaves@example.com"), now)
make.a_mail(make.a_user("mei@example.com"), outcome=Outcome.FILED, raw=make.raw_mail(body="新" * 200_000))
raw.move_large(now)
"""

TELL = """
from complaints import verify
seen = verify.Seen()
said = io.StringIO()
call_command("tell", owner="mei@example.com", stdout=said)
print(json.dumps({
    "told": json.loads(said.getvalue()),
    "people": sorted(User.objects.values_list("email", flat=True)),
    "faults": [str(fault) for fault in verify.verify(seen)],
    "seen": [seen.mails, seen.exhibits, seen.cases, seen.events],
    "sessions": __import__("django.contrib.sessions.models").contrib.sessions.models.Session.objects.count(),
    "feeds": CalendarFeed.objects.count(),
    "tombstones": sorted({line[:2] for line in tombstones.all_of_them()}),
}))
"""


@dataclass
class Installation:
    """One of ours, without anything running in it: its environment, and where what it keeps is."""

    environment: dict[str, str]
    folder: Path
    bucket: Any = None

    def python(self, code: str) -> str:
        return self._run("-c", SETTLE + code).stdout

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run("manage.py", *words, check=False)

    def _run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def tell(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.python(TELL))
        return told

    def files(self) -> set[str]:
        if self.bucket:
            return {item.key for item in self.bucket.objects.all()}
        folder = self.folder / "files"
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    def lose_files(self, *, but: str) -> None:
        """All but those whose names begin so."""
        for name in self.files():
            if not name.startswith(but):
                self.bucket.Object(name).delete() if self.bucket else (self.folder / "files" / name).unlink()


def environment(folder: Path, **said: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", "DNS_RESOLVER": "off"} | said


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Installation:
    return Installation(environment(tmp_path / "sqlite"), tmp_path / "sqlite")


@pytest.fixture
def on_postgres(tmp_path: Path) -> Iterator[Installation]:
    with a_database() as database, an_s3() as s3:
        store = {"S3_ENDPOINT_URL": s3, "S3_ACCESS_KEY": "suji", "S3_SECRET_KEY": "secret", "S3_BUCKET": "suji"}
        session = boto3.session.Session("suji", "secret", region_name="us-east-1")
        bucket = session.resource("s3", endpoint_url=s3).Bucket("suji")
        folder = tmp_path / "postgres"
        yield Installation(environment(folder, DATABASE_URL=database, **store), folder, bucket)
        bucket.meta.client.close()


def lose_database(here: Installation) -> None:
    if "DATABASE_URL" in here.environment:
        here.python("""
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
""")
    else:
        for path in here.folder.glob("suji.sqlite3*"):
            path.unlink()


def drill(here: Installation, backup: Path) -> None:
    """What every installation goes through: afterwards it is as it was, less who left since."""
    here.python(SEED)
    before = here.tell()
    files = here.files()
    done = here.manage("backup", str(backup))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert here.manage("backup", str(backup)).returncode == 1  # it writes over nothing

    here.python(LATER)
    carved = {name for name in here.files() if name.startswith("tombstones/")}
    assert carved
    refused = here.manage("restore", str(backup))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert here.files() > carved  # nothing was touched

    lose_database(here)
    here.lose_files(but="tombstones/")
    restored = here.manage("restore", str(backup))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "Deleted again what was deleted since: 1." in restored.stdout

    after = here.tell()
    assert after["told"] == before["told"]
    assert before["people"] == ["leaves@example.com", "lin@example.com", "mei@example.com"]
    assert after["people"] == ["lin@example.com", "mei@example.com"]
    assert after["faults"] == []
    assert after["seen"] == [2, 1, 1, 3]
    assert (before["sessions"], after["sessions"], after["feeds"]) == (2, 0, 0)
    left = {name for name in here.files() if not name.startswith("tombstones/")}
    assert left < files  # hers, and not one of those who left
    assert len(left) == 2
    assert here.manage("verify").returncode == 0
    again = here.manage("restore", str(backup), "--replace")
    assert again.returncode == 0, again.stdout + again.stderr
    assert here.tell() == after | {"tombstones": here.tell()["tombstones"]}


def test_an_installation_on_sqlite_comes_back_and_moves_to_postgresql_and_s3(
    on_sqlite: Installation, on_postgres: Installation, tmp_path: Path
) -> None:
    backup = tmp_path / "suji.tar.gz"
    drill(on_sqlite, backup)
    on_postgres.python('call_command("make_bucket", stdout=io.StringIO())')
    lines = tmp_path / "tombstones.txt"
    lines.write_text(on_sqlite.manage("tombstones").stdout)
    moved = on_postgres.manage("restore", str(backup), "--tombstones", str(lines))
    assert moved.returncode == 0, moved.stdout + moved.stderr
    here, there = on_sqlite.tell(), on_postgres.tell()
    assert there["told"] == here["told"]
    assert there["people"] == here["people"]
    assert there["faults"] == []
    made = on_postgres.python('print(make.a_case(make.a_user("new@example.com")).pk > 0)')  # sequences go on
    assert made.strip() == "True"


def test_an_installation_on_postgresql_and_s3_comes_back(on_postgres: Installation, tmp_path: Path) -> None:
    drill(on_postgres, tmp_path / "suji.tar")


def test_a_damaged_or_torn_backup_is_refused_before_anything_is_touched(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    whole = tmp_path / "suji.tar"
    on_sqlite.python(SEED)
    assert on_sqlite.manage("backup", str(whole)).returncode == 0
    subprocess.run(["tar", "-xf", str(whole), "-C", str(tmp_path)], check=True)  # and anybody can check it by hand
    subprocess.run(["sha256sum", "--quiet", "-c", "MANIFEST.sha256"], cwd=tmp_path, check=True)

    data = whole.read_bytes()
    at = data.index("长长长".encode()) if "长长长".encode() in data else data.index(b"%PDF-1.4")
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(data[:at] + b"X" + data[at + 1 :])
    torn = tmp_path / "torn.tar"
    torn.write_bytes(data[: len(data) * 2 // 3])
    foreign = tmp_path / "foreign.tar"
    with tarfile.open(foreign, "w") as tar:
        member = tarfile.TarInfo("../outside")
        tar.addfile(member)
    before = on_sqlite.tell()
    for path, word in ((damaged, "damaged"), (torn, "torn.tar"), (foreign, "outside"), (tmp_path / "none", "none")):
        refused = on_sqlite.manage("restore", str(path), "--replace")
        assert refused.returncode == 1, path
        assert word in refused.stderr
        assert "Traceback" not in refused.stderr
    assert on_sqlite.tell() == before


def test_what_is_not_what_it_was_is_found_and_named(on_sqlite: Installation) -> None:
    on_sqlite.python(SEED)
    shutil.rmtree(on_sqlite.folder / "files" / "exhibits")
    found = on_sqlite.python("""
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP TRIGGER event_is_only_added")
    cursor.execute("UPDATE complaints_event SET payload = '{}' WHERE id = (SELECT max(id) FROM complaints_event)")
    cursor.execute("UPDATE complaints_rawmail SET data = x'00' WHERE mail_id = 1")
from complaints import verify
print(json.dumps(sorted(fault.what for fault in verify.verify(verify.Seen()))))
""")
    assert json.loads(found) == ["chain", "exhibit", "exhibit", "mail"]
    done = on_sqlite.manage("verify")
    assert done.returncode == 1
    assert done.stdout.count("!!") == 4
