"""How a notice was read before: each reading stays beside the one that took its place."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.mail import Notice


class PastReading(models.Model):
    """What an older parser read in a notice; `Notice` itself holds what today's reads."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="past_readings")
    parser = models.CharField(max_length=10)
    kind = models.CharField(max_length=30)
    confidence = models.FloatField()
    fingerprint = models.CharField(max_length=64)
    reading = models.JSONField()  # as Notice.reading was
    replaced_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["notice", "pk"]
        verbose_name = _("以前的读法")
        verbose_name_plural = _("以前的读法")

    def __str__(self) -> str:
        return f"{self.notice_id} {self.parser}"
