from datetime import datetime

import pytest

from complaints.stages import Party
from tests.complaints.intake.notices import CHINA, facts_of
from tests.mails.true_notices import at, end

ASKS = "举证通知"
RULES = "处理结果：支持买家"
REFUSES = "商家拒绝了您的退款申请"


@pytest.mark.parametrize(
    ("words", "deadline"),
    [
        ("请您于2026年11月10日18:30前上传凭证。", at("2026-11-10 18:30:00")),
        ("请您于11月10日前上传凭证。", end("2026-11-10")),
        ("请您于11月10日24:00前上传凭证。", end("2026-11-10")),
        ("请您于11月10日24点前上传凭证。", end("2026-11-10")),
        ("请您在今日24点前上传凭证。", end("2026-11-08")),
        ("请您于明天18:00前上传凭证。", at("2026-11-09 18:00:00")),
        ("请上传凭证，截止时间：2026-11-14 18:00", at("2026-11-14 18:00:00")),
        ("请上传凭证，最晚不晚于2026/11/14 晚上7:32", at("2026-11-14 19:32:00")),
        ("举证期：2026-11-08至2026-11-11，请您上传凭证。", end("2026-11-11")),
        ("请您在72小时内上传凭证。", at("2026-11-11 18:30:00")),
        ("请您在3天内上传凭证。", end("2026-11-11")),
        ("请您在三日内上传凭证。", end("2026-11-11")),
        ("请您在七个自然日内上传凭证。", end("2026-11-15")),
        ("请您在4个工作日内上传凭证。", end("2026-11-12")),
        ("请您自收到本通知之日起3天内上传凭证。", end("2026-11-11")),
        ("请您自2026年11月7日9:00起72小时内上传凭证。", at("2026-11-10 09:00:00")),
        ("剩余举证时间：2天3小时，请您上传凭证。", at("2026-11-10 21:30:00")),
        ("请于11月10日下班前（18:00）补齐凭证。", at("2026-11-10 18:00:00")),
        ("请于11月10日（18:00前）补齐凭证。", at("2026-11-10 18:00:00")),
        ("请于2026-11-10当天(下午6点)前补齐凭证。", at("2026-11-10 18:00:00")),
        ("請您於１１月１０日前上傳憑證。", end("2026-11-10")),
        ("Please upload photos within 72 hours.", at("2026-11-11 18:30:00")),
        ("Please upload photos by November 10, 2026.", end("2026-11-10")),
        ("You may upload photos or ask Tmall to step in by Nov 10, 2026 18:30.", at("2026-11-10 18:30:00")),
        ("You may upload photos, or contact Taobao again, by Nov 10, 2026 18:30.", at("2026-11-10 18:30:00")),
    ],
)
def test_the_shoppers_limit_is_exactly_what_the_words_say(words, deadline):
    facts = facts_of(ASKS, words)
    assert facts.deadline == deadline
    assert facts.deadline_for is Party.BUYER


@pytest.mark.parametrize(
    ("words", "source"), [("请您于11月10日前上传凭证。", "stated"), ("请您在72小时内上传凭证。", "computed")]
)
def test_the_page_can_tell_a_stated_from_a_computed_limit(words, source):
    assert facts_of(ASKS, words).deadline_from == source


def test_a_year_is_the_next_one_when_january_comes():
    facts = facts_of(ASKS, "请您于1月3日前上传凭证。", date=datetime(2026, 12, 30, 9, 0, tzinfo=CHINA))
    assert facts.deadline == end("2027-01-03")


def test_a_stated_moment_is_not_overruled_by_the_length_beside_it():
    facts = facts_of(ASKS, "请您在72小时内（截止2026-11-10 09:00）上传凭证。")
    assert (facts.deadline, facts.deadline_from) == (at("2026-11-10 09:00:00"), "stated")


def test_without_a_date_a_length_of_time_is_no_deadline():
    facts = facts_of(ASKS, "请您在72小时内上传凭证。", date=None)
    assert facts.deadline is None
    assert facts.warnings == ("deadline_without_base",)


