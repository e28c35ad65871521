"""One mail, one line. Read this file first: receive → decode → unwrap → classify → extract → match → advance.

`receive` (receive.py) kept the bytes and said yes. `read` (reading.py, in the limited reader process)
tells all that the bytes alone can tell. Here the two ends meet: a mail is claimed, read, and filed.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from accounts import trail
from accounts.ids import random_id
from complaints import forwarding, workflow
from complaints.intake import keyring, reader, route
from complaints.intake.endings import Ending, settle, settle_each, settle_some, waits
from complaints.intake.match import Match, match
from complaints.intake.pictures import PICTURE_HEAD, is_not_read_yet
from complaints.intake.proof import Proof, prove, signed_for
from complaints.intake.provenance import Keys, grade, names_to_ask, warnings_of
from complaints.intake.shapes import PUT_ASIDE, How, Read, Reading, Trust
from complaints.intake.telling import kept, moment_of, numbers_of, payload_of
from complaints.models import Case, Event, IncomingMail, Notice, RawMail
from complaints.models.mail import Outcome
from complaints.raw import bytes_of
from complaints.stages import KINDS, End, Kind, State, Type
from complaints.workflow import Knowledge, Payload, Saying

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # above the reader's wall clock and one short transaction
PICTURE_LEASE = timedelta(seconds=150)  # above the clocks of the picture process and of OCR, and the waits for both
PATIENCE = timedelta(minutes=1)  # a picture that OCR was rung for and has not taken is rung for again
SILENCE = timedelta(minutes=10)  # and after so long anybody reads it: there is no worker of that queue
ATTEMPTS = 3  # readers that died or overran on one mail, or what they read that no row could hold
HOURLY = timedelta(hours=1)
LOST_LEASES = 10  # workers that died with it, before it is tried only hourly
NOT_YOURS = "not_yours"
FOR_OCR: Final = "for_ocr"

# What fails so on one mail fails again: a value that no column holds, a date that no calendar has.
UNFIT = (DataError, IntegrityError, ArithmeticError, ValueError)

NO_KEYS: Keys = {}  # nothing was asked

HELD: set[str] = set()  # the leases of this process
LEAVING = threading.Event()  # this process is about to end and takes nothing more

# Doubts about the mail that told it first: the same words in a mail without any are believed, whoever sent the other.
CURED = route.DOUBTS | {"suspicious", "unsure", "from_picture"}


@trail.about_first("mail")
def run(mail_pk: int, *, with_pictures: bool = True) -> str:
    """Take a received mail to the end of the line. Running it again, or dying in the middle, changes nothing.

    with_pictures  whether to read it here if it is a picture, which takes seconds and the memory of OCR
    returns        what became of it (Outcome), NOT_YOURS when it is done or another worker has it, or FOR_OCR
    """
    if LEAVING.is_set():
        return NOT_YOURS
    claimed = claim(mail_pk, with_pictures=with_pictures)
    if claimed is None:
        return NOT_YOURS
    if claimed == FOR_OCR:
        return FOR_OCR
    lease, raw = claimed
    HELD.add(lease)
    try:
        if LEAVING.is_set():  # it was taken in the same moment
            give_back()
            return NOT_YOURS
        return carry(mail_pk, lease, raw)
    finally:
        HELD.discard(lease)


def carry(mail_pk: int, lease: str, raw: RawMail) -> str:
    """Read and file a mail that was claimed. Returns what became of it."""
    try:
        reading = reader.read(bytes_of(raw))  # the file storage, the limited process; no transaction is open
    except reader.ReaderDied:
        return put_back(mail_pk, lease)
    except OSError as error:  # its bytes cannot be fetched, or no reader can be started: not the mail's fault
        return leave(mail_pk, lease, error)
    keys = keyring.fetch(names_to_ask(reading), timezone.now())  # the network; no transaction is open either
    try:
        return file(mail_pk, lease, reading, keys)
    except UNFIT as error:  # not its words: they may be the mail's
        log.error("mail %s could not be filed: %s", mail_pk, type(error).__name__)
        return put_back(mail_pk, lease)


# -- claim ---------------------------------------------------------------------------------------------


def claim(mail_pk: int, *, with_pictures: bool = True) -> tuple[str, RawMail] | Literal["for_ocr"] | None:
    """Lease the mail to this worker, committed. None when it is settled, leased, or not due.

    A picture that this worker is not to read is FOR_OCR, and due again only if nobody there takes it. What lies in the
    file storage (it was in quarantine, and is tried once more) may be one: it is treated as a picture is.
    """
    with transaction.atomic():
        asked = RawMail.objects.select_for_update(of=("mail",)).select_related("mail")
        raw = asked.only(*CLAIMED).filter(pk=mail_pk, mail__outcome=Outcome.WAITING).first()
        now = timezone.now()
        if raw is None or is_leased(raw.mail.lease_until, now):
            return None
        its = IncomingMail.objects.filter(pk=mail_pk, outcome=Outcome.WAITING)
        is_picture = raw.data is None or is_not_read_yet(bytes(raw.data[:PICTURE_HEAD]))
        if is_picture and not with_pictures and raw.mail.received_at > now - SILENCE:
            its.update(due_at=now + PATIENCE)
            return FOR_OCR
        # The worker that had it died: that counts apart from a reader that did.
        lost = raw.mail.lost_leases + bool(raw.mail.lease)
        lease, until = random_id(), now + (PICTURE_LEASE if is_picture else LEASE)
        # Should this worker die too, the sweep rings again after the lease, later each time, at last hourly.
        due_at = until + (HOURLY if lost >= LOST_LEASES else timedelta(seconds=2**lost - 1))
        its.update(lease=lease, lease_until=until, lost_leases=lost, due_at=due_at)
    return lease, raw


CLAIMED = ("data", "file_id", "mail__lease", "mail__lease_until", "mail__lost_leases", "mail__received_at")


def give_back() -> int:
    """Take no mail any more, and let go of those in this process's hands: another may have them at once.

    For a worker that is told to end and is not done in time. What it reads all the same counts for nothing, and no
    mail is the worse for it: neither an attempt nor a lost lease. Returns how many mails.
    """
    LEAVING.set()
    its = IncomingMail.objects.filter(lease__in=HELD.copy(), outcome=Outcome.WAITING)
    return its.update(lease="", lease_until=None, due_at=timezone.now())


def is_leased(until: datetime | None, now: datetime) -> bool:
    """Whether a worker has it. None takes a lease so far ahead: then the clock was, when that one was taken."""
    return until is not None and now < until <= now + 2 * PICTURE_LEASE


@transaction.atomic
def put_back(mail_pk: int, lease: str) -> str:
    """It could not be read, or not filed: once more later, and after three times quarantine, the original kept."""
    mail = held_by(mail_pk, lease)
    if mail is None:
        return NOT_YOURS
    mail.attempts += 1
    mail.lease, mail.lease_until = "", None
    mail.due_at = timezone.now() + timedelta(seconds=mail.attempts)
    mail.save(update_fields=["attempts", "lease", "lease_until", "due_at"])
    if mail.attempts < ATTEMPTS:
        return Outcome.WAITING
    log.warning("mail %s quarantined after %s attempts", mail.public_id, mail.attempts)
    settle(mail, (Outcome.QUARANTINED, "reader_died"))
    return Outcome.QUARANTINED


@transaction.atomic
def leave(mail_pk: int, lease: str, error: OSError) -> str:
    """It is nobody's fault, least of all its own, that it could not be read now: due again soon, and no attempt counted."""
    mail = held_by(mail_pk, lease)
    if mail is None:
        return NOT_YOURS
    log.warning("mail %s: tried again later (%s)", mail.public_id, type(error).__name__)
    mail.lease, mail.lease_until = "", None
    mail.due_at = timezone.now() + PATIENCE
    mail.save(update_fields=["lease", "lease_until", "due_at"])
    return Outcome.WAITING


