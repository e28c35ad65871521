"""The table and the telling: pure, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.stages import (
    CLOCKS,
    KINDS,
    MOVES,
    Act,
    Deadline,
    End,
    Kind,
    Party,
    Stage,
    Standing,
    State,
    Told,
    Type,
    Verdict,
    find_move,
    replay,
)

DAY0 = datetime(2026, 11, 8, 2, 30, tzinfo=UTC)


def told(act: Act | None, by: Party | None, day: float = 0, **more: object) -> Told:
    key = str(more.pop("key", f"{act}-{by}-{day}"))
    return Told(key=key, type=Type.ACT, act=act, by=by, at=DAY0 + timedelta(days=day), fingerprint=key, **more)


def answer(type: Type, event: Told, day: float = 20, **more: object) -> Told:
    key = str(more.pop("key", f"{type}-{event.key}-{day}"))
    return Told(
        key=key, type=type, act=None, by=None, at=DAY0 + timedelta(days=day), fingerprint=key, answers=event.key, **more
    )


JACKET = [
    told(Act.ACKNOWLEDGES, Party.PLATFORM, 0),
    told(Act.REPLIES, Party.MERCHANT, 1),
    told(Act.REQUESTS_EVIDENCE, Party.PLATFORM, 2, asked=Party.BUYER),
    told(Act.SUBMITS_EVIDENCE, Party.BUYER, 3),
    told(Act.RULES, Party.PLATFORM, 5, outcome=Verdict.BUYER),
]


# -- the table ---------------------------------------------------------------------------------------


def test_every_stage_is_reached_and_every_open_one_is_left() -> None:
    reached = {row.there for row in MOVES if row.there}
    left = {here for row in MOVES if row.there for here in row.here if here and here is not row.there}
    assert reached == set(Stage)
    assert left == set(Stage)


def test_no_two_rows_disagree() -> None:
    seen: dict[tuple[Stage | None, Act, Party], Stage | None] = {}
    for row in MOVES:
        for here in row.here:
            for by in row.by:
                assert (here, row.done, by) not in seen, f"{row.done} by {by} at {here} stands in two rows"
                seen[(here, row.done, by)] = row.there


def test_every_act_has_a_row_and_every_kind_a_meaning() -> None:
    assert {row.done for row in MOVES} == set(Act)
    assert set(KINDS) == set(Kind)
    for row in KINDS.values():
        if row.stage:
            assert row.act
            assert row.by
            assert row.end is End.FILED


def test_any_act_may_open_a_story_but_reopening_and_resting_ones() -> None:
    openers = {row.done for row in MOVES if None in row.here}
    assert set(Act) - openers == {Act.REOPENS}


def test_a_kind_leads_alone_to_the_stage_that_the_contract_names() -> None:
    for row in KINDS.values():
        if row.act and row.stage and row.by:
            standing = replay([told(row.act, row.by, money_arrived=row.kind is Kind.REFUND_ARRIVED)])
            assert standing.stage is row.stage, row.kind


def test_clocks_run_for_those_whose_move_it_is() -> None:
    for clock in CLOCKS:
        by = next(row.by[0] for row in MOVES if row.done is clock.after)
        standing = replay([told(clock.after, by)])
        assert [d.source for d in standing.deadlines] == ["rule"], clock
        assert standing.waiting_on is clock.waiting_for


# -- telling -----------------------------------------------------------------------------------------


def test_the_jacket_is_ruled_for_the_buyer_and_the_merchant_must_act() -> None:
    standing = replay(JACKET)
    assert (standing.stage, standing.outcome, standing.waiting_on) == (Stage.RULED, Verdict.BUYER, Party.MERCHANT)
    assert [step.stage for step in standing.steps] == [
        Stage.ACKNOWLEDGED,
        Stage.MERCHANT_REPLIED,
        Stage.EVIDENCE_REQUESTED,
        Stage.EVIDENCE_REQUESTED,
        Stage.RULED,
    ]
    assert not standing.odd


@given(st.permutations(JACKET), st.lists(st.sampled_from(JACKET), max_size=6))
@settings(max_examples=80, deadline=None)
def test_notices_out_of_order_and_twice_tell_the_same_story(order: list[Told], again: list[Told]) -> None:
    assert replay([*order, *again]) == replay(JACKET)


ANY_EVENT = st.builds(
    lambda row, day, state, outcome: told(
        row.done, row.by[0], day, key=f"{row.done}-{day}-{state}-{outcome}", state=state, outcome=outcome
    ),
    st.sampled_from(MOVES),
    st.integers(0, 6),
    st.sampled_from([State.APPLIED, State.APPLIED, State.PROPOSED]),
    st.sampled_from([None, Verdict.BUYER, Verdict.SELLER, Verdict.AMBIGUOUS]),
)


@given(st.lists(ANY_EVENT, max_size=9), st.data())
@settings(max_examples=150, deadline=None)
def test_any_story_with_answers_tells_the_same_in_any_order(acts: list[Told], data: st.DataObject) -> None:
    answers = [
        answer(data.draw(st.sampled_from([Type.CONFIRM, Type.UNDO])), event, 20 + data.draw(st.integers(0, 3)))
        for event in acts[: data.draw(st.integers(0, 3))]
    ]
    events = [*acts, *answers]
    shuffled = data.draw(st.permutations(events))
    assert replay(shuffled) == replay(events)
    assert replay([*shuffled, *events]) == replay(events)


@given(st.lists(ANY_EVENT, max_size=9))
@settings(max_examples=100, deadline=None)
def test_what_is_undone_or_only_proposed_leaves_no_trace_in_the_standing(acts: list[Told]) -> None:
    unanswered = [event for event in acts if event.state is State.APPLIED]
    with_undone = replay([*acts, *(answer(Type.UNDO, event) for event in acts if event.state is State.PROPOSED)])
    plain = replay(unanswered)
    assert (with_undone.stage, with_undone.outcome, with_undone.waiting_on, with_undone.deadlines) == (
        plain.stage,
        plain.outcome,
        plain.waiting_on,
        plain.deadlines,
    )


def test_a_story_may_start_in_the_middle_and_says_so() -> None:
    standing = replay([told(Act.RULES, Party.PLATFORM, outcome=Verdict.SELLER)])
    assert standing.stage is Stage.RULED
    assert standing.waiting_on is Party.BUYER
    assert standing.unseen
    assert not replay([told(Act.ACKNOWLEDGES, Party.PLATFORM)]).unseen


def test_a_late_notice_of_an_earlier_act_joins_and_moves_nothing_back() -> None:
    late = told(Act.REFUSES, Party.MERCHANT, 1.5)
    with_late = replay([*JACKET, late])
    assert with_late.stage is Stage.RULED
    assert not with_late.odd
    after_ruling = replay([*JACKET, told(Act.REPLIES, Party.MERCHANT, 6)])
    assert after_ruling.stage is Stage.RULED


def test_an_act_without_a_row_is_odd_and_moves_nothing() -> None:
    closed = [*JACKET, told(Act.WITHDRAWS, Party.BUYER, 6)]
    standing = replay([*closed, told(Act.RULES, Party.PLATFORM, 7, outcome=Verdict.SELLER)])
    assert standing.stage is Stage.CLOSED
    assert standing.outcome is Verdict.WITHDRAWN
    assert [step.told.act for step in standing.odd] == [Act.RULES]


def test_a_ruling_that_decides_nothing_is_ambiguous_and_the_buyers_move() -> None:
    standing = replay([told(Act.RULES, Party.PLATFORM, outcome=Verdict.AMBIGUOUS)])
    assert (standing.stage, standing.outcome, standing.waiting_on) == (Stage.RULED, Verdict.AMBIGUOUS, Party.BUYER)


def test_money_on_its_way_closes_nothing_and_money_that_came_does() -> None:
    on_its_way = replay([*JACKET, told(Act.EXECUTES, Party.PLATFORM, 6)])
    assert on_its_way.stage is Stage.RULED
    assert on_its_way.waiting_on is Party.MERCHANT
    arrived = replay([*JACKET, told(Act.EXECUTES, Party.PAYER, 7, money_arrived=True)])
    assert (arrived.stage, arrived.outcome, arrived.waiting_on) == (Stage.CLOSED, Verdict.REFUNDED, None)


def test_confirm_counts_undo_uncounts_and_confirm_again_counts_again() -> None:
    proposed = told(Act.RULES, Party.PLATFORM, outcome=Verdict.BUYER, state=State.PROPOSED)
    assert replay([proposed]).stage is None
    assert [step.told.key for step in replay([proposed]).proposed] == [proposed.key]
    confirmed = [proposed, answer(Type.CONFIRM, proposed, 1)]
    assert replay(confirmed).stage is Stage.RULED
    undone = [*confirmed, answer(Type.UNDO, proposed, 2)]
    assert replay(undone).stage is None
    assert replay([*undone, answer(Type.CONFIRM, proposed, 3)]).stage is Stage.RULED


def test_a_correction_puts_fields_right_and_makes_the_act_count() -> None:
    wrong = told(Act.RULES, Party.PLATFORM, outcome=Verdict.BUYER, state=State.PROPOSED)
    standing = replay([wrong, answer(Type.CORRECT, wrong, correction={"outcome": Verdict.SELLER})])
    assert (standing.stage, standing.outcome) == (Stage.RULED, Verdict.SELLER)


# -- deadlines ---------------------------------------------------------------------------------------


def due(day: float, party: Party, source: str = "stated") -> Deadline:
    return Deadline(DAY0 + timedelta(days=day), party, source)


def test_the_next_act_ends_the_deadline_before_it() -> None:
    asked = told(Act.REQUESTS_EVIDENCE, Party.PLATFORM, 0, asked=Party.BUYER, deadline=due(3, Party.BUYER))
    assert replay([asked]).next_deadline == due(3, Party.BUYER)
    handed_in = [asked, told(Act.SUBMITS_EVIDENCE, Party.BUYER, 1)]
    assert replay(handed_in).next_deadline is None


def test_a_reminder_sets_a_deadline_without_moving_the_case() -> None:
    reminded = replay([*JACKET[:3], told(None, Party.PLATFORM, 3.5, deadline=due(4, Party.BUYER))])
    assert reminded.stage is Stage.EVIDENCE_REQUESTED
    assert reminded.next_deadline == due(4, Party.BUYER)


def test_a_stated_deadline_comes_before_a_usual_one() -> None:
    usual = replay([told(Act.REFUSES, Party.MERCHANT)])
    assert usual.next_deadline is not None
    assert usual.next_deadline.source == "rule"
    assert usual.next_deadline.at == DAY0 + timedelta(days=7)
    stated = replay([told(Act.REFUSES, Party.MERCHANT, deadline=due(5, Party.BUYER))])
    assert [d.source for d in stated.deadlines] == ["stated"]


def test_evidence_asked_of_the_merchant_is_the_merchants_move() -> None:
    asked = told(Act.REQUESTS_EVIDENCE, Party.PLATFORM, asked=Party.MERCHANT, deadline=due(3, Party.MERCHANT))
    standing = replay([asked])
    assert standing.waiting_on is Party.MERCHANT
    assert standing.next_deadline == due(3, Party.MERCHANT)


def test_suspending_keeps_the_stage_and_flags_the_case() -> None:
    suspended = replay([*JACKET[:3], told(Act.SUSPENDS, Party.PLATFORM, 2.5)])
    assert suspended.stage is Stage.EVIDENCE_REQUESTED
    assert suspended.suspended
    assert not replay(
        [*JACKET[:3], told(Act.SUSPENDS, Party.PLATFORM, 2.5), told(Act.RESUMES, Party.PLATFORM, 2.7)]
    ).suspended


def test_find_move_knows_by_whom() -> None:
    assert find_move(Stage.RULED, Act.RULES, Party.JURY) is not None
    assert find_move(Stage.RULED, Act.RULES, Party.MERCHANT) is None


def test_declining_an_offer_answers_the_offer_alone_and_the_case_may_still_lapse() -> None:
    def after(if_missed: str) -> Standing:
        due = Deadline(DAY0 + timedelta(days=3), Party.BUYER, "stated", if_missed)
        return replay([told(Act.REFUSES, Party.MERCHANT, deadline=due), told(Act.DECLINES, Party.BUYER, 1)])

    assert after("closes").stage is Stage.MERCHANT_REPLIED
    assert after("closes").waiting_on is Party.BUYER
    assert after("closes").own_deadline is not None
    assert after("accepts_offer").own_deadline is None


def test_the_own_date_is_the_shoppers_even_while_the_move_is_anothers() -> None:
    mine = Deadline(DAY0 + timedelta(days=5), Party.BUYER, "stated")
    theirs = Deadline(DAY0 + timedelta(days=2), Party.PLATFORM, "stated")
    reminder = told(None, None, 1, deadline=mine)  # tells a date and moves nothing
    standing = replay([told(Act.INTERVENES, Party.PLATFORM, deadline=theirs), reminder])
    assert standing.next_deadline == theirs
    assert standing.own_deadline == mine
