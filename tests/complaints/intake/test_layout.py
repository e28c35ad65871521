"""From boxes to a text, without any model: tiles, tilt, rows, wrapped lines, bubbles."""

from __future__ import annotations

import math

import pytest

from complaints.intake.layout import (
    Piece,
    Side,
    bubbles,
    by_tile,
    compose,
    in_order,
    is_chat,
    lies,
    tiles,
    tilt,
    without_frame,
)
from complaints.intake.screens import is_time, mended, moment_of, told

WIDTH = 1080.0
PAGE = (240, 240, 240)


def box(left, top, right, bottom):
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def piece(text, left, top, *, size=40, right=None, ground=PAGE, span=(0.0, WIDTH), sure=0.99):
    right = right if right is not None else left + size * len(text)
    at = tuple((place + 0.5) / len(text) for place in range(len(text)))
    return Piece(text, box(left, top, right, top + size), (sure,) * len(text), at, ground, span)


def said(*pieces):
    return compose(pieces, range(len(pieces))).letters


def test_a_long_picture_is_cut_into_tiles_that_share_a_strip_and_cover_all_of_it():
    found = tiles(1080, 15000)
    assert found[0][0] == 0
    assert found[-1][1] == 15000
    assert all(bottom - top <= 2.2 * 1080 for top, bottom in found)
    assert all(found[place + 1][0] <= found[place][1] - 200 for place in range(len(found) - 1))


def test_a_picture_of_usual_height_is_one_tile():
    assert tiles(1080, 2376) == [(0, 2376)]


def test_where_two_tiles_meet_no_line_is_doubled_cut_or_lost():
    places = tiles(1000, 5000)
    lines = [box(100, top, 900, top + 44) for top in range(10, 4950, 57)]
    seen = []
    for top, bottom in places:
        inside = [line for line in lines if line[2][1] > top and line[0][1] < bottom]
        seen.append([box(100, max(top, line[0][1]), 900, min(bottom, line[2][1])) for line in inside])
    assert sorted(by_tile(seen, places)) == sorted(lines)


def test_the_tilt_is_that_of_the_long_lines():
    down = math.tan(math.radians(4))
    long = [((0.0, y), (600.0, y + 600 * down), (600.0, y + 600 * down + 30), (0.0, y + 30.0)) for y in (0.0, 60, 120)]
    short = [box(700, 10, 730, 40), box(700, 60, 730, 90)]
    assert tilt([*long, *short]) == pytest.approx(4, abs=0.01)
    assert tilt(short) == 0


def test_lines_that_go_up_and_down_are_those_of_a_picture_on_its_side():
    upright = [box(60, top, 700, top + 40) for top in (100, 200, 300)]
    down = math.tan(math.radians(6))
    tilted = [
        in_order(((x, 60.0), (x + 40, 60.0), (x + 40 - 640 * down, 700.0), (x - 640 * down, 700.0))) for x in (200, 300)
    ]
    signs = [box(10, 10, 50, 50)] * 5
    assert not lies([*upright, *signs])
    assert lies([*tilted, *signs])
    assert not lies([])


def test_a_label_and_its_value_at_the_other_end_of_the_row_are_one_line():
    assert said(piece("订单编号", 60, 100), piece("4471900233187765401", 600, 102)) == "订单编号：4471900233187765401"


def test_a_line_that_was_only_wrapped_goes_on():
    upper = piece("您投诉的商家须在2026年11月", 60, 100, right=1000)
    lower = piece("12日18:30前退款。", 60, 160, right=500)
    assert said(upper, lower) == "您投诉的商家须在2026年11月12日18:30前退款。"


def test_a_line_goes_on_whose_next_number_did_not_fit_into_it():
    upper = piece("您的投诉（投诉编号：TS20261117522686）", 60, 100, right=760)
    middle = piece("已进入举证阶段，请在2026年11月17日", 60, 160, right=740)
    lower = piece("20:34前上传商品照片、聊天记录等凭证", 60, 220, right=840)
    assert said(upper, middle, lower).endswith("请在2026年11月17日20:34前上传商品照片、聊天记录等凭证")


def test_a_line_ends_where_the_next_number_would_have_fitted():
    upper = piece("您的退款申请已提交平台", 60, 100, right=500)
    lower = piece("12315热线在工作日可以拨打，请保持电话畅通", 60, 160, right=1000)
    assert said(upper, lower) == "您的退款申请已提交平台\n12315热线在工作日可以拨打，请保持电话畅通"


def test_a_line_that_ends_before_the_edge_ends_there():
    first = piece("退款申请", 60, 100)
    then = piece("您投诉的商家须在2026年11月", 60, 160, right=1000)
    assert said(first, then) == "退款申请\n您投诉的商家须在2026年11月"


def test_the_status_bar_and_the_row_of_buttons_are_not_what_is_said():
    pieces = [
        piece("18:42", 40, 20, size=30),
        piece("5G 86%", 900, 20, size=30),
        piece("投诉处理结果", 60, 300),
        piece("联系客服", 100, 2250),
        piece("申请介入", 700, 2250),
    ]
    assert [pieces[number].text for number in without_frame(pieces, WIDTH, 2340)] == ["投诉处理结果"]


