"""The shop that a notice is about: behind a label, in quotation marks, or by how Tmall names shops."""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaints.intake.folding import Folded

LONGEST_NAME = 30

_SUFFIX = (
    "(?:官方旗舰店|海外旗舰店|旗舰店|专卖店|专营店|官方店|企业店|卖场旗舰店|专柜|门店|天猫超市|自营店|折扣店|工厂店)"
)
_LABEL = re.compile(
    r"(?:^|[\n,。;:(（【|、 \t>])[ ]{0,4}(?P<label>店铺名称|店铺名|商家名称|商家店铺|被投诉店铺|被投诉商家|被投诉方|被投诉人|被申请人|投诉店铺|投诉商家|涉及店铺|涉事店铺|卖家店铺|卖家昵称|卖家名称|商户名称|店铺|商家|卖家|掌柜|对方"
    r"|shop name|store name|seller name|shop|store|seller|merchant)[ ]{0,3}[:](?P<gap>[ \n]{0,4})"
)
_ENDS = re.compile(
    r"[\n,。;!?|()<>【】\[\]]|[ ]{2,}| (?=[^\s:]{2,8}:)| (?=(?:已|不|未|拒绝|同意|回复|表示|认为))|(?=(?:订单|投诉|退款|维权|售后)(?:编号|号|单号))"
)
_QUOTED = re.compile(r"[“「『【\"‘《\[]([^“”「」『』【】\"‘’《》\[\]\n]{2,30})[”」』】\"’》\]]")
_NAMED = re.compile(rf"[\u4e00-\u9fa5a-z0-9·&._\-]{{2,30}}?{_SUFFIX}")
# What stands before a quoted name that is a shop whatever it is called.
_BEFORE_QUOTED = re.compile(
    r"(?:您对|你对|对|向|在|与|由|店铺|商家|卖家|掌柜|被投诉方|来自|针对|投诉了?|关于您?对?)[ ]{0,2}$"
)
_IN_BRACKETS = re.compile(r"(?:店铺|商家|卖家|掌柜)[ ]?\((?P<name>[^()\n]{2,28}店)\)")
_CALLED_SHOP = re.compile(r"(?:店铺|商家|卖家|掌柜)[ ]?$")
_AFTER_QUOTED = re.compile(r"^[ ]{0,2}(?:的|购买|下单|发起|提交|店铺|商家|已|拒绝|同意|回复|,|于|在|拍下|提起|进行)")
_NO_NAME = re.compile(
    r"已|拒绝|同意|回复|处理|应|须|需|请|将|不|未|责任|承担|退款|退货|投诉|申请|订单|运费|支持|举证|提供|时间|剩余|超时|原因|说明|平台|受理|凭证|结果|通知|编号|您|客服|介入|查看|详情|点击|逾期|确认|协商|联系"
    r"|\b(?:has|have|will|the|your|please|refus|reject|agree)"
)
# Left context that a greedy match swallows: 您对云朵服饰旗舰店, 您在…购买.
_CONTEXT = re.compile(
    r"^.{0,24}(?:您好,?|(?P<mover>您|你|我们|平台|系统|已|请|将|会|需|可)|经|的是|(?:这边|这里|我们?|您好)是|关于|针对|投诉方|投诉人|投诉|购买|订购|下单|商家|卖家|店铺|掌柜|了|于|买家|会员|亲|来自|通知)(?=.)"
)
_PREPOSITION = re.compile(r"^(?:对|在|由|向|与|和|从|给|于|跟|是|为|的|把|将|被)(?=..)")
_ALWAYS_PREPOSITION = re.compile(r"^(?:对(?!味|白|庄)|在(?!野|线)|由(?!美))(?=..)")


@dataclass(frozen=True, slots=True)
class Shop:
    name: str
    start: int
    end: int


def find_shop(folded: Folded) -> Shop | None:
    """The shop that `folded` names first and most surely; None where no form of a shop's name stands."""
    text = folded.lower
    if bracketed := _IN_BRACKETS.search(text):
        start, end = bracketed.span("name")
        return Shop(folded.text[start:end].strip(), start, end)
    return _labelled(folded, text) or _in_quotes(folded, text) or _by_suffix(folded, text)


def _labelled(folded: Folded, text: str) -> Shop | None:
    for label in _LABEL.finditer(text):
        start = label.end()
        stop = _ENDS.search(
            text, start + 1 if text[start : start + 1] in '“「『【"[' else start, start + LONGEST_NAME + 4
        )
        end = stop.start() if stop else min(len(text), start + LONGEST_NAME + 4)
        quoted = _QUOTED.match(text, start)
        if quoted:
            start, end = quoted.span(1)
        while end > start and text[end - 1] in " 、.":
            end -= 1
        name = text[start:end]
        if 2 <= len(name) <= LONGEST_NAME and not _NO_NAME.search(name) and not name.replace(" ", "").isdigit():
            return Shop(folded.text[start:end], start, end)
        named = _NAMED.match(text, start)
        if named:
            return Shop(folded.text[start : named.end()], start, named.end())
    return None


def _in_quotes(folded: Folded, text: str) -> Shop | None:
    for quoted in _QUOTED.finditer(text):
        start, end = quoted.span(1)
        name = quoted.group(1)
        if re.search(_SUFFIX + "$", name):
            return Shop(folded.text[start:end].strip(), start, end)
        if text[quoted.start()] in "【《[" and not _CALLED_SHOP.search(
            text, max(0, quoted.start() - 4), quoted.start()
        ):
            continue
        before = _BEFORE_QUOTED.search(text, max(0, quoted.start() - 8), quoted.start())
        after = _AFTER_QUOTED.match(text[quoted.end() : quoted.end() + 6])
        if before and after and not _NO_NAME.search(name):
            return Shop(folded.text[start:end].strip(), start, end)
    return None


def _by_suffix(folded: Folded, text: str) -> Shop | None:
    for named in _NAMED.finditer(text):
        start, end = named.span()
        while (swallowed := _CONTEXT.match(text[start:end])) and end - start - swallowed.end() > 3:
            start += swallowed.end()
            preposition = _PREPOSITION.match(text[start:end])
            if swallowed["mover"] and preposition:
                start += preposition.end()
        if preposition := _ALWAYS_PREPOSITION.match(text[start:end]):
            start += preposition.end()
        name = text[start:end]
        if len(name) > 3 and not re.fullmatch(rf"(?:该|此|本|其|这家|某|官方|品牌|的)?{_SUFFIX}", name):
            return Shop(folded.text[start:end], start, end)
    return None
