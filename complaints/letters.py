"""Letters to begin with: what a shopper may write to the shop and to the platform, filled from their case.

The letters themselves are Chinese whatever language the page has: so are those who read them. They state what is
known, leave a bracket where something is not, cite the published rule and the law only where docs/sources.md has grade
A, and accuse nobody. Everything here is pure but `facts_of`, which asks the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.looks import money
from complaints import words
from complaints.burden import BURDENS
from complaints.demands import applied, open_offer
from complaints.models import Case
from complaints.stages import Act, Party, Stage, Standing, Step, Type, replay
from complaints.words import Text

LETTER_LENGTH = 5000  # characters of one letter


class Letter(StrEnum):
    FIRST = "first"
    STATEMENT = "statement"
    EVIDENCE = "evidence"
    APPEAL = "appeal"
    ACCEPT = "accept"
    DECLINE = "decline"


TITLES: dict[Letter, tuple[Text, Text]] = {
    Letter.FIRST: (_("给商家的第一封信"), _("先和商家说清楚：买了什么，出了什么问题，你要什么，哪天前答复。")),
    Letter.STATEMENT: (_("投诉说明"), _("提交给平台、12315或消协：事情的经过、你的要求和依据。")),
    Letter.EVIDENCE: (_("举证说明"), _("平台要求举证时用：每份证据证明什么，一份一行。")),
    Letter.APPEAL: (_("申诉书"), _("对处理结果不服时用：不同意哪一点，为什么，有什么新证据。")),
    Letter.ACCEPT: (_("接受提议"), _("答应对方的方案，并写清对方要做到什么。")),
    Letter.DECLINE: (_("不接受提议"), _("礼貌地回绝，说明理由和你能接受的方案。")),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the story: when, who, what they did."""

    on: date
    said: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter is filled from, in Chinese; "" and () for what is not known."""

    today: date
    shop: str = ""
    order_no: str = ""
    case_no: str = ""
    case_no_kind: str = "投诉编号"  # what its giver calls that number
    reason: str = ""  # a key of words.COMPLAINT_REASONS
    amount: str = ""  # "¥459.00"
    demands: tuple[str, ...] = ()
    story: tuple[Fact, ...] = ()
    exhibits: tuple[str, ...] = ()
    ruling: Fact | None = None
    offer: str = ""
    offer_condition: str = ""
    wants_freight: bool = False
    is_returned: bool = False  # the merchant has the goods back


# -- the letters -------------------------------------------------------------------------------------------


def blank(what: str) -> str:
    """What the writer must fill in, easy to see."""
    return f"【请填写：{what}】"


def day(moment: date) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def write(letter: Letter, facts: Facts) -> str:
    """The text of `letter` about `facts`: paragraphs, no line longer than its sentence, no blank line at the ends."""
    body = {
        Letter.FIRST: _first,
        Letter.STATEMENT: _statement,
        Letter.EVIDENCE: _evidence,
        Letter.APPEAL: _appeal,
        Letter.ACCEPT: _accept,
        Letter.DECLINE: _decline,
    }[letter](facts)
    return "\n".join(body)


def reason_of(facts: Facts) -> str:
    with translation.override("zh-hans"):
        return str(words.COMPLAINT_REASONS.get(facts.reason, "")) if facts.reason != "other" else ""


def goods(facts: Facts) -> str:
    """Which purchase this is about, in half a sentence."""
    shop = f"在“{facts.shop}”" if facts.shop else f"在{blank('店铺名')}"
    number = f"（订单编号{facts.order_no}）" if facts.order_no else f"（订单编号{blank('订单编号')}）"
    return f"{shop}购买的商品{number}"


def asks(facts: Facts) -> list[str]:
    """The demands, numbered when there are several."""
    if not facts.demands:
        return [f"我的要求：{blank('退款、换货、补偿……各写一行，带上金额')}。"]
    if len(facts.demands) == 1:
        return [f"我的要求：{facts.demands[0]}。"]
    return ["我的要求：", *(f"{place}. {demand}；" for place, demand in enumerate(facts.demands, 1))]


def happened(facts: Facts) -> list[str]:
    return [f"{day(fact.on)}，{fact.said}。" for fact in facts.story] or [blank("按日期写：哪天发生了什么")]


def listed(facts: Facts) -> list[str]:
    return list(facts.exhibits) or [f"证据1：{blank('名称，例如：开箱照片')}"]


def law(facts: Facts) -> list[str]:
    """What the law and the published rule say of it (docs/sources.md#letters); nothing where they are silent."""
    said = []
    if facts.reason == "no_reason_return":
        said += [
            "《消费者权益保护法》第二十五条：网络购买的商品，消费者可以自收到之日起七日内退货，无需说明理由"
            "（定作、鲜活易腐、已拆封的数字化商品、报刊等除外）。",
            "《网络购买商品七日无理由退货暂行办法》第十条：七日从签收的次日起算。",
        ]
    if facts.is_returned:
        said.append("《消费者权益保护法》第二十五条：经营者应当自收到退回商品之日起七日内返还价款。")
    if facts.wants_freight:
        said.append("《淘宝平台争议处理规则》第四十九条：争议所生的运费，由有过错的一方承担。")
    return said


def burden(facts: Facts) -> list[str]:
    row = BURDENS.get(facts.reason)
    if row is None:
        return []
    with translation.override("zh-hans"):
        return [f"《淘宝平台争议处理规则》第{row.articles.replace('–', '至')}条：{row.rule}"]


def _first(facts: Facts) -> list[str]:
    trouble = reason_of(facts)
    return [
        "你好：",
        f"我{goods(facts)}，{f'遇到的问题是：{trouble}。' if trouble else '遇到了问题。'}",
        blank("具体情况：什么时候发现，和商品页面写的哪里不一样"),
        *asks(facts),
        *law(facts),
        f"请在{blank('日期，例如三天后')}前答复。照片和订单截图我都留着，需要可以再发。",
        "谢谢。",
    ]


def _statement(facts: Facts) -> list[str]:
    trouble = reason_of(facts)
    based = law(facts)
    return [
        "投诉说明",
        "",
        f"被投诉商家：{facts.shop or blank('店铺名和营业执照上的企业名称')}",
        f"订单编号：{facts.order_no or blank('订单编号')}",
        *([f"{facts.case_no_kind}：{facts.case_no}"] if facts.case_no else []),
        *([f"涉及金额：{facts.amount}"] if facts.amount else []),
        *([f"问题：{trouble}"] if trouble else []),
        "",
        "一、事情经过",
        *happened(facts),
        "",
        "二、" + asks(facts)[0],
        *asks(facts)[1:],
        *(["", "三、依据", *based] if based else []),
        "",
        "四、证据" if based else "三、证据",
        *listed(facts),
        "",
        "以上所写属实。",
        f"投诉人：{blank('姓名')}",
        day(facts.today),
    ]


def _evidence(facts: Facts) -> list[str]:
    return [
        "举证说明",
        "",
        f"订单编号：{facts.order_no or blank('订单编号')}",
        *([f"{facts.case_no_kind}：{facts.case_no}"] if facts.case_no else []),
        "",
        "一、要证明的事",
        f"{reason_of(facts) or blank('问题是什么')}：{blank('一句话写清楚，例如：收到的是L码，订单是M码')}",
        "",
        "二、证据",
        *(f"{line}。证明：{blank('这份证据说明了什么')}" for line in listed(facts)),
        *(["", "三、举证责任", *burden(facts)] if burden(facts) else []),
        "",
        "原图、原视频都已保存，需要可以提供。",
        day(facts.today),
    ]


def _appeal(facts: Facts) -> list[str]:
    ruled = (
        f"{day(facts.ruling.on)}的处理结果：{facts.ruling.said}。"
        if facts.ruling
        else f"处理结果：{blank('日期和内容')}。"
    )
    return [
        "申诉书",
        "",
        f"订单编号：{facts.order_no or blank('订单编号')}",
        *([f"{facts.case_no_kind}：{facts.case_no}"] if facts.case_no else []),
        ruled,
        "",
        "一、不同意的地方",
        blank("引用处理结果里的原话，说明哪一句与事实不符"),
        "",
        "二、理由和新的证据",
        *(f"{line}。说明：{blank('它为什么能推翻上面那一句')}" for line in listed(facts)),
        *burden(facts),
        "",
        "三、" + asks(facts)[0],
        *asks(facts)[1:],
        "",
        day(facts.today),
    ]


def _accept(facts: Facts) -> list[str]:
    return [
        "你好：",
        f"关于{goods(facts)}，你们提出的方案是：{facts.offer or blank('对方的方案')}。我接受。",
        *([f"你们提的条件是：{facts.offer_condition}。"] if facts.offer_condition else []),
        f"请在{blank('日期')}前办好，办好以前我不撤销申请；收到后我会确认。",
        "谢谢。",
    ]


def _decline(facts: Facts) -> list[str]:
    return [
        "你好：",
        f"关于{goods(facts)}，你们提出的方案是：{facts.offer or blank('对方的方案')}。",
        f"我没法接受，因为{blank('理由')}。",
        *asks(facts),
        f"如果你们有别的办法，请在{blank('日期')}前告诉我。",
        "谢谢。",
    ]


# -- which of them fits ------------------------------------------------------------------------------------


def fitting(standing: Standing, *, has_offer: bool) -> tuple[Letter, ...]:
    """The letters of use where a case stands, the most useful first; the others can be had as well."""
    answers = (Letter.ACCEPT, Letter.DECLINE) if has_offer else ()
    match standing.stage:
        case None | Stage.FILED:
            return (*answers, Letter.FIRST, Letter.STATEMENT)
        case Stage.EVIDENCE_REQUESTED:
            return (Letter.EVIDENCE, *answers)
        case Stage.RULED | Stage.APPEALED:
            return (Letter.APPEAL, *answers)
        case Stage.CLOSED:
            return (Letter.STATEMENT,)
        case _:
            return (*answers, Letter.STATEMENT, Letter.EVIDENCE)


# -- from a case -------------------------------------------------------------------------------------------


def facts_of(case: Case) -> tuple[Facts, Standing]:
    """What is known of `case` for a letter, and where it stands: five queries at most, whatever its size."""
    events = list(case.events.select_related("answers").order_by("seq"))
    standing = replay([event.told() for event in events])
    said = {event.public_id: event.payload for event in events if event.type == Type.ACT}
    steps = applied(standing)
    ruling = next((step for step in reversed(steps) if step.told.act in (Act.RULES, Act.RULES_APPEAL)), None)
    wanted = list(case.demands.all())
    given = case.numbers.filter(number=case.case_no).first() if case.case_no else None
    shown = list(case.case_exhibits.filter(removed_at=None).order_by("added_at", "pk"))
    with translation.override("zh-hans"):
        offer = open_offer(standing, said)
        facts = Facts(
            today=timezone.localdate(),
            shop=case.shop.name if case.shop else "",
            order_no=case.order_no,
            case_no=case.case_no,
            case_no_kind=str(
                words.NUMBER_KINDS[given.kind if given and given.kind in words.NUMBER_KINDS else "complaint"]
            ),
            reason=case.reason,
            amount=money(case.amount) if case.amount is not None else "",
            demands=tuple(
                " ".join(filter(None, (str(d.get_kind_display()), money(d.amount) if d.amount else ""))) for d in wanted
            ),
            story=tuple(fact_of(step) for step in steps if step.told.act),
            exhibits=tuple(
                f"证据{place}：{one.get_kind_display()}{f'，{one.caption}' if one.caption else ''}"
                for place, one in enumerate(shown, 1)
            ),
            ruling=Fact(timezone.localdate(ruling.told.at), str(words.OUTCOMES[ruling.told.outcome or ""]) or "已作出")
            if ruling
            else None,
            offer=" ".join(filter(None, (str(offer.form), offer.amount))) if offer else "",
            offer_condition=offer.condition if offer else "",
            wants_freight=any(demand.kind == demand.Kind.FREIGHT for demand in wanted),
            is_returned=any(step.told.act is Act.RECEIVES_RETURN for step in steps),
        )
    return facts, standing


def fact_of(step: Step) -> Fact:
    """One act as a sentence; the writer is "我"."""
    who = "我" if step.told.by is Party.BUYER else str(words.PARTIES[step.told.by or ""])
    outcome = str(words.OUTCOMES[step.told.outcome or ""])
    return Fact(
        timezone.localdate(step.told.at),
        f"{who}{words.ACTS[step.told.act or '']}{f'：{outcome}' if outcome else ''}",
    )


# -- how it sounds -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hint:
    """Words that may work against their writer, why, and what could stand there."""

    words: str
    why: Text
    instead: str


# A reader who does not program can add a row: the words (several with |), why they may harm, what could stand there.
HEATED: tuple[tuple[str, Text, str], ...] = (
    (
        "骗子|奸商|黑店|黑心|无良|垃圾|不要脸|恶心",
        _("骂人的话会盖过事实，也可能被当成辱骂。写对方做了什么就够了。"),
        "商家没有按承诺处理",
    ),
    (
        "傻[逼叉子缺]|弱智|脑残|滚蛋|他妈|妈的|狗屁",
        _("脏话会让看的人站到另一边。"),
        "",
    ),
    (
        "弄死|去死|打死|砸店|找人收拾|堵门|人肉|上门找你|家破人亡|不得好死|[去到来]你?们?(?:店|公司|家)里?(?:去)?闹|等着瞧|走着瞧",
        _("威胁别人可能违法，也会让你失去理由。请删掉。"),
        "",
    ),
    (
        "曝光你|曝光他|挂网上|发抖音|发小红书|找媒体|上热搜",
        _("拿曝光当条件，可能被看成要挟。可以写依法依规维权。"),
        "我会按平台规则和法律维护权益",
    ),
    (
        "(?:否则|不然|不退)[^。！!\n]{0,8}差评|给你们?差评",
        _("用差评换好处，平台可能认定为恶意评价。评价和要求请分开。"),
        "",
    ),
    (
        "退一赔三|假一赔三|假一赔十|三倍赔偿|赔三倍",
        _("三倍赔偿要求商家有欺诈（《消费者权益保护法》第五十五条）。先写清哪句承诺与事实不符；捏造事实索赔会被处罚。"),
        "要求依法赔偿",
    ),
    (
        "倾家荡产|告到你倒闭|让你开不下去|让你关门",
        _("夸大的话没有人会当真。写你真的会走的下一步。"),
        "协商不成，我会向12315投诉",
    ),
    (
        "[!！]{2,}|[?？]{3,}",
        _("连着的感叹号和问号读起来像在喊。一个就够了。"),
        "",
    ),
)
_HEATED = tuple((re.compile(pattern), why, instead) for pattern, why, instead in HEATED)


def heated(text: str) -> Iterator[Hint]:
    """What in `text` may work against its writer, once a row, in the order of the table. A hint, never a refusal."""
    for pattern, why, instead in _HEATED:
        if found := pattern.search(text):
            yield Hint(found[0], why, instead)
