"""Signing up and logging in, as a person does it: by clicking, with the code out of the kept mail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import consent
from accounts.models import ConfirmedMailbox, OutgoingMail, Role, User
from complaints import tombstones
from tests import make

pytestmark = pytest.mark.django_db
SIGN_UP, LOG_IN = "/accounts/signup/", "/accounts/login/"
CODE_BY_MAIL, LOGIN_CODE, VERIFY = "/accounts/login/code/", "/accounts/login/code/confirm/", "/accounts/confirm-email/"


@pytest.fixture(autouse=True)
def _kept_mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"


def text(response: HttpResponse) -> str:
    return response.content.decode()


def newest_code(to: str) -> str:
    """The code in the newest mail kept for `to`."""
    body = OutgoingMail.objects.filter(to=to).first().body
    return re.search(r"^\d{6}$", body, re.M).group()


def sign_up(client: Client, email: str, password: str = "", **more: str) -> HttpResponse:
    return client.post(
        SIGN_UP, {"email": email, "password1": password, "consent": "on", "website": ""} | more, follow=True
    )


def proven(client: Client, email: str, password: str = "") -> HttpResponse:
    sign_up(client, email, password)
    return client.post(VERIFY, {"code": newest_code(email)}, follow=True)


def is_signed_in(client: Client) -> bool:
    return client.get("/start/").status_code == 200


def test_signing_up_by_clicking_ends_at_the_start_page_with_an_inbox_address(client: Client) -> None:
    assert "privacy" in text(client.get(SIGN_UP))
    page = text(sign_up(client, "mei@example.com"))
    link = re.search(r'href="(/outgoing/[a-z0-9]+/)"', page).group(1)
    code = re.search(r"\b\d{6}\b", text(client.get(link))).group()
    response = client.post(VERIFY, {"code": code}, follow=True)
    user = User.objects.get(email="mei@example.com")
    inbox = user.inbox_addresses.get()
    assert response.redirect_chain[-1][0] == "/start/"
    assert inbox.address in text(response)
    assert user.role == Role.SHOPPER
    assert user.confirmed_mailboxes.get().how == ConfirmedMailbox.How.SIGN_UP
    assert is_signed_in(client)


def test_a_code_typed_with_blanks_is_the_same_code(client: Client) -> None:
    sign_up(client, "mei@example.com")
    code = newest_code("mei@example.com")
    client.post(VERIFY, {"code": f" {code[:3]} {code[3:]} "})
    assert is_signed_in(client)


def test_nothing_is_opened_before_the_code_came_back(client: Client) -> None:
    sign_up(client, "mei@example.com", "paper-crane-7482")
    assert not is_signed_in(client)
    assert not ConfirmedMailbox.objects.exists()
    assert not User.objects.get().inbox_addresses.exists()


def test_three_wrong_codes_end_the_attempt(client: Client) -> None:
    sign_up(client, "mei@example.com")
    right = newest_code("mei@example.com")
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _try in range(3):
        client.post(VERIFY, {"code": wrong})
    client.post(VERIFY, {"code": right})
    assert not is_signed_in(client)


def test_without_the_ticked_box_nobody_signs_up(client: Client) -> None:
    response = client.post(SIGN_UP, {"email": "mei@example.com", "website": ""})
    assert "要勾选同意才能注册" in text(response)
    assert 'name="consent" checked' not in text(client.get(SIGN_UP))
    assert not User.objects.exists()


def test_signing_up_keeps_when_and_to_which_text_one_agreed(client: Client) -> None:
    before = timezone.now()
    sign_up(client, "mei@example.com")
    user = User.objects.get()
    assert before <= user.consented_at <= timezone.now()
    assert user.consented_to == consent.version()
    assert consent.version() in text(client.get("/privacy/"))


def test_another_word_in_the_text_is_another_version(tmp_path: Path, settings: LazySettings) -> None:
    before = consent.version()
    changed = tmp_path / consent.TEXT
    changed.write_text(
        (settings.BASE_DIR / "templates" / consent.TEXT).read_text("utf-8").replace("只有你", "你"), "utf-8"
    )
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    consent.version.cache_clear()
    assert consent.version() != before
    consent.version.cache_clear()


def test_whoever_was_added_by_the_host_has_agreed_to_nothing_yet() -> None:
    user = make.a_user()
    assert (user.consented_at, user.consented_to) == (None, "")


def test_what_fills_in_the_hidden_field_does_not_sign_up(client: Client) -> None:
    sign_up(client, "bot@example.com", website="https://spam.example")
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["a@in.suji.localhost", "A@IN.Suji.LocalHost", "a@sub.in.suji.localhost"])
def test_an_inbox_address_can_never_sign_up(client: Client, email: str) -> None:
    response = sign_up(client, email)
    assert "收件地址" in text(response)
    assert not User.objects.exists()


def test_a_weak_password_is_refused_and_none_is_fine(client: Client) -> None:
    sign_up(client, "mei@example.com", "short")
    assert not User.objects.exists()
    sign_up(client, "mei@example.com")
    assert not User.objects.get().has_usable_password()


def test_signing_up_again_shows_the_same_page_and_tells_only_the_owner(client: Client) -> None:
    make.a_user("mei@example.com")
    taken, free = Client(), Client()
    page_taken, page_free = sign_up(taken, "mei@example.com"), sign_up(free, "new@example.com")
    assert plain(page_taken, "mei@example.com") == plain(page_free, "new@example.com")
    assert page_taken.redirect_chain == page_free.redirect_chain
    assert "已经有账号" in OutgoingMail.objects.get(to="mei@example.com").body


def test_asking_for_a_login_code_shows_the_same_page_for_everybody(client: Client) -> None:
    make.a_user("mei@example.com")
    known = Client().post(CODE_BY_MAIL, {"email": "mei@example.com"}, follow=True)
    unknown = Client().post(CODE_BY_MAIL, {"email": "new@example.com"}, follow=True)
    assert plain(known, "mei@example.com") == plain(unknown, "new@example.com")
    assert known.redirect_chain == unknown.redirect_chain


def test_asking_for_a_reset_shows_the_same_page_for_everybody(client: Client) -> None:
    make.a_user("mei@example.com")
    known = Client().post("/accounts/password/reset/", {"email": "mei@example.com"}, follow=True)
    unknown = Client().post("/accounts/password/reset/", {"email": "new@example.com"}, follow=True)
    assert plain(known, "mei@example.com") == plain(unknown, "new@example.com")


def test_a_wrong_password_and_an_unknown_email_look_the_same(client: Client) -> None:
    make.a_user("mei@example.com", password=make.PASSWORD)
    known = Client().post(LOG_IN, {"login": "mei@example.com", "password": "wrong-wrong"})
    unknown = Client().post(LOG_IN, {"login": "new@example.com", "password": "wrong-wrong"})
    assert plain(known, "mei@example.com") == plain(unknown, "new@example.com")


def plain(response: HttpResponse, email: str) -> str:
    """The page without what differs between any two visits: tokens, clock, ids of kept mails."""
    page = text(response).replace(email, "EMAIL")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "CSRF", page)
    page = re.sub(r"/outgoing/\w+/", "KEPT", page)
    return re.sub(r"\d\d:\d\d:\d\d", "CLOCK", page)


def test_logging_in_by_password(client: Client) -> None:
    make.a_user("mei@example.com", password=make.PASSWORD)
    response = client.post(LOG_IN, {"login": "Mei@Example.com", "password": make.PASSWORD})
    assert response["Location"] == "/cases/"
    assert is_signed_in(client)


def test_logging_in_by_a_mailed_code(client: Client) -> None:
    make.a_user("mei@example.com")
    client.post(CODE_BY_MAIL, {"email": "mei@example.com"})
    response = client.post(LOGIN_CODE, {"code": newest_code("mei@example.com")})
    assert response["Location"] == "/cases/"
    assert is_signed_in(client)


def test_volunteers_land_at_the_tray(client: Client) -> None:
    make.a_volunteer("lin@example.com")
    client.post(CODE_BY_MAIL, {"email": "lin@example.com"})
    response = client.post(LOGIN_CODE, {"code": newest_code("lin@example.com")})
    assert response["Location"] == "/tray/"


def test_a_login_code_proves_the_email_of_somebody_who_never_finished_signing_up(client: Client) -> None:
    sign_up(Client(), "mei@example.com")
    client.post(CODE_BY_MAIL, {"email": "mei@example.com"})
    client.post(LOGIN_CODE, {"code": newest_code("mei@example.com")})
    assert is_signed_in(client)
    assert User.objects.get().confirmed_mailboxes.get().email == "mei@example.com"


def test_a_password_set_by_a_stranger_before_the_owner_came_does_not_open_the_account(client: Client) -> None:
    stranger = Client()
    sign_up(stranger, "mei@example.com", "strangers-own-7482")
    client.post(CODE_BY_MAIL, {"email": "mei@example.com"})
    client.post(LOGIN_CODE, {"code": newest_code("mei@example.com")})
    assert is_signed_in(client)
    again = Client()
    again.post(LOG_IN, {"login": "mei@example.com", "password": "strangers-own-7482"})
    assert not is_signed_in(again)
    assert not is_signed_in(stranger)


def test_the_password_of_whoever_typed_the_code_stays(client: Client) -> None:
    proven(client, "mei@example.com", "paper-crane-7482")
    again = Client()
    again.post(LOG_IN, {"login": "mei@example.com", "password": "paper-crane-7482"})
    assert is_signed_in(again)


def test_a_forgotten_password_is_set_anew_by_code(client: Client) -> None:
    make.a_user("mei@example.com", password="old-and-forgotten")
    client.post("/accounts/password/reset/", {"email": "mei@example.com"})
    client.post("/accounts/password/reset/confirm/", {"code": newest_code("mei@example.com")})
    new = {"password1": "new-crane-7482", "password2": "new-crane-7482"}
    done = client.post("/accounts/password/reset/complete/", new, follow=True)
    assert "密码已更新" in text(done)
    again = Client()
    again.post(LOG_IN, {"login": "mei@example.com", "password": "new-crane-7482"})
    assert is_signed_in(again)


def test_a_second_mailbox_is_confirmed_by_code_and_forgotten_when_removed(client: Client) -> None:
    user = make.a_user("mei@example.com")
    client.force_login(user)
    client.post("/accounts/email/", {"email": "mei@work.example", "action_add": ""})
    client.post(VERIFY, {"code": newest_code("mei@work.example")})
    mailbox = user.confirmed_mailboxes.get(email="mei@work.example")
    assert mailbox.how == ConfirmedMailbox.How.CODE
    assert user.inbox_addresses.count() == 1
    client.post("/accounts/email/", {"email": "mei@work.example", "action_remove": ""})
    assert not user.confirmed_mailboxes.filter(email="mei@work.example").exists()
    assert not EmailAddress.objects.filter(email="mei@work.example").exists()
    assert ("mailbox", mailbox.public_id) in {line[:2] for line in tombstones.all_of_them()}  # no backup gives it back


def test_an_inbox_address_cannot_be_added_as_a_mailbox(client: Client) -> None:
    user = make.a_user()
    client.force_login(user)
    client.post("/accounts/email/", {"email": make.an_inbox(user).address, "action_add": ""})
    assert not OutgoingMail.objects.exists()


def test_too_many_wrong_passwords_are_slowed_down(client: Client) -> None:
    make.a_user("mei@example.com", password=make.PASSWORD)
    for _try in range(5):
        client.post(LOG_IN, {"login": "mei@example.com", "password": "wrong-wrong"})
    client.post(LOG_IN, {"login": "mei@example.com", "password": make.PASSWORD})
    assert not is_signed_in(client)


def test_mails_are_written_in_the_language_of_their_reader(client: Client) -> None:
    user = make.a_user("mei@example.com")
    user.language = "en"
    user.save(update_fields=["language"])
    client.post(CODE_BY_MAIL, {"email": "mei@example.com"})
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert User.objects.get().language == "en"
    client.force_login(user)
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert User.objects.get().language == "zh-hans"


def test_whoever_is_not_signed_in_may_change_the_language(client: Client) -> None:
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    assert 'lang="en"' in text(client.get("/accounts/login/"))
