"""The numbers of a notice: orders, cases of every track, parcels. Each is known by the words beside it.

A bare run of digits proves nothing: a parcel, a phone, a bank card look like an order. So a number is taken
only where its name stands (docs/sources.md#numbers): a track and a word for numbers (投诉 + 单号), a track
alone right before a code (投诉TS660231) or right behind it, or the form that only one courier or court uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from complaints.intake.folding import Folded

MOST = 40  # numbers read from one text


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a folded text, by the kind of its track."""

    kind: str  # order, complaint, refund, after_sale, acceptance, appeal, intervention, regulator, court, alipay, tracking
    value: str  # without blanks, capitals as written
    start: int  # of the value in the folded text
    end: int
    label: str  # the whole label (订单编号), "" where the track's name alone stands beside it


# What a track is called. The last of these in a label names it (退款订单编号 is an order's), but the words
# of _ANY_TRACK only where no other does (投诉受理编号 is the complaint's, 受理编号 the acceptance's).
# fmt: off
TRACKS = {
    "order":        ("订单", "交易订单", "order"),
    "complaint":    ("投诉", "举报投诉", "complaint", "case", "ticket"),
    "refund":       ("退款", "维权", "纠纷", "争议", "refund", "dispute", "claim"),
    "after_sale":   ("售后", "换货", "退换货", "after-sales", "after-sale", "aftersales", "after sales", "service", "return"),
    "appeal":       ("申诉", "复核", "复议", "appeal"),
    "intervention": ("介入", "intervention"),
    "regulator":    ("登记", "举报", "诉求", "事项", "档案", "投诉举报", "投诉登记", "12315", "registration"),
    "tracking":     ("运单", "快递", "物流", "包裹", "面单", "退货单", "退货运单", "退货快递", "退货物流", "寄回单", "寄件", "tracking", "waybill", "parcel", "shipment"),
    "alipay":       ("支付宝交易", "支付宝", "交易", "交易流水", "业务流水", "退款流水", "支付流水", "支付宝流水", "账单流水", "transaction"),
    # not ours: whatever stands behind these is none of the above
    "":             ("商品", "宝贝", "货号", "电话", "手机", "热线", "银行卡", "卡", "身份证", "证件", "账", "帐", "税", "发票", "举证", "信用代码", "执照", "工", "店铺", "微信", "qq", "邮政编码", "房间", "门牌", "取件",
                     "提货", "验证", "尾", "条形", "批", "型", "规则", "协议", "合同", "sku", "查询", "会员", "item", "product", "phone", "account", "member", "invoice", "card"),
}
_ANY_TRACK = {"受理": "acceptance", "案件": "complaint", "工单": "complaint", "服务": "after_sale", "退货": "after_sale", "acceptance": "acceptance"}
_NUMBER_WORDS = r"单据?编号|工单编号|编号|单号码?|号码|流水号|单流水号|编码|单id|id|号|no(?![a-z])|number|num(?![a-z])|ref(?:erence)?(?: (?:no|number))?(?![a-z])|#"
# fmt: on
_KIND_OF = {word: kind for kind, words in TRACKS.items() for word in words} | _ANY_TRACK
_CASE_KINDS = frozenset({"complaint", "refund", "after_sale", "acceptance", "appeal", "intervention", "regulator"})


