"""Which of the owner's cases a notice belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from complaints import workflow
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


def test_the_numbers_of_two_cases_are_for_a_person() -> None:
    one = make.a_case(order_no=ORDER)
    two = make.a_case(one.owner, order_no="4471900233187765401", case_no=CASE)
    found = match(one.owner, [("order", ORDER), ("complaint", CASE)], None)
    assert found.case is None
    assert set(found.candidates) == {one, two}
    assert found.why == "several_cases"


def test_a_case_number_decides_among_the_cases_of_one_order() -> None:
    one = make.a_case(order_no=ORDER)
    two = make.a_case(one.owner, order_no=ORDER, case_no=CASE)
    assert match(one.owner, [("order", ORDER), ("complaint", CASE)], None).case == two


def test_a_case_number_joins_though_the_order_was_not_known_before() -> None:
    case = make.a_case(case_no=CASE)
    assert match(case.owner, [("order", ORDER), ("complaint", CASE)], None).case == case


def test_the_part_of_an_order_tells_which_of_its_cases_it_is() -> None:
    parent, part, other = ORDER, "3299194706518006494", "3299194706518006495"
    one, two = make.a_case(order_no=parent), make.a_case(order_no=parent)
    workflow.learn(one, shop=None, numbers=[("order", part)], reason=None, amount=None)
    workflow.learn(two, shop=None, numbers=[("order", other)], reason=None, amount=None)
    assert match(one.owner, [("order", parent), ("order", part)], None).case == one
    assert match(one.owner, [("order", other)], None).case == two
    assert set(match(one.owner, [("order", parent)], None).candidates) == {one, two}


def test_two_open_cases_at_one_shop_are_for_a_person() -> None:
    one, two = make.a_case(shop="暖冬旗舰店"), make.a_case(shop="暖冬旗舰店")
    found = match(one.owner, [], "暖冬旗舰店")
    assert found.case is None
    assert set(found.candidates) == {one, two}


def test_matching_asks_no_more_when_there_are_more_cases(django_assert_num_queries: Any) -> None:
    owner = make.a_case(order_no=ORDER).owner
    numbers = [("order", ORDER), ("refund", "285611223344556677")]
    with django_assert_num_queries(3):
        match(owner, numbers, None)
    for _ in range(4):
        make.a_case(owner, order_no=ORDER)
    with django_assert_num_queries(3):
        match(owner, numbers, None)
