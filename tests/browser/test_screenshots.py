"""A screenshot of a ruling, from the phone's gallery to the stage of the case: one tap after it was read."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Person, new_case
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]
SHOP = "鹿角灯饰旗舰店"
NOTICE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><style>
body {{ margin: 0; padding: 24px 16px; background: #f4f4f4; font: 17px/1.7 "Noto Sans CJK SC", sans-serif; }}
h1 {{ font-size: 20px; }} p {{ background: #fff; padding: 16px; border-radius: 10px; }}
</style><h1>投诉处理结果</h1><p>您投诉“{shop}”（投诉编号：{number}）一事，平台已审核完毕：支持买家，商家应在{until}前退款459.00元。</p>
<p>订单编号：4471900233187765401</p></html>"""


def drawn(browser: Browser, shop: str, number: str) -> bytes:
    """A notice as a phone shows it, as the picture that its gallery has of it."""
    context = browser.new_context(viewport={"width": 390, "height": 640}, device_scale_factor=2)
    page = context.new_page()
    until = timezone.localtime() + timedelta(days=3)
    page.set_content(NOTICE.format(shop=shop, number=number, until=f"{until:%Y年%m月%d日}18:30"))
    picture = page.screenshot()
    context.close()
    return picture


def wait_until_read(page: Page, mail: str, script: bool) -> None:
    """Until the page of `mail` asks what its picture is."""
    confirm = page.locator("#picture-form")
    if script:  # the page waits by itself
        expect(confirm).to_be_visible(timeout=90_000)
        return
    began = time.monotonic()
    while not confirm.is_visible():
        assert time.monotonic() - began < 90  # how fast it is, the bench says; here it must come at all
        page.wait_for_timeout(500)
        page.goto(mail)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_screenshot_of_a_ruling_moves_its_case_with_one_tap_and_back_with_another(
    suji: Stack, phone: Phone, person: Callable[..., Person], browser: Browser, script: bool
) -> None:
    email = f"gallery-{script}@example.com".lower()
    page = phone(person(email), script)
    new_case(page, SHOP)
    case = re.sub(r"^https?://[^/]+", "", page.url)
    picture = drawn(browser, SHOP, f"2026110900345{int(script)}")
    page.goto("/hand-in/")
    page.locator("#id_files").set_input_files(
        {"name": "Screenshot_20261109.png", "mimeType": "image/png", "buffer": picture}
    )
    page.get_by_role("button", name="交上去").click()
    mail = re.sub(r"^https?://[^/]+", "", page.url)
    wait_until_read(page, mail, script)
    confirm = page.locator("#picture-form")
    expect(page.locator("#picture-confirm")).to_contain_text("看着像")
    expect(page.locator("#picture-confirm")).to_contain_text("作出了判决 · 支持买家")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(confirm.get_by_label(SHOP)).to_be_checked()  # its only case of that shop
    page.get_by_role("button", name="是这样，计入").click()
    expect(page.locator("#mail-live")).to_contain_text("案件现在：已判决")
    page.goto(case)
    expect(page.locator(".track .now")).to_have_text("已判决")
    expect(page.locator("#exhibits")).to_contain_text("Screenshot_20261109")
    (told,) = [one for one in suji.tell(email)["cases"] if one["id"] in case]
    assert (told["stage"], told["outcome"]) == ("ruled", "buyer")
    page.goto(mail)
    page.get_by_role("button", name="撤销这个处理").click()
    page.goto(case)
    expect(page.locator(".track .now")).to_have_text("已提交")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_ruling_in_the_file_of_a_case_moves_it_once_its_owner_asks_what_it_is(
    phone: Phone, person: Callable[..., Person], browser: Browser, script: bool
) -> None:
    page = phone(person(f"evidence-{script}@example.com".lower()), script)
    case = new_case(page, SHOP)
    picture = drawn(browser, SHOP, f"2026110900346{int(script)}")
    page.locator("#exhibit-form #id_files").set_input_files(
        {"name": "Screenshot_20261110.png", "mimeType": "image/png", "buffer": picture}
    )
    if not script:
        page.locator("#exhibit-form").get_by_role("button", name="交上去").click()
    asked = page.locator("#exhibits-asked")
    expect(asked).to_contain_text("不读也一直收着")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    asked.get_by_role("button", name="这张图是什么？").click()
    page.wait_for_url("**/mails/*/")
    mail = page.url
    wait_until_read(page, mail, script)
    confirm = page.locator("#picture-form")
    expect(confirm.get_by_label(SHOP)).to_be_checked()  # it lies in the file of that case
    page.get_by_role("button", name="是这样，计入").click()
    expect(page.locator("#mail-live")).to_contain_text("案件现在：已判决")
    page.goto(case)
    expect(page.locator(".track .now")).to_have_text("已判决")
    expect(page.locator("#exhibits .count").first).to_have_text("1")
    expect(asked).to_have_count(0)


