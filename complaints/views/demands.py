"""What the shopper wants, what they are offered, and how it looked in the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedIn, go, render_page
from complaints import demands, words, workflow
from complaints.forms import DemandsForm
from complaints.models import Case, LookBack
from complaints.stages import Type


def mine(request: SignedIn, public_id: str) -> Case:
    return get_object_or_404(Case.objects.editable_by(request.user).select_related("shop"), public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def case_demands(request: SignedIn, public_id: str) -> HttpResponse:
    """要什么: each kind with its sum, and what is in hand already."""
    case = mine(request, public_id)
    form = DemandsForm(request.POST or None, there=list(case.demands.all()))
    if form.is_bound and form.is_valid():
        demands.set_demands(case, form.wanted, form.met, timezone.now())
        messages.success(request, _("记下了。"))
        return go(request, case)
    context = {"form": form, "case": case, "heading": words.heading(case)}
    return render_page(request, "complaints/case_demands.html", context, status=422 if form.is_bound else 200)


@require_POST
def offer_answer(request: SignedIn, public_id: str, event_id: str) -> HttpResponse:
    """Accept or decline what an act offers; both can be undone in the timeline."""
    case = mine(request, public_id)
    event = get_object_or_404(case.events.select_related("case__owner"), public_id=event_id, type=Type.ACT)
    accept = request.POST.get("answer") == "accept"
    if event.payload.get("offer"):
        recorded = demands.answer_offer(event, request.user, accept=accept, now=timezone.now())
        if any(step.told.key == recorded.event.public_id for step in recorded.standing.odd):
            workflow.undo(recorded.event, request.user)
            messages.warning(request, _("案件已经结案，不能再答复这个提议。"))
        elif accept:
            messages.success(request, _("记下了：你接受了提议，案件按和解结案。弄错了可以在经过里撤销。"))
        else:
            messages.success(request, _("记下了：你没有接受提议。期限照旧，记得看订单页。"))
    return go(request, case)


@require_POST
def case_look_back(request: SignedIn, public_id: str) -> HttpResponse:
    """回顾: one tap an answer; any of them may be left out."""
    case = mine(request, public_id)
    if case.is_closed:
        demands.look_back(case, timezone.now(), **answers_in(request))
    return go(request, case)


def answers_in(request: SignedIn) -> dict[str, Any]:
    """What was tapped, as fields of LookBack; nothing that is none of its values."""
    said: dict[str, Any] = {}
    if request.POST.get("solved") in LookBack.Solved.values:
        said["solved"] = request.POST["solved"]
    if request.POST.get("fair") in LookBack.Fair.values:
        said["fair"] = request.POST["fair"]
    days = request.POST.get("days", "")
    if days.isascii() and days.isdecimal() and int(days[:6]) <= 3660:
        said["days"] = int(days[:6])
    if request.POST.get("do") == "skip":
        said["skipped"] = True
    return said


def looks_back(back: LookBack | None) -> list[dict[str, Any]]:
    """The questions of one tap, with what was answered."""
    return [
        {
            "name": "solved",
            "asks": _("问题解决了吗？"),
            "choices": LookBack.Solved.choices,
            "said": back.solved if back else "",
        },
        {
            "name": "fair",
            "asks": _("你觉得公平吗？"),
            "choices": LookBack.Fair.choices,
            "said": back.fair if back else "",
        },
    ]
