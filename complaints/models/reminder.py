"""Telling a shopper of the one date not to miss: a mail a day before, and a private address for their calendar."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from complaints.models.case import Case
from complaints.stages import Stage


def new_token() -> str:
    """The secret part of a calendar's address: 130 random bits."""
    return random_id(26)


class Mute(models.Model):
    """不再提醒: the owner wants no reminders, of one case or (without a case) of any."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="mutes")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("不再提醒")
        verbose_name_plural = _("不再提醒")
        constraints = [
            models.UniqueConstraint(fields=["owner", "case"], condition=Q(case__isnull=False), name="mute_case_once"),
            models.UniqueConstraint(fields=["owner"], condition=Q(case__isnull=True), name="mute_all_once"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.case_id}"


M = TypeVar("M", bound="ReminderJob")
FARTHEST = timedelta(hours=2)  # no lease is taken for so long


def is_free(now: datetime) -> Q:
    """Held by nobody: no lease, one that is over, or one so far ahead that the clock was ahead when it was taken."""
    return Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=now + FARTHEST)


class ReminderJobQuerySet(models.QuerySet[M]):
    """What every kind of reminder has in common; `standing` and `wanted` say which of them still hold."""

    @abstractmethod
    def standing(self) -> Self:
        """Those whose date still stands."""

    @abstractmethod
    def wanted(self) -> Self:
        """Those whose owner wants to be reminded."""

    def to_send(self, now: datetime) -> Self:
        """What is due, not sent, held by nobody, and of use: the date lies ahead."""
        due = self.filter(is_free(now), sent_at=None, due_at__lte=now, deadline_at__gt=now)
        return due.standing().wanted().order_by("due_at", "pk")

    def late(self, now: datetime, by: timedelta) -> Self:
        """What should have been sent `by` so long ago and was not, whoever holds it."""
        waiting = self.filter(sent_at=None, due_at__lte=now - by, deadline_at__gt=now)
        return waiting.standing().wanted()


class ReminderJob(models.Model):
    """The mail about one date. The row is the job: it is planned, claimed under a lease, sent, and kept."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    deadline_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # None: it became known too late to write by day
    planned_at = models.DateTimeField(default=timezone.now, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id


class ReminderQuerySet(ReminderJobQuerySet["Reminder"]):
    def standing(self) -> ReminderQuerySet:
        """Those whose case is open and still has that date as its owner's own; the others are jobs no more."""
        open_cases = self.filter(case__is_draft=False, case__owner__is_active=True).exclude(case__stage=Stage.CLOSED)
        return open_cases.filter(case__own_deadline_at=F("deadline_at"))

    def wanted(self) -> ReminderQuerySet:
        """Without those whose owner switched reminders off."""
        off = Mute.objects.filter(Q(case=None) | Q(case=OuterRef("case")), owner=OuterRef("case__owner"))
        return self.filter(~Exists(off))


class Reminder(ReminderJob):
    """The mail about one date of one case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reminders")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        constraints = [
            models.UniqueConstraint(fields=["case", "deadline_at"], name="reminder_once_per_date"),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__lt=F("deadline_at")), name="reminder_before_its_date"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="reminder_to_send")]


class CalendarFeed(models.Model):
    """The address by which a calendar program reads its owner's dates. Who knows it reads them; it can be changed."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)  # to the hour

    class Meta:
        verbose_name = _("日历地址")
        verbose_name_plural = _("日历地址")

    def __str__(self) -> str:
        return f"{self.owner_id}"
