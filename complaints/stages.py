"""How a case moves: the parties, the acts, the stages, and the one table between them.

A case that is HERE, when this is DONE BY one party, goes THERE, and THEN the move is somebody's.
The engine, the buttons of the case page, the deadline sweep, the timeline, docs/stages.md and the
tests all read this file; it imports nothing of Django. Sources: domain.md 1.3 and 1.4 as carried
over into docs/sources.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Stage(StrEnum):
    FILED = "filed"  # 已提交
    ACKNOWLEDGED = "acknowledged"  # 已受理
    MERCHANT_REPLIED = "merchant_replied"  # 商家已回应
    PLATFORM_INTERVENED = "platform_intervened"  # 平台已介入
    EVIDENCE_REQUESTED = "evidence_requested"  # 举证中
    RULED = "ruled"  # 已判决
    APPEALED = "appealed"  # 申诉中
    CLOSED = "closed"  # 已结案


class Party(StrEnum):
    BUYER = "buyer"  # 买家
    MERCHANT = "merchant"  # 商家
    PLATFORM = "platform"  # 平台
    JURY = "jury"  # 大众评审
    PAYER = "payer"  # 支付机构
    AUTHORITY = "authority"  # 12315, 消协, 法院


class Act(StrEnum):
    FILES = "files"
    ACKNOWLEDGES = "acknowledges"
    REPLIES = "replies"
    REFUSES = "refuses"
    AGREES_RETURN = "agrees_return"
    AGREES_REFUND = "agrees_refund"
    SENDS_BACK = "sends_back"
    RECEIVES_RETURN = "receives_return"
    REFUSES_RETURN = "refuses_return"
    CHANGES_REQUEST = "changes_request"
    ASKS_INTERVENTION = "asks_intervention"
    INTERVENES = "intervenes"
    REQUESTS_EVIDENCE = "requests_evidence"
    SUBMITS_EVIDENCE = "submits_evidence"
    SUSPENDS = "suspends"
    RESUMES = "resumes"
    RULES = "rules"
    APPEALS = "appeals"
    RULES_APPEAL = "rules_appeal"
    EXECUTES = "executes"
    DECLINES = "declines"  # 买家没有接受商家的提议
    SETTLES = "settles"
    WITHDRAWS = "withdraws"
    LAPSES = "lapses"
    REJECTS = "rejects"
    CLOSES = "closes"
    REOPENS = "reopens"
    REGULATOR = "regulator"  # 12315: the act of an outside track, beside the stages
    CONSUMER_ASSOCIATION = "consumer_association"  # 消协
    COURT = "court"  # 法院


class Verdict(StrEnum):
    """How a case, or a ruling, came out (`outcome` in pages and JSON)."""

    BUYER = "buyer"
    SELLER = "seller"
    PARTIAL = "partial"
    AMBIGUOUS = "ambiguous"  # 建议与商家协商解决: nobody decided anything
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    REFUNDED = "refunded"
    LAPSED_BUYER = "lapsed_buyer"
    LAPSED_SELLER = "lapsed_seller"
    NOT_ACCEPTED = "not_accepted"


class Kind(StrEnum):
    """What a notice is; the rows of KINDS say what each does."""

    FILED = "filed"
    ACKNOWLEDGEMENT = "acknowledgement"
    MERCHANT_REPLY = "merchant_reply"
    MERCHANT_REFUSAL = "merchant_refusal"
    RETURN_AGREED = "return_agreed"
    RETURN_RECEIVED = "return_received"
    INTERVENTION = "intervention"
    EVIDENCE_REQUEST = "evidence_request"
    EVIDENCE_RECEIVED = "evidence_received"
    RULING = "ruling"
    APPEAL_ACKNOWLEDGEMENT = "appeal_acknowledgement"
    APPEAL_RULING = "appeal_ruling"
    SETTLEMENT = "settlement"
    WITHDRAWAL = "withdrawal"
    CLOSING = "closing"
    REFUND_ARRIVED = "refund_arrived"
    EXECUTION = "execution"
    REMINDER = "reminder"
    SUSPENSION = "suspension"
    EXTERNAL = "external"
    MERCHANT_PLEA = "merchant_plea"
    USER_MESSAGE = "user_message"
    UNKNOWN = "unknown"
    PHISHING = "phishing"
    MARKETING = "marketing"
    LOGISTICS = "logistics"
    SURVEY = "survey"
    PLATFORM_NOTICE = "platform_notice"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    VERIFICATION_CODE = "verification_code"
    FORWARD_CONFIRMATION = "forward_confirmation"


class End(StrEnum):
    """How the mail of such a notice ends when nothing speaks against it (IncomingMail.outcome)."""

    FILED = "filed"
    REVIEW = "review"
    HELD = "held"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class KindRow:
    kind: Kind
    act: Act | None
    by: Party | None
    stage: Stage | None
    end: End


# fmt: off
KINDS: dict[Kind, KindRow] = {row.kind: row for row in (
    #       kind                          act                     by               stage                       the mail ends as
    KindRow(Kind.FILED,                   Act.FILES,              Party.BUYER,     Stage.FILED,                End.FILED),
    KindRow(Kind.ACKNOWLEDGEMENT,         Act.ACKNOWLEDGES,       Party.PLATFORM,  Stage.ACKNOWLEDGED,         End.FILED),
    KindRow(Kind.MERCHANT_REPLY,          Act.REPLIES,            Party.MERCHANT,  Stage.MERCHANT_REPLIED,     End.FILED),
    KindRow(Kind.MERCHANT_REFUSAL,        Act.REFUSES,            Party.MERCHANT,  Stage.MERCHANT_REPLIED,     End.FILED),
    KindRow(Kind.RETURN_AGREED,           Act.AGREES_RETURN,      Party.MERCHANT,  Stage.MERCHANT_REPLIED,     End.FILED),
    KindRow(Kind.RETURN_RECEIVED,         Act.RECEIVES_RETURN,    Party.MERCHANT,  Stage.MERCHANT_REPLIED,     End.FILED),
    KindRow(Kind.INTERVENTION,            Act.INTERVENES,         Party.PLATFORM,  Stage.PLATFORM_INTERVENED,  End.FILED),
    KindRow(Kind.EVIDENCE_REQUEST,        Act.REQUESTS_EVIDENCE,  Party.PLATFORM,  Stage.EVIDENCE_REQUESTED,   End.FILED),
    KindRow(Kind.EVIDENCE_RECEIVED,       Act.SUBMITS_EVIDENCE,   Party.BUYER,     Stage.EVIDENCE_REQUESTED,   End.FILED),
    KindRow(Kind.RULING,                  Act.RULES,              Party.PLATFORM,  Stage.RULED,                End.FILED),
    KindRow(Kind.APPEAL_ACKNOWLEDGEMENT,  Act.APPEALS,            Party.BUYER,     Stage.APPEALED,             End.FILED),
    KindRow(Kind.APPEAL_RULING,           Act.RULES_APPEAL,       Party.PLATFORM,  Stage.RULED,                End.FILED),
    KindRow(Kind.SETTLEMENT,              Act.SETTLES,            Party.BUYER,     Stage.CLOSED,               End.FILED),
    KindRow(Kind.WITHDRAWAL,              Act.WITHDRAWS,          Party.BUYER,     Stage.CLOSED,               End.FILED),
    KindRow(Kind.CLOSING,                 Act.CLOSES,             Party.PLATFORM,  Stage.CLOSED,               End.FILED),
    KindRow(Kind.REFUND_ARRIVED,          Act.EXECUTES,           Party.PAYER,     Stage.CLOSED,               End.FILED),
    KindRow(Kind.EXECUTION,               Act.EXECUTES,           Party.PLATFORM,  None,                       End.FILED),
    KindRow(Kind.REMINDER,                None,                   Party.PLATFORM,  None,                       End.FILED),
    KindRow(Kind.SUSPENSION,              Act.SUSPENDS,           Party.PLATFORM,  None,                       End.FILED),
    KindRow(Kind.EXTERNAL,                Act.REGULATOR,          Party.AUTHORITY, None,                       End.FILED),
    KindRow(Kind.MERCHANT_PLEA,           None,                   None,            None,                       End.REVIEW),
    KindRow(Kind.USER_MESSAGE,            None,                   None,            None,                       End.REVIEW),
    KindRow(Kind.UNKNOWN,                 None,                   None,            None,                       End.REVIEW),
    KindRow(Kind.PHISHING,                None,                   None,            None,                       End.REVIEW),
    KindRow(Kind.MARKETING,               None,                   None,            None,                       End.IGNORED),
    KindRow(Kind.LOGISTICS,               None,                   None,            None,                       End.IGNORED),
    KindRow(Kind.SURVEY,                  None,                   None,            None,                       End.IGNORED),
    KindRow(Kind.PLATFORM_NOTICE,         None,                   None,            None,                       End.IGNORED),
    KindRow(Kind.AUTO_REPLY,              None,                   None,            None,                       End.IGNORED),
    KindRow(Kind.BOUNCE,                  None,                   None,            None,                       End.IGNORED),
    KindRow(Kind.VERIFICATION_CODE,       None,                   None,            None,                       End.HELD),
    KindRow(Kind.FORWARD_CONFIRMATION,    None,                   None,            None,                       End.HELD),
)}
# fmt: on


# -- where an act leads ------------------------------------------------------------------------------

NEW: tuple[Stage | None, ...] = (None,)  # stories start in the middle: any act may open one
EARLY = (*NEW, Stage.FILED, Stage.ACKNOWLEDGED, Stage.MERCHANT_REPLIED)
BEFORE_RULED = (*EARLY, Stage.PLATFORM_INTERVENED, Stage.EVIDENCE_REQUESTED)
BEFORE_CLOSED = (*BEFORE_RULED, Stage.RULED, Stage.APPEALED)
ANY = (*BEFORE_CLOSED, Stage.CLOSED)
LATE = (Stage.PLATFORM_INTERVENED, Stage.EVIDENCE_REQUESTED, Stage.RULED, Stage.APPEALED)

B, M, P = (Party.BUYER,), (Party.MERCHANT,), (Party.PLATFORM,)
BOTH = (Party.BUYER, Party.MERCHANT)


class Then(StrEnum):
    """Whose move follows, where that is not simply one party."""

    SAME = "same"  # whoever it was before
    ASKED = "asked"  # the party that evidence was asked of
    OUTCOME = "outcome"  # the one who won waits for the other: see `after_ruling`
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Move:
    here: tuple[Stage | None, ...]
    done: Act
    by: tuple[Party, ...]
    there: Stage | None  # None: joins the story, the stage stays
    then: Party | Then


# A row whose THERE is None joins the story and moves nothing; an act without any row is odd and waits for a person.
# fmt: off
MOVES = (
    #    here                                       done                    by                                           there                       then
    Move((*NEW, Stage.FILED, Stage.CLOSED),         Act.FILES,              B,                                           Stage.FILED,                Party.MERCHANT),   # 提交
    Move((Stage.ACKNOWLEDGED, Stage.MERCHANT_REPLIED, *LATE), Act.FILES,    B,                                           None,                       Then.SAME),
    Move((*NEW, Stage.FILED, Stage.ACKNOWLEDGED),   Act.ACKNOWLEDGES,       P,                                           Stage.ACKNOWLEDGED,         Party.MERCHANT),   # 受理
    Move((Stage.MERCHANT_REPLIED, *LATE),           Act.ACKNOWLEDGES,       P,                                           None,                       Then.SAME),
    Move(EARLY,                                     Act.REPLIES,            M,                                           Stage.MERCHANT_REPLIED,     Party.BUYER),      # 商家回复
    Move(LATE,                                      Act.REPLIES,            M,                                           None,                       Then.SAME),
    Move(EARLY,                                     Act.REFUSES,            M,                                           Stage.MERCHANT_REPLIED,     Party.BUYER),      # 商家拒绝
    Move(LATE,                                      Act.REFUSES,            M,                                           None,                       Then.SAME),
    Move(EARLY,                                     Act.AGREES_RETURN,      M,                                           Stage.MERCHANT_REPLIED,     Party.BUYER),      # 同意退货
    Move(LATE,                                      Act.AGREES_RETURN,      M,                                           None,                       Party.BUYER),
    Move(EARLY,                                     Act.AGREES_REFUND,      (Party.MERCHANT, Party.PLATFORM),            Stage.MERCHANT_REPLIED,     Party.PAYER),      # 同意退款
    Move(LATE,                                      Act.AGREES_REFUND,      (Party.MERCHANT, Party.PLATFORM),            None,                       Party.PAYER),
    Move(EARLY,                                     Act.SENDS_BACK,         B,                                           Stage.MERCHANT_REPLIED,     Party.MERCHANT),   # 寄回
    Move(LATE,                                      Act.SENDS_BACK,         B,                                           None,                       Party.MERCHANT),
    Move(EARLY,                                     Act.RECEIVES_RETURN,    M,                                           Stage.MERCHANT_REPLIED,     Party.MERCHANT),   # 签收退货
    Move(LATE,                                      Act.RECEIVES_RETURN,    M,                                           None,                       Party.MERCHANT),
    Move(EARLY,                                     Act.REFUSES_RETURN,     M,                                           Stage.MERCHANT_REPLIED,     Party.BUYER),      # 拒收退货
    Move(LATE,                                      Act.REFUSES_RETURN,     M,                                           None,                       Then.SAME),
    Move((*NEW, Stage.FILED, Stage.MERCHANT_REPLIED), Act.CHANGES_REQUEST,  B,                                           Stage.FILED,                Party.MERCHANT),   # 修改申请
    Move(BEFORE_RULED,                              Act.ASKS_INTERVENTION,  BOTH,                                        Stage.PLATFORM_INTERVENED,  Party.PLATFORM),   # 申请介入
    Move(BEFORE_RULED,                              Act.INTERVENES,         P,                                           Stage.PLATFORM_INTERVENED,  Party.PLATFORM),   # 平台介入
    Move((*BEFORE_RULED, Stage.APPEALED),           Act.REQUESTS_EVIDENCE,  P,                                           Stage.EVIDENCE_REQUESTED,   Then.ASKED),       # 请举证
    Move(BEFORE_RULED,                              Act.SUBMITS_EVIDENCE,   BOTH,                                        Stage.EVIDENCE_REQUESTED,   Party.PLATFORM),   # 提交凭证
    Move((Stage.RULED, Stage.APPEALED),             Act.SUBMITS_EVIDENCE,   BOTH,                                        None,                       Then.SAME),
    Move((*BEFORE_RULED, Stage.APPEALED),           Act.SUSPENDS,           P,                                           None,                       Then.SAME),        # 中止
    Move((*BEFORE_RULED, Stage.APPEALED),           Act.RESUMES,            P,                                           None,                       Then.SAME),        # 恢复
    Move(BEFORE_CLOSED,                             Act.RULES,              (Party.PLATFORM, Party.JURY),                Stage.RULED,                Then.OUTCOME),     # 判决
    Move(BEFORE_CLOSED,                             Act.APPEALS,            BOTH,                                        Stage.APPEALED,             Party.PLATFORM),   # 申诉
    Move(BEFORE_CLOSED,                             Act.RULES_APPEAL,       P,                                           Stage.RULED,                Then.OUTCOME),     # 申诉结果
    Move(BEFORE_CLOSED,                             Act.EXECUTES,           (Party.PLATFORM, Party.PAYER, Party.MERCHANT), Stage.CLOSED,             Then.NOBODY),      # 到账
    Move((Stage.CLOSED,),                           Act.EXECUTES,           (Party.PLATFORM, Party.PAYER, Party.MERCHANT), None,                     Then.SAME),
    Move((*EARLY, *LATE),                           Act.DECLINES,           B,                                           None,                       Then.SAME),        # 不接受提议
    Move(ANY,                                       Act.SETTLES,            BOTH,                                        Stage.CLOSED,               Then.NOBODY),      # 和解
    Move(ANY,                                       Act.WITHDRAWS,          B,                                           Stage.CLOSED,               Then.NOBODY),      # 撤销
    Move(ANY,                                       Act.LAPSES,             BOTH,                                        Stage.CLOSED,               Then.NOBODY),      # 超时
    Move(ANY,                                       Act.REJECTS,            P,                                           Stage.CLOSED,               Party.BUYER),      # 不予受理
    Move(ANY,                                       Act.CLOSES,             P,                                           Stage.CLOSED,               Then.NOBODY),      # 结案
    Move((Stage.CLOSED,),                           Act.REOPENS,            (Party.BUYER, Party.MERCHANT, Party.PLATFORM), Stage.FILED,              Party.MERCHANT),   # 重新开启
    Move(ANY,                                       Act.REGULATOR,          (Party.AUTHORITY, Party.BUYER),              None,                       Then.SAME),        # 12315
    Move(ANY,                                       Act.CONSUMER_ASSOCIATION, (Party.AUTHORITY, Party.BUYER),            None,                       Then.SAME),        # 消协
    Move(ANY,                                       Act.COURT,              (Party.AUTHORITY, Party.BUYER),              None,                       Then.SAME),        # 法院
)

# The outcome that an act gives the case by itself, whatever else the notice says.
OUTCOMES = {
    Act.EXECUTES:  Verdict.REFUNDED,
    Act.SETTLES:   Verdict.SETTLED,
    Act.WITHDRAWS: Verdict.WITHDRAWN,
    Act.REJECTS:   Verdict.NOT_ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a party usually has, where no notice says. Never shown as certain (grade B, sources differ)."""
    after: Act
    waiting_for: Party
    days: int       # calendar days (自然日)
    key: str        # the heading in docs/sources.md
    if_missed: str


