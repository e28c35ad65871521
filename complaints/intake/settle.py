"""What a person decides about a mail that waits for one: its owner, or a volunteer who holds a claim on it."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from complaints import workflow
from complaints.intake.endings import settle as write
from complaints.intake.endings import settle_some, waits
from complaints.intake.telling import moment_of, numbers_of, payload_of
from complaints.models import Case, Event, IncomingMail, Notice
from complaints.models.mail import Outcome
from complaints.stages import KINDS, Act, End, Kind, Party, State, Type
from complaints.workflow import Payload, Recorded, Saying


class NotWaiting(Exception):
    """The mail no longer waits for a person; somebody settled it meanwhile."""


def kinds_to_choose() -> list[Kind]:
    """The kinds a person may file a mail as: those that tell something of a case."""
    return [row.kind for row in KINDS.values() if row.end is End.FILED]


def candidates(mail: IncomingMail) -> list[Case]:
    """The owner's cases that `mail` may belong to: those it named or was proposed to first, then their newest."""
    mine = Case.objects.editable_by(mail.owner).select_related("shop")
    proposed = list(mine.filter(notices__mail=mail).distinct()[:20])
    others = mine.told().exclude(pk__in=[case.pk for case in proposed]).order_by("-updated_at", "-pk")[:20]
    return [*proposed, *others]


def proposals(mail: IncomingMail) -> list[Event]:
    """The acts that those notices of `mail` stand for which wait for a person, or were undone, oldest first."""
    return [event for event in acts_of(mail) if event.notice and event.notice.outcome in ("", Outcome.REVIEW)]


def acts_of(mail: IncomingMail) -> list[Event]:
    """Every act that a notice of `mail` stands for, oldest first."""
    acts = Event.objects.filter(notice__mail=mail, type=Type.ACT).order_by("recorded_at", "pk")
    return list(acts.select_related("case__owner", "case__shop", "notice"))


def waiting(mail: IncomingMail) -> list[Notice]:
    """The notices of `mail` that wait for a person, in their order."""
    return [notice for notice in mail.notices.order_by("position") if waits(notice, mail)]


def chosen(mail: IncomingMail, notice: Notice | None) -> Notice:
    """`notice` if it waits, and if none is named the first that does. Raises NotWaiting."""
    for each in waiting(mail):
        if notice is None or each.pk == notice.pk:
            return each
    raise NotWaiting(mail.public_id)


def answerable(mail: IncomingMail, actor: User) -> list[Event]:
    """Those of `proposals` that `actor` may answer: a volunteer leaves alone what the owner has answered."""
    return [event for event in proposals(mail) if workflow.may_answer(event, actor)]


@transaction.atomic
def confirm_proposals(mail: IncomingMail, actor: User) -> list[Case]:
    """Every act that `mail` proposes, and that is `actor`'s to answer, happened as told.

    Of two tellings of one notice the newer one counts.
    raises  NotWaiting, workflow.NotForVolunteers, workflow.NeedsSecondReader
    """
    mail = lock(mail)
    told = list({event.notice_id: event for event in answerable(mail, actor)}.values())
    if not told and actor.pk != mail.owner_id:
        raise workflow.NotForVolunteers(mail.public_id)
    for event in told:
        recorded = workflow.confirm(event, actor)
        if event.notice:
            learn_from(event.case, event.notice, afresh=recorded.is_first)
    confirmed = {event.notice_id for event in told}
    notices = [notice for notice in waiting(mail) if notice.pk in confirmed]
    settle_some(mail, notices or waiting(mail), (Outcome.FILED, by_whom("confirmed", mail, actor)))
    return [event.case for event in told]


@transaction.atomic
def file_by_hand(mail: IncomingMail, actor: User, kind: Kind, case: Case | None, notice: Notice | None = None) -> Case:
    """File `notice`, else the first that waits, as `kind` to `case`, or to a new case.

    What the machine had proposed elsewhere for it is undone: a notice tells one story.
    raises  NotWaiting, workflow.NotForVolunteers, workflow.NeedsSecondReader
    """
    mail = lock(mail)
    notice = chosen(mail, notice)
    if actor.pk != mail.owner_id and goes_against_owner(notice, kind):
        raise workflow.NotForVolunteers(mail.public_id)
    told = [event for event in answerable(mail, actor) if event.notice_id == notice.pk]
    fitting = next((event for event in told if event.case == case and event.kind == kind), None)
    for event in told:
        if event != fitting:
            workflow.undo(event, actor)
    if fitting:
        confirmed = workflow.confirm(fitting, actor)
        learn_from(fitting.case, notice, afresh=confirmed.is_first)
        settle_some(mail, [notice], (Outcome.FILED, by_whom("filed", mail, actor)))
        return fitting.case
    if actor.pk != mail.owner_id and bears_outcome(notice, kind):
        raise workflow.NeedsSecondReader(mail.public_id)
    case, recorded = tell_by_hand(notice, mail, actor, kind, case, State.APPLIED)
    if not recorded.is_new:
        recorded = workflow.confirm(recorded.event, actor)
    notice.case = case
    notice.save(update_fields=["case"])
    learn_from(case, notice, afresh=recorded.is_first)
    settle_some(mail, [notice], (Outcome.FILED, by_whom("filed", mail, actor)))
    return case


