"""A notice cut into clauses, and what each piece of a clause is: a statement, or something else.

`支持买家` in 处理结果：支持买家 is a statement. In 如判定支持买家 it is a condition, in 不会支持买家 a
denial, in 即将支持买家 a plan, behind 商家留言： somebody's talk. Only statements move a case. All of
it is told from markers before and after the words, within one sentence; no marker reaches further.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from complaints.intake.folding import Folded, fold, said_of
from complaints.intake.shapes import Notice, Where

LONGEST_TO_JUDGE = 2500  # characters of the newest block that say what it is; the rest is small print


class Polarity(StrEnum):
    PLAIN = "plain"
    NEGATED = "negated"
    CONDITIONAL = "conditional"
    FUTURE = "future"
    QUESTION = "question"
    QUOTED = "quoted"  # inside quotation marks, or an example
    ADVICE = "advice"  # what one may, should or could do; how it usually goes
    SAID = "said"  # the words of a party that the notice passes on
    OWN = "own"  # the shopper speaking of herself
    PAST = "past"  # an earlier step, told again


# -- markers, on folded lower-case text -----------------------------------------------------------------

_SENTENCE = re.compile(r"[。!?;\n○●□■◇◆☐☑✔✓]+|(?<=[a-z0-9)\u4e00-\u9fa5])(?<!\bno)(?<!\bref)\.(?=\s|$)")
_POLITELY = re.compile(
    r"\b(?:could|can|would|will) you\b|能否|可否|能不能|方便|好吗|好不好|可以吗|行吗"
)  # a request in the form of a question
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")

# A condition that holds to the end of its sentence. 如 is also half of many other words.
_CONDITION = re.compile(
    r"如果|倘若|假如|假设|假使|要是|万一|一旦|若(?!干|水|鱼|初|兰|曦|羽|尘|梦)|除非|只要|只有|无论|不论|不管|的话"
    r"|(?<![例比譬不正诸何])如(?!下|实|期|图|上|约|此|何|题|数|同|今|意|故|愿|前|无特)"
    r"|(?<!不)凡(?!是?客|家|尔|响|事)|(?<!不)当(?=[^,]{1,24}时)|逢|(?:情况|情形|前提)下|(?:遇到|遇上|碰上)(?=商家|卖家|平台)|(?<!请)(?<!耐心)等(?![候待到级])(?=[^,]{2,20},[^,]{0,6}(?:就|才|再))"
    r"|\bif\b|\bunless\b|\bonce\b|\bafter (?:your|you|the (?:return|refund|item|seller|money))\b|\bin case\b|\bshould (?:you|the|we|they|your)\b|\bwhether\b|\bwhen(?:ever)?\b"
    r"|\buntil\b|\bbefore\b|\bas soon as\b|\bprovided that\b"
)
# 逾期… is a condition too, unless the sentence says that it did happen.
_LAPSE = re.compile(
    r"(?<!即将)(?<!快要)(?<!马上)(?:逾期|超时(?!(?:未|没有)?[^,]{0,8}(?:已|了))|过期|到期(?!日|时间))|否则|反之|届时"
)
_LAPSED_TOLD = re.compile(r"(?:逾期|超时|过期|否则|届时)[^,]{0,16}?(?:将|会|视为|自动|默认|则)(?:被)?[^,]{2,}$")
_HAPPENED = re.compile(r"已|了|因|由于|\bhas\b|\bhave\b|\bwas\b|\bwere\b|\bdue to\b|\bbecause\b")
# The clause that ends so names a condition or a time, whatever it says before.
_CLAUSE_TAIL = re.compile(
    r"(?:之后|以后|(?<!售)后|(?<![日号点时分秒\d])(?:之前|以前|(?<![目当提此])前)|(?<![小及届同按准临随超\d])时|期间|的话|之日起|为准|与否|(?:情况|情形|前提|条件)下)\s*$"
)
_DONE = re.compile(r"已|了|成功")
# 经核实后，支持买家: the way to a decision, not a condition of it.
_WAY = re.compile(r"经|核实|审核|核查|调查|审查|协商|沟通|了解|判定|介入|调解|投票|复核|收到|凭证|举证")
_TIME_AFTER = re.compile(
    r"[ ]?(?:之后|以后|后(?!续)|之前|以前|时(?!间)|期间|的话|即可|就可|才可|方可|便可|即(?!将|日|时)|再(?!次)|才)"
)
_LEGAL_TAIL = re.compile(r"(?:的|(?<!消费)者)\s*$")
_MENTIONED = re.compile(  # 已受理的投诉 speaks of one, it does not accept it
    r"\s*(?:退款|退货|申请|投诉|介入|买家|卖家)?的[^,]{0,6}(?:投诉|申请|退款|订单|售后|维权|商家|卖家|纠纷|申诉|判定|结果|凭证|情况|情形|条件|标准|案件|会员|用户|消费者|关键|技巧|要点|原因|秘诀|方法|前提|概率|比例|步骤|影响|后果)"
)

_NOT = re.compile(
    r"(?:[暂尚还并从仍]?(?:不(?!好意思|凡|二|夜|锈|语|知名|久|断|仅|但|光|止|只|过|同[意])|未(?!来|读|名|央|知|眠)|没有?|無|并非|非(?!常|质量|正品|人为|定制|本人)"
    r"|无(?!理由|印|名|所谓|双|锡|极|界|尘|糖|法联系|误|忧|痕|线|异议|须)|勿|别(?!人|的|处|样|致|墅|克|具|家)|拒绝(?=受理|介入)|难以|否认|停止|取消|退出))"
    r"|\bnot\b|n't\b|\bnever\b|\bno\b|\bwithout\b|\bunable\b|\bfail(?:ed|s)?\b|\byet to\b|\bcannot\b"
)
_NOT_ENGLISH = re.compile(
    r"(?:\bnot|n't|\bnever|\bunable to|\byet to|\bcannot)(?: (?:yet|been|be|fully|have|successfully|(?:willing|able|going|prepared|ready|inclined) to)){0,3} $"
)
_NOT_REACH_ENGLISH = 30
_NOT_REACH = 8  # how many characters before the words a denial may stand
# A denial that another party or verb has used up already: 因商家未响应平台已介入.
_NOT_ITS_OWN = re.compile(r"平台|客服|商家|卖家|系统|小二|天猫|淘宝|响应|处理|操作|回复|seller|merchant|platform")
_UNDONE_AFTER = re.compile(
    r"[ ]{0,2}:[ ]{0,2}(?:否|未|无(?!误|异)|没有|尚未)|\s*\(?(?:延迟|延后|推迟|未开始|待开始|待完成|未完成|失败|未成功|不成功|未果|未通过|未生效|无效|中断|被撤回|被取消)|\s+(?:failed|was unsuccessful)"
)

STAFF = re.compile(
    r"我是[^,。!?\n]{0,6}(?:小二|客服|淘宝|天猫|平台|专员|本案)|小二[^,。\n]{0,6}为您服务|[前内]给[你您](?:答复|回复|结果)"
)  # then 我 is not the shopper
_FUTURE = re.compile(
    r"(?<![已现即])将(?!军|款项?|您|该?笔?退款|该|此|本|订单|商品|全部|\d|¥|人民币)|即将|将[要会于在]|(?<![委协大社员机开])会(?!员|议|话|计)|预计|稍后|随后|届时|下一步|接下来|准备|计划|(?<![模虚])拟(?![人合订物态好])"
    r"|有望|争取|尽快|尽早|早日|最晚|最迟|(?:还有|还剩|仅剩)[^,]{0,6}\d|正在?(?=为您申请)|等待|等候|待(?=[^遇]{0,10}(?:处理|判定|裁定|确认|审核|介入|回复|受理))"
    r"|\bwill\b|\bshall\b|\bgoing to\b|\bsoon\b|\bexpected to\b|\bis about to\b|\bto be\b|\bpending\b|\bawaiting\b|\bwaiting for\b"
)
_MODAL = re.compile(
    r"(?<![许认])可(?!能性|靠|见|爱|口|乐|惜)以?|(?<![功智性职只])能够?(?!力|量|源|效)|有权|允许|欢迎|建议|(?<!申)请(?!求|款|问|假)|(?<![无所急])需要?(?!求)|(?<!无)须|(?<![反回相对响适供效])应(?!用|急|有|收|付|答)当?|必须|申请(?=[^,]{0,2}(?:平台|客服|小二|天猫|淘宝|官方))|要求|希望|有助于|有利于|便于|敬请|点击|不妨|务必|想让|想要|只能|只可|或许|也许|选择|用于|以便|方便|帮助您|协助您"
    r"|\bmay\b|\bmight\b|\bcan\b|\bcould\b|\bmust\b|\bplease\b|\bwould\b|\bneed to\b|\bhave to\b|\brecommend\b|\bask(?:ed)? (?:for|the)\b|\bhow to\b"
)
_MAYBE = re.compile(
    r"可能|或许|也许|后续|(?<![委协大社员机开])会(?!员|议|话|计)|(?<![已现即])将(?=会|要求|请|通知)|\bmay\b|\bmight\b|\bwill\b"
)
_ANEW = re.compile(
    r"(?:再|重新)(?:次|为您)?(?:受理|发起|申请|投诉|提交申请|提起)"
)  # 请补充证据后再发起: nothing is open now
_USUALLY = re.compile(
    r"再寄回|快人一步|申请即退|多位|数位|\d{2,}位|不少|据了解|→|➜|➔|=>|->|通常|一般(?:来说|情况|而言|会|在)|正常情况|原则上|往往|每[位个笔]|广大|任何|所有(?:商家|卖家|买家|订单|用户|会员|消费者)|某[位个商买店家]|凡是|各位|大家"
    r"|是指|指的是|[”」』\x22]\s*表示|意味着|意为|例如|比如|譬如|举例|案例|假定|示例|样例|模板|教程|攻略|科普|小知识|课堂"
    r"|可能性|预测|预判|多因|多是因|大多|常因|成功率|占比|比例|同比|环比|室友|同事|邻居|闺蜜|亲戚|(?<!其)[他她]的|有消费者|有买家|有网友|网友|其他买家|别的买家|他人的?|朋友|女士(?=[^,您]{0,6}(?:投诉|反映|反馈|的))|先生(?=[^,您]{0,6}(?:投诉|反映|反馈|的))"
    r"|\busually\b|\bgenerally\b|\bfor example\b|\be\.g\.|\bany (?:buyer|seller|order)\b|\bevery (?:buyer|seller|order)\b|\bmeans\b|\bpolicy\b"
)
_PAST = re.compile(
    r"结案(?:方式|原因|类型|理由)[: ]{1,3}|当时|去年|前年|此前|(?<![日号点时分秒\d])之前(?!未)|先前|早前|曾经?|上次|上一次|前期|历史|回顾|前次|往期|原(?=投诉|维权|判|处理|裁)"
    r"|\bpreviously\b|\bearlier\b|\blast time\b|\bin the past\b"
)
_QUESTION = re.compile(
    r"\?|吗|是不是|能不能|可不可以|要不要|行不行|好不好|(?<!确认)(?<!选择)(?<!决定)(?<!核实)(?<!判断)是否|怎么|如何|什么(?!都)|为何|什么时候|何时|哪[里些个]|能否|可否|有没有|多久|呢\s*$|怎样|咋"
    r"|\bhow (?:do|can|long|to)\b|\bwhat if\b|\bwhat happens\b|\bhas my\b"
)
_ASKED = re.compile(  # of a whole sentence
    r"\?|吗|是不是|怎么办|呢\s*$|\bhow (?:do|can|long|to)\b|\bwhat (?:if|happens)\b|\bhas my\b"
)
# 您好友的订单…: the matter of somebody else, to the end of the sentence.
_OTHERS = re.compile(r"您的?好友|好友的|教[您你]|自\d{1,2}月\d{1,2}[日号]起|[张王李赵刘陈杨黄周吴徐孙]某|您关注的|诉某")
# 商家拒绝了您的开票申请: a step of some other matter of the same order.
_OTHER_OBJECT = re.compile(r"(?:改|修改|变更)(?:收货)?地址|开票|改价|退出了?介入|延长收货")
# 退款后1-3个工作日到账: how long it takes, not that it came.
_TAKES = re.compile(r"后(?:一般|通常|约)?\d[\d~-]*个?(?:工作日|小时|天|日)")
_OWN = re.compile(
    r"(?<![自你本])我(?!们|国|司|方|店|行|院|局|会|平台|中心|部|委|处|厅|所|家的?店|家客服|这边|这里|平台)|(?<!买家)(?<!由)本人|俺|咱(?!们平台)|我们(?:投诉|买|购买|的快递|家里)"
    r"|\bi\b|\bmy\b|\bi'(?:m|ve|d)\b"
)

# What stands behind such a label to the end of its line was written by a party, not by the notice.
_SPEECH = re.compile(
    r"(?:(?:商家|卖家|店铺|掌柜|协商|买家|客户|双方)(?:的)?(?:留言|回复|回应|答复|说明|表示|反馈|称|意见|解释|描述|诉求|陈述)(?:内容|说明|如下)?"
    r"|(?:留言|回复)(?:内容|说明)?"
    r"|(?:商家|卖家|店铺|旗舰店|专卖店|专营店)[^,\n。:]{0,14}(?:[^\n。,]{0,6}:\d\d)?[^,\n。:]{0,6}(?:留言|回复|回应|答复|表示|称|说)(?:了|您|你|给您|给你|内容|如下|道){0,3}"
    r"|(?:seller|merchant|shop)(?:'s)? (?:message|reply|wrote|said)|message)"
    r"\s{0,2}:"
)
# Behind these only the rest of the sentence is.
_REPORTED = re.compile(  # 他们说已经受理: hearsay
    r"(?:商家|卖家|店家|对方)(?:告诉|跟|和|对)(?:您|你)(?:说|讲)?|据[^,]{1,10}(?:称|说|讲|反映)|(?:商家|卖家|店铺|对方)(?:声称|自称|谎称|宣称)|(?:他们|她们|他|她|客服|商家|卖家|小二|对方|有人|朋友)(?:还|就|也|都)?(?:跟|和|对|告诉)?我?(?:说|讲)(?!明|法)"
)
_FIELD = re.compile(
    r"(?:(?:拒绝|驳回|退款|投诉|维权|申请|售后)(?:的)?(?:原因|理由|说明|描述|内容|详情)|(?:问题|情况|您的|我的)?(?:问题描述|描述|诉求)"
    r"|(?:seller|merchant|shop|refund|complaint)?(?:'s)? ?reason)\s{0,2}:"
)
# Where the notice itself takes up the word again in the same line: it tells what follows if nothing is done.
_RESUMES = re.compile(
    r"[。;!]\s*(?=(?:请您?(?:在|于)|您(?:可|需|有)|如您|若您)[^。\n]{0,50}(?:超时|逾期|视为|系统|客服介入|平台介入)|请您?(?:在|于)[^。\n]{0,30}[前内](?:选择|确认|处理|答复|操作)|(?:订单|退款|投诉|维权|售后)(?:编号|单号|号):)"
)
_ADVICE_HEAD = re.compile(
    r"^[ *#【\[(]{0,4}(?:温馨提示|友情提示|温馨提醒|小贴士|小提示|安全提示|常见问题|您可能(?:还)?想(?:问|了解)|操作(?:指引|指南|说明|步骤)|(?:处理|售后|维权|投诉)?流程(?:说明|介绍)?"
    r"|(?:相关|平台)?规则(?:说明)?|注意事项|特别说明|免责声明|后续流程|接下来|下一步|faq|q&a|tips|what happens next|next steps|please note)[】\])]?\s{0,3}[:：]?",
    re.MULTILINE,
)
_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ('"', '"'), ("‘", "’"))
_STATE_LABEL = re.compile(r"(?:状态|结果|结论|进度|进展|status|result)[^,。]{0,6}[:为是]?\s*$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two commas, with where its sentence lies. All places are in the folded text."""

    where: Where
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    text: str  # folded, small letters
    after_time: bool  # an earlier clause of the sentence named a time or a case (投诉成立后，…的，)
    condition_at: int | None  # where a condition of this sentence began, maybe in an earlier clause
    is_question: bool
    is_advice: bool  # under a heading such as 温馨提示
    is_said: bool
    polarity: Polarity = Polarity.PLAIN


