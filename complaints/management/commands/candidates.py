"""`manage.py candidates`: what people put right, for whoever teaches the machine to read."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from complaints.candidates import candidates


class Command(BaseCommand):
    help = (
        "Print a JSON line for every notice of which a person said what it is: the notice with names, numbers, "
        "addresses and codes masked, what the machine read, and what the person chose. Changes nothing. "
        "Look at each line before you publish any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for candidate in candidates():
            self.stdout.write(json.dumps(candidate.as_row(), ensure_ascii=False))
