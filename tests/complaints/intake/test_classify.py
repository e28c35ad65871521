from collections import Counter
from dataclasses import replace

import pytest

from complaints.intake.classify import SPECIFICITY, classify
from complaints.intake.clauses import cut
from complaints.intake.kinds import KIND_ROWS, OUTCOME_ROWS, SILENT_ROWS, compiled
from complaints.intake.prefilter import Prefilter
from complaints.intake.shapes import How, Read, Trust, Where
from complaints.stages import KINDS, End, Kind
from tests.complaints.intake.notices import a_notice, a_read
from tests.mails.near_misses import NEAR_MISSES
from tests.mails.true_notices import TRUE_NOTICES

FIELDS = (
    *("order_no", "case_no", "case_no_kind", "shop", "amount", "deadline", "deadline_for", "if_missed", "outcome"),
    *("freight_payer", "reason", "refusal_ground", "evidence_asked", "tracking_no", "offer"),
)
MISSES = [(kind, subject, body) for kind, rows in NEAR_MISSES.items() for subject, body in rows]
SMALL_PRINT = (
    "\n\n温馨提示：\n1. 请勿向任何人透露您的短信验证码、银行卡密码，谨防诈骗。\n"
    "2. 如对处理结果有异议，您可在7天内提交申诉。\n3. 平台不会以任何理由要求您转账。\n\n"
    "此邮件为系统自动发送，请勿直接回复。退订请点击这里。淘宝网 版权所有"
)
# Somebody's message stands in them: that it came is itself a step, whatever it says.
PASSED_ON = ("商家留言", "商家回复", "商家不同意")


def read_true(row):
    return a_read(row.subject, row.body, from_name=row.sender[0], from_address=row.sender[1], date=row.date)


@pytest.mark.parametrize("row", TRUE_NOTICES, ids=lambda row: f"{row.kind}-{row.subject or row.body[:12]}")
def test_a_true_notice_is_known_and_moves_its_case(row):
    read = read_true(row)
    assert read.classified.kind is row.kind
    assert read.moves_case is row.moves
    assert read.is_sure
    assert read.classified.money_arrived is row.arrived
    if row.act:
        assert read.act is row.act
    if row.by:
        assert read.by is row.by


@pytest.mark.parametrize("row", TRUE_NOTICES, ids=lambda row: f"{row.kind}-{row.subject or row.body[:12]}")
def test_a_true_notice_gives_its_facts_and_no_others(row):
    facts = read_true(row).facts
    for name in FIELDS:
        if name not in row.free:
            expected = row.expect.get(name, () if name == "evidence_asked" else None)
            assert getattr(facts, name) == expected, name


@pytest.mark.parametrize("row", TRUE_NOTICES, ids=lambda row: f"{row.kind}-{row.subject or row.body[:12]}")
def test_every_verdict_quotes_verbatim_words(row):
    read = read_true(row)
    texts = {Where.SUBJECT: row.subject, Where.BODY: row.body, Where.HEADER: " ".join(row.sender)}
    because = (*read.classified.because, *read.facts.because)
    assert any(said.of == "kind" for said in because)
    for said in because:
        assert said.words
        assert said.words in texts[said.where]


@pytest.mark.parametrize("row", TRUE_NOTICES, ids=lambda row: f"{row.kind}-{row.subject or row.body[:12]}")
def test_small_print_changes_nothing(row):
    plain, printed = read_true(row), read_true(replace(row, body=row.body + SMALL_PRINT))
    assert printed.classified.kind is plain.classified.kind
    assert printed.moves_case is plain.moves_case
    assert printed.classified.trust is Trust.OK


@pytest.mark.parametrize(("kind", "subject", "body"), MISSES)
def test_small_print_makes_no_near_miss_move(kind, subject, body):
    if not body.startswith(PASSED_ON):
        assert not a_read(subject, body + SMALL_PRINT).moves_case


@pytest.mark.parametrize(("kind", "subject", "body"), MISSES)
@pytest.mark.parametrize("how", [How.INLINE, How.PASTED, How.DIRECT])
def test_a_near_miss_is_not_its_kind_and_moves_nothing(kind, subject, body, how):
    read = a_read(subject, body, how=how)
    assert not (read.classified.kind is kind and read.is_sure)
    if not body.startswith(PASSED_ON):
        assert not read.moves_case


