"""Which evidence is asked for, and that a text of no known kind which asks for some is a request."""

from __future__ import annotations

import pytest

from complaints.intake.asked import asks_plainly, find_asked
from complaints.intake.clauses import cut
from complaints.intake.reading import read
from complaints.intake.shapes import Where
from complaints.stages import Kind

NOTHING = cut("", Where.SUBJECT)


def asked(text: str, kind: Kind = Kind.EVIDENCE_REQUEST) -> list[str]:
    return [name for name, _told in find_asked(kind, NOTHING, cut(text, Where.BODY))]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("本案尚缺下列资料：（一）付款流水；（二）与卖家的沟通截图。", ["payment", "chat"]),
        ("请您提供打开包裹时拍的影像，或驿站出具的说明。", ["unboxing_video", "logistics"]),
        ("麻烦补一张图，最好拍清楚吊牌。", ["photo"]),
        ("需由您出具有资质机构的鉴定结论。", ["authenticity_report"]),
        ("需补充就诊记录及费用票据。", ["medical", "invoice"]),
        ("请补交出警记录和通话清单。", ["official", "call"]),
        ("请上传宝贝详情的截图和直播回放。", ["listing"]),
        ("类型：举证\n要求：实物图、面单", ["photo", "logistics"]),
        ("您提交的内容不足以说明问题，期间可上传照片、录像。", ["photo", "video"]),
        ("我们看过您发来的视频，也听了通话录音。", []),
        ("您上传的照片已收到，请等待结果。", []),
    ],
)
def test_what_is_asked_for_is_named(text, kinds):
    assert asked(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "小二喊您补材料：一张能看清瑕疵的照片就够，别忘了拍到吊牌。",
        "为固定证据，请您录一段现在的使用画面，能看到故障出现的过程。",
    ],
)
def test_a_text_that_says_nothing_else_and_asks_is_a_request(text):
    said = read(text.encode()).notices[0].classified
    assert said.kind is Kind.EVIDENCE_REQUEST


@pytest.mark.parametrize(
    "text",
    ["如需补充凭证，请上传照片。", "商家已上传发货视频。", "您的照片我们看过了。", "请勿上传与投诉无关的照片。"],
)
def test_what_asks_for_nothing_now_is_no_request(text):
    assert asks_plainly(NOTHING, cut(text, Where.BODY)) == ()
