"""The tray: what the machine is unsure of, looked after by volunteers under a lease, one mail each at a time.

Whatever a volunteer does here, claiming, reading, deciding, its owner can see in the list of looks. What gives a
case its outcome is settled by two volunteers who say the same, or by its owner: decision 0013.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from complaints import gate, workflow
from complaints.intake import settle
from complaints.models import Case, Claim, Decision, Event, IncomingMail, Look, Note, Notice, Opinion
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.models.reader import OpinionQuerySet
from complaints.stages import KINDS, End, Kind

LEASE = timedelta(minutes=10)
RENEWED_BELOW = LEASE / 2  # opening a page again and again writes nothing
SAME_LOOK = timedelta(minutes=1)
MOST_PER_HOUR = 30  # mails that one volunteer may open: looking after them, not leafing through
TRIES = 5  # mails that somebody else may take first, before we say that nothing is left
SKIPPED_FOR = timedelta(days=1)  # what a volunteer left to others is not put before them again that soon

SECOND_READER = "second_reader"  # reasons of a mail that waits: one volunteer has said what it is
DISAGREE = "readers_disagree"  # two have, and differ: now it is its owner's alone

# What only its owner may see, even when another notice of the same mail waits for a person.
HELD_KINDS = [row.kind.value for row in KINDS.values() if row.end is End.HELD]


class NotYours(Exception):
    """The claim ran out, somebody else has it, or it never was yours."""


class Enough(Exception):
    """The volunteer has claimed as many mails in this hour as one may."""


class Settled(StrEnum):
    """What came of a decision."""

    DONE = "done"
    SECOND = "second"  # it waits for a second reader
    SPLIT = "split"  # the two readers differ: it waits for its owner


def waiting_for(volunteer: User) -> IncomingMailQuerySet:
    """The mails of all others that wait for a person, the longest waiting first.

    Never held ones, nor those `volunteer` has said something of already, nor those left to their owner.
    """
    if not gate.may_work_tray(volunteer):
        return IncomingMail.objects.none()
    held = Notice.objects.filter(mail=OuterRef("pk"), kind__in=HELD_KINDS)
    told = Notice.objects.filter(mail=OuterRef("pk"))
    mine = Opinion.objects.standing().filter(mail=OuterRef("pk"), reader=volunteer)
    waiting = IncomingMail.objects.in_tray().exclude(owner=volunteer).exclude(reason=DISAGREE)
    return waiting.filter(Exists(told), ~Exists(held), ~Exists(mine)).order_by("received_at", "pk")


def held_by(volunteer: User, now: datetime) -> IncomingMailQuerySet:
    """The mails of others on which `volunteer` holds a live claim, decided ones too: those can be undone.

    Asks the gate; a mail with a notice that only its owner may see is none of them.
    """
    mine = IncomingMail.objects.visible_to(volunteer).exclude(owner=volunteer)
    held = Notice.objects.filter(mail=OuterRef("pk"), kind__in=HELD_KINDS)
    said = Opinion.objects.standing().filter(mail=OuterRef("pk"), reader=volunteer)
    return mine.filter(~Exists(held), claim__volunteer=volunteer, claim__until__gt=now).annotate(said=Exists(said))


def has_said(mail: IncomingMail) -> bool:
    """Whether the one who holds `mail` (as `held_by` gives it) has said what it is."""
    return bool(getattr(mail, "said", False))


# -- claiming --------------------------------------------------------------------------------------------


def said_their_say(mail: str, reader: str) -> Exists:
    """Whether the `reader` (both are names of columns) has said what `mail` is: then they need it no longer."""
    return Exists(Opinion.objects.standing().filter(mail=OuterRef(mail), reader=OuterRef(reader)))


def claim(mail: IncomingMail, volunteer: User, now: datetime) -> bool:
    """Lease `mail` to `volunteer` for LEASE. False when somebody else holds it; of two at once one gets it.

    raises  Enough above MOST_PER_HOUR other mails in the last hour
    """
    recent = Look.objects.filter(by=volunteer, what=Look.What.CLAIM, at__gt=now - timedelta(hours=1))
    if recent.exclude(mail=mail).order_by().values("mail").distinct().count() >= MOST_PER_HOUR:
        raise Enough
    free = Q(volunteer=volunteer) | Q(until__lte=now) | said_their_say("mail", "volunteer")
    begun = {"volunteer": volunteer, "until": now + LEASE, "unmasked_at": None}
    taken = Claim.objects.filter(free, mail=mail).update(**begun)
    if not taken:
        try:
            with transaction.atomic():
                Claim.objects.create(mail=mail, **begun)
        except IntegrityError:  # there is one, and it is alive
            return False
    look(mail, volunteer, Look.What.CLAIM, now)
    return True


def free_for(volunteer: User, now: datetime) -> IncomingMailQuerySet:
    """What `volunteer` may be given next: nobody works on it, and they have not left it to others lately."""
    taken = Claim.objects.filter(~said_their_say("mail", "volunteer"), mail=OuterRef("pk"), until__gt=now)
    left = Look.objects.filter(mail=OuterRef("pk"), by=volunteer, what=Look.What.SKIP, at__gt=now - SKIPPED_FOR)
    return waiting_for(volunteer).filter(~Exists(taken), ~Exists(left))


def claim_next(volunteer: User, now: datetime) -> IncomingMail | None:
    """Lease the free mail that waits longest. None when there is none. Raises Enough."""
    return next((mail for mail in free_for(volunteer, now)[:TRIES] if claim(mail, volunteer, now)), None)


def release(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """Give `mail` back; somebody else may take it at once. Not holding it is no error."""
    if Claim.objects.filter(mail=mail, volunteer=volunteer).delete()[0]:
        look(mail, volunteer, Look.What.RELEASE, now)


def skip(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """Leave `mail` to others: it is free at once, and comes back to `volunteer` only by their own choice."""
    Claim.objects.filter(mail=mail, volunteer=volunteer).delete()
    look(mail, volunteer, Look.What.SKIP, now)


def renew(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """The claim begins anew: somebody is at work on it."""
    if Claim.objects.filter(mail=mail, volunteer=volunteer, until__gt=now).update(until=now + LEASE):
        mail.claim.until = now + LEASE


# -- what the owner sees of it -----------------------------------------------------------------------------


def look(mail: IncomingMail, by: User, what: str, now: datetime, *, why: str = "", said: str = "") -> None:
    """Write for the owner that `by` did that. `why` is a key of words.REASONS: why it lay there, or what came of it."""
    Look.objects.create(
        owner_id=mail.owner_id, mail=mail, by=by, what=what, why=why or mail.reason, said=said[:200], at=now
    )


def read(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """`volunteer` has `mail` on the screen: the claim goes on, and its owner can see it. Once a minute at most."""
    if mail.claim.until <= now + RENEWED_BELOW:
        renew(mail, volunteer, now)
    just_now = mail.looks.filter(by=volunteer, what=Look.What.READ, at__gt=now - SAME_LOOK)
    if not just_now.exists():
        look(mail, volunteer, Look.What.READ, now)


@transaction.atomic
def unmask(mail: IncomingMail, volunteer: User, why: str, said: str, now: datetime) -> None:
    """Show `mail` without masks for as long as this claim lives; its owner sees the reason. Raises NotYours.

    why   a key of words.UNMASKING
    said  their own words
    """
    lock(mail, volunteer, now)
    Claim.objects.filter(mail=mail).update(unmasked_at=now)
    look(mail, volunteer, Look.What.UNMASK, now, why=why, said=said)


@transaction.atomic
def note(mail: IncomingMail, volunteer: User, text: str, now: datetime) -> None:
    """Leave a word for the next reader and for the owner. Raises NotYours."""
    lock(mail, volunteer, now)
    Note.objects.create(mail=mail, by=volunteer, text=text, at=now)
    look(mail, volunteer, Look.What.NOTE, now)


# -- deciding ----------------------------------------------------------------------------------------------


def lock(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """The claim of `volunteer` on `mail`, locked and begun anew. Raises NotYours."""
    mine = Claim.objects.select_for_update().filter(mail=mail, volunteer=volunteer, until__gt=now)
    if not mine.update(until=now + LEASE):
        raise NotYours(mail.public_id)


@transaction.atomic
def confirm(mail: IncomingMail, volunteer: User, now: datetime) -> Settled:
    """What is proposed is right. Raises NotYours, settle.NotWaiting, workflow.NotForVolunteers."""
    lock(mail, volunteer, now)
    acts = settle.answerable(mail, volunteer)
    if not acts or any(workflow.goes_against_owner(act) for act in acts):
        raise workflow.NotForVolunteers(mail.public_id)
    opinion = Opinion(mail=mail, reader=volunteer, decision=Decision.FILE, at=now)
    if len(acts) == 1:  # else: everything as it was proposed
        opinion.kind, opinion.case = acts[0].kind, acts[0].case
        opinion.notice = one_of_several(mail, acts[0].notice)
    return weigh(
        opinion,
        needs_two=any(workflow.bears_outcome(act) for act in acts),
        apply=lambda: settle.confirm_proposals(mail, volunteer),
        propose=lambda: None,  # it is one already
    )


@transaction.atomic
def file(mail: IncomingMail, volunteer: User, kind: Kind, case: Case | None, now: datetime) -> Settled:
    """It is a `kind` of notice and belongs to `case`, or to a new one. Raises as `confirm`."""
    lock(mail, volunteer, now)
    notice = settle.chosen(mail, None)
    if settle.goes_against_owner(notice, kind):
        raise workflow.NotForVolunteers(mail.public_id)

    def propose() -> None:
        opinion.case = settle.propose_by_hand(mail, volunteer, kind, case)
        opinion.save(update_fields=["case"])

    opinion = Opinion(mail=mail, reader=volunteer, decision=Decision.FILE, kind=kind, case=case, at=now)
    opinion.notice = one_of_several(mail, notice)
    return weigh(
        opinion,
        needs_two=settle.bears_outcome(notice, kind) or needs_two(mail, volunteer),
        apply=lambda: settle.file_by_hand(mail, volunteer, kind, case),
        propose=propose,
    )


@transaction.atomic
def reject(mail: IncomingMail, volunteer: User, now: datetime) -> Settled:
    """It says nothing about any case. Raises NotYours, settle.NotWaiting."""
    lock(mail, volunteer, now)
    waiting = settle.waiting(mail)
    about = one_of_several(mail, waiting[0]) if len(waiting) == 1 else None
    return weigh(
        Opinion(mail=mail, reader=volunteer, decision=Decision.REJECT, notice=about, at=now),
        needs_two=needs_two(mail, volunteer),
        apply=lambda: settle.reject(mail, volunteer),
        propose=lambda: None,
    )


def one_of_several(mail: IncomingMail, notice: Notice | None) -> Notice | None:
    """`notice` where `mail` has others beside it: what is said of it is said of none of them."""
    return notice if mail.notices.count() > 1 else None


def said_of(opinion: Opinion) -> OpinionQuerySet:
    """What other readers hold of that of which `opinion` speaks."""
    about = Q(notice=None) | Q(notice__in=settle.waiting(opinion.mail))
    if opinion.notice:
        about = Q(notice=None) | Q(notice=opinion.notice)
    return opinion.mail.opinions.standing().filter(about)


def tells_of_an_outcome(notices: Iterable[Notice], acts: Iterable[Event]) -> bool:
    """Whether the machine takes a mail with these `notices` and proposals for what gives a case its outcome.

    Nobody puts such a mail aside, or files it as something else, alone.
    """
    if any(workflow.bears_outcome(act) for act in acts):
        return True
    return any(settle.bears_outcome(notice, Kind(notice.kind)) for notice in notices if notice.trust != "phishing")


def needs_two(mail: IncomingMail, volunteer: User) -> bool:
    """`tells_of_an_outcome`, asked of the rows."""
    notices = mail.notices.only("kind", "trust", "reading")
    return tells_of_an_outcome(notices, settle.answerable(mail, volunteer))


def weigh(opinion: Opinion, *, needs_two: bool, apply: Callable[[], object], propose: Callable[[], object]) -> Settled:
    """Keep `opinion`, and do what it leads to: `apply` it, `propose` it to a second reader, or leave it to the owner.

    Raises settle.NotWaiting, and what `apply` and `propose` raise; then nothing is kept.
    """
    mail, now = settle.lock(opinion.mail), opinion.at
    mail.opinions.standing().filter(reader=opinion.reader).update(taken_back_at=now)
    other = said_of(opinion).order_by("-at", "-pk").first()
    if other:
        opinion.agrees = other.agrees = opinion.says_the_same_as(other)
        other.save(update_fields=["agrees"])
    opinion.save()
    if not needs_two or opinion.agrees:
        apply()
        came = Settled.DONE
    elif other:
        settle.wait_on(mail, DISAGREE)
        came = Settled.SPLIT
    else:
        propose()
        settle.wait_on(mail, SECOND_READER)
        came = Settled.SECOND
    decided(mail, opinion.reader, now)
    return came


@transaction.atomic
def undo(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """Take back one's own last decision while the claim lives. Raises NotYours, settle.NotWaiting."""
    lock(mail, volunteer, now)
    if not may_undo(mail, volunteer):
        raise NotYours(mail.public_id)
    mail.opinions.standing().filter(reader=volunteer).update(taken_back_at=now)
    mail.opinions.standing().update(agrees=None)
    if mail.outcome == Outcome.REVIEW:
        settle.take_back_proposals(mail, volunteer)
    else:
        settle.reopen(mail, volunteer)
    waits_on = SECOND_READER if mail.opinions.standing().exists() else "reopened"
    settle.wait_on(mail, waits_on)
    decided(mail, volunteer, now)


def decided(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    mail.refresh_from_db(fields=["outcome", "reason", "settled_at"])
    look(mail, volunteer, Look.What.DECIDE, now)


def may_undo(mail: IncomingMail, volunteer: User) -> bool:
    """Whether the last word on `mail` was that of `volunteer`: what the owner decided since stays."""
    mail.refresh_from_db(fields=["outcome", "reason", "settled_at"])
    if not (mail.reason.endswith("_by_volunteer") or mail.reason in (SECOND_READER, DISAGREE)):
        return False
    last = mail.looks.filter(what=Look.What.DECIDE).order_by("-at", "-pk").first()
    is_mine = last is not None and last.by_id == volunteer.pk
    return is_mine and mail.opinions.standing().filter(reader=volunteer).exists()
