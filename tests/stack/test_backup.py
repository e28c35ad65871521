"""Back up, lose everything, restore, verify: on SQLite and a folder, on PostgreSQL and S3, from one to the other."""

from __future__ import annotations

import gzip
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
import psycopg
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
from allauth.account.models import EmailAddress
from accounts import addresses, people
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
mei = User.objects.get(email="mei@example.com")
for mailbox in ("work@example.com", "stays@example.com"):
    EmailAddress.objects.create(user=mei, email=mailbox, verified=True)
    people.confirm_mailbox(mei, mailbox, "code")
people.forget_mailbox(mei, "stays@example.com")
people.confirm_mailbox(mei, "stays@example.com", "code")  # again, before the backup
volunteer = make.a_volunteer()
make.an_event(Case.objects.get(owner__email="mei@example.com"), Act.CHANGES_REQUEST, actor=volunteer)
assert raw.move_large(now) == 2
"""

LATER = """
departure.leave(User.objects.get(email="leaves@example.com"), now)
make.a_mail(make.a_user("mei@example.com"), outcome=Outcome.FILED, raw=make.raw_mail(body="新" * 200_000))
raw.move_large(now)
mei = User.objects.get(email="mei@example.com")
people.forget_mailbox(mei, "work@example.com")
EmailAddress.objects.filter(email="work@example.com").delete()
for inbox in mei.inbox_addresses.exclude(state="rotated"):
    addresses.rotate(inbox, now)
tombstones.carve(now)
"""

TELL = """
from complaints import verify
seen, said = verify.Seen(), io.StringIO()
call_command("tell", owner="mei@example.com", stdout=said)
mei = User.objects.get(email="mei@example.com")
print("TOLD " + json.dumps({
    "told": json.loads(said.getvalue()),
    "people": sorted(User.objects.values_list("email", flat=True)),
    "faults": [str(fault) for fault in verify.verify(seen)],
    "seen": [seen.mails, seen.exhibits, seen.cases, seen.events],
    "sessions": __import__("django.contrib.sessions.models").contrib.sessions.models.Session.objects.count(),
    "feeds": CalendarFeed.objects.count(),
    "speak for her": sorted(mei.confirmed_mailboxes.values_list("email", flat=True)),
    "log her in": sorted(mei.emailaddress_set.values_list("email", flat=True)),
    "addresses": mei.inbox_addresses.exclude(state="rotated").count(),
}))
"""

BREAK = """
import shutil
from django.conf import settings
from django.db import connection
shutil.rmtree(settings.FILES_DIR / "exhibits")
with connection.cursor() as cursor:
    cursor.execute("DROP TRIGGER event_is_only_added")
    cursor.execute("UPDATE complaints_event SET payload = '{}' WHERE id = (SELECT max(id) FROM complaints_event)")
    cursor.execute("UPDATE complaints_rawmail SET data = x'00' WHERE mail_id = 1")
print("TOLD " + json.dumps({"what": sorted(fault.what for fault in verify.verify(verify.Seen()))}))
try:
    call_command("verify", stdout=io.StringIO())
except SystemExit as end:
    print("TOLD " + json.dumps({"status": end.code}))
