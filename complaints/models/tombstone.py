"""What was deleted, by names that mean nothing any more: so that a backup brings nobody's deleted things back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.mail import IncomingMail


class Tombstone(models.Model):
    """One deletion, written in its transaction, then carved into the file storage (complaints/tombstones.py)."""

    what = models.CharField(max_length=20)  # a key of complaints/tombstones.py KINDS
    ref = models.CharField(max_length=64)  # a random public id
    at = models.DateTimeField(default=timezone.now)
    carved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(carved_at=None), name="tombstone_to_carve")]

    def __str__(self) -> str:
        return f"{self.what} {self.ref}"


class LastCall(models.Model):
    """The owner was told that a mail which waits for them will be deleted (complaints/retention.py)."""

    mail = models.OneToOneField(IncomingMail, on_delete=models.CASCADE, related_name="last_call")
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = _("删除预告")
        verbose_name_plural = _("删除预告")

    def __str__(self) -> str:
        return f"{self.mail_id} {self.told_at:%Y-%m-%d}"
