"""Doors of the queue `images`: ids in, one call, safe to repeat. The table is the truth, the queue a hint."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerGone
from redis.exceptions import RedisError

from evidence import pictures

logger = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=30)  # what waits longer has lost its ring
SILENCE = timedelta(minutes=5)  # what waits longer although it was rung for: nobody hears


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True)
def make_copies(exhibit_id: int) -> str:
    """Make the copies of one exhibit; rung after its row is committed, or by the sweep."""
    return pictures.make_copies(exhibit_id)


@shared_task
def sweep_copies() -> int:
    """Ring again for every exhibit whose copies wait too long; make them here when nobody hears. Returns how many."""
    if not has_broker():
        return drain_copies(timezone.now())
    now = timezone.now()
    ring(pictures.waiting_since(now - PATIENCE))
    return drain_copies(now - SILENCE, limit=3)


def has_broker() -> bool:
    return not settings.CELERY_BROKER_URL.startswith("memory:")


def ring(exhibit_ids: Iterable[int]) -> None:
    """Say that these exhibits, committed already, wait for copies. A broker that is gone is the sweep's matter."""
    if not has_broker():
        return  # the sweep makes the copies itself
    for exhibit_id in exhibit_ids:
        try:
            make_copies.delay(exhibit_id)
        except (BrokerGone, RedisError, OSError) as error:
            logger.warning("exhibit %s: left to the sweep (%s)", exhibit_id, type(error).__name__)
            return


def drain_copies(since: datetime, limit: int = 20) -> int:
    """Make the copies of at most `limit` exhibits that wait since before `since`, here and now. Returns how many."""
    waiting = pictures.waiting_since(since, limit)
    for exhibit_id in waiting:
        pictures.make_copies(exhibit_id)
    return len(waiting)
