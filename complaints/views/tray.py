"""The tray of the volunteers: what waits, one mail under a lease, masked, and what they decide about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from accounts.templatetags.looks import in_its_language
from complaints import calibration, gate, review, words, workflow
from complaints import tray as activity
from complaints.intake import settle
from complaints.intake.shapes import THRESHOLD
from complaints.masking import Eyes, mask, mask_number
from complaints.models import CalibrationTurn, Case, Decision, Event, IncomingMail, Notice
from complaints.models.mail import Outcome
from complaints.stages import KINDS, End, Kind, Type
from complaints.words import Text

PAGE = 20
MANY = 99  # as far as we count
LONGEST = 12_000  # signs of a notice that are shown: what decides stands at its beginning

# Why it lies here, said to a volunteer; what is not here is said as to the owner (words.REASONS).
DOUBTS: dict[str, Text] = {
    "unverified_route": gettext_lazy("寄信的邮箱没有确认是买家本人的，所以机器只作提议。"),
    "unproven_route": gettext_lazy("写着是买家的邮箱，但没有签名能证明，所以机器只作提议。"),
    "signature_pending": gettext_lazy("信上的签名暂时没能核对，所以机器只作提议。"),
    "read_anew": gettext_lazy("用新版重新读过，和以前看的不一样，这一步先撤下了。"),
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
    "second_reader": gettext_lazy("关系到结果，要两个人看法一样才算数：已有一位看过，请你独立判断。"),
}
# What made the reading less sure (IncomingMail.warnings), where that may matter to who looks at it.
WARNINGS: dict[str, Text] = {
    "charset_guessed": gettext_lazy("信里没有说明文字编码，个别字可能认错。"),
    "damaged_text": gettext_lazy("有些字坏了，显示成“�”。"),
    "html_cut": gettext_lazy("信太长，后面一部分没有读。"),
    "deadline_without_base": gettext_lazy("写了多少天内，没写从哪天算起，所以没有算出日期。"),
    "several_orders": gettext_lazy("一封信里说了好几个订单。"),
    "signature_not_checked": gettext_lazy("信带着签名，还没有核对过。"),
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

    def __init__(self, *args: Any, cases: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["case"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *((key, in_its_language(said)) for key, said in cases.items()),
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


class UnmaskForm(forms.Form):
    """Why somebody needs to read what is masked; the owner sees it."""

    why = forms.ChoiceField(
        label=gettext_lazy("为什么要看？"), widget=forms.RadioSelect, choices=list(words.UNMASKING.items())
    )
    said = forms.CharField(label=gettext_lazy("补充说明"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("why") == "other" and not said.get("said", "").strip():
            self.add_error("said", _("请写一句为什么要看。"))
        return said


class NoteForm(forms.Form):
    """A word for the next reader and for the owner."""

    text = forms.CharField(
        label=gettext_lazy("给下一位志愿者和买家留一句话"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def doubt(reason: str) -> Text:
    return DOUBTS.get(reason) or words.REASONS.get(reason, "")


def doubts(mail: IncomingMail, notices: list[Notice]) -> list[Text]:
    """Why it lies here, in sentences: the reason first, then what made the reading less sure."""
    said = [doubt(mail.reason)]
    unsure = next((notice for notice in notices if notice.confidence < THRESHOLD), None)
    if unsure and mail.reason in ("unsure", "reopened", activity.SECOND_READER):
        said.append(
            _("机器觉得像“%(kind)s”，把握%(sure)d%%；到%(needed)d%%才会自己推进。")
            % {
                "kind": words.KINDS.get(unsure.kind, unsure.kind),
                "sure": round(unsure.confidence * 100),
                "needed": round(THRESHOLD * 100),
            }
        )
    return [*said, *(WARNINGS[warning] for warning in mail.warnings if warning in WARNINGS)]


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
        "reviews_waiting": review.waiting_for(request.user, now).order_by()[:MANY].count(),
        "keys_are_on": keys_are_on(request),
        "now": now,
    }
    return render_page(request, "complaints/tray.html", context, part="complaints/_tray_rows.html")


def keys_are_on(request: SignedIn) -> bool:
    """Whether this browser uses the keys of the tray (WCAG 2.1.4: whoever switches them off is asked once)."""
    return request.COOKIES.get("keys") != "off"


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

Subject = IncomingMail | CalibrationTurn  # what lies on the desk; who reads it cannot tell the two apart


def claimed(request: SignedIn, public_id: str, now: datetime) -> IncomingMail:
    """The mail under the person's own live claim; else 404, as if it were not there."""
    held = activity.held_by(request.user, now).select_related("owner", "claim")
    return get_object_or_404(held, public_id=public_id)


