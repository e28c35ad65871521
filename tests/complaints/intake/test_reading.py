import base64
import json
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.intake.codes import mask
from complaints.intake.pictures import picture_type
from complaints.intake.reading import read
from complaints.intake.shapes import How, Reading
from complaints.stages import Kind

ORDER = "3299194706518006493"
QQ = """\
请帮我看看这个

------------------ 原始邮件 ------------------
发件人: "天猫" <service@mail.taobao.com>;
发送时间: 2026年11月8日(星期日) 晚上6:30
收件人: "mei"<mei@qq.com>;
主题: 处理结果通知：支持买家

经核实，商品与描述不符，支持退货退款459.00元，退货运费由商家承担。
订单编号：3299194706518006493
如有异议请于11月15日18:30前申诉。
"""


def a_mail(body, subject="转发：处理结果通知：支持买家", sender="mei@qq.com", **headers):
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "in-abc@suji.example"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 09 Nov 2026 09:00:00 +0800"
    mail["Message-ID"] = "<1@qq.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


def test_a_forwarded_ruling_is_read_to_the_end():
    reading = read(a_mail(QQ))
    main = reading.main
    assert main.classified.kind is Kind.RULING
    assert main.moves_case
    assert main.notice.how is How.INLINE
    assert main.notice.note == "请帮我看看这个"
    assert main.facts.order_no == ORDER
    assert main.facts.deadline is not None
    assert main.facts.deadline.isoformat() == "2026-11-15T18:30:00+08:00"
    assert reading.outer.from_address == "mei@qq.com"
    assert reading.outer.from_count == 1
    assert reading.warnings == ()


def test_the_contract_has_its_keys_in_order():
    row = read(a_mail(QQ)).as_contract("a.eml")
    assert list(row) == [
        *("file", "sha256", "parser", "kind", "confidence", "act", "by", "stage", "moves_case", "outcome"),
        *("freight_payer", "language", "trust", "provenance", "forward", "original", "fields", "confirmation"),
        *("because", "notices", "warnings"),
    ]
    assert json.loads(json.dumps(row, ensure_ascii=False)) == row


def test_a_reading_crosses_the_pipe_unchanged():
    reading = read(a_mail(QQ))
    assert Reading.from_json(reading.to_json()) == reading


def test_the_shoppers_own_words_are_no_notice():
    main = read(a_mail("我的快递一直没到，商家也不退款，怎么办？", subject="求助")).main
    assert main.classified.kind is Kind.USER_MESSAGE
    assert not main.moves_case


def test_a_pasted_text_is_read():
    raw = f"订单编号：{ORDER}\n商家拒绝了您的退款申请\n拒绝原因：已拆封".encode()
    main = read(raw).main
    assert main.notice.how is How.PASTED
    assert main.classified.kind is Kind.MERCHANT_REFUSAL


@pytest.mark.parametrize("raw", [b"", b"\n", b"\x00\x01\x02", b"From: a@b.c\n\n", b"Subject: x\r\n\r\n", b"\xff" * 500])
def test_what_says_nothing_is_unknown(raw):
    reading = read(raw)
    assert reading.main.classified.kind is Kind.UNKNOWN
    assert not reading.main.moves_case


@pytest.mark.parametrize(
    "raw",
    [b"\x89PNG\r\n\x1a\nrest", b"\xff\xd8\xff\xe0rest", b"RIFF0000WEBPrest", b"GIF89arest", b"\0\0\0\x18ftypheic"],
)
def test_pictures_wait(raw):
    reading = read(raw)
    assert reading.main.classified.kind is Kind.UNKNOWN
    assert reading.warnings == ("not_read_yet",)