def _either(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_WORD = rf"(?:{_either([w for w in _KIND_OF if not w[0].isascii() or w == '12315'])})"
_ENGLISH = rf"(?<![a-z])(?:{_either([w for w in _KIND_OF if w[0].isascii() and w != '12315'])})(?![a-z])"
_FILLER = r"(?:已(?=受理|登记|提交|立案)|申请|处理|服务|受理|登记|查询|记录|案件|工单|系统|原|主|子|的|单(?!据?编号|号|流水|id)| request| case| ticket| application|[ ](?=no|num|id|ref|#))"
_BETWEEN = (
    r"[ .]{0,2}[)\]】」]?[ \n|]{0,4}(?:[:#=|]|为|是|如下|is(?![a-z]))?[ \n|]{0,6}[:#(（【\[“\"'「《]{0,2}[ \n]{0,6}"
)
_LABEL = re.compile(
    rf"(?P<words>(?P<zh>(?:{_WORD}{_FILLER}{{0,2}}){{1,3}})|(?P<en>{_ENGLISH}{_FILLER}{{0,2}}))[ (]{{0,2}}(?P<name>{_NUMBER_WORDS}){_BETWEEN}"
)
_ANY_WORD = re.compile(f"{_WORD}|{_ENGLISH}")
# 投诉单TS112233445566, 您的投诉（TS88）, 维权申请(编号:2260098811223), 退款660912: the track's word stands right before.
_BESIDE = re.compile(
    rf"(?P<words>{_WORD}|{_ENGLISH}){_FILLER}{{0,2}}[单]?[ ]?[:#]?[ \n|]{{0,3}}[\])】」]?[ \n|]{{0,3}}[(\[【#「“]{{0,2}}(?:{_NUMBER_WORDS})?[ ]?[:#]?[ ]?(?P<value>(?=[a-z0-9]))"
)
# TS77018820261108投诉, 关于TS88号案件: it stands right behind.
_BEHIND = re.compile(
    r"(?<![a-z0-9_-])(?P<value>[a-z]{1,6}-?\d{4,24}(?:-\d{1,12}){0,3})[ ]?(?:号|的|号的)?[ ]?(?P<words>投诉|维权|退款|纠纷|争议|售后|申诉|案件|工单)"
)
# 单号：TS88 without a track of its own has the one that was spoken of last.
_NO_TRACK = re.compile(
    rf"(?<![{re.escape('运快物流递订退货包裹子品件员货证照税址账帐工卡')}])(?P<name>单号|编号|流水号|案号|工单号|\bno\b\.?|\bnumber\b|\bref\b\.?){_BETWEEN}"
)
_SPOKEN_OF = re.compile(
    r"包裹|寄回的?|快递|运单|物流|parcel|shipment|投诉|维权|退款|纠纷|争议|售后|申诉|举报|受理|案件|complaint|refund|dispute|claim|appeal|case|after-sales?"
)
_RANK = ("complaint", "refund", "after_sale", "acceptance", "appeal", "intervention", "regulator")
_TRACK_REACH = 60  # characters before a number without a track of its own
_COURT = re.compile(
    r"[(（\[【〔](?:20\d{2})[)）\]】〕] ?[\u4e00-\u9fa5]\d{0,4}[\u4e00-\u9fa5]{1,6}\d{1,7}号(?:之[一二三四五六七八九十]{1,2})?"
)
_COURT_BARE = re.compile(
    r"案号[ :为是]{0,4}(?P<value>[(（\[【〔](?:20\d{2})[)）\]】〕] ?[\u4e00-\u9fa5]\d{0,4}[\u4e00-\u9fa5]{1,6}\d{1,7})"
)
_ORDER_BARE = re.compile(
    r"(?:订单[^\d\n,。;运快物电话手退维投售尾]{0,6}|\borders?[ ]?[:(#]{0,2}[ ]?)(?<!\d)(?P<value>\d{15,20})(?![\dx])"
)
_ORDER_IN_URL = re.compile(r"(?:bizorderid|biz_order_id|orderid|order_id|tid)=(?P<value>\d{15,20})(?!\d)")
_T200P = re.compile(r"t200p(?P<value>\d{15,20})(?!\d)")
_COURIER = re.compile(
    r"(?:顺丰|圆通|中通|申通|韵达|百世|极兔|京东|德邦|邮政|ems|天天|丹鸟|菜鸟|跨越)(?:速运|速递|快递|快运|物流|包裹)?[ :,(单运号为是]{0,6}(?P<value>(?:sf|yt|jt|jd[a-z]{0,2}|dpk|sto|zto)?\d{10,18})(?!\d)"
)
_WAYBILL = re.compile(r"(?:运单|快递单|物流单|面单)[ ]{1,3}(?P<value>(?:[a-z]{2})?\d{10,18})(?!\d)")
_PARCEL_FORM = re.compile(
    r"(?<![a-z0-9])(?P<value>(?:sf\d{12,15}|yt\d{13}|jt\d{12,13}|jd[xvk]?[a-z]?\d{11,13}|sto\d{10,13}|zto\d{10,13}|dpk\d{11,13}))(?![a-z0-9])"
)
_AND_MORE = re.compile(r"[ ]?[、,/和及与&][ ]?(?P<value>\d{15,20})(?!\d)")
_DIGITS = re.compile(r"\d{1,32}")
_NEXT_GROUP = re.compile(r"[ \u2010-\u2015-](\d{1,8})(?![\d年月日./:元%a-z])(?!-[a-z])")
_CODE = re.compile(r"[a-z0-9]{1,32}(?:[_/-][a-z0-9]{1,24}){0,5}")
_SPLIT_CODE = re.compile(r"[a-z]{1,6}[ -]?\d{2,8}(?: \d{3,8}){1,5}(?![\d年月日./:元%a-z-])")
_PARCEL = re.compile(r"(?:[a-z]{2,4})?\d{8,18}[a-z]{0,3}")
_DATE_LIKE = re.compile(r"(?:19|20)\d\d[-_/]?(?:0?[1-9]|1[0-2])[-_/]?(?:0?[1-9]|[12]\d|3[01])")
_PHONE_LIKE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3,4}-?\d{3,4}")
_SIGNED_FOR = re.compile(r"[ ]?\)?[^,。;\n]{0,24}签收")
_UNIT = re.compile(r"[ ]?(?:元|块|万|%|折|天|日|月|年|小时|分|个|件|\.\d|,\d{3}(?!\d))")


