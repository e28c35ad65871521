"""`manage.py index_texts`: make everything findable that is not yet, or all of it anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from complaints import indexing
from complaints.models import Passage


class Command(BaseCommand):
    help = (
        "Make every text findable that search does not know yet: after an update, or when many came at once. "
        "May be stopped anywhere and started again; running tasks may go on meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anew", action="store_true", help="forget what search knows first, and make all of it anew"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            Passage.objects.all().delete()
        noted, done = indexing.note_missing(), 0
        while worked := indexing.fill():
            done += worked
        self.stdout.write(f"{noted} were missing, {done} worked off")
