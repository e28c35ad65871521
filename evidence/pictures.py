"""Pictures: is it one, and the copies that pages show. Decoding happens in a limited process of its own."""

from __future__ import annotations

import fcntl
import json
import logging
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedIOBase
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Literal

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F

from accounts.ids import random_id
from evidence.models import Exhibit

logger = logging.getLogger(__name__)

PROCESS = Path(__file__).with_name("picture_process.py")
TOO_MUCH = 3  # the exit status that picture_process.py ends with
SIZE = struct.Struct("!II")
ATTEMPTS = 3
FACTS = ("taken", "device", "software", "place")  # what a device says of a picture, see picture_process.facts_of
ALIKE = 6  # of 64 bits: pictures whose hashes differ in no more look the same
PLAIN = 6  # bits: a hash with fewer set, or fewer unset, is of a picture with hardly anything in it


class NotAPicture(Exception):
    """The bytes begin like a picture and are none: broken, cut off, or something else behind its first bytes."""


class TooMuch(Exception):
    """More pixels than we decode for anybody; `picture` has its size, where that was read."""

    def __init__(self, picture: Picture) -> None:
        super().__init__(f"{picture.width} x {picture.height}")
        self.picture = picture


class Overrun(Exception):
    """The process took too long or too much memory and was killed."""


class Busy(Exception):
    """Other pictures were decoded all the while that we waited for our turn."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the process told and made. Width and height are pixels of the original as a person sees it."""

    width: int = 0
    height: int = 0
    facts: dict[str, str] = field(default_factory=dict)  # for its owner alone: place and time of the taking
    hash: str = ""  # of what it looks like, 16 hex digits
    copy: bytes = b""
    thumbnail: bytes = b""


def look(file: IO[bytes], content_type: str) -> Picture:
    """Decode all of `file`, which must have a file descriptor: is it a picture?

    raises  NotAPicture, TooMuch, Overrun, Busy
    """
    return ask_process("look", file, content_type)


def copies(file: IO[bytes], content_type: str) -> Picture:
    """A WebP copy and thumbnail of `file`: upright, small, and nothing but pixels. Raises as `look`."""
    return ask_process("copies", file, content_type)


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture upright and in plain colours: RGB row by row. `picture` has the size of the original."""

    picture: Picture
    width: int
    height: int
    data: bytes


def pixels(file: IO[bytes], content_type: str) -> Pixels:
    """The pixels of `file`, as many as OCR can use. Raises as `look`."""
    made = ask_process("pixels", file, content_type)
    width, height = SIZE.unpack(made.copy)
    return Pixels(made, width, height, made.thumbnail)


def ask_process(work: Literal["look", "copies", "pixels"], file: IO[bytes], content_type: str) -> Picture:
    limits = settings.PICTURE_LIMITS
    pixels = limits["heic_pixels"] if content_type == "image/heic" else limits["pixels"]
    # -I: neither this folder nor the environment decides what is imported there.
    command = [sys.executable, "-I", str(PROCESS), work, content_type]
    command += [str(limits["memory"]), str(limits["cpu_seconds"]), str(pixels)]
    file.seek(0)
    with my_turn():
        try:
            done = subprocess.run(
                command,
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=limits["wall_seconds"],
                check=False,
                env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            )
        except subprocess.TimeoutExpired:  # killed and reaped by run()
            raise Overrun(f"{limits['wall_seconds']} s") from None
    if done.returncode == TOO_MUCH:
        raise TooMuch(told(done.stdout))
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Overrun(f"signal {-done.returncode}")
    if done.returncode:
        raise NotAPicture
    return told(done.stdout)


@contextmanager
def my_turn() -> Iterator[None]:
    """One picture at a time on this machine, whichever process asks. Raises Busy after `turn_seconds`."""
    deadline = time.monotonic() + settings.PICTURE_LIMITS["turn_seconds"]
    with open(settings.DATA_DIR / "pictures.turn", "ab") as turn:
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy from None
                time.sleep(0.02)
        yield  # closing the file gives the turn back, and so does dying


def told(answer: bytes) -> Picture:
    """The answer of the process: what a picture says of itself is still a stranger's word, short and plain at most."""
    head, _newline, blobs = answer.partition(b"\n")
    said: dict[str, Any] = json.loads(head)
    edges = [0]
    for size in said["sizes"]:
        edges.append(edges[-1] + size)
    parts = [blobs[start:end] for start, end in pairwise(edges)]
    facts = {name: str(said["facts"][name])[:80] for name in FACTS if said["facts"].get(name)}
    hash = said["hash"] if re.fullmatch("[0-9a-f]{16}", said["hash"]) else ""
    return Picture(int(said["width"]), int(said["height"]), facts, hash, *parts)


