"""How a case is told on a page: from its events and where it stands to what is shown.

`page_of` asks the database; everything below it is pure, and the sample case goes the same way without a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.looks import money
from complaints import demands, words
from complaints.models import Case, CaseNumber, Demand, Event, Notice
from complaints.stages import FIRST_OF, Act, Deadline, Party, Stage, Standing, State, Step, Told, Type, replay
from complaints.words import Text

# What a found piece of a notice led to (`because[].of`).
BECAUSE_OF: dict[str, Text] = {
    "kind": _("是什么"),
    "act": _("做了什么"),
    "by": _("谁做的"),
    "outcome": _("结果"),
    "deadline": _("截止"),
    "deadline_for": _("谁的期限"),
    "if_missed": _("逾期后果"),
    "order_no": _("订单编号"),
    "case_no": _("编号"),
    "other_no": _("其他编号"),
    "shop": _("店铺"),
    "amount": _("金额"),
    "freight_payer": _("运费"),
    "reason": _("原因"),
    "refusal_ground": _("拒绝理由"),
    "evidence_asked": _("要的凭证"),
    "tracking_no": _("运单号"),
    "offer": _("对方提议"),
    "trust": _("可疑之处"),
    "acted_at": _("时间"),
}

WHERE: dict[str, Text] = {
    "subject": _("主题"),
    "body": _("正文"),
    "header": _("信头"),
    "attachment": _("附件"),
    "picture": _("图片"),
}

STATES: dict[str, Text] = {
    State.APPLIED: _("已计入"),
    State.PROPOSED: _("待确认"),
    State.UNDONE: _("已撤销"),
}

ANSWERS: dict[str, Text] = {
    Type.CONFIRM: _("确认了"),
    Type.CORRECT: _("更正了"),
    Type.UNDO: _("撤销了"),
}

# The button of the one next step, by where words.next_step leads.
BUTTONS: dict[str, Text] = {
    "record": _("记一笔"),
    "exhibits": _("上传凭证"),
    "proposals": _("去确认"),
    "mails": _("看来信"),
}

FORESEEN = 5  # proposals for which we tell the story once more, to say what confirming would change


@dataclass(frozen=True, slots=True)
class TrackStep:
    """One of the eight points of the track."""

    label: Text
    state: str  # past, unseen, skipped, now, ahead


@dataclass(frozen=True, slots=True)
class DeadlineShown:
    at: datetime
    party: Text
    is_mine: bool
    is_over: bool
    source: Text
    quote: str  # the notice's own words, "" for what a person entered or a rule says
    if_missed: Text
    is_usual: bool  # only the usual time of a rule


@dataclass(frozen=True, slots=True)
class Found:
    """A verbatim piece of a notice, what it led to, and where it stands."""

    of: Text
    words: str
    where: Text


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody confirmed, corrected or undid an act."""

    what: Text
    who: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of the story as the timeline shows it."""

    id: str
    title: Text
    by: str  # the party, as a class of the style sheet
    party: Text
    at: datetime
    recorded_at: datetime
    recorder: Text
    state: str
    state_label: Text
    is_odd: bool
    stage: Text  # where it brought the case, "" when it moved nothing
    outcome: Text
    badge: str
    badge_class: str
    badge_words: Text
    why: Text
    because: tuple[Found, ...]
    deadline: DeadlineShown | None
    details: tuple[Text, ...]  # further sentences: offer, freight, amount
    note: str
    answers: tuple[Answer, ...]
    is_corrected: bool
    mail: str  # public id of the mail that told it, "" when a person did
    foreseen: Text = ""  # of a proposal: the stage that confirming it leads to


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice of this case, for the list of its mails."""

    mail: str
    notice: str
    subject: str
    sender: str
    at: datetime | None
    kind: Text


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of a case shows beside its exhibits."""

    case: Case
    heading: str
    standing: Standing
    track: tuple[TrackStep, ...]
    move: str  # mine, others, over
    who: Text
    is_urgent: bool
    deadline: DeadlineShown | None
    other_deadlines: tuple[DeadlineShown, ...]
    step: Text
    step_button: Text
    step_url: str
    proposals: tuple[Entry, ...]
    entries: tuple[Entry, ...]  # newest first, without the proposals
    last_applied: Entry | None
    letters: tuple[Letter, ...]
    numbers: tuple[tuple[Text, str], ...]
    asked: tuple[demands.Line, ...]
    offer: demands.Offer | None
    own: DeadlineShown | None  # the shopper's own date, also while the move is another's
    days_taken: int | None  # once it is closed
    stage: Text
    outcome: Text
    reason: Text
    version: str
    now: datetime = field(repr=False)


def page_of(case: Case, now: datetime) -> CasePage:
    """The page of `case`: four queries however long its story is."""
    events = list(case.events.select_related("answers", "actor").order_by("seq"))
    notices = list(
        case.notices.select_related("mail").defer("body", "note", "safe_html", "reading").order_by("-dated_at", "-pk")
    )
    return tell(case, events, notices, list(case.numbers.order_by("pk")), now, list(case.demands.all()))


def tell(
    case: Case,
    events: Sequence[Event],
    notices: Sequence[Notice],
    numbers: Sequence[CaseNumber],
    now: datetime,
    wanted: Sequence[Demand] = (),
) -> CasePage:
    """What the page of `case` shows at `now`. Asks the database nothing."""
    told = [event.told() for event in events]
    standing = replay(told)
    acts = {event.public_id: event for event in events if event.type == Type.ACT}
    answers = answers_in(events, case)
    mails = {notice.pk: notice.mail.public_id for notice in notices}
    entries = [
        entry_of(step, acts[step.told.key], answers.get(step.told.key, ()), case, mails, now) for step in standing.steps
    ]
    shown = [entry for entry in reversed(entries) if entry.state != State.PROPOSED]
    due = standing.next_deadline
    deadline = deadline_shown(due, now) if due else None
    own = standing.own_deadline
    said = {key: event.payload for key, event in acts.items()}
    sentence, where = words.next_step(case, standing)
    return CasePage(
        case=case,
        heading=words.heading(case),
        standing=standing,
        track=track_of(standing),
        move=whose(standing),
        who=words.WHOSE_MOVE[standing.waiting_on or ""],
        is_urgent=bool(due and due.at - now <= timedelta(hours=72)),
        deadline=deadline,
        other_deadlines=tuple(deadline_shown(d, now) for d in standing.deadlines if d is not due),
        step=sentence,
        step_button=BUTTONS.get(where, ""),
        step_url=step_url(case, where),
        proposals=foresee([e for e in entries if e.state == State.PROPOSED], told, standing, now),
        entries=tuple(shown),
        last_applied=next((entry for entry in shown if entry.state == State.APPLIED and not entry.is_odd), None),
        letters=tuple(letter_of(notice) for notice in notices),
        numbers=tuple((words.NUMBER_KINDS.get(n.kind, words.NUMBER_KINDS["other"]), n.number) for n in numbers),
        asked=demands.ledger(wanted, standing, said),
        offer=demands.open_offer(standing, said),
        own=deadline_shown(own, now) if own else None,
        days_taken=demands.days_taken(standing),
        stage=words.STAGES[standing.stage or ""],
        outcome=words.OUTCOMES[standing.outcome or ""],
        reason=words.COMPLAINT_REASONS.get(case.reason, ""),
        version=version_of(case, now),
        now=now,
    )


def version_of(case: Case, now: datetime) -> str:
    """What polling compares: rises with every event, and with every hour (at the end minute) of the countdown."""
    if case.deadline_at is None:
        return str(case.version)
    left = case.deadline_at - now
    span = timedelta(minutes=1) if abs(left) < timedelta(hours=1) else timedelta(hours=1)
    return f"{case.version}.{left // span}{'m' if span.seconds == 60 else 'h'}"


def whose(standing: Standing) -> str:
    """Whose move it is, as a class of the style sheet."""
    if standing.stage is Stage.CLOSED and standing.waiting_on is None:
        return "over"
    return "mine" if standing.waiting_on is Party.BUYER or standing.stage is None else "others"


def step_url(case: Case, where: str) -> str:
    """Where the button of the next step leads."""
    match where:
        case "record":
            return reverse("complaints:case_record", args=[case.public_id])
        case "exhibits" | "proposals":
            return f"{case.get_absolute_url()}#{where}"
        case "mails":
            return reverse("complaints:mail_list")
        case _:
            return ""


def track_of(standing: Standing) -> tuple[TrackStep, ...]:
    """The eight stages: what was passed, what was not seen, where the case stands, what is ahead."""
    here = FIRST_OF[standing.stage] if standing.stage else -1
    visited = {FIRST_OF[step.stage] for step in standing.steps if step.moved and step.stage}
    first = min(visited, default=0)

    def state(place: int) -> str:
        if place == here:
            return "now"
        if place > here:
            return "ahead"
        if place in visited:
            return "past"
        return "skipped" if place > first else "unseen" if standing.unseen else "past"

    return tuple(TrackStep(words.STAGES[stage], state(place)) for stage, place in FIRST_OF.items())


def deadline_shown(deadline: Deadline, now: datetime) -> DeadlineShown:
    """A deadline in words: whose, where it comes from, what happens when it passes."""
    is_usual = deadline.source == "rule"
    return DeadlineShown(
        at=deadline.at,
        party=words.PARTIES[deadline.waiting_for],
        is_mine=deadline.waiting_for is Party.BUYER,
        is_over=deadline.at < now,
        source=words.DEADLINE_FROM.get(deadline.source, deadline.source),
        quote="" if is_usual else deadline.because,
        if_missed=words.IF_MISSED.get(deadline.if_missed or "", ""),
        is_usual=is_usual,
    )


def answers_in(events: Iterable[Event], case: Case) -> dict[str, tuple[Answer, ...]]:
    """Who confirmed, corrected or undid which act, by the act's public id, oldest first."""
    found: dict[str, tuple[Answer, ...]] = {}
    for event in events:
        if event.answers is not None:
            answer = Answer(ANSWERS[event.type], recorder_of(event, case), event.recorded_at)
            found[event.answers.public_id] = (*found.get(event.answers.public_id, ()), answer)
    return found


