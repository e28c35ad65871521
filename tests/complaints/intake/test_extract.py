import pytest

from complaints.intake.folding import fold
from complaints.intake.numbers import find_numbers, is_id_card
from complaints.intake.shops import find_shop
from tests.complaints.intake.notices import facts_of

ORDER = "3299194706518006493"
ACK = "您的投诉已受理"


def numbers(text):
    return [(number.kind, number.value) for number in find_numbers(fold(text))]


@pytest.mark.parametrize(
    "text",
    [
        f"订单编号：{ORDER}",
        f"订单号 {ORDER}",
        "订单编号：３２９９１９４７０６５１８００６４９３",
        "訂單編號：3299 1947 0651 8006 493",
        "订单编号：3299194\u200b706518006493",
        f"关于订单{ORDER}的投诉",
        f"商户订单号 T200P{ORDER}",
        f"Order No.: {ORDER}",
        f"订单编号\n{ORDER}",
        f"https://trade.example/detail?bizOrderId={ORDER}",
    ],
)
def test_an_order_number_is_read_in_every_spelling(text):
    assert numbers(text) == [("order", ORDER)]


@pytest.mark.parametrize(
    "text",
    [
        "联系电话：13812345678",
        "身份证号 330102199001011234",
        "运单号：YT1234567890123",
        "3299194706518006493",
        "订单编号：123",
        "订单编号：暂无",
        "热线 4008608608",
        "银行卡号 6222020200012345678",
    ],
)
def test_what_only_looks_like_an_order_is_none(text):
    assert "order" not in dict(numbers(text))


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("投诉编号：TS202611080031", "complaint", "TS202611080031"),
        ("投诉单TS112233445566的答复", "complaint", "TS112233445566"),
        ("维权申请（编号：2260098811223）", "refund", "2260098811223"),
        ("退款编号 285611223344556677", "refund", "285611223344556677"),
        ("售后单号：SH7700112233", "after_sale", "SH7700112233"),
        ("受理编号:SL20261108", "acceptance", "SL20261108"),
        ("申诉编号：SS-2026-1108", "appeal", "SS-2026-1108"),
        ("介入单号 JR99887766", "intervention", "JR99887766"),
        ("登记编号：1330110002026110812345", "regulator", "1330110002026110812345"),
        ("案号：（2026）浙0192民初12345号", "court", "（2026）浙0192民初12345号"),
        ("快递：顺丰 SF1234567890123", "tracking", "SF1234567890123"),
    ],
)
def test_a_number_is_known_by_its_label(text, kind, number):
    assert numbers(text) == [(kind, number)]


def test_the_number_of_the_complaint_comes_before_the_others_which_are_kept():
    facts = facts_of(ACK, f"{ACK}。退款编号：285611223344556677，投诉编号：TS202611080031，订单编号：{ORDER}")
    assert (facts.case_no, facts.case_no_kind) == ("TS202611080031", "complaint")
    assert facts.other_nos == (("refund", "285611223344556677"),)
    assert [said.words for said in facts.because if said.of == "other_no"] == ["285611223344556677"]


def test_numbers_in_the_subject_count_too():
    facts = facts_of("您的投诉已受理（投诉编号：TS202611080031）", "感谢您的反馈，您的投诉已受理。")
    assert facts.case_no == "TS202611080031"


def test_an_id_card_is_told_by_its_check_digit():
    assert is_id_card("11010519491231002X")
    assert not is_id_card("110105194912310021")
    assert not is_id_card(ORDER)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("您对“云朵服饰旗舰店”的投诉", "云朵服饰旗舰店"),
        ("您对云朵服饰旗舰店的投诉", "云朵服饰旗舰店"),
        ("您在云朵服饰旗舰店购买的商品", "云朵服饰旗舰店"),
        ("店铺：小鹿家居\n订单编号：1", "小鹿家居"),
        ("店铺名称：Dr.Lee官方旗舰店（杭州）", "Dr.Lee官方旗舰店"),
        ("您投诉的商家“阿明数码”已回复", "阿明数码"),
        ("关于您投诉向日葵旗舰店的处理", "向日葵旗舰店"),
        ("您針對店鋪【花間里原創女裝】發起的投訴", "花間里原創女裝"),
        ("被投诉方星河数码专卖店已提交凭证", "星河数码专卖店"),
        ("Shop: Happy Home\nOrder: 1", "Happy Home"),
        ("卖家：已同意退款", None),
        ("该旗舰店已回复", None),
        ("您的投诉已受理", None),
    ],
)
def test_a_shop_is_named_with_or_without_marks(text, name):
    shop = find_shop(fold(text))
    assert (fold(text).verbatim(shop.start, shop.end) if shop else None) == name


@pytest.mark.parametrize(
    ("subject", "body", "amount"),
    [
        ("处理结果：支持买家", "平台支持买家，退款459.00元，订单金额599元，退货运费12元由商家承担。", "459.00"),
        (ACK, f"{ACK}。订单金额：¥599.00，申请退款：¥459", "459.00"),
        (ACK, f"{ACK}。涉及金额１，２９９．５０元", "1299.50"),
        (ACK, f"{ACK}。退款金额：RMB 88.5", "88.50"),
        ("退款到账通知", "您的退款1.2万元已到账。", "12000.00"),
        ("商家已回复您", "商家留言：亲，补偿20元可以吗", None),
        ("处理结果：支持买家", "平台支持买家，退货运费12元由商家承担。", None),
        (ACK, f"{ACK}。", None),
    ],
)
def test_the_sum_is_what_is_granted_or_asked_for(subject, body, amount):
    facts = facts_of(subject, body)
    assert facts.amount == amount
    assert facts.currency == ("CNY" if amount else None)


