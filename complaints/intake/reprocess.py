"""Read kept mails again with today's parser: what differs, and what becomes of it.

The old reading stays beside the new one, and events are only added: what the machine told and would tell otherwise
now is corrected, or undone and shown to a person. What a person said stays as they said it. One transaction a mail:
it may be stopped anywhere, and again changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.ids import random_id
from complaints import workflow
from complaints.intake import keyring, line, reader, route, settle
from complaints.intake.endings import GRAVEST, Ending, settle_each
from complaints.intake.match import match
from complaints.intake.proof import Proof, prove
from complaints.intake.provenance import Keys, names_to_ask
from complaints.intake.shapes import Read, Reading
from complaints.intake.telling import numbers_of
from complaints.models import Event, IncomingMail, Notice, PastReading, RawMail
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.raw import bytes_of
from complaints.stages import KINDS, End, Kind, State, Type
from complaints.workflow import Payload, Saying

BATCH = 200  # mails whose rows are looked up at once
# Ends that no reading made: they stay, whatever today's parser says.
NOT_BY_READING = frozenset({"rotated", "test_mail", "test_mail_late", "second_reader", "readers_disagree", "reopened"})
# An act that would be told otherwise in one of these is another act.
WEIGHTY = frozenset({"act", "by", "outcome", "money_arrived"})


class Does(StrEnum):
    """What a new reading does, the gravest first."""

    FAILED = "failed"  # it could not be read; everything stays
    UNDONE = "undone"  # an act no longer counts; a person looks
    CORRECTED = "corrected"  # an act is told otherwise
    PROPOSED = "proposed"  # a proposal is told otherwise
    FILED = "filed"  # the mail ends otherwise
    KEPT = "kept"  # a person has spoken: only the reading is new
    READING = "reading"  # nothing but the reading


@dataclass(frozen=True, slots=True)
class Change:
    notice: int  # its place in the mail
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    mail: str  # its public id
    before: str  # parser
    after: str
    does: Does
    changes: tuple[Change, ...] = ()


def mails(owner_email: str = "") -> Iterator[IncomingMail]:
    """Every mail that was read and whose bytes are here, oldest first, a batch at a time."""
    found: IncomingMailQuerySet = IncomingMail.objects.filter(raw__isnull=False).exclude(outcome=Outcome.WAITING)
    if owner_email:
        found = found.filter(owner__email__iexact=owner_email)
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def reprocess(mail: IncomingMail, *, dry_run: bool) -> Difference | None:
    """Read `mail` again; None when nothing differs. With `dry_run` everything is tried and nothing stays."""
    raw = RawMail.objects.select_related("file").get(mail=mail)
    try:
        reading = reader.read(bytes_of(raw))
    except (reader.ReaderDied, OSError):
        return Difference(mail.public_id, mail.parser, "", Does.FAILED)
    changes = changes_of(mail, reading)
    if not changes and mail.parser == reading.parser:
        return None
    now = timezone.now()
    names = names_to_ask(reading)
    keys = keyring.look_up(names) if dry_run else keyring.fetch(names, now)
    before = mail.parser
    with transaction.atomic():
        does = put(mail.pk, reading, keys, now)
        transaction.set_rollback(dry_run)
    differs = changes or does not in (Does.KEPT, Does.READING)
    return Difference(mail.public_id, before, reading.parser, does, changes) if differs else None


# -- what differs --------------------------------------------------------------------------------------------------


def changes_of(mail: IncomingMail, reading: Reading) -> tuple[Change, ...]:
    """Where today's `reading` says otherwise than what is kept of `mail`."""
    kept = {notice.position: notice for notice in mail.notices.all()}
    changes: list[Change] = []
    for place, read in enumerate(reading.notices):
        before = said(kept[place].reading) if place in kept else {}
        after = said(read.as_contract())
        changes += [
            Change(place, name, before.get(name), after.get(name))
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]
    changes += [Change(place, "kind", kept[place].kind, None) for place in kept if place >= len(reading.notices)]
    return tuple(changes)


def said(contract: dict[str, Any]) -> dict[str, Any]:
    """What a reading says, flat; not how it was graded, which is no matter of reading, nor the words it rests on."""
    flat: dict[str, Any] = {}
    for name, value in contract.items():
        if name in ("provenance", "because", "part", "stated_at", "other_nos", "money_arrived", "files"):
            continue
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            flat[name] = value
    return flat


# -- what becomes of it ----------------------------------------------------------------------------------------------


