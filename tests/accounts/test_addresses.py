"""Several inbox addresses: adding, pausing, changing, taking along; and the door that honours what they are."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
import segno
from django.test import Client
from django.utils import timezone

from accounts import addresses
from accounts.models import InboxAddress, User
from complaints import tombstones
from complaints.intake.receive import Envelope, UnknownAddress, receive
from complaints.intake.shapes import Door
from complaints.models import IncomingMail
from tests import make

pytestmark = pytest.mark.django_db
State = InboxAddress.State
PAGE, CHANGE = "/addresses/", "/addresses/change/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def change(client: Client, inbox: InboxAddress, what: str, **more: str) -> str:
    """Press the button; the page that follows."""
    return client.post(CHANGE, {"inbox": inbox.local, "what": what} | more, follow=True).content.decode()


def outcome_of(inbox: InboxAddress, body: str) -> str:
    """What becomes of a mail that comes to it now; "refused" when the door says no."""
    try:
        receipt = receive(make.raw_mail(body=body), Envelope("a@example.com", (inbox.address,), ""), Door.SMTP)
    except UnknownAddress:
        return "refused"
    return IncomingMail.objects.get(pk=receipt.mail_pks[0]).outcome


def test_the_door_honours_every_step_of_an_addresss_life() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    inbox = make.an_inbox(owner)
    told = [outcome_of(inbox, "0")]
    for step in ("pause", "resume", "rotate"):
        change(client, inbox, step)
        told.append(outcome_of(inbox, step))
    InboxAddress.objects.filter(pk=inbox.pk).update(rotated_at=timezone.now() - InboxAddress.HELD_FOR)
    told.append(outcome_of(inbox, "later"))
    fresh = owner.inbox_addresses.get(state=State.ACTIVE)
    told.append(outcome_of(fresh, "new"))
    assert told == ["waiting", "refused", "waiting", "held", "refused", "waiting"]


def test_a_further_address_has_its_label_and_counts_apart() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    make.a_mail(owner)
    make.a_mail(owner, at=make.NOW + timedelta(hours=1))
    page = client.post(PAGE, {"label": "家里的\nQQ邮箱"}, follow=True).content.decode()
    assert "家里的 QQ邮箱" in page
    assert "收到过2封，最近一封<time" in page
    assert "2026-11-09 11:00" in page
    assert "还没有收到过信" in page
    second = owner.inbox_addresses.get(label="家里的 QQ邮箱")
    assert "单位" in change(client, second, "label", label="单位")


def test_a_changed_address_keeps_its_label_on_the_new_one_and_says_until_when_the_old_one_is_held() -> None:
    owner = make.a_user()
    inbox = make.an_inbox(owner)
    InboxAddress.objects.update(label="家里")
    page = change(signed_in(owner), inbox, "rotate")
    assert page.count("<h2>家里</h2>") == 2
    assert "30天内寄来的信先扣下" in page
    assert f'name="inbox" value="{inbox.local}"' not in page  # nothing more can be done with the old one
    InboxAddress.objects.filter(pk=inbox.pk).update(rotated_at=timezone.now() - InboxAddress.HELD_FOR)
    assert inbox.local not in said(signed_in(owner))


@pytest.mark.parametrize(("state", "what"), [("paused", "pause"), ("active", "resume"), ("rotated", "rotate"),
                                             ("rotated", "resume"), ("rotated", "pause")])  # fmt: skip
def test_a_step_that_no_longer_fits_changes_nothing_and_says_so(state: str, what: str) -> None:
    inbox = make.an_inbox(state=state)
    page = change(signed_in(inbox.owner), inbox, what)
    assert "刚才已经变了" in page
    inbox.refresh_from_db()
    assert inbox.state == state
    assert InboxAddress.objects.count() == 1


@pytest.mark.parametrize("what", ["pause", "resume", "rotate", "label", "contact"])
def test_an_address_of_somebody_else_is_not_there(what: str) -> None:
    theirs = make.an_inbox(make.a_user("other@example.com"))
    answer = signed_in(make.a_user()).post(CHANGE, {"inbox": theirs.local, "what": what})
    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == State.ACTIVE


def test_something_else_than_the_buttons_is_not_there() -> None:
    inbox = make.an_inbox()
    assert signed_in(inbox.owner).post(CHANGE, {"inbox": inbox.local, "what": "delete"}).status_code == 404


def test_nobody_has_more_than_ten_that_could_take_mail() -> None:
    owner = make.a_user()
    client = signed_in(owner)
    for number in range(12):
        page = client.post(PAGE, {"label": str(number)}, follow=True).content.decode()
    assert owner.inbox_addresses.count() == addresses.MOST
    assert "最多同时有10个地址" in page
    assert 'id="new-label"' not in page


def test_nobody_changes_addresses_all_day() -> None:
    owner = make.a_user()
    inbox = make.an_inbox(owner)
    for _turn in range(addresses.NEW_A_DAY):
        inbox = addresses.rotate(inbox, make.NOW)
    with pytest.raises(addresses.TooMany):
        addresses.rotate(inbox, make.NOW)
    inbox.refresh_from_db()
    assert inbox.state == State.ACTIVE
    assert ("address", inbox.local) not in {line[:2] for line in tombstones.all_of_them()}
    addresses.rotate(inbox, make.NOW + timedelta(days=1))
    assert ("address", inbox.local) in {line[:2] for line in tombstones.all_of_them()}  # no backup gives it back


def test_what_was_refused_is_told_beside_the_address() -> None:
    inbox = make.an_inbox()
    InboxAddress.objects.update(refused_at=make.NOW, refused_why=InboxAddress.Refused.FULL)
    page = said(signed_in(inbox.owner))
    assert "挡回过一封（这一小时或这一天来得太多）" in page


def test_the_page_takes_as_many_queries_for_ten_addresses_as_for_one(django_assert_num_queries: Any) -> None:
    owner = make.a_user()
    client = signed_in(owner)
    said(client)
    with django_assert_num_queries(4):
        said(client)
    for _more in range(5):
        addresses.add(owner, "", make.NOW)
    make.a_mail(owner)
    with django_assert_num_queries(4):
        said(client)


# -- taking it along ---------------------------------------------------------------------------------------


def squares(path: str) -> set[tuple[int, int]]:
    """Every dark square of a path of runs."""
    found = set()
    for run in path.strip("Mz").split("zM"):
        place, _h, rest = run.partition("h")
        x, y = (int(part) for part in place.split())
        found |= {(x + step, y) for step in range(int(rest.partition("v")[0]))}
    return found


def test_the_qr_code_is_that_of_a_mail_to_the_address() -> None:
    inbox = make.an_inbox()
    picture = addresses.qr(inbox)
    rows = segno.make(f"mailto:{inbox.address}", error="m", micro=False).matrix_iter(border=4)
    dark = {(x, y) for y, row in enumerate(rows) for x, square in enumerate(row) if square}
    assert squares(picture.path) == dark
    page = said(signed_in(inbox.owner))
    start = page.index('<svg class="qr"')
    drawn = ET.fromstring(page[start : page.index("</svg>", start) + 6])
    assert drawn[0].get("d") == picture.path
    assert drawn.get("viewBox") == f"0 0 {picture.size} {picture.size}"


def test_an_address_can_be_saved_as_a_contact_whatever_its_label_says() -> None:
    inbox = make.an_inbox()
    InboxAddress.objects.update(label="家, 里;a\\b")
    answer = signed_in(inbox.owner).post(CHANGE, {"inbox": inbox.local, "what": "contact"})
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    lines = answer.content.decode().split("\r\n")
    assert lines == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:诉迹 家\\, 里\\;a\\\\b;;;;",
        "FN:诉迹 家\\, 里\\;a\\\\b",
        f"EMAIL:{inbox.address}",
        "END:VCARD",
        "",
    ]


# -- the start page's doors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "leads_to"),
    [("app", "/cases/new/"), ("sms", "/hand-in/"), ("mail", "/forwarding/")],
)
def test_each_answer_to_where_leads_through_its_door(where: str, leads_to: str) -> None:
    client = signed_in(make.a_user())
    first = client.get("/start/").content.decode()
    assert f'href="?where={where}#where"' in first
    assert 'id="where"' not in first
    page = client.get(f"/start/?where={where}").content.decode()
    panel = page[page.index('id="where"') : page.index('id="inbox-title"')]
    assert f'href="{leads_to}"' in panel
    assert panel.count("button primary") == 1
    assert page.count("button primary") == 1
