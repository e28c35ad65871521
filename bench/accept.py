"""How fast the door says yes: each 250 only after its mail is committed and fsynced.

    .venv/bin/python bench/accept.py [--mails 1200] [--large 40] [--postgres URL] [--json]

Four connections send mails of 20 KB, and then of 2 MB, to `manage.py receive` over SQLite (synchronous=FULL), to the
same over PostgreSQL where --postgres names a server that it may make a database on, and to a bare aiosmtpd that throws
away what it reads. They take turns, a block of mails each, so that what else runs on the machine weighs on all alike;
beside them the disk is asked how many appends of a mail's size it makes durable in a second. Limits are off.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.door import door_alone
from tools.stack import free_ports

CONNECTIONS = 4
BLOCK = 200  # mails that one contestant takes before it is the next one's turn
SMALL, LARGE = 20_000, 2_000_000  # bytes
MARK_SHARE, MARK_P99 = 0.60, 0.100  # of discarding; seconds
DISCARDING = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Discard:
    async def handle_DATA(self, server, session, envelope):
        return "250 2.0.0 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Discard(), loop=loop), "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
import logging; logging.getLogger("mail.log").setLevel(logging.CRITICAL)
asyncio.run(main())
"""


@dataclass
class Contestant:
    name: str
    port: int
    recipient: str
    pid: int
    mails: int = 0
    seconds: float = 0.0
    processor: float = 0.0  # seconds, of the door's process
    waits: list[float] = field(default_factory=list)  # from the last byte of a mail to its 250

    def figures(self) -> dict[str, float]:
        waits = sorted(self.waits)
        return {
            "rate": self.mails / self.seconds,
            "processor": self.processor / self.mails,
            "p50": statistics.median(waits),
            "p99": waits[min(len(waits) - 1, int(len(waits) * 0.99))],
        }


class Line:
    """One connection, kept open over the turns."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.hear(b"220")
        self.say(b"EHLO bench.example", b"250")

    def hear(self, wanted: bytes) -> None:
        while (line := self.file.readline())[3:4] == b"-":
            pass
        if not line.startswith(wanted):
            raise SystemExit(f"the door said {line!r}")

    def say(self, command: bytes, wanted: bytes) -> None:
        self.socket.sendall(command + b"\r\n")
        self.hear(wanted)

    def mail(self, recipient: str, raw: bytes) -> float:
        """Seconds from the last byte of the mail to the 250."""
        self.say(b"MAIL FROM:<bench@example.com>", b"250")
        self.say(b"RCPT TO:<" + recipient.encode() + b">", b"250")
        self.say(b"DATA", b"354")
        self.socket.sendall(raw + b"\r\n.\r\n")
        sent = time.perf_counter()
        self.hear(b"250")
        return time.perf_counter() - sent


def a_mail(number: int, size: int) -> bytes:
    head = f"From: bench@example.com\r\nSubject: {number} {time.time_ns()}\r\n\r\n".encode()
    return head + (b"0123456789" * 7 + b"\r\n") * (size // 72)


def turn(one: Contestant, lines: list[Line], mails: int, size: int) -> None:
    """`mails` mails, shared out to the connections, at once."""
    raws = [a_mail(number, size) for number in range(mails)]
    waits: list[list[float]] = [[] for _ in lines]

    def send(place: int) -> None:
        for raw in raws[place :: len(lines)]:
            waits[place].append(lines[place].mail(one.recipient, raw))

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(lines))]
    started, used = time.perf_counter(), processor_time(one.pid)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one.seconds += time.perf_counter() - started
    one.processor += processor_time(one.pid) - used
    one.waits += [wait for some in waits for wait in some]
    one.mails += sum(map(len, waits))
    if one.mails % len(lines) or sum(map(len, waits)) != mails:
        raise SystemExit(f"{one.name}: not every mail was taken")


def processor_time(pid: int) -> float:
    """Seconds of processor that the process has used, its own and the system's for it."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def fsyncs(folder: Path, size: int, seconds: float = 1.0) -> float:
    """How many appends of `size` bytes this disk makes durable in a second, one after the other."""
    done, data = 0, b"x" * size
    with (folder / "fsync").open("ab", buffering=0) as file:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            file.write(data)
            os.fdatasync(file.fileno())
            done += 1
    (folder / "fsync").unlink()
    return done / seconds


