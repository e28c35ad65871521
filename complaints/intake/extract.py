"""What a notice states: numbers, shop, money, time limits, outcome and grounds, each with its words.

Nothing is invented. A value that no words carry is None, and each found value keeps the verbatim piece
it rests on. Linear in the length of the text; what lies beyond LONGEST characters is not read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from complaints.intake.asked import find_asked
from complaints.intake.classify import told_of_seller
from complaints.intake.clauses import Passage, Polarity, cut
from complaints.intake.dates import Moment, find_moments, resolve
from complaints.intake.deadlines import MOST, WITHOUT_BASE, Due, choose, find_deadlines
from complaints.intake.folding import fold, without_invisible
from complaints.intake.missed import find_if_missed
from complaints.intake.money import Sum, find_sums, written
from complaints.intake.numbers import Number, find_numbers
from complaints.intake.offers import find_offer
from complaints.intake.outcomes import find_freight, find_lapse, find_outcome
from complaints.intake.reasons import find_reason, find_refusal_ground
from complaints.intake.shapes import THRESHOLD, Because, Classified, Facts, Notice, Offer, Where
from complaints.intake.shops import find_sender, find_shop
from complaints.stages import KINDS, Act, End, Kind, Party, Verdict

LONGEST = 16_384  # characters of the newest block that are looked through for values

# The number of the notice's own track: the first of these that it names.
_TRACKS = ("complaint", "refund", "after_sale", "acceptance", "appeal", "intervention", "regulator", "court")
_OUTSIDE_TRACKS = ("court", "regulator", *_TRACKS)
_DECIDING = frozenset(
    {Kind.RULING, Kind.APPEAL_RULING, Kind.REFUND_ARRIVED, Kind.EXECUTION, Kind.SETTLEMENT, Kind.CLOSING}
)
_SHOPS_OWN = re.compile(
    r"^\s*亲|(?:尊敬|亲爱)的(?:顾客|买家|客官)|本店|我店|小店|dear customer"
)  # a shop's letter opens so
# The label of the time of the act, by kind; 处理时间 and the like fit any.
_ACT_TIMES = {
    Kind.FILED: "提交|申请|发起|投诉|创建",
    Kind.ACKNOWLEDGEMENT: "受理|登记",
    Kind.MERCHANT_REPLY: "回复|留言|回应|响应",
    Kind.MERCHANT_REFUSAL: "拒绝|驳回|回复",
    Kind.RETURN_AGREED: "同意|通过",
    Kind.RETURN_RECEIVED: "签收|收货",
    Kind.INTERVENTION: "介入",
    Kind.EVIDENCE_REQUEST: "发起|要求",
    Kind.EVIDENCE_RECEIVED: "提交|上传|收到",
    Kind.RULING: "判定|裁定|判决|裁决",
    Kind.APPEAL_ACKNOWLEDGEMENT: "申诉|提交|受理",
    Kind.APPEAL_RULING: "判定|复核|改判",
    Kind.SETTLEMENT: "达成|和解|协商",
    Kind.WITHDRAWAL: "撤销|撤回",
    Kind.CLOSING: "关闭|结案|完结",
    Kind.REFUND_ARRIVED: "到账|退款成功|退款完成|退款|完成",
    Kind.EXECUTION: "执行|划扣|赔付",
    Kind.SUSPENSION: "中止|暂停|恢复",
    Kind.EXTERNAL: "受理|登记|立案|决定",
}
_ANY_TIME = "处理|操作|完成|通知|办理|时间"


def extract(notice: Notice, classified: Classified) -> Facts:
    """The facts that `notice` states, read in the light of what it was `classified` as. Never raises."""
    subject = cut(notice.subject, Where.SUBJECT, 1024)
    body = cut(notice.body, Where.BODY, LONGEST)
    kind = classified.kind
    if KINDS[kind].end is End.HELD or kind is Kind.PHISHING:
        return Facts()
    because: list[Because] = []
    numbers = _numbers(subject, body, because)
    if kind is Kind.EXTERNAL and classified.act is not Act.COURT:
        numbers = [(passage, _as_regulators(number)) for passage, number in numbers]
    order = _first(numbers, ("order",))
    case = _first(numbers, _OUTSIDE_TRACKS if kind is Kind.EXTERNAL else _TRACKS)
    tracking = _first(numbers, ("tracking",))
    _tell_numbers(order, case, tracking, numbers, because)
    shop = _shop(notice, kind, subject, body, because)
    in_story = KINDS[kind].end is End.FILED or kind is Kind.MERCHANT_PLEA
    in_story = in_story or (
        kind is Kind.UNKNOWN and bool(order or case or shop)
    )  # a person will file it: show what it says
    if not in_story:
        return Facts(
            order_no=order[1].value if order else None,
            case_no=case[1].value if case else None,
            case_no_kind=case[1].kind if case else None,
            other_nos=_others(numbers, order, case, tracking),
            shop=shop,
            tracking_no=tracking[1].value if tracking else None,
            because=tuple(because),
        )
    if classified.confidence >= THRESHOLD:
        subject, body = told_of_seller(subject, body)
    acted_at = _acted_at(notice, classified, subject, body, because)
    sums = [(passage, one) for passage in (subject, body) for one in find_sums(passage)]
    amount = _amount(kind, sums, because)
    dues = find_deadlines(subject, body, kind, notice.date, acted_at if _has_hour(acted_at) else None)
    due = choose(dues.dues) if kind is not Kind.MERCHANT_PLEA else None
    _tell_deadlines(due, dues.dues, because)
    missed = find_if_missed(dues, (body, subject), kind) if kind is not Kind.MERCHANT_PLEA else None
    if missed:
        because.append(missed[1])
    outcome = _outcome(classified, subject, body, because)
    return Facts(
        order_no=order[1].value if order else None,
        case_no=case[1].value if case else None,
        case_no_kind=case[1].kind if case else None,
        other_nos=_others(numbers, order, case, tracking),
        shop=shop,
        amount=amount,
        currency="CNY" if amount else None,
        deadline=due.at if due else None,
        deadline_for=due.party if due else None,
        deadline_from=due.source if due else None,
        if_missed=missed[0] if missed else None,
        outcome=outcome,
        freight_payer=_freight(subject, body, because),
        reason=_reason(kind, subject, body, because),
        refusal_ground=_refusal_ground(kind, body, because),
        evidence_asked=_evidence(kind, subject, body, because),
        tracking_no=tracking[1].value if tracking else None,
        offer=_offer(kind, body, notice.date, because),
        acted_at=acted_at,
        because=tuple(because),
        warnings=(WITHOUT_BASE,) if dues.without_base and due is None else (),
    )


# -- numbers and shop -----------------------------------------------------------------------------------------

Placed = tuple[Passage, Number]


def _numbers(subject: Passage, body: Passage, because: list[Because]) -> list[Placed]:
    found = [(body, number) for number in find_numbers(body.folded)]
    found += [(subject, number) for number in find_numbers(subject.folded)]
    seen: set[tuple[str, str]] = set()
    unique = []
    for passage, number in found:
        if (number.kind, number.value) not in seen and number.value:
            seen.add((number.kind, number.value))
            unique.append((passage, number))
    return unique


def _as_regulators(number: Number) -> Number:
    """The number that an authority gave a complaint is the authority's, not the platform's."""
    return replace(number, kind="regulator") if number.kind in ("complaint", "acceptance") else number


def _first(numbers: list[Placed], kinds: tuple[str, ...]) -> Placed | None:
    for kind in kinds:
        for placed in numbers:
            if placed[1].kind == kind:
                return placed
    return None


def _others(numbers: list[Placed], *known: Placed | None) -> tuple[tuple[str, str], ...]:
    taken = {(placed[1].kind, placed[1].value) for placed in known if placed}
    return tuple((n.kind, n.value) for _, n in numbers if (n.kind, n.value) not in taken and n.kind != "tracking")


def _tell_numbers(
    order: Placed | None, case: Placed | None, tracking: Placed | None, numbers: list[Placed], because: list[Because]
) -> None:
    names = {
        id(placed): name
        for name, placed in (("order_no", order), ("case_no", case), ("tracking_no", tracking))
        if placed
    }
    for placed in numbers:
        passage, number = placed
        words = passage.folded.verbatim(number.start, number.end)
        because.append(Because(names.get(id(placed), "other_no"), words, passage.where))


def _shop(notice: Notice, kind: Kind, subject: Passage, body: Passage, because: list[Because]) -> str | None:
    by_shop = KINDS[kind].by is Party.MERCHANT or kind is Kind.MERCHANT_PLEA
    by_shop = by_shop or bool(_SHOPS_OWN.search(body.text[:80]))
    for passage in (body, subject):
        if shop := find_shop(passage.folded, by_shop=by_shop and passage is body):
            because.append(Because("shop", passage.folded.verbatim(shop.start, shop.end), passage.where))
            return without_invisible(passage.folded.verbatim(shop.start, shop.end))
    sender = fold(notice.from_name, 60)
    if by_shop and (shop := find_sender(sender)):
        because.append(Because("shop", sender.verbatim(shop.start, shop.end), Where.HEADER))
        return shop.name
    return None


# -- money ----------------------------------------------------------------------------------------------------


# Of what a merchant writes: money it gives back, not what it offers instead.
_REPAID = re.compile(r"^退$|退款|退还|退货|返还|退回|退(?:给|还给)?(?:您|你|买家)|退[给到至]|refund")


def _amount(kind: Kind, sums: list[tuple[Passage, Sum]], because: list[Because]) -> str | None:
    """What the notice grants if it decides, else what is asked for or in dispute; the order's total last of all."""
    heard = [
        pair
        for pair in sums
        if pair[1].polarity in (Polarity.PLAIN, Polarity.ADVICE, Polarity.FUTURE, Polarity.PAST)
        or (pair[1].polarity in (Polarity.SAID, Polarity.OWN) and pair[1].role == "asked")
        or kind is Kind.REFUND_ARRIVED
    ]
    merchant = KINDS[kind].by is Party.MERCHANT or kind is Kind.MERCHANT_PLEA
    roles: tuple[str, ...]
    if kind in _DECIDING:
        roles = ("granted", "red_packet", "asked", "plain", "offered", "total")
    elif kind in (Kind.MERCHANT_REPLY, Kind.MERCHANT_PLEA):
        roles = ("asked", "total")
    elif merchant:
        heard = [pair for pair in heard if pair[1].role != "granted" or _REPAID.search(pair[1].label)]
        roles = ("asked", "granted", "total")
    else:
        roles = ("asked", "granted", "plain", "total")
    if kind not in (*_DECIDING, Kind.MERCHANT_REPLY, Kind.MERCHANT_PLEA):
        # 逾期未处理，退款258元将自动打给您 tells what the dispute is about
        lapsing = [
            pair
            for pair in sums
            if pair[1].polarity is Polarity.CONDITIONAL and (_REPAID.search(pair[1].label) or pair[1].role == "asked")
        ]
        heard += lapsing
        roles = (*roles, *(("granted",) if lapsing else ()))
    for wanted in roles:
        fitting = [pair for pair in heard if pair[1].role == wanted]
        for passage, one in sorted(fitting, key=lambda pair: not pair[1].altogether)[:1]:
            because.append(Because("amount", passage.folded.verbatim(one.start, one.end).lstrip("：: "), passage.where))
            return written(one.value)
    return None


