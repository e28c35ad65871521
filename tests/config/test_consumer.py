"""How our workers wait for their broker."""

from __future__ import annotations

import pytest
from celery.worker.consumer import Consumer as CelerysConsumer
from redis.exceptions import OutOfMemoryError

from config import consumer
from config.celery import app


@pytest.mark.filterwarnings("ignore::celery.platforms.SecurityWarning")
def test_a_worker_sends_nothing_from_its_main_loop_that_could_wait_for_a_broker() -> None:
    worker = app.Worker(hostname="mail@test", queues="mail", concurrency=1)
    steps = {step.name.rpartition(".")[2] for step in worker.consumer.steps}
    assert steps == {"Connection", "Tasks", "Evloop"}


def test_a_broker_that_takes_nothing_is_asked_again_after_a_while_and_the_worker_shows_that_it_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(CelerysConsumer, "on_connection_error_after_connected", lambda _self, _error: None)
    monkeypatch.setattr(consumer.Consumer, "_while_away", lambda _self: asked.append("lives"))
    monkeypatch.setattr(consumer.time, "sleep", lambda seconds: asked.append(f"waits {seconds} s"))
    waiting = consumer.Consumer.__new__(consumer.Consumer)
    waiting.on_connection_error_after_connected(OutOfMemoryError("command not allowed"))
    assert asked == ["lives", "waits 1 s"] * consumer.UNWILLING
    asked.clear()
    waiting.on_connection_error_after_connected(ConnectionError("gone"))  # ensure_connected waits by itself
    assert asked == []
    assert app.conf.broker_channel_error_retry
