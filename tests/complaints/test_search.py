"""Search: what is found, by whom, in which order, and how the index follows what it stands for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from complaints import indexing, search, workflow
from complaints.models import IncomingMail, LetterDraft, Passage, PassageDue
from complaints.models.mail import Outcome
from complaints.pairs import words_of
from complaints.search import Question
from complaints.stages import Act, Kind, Stage
from complaints.tasks import index_texts
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=[search.WALKED, 2], ids=["looked through", "by the index"])
def walked(request, monkeypatch):
    """Everything twice: as for most people, and as if one's texts were too many to look through."""
    monkeypatch.setattr(search, "WALKED", request.param)


def found(user, asked: str, **narrow):
    """What `user` finds, once everything written so far is known."""
    while indexing.fill():
        pass
    return search.find(user, Question(tuple(words_of(asked)), **narrow))[0]


def what(user, asked: str, **narrow):
    return [one.what for one in found(user, asked, **narrow)]


def test_a_mail_is_found_by_any_piece_of_what_it_says():
    notice = make.a_notice(body="经核实，支持买家退款459.00元，请于三日内退回。", subject="处理结果")
    owner = notice.owner
    for asked in (
        "退款",
        "退款459",
        "结果",
        "果",
        "59.0",
        "退款 三日",
        "ＲＥＳ".replace("ＲＥＳ", "处理结果"),
        "service@notice",
    ):
        assert [one.notice_id for one in found(owner, asked)] == [notice.pk], asked


def test_pairs_that_stand_apart_are_no_hit():
    notice = make.a_notice(body="投诉已受理，诉讼请受托。")
    assert found(notice.owner, "投诉") != []
    assert found(notice.owner, "诉受") == []
    assert found(notice.owner, "理诉讼请") == []
    assert found(notice.owner, "受托已受") == []  # each pair is there, the word is not


def test_the_sign_for_one_is_looked_for():
    notice = make.a_notice(body="统一处理，一年内。")
    assert found(notice.owner, "一") != []
    assert found(notice.owner, "一年") != []
    assert found(notice.owner, "十一") == []


def test_signs_that_mean_something_to_a_database_are_looked_for_as_they_are():
    notice = make.a_notice(body='打折100%，编号a_b，他说"好"，5*3 (试)')
    for asked in ("100%", "a_b", '"好"', "5*3", "(试)", "1 AND 1", "OR 1=1", "'; --", "%", "_"):
        assert bool(found(notice.owner, asked)) is (asked in notice.body), asked


def test_numbers_are_found_by_a_piece_of_them():
    case = make.a_case(order_no="3299194706500000017", case_no="TSB0001234")
    assert what(case.owner, "06500") == ["case"]
    assert what(case.owner, "tsb0001234") == ["case"]
    assert what(case.owner, "TSB00013") == []


def test_cases_notes_letters_and_exhibits_are_found_too():
    case = make.a_case(shop="暖冬旗舰店")
    make.an_event(case, Act.REPLIES, note="客服电话里答应了换货", actor=case.owner)
    LetterDraft.objects.create(case=case, letter="first", text="贵店寄来的羽绒服与页面不符")
    shown = make.an_exhibit(case, name="吊牌照片.jpg")
    assert what(case.owner, "暖冬") == ["case"]
    assert what(case.owner, "换货") == ["note"]
    assert what(case.owner, "羽绒") == ["letter"]
    assert what(case.owner, "吊牌") == ["exhibit"]
    shown.caption = "袖口脱线"
    shown.save()
    assert what(case.owner, "脱线") == ["exhibit"]


def test_what_a_volunteer_noted_is_not_among_the_owners_notes():
    case = make.a_case()
    make.an_event(case, Act.REPLIES, note="志愿者的话", actor=make.a_volunteer())
    assert what(case.owner, "志愿者的话") == []


def test_nobody_finds_what_is_anothers():
    notice = make.a_notice(body="羽绒服退款")
    other = make.a_user("other@example.com")
    volunteer = make.a_volunteer()
    make.a_claim(notice.mail, volunteer, until=notice.mail.received_at + timedelta(days=9999))
    make.a_review(make.a_case(notice.owner, shop="羽绒服店"), by=volunteer)
    assert len(found(notice.owner, "羽绒")) == 2
    assert found(other, "羽绒") == found(volunteer, "羽绒") == []
    assert found(other, "羽") == found(volunteer, "羽") == []


