"""The one place that writes a stage: events are recorded here, and the case is told again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.ids import random_id
from accounts.models import User
from complaints.inserting import Insert
from complaints.models.case import Case, CaseNumber, Event, Shop, ShopAlias, correction_from, shop_key
from complaints.models.mail import Notice
from complaints.models.reader import Decision, Opinion
from complaints.stages import Act, Kind, Party, Stage, Standing, State, Step, Type, Verdict, moves_from, replay

# What a volunteer may not settle for the owner: a ruling or an end that goes against them.
AGAINST_OWNER = frozenset({Verdict.SELLER, Verdict.LAPSED_BUYER, Verdict.NOT_ACCEPTED, Verdict.AMBIGUOUS})
DECIDES = frozenset({Act.RULES, Act.RULES_APPEAL, Act.CLOSES})  # in whose favour, the notice says or does not
# Acts that give a case its outcome: what one volunteer says of them waits for a second reader.
BEARS_OUTCOME = frozenset({*DECIDES, Act.SETTLES, Act.WITHDRAWS, Act.LAPSES, Act.REJECTS, Act.EXECUTES})
LEARNT = ("shop_id", "reason", "amount", "order_no", "case_no")  # what a case knows from its notices
LARGEST = Decimal(10) ** 10  # 元: what a case may be about stays below, whatever number a mail writes


class Payload(TypedDict, total=False):
    """What an event says beyond who did what and when. Times are ISO 8601, money a string with two decimals."""

    outcome: str
    asked: str  # the party that evidence was asked of
    money_arrived: bool
    deadline: dict[str, Any]  # {"at", "for", "from": stated|computed|entered, "if_missed", "because"}
    because: list[dict[str, str]]  # the words it rests on, as in the reading
    confidence: float
    provenance: str
    why: str  # a key of words.REASONS: why it counts, or why it only proposes
    doubts: list[str]  # all that spoke against letting it count by itself, keys of words.REASONS
    amount: str
    freight_payer: str
    offer: dict[str, Any]
    offer_of: str  # the act whose offer this one accepts or declines
    evidence_asked: list[str]
    refusal_ground: str
    note: str  # the person's own words beside what they recorded
    correction: dict[str, Any]  # of a correct event: fields of stages.Told put right
    warnings: list[str]


Numbers = list[tuple[str, str]]  # (kind, number), the order's under "order"


class Knowledge(TypedDict):
    """What a notice says its case is about."""

    shop: str | None
    numbers: Numbers
    reason: str | None
    amount: str | None


@dataclass(frozen=True, slots=True)
class Saying:
    """An event about to be recorded."""

    act: Act | None
    by: Party | None
    at: datetime
    kind: Kind | None = None
    state: State = State.APPLIED
    type: Type = Type.ACT
    fingerprint: str = field(default_factory=random_id)  # of the notice; by hand every saying is its own
    notice: Notice | None = None
    answers: Event | None = None
    actor: User | None = None
    payload: Payload = field(default_factory=Payload)


@dataclass(frozen=True, slots=True)
class Recorded:
    event: Event
    standing: Standing
    is_new: bool
    is_first: bool = False  # the first act that counts in a case which proposals alone had opened


class NotForVolunteers(Exception):
    """A volunteer tried to settle a ruling against the owner, or what is not a volunteer's to answer."""


class NeedsSecondReader(Exception):
    """One volunteer alone cannot settle what gives a case its outcome: a second one, or the owner, confirms it."""


class NotAChoice(Exception):
    """The act cannot be recorded by hand where the case stands."""


@transaction.atomic
def open_case(owner: User, *, shop: str = "", reason: str = "", amount: str | None = None, title: str = "") -> Case:
    """A new case of `owner`, with no story yet."""
    return Case.objects.create(
        owner=owner,
        shop=shop_named(shop) if shop.strip() else None,
        reason=reason,
        amount=fitting(amount),
        title=title.strip()[:120],
    )


def fitting(amount: str | None) -> Decimal | None:
    """A sum in 元 as a case holds it; None for one that no complaint is about."""
    value = Decimal(amount) if amount else None
    return value if value is not None and value < LARGEST else None


