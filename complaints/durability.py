"""Whether a commit is on the disk when the database says so, asked at start, never assumed; whether there was room."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

# Each of them waits for the disk of this server; "off" alone does not.
SYNCHRONOUS_COMMITS = {"on", "local", "remote_write", "remote_apply"}


def durability_problem() -> str | None:
    """Why a commit of this database might not be on the disk, as a sentence; None when it is.

    raises  DatabaseError when the database cannot be asked
    """
    return _sqlite_problem() if settings.IS_SQLITE else _postgres_problem()


def _told(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0]).lower()


def _sqlite_problem() -> str | None:
    if (journal := _told("PRAGMA journal_mode")) != "wal":
        return f"SQLite keeps its journal as '{journal}', not 'wal': a mail that was accepted could be lost."
    if _told("PRAGMA synchronous") not in {"2", "3"}:
        return "SQLite does not wait for the disk (PRAGMA synchronous is below FULL): an accepted mail could be lost."
    return None


def _postgres_problem() -> str | None:
    if (commit := _told("SHOW synchronous_commit")) not in SYNCHRONOUS_COMMITS:
        return f"PostgreSQL does not wait for the disk (synchronous_commit={commit}): an accepted mail could be lost."
    for name in ("fsync", "full_page_writes"):
        if _told(f"SHOW {name}") != "on":
            return f"PostgreSQL runs with {name}=off: after a power cut accepted mails could be lost."
    return None


def says_full(error: BaseException) -> bool:
    """Whether `error` comes of a disk without room: SQLite says it in words, PostgreSQL with SQLSTATE 53100."""
    return any(
        "disk is full" in str(one)
        or getattr(one, "sqlstate", None) == "53100"
        or getattr(one, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        for one in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
