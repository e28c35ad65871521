import pytest

from complaints.intake.clauses import Polarity, clauses, cut
from complaints.intake.folding import fold, without_invisible
from complaints.intake.shapes import Where
from tests.complaints.intake.notices import a_notice


def polarity_of(words, text):
    passage = cut(text, Where.BODY)
    start = passage.text.index(words)
    return passage.polarity(start, start + len(words))


@pytest.mark.parametrize(
    ("text", "words", "polarity"),
    [
        ("经核实，平台支持买家。", "支持买家", Polarity.PLAIN),
        ("您的退款申请已受理，请留意。", "已受理", Polarity.PLAIN),
        ("对不起，您的投诉已受理。", "已受理", Polarity.PLAIN),
        ("非常抱歉让您久等，投诉已受理。", "已受理", Polarity.PLAIN),
        ("处理结果如下：支持买家。", "支持买家", Polarity.PLAIN),
        ("平台并未支持买家。", "支持买家", Polarity.NEGATED),
        ("平台不会支持买家。", "支持买家", Polarity.NEGATED),
        ("如判定支持买家，我们将通知您。", "支持买家", Polarity.CONDITIONAL),
        ("如果您同意，平台支持买家。", "支持买家", Polarity.CONDITIONAL),
        ("一旦投诉成立，支持买家。", "支持买家", Polarity.CONDITIONAL),
        ("投诉已受理后，商家须响应。", "已受理", Polarity.CONDITIONAL),
        ("商家已拒绝的，平台将介入。", "已拒绝", Polarity.CONDITIONAL),
        ("逾期未处理，退款将关闭。", "关闭", Polarity.CONDITIONAL),
        ("平台将支持买家。", "支持买家", Polarity.FUTURE),
        ("预计明天支持买家。", "支持买家", Polarity.FUTURE),
        ("您可以要求支持买家。", "支持买家", Polarity.ADVICE),
        ("例如平台支持买家。", "支持买家", Polarity.ADVICE),
        ("平台支持买家吗？", "支持买家", Polarity.QUESTION),
        ("平台是否支持买家", "支持买家", Polarity.QUESTION),
        ("页面出现“支持买家”字样", "支持买家", Polarity.QUOTED),
        ("当前状态：“支持买家”", "支持买家", Polarity.PLAIN),
        ("商家留言：平台支持买家", "支持买家", Polarity.SAID),
        ("我的投诉支持买家", "支持买家", Polarity.OWN),
        ("您此前提交的投诉已受理", "已受理", Polarity.PAST),
        ("the platform has not ruled for you", "ruled", Polarity.NEGATED),
        ("if the seller refused, tell us", "refused", Polarity.CONDITIONAL),
        ("the seller refused your request", "refused", Polarity.PLAIN),
    ],
)
def test_words_are_told_by_what_stands_around_them(text, words, polarity):
    assert polarity_of(words, text) is polarity


def test_a_condition_ends_with_its_sentence():
    text = "如有异议请申诉。平台支持买家。"
    assert polarity_of("支持买家", text) is Polarity.PLAIN


def test_a_condition_does_not_reach_back():
    text = "平台支持买家，如有异议可申诉。"
    assert polarity_of("支持买家", text) is Polarity.PLAIN


def test_a_lapse_that_happened_is_no_condition():
    assert polarity_of("已关闭", "因您逾期未处理，退款已关闭。") is Polarity.PLAIN


def test_a_hard_wrap_cuts_no_sentence():
    text = "尊敬的会员您好，关于您在我平台反映的该笔订单的有关情况，如果平台最终判定\n支持买家，我们将通知您。"
    assert polarity_of("支持买家", text) is Polarity.CONDITIONAL


def test_a_request_is_advice_unless_requests_are_looked_for():
    passage = cut("请您上传凭证", Where.BODY)
    start = passage.text.index("上传")
    assert passage.polarity(start, start + 4) is Polarity.ADVICE
    assert passage.polarity(start, start + 4, asks=True) is Polarity.PLAIN


def test_headings_of_advice_cover_what_follows_them():
    text = "您的投诉已受理。\n温馨提示：\n平台支持买家\n\n平台支持卖家"
    assert polarity_of("支持买家", text) is Polarity.ADVICE
    assert polarity_of("支持卖家", text) is Polarity.PLAIN


def test_clauses_cover_subject_and_body():
    found = clauses(a_notice("投诉已受理", "您好，如有异议请联系我们。"))
    assert [(clause.where, clause.polarity) for clause in found] == [
        (Where.SUBJECT, Polarity.PLAIN),
        (Where.BODY, Polarity.PLAIN),
        (Where.BODY, Polarity.CONDITIONAL),
    ]


def test_commas_in_sums_cut_nothing():
    assert len(cut("退款1,299.00元", Where.BODY).clauses) == 1


def test_folding_keeps_the_way_back():
    folded = fold("投訴編號：ＴＳ１２\u200b３４")
    start = folded.text.index("TS1234")
    assert folded.text == "投诉编号:TS1234"
    assert folded.lower.endswith("ts1234")
    assert folded.verbatim(start, start + 6) == "ＴＳ１２\u200b３４"


def test_names_lose_what_nobody_sees():
    assert without_invisible("云朵\u200b旗舰店\ufeff") == "云朵旗舰店"


@pytest.mark.parametrize("text", ["", "\n\n", "。。。", "\u200b\u200b", "“" * 50, "," * 50])
def test_texts_of_nothing_are_cut_into_nothing_that_states(text):
    assert cut(text, Where.BODY).polarity(0, 0) is not None