def put(mail_pk: int, reading: Reading, keys: Keys, now: datetime) -> Does:
    """Keep `reading` in place of the older one, and let it do what it may. Runs inside a transaction."""
    mail = (
        IncomingMail.objects.select_for_update(of=("self", "owner"), no_key=True)
        .select_related("owner", "inbox")
        .get(pk=mail_pk)
    )
    proof = prove(mail, reading, keys, now)
    way = way_of(mail, reading, proof)
    is_settled = mail.reason in NOT_BY_READING or mail.outcome == Outcome.WAITING
    is_persons = is_by_person(mail)
    notices = [keep_anew(mail, place, reading, way, proof) for place in range(len(reading.notices))]
    line.keep_reading(mail, reading, way, proof)
    if is_settled or is_persons or mail.outcome == Outcome.DUPLICATE:
        return Does.KEPT if is_persons else Does.READING
    done: list[Does] = []
    before = [(notice.outcome or mail.outcome, notice.reason or mail.reason) for notice in notices]
    endings: list[Ending] = []
    for notice, read, was in zip(notices, reading.notices, before, strict=True):
        if was[1] in NOT_BY_READING:
            endings.append(was)
            continue
        does, ending = tell_anew(mail, notice, read, way)
        done.append(does)
        endings.append(ending or was)
    if endings != before and all(Outcome(outcome) in GRAVEST for outcome, _reason in endings):
        settle_each(mail, notices, endings)
        done.append(Does.FILED)
    return min(done, key=list(Does).index, default=Does.READING)


def is_by_person(mail: IncomingMail) -> bool:
    """Whether anybody has said anything of `mail` or of what it tells."""
    if mail.reason.endswith(("_by_owner", "_by_volunteer")):
        return True
    acts = settle.acts_of(mail)
    answered = Event.objects.filter(answers__in=acts, actor__isnull=False).exists()
    return answered or any(act.actor_id is not None for act in acts)


def way_of(mail: IncomingMail, reading: Reading, proof: Proof) -> route.Route:
    """By which way it came: as it was found when it came, unless its headers are seen to contradict each other now."""
    way = route.verify(mail, reading.outer, proof.outer)
    if not way.verified and mail.verified and way.why != "contradictory":
        return route.Route(True, "verified_route", way.from_proven)
    return way


def keep_anew(mail: IncomingMail, place: int, reading: Reading, way: route.Route, proof: Proof) -> Notice:
    """The notice at `place` as it is read today, the older reading kept beside it.

    What turns out to hold a code of some other service leaves no older reading behind.
    """
    before = mail.notices.filter(position=place).first()
    if before is None:
        return line.keep_notice(mail, place, reading, way, proof)
    fields = line.notice_fields(mail, place, reading, way, proof)
    if said(before.reading) == said(fields["reading"]):
        return grade_anew(before, fields)
    if fields["kind"] != Kind.VERIFICATION_CODE:
        PastReading.objects.create(
            notice=before,
            parser=mail.parser,
            kind=before.kind,
            confidence=before.confidence,
            fingerprint=before.fingerprint,
            reading=before.reading,
        )
    for name, value in fields.items():
        setattr(before, name, value)
    before.save(update_fields=list(fields))
    return before


def grade_anew(notice: Notice, fields: dict[str, Any]) -> Notice:
    """`notice` reads the same; what vouches for it, and which original it is, as seen today."""
    seen = {"provenance": fields["provenance"]} | {name: fields["reading"][name] for name in ("part", "files")}
    if any(notice.reading.get(name) != value for name, value in seen.items()):
        notice.provenance = fields["provenance"]
        notice.reading = notice.reading | seen
        notice.save(update_fields=["provenance", "reading"])
    return notice


def tell_anew(mail: IncomingMail, notice: Notice, read: Read, way: route.Route) -> tuple[Does, Ending | None]:
    """What the new reading of one notice does, and how its mail ends by it; None where that stays as it is."""
    told = [event for event in settle.acts_of(mail) if event.notice_id == notice.pk]
    if not told:
        return Does.READING, line.advance(mail, notice, read, way)
    does = Does.READING
    for event in told:
        step = workflow.step_of(event)
        if step.state is State.UNDONE:
            continue
        otherwise = line.said_otherwise(mail, notice, read, event)
        tells = KINDS[read.classified.kind].end is End.FILED and notice.provenance != "E"
        found = match(mail.owner, numbers_of(notice), read.facts.shop)
        is_elsewhere = found.case is not None and found.case != event.case and not found.case.is_draft
        if tells and not is_elsewhere and not otherwise:
            continue
        if tells and not is_elsewhere and step.state is State.APPLIED:
            if not line.doubts_about(read, notice, way, event.case):
                answer(event, notice, Type.CORRECT, Payload(why="read_anew", correction=otherwise))
                does = min(does, Does.CORRECTED, key=list(Does).index)
                continue
            if not WEIGHTY & set(otherwise):
                continue
        answer(event, notice, Type.UNDO, Payload(why="read_anew"))
        if step.state is State.APPLIED:
            return Does.UNDONE, (Outcome.REVIEW, "read_anew")
        again = dataclasses.replace(read, fingerprint=f"{line.told_anew(read.fingerprint)}{random_id()}")
        return Does.PROPOSED, line.advance(mail, notice, again, way)
    return does, None


def answer(event: Event, notice: Notice, type: Type, payload: Payload) -> None:
    """The machine answers what the machine had told."""
    workflow.record(
        event.case,
        Saying(act=None, by=None, at=timezone.now(), type=type, answers=event, notice=notice, payload=payload),
    )