def test_without_a_date_a_full_moment_still_is_one():
    facts = facts_of(ASKS, "请您于2026年11月10日18:30前上传凭证。", date=None)
    assert facts.deadline == at("2026-11-10 18:30:00")
    assert facts.warnings == ()


@pytest.mark.parametrize(
    "words",
    [
        "商家已同意退货，请您自签收商品之日起7天内寄回。",
        "商家已同意退货，收到快递后7天内请您寄回商品。",
    ],
)
def test_a_length_that_counts_from_something_unknown_is_no_deadline(words):
    facts = facts_of("商家已同意退货", words)
    assert facts.deadline is None
    assert facts.warnings == ("deadline_without_base",)


def test_the_time_that_the_notice_states_is_where_hours_begin():
    facts = facts_of("", "商家于2026年11月8日10:00拒绝了您的退款申请，请您在72小时内修改申请。")
    assert facts.acted_at == at("2026-11-08 10:00:00")
    assert facts.deadline == at("2026-11-11 10:00:00")


@pytest.mark.parametrize(
    ("words", "party"),
    [
        ("商家须在2026-11-10 18:30:00前响应。", Party.MERCHANT),
        ("等待商家处理，剩余时间1天2小时。", Party.MERCHANT),
        ("平台将在3个工作日内给出处理意见。", Party.PLATFORM),
        ("预计4个工作日内给出处理意见。", Party.PLATFORM),
        ("请您于11月10日前补充材料。", Party.BUYER),
    ],
)
def test_whose_limit_it_is_follows_from_the_sentence(words, party):
    assert facts_of("您的投诉已受理", f"您的投诉已受理。{words}").deadline_for is party


def test_the_shoppers_own_limit_comes_first_and_the_other_is_kept():
    facts = facts_of(RULES, "平台支持买家，商家须在11月10日前退款。如有异议，请您于11月15日前申诉。")
    assert (facts.deadline, facts.deadline_for) == (end("2026-11-15"), Party.BUYER)
    assert [said.words for said in facts.because if said.of == "other_deadline"]


@pytest.mark.parametrize(
    "words",
    [
        "退款将在1-3个工作日内到账。",
        "本店支持七天内无理由退货。",
        "您未在11月5日前处理。",
        "截至11月9日，商家没有响应。",
        "原定11月20日的调解取消。",
    ],
)
def test_other_spans_of_time_are_no_limits(words):
    facts = facts_of(RULES, f"平台支持买家。{words}")
    assert facts.deadline is None


def test_what_a_merchant_says_sets_no_limit():
    assert facts_of("商家已回复您", "商家留言：亲，我们会在3天内给您答复").deadline is None


def test_a_limit_that_has_passed_is_not_one():
    assert facts_of("退款已关闭", "您须在2026年11月1日前寄回商品，因您未寄回，退款已关闭。").deadline is None


@pytest.mark.parametrize(
    ("words", "missed"),
    [
        ("逾期未处理，申请将自动关闭。", "closes"),
        ("逾期视为放弃举证。", "judged_as_is"),
        ("否则平台将根据现有凭证作出判定。", "judged_as_is"),
        ("逾期将默认您接受商家方案。", "accepts_offer"),
        ("逾期无法再次发起申请。", "cannot_refile"),
        ("逾期将由系统处理。", "other"),
        ("感谢您的配合。", None),
    ],
)
def test_what_happens_then_is_told(words, missed):
    assert facts_of(REFUSES, f"请您于11月10日前修改申请，{words}").if_missed == missed


