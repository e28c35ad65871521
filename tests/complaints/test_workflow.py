"""Recording, answering, and what the database itself refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from complaints import workflow
from complaints.intake import settle
from complaints.models import Case, Event, IncomingMail
from complaints.models.case import HistoryIsKept
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, Party, State, Verdict
from tests import make

pytestmark = pytest.mark.django_db


def test_recording_moves_the_case_and_nothing_else_does() -> None:
    case = make.a_case(act=Act.ACKNOWLEDGES)
    make.an_event(case, Act.RULES, outcome=Verdict.BUYER)
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.waiting_on, case.version) == ("ruled", "buyer", "merchant", 2)


def test_the_same_fingerprint_is_one_event_however_often_it_comes() -> None:
    case = make.a_case(act=None)
    first = make.an_event(case, Act.ACKNOWLEDGES, fingerprint="a" * 64)
    assert make.an_event(case, Act.ACKNOWLEDGES, fingerprint="a" * 64) == first
    assert case.events.count() == 1


def test_the_database_itself_keeps_one_event_per_case_and_fingerprint() -> None:
    event = make.an_event(make.a_case(act=None), Act.ACKNOWLEDGES, fingerprint="b" * 64)
    twin = Event(
        case=event.case, seq=2, type="act", act="rules", by="platform", at=event.at, state="applied",
        fingerprint=event.fingerprint, hash="0" * 64,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_history_is_never_changed() -> None:
    event = make.an_event(make.a_case())
    event.act = "closes"
    with pytest.raises(HistoryIsKept):
        event.save()
    with pytest.raises(HistoryIsKept):
        Event.objects.filter(pk=event.pk).update(act="closes")

    with pytest.raises(HistoryIsKept):
        Event.objects.filter(pk=event.pk).delete()
    with pytest.raises(HistoryIsKept):
        event.delete()


def by_sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def without_trigger() -> None:
    on = " ON complaints_event" if connection.vendor == "postgresql" else ""
    by_sql(f"DROP TRIGGER event_is_only_added{on}")


def test_the_database_itself_refuses_to_change_an_event() -> None:
    event = make.an_event(make.a_case())
    with pytest.raises(IntegrityError, match="events are only added"), transaction.atomic():
        by_sql("UPDATE complaints_event SET act = 'closes' WHERE id = %s", event.pk)


def test_a_person_who_leaves_takes_their_cases_along() -> None:
    case = make.a_case()
    workflow.confirm(make.an_event(case), case.owner)
    case.delete()
    assert not Event.objects.exists()


@pytest.mark.parametrize("change", ["act = 'withdraws'", "actor_id = NULL", "notice_id = NULL", "payload = '{}'"])
def test_a_change_behind_our_back_breaks_the_chain(change: str) -> None:
    case = make.a_case()
    event = make.an_event(case, Act.RULES, outcome=Verdict.SELLER, actor=case.owner, notice=make.a_notice())
    assert workflow.is_chained(case)
    without_trigger()
    by_sql(f"UPDATE complaints_event SET {change} WHERE id = %s", event.pk)
    assert not workflow.is_chained(case)


def test_a_last_event_that_is_gone_breaks_the_chain() -> None:
    case = make.a_case()
    event = make.an_event(case, Act.RULES, outcome=Verdict.SELLER)
    by_sql("DELETE FROM complaints_event WHERE id = %s", event.pk)
    assert not workflow.is_chained(case)


def test_a_proposal_counts_for_nothing_until_it_is_confirmed() -> None:
    case = make.a_case(act=None)
    event = make.an_event(case, Act.RULES, outcome=Verdict.BUYER, state=State.PROPOSED)
    case.refresh_from_db()
    assert (case.stage, case.is_draft, case.proposed) == ("", True, 1)
    workflow.confirm(event, case.owner)
    case.refresh_from_db()
    assert (case.stage, case.is_draft, case.proposed) == ("ruled", False, 0)
    workflow.undo(event, case.owner)
    case.refresh_from_db()
    assert (case.stage, case.is_draft) == ("", True)


def test_a_correction_tells_the_case_again_and_keeps_what_was_said_first() -> None:
    case = make.a_case()
    event = make.an_event(case, Act.RULES, outcome=Verdict.BUYER)
    workflow.correct(event, case.owner, {"outcome": "seller", "at": make.NOW.isoformat()})
    case.refresh_from_db()
    event.refresh_from_db()
    assert case.outcome == "seller"
    assert event.payload["outcome"] == "buyer"
    assert workflow.is_chained(case)


def test_a_correction_of_an_unknown_field_is_refused() -> None:
    event = make.an_event(make.a_case())
    with pytest.raises(ValueError, match="stage"):
        workflow.correct(event, event.case.owner, {"stage": "closed"})


def test_a_volunteer_never_settles_a_ruling_against_the_owner() -> None:
    case = make.a_case(act=Act.INTERVENES)
    against = make.an_event(case, Act.RULES, outcome=Verdict.SELLER, state=State.PROPOSED)
    volunteer = make.a_volunteer()
    with pytest.raises(workflow.NotForVolunteers):
        workflow.confirm(against, volunteer)
    with pytest.raises(workflow.NotForVolunteers):
        workflow.correct(make.an_event(case, Act.REPLIES), volunteer, {"outcome": "lapsed_buyer"})
    workflow.confirm(against, case.owner)
    case.refresh_from_db()
    assert case.outcome == "seller"


def test_by_hand_only_what_the_table_has() -> None:
    case = make.a_case(act=None)
    with pytest.raises(workflow.NotAChoice):
        workflow.record_by_hand(case, case.owner, Act.RULES, Party.MERCHANT, make.NOW, {})
    workflow.record_by_hand(case, case.owner, Act.RULES, Party.PLATFORM, make.NOW, {"outcome": "partial"})
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.waiting_on) == ("ruled", "partial", "buyer")


def test_what_the_case_knows_is_not_overwritten() -> None:
    case = make.a_case(order_no="3299194706518006493")
    numbers = [("order", "1" * 19), ("refund", "2" * 18)]
    workflow.learn(case, shop="别的店", numbers=numbers, reason="quality", amount="1.00")
    case.refresh_from_db()
    assert case.shop is not None
    assert (case.shop.name, case.order_no, case.case_no, case.reason) == (
        "暖冬旗舰店",
        "3299194706518006493",
        "2" * 18,
        "misdescribed",
    )
    assert case.numbers.count() == 3


def test_a_reason_that_was_not_named_yet_is_learned() -> None:
    case = make.a_case(reason="other")
    workflow.learn(case, shop=None, numbers=[], reason="short_or_wrong", amount=None)
    assert case.reason == "short_or_wrong"


@pytest.mark.parametrize("name", ["暖冬旗舰店", "暖冬 旗舰店", "暖冬旗舰店 "])
def test_a_shop_is_one_shop_however_it_is_spaced(name: str) -> None:
    make.a_case()
    assert workflow.shop_named(name) == Case.objects.get().shop


# -- what is a volunteer's to say --------------------------------------------------------------------------


def waiting_mail(act: Act, kind: Kind, state: State = State.PROPOSED, **said: Any) -> tuple[IncomingMail, Event]:
    """A mail that waits for a person, and the act it stands for in a case that was filed."""
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unsure")
    case = make.a_case(mail.owner)
    notice = make.a_notice(mail, kind=kind, case=case)
    return mail, make.an_event(case, act, state=state, notice=notice, fingerprint=notice.fingerprint, **said)


@pytest.mark.parametrize(
    ("act", "kind"),
    [(Act.RULES, Kind.RULING), (Act.RULES_APPEAL, Kind.APPEAL_RULING), (Act.CLOSES, Kind.CLOSING)],
)
def test_a_decision_that_says_not_for_whom_is_the_owners_to_confirm(act: Act, kind: Kind) -> None:
    mail, event = waiting_mail(act, kind)
    with pytest.raises(workflow.NotForVolunteers):
        settle.confirm_proposals(mail, make.a_volunteer())
    assert settle.confirm_proposals(mail, mail.owner) == [event.case]


def test_what_the_owner_undid_no_volunteer_brings_back() -> None:
    mail, event = waiting_mail(Act.ACKNOWLEDGES, Kind.ACKNOWLEDGEMENT)
    workflow.undo(event, mail.owner)
    for decide in (
        lambda who: settle.confirm_proposals(mail, who),
        lambda who: settle.file_by_hand(mail, who, Kind.ACKNOWLEDGEMENT, event.case),
    ):
        with pytest.raises(workflow.NotForVolunteers):
            decide(make.a_volunteer())
    event.case.refresh_from_db()
    assert (event.case.stage, event.case.events.count()) == ("filed", 3)


def test_what_came_by_a_verified_route_no_volunteer_takes_out() -> None:
    mail, event = waiting_mail(Act.ACKNOWLEDGES, Kind.ACKNOWLEDGEMENT, State.APPLIED)
    settle.reject(mail, make.a_volunteer())
    mail.refresh_from_db()
    event.case.refresh_from_db()
    assert (event.case.stage, mail.outcome, mail.reason) == ("acknowledged", "filed", "rejected_by_volunteer")


def test_a_volunteer_takes_back_what_a_volunteer_confirmed_and_not_what_the_owner_did() -> None:
    lin = make.a_volunteer()
    mail, event = waiting_mail(Act.ACKNOWLEDGES, Kind.ACKNOWLEDGEMENT)
    settle.confirm_proposals(mail, lin)
    assert workflow.may_answer(event, make.a_volunteer("wu@example.com"))
    workflow.confirm(event, mail.owner)
    mail.refresh_from_db()
    settle.reopen(mail, lin)
    event.case.refresh_from_db()
    assert event.case.stage == "acknowledged"
    with pytest.raises(workflow.NotForVolunteers):
        workflow.undo(event, lin)
