"""Until when, whose, and what happens then: the time limits that a notice states.

Never later than the notice says, and nothing that it does not say: a length of time without a known
start is no deadline (docs/parse_mail.md#deadline). The usual limits of the rules belong to the case page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.clocks import days_after, working_days_after
from complaints.intake.clauses import Passage, Polarity
from complaints.intake.dates import Moment, find_moments, resolve
from complaints.stages import Kind, Party

WITHOUT_BASE = "deadline_without_base"

# -- a moment that is a limit ---------------------------------------------------------------------------------
_DUE_AFTER = re.compile(
    r"^[ )]{0,3}(?:\((?:周|星期)[一二三四五六日天]\))?[ ]{0,2}(?:之前|以前|前(?!往|台|期|后|来|述)|截止|为止|止(?!损)|到期"
    r"|(?:将会?|会|系统)?(?:自动)?(?:关闭|超时|失效|过期|结束|逾期))"
)
_DUE_BEFORE = re.compile(
    r"(?:截止(?:时间|日期|日|期|时限)?|截至时间|(?:最晚|最迟)(?:[^,。;\n\d]{0,6}时间)?|不晚于|不迟于|到期(?:时间|日期|日)?|有效期|期限|时限|失效时间|超时时间|关闭时间|(?:延长|延期|顺延|宽限)(?:期)?"
    r"|\bby\b|\bbefore\b|\buntil\b|\bno later than\b|\bdeadline\b|\bdue(?: date)?\b|\bexpires?\b|\bcloses?\b)"
    r"[ ]{0,2}(?:is|on|at|应?为|是|至|到|于|在|:)?[ :(]{0,3}$"
)
_AS_OF = re.compile(
    r"截至(?!时间)[ 到]{0,2}$|(?:未能?|没有?|已)(?:在|于|按|经)?[ ]{0,2}$|原(?:定|截止)[^,。;\n]{0,8}$|自[^,。;\n]{0,3}$"
)
_RANGE_BEFORE = re.compile(r"(?:至|到|[-–—~])[ ]{0,2}$")
_RANGE_LABEL = re.compile(r"(?:期|时间|期限|时限|有效期|period)[^,。;\n]{0,8}$")

# -- a length of time that is a limit -------------------------------------------------------------------------
_CHINESE_NUMBER = {digit: value for value, digit in enumerate("零一二三四五六七八九十")} | {"两": 2}
_LENGTH = re.compile(
    r"(?<![\d.:\-/年月第])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})(?:[ ]?[-~至到–—][ ]?(?P<most>\d{1,3}))?[ ]{0,2}个?[ ]{0,2}"
    r"(?P<unit>工作日|自然日|日历日|小时|天|日(?!前|期|常|志)|分钟|(?:working|business) days?|(?:calendar )?days?|hours?)"
    r"(?P<tail>[ ]{0,2}(?:之内|以内|内|left|remaining))?"
)
_WITHIN = re.compile(r"(?:\bwithin|\bin|\bin the next|\bnext)[ ]{1,2}(?:the (?:next )?)?$")
_ABOUT = re.compile(r"(?:预计|大约|约|一般|通常)(?:会|将|需要?)?(?:在)?[ ]{0,2}$")
_LEFT = re.compile(
    r"(?:剩余|还剩|仅剩|只剩|还有|余下|倒计时|剩)(?:处理|操作|响应|举证|退货|回复|确认)?(?:时间|时长|时限)?[ :为是约]{0,3}$"
)
_COUNTDOWN = re.compile(
    r"(?:(?P<left>剩余|还剩|仅剩|只剩|还有|余下|倒计时)[^,。;\n\d]{0,8})?(?P<d>\d{1,3})[ ]?天[ ]?(?P<h>\d{1,2})[ ]?小?时(?:[ ]?(?P<m>\d{1,2})[ ]?分)?"
    r"(?:[ ]?\d{1,2}[ ]?秒)?(?P<within>之?以?内)?"
)
_NO_LIMIT = re.compile(
    r"到账|到帐|入账|原路|发货|送达|无理由|退回至|退至|有效|优惠|红包|领取|保修|质保|保价|试用|免费|营业|工作时间|体验|会员|配送|派送|到达|credited|arrive|shipped"
)
# 自…起, …后: the length counts from something that happened.
_EVENT = re.compile(
    r"(?:自|从|在|于)?(?P<event>[^,。;:\n]{0,24}?)(?:之日起|之时起|当日起|次日起|起算?|之后|以后|(?<!售)后)(?:的|算|计|开始|计算)?[ (]{0,2}$"
)
_EVENT_EN = re.compile(r"^[ ]{0,2}(?:of|after|from|since)[ ](?P<event>[^,.;\n]{3,60})")
_THIS_NOTICE = re.compile(
    r"本(?:通知|邮件|函|消息|短信|告知|信|次通知)|(?:收到|接到|查收)(?:本|此|该)?(?:通知|邮件|消息|短信|告知)|通知(?:发出|送达|到达|之)?$|即日|今日|今天|当日|此刻|现在|发出|邮件"
    r"|this (?:notice|e-?mail|message|letter)|today|now|receipt of this"
)
_OWN_EVENTS = {
    Kind.RULING: r"判定|裁定|判决|裁决|处理结果|结果|结论|作出|公布|生效",
    Kind.APPEAL_RULING: r"判定|复核|结果|结论|作出|公布|生效",
    Kind.ACKNOWLEDGEMENT: r"受理",
    Kind.MERCHANT_REFUSAL: r"拒绝|驳回",
    Kind.RETURN_AGREED: r"同意|达成|通过",
    Kind.INTERVENTION: r"介入",
    Kind.FILED: r"提交|申请|发起",
    Kind.EVIDENCE_RECEIVED: r"收到凭证|举证|凭证|提交",
    Kind.EVIDENCE_REQUEST: r"举证开始|发起举证|进入举证",
    Kind.APPEAL_ACKNOWLEDGEMENT: r"申诉(?:受理|提交)|受理|提交",
    Kind.SUSPENSION: r"中止|暂停|恢复",
}

# -- whose ----------------------------------------------------------------------------------------------------
_MERCHANTS = r"商家|卖家|店铺|掌柜|被投诉方|对方|(?:旗舰|专卖|专营)店|seller|merchant|\bshop\b"
_SUBJECTS = (
    (
        Party.MERCHANT,
        re.compile(
            rf"(?<![与和跟向对给在找同系被的])(?<!with the )(?<!from the )(?<!to the )(?<!by the )(?<!against the )(?:{_MERCHANTS})(?!的?(?:协商|沟通|联系|地址|凭证|回复内容|拒绝原因))"
        ),
    ),
    (Party.MERCHANT, re.compile(rf"(?:请|由|要求|通知|等待|等|督促|责令|催促)(?:{_MERCHANTS})")),
    (
        Party.PLATFORM,
        re.compile(
            r"(?<![向由与和申请要求])(?:平台|客服|小二|我们|工作人员|专员|天猫|淘宝|官方|\bwe\b|\bspecialist\b|\bour team\b|(?<!request )(?<!ask the )(?<!ask for )(?<!apply for )(?<!apply for the )\bplatform\b|\btmall\b|\btaobao\b|customer service)(?!规则|介入申请|购物)"
        ),
    ),
    (
        Party.BUYER,
        re.compile(
            r"(?<![向为给对与和知系还予到由])(?:您|你|买家)(?!的|好|对(?![^,。;\n]{0,12}(?:异议|不服|不满|不认可|不同意))|与商家的)|(?<!contact )(?<!to )(?<!with )(?<!for )(?<!notify )(?<!refund )(?<!pay )(?<!give )(?<!inform )(?<!tell )\byou\b(?!r)|\bbuyer\b"
        ),
    ),
    (Party.BUYER, re.compile(rf"(?<!申)请(?!求|{_MERCHANTS})|\bplease\b")),
)
_BUYER_LABEL = re.compile(
    r"^[^商卖店平]{0,12}(?:退货|寄回|举证|申诉|上传|补充|提交|填写|凭证|操作)[^,商卖店平]{0,6}(?:截止|期限|时限|有效期|最晚)"
)
_PLATFORM_WORK = re.compile(
    r"(?:给出|作出|做出|出具|反馈|答复|完成(?:审核|处理|判定|核实)|审核完毕|审核|判定|核实|回复您|与您联系|联系您|处理完[成毕]|处理意见|处理结果|review|respond to you|get back|reply to you)"
)
_BUYER_WORD = re.compile(r"您|你|买家|you")
_CONSEQUENCE_REACH = 300  # characters after the sentence of the limit
_MERCHANT_WORK = re.compile(r"商家|卖家|响应|确认收货|seller|merchant")

# -- and then -------------------------------------------------------------------------------------------------
_MISSED = re.compile(
    r"逾期|超时|过期|到期|期满|届满|否则|(?:若|如|如果)?(?:您|你|买家|商家|卖家|双方)?(?:未|没有|不)(?:能|及时|按时|在|于|操作|处理|提交|提供|响应|寄回|举证|回复|退货|修改|确认|填写|上传)"
    r"|otherwise|if (?:you|the seller|the merchant|no)|failing|or (?:the|your) (?:case|request)"
)
_CONSEQUENCES = (
    (
        "auto_refund",
        re.compile(
            r"自动退款|(?:系统|平台)?(?:将|会)?(?:自动|直接)?(?:退款|退还)(?:给您|至您|到您)|默认(?:达成|退款|同意退款)|(?:视为|默认)(?:商家)?同意(?:您的?)?(?:退款|申请|退货)|automatic(?:ally)? refund|refunded automatically"
        ),
    ),
    (
        "cannot_refile",
        re.compile(
            r"(?:无法|不能|不可|不得|不再)(?:再次?|重复|重新)?(?:申请|发起|提交|提起|申诉|投诉|受理)|失去[^,。;\n]{0,6}(?:权利|机会)|视为放弃申诉|cannot (?:be )?(?:refile|reopen|apply|appeal)"
        ),
    ),
    (
        "judged_as_is",
        re.compile(
            r"放弃举证|放弃(?:提供|提交|上传)|(?:以|按照?|根据|依据|依照|基于)(?:现有|已有|目前|当前|已提交|已掌握|对方|商家)[^,。;\n]{0,12}|(?:直接|自行|径行)(?:作出|做出|进行)?(?:判定|裁定|处理|判断)|不利(?:后果|判定)|judged? on|decided? (?:on|based)|existing evidence"
        ),
    ),
    (
        "accepts_offer",
        re.compile(r"(?:视为|默认)(?:您|买家)?(?:已)?(?:同意|接受|认可)|自动接受|deemed (?:to have )?accept"),
    ),
    ("closes", re.compile(r"关闭|撤销|取消|结案|终止|完结|视为放弃(?!举证)|默认撤回|clos(?:e|ed|es)|cancel")),
    ("other", re.compile(r"(?:将|会|则|视为|自动|系统|will)")),
)


@dataclass(frozen=True, slots=True)
class Due:
    """One time limit of a notice."""

    at: datetime
    party: Party
    source: str  # stated, computed
    start: int
    end: int
    sentence: tuple[int, int]
    passage: Passage

    @property
    def words(self) -> str:
        clause = self.passage.clause_at(self.start)
        start = clause.start if clause else self.start
        end = max(self.end, min(clause.end if clause else self.end, self.end + 20))
        start = max(start, self.start - 24)
        return self.passage.folded.verbatim(start, end).strip()


@dataclass(frozen=True, slots=True)
class Deadlines:
    dues: tuple[Due, ...]
    without_base: bool


def find_deadlines(
    subject: Passage, body: Passage, kind: Kind, notice_date: datetime | None, acted_at: datetime | None
) -> Deadlines:
    """Every time limit that subject and body name. `acted_at` is the time the notice states, with a time of day."""
    dues: list[Due] = []
    lost = False
    for passage in (body, subject):
        moments = find_moments(passage.folded.text)
        for moment, at in _stated(passage, moments, notice_date):
            if at is None:
                lost = True
            elif notice_date is None or at >= notice_date:
                place = passage.sentence_at(moment.start)
                party = _whose(passage, moment.start, moment.end, kind)
                if party:
                    dues.append(Due(at, party, "stated", moment.start, moment.end, place, passage))
        for start, end, at in _computed(passage, moments, kind, notice_date, acted_at):
            place = passage.sentence_at(start)
            party = _whose(passage, start, end, kind)
            if party is None or any(d.passage is passage and d.sentence == place and d.party is party for d in dues):
                continue  # 72小时内(截止11-14 18:00): the moment is the same limit, and exact
            if at is None:
                lost = True
            else:
                dues.append(Due(at, party, "computed", start, end, place, passage))
    return Deadlines(tuple(dues), lost and not dues)


def choose(dues: tuple[Due, ...]) -> Due | None:
    """The limit to watch: the shopper's own before the merchant's before the platform's, the earliest of each."""
    order = {Party.BUYER: 0, Party.MERCHANT: 1, Party.PLATFORM: 2}
    return min(dues, key=lambda due: (order[due.party], due.at), default=None)


