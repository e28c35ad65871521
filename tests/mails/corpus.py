"""The mails that reading is judged by: wordings x shops x clients x shapes, each with its truth.

A part (open, or set aside) is a folder of wordings with shops and clients of its own. The same part and
seed always give the same bytes and truths; nothing here asks a clock or the rules that are judged.
README.md says how a wording is written and how its truth follows.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from complaints.stages import KINDS, End, Kind
from tests.mails.shapes import SHAPES, Form, Shaped, plain, suits

HERE = Path(__file__).parent
CHINA = timezone(timedelta(hours=8))
OWNER, OWNER_NAME, INBOX = "wenxin.li@mail.example", "李文心", "q7k2m9x4@in.suji.example"
TRACKS = ("complaint", "refund", "after_sale", "acceptance", "appeal", "intervention", "regulator", "court")
FACTS = (
    *("order_no", "case_no", "case_no_kind", "shop", "amount", "deadline", "deadline_for", "deadline_from"),
    *("if_missed", "reason", "refusal_ground", "evidence_asked", "tracking_no", "offer"),
)
# What a notice that is no step of a case still tells for certain; the rest of it is nobody's fact.
BESIDE = ("order_no", "case_no", "case_no_kind", "tracking_no")
OUTCOMES = {
    Kind.SETTLEMENT: "settled", Kind.WITHDRAWAL: "withdrawn", Kind.REFUND_ARRIVED: "refunded",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to write one kind of notice (or near miss), with slots for what changes."""

    name: str  # file and place in it
    kind: Kind | None  # None: the text does not settle what it is, only that it moves nothing
    said: dict[str, str]  # the head of the record
    body: str

    @property
    def is_short(self) -> bool:
        return self.name.split("/")[0].endswith("_short")


@dataclass(frozen=True, slots=True)
class Part:
    """What one half of the corpus is made of."""

    name: str
    folder: Path
    seed: int
    clients: tuple[str, ...]  # of wraps.py and of `forms`
    forms: dict[str, Form]
    shops: tuple[str, ...]
    shops_hant: tuple[str, ...]
    mails: int  # variants of each wording
    shorts: int
    negatives: int  # variants of each wording that moves nothing
    odd: Path | None = None  # a folder of mails made by hand, each with its truth


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    raw: bytes
    suffix: str  # .eml or .txt
    client: str
    shape: str
    kind: str  # of the truth, or "near miss"
    truth: dict[str, Any]  # flat, see `flat`; a key that is not in it is not judged
    text: str  # the notice itself, subject first, for people to look at
    secret: str = ""  # digits that must not come out


# -- reading the wordings ------------------------------------------------------------------------------------


