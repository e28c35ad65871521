"""Read mails and texts and print what they say, as JSON (docs/parse_mail.md). Writes nothing."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from complaints.intake import keyring, reader
from complaints.intake.decode import LARGEST_MAIL
from complaints.intake.pictures import NOT_A_PICTURE, NOT_READ_YET, picture_type, unread_picture
from complaints.intake.provenance import graded, names_to_ask
from complaints.intake.reading import read
from complaints.models import CaseNumber

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".avif", ".gif")
READABLE = (".eml", ".msg", ".txt", ".zip", *PICTURES)
MISSING = 2  # exit status: a path does not exist


class Command(BaseCommand):
    """`manage.py parse_mail [--jsonl] [--owner EMAIL] [--dns] PATH...`"""

    help = "Read mails (.eml, .msg, zips of them), texts (.txt), pictures or folders; print what they say as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder walked in byte order")
        parser.add_argument("--jsonl", action="store_true", help="one object a line, each written as soon as read")
        parser.add_argument(
            "--owner",
            metavar="EMAIL",
            help="know the order numbers of this person's cases; without it no database is used",
        )
        parser.add_argument(
            "--dns",
            action="store_true",
            help="look up the keys of signatures and check them (DNS_RESOLVER names whom to ask)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[str] = options["paths"]
        for path in paths:
            if not os.path.exists(path):
                raise CommandError(f"{path}: no such file or folder", returncode=MISSING)
        known = known_orders(options["owner"]) if options["owner"] else ()
        rows = (row_of(path, known, ask_dns=options["dns"]) for path in files(paths))
        if options["jsonl"]:
            try:
                for row in rows:
                    self.stdout.write(json.dumps(row, ensure_ascii=False))
                    self.stdout.flush()
            except BrokenPipeError:  # whoever reads has seen enough (| head)
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        found = list(rows)
        one = len(found) == 1
        self.stdout.write(json.dumps(found[0] if one else found, ensure_ascii=False, indent=2))


def files(paths: list[str]) -> Iterator[str]:
    """Each named file, and the readable files below each named folder in the byte order of their paths."""
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        below = [
            os.path.join(folder, name)
            for folder, _folders, names in os.walk(path)
            for name in names
            if name.lower().endswith(READABLE)
        ]
        yield from sorted(below, key=os.fsencode)


def row_of(path: str, known: Collection[str], *, ask_dns: bool) -> dict[str, Any]:
    """What `parse_mail` prints for the file at `path`; what could not be read stands in its warnings."""
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        with open(path, "rb") as file:
            raw = file.read(LARGEST_MAIL + 1)
    except OSError as error:
        sys.stderr.write(f"{name}: {error.strerror}\n")
        row = read(b"").as_contract(name)
        return row | {"warnings": ["file_not_readable"]}
    if name.lower().endswith(PICTURES) or picture_type(raw):
        return picture_of(name, raw)
    reading = read(raw, known)
    keys = keyring.look_up(names_to_ask(reading)) if ask_dns else None
    row = reading.as_contract(name, *graded(reading, keys, timezone.now()))
    return row


def picture_of(name: str, raw: bytes) -> dict[str, Any]:
    """The same for a picture, whatever it is called; OCR reads it in a process of its own."""
    content_type = picture_type(raw)
    if not content_type:
        return unread_picture(raw, NOT_A_PICTURE).as_contract(name)
    try:
        return reader.read_picture(raw, content_type).as_contract(name)
    except (reader.ReaderDied, OSError) as error:
        sys.stderr.write(f"{name}: {type(error).__name__}\n")
        return unread_picture(raw, NOT_READ_YET).as_contract(name)


def known_orders(email: str) -> frozenset[str]:
    """The order numbers of the cases of the person with that e-mail address."""
    owner = User.objects.filter(email__iexact=email).first()
    if owner is None:
        raise CommandError(f"{email}: nobody has this address")
    numbers = CaseNumber.objects.filter(case__owner=owner, kind="order").values_list("number", flat=True)
    return frozenset(numbers)
