"""“这张图是什么？”: the picture itself, and its owner's answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedIn, go, render_page
from complaints import screenshots, story, words, workflow
from complaints.forms import PictureForm
from complaints.intake import settle
from complaints.models import IncomingMail
from complaints.models.mail import Outcome
from complaints.views import mails, picturing, served


def mail_or_404(request: SignedIn, public_id: str) -> IncomingMail:
    mine = mails.own(request).exclude(outcome=Outcome.HELD)
    return get_object_or_404(mine.select_related("owner"), public_id=public_id)


@require_safe
def mail_picture_copy(request: SignedIn, public_id: str) -> HttpResponse:
    """The picture as we made it anew: nothing but pixels. 404 while there is none."""
    exhibit = screenshots.picture_of(mail_or_404(request, public_id))
    return served.picture(exhibit.copy_file if exhibit else "")


@require_http_methods(["GET", "HEAD", "POST"])
def mail_picture(request: SignedIn, public_id: str) -> HttpResponse:
    """The picture with its places, 204 while it is not there yet; or the answer to what it shows."""
    mail = mail_or_404(request, public_id)
    notices = list(mail.notices.select_related("case__shop").order_by("position"))
    if request.method == "POST":
        return answer(request, mail)
    context = {"mail": mail, **picturing.picture_context(mail, notices, None)}
    if context["is_copy_waiting"] and "seen" in request.GET:
        return HttpResponse(status=204)
    return render(request, "complaints/_picture.html", context)


def answer(request: SignedIn, mail: IncomingMail) -> HttpResponse:
    try:
        notice = settle.chosen(mail, None)
    except settle.NotWaiting:
        messages.warning(request, _("这张图刚才已经处理过了，请看现在的结果。"))
        return go(request, mail)
    if request.POST.get("decision") == PictureForm.REJECT:
        settle.reject(mail, request.user)
        messages.success(request, _("已标为与投诉无关；弄错了可以撤销。"))
        return go(request, mail)
    form = PictureForm(request.POST, mail=mail, notice=notice)
    if not form.is_valid():
        context = mails.mail_context(mail, picture_form=form)
        page, part = "complaints/mail_detail.html", "complaints/_mail_live.html"
        return render_page(request, page, context, part=part, status=422)
    try:
        messages.success(request, act_on(request, mail, form))
    except settle.NotWaiting:
        messages.warning(request, _("这张图刚才已经处理过了，请看现在的结果。"))
    return go(request, mail)


def act_on(request: SignedIn, mail: IncomingMail, form: PictureForm) -> str:
    """Do what the form says; what was done. Raises settle.NotWaiting."""
    case = form.chosen
    if form.cleaned_data["decision"] == PictureForm.KEEP:
        assert case is not None  # the form asks for one
        screenshots.keep_only(mail, request.user, case)
        return _("已作为证据放进“%(case)s”。") % {"case": words.heading(case)}
    told = [event.told() for event in workflow.story(case)] if case else []
    act, by, at, payload = form.saying(told, timezone.now())
    _case, recorded = screenshots.tell(
        mail,
        request.user,
        case,
        (act, by),
        at,
        payload,
        form.name_of_form,
        shop=form.cleaned_data["shop"].strip(),
        numbers=form.numbers,
    )
    if any(step.told.key == recorded.event.public_id for step in recorded.standing.odd):
        return _("记下了，但和目前的进度对不上，没有算进进度。")
    stage = words.STAGES[recorded.standing.stage or ""]
    return _("已计入：%(title)s。现在：%(stage)s。") % {"title": story.title_of(recorded.event.told()), "stage": stage}
