"""Who may move a case by what was checked: the real line, a name server over the real protocol, keys made here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import ConfirmedMailbox, User
from complaints import workflow
from complaints.intake import again, keyring, reader, reading, route
from complaints.intake.provenance import Answer, mta_vouches
from complaints.intake.receive import Envelope, Receipt, receive
from complaints.intake.shapes import Door, Outer
from complaints.models import Case, Event, IncomingMail, Notice, ShopSender, Signature, SigningKey
from complaints.tell import tell
from tests import make, names, sealing
from tests.complaints.intake import test_line
from tests.complaints.intake.test_signatures import a_mail, attached

pytestmark = pytest.mark.django_db

ORDER = "3299194706518006493"
FAR = "192.0.2.7"  # a client from elsewhere
RULING = f"您的投诉已有处理结果：支持买家，商家退款459.00元。订单编号：{ORDER} 投诉编号：TS202611080031\r\n"


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read", reading.read)


@pytest.fixture
def dns(settings: object) -> Iterator[names.Names]:
    """A name server that knows the keys of a mail provider, the platform and the payer."""
    keyring.forget()
    with names.serving() as server:
        settings.DNS_RESOLVER = server.address  # type: ignore[attr-defined]
        for domain in ("example.com", "taobao.com", "alipay.com", "shop.example", "example.net"):
            server.records[f"s1._domainkey.{domain}"] = sealing.record_of(sealing.rsa_key())
        yield server
    keyring.forget()


def ruling(**more: str) -> bytes:
    """A ruling as the platform itself would send it to Mei."""
    said = {"Subject": "=?utf-8?b?5aSE55CG57uT5p6c6YCa55+l?=", "To": "mei@example.com"} | more
    return a_mail(RULING, **said)


def told(owner: User, sender: str = "mei@example.com") -> bytes:
    """The same, forwarded inline by `sender`."""
    return test_line.bytes_of(test_line.RULING, owner, mailbox=sender)


def arrives(raw: bytes, owner: User, door: Door = Door.SMTP, peer: str = FAR, mail_from: str = "") -> IncomingMail:
    return test_line.run(receive(raw, Envelope(mail_from, (make.an_inbox(owner).address,), peer), door))


# -- by the route --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", [Door.SMTP, Door.LMTP, Door.INGEST])
def test_a_signed_mail_from_a_confirmed_mailbox_moves_a_case_unasked(dns: names.Names, door: Door, settings) -> None:
    settings.TRUST_LOOPBACK = False
    owner = make.a_user("mei@example.com")
    mail = arrives(sealing.sealed(told(owner), "example.com"), owner, door)
    assert (mail.outcome, mail.reason, mail.verified, mail.from_proven) == ("filed", "moved", True, True)
    assert Case.objects.get().stage == "ruled"
    event = Event.objects.get()
    assert (event.payload["why"], event.payload["provenance"]) == ("verified_route", "D")
    row = Signature.objects.get()
    assert (row.result, row.domain, row.part) == ("passed", "example.com", 0)
    assert row.key is not None
    assert bytes(row.key.record) == dns.records["s1._domainkey.example.com"]


def test_the_same_domain_is_not_the_same_mailbox(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    mail = arrives(sealing.sealed(told(owner, "wang@example.com"), "example.com"), owner)
    assert (mail.outcome, mail.reason, mail.from_proven) == ("review", "unverified_route", True)


@pytest.mark.parametrize("signer", ["evil.example", "example.net"])
def test_somebody_elses_signature_proves_no_mailbox(dns: names.Names, signer: str) -> None:
    owner = make.a_user("mei@example.com")
    dns.records["s1._domainkey.evil.example"] = sealing.record_of(sealing.rsa_key())
    mail = arrives(sealing.sealed(told(owner), signer), owner)
    assert (mail.outcome, mail.reason) == ("review", "unproven_route")
    assert dns.asked == []


def test_a_second_sender_beside_the_signed_one_moves_nothing(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    raw = b"From: evil@example.net\r\n" + sealing.sealed(told(owner), "example.com")
    mail = arrives(raw, owner)
    assert (mail.outcome, mail.reason, mail.verified) == ("review", "contradictory", False)
    assert Notice.objects.get().provenance == "E"
    assert not Event.objects.exists()


def test_keys_are_asked_for_once_and_kept_as_they_were_answered(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    for client in ("qq", "gmail"):
        raw = test_line.bytes_of(test_line.RULING, owner, client, "mei@example.com")
        arrives(sealing.sealed(raw, "example.com"), owner)
    assert dns.asked == ["s1._domainkey.example.com"]
    key = SigningKey.objects.get()
    assert (key.resolver, key.authenticated) == ("127.0.0.1", False)
    assert key.fresh_until >= key.fetched_at + timedelta(minutes=5)
    SigningKey.objects.update(fresh_until=timezone.now())
    dns.records["s1._domainkey.example.com"] = sealing.record_of(sealing.rsa_key(1024, "new"))
    raw = test_line.bytes_of(test_line.RULING, owner, "foxmail", "mei@example.com")
    assert arrives(sealing.sealed(raw, "example.com"), owner).from_proven is False
    assert SigningKey.objects.count() == 2  # the older record stays, with what it proved


# -- when the DNS does not answer ------------------------------------------------------------------------------------


def test_without_an_answer_it_proposes_and_counts_by_itself_once_the_key_comes(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    dns.refuses = True
    mail = arrives(sealing.sealed(told(owner), "example.com"), owner)
    assert (mail.outcome, mail.reason) == ("review", "signature_pending")
    assert "signature_not_checked" in mail.warnings
    now = timezone.now()
    again.look_around(now)
    assert Signature.objects.get().tries == 1  # not due yet
    dns.refuses = False
    keyring.forget()
    again.look_around(now + timedelta(minutes=2))
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason, mail.verified) == ("filed", "verified_later", True)
    assert Case.objects.get().stage == "ruled"
    again.look_around(now + timedelta(minutes=4))
    assert Event.objects.count() == 2  # the act and its one confirmation


def test_it_is_asked_for_later_and_later_and_at_last_no_more(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    dns.refuses = True
    arrives(sealing.sealed(told(owner), "example.com"), owner)
    for _ in range(20):
        row = Signature.objects.get()
        if row.due_at is None:
            break
        keyring.forget()
        again.look_around(row.due_at)
    assert (row.result, row.tries) == ("pending", 8)


def test_the_grade_of_an_attached_original_rises_when_its_key_comes(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    dns.refuses = True
    raw = attached(sealing.sealed(ruling(), "taobao.com"))
    mail = arrives(raw, owner, peer=FAR)
    assert Notice.objects.get().provenance == "D"
    dns.refuses = False
    keyring.forget()
    again.look_around(timezone.now() + timedelta(minutes=2))
    assert Notice.objects.get().provenance == "B"
    mail.refresh_from_db()
    assert (mail.outcome, mail.verified) == ("filed", False)  # by the platform's signature, not by the route
    assert Case.objects.get().stage == "ruled"
    (told,) = tell(owner)["cases"]
    assert [event["provenance"] for event in told["events"]] == ["B"]


def test_a_domain_that_does_not_answer_is_asked_once_however_many_selectors_are_named(dns: names.Names) -> None:
    dns.refuses = True
    wanted = [f"s{number}._domainkey.{zone}" for number in range(4) for zone in ("a.evil.com", "b.evil.com")]
    keys = keyring.fetch([*wanted, "s1._domainkey.other.com"], make.NOW)
    assert {key.answer for key in keys.values()} == {Answer.SILENT}
    assert [key.name for key in keys.values()] == [*wanted, "s1._domainkey.other.com"]
    assert set(dns.asked) == {wanted[0], "s1._domainkey.other.com"}


def test_what_was_asked_in_vain_is_asked_again_in_time_however_often_it_is_wanted(
    dns: names.Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 1_000, 25))
    monkeypatch.setattr(keyring, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    monkeypatch.setattr(keyring, "SECONDS", 500.0)
    monkeypatch.setattr(
        keyring, "ask", lambda name, _left: dns.asked.append(name) or keyring.Asked(keyring.Key(name, Answer.NONE))
    )
    for _mail in range(8):
        keyring.fetch(["new._domainkey.example.com"], make.NOW)
    assert len(dns.asked) > 1


@pytest.mark.parametrize("trouble", ["silent", "refuses", "two keys", "none"])
def test_every_answer_of_the_dns_is_taken_without_an_error(dns: names.Names, trouble: str, monkeypatch) -> None:
    monkeypatch.setattr(keyring, "ONE_TRY", 0.1)
    name = "s1._domainkey.example.com"
    dns.is_silent = trouble == "silent"
    dns.refuses = trouble == "refuses"
    if trouble == "two keys":
        dns.records[name] = [b"v=DKIM1; p=AA", b"v=DKIM1; p=BB"]
    if trouble == "none":
        del dns.records[name]
    expected = Answer.SILENT if trouble in ("silent", "refuses") else Answer.NONE
    assert keyring.ask(name, 0.3).key.answer is expected


def test_a_long_record_comes_in_pieces_and_a_txt_beside_the_key_is_left_aside(dns: names.Names) -> None:
    long_key = sealing.record_of(sealing.rsa_key(2048))
    assert len(long_key) > 255
    dns.records["big._domainkey.example.com"] = [long_key, b"some other text"]
    asked = keyring.ask("big._domainkey.example.com")
    assert (asked.key.answer, asked.key.record) == (Answer.FOUND, long_key)


def test_where_the_dns_is_off_nobody_is_asked(dns: names.Names, settings) -> None:
    settings.DNS_RESOLVER = "off"
    owner = make.a_user("mei@example.com")
    mail = arrives(sealing.sealed(told(owner), "example.com"), owner)
    assert (mail.reason, dns.asked, Signature.objects.get().result) == ("unproven_route", [], "unchecked")


# -- by the platform's own signature ---------------------------------------------------------------------------------


def test_the_platforms_signed_original_to_its_owner_moves_the_case(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    case = make.a_case(owner, order_no=ORDER)
    mail = arrives(sealing.sealed(ruling(), "taobao.com"), owner)
    assert (mail.outcome, mail.reason, mail.verified) == ("filed", "moved", False)
    case.refresh_from_db()
    assert case.stage == "ruled"
    event = case.events.get(act="rules")
    assert (event.payload["why"], event.payload["provenance"]) == ("signed_original", "A")


def test_so_does_the_one_that_anybody_attached(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    mail = arrives(attached(sealing.sealed(ruling(), "taobao.com")), owner)
    assert (mail.outcome, mail.reason, mail.verified) == ("filed", "moved", False)
    assert Event.objects.get().payload["provenance"] == "B"


def test_a_replay_of_somebody_elses_signed_ruling_moves_nothing(dns: names.Names) -> None:
    mei, wang = make.a_user("mei@example.com"), make.a_user("wang@example.com")
    case = make.a_case(wang, order_no=ORDER)
    raw = sealing.sealed(ruling(), "taobao.com")
    reasons = [arrives(one, wang).reason for one in (raw, attached(raw))]
    assert reasons == ["unverified_route", "same_notice"]
    assert set(Notice.objects.values_list("provenance", flat=True)) == {"A", "B"}
    case.refresh_from_db()
    assert (case.stage, case.proposed) == ("filed", 1)
    assert not Case.objects.filter(owner=mei).exists()


@pytest.mark.parametrize(
    ("raw", "domain", "why"),
    [
        (ruling(From="notice@alipay.com"), "alipay.com", "the payer does not rule"),
        (ruling(From="notice@shop.example"), "shop.example", "anybody has a domain"),
        (ruling(From="anybody@aliyun.com"), "aliyun.com", "anybody has a mailbox there"),
        (ruling(To="someone@example.org"), "taobao.com", "it went to somebody else"),
        (a_mail("您的投诉已有处理结果：支持买家，商家退款459.00元。\r\n"), "taobao.com", "it names no number"),
        (ruling(Subject="x") + b"more\r\n", "taobao.com", "signed before it was changed"),
    ],
)
def test_a_signature_that_does_not_fit_only_proposes(dns: names.Names, raw: bytes, domain: str, why: str) -> None:
    dns.records[f"s1._domainkey.{domain}"] = sealing.record_of(sealing.rsa_key())
    owner = make.a_user("mei@example.com")
    signed = sealing.sealed(raw.removesuffix(b"more\r\n"), domain) + (b"more\r\n" if raw.endswith(b"more\r\n") else b"")
    mail = arrives(signed, owner)
    assert mail.outcome == "review", why
    assert not Case.objects.told().exists()


REPLY = a_mail(
    f"“暖冬旗舰店”拒绝了您的退款申请。拒绝原因：已拆封影响二次销售。订单编号：{ORDER}。您可在7天内修改申请或申请客服介入。\r\n",
    From="kefu@mail.shop.example",
    Subject="=?utf-8?b?5ZWG5a625ouS57ud5LqG5oKo55qE6YCA5qy+55Sz6K+3?=",
)


def test_a_shop_speaks_for_itself_once_its_owner_said_which_domain_is_its_own(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    case = make.a_case(owner, order_no=ORDER)
    dns.records["s1._domainkey.shop.example"] = sealing.record_of(sealing.rsa_key())
    raw = sealing.sealed(REPLY, "shop.example")
    assert arrives(raw, owner).reason == "unverified_route"
    other = make.a_user("wang@example.com")
    ShopSender.objects.create(owner=other, shop=case.shop, domain="shop.example")
    assert arrives(b"X-Again: 1\r\n" + raw, owner).outcome == "duplicate"
    ShopSender.objects.create(owner=owner, shop=case.shop, domain="shop.example")
    mail = arrives(b"X-Again: 2\r\n" + raw, owner)
    case.refresh_from_db()
    assert (mail.outcome, case.stage) == ("filed", "merchant_replied")
    ruled = sealing.sealed(ruling(From="kefu@shop.example"), "shop.example")
    assert arrives(ruled, owner).outcome == "review"  # a shop does not rule


# -- our own MTA's word ----------------------------------------------------------------------------------------------

OURS = "Received: from mx.example.net by mx.suji.example (Postfix); Mon, 9 Nov 2026 10:00:00 +0800\r\n"
THEIRS = "Received: from a by mx.example.net; Mon, 9 Nov 2026 09:59:59 +0800\r\n"
SAYS = "Authentication-Results: mx.suji.example;\r\n dkim=pass (1024-bit key) header.d=example.com header.s=s1\r\n"


@pytest.mark.parametrize(
    ("top", "reason"),
    [
        (SAYS + OURS + THEIRS, "moved"),
        (OURS + SAYS + THEIRS, "moved"),
        (SAYS.replace("dkim=pass", "dkim=fail") + SAYS + OURS, "unproven_route"),  # only the topmost counts
        (OURS + THEIRS + SAYS, "unproven_route"),
        (THEIRS + SAYS, "unproven_route"),
        (SAYS.replace("mx.suji.example", "mx.example.net") + OURS, "unproven_route"),
        (SAYS.replace("d=example.com", "d=evil.example") + OURS, "unproven_route"),
        (SAYS.replace("dkim=pass", "dkim=none") + OURS, "unproven_route"),
        (SAYS.replace("dkim=pass (1024-bit key) header.d", "dmarc=pass header.from") + OURS, "moved"),
        ("Authentication-Results: mx.suji.example; spf=pass smtp.mailfrom=mei@example.com\r\n" + OURS, "moved"),
        ("Authentication-Results: mx.suji.example; spf=pass smtp.mailfrom=x@example.com\r\n" + OURS, "unproven_route"),
        (
            'Authentication-Results: mx.suji.example; spf=fail smtp.mailfrom="a; dkim=pass header.d=example.com"\r\n'
            + OURS,
            "unproven_route",
        ),
        (
            "Authentication-Results: mx.suji.example; spf=fail (said (dkim=pass) ; dkim=pass header.d=example.com\r\n",
            "unproven_route",
        ),
        ("", "unproven_route"),
    ],
)
def test_only_what_our_own_mta_wrote_on_top_is_believed(top: str, reason: str, settings) -> None:
    settings.MTA_NAME, settings.MTA_PEERS = "mx.suji.example", [ip_network("10.1.0.0/16")]
    owner = make.a_user("mei@example.com")
    mail = arrives(top.encode() + told(owner), owner, Door.LMTP, "10.1.2.3")
    assert mail.reason == reason


@pytest.mark.parametrize(("name", "peer"), [("", "10.1.2.3"), ("mx.suji.example", FAR), ("mx.suji.example", "")])
def test_nobody_but_the_named_mta_is_believed(name: str, peer: str, settings) -> None:
    settings.MTA_NAME, settings.MTA_PEERS = name, [ip_network("10.1.0.0/16")]
    owner = make.a_user("mei@example.com")
    assert arrives((SAYS + OURS).encode() + told(owner), owner, Door.LMTP, peer).reason == "unproven_route"


def test_an_mta_without_a_sender_to_speak_of_says_nothing() -> None:
    nobody = Outer("", "", 0, "", None, "", trace=(("authentication-results", "mx.suji.example; dkim=pass"),))
    assert not mta_vouches(nobody, "mx.suji.example")


# -- the same mail by a better way -------------------------------------------------------------------------------------


def test_the_same_bytes_from_a_stranger_first_count_once_the_owner_hands_them_in(settings) -> None:
    owner = make.a_user("mei@example.com")
    raw = told(owner, "x@example.net")
    first = arrives(raw, owner)
    assert first.reason == "unverified_route"
    again_by_hand = receive(raw, Envelope("", (), "", owner.pk), Door.UPLOAD)
    assert again_by_hand == Receipt((first.public_id,), 1, (first.pk,))
    assert again.look_around(timezone.now()) == 1
    first.refresh_from_db()
    assert (first.outcome, first.reason) == ("filed", "verified_later")
    assert Case.objects.get().stage == "ruled"
    assert again.look_around(timezone.now()) == 0


def test_ingested_first_and_sent_from_the_confirmed_mailbox_later_it_counts() -> None:
    owner = make.a_user("mei@example.com")
    raw = told(owner)
    first = arrives(raw, owner, Door.INGEST, "")
    assert first.outcome == "review"
    test_line.by_smtp(raw, owner)
    assert again.look_around(timezone.now()) == 1
    assert Case.objects.get().stage == "ruled"


def test_sent_again_by_another_stranger_it_still_only_proposes() -> None:
    owner = make.a_user("mei@example.com")
    raw = told(owner)
    arrives(raw, owner)
    for number in range(15):
        receive(raw, Envelope(f"x{number}@evil.example", (make.an_inbox(owner).address,), "127.0.0.1"), Door.SMTP)
    assert again.look_around(timezone.now()) == 0
    assert IncomingMail.objects.get().arrivals.count() == 10
    assert not Case.objects.told().exists()


def test_once_its_mailbox_is_confirmed_what_came_from_there_counts(dns: names.Names) -> None:
    owner = make.a_user("mei@example.com")
    mail = arrives(sealing.sealed(told(owner, "second@example.net"), "example.net"), owner)
    unsigned = arrives(test_line.bytes_of(test_line.RULING, owner, "gmail", "second@example.net"), owner)
    assert (mail.reason, mail.from_proven, unsigned.outcome) == ("unverified_route", True, "duplicate")
    ConfirmedMailbox.objects.create(owner=owner, email="second@example.net", how="code")
    assert again.look_around(timezone.now()) == 1
    mail.refresh_from_db()
    assert (mail.outcome, mail.verified) == ("filed", True)


def test_forgeries_in_the_name_of_a_mailbox_do_not_keep_its_true_mails_waiting(
    dns: names.Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "AT_ONCE", 2)
    owner = make.a_user("mei@example.com")
    now = timezone.now()
    for _number in range(5):
        forged = make.a_mail(owner, outcome="review", reason="unverified_route", verified=False)
        IncomingMail.objects.filter(pk=forged.pk).update(
            from_address="second@example.net", peer=FAR, received_at=now - timedelta(days=1)
        )
    mail = arrives(sealing.sealed(told(owner, "second@example.net"), "example.net"), owner)
    ConfirmedMailbox.objects.create(owner=owner, email="second@example.net", how="code")
    assert [again.look_around(now) for _turn in range(4)] == [0, 0, 1, 0]
    mail.refresh_from_db()
    assert (mail.outcome, mail.verified) == ("filed", True)


def test_whoever_goes_on_waiting_for_a_mailbox_is_looked_at_again_from_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(again, "AT_ONCE", 2)
    owner = make.a_user("mei@example.com")
    waiting = [make.a_mail(owner, outcome="review", reason="unproven_route", verified=False) for _number in range(3)]
    IncomingMail.objects.update(from_address="mei@example.com")
    turns = [again.from_confirmed(timezone.now()) for _turn in range(3)]
    first, second, third = (mail.pk for mail in waiting)
    assert turns == [[first, second], [third], [first, second]]


def test_what_a_person_should_look_at_is_not_let_through_by_a_better_way() -> None:
    owner = make.a_user("mei@example.com")
    make.a_case(owner, shop="云朵服饰旗舰店")
    body = "“云朵服饰旗舰店”拒绝了您的退款申请。拒绝原因：已拆封影响二次销售。您可在7天内修改申请，逾期将关闭。\r\n"
    raw = a_mail(body, Subject="=?utf-8?b?5ZWG5a625ouS57ud5LqG5oKo55qE6YCA5qy+55Sz6K+3?=", From="n@tmall.example")
    mail = arrives(raw, owner)
    assert Event.objects.get(state="proposed").payload["doubts"] == ["unverified_route", "shop_only"]
    receive(raw, Envelope("", (), "", owner.pk), Door.UPLOAD)
    assert again.look_around(timezone.now()) == 0
    mail.refresh_from_db()
    assert mail.outcome == "review"


def test_what_its_owner_has_undone_stays_undone() -> None:
    owner = make.a_user("mei@example.com")
    raw = told(owner, "x@example.net")
    mail = arrives(raw, owner)
    workflow.undo(Event.objects.get(), owner)
    receive(raw, Envelope("", (), "", owner.pk), Door.UPLOAD)
    assert again.look_around(timezone.now()) == 0
    mail.refresh_from_db()
    assert not Case.objects.told().exists()


# -- loopback ----------------------------------------------------------------------------------------------------------


def test_while_a_door_speaks_lmtp_loopback_is_not_trusted() -> None:
    owner = make.a_user("mei@example.com")
    with route.lmtp_open(), route.lmtp_open():
        assert route.lmtp_is_open()
        assert test_line.run(test_line.by_smtp(told(owner), owner)).reason == "unproven_route"
    assert not route.lmtp_is_open()
    assert again.look_again(IncomingMail.objects.get().pk)


def test_no_address_and_no_name_of_a_key_is_logged(dns: names.Names, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="complaints")
    dns.refuses = True
    owner = make.a_user("mei@example.com")
    arrives(sealing.sealed(told(owner), "example.com"), owner)
    assert caplog.records
    assert not re.search(r"example|_domainkey|@", caplog.text.replace("test_proof", ""))
