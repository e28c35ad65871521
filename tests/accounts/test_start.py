"""The start page, the kept mails, the demo's log-in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.adapter import KEPT
from accounts.models import InboxAddress, OutgoingMail, Role, User
from complaints.demo.people import PEOPLE
from complaints.models.mail import Outcome
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def a_kept_mail(subject: str = "验证码") -> OutgoingMail:
    return OutgoingMail.objects.create(to="mei@example.com", subject=subject, body="验证码是：\n\n123456")


def test_the_start_page_tells_all_three_ways_and_the_address() -> None:
    user = make.a_user()
    page = said(signed_in(user), "/start/")
    for word in ("手机App", "短信", "邮件", make.an_inbox(user).address, 'data-copy="#inbox-address"', user.email):
        assert word in page
    assert "还没有收到过来信" in page


def test_the_start_page_names_the_last_mail() -> None:
    mail = make.a_mail(outcome=Outcome.REVIEW)
    page = said(signed_in(mail.owner), "/start/")
    assert "2026-11-09 10:00" in page
    assert "等人确认" in page


def test_the_start_page_asks_now_and_then_and_turns_green_by_itself() -> None:
    user = make.a_user()
    client = signed_in(user)
    version = re.search(r'data-version="([^"]+)"', said(client, "/start/")).group(1)
    assert client.get(f"/start/?seen={version}").status_code == 204
    mail = make.a_mail(user)
    part = said(client, f"/start/?seen={version}")
    assert part.startswith('<section class="section" id="start-check"')
    assert 'class="notice done"' in part
    newer = re.search(r'data-version="([^"]+)"', part).group(1)
    assert client.get(f"/start/?seen={newer}").status_code == 204
    mail.outcome, mail.reason, mail.settled_at = Outcome.FILED, "moved", make.NOW
    mail.save(update_fields=["outcome", "reason", "settled_at"])
    assert "已归入案件" in said(client, f"/start/?seen={newer}")


def test_asking_again_takes_three_queries(django_assert_max_num_queries: Any) -> None:
    client = signed_in(make.a_user())
    with django_assert_max_num_queries(3):
        client.get("/start/?seen=none")


def test_the_start_page_of_somebody_whose_inboxes_are_paused_says_so_and_makes_none() -> None:
    user = make.a_user()
    make.an_inbox(user, state=InboxAddress.State.PAUSED)
    assert "都暂停了" in said(signed_in(user), "/start/")
    assert user.inbox_addresses.count() == 1


def test_the_start_page_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    client = signed_in(make.a_mail().owner)
    with django_assert_max_num_queries(5):
        client.get("/start/")


def test_a_kept_mail_is_for_the_session_that_caused_it_and_the_host() -> None:
    mail = a_kept_mail()
    address = f"/outgoing/{mail.public_id}/"
    caused = Client()
    session = caused.session
    session[KEPT] = [mail.public_id]
    session.save()
    assert "123456" in said(caused, address)
    assert "123456" in said(signed_in(make.a_user("host@example.com", role=Role.STAFF)), address)
    for stranger in (Client(), signed_in(make.a_user()), signed_in(make.a_volunteer())):
        assert stranger.get(address).status_code == 404


def test_in_production_no_kept_mail_is_shown(settings: LazySettings) -> None:
    settings.DEMO = False
    host = signed_in(make.a_user("host@example.com", role=Role.STAFF))
    assert host.get(f"/outgoing/{a_kept_mail().public_id}/").status_code == 404
    assert "正式运行时邮件由邮件服务器寄出" in said(host, "/outgoing/")


def test_the_host_pages_through_the_kept_mails() -> None:
    for number in range(60):
        a_kept_mail(f"信 {number:02}")
    host = signed_in(make.a_user("host@example.com", role=Role.STAFF))
    first = said(host, "/outgoing/")
    assert "信 59" in first
    assert "信 10" in first
    assert "信 09" not in first
    oldest = OutgoingMail.objects.get(subject="信 10")
    assert f"?before={oldest.public_id}" in first
    second = said(host, f"/outgoing/?before={oldest.public_id}")
    assert "信 09" in second
    assert "信 10" not in second
    assert 'rel="next"' not in second


def test_kept_mails_take_the_same_few_queries_for_many(django_assert_max_num_queries: Any) -> None:
    host = signed_in(make.a_user("host@example.com", role=Role.STAFF))
    for _number in range(60):
        a_kept_mail()
    with django_assert_max_num_queries(4):
        host.get("/outgoing/")


@pytest.mark.parametrize("address", ["/outgoing/", "/laboratory/"])
def test_what_is_the_hosts_is_not_there_for_others(address: str) -> None:
    assert Client().get(address).status_code == 302
    for other in (make.a_user(), make.a_volunteer()):
        assert signed_in(other).get(address).status_code == 404


@pytest.mark.parametrize("role", PEOPLE)
def test_the_demo_logs_in_its_people_at_the_press_of_a_button(client: Client, role: str) -> None:
    email, kind = PEOPLE[role]
    user = make.a_user(email, role=kind)
    client.post("/demo/login/", {"role": role})
    assert client.get("/start/").context["user"] == user


def test_the_demo_logs_in_nobody_else(client: Client, settings: LazySettings) -> None:
    assert client.post("/demo/login/", {"role": "shopper"}).status_code == 404  # not made yet
    make.a_user("mei@example.com")
    assert client.post("/demo/login/", {"role": "mei@example.com"}).status_code == 404
    assert client.post("/demo/login/").status_code == 404
    make.a_user(PEOPLE["shopper"][0])
    assert client.get("/demo/login/").status_code == 405
    settings.DEMO = False
    assert client.post("/demo/login/", {"role": "shopper"}).status_code == 404


def test_somebody_who_took_a_demo_email_in_another_role_is_not_logged_in(client: Client) -> None:
    make.a_user(PEOPLE["staff"][0])
    assert client.post("/demo/login/", {"role": "staff"}).status_code == 404
