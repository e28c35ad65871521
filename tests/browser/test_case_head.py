"""What a case page says without scrolling on the smallest phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Person
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

SHOPPER = "lin@example.com"


def test_whose_move_until_when_why_and_what_next_stand_on_the_first_screen(
    suji: Stack, phone: Callable[..., Page], person: Callable[..., Person]
) -> None:
    page = phone(person(SHOPPER))
    cases = [case for case in suji.tell(SHOPPER)["cases"] if case["stage"] and case["deadlines"]]
    dated = [case for case in cases if case["deadlines"][0]["from"] == "stated"]
    assert {case["waiting_on"] for case in dated} >= {"buyer", "merchant"}
    for language in ("zh-hans", "en"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": suji.url}])
        for case in dated:
            page.goto(f"/cases/{case['id']}/")
            for part in (".move-who", "#move-title", ".move-when time", ".move-why q", ".move .actions .button"):
                box = page.locator(part).first.bounding_box()
                assert box is not None, (case["stage"], part)
                assert box["y"] + box["height"] <= PHONE["height"], (language, case["stage"], part, box)
                assert box["x"] + box["width"] <= PHONE["width"], (language, case["stage"], part, box)


def test_the_date_leads_to_its_explanation_and_into_a_calendar(
    suji: Stack, phone: Callable[..., Page], person: Callable[..., Person]
) -> None:
    page = phone(person(SHOPPER), script=False)
    mine = next(case for case in suji.tell(SHOPPER)["cases"] if any(d["for"] == "buyer" for d in case["deadlines"]))
    due = next(datetime.fromisoformat(d["at"]) for d in mine["deadlines"] if d["for"] == "buyer")
    page.goto(f"/cases/{mine['id']}/")
    page.get_by_role("link", name="这个日期怎么来的").click()
    expect(page.locator("main")).to_contain_text(f"{due:%Y-%m-%d %H:%M}")
    expect(page.locator("main")).to_contain_text("提醒我")
    with page.expect_download() as saved:
        page.get_by_role("link", name="加入日历").click()
    text = saved.value.path().read_text("utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert "TRIGGER;RELATED=END:-P1D" in text
