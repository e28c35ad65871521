from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import InboxAddress
from complaints import story, workflow
from complaints.models import Case, Event, IncomingMail
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, Party, Stage, State, Verdict
from tests import make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(user=None) -> Client:
    client = Client()
    client.force_login(user or make.a_user())
    return client


def url(name: str, *args: str) -> str:
    return reverse(f"complaints:{name}", args=args)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# -- the list --------------------------------------------------------------------------------------------


def test_a_shopper_whose_addresses_are_paused_still_sees_what_arrives_here():
    make.an_inbox(state=InboxAddress.State.PAUSED)
    assert "还没有案件" in page(signed_in(), url("case_list"))


def test_a_new_shopper_sees_what_arrives_here_and_how():
    user = make.a_user()
    text = page(signed_in(user), url("case_list"))
    assert "还没有案件" in text
    assert make.an_inbox(user).address in text


def test_a_card_says_shop_amount_stage_whose_move_and_until_when():
    case = make.a_case(act=None)
    due = timezone.now() + timedelta(days=2, hours=3, minutes=1)
    make.an_event(case, Act.REFUSES, deadline=make.a_deadline(due, waiting_for=Party.BUYER))
    text = page(signed_in(), url("case_list"))
    for word in ("暖冬旗舰店", "¥459.00", "商家已回应", "轮到你了", "还剩2天3小时", "买家的期限"):
        assert word in text


def test_a_date_that_passed_says_look_at_the_order_page():
    case = make.a_case(act=None)
    make.an_event(
        case, Act.REFUSES, deadline=make.a_deadline(timezone.now() - timedelta(hours=1), waiting_for=Party.BUYER)
    )
    assert "可能已超时，请看订单页" in page(signed_in(), url("case_list"))


def test_a_draft_stands_apart_until_it_is_confirmed():
    case = make.a_case(act=None)
    event = make.an_event(case, Act.RULES, state=State.PROPOSED, outcome=Verdict.BUYER)
    client = signed_in()
    text = page(client, url("case_list"))
    assert "等你确认" in text
    assert "待确认" in text
    client.post(url("event_confirm", case.public_id, event.public_id))
    text = page(client, url("case_list"))
    assert "等你确认" not in text
    assert "已判决" in text


def test_a_draft_whose_every_act_was_undone_is_found_among_the_closed():
    case = make.a_case(act=None)
    workflow.undo(make.an_event(case, Act.RULES, state=State.PROPOSED), case.owner)
    client = signed_in()
    assert case.get_absolute_url() in page(client, url("case_list") + "?state=closed")
    assert case.get_absolute_url() not in page(client, url("case_list") + "?state=open")


@pytest.mark.parametrize(
    ("state", "shops"),
    [
        ("", {"甲店", "乙店", "丙店"}),
        ("open", {"甲店", "乙店"}),
        ("mine", {"乙店"}),
        ("closed", {"丙店"}),
        ("odd", {"甲店", "乙店", "丙店"}),
    ],
)
def test_the_filter_stands_in_the_address(state, shops):
    make.a_case(shop="甲店")
    make.a_case(shop="乙店", act=Act.REFUSES)
    make.a_case(shop="丙店", act=Act.SETTLES)
    text = page(signed_in(), f"{url('case_list')}?state={state}")
    assert {shop for shop in ("甲店", "乙店", "丙店") if shop in text} == shops


def test_a_filter_without_a_hit_offers_to_clear_it():
    make.a_case()
    assert "清除筛选" in page(signed_in(), f"{url('case_list')}?state=closed")


def test_pages_go_on_where_the_last_one_ended_and_show_every_case_once():
    cases = [make.a_case(shop=f"店{number}") for number in range(45)]
    Case.objects.update(updated_at=make.NOW)  # all of one moment: the row itself decides
    client, address, seen = signed_in(), url("case_list"), []
    while address:
        text = page(client, address)
        seen += re.findall(r'class="cover" href="/cases/(\w+)/"', text)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        address = url("case_list") + older[1].replace("&amp;", "&") if older else ""
    assert seen == [case.public_id for case in reversed(cases)]


