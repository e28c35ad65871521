"""SIGTERM in the middle of everything: what was begun is answered, what was held is given back, nobody is left.

A request half sent, a mail half sent and two mails in the worker's hands, one of which no reader will ever finish.
"""

from __future__ import annotations

import contextlib
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config import serve
from tests.processes import alive, command_of, family, tell, until
from tests.stack.mails import FROM, notice, story
from tests.stack.test_embedded_worker import rows, send, waiting
from tools.stack import ROOT, Stack, answers, running

pytestmark = pytest.mark.stack

GRACE = 10  # seconds that docs/operating.md names
LEASE = 30  # seconds that a mail would wait that a worker took along


@contextlib.contextmanager
def again(before: Stack) -> Iterator[Stack]:
    """`serve` once more, with the data and the ports of `before`."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "serve"],
        env=before.environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        assert until(lambda: answers(f"{before.url}/readyz"), 30)
        yield Stack(before.url, before.smtp_port, before.data_dir, process, before.environment)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(GRACE + 2) == 0


def half_a_request(stack: Stack) -> socket.socket:
    """A form of which all but the last byte was sent."""
    place = urlsplit(stack.url)
    line = socket.create_connection((place.hostname or "", place.port or 0), timeout=GRACE)
    line.sendall(
        f"POST /accounts/login/ HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nemail=mei".encode()
    )
    return line


def rest_of(line: socket.socket) -> tuple[bytes, bytes, bytes]:
    """Status line, headers and body of the answer, up to where the server closed."""
    said = b"".join(iter(lambda: line.recv(65536), b""))
    head, _blank, body = said.partition(b"\r\n\r\n")
    status, _end, headers = head.partition(b"\r\n")
    return status, headers, body


def half_a_mail(stack: Stack, inbox: str, mail: bytes) -> smtplib.SMTP:
    door = smtplib.SMTP("127.0.0.1", stack.smtp_port, timeout=GRACE)
    door.ehlo()
    assert door.mail(FROM)[0] == 250
    assert door.rcpt(inbox)[0] == 250
    assert door.docmd("DATA")[0] == 354
    door.send(mail[: len(mail) // 2])
    return door


def length_said(headers: bytes) -> int:
    (said,) = (line for line in headers.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(said.partition(b":")[2])


def test_what_was_begun_is_answered_and_what_was_held_is_done_at_once_by_the_next() -> None:
    with tempfile.TemporaryDirectory(prefix="suji-stop-") as folder, running(demo=False, DATA_DIR=folder) as stack:
        stack = Stack(stack.url, stack.smtp_port, Path(folder), stack.process, stack.environment)
        _login, inbox = stack.add_user(FROM)
        send(stack, inbox, notice(1))
        assert until(lambda: rows(stack, "SELECT 1 FROM complaints_incomingmail WHERE outcome = 'filed'"), 10)
        readers = {pid for pid, command in family(stack.process.pid).items() if "reader_process" in command}
        assert readers
        tell(readers, signal.SIGSTOP)  # mails that take their time
        send(stack, inbox, notice(2), notice(3), notice(4))
        assert until(lambda: any(mail["lease"] for mail in waiting(stack)), 5)
        mail = notice(5)
        with half_a_request(stack) as request, contextlib.closing(half_a_mail(stack, inbox, mail)) as door:
            family_of_it = set(family(stack.process.pid))
            began = time.monotonic()
            stack.process.send_signal(signal.SIGTERM)
            assert until(lambda: not serve.answers(stack.smtp_port), 3)  # nobody new is let in
            request.sendall(b"@")
            status, headers, body = rest_of(request)
            door.send(mail[len(mail) // 2 :] + b"\r\n.\r\n")
            code, _words = door.getreply()
        assert stack.process.wait(GRACE) == 0
        assert time.monotonic() - began < GRACE
        assert until(lambda: not alive(family_of_it), 2), [command_of(pid) for pid in alive(family_of_it)]

        assert status.startswith(b"HTTP/1.1 ")
        assert not status.startswith(b"HTTP/1.1 5")
        assert len(body) == length_said(headers)
        assert code == 250 or 400 <= code < 500
        kept = 5 if code == 250 else 4
        assert len(rows(stack, "SELECT 1 FROM complaints_incomingmail")) == kept
        assert not [mail for mail in waiting(stack) if mail["lease"]], "a worker took a lease along"

        with again(stack) as second:
            assert until(lambda: not waiting(second), 10), waiting(second)
            assert time.monotonic() - began < LEASE  # so nobody waited for one
            mails = rows(second, "SELECT outcome, attempts, lost_leases FROM complaints_incomingmail")
            assert {(mail["outcome"], mail["attempts"], mail["lost_leases"]) for mail in mails} == {("filed", 0, 0)}
            told = {f"20261122{number:04d}": ["acknowledges"] for number in range(1, kept + 1)}
            assert story(second.manage, FROM) == told
            assert second.tell(FROM)["counts"]["received"] == kept
