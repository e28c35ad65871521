"""What `doctor` says of an installation that is well, and of each thing that may be wrong with it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from complaints.intake import reader
from complaints.models import Alarm, RawMail
from config import doctor, last_backup, pulse
from tests import make, names

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp_port() -> Iterator[int]:
    """A door that greets whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            while True:
                try:
                    visitor, _address = server.accept()
                except OSError:
                    return
                with visitor:
                    visitor.sendall(b"220 suji\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def _well(settings: LazySettings, tmp_path: Path, smtp_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with nothing wrong: a door, a worker that lives, a compiled catalogue, a reader."""
    settings.SMTP_PORT = smtp_port
    settings.DATA_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "locale/en/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "locale/en/LC_MESSAGES/django.mo").touch()
    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse/all@here").touch()
    monkeypatch.setattr(reader, "has_network", lambda: False)


def said() -> tuple[str, int]:
    """What the command prints, and its exit status."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def findings(look: Callable[[], Iterator[doctor.Finding]]) -> tuple[str, bool]:
    found = list(look())
    return "\n".join(f"{finding.said} {finding.advice}" for finding in found), all(one.is_fine for one in found)


@pytest.mark.usefixtures("_well")
def test_an_installation_that_is_well_has_only_ok_lines_and_exit_status_0() -> None:
    words, status = said()
    assert "!!" not in words
    assert words.splitlines()[-1] == "Nothing is wrong."
    assert status == 0


@pytest.mark.usefixtures("_well")
def test_each_wrong_thing_comes_with_what_to_do_and_exit_status_1(settings: LazySettings) -> None:
    settings.LOCALE_PATHS = [Path("/nowhere")]
    words, status = said()
    wrong = words.splitlines().index("!!  message catalogue 'en' is not compiled")
    assert words.splitlines()[wrong + 1].strip().startswith("make messages")
    assert words.splitlines()[-1] == "1 thing to put right."
    assert status == 1


@pytest.mark.usefixtures("_well")
def test_it_leaves_nothing_behind() -> None:
    before = default_storage.listdir("") if default_storage.exists("") else ([], [])
    said()
    assert default_storage.listdir("") == before


def test_a_door_that_does_not_answer_is_wrong_here_and_may_be_elsewhere_in_production(
    settings: LazySettings,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.SMTP_PORT = free.getsockname()[1]
    words, is_fine = findings(doctor.door)
    assert "make run" in words
    assert not is_fine
    settings.PRODUCTION = True
    assert findings(doctor.door)[1]


def test_a_worker_that_was_last_seen_long_ago_is_wrong(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert "never seen" in findings(doctor.worker)[0]
    (tmp_path / "pulse").mkdir()
    file = tmp_path / "pulse/all@here"
    file.touch()
    assert findings(doctor.worker) == ("worker: all@here 0 s ago ", True)
    old = (timezone.now() - timedelta(minutes=3)).timestamp()
    os.utime(file, (old, old))
    words, is_fine = findings(doctor.worker)
    assert "last seen 180 s ago" in words
    assert not is_fine


def test_mail_that_waits_long_is_wrong() -> None:
    make.a_mail(at=timezone.now() - timedelta(minutes=2))
    assert findings(doctor.waiting_mail)[1]
    make.a_mail(at=timezone.now() - timedelta(minutes=20))
    words, is_fine = findings(doctor.waiting_mail)
    assert "waits 20 minutes" in words
    assert not is_fine


def test_mails_without_their_bytes_do_not_add_up() -> None:
    RawMail.objects.filter(mail=make.a_mail(at=timezone.now())).delete()
    words, is_fine = findings(doctor.waiting_mail)
    assert "bytes_lost 1" in words
    assert not is_fine


def test_a_broker_that_is_away_is_wrong_and_none_at_all_is_not(settings: LazySettings) -> None:
    assert findings(doctor.broker)[1]
    settings.REDIS_URL = "unix:///nowhere/broker.sock"
    words, is_fine = findings(doctor.broker)
    assert "No mail is lost" in words
    assert not is_fine


def test_a_password_in_the_brokers_address_is_not_printed(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://suji:very-secret@127.0.0.1:1/0"
    assert "very-secret" not in findings(doctor.broker)[0]


def test_a_full_disk_is_wrong(settings: LazySettings) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"free_bytes": 2**60}
    words, is_fine = findings(doctor.disk)
    assert "452" in words
    assert not is_fine


def test_it_says_whether_the_reader_has_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for has_network, word in ((False, "it has no network"), (True, "it could reach a network")):
        monkeypatch.setattr(reader, "has_network", lambda has_network=has_network: has_network)
        words, is_fine = findings(doctor.reader_process)
        assert word in words
        assert is_fine


def test_a_reader_that_does_not_start_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def has_network() -> bool:
        raise reader.ReaderNotStarted("it ended with 1")

    monkeypatch.setattr(reader, "has_network", has_network)
    words, is_fine = findings(doctor.reader_process)
    assert "it ended with 1" in words
    assert not is_fine


def test_a_database_that_cannot_be_asked_is_a_finding_and_the_rest_is_still_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def durability_problem() -> Any:
        raise OperationalError("no such server")

    monkeypatch.setattr(doctor, "durability_problem", durability_problem)
    monkeypatch.setattr(doctor, "EXAMINATIONS", (doctor.database, doctor.versions))
    first, second = doctor.examine()
    assert not first.is_fine
    assert "no such server" in first.said
    assert second.is_fine


def test_weak_durability_and_missing_migrations_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "durability_problem", lambda: "commits are not waited for")
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda self, targets: [("a", False)])
    words, is_fine = findings(doctor.database)
    assert "commits are not waited for" in words
    assert "migrations: 1 not applied python manage.py migrate" in words
    assert not is_fine


def test_the_inbox_domain_must_not_be_the_sites(settings: LazySettings) -> None:
    assert findings(doctor.names)[1]
    settings.SITE_URL = "https://in.suji.localhost"
    assert not findings(doctor.names)[1]


def test_a_mail_server_that_does_not_answer_is_wrong(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    words, is_fine = findings(doctor.mail_out)
    assert "EMAIL_URL" in words
    assert not is_fine


# -- where mail comes from, clocks, secrets, backups -----------------------------------------------------


def test_the_mx_of_the_inbox_domain_is_named_with_its_addresses(settings: LazySettings) -> None:
    settings.INBOX_DOMAIN = "in.example.org"
    with names.serving() as server:
        settings.DNS_RESOLVER = server.address
        words, is_fine = findings(doctor.inbox_domain_in_the_dns)
        assert "in.example.org has none" in words
        assert not is_fine
        server.others["in.example.org", "MX"] = ["10 mx.example.org."]
        words, is_fine = findings(doctor.inbox_domain_in_the_dns)
        assert "mx.example.org, which has no address" in words
        assert not is_fine
        server.others["mx.example.org", "A"] = ["203.0.113.25"]
        words, is_fine = findings(doctor.inbox_domain_in_the_dns)
        assert "mx.example.org (203.0.113.25)" in words
        assert is_fine


def test_a_clock_that_is_far_from_the_databases_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings(doctor.clock)[1]
    if connection.vendor == "postgresql":
        monkeypatch.setattr(doctor, "CLOCKS_APART", -1.0)
        words, is_fine = findings(doctor.clock)
        assert "NTP" in words
        assert not is_fine


def test_a_secret_that_everybody_can_read_is_wrong(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    assert findings(doctor.secrets_kept)[1]
    secret = tmp_path / "key"
    secret.write_text("secret")
    secret.chmod(0o644)
    monkeypatch.setenv("SECRET_KEY_FILE", str(secret))
    words, is_fine = findings(doctor.secrets_kept)
    assert f"chmod o-rwx {secret}" in words
    assert not is_fine


def test_in_production_a_backup_must_be_young_and_a_worker_live_somewhere(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    assert findings(doctor.backups)[1]
    settings.PRODUCTION = True
    assert "never made" in findings(doctor.backups)[0]
    last_backup.note(timezone.now() - timedelta(days=3))
    words, is_fine = findings(doctor.backups)
    assert "3 days old" in words
    assert not is_fine
    last_backup.note(timezone.now())
    assert findings(doctor.backups)[1]
    assert not findings(doctor.worker)[1]
    pulse.beat("mail@elsewhere", timezone.now())
    assert "mail@elsewhere" in findings(doctor.worker)[0]
    assert findings(doctor.worker)[1]


def test_an_alarm_that_rings_is_wrong_and_comes_with_what_to_do() -> None:
    assert findings(doctor.alarms_that_ring) == ("", True)
    Alarm.objects.create(name="missing", count=2, since=timezone.now(), seen_at=timezone.now())
    words, is_fine = findings(doctor.alarms_that_ring)
    assert "do not match (2)" in words
    assert not is_fine
