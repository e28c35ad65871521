"""A backup becomes this installation. Everything is read and found whole before anything here is touched.

Then, in this order: the files; the rows, all in one step that a kill undoes; what was of the moment (sessions, leases,
calendar addresses) goes; what was deleted since the backup is deleted again; and everything is verified.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from allauth.account.models import EmailAddress
from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from django.utils import timezone

from accounts.models import ConfirmedMailbox, InboxAddress, User
from accounts.revoking import ADDRESS, MAILBOX
from complaints import departure, keepings, raw, tombstones, verify
from complaints.models import CalendarFeed, Claim, IncomingMail, Keeping, KeepingReminder, PeriodicJob, Reminder
from config import archive
from config.archive import BadBackup, Contents
from config.backup import IN_MEMORY, names
from config.serve import CannotServe, alone_in
from evidence import keep

ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 8 * 1024 * 1024


class CannotRestore(Exception):
    """A sentence for whoever typed `restore`; what was here is as it was."""


@dataclass(slots=True)
class Restored:
    """What a restore did."""

    made_at: str
    rows: int = 0
    files: int = 0
    deleted_again: int = 0
    seen: verify.Seen = field(default_factory=verify.Seen)
    faults: list[verify.Fault] = field(default_factory=list)


def restore(path: Path, now: datetime, *, replace: bool, lines: Iterable[tombstones.Line] = ()) -> Restored:
    """Make this installation what it was when `path` was made, less what was deleted since.

    replace  although there are people, mails or files here; they are gone then
    lines    tombstones beside those of the storage, of this database and of the backup itself
    raises   BadBackup, CannotRestore: nothing was changed
    """
    contents = archive.check(path)
    check_migrations(contents)
    if not replace and (found := what_is_here()):
        raise CannotRestore(f"There are {found} here. --replace puts the backup in their place; they are gone then.")
    with nobody_else():
        dead = {*lines, *known_tombstones()}
        restored = Restored(contents.about["made_at"])
        restored.files = put_files(path, contents)
        with new_database() as make:
            restored.rows = make(lambda: put_rows(path, contents))
        drop_other_files(contents)
        if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
            call_command("createcachetable", verbosity=0)
        end_what_was_of_the_moment(now)
        dead |= set(tombstones.all_of_them())
        restored.deleted_again = bury_again(dead, now)
        restored.faults = list(verify.verify(restored.seen))
    return restored


# -- before --------------------------------------------------------------------------------------------------


def check_migrations(contents: Contents) -> None:
    """Raise BadBackup for a backup of a newer version, whose tables this one does not know."""
    ours = {app.label for app in apps.get_app_configs()}
    known = MigrationExecutor(connection).loader.disk_migrations
    unknown = sorted(key for key in contents.migrations if key not in known)
    if unknown:
        app, name = unknown[0]
        why = "a newer version of Suji" if app in ours else f"an installation that had {app}"
        raise BadBackup(f"The backup is of {why} (migration {app}.{name}): install that version first.")


def what_is_here() -> str:
    """What a restore would take the place of: "3 people, 12 mails and 4 files"; "" when there is nothing."""
    tables = connection.introspection.table_names()
    found = {}
    if {User._meta.db_table, IncomingMail._meta.db_table} <= set(tables):
        with connection.cursor() as cursor:
            for name, model in (("people", User), ("mails", IncomingMail)):
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(model._meta.db_table)}")
                found[name] = cursor.fetchone()[0]
    found["files"] = sum(not is_tombstone(name) for name in names(default_storage))
    return ", ".join(f"{count} {name}" for name, count in found.items() if count)


@contextmanager
def nobody_else() -> Iterator[None]:
    """Nothing of ours may run meanwhile. Raises CannotRestore with what to stop."""
    if settings.IS_SQLITE:
        try:
            with alone_in(settings.DATA_DIR):
                yield
        except CannotServe:
            raise CannotRestore("Suji runs with this data. Stop it first (Ctrl-C there).") from None
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0] - idle_of_ours()
    if others > 0:
        raise CannotRestore(f"{others} connections use this database. Stop web, workers, schedule and doors first.")
    yield


def idle_of_ours() -> int:
    """Connections that the pool of this process holds ready beside the one in use."""
    pool = getattr(connection, "pool", None)
    return max(0, int(pool.get_stats().get("pool_size", 1)) - 1) if pool else 0


def known_tombstones() -> set[tombstones.Line]:
    """Those of the storage and of the database that is here, as far as they can be read: it may be empty or broken."""
    if "complaints_tombstone" in connection.introspection.table_names():
        return set(tombstones.all_of_them())
    return set(tombstones.carved())


# -- files -------------------------------------------------------------------------------------------------


def put_files(path: Path, contents: Contents) -> int:
    """Write every file of the backup that is not there already, exactly so. Returns how many there are."""
    for name, file in archive.members(path):
        if not name.startswith("files/"):
            continue
        name = name.removeprefix("files/")
        if default_storage.exists(name):
            with default_storage.open(name) as there:
                if hash_of(there) == contents.files[name]:
                    continue
            if is_tombstone(name):
                continue  # they are only ever added
            default_storage.delete(name)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
            while chunk := file.read(archive.CHUNK):
                copy.write(chunk)
            copy.seek(0)
            kept_as = keep.save_durably(name, File(cast("IO[bytes]", copy), name))
        if kept_as != name:
            default_storage.delete(kept_as)
            raise CannotRestore(f"The storage keeps {name} under another name; is something else writing there?")
    return len(contents.files)


def drop_other_files(contents: Contents) -> None:
    """Delete what the rows that were replaced had; tombstones stay."""
    for name in list(names(default_storage)):
        if name not in contents.files and not is_tombstone(name):
            default_storage.delete(name)


def hash_of(file: File[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks(archive.CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def is_tombstone(name: str) -> bool:
    return name.startswith(f"{tombstones.FOLDER}/")


# -- rows --------------------------------------------------------------------------------------------------

Make = Callable[[Callable[[], int]], int]


@contextmanager
def new_database() -> Iterator[Make]:
    """Hands out what runs the work on an empty database, which takes the old one's place when it is done, at once.

    SQLite: a file beside, renamed at the end. PostgreSQL: one transaction, tables and all.
    """
    yield _beside if settings.IS_SQLITE else _within


def _beside(work: Callable[[], int]) -> int:
    old = Path(str(connection.settings_dict["NAME"]))
    new = old.with_name(f"{old.name}.restoring")
    _unlink(new)
    connection.close()
    connection.settings_dict["NAME"] = str(new)
    try:
        done = work()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        for ending in ("-wal", "-shm"):
            Path(f"{old}{ending}").unlink(missing_ok=True)
        os.replace(new, old)
        keep.settle(old, old.parent)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(old)
        _unlink(new)
    return done


def _unlink(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)


def _within(work: Callable[[], int]) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
            cursor.execute(
                "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                "WHERE n.nspname = current_schema() AND NOT EXISTS "
                "(SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
            )
            for (function,) in cursor.fetchall():
                cursor.execute(f"DROP FUNCTION {function} CASCADE")
            return work()
    except OperationalError as error:
        raise CannotRestore(f"The database did not let itself be replaced: {str(error).strip()}") from error


def put_rows(path: Path, contents: Contents) -> int:
    """Make the tables as they were, fill them, check that all rows came, and bring the tables up to this version."""
    executor = MigrationExecutor(connection)
    targets = last_of(set(contents.migrations), executor)
    executor.migrate(targets)
    then = executor.loader.project_state(targets).apps
    with transaction.atomic():
        empty(then)
        counts = load(path, then)
        check_counts(counts, contents.counts)
        if not settings.IS_SQLITE:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checked now, and nothing pending for what comes next
        for statement in connection.ops.sequence_reset_sql(no_style(), archive.tables(then)):
            with connection.cursor() as cursor:
                cursor.execute(statement)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    return sum(counts.values())


def last_of(applied: set[tuple[str, str]], executor: MigrationExecutor) -> list[tuple[str, str]]:
    """Those of `applied` that no other of them rests on: to migrate to them applies exactly all of them."""
    nodes = executor.loader.graph.node_map
    return sorted(key for key in applied if not any(child.key in applied for child in nodes[key].children))


def empty(then: Apps) -> None:
    """Take away what migrations wrote by themselves: the backup has it."""
    with connection.cursor() as cursor:
        for model in reversed(archive.tables(then)):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def load(path: Path, then: Apps) -> dict[str, int]:
    """Insert every row of the backup into the tables of that time. Returns how many each got."""
    models = {model._meta.label: model for model in archive.tables(then)}
    counts = dict.fromkeys(models, 0)
    for name, file in archive.members(path):
        if found := archive.ROWS.fullmatch(name):
            label = f"{found[1]}.{found[2]}"
            if label not in models:
                raise BadBackup(f"The backup has rows of {label}, which no table of that time is for.")
            for rows in in_batches(models[label], file):
                insert(rows)
                counts[label] += len(rows)
    return counts


def in_batches(model: type[Model], file: IO[bytes]) -> Iterator[list[Model]]:
    rows: list[Model] = []
    size = 0
    for text in file:
        rows.append(archive.row(model, text))
        size += len(text)
        if len(rows) >= ROWS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


def insert(rows: list[Model]) -> None:
    """As they are: nothing sets a time or a default."""
    model = type(rows[0])
    fields = archive.columns(model)
    at_once = connection.ops.bulk_batch_size(fields, rows)
    manager: Any = model._base_manager
    for start in range(0, len(rows), at_once):
        manager.all()._insert(rows[start : start + at_once], fields=fields, using=connection.alias, raw=True)


def check_counts(counts: dict[str, int], said: dict[str, int]) -> None:
    wrong = sorted(label for label in {*counts, *said} if counts.get(label, 0) != said.get(label, 0))
    if wrong:
        label = wrong[0]
        raise BadBackup(f"{label} has {counts.get(label, 0)} rows, and the backup says {said.get(label, 0)}.")


# -- after -------------------------------------------------------------------------------------------------


def end_what_was_of_the_moment(now: datetime) -> None:
    """Nobody is logged in, no link that was used up works again, no worker holds anything."""
    User.objects.update(last_login=now)  # what a log-in link of production is bound to
    CalendarFeed.objects.all().delete()  # secret addresses; their owners get new ones with a click
    Claim.objects.all().delete()
    PeriodicJob.objects.update(running_until=None)
    Reminder.objects.update(lease_until=None)
    KeepingReminder.objects.update(lease_until=None)
    IncomingMail.objects.waiting().update(lease="", lease_until=None, due_at=now)


def bury_again(dead: Iterable[tombstones.Line], now: datetime) -> int:
    """Delete again what was deleted after the backup was made, take back what was taken back. Returns how much."""
    refs: dict[str, set[str]] = {what: set() for what in tombstones.KINDS}
    for what, ref, _at in dead:
        refs[what].add(ref)
    deleted = 0
    for user in User.objects.filter(public_id__in=refs[tombstones.USER], leaving_at=None):
        departure.leave(user, now)
        deleted += 1
    deleted += departure.delete_mails(IncomingMail.objects.filter(public_id__in=refs[tombstones.MAIL]), now)
    for keeping in Keeping.objects.filter(public_id__in=refs[tombstones.KEEPING]):
        deleted += keepings.throw_away(keeping)
    for mailbox in ConfirmedMailbox.objects.filter(public_id__in=refs[MAILBOX]).select_related("owner"):
        logs_in = EmailAddress.objects.filter(user=mailbox.owner, email=mailbox.email)
        logs_in.exclude(email=mailbox.owner.email).delete()  # an account keeps the e-mail that it is known by
        mailbox.delete()
        deleted += 1
    back = InboxAddress.objects.filter(local__in=refs[ADDRESS]).exclude(state=InboxAddress.State.ROTATED)
    deleted += back.update(state=InboxAddress.State.ROTATED, rotated_at=now)
    raw.forget_unused(now)
    tombstones.carve(timezone.now())
    return deleted