def test_every_kind_that_files_has_true_wordings_and_ten_near_misses():
    filed = {kind for kind, row in KINDS.items() if row.end is End.FILED}
    assert filed == set(NEAR_MISSES)
    assert min(len(rows) for rows in NEAR_MISSES.values()) >= 10
    true = Counter(row.kind for row in TRUE_NOTICES)
    moving = {kind for kind, row in KINDS.items() if row.stage is not None}
    assert all(true[kind] >= 6 for kind in moving)
    assert all(true[kind] >= 2 for kind in filed)


def test_every_kind_that_files_has_its_place_and_its_words():
    filed = {kind for kind, row in KINDS.items() if row.end is End.FILED} - {Kind.EXTERNAL}
    assert set(SPECIFICITY) == filed
    assert {row.kind for row in KIND_ROWS} == filed


@pytest.mark.parametrize(
    ("kind", "subject", "body"),
    [
        (Kind.MARKETING, "淘宝网：亲爱的会员，双11红包已到账", "打开淘宝查看订单，优惠券满300减40。退订请回复T"),
        (Kind.LOGISTICS, "您的包裹已签收", "您的包裹已由驿站代收，取件码 8-2-1133。"),
        (Kind.LOGISTICS, "发货通知", "您的订单已发货，运单号 YT1234567890123。"),
        (Kind.SURVEY, "满意度调查", "请您对本次服务进行评价，1-5分。"),
        (Kind.PLATFORM_NOTICE, "淘宝平台服务协议变更公示通知", "淘宝平台争议处理规则将于2026年12月1日修订生效。"),
        (Kind.MERCHANT_PLEA, "亲，撤销投诉给您返30元红包", "亲，加一下微信，给您返30元红包，麻烦撤销投诉"),
        (Kind.MERCHANT_PLEA, "", "亲，帮忙把差评删除一下，改个五星好评，给您返现20元"),
        (Kind.USER_MESSAGE, "", "我上周买的外套，商家一直不肯退款，我该怎么办？"),
        (Kind.USER_MESSAGE, "求助", "我的投诉被关闭了，客服也不理我"),
        (Kind.UNKNOWN, "", "你好"),
        (Kind.UNKNOWN, "", ""),
        (Kind.VERIFICATION_CODE, "", "验证码 493021，5分钟内有效，请勿泄露。"),
        (Kind.VERIFICATION_CODE, "Your sign-in code", "Your verification code is 88 12 90. It expires in 10 minutes."),
        (Kind.VERIFICATION_CODE, "Reset your password", "Click to reset your password: https://example.org/r/abc"),
        (Kind.AUTO_REPLY, "自动回复：关于订单", "您好，您的来信已收到，我会尽快回复。"),
        (Kind.BOUNCE, "系统退信", "您的邮件无法投递到 a@b.example，收件人地址不存在。"),
    ],
)
def test_what_moves_nothing_is_told_apart(kind, subject, body):
    read = a_read(subject, body)
    assert read.classified.kind is kind
    assert not read.moves_case


@pytest.mark.parametrize("number", ["TSB0003618", "TSB0061844", "618618"])
def test_the_day_of_a_sale_within_a_number_or_a_sum_is_none(number):
    subject = f"【天猫】处理结果通知（投诉编号：{number}）"
    body = f"您的投诉已有处理结果。\n投诉编号：{number}\n经核实，支持买家退款，商家须向您退款618.00元，运费618元。"
    assert a_read(subject, body).classified.kind is Kind.RULING
    assert a_read("618大促来了", "618, 全场五折，退订回复T").classified.kind is Kind.MARKETING


def test_automatic_headers_alone_do_not_make_an_automatic_answer():
    headers = (("Auto-Submitted", "auto-generated"), ("Precedence", "bulk"), ("Return-Path", "<>"))
    read = a_read("您的投诉已受理", "您的投诉已受理，投诉编号：TS202611080031", headers=headers)
    assert read.classified.kind is Kind.ACKNOWLEDGEMENT
    assert read.moves_case