@pytest.mark.parametrize("before", ["x", "9" * 30, "12-", "-", "１２-a"])
def test_a_cursor_that_is_none_shows_the_first_page(before):
    case = make.a_case()
    answer = signed_in().get(url("case_list"), {"before": before})
    assert answer.status_code == 200
    assert before == "12-" or case.public_id in answer.content.decode()


def test_the_list_asks_as_often_for_200_cases_as_for_one():
    user = make.a_user()
    client = signed_in(user)
    counts = []
    for more in (1, 19, 180):
        for number in range(more):
            make.a_case(user, shop=f"店{len(counts)} {number}", order_no=f"{len(counts)}{number:05}")
        counts.append(queries(client, url("case_list")))
    assert counts[0] == counts[1] == counts[2] <= 10


def test_the_first_case_appears_on_the_empty_list_by_itself():
    client = signed_in()
    version = re.search(r'data-version="([^"]+)"', page(client, url("case_list")))[1]
    assert client.get(url("case_list"), {"seen": version}).status_code == 204
    case = make.a_case()
    answer = client.get(url("case_list"), {"seen": version})
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="case-rows"')
    assert case.get_absolute_url() in text
    assert "还没有案件" not in text


def test_polling_keeps_the_filter():
    make.a_case()
    assert 'data-poll="/cases/?state=open"' in page(signed_in(), url("case_list") + "?state=open")


# -- the case page -----------------------------------------------------------------------------------------


def test_the_case_page_says_where_it_stands_whose_move_and_why():
    case = make.a_case(act=None)
    mail = make.a_mail(outcome="filed", reason="moved")
    notice = make.a_notice(mail, kind=Kind.EVIDENCE_REQUEST, case=case, provenance="C")
    make.an_event(
        case,
        Act.REQUESTS_EVIDENCE,
        notice=notice,
        provenance="C",
        why="verified_route",
        because=[{"of": "kind", "words": "请补充<b>凭证</b>", "where": "body"}],
        deadline=make.a_deadline(
            timezone.now() + timedelta(days=1, minutes=5),
            waiting_for=Party.BUYER,
            if_missed="judged_as_is",
            because="请于11月10日前",
        ),
    )
    text = page(signed_in(), case.get_absolute_url())
    for words in (
        "轮到你了",
        "上传凭证",
        "还剩1天",
        "通知里写明",
        ">请于11月10日前</q>",
        "逾期将按现有材料判定",
        "前面的步骤没有看到",
        "请补充&lt;b&gt;凭证&lt;/b&gt;",
        "正文",
        "由你确认过的邮箱转发而来。",
        "由你确认过的邮箱转来，没有原始签名",
        url("mail_detail", mail.public_id),
        url("notice_html", mail.public_id, notice.public_id),
        url("mail_raw", mail.public_id),
    ):
        assert words in text, words
    assert text.count('aria-current="step"') == 1
    assert re.search(r"<iframe[^>]* sandbox ", text)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("stated", "通知里写明"),
        ("computed", "按通知里的时长推算"),
        ("entered", "你填写的"),
    ],
)
def test_a_deadline_says_where_it_comes_from(source, words):
    case = make.a_case(act=None)
    make.an_event(case, Act.REPLIES, deadline=make.a_deadline(waiting_for=Party.BUYER, source=source))
    assert words in page(signed_in(), case.get_absolute_url())


def test_a_usual_time_is_never_told_as_certain():
    assert "请以订单页倒计时为准" in page(signed_in(), make.a_case().get_absolute_url())


def test_a_proposal_stands_on_top_and_says_what_confirming_would_change():
    case = make.a_case()
    make.an_event(
        case,
        Act.RULES,
        at=make.NOW + timedelta(hours=1),
        state=State.PROPOSED,
        outcome=Verdict.BUYER,
        why="unverified_route",
        because=[{"of": "outcome", "words": "支持买家", "where": "body"}],
    )
    text = page(signed_in(), case.get_absolute_url())
    assert "寄信的邮箱还没有确认是你的" in text
    assert "确认后，进度变为“已判决”" in text
    assert text.index('id="proposals"') < text.index('id="case-timeline"')
    case.refresh_from_db()
    assert case.stage == Stage.FILED