def on_the_desk(request: SignedIn, public_id: str, now: datetime) -> Subject:
    """The mail, or the known notice, that the person has before them; else 404."""
    mail = activity.held_by(request.user, now).select_related("owner", "claim").filter(public_id=public_id).first()
    if mail:
        return mail
    turn = calibration.held_by(request.user, now, public_id)
    if turn is None:
        raise Http404
    return turn


@require_safe
def tray_item(request: SignedIn, public_id: str) -> HttpResponse:
    """One mail, masked, with what the machine thinks and why it doubts."""
    now = timezone.now()
    subject = on_the_desk(request, public_id, now)
    if isinstance(subject, IncomingMail) and (subject.outcome != Outcome.REVIEW or activity.has_said(subject)):
        return go(request, f"{reverse('complaints:tray')}?done={public_id}")
    return item_page(request, subject)


def item_page(
    request: SignedIn,
    subject: Subject,
    form: FileForm | None = None,
    error: Text = "",
    *,
    unmask_form: UnmaskForm | None = None,
    note_form: NoteForm | None = None,
) -> HttpResponse:
    """The page of what lies on the desk, a look that its owner can see; with a form that was not right, 422."""
    now = timezone.now()
    if isinstance(subject, IncomingMail):
        activity.read(subject, request.user, now)
    shown = mail_shown(request, subject, form) if isinstance(subject, IncomingMail) else turn_shown(subject, form)
    context = shown | {
        "error": error,
        "unmask_form": unmask_form or UnmaskForm(),
        "note_form": note_form or NoteForm(),
        "undo": undoable(request, now),
        "keys_are_on": keys_are_on(request),
        "now": now,
    }
    is_wrong = any(one and one.is_bound for one in (form, unmask_form, note_form)) or bool(error)
    part = "complaints/_tray_decide.html"
    return render_page(request, "complaints/tray_item.html", context, part=part, status=422 if is_wrong else 200)


def mail_shown(request: SignedIn, mail: IncomingMail, form: FileForm | None) -> dict[str, Any]:
    """What the page shows of a mail."""
    eyes = eyes_of(mail)
    notices = list(mail.notices.defer("note", "safe_html").order_by("position"))
    acts = settle.answerable(mail, request.user)
    is_told_twice = len(acts) > len({act.notice_id for act in acts})  # the machine's telling, and a reader's own
    is_against = any(workflow.goes_against_owner(act) for act in acts)
    may_confirm = bool(acts) and not is_against and not is_told_twice
    is_phishing = any(n.trust == "phishing" or n.kind == Kind.PHISHING for n in notices)
    is_suspicious = any(n.trust == "suspicious" for n in notices)
    may_be_fraud = is_phishing or is_suspicious
    return {
        "id": mail.public_id,
        "doubts": doubts(mail, notices),
        "notices": [notice_shown(notice, eyes) for notice in notices],
        "proposals": [proposal_shown(act) for act in acts],
        "may_confirm": may_confirm,
        "may_be_fraud": may_be_fraud,
        "files_first": not may_confirm and not may_be_fraud,
        "is_against": is_against,
        "needs_two": activity.tells_of_an_outcome(notices, acts),
        "is_phishing": is_phishing,
        "is_suspicious": is_suspicious,
        "form": form or FileForm(cases=choices(mail), initial=first_guess(notices, acts)),
        "until": mail.claim.until,
        "is_unmasked": mail.claim.unmasked_at is not None,
        "notes": [
            (one.at, one.by_id == request.user.pk, eyes.mask(one.text)) for one in mail.notes.order_by("at", "pk")
        ],
    }


