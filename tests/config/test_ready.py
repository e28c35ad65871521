"""/readyz: what this process rests on, each asked for so long and no longer, and told to staff alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.db import OperationalError
from django.test import Client

from accounts.models import Role
from config import ready
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)  # it asks in threads of its own


@pytest.fixture
def _well(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ready, "QUESTIONS", dict.fromkeys(ready.QUESTIONS, lambda: None))
    yield
    ready._asked.clear()


def asked(client: Client | None = None) -> tuple[int, dict[str, Any]]:
    response = (client or Client()).get("/readyz")
    return response.status_code, response.json()


def staff() -> Client:
    client = Client()
    client.force_login(make.a_user("host@example.com", role=Role.STAFF))
    return client


def test_this_installation_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "SECONDS", 30.0)  # a busy machine is no fault of ours
    assert {name: answer.said for name, answer in ready.answers().items()} == dict.fromkeys(ready.QUESTIONS, "ok")


@pytest.mark.usefixtures("_well")
def test_what_ails_is_told_to_staff_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ready.QUESTIONS, "cache", _raises(redis.ConnectionError("redis://suji:secret@host")))
    assert asked() == (503, {"ready": False})
    shopper = Client()
    shopper.force_login(make.a_user())
    assert asked(shopper) == (503, {"ready": False})
    status, said = asked(staff())
    assert status == 503
    assert said["cache"]["said"] == "ConnectionError"
    assert said["database"]["said"] == "ok"
    assert "secret" not in str(said)


@pytest.mark.usefixtures("_well")
@pytest.mark.parametrize("name", sorted(ready.NEEDED))
def test_each_of_them_is_needed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert asked() == (200, {"ready": True})
    monkeypatch.setitem(ready.QUESTIONS, name, _raises(OperationalError("no such server")))
    assert asked() == (503, {"ready": False})


@pytest.mark.usefixtures("_well")
def test_without_its_doorbell_it_is_ready_and_staff_read_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ready.QUESTIONS, "broker", _raises(redis.ConnectionError("gone")))
    assert asked() == (200, {"ready": True})
    assert asked(staff())[1]["broker"]["said"] == "ConnectionError"


@pytest.mark.usefixtures("_well")
def test_one_that_hangs_is_waited_for_no_longer_than_its_time_and_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "SECONDS", 0.05)
    hangs, times = threading.Event(), []

    def ask() -> None:
        times.append(1)
        hangs.wait(20)

    monkeypatch.setitem(ready.QUESTIONS, "storage", ask)
    assert asked()[0] == 503
    assert asked(staff())[1]["storage"]["said"] == "no answer"
    assert len(times) == 1
    hangs.set()
    ready._asked["storage"].answer(time.monotonic() + 20)
    assert asked()[0] == 200


def test_a_migration_that_is_missing_makes_it_unready(monkeypatch: pytest.MonkeyPatch) -> None:
    ready.migrations()
    monkeypatch.setattr(ready, "_on_disk", lambda: frozenset({("complaints", "9999_of_tomorrow")}))
    with pytest.raises(ready.NotWell):
        ready.migrations()


def _raises(error: Exception) -> Any:
    def ask() -> None:
        raise error

    return ask
