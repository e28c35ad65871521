"""Which periodic job is whose turn: so that two schedules, or two workers, never run one twice."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

log = logging.getLogger(__name__)

DRIFT = timedelta(minutes=2)  # by which the clocks of several machines may differ
LONGEST = timedelta(minutes=10)  # no job of ours runs longer


class PeriodicJobQuerySet(models.QuerySet["PeriodicJob"]):
    def take(self, name: str, every: timedelta, now: datetime, longest: timedelta = LONGEST) -> bool:
        """Is it time for the job `name`, and nobody else's turn? Then it is ours, and due again `every` later.

        A clock that was ahead when the job ran last, and went back since, holds it up no longer.

        longest  how long a turn of it may last: one that never ended (its process was killed) is over then
        """
        job, _is_new = self.get_or_create(name=name, defaults={"due_at": now})
        if job.ran_at and job.ran_at > now + DRIFT:  # else it would rest until that time comes again
            log.error("ALARM the clock went back by %s: %s ran then", job.ran_at - now, name)
            mine = self.filter(name=name, ran_at=job.ran_at)
        else:
            is_free = Q(running_until=None) | Q(running_until__lte=now)
            mine = self.filter(is_free, name=name, due_at__lte=now)
        return bool(mine.update(due_at=now + every, running_until=now + max(every, longest), ran_at=now))

    def done(self, name: str) -> None:
        """The turn is over; the next may begin when the job is due."""
        self.filter(name=name).update(running_until=None)


class PeriodicJob(models.Model):
    name = models.CharField(max_length=40, unique=True)
    due_at = models.DateTimeField(default=timezone.now)
    running_until = models.DateTimeField(null=True, blank=True)
    ran_at = models.DateTimeField(null=True, blank=True)  # when its last turn began

    objects = PeriodicJobQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """A worker that lives, wherever it runs: written by itself (config/pulse.py), read by pages and figures."""

    name = models.CharField(max_length=200, unique=True)  # mail@host
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