def _heard(passage: Passage, start: int, end: int) -> bool:
    """Whether the words at `start` are the notice's own, conditional or not."""
    return passage.polarity(start, end, asks=True) not in (
        Polarity.SAID,
        Polarity.QUOTED,
        Polarity.OWN,
        Polarity.QUESTION,
    )


def _stated(
    passage: Passage, moments: list[Moment], notice_date: datetime | None
) -> Iterator[tuple[Moment, datetime | None]]:
    text = passage.text
    before: Moment | None = None
    for moment in moments:
        previous, before = before, moment
        sentence, _ = passage.sentence_at(moment.start)
        lead = text[max(sentence, moment.start - 30) : moment.start]
        if _AS_OF.search(lead) or not _heard(passage, moment.start, moment.end):
            continue
        due = bool(_DUE_AFTER.search(text[moment.end : moment.end + 16]) or _DUE_BEFORE.search(lead))
        if previous and _RANGE_BEFORE.search(lead) and moment.start - previous.end <= 4:
            due = due or bool(
                _RANGE_LABEL.search(text[max(sentence, previous.start - 12) : previous.start].rstrip(" :为是从自("))
            )
        if due and not _NO_LIMIT.search(text, moment.end, min(len(text), moment.end + 10)):
            yield moment, resolve(moment, notice_date, as_deadline=True)


