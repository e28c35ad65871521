"""What a shopper fills in: a case by hand, an act by hand, a correction, a mail handed in, a decision on a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.ids import random_id
from accounts.templatetags.looks import in_its_language
from complaints import chats, screenshots, words, workflow
from complaints.clocks import SHANGHAI
from complaints.demands import OFFER_FORMS
from complaints.intake import settle
from complaints.intake.archives import ZIP
from complaints.intake.msg import OLE
from complaints.letters import LETTER_LENGTH
from complaints.models import Case, CaseExhibit, Demand, IncomingMail, Notice
from complaints.models.case import shop_key
from complaints.models.demand import MONEY
from complaints.stages import (
    MOVES,
    RANK,
    Act,
    Kind,
    Party,
    Stage,
    Step,
    Told,
    Type,
    Verdict,
    find_move,
    replay,
    whose_move,
)
from complaints.words import Text
from complaints.workflow import Payload

LONGEST = timedelta(days=90)  # no countdown of the platform runs longer
UNCLEAR = ""  # nobody knows yet
OFFERING = ((Act.REPLIES, Party.MERCHANT), (Act.REFUSES, Party.MERCHANT))  # the acts that may bring an offer

# Where a new case may stand, as a shopper sees it in the app: the stage, and the act that brought it there.
OPENINGS: dict[str, tuple[Stage, Act, Party, Text]] = {
    "filed": (Stage.FILED, Act.FILES, Party.BUYER, _("刚提交，等商家处理")),
    "acknowledged": (Stage.ACKNOWLEDGED, Act.ACKNOWLEDGES, Party.PLATFORM, _("平台受理了，等商家处理")),
    "refused": (Stage.MERCHANT_REPLIED, Act.REFUSES, Party.MERCHANT, _("商家拒绝了")),
    "return_agreed": (Stage.MERCHANT_REPLIED, Act.AGREES_RETURN, Party.MERCHANT, _("商家同意退货，等我寄回")),
    "replied": (Stage.MERCHANT_REPLIED, Act.REPLIES, Party.MERCHANT, _("商家回复了，等我处理")),
    "intervened": (Stage.PLATFORM_INTERVENED, Act.INTERVENES, Party.PLATFORM, _("平台在处理")),
    "evidence_requested": (Stage.EVIDENCE_REQUESTED, Act.REQUESTS_EVIDENCE, Party.PLATFORM, _("平台要我补凭证")),
    "ruled": (Stage.RULED, Act.RULES, Party.PLATFORM, _("平台给了结果")),
    "appealed": (Stage.APPEALED, Act.APPEALS, Party.BUYER, _("我申诉了，等平台")),
    "closed": (Stage.CLOSED, Act.CLOSES, Party.PLATFORM, _("已经结束")),
}

RULINGS = (Act.RULES, Act.RULES_APPEAL, Act.CLOSES)  # the acts whose outcome only their text says
GIVEN = (Verdict.BUYER, Verdict.SELLER, Verdict.PARTIAL, Verdict.AMBIGUOUS)

Did = tuple[Act, Party]


class MomentField(forms.DateTimeField):
    """A moment as phones ask for it, in Shanghai's time."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)


class PartNumber(forms.IntegerField):
    """A number of a group that says itself whether it may be left empty."""

    is_part = True


class PartMoment(MomentField):
    """A moment of such a group."""

    is_part = True


