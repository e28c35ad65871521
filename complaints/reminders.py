"""One mail a day before the shopper's own date, by day, once (docs/decisions/0015-reminders.md).

The row is the job (models/reminder.py). A turn plans rows for the dates that come near, then claims and sends those
that are due. A case that no longer has that date leaves its row behind, and nothing has to be called off.
"""

from __future__ import annotations

import logging
import time as clock
from datetime import datetime, time, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from complaints import outgoing
from complaints.clocks import SHANGHAI
from complaints.models import Case, Event, Keeping, KeepingReminder, Mute, Reminder
from complaints.models.job import DRIFT
from complaints.models.keeping import RETURN_DAYS
from complaints.models.reminder import is_free
from complaints.stages import Stage

log = logging.getLogger(__name__)

LEAD = timedelta(hours=24)
MORNING, EVENING, NIGHT = time(8), time(21, 30), time(22)  # nobody is written to from 22 to 8
USEFUL = timedelta(hours=1)  # with less left a mail helps nobody
NEAR = LEAD + timedelta(hours=3)  # planned from here on: the evening before may be 2.5 hours earlier
BEFORE_THE_END = timedelta(days=7)  # what is kept of an order is not thrown away without that warning
AT_ONCE = 500  # rows planned in one statement
KINDS: tuple[type[Reminder] | type[KeepingReminder], ...] = (Reminder, KeepingReminder)
LEASE = timedelta(minutes=5)  # longer than one mail can take
AGAIN = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))  # after a failure


def is_night(at: datetime) -> bool:
    """Whether it is between 22 and 8 in Shanghai, wherever this machine stands."""
    there = at.astimezone(SHANGHAI).time()
    return there >= NIGHT or there < MORNING


def next_morning(at: datetime) -> datetime:
    """The first 8 o'clock in Shanghai that is not before `at`."""
    there = at.astimezone(SHANGHAI)
    morning = datetime.combine(there.date(), MORNING, SHANGHAI)
    return morning if morning >= there else morning + timedelta(days=1)


def remind_at(deadline: datetime, known_at: datetime, by_hand: bool) -> datetime | None:
    """When to write about `deadline`; None when it became known too late to do so by day.

    A day before. Before midnight of a night: that evening at 21:30, a little more than a day ahead. After midnight:
    at 8, with the whole of the last day left. Known later than that: at once, or by the next morning; when the
    shopper entered the date by hand, halfway, for they know it now.

    deadline, known_at  aware, in any zone; `known_at` before `deadline`
    """
    at = deadline - LEAD
    if is_night(at):
        there = at.astimezone(SHANGHAI)
        is_evening = there.time() >= NIGHT
        at = datetime.combine(there.date(), EVENING, SHANGHAI) if is_evening else next_morning(at)
    if at < known_at:
        at = known_at + (deadline - known_at) / 2 if by_hand else known_at
        if is_night(at):
            at = next_morning(at)
    return at if at + USEFUL <= deadline else None


def plan(now: datetime) -> int:
    """Make a row for every date that comes near and has none. Returns how many."""
    forget_plans_of_later(now)
    return plan_cases(now) + plan_returns(now) + plan_ends(now)


def forget_plans_of_later(now: datetime) -> None:
    """What a clock that was ahead planned, and nobody holds: it may have taken for over what is still to come."""
    for kind in KINDS:
        kind.objects.filter(sent_at=None, lease_until=None, planned_at__gt=now + DRIFT).delete()


def plan_cases(now: datetime) -> int:
    planned = 0
    has_row = Reminder.objects.filter(case=OuterRef("pk"), deadline_at=OuterRef("own_deadline_at"))
    last_actor = Event.objects.filter(case=OuterRef("pk")).order_by("-seq").values("actor")[:1]
    near = (
        Case.objects.told()
        .filter(~Exists(has_row), own_deadline_at__gt=now, own_deadline_at__lte=now + NEAR)
        .exclude(stage=Stage.CLOSED)
        .annotate(last_actor=Subquery(last_actor))
        .order_by("own_deadline_at", "pk")
        .values_list("pk", "own_deadline_at", "owner_id", "last_actor")
    )
    while found := list(near[:AT_ONCE]):
        rows = [
            Reminder(
                case_id=pk,
                deadline_at=deadline,
                planned_at=now,
                due_at=remind_at(deadline, now, by_hand=actor == owner),
            )
            for pk, deadline, owner, actor in found
            if deadline is not None  # the filter says so
        ]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)  # two planners at once make one row
        planned += len(rows)
    return planned


def plan_returns(now: datetime) -> int:
    """For orders kept before any trouble: the last day to send back without a reason."""
    last = (now + NEAR).astimezone(SHANGHAI).date() - timedelta(days=RETURN_DAYS)
    first = now.astimezone(SHANGHAI).date() - timedelta(days=RETURN_DAYS)
    has_row = KeepingReminder.objects.filter(keeping=OuterRef("pk"), about="return", signed_on=OuterRef("signed_on"))
    near = Keeping.objects.open().filter(~Exists(has_row), signed_on__gte=first, signed_on__lte=last)
    return planned_for(near, "return", now)


