"""The database goes away, is full of others, or stands still: the door says "later", and takes mail again by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.faults import house
from tests.faults.house import House
from tests.faults.scene import Scene
from tests.processes import until

pytestmark = [pytest.mark.stack, pytest.mark.cluster, pytest.mark.faults, pytest.mark.long]

AWAY = 18.0  # seconds: long enough that whoever waits longer after each failure waits too long
BACK = 10.0  # seconds within which the first yes comes again
LATER = {"451"}  # what a client may hear meanwhile


@pytest.fixture(scope="module")
def small(scaled: House) -> Iterator[House]:
    """One door and one worker: every answer is theirs."""
    services, ports = dict(scaled.services), list(scaled.ports)
    for name in ("door2", "worker2", "beat1", "beat2"):
        del scaled.services[name]
    scaled.ports.pop()
    yield scaled
    scaled.services.update(services)
    scaled.ports[:] = ports


@pytest.fixture
def suji(small: House) -> House:
    small.up()  # whatever the test before left dead
    return small


def test_while_the_database_is_away_the_door_says_later_and_ten_seconds_after_it_takes_mail_again(suji: House) -> None:
    scene = Scene(suji, 40, 1_000)
    processes = {name: service.process for name, service in suji.services.items()}
    scene.send(20)
    assert scene.accepted(10)
    suji.kill("database")
    away = time.time()
    scene.send()
    time.sleep(AWAY)
    suji.services["database"].start()
    assert until(lambda: house.answers(str(suji.database)), 30)
    back = time.time()
    assert until(lambda: scene.history.first_yes_after(back) is not None, 30)
    assert (scene.history.first_yes_after(back) or 0) <= BACK
    assert scene.replies(away + 1, back) == LATER
    assert scene.broken(back, 60) == ""
    del processes["database"]
    assert all(suji.services[name].process is one and suji.runs(name) for name, one in processes.items())


def take_all(suji: House) -> list[psycopg.Connection]:
    """Every connection that the server gives."""
    took: list[psycopg.Connection] = []
    while True:
        try:
            took.append(psycopg.connect(str(suji.database), connect_timeout=5))
        except psycopg.OperationalError as error:
            if "too many clients" in str(error):
                return took
            time.sleep(0.01)  # it is only starting


def test_when_others_took_every_connection_mail_is_taken_as_soon_as_they_let_go(suji: House) -> None:
    scene = Scene(suji, 20, 2_000)
    suji.kill("database")  # so that nobody has a connection
    suji.services["database"].start()
    took = take_all(suji)
    began = time.time()
    scene.send()
    time.sleep(AWAY)
    free = time.time()
    for one in took:
        one.close()
    assert until(lambda: scene.history.first_yes_after(free) is not None, 30)
    assert (scene.history.first_yes_after(free) or 0) <= BACK
    assert scene.replies(began, free) <= {*LATER, "250"}
    assert scene.broken(free, 60) == ""


def test_a_lock_that_nobody_lets_go_of_is_waited_for_ten_seconds_and_no_longer(suji: House) -> None:
    scene = Scene(suji, 12, 3_000)
    with psycopg.connect(str(suji.database)) as other:
        other.execute("LOCK TABLE complaints_incomingmail IN ACCESS EXCLUSIVE MODE")
        scene.send()
        assert until(lambda: bool(scene.history.attempts), 20)
        first = scene.history.attempts[0]
        assert first.reply in LATER
        assert first.ended - first.began < 15
    free = time.time()
    assert until(lambda: bool(scene.history.accepted()), BACK)
    assert scene.broken(free, 60) == ""
