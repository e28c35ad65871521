"""What readers of the tray said: their opinions, and how they did on notices whose answer is known."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from complaints.models.case import Case
from complaints.models.mail import IncomingMail, Notice


class Decision(models.TextChoices):
    """What a volunteer may say of a mail; to confirm is to file it as it was proposed."""

    FILE = "file", _("归入案件")
    REJECT = "reject", _("与投诉无关")


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def standing(self) -> OpinionQuerySet:
        return self.filter(taken_back_at__isnull=True)


class Opinion(models.Model):
    """What one volunteer said of one mail. complaints/tray.py alone writes it."""

    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="opinions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opinions")
    decision = models.CharField(max_length=10, choices=Decision)
    kind = models.CharField(max_length=30, blank=True, default="")  # of the notice as they read it
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # The one of several notices that it is about; null: the only one, or all that waited.
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    agrees = models.BooleanField(null=True, blank=True)  # with the other reader; null while there is none
    at = models.DateTimeField(default=timezone.now, editable=False)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("志愿者的看法")
        verbose_name_plural = _("志愿者的看法")
        constraints = [
            models.UniqueConstraint(
                fields=["mail", "reader"], condition=Q(taken_back_at__isnull=True), name="opinion_one_per_reader"
            ),
        ]
        indexes = [models.Index(fields=["reader", "-at"], name="opinion_of_reader_newest")]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.decision}"

    def says_the_same_as(self, other: Opinion) -> bool:
        mine, theirs = ((one.decision, one.kind, one.case_id) for one in (self, other))
        return mine == theirs


class CalibrationItem(models.Model):
    """A notice that nobody received and whose answer is known: mixed into the tray now and then (校准题)."""

    key = models.CharField(max_length=40, unique=True)  # of complaints/calibration.py, else a random one
    shop = models.CharField(_("店铺"), max_length=100)
    sender = models.CharField(_("寄信人"), max_length=320, blank=True, default="")
    subject = models.CharField(_("主题"), max_length=300)
    body = models.TextField(_("正文"))
    read_as = models.CharField(max_length=30)  # what the machine is said to take it for
    confidence = models.FloatField(default=0.7)
    decision = models.CharField(_("正确的处理"), max_length=10, choices=Decision)
    kind = models.CharField(_("正确的种类"), max_length=30, blank=True, default="")
    why = models.TextField(_("为什么"))
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("校准题")
        verbose_name_plural = _("校准题")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="reject", kind="") | (Q(decision="file") & ~Q(kind="")),
                name="calibration_kind_if_filed",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class CalibrationTurn(models.Model):
    """One volunteer's try at one item, once."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    item = models.ForeignKey(CalibrationItem, on_delete=models.CASCADE, related_name="turns")
    volunteer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calibration_turns")
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    kind = models.CharField(max_length=30, blank=True, default="")
    is_right = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["given_at", "pk"]
        verbose_name = _("校准作答")
        verbose_name_plural = _("校准作答")
        constraints = [
            models.UniqueConstraint(fields=["item", "volunteer"], name="calibration_once_per_volunteer"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, is_right__isnull=True)
                | Q(answered_at__isnull=False, is_right__isnull=False),
                name="calibration_answered_is_judged",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
