"""`manage.py ingest`: files that hold a mail each, handed in as if they had come by mail."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints import bell
from complaints.durability import durability_problem
from complaints.handing import Became, Handed, hand_over
from complaints.intake.receive import DiskFull, Envelope, OverLimit, TooLarge, UnknownAddress
from complaints.intake.shapes import Door

WHY = {
    UnknownAddress: "no inbox takes mail at that address",
    TooLarge: "the file is larger than a mail may be",
    OverLimit: "the inbox had its fill of mails for now; try again later",
    DiskFull: "there is no room left on the disk",
}
NOT_TAKEN = {
    Became.UNREADABLE: "the zip is locked, broken or too large; nothing of it was taken",
    Became.EMPTY: "there is no mail or text in the zip",
    Became.LEFT: "left alone: no mail",
}


class Command(BaseCommand):
    help = (
        "Keep each FILE (a whole mail, an Outlook .msg, the UTF-8 text of a notice, or a zip of them) for the inbox "
        "ADDRESS, byte for byte, as any other door does. Prints a line for each: FILE ID new|repeat; of a zip one for "
        "each mail in it. Does not wait until they are read. Exit status 1 when a file was not kept; the others are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--to", required=True, metavar="ADDRESS", help="a whole inbox address")

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := durability_problem():
            raise CommandError(problem)
        envelope = Envelope(mail_from="", recipients=(options["to"],), peer="")
        self.unread = 0
        told = [self._tell(one) for one in hand_over(self._read(options["files"]), envelope, Door.INGEST)]
        bell.wait()
        if failed := self.unread + told.count(False):
            raise CommandError(f"{failed} of {self.unread + len(told)} files were not kept")

    def _read(self, files: list[Path]) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file that can be read."""
        for file in files:
            try:
                yield str(file), file.read_bytes()
            except OSError as error:
                self.stderr.write(f"{file}: {error.strerror}")
                self.unread += 1

    def _tell(self, one: Handed) -> bool:
        """Say what became of one file; False when it should have been kept and was not."""
        if one.is_kept:
            self.stdout.write(f"{one.name} {one.public_id} {one.became.value}")
            return True
        self.stderr.write(f"{one.name}: {WHY[one.why] if one.why else NOT_TAKEN[one.became]}")
        return one.became is Became.LEFT
