"""The numbers of a notice: orders, cases of every track, parcels. Each is known by its label.

A bare run of digits proves nothing: a parcel, a phone, an ID card look like an order. So a number is
taken only behind a label (docs/sources.md#numbers); 18–19 digits also stand for an order right after 订单.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaints.intake.folding import Folded

MOST = 40  # numbers read from one text


@dataclass(frozen=True, slots=True)
class Number:
    """A labelled number in a folded text."""

    kind: str  # order, complaint, refund, after_sale, acceptance, appeal, intervention, regulator, court, alipay, tracking
    value: str  # without blanks, capitals as written
    start: int  # of the value in the folded text
    end: int
    label: str


# What a label calls its number; the longest label that fits wins.
# fmt: off
LABELS = {
    "order":        ("订单编号", "订单号", "订单号码", "交易编号", "交易订单号", "交易订单编号", "订单编码", "订单id", "主订单号", "主订单编号", "子订单号",
                     "子订单编号", "淘宝订单号", "天猫订单号", "商户订单号", "支付宝商户订单号", "关联订单", "关联订单号", "涉及订单", "所属订单", "交易号码", "原订单号",
                     "order no", "order number", "order id", "order", "order #"),
    "complaint":    ("投诉编号", "投诉单号", "投诉单编号", "投诉工单号", "投诉工单", "投诉号", "投诉id", "投诉流水号", "工单号", "工单编号", "案件编号", "案件号", "投诉案件编号",
                     "complaint no", "complaint number", "complaint id", "case no", "case number", "case id", "complaint #", "ticket no", "ticket number"),
    "refund":       ("退款编号", "退款单号", "退款单编号", "退款id", "退款号", "维权编号", "维权单号", "维权单编号", "维权号", "维权id", "纠纷编号", "纠纷单号", "争议编号", "争议单号", "退款申请编号",
                     "refund no", "refund number", "refund id", "dispute no", "dispute number", "dispute id", "claim no", "claim number"),
    "after_sale":   ("售后编号", "售后单号", "售后单编号", "售后服务单号", "服务单号", "服务单编号", "售后申请编号", "售后id", "退货编号", "换货编号", "换货单号",
                     "after-sales no", "after-sales number", "after-sale no", "after-sale number", "service no", "service number", "return no", "return number"),
    "acceptance":   ("受理编号", "受理单号", "受理号", "受理单编号", "受理工单号", "acceptance no", "acceptance number"),
    "appeal":       ("申诉编号", "申诉单号", "申诉单编号", "申诉号", "申诉id", "复核编号", "appeal no", "appeal number", "appeal id"),
    "intervention": ("介入编号", "介入单号", "介入工单号", "介入单编号", "客服介入编号", "平台介入编号", "intervention no", "intervention number"),
    "regulator":    ("登记编号", "投诉登记编号", "登记号", "举报编号", "诉求编号", "投诉举报编号", "12315编号", "registration no", "registration number"),
    "alipay":       ("支付宝交易号", "交易号", "业务流水号", "支付宝流水号", "交易流水号", "退款流水号"),
    "tracking":     ("运单号", "运单编号", "运单号码", "快递单号", "快递编号", "快递运单号", "物流单号", "物流编号", "物流运单号", "退货单号", "退货运单号", "退货快递单号", "退货物流单号", "寄回单号", "包裹单号",
                     "退货物流", "快递公司及单号", "tracking no", "tracking number", "waybill no", "waybill number", "tracking"),
    "":             ("商品编号", "商品id", "联系电话", "电话", "手机", "手机号", "手机号码", "热线", "银行卡号", "身份证号", "身份证号码", "卡号", "账号", "税号", "发票号码", "举证号", "统一社会信用代码", "尾号"),
}
# fmt: on
_KIND_OF = {label: kind for kind, labels in LABELS.items() for label in labels}
_LABEL = re.compile(
    r"(?<![a-z])(?P<label>" + "|".join(sorted(map(re.escape, _KIND_OF), key=len, reverse=True)) + r")"
    r"(?P<glue>[ .]{0,2}(?:[#(\[【]|no\.?|号)?[ \n]{0,4}(?:[:#]|为|是|如下|is)?[ \n]{0,6}[:#(（【\[“\"'「]{0,2}[ \n]{0,6})"
)
# 投诉单TS112233445566, 维权申请(编号:2260098811223), 投诉…单号:TS88: the track's word stands before.
_OF_TRACK = re.compile(
    r"(?P<track>投诉|维权|退款|售后|纠纷|申诉|受理)(?:申请|工单|案件|单|服务)?[ ]?(?:[(\[【#:]|单号|编号){0,2}[ ]?(?:[:#])?[ ]?"
    r"(?P<value>[a-z]{1,6}-?\d{6,24}(?:-\d{1,12}){0,3}|\d{12,20})(?![\d.元a-z])"
)
_NO_TRACK = re.compile(
    r"(?<![运快物流递订退货包裹子品件])(?:单号|编号|流水号|案号)[ ]{0,2}[:是为]?[ ]{0,3}(?P<value>[a-z]{0,6}-?\d{6,24}(?:-\d{1,12}){0,3})(?![\d.元a-z])"
)
_TRACK_KINDS = {
    "投诉": "complaint",
    "维权": "refund",
    "退款": "refund",
    "纠纷": "refund",
    "售后": "after_sale",
    "申诉": "appeal",
    "受理": "acceptance",
}
_TRACK_WORD = re.compile("|".join(_TRACK_KINDS))
_TRACK_REACH = 60  # characters before a number without a track of its own
_COURT = re.compile(
    r"[(（\[【〔](20\d{2})[)）\]】〕] ?([\u4e00-\u9fa5]\d{0,4}[\u4e00-\u9fa5]{1,6}\d{1,7}号(?:之[一二三四五六七八九十]{1,2})?)"
)
_COURT_BARE = re.compile(
    r"案号[ :为是]{0,4}[(（\[【〔](20\d{2})[)）\]】〕] ?([\u4e00-\u9fa5]\d{0,4}[\u4e00-\u9fa5]{1,6}\d{1,7}号?)"
)
_ORDER_BARE = re.compile(r"订单[^\d\n,。;运快物电话手退维投售]{0,6}(?<!\d)(\d{15,20})(?![\dx])")
_ORDER_IN_URL = re.compile(r"(?:bizorderid|biz_order_id|orderid|order_id|tid)=(\d{15,20})(?!\d)")
_T200P = re.compile(r"t200p(\d{15,20})(?!\d)")
_DIGITS = re.compile(r"\d{1,32}")
_NEXT_GROUP = re.compile(r"[ \u2010-\u2015-](\d{1,8})(?![\d年月日./:元%a-z-])")
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9_-]{3,38})[a-z0-9]")
_SPLIT_CODE = re.compile(r"[a-z]{1,6}[ -]?\d{2,8}(?: \d{3,8}){1,5}(?![\d年月日./:元%a-z-])")
_PARCEL = re.compile(r"(?:[a-z]{2,4})?\d{8,18}[a-z]{0,3}")
_COURIER = re.compile(
    r"(?:顺丰|圆通|中通|申通|韵达|百世|极兔|京东|德邦|邮政|ems|天天|丹鸟|菜鸟|跨越)(?:速运|速递|快递|快运|物流|包裹)?[ :,(单运号为是]{0,6}((?:sf|yt|jt|jd[a-z]{0,2}|dpk|sto|zto)?\d{10,18})(?!\d)"
)


def find_numbers(folded: Folded) -> list[Number]:
    """Every labelled number of `folded`, in order. Linear: each label is looked at once.

    Digits may be split by blanks or hyphens (3299 1947 0651 8006 493); zero-width and full-width forms
    were folded away before.
    """
    text = folded.lower
    found: list[Number] = []
    for label in _LABEL.finditer(text):
        if len(found) >= MOST:
            break
        number = _read(text, label)
        if number:
            found.append(_as_written(folded, number))
    taken = {(number.start, number.end) for number in found}
    for kind, pattern in (("order", _ORDER_BARE), ("order", _ORDER_IN_URL), ("order", _T200P), ("tracking", _COURIER)):
        for bare in pattern.finditer(text):
            if is_id_card(bare[1]) and kind == "order":
                continue
            if len(found) < MOST and not any(s < bare.end(1) and bare.start(1) < e for s, e in taken):
                taken.add(bare.span(1))
                found.append(_as_written(folded, Number(kind, bare[1], bare.start(1), bare.end(1), "")))
    for bare in (*_OF_TRACK.finditer(text), *_NO_TRACK.finditer(text)):
        start, end = bare.span("value")
        if len(found) >= MOST or any(s < end and start < e for s, e in taken):
            continue
        if bare.re is _OF_TRACK:
            kind = _TRACK_KINDS[bare["track"]]
        else:
            tracks = _TRACK_WORD.findall(text, max(0, start - _TRACK_REACH), start)
            if not tracks:
                continue
            kind = _TRACK_KINDS[min(tracks, key=list(_TRACK_KINDS).index)]
        taken.add((start, end))
        found.append(_as_written(folded, Number(kind, "", start, end, "")))
    for pattern in (_COURT_BARE, _COURT):
        for case in pattern.finditer(text):
            if not any(number.kind == "court" for number in found):
                start = case.start() if pattern is _COURT else text.index(case[1], case.start()) - 1
                value = folded.verbatim(start, case.end()).replace(" ", "")
                found.append(Number("court", value, start, case.end(), "案号"))
    return sorted(found, key=lambda number: number.start)


def _as_written(folded: Folded, number: Number) -> Number:
    """`number` with its letters in the case that the text has."""
    value = re.sub(r"[ \u2010-\u2015]|(?<=\d)-(?=\d)", "", folded.text[number.start : number.end])
    if number.kind not in ("order", "alipay") and "-" in folded.text[number.start : number.end]:
        value = folded.text[number.start : number.end].replace(" ", "")
    return Number(number.kind, value, number.start, number.end, number.label)


def _read(text: str, label: re.Match[str]) -> Number | None:
    """The number behind `label`, if one of its kind's form stands there."""
    kind, name, place = _KIND_OF[label["label"]], label["label"], label.end()
    if not kind:
        return None
    if kind == "order":
        if text.startswith("t200p", place):
            place += 5
        end = _digits(text, place, 14, 20)
    elif kind == "alipay":
        end = _digits(text, place, 16, 32)
    elif kind == "tracking":
        parcel = _PARCEL.match(text, _after_courier(text, place))
        return Number(kind, "", parcel.start(), parcel.end(), name) if parcel else None
    else:
        end = _code(text, place)
    return Number(kind, "", place, end, name) if end else None


