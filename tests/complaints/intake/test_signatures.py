"""Signatures taken apart, checked with keys made here, and judged: RFC 6376, RFC 8463, and the tricks against them."""

from __future__ import annotations

import dataclasses
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from complaints.intake.provenance import (
    Answer,
    Key,
    Result,
    check,
    graded,
    is_aligned,
    key_name,
    may_tell,
    names_to_ask,
)
from complaints.intake.reading import read
from complaints.intake.shapes import Reading, Seal, seal_from
from complaints.intake.signatures import seals_of
from complaints.stages import Party
from tests import sealing

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SENDER = "service@mail.taobao.com"


def a_mail(body: str = "您的投诉已受理，投诉编号：TS202611080031。\r\n", **more: str) -> bytes:
    said = {
        "From": f"=?utf-8?b?5reY5a6d?= <{SENDER}>",
        "To": "mei@example.com",
        "Subject": "=?utf-8?b?5oKo55qE5oqV6K+J5bey5Y+X55CG?=",
        "Date": "Sun, 08 Nov 2026 18:30:00 +0800",
        "Message-ID": "<1@mail.taobao.com>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    } | more
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{head}\r\n{body}".encode()


def keys_of(*pairs: tuple[str, bytes]) -> dict[str, Key]:
    return {name: Key(name, Answer.FOUND, record) for name, record in pairs}


TAOBAO = ("s1._domainkey.taobao.com", sealing.record_of(sealing.rsa_key()))


def verdicts(raw: bytes, keys: dict[str, Key] | None = None, at: datetime = NOW, sender: str = SENDER) -> list[str]:
    found = [check(seal, sender, keys_of(TAOBAO) if keys is None else keys, at) for seal in seals_of(raw)]
    return [verdict.why or verdict.result.value for verdict in found]


# -- what holds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["relaxed", "simple"])
@pytest.mark.parametrize("body", ["relaxed", "simple"])
@pytest.mark.parametrize("text", ["one\r\n", "one  \t two \r\n\r\n\r\n", "", "\r\n\r\n", "no end", " \r\n x\t\r\n"])
def test_what_another_program_signed_holds_in_every_canonical_form(head: str, body: str, text: str) -> None:
    folded = {"Subject": "a  long\r\n  one \t with odd   blanks "}
    assert verdicts(sealing.sealed(a_mail(text, **folded), "taobao.com", how=(head, body))) == ["passed"]


def test_the_example_of_rfc_8463_holds_with_both_of_its_keys() -> None:
    raw = (
        b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
        b" d=football.example.com; i=@football.example.com;\r\n"
        b" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
        b" subject : date : message-id : from : subject : date;\r\n"
        b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
        b" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
        b" Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
        b"From: Joe SixPack <joe@football.example.com>\r\n"
        b"To: Suzie Q <suzie@shopping.example.net>\r\n"
        b"Subject: Is dinner ready?\r\n"
        b"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
        b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
        b"\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    )
    record = b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    keys = keys_of(("brisbane._domainkey.football.example.com", record))
    assert verdicts(raw, keys, sender="joe@football.example.com") == ["passed"]


def test_ed25519_and_rsa_stand_side_by_side_and_each_is_judged_alone() -> None:
    key = Ed25519PrivateKey.generate()
    raw = sealing.sealed_ed25519(sealing.sealed(a_mail(), "taobao.com"), "taobao.com", key)
    keys = keys_of(TAOBAO, ("e1._domainkey.taobao.com", sealing.record_of(key)))
    assert verdicts(raw, keys) == ["passed", "passed"]
    other = keys | keys_of(("e1._domainkey.taobao.com", sealing.record_of(Ed25519PrivateKey.generate())))
    assert verdicts(raw, other) == ["wrong", "passed"]


def test_headers_that_servers_add_on_top_and_a_file_saved_with_other_line_ends_change_nothing() -> None:
    raw = b"Received: from a by b\r\nX-Forwarded-To: x@y.example\r\n" + sealing.sealed(a_mail(), "taobao.com")
    assert verdicts(raw) == ["passed"]
    assert verdicts(raw.replace(b"\r\n", b"\n")) == ["passed"]


# -- what does not ---------------------------------------------------------------------------------------------


def with_tag(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert raw.count(old) >= 1
    return raw.replace(old, new, 1)


SIGNED = sealing.sealed(a_mail(), "taobao.com")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (SIGNED.replace("已受理".encode(), "已驳回".encode()), "body_changed"),
        (SIGNED + b"more\r\n", "body_changed"),
        (with_tag(SIGNED, b"To: mei@", b"To: you@"), "wrong"),
        (with_tag(SIGNED, b"08 Nov 2026", b"09 Nov 2026"), "wrong"),
        (with_tag(SIGNED, b"From: ", b"Subject: another\r\nFrom: "), "header_doubled"),
        (b"Subject: another\r\n" + SIGNED, "header_doubled"),
        (b"From: x@evil.example\r\n" + SIGNED, "header_doubled"),
        (b"Content-Type: text/html\r\n" + SIGNED, "header_doubled"),
        (sealing.sealed(a_mail(), "taobao.com", length=True), "length"),
        (sealing.sealed(a_mail(), "taobao.com", length=True) + b"appended\r\n", "length"),
        (sealing.sealed(a_mail(), "taobao.com", headers=[b"from", b"subject", b"date", b"to"]), "headers_unsigned"),
        (sealing.sealed(a_mail(), "taobao.com", headers=[b"from"]), "headers_unsigned"),
        (with_tag(SIGNED, b"rsa-sha256", b"rsa-sha1"), "algorithm"),
        (with_tag(SIGNED, b"v=1;", b"v=2;"), "malformed"),
        (with_tag(SIGNED, b"v=1;", b"v=1; d=taobao.com;"), "malformed"),
        (with_tag(SIGNED, b"d=taobao.com", b"d=taobao.com/../x"), "malformed"),
        (with_tag(SIGNED, b"s=s1;", b"s=s1; x=1;"), "malformed"),
        (with_tag(SIGNED, b" b=", b" b=!!!"), "malformed"),
        (with_tag(SIGNED, b"c=relaxed/relaxed", b"c=nowsp"), "malformed"),
        (b"X-Odd: a\r\n \r\nFrom: shown@evil.example\r\n" + SIGNED, "malformed"),
        (b"not a header line\r\n" + SIGNED, "malformed"),
        (SIGNED.replace(b"\r\n\r\n", b"\r\n\r\nbare\nline\r\n"), "body_changed"),
        (sealing.sealed(a_mail(), "evil.example"), "not_aligned"),
        (sealing.sealed(a_mail(), "taobao.com.evil.example"), "not_aligned"),
        (sealing.sealed(a_mail(), "notaobao.com"), "not_aligned"),
        (sealing.sealed(a_mail(), "taobao.com", key=sealing.rsa_key(1024, "another")), "wrong"),
    ],
)
def test_one_flaw_is_enough_and_is_named(raw: bytes, why: str) -> None:
    assert verdicts(raw) == [why]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (b"v=DKIM1; k=rsa; p=", "revoked"),
        (sealing.record_of(sealing.rsa_key(), t="y"), "testing"),
        (sealing.record_of(sealing.rsa_key(), t="s"), "passed"),
        (sealing.record_of(sealing.rsa_key(), s="tlsrpt"), "bad_key"),
        (sealing.record_of(sealing.rsa_key(), s="email:tlsrpt"), "passed"),
        (sealing.record_of(sealing.rsa_key(), h="sha1"), "bad_key"),
        (sealing.record_of(sealing.rsa_key(), h="sha1:sha256"), "passed"),
        (sealing.record_of(sealing.rsa_key(), k="ed25519"), "bad_key"),
        (sealing.record_of(sealing.rsa_key(), v="DKIM2"), "bad_key"),
        (b"v=DKIM1; k=rsa; p=AAAA", "bad_key"),
        (b"v=DKIM1; p=%%%", "bad_key"),
        (b"\xff\xfe\x00", "bad_key"),
        (b"v=spf1 -all", "bad_key"),
        (b"", "bad_key"),
    ],
)
def test_the_key_must_fit(record: bytes, why: str) -> None:
    assert verdicts(SIGNED, keys_of((TAOBAO[0], record))) == [why]


