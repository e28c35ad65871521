"""The limited process: what a mail brings it to ends it, and the next mail is read."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from complaints.intake import reader
from complaints.intake.reader import ReaderDied, ReaderNotStarted, Sort
from complaints.intake.reading import read as read_here
from tests import make

GOOD = make.raw_mail()
READER_SECONDS = 16  # the wall clock that a reader has, and a little
LIMITS = {"cpu_seconds": 1, "wall_seconds": 4, "memory": 512 * 1024 * 1024, "mails": 500}


@pytest.fixture(autouse=True)
def _own_readers() -> Iterator[None]:
    reader.end_all()
    yield
    reader.end_all()


@pytest.fixture
def obedient(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Readers that do what a mail says (hostile_reader.py)."""
    monkeypatch.setattr(reader, "MAILS", Sort("tests.complaints.intake.hostile_reader", "READER_LIMITS"))
    settings.READER_LIMITS = LIMITS


def told(word: str) -> str:
    return reader.read(word.encode()).warnings[0]


def pids() -> list[int]:
    return [one._child.pid for one in reader._idle]


def test_a_mail_reads_the_same_in_the_other_process() -> None:
    assert reader.read(GOOD) == read_here(GOOD)


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff" * 1000, b"From: a\r\nFrom: b\r\n\r\n\xed\xa0\x80", b"\r\n"])
def test_odd_bytes_come_back_as_a_reading(raw: bytes) -> None:
    assert reader.read(raw) == read_here(raw)


def test_one_process_reads_many_mails_and_is_then_replaced(settings: Any) -> None:
    settings.READER_LIMITS = settings.READER_LIMITS | {"mails": 3}
    seen = []
    for number in range(4):
        reader.read(make.raw_mail(body=f"mail {number}"))
        seen.append(pids())
    assert seen[0] == seen[1] != []
    assert seen[2] == []  # it had read its share
    assert seen[3] not in ([], seen[0])


