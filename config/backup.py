"""Everything that matters in one file: the rows of one moment, and the files of the storage (config/archive.py)."""

from __future__ import annotations

import json
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal, cast

from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from config import archive

ROWS_AT_ONCE = 200
IN_MEMORY = 16 * 1024 * 1024  # bytes of one file; more is copied to a temporary one


class CannotBackUp(Exception):
    """A sentence for whoever typed `backup`."""


def backup(to: str, now: datetime) -> dict[str, int]:
    """Write a backup to the path `to` ("-": standard output), gzipped when it ends in "gz".

    The path is readable by its owner alone, and there only when it is whole and on the disk.
    returns  how many "rows" and "files" it holds, and files "gone" that were deleted meanwhile
    raises   CannotBackUp
    """
    if to == "-":
        return _write(sys.stdout.buffer, "w|", now)
    path = Path(to)
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        raise CannotBackUp(f"{path} is there already; a backup writes over nothing.")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotBackUp(f"{part} is there: another backup runs, or one was killed; then delete it.") from None
    except OSError as error:
        raise CannotBackUp(f"{part} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as out:
            found = _write(out, "w|gz" if to.endswith("gz") else "w|", now)
            out.flush()
            os.fsync(out.fileno())
        os.rename(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return found


def _write(out: IO[bytes], mode: Literal["w|", "w|gz"], now: datetime) -> dict[str, int]:
    with tarfile.open(fileobj=out, mode=mode) as tar:
        writer = archive.Writer(tar, now)
        with one_moment():
            counts = _rows(writer, now)
        found = {"rows": sum(counts.values())} | _files(writer)
        writer.add(archive.COUNTS, json.dumps(counts, indent=1).encode())
        writer.end()
    return found


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is of one moment, however long it takes; nobody who writes waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # Django's own is IMMEDIATE: the door would wait
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _rows(writer: archive.Writer, now: datetime) -> dict[str, int]:
    about = {
        "format": archive.FORMAT,
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "inbox_domain": settings.INBOX_DOMAIN,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
    }
    writer.add(archive.ABOUT, json.dumps(about, ensure_ascii=False, indent=1).encode())
    counts = {}
    for model in archive.tables(apps):
        label, piece, size, number = model._meta.label, [], 0, 0
        counts[label] = 0
        names = [column.attname for column in archive.columns(model)]
        rows = model._base_manager.order_by("pk").values_list(*names).iterator(ROWS_AT_ONCE)
        for values in rows:
            piece.append(archive.line(model, values))
            size += len(piece[-1])
            counts[label] += 1
            if size >= archive.PIECE:
                writer.add(f"rows/{label}.{number:06d}", b"".join(piece))
                piece, size, number = [], 0, number + 1
        if piece:
            writer.add(f"rows/{label}.{number:06d}", b"".join(piece))
    return counts


def _files(writer: archive.Writer) -> dict[str, int]:
    """After the rows, so that every row of them finds its file, unless that was deleted since."""
    kept = gone = 0
    for name in names(default_storage):
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
            try:
                with default_storage.open(name) as file:
                    for chunk in file.chunks(archive.CHUNK):
                        copy.write(chunk)
            except FileNotFoundError:
                gone += 1
                continue
            copy.seek(0)
            writer.add_file(f"files/{name}", cast("IO[bytes]", copy))
            kept += 1
    return {"files": kept, "gone": gone}


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every file of `storage`, however deep."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        yield from names(storage, f"{prefix}{name}")
