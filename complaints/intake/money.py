"""Sums of money in a notice and the part each plays: granted, asked for, offered, the order's total."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from complaints.intake.clauses import Passage, Polarity

MOST = 40

_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?"
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")} | {
    "两": 2,
    "〇": 0,
    "貳": 2,
    "參": 3,
    "陸": 6,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_IN_WORDS = f"[{''.join(_DIGITS)}{''.join(_TENS)}万]"
_MONEY = re.compile(
    rf"(?:(?P<sign>[¥]|rmb|cny|人民币|\$(?=[\d,.]+[^\n]{{0,3}}人民币))[ ]{{0,2}}(?P<first>{_NUMBER})(?![\d,.]\d)(?P<wan1>[ ]{{0,1}}万)?(?:[ ]{{0,2}}元)?"
    rf"|(?<![\d.])(?<!(?<!\d)\d,)(?<!(?<!\d)\d\d,)(?<!(?<!\d)\d\d\d,)(?P<second>{_NUMBER})[ ]{{0,2}}(?P<wan2>万)?(?P<unit>元|块(?P<jiao>\d)?(?!\d)钱?|圆|rmb|cny|yuan)"
    rf"|(?P<words>{_IN_WORDS}{{1,16}})(?:元|圆|块钱?)(?:(?P<jiao2>[{''.join(_DIGITS)}])角)?(?:(?P<fen2>[{''.join(_DIGITS)}])分)?"
    rf"|(?<=金额)[ ]{{0,2}}[:为是]?[ \n]{{0,2}}(?P<bare>\d{{1,3}}(?:,\d{{3}})*\.\d{{2}}|\d{{1,7}}\.\d{{2}})(?![\d%]))"
)
_TOTAL = re.compile(
    r"订单金额|订单总额|订单总价|(?<!退款金额[以按为])实付款?|付款金额|支付金额|交易金额|商品总价|总价|原价|成交价|商品金额|商品价格?|订单价|购买价|售价|价格|(?<!退款)(?<!赔付)(?<!退还)合计(?![^\d]{0,4}退)|成本|付了|order total|total paid|order amount|paid|price"
)
# The part that the words close before a sum give it. The nearest wins.
_ROLES = (
    (
        "freight",
        re.compile(
            r"运费险[^,。;\n\d]{0,6}(?:赔付|理赔|补偿|退还|到账)?|运费|邮费|快递费|运输费|物流费|受理费|诉讼费|freight|shipping|postage"
        ),
    ),
    ("total", _TOTAL),
    (
        "offered",
        re.compile(
            r"(?:原先|最初|起初|曾|之前)?(?:提出|提议|愿意?|方案)[^,。\d]{0,6}(?:补偿|退款?|赔偿?|赔付)|offer(?:s|ed)?|propos\w{0,3}"
        ),
    ),
    (
        "asked",
        re.compile(
            r"退款金额|申请的?(?:仅退款|退货退款|退款|赔付|金额)|涉及金额|争议金额|诉求金额|投诉金额|(?:要求|请求|诉求|索要)[^,。\d]{0,6}(?:退款?|退还|赔付|赔偿|返还)?|退款总额|申请退|维权金额|纠纷金额|索赔|涉案金额|标的|金额|disputed|in dispute|you (?:asked|claimed)|claimed|amount|requested?"
        ),
    ),
    (
        "granted",
        re.compile(
            r"退款|退还|返还|赔付|赔偿|补偿|退回|退货退款|退(?:给|还给|付|补)?(?:您|你|买家)?(?=$)|垫付|到账|支付(?:给)?您|保证金[^,。\d]{0,6}(?:支付|代付|垫付|划付)|获赔|扣下|扣走|划走|划出|转出|划扣|扣划|扣除|支持(?:其中|您)?(?=$)|(?:赔|补|付|还)(?:给)?(?:您|你|买家)(?=$)|收到|refund(?:ed)?(?: of)?|credited|compensat|pay(?:out)?"
        ),
    ),
    ("coupon", re.compile(r"红包|优惠券|满|立减|减|津贴|代金券|购物券|积分|coupon|voucher")),
    ("deposit", re.compile(r"保证金|押金|deposit")),
)
_AFTER_ROLE = re.compile(
    r"[ ]{0,2}(?:\([^()\n]{0,12}\))?(?:的)?(?P<what>红包|优惠券|代金券|运费|邮费|补偿|赔偿|(?:仅退款|退货退款|退款|赔付|维权|售后|投诉)(?:申请|请求|诉求|要求)|退款|赔付|现金券|(?:的)?(?:价格|方案)?(?:达成|和解)|(?:已经?|稍后|随后|将|会|即将|马上|很快|预计)?(?:自动|直接|全额|原路){0,2}(?:退回|退还|退至|退给|返还|到账|退到|划扣|转入|打入)|order total)"
)
_ASKED_IN_SENTENCE = re.compile(r"诉求|请求|索赔|要求|申请(?:退|赔)")
# 诉求为退还多收的运费18元: the freight itself is what is asked for.
# 您的退款申请（退款编号 …，¥276.00）: a sum in the brackets behind what was applied for.
_IN_BRACKETS = re.compile(
    r"(?:退款|退货|退货退款|仅退款|售后|维权|换货)(?:申请|请求|要求)?(?:编号|单)?[ ]?[\da-z-]{0,24}[ ]?\([^()。\n]{0,40}$|(?:refund|return)[ ]request[ ]?[\da-z-]{0,24}[ ]for[ ]$|(?:refund|return|request|claim)[ ]?(?:request|no\.?)?[ ]?[\da-z-]{0,24}[ ]?\([^()\n]{0,40}$"
)
_BRACKETS_REACH = 90
_FREIGHT_ASKED = re.compile(
    r"(?:诉求|请求|要求|申请|索要)[^,。;\d]{0,6}(?:退|补|返)[^,。;\d]{0,9}$|refund of[^,.\d]{0,16}$"
)
_ALTOGETHER = re.compile(
    r"(?:合计|共计|总计|总共|一共|总额|共)(?:应|需|须)?(?:向您|给您)?[^,。;\n\d]{0,6}$|也就是[^,。\d]{0,2}$|即[^,。\d]{0,3}$"
)
# 499元中的120元: the first is the whole, and the second plays the part that the words before both give it.
_PART_OF = re.compile(r"[ ]{0,2}(?:(?:之|其|当)?中|里面?)的[ ]{0,2}")
_STANDS = re.compile(r"为准[ ]?$")
_REACH = 16  # characters before a sum that say what it is


@dataclass(frozen=True, slots=True)
class Sum:
    value: Decimal
    role: str  # granted, red_packet, asked, offered, total, freight, coupon, deposit, plain
    polarity: Polarity
    start: int
    end: int
    label: str  # the words that gave the role
    altogether: bool  # it adds up what stands before: 合计退款55.50元


def find_sums(passage: Passage) -> list[Sum]:
    """The sums that `passage` names, in order, each with its part. Linear."""
    sums: list[Sum] = []
    text = passage.text
    for found in _MONEY.finditer(text):
        if len(sums) >= MOST:
            break
        value = _value(found)
        if value <= 0:
            continue
        clause = passage.clause_at(found.start())
        opens = clause.start if clause else 0
        lead = text[max(opens, found.start() - _REACH) : found.start()]
        whole = sums[-1] if sums and _PART_OF.fullmatch(text, sums[-1].end, found.start()) else None
        if whole:
            sums[-1] = replace(whole, role="total")
            lead = _TOTAL.sub("", text[max(opens, whole.start - _REACH) : whole.start])
        role, label = _role(lead, text[found.end() : found.end() + 16])
        if role == "plain" and _ASKED_IN_SENTENCE.search(text, passage.sentence_at(found.start())[0], found.start()):
            role = "asked"
        if role == "freight" and _FREIGHT_ASKED.search(lead):
            role = "asked"
        if role == "plain" and _IN_BRACKETS.search(text[max(0, found.start() - _BRACKETS_REACH) : found.start()]):
            role = "asked"
        polarity = passage.polarity(found.start(), found.end(), asks=True)
        if clause and polarity is Polarity.CONDITIONAL and _STANDS.search(clause.text):
            polarity = Polarity.PLAIN  # 以实付金额326.50元为准
        sums.append(Sum(value, role, polarity, found.start(), found.end(), label, bool(_ALTOGETHER.search(lead))))
    return sums


def _value(found: re.Match[str]) -> Decimal:
    if found["words"]:
        value = Decimal(_in_words(found["words"]))
        value += Decimal(_DIGITS.get(found["jiao2"] or "", 0)) / 10 + Decimal(_DIGITS.get(found["fen2"] or "", 0)) / 100
        return value
    value = Decimal((found["first"] or found["second"] or found["bare"]).replace(",", ""))
    if found["wan1"] or found["wan2"]:
        value *= 10_000
    return value + Decimal(int(found["jiao"] or 0)) / 10


def _in_words(text: str) -> int:
    """叁佰贰拾, 两百, 一百五, 二十, 1万二千 in digits; 0 where the words are no number."""
    if text[0] in "百佰千仟万":
        return 0  # 几百元 has lost its 几
    whole = section = digit = unit = 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
            if not digit:
                unit = 0
        elif letter == "万":
            whole, section, digit, unit = (section + digit) * 10_000, 0, 0, 10_000
        else:
            unit = _TENS[letter]
            section += (digit or 1) * unit
            digit = 0
    if digit and unit > 10:
        digit *= unit // 10  # 一百五 is 150
    return whole + section + digit


def _role(lead: str, after: str) -> tuple[str, str]:
    best, place, label = "plain", -1, ""
    for role, words in _ROLES:
        for found in words.finditer(lead):
            if found.end() > place:
                best, place, label = role, found.end(), found.group()
    behind = _AFTER_ROLE.match(after)
    if behind and best in ("plain", "granted", "asked"):
        what = behind["what"]
        if what in ("运费", "邮费"):
            return "freight", what
        if what == "红包" and best == "granted":
            return "red_packet", what  # 赔付您12.90元红包: money, but second to a sum that is paid back
        if what.endswith(("券", "红包")):
            return "coupon", what
        if what == "order total":
            return "total", what
        if what.endswith(("申请", "请求", "诉求", "要求")):
            return "asked", what
        if best != "asked":
            return "granted", what
    return best, label


def written(value: Decimal) -> str:
    """Money as text with two decimals."""
    return f"{value:.2f}"