def find_numbers(folded: Folded) -> list[Number]:
    """Every number of `folded` that its words name, in order. Linear: each label is looked at once.

    Digits may be split by blanks or hyphens (3299 1947 0651 8006 493); zero-width and full-width forms
    were folded away before.
    """
    text = folded.lower
    found: list[Number] = []
    taken: list[tuple[int, int]] = []
    for kind, start, end, label in _candidates(text):
        if len(found) >= MOST:
            break
        if any(s < end and start < e for s, e in taken):
            continue
        taken.append((start, end))
        if kind:
            found.append(Number(kind, _as_written(folded, kind, start, end), start, end, label))
    return sorted(found, key=lambda number: number.start)


Candidate = tuple[str, int, int, str]  # kind ("" for none of ours), where its value stands, its label


def _candidates(text: str) -> Iterator[Candidate]:
    """What may be numbers, the surest first."""
    for pattern in (_COURT, _COURT_BARE):
        for case in pattern.finditer(text):
            yield "court", *case.span("value" if pattern is _COURT_BARE else 0), "案号"
    for label in _LABEL.finditer(text):
        if value := _labelled(text, label):
            yield value
            more = value[2]
            while value[0] == "order" and (another := _AND_MORE.match(text, more)):
                more = another.end()
                yield "order", *another.span("value"), value[3]
    for kind, pattern in (("order", _ORDER_BARE), ("order", _ORDER_IN_URL), ("order", _T200P), ("tracking", _COURIER)):
        for bare in pattern.finditer(text):
            if not (kind == "order" and is_id_card(bare["value"])):
                yield kind, *bare.span("value"), ""
    for bare in _WAYBILL.finditer(text):
        yield "tracking", *bare.span("value"), ""
    for bare in _PARCEL_FORM.finditer(text):
        yield "tracking", *bare.span("value"), ""
    for beside in _BESIDE.finditer(text):
        kind = _KIND_OF[beside["words"]]
        if kind in _CASE_KINDS and (end := _code(text, beside.start("value"), named=False)):
            if beside["words"] == "退货" and _SIGNED_FOR.match(text, end):
                kind = "tracking"  # 您的退货(78885019204603)已由商家签收
            yield kind, beside.start("value"), end, ""
    for behind in _BEHIND.finditer(text):
        yield _KIND_OF[behind["words"]], *behind.span("value"), ""
    for name in _NO_TRACK.finditer(text):
        kind = _spoken_of(text, name.start())
        if kind == "tracking" and (parcel := _PARCEL.match(text, name.end())):
            yield kind, *parcel.span(), ""
        elif kind and kind != "tracking" and (end := _code(text, name.end(), named=True)):
            yield kind, name.end(), end, ""


