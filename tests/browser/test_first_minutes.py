"""A stranger with a phone: signing up by clicking only, and a case by hand in six taps."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]


def test_sign_up_by_clicking_only(suji: Stack, phone: Phone) -> None:
    page = phone()
    page.goto("/")
    page.get_by_role("link", name="注册").first.click()
    page.get_by_label("邮箱").fill("newcomer@example.com")
    page.get_by_label("密码", exact=False).first.fill("paper-crane-7482")
    page.locator("input[type=checkbox]:visible").check()
    page.locator("main button[type=submit]").click()
    with page.context.expect_page() as opened:
        page.locator("a[href*='/outgoing/']").first.click()
    said = opened.value.locator("main .prose").inner_text()
    (code,) = re.findall(r"^\s*([A-Z0-9]{3}-?[A-Z0-9]{3})\s*$", said, re.MULTILINE)
    page.locator("input[autocomplete=one-time-code]").fill(code)
    page.locator("main button[type=submit]").first.click()
    expect(page.locator(".copy-text").first).to_contain_text("@in.suji.localhost")
    told = suji.tell("newcomer@example.com")
    assert told["counts"]["received"] == 0


def test_from_home_to_a_running_clock_in_six_taps_without_any_mail(
    suji: Stack, phone: Phone, person: Callable[..., Person]
) -> None:
    page = phone(person("byhand@example.com"))
    page.goto("/")
    taps = 0

    def tap(locator: object) -> None:
        nonlocal taps
        taps += 1
        locator.click()  # type: ignore[attr-defined]

    tap(page.get_by_role("link", name="新建案件").first)
    tap(page.get_by_label("哪家店").first)
    page.keyboard.type("青禾家居旗舰店")
    tap(page.locator("label", has_text="商家回复了").first)
    days = page.get_by_label("天", exact=False).first
    tap(days)
    page.keyboard.type("2")
    tap(page.get_by_role("button", name="建好案件"))
    expect(page.locator(".track .now")).to_have_text("商家已回应")
    expect(page.locator(".move-when")).to_contain_text("还剩")
    assert taps <= 6
    (case,) = suji.tell("byhand@example.com")["cases"]
    assert case["deadlines"][0]["from"] == "entered"
