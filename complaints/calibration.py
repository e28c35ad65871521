"""校准题: notices that nobody received and whose answer is known, mixed into the tray now and then.

They show a volunteer, privately, how they read; staff see sums. Nobody is ranked. Each is told apart as soon as it
is answered, and every volunteer meets each of them once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from complaints.models import CalibrationItem, CalibrationTurn, Decision, Opinion
from complaints.stages import KINDS, End, Kind

LEASE = timedelta(minutes=10)  # as a mail of the tray
APART = 8  # at least so many real mails between two of them, at most twice that


@dataclass(frozen=True, slots=True)
class Known:
    """A notice with its answer, as it is kept in a CalibrationItem."""

    key: str
    read_as: Kind
    confidence: float
    decision: Decision
    kind: str
    shop: str
    sender: str
    subject: str
    body: str
    why: str


FILE, REJECT = Decision.FILE, Decision.REJECT
PLATFORM = "notice@service.example"

# Written for this purpose; nobody's mail. What is taught is the difference that the machine misses most.
KNOWN = (
    Known(
        "acknowledged", Kind.ACKNOWLEDGEMENT, 0.74, FILE, Kind.ACKNOWLEDGEMENT, "青禾家居专营店", PLATFORM,
        "您提交的投诉我们收到了",
        "您好，关于“青禾家居专营店”的投诉已经登记并受理，我们会联系商家核实。请留意后续通知。",
        "“登记并受理”就是受理，机器的提议是对的。",
    ),
    Known(
        "would_refund", Kind.REFUND_ARRIVED, 0.66, FILE, Kind.REMINDER, "小满童装店", PLATFORM,
        "商家处理即将超时",
        "您的退款申请还在等商家处理，剩余不足24小时。如商家逾期未处理，系统将自动退款至您的原支付账户。",
        "“如……将……”说的是还没发生的事：钱没有到账，这只是一封超时提醒。",
    ),
    Known(
        "on_its_way", Kind.REFUND_ARRIVED, 0.71, FILE, Kind.EXECUTION, "木棉鞋业旗舰店", PLATFORM,
        "退款已发起",
        "“木棉鞋业旗舰店”的退款已发起，金额将在1至3个工作日内退回原支付渠道，具体以银行入账时间为准。",
        "“已发起”“将退回”是在路上，不是到账；到账要等银行或支付机构的通知。",
    ),
    Known(
        "red_envelope", Kind.EXECUTION, 0.62, REJECT, "", "", "promo@mail.example",
        "您有一笔退款红包待领取",
        "感谢您一直以来的支持！参与晒单即可领取退款红包，最高88元，满199元可用。退订请回复TD。",
        "“退款红包”是广告的说法：没有订单，没有投诉，只是优惠券。",
    ),
    Known(
        "card_number", Kind.EXECUTION, 0.60, REJECT, "", "青禾家居专营店", "service@tm-refund.example",
        "退款失败，请重新提交",
        "您的订单退款失败。为尽快到账，请添加客服微信并提供银行卡号和短信验证码，我们将人工为您办理。",
        "要卡号、验证码，要加微信办退款，都是骗人的。平台从不这样做。",
    ),
    Known(
        "polite_refusal", Kind.MERCHANT_REPLY, 0.77, FILE, Kind.MERCHANT_REFUSAL, "听松茶具店", PLATFORM,
        "商家回复了您的售后申请",
        "“听松茶具店”回复：亲，非常理解您的心情，茶具属于定制类商品，这次没办法为您办理退货，还请见谅哦。",
        "话说得客气，意思是拒绝：“没办法为您办理退货”。",
    ),
    Known(
        "asks_a_picture", Kind.MERCHANT_REFUSAL, 0.58, FILE, Kind.MERCHANT_REPLY, "鹿角灯饰旗舰店", PLATFORM,
        "商家给您留言了",
        "“鹿角灯饰旗舰店”留言：您说的色差我们看到了，现在还不能马上退款，麻烦在自然光下再拍一张，我们给您登记。",
        "“还不能马上退款”不是拒绝，商家还在问情况，是一封回复。",
    ),
    Known(
        "more_proof", Kind.RULING, 0.55, FILE, Kind.EVIDENCE_REQUEST, "云上数码专营店", PLATFORM,
        "请补充凭证",
        "您与“云上数码专营店”的纠纷需要双方举证。请在3天内上传开箱视频或照片；逾期未提交的，将按现有材料作出处理。",
        "判决还没有作出，“将按现有材料作出处理”说的是逾期的后果。这是要求举证。",
    ),
    Known(
        "old_ruling_below", Kind.RULING, 0.69, FILE, Kind.APPEAL_ACKNOWLEDGEMENT, "半山服饰店", PLATFORM,
        "您的申诉已受理",
        "您对“半山服饰店”一案提出的申诉已受理，我们将重新核实。\n原处理结果：支持商家。",
        "“支持商家”是以前的结果，这封信说的是申诉已受理。",
    ),
    Known(
        "send_it_back", Kind.MERCHANT_REPLY, 0.73, FILE, Kind.RETURN_AGREED, "南岸箱包店", PLATFORM,
        "商家处理了您的申请",
        "“南岸箱包店”已同意您的退货申请，请在7天内寄回商品并填写运单号，逾期申请将关闭。",
        "商家同意退货，轮到买家寄回。",
    ),
    Known(
        "stepped_in", Kind.ACKNOWLEDGEMENT, 0.70, FILE, Kind.INTERVENTION, "拾光相机店", PLATFORM,
        "客服已介入",
        "您与“拾光相机店”的退款纠纷，平台客服已经介入，将在核实双方凭证后给出意见。",
        "“已经介入”比受理更进一步。",
    ),
    Known(
        "only_an_offer", Kind.SETTLEMENT, 0.64, FILE, Kind.MERCHANT_REPLY, "小满童装店", PLATFORM,
        "商家提出了补偿方案",
        "“小满童装店”提议补偿20元，商品不用退回。您同意后，本次售后将完结。",
        "买家还没有同意，没有达成协议，这只是商家的提议。",
    ),
    Known(
        "how_was_it", Kind.CLOSING, 0.61, REJECT, "", "", "survey@mail.example",
        "请为本次服务打分",
        "您咨询的问题已经处理完毕，请为本次服务打分，您的评价是我们进步的动力。",
        "满意度调查：没有说是哪个投诉、怎么结的，不算结案通知。",
    ),
)  # fmt: skip


def ensure() -> None:
    """The items that come with Suji are in the table. Running it again changes nothing, nor what staff retired."""
    there = set(CalibrationItem.objects.values_list("key", flat=True))
    new = [CalibrationItem(**asdict(known)) for known in KNOWN if known.key not in there]
    CalibrationItem.objects.bulk_create(new, ignore_conflicts=True)


def kinds_to_answer() -> list[Kind]:
    """The kinds that an item may be: those a mail of the tray may be filed as."""
    return [row.kind for row in KINDS.values() if row.end is End.FILED]


# -- giving ------------------------------------------------------------------------------------------------


def is_due(volunteer: User) -> bool:
    """Whether the next mail of `volunteer` should be one of these: after APART to twice APART real ones.

    How many exactly differs from person to person and time to time, so that nobody can count along.
    """
    turns = CalibrationTurn.objects.filter(volunteer=volunteer)
    last = turns.order_by("-given_at", "-pk").first()
    given = turns.count()
    sign = blake2b(f"{volunteer.public_id}:{given}".encode(), digest_size=2).digest()
    gap = APART + int.from_bytes(sign) % APART
    said = Opinion.objects.filter(reader=volunteer)
    if last:
        said = said.filter(at__gt=last.given_at)
    return said.order_by()[:gap].count() >= gap


def give(volunteer: User, now: datetime) -> CalibrationTurn | None:
    """A turn at the next item that `volunteer` has not met, if it is time for one; else None."""
    if not is_due(volunteer):
        return None
    ensure()
    met = CalibrationTurn.objects.filter(item=OuterRef("pk"), volunteer=volunteer)
    item = CalibrationItem.objects.filter(~Exists(met), retired_at=None).order_by("pk").first()
    if item is None:
        return None
    try:
        with transaction.atomic():
            return CalibrationTurn.objects.create(item=item, volunteer=volunteer, given_at=now, until=now + LEASE)
    except IntegrityError:  # two windows at once
        return None


def held_by(volunteer: User, now: datetime, public_id: str) -> CalibrationTurn | None:
    """The turn of that name that waits for `volunteer`'s answer, as long as its lease."""
    open_turns = CalibrationTurn.objects.select_related("item").filter(volunteer=volunteer, answered_at=None)
    return open_turns.filter(public_id=public_id, until__gt=now).first()


