"""The search page: marks, groups, filters in the address, pages, and what it says when there is nothing."""

from __future__ import annotations

import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import indexing
from complaints.models.mail import Outcome
from complaints.stages import Act
from tests import make

pytestmark = pytest.mark.django_db
PAGE = reverse("complaints:search")


def signed_in(user=None) -> Client:
    client = Client()
    client.force_login(user or make.a_user())
    return client


def page(client: Client, asked: str = "", **headers: str) -> str:
    while indexing.fill():
        pass
    answer = client.get(f"{PAGE}{asked}", headers=headers)
    assert answer.status_code == 200
    return answer.text


def mail_of(case, body: str, raw: bytes = b"1"):
    return make.a_notice(mail=make.a_mail(case.owner, outcome=Outcome.FILED, raw=raw), case=case, body=body)


def test_hits_are_marked_and_stand_under_their_case():
    case = make.a_case(shop="暖冬旗舰店")
    notice = mail_of(case, "经核实，支持买家<b>退款</b>459元。")
    text = page(signed_in(case.owner), "?q=退款")
    assert "支持买家&lt;b&gt;<mark>退款</mark>&lt;/b&gt;459元" in text
    assert notice.mail.get_absolute_url() in text
    assert text.index(case.get_absolute_url()) < text.index(notice.mail.get_absolute_url())


def test_what_belongs_to_no_case_stands_under_a_heading_of_its_own():
    notice = make.a_notice(body="退款")
    text = page(signed_in(notice.owner), "?q=退款")
    assert "还没有归入案件" in text
    assert notice.mail.get_absolute_url() in text


def test_nothing_asked_and_nothing_found_are_said_in_sentences():
    case = make.a_case()
    client = signed_in(case.owner)
    assert "只有你看得到结果" in page(client)
    assert "没有找到" in page(client, "?q=火星")
    text = page(client, "?q=火星&stage=closed")
    assert "在这个范围里没有" in text
    assert f'href="{PAGE}?q=%E7%81%AB%E6%98%9F"' in text


def test_filters_stand_in_the_address_and_odd_ones_are_left_aside():
    case = make.a_case(act=Act.REFUSES)
    mail_of(case, "退款")
    client = signed_in(case.owner)
    assert "<mark>退款</mark>" in page(client, "?q=退款&stage=merchant_replied&move=mine&since=2026-01-01")
    assert "<mark>退款</mark>" not in page(client, "?q=退款&stage=closed")
    assert "<mark>退款</mark>" in page(client, "?q=退款&stage=odd&move=x&kind=y&since=never&until=2026-13-40&what=z")
    assert page(client, f"?q={'款' * 5000}&shop={'x' * 500}")


def test_the_address_in_the_bar_holds_what_was_asked_and_nothing_empty():
    answer = signed_in().get(f"{PAGE}?q=退款&stage=&move=mine&since=", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == f"{PAGE}?q=%E9%80%80%E6%AC%BE&move=mine"
    assert answer.text.lstrip().startswith('<div id="search-hits"')


def test_pages_show_every_hit_once():
    owner = make.a_user()
    notices = {
        make.a_notice(mail=make.a_mail(owner, outcome=Outcome.FILED, raw=b"%d" % number), body="退款")
        for number in range(45)
    }
    client, address, seen = signed_in(owner), "?q=退款", []
    while address:
        text = page(client, address)
        seen += re.findall(r'class="cover" href="/mails/(\w+)/"', text)
        older = re.search(r'rel="next" href="[^"?]*([^"]+)"', text)
        address = older[1].replace("&amp;", "&") if older else ""
    assert sorted(seen) == sorted(notice.mail.public_id for notice in notices)


def test_nobody_finds_what_is_anothers():
    case = make.a_case(make.a_user("other@example.com"), shop="别人的店", order_no="12345678")
    mail_of(case, "别人的退款")
    for asked in ("别人", "345678", "人"):
        text = page(signed_in(), f"?q={asked}")
        assert "没有找到" in text
        assert case.public_id not in text


def test_the_page_asks_the_database_as_often_for_many_hits_as_for_one():
    owner = make.a_user()
    client, counts = signed_in(owner), []
    for more in (1, 60):
        for number in range(more):
            case = make.a_case(owner, shop=f"退款店{more} {number}", order_no=f"{more:03}{number:05}")
            mail_of(case, "退款", b"%d %d" % (more, number))
        page(client, "?q=退款")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client, "?q=退款")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_what_was_looked_for_is_in_no_log(caplog):
    caplog.set_level(logging.DEBUG)
    page(signed_in(), "?q=羽绒机密")
    assert "羽绒机密" not in caplog.text


def test_the_list_of_cases_leads_to_the_search():
    make.a_case()
    text = signed_in().get(reverse("complaints:case_list")).text
    assert f'action="{PAGE}"' in text
