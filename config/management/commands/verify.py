"""`manage.py verify`: is everything still what it was?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from complaints.verify import Seen, verify


class Command(BaseCommand):
    help = (
        "Read every mail and every exhibit again and compare their hashes, and check the chain of events of every "
        "case and the count of mails. Changes nothing; may run beside everything else. Prints a line for each fault. "
        "Exit status 0: all is as it was; 1: something is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        seen, faults = Seen(), 0
        for fault in verify(seen):
            faults += 1
            self.stdout.write(f"!!  {fault.what} {fault.which}: {fault.why}")
        looked = f"{seen.mails} mails, {seen.exhibits} exhibits, {seen.events} events in {seen.cases} cases"
        self.stdout.write(f"{looked}: {faults} faults.")
        if faults:
            sys.exit(1)
