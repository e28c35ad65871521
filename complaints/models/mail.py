"""What reached us and what was inside: incoming mails, their bytes, the notices in them, and who looked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from accounts.models import InboxAddress
from complaints import gate


class Outcome(models.TextChoices):
    """What became of a mail. Every mail ends in one of these but the first."""

    WAITING = "waiting", _("正在读")
    FILED = "filed", _("已归入案件")
    REVIEW = "review", _("等人确认")
    HELD = "held", _("已扣下")
    QUARANTINED = "quarantined", _("读不了，原件已保存")
    DUPLICATE = "duplicate", _("重复")
    IGNORED = "ignored", _("与投诉无关")


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def visible_to(self, user: gate.Visitor) -> IncomingMailQuerySet:
        """The mails `user` may know about: for every page, file and count."""
        return self.filter(gate.may_see_mail(user))

    def waiting(self) -> IncomingMailQuerySet:
        return self.filter(outcome=Outcome.WAITING)

    def in_tray(self) -> IncomingMailQuerySet:
        return self.filter(outcome=Outcome.REVIEW)


class IncomingMail(models.Model):
    """Something that reached one inbox, as a job: the row is the truth, the broker only a doorbell."""

    class Door(models.TextChoices):
        SMTP = "smtp", _("邮件")
        LMTP = "lmtp", _("邮件")
        WEBHOOK = "webhook", _("邮件")
        IMAP = "imap", _("从邮箱取来")
        UPLOAD = "upload", _("上传")
        PASTE = "paste", _("粘贴")
        INGEST = "ingest", _("命令行")
        SCREENSHOT = "screenshot", _("图片")

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    inbox = models.ForeignKey(InboxAddress, on_delete=models.CASCADE, related_name="mails")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mails")
    door = models.CharField(max_length=10, choices=Door)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    mail_from = models.CharField(max_length=320, blank=True, default="")  # of the envelope
    peer = models.CharField(max_length=64, blank=True, default="")  # the address that the door saw
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    repeats = models.PositiveIntegerField(default=0)  # the same bytes again

    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=40, blank=True, default="")  # a key of complaints/words.py REASONS
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # readers that died or overran on it
    lost_leases = models.PositiveSmallIntegerField(default=0)  # workers that died with it
    lease = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now)

    parser = models.CharField(max_length=10, blank=True, default="")
    sender = models.CharField(max_length=320, blank=True, default="")  # for lists; masked when held
    from_address = models.CharField(max_length=320, blank=True, default="")  # the mail's own From: who handed it on
    subject = models.CharField(max_length=300, blank=True, default="")
    verified = models.BooleanField(default=False)  # the route: from a confirmed mailbox, or by the owner's own hand
    # A signature, or our own MTA, shows that it came from the domain of `from_address`.
    from_proven = models.BooleanField(default=False, db_default=False)
    warnings = models.JSONField(default=list, blank=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("来信")
        verbose_name_plural = _("来信")
        constraints = [
            models.UniqueConstraint(fields=["inbox", "sha256"], name="mail_same_bytes_once_per_inbox"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="mail_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", settled_at__isnull=True)
                | (~Q(outcome="waiting") & Q(settled_at__isnull=False) & ~Q(reason="")),
                name="mail_settled_has_time_and_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-received_at", "-id"], name="mail_of_owner_newest"),
            models.Index(fields=["due_at"], condition=Q(outcome="waiting"), name="mail_waiting_due"),
            models.Index(fields=["received_at", "id"], condition=Q(outcome="review"), name="mail_tray_oldest"),
            models.Index(fields=["inbox", "received_at"], name="mail_of_inbox_by_time"),
            models.Index(fields=["settled_at", "id"], condition=Q(outcome="quarantined"), name="mail_quarantined"),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("complaints:mail_detail", args=[self.public_id])

    @property
    def is_waiting(self) -> bool:
        return self.outcome == Outcome.WAITING


LARGE = 256 * 1024  # bytes; above that they are moved to the file storage (complaints/raw.py)


class RawFile(models.Model):
    """A file in the storage: the bytes of every large mail with that hash. complaints/raw.py alone writes it."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    name = models.CharField(max_length=200, unique=True)  # in the storage; never used for another file again
    checked_at = models.DateTimeField()  # when it was last read whole and hashed
    damaged_at = models.DateTimeField(null=True, blank=True)  # since when it is not what it should be, or not there
    doomed_at = models.DateTimeField(null=True, blank=True)  # since when no mail may begin to rest on it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(doomed_at__isnull=True), name="raw_file_same_bytes_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["checked_at"], condition=Q(damaged_at__isnull=True), name="raw_file_longest_unchecked"
            ),
            models.Index(fields=["damaged_at"], condition=Q(damaged_at__isnull=False), name="raw_file_damaged"),
        ]

    def __str__(self) -> str:
        return self.name


