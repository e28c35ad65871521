"""The pictures, papers and videos that came with a mail, cut out of its bytes: for its owner, who may keep them.

`files_in` is pure. Everybody else calls `cut`, which has it done in a limited process of its own: run as a module, this
file is that process. The mail comes on its standard input; out go one line of JSON and the bytes that were asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import filetype

from complaints.intake.decode import safe_file_name
from complaints.intake.opening import open_mail, with_opened
from complaints.intake.reader_process import allow_time, close_network, limit_self
from complaints.intake.shapes import Mail

MODULE = "complaints.intake.cutting"
DEEPEST = 4  # mails in mails
MOST_FILES = 50
SMALLEST_PICTURE = 4 * 1024  # bytes: below are logos, lines and counters
TAKEN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/avif"})
TAKEN |= {"application/pdf", "video/mp4", "video/quicktime", "video/x-m4v"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that came with a mail."""

    name: str  # safe to show, "" when it had none
    data: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a piece. `data` only where that was asked for."""

    name: str
    size: int  # bytes
    sha256: str
    content_type: str  # as its first bytes say
    data: bytes = b""

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


class NotCut(Exception):
    """The process ended or overran on this mail."""


def files_in(raw: bytes) -> list[Piece]:
    """The files in `raw` that could be exhibits, those of attached mails too, each once, at most MOST_FILES."""
    found: dict[str, Piece] = {}
    for piece in _files(open_mail(raw), 0):
        found.setdefault(hashlib.sha256(piece.data).hexdigest(), piece)
        if len(found) == MOST_FILES:
            break
    return list(found.values())


def _files(mail: Mail, depth: int) -> Iterator[Piece]:
    for part in mail.attachments:
        if part.is_mail:
            if depth < DEEPEST:
                yield from _files(with_opened(part.mail) if part.mail else open_mail(part.raw), depth + 1)
            continue
        kind = filetype.guess_mime(part.raw[:8192]) or ""
        if kind in TAKEN and not (kind.startswith("image/") and len(part.raw) < SMALLEST_PICTURE):
            yield Piece(safe_file_name(part.name), part.raw)


def cut(raw: bytes, wanted: Sequence[int], cpu_seconds: int, memory: int, wall_seconds: int) -> list[Told]:
    """What `files_in` finds, in its order; with their bytes those whose places are `wanted`.

    raises  NotCut
    """
    command = [sys.executable, "-B", "-m", MODULE, str(cpu_seconds), str(memory), json.dumps(list(wanted))]
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environment = {"LANG": "C.UTF-8", "PYTHONUTF8": "1"}  # none of ours: there may be secrets in it
    try:
        done = subprocess.run(
            command,
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=root,
            env=environment,
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotCut(f"{wall_seconds} s") from None
    if done.returncode:
        raise NotCut(f"it ended with {done.returncode}")
    head, _newline, rest = done.stdout.partition(b"\n")
    told, at = [], 0
    for place, said in enumerate(json.loads(head)):
        length = said["size"] if place in wanted else 0
        told.append(Told(**said, data=rest[at : at + length]))
        at += length
    return told


def main() -> None:
    cpu_seconds, memory, wanted = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
    raw = sys.stdin.buffer.read()
    close_network()
    limit_self(memory)
    allow_time(cpu_seconds)
    found = files_in(raw)
    said = [
        {
            "name": piece.name,
            "size": len(piece.data),
            "sha256": hashlib.sha256(piece.data).hexdigest(),
            "content_type": filetype.guess_mime(piece.data[:8192]) or "",
        }
        for piece in found
    ]
    out = sys.stdout.buffer
    out.write(json.dumps(said).encode() + b"\n")
    for place in wanted:
        if 0 <= place < len(found):
            out.write(found[place].data)
    out.flush()


if __name__ == "__main__":
    main()
