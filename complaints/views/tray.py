"""The tray of the volunteers: what waits, one mail under a lease, masked, and what they decide about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from accounts.templatetags.looks import in_its_language
from complaints import gate, words, workflow
from complaints import tray as activity
from complaints.intake import settle
from complaints.masking import marked, mask, mask_number
from complaints.models import Case, Event, IncomingMail, Notice
from complaints.models.mail import Outcome
from complaints.stages import Kind, Type
from complaints.words import Text

PAGE = 20
LONGEST = 12_000  # signs of a notice that are shown: what decides stands at its beginning

# Why it lies here, said to a volunteer; what is not here is said as to the owner (words.REASONS).
DOUBTS: dict[str, Text] = {
    "unverified_route": gettext_lazy("寄信的邮箱没有确认是买家本人的，所以机器只作提议。"),
    "unsure": gettext_lazy("机器没有十足把握。"),
    "suspicious": gettext_lazy("有可疑之处，机器没有改变任何进度。"),
    "phishing": gettext_lazy("很像诈骗信，机器没有改变任何进度。"),
    "several_cases": gettext_lazy("有不止一个案件对得上。"),
    "shop_only": gettext_lazy("只有店铺名对得上。"),
    "no_number": gettext_lazy("信里没有编号，不知道属于哪个案件。"),
    "odd": gettext_lazy("这一步和案件目前的进度对不上。"),
    "user_message": gettext_lazy("像是买家自己写的话，没有看到通知。"),
    "unknown": gettext_lazy("看不出是什么通知。"),
    "merchant_plea": gettext_lazy("商家私下提出条件（如改好评、撤诉返现）：由买家自己决定。"),
    "reopened": gettext_lazy("处理被撤销，重新等人看。"),
}
NOT_FOR_VOLUNTEERS = gettext_lazy(
    "这是不利于买家、或没有写明结果的判决，只能由买家本人确认。它留在这里等本人，没有任何改变。"
)
TAKEN = gettext_lazy("这封信别人正在看，或者已经处理完了。")
ENOUGH = gettext_lazy("这一小时认领的已经够多了，休息一会儿再来。")
RAN_OUT = gettext_lazy("认领已过期，刚才的决定没有生效。请重新认领。")

FIELDS: dict[str, Text] = {
    "order_no": gettext_lazy("订单编号"),
    "case_no": gettext_lazy("案件编号"),
    "shop": gettext_lazy("店铺"),
    "amount": gettext_lazy("金额"),
    "tracking_no": gettext_lazy("运单号"),
}


class FileForm(forms.Form):
    """Which case it belongs to, and what kind of notice it is."""

    NEW = "new"

    case = forms.ChoiceField(label=gettext_lazy("归入哪个案件？"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=gettext_lazy("这是什么通知？"))

    def __init__(self, *args: Any, mail: IncomingMail, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cases = {case.public_id: case for case in settle.candidates(mail)}
        self.fields["case"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *((key, in_its_language(summary(case))) for key, case in self.cases.items()),
            (self.NEW, _("新建一个案件")),
        ]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("请选择")),
            *((kind.value, words.KINDS[kind]) for kind in settle.kinds_to_choose()),
        ]


def summary(case: Case) -> str:
    """A case as a volunteer may know it: shop, reason, where it stands, the end of its number; never its title."""
    number = case.order_no or case.case_no
    about = [
        case.shop.name if case.shop else "",
        str(words.COMPLAINT_REASONS.get(case.reason, "")),
        str(words.STAGES[case.stage]) if case.stage else _("还没有进度"),
        _("编号%(number)s") % {"number": mask_number(number)} if number else "",
    ]
    return " · ".join(part for part in about if part)


def doubt(reason: str) -> Text:
    return DOUBTS.get(reason) or words.REASONS.get(reason, "")


# -- the list ------------------------------------------------------------------------------------------------


@require_safe
def tray(request: SignedIn) -> HttpResponse:
    """What waits for a person, the longest waiting first, a page of it after `after`."""
    if not gate.may_work_tray(request.user):
        raise Http404
    now = timezone.now()
    first = Notice.objects.filter(position=0).defer("body", "note", "safe_html", "reading")
    mails = after(activity.waiting_for(request.user), request.GET.get("after", "")).select_related("claim")
    shown = mails.prefetch_related(
        Prefetch("notices", first.annotate(shop_said=KT("reading__fields__shop")), to_attr="first_notices")
    )
    found = list(shown[: PAGE + 1])
    context = {
        "rows": [row_of(mail, request, now) for mail in found[:PAGE]],
        "older": cursor(found[PAGE - 1]) if len(found) > PAGE else "",
        "is_first": "after" not in request.GET,
        "undo": undoable(request, now),
        "now": now,
    }
    return render_page(request, "complaints/tray.html", context, part="complaints/_tray_rows.html")


def cursor(mail: IncomingMail) -> str:
    return f"{mail.received_at.isoformat()}_{mail.pk}"


def after(mails: Any, place: str) -> Any:
    """`mails` from the one after the cursor; a cursor that is none is left aside."""
    moment, _sign, pk = place.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return mails
    if not pk.isascii() or not pk.isdecimal() or len(pk) > 18 or timezone.is_naive(at):
        return mails
    return mails.filter(received_at__gte=at).exclude(received_at=at, pk__lte=int(pk))


def row_of(mail: Any, request: SignedIn, now: datetime) -> dict[str, Any]:
    """One card: what it may be, why it lies here, how long, and who has it. Nothing says whose it is."""
    notice = mail.first_notices[0] if mail.first_notices else None
    claim = getattr(mail, "claim", None)
    holder, until = (claim.volunteer_id, claim.until) if claim and claim.until > now else (None, None)
    return {
        "mail": mail,
        "kind": words.KINDS.get(notice.kind, "") if notice else "",
        # SQLite gives a JSON null out as the word.
        "shop": mask(notice.shop_said) if notice and notice.shop_said not in (None, "", "null") else "",
        "doubt": doubt(mail.reason),
        "is_phishing": bool(notice and notice.trust == "phishing" and notice.kind != Kind.PHISHING),
        "is_mine": holder == request.user.pk,
        "is_taken": holder not in (None, request.user.pk),
        "until": until,
    }


def undoable(request: SignedIn, now: datetime) -> IncomingMail | None:
    """The mail that `done` names, when its last decision can still be taken back."""
    if "done" not in request.GET:
        return None
    mail = activity.held_by(request.user, now).filter(public_id=request.GET["done"]).first()
    return mail if mail and activity.may_undo(mail, request.user) else None


# -- one mail ------------------------------------------------------------------------------------------------


def claimed(request: SignedIn, public_id: str, now: datetime) -> IncomingMail:
    """The mail under the person's own live claim; else 404, as if it were not there."""
    held = activity.held_by(request.user, now).select_related("owner", "claim")
    return get_object_or_404(held, public_id=public_id)