def test_undo_is_one_click_and_can_itself_be_undone():
    case = make.a_case()
    event = make.an_event(case, Act.REFUSES, at=make.NOW + timedelta(hours=1))
    client = signed_in()
    client.post(url("event_undo", case.public_id, event.public_id))
    case.refresh_from_db()
    assert case.stage == Stage.FILED
    text = page(client, case.get_absolute_url())
    assert "已撤销" in text
    assert "恢复" in text
    client.post(url("event_confirm", case.public_id, event.public_id))
    case.refresh_from_db()
    assert case.stage == Stage.MERCHANT_REPLIED


def test_undo_works_as_a_plain_form_with_its_own_token():
    case = make.a_case()
    client = Client(enforce_csrf_checks=True)
    client.force_login(case.owner)
    form = re.search(r'<form[^>]* action="([^"]+/undo/)".*?</form>', page(client, case.get_absolute_url()), re.S)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form[0])[1]
    assert client.post(form[1]).status_code == 403
    assert client.post(form[1], {"csrfmiddlewaretoken": token})["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    assert case.stage == ""


def test_undoing_or_confirming_twice_records_it_once():
    case = make.a_case()
    event = case.events.get()
    client = signed_in()
    for _again in range(2):
        client.post(url("event_undo", case.public_id, event.public_id))
    assert case.events.count() == 2
    for _again in range(2):
        client.post(url("event_confirm", case.public_id, event.public_id))
    assert case.events.count() == 3


def test_htmx_gets_the_live_part_and_a_word_of_what_was_done():
    case = make.a_case()
    answer = signed_in().post(url("event_undo", case.public_id, case.events.get().public_id), headers=HTMX)
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="case-live"')
    assert "已撤销：提交了申请" in text


def test_an_answer_is_not_an_act_that_can_be_answered():
    case = make.a_case()
    answer = workflow.undo(case.events.get(), case.owner).event
    assert signed_in().post(url("event_undo", case.public_id, answer.public_id)).status_code == 404


def test_an_odd_act_says_that_it_was_not_counted():
    case = make.a_case(act=Act.REOPENS, by=Party.BUYER)
    assert "没有算进进度，等人看" in page(signed_in(), case.get_absolute_url())


def test_a_suspended_case_says_so():
    case = make.a_case()
    make.an_event(case, Act.SUSPENDS, at=make.NOW + timedelta(hours=1))
    assert "处理已中止" in page(signed_in(), case.get_absolute_url())


def test_the_live_part_is_silent_while_nothing_changed():
    case = make.a_case()
    client = signed_in()
    part = url("case_part", case.public_id)
    version = re.search(r'data-version="([^"]+)"', page(client, part))[1]
    assert client.get(part, {"seen": version}).status_code == 204
    make.an_event(case, Act.REFUSES, at=make.NOW + timedelta(hours=1))
    assert client.get(part, {"seen": version}).status_code == 200


def test_the_version_follows_the_hours_of_the_countdown():
    case = make.a_case()
    later = story.version_of(case, make.NOW + timedelta(minutes=90))
    assert story.version_of(case, make.NOW) != later
    assert story.version_of(case, make.NOW + timedelta(minutes=95)) == later


def test_the_case_page_asks_as_often_for_200_events_as_for_one():
    case = make.a_case()
    client = signed_in()
    counts = []
    for more in (1, 19, 180):
        for number in range(more):
            notice = make.a_notice(make.a_mail(outcome="filed", raw=f"{len(counts)} {number}".encode()), case=case)
            make.an_event(case, Act.REPLIES, at=make.NOW + timedelta(minutes=number), notice=notice, actor=case.owner)
        counts.append(queries(client, case.get_absolute_url()))
    assert counts[0] == counts[1] == counts[2] <= 10


def test_no_row_number_stands_on_a_case_page():
    case = make.a_case()
    Event.objects.get()
    text = page(signed_in(), case.get_absolute_url())
    assert not re.search(r'(href|action|src|id)="[^"]*[/-]\d+[/"]', text)


@pytest.mark.parametrize("name", ["case_detail", "case_part", "case_record"])
def test_a_stranger_is_told_that_there_is_no_such_case(name):
    case = make.a_case(make.a_user("other@example.com"))
    assert signed_in().get(url(name, case.public_id)).status_code == 404


@pytest.mark.parametrize("name", ["event_confirm", "event_undo", "event_correct"])
def test_a_stranger_cannot_answer_an_event(name):
    case = make.a_case(make.a_user("other@example.com"))
    mine = make.a_case()
    event = case.events.get().public_id
    client = signed_in()
    assert client.post(url(name, case.public_id, event)).status_code == 404
    assert client.post(url(name, mine.public_id, event)).status_code == 404
    assert case.events.count() == 1


@pytest.mark.parametrize("name", ["event_confirm", "event_undo"])
def test_a_link_alone_changes_nothing(name):
    case = make.a_case()
    assert signed_in().get(url(name, case.public_id, case.events.get().public_id)).status_code == 405


# -- by hand ---------------------------------------------------------------------------------------------


def test_two_answers_make_a_case_with_a_running_clock():
    answer = signed_in().post(url("case_new"), {"shop": "甲店", "stands": "filed"}, follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(case.get_absolute_url(), 302)]
    assert (case.stage, case.waiting_on, case.deadline_from) == (Stage.FILED, Party.MERCHANT, "rule")


@pytest.mark.parametrize(
    ("stands", "stage", "waiting"),
    [
        ("filed", Stage.FILED, Party.MERCHANT),
        ("acknowledged", Stage.ACKNOWLEDGED, Party.MERCHANT),
        ("refused", Stage.MERCHANT_REPLIED, Party.BUYER),
        ("return_agreed", Stage.MERCHANT_REPLIED, Party.BUYER),
        ("replied", Stage.MERCHANT_REPLIED, Party.BUYER),
        ("intervened", Stage.PLATFORM_INTERVENED, Party.PLATFORM),
        ("evidence_requested", Stage.EVIDENCE_REQUESTED, Party.BUYER),
        ("ruled", Stage.RULED, Party.BUYER),
        ("appealed", Stage.APPEALED, Party.PLATFORM),
    ],
)
def test_the_countdown_of_the_app_is_the_clock_of_whoever_must_move(stands, stage, waiting):
    signed_in().post(url("case_new"), {"shop": "甲店", "stands": stands, "days": "2", "hours": "3", "minutes": ""})
    case = Case.objects.get()
    assert (case.stage, case.waiting_on, case.deadline_for, case.deadline_from) == (stage, waiting, waiting, "entered")
    assert abs(case.deadline_at - timezone.now() - timedelta(days=2, hours=3)) < timedelta(minutes=1)


def test_every_stage_can_be_where_a_new_case_stands():
    from complaints.forms import OPENINGS

    assert {row[0] for row in OPENINGS.values()} == set(Stage)
    for key, (stage, *_row) in OPENINGS.items():
        signed_in().post(url("case_new"), {"shop": f"店 {key}", "stands": key})
        assert Case.objects.get(shop__name=f"店 {key}").stage == stage


def test_a_date_instead_of_a_countdown_is_read_in_shanghai_time():
    due = (timezone.now() + timedelta(days=3)).astimezone(make.SHANGHAI).replace(second=0, microsecond=0)
    signed_in().post(url("case_new"), {"shop": "甲店", "stands": "refused", "until": f"{due:%Y-%m-%dT%H:%M}"})
    assert Case.objects.get().deadline_at == due


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"shop": ""}, "必填"),
        ({"stands": ""}, "必填"),
        ({"stands": "nowhere"}, "nowhere"),
        ({"days": "-1"}, "0"),
        ({"days": "91"}, "90"),
        ({"days": "1", "until": "2026-11-10T10:00"}, "填一个就够了"),
        ({"until": "2099-01-01T10:00"}, "不会超过90天"),
    ],
)
def test_what_cannot_be_is_answered_422_with_a_sentence_and_the_form_as_filled_in(wrong, sentence):
    filled = {"shop": "我填的店名", "stands": "filed", "reason": "quality"} | wrong
    for headers in ({}, HTMX):
        answer = signed_in().post(url("case_new"), filled, headers=headers)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in text
        assert 'role="alert"' in text
        assert ("我填的店名" in text) is bool(filled["shop"])
        assert text.lstrip().startswith('<form id="case-new-form"') is bool(headers)
    assert not Case.objects.exists()


