"""Every fact of some 370 notices in many hands, and none that they do not state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from complaints.intake.extract import extract
from complaints.intake.shapes import Classified, Facts
from complaints.stages import Kind
from tests.complaints.intake import wordings
from tests.complaints.intake.notices import a_notice
from tests.complaints.intake.wordings import Said

FIELDS = (
    *("order_no", "case_no", "case_no_kind", "shop", "amount", "deadline", "deadline_for", "if_missed"),
    *("reason", "refusal_ground", "evidence_asked", "tracking_no", "offer"),
)
GROUPS = ("LETTERS", "TABLES", "SHORT", "HANT", "ENGLISH", "NUMBERS", "SHOPS", "MONEY", "DEADLINES", "DETAILS")
WORDINGS: list[tuple[str, Said]] = [
    (f"{name.lower()}-{place}", one) for name in GROUPS for place, one in enumerate(getattr(wordings, name))
]
ALL = [pytest.param(one, id=name) for name, one in WORDINGS]


def read(one: Said) -> Facts:
    notice = a_notice(one.subject, one.body, date=one.sent, from_name=one.sender)
    return extract(notice, Classified(one.kind, 1.0, ()))


def wrong(one: Said, facts: Facts) -> Iterator[tuple[str, Any, Any]]:
    """The fields that came out otherwise than said: name, what came out, what is true."""
    more = [field for field in ("freight_payer", "deadline_from") if field in one.facts]
    for field in (*FIELDS, *more):
        told, true = getattr(facts, field), one.facts.get(field)
        if field in one.free:
            continue
        if field == "evidence_asked":
            told, true = set(told), set(true or ())
        if field == "offer" and told and true:
            told, true = _offer(told, true, one.free), True
        if told != true:
            yield field, told, true


def _offer(told: Any, true: tuple[Any, ...], free: tuple[str, ...]) -> Any:
    amount, form, condition = (*true, "")[:3]
    fits = told.amount == amount and (told.form == form or "offer.form" in free) and condition in (told.condition or "")
    return fits or told


@pytest.mark.parametrize("one", ALL)
def test_a_notice_gives_its_facts_and_no_others(one: Said) -> None:
    assert list(wrong(one, read(one))) == []


@pytest.mark.parametrize("one", ALL)
def test_every_fact_has_its_own_words(one: Said) -> None:
    said = one.subject + "\n" + one.body + "\n" + one.sender
    assert [because.words for because in read(one).because if because.words not in said or not because.words] == []


def test_no_deadline_is_later_than_the_truth() -> None:
    told = [(read(one), one) for _, one in WORDINGS if "deadline" in one.facts]
    assert [one.body for facts, one in told if facts.deadline and facts.deadline > one.facts["deadline"]] == []


@pytest.mark.parametrize(("kind", "subject", "body", "shop"), wordings.PLACES)
def test_a_bare_name_is_found_where_a_sentence_holds_one_and_nowhere_else(
    kind: str, subject: str, body: str, shop: str | None
) -> None:
    facts = extract(a_notice(subject, body), Classified(Kind(kind), 1.0, ()))
    assert facts.shop == shop


@pytest.mark.parametrize(("body", "asked"), wordings.ASKED)
def test_evidence_is_asked_for_in_many_ways(body: str, asked: str) -> None:
    facts = extract(a_notice("", body), Classified(Kind.EVIDENCE_REQUEST, 1.0, ()))
    assert " ".join(facts.evidence_asked) == asked


@pytest.mark.parametrize(("body", "ground"), wordings.GROUNDS)
def test_a_merchant_refuses_on_many_grounds(body: str, ground: str) -> None:
    facts = extract(a_notice("", body), Classified(Kind.MERCHANT_REFUSAL, 1.0, ()))
    assert (facts.refusal_ground or "") == ground


@pytest.mark.parametrize(("body", "offer"), wordings.OFFERS)
def test_a_merchant_offers_in_many_ways(body: str, offer: str) -> None:
    told = extract(a_notice("", body), Classified(Kind.MERCHANT_REPLY, 1.0, ())).offer
    assert (f"{told.amount} {told.form}" if told else "") == offer