def tell_by_hand(
    notice: Notice, mail: IncomingMail, actor: User, kind: Kind, case: Case | None, state: State
) -> tuple[Case, Recorded]:
    """Record in `case`, or in a new one, that `actor` takes `notice` for a `kind`."""
    reading = notice.reading
    act, by = told_as(notice, kind)
    if case is None:
        case = workflow.open_case(
            mail.owner, shop=reading["fields"]["shop"] or "", reason=reading["fields"]["reason"] or ""
        )
    why = by_whom("filed", mail, actor) if state is State.APPLIED else "second_reader"
    recorded = workflow.record(
        case,
        Saying(
            act=act,
            by=by,
            kind=kind,
            state=state,
            at=moment_of(notice, mail.received_at)[0],
            # Another kind than the machine's is another telling of the same words.
            fingerprint=notice.fingerprint if kind == notice.kind else f"{notice.fingerprint[:32]}:{kind}",
            notice=notice,
            actor=actor,
            payload=payload_as(notice, kind, why),
        ),
    )
    return case, recorded


@transaction.atomic
def propose_by_hand(mail: IncomingMail, actor: User, kind: Kind, case: Case | None) -> Case:
    """What one volunteer takes `mail` for becomes a proposal, for a second reader or the owner to confirm.

    returns  the case it is proposed for, a draft when `case` is None

    What the machine proposed stays beside it until then. Raises NotWaiting, NotForVolunteers.
    """
    mail = lock(mail)
    notice = chosen(mail, None)
    if goes_against_owner(notice, kind):
        raise workflow.NotForVolunteers(mail.public_id)
    there = [event for event in answerable(mail, actor) if event.notice_id == notice.pk]
    if case and any(event.case == case and event.kind == kind for event in there):
        return case
    told_in, _recorded = tell_by_hand(notice, mail, actor, kind, case, State.PROPOSED)
    if notice.case is None:
        notice.case = told_in
        notice.save(update_fields=["case"])
    return told_in


@transaction.atomic
def take_back_proposals(mail: IncomingMail, actor: User) -> None:
    """What `actor` alone had proposed for `mail` is proposed no longer. Raises NotWaiting."""
    for event in answerable(lock(mail), actor):
        if event.actor_id == actor.pk and is_proposed(event):
            workflow.undo(event, actor)


@transaction.atomic
def wait_on(mail: IncomingMail, reason: str) -> None:
    """`mail` goes on waiting for a person, for another `reason`. Raises NotWaiting."""
    write(lock(mail), (Outcome.REVIEW, reason))


@transaction.atomic
def reject(mail: IncomingMail, actor: User, notice: Notice | None = None) -> None:
    """`notice`, else every notice that waits, says nothing about any case: what it proposed is undone. Raises NotWaiting.

    What a volunteer may not undo stays in its case, and the notice with it.
    """
    mail = lock(mail)
    rejected = [chosen(mail, notice)] if notice else waiting(mail)
    keys = {each.pk for each in rejected}
    for event in answerable(mail, actor):
        if event.notice_id in keys:
            workflow.undo(event, actor)
    left = [event for event in proposals(mail) if event.notice_id in keys]
    counts = any(workflow.step_of(event).state is State.APPLIED for event in left)
    ending = (Outcome.FILED if counts else Outcome.IGNORED, by_whom("rejected", mail, actor))
    settle_some(mail, rejected, ending)


@transaction.atomic
def reopen(mail: IncomingMail, actor: User) -> None:
    """Take back what a person made of `mail`: those acts no longer count, and it waits again. Raises NotWaiting.

    Of several notices, those that a person decided about; what the line itself filed stays filed, and for a volunteer
    also what the owner decided.
    """
    mail = IncomingMail.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mail.pk)
    if not may_reopen(mail, actor):
        raise NotWaiting(mail.public_id)
    notices = list(mail.notices.order_by("position"))
    reopened = [notice for notice in notices if may_take_back(notice.reason, mail, actor)]
    if not reopened and (actor.pk == mail.owner_id or len(notices) == 1):
        reopened = notices
    keys = {notice.pk for notice in reopened}
    for event in acts_of(mail):
        is_its = event.notice_id in keys and workflow.may_answer(event, actor)
        if is_its and workflow.step_of(event).state is State.APPLIED:
            workflow.undo(event, actor)
    if reopened:
        settle_some(mail, reopened, (Outcome.REVIEW, "reopened"))
    else:
        write(mail, (Outcome.REVIEW, "reopened"))


