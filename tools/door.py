"""`manage.py receive` alone, in a folder and on a port of its own: for tests and benches."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.stack import ROOT, DidNotStart, free_ports, wait_until

MANAGE = (sys.executable, str(ROOT / "manage.py"))


@dataclass(frozen=True)
class Alone:
    port: int
    data_dir: Path
    process: subprocess.Popen[bytes]
    inbox: str
    said: Path  # what it printed


def surroundings(data_dir: Path, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a Suji in `data_dir`, with nothing of the developer's own in it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return kept | {"DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **(environment or {})}


def prepare(there: dict[str, str], email: str = "mei@example.com") -> str:
    """Make the database of those surroundings; the inbox address of `email` in it."""
    for words in (("migrate", "--verbosity", "0"), ("createcachetable",)):
        subprocess.run([*MANAGE, *words], env=there, cwd=ROOT, check=True, capture_output=True, timeout=120)
    added = subprocess.run(
        [*MANAGE, "add_user", email], env=there, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    found = re.search(r"^inbox: (\S+)$", added.stdout, re.MULTILINE)
    if not found:
        raise DidNotStart(added.stdout)
    return found[1]


@contextlib.contextmanager
def door_alone(
    data_dir: Path,
    *,
    environment: Mapping[str, str] | None = None,
    under: Sequence[str] = (),
    inbox: str = "",
    patience: float = 60,
) -> Iterator[Alone]:
    """The SMTP door, listening, over a database made ready in `data_dir`; `inbox` when that was done before.

    under   the command that starts it, such as strace and its options
    raises  DidNotStart
    """
    there = surroundings(data_dir, environment)
    inbox = inbox or prepare(there)
    (port,) = free_ports(1)
    said = data_dir.parent / f"{data_dir.name}.door"
    with said.open("ab") as out:
        process = subprocess.Popen(
            [*under, *MANAGE, "receive", "--port", str(port)],
            env=there, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until(lambda: f":{port} ".encode() in said.read_bytes(), process, said, patience)
        yield Alone(port, data_dir, process, inbox, said)
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)  # with whatever it runs under
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
                break
