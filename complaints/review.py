"""请志愿者看看: a shopper asks for a second pair of eyes on a case; a volunteer looks, asks back, says what they see.

Nothing here changes a case. Whoever looks can see it masked, for as long as they look after it, and every look is
in the owner's list.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints import gate
from complaints.models import Case, CaseExhibit, Look, Note, Review
from complaints.models.review import ReviewQuerySet
from complaints.words import Text

LEASE = timedelta(minutes=30)  # after taking a case on, and after every look at it
KEPT = timedelta(days=7)  # after writing, so that the owner's answer finds who asked; nobody reads a case longer
RESERVED = timedelta(days=2)  # after the owner answered: theirs first, then anybody's
SAME_LOOK = timedelta(minutes=1)
MOST_IN_CARE = 5  # cases that one volunteer may look after at once


class Checks(TypedDict, total=False):
    """What a volunteer went through; every key may be missing."""

    facts: str  # a key of JUDGED
    deadline: str  # a key of JUDGED
    missing: list[str]  # values of CaseExhibit.Kind
    next: str  # a key of NEXT


JUDGED: dict[str, Text] = {
    "ok": _("看过，没有问题"),
    "off": _("有地方不对"),
    "unsure": _("看不出来"),
}
NEXT: dict[str, Text] = {
    "wait": _("先等对方，不用做什么"),
    "evidence": _("补上缺的凭证"),
    "reply": _("回复商家，把要求说清楚"),
    "change": _("修改申请"),
    "intervene": _("请平台介入"),
    "accept": _("可以接受这个结果"),
    "appeal": _("在期限内申诉"),
    "outside": _("考虑12315、消协或法院"),
    "check": _("到订单页核对倒计时"),
}


class NotYours(Exception):
    """The review is over, or somebody else looks after it."""


class Enough(Exception):
    """The volunteer looks after as many cases as one may."""


# -- the owner ---------------------------------------------------------------------------------------------


@transaction.atomic
def ask(case: Case, wants: list[str], question: str, *, shows_pictures: bool, now: datetime) -> Review:
    """The owner asks for somebody to look at `case`. While one is open, that one is returned unchanged."""
    Case.objects.select_for_update().get(pk=case.pk)  # two taps at once: one review
    there = case.reviews.is_open().first()
    return there or Review.objects.create(
        case=case, wants=wants, question=question, shows_pictures=shows_pictures, asked_at=now, since=now
    )


@transaction.atomic
def answer(review: Review, text: str, now: datetime) -> None:
    """The owner says something more: it waits for a volunteer, first of all for the one who asked. Raises NotYours."""
    review = lock(review)
    Note.objects.create(review=review, by=review.case.owner, kind=Note.Kind.ANSWER, text=text, at=now)
    review.state, review.since = Review.State.WAITING, now
    review.until = now + RESERVED if review.volunteer else None
    review.save(update_fields=["state", "since", "until"])


@transaction.atomic
def end(review: Review, now: datetime, *, thanks: bool = False) -> None:
    """The owner has what they wanted, or does not want it any more: nobody can look from now on.

    What nobody had looked at is withdrawn. Ending it twice changes nothing.
    """
    review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if not review.is_open:
        return
    untouched = review.state == Review.State.WAITING and not review.notes.exists()
    review.state = Review.State.WITHDRAWN if untouched else Review.State.ENDED
    review.ended_at = now
    review.until = None
    review.thanked_at = now if thanks else None
    review.save(update_fields=["state", "ended_at", "until", "thanked_at"])


# -- taking it on ------------------------------------------------------------------------------------------


def waiting_for(volunteer: User, now: datetime) -> ReviewQuerySet:
    """What waits for a volunteer and nobody else has taken on, the longest waiting first; never one's own case."""
    if not gate.may_work_tray(volunteer):
        return Review.objects.none()
    free = Q(volunteer=None) | Q(volunteer=volunteer) | Q(until__lte=now) | Q(until=None)
    waiting = Review.objects.filter(free, state=Review.State.WAITING).exclude(case__owner=volunteer)
    return waiting.order_by("since", "pk")


def in_care_of(volunteer: User) -> ReviewQuerySet:
    """What `volunteer` looks after now, the newest first."""
    return Review.objects.visible_to(volunteer).order_by("-since", "-pk")


@transaction.atomic
def take(review: Review, volunteer: User, now: datetime) -> None:
    """`volunteer` looks after it from now on. Raises NotYours when it is over or somebody else's, Enough."""
    review = lock(review)
    if not waiting_for(volunteer, now).filter(pk=review.pk).exists():
        raise NotYours(review.public_id)
    if in_care_of(volunteer).exclude(pk=review.pk).count() >= MOST_IN_CARE:
        raise Enough
    is_mine = review.volunteer_id == volunteer.pk and review.until is not None and review.until > now
    hand_to(review, volunteer, max(now + LEASE, review.until) if is_mine and review.until else now + LEASE)
    look(review, volunteer, Look.What.CLAIM, now)