def eyes_of(mail: IncomingMail) -> Eyes:
    """How the holder of the claim reads `mail`."""
    mailboxes = mail.owner.confirmed_mailboxes.values_list("email", flat=True)
    return Eyes((mail.owner.email, *mailboxes), open_to_reader=mail.claim.unmasked_at is not None)


def choices(mail: IncomingMail) -> dict[str, str]:
    """The cases that `mail` may be filed to, as a volunteer may know them, by their public ids."""
    return {case.public_id: summary(case) for case in settle.candidates(mail)}


def notice_shown(notice: Notice, eyes: Eyes) -> dict[str, Any]:
    """What was inside, masked, with the words marked that the reading rests on."""
    read = notice.reading
    found = [(one["words"], one["where"]) for one in read["because"]]
    body = notice.body[:LONGEST]
    fields = read["fields"]
    numbers = {"order_no", "case_no", "tracking_no"}
    return {
        "kind": words.KINDS.get(notice.kind, notice.kind),
        "percent": round(notice.confidence * 100),
        "subject": eyes.marked(notice.subject, [said for said, where in found if where == "subject"]),
        "body": eyes.marked(body, [said for said, where in found if where == "body"]),
        "is_cut": len(notice.body) > LONGEST,
        "because": [eyes.mask(said) for said, where in found if where not in ("subject", "body")],
        "sender": eyes.mask(notice.from_address),
        "outcome": words.OUTCOMES.get(read["outcome"] or "", ""),
        "deadline": datetime.fromisoformat(fields["deadline"]) if fields["deadline"] else None,
        "deadline_for": words.PARTIES.get(fields["deadline_for"] or "", ""),
        "facts": [
            (label, eyes.number(fields[key]) if key in numbers else eyes.mask(fields[key]))
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


def turn_shown(turn: CalibrationTurn, form: FileForm | None) -> dict[str, Any]:
    """What the page shows of a notice whose answer is known: what it would show of a mail."""
    item, row = turn.item, KINDS[Kind(turn.item.read_as)]
    eyes, case = Eyes(), turn_case(turn)
    proposes = row.end is End.FILED
    return {
        "id": turn.public_id,
        "doubts": [doubt("unsure")],
        "notices": [
            {
                "kind": words.KINDS[item.read_as],
                "percent": round(item.confidence * 100),
                "subject": eyes.marked(item.subject, [item.subject]),
                "body": eyes.marked(item.body, ()),
                "sender": eyes.mask(item.sender),
                "facts": [(FIELDS["shop"], item.shop)] if item.shop else [],
                "language": "zh-Hans",
            }
        ],
        "proposals": [
            {"act": words.ACTS[row.act or ""], "by": words.PARTIES[row.by or ""], "outcome": "", "case": case}
        ]
        * proposes,
        "may_confirm": proposes,
        "files_first": not proposes,
        "form": form
        or FileForm(
            cases={turn.public_id: case}, initial={"kind": item.read_as, "case": turn.public_id} if proposes else {}
        ),
        "until": turn.until,
        "notes": [],
    }


def turn_case(turn: CalibrationTurn) -> str:
    """The case that a known notice seems to belong to."""
    return " · ".join(part for part in (turn.item.shop, str(words.STAGES["filed"])) if part)


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
def tray_next(request: SignedIn) -> HttpResponse:
    """Take what waits longest."""
    if not gate.may_work_tray(request.user):
        raise Http404
    return next_page(request, timezone.now())


def next_page(request: SignedIn, now: datetime, done: str = "") -> HttpResponse:
    """On to the next one; to the list when nothing is free. `done` names what can still be undone from there."""
    undo = f"?done={done}" if done else ""
    try:
        turn = calibration.give(request.user, now) if activity.free_for(request.user, now).exists() else None
        following = turn or activity.claim_next(request.user, now)
    except activity.Enough:
        messages.warning(request, ENOUGH)
        return go(request, f"{reverse('complaints:tray')}{undo}")
    if following is None:
        return go(request, f"{reverse('complaints:tray')}{undo}")
    return go(request, f"{reverse('complaints:tray_item', args=[following.public_id])}{undo}")


@require_POST
def tray_renew(request: SignedIn, public_id: str) -> HttpResponse:
    """Ten minutes more for whoever is at it; a script asks by itself while somebody reads or types."""
    now = timezone.now()
    subject = on_the_desk(request, public_id, now)
    if isinstance(subject, CalibrationTurn):
        calibration.renew(subject, now)
    else:
        activity.renew(subject, request.user, now)
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"until": (now + activity.LEASE).isoformat()})
    return go(request, reverse("complaints:tray_item", args=[public_id]))


