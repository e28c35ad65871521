"""One child of `serve`: listened to, started again with longer pauses, ended with all that it started."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config import serve
from config.serve import Child

MakeChild = Callable[..., Child]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def a_child(settings: Any, tmp_path: Path, said: list[str]) -> Iterator[MakeChild]:
    """Children that run a piece of Python, ended after the test."""
    settings.DATA_DIR = tmp_path
    children: list[Child] = []

    def make(code: str, **fields: Any) -> Child:
        child = Child("child", [sys.executable, "-c", code], dict(os.environ), said.append, **fields)
        children.append(child)
        child.start()
        return child

    yield make
    for child in children:
        child.kill()
        child.close()


def until(is_so: Callable[[], Any], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def log_of(folder: Path) -> str:
    return (folder / "logs" / "child.log").read_text()


def test_what_a_child_says_goes_to_its_log_and_codes_to_the_terminal_alone(
    a_child: MakeChild, tmp_path: Path, said: list[str]
) -> None:
    a_child("print('hello', flush=True); print('mail to mei@example.com: code 123456', flush=True)")
    assert until(lambda: said == ["mail to mei@example.com: code 123456"])
    assert "hello" in log_of(tmp_path)
    assert "123456" not in log_of(tmp_path)


def test_a_child_that_ends_is_started_again_after_ever_longer_pauses(
    a_child: MakeChild, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    child = a_child("raise SystemExit(3)")
    pauses = []
    for _time in range(4):
        assert until(lambda: child.process and child.process.poll() is not None)
        started = child.started
        child.look_after()
        pauses.append(child.again_at - time.monotonic() if child.again_at else 0.0)
        monkeypatch.setattr(child, "again_at", 0.001 if child.again_at else 0.0)
        child.look_after()
        assert child.started >= started
    assert pauses[0] == 0.0
    assert pauses[1:] == sorted(pauses[1:])
    assert 0.3 < pauses[1] <= 0.5 < pauses[2] <= 1 < pauses[3] <= 2
    assert all("child ended (3): starting it again" in line for line in said)


def test_a_child_that_ran_well_for_long_is_started_again_at_once(a_child: MakeChild) -> None:
    child = a_child("import time; time.sleep(60)")
    child.pause = 30.0
    child.started -= serve.QUIET_SECONDS + 1
    child.look_after()
    assert child.pause == 0.0


def test_a_worker_whose_loop_stands_still_is_ended_and_started_again(
    a_child: MakeChild, tmp_path: Path, said: list[str]
) -> None:
    pulse = tmp_path / "pulse"
    pulse.touch()
    child = a_child("import time; time.sleep(60)", pulse=pulse)
    assert child.process
    first = child.process.pid
    child.started -= serve.NO_PULSE_SECONDS + 1
    child.look_after()
    assert child.process.poll() is None  # its pulse is young
    old = time.time() - serve.NO_PULSE_SECONDS - 5
    os.utime(pulse, (old, old))
    child.look_after()
    child.look_after()
    assert child.process.pid != first
    assert "stands still" in said[0]
    child.look_after()
    assert child.process.poll() is None  # the new one is given time


def test_a_child_that_will_not_end_is_ended_with_all_that_it_started(a_child: MakeChild, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(note)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    child = a_child(code)
    assert until(lambda: note.exists() and note.read_text())
    child.stop()
    child.wait(time.monotonic() + 0.3)
    grandchild = Path(f"/proc/{note.read_text()}/stat")
    assert until(lambda: not grandchild.exists() or grandchild.read_text().rpartition(")")[2].split()[0] == "Z")
