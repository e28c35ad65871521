"""A reader that does what its mail tells it: the worst that a hostile mail could bring the real one to."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace

from complaints.intake.reader_process import serve
from complaints.intake.reading import read
from complaints.intake.shapes import Reading


def spin() -> str:
    while True:
        pass


def spin_in_c() -> str:
    return str(sum(1 for _ in iter(int, 1)))


def swallow_memory() -> str:
    return str(len(b"x" * (1 << 30)))


def sleep() -> str:
    time.sleep(60)
    return "awake"


def leave() -> str:
    os._exit(3)


def crash() -> str:
    ctypes.string_at(0)
    return "alive"


def recurse() -> str:
    return recurse() + "x"


def fail() -> str:
    raise ValueError("the secret words of a mail")


def babble() -> str:
    os.write(1, b"\x00\x00\x00\x02ab")
    sys.stderr.write("the secret words of a mail")
    return "babbled"


def write_a_file() -> str:
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
        file.flush()
    return "written"


def open_many() -> str:
    return str(len([os.dup(0) for _ in range(100)]))


def call(*address: str) -> str:
    try:
        socket.create_connection((address[0], int(address[1])), timeout=2).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def tell_environment() -> str:
    return " ".join(sorted(os.environ))


def tell_modules() -> str:
    return " ".join(sorted({name.partition(".")[0] for name in sys.modules}))


def tell_limits() -> str:
    core, mail = resource.getrlimit(resource.RLIMIT_CORE)[1], signal.getitimer(signal.ITIMER_PROF)[0]
    return f"{core} {mail > 0}"


WORDS: dict[bytes, Callable[..., str]] = {
    word.__name__.encode(): word
    for word in (
        spin,
        spin_in_c,
        swallow_memory,
        sleep,
        leave,
        crash,
        recurse,
        fail,
        babble,
        write_a_file,
        open_many,
        call,
        tell_environment,
        tell_modules,
        tell_limits,
    )
}


def obey(raw: bytes) -> Reading:
    word, *more = raw.split()
    if word not in WORDS:
        return read(raw)
    return replace(read(b""), warnings=(WORDS[word](*(one.decode() for one in more)),))


if __name__ == "__main__":
    serve(obey, cpu_seconds=int(sys.argv[1]), memory=int(sys.argv[2]))