@transaction.atomic
def assign(case: Case, volunteer: User, host: User, why: str, now: datetime) -> Review:
    """A host gives `case` to a volunteer; its owner sees it at once and may end it.

    raises  NotYours when it is the volunteer's own case, or the person is no volunteer
    """
    if not volunteer.is_volunteer or case.owner_id == volunteer.pk:
        raise NotYours(case.public_id)
    Case.objects.select_for_update().get(pk=case.pk)
    review = case.reviews.is_open().first()
    if review is None:
        review = Review.objects.create(case=case, origin=Review.Origin.ASSIGNED, question=why, asked_at=now, since=now)
    hand_to(review, volunteer, now + KEPT)
    look(review, host, Look.What.ASSIGN, now, said=why)
    return review


def hand_to(review: Review, volunteer: User, until: datetime) -> None:
    if review.volunteer_id != volunteer.pk:
        review.unmasked_at = None
    review.volunteer, review.until = volunteer, until
    review.save(update_fields=["volunteer", "until", "unmasked_at"])


@transaction.atomic
def release(review: Review, volunteer: User, now: datetime) -> None:
    """`volunteer` looks after it no longer; what they wrote stays. Raises NotYours."""
    review = lock(review, volunteer, now)
    review.volunteer = review.until = review.unmasked_at = None
    review.save(update_fields=["volunteer", "until", "unmasked_at"])
    look(review, volunteer, Look.What.RELEASE, now)


def renew(review: Review, volunteer: User, now: datetime) -> None:
    """Whoever works on it keeps it: a lease of which less than half is left begins anew."""
    if review.until is None or review.until > now + LEASE / 2:
        return
    if Review.objects.filter(pk=review.pk, volunteer=volunteer, until__gt=now).update(until=now + LEASE):
        review.until = now + LEASE


# -- looking and writing -------------------------------------------------------------------------------------


def lock(review: Review, volunteer: User | None = None, now: datetime | None = None) -> Review:
    """The open review, locked; with a volunteer only while they look after it. Raises NotYours."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("case__owner").is_open()
    if volunteer:
        rows = rows.filter(volunteer=volunteer, until__gt=now)
    found = rows.filter(pk=review.pk).first()
    if found is None:
        raise NotYours(review.public_id)
    return found


def read(review: Review, volunteer: User, now: datetime) -> None:
    """`volunteer` has the case on the screen. Its owner can see it, once a minute at most."""
    renew(review, volunteer, now)
    just_now = review.case.looks.filter(by=volunteer, what=Look.What.READ, at__gt=now - SAME_LOOK)
    if not just_now.exists():
        look(review, volunteer, Look.What.READ, now)


@transaction.atomic
def unmask(review: Review, volunteer: User, why: str, said: str, now: datetime) -> None:
    """Show the case without masks while `volunteer` looks after it; the owner sees the reason. Raises NotYours.

    why   a key of words.UNMASKING
    """
    review = lock(review, volunteer, now)
    review.unmasked_at = now
    review.save(update_fields=["unmasked_at"])
    look(review, volunteer, Look.What.UNMASK, now, why=why, said=said)


@transaction.atomic
def write(review: Review, volunteer: User, kind: Note.Kind, text: str, checks: Checks, now: datetime) -> None:
    """What `volunteer` found, or asks: now it is the owner's turn. Raises NotYours."""
    review = lock(review, volunteer, now)
    Note.objects.create(review=review, by=volunteer, kind=kind, text=text, checks=dict(checks), at=now)
    review.state = Review.State.ASKED_BACK if kind == Note.Kind.QUESTION else Review.State.ANSWERED
    review.since, review.until = now, now + KEPT
    review.save(update_fields=["state", "since", "until"])
    look(review, volunteer, Look.What.NOTE, now)


def look(
    review: Review,
    by: User,
    what: str,
    now: datetime,
    *,
    why: str = "",
    said: str = "",
    exhibit: CaseExhibit | None = None,
) -> None:
    """Write for the owner that `by` did that. `why` is a key of words.UNMASKING, or where the review came from."""
    Look.objects.create(
        owner_id=review.case.owner_id,
        case_id=review.case_id,
        exhibit=exhibit,
        by=by,
        what=what,
        why=why or review.origin,
        said=said[:200],
        at=now,
    )


def called(person: User, owner_id: int) -> str:
    """What the owner knows a volunteer by: the same for all they do here, and nothing to any other owner."""
    return blake2b(f"{owner_id}:{person.public_id}".encode(), digest_size=2).hexdigest()


def thanks_to(volunteer: User) -> int:
    """How many owners said thank you for what `volunteer` wrote."""
    thanked = Review.objects.filter(thanked_at__isnull=False, notes__by=volunteer)
    return thanked.order_by().values("pk").distinct().count()
