"""How our workers wait for their broker."""

from __future__ import annotations

import pytest

from config.celery import app


@pytest.mark.filterwarnings("ignore::celery.platforms.SecurityWarning")
def test_a_worker_sends_nothing_from_its_main_loop_that_could_wait_for_a_broker() -> None:
    worker = app.Worker(hostname="mail@test", queues="mail", concurrency=1)
    steps = {step.name.rpartition(".")[2] for step in worker.consumer.steps}
    assert steps == {"Connection", "Tasks", "Evloop"}