def recorder_of(event: Event, case: Case) -> Text:
    """Who put `event` on record, from where the owner of `case` sits."""
    if event.actor_id is None:
        return _("由来信读出")
    return _("你") if event.actor_id == case.owner_id else _("志愿者")


def entry_of(
    step: Step, event: Event, answers: tuple[Answer, ...], case: Case, mails: dict[int, str], now: datetime
) -> Entry:
    """One act for the timeline. `step` holds it as corrected, `event` as it was recorded."""
    told, said = step.told, event.payload
    badge = said.get("provenance", "")
    return Entry(
        id=event.public_id,
        title=title_of(told),
        by=told.by or "platform",
        party=words.PARTIES[told.by or ""],
        at=told.at,
        recorded_at=event.recorded_at,
        recorder=recorder_of(event, case),
        state=step.state,
        state_label=STATES[step.state],
        is_odd=step.odd,
        stage=words.STAGES[step.stage] if step.moved and step.stage else "",
        outcome=words.OUTCOMES.get(told.outcome or "", ""),
        badge=badge,
        badge_class={"A": "good", "B": "good", "E": "doubt"}.get(badge, ""),
        badge_words=words.PROVENANCE.get(badge, ""),
        why=words.REASONS.get(said.get("why", ""), ""),
        because=found_in(said.get("because", ())),
        deadline=deadline_shown(told.deadline, now) if told.deadline else None,
        details=details_of(said),
        note=said.get("note", ""),
        answers=answers,
        is_corrected=any(answer.what == ANSWERS[Type.CORRECT] for answer in answers),
        mail=mails.get(event.notice_id or 0, ""),
    )