# -- time -----------------------------------------------------------------------------------------------------


def _tell_deadlines(due: Due | None, dues: tuple[Due, ...], because: list[Because]) -> None:
    for other in dues:
        because.append(Because("deadline" if other is due else "other_deadline", other.words, other.passage.where))


def _has_hour(at: datetime | None) -> bool:
    return at is not None and (at.hour, at.minute, at.second) != (0, 0, 0)


def _acted_at(
    notice: Notice, classified: Classified, subject: Passage, body: Passage, because: list[Because]
) -> datetime | None:
    """The time of the act, where the text states it: behind its label, or in the sentence that tells of it."""
    verbs = _ACT_TIMES.get(classified.kind)
    if verbs is None:
        return None
    text = body.text
    label = re.compile(
        rf"(?:{verbs}|{_ANY_TIME})(?:成功|完成)?(?:时间|日期)?[ ]{{0,2}}(?:[:]|为|是|于|在)[ \n]{{0,3}}$|(?:{verbs})(?:时间|日期)[ ]{{0,3}}$"
    )
    told = [Because("", b.words, b.where).words for b in classified.because if b.of == "kind" and b.where is Where.BODY]
    for moment in find_moments(body.folded.text)[:MOST]:
        if moment.is_counted and (moment.days_ahead is None or moment.days_ahead > 0):
            continue
        sentence, stop = body.sentence_at(moment.start)
        lead = text[max(sentence, moment.start - 14) : moment.start]
        after = text[moment.end : min(stop, moment.end + 40)]
        if re.match(r"[ )]{0,2}(?:之前|以前|前|截止|止|内)", after) or re.search(
            r"截止|请|须|应|最晚|最迟|至|期|将|需", lead[-6:]
        ):
            continue
        clause = body.clause_at(moment.start)
        in_clause = text[clause.start : clause.end] if clause else ""
        verb_follows = re.search(rf"^[^,。;\n]{{0,30}}?(?:{verbs})(?!编号|号)", after)
        if label.search(lead) or (
            verb_follows
            and re.search(r"(?:于|在|已|:|,|^)[ ]{0,2}$|您|商家|卖家|店|平台|客服|小二", lead + "")
            and in_clause
        ):
            if not label.search(lead) and body.polarity(moment.start, moment.end) is not Polarity.PLAIN:
                continue
            at = _past(moment, notice.date)
            if at is not None and told is not None:
                because.append(Because("acted_at", body.folded.verbatim(moment.start, moment.end), Where.BODY))
                return at
    return None


