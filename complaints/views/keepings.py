"""存证: what is kept of an order before any trouble. Its owner's alone; a 404 for everybody else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from complaints import keepings, words
from complaints.clocks import SHANGHAI
from complaints.forms import KeepingForm
from complaints.models import Case, Keeping, KeepingExhibit
from complaints.stages import Stage
from complaints.views import served
from complaints.views.exhibits import MOST_FILES, RefusedFile, wants_part
from evidence.keep import Refused
from evidence.models import Exhibit
from evidence.names import ENDINGS, safe_name

CASES = 50  # to choose from


class KeepingExhibitForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the stubs
    """What a kept file shows, in its owner's words."""

    class Meta:
        model = KeepingExhibit
        fields = ["kind", "caption"]


def keeping_or_404(request: SignedIn, public_id: str) -> Keeping:
    return get_object_or_404(Keeping.objects.visible_to(request.user), public_id=public_id)


def upload_context() -> dict[str, Any]:
    """What a form for files needs to say before anything is sent."""
    return {
        "exhibit_endings": ",".join(ending for endings in ENDINGS.values() for ending in endings),
        "picture_megabytes": settings.EXHIBIT_LIMITS["picture"] // 2**20,
        "video_megabytes": settings.EXHIBIT_LIMITS["video"] // 2**20,
        "picture_bytes": settings.EXHIBIT_LIMITS["picture"],
        "video_bytes": settings.EXHIBIT_LIMITS["video"],
    }


# -- all of them -----------------------------------------------------------------------------------------


@csrf_exempt  # checked by `begin`, after the size: the check itself would take in the whole body first
@require_http_methods(["GET", "HEAD", "POST"])
def keeping_list(request: SignedIn) -> HttpResponse:
    """What is kept, newest first, and the form for a new one with its first files."""
    if request.method == "POST":
        return too_much(request) or begin(request)
    return list_page(request, KeepingForm())


def list_page(request: SignedIn, form: KeepingForm, status: int = 200) -> HttpResponse:
    rows = list(Keeping.objects.visible_to(request.user).open().order_by("-updated_at", "-pk")[: keepings.MOST])
    shown = KeepingExhibit.objects.filter(keeping__in=rows, removed_at=None).values_list("keeping", flat=True)
    counts: dict[int, int] = {}
    for pk in shown:
        counts[pk] = counts.get(pk, 0) + 1
    context = {
        "form": form,
        "rows": [(keeping, words.keeping_heading(keeping), counts.get(keeping.pk, 0)) for keeping in rows],
        "now": timezone.now(),
        **upload_context(),
    }
    return render_page(request, "complaints/keeping_list.html", context, status=status)


