"""The laboratory: what the reader makes of a mail, shown with the words that led it there; nothing is kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from complaints.intake import reader
from complaints.models import IncomingMail, Notice
from complaints.stages import Kind
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Client:
    client = Client()
    client.force_login(make.a_user("host@example.com", role=Role.STAFF))
    return client


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The samples that reached the reader; what it says of each is a ruling with an offer, and a second notice."""
    seen: list[bytes] = []

    def answer(raw: bytes) -> Any:
        seen.append(raw)
        offer = {"amount": "20.00", "form": "coupon", "condition": None, "expires": None}
        told = make.a_reading(Kind.RULING, shop="暖冬<b>旗舰店", offer=offer, evidence_asked=["photo", "chat"])
        told |= {"outcome": "buyer", "because": [{"of": "outcome", "words": "支持您的诉求", "where": "body"}]}
        second = make.a_reading(Kind.MARKETING) | {"trust": "phishing"}
        more = {"sha256": "0", "parser": "1", "notices": [second], "warnings": ["charset_guessed"]}
        return SimpleNamespace(as_contract=lambda name: {"file": name} | told | more)

    monkeypatch.setattr(reader, "read", answer)
    return seen


def test_a_pasted_notice_is_shown_with_the_words_that_led_to_it(host: Client, read: list[bytes]) -> None:
    page = host.post("/laboratory/", {"text": "平台判定：支持您的诉求"}).content.decode()
    assert read == ["平台判定：支持您的诉求".encode()]
    quote = '<q lang="zh-Hans">支持您的诉求</q>'
    for word in ("处理结果", "平台：作出了判决", "支持买家", quote, "20.00 · coupon", "photo · chat"):
        assert word in page
    assert "charset_guessed" in page
    assert "&quot;kind&quot;: &quot;ruling&quot;" in page


def test_further_notices_and_doubts_are_shown_too(host: Client, read: list[bytes]) -> None:
    page = host.post("/laboratory/", {"text": "x"}).content.decode()
    assert "广告" in page
    assert "phishing" in page


def test_what_a_mail_says_is_never_markup(host: Client, read: list[bytes]) -> None:
    page = host.post("/laboratory/", {"text": "x"}).content.decode()
    assert "暖冬<b>" not in page
    assert "暖冬&lt;b&gt;" in page


def test_an_uploaded_mail_reaches_the_reader_byte_by_byte(host: Client, read: list[bytes]) -> None:
    raw = make.raw_mail() + b"\xff\x00\r\n"
    response = host.post("/laboratory/", {"file": SimpleUploadedFile("a.eml", raw, "message/rfc822")})
    assert response.status_code == 200
    assert read == [raw]


def test_nothing_of_it_is_kept(host: Client, read: list[bytes]) -> None:
    host.post("/laboratory/", {"text": "平台判定"})
    assert not IncomingMail.objects.exists()
    assert not Notice.objects.exists()


def test_an_empty_form_asks_for_something(host: Client, read: list[bytes]) -> None:
    response = host.post("/laboratory/", {"text": "  "})
    assert response.status_code == 422
    assert "请选一个文件" in response.content.decode()
    assert read == []


def test_a_file_above_the_limit_is_not_read(host: Client, read: list[bytes], settings: LazySettings) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"size": 10}
    response = host.post("/laboratory/", {"file": SimpleUploadedFile("a.eml", b"x" * 11)})
    assert response.status_code == 422
    assert read == []


@pytest.mark.parametrize("error", [reader.ReaderDied("it took too long"), reader.ReaderNotStarted("no memory")])
def test_a_mail_that_kills_the_reader_is_an_answer_too(
    host: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def read(raw: bytes) -> Any:
        raise error

    monkeypatch.setattr(reader, "read", read)
    response = host.post("/laboratory/", {"text": "x"})
    assert response.status_code == 422
    assert "读这封信时出了问题" in response.content.decode()


def test_only_the_host_may_read_there(client: Client, read: list[bytes]) -> None:
    client.force_login(make.a_volunteer())
    assert client.post("/laboratory/", {"text": "x"}).status_code == 404
    assert read == []


def test_the_real_reader_answers_there(host: Client) -> None:
    raw = make.raw_mail(subject="投诉已受理", body="您的投诉已受理，受理编号 2026110900123。")
    response = host.post("/laboratory/", {"file": SimpleUploadedFile("a.eml", raw, "message/rfc822")})
    reader.end_all()
    assert response.status_code == 200
    assert "&quot;file&quot;: &quot;a.eml&quot;" in response.content.decode()
