"""What we know of one person's cases and mails, as plain values: the JSON of the command `tell`."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from complaints import words, workflow
from complaints.balance import balance
from complaints.models import Case, Event, IncomingMail
from complaints.stages import Act, Deadline, Stage, Standing, Step, find_move


def tell(owner: User, case: Case | None = None) -> dict[str, Any]:
    """The cases of `owner`, or only `case`, with their stories; all their mails; and counts that balance.

    Times are ISO 8601 of Shanghai, what is not known is None. `counts["received"]` is the sum of the seven
    outcomes; `repeats` are the same bytes come again, which have no row of their own.
    """
    cases = owner.cases.select_related("shop").order_by("created_at", "pk")
    if case is not None:
        cases = cases.filter(pk=case.pk)
    stories = stories_of(list(cases))
    return {
        "owner": owner.email,
        "cases": [tell_case(one, events) for one, events in stories],
        "mails": [
            {"id": mail.public_id, "sha256": mail.sha256, "outcome": mail.outcome, "reason": mail.reason or None}
            for mail in IncomingMail.objects.filter(owner=owner).order_by("received_at", "pk")
        ],
        "counts": balance(owner),
    }


def stories_of(cases: list[Case]) -> list[tuple[Case, list[Event]]]:
    """Each case with its events in the order they were recorded: one query for all of them."""
    events: dict[int, list[Event]] = defaultdict(list)
    rows = Event.objects.filter(case__in=cases).select_related("answers", "notice__mail")
    for event in rows.defer("notice__body", "notice__safe_html", "notice__reading").order_by("seq"):
        events[event.case_id].append(event)
    return [(case, events[case.pk]) for case in cases]


def tell_case(case: Case, events: list[Event]) -> dict[str, Any]:
    standing: Standing = workflow.standing(case, events)
    by_key = {event.public_id: event for event in events}
    return {
        "id": case.public_id,
        "title": words.heading(case),
        "shop": case.shop.name if case.shop else None,
        "order_no": case.order_no or None,
        "case_no": case.case_no or None,
        "stage": standing.stage,
        "outcome": standing.outcome,
        "waiting_on": standing.waiting_on,
        "deadlines": [tell_deadline(deadline) for deadline in standing.deadlines],
        "events": [
            tell_step(step, by_key[step.told.key], grade_of(by_key[step.told.key], events)) for step in standing.steps
        ],
    }


def tell_deadline(deadline: Deadline) -> dict[str, Any]:
    return {"at": iso(deadline.at), "for": deadline.waiting_for, "from": deadline.source}


def grade_of(event: Event, events: list[Event]) -> str | None:
    """The provenance of an act: as recorded, or as its notice was found when a signature could be checked at last."""
    later = [
        answer.payload["provenance"]
        for answer in events
        if answer.answers_id == event.pk and "provenance" in answer.payload
    ]
    grade: str | None = later[-1] if later else event.payload.get("provenance")
    return grade


def tell_step(step: Step, event: Event, grade: str | None) -> dict[str, Any]:
    """One act of the story; `stage` is where it brought the case, or would bring it once it counts."""
    return {
        "at": iso(step.told.at),
        "act": step.told.act,
        "by": step.told.by,
        "stage": leads_to(step),
        "state": step.state,
        "provenance": grade,
        "because": event.payload.get("because", []),
        "mail": event.notice.mail.public_id if event.notice else None,
    }


def leads_to(step: Step) -> Stage | None:
    """The stage that this act brings a case to from where it stood; None when it only joins the story."""
    told = step.told
    if step.moved:
        return step.stage
    if told.act is None or told.by is None or (told.act is Act.EXECUTES and not told.money_arrived):
        return None
    row = find_move(step.stage, told.act, told.by)
    return row.there if row else None


def iso(at: datetime) -> str:
    return timezone.localtime(at).isoformat()
