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


def test_the_merchants_lapse_refunds():
    facts = facts_of("商家已签收您的退货", "商家须在3天内确认收货，超时系统将自动退款给您。")
    assert (facts.deadline_for, facts.if_missed) == (Party.MERCHANT, "auto_refund")


def test_a_platform_that_may_take_three_to_seven_days_may_take_seven():
    facts = facts_of("申诉已提交", "您的申诉已提交，预计3-7个工作日反馈。")
    assert (facts.deadline, facts.deadline_for) == (end("2026-11-17"), Party.PLATFORM)
