"""SIGTERM: the door takes nothing new, keeps the mail that is on its way, and says so to who sent it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import pytest

from complaints import door
from complaints.intake.shapes import Door
from complaints.models import IncomingMail
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


class Talk:
    """One client, line by line, with a SIGTERM in the middle of its mail."""

    def __init__(self, address: str, then: Callable[[socket.socket], None]) -> None:
        self.address, self.then = address, then
        self.heard: list[str] = []
        self.refused = False
        self.thread = threading.Thread(target=self._run)

    def listening(self, host: str, port: int) -> None:
        self.place = (host, port)
        self.thread.start()

    def _run(self) -> None:
        with socket.create_connection(self.place, timeout=10) as line:
            file = line.makefile("rb")
            self.heard.append(file.readline().decode())
            for said in ("HELO me", "MAIL FROM:<mei@example.com>", f"RCPT TO:<{self.address}>", "DATA"):
                line.sendall(said.encode() + b"\r\n")
                self.heard.append(file.readline().decode())
            line.sendall(make.raw_mail())  # all but the end
            os.kill(os.getpid(), signal.SIGTERM)
            self._wait_until_closed()
            self.then(line)
            self.heard.append(file.readline().decode())

    def _wait_until_closed(self) -> None:
        for _try in range(500):
            try:
                socket.create_connection(self.place, timeout=1).close()
            except OSError:
                self.refused = True
                return
            time.sleep(0.02)


def talk(then: Callable[[socket.socket], None]) -> Talk:
    talking = Talk(make.an_inbox().address, then)
    asyncio.run(door.stay_open(Door.SMTP, "127.0.0.1", 0, talking.listening))
    talking.thread.join(10)
    return talking


def test_a_mail_on_its_way_is_kept_and_answered_and_nobody_else_is_let_in() -> None:
    talking = talk(lambda line: line.sendall(b".\r\n"))
    assert talking.refused
    assert talking.heard[-1].startswith("250 ")
    assert IncomingMail.objects.count() == 1


def test_one_that_does_not_come_whole_is_not_waited_for_and_gets_no_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LAST_SECONDS", 0.05)
    talking = talk(lambda line: None)
    assert talking.heard[-1] == ""  # the line is gone; its sender tries again
    assert not IncomingMail.objects.exists()