CLOCKS = (
    #     after                  waiting for      days  docs/sources.md#            what happens then
    Clock(Act.FILES,             Party.MERCHANT,  2,    "merchant-first-response",  "auto_refund"),
    Clock(Act.CHANGES_REQUEST,   Party.MERCHANT,  2,    "merchant-re-response",     "auto_refund"),
    Clock(Act.REFUSES,           Party.BUYER,     7,    "buyer-after-refusal",      "closes"),
    Clock(Act.AGREES_RETURN,     Party.BUYER,     7,    "buyer-return",             "closes"),
    Clock(Act.SENDS_BACK,        Party.MERCHANT,  10,   "merchant-confirm-return",  "auto_refund"),
    Clock(Act.RECEIVES_RETURN,   Party.MERCHANT,  3,    "merchant-confirm-return",  "auto_refund"),
    Clock(Act.REQUESTS_EVIDENCE, Party.BUYER,     3,    "evidence",                 "judged_as_is"),
)
# fmt: on

# Two acts of the same moment are told in this order.
RANK: dict[Act | None, int] = {act: rank for rank, act in enumerate(Act, start=1)} | {None: 0}
FIRST_OF: dict[Stage, int] = {stage: place for place, stage in enumerate(Stage)}


def find_move(stage: Stage | None, act: Act, by: Party) -> Move | None:
    """The row for what `by` did while the case stood at `stage`, or None if the act is odd there."""
    for row in MOVES:
        if row.done is act and by in row.by and stage in row.here:
            return row
    return None