@pytest.mark.parametrize(
    ("brand", "others", "content_type"),
    [
        (b"heic", (b"mif1", b"heic"), "image/heic"),
        (b"heix", (b"mif1",), "image/heic"),
        (b"mif1", (b"mif1", b"heic"), "image/heic"),
        (b"avif", (b"mif1", b"miaf"), "image/avif"),
        (b"mif1", (b"miaf", b"avif"), "image/avif"),
        (b"isom", (b"avif", b"mp41"), ""),
        (b"qt  ", (), ""),
    ],
)
def test_a_picture_in_an_iso_file_is_known_by_what_it_calls_itself(brand, others, content_type):
    body = brand + bytes(4) + b"".join(others)
    assert picture_type((8 + len(body)).to_bytes(4) + b"ftyp" + body + b"avif of the next box") == content_type


CODES = [
    ("您的验证码", "【某银行】验证码 493021，5分钟内有效，请勿告诉他人。", ("493021",)),
    (
        "Your code is 882190",
        "Your verification code is 882190. Or click https://login.example/m?t=Zx81Kq",
        ("882190", "Zx81Kq"),
    ),
    ("登录验证", "您的动态密码：A7K9Q2，请在10分钟内使用", ("A7K9Q2",)),
    ("Security code", "Your security code:\n\n 44 19 02\n\nDo not share it.", ("44 19 02", "441902")),
    ("認証コード", "認証コードは 551177 です", ("551177",)),
    (
        "Reset your password",
        "Click to reset your password: https://acme.example/r/Qw77Zz",
        ("Qw77Zz", "acme.example/r"),
    ),
    ("Ihr Bestätigungscode", "Ihr Bestätigungscode lautet: 778812", ("778812",)),
    ("校验码", "校验码：6617（转账），30秒内有效", ("6617",)),
]


@pytest.mark.parametrize(("subject", "body", "secrets"), CODES)
def test_a_code_of_another_service_is_carried_nowhere(subject, body, secrets):
    html = f"<html><body><p>{body}</p><a href='https://x.example/?c={secrets[0]}'>go</a></body></html>"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "noreply@acme.example", "in-abc@suji.example", subject
    mail["Date"] = "Mon, 09 Nov 2026 09:00:00 +0800"
    mail.set_content(body)
    mail.add_alternative(html, subtype="html")
    for raw in (mail.as_bytes(), a_mail(body, subject=subject, sender="noreply@acme.example")):
        reading = read(raw)
        assert reading.main.classified.kind is Kind.VERIFICATION_CODE
        told = reading.to_json() + json.dumps(reading.as_contract("a.eml"), ensure_ascii=False)
        for secret in secrets:
            assert secret not in told


def test_masking_leaves_words_and_takes_codes_and_links():
    assert mask("验证码 493021 见 https://a.example/x") == "验证码 •••••• 见 "


def test_two_orders_in_one_notice_are_two_readings():
    body = (
        "尊敬的会员，您的以下退款申请已关闭：\n"
        f"订单编号：{ORDER}\n退款编号：285611223344556677\n退款金额：10.00元\n"
        "订单编号：4420191822771500123\n退款编号：285611223344556688\n退款金额：20.00元\n"
    )
    reading = read(a_mail(body, subject="您的退款申请已关闭", sender="service@mail.taobao.com"))
    found = [(one.facts.order_no, one.facts.case_no, one.facts.amount) for one in reading.notices]
    assert found == [
        (ORDER, "285611223344556677", "10.00"),
        ("4420191822771500123", "285611223344556688", "20.00"),
    ]
    assert "several_orders" in reading.warnings
    assert reading.notices[0].fingerprint != reading.notices[1].fingerprint


def test_an_order_named_twice_is_one():
    body = f"您的投诉已受理。订单编号：{ORDER}\n请留意。\n订单编号：{ORDER}"
    assert len(read(a_mail(body, subject="您的投诉已受理")).notices) == 1


def test_a_known_order_needs_no_label():
    raw = f"您的投诉已受理，{ORDER}，请留意。".encode()
    assert read(raw).main.facts.order_no is None
    known = read(raw, known=frozenset({ORDER})).main.facts
    assert known.order_no == ORDER
    assert any(said.of == "order_no" and said.words == ORDER for said in known.because)