@require_safe
def tray_item(request: SignedIn, public_id: str) -> HttpResponse:
    """One mail, masked, with what the machine thinks and why it doubts."""
    now = timezone.now()
    mail = claimed(request, public_id, now)
    if mail.outcome != Outcome.REVIEW:
        return go(request, done(mail))
    activity.read(mail, request.user, now)
    return item_page(request, mail)


def item_page(
    request: SignedIn, mail: IncomingMail, form: FileForm | None = None, error: Text = "", status: int = 200
) -> HttpResponse:
    known = [mail.owner.email, *mail.owner.confirmed_mailboxes.values_list("email", flat=True)]
    notices = list(mail.notices.defer("note", "safe_html").order_by("position"))
    acts = settle.answerable(mail, request.user)
    context = {
        "mail": mail,
        "doubt": doubt(mail.reason),
        "notices": [notice_shown(notice, known) for notice in notices],
        "proposals": [proposal_shown(act) for act in acts],
        "is_against": any(workflow.goes_against_owner(act) for act in acts),
        "is_phishing": any(n.trust == "phishing" or n.kind == Kind.PHISHING for n in notices),
        "is_suspicious": any(n.trust == "suspicious" for n in notices),
        "form": form or FileForm(mail=mail, initial=first_guess(notices, acts)),
        "error": error,
        "until": mail.claim.until,
        "now": timezone.now(),
    }
    return render_page(
        request, "complaints/tray_item.html", context, part="complaints/_tray_decide.html", status=status
    )


def notice_shown(notice: Notice, known: list[str]) -> dict[str, Any]:
    """What was inside, masked, with the words marked that the reading rests on."""
    read = notice.reading
    found = [(one["of"], one["words"], one["where"]) for one in read["because"]]
    body = notice.body[:LONGEST]
    fields = read["fields"]
    numbers = {"order_no", "case_no", "tracking_no"}
    return {
        "kind": words.KINDS.get(notice.kind, notice.kind),
        "percent": round(notice.confidence * 100),
        "subject": marked(notice.subject, [said for _of, said, where in found if where == "subject"], known),
        "body": marked(body, [said for _of, said, where in found if where == "body"], known),
        "is_cut": len(notice.body) > LONGEST,
        "because": [mask(said, known) for _of, said, where in found if where not in ("subject", "body")],
        "sender": mask(notice.from_address, known),
        "outcome": words.OUTCOMES.get(read["outcome"] or "", ""),
        "deadline": datetime.fromisoformat(fields["deadline"]) if fields["deadline"] else None,
        "deadline_for": words.PARTIES.get(fields["deadline_for"] or "", ""),
        "facts": [
            (label, mask_number(fields[key]) if key in numbers else mask(fields[key], known))
            for key, label in FIELDS.items()
            if fields.get(key)
        ],
        "language": read["language"],
        "at": notice.dated_at,
    }


