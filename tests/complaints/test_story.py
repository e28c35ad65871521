"""Pure: the story of a case as it is shown, from events that no database has seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import story, words
from complaints.forms import OPENINGS, did_choices, did_key, did_of, looks_like_text, moves_next
from complaints.models import Case, Event
from complaints.stages import Act, Deadline, Kind, Party, Stage, Standing, State, Told, Type, Verdict, replay
from tests import make


def told(act: Act, by: Party, *, minutes: int = 0, **said) -> Told:
    at = make.NOW + timedelta(minutes=minutes)
    return Told(key=f"{act}{minutes}", type=Type.ACT, act=act, by=by, at=at, fingerprint=f"{act}{minutes}", **said)


def states(*events: Told) -> list[str]:
    return [step.state for step in story.track_of(replay(events))]


def test_the_track_has_all_eight_stages_and_one_present():
    assert states(told(Act.FILES, Party.BUYER)) == ["now", *["ahead"] * 7]
    assert states() == ["ahead"] * 8


def test_steps_before_the_first_known_one_are_unseen_and_leapt_over_ones_are_skipped():
    assert states(told(Act.REFUSES, Party.MERCHANT), told(Act.RULES, Party.PLATFORM, minutes=1)) == [
        "unseen",
        "unseen",
        "past",
        "skipped",
        "skipped",
        "now",
        "ahead",
        "ahead",
    ]


def test_an_acknowledged_complaint_was_filed():
    assert states(told(Act.ACKNOWLEDGES, Party.PLATFORM))[:2] == ["past", "now"]


@pytest.mark.parametrize(
    ("standing", "whose"),
    [
        (Standing(stage=Stage.RULED, waiting_on=Party.BUYER), "mine"),
        (Standing(stage=Stage.FILED, waiting_on=Party.MERCHANT), "others"),
        (Standing(stage=Stage.CLOSED), "over"),
        (Standing(stage=Stage.CLOSED, waiting_on=Party.BUYER), "mine"),
        (Standing(), "mine"),
    ],
)
def test_whose_move_it_is(standing, whose):
    assert story.whose(standing) == whose


@pytest.mark.parametrize(
    ("acts", "step"),
    [
        ([(Act.AGREES_RETURN, Party.MERCHANT)], "寄回商品"),
        ([(Act.AGREES_RETURN, Party.MERCHANT), (Act.REPLIES, Party.MERCHANT)], "寄回商品"),
        ([(Act.AGREES_RETURN, Party.MERCHANT), (Act.REFUSES, Party.MERCHANT)], "修改申请，或申请平台介入"),
        ([(Act.SENDS_BACK, Party.BUYER), (Act.REFUSES_RETURN, Party.MERCHANT)], "拒收退货"),
        ([(Act.REFUSES, Party.MERCHANT), (Act.REPLIES, Party.MERCHANT)], "修改申请，或申请平台介入"),
        ([(Act.AGREES_RETURN, Party.MERCHANT), (Act.REQUESTS_EVIDENCE, Party.PLATFORM)], "上传平台要的凭证"),
        ([(Act.REPLIES, Party.MERCHANT)], "决定怎么回应商家"),
        ([(Act.AGREES_RETURN, Party.MERCHANT), (Act.SENDS_BACK, Party.BUYER)], "现在不用做什么"),
    ],
)
def test_the_next_step_answers_the_last_act_that_asks_for_something(acts, step):
    standing = replay([told(act, by, minutes=minute) for minute, (act, by) in enumerate(acts)])
    if acts[-1][0] is Act.REQUESTS_EVIDENCE:
        standing = replace(standing, waiting_on=Party.BUYER)  # whoever was asked
    assert step in str(words.next_step(Case(), standing)[0])


@pytest.mark.parametrize(
    ("stage", "step"), [(Stage.RULED, "要在你的期限前提出"), (Stage.PLATFORM_INTERVENED, "到期前去订单页看看")]
)
def test_nobody_hears_that_there_is_nothing_to_do_while_their_own_date_runs(stage, step):
    own = Deadline(at=make.NOW, waiting_for=Party.BUYER, source="stated")
    standing = Standing(stage=stage, waiting_on=Party.MERCHANT, deadlines=(own,))
    assert step in str(words.next_step(Case(), standing)[0])


def shown(*events: Event, now=make.NOW) -> story.CasePage:
    case = Case(public_id="a", owner_id=1)
    for seq, event in enumerate(events, start=1):
        event.case, event.seq = case, seq
    return story.tell(case, list(events), [], [], now)


def event(act: Act, by: Party, *, hours: int = 0, state: State = State.APPLIED, **said) -> Event:
    at = make.NOW + timedelta(hours=hours)
    key = f"{act}{hours}"
    return Event(
        public_id=key, type=Type.ACT, act=act, by=by, at=at, recorded_at=at, state=state, fingerprint=key, payload=said
    )


def answer(to: Event, type: Type, *, hours: int = 50, actor: int = 1, **payload) -> Event:
    at = make.NOW + timedelta(hours=hours)
    return Event(
        public_id=f"{type}{hours}",
        type=type,
        at=at,
        recorded_at=at,
        state=State.APPLIED,
        fingerprint=f"{type}{hours}",
        answers=to,
        actor_id=actor,
        payload=payload,
    )


def test_the_timeline_is_newest_first_whatever_the_order_of_arrival():
    late, early = event(Act.REFUSES, Party.MERCHANT, hours=5), event(Act.FILES, Party.BUYER)
    assert [entry.id for entry in shown(late, early).entries] == [late.public_id, early.public_id]


def test_what_is_proposed_stands_apart_with_what_it_would_change():
    page = shown(
        event(Act.FILES, Party.BUYER),
        event(Act.RULES, Party.PLATFORM, hours=1, state=State.PROPOSED),
        event(Act.SUSPENDS, Party.PLATFORM, hours=2, state=State.PROPOSED),
        now=make.NOW + timedelta(days=9),
    )
    assert [(entry.title, entry.foreseen) for entry in page.proposals] == [
        (words.ACTS[Act.SUSPENDS], ""),
        (words.ACTS[Act.RULES], words.STAGES[Stage.RULED]),
    ]
    assert len(page.entries) == 1
    assert page.step_url.endswith("#proposals")


def test_who_undid_an_act_and_when_is_told_beside_it():
    first = event(Act.FILES, Party.BUYER)
    page = shown(first, answer(first, Type.UNDO), answer(first, Type.CONFIRM, hours=60, actor=2))
    entry = page.entries[0]
    assert entry.state == State.APPLIED
    assert [(str(said.who), str(said.what)) for said in entry.answers] == [("你", "撤销了"), ("志愿者", "确认了")]


def test_a_corrected_act_is_shown_as_corrected():
    first = event(Act.RULES, Party.PLATFORM, outcome="seller")
    entry = shown(first, answer(first, Type.CORRECT, correction={"outcome": "buyer"})).entries[0]
    assert entry.is_corrected
    assert entry.outcome == words.OUTCOMES[Verdict.BUYER]


def test_money_on_its_way_is_not_called_arrived():
    assert "还没到账" in str(shown(event(Act.EXECUTES, Party.PLATFORM)).entries[0].title)
    assert shown(event(Act.EXECUTES, Party.PAYER, money_arrived=True)).entries[0].title == "退款到账"


def test_the_words_it_rests_on_are_each_shown_once_and_verbatim():
    said = {"of": "kind", "words": " 投诉 已受理", "where": "subject"}
    entry = shown(event(Act.FILES, Party.BUYER, because=[said, said])).entries[0]
    assert [(found.words, str(found.where)) for found in entry.because] == [(" 投诉 已受理", "主题")]


def test_a_usual_time_quotes_nobody():
    deadline = shown(event(Act.FILES, Party.BUYER)).deadline
    assert deadline is not None
    assert (deadline.is_usual, deadline.quote, deadline.is_mine) == (True, "", False)


def test_offer_and_freight_are_told_as_sentences():
    said = {"freight_payer": "seller", "offer": {"amount": "20.00"}}
    assert [str(text) for text in shown(event(Act.REPLIES, Party.MERCHANT, **said)).entries[0].details] == [
        "运费由商家承担",
        "对方提出：¥20.00",
    ]


def test_every_act_may_be_chosen_once_and_what_fits_comes_first():
    case = Case(public_id="a", stage=Stage.RULED)
    groups = did_choices(case)
    keys = [key for _label, choices in groups for key, _sentence in choices]
    assert len(keys) == len(set(keys))
    assert {did_of(key)[0] for key in keys} == set(Act)
    assert "appeals:buyer" in dict(groups[0][1])
    assert "reopens:buyer" in dict(groups[-1][1])


def test_a_choice_is_read_back_as_it_was_written():
    assert did_of(did_key((Act.RULES, Party.JURY))) == (Act.RULES, Party.JURY)
    assert did_of("") is None


def test_every_opening_leads_from_nothing_to_the_stage_it_is_for():
    for stage, act, by, _label in OPENINGS.values():
        assert replay([told(act, by)]).stage is stage


def test_the_countdown_belongs_to_whoever_moves_after_the_act():
    story_so_far = [told(Act.FILES, Party.BUYER)]
    later = make.NOW + timedelta(hours=1)
    assert moves_next(story_so_far, (Act.REFUSES, Party.MERCHANT), later, None) is Party.BUYER
    assert moves_next(story_so_far, (Act.RULES, Party.PLATFORM), later, Verdict.BUYER) is Party.MERCHANT
    assert moves_next((), (Act.CLOSES, Party.PLATFORM), later, None) is Party.BUYER


@pytest.mark.parametrize(
    ("head", "is_text"),
    [
        ("投诉".encode(), True),
        ("投诉".encode("gb18030"), True),
        ("投诉".encode("utf-16"), True),
        (b"From: a\r\n\r\n\x1b$B", True),
        (b"\xff\xd8\xff\xe0JFIF", False),
        (b"%PDF-1.7", False),
        (b"PK\x03\x04", False),
        (b"ab\x00cd", False),
        (bytes(range(1, 9)) * 9, False),
    ],
)
def test_a_picture_or_a_program_is_no_text(head, is_text):
    assert looks_like_text(head) is is_text


def test_every_word_an_event_can_rest_on_has_a_label():
    page = shown(event(Act.FILES, Party.BUYER, because=[{"of": "kind", "words": "x", "where": "body"}]))
    assert str(page.entries[0].because[0].of) == "是什么"
    assert set(Kind) <= set(words.KINDS)


def test_nothing_of_a_page_changes_when_it_is_told_twice():
    events = [event(Act.FILES, Party.BUYER), event(Act.REFUSES, Party.MERCHANT, hours=1)]
    first, second = shown(*events), shown(*events)
    assert replace(first, case=second.case) == second