CHAT = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><style>
body {{ margin: 0; background: #ededed; font: 16px/1.5 "Noto Sans CJK SC", sans-serif; }}
h1 {{ margin: 0; padding: 12px; background: #f7f7f7; font-size: 18px; text-align: center; }}
p {{ clear: both; float: left; max-width: 62%; margin: 10px; padding: 10px; border-radius: 8px; background: #fff; }}
.me {{ float: right; background: #95ec69; }}
.time {{ float: none; max-width: none; background: none; color: #888; font-size: 13px; text-align: center; }}
</style><h1>{shop}</h1><p class="time">2026年11月8日 20:15</p><p class="me">衣服破了一个洞，我要退货退款</p>
<p>亲，衣服已经穿过，不支持退货退款</p><p class="me">我没有穿过，吊牌都在</p><p>您说的这些我们都不认可</p></html>"""


def a_chat(browser: Browser) -> bytes:
    context = browser.new_context(viewport={"width": 390, "height": 640}, device_scale_factor=2)
    page = context.new_page()
    page.set_content(CHAT.format(shop=SHOP))
    picture = page.screenshot()
    context.close()
    return picture


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_in_a_chat_the_sides_are_swapped_and_the_line_that_counts_is_chosen(
    suji: Stack, phone: Phone, person: Callable[..., Person], browser: Browser, script: bool
) -> None:
    email = f"chat-{script}@example.com".lower()
    page = phone(person(email), script)
    case = new_case(page, SHOP)
    page.goto("/hand-in/")
    page.locator("#id_files").set_input_files(
        {"name": "Screenshot_chat.png", "mimeType": "image/png", "buffer": a_chat(browser)}
    )
    page.get_by_role("button", name="交上去").click()
    page.wait_for_url("**/mails/*/")
    wait_until_read(page, page.url, script)
    lines = page.locator("#chat-lines .bubble")
    sides = [re.sub("bubble ?", "", line.get_attribute("class") or "") for line in lines.all()]
    assert sides == ["buyer", "merchant", "buyer", "merchant"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="左右对调").click()
    expect(lines.first).to_have_class("bubble merchant")
    page.get_by_role("button", name="左右对调").click()
    expect(lines.first).to_have_class("bubble buyer")
    last = lines.last
    last.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    last.get_by_role("button", name="商家拒绝").click()
    expect(last).to_contain_text("算作：商家拒绝")
    expect(page.locator("#picture-confirm")).to_contain_text("商家：拒绝")
    expect(page.locator("#picture-form").get_by_label(SHOP)).to_be_checked()
    page.get_by_role("button", name="是这样，计入").click()
    expect(page.locator("#mail-live")).to_contain_text("案件现在：商家已回应")
    page.goto(case)
    expect(page.locator("#case-timeline")).to_contain_text("您说的这些我们都不认可")
    (told,) = [one for one in suji.tell(email)["cases"] if one["id"] in case]
    assert told["stage"] == "merchant_replied"
