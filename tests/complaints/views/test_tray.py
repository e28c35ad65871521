import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import tray
from complaints.models import Case, Claim, Look
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, Party, Stage, State, Verdict
from tests import make

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SECRETS = ("mei@example.com", "张小梅", "13800138000", "文一西路969号", "2026110900123456789", "我的羽绒服")
BODY = (
    "尊敬的张小梅：您好，订单2026110900123456789的投诉已受理，请补充凭证。\n"
    "收货人：张小梅，电话13800138000，地址：浙江省杭州市余杭区文一西路969号。"
)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, mail) -> str:
    return reverse(f"complaints:{name}", args=[mail.public_id])


def a_reading(kind: Kind = Kind.ACKNOWLEDGEMENT, **more):
    because = [
        {"of": "kind", "words": "投诉已受理", "where": "body"},
        {"of": "order_no", "words": "2026110900123456789", "where": "body"},
    ]
    reading = make.a_reading(kind, order_no="2026110900123456789", shop="暖冬旗舰店")
    told = {"stated_at": make.NOW.isoformat(), "other_nos": [], "money_arrived": False}
    return reading | told | {"because": because, "confidence": 0.71} | more


def a_waiting_mail(owner=None, *, kind: Kind = Kind.ACKNOWLEDGEMENT, reason="unsure", body=BODY, at=make.NOW, **more):
    """A mail in the tray, with its notice."""
    mail = make.a_mail(owner or make.a_user(), outcome=Outcome.REVIEW, reason=reason, at=at)
    make.a_notice(mail, kind=kind, body=body, reading=a_reading(kind, **more))
    return mail


def a_proposal(mail, case=None, act: Act = Act.ACKNOWLEDGES, **said):
    """What the machine proposes for `mail`."""
    case = case or make.a_case(mail.owner, order_no="2026110900123456789")
    notice = mail.notices.get()
    return make.an_event(case, act, state=State.PROPOSED, notice=notice, fingerprint=notice.fingerprint, **said)


def claim(mail, volunteer) -> Client:
    """`volunteer`, signed in, with `mail` in their hands."""
    client = signed_in(volunteer)
    assert client.post(at("tray_claim", mail)).status_code == 302
    return client


def decide(client: Client, mail, decision: str, headers=None, **more):
    return client.post(at("tray_decide", mail), {"decision": decision, **more}, headers=headers)


def looks(mail) -> list[tuple[str, str, str]]:
    return list(mail.looks.order_by("pk").values_list("what", "why", "by__email"))


# -- the list --------------------------------------------------------------------------------------------------


def test_the_tray_shows_what_waits_for_all_owners_and_nothing_of_who_they_are():
    a_waiting_mail(make.a_user("mei@example.com"))
    a_waiting_mail(make.a_user("wang@example.com"), reason="unverified_route")
    page = signed_in(make.a_volunteer()).get(reverse("complaints:tray")).content.decode()
    assert page.count("data-key-item") == 2
    assert "受理通知" in page
    assert "暖冬旗舰店" in page
    assert "机器没有十足把握。" in page
    assert "寄信的邮箱没有确认是买家本人的，所以机器只作提议。" in page
    for secret in (*SECRETS, "wang@example.com"):
        assert secret not in page


@pytest.mark.parametrize("role", ["shopper", "staff"])
def test_only_volunteers_find_the_tray(role):
    mail = a_waiting_mail()
    client = signed_in(make.a_user("other@example.com", role=role))
    assert client.get(reverse("complaints:tray")).status_code == 404
    assert client.get(at("tray_item", mail)).status_code == 404
    for name in ("tray_claim", "tray_release", "tray_decide", "tray_undo"):
        assert client.post(at(name, mail)).status_code == 404
    assert not Claim.objects.exists()


def test_held_and_settled_mails_and_ones_own_never_appear():
    volunteer = make.a_volunteer()
    code = make.a_mail(make.a_user(), outcome=Outcome.HELD, reason="verification_code")
    make.a_notice(code, kind=Kind.VERIFICATION_CODE, body="验证码 384912", reading=a_reading(Kind.VERIFICATION_CODE))
    beside = a_waiting_mail()
    make.a_notice(beside, kind=Kind.VERIFICATION_CODE, body="验证码 384912", reading=a_reading(Kind.VERIFICATION_CODE))
    filed = make.a_mail(make.a_user(), outcome=Outcome.FILED)
    own = a_waiting_mail(volunteer)
    client = signed_in(volunteer)
    page = client.get(reverse("complaints:tray")).content.decode()
    assert "都处理完了" in page
    for mail in (code, beside, filed, own):
        assert client.post(at("tray_claim", mail)).status_code == 404
        make.a_claim(mail, volunteer, until=timezone.now() + timedelta(minutes=5))
        if mail is not filed:
            assert client.get(at("tray_item", mail)).status_code == 404
    assert not Look.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(django_assert_num_queries):
    client = signed_in(make.a_volunteer())
    owner = make.a_user()
    a_waiting_mail(owner)
    with django_assert_num_queries(5):
        client.get(reverse("complaints:tray"))
    for minute in range(19):
        a_waiting_mail(owner, at=make.NOW + timedelta(minutes=minute))
    with django_assert_num_queries(5):
        assert client.get(reverse("complaints:tray")).content.decode().count("data-key-item") == 20