def _past(moment: Moment, notice_date: datetime | None) -> datetime | None:
    """`moment` as something that has happened: a day without a year is the last one before the notice."""
    if moment.year is None and moment.days_ahead is None:
        if notice_date is None:
            return None
        at = resolve(moment, notice_date - timedelta(days=330))
    else:
        at = resolve(moment, notice_date)
    if at is None or (notice_date is not None and at > notice_date + timedelta(days=1)):
        return None
    if not moment.has_time and notice_date is not None and at.date() == notice_date.astimezone(at.tzinfo).date():
        return None  # the day of the notice itself: its own time is the better one
    return at


# -- what was decided, and why --------------------------------------------------------------------------------


def _outcome(classified: Classified, subject: Passage, body: Passage, because: list[Because]) -> Verdict | None:
    kind = classified.kind
    if found := find_outcome(kind, subject, body):
        because.append(found[1])
        return found[0]
    by_kind = {
        Kind.SETTLEMENT: Verdict.SETTLED,
        Kind.WITHDRAWAL: Verdict.WITHDRAWN,
        Kind.REFUND_ARRIVED: Verdict.REFUNDED,
    }
    verdict = by_kind.get(kind)
    if kind is Kind.EXECUTION and classified.money_arrived:
        verdict = Verdict.REFUNDED
    if kind is Kind.CLOSING:
        if classified.act is Act.REJECTS:
            verdict = Verdict.NOT_ACCEPTED
        elif lapse := find_lapse(subject, body):
            because.append(lapse[1])
            return lapse[0]
        elif classified.act is Act.LAPSES:
            verdict = Verdict.LAPSED_SELLER if classified.by is Party.MERCHANT else Verdict.LAPSED_BUYER
    words = next((b for b in classified.because if b.of == "kind"), None)
    if verdict and words and not any(b.of == "outcome" for b in classified.because):
        because.append(Because("outcome", words.words, words.where))
    return verdict