def held_by(mail_pk: int, lease: str) -> IncomingMail | None:
    """The row, locked, if this worker still has it and nobody settled it meanwhile.

    Its owner is locked too: two mails of one new case, filed at once, must not open it twice. Not their key: the
    door, which writes a new mail of the same owner, does not wait for it.
    """
    return (
        IncomingMail.objects.select_for_update(of=("self", "owner"), no_key=True)
        .select_related("owner")
        .order_by()
        .filter(pk=mail_pk, lease=lease, outcome=Outcome.WAITING)
        .first()
    )


# -- file ----------------------------------------------------------------------------------------------


@transaction.atomic
def file(mail_pk: int, lease: str, reading: Reading, keys: Keys = NO_KEYS) -> str:
    """One short transaction: lock, look again, match and advance each notice, settle the mail."""
    mail = held_by(mail_pk, lease)
    if mail is None:
        return NOT_YOURS
    proof = prove(mail, reading, keys, timezone.now())
    way = route.verify(mail, reading.outer, proof.outer)
    note_reading(mail, reading, way, proof)
    notices = [
        Notice(mail=mail, position=place, **notice_fields(mail, place, reading, way, proof))
        for place in range(len(reading.notices))
    ]
    if len(notices) > 1:  # one may look at what another told
        for notice in notices:
            workflow.keep_case_of(notice)
    tried = forwarding.came_back(mail, reading)
    if tried and not notices:
        settle(mail, (Outcome.IGNORED, tried), READ)
        return mail.outcome
    endings = [
        (Outcome.IGNORED, tried)
        if tried and not forwarding.is_beside(read, reading)
        else advance(mail, notice, read, way)
        for notice, read in zip(notices, reading.notices, strict=True)
    ]
    for notice in notices:
        if notice.pk is None:
            workflow.keep_case_of(notice)
    settle_each(mail, notices, endings, READ)
    return mail.outcome