def number_field(label: Any, most: int) -> PartNumber:
    return PartNumber(
        label=label,
        min_value=0,
        max_value=most,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class TimeLeft(forms.Form):
    """The countdown that the app shows, as a span or as a date. `due` is what it says, None when left empty."""

    days = number_field(_("天"), 90)
    hours = number_field(_("小时"), 23 + 24 * 9)
    minutes = number_field(_("分钟"), 59)
    until = PartMoment(label=_("或者写截止时间"), required=False)

    TIME_LEFT = ("days", "hours", "minutes", "until")

    def due(self, now: datetime) -> datetime | None:
        """When the clock runs out, told from `now`."""
        said = self.cleaned_data
        if said.get("until"):
            until: datetime = said["until"]
            return until
        parts = {name: said[name] for name in ("days", "hours", "minutes") if said.get(name) is not None}
        return now + timedelta(**parts) if parts else None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        spans = any(said.get(name) is not None for name in ("days", "hours", "minutes"))
        if spans and said.get("until"):
            self.add_error("until", _("剩余时间和截止时间，填一个就够了。"))
        elif said.get("until") and said["until"] > timezone.now() + LONGEST:
            self.add_error("until", _("平台的倒计时不会超过90天，请核对日期。"))
        return said


def deadline_payload(due: datetime, waiting_for: Party) -> dict[str, Any]:
    """The `deadline` of a payload, as a person read it off their order page."""
    return {"at": due.isoformat(), "for": waiting_for.value, "from": "entered", "if_missed": None, "because": ""}


def moves_next(told: Iterable[Told], did: Did, at: datetime, outcome: Verdict | None) -> Party:
    """Whose countdown the app shows once `did` happened: whoever's move it then is."""
    act, by = did
    event = Told(key="new", type=Type.ACT, act=act, by=by, at=at, fingerprint="", outcome=outcome)
    waiting = replay([*told, event]).waiting_on
    if waiting is None and (row := find_move(None, act, by)):
        waiting = whose_move(row.then, event, outcome, None)
    return waiting or Party.BUYER


class OnceForm(forms.Form):
    """A form whose every rendering has a name: sent twice (a double tap, a reload), it counts once."""

    once = forms.RegexField(r"^[a-z2-9]{16}$", initial=random_id, required=False, widget=forms.HiddenInput)

    @property
    def name_of_form(self) -> str:
        """The name, a new one when a client sent none."""
        return self.cleaned_data["once"] or random_id()


class NewCaseForm(OnceForm, TimeLeft):
    """新建案件: four questions on one page, two of them required."""

    shop = forms.CharField(label=_("哪家店？"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    reason = forms.ChoiceField(
        label=_("出了什么问题？"),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "two"}),  # two beside each other on a phone
        choices=list(words.COMPLAINT_REASONS.items()),
    )
    wants = forms.MultipleChoiceField(
        label=_("你想要什么？"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "two"}),
        choices=Demand.Kind.choices,
    )
    sum = forms.DecimalField(
        label=_("要多少钱？"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    stands = forms.ChoiceField(
        label=_("现在到哪一步？"),
        widget=forms.RadioSelect,
        choices=[(key, row[3]) for key, row in OPENINGS.items()],
    )

    def payload(self, now: datetime) -> Payload:
        """What the first event says beside who did what."""
        _stage, act, by, _label = OPENINGS[self.cleaned_data["stands"]]
        payload = Payload()
        if due := self.due(now):
            payload["deadline"] = deadline_payload(due, moves_next((), (act, by), now, None))
        return payload

    @property
    def wanted(self) -> dict[str, Decimal | None]:
        """The demands; the sum belongs to the first that is counted in money, to a refund when none is named."""
        said = self.cleaned_data
        kinds = list(said["wants"])
        main = next((kind for kind in MONEY if kind in kinds), None)
        if said["sum"] is not None and main is None:
            main = Demand.Kind.REFUND
            kinds.insert(0, main)
        return {kind: said["sum"] if kind == main else None for kind in kinds}

    @property
    def opening(self) -> Did:
        """The act that the chosen step stands for, and who did it."""
        _stage, act, by, _label = OPENINGS[self.cleaned_data["stands"]]
        return act, by


def did_key(did: Did) -> str:
    return f"{did[0]}:{did[1]}"


def did_label(did: Did) -> str:
    """The act as a sentence with its party: 商家拒绝了申请."""
    return f"{words.PARTIES[did[1]]}{gettext('：')}{words.ACTS[did[0]]}"


def all_dids() -> list[Did]:
    """Every act of the table with each party that may do it, in the order of the story."""
    return sorted({(row.done, by) for row in MOVES for by in row.by}, key=lambda did: (RANK[did[0]], did[1]))


# What most often comes next where a case stands: the first group of the choices, so that nobody reads forty-five.
OFTEN_NEXT: dict[str, tuple[Did, ...]] = {
    "": (
        (Act.RULES, Party.PLATFORM),
        (Act.REFUSES, Party.MERCHANT),
        (Act.REQUESTS_EVIDENCE, Party.PLATFORM),
        (Act.ACKNOWLEDGES, Party.PLATFORM),
        (Act.REPLIES, Party.MERCHANT),
        (Act.FILES, Party.BUYER),
    ),
    Stage.FILED: (
        (Act.REFUSES, Party.MERCHANT),
        (Act.AGREES_RETURN, Party.MERCHANT),
        (Act.AGREES_REFUND, Party.MERCHANT),
        (Act.REPLIES, Party.MERCHANT),
        (Act.ACKNOWLEDGES, Party.PLATFORM),
        (Act.ASKS_INTERVENTION, Party.BUYER),
    ),
    Stage.MERCHANT_REPLIED: (
        (Act.ASKS_INTERVENTION, Party.BUYER),
        (Act.CHANGES_REQUEST, Party.BUYER),
        (Act.SENDS_BACK, Party.BUYER),
        (Act.RECEIVES_RETURN, Party.MERCHANT),
        (Act.SETTLES, Party.BUYER),
        (Act.INTERVENES, Party.PLATFORM),
    ),
    Stage.PLATFORM_INTERVENED: (
        (Act.REQUESTS_EVIDENCE, Party.PLATFORM),
        (Act.SUBMITS_EVIDENCE, Party.BUYER),
        (Act.RULES, Party.PLATFORM),
        (Act.SETTLES, Party.BUYER),
    ),
    Stage.RULED: (
        (Act.EXECUTES, Party.PAYER),
        (Act.EXECUTES, Party.MERCHANT),
        (Act.APPEALS, Party.BUYER),
        (Act.APPEALS, Party.MERCHANT),
    ),
    Stage.APPEALED: ((Act.RULES_APPEAL, Party.PLATFORM), (Act.REQUESTS_EVIDENCE, Party.PLATFORM)),
    Stage.CLOSED: ((Act.REOPENS, Party.BUYER), (Act.EXECUTES, Party.PAYER), (Act.REGULATOR, Party.BUYER)),
}
OFTEN_NEXT[Stage.ACKNOWLEDGED] = OFTEN_NEXT[Stage.FILED]
OFTEN_NEXT[Stage.EVIDENCE_REQUESTED] = OFTEN_NEXT[Stage.PLATFORM_INTERVENED]


def did_choices(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be recorded: what often comes next first, then what fits the present stage by party, the rest last."""
    fitting = workflow.choices(case)
    often = [did for did in OFTEN_NEXT[case.stage] if did in fitting]
    groups = [(gettext("常见的下一步"), [(did_key(did), did_label(did)) for did in often])]
    groups += [
        (str(label), [(did_key(did), did_label(did)) for did in fitting if did[1] == party and did not in often])
        for party, label in words.PARTIES.items()
        if party
    ]
    rest = [(did_key(did), did_label(did)) for did in all_dids() if did not in fitting]
    return [group for group in groups if group[1]] + [(gettext("和目前进度对不上的（先放着，等人看）"), rest)]


def did_of(key: str) -> Did | None:
    """The reverse of `did_key`; None for "" (only a reminder)."""
    act, _colon, by = key.partition(":")
    return (Act(act), Party(by)) if key else None


class ActForm(TimeLeft):
    """What 记一笔 and 更正 have in common: who did what, when, how it came out, and the clock."""

    did = forms.ChoiceField(label=_("发生了什么？"))
    outcome = forms.ChoiceField(
        label=_("结果"),
        help_text=_("只有判决、申诉结果、结案才填"),
        required=False,
        choices=[(UNCLEAR, _("还不清楚")), *((verdict.value, words.OUTCOMES[verdict]) for verdict in GIVEN)],
    )
    money_arrived = forms.BooleanField(label=_("钱已经到账"), required=False)
    at = MomentField(label=_("什么时候？"), required=False)

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.case = case
        self.fields["did"].choices = did_choices(case)  # type: ignore[attr-defined]  # a ChoiceField

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"] or timezone.now()
        if at > timezone.now() + timedelta(hours=24):
            raise forms.ValidationError(_("这个时间还没有到。"), code="future")
        return at

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        did = did_of(said.get("did", ""))
        if did and said.get("outcome") and did[0] not in RULINGS:
            self.add_error("outcome", _("只有判决、申诉结果和结案才有结果。"))
        if did and said.get("money_arrived") and did[0] is not Act.EXECUTES:
            self.add_error("money_arrived", _("只有退款才会到账，请选“执行退款”。"))
        return said

    @property
    def verdict(self) -> Verdict | None:
        chosen = self.cleaned_data["outcome"]
        return Verdict(chosen) if chosen else None


class RecordForm(OnceForm, ActForm):
    """记一笔: an act that the shopper saw with their own eyes."""

    note = forms.CharField(label=_("备注"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    amount = forms.DecimalField(
        label=_("金额"),
        help_text=_("判给的、到账的，或商家提议给的"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    offer = forms.ChoiceField(
        label=_("商家提议怎么解决？"),
        help_text=_("记下来，就能在案件页上接受或不接受"),
        required=False,
        choices=[("", _("没有提议")), *OFFER_FORMS.items()],
    )
    field_order = ["did", "outcome", "offer", "money_arrived", "amount", *TimeLeft.TIME_LEFT, "at", "note"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        did = self.fields["did"]
        did.choices = [("", gettext("请选择")), *did.choices]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        did = did_of(said.get("did", ""))
        if did and said.get("offer") and did not in OFFERING:
            self.add_error("offer", _("只有商家回复或拒绝时，才会带着提议。"))
        return said

    def saying(self, told: Iterable[Told], now: datetime) -> tuple[Act, Party, datetime, Payload]:
        """Who did what when, and what else the event says; `told` is the story so far."""
        said = self.cleaned_data
        did = did_of(said["did"])
        assert did is not None  # the choices hold no empty one
        payload = Payload()
        if self.verdict:
            payload["outcome"] = self.verdict.value
        if said["money_arrived"]:
            payload["money_arrived"] = True
        amount = f"{said['amount']:.2f}" if said["amount"] is not None else None
        if form := said["offer"]:
            payload["offer"] = {"amount": amount, "form": form, "condition": None, "expires": None}
        elif amount is not None:
            payload["amount"] = amount
        if note := said["note"].strip():
            payload["note"] = note
        if due := self.due(now):
            payload["deadline"] = deadline_payload(due, moves_next(told, did, said["at"], self.verdict))
        return *did, said["at"], payload


class CorrectForm(ActForm):
    """更正: what a mail or a person told differently than it was."""

    waiting_for = forms.ChoiceField(
        label=_("这是谁的期限？"),
        required=False,
        choices=[(p.value, words.PARTIES[p]) for p in (Party.BUYER, Party.MERCHANT, Party.PLATFORM)],
    )
    no_deadline = forms.BooleanField(label=_("没有期限"), required=False)
    field_order = ["did", "outcome", "money_arrived", "at", *TimeLeft.TIME_LEFT, "waiting_for", "no_deadline"]

    def __init__(self, *args: Any, case: Case, step: Step, **options: Any) -> None:
        self.step = step
        told = step.told
        now_is = {
            "did": did_key((told.act, told.by)) if told.act and told.by else "",
            "outcome": told.outcome if told.outcome in GIVEN else UNCLEAR,
            "money_arrived": told.money_arrived,
            "at": told.at,
            "until": told.deadline.at if told.deadline else None,
            "waiting_for": told.deadline.waiting_for if told.deadline else Party.BUYER,
        }
        super().__init__(*args, case=case, initial=now_is, **options)
        did = self.fields["did"]
        did.required = False
        reminder = ("", gettext("只是提醒，不改变进度"))
        did.choices = [reminder, *did.choices]  # type: ignore[attr-defined]  # a ChoiceField

    def correction(self, now: datetime) -> dict[str, Any]:
        """What differs from what is told now, as `workflow.correct` takes it; {} when nothing does."""
        said, told = self.cleaned_data, self.step.told
        did = did_of(said["did"])
        found: dict[str, Any] = {}
        if did != ((told.act, told.by) if told.act and told.by else None):
            found["act"] = did[0].value if did else None
            if did:
                found["by"] = did[1].value
        if "outcome" in self.changed_data:
            found["outcome"] = said["outcome"] or None
        if said["money_arrived"] != told.money_arrived:
            found["money_arrived"] = said["money_arrived"]
        if "at" in self.changed_data:
            found["at"] = said["at"].isoformat()
        return found | self.deadline_correction(now)

    def deadline_correction(self, now: datetime) -> dict[str, Any]:
        """The deadline where it was put right, or taken out."""
        said, told = self.cleaned_data, self.step.told
        if said["no_deadline"]:
            return {"deadline": None} if told.deadline else {}
        if not {*TimeLeft.TIME_LEFT, "waiting_for"} & set(self.changed_data):
            return {}
        due = self.due(now)
        if due is None:
            return {"deadline": None} if told.deadline else {}
        return {"deadline": deadline_payload(due, Party(said["waiting_for"] or Party.BUYER))}

    def clean(self) -> dict[str, Any]:
        # The date that stands there is not the shopper's word against the span they typed.
        typed = any(self.cleaned_data.get(name) is not None for name in ("days", "hours", "minutes"))
        if typed and "until" not in self.changed_data:
            self.cleaned_data["until"] = None
        return super().clean()


# -- handing in ------------------------------------------------------------------------------------------


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, a list even of one."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class HandInForm(forms.Form):
    """Paste the text of a notice, or upload mails as they were saved."""

    text = forms.CharField(
        label=_("粘贴通知全文"),
        required=False,
        strip=False,
        max_length=500_000,  # signs; a whole conversation is a hundredth of that
        error_messages={"max_length": _("文字太长：最多50万字。更长的请存成.txt文件上传。")},
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("短信、App消息、邮件都可以，整段复制过来，不用整理。"),
    )
    files = FilesField(  # type: ignore[assignment]  # the metaclass takes it away before BaseForm sets its own
        label=_("或上传截图、邮件文件"),
        required=False,
        allow_empty_file=True,
        widget=ManyFiles(
            attrs={
                "multiple": True,
                "accept": ".eml,.msg,.txt,.zip,.png,.jpg,.jpeg,.webp,image/*,message/rfc822,text/plain",
            }
        ),
        help_text=_(
            "截图（png、jpg、webp）、.eml、.msg（Outlook）、.txt，或装着邮件的.zip；可以一次选几个，每个不超过25 MB。"
        ),
    )

    MOST_FILES = 20

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text if text.strip() else ""

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if len(files) > self.MOST_FILES:
            raise forms.ValidationError(_("一次最多交20个文件。"), code="too_many")
        return files

    def good_files(self) -> Iterator[UploadedFile]:
        """The files that may be mails, in turn; each of the others is an error of the form and keeps none back."""
        for file in self.cleaned_data["files"]:
            try:
                self.check(file)
            except forms.ValidationError as error:
                self.add_error("files", error)
            else:
                yield file

    @staticmethod
    def check(file: UploadedFile) -> None:
        """Raise ValidationError, in a sentence, for a file that is no mail or text, empty or too large."""
        name = {"name": file.name}
        if not file.size:
            raise forms.ValidationError(_("“%(name)s”是空的。"), params=name, code="empty")
        if file.size > settings.MAIL_LIMITS["size"]:
            raise forms.ValidationError(_("“%(name)s”太大：最多25 MB。"), params=name, code="too_large")
        file.seek(0)
        head = file.read(4096)
        file.seek(0)
        if not (looks_like_text(head) or head.startswith((OLE, ZIP)) or screenshots.is_picture(head)):
            raise forms.ValidationError(
                _("“%(name)s”不是邮件、文字或截图。别的图片和视频请在案件页的“证据”里上传。"),
                params=name,
                code="not_text",
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not said.get("text") and not said.get("files"):
            raise forms.ValidationError(_("还没有内容：请粘贴通知全文，或选择文件。"), code="nothing")
        return said


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes of a file may be a mail or a text: no NUL, hardly any control characters.

    UTF-16 with its mark is text. Every byte from 0x80 on counts as text: the charsets of mails differ.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if head.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"PK\x03\x04")):
        return False
    controls = sum(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return b"\x00" not in head and controls * 50 <= len(head)


# -- deciding on a mail ------------------------------------------------------------------------------------


class DecideForm(forms.Form):
    """What the owner says about a mail that waits for a person."""

    CONFIRM, FILE, REJECT, REOPEN = "confirm", "file", "reject", "reopen"

    decision = forms.ChoiceField(
        choices=[(CONFIRM, CONFIRM), (FILE, FILE), (REJECT, REJECT), (REOPEN, REOPEN)], widget=forms.HiddenInput
    )
    notice = forms.ChoiceField(label=_("哪一条通知？"), required=False, widget=forms.RadioSelect)
    case = forms.ChoiceField(label=_("归入哪个案件？"), required=False, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("这是什么通知？"), required=False)

    NEW = "new"

    def __init__(self, *args: Any, mail: IncomingMail, **options: Any) -> None:
        super().__init__(*args, **options)
        self.notices = {notice.public_id: notice for notice in settle.waiting(mail)}
        if len(self.notices) > 1:
            self.fields["notice"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                (key, in_its_language(words.notice_heading(notice))) for key, notice in self.notices.items()
            ]
        else:
            del self.fields["notice"]
        self.cases = {case.public_id: case for case in settle.candidates(mail)}
        self.fields["case"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *((key, in_its_language(words.heading(case))) for key, case in self.cases.items()),
            (self.NEW, gettext("新建一个案件")),
        ]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", gettext("请选择")),
            *((kind.value, words.KINDS[kind]) for kind in settle.kinds_to_choose()),
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("decision") == self.FILE:
            if "notice" in self.fields and not said.get("notice") and "notice" not in self.errors:
                self.add_error("notice", _("请选择是哪一条通知。"))
            if not said.get("case") and "case" not in self.errors:
                self.add_error("case", _("请选择案件，或新建一个。"))
            if not said.get("kind") and "kind" not in self.errors:
                self.add_error("kind", _("请选择这是什么通知。"))
        return said

    @property
    def chosen_notice(self) -> Notice | None:
        """The one of several notices that is meant; None for all that wait."""
        return self.notices.get(self.cleaned_data.get("notice", ""))

    @property
    def chosen_case(self) -> Case | None:
        """The case to file to; None for a new one."""
        return self.cases.get(self.cleaned_data["case"])

    @property
    def chosen_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class DemandsForm(forms.Form):
    """要什么: a tick for each kind, a sum where it is money, a tick for what is in hand."""

    def __init__(self, *args: Any, there: list[Demand], **options: Any) -> None:
        super().__init__(*args, **options)
        known = {demand.kind: demand for demand in there}
        for kind in Demand.Kind:
            demand = known.get(kind)
            self.fields[kind.value] = forms.BooleanField(label=kind.label, required=False, initial=demand is not None)
            if kind in MONEY:
                self.fields[f"{kind.value}_sum"] = forms.DecimalField(
                    label=_("多少钱？"),
                    required=False,
                    min_value=Decimal("0.01"),
                    max_digits=12,
                    decimal_places=2,
                    initial=demand.amount if demand else None,
                    widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
                )
            self.fields[f"{kind.value}_met"] = forms.BooleanField(
                label=_("已经有了"), required=False, initial=bool(demand and demand.met_at)
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField | None, forms.BoundField]]:
        """For each kind: wanted, how much, in hand."""
        return [
            (self[kind.value], self[f"{kind.value}_sum"] if kind in MONEY else None, self[f"{kind.value}_met"])
            for kind in Demand.Kind
        ]

    @property
    def wanted(self) -> dict[str, Decimal | None]:
        """Kind → sum; a sum alone is a wish as well."""
        said = self.cleaned_data
        return {
            kind.value: said.get(f"{kind.value}_sum")
            for kind in Demand.Kind
            if said[kind.value] or said.get(f"{kind.value}_sum") is not None
        }

    @property
    def met(self) -> list[str]:
        return [kind.value for kind in Demand.Kind if self.cleaned_data[f"{kind.value}_met"]]


class PictureForm(RecordForm):
    """这张图是什么？: what a picture shows, begun with what was read in it, and which case it belongs to."""

    CONFIRM, KEEP, REJECT = "confirm", "keep", "reject"

    decision = forms.ChoiceField(choices=[(said, said) for said in (CONFIRM, KEEP, REJECT)], widget=forms.HiddenInput)
    into = forms.ChoiceField(
        label=_("哪个案件？"), widget=forms.RadioSelect, error_messages={"required": _("请选择案件，或新建一个。")}
    )
    shop = forms.CharField(label=_("新案件是哪家店？"), required=False, max_length=100)
    order_no = forms.CharField(label=_("订单编号"), required=False, max_length=40)
    case_no = forms.CharField(label=_("投诉或退款编号"), required=False, max_length=40)
    field_order = ["into", "shop", "did", "outcome", "money_arrived", "amount", *TimeLeft.TIME_LEFT, "at",
                   "order_no", "case_no", "offer", "note"]  # fmt: skip

    NEW = "new"

    def __init__(self, *args: Any, mail: IncomingMail, notice: Notice, **options: Any) -> None:
        # What only a proposal opened is no case yet: for its owner it is a new one.
        self.cases = {case.public_id: case for case in settle.candidates(mail) if not case.is_draft}
        begun = picture_begun(notice, self.cases)
        asked = args[0].get("into", "") if args and args[0] is not None else begun["into"]
        options["initial"] = begun | (options.get("initial") or {})
        super().__init__(*args, case=self.cases.get(asked, Case()), **options)
        self.fields["did"].required = False
        self.fields["did"].is_part = True  # type: ignore[attr-defined]  # the form says by itself when it is needed
        self.fields["into"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *((key, in_its_language(words.heading(case))) for key, case in self.cases.items()),
            (self.NEW, gettext("新建一个案件")),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        decision = said.get("decision")
        if decision == self.KEEP and said.get("into") == self.NEW:
            self.add_error("into", _("只作证据的话，请选一个已有的案件；还没出问题的订单，可以放进“存证”。"))
        if decision == self.CONFIRM and not said.get("did") and "did" not in self.errors:
            self.add_error("did", _("请选择图里说的是什么；什么都不是，就选“仅保留为证据”。"))
        return said

    @property
    def chosen(self) -> Case | None:
        """The case that it belongs to; None for a new one."""
        return self.cases.get(self.cleaned_data["into"])

    @property
    def numbers(self) -> list[tuple[str, str]]:
        said = self.cleaned_data
        pairs = (("order", said["order_no"].strip()), ("complaint", said["case_no"].strip()))
        return [(kind, number) for kind, number in pairs if number]


def picture_begun(notice: Notice, cases: Mapping[str, Case]) -> dict[str, Any]:
    """What the form for a picture has filled in: what was read and is sure, nothing else.

    Of a chat whose lines were put right, what is still said by whom it was taken from, and the line that counts.
    """
    read = notice.reading
    unsure = screenshots.unsure_of(read)
    counted = chats.counting(notice)
    done = chats.MEANT[counted["counts"]] if counted else None
    if not counted and not {"kind", "act"} & unsure and chats.holds(notice, "kind", "act"):
        done = screenshots.likely(notice)
    stated = counted["at"] if counted else None if "date" in unsure else read["stated_at"]
    due = screenshots.sure(read, "deadline") if chats.holds(notice, "deadline") else None
    offered = screenshots.sure(read, "offer") if chats.holds(notice, "offer") else None
    is_offer = bool(counted and counted["counts"] == "offers")
    amount = screenshots.sure(read, "amount") if chats.holds(notice, "amount") else None
    if is_offer and offered and offered["amount"]:
        amount = offered["amount"]
    outcome = read["outcome"]
    is_given = outcome in GIVEN and "outcome" not in unsure and chats.holds(notice, "outcome")
    latest = timezone.now() + LONGEST  # no countdown is longer: what was read so is wrong
    return {
        "into": fitting_case(notice, cases),
        "did": did_key(done) if done else "",
        "outcome": outcome if is_given else UNCLEAR,
        "money_arrived": bool(read["money_arrived"]) and chats.holds(notice, "kind", "act"),
        "amount": amount,
        "offer": ((offered or {}).get("form") or "other") if is_offer else "",
        "until": datetime.fromisoformat(due) if due and datetime.fromisoformat(due) < latest else None,
        "at": datetime.fromisoformat(stated) if stated else None,
        "shop": screenshots.sure(read, "shop") or "",
        "order_no": screenshots.sure(read, "order_no") or "",
        "case_no": screenshots.sure(read, "case_no") or "",
    }


def fitting_case(notice: Notice, cases: Mapping[str, Case]) -> str:
    """The case that is chosen already: the one whose file its owner put it in, else the one the line found, else the
    only open one of that shop; new, or none.
    """
    in_file = CaseExhibit.objects.filter(exhibit__owner=notice.owner_id, exhibit__sha256=notice.mail.sha256)
    if lies_in := in_file.filter(removed_at=None, case__public_id__in=cases).select_related("case").first():
        return lies_in.case.public_id
    known = notice.case.public_id if notice.case else ""
    if known in cases:
        return known
    name = shop_key(screenshots.sure(notice.reading, "shop") or "")
    same = [key for key, case in cases.items() if name and case.shop and case.shop.key == name and not case.is_closed]
    if len(same) == 1:
        return same[0]
    return "" if cases else PictureForm.NEW


class KeepingForm(OnceForm):
    """存证: what an order was, as far as its owner cares to say."""

    title = forms.CharField(
        label=_("买的是什么？"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signed_on = forms.DateField(
        label=_("签收日期"),
        help_text=_("填了就能看到七天无理由退货的最后一天"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    shop = forms.CharField(
        label=_("哪家店？"), required=False, max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    order_no = forms.RegexField(
        r"^[0-9A-Za-z-]{4,40}$",
        label=_("订单编号"),
        required=False,
        error_messages={"invalid": _("订单编号只有数字、字母和短横线。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_signed_on(self) -> date | None:
        said: date | None = self.cleaned_data["signed_on"]
        today = timezone.now().astimezone(SHANGHAI).date()
        if said and said > today:
            raise forms.ValidationError(_("这一天还没有到。签收以后再填。"), code="future")
        if said and said < today - timedelta(days=3 * 365):
            raise forms.ValidationError(_("太久以前了，请核对年份。"), code="long_ago")
        return said

    @property
    def said(self) -> dict[str, Any]:
        """What `keepings.begin` and `describe` take."""
        return {name: self.cleaned_data[name] for name in ("title", "shop", "order_no", "signed_on")}


class LetterForm(forms.Form):
    """The text of one letter."""

    text = forms.CharField(
        label=_("信的内容"),
        max_length=LETTER_LENGTH,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 18, "lang": "zh-Hans", "maxlength": LETTER_LENGTH}),
    )