def wordings(folder: Path) -> list[Wording]:
    """Every record of every .txt file of `folder`: head lines `key: value`, a line ---, the text; ==== between."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for number, record in enumerate(path.read_text("utf-8").split("\n====\n"), 1):
            head, _, body = ("\n" + record.strip("\n")).partition("\n---\n")
            said = dict(line.split(": ", 1) for line in head.split("\n") if line and not line.startswith("#"))
            named = said.get("kind", path.stem.removesuffix("_short"))
            kind = None if named == "near_miss" else Kind(named)
            found.append(Wording(f"{path.stem}/{number}", kind, said, body))
    return found


# -- filling the slots -----------------------------------------------------------------------------------------

REASONS = {
    "quality": ("商品质量问题", "质量问题"),
    "misdescribed": ("描述不符", "商品与描述不符"),
    "counterfeit": ("假冒品牌", "疑似假货"),
    "damaged": ("商品破损", "包装/商品破损"),
    "short_or_wrong": ("少件/漏发", "卖家发错货"),
    "not_received": ("未收到货",),
    "late_shipment": ("未按约定时间发货", "延迟发货"),
    "fake_shipment": ("虚假发货",),
    "invoice": ("发票问题", "拒绝开发票"),
    "broken_promise": ("违背承诺",),
    "no_reason_return": ("七天无理由退换货", "7天无理由退货"),
    "price_protection": ("价保",),
}
REASONS_HANT = {"quality": ("商品質量問題",), "misdescribed": ("與描述不符",), "damaged": ("商品破損",)}
REASONS_EN = {"quality": ("quality problem",), "damaged": ("item arrived damaged",), "counterfeit": ("counterfeit",)}
OFF_DAYS = {(10, day) for day in range(1, 8)} | {(9, 25), (9, 26), (9, 27)}  # 2026, and its make-up days
MAKE_UP = {(9, 20), (10, 10)}

_SLOT = re.compile(r"\{([^{}]+)\}")


def money(rng: random.Random) -> tuple[str, str]:
    """An amount as written, and as told."""
    cents = rng.choice((0, 0, 0, 90, 50, 80, 99))
    yuan = rng.choice((rng.randint(9, 99), rng.randint(100, 999), rng.randint(1000, 12999)))
    told = f"{yuan}.{cents:02}"
    style = rng.randrange(4)
    if style == 0 and yuan >= 1000:
        return f"{yuan:,}.{cents:02}", told
    if style == 1 and cents == 0:
        return str(yuan), told
    if style == 2 and cents % 10 == 0 and cents:
        return f"{yuan}.{cents // 10}", told
    return told, told


def _digits(rng: random.Random, count: int) -> str:
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def order(rng: random.Random) -> str:
    return rng.choice(("32", "33", "40", "44", "29")) + _digits(rng, rng.choice((17, 17, 17, 16)))


def number(rng: random.Random, kind: str, on: datetime) -> str:
    day = f"{on:%Y%m%d}"
    choices = {
        "complaint": (f"TS{day}{_digits(rng, 4)}", _digits(rng, 16), f"GD{day}-{_digits(rng, 3)}"),
        "refund": (_digits(rng, 18), _digits(rng, 16), _digits(rng, 13)),
        "after_sale": (f"SH{_digits(rng, 10)}", _digits(rng, 15)),
        "acceptance": (f"SL{day}{_digits(rng, 3)}", f"{day}{_digits(rng, 6)}"),
        "appeal": (f"SS{day}{_digits(rng, 4)}",),
        "intervention": (f"JR{day}{_digits(rng, 4)}",),
        "regulator": (f"33{_digits(rng, 20)}",),
        "court": (f"（2026）浙0192民初{_digits(rng, 5)}号",),
    }
    return rng.choice(choices[kind])


def tracking(rng: random.Random) -> str:
    return rng.choice(
        (f"YT{_digits(rng, 13)}", f"SF{_digits(rng, 13)}", f"JT{_digits(rng, 13)}", f"78{_digits(rng, 12)}")
    )


def workdays(start: datetime, count: int) -> datetime:
    """The end of the `count`-th working day after `start`, by the calendar of 2026 (domain sources, State Council)."""
    day = start
    while count:
        day += timedelta(days=1)
        weekend = day.weekday() >= 5
        works = (day.month, day.day) in MAKE_UP or (not weekend and (day.month, day.day) not in OFF_DAYS)
        count -= works
    return end_of(day)


def end_of(day: datetime) -> datetime:
    return day.replace(hour=23, minute=59, second=59, microsecond=0)


_AT: dict[str, tuple[Callable[[datetime], str], ...]] = {
    "zh": (
        lambda d: f"{d:%Y-%m-%d %H:%M:%S}",
        lambda d: f"{d:%Y-%m-%d %H:%M}",
        lambda d: f"{d.year}年{d.month}月{d.day}日 {d:%H:%M}",
        lambda d: f"{d.year}年{d.month}月{d.day}日{d:%H:%M}",
        lambda d: f"{d:%Y/%m/%d %H:%M}",
        lambda d: f"{d.year}年{d.month}月{d.day}日{d.hour}时{d.minute:02}分",
        lambda d: f"{d:%Y.%m.%d %H:%M}",
    ),
    "en": (
        lambda d: f"{d:%Y-%m-%d %H:%M}",
        lambda d: f"{d:%B} {d.day}, {d.year} {d:%H:%M}",
        lambda d: f"{d:%b} {d.day}, {d.year} {d:%H:%M}",
    ),
}
_DAY: dict[str, tuple[Callable[[datetime], str], ...]] = {
    "zh": (
        lambda d: f"{d:%Y-%m-%d}",
        lambda d: f"{d.year}年{d.month}月{d.day}日",
        lambda d: f"{d:%Y/%m/%d}",
        lambda d: f"{d:%Y.%m.%d}",
    ),
    "en": (lambda d: f"{d:%Y-%m-%d}", lambda d: f"{d:%B} {d.day}, {d.year}"),
}


def month_day(day: datetime) -> str:
    return f"{day.month}月{day.day}日"


@dataclass
class Filling:
    """One text being filled; what it turns out to state gathers in `truth`."""

    rng: random.Random
    on: datetime  # the date of the notice
    dated: bool  # whether the notice carries that date
    lang: str
    shop: str
    truth: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)  # a slot named twice says the same twice
    numbers: dict[str, str] = field(default_factory=dict)  # by track
    secret: str = ""

    def fill(self, text: str) -> str:
        return _SLOT.sub(lambda found: self._slot(found[1]), text)

    def _slot(self, slot: str) -> str:
        if slot not in self.kept:
            self.kept[slot] = self._new(slot)
        return self.kept[slot]

    def _new(self, slot: str) -> str:
        rng = self.rng
        if slot.startswith("~"):  # a moment that is nobody's deadline
            return self._moment(slot[1:])[0]
        if slot.split()[0].split("+")[0].split("-")[0] in (
            "at",
            "day",
            "md",
            "mdt",
            "hours",
            "days",
            "workdays",
            "left",
        ):
            written, told, source = self._moment(slot)
            if told is not None:
                self.truth |= {"deadline": told.isoformat(), "deadline_from": source}
            return written
        if slot == "shop":
            self.truth["shop"] = self.shop
            return self.shop
        if slot == "order":
            self.truth["order_no"] = order(rng)
            return self._odd(self.truth["order_no"])
        if slot in TRACKS:
            self.numbers[slot] = number(rng, slot, self.on)
            return self.numbers[slot]
        if slot == "amount":
            written, self.truth["amount"] = money(rng)
            return written
        if slot == "offer":
            written, told_money = money(random.Random(rng.random()))
            self.truth["offer"] = told_money
            return written
        if slot == "reason":
            table = {"zh-Hant": REASONS_HANT, "en": REASONS_EN}.get(self.lang, REASONS)
            reason = rng.choice(tuple(table))
            self.truth["reason"] = reason
            return rng.choice(table[reason])
        if slot == "tracking":
            written = tracking(rng)
            self.truth["tracking_no"] = written
            return written
        if slot == "code":
            self.secret = _digits(rng, 6)
            return self.secret
        others: dict[str, Callable[[], str]] = {
            "total": lambda: f"{float(self.truth.get('amount', 0)) + rng.randint(5, 300):.2f}",
            "nick": lambda: rng.choice(("tb8812093", "小雨点_77", "lily_chen", "t_15098", "爱吃鱼的喵")),
            "phone": lambda: "1" + rng.choice("3589") + _digits(rng, 9),
            "loose order": lambda: order(rng),
            "loose shop": lambda: self.shop,
        }
        return str(others[slot]())

    def _odd(self, digits: str) -> str:
        """Now and then a number stands as clients and copying leave it."""
        pick = self.rng.random()
        if pick < 0.05:
            return digits.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
        if pick < 0.08:
            return f"{digits[:9]}\u200b{digits[9:]}"
        return digits

    def _moment(self, slot: str) -> tuple[str, datetime | None, str]:
        """(as written, as told or None where nothing says from when, where it is from)."""
        what = re.match(r"[a-z]+", slot)[0]  # type: ignore[index]  # the caller looked
        lang = "en" if self.lang == "en" else "zh"
        if what in ("at", "day", "md", "mdt"):
            ahead, _, clock = slot[len(what) :].partition(" ")
            day = self.on + timedelta(days=int(ahead))
            if what in ("day", "md"):
                told = end_of(day)
                written = self.rng.choice(_DAY[lang] if what == "day" else (month_day,))(told)
                return written, told if what == "day" or self.dated else None, "stated"
            hour, minute = clock.split(":")
            told = day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
            if what == "at":
                return self.rng.choice(_AT[lang])(told), told, "stated"
            return month_day(told) + f"{told:%H:%M}", told if self.dated else None, "stated"
        amount = slot.split()[1]
        base = self.on if self.dated else None
        if what == "left":
            days, hours = amount.split(".")
            written = self.rng.choice((f"{days}天{hours}小时", f"{days}天{hours}时"))
            return written, base and base + timedelta(days=int(days), hours=int(hours)), "computed"
        if what == "hours":
            return amount, base and base + timedelta(hours=int(amount)), "computed"
        count = "一二三四五六七八九十".index(amount) + 1 if amount in "一二三四五六七八九十" else int(amount)
        if what == "workdays":
            return amount, base and workdays(base, count), "computed"
        return amount, base and end_of(base + timedelta(days=count)), "computed"


# -- putting cases together -----------------------------------------------------------------------------------


SENDERS = {
    "platform": (("天猫", "notice@service.mail.tmall.example"), ("天猫客服", "no-reply@notice.mail.tmall.example"),
                 ("淘宝网", "service@mc.mail.taobao.example"), ("淘宝网", "notice@service.mail.taobao.example")),
    "payer": (("支付宝提醒", "service@mail.alipay.example"), ("支付宝", "alipay@mail.alipay.example")),
    "authority": (("12315平台", "notice@12315.example"),),
    "court": (("诉讼服务", "susong@court.example"),),
    "other": (("客服中心", "no-reply@service.example"), ("system", "noreply@notify.example")),
}  # fmt: skip
OF_PAYER = (Kind.REFUND_ARRIVED,)
OF_SHOP = (Kind.MERCHANT_PLEA,)
NOTES = (
    "",
    "",
    "",
    "帮我看看这个",
    "麻烦看下，谢谢",
    "这是刚收到的邮件，下一步我该做什么？",
    "Fyi",
    "又来一封",
    "转给你们存档",
)
NOTES_HANT = ("", "", "麻煩看一下", "這是剛收到的信，下一步該怎麼做？")


def cases(part: Part) -> Iterator[Case]:
    """Every case of `part`, always in the same order."""
    dealt = 0
    for wording in wordings(part.folder):
        moves = wording.kind is not None and KINDS[wording.kind].stage is not None and "moves" not in wording.said
        times = part.shorts if wording.is_short else part.mails if moves else part.negatives
        for variant in range(times):
            rng = random.Random(f"{part.seed} {wording.name} {variant}")
            yield _case(part, wording, variant, rng, dealt)
            dealt += 1
    for truth in sorted(part.odd.glob("*.json")) if part.odd else ():
        yield _by_hand(truth)


def _by_hand(path: Path) -> Case:
    """The mail or text beside the truth at `path`."""
    mail = next(mail for mail in (path.with_suffix(".eml"), path.with_suffix(".txt")) if mail.exists())
    truth = json.loads(path.read_text("utf-8"))
    kind = truth.get("kind", "near_miss")
    moves = "kind" in truth and KINDS[Kind(kind)].stage is not None
    text = f"(tests/mails/odd/{mail.name})"
    return Case(
        f"odd-{path.stem}", mail.read_bytes(), mail.suffix, "odd", "odd", kind, {"moves_case": moves} | truth, text
    )


def _case(part: Part, wording: Wording, variant: int, rng: random.Random, dealt: int) -> Case:
    said = wording.said
    lang = said.get("lang", "zh-Hans")
    on = datetime(2026, 10, 12, 8, 0, tzinfo=CHINA) + timedelta(days=rng.randint(0, 45), minutes=rng.randint(0, 839))
    shop = rng.choice(part.shops_hant if lang == "zh-Hant" else part.shops)
    filling = Filling(rng, on, dated=not wording.is_short, lang=lang, shop=shop)
    subject, body = filling.fill(said.get("subject", "")), filling.fill(wording.body)
    name, address = _sender(said, wording.kind, shop, rng)
    truth = _truth(wording, filling)
    label = wording.kind.value if wording.kind else "near_miss"
    text = f"{subject}\n\n{body}" if subject else body
    where = f"{part.name}-{wording.name.replace('/', '-')}-{variant}"
    if wording.is_short:
        truth |= {"from_name": None, "from_address": None, "subject": None, "date": None, "how": "pasted"}
        return Case(where, body.encode(), ".txt", "text", "pasted", label, truth, text, filling.secret)
    if "only" in said:
        shaped = plain(said["only"], subject, (name, address), OWNER, INBOX, on, body, said.get("headers", ""))
        truth |= {"from_name": name, "from_address": address, "subject": subject or None, "date": on.isoformat()}
        if said["only"] == "direct":
            truth["how"] = "direct"
        if filling.secret and filling.secret in subject:  # how it is masked is not judged
            truth.pop("subject")
        return Case(where, shaped, ".eml", said["only"], "as_is", label, truth, text, filling.secret)
    client = part.clients[dealt % len(part.clients)]
    if lang == "zh-Hant" and rng.random() < 0.6:
        client = rng.choice([name for name in part.clients if name.endswith("_tw")])
    shapes = [shape for shape in SHAPES if suits(shape, client, lang)]
    shape = rng.choice(shapes) if rng.random() < 0.5 else "as_is"
    made = SHAPES[shape](
        Shaped(
            client=client, subject=subject, from_name=name, from_address=address, to=OWNER, date=on, body=body,
            note="" if wording.kind is Kind.USER_MESSAGE else rng.choice(NOTES_HANT if lang == "zh-Hant" else NOTES),
            outer_from=OWNER, outer_to=INBOX, outer_name=OWNER_NAME, form=part.forms.get(client),
        )
    )  # fmt: skip
    truth |= made.truth
    if filling.secret and filling.secret in subject:
        truth.pop("subject")
    return Case(where, made.raw, ".eml", client, shape, label, truth, text, filling.secret)


def _sender(said: dict[str, str], kind: Kind | None, shop: str, rng: random.Random) -> tuple[str, str]:
    sender = said.get("from", "payer" if kind in OF_PAYER else "shop" if kind in OF_SHOP else "platform")
    if sender == "shop":
        return shop, f"shop{rng.randint(1000, 9999)}@{rng.choice(('qq', '163', 'kefu'))}.example"
    if "<" in sender:
        name, _, address = sender.rstrip(">").partition(" <")
        return name, address
    return rng.choice(SENDERS[sender])


def _truth(wording: Wording, filling: Filling) -> dict[str, Any]:
    """All that the filled wording determines, flat; what it leaves open is left out."""
    said, kind = wording.said, wording.kind
    free = set(said.get("free", "").split())
    if kind is None:
        truth: dict[str, Any] = {"moves_case": False, "outcome": None}
        if "case_no" not in free and not filling.numbers:
            truth |= {"case_no": None}
        truth |= {key: filling.truth.get(key) for key in ("order_no",)}
        return {key: value for key, value in truth.items() if key not in free}
    row = KINDS[kind]
    truth = {"kind": kind.value, "stage": row.stage.value if row.stage else None}
    truth["moves_case"] = row.stage is not None and said.get("moves") != "no"
    truth["act"] = said.get("act", row.act.value if row.act else None)
    truth["by"] = said.get("by", row.by.value if row.by else None)
    truth["outcome"] = said.get("outcome", OUTCOMES.get(kind))
    truth["freight_payer"] = said.get("freight")
    truth["trust"] = said.get("trust", "phishing" if kind is Kind.PHISHING else "ok")
    if kind in (Kind.MERCHANT_PLEA, Kind.PHISHING):
        free |= {"trust"} if kind is Kind.MERCHANT_PLEA else set()
    if kind in (Kind.REMINDER, Kind.EXTERNAL, Kind.SUSPENSION):
        free |= {"act", "by"} - set(said)
    facts: dict[str, Any] = dict.fromkeys(FACTS)
    facts["evidence_asked"] = said.get("asked", "").split()
    facts |= {key: value for key, value in filling.truth.items() if key in FACTS}
    track = next((track for track in TRACKS if track in filling.numbers), None)
    if track:
        facts |= {"case_no": filling.numbers[track], "case_no_kind": track}
    for key, name in (("reason", "reason"), ("if_missed", "missed"), ("refusal_ground", "ground")):
        if name in said:
            facts[key] = said[name]
    if "shop" in said:
        facts["shop"] = said["shop"]
    facts["deadline_for"] = said.get("for") if facts["deadline"] else None
    if facts["deadline"] is None and wording.is_short:  # for whom a lost length of time runs is nobody's question
        free.add("deadline_for")
    if "deadline" in said:  # told by the head: days ahead, and the hour or the end of the day
        ahead, _, clock = said["deadline"].partition(" ")
        day = filling.on + timedelta(days=int(ahead))
        hour, minute = (clock or "0:0").split(":")
        told = day.replace(hour=int(hour), minute=int(minute)) if clock else end_of(day)
        facts |= {
            "deadline": told.isoformat(),
            "deadline_from": said.get("deadline_from", "stated"),
            "deadline_for": said["for"],
        }
    if facts["offer"] is not None or "offer" in said:
        facts["offer"] = {"amount": facts["offer"], "form": said.get("offer")}
    if _sender_is_shop(said, kind) and facts["shop"] is None:
        free.add("shop")
    if row.end is not End.FILED:
        facts = {key: facts[key] for key in BESIDE} if kind is not Kind.VERIFICATION_CODE else facts
        if kind is not Kind.VERIFICATION_CODE:
            truth.pop("freight_payer")
    return {key: value for key, value in (truth | facts).items() if key not in free}


def _sender_is_shop(said: dict[str, str], kind: Kind) -> bool:
    return said.get("from", "shop" if kind in OF_SHOP else "") == "shop"


# -- judging -------------------------------------------------------------------------------------------------


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """An object of parse_mail as the flat keys that truths have."""
    offer = row["fields"]["offer"]
    return {
        **{key: row[key] for key in ("kind", "act", "by", "stage", "moves_case", "outcome", "freight_payer", "trust")},
        **{key: row["original"][key] for key in ("from_name", "from_address", "subject", "date")},
        "how": row["forward"]["how"],
        "client": row["forward"]["client"],
        **{key: row["fields"][key] for key in FACTS if key != "offer"},
        "offer": {"amount": offer["amount"], "form": offer["form"]} if offer else None,
    }


def digest(part: Part) -> str:
    """SHA-256 over every mail and truth of `part`."""
    whole = hashlib.sha256()
    for case in cases(part):
        truth = json.dumps(case.truth, sort_keys=True, ensure_ascii=False)
        for piece in (case.name.encode(), case.raw, truth.encode(), case.secret.encode()):
            whole.update(len(piece).to_bytes(8, "big") + piece)
    return whole.hexdigest()
