"""The exhibits of a case: hand in, look at, describe, put aside. Reached only through a case past the gate."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from complaints import screenshots, words
from complaints.exhibits import bring_back, hand_in, move, put_aside
from complaints.models import Case, CaseExhibit, IncomingMail
from complaints.views import served
from evidence.keep import VIDEOS, Refused
from evidence.models import Exhibit
from evidence.names import ENDINGS, safe_name
from evidence.pictures import look_alike

MOST_FILES = 50  # of one request
SHOWN = 500  # exhibits of one case on its page
LOOKS = ("list", "grid")  # of the page of its exhibits

# What a device says of a picture (evidence.pictures.FACTS), as its owner reads it.
FACTS = {
    "taken": gettext_lazy("拍摄时间"),
    "device": gettext_lazy("拍摄设备"),
    "software": gettext_lazy("处理软件"),
    "place": gettext_lazy("拍摄地点（纬度, 经度）"),
}


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not kept: it stays in the list with its reason."""

    name: str
    why: str


class ExhibitForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the stubs
    """What an exhibit shows, in its owner's words."""

    class Meta:
        model = CaseExhibit
        fields = ["kind", "caption"]


# -- what a case page shows ----------------------------------------------------------------------------


def exhibits_context(case: Case, refused: Sequence[RefusedFile] = (), look: str = "") -> dict[str, Any]:
    """What `_exhibits.html` and `_exhibit_form.html` need: two queries, however many exhibits.

    look  how they are shown: "" as on the case page, else one of LOOKS on a page of their own
    """
    rows = list(case.case_exhibits.select_related("exhibit")[:SHOWN])
    exhibits = [row for row in rows if row.removed_at is None]
    alike = alike_in(exhibits)
    return {
        "case": case,
        "look": look,
        "asked_look": f"?as={look}" if look else "",
        "exhibits": exhibits,
        "pieces": [(row, alike.get(row.pk)) for row in exhibits],
        "alike": alike,
        "removed_exhibits": [row for row in rows if row.removed_at],
        "refused_files": refused,
        "asked": screenshots.asked_about(case, exhibits),
        "exhibits_version": version_of(rows),
        "exhibits_waiting": any(row.exhibit.copy == Exhibit.Copy.WAITING for row in exhibits),
        "exhibit_kinds": CaseExhibit.Kind.choices,
        "exhibit_endings": ",".join(ending for endings in ENDINGS.values() for ending in endings),
        "picture_megabytes": settings.EXHIBIT_LIMITS["picture"] // 2**20,
        "video_megabytes": settings.EXHIBIT_LIMITS["video"] // 2**20,
        "picture_bytes": settings.EXHIBIT_LIMITS["picture"],
        "video_bytes": settings.EXHIBIT_LIMITS["video"],
    }


def alike_in(rows: Sequence[CaseExhibit]) -> dict[int, CaseExhibit]:
    """For each exhibit that looks like one before it, the first of those; only a hint."""
    found: dict[int, CaseExhibit] = {}
    for place, row in enumerate(rows):
        first = next((one for one in rows[:place] if look_alike(one.exhibit.hash, row.exhibit.hash)), None)
        if first:
            found[row.pk] = first
    return found


def version_of(rows: Sequence[CaseExhibit]) -> str:
    """Changes with everything that the list shows: what polling compares."""
    shown = [
        (row.exhibit.public_id, row.exhibit.copy, row.kind, row.guessed, row.caption, bool(row.removed_at))
        for row in rows
    ]
    return hashlib.blake2b(repr(shown).encode(), digest_size=6).hexdigest()


def look_of(request: SignedIn) -> str:
    """How the page that asks shows exhibits; "" is the case page."""
    return asked if (asked := request.GET.get("as", "")) in LOOKS else ""


