"""The embedded outbox: what is kept, what is printed, what goes after a while, and a mail server that fails."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, User
from accounts.outgoing import KEPT_FOR, KeptBackend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"


def test_a_mail_is_kept_once_for_each_who_would_get_it() -> None:
    message = EmailMessage("提醒", "还剩 24 小时", to=["a@example.com"], cc=["b@example.com"])
    assert message.send() == 1
    assert set(OutgoingMail.objects.values_list("to", "subject", "body")) == {
        ("a@example.com", "提醒", "还剩 24 小时"),
        ("b@example.com", "提醒", "还剩 24 小时"),
    }


def test_a_mail_to_nobody_is_no_mail() -> None:
    assert KeptBackend().send_messages([EmailMessage("x", "y")]) == 0
    assert not OutgoingMail.objects.exists()


def test_a_code_is_printed_in_the_terminal_and_a_mail_without_one_is_not(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    EmailMessage("提醒", "还剩 24 小时", to=["a@example.com"]).send()
    assert capsys.readouterr().err == ""
    client.post("/accounts/signup/", {"email": "mei@example.com", "consent": "on"})
    printed = capsys.readouterr().err
    mail = OutgoingMail.objects.get(to="mei@example.com")
    code = printed.removeprefix("mail to mei@example.com: code ").strip()
    assert code in mail.body.splitlines()


def test_kept_mails_go_after_a_month() -> None:
    old = OutgoingMail.objects.create(to="a@example.com", subject="old", body="")
    OutgoingMail.objects.filter(pk=old.pk).update(written_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    EmailMessage("new", "", to=["a@example.com"]).send()
    assert list(OutgoingMail.objects.values_list("subject", flat=True)) == ["new"]


def test_a_header_cannot_be_smuggled_in() -> None:
    with pytest.raises(ValueError, match="newlines"):
        EmailMessage("x\r\nBcc: c@example.com", "y", to=["a@example.com"]).send()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("error", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected("gone"), TimeoutError()])
def test_a_mail_server_out_of_reach_is_said_on_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)
    page = client.post("/accounts/signup/", {"email": "mei@example.com", "consent": "on"}, follow=True)
    assert page.status_code == 200
    assert "邮件没能寄出" in page.content.decode()
    assert User.objects.filter(email="mei@example.com").exists()


def test_a_mail_with_a_name_of_ours_is_kept_once_however_often_it_is_handed_over() -> None:
    for name in ("<1@suji.test>", "<1@suji.test>", "<2@suji.test>"):
        EmailMessage("提醒", "还剩 24 小时", to=["a@example.com"], headers={"Message-ID": name}).send()
    assert OutgoingMail.objects.count() == 2
