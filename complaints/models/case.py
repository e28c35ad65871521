"""A case is the list of its events; its stage is that list told again."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from complaints import gate
from complaints.stages import Act, Deadline, Party, Stage, State, Told, Type, Verdict
from evidence.models import Exhibit


def shop_key(name: str) -> str:
    """The name as it is compared: NFKC, no blanks, lower case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()[:100]


class Shop(models.Model):
    """A shop, by the name that people meet it under."""

    name = models.CharField(_("店铺"), max_length=100)
    key = models.CharField(max_length=100, unique=True)
    company = models.CharField(_("企业名称"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("店铺")
        verbose_name_plural = _("店铺")

    def __str__(self) -> str:
        return self.name


class ShopAlias(models.Model):
    """Another name of a shop: 旺旺, licence, an old name."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=100, unique=True)

    class Meta:
        verbose_name = _("店铺别名")
        verbose_name_plural = _("店铺别名")

    def __str__(self) -> str:
        return self.name


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: gate.Visitor) -> CaseQuerySet:
        """The cases `user` may know about: for every page, file and count."""
        return self.filter(gate.may_see_case(user))

    def editable_by(self, user: gate.Visitor) -> CaseQuerySet:
        """Those of them that `user`, or a notice that `user` sent us, may change."""
        return self.visible_to(user).filter(owner_id=user.pk)

    def masked_to(self, user: gate.Visitor) -> CaseQuerySet:
        """Those of others that `user` may read masked, for as long as they look after them; decision 0014."""
        return self.filter(gate.may_see_masked(user)).distinct()

    def told(self) -> CaseQuerySet:
        """Without the drafts that only a proposal opened."""
        return self.filter(is_draft=False)


class Case(models.Model):
    """One complaint. The columns from `stage` down are told from the events and written by workflow.py alone."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cases")
    shop = models.ForeignKey(Shop, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases")
    title = models.CharField(_("标题"), max_length=120, blank=True, default="")  # the owner's own; else words.heading
    reason = models.CharField(max_length=30, blank=True, default="")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    order_no = models.CharField(max_length=40, blank=True, default="")
    case_no = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    stage = models.CharField(max_length=20, blank=True, default="", choices=[(s.value, s.value) for s in Stage])
    outcome = models.CharField(max_length=15, blank=True, default="")
    waiting_on = models.CharField(max_length=10, blank=True, default="")
    suspended = models.BooleanField(default=False)
    odd = models.PositiveSmallIntegerField(default=0)  # acts that fit no row
    proposed = models.PositiveSmallIntegerField(default=0)  # acts that wait to be confirmed
    deadline_at = models.DateTimeField(null=True, blank=True)
    deadline_for = models.CharField(max_length=10, blank=True, default="")
    deadline_from = models.CharField(max_length=10, blank=True, default="")
    own_deadline_at = models.DateTimeField(null=True, blank=True)  # the owner's own, whoever's move it is
    own_deadline_from = models.CharField(max_length=10, blank=True, default="")
    is_draft = models.BooleanField(default=True)  # only proposals so far: it counts for nothing until one is confirmed
    version = models.PositiveIntegerField(default=0)  # rises with every event: what polling compares

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("案件")
        verbose_name_plural = _("案件")
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=["", *Stage]), name="case_stage_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Verdict]), name="case_outcome_is_known"),
            models.CheckConstraint(condition=Q(waiting_on__in=["", *Party]), name="case_waiting_on_is_known"),
            models.CheckConstraint(
                condition=Q(deadline_at__isnull=True, deadline_for="", deadline_from="")
                | (Q(deadline_at__isnull=False) & ~Q(deadline_for="") & ~Q(deadline_from="")),
                name="case_deadline_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(own_deadline_at__isnull=True, own_deadline_from="")
                | (Q(own_deadline_at__isnull=False) & ~Q(own_deadline_from="")),
                name="case_own_deadline_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="case_of_owner_newest"),
            models.Index(fields=["deadline_at"], condition=~Q(stage="closed"), name="case_due"),
            models.Index(
                fields=["own_deadline_at"],
                condition=Q(own_deadline_at__isnull=False) & ~Q(stage="closed"),
                name="case_due_for_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("complaints:case_detail", args=[self.public_id])

    @property
    def is_closed(self) -> bool:
        return self.stage == Stage.CLOSED


class CaseNumber(models.Model):
    """A number that a notice named this case by."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="numbers")
    kind = models.CharField(max_length=20)  # order, or a case_no_kind of the contract
    number = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "number"], name="case_number_once")]
        indexes = [models.Index(fields=["number"], name="case_number_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class HistoryIsKept(Exception):
    """Somebody tried to change what happened. Events are added; what is wrong is answered by another event."""


class EventQuerySet(models.QuerySet["Event"]):
    # The database refuses as well (migration 0003); here it is said in our words, and before the round trip.
    def update(self, **_fields: Any) -> NoReturn:
        raise HistoryIsKept("events are only added")

    def bulk_update(self, *_args: Any, **_fields: Any) -> NoReturn:
        raise HistoryIsKept("events are only added")

    def delete(self) -> NoReturn:
        raise HistoryIsKept("events go with their case alone")


class Event(models.Model):
    """An act in the story of a case, or an answer to one. Added, never changed; chained by hash within its case."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()  # place in the chain, from 1; never the order of the story
    type = models.CharField(max_length=10, choices=[(t.value, t.value) for t in Type])
    act = models.CharField(max_length=24, blank=True, default="")
    by = models.CharField(max_length=10, blank=True, default="")
    kind = models.CharField(max_length=30, blank=True, default="")  # of the notice, "" when recorded by hand
    at = models.DateTimeField()  # when the act happened
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in State]
    )  # as recorded; answers come later
    fingerprint = models.CharField(max_length=64)
    notice = models.ForeignKey(
        "complaints.Notice", on_delete=models.RESTRICT, null=True, blank=True, related_name="events"
    )
    answers = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answered_by")
    actor = models.ForeignKey(  # who recorded or answered it by hand
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    payload = models.JSONField(default=dict)  # its keys: workflow.Payload
    previous = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["case", "seq"]
        verbose_name = _("事件")
        verbose_name_plural = _("事件")
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_place_in_chain"),
            models.UniqueConstraint(fields=["case", "fingerprint"], name="event_once_per_case_and_notice"),
            models.CheckConstraint(
                condition=Q(type="act", answers__isnull=True) | (~Q(type="act") & Q(answers__isnull=False)),
                name="event_answers_exactly_if_not_an_act",
            ),
            models.CheckConstraint(condition=Q(by__in=["", *Party]), name="event_party_is_known"),
            models.CheckConstraint(condition=Q(act__in=["", *Act]), name="event_act_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.act} {self.public_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryIsKept("events are only added")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise HistoryIsKept("events go with their case alone")

    def sealed(self, previous: str) -> str:
        """SHA-256 of the event before and of all that this one says, as canonical JSON."""
        said = {
            "id": self.public_id,
            "case": self.case.public_id,
            "seq": self.seq,
            "type": self.type,
            "act": self.act,
            "by": self.by,
            "kind": self.kind,
            "at": self.at.astimezone(UTC).isoformat(),
            "recorded_at": self.recorded_at.astimezone(UTC).isoformat(),
            "state": self.state,
            "fingerprint": self.fingerprint,
            "answers": self.answers.public_id if self.answers else None,
            "actor": self.actor.public_id if self.actor else None,
            "notice": self.notice.public_id if self.notice else None,
            "payload": self.payload,
        }
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(b"\x00" + previous.encode() + text.encode()).hexdigest()

    def told(self) -> Told:
        """This event as `stages.replay` needs it."""
        said = self.payload
        return Told(
            key=self.public_id,
            type=Type(self.type),
            act=Act(self.act) if self.act else None,
            by=Party(self.by) if self.by else None,
            at=self.at,
            fingerprint=self.fingerprint,
            state=State(self.state),
            outcome=Verdict(said["outcome"]) if said.get("outcome") else None,
            asked=Party(said["asked"]) if said.get("asked") else None,
            money_arrived=bool(said.get("money_arrived")),
            deadline=deadline_from(said.get("deadline"), self.public_id),
            answers=self.answers.public_id if self.answers else None,
            correction=correction_from(said.get("correction"), self.answers.public_id if self.answers else ""),
        )


def deadline_from(said: dict[str, Any] | None, event: str) -> Deadline | None:
    """The deadline that a payload holds: {"at", "for", "from", "if_missed", "because"}."""
    if not said:
        return None
    return Deadline(
        at=datetime.fromisoformat(said["at"]),
        waiting_for=Party(said["for"]),
        source=said["from"],
        if_missed=said.get("if_missed"),
        because=said.get("because", ""),
        event=event,
    )


def correction_from(said: dict[str, Any] | None, event: str) -> dict[str, object]:
    """The fields of `Told` that a correct event puts right."""
    fields: dict[str, object] = {}
    for name, value in (said or {}).items():
        match name:
            case "act":
                fields["act"] = Act(value) if value else None
            case "by":
                fields["by"] = Party(value) if value else None
            case "outcome":
                fields["outcome"] = Verdict(value) if value else None
            case "asked":
                fields["asked"] = Party(value) if value else None
            case "at":
                fields["at"] = datetime.fromisoformat(value)
            case "money_arrived":
                fields["money_arrived"] = bool(value)
            case "deadline":
                fields["deadline"] = deadline_from(value, event)
    return fields


class Shown(models.Model):
    """What an exhibit shows in a file of its owner, be it a case or an order before any trouble.

    The exhibit itself (evidence.Exhibit: bytes, hash, copies) belongs to its owner alone and needs no case. Each kind
    of file has its own rows of this shape, so one exhibit may lie in an order's file and in a case's without a copy.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("实物照片")
        UNBOXING_VIDEO = "unboxing_video", _("开箱视频")
        VIDEO = "video", _("视频")
        CHAT = "chat", _("聊天记录")
        ORDER = "order", _("订单截图")
        LISTING = "listing", _("商品页面截图")
        LOGISTICS = "logistics", _("物流凭证")
        REFUSAL = "refusal", _("拒收证明")
        TEST_REPORT = "test_report", _("质检报告")
        AUTHENTICITY_REPORT = "authenticity_report", _("鉴定报告")
        INVOICE = "invoice", _("发票或小票")
        ORIGIN = "origin", _("进货凭证")
        MEDICAL = "medical", _("医院证明")
        PAYMENT = "payment", _("支付凭证")
        CALL = "call", _("通话录音")
        OFFICIAL = "official", _("行政或法院文书")
        OTHER = "other", _("其他")

    kind = models.CharField(_("种类"), max_length=20, choices=Kind, default=Kind.OTHER)
    guessed = models.BooleanField(default=False, db_default=False, editable=False)  # the kind: nobody has said it yet
    caption = models.CharField(_("说明"), max_length=200, blank=True, default="")
    place = models.PositiveIntegerField(default=0, editable=False)  # in the owner's order; equal ones by when they came
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["place", "added_at", "pk"]


class CaseExhibit(Shown):
    """An exhibit in the file of a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_exhibits")
    exhibit = models.OneToOneField(Exhibit, on_delete=models.CASCADE, related_name="in_case")

    class Meta(Shown.Meta):
        verbose_name = _("案件证据")
        verbose_name_plural = _("案件证据")

    def __str__(self) -> str:
        return f"{self.case_id} {self.exhibit_id}"