@pytest.mark.parametrize(
    ("words", "payer"),
    [
        ("退货运费由商家承担", "seller"),
        ("运费由您自理", "buyer"),
        ("退货运费由运费险赔付", "insurance"),
        ("运费双方各承担一半", "split"),
        ("发货运费由买家承担，退货运费由商家承担", "seller"),
        ("如判定商家责任，运费由商家承担", None),
        ("感谢您的理解", None),
    ],
)
def test_who_pays_the_freight(words, payer):
    assert facts_of("处理结果：支持买家", f"平台支持买家。{words}。").freight_payer == payer


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("投诉原因：描述不符", "misdescribed"),
        ("退款原因：七天无理由退换货", "no_reason_return"),
        ("投诉原因：违背承诺", "broken_promise"),
        ("维权原因：假冒品牌", "counterfeit"),
        ("投诉类型：延迟发货", "late_shipment"),
        ("投诉原因：发票问题", "invoice"),
        ("投诉原因：少件/漏发", "short_or_wrong"),
        ("投诉原因：大人的事", "other"),
        ("运费由商家承担", None),
    ],
)
def test_the_reason_stands_behind_its_label(words, reason):
    assert facts_of(ACK, f"{ACK}。\n{words}").reason == reason


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("属于运输途中可能出现的问题", "transit"),
        ("商品已拆封影响二次销售", "opened"),
        ("没有开箱视频", "no_video"),
        ("色差在正常范围内", "within_tolerance"),
        ("定制商品不退不换", "custom_made"),
        ("已超过7天无理由期限", "late"),
        ("您提供的照片无法证明质量问题", "no_proof"),
        ("与您沟通后再定", "other"),
    ],
)
def test_why_the_merchant_refuses(words, ground):
    facts = facts_of("商家拒绝了您的退款申请", f"拒绝原因：{words}")
    assert facts.refusal_ground == ground


def test_an_offer_has_its_sum_form_and_condition():
    facts = facts_of("商家已回复您", "云朵服饰旗舰店留言：亲，您撤销投诉的话给您补偿20元")
    assert facts.offer is not None
    assert (facts.offer.amount, facts.offer.form) == ("20.00", "compensation")
    assert "撤销投诉" in (facts.offer.condition or "")


def test_marketing_states_no_deadline_and_no_sum():
    facts = facts_of("双11红包已到账", "满300元减40元，优惠券11月10日前有效。退订回T")
    assert facts.deadline is None
    assert facts.amount is None


def test_a_code_of_some_service_leaves_no_fact():
    assert facts_of("", "验证码 493021，5分钟内有效").because == ()


def test_the_words_of_a_sum_begin_with_the_sum() -> None:
    facts = facts_of("", "您的投诉已有处理结果：支持买家。退款金额：329.00元。")
    assert [said.words for said in facts.because if said.of == "amount"] == ["329.00"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("判定退款不退货，退回实付款499元中的120元给您。", "120.00"),
        ("经核实投诉成立，商家须将您支付的¥88.00当中的¥30.00退还您。", "30.00"),
        ("经核实投诉成立，商家退您一百元里的四十元。", "40.00"),
        ("经核实投诉成立，商家将赔付您12.90元红包，3日内到账。", "12.90"),
        ("经核实投诉成立，商家赔付您5元红包，并向您退款60元。", "60.00"),
        ("经核实投诉成立，商家向您退款60元，订单使用红包5元。", "60.00"),
        ("经核实投诉成立，商家赔付您5元优惠券，并向您退款60元。", "60.00"),
    ],
)
def test_of_a_sum_that_is_part_of_another_the_part_is_granted(text, amount):
    assert facts_of("投诉处理结果", text).amount == amount


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("商家同意您的退货申请，订单有运费险，退货运费由保险赔付。", "insurance"),
        ("您的退货申请已通过，有运费险，运费由保险公司理赔。", "insurance"),
        ("您的退货申请已通过，退货运费走保险赔付。", "insurance"),
        ("商家同意您的退货申请，运费到付。", "seller"),
        ("商家同意您的退货申请，退货运费可以选择到付。", "seller"),
        ("商家同意您的退货申请，运费请勿到付。", None),
        ("商家同意您的退货申请，运费不支持到付。", None),
        ("商家同意您的退货申请，运费到付件一律拒收。", None),
        ("商家同意您的退货申请，运费到付拒收。", None),
        ("商家同意您的退货申请，运费不由保险公司赔付。", None),
    ],
)
def test_insurance_and_freight_collect_name_the_payer(text, payer):
    assert facts_of("商家已同意退货", text).freight_payer == payer


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("您的投诉需要补充聊天记录，请于11月15日18点前在投诉详情页上传，逾期将关闭投诉。", ("chat",)),
        ("请在投诉详情页上传商品细节图，截止时间：2026/12/01 09:00", ("photo",)),
        ("请您在11月15日前将开箱视频上传至商品详情页面。", ("unboxing_video",)),
        ("请您进入维权详情页提交质检报告。", ("test_report",)),
        ("请您于11月15日前上传商品详情页截图、聊天记录。", ("listing", "chat")),
        ("请您在11月15日前上传至少两张详情页截图。", ("listing",)),
        ("请在投诉页面上传商品详情页、聊天记录。", ("listing", "chat")),
    ],
)
def test_the_page_where_evidence_goes_is_none_itself(text, asked):
    assert facts_of("请补充凭证", text).evidence_asked == asked