def exhibit_of(request: SignedIn, public_id: str, exhibit_id: str, *, to_change: bool = False) -> CaseExhibit:
    """The exhibit of a case that the person may see, or may change; else 404."""
    cases = Case.objects.editable_by(request.user) if to_change else Case.objects.visible_to(request.user)
    case = get_object_or_404(cases.select_related("shop"), public_id=public_id)
    shown = get_object_or_404(case.case_exhibits.select_related("exhibit"), exhibit__public_id=exhibit_id)
    shown.case = case
    return shown


def wants_part(request: SignedIn) -> bool:
    """Whether a script asked, which puts the fragment into the page by itself."""
    return bool(request.htmx) or request.headers.get("X-Requested-With") == "fetch"


def back_to_list(request: SignedIn, case: Case) -> HttpResponse:
    """The list after a change: the fragment for a script, the page it came from for everybody else."""
    look = look_of(request)
    if wants_part(request):
        return render(request, "complaints/_exhibits.html", exhibits_context(case, look=look))
    return go(request, list_address(case, look))


def list_address(case: Case, look: str) -> str:
    here = reverse("complaints:exhibit_list", args=[case.public_id])
    return f"{here}?as={look}" if look else f"{case.get_absolute_url()}#exhibits"


# -- handing in ------------------------------------------------------------------------------------------


