"""What reached the shopper: handing in, what became of each mail, one mail, its original, and deciding on it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.db.models.query import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entrance import AddEmail
from accounts.http import SignedIn, go, render_page
from accounts.models import User
from complaints import forwarding, screenshots, story, words
from complaints.forms import DecideForm, HandInForm, PictureForm
from complaints.handing import Became, Handed, hand_over
from complaints.intake import settle
from complaints.intake.archives import ZIP
from complaints.intake.msg import OLE
from complaints.intake.pictures import picture_type
from complaints.intake.receive import DiskFull, Envelope, NotKept, OverLimit, TooLarge, UnknownAddress
from complaints.intake.route import OWN_HAND
from complaints.intake.shapes import Door
from complaints.models import Case, Event, IncomingMail, Notice, RawMail
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.raw import bytes_of
from complaints.stages import Kind
from complaints.views import picturing
from complaints.views.cases import EPOCH, query
from complaints.words import Text

PAGE = 20
SHARED_TO = 10  # cases to choose from

# The tag of each outcome: class and icon of the style sheet, and what it means for the shopper.
OUTCOMES: dict[str, tuple[str, str, Text]] = {
    Outcome.WAITING: ("waiting", "clock", gettext_lazy("刚收到，正在读，通常几秒钟。")),
    Outcome.FILED: ("done", "check", gettext_lazy("看懂了，记进了案件的经过。")),
    Outcome.REVIEW: ("info", "info", gettext_lazy("机器拿不准，你或志愿者看一眼；在此之前什么都不会变。")),
    Outcome.HELD: (
        "neutral",
        "lock",
        gettext_lazy("验证码、转发确认，或寄到旧地址的信：扣下不显示内容。"),
    ),
    Outcome.QUARANTINED: ("overdue", "alert", gettext_lazy("读了三次都没能读完；原件完整保存，可以下载。")),
    Outcome.DUPLICATE: ("neutral", "minus", gettext_lazy("同一封通知以前收到过，不重复计入。")),
    Outcome.IGNORED: ("neutral", "minus", gettext_lazy("广告、物流之类，与投诉无关；保留30天，弄错了可以找回。")),
}

# Why something that was handed in could not be kept; the form stays as it was filled in.
NOT_KEPT: dict[type[NotKept], Text] = {
    UnknownAddress: gettext_lazy("你还没有收件地址，请先到“开始”页领一个，再交一次。"),
    TooLarge: gettext_lazy("太大了：一封最多25 MB。"),
    OverLimit: gettext_lazy("这一小时或这一天收到的信太多了，请晚些再交；内容没有丢，还在下面。"),
    DiskFull: gettext_lazy("服务器的空间暂时不够，没有收下；请晚些再交。"),
}

# Why nothing of a zip was taken.
NOT_TAKEN: dict[Became, Text] = {
    Became.UNREADABLE: gettext_lazy("打不开，一封也没有收：可能有密码、坏了，或者里面太多太大。请解压以后再交。"),
    Became.EMPTY: gettext_lazy("里面没有邮件（.eml、.msg）或文字（.txt）。"),
}
# What became of what was taken, or left: class, icon, words.
BECAME: dict[Became, tuple[str, str, Text]] = {
    Became.NEW: ("done", "check", gettext_lazy("收下了")),
    Became.REPEAT: ("neutral", "minus", gettext_lazy("以前交过，没有重复计入")),
    Became.LEFT: ("neutral", "minus", gettext_lazy("不是邮件，没有收")),
}

# No script, no picture, no request, no way out of the frame: a notice may be a trap.
NOTICE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


# -- handing in ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: SignedIn) -> HttpResponse:
    """Paste a text, or upload mails; then on to what becomes of it."""
    form = HandInForm(request.POST, request.FILES) if request.method == "POST" else HandInForm()
    handed: list[Handed] = []
    if form.is_bound and form.is_valid():
        handed = keep(request, form)
        if not form.errors and len(handed) == 1:
            if handed[0].became is Became.REPEAT:
                messages.info(request, _("这一封以前交过，没有重复计入。"))
            return go(request, detail(handed[0].public_id))
    status = 422 if form.errors else 200
    return render_page(
        request,
        "complaints/hand_in.html",
        {
            # What was kept is not offered once more.
            "form": form if form.errors or not handed else HandInForm(),
            "handed": [(one, BECAME[one.became]) for one in handed if one.became in BECAME],
            "shared_to": shared_to(request),
        },
        part="complaints/_hand_in_form.html",
        status=status,
    )


def shared_to(request: SignedIn) -> list[tuple[str, str]] | None:
    """When something was shared with us, the cases that a picture may go to: (public id, heading), newest first."""
    if "shared" not in request.GET:
        return None
    cases = Case.objects.editable_by(request.user).select_related("shop").order_by("-updated_at", "-pk")
    return [(case.public_id, words.heading(case)) for case in cases[:SHARED_TO]]


@require_safe
def hand_in_share(request: SignedIn) -> HttpResponse:
    """Where other apps share to: the service worker keeps what they send for the page; nothing is taken here."""
    return go(request, "complaints:hand_in")


def detail(public_id: str) -> IncomingMail:
    """Where the page of that mail is, without asking for its row."""
    return IncomingMail(public_id=public_id)


def keep(request: SignedIn, form: HandInForm) -> list[Handed]:
    """Keep everything in `form` and ring for it; what could not be kept becomes an error of the form as well.

    returns  what became of the text and of each file, those in a zip one by one
    """
    envelope = Envelope(mail_from="", recipients=(), peer="", owner_id=request.user.pk)
    # Browsers send line ends as CRLF: the same text as a file is the same notice.
    text = form.cleaned_data["text"].replace("\r\n", "\n").encode("utf-8", "replace")
    handed = list(hand_over([(_("粘贴的文字"), text)] if text else [], envelope, Door.PASTE))
    for one in handed:
        if one.why:
            form.add_error("text", str(NOT_KEPT[one.why]))
    for file in form.good_files():  # one in memory at a time
        name, raw = file.name or "", file.read()
        is_shot = screenshots.is_picture(raw)
        for one in hand_over([(name, raw)], envelope, Door.SCREENSHOT if is_shot else Door.UPLOAD):
            handed.append(one)
            if sentence := NOT_KEPT[one.why] if one.why else NOT_TAKEN.get(one.became):
                form.add_error("files", _("“%(name)s”：%(why)s") % {"name": one.name, "why": sentence})
            if is_shot and one.is_kept and screenshots.keep_picture(request.user, name, raw) is None:
                messages.info(request, _("“%(name)s”收下了，但没有预览。") % {"name": name})
    return handed


# -- the list --------------------------------------------------------------------------------------------


@require_safe
def mail_list(request: SignedIn) -> HttpResponse:
    """来信: what became of each, newest first, a page of them after `before`."""
    return render_page(request, "complaints/mail_list.html", list_context(request), part="complaints/_mail_rows.html")


@require_safe
def mail_list_part(request: SignedIn) -> HttpResponse:
    """The rows of the list; 204 while they are what the page has seen."""
    context = list_context(request)
    if request.GET.get("seen") == context["version"]:
        return HttpResponse(status=204)
    return render_page(request, "complaints/_mail_rows.html", context)


def own(request: SignedIn) -> IncomingMailQuerySet:
    """The shopper's own mails. A volunteer's claims are seen in the tray, masked, not here."""
    return IncomingMail.objects.visible_to(request.user).filter(owner=request.user)


def list_context(request: SignedIn) -> dict[str, Any]:
    before = request.GET.get("before", "")
    told = Notice.objects.select_related("case__shop").only(
        "mail_id", "kind", "how", "position", "case__public_id", "case__title", "case__reason",
        "case__order_no", "case__case_no", "case__shop__name",
    ).order_by("position")  # fmt: skip
    found = list(after(own(request), before).prefetch_related(Prefetch("notices", told))[: PAGE + 1])
    confirmed = confirmed_by(request.user)
    rows = [row_of(mail, list(mail.notices.all()), confirmed) for mail in found[:PAGE]]
    return {
        "rows": rows,
        "before": before,
        "older": query(before=cursor(found[PAGE - 1])) if len(found) > PAGE else "",
        "poll": query(before=before) if before else "",
        "version": rows_version(found),
        "is_waiting": any(mail.is_waiting for mail in found),
        "meanings": [(Outcome(key).label, *row) for key, row in OUTCOMES.items()],
    }


def cursor(mail: IncomingMail) -> str:
    """Where the next page begins: the moment it came and the public id of the last row."""
    return f"{(mail.received_at - EPOCH) // timedelta(microseconds=1)}-{mail.public_id}"


def after(mails: IncomingMailQuerySet, before: str) -> QuerySet[IncomingMail]:
    """`mails` newest first, from the one after the cursor; a cursor that is none is left aside."""
    ordered = mails.order_by("-received_at", "-pk")
    micros, _dash, public_id = before.partition("-")
    if not micros.isascii() or not micros.isdecimal() or len(micros) > 17:
        return ordered
    moment = EPOCH + timedelta(microseconds=int(micros))
    place = IncomingMail.objects.filter(public_id=public_id).values("pk")[:1]
    return ordered.filter(received_at__lte=moment).filter(Q(received_at__lt=moment) | Q(pk__lt=place))


def rows_version(mails: list[IncomingMail]) -> str:
    """What polling compares: changes when a mail of the page comes, or ends differently."""
    said = "".join(f"{mail.public_id}{mail.outcome}{mail.reason}{mail.repeats}" for mail in mails)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def confirmed_by(user: User) -> set[str]:
    return set(user.confirmed_mailboxes.values_list("email", flat=True))


def row_of(mail: IncomingMail, notices: Collection[Notice], confirmed: Collection[str]) -> dict[str, Any]:
    """One row: a held mail shows neither who wrote nor what about."""
    is_held = mail.outcome == Outcome.HELD
    tag, icon, _meaning = OUTCOMES[mail.outcome]
    kinds = [] if is_held else [words.KINDS.get(notice.kind, notice.kind) for notice in notices]
    cases = {notice.case.public_id: notice.case for notice in notices if notice.case}
    return {
        "mail": mail,
        "tag": tag,
        "icon": icon,
        "subject": "" if is_held else mail.subject,
        # A pasted text has no subject: then it is called by what it was.
        "title": _("内容不显示")
        if is_held
        else mail.subject
        or next(iter(kinds), mail.get_door_display() if mail.door == Door.SCREENSHOT else _("（没有主题）")),
        "sender": "" if is_held else mail.sender,
        "reason": words.REASONS.get(mail.reason, ""),
        "asks": forwarding.asked_mailbox(mail, [notice.how for notice in notices], confirmed),
        "kinds": [kind for kind in kinds if kind is not words.KINDS[Kind.UNKNOWN]],  # the reason says that
        "cases": [(case.get_absolute_url(), words.heading(case)) for case in cases.values()],
    }


# -- one mail --------------------------------------------------------------------------------------------


@require_safe
def mail_detail(request: SignedIn, public_id: str) -> HttpResponse:
    """What it was, why, and what became of it. With `seen` only the live part, 204 while it is the same."""
    mail = get_object_or_404(own(request).select_related("owner"), public_id=public_id)
    if "seen" in request.GET and request.GET["seen"] == rows_version([mail]):
        return HttpResponse(status=204)
    page = "complaints/_mail_live.html" if "seen" in request.GET else "complaints/mail_detail.html"
    return render_page(request, page, mail_context(mail), part="complaints/_mail_live.html")


def mail_context(
    mail: IncomingMail, form: DecideForm | None = None, picture_form: PictureForm | None = None
) -> dict[str, Any]:
    """What the page of `mail` shows; of a held mail nothing that was inside."""
    is_held = mail.outcome == Outcome.HELD
    notices = [] if is_held else list(mail.notices.select_related("case__shop").defer("safe_html").order_by("position"))
    acts = [] if is_held else settle.proposals(mail)
    cases = {case.pk: case for case in [*(n.case for n in notices), *(act.case for act in acts)] if case}
    may_decide = mail.outcome == Outcome.REVIEW
    is_screenshot = screenshots.is_screenshot(mail, notices)
    return {
        "is_screenshot": is_screenshot,
        **(picturing.picture_context(mail, notices, picture_form) if is_screenshot else {}),
        "row": row_of(mail, notices, confirmed_by(mail.owner)),
        "mail": mail,
        "is_held": is_held,
        "has_raw": not is_held and (not mail.is_waiting or mail.door in OWN_HAND),
        "has_files": any(notice.reading.get("files") for notice in notices),
        "version": rows_version([mail]),
        "notices": [notice_shown(notice) for notice in notices],
        "is_several": len(notices) > 1,
        "cases": [(case.get_absolute_url(), words.heading(case)) for case in cases.values()],
        "looks": [
            (look, words.REASONS.get(look.why) or words.UNMASKING.get(look.why, look.why))
            for look in mail.looks.order_by("-at", "-pk")
        ],
        "volunteers_notes": mail.notes.order_by("at", "pk"),
        "proposals": [proposal_shown(act) for act in acts] if may_decide else [],
        "form": form or (DecideForm(mail=mail, initial=first_guess(notices, acts)) if may_decide and notices else None),
        "may_decide": may_decide,
        "by_person": mail.reason.endswith(("_by_owner", "_by_volunteer")),
        "may_reopen": settle.may_reopen(mail, mail.owner),
    }


@require_POST
def mail_mailbox(request: SignedIn, public_id: str) -> HttpResponse:
    """“这是你吗？” Yes: a code goes to the mailbox that this mail came from; only who reads it there can confirm it."""
    mail = get_object_or_404(own(request).select_related("owner"), public_id=public_id)
    mailbox = mail_context(mail)["row"]["asks"]
    if not mailbox:
        messages.info(request, _("这个邮箱不用再确认了。"))
        return go(request, mail)
    form = AddEmail(data={"email": mailbox}, user=request.user)
    if not form.is_valid():
        messages.warning(request, " ".join(form.errors["email"]))
        return go(request, mail)
    if not forwarding.may_write_to(request.user, mailbox, timezone.now()):
        messages.warning(request, _("往这个邮箱寄得太勤了，请过一小时再试。"))
        return go(request, mail)
    form.save(request)
    return go(request, f"{reverse('account_email_verification_sent')}?{urlencode({'next': mail.get_absolute_url()})}")


def notice_shown(notice: Notice) -> dict[str, Any]:
    """What was inside, and by which words it was read so."""
    read = notice.reading
    return {
        "notice": notice,
        "kind": words.KINDS.get(notice.kind, notice.kind),
        "badge_class": {"A": "good", "B": "good", "E": "doubt"}.get(notice.provenance, ""),
        "badge_words": words.PROVENANCE.get(notice.provenance, ""),
        "because": story.found_in(read["because"]),
        "outcome": words.OUTCOMES.get(read["outcome"] or "", ""),
        # Of several notices, what became of this one.
        "ending": OUTCOMES[notice.outcome] if notice.outcome else None,
        "reason": words.REASONS.get(notice.reason, ""),
        "heading": words.heading(notice.case) if notice.case else "",
        "is_suspicious": notice.trust != "ok",
    }


def proposal_shown(act: Event) -> dict[str, Any]:
    """An act that this mail proposes, and for which case."""
    return {
        "act": f"{words.PARTIES[act.by]}{_('：') if act.by else ''}{story.title_of(act.told())}",
        "case": act.case,
        "heading": words.heading(act.case),
    }


def first_guess(notices: list[Notice], acts: list[Event]) -> dict[str, str]:
    """What the form has chosen already: the machine's reading, the proposed case, else a new one."""
    kinds = {kind.value for kind in settle.kinds_to_choose()}
    notices = [notice for notice in notices if notice.outcome in ("", Outcome.REVIEW)]
    cases = [case.public_id for case in [*(act.case for act in acts), *(n.case for n in notices)] if case]
    return {
        "notice": notices[0].public_id if notices else "",
        "kind": notices[0].kind if notices and notices[0].kind in kinds else "",
        "case": cases[0] if cases else "",
    }