def keep_reading(mail: IncomingMail, reading: Reading, way: route.Route, proof: Proof) -> None:
    """What lists show of the mail, and by which parser it was read."""
    note_reading(mail, reading, way, proof)
    mail.save(update_fields=READ)


READ = ("parser", "sender", "subject", "from_address", "verified", "from_proven", "warnings")


def note_reading(mail: IncomingMail, reading: Reading, way: route.Route, proof: Proof) -> None:
    """The same, on `mail` alone: whoever settles it writes READ as well."""
    main = reading.main.notice
    mail.parser = reading.parser
    mail.sender = (main.from_name or main.from_address or reading.outer.from_address)[:320]
    mail.subject = (main.subject or reading.outer.subject)[:300]
    mail.from_address = reading.outer.from_address[:320]
    mail.verified, mail.from_proven = way.verified, way.from_proven
    mail.warnings = list(dict.fromkeys([*reading.warnings, *warnings_of([proof.outer, *proof.notices])]))


def keep_notice(mail: IncomingMail, place: int, reading: Reading, way: route.Route, proof: Proof) -> Notice:
    """What was inside, as today's parser read it."""
    return Notice.objects.create(mail=mail, position=place, **notice_fields(mail, place, reading, way, proof))


def notice_fields(mail: IncomingMail, place: int, reading: Reading, way: route.Route, proof: Proof) -> dict[str, Any]:
    """The columns of a notice that come of reading it."""
    read = reading.notices[place]
    notice = read.notice
    provenance = grade(
        read, reading.outer, proof.notices[place], by_verified_route=way.verified and way.why != "own_hand"
    )
    return {
        "owner": mail.owner,
        "fingerprint": read.fingerprint,
        "kind": read.classified.kind,
        "confidence": read.classified.confidence,
        "moves_case": read.moves_case,
        "trust": read.classified.trust,
        "provenance": provenance,
        "how": notice.how,
        "from_name": notice.from_name[:200],
        "from_address": notice.from_address[:320],
        "subject": notice.subject[:300],
        "dated_at": notice.date,
        "body": notice.body,
        "note": notice.note,
        "safe_html": read.safe_html,
        "reading": kept(read, reading, provenance, proof.parts[place]),
    }


def advance(mail: IncomingMail, notice: Notice, read: Read, way: route.Route) -> Ending:
    """What one notice does: nothing, a proposal, or the next act of its case."""
    row = KINDS[read.classified.kind]
    if row.end is End.HELD:
        return Outcome.HELD, row.kind
    if notice.how == How.SCREENSHOT and row.end is not End.FILED:
        return Outcome.REVIEW, "picture"  # somebody handed it in for a reason: they say what it shows
    if read.classified.trust is Trust.PHISHING or row.kind is Kind.PHISHING:
        return Outcome.REVIEW, "phishing"
    if row.end is End.IGNORED and read.classified.confidence < PUT_ASIDE:
        return Outcome.REVIEW, Kind.UNKNOWN.value
    if row.end is not End.FILED:
        return Outcome(row.end.value), row.kind
    if notice.provenance == "E":
        return Outcome.REVIEW, "contradictory"
    if there := told_already(mail, read):
        return tell_again(mail, notice, read, there, doubts_about(read, notice, way, there.case))
    found = match(mail.owner, numbers_of(notice), read.facts.shop)
    if found.candidates and not (found.why == "shop_only" and len(found.candidates) == 1):
        return Outcome.REVIEW, found.why
    doubts = doubts_about(read, notice, way, found.case)
    return tell(mail, notice, read, way, found, [*doubts, *([found.why] if found.why else [])])


def doubts_about(read: Read, notice: Notice, way: route.Route, case: Case | None) -> list[str]:
    """Why this notice may only propose, the gravest first; none when it may move its case by itself."""
    doubts = [] if read.classified.trust is Trust.OK else ["suspicious"]
    if not way.verified and not signed_for(notice, case):
        doubts.append(way.why)
    if notice.how == How.SCREENSHOT:
        doubts.append("from_picture")  # what OCR read is a suggestion, however clear it looks
    return doubts if read.is_sure else [*doubts, "unsure"]