def _after_courier(text: str, place: int) -> int:
    """Past the courier's name that may stand between label and number."""
    name = re.compile(r"[\u4e00-\u9fa5]{2,6}[ ,:(]{0,3}").match(text, place)
    return name.end() if name else place


def _digits(text: str, place: int, least: int, most: int) -> int:
    """Where the digits from `place` end, blanks between groups allowed; 0 if their count does not fit."""
    run = _DIGITS.match(text, place)
    if not run:
        return 0
    count, end = len(run.group()), run.end()
    while count < least and (more := _NEXT_GROUP.match(text, end)) and count + len(more[1]) <= most:
        count += len(more[1])
        end = more.end()
        if count >= 15 and len(more[1]) < 4:
            break  # a shorter last group ends the number
    if count < most and least <= count and end != run.end():
        while (more := _NEXT_GROUP.match(text, end)) and count + len(more[1]) <= 19:
            count += len(more[1])
            end = more.end()
    followed = text[end : end + 1]
    return end if least <= count <= most and not followed.isdigit() and followed != "x" else 0


def _code(text: str, place: int) -> int:
    """Where the case number from `place` ends: letters and digits, at least four of them digits; 0 if none."""
    split = _SPLIT_CODE.match(text, place)
    if split:
        return split.end()
    run = _CODE.match(text, place)
    if not run:
        return 0
    end = run.end()
    if run.group().isdigit():
        while len(text[place:end].replace(" ", "")) < 16 and (more := _NEXT_GROUP.match(text, end)):
            if len(more[1]) < 3 or text[end] != " " or len(run.group()) > 8:
                break
            end = more.end()
    digits = sum(letter.isdigit() for letter in text[place:end])
    return end if digits >= 4 else 0


def is_id_card(digits: str) -> bool:
    """Whether 18 characters pass the check digit and birthday of a Chinese ID card (GB 11643)."""
    if not re.fullmatch(r"\d{17}[\dxX]", digits) or not "1900" <= digits[6:10] <= "2030":
        return False
    if not ("01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()
