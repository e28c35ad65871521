"""A whole Suji of one's own, in a folder and on ports of its own: for browser tests, pictures and benches."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class DidNotStart(RuntimeError):
    """`serve` ended or did not answer in time; the message holds what it said last."""


@dataclass(frozen=True)
class Stack:
    url: str
    smtp_port: int
    data_dir: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        """What `manage.py WORDS` prints in this stack's surroundings; raises CalledProcessError when it fails."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout

    def tell(self, owner: str) -> dict[str, Any]:
        return dict(json.loads(self.manage("tell", "--owner", owner)))

    def add_user(self, email: str, role: str = "shopper") -> tuple[str, str]:
        """(log-in link, inbox address) of that person, made if needed."""
        lines = dict(line.split(": ", 1) for line in self.manage("add_user", email, "--role", role).splitlines())
        return lines["login"], lines["inbox"]


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def running(patience: float = 180, demo: bool = True, **environment: str) -> Iterator[Stack]:
    """`manage.py serve` in a fresh folder on free ports, answering /readyz; with the demo world unless `demo` is off.

    raises  DidNotStart
    """
    web, smtp = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="suji-stack-") as folder:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        surroundings = kept | {"DATA_DIR": folder, "PORT": str(web), "SMTP_PORT": str(smtp), "PYTHONUNBUFFERED": "1"}
        if not demo:
            surroundings["SUJI_DEMO_WORLD"] = "off"
        surroundings |= environment
        log = Path(folder) / "serve.out"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve"],
                env=surroundings,
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{web}/readyz"), process, log, patience)
            stack = Stack(f"http://127.0.0.1:{web}", smtp, Path(folder), process, surroundings)
            if demo:
                wait_until(lambda: b"READY" in log.read_bytes(), process, log, patience)
            yield stack
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until(is_so: Any, process: subprocess.Popen[bytes], log: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while not is_so():
        if process.poll() is not None or time.monotonic() > end:
            said = log.read_text(errors="replace")[-2000:]
            raise DidNotStart(f"serve {'ended' if process.poll() is not None else 'is not ready'}:\n{said}")
        time.sleep(0.1)