@contextlib.contextmanager
def discarding() -> Iterator[tuple[int, int]]:
    """Port and process of a door that throws away what it reads."""
    (port,) = free_ports(1)
    process = subprocess.Popen([sys.executable, "-c", DISCARDING, str(port)])
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def a_database(server: str) -> Iterator[str]:
    """A fresh database on that PostgreSQL, its URL; dropped afterwards."""
    import psycopg

    name = f"suji_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def race(contestants: list[Contestant], mails: int, size: int, block: int) -> dict[str, dict[str, float]]:
    opened = {one.name: [Line(one.port) for _ in range(CONNECTIONS)] for one in contestants}
    for one in contestants:  # start threads, open connections, fill caches
        turn(one, opened[one.name], 2 * CONNECTIONS, size)
        one.seconds, one.processor, one.mails, one.waits = 0.0, 0.0, 0, []
    for _at in range(0, mails, block):
        for one in contestants:
            turn(one, opened[one.name], block, size)
    return {one.name: one.figures() for one in contestants}


def measure(small: int, large: int, postgres: str) -> dict[str, dict[str, dict[str, float]]]:
    figures: dict[str, dict[str, dict[str, float]]] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="suji-bench-")))
        port, pid = stack.enter_context(discarding())
        contestants = [("discarding", port, "x@example.com", pid)]
        databases = {"SQLite": ""}
        if postgres:
            databases["PostgreSQL"] = stack.enter_context(a_database(postgres))
        for name, url in databases.items():
            (folder / name).mkdir()
            there = {"LIMITS": "off"} | ({"DATABASE_URL": url} if url else {})
            alone = stack.enter_context(door_alone(folder / name, environment=there))
            contestants.append((name, alone.port, alone.inbox, alone.process.pid))
        for told, mails, size, block in (("20 KB", small, SMALL, BLOCK), ("2 MB", large, LARGE, 2 * CONNECTIONS)):
            if mails:
                found = race([Contestant(*one) for one in contestants], mails, size, block)
                figures[told] = found | {"fsync": {"rate": fsyncs(folder, size)}}
    return figures


def tell(figures: dict[str, dict[str, dict[str, float]]]) -> Iterator[str]:
    for size, found in figures.items():
        bare = found["discarding"]["rate"]
        disk = found["fsync"]["rate"]
        yield f"{size}, {CONNECTIONS} connections; the disk alone makes {disk:.0f} appends durable a second"
        for name, said in found.items():
            if name == "fsync":
                continue
            share, p99 = said["rate"] / bare, said["p99"]
            marks = f"mark ≥ {MARK_SHARE:.0%} and p99 ≤ {MARK_P99 * 1000:.0f} ms: "
            marks += "met" if share >= MARK_SHARE and p99 <= MARK_P99 else "missed"
            marks = f"; {marks}" if (size, name) == ("20 KB", "SQLite") else ""
            yield (f"  {name:11}{said['rate']:7.1f} a second ({share:4.0%} of discarding), "
                   f"250 after p50 {said['p50'] * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, "
                   f"processor {said['processor'] * 1000:.2f} ms{marks}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=1200, help="mails of 20 KB for each contestant (1200)")
    parser.add_argument("--large", type=int, default=40, help="mails of 2 MB for each contestant (40)")
    parser.add_argument("--postgres", default="", help="URL of a PostgreSQL server to make a database on")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
    asked = parser.parse_args()
    figures = measure(asked.mails, asked.large, asked.postgres)
    print(json.dumps(figures) if asked.json else "\n".join(tell(figures)))


if __name__ == "__main__":
    main()
