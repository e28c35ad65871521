"""`tell --owner EMAIL`: one person's cases, mails and counts as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from complaints.tell import tell


class Command(BaseCommand):
    help = (
        "Print the cases, mails and counts of one person as JSON. With --case, 'cases' holds only that one; "
        "'mails' and 'counts' are of the whole inbox all the same, so that 'waiting' means what it says. "
        "Exit status 2: no such person, or no such case of theirs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--owner", metavar="EMAIL", required=True, help="the e-mail of the person")
        parser.add_argument("--case", metavar="PUBLIC_ID", help="only this case")

    def handle(self, *args: Any, owner: str, case: str | None, **options: Any) -> None:
        person = User.objects.filter(email=owner.strip().lower()).first()
        if person is None:
            raise CommandError(f"nobody here has the e-mail {owner}", returncode=2)
        one = None
        if case is not None and (one := person.cases.filter(public_id=case).first()) is None:
            raise CommandError(f"{person.email} has no case {case}", returncode=2)
        self.stdout.write(json.dumps(tell(person, one), ensure_ascii=False, indent=2))