def moves_from(stage: Stage | None) -> list[Move]:
    """The rows that a case at `stage` may take, in the table's order: the choices of 记一笔."""
    return [row for row in MOVES if stage in row.here]


# -- telling a story ---------------------------------------------------------------------------------


class State(StrEnum):
    APPLIED = "applied"
    PROPOSED = "proposed"
    UNDONE = "undone"


class Type(StrEnum):
    """An event is an act, or an answer to one that names it."""

    ACT = "act"
    CONFIRM = "confirm"
    CORRECT = "correct"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Deadline:
    at: datetime
    waiting_for: Party
    source: str  # stated, computed, entered, rule
    if_missed: str | None = None
    because: str = ""  # the words it rests on, or the key of the rule
    event: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One event as replay needs it; `models.case.Event.told()` makes it."""

    key: str  # public id of the event
    type: Type
    act: Act | None
    by: Party | None
    at: datetime
    fingerprint: str
    state: State = State.APPLIED
    outcome: Verdict | None = None
    asked: Party | None = None  # of whom evidence was asked
    money_arrived: bool = False
    deadline: Deadline | None = None
    answers: str | None = None  # key of the event that a confirm, correct or undo answers
    correction: dict[str, object] = field(default_factory=dict)  # the fields of this class to put right

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        """When it is told: by time, then rank in the table, then fingerprint; never by row id."""
        return (self.at, RANK[self.act], self.fingerprint, self.key)


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the story as it came out: what the timeline shows."""

    told: Told
    state: State
    moved: bool
    odd: bool
    stage: Stage | None  # where the case stood after it


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands once its story is told."""

    stage: Stage | None = None
    outcome: Verdict | None = None
    waiting_on: Party | None = None
    suspended: bool = False
    deadlines: tuple[Deadline, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def odd(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.odd)

    @property
    def proposed(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.state is State.PROPOSED)

    @property
    def next_deadline(self) -> Deadline | None:
        """The date to watch: of whoever's move it is, the earliest; a stated one before a usual one."""
        mine = [d for d in self.deadlines if d.waiting_for == self.waiting_on] or list(self.deadlines)
        return min(mine, key=lambda d: (d.source == "rule", d.at), default=None)

    @property
    def own_deadline(self) -> Deadline | None:
        """The date that the shopper must not miss, whoever's move it is; a stated one before a usual one."""
        own = [d for d in self.deadlines if d.waiting_for is Party.BUYER]
        return min(own, key=lambda d: (d.source == "rule", d.at), default=None)

    @property
    def unseen(self) -> bool:
        """The story starts in the middle: earlier steps were not seen."""
        first = next((s for s in self.steps if s.moved), None)
        return first is not None and first.told.act not in (Act.FILES, Act.ACKNOWLEDGES)


