"""`manage.py ingest`: files that hold a mail each, handed in as if they had come by mail."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints import bell
from complaints.durability import durability_problem
from complaints.intake.receive import DiskFull, Envelope, NotKept, OverLimit, TooLarge, UnknownAddress, receive
from complaints.intake.shapes import Door

WHY = {
    UnknownAddress: "no inbox takes mail at that address",
    TooLarge: "the file is larger than a mail may be",
    OverLimit: "the inbox had its fill of mails for now; try again later",
    DiskFull: "there is no room left on the disk",
}


class Command(BaseCommand):
    help = (
        "Keep each FILE (a whole mail, or the UTF-8 text of a notice) for the inbox ADDRESS, byte for byte, as any "
        "other door does. Prints a line for each: FILE ID new|repeat. Does not wait until they are read. "
        "Exit status 1 when a file could not be kept; the others are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--to", required=True, metavar="ADDRESS", help="a whole inbox address")

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := durability_problem():
            raise CommandError(problem)
        envelope = Envelope(mail_from="", recipients=(options["to"],), peer="")
        failed = [file for file in options["files"] if not self._ingest(file, envelope)]
        bell.wait()
        if failed:
            raise CommandError(f"{len(failed)} of {len(options['files'])} files were not kept")

    def _ingest(self, file: Path, envelope: Envelope) -> bool:
        try:
            receipt = receive(file.read_bytes(), envelope, Door.INGEST)
        except OSError as error:
            self.stderr.write(f"{file}: {error.strerror}")
            return False
        except NotKept as error:
            self.stderr.write(f"{file}: {WHY[type(error)]}")
            return False
        self.stdout.write(f"{file} {receipt.ids[0]} {'repeat' if receipt.repeats else 'new'}")
        bell.ring(receipt.mail_pks)
        return True
