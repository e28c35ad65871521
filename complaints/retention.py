"""What is not kept: how long each kind of ended mail stays, bytes and all (docs/operating.md)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import limits
from accounts.models import User
from complaints import ledger, operations, outgoing, raw, tombstones
from complaints.intake import keyring
from complaints.models import Arrival, Event, IncomingMail, LastCall, Look
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.reminders import is_night
from complaints.stages import Kind

log = logging.getLogger(__name__)

AT_ONCE = 500  # mails deleted in one transaction
NOTICE = timedelta(days=10)  # between telling an owner of a mail that will be deleted, and deleting it
TOLD_AT_ONCE = 50  # owners written to in one turn
PEERS = timedelta(days=180)  # how long the address of who handed a mail in is kept whole (网络安全法 21: ≥ 6 months)
LOOKS = timedelta(days=730)  # who looked at what, for its owner


@dataclass(frozen=True, slots=True)
class Rule:
    """Mails that ended as `outcome`, for that reason (None: any), are deleted so long after `since`."""

    outcome: Outcome
    reason: str | None
    after: timedelta
    since: str = "received_at"
    told: timedelta | None = None  # not before its owner was told, so long after `since`, and had NOTICE to act


# fmt: off
RULES = (
    #    ended as             because of                        deleted after        since          owner told after
    Rule(Outcome.HELD,        Kind.VERIFICATION_CODE.value,     timedelta(hours=24)),  # 别人的验证码
    Rule(Outcome.HELD,        Kind.FORWARD_CONFIRMATION.value,  timedelta(hours=24)),  # 转发确认
    Rule(Outcome.HELD,        "rotated",                        timedelta(days=30)),   # 寄到旧地址
    Rule(Outcome.IGNORED,     None,                             timedelta(days=30),  "settled_at"),  # 可以找回
    Rule(Outcome.REVIEW,      None,                             timedelta(days=30),  "settled_at",  timedelta(days=20)),
    Rule(Outcome.QUARANTINED, None,                             timedelta(days=90),  "settled_at",  timedelta(days=80)),
)
# fmt: on


def over(rule: Rule, now: datetime) -> IncomingMailQuerySet:
    """The mails whose time under `rule` is over. One that an act of a case rests on stays."""
    mails = _ended(rule, now - rule.after)
    if rule.told is not None:  # in this stay: one that came back later is told of anew
        mails = mails.filter(last_call__told_at__lte=now - NOTICE, last_call__told_at__gte=F("settled_at"))
    return mails


def to_tell(now: datetime) -> IncomingMailQuerySet:
    """The mails that will be deleted and whose owners were not told so yet."""
    near = Q(pk__in=())
    for rule in RULES:
        if rule.told is not None:
            near |= Q(pk__in=_ended(rule, now - rule.told).values("pk"))
    told = LastCall.objects.filter(mail=OuterRef("pk"), told_at__gte=OuterRef("settled_at"))
    return IncomingMail.objects.filter(near, ~Exists(told), owner__is_active=True)


def _ended(rule: Rule, until: datetime) -> IncomingMailQuerySet:
    mails = IncomingMail.objects.filter(outcome=rule.outcome, **{f"{rule.since}__lte": until})
    if rule.reason is not None:
        mails = mails.filter(reason=rule.reason)
    return mails.exclude(pk__in=Event.objects.filter(notice__isnull=False).values("notice__mail"))


def tell(now: datetime) -> int:
    """Write to those whose mails will be deleted unless they do something; by day. Returns how many owners.

    One mail for all of an owner's. What no server took is written in the next turn, and nothing goes before it was.
    """
    if is_night(now):
        return 0
    sent = 0
    for owner in User.objects.filter(pk__in=to_tell(now).values("owner")).order_by("pk")[:TOLD_AT_ONCE]:
        mails = list(to_tell(now).filter(owner=owner).values_list("pk", flat=True))
        try:
            outgoing.last_call(owner, len(mails), now + NOTICE).send()
        except (OSError, ValueError) as error:  # SMTPException is the first
            log.warning("last call not sent: %s", type(error).__name__)
            continue
        for pk in mails:
            LastCall.objects.update_or_create(mail_id=pk, defaults={"told_at": now})
        sent += 1
    return sent


def purge(now: datetime) -> int:
    """Delete what should be gone by `now`: rows, bytes and what was read in them. Returns how many mails."""
    deleted = sum(_purge(rule, now) for rule in RULES)
    keyring.forget_unused(now)
    limits.forget(now)
    raw.forget_unused(now)  # after the commits: a file is gone for good, a row that was rolled back is not
    coarsen_peers(now)
    Look.objects.filter(at__lte=now - LOOKS).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    operations.forget_workers(now)
    tombstones.crumble(now)
    return deleted


def coarsen_peers(now: datetime) -> int:
    """Of the addresses that handed old mails in keep the network alone. Returns how many of them were coarsened.

    What stands in our own network tells of nobody, and a mail that is read again still asks for it: it stays.
    """
    changed = 0
    for model in (Arrival, IncomingMail):
        old = model._base_manager.filter(received_at__lte=now - PEERS).exclude(peer="").exclude(peer__contains="/")
        for peer in list(old.order_by().values_list("peer", flat=True).distinct()):
            if network := _network(peer):
                changed += _coarsen(old.filter(peer=peer), network)
    return changed


def _coarsen(rows: QuerySet[Any], network: str) -> int:
    """Write `network` for the address of `rows`; of two arrivals of a mail that are one now, the first stays."""
    if rows.model is Arrival:
        same = Arrival.objects.filter(
            mail=OuterRef("mail"), door=OuterRef("door"), mail_from=OuterRef("mail_from"), peer=network
        )
        rows.filter(Exists(same)).delete()
    return rows.update(peer=network)


def _network(peer: str) -> str:
    """The /24 or, of version 6, the /48 of an address; "" for one that is of our own network, or none at all."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return ""
    if address.is_private or any(address in network for network in settings.MTA_PEERS):
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def _purge(rule: Rule, now: datetime) -> int:
    deleted = 0
    while pks := list(over(rule, now).values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            # Looked at again under a lock: its owner may have called one back meanwhile.
            gone = over(rule, now).filter(pk__in=pks).select_for_update().values_list("pk", flat=True)
            deleted += ledger.delete(IncomingMail.objects.filter(pk__in=list(gone)), now)
    return deleted
