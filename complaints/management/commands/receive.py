"""`manage.py receive`: the door for mail alone."""

from __future__ import annotations

import asyncio
import errno
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from complaints.door import stay_open
from complaints.durability import durability_problem
from complaints.intake.route import lmtp_open
from complaints.intake.shapes import Door


class Command(BaseCommand):
    help = (
        "Take mail by SMTP, or by LMTP from an MTA in front, until SIGTERM or Ctrl-C. "
        "Prints one line once it listens. Says yes only to what is on the disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP (RFC 2033) instead of SMTP")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=settings.SMTP_PORT, help="port to listen on (SMTP_PORT)")

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := durability_problem():
            raise CommandError(problem)
        door = Door.LMTP if options["lmtp"] else Door.SMTP
        try:
            with lmtp_open() if door is Door.LMTP else nullcontext():
                asyncio.run(stay_open(door, options["host"], options["port"], self._say))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            raise CommandError(
                f"cannot listen on {options['host']}:{options['port']} ({error.strerror}); "
                "SMTP_PORT= or --port names another port"
            ) from error

    def _say(self, host: str, port: int) -> None:
        self.stdout.write(f"listening on {host}:{port} for {settings.INBOX_DOMAIN}")
        self.stdout.flush()
