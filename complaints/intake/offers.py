"""What a merchant offers: how much, in what form, on what condition, and until when."""

from __future__ import annotations

import re
from datetime import datetime

from complaints.intake.clauses import Clause, Passage
from complaints.intake.dates import find_moments, resolve
from complaints.intake.money import Sum, find_sums, written
from complaints.intake.shapes import Because, Offer, Where

_GIVES = re.compile(
    r"补偿|赔偿|赔付|赔(?:给)?(?:您|你)|补(?:给)?(?:您|你|差价)|补退|退(?=[^,。]{0,3}\d)|退(?:给|还给)?(?:您|你)|退差价|返现|返(?:给)?(?:您|你)|返还|返|优惠券|红包|换货|换新|换(?:一|个|件|新)|更换|补发|补寄|重发|重新(?:发|寄)|部分退款|退款|退还|退全款|承担[^,。]{0,4}损失|寄一|转(?:给)?(?:您|你)|给(?:您|你)|送(?:您|你)|compensat|refund|exchange|coupon|voucher|replac"
)
_FORMS = (
    ("exchange", re.compile(r"换货|换新|换(?:一|个|件|新)|更换|补发|补寄|重发|重新(?:发|寄|给(?:您|你)(?:发|寄))|exchange|replac")),
    ("coupon", re.compile(r"优惠券|红包|代金券|购物券|购物金|积分|无门槛|coupon|voucher")),
    ("compensation", re.compile(r"补偿|赔偿|赔付|补差价|补退差|承担[^,。]{0,4}损失|赔(?:给)?(?:您|你)|返现|返(?:给)?(?:您|你)|转(?:给)?(?:您|你)|转(?=[^,。]{0,4}\d)|补(?:给)?(?:您|你)|compensat")),
    ("refund", re.compile(r"退款|退(?:给|还给)?(?:您|你)|退差价|退还|退(?=\d)|refund")),
    ("compensation", re.compile(r"给(?:您|你)|送(?:您|你)|返")),
)  # fmt: skip
_WILLING = re.compile(
    r"愿意?|可以|同意|提出|提议|方案|补偿|给(?:您|你)|为(?:您|你)|赔|返|提供|承诺|申请|帮(?:您|你)|这边|补(?:您|你)|退(?:您|你)|转|送(?:您|你)|来回|承担|重新|offer|propos|willing|\bcan\b|\bwill give\b"
)
_REFUSING = re.compile(
    r"不(?:同意|能|予|会|接受|给|可能)|无法|拒绝|not |refus|declin|(?:您|你|买家)(?:所)?(?:申请|要求|请求|主张)的|平台(?:判|决定)|you (?:asked|requested|claimed)|your (?:request|claim) (?:for|of)"
)
_YOURS = re.compile(r"(?:您|你)[^,。]{0,4}(?:承担|支付(?!宝)|出(?:运|邮))")  # what the shopper is to pay
_WHOLE = re.compile(r"全额(?:退|给)|退全款|全款退|full refund")
_SUMMED_UP = re.compile(r"[ ]{0,2}(?:也就是|也即|即|共|合计|总共|一共|折合)")
_UNQUOTED = re.compile(r"(?<=[.。!?])[”」』]")
_CONDITION = re.compile(
    r"(?:(?:如果?|若|只要|需要?|但|前提|条件)?[^,。;!?\n]{0,10}(?:撤销|撤回|撤诉|取消|不退货|不退|不用退|保留商品|确认收货|好评|关闭(?:售后|退款|投诉)|(?:售后|退款|投诉|差评|申请|评价)[^,。;!?\n]{0,4}(?:撤|删|关|改)(?:了|掉|一下|成)|(?:撤|删|关)(?:了|掉)|keep the item|withdraw|cancel)[^,。;!?\n]{0,10})"
)
_NOT_OFFERED = ("total", "asked", "freight")


def find_offer(body: Passage, notice_date: datetime | None, *, refused: bool) -> tuple[Offer, Because] | None:
    """The first offer of `body` with its words; None where nothing is offered.

    refused  the notice is a refusal: then only a sum of money counts as an offer beside it
    """
    sums = [one for one in find_sums(body) if one.role not in _NOT_OFFERED]
    for place, clause in enumerate(body.clauses):
        words = _UNQUOTED.split(clause.text, maxsplit=1)[0]  # what follows the shop's words is the platform's
        if not _GIVES.search(words) or not _WILLING.search(words) or _REFUSING.search(words) or (_YOURS.search(words)):
            continue
        money = _in(clause, sums)
        if not money and place + 1 < len(body.clauses) and _SUMMED_UP.match(body.clauses[place + 1].text):
            money = _in(body.clauses[place + 1], sums)
        form = next((name for name, words in _FORMS if words.search(clause.text)), "other")
        whole = form == "refund" and _WHOLE.search(clause.text)  # 全额退款 needs no sum
        if not money and ((form != "exchange" and not whole) or refused):
            continue
        offer = Offer(
            amount=written(money.value) if money else None,
            form=form,
            condition=_condition(body, clause),
            expires=_expires(body, clause.sentence_start, clause.sentence_end, notice_date),
        )
        return offer, Because("offer", body.folded.verbatim(clause.start, clause.end).strip(), Where.BODY)
    return None


def _in(clause: Clause, sums: list[Sum]) -> Sum | None:
    return next((one for one in sums if clause.start <= one.start < clause.end), None)


def _condition(body: Passage, clause: Clause) -> str | None:
    found = _CONDITION.search(body.text, clause.sentence_start, clause.sentence_end)
    return body.folded.verbatim(*found.span()).strip() if found else None


def _expires(body: Passage, start: int, end: int, notice_date: datetime | None) -> str | None:
    for moment in find_moments(body.folded.text[start:end]):
        lead = body.text[max(start, start + moment.start - 6) : start + moment.start]
        after = body.text[start + moment.end : start + moment.end + 3]
        limits = re.match(r"[ ]?(?:之?前|截止|以前|有效)", after) or re.search(
            r"(?:保留|有效|截止)(?:至|到)[ ]?$", lead
        )
        if limits and (at := resolve(moment, notice_date, as_deadline=True)):
            return at.isoformat()
    return None