def test_recording_offers_what_fits_the_stage_first_and_chooses_nothing_itself():
    case = make.a_case(act=Act.RULES)
    text = page(signed_in(), url("case_record", case.public_id))
    assert text.index('value="appeals:buyer"') < text.index("对不上的") < text.index('value="reopens:buyer"')
    assert re.search(r'<option value="" selected>\s*请选择', text)


def test_an_act_can_be_chosen_by_the_link_that_leads_here():
    case = make.a_case()
    text = page(signed_in(), url("case_record", case.public_id) + "?did=refuses:merchant")
    assert re.search(r'<option value="refuses:merchant" selected>', text)


def test_an_act_by_hand_moves_the_case_and_says_who_recorded_it():
    case = make.a_case(at=timezone.now() - timedelta(days=1))
    client = signed_in()
    answer = client.post(
        url("case_record", case.public_id),
        {"did": "refuses:merchant", "days": "6", "note": "电话里说的 <b>"},
        follow=True,
    )
    text = answer.content.decode()
    case.refresh_from_db()
    assert (case.stage, case.deadline_for) == (Stage.MERCHANT_REPLIED, Party.BUYER)
    assert "电话里说的 &lt;b&gt;" in text
    assert "由你记下。" in text
    assert "由你转述" in text


def test_an_offer_by_hand_can_be_answered_and_only_the_merchants_answer_brings_one():
    case = make.a_case(at=timezone.now() - timedelta(days=1))
    said = {"did": "replies:merchant", "offer": "compensation", "amount": "50"}
    text = signed_in().post(url("case_record", case.public_id), said, follow=True).text
    assert "补偿 ¥50.00" in text
    assert "接受就是和解" in text
    event = case.events.get(act=Act.REPLIES)
    assert event.payload["offer"] == {"amount": "50.00", "form": "compensation", "condition": None, "expires": None}
    assert "amount" not in event.payload  # offered is not granted
    answer = signed_in().post(url("case_record", case.public_id), said | {"did": "acknowledges:platform"})
    assert answer.status_code == 422
    assert "只有商家回复或拒绝时" in answer.text


