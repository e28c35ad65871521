"""What a case says is a function of the set of mails: not of their order, how often each came, or by which door."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from complaints import workflow
from complaints.demo import letters, world, wraps
from complaints.intake import again, line, reader, reading
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door, Reading
from complaints.models import Case
from tests import make
from tests.complaints.intake.test_line import balanced

pytestmark = pytest.mark.django_db

OWNER = "mei@example.com"
ELSEWHERE = "203.0.113.5"  # a machine that nobody knows


@dataclass(frozen=True)
class Arrival:
    """One letter by one way."""

    letter: int  # place in letters.LETTERS
    way: str


# By the owner's own mailbox, by hand, or by a machine that nobody knows: the last proves nothing.
WAYS = {"smtp": "127.0.0.1", "again": "127.0.0.1", "upload": "", "ingest": "", "unknown": ELSEWHERE}
PROVING = ("smtp", "upload")


@functools.cache
def read_once(raw: bytes) -> Reading:
    """The bytes alone say what is read: once is enough."""
    return reading.read(raw)


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read", read_once)


def stories() -> list[list[int]]:
    """The letters of the demo by case, those with one letter too."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, letter in enumerate(letters.LETTERS):
        facts = read_once(raw_of(place)).main.facts
        found[facts.order_no or facts.case_no or letter.subject].append(place)
    return list(found.values())


@functools.cache
def raw_of(place: int, client: str = "") -> bytes:
    """That letter as its owner's mailbox forwards it, by another client if one is named."""
    letter = letters.LETTERS[place]
    return wraps.wrap(
        client or letter.client,
        subject=letter.subject,
        from_name=letter.sender[0],
        from_address=letter.sender[1],
        to=OWNER,
        date=world.moment_of(letter, make.NOW),
        body=letter.body(letters.day_of(make.NOW)),
        note=letter.note,
        outer_from=OWNER,
        outer_to="in@in.suji.localhost",
    )


def bring(arrival: Arrival, owner: User) -> None:
    """Take the letter in by that way, and down the line."""
    # By hand it is the same bytes or, the letter forwarded once more by another client, others with the same words.
    raw = raw_of(arrival.letter, "foxmail" if arrival.way in {"again", "ingest"} else "")
    peer = WAYS[arrival.way]
    if arrival.way in {"upload", "ingest"}:
        receipt = receive(raw, Envelope("", (), "", owner_id=owner.pk), Door(arrival.way))
    else:
        receipt = receive(raw, Envelope(owner.email, (make.an_inbox(owner).address,), peer), Door.SMTP)
    for mail_pk in receipt.mail_pks:
        line.run(mail_pk)


def told() -> list[Any]:
    """What the cases say, as anybody would look at them: no row ids, no moments at which we heard of it."""
    said = []
    for case in Case.objects.told():
        standing = workflow.standing(case)
        steps = [(str(s.told.act), str(s.told.by), s.told.at, str(s.state), s.moved, s.odd) for s in standing.steps]
        said.append(
            (
                sorted((number.kind, number.number) for number in case.numbers.all()),
                (case.stage, case.outcome, case.waiting_on, case.suspended, case.odd, case.proposed, case.is_draft),
                (case.deadline_at, case.deadline_for, case.deadline_from, case.own_deadline_at),
                (case.shop and case.shop.name, case.reason, case.amount, case.order_no, case.case_no),
                steps,
            )
        )
        assert workflow.is_chained(case)
    return sorted(said, key=repr)


def after(arrivals: list[Arrival]) -> list[Any]:
    """What the cases say once those arrived in that order; nothing of it stays."""
    with transaction.atomic():
        owner = make.a_user()
        for arrival in arrivals:
            bring(arrival, owner)
        again.look_around(timezone.now())  # the periodic job: the same bytes came by a better way
        assert balanced()
        said = told()
        transaction.set_rollback(True)
    return said


def arrivals_of(story: list[int], kind: int) -> tuple[Arrival, ...]:
    """A set of arrivals that tells all of `story`: each letter by one way that proves it, and by others beside."""
    others = [("unknown",), ("again", "unknown"), ("ingest",)][kind]
    return tuple(
        Arrival(place, way)
        for number, place in enumerate(story)
        for way in (PROVING[(number + kind) % len(PROVING)], *others[: (number + kind) % 3])
    )


SETS = tuple(arrivals_of(story, kind) for story in stories() for kind in range(3))


@functools.cache
def straight(arrivals: tuple[Arrival, ...]) -> list[Any]:
    return after(list(arrivals))


@st.composite
def orders(draw: st.DrawFn) -> tuple[tuple[Arrival, ...], list[Arrival]]:
    """A set of arrivals, and its members in some order with some of them more than once."""
    arrivals = draw(st.sampled_from(SETS))
    repeats = draw(st.lists(st.sampled_from(arrivals), max_size=3))
    return arrivals, draw(st.permutations([*arrivals, *repeats]))


@settings(
    max_examples=300 if connection.vendor == "sqlite" else 40,
    deadline=None,
    print_blob=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to make a failing example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(orders())
def test_the_same_mails_in_any_order_any_number_of_times_by_any_door_tell_the_same_cases(
    both: tuple[tuple[Arrival, ...], list[Arrival]],
) -> None:
    arrivals, mixed = both
    assert after(mixed) == straight(arrivals)