def settle_answers(events: Iterable[Told]) -> list[tuple[Told, State]]:
    """The acts among `events`, each with its state and corrections once its answers are heard.

    A confirm makes an act count, an undo takes it out, a correct replaces the named fields and makes
    it count. The last answer stands; events may come in any order and any number of times.
    """
    unique = {event.key: event for event in events}
    acts = {key: event for key, event in unique.items() if event.type is Type.ACT}
    states = {key: event.state for key, event in acts.items()}
    for answer in sorted((e for e in unique.values() if e.type is not Type.ACT), key=lambda e: (e.at, e.key)):
        if answer.answers not in acts:
            continue
        if answer.type is Type.UNDO:
            states[answer.answers] = State.UNDONE
            continue
        states[answer.answers] = State.APPLIED
        if answer.type is Type.CORRECT:
            acts[answer.answers] = replace(acts[answer.answers], **answer.correction)  # type: ignore[arg-type]  # keys are checked by workflow.correct
    return sorted(((act, states[key]) for key, act in acts.items()), key=lambda pair: pair[0].order)


def replay(events: Iterable[Told]) -> Standing:
    """Where a case stands once `events` are told in the order they happened.

    Any order and any repetition of the same events tells the same story. What is undone or only
    proposed is skipped; what fits no row moves nothing and is returned as odd.
    """
    stage: Stage | None = None
    outcome: Verdict | None = None
    waiting: Party | None = None
    suspended = False
    deadlines: list[Deadline] = []
    steps: list[Step] = []
    for event, state in settle_answers(events):
        if state is not State.APPLIED:
            steps.append(Step(event, state, moved=False, odd=False, stage=stage))
            continue
        row = find_move(stage, event.act, event.by) if event.act and event.by else None
        odd = row is None and event.act is not None
        there = row.there if row else None
        if event.act is Act.EXECUTES and not event.money_arrived:
            there = None  # 退款处理中: the money is on its way, nothing has closed
        if row and not odd:
            if there is not None:
                deadlines.clear()
                stage = there
                if event.act in (Act.FILES, Act.REOPENS, Act.CHANGES_REQUEST):
                    outcome = None
                outcome = verdict_of(event) or outcome
            else:
                deadlines = [d for d in deadlines if not is_met(d, event)]
            if event.act in (Act.SUSPENDS, Act.RESUMES):
                suspended = event.act is Act.SUSPENDS
            waiting = whose_move(
                row.then if there is not None or row.there is None else Then.SAME, event, outcome, waiting
            )
        if event.deadline and not odd:
            deadlines = [d for d in deadlines if d.waiting_for != event.deadline.waiting_for]
            deadlines.append(event.deadline)
        elif row and not odd and not any(d.waiting_for == waiting for d in deadlines):
            deadlines.extend(usual_clock(event, waiting))
        steps.append(Step(event, state, moved=there is not None, odd=odd, stage=stage))
    if stage is Stage.CLOSED:
        deadlines = [d for d in deadlines if d.waiting_for is Party.BUYER and d.source != "rule"]
    return Standing(stage, outcome, waiting, suspended, tuple(deadlines), tuple(steps))