def _computed(
    passage: Passage,
    moments: list[Moment],
    kind: Kind,
    notice_date: datetime | None,
    acted_at: datetime | None,
) -> Iterator[tuple[int, int, datetime | None]]:
    text = passage.text
    base = acted_at or notice_date
    counted: list[tuple[int, int]] = []
    for found in _COUNTDOWN.finditer(text):
        if not (found["left"] or found["within"]) or not _heard(passage, *found.span()):
            continue
        length = timedelta(days=int(found["d"]), hours=int(found["h"]), minutes=int(found["m"] or 0))
        counted.append(found.span())
        yield found.start(), found.end(), notice_date + length if notice_date else None  # counts from the sending
    for found in _LENGTH.finditer(text):
        start, end = found.span()
        if any(s <= start < e for s, e in counted) or not _heard(passage, start, end):
            continue
        sentence, stop = passage.sentence_at(start)
        lead = text[max(sentence, start - 40) : start]
        left = _LEFT.search(lead) or (found["tail"] or "").strip() in ("left", "remaining")
        promised = _ABOUT.search(lead) and _PLATFORM_WORK.search(text, end, min(stop, end + 16))
        if not (found["tail"] or left or promised or _WITHIN.search(lead)):
            continue
        clause = passage.clause_at(start)
        clause_end = clause.end if clause else stop
        near = (
            text[max(clause.start if clause else sentence, start - 8) : start] + text[end : min(clause_end, end + 14)]
        )
        if _NO_LIMIT.search(near) or _AS_OF.search(lead):
            continue
        yield start, end, _count(found, text, lead, kind, base if not left else notice_date, moments, notice_date)


