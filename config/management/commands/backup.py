"""`manage.py backup`: everything that matters, in one file."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import backup, last_backup


class Command(BaseCommand):
    help = (
        "Write a backup while Suji runs: all rows as of one moment, and all files, with their SHA-256. "
        "It holds what people sent us, word for word, and the hashes of their passwords, but no secret of this "
        "installation (SECRET_KEY, passwords of servers): keep those apart. Only its owner may read the file "
        "(mode 0600); encrypt it before it leaves this machine. SQLite's backup restores into PostgreSQL and back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="suji.tar, or suji.tar.gz for a smaller one; - is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            found = backup.backup(options["file"], now)
        except backup.CannotBackUp as error:
            raise CommandError(str(error)) from error
        last_backup.note(now)
        gone = f"; {found['gone']} files were deleted meanwhile" if found["gone"] else ""
        self.stderr.write(f"{found['rows']} rows and {found['files']} files in {options['file']}{gone}.")
