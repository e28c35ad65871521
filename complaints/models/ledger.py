"""What was accepted and what was deleted, counted apart from the mails themselves; and what did not add up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LedgerCount(models.Model):
    """How many mails one door accepted, or how many of them were deleted; complaints/ledger.py alone writes it."""

    class Name(models.TextChoices):
        ACCEPTED = "accepted", _("收下")
        DELETED = "deleted", _("删除")

    name = models.CharField(max_length=10, choices=Name)
    door = models.CharField(max_length=10)  # IncomingMail.Door
    slot = models.PositiveSmallIntegerField(default=0)  # several rows for one count: doors do not wait for each other
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)  # when it last rose

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "door", "slot"], name="ledger_slot_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.door} {self.slot}"


class LastCount(models.Model):
    """How many mails of each door ended as what, when they were last counted: pages and figures do not count anew."""

    door = models.CharField(max_length=10)
    outcome = models.CharField(max_length=12)
    count = models.PositiveBigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "outcome"], name="last_count_once")]

    def __str__(self) -> str:
        return f"{self.door} {self.outcome} {self.count}"


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def ringing(self) -> AlarmQuerySet:
        return self.filter(over_at=None)


class Alarm(models.Model):
    """Something that a person who runs the machine must look at: from when it was noticed until it was right again."""

    name = models.CharField(max_length=20)  # a key of complaints/alarms.py ALARMS
    count = models.PositiveBigIntegerField()  # as it was last seen
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)  # when staff were written to, once
    over_at = models.DateTimeField(null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("警报")
        verbose_name_plural = _("警报")
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(over_at=None), name="alarm_rings_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.since:%Y-%m-%d %H:%M}"
