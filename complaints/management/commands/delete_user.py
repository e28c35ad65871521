"""`manage.py delete_user`: an account and everything that is its person's."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from complaints.departure import leave


class Command(BaseCommand):
    help = (
        "Delete the account with that e-mail and everything that is its person's: cases, mails, exhibits, files. "
        "What a volunteer did in cases of others stays there and names nobody. Cannot be undone; a backup that is "
        "restored later deletes it again. Prints how much was deleted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do it; without, only say who it would be")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("There is nobody with that e-mail.")
        if not options["yes"]:
            raise CommandError(f"That would delete a {user.role} with {user.cases.count()} cases. --yes does it.")
        receipt = leave(user, timezone.now())
        for name, count in sorted(receipt.items()):
            self.stdout.write(f"{name}: {count}")
