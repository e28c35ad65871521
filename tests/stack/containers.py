"""docker-compose.yml without Docker: its own commands and health checks, run as processes of this machine.

What a container would have to itself is translated: names of hosts become addresses, ports become free ones,
/tmp and /data become folders of the service. What the YAML says beside that is taken as it stands.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import yaml
from psycopg import sql

from config import serve
from tests.processes import session, tell, until
from tests.services import POSTGRES_URL
from tools.stack import ROOT, free_ports

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]  # in the order of the file
PATIENCE = 60.0  # seconds until a service is healthy, on a machine that does other things too


def seconds(said: str) -> float:
    """Compose's "15s", "1m30s" in seconds."""
    return sum(float(number) * {"s": 1, "m": 60, "h": 3600}[unit] for number, unit in re.findall(r"([\d.]+)(\w)", said))


@contextlib.contextmanager
def a_database() -> Iterator[str]:
    """The URL of an empty PostgreSQL database that is dropped at the end."""
    name = f"suji_stack_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES_URL, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def interpolated(value: str, dotenv: dict[str, str]) -> str:
    """`value` as Compose would hand it on: ${NAME:?why} and ${NAME:-default} filled in, $$ a dollar sign.

    raises  KeyError when .env lacks a name that must be there
    """

    def filled(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name, how, default = found[1], found[2], found[3]
        return dotenv.get(name, default) if how == ":-" else dotenv[name]

    return re.sub(r"\$\$|\$\{(\w+)(?:(:\?|:-)([^}]*))?\}", filled, value)


@dataclass
class Service:
    """One service of the file, started as often as its container would be."""

    name: str
    command: list[str]
    health: list[str]
    environment: dict[str, str]
    log: Path
    grace: float  # seconds from SIGTERM to SIGKILL
    process: subprocess.Popen[bytes] | None = None
    sessions: list[int] = field(default_factory=list)  # one a start: nobody leaves the one they were born in

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.sessions.append(self.process.pid)

    def is_healthy(self) -> bool:
        """Does the health check of the file exit with 0? Its time limit stands in the file as well."""
        return self.ask_health().returncode == 0

    def ask_health(self) -> subprocess.CompletedProcess[str]:
        limit = 3 * seconds(SERVICES[self.name]["healthcheck"]["timeout"])  # this machine is busy
        return subprocess.run(
            self.health, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=limit
        )

    def kill(self) -> None:
        """As when the machine runs out of memory: the main process alone, without a word."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """What `docker compose stop` does. The exit status; raises TimeoutExpired after its grace."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(self.grace)

    @property
    def left(self) -> dict[int, str]:
        """All that lives of what it ever started: process number → command line."""
        return {pid: command for leader in self.sessions for pid, command in session(leader).items()}

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


class Containers:
    """The services of the file that are ours, and the Redis of the file, on free ports and in folders of their own."""

    def __init__(self, folder: Path, database: str, s3: str, said: dict[str, str]) -> None:
        self.folder, self.database = folder, database
        self.web_port, self.door_port, redis_port = free_ports(3)
        self.dotenv = {
            "SECRET_KEY": uuid.uuid4().hex + uuid.uuid4().hex,
            "POSTGRES_PASSWORD": "stands-in-the-url-of-the-test-server",
            "REDIS_PASSWORD": uuid.uuid4().hex,
            "S3_SECRET_KEY": uuid.uuid4().hex,
            "SITE_URL": "https://suji.example.org",
            "INBOX_DOMAIN": "in.suji.example.org",
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DEFAULT_FROM_EMAIL": "诉迹 Suji <suji@suji.example.org>",
        } | said
        self._places = {
            "redis:6379": f"127.0.0.1:{redis_port}",
            "http://s3:9000": s3,
            "0.0.0.0": "127.0.0.1",
            "8000": str(self.web_port),
            "2525": str(self.door_port),
        }
        self._programs = folder / "bin"
        self._programs.mkdir()
        if binary := serve.broker_binary():
            (self._programs / "valkey-server").symlink_to(binary)
        if client := shutil.which("valkey-cli") or shutil.which("redis-cli"):
            (self._programs / "valkey-cli").symlink_to(client)
        self.redis = self._redis(redis_port)
        self.ours = {name: self._service(name, self._words(SERVICES[name]["command"])) for name in OURS}

    # -- translated ---------------------------------------------------------------------------------------

    def _words(self, command: list[str]) -> list[str]:
        return [self._places.get(word, word) for word in (interpolated(word, self.dotenv) for word in command)]

    def _environment(self, name: str) -> dict[str, str]:
        """What the Dockerfile sets, and what the file sets on top of it."""
        home = self.folder / name
        home.mkdir(mode=0o700, exist_ok=True)
        path = (str(Path(sys.executable).parent), str(self._programs), os.environ["PATH"])
        image = {
            "PATH": os.pathsep.join(path),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATA_DIR": str(home),
            "STATIC_ROOT": str(self.folder / "static"),
            "PORT": str(self.web_port),  # only because 8000 and 2525 may be taken here
            "SMTP_PORT": str(self.door_port),
        }
        said = {key: interpolated(value, self.dotenv) for key, value in SERVICES[name]["environment"].items()}
        for key, value in said.items():
            for place, here in self._places.items():
                if not place.isdigit():
                    said[key] = value = value.replace(place, here)
        if "DATABASE_URL" in said:
            said["DATABASE_URL"] = self.database
        return image | said

    def _service(self, name: str, command: list[str]) -> Service:
        said = SERVICES[name]
        kind, *check = self._words(said["healthcheck"]["test"])
        return Service(
            name=name,
            command=command,
            health=check if kind == "CMD" else ["sh", "-c", *check],
            environment=self._environment(name),
            log=self.folder / f"{name}.log",
            grace=seconds(said.get("stop_grace_period", "10s")),
        )

    def _redis(self, port: int) -> Service:
        home = self.folder / "redis"
        home.mkdir()
        shell, option, script = self._words([*SERVICES["redis"]["entrypoint"], *SERVICES["redis"]["command"]])
        here = script.replace("/tmp/", f"{home}/").replace("valkey-server ", f"valkey-server --port {port} ")
        service = self._service("redis", [shell, option, f"cd {home} && {here} --bind 127.0.0.1"])
        service.health[-1] = service.health[-1].replace("valkey-cli", f"valkey-cli -p {port}")
        return service

    # -- started and stopped --------------------------------------------------------------------------------

    @property
    def all(self) -> list[Service]:
        return [self.redis, *self.ours.values()]

    def up(self) -> None:
        """`docker compose up`: the tables and the bucket first, then all others. Raises AssertionError."""
        self.run("web", "python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")  # the image has them
        self.redis.start()
        migrate = self.ours["migrate"]
        migrate.start()
        assert migrate.process is not None
        assert migrate.process.wait(120) == 0, migrate.said
        for service in self.all:
            if service.process is None:
                service.start()
        for service in self.all:
            self.wait_for(service)

    def wait_for(self, service: Service) -> None:
        """Until it is healthy; raises AssertionError with its words when it is not within PATIENCE."""
        assert until(service.is_healthy, PATIENCE), f"{service.name}: {service.ask_health().stderr}\n{service.said}"

    def run(self, name: str, *words: str) -> str:
        """`docker compose exec NAME WORDS`: what it prints. Raises CalledProcessError."""
        environment = self.ours[name].environment if hasattr(self, "ours") else self._environment(name)
        return subprocess.run(
            words, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=120
        ).stdout

    def manage(self, *words: str) -> str:
        return self.run("web", "python", "manage.py", *words)

    def add_user(self, email: str) -> tuple[str, str]:
        """(log-in link, inbox address) of that person, made if needed."""
        lines = dict(line.split(": ", 1) for line in self.manage("add_user", email).splitlines())
        return lines["login"], lines["inbox"]

    def down(self) -> dict[str, int]:
        """Stop all at once, as Docker does, each within its grace. Service → exit status."""
        running = [one for one in self.all if one.process and one.process.poll() is None]
        for service in running:
            assert service.process is not None
            service.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        statuses = {}
        for service in running:
            assert service.process is not None
            statuses[service.name] = service.process.wait(max(0.1, began + service.grace - time.monotonic()))
        return statuses

    def sweep_up(self) -> None:
        """End whatever is left, however a test went."""
        for service in self.all:
            tell(service.left, signal.SIGKILL)
            if service.process:
                service.process.wait(10)


@contextlib.contextmanager
def an_s3() -> Iterator[str]:
    """The address of an S3 store that forgets."""
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert until(lambda: serve.answers(port), 30), "moto did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def composed(folder: Path, **said: str) -> Iterator[Containers]:
    """Everything of the file, healthy; `said` stands in .env too."""
    with a_database() as database, an_s3() as s3:
        containers = Containers(folder, database, s3, said)
        try:
            containers.up()
            yield containers
        finally:
            containers.sweep_up()
