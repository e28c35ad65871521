"""The tables at the end of a run, asked in plain SQL: the checker does not believe our own code about them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.checker import Row, Told

ROWS = """
    SELECT m.id, i.local, m.sha256, m.outcome, m.repeats, m.attempts, m.lost_leases, m.received_at, m.settled_at,
           m.lease, m.lease_until, m.due_at
    FROM complaints_incomingmail m JOIN accounts_inboxaddress i ON i.id = m.inbox_id ORDER BY m.id
"""
BYTES = """
    SELECT r.mail_id, r.data, f.name FROM complaints_rawmail r LEFT JOIN complaints_rawfile f ON f.id = r.file_id
"""
TOLD = """
    SELECT e.case_id, c.case_no, c.owner_id, n.mail_id
    FROM complaints_event e JOIN complaints_case c ON c.id = e.case_id
        LEFT JOIN complaints_notice n ON n.id = e.notice_id
    WHERE e.type = 'act'
"""
HELD = "SELECT id, lease, lease_until FROM complaints_incomingmail WHERE outcome = 'waiting' AND lease <> ''"
WAITING = "SELECT count(*) FROM complaints_incomingmail WHERE outcome = 'waiting'"


@contextmanager
def connected(database: str | Path) -> Iterator[Any]:
    """A connection to the SQLite file of that path, which it only reads, or to the PostgreSQL of that URL."""
    if isinstance(database, Path):
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as file:
            yield file
    else:
        with psycopg.connect(database, autocommit=True, connect_timeout=5) as server:
            yield server


def _seconds(moment: Any) -> float | None:
    """A column of time as seconds since the epoch: SQLite has text in UTC."""
    if moment is None:
        return None
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return float((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def rows(connection: Any, files: Path) -> list[Row]:
    """Every incoming mail; `files` is the folder of the file storage."""
    hashes = {}
    for mail, data, name in connection.execute(BYTES):
        if data is None and (files / (name or "-")).is_file():
            data = (files / name).read_bytes()
        hashes[mail] = hashlib.sha256(data).hexdigest() if data is not None else ""
    return [
        Row(
            pk=pk,
            inbox=inbox,
            sha256=sha256,
            bytes_sha256=hashes.get(pk, ""),
            outcome=outcome,
            repeats=repeats,
            attempts=attempts,
            lost_leases=lost,
            received=_seconds(received) or 0.0,
            settled=_seconds(settled),
            lease=lease,
            leased_until=_seconds(until),
            due=_seconds(due) or 0.0,
        )
        for pk, inbox, sha256, outcome, repeats, attempts, lost, received, settled, lease, until, due in (
            connection.execute(ROWS)
        )
    ]


def told(connection: Any) -> list[Told]:
    """Every act in every case."""
    return [Told(*row) for row in connection.execute(TOLD)]


def held(connection: Any) -> dict[str, float]:
    """The leases on mails that wait: lease → until when, in seconds since the epoch."""
    return {lease: _seconds(until) or 0.0 for _pk, lease, until in connection.execute(HELD)}


def waiting(connection: Any) -> int:
    """How many mails wait."""
    return int(next(iter(connection.execute(WAITING)))[0])