@require_POST
def tray_release(request: SignedIn, public_id: str) -> HttpResponse:
    """Give it back; with `skip` leave it to others and take the next one."""
    now = timezone.now()
    subject = on_the_desk(request, public_id, now)
    is_skip = "skip" in request.POST
    if isinstance(subject, IncomingMail):
        (activity.skip if is_skip else activity.release)(subject, request.user, now)
    else:
        calibration.put_back(subject, now)
    if not is_skip:
        return go(request, "complaints:tray")
    answer = next_page(request, now)
    if answer.url == reverse("complaints:tray"):  # type: ignore[attr-defined]  # `go` redirects
        messages.info(request, _("后面没有空着的了。"))
    return answer


# -- reading more, and saying something ------------------------------------------------------------------------


@require_POST
def tray_unmask(request: SignedIn, public_id: str) -> HttpResponse:
    """Show it without masks while the claim lives; the owner sees why."""
    now = timezone.now()
    subject = on_the_desk(request, public_id, now)
    form = UnmaskForm(request.POST)
    if not form.is_valid():
        return item_page(request, subject, unmask_form=form)
    if isinstance(subject, IncomingMail):
        activity.unmask(subject, request.user, form.cleaned_data["why"], form.cleaned_data["said"], now)
    else:
        messages.info(request, _("这里没有遮住别的内容。"))
    return go(request, reverse("complaints:tray_item", args=[public_id]))


@require_POST
def tray_note(request: SignedIn, public_id: str) -> HttpResponse:
    """Leave a word beside it."""
    now = timezone.now()
    subject = on_the_desk(request, public_id, now)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return item_page(request, subject, note_form=form)
    if isinstance(subject, IncomingMail):
        activity.note(subject, request.user, form.cleaned_data["text"], now)
        messages.success(request, _("留言已记下，买家和下一位志愿者看得到。"))
    else:
        messages.info(request, _("这是一道校准题，没有人会收到留言。"))
    return go(request, reverse("complaints:tray_item", args=[public_id]))


# -- deciding ----------------------------------------------------------------------------------------------------

SAID: dict[activity.Settled, Text] = {
    activity.Settled.SECOND: gettext_lazy("记下了。这封信关系到结果，要再有一位志愿者看法一样才算数。"),
    activity.Settled.SPLIT: gettext_lazy("记下了。你和另一位志愿者看法不同，留给买家本人决定。"),
}


@require_POST
def tray_decide(request: SignedIn, public_id: str) -> HttpResponse:
    """Confirm what is proposed, file it by hand, or reject it; then on to the next one."""
    now = timezone.now()
    subject = on_the_desk(request, public_id, now)
    decision = request.POST.get("decision", "")
    form = None
    if decision == "file":
        cases = choices(subject) if isinstance(subject, IncomingMail) else {public_id: turn_case(subject)}
        form = FileForm(request.POST, cases=cases)
        if not form.is_valid():
            return item_page(request, subject, form)
    if isinstance(subject, CalibrationTurn):
        return answer_known(request, subject, decision, form, now)
    try:
        said = decide(request, subject, decision, form, now)
    except workflow.NotForVolunteers:
        return item_page(request, subject, form, NOT_FOR_VOLUNTEERS)
    except (settle.NotWaiting, workflow.NeedsSecondReader):  # the owner answered meanwhile what the first reader said
        messages.warning(request, _("这封信刚才已经处理过了。"))
        return go(request, "complaints:tray")
    except activity.NotYours:
        messages.warning(request, RAN_OUT)
        return go(request, "complaints:tray")
    if not said:
        return item_page(request, subject, error=_("请选择一种处理。"))
    messages.success(request, str(said))
    return next_page(request, now, public_id)


