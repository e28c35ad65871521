"""请志愿者看看: a shopper asks for a second pair of eyes on a case, and what is said about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from complaints import gate
from complaints.models.case import Case
from complaints.models.mail import IncomingMail


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: gate.Visitor) -> ReviewQuerySet:
        """The reviews whose case `user` may read, masked, because they look after it now."""
        return self.filter(gate.may_see_review(user))

    def is_open(self) -> ReviewQuerySet:
        return self.filter(state__in=Review.OPEN)


class Review(models.Model):
    """One request for help with a case, from the asking to its end. complaints/review.py alone writes it."""

    class Origin(models.TextChoices):
        ASKED = "asked", _("买家请求")
        ASSIGNED = "assigned", _("管理员分派")

    class State(models.TextChoices):
        WAITING = "waiting", _("等志愿者看")
        ASKED_BACK = "asked_back", _("志愿者有问题要问")
        ANSWERED = "answered", _("志愿者看过了")
        ENDED = "ended", _("已结束")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Want(models.TextChoices):
        NEXT_STEP = "next_step", _("下一步该做什么")
        EVIDENCE = "evidence", _("证据够不够")
        DEADLINE = "deadline", _("期限对不对")
        RULING = "ruling", _("判决怎么看，要不要申诉")
        READING = "reading", _("来信读得对不对")
        OUTSIDE = "outside", _("要不要走12315、消协或法院")

    OPEN = (State.WAITING, State.ASKED_BACK, State.ANSWERED)

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ASKED)
    wants = models.JSONField(default=list, blank=True)  # values of Want
    question = models.TextField(blank=True, default="")  # the owner's own words; of an assigned one the staff's
    shows_pictures = models.BooleanField(default=False)  # whether the owner lets the volunteer see the exhibits
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    since = models.DateTimeField(default=timezone.now)  # when it began to wait for whoever it waits for
    ended_at = models.DateTimeField(null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    volunteer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="reviews_in_care"
    )
    until = models.DateTimeField(null=True, blank=True)  # until when the volunteer may read the case
    unmasked_at = models.DateTimeField(null=True, blank=True)  # since when they read it without masks

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("请志愿者看")
        verbose_name_plural = _("请志愿者看")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["waiting", "asked_back", "answered"]),
                name="review_one_open_per_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "asked_back", "answered"], ended_at__isnull=True)
                | Q(state__in=["ended", "withdrawn"], ended_at__isnull=False),
                name="review_ended_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["since", "id"], condition=Q(state="waiting"), name="review_waiting_oldest"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Note(models.Model):
    """What somebody wrote beside a case under review, or beside a mail of the tray. Never changed."""

    class Kind(models.TextChoices):
        NOTE = "note", _("留言")
        QUESTION = "question", _("提问")
        ANSWER = "answer", _("回答")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, null=True, blank=True, related_name="notes")
    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, null=True, blank=True, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NOTE)
    text = models.TextField(blank=True, default="")
    checks = models.JSONField(default=dict, blank=True)  # what was gone through: complaints/review.py Checks
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("留言")
        verbose_name_plural = _("留言")
        constraints = [
            models.CheckConstraint(
                condition=Q(review__isnull=True, mail__isnull=False) | Q(review__isnull=False, mail__isnull=True),
                name="note_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