@csrf_exempt  # checked by `add`, after the size: the check itself would take in the whole body first
@require_http_methods(["GET", "HEAD", "POST"])
def exhibit_list(request: SignedIn, public_id: str) -> HttpResponse:
    """The exhibits of a case on a page of their own; or files for it, each kept or refused by itself."""
    if request.method != "POST":
        case = get_object_or_404(Case.objects.visible_to(request.user).select_related("shop"), public_id=public_id)
        context = exhibits_context(case, look=look_of(request) or LOOKS[0])
        context |= {"heading": words.heading(case), "mails": mails_with_files(case)}
        return render_page(request, "complaints/exhibit_list.html", context, part="complaints/_exhibits.html")
    case = get_object_or_404(Case.objects.editable_by(request.user), public_id=public_id)
    most = 2 * settings.EXHIBIT_LIMITS["video"]
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        why = _("一次交的文件太大：合计不超过%(limit)d MB。请分几次交。") % {"limit": most // 2**20}
        return HttpResponse(why, status=413, content_type="text/plain; charset=utf-8")
    return add(request, case)


def mails_with_files(case: Case) -> list[IncomingMail]:
    """The mails filed to `case` that came with files by their names, newest first: they may be kept as exhibits."""
    notices = case.notices.exclude(reading__files=[]).filter(reading__has_key="files")
    return list(
        IncomingMail.objects.filter(pk__in=notices.values("mail"), owner=case.owner).order_by("-received_at")[:20]
    )


@csrf_protect
def add(request: SignedIn, case: Case) -> HttpResponse:
    files = request.FILES.getlist("files")
    refused = [] if files else [RefusedFile("", _("没有收到文件。请先选择文件。"))]
    kept = 0
    for place, file in enumerate(files):
        name = file.name or ""
        try:
            if place >= MOST_FILES:
                raise Refused(_("一次太多了：请分几次交。"))
            hand_in(case, file, name, request.POST.get("kind", ""))
            kept += 1
        except Refused as refusal:
            refused.append(RefusedFile(safe_name(name), refusal.why))
    if wants_part(request):
        status = 422 if refused else 200
        context = exhibits_context(case, refused, look_of(request))
        return render(request, "complaints/_exhibits.html", context, status=status)
    for one in refused:
        messages.error(request, f"{one.name}{_('：')}{one.why}" if one.name else one.why)
    if kept:
        messages.success(request, _("已保存%(count)d个文件。") % {"count": kept})
    return go(request, list_address(case, look_of(request)))


@require_safe
def exhibit_part(request: SignedIn, public_id: str) -> HttpResponse:
    """The list of exhibits; 204 while it is what the page has seen."""
    case = get_object_or_404(Case.objects.visible_to(request.user), public_id=public_id)
    context = exhibits_context(case, look=look_of(request))
    if request.GET.get("seen") == context["exhibits_version"]:
        return HttpResponse(status=204)
    return render(request, "complaints/_exhibits.html", context)


# -- one exhibit -------------------------------------------------------------------------------------------


def exhibit_page(request: SignedIn, shown: CaseExhibit, form: ExhibitForm, status: int = 200) -> HttpResponse:
    asked = screenshots.asked_about(shown.case, [shown])
    context = {
        "case": shown.case,
        "heading": words.heading(shown.case),
        "shown": shown,
        "exhibit": shown.exhibit,
        "form": form,
        "exhibit_kinds": CaseExhibit.Kind.choices,
        "is_video": shown.exhibit.content_type in VIDEOS,
        "asked": asked,
        "read_as": asked.mails.get(shown.exhibit_id),
        "facts": [(FACTS[name], fact_shown(name, said)) for name, said in shown.exhibit.facts.items() if name in FACTS],
        "alike": [
            other
            for other in shown.case.case_exhibits.select_related("exhibit").filter(removed_at=None).exclude(pk=shown.pk)
            if look_alike(other.exhibit.hash, shown.exhibit.hash)
        ],
    }
    part = "complaints/_exhibit_edit.html"
    return render_page(request, "complaints/exhibit_detail.html", context, part=part, status=status)


@require_safe
def exhibit_detail(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    shown = exhibit_of(request, public_id, exhibit_id)
    return exhibit_page(request, shown, ExhibitForm(instance=shown))


def fact_shown(name: str, said: str) -> str:
    """What a device said, for people: the moment as it stands there, the place as latitude and longitude."""
    return said.replace("T", " ") if name == "taken" else said.replace(",", ", ") if name == "place" else said


@require_POST
def exhibit_edit(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    """What it shows: kind and caption, or the kind alone."""
    shown = exhibit_of(request, public_id, exhibit_id, to_change=True)
    data = {"caption": shown.caption} | request.POST.dict()  # one tap on a kind says nothing of the caption
    form = ExhibitForm(data, instance=shown)
    if not form.is_valid():
        return exhibit_page(request, shown, form, status=422)
    shown.guessed = False
    shown.save(update_fields=["kind", "guessed", "caption"])
    if look_of(request):
        return back_to_list(request, shown.case)
    messages.success(request, _("说明已保存。"))
    return go(request, reverse("complaints:exhibit_detail", args=[public_id, exhibit_id]))


@require_POST
def exhibit_move(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    """One place up or down among the exhibits of its case."""
    shown = exhibit_of(request, public_id, exhibit_id, to_change=True)
    move(shown, -1 if request.POST.get("to") == "up" else 1)
    return back_to_list(request, shown.case)


@require_POST
def exhibit_remove(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    """Put it aside, or with `undo` back again; the file itself stays."""
    shown = exhibit_of(request, public_id, exhibit_id, to_change=True)
    if "undo" in request.POST:
        bring_back(shown)
    else:
        put_aside(shown)
        if not wants_part(request):
            messages.info(request, _("已从案件中移出，文件还在；可在“已移出的证据”里撤销。"))
    return back_to_list(request, shown.case)


# -- its bytes -----------------------------------------------------------------------------------------------


@require_safe
def exhibit_original(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponseBase:
    """The bytes as they were handed in: for their owner, to save, never to open in a page of ours."""
    return served.original(request, exhibit_of(request, public_id, exhibit_id, to_change=True).exhibit)


@require_safe
def exhibit_video(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponseBase:
    """A video, piece by piece, for the player of its owner's page."""
    exhibit = exhibit_of(request, public_id, exhibit_id, to_change=True).exhibit
    if exhibit.content_type not in VIDEOS:
        raise Http404
    return served.played(request, exhibit)


@require_safe
def exhibit_copy(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    return served.picture(exhibit_of(request, public_id, exhibit_id).exhibit.copy_file)


@require_safe
def exhibit_thumbnail(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    return served.picture(exhibit_of(request, public_id, exhibit_id).exhibit.thumbnail_file)