@dataclass(frozen=True, slots=True, eq=False)  # each is its own: compared and remembered as the object it is
class Passage:
    """The subject or the body of a notice, folded and cut."""

    where: Where
    folded: Folded
    clauses: tuple[Clause, ...]
    quoted: tuple[tuple[int, int], ...]
    said: tuple[tuple[int, int], ...]
    advice: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]
    plain: str  # the text with what stands in quotation marks blanked: a name denies and asks nothing

    @property
    def text(self) -> str:
        return self.folded.lower

    def clause_at(self, place: int) -> Clause | None:
        """The clause that the character at `place` belongs to."""
        at = bisect_right(self.starts, place) - 1
        return self.clauses[at] if at >= 0 else None

    def sentence_at(self, place: int) -> tuple[int, int]:
        clause = self.clause_at(place)
        return (clause.sentence_start, clause.sentence_end) if clause else (0, len(self.text))

    def polarity(self, start: int, end: int, *, asks: bool = False) -> Polarity:
        """What the words from `start` to `end` are in their sentence.

        asks  the words are themselves a request (请上传凭证), so 请 and 需 before them are no mere advice
        """
        clause = self.clause_at(start)
        if clause is None:
            return Polarity.PLAIN
        if _within(self.said, start):
            return Polarity.SAID
        if _REPORTED.search(self.plain, clause.sentence_start, start):
            return Polarity.SAID
        text, lead = self.plain, self.plain[clause.start : start]
        if any(s <= start < e and end <= e for s, e in self.quoted) and not self._names_state(start):
            return Polarity.QUOTED
        if clause.is_question and not (asks and _POLITELY.search(text, clause.start, end)):
            return Polarity.QUESTION
        # before we can go on, we need your photos: that condition is ours
        theirs = clause.condition_at is not None and not (asks and text.startswith("before ", clause.condition_at))
        if theirs and clause.condition_at is not None and clause.condition_at < end:
            return Polarity.CONDITIONAL
        after = text[end : clause.end]
        if _TIME_AFTER.match(after):
            return Polarity.CONDITIONAL
        if _CLAUSE_TAIL.search(after) or (not after.strip() and _CLAUSE_TAIL.search(text[max(start, end - 2) : end])):
            return Polarity.CONDITIONAL
        if _LEGAL_TAIL.search(after) and clause.end < clause.sentence_end:
            return Polarity.CONDITIONAL  # 商家未响应的，… is a rule
        if clause.after_time and not asks and not _DONE.search(text[clause.start : end]):
            return Polarity.CONDITIONAL
        if _OWN.search(text[clause.start : clause.end]) and not STAFF.search(text):
            return Polarity.OWN
        if _TAKES.search(text, clause.start, end) and not _DONE.search(text, clause.start, end):
            return Polarity.FUTURE
        if _OTHERS.search(text, clause.sentence_start, end) or _OTHER_OBJECT.search(
            text, start, min(clause.end, end + 10)
        ):
            return Polarity.ADVICE
        if _is_denied(lead) or _UNDONE_AFTER.match(after):
            return Polarity.NEGATED
        if _within(self.advice, start) or _USUALLY.search(text[clause.start : clause.end]):
            return Polarity.ADVICE
        if not asks and _MODAL.search(lead):
            return Polarity.ADVICE
        if asks and _MAYBE.search(lead):
            return Polarity.FUTURE
        if asks and _ANEW.search(text, end, clause.sentence_end):
            return Polarity.ADVICE
        if _FUTURE.search(lead) and not asks:
            return Polarity.FUTURE
        if not asks and (_PAST.search(lead) or (text[end - 1] not in "您你的了" and _MENTIONED.match(after))):
            return Polarity.PAST
        return Polarity.PLAIN

    def _names_state(self, place: int) -> bool:
        """当前状态为“已受理”: the quotation marks only set off the state."""
        for start, end in self.quoted:
            if start <= place < end:
                return bool(_STATE_LABEL.search(self.text[max(0, start - 12) : start]))
        return False