def _count(
    found: re.Match[str],
    text: str,
    lead: str,
    kind: Kind,
    base: datetime | None,
    moments: list[Moment],
    notice_date: datetime | None,
) -> datetime | None:
    """When the length of time runs out; None where its start is not known."""
    event = _EVENT.search(lead[max(lead.rfind(","), -1) + 1 :])
    said = event["event"] if event else None
    behind = _EVENT_EN.search(text[found.end() : found.end() + 70])
    said = said if said is not None else (behind["event"] if behind else None)
    if said is not None:
        stated = next((m for m in moments if found.start() - 30 <= m.start and m.end <= found.start()), None)
        own = _OWN_EVENTS.get(kind)
        if stated is not None:
            base = resolve(stated, notice_date)
        elif said.strip() and not _THIS_NOTICE.search(said) and not (own and re.search(own, said)):
            return None
    if base is None:
        return None
    unit, party_waits_longest = found["unit"], _PLATFORM_WORK.search(text, found.end(), found.end() + 20)
    number = _number(found["n"])
    if found["most"] and party_waits_longest:
        number = int(found["most"])  # 3-7个工作日: the platform may take them all
    if not number or number > 365:
        return None
    if unit in ("小时", "分钟") or unit.startswith("hour"):
        return base + (timedelta(minutes=number) if unit == "分钟" else timedelta(hours=number))
    if unit == "工作日" or unit.startswith(("working", "business")):
        return working_days_after(base, number)
    return days_after(base, number)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _CHINESE_NUMBER.get(tens, 1) * 10 + (_CHINESE_NUMBER.get(ones, 0) if ones else 0)
    return _CHINESE_NUMBER.get(text, 0)


