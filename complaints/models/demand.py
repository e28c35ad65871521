"""What the shopper asks for, and how it looked to them in the end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case


class Demand(models.Model):
    """One thing that the owner of a case wants. Theirs to change; the story of the case is not touched by it."""

    class Kind(models.TextChoices):
        REFUND = "refund", _("退款")
        RETURN_REFUND = "return_refund", _("退货退款")
        COMPENSATION = "compensation", _("赔偿")
        FREIGHT = "freight", _("运费")
        EXCHANGE = "exchange", _("换货")
        RESEND = "resend", _("补寄")
        REPAIR = "repair", _("维修")
        INVOICE = "invoice", _("发票")
        APOLOGY = "apology", _("道歉")
        OTHER = "other", _("其他要求")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="demands")
    kind = models.CharField(max_length=15, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)  # the owner has it: what no notice tells
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("要求")
        verbose_name_plural = _("要求")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="demand_kind_once_per_case"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="demand_amount_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


# Those that are counted in money; the others are a thing done.
MONEY = (Demand.Kind.REFUND, Demand.Kind.RETURN_REFUND, Demand.Kind.COMPENSATION, Demand.Kind.FREIGHT)


class LookBack(models.Model):
    """回顾: what the owner says once a case is closed. Every answer may be left out, and all of it skipped."""

    class Solved(models.TextChoices):
        YES = "yes", _("解决了")
        PARTLY = "partly", _("解决了一部分")
        NO = "no", _("没有解决")

    class Fair(models.TextChoices):
        YES = "yes", _("公平")
        NO = "no", _("不公平")
        UNSURE = "unsure", _("说不好")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="look_back")
    solved = models.CharField(max_length=10, choices=Solved, blank=True, default="")
    fair = models.CharField(max_length=10, choices=Fair, blank=True, default="")
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    skipped = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("回顾")
        verbose_name_plural = _("回顾")
        constraints = [models.CheckConstraint(condition=Q(days=None) | Q(days__lte=3660), name="look_back_days_fit")]

    def __str__(self) -> str:
        return f"{self.case_id}"