@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.QUARANTINED])
def test_what_is_held_never_gets_into_the_index(outcome):
    mail = make.a_mail(outcome=outcome, reason="verification_code")
    make.a_notice(mail=mail, kind=Kind.VERIFICATION_CODE, body="验证码 481516")
    make.a_notice(mail=make.a_mail(outcome=Outcome.REVIEW), kind=Kind.VERIFICATION_CODE, body="验证码 481516")
    assert found(mail.owner, "481516") == []
    assert not Passage.objects.filter(folded__contains="481516").exists()


def test_what_is_held_later_is_found_no_more_in_that_moment_and_again_when_it_is_let_go():
    notice = make.a_notice(body="退款")
    assert found(notice.owner, "退款")
    IncomingMail.objects.filter(pk=notice.mail_id).update(outcome=Outcome.HELD)
    assert not Passage.objects.filter(notice=notice).exists()
    assert found(notice.owner, "退款") == []
    IncomingMail.objects.filter(pk=notice.mail_id).update(outcome=Outcome.REVIEW)
    assert found(notice.owner, "退款")


def test_what_is_deleted_is_found_no_more_and_leaves_nothing_behind():
    notice = make.a_notice(body="退款羽绒")
    case = make.a_case(notice.owner, shop="羽绒店")
    assert len(found(notice.owner, "羽绒")) == 2
    notice.mail.delete()
    assert what(notice.owner, "羽绒") == ["case"]
    shown = make.an_exhibit(case, name="羽绒.jpg")
    assert sorted(what(notice.owner, "羽绒")) == ["case", "exhibit"]
    shown.removed_at = make.NOW
    shown.save()
    assert what(notice.owner, "羽绒") == ["case"]
    assert in_index("羽绒") == 1
    case.delete()
    assert found(notice.owner, "羽绒") == []
    assert in_index("羽绒") == 0


def test_no_page_of_the_index_keeps_what_was_deleted():
    notice = make.a_notice(body="麒麟")
    for number in range(3):
        make.a_case(notice.owner, shop=f"店{number}")
        found(notice.owner, "麒麟")
    notice.mail.delete()
    indexing.wipe()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) FROM complaints_passage_pairs_data WHERE instr(block, %s) > 0", [b"9e92z9e9f"]
            )
        else:
            cursor.execute("SELECT count(*) FROM complaints_passage WHERE '麒麟' = ANY (pairs)")
        assert cursor.fetchone() == (0,)


