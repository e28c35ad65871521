"""Where the line has its mails read: a few limited processes, started when first needed, replaced when dead.

Pictures have a process of their own kind, with the models of OCR in it: nobody else pays for those.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import select
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from complaints.intake.picture_reader_process import HEAD
from complaints.intake.pictures import NOT_A_PICTURE, PICTURE_TOO_LARGE, picture_type, unread_picture
from complaints.intake.reader_process import FAILED, LENGTH, READ
from complaints.intake.shapes import Reading
from evidence import pictures

log = logging.getLogger(__name__)

START_SECONDS = 30  # to start Python and load the steps, on a busy machine
LARGEST_ANSWER = 256 * 1024 * 1024


class ReaderDied(Exception):
    """The reader ended or overran on this mail. The message names a class and a place, never a mail's words."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of reader: the module that it runs, and the name of the setting with its limits."""

    module: str
    limits: str


MAILS = Sort("complaints.intake.reader_process", "READER_LIMITS")
PICTURES = Sort("complaints.intake.picture_reader_process", "PICTURE_READER_LIMITS")


class Reader:
    """One limited process. Not for two threads at a time: `read` below lends each to one."""

    def __init__(self, sort: Sort = MAILS) -> None:
        self.sort = sort
        self._limits = limits = getattr(settings, sort.limits)
        # No environment of ours: what a mail might take over must not find secrets there.
        self._child = subprocess.Popen(
            [
                *(sys.executable, "-B", "-m", sort.module),
                *(str(limits["cpu_seconds"]), str(limits["memory"])),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={"LANG": "C.UTF-8", "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"},
            bufsize=0,
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._to, self._from = self._child.stdin.fileno(), self._child.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        self._left = limits["mails"]
        try:
            told = self._answer(time.monotonic() + START_SECONDS)
        except ReaderDied as error:
            self.end()
            raise ReaderNotStarted(str(error)) from error
        if told[:1] == FAILED:
            self.end()
            raise ReaderNotStarted(told[1:].decode("utf-8", "replace"))
        self.has_network = bool(json.loads(told)["network"])

    def read(self, raw: bytes) -> Reading:
        """What the bytes tell. Raises ReaderDied; then this process is of no more use."""
        self._left -= 1
        deadline = time.monotonic() + self._limits["wall_seconds"]
        self._send(LENGTH.pack(len(raw)) + raw, deadline)
        answer = self._answer(deadline)
        if answer[:1] == READ:
            try:
                return Reading.from_json(answer[1:].decode("utf-8", "surrogatepass"))
            except (ValueError, KeyError, TypeError) as error:
                raise ReaderDied("its answer is no reading") from error
        if answer[:1] == FAILED:
            raise ReaderDied(answer[1:].decode("utf-8", "replace"))
        raise ReaderDied("no such answer")

    @property
    def is_fresh(self) -> bool:
        """May it read another mail? It is alive, and has not read its share."""
        return self._left > 0 and self._child.poll() is None

    @property
    def peak(self) -> int:
        """The most bytes it ever had resident, 0 where the system does not tell."""
        try:
            status = Path(f"/proc/{self._child.pid}/status").read_text()
        except OSError:
            return 0
        found = re.search(r"VmHWM:\s*(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0

    def end(self) -> None:
        """End the process, whatever it does, and take its exit."""
        self._child.kill()
        self._child.wait()
        self.forget()

    def forget(self) -> None:
        """Close our ends of the pipes: a reader that is idle ends by itself when nobody holds them."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()

    def _send(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        poll = select.poll()
        poll.register(self._to, select.POLLOUT)
        while left:
            _wait(poll, deadline)
            try:
                left = left[os.write(self._to, left) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ReaderDied("it went away") from error

    def _answer(self, deadline: float) -> bytes:
        (length,) = LENGTH.unpack(self._take(LENGTH.size, deadline))
        if length > LARGEST_ANSWER:
            raise ReaderDied("an answer without end")
        return self._take(length, deadline)

    def _take(self, length: int, deadline: float) -> bytes:
        taken = bytearray()
        poll = select.poll()
        poll.register(self._from, select.POLLIN)
        while len(taken) < length:
            _wait(poll, deadline)
            try:
                piece = os.read(self._from, min(length - len(taken), 1 << 20))
            except BlockingIOError:
                continue
            if not piece:
                raise ReaderDied(f"it ended with {self._child.wait()}")
            taken += piece
        return bytes(taken)


class ReaderNotStarted(OSError):
    """No reader could be started: our own fault, not the mail's."""


def _wait(poll: select.poll, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise ReaderDied("it took too long")


# -- lending them out ------------------------------------------------------------------------------------

_idle: list[Reader] = []
_lock = threading.Lock()
_one_picture = threading.Lock()  # OCR keeps both cores busy: one at a time in this process
_of_the_parent: list[Reader] = []


def read(raw: bytes) -> Reading:
    """All that the bytes alone can tell, found out in a limited process. For any thread, any process.

    raises  ReaderDied        on this mail: it ended, or overran its time or memory
            ReaderNotStarted  (an OSError) when there is no reader to ask
    """
    content_type = picture_type(raw)
    return read_picture(raw, content_type) if content_type else _read(MAILS, raw)


def read_picture(raw: bytes, content_type: str) -> Reading:
    """The same of a picture of `content_type`: decoded by the picture process, then read by OCR. Raises as `read`."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(raw)
            file.flush()
            made = pictures.pixels(file, content_type)
    except pictures.NotAPicture:
        return unread_picture(raw, NOT_A_PICTURE)
    except pictures.TooMuch:
        return unread_picture(raw, PICTURE_TOO_LARGE)
    except pictures.Overrun as error:
        raise ReaderDied("decoding it took too long") from error
    except pictures.Busy as error:
        raise ReaderNotStarted("other pictures are decoded") from error
    size = (made.picture.width, made.picture.height)
    with _one_picture:
        return _read(PICTURES, HEAD.pack(hashlib.sha256(raw).digest(), made.width, made.height, *size) + made.data)


def _read(sort: Sort, raw: bytes) -> Reading:
    reader = _borrow(sort)
    has_answered = False
    try:
        reading = reader.read(raw)
        has_answered = True
    except ReaderDied as error:
        log.warning("a reader died: %s", error)
        raise
    finally:
        if has_answered:
            _give_back(reader)
        else:  # whatever happened, what comes next from it would be the answer to another mail
            reader.end()
    return reading


def has_network() -> bool:
    """Could a reader, as it is started here, reach any network? Tried by the reader itself (`doctor` says it)."""
    reader = _borrow(MAILS)
    _give_back(reader)
    return reader.has_network


def peak_memory(sort: Sort) -> int:
    """The most bytes that an idle reader of that sort ever had resident; 0 without one, or where /proc does not tell."""
    with _lock:
        readers = [reader for reader in _idle if reader.sort is sort]
    return max((reader.peak for reader in readers), default=0)


def end_all() -> None:
    """End the readers that nobody uses."""
    with _lock:
        readers, _idle[:] = _idle[:], []
    for reader in readers:
        reader.end()


def _borrow(sort: Sort) -> Reader:
    while True:
        with _lock:
            reader = next((one for one in reversed(_idle) if one.sort is sort), None)
            if reader is not None:
                _idle.remove(reader)
        if reader is None:
            return Reader(sort)
        if reader.is_fresh:
            return reader
        reader.end()


def _give_back(reader: Reader) -> None:
    if not reader.is_fresh:
        reader.end()
        return
    with _lock:
        _idle.append(reader)


def _leave_to_parent() -> None:
    """After a fork: the readers are the parent's; two that talk to one of them would mix up mails."""
    global _lock, _one_picture
    _lock, _one_picture = threading.Lock(), threading.Lock()
    for reader in _idle:
        reader.forget()
    _of_the_parent.extend(_idle)  # kept, so that nobody waits for a child that is not ours
    _idle.clear()


os.register_at_fork(after_in_child=_leave_to_parent)