def test_a_short_key_is_weak() -> None:
    short = RSAPublicNumbers(65_537, 2**767 + 2**300 + 1).public_key()
    assert verdicts(SIGNED, keys_of((TAOBAO[0], sealing.record_of(short)))) == ["weak_key"]


def test_what_the_dns_says_or_does_not_say_is_told_apart() -> None:
    name = TAOBAO[0]
    assert verdicts(SIGNED, {name: Key(name, Answer.NONE)}) == ["no_key"]
    assert verdicts(SIGNED, {name: Key(name, Answer.SILENT)}) == ["pending"]
    assert verdicts(SIGNED, {name: Key(name, Answer.NOT_ASKED)}) == ["unchecked"]
    assert verdicts(SIGNED, {}) == ["unchecked"]


def test_a_signature_counts_within_its_time_alone() -> None:
    (seal,) = seals_of(SIGNED)
    until = dataclasses.replace(seal, until=int(NOW.timestamp()))
    keys = keys_of(TAOBAO)
    assert check(until, SENDER, keys, NOW).result is Result.PASSED
    assert check(until, SENDER, keys, NOW + timedelta(seconds=1)).why == "expired"
    early = dataclasses.replace(seal, at=int((NOW + timedelta(hours=25)).timestamp()))
    assert check(early, SENDER, keys, NOW).why == "from_future"


