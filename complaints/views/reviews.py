"""请志愿者看看: the owner asks and reads what was said; the volunteer sees the case masked, asks back, and answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from accounts.models import User
from complaints import burden, gate, story, words
from complaints import review as activity
from complaints.masking import Eyes, names_in
from complaints.models import Case, CaseExhibit, Look, Note, Review
from complaints.stages import State
from complaints.views import served
from complaints.views.tray import LONGEST, UnmaskForm, keys_are_on, notice_shown, summary
from complaints.words import Text

PAGE = 50
LATELY = timedelta(days=3)  # so long the list of cases says that a volunteer has answered
MOST_NOTICES = 20  # of a case, the newest: what decides is among them
ENOUGH = gettext_lazy("你手上的案件已经够多了，先看完一个再来。")
OVER = gettext_lazy("这次求助已经结束，或者别人在看。")


class AskForm(forms.Form):
    """What the shopper wants to know, and whether their pictures may be seen."""

    wants = forms.MultipleChoiceField(
        label=gettext_lazy("想知道什么？"),
        required=False,
        choices=Review.Want.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    question = forms.CharField(
        label=gettext_lazy("用自己的话说"),
        help_text=gettext_lazy("别写姓名、电话、地址：志愿者看案件用不着。"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    shows_pictures = forms.BooleanField(
        label=gettext_lazy("志愿者可以看我交来的证据图片"),
        help_text=gettext_lazy("图片上的姓名、电话遮不住。不选，志愿者只知道有哪几种证据。"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("wants") and not said.get("question", "").strip():
            raise forms.ValidationError(_("请选一样，或者写一句想问的话。"))
        return said


class SayForm(forms.Form):
    """What the owner says back."""

    text = forms.CharField(label=gettext_lazy("你的话"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class WriteForm(forms.Form):
    """What a volunteer went through, and what they say of it or ask."""

    kind = forms.ChoiceField(
        label=gettext_lazy("要做什么？"),
        widget=forms.RadioSelect,
        choices=[
            (Note.Kind.NOTE.value, gettext_lazy("写下看法")),
            (Note.Kind.QUESTION.value, gettext_lazy("问买家一句")),
        ],
        initial=Note.Kind.NOTE.value,
    )
    facts = forms.ChoiceField(
        label=gettext_lazy("事实：谁在什么时候做了什么"),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "two"}),
    )
    deadline = forms.ChoiceField(
        label=gettext_lazy("期限：轮到谁，到什么时候"), required=False, widget=forms.RadioSelect(attrs={"class": "two"})
    )
    missing = forms.MultipleChoiceField(
        label=gettext_lazy("还缺的证据"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "two"}),
        choices=[(kind.value, kind.label) for kind in CaseExhibit.Kind if kind is not CaseExhibit.Kind.OTHER],
    )
    next = forms.ChoiceField(label=gettext_lazy("下一步"), required=False)
    text = forms.CharField(
        label=gettext_lazy("写给买家的话"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("facts", "deadline"):
            self.fields[name].choices = list(activity.JUDGED.items())  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["next"].choices = [("", _("不说")), *activity.NEXT.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        is_question = said.get("kind") == Note.Kind.QUESTION
        if is_question and not said.get("text", "").strip():
            self.add_error("text", _("请写下要问的话。"))
        if not is_question and not self.checks() and not said.get("text", "").strip():
            self.add_error("text", _("请至少选一样，或写一句话。"))
        return said

    def checks(self) -> activity.Checks:
        """What was gone through, without what was left open."""
        said = self.cleaned_data
        checks = activity.Checks()
        if said.get("facts"):
            checks["facts"] = said["facts"]
        if said.get("deadline"):
            checks["deadline"] = said["deadline"]
        if said.get("missing"):
            checks["missing"] = said["missing"]
        if said.get("next"):
            checks["next"] = said["next"]
        return checks


# -- the owner ---------------------------------------------------------------------------------------------


def review_context(case: Case) -> dict[str, Any]:
    """What `_case_review.html` shows on the page of `case`: two queries."""
    review = case.reviews.order_by("-asked_at", "-pk").first()
    notes = list(review.notes.select_related("by").order_by("at", "pk")) if review else []
    return {
        "case": case,
        "review": review,
        "review_notes": [note_shown(note, case.owner_id) for note in notes],
        "review_wants": wants_shown(review) if review else [],
        "review_version": version_of(review, len(notes)),
        "is_looked_after": bool(review and review.is_open and review.until and review.until > timezone.now()),
        "review_asks_back": bool(review and review.state == Review.State.ASKED_BACK),
        "review_is_answered": bool(review and review.state == Review.State.ANSWERED),
    }


def version_of(review: Review | None, notes: int) -> str:
    """What polling compares."""
    if review is None:
        return "none"
    looked_after = review.until is not None and review.until > timezone.now()
    return f"{review.public_id}{review.state}{notes}{'y' if looked_after else ''}"


def wants_shown(review: Review) -> list[str]:
    known = dict(Review.Want.choices)
    return [str(known[want]) for want in review.wants if want in known]


def note_shown(note: Note, owner_id: int) -> dict[str, Any]:
    """One thing that was written, with the list that was gone through in words."""
    is_mine = note.by_id == owner_id
    return {
        "is_owners": is_mine,
        "who": "" if is_mine else activity.called(note.by, owner_id),
        "is_question": note.kind == Note.Kind.QUESTION,
        "text": note.text,
        "at": note.at,
        "checks": checks_shown(note.checks),
    }


def checks_shown(checks: dict[str, Any]) -> list[tuple[Text, Text]]:
    kinds = dict(CaseExhibit.Kind.choices)
    missing = [str(kinds[kind]) for kind in checks.get("missing", ()) if kind in kinds]
    rows: list[tuple[Text, Text]] = [
        (_("事实"), activity.JUDGED.get(checks.get("facts", ""), "")),
        (_("期限"), activity.JUDGED.get(checks.get("deadline", ""), "")),
        (_("还缺的证据"), _("、").join(missing)),
        (_("下一步"), activity.NEXT.get(checks.get("next", ""), "")),
    ]
    return [(label, said) for label, said in rows if said]


def heard_from(owner: User, now: datetime) -> list[tuple[Case, str, bool]]:
    """Where a volunteer asks the owner something, or answered lately: case, heading, whether it is a question."""
    said = Q(state=Review.State.ASKED_BACK) | Q(state=Review.State.ANSWERED, since__gt=now - LATELY)
    open_reviews = Review.objects.filter(said, case__owner=owner).select_related("case__shop").order_by("-since")
    return [
        (review.case, words.heading(review.case), review.state == Review.State.ASKED_BACK)
        for review in open_reviews[:5]
    ]


def own_case(request: SignedIn, public_id: str) -> Case:
    return get_object_or_404(Case.objects.editable_by(request.user).select_related("shop"), public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def case_review(request: SignedIn, public_id: str) -> HttpResponse:
    """Ask for somebody to look."""
    case = own_case(request, public_id)
    form = AskForm(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        activity.ask(
            case,
            said["wants"],
            said["question"].strip(),
            shows_pictures=said["shows_pictures"],
            now=timezone.now(),
        )
        messages.success(request, _("已经请志愿者来看了。有人看、有回话，都会写在案件页上。"))
        return go(request, f"{case.get_absolute_url()}#review")
    context = {"form": form, "case": case, "heading": words.heading(case)}
    part = "complaints/_case_review_form.html"
    status = 422 if form.is_bound else 200
    return render_page(request, "complaints/case_review.html", context, part=part, status=status)


@require_safe
def case_review_part(request: SignedIn, public_id: str) -> HttpResponse:
    """The part of the case page about it; 204 while it is what the page has seen."""
    context = review_context(own_case(request, public_id))
    if request.GET.get("seen") == context["review_version"]:
        return HttpResponse(status=204)
    return render_page(request, "complaints/_case_review.html", context)


@require_POST
def case_review_say(request: SignedIn, public_id: str) -> HttpResponse:
    """The owner answers, thanks and ends it, ends it, or takes it back."""
    case, now = own_case(request, public_id), timezone.now()
    review = case.reviews.is_open().first()
    if review is None:
        messages.info(request, _("这次求助已经结束了。"))
        return go(request, f"{case.get_absolute_url()}#review")
    match request.POST.get("decision"):
        case "answer":
            form = SayForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("还没有写内容。"))
                return go(request, f"{case.get_absolute_url()}#review")
            activity.answer(review, form.cleaned_data["text"].strip(), now)
            messages.success(request, _("发出去了，等志愿者看。"))
        case "thank":
            activity.end(review, now, thanks=True)
            messages.success(request, _("谢谢已经转达。以后随时可以再请人看。"))
        case "end":
            activity.end(review, now)
            messages.success(request, _("这次求助结束了，志愿者不能再看这个案件。以后可以再请人看。"))
        case _:
            messages.error(request, _("请选择一种处理。"))
    return go(request, f"{case.get_absolute_url()}#review")


# -- who looked ----------------------------------------------------------------------------------------------


WHY: dict[str, Text] = {
    "asked": gettext_lazy("你请人看"),
    "assigned": gettext_lazy("管理员分派"),
    **words.UNMASKING,
}


@require_safe
def case_looks(request: SignedIn, public_id: str) -> HttpResponse:
    """谁看过: everybody but the owner who looked at the case, its pictures, or its mails; newest first, by key."""
    case = own_case(request, public_id)
    of_case = Look.objects.filter(owner=request.user, case=case)
    of_mails = Look.objects.filter(owner=request.user, mail__notices__case=case)
    before = request.GET.get("before", "")
    cut = {"pk__lt": int(before)} if before.isascii() and before.isdecimal() and len(before) < 19 else {}
    keys = of_case.filter(**cut).order_by().values("pk").union(of_mails.filter(**cut).order_by().values("pk"))
    newest = [row["pk"] for row in keys.order_by("-pk")[: PAGE + 1]]
    shown = Look.objects.filter(pk__in=newest[:PAGE]).select_related("by", "mail", "exhibit__exhibit").order_by("-pk")
    context = {
        "case": case,
        "heading": words.heading(case),
        "looks": [look_shown(look, case) for look in shown],
        "older": newest[PAGE - 1] if len(newest) > PAGE else "",
        "is_first": not cut,
    }
    return render_page(request, "complaints/case_looks.html", context)


def look_shown(look: Look, case: Case) -> dict[str, Any]:
    """One look, in words: who as what (never by name), what, at which, why."""
    return {
        "at": look.at,
        "who": _("管理员")
        if look.by.is_host
        else _("志愿者%(name)s") % {"name": activity.called(look.by, case.owner_id)},
        "what": look.get_what_display(),
        "why": WHY.get(look.why) or words.REASONS.get(look.why, ""),
        "said": look.said,
        "mail": look.mail,
        "exhibit": look.exhibit.exhibit if look.exhibit else None,
    }


# -- the volunteer -------------------------------------------------------------------------------------------


@require_safe
def review_list(request: SignedIn) -> HttpResponse:
    """What waits for somebody to look, the longest waiting first, and what one looks after."""
    if not gate.may_work_tray(request.user):
        raise Http404
    now = timezone.now()
    mine = list(activity.in_care_of(request.user).select_related("case__shop")[: activity.MOST_IN_CARE * 4])
    taken = {review.pk for review in mine}
    waiting = activity.waiting_for(request.user, now).select_related("case__shop")[:PAGE]
    context = {
        "mine": [row_of(review) for review in mine],
        "waiting": [row_of(review) for review in waiting if review.pk not in taken],
        "reviews_waiting": 0,
        "now": now,
    }
    return render_page(request, "complaints/review_list.html", context)


def row_of(review: Review) -> dict[str, Any]:
    """One card: what the case is about and what is asked; nothing of whose it is, and no words of theirs."""
    return {
        "review": review,
        "summary": summary(review.case),
        "wants": wants_shown(review),
        "state": review.get_state_display(),
        "is_waiting": review.state == Review.State.WAITING,
    }


def in_care(request: SignedIn, review_id: str) -> Review:
    """The review that the person looks after; else 404, as if it were not there."""
    mine = Review.objects.visible_to(request.user).select_related("case__owner", "case__shop")
    return get_object_or_404(mine, public_id=review_id)


@require_POST
def review_take(request: SignedIn, review_id: str) -> HttpResponse:
    """Look after it from now on."""
    now = timezone.now()
    waiting = activity.waiting_for(request.user, now).select_related("case")
    review = get_object_or_404(waiting, public_id=review_id)
    if "neutral" not in request.POST:
        messages.warning(request, _("请先确认：你和这家店、这位买家没有关系。"))
        return go(request, "complaints:review_list")
    try:
        activity.take(review, request.user, now)
    except activity.Enough:
        messages.warning(request, ENOUGH)
        return go(request, "complaints:review_list")
    except activity.NotYours:
        messages.warning(request, OVER)
        return go(request, "complaints:review_list")
    return go(request, reverse("complaints:review_item", args=[review_id]))


@require_safe
def review_item(request: SignedIn, review_id: str) -> HttpResponse:
    """The case, masked, with what was asked and a list to go through."""
    return item_page(request, in_care(request, review_id))


def item_page(
    request: SignedIn, review: Review, form: WriteForm | None = None, unmask_form: UnmaskForm | None = None
) -> HttpResponse:
    """The page of a case under review, a look that its owner can see; with a form that was not right, 422."""
    now = timezone.now()
    activity.read(review, request.user, now)
    context = case_shown(review, now) | {
        "review": review,
        "unmask_form": unmask_form or UnmaskForm(),
        "keys_are_on": keys_are_on(request),
        "now": now,
    }
    context["form"] = form or WriteForm(initial={"missing": context["missing"]})
    is_wrong = bool(form or unmask_form)
    return render_page(
        request,
        "complaints/review_item.html",
        context,
        part="complaints/_review_write.html",
        status=422 if is_wrong else 200,
    )


def case_shown(review: Review, now: datetime) -> dict[str, Any]:
    """The case as a volunteer may know it. The queries are the same however long its story is."""
    case = review.case
    mailboxes = case.owner.confirmed_mailboxes.values_list("email", flat=True)
    page = story.page_of(case, now)
    notices = list(case.notices.defer("note", "safe_html").order_by("-dated_at", "-pk")[:MOST_NOTICES])
    named = [name for notice in notices for name in names_in(notice.body[:LONGEST])]
    eyes = Eyes((case.owner.email, *mailboxes, *named), open_to_reader=review.unmasked_at is not None)
    exhibits = list(case.case_exhibits.select_related("exhibit").filter(removed_at=None))
    asked = asked_for(page)
    row = burden.BURDENS.get(case.reason)
    missing = burden.missing(case.reason, asked, [shown.kind for shown in exhibits])
    return {
        "until": review.until,
        "is_unmasked": eyes.open_to_reader,
        "summary": summary(case),
        "wants": wants_shown(review),
        "question": eyes.mask(review.question),
        "page": page,
        "waits_for": words.PARTIES[page.standing.waiting_on or ""],
        "numbers": [(label, eyes.number(number)) for label, number in page.numbers],
        "deadlines": [
            (deadline, eyes.mask(deadline.quote))
            for deadline in (page.deadline, *page.other_deadlines)
            if deadline is not None
        ],
        "entries": [entry_shown(entry, eyes) for entry in (*page.proposals, *page.entries)],
        "notices": [notice_shown(notice, eyes) for notice in notices],
        "exhibits": exhibits if review.shows_pictures else [],
        "exhibit_kinds": counted(exhibits),
        "burden": row,
        "first": words.PARTIES[row.first] if row else "",
        "later": [kind.label for kind in row.later] if row else [],
        "missing_groups": [[kind.label for kind in group] for group in missing],
        "missing": [kind.value for group in missing for kind in group[:1]],
        "notes": [
            note_shown(note, case.owner_id) | {"text": eyes.mask(note.text)}
            for note in review.notes.select_related("by").order_by("at", "pk")
        ],
    }


def asked_for(page: story.CasePage) -> list[str]:
    """The kinds of evidence that the notices of the case ask its owner for."""
    told = page.case.events.filter(act="requests_evidence").values_list("payload", flat=True)
    return [kind for payload in told for kind in payload.get("evidence_asked") or ()]


def counted(exhibits: Iterable[CaseExhibit]) -> list[tuple[str, int]]:
    """How many of which kind there are; what they show, and their names, are not said."""
    return sorted(Counter(shown.get_kind_display() for shown in exhibits).items())


def entry_shown(entry: story.Entry, eyes: Eyes) -> dict[str, Any]:
    """One act of the story; every word that somebody wrote is masked."""
    return {
        "entry": entry,
        "is_proposed": entry.state == State.PROPOSED,
        "is_undone": entry.state == State.UNDONE,
        "because": [(found.of, eyes.mask(found.words)) for found in entry.because],
        "note": eyes.mask(entry.note),
    }


@require_POST
def review_write(request: SignedIn, review_id: str) -> HttpResponse:
    """What the volunteer found, or asks."""
    review = in_care(request, review_id)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return item_page(request, review, form)
    kind = Note.Kind(form.cleaned_data["kind"])
    checks = form.checks() if kind == Note.Kind.NOTE else activity.Checks()
    try:
        activity.write(review, request.user, kind, form.cleaned_data["text"].strip(), checks, timezone.now())
    except activity.NotYours:
        messages.warning(request, OVER)
        return go(request, "complaints:review_list")
    messages.success(request, _("写好了，买家在案件页上看得到。谢谢你。"))
    return go(request, reverse("complaints:review_item", args=[review_id]))


@require_POST
def review_unmask(request: SignedIn, review_id: str) -> HttpResponse:
    """Show the case without masks; the owner sees why."""
    review = in_care(request, review_id)
    form = UnmaskForm(request.POST)
    if not form.is_valid():
        return item_page(request, review, unmask_form=form)
    try:
        activity.unmask(review, request.user, form.cleaned_data["why"], form.cleaned_data["said"], timezone.now())
    except activity.NotYours:
        messages.warning(request, OVER)
        return go(request, "complaints:review_list")
    return go(request, reverse("complaints:review_item", args=[review_id]))


@require_POST
def review_renew(request: SignedIn, review_id: str) -> HttpResponse:
    """Somebody is at it: the lease begins anew."""
    review, now = in_care(request, review_id), timezone.now()
    activity.renew(review, request.user, now)
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"until": (review.until or now).isoformat()})
    return go(request, reverse("complaints:review_item", args=[review_id]))


@require_POST
def review_release(request: SignedIn, review_id: str) -> HttpResponse:
    """Look after it no longer."""
    review = in_care(request, review_id)
    try:
        activity.release(review, request.user, timezone.now())
    except activity.NotYours:
        messages.warning(request, OVER)
    else:
        messages.info(request, _("放回去了，你不能再看这个案件。"))
    return go(request, "complaints:review_list")


@require_safe
def review_thumbnail(request: SignedIn, review_id: str, exhibit_id: str) -> HttpResponse:
    return picture(request, review_id, exhibit_id, Look.What.THUMBNAIL)


@require_safe
def review_picture(request: SignedIn, review_id: str, exhibit_id: str) -> HttpResponse:
    return picture(request, review_id, exhibit_id, Look.What.PICTURE)


def picture(request: SignedIn, review_id: str, exhibit_id: str, what: Look.What) -> HttpResponse:
    """A copy of a picture whose owner lets it be seen. Every single look is written down before it is shown."""
    review = in_care(request, review_id)
    if not review.shows_pictures:
        raise Http404
    there = review.case.case_exhibits.select_related("exhibit").filter(removed_at=None)
    shown = get_object_or_404(there, exhibit__public_id=exhibit_id)
    key = shown.exhibit.thumbnail_file if what == Look.What.THUMBNAIL else shown.exhibit.copy_file
    if not key:
        raise Http404
    activity.look(review, request.user, what, timezone.now(), exhibit=shown)
    return served.picture(key)
