"""Which of the services that tests talk to are here: asked over the socket, once, with a time limit.

Also a command: `python tests/services.py postgres` exits 0 when it answers, else prints why not.
"""

from __future__ import annotations

import functools
import os
import shutil
import socket
import struct
import sys
from pathlib import Path
from urllib.parse import urlsplit

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@functools.cache
def chromium() -> str | None:
    """The path of a Chromium to drive (CHROMIUM names another), or None."""
    named = os.environ.get("CHROMIUM")
    return named if named else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@functools.cache
def postgres_programs() -> Path | None:
    """The folder of a PostgreSQL's own programs (initdb, postgres), the newest that is here, or None."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    folders = [*on_path, *newest]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _answer(url: str, port: int, question: bytes) -> bytes | str:
    """The first bytes that the server of `url` answers to `question`, or a sentence: why there are none."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or port)
    try:
        with socket.create_connection(address, timeout=3) as connection:
            connection.sendall(question)
            return connection.recv(64) or "the connection was closed without an answer"
    except OSError as error:
        return f"{error.strerror or error} ({address[0]}:{address[1]})"


@functools.cache
def missing(service: str) -> str | None:
    """Why tests marked `service` (postgres, cluster, redis, browser) cannot run here; None when they can."""
    if service == "browser":
        return None if chromium() else "no Chromium found (Debian: apt-get install chromium fonts-noto-cjk)"
    if service == "cluster":
        return None if postgres_programs() else "no initdb and postgres found (Debian: apt-get install postgresql)"
    if service == "mailservers":
        if os.geteuid():
            return "Postfix and Dovecot start as root alone"
        programs = {"postfix": "/usr/sbin/postfix", "dovecot-imapd": "/usr/sbin/dovecot"}
        missed = " ".join(name for name, path in programs.items() if not os.access(path, os.X_OK))
        return f"not installed (Debian: apt-get install {missed})" if missed else None
    if service == "postgres":
        ssl_request = struct.pack("!ii", 8, 80877103)  # answered by every PostgreSQL with one letter
        answer = _answer(POSTGRES_URL, 5432, ssl_request)
        good = isinstance(answer, bytes) and answer[:1] in (b"S", b"N")
        return None if good else f"no PostgreSQL at TEST_POSTGRES_URL: {answer!s}"
    if service == "redis":
        answer = _answer(REDIS_URL, 6379, b"PING\r\n")  # a server that wants a password also answers
        good = isinstance(answer, bytes) and answer[:1] in (b"+", b"-")
        return None if good else f"no Redis at TEST_REDIS_URL: {answer!s}"
    raise KeyError(service)


def hosts() -> set[str]:
    """The hosts of the test services: the only ones beside loopback that tests may talk to."""
    return {urlsplit(url).hostname or "" for url in (POSTGRES_URL, REDIS_URL)}


if __name__ == "__main__":
    why = missing(sys.argv[1])
    if why:
        sys.exit(why)
