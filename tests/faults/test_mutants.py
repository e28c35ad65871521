"""The whole harness can fail: processes of a product that is broken on purpose are found out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import checker, house, kills, mutants
from tests.faults.house import ALTERED, House
from tests.faults.mails import Mail, a_mail
from tests.faults.scene import Scene
from tests.processes import until

pytestmark = [pytest.mark.stack, pytest.mark.faults]


@pytest.fixture
def suji(embedded: House) -> House:
    return embedded


@contextmanager
def altered(suji: House, name: str, **how: str) -> Iterator[None]:
    """All of `suji` runs, its process `name` in altered surroundings; none of it afterwards."""
    service = suji.services[name]
    before = dict(service.environment)
    service.environment |= {"DJANGO_SETTINGS_MODULE": ALTERED} | {f"SUJI_FAULTS_{key}": how[key] for key in how}
    if suji.runs(name):
        suji.kill(name)  # it knows nothing of what is altered
    try:
        suji.up()
        yield
    finally:
        service.environment = before
        for one in ("door", "worker"):
            if suji.runs(one):
                suji.kill(one)


def test_a_door_that_says_yes_before_it_has_kept_the_mail_is_found_out(suji: House) -> None:
    with altered(suji, "door", MUTANT="early_yes"):
        scene = Scene(suji, 20, 50_000)
        scene.send()
        assert scene.accepted(10)
        suji.kill("door")
        suji.up("door")
        assert "lost: " in scene.broken(time.time())


@pytest.mark.long
def test_a_worker_that_looks_for_nothing_that_lost_its_ring_is_found_out(suji: House) -> None:
    with altered(suji, "worker", MUTANT="no_sweep"):
        scene = Scene(suji, 6, 60_000)
        suji.kill("worker")
        scene.send()
        assert scene.answered(20)
        with suji.broker() as broker:
            assert until(lambda: broker.llen("mail") >= 6, 10)
            broker.flushall()
        suji.up("worker")
        assert "stuck: " in scene.broken(time.time(), 15)
    suji.up()
    assert kills.settle(suji, 30)  # an honest one finds them


@pytest.mark.long
@pytest.mark.parametrize(("mutant", "found"), [("late", []), ("no_second_look", ["doubled"])])
def test_a_late_worker_that_looks_again_does_nothing_twice_and_one_that_does_not_is_found_out(
    suji: House, mutant: str, found: list[str]
) -> None:
    with altered(suji, "worker", MUTANT=mutant):
        scene = Scene(suji, 1, 70_000 + len(found))
        scene.send()
        assert scene.answered(20)
        assert scene.settled(30)
        done = scene.rows()
        assert [row.lost_leases for row in done] == [1]  # another worker took it over meanwhile
        time.sleep(max(0.0, done[0].received + mutants.LATE + 5 - time.time()))  # the late one comes
        assert [one.how for one in checker.judge_again(done, scene.rows())] == found
        assert scene.broken(time.time()) == ""


def a_poison(number: int) -> Mail:
    """A mail that a reader of little memory cannot read."""
    key = f"poison-{number}"
    return Mail(key, (0,), a_mail(house.OWNERS[0], "长信", "很长", key, pages=1500), "", "")


def test_a_mail_that_cannot_be_read_is_put_aside_after_three_times_and_those_around_it_are_filed(suji: House) -> None:
    with altered(suji, "worker", READER="memory=8388608"):
        scene = Scene(suji, 40, 80_000)
        scene.send(20, first=[a_poison(1)])  # at the head of the queue
        scene.send(first=[a_poison(2)])
        assert scene.broken(time.time(), 60) == ""
        poisoned = {poison.sha256 for poison in (a_poison(1), a_poison(2))}
        outcomes: dict[bool, list[checker.Row]] = {True: [], False: []}
        for row in scene.rows():
            outcomes[row.sha256 in poisoned].append(row)
        assert [(row.outcome, row.attempts) for row in outcomes[True]] == [("quarantined", 3)] * 2
        assert not any(row.attempts or row.outcome == "quarantined" for row in outcomes[False])
        owner = suji.tell(house.OWNERS[0])
        assert [mail["reason"] for mail in owner["mails"] if mail["outcome"] == "quarantined"] == ["reader_died"] * 2
        assert suji.services["worker"].said.count("quarantined after 3 attempts") == 2
