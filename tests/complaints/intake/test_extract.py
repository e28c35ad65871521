import pytest

from complaints.intake.extract import extract
from complaints.intake.folding import fold
from complaints.intake.numbers import find_numbers, is_id_card
from complaints.intake.shapes import Classified
from complaints.intake.shops import find_shop
from complaints.stages import Kind, Verdict
from tests.complaints.intake.notices import a_notice, facts_of

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
        ("Good news! Maison Verte海外旗舰店 has approved your return", "Maison Verte海外旗舰店"),
        ("您同意的话回我一声就行", None),
        ("如需售后请在保障期内再次发起", None),
        ("请寄到：广州市白云区石井街道红星工业区6号", None),
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
        (ACK, f"{ACK}。商家逾期未处理的，退款258元将自动打给您。", "258.00"),
        (ACK, f"{ACK}，您的诉求为退还多收的运费18元。", "18.00"),
        (ACK, f"{ACK}（退款编号 294417720083615508，¥276.00）。", "276.00"),
        ("处理结果：支持买家", "平台支持买家，66.60元稍后退到您账户。", "66.60"),
        (ACK, f"{ACK}。若商家违约，平台将从保证金中赔付您100元。", None),
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
        ("卖家自行安排取件，您无需支付任何运费", "seller"),
        ("来回快递都算我们的", "seller"),
        ("请寄回商品，并自行负担退回运费", "buyer"),
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


