"""What a person makes of a mail: the kind they name decides what is told, not what the machine took it for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import workflow
from complaints.intake import settle
from complaints.models import Case, IncomingMail
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, State
from tests import make

pytestmark = pytest.mark.django_db


def a_waiting_mail(kind: Kind, **said: object) -> IncomingMail:
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unsure")
    make.a_notice(mail, kind=kind, reading=make.a_reading(kind) | said)
    return mail


def filed_as(kind: Kind, mail: IncomingMail, act: Act = Act.ACKNOWLEDGES) -> Case:
    case = make.a_case(mail.owner, act=act)
    settle.file_by_hand(mail, mail.owner, kind, case)
    case.refresh_from_db()
    return case


def test_money_that_a_person_says_is_on_its_way_has_not_arrived() -> None:
    case = filed_as(Kind.EXECUTION, a_waiting_mail(Kind.REFUND_ARRIVED))
    assert (case.stage, case.outcome) == ("acknowledged", "")


def test_money_that_a_person_says_has_arrived_closes_the_case() -> None:
    case = filed_as(Kind.REFUND_ARRIVED, a_waiting_mail(Kind.UNKNOWN))
    assert (case.stage, case.outcome) == ("closed", "refunded")


def test_a_result_that_is_only_quoted_is_not_told_again() -> None:
    case = filed_as(Kind.APPEAL_ACKNOWLEDGEMENT, a_waiting_mail(Kind.RULING, outcome="seller"), Act.RULES)
    assert (case.stage, case.outcome) == ("appealed", "")


def test_a_ruling_on_an_appeal_keeps_the_result_that_was_read() -> None:
    case = filed_as(Kind.APPEAL_RULING, a_waiting_mail(Kind.RULING, outcome="buyer"), Act.APPEALS)
    assert (case.stage, case.outcome) == ("ruled", "buyer")


def test_filed_as_the_kind_that_was_read_it_is_told_of_whom_the_words_name() -> None:
    mail = a_waiting_mail(Kind.APPEAL_ACKNOWLEDGEMENT, by="merchant")
    case = filed_as(Kind.APPEAL_ACKNOWLEDGEMENT, mail, Act.RULES)
    event = case.events.get(notice__mail=mail)
    assert (event.act, event.by) == ("appeals", "merchant")


def test_filed_as_another_kind_it_is_told_of_whom_that_kind_usually_is() -> None:
    mail = a_waiting_mail(Kind.APPEAL_ACKNOWLEDGEMENT, by="merchant")
    case = filed_as(Kind.RULING, mail)
    event = case.events.get(notice__mail=mail)
    assert (event.act, event.by) == ("rules", "platform")


def test_who_answers_on_the_page_of_a_case_touches_the_mail_before_the_case() -> None:
    """Whoever decides about a mail locks it first and its case then; the other way round two of them deadlock."""
    mail = a_waiting_mail(Kind.ACKNOWLEDGEMENT)
    notice = mail.notices.get()
    notice.reading["fields"]["order_no"] = "3299194706500000001"  # the case learns of it
    event = make.an_event(make.a_case(mail.owner), Act.ACKNOWLEDGES, state=State.PROPOSED, notice=notice)
    recorded = workflow.confirm(event, mail.owner)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        settle.settle_with(event, mail.owner, recorded)
    said = [query["sql"] for query in queries.captured_queries]
    reads_mail = next(place for place, sql in enumerate(said) if 'FROM "complaints_incomingmail"' in sql)
    writes_case = next(place for place, sql in enumerate(said) if 'UPDATE "complaints_case"' in sql)
    assert reads_mail < writes_case
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == ("filed", "confirmed_by_owner")