def _freight(subject: Passage, body: Passage, because: list[Because]) -> str | None:
    """Who pays the freight of the return, in a plain sentence about freight."""
    if found := find_freight(subject, body):
        because.append(found[1])
        return found[0]
    return None


def _reason(kind: Kind, subject: Passage, body: Passage, because: list[Because]) -> str | None:
    if found := find_reason(kind, subject, body):
        because.append(found[1])
        return found[0]
    return None


def _refusal_ground(kind: Kind, body: Passage, because: list[Because]) -> str | None:
    if found := find_refusal_ground(kind, body):
        because.append(found[1])
        return found[0]
    return None


def _evidence(kind: Kind, subject: Passage, body: Passage, because: list[Because]) -> tuple[str, ...]:
    asked = find_asked(kind, subject, body)
    because += [told for _name, told in asked]
    return tuple(name for name, _told in asked)


def _offer(kind: Kind, body: Passage, notice_date: datetime | None, because: list[Because]) -> Offer | None:
    """What the merchant offers, in its reply or plea."""
    if kind not in (Kind.MERCHANT_REPLY, Kind.MERCHANT_PLEA, Kind.MERCHANT_REFUSAL):
        return None
    found = find_offer(body, notice_date, refused=kind is Kind.MERCHANT_REFUSAL)
    if found is None:
        return None
    because.append(found[1])
    return found[0]
