"""What the script adds: pages that freshen themselves, copying, appearance, language, and work by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, open_when
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]
SHOP, NUMBER = "枕流书画店", "TS202611229921"
WHERE = "() => { const at = document.activeElement.getBoundingClientRect(); return [at.top, at.bottom]; }"
FOCUSED = "() => (document.activeElement?.textContent ?? '').trim()"


def test_an_open_case_shows_a_new_act_by_itself_and_keeps_what_was_open_and_focused(
    phone: Phone, person: Callable[..., Person], forward: Callable[..., None]
) -> None:
    shopper = person("live@example.com")
    page = phone(shopper)
    forward(shopper, "【天猫】您的投诉已受理", f"您对“{SHOP}”的投诉已受理，投诉编号：{NUMBER}，请等待商家处理。")
    open_when(page, "/cases/", SHOP)
    page.locator("a.cover", has_text=SHOP).click()
    expect(page.locator(".track .now")).to_have_text("已受理")
    event = page.locator("#case-timeline li.event", has_text="受理了投诉")
    why = event.locator("details.because")
    why.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(why).to_have_attribute("open", "")
    page.evaluate("() => { window.unmoved = true; }")  # gone, should the page be loaded again
    event.evaluate("one => { one.dataset.old = 'yes'; }")

    forward(
        shopper, "天猫客服已介入您的投诉",
        f"您好，天猫客服已介入您与“{SHOP}”的纠纷（投诉编号：{NUMBER}）。小二将联系双方核实情况，请保持电话畅通。",
    )  # fmt: skip
    # Every 3 s while something is going on; every 20 s would be too late here.
    expect(page.locator(".track .now")).to_have_text("平台已介入", timeout=12_000)
    expect(page.locator("#case-timeline li.event")).to_have_count(2)
    assert page.evaluate("() => window.unmoved") is True
    assert event.get_attribute("data-old") is None  # it is another piece, and yet:
    expect(why).to_have_attribute("open", "")
    expect(why.locator("summary")).to_be_focused()


def test_the_start_page_turns_green_when_the_first_mail_comes(
    phone: Phone, person: Callable[..., Person], forward: Callable[..., None]
) -> None:
    shopper = person("first-mail@example.com")
    page = phone(shopper)
    page.goto("/start/")
    expect(page.locator("#start-check")).to_contain_text("还没有收到过来信")
    forward(
        shopper, "【天猫】您的投诉已受理", "您对“青瓦陶器店”的投诉已受理，投诉编号：TS202611229922，请等待商家处理。"
    )
    expect(page.locator("#start-check")).to_contain_text("最近一封来信", timeout=15_000)


def test_the_inbox_address_is_copied_and_the_button_says_so(phone: Phone, person: Callable[..., Person]) -> None:
    shopper = person("live@example.com")
    page = phone(shopper)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/start/")
    button = page.get_by_role("button", name="复制")
    button.click()
    expect(page.get_by_role("status").filter(has_text="已复制")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == shopper.inbox
    page.evaluate("() => navigator.clipboard.writeText('')")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('plain http')); }")
    button.click()  # the old way, as in a local network without https
    page.wait_for_function("async address => await navigator.clipboard.readText() === address", arg=shopper.inbox)
    expect(button).to_be_focused()


def test_appearance_and_language_stay_chosen(suji: Stack, phone: Phone, person: Callable[..., Person]) -> None:
    page = phone(person("tongues@example.com"))
    page.goto("/cases/")
    paper = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(paper)
    assert dark != light
    page.goto("/mails/")
    assert page.evaluate(paper) == dark
    expect(page.get_by_role("button", name="深色")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="跟随系统").click()
    page.reload()
    assert page.evaluate(paper) == light
    assert "theme" not in {cookie["name"] for cookie in page.context.cookies() if cookie["value"]}

    page.get_by_role("button", name="EN").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mail")
    expect(page).to_have_url(re.compile("/mails/$"))
    page.goto("/cases/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    elsewhere = phone(person("tongues@example.com"))  # another browser: it is kept with the account
    elsewhere.goto("/cases/")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的案件")


def test_a_page_is_walked_by_the_keyboard_in_the_order_in_which_it_reads(
    phone: Phone, person: Callable[..., Person]
) -> None:
    page = phone(person("live@example.com"))
    page.goto("/cases/new/")
    walk = []
    for _step in range(60):
        page.keyboard.press("Tab")
        walk.append(page.evaluate(FOCUSED))
        box = page.evaluate(
            "() => { const b = document.activeElement.getBoundingClientRect(); return [b.top, b.bottom]; }"
        )
        assert 0 <= box[0] < box[1] + 1 <= 641, walk  # scrolled into sight
        if walk[-1] == "建好案件":
            break
    known = [word for word in walk if word in ("跳到正文", "诉迹", "EN", "我", "案件", "来信", "开始", "建好案件")]
    assert known == ["跳到正文", "诉迹", "EN", "我", "案件", "来信", "开始", "建好案件"]

    page.goto("/cases/new/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert urlsplit(page.url).fragment == "main"
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")

    menu = page.locator("#account-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("button", name="退出登录")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_the_keys_of_the_tray_and_their_switch(phone: Phone, person: Callable[..., Person]) -> None:
    page = phone(person("keys@example.com", "volunteer"))
    page.goto("/tray/")
    items = page.locator("[data-key-item]")
    assert items.count() >= 2
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(items.nth(1).locator(":focus")).to_have_count(1)
    page.keyboard.press("k")
    expect(items.nth(0).locator(":focus")).to_have_count(1)
    page.keyboard.press("?")
    help = page.locator("#keys-help")
    expect(help).to_be_visible()
    help.get_by_label("使用快捷键").uncheck()
    page.keyboard.press("Escape")
    expect(help).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(help).to_be_hidden()
    page.reload()
    page.keyboard.press("?")
    expect(help).to_be_hidden()
    page.get_by_role("button", name="快捷键").click()
    expect(help.get_by_label("使用快捷键")).not_to_be_checked()
    help.get_by_label("使用快捷键").check()
    help.get_by_role("button", name="关闭").click()
    page.keyboard.press("j")
    page.keyboard.press("a")  # claims the present one
    expect(page.get_by_role("heading", level=1)).to_have_text("看一封来信")
    first = page.url
    page.keyboard.press("s")
    expect(page).not_to_have_url(first)
    expect(page.get_by_role("heading", level=1)).to_have_text("看一封来信")