def _labelled(text: str, label: re.Match[str]) -> Candidate | None:
    """The number behind `label`, if one of its kind's form stands there."""
    kind, place = _kind(label["words"]), label.end()
    name = label["words"] + label["name"]
    if kind == "alipay" and label["words"].endswith("交易") and label["name"] in ("编号", "号码", "单号"):
        kind = "order"  # 交易编号 is the order's, 交易号 the payment's
    if kind == "order":
        if text.startswith("t200p", place):
            place += 5
        end = _digits(text, place, 12, 20)
    elif kind == "alipay":
        end = _digits(text, place, 16, 32)
    elif kind == "tracking":
        parcel = _PARCEL.match(text, _after_courier(text, place))
        return (kind, *parcel.span(), name) if parcel else None
    else:
        end = _code(text, place, named=True)
    return (kind, place, end, name) if end else None


def _kind(words: str) -> str:
    """The kind of track that the words of a label name."""
    named = [found.group() for found in _ANY_WORD.finditer(words)]
    own = [word for word in named if word not in _ANY_TRACK]
    return _KIND_OF[(own or named)[-1]]


def _spoken_of(text: str, place: int) -> str:
    """The track that the words before `place` speak of, the weightiest of them; "" if none."""
    words = _SPOKEN_OF.findall(text, max(0, place - _TRACK_REACH), place)
    if words and _KIND_OF.get(words[-1], "tracking") == "tracking":
        return "tracking"
    tracks = {_KIND_OF[word] for word in words if word in _KIND_OF}
    return next((kind for kind in _RANK if kind in tracks), "")


def _after_courier(text: str, place: int) -> int:
    """Past the courier's name that may stand between label and number."""
    name = re.compile(r"[\u4e00-\u9fa5]{2,6}[ ,:(]{0,3}").match(text, place)
    return name.end() if name else place


def _digits(text: str, place: int, least: int, most: int) -> int:
    """Where the digits from `place` end, blanks between groups allowed; 0 if their count does not fit.

    Of several ends that fit, the one that gives the usual length of an order number is taken.
    """
    run = _DIGITS.match(text, place)
    if not run:
        return 0
    ends = {len(run.group()): run.end()}
    count, end = len(run.group()), run.end()
    while count < 15 or len(ends) > 1:
        more = _NEXT_GROUP.match(text, end)
        if not more or count + len(more[1]) > most:
            break
        count, end = count + len(more[1]), more.end()
        ends[count] = end
    length = next((usual for usual in (19, 18, *sorted(ends, reverse=True)) if usual in ends), 0)
    if not least <= length <= most:
        return 0
    followed = text[ends[length] : ends[length] + 1]
    return 0 if followed.isdigit() or followed == "x" else ends[length]


def _code(text: str, place: int, *, named: bool) -> int:
    """Where the case number from `place` ends; 0 if what stands there is none.

    named  a word for numbers stands before it: then few digits are enough
    """
    if named and (split := _SPLIT_CODE.match(text, place)):
        return split.end()
    run = _CODE.match(text, place)
    if not run:
        return 0
    code, end = run.group(), run.end()
    if _UNIT.match(text, end) or _DATE_LIKE.fullmatch(code):
        return 0
    if named and code.isdigit() and len(code) <= 8:
        while len(text[place:end].replace(" ", "")) < 16 and (more := _NEXT_GROUP.match(text, end)):
            if len(more[1]) < 3 or text[end] != " ":
                break
            end = more.end()
    digits = sum(letter.isdigit() for letter in text[place:end])
    letters = sum(letter.isalpha() for letter in code)
    if letters > 12 or (not named and not letters and _PHONE_LIKE.fullmatch(code)):
        return 0
    least = 3 if letters and code[0].isalpha() else 4 if named else 6
    return end if digits >= least else 0


def _as_written(folded: Folded, kind: str, start: int, end: int) -> str:
    """The value with its letters in the case that the text has, without the blanks and dashes inside."""
    if kind == "court":
        return folded.verbatim(start, end).replace(" ", "")
    written = folded.text[start:end]
    if kind in ("order", "alipay", "tracking"):
        return re.sub(r"[ \u2010-\u2015-]", "", written)
    return re.sub(r"[ \u2010-\u2015]", "", written)


def is_id_card(digits: str) -> bool:
    """Whether 18 characters pass the check digit and birthday of a Chinese ID card (GB 11643)."""
    if not re.fullmatch(r"\d{17}[\dxX]", digits) or not "1900" <= digits[6:10] <= "2030":
        return False
    if not ("01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()