def chat():
    white, green = (252, 252, 252), (148, 228, 100)
    return [
        piece("木子李家居旗舰店", 380, 120),
        piece("2026年11月8日 10:21", 380, 240, size=30),
        piece("灯罩是碎的我要退款", 480, 330, ground=green, span=(450.0, 930.0)),
        piece("亲，快递签收了我们就不承担责任的", 170, 450, right=800, ground=white, span=(140.0, 830.0)),
        piece("哦，不能给您退款", 170, 510, ground=white, span=(140.0, 830.0)),
        piece("商家已拒绝您的退款申请", 320, 620, size=30, right=760),
        piece("我有开箱视频", 640, 700, ground=green, span=(610.0, 930.0)),
        piece("输入消息", 60, 2200),
    ]


def test_who_stands_right_is_the_buyer_and_who_stands_left_is_not():
    pieces = chat()
    found = bubbles(pieces, range(len(pieces)))
    assert is_chat(found)
    assert [one.side for one in found if not one.is_on_page] == [Side.RIGHT, Side.LEFT, Side.RIGHT]


def test_a_chat_tells_who_says_what_and_when_and_only_the_merchants_words_are_the_notice():
    (seen,) = told(chat(), WIDTH, 2340)
    assert [(line.who, line.text) for line in seen.lines] == [
        ("buyer", "灯罩是碎的我要退款"),
        ("merchant", "亲，快递签收了我们就不承担责任的哦，不能给您退款"),
        ("platform", "商家已拒绝您的退款申请"),
        ("buyer", "我有开箱视频"),
    ]
    assert seen.lines[0].at.isoformat() == "2026-11-08T10:21:00+08:00"
    assert (seen.picture, seen.classified.kind, seen.facts.shop) == ("chat", "merchant_refusal", "木子李家居旗舰店")
    assert seen.notice.body == "亲，快递签收了我们就不承担责任的哦，不能给您退款"


def test_whom_a_chat_is_with_is_the_shop_whatever_is_said_in_it():
    pieces = chat()
    pieces[3] = piece("质量太差了，要求退一赔三", 170, 450, right=800, ground=(252, 252, 252), span=(140.0, 830.0))
    (seen,) = told(pieces, WIDTH, 2340)
    assert seen.facts.shop == "木子李家居旗舰店"
    assert [because.words for because in seen.facts.because if because.of == "shop"] == ["木子李家居旗舰店"]
    assert seen.head.letters == "木子李家居旗舰店"


def test_the_times_between_short_messages_are_when_they_came():
    white = (252, 252, 252)
    pieces = [
        piece("10690123456", 380, 60),
        piece("2026年11月8日 10:21", 380, 200, size=30),
        piece("【淘宝】您的投诉已受理，请等待", 80, 300, right=700, ground=white, span=(50.0, 760.0)),
        piece("11月9日 12:00", 420, 420, size=30),
        piece("【淘宝】您的投诉已处理，支持买家", 80, 500, right=740, ground=white, span=(50.0, 760.0)),
    ]
    seen = told(pieces, WIDTH, 2340)
    assert [one.classified.kind for one in seen] == ["ruling", "acknowledgement"]
    assert [one.notice.date and one.notice.date.day for one in seen] == [None, 8]


def test_a_merchant_who_tells_what_the_platform_decided_rules_nothing():
    pieces = chat()[:3]
    pieces.append(
        piece("平台已判定支持卖家，退款申请已关闭", 170, 450, right=800, ground=(252, 252, 252), span=(140.0, 830.0))
    )
    (seen,) = told(pieces, WIDTH, 2340)
    assert seen.classified.kind in ("merchant_reply", "unknown")
    assert seen.classified.confidence < 0.9


def test_the_buyers_own_bubbles_tell_no_step():
    mine = [one for one in chat() if one.span[0] > 200 or one.span[0] == 0][:3]
    mine.append(piece("平台已判定支持买家", 480, 450, ground=(148, 228, 100), span=(450.0, 930.0)))
    (seen,) = told(mine, WIDTH, 2340)
    assert (seen.picture, seen.classified.kind) == ("chat", "unknown")


def test_a_digit_that_was_mended_is_not_sure():
    mend = mended(piece("订单编号447190O233187765401", 60, 100))
    assert mend.text == "订单编号4471900233187765401"
    assert min(mend.sure) < 0.8
    assert mend.sure[:10] == (0.99,) * 10


@pytest.mark.parametrize("text", ["昨天 18:30", "2026年11月8日 18:30", "11月8日", "星期五 09:01", "下午3:20"])
def test_the_time_between_bubbles_is_told_by_its_form(text):
    assert is_time(text)


@pytest.mark.parametrize("text", ["昨天 18:30", "11月8日 18:30", "2026年13月8日 18:30", "2026年11月8日"])
def test_a_time_without_day_or_year_is_none(text):
    assert moment_of(text) is None
