"""Every page of allauth that can be reached is ours: our frame, one language, nothing inline, nothing foreign."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import time_machine
from allauth.account import urls as allauth_urls
from django.conf import LazySettings, settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.adapter import SujiAdapter
from accounts.models import OutgoingMail
from tests import make
from tests.accounts.test_sign_up import newest_code, text

pytestmark = pytest.mark.django_db
EMAIL = "mei@example.com"


@pytest.fixture(autouse=True)
def _kept_mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"


def nothing(client: Client) -> None:
    """A stranger opens the page."""


def signed_in(client: Client) -> None:
    client.force_login(make.a_user(EMAIL, password=make.PASSWORD))


def without_password(client: Client) -> None:
    client.force_login(make.a_user(EMAIL))


def after_sign_up(client: Client) -> None:
    client.post("/accounts/signup/", {"email": EMAIL, "consent": "on"})


def after_asking_for_a_code(client: Client) -> None:
    make.a_user(EMAIL)
    client.post("/accounts/login/code/", {"email": EMAIL})


def after_asking_for_a_reset(client: Client) -> None:
    make.a_user(EMAIL)
    client.post("/accounts/password/reset/", {"email": EMAIL})


def after_the_code_of_a_reset(client: Client) -> None:
    after_asking_for_a_reset(client)
    client.post("/accounts/password/reset/confirm/", {"code": newest_code(EMAIL)})


PAGES: dict[str, Callable[[Client], None]] = {
    "account_login": nothing,
    "account_signup": nothing,
    "account_inactive": nothing,
    "account_request_login_code": nothing,
    "account_reset_password": nothing,
    "account_password_reset_completed": nothing,
    "account_logout": signed_in,
    "account_email": signed_in,
    "account_reauthenticate": signed_in,
    "account_change_password": signed_in,
    "account_set_password": without_password,
    "account_email_verification_sent": after_sign_up,
    "account_confirm_login_code": after_asking_for_a_code,
    "account_confirm_password_reset_code": after_asking_for_a_reset,
    "account_complete_password_reset": after_the_code_of_a_reset,
}


def page(client: Client, name: str) -> HttpResponse:
    PAGES[name](client)
    return client.get(reverse(name))


def test_every_url_of_allauth_is_walked_here() -> None:
    assert {pattern.name for pattern in allauth_urls.urlpatterns} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_ours(client: Client, name: str) -> None:
    response = page(client, name)
    said = text(response)
    assert response.status_code == 200
    assert 'class="wordmark"' in said
    assert '<html lang="zh-hans"' in said
    assert {template.name for template in response.templates if (template.name or "").startswith("allauth/")} == set()
    own = [template.origin.name for template in response.templates if (template.name or "").startswith("account/")]
    assert own
    assert all(Path(path).is_relative_to(settings.BASE_DIR / "templates") for path in own)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_lets_the_policy_be(client: Client, name: str) -> None:
    said = text(page(client, name))
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", said)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', said)


@pytest.mark.parametrize("name", PAGES)
def test_no_words_of_allauth_are_left_on_a_page(client: Client, name: str) -> None:
    main = re.search(r"<main.*</main>", text(page(client, name)), re.S).group()
    said = re.sub(r"<[^>]+>", " ", main)
    for known in (EMAIL, "example.com", "Suji", ".eml"):
        said = said.replace(known, "")
    assert re.findall(r"[A-Za-z]{4,}", said) == []


@pytest.mark.parametrize(
    ("name", "field", "wanted"),
    [
        ("account_login", "login", ["username", "email"]),
        ("account_login", "password", ["current-password"]),
        ("account_signup", "email", ["username", "email"]),
        ("account_signup", "password1", ["new-password"]),
        ("account_reset_password", "email", ["username"]),
        ("account_request_login_code", "email", ["username"]),
        ("account_reauthenticate", "password", ["current-password"]),
        ("account_change_password", "oldpassword", ["current-password"]),
        ("account_change_password", "password2", ["new-password"]),
        ("account_set_password", "password1", ["new-password"]),
        ("account_complete_password_reset", "password1", ["new-password"]),
        ("account_email_verification_sent", "code", ["one-time-code", "numeric"]),
        ("account_confirm_login_code", "code", ["one-time-code", "numeric"]),
        ("account_confirm_password_reset_code", "code", ["one-time-code", "numeric"]),
    ],
)
def test_browsers_are_told_what_a_field_is(client: Client, name: str, field: str, wanted: list[str]) -> None:
    tag = re.search(rf'<input[^>]*name="{field}"[^>]*>', text(page(client, name))).group()
    for word in wanted:
        assert f'"{word}"' in tag
    assert "placeholder" not in tag
    assert "onpaste" not in tag


@pytest.mark.parametrize("name", ["account_email_verification_sent", "account_confirm_login_code"])
def test_the_page_says_which_mail_is_on_its_way_and_when_again(client: Client, name: str) -> None:
    said = text(page(client, name))
    assert EMAIL in said
    assert re.search(r"\d\d:\d\d:\d\d寄出", said)
    assert "重寄一封" in said


def test_a_code_can_be_sent_again_and_the_new_one_counts(client: Client) -> None:
    after_asking_for_a_code(client)
    client.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert OutgoingMail.objects.count() == 2
    client.post("/accounts/login/code/confirm/", {"code": newest_code(EMAIL)})
    assert client.get("/start/").status_code == 200


def test_a_second_code_right_away_is_refused_and_the_first_still_counts(client: Client) -> None:
    after_sign_up(client)
    response = client.post("/accounts/confirm-email/", {"action": "resend"})
    assert response.status_code == 429
    assert 'href="/accounts/confirm-email/"' in text(response)
    assert OutgoingMail.objects.count() == 1
    client.post("/accounts/confirm-email/", {"code": newest_code(EMAIL)})
    assert client.get("/start/").status_code == 200


def test_half_a_minute_later_it_is_sent_again(client: Client) -> None:
    with time_machine.travel(make.NOW, tick=False) as clock:
        after_sign_up(client)
        clock.shift(31)
        client.post("/accounts/confirm-email/", {"action": "resend"})
        assert OutgoingMail.objects.count() == 2
        client.post("/accounts/confirm-email/", {"code": newest_code(EMAIL)})
        assert client.get("/start/").status_code == 200


def test_a_code_is_of_no_use_after_a_quarter_of_an_hour(client: Client) -> None:
    with time_machine.travel(make.NOW, tick=False) as clock:
        after_sign_up(client)
        clock.shift(15 * 60 + 1)
        client.post("/accounts/confirm-email/", {"code": newest_code(EMAIL)})
        assert client.get("/start/").status_code == 302


def test_closed_doors_have_a_page_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SujiAdapter, "is_open_for_signup", lambda self, request: False)
    said = text(client.get("/accounts/signup/"))
    assert "暂不开放注册" in said
    assert 'class="wordmark"' in said


def test_too_many_requests_are_answered_by_a_page_of_ours(client: Client) -> None:
    for _time in range(31):
        response = client.post("/accounts/login/", {"login": "", "password": ""})
    assert response.status_code == 429
    assert 'class="wordmark"' in text(response)


@pytest.mark.parametrize(
    ("before", "then"), [(after_sign_up, "account_signup"), (after_asking_for_a_code, "account_request_login_code")]
)
def test_a_mistyped_email_can_be_changed(client: Client, before: Callable[[Client], None], then: str) -> None:
    before(client)
    response = client.post("/accounts/logout/", {"next": reverse(then)}, follow=True)
    assert response.request["PATH_INFO"] == reverse(then)
    assert 'name="email"' in text(response)


def test_where_to_go_next_survives_the_door(client: Client) -> None:
    make.a_user(EMAIL, password=make.PASSWORD)
    first = client.get("/mails/")
    assert first["Location"] == "/accounts/login/?next=/mails/"
    assert 'value="/mails/"' in text(client.get(first["Location"]))
    done = client.post("/accounts/login/", {"login": EMAIL, "password": make.PASSWORD, "next": "/mails/"})
    assert done["Location"] == "/mails/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", r"/\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(client: Client, elsewhere: str) -> None:
    make.a_user(EMAIL, password=make.PASSWORD)
    done = client.post("/accounts/login/", {"login": EMAIL, "password": make.PASSWORD, "next": elsewhere})
    assert done["Location"] == "/cases/"


MAILS = Path(settings.BASE_DIR) / "templates/account/email"
PREFIXES = sorted(path.name.removesuffix("_message.txt") for path in MAILS.glob("*_message.txt"))
SAID = {
    "email": EMAIL,
    "site_url": "http://127.0.0.1:8000",
    "code": "123456",
    "from_email": "a@example.com",
    "to_email": "b@example.com",
    "deleted_email": "c@example.com",
    "ip": "::1",
    "timestamp": make.NOW,
}


@pytest.mark.parametrize("prefix", [prefix for prefix in PREFIXES if prefix != "base"])
def test_each_mail_is_plain_polite_and_whole(prefix: str) -> None:
    message = SujiAdapter().render_mail(f"account/email/{prefix}", EMAIL, SAID)
    assert message.body.startswith("您好")
    assert "{" not in message.subject + message.body
    assert "&" not in message.body.replace("&amp;", "&&")
    assert "\n\n\n" not in message.body
    assert "127.0.0.1:8000" in message.body
    if "code" in prefix or "confirmation" in prefix:
        assert "123456" in message.subject
        assert re.search(r"^123456$", message.body, re.M)


def test_a_changed_password_is_told_by_mail(client: Client) -> None:
    signed_in(client)
    new = {"oldpassword": make.PASSWORD, "password1": "new-crane-7482", "password2": "new-crane-7482"}
    client.post("/accounts/password/change/", new)
    assert "密码已修改" in OutgoingMail.objects.get(to=EMAIL).subject


@pytest.mark.parametrize("name", [name for name, before in PAGES.items() if before in (signed_in, without_password)])
def test_pages_of_an_account_ask_strangers_to_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    home = "/" if name == "account_logout" else f"/accounts/login/?next={reverse(name)}"
    assert response["Location"] == home


def test_who_has_no_password_is_not_asked_for_one_again(client: Client) -> None:
    without_password(client)
    assert client.get("/accounts/reauthenticate/").status_code == 403
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"


@pytest.mark.parametrize(("name", "most"), [("account_login", 1), ("account_signup", 1), ("account_email", 8)])
def test_pages_at_the_door_take_few_queries(
    client: Client, name: str, most: int, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    PAGES[name](client)
    with django_assert_max_num_queries(most):
        client.get(reverse(name))


@pytest.mark.parametrize(
    ("language", "email", "said"),
    [
        ("zh-hans", "mei", ["邮箱的写法不对", "密码太短：至少10个字符。", "要勾选同意才能注册。"]),
        ("zh-hans", "", ["请填这一项。"]),
        ("en", "mei", ["not written like an e-mail", "too short: at least 10 characters.", "Please tick the box"]),
        ("en", "", ["Please fill this in."]),
    ],
)
def test_what_is_wrong_with_a_sign_up_is_said_in_the_language_of_the_page(language, email, said):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.post(reverse("account_signup"), {"email": email, "password1": "kzd7w"}).content.decode()
    errors = " ".join(re.findall(r'<[a-z]+ class="errorlist".*?</ul>', page, re.DOTALL))
    assert all(sentence in errors for sentence in said)
    words = re.sub("<[^>]*>", "", errors).replace("name@example.com", "")
    assert not re.search("[a-z]" if language == "zh-hans" else "[\u3400-\u9fff]", words)