# -- alignment, and who may speak --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signer", "sender", "is_so"),
    [
        ("taobao.com", "a@taobao.com", True),
        ("taobao.com", "a@news.mail.taobao.com", True),
        ("mail.taobao.com", "a@taobao.com", True),
        ("qq.com", "a@vip.qq.com", True),
        ("evil.com.cn", "a@shop.com.cn", False),
        ("com.cn", "a@shop.com.cn", False),
        ("a.github.io", "x@b.github.io", False),
        ("taobao.com", "a@taobao.com.cn", False),
        ("xn--tobao-4ve.com", "a@tаobao.com", True),  # its own look-alike, and nobody else's
        ("taobao.com", "a@tаobao.com", False),
        ("taobao.com", "nobody", False),
        ("taobao.com", "", False),
        ("com", "a@com", True),
    ],
)
def test_a_signature_speaks_for_its_own_organisation_alone(signer: str, sender: str, is_so: bool) -> None:
    assert is_aligned(signer, sender) is is_so


@pytest.mark.parametrize(
    ("sender", "party", "may"),
    [
        ("taobao@news.mail.taobao.com", Party.PLATFORM, True),
        ("taobao@news.mail.taobao.com", Party.MERCHANT, True),
        ("service@mail.alipay.com", Party.PAYER, True),
        ("service@mail.alipay.com", Party.PLATFORM, False),
        ("anybody@aliyun.com", Party.PLATFORM, False),
        ("a@nottaobao.com", Party.PLATFORM, False),
        ("a@taobao.com.evil.example", Party.PLATFORM, False),
        ("service@taobao.com", Party.AUTHORITY, False),
        ("service@taobao.com", None, False),
    ],
)
def test_a_domain_tells_of_those_it_may_speak_for(sender: str, party: Party | None, may: bool) -> None:
    assert may_tell(sender, party) is may


# -- grades --------------------------------------------------------------------------------------------------------


def attached(raw: bytes, encoding: str = "7bit") -> bytes:
    import base64

    inner = base64.encodebytes(raw).replace(b"\n", b"\r\n") if encoding == "base64" else raw
    return (
        b"From: mei@example.com\r\nTo: in@suji.example\r\nSubject: =?utf-8?b?6L2s5Y+R?=\r\n"
        b"Date: Mon, 09 Nov 2026 10:00:00 +0800\r\nMessage-ID: <2@example.com>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="zz"\r\n\r\n--zz\r\nContent-Type: text/plain\r\n\r\nsee below\r\n'
        b"--zz\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: "
        + encoding.encode()
        + b"\r\n\r\n"
        + inner
        + b"\r\n--zz--\r\n"
    )


