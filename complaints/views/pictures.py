"""“这张图是什么？”: the picture itself, and its owner's answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from complaints import chats, screenshots, story, words, workflow
from complaints.forms import PictureForm
from complaints.handing import hand_over
from complaints.intake import settle
from complaints.intake.receive import Envelope
from complaints.intake.shapes import Door
from complaints.models import Case, IncomingMail
from complaints.models.mail import Outcome
from complaints.views import mails, picturing, served

ANSWERED = gettext_lazy("这张图刚才已经处理过了，请看现在的结果。")
MOST_ASKED = 20  # pictures of one request, as many as may be handed in at once


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


@require_POST
def exhibit_ask(request: SignedIn, public_id: str) -> HttpResponse:
    """Read what was put into the file of a case as `exhibit` (one or more), then ask what the first of them is."""
    case = get_object_or_404(Case.objects.editable_by(request.user), public_id=public_id)
    named = request.POST.getlist("exhibit")[:MOST_ASKED]
    rows = case.case_exhibits.select_related("exhibit").filter(exhibit__public_id__in=named)
    envelope = Envelope(mail_from="", recipients=(), peer="", owner_id=request.user.pk)
    first = ""
    for shown in screenshots.asked_about(case, rows).unread:
        try:
            with default_storage.open(shown.exhibit.file) as kept:  # one in memory at a time
                raw = kept.read()
        except FileNotFoundError:  # the watch over the originals raises the alarm; the others are read all the same
            messages.error(request, _("“%(name)s”的原件现在打不开，没有读。") % {"name": shown.exhibit.name})
            continue
        for one in hand_over([(shown.exhibit.name, raw)], envelope, Door.SCREENSHOT):
            first = first or one.public_id
            if one.why:
                messages.error(request, f"{one.name}{_('：')}{mails.NOT_KEPT[one.why]}")
    if not first:
        return go(request, f"{case.get_absolute_url()}#exhibits")
    return go(request, mails.detail(first))


@require_POST
def mail_lines(request: SignedIn, public_id: str) -> HttpResponse:
    """Who says what in the picture of a chat, put right in one tap, and which line counts."""
    mail = mail_or_404(request, public_id)
    try:
        counted = chats.put_right(mail, request.POST.get("say", ""))
    except settle.NotWaiting:
        messages.warning(request, ANSWERED)
        return go(request, mail)
    except chats.NoSuchLine:
        messages.warning(request, _("没有改成：这几句和刚才显示的不一样了，请再看一眼。"))
        counted = None
    return go(request, f"{mail.get_absolute_url()}#{'picture-form' if counted else 'chat-lines'}")


def answer(request: SignedIn, mail: IncomingMail) -> HttpResponse:
    try:
        notice = settle.chosen(mail, None)
    except settle.NotWaiting:
        messages.warning(request, ANSWERED)
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
        messages.warning(request, ANSWERED)
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
