"""How long `make run` takes until /readyz answers, and what Suji takes when idle.

    .venv/bin/python bench/start.py [--empty-cache] [--settle 30] [--json]

Clones this repository (what is committed) into a fresh folder and types `make run` there, twice: the first start makes
.venv from wheels in the local cache, the second finds everything made. --empty-cache starts once more with nothing
cached, which downloads every package. Memory is the sum of PSS over all processes after the second start, --settle
seconds after Suji said that it is ready; so is the share of one core. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.stack import ROOT, answers, free_ports

MARKS = {"nothing made, empty cache": 180.0, "nothing made, wheels in the cache": 30.0, "everything made": 30.0}
MEMORY_MARK = 450  # MB


class DidNotStart(RuntimeError):
    """`make run` ended, or did not answer in time; the message holds what it said last."""


@dataclass
class Start:
    ready: float  # seconds to /readyz 200
    told: float  # seconds until everything is there, demo world included
    memory: float  # MB, sum of PSS
    processes: int
    cpu: float  # share of one core while idle, 0 to 1


def family(root: int) -> list[int]:
    """`root` and every process below it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # ended while we looked
                continue
            parents[int(entry.name)] = int(fields[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def pss(pid: int) -> int:
    """Proportional set size of a process in kB; 0 when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def ticks(pid: int) -> int:
    """Processor time that a process and the children it waited for have used, in clock ticks."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))


def start(folder: Path, cache: dict[str, str], settle: float, patience: float = 600) -> Start:
    """One `make run` in `folder`, from typing it to Ctrl-C."""
    web, smtp = free_ports(2)
    kept = {name: value for name, value in os.environ.items() if name not in ("DATA_DIR", "MAKEFLAGS", "VIRTUAL_ENV")}
    log = folder / "run.out"
    begun = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "run", f"PORT={web}", f"SMTP_PORT={smtp}"],
            cwd=folder / "suji",
            env=kept | {"PYTHONUNBUFFERED": "1"} | cache,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def until(is_so: object) -> float:
        while not is_so():  # type: ignore[operator]
            if process.poll() is not None or time.monotonic() - begun > patience:
                raise DidNotStart(log.read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        return time.monotonic() - begun

    try:
        ready = until(lambda: answers(f"http://127.0.0.1:{web}/readyz"))
        told = until(lambda: b"READY" in log.read_bytes())
        time.sleep(settle)
        pids = family(process.pid)
        before, then = sum(map(ticks, pids)), time.monotonic()
        time.sleep(10)
        used = (sum(map(ticks, pids)) - before) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - then)
        return Start(ready, told, sum(map(pss, pids)) / 1024, len(pids), used)
    finally:
        os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C does
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--empty-cache", action="store_true", help="also start with nothing cached (downloads)")
    parser.add_argument("--settle", type=float, default=30, help="seconds of rest before memory is read (30)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
    asked = parser.parse_args()
    figures: dict[str, Start] = {}
    with tempfile.TemporaryDirectory(prefix="suji-start-") as name:
        folder = Path(name)
        clone = ["git", "-c", f"safe.directory={ROOT}/.git", "clone", "--quiet", str(ROOT), str(folder / "suji")]
        subprocess.run(clone, check=True)
        if asked.empty_cache:
            empty = {"UV_CACHE_DIR": str(folder / "uv"), "PIP_NO_CACHE_DIR": "1"}
            figures["nothing made, empty cache"] = start(folder, empty, 0)
            for made in (".venv", ".tools", "var"):
                subprocess.run(["rm", "-rf", str(folder / "suji" / made)], check=True)
        figures["nothing made, wheels in the cache"] = start(folder, {}, 0)
        figures["everything made"] = start(folder, {}, asked.settle)
    if asked.json:
        print(json.dumps({name: vars(figure) for name, figure in figures.items()}, ensure_ascii=False))
        return
    for name, figure in figures.items():
        met = "met" if figure.ready <= MARKS[name] else "missed"
        print(f"make run, {name}: /readyz after {figure.ready:.1f} s, all there after {figure.told:.1f} s; "
              f"mark ≤ {MARKS[name]:.0f} s: {met}")  # fmt: skip
    idle = figures["everything made"]
    print(f"idle: {idle.memory:.0f} MB (PSS of {idle.processes} processes), {idle.cpu:.1%} of a core; "
          f"mark ≤ {MEMORY_MARK} MB: {'met' if idle.memory <= MEMORY_MARK else 'missed'}")  # fmt: skip


if __name__ == "__main__":
    main()
