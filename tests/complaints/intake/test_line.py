"""The whole line on one mail: from kept bytes to a case that moved, with the reader in this process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import InvalidOperation

import pytest
from django.db import DataError, IntegrityError
from django.utils import timezone

from accounts.models import User
from complaints import balance, workflow
from complaints.demo import letters, world, wraps
from complaints.intake import line, reader, reading
from complaints.intake.receive import Envelope, Receipt, receive
from complaints.intake.shapes import Door
from complaints.models import Case, Event, IncomingMail, Notice, RawMail
from complaints.models.mail import Outcome
from complaints.stages import Type
from tests import make

pytestmark = pytest.mark.django_db

RULING = letters.LETTERS[3]  # the jacket, ruled for the buyer
NOW = make.NOW


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read", reading.read)


def bytes_of(letter: letters.Letter, owner: User, client: str = "", mailbox: str = "") -> bytes:
    day = letters.day_of(NOW)
    return wraps.wrap(
        client or letter.client,
        subject=letter.subject,
        from_name=letter.sender[0],
        from_address=letter.sender[1],
        to=owner.email,
        date=world.moment_of(letter, NOW),
        body=letter.body(day),
        note=letter.note,
        outer_from=mailbox or owner.email,
        outer_to=make.an_inbox(owner).address,
    )


def by_smtp(raw: bytes, owner: User, mail_from: str = "", peer: str = "127.0.0.1") -> Receipt:
    envelope = Envelope(mail_from or owner.email, (make.an_inbox(owner).address,), peer)
    return receive(raw, envelope, Door.SMTP)


def run(receipt: Receipt) -> IncomingMail:
    (pk,) = receipt.mail_pks
    line.run(pk)
    return IncomingMail.objects.get(pk=pk)


def balanced() -> bool:
    """Whether every mail that was received is in exactly one place."""
    counts = balance.balance()
    return counts["received"] == sum(count for name, count in counts.items() if name not in ("received", "repeats"))


def test_a_forward_from_a_confirmed_mailbox_moves_a_case_and_says_why() -> None:
    owner = make.a_user()
    mail = run(by_smtp(bytes_of(RULING, owner), owner))
    case = Case.objects.get()
    assert (mail.outcome, mail.reason, mail.verified) == ("filed", "moved", True)
    assert (case.stage, case.outcome, case.waiting_on) == ("ruled", "buyer", "merchant")
    assert (case.order_no, case.case_no) == ("3299194706518006493", "TS202611080031")
    assert case.shop is None or case.shop.name == letters.JACKET
    event = case.events.get()
    assert event.payload["provenance"] == "D"
    assert event.payload["freight_payer"] == "seller"
    notice = Notice.objects.get()
    for said in event.payload["because"]:
        assert said["words"] in (notice.subject + "\n" + notice.body)


def test_the_same_bytes_and_the_same_notice_in_other_bytes_change_nothing() -> None:
    owner = make.a_user()
    raw = bytes_of(RULING, owner)
    first = by_smtp(raw, owner)
    run(first)
    again = by_smtp(raw, owner)
    assert again.repeats == 1
    assert again.ids == first.ids
    assert line.run(again.mail_pks[0]) == line.NOT_YOURS
    for client in ("gmail", "qq", "foxmail", "attached", "thunderbird_en"):
        mail = run(by_smtp(bytes_of(RULING, owner, client), owner))
        assert (mail.outcome, mail.reason) == ("duplicate", "same_notice"), client
    assert Event.objects.count() == 1
    assert balanced()


def test_one_original_by_rule_and_by_hand_of_two_people_is_one_event_for_each() -> None:
    household = (make.a_user("mei@example.com"), make.a_user("ping@example.com"))
    for owner in household:
        for client in ("auto", "qq", "attached"):
            run(by_smtp(bytes_of(RULING, owner, client), owner))
    assert [owner.cases.count() for owner in household] == [1, 1]
    acts = Event.objects.filter(type=Type.ACT)
    assert [acts.filter(case__owner=owner).count() for owner in household] == [1, 1]
    assert len(set(acts.values_list("fingerprint", flat=True))) == 1
    assert balanced()


@pytest.mark.parametrize(
    ("mail_from", "mailbox", "peer"),
    [
        ("stranger@example.net", "stranger@example.net", "127.0.0.1"),
        ("mei@example.com", "stranger@example.net", "127.0.0.1"),
        ("stranger@example.net", "mei@example.com", "127.0.0.1"),
        ("mei@example.com", "mei@example.com", "203.0.113.9"),
    ],
)
def test_from_anywhere_else_it_only_proposes(mail_from: str, mailbox: str, peer: str) -> None:
    owner = make.a_user("mei@example.com")
    mail = run(by_smtp(bytes_of(RULING, owner, mailbox=mailbox), owner, mail_from, peer))
    case = Case.objects.get()
    why = "unproven_route" if mailbox == owner.email else "unverified_route"
    assert (mail.outcome, mail.reason, mail.verified) == ("review", why, False)
    assert (case.stage, case.is_draft, case.proposed) == ("", True, 1)


def test_what_was_proposed_counts_once_it_comes_by_a_verified_route() -> None:
    owner = make.a_user()
    proposed = run(by_smtp(bytes_of(RULING, owner, mailbox="x@example.net"), owner, "x@example.net"))
    verified = run(by_smtp(bytes_of(RULING, owner), owner))
    proposed.refresh_from_db()
    assert (verified.outcome, verified.reason) == ("filed", "verified_later")
    assert (proposed.outcome, proposed.reason) == ("filed", "verified_later")
    assert Case.objects.get().stage == "ruled"


def test_a_forged_copy_that_came_first_does_not_keep_the_true_notice_from_counting() -> None:
    owner = make.a_user()
    true = notice_of_the_platform(f"您的投诉已有处理结果：支持买家，商家退款459.00元。订单编号：{JACKET}")
    forged = true.replace(b"service <service@taobao.com>", "=?utf-8?q?淘宝客服?= <kefu@qq.com>".encode())
    copy = by_anybody(forged, owner)
    assert (copy.outcome, copy.reason) == ("review", "suspicious")
    assert by_hand(true, owner).reason == "verified_later"
    copy.refresh_from_db()
    assert (copy.outcome, copy.reason) == ("filed", "verified_later")
    assert owner.cases.get().stage == "ruled"
    assert balanced()


JACKET = "3299194706518006493"
FORGED = (
    f"店铺名称：骗子旗舰店\n您的投诉已有处理结果：支持卖家，退款1.00元。订单编号：{JACKET} 投诉编号：TS9999999999 "
    "退款编号：123456789012345"
)


def notice_of_the_platform(body: str, hour: int = 10) -> bytes:
    return (
        "From: service <service@taobao.com>\r\nSubject: 处理结果通知\r\n"
        f"Date: Mon, 09 Nov 2026 {hour}:00:00 +0800\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    ).encode()


def by_anybody(raw: bytes, owner: User) -> IncomingMail:
    return run(by_smtp(raw, owner, "x@example.net", "192.0.2.7"))


def by_hand(raw: bytes, owner: User) -> IncomingMail:
    return run(receive(raw, Envelope("", (), "", owner.pk), Door.UPLOAD))


def test_a_case_that_a_forgery_opened_keeps_nothing_of_it_once_a_true_notice_counts() -> None:
    owner = make.a_user()
    assert by_anybody(notice_of_the_platform(FORGED), owner).outcome == Outcome.REVIEW
    ruling = f"店铺名称：暖冬旗舰店\n您的投诉已有处理结果：支持买家，商家退款459.00元。订单编号：{JACKET}"
    assert by_hand(notice_of_the_platform(ruling), owner).reason == "moved"
    case = owner.cases.get()
    assert (case.shop.name, str(case.amount), case.order_no, case.case_no) == ("暖冬旗舰店", "459.00", JACKET, "")
    assert list(case.numbers.values_list("kind", "number")) == [("order", JACKET)]


def test_a_draft_that_a_forgery_opened_makes_no_case_ambiguous() -> None:
    owner = make.a_user()
    case = make.a_case(owner, order_no=JACKET, case_no="TS1122334455")
    assert by_anybody(notice_of_the_platform(FORGED), owner).outcome == Outcome.REVIEW
    assert owner.cases.count() == 2
    ruling = f"您的投诉已有处理结果：支持买家，商家退款459.00元。订单编号：{JACKET}"
    assert by_hand(notice_of_the_platform(ruling), owner).reason == "moved"
    case.refresh_from_db()
    assert case.stage == "ruled"


def test_what_counts_at_last_is_told_as_the_verified_mail_tells_it() -> None:
    owner = make.a_user()
    ruling = f"您的投诉已有处理结果：支持买家，商家退款459.00元。订单编号：{JACKET}"
    by_anybody(notice_of_the_platform(ruling, hour=10), owner)
    assert by_hand(notice_of_the_platform(ruling, hour=15), owner).reason == "verified_later"
    (step,) = workflow.standing(owner.cases.get()).steps
    assert (step.state, step.told.at.astimezone(make.SHANGHAI).hour) == ("applied", 15)


def test_a_forged_ruling_leaves_the_stage_of_a_running_case_alone() -> None:
    owner = make.a_user()
    case = make.a_case(owner, order_no="3315567890123456781", case_no="WQ202611200012")
    before = case.stage
    mail = run(by_smtp(bytes_of(letters.FORGED, owner), owner, letters.FORGED.mailbox))
    case.refresh_from_db()
    assert (mail.outcome, mail.reason) == ("review", "unverified_route")
    assert (case.stage, case.proposed) == (before, 1)


def test_the_number_of_another_owners_case_opens_ones_own() -> None:
    other = make.a_user("other@example.com")
    theirs = make.a_case(other, order_no="3299194706518006493", case_no="TS202611080031")
    owner = make.a_user()
    run(by_smtp(bytes_of(RULING, owner), owner))
    theirs.refresh_from_db()
    assert theirs.stage == "filed"
    assert Case.objects.get(owner=owner).stage == "ruled"


def test_the_owners_own_hand_moves_a_case() -> None:
    owner = make.a_user()
    text = f"处理结果通知：支持买家\n{RULING.body(letters.day_of(NOW))}"
    mail = run(receive(text.encode(), Envelope("", (), "", owner.pk), Door.PASTE))
    assert (mail.outcome, mail.verified) == ("filed", True)
    assert Case.objects.get().stage == "ruled"


# -- dying in the middle -------------------------------------------------------------------------------


def test_a_worker_that_dies_after_the_claim_loses_nothing() -> None:
    owner = make.a_user()
    (pk,) = by_smtp(bytes_of(RULING, owner), owner).mail_pks
    stale = line.claim(pk)
    assert stale is not None
    assert line.run(pk) == line.NOT_YOURS  # leased
    IncomingMail.objects.filter(pk=pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert line.run(pk) == Outcome.FILED
    mail = IncomingMail.objects.get(pk=pk)
    assert (mail.lost_leases, mail.attempts) == (1, 0)
    late = line.file(pk, stale[0], reading.read(bytes(stale[1].data)))  # the dead one comes back
    assert late == line.NOT_YOURS
    assert Event.objects.count() == 1


def test_a_reader_that_dies_three_times_quarantines_the_mail_and_keeps_its_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(raw: bytes) -> None:
        raise reader.ReaderDied

    monkeypatch.setattr(reader, "read", die)
    owner = make.a_user()
    raw = bytes_of(RULING, owner)
    (pk,) = by_smtp(raw, owner).mail_pks
    assert [line.run(pk) for _ in range(4)] == ["waiting", "waiting", "quarantined", line.NOT_YOURS]
    mail = IncomingMail.objects.get(pk=pk)
    assert (mail.outcome, mail.reason) == ("quarantined", "reader_died")
    assert bytes(RawMail.objects.get(mail=mail).data or b"") == raw


@pytest.mark.parametrize("error", [DataError, IntegrityError, InvalidOperation, OverflowError, UnicodeEncodeError])
def test_what_no_row_can_hold_is_quarantined_after_three_times_and_its_words_are_not_logged(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = ("utf-8", "her words", 0, 1, "no") if error is UnicodeEncodeError else ("her words",)

    def fail(*_notice: object) -> None:
        raise error(*told)

    monkeypatch.setattr(workflow, "keep_case_of", fail)
    owner = make.a_user()
    (pk,) = by_smtp(bytes_of(RULING, owner), owner).mail_pks
    assert [line.run(pk) for _ in range(4)] == ["waiting", "waiting", "quarantined", line.NOT_YOURS]
    assert "her words" not in caplog.text
    assert error.__name__ in caplog.text
    assert not Notice.objects.exists()


@pytest.mark.parametrize("amount", ["999,999,999,999.00", "999999999万", "10000000000.00"])
def test_a_sum_that_no_case_holds_is_left_aside_and_the_ruling_counts(amount: str) -> None:
    owner = make.a_user()
    text = f"处理结果通知\n您的投诉已有处理结果：支持买家，商家退款{amount}元。投诉编号：TS1122334455".encode()
    mail = run(receive(text, Envelope("", (), "", owner.pk), Door.PASTE))
    assert mail.outcome == Outcome.FILED
    case = owner.cases.get()
    assert (case.stage, case.amount) == ("ruled", None)


# -- what else comes in --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 50,
        b"From: a@b.c\r\nSubject: =?x-unknown?B?//8=?=\r\n"
        b"Content-Type: text/plain; charset=x-klingon\r\n\r\n\xff\xfe\xfd",
        b"\r\n\r\n\r\n",
        "只是一句话".encode("gb18030"),
        b"\x89PNG\r\n\x1a\n not a picture",
        b"Subject: " + b"A" * 300_000 + b"\r\n\r\nx",
    ],
    ids=["empty", "odd", "charset", "blank", "gbk", "png", "header"],
)
def test_odd_bytes_wait_for_a_person_and_nothing_is_lost(raw: bytes) -> None:
    owner = make.a_user()
    mail = run(by_smtp(raw, owner))
    assert mail.outcome == Outcome.REVIEW
    assert mail.reason
    assert bytes(RawMail.objects.get(mail=mail).data or b"") == raw
    assert not Event.objects.exists()
    assert balanced()


def test_a_code_of_another_service_is_held_and_stands_nowhere() -> None:
    owner = make.a_user()
    code = next(letter for letter in letters.LETTERS if letter.subject == "登录验证码")
    mail = run(by_smtp(bytes_of(code, owner), owner))
    assert (mail.outcome, mail.reason) == ("held", "verification_code")
    notice = Notice.objects.get()
    everything = (
        f"{mail.subject}{mail.sender}{notice.body}{notice.subject}{notice.safe_html}{notice.note}{notice.reading}"
    )
    assert "493021" not in everything


def test_phishing_is_marked_and_proposes_nothing() -> None:
    owner = make.a_user()
    bait = next(letter for letter in letters.LETTERS if "请尽快验证" in letter.subject)
    mail = run(by_smtp(bytes_of(bait, owner), owner))
    assert (mail.outcome, mail.reason) == ("review", "phishing")
    assert not Event.objects.exists()


def test_a_date_in_the_future_is_clamped_to_when_it_came() -> None:
    owner = make.a_user()
    raw = wraps.wrap(
        "qq",
        subject="天猫客服已介入您的维权",
        from_name="天猫",
        from_address="n@tmall.example",
        to=owner.email,
        date=timezone.now() + timedelta(days=400),
        body="您好，天猫客服已介入您的维权，维权编号：WQ202611200012。",
        outer_from=owner.email,
        outer_to="x",
    )
    mail = run(by_smtp(raw, owner))
    event = Event.objects.get()
    assert event.at == mail.received_at
    assert event.payload["warnings"] == ["date_in_future"]


def test_a_shop_alone_proposes_to_its_one_open_case() -> None:
    owner = make.a_user()
    case = make.a_case(owner, shop="云朵服饰旗舰店")
    raw = wraps.wrap(
        "qq",
        subject="商家拒绝了您的退款申请",
        from_name="天猫",
        from_address="n@tmall.example",
        to=owner.email,
        date=NOW,
        body="“云朵服饰旗舰店”拒绝了您的退款申请。拒绝原因：已拆封影响二次销售。您可在7天内修改申请或申请客服介入，逾期将关闭。",
        outer_from=owner.email,
        outer_to="x",
    )
    mail = run(by_smtp(raw, owner))
    case.refresh_from_db()
    assert (mail.outcome, mail.reason) == ("review", "shop_only")
    assert (case.stage, case.proposed) == ("filed", 1)


# -- the demo's stories --------------------------------------------------------------------------------


def test_the_letters_of_the_demo_tell_twelve_cases_in_any_order() -> None:
    everybody = {name: make.a_user(f"{name}@example.com") for name in ("shopper", "shopper2")}
    for letter in reversed(letters.LETTERS):
        owner = everybody[letter.owner]
        run(by_smtp(bytes_of(letter, owner, mailbox=letter.mailbox), owner, letter.mailbox))
    cases = {case.order_no: case for case in Case.objects.told()}
    stages = sorted((case.stage, case.outcome) for case in cases.values())
    assert stages == sorted(
        [
            ("ruled", "buyer"),
            ("ruled", "ambiguous"),
            ("filed", ""),
            ("acknowledged", ""),
            ("evidence_requested", "seller"),
            ("platform_intervened", ""),
            ("closed", "refunded"),
            ("appealed", "partial"),
            ("closed", "settled"),
            ("closed", "lapsed_buyer"),
            ("closed", "lapsed_seller"),
            ("merchant_replied", ""),
        ]
    )
    assert all(workflow.is_chained(case) for case in cases.values())
    assert balanced()


@pytest.fixture
def leaving() -> Iterator[None]:
    yield
    line.LEAVING.clear()


@pytest.mark.usefixtures("leaving")
def test_a_worker_that_leaves_gives_back_what_it_holds_and_takes_nothing_more() -> None:
    mail, other = make.a_mail(), make.a_mail()
    claimed = line.claim(mail.pk)
    assert isinstance(claimed, tuple)
    line.HELD.add(claimed[0])
    try:
        assert line.give_back() == 1
    finally:
        line.HELD.clear()
    mail.refresh_from_db()
    assert (mail.lease, mail.lease_until, mail.attempts, mail.lost_leases) == ("", None, 0, 0)
    assert line.run(other.pk) == line.NOT_YOURS
    other.refresh_from_db()
    assert other.lease == ""
