"""One mail, several notices: each is matched to its own case, ends for itself, and is answered for itself."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingMail, User
from complaints import balance, forwarding, workflow
from complaints.demo import wraps
from complaints.intake import line, reader, reading, reprocess, settle
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import Case, Event, IncomingMail, Notice
from complaints.stages import Kind
from tests import make

pytestmark = pytest.mark.django_db

JACKET, CREAM = "3299194706518006493", "4420191822771500123"
RULED = (
    "【天猫】投诉处理结果通知",
    f"投诉编号：TS202611080031\n订单编号：{JACKET}\n经核实，支持您的诉求，判定商家退货退款，退货运费由商家承担。",
)
REFUSED = (
    "商家拒绝了您的退款申请",
    f"退款编号：285611223344556677\n订单编号：{CREAM}\n商家拒绝了您的退款申请，拒绝原因：已拆封。",
)
UNCLEAR = ("关于您的订单", f"您好，您的订单{CREAM}的情况我们知道了，谢谢您的来信。")


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read", reading.read)


def original(said: tuple[str, str], owner: User, client: str = "direct") -> bytes:
    return wraps.wrap(
        client,
        subject=said[0],
        from_name="天猫",
        from_address="notice@service.mail.tmall.example",
        to=owner.email,
        date=make.NOW,
        body=said[1],
        outer_from=owner.email,
        outer_to=make.an_inbox(owner).address,
    )


def with_originals(owner: User, *said: tuple[str, str]) -> bytes:
    """A mail of `owner` with those notices attached."""
    parts = [b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "都在这里".encode()]
    parts += [b"Content-Type: message/rfc822\r\n\r\n" + original(each, owner) for each in said]
    head = (
        f"From: {owner.email}\r\nTo: {make.an_inbox(owner).address}\r\nSubject: Fwd\r\n"
        "Date: Mon, 9 Nov 2026 10:00:00 +0800\r\nMessage-ID: <several@example.com>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    )
    return head.encode() + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def run(raw: bytes, owner: User, mail_from: str = "") -> IncomingMail:
    envelope = Envelope(mail_from or owner.email, (make.an_inbox(owner).address,), "127.0.0.1")
    (pk,) = receive(raw, envelope, Door.SMTP).mail_pks
    line.run(pk)
    assert balance.balance()["waiting"] == 0
    return IncomingMail.objects.get(pk=pk)


def endings(mail: IncomingMail) -> list[tuple[str, str]]:
    return list(mail.notices.order_by("position").values_list("outcome", "reason"))


def stages() -> dict[str, str | None]:
    return {case.order_no: case.stage for case in Case.objects.told()}


def test_each_original_moves_its_own_case() -> None:
    owner = make.a_user()
    known = make.a_case(owner, order_no=JACKET)
    mail = run(with_originals(owner, RULED, REFUSED), owner)
    assert (mail.outcome, endings(mail)) == ("filed", [("filed", "moved"), ("filed", "moved")])
    assert stages() == {JACKET: "ruled", CREAM: "merchant_replied"}
    ruled, refused = mail.notices.order_by("position")
    assert ruled.case == known
    assert refused.case != known
    assert {event.notice for event in Event.objects.exclude(notice=None)} == {ruled, refused}


def test_two_orders_in_one_text_are_two_cases() -> None:
    owner = make.a_user()
    body = "您的以下退款申请已关闭，逾期未处理：\n" + "".join(
        f"订单编号：{order}\n退款编号：{refund}\n" for order, refund in ((JACKET, "2856112233"), (CREAM, "2856112244"))
    )
    mail = run(original(("您的退款申请已关闭", body), owner), owner, "stranger@example.net")
    assert mail.outcome == "review"
    assert {event.case.order_no for event in Event.objects.all()} == {JACKET, CREAM}
    settle.confirm_proposals(mail, owner)
    mail.refresh_from_db()
    assert mail.outcome == "filed"
    assert stages() == {JACKET: "closed", CREAM: "closed"}


def test_the_same_original_twice_in_one_mail_counts_once() -> None:
    owner = make.a_user()
    mail = run(with_originals(owner, RULED, RULED), owner)
    assert (mail.outcome, endings(mail)) == ("filed", [("filed", "moved"), ("duplicate", "same_notice")])
    assert Event.objects.count() == 1
    again = run(with_originals(owner, RULED, REFUSED), owner)
    assert endings(again) == [("duplicate", "same_notice"), ("filed", "moved")]


def test_what_is_clear_is_filed_and_only_the_rest_waits() -> None:
    owner = make.a_user()
    mail = run(with_originals(owner, RULED, UNCLEAR), owner)
    assert (mail.outcome, mail.reason) == ("review", "unknown")
    assert endings(mail) == [("filed", "moved"), ("review", "unknown")]
    assert stages() == {JACKET: "ruled"}
    assert settle.proposals(mail) == []
    assert [notice.kind for notice in settle.waiting(mail)] == ["unknown"]


def test_filing_the_rest_by_hand_leaves_alone_what_was_filed_and_can_be_taken_back() -> None:
    owner = make.a_user()
    mail = run(with_originals(owner, RULED, UNCLEAR), owner)
    case = settle.file_by_hand(mail, owner, Kind.MERCHANT_REPLY, None)
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == ("filed", "filed_by_owner")
    assert endings(mail) == [("filed", "moved"), ("filed", "filed_by_owner")]
    case.refresh_from_db()
    assert case.stage == "merchant_replied"
    assert Case.objects.get(order_no=JACKET).stage == "ruled"
    settle.reopen(mail, owner)
    mail.refresh_from_db()
    assert (mail.outcome, endings(mail)) == ("review", [("filed", "moved"), ("review", "reopened")])
    case.refresh_from_db()
    assert not case.stage
    assert Case.objects.get(order_no=JACKET).stage == "ruled"


def test_rejecting_the_rest_leaves_alone_what_was_filed() -> None:
    owner = make.a_user()
    mail = run(with_originals(owner, RULED, UNCLEAR), owner)
    settle.reject(mail, owner)
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == ("filed", "rejected_by_owner")
    assert endings(mail) == [("filed", "moved"), ("ignored", "rejected_by_owner")]
    assert stages() == {JACKET: "ruled"}
    settle.reopen(mail, owner)
    assert endings(mail) == [("filed", "moved"), ("review", "reopened")]


def test_of_several_that_wait_one_can_be_answered_at_a_time() -> None:
    owner = make.a_user()
    mail = run(with_originals(owner, RULED, REFUSED), owner, "stranger@example.net")
    ruled, refused = mail.notices.order_by("position")
    assert [notice.pk for notice in settle.waiting(mail)] == [ruled.pk, refused.pk]
    settle.reject(mail, owner, refused)
    mail.refresh_from_db()
    assert (mail.outcome, [notice.pk for notice in settle.waiting(mail)]) == ("review", [ruled.pk])
    with pytest.raises(settle.NotWaiting):
        settle.file_by_hand(mail, owner, Kind.MERCHANT_REFUSAL, None, refused)
    event = Event.objects.get(notice=ruled)
    settle.settle_with(event, owner, workflow.confirm(event, owner))  # on the page of its case
    mail.refresh_from_db()
    assert mail.outcome == "filed"
    assert stages() == {JACKET: "ruled"}


def test_a_volunteer_takes_back_what_volunteers_decided_and_nothing_of_the_owners() -> None:
    owner, volunteer = make.a_user(), make.a_volunteer()
    mail = run(with_originals(owner, UNCLEAR, REFUSED), owner, "stranger@example.net")
    unclear, refused = mail.notices.order_by("position")
    case = settle.file_by_hand(mail, owner, Kind.MERCHANT_REFUSAL, None, refused)
    settle.file_by_hand(mail, volunteer, Kind.MERCHANT_REPLY, None, unclear)
    settle.reopen(mail, volunteer)
    assert endings(mail) == [("review", "reopened"), ("filed", "filed_by_owner")]
    case.refresh_from_db()
    assert case.stage == "merchant_replied"
    settle.reject(mail, owner, unclear)
    mail.refresh_from_db()
    with pytest.raises(settle.NotWaiting):
        settle.reopen(mail, volunteer)


def test_the_owner_calls_back_a_mail_of_several_that_the_machine_ignored() -> None:
    owner = make.a_user()
    mail = make.a_mail(owner, outcome="ignored", reason="marketing")
    for _number in range(2):
        make.a_notice(mail, kind=Kind.MARKETING)
    mail.notices.update(outcome="ignored", reason="marketing")
    settle.reopen(mail, owner)
    assert endings(mail) == [("review", "reopened"), ("review", "reopened")]


def test_undoing_one_act_leaves_the_other() -> None:
    owner = make.a_user()
    run(with_originals(owner, RULED, REFUSED), owner)
    workflow.undo(Event.objects.get(case__order_no=JACKET), owner)
    assert not Case.objects.get(order_no=JACKET).stage
    assert Case.objects.get(order_no=CREAM).stage == "merchant_replied"


def test_what_was_proposed_with_others_counts_once_it_comes_by_a_verified_route() -> None:
    owner = make.a_user()
    first = run(with_originals(owner, RULED, REFUSED), owner, "stranger@example.net")
    assert first.outcome == "review"
    second = run(original(REFUSED, owner, "qq"), owner)
    first.refresh_from_db()
    assert (second.outcome, second.reason) == ("filed", "verified_later")
    assert [outcome for outcome, _reason in endings(first)] == ["review", "filed"]
    assert (first.outcome, stages()) == ("review", {CREAM: "merchant_replied"})


def test_a_notice_beside_a_test_mail_is_not_lost(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"
    owner = make.a_user()
    forwarding.send_probe(owner, "mei@qq.com", make.an_inbox(owner), timezone.now())
    kept = OutgoingMail.objects.get()
    mail = run(with_originals(owner, (kept.subject, kept.body), RULED), owner)
    assert endings(mail) == [("ignored", "test_mail"), ("filed", "moved")]
    assert mail.outcome == "filed"
    assert stages() == {JACKET: "ruled"}
    assert owner.confirmed_mailboxes.filter(email="mei@qq.com").exists()
    assert [does for one in reprocess.mails() if (does := reprocess.reprocess(one, dry_run=False))] == []


def test_a_trap_beside_a_true_notice_proposes_nothing() -> None:
    owner = make.a_user()
    trap = (
        "退款异常",
        "您的订单退款异常，请点击 http://taobao-refund.example.top/a 填写银行卡号和短信验证码完成退款。",
    )
    mail = run(with_originals(owner, trap, RULED), owner)
    assert mail.outcome == "review"
    assert [outcome for outcome, _reason in endings(mail)] == ["review", "filed"]
    assert stages() == {JACKET: "ruled"}


def test_a_mail_of_one_notice_has_one_ending() -> None:
    owner = make.a_user()
    mail = run(with_originals(owner, RULED), owner)
    assert endings(mail) == [("", "")]
    assert settle.waiting(mail) == []
    assert Notice.objects.get().case is not None


def test_the_page_of_the_mail_shows_each_notice_and_asks_which_one() -> None:
    owner = make.a_user()
    mail = run(with_originals(owner, RULED, REFUSED, UNCLEAR), owner, "stranger@example.net")
    client = Client()
    client.force_login(owner)
    page = client.get(mail.get_absolute_url()).content.decode()
    assert page.count('name="notice"') == 3
    assert page.count("<iframe") == 3
    assert "订单 …6493" in page
    decide = reverse("complaints:mail_decide", args=[mail.public_id])
    answer = client.post(decide, {"decision": "file", "case": "new", "kind": "merchant_reply"})
    assert answer.status_code == 422
    assert "请选择是哪一条通知。" in answer.content.decode()
    last = mail.notices.get(position=2)
    client.post(decide, {"decision": "reject", "notice": last.public_id})
    assert [outcome for outcome, _reason in endings(mail)] == ["review", "review", "ignored"]
    client.post(decide, {"decision": "confirm"})
    mail.refresh_from_db()
    assert mail.outcome == "filed"
    assert stages() == {JACKET: "ruled", CREAM: "merchant_replied"}
    page = client.get(mail.get_absolute_url()).content.decode()
    assert 'name="notice"' not in page
    assert "与投诉无关" in page
