"""The tray: what the machine is unsure of, looked after by volunteers under a lease, one mail each at a time.

Whatever a volunteer does here, claiming, reading, deciding, its owner can see in the list of looks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from complaints import gate
from complaints.intake import settle
from complaints.models import Case, Claim, IncomingMail, Look, Notice
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.stages import KINDS, End, Kind

LEASE = timedelta(minutes=10)
RENEWED_BELOW = LEASE / 2  # opening a page again and again writes nothing
SAME_LOOK = timedelta(minutes=1)
MOST_PER_HOUR = 30  # mails that one volunteer may open: looking after them, not leafing through
TRIES = 5  # mails that somebody else may take first, before we say that nothing is left

# What only its owner may see, even when another notice of the same mail waits for a person.
HELD_KINDS = [row.kind.value for row in KINDS.values() if row.end is End.HELD]


class NotYours(Exception):
    """The claim ran out, somebody else has it, or it never was yours."""


class Enough(Exception):
    """The volunteer has claimed as many mails in this hour as one may."""


def waiting_for(volunteer: User) -> IncomingMailQuerySet:
    """The mails of all others that wait for a person, the longest waiting first; held ones never."""
    if not gate.may_work_tray(volunteer):
        return IncomingMail.objects.none()
    held = Notice.objects.filter(mail=OuterRef("pk"), kind__in=HELD_KINDS)
    told = Notice.objects.filter(mail=OuterRef("pk"))
    waiting = IncomingMail.objects.in_tray().exclude(owner=volunteer)
    return waiting.filter(Exists(told), ~Exists(held)).order_by("received_at", "pk")


def held_by(volunteer: User, now: datetime) -> IncomingMailQuerySet:
    """The mails of others on which `volunteer` holds a live claim, decided ones too: those can be undone.

    Asks the gate; a mail with a notice that only its owner may see is none of them.
    """
    mine = IncomingMail.objects.visible_to(volunteer).exclude(owner=volunteer)
    held = Notice.objects.filter(mail=OuterRef("pk"), kind__in=HELD_KINDS)
    return mine.filter(~Exists(held), claim__volunteer=volunteer, claim__until__gt=now)


# -- claiming --------------------------------------------------------------------------------------------


def claim(mail: IncomingMail, volunteer: User, now: datetime) -> bool:
    """Lease `mail` to `volunteer` for LEASE. False when somebody else holds it; of two at once one gets it.

    raises  Enough above MOST_PER_HOUR other mails in the last hour
    """
    recent = Look.objects.filter(by=volunteer, what=Look.What.CLAIM, at__gt=now - timedelta(hours=1))
    if recent.exclude(mail=mail).order_by().values("mail").distinct().count() >= MOST_PER_HOUR:
        raise Enough
    free = Q(volunteer=volunteer) | Q(until__lte=now)
    taken = Claim.objects.filter(free, mail=mail).update(volunteer=volunteer, until=now + LEASE)
    if not taken:
        try:
            with transaction.atomic():
                Claim.objects.create(mail=mail, volunteer=volunteer, until=now + LEASE)
        except IntegrityError:  # there is one, and it is alive
            return False
    look(mail, volunteer, Look.What.CLAIM, now)
    return True


def claim_next(volunteer: User, now: datetime, after: IncomingMail | None = None) -> IncomingMail | None:
    """Lease the mail that waits longest, or the next one `after` that. None when nothing is free. Raises Enough."""
    free = waiting_for(volunteer).exclude(claim__until__gt=now)
    if after:
        later = Q(received_at__gt=after.received_at) | Q(received_at=after.received_at, pk__gt=after.pk)
        free = free.filter(later)
    return next((mail for mail in free[:TRIES] if claim(mail, volunteer, now)), None)


def release(mail: IncomingMail, volunteer: User) -> None:
    """Give `mail` back; somebody else may take it at once. Not holding it is no error."""
    Claim.objects.filter(mail=mail, volunteer=volunteer).delete()


def renew(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """Whoever works on it keeps it: a claim of which less than half is left begins anew."""
    mine = Claim.objects.filter(mail=mail, volunteer=volunteer, until__gt=now)
    mine.filter(until__lte=now + RENEWED_BELOW).update(until=now + LEASE)


# -- what the owner sees of it -----------------------------------------------------------------------------


def look(mail: IncomingMail, by: User, what: str, now: datetime) -> None:
    """Write for the owner that `by` did that. `why` is a key of words.REASONS: why it lay there, or what came of it."""
    Look.objects.create(owner_id=mail.owner_id, mail=mail, by=by, what=what, why=mail.reason, at=now)


def read(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """`volunteer` has `mail` on the screen: the claim goes on, and its owner can see it. Once a minute at most."""
    renew(mail, volunteer, now)
    just_now = mail.looks.filter(by=volunteer, what=Look.What.READ, at__gt=now - SAME_LOOK)
    if not just_now.exists():
        look(mail, volunteer, Look.What.READ, now)


# -- deciding ----------------------------------------------------------------------------------------------


def lock(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """The claim of `volunteer` on `mail`, locked and begun anew. Raises NotYours."""
    mine = Claim.objects.select_for_update().filter(mail=mail, volunteer=volunteer, until__gt=now)
    if not mine.update(until=now + LEASE):
        raise NotYours(mail.public_id)


@transaction.atomic
def confirm(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """What the machine proposes is right. Raises NotYours, settle.NotWaiting, workflow.NotForVolunteers."""
    lock(mail, volunteer, now)
    settle.confirm_proposals(mail, volunteer)
    decided(mail, volunteer, now)


@transaction.atomic
def file(mail: IncomingMail, volunteer: User, kind: Kind, case: Case | None, now: datetime) -> None:
    """It is a `kind` of notice and belongs to `case`, or to a new one. Raises as `confirm`."""
    lock(mail, volunteer, now)
    settle.file_by_hand(mail, volunteer, kind, case)
    decided(mail, volunteer, now)


@transaction.atomic
def reject(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """It says nothing about any case. Raises NotYours, settle.NotWaiting."""
    lock(mail, volunteer, now)
    settle.reject(mail, volunteer)
    decided(mail, volunteer, now)


@transaction.atomic
def undo(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    """Take back one's own last decision while the claim lives. Raises NotYours, settle.NotWaiting."""
    lock(mail, volunteer, now)
    if not may_undo(mail, volunteer):
        raise NotYours(mail.public_id)
    settle.reopen(mail, volunteer)
    decided(mail, volunteer, now)


def decided(mail: IncomingMail, volunteer: User, now: datetime) -> None:
    mail.refresh_from_db(fields=["outcome", "reason", "settled_at"])
    look(mail, volunteer, Look.What.DECIDE, now)


def may_undo(mail: IncomingMail, volunteer: User) -> bool:
    """Whether the last word on `mail` was that of `volunteer`: what the owner decided since stays."""
    mail.refresh_from_db(fields=["outcome", "reason", "settled_at"])
    if mail.outcome == Outcome.REVIEW or not mail.reason.endswith("_by_volunteer"):
        return False
    last = mail.looks.filter(what=Look.What.DECIDE).order_by("-at", "-pk").first()
    return last is not None and last.by_id == volunteer.pk
