"""Sums of money in a notice and the part each plays: granted, asked for, offered, the order's total."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from complaints.intake.clauses import Passage, Polarity

MOST = 40

_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?"
_MONEY = re.compile(
    rf"(?:(?P<sign>[¥]|rmb|cny|人民币)[ ]{{0,2}}(?P<first>{_NUMBER})(?![\d,.]\d)(?P<wan1>[ ]{{0,1}}万)?(?:[ ]{{0,2}}元)?"
    rf"|(?<![\d.])(?<!\d,)(?P<second>{_NUMBER})[ ]{{0,2}}(?P<wan2>万)?(?P<unit>元|块钱?|圆|rmb|cny|yuan))"
)
# The part that the words close before a sum give it. The nearest wins.
_ROLES = (
    (
        "freight",
        re.compile(
            r"运费险[^,。;\n\d]{0,6}(?:赔付|理赔|补偿|退还|到账)|运费|邮费|快递费|运输费|物流费|freight|shipping|postage"
        ),
    ),
    (
        "total",
        re.compile(
            r"订单金额|订单总额|订单总价|(?<!退款金额[以按为])实付款?|付款金额|支付金额|交易金额|商品总价|总价|原价|成交价|商品金额|订单价|购买价|售价|合计|order total|total paid|order amount|paid"
        ),
    ),
    (
        "asked",
        re.compile(
            r"退款金额|申请的?(?:仅退款|退货退款|退款|赔付|金额)|涉及金额|争议金额|诉求金额|投诉金额|要求(?:退款|赔付|赔偿)|退款总额|申请退|维权金额|纠纷金额|索赔|涉案金额|金额|amount|requested"
        ),
    ),
    (
        "granted",
        re.compile(
            r"退款|退还|返还|赔付|赔偿|补偿|退回|退货退款|退(?=$)|垫付|到账|支付(?:给)?您|获赔|划扣|扣划|扣除|refund(?:ed)?|credited|compensat|pay(?:out)?"
        ),
    ),
    ("coupon", re.compile(r"红包|优惠券|满|立减|津贴|代金券|购物券|积分|coupon|voucher")),
    ("deposit", re.compile(r"保证金|押金|deposit")),
)
_AFTER_ROLE = re.compile(
    r"^[ ]{0,2}(?:的)?(?P<what>红包|优惠券|代金券|运费|邮费|补偿|赔偿|退款|赔付|现金券|(?:已经?)?(?:原路)?(?:退回|退还|退至|返还|到账|退到))"
)
_REACH = 16  # characters before a sum that say what it is


@dataclass(frozen=True, slots=True)
class Sum:
    value: Decimal
    role: str  # granted, asked, total, freight, coupon, deposit, plain
    polarity: Polarity
    start: int
    end: int
    label: str


def find_sums(passage: Passage) -> list[Sum]:
    """The sums that `passage` names, in order, each with its part. Linear."""
    sums: list[Sum] = []
    text = passage.text
    for found in _MONEY.finditer(text):
        if len(sums) >= MOST:
            break
        value = Decimal((found["first"] or found["second"]).replace(",", ""))
        if found["wan1"] or found["wan2"]:
            value *= 10_000
        clause = passage.clause_at(found.start())
        lead = text[max(clause.start if clause else 0, found.start() - _REACH) : found.start()]
        role, label = _role(lead, text[found.end() : found.end() + 6])
        if value > 0:
            sums.append(
                Sum(
                    value,
                    role,
                    passage.polarity(found.start(), found.end(), asks=True),
                    found.start(),
                    found.end(),
                    label,
                )
            )
    return sums


def _role(lead: str, after: str) -> tuple[str, str]:
    best, place, label = "plain", -1, ""
    for role, words in _ROLES:
        for found in words.finditer(lead):
            if found.end() > place:
                best, place, label = role, found.end(), found.group()
    behind = _AFTER_ROLE.match(after)
    if behind and best in ("plain", "granted"):
        what = behind["what"]
        role = "freight" if what in ("运费", "邮费") else "coupon" if what.endswith(("券", "红包")) else "granted"
        return role, what
    return best, label


def written(value: Decimal) -> str:
    """Money as text with two decimals."""
    return f"{value:.2f}"