"""

REFUSED = """
from django.core.management.base import CommandError
def refused(*words, **options):
    try:
        call_command(*words, **options, stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        print("REFUSED " + str(error))
"""


@dataclass
class Installation:
    """One of ours, without anything running in it: its environment, and where what it keeps is."""

    environment: dict[str, str]
    folder: Path
    bucket: Any = None

    def python(self, *codes: str) -> str:
        return self._run("-c", "".join((SETTLE, REFUSED, *codes))).stdout

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run("manage.py", *words, check=False)

    def _run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def tell(self, *codes: str) -> list[dict[str, Any]]:
        """What is here, each time that `codes` ask for it; and each refusal as {"refused": why}."""
        return told(self.python(*(codes or [TELL])))

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


def told(printed: str) -> list[dict[str, Any]]:
    found = []
    for line in printed.splitlines():
        if line.startswith("TOLD "):
            found.append(json.loads(line[5:]))
        elif line.startswith("REFUSED "):
            found.append({"refused": line[8:]})
    return found


def environment(folder: Path, **said: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", "DNS_RESOLVER": "off"} | said


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """An installation on SQLite that people use, its backup, and what is there."""
    folder = tmp_path_factory.mktemp("settled")
    here = Installation(environment(folder / "data"), folder / "data")
    backup = folder / "suji.tar.gz"
    (before,) = here.tell(SEED, TELL, f'call_command("backup", "{backup}", stderr=io.StringIO())\n')
    return folder / "data", backup, before


@pytest.fixture
def on_sqlite(settled: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> Installation:
    """A copy of it."""
    shutil.copytree(settled[0], tmp_path / "sqlite")
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
    if url := here.environment.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    for path in here.folder.glob("suji.sqlite3*"):
        path.unlink()


def drill(here: Installation, backup: Path, before: dict[str, Any]) -> dict[str, Any]:
    """Somebody leaves, a mail comes, a mailbox is taken off and an address replaced after the backup; then all but the
    tombstones is lost. Returns what comes back.
    """
    over, not_empty = here.tell(f'refused("backup", "{backup}")\n', LATER, f'refused("restore", "{backup}")\n')
    assert "writes over nothing" in over["refused"]
    assert "--replace" in not_empty["refused"]
    carved = {name for name in here.files() if name.startswith("tombstones/")}
    assert carved
    assert here.files() > carved  # nothing was touched

    lose_database(here)
    here.lose_files(but="tombstones/")
    restored = here.manage("restore", str(backup))
    assert restored.returncode == 0, restored.stdout + restored.stderr

    (after,) = here.tell()
    assert after["told"] == before["told"]
    assert after["people"] == ["lin@example.com", "mei@example.com"]
    assert after["faults"] == []
    assert after["seen"] == [2, 1, 1, 3]
    assert (after["sessions"], after["feeds"]) == (0, 0)
    assert after["speak for her"] == ["mei@example.com", "stays@example.com"]
    assert after["log her in"] == after["speak for her"]
    assert after["addresses"] == 0  # the one that was replaced stays so; what took its place came after the backup
    kept = {name for name in here.files() if not name.startswith("tombstones/")}
    assert {name.split("/")[0] for name in kept} == {"raw", "exhibits"}
    assert len(kept) == 2  # hers, none of those who left, none that came later
    return after


def test_an_installation_comes_back_on_sqlite_moves_to_postgresql_and_s3_and_comes_back_there(
    settled: tuple[Path, Path, dict[str, Any]], on_sqlite: Installation, on_postgres: Installation, tmp_path: Path
) -> None:
    _folder, backup, before = settled
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert before["people"] == ["leaves@example.com", "lin@example.com", "mei@example.com"]
    assert (before["sessions"], before["feeds"]) == (2, 2)
    assert before["speak for her"] == ["mei@example.com", "stays@example.com", "work@example.com"]
    assert (before["log her in"], before["addresses"]) == (before["speak for her"], 1)
    here = drill(on_sqlite, backup, before)

    lines, moved = tmp_path / "tombstones.txt", tmp_path / "moved.tar"
    lines.write_text(on_sqlite.manage("tombstones").stdout)
    make_bucket = 'call_command("make_bucket", stdout=io.StringIO())\n'
    move = f'call_command("restore", "{backup}", tombstones=__import__("pathlib").Path("{lines}"))\n'
    goes_on = 'make.a_user("leaves@example.com")\n'  # sequences stand where they stood; and she may come back
    back_up = f'call_command("backup", "{moved}", stderr=io.StringIO())\n'
    (there,) = on_postgres.tell(make_bucket, move, TELL, goes_on, back_up)
    assert there == here
    assert drill(on_postgres, moved, there) == there


def test_a_damaged_backup_is_refused_and_a_damaged_installation_found_and_put_right(
    settled: tuple[Path, Path, dict[str, Any]], on_sqlite: Installation, tmp_path: Path
) -> None:
    _folder, backup, before = settled
    whole = tmp_path / "suji.tar"
    whole.write_bytes(gzip.decompress(backup.read_bytes()))
    subprocess.run(["tar", "-xf", str(whole), "-C", str(tmp_path)], check=True)  # anybody can check it by hand
    subprocess.run(["sha256sum", "--quiet", "-c", "MANIFEST.sha256"], cwd=tmp_path, check=True)

    data = whole.read_bytes()
    at = data.index(b"%PDF-1.4")
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(data[:at] + b"X" + data[at + 1 :])
    torn = tmp_path / "torn.tar"
    torn.write_bytes(data[: len(data) * 2 // 3])
    foreign = tmp_path / "foreign.tar"
    with tarfile.open(foreign, "w") as tar:
        tar.addfile(tarfile.TarInfo("../outside"))
    newer = tmp_path / "newer.tar"
    newer.write_bytes(data.replace(b"0001_initial", b"9999_initial"))
    paths = (damaged, torn, foreign, tmp_path / "none.tar", newer)
    tries = [f'refused("restore", __import__("pathlib").Path("{path}"), replace=True)\n' for path in paths]
    put_right = f'call_command("restore", "{backup}", replace=True, stdout=io.StringIO())\n'
    *refusals, after, found, status, restored = on_sqlite.tell(*tries, TELL, BREAK, put_right, TELL)
    for refusal, word in zip(refusals, ("damaged", "torn.tar", "outside", "none.tar", "damaged"), strict=True):
        assert word in refusal["refused"]
    assert after == before

    assert found["what"] == ["chain", "exhibit", "exhibit", "mail"]
    assert status["status"] == 1
    assert restored == before | {"sessions": 0, "feeds": 0}