@require_POST
def mail_decide(request: SignedIn, public_id: str) -> HttpResponse:
    """What the owner says about a mail that waits for a person, or takes back."""
    mail = get_object_or_404(own(request).select_related("owner"), public_id=public_id)
    form = DecideForm(request.POST, mail=mail)
    if not form.is_valid():
        return render_page(
            request,
            "complaints/mail_detail.html",
            mail_context(mail, form),
            part="complaints/_mail_live.html",
            status=422,
        )
    try:
        done, to = decide(mail, request, form)
    except settle.NotWaiting:
        messages.warning(request, _("这封信刚才已经处理过了，请看现在的结果。"))
        return go(request, mail)
    messages.success(request, done)
    return go(request, to)


def decide(mail: IncomingMail, request: SignedIn, form: DecideForm) -> tuple[str, Case | IncomingMail]:
    """Do what the form says; what was done, and where to look. Raises settle.NotWaiting."""
    match form.cleaned_data["decision"]:
        case DecideForm.CONFIRM:
            cases = settle.confirm_proposals(mail, request.user)
            return _("已确认，算进进度了。"), cases[0] if len(set(cases)) == 1 else mail
        case DecideForm.FILE:
            return _("已归入案件。"), settle.file_by_hand(
                mail, request.user, form.chosen_kind, form.chosen_case, form.chosen_notice
            )
        case DecideForm.REJECT:
            settle.reject(mail, request.user, form.chosen_notice)
            return _("已标为与投诉无关；弄错了可以撤销。"), mail
        case _:
            settle.reopen(mail, request.user)
            screenshots.take_out(mail, timezone.now())
            return _("已撤销，重新等你确认。"), mail