def shop_named(name: str) -> Shop:
    """The shop known by that name or alias, made if there is none."""
    key = shop_key(name)
    alias = ShopAlias.objects.select_related("shop").filter(key=key).first()
    if alias:
        return alias.shop
    shop, _is_new = Shop.objects.get_or_create(key=key, defaults={"name": name.strip()[:100]})
    return shop


def begin(
    owner: User, saying: Saying, *, shop: str | None, numbers: Numbers, reason: str | None, amount: str | None
) -> Recorded:
    """A new case of `owner` that opens with `saying`, and what its notice says the case is about.

    The same as `open_case`, `record` and `learn`, with a third of the statements: the case is told before it is
    written. To be called in a transaction; the notice, which it writes as well, may be unsaved.
    """
    case = Case(owner=owner, shop=shop_named(shop) if shop and shop.strip() else None, reason=reason or "")
    case.amount = fitting(amount)
    name_by(case, numbers)
    event = event_of(case, saying, last=None)
    told = note_standing(case, [event])
    insert_case(case)
    if notice := saying.notice:
        notice.case = case
        keep_case_of(notice)
    event.case, event.notice = case, notice  # now that they have their keys
    insert_event(event)
    keep_numbers(case, numbers)
    return Recorded(event, told, is_new=True)


insert_case, insert_notice, insert_event = (Insert(model, "RETURNING id").keep for model in (Case, Notice, Event))


def keep_case_of(notice: Notice) -> None:
    """Write to which case `notice` belongs; the whole of it, when it is not there yet."""
    if notice.pk is None:
        insert_notice(notice)
    else:
        notice.save(update_fields=["case"])


@transaction.atomic
def record(case: Case, saying: Saying) -> Recorded:
    """Add an event to the story of `case` and tell it again; but for `begin` nothing else writes `Case.stage`.

    The same fingerprint again changes nothing and returns the event that is there.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)  # one teller at a time
    events = story(case)
    there = next((event for event in events if event.fingerprint == saying.fingerprint), None)
    if there:
        return Recorded(there, standing(case, events), is_new=False)
    last = events[-1] if events else None
    was_draft = case.is_draft and last is not None
    event = event_of(case, saying, last)
    insert_event(event)
    told = retell(case, [*events, event])
    return Recorded(event, told, is_new=True, is_first=was_draft and not case.is_draft)


def event_of(case: Case, saying: Saying, last: Event | None) -> Event:
    """The event that `saying` becomes behind `last` in the chain of `case`; unsaved."""
    event = Event(
        case=case,
        seq=last.seq + 1 if last else 1,
        type=saying.type,
        act=saying.act or "",
        by=saying.by or "",
        kind=saying.kind or "",
        at=saying.at,
        state=saying.state,
        fingerprint=saying.fingerprint,
        notice=saying.notice,
        answers=saying.answers,
        actor=saying.actor,
        payload=dict(saying.payload),
        previous=last.hash if last else "",
    )
    event.hash = event.sealed(event.previous)
    return event


def story(case: Case) -> list[Event]:
    """All events of `case` in the order they were recorded, ready to be told: one query."""
    events = case.events.select_related("answers", "notice", "actor").order_by("seq")
    return list(events.defer("notice__body", "notice__note", "notice__safe_html", "notice__reading"))


def standing(case: Case, events: list[Event] | None = None) -> Standing:
    """Where `case` stands, told from its events."""
    return replay(event.told() for event in (story(case) if events is None else events))


def retell(case: Case, events: list[Event] | None = None) -> Standing:
    """Tell `case` again and write what came out. The case must be locked by the caller's transaction.

    events  its whole story, where the caller has it
    """
    told = note_standing(case, story(case) if events is None else events)
    case.save(update_fields=TOLD)
    return told


# What a case shows of its story.
TOLD = (
    "stage", "outcome", "waiting_on", "suspended", "odd", "proposed",
    "deadline_at", "deadline_for", "deadline_from", "own_deadline_at", "own_deadline_from",
    "is_draft", "version", "updated_at",
)  # fmt: skip


def note_standing(case: Case, events: list[Event]) -> Standing:
    """Where `case` stands by its whole story, noted in TOLD and not written."""
    for event in events:
        event.case = case
    told = standing(case, events)
    due = told.next_deadline
    own = told.own_deadline
    case.stage = told.stage or ""
    case.outcome = told.outcome or ""
    case.waiting_on = told.waiting_on or ""
    case.suspended = told.suspended
    case.odd = len(told.odd)
    case.proposed = len(told.proposed)
    case.deadline_at = due.at if due else None
    case.deadline_for = due.waiting_for if due else ""
    case.deadline_from = due.source if due else ""
    case.own_deadline_at = own.at if own else None
    case.own_deadline_from = own.source if own else ""
    case.is_draft = not any(step.state is State.APPLIED for step in told.steps)
    case.version = len(events)
    case.updated_at = timezone.now()
    return told


def is_chained(case: Case) -> bool:
    """Whether every event of `case` still says what was sealed, in an unbroken chain of which no end is missing."""
    previous = ""
    events = story(case)
    if len(events) != Case.objects.values_list("version", flat=True).get(pk=case.pk):
        return False
    for place, event in enumerate(events, start=1):
        event.case = case
        if event.seq != place or event.previous != previous or event.hash != event.sealed(previous):
            return False
        previous = event.hash
    return True


# -- by hand -------------------------------------------------------------------------------------------


def choices(case: Case) -> list[tuple[Act, Party]]:
    """What may be recorded by hand where `case` stands: the table's rows, one per act and party."""
    stage = Stage(case.stage) if case.stage else None
    return list(dict.fromkeys((row.done, by) for row in moves_from(stage) for by in row.by))