def _within(spans: tuple[tuple[int, int], ...], place: int) -> bool:
    return any(start <= place < end for start, end in spans)


def _is_denied(lead: str) -> bool:
    """Whether a denial stands close before the words."""
    if _NOT_ENGLISH.search(lead[-_NOT_REACH_ENGLISH:]):
        return True
    near = lead[-_NOT_REACH:]
    ends = [found.end() for found in _NOT.finditer(near)]
    return bool(ends) and not _NOT_ITS_OWN.search(near, ends[-1])


def _quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches inside quotation marks, at most 400 characters each."""
    spans = []
    for opening, closing in _QUOTES:
        place = text.find(opening)
        while place != -1:
            end = text.find(closing, place + 1, place + 400)
            if end == -1:
                place = text.find(opening, place + 1)
                continue
            spans.append((place, end + 1))
            place = text.find(opening, end + 1)
    return tuple(sorted(spans))


_NAME = re.compile(r"[^,。;!?\n]{1,24}")
# A shop by Tmall's way of naming, or behind its label: 不凡家居旗舰店 denies nothing.
_SHOP_NAME = re.compile(
    r"(?:(?<=[对在与和由向就是于:,。;\s】])|^)[\u4e00-\u9fa5a-z0-9·&'-]{2,14}?(?=(?:官方)?(?:旗舰|专卖|专营|企业)店)"
    r"|(?<=店铺:)[^\n,。;:]{2,20}|(?<=被投诉方:)[^\n,。;:]{2,20}|(?<=店铺名称:)[^\n,。;:]{2,20}"
)


def _blanked(text: str, quoted: tuple[tuple[int, int], ...]) -> str:
    """`text` with each quoted name (short, no sentence) and each shop's name replaced by dots of the same length."""
    pieces, place = [], 0
    for start, end in quoted:
        if start >= place and _NAME.fullmatch(text, start + 1, end - 1):
            pieces += [text[place : start + 1], "·" * (end - start - 2)]
            place = end - 1
    blanked = "".join([*pieces, text[place:]])
    return _SHOP_NAME.sub(lambda found: "·" * len(found.group()), blanked)


