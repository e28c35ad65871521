"""The exhibits of a case: hand in, look at, describe, put aside. Reached only through a case past the gate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from complaints import words
from complaints.exhibits import bring_back, hand_in, put_aside
from complaints.models import Case, CaseExhibit
from evidence.keep import Refused
from evidence.models import Exhibit
from evidence.names import ENDINGS, name_to_save, safe_name

R = TypeVar("R", bound=HttpResponseBase)

MOST_FILES = 50  # of one request
SHOWN = 500  # exhibits of one case on its page


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


def exhibits_context(case: Case, refused: Sequence[RefusedFile] = ()) -> dict[str, Any]:
    """What `_exhibits.html` and `_exhibit_form.html` need: one query, however many exhibits."""
    rows = list(case.case_exhibits.select_related("exhibit")[:SHOWN])
    return {
        "case": case,
        "exhibits": [row for row in rows if row.removed_at is None],
        "removed_exhibits": [row for row in rows if row.removed_at],
        "refused_files": refused,
        "exhibits_version": version_of(rows),
        "exhibits_waiting": any(row.exhibit.copy == Exhibit.Copy.WAITING for row in rows if row.removed_at is None),
        "exhibit_kinds": CaseExhibit.Kind.choices,
        "exhibit_endings": ",".join(ending for endings in ENDINGS.values() for ending in endings),
        "picture_megabytes": settings.EXHIBIT_LIMITS["picture"] // 2**20,
        "video_megabytes": settings.EXHIBIT_LIMITS["video"] // 2**20,
        "picture_bytes": settings.EXHIBIT_LIMITS["picture"],
        "video_bytes": settings.EXHIBIT_LIMITS["video"],
    }


def version_of(rows: Sequence[CaseExhibit]) -> str:
    """Changes with everything that the list shows: what polling compares."""
    shown = [(row.exhibit.public_id, row.exhibit.copy, row.kind, row.caption, bool(row.removed_at)) for row in rows]
    return hashlib.blake2b(repr(shown).encode(), digest_size=6).hexdigest()


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
    """The list after a change: the fragment for a script, the case page for everybody else."""
    if wants_part(request):
        return render(request, "complaints/_exhibits.html", exhibits_context(case))
    return go(request, f"{case.get_absolute_url()}#exhibits")


# -- handing in ------------------------------------------------------------------------------------------


@csrf_exempt  # checked by `add`, after the size: the check itself would take in the whole body first
@require_POST
def exhibit_add(request: SignedIn, public_id: str) -> HttpResponse:
    """Files for a case. Each is kept or refused by itself; a refused one is named with its reason."""
    case = get_object_or_404(Case.objects.editable_by(request.user), public_id=public_id)
    most = 2 * settings.EXHIBIT_LIMITS["video"]
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        why = _("一次交的文件太大：合计不超过%(limit)d MB。请分几次交。") % {"limit": most // 2**20}
        return HttpResponse(why, status=413, content_type="text/plain; charset=utf-8")
    return add(request, case)


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
        return render(request, "complaints/_exhibits.html", exhibits_context(case, refused), status=status)
    for one in refused:
        messages.error(request, f"{one.name}{_('：')}{one.why}" if one.name else one.why)
    if kept:
        messages.success(request, _("已保存%(count)d个文件。") % {"count": kept})
    return go(request, f"{case.get_absolute_url()}#exhibits")


@require_safe
def exhibit_part(request: SignedIn, public_id: str) -> HttpResponse:
    """The list of exhibits; 204 while it is what the page has seen."""
    case = get_object_or_404(Case.objects.visible_to(request.user), public_id=public_id)
    context = exhibits_context(case)
    if request.GET.get("seen") == context["exhibits_version"]:
        return HttpResponse(status=204)
    return render(request, "complaints/_exhibits.html", context)


# -- one exhibit -------------------------------------------------------------------------------------------


def exhibit_page(request: SignedIn, shown: CaseExhibit, form: ExhibitForm, status: int = 200) -> HttpResponse:
    context = {
        "case": shown.case,
        "heading": words.heading(shown.case),
        "shown": shown,
        "exhibit": shown.exhibit,
        "form": form,
    }
    part = "complaints/_exhibit_edit.html"
    return render_page(request, "complaints/exhibit_detail.html", context, part=part, status=status)


@require_safe
def exhibit_detail(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    shown = exhibit_of(request, public_id, exhibit_id)
    return exhibit_page(request, shown, ExhibitForm(instance=shown))


@require_POST
def exhibit_edit(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    """What it shows: kind and caption."""
    shown = exhibit_of(request, public_id, exhibit_id, to_change=True)
    form = ExhibitForm(request.POST, instance=shown)
    if not form.is_valid():
        return exhibit_page(request, shown, form, status=422)
    shown.save(update_fields=["kind", "caption"])
    messages.success(request, _("说明已保存。"))
    return go(request, reverse("complaints:exhibit_detail", args=[public_id, exhibit_id]))


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


def guarded(response: R) -> R:
    """`response` as bytes of strangers must be sent: kept by no cache, run as nothing, whatever is in them."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def chunks(key: str) -> Iterator[bytes]:
    """A file of the storage piece by piece, opened only when somebody begins to read."""
    with default_storage.open(key) as file:
        yield from file.chunks()


@require_safe
def exhibit_original(request: SignedIn, public_id: str, exhibit_id: str) -> StreamingHttpResponse:
    """The bytes as they were handed in: for their owner, to save, never to open in a page of ours.

    They come through us, so that no address of an object store is ever given away.
    """
    exhibit = exhibit_of(request, public_id, exhibit_id, to_change=True).exhibit
    if not default_storage.exists(exhibit.file):  # said now, not when half of the answer is sent
        raise FileNotFoundError(exhibit.file)
    name = name_to_save(exhibit.name, exhibit.content_type)
    response = StreamingHttpResponse(chunks(exhibit.file), content_type=exhibit.content_type)
    response["Content-Length"] = str(exhibit.size)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return guarded(response)


@require_safe
def exhibit_copy(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    return shown_picture(exhibit_of(request, public_id, exhibit_id).exhibit.copy_file)


@require_safe
def exhibit_thumbnail(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    return shown_picture(exhibit_of(request, public_id, exhibit_id).exhibit.thumbnail_file)


def shown_picture(key: str) -> HttpResponse:
    """A copy that we made: small, and nothing but pixels."""
    if not key:
        raise Http404
    with default_storage.open(key) as file:
        response = HttpResponse(file.read(), content_type="image/webp")
    response["Content-Disposition"] = "inline"
    return guarded(response)