class RawMail(models.Model):
    """The bytes as they came, apart from the row so that no list ever loads them."""

    mail = models.OneToOneField(IncomingMail, on_delete=models.CASCADE, primary_key=True, related_name="raw")
    data = models.BinaryField(null=True)
    # Where they are, or while `data` is here still, where they are being moved to.
    file = models.ForeignKey(
        RawFile, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="raw_mails"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(data__isnull=False) | Q(file__isnull=False), name="raw_mail_is_somewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["file"], condition=Q(file__isnull=False), name="raw_mail_of_file"),
            models.Index(fields=["mail"], condition=Q(GreaterThan(Length("data"), LARGE)), name="raw_mail_large"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """What was inside a mail: text that some party said, as today's parser read it."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="notices")
    position = models.PositiveSmallIntegerField(default=0)
    # Of a mail of several notices, what became of this one; empty where the mail's own outcome says it.
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="", db_default="")
    reason = models.CharField(max_length=40, blank=True, default="", db_default="")  # a key of words.REASONS
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=30)
    confidence = models.FloatField()
    moves_case = models.BooleanField(default=False)
    trust = models.CharField(max_length=10)
    provenance = models.CharField(max_length=1)
    how = models.CharField(max_length=10)
    from_name = models.CharField(max_length=200, blank=True, default="")
    from_address = models.CharField(max_length=320, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    dated_at = models.DateTimeField(null=True, blank=True)
    body = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")  # the shopper's own words above the forward
    safe_html = models.TextField(blank=True, default="")
    reading = models.JSONField()  # the contract's keys from "kind" to "because"
    # Of a chat: its lines as its owner put them right (complaints/chats.py); None while nobody did.
    lines_said = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["mail", "position"]
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        constraints = [
            models.UniqueConstraint(fields=["mail", "position"], name="notice_place_in_mail"),
            models.CheckConstraint(
                condition=Q(outcome="", reason="") | (Q(outcome__in=Outcome.values) & ~Q(outcome="") & ~Q(reason="")),
                name="notice_outcome_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["owner", "fingerprint"], name="notice_same_words")]

    def __str__(self) -> str:
        return self.public_id


class Claim(models.Model):
    """A volunteer's lease on one mail of the tray: visible, renewed by activity, over by itself."""

    mail = models.OneToOneField(IncomingMail, on_delete=models.CASCADE, related_name="claim")
    volunteer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    until = models.DateTimeField()
    unmasked_at = models.DateTimeField(null=True, blank=True)  # since when its holder reads it without masks

    class Meta:
        verbose_name = _("认领")
        verbose_name_plural = _("认领")

    def __str__(self) -> str:
        return f"{self.mail_id} {self.until:%H:%M}"


class Look(models.Model):
    """Somebody other than the owner looked, or did something: the owner sees who, when, what and why."""

    class What(models.TextChoices):
        CLAIM = "claim", _("认领")
        READ = "read", _("查看")
        DECIDE = "decide", _("处理")
        SKIP = "skip", _("跳过，留给别人")
        UNMASK = "unmask", _("查看没有遮住的内容")
        NOTE = "note", _("留言")
        THUMBNAIL = "thumbnail", _("看了证据的小图")
        PICTURE = "picture", _("打开了证据图片")
        RELEASE = "release", _("放回去")
        ASSIGN = "assign", _("分派给志愿者")
        RERUN = "rerun", _("让机器再读一遍")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks_at_mine")
    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, null=True, blank=True, related_name="looks")
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, null=True, blank=True, related_name="looks")
    exhibit = models.ForeignKey(
        "complaints.CaseExhibit", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks_by_me")
    what = models.CharField(max_length=10, choices=What)
    why = models.CharField(max_length=200, blank=True, default="")  # a key: words.REASONS, or of an activity
    said = models.CharField(max_length=200, blank=True, default="")  # their own words
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__isnull=False, case__isnull=True, exhibit__isnull=True)
                | Q(mail__isnull=True, case__isnull=False),
                name="look_is_at_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-at"], name="look_of_owner_newest")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
