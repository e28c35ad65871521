"""The JSON of `tell`: what is there, how it balances, and who is not told of."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from complaints import workflow
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, Party, State, Verdict
from complaints.tell import tell
from tests import make

pytestmark = pytest.mark.django_db


def printed(**options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("tell", stdout=out, **options)
    return json.loads(out.getvalue())


def test_a_person_without_anything_has_empty_lists_and_counts_of_nothing() -> None:
    make.a_user("mei@example.com")
    assert printed(owner="Mei@Example.com") == {
        "owner": "mei@example.com",
        "cases": [],
        "mails": [],
        "counts": {
            "received": 0, "waiting": 0, "filed": 0, "review": 0, "held": 0,
            "quarantined": 0, "duplicate": 0, "ignored": 0, "repeats": 0,
        },
    }  # fmt: skip


def test_a_case_is_told_with_its_story_deadline_and_mail() -> None:
    owner = make.a_user()
    mail = make.a_mail(owner, outcome=Outcome.FILED, reason="moved")
    case = make.a_case(owner, order_no="2026110900001", case_no="9001")
    because = [{"of": "kind", "words": "处理结果通知", "where": "subject"}]
    make.an_event(
        case,
        Act.RULES,
        at=make.NOW + timedelta(days=1),
        outcome=Verdict.BUYER,
        notice=make.a_notice(mail, kind=Kind.RULING, case=case),
        provenance="A",
        because=because,
        deadline=make.a_deadline(make.NOW + timedelta(days=3)),
    )
    told = printed(owner=owner.email)["cases"][0]
    assert told["title"] == "暖冬旗舰店 · 与描述不符"
    assert (told["shop"], told["order_no"], told["case_no"]) == ("暖冬旗舰店", "2026110900001", "9001")
    assert (told["stage"], told["outcome"], told["waiting_on"]) == ("ruled", "buyer", "merchant")
    assert told["deadlines"] == [{"at": "2026-11-12T10:00:00+08:00", "for": "merchant", "from": "stated"}]
    assert [event["act"] for event in told["events"]] == ["files", "rules"]
    assert told["events"][0]["mail"] is None
    assert told["events"][1] == {
        "at": "2026-11-10T10:00:00+08:00", "act": "rules", "by": "platform", "stage": "ruled", "state": "applied",
        "provenance": "A", "because": because, "mail": mail.public_id,
    }  # fmt: skip


def test_what_is_proposed_says_where_it_would_lead_and_what_is_undone_says_so() -> None:
    case = make.a_case()
    make.an_event(case, Act.RULES, at=make.NOW + timedelta(days=1), state=State.PROPOSED)
    reply = make.an_event(case, Act.REPLIES, at=make.NOW + timedelta(days=2))
    workflow.undo(reply, case.owner)
    told = tell(case.owner)["cases"][0]
    assert [(event["state"], event["stage"]) for event in told["events"]] == [
        ("applied", "filed"),
        ("proposed", "ruled"),
        ("undone", "merchant_replied"),
    ]
    assert told["stage"] == "filed"


def test_an_act_that_only_joins_the_story_has_no_stage() -> None:
    case = make.a_case()
    make.an_event(case, Act.SUSPENDS, at=make.NOW + timedelta(days=1))
    make.an_event(case, Act.EXECUTES, Party.PLATFORM, at=make.NOW + timedelta(days=2), money_arrived=False)
    assert [event["stage"] for event in tell(case.owner)["cases"][0]["events"]] == ["filed", None, None]


def test_counts_balance_and_repeats_stand_apart() -> None:
    owner = make.a_user()
    for outcome in (Outcome.WAITING, Outcome.FILED, Outcome.FILED, Outcome.REVIEW, Outcome.IGNORED):
        make.a_mail(owner, outcome=outcome)
    again = make.a_mail(owner, outcome=Outcome.HELD)
    again.repeats = 2
    again.save(update_fields=["repeats"])
    counts = tell(owner)["counts"]
    repeats, received = counts.pop("repeats"), counts.pop("received")
    assert (repeats, received) == (2, 6)
    assert sum(counts.values()) == received == len(tell(owner)["mails"])
    assert (counts["filed"], counts["waiting"], counts["held"]) == (2, 1, 1)


def test_one_case_may_be_asked_for_and_the_counts_stay_those_of_the_inbox() -> None:
    owner = make.a_user()
    make.a_case(owner)
    wanted = make.a_case(owner)
    make.a_mail(owner)
    told = printed(owner=owner.email, case=wanted.public_id)
    assert [case["id"] for case in told["cases"]] == [wanted.public_id]
    assert told["counts"]["waiting"] == 1


def test_nothing_of_anybody_else_is_told() -> None:
    make.a_case(make.a_user("other@example.com"))
    make.a_mail(make.a_user("other@example.com"))
    told = tell(make.a_user("mei@example.com"))
    assert (told["cases"], told["mails"], told["counts"]["received"]) == ([], [], 0)


def test_an_unknown_person_or_case_is_exit_status_2() -> None:
    with pytest.raises(CommandError, match="nobody@") as nobody:
        call_command("tell", owner="nobody@example.com")
    owner, other = make.a_user("mei@example.com"), make.a_user("other@example.com")
    with pytest.raises(CommandError, match="no case") as foreign:
        call_command("tell", owner=owner.email, case=make.a_case(other).public_id)
    assert nobody.value.returncode == foreign.value.returncode == 2


def test_ten_cases_take_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    owner = make.a_user()
    for _number in range(10):
        case = make.a_case(owner)
        make.an_event(case, notice=make.a_notice(make.a_mail(owner, outcome=Outcome.FILED), case=case))
    with django_assert_num_queries(5):
        tell(owner)
