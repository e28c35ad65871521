"""On one machine (SQLite, a private Valkey): a broker that forgets, is away, or is full, and a worker told to end."""

from __future__ import annotations

import time

import pytest
import redis

from tests.faults.house import House
from tests.faults.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.faults]

IN_TIME = 5.0  # seconds for a yes: a broker that is away must not be felt at the door


@pytest.fixture
def suji(embedded: House) -> House:
    embedded.up()  # whatever the test before left dead
    return embedded


@pytest.mark.long
def test_a_broker_that_is_wiped_again_and_again_under_load_loses_nothing(suji: House) -> None:
    scene = Scene(suji, 60, 10_000)
    for _time in range(6):
        scene.send(10)
        time.sleep(0.3)
        with suji.broker() as broker:
            broker.flushall()
    assert scene.broken(time.time()) == ""
    assert scene.history.slowest_yes() < IN_TIME


def test_without_its_broker_every_mail_is_taken_in_time_and_read_from_the_table(suji: House) -> None:
    scene = Scene(suji, 60, 20_000)
    scene.send(20)
    suji.kill("broker")
    scene.send()
    assert scene.broken(time.time()) == ""
    assert scene.history.slowest_yes() < IN_TIME


@pytest.mark.long
def test_a_broker_that_is_full_takes_no_rings_and_all_is_read_from_the_table(suji: House) -> None:
    scene = Scene(suji, 40, 30_000)
    with suji.broker() as broker:
        broker.config_set("maxmemory", "1mb")  # which it has more than by itself: it takes nothing any more
        try:
            with pytest.raises(redis.ResponseError, match="maxmemory"):
                broker.set("full", "x" * 100_000)
            scene.send(20)
            assert scene.accepted(20)
            suji.kill("worker")  # and the next one comes up nevertheless
            suji.up("worker")
            scene.send()
            assert scene.broken(time.time(), 60) == ""
            assert suji.runs("worker")
        finally:
            broker.config_set("maxmemory", "64mb")
    assert scene.history.slowest_yes() < IN_TIME


def test_a_worker_told_to_end_finishes_what_it_holds(suji: House) -> None:
    scene = Scene(suji, 40, 40_000)
    scene.send()
    assert scene.accepted(20)
    assert suji.services["worker"].stop() == 0
    assert suji.held() == {}
    suji.up("worker")
    assert scene.broken(time.time()) == ""
    assert not any(row.lost_leases for row in scene.rows())
