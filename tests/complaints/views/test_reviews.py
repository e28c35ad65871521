"""请志愿者看看: asking, looking masked, asking back, answering, ending; and the owner's list of who looked."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from complaints import review
from complaints.models import CaseExhibit, Look, Note, Review
from complaints.models.mail import Outcome
from complaints.stages import Act
from evidence.models import Exhibit
from tests import make

pytestmark = pytest.mark.django_db

SECRETS = ("mei@example.com", "张小梅", "13800138000", "文一西路969号", "2026110900123456789", "我的羽绒服")
BODY = (
    "尊敬的张小梅：您好，订单2026110900123456789的投诉已受理，请补充凭证。\n"
    "收货人：张小梅，电话13800138000，地址：浙江省杭州市余杭区文一西路969号。"
)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: str) -> str:
    return reverse(f"complaints:{name}", args=args)


def a_full_case():
    """A case with a title, a note by hand, a notice full of personal words, and an exhibit."""
    case = make.a_case(order_no="2026110900123456789", note="张小梅的电话是13800138000", reason="misdescribed")
    case.title = "我的羽绒服"
    case.save(update_fields=["title"])
    mail = make.a_mail(case.owner, outcome=Outcome.FILED)
    notice = make.a_notice(mail, case=case, body=BODY)
    make.an_event(case, Act.REQUESTS_EVIDENCE, notice=notice, evidence_asked=["photo", "chat"])
    return case


def asked(case, **said) -> Review:
    client = signed_in(case.owner)
    answer = client.post(url("case_review", case.public_id), {"wants": ["evidence"], "question": "够不够？"} | said)
    assert answer.status_code == 302
    return case.reviews.get()


def taken(case, volunteer, **said) -> Client:
    one = asked(case, **said)
    client = signed_in(volunteer)
    assert client.post(url("review_take", one.public_id), {"neutral": "on"}).url == url("review_item", one.public_id)
    return client


def item(client: Client, case) -> str:
    answer = client.get(url("review_item", case.reviews.get().public_id))
    assert answer.status_code == 200
    return answer.text


def write(client: Client, case, **said):
    return client.post(url("review_write", case.reviews.get().public_id), {"kind": "note"} | said)


def say(case, decision: str, **more):
    return signed_in(case.owner).post(url("case_review_say", case.public_id), {"decision": decision} | more)


def seen(case) -> list[str]:
    return list(case.looks.order_by("pk").values_list("what", flat=True))


# -- asking ----------------------------------------------------------------------------------------------------


def test_the_owner_asks_sees_that_it_waits_and_takes_it_back():
    case = a_full_case()
    asked(case)
    page = signed_in(case.owner).get(case.get_absolute_url()).text
    assert "等志愿者来看" in page
    assert "够不够？" in page
    say(case, "end")
    assert case.reviews.get().state == Review.State.WITHDRAWN
    page = signed_in(case.owner).get(case.get_absolute_url()).text
    assert "再请志愿者看看" in page
    client = signed_in(case.owner)
    client.post(url("case_review", case.public_id), {"wants": ["ruling"]})
    assert [one.state for one in case.reviews.order_by("pk")] == [Review.State.WITHDRAWN, Review.State.WAITING]


def test_asking_nothing_is_told_what_is_missing_and_twice_is_once():
    case = a_full_case()
    answer = signed_in(case.owner).post(url("case_review", case.public_id), {"question": "  "})
    assert answer.status_code == 422
    assert "请选一样，或者写一句想问的话。" in answer.text
    asked(case)
    signed_in(case.owner).post(url("case_review", case.public_id), {"wants": ["deadline"]})
    assert case.reviews.get().wants == ["evidence"]


# -- who may look ----------------------------------------------------------------------------------------------


def test_nobody_sees_a_case_that_is_only_waiting_and_the_list_says_nothing_of_whose_it_is():
    case = a_full_case()
    one = asked(case, question="我叫张小梅")
    client = signed_in(make.a_volunteer())
    assert client.get(url("review_item", one.public_id)).status_code == 404
    page = client.get(url("review_list")).text
    assert "暖冬旗舰店" in page
    assert "证据够不够" in page
    for secret in SECRETS:
        assert secret not in page
    assert "请人看的案件 <span" in client.get(url("tray")).text


def test_whoever_takes_it_on_says_that_they_are_neutral_and_is_alone_with_it():
    case = a_full_case()
    one = asked(case)
    lin, bo = make.a_volunteer(), make.a_volunteer("bo@example.com")
    answer = signed_in(lin).post(url("review_take", one.public_id), follow=True)
    assert "请先确认" in answer.text
    assert not Look.objects.exists()
    signed_in(lin).post(url("review_take", one.public_id), {"neutral": "on"})
    assert signed_in(bo).post(url("review_take", one.public_id), {"neutral": "on"}).status_code == 404
    assert signed_in(bo).get(url("review_item", one.public_id)).status_code == 404


def test_a_volunteer_cannot_take_on_their_own_case():
    volunteer = make.a_volunteer()
    case = make.a_case(volunteer)
    one = asked(case)
    assert signed_in(volunteer).post(url("review_take", one.public_id), {"neutral": "on"}).status_code == 404


def test_a_volunteer_looks_after_few_cases_at_a_time(monkeypatch):
    monkeypatch.setattr(review, "MOST_IN_CARE", 1)
    volunteer = make.a_volunteer()
    taken(a_full_case(), volunteer)
    other = make.a_case(make.a_user("wang@example.com"))
    one = asked(other)
    answer = signed_in(volunteer).post(url("review_take", one.public_id), {"neutral": "on"}, follow=True)
    assert "先看完一个再来" in answer.text


def test_the_right_to_look_ends_by_itself_when_it_is_given_back_and_when_the_owner_ends_it():
    case, volunteer = a_full_case(), make.a_volunteer()
    client = taken(case, volunteer)
    one = case.reviews.get()
    address = url("review_item", one.public_id)
    Review.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 404
    client.post(url("review_take", one.public_id), {"neutral": "on"})
    assert client.get(address).status_code == 200
    client.post(url("review_release", one.public_id))
    assert client.get(address).status_code == 404
    client.post(url("review_take", one.public_id), {"neutral": "on"})
    write(client, case, text="看过了")
    say(case, "end")
    assert client.get(address).status_code == 404
    assert write(client, case, text="再说一句").status_code == 404


# -- what is seen ----------------------------------------------------------------------------------------------


def test_the_volunteer_sees_the_case_masked_with_who_must_show_what_and_what_is_missing():
    case = a_full_case()
    make.an_exhibit(case, name="张小梅的收据.jpg")
    page = item(taken(case, make.a_volunteer(), question="我是张小梅，电话13800138000"), case)
    for secret in SECRETS:
        assert secret not in page
    assert "张小梅的收据" not in page
    for word in ("暖冬旗舰店", "举证中", "要求举证", "6789", "第73条", "实物照片 × 1"):
        assert word in page
    missing = re.search(r"还缺：([^<]*)", page).group(1)
    assert "聊天记录" in missing
    assert "商品页面截图" in missing
    assert "实物照片" not in missing


def test_without_masks_the_reason_stands_in_the_owners_list_and_codes_stay_hidden():
    case = a_full_case()
    notice = case.notices.get()
    notice.body += "\n验证码：384912"
    notice.save(update_fields=["body"])
    client = taken(case, make.a_volunteer())
    one = case.reviews.get()
    answer = client.post(url("review_unmask", one.public_id), {"why": "other"})
    assert answer.status_code == 422
    client.post(url("review_unmask", one.public_id), {"why": "compare", "said": "两个编号像是一个"})
    page = item(client, case)
    assert "文一西路969号" in page
    assert "384912" not in page
    looks = signed_in(case.owner).get(url("case_looks", case.public_id)).text
    assert "要把编号或姓名和案件对一对" in looks
    assert "两个编号像是一个" in looks
    client.post(url("review_release", one.public_id))
    bo = signed_in(make.a_volunteer("bo@example.com"))
    bo.post(url("review_take", one.public_id), {"neutral": "on"})
    assert "文一西路969号" not in bo.get(url("review_item", one.public_id)).text


def test_pictures_are_seen_only_where_the_owner_lets_them_be_and_every_opening_is_written_down():
    case = a_full_case()
    exhibit = make.an_exhibit(case).exhibit
    for kind in ("copy_file", "thumbnail_file"):
        setattr(exhibit, kind, default_storage.save(f"copies/{kind}.webp", ContentFile(b"webp")))
    exhibit.copy = Exhibit.Copy.READY
    exhibit.save(update_fields=["copy", "copy_file", "thumbnail_file"])
    client = taken(case, make.a_volunteer())
    one = case.reviews.get()
    addresses = [url(name, one.public_id, exhibit.public_id) for name in ("review_thumbnail", "review_picture")]
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert addresses[0] not in item(client, case)
    assert {"thumbnail", "picture"} & set(seen(case)) == set()

    Review.objects.update(shows_pictures=True)
    assert addresses[0] in item(client, case)
    opened = [client.get(address) for address in (*addresses, addresses[0])]
    assert [answer.content for answer in opened] == [b"webp"] * 3
    assert all(answer["Cache-Control"] == "private, no-store" for answer in opened)
    assert [what for what in seen(case) if what in ("thumbnail", "picture")] == ["thumbnail", "picture", "thumbnail"]
    CaseExhibit.objects.update(removed_at=timezone.now())
    assert client.get(addresses[0]).status_code == 404


def test_the_owner_sees_every_look_at_the_case_and_at_its_mails_and_no_name():
    case, lin = a_full_case(), make.a_volunteer()
    make.a_look(case.notices.get().mail, lin, what=Look.What.READ, why="unsure")
    client = taken(case, lin)
    item(client, case)
    item(client, case)  # the same look, a moment later
    write(client, case, text="看过了")
    assert seen(case) == ["claim", "read", "note"]
    page = signed_in(case.owner).get(url("case_looks", case.public_id)).text
    called = review.called(lin, case.owner_id)
    assert page.count(f"志愿者{called}") == 4
    assert "lin@example.com" not in page
    assert "一封来信" in page
    other = make.a_user("wang@example.com")
    assert review.called(lin, other.pk) != called


def test_a_long_list_of_looks_is_turned_page_by_page(django_assert_max_num_queries):
    case, lin = a_full_case(), make.a_volunteer()
    one = make.a_review(case, by=lin)
    for minute in range(60):
        review.look(one, lin, Look.What.READ, make.NOW + timedelta(minutes=minute))
    client = signed_in(case.owner)
    with django_assert_max_num_queries(6):
        first = client.get(url("case_looks", case.public_id)).text
    older = re.search(r'rel="next" href="([^"]+)"', first).group(1)
    second = client.get(url("case_looks", case.public_id) + older).text
    assert first.count("<tr>") - 1 + second.count("<tr>") - 1 == 61


# -- talking ---------------------------------------------------------------------------------------------------


def test_a_question_back_its_answer_and_what_was_found_reach_the_other_side():
    case, volunteer = a_full_case(), make.a_volunteer()
    client = taken(case, volunteer)
    write(client, case, kind="question", text="收到货是哪一天？", facts="ok")
    page = signed_in(case.owner).get(case.get_absolute_url()).text
    assert "志愿者有问题要问你" in page
    assert "收到货是哪一天？" in page
    assert "志愿者有问题要问你" in signed_in(case.owner).get(url("case_list")).text
    assert case.reviews.get().notes.get().checks == {}  # a question carries no verdict
    say(case, "answer", text="上周三，我的电话13800138000")
    page = item(client, case)
    assert "上周三" in page
    assert "13800138000" not in page
    write(client, case, facts="ok", deadline="off", missing=["photo", "chat"], next="evidence", text="先补照片")
    page = signed_in(case.owner).get(case.get_absolute_url()).text
    for word in ("志愿者看过了", "看过，没有问题", "有地方不对", "实物照片、聊天记录", "补上缺的凭证", "先补照片"):
        assert word in page
    say(case, "thank")
    one = case.reviews.get()
    assert (one.state, one.until) == (Review.State.ENDED, None)
    assert review.thanks_to(volunteer) == 1
    assert "<dd>1</dd>" in client.get(url("tray_mine")).text


def test_an_empty_word_is_sent_by_neither_side():
    case = a_full_case()
    client = taken(case, make.a_volunteer())
    assert write(client, case).status_code == 422
    assert write(client, case, kind="question", facts="ok").status_code == 422
    say(case, "answer", text=" ")
    say(case, "burn")
    assert not Note.objects.exists()
    assert case.reviews.get().is_open


def test_the_part_of_the_case_page_says_nothing_new_until_there_is():
    case = a_full_case()
    client = taken(case, make.a_volunteer())
    owner = signed_in(case.owner)
    part = url("case_review_part", case.public_id)
    version = re.search(r'data-version="([^"]+)"', owner.get(part).text).group(1)
    assert owner.get(part, {"seen": version}).status_code == 204
    write(client, case, text="看过了")
    assert owner.get(part, {"seen": version}).status_code == 200


def test_a_review_changes_nothing_in_the_case():
    case = a_full_case()
    case.refresh_from_db()
    before = (case.version, case.stage)
    client = taken(case, make.a_volunteer())
    write(client, case, text="看过了")
    say(case, "thank")
    case.refresh_from_db()
    assert (case.version, case.stage) == before
    for name in ("case_detail", "case_record", "exhibit_part"):
        assert client.get(url(name, case.public_id)).status_code == 404


def test_pages_cost_the_same_however_much_there_is():
    case, volunteer = a_full_case(), make.a_volunteer()
    client = taken(case, volunteer)
    owner = signed_in(case.owner)

    def costs() -> list[int]:
        found = []
        for one, address in (
            (client, url("review_item", case.reviews.get().public_id)),
            (client, url("review_list")),
            (owner, url("case_looks", case.public_id)),
            (owner, url("case_review_part", case.public_id)),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert one.get(address).status_code == 200
            found.append(len(queries))
        return found

    item(client, case)
    few = costs()
    for number in range(6):
        mail = make.a_mail(case.owner, outcome=Outcome.FILED)
        make.an_event(case, Act.REPLIES, notice=make.a_notice(mail, case=case))
        make.an_exhibit(case, name=f"{number}.jpg")
        write(client, case, text="看过了")
        make.a_review(make.a_case(make.a_user(f"u{number}@example.com")))
    assert costs() == few
    assert few[0] <= 14


# -- assigning -------------------------------------------------------------------------------------------------


def test_a_host_assigns_a_case_without_seeing_it_and_its_owner_knows_and_can_end_it():
    case, volunteer = a_full_case(), make.a_volunteer()
    host = signed_in(make.a_user("host@example.com", role=Role.STAFF))
    said = {"what": "assign", "case": case.public_id, "volunteer": volunteer.pk, "why": "买家来信求助"}
    assert host.post(url("tray_overview"), said).status_code == 302
    page = host.get(url("tray_overview")).text
    assert case.public_id in page
    for secret in (*SECRETS, "暖冬旗舰店"):
        assert secret not in page
    client = signed_in(volunteer)
    assert "暖冬旗舰店" in item(client, case)
    looks = signed_in(case.owner).get(url("case_looks", case.public_id)).text
    assert "分派给志愿者" in looks
    assert "买家来信求助" in looks
    assert "管理员分派" in signed_in(case.owner).get(case.get_absolute_url()).text
    say(case, "end")
    assert client.get(url("review_item", case.reviews.get().public_id)).status_code == 404


def test_a_case_is_not_assigned_to_its_owner_nor_to_somebody_who_is_no_volunteer():
    volunteer = make.a_volunteer()
    case = make.a_case(volunteer)
    host = signed_in(make.a_user("host@example.com", role=Role.STAFF))
    for person in (volunteer, make.a_user("wang@example.com")):
        said = {"what": "assign", "case": case.public_id, "volunteer": person.pk, "why": "看看"}
        assert host.post(url("tray_overview"), said).status_code == 422
    assert not Review.objects.exists()


@pytest.mark.parametrize("name", ["review_write", "review_unmask"])
def test_a_case_that_a_wrong_form_brings_back_is_a_look_too(name):
    case = a_full_case()
    client = taken(case, make.a_volunteer())
    answer = client.post(url(name, case.reviews.get().public_id), {"kind": "note"})
    assert answer.status_code == 422
    assert "请补充凭证" in answer.text
    assert seen(case) == ["claim", "read"]
