"""Is this process able to serve? Each thing it rests on is asked in a thread of its own, for so long and no longer."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

SECONDS = 2.0  # that each question may take
# What an answer that is no answer looks like: the database, Redis, a disk, an S3 store (botocore's errors are none of
# these; storages hands them on, so they are named by their own class).
TROUBLE: tuple[type[Exception], ...] = (DatabaseError, redis.RedisError, OSError)


class NotWell(Exception):
    """It answers, and is not as it should be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question came to: "ok", or what is wrong in one word or a class; and how long it took, in seconds."""

    said: str
    seconds: float

    @property
    def is_well(self) -> bool:
        return self.said == "ok"


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def migrations() -> None:
    if _on_disk() - set(MigrationRecorder(connection).applied_migrations()):
        raise NotWell("not applied")


@functools.cache
def _on_disk() -> frozenset[tuple[str, str]]:
    """The migrations of this version: the code of a process does not change."""
    return frozenset(MigrationLoader(None).disk_migrations)


def cached() -> None:
    """Does it answer? Nothing is written: that would wait for whoever writes, which is no fault."""
    cache.get("ready")


def storage() -> None:
    """Does it answer? That it can be written is `doctor`'s to try: this is asked every few seconds."""
    default_storage.exists("ready")


def broker() -> None:
    if not settings.REDIS_URL:
        return  # embedded without one: the worker looks at the table by itself
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS)
    try:
        client.ping()
    finally:
        client.close()


QUESTIONS: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": migrations,
    "cache": cached,
    "storage": storage,
    "broker": broker,
}


# What an answer to people and mail cannot do without. The broker is a doorbell: while it is silent the table is read.
NEEDED = frozenset(QUESTIONS) - {"broker"}


class Asking:
    """One question being asked. While it hangs it is not asked a second time, so that no thread piles up on another."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._done = threading.Event()
        self._said = ""
        self._began = time.monotonic()
        threading.Thread(target=self._run, name="ready", daemon=True).start()

    def _run(self) -> None:
        try:
            self._ask()
            self._said = "ok"
        except NotWell as error:
            self._said = str(error)
        except _troubles() as error:
            self._said = type(error).__name__
        finally:
            self._said = self._said or "failed"
            self._done.set()
            connection.close()

    def answer(self, until: float) -> Answer | None:
        """What it came to; None when it is not done at that moment of the monotonic clock."""
        if not self._done.wait(max(0.0, until - time.monotonic())):
            return None
        return Answer(self._said, time.monotonic() - self._began)


_asked: dict[str, Asking] = {}
_lock = threading.Lock()


def answers() -> dict[str, Answer]:
    """Ask everything at once; each has SECONDS."""
    began = time.monotonic()
    with _lock:
        for name, ask in QUESTIONS.items():
            if name not in _asked:
                _asked[name] = Asking(ask)
        asked = dict(_asked)
    found = {}
    for name, asking in asked.items():
        answer = asking.answer(began + SECONDS)
        found[name] = answer or Answer("no answer", time.monotonic() - began)
        if answer:
            with _lock:
                if _asked.get(name) is asking:
                    del _asked[name]
    return found


@functools.cache
def _troubles() -> tuple[type[Exception], ...]:
    """TROUBLE, and the errors of the S3 client where there is one."""
    if not settings.STORAGES["default"]["BACKEND"].startswith("storages."):
        return TROUBLE
    from botocore.exceptions import BotoCoreError, ClientError

    return (*TROUBLE, BotoCoreError, ClientError)
