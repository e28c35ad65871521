"""`manage.py poll_imap`: look into the mailboxes of IMAP_URL now, and say how it went."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from complaints import bell, imap
from complaints.durability import durability_problem


class Command(BaseCommand):
    help = (
        "Look once into each mailbox of IMAP_URL, as the workers do by themselves every IMAP_SECONDS, and print a line "
        "for each: what was taken so far, what was passed over, what is wrong. Exit status 1 when one is in trouble."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := durability_problem():
            raise CommandError(problem)
        if not settings.IMAP_URL:
            raise CommandError("IMAP_URL names no mailbox; docs/operating.md tells how.")
        while not imap.poll_all(timezone.now()):
            pass
        bell.wait()
        with translation.override("en"):
            states = imap.state()
            for state in states:
                self.stdout.write(f"{state.name}: {state.told}{state.problem and f'; {state.problem} {state.advice}'}")
        if troubled := sum(bool(state.problem) for state in states):
            raise CommandError(f"{troubled} of {len(states)} mailboxes are in trouble")
