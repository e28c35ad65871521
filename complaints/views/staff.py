"""For those who run this installation: the mails it kept instead of sending, and a bench to try the reader on."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedIn
from accounts.models import OutgoingMail
from complaints import story, words
from complaints.intake import reader
from complaints.words import Text

PAGE = 50

# What the page calls the fields that no words of a notice lead to by themselves.
FIELDS: dict[str, Text] = story.BECAUSE_OF | {
    "case_no_kind": _("编号种类"),
    "currency": _("币种"),
    "deadline_from": _("期限依据"),
}


def hosts_only(request: SignedIn) -> None:
    """As if it were not there, for everybody else."""
    if not request.user.is_host:
        raise Http404


@require_safe
def outgoing_mail(request: SignedIn) -> HttpResponse:
    """What we wrote, newest first, in pages by key."""
    hosts_only(request)
    mails = OutgoingMail.objects.order_by("-pk").only("public_id", "to", "subject", "written_at")
    if before := request.GET.get("before"):
        mails = mails.filter(pk__lt=OutgoingMail.objects.filter(public_id=before).values("pk"))
    shown = list(mails[: PAGE + 1])
    context = {
        "mails": shown[:PAGE],
        "older": shown[PAGE - 1] if len(shown) > PAGE else None,
        "is_first": not before,
        "is_kept": settings.DEMO,
    }
    return render(request, "complaints/outgoing_mail.html", context)


# -- the laboratory --------------------------------------------------------------------------------------


class Sample(forms.Form):
    """A notice to try: a file, or the words themselves. Nothing of it is kept."""

    file = forms.FileField(
        label=_("邮件文件"),
        help_text=_(".eml或.txt"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".eml,.txt,message/rfc822,text/plain"}),
    )
    text = forms.CharField(
        label=_("或者粘贴"),
        help_text=_("通知的文字，或整封邮件的原文"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        largest = settings.MAIL_LIMITS["size"]
        if file and (file.size or 0) > largest:
            raise forms.ValidationError(gettext("文件太大，最多%s。") % filesizeformat(largest))
        return file

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data.get("file") and not self.cleaned_data.get("text", "").strip():
            raise forms.ValidationError(_("请选一个文件，或粘贴一段文字。"))
        return self.cleaned_data

    @property
    def sample(self) -> tuple[str, bytes]:
        """Its name and bytes; of a valid form."""
        if file := self.cleaned_data.get("file"):
            return file.name, file.read()
        return "paste.txt", self.cleaned_data["text"].encode()


@require_http_methods(["GET", "HEAD", "POST"])
def laboratory(request: SignedIn) -> HttpResponse:
    """Show what the reader makes of a mail, and the words that led it there; nothing is written."""
    hosts_only(request)
    form = Sample(request.POST, request.FILES) if request.method == "POST" else Sample()
    context: dict[str, Any] = {"form": form}
    if not form.is_bound:
        return render(request, "complaints/laboratory.html", context)
    if form.is_valid():
        name, raw = form.sample
        try:
            told = reader.read(raw).as_contract(name)
        except (reader.ReaderDied, OSError):
            form.add_error(None, _("读这封信时出了问题：它太大、太深，或读信的进程没能启动。"))
        else:
            context |= {
                "told": told,
                "notices": [shown(notice) for notice in (told, *told["notices"])],
                "json": json.dumps(told, ensure_ascii=False, indent=2),
            }
            return render(request, "complaints/laboratory.html", context)
    return render(request, "complaints/laboratory.html", context, status=422)


def shown(notice: dict[str, Any]) -> dict[str, Any]:
    """A notice of the contract as the page shows it: labelled rows, and the words that led to each."""
    return {
        "heading": words.KINDS.get(notice["kind"], notice["kind"]),
        "confidence": f"{notice['confidence']:.0%}",
        "moves_case": notice["moves_case"],
        "trust": notice["trust"],
        "rows": [(label, value) for label, value in rows(notice) if value not in (None, "", [])],
        "body": notice["original"]["body"],
        "because": [
            (story.BECAUSE_OF.get(found["of"], found["of"]), found["words"], story.WHERE.get(found["where"], ""))
            for found in notice["because"]
        ],
    }


def rows(notice: dict[str, Any]) -> list[tuple[Text, Any]]:
    """Everything a notice says, each with what it is called; values that are keys are put into words."""
    forward, original = notice["forward"], notice["original"]
    named: list[tuple[Text, Any]] = [
        (_("种类"), notice["kind"]),
        (_("谁做了什么"), acted(notice)),
        (_("进度"), words.STAGES[notice["stage"]] if notice["stage"] else None),
        (_("结果"), words.OUTCOMES[notice["outcome"]] if notice["outcome"] else None),
        (_("运费"), words.FREIGHT_PAYERS.get(notice["freight_payer"])),
        (_("转发方式"), " · ".join(str(said) for said in (forward["how"], forward["client"]) if said)),
        (_("寄信人"), " ".join(said for said in (original["from_name"], original["from_address"]) if said)),
        (_("主题"), original["subject"]),
        (_("日期"), original["date"]),
    ]
    return named + [(FIELDS.get(key, key), plain(value)) for key, value in notice["fields"].items()]


def plain(value: Any) -> Any:
    """A list or an offer on one line; anything else as it is."""
    if isinstance(value, dict):
        value = list(value.values())
    return " · ".join(str(part) for part in value if part) if isinstance(value, list) else value


def acted(notice: dict[str, Any]) -> str:
    """“平台：作出了判决”, or "" where a notice tells of no act."""
    if not notice["act"]:
        return ""
    by = words.PARTIES.get(notice["by"] or "", "")
    return f"{by}{gettext('：') if by else ''}{words.ACTS[notice['act']]}"