def proposal_shown(act: Event) -> dict[str, Any]:
    return {
        "act": words.ACTS[act.act],
        "by": words.PARTIES[act.by],
        "outcome": words.OUTCOMES.get(act.payload.get("outcome") or "", ""),
        "case": summary(act.case),
    }


def first_guess(notices: list[Notice], acts: list[Event]) -> dict[str, str]:
    """What the form has chosen already: the machine's reading and the case it proposed."""
    kinds = {kind.value for kind in settle.kinds_to_choose()}
    kind = notices[0].kind if notices and notices[0].kind in kinds else ""
    return {"kind": kind, "case": next((act.case.public_id for act in acts if act.type == Type.ACT), "")}


# -- claiming and giving back ----------------------------------------------------------------------------------


@require_POST
def tray_claim(request: SignedIn, public_id: str) -> HttpResponse:
    """Take a mail for ten minutes. Nobody else can have it meanwhile."""
    mail = get_object_or_404(activity.waiting_for(request.user), public_id=public_id)
    try:
        is_mine = activity.claim(mail, request.user, timezone.now())
    except activity.Enough:
        messages.warning(request, ENOUGH)
        return go(request, "complaints:tray")
    if not is_mine:
        messages.warning(request, TAKEN)
        return go(request, "complaints:tray")
    return go(request, reverse("complaints:tray_item", args=[public_id]))


@require_POST
def tray_release(request: SignedIn, public_id: str) -> HttpResponse:
    """Give it back; with `skip` take the next one instead."""
    now = timezone.now()
    mail = claimed(request, public_id, now)
    following, why = None, _("后面没有空着的了。")
    if "skip" in request.POST:
        try:
            following = activity.claim_next(request.user, now, after=mail)
        except activity.Enough:
            why = str(ENOUGH)
    activity.release(mail, request.user)
    if following:
        return go(request, reverse("complaints:tray_item", args=[following.public_id]))
    if "skip" in request.POST:
        messages.info(request, why)
    return go(request, "complaints:tray")


# -- deciding ----------------------------------------------------------------------------------------------------


def done(mail: IncomingMail) -> str:
    """The next page after a decision: the list, with its undo on top."""
    return f"{reverse('complaints:tray')}?done={mail.public_id}"


@require_POST
def tray_decide(request: SignedIn, public_id: str) -> HttpResponse:
    """Confirm what is proposed, file it by hand, or reject it."""
    now = timezone.now()
    mail = claimed(request, public_id, now)
    decision = request.POST.get("decision", "")
    form = FileForm(request.POST, mail=mail) if decision == "file" else None
    if form and not form.is_valid():
        return item_page(request, mail, form, status=422)
    try:
        said = decide(request, mail, decision, form, now)
    except workflow.NotForVolunteers:
        return item_page(request, mail, form, NOT_FOR_VOLUNTEERS, status=422)
    except settle.NotWaiting:
        messages.warning(request, _("这封信刚才已经处理过了。"))
        return go(request, "complaints:tray")
    except activity.NotYours:
        messages.warning(request, RAN_OUT)
        return go(request, "complaints:tray")
    if not said:
        return item_page(request, mail, error=_("请选择一种处理。"), status=422)
    messages.success(request, said)
    return go(request, done(mail))


def decide(request: SignedIn, mail: IncomingMail, decision: str, form: FileForm | None, now: datetime) -> str:
    """Do it; what was done, "" when `decision` is none of ours. Raises as the activity."""
    match decision:
        case "confirm" if settle.answerable(mail, request.user):
            activity.confirm(mail, request.user, now)
            return _("已确认，算进进度了。")
        case "file" if form:
            kind, case = Kind(form.cleaned_data["kind"]), form.cases.get(form.cleaned_data["case"])
            activity.file(mail, request.user, kind, case, now)
            return _("已归入案件。")
        case "reject":
            activity.reject(mail, request.user, now)
            return _("已标为与投诉无关。")
        case _:
            return ""


@require_POST
def tray_undo(request: SignedIn, public_id: str) -> HttpResponse:
    """Take back one's own last decision; the mail waits again, under the same claim."""
    now = timezone.now()
    mail = claimed(request, public_id, now)
    if mail.outcome == Outcome.REVIEW and mail.reason != "reopened":
        raise Http404  # nothing was decided
    if mail.outcome != Outcome.REVIEW:
        try:
            activity.undo(mail, request.user, now)
        except (activity.NotYours, settle.NotWaiting):
            messages.warning(request, _("现在不能撤销了：买家本人或别的志愿者已经处理。"))
            return go(request, "complaints:tray")
        messages.info(request, _("已撤销，这封信重新等人看。"))
    return go(request, reverse("complaints:tray_item", args=[public_id]))
