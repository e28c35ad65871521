"""存证: an order's file before any trouble: its clock, what becomes of it, and that it goes away in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from complaints import calendars, keepings, outgoing, reminders, tasks
from complaints.models import Case, Keeping, KeepingExhibit, KeepingReminder, Mute, PeriodicJob, Tombstone
from config.restore import bury_again
from evidence.models import Exhibit
from tests import make
from tests.evidence import files
from tests.make import SHANGHAI

DAY = timedelta(days=1)
SIGNED = date(2026, 11, 9)
NOON = datetime(2026, 11, 9, 12, 0, tzinfo=SHANGHAI)


def a_keeping(
    owner: User | None = None, *, now: datetime = NOON, signed_on: date | None = SIGNED, **said: str
) -> Keeping:
    about = {"title": "羊毛大衣", "shop": "暖冬旗舰店", "order_no": "2026000000000000268"} | said
    once = f"form{Keeping.objects.count():012d}".replace("0", "a").replace("1", "b")
    return keepings.begin(owner or make.a_user(), once, signed_on=signed_on, now=now, **about)


def with_a_file(keeping: Keeping, name: str = "商品页.png", **said: str) -> KeepingExhibit:
    return keepings.hand_in(keeping, SimpleUploadedFile(name, files.png(64, 40 + len(name))), name, **said)


def signed_in(user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or make.a_user())
    return client


# -- the clock ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        (date(2026, 11, 9), date(2026, 11, 16)),
        (date(2026, 2, 25), date(2026, 3, 4)),
        (date(2026, 12, 28), date(2027, 1, 4)),
    ],
)
def test_the_seven_days_begin_the_day_after_signing(signed: date, last: date) -> None:
    assert Keeping(signed_on=signed).return_by == datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=SHANGHAI)


def test_without_a_signing_day_no_date_is_invented() -> None:
    assert Keeping().return_by is None


@pytest.mark.django_db
def test_the_page_says_the_last_day_its_source_and_the_exceptions() -> None:
    keeping = a_keeping()
    page = signed_in().get(keeping.get_absolute_url()).text
    for words in ("2026-11-16 23:59", "从签收的第二天起算", "第十条", "第二十五条", "鲜活易腐", "定作", "以订单页为准"):
        assert words in page
    unsigned = signed_in().get(a_keeping(signed_on=None).get_absolute_url()).text
    assert "填上签收日期" in unsigned
    assert "还剩" in unsigned  # until it is thrown away; of a return nothing
    assert "从签收的第二天起算" not in unsigned.replace("（从签收次日起算）", "")


# -- a new one -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_form_keeps_a_file_and_asks_for_nothing_else() -> None:
    client = signed_in()
    answer = client.post(reverse("complaints:keeping_list"), {"files": [SimpleUploadedFile("a.png", files.png())]})
    keeping = Keeping.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == keeping.get_absolute_url()
    assert keeping.keeping_exhibits.get().exhibit.owner == keeping.owner
    assert "a.png" in client.get(keeping.get_absolute_url()).text
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_one_keeping() -> None:
    client = signed_in()
    for _turn in range(2):
        client.post(reverse("complaints:keeping_list"), {"title": "大衣", "once": "abcdefghjkmnpqrs"})
    assert Keeping.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "还没有内容"),
        ({"title": "大衣", "signed_on": "2999-01-01"}, "这一天还没有到"),
        ({"title": "大衣", "signed_on": "2001-01-01"}, "太久以前"),
        ({"title": "大衣", "order_no": "不是编号"}, "订单编号只有"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(said: dict[str, str], reason: str) -> None:
    answer = signed_in().post(reverse("complaints:keeping_list"), said)
    assert answer.status_code == 422
    assert reason in answer.text
    assert not Keeping.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_refused_is_named_and_the_keeping_stays() -> None:
    client = signed_in()
    bad = SimpleUploadedFile("坏.exe", b"MZ" + bytes(200))
    answer = client.post(reverse("complaints:keeping_list"), {"title": "大衣", "files": [bad]}, follow=True)
    assert "坏.exe" in answer.text
    assert Keeping.objects.get().keeping_exhibits.count() == 0


@pytest.mark.django_db
def test_the_same_bytes_again_are_the_file_that_is_there() -> None:
    keeping = a_keeping()
    assert with_a_file(keeping).pk == with_a_file(keeping).pk
    assert Exhibit.objects.count() == 1


@pytest.mark.django_db
def test_a_script_gets_the_list_and_the_reason_of_what_was_refused() -> None:
    keeping = a_keeping()
    address = reverse("complaints:keeping_files", args=[keeping.public_id])
    client = signed_in()
    answer = client.post(
        address, {"files": [SimpleUploadedFile("a.png", files.png())]}, headers={"X-Requested-With": "fetch"}
    )
    assert answer.status_code == 200
    assert 'id="keeping-files"' in answer.text
    bad = client.post(address, {"files": [SimpleUploadedFile("b.png", b"")]}, headers={"X-Requested-With": "fetch"})
    assert bad.status_code == 422
    assert "b.png" in bad.text
    seen = answer.context["exhibits_version"]
    assert client.get(address, {"seen": seen}).status_code == 204


@pytest.mark.django_db
def test_a_file_is_described_taken_out_and_brought_back() -> None:
    shown = with_a_file(a_keeping())
    client = signed_in()
    address = reverse("complaints:keeping_file", args=[shown.keeping.public_id, shown.exhibit.public_id])
    client.post(address, {"kind": "listing", "caption": "下单前的页面"})
    client.post(address, {"do": "remove"})
    shown.refresh_from_db()
    assert (shown.kind, shown.caption, shown.guessed) == ("listing", "下单前的页面", False)
    assert shown.removed_at
    assert "已移出的文件" in client.get(shown.keeping.get_absolute_url()).text
    client.post(address, {"do": "bring_back"})
    shown.refresh_from_db()
    assert shown.removed_at is None


# -- into a case -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_case_made_of_it_has_its_files_shop_and_number_and_only_the_step_its_owner_named() -> None:
    keeping = a_keeping()
    first, second = with_a_file(keeping, kind="listing"), with_a_file(keeping, "开箱.jpg")
    KeepingExhibit.objects.filter(pk=first.pk).update(caption="下单前的页面")
    keepings.put_aside(second, NOON)
    client = signed_in()
    form = client.get(reverse("complaints:case_new"), {"keeping": keeping.public_id}).text
    assert "暖冬旗舰店" in form
    assert keeping.public_id in form
    answer = client.post(
        reverse("complaints:case_new"), {"keeping": keeping.public_id, "shop": "暖冬旗舰店", "stands": "refused"}
    )
    case = Case.objects.get()
    assert answer["Location"] == case.get_absolute_url()
    assert [event.act for event in case.events.all()] == ["refuses"]
    assert (case.order_no, case.shop.name) == ("2026000000000000268", "暖冬旗舰店")
    rows = list(case.case_exhibits.select_related("exhibit").order_by("pk"))
    assert [row.exhibit_id for row in rows] == [first.exhibit_id, second.exhibit_id]
    assert (rows[0].kind, rows[0].caption, rows[0].removed_at) == ("listing", "下单前的页面", None)
    assert rows[0].added_at == first.added_at
    assert rows[1].removed_at == NOON
    assert not KeepingExhibit.objects.exists()
    assert client.get(keeping.get_absolute_url())["Location"] == case.get_absolute_url()


@pytest.mark.django_db
def test_it_goes_into_a_case_that_is_there_once() -> None:
    keeping, case = a_keeping(), make.a_case(shop="别家")
    with_a_file(keeping)
    client = signed_in()
    change = reverse("complaints:keeping_change", args=[keeping.public_id])
    for _turn in range(2):
        client.post(change, {"do": "join", "case": case.public_id})
    case.refresh_from_db()
    assert case.case_exhibits.count() == 1
    assert case.shop.name == "别家"  # what is known stays
    assert case.numbers.filter(kind="order", number="2026000000000000268").exists()


@pytest.mark.django_db
def test_it_goes_into_no_case_of_somebody_else() -> None:
    keeping, other = a_keeping(), make.a_case(make.a_user("other@example.com"))
    with_a_file(keeping)
    change = reverse("complaints:keeping_change", args=[keeping.public_id])
    assert signed_in().post(change, {"do": "join", "case": other.public_id}).status_code == 404
    assert not keepings.join(keeping, other)
    stranger = signed_in(make.a_user("other@example.com"))
    asked = {"keeping": keeping.public_id, "shop": "x", "stands": "filed"}
    assert stranger.post(reverse("complaints:case_new"), asked).status_code == 404
    assert keeping.keeping_exhibits.count() == 1


@pytest.mark.django_db
def test_no_file_gets_into_a_keeping_that_has_become_a_case() -> None:
    keeping = a_keeping()
    keepings.join(keeping, make.a_case())
    with pytest.raises(keepings.BecameCase):
        with_a_file(keeping)
    assert not Exhibit.objects.exists()
    assert not keepings.throw_away(keeping)


# -- thrown away ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "until"),
    [(None, date(2027, 2, 7)), (date(2026, 1, 1), date(2027, 2, 7)), (date(2026, 11, 20), date(2027, 2, 18))],
)
def test_it_is_kept_ninety_days_from_the_later_of_beginning_and_signing(signed: date | None, until: date) -> None:
    assert keepings.kept_until(NOON, signed).astimezone(SHANGHAI).date() == until


@pytest.mark.django_db
def test_when_its_day_comes_rows_and_files_go_and_make_room_and_a_case_keeps_its_own() -> None:
    shown = with_a_file(a_keeping())
    keepings.put_aside(with_a_file(shown.keeping, "b.jpg"), NOON)
    kept = with_a_file(a_keeping(title="进了案件"))
    keepings.join(kept.keeping, make.a_case())
    assert keepings.purge(shown.keeping.kept_until - timedelta(seconds=1)) == 0
    assert keepings.purge(shown.keeping.kept_until) == 1
    assert list(Exhibit.objects.values_list("pk", flat=True)) == [kept.exhibit_id]
    assert not Keeping.objects.open().exists()
    assert keepings.purge(shown.keeping.kept_until) == 0


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_what_is_thrown_away_are_gone_and_the_schedule_does_it() -> None:
    shown = with_a_file(a_keeping(now=timezone.now() - 100 * DAY, signed_on=None))
    tasks_of_it = Exhibit.objects.get(pk=shown.exhibit_id)
    assert default_storage.exists(tasks_of_it.file)
    PeriodicJob.objects.filter(name="purge").update(due_at=timezone.now() - DAY)
    assert tasks.purge() == 1
    assert not default_storage.exists(tasks_of_it.file)


@pytest.mark.django_db
def test_its_owner_extends_it_up_to_three_years() -> None:
    keeping = a_keeping()
    client = signed_in()
    change = reverse("complaints:keeping_change", args=[keeping.public_id])
    before = keeping.kept_until
    client.post(change, {"do": "extend"})
    keeping.refresh_from_db()
    assert keeping.kept_until == before + 90 * DAY
    while keepings.extend(keeping, NOON):
        pass
    assert keeping.kept_until == keepings.longest(keeping)
    assert "再留90天" not in client.get(keeping.get_absolute_url()).text


@pytest.mark.django_db
def test_a_changed_signing_day_never_shortens_what_is_left() -> None:
    keeping = a_keeping()
    keepings.extend(keeping, NOON)
    until = keeping.kept_until
    signed_in().post(keeping.get_absolute_url(), {"title": "大衣", "signed_on": "2026-11-01"})
    keeping.refresh_from_db()
    assert (keeping.kept_until, keeping.signed_on) == (until, date(2026, 11, 1))


@pytest.mark.django_db
def test_deleting_at_once_asks_to_be_sure() -> None:
    keeping = a_keeping()
    with_a_file(keeping)
    client = signed_in()
    change = reverse("complaints:keeping_change", args=[keeping.public_id])
    assert "请先勾选" in client.post(change, {"do": "throw_away"}, follow=True).text
    assert Keeping.objects.exists()
    client.post(change, {"do": "throw_away", "sure": "1"})
    assert Tombstone.objects.get(what="keeping").ref == keeping.public_id
    assert not Keeping.objects.exists()
    assert not Exhibit.objects.exists()
    assert bury_again([("keeping", a_keeping().public_id, "2026-11-09T00:00:00+00:00")], timezone.now()) == 1
    assert not Keeping.objects.exists()


# -- reminders and calendar ------------------------------------------------------------------------------------------


def turn(now: datetime) -> int:
    reminders.plan(now)
    return reminders.send(now, seconds=60)


@pytest.mark.django_db
def test_a_mail_comes_a_day_before_the_last_day_to_send_back_by_day_and_once() -> None:
    a_keeping()
    evening_before = datetime(2026, 11, 15, 21, 30, tzinfo=SHANGHAI)
    assert turn(evening_before - timedelta(minutes=1)) == 0
    assert turn(evening_before) == 1
    (sent,) = mail.outbox
    assert "2026-11-16 23:59" in sent.subject
    assert "暖冬" not in sent.subject
    for words in ("羊毛大衣", "七天无理由退货", "以订单页为准", "/kept/"):
        assert words in sent.body
    assert "2026000000000000268" not in sent.body
    assert turn(evening_before + timedelta(minutes=5)) == 0


@pytest.mark.django_db
def test_a_mail_comes_seven_days_before_it_is_thrown_away() -> None:
    keeping = a_keeping(signed_on=None)
    morning = keeping.kept_until - 7 * DAY
    assert turn(morning - DAY) == 0
    assert turn(morning + timedelta(hours=9)) == 1
    assert "到期后连同文件一起删除" in mail.outbox[0].body
    keepings.extend(keeping, morning)
    assert turn(morning + 2 * DAY) == 0


@pytest.mark.django_db
def test_what_changed_since_is_not_reminded_of() -> None:
    keeping = a_keeping()
    reminders.plan(datetime(2026, 11, 15, 21, 0, tzinfo=SHANGHAI))
    assert KeepingReminder.objects.count() == 1
    Keeping.objects.filter(pk=keeping.pk).update(signed_on=date(2026, 11, 12))
    assert reminders.send(datetime(2026, 11, 15, 21, 40, tzinfo=SHANGHAI), 60) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["this", "all", "case"])
def test_no_mail_comes_when_it_was_switched_off_or_is_a_case_by_now(how: str) -> None:
    keeping = a_keeping()
    if how == "this":
        client = signed_in()
        client.post(reverse("complaints:keeping_change", args=[keeping.public_id]), {"do": "no_remind"})
    elif how == "all":
        Mute.objects.create(owner=keeping.owner)
    else:
        keepings.join(keeping, make.a_case(act=None))
    assert turn(datetime(2026, 11, 15, 21, 30, tzinfo=SHANGHAI)) == 0


@pytest.mark.django_db
def test_the_link_in_the_mail_stops_reminders_of_this_one_and_brings_them_back() -> None:
    keeping = a_keeping()
    address = reverse("complaints:reminder_stop", args=[outgoing.stop_token(keeping.owner, keeping)])
    client = Client()
    assert "这份存证不再提醒" in client.get(address).text
    client.post(address, {"do": "case"})
    keeping.refresh_from_db()
    assert not keeping.reminds
    assert "羊毛大衣" in client.get(address).text
    client.post(address, {"do": "case_on"})
    keeping.refresh_from_db()
    assert keeping.reminds


@pytest.mark.django_db
def test_the_calendar_has_the_last_day_to_send_back_as_tentative() -> None:
    keeping = a_keeping()
    entries = Calendar.from_ical(calendars.feed(keeping.owner, NOON)).walk("VEVENT")
    assert [(entry["uid"].split("@")[0], entry["status"]) for entry in entries] == [(keeping.public_id, "TENTATIVE")]
    assert entries[0].decoded("dtend") == keeping.return_by


@pytest.mark.django_db
def test_the_list_of_cases_leads_to_what_is_kept() -> None:
    a_keeping()
    page = signed_in().get(reverse("complaints:case_list")).text
    assert reverse("complaints:keeping_list") in page
    listed = signed_in().get(reverse("complaints:keeping_list")).text
    assert "羊毛大衣" in listed
    assert "2026-11-16" in listed