def _said_spans(text: str, quoted: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """From each label of somebody's words to the end of its line, or of the quotation that follows."""
    spans = []
    for found in [*_SPEECH.finditer(text), *_FIELD.finditer(text)]:
        stop = _SENTENCE.search(text, found.end()) if found.re is _FIELD else None
        end = stop.start() if stop else text.find("\n", found.end())
        end = len(text) if end == -1 else end
        if end - found.end() < 2:  # the words stand on the next line
            after = text.find("\n", end + 1)
            end = len(text) if after == -1 else after
        if found.re is _SPEECH and (resumed := _RESUMES.search(text, found.end(), end)):
            end = resumed.start()
        for start, close in quoted:
            if found.end() <= start <= found.end() + 2 and close <= end:
                end = close
        spans.append((found.end(), end))
    return tuple(spans)


def _advice_spans(text: str) -> tuple[tuple[int, int], ...]:
    """From a heading such as 温馨提示 to the next empty line; not where the text opens with it."""
    spans = []
    for found in _ADVICE_HEAD.finditer(text):
        if not text[: found.start()].strip():
            continue
        end = text.find("\n\n", found.end())
        spans.append((found.start(), len(text) if end == -1 else end))
    return tuple(spans)


def _condition_in(text: str, start: int, end: int, where: Where) -> int | None:
    """Where a condition begins in the sentence from `start` to `end`."""
    sentence = text[start:end]
    marks = [found.start() for found in (_CONDITION.search(sentence),) if found]
    lapse = _LAPSE.search(sentence)
    if lapse and where is not Where.SUBJECT and not _HAPPENED.search(sentence[: lapse.end() + 40]):
        marks.append(lapse.start())
    return start + min(marks) if marks else None


def cut(text: str, where: Where, longest: int = LONGEST_TO_JUDGE) -> Passage:
    """`text` folded and cut into clauses. Linear in `longest`."""
    return _cut_once(text[:longest], where, is_whole=len(text) <= longest)


@lru_cache(maxsize=4)  # what classifies a notice and what extracts its facts read the same subject and body
def _cut_once(text: str, where: Where, *, is_whole: bool) -> Passage:
    return _cut(fold(text), where, is_whole=is_whole)


def with_seller(passage: Passage, name: str) -> Passage:
    """`passage` with the shop's own `name` read as 商家, "the seller" in English: what is said of it is then said of a
    party that the tables know. Words to be shown are still those of the text."""
    folded = said_of(passage.folded, name)
    return passage if folded is passage.folded else _cut(folded, passage.where, is_whole=True)


def _cut(folded: Folded, where: Where, *, is_whole: bool) -> Passage:
    lower = folded.lower
    quoted = _quoted_spans(lower)
    said = _said_spans(lower, quoted)
    advice = _advice_spans(lower)
    plain = _blanked(lower, quoted)
    clauses: list[Clause] = []
    place = 0
    ends = [(found.start(), found.end(), "?" in found.group()) for found in _SENTENCE.finditer(lower)]
    last = [] if not is_whole and ends else [(len(lower), len(lower), False)]  # not a sentence cut in two
    for stop, after, asked in [*ends, *last]:
        if stop > place:
            condition = _condition_in(plain, place, stop, where)
            question = asked or bool(_ASKED.search(plain, place, stop))
            begin = place
            after_time = False
            for comma in [*(found.start() for found in _COMMA.finditer(lower, place, stop)), stop]:
                if comma > begin:
                    clauses.append(
                        Clause(
                            where=where,
                            start=begin,
                            end=comma,
                            sentence_start=place,
                            sentence_end=stop,
                            text=lower[begin:comma],
                            after_time=after_time,
                            condition_at=condition if condition is not None and condition < comma else None,
                            is_question=question or bool(_QUESTION.search(plain, begin, comma)),
                            is_advice=_within(advice, begin),
                            is_said=_within(said, begin),
                        )
                    )
                    part = lower[begin:comma]
                    if condition is not None and _LAPSED_TOLD.search(part):
                        condition = None  # 逾期将关闭，运费由商家承担: what follows of it was said
                    after_time = after_time or bool(
                        _LEGAL_TAIL.search(part) or (_CLAUSE_TAIL.search(part) and not _WAY.search(part))
                    )
                begin = comma + 1
        place = after
    return Passage(where, folded, tuple(clauses), quoted, said, advice, tuple(c.start for c in clauses), plain)


def clauses(notice: Notice) -> list[Clause]:
    """The clauses of the subject and of the newest block of `notice`, each with the polarity of its end."""
    found = []
    for passage in (cut(notice.subject, Where.SUBJECT), cut(notice.body, Where.BODY)):
        for clause in passage.clauses:
            last = len(clause.text.rstrip()) + clause.start
            polarity = passage.polarity(max(clause.start, last - 1), last)
            found.append(replace(clause, polarity=polarity))
    return found
