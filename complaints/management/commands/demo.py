from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.demo import world
from complaints.models import Case


class Command(BaseCommand):
    help = (
        "Makes the demo world through the SMTP door of a running `serve`: sample people, mails and cases. "
        "Again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.SMTP_PORT, help="the SMTP door's port")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        started = timezone.now()
        try:
            sent = world.ensure(port)
        except world.NotHere:
            raise CommandError("The demo world exists only without SUJI_ENV=production.") from None
        except OSError as error:
            raise CommandError(
                f"No SMTP door answers on 127.0.0.1:{port} ({error.strerror or error}). Start `manage.py serve` first."
            ) from None
        cases = Case.objects.filter(owner__in=world.people().values()).told().count()
        seconds = (timezone.now() - started).total_seconds()
        said = f"{sent} mails sent in {seconds:.1f} s" if sent else "the demo world is there already"
        self.stdout.write(f"{said}; {cases} cases")
