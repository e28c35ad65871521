"""`doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from config import doctor


class Command(BaseCommand):
    help = (
        "Look at everything this installation needs and say what is wrong, in plain words. Each line begins "
        "with 'ok' or '!!', the latter with what to do. Exit status 0: nothing is wrong; 1: something is. "
        "Writes one small file and one cache entry and takes both away again; changes nothing else."
    )
    requires_system_checks = []  # it makes them itself, and says what they find

    def handle(self, *args: Any, **options: Any) -> None:
        ails = 0
        for finding in doctor.examine():
            self.stdout.write(f"{'ok' if finding.is_fine else '!!'}  {finding.said}")
            if not finding.is_fine:
                ails += 1
                self.stdout.write(f"      {finding.advice}")
        if ails:
            self.stdout.write(f"{ails} thing{'s' if ails > 1 else ''} to put right.")
            sys.exit(1)
        self.stdout.write("Nothing is wrong.")
