"""A worker on a Redis that others run: what it forgets, how long it is silent, and who was frozen meanwhile."""

from __future__ import annotations

import json
import signal
import smtplib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis

from config import serve
from tests.processes import tell, until
from tests.services import REDIS_URL
from tests.stack.containers import SERVICES, Service
from tests.stack.mails import FROM, notice, story
from tools.stack import ROOT, free_ports

pytestmark = [pytest.mark.stack, pytest.mark.redis]

IDLE = 22  # seconds: several times every time limit that redis-py sets by itself


@dataclass
class Desk:
    """A door and its workers, on SQLite and one database of the Redis that tests use."""

    door: Service
    port: int
    broker: redis.Redis
    workers: list[Service]
    inbox: str = ""

    def manage(self, *words: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(
            command, env=self.door.environment, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    def prepare(self) -> None:
        """Tables, and somebody whom mail can be sent to."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("createcachetable")
        self.inbox = self.manage("add_user", FROM).split("inbox: ")[1].strip()

    def send(self, *mails: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as door:
            for mail in mails:
                assert door.sendmail(FROM, [self.inbox], mail) == {}

    def mails(self, outcome: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(f"file:{self.door.environment['DATA_DIR']}/suji.sqlite3?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return [
                dict(row) for row in db.execute("SELECT * FROM complaints_incomingmail WHERE outcome = ?", (outcome,))
            ]

    def start_a_worker(self) -> Service:
        """As docker-compose.yml starts it, under a name of its own; once it is healthy."""
        command = list(SERVICES["worker-mail"]["command"])
        command[command.index("mail@%h")] = f"mail{len(self.workers)}@%h"
        worker = a_service("worker-mail", command, self.door.environment, self.door.log.parent, len(self.workers))
        self.workers.append(worker)
        worker.start()
        assert until(lambda: list(Path(worker.environment["DATA_DIR"]).glob("pulse/mail*")), 30), worker.said
        return worker


def a_service(name: str, command: list[str], environment: dict[str, str], folder: Path, number: int = 0) -> Service:
    program = [sys.executable, "-m", "celery", *command[1:]] if command[0] == "celery" else command
    return Service(name, program, [], environment, folder / f"{name}-{number}.log", grace=10)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A database of that server which nobody else uses: taken with a key, emptied at the end."""
    for number in range(14, 0, -1):
        url = urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{number}"))
        with redis.Redis.from_url(url) as client:
            if client.dbsize() == 0 and client.set("taken-by-a-test", "1", nx=True, ex=600):
                yield url
                client.flushdb()
                return
    pytest.fail("TEST_REDIS_URL has no empty database beside the first")


@pytest.fixture(scope="module")
def desk(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("redis-worker")
    (port,) = free_ports(1)
    environment = {"DATA_DIR": str(folder / "data"), "REDIS_URL": redis_url, "SMTP_PORT": str(port)}
    door = a_service("door", [sys.executable, str(ROOT / "manage.py"), "receive"], environment, folder)
    with redis.Redis.from_url(redis_url) as broker:
        one = Desk(door, port, broker, [])
        one.prepare()
        try:
            door.start()
            assert until(lambda: serve.answers(port), 30), door.said
            yield one
        finally:
            for service in (door, *one.workers):
                tell(service.left, signal.SIGKILL)
                if service.process:
                    service.process.wait(10)


def complaints(service: Service) -> list[str]:
    """The lines of its log that are warnings or worse."""
    return [line for line in service.said.splitlines() if any(f" {word} " in line for word in ("WARNING", "ERROR"))]


def test_rings_that_the_broker_forgot_are_found_by_the_sweep(desk: Desk) -> None:
    desk.send(*(notice(number) for number in range(1, 7)))
    assert until(lambda: desk.broker.llen("mail") == 6, 5)
    taken = desk.broker.get("taken-by-a-test")
    desk.broker.flushdb()
    desk.broker.set("taken-by-a-test", taken, ex=600)
    desk.start_a_worker()
    assert until(lambda: not desk.mails("waiting"), 20), desk.mails("waiting")
    assert len(desk.mails("filed")) == 6
    assert story(desk.manage, FROM) == {f"20261122{number:04d}": ["acknowledges"] for number in range(1, 7)}


def test_a_worker_that_was_long_idle_files_the_next_mail_at_once_and_without_a_complaint(desk: Desk) -> None:
    worker = desk.workers[0] if desk.workers else desk.start_a_worker()
    desk.send(notice(10))
    assert until(lambda: not desk.mails("waiting"), 20)
    before = len(desk.mails("filed"))
    time.sleep(IDLE)
    desk.send(notice(11))
    assert until(lambda: len(desk.mails("filed")) == before + 1, 3)  # rung for: the sweep would take five
    assert complaints(worker) == []
    assert "Traceback" not in worker.said


def test_a_worker_frozen_beyond_its_lease_wakes_up_to_find_its_mail_filed_by_another(desk: Desk) -> None:
    frozen = desk.workers[0] if desk.workers else desk.start_a_worker()
    desk.send(notice(20))
    assert until(lambda: not desk.mails("waiting"), 20)
    readers = [pid for pid, command in frozen.left.items() if "reader_process" in command]
    assert readers
    tell(readers, signal.SIGSTOP)  # a mail that takes its time
    desk.send(notice(21))
    assert until(lambda: any(mail["lease"] for mail in desk.mails("waiting")), 5)
    tell(frozen.left, signal.SIGSTOP)
    (held,) = desk.mails("waiting")
    another = desk.start_a_worker()
    assert until(lambda: not desk.mails("waiting"), 50)
    filed = next(mail for mail in desk.mails("filed") if mail["id"] == held["id"])
    assert (filed["lost_leases"], filed["attempts"]) == (1, 0)
    tell(frozen.left, signal.SIGCONT)
    desk.send(notice(22))
    assert until(lambda: not desk.mails("waiting"), 20)
    time.sleep(2)  # the reader that was frozen says what it read, and nobody wants to know
    told = json.loads(desk.manage("tell", "--owner", FROM))
    assert [len(case["events"]) for case in told["cases"] if case["case_no"] == "202611220021"] == [1]
    now = next(mail for mail in desk.mails("filed") if mail["id"] == held["id"])
    assert now == filed
    assert complaints(another) == []
    assert frozen.process is not None
    assert frozen.process.poll() is None
