"""What is not kept: how long each kind of ended mail stays, bytes and all (docs/operating.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import limits
from complaints import ledger, raw
from complaints.intake import keyring
from complaints.models import Event, IncomingMail
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.stages import Kind

AT_ONCE = 500  # mails deleted in one transaction


@dataclass(frozen=True, slots=True)
class Rule:
    """Mails that ended as `outcome`, for that reason (None: any), are deleted so long after `since`."""

    outcome: Outcome
    reason: str | None
    after: timedelta
    since: str = "received_at"


# fmt: off
RULES = (
    #    ended as          because of                        deleted after        since
    Rule(Outcome.HELD,     Kind.VERIFICATION_CODE.value,     timedelta(hours=24)),  # 别人的验证码
    Rule(Outcome.HELD,     Kind.FORWARD_CONFIRMATION.value,  timedelta(hours=24)),  # 转发确认
    Rule(Outcome.HELD,     "rotated",                        timedelta(days=30)),   # 寄到旧地址
    Rule(Outcome.IGNORED,  None,                             timedelta(days=30),  "settled_at"),  # 可以找回
)
# fmt: on


def over(rule: Rule, now: datetime) -> IncomingMailQuerySet:
    """The mails whose time under `rule` is over. One that an act of a case rests on stays."""
    mails = IncomingMail.objects.filter(outcome=rule.outcome, **{f"{rule.since}__lte": now - rule.after})
    if rule.reason is not None:
        mails = mails.filter(reason=rule.reason)
    return mails.exclude(pk__in=Event.objects.filter(notice__isnull=False).values("notice__mail"))


def purge(now: datetime) -> int:
    """Delete what should be gone by `now`: rows, bytes and what was read in them. Returns how many mails."""
    deleted = sum(_purge(rule, now) for rule in RULES)
    keyring.forget_unused(now)
    limits.forget(now)
    raw.forget_unused(now)  # after the commits: a file is gone for good, a row that was rolled back is not
    return deleted


def _purge(rule: Rule, now: datetime) -> int:
    deleted = 0
    while pks := list(over(rule, now).values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            # Looked at again under a lock: its owner may have called one back meanwhile.
            gone = over(rule, now).filter(pk__in=pks).select_for_update().values_list("pk", flat=True)
            deleted += ledger.delete(IncomingMail.objects.filter(pk__in=list(gone)), now)
    return deleted
