"""What doors that others speak first remember: how far a mailbox was read, under which tokens mails were posted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PolledMailbox(models.Model):
    """One folder of one mailbox that the host set up (IMAP_URL): up to which mail it was looked through."""

    name = models.CharField(max_length=200, unique=True)  # user@host/folder; never the secret
    uidvalidity = models.BigIntegerField(null=True, blank=True)  # None: it was never opened
    last_uid = models.BigIntegerField(default=0)  # every mail up to it was taken, passed over or is in `retry`
    retry = models.JSONField(default=dict, blank=True)  # mails that the server would not hand over: UID → how often
    looked_at = models.DateTimeField(null=True, blank=True)
    fine_at = models.DateTimeField(null=True, blank=True)  # when it was last looked through to the end
    problem = models.CharField(max_length=20, blank=True, default="")  # a key of imap.PROBLEMS
    problem_at = models.DateTimeField(null=True, blank=True)  # since when it is that

    taken = models.PositiveBigIntegerField(default=0)
    repeats = models.PositiveBigIntegerField(default=0)  # of those taken, how many were here before
    passed_over = models.PositiveBigIntegerField(default=0)  # no complaint mail by sender and subject: never fetched
    too_large = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)  # given up after several tries
    gone = models.PositiveBigIntegerField(default=0)  # deleted or moved before we looked
    renumbered = models.PositiveIntegerField(default=0)  # how often the server began to count anew
    unusual_at = models.DateTimeField(null=True, blank=True)  # when one of the last four last rose

    class Meta:
        ordering = ["name"]
        verbose_name = _("收信邮箱")
        verbose_name_plural = _("收信邮箱")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(problem="", problem_at__isnull=True)
                | (~models.Q(problem="") & models.Q(problem_at__isnull=False)),
                name="polled_problem_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HookToken(models.Model):
    """A token under which a provider posted a mail: good for that one alone (complaints/mailgun.py)."""

    token = models.CharField(max_length=64, unique=True)  # SHA-256 of it
    mail = models.CharField(max_length=64)  # SHA-256 of recipient and mail
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.token[:8]
