"""One evening in WeChat's browser on a small phone: from nothing to a case that a forwarded notice opened."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from complaints.demo import wraps
from tests.browser.conftest import PHONE, watch
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478 "
    "Mobile Safari/537.36 XWEB/1260 MMWEBSDK/20240501 MicroMessenger/8.0.50.2701 WeChat/arm64 Language/zh_CN"
)
MAILBOX, CODE = "xiaochen@gmail.com", "730194826"
CONFIRMATION = (
    f"From: Gmail Team <forwarding-noreply@google.com>\r\nSubject: (#{CODE}) Gmail Forwarding Confirmation - "
    f"Receive Mail from {MAILBOX}\r\nMessage-ID: <1@mail.gmail.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    f"{MAILBOX} has requested to automatically forward mail to your email address.\r\nConfirmation code: {CODE}\r\n"
    "https://mail-settings.google.com/mail/vf-%5Babc%5D-xyz\r\n"
)


@pytest.fixture
def wechat(browser: Browser, suji: Stack) -> Iterator[Page]:
    """A page of WeChat's browser; the test fails on whatever none of our pages may do."""
    context = browser.new_context(
        viewport=PHONE, base_url=suji.url, user_agent=WECHAT, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    faults: list[str] = []
    watch(context, suji.url.removeprefix("http://"), faults)
    yield context.new_page()
    context.close()
    assert not faults


def kept_mail(page: Page) -> str:
    """What stands in the mail that was just sent, as the page of this machine shows it."""
    with page.context.expect_page() as opened:
        page.locator("main a[href*='/outgoing/']").first.click()
    said = opened.value.locator("main").inner_text()
    opened.value.close()
    return said


def test_from_signing_up_to_the_first_case_by_a_confirmed_mailbox(suji: Stack, wechat: Page) -> None:
    page = wechat

    def deliver(raw: bytes, sender: str) -> None:
        with smtplib.SMTP("127.0.0.1", suji.smtp_port, local_hostname="client.localhost") as door:
            door.sendmail(sender, [inbox], raw)

    def forward(client: str, subject: str, sender: tuple[str, str], body: str) -> None:
        deliver(
            wraps.wrap(
                client, subject=subject, from_name=sender[0], from_address=sender[1], to=MAILBOX, body=body,
                date=timezone.localtime(), outer_from=MAILBOX, outer_to=inbox,
            ),
            MAILBOX,
        )  # fmt: skip

    # Sign up with another mailbox than the one that forwards.
    page.goto("/accounts/signup/")
    page.get_by_label("邮箱").fill("xiaochen@example.com")
    page.locator("input[type=checkbox]:visible").check()
    page.locator("main button[type=submit]").click()
    (code,) = re.findall(r"^\s*(\d{6})\s*$", kept_mail(page), re.MULTILINE)
    page.locator("input[autocomplete=one-time-code]").fill(code)
    page.locator("main button[type=submit]").first.click()

    # Where are the notices? In a mailbox, and it is Gmail's.
    inbox = page.locator("#inbox-address").inner_text()
    page.get_by_role("link", name="邮箱 QQ、163、Gmail等").click()
    page.get_by_role("link", name="选邮箱，看步骤").click()
    page.get_by_role("link", name="Gmail", exact=True).click()
    expect(page.locator("#inbox-address")).to_have_text(inbox)
    assert page.locator("svg.guide-draw").count() >= 8

    # Its confirmation comes while the page waits, and shows up by itself.
    page.locator("#set-up-mailbox").fill(MAILBOX)
    page.get_by_role("button", name="接确认信").click()
    expect(page.locator("#set-up")).to_contain_text("还没有来")
    deliver(CONFIRMATION.encode(), "forwarding-noreply@google.com")
    expect(page.locator("#confirmation-code")).to_have_text(CODE, timeout=20_000)
    page.get_by_role("button", name="好了，关掉").click()
    assert CODE not in page.content()

    # A test mail goes out and comes back: the mailbox is confirmed.
    page.locator("#probe-mailbox").fill(MAILBOX)
    page.get_by_role("button", name="寄一封测试信").click()
    said = kept_mail(page)
    (token,) = set(re.findall(r"SUJI-[a-z2-9]{16}", said))
    assert inbox in said
    forward("gmail", f"诉迹测试信 {token}", ("诉迹 Suji", "suji@suji.localhost"), said)
    expect(page.locator("#probe-state")).to_contain_text("通了", timeout=20_000)

    # And a notice forwarded from there opens the first case by itself.
    forward(
        "gmail", "【天猫】您的投诉已受理", ("天猫", "notice@service.mail.tmall.example"),
        "亲爱的会员，您对“青禾家居旗舰店”的投诉已受理，投诉编号：TS20261122009，请等待商家处理。",
    )  # fmt: skip
    page.goto("/cases/")
    for _try in range(50):
        if page.locator("a.cover").count():
            break
        page.wait_for_timeout(300)
        page.reload()
    page.locator("a.cover").first.click()
    expect(page.locator(".track .now")).to_have_text("已受理")
    expect(page.get_by_role("heading", level=1)).to_contain_text("青禾家居旗舰店")
    told = suji.tell("xiaochen@example.com")
    assert [mail["reason"] for mail in told["mails"]] == ["forward_confirmation", "test_mail", "moved"]