def test_the_original_itself_is_a_attached_it_is_b_and_told_of_it_is_d() -> None:
    keys = keys_of(TAOBAO)
    assert graded(read(SIGNED), keys, NOW) == (["A"], [])
    for encoding in ("7bit", "base64"):
        assert graded(read(attached(SIGNED, encoding)), keys, NOW) == (["B"], [])
    assert graded(read(a_mail()), keys, NOW) == (["D"], [])
    assert graded(read("您的投诉已受理".encode()), keys, NOW) == (["D"], [])
    changed = SIGNED.replace("已受理".encode(), "已驳回".encode())
    assert graded(read(attached(changed)), keys, NOW) == (["D"], ["signature_fails"])


def test_two_originals_with_the_same_headers_do_not_lend_each_other_their_signature() -> None:
    changed = SIGNED.replace(b"TS202611080031", b"TS999999999999")
    both = attached(SIGNED).replace(
        b"\r\n--zz--", b"\r\n--zz\r\nContent-Type: message/rfc822\r\n\r\n" + changed + b"\r\n--zz--"
    )
    grades, warnings = graded(read(both), keys_of(TAOBAO), NOW)
    assert (grades, warnings) == (["B", "D"], ["signature_fails"])


@pytest.mark.parametrize(
    "raw",
    [
        b"From: x@evil.example\r\n" + SIGNED,
        attached(b"From: x@evil.example\r\n" + SIGNED),
        a_mail(From="service@taobao.com, x@evil.example"),
        a_mail(From="service@taoba0.com"),
    ],
)
def test_what_contradicts_itself_or_looks_like_somebody_is_e_before_anything_is_checked(raw: bytes) -> None:
    assert graded(read(raw), None, NOW)[0] == ["E"]


def test_without_looking_up_a_signature_is_not_checked_and_says_so() -> None:
    for raw in (SIGNED, attached(SIGNED), SIGNED + b"more\r\n"):
        assert graded(read(raw), None, NOW) == (["D"], ["signature_not_checked"])


def test_a_name_with_a_comma_is_one_sender() -> None:
    assert read(a_mail(From="Tmall, Inc. <service@taobao.com>")).outer.from_count == 1


def test_only_keys_that_could_decide_anything_are_asked_for() -> None:
    raw = sealing.sealed(sealing.sealed(a_mail(), "taobao.com"), "sender-service.example")
    assert names_to_ask(read(raw)) == [TAOBAO[0]]
    assert names_to_ask(read(SIGNED + b"more\r\n")) == []
    many = b"".join(SIGNED.partition(b"\r\nFrom:")[0].replace(b"s=s1", b"s=s%d" % n) + b"\r\n" for n in range(30))
    assert len(names_to_ask(read(many + a_mail()))) <= 10


def test_seals_cross_the_pipe_and_the_table_as_they_are() -> None:
    reading = read(attached(SIGNED))
    assert Reading.from_json(reading.to_json()) == reading
    (seal,) = seals_of(SIGNED)
    assert seal_from(json.loads(json.dumps(dataclasses.asdict(seal)))) == seal
    assert isinstance(seal, Seal)
    assert key_name(seal) == TAOBAO[0]


def test_any_byte_changed_under_the_signature_is_found() -> None:
    keys = keys_of(TAOBAO)
    body_at = SIGNED.index(b"\r\n\r\n") + 4
    subject_at = SIGNED.index(b"Subject: ") + 9
    for place in [*range(subject_at, subject_at + 20, 3), *range(body_at, len(SIGNED) - 2, 5)]:
        changed = SIGNED[:place] + bytes([SIGNED[place] ^ 1]) + SIGNED[place + 1 :]
        assert verdicts(changed, keys) != ["passed"], place


@pytest.mark.parametrize(
    "bait",
    [
        b" " * 400_000 + b"x\r\n",
        b"\r\n" * 200_000 + b"x",
        b"a \t" * 150_000,
    ],
)
def test_taking_a_signature_apart_grows_with_the_mail_and_no_faster(bait: bytes) -> None:
    def seconds(body: bytes) -> float:
        raw = SIGNED + body
        start = time.process_time()
        for _ in range(3):
            seals_of(raw)
        return time.process_time() - start

    seconds(bait)
    assert seconds(bait * 8) < 40 * seconds(bait) + 0.1
