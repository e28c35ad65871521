"""What a bench says of the machine it ran on: how busy it was, and what other processes of ours used."""

from __future__ import annotations

import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
BUSY = 0.5  # of each core: with more to do, wall clocks tell of the others too


def load() -> float:
    """How many processes wanted a core during the last minute."""
    return os.getloadavg()[0]


def warning(before: float) -> str:
    """What to say where the load `before` the bench began makes its wall clocks doubtful; else ""."""
    cores = os.cpu_count() or 1
    if before < BUSY * cores:
        return ""
    return (
        f"the load was {before:.1f} on {cores} cores before this began: trust the seconds of processor, not the clock"
    )


def children(module: str) -> list[int]:
    """The processes that this one started with `module` on their command line."""
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in found if module.encode() in command(pid)]


def command(pid: str) -> bytes:
    """The command line of process `pid`; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def processor_seconds(pid: int) -> float:
    """What process `pid` has used of the processor so far; 0 when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS


def pss(pid: int) -> int:
    """Bytes of memory that process `pid` costs, shared pages by their share; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


class Peak(threading.Thread):
    """The most that the processes of `module` cost at any moment (sum of their PSS), looked at ten times a second."""

    def __init__(self, module: str) -> None:
        super().__init__(daemon=True)
        self.module, self.bytes, self.over = module, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            self.look()

    def look(self) -> None:
        self.bytes = max(self.bytes, sum(pss(pid) for pid in children(self.module)))
