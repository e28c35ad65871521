"""Two readers for what gives a case its outcome, going on to the next mail, notes, unmasking, known answers."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from complaints import calibration, tray, workflow
from complaints.intake import settle
from complaints.models import CalibrationItem, CalibrationTurn, Case, Claim, Decision, Look, Opinion
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, Stage, State, Verdict
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, public_id: str) -> str:
    return reverse(f"complaints:{name}", args=[public_id])


def a_waiting_mail(
    kind: Kind = Kind.ACKNOWLEDGEMENT, *, owner=None, minute: int = 0, body: str = "商家已经退款。", **said
):
    """A mail of the tray with its notice; keywords are keys of its reading."""
    mail = make.a_mail(
        owner or make.a_user(), outcome=Outcome.REVIEW, reason="unsure", at=make.NOW + timedelta(minutes=minute)
    )
    make.a_notice(mail, kind=kind, body=body, reading=make.a_reading(kind) | {"confidence": 0.7} | said)
    return mail


def a_proposal(mail, act: Act, case=None, **said):
    notice = mail.notices.get()
    case = case or make.a_case(mail.owner)
    return make.an_event(case, act, state=State.PROPOSED, notice=notice, fingerprint=notice.fingerprint, **said)


def a_won_ruling():
    """A mail that proposes a ruling for its owner: settled by two."""
    mail = a_waiting_mail(Kind.RULING, outcome="buyer")
    return mail, a_proposal(mail, Act.RULES, outcome=Verdict.BUYER)


def claim(mail, volunteer) -> Client:
    client = signed_in(volunteer)
    assert client.post(at("tray_claim", mail.public_id)).status_code == 302
    return client


def decide(client: Client, public_id: str, decision: str, **more):
    return client.post(at("tray_decide", public_id), {"decision": decision, **more})


def ending(mail) -> tuple[str, str]:
    mail.refresh_from_db()
    return mail.outcome, mail.reason


def stage(event) -> str:
    return Case.objects.get(pk=event.case_id).stage


@pytest.fixture
def lin():
    return make.a_volunteer()


@pytest.fixture
def bo():
    return make.a_volunteer("bo@example.com")


# -- two readers -----------------------------------------------------------------------------------------------


def test_what_gives_a_case_its_outcome_counts_once_two_volunteers_say_the_same(lin, bo):
    mail, proposal = a_won_ruling()
    first = claim(mail, lin)
    said = first.get(decide(first, mail.public_id, "confirm").url).text
    assert "要再有一位志愿者看法一样才算数" in said
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    assert stage(proposal) == Stage.FILED
    second = claim(mail, bo)  # at once: the first reader is done with it
    page = second.get(at("tray_item", mail.public_id)).text
    assert "请你独立判断" in page
    assert "lin@example.com" not in page
    decide(second, mail.public_id, "confirm")
    assert ending(mail) == (Outcome.FILED, "confirmed_by_volunteer")
    assert stage(proposal) == Stage.RULED
    assert list(Opinion.objects.values_list("agrees", flat=True)) == [True, True]


def test_one_volunteer_is_never_both_readers(lin):
    mail, proposal = a_won_ruling()
    client = claim(mail, lin)
    decide(client, mail.public_id, "confirm")
    assert client.post(at("tray_claim", mail.public_id)).status_code == 404
    assert decide(client, mail.public_id, "confirm").status_code in (302, 404)
    with pytest.raises(workflow.NeedsSecondReader):
        workflow.confirm(proposal, lin)
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    assert stage(proposal) == Stage.FILED


def test_the_owner_confirms_alone_what_one_volunteer_said(lin):
    mail, proposal = a_won_ruling()
    decide(claim(mail, lin), mail.public_id, "confirm")
    owner = signed_in(mail.owner)
    assert "一位志愿者看过了" in owner.get(at("mail_detail", mail.public_id)).text
    owner.post(at("mail_decide", mail.public_id), {"decision": "confirm"})
    assert stage(proposal) == Stage.RULED


def test_readers_who_differ_leave_it_to_the_owner(lin, bo):
    mail, proposal = a_won_ruling()
    decide(claim(mail, lin), mail.public_id, "confirm")
    decide(claim(mail, bo), mail.public_id, "reject")
    assert ending(mail) == (Outcome.REVIEW, "readers_disagree")
    assert stage(proposal) == Stage.FILED
    assert list(Opinion.objects.values_list("agrees", flat=True)) == [False, False]
    third = signed_in(make.a_volunteer("mo@example.com"))
    assert "都处理完了" in third.get(reverse("complaints:tray")).text
    assert third.post(at("tray_claim", mail.public_id)).status_code == 404
    signed_in(mail.owner).post(at("mail_decide", mail.public_id), {"decision": "confirm"})
    assert stage(proposal) == Stage.RULED


def test_what_one_volunteer_files_by_hand_is_a_proposal_until_a_second_one_says_so(lin, bo):
    mail = a_waiting_mail(Kind.UNKNOWN)
    case = make.a_case(mail.owner, act=Act.ACKNOWLEDGES)
    decide(claim(mail, lin), mail.public_id, "file", case=case.public_id, kind=Kind.REFUND_ARRIVED)
    case.refresh_from_db()
    assert (case.stage, case.proposed) == (Stage.ACKNOWLEDGED, 1)
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    decide(claim(mail, bo), mail.public_id, "file", case=case.public_id, kind=Kind.REFUND_ARRIVED)
    case.refresh_from_db()
    assert case.proposed == 0
    assert ending(mail)[0] == Outcome.FILED


def test_nobody_puts_aside_or_files_as_something_else_alone_what_may_decide_a_case(lin, bo):
    for decision, more in (("reject", {}), ("file", {"kind": Kind.ACKNOWLEDGEMENT, "case": "new"})):
        mail, proposal = a_won_ruling()
        decide(claim(mail, lin), mail.public_id, decision, **more)
        assert ending(mail) == (Outcome.REVIEW, "second_reader")
        assert workflow.step_of(proposal).state is State.PROPOSED
        Claim.objects.all().delete()
    decide(claim(mail, bo), mail.public_id, "reject")
    assert ending(mail) == (Outcome.REVIEW, "readers_disagree")


def test_a_first_opinion_is_taken_back_with_its_proposal(lin):
    mail = a_waiting_mail(Kind.UNKNOWN)
    case = make.a_case(mail.owner, act=Act.ACKNOWLEDGES)
    client = claim(mail, lin)
    decide(client, mail.public_id, "file", case=case.public_id, kind=Kind.SETTLEMENT)
    assert client.post(at("tray_undo", mail.public_id)).url == at("tray_item", mail.public_id)
    case.refresh_from_db()
    assert case.proposed == 0
    assert ending(mail) == (Outcome.REVIEW, "reopened")
    assert not Opinion.objects.standing().exists()


def test_a_second_opinion_is_taken_back_and_the_first_one_stands(lin, bo):
    mail, proposal = a_won_ruling()
    decide(claim(mail, lin), mail.public_id, "confirm")
    second = claim(mail, bo)
    decide(second, mail.public_id, "confirm")
    second.post(at("tray_undo", mail.public_id))
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    assert stage(proposal) == Stage.FILED
    assert list(Opinion.objects.standing().values_list("reader__email", "agrees")) == [("lin@example.com", None)]


def test_one_reader_alone_does_not_say_that_money_has_arrived(lin):
    mail = a_waiting_mail(Kind.EXECUTION, money_arrived=True)  # no proposal: the machine knew no case for it
    case = make.a_case(mail.owner, act=Act.ACKNOWLEDGES)
    decide(claim(mail, lin), mail.public_id, "file", case=case.public_id, kind=Kind.EXECUTION)
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    case.refresh_from_db()
    assert case.stage == Stage.ACKNOWLEDGED


def test_two_readers_see_that_the_machine_took_an_old_ruling_for_a_new_one(lin, bo):
    mail = a_waiting_mail(Kind.RULING, outcome="seller")
    case = make.a_case(mail.owner, act=Act.RULES)
    for reader in (lin, bo):
        said = {"case": case.public_id, "kind": Kind.APPEAL_ACKNOWLEDGEMENT}
        decide(claim(mail, reader), mail.public_id, "file", **said)
    case.refresh_from_db()
    assert (case.stage, case.outcome) == (Stage.APPEALED, "")
    assert ending(mail) == (Outcome.FILED, "filed_by_volunteer")


def a_mail_of_two_rulings():
    """Two notices of one mail: two rulings for the buyer that the machine knew no case for; and that case."""
    mail = a_waiting_mail(Kind.RULING, outcome="buyer")
    make.a_notice(mail, kind=Kind.RULING, body="第二封", reading=make.a_reading(Kind.RULING) | {"outcome": "buyer"})
    mail.notices.update(outcome=Outcome.REVIEW, reason="unsure")
    return mail, make.a_case(mail.owner)


def test_what_one_reader_said_of_one_notice_seconds_nothing_of_another(lin, bo):
    mail, case = a_mail_of_two_rulings()
    said = {"case": case.public_id, "kind": Kind.RULING}
    decide(claim(mail, lin), mail.public_id, "file", **said)
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    settle.file_by_hand(mail, mail.owner, Kind.APPEAL_ACKNOWLEDGEMENT, case, mail.notices.get(position=0))
    before = case.events.count()
    decide(claim(mail, bo), mail.public_id, "file", **said)  # of the second notice: nobody else has read that
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    last = case.events.order_by("-seq").first()
    assert (case.events.count(), last.state) == (before + 1, State.PROPOSED)
    dan = make.a_volunteer("dan@example.com")
    decide(claim(mail, dan), mail.public_id, "file", **said)
    assert ending(mail) == (Outcome.FILED, "filed_by_volunteer")


def test_readers_of_two_notices_of_one_mail_do_not_disagree(lin, bo):
    mail, case = a_mail_of_two_rulings()
    decide(claim(mail, lin), mail.public_id, "file", case=case.public_id, kind=Kind.SETTLEMENT)
    assert ending(mail) == (Outcome.REVIEW, "second_reader")
    settle.reject(mail, mail.owner, mail.notices.get(position=0))
    decide(claim(mail, bo), mail.public_id, "reject")
    assert ending(mail) == (Outcome.REVIEW, "second_reader")


def test_what_the_owner_took_out_meanwhile_two_readers_do_not_bring_back(lin, bo):
    mail = a_waiting_mail(Kind.UNKNOWN)
    case = make.a_case(mail.owner, act=Act.ACKNOWLEDGES)
    said = {"case": case.public_id, "kind": Kind.SETTLEMENT}
    decide(claim(mail, lin), mail.public_id, "file", **said)
    workflow.undo(case.events.get(act=Act.SETTLES), mail.owner)
    assert decide(claim(mail, bo), mail.public_id, "file", **said).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.ACKNOWLEDGED
    assert ending(mail)[0] == Outcome.REVIEW


def test_what_gives_no_outcome_needs_one_reader(lin):
    mail = a_waiting_mail()
    proposal = a_proposal(mail, Act.ACKNOWLEDGES)
    decide(claim(mail, lin), mail.public_id, "confirm")
    assert stage(proposal) == Stage.ACKNOWLEDGED


# -- on to the next one ----------------------------------------------------------------------------------------


def test_one_key_settles_a_mail_and_opens_the_next_from_where_the_last_can_be_undone(lin):
    first, second = a_waiting_mail(), a_waiting_mail(minute=1)
    a_proposal(first, Act.ACKNOWLEDGES)
    client = signed_in(lin)
    assert client.post(reverse("complaints:tray_next")).url == at("tray_item", first.public_id)
    answer = decide(client, first.public_id, "confirm")
    assert answer.url == f"{at('tray_item', second.public_id)}?done={first.public_id}"
    page = client.get(answer.url).text
    assert at("tray_undo", first.public_id) in page
    back = client.post(at("tray_undo", first.public_id), {"instead": second.public_id})
    assert back.url == at("tray_item", first.public_id)
    assert list(Claim.objects.values_list("mail", flat=True)) == [first.pk]


def test_what_was_skipped_is_left_to_others_and_not_put_before_one_again(lin, bo):
    mail = a_waiting_mail()
    client = claim(mail, lin)
    client.post(at("tray_release", mail.public_id), {"skip": "1"})
    assert client.post(reverse("complaints:tray_next")).url == reverse("complaints:tray")
    assert at("tray_claim", mail.public_id) in client.get(reverse("complaints:tray")).text  # by choice, still
    assert signed_in(bo).post(reverse("complaints:tray_next")).url == at("tray_item", mail.public_id)
    assert "skip" in mail.looks.values_list("what", flat=True)


def test_a_claim_begins_anew_when_asked_and_a_script_is_told_until_when(lin):
    mail = a_waiting_mail()
    client = claim(mail, lin)
    soon = timezone.now() + timedelta(minutes=2)
    Claim.objects.update(until=soon)
    answer = client.post(at("tray_renew", mail.public_id), headers={"X-Requested-With": "fetch"})
    assert answer.json()["until"] > (soon + timedelta(minutes=5)).isoformat()
    assert Claim.objects.get().until > soon + timedelta(minutes=5)
    assert client.post(at("tray_renew", mail.public_id)).url == at("tray_item", mail.public_id)


def test_a_note_reaches_the_next_reader_masked_and_the_owner(lin, bo):
    mail = a_waiting_mail()
    client = claim(mail, lin)
    client.post(at("tray_note", mail.public_id), {"text": "日期像是补的，电话13800138000"})
    client.post(at("tray_release", mail.public_id))
    page = claim(mail, bo).get(at("tray_item", mail.public_id)).text
    assert "日期像是补的" in page
    assert "13800138000" not in page
    assert "日期像是补的" in signed_in(mail.owner).get(at("mail_detail", mail.public_id)).text
    assert client.post(at("tray_note", mail.public_id), {"text": "x"}).status_code == 404


def test_reading_without_masks_needs_a_reason_that_the_owner_sees_and_ends_with_the_claim(lin, bo):
    mail = a_waiting_mail(body="收货人：张小梅，电话13800138000，验证码：384912")
    client = claim(mail, lin)
    assert client.post(at("tray_unmask", mail.public_id), {}).status_code == 422
    client.post(at("tray_unmask", mail.public_id), {"why": "compare", "said": "和案件对电话"})
    page = client.get(at("tray_item", mail.public_id)).text
    assert "张小梅" in page
    assert "13800138000" in page
    assert "384912" not in page
    look = mail.looks.get(what=Look.What.UNMASK)
    assert (look.why, look.said) == ("compare", "和案件对电话")
    shown = signed_in(mail.owner).get(at("mail_detail", mail.public_id)).text
    assert "要把编号或姓名和案件对一对" in shown
    assert "和案件对电话" in shown
    client.post(at("tray_release", mail.public_id))
    assert "张小梅" not in claim(mail, bo).get(at("tray_item", mail.public_id)).text


def test_the_keys_can_be_switched_off_and_that_is_remembered(lin):
    mail = a_waiting_mail()
    client = claim(mail, lin)
    assert "data-keys-switch checked" in client.get(at("tray_item", mail.public_id)).text
    client.cookies["keys"] = "off"
    page = client.get(at("tray_item", mail.public_id)).text
    assert "data-keys-switch checked" not in page
    assert '<kbd class="key"' not in page


# -- known answers ---------------------------------------------------------------------------------------------


def a_turn(volunteer, key: str) -> CalibrationTurn:
    calibration.ensure()
    now = timezone.now()
    return CalibrationTurn.objects.create(
        item=CalibrationItem.objects.get(key=key), volunteer=volunteer, given_at=now, until=now + timedelta(minutes=9)
    )


def test_a_known_notice_looks_like_any_other_and_is_told_apart_once_answered(lin):
    mail = a_waiting_mail()
    a_proposal(mail, Act.ACKNOWLEDGES)
    turn = a_turn(lin, "would_refund")
    client = claim(mail, lin)
    shapes = [
        re.findall(r"<(?:form|button|details|fieldset|h2)\b", client.get(at("tray_item", public_id)).text)
        for public_id in (mail.public_id, turn.public_id)
    ]
    assert shapes[0] == shapes[1]
    client.post(at("tray_release", mail.public_id))
    answer = decide(client, turn.public_id, "confirm")
    page = client.get(answer.url).text
    assert "校准题" in page
    assert "超时提醒" in page
    turn.refresh_from_db()
    assert turn.is_right is False
    assert client.get(at("tray_item", turn.public_id)).status_code == 404


@pytest.mark.parametrize("known", calibration.KNOWN, ids=lambda known: known.key)
def test_every_known_notice_is_answered_right_by_its_own_answer(lin, known):
    turn = a_turn(lin, known.key)
    more = {"case": turn.public_id, "kind": known.kind} if known.decision == Decision.FILE else {}
    answer = decide(signed_in(lin), turn.public_id, known.decision, **more)
    assert answer.status_code == 302
    turn.refresh_from_db()
    assert turn.is_right is True
    assert known.why in signed_in(lin).get(reverse("complaints:tray_mine")).text


def test_known_notices_are_nobody_elses_and_come_rarely_and_once(lin, bo):
    turn = a_turn(lin, "acknowledged")
    assert signed_in(bo).get(at("tray_item", turn.public_id)).status_code == 404
    signed_in(lin).post(at("tray_release", turn.public_id), {"skip": "1"})
    assert signed_in(lin).get(at("tray_item", turn.public_id)).status_code == 404
    owner, now, given = make.a_user(), timezone.now(), []
    for number in range(60):
        if one := calibration.give(lin, now + timedelta(minutes=number)):
            calibration.answer(one, Decision.REJECT, "", now + timedelta(minutes=number))
            given.append(number)
        mail = make.a_mail(owner, outcome=Outcome.FILED)
        Opinion.objects.create(mail=mail, reader=lin, decision=Decision.REJECT, at=now + timedelta(minutes=number))
    assert 3 <= len(given) <= 7
    assert min(later - one for one, later in pairwise(given)) >= calibration.APART
    assert CalibrationTurn.objects.values("item").distinct().count() == len(given) + 1


def test_ones_own_record_is_private_and_the_hosts_see_sums_alone(lin, bo):
    mail, _proposal = a_won_ruling()
    decide(claim(mail, lin), mail.public_id, "confirm")
    decide(claim(mail, bo), mail.public_id, "confirm")
    decide(signed_in(lin), a_turn(lin, "acknowledged").public_id, "confirm")
    mine = signed_in(lin).get(reverse("complaints:tray_mine")).text
    assert "1封里的1封" in mine
    assert "1道答对1道" in mine
    assert "还没有遇到" in signed_in(bo).get(reverse("complaints:tray_mine")).text
    host = signed_in(make.a_user("host@example.com", role=Role.STAFF)).get(reverse("complaints:tray_overview")).text
    assert "2份看法里的2份" in host
    facts = re.search(r"<dl class=\"facts section\">.*?</dl>", host, re.S).group(0)
    assert "@" not in facts


def test_a_host_adds_a_known_notice_and_retires_one(lin):
    host = signed_in(make.a_user("host@example.com", role=Role.STAFF))
    address = reverse("complaints:tray_overview")
    said = {
        "what": "add", "item-subject": "受理", "item-body": "已受理。", "item-shop": "", "item-read_as": "ruling",
        "item-decision": "file", "item-kind": "", "item-why": "写明受理",
    }  # fmt: skip
    assert host.post(address, said).status_code == 422
    assert host.post(address, said | {"item-kind": "acknowledgement"}).status_code == 302
    new = CalibrationItem.objects.get(subject="受理")
    for what, is_retired in (("retire", True), ("restore", False)):
        host.post(address, {"what": what, "key": new.key})
        new.refresh_from_db()
        assert (new.retired_at is not None) is is_retired


def test_the_tray_gives_no_known_notice_where_nothing_waits(lin):
    for _number in range(40):
        Opinion.objects.create(
            mail=make.a_mail(make.a_user(), outcome=Outcome.FILED), reader=lin, decision=Decision.REJECT
        )
    assert calibration.is_due(lin)
    client = signed_in(lin)
    assert client.post(reverse("complaints:tray_next")).url == reverse("complaints:tray")
    a_waiting_mail()
    opened = client.post(reverse("complaints:tray_next")).url
    assert opened == at("tray_item", CalibrationTurn.objects.get().public_id)
    assert tray.LEASE == calibration.LEASE