def decide(request: SignedIn, mail: IncomingMail, decision: str, form: FileForm | None, now: datetime) -> Text:
    """Do it; what was done, "" when `decision` is none of ours. Raises as the activity."""
    match decision:
        case "confirm" if settle.answerable(mail, request.user):
            came, said = activity.confirm(mail, request.user, now), _("已确认，算进进度了。")
        case "file" if form:
            chosen = {case.public_id: case for case in settle.candidates(mail)}.get(form.cleaned_data["case"])
            came = activity.file(mail, request.user, Kind(form.cleaned_data["kind"]), chosen, now)
            said = _("已归入案件。")
        case "reject":
            came, said = activity.reject(mail, request.user, now), _("已标为与投诉无关。")
        case _:
            return ""
    return SAID.get(came, said)


def answer_known(
    request: SignedIn, turn: CalibrationTurn, decision: str, form: FileForm | None, now: datetime
) -> HttpResponse:
    """Keep what was said of a known notice, say that it was one and what is right, and go on."""
    item = turn.item
    match decision:
        case "confirm" if KINDS[Kind(item.read_as)].end is End.FILED:
            said, kind = Decision.FILE, item.read_as
        case "file" if form:
            said, kind = Decision.FILE, form.cleaned_data["kind"]
        case "reject":
            said, kind = Decision.REJECT, ""
        case _:
            return item_page(request, turn, error=_("请选择一种处理。"))
    if calibration.answer(turn, said, kind, now):
        messages.success(
            request, format_html(_("刚才那封是校准题，不是谁的来信。你看对了：{why}"), why=in_its_language(item.why))
        )
    else:
        right = words.KINDS[item.kind] if item.kind else _("与投诉无关")
        messages.info(
            request,
            format_html(
                _("刚才那封是校准题，不是谁的来信。答案是“{right}”：{why}"), right=right, why=in_its_language(item.why)
            ),
        )
    return next_page(request, now)


@require_POST
def tray_undo(request: SignedIn, public_id: str) -> HttpResponse:
    """Take back one's own last decision; the mail waits again, under the same claim.

    What was opened meanwhile (`instead`) is given back.
    """
    now = timezone.now()
    mail = claimed(request, public_id, now)
    if mail.outcome == Outcome.REVIEW and mail.reason not in (activity.SECOND_READER, activity.DISAGREE, "reopened"):
        raise Http404  # nothing was decided
    if mail.reason != "reopened":
        try:
            activity.undo(mail, request.user, now)
        except (activity.NotYours, settle.NotWaiting):
            messages.warning(request, _("现在不能撤销了：买家本人或别的志愿者已经处理。"))
            return go(request, "complaints:tray")
        messages.info(request, _("已撤销，这封信重新等人看。"))
    give_back(request, request.POST.get("instead", "")[:16], now)
    return go(request, reverse("complaints:tray_item", args=[public_id]))


def give_back(request: SignedIn, public_id: str, now: datetime) -> None:
    """What was only opened because the last one was done is free again."""
    mail = activity.held_by(request.user, now).filter(public_id=public_id, outcome=Outcome.REVIEW).first()
    if mail:
        activity.release(mail, request.user, now)
    elif turn := calibration.held_by(request.user, now, public_id):
        calibration.put_back(turn, now)


# -- how one reads -----------------------------------------------------------------------------------------------


@require_safe
def tray_mine(request: SignedIn) -> HttpResponse:
    """A volunteer's own record, for nobody else: what they read, agreement, known answers, thanks."""
    if not gate.may_work_tray(request.user):
        raise Http404
    context = {
        "sums": calibration.sums(request.user),
        "turns": calibration.answered_by(request.user),
        "thanks": review.thanks_to(request.user),
    }
    return render_page(request, "complaints/tray_mine.html", context)
