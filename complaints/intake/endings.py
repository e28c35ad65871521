"""What became of a mail, and of each notice in it.

A mail of one notice is settled as a whole. Of several, each notice has an ending of its own; the mail shows the
gravest of them, and waits for a person while any of them does.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from complaints.models import IncomingMail, Notice
from complaints.models.mail import Outcome

Ending = tuple[str, str]  # Outcome and a key of words.REASONS

# What a mail of several notices is: the first of these that any of them is.
GRAVEST = (Outcome.REVIEW, Outcome.FILED, Outcome.DUPLICATE, Outcome.HELD, Outcome.IGNORED)


def settle(mail: IncomingMail, ending: Ending, also: Sequence[str] = ()) -> None:
    """Write what became of `mail` and why, and the fields in `also`, which the caller has set."""
    mail.outcome, mail.reason = ending
    mail.settled_at = timezone.now()
    mail.lease, mail.lease_until = "", None
    mail.save(update_fields=["outcome", "reason", "settled_at", "lease", "lease_until", *also])


def settle_each(
    mail: IncomingMail, notices: Sequence[Notice], endings: Sequence[Ending], also: Sequence[str] = ()
) -> None:
    """Write what the line made of every notice of `mail`, and of the mail with its fields in `also`."""
    if len(notices) > 1:
        for notice, ending in zip(notices, endings, strict=True):
            notice.outcome, notice.reason = ending
        Notice.objects.bulk_update(notices, ["outcome", "reason"])
    settle(mail, gravest(endings), also)


def settle_some(mail: IncomingMail, notices: Sequence[Notice], ending: Ending) -> None:
    """Write what a person, or a better proof, made of some notices of `mail`; the others stay what they are."""
    others = [notice for notice in mail.notices.order_by("position") if notice not in notices]
    if not others:
        settle_each(mail, notices, [ending] * len(notices))
        return
    for notice in notices:
        notice.outcome, notice.reason = ending
    Notice.objects.bulk_update(notices, ["outcome", "reason"])
    waiting = [notice for notice in others if waits(notice, mail)]
    if waiting and ending[0] != Outcome.REVIEW:
        settle(mail, (Outcome.REVIEW, waiting[0].reason or mail.reason))
        return
    # The reason is that of the last decision: the page offers to take it back.
    outcome, _reason = gravest([ending, *((notice.outcome or mail.outcome, "") for notice in others)])
    settle(mail, (outcome, ending[1]))


def gravest(endings: Sequence[Ending]) -> Ending:
    return min(endings, key=lambda ending: GRAVEST.index(Outcome(ending[0])))


def waits(notice: Notice, mail: IncomingMail) -> bool:
    """Whether `notice` of `mail` waits for a person."""
    return (notice.outcome or mail.outcome) == Outcome.REVIEW
