"""What was checked about where a mail came from: its signatures, the keys they were checked with, how else it came."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Shop
from complaints.models.mail import IncomingMail


class SigningKey(models.Model):
    """A DKIM key record as the DNS answered it. Another record under the same name is another row."""

    name = models.CharField(max_length=520)  # selector._domainkey.domain
    digest = models.CharField(max_length=64)  # SHA-256 of the record
    record = models.BinaryField()  # the bytes of the TXT record, its strings joined
    resolver = models.CharField(max_length=64)  # who was asked
    authenticated = models.BooleanField(default=False)  # the resolver says that DNSSEC vouches for it
    fetched_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when it was last answered the same
    fresh_until = models.DateTimeField()

    class Meta:
        verbose_name = _("签名公钥")
        verbose_name_plural = _("签名公钥")
        constraints = [models.UniqueConstraint(fields=["name", "digest"], name="signing_key_same_record_once")]
        indexes = [models.Index(fields=["seen_at"], name="signing_key_last_seen")]

    def __str__(self) -> str:
        return f"{self.pk} {self.fetched_at:%Y-%m-%d}"


class Signature(models.Model):
    """A signature on a mail, or on an original that was attached to it, and what became of checking it."""

    class Result(models.TextChoices):
        PASSED = "passed", _("核对无误")
        FAILED = "failed", _("没有通过")
        PENDING = "pending", _("暂时没能核对")
        UNCHECKED = "unchecked", _("没有核对")

    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="signatures")
    part = models.PositiveSmallIntegerField()  # 0: the mail itself; from 1: the originals attached to it
    place = models.PositiveSmallIntegerField()  # from the top
    from_address = models.CharField(max_length=320, blank=True, default="")  # whose sending it would show
    domain = models.CharField(max_length=253, blank=True, default="")
    selector = models.CharField(max_length=253, blank=True, default="")
    seal = models.JSONField()  # shapes.Seal: enough to check it again without the mail
    result = models.CharField(max_length=10, choices=Result)
    why = models.CharField(max_length=20, blank=True, default="")  # provenance.Verdict.why
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    checked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField(null=True, blank=True)  # when to ask again; null when there is nothing more to ask

    class Meta:
        ordering = ["mail", "part", "place"]
        verbose_name = _("签名")
        verbose_name_plural = _("签名")
        constraints = [
            models.UniqueConstraint(fields=["mail", "part", "place"], name="signature_place_in_mail"),
            models.CheckConstraint(
                condition=~Q(result="passed") | Q(key__isnull=False), name="signature_passed_names_its_key"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="signature_due")]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.part}.{self.place} {self.result}"


class Arrival(models.Model):
    """The same bytes once more, by another way than the first time: it may show what the first did not."""

    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="arrivals")
    door = models.CharField(max_length=10, choices=IncomingMail.Door)
    mail_from = models.CharField(max_length=320, blank=True, default="")
    peer = models.CharField(max_length=64, blank=True, default="")
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    looked_at = models.DateTimeField(null=True, blank=True)  # when it was asked whether that changes anything

    class Meta:
        verbose_name = _("再次收到")
        verbose_name_plural = _("再次收到")
        constraints = [
            models.UniqueConstraint(fields=["mail", "door", "mail_from", "peer"], name="arrival_each_way_once")
        ]
        indexes = [models.Index(fields=["received_at"], condition=Q(looked_at__isnull=True), name="arrival_to_look_at")]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.door}"


class ShopSender(models.Model):
    """A domain of which its owner said: what it signs is this shop's own word. It may tell of the merchant's acts."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shop_senders")
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    domain = models.CharField(max_length=253)
    confirmed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("店铺的发信域名")
        verbose_name_plural = _("店铺的发信域名")
        constraints = [
            models.UniqueConstraint(fields=["owner", "shop", "domain"], name="shop_sender_once"),
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="shop_sender_is_lower_case"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