def record_by_hand(
    case: Case, actor: User, act: Act, by: Party, at: datetime, payload: Payload, once: str = ""
) -> Recorded:
    """What the owner tells us happened (记一笔). Raises NotAChoice if the table has no such row anywhere.

    once  names the form that was filled in: sent twice, it is recorded once
    """
    if (act, by) not in {
        (row.done, party) for stage in (None, *Stage) for row in moves_from(stage) for party in row.by
    }:
        raise NotAChoice(f"{by} {act}")
    said = payload | {"provenance": "D", "why": "by_hand"}
    saying = Saying(act=act, by=by, at=at, actor=actor, payload=said, fingerprint=once or random_id())
    return record(case, saying)


@transaction.atomic
def open_by_hand(
    owner: User, act: Act, by: Party, at: datetime, payload: Payload, *, shop: str, reason: str, once: str
) -> Case:
    """新建案件: a case and its first act. The same form sent twice opens one case. Raises NotAChoice."""
    # Two taps at once: the second one waits, and finds the case.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    there = Case.objects.filter(owner=owner, events__fingerprint=once).first()
    if there:
        return there
    case = open_case(owner, shop=shop, reason=reason)
    record_by_hand(case, owner, act, by, at, payload, once)
    return case


@transaction.atomic
def answer(event: Event, type: Type, actor: User, payload: Payload | None = None) -> Recorded:
    """Answer an act of the story: it counts (confirm), it counts differently (correct), it does not count (undo).

    raises  NotForVolunteers when somebody but the owner would settle a ruling against the owner, or answer
            what is not theirs to answer (`may_answer`); NeedsSecondReader when it bears an outcome and no other
            volunteer has said the same
    """
    Case.objects.select_for_update().get(pk=event.case_id)
    if not may_answer(event, actor):
        raise NotForVolunteers(event.public_id)
    if type is not Type.UNDO and actor.pk != event.case.owner_id:
        if goes_against_owner(event, payload):
            raise NotForVolunteers(event.public_id)
        if bears_outcome(event) and not is_seconded(event, actor):
            raise NeedsSecondReader(event.public_id)
    return record(
        event.case,
        Saying(
            act=None,
            by=None,
            at=timezone.now(),
            type=type,
            answers=event,
            actor=actor,
            payload=payload or Payload(),
        ),
    )


