"""The files that came with a mail: shown to its owner, who may put some of them among the exhibits of its case."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedIn, go, render_page
from complaints import words
from complaints.exhibits import hand_in
from complaints.intake.cutting import MOST_FILES, NotCut, Told, cut
from complaints.models import Case, CaseExhibit, IncomingMail, RawMail
from complaints.models.mail import Outcome
from complaints.raw import bytes_of
from complaints.views import served
from evidence import pictures
from evidence.keep import PICTURES, Refused


@dataclass(frozen=True, slots=True)
class Offered:
    """A file of a mail on its page. `why` it could not be kept, `is_kept` when it is among the exhibits already."""

    told: Told
    name: str
    is_kept: bool
    is_chosen: bool = False
    why: str = ""


def own_mail(request: SignedIn, public_id: str) -> IncomingMail:
    """A mail of theirs whose content may be shown; else 404."""
    mails = IncomingMail.objects.visible_to(request.user).filter(owner=request.user)
    return get_object_or_404(mails.exclude(outcome__in=(Outcome.HELD, Outcome.WAITING)), public_id=public_id)


def files_of(mail: IncomingMail, wanted: Sequence[int] = ()) -> list[Told]:
    """The files of `mail`, with bytes those that are `wanted`. Raises NotCut."""
    raw = RawMail.objects.select_related("file").get(mail=mail)
    limits = settings.READER_LIMITS
    return cut(bytes_of(raw), wanted, limits["cpu_seconds"], limits["memory"], limits["wall_seconds"])


def cases_of(request: SignedIn, mail: IncomingMail) -> list[Case]:
    """The cases that `mail` was filed to."""
    cases = Case.objects.editable_by(request.user).filter(notices__mail=mail)
    return list(cases.select_related("shop").distinct().order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def mail_files(request: SignedIn, public_id: str) -> HttpResponse:
    """What came with the mail; those that were chosen become exhibits of its case, by the way of every upload."""
    mail = own_mail(request, public_id)
    cases = cases_of(request, mail)
    if request.method != "POST":
        return page(request, mail, cases)
    case = next((case for case in cases if case.public_id == request.POST.get("case")), None)
    said = request.POST.getlist("place")
    chosen = sorted({int(place) for place in said if place.isascii() and place.isdecimal() and len(place) < 4})
    if case is None or not chosen:
        return page(request, mail, cases, problem=_("先挑要收作证据的文件。"))
    try:
        files = files_of(mail, chosen[:MOST_FILES])
    except NotCut:
        return page(request, mail, cases)
    refused: dict[int, str] = {}
    for place in chosen:
        if place < len(files):
            try:
                hand_in(case, io.BytesIO(files[place].data), name_of(files[place]))
            except Refused as refusal:
                refused[place] = refusal.why
    kept = len([place for place in chosen if place < len(files)]) - len(refused)
    if kept:
        said_so = ngettext("已把%(count)d个文件收作证据。", "已把%(count)d个文件收作证据。", kept)
        messages.success(request, said_so % {"count": kept})
    if refused:
        return page(request, mail, cases, refused, chosen, _("有的文件没有收下，原因写在旁边。"))
    return go(request, reverse("complaints:exhibit_list", args=[case.public_id]))


def name_of(told: Told) -> str:
    return told.name or _("信里的图片")


def page(
    request: SignedIn,
    mail: IncomingMail,
    cases: Sequence[Case],
    refused: Mapping[int, str] | None = None,
    chosen: Collection[int] = (),
    problem: str = "",
) -> HttpResponse:
    try:
        files = files_of(mail)
    except NotCut:
        files, problem = [], _("这封信没能拆开；原件完整保存，可以下载。")
    there = CaseExhibit.objects.filter(case__in=cases, removed_at=None).values_list("exhibit__sha256", flat=True)
    kept, why = set(there), refused or {}
    offered = [
        Offered(told, name_of(told), told.sha256 in kept, place in chosen, why.get(place, ""))
        for place, told in enumerate(files)
    ]
    context = {
        "mail": mail,
        "files": offered,
        "cases": [(case.public_id, words.heading(case)) for case in cases],
        "problem": problem,
    }
    status = 422 if request.method == "POST" else 200
    return render_page(
        request, "complaints/mail_files.html", context, part="complaints/_mail_files.html", status=status
    )


@require_safe
def mail_file(request: SignedIn, public_id: str, place: int) -> HttpResponse:
    """A picture of the mail, small, and nothing but pixels: made for this look alone, kept nowhere."""
    mail = own_mail(request, public_id)
    try:
        files = files_of(mail, [place])
    except NotCut:
        raise Http404 from None
    if place >= len(files) or files[place].content_type not in PICTURES:
        raise Http404
    with tempfile.TemporaryFile() as file:
        file.write(files[place].data)
        file.flush()
        try:
            made = pictures.copies(file, files[place].content_type)
        except (pictures.NotAPicture, pictures.TooMuch, pictures.Overrun, pictures.Busy):
            raise Http404 from None
    return served.shown(made.thumbnail)
