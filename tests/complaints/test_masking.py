import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.masking import Eyes, Piece, mask, mask_number, names_in

# What must not be readable any more, and what a volunteer needs to read on.
HIDDEN = [
    # phones
    ("请拨打13800138000联系", "1380013", "请拨打"),
    ("手机：138 0013 8000", "138 0013", "手机"),
    ("手机：138-0013-8000", "138-0013", "手机"),
    ("手机：1380-013-8000。", "1380-013", "手机"),
    ("手机：138.0013.8000", "138.0013", "手机"),
    ("电话+86 138 0013 8000", "138 0013", "电话"),
    ("电话 +8613800138000", "1380013", "电话"),
    ("电话 008613800138000", "1380013", "电话"),
    ("手机１３８００１３８０００", "１３８００１３", "手机"),
    ("手机138\u200b0013\u200b8000", "0013", "手机"),
    ("手机 1 3 8 0 0 1 3 8 0 0 0 请接听", "1 3 8 0 0 1 3", "请接听"),
    ("手机一三八零零一三八零零零", "一三八零零一三", "手机"),
    ("座机(0571)88886666", "0571)8888", "座机"),
    ("座机：0571-8888 6666转801", "8888", "座机"),
    ("010-12345678", "1234", ""),
    ("香港 +852 9123 4567", "9123", "香港"),
    ("call +1 (415) 555-0123", "415", "call"),
    ("客服 400-123-4567", "400-123", "客服"),
    # numbers
    ("订单编号：2026110900123456789", "202611090012345", "订单编号"),
    ("运单 SF1234567890123", "123456789", "运单 SF"),
    ("银行卡 6222 0211 0011 2233 445", "6222 0211", "银行卡"),
    ("身份证 11010519491231002X 已核对", "11010519491231002X", "已核对"),
    ("身份证号：110105194912310021", "110105194912310021", "身份证号"),
    # codes
    ("验证码：384912，请勿告诉他人", "384912", "请勿告诉他人"),
    ("您的校验码为 3849", "3849", "校验码"),
    ("取件码 8-3-2011，丰巢", "8-3-2011", "丰巢"),
    ("Your verification code is AB12CD.", "AB12CD", "verification code"),
    # mail addresses
    ("发到 zhang.mei@qq.com 吧", "hang.mei", "@qq.com"),
    ("联系zhangmei＠163．com", "hangmei", "联系"),
    ("zhang [at] mei.cn", "hang", ""),
    ("抄送zhang@zhangmei.cn", "hangmei", "抄送"),
    # accounts
    ("加微信：mei_zhang88 私下退", "ei_zhang88", "私下退"),
    ("QQ号：123456", "23456", "QQ号"),
    ("加vx meizhang88 返现", "eizhang88", "返现"),
    ("旺旺：小梅爱吃糖", "梅爱吃糖", "旺旺"),
    ("会员名：tb_糖糖", "b_糖糖", "会员名"),
    # names
    ("收货人：张小梅，电话见上", "小梅", "电话见上"),
    ("收件人: 欧阳小梅\n请签收", "阳小梅", "请签收"),
    ("收貨人：陳小美", "小美", "收貨人"),
    ("姓名: 张三", "张三", "姓名"),
    ("尊敬的张小梅：您好", "小梅", "您好"),
    ("尊敬的张小梅女士，", "小梅", "女士"),
    ("亲爱的淘宝会员小梅爱吃糖：", "梅爱吃糖", "淘宝会员"),
    ("请张小梅女士补充凭证", "小梅", "补充凭证"),
    ("Dear Ms. Zhang Mei,", "hang Mei", "Dear"),
    ("Recipient: Mei Zhang\nThanks", "ei Zhang", "Thanks"),
    # places
    ("收货地址：浙江省杭州市余杭区文一西路969号3幢2单元501室；请核对", "文一西路969号3幢2单元501室", "请核对"),
    ("已寄到浙江省杭州市余杭区五常街道文一西路969号", "文一西路969号", "余杭"),
    ("文三路138号华星大厦1203", "文三路138号", ""),
    ("在阳光小区3栋2单元501室签收", "3栋2单元501", ""),
    ("退货地址: No. 5 Garden Road, Hangzhou", "Garden Road", "退货地址"),
    # links
    ("点 https://tb-refund.example/login?user=zhangmei 处理", "user=zhangmei", "https://tb-refund.example"),
]