def too_much(request: SignedIn) -> HttpResponse | None:
    """The refusal of a body that is larger than two of the largest files, unread."""
    most = 2 * settings.EXHIBIT_LIMITS["video"]
    if int(request.META.get("CONTENT_LENGTH") or 0) <= most:
        return None
    why = _("一次交的文件太大：合计不超过%(limit)d MB。请分几次交。") % {"limit": most // 2**20}
    return HttpResponse(why, status=413, content_type="text/plain; charset=utf-8")


@csrf_protect
def begin(request: SignedIn) -> HttpResponse:
    form = KeepingForm(request.POST)
    files = request.FILES.getlist("files")
    if form.is_valid() and not files and not any(form.said.values()):
        form.add_error(None, _("还没有内容：请选择文件，或写下买的是什么。"))
    if form.is_valid() and Keeping.objects.visible_to(request.user).open().count() >= keepings.MOST:
        form.add_error(None, _("存证最多%(most)d份：请先删掉用不着的。") % {"most": keepings.MOST})
    if not form.is_valid():
        return list_page(request, form, status=422)
    keeping = keepings.begin(request.user, form.name_of_form, now=timezone.now(), **form.said)
    kept, refused = take_in(request, keeping)
    say(request, kept, refused)
    return go(request, keeping)


def take_in(request: SignedIn, keeping: Keeping) -> tuple[int, list[RefusedFile]]:
    """Keep the files of the request, each for itself: how many were kept, and what was refused and why."""
    kept, refused = 0, []
    for place, file in enumerate(request.FILES.getlist("files")):
        name = file.name or ""
        try:
            if place >= MOST_FILES:
                raise Refused(_("一次太多了：请分几次交。"))
            keepings.hand_in(keeping, file, name, request.POST.get("kind", ""))
            kept += 1
        except Refused as refusal:
            refused.append(RefusedFile(safe_name(name), refusal.why))
    return kept, refused


def say(request: SignedIn, kept: int, refused: Sequence[RefusedFile]) -> None:
    for one in refused:
        messages.error(request, f"{one.name}{_('：')}{one.why}" if one.name else one.why)
    if kept:
        messages.success(request, _("已保存%(count)d个文件。") % {"count": kept})


# -- one -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def keeping_detail(request: SignedIn, public_id: str) -> HttpResponse:
    """One order's file: its clock, its files, what it may become; a POST says what it is about."""
    keeping = keeping_or_404(request, public_id)
    if keeping.case:
        messages.info(request, _("这份存证已经建成案件。"))
        return go(request, keeping.case)
    said = {name: getattr(keeping, name) for name in ("title", "shop", "order_no", "signed_on")}
    form = KeepingForm(request.POST or None, initial=said)
    if form.is_bound and form.is_valid():
        keepings.describe(keeping, now=timezone.now(), **form.said)
        messages.success(request, _("改好了。"))
        return go(request, keeping)
    return render_page(
        request,
        "complaints/keeping_detail.html",
        detail_context(request, keeping, form),
        part="complaints/_keeping_form.html",
        status=422 if form.is_bound else 200,
    )


def detail_context(request: SignedIn, keeping: Keeping, form: KeepingForm) -> dict[str, Any]:
    cases = Case.objects.editable_by(request.user).told().exclude(stage=Stage.CLOSED).select_related("shop")
    fits = cases.filter(numbers__number=keeping.order_no).first() if keeping.order_no else None
    now = timezone.now()
    return {
        "form": form,
        "heading": words.keeping_heading(keeping),
        "now": now,
        "may_extend": keeping.kept_until < keepings.longest(keeping),
        "signed_on": keeping.signed_on,
        "cases": [(case.public_id, words.heading(case)) for case in cases.order_by("-updated_at", "-pk")[:CASES]],
        "fits": fits.public_id if fits else "",
        "today": now.astimezone(SHANGHAI).date(),
        **files_context(keeping),
    }


def files_context(keeping: Keeping, refused: Sequence[RefusedFile] = ()) -> dict[str, Any]:
    """What `_keeping_files.html` shows: one query."""
    rows = list(keeping.keeping_exhibits.select_related("exhibit"))
    shown = [row for row in rows if row.removed_at is None]
    said = [(row.exhibit.public_id, row.exhibit.copy, row.kind, row.caption, bool(row.removed_at)) for row in rows]
    return {
        "keeping": keeping,
        "exhibits": shown,
        "removed_exhibits": [row for row in rows if row.removed_at],
        "refused_files": refused,
        "exhibits_version": hashlib.blake2b(repr(said).encode(), digest_size=6).hexdigest(),
        "exhibits_waiting": any(row.exhibit.copy == Exhibit.Copy.WAITING for row in shown),
        **upload_context(),
    }


@require_POST
def keeping_change(request: SignedIn, public_id: str) -> HttpResponse:
    """Keep it longer, reminders on or off, into a case that is there, or throw it away."""
    keeping = keeping_or_404(request, public_id)
    now = timezone.now()
    match request.POST.get("do"):
        case "extend":
            if keepings.extend(keeping, now):
                messages.success(request, _("好，再留一阵。"))
            else:
                messages.info(request, _("已经留到最久了：三年。"))
        case "remind" | "no_remind" as said:
            keeping.reminds = said == "remind"
            keeping.save(update_fields=["reminds"])
            messages.success(request, _("这份存证会提醒。") if keeping.reminds else _("这份存证不再提醒。"))
        case "join":
            asked = request.POST.get("case", "")
            case = get_object_or_404(Case.objects.editable_by(request.user), public_id=asked)
            if keepings.join(keeping, case):
                messages.success(request, _("存证里的文件都放进这个案件了。"))
            return go(request, case)
        case "throw_away":
            if not request.POST.get("sure"):
                messages.error(request, _("没有删除：请先勾选“我确定”。"))
            elif keepings.throw_away(keeping):
                messages.success(request, _("存证和里面的文件都删除了。"))
                return go(request, "complaints:keeping_list")
    return go(request, keeping)


# -- its files -------------------------------------------------------------------------------------------


@csrf_exempt  # checked by `add`, after the size
@require_http_methods(["GET", "HEAD", "POST"])
def keeping_files(request: SignedIn, public_id: str) -> HttpResponse:
    """The list of files, 204 while it is what the page has seen; or more of them."""
    keeping = keeping_or_404(request, public_id)
    if request.method == "POST":
        return too_much(request) or add(request, keeping)
    context = files_context(keeping)
    if request.GET.get("seen") == context["exhibits_version"]:
        return HttpResponse(status=204)
    return render(request, "complaints/_keeping_files.html", context)


@csrf_protect
def add(request: SignedIn, keeping: Keeping) -> HttpResponse:
    if keeping.case:
        return go(request, keeping.case)
    kept, refused = take_in(request, keeping)
    if not kept and not refused:
        refused = [RefusedFile("", _("没有收到文件。请先选择文件。"))]
    if wants_part(request):
        status = 422 if refused else 200
        return render(request, "complaints/_keeping_files.html", files_context(keeping, refused), status=status)
    say(request, kept, refused)
    return go(request, f"{keeping.get_absolute_url()}#keeping-files")


def file_or_404(request: SignedIn, public_id: str, exhibit_id: str) -> KeepingExhibit:
    keeping = keeping_or_404(request, public_id)
    shown = get_object_or_404(keeping.keeping_exhibits.select_related("exhibit"), exhibit__public_id=exhibit_id)
    shown.keeping = keeping
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
def keeping_file(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    """One file: what it shows, its hash, its original; taken out and brought back with `do`."""
    shown = file_or_404(request, public_id, exhibit_id)
    here = reverse("complaints:keeping_file", args=[public_id, exhibit_id])
    match request.POST.get("do"):
        case "remove":
            keepings.put_aside(shown, timezone.now())
            messages.info(request, _("已移出，文件还在；可以放回来。"))
            return go(request, here)
        case "bring_back":
            keepings.bring_back(shown)
            return go(request, here)
    form = KeepingExhibitForm(request.POST if request.method == "POST" else None, instance=shown)
    if form.is_bound and form.is_valid():
        shown.guessed = False
        shown.save(update_fields=["kind", "caption", "guessed"])
        messages.success(request, _("说明已保存。"))
        return go(request, here)
    context = {
        "keeping": shown.keeping,
        "heading": words.keeping_heading(shown.keeping),
        "shown": shown,
        "exhibit": shown.exhibit,
        "form": form,
    }
    return render_page(request, "complaints/keeping_file.html", context, status=422 if form.is_bound else 200)


@require_safe
def keeping_original(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponseBase:
    return served.original(request, file_or_404(request, public_id, exhibit_id).exhibit)


@require_safe
def keeping_copy(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    return served.picture(file_or_404(request, public_id, exhibit_id).exhibit.copy_file)


@require_safe
def keeping_thumbnail(request: SignedIn, public_id: str, exhibit_id: str) -> HttpResponse:
    return served.picture(file_or_404(request, public_id, exhibit_id).exhibit.thumbnail_file)
