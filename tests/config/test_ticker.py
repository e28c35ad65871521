"""Who runs the periodic jobs: each worker those of the queues that it takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from config import ticker
from config.celery import app


@pytest.mark.parametrize(
    ("queues", "runs"),
    [
        (
            {"mail"},
            [
                ("ticker-mail", {"complaints.tasks.sweep"}, ticker.SENDS | ticker.STORES),
                ("ticker-files", ticker.STORES, ticker.SENDS | {"complaints.tasks.sweep"}),
            ],
        ),
        ({"out"}, [("ticker-out", ticker.SENDS, {"complaints.tasks.sweep"})]),
        (
            {"mail", "images", "out"},
            [
                ("ticker-mail", {"complaints.tasks.sweep"}, ticker.SENDS | ticker.STORES),
                ("ticker-files", ticker.STORES, ticker.SENDS | {"complaints.tasks.sweep"}),
                ("ticker-out", ticker.SENDS, {"complaints.tasks.sweep"}),
            ],
        ),
        ({"images"}, []),
    ],
)
def test_a_worker_runs_the_jobs_of_its_queues_and_what_may_be_slow_has_a_thread_of_its_own(
    monkeypatch: pytest.MonkeyPatch, queues: set[str], runs: list[tuple[str, set[str], set[str]]]
) -> None:
    started: list[Any] = []

    class Thread:
        def __init__(self, target: Any, args: tuple[Any, set[str]], name: str) -> None:
            self.names, self.name = args[1], name

        def start(self) -> None:
            started.append(self)

    monkeypatch.setattr(ticker, "threading", SimpleNamespace(Thread=Thread, Event=lambda: None))
    monkeypatch.setattr(ticker, "durability_problem", lambda: "")
    monkeypatch.setattr(ticker, "connection", SimpleNamespace(close=lambda: None))
    taken = SimpleNamespace(queues=SimpleNamespace(consume_from=queues))
    ticker.Ticker(None).start(SimpleNamespace(app=SimpleNamespace(amqp=taken, conf=app.conf)))
    assert [thread.name for thread in started] == [name for name, _runs, _leaves in runs]
    for thread, (_name, its, others) in zip(started, runs, strict=True):
        assert its <= thread.names
        assert not others & thread.names
