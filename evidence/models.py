"""What was handed in. An exhibit (证据) is kept as it came; what it proves is not known here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id


class Exhibit(models.Model):
    """A file as it was handed in: its bytes never change, its copy for showing is made from them."""

    class Copy(models.TextChoices):
        WAITING = "waiting", _("正在生成预览")
        READY = "ready", _("已生成预览")
        NONE = "none", _("没有预览")  # a video or a PDF, or more pixels than we decode: kept
        FAILED = "failed", _("无法生成预览")

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exhibits")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    name = models.CharField(max_length=200)  # as the person's device called it, made safe to show
    content_type = models.CharField(max_length=100)  # sniffed from the bytes, never what was claimed
    file = models.CharField(max_length=200)  # storage name of the original
    copy = models.CharField(max_length=10, choices=Copy, default=Copy.WAITING)
    copy_file = models.CharField(max_length=200, blank=True, default="")
    thumbnail_file = models.CharField(max_length=200, blank=True, default="")
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels of the original
    height = models.PositiveIntegerField(null=True, blank=True)
    hash = models.CharField(max_length=16, blank=True, default="")  # of what a picture looks like: pictures.look_alike
    facts = models.JSONField(default=dict, blank=True)  # what its device said (pictures.FACTS): for its owner alone
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    checked_at = models.DateTimeField(default=timezone.now, editable=False)  # when its original was last read whole
    damaged_at = models.DateTimeField(null=True, blank=True, editable=False)  # since when it is not what was handed in

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="exhibit_is_not_empty"),
        ]
        indexes = [
            models.Index(fields=["owner", "sha256"], name="exhibit_same_bytes"),
            models.Index(fields=["received_at"], condition=Q(copy="waiting"), name="exhibit_copy_waiting"),
            models.Index(fields=["checked_at"], name="exhibit_checked"),
            models.Index(fields=["damaged_at"], condition=Q(damaged_at__isnull=False), name="exhibit_damaged"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_long(self) -> bool:
        """Whether it is so much higher than wide that a page shows only its beginning: screens that were scrolled."""
        return bool(self.width and self.height and self.height > 3 * self.width)
