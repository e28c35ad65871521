"""存证: what a shopper keeps of an order before there is any trouble, until it becomes a case or its day comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from complaints import gate
from complaints.clocks import end_of
from complaints.models.case import Case, Shown
from complaints.models.reminder import Mute, ReminderJob, ReminderJobQuerySet
from evidence.models import Exhibit

RETURN_DAYS = 7  # 自然日, from the day after signing: docs/sources.md#return-without-reason


class KeepingQuerySet(models.QuerySet["Keeping"]):
    def visible_to(self, user: gate.Visitor) -> KeepingQuerySet:
        """The keepings `user` may know about: for every page, file and count."""
        return self.filter(gate.may_see_keeping(user))

    def open(self) -> KeepingQuerySet:
        """Those that have not become a case."""
        return self.filter(case=None)


class Keeping(models.Model):
    """The file of one order without a complaint: its owner's alone, with a day on which it is thrown away."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keepings")
    title = models.CharField(_("买的是什么？"), max_length=120, blank=True, default="")
    shop = models.CharField(_("店铺"), max_length=100, blank=True, default="")
    order_no = models.CharField(_("订单编号"), max_length=40, blank=True, default="")
    signed_on = models.DateField(_("签收日期"), null=True, blank=True)
    reminds = models.BooleanField(default=True)
    once = models.CharField(max_length=16, editable=False)  # names the form that was filled in: sent twice, it is one
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)
    kept_until = models.DateTimeField()  # then it is deleted, files and all (keepings.purge)
    # What became of it; its exhibits went there.
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="keepings")

    objects = KeepingQuerySet.as_manager()

    class Meta:
        verbose_name = _("存证")
        verbose_name_plural = _("存证")
        constraints = [models.UniqueConstraint(fields=["owner", "once"], name="keeping_once")]
        indexes = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="keeping_of_owner_newest"),
            models.Index(fields=["kept_until"], condition=Q(case=None), name="keeping_to_throw_away"),
            models.Index(fields=["signed_on"], condition=Q(case=None), name="keeping_to_return"),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("complaints:keeping_detail", args=[self.public_id])

    @property
    def return_by(self) -> datetime | None:
        """The end of the last day to send back without a reason, where the law gives that right; None while unsigned.

        source  docs/sources.md#return-without-reason
        """
        return end_of(self.signed_on + timedelta(days=RETURN_DAYS)) if self.signed_on else None


class KeepingExhibit(Shown):
    """An exhibit in the file of an order. It goes along when that becomes a case."""

    keeping = models.ForeignKey(Keeping, on_delete=models.CASCADE, related_name="keeping_exhibits")
    exhibit = models.OneToOneField(Exhibit, on_delete=models.CASCADE, related_name="in_keeping")

    class Meta(Shown.Meta):
        verbose_name = _("存证文件")
        verbose_name_plural = _("存证文件")

    def __str__(self) -> str:
        return f"{self.keeping_id} {self.exhibit_id}"


class KeepingReminderQuerySet(ReminderJobQuerySet["KeepingReminder"]):
    def standing(self) -> KeepingReminderQuerySet:
        """Those whose keeping still is one and has that date; the others are jobs no more."""
        still = self.filter(keeping__case=None, keeping__owner__is_active=True)
        return still.filter(
            Q(about="end", keeping__kept_until=F("deadline_at"))
            | Q(about="return", keeping__signed_on__isnull=False, keeping__signed_on=F("signed_on"))
        )

    def wanted(self) -> KeepingReminderQuerySet:
        """Without those that are switched off, for this keeping or for everything."""
        off = Mute.objects.filter(case=None, owner=OuterRef("keeping__owner"))
        return self.filter(~Exists(off), keeping__reminds=True)


class KeepingReminder(ReminderJob):
    """The mail about one date of one keeping."""

    class About(models.TextChoices):
        RETURN = "return", _("七天无理由退货")
        END = "end", _("存证到期删除")

    keeping = models.ForeignKey(Keeping, on_delete=models.CASCADE, related_name="reminders")
    about = models.CharField(max_length=10, choices=About)
    signed_on = models.DateField(null=True)  # the day that the date was counted from

    objects = KeepingReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("存证提醒")
        verbose_name_plural = _("存证提醒")
        constraints = [
            models.UniqueConstraint(fields=["keeping", "about", "deadline_at"], name="keeping_reminder_once_per_date"),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__lt=F("deadline_at")), name="keeping_reminder_before_its_date"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="keeping_reminder_to_send")]