def test_a_card_says_the_shop_once():
    case = make.a_case()
    text = page(signed_in(), url("case_list"))
    assert text.count(case.shop.name) == 1
    Case.objects.update(title="冬天的被子")
    text = page(signed_in(), url("case_list"))
    assert "冬天的被子" in text
    assert text.count(case.shop.name) == 1


def test_a_ruling_by_hand_has_an_outcome():
    case = make.a_case(at=timezone.now() - timedelta(days=1))
    signed_in().post(url("case_record", case.public_id), {"did": "rules:platform", "outcome": "buyer"})
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.waiting_on) == (Stage.RULED, Verdict.BUYER, Party.MERCHANT)


def test_a_refund_closes_only_when_the_money_is_there():
    case = make.a_case(act=Act.RULES, at=timezone.now() - timedelta(days=1), outcome=Verdict.BUYER)
    client = signed_in()
    client.post(url("case_record", case.public_id), {"did": "executes:payer"})
    case.refresh_from_db()
    assert case.stage == Stage.RULED
    client.post(url("case_record", case.public_id), {"did": "executes:payer", "money_arrived": "on"})
    case.refresh_from_db()
    assert (case.stage, case.outcome) == (Stage.CLOSED, Verdict.REFUNDED)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"did": "flies:buyer"}, "flies:buyer"),
        ({"did": ""}, "必填"),
        ({"outcome": "buyer"}, "只有判决、申诉结果和结案才有结果"),
        ({"money_arrived": "on"}, "只有退款才会到账"),
        ({"at": "2099-01-01T00:00"}, "这个时间还没有到"),
        ({"note": "字" * 501}, "500"),
    ],
)
def test_what_cannot_be_recorded_is_said(wrong, sentence):
    case = make.a_case()
    answer = signed_in().post(url("case_record", case.public_id), {"did": "refuses:merchant"} | wrong, headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert case.events.count() == 1


def test_an_act_that_does_not_fit_is_kept_and_said():
    case = make.a_case(at=timezone.now() - timedelta(days=1))
    answer = signed_in().post(url("case_record", case.public_id), {"did": "reopens:buyer"}, follow=True)
    assert "对不上，没有算进进度" in answer.content.decode()
    case.refresh_from_db()
    assert (case.stage, case.odd) == (Stage.FILED, 1)


# -- correct -----------------------------------------------------------------------------------------------


def as_shown(client: Client, address: str) -> dict[str, str]:
    """What the browser would send when nothing is changed."""
    form = client.get(address).context["form"]
    shown = {}
    for field in form:
        value = field.value()
        if hasattr(value, "strftime"):
            value = value.astimezone(make.SHANGHAI).strftime("%Y-%m-%dT%H:%M")
        if value not in (None, False):
            shown[field.name] = "on" if value is True else str(value)
    return shown


def test_a_wrong_reading_is_put_right_and_the_story_told_again():
    case = make.a_case()
    event = make.an_event(
        case,
        Act.RULES,
        at=make.NOW + timedelta(hours=1),
        outcome=Verdict.SELLER,
        deadline=make.a_deadline(waiting_for=Party.BUYER),
    )
    client = signed_in()
    address = url("event_correct", case.public_id, event.public_id)
    client.post(address, as_shown(client, address) | {"outcome": "buyer"})
    case.refresh_from_db()
    assert (case.stage, case.outcome) == (Stage.RULED, Verdict.BUYER)
    assert case.events.last().payload == {"correction": {"outcome": "buyer"}}
    assert "已更正" in page(client, case.get_absolute_url())


def test_an_act_can_become_another_one_by_another_party():
    case = make.a_case()
    event = make.an_event(case, Act.REFUSES, at=make.NOW + timedelta(hours=1))
    client = signed_in()
    address = url("event_correct", case.public_id, event.public_id)
    client.post(address, as_shown(client, address) | {"did": "intervenes:platform"})
    case.refresh_from_db()
    assert case.stage == Stage.PLATFORM_INTERVENED


def test_a_deadline_can_be_typed_over_moved_or_taken_out():
    case = make.a_case()
    event = make.an_event(
        case, Act.REPLIES, at=make.NOW + timedelta(hours=1), deadline=make.a_deadline(waiting_for=Party.BUYER)
    )
    client = signed_in()
    address = url("event_correct", case.public_id, event.public_id)
    client.post(address, as_shown(client, address) | {"days": "1"})
    case.refresh_from_db()
    assert case.deadline_from == "entered"
    assert abs(case.deadline_at - timezone.now() - timedelta(days=1)) < timedelta(minutes=1)
    client.post(address, as_shown(client, address) | {"until": "2026-11-20T08:00"})
    case.refresh_from_db()
    assert case.deadline_at.astimezone(make.SHANGHAI).isoformat() == "2026-11-20T08:00:00+08:00"
    client.post(address, as_shown(client, address) | {"no_deadline": "on"})
    case.refresh_from_db()
    assert case.deadline_at is None


def test_correcting_nothing_is_said_and_changes_nothing():
    case = make.a_case(deadline=make.a_deadline())
    client = signed_in()
    address = url("event_correct", case.public_id, case.events.get().public_id)
    answer = client.post(address, as_shown(client, address))
    assert answer.status_code == 422
    assert "还没有改动任何一项" in answer.content.decode()
    assert case.events.count() == 1


def test_saving_a_proposal_unchanged_confirms_it():
    case = make.a_case(act=None)
    event = make.an_event(case, Act.REFUSES, state=State.PROPOSED)
    client = signed_in()
    address = url("event_correct", case.public_id, event.public_id)
    client.post(address, as_shown(client, address))
    case.refresh_from_db()
    assert case.stage == Stage.MERCHANT_REPLIED


@pytest.mark.parametrize("name", ["case_list", "case_new", "hand_in", "mail_list"])
def test_whoever_is_not_signed_in_is_asked_to_sign_in(name):
    answer = Client().get(url(name))
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={url(name)}")


# -- twice is once ---------------------------------------------------------------------------------------------


def test_a_form_sent_twice_opens_one_case():
    client = signed_in()
    once = client.get(url("case_new")).context["form"]["once"].value()
    for _again in range(2):
        answer = client.post(url("case_new"), {"shop": "甲店", "stands": "filed", "once": once})
    assert answer["Location"] == Case.objects.get().get_absolute_url()
    assert Event.objects.count() == 1


def test_the_name_of_somebody_elses_form_opens_a_case_of_ones_own():
    theirs = make.a_case(make.a_user("other@example.com"))
    signed_in().post(url("case_new"), {"shop": "甲店", "stands": "filed", "once": theirs.events.get().fingerprint})
    assert Case.objects.filter(owner=make.a_user()).count() == 1


def test_an_act_recorded_twice_by_one_form_counts_once():
    case = make.a_case(at=timezone.now() - timedelta(days=1))
    client = signed_in()
    once = client.get(url("case_record", case.public_id)).context["form"]["once"].value()
    for _again in range(2):
        client.post(url("case_record", case.public_id), {"did": "replies:merchant", "once": once})
    assert case.events.count() == 2


def test_a_name_that_no_form_has_is_refused():
    assert signed_in().post(url("case_new"), {"shop": "甲店", "stands": "filed", "once": "x" * 99}).status_code == 422
    assert not Case.objects.exists()


# -- the mail behind a proposal ------------------------------------------------------------------------------


def a_proposal(case: Case, mail: IncomingMail, act: Act, hours: int) -> Event:
    notice = make.a_notice(
        mail, kind=Kind.RULING, case=case, reading=make.a_reading(Kind.RULING, order_no="2026110812345678901")
    )
    at = make.NOW + timedelta(hours=hours)
    return make.an_event(case, act, at=at, state=State.PROPOSED, notice=notice, fingerprint=notice.fingerprint)


def test_confirming_on_the_case_page_settles_the_mail_and_teaches_its_numbers():
    case = make.a_case()
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unverified_route")
    event = a_proposal(case, mail, Act.RULES, 1)
    signed_in().post(url("event_confirm", case.public_id, event.public_id))
    mail.refresh_from_db()
    case.refresh_from_db()
    assert (mail.outcome, mail.reason) == (Outcome.FILED, "confirmed_by_owner")
    assert (case.stage, case.order_no) == (Stage.RULED, "2026110812345678901")


def test_a_mail_waits_until_each_of_its_acts_is_answered():
    case = make.a_case()
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unverified_route")
    first, second = a_proposal(case, mail, Act.INTERVENES, 1), a_proposal(case, mail, Act.RULES, 2)
    client = signed_in()
    client.post(url("event_confirm", case.public_id, first.public_id))
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW
    address = url("event_correct", case.public_id, second.public_id)
    client.post(address, as_shown(client, address) | {"outcome": "buyer"})
    mail.refresh_from_db()
    assert mail.outcome == Outcome.FILED


def test_a_mail_whose_proposal_was_not_so_still_waits_to_be_filed_elsewhere():
    case = make.a_case()
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unverified_route")
    event = a_proposal(case, mail, Act.RULES, 1)
    signed_in().post(url("event_undo", case.public_id, event.public_id))
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW
