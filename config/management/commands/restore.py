"""`manage.py restore`: a backup becomes this installation."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints import tombstones
from config.archive import BadBackup
from config.restore import CannotRestore, restore


class Command(BaseCommand):
    help = (
        "Put a backup in the place of what is here. The whole file is read and compared with its manifest first; "
        "then files, rows (brought up to this version), and a check of every hash and chain. Nobody is logged in "
        "afterwards, calendar addresses are void, and what was deleted since the backup is deleted again. "
        "Stop everything else first. Exit status 0: done and verified; 1: refused, nothing changed; "
        "2: done, and something in it is not what it should be."
    )
    requires_system_checks = []  # there may be no tables yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument("--replace", action="store_true", help="although there are people, mails or files here")
        parser.add_argument(
            "--tombstones",
            type=Path,
            metavar="FILE",
            help="what was deleted since, as `tombstones` printed it, should the file storage be lost too",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = list(tombstones.lines(options["tombstones"].read_text("utf-8"))) if options["tombstones"] else []
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['tombstones']}: {error}") from error
        try:
            done = restore(options["file"], timezone.now(), replace=options["replace"], lines=lines)
        except (BadBackup, CannotRestore) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"As of {done.made_at}: {done.rows} rows and {done.files} files.")
        if done.deleted_again:
            self.stdout.write(f"Deleted again what was deleted since: {done.deleted_again}.")
        seen = done.seen
        self.stdout.write(
            f"Verified {seen.mails} mails, {seen.exhibits} exhibits, {seen.events} events in {seen.cases} cases."
        )
        for fault in done.faults:
            self.stdout.write(f"!!  {fault.what} {fault.which}: {fault.why}")
        if done.faults:
            sys.exit(2)
