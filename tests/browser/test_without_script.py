"""Everything that a shopper does, in a browser that runs no script."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, new_case, open_when

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]
SHOP = "素问养生旗舰店"


def test_the_language_is_switched_and_stays(phone: Phone) -> None:
    page = phone(script=False)
    page.goto("/sample/")
    page.get_by_role("button", name="EN").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile("/sample/$"))
    page.goto("/accounts/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_logging_in_by_a_mailed_code(phone: Phone, person: Callable[..., Person]) -> None:
    shopper = person("codes@example.com")
    page = phone(script=False)
    page.goto("/cases/")
    page.get_by_role("link", name="用邮件验证码登录").click()
    page.get_by_label("邮箱").fill(shopper.email)
    page.get_by_role("button", name="寄验证码").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="打开刚寄出的邮件").click()
    said = opened.value.locator("main .prose").inner_text()
    (code,) = re.findall(r"^\s*(\d{6})\s*$", said, re.MULTILINE)
    page.locator("input[autocomplete=one-time-code]").fill(code)
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的案件")
    expect(page).to_have_url(re.compile("/cases/$"))  # where they were going


def test_a_case_its_story_and_its_exhibits(phone: Phone, person: Callable[..., Person]) -> None:
    page = phone(person("noscript@example.com"), script=False)
    new_case(page, SHOP)
    page.locator("#case-timeline").get_by_role("link", name="记一笔").click()
    page.locator("[name=did]").select_option("refuses:merchant")
    page.locator("[name=days]").fill("3")
    page.get_by_label("备注").fill("客服电话里说的")
    page.get_by_role("button", name="记下").click()
    expect(page.locator(".track .now")).to_have_text("商家已回应")
    expect(page.locator(".move-when")).to_contain_text("还剩")
    refusal = page.locator("#case-timeline li.event", has_text="拒绝了申请")
    expect(refusal).to_contain_text("客服电话里说的")
    refusal.get_by_role("button", name="撤销").click()
    expect(page.locator(".track .now")).to_have_text("已提交")
    refusal.get_by_role("button", name="恢复").click()
    expect(page.locator(".track .now")).to_have_text("商家已回应")

    form = page.locator("#exhibit-form")
    expect(form.get_by_text("拖入")).to_be_hidden()  # nothing to drop or paste into
    assert form.evaluate("form => [...form.children].every(part => part.offsetWidth <= form.clientWidth)")
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(picture, "JPEG")
    page.locator("#id_files").set_input_files(
        [
            {"name": "破损.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()},
            {"name": "假的.jpg", "mimeType": "image/jpeg", "buffer": "文字".encode() * 99},
        ]
    )
    page.locator("#exhibit-form").get_by_role("button", name="交上去").click()
    expect(page.locator("#messages")).to_contain_text("已保存1个文件")
    expect(page.locator("#messages")).to_contain_text("假的.jpg")
    expect(page.locator("#exhibits h2 .count")).to_have_text("1")
    page.locator("#exhibits .thumb-foot a").click()
    page.get_by_role("button", name="移出案件").click()
    page.locator("#exhibits-removed summary").click()
    page.get_by_role("button", name="放回案件").click()
    expect(page.locator("#exhibits h2 .count")).to_have_text("1")


def test_a_pasted_notice_is_filed(phone: Phone, person: Callable[..., Person]) -> None:
    page = phone(person("noscript@example.com"), script=False)
    page.goto("/hand-in/")
    page.get_by_label("粘贴通知全文").fill(
        f"亲爱的会员，您对“{SHOP}”的投诉已受理，投诉编号：TS202611229911，请等待商家处理。"
    )
    page.get_by_role("button", name="交上去").click()
    open_when(page, page.url, "已推进案件进度")
    page.locator("#mail-live .notice").get_by_role("link").first.click()
    expect(page.locator(".track .now")).to_have_text("已受理")


def test_a_proposal_is_decided_and_taken_back(
    phone: Phone, person: Callable[..., Person], forward: Callable[..., None]
) -> None:
    shopper, shop = person("noscript@example.com"), "晴川乐器行"
    page = phone(shopper, script=False)
    forward(
        shopper, "天猫客服已介入您的维权",
        f"您好，天猫客服已介入您与“{shop}”的维权，维权编号：WQ202611229912。小二将联系双方核实，请保持电话畅通。",
        by="stranger@elsewhere.example",
    )  # fmt: skip
    open_when(page, "/cases/", shop)
    page.locator("a.cover", has_text=shop).click()
    expect(page.locator(".move-who")).to_contain_text("还没有确认的进度")
    case = page.url
    proposals = page.locator("#proposals")
    proposals.get_by_role("link", name="看来信").click()
    page.get_by_role("button", name="是这样，计入").click()
    expect(page.locator("#messages")).to_contain_text("已确认")
    expect(page).to_have_url(case)
    expect(page.locator(".track .now")).to_have_text("平台已介入")
    page.get_by_role("link", name="看来信").first.click()
    page.get_by_role("button", name="撤销这个处理").click()
    expect(page.locator("#messages")).to_contain_text("已撤销，重新等你确认")
    page.get_by_role("button", name="与投诉无关").click()
    expect(page.locator("#messages")).to_contain_text("已标为与投诉无关")
    page.get_by_role("button", name="撤销这个处理").click()
    page.get_by_role("button", name="是这样，计入").click()
    expect(page.locator(".track .now")).to_have_text("平台已介入")
