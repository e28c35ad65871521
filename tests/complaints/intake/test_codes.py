"""Codes and log-in links of other services: in no JSON, no row, no page, no log."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from complaints.demo import wraps
from complaints.intake import reader, reading
from complaints.intake.reading import read
from complaints.models import IncomingMail, Notice
from complaints.stages import Kind
from tests import make
from tests.complaints.intake import test_line
from tests.complaints.intake.logins import LOGINS


def direct(sender: str, subject: str, body: str) -> bytes:
    return make.raw_mail(subject, body, sender)


def forwarded(sender: str, subject: str, body: str, client: str) -> bytes:
    return wraps.wrap(
        client,
        subject=subject,
        from_name="service",
        from_address=sender,
        to="mei@example.com",
        date=make.NOW,
        body=body,
        outer_from="mei@example.com",
        outer_to="in@suji.example",
    )


@pytest.mark.parametrize("client", ["", "qq", "gmail", "attached"])
def test_no_code_of_another_service_leaves_the_reader(client: str) -> None:
    for sender, subject, body, secret in LOGINS:
        raw = forwarded(sender, subject, body, client) if client else direct(sender, subject, body)
        said = read(raw)
        assert said.main.classified.kind is Kind.VERIFICATION_CODE, subject
        assert secret not in said.to_json(), subject
        assert secret not in json.dumps(said.as_contract("a.eml"), ensure_ascii=False), subject


@pytest.mark.django_db
def test_nor_does_it_stand_in_a_row_on_a_page_or_in_a_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reader, "read", reading.read)
    caplog.set_level(logging.DEBUG)
    owner = make.a_user()
    client.force_login(owner)
    for sender, subject, body, _secret in LOGINS:
        mail = test_line.run(test_line.by_smtp(direct(sender, subject, body), owner))
        assert (mail.outcome, mail.reason) == ("held", "verification_code"), subject
    said = IncomingMail.objects.values_list("sender", "from_address", "subject", "warnings")
    inside = Notice.objects.values_list("from_name", "subject", "body", "note", "safe_html", "reading")
    rows = f"{list(said)}{list(inside)}"
    pages = "".join(
        client.get(path).content.decode()
        for path in ("/mails/", *(mail.get_absolute_url() for mail in IncomingMail.objects.all()[:5]))
    )
    for _sender, _subject, _body, secret in LOGINS:
        assert secret not in rows
        assert secret not in pages
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "投诉处理结果",
            "您的投诉已处理。请勿向任何人透露验证码。投诉编号：TS202611080031。",
        ),
        (
            "Your refund request was rejected",
            "The seller rejected your request. Complaint code: 20261108. Please confirm.",
        ),
        ("退货提醒", "商家已同意退货，取件码 8-2-1034，请凭此码寄件。退款编号：285611223344556677"),
        ("Return approved", "Return code: 7712034. Log in to your order page to print the label."),
    ],
)
def test_a_number_of_a_case_is_no_code(subject: str, body: str) -> None:
    assert read(direct("service@mail.taobao.com", subject, body)).main.classified.kind is not Kind.VERIFICATION_CODE
