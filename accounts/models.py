"""Who people are: users, the private addresses that reach them by mail, and the mailboxes they proved theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id


class Role(models.TextChoices):
    SHOPPER = "shopper", _("买家")
    VOLUNTEER = "volunteer", _("志愿者")
    STAFF = "staff", _("管理员")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, role: str = Role.SHOPPER) -> User:
        """A new user with that e-mail, lower-cased; without a password they log in by code or link."""
        user = self.model(email=email.strip().lower(), role=role)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(AbstractUser):
    """A person who signs in, known by their e-mail alone."""

    username = None  # type: ignore[assignment]  # the e-mail is the name
    first_name = None  # type: ignore[assignment]  # we ask for no names
    last_name = None  # type: ignore[assignment]
    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    email = models.EmailField(_("邮箱"), max_length=254, unique=True)
    role = models.CharField(_("身份"), max_length=10, choices=Role, default=Role.SHOPPER)
    language = models.CharField(_("语言"), max_length=10, choices=settings.LANGUAGES, blank=True, default="")
    consented_at = models.DateTimeField(_("同意的时间"), null=True, blank=True, editable=False)
    consented_to = models.CharField(_("同意的文本"), max_length=12, blank=True, default="", editable=False)
    # Since when the account is being deleted. A row that stays is nobody's: what others keep of a volunteer names it.
    leaving_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(
                condition=Q(consented_at__isnull=True, consented_to="")
                | (Q(consented_at__isnull=False) & ~Q(consented_to="")),
                name="user_consent_names_its_text",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.email

    def get_short_name(self) -> str:
        return self.email.partition("@")[0]

    @property
    def is_volunteer(self) -> bool:
        return self.role == Role.VOLUNTEER

    @property
    def is_host(self) -> bool:
        """One of those who run this installation; they see how it runs, not what is in a case."""
        return self.role == Role.STAFF


class InboxAddressQuerySet(models.QuerySet["InboxAddress"]):
    def named(self, address: str) -> InboxAddressQuerySet:
        """The inbox of a whole address as a client wrote it, any case; none for another domain."""
        local, _at, domain = address.strip().strip("<>").rpartition("@")
        if domain.lower() != settings.INBOX_DOMAIN:
            return self.none()
        return self.filter(local=local.lower())


class InboxAddress(models.Model):
    """A private address of one shopper. A routing secret, never proof of who wrote."""

    HELD_FOR = timedelta(days=30)  # mail to a changed one is held so long, then refused like any unknown address

    class State(models.TextChoices):
        ACTIVE = "active", _("收信中")
        PAUSED = "paused", _("已暂停")
        ROTATED = "rotated", _("已更换")

    class Refused(models.TextChoices):
        PAUSED = "paused", _("地址暂停着")
        ROTATED = "rotated", _("地址早已更换")
        FULL = "full", _("这一小时或这一天来得太多")
        TOO_LARGE = "too_large", _("信太大")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="inbox_addresses")
    local = models.CharField(max_length=32, unique=True, default=random_id, editable=False)
    label = models.CharField(_("备注"), max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)  # when the door last said no to a mail for it
    refused_why = models.CharField(max_length=10, choices=Refused, blank=True, default="")

    objects = InboxAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("收件地址")
        verbose_name_plural = _("收件地址")
        constraints = [
            models.CheckConstraint(condition=Q(local=Lower("local")), name="inbox_local_is_lower_case"),
            models.CheckConstraint(
                condition=Q(state="rotated", rotated_at__isnull=False) | ~Q(state="rotated"),
                name="inbox_rotated_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True, refused_why="")
                | (Q(refused_at__isnull=False) & ~Q(refused_why="")),
                name="inbox_refusal_has_a_time_and_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        return f"{self.local}@{settings.INBOX_DOMAIN}"


class ConfirmedMailbox(models.Model):
    """A mailbox that its shopper proved to be theirs: what is forwarded from it may move their cases."""

    class How(models.TextChoices):
        SIGN_UP = "sign_up", _("注册时确认")
        CODE = "code", _("验证码")
        TEST_MAIL = "test_mail", _("转发测试信")
        HOST = "host", _("管理员添加")

    # Nullable for one release: code from before it does not write it (docs/operating.md, Upgrades).
    public_id = models.CharField(max_length=16, unique=True, null=True, default=random_id, editable=False)  # noqa: DJ001
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="confirmed_mailboxes")
    email = models.EmailField(max_length=254)
    how = models.CharField(max_length=10, choices=How)
    confirmed_at = models.DateTimeField(default=timezone.now, editable=False)
    # The last of the mails waiting for it that was looked at again (intake/again.py); 0: the next turn starts anew.
    looked_up_to = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("已确认邮箱")
        verbose_name_plural = _("已确认邮箱")
        constraints = [
            models.UniqueConstraint(fields=["owner", "email"], name="mailbox_once_per_owner"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="mailbox_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.email


class OutgoingMail(models.Model):
    """A mail we wrote, kept instead of sent: the embedded mode's outbox (accounts/outgoing.py)."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=255, blank=True, default="", editable=False)  # where we named it ourselves
    written_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        verbose_name = _("寄出的邮件")
        verbose_name_plural = _("寄出的邮件")
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "to"], condition=~Q(message_id=""), name="outgoing_mail_once_per_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.written_at:%Y-%m-%d %H:%M}"


class Tally(models.Model):
    """How often something happened in a stretch of time, over all processes; accounts/limits.py alone writes it."""

    what = models.CharField(max_length=40)
    who = models.CharField(max_length=24, blank=True, default="")  # a hash; "" where it is nobody's
    window = models.BigIntegerField(db_column="window_start")  # its first second since 1970; 0: ever
    times = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)  # bytes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who", "window"], name="tally_once")]
        indexes = [models.Index(fields=["window"], name="tally_by_time")]

    def __str__(self) -> str:
        return f"{self.what} {self.window}"