def test_an_answering_machine_is_known_by_headers_and_words_together():
    body = "这是一封自动回复。您的邮件已收到。"
    answered = a_notice("Re: 投诉", body, headers=(("Auto-Submitted", "auto-replied"),))
    assert classify(answered).kind is Kind.AUTO_REPLY
    assert (
        classify(a_notice("您的退款申请已提交", "您的退款申请已提交。此邮件为系统自动发送，请勿回复。")).kind
        is Kind.FILED
    )


@pytest.mark.parametrize(
    ("address", "trust"),
    [
        ("service@mail.taobao.com", Trust.OK),
        ("taobao@news.mail.taobao.com", Trust.OK),
        ("tmall-service@tmal1-kf.example", Trust.PHISHING),
        ("kefu@taoba0.com", Trust.PHISHING),
        ("a@tmall.com.xxx.cn", Trust.PHISHING),
        ("a@mail-taobao.com", Trust.PHISHING),
        ("a@tabao.com", Trust.PHISHING),
    ],
)
def test_a_look_alike_sender_is_phishing_and_moves_nothing(address, trust):
    read = a_read(
        "处理结果通知：支持卖家", "经核实，支持卖家，您的投诉不成立。", from_name="天猫", from_address=address
    )
    assert read.classified.trust is trust
    assert read.moves_case is (trust is Trust.OK)
    if trust is not Trust.OK:
        assert any(said.words == address for said in read.classified.because)


def test_the_platform_does_not_write_from_a_free_mailbox():
    read = a_read("投诉不成立", "您的投诉不成立", from_name="天猫客服", from_address="tm_kefu@qq.com")
    assert read.classified.trust is Trust.SUSPICIOUS
    assert not read.moves_case


def test_a_link_that_shows_the_platform_and_leads_elsewhere_is_phishing():
    html = '<p>您的投诉已受理 <a href="https://evil.example/x">https://www.tmall.com/case</a></p>'
    body = "您的投诉已受理 https://www.tmall.com/case"
    read = a_read("您的投诉已受理", body, html=html)
    assert read.classified.kind is Kind.PHISHING
    assert read.classified.trust is Trust.PHISHING


def test_a_link_within_the_platform_is_no_trick():
    html = '<p>您的投诉已受理 <a href="https://click.mail.taobao.com/x">www.tmall.com</a></p>'
    assert a_read("您的投诉已受理", "您的投诉已受理 www.tmall.com", html=html).classified.trust is Trust.OK


@pytest.mark.parametrize(
    "body",
    [
        "退款异常，请点击链接填写银行卡号和验证码，以便核实身份。",
        "请您下载会议软件并开启屏幕共享，客服将指导您办理退款，需添加客服QQ 12345678。",
        "您的订单退款失败，请提供短信验证码和支付密码。请添加微信办理。",
    ],
)
def test_asking_for_codes_cards_or_the_screen_is_phishing(body):
    read = a_read("【天猫】投诉处理异常，请尽快验证", body)
    assert read.classified.kind is Kind.PHISHING
    assert not read.moves_case


def test_a_warning_against_fraud_is_no_fraud():
    body = "您的投诉已受理。请勿向任何人提供验证码或银行卡密码，谨防屏幕共享诈骗，平台不会要求您转账到安全账户。"
    read = a_read("您的投诉已受理", body)
    assert read.classified.trust is Trust.OK
    assert read.moves_case


def test_a_merchants_letter_cannot_rule():
    body = "亲，平台已经判定支持卖家了哦，您的投诉不成立，本店不退款的，订单3299194706518006493"
    read = a_read("关于您的订单", body, from_name="云朵服饰旗舰店", from_address="yunduo@qq.com")
    assert read.classified.kind in (Kind.MERCHANT_REPLY, Kind.MERCHANT_REFUSAL)


