"""The two stories that Suji was made for, as their shopper sees them on a phone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.demo import letters, wraps
from tests.browser.conftest import Person, deliver
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]
SHOPPER, VOLUNTEER = "lin@example.com", "volunteer@example.com"


def case_of(stack: Stack, **wanted: str) -> str:
    """The id of the shopper's one case with these values."""
    cases = stack.tell(SHOPPER)["cases"]
    (found,) = [case["id"] for case in cases if all(case[key] == value for key, value in wanted.items())]
    return str(found)


def test_the_jacket_is_ruled_for_the_buyer_and_the_shop_pays_the_freight(
    suji: Stack, phone: Phone, person: Callable[..., Person]
) -> None:
    page = phone(person(SHOPPER))
    page.goto(f"/cases/{case_of(suji, order_no='3299194706518006493')}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(letters.JACKET)
    expect(page.locator(".track .now")).to_have_text("已判决")
    expect(page.locator(".move-who")).to_contain_text("等商家")
    expect(page.locator(".move-who")).to_contain_text("支持买家")
    story = page.locator("#case-timeline")
    for said in ("作出了判决", "要求举证", "回复了", "受理了投诉"):
        expect(story).to_contain_text(said)
    expect(story).to_contain_text("运费由商家承担")
    page.locator("details.because summary").first.click()
    expect(page.locator("details.because q").first).to_be_visible()


def test_the_cosmetics_got_no_decision_and_the_move_is_the_buyers(
    suji: Stack, phone: Phone, person: Callable[..., Person]
) -> None:
    page = phone(person(SHOPPER))
    page.goto(f"/cases/{case_of(suji, order_no='3301225817640019375')}/")
    expect(page.locator(".track .now")).to_have_text("已判决")
    expect(page.locator(".move-who")).to_contain_text("轮到你了")
    expect(page.locator(".move-who")).to_contain_text("没有判决")
    expect(page.locator("#case-timeline")).to_contain_text("拒绝了申请")
    whose = page.locator(".move").bounding_box()
    assert whose is not None
    assert whose["y"] < 640


def test_the_demo_world_has_every_stage_and_a_forged_ruling_that_moved_nothing(
    suji: Stack, phone: Phone, person: Callable[..., Person]
) -> None:
    told = suji.tell(SHOPPER)["cases"] + suji.tell("zhou@example.com")["cases"]
    counted = [case for case in told if case["stage"]]
    assert len(counted) == 12
    assert {case["stage"] for case in counted} == {
        "filed", "acknowledged", "merchant_replied", "platform_intervened", "evidence_requested", "ruled", "appealed",
        "closed",
    }  # fmt: skip
    kettle = next(case for case in counted if case["order_no"] == "3315567890123456781")
    assert kettle["stage"] == "platform_intervened"
    assert [event["state"] for event in kettle["events"] if event["act"] == "rules"] == ["proposed"]
    page = phone(person(SHOPPER))
    page.goto(f"/cases/{kettle['id']}/")
    expect(page.locator("#proposals")).to_contain_text("还没有确认是你的")
    expect(page.locator(".track .now")).to_have_text("平台已介入")


def test_undo_and_confirm_again_on_the_page(suji: Stack, phone: Phone, person: Callable[..., Person]) -> None:
    page = phone(person(SHOPPER))
    page.goto(f"/cases/{case_of(suji, order_no='3317788990011223344')}/")
    expect(page.locator(".move-who")).to_contain_text("已结案")
    page.locator("#case-timeline li.event", has_text="退款到账").get_by_role("button", name="撤销").click()
    expect(page.locator(".track .now")).to_have_text("商家已回应")
    page.locator("#case-timeline li.event.undone").get_by_role("button", name="恢复").click()
    expect(page.locator(".move-who")).to_contain_text("已结案")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_forwarded_qq_mail_stands_on_the_page_within_two_seconds(
    suji: Stack, phone: Phone, person: Callable[..., Person], script: bool
) -> None:
    email = f"qq-{script}@example.com".lower()
    shopper = person(email)
    page = phone(shopper, script)
    number = "TS20261122000" + str(int(script))
    now = timezone.localtime() - timedelta(hours=1)
    raw = wraps.wrap(
        "qq", subject="【天猫】您的投诉已受理", from_name="天猫", from_address="n@tmall.example", to=email, date=now,
        body=f"亲爱的会员，您对“青禾家居旗舰店”的投诉已受理，投诉编号：{number}，请等待商家处理。",
        outer_from=email, outer_to=shopper.inbox,
    )  # fmt: skip
    deliver(suji, shopper, raw)
    accepted = time.monotonic()
    while not (cases := page.goto("/cases/") and page.locator("a.cover").all_inner_texts()):
        assert time.monotonic() - accepted < 10  # bench/page.py measures how soon; here it must come at all
    assert "青禾家居旗舰店" in cases[0]
    page.locator("a.cover").first.click()
    expect(page.locator(".track .now")).to_have_text("已受理")
    deliver(suji, shopper, raw)
    told = suji.tell(email)
    assert told["counts"]["received"] == 1
    assert told["counts"]["repeats"] == 1
    assert [event["act"] for event in told["cases"][0]["events"]] == ["acknowledges"]


def test_the_buttons_of_the_demo_show_what_happens(phone: Phone) -> None:
    page = phone()
    page.goto("/")
    page.locator("form[action*='demo/login'] button[value=shopper]").click()
    page.goto("/start/")
    page.get_by_role("button", name="寄一封伪造信").click()
    expect(page.locator("#mail-live")).to_contain_text("还没有确认是你的")
    page.goto("/start/")
    page.get_by_role("button", name="寄一封样信").click()
    expect(page.locator("#mail-live")).to_contain_text("已推进案件进度")