@pytest.mark.parametrize(
    ("reason", "subject", "body"),
    [
        ("quality", "投诉已受理", "您反映“暖暖家”卖的毛衣洗一次就起毛缩水一事，我们已受理。"),
        ("quality", "退款申请已提交", "您已提交退款申请，原因：水壶不加热。"),
        ("quality", "投诉已受理", "因为枕头味道刺鼻，您投诉了“安睡家纺”，平台已受理。"),
        ("quality", "投诉已受理", "您投诉“小野家”的鞋子穿两天就开胶了，我们已登记受理。"),
        ("quality", "Complaint accepted", "Your complaint about a kettle that stopped working has been accepted."),
        ("quality", "售后申请已提交", "售后问题描述：耳机左边不响"),
        ("short_or_wrong", "投诉已受理", "您反映卖家少放了一包配件，投诉已受理。"),
        ("short_or_wrong", "退款申请已提交", "退款原因：收到的颜色错了，寄错货"),
        ("short_or_wrong", "Complaint accepted", "Your complaint about the wrong size being sent has been accepted."),
        ("damaged", "投诉已受理", "您反馈花瓶到手就碎了，投诉已受理。"),
        ("damaged", "退款申请已提交", "您已提交退款申请，申请理由选择：收货时箱子压坏、里面裂了"),
        ("damaged", "Refund request submitted", "Refund reason: arrived cracked"),
        ("privacy", "投诉已受理", "您投诉“某某生活馆”把您的手机号透露给第三方，平台已受理。"),
        ("harassment", "投诉已受理", "您举报客服在旺旺上骂人一事，平台已受理。"),
        ("late_shipment", "投诉已受理", "关于“一直拖着不发货”的投诉，平台已受理。"),
        ("late_shipment", "Complaint accepted", "Your complaint about delayed shipment has been accepted."),
        ("not_received", "投诉已受理", "您反映包裹一直没收到，投诉已受理。"),
        ("fake_shipment", "投诉已受理", "您投诉商家点发货后物流不更新，属于假发货，平台已受理。"),
        ("misdescribed", "投诉已受理", "您反映收到的手机跟页面写的对不上一事已受理。"),
        ("misdescribed", "退款申请已提交", "申請原因：商品與圖片不一樣"),
        ("counterfeit", "投诉已受理", "您舉報的疑似假貨一事，平台已受理。"),
        ("counterfeit", "Complaint accepted", "Your complaint that the bag is a replica has been accepted."),
        ("freight", "投诉已受理", "您反映商家多收快递费，投诉已受理。"),
        ("invoice", "投诉已受理", "您投诉商家拒开发票，平台已受理。"),
        ("gift", "投诉已受理", "您反映赠品没有寄，投诉已受理。"),
        ("price_protection", "投诉已受理", "您反映刚买就降价一事，平台已受理。"),
        ("broken_promise", "投诉已受理", "您投诉商家说好送货上门又反悔，平台已受理。"),
        ("after_sale_refused", "投诉已受理", "您投诉商家不肯保修，平台已受理。"),
        ("no_reason_return", "退款申请已提交", "退款理由：买错了"),
        (None, "平台已介入", "因商家未响应，平台已介入。请您耐心等待。"),
        (None, "投诉已受理", "您的投诉已受理，投诉编号TS12345678。如有问题请联系客服。"),
        (None, "商家拒绝了您的退款申请", "商家拒绝了您的退款申请。过期后不能再次发起。"),
        (None, "退款已到账", "退款88元已原路退回，如超过3天未到账，请联系银行，延误不便敬请谅解。"),
        ("quality", "投诉已受理", "您好，您因购买的电热毯用了一晚就不热了而发起的投诉，平台已受理。"),
        ("quality", "退款申请已提交", "退款类型：退货退款\n申请原因：面料掉色染到别的衣服"),
        ("quality", "投诉已受理", "您提到的牛奶发酸变质一事，我们已受理。"),
        ("damaged", "投诉已受理", "您投诉收到的玻璃杯破了两只，平台已受理。"),
        ("short_or_wrong", "投诉已受理", "您反映买三盒只到两盒、少了一盒，投诉已受理。"),
        ("short_or_wrong", "投诉已受理", "您投诉卖家把38码发成40码，属于发错货，平台已受理。"),
        ("not_received", "退款申请已提交", "理由：快递显示签收但本人没收到"),
        ("late_shipment", "投诉已受理", "投诉事由：超过承诺时间三天还没发货"),
        ("misdescribed", "投诉已受理", "您反映标注纯棉实为涤纶，投诉已受理。"),
        (
            "misdescribed",
            "Complaint accepted",
            "Your complaint that the item does not match the listing has been accepted.",
        ),
        ("false_advertising", "投诉已受理", "您反映商家夸大功效一事，投诉已受理。"),
        ("counterfeit", "投诉已受理", "投诉内容：鞋子鉴定为假，要求退一赔三"),
        ("privacy", "投诉已受理", "您投诉商家泄漏您的收货地址，平台已受理。"),
        ("harassment", "投诉已受理", "您反映商家多次电话骚扰您，投诉已受理。"),
        ("freight", "投诉已受理", "投诉类型：运费争议"),
        ("invoice", "投诉已受理", "关于商家不开发票一事，您的投诉已受理。"),
        ("price_protection", "投诉已受理", "您就商品买后降价要求补差价的投诉已受理。"),
        ("after_sale_refused", "投诉已受理", "您反映商家以过保为由不给维修，投诉已受理。"),
        ("no_reason_return", "退款申请已提交", "退货原因：不想要了"),
        ("quality", "商家同意退货", "由于您反馈的鞋底脱胶问题，商家已同意退货。"),
        (None, "商家同意退货", "商家已同意您的退货申请，请在7天内寄回并保持商品完好、吊牌齐全。"),
        (None, "举证通知", "请上传能证明商品破损的照片。"),
        (None, "处理结果：支持卖家", "经审核，您提供的材料不足，平台不支持您的申请。"),
        (None, "退款已到账", "退款88元已退回，若有问题请联系客服。"),
        (None, "投诉已受理", "我们已受理您的投诉。温馨提示：请勿轻信陌生来电，谨防诈骗、泄露验证码。"),
    ],
)
def test_why_the_shopper_complained_is_told_in_everyday_words(reason, subject, body):
    assert facts_of(subject, body).reason == reason