def tell(mail: IncomingMail, notice: Notice, read: Read, way: route.Route, found: Match, doubts: list[str]) -> Ending:
    """Record the act in its case, or in a new one; in doubt as a proposal that counts for nothing yet."""
    facts = read.facts
    doubt = doubts[0] if doubts else ""
    case = found.case or (found.candidates[0] if found.candidates else None)
    at, was_clamped = moment_of(notice, mail.received_at)
    payload = payload_of(notice, doubt or (way.why if way.verified else "signed_original"))
    if doubts:
        payload["doubts"] = doubts
    if was_clamped:
        payload["warnings"] = ["date_in_future"]
    saying = Saying(
        act=read.act,
        by=read.by,
        kind=read.classified.kind,
        at=at,
        state=State.PROPOSED if doubt else State.APPLIED,
        fingerprint=read.fingerprint,
        notice=notice,
        payload=payload,
    )
    about = Knowledge(shop=facts.shop, numbers=numbers_of(notice), reason=facts.reason, amount=facts.amount)
    if case is None:
        recorded = workflow.begin(mail.owner, saying, **about)
    else:
        notice.case = case
        workflow.keep_case_of(notice)
        recorded = workflow.record(case, saying)
        if not doubt:
            workflow.learn(recorded.event.case, **about, afresh=recorded.is_first)
    if doubt:
        return Outcome.REVIEW, doubt
    step = next(step for step in recorded.standing.steps if step.told.key == recorded.event.public_id)
    if step.odd:
        return Outcome.REVIEW, "odd"
    return Outcome.FILED, "moved" if step.moved else "joined"


def told_already(mail: IncomingMail, read: Read) -> Event | None:
    """The act that the same notice already stands for in one of the owner's cases; one that was told anew, as it is now."""
    acts = Event.objects.filter(case__in=Case.objects.editable_by(mail.owner), type=Type.ACT)
    if not acts.filter(fingerprint=read.fingerprint).exists():  # nearly always so: a cheap question first
        return None
    acts = acts.select_related("case")
    there = acts.filter(fingerprint=read.fingerprint).first()
    if there is None or workflow.step_of(there).state is not State.UNDONE:
        return there
    anew = acts.filter(fingerprint__startswith=told_anew(read.fingerprint)).order_by("-recorded_at", "-pk")
    return next((event for event in anew if workflow.step_of(event).state is not State.UNDONE), there)


def told_anew(fingerprint: str) -> str:
    """How the fingerprints begin of the acts that the same notice told when it was read again (reprocess.py)."""
    return f"{fingerprint[:40]}:"


def tell_again(mail: IncomingMail, notice: Notice, read: Read, there: Event, doubts: list[str]) -> Ending:
    """The same notice once more: nothing new, unless it was only proposed and now comes by a verified route.

    Then the act counts as the verified mail tells it: what proposed it may have had another subject or date.
    """
    notice.case = there.case
    workflow.keep_case_of(notice)
    before = Notice.objects.filter(events=there, events__type=Type.ACT).first()
    # Whoever decides about that mail now goes first: mails are locked before cases, here as everywhere.
    waits_there = IncomingMail.objects.select_for_update(of=("self",)).get(pk=before.mail_id) if before else None
    if workflow.step_of(there).state is not State.PROPOSED or doubts or not set(doubts_of(there)) <= CURED:
        return Outcome.DUPLICATE, "same_notice"
    payload = Payload(why="verified_later")
    if otherwise := said_otherwise(mail, notice, read, there):
        payload["correction"] = otherwise
    recorded = workflow.record(
        there.case,
        Saying(
            act=None,
            by=None,
            at=timezone.now(),
            type=Type.CORRECT if otherwise else Type.CONFIRM,
            answers=there,
            notice=notice,
            payload=payload,
        ),
    )
    workflow.learn(
        recorded.event.case,
        shop=read.facts.shop,
        numbers=numbers_of(notice),
        reason=read.facts.reason,
        amount=read.facts.amount,
        afresh=recorded.is_first,
    )
    if before and waits_there and waits(before, waits_there):
        settle_some(waits_there, [before], (Outcome.FILED, "verified_later"))
    return Outcome.FILED, "verified_later"


def doubts_of(event: Event) -> list[str]:
    """Why `event` was only proposed."""
    return event.payload.get("doubts") or [event.payload.get("why", "")]


def said_otherwise(mail: IncomingMail, notice: Notice, read: Read, there: Event) -> dict[str, Any]:
    """What `notice` tells of the act otherwise than `there` does: fields of stages.Told, as JSON values."""
    said = payload_of(notice, "")
    told: dict[str, tuple[Any, Any]] = {
        "act": (read.act, there.act or None),
        "by": (read.by, there.by or None),
        "at": (
            moment_of(notice, mail.received_at)[0].astimezone(UTC).isoformat(),
            there.at.astimezone(UTC).isoformat(),
        ),
    }
    for key in ("outcome", "asked", "money_arrived", "deadline"):
        told[key] = (said.get(key), there.payload.get(key))
    return {key: now for key, (now, before) in told.items() if now != before}
