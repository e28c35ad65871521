"""How this installation runs, for those who run it: ages, counts and signs of life, never what is in a mail.

Pages and figures ask here, often: every question is answered from an index, from few rows, or from what the hourly
check counted. All of it stands in the database, so every process says the same.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import ChannelError, OperationalError
from redis.exceptions import RedisError

from accounts import limits
from accounts.models import User
from complaints import bell, ledger
from complaints.balance import STUCK
from complaints.models import Alarm, Heartbeat, IncomingMail, LastCount, Look, PeriodicJob, RawFile
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.reminders import late

log = logging.getLogger(__name__)

QUEUES = ("mail", "images", "ocr", "out")
ALIVE = timedelta(seconds=60)  # a worker writes three times as often (config/pulse.py)
FORGOTTEN = timedelta(days=7)  # a worker that was killed is shown as dead so long
MANY = 9_999  # as far as we count


@dataclass(frozen=True, slots=True)
class Waiting:
    """Mails that are not read yet."""

    count: int  # MANY: so many or more
    oldest_at: datetime | None  # when the one that waits longest was received
    due_at: datetime | None  # since when the one that is due longest should have been read
    attempts: int  # the most that readers failed on one of them
    lost_leases: int  # the most workers that died with one of them


def waiting() -> Waiting:
    rows = IncomingMail.objects.waiting()
    found = list(rows.order_by("due_at").values_list("received_at", "due_at", "attempts", "lost_leases")[: MANY + 1])
    if not found:
        return Waiting(0, None, None, 0, 0)
    received, due, attempts, lost = zip(*found, strict=True)
    return Waiting(min(len(found), MANY), min(received), due[0], max(attempts), max(lost))


def quarantined() -> IncomingMailQuerySet:
    """The mails that no reader could read, the last first."""
    return IncomingMail.objects.filter(outcome=Outcome.QUARANTINED).order_by("-settled_at", "-pk")


def some(mails: IncomingMailQuerySet) -> int:
    """How many `mails` are, counted as far as MANY."""
    return mails.order_by()[:MANY].count()


def last_counts() -> tuple[dict[tuple[str, str], int], datetime | None]:
    """(door, outcome) → mails, and when that was counted: at most an hour ago while a worker lives."""
    rows = list(LastCount.objects.all())
    return {(row.door, row.outcome): row.count for row in rows}, rows[0].counted_at if rows else None


def workers(now: datetime) -> list[tuple[Heartbeat, bool]]:
    """Every worker that was seen lately, and whether it lives."""
    seen = Heartbeat.objects.filter(seen_at__gt=now - FORGOTTEN).order_by("name")
    return [(worker, worker.seen_at > now - ALIVE) for worker in seen]


def forget_workers(now: datetime) -> int:
    return Heartbeat.objects.filter(seen_at__lte=now - FORGOTTEN).delete()[0]


def rings() -> dict[str, int] | None:
    """Queue → rings that wait in the broker; None when it does not answer, {} when there is none."""
    if not bell.has_broker():
        return {}
    found = {}
    try:
        with current_app.connection_for_write() as connection:
            for queue in QUEUES:
                try:
                    channel: Any = connection.channel()
                    found[queue] = int(channel.queue_declare(queue=queue, passive=True).message_count)
                except ChannelError:  # no such queue: an empty one is none
                    found[queue] = 0
    except (OperationalError, RedisError, OSError):
        return None
    return found


def disk() -> tuple[int, int]:
    """Bytes that are free under DATA_DIR of this process, and bytes in all."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    return usage.free, usage.total


def overdue_reminders(now: datetime) -> int:
    return late(now, STUCK)


def damaged_files() -> int:
    """Files of mails in the storage that are not what they should be, or not there."""
    return RawFile.objects.filter(damaged_at__isnull=False, doomed_at=None).count()


def refusals(since: datetime | None = None) -> Mapping[str, int]:
    """Why doors said no → how often."""
    return limits.refusals(since)


def jobs() -> list[PeriodicJob]:
    return list(PeriodicJob.objects.order_by("name"))


def alarms() -> list[Alarm]:
    return list(Alarm.objects.ringing())


def doors() -> dict[str, tuple[int, datetime]]:
    """Door → mails it ever accepted, and when the last."""
    return ledger.by_door()


# -- quarantine ------------------------------------------------------------------------------------------


def rerun(mails: IncomingMailQuerySet, by: User, now: datetime) -> list[int]:
    """Let the line try `mails` again from the start, those still in quarantine; returns them, to ring for.

    Nothing of a mail is shown to whoever asks for it; its owner sees that it was done, by whom and when.
    """
    with transaction.atomic():
        still = mails.filter(outcome=Outcome.QUARANTINED).select_for_update(of=("self",)).order_by("pk")
        found = list(still.values_list("pk", "public_id", "owner_id"))
        pks = [pk for pk, _public_id, _owner in found]
        IncomingMail.objects.filter(pk__in=pks).update(
            outcome=Outcome.WAITING, reason="", settled_at=None, attempts=0, lost_leases=0, due_at=now
        )
        Look.objects.bulk_create(
            Look(owner_id=owner, mail_id=pk, by=by, what=Look.What.RERUN, at=now) for pk, _public_id, owner in found
        )
    for _pk, public_id, _owner in found:
        log.warning("mail %s: out of quarantine by %s", public_id, by.public_id)
    return pks
