"""The shopper's cases: the list, one case, and everything that is recorded by hand."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.db.models.query import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedIn, go, render_page
from accounts.models import InboxAddress
from complaints import demands, keepings, reminders, story, words, workflow
from complaints.explain import explain
from complaints.forms import CorrectForm, NewCaseForm, RecordForm
from complaints.intake import settle
from complaints.models import Case, Event, IncomingMail, Keeping, LookBack
from complaints.models.case import CaseQuerySet
from complaints.stages import Party, Stage, State, Step, Type
from complaints.views import exhibits, reviews
from complaints.views.demands import looks_back
from complaints.words import Text

PAGE = 20
MANY_DRAFTS = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FILTERS: dict[str, Text] = {
    "": gettext_lazy("全部"),
    "open": gettext_lazy("进行中"),
    "mine": gettext_lazy("轮到我"),
    "closed": gettext_lazy("已结案"),
}

CLOSED = Q(stage=Stage.CLOSED)
GONE = Q(stage="", proposed=0)  # every act of it was undone
DRAFT = Q(stage="", proposed__gt=0)
MINE = Q(waiting_on=Party.BUYER) & ~CLOSED | Q(proposed__gt=0)


# -- the list --------------------------------------------------------------------------------------------


@require_safe
def case_list(request: SignedIn) -> HttpResponse:
    """The shopper's cases, newest change first, a page of them after `before`.

    With `seen` only the rows, 204 while they are the same.
    """
    state = request.GET.get("state", "")
    state = state if state in FILTERS else ""
    before = request.GET.get("before", "")
    mine = Case.objects.visible_to(request.user).filter(owner=request.user).select_related("shop")
    found = list(after(said(mine, state), before)[: PAGE + 1])
    # Drafts stand on the first page, where somebody looks for what is to do.
    shows_drafts = not before and state in ("", "mine")
    drafts = list(mine.filter(DRAFT).order_by("-updated_at", "-pk")[:MANY_DRAFTS]) if shows_drafts else []
    now = timezone.now()
    version = rows_version([*drafts, *found], now)
    if request.GET.get("seen") == version:
        return HttpResponse(status=204)
    is_empty = not found and not drafts and not before and not state
    context = {
        "rows": [row_of(case) for case in found[:PAGE]],
        "drafts": [row_of(case) for case in drafts],
        "now": now,
        "version": version,
        "here": query(state=state, before=before) if state or before else "",
        "state": state,
        "before": before,
        "is_filtered": bool(state),
        "filters": [(key, label, query(state=key)) for key, label in FILTERS.items()],
        "newest": query(state=state),
        "older": query(state=state, before=cursor(found[PAGE - 1])) if len(found) > PAGE else "",
        "mails_waiting": waiting_mails(request),
        "keepings": Keeping.objects.visible_to(request.user).open().order_by()[:99].count(),
        "heard_from": reviews.heard_from(request.user, now),
        "is_empty": is_empty,
        "inbox": inbox_of(request) if is_empty else None,
    }
    page = "complaints/_case_rows.html" if "seen" in request.GET else "complaints/case_list.html"
    return render_page(request, page, context, part="complaints/_case_rows.html")


def rows_version(cases: list[Case], now: datetime) -> str:
    """What polling compares: changes when a case of the page comes, moves, or counts down another hour."""
    told = "".join(f"{case.public_id}{story.version_of(case, now)}" for case in cases)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def query(**asked: str) -> str:
    """The query of a link, without what is empty; "?" alone asks for everything."""
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def said(cases: CaseQuerySet, state: str) -> CaseQuerySet:
    """Those of `cases` that the filter asks for; drafts stand in their own section."""
    cases = cases.exclude(DRAFT)
    match state:
        case "open":
            cases = cases.exclude(CLOSED).exclude(GONE)
        case "mine":
            cases = cases.filter(MINE)
        case "closed":
            cases = cases.filter(CLOSED | GONE)
    return cases


def cursor(case: Case) -> str:
    """Where the next page begins: the moment of the last change and the public id of the last row."""
    return f"{(case.updated_at - EPOCH) // timedelta(microseconds=1)}-{case.public_id}"


def after(cases: CaseQuerySet, before: str) -> QuerySet[Case]:
    """`cases` in their order, from the one after the cursor; a cursor that is none is left aside."""
    ordered = cases.order_by("-updated_at", "-pk")
    micros, _dash, public_id = before.partition("-")
    if not micros.isascii() or not micros.isdecimal() or len(micros) > 17:
        return ordered
    moment = EPOCH + timedelta(microseconds=int(micros))
    place = Case.objects.filter(public_id=public_id).values("pk")[:1]
    return ordered.filter(updated_at__lte=moment).filter(Q(updated_at__lt=moment) | Q(pk__lt=place))


def row_of(case: Case) -> dict[str, Any]:
    """One card of the list."""
    is_mine = case.waiting_on == Party.BUYER and not case.is_closed
    return {
        "case": case,
        "heading": words.heading(case),
        "stage": words.STAGES[case.stage],
        "outcome": words.OUTCOMES[case.outcome],
        "who": words.WHOSE_MOVE[case.waiting_on],
        "is_mine": is_mine,
        "party": words.PARTIES[case.deadline_for],
        "is_usual": case.deadline_from == "rule",
        "is_gone": case.is_draft and not case.proposed,
    }


def waiting_mails(request: SignedIn) -> int:
    """How many mails of theirs wait for the shopper; 99 is as far as we count."""
    return IncomingMail.objects.visible_to(request.user).in_tray().filter(owner=request.user).order_by()[:99].count()


def inbox_of(request: SignedIn) -> InboxAddress | None:
    return request.user.inbox_addresses.filter(state=InboxAddress.State.ACTIVE).order_by("pk").first()


# -- one case --------------------------------------------------------------------------------------------


@require_safe
def case_detail(request: SignedIn, public_id: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("shop"), public_id=public_id)
    return render_page(
        request,
        "complaints/case_detail.html",
        case_context(case) | exhibits.exhibits_context(case) | reviews.review_context(case),
        part="complaints/_case_live.html",
    )


def case_context(case: Case, done: Text = "") -> dict[str, Any]:
    """What the case page and its live part show; `done` is what was just done, said aloud."""
    now = timezone.now()
    page = story.page_of(case, now)
    back = LookBack.objects.filter(case=case).first() if page.days_taken is not None else None
    return {"page": page, "case": case, "now": now, "done": done, "look_back": back, "looks_back": looks_back(back)}


@require_safe
def case_deadline(request: SignedIn, public_id: str) -> HttpResponse:
    """解释这个日期: each date of the case: from when it was counted, which days count, by which rule; its reminder."""
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("shop"), public_id=public_id)
    now = timezone.now()
    standing = workflow.standing(case)
    steps = {step.told.key: step for step in standing.steps}
    own = standing.own_deadline
    dates = sorted(standing.deadlines, key=lambda date: (date is not own, date.at))
    all_off, case_off = reminders.is_muted(request.user, case)
    context = {
        "case": case,
        "heading": words.heading(case),
        "now": now,
        "dates": [explain(date, steps.get(date.event)) for date in dates],
        "own": own,
        "reminder": reminders.foreseen(case, now) if own and not case.is_closed else None,
        "all_off": all_off,
        "case_off": case_off,
    }
    return render_page(request, "complaints/case_deadline.html", context)


@require_safe
def case_part(request: SignedIn, public_id: str) -> HttpResponse:
    """The live part of the case page; 204 while it is what the page has seen."""
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("shop"), public_id=public_id)
    if request.GET.get("seen") == story.version_of(case, timezone.now()):
        return HttpResponse(status=204)
    return render_page(request, "complaints/_case_live.html", case_context(case))


# -- by hand ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: SignedIn) -> HttpResponse:
    """新建案件: a case with its first act and, where the app shows one, a running clock."""
    keeping = keeping_of(request)
    form = NewCaseForm(request.POST or None, initial={"shop": keeping.shop} if keeping else {})
    if not form.is_bound or not form.is_valid():
        return render_page(
            request,
            "complaints/case_new.html",
            {"form": form, "keeping": keeping, "keeping_heading": words.keeping_heading(keeping) if keeping else ""},
            part="complaints/_case_new_form.html",
            status=422 if form.is_bound else 200,
        )
    now = timezone.now()
    act, by = form.opening
    case = workflow.open_by_hand(
        request.user,
        act,
        by,
        now,
        form.payload(now),
        shop=form.cleaned_data["shop"],
        reason=form.cleaned_data["reason"],
        once=form.name_of_form,
    )
    if keeping:
        keepings.join(keeping, case)
    if wanted := form.wanted:
        demands.set_demands(case, wanted, (), now)
    messages.success(request, _("案件已建好。以后的通知转发过来就行，也可以随时记一笔。"))
    return go(request, case)


def keeping_of(request: SignedIn) -> Keeping | None:
    """What was kept of the order that the new case is about: named by the link or the form; 404 when not theirs."""
    asked = request.POST.get("keeping", request.GET.get("keeping", ""))
    return get_object_or_404(Keeping.objects.visible_to(request.user), public_id=asked) if asked else None


@require_http_methods(["GET", "HEAD", "POST"])
def case_record(request: SignedIn, public_id: str) -> HttpResponse:
    """记一笔: any act of the table, as the shopper saw it."""
    case = get_object_or_404(Case.objects.editable_by(request.user).select_related("shop"), public_id=public_id)
    form = RecordForm(request.POST or None, case=case, initial={"did": request.GET.get("did", "")})
    if not form.is_bound or not form.is_valid():
        return render_page(
            request,
            "complaints/case_record.html",
            {"form": form, "case": case, "heading": words.heading(case), "stage": words.STAGES[case.stage]},
            part="complaints/_case_record_form.html",
            status=422 if form.is_bound else 200,
        )
    told = [event.told() for event in workflow.story(case)]
    act, by, at, payload = form.saying(told, timezone.now())
    recorded = workflow.record_by_hand(case, request.user, act, by, at, payload, form.name_of_form)
    if any(step.told.key == recorded.event.public_id for step in recorded.standing.odd):
        messages.warning(request, _("记下了，但和目前的进度对不上，没有算进进度。"))
    else:
        messages.success(request, _("记下了。"))
    return go(request, case)


def act_of(request: SignedIn, public_id: str, event_id: str) -> tuple[Event, Step]:
    """An act of a case that the shopper may change, and how it stands now; else 404."""
    case = get_object_or_404(Case.objects.editable_by(request.user).select_related("shop"), public_id=public_id)
    event = get_object_or_404(
        case.events.select_related("case__owner", "case__shop", "notice"), public_id=event_id, type=Type.ACT
    )
    return event, next(step for step in workflow.standing(case).steps if step.told.key == event.public_id)


@require_POST
def event_confirm(request: SignedIn, public_id: str, event_id: str) -> HttpResponse:
    """It happened as told; also what brings an undone act back. Twice is once."""
    event, step = act_of(request, public_id, event_id)
    if step.state is not State.APPLIED:
        settle.settle_with(event, request.user, workflow.confirm(event, request.user))
    return answered(request, event, _("已计入：%(title)s。") % {"title": story.title_of(step.told)})


@require_POST
def event_undo(request: SignedIn, public_id: str, event_id: str) -> HttpResponse:
    """It did not happen, or not in this case. Twice is once."""
    event, step = act_of(request, public_id, event_id)
    if step.state is not State.UNDONE:
        workflow.undo(event, request.user)
    return answered(request, event, _("已撤销：%(title)s。可以随时恢复。") % {"title": story.title_of(step.told)})


@require_http_methods(["GET", "HEAD", "POST"])
def event_correct(request: SignedIn, public_id: str, event_id: str) -> HttpResponse:
    """更正: what was done, by whom, when, how it came out, until when. Correcting also confirms."""
    event, step = act_of(request, public_id, event_id)
    form = CorrectForm(request.POST or None, case=event.case, step=step)
    if form.is_bound and form.is_valid():
        correction = form.correction(timezone.now())
        if correction or step.state is not State.APPLIED:
            settle.settle_with(event, request.user, workflow.correct(event, request.user, correction))
            return answered(request, event, _("已更正。"), goes=True)
        form.add_error(None, _("还没有改动任何一项。"))
    context = {
        "form": form,
        "case": event.case,
        "heading": words.heading(event.case),
        "event": event,
        "title": story.title_of(step.told),
        "because": story.found_in(event.payload.get("because", ())),
        "at": step.told.at,
    }
    return render_page(
        request,
        "complaints/event_correct.html",
        context,
        part="complaints/_event_correct_form.html",
        status=422 if form.is_bound else 200,
    )


def answered(request: SignedIn, event: Event, done: str, *, goes: bool = False) -> HttpResponse:
    """After an answer: the live part for htmx, else back to the case page."""
    if request.htmx and not goes:
        case = Case.objects.visible_to(request.user).select_related("shop").get(pk=event.case_id)
        return render_page(request, "complaints/_case_live.html", case_context(case, done))
    messages.success(request, done)
    return go(request, event.case)
