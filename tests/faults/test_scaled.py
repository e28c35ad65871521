"""In pieces (PostgreSQL, Redis, two doors, two workers, beat): kills by chance, Redis away, a frozen worker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.faults import house, kills
from tests.faults.house import House
from tests.faults.scene import Scene
from tests.processes import tell, until

pytestmark = [pytest.mark.stack, pytest.mark.cluster, pytest.mark.faults]

SEED = int(os.environ.get("SEED", "2"))
IN_TIME = 5.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house.scaled(tmp_path_factory.mktemp("scaled")) as one:
        yield one


@pytest.fixture
def suji(running: House) -> House:
    running.up()  # whatever the test before left dead
    return running


def test_no_mail_is_lost_doubled_or_stuck_whatever_is_killed(suji: House) -> None:
    run = kills.storm(suji, "scaled", SEED, mails=300, holders=13)
    assert run.report == "", run.report
    assert run.hits == 13, run.figures


def test_while_redis_is_away_and_when_it_is_back_every_mail_is_taken_in_time_and_read(suji: House) -> None:
    scene = Scene(suji, 80, 10_000)
    scene.send(20)
    suji.kill("broker")
    scene.send(40)
    time.sleep(8)
    suji.up("broker")
    scene.send()
    assert scene.broken(time.time()) == ""
    assert scene.history.slowest_yes() < IN_TIME


def test_what_a_worker_held_that_stood_still_is_done_by_another_and_not_once_more_when_it_goes_on(suji: House) -> None:
    scene = Scene(suji, 60, 20_000)
    scene.send()
    assert until(suji.held, 20)
    frozen = [suji.services["worker1"].process.pid, *suji.services["worker1"].left]
    tell(frozen, signal.SIGSTOP)
    try:
        assert scene.answered(30)
        assert scene.settled(60)
        done = scene.rows()
    finally:
        tell(frozen, signal.SIGCONT)
    time.sleep(3)  # it says now what it read then
    assert scene.rows() == done
    assert scene.broken(time.time()) == ""
    assert suji.runs("worker1")