def test_two_threads_have_a_reader_each(obedient: None) -> None:
    started = time.monotonic()
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(told("tell_limits"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == ["0 True"] * 4
    assert 1 <= len(set(pids())) <= 4
    assert time.monotonic() - started < 30


@pytest.mark.usefixtures("obedient")
@pytest.mark.parametrize(
    ("word", "seconds"),
    [
        ("spin", 2.5), ("spin_in_c", 2.5), ("swallow_memory", 3), ("sleep", 5.5), ("leave", 1), ("crash", 1),
        ("recurse", 3), ("fail", 1), ("write_a_file", 1), ("open_many", 1),
    ],
)  # fmt: skip
def test_what_is_too_much_ends_the_reader_in_time_and_the_next_mail_is_read(
    word: str, seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    reader.read(GOOD)
    (before,) = pids()
    began = time.monotonic()
    with pytest.raises(ReaderDied) as died:
        reader.read(word.encode())
    assert time.monotonic() - began < seconds * 3  # twice more: other work runs beside the tests
    assert pids() == []
    assert not Path(f"/proc/{before}").exists()
    assert "secret" not in caplog.text + str(died.value)
    assert reader.read(GOOD) == read_here(GOOD)


def test_a_reader_says_what_it_died_of_by_class_and_place(obedient: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with pytest.raises(ReaderDied, match=r"ValueError at hostile_reader\.py:"):
        reader.read(b"fail")
    assert "a reader died: ValueError at hostile_reader.py:" in caplog.text


def test_what_a_library_prints_does_not_come_between_the_answers(
    obedient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told("babble") == "babbled"
    assert reader.read(GOOD) == read_here(GOOD)
    assert capfd.readouterr() == ("", "")


def test_a_reader_finds_no_secrets_no_django_and_leaves_no_core(obedient: None, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "x")
    assert not {"SECRET_KEY", "DATABASE_URL", "DATA_DIR"} & set(told("tell_environment").split())
    assert not {"django", "celery", "redis", "psycopg"} & set(told("tell_modules").split())
    assert told("tell_limits") == "0 True"


def test_a_reader_reaches_no_network_where_it_says_so(obedient: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = told(f"call 127.0.0.1 {port}")
    assert (said == "connected") is reader.has_network()


def test_where_the_system_lets_us_the_network_is_closed() -> None:
    if os.geteuid() == 0 and sys.platform == "linux":
        assert reader.has_network() is False
    else:
        assert reader.has_network() in (True, False)


def test_memory_is_counted_above_the_start_and_given_back(obedient: None) -> None:
    for _number in range(3):
        assert reader.read(b"Subject: x\r\n\r\n" + b"a\r\n" * 400_000).sha256
    assert len(pids()) == 1


def test_a_reader_that_was_killed_while_idle_is_replaced_unnoticed() -> None:
    reader.read(GOOD)
    (pid,) = pids()
    os.kill(pid, 9)
    time.sleep(0.1)
    assert reader.read(GOOD).sha256
    assert pid not in pids()


def test_a_reader_that_cannot_be_started_is_our_fault_not_the_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAILS", Sort("tests.complaints.intake.no_such_module", "READER_LIMITS"))
    with pytest.raises(ReaderNotStarted):
        reader.read(GOOD)
    assert not issubclass(ReaderNotStarted, ReaderDied)


def test_after_a_fork_nobody_talks_to_the_parents_reader() -> None:
    reader.read(GOOD)
    (pid,) = pids()
    if child := os.fork():
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        reader.read(GOOD)
        assert pids() == [pid]
        return
    os._exit(0 if not reader._idle and reader.read(GOOD).sha256 and pid not in pids() else 1)


def parts(count: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n\r\n" * count + b"--b--\r\n"


def nested(depth: int) -> bytes:
    kinds = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return kinds + b"\r\nhello\r\n"


BOMBS = {
    "encoded words": b"Subject: " + b" ".join([b"=?utf-8?b?5oqV6K+J?="] * 20_000) + b"\r\n\r\nx",
    "quotes": b"From: " + b'"' * 100_000 + b"\r\n\r\nx",
    "parentheses": b"To: " + b"(" * 100_000 + b"\r\n\r\nx",
    "commas": b"To: " + b"a@b," * 100_000 + b"\r\n\r\nx",
    "headers": b"X: y\r\n" * 200_000 + b"\r\nx",
    "parts": parts(50_000),
    "nested": nested(2_000),
    "nested mails": b"Content-Type: message/rfc822\r\n\r\n" * 2_000,
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 300_000,
    "open tags": b"Content-Type: text/html\r\n\r\n" + b"<a href='" * 200_000,
    "entities": b"Content-Type: text/html\r\n\r\n" + b"&#x41;&amp" * 300_000,
    "spaces": b"Subject: x\r\n\r\n" + b" " * 3_000_000 + b"x",
    "digits": b"Subject: x\r\n\r\n" + b"1" * 2_000_000,
    "quoted lines": b"Subject: x\r\n\r\n" + b"> " * 500_000,
    "forwards": b"Subject: x\r\n\r\n" + "------------------ 原始邮件 ------------------\r\n".encode() * 20_000,
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A" * 5_000_000,
    "boundary": b"Content-Type: multipart/mixed; boundary=" + b"-" * 100_000 + b"\r\n\r\n" + b"-" * 1_000_000,
    "charset": b"Content-Type: text/plain; charset=" + b"x" * 100_000 + b"\r\n\r\nx",
    "parameters": b"Content-Type: text/plain" + b"; a*0*=utf-8''x" * 50_000 + b"\r\n\r\nx",
}


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_a_bomb_is_read_or_ends_one_reader_and_never_us(bomb: str) -> None:
    began = time.monotonic()
    try:
        reading = reader.read(BOMBS[bomb])
    except ReaderDied:
        assert pids() == []
    else:
        assert reading.notices
    assert time.monotonic() - began < READER_SECONDS
    assert reader.read(GOOD) == read_here(GOOD)
