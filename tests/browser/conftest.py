"""A whole Suji and a headless Chromium, once per worker; phones that watch what a page does."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, Response, expect, sync_playwright

from complaints.demo import wraps
from tests.services import chromium
from tools.screens import ARGUMENTS
from tools.stack import Stack, running

PHONE = {"width": 360, "height": 640}
EXPECTED = ("status of 404", "status of 422")  # Chromium logs these as errors; they are answers of ours
PLATFORM = ("天猫", "notice@service.mail.tmall.example")

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def suji() -> Iterator[Stack]:
    with running() as stack:
        yield stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Person:
    """Somebody who has an inbox address, and the cookies of a browser in which they are signed in."""

    email: str
    inbox: str
    cookies: Any


@pytest.fixture(scope="session")
def person(suji: Stack, browser: Browser) -> Callable[..., Person]:
    """`person(email, role="shopper")`: that person, made and signed in once per worker."""
    known: dict[str, Person] = {}

    def made(email: str, role: str = "shopper") -> Person:
        if email not in known:
            link, inbox = suji.add_user(email, role)
            context = browser.new_context()
            context.new_page().goto(link)
            known[email] = Person(email, inbox, context.storage_state())
            context.close()
        return known[email]

    return made


@pytest.fixture
def phone(browser: Browser, suji: Stack) -> Iterator[Callable[..., Page]]:
    """`phone(who=None, script=True)`: a page 360 px wide, signed in as `who`.

    The test fails when a page logs an error, asks another host, opens a dialog by itself, or when a part
    of it (style, script, picture) is not there.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(who: Person | None = None, script: bool = True) -> Page:
        context = browser.new_context(
            viewport=PHONE,
            base_url=suji.url,
            java_script_enabled=script,
            has_touch=True,
            is_mobile=True,
            storage_state=who.cookies if who else None,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        watch(context, urlsplit(suji.url).netloc, faults)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def watch(context: BrowserContext, host: str, faults: list[str]) -> None:
    """Write into `faults` whatever a page of `context` does that none of ours may."""

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc not in ("", host):  # data: and blob: have none
            faults.append(f"asks {request.url[:100]}")

    def answered(response: Response) -> None:
        is_part = response.request.resource_type in ("stylesheet", "script", "image", "font", "media", "manifest")
        if response.status >= 500 or (is_part and response.status >= 400):
            faults.append(f"{response.status} for {response.url[:100]}")

    def opened(dialog: Dialog) -> None:
        faults.append(f"opens a dialog: {dialog.message[:100]}")
        dialog.dismiss()

    def said(message: Any) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            faults.append(f"console: {message.text}")

    context.on("request", asked)
    context.on("response", answered)
    context.on("dialog", opened)
    context.on("console", said)
    context.on("weberror", lambda error: faults.append(f"script: {error.error.message}"))


@pytest.fixture
def forward(suji: Stack) -> Callable[..., None]:
    """`forward(to, subject, body, by="")`: a notice of the platform, forwarded as QQ does to the inbox of `to`.

    It comes over SMTP from their own mailbox, or from the mailbox `by`.
    """

    def sent(to: Person, subject: str, body: str, by: str = "") -> None:
        mailbox = by or to.email
        name, address = PLATFORM
        raw = wraps.wrap(
            "qq", subject=subject, from_name=name, from_address=address, to=to.email, body=body,
            date=timezone.localtime() - timedelta(hours=1), outer_from=mailbox, outer_to=to.inbox,
        )  # fmt: skip
        deliver(suji, to, raw, mailbox)

    return sent


def deliver(suji: Stack, to: Person, raw: bytes, mailbox: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", suji.smtp_port, local_hostname="client.localhost") as door:
        door.sendmail(mailbox or to.email, [to.inbox], raw)


def open_when(page: Page, path: str, text: str, within: float = 15) -> None:
    """Open `path` again and again until its main part says `text`: the line works beside us."""
    for _try in range(int(within / 0.3)):
        page.goto(path)
        if text in page.locator("main").inner_text():
            return
        page.wait_for_timeout(300)
    raise AssertionError(f"{path} never said {text!r}: {page.locator('main').inner_text()[:500]}")


def new_case(page: Page, shop: str) -> str:
    """A case made by hand, freshly filed; returns its path. The page stands on it."""
    page.goto("/cases/new/")
    page.get_by_label("哪家店").first.fill(shop)
    page.locator("label", has_text="刚提交").first.click()
    page.get_by_role("button", name="建好案件").click()
    expect(page.locator(".track .now")).to_have_text("已提交")
    return urlsplit(page.url).path
