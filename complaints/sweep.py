"""What waits is found, whatever became of its ring: rung again, or read right here when the broker is silent."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from complaints import bell
from complaints.intake import line
from complaints.models import IncomingMail, PeriodicJob
from complaints.models.mail import IncomingMailQuerySet

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=5)
TURN = timedelta(seconds=30)  # a turn that lasts longer was killed
PATIENCE = timedelta(seconds=5)  # what is due for so long has lost its ring
SILENCE = timedelta(seconds=60)  # what is due for so long while there are rings: nobody hears them
AT_ONCE = 500  # mails rung for in one turn
LONGEST = 4.0  # seconds that one turn reads mails itself
ANSWER = 2.0  # seconds within which a broker that is there tells how many rings wait


def due(until: datetime) -> IncomingMailQuerySet:
    """The mails that were due by `until` and that no worker holds now, the longest waiting first."""
    now = timezone.now()
    # What is leased or due so far ahead was so when the clock was ahead: nobody is due later than in an hour.
    is_free = Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=now + 2 * line.PICTURE_LEASE)
    is_due = Q(due_at__lte=until) | Q(due_at__gt=now + 2 * line.HOURLY)
    return IncomingMail.objects.waiting().filter(is_free, is_due).order_by("due_at", "pk")


def sweep() -> int:
    """One turn: ring again for what waits, or read it here when nobody would hear. Returns how many mails."""
    now = timezone.now()
    if not bell.has_broker():
        return drain(due(now))
    if not due(now - PATIENCE).exists():
        return 0
    rings = rings_waiting()
    if rings is None:
        log.warning("the broker is silent: reading what waits from the table")
        return drain(due(now - PATIENCE))
    if rings:  # each is heard in time; to ring again for the same mails would only lengthen the queue
        return drain(due(now - SILENCE))
    if not PeriodicJob.objects.take("sweep", EVERY, now, TURN):
        return 0
    mail_pks = list(_pks(due(now - PATIENCE)))
    is_rung = bell.ring_now(mail_pks)
    PeriodicJob.objects.done("sweep")
    if not is_rung:  # it answers, and takes nothing: it is full, or read-only
        log.warning("the broker takes no rings: reading what waits from the table")
        return drain(due(now - PATIENCE))
    return len(mail_pks)


def drain(mails: IncomingMailQuerySet) -> int:
    """Take `mails` to the end of the line here and now, for LONGEST seconds at most. Returns how many."""
    end = time.monotonic() + LONGEST
    done = 0
    for mail_pk in _pks(mails):
        line.run(mail_pk)
        done += 1
        if time.monotonic() > end:
            break
    return done


def _pks(mails: IncomingMailQuerySet) -> Iterable[int]:
    return list(mails.values_list("pk", flat=True)[:AT_ONCE])


def rings_waiting() -> int | None:
    """How many rings wait for a worker; None when the broker does not answer, which is known within ANSWER seconds.

    Asked without kombu, which tries again and again: meanwhile nobody would read what waits.
    """
    once = Retry(NoBackoff(), 0)
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=ANSWER, socket_timeout=ANSWER, retry=once
        ) as broker:
            return int(broker.llen(settings.CELERY_TASK_DEFAULT_QUEUE))
    except (redis.RedisError, OSError):
        return None