@pytest.mark.parametrize(("text", "secret", "stays"), HIDDEN)
def test_it_is_hidden_and_the_rest_can_be_read(text, secret, stays):
    assert secret in text
    shown = mask(text)
    assert secret not in shown
    assert stays in shown
    assert len(shown) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "尊敬的用户：您好，您的投诉已受理。",
        "尊敬的淘宝会员：",
        "请于2026年11月10日18:30前补充凭证",
        "请于2026-11-10 18:30前上传",
        "退款金额 ¥1,299.00，运费由商家承担",
        "处理结果：支持买家，退款459.00元",
        "72小时内未回应，系统将自动退款",
        "天猫超市购买的商品，该地区暂不支持",
        "杭州市余杭区市场监督管理局已受理",
        "物流线路3天未更新",
        "平台客服已介入，商家拒绝：吊牌已剪",
        "拨打12315或登录 www.12315.cn",
        "Shop name: Warm Winter",
        "Dear customer,",
    ],
)
def test_what_identifies_nobody_stays(text):
    assert mask(text) == text


def test_an_order_number_keeps_its_last_four():
    assert mask("订单2026110900123456789。") == "订单***************6789。"
    assert mask_number("2026110900123456789") == "*" * 15 + "6789"
    assert mask_number("123") == "***"
    assert mask_number("") == ""


def test_a_phone_keeps_its_last_four():
    assert mask("13800138000") == "*******8000"
    assert mask("138-0013-8000").endswith("8000")


def test_words_that_are_known_are_hidden_wherever_they_stand():
    assert mask("您好 Mei.Li@private.example 和 mei.li@private.example", ["mei.li@private.example"]).count("*") == 44
    assert mask("小梅爱吃糖说", ["小梅爱吃糖"]) == "*****说"


def test_line_ends_stay_and_nothing_reaches_over_them_but_what_belongs_together():
    assert mask("收货人：张小梅\n您的投诉已受理") == "收货人：张**\n您的投诉已受理"


@given(
    st.text(
        alphabet=st.sampled_from("张梅路号市区省1380@.-+ \n：:，\u200b１３ａQq微信码身份证x地址尊敬的"), max_size=120
    )
)
def test_a_mask_is_as_long_as_what_it_hides(text):
    shown = mask(text)
    assert len(shown) == len(text)
    assert all(new in (old, "*") for old, new in zip(text, shown, strict=True))


@given(st.from_regex(r"\A[\u4e00-\u4e50]{0,6}1[3-9][0-9]{9}[\u4e00-\u4e50]{0,6}\Z"))
def test_no_mobile_number_survives(text):
    digits = "".join(sign for sign in text if sign.isdigit())
    assert digits[:7] not in mask(text)


PIECES = ["1", "1 ", "a", "a.", "张", "市", "路", "http://", "收货人：", "+1", "一", "地址：", "(0", "1栋", "a@"]


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_and_no_faster(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        return min(timed(text) for _round in range(2))

    def timed(text: str) -> float:
        start = time.thread_time()
        mask(text)
        return time.thread_time() - start

    small, large = seconds(4_000), seconds(32_000)
    assert large < 24 * small + 0.1


def test_a_name_that_the_text_gives_once_is_hidden_wherever_it_stands():
    text = "收货人：张小梅\n商家备注：张小梅拒收，已联系张小梅本人。"
    assert "小梅" not in mask(text)
    assert "小梅" not in Eyes(names_in("收货人：张小梅")).mask("昨天张小梅又打来电话")
    assert mask("我是张小梅，请尽快处理") == "我是张**，请尽快处理"
    assert mask("我是高级会员") == "我是高级会员"


# -- marking what the reading rests on -------------------------------------------------------------------------


def test_the_words_that_a_reading_rests_on_are_marked_in_the_masked_text():
    text = "订单2026110900123456789：请于11月10日前补充凭证"
    shown = Eyes().marked(text, ["补充凭证", "2026110900123456789"])
    assert shown == [
        Piece("订单", False),
        Piece("***************", True, True),
        Piece("6789", True),
        Piece("：请于11月10日前", False),
        Piece("补充凭证", True),
    ]


def test_marks_that_touch_or_overlap_are_one():
    shown = Eyes().marked("请补充凭证吧", ["补充", "充凭证"])
    assert shown == [Piece("请", False), Piece("补充凭证", True), Piece("吧", False)]


def test_an_empty_text_has_no_pieces_and_words_elsewhere_mark_nothing():
    assert Eyes().marked("", ["补充"]) == []
    assert Eyes().marked("没有", ["补充", ""]) == [Piece("没有", False)]
