"""`manage.py ingest` and the words of `manage.py receive` when it cannot."""

from __future__ import annotations

import io
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from complaints.management.commands import ingest, receive
from complaints.models import IncomingMail
from tests import make

pytestmark = pytest.mark.django_db


def run(*words: Any) -> tuple[list[str], str]:
    """What ingest printed, and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    call_command("ingest", *map(str, words), stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


def a_file(folder: Path, name: str = "a.eml", raw: bytes | None = None) -> Path:
    file = folder / name
    file.write_bytes(make.raw_mail() if raw is None else raw)
    return file


def test_a_file_is_kept_byte_for_byte_and_again_is_a_repeat(tmp_path: Path) -> None:
    file, address = a_file(tmp_path, raw=b"Subject: x\nbare line ends\n\xff"), make.an_inbox().address
    (new,), _err = run(file, "--to", address)
    mail = IncomingMail.objects.get()
    assert new == f"{file} {mail.public_id} new"
    assert run(file, "--to", address) == ([f"{file} {mail.public_id} repeat"], "")
    assert bytes(mail.raw.data) == file.read_bytes()
    assert (mail.door, mail.outcome) == ("ingest", "waiting")


def test_what_lies_in_a_zip_is_the_same_mails_as_alone(tmp_path: Path) -> None:
    address, alone = make.an_inbox().address, a_file(tmp_path)
    (line,), _err = run(alone, "--to", address)
    letters = tmp_path / "letters.zip"
    with zipfile.ZipFile(letters, "w") as archive:
        for name, content in {"in/a.eml": alone.read_bytes(), "b.txt": "商家拒绝", "c.pdf": b"x"}.items():
            archive.writestr(name, content)
    out, err = run(letters, "--to", address)
    first, second = IncomingMail.objects.order_by("pk")
    assert out == [f"{letters}/a.eml {first.public_id} repeat", f"{letters}/b.txt {second.public_id} new"]
    assert line.split(" ")[1] == first.public_id
    assert err == f"{letters}/c.pdf: left alone: no mail\n"


def test_a_zip_that_cannot_be_opened_is_not_kept(tmp_path: Path) -> None:
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 of 2 files were not kept"):
        call_command(
            "ingest", a_file(tmp_path, "b.zip", b"PK\x03\x04broken"), a_file(tmp_path), to=make.an_inbox().address,
            stdout=io.StringIO(), stderr=err,
        )  # fmt: skip
    assert "b.zip: the zip is locked, broken or too large" in err.getvalue()
    assert IncomingMail.objects.count() == 1


def test_a_file_that_is_not_there_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    there, gone = a_file(tmp_path), tmp_path / "gone.eml"
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="2 of 3 files were not kept"):
        call_command("ingest", gone, there, tmp_path, to=make.an_inbox().address, stdout=out, stderr=err)
    assert out.getvalue().startswith(f"{there} ")
    assert err.getvalue().splitlines() == [f"{gone}: No such file or directory", f"{tmp_path}: Is a directory"]


@pytest.mark.parametrize(
    ("limits", "address", "sentence"),
    [
        ({}, "nobody@in.suji.localhost", "no inbox takes mail at that address"),
        ({"size": 10}, "", "larger than a mail may be"),
        ({"per_inbox_hour": 0}, "", "had its fill"),
        ({"free_bytes": 1 << 60}, "", "no room left"),
    ],
)
def test_why_a_file_is_not_kept_is_said(
    settings: Any, tmp_path: Path, limits: dict[str, int], address: str, sentence: str
) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | limits
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("ingest", a_file(tmp_path), to=address or make.an_inbox().address, stderr=err)
    assert sentence in err.getvalue()
    assert not IncomingMail.objects.exists()


def test_a_door_on_a_taken_port_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match="SMTP_PORT="):
            call_command("receive", port=port)


@pytest.mark.parametrize("command", ["receive", "ingest"])
def test_no_door_opens_on_a_database_that_does_not_wait_for_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    for door in (receive, ingest):
        monkeypatch.setattr(door, "durability_problem", lambda: "it could be lost")
    words = [str(a_file(tmp_path)), "--to", make.an_inbox().address] if command == "ingest" else ["--port", "0"]
    with pytest.raises(CommandError, match="it could be lost"):
        call_command(command, *words)
    assert not IncomingMail.objects.exists()