def look_alike(one: str, other: str) -> bool:
    """Whether two hashes are of pictures that look the same, only a hint. Never for one with hardly anything in it."""
    if not one or not other:
        return False
    first, second = int(one, 16), int(other, 16)
    tells = all(PLAIN <= bits.bit_count() <= 64 - PLAIN for bits in (first, second))
    return tells and (first ^ second).bit_count() <= ALIKE


# -- the copies that wait to be made ---------------------------------------------------------------------


def make_copies(exhibit_id: int) -> str:
    """Make the copy and thumbnail of an exhibit that waits for them; running it again changes nothing.

    An attempt is counted before it is made, so that a picture which kills its process is tried ATTEMPTS
    times and no more. Two at once cost time, not truth: the first to finish is kept.

    returns  the state of its copy afterwards, or "gone"
    """
    mine = Exhibit.objects.filter(pk=exhibit_id, copy=Exhibit.Copy.WAITING)
    if mine.filter(attempts__gte=ATTEMPTS).update(copy=Exhibit.Copy.FAILED):
        logger.warning("exhibit %s: no copy after %d attempts", exhibit_id, ATTEMPTS)
    elif mine.update(attempts=F("attempts") + 1):
        try_copies(Exhibit.objects.get(pk=exhibit_id))
    left = Exhibit.objects.filter(pk=exhibit_id).values_list("copy", flat=True).first()
    return left or "gone"


def try_copies(exhibit: Exhibit) -> None:
    mine = Exhibit.objects.filter(pk=exhibit.pk, copy=Exhibit.Copy.WAITING)
    try:
        made = copies_of(exhibit)
        copy, thumbnail = kept_copies(made)
    except Busy:
        mine.update(attempts=F("attempts") - 1)  # not its fault: the sweep rings again
        return
    except (NotAPicture, TooMuch):  # it will not become one
        mine.update(copy=Exhibit.Copy.FAILED)
        logger.warning("exhibit %s: its bytes cannot be shown", exhibit.pk)
        return
    except Overrun as overrun:
        logger.warning("exhibit %s: attempt %d: %s", exhibit.pk, exhibit.attempts, overrun)
        return
    except FileNotFoundError:  # its original is gone: after ATTEMPTS it is believed
        logger.error("exhibit %s: attempt %d: its original is not there", exhibit.pk, exhibit.attempts)
        return
    except OSError as error:  # the store is away, or the disk is full: not its fault either
        mine.update(attempts=F("attempts") - 1)
        logger.warning("exhibit %s: left to the sweep (%s)", exhibit.pk, type(error).__name__)
        return
    is_first = mine.update(
        copy=Exhibit.Copy.READY,
        copy_file=copy,
        thumbnail_file=thumbnail,
        width=made.width,
        height=made.height,
    )
    if not is_first:
        default_storage.delete(copy)
        default_storage.delete(thumbnail)


def kept_copies(made: Picture) -> tuple[str, str]:
    """The names under which the copy and the thumbnail lie in the storage, both or none. Raises OSError."""
    copy = default_storage.save(new_key("copies"), ContentFile(made.copy))
    try:
        return copy, default_storage.save(new_key("copies"), ContentFile(made.thumbnail))
    except OSError:
        with suppress(OSError):
            default_storage.delete(copy)
        raise


def copies_of(exhibit: Exhibit) -> Picture:
    """The copies of the original as it lies in the storage. Raises as `look`."""
    with default_storage.open(exhibit.file) as kept:
        if isinstance(kept.file, BufferedIOBase):  # a file of this machine: the process reads it itself
            return copies(kept.file, exhibit.content_type)
        with tempfile.TemporaryFile() as near:
            shutil.copyfileobj(kept, near)
            near.flush()
            return copies(near, exhibit.content_type)


def waiting_since(moment: datetime, limit: int = 200) -> list[int]:
    """The exhibits whose copies have waited since before `moment`, oldest first."""
    waiting = Exhibit.objects.filter(copy=Exhibit.Copy.WAITING, received_at__lte=moment)
    return list(waiting.order_by("received_at").values_list("pk", flat=True)[:limit])


def new_key(folder: str) -> str:
    """A random name in the storage: says nothing about what lies there or whose it is."""
    key = random_id(32)
    return f"{folder}/{key[:2]}/{key}"
