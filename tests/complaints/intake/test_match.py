"""Which of the owner's cases a notice belongs to."""

from __future__ import annotations

import pytest

from complaints.intake.match import match
from complaints.stages import Act
from tests import make

pytestmark = pytest.mark.django_db
ORDER, CASE = "3299194706518006493", "TS202611080031"


def test_its_own_number_finds_the_case_and_the_order_number_too() -> None:
    case = make.a_case(order_no=ORDER, case_no=CASE)
    assert match(case.owner, [("complaint", CASE)], None).case == case
    assert match(case.owner, [("order", ORDER)], None).case == case


def test_the_number_of_another_owners_case_finds_nothing() -> None:
    make.a_case(make.a_user("other@example.com"), order_no=ORDER, case_no=CASE)
    found = match(make.a_user(), [("order", ORDER), ("complaint", CASE)], "暖冬旗舰店")
    assert found.case is None
    assert found.candidates == ()


def test_two_cases_on_one_order_are_for_a_person_to_choose() -> None:
    one, two = make.a_case(order_no=ORDER), make.a_case(order_no=ORDER)
    found = match(one.owner, [("order", ORDER)], None)
    assert found.case is None
    assert set(found.candidates) == {one, two}
    assert found.why == "several_cases"


def test_another_number_of_the_same_kind_is_another_case() -> None:
    case = make.a_case(order_no=ORDER, case_no=CASE)
    found = match(case.owner, [("order", ORDER), ("complaint", "TS202611090099")], None)
    assert found.case is None
    assert found.candidates == ()


def test_a_number_of_a_new_kind_joins_by_the_order() -> None:
    case = make.a_case(order_no=ORDER, case_no=CASE)
    assert match(case.owner, [("order", ORDER), ("refund", "285611223344556677")], None).case == case


def test_a_shop_alone_only_suggests() -> None:
    case = make.a_case(shop="暖冬旗舰店")
    found = match(case.owner, [], "暖冬旗舰店")
    assert found.case is None
    assert found.candidates == (case,)
    assert found.why == "shop_only"
    assert match(case.owner, [], "别的旗舰店").candidates == ()


def test_neither_number_nor_shop_suggests_what_is_open() -> None:
    still_open = make.a_case()
    make.a_case(act=Act.WITHDRAWS)
    found = match(still_open.owner, [], None)
    assert found.candidates == (still_open,)
    assert found.why == "no_number"
