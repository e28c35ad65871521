# ruff: noqa: E501  # a table is as wide as it is
"""The pictures that OCR is judged by: what each shows, and every fact that it states. Made from a seed alone.

Shops, people and numbers are invented, and so are the pages: they are in the likeness of no app in particular. What
stands in aside/ (a fifth of the wordings and shops, and one look) was set aside before any rule was tuned.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path
from random import Random
from typing import Any

SEED = 20261122
CHINA = timezone(timedelta(hours=8))
SENT = datetime(2026, 11, 8, 18, 30, tzinfo=CHINA)
ASIDE = Path(__file__).with_name("aside")

SHOPS = ("三只小熊母婴专营店", "鹿角灯饰旗舰店", "老炮儿吉他专卖店", "花花家纺旗舰店", "喵小二零食专营店", "森林狼户外专营店", "米多多数码旗舰店", "南山南茶叶专卖店", "木子李家居旗舰店", "小鹿乱撞女装旗舰店")  # fmt: skip

# kind, headline, text, what else it states. Slots are the truth of their fields.
NOTICES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("ruling", "投诉处理结果", "您投诉“{shop}”（投诉编号：{complaint}）一事，平台已审核完毕：支持买家，商家应在{deadline}前退款{amount}元。", {"outcome": "buyer"}),
    ("ruling", "维权结果通知", "您对“{shop}”发起的维权（维权编号：{refund}）已有结果：因您未能提供有效凭证，平台支持卖家，本次不予退款。", {"outcome": "seller"}),
    ("merchant_refusal", "商家拒绝了您的退款申请", "“{shop}”拒绝了您的退款申请。拒绝原因：商品已影响二次销售。您可以在{deadline}前修改申请或申请平台介入，逾期未处理，退款申请将关闭。", {}),
    ("acknowledgement", "投诉已受理", "您对“{shop}”的投诉已受理，投诉编号：{complaint}。商家需在{deadline}前回应，请您耐心等待。", {}),
    ("evidence_request", "请上传凭证", "您的投诉（投诉编号：{complaint}）已进入举证阶段，请您在{deadline}前上传商品照片、聊天记录等凭证，逾期将按现有凭证处理。", {}),
    ("intervention", "平台已介入", "您申请的退款（退款编号：{refund}）平台客服已介入处理，请您保持电话畅通。", {}),
    ("return_agreed", "商家已同意退货", "“{shop}”已同意您的退货申请，请您在{deadline}前寄回商品并填写运单号，逾期退款申请将自动关闭。退款金额：{amount}元。", {}),
    ("appeal_acknowledgement", "申诉已提交", "您的申诉已受理，申诉编号：{appeal}，平台将在{deadline}前完成复核。", {}),
    ("refund_arrived", "退款到账通知", "订单号{order}的退款{amount}元已到账，退回至您的支付宝余额，请查收。", {}),
    ("closing", "退款关闭", "您的退款申请（退款编号：{refund}）因超时未处理已关闭。", {}),
    ("merchant_reply", "商家提出解决方案", "商家“{shop}”就您的投诉（投诉编号：{complaint}）提出解决方案：补偿您{amount}元，商品无需退回。请您在{deadline}前确认。", {}),
)  # fmt: skip

# kind, what buyer and merchant say in turn (the buyer first), free of a shop of its own
CHATS: tuple[tuple[str, list[str], str], ...] = (
    ("merchant_refusal", ["你好，收到的灯罩是碎的，我要退款", "亲，快递签收了我们就不承担责任的哦，这个不能给您退款", "我有开箱视频"], ""),
    ("merchant_reply", ["裤子有色差，和图片完全不一样", "亲您好，非常抱歉，我们可以补偿您{amount}元，您看可以吗？", "不行，我要退货退款"], ""),
    ("merchant_reply", ["订单{order}什么时候处理", "亲，仓库这边正在核实，核实好了马上给您回复，请您稍等一下哦"], ""),
    ("return_agreed", ["尺码不合适，可以退吗", "可以的亲，同意您退货，请您把商品寄回到杭州市余杭区仓前街道8号，收到后给您退款"], ""),
    ("merchant_reply", ["平台都判你们退款了，怎么还不退", "亲，平台判定结果我们收到了，退款还在走流程，请您再等一等"], ""),
    ("merchant_refusal", ["质量太差了，要求退一赔三", "亲，我们商品都是正品，不存在质量问题，不同意您的赔偿要求", "那我申请平台介入"], ""),
)  # fmt: skip

SMS = (
    "【天猫】您的投诉已受理，投诉编号{complaint}，商家须在48小时内响应，请留意消息。",
    "【淘宝】您与“{shop}”的纠纷处理结果：支持买家，商家应退款{amount}元，投诉编号{complaint}。",
    "【淘宝】“{shop}”拒绝了您的退款申请，退款编号{refund}，请及时处理。",
)
SMS_KINDS = ("acknowledgement", "ruling", "merchant_refusal")

LOOKS = ("plain", "warm", "night", "slate")


@dataclass(frozen=True)
class Scene:
    """One picture: the page it is made of, how it is taken, and what it says."""

    name: str
    part: str  # open, aside
    html: str
    width: int  # pixels of the page
    ratio: float  # device pixels for one of them
    effects: dict[str, Any] = field(default_factory=dict)
    truth: dict[str, Any] = field(default_factory=dict)


def scenes() -> Iterator[Scene]:
    """All pictures, in their order."""
    aside = json.loads((ASIDE / "said.json").read_text("utf-8"))
    yield from _part("open", Random(SEED), SHOPS, NOTICES, CHATS, list(zip(SMS_KINDS, SMS, strict=True)), LOOKS, 6)
    notices = [tuple(row) for row in aside["notices"]]
    chats = [tuple(row) for row in aside["chats"]]
    texts = [("ruling", text) for text in aside["sms"]]
    yield from _part("aside", Random(SEED + 1), aside["shops"], notices, chats, texts, aside["looks"], 4)


def _part(
    part: str,
    chance: Random,
    shops: Sequence[str],
    notices: Sequence[Any],
    chats: Sequence[Any],
    texts: Sequence[tuple[str, str]],
    looks: Sequence[str],
    rounds: int,
) -> Iterator[Scene]:
    place = 0

    def scene(sort: str, html: str, truth: dict[str, Any], **effects: Any) -> Scene:
        nonlocal place
        place += 1
        width, ratio = chance.choice(
            ((360, 1), (360, 2), (360, 3), (375, 2), (390, 3), (412, 2.625), (430, 3), (480, 3))
        )
        if place % 7 == 0:
            width, ratio = 360, 1  # small and dense
        more: dict[str, Any] = {}
        if place % 3 == 1:
            more["jpeg"] = chance.choice((40, 55, 70, 85))
        if place % 6 == 2:
            more |= {"tilt": chance.uniform(-6, 6), "blur": chance.uniform(0.4, 1.0), "jpeg": chance.choice((60, 80))}
            ratio = max(ratio, 2)
        return Scene(f"{part}-{place:03}-{sort}", part, html, width, ratio, more | effects, truth)

    for turn in range(rounds):
        look = looks[turn % len(looks)]
        for kind, head, text, more in notices:
            facts = _facts(chance, shops)
            said = text.format(**facts)
            extra = [("订单编号", facts["order"])] if "{order}" not in text and chance.random() < 0.5 else []
            truth = {
                "picture": "refusal" if kind == "merchant_refusal" else "notice",
                "kind": kind,
                "fields": _told(text, facts, extra),
            }
            truth |= more
            yield scene("notice", page(look, _notice(head, said, extra, chance), "消息详情"), truth)
        for kind, turns, shop in chats:
            facts = _facts(chance, [shop] if shop else shops)
            spoken = [line.format(**facts) for line in turns]
            html, lines = _chat(look, facts["shop"], spoken, chance)
            slots = "".join(turns[1::2])
            fields = _told(slots, facts, []) | {"shop": facts["shop"]}
            yield scene("chat", html, {"picture": "chat", "kind": kind, "fields": fields, "lines": lines})
        for kind, text in texts:
            facts = _facts(chance, shops)
            truth = {"picture": "sms", "kind": kind, "fields": _told(text, facts, [])}
            yield scene("sms", _sms(look, text.format(**facts)), truth)
        facts = _facts(chance, shops)
        fields = {"order_no": facts["order"], "shop": facts["shop"]}
        yield scene("order", _order(look, facts, chance), {"picture": "order", "kind": "unknown", "fields": fields})
        yield scene("logistics", _logistics(look, facts), {"picture": "logistics", "fields": {}})
        yield scene("nothing", _nothing(look, chance), {"picture": "nothing", "fields": {}})
        if turn % 3 == 0:
            talk = [line.format(**facts) for _again in range(5) for _kind, turns, _shop in chats for line in turns]
            html, lines = _chat(look, facts["shop"], talk, chance)
            long = scene("long", html, {"picture": "chat", "fields": {"shop": facts["shop"]}, "lines": lines})
            yield Scene(long.name, part, html, 360, 3, {"jpeg": 80}, long.truth)


def _facts(chance: Random, shops: Sequence[str]) -> dict[str, str]:
    def digits(count: int) -> str:
        return "".join(chance.choice("0123456789") for _place in range(count))

    due = SENT + timedelta(days=chance.randint(1, 9), minutes=chance.randint(0, 1400))
    amount = f"{chance.randint(5, 3000)}.{chance.choice(('00', '50', '90', '99', '08'))}"
    return {
        "shop": chance.choice(list(shops)),
        "order": chance.choice("123456789") + digits(18),
        "complaint": f"TS{due:%Y%m%d}{digits(6)}",
        "refund": chance.choice("123456789") + digits(14),
        "appeal": f"AP{digits(10)}",
        "amount": amount,
        "deadline": f"{due:%Y}年{due.month}月{due.day}日{due:%H:%M}",
        "due": due.replace(second=0).isoformat(),
    }


def _told(text: str, facts: dict[str, str], extra: Sequence[tuple[str, str]]) -> dict[str, str]:
    fields = {"order_no": facts["order"]} if "{order}" in text or extra else {}
    for slot in ("complaint", "refund", "appeal"):
        if "{" + slot + "}" in text:
            fields["case_no"] = facts[slot]
    for slot, name in (("shop", "shop"), ("amount", "amount"), ("deadline", "deadline")):
        if "{" + slot + "}" in text:
            fields[name] = facts["due" if slot == "deadline" else slot]
    return fields


# -- pages ------------------------------------------------------------------------------------------------------------

COLOURS = {  # page, card, text, faint, accent, the peer's bubble, one's own, its text
    "plain": ("#f4f4f6", "#ffffff", "#222222", "#888888", "#ff5500", "#ffffff", "#98e165", "#111111"),
    "warm": ("#fff6ee", "#ffffff", "#3a2a1a", "#9a8878", "#e4572e", "#ffffff", "#ffd9a8", "#3a2a1a"),
    "night": ("#111214", "#1f2124", "#e4e4e6", "#8a8d93", "#ff7a33", "#2b2d31", "#2f6f4f", "#f0f0f0"),
    "slate": ("#e9edf2", "#ffffff", "#1d2733", "#74818f", "#1677ff", "#ffffff", "#1677ff", "#ffffff"),
    "leaf": ("#eef3ee", "#fdfffb", "#20301f", "#7f8f7c", "#2e8b57", "#fdfffb", "#bfe3c6", "#1c2b1b"),
}


def _style(look: str) -> str:
    ground, card, text, faint, accent, peer, own, own_text = COLOURS[look]
    return (
        "*{box-sizing:border-box}body{margin:0;font:16px/1.55 'Noto Sans CJK SC',sans-serif;"
        f"background:{ground};color:{text}}}.bar{{display:flex;justify-content:space-between;padding:8px 18px 2px;font-size:13px}}"
        f".title{{text-align:center;font-size:17px;font-weight:600;padding:10px}}.card{{background:{card};margin:12px;padding:16px;border-radius:12px}}"
        f".head{{font-size:18px;font-weight:700;margin-bottom:8px}}.faint{{color:{faint};font-size:13px}}"
        f".row{{display:flex;justify-content:space-between;gap:24px;padding:5px 0;font-size:14px}}.row span:first-child{{color:{faint};flex:none}}"
        ".row span:last-child{text-align:right;word-break:break-all}"
        f".go{{background:{accent};color:#fff;text-align:center;border-radius:22px;padding:9px;margin:18px 12px}}"
        f".time{{text-align:center;color:{faint};font-size:12px;margin:14px 0 6px}}"
        ".say{display:flex;margin:10px 12px;gap:9px;align-items:flex-start}.say.me{flex-direction:row-reverse}"
        f".face{{width:40px;height:40px;border-radius:8px;background:{accent};opacity:.55;flex:none}}"
        f".words{{background:{peer};padding:9px 12px;border-radius:9px;max-width:66%;overflow-wrap:anywhere}}"
        f".me .words{{background:{own};color:{own_text}}}"
        f".type{{background:{card};padding:12px 18px;color:{faint};margin-top:16px}}"
        f".float{{position:fixed;right:8px;top:62%;width:44px;height:44px;border-radius:50%;background:{accent};color:#fff;font-size:12px;text-align:center;line-height:44px}}"
    )


def page(look: str, inside: str, title: str, *, float: bool = False) -> str:
    bar = '<div class="bar"><span>18:42</span><span>5G 86%</span></div>'
    button = '<div class="float">客服</div>' if float else ""
    return f'<!doctype html><meta charset="utf-8"><style>{_style(look)}</style>{bar}<div class="title">{escape(title)}</div>{inside}{button}'


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<div class="row"><span>{escape(name)}</span><span>{escape(value)}</span></div>' for name, value in pairs
    )


def _notice(head: str, said: str, extra: Sequence[tuple[str, str]], chance: Random) -> str:
    button = '<div class="go">查看详情</div>' if chance.random() < 0.5 else ""
    return (
        f'<div class="card"><div class="head">{escape(head)}</div><div>{escape(said)}</div>{_rows(extra)}</div>{button}'
    )


def _order(look: str, facts: dict[str, str], chance: Random) -> str:
    rows = [
        ("商品总价", f"¥{facts['amount']}"), ("运费", "¥0.00"), ("实付款", f"¥{facts['amount']}"),
        ("订单编号", facts["order"]), ("下单时间", "2026-10-28 09:12:44"), ("付款时间", "2026-10-28 09:13:02"),
        ("发货时间", "2026-10-29 15:40:11"),
    ]  # fmt: skip
    goods = f'<div class="card"><div class="head">{escape(facts["shop"])}</div><div>纯棉四件套 浅灰 1.8米床</div><div class="faint">数量 1</div></div>'
    return page(look, f'{goods}<div class="card">{_rows(rows)}</div>', "订单详情", float=chance.random() < 0.5)


def _logistics(look: str, facts: dict[str, str]) -> str:
    steps = (
        ("11-05 10:21", "已签收，签收人：家门口，感谢使用"), ("11-05 08:02", "快件正在派送中，派件员：小陈"),
        ("11-04 22:47", "快件到达【杭州余杭集散点】"), ("11-03 19:30", "快件离开【苏州吴江分拨中心】"), ("11-03 16:11", "包裹已揽收"),
    )  # fmt: skip
    inside = "".join(f'<div class="row"><span>{when}</span><span>{what}</span></div>' for when, what in steps)
    return page(
        look, f'<div class="card"><div class="head">运单号 YT{facts["refund"][:12]}</div>{inside}</div>', "物流详情"
    )


def _nothing(look: str, chance: Random) -> str:
    inside = chance.choice((
        '<div class="card"><div class="head">今日天气</div><div>多云转晴，最高气温18度，东北风二级</div></div>',
        '<div class="card">' + _rows((("无线局域网", "已连接"), ("蓝牙", "打开"), ("亮度", "自动"))) + "</div>",
        '<div class="card"><div class="head">番茄炒蛋</div><div>鸡蛋三个打散，番茄切块，先炒蛋后下番茄，加盐出锅。</div></div>',
    ))  # fmt: skip
    return page(look, inside, chance.choice(("天气", "设置", "菜谱")))


def _sms(look: str, said: str) -> str:
    return page(
        look,
        f'<div class="time">11月8日 18:30</div><div class="say"><div class="words">{escape(said)}</div></div><div class="type">短信</div>',
        "10690123456",
    )


def _chat(look: str, shop: str, turns: list[str], chance: Random) -> tuple[str, list[dict[str, str]]]:
    inside, lines = "", []
    for place, said in enumerate(turns):
        if place % 4 == 0:
            inside += (
                f'<div class="time">2026年11月{7 + place // 40}日 {10 + place % 12}:{chance.randint(10, 59)}</div>'
            )
        mine = place % 2 == 0
        inside += f'<div class="say{" me" if mine else ""}"><div class="face"></div><div class="words">{escape(said)}</div></div>'
        lines.append({"who": "buyer" if mine else "merchant", "text": said})
    return page(look, inside + '<div class="type">输入消息</div>', shop, float=chance.random() < 0.3), lines
