"""What the shopper wrote into a letter."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case


class LetterDraft(models.Model):
    """The owner's own version of one letter of a case: theirs alone, shown to nobody else, gone with the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letter_drafts")
    letter = models.CharField(max_length=12)  # a value of letters.Letter
    text = models.TextField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("信")
        verbose_name_plural = _("信")
        constraints = [models.UniqueConstraint(fields=["case", "letter"], name="letter_draft_once_per_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.letter}"
