"""The health checks of the containers: they see what works, and say what does not."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from config import pulse

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://suji.example"


def asked(what: str, **environment: object) -> tuple[int, str]:
    """(exit status, what it says) of tools/healthy.py."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "healthy.py"), what],
        env={name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        timeout=20,
    )
    return run.returncode, run.stderr.strip()


@contextmanager
def a_web(status: int) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """A server that answers everything with `status`: its port, and the headers it was asked with."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({"path": self.path, **self.headers})
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port, seen
        server.shutdown()
        thread.join()


def a_pulse(data_dir: Path, age: float) -> None:
    file = data_dir / "pulse" / f"mail@{socket.gethostname()}"
    file.parent.mkdir()
    file.touch()
    os.utime(file, (time.time() - age,) * 2)


def test_the_web_is_asked_for_readiness_by_its_own_name() -> None:
    with a_web(200) as (port, seen):
        assert asked("web", PORT=port, SITE_URL=SITE) == (0, "")
    assert seen[0]["path"] == "/readyz"
    assert seen[0]["Host"] == "suji.example"
    assert seen[0]["X-Forwarded-Proto"] == "https"


def test_a_web_that_is_not_ready_is_not_healthy() -> None:
    with a_web(503) as (port, _seen):
        assert asked("web", PORT=port, SITE_URL=SITE) == (1, "/readyz answers 503")


def test_a_web_that_is_not_there_is_said_in_one_line() -> None:
    status, said = asked("web", PORT=1, SITE_URL=SITE)
    assert status == 1
    assert said.startswith("ConnectionRefusedError")
    assert len(said.splitlines()) == 1


def test_a_door_that_greets_is_healthy_and_one_that_is_shut_is_not() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    door = Controller(object(), hostname="127.0.0.1", port=port)
    door.start()
    try:
        assert asked("door", SMTP_PORT=port) == (0, "")
    finally:
        door.stop()
    assert asked("door", SMTP_PORT=port)[0] == 1


def test_a_worker_that_touched_its_file_lately_is_healthy(tmp_path: Path) -> None:
    a_pulse(tmp_path, age=5)
    assert asked("worker", DATA_DIR=tmp_path) == (0, "")


def test_a_worker_whose_main_loop_stands_still_is_not_healthy(tmp_path: Path) -> None:
    a_pulse(tmp_path, age=300)
    status, said = asked("worker", DATA_DIR=tmp_path)
    assert status == 1
    assert re.match(r"the worker was last seen 30\d s ago", said)


def test_the_worker_of_another_host_says_nothing_about_this_one(tmp_path: Path) -> None:
    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse" / "mail@elsewhere").touch()
    assert asked("worker", DATA_DIR=tmp_path) == (1, "the worker has never been seen")


def test_a_schedule_that_was_written_lately_is_healthy(tmp_path: Path) -> None:
    assert asked("beat", DATA_DIR=tmp_path) == (1, "the schedule has never been seen")
    (tmp_path / "schedule.dat").touch()
    assert asked("beat", DATA_DIR=tmp_path) == (0, "")


def test_an_unknown_question_is_answered_with_the_known_ones() -> None:
    status, said = asked("mood")
    assert status == 1
    assert "web|door|worker|beat" in said


class Clock:
    """Celery's timer, by hand: what it was given, and whether that was cancelled."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, Any]] = []
        self.cancelled = 0

    def call_repeatedly(self, seconds: float, do: Any) -> Any:
        self.calls.append((seconds, do))
        return SimpleNamespace(cancel=lambda: setattr(self, "cancelled", self.cancelled + 1))


def test_a_worker_shows_that_it_lives_and_takes_the_sign_away(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(pulse, "_tried", lambda write: None)  # the row beside the file: test_operations.py
    worker = SimpleNamespace(hostname="mail@here", timer=Clock())
    step = pulse.Pulse(worker)
    file = pulse.pulse_file("mail@here")

    step.start(worker)
    assert file.exists()
    [(seconds, touch)] = worker.timer.calls
    assert seconds < 60  # tools/healthy.py waits a minute
    os.utime(file, (0, 0))
    touch()
    assert file.stat().st_mtime > 0

    step.stop(worker)
    assert worker.timer.cancelled == 1
    assert not file.exists()