def plan_ends(now: datetime) -> int:
    """For the same: the day on which they are thrown away."""
    has_row = KeepingReminder.objects.filter(keeping=OuterRef("pk"), about="end", deadline_at=OuterRef("kept_until"))
    near = Keeping.objects.open().filter(~Exists(has_row), kept_until__gt=now, kept_until__lte=now + BEFORE_THE_END)
    return planned_for(near, "end", now)


def planned_for(near: QuerySet[Keeping], about: str, now: datetime) -> int:
    planned = 0
    while found := list(near.order_by("pk")[:AT_ONCE]):
        rows = []
        for keeping in found:
            at = keeping.return_by if about == "return" else keeping.kept_until
            assert at is not None  # the filter says so
            if about == "return":
                due = remind_at(at, now, by_hand=True) if at > now else None
            else:
                due = next_morning(now) if is_night(now) else now
                due = due if due + USEFUL <= at else None
            signed_on = keeping.signed_on if about == "return" else None
            rows.append(
                KeepingReminder(
                    keeping=keeping, about=about, deadline_at=at, signed_on=signed_on, planned_at=now, due_at=due
                )
            )
        KeepingReminder.objects.bulk_create(rows, ignore_conflicts=True)
        planned += len(rows)
    return planned


def send(now: datetime, seconds: float) -> int:
    """Send what is due, for `seconds` at most; none at night, whatever was due before it. Returns how many."""
    if is_night(now):
        return 0
    end = clock.monotonic() + seconds
    sent = 0
    connection = get_connection()
    try:
        for kind in KINDS:
            for pk in list(kind.objects.to_send(now).values_list("pk", flat=True)[:AT_ONCE]):
                sent += send_one(pk, now, connection, kind)
                if clock.monotonic() > end:
                    return sent
    finally:
        connection.close()
    return sent


def waits(now: datetime) -> bool:
    """Whether something is due and not sent."""
    return any(kind.objects.to_send(now).exists() for kind in KINDS)


def late(now: datetime, by: timedelta) -> int:
    """How many mails should have gone `by` so long ago and did not."""
    return sum(kind.objects.late(now, by).count() for kind in KINDS)


def send_one(pk: int, now: datetime, connection: Any, kind: type[Reminder] | type[KeepingReminder] = Reminder) -> bool:
    """Claim the reminder `pk`, hand its mail over, and note that; False when it was another's or the mail did not go.

    Killed in between, it is sent again after the lease with the same Message-ID: see docs/decisions/0015-reminders.md.
    """
    rows = kind.objects
    if not rows.to_send(now).filter(pk=pk).exists():
        return False
    # Asked again of the row itself: two claim, one gets it.
    if not rows.filter(is_free(now), pk=pk, sent_at=None).update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    if kind is Reminder:
        reminder = Reminder.objects.select_related("case__owner", "case__shop").get(pk=pk)
        mail, public_id, attempts = outgoing.reminder(reminder, now), reminder.public_id, reminder.attempts
    else:
        kept = KeepingReminder.objects.select_related("keeping__owner").get(pk=pk)
        mail, public_id, attempts = outgoing.keeping_reminder(kept, now), kept.public_id, kept.attempts
    try:
        connection.send_messages([mail])
    except (OSError, ValueError) as error:  # SMTPException is the first, an address that no mail can hold the second
        wait = AGAIN[min(attempts, len(AGAIN)) - 1]
        rows.filter(pk=pk).update(lease_until=now + wait)
        log.warning("reminder %s not sent: %s", public_id, type(error).__name__)
        connection.close()
        return False
    rows.filter(pk=pk).update(sent_at=now, lease_until=None)
    return True


# -- switched off, and on again --------------------------------------------------------------------------


def mute(owner: User, case: Case | None) -> None:
    """No more reminders of `case`, or of any. Twice is once."""
    Mute.objects.get_or_create(owner=owner, case=case)


def unmute(owner: User, case: Case | None) -> None:
    """Reminders of `case` again, or of all that are not off by themselves."""
    Mute.objects.filter(owner=owner, case=case).delete()


def is_muted(owner: User, case: Case | None) -> tuple[bool, bool]:
    """Whether reminders are off for everything, and for `case`."""
    about = Q(case=None) | Q(case=case) if case else Q(case=None)
    found = set(Mute.objects.filter(about, owner=owner).values_list("case", flat=True))
    return None in found, case is not None and case.pk in found


def foreseen(case: Case, now: datetime) -> tuple[str, datetime | None]:
    """What becomes of the reminder of the own date of `case`: ("sent", when), ("planned", when) or ("none", None)."""
    assert case.own_deadline_at is not None
    row = Reminder.objects.filter(case=case, deadline_at=case.own_deadline_at).first()
    if row and row.sent_at:
        return "sent", row.sent_at
    due = row.due_at if row else remind_at(case.own_deadline_at, now, by_hand=False)
    return ("planned", due) if due and case.own_deadline_at > now else ("none", None)
