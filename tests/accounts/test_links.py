"""Links that log in: on one's own machine for a week and again; in production once and soon."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core import signing
from django.test import Client

from accounts import links
from accounts.links import login_url
from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db


def path_of(url: str) -> str:
    return url.removeprefix("http://127.0.0.1:8000")


def logs_in(url: str) -> bool:
    client = Client()
    client.get(path_of(url))
    return client.get("/start/").status_code == 200


def test_opening_the_link_logs_in_at_once() -> None:
    user = make.a_user()
    client = Client()
    response = client.get(path_of(login_url(user)))
    assert response["Location"] == "/cases/"
    assert client.get("/start/").context["user"] == user


def test_embedded_the_same_link_works_again_for_seven_days() -> None:
    with time_machine.travel(make.NOW, tick=False) as clock:
        url = login_url(make.a_user())
        clock.shift(timedelta(days=6, hours=23))
        assert logs_in(url)
        assert logs_in(url)
        clock.shift(timedelta(hours=2))
        assert not logs_in(url)


def test_in_production_it_works_once(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    url = login_url(make.a_user())
    assert logs_in(url)
    assert not logs_in(url)


def test_in_production_it_works_for_an_hour(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with time_machine.travel(make.NOW, tick=False) as clock:
        url = login_url(make.a_user())
        clock.shift(timedelta(minutes=61))
        assert not logs_in(url)


def test_in_production_logging_in_otherwise_makes_it_void(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    user = make.a_user(password=make.PASSWORD)
    url = login_url(user)
    Client().post("/accounts/login/", {"login": user.email, "password": make.PASSWORD})
    assert not logs_in(url)


def test_of_two_clicks_at_the_same_time_one_is_too_late(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    token = path_of(login_url(make.a_user())).split("/")[2]
    first, second = links.user_of(token), links.user_of(token)
    assert first is not None
    assert second is not None
    assert [links.use_up(first), links.use_up(second)] == [True, False]


def test_a_mail_scanner_that_only_looks_does_not_use_it_up(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    url = login_url(make.a_user())
    scanner = Client()
    assert scanner.head(path_of(url)).status_code == 200
    assert scanner.get("/start/").status_code == 302
    assert logs_in(url)


WRONG = {"nonsense": "nonsense", "parts": "a:b:c", "other salt": signing.dumps({"user": "x"}, salt="other")}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG)
def test_a_wrong_link_has_a_page_that_leads_to_the_log_in(client: Client, token: str) -> None:
    response = client.get(f"/enter/{token}/")
    assert response.status_code == 404
    assert "/accounts/login/" in response.content.decode()
    assert client.get("/start/").status_code == 302


def test_who_was_deactivated_does_not_get_in() -> None:
    user = make.a_user()
    url = login_url(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not logs_in(url)


def test_no_cache_keeps_the_answer(client: Client) -> None:
    response = client.get(path_of(login_url(make.a_user())))
    assert "no-store" in response["Cache-Control"]