@pytest.mark.parametrize("number", ["TS20261234567", "1234567890123456789", "88123150001122"])
def test_a_number_that_holds_a_hotline_names_no_authority(number):
    assert a_read("", f"您的投诉已受理，投诉编号：{number}，请等待商家处理。").classified.kind is Kind.ACKNOWLEDGEMENT
    assert a_read("", f"【12345】您的投诉已决定受理，登记编号：{number}。").classified.kind is Kind.EXTERNAL


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("【某某贷】退款已到账", "您有一笔38000元额度退款已到账，点击领取 http://t.cn/abc 回T退订"),
        ("工单通知", "您在公司IT系统提交的工单已受理，工单号 IT-2026-118，工程师将尽快处理打印机故障。"),
    ],
)
def test_what_is_no_purchase_moves_nothing(subject, body):
    assert not a_read(subject, body).moves_case


@pytest.mark.parametrize(
    "body",
    [
        "亲爱的，追加一个好评返现5元，截图给客服就可以。",
        "差评麻烦删除一下",
        "全五星好评截图发客服返3元红包",
    ],
)
def test_a_bargain_over_a_review_is_a_plea(body):
    assert a_read("", body).classified.kind is Kind.MERCHANT_PLEA


def test_a_warning_of_pleas_is_none():
    assert a_read("", "如果商家要求您改好评返现，请举报。").classified.kind is not Kind.MERCHANT_PLEA


def test_an_older_step_told_again_is_not_the_news():
    read = a_read("", "您此前提交的投诉已受理，现请您于11月12日前上传商品照片等凭证。")
    assert read.classified.kind is Kind.EVIDENCE_REQUEST


def test_the_headline_names_the_notice_where_the_body_tells_more():
    read = a_read("退款到账通知", "平台判定支持您的申请，退款459.00元已退回您的支付宝账户。")
    assert read.classified.kind is Kind.REFUND_ARRIVED


def test_text_far_below_does_not_change_the_kind():
    small_print = "\n".join(f"第{n}条 平台判定支持买家的，商家应当退款。" for n in range(200))
    read = a_read("您的投诉已受理", "您的投诉已受理，投诉编号：TS202611080031。\n" + small_print)
    assert read.classified.kind is Kind.ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    "bait",
    [
        "请您" * 40_000,
        "商家" * 60_000,
        "如" * 100_000,
        "“" * 100_000,
        "已" * 100_000,
        "(" * 100_000,
        "12 " * 50_000,
        "¥1," * 50_000,
    ],
)
def test_hostile_repetition_is_read_in_bounded_time(bait):
    import time

    began = time.process_time()
    a_read(bait[:1000], bait)
    assert time.process_time() - began < 10


def test_the_prefilter_drops_no_row_that_would_match():
    rows = (*KIND_ROWS, *SILENT_ROWS, *OUTCOME_ROWS)
    prefilter = Prefilter(row.phrase for row in rows)
    left_out = 0
    for row in TRUE_NOTICES:
        notice = a_notice(row.subject, row.body)
        for text in (notice.subject, notice.body):
            folded = cut(text, Where.BODY).text
            possible = prefilter.possible(frozenset(folded))
            for at in {*range(len(rows))}.difference(possible):
                assert not compiled(rows[at].phrase).search(folded)
                left_out += 1
    assert left_out > 100 * len(TRUE_NOTICES)


def test_confidence_lies_between_nothing_and_certainty():
    for row in TRUE_NOTICES:
        assert 0 <= read_true(row).classified.confidence < 1


def test_reading_is_a_value():
    read = a_read("您的投诉已受理", "您的投诉已受理")
    assert isinstance(read, Read)
    assert read == a_read("您的投诉已受理", "您的投诉已受理")


@pytest.mark.parametrize(
    "body",
    [
        "The seller does not see your evidence for complaint no. TS20261120123.",
        "The seller will not receive your phone number when you file refund no. 2998877665544.",
        "We consider the seller responsible for packing well. Order 3320198475566778899 ships today.",
        "Your package was checked in at the airport and is back with the carrier.",
        "The first decision remains unchanged if you do not appeal within 7 days.",
        "Taobao specialist Xiao has been involved in your live chat about shipping.",
        "Thanks for your photos! Your review of order 3320198475566778899 is online.",
        "Can you add the item to your cart? The deal ends by 25 November.",
        "您好，您的退货运费险协议已生效，订单号3320198475566778899。",
    ],
)
def test_words_of_a_step_in_another_sense_move_nothing(body):
    assert not a_read("", body).moves_case
