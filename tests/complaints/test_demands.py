"""Asked, granted, received; offers to accept or decline; looking back."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import demands, workflow
from complaints.models import Case, Demand, LookBack
from complaints.models.demand import MONEY
from complaints.stages import Act, Party, Stage, Told, Type, Verdict, replay
from tests import make

NOW = make.NOW


# -- the three columns: pure -----------------------------------------------------------------------------


def act(act: Act, by: Party, day: float, **more: Any) -> Told:
    return Told(key=f"{act}", type=Type.ACT, act=act, by=by, at=NOW + timedelta(days=day), fingerprint=f"{act}", **more)


def lines(wanted: list[Demand], told: list[Told], said: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str, str]]:
    found = demands.ledger(wanted, replay(told), said)
    return {line.kind: (str(line.asked), str(line.granted), str(line.arrived)) for line in found}


REFUND = Demand(kind="refund", amount=Decimal("459"))
FREIGHT = Demand(kind="freight", amount=Decimal("12"))
APOLOGY = Demand(kind="apology")
RULED = act(Act.RULES, Party.PLATFORM, 1, outcome=Verdict.PARTIAL)
PAID = act(Act.EXECUTES, Party.PAYER, 2, money_arrived=True)


def test_before_anybody_decides_nothing_is_granted_and_nothing_arrived() -> None:
    told = lines([REFUND, APOLOGY], [act(Act.FILES, Party.BUYER, 0)], {})
    assert told == {"refund": ("¥459.00", "还没有", "还没有"), "apology": ("要", "还没有", "还没有")}


def test_a_ruling_is_told_beside_what_was_asked_and_money_beside_both() -> None:
    said = {"rules": {"amount": "300.00", "freight_payer": "seller"}, "executes": {"amount": "300.00"}}
    told = lines([REFUND, FREIGHT, APOLOGY], [RULED, PAID], said)
    assert told["refund"] == ("¥459.00", "¥300.00", "¥300.00")
    assert told["freight"] == ("¥12.00", "运费由商家承担", "还没有")
    assert told["apology"] == ("要", "部分支持", "还没有")


def test_one_sum_is_told_of_one_demand_only() -> None:
    both = [REFUND, Demand(kind="compensation", amount=Decimal("50"))]
    told = lines(both, [RULED, PAID], {"rules": {"amount": "300.00"}, "executes": {"amount": "300.00"}})
    assert told["compensation"] == ("¥50.00", "部分支持", "还没有")


def test_several_payments_add_up_and_one_without_a_sum_is_said_to_be_so() -> None:
    again = Told(**{**{name: getattr(PAID, name) for name in PAID.__slots__}, "key": "second", "fingerprint": "2"})
    sums = {"executes": {"amount": "100.10"}, "second": {"amount": "0.20"}}
    assert lines([REFUND], [PAID, again], sums)["refund"][2] == "¥100.30"
    assert lines([REFUND], [PAID, again], {"executes": {"amount": "1.00"}})["refund"][2] == "到账了，金额没有写"


def test_money_that_is_on_its_way_has_not_arrived() -> None:
    assert lines([REFUND], [act(Act.EXECUTES, Party.PLATFORM, 2)], {})["refund"][2] == "还没有"


def test_what_a_ruling_does_not_say_is_not_guessed() -> None:
    ruled = act(Act.RULES, Party.PLATFORM, 1)
    assert lines([REFUND, FREIGHT], [ruled], {})["freight"][1] == "没有写明"
    assert lines([REFUND, FREIGHT], [ruled], {})["refund"][1] == "没有写明"


def test_an_offer_is_open_until_it_is_answered_or_the_case_is_closed() -> None:
    offered = act(Act.REPLIES, Party.MERCHANT, 0)
    said: dict[str, dict[str, Any]] = {
        "replies": {"offer": {"amount": "20.00", "form": "compensation", "condition": None}}
    }
    offer = demands.open_offer(replay([offered]), said)
    assert offer is not None
    assert (offer.amount, str(offer.form), str(offer.by)) == ("¥20.00", "补偿", "商家")
    declined = act(Act.DECLINES, Party.BUYER, 1)
    assert demands.open_offer(replay([offered, declined]), said | {"declines": {"offer_of": "replies"}}) is None
    assert demands.open_offer(replay([offered, act(Act.WITHDRAWS, Party.BUYER, 1)]), said) is None


def test_the_days_count_from_the_first_act_to_the_one_that_closed() -> None:
    late = act(Act.EXECUTES, Party.PAYER, 30, money_arrived=True)
    closed = [act(Act.FILES, Party.BUYER, 0), act(Act.SETTLES, Party.BUYER, 9.5), late]
    assert demands.days_taken(replay(closed)) == 9
    assert demands.days_taken(replay(closed[:1])) is None


# -- on the pages ------------------------------------------------------------------------------------------


def client_of(case: Case) -> Client:
    client = Client()
    client.force_login(case.owner)
    return client


@pytest.mark.django_db
def test_demands_are_entered_with_a_new_case_and_changed_later() -> None:
    owner = make.a_user()
    client = Client()
    client.force_login(owner)
    client.post(
        reverse("complaints:case_new"),
        {
            "shop": "暖冬旗舰店",
            "stands": "filed",
            "reason": "quality",
            "wants": ["return_refund", "apology"],
            "sum": "459",
        },
    )
    case = Case.objects.get(owner=owner)
    assert dict(case.demands.values_list("kind", "amount")) == {"return_refund": Decimal("459.00"), "apology": None}
    page = client.get(case.get_absolute_url()).text
    assert "¥459.00" in page
    address = reverse("complaints:case_demands", args=[case.public_id])
    assert client.get(address).status_code == 200
    client.post(address, {"refund": "on", "refund_sum": "99.50", "apology": "on", "apology_met": "on"})
    assert dict(case.demands.values_list("kind", "amount")) == {"refund": Decimal("99.50"), "apology": None}
    assert "你说已经有了" in client.get(case.get_absolute_url()).text
    assert case.events.count() == 1  # the story is the platform's, wishes are the shopper's


@pytest.mark.django_db
@pytest.mark.parametrize("sum", ["0", "-3", "abc", "1e999", "12345678901.00", "1.005"])
def test_a_sum_that_is_none_is_refused_and_nothing_is_lost(sum: str) -> None:
    case = make.a_case()
    answer = client_of(case).post(reverse("complaints:case_demands", args=[case.public_id]), {"refund_sum": sum})
    assert answer.status_code == 422
    assert "id_refund_sum" in answer.text
    assert not case.demands.exists()


def offered(case_at: datetime = NOW, if_missed: str = "closes") -> tuple[Case, Any]:
    case = make.a_case(act=Act.FILES, at=case_at)
    due = make.a_deadline(NOW + timedelta(days=5), waiting_for=Party.BUYER, if_missed=if_missed)
    offer = {"amount": "20.00", "form": "compensation", "condition": "请撤销投诉", "expires": None}
    event = make.an_event(case, Act.REFUSES, at=case_at + timedelta(hours=1), offer=offer, deadline=due)
    case.refresh_from_db()
    return case, event


def answer(case: Case, event: Any, say: str) -> str:
    address = reverse("complaints:offer_answer", args=[case.public_id, event.public_id])
    page = client_of(case).post(address, {"answer": say}, follow=True).text
    case.refresh_from_db()
    return page


@pytest.mark.django_db
def test_accepting_an_offer_settles_the_case_and_says_before_that_it_ends_it() -> None:
    case, event = offered()
    page = client_of(case).get(case.get_absolute_url()).text
    assert "¥20.00" in page
    assert "接受就是和解" in page
    answer(case, event, "accept")
    answer(case, event, "accept")  # a double tap
    assert (case.stage, case.outcome) == (Stage.CLOSED, Verdict.SETTLED)
    assert case.events.filter(act=Act.SETTLES).count() == 1


@pytest.mark.django_db
def test_declining_an_offer_ends_nothing_and_keeps_the_date() -> None:
    case, event = offered()
    due = case.own_deadline_at
    page = answer(case, event, "decline")
    assert case.stage == Stage.MERCHANT_REPLIED
    assert case.own_deadline_at == due
    assert "接受就是和解" not in page


@pytest.mark.django_db
def test_an_answer_that_is_undone_can_be_given_again() -> None:
    case, event = offered()
    answer(case, event, "accept")
    settled = case.events.get(act=Act.SETTLES)
    workflow.undo(settled, case.owner)
    case.refresh_from_db()
    assert case.stage == Stage.MERCHANT_REPLIED
    answer(case, event, "accept")
    assert case.stage == Stage.CLOSED


@pytest.mark.django_db
def test_what_offers_nothing_cannot_be_accepted() -> None:
    case = make.a_case(act=Act.REFUSES)
    answer(case, case.events.get(), "accept")
    assert case.stage == Stage.MERCHANT_REPLIED


@pytest.mark.django_db
def test_looking_back_is_asked_once_it_is_closed_one_tap_an_answer_and_may_be_skipped() -> None:
    case = make.a_case(act=Act.FILES, at=NOW - timedelta(days=12))
    client, address = client_of(case), reverse("complaints:case_look_back", args=[case.public_id])
    client.post(address, {"solved": "yes"})
    assert not LookBack.objects.exists()  # nothing has ended yet
    make.an_event(case, Act.SETTLES, at=NOW)
    assert "问题解决了吗" in client.get(case.get_absolute_url()).text
    assert 'value="12"' in client.get(case.get_absolute_url()).text
    for said in ({"solved": "partly"}, {"fair": "no"}, {"days": "11"}, {"solved": "nonsense"}, {"days": "9" * 30}):
        client.post(address, said)
    kept = LookBack.objects.get(case=case)
    assert (kept.solved, kept.fair, kept.days) == ("partly", "no", 11)
    client.post(address, {"do": "skip"})
    assert "问题解决了吗" not in client.get(case.get_absolute_url()).text


def test_every_kind_of_money_is_a_kind() -> None:
    assert set(MONEY) < set(Demand.Kind)


@pytest.mark.django_db
def test_a_recorded_payment_keeps_its_sum() -> None:
    case = make.a_case(act=Act.RULES, outcome=Verdict.BUYER)
    Demand.objects.create(case=case, kind="refund", amount=Decimal("459"))
    client_of(case).post(
        reverse("complaints:case_record", args=[case.public_id]),
        {"did": "executes:payer", "money_arrived": "on", "amount": "458.5"},
    )
    assert case.events.get(act=Act.EXECUTES).payload["amount"] == "458.50"
    assert "¥458.50" in client_of(case).get(case.get_absolute_url()).text
