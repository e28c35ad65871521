"""The pages of forwarding: whose eyes see a confirmation, and what is said to whoever waits for a mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ConfirmedMailbox, InboxAddress, OutgoingMail, User
from complaints.intake import line, reader, reading
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import IncomingMail, Probe, SetUp
from complaints.models.mail import Outcome
from complaints.providers import PROVIDERS
from tests import make

pytestmark = pytest.mark.django_db

MAILBOX, CODE = "mei.lin@gmail.com", "493028571"
LINK = "https://mail-settings.google.com/mail/vf-abc"
GMAIL = "/forwarding/gmail/"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr(reader, "read", reading.read)
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def by_smtp(raw: bytes, owner: User, mail_from: str = "") -> IncomingMail:
    receipt = receive(raw, Envelope(mail_from, (make.an_inbox(owner).address,), "127.0.0.1"), Door.SMTP)
    line.run(receipt.mail_pks[0])
    return IncomingMail.objects.get(pk=receipt.mail_pks[0])


def a_confirmation(owner: User, mailbox: str = MAILBOX) -> IncomingMail:
    body = f"{mailbox} has requested to automatically forward mail.\nConfirmation code: {CODE}\n{LINK}"
    subject = f"(#{CODE}) Gmail Forwarding Confirmation - Receive Mail from {mailbox}"
    return by_smtp(make.raw_mail(subject, body, "forwarding-noreply@google.com"), owner)


def open_window(client: Client, owner: User, mailbox: str = MAILBOX, page: str = GMAIL) -> Any:
    return client.post(f"{page}open/", {"mailbox": mailbox, "inbox": make.an_inbox(owner).local})


def shows_nothing(client: Client) -> bool:
    pages = [client.get(address).content.decode() for address in (GMAIL, f"{GMAIL}part/", "/mails/", "/forwarding/")]
    mail = IncomingMail.objects.filter(reason="forward_confirmation").first()
    if mail:
        pages.append(client.get(mail.get_absolute_url()).content.decode())
        assert client.get(reverse("complaints:mail_raw", args=[mail.public_id])).status_code == 404
    return not any(CODE in page or LINK in page for page in pages)


# -- who sees a confirmation -------------------------------------------------------------------------------


def test_the_code_and_the_link_come_up_by_themselves_in_the_window_that_waits_for_them() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    assert open_window(client, owner)["Location"] == f"{GMAIL}#set-up"
    page = said(client, GMAIL)
    assert "还没有来" in page
    version = re.search(r'id="set-up"[^>]*data-version="([^"]+)"', page).group(1)
    assert client.get(f"{GMAIL}part/?seen={version}").status_code == 204
    a_confirmation(owner)
    part = said(client, f"{GMAIL}part/?seen={version}")
    assert part.startswith('<section class="section stack" id="set-up"')
    assert f'id="confirmation-code">{CODE}<' in part
    assert f'href="{LINK}"' in part
    assert SetUp.objects.get().shown_at is not None
    assert CODE in said(client, GMAIL)  # coming back from the mailbox's page, it is still there
    assert MAILBOX in said(client, "/forwarding/")


def test_a_caught_confirmation_is_shown_nowhere_without_a_window() -> None:
    owner = make.a_user()
    a_confirmation(owner)
    assert shows_nothing(signed_in(owner))


def test_another_session_of_the_owner_does_not_see_it() -> None:
    owner = make.a_user()
    here, elsewhere = signed_in(owner), signed_in(owner)
    open_window(here, owner)
    a_confirmation(owner)
    assert shows_nothing(elsewhere)
    assert not shows_nothing(here)


@pytest.mark.parametrize("who", ["other", "volunteer", "staff"])
def test_nobody_else_sees_it(who: str) -> None:
    owner = make.a_user()
    open_window(signed_in(owner), owner)
    a_confirmation(owner)
    client = signed_in(make.a_user("other@example.com", role="shopper" if who == "other" else who))
    session = client.session
    session["set_up"] = SetUp.objects.get().public_id
    session.save()
    assert CODE not in said(client, GMAIL)


def test_that_of_another_mailbox_is_named_as_such_and_not_shown() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    open_window(client, owner)
    a_confirmation(owner, "victim@gmail.com")
    page = said(client, GMAIL)
    assert "另一个邮箱发起的" in page
    assert "victim" not in page
    assert shows_nothing(client)


def test_after_a_quarter_of_an_hour_it_is_gone_and_a_second_window_does_not_show_it_again() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    open_window(client, owner)
    a_confirmation(owner)
    assert CODE in said(client, GMAIL)
    SetUp.objects.update(until=timezone.now())
    assert shows_nothing(client)
    assert "窗口已经关了" in said(client, GMAIL)
    open_window(client, owner)
    assert shows_nothing(client)
    assert "已经显示过一次" in said(client, GMAIL)


def test_closing_the_window_hides_it() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    open_window(client, owner)
    a_confirmation(owner)
    client.post(f"{GMAIL}close/")
    assert shows_nothing(client)


def test_looking_by_head_shows_nothing_and_keeps_nothing() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    open_window(client, owner)
    a_confirmation(owner)
    client.head(GMAIL)
    assert SetUp.objects.get().shown_at is None


def test_what_a_wrong_form_brings_up_beside_itself_counts_as_shown() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    open_window(client, owner)
    a_confirmation(owner)
    answer = client.post(f"{GMAIL}test/", {"mailbox": "nonsense"})
    assert answer.status_code == 422
    assert CODE in answer.content.decode()
    assert SetUp.objects.get().shown_at is not None
    open_window(client, owner)
    assert shows_nothing(client)


def test_the_window_of_one_guide_is_not_open_in_another() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    open_window(client, owner)
    a_confirmation(owner)
    assert CODE not in said(client, "/forwarding/qq/")


@pytest.mark.parametrize("mailbox", ["", "no address", "x@in.suji.localhost"])
def test_a_window_wants_to_know_whose_mailbox(mailbox: str) -> None:
    owner = make.a_user()
    answer = open_window(signed_in(owner), owner, mailbox)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.content.decode()
    assert not SetUp.objects.exists()


def test_a_window_forwards_to_no_address_of_others() -> None:
    owner, other = make.a_user(), make.a_user("other@example.com")
    answer = signed_in(owner).post(f"{GMAIL}open/", {"mailbox": MAILBOX, "inbox": make.an_inbox(other).local})
    assert answer.status_code == 422


# -- the guides --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_guide_has_steps_with_drawings_for_everybody_and_the_address_for_its_owner(key: str) -> None:
    owner = make.a_user()
    stranger, mine = said(Client(), f"/forwarding/{key}/"), said(signed_in(owner), f"/forwarding/{key}/")
    provider = PROVIDERS[key]
    assert stranger.count('<svg class="draw') == 3 + len(provider.rule) + len(provider.attach)
    assert stranger.count('role="img" aria-label="示意图：') == stranger.count('<svg class="draw')
    address = make.an_inbox(owner).address
    assert (address in stranger, address in mine) == (False, True)
    assert "set-up" not in stranger
    assert ("菜单的叫法" in mine) is not provider.is_checked


def test_a_guide_that_is_not_there_is_not_there() -> None:
    assert Client().get("/forwarding/yahoo/").status_code == 404


def test_the_list_marks_the_mailboxes_one_has() -> None:
    page = said(signed_in(make.a_user("mei@qq.com")), "/forwarding/")
    assert page.count("你的</span>") == 1
    assert re.search(r"QQ邮箱</a></h2>\s*<span class=\"tag info\">", page)


def test_the_guide_offers_the_mailbox_it_is_for() -> None:
    page = said(signed_in(make.a_user("mei@qq.com")), "/forwarding/qq/")
    assert page.count('value="mei@qq.com"') == 2


def test_the_guide_takes_the_same_few_queries_however_much_came(django_assert_max_num_queries: Any) -> None:
    owner = make.a_user()
    client = signed_in(owner)
    open_window(client, owner)
    for number in range(5):
        a_confirmation(owner, f"x{number}@gmail.com")
    with django_assert_max_num_queries(14):
        client.get(GMAIL)


# -- the test mail -----------------------------------------------------------------------------------------


def a_probe(client: Client, owner: User, mailbox: str = "mei@qq.com") -> OutgoingMail:
    answer = client.post("/forwarding/qq/test/", {"mailbox": mailbox, "inbox": make.an_inbox(owner).local})
    assert answer["Location"] == "/forwarding/qq/#set-up"
    return OutgoingMail.objects.filter(to=mailbox).first()


def test_a_test_mail_is_sent_and_the_page_turns_green_when_it_is_back() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    kept = a_probe(client, owner)
    page = said(client, "/forwarding/qq/")
    assert "还没转回来" in page
    assert f"/outgoing/{kept.public_id}/" in page
    by_smtp(make.raw_mail(f"转发：{kept.subject}", kept.body, "mei@qq.com"), owner, "mei@qq.com")
    page = said(client, "/forwarding/qq/part/")
    assert "通了" in page
    assert owner.confirmed_mailboxes.filter(email="mei@qq.com").exists()
    assert IncomingMail.objects.get().reason == "test_mail"
    assert "这条路是通的" in said(client, "/mails/")
    assert "只用来转发的邮箱" in said(client, "/accounts/email/")


def test_too_many_test_mails_are_refused_in_words() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    for _mail in range(4):
        a_probe(client, owner)
    assert "寄得太勤" in said(client, "/forwarding/qq/")
    assert Probe.objects.count() == 3


def test_a_mailbox_that_a_test_mail_confirmed_can_be_removed_and_cannot_log_in() -> None:
    owner = make.a_user()
    ConfirmedMailbox.objects.create(owner=owner, email="mei@qq.com", how=ConfirmedMailbox.How.TEST_MAIL)
    client = signed_in(owner)
    assert client.post("/mailboxes/remove/", {"email": owner.email}).status_code == 404  # it logs in
    assert signed_in(make.a_user("other@example.com")).post(
        "/mailboxes/remove/", {"email": "mei@qq.com"}
    ).status_code == 404  # fmt: skip
    client.post("/mailboxes/remove/", {"email": "mei@qq.com"})
    assert [mailbox.email for mailbox in owner.confirmed_mailboxes.all()] == [owner.email]
    Client().post("/accounts/login/code/", {"email": "mei@qq.com"})
    assert not OutgoingMail.objects.filter(to="mei@qq.com", subject__contains="验证码").exists()


# -- this is you? ------------------------------------------------------------------------------------------


def a_doubted_mail(owner: User, mailbox: str = "mei@work.example") -> IncomingMail:
    body = (
        "------------------ 原始邮件 ------------------\n发件人: \"天猫\" <n@tmall.example>;\n"
        f"发送时间: 2026年11月9日(星期一) 上午10:00\n收件人: \"x\" <{mailbox}>;\n主题: 您的投诉已受理\n\n"
        "您好，您的投诉已受理，投诉编号：TS202611080031，请等待商家处理。"
    )  # fmt: skip
    return by_smtp(make.raw_mail("转发：您的投诉已受理", body, mailbox), owner, mailbox)


def test_a_mail_from_an_unknown_mailbox_asks_on_its_page_and_on_the_list() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    mail = a_doubted_mail(owner)
    assert mail.reason == "unverified_route"
    for page in (said(client, mail.get_absolute_url()), said(client, "/mails/")):
        assert "mei@work.example" in page
        assert "是你吗？" in page


def test_yes_sends_a_code_to_that_mailbox_and_only_the_code_confirms() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    mail = a_doubted_mail(owner)
    address = reverse("complaints:mail_mailbox", args=[mail.public_id])
    assert client.get(address).status_code == 405
    answer = client.post(address, follow=True)
    assert not owner.confirmed_mailboxes.filter(email="mei@work.example").exists()
    code = re.search(r"^\d{6}$", OutgoingMail.objects.get(to="mei@work.example").body, re.M).group()
    answer = client.post(answer.redirect_chain[-1][0], {"code": code, "next": mail.get_absolute_url()})
    assert answer["Location"] == mail.get_absolute_url()
    assert owner.confirmed_mailboxes.get(email="mei@work.example").how == ConfirmedMailbox.How.CODE
    assert "这是你吗" not in said(client, mail.get_absolute_url())


def test_the_page_of_the_code_leads_back_to_the_mail() -> None:
    owner = make.a_user()
    mail = a_doubted_mail(owner)
    page = signed_in(owner).post(reverse("complaints:mail_mailbox", args=[mail.public_id]), follow=True)
    assert f'name="next" value="{mail.get_absolute_url()}"' in page.content.decode()


def test_nobody_has_codes_sent_to_one_mailbox_without_end() -> None:
    mails = [a_doubted_mail(make.a_user(f"{name}@example.com"), "victim@work.example") for name in "abcde"]
    for mail in mails:
        signed_in(mail.owner).post(reverse("complaints:mail_mailbox", args=[mail.public_id]))
    assert OutgoingMail.objects.filter(to="victim@work.example").count() <= 3


def test_a_mail_that_asks_nothing_sends_no_code() -> None:
    owner = make.a_user()
    mail = make.a_mail(owner, outcome=Outcome.FILED, reason="moved")
    signed_in(owner).post(reverse("complaints:mail_mailbox", args=[mail.public_id]))
    assert not OutgoingMail.objects.exists()


# -- no mail comes -----------------------------------------------------------------------------------------


def test_who_waits_for_a_mail_is_told_what_was_seen() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    page = said(client, "/forwarding/missing/")
    assert "还没有收到过任何信" in page
    assert "没有一封寄给你的信被挡回" in page
    mail = make.a_mail(owner, outcome=Outcome.REVIEW, reason="unsure", at=timezone.now())
    a_confirmation(owner)
    make.a_mail(owner, outcome=Outcome.QUARANTINED, reason="reader_died", at=timezone.now() - timedelta(days=2))
    InboxAddress.objects.update(refused_at=timezone.now(), refused_why=InboxAddress.Refused.TOO_LARGE)
    Probe.objects.create(owner=owner, mailbox="mei@qq.com")
    page = said(client, "/forwarding/missing/")
    assert mail.get_absolute_url() in page or "已扣下" in page
    for words in ("过去一天扣下1封", "有一封没能读完", "信太大", "mei@qq.com", make.an_inbox(owner).address):
        assert words in page
    assert CODE not in page


def test_what_was_refused_long_ago_is_not_told() -> None:
    owner = make.a_user()
    long_ago = timezone.now() - timedelta(days=31)
    InboxAddress.objects.update(refused_at=long_ago, refused_why=InboxAddress.Refused.PAUSED)
    assert "没有一封寄给你的信被挡回" in said(signed_in(owner), "/forwarding/missing/")