def test_attached_originals_are_a_reading_each():
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "mei@qq.com", "in-abc@suji.example", "转发"
    outer.set_content("两封")
    for subject, body in (("您的投诉已受理", "您的投诉已受理"), ("退款到账通知", "您的退款10.00元已退回余额")):
        inner = EmailMessage()
        inner["From"], inner["Subject"], inner["Date"] = (
            "service@mail.taobao.com",
            subject,
            "Sun, 8 Nov 2026 18:30:00 +0800",
        )
        inner.set_content(body)
        outer.add_attachment(inner)
    kinds = [one.classified.kind for one in read(outer.as_bytes()).notices]
    assert kinds == [Kind.ACKNOWLEDGEMENT, Kind.REFUND_ARRIVED]


def test_hidden_text_moves_no_case():
    html = "<p>您好</p><p style='display:none'>经核实，平台判定支持卖家，您的投诉不成立</p>"
    mail = b"From: a@b.example\nTo: c@d.example\nSubject: hi\nContent-Type: text/html; charset=utf-8\n"
    mail += b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(html.encode())
    assert not read(mail).main.moves_case


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(raw):
    for prefix in (b"", b"From: a@b.c\nSubject: ", b"Subject: x\nContent-Type: text/html\n\n<p>"):
        reading = read(prefix + raw)
        assert Reading.from_json(reading.to_json()) == reading


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="投诉已受理商家拒绝退款支持买家。，：“”（）()0123456789年月日前内如若请您¥.\n TSts", max_size=300)
)
def test_no_text_breaks_the_reading(text):
    reading = read(text.encode())
    for said in (*reading.main.classified.because, *reading.main.facts.because):
        assert said.words in reading.main.notice.subject + "\n" + reading.main.notice.body


def test_each_order_is_read_by_its_own_words():
    head, orders = "您好，您的售后进度如下：\n", ("4410287745512001001", "4410287745512001002")
    first = f"订单编号：{orders[0]}\n状态：您的投诉已受理\n\n"
    body = head + first + f"订单编号：{orders[1]}\n状态：商家拒绝了您的退款申请，拒绝原因：已拆封"
    one, other = read(a_mail(body, subject="您的售后进度")).notices
    assert (one.facts.order_no, one.classified.kind) == (orders[0], Kind.ACKNOWLEDGEMENT)
    assert (other.facts.order_no, other.classified.kind) == (orders[1], Kind.MERCHANT_REFUSAL)
    for each in (one, other):
        assert all(because.words in each.notice.body for because in each.classified.because)


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("以上两笔投诉均已受理。", Kind.ACKNOWLEDGEMENT),
        ("状态：您的投诉已受理。", Kind.UNKNOWN),
    ],
)
def test_what_another_order_s_part_says_is_not_said_of_this_one(last, kind):
    body = f"进度如下：\n订单编号：4410287745512001001\n\n订单编号：4410287745512001002\n{last}"
    one, other = read(a_mail(body, subject="进度")).notices
    assert (one.classified.kind, other.classified.kind) == (kind, Kind.ACKNOWLEDGEMENT)


@pytest.mark.parametrize("prefix", ["回复：", "Re: ", "回复: Re: "])
def test_the_headline_of_what_is_answered_decides_nothing(prefix):
    chatter = "亲，这个结果我们看到了，正在跟财务对，辛苦您再等等哈～"
    (reply,) = read(a_mail(chatter, subject=f"{prefix}处理结果通知：支持买家")).notices
    assert reply.classified.kind is not Kind.RULING
    assert reply.facts.outcome is None
    (ruling,) = read(a_mail("您的投诉经核实，判定支持买家，退款38元。", subject=f"{prefix}您的投诉")).notices
    assert ruling.classified.kind is Kind.RULING