def _whose(passage: Passage, start: int, end: int, kind: Kind) -> Party | None:
    """Who must act by then: the subject of the sentence that stands nearest before, else after."""
    sentence, stop = passage.sentence_at(start)
    text = passage.text
    clause = passage.clause_at(start)
    lead = text[clause.start if clause else sentence : start]
    if _BUYER_LABEL.search(lead):
        return Party.BUYER  # 退货截止时间:
    best: tuple[int, Party] | None = None
    for party, pattern in _SUBJECTS:
        for found in pattern.finditer(text, sentence, start):
            if best is None or found.end() >= best[0]:
                best = (found.end(), party)
    after = text[end : clause.end if clause and clause.end > end else stop]
    authority = kind is Kind.EXTERNAL
    if best is None or (best[1] is Party.PLATFORM and authority):
        if authority:
            return Party.BUYER if re.search(r"(?<!申)请|您", after[:20]) and not best else None
        if _PLATFORM_WORK.search(after[:24]) and not re.search("商家|卖家|请", after[:24]):
            return Party.PLATFORM
        for party, pattern in _SUBJECTS:
            if pattern.search(text, end, min(stop, end + 16)):
                return party
        if kind in (Kind.FILED, Kind.ACKNOWLEDGEMENT, Kind.RETURN_RECEIVED) and "处理" in text[sentence:stop]:
            return Party.MERCHANT
        return Party.BUYER
    if (
        best[1] is Party.BUYER
        and _PLATFORM_WORK.match(after.lstrip()[:12])
        and "请" not in text[sentence:start].replace("申请", "")
    ):
        return Party.PLATFORM
    return best[1]


def find_if_missed(due: Due) -> tuple[str, str] | None:
    """What the notice says will happen when `due` is missed, with the words; None where it says nothing."""
    if due.party is Party.PLATFORM:
        return None  # what the platform owes itself closes nothing for anybody
    text = due.passage.text
    for lapse in _MISSED.finditer(text, due.sentence[0], min(len(text), due.sentence[1] + _CONSEQUENCE_REACH)):
        sentence, stop = due.passage.sentence_at(lapse.start())
        theirs = bool(_MERCHANT_WORK.search(text, max(sentence, lapse.start() - 8), min(stop, lapse.start() + 8)))
        same = sentence == due.sentence[0]
        if theirs != (due.party is Party.MERCHANT) and not same and (theirs or _BUYER_WORD.search(lapse.group())):
            continue
        for name, words in _CONSEQUENCES:
            if found := words.search(text, lapse.start(), min(stop, lapse.end() + 60)):
                return name, due.passage.folded.verbatim(lapse.start(), max(found.end(), lapse.end())).strip()
    return None