def test_a_long_list_is_turned_page_by_page_without_loss_or_repeat():
    owner = make.a_user()
    mails = [a_waiting_mail(owner, at=make.NOW + timedelta(minutes=number // 3)) for number in range(25)]
    client = signed_in(make.a_volunteer())
    first = client.get(reverse("complaints:tray")).content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first).group(1)
    second = client.get(reverse("complaints:tray") + older).content.decode()
    seen = [re.findall(r"/tray/(\w{16})/claim/", page) for page in (first, second)]
    assert seen[0] + seen[1] == [mail.public_id for mail in mails]
    assert client.get(reverse("complaints:tray"), {"after": "nonsense_x"}).status_code == 200


# -- claiming --------------------------------------------------------------------------------------------------


def test_a_mail_is_read_only_under_ones_own_live_claim():
    mail = a_waiting_mail()
    lin, bo = make.a_volunteer(), make.a_volunteer("bo@example.com")
    assert signed_in(lin).get(at("tray_item", mail)).status_code == 404
    client = claim(mail, lin)
    assert client.get(at("tray_item", mail)).status_code == 200
    assert signed_in(bo).get(at("tray_item", mail)).status_code == 404
    assert decide(signed_in(bo), mail, "reject").status_code == 404
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(at("tray_item", mail)).status_code == 404
    assert decide(client, mail, "reject").status_code == 404
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW


def test_what_somebody_holds_cannot_be_taken_until_it_runs_out():
    mail = a_waiting_mail()
    lin, bo = make.a_volunteer(), make.a_volunteer("bo@example.com")
    claim(mail, lin)
    page = signed_in(bo).get(reverse("complaints:tray")).content.decode()
    assert "别人在看" in page
    assert at("tray_claim", mail) not in page
    assert "别人正在看" in signed_in(bo).post(at("tray_claim", mail), follow=True).content.decode()
    assert Claim.objects.get().volunteer == lin
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    claim(mail, bo)
    assert Claim.objects.get().volunteer == bo


@pytest.mark.django_db(transaction=True)
def test_of_many_volunteers_at_once_one_gets_it():
    mail = a_waiting_mail()
    volunteers = [make.a_volunteer(f"v{number}@example.com") for number in range(6)]
    gate, got = threading.Barrier(len(volunteers)), []

    def take(volunteer):
        gate.wait()
        try:
            if tray.claim(mail, volunteer, timezone.now()):
                got.append(volunteer)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(volunteer,)) for volunteer in volunteers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(got) == 1
    assert Claim.objects.get().volunteer == got[0]
    assert Look.objects.filter(what=Look.What.CLAIM).count() == 1


def test_whoever_works_on_it_keeps_it():
    mail = a_waiting_mail()
    client = claim(mail, make.a_volunteer())
    soon = timezone.now() + timedelta(minutes=2)
    Claim.objects.update(until=soon)
    client.get(at("tray_item", mail))
    assert Claim.objects.get().until > soon + timedelta(minutes=5)


def test_what_is_given_back_is_free_at_once():
    mail = a_waiting_mail()
    client = claim(mail, make.a_volunteer())
    assert client.post(at("tray_release", mail)).status_code == 302
    assert not Claim.objects.exists()
    assert client.get(at("tray_item", mail)).status_code == 404


def test_skipping_takes_the_next_free_one():
    first, taken, third = (a_waiting_mail(at=make.NOW + timedelta(minutes=minute)) for minute in range(3))
    claim(taken, make.a_volunteer("bo@example.com"))
    client = claim(first, make.a_volunteer())
    assert client.post(at("tray_release", first), {"skip": "1"}).url == at("tray_item", third)
    assert set(Claim.objects.values_list("mail_id", flat=True)) == {taken.pk, third.pk}
    last = client.post(at("tray_release", third), {"skip": "1"}, follow=True)
    assert "后面没有空着的了" in last.content.decode()
    assert not Claim.objects.filter(mail=third).exists()


def test_a_volunteer_looks_after_mails_and_does_not_leaf_through_them(monkeypatch):
    monkeypatch.setattr(tray, "MOST_PER_HOUR", 2)
    mails = [a_waiting_mail(at=make.NOW + timedelta(minutes=minute)) for minute in range(3)]
    volunteer = make.a_volunteer()
    for mail in mails[:2]:
        client = claim(mail, volunteer)
    assert client.post(at("tray_claim", mails[1])).url == at("tray_item", mails[1])  # the same one again counts once
    assert "休息一会儿" in client.post(at("tray_claim", mails[2]), follow=True).content.decode()
    assert "休息一会儿" in client.post(at("tray_release", mails[1]), {"skip": "1"}, follow=True).content.decode()
    assert client.get(at("tray_item", mails[2])).status_code == 404
    Look.objects.update(at=timezone.now() - timedelta(hours=2))
    claim(mails[2], volunteer)


# -- one mail ----------------------------------------------------------------------------------------------------


def test_a_mail_is_shown_masked_with_the_words_marked_that_the_reading_rests_on():
    mail = a_waiting_mail()
    case = make.a_case(mail.owner, order_no="2026110900123456789")
    Case.objects.filter(pk=case.pk).update(title="我的羽绒服 张小梅")
    a_proposal(mail, case)
    page = claim(mail, make.a_volunteer()).get(at("tray_item", mail)).content.decode()
    for secret in SECRETS:
        assert secret not in page
    assert "<mark>投诉已受理</mark>" in page
    stars = '<span class="masked" role="img" aria-label="已遮住">***************</span>'
    assert f"<mark>{stars}</mark><mark>6789</mark>" in page
    assert "请补充凭证" in page
    assert "把握71%" in page
    assert "机器没有十足把握。" in page
    assert "暖冬旗舰店 · 与描述不符 · 已提交 · 编号***************6789" in page
    assert "提议是对的" in page


def test_the_shoppers_own_words_and_the_original_are_not_shown():
    mail = a_waiting_mail()
    mail.notices.update(note="我在闹离婚，心情不好", safe_html="<p>secret html</p>")
    volunteer = make.a_volunteer()
    client = claim(mail, volunteer)
    page = client.get(at("tray_item", mail)).content.decode()
    assert "离婚" not in page
    assert "secret html" not in page
    for name in ("mail_detail", "mail_raw"):
        assert client.get(at(name, mail)).status_code == 404


def test_a_phishing_mail_wears_a_red_flag_and_has_no_links():
    body = (
        "请点击 https://tb-refund.example/login?id=77 领取退款，加微信：kefu_tk88 <a href='https://evil.example'>x</a>"
    )
    mail = a_waiting_mail(kind=Kind.PHISHING, reason="phishing", body=body, trust="phishing", because=[])
    client = claim(mail, make.a_volunteer())
    assert "疑似诈骗" in client.get(reverse("complaints:tray")).content.decode()
    page = client.get(at("tray_item", mail)).content.decode()
    assert "这封信很像诈骗" in page
    assert "login?id=77" not in page
    main = re.search(r"<main.*?</main>", page, re.S).group(0)
    assert all(link.startswith("/") for link in re.findall(r'(?:href|src|action)="([^"]*)"', main))
    assert "<a href='https" not in main


@pytest.mark.parametrize("trust", ["phishing", "suspicious"])
@pytest.mark.parametrize("has_proposal", [False, True])
def test_what_may_be_fraud_is_put_aside_first_and_filed_last(trust, has_proposal):
    mail = a_waiting_mail(reason=trust, trust=trust)
    if has_proposal:
        a_proposal(mail)
    page = claim(mail, make.a_volunteer()).get(at("tray_item", mail)).content.decode()
    decisions = re.findall(r'name="decision" value="(\w+)"', page)
    assert decisions == ["reject", *(["confirm"] if has_proposal else []), "file"]
    assert re.findall(r'class="button primary" name="decision" value="(\w+)"', page) == ["reject"]
    assert "与投诉无关，或是诈骗" in page
    assert page.count('data-key="r"') == 1
    assert 'value="file" type="submit" data-key="a"' not in page
    assert '<details id="tray-file">' in page


def test_what_nobody_suspects_is_filed_first():
    page = claim(mail := a_waiting_mail(), make.a_volunteer()).get(at("tray_item", mail)).content.decode()
    assert re.findall(r'name="decision" value="(\w+)"', page) == ["file", "reject"]
    assert '<details id="tray-file" open>' in page
    assert "或是诈骗" not in page


def test_the_page_costs_the_same_however_many_cases_its_owner_has(django_assert_max_num_queries):
    mail = a_waiting_mail()
    a_proposal(mail)
    client = claim(mail, make.a_volunteer())
    client.get(at("tray_item", mail))
    for number in range(25):
        make.a_case(mail.owner, order_no=f"99990000{number:04}")
    with django_assert_max_num_queries(12):
        client.get(at("tray_item", mail))


# -- deciding ----------------------------------------------------------------------------------------------------


def test_a_proposal_that_is_right_counts_and_can_be_taken_back_from_the_next_page():
    mail = a_waiting_mail()
    proposal = a_proposal(mail)
    client = claim(mail, make.a_volunteer())
    answer = decide(client, mail, "confirm")
    assert answer.url == f"{reverse('complaints:tray')}?done={mail.public_id}"
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == (Outcome.FILED, "confirmed_by_volunteer")
    case = Case.objects.get(pk=proposal.case_id)
    assert (case.stage, case.proposed) == (Stage.ACKNOWLEDGED, 0)
    page = client.get(answer.url).content.decode()
    assert at("tray_undo", mail) in page
    for _click in range(2):  # the second one finds it done
        assert client.post(at("tray_undo", mail)).url == at("tray_item", mail)
    mail.refresh_from_db()
    case.refresh_from_db()
    assert (mail.outcome, mail.reason) == (Outcome.REVIEW, "reopened")
    assert case.stage == Stage.FILED
    assert client.get(at("tray_item", mail)).status_code == 200


def test_it_can_be_filed_to_a_case_of_its_owner_as_another_kind():
    mail = a_waiting_mail(kind=Kind.UNKNOWN, reason="unknown")
    case = make.a_case(mail.owner)
    client = claim(mail, make.a_volunteer())
    answer = decide(client, mail, "file", case=case.public_id, kind="merchant_refusal")
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.MERCHANT_REPLIED
    event = case.events.latest("seq")
    assert (event.act, event.by, event.actor.email) == (Act.REFUSES, Party.MERCHANT, "lin@example.com")
    assert mail.notices.get().case == case


def test_what_a_volunteer_filed_by_hand_counts_no_more_once_they_take_it_back():
    mail = a_waiting_mail(kind=Kind.INTERVENTION, reason="no_number", order_no=None)
    case = make.a_case(mail.owner, order_no="2026110900123456789")
    make.an_event(case, Act.ACKNOWLEDGES, Party.PLATFORM)
    client = claim(mail, make.a_volunteer())
    decide(client, mail, "file", case=case.public_id, kind=Kind.INTERVENTION)
    case.refresh_from_db()
    assert case.stage == Stage.PLATFORM_INTERVENED
    client.post(at("tray_undo", mail))
    case.refresh_from_db()
    assert case.stage == Stage.ACKNOWLEDGED
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW


def test_it_can_open_a_new_case_of_its_owner():
    mail = a_waiting_mail()
    answer = decide(claim(mail, make.a_volunteer()), mail, "file", case="new", kind="acknowledgement")
    assert answer.status_code == 302
    assert Case.objects.get().owner == mail.owner


def test_it_cannot_be_filed_to_a_case_of_somebody_else_or_as_nothing():
    mail = a_waiting_mail()
    foreign = make.a_case(make.a_user("wang@example.com"))
    client = claim(mail, make.a_volunteer())
    for said in ({"case": foreign.public_id, "kind": "ruling"}, {"case": "new", "kind": "phishing"}, {}):
        answer = decide(client, mail, "file", headers=HTMX, **said)
        assert answer.status_code == 422
        assert 'id="tray-decide"' in answer.content.decode()
    assert decide(client, mail, "burn").status_code == 422
    assert decide(client, mail, "confirm").status_code == 422  # there is nothing proposed to confirm
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW
    foreign.refresh_from_db()
    assert foreign.version == 1


def test_where_nothing_was_decided_there_is_nothing_to_take_back():
    mail = a_waiting_mail()
    assert claim(mail, make.a_volunteer()).post(at("tray_undo", mail)).status_code == 404


def test_what_is_no_complaint_is_set_aside_and_can_be_taken_back():
    mail = a_waiting_mail()
    client = claim(mail, make.a_volunteer())
    decide(client, mail, "reject")
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == (Outcome.IGNORED, "rejected_by_volunteer")
    client.post(at("tray_undo", mail))
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW


@pytest.mark.parametrize("outcome", [Verdict.SELLER, Verdict.AMBIGUOUS, Verdict.NOT_ACCEPTED])
def test_a_ruling_against_the_owner_is_left_to_the_owner(outcome):
    mail = a_waiting_mail(kind=Kind.RULING, outcome=outcome.value)
    proposal = a_proposal(mail, act=Act.RULES, outcome=outcome)
    client = claim(mail, make.a_volunteer())
    page = client.get(at("tray_item", mail)).content.decode()
    assert 'value="confirm"' not in page
    for said in ({"decision": "confirm"}, {"decision": "file", "case": proposal.case.public_id, "kind": "ruling"}):
        answer = client.post(at("tray_decide", mail), said)
        assert answer.status_code == 422
        assert "只能由买家本人确认。它留在这里等本人，没有任何改变。" in answer.content.decode()
    mail.refresh_from_db()
    case = Case.objects.get(pk=proposal.case_id)
    assert mail.outcome == Outcome.REVIEW
    assert (case.stage, case.proposed, case.version) == (Stage.FILED, 1, 2)
    assert "decide" not in {what for what, _why, _by in looks(mail)}


def test_what_the_owner_decided_meanwhile_stays():
    mail = a_waiting_mail()
    client = claim(mail, make.a_volunteer())
    owner = signed_in(mail.owner)
    owner.post(at("mail_decide", mail), {"decision": "reject"})
    answer = decide(client, mail, "reject")
    assert "已经处理过了" in client.get(answer.url).content.decode()
    assert "不能撤销" in client.post(at("tray_undo", mail), follow=True).content.decode()
    mail.refresh_from_db()
    assert mail.reason == "rejected_by_owner"


def test_one_volunteer_cannot_take_back_what_another_decided():
    mail = a_waiting_mail()
    decide(claim(mail, make.a_volunteer("bo@example.com")), mail, "reject")
    Claim.objects.update(volunteer=make.a_volunteer())
    client = signed_in(make.a_volunteer())
    assert (
        at("tray_undo", mail) not in client.get(reverse("complaints:tray"), {"done": mail.public_id}).content.decode()
    )
    client.post(at("tray_undo", mail))
    mail.refresh_from_db()
    assert mail.outcome == Outcome.IGNORED


def test_a_decision_cannot_be_taken_back_after_the_claim_ran_out():
    mail = a_waiting_mail()
    client = claim(mail, make.a_volunteer())
    decide(client, mail, "reject")
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client.post(at("tray_undo", mail)).status_code == 404


def test_its_owner_sees_every_claim_look_and_decision():
    mail = a_waiting_mail()
    a_proposal(mail)
    client = claim(mail, make.a_volunteer())
    client.get(at("tray_item", mail))
    client.get(at("tray_item", mail))  # the same look, a moment later
    decide(client, mail, "confirm")
    client.post(at("tray_undo", mail))
    assert looks(mail) == [
        ("claim", "unsure", "lin@example.com"),
        ("read", "unsure", "lin@example.com"),
        ("decide", "confirmed_by_volunteer", "lin@example.com"),
        ("decide", "reopened", "lin@example.com"),
    ]
    assert set(mail.looks.values_list("owner", flat=True)) == {mail.owner_id}
    page = signed_in(mail.owner).get(at("mail_detail", mail)).content.decode()
    assert "志愿者确认过了，你可以撤销。" in page
    assert "confirmed_by_volunteer" not in page


@pytest.mark.parametrize("name", ["tray_decide", "tray_unmask", "tray_note"])
def test_a_page_that_a_wrong_form_brings_back_is_a_look_too(name):
    mail = a_waiting_mail()
    client = claim(mail, make.a_volunteer())
    answer = client.post(at(name, mail), {"decision": "burn"})
    assert answer.status_code == 422
    assert "请补充凭证" in answer.content.decode()
    assert [what for what, _why, _by in looks(mail)] == ["claim", "read"]


def test_it_all_works_by_forms_alone():
    mail = a_waiting_mail()
    a_proposal(mail)
    client = claim(mail, make.a_volunteer())
    page = client.get(at("tray_item", mail)).content.decode()
    main = re.search(r"<main.*?</main>", page, re.S).group(0)
    for form in re.findall(r"<form.*?</form>", main, re.S):
        assert 'method="post"' in form or 'method="dialog"' in form
        assert "hx-" not in form
    for key in "ars":
        assert f'data-key="{key}"' in main
    assert 'id="keys-help"' in main


def test_a_notice_that_names_no_shop_shows_none() -> None:
    mail = a_waiting_mail()
    notice = mail.notices.get()
    notice.reading["fields"]["shop"] = None
    notice.save(update_fields=["reading"])
    page = signed_in(make.a_volunteer()).get(reverse("complaints:tray")).text
    assert "null" not in page
