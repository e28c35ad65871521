"""Asked, granted, received: what the shopper wants, what a ruling gives, what has arrived; and offers to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.templatetags.looks import money
from complaints import words, workflow
from complaints.models import Case, Demand, Event, LookBack
from complaints.models.demand import MONEY
from complaints.stages import Act, Party, Stage, Standing, State, Step
from complaints.words import Text
from complaints.workflow import Payload, Recorded

GRANTS = (Act.RULES, Act.RULES_APPEAL, Act.AGREES_REFUND, Act.SETTLES)  # the acts that may give something
NOT_YET = _("还没有")
NOT_SAID = _("没有写明")
SUMS = tuple(kind for kind in MONEY if kind is not Demand.Kind.FREIGHT)  # what one amount of a ruling may stand for

OFFER_FORMS: dict[str, Text] = {
    "refund": _("退款"),
    "compensation": _("补偿"),
    "coupon": _("优惠券"),
    "exchange": _("换货"),
    "resend": _("补寄"),
    "repair": _("维修"),
    "other": _("其他方案"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One demand in three columns."""

    kind: str
    label: Text
    asked: Text
    granted: Text
    arrived: Text
    is_met: bool
    by_hand: bool  # whether its owner alone can say that it arrived


@dataclass(frozen=True, slots=True)
class Offer:
    """What the other side offers and nobody has answered."""

    event: str
    by: Text
    amount: str  # "¥20.00", "" when it is no money
    form: Text
    condition: str
    expires: datetime | None


def set_demands(case: Case, wanted: Mapping[str, Decimal | None], met: Iterable[str], now: datetime) -> None:
    """What the owner of `case` wants from now on, kind → amount; and which of it they have in hand."""
    met = set(met)
    with transaction.atomic():
        case.demands.exclude(kind__in=wanted).delete()
        there = {demand.kind: demand for demand in case.demands.all()}
        for kind, amount in wanted.items():
            demand = there.get(kind) or Demand(case=case, kind=kind)
            demand.amount = amount if kind in MONEY else None
            demand.met_at = (demand.met_at or now) if kind in met else None
            demand.save()


def applied(standing: Standing) -> list[Step]:
    return [step for step in standing.steps if step.state is State.APPLIED and not step.odd]


def ledger(demands: Sequence[Demand], standing: Standing, said: Mapping[str, dict[str, Any]]) -> tuple[Line, ...]:
    """Each of `demands` beside what was granted and what arrived.

    said  what each act says beyond who did what (the payloads), by its public id
    """
    grant = next((step for step in reversed(applied(standing)) if step.told.act in GRANTS), None)
    granted = said.get(grant.told.key, {}) if grant else {}
    arrivals = [
        said.get(step.told.key, {}).get("amount")
        for step in applied(standing)
        if step.told.act is Act.EXECUTES and step.told.money_arrived
    ]
    main = next((demand.kind for kind in SUMS for demand in demands if demand.kind == kind), "")
    return tuple(line_of(demand, main, grant, granted, arrivals) for demand in demands)


def line_of(
    demand: Demand, main: str, grant: Step | None, granted: dict[str, Any], arrivals: Sequence[str | None]
) -> Line:
    """`main` is the demand that an amount is told of: a ruling names one sum and not what it is made of."""
    given: Text = NOT_YET
    if grant and demand.kind == Demand.Kind.FREIGHT:
        given = words.FREIGHT_PAYERS.get(granted.get("freight_payer", ""), NOT_SAID)
    elif grant and demand.kind == main and granted.get("amount"):
        given = money(granted["amount"])
    elif grant:
        given = words.OUTCOMES.get(grant.told.outcome or "", "") or NOT_SAID
    here: Text = NOT_YET
    if demand.met_at:
        here = _("你说已经有了")
    elif demand.kind == main and arrivals:
        known = [Decimal(amount) for amount in arrivals if amount]
        here = money(sum(known, Decimal(0))) if len(known) == len(arrivals) else _("到账了，金额没有写")
    return Line(
        kind=demand.kind,
        label=demand.get_kind_display(),
        asked=money(demand.amount) if demand.amount is not None else _("要"),
        granted=given,
        arrived=here,
        is_met=here is not NOT_YET,
        by_hand=demand.kind != main,
    )


# -- offers ----------------------------------------------------------------------------------------------


def open_offer(standing: Standing, said: Mapping[str, dict[str, Any]]) -> Offer | None:
    """The latest offer of the other side that the buyer has neither accepted nor declined; none once it is closed."""
    if standing.stage is Stage.CLOSED:
        return None
    steps = applied(standing)
    answered = {said.get(step.told.key, {}).get("offer_of") for step in steps}
    for step in reversed(steps):
        offer = said.get(step.told.key, {}).get("offer")
        if offer and step.told.by is not Party.BUYER and step.told.key not in answered:
            expires = offer.get("expires")
            return Offer(
                event=step.told.key,
                by=words.PARTIES[step.told.by or ""],
                amount=money(offer.get("amount")),
                form=OFFER_FORMS.get(offer.get("form") or "", ""),
                condition=offer.get("condition") or "",
                expires=datetime.fromisoformat(expires) if expires else None,
            )
    return None


def answer_offer(event: Event, actor: User, *, accept: bool, now: datetime) -> Recorded:
    """The owner accepts what `event` offers, which settles the case, or declines it, which ends nothing.

    The same answer twice is one; one that was undone counts again.
    """
    act = Act.SETTLES if accept else Act.DECLINES
    payload = Payload(offer_of=event.public_id)
    if accept and (amount := (event.payload.get("offer") or {}).get("amount")):
        payload["amount"] = amount
    once = f"{'accepts' if accept else 'declines'}:{event.public_id}"
    recorded = workflow.record_by_hand(event.case, actor, act, Party.BUYER, now, payload, once)
    if not recorded.is_new and workflow.step_of(recorded.event).state is State.UNDONE:
        return workflow.confirm(recorded.event, actor)
    return recorded


# -- looking back ------------------------------------------------------------------------------------------


def days_taken(standing: Standing) -> int | None:
    """From the first act that counts to the one that closed the case, in days; None while it is open."""
    steps = applied(standing)
    if standing.stage is not Stage.CLOSED or not steps:
        return None
    closed = next((step for step in reversed(steps) if step.moved), steps[-1])
    return max((closed.told.at - steps[0].told.at).days, 0)


def look_back(case: Case, now: datetime, **said: Any) -> LookBack:
    """Keep what the owner says of the closed `case`; what they do not say now stays as it was."""
    kept, _is_new = LookBack.objects.update_or_create(case=case, defaults={"at": now, **said})
    return kept
