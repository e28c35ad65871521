"""On the home screen, inside WeChat, without network: what a browser is told, and what it may keep."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from accounts.models import User
from tests import make

WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 MicroMessenger/8.0.50.2701 Language/zh_CN"}


@pytest.fixture
def signed_in(db: None) -> tuple[Client, User]:
    client, owner = Client(), make.a_user()
    client.force_login(owner)
    return client, owner


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "诉迹"), ("en", "Suji")])
def test_the_manifest_speaks_the_language_of_the_page_that_names_it(language: str, name: str) -> None:
    told = json.loads(Client().get(f"/manifest/{language}.webmanifest").content)
    assert (told["short_name"], told["lang"]) == (name, language)
    assert told["id"] == "/"  # one app, whichever language it was installed in


def test_a_manifest_in_no_language_of_ours_is_not_there() -> None:
    assert Client().get("/manifest/xx.webmanifest").status_code == 404


def test_every_icon_of_the_manifest_is_there_in_the_size_it_names() -> None:
    icons = json.loads(Client().get("/manifest/en.webmanifest").content)["icons"]
    assert {"maskable"} < {icon.get("purpose", "any") for icon in icons}
    for icon in icons:
        path = finders.find(re.sub(r"^/static/|\.[0-9a-f]{12}(?=\.)", "", icon["src"]))
        assert path, icon
        if icon["sizes"] != "any":
            with Image.open(path) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_the_worker_keeps_static_files_and_the_offline_page_and_nothing_of_a_person(
    signed_in: tuple[Client, User],
) -> None:
    client, owner = signed_in
    worker = client.get("/worker.js")
    kept = json.loads(re.search(r"const KEPT = (\[.*?\]);", worker.text)[1])
    assert kept
    assert all(address.startswith("/static/") for address in kept)
    assert worker["Cache-Control"] == "no-cache"
    offline = client.get("/offline/").text
    assert owner.email not in offline
    assert "没有网络" in offline
    assert "No network" in offline
    assert worker.text == Client().get("/worker.js").text  # the same for everybody


def test_wechat_gets_no_worker_and_no_install_hint_but_the_way_out_until_it_is_dismissed(
    signed_in: tuple[Client, User],
) -> None:
    client, _owner = signed_in
    outside, inside = client.get("/reminders/").text, client.get("/reminders/", headers=WECHAT).text
    assert "installed" in outside
    assert 'id="install"' in outside
    assert 'id="open-in-browser"' not in outside
    assert "installed" not in inside
    assert 'id="install"' not in inside
    assert 'id="open-in-browser"' in inside
    client.cookies["no_wechat_hint"] = client.cookies["no_install_hint"] = "1"
    assert 'id="open-in-browser"' not in client.get("/reminders/", headers=WECHAT).text
    assert 'id="install"' not in client.get("/reminders/").text


def test_what_is_shared_without_the_worker_leads_to_the_hand_in_page_and_changes_nothing(
    signed_in: tuple[Client, User],
) -> None:
    client, owner = signed_in
    assert client.get("/hand-in/share/")["Location"] == "/hand-in/"
    assert client.post("/hand-in/share/", {"text": "商家拒绝了退款申请"}).status_code == 405
    assert not owner.mails.exists()


def test_shared_pictures_may_go_to_ones_own_cases_only_and_are_asked_for_only_when_shared(
    signed_in: tuple[Client, User],
) -> None:
    client, owner = signed_in
    mine, others = make.a_case(owner), make.a_case(make.a_user("other@example.com"))
    page = client.get("/hand-in/?shared=1").text
    assert f'formaction="/cases/{mine.public_id}/exhibits/"' in page
    assert others.public_id not in page
    assert "shared-exhibits" not in client.get("/hand-in/").text