@pytest.mark.parametrize(
    ("subject", "limit", "then", "missed"),
    [
        ("商家已签收您的退货", "商家须在3天内确认收货，", "3天到了还没动静，货款会原路退到您的支付宝。", "auto_refund"),
        ("商家已签收您的退货", "卖家有48小时处理，", "到点没处理的话系统替他退。", "auto_refund"),
        ("商家已签收您的退货", "商家应于11月10日18:00前响应，", "未响应的，平台将把款项退给您。", "auto_refund"),
        ("商家已签收您的退货", "賣家須於11月10日前確認，", "屆時未確認者，系統將逕將款項退還買家。", "auto_refund"),
        ("商家已签收您的退货", "商家最晚11月10日确认收货，", "若卖家不理，退款自动完成。", "auto_refund"),
        ("商家已签收您的退货", "请等待商家在11月10日前处理，", "商家一直不处理，钱会自动回到您账户。", "auto_refund"),
        ("商家已签收您的退货", "商家应于48小时内处理；", "商家不处理就视为同意退款。", "auto_refund"),
        ("商家拒绝了您的退款申请", "您可在7天内修改申请，", "7天过后退款就关了。", "closes"),
        ("商家拒绝了您的退款申请", "请在11月12日前处理，", "不处理的话这笔退款就没有了。", "closes"),
        ("商家拒绝了您的退款申请", "请于11月12日前选择，", "到时还没选，申请自动撤销。", "closes"),
        ("商家同意退货", "请在11月12日前寄回，", "不寄回视作放弃退货。", "closes"),
        ("商家同意退货", "請於11月12日前寄回商品，", "未寄回者，視同撤回申請。", "closes"),
        ("商家同意退货", "请在11月12日前填写运单号。", "超过时间没填，售后单会被系统结束掉。", "closes"),
        (
            "Return approved",
            "Please ship the item by November 12, 2026. ",
            "If we do not get a tracking number, the request lapses.",
            "closes",
        ),
        ("Return approved", "Please ship the item by November 12, 2026, ", "or the request will be closed.", "closes"),
        ("举证通知", "请于11月12日前上传凭证，", "没传的话就按手上的材料下结论。", "judged_as_is"),
        ("举证通知", "请于11月12日前上传凭证。", "逾期提交的证据不再采纳。", "judged_as_is"),
        ("举证通知", "请于11月12日前上传凭证，", "过时不候，平台直接裁决。", "judged_as_is"),
        ("举证通知", "請於11月12日前上傳憑證，", "屆期未提出者，視為放棄舉證權利。", "judged_as_is"),
        ("举证通知", "请于11月12日前上传凭证，", "不交的一方自己承担举证不能的后果。", "judged_as_is"),
        (
            "Evidence needed",
            "Please upload photos by November 12, 2026. ",
            "If we hear nothing, we will decide on what we already have.",
            "judged_as_is",
        ),
        (
            "Evidence needed",
            "Please upload photos by November 12, 2026; ",
            "failing that, the case will be decided without your evidence.",
            "judged_as_is",
        ),
        ("商家已回复您：补偿20元", "请在11月12日前确认，", "不回复就当您答应了。", "accepts_offer"),
        ("商家已回复您：补偿20元", "请在11月12日前选择是否接受，", "没选的话系统默认您认可方案。", "accepts_offer"),
        ("商家已回复您：补偿20元", "請於11月12日前回覆，", "逾期未回覆即視為無異議。", "accepts_offer"),
        (
            "The seller has replied: CNY 20 compensation",
            "Please answer by November 12, 2026. ",
            "Silence counts as acceptance.",
            "accepts_offer",
        ),
        ("商家拒绝了您的退款申请", "您可在11月12日前申请客服介入，", "错过就不能再申请了。", "cannot_refile"),
        (
            "商家拒绝了您的退款申请",
            "您可在11月12日前申请客服介入，",
            "过期没申请，以后也没有机会再提了。",
            "cannot_refile",
        ),
        ("商家拒绝了您的退款申请", "您可在11月12日前申请客服介入，", "逾期不再受理。", "cannot_refile"),
        (
            "Seller refused your refund",
            "You may ask us to step in by November 12, 2026. ",
            "After that no new request can be made.",
            "cannot_refile",
        ),
        ("投诉已受理", "商家须在11月10日前回应，", "不回应的平台会直接介入。", "other"),
        ("处理结果：支持买家，退款50元", "商家须在11月10日前付款，", "不付就从保证金里扣给您。", "other"),
        ("处理结果：支持买家，退款50元", "商家须在11月10日前付款，", "拒不履行的，店铺将被处罚。", "other"),
        (
            "Ruling: in favour of the buyer",
            "The seller must pay by November 10, 2026. ",
            "If the seller fails to pay, the amount is taken from its deposit.",
            "other",
        ),
        ("商家拒绝了您的退款申请", "您可在11月12日前申请客服介入。", "平台会公平处理，请您放心。", None),
        ("商家同意退货", "请在11月12日前寄回，", "不要寄到付件，商家会拒收。", None),
        ("处理结果：支持买家，退款50元", "您如不服，可在11月12日前申诉，", "申诉结果将另行通知。", None),
        ("处理结果：支持卖家", "如您对结果不认可，请在7天内申诉。", "我们会在3个工作日内给您答复。", None),
        ("举证通知", "请于11月12日前上传凭证，", "图片不清晰的会影响判断。", None),
        ("商家已签收您的退货", "商家须在3天内确认收货，", "请您不要着急，我们会帮您盯着。", None),
        (
            "Evidence needed",
            "Please upload photos by November 12, 2026. ",
            "If you are not sure what to send, ask our team. We will help.",
            None,
        ),
        ("退款申请已提交", "若卖家在11月10日18:00前没有回复，", "这笔钱会原封不动退到您的付款账户。", "auto_refund"),
        ("退款申请已提交", "商家处理截止：2026-11-10 18:00", "\n超时结果：默认退款", "auto_refund"),
        ("退款申请已提交", "商家还有47小时59分处理，", "时间走完未处理即自动同意您的退款申请。", "auto_refund"),
        ("投诉已受理", "请“小熊家”11月10日18点前给答复，", "逾期系统将按您的申请金额直接退款。", "auto_refund"),
        ("商家已签收您的退货", "卖家须于11月10日前验收，", "期满未验收视为验收合格，系统自动打款给您。", "auto_refund"),
        ("商家拒绝了您的退款申请", "您可以在11月12日18:00之前修改申请，", "否则本次退款流程将自动终止。", "closes"),
        ("商家拒绝了您的退款申请", "11月12日18:00前如无操作，", "系统将视为您撤回申请。", "closes"),
        ("商家同意退货", "退货截止 2026-11-12 23:59:59", "，逾期系统会取消本次退货。", "closes"),
        ("举证通知", "请于11月12日前补齐材料，", "逾期补不齐，投诉按撤销处理。", "closes"),
        ("商家同意退货", "11月12日之前寄出并填好单号哦，", "过期这个售后就作废啦。", "closes"),
        ("商家同意退货", "请您在11月12日前将商品寄回，", "如未在规定时间内寄回，退货申请将失效。", "closes"),
        (
            "举证通知",
            "请您在11月12日前提交证据，",
            "未在期限内提交的，视为放弃举证权利，由您承担不利后果。",
            "judged_as_is",
        ),
        ("举证通知", "请双方于11月12日前提交凭证，", "逾期我们将根据已有凭证作出处理。", "judged_as_is"),
        ("举证通知", "举证截止：2026-11-12 18:00", "。到期后小二将直接根据双方已提交的内容判责。", "judged_as_is"),
        ("举证通知", "您有3天时间上传凭证，", "时间到了没上传，我们就按商家提供的证据处理了哦。", "judged_as_is"),
        (
            "投诉已受理",
            "商家应于11月10日前提交说明，",
            "商家逾期不说明的，平台按您提供的材料认定事实。",
            "judged_as_is",
        ),
        ("商家已回复您：补偿20元", "您有48小时考虑，", "到期没有选择就默认同意商家的方案。", "accepts_offer"),
        ("商家已回复您：补偿20元", "如不同意请在11月12日前反馈，", "未反馈视为接受。", "accepts_offer"),
        ("处理结果：支持卖家", "您可在11月12日前申诉，", "逾期视为放弃申诉权利。", "cannot_refile"),
        (
            "处理结果：支持卖家",
            "您可在11月12日前申诉，",
            "过了这个时间申诉通道不再开放，也不能再投诉同一订单。",
            "cannot_refile",
        ),
        ("商家同意退货", "请于11月12日前寄回，", "超时后该订单将无法再次申请售后。", "cannot_refile"),
        ("投诉已受理", "商家应在11月10日前答复，", "超过时间未答复，小二会主动介入。", "other"),
        ("处理结果：支持买家，退款50元", "商家应于11月10日前退款，", "否则平台从店铺保证金划扣。", "other"),
        ("处理结果：支持买家，退款50元", "商家须在11月10日前退款，", "未按时履行将被限制营销活动。", "other"),
        ("投诉已受理", "商家应在11月10日前答复，", "不答复会影响店铺信用分。", "other"),
        ("举证通知", "请您于11月12日前上传凭证，", "上传后平台将在3个工作日内处理。", None),
        ("商家同意退货", "请在11月12日前寄回，", "寄回时请勿使用到付，未拆封的吊牌请保留。", None),
        ("商家已签收您的退货", "商家将在3天内验货，", "验货没有问题就会给您退款。", None),
        ("投诉已受理", "商家应在11月10日前答复，", "如您与商家协商一致，可随时撤销投诉。", None),
        ("处理结果：支持买家，退款50元", "商家应于11月10日前退款，", "款项将退回您的支付宝。", None),
        ("举证通知", "请您于11月12日前上传凭证。", "如果您已与商家达成一致，系统会自动关闭投诉。", None),
        (
            "Refund request submitted",
            "The seller has until 18:00 on 10 November 2026 to answer; ",
            "if there is no answer the refund goes through automatically.",
            "auto_refund",
        ),
        (
            "Refund request submitted",
            "Seller response due by 2026-11-10 18:00. ",
            "If ignored, your money is returned to your account.",
            "auto_refund",
        ),
        (
            "Return approved",
            "You have until November 12, 2026 to send the item back. ",
            "Otherwise we will close this request.",
            "closes",
        ),
        (
            "Seller refused your refund",
            "Please respond by November 12, 2026. ",
            "No response by then means the request is withdrawn.",
            "closes",
        ),
        ("Return approved", "Ship the item by November 12, 2026 ", "or your request will be cancelled.", "closes"),
        (
            "Evidence request",
            "Upload your evidence by November 12, 2026. ",
            "Late evidence will not be considered and the case is decided on the file.",
            "judged_as_is",
        ),
        (
            "Evidence request",
            "Please provide photos before November 12, 2026. ",
            "Unless we receive them, our decision will rest on the seller's documents.",
            "judged_as_is",
        ),
        (
            "The seller has replied with an offer of CNY 20",
            "Please reply by November 12, 2026, ",
            "failing which you are deemed to have accepted.",
            "accepts_offer",
        ),
        (
            "Ruling: in favour of the seller",
            "You may appeal by November 12, 2026. ",
            "Once the deadline passes, you lose the right to appeal.",
            "cannot_refile",
        ),
        (
            "Ruling: in favour of the buyer",
            "The seller must pay by November 10, 2026; ",
            "otherwise the deposit will be used.",
            "other",
        ),
        (
            "Evidence request",
            "Please provide photos by November 12, 2026. ",
            "If you have questions, contact us. We will close the chat after 10 minutes.",
            None,
        ),
        ("退款申請已提交", "賣家應於11月10日前處理，", "若未處理，系統將自動同意退款。", "auto_refund"),
        ("商家同意退貨", "請於11月12日前寄回商品，", "未於期限內寄回者，退貨申請將自動失效。", "closes"),
        ("舉證通知", "請於11月12日前補件，", "逾期未補者，將以現有卷證審理。", "judged_as_is"),
        ("處理結果：支持賣家", "您得於11月12日前申訴，", "逾期不得再行申訴。", "cannot_refile"),
        ("投訴已受理", "賣家須於11月10日前回覆，", "未回覆者由平台介入處理。", "other"),
    ],
)
def test_a_consequence_is_told_by_what_happens_to_what_in_any_words(subject, limit, then, missed):
    assert facts_of(subject, limit + then).if_missed == missed


def test_the_merchants_lapse_refunds():
    facts = facts_of("商家已签收您的退货", "商家须在3天内确认收货，超时系统将自动退款给您。")
    assert (facts.deadline_for, facts.if_missed) == (Party.MERCHANT, "auto_refund")


def test_a_platform_that_may_take_three_to_seven_days_may_take_seven():
    facts = facts_of("申诉已提交", "您的申诉已提交，预计3-7个工作日反馈。")
    assert (facts.deadline, facts.deadline_for) == (end("2026-11-17"), Party.PLATFORM)
