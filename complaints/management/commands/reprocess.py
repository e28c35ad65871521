"""`manage.py reprocess`: read all kept mails again with today's parser."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from complaints.durability import durability_problem
from complaints.intake import reader
from complaints.intake.reprocess import Change, Difference, Does, mails, reprocess
from complaints.masking import mask

# What a mail said freely: shown masked, so that a terminal and its history keep nobody's name or number.
FREE = ("original.", "fields.order_no", "fields.case_no", "fields.shop", "fields.tracking_no", "forward.note")
UNSEEN = ("original.body", "forward.note", "confirmation")  # told to differ, never shown


class Command(BaseCommand):
    help = (
        "Read every kept mail again with today's parser. Prints a JSON line for each that is read otherwise: what "
        "differs, and what that does (corrected, undone, filed, …). Older readings are kept; events are only added; "
        "what a person has said stays. May be stopped anywhere and started again. "
        "Exit status 1 when a mail could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--owner", metavar="EMAIL", default="", help="only the mails of this person")

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := durability_problem():
            raise CommandError(problem)
        if options["owner"] and not User.objects.filter(email__iexact=options["owner"]).exists():
            raise CommandError(f"{options['owner']}: nobody has this address")
        count, found = 0, Counter[Does]()
        try:
            for mail in mails(options["owner"]):
                count += 1
                if difference := reprocess(mail, dry_run=options["dry_run"]):
                    found[difference.does] += 1
                    self.stdout.write(json.dumps(row_of(difference), ensure_ascii=False))
        finally:
            reader.end_all()
            told = ", ".join(f"{does} {found[does]}" for does in Does if found[does])
            would = "would differ" if options["dry_run"] else "differed"
            self.stderr.write(f"{count} mails read, {found.total()} {would}{f' ({told})' if told else ''}")
        if found[Does.FAILED]:
            raise CommandError(f"{found[Does.FAILED]} mails could not be read; they stay as they are")


def row_of(difference: Difference) -> dict[str, Any]:
    return dataclasses.asdict(difference) | {"changes": [shown(change) for change in difference.changes]}


def shown(change: Change) -> dict[str, Any]:
    """`change` without anybody's own words."""
    row = {"notice": change.notice, "field": change.field}
    if change.field in UNSEEN:
        return row
    is_free = change.field.startswith(FREE)
    return row | {"before": masked(change.before, is_free), "after": masked(change.after, is_free)}


def masked(value: Any, is_free: bool) -> Any:
    if not is_free or value is None:
        return value
    return mask(value) if isinstance(value, str) else mask(json.dumps(value, ensure_ascii=False))
