"""Setting up a mailbox to forward: the window in which its confirmation may be seen, and the mails that try the way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from accounts.models import InboxAddress
from complaints.models.mail import IncomingMail


class SetUp(models.Model):
    """A window that an owner opened to set up one mailbox: only in it is that mailbox's confirmation shown.

    The session that opened it keeps its public id; no other session sees what was caught.
    """

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="set_ups")
    inbox = models.ForeignKey(InboxAddress, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20)  # a key of complaints/providers.py
    mailbox = models.EmailField(max_length=254)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField()
    # The confirmation that was shown in it, in no other window; the mail goes after a day, the fact that it was stays.
    confirmation = models.OneToOneField(
        IncomingMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="shown_in"
    )
    shown_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when the mailbox itself heard that it forwards to here

    class Meta:
        verbose_name = _("转发设置")
        verbose_name_plural = _("转发设置")
        constraints = [
            models.CheckConstraint(condition=Q(mailbox=Lower("mailbox")), name="set_up_mailbox_is_lower_case"),
            models.CheckConstraint(
                condition=Q(confirmation__isnull=True) | Q(shown_at__isnull=False), name="set_up_shown_has_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-opened_at"], name="set_up_of_owner_newest"),
            models.Index(
                fields=["shown_at"], condition=Q(shown_at__isnull=False, told_at__isnull=True), name="set_up_to_tell"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Probe(models.Model):
    """A mail of ours to a mailbox (测试信). Forwarded back, it proves the way and whose mailbox it is."""

    token = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="probes")
    mailbox = models.EmailField(max_length=254)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    returned_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=10, blank=True, default="")  # by hand, attached, by a rule: intake.shapes.How

    class Meta:
        verbose_name = _("测试信")
        verbose_name_plural = _("测试信")
        constraints = [
            models.CheckConstraint(condition=Q(mailbox=Lower("mailbox")), name="probe_mailbox_is_lower_case"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, how="") | (Q(returned_at__isnull=False) & ~Q(how="")),
                name="probe_returned_has_a_way",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-sent_at"], name="probe_of_owner_newest")]

    def __str__(self) -> str:
        return str(self.pk)