@pytest.mark.parametrize(
    ("ground", "subject", "body"),
    [
        ("transit", "商家拒绝了您的退款申请", "商家说：快递小哥路上弄坏的，跟店里没关系。"),
        ("transit", "Seller declined your refund", "The seller declined: the carrier is responsible for the damage."),
        ("no_video", "商家拒绝了您的退款申请", "卖家拒绝退款，说您拆包时没拍视频。"),
        ("within_tolerance", "商家拒绝了您的退款申请", "商家拒绝退款，理由是手工测量误差1-3cm属正常。"),
        ("custom_made", "商家拒绝了您的退款申请", "商家拒绝退货，因为是按您的尺寸做的。"),
        ("late", "商家拒绝了您的退款申请", "卖家不同意退货，说过了15天才申请，时间太久。"),
        ("late", "Seller declined your refund", "Your refund was refused because the return period had expired."),
        ("opened", "商家拒绝了您的退款申请", "商家拒绝退货，说法是衣服穿过、吊牌也剪了。"),
        ("opened", "Seller declined your refund", "The seller refused your return. Reason: the box has been opened."),
        ("no_proof", "商家拒绝了您的退款申请", "商家拒绝退款，說照片太模糊，看不出問題。"),
        (
            "no_proof",
            "Seller declined your refund",
            "The seller rejected your request because the photos are too blurry.",
        ),
        ("other", "商家拒绝了您的退款申请", "商家拒绝退款，理由：清仓商品，售出不退。"),
        (None, "商家已回复您", "商家留言：亲，看着是运输途中摔的，我们补寄一个给您。"),
        ("opened", "商家拒绝了您的退款申请", "卖家拒绝了您的申请，原因是商品已经拆封使用。"),
        ("no_proof", "商家拒绝了您的退款申请", "商家不同意退款，称您没有提供任何凭证。"),
        ("late", "商家拒绝了您的退款申请", "商家驳回，理由：签收已超过7天。"),
        ("within_tolerance", "商家拒绝了您的退款申请", "卖家拒绝：色差属于正常现象。"),
        ("transit", "商家拒绝了您的退款申请", "店家回复不予退款，认为是快递暴力运输造成。"),
        ("custom_made", "Seller declined your return", "The seller refused because the ring was engraved."),
        ("no_video", "Seller declined your refund", "The seller declined: no video of the unboxing was provided."),
        ("other", "商家拒绝了您的退款申请", "商家拒绝退款，拒绝原因：特价商品不退不换。"),
        ("late", "Seller declined your refund", "Seller rejected your request: it is out of warranty."),
        (None, "商家拒绝了您的退款申请", "商家拒绝了您的退款申请，您可在7天内申请客服介入。"),
    ],
)
def test_why_the_merchant_refused_is_told_in_everyday_words(ground, subject, body):
    assert facts_of(subject, body).refusal_ground == ground