def renew(turn: CalibrationTurn, now: datetime) -> None:
    CalibrationTurn.objects.filter(pk=turn.pk, answered_at=None).update(until=now + LEASE)


def put_back(turn: CalibrationTurn, now: datetime) -> None:
    """It was left unanswered; it does not come again."""
    CalibrationTurn.objects.filter(pk=turn.pk, answered_at=None).update(until=now)


def answer(turn: CalibrationTurn, decision: Decision, kind: str, now: datetime) -> bool:
    """Keep what was said, once; whether it is right."""
    is_right = decision == turn.item.decision and (decision == REJECT or kind == turn.item.kind)
    kept = CalibrationTurn.objects.filter(pk=turn.pk, answered_at=None)
    kept.update(answered_at=now, decision=decision, kind=kind if decision == FILE else "", is_right=is_right)
    return is_right


# -- what came of it -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sums:
    """How often readers agreed, and how they did on known answers. Of one volunteer, or of all."""

    read: int  # mails of which something was said
    agreed: int
    compared: int  # mails that two have read
    right: int
    tried: int  # known answers


def answered_by(volunteer: User, newest: int = 20) -> list[CalibrationTurn]:
    """What `volunteer` answered, the newest first."""
    answered = CalibrationTurn.objects.select_related("item").filter(volunteer=volunteer, answered_at__isnull=False)
    return list(answered.order_by("-answered_at", "-pk")[:newest])


def sums(of: User | None = None) -> Sums:
    """The sums of one volunteer, or of all together. Two queries."""
    opinions = Opinion.objects.standing()
    turns = CalibrationTurn.objects.filter(answered_at__isnull=False)
    if of:
        opinions, turns = opinions.filter(reader=of), turns.filter(volunteer=of)
    said = opinions.aggregate(
        read=Count("pk"), agreed=Count("pk", Q(agrees=True)), compared=Count("pk", Q(agrees__isnull=False))
    )
    tried = turns.aggregate(tried=Count("pk"), right=Count("pk", Q(is_right=True)))
    return Sums(**said, **tried)
