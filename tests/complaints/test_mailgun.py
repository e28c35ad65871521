"""Mail that a provider posts: real signed requests, in both forms, to the page process's own code and to a server."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from anymail.inbound import AnymailInboundMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import InboxAddress
from complaints import mailgun
from complaints.models import HookToken, IncomingMail
from tests import make

pytestmark = pytest.mark.django_db

KEY = "key-8d1f0f3f2c0b4f1e"
BOUNDARY = "xYzZY-3.7"
# As the platform's mails are: 8-bit, in GB18030; with bytes that no UTF-8 has, bare line ends, a line like a boundary.
ODD = (
    b"From: notice@taobao.com\r\nTo: x@in.suji.localhost\r\nSubject: =?gb18030?B?zba439LRytzA7Q==?=\r\n"
    b"Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    + "您的投诉已受理，受理编号 2026110900123。\r\n".encode("gb18030")
    + b"--xYzZY-3.\nbare\rends \x80\xff\x00 100% a+b=c&d\r\n\r\n"
)  # fmt: skip


@pytest.fixture(autouse=True)
def _configured(settings: Any) -> None:
    settings.MAILGUN_SIGNING_KEY = KEY


def signed(at: float | None = None, token: str = "t" * 50, key: str = KEY) -> dict[str, bytes]:
    timestamp = str(int(time.time() if at is None else at))
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": timestamp.encode(), "token": token.encode(), "signature": signature.encode()}


def a_form(raw: bytes = ODD, to: str = "", **other: Any) -> dict[str, bytes]:
    to = to or make.an_inbox().address
    return {"recipient": to.encode(), "sender": b"mei@example.com", "body-mime": raw, **signed(**other)}


def multipart(said: dict[str, bytes]) -> tuple[str, bytes]:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in said.items()
    ]
    return f"multipart/form-data; boundary={BOUNDARY}", b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def urlencoded(said: dict[str, bytes]) -> tuple[str, bytes]:
    pairs = (f"{name}={quote_from_bytes(value, safe='').replace('%20', '+')}" for name, value in said.items())
    return "application/x-www-form-urlencoded", "&".join(pairs).encode()


def post(said: dict[str, bytes], form: Any = multipart, **more: Any) -> Any:
    content_type, body = form(said)
    client = Client(enforce_csrf_checks=True)
    return client.post(reverse("complaints:mailgun_mime"), body, content_type=content_type, **more)


def kept() -> list[bytes]:
    return [bytes(mail.raw.data) for mail in IncomingMail.objects.order_by("pk")]


@pytest.mark.parametrize("form", [multipart, urlencoded])
def test_a_signed_mail_is_kept_byte_for_byte_with_its_envelope(form: Any) -> None:
    assert post(a_form(), form).status_code == 200
    mail = IncomingMail.objects.get()
    assert kept() == [ODD]
    assert (mail.door, mail.mail_from, mail.peer) == ("webhook", "mei@example.com", "")


def test_what_the_library_makes_of_the_field_is_not_what_came() -> None:
    """The reason for taking the form apart ourselves; should it ever fail, that work may go."""
    assert AnymailInboundMessage.parse_raw_mime(ODD.decode("utf-8", "replace")).as_bytes() != ODD


def test_several_recipients_have_it_each_and_those_that_are_not_here_do_not_matter() -> None:
    first, second = make.an_inbox(), make.an_inbox(make.a_user("lan@example.com"))
    to = f"{first.address}, {second.address},nobody@in.suji.localhost"
    assert post(a_form(to=to)).status_code == 200
    assert {mail.inbox for mail in IncomingMail.objects.all()} == {first, second}


def test_the_same_again_is_a_repeat_and_the_same_token_with_another_mail_is_refused() -> None:
    said = a_form()
    assert [post(said).status_code for _again in range(2)] == [200, 200]
    assert IncomingMail.objects.get().repeats == 1
    assert post(said | {"body-mime": make.raw_mail("forged")}).status_code == 403
    assert kept() == [ODD]


def test_tokens_are_forgotten_once_they_are_too_old_to_be_used() -> None:
    post(a_form())
    HookToken.objects.update(seen_at=timezone.now() - 2 * mailgun.OLDEST)
    post(a_form(token="u" * 50))
    assert HookToken.objects.count() == 1


NOW = time.time()


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": b"0" * 64},
        {"signature": "签".encode()},
        {"token": b"u" * 50},
        {"token": "令牌".encode() * 20},
        {"timestamp": str(int(NOW) + 1).encode()},
        {"timestamp": b""},
        {"timestamp": "１７".encode()},
        signed(key="another"),
        signed(at=NOW - 10 * 3600),
        signed(at=NOW + 3600),
    ],
)
def test_what_the_provider_did_not_sign_lately_is_not_even_looked_at(wrong: dict[str, bytes]) -> None:
    assert post(a_form() | wrong).status_code == 403
    said = a_form()
    del said[next(iter(wrong))]
    assert post(said).status_code == 403
    assert not IncomingMail.objects.exists()
    assert not HookToken.objects.exists()


def test_a_mail_that_comes_hours_late_is_taken() -> None:
    assert post(a_form(at=time.time() - 8 * 3600)).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"x"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nx"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n--b--'),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nx" * 300 + b"\r\n--b--"),
        ("multipart/form-data; boundary=b", b"\r\n--b" * 300 + b"--"),
        ("application/x-www-form-urlencoded", b"a=b&" * 300),
    ],
)
def test_what_is_no_form_is_refused(content_type: str, body: bytes) -> None:
    answer = Client().post(reverse("complaints:mailgun_mime"), body, content_type=content_type)
    assert answer.status_code == 400


def test_a_route_that_posts_no_bytes_is_told_to_the_host_and_tried_again(caplog: Any) -> None:
    said = a_form()
    del said["body-mime"]
    with caplog.at_level(logging.ERROR):
        assert post(said).status_code == 422
    assert "must forward to a URL that ends in /mime" in caplog.text


@pytest.mark.parametrize(
    ("limits", "status"), [({"size": 10}, 406), ({"per_inbox_hour": 0}, 429), ({"free_bytes": 1 << 60}, 503)]
)
def test_the_provider_hears_whether_to_try_again(settings: Any, limits: dict[str, int], status: int) -> None:
    said = a_form()
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | limits
    assert post(said).status_code == status
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("state", [None, InboxAddress.State.PAUSED])
def test_an_address_that_takes_no_mail_is_final_and_its_owner_can_see_it(state: Any) -> None:
    inbox = make.an_inbox(state=state or InboxAddress.State.ACTIVE)
    to = inbox.address if state else "nobody@in.suji.localhost"
    assert post(a_form(to=to)).status_code == 406
    inbox.refresh_from_db()
    assert inbox.refused_why == (InboxAddress.Refused.PAUSED if state else "")


def test_a_body_larger_than_any_mail_is_not_read(settings: Any) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"size": 0}
    assert post(a_form(b"x" * mailgun.OTHER_FIELDS)).status_code == 406


def test_without_a_key_there_is_nothing_here(settings: Any) -> None:
    settings.MAILGUN_SIGNING_KEY = ""
    assert post(a_form()).status_code == 404


def test_in_production_it_speaks_tls_alone(settings: Any) -> None:
    settings.PRODUCTION, settings.SECURE_SSL_REDIRECT = True, False
    assert post(a_form()).status_code == 403
    assert post(a_form(), secure=True).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_over_http_a_mail_of_some_megabytes_comes_through_whole(live_server: Any) -> None:
    raw = ODD + bytes(range(256)) * 20_000
    content_type, body = multipart(a_form(raw))
    request = urllib.request.Request(
        live_server.url + reverse("complaints:mailgun_mime"), body, {"Content-Type": content_type}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200
    assert kept() == [raw]
    request.data = body.replace(b"signature", b"signaturx")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=30)