def title_of(told: Told) -> Text:
    """What was done; money that is only on its way is said as such."""
    if told.act is Act.EXECUTES:
        return _("退款到账") if told.money_arrived else _("退款处理中，还没到账")
    return words.ACTS[told.act or ""]


def found_in(because: Iterable[dict[str, str]]) -> tuple[Found, ...]:
    """The words that an event rests on, verbatim, each once."""
    return tuple(
        dict.fromkeys(
            Found(BECAUSE_OF.get(row["of"], row["of"]), row["words"], WHERE.get(row["where"], row["where"]))
            for row in because
        )
    )


def details_of(said: dict[str, Any]) -> tuple[Text, ...]:
    """What else the notice states: who pays the freight, what was offered."""
    found: list[Text] = []
    if payer := said.get("freight_payer"):
        found.append(words.FREIGHT_PAYERS.get(payer, ""))
    if (offer := said.get("offer")) and offer.get("amount"):
        found.append(_("对方提出：%(amount)s") % {"amount": money(offer["amount"])})
    return tuple(text for text in found if text)


def foresee(proposals: Sequence[Entry], told: Sequence[Told], standing: Standing, now: datetime) -> tuple[Entry, ...]:
    """The proposals, newest first; the first few say which stage confirming them leads to."""
    shown = []
    for place, entry in enumerate(reversed(proposals)):
        foreseen: Text = ""
        if place < FORESEEN:
            answer = Told(key="", type=Type.CONFIRM, act=None, by=None, at=now, fingerprint="", answers=entry.id)
            after = replay([*told, answer]).stage
            foreseen = words.STAGES[after] if after and after is not standing.stage else ""
        shown.append(replace(entry, foreseen=foreseen))
    return tuple(shown)


def letter_of(notice: Notice) -> Letter:
    """One notice for the list of mails of a case."""
    return Letter(
        mail=notice.mail.public_id,
        notice=notice.public_id,
        subject=notice.subject,
        sender=notice.from_name or notice.from_address,
        at=notice.dated_at or notice.mail.received_at,
        kind=words.KINDS.get(notice.kind, notice.kind),
    )
