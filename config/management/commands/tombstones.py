"""`manage.py tombstones`: what was deleted, to be kept apart from everything else."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from complaints import tombstones


class Command(BaseCommand):
    help = (
        "Print what was deleted: a kind, a random id, a time; nothing of anybody. Suji keeps these lines in the file "
        "storage too. Copy them daily to where neither the database nor the storage is, for `restore --tombstones`."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for what, ref, at in sorted(set(tombstones.all_of_them()), key=lambda line: line[2]):
            self.stdout.write(f"{what} {ref} {at}")