@transaction.atomic
def settle_with(event: Event, actor: User, recorded: Recorded) -> None:
    """An act was confirmed or corrected (`recorded`) on the page of its case: its notice waits no more."""
    if event.notice is None:
        return
    # The mail first, its case then: whoever decides about a mail locks them so, and two of them must not meet halfway.
    mail = IncomingMail.objects.select_for_update(of=("self",)).select_related("owner").get(pk=event.notice.mail_id)
    learn_from(event.case, event.notice, afresh=recorded.is_first)
    notice = next((each for each in waiting(mail) if each.pk == event.notice_id), None)
    if notice is None or any(is_proposed(act) for act in proposals(mail) if act.notice_id == notice.pk):
        return
    settle_some(mail, [notice], (Outcome.FILED, by_whom("confirmed", mail, actor)))


def is_proposed(event: Event) -> bool:
    """Whether nobody has answered `event` yet."""
    return workflow.step_of(event).state is State.PROPOSED


def may_reopen(mail: IncomingMail, actor: User) -> bool:
    """What a person decided can be taken back; what the machine ignored, its owner can call back."""
    is_ignored = mail.outcome == Outcome.IGNORED and actor.pk == mail.owner_id
    return is_ignored or may_take_back(mail.reason, mail, actor)


def may_take_back(reason: str, mail: IncomingMail, actor: User) -> bool:
    """Whether a person decided so, not the line, and `actor` may say otherwise: a volunteer not what the owner said."""
    return reason.endswith("_by_volunteer") or (reason.endswith("_by_owner") and actor.pk == mail.owner_id)


def lock(mail: IncomingMail) -> IncomingMail:
    """The row of `mail`, locked, if it still waits for a person."""
    locked = IncomingMail.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mail.pk)
    if locked.outcome != Outcome.REVIEW:
        raise NotWaiting(mail.public_id)
    return locked


def by_whom(what: str, mail: IncomingMail, actor: User) -> str:
    """The reason's key: "confirmed" and the owner are "confirmed_by_owner"."""
    return f"{what}_by_owner" if actor.pk == mail.owner_id else f"{what}_by_volunteer"


def learn_from(case: Case, notice: Notice, *, afresh: bool) -> None:
    """Fill what `case` did not know from what `notice` says (workflow.learn)."""
    fields = notice.reading["fields"]
    workflow.learn(
        case,
        shop=fields["shop"],
        numbers=numbers_of(notice),
        reason=fields["reason"],
        amount=fields["amount"],
        afresh=afresh,
    )


def payload_as(notice: Notice, kind: Kind, why: str) -> Payload:
    """What the event keeps of `notice` when a person takes it for a `kind`.

    What the machine had read into it as another kind is not said: an outcome that is no part of `kind`, and money
    that has not arrived, or has.
    """
    payload = payload_of(notice, why)
    if not outcome_as(notice, kind):
        payload.pop("outcome", None)
    payload.pop("money_arrived", None)
    if arrives_as(notice, kind):
        payload["money_arrived"] = True
    return payload


def told_as(notice: Notice, kind: Kind) -> tuple[Act | None, Party | None]:
    """The act that `notice` tells when it is a `kind`, and whose: as it was read where that is the kind it was read as."""
    row, reading = KINDS[kind], notice.reading
    if kind != notice.kind:
        return row.act, row.by
    return Act(reading["act"]) if reading["act"] else row.act, Party(reading["by"]) if reading["by"] else row.by


def outcome_as(notice: Notice, kind: Kind) -> str | None:
    """The outcome that `notice` states when it is a `kind`."""
    both_decide = {KINDS[kind].act, KINDS[Kind(notice.kind)].act} <= workflow.DECIDES
    return notice.reading["outcome"] if both_decide or kind == notice.kind else None


def arrives_as(notice: Notice, kind: Kind) -> bool:
    """Whether `notice` says that money has arrived when it is a `kind`."""
    return kind is Kind.REFUND_ARRIVED or (kind == notice.kind and bool(notice.reading["money_arrived"]))


def bears_outcome(notice: Notice, kind: Kind) -> bool:
    """Whether filing `notice` as `kind` gives its case an outcome; money that is only on its way does not."""
    act, _by = told_as(notice, kind)
    return act in workflow.BEARS_OUTCOME and (act is not Act.EXECUTES or arrives_as(notice, kind))


def goes_against_owner(notice: Notice, kind: Kind) -> bool:
    """Whether filing `notice` as `kind` would rule or end the case against its owner."""
    rules = kind in (Kind.RULING, Kind.APPEAL_RULING, Kind.CLOSING)
    return rules and outcome_as(notice, kind) in (None, *workflow.AGAINST_OWNER)