def in_index(pair: str) -> int:
    """How many rows the index itself holds that pair for, whatever the passages say."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM complaints_passage WHERE pairs @> ARRAY[%s]", [pair])
        else:
            asked = "z".join(f"{ord(sign):x}" for sign in pair)
            cursor.execute(
                "SELECT count(*) FROM complaints_passage_pairs WHERE complaints_passage_pairs MATCH %s", [asked]
            )
        return int(cursor.fetchone()[0])


def test_what_changes_is_found_as_it_is_now():
    case = make.a_case(shop="暖冬旗舰店", order_no="1234567")
    assert what(case.owner, "34567") == ["case"]
    workflow.learn(case, shop=None, numbers=[("complaint", "TS998877")], reason=None, amount=None)
    assert what(case.owner, "998877") == ["case"]
    case.title = "羽绒服起球"
    case.save()
    assert what(case.owner, "起球") == ["case"]
    assert Passage.objects.filter(what="case").count() == 1


def test_a_notice_that_comes_to_a_case_is_found_under_it():
    notice = make.a_notice(body="退款")
    case = make.a_case(notice.owner)
    assert found(notice.owner, "退款")[0].case is None
    notice.case = case
    notice.save()
    assert found(notice.owner, "退款")[0].case == case


def test_the_newest_come_first_and_pages_show_every_one_once():
    owner = make.a_user()
    for number in range(50):
        notice = make.a_notice(mail=make.a_mail(owner, outcome=Outcome.FILED, raw=b"%d" % number), body=f"退款{number}")
        notice.dated_at = make.NOW - timedelta(days=number // 30)  # many of one moment
        notice.save()
    first = found(owner, "退款")
    assert [(one.at, one.pk) for one in first] == sorted(((one.at, one.pk) for one in first), reverse=True)
    seen, after = [], ""
    while True:
        page, after = search.find(owner, Question(("退款",)), after)
        seen += page
        if not after:
            break
    assert len(seen) == len({one.pk for one in seen}) == 50
    assert [one.at for one in seen] == sorted((one.at for one in seen), reverse=True)


@pytest.mark.parametrize("cursor", ["x", "9" * 30 + "-1", "12", "-", "1-99999", "１-１"])
def test_a_cursor_that_is_none_is_the_first_page(cursor):
    notice = make.a_notice(body="退款")
    found(notice.owner, "退款")
    assert len(search.find(notice.owner, Question(("退款",)), cursor)[0]) == 1


def test_filters_narrow_what_is_found():
    case = make.a_case(shop="暖冬旗舰店", act=Act.REFUSES)
    notice = make.a_notice(
        mail=make.a_mail(case.owner, outcome=Outcome.FILED), case=case, kind=Kind.RULING, body="退款"
    )
    make.a_notice(mail=make.a_mail(case.owner, outcome=Outcome.REVIEW), body="退款别的")

    def only(**narrow):
        return [one.notice_id for one in found(case.owner, "退款", **narrow)] == [notice.pk]

    day = date(2026, 11, 9)
    assert only(stage=Stage.MERCHANT_REPLIED)
    assert only(kind=Kind.RULING)
    assert only(shop="暖冬")
    assert only(move="mine")
    assert not found(case.owner, "退款", move="others")
    assert not found(case.owner, "退款", stage=Stage.CLOSED)
    assert not found(case.owner, "退款", what="letter")
    assert len(found(case.owner, "退款", since=day, until=day)) == 2
    assert not found(case.owner, "退款", since=day + timedelta(days=1))
    assert not found(case.owner, "退款", until=day - timedelta(days=1))
    assert len(found(case.owner, "退款", until=date.max)) == 2


def test_the_task_makes_findable_what_waits_and_is_safe_to_repeat():
    notice = make.a_notice(body="退款")
    assert index_texts() > 0
    assert index_texts() == 0
    assert not PassageDue.objects.exists()
    assert search.find(notice.owner, Question(("退款",)))[0][0].notice == notice


def test_the_command_finds_what_no_trigger_noted():
    notice = make.a_notice(body="退款")
    make.an_exhibit(make.a_case(notice.owner, shop="退款店"), name="退款.jpg")
    PassageDue.objects.all().delete()
    call_command("index_texts")
    assert sorted(one.what for one in search.find(notice.owner, Question(("退款",)))[0]) == [
        "case",
        "exhibit",
        "notice",
    ]
    before = Passage.objects.count()
    call_command("index_texts")
    call_command("index_texts", "--anew")
    assert Passage.objects.count() == before


def test_noting_what_was_written_costs_the_mail_no_further_query(django_assert_num_queries):
    mail = make.a_mail(outcome=Outcome.FILED)
    with django_assert_num_queries(2):  # the place of the notice, and its row
        make.a_notice(mail=mail, body="退款")
    assert PassageDue.objects.filter(what="notice").exists()


def test_a_page_of_a_word_that_stands_in_most_of_many_texts_does_not_ask_the_index(monkeypatch):
    owner = make.a_user()
    for number in range(search.PAGE + 1):
        make.a_notice(mail=make.a_mail(owner, outcome=Outcome.FILED, raw=b"%d" % number), body=f"退款{number}")
    found(owner, "退款")
    monkeypatch.setattr(search, "WALKED", search.PAGE + 1)
    monkeypatch.delattr(search, "holding")
    assert len(search.find(owner, Question(("退款",)))[0]) == search.PAGE


def test_the_database_finds_pairs_by_its_index():
    notice = make.a_notice(body="退款")
    while indexing.fill():
        pass
    asked = search.holding(Passage.objects.visible_to(notice.owner), notice.owner, ("退款",)).order_by("-at", "-pk")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("DROP INDEX passage_of_owner_newest")  # of a few rows the other index is as good
    plan = asked.explain()
    assert "passage_pairs" in plan if connection.vendor == "postgresql" else "VIRTUAL TABLE INDEX" in plan
