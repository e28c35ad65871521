"""Processes that tests start, watched from outside: who lives, who is left, and waiting for something to be so."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any


def until(is_so: Callable[[], Any], seconds: float) -> bool:
    """Whether `is_so()` came true within `seconds`; asked ten times a second."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def command_of(pid: int) -> str:
    """Its command line, "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _stats() -> Iterator[tuple[int, list[str]]]:
    """Each process and its state, parent, group and session, as /proc/PID/stat has them after the name."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                yield int(entry.name), (entry / "stat").read_text().rpartition(")")[2].split()[:4]


def family(root: int) -> dict[int, str]:
    """The processes below `root`: process number → command line."""
    parents = {pid: int(stat[1]) for pid, stat in _stats()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return {pid: command_of(pid) for pid in found[1:]}


def session(leader: int) -> dict[int, str]:
    """The living of the session that `leader` began, itself too; whoever lost its parent is still in it."""
    return {pid: command_of(pid) for pid, stat in _stats() if stat[3] == str(leader) and stat[0] not in "ZX"}


def alive(pids: Iterable[int]) -> set[int]:
    """Those of them that still run; one that nobody has waited for yet does not."""
    return {pid for pid, stat in _stats() if pid in set(pids) and stat[0] not in "ZX"}


def tell(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to those of them that are still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
