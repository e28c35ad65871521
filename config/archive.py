"""What a backup looks like: a tar, gzipped or not, that any tar and sha256sum can read without us.

    about.json          the version, when, from which kind of database, and which migrations were applied
    rows/APP.MODEL.N    the rows of one table, a JSON object a line, in pieces of some megabytes
    files/NAME          the files of the storage as they are
    counts.json         how many rows each table has
    MANIFEST.sha256     the SHA-256 of every member before it, as sha256sum writes it; last, so a torn backup has none

Rows are written as Python sees them, not as one database does: SQLite's backup restores into PostgreSQL and back.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.apps.registry import Apps
from django.db.models import Field, Model

FORMAT = 1
ABOUT, COUNTS, MANIFEST = "about.json", "counts.json", "MANIFEST.sha256"
PIECE = 8 * 1024 * 1024  # bytes of rows in one member, and one row more
CHUNK = 1024 * 1024
# Not in a backup: who is logged in, and which workers live. Nobody is after a restore.
LEFT_OUT = {"sessions.session", "complaints.heartbeat"}

ROWS = re.compile(r"rows/([a-z_]+)\.([A-Za-z_]+)\.\d{6}")


class BadBackup(Exception):
    """A sentence for whoever typed `restore`: this is not a whole backup that this version can read."""


def tables(apps: Apps) -> list[type[Model]]:
    """Every table that a backup holds, in a fixed order; those of many-to-many fields too."""
    models = apps.get_models(include_auto_created=True)
    kept = (model for model in models if model._meta.managed and not model._meta.proxy)
    return sorted(
        (model for model in kept if model._meta.label_lower not in LEFT_OUT), key=lambda model: model._meta.label
    )


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    return [one for one in model._meta.concrete_fields if not getattr(one, "generated", False)]


def plain(value: Any) -> Any:
    """A value of a row as JSON can hold it; `Field.to_python` makes of it what it was."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return str(value) if isinstance(value, Decimal) else value


def line(model: type[Model], values: Iterable[Any]) -> bytes:
    row = {one.attname: plain(value) for one, value in zip(columns(model), values, strict=True)}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row(model: type[Model], text: bytes) -> Model:
    """The row that `line` wrote, not saved. Raises BadBackup when it has other columns than the table."""
    said: dict[str, Any] = json.loads(text)
    known = {one.attname: one for one in columns(model)}
    if set(said) != set(known):
        raise BadBackup(f"The rows of {model._meta.label} have other columns than its table had then.")
    made = {name: value if value is None else known[name].to_python(value) for name, value in said.items()}
    return model(**made)


# -- writing ---------------------------------------------------------------------------------------------


@dataclass
class Writer:
    """Adds members to a tar that is being streamed, and their hashes to the manifest."""

    tar: tarfile.TarFile
    now: datetime
    sums: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, data: bytes) -> None:
        self._add(name, io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest())

    def add_file(self, name: str, file: IO[bytes]) -> None:
        """`file`, which can be read twice: its hash and size are of what is written."""
        digest, size = hashlib.sha256(), 0
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        file.seek(0)
        self._add(name, file, size, digest.hexdigest())

    def _add(self, name: str, file: IO[bytes], size: int, sha256: str) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self.now.timestamp())
        self.tar.addfile(member, file)
        self.sums.append((sha256, name))

    def end(self) -> None:
        """The manifest: what comes before it is whole when it is there."""
        self.add(MANIFEST, "".join(f"{sha256}  {name}\n" for sha256, name in self.sums).encode())


# -- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup that was read whole, and found whole, has in it."""

    about: dict[str, Any]
    counts: dict[str, int]
    files: dict[str, str]  # name in the storage → SHA-256
    size: int  # bytes of all members

    @property
    def migrations(self) -> list[tuple[str, str]]:
        return [(app, name) for app, name in self.about["migrations"]]


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Every member of the backup at `path`, one after the other: its name, and its bytes to be read now.

    raises  BadBackup when it holds what no backup of ours holds; what tarfile raises when it cannot be read
    """
    with tarfile.open(path, "r|*") as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if not member.isreg() or member.name.startswith("/") or ".." in parts:
                raise BadBackup(f"{path} holds {member.name!r}, which no backup of ours does.")
            file = tar.extractfile(member)
            assert file is not None  # of a regular file
            yield member.name, file


def check(path: Path) -> Contents:
    """Read the whole backup and compare every member with the manifest. Changes nothing. Raises BadBackup."""
    try:
        return _checked(path)
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise BadBackup(f"{path} cannot be read to its end: {error or type(error).__name__}.") from error


def _checked(path: Path) -> Contents:
    found: dict[str, str] = {}
    small: dict[str, bytes] = {}
    size = 0
    for name, file in members(path):
        digest = hashlib.sha256()
        kept: list[bytes] = []
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if name in (ABOUT, COUNTS, MANIFEST):
                kept.append(chunk)
        if name in found:
            raise BadBackup(f"{path} holds {name} twice.")
        found[name] = digest.hexdigest()
        if kept:
            small[name] = b"".join(kept)
    if MANIFEST not in small or ABOUT not in small or COUNTS not in small:
        raise BadBackup(f"{path} is no whole backup: its manifest is missing.")
    said = {one[66:]: one[:64] for one in small[MANIFEST].decode().splitlines()}  # as sha256sum writes it
    del found[MANIFEST]
    if wrong := sorted({name for name in {*said, *found} if said.get(name) != found.get(name)}):
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise BadBackup(f"{path} is damaged: {wrong[0]}{more} is not what the manifest says.")
    about = json.loads(small[ABOUT])
    if about.get("format") != FORMAT:
        raise BadBackup(f"{path} has the format {about.get('format')}; this version of Suji reads {FORMAT}.")
    files = {name.removeprefix("files/"): sha256 for name, sha256 in found.items() if name.startswith("files/")}
    return Contents(about, json.loads(small[COUNTS]), files, size)