def may_answer(event: Event, actor: User) -> bool:
    """Whether `actor` may confirm or undo `event`.

    The owner always. A volunteer while nobody has answered it and it counts for nothing yet or a volunteer filed
    it, or when the last answer was a volunteer's: what a verified route or the owner has said stays.
    """
    owner_id = event.case.owner_id
    if actor.pk == owner_id:
        return True
    last = event.answered_by.order_by("-at", "-public_id").first()
    if last:
        return last.actor_id not in (None, owner_id)
    if event.actor_id not in (None, owner_id):
        return True
    step = step_of(event)
    return step.state is State.PROPOSED or step.odd


def bears_outcome(event: Event) -> bool:
    """Whether `event` gives its case an outcome; money that is only on its way does not."""
    return event.act in BEARS_OUTCOME and (event.act != Act.EXECUTES or bool(event.payload.get("money_arrived")))


def is_seconded(event: Event, actor: User) -> bool:
    """Whether a volunteer other than `actor` says of the mail of `event` what `event` tells, and holds to it."""
    if event.notice is None:
        return False
    about = Q(notice=None) | Q(notice=event.notice_id)
    said = Opinion.objects.standing().filter(about, mail=event.notice.mail_id, decision=Decision.FILE)
    others = said.exclude(reader=actor)
    return others.filter(Q(kind=event.kind, case=event.case_id) | Q(kind="")).exists()  # "": all as it was proposed


def step_of(event: Event) -> Step:
    """How the act `event` stands in the story of its case."""
    return next(step for step in standing(event.case).steps if step.told.key == event.public_id)


def confirm(event: Event, actor: User) -> Recorded:
    """`event` happened as told."""
    return answer(event, Type.CONFIRM, actor)


def undo(event: Event, actor: User) -> Recorded:
    """`event` did not happen, or not in this case."""
    return answer(event, Type.UNDO, actor)


def correct(event: Event, actor: User, correction: dict[str, Any]) -> Recorded:
    """`event` happened differently.

    correction  fields of stages.Told as JSON values (models.case.correction_from)
    raises      ValueError when it names another field, NotForVolunteers as `answer` does
    """
    unknown = set(correction) - set(correction_from(correction, event.public_id))
    if unknown:
        raise ValueError(f"cannot be corrected: {sorted(unknown)}")
    return answer(event, Type.CORRECT, actor, Payload(correction=correction))


def goes_against_owner(event: Event, payload: Payload | None = None) -> bool:
    """Whether `event` (as corrected by `payload`) rules or ends the case against its owner, or says not for whom."""
    outcome = ((payload or {}).get("correction") or {}).get("outcome", event.payload.get("outcome"))
    is_open = event.act in DECIDES and not outcome
    return event.act in (Act.REJECTS, Act.LAPSES) or outcome in AGAINST_OWNER or is_open


# -- what the case is about ------------------------------------------------------------------------------


def learn(
    case: Case,
    *,
    shop: str | None,
    numbers: Numbers,
    reason: str | None,
    amount: str | None,
    afresh: bool = False,
) -> None:
    """Fill what `case` did not know yet from a notice that was filed to it; what is known is not overwritten.

    afresh  forget first what it had from proposals: anybody who knows an inbox address may have written those
    """
    before = [getattr(case, name) for name in LEARNT]
    if afresh:
        case.shop, case.reason, case.amount, case.order_no, case.case_no = None, "", None, "", ""
        case.numbers.all().delete()
    if shop and case.shop_id is None:
        case.shop = shop_named(shop)
    if reason and case.reason in ("", "other"):  # "other" only says that nobody has named it yet
        case.reason = reason
    if amount and case.amount is None:
        case.amount = fitting(amount)
    keep_numbers(case, numbers)
    name_by(case, numbers)
    if [getattr(case, name) for name in LEARNT] != before:
        case.save(update_fields=LEARNT)


def name_by(case: Case, numbers: Numbers) -> None:
    """The first order and the first other of `numbers` name `case`, unless it has a name of that sort; unsaved."""
    for kind, number in numbers:
        if kind == "order" and not case.order_no:
            case.order_no = number
        if kind != "order" and not case.case_no:
            case.case_no = number


def keep_numbers(case: Case, numbers: Numbers) -> None:
    """`case` is found by `numbers` from now on."""
    for kind, number in numbers:
        _insert_number(case_id=case.pk, kind=kind, number=number)


_insert_number = Insert(CaseNumber, "ON CONFLICT DO NOTHING")
