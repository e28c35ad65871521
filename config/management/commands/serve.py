"""`manage.py serve`: all of Suji on one machine."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
from typing import Any

import segno
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.links import login_url
from complaints.demo import world
from config.serve import CannotServe, House, serve, surroundings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEMO_SECONDS = 120


class Command(BaseCommand):
    help = (
        "Run everything on this machine: pages, SMTP door, worker, schedule, and a private broker. "
        "Moved by PORT, SMTP_PORT, DATA_DIR and HOST; DATABASE_URL and REDIS_URL name other services. "
        "SUJI_DEMO_WORLD=off leaves the sample people and mails out. Ctrl-C stops all of it."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(self.say, self.when_up)
        except CannotServe as error:
            raise CommandError(str(error)) from None

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def when_up(self, house: House) -> None:
        """Everything answers: make the demo world, and tell where to look."""
        if settings.DEMO and os.environ.get("SUJI_DEMO_WORLD", "").lower() != "off":
            self.make_world(house)
            lines = self.where_to_look()
        else:
            lines = [f"  page     http://127.0.0.1:{settings.PORT}/"]
        self.say("")
        self.say("诉迹 Suji is running.")
        for line in [*lines, *self.for_phones()]:
            self.say(line)
        self.say(f"  logs     {settings.DATA_DIR / 'logs'}")
        self.say("READY (Ctrl-C stops all of it)")

    def make_world(self, house: House) -> None:
        """`manage.py demo` in a process of its own: again changes nothing. The house is looked after meanwhile."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo"]
        made = subprocess.Popen(
            command, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        end = time.monotonic() + DEMO_SECONDS
        while made.poll() is None and not house.stopping.wait(0.2):
            house.look_after()
            if time.monotonic() > end:
                break
        if made.poll() is None:
            made.kill()
        said, _nothing = made.communicate()
        if made.returncode:
            self.say(f"The sample mails could not all be sent: {said.strip().splitlines()[-1:]}")

    def where_to_look(self) -> list[str]:
        """The page, a log-in for each of the sample people, an inbox address, and how to send to it."""
        people = world.people()
        inbox = world.first_inbox(people["shopper"])
        logins = [f"  {name:<8} {login_url(people[name])}" for name in ("shopper", "volunteer", "staff")]
        connection.close()
        return [
            f"  page     http://127.0.0.1:{settings.PORT}/",
            "Log in as (links for this machine):",
            *logins,
            f"Mail to the shopper's inbox {inbox}, by SMTP on 127.0.0.1:{settings.SMTP_PORT}; a sample:",
            f"  {sample_line(people['shopper'].email, inbox)}",
        ]

    def for_phones(self) -> list[str]:
        """With HOST=0.0.0.0: the address in the local network, and a QR code of it."""
        if settings.HOST in LOOPBACK:
            return []
        url = f"http://{near_address()}:{settings.PORT}/"
        picture = io.StringIO()
        segno.make(url, error="l").terminal(out=picture, border=2, compact=True)
        return [f"  phone    {url}", picture.getvalue()]


def near_address() -> str:
    """This machine's address in the local network. Nothing is sent: the system only says which it would use."""
    if settings.HOST not in ("0.0.0.0", "::", ""):
        return str(settings.HOST)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def sample_line(mailbox: str, inbox: str) -> str:
    """One line for a shell that sends a notice, forwarded by the shopper, through the SMTP door."""
    mail = (
        f"From: {mailbox}\\nTo: {inbox}\\nSubject: 转发：投诉受理通知\\n\\n"
        "您好，您的投诉已受理，投诉编号：2026112200001，请等待商家处理。"
    )
    return (
        f"{os.path.relpath(sys.executable)} -c \"import smtplib; smtplib.SMTP('127.0.0.1', {settings.SMTP_PORT})"
        f".sendmail('{mailbox}', ['{inbox}'], '{mail}'.encode())\""
    )