@pytest.mark.parametrize(
    ("kind", "outcome", "body"),
    [
        (Kind.RULING, Verdict.BUYER, "您好，您和“暖阳家”的纠纷看完了，这单判给您，退款58元。"),
        (Kind.RULING, Verdict.BUYER, "平台判定：商品描述不符属实，责令退一赔三。"),
        (Kind.RULING, Verdict.BUYER, "经核实，您的退款请求成立，退款88元。"),
        (Kind.RULING, Verdict.BUYER, "处理结果：判退您45元，商品不用寄回。"),
        (Kind.RULING, Verdict.BUYER, "Ruling: your refund is granted in full."),
        (Kind.RULING, Verdict.BUYER, "We have reviewed the dispute and side with you. The seller must refund CNY 50."),
        (Kind.RULING, Verdict.SELLER, "处理结果：这单判给商家，不予退款。"),
        (Kind.RULING, Verdict.SELLER, "很抱歉，您投诉的虚假发货不成立。"),
        (Kind.RULING, Verdict.SELLER, "Decision: no fault was found, so your refund is not granted."),
        (Kind.RULING, Verdict.PARTIAL, "判定商家少发一件属实，退您20元；另一项包装破损不予支持。"),
        (Kind.RULING, Verdict.AMBIGUOUS, "双方各执一词，平台无法判断，建议您与商家协商解决。"),
        (Kind.RULING, Verdict.BUYER, "支持买家，退货运费由双方各承担一半。"),
        (Kind.APPEAL_RULING, Verdict.BUYER, "商家申诉不成立，维持退款给您的决定。"),
        (Kind.APPEAL_RULING, Verdict.PARTIAL, "复核结束，改为部分退款40元。"),
        (Kind.APPEAL_RULING, Verdict.BUYER, "复核结果：改判。原结果：支持卖家，新结果：支持买家。"),
        (Kind.APPEAL_RULING, Verdict.SELLER, "您就“听雨轩”一案提出的申诉，经复核未发现新事实，维持原处理结果。"),
        (Kind.CLOSING, Verdict.LAPSED_BUYER, "因您逾期未寄回商品，系统已结案，款项已拨付卖家。"),
        (Kind.CLOSING, Verdict.LAPSED_BUYER, "关闭原因：买家7天内未处理商家的拒绝。"),
        (Kind.CLOSING, Verdict.LAPSED_SELLER, "因卖家超时没有处理，系统按您的申请退款，本单关闭。"),
        (Kind.CLOSING, Verdict.LAPSED_BUYER, "The case was closed because you did not reply to the seller in time."),
        (Kind.RULING, Verdict.BUYER, "经审核，商家未按承诺发货属实，判商家赔付您30元。"),
        (Kind.RULING, Verdict.BUYER, "投诉结论：假货属实，商家需退一赔三。"),
        (Kind.RULING, Verdict.SELLER, "经核查，您反映的描述不符不属实，款项将打给商家。"),
        (Kind.RULING, Verdict.SELLER, "结论：您提供的证据不足以证明商品有质量问题，申请不予支持。"),
        (Kind.RULING, Verdict.SELLER, "处理结果：站在商家这边，交易继续。"),
        (Kind.RULING, Verdict.PARTIAL, "平台判定：部分退款60元，商品归您。"),
        (Kind.RULING, Verdict.AMBIGUOUS, "双方都有道理，平台难以判定，请您与商家自行协商。"),
        (Kind.RULING, Verdict.BUYER, "裁決結果：支持買家，賣家應退還全部款項。"),
        (Kind.RULING, Verdict.SELLER, "裁決結果：本件申請無理由，不予支持，款項撥付賣家。"),
        (Kind.RULING, Verdict.BUYER, "The jury found for the buyer. You will receive a full refund."),
        (Kind.RULING, Verdict.SELLER, "Your claim was rejected; the payment goes to the seller."),
        (Kind.APPEAL_RULING, Verdict.BUYER, "商家的申诉被驳回，原判定有效。"),
        (Kind.APPEAL_RULING, Verdict.SELLER, "您的申诉被驳回，维持原判。"),
        (Kind.APPEAL_RULING, Verdict.BUYER, "您的申诉成立，改判商家全额退款。"),
        (Kind.APPEAL_RULING, Verdict.SELLER, "商家申诉成功，原判定撤销。"),
        (Kind.APPEAL_RULING, Verdict.BUYER, "Your appeal was successful; the earlier decision is overturned."),
        (Kind.APPEAL_RULING, Verdict.SELLER, "Your appeal was dismissed and the decision stands."),
        (Kind.APPEAL_RULING, Verdict.BUYER, "The seller's appeal was rejected. The original decision stands."),
        (Kind.CLOSING, Verdict.LAPSED_BUYER, "您逾期未填写退货物流，退款关闭。"),
        (Kind.CLOSING, Verdict.LAPSED_BUYER, "由于您超时未处理，本次维权已自动关闭。"),
        (Kind.CLOSING, Verdict.LAPSED_SELLER, "商家逾期未响应，平台已为您退款并关闭投诉。"),
    ],
)
def test_how_it_came_out_is_told_in_everyday_words(kind, outcome, body):
    assert extract(a_notice("", body), Classified(kind, 1.0, ())).outcome == outcome


@pytest.mark.parametrize(
    ("payer", "body"),
    [
        ("seller", "处理结果：支持买家，商品寄回，邮费他家掏。"),
        ("seller", "Ruling: in favour of the buyer. The seller also covers return postage."),
        ("buyer", "处理结果：支持买家，退货邮费您自掏。"),
        ("buyer", "Ruling: in favour of the buyer. You return the helmet at your own cost."),
    ],
)
def test_who_pays_the_way_back_is_told_in_everyday_words(payer, body):
    assert facts_of("", body).freight_payer == payer


def test_what_the_platform_says_behind_the_shops_words_takes_nothing_from_the_offer():
    facts = facts_of(
        "The seller has replied", "Seller wrote: “We can offer CNY 25 as compensation.” Accept or decline."
    )
    assert (facts.offer.amount, facts.offer.form) == ("25.00", "compensation")


def test_what_the_shopper_asked_for_is_no_offer_of_a_refusal():
    assert facts_of("商家拒绝了您的退款申请", "您申请的¥328退款被驳回，理由是盒子拆过了。").offer is None