# -- the original ------------------------------------------------------------------------------------------


def raw_kind(mail: IncomingMail, content: bytes) -> tuple[str, str]:
    """Type and ending under which the bytes of `mail` are saved."""
    if mail.door == IncomingMail.Door.PASTE:
        return "text/plain; charset=utf-8", "txt"
    if content.startswith(OLE):
        return "application/vnd.ms-outlook", "msg"
    if picture := picture_type(content):
        return "application/octet-stream", "jpg" if picture == "image/jpeg" else picture.partition("/")[2]
    return ("application/zip", "zip") if content.startswith(ZIP) else ("message/rfc822", "eml")


@require_safe
def mail_raw(request: SignedIn, public_id: str) -> HttpResponse:
    """The bytes as they came, to save and never to show.

    Held mails are kept unseen, and so is one that nobody has read yet: it may have to be held.
    """
    unread = Q(outcome=Outcome.WAITING) & ~Q(door__in=OWN_HAND)
    mail = get_object_or_404(own(request).exclude(unread | Q(outcome=Outcome.HELD)), public_id=public_id)
    raw = get_object_or_404(RawMail.objects.select_related("file"), mail=mail)
    content = bytes_of(raw)
    content_type, ending = raw_kind(mail, content)
    response = HttpResponse(content, content_type=content_type)
    name = f"suji-{mail.public_id}.{ending}"  # ASCII: needs no second form of RFC 6266
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def notice_html(request: SignedIn, public_id: str, notice_id: str) -> HttpResponse:
    """What a notice looked like, cleaned, as a page of its own for the sandboxed frame."""
    mail = get_object_or_404(own(request).exclude(outcome=Outcome.HELD), public_id=public_id)
    notice = get_object_or_404(mail.notices, public_id=notice_id)
    if not notice.safe_html and not notice.body:
        raise Http404
    response = render(request, "complaints/notice_html.html", {"notice": notice})
    response["Content-Security-Policy"] = NOTICE_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
