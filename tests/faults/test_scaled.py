"""In pieces (PostgreSQL, Redis, two doors, workers and schedules): Redis away, a frozen worker, clocks that differ."""

from __future__ import annotations

import signal
import time

import pytest

from tests.faults import checker
from tests.faults.house import ALTERED, House
from tests.faults.scene import Scene
from tests.processes import tell, until

pytestmark = [pytest.mark.stack, pytest.mark.cluster, pytest.mark.faults]

IN_TIME = 5.0


@pytest.fixture
def suji(scaled: House) -> House:
    scaled.up()  # whatever the test before left dead
    return scaled


@pytest.mark.long
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


@pytest.mark.long
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
    assert checker.judge_again(done, scene.rows()) == []
    assert scene.broken(time.time()) == ""
    assert suji.runs("worker1")


@pytest.mark.long
def test_two_schedules_and_a_redis_that_forgets_again_and_again_do_nothing_twice(suji: House) -> None:
    """Beside the two of beat each worker has its own: all of them look for what lost its ring."""
    scene = Scene(suji, 40, 30_000)
    for _time in range(4):
        scene.send(10)
        time.sleep(0.3)
        with suji.broker() as broker:
            broker.flushall()
    assert scene.answered(30)
    assert scene.settled(60)
    done = scene.rows()
    time.sleep(6)  # every schedule has its turn once more
    assert checker.judge_again(done, scene.rows()) == []
    assert scene.broken(time.time()) == ""
    assert all(suji.runs(name) for name in ("beat1", "beat2"))


@pytest.mark.parametrize(
    "seconds", [pytest.param(90, marks=pytest.mark.long, id="a minute and a half"), pytest.param(86_400, id="a day")]
)
def test_workers_whose_clocks_differ_file_every_mail_once(suji: House, seconds: int) -> None:
    workers = {"worker1": seconds, "worker2": -seconds}
    kept = {name: dict(suji.services[name].environment) for name in workers}
    try:
        for name, wrong_by in workers.items():
            suji.kill(name)
            suji.services[name].environment |= {
                "DJANGO_SETTINGS_MODULE": ALTERED,
                "SUJI_FAULTS_CLOCK": str(wrong_by),
            }
        scene = Scene(suji, 40, 40_000 + seconds)
        scene.send(10)
        suji.up()
        scene.send(20)
        time.sleep(0.5)
        suji.kill("worker1")  # whatever it holds is held until a moment that is not there yet, or long over
        with suji.broker() as broker:
            broker.flushall()
        suji.up()
        scene.send()
        assert scene.broken(time.time(), 120, drift=seconds) == ""
        wrong = [abs(row.settled - row.received) > seconds / 2 for row in scene.rows() if row.settled]
        assert sum(wrong) >= len(scene.load) / 2  # they did have other clocks
    finally:
        for name, environment in kept.items():
            suji.services[name].environment = environment
            if suji.runs(name):
                suji.kill(name)
