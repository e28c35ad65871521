"""The reader: a process that may do nothing but read one mail after another, told by pipe.

It is started, not forked; it has one thread, no Django, no database, no environment of ours, as far as
the system permits no network, few files, no writing, and a limited share of time and memory. A mail
that is too much for it ends it; `reader.py` starts another.

A frame is four bytes of length, big-endian, and so many bytes. In: a mail, as it came. Out: first of all
a JSON object on what is closed to it; then for each mail one byte, READ or FAILED, and a Reading as JSON or
the class and place of an error (never its words: they may be the mail's).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from complaints.intake.shapes import Reading

READ, FAILED = b"r", b"f"
LENGTH = struct.Struct("!I")
FILES = 16  # descriptors that may be open at once; what Python itself loads late counts too
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # of sched.h
# Nothing is sent there: to "connect" a datagram socket only asks whether there is a way.
ELSEWHERE = (("192.0.2.1", 9), ("127.0.0.1", 9))


def close_network() -> None:
    """Move to a network of our own with nothing in it, where the system lets us; `has_network` tells whether."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        if libc.unshare(CLONE_NEWNET) != 0:  # needs privileges; in a user namespace of our own it may not
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def has_network() -> bool:
    """Is there a way from here to anywhere, this machine itself included? Tried, not assumed."""
    return any(map(_has_way_to, ELSEWHERE))


def _has_way_to(address: tuple[str, int]) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(address)
        except OSError:
            return False
        return True


def limit_self(memory: int) -> None:
    """So much address space above what is used now; few files, none written; no core dump with a mail in it."""
    in_use = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    # no /proc: what was ever resident is the nearest we know
    with contextlib.suppress(OSError), open("/proc/self/statm") as file:
        in_use = int(file.read().split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_AS, in_use + memory)
    _lower(resource.RLIMIT_NOFILE, FILES)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, limit: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # it is lower already
        resource.setrlimit(what, (limit, limit))


def allow_time(seconds: int) -> None:
    """So much processor time from now on; then the system ends us, in whatever we are (0: until the next mail)."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    if seconds:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + seconds + 2
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        with contextlib.suppress(ValueError, OSError):  # the timer above is what counts
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def read_frame(file: BinaryIO) -> bytes | None:
    """The next frame, None at the end."""
    head = file.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = file.read(length)
    return body if len(body) == length else None


def write_frame(file: BinaryIO, body: bytes) -> None:
    file.write(LENGTH.pack(len(body)) + body)
    file.flush()


def tell_and_die(out: BinaryIO) -> Callable[..., None]:
    """An excepthook: class and place of the error to the parent, nothing to stderr."""

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        places = traceback.extract_tb(error.__traceback__)
        place = f"{PurePath(places[-1].filename).name}:{places[-1].lineno}" if places else "nowhere"
        write_frame(out, FAILED + f"{kind.__name__} at {place}".encode())
        out.close()

    return hook


def serve(read: Callable[[bytes], Reading], cpu_seconds: int, memory: int) -> None:
    """Read mails from stdin with `read` until it ends: `cpu_seconds` for each, `memory` bytes above the start."""
    mails, out = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "wb") as nowhere:  # what a library prints must not come between the frames
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    sys.excepthook = tell_and_die(out)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes our pipe
    close_network()
    told = {"network": has_network()}
    limit_self(memory)
    write_frame(out, json.dumps(told).encode())
    while (raw := read_frame(mails)) is not None:
        allow_time(cpu_seconds)
        answer = read(raw).to_json().encode("utf-8", "surrogatepass")
        allow_time(0)
        write_frame(out, READ + answer)


def main() -> None:
    from complaints.intake.reading import prepare, read

    prepare()
    serve(read, cpu_seconds=int(sys.argv[1]), memory=int(sys.argv[2]))


if __name__ == "__main__":
    main()