def is_met(deadline: Deadline, event: Told) -> bool:
    """Whether `event`, which leaves the stage where it was, meets `deadline`: whoever acts has met theirs.

    Not by declining an offer: that answers the offer alone, and the case may still lapse.
    """
    is_theirs = deadline.waiting_for is event.by
    return is_theirs and (event.act is not Act.DECLINES or deadline.if_missed == "accepts_offer")


def verdict_of(event: Told) -> Verdict | None:
    """The outcome that `event` gives: its act's own, else the one the notice states."""
    if event.act is Act.LAPSES:
        return Verdict.LAPSED_BUYER if event.by is Party.BUYER else Verdict.LAPSED_SELLER
    return OUTCOMES.get(event.act, event.outcome) if event.act else event.outcome


def whose_move(then: Party | Then, event: Told, outcome: Verdict | None, before: Party | None) -> Party | None:
    """Whose move follows `event` (domain.md 1.3, column "then the move is")."""
    match then:
        case Then.SAME:
            return before
        case Then.NOBODY:
            return None
        case Then.ASKED:
            return event.asked or Party.BUYER
        case Then.OUTCOME:
            return Party.MERCHANT if outcome is Verdict.BUYER else Party.BUYER
        case _:
            return then


def usual_clock(event: Told, waiting: Party | None) -> list[Deadline]:
    """The rule default for whoever's move it is after `event`; at most one, marked `rule`."""
    return [
        Deadline(
            event.at + timedelta(days=clock.days), clock.waiting_for, "rule", clock.if_missed, clock.key, event.key
        )
        for clock in CLOCKS
        if clock.after is event.act and clock.waiting_for is waiting
    ]
