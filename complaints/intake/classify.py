"""Name the kind of a notice, how sure we are, and the words that say so.

The words are rows of kinds.py; what counts as a statement is told by clauses.py. Confidence is one minus
the chance that all stated phrases mislead: phrases that overlap count once. The ceilings below keep
what cannot be known under the threshold (docs/decisions/0004-the-threshold.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from complaints.intake.asked import asks_plainly
from complaints.intake.blocks import is_reply
from complaints.intake.clauses import Passage, Polarity, cut, with_seller
from complaints.intake.confirmation import find_confirmation
from complaints.intake.deeds import find_deeds, topic_of
from complaints.intake.fingerprint import language
from complaints.intake.kinds import (
    EXTERNAL_STATES,
    EXTERNAL_TRACKS,
    GENERAL,
    KIND_ROWS,
    SILENT_ROWS,
    SPECIFICITY,
    Row,
    compiled,
)
from complaints.intake.learned import QUIET, kind_likelihood, strongest
from complaints.intake.machine import find_auto_reply, find_bounce, find_code
from complaints.intake.outcomes import find_outcome
from complaints.intake.prefilter import Prefilter
from complaints.intake.shapes import PUT_ASIDE, THRESHOLD, Because, Classified, Notice, Trust, Where
from complaints.intake.shops import find_shop
from complaints.intake.trust import judge_trust
from complaints.intake.voices import (
    DEAR,
    OUR_SHOP,
    OWN_NAMED,
    is_no_news,
    is_numbered,
    merchant_voice,
    other_matter,
    other_platform,
    own_words,
    speaks_alone,
    teaches,
    to_merchants,
)
from complaints.stages import Act, Kind, Party, Verdict

_STATING = Prefilter(row.phrase for row in KIND_ROWS)
_SILENT = Prefilter(row.phrase for row in SILENT_ROWS)

STATED = 0.9  # a kind whose phrases reach this is stated, not hinted at
VERDICT = 0.9  # what a verdict adds to words of deciding
HINTED = 0.5  # below this the words mean nothing
LOUD = 0.85  # from here a silent kind drowns a statement that no headline and no number carries
SUREST = 0.98  # what unseen wordings bear out (docs/decisions/0004-the-threshold.md)

# Ceilings: under the threshold of 0.9 a notice is only proposed.
UNADDRESSED = 0.8  # nobody is spoken to and nothing is named: an article, a list
TERSE = 36  # characters in which a message of the app has no room for either: 凭证已收到，审核中。
UNDECIDED = 0.85  # a ruling that does not say how it came out
SAMPLE = 0.6  # a headline that teaches, or blanks where the numbers should be
CROWDED = 0.8  # it states too many steps at once and its headline names none
FOREIGN_MONEY = 0.8  # money came to an account, and nothing says that it is the platform's
FOREIGN = 0.6  # addressed to a merchant, or about something that was not bought on the platform
GUESSED = 0.85  # what letters alone make likely is as sure as it is likely, and no surer
GUESSED_QUIET = 0.5  # the same of a kind that says nothing of a complaint: too little to put it aside unseen
DOUBTED = 0.3  # stated, in a text that is more like others
TOLD_OF_SELLER = 0.7  # stated only once the shop's name is read as 商家
TOLD_RUDELY = 0.7  # somebody who says we will not pay you
ASKS = 0.7  # nothing is stated, and evidence is asked for
LIKELIER = 0.5  # and from here where a headline states another
LIKELY = 0.15  # from here a text of which the rules know nothing is proposed as what it is most like
# How likely a kind must be for letters alone to name it: in a text with a number of a case or an order, and without.
# Measured on wordings left out of the learning (docs/decisions/0018-deeds-and-letters.md).
ENOUGH_ALONE = (0.6, 0.75)  # the rules are silent
ENOUGH_AGREED = (0.75, 0.85)  # they hint at the same
ENOUGH_UNHINTED = (0.85, 0.95)  # they hint at another
ENOUGH_AGAINST = (0.95, 2.0)  # they state another: without a number never
ENGLISH_ALONE = (0.95, 0.98)  # of English letters know less
ENGLISH_AGREED = (0.8, 0.98)
NEVER = (2.0, 2.0)
HARDLY = 0.02  # and how unlikely it must be that the text tells of nothing
HARDLY_ENGLISH = 0.005
PERHAPS = 0.2  # likelier than that to tell of nothing, it is not even proposed
HARDLY_EVER = 0.03  # stated, and so unlike its kind in a text that tells of nothing: it is no proposal either
THRICE = 3  # hinted at: so much likelier must another be to be proposed in its place
UNLIKELY = 0.08  # stated, and so unlike its kind: the likelier one is proposed
DOUBTFUL = 0.3  # stated, and so unlike its kind: it is a question
LETTERS = 0.92  # how sure letters alone make us then
ALIKE = 0.4  # and from here one that addresses nobody is so like a kind that its shortness speaks for it
PENDING = 0.8  # 建议先协商，若…: the platform has not let go yet
UNKNOWN = 0.9  # it is known to be nothing that Suji knows
OWN = 0.9  # the shopper's own words
TAUGHT = 0.85
BORROWED = 0.7  # a merchant's letter that tells of the platform's acts

_ADDRESSED = re.compile(
    r"【(?:天猫|淘宝|支付宝)|经(?:过)?(?:平台|大众|本次)?(?:核实|审核|评审|核查|审查|复核)|最终|本次|本案|该案|此案|案件|[:“]\s?支持|\d元|¥ ?\d|\d{1,2}月\d{1,2}[日号]|\d{4}-\d{1,2}-\d{1,2}|您|你|贵方|亲爱的|尊敬的|会员|\byour?\b|\bdear\b|编号|单号|订单号|\d{15,}"
)
_PUNCTUATED = re.compile(r"[。!,:;~】]")
_BLANKS = re.compile(
    r"x{4,}|×{3,}|\{\{|\$\{|【(?:订单号|订单编号|店铺名|姓名|金额)】|\[(?:order|name|amount)[a-z ]*\]|_{4,}(?=[^\n]*元)"
)
_HEADED = re.compile(r"(?:通知|结果|意见|决定|告知|提醒|进度|update|decision|notice|required|result)\s*$")
_ARCHIVE = re.compile(r"草稿|未发送|待发送|预判|历史(?:通知|记录|消息)|归档|往期|汇总|年度|回顾|盘点")
_BANK = re.compile(
    r"【[^】\n]{0,8}银行】|(?:尾号\d{3,4}的|您的?)(?:[^,。\n]{0,6})(?:账户|卡)[^,。\n]{0,12}(?:入账|收入|存入|转入)|摘要"
)
_SALES_TALK = re.compile(r"放心(?:买|购|下单|拍)|欢迎(?:下单|选购|光临)|下单(?:即|立|享)|限时(?:抢|特|优)")
_PENDING = re.compile(
    r"若|如果|如(?!下)|协商不成|协商无果|协商未果|再(?:次)?(?:申请|联系|反馈)|申请(?:平台|客服|小二|淘宝|天猫)?介入"
)
_UNTIL = re.compile(r"[日时分点\d](?:之|以)?[前内]|截止|期限|时限|剩余|还剩|\bby \d|\bwithin\b|\bdeadline\b")
_SURVEYS = re.compile(r"满意度|评价(?!.{0,4}投诉)|问卷|调研|打分|survey|rate (?:us|our)")
_MERCHANT_TALK = re.compile(
    r"照片|图片|视频|补偿|退款|退货|换货|退|换|误差|核实|仓库|快递|运费|发货|补发|赔|尺码|质量|正品|发票|订单|投诉|运输|承担|商品|破损|问题|处理|size|refund|return|exchange|photo|compensat"
)
_MERCHANT_REFUSES = re.compile(
    r"(?:不能|无法|不给|不同意|不支持|拒绝|没法|不可以|不予|不会)(?:为您|给您|给你|您|办理|再)?[^,。!?;\n]{0,6}(?:退|换|赔|补偿|承担)|不承担|不负责|不退不换|[退换赔]不了|点不了同意|不给[退换赔]|与我们无关|不是我们的(?:问题|责任)"
    r"|(?:退|换|赔|补偿)[^,。!?;\n]{0,14}(?:不能|没法|无法|不可以|不会)是?(?:给您)?(?:再)?(?:同意|通过|答应|接受)|(?:不能|没法|无法)(?:给|帮|为)(?:您|你)(?:通过|同意|答应)"
    r"|\b(?:not able to|unable to|cannot|can't|won't|not going to|refuse to|not prepared to) (?:agree|accept|offer|give|grant|refund|take|approve|exchange)\b"
)
_CLERK_REFUSES = re.compile(
    r"[退换赔]不了|(?:不可能|没法|不能|不会|不给)(?:给|帮)?(?:你|您)?(?:办理|申请)?[退换赔]|一律不(?:认|退|赔)|不认[的哈啊,。!]|我们奉陪"
)
_WE = re.compile(r"我们|我店|本店|店里|小店|这边")
_ON_ITS_WAY = re.compile(r"(?:处理|办理|进行|退回|退款|打款|划转|银行处理)中(?!心)|尚未入账|还没到账|being processed")
# The offer or the limit was told of before: 替您提个醒, 您还没点接受.
_TOLD_AGAIN = re.compile(r"提个醒|再次提醒|(?:您|你)还没(?:有)?(?:点|选|处理|回复|确认|操作)")
_ASKS_BACK = re.compile(r"[?吗]|可不可以|能不能|行不行")  # 不能退吗？
_MERCHANT_RECEIVED = re.compile(  # what came back to the shop
    r"(?:退回来?|退过来|寄回来?|您退|你退)的?[^,。!?;\n]{0,16}(?:收到(?:了|啦|咯)|到仓|到了|签收了|入库)"
    r"|(?:包裹|退货|快递|东西)[^,。!?;\n]{0,12}(?:到仓|收到(?:了|啦|咯)|签收了|入库了)|(?:已经?)?(?:收到|签收)了?您?(?:退|寄)回来?的"
)
_MERCHANT_RETURN = re.compile(
    r"(?:同意|可以|给您|为您|接受|已)(?:您|给您|为您|办理|申请)?[^,。!?;\n不]{0,6}(?:退货|退换|寄回|换货)[^?吗]{0,12}(?:地址|寄|。|,|$|\n)"
    r"|可以退(?!款)[^。!?\n不]{0,24}寄|同意(?:了|啦|您)?[^。!?;\n不]{0,24}(?:寄回|寄到|寄过来|寄来|退回来|发回)|(?:麻烦|请|辛苦)您?[^。!?;\n不]{0,24}(?:寄回|寄到|寄过来|寄来|退回来|发回)[^。!?;\n]{0,20}(?:地址|电话|收)"
    r"|(?:可以|能)退的?(?!款)[^。!?\n不]{0,30}(?:快递|上门|单号|地址)"
    r"|\bwe(?:'ve| have| are happy to|'ll| will)? (?:accept|agree|approve)(?:d|ed)? (?:to )?(?:the|your) return\b|\b(?:send|post|mail|ship) (?:it|them|the [a-z]+|everything) (?:back )?to:? (?!us\b)"
    r"|(?<!给您)(?<!为您)(?<!帮您)(?<!给你)寄(?:到|回|往|至)?[^。!?\n]{5,60}?(?:收|电话)[^。!?\n]{0,6}1\d{10}"  # an address with a phone number
)
_JURY = re.compile(r"大众评审|评审团|评审员")
_MERCHANT_APPEALS = re.compile(
    r"(?:商家|卖家|店铺|旗舰店|专卖店|专营店|被投诉方|对方)[^。;\n]{0,30}申诉|\b(?:seller|merchant)(?:'s)?[^.\n]{0,20}appeal"
)
_YOUR_APPEAL = re.compile(r"(?:您|你|买家)[^,。;\n]{0,12}申诉|your appeal")
_MERCHANT_HANDS_IN = re.compile(
    r"(?:商家|卖家|店铺|旗舰店|专卖店|专营店|被投诉方)[^,。;\n]{0,10}(?:已|提交|上传|补充|提供)|(?:收到|接收)(?:了)?(?:商家|卖家|店铺)"
)
_YOURS = re.compile(r"您的(?:售后|投诉|维权|纠纷|退款|订单)")  # 已就您的投诉提交举证材料: she did nothing
_SELLER = re.compile(r"商家|卖家|店家|掌柜|被投诉|对方|seller|merchant")
_REJECTS = re.compile(r"受理|范围|条件|not accepted|cannot be accepted|not eligible|unable to accept")
_LAPSED = re.compile(
    r"(?P<who>您|买家|你|商家|卖家|店铺|双方)?[^,。;\n]{0,10}(?:超时|逾期|(?:超过|过了)[^,。;\n]{0,12}(?:未|没有?)|(?:未|没有?)(?:能)?(?:在|于|按|及时)[^,。;\n]{0,14}(?:内|前|时间|期限|处理|操作|响应|寄回))[^,。;\n]{0,4}(?:未|没有|不)?[^,。;\n]{0,8}"
    r"|(?:the )?(?P<whom>you|seller|merchant) (?:did not|didn't|have not|has not|haven't|hasn't|failed to)[^.\n]{0,60}|\bno (?:action|response|reply)\b[^.\n]{0,60}"
)
_LAPSE_SAID = 12  # characters that say it; what follows may name the limit (before the deadline)
_MERCHANT_WORD = re.compile(r"商家|卖家|店铺|被投诉方|seller|merchant")
_RESUMES = re.compile(r"恢复|重启|resum")
_AUTHORITY_SPEAKS = re.compile(r"我局|本局|我院|本院|我会|本会|我委|我所|本所")


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of kinds.py or deeds.py found as a plain statement."""

    kind: Kind
    weight: float
    passage: Passage
    start: int
    end: int
    asks: bool
    words: str  # verbatim, to be shown: of a deed its doer and its object too

    @property
    def because(self) -> Because:
        return Because("kind", self.words, self.passage.where)


@dataclass(frozen=True, slots=True)
class Found:
    """What the rows found in one notice."""

    hits: tuple[Hit, ...]
    kinds: frozenset[Kind]
    in_speech: frozenset[Kind]  # only ever said by a party, or by the shopper
    muted: frozenset[Kind]  # named, and somewhere denied, supposed, asked, planned, quoted or said by a party

    def of(self, kind: Kind, where: Where | None = None) -> list[Hit]:
        return [hit for hit in self.hits if hit.kind is kind and where in (None, hit.passage.where)]

    def score(self, kind: Kind, where: Where | None = None) -> float:
        """How sure the phrases of `kind` make us; overlapping ones count once, with the strongest."""
        if kind not in self.kinds:
            return 0.0
        doubt = 1.0
        taken: list[tuple[Where, int, int]] = []
        for hit in sorted(self.of(kind, where), key=lambda h: -h.weight):
            span = (hit.passage.where, hit.start, hit.end)
            if not any(w == span[0] and s < span[2] and span[1] < e for w, s, e in taken):
                taken.append(span)
                doubt *= 1 - hit.weight
        return min(SUREST, 1 - doubt)

    def only_asks(self, kinds: list[Kind]) -> bool:
        """Whether all that speaks for `kinds` is what they ask for, which a reminder repeats (请尽快寄回)."""
        return not any(hit.kind in kinds and not hit.asks and hit.weight >= STATED for hit in self.hits)

    def because(self, kind: Kind) -> tuple[Because, ...]:
        """The strongest words of each place, the subject's first."""
        chosen: dict[Where, Because] = {}
        for hit in sorted(self.of(kind), key=lambda h: (-h.weight, h.start)):
            chosen.setdefault(hit.passage.where, hit.because)
        return tuple(chosen[where] for where in (Where.SUBJECT, Where.BODY) if where in chosen)


MERCHANTS = (Kind.MERCHANT_REPLY, Kind.MERCHANT_REFUSAL, Kind.RETURN_AGREED)  # what a merchant's letter may be

# What a reminder may ask for again.
ASKED_OF_BUYER = frozenset({Kind.RETURN_AGREED, Kind.EVIDENCE_REQUEST})

# A plea is a bargain: what is given hangs on what is asked.
_BARGAINS = (Polarity.CONDITIONAL, Polarity.QUESTION)
_WARNING = re.compile(r"举报|警惕|谨防|如遇|遇到|切勿|请勿|(?:商家|卖家)(?:要求|诱导|以)")


def find(rows: Sequence[Row], prefilter: Prefilter, subject: Passage, body: Passage) -> Found:
    """The first plain statement of each row in each of the two places."""
    hits: list[Hit] = []
    in_speech: set[Kind] = set()
    muted: set[Kind] = set()
    for passage in (subject, body):
        for at in prefilter.possible(frozenset(passage.text)):
            row = rows[at]
            if row.where not in ("any", passage.where):
                continue
            for found in row.pattern.finditer(passage.text):
                start, end = found.span()
                if start == end or (row.unless and _excluded(row, passage, start, end)):
                    continue
                polarity = passage.polarity(start, end, asks=row.mood == "asks")
                plea = row.kind is Kind.MERCHANT_PLEA and polarity in _BARGAINS and not _warned(passage, start)
                poll = row.kind is Kind.SURVEY and polarity is Polarity.QUESTION
                if plea or poll or polarity is Polarity.PLAIN:
                    hits.append(
                        Hit(
                            row.kind,
                            row.weight,
                            passage,
                            start,
                            end,
                            row.mood == "asks",
                            passage.folded.verbatim(start, end),
                        )
                    )
                    break
                muted.add(row.kind)
                if polarity in (Polarity.SAID, Polarity.OWN):
                    in_speech.add(row.kind)
    return Found(tuple(hits), frozenset(hit.kind for hit in hits), frozenset(in_speech), frozenset(muted))


def _with_deeds(found: Found, subject: Passage, body: Passage) -> Found:
    """`found` and what the grammar of the two places tells besides (deeds.py)."""
    hits: list[Hit] = list(found.hits)
    in_speech, muted = set(found.in_speech), set(found.muted)
    topic = topic_of(subject.text)
    for passage in (subject, body):
        for deed, polarity in find_deeds(passage, topic if passage is body else ""):
            if polarity is Polarity.PLAIN:
                words = passage.folded.verbatim(*deed.shown).strip()
                hits.append(Hit(deed.row.kind, deed.weight, passage, deed.start, deed.end, False, words))
                continue
            muted.add(deed.row.kind)
            if polarity in (Polarity.SAID, Polarity.OWN):
                in_speech.add(deed.row.kind)
    return Found(tuple(hits), frozenset(hit.kind for hit in hits), frozenset(in_speech), frozenset(muted))


def _with_verdict(found: Found, subject: Passage, body: Passage) -> Found:
    """`found` and, where words of deciding are joined by a verdict, the verdict's own words as a statement."""
    if not HINTED <= found.score(Kind.RULING) < SUREST:
        return found
    doubtful = all(hit.weight <= 0.6 for hit in found.of(Kind.RULING))  # 凭证不足 alone may as well ask for more
    if doubtful and found.score(Kind.EVIDENCE_REQUEST) >= STATED:
        return found
    unsure = all(hit.weight < STATED for hit in found.of(Kind.RULING))
    if unsure and any(found.score(kind, Where.SUBJECT) >= STATED for kind in MERCHANTS):
        return found  # 处理结果：驳回 under 商家驳回了您的申请 is the merchant's
    verdict = find_outcome(Kind.RULING, subject, body)
    if verdict is None or verdict[1].where not in (Where.SUBJECT, Where.BODY):
        return found
    passage = subject if verdict[1].where is Where.SUBJECT else body
    hit = Hit(Kind.RULING, VERDICT, passage, 0, 0, False, verdict[1].words)
    return replace(found, hits=(*found.hits, hit))


def _warned(passage: Passage, place: int) -> bool:
    """Whether the sentence warns of pleas instead of making one."""
    return bool(_WARNING.search(passage.text, *passage.sentence_at(place)))


def _excluded(row: Row, passage: Passage, start: int, end: int) -> bool:
    clause = passage.clause_at(start)
    unless = compiled(row.unless)
    lead = passage.text[clause.start if clause else 0 : start]
    return bool(unless.search(lead) or unless.search(passage.text[start:end]))


def classify(notice: Notice) -> Classified:
    """Name the kind of `notice`, how sure we are, and the words that say so (docs/sources.md#kinds).

    Never raises. What says nothing is `Kind.UNKNOWN` with confidence 0; only the shopper's own words
    are `Kind.USER_MESSAGE`. The newest block alone is read: `notice.body` holds nothing older.
    """
    if confirmed := find_confirmation(notice):
        return Classified(Kind.FORWARD_CONFIRMATION, 0.97, confirmed[1])
    subject, body = cut(notice.subject, Where.SUBJECT), cut(notice.body, Where.BODY)
    if code := find_code(notice, subject, body):
        return Classified(Kind.VERIFICATION_CODE, 0.95, (code,))
    if bounce := find_bounce(notice, subject, body):
        return Classified(Kind.BOUNCE, 0.96, (bounce,))
    if answer := find_auto_reply(notice, subject, body):
        return Classified(Kind.AUTO_REPLY, 0.95, (answer,))
    judged = judge_trust(notice, subject, body)
    if judged.trust is Trust.PHISHING:
        because = tuple(Because("kind", b.words, b.where) for b in judged.because[:3])
        return Classified(Kind.PHISHING, 0.95, because + judged.because, Trust.PHISHING)
    if is_reply(notice.subject):
        subject = cut("", Where.SUBJECT)  # the headline of what is answered, not of the answer
    stated = _with_verdict(_with_deeds(find(KIND_ROWS, _STATING, subject, body), subject, body), subject, body)
    said = _judge(notice, subject, body, stated)
    numbered = is_numbered(subject.text + "\n" + body.text)
    if said.confidence < STATED and (said.kind not in QUIET or numbered):  # 山月记书房同意了: no table knows the name
        told = _judge_of_seller(notice, subject, body)
        if told.confidence > said.confidence and (told.kind is not said.kind or said.confidence < HINTED):
            said = replace(told, confidence=min(told.confidence, TOLD_OF_SELLER))
    said = _as_learned(said, notice, subject, body, stated)
    confidence, because = min(said.confidence, SUREST), said.because
    return Classified(
        said.kind,
        round(confidence, 4),
        because + judged.because,
        judged.trust,
        said.act,
        said.by,
        said.money_arrived,
        said.warnings,
    )


def _judge_of_seller(notice: Notice, subject: Passage, body: Passage) -> Classified:
    """The kind by the words alone, the shop's name read as 商家."""
    subject, body = told_of_seller(subject, body)
    stated = _with_verdict(_with_deeds(find(KIND_ROWS, _STATING, subject, body), subject, body), subject, body)
    return _judge(notice, subject, body, stated)


def told_of_seller(subject: Passage, body: Passage) -> tuple[Passage, Passage]:
    """Subject and body with the name of the shop read as 商家, where nothing else in them says who the seller is."""
    if _SELLER.search(subject.text) or _SELLER.search(body.text):
        return subject, body
    named = find_shop(body.folded) or find_shop(subject.folded)
    return (with_seller(subject, named.name), with_seller(body, named.name)) if named else (subject, body)


def _as_learned(said: Classified, notice: Notice, subject: Passage, body: Passage, stated: Found) -> Classified:
    """`said` by the rules, and what the letters of the text say to that (learned.py).

    Where the rules are silent or hint at the same, letters that are sure enough name the kind. Where the rules state
    another, or name this one only as denied, supposed or asked about, letters make a question of it and seldom more.
    """
    nothing = said.kind is Kind.UNKNOWN and said.confidence >= THRESHOLD  # of another platform, another matter
    if nothing or said.kind not in (Kind.UNKNOWN, *SPECIFICITY):
        return said
    chances = kind_likelihood(subject, body)
    best = max(chances, key=lambda kind: chances[kind])
    own = chances.get(said.kind, 0.0)
    sure = said.confidence >= THRESHOLD
    if sure and said.kind is best:
        return said
    headed = sure and stated.score(said.kind, Where.SUBJECT) >= STATED
    if best is None:
        if sure and own < HARDLY_EVER and not headed and said.kind not in MERCHANTS:  # shops say so little
            return Classified(Kind.UNKNOWN, 0.0, (), warnings=said.warnings)
        return replace(said, confidence=min(said.confidence, DOUBTED)) if sure else said
    if best in QUIET:
        if said.kind is Kind.UNKNOWN and chances[best] >= LIKELY:
            return replace(_by_letters(best, chances[best], stated, subject, body), confidence=GUESSED_QUIET)
    elif not (voice := merchant_voice(notice, subject, body)) or best in MERCHANTS:
        both = subject.text + "\n" + body.text
        muted = best in stated.muted
        told = best not in MERCHANTS or _SELLER.search(both)  # by the platform, and not by whoever writes 亲
        english = language(both) == "en"
        plain = chances[None] < (HARDLY_ENGLISH if english else HARDLY) and not muted and not voice and told
        if plain and chances[best] >= _enough(said, best, numbered=is_numbered(both), english=english):
            return _by_letters(best, LETTERS, stated, subject, body)
        rest = UNLIKELY if sure else chances[best] / (THRICE if said.confidence else 1)
        likelier = said.kind is not best and own < rest
        likelier = likelier and (chances[best] >= LIKELIER or not headed)
        if likelier and chances[best] >= LIKELY and chances[None] < (HARDLY if muted else PERHAPS):
            return _by_letters(best, min(GUESSED, chances[best]), stated, subject, body)
    return replace(said, confidence=DOUBTED) if sure and own < DOUBTFUL else said


def _enough(said: Classified, best: Kind, *, numbered: bool, english: bool) -> float:
    """How likely `best` must be for letters alone to name it, after what the rules said of the text."""
    if said.kind is best:
        enough = ENGLISH_AGREED if english else ENOUGH_AGREED
    elif said.confidence >= THRESHOLD:
        enough = NEVER if english else ENOUGH_AGAINST
    elif said.confidence:
        enough = NEVER if english else ENOUGH_UNHINTED
    else:
        enough = ENGLISH_ALONE if english else ENOUGH_ALONE
    return enough[not numbered]


def _by_letters(kind: Kind, confidence: float, stated: Found, subject: Passage, body: Passage) -> Classified:
    """`kind`, which the letters alone tell, with the words that weigh most for it."""
    words = strongest(subject, body, kind)
    ceiling = _ceiling(kind, stated, subject, body)
    said = _acted(kind, min(confidence, ceiling), stated, subject, body, (words,) if words else ())
    return replace(said, money_arrived=said.money_arrived and kind is not Kind.EXECUTION)


def _judge(notice: Notice, subject: Passage, body: Passage, stated: Found) -> Classified:
    """The kind by the words alone, once codes, bounces and forgeries are out."""
    silent = find(SILENT_ROWS, _SILENT, subject, body)
    # 双方已协商一致，商家补偿30元并由您撤诉: what both agreed on, told by the platform, is no plea.
    agreed = stated.score(Kind.SETTLEMENT, Where.SUBJECT) >= STATED and not merchant_voice(notice, subject, body)
    if (plea := silent.score(Kind.MERCHANT_PLEA)) >= STATED and not agreed:
        return Classified(Kind.MERCHANT_PLEA, plea, silent.because(Kind.MERCHANT_PLEA))
    if external := _external(notice, subject, body, stated):
        return external
    if (elsewhere := other_platform(notice, subject, body)) or (elsewhere := _elsewhere(stated, subject, body)):
        return _said_quietly(silent, subject) or Classified(Kind.UNKNOWN, UNKNOWN, (elsewhere,))
    own = own_words(subject, body)
    if own and speaks_alone(subject, body):
        return _plea_hint(silent) or Classified(Kind.USER_MESSAGE, OWN, (own,))
    voice = merchant_voice(notice, subject, body)
    headline = any(stated.score(k, Where.SUBJECT) >= STATED for k in SPECIFICITY)
    if voice and not headline and not _said_loudly(silent, stated, subject, body):
        return _merchant_letter(voice, stated, subject, body)
    kind = _winner(stated)
    quiet = _quiet(silent, subject)
    if kind is not None:
        confidence = stated.score(kind)
        ceiling = _ceiling(kind, stated, subject, body)
        if _said_loudly(silent, stated, subject, body) and quiet:
            return Classified(quiet[0], quiet[1], silent.because(quiet[0]))
        if (taught := teaches(subject)) and stated.score(kind, Where.SUBJECT) < STATED:
            return _said_quietly(silent, subject) or Classified(Kind.PLATFORM_NOTICE, TAUGHT, (taught,))
        if kind is Kind.MERCHANT_REPLY and not headline and Kind.MERCHANT_PLEA in silent.in_speech:
            return Classified(Kind.MERCHANT_PLEA, 0.85, stated.because(kind))
        if min(confidence, ceiling) >= HINTED:
            return _acted(kind, min(confidence, ceiling), stated, subject, body, stated.because(kind))
    if plea_hint := _plea_hint(silent):
        return plea_hint
    if quiet:
        return Classified(quiet[0], quiet[1], silent.because(quiet[0]))
    if own:
        return Classified(Kind.USER_MESSAGE, OWN, (own,))
    if taught := teaches(subject):
        return Classified(Kind.PLATFORM_NOTICE, TAUGHT, (taught,))
    if refused := _rudely(body):
        return Classified(Kind.MERCHANT_REFUSAL, TOLD_RUDELY, (refused,))
    if asked := asks_plainly(subject, body):
        both = subject.text + "\n" + body.text
        sure = is_numbered(both) and _UNTIL.search(both) and not merchant_voice(notice, subject, body)
        return Classified(Kind.EVIDENCE_REQUEST, STATED if sure else ASKS, asked)
    return Classified(Kind.UNKNOWN, 0.0, ())


def _said_loudly(silent: Found, stated: Found, subject: Passage, body: Passage) -> bool:
    """Whether advertising and the like drown what the text states: by the headline, or with no headline and number."""
    quiet = _quiet(silent, subject)
    if quiet is None or any(stated.score(k, Where.SUBJECT) >= STATED for k in SPECIFICITY):
        return False
    return quiet[2] or (quiet[1] >= LOUD and not is_numbered(subject.text + "\n" + body.text))


def _said_quietly(silent: Found, subject: Passage) -> Classified | None:
    quiet = _quiet(silent, subject)
    return Classified(quiet[0], quiet[1], silent.because(quiet[0])) if quiet and quiet[1] >= LOUD else None


def _elsewhere(stated: Found, subject: Passage, body: Passage) -> Because | None:
    """The words that show that what is stated is of no purchase of hers: of rent, of a school, of a merchant's shop."""
    kind = _winner(stated)
    if kind is None:
        return None
    both = subject.text + "\n" + body.text
    near = subject.text + "\n" + "\n".join(_sentences_of(stated.of(kind)))
    appeal = kind in (Kind.APPEAL_ACKNOWLEDGEMENT, Kind.APPEAL_RULING)
    if other_matter(near, both, appeal=appeal) or to_merchants(both):
        return stated.because(kind)[0]
    return None


def _plea_hint(silent: Found) -> Classified | None:
    score = silent.score(Kind.MERCHANT_PLEA)
    return Classified(Kind.MERCHANT_PLEA, score, silent.because(Kind.MERCHANT_PLEA)) if score >= HINTED else None


def _winner(stated: Found) -> Kind | None:
    """The kind that names the notice: the headline's, unless that leaves room for a more specific one."""
    scores = {kind: stated.score(kind) for kind in SPECIFICITY}
    strong = [kind for kind in SPECIFICITY if scores[kind] >= STATED]
    headline = next((kind for kind in SPECIFICITY if stated.score(kind, Where.SUBJECT) >= 0.85), None)
    below: list[Kind] = [kind for kind in strong if kind is not Kind.REMINDER]
    if Kind.REMINDER in strong and not set(below) - ASKED_OF_BUYER and stated.only_asks(below):
        return Kind.REMINDER
    again = any(_TOLD_AGAIN.search(h.passage.text, h.start, h.end) for h in stated.of(Kind.REMINDER))
    if again and not set(below) - ASKED_OF_BUYER - set(MERCHANTS):
        return Kind.REMINDER
    most = below[0] if below else (strong[0] if strong else None)
    if most is Kind.REFUND_ARRIVED and Kind.EXECUTION in strong:
        most = Kind.EXECUTION  # 已划扣保证金赔付您，款项已到账: the platform's doing, and the money is there
    if headline is None:
        return most or max((k for k in SPECIFICITY if scores[k] >= HINTED), key=lambda k: scores[k], default=None)
    if most is None:
        return headline
    if most is Kind.APPEAL_RULING and headline in GENERAL | {Kind.RULING, Kind.APPEAL_ACKNOWLEDGEMENT}:
        return most
    if {most, headline} == {Kind.FILED, Kind.ACKNOWLEDGEMENT}:
        return headline  # 投诉提交成功，我们已经收到: the two are told of one step
    if headline in GENERAL and SPECIFICITY.index(most) < SPECIFICITY.index(headline):
        return most
    return headline


def _quiet(silent: Found, subject: Passage) -> tuple[Kind, float, bool] | None:
    """The silent kind that fits best, how sure, and whether the headline says so."""
    best: tuple[Kind, float, bool] | None = None
    for kind in (Kind.SURVEY, Kind.PLATFORM_NOTICE, Kind.MARKETING, Kind.LOGISTICS):
        score, headline = silent.score(kind), silent.score(kind, Where.SUBJECT) >= 0.7
        if score >= PUT_ASIDE and (best is None or (headline, score) > (best[2], best[1])):
            best = (kind, score, headline)
    return best


def _ceiling(kind: Kind, stated: Found, subject: Passage, body: Passage) -> float:
    """The most that may be believed, whatever the phrases say."""
    small_print = body.advice[0][0] if body.advice else len(body.text)
    both = subject.text + "\n" + body.text[:small_print]
    ceiling = SUREST
    headed = stated.score(kind, Where.SUBJECT) >= 0.85 or _HEADED.search(subject.text)
    if not headed and not _ADDRESSED.search(both) and not _is_push(kind, subject, body, both.strip()):
        ceiling = min(ceiling, UNADDRESSED)
    if _BLANKS.search(both) or _ARCHIVE.search(subject.text):
        ceiling = min(ceiling, SAMPLE)
    if teaches(subject) or is_no_news(subject, body):
        ceiling = min(ceiling, SAMPLE)
    if _SURVEYS.search(subject.text):
        ceiling = min(ceiling, UNADDRESSED)
    if _SALES_TALK.search(both):
        ceiling = min(ceiling, FOREIGN)
    if kind is Kind.REFUND_ARRIVED and _BANK.search(both) and not (OWN_NAMED.search(both) or is_numbered(both)):
        ceiling = min(ceiling, FOREIGN_MONEY)
    if kind is Kind.RULING:
        outcome = find_outcome(kind, subject, body)
        if outcome is None:
            ceiling = min(ceiling, UNDECIDED)
        elif outcome[0] is Verdict.AMBIGUOUS and _PENDING.search("\n".join(_sentences_of(stated.of(kind)))):
            ceiling = min(ceiling, PENDING)
    if stated.score(kind, Where.SUBJECT) < HINTED:
        crowd = sum(1 for other in SPECIFICITY if stated.score(other, Where.BODY) >= STATED)
        if crowd >= 5:
            ceiling = min(ceiling, CROWDED)
    return ceiling


def _is_push(kind: Kind, subject: Passage, body: Passage, both: str) -> bool:
    """Whether it is a message as apps push them: a sentence or two, like those of `kind`, and no typed note."""
    if len(both) > TERSE or not _PUNCTUATED.search(both):
        return False
    return kind_likelihood(subject, body).get(kind, 0.0) >= ALIKE


def _acted(
    kind: Kind, confidence: float, stated: Found, subject: Passage, body: Passage, because: tuple[Because, ...]
) -> Classified:
    """`kind` with whose act it was, where the kind leaves that open."""
    sentences = "\n".join(_sentences_of(stated.of(kind)))
    act: Act | None = None
    by: Party | None = None
    arrived = kind is Kind.REFUND_ARRIVED
    if kind is Kind.EXECUTION:
        arrived = stated.score(Kind.REFUND_ARRIVED) >= STATED and not _ON_ITS_WAY.search(
            subject.text + "\n" + body.text
        )
        if arrived:
            because += stated.because(Kind.REFUND_ARRIVED)
    elif kind is Kind.RULING:
        if _JURY.search(sentences):
            by = Party.JURY
    elif kind is Kind.SUSPENSION:
        resumes = any(_RESUMES.search(one.words.lower()) for one in because[:1])
        act = Act.RESUMES if resumes else Act.SUSPENDS
    elif kind is Kind.APPEAL_ACKNOWLEDGEMENT:
        theirs = _MERCHANT_APPEALS.search(sentences) and not _YOUR_APPEAL.search(sentences)
        by = Party.MERCHANT if theirs else Party.BUYER
    elif kind is Kind.EVIDENCE_RECEIVED:
        theirs = _MERCHANT_HANDS_IN.search(sentences) and "您" not in _YOURS.sub("", sentences)
        by = Party.MERCHANT if theirs else Party.BUYER
    elif kind is Kind.CLOSING:
        act, by, more = _closing(stated, subject, body)
        because += more
    return Classified(kind, confidence, because, act=act, by=by, money_arrived=arrived)


def _sentences_of(hits: list[Hit]) -> list[str]:
    found = []
    for hit in hits:
        start, end = hit.passage.sentence_at(hit.start)
        found.append(hit.passage.text[start : max(end, hit.end)])
    return found


def _closing(stated: Found, subject: Passage, body: Passage) -> tuple[Act, Party, tuple[Because, ...]]:
    """Why a case was closed: not taken up, run out for one side, or simply closed."""
    for hit in stated.of(Kind.CLOSING):
        if _REJECTS.search(hit.passage.text, hit.start, hit.end):
            return Act.REJECTS, Party.PLATFORM, ()
    for passage in (subject, body):
        for found in _LAPSED.finditer(passage.text):
            said_of = min(found.end(), found.start() + _LAPSE_SAID)
            if passage.polarity(found.start(), said_of, asks=True) is not Polarity.PLAIN:
                continue
            start, end = passage.sentence_at(found.start())
            who = found["who"] or found["whom"]
            theirs = bool(_MERCHANT_WORD.search(who or "")) or (
                who is None and bool(_MERCHANT_WORD.search(passage.text, start, found.end()))
            )
            if not theirs and who is None and re.search(r"自动退款|默认(?:达成|同意)", passage.text[start:end]):
                theirs = True
            because = Because("outcome", passage.folded.verbatim(*found.span()).strip(), passage.where)
            return Act.LAPSES, Party.MERCHANT if theirs else Party.BUYER, (because,)
    return Act.CLOSES, Party.PLATFORM, ()


# -- other voices -----------------------------------------------------------------------------------------


def _merchant_letter(voice: int, stated: Found, subject: Passage, body: Passage) -> Classified:
    """A merchant's own letter: a reply, whatever it tells of others; free words never close a case."""
    both = subject.text + "\n" + body.text
    topic = _MERCHANT_TALK.search(body.text)
    sign = DEAR.search(body.text[:400]) or OUR_SHOP.search(body.text) or topic
    if sign is None or topic is None:
        return Classified(Kind.UNKNOWN, 0.0, ())
    words = Because(
        "kind", body.folded.verbatim(*sign.span()).strip() or body.folded.verbatim(*topic.span()), Where.BODY
    )
    sure = 0.94 if voice >= 3 or (voice >= 2 and is_numbered(both)) else 0.8
    refusal = _MERCHANT_REFUSES.search(body.text)
    if refusal and not _ASKS_BACK.search(body.text, refusal.start(), body.sentence_at(refusal.start())[1] + 1):
        said = Because("kind", body.folded.verbatim(*refusal.span()), Where.BODY)
        return Classified(Kind.MERCHANT_REFUSAL, sure, (said,))
    agreed = _MERCHANT_RETURN.search(body.text)
    if agreed and body.polarity(*agreed.span(), asks=True) is Polarity.PLAIN:
        said = Because("kind", body.folded.verbatim(*agreed.span()).strip(), Where.BODY)
        return Classified(Kind.RETURN_AGREED, sure, (said,))
    back = _MERCHANT_RECEIVED.search(body.text)
    if back and body.polarity(*back.span(), asks=True) is Polarity.PLAIN:
        said = Because("kind", body.folded.verbatim(*back.span()).strip(), Where.BODY)
        return Classified(Kind.RETURN_RECEIVED, sure, (said,))
    told = SPECIFICITY[: SPECIFICITY.index(Kind.RETURN_RECEIVED)]
    if any(stated.score(kind) >= STATED for kind in told if kind not in (Kind.EVIDENCE_REQUEST, Kind.REMINDER)):
        return Classified(Kind.MERCHANT_REPLY, BORROWED, (words,))
    return Classified(Kind.MERCHANT_REPLY, sure, (words,))


def _rudely(body: Passage) -> Because | None:
    """The words of a refusal by somebody who says 我们 to 你, as a shop's clerk does: 我们不可能给你退, 退不了."""
    found = _CLERK_REFUSES.search(body.text)
    if found is None or body.polarity(*found.span(), asks=True) in (Polarity.QUESTION, Polarity.QUOTED, Polarity.SAID):
        return None
    if not _WE.search(body.text) or other_matter(body.text, body.text, appeal=False):
        return None
    return Because("kind", body.folded.verbatim(*found.span()).strip(), Where.BODY)


def _external(notice: Notice, subject: Passage, body: Passage, stated: Found) -> Classified | None:
    """A step of an outside track: an authority is named, plainly, and says what it did."""
    headed = any(stated.score(kind, Where.SUBJECT) >= STATED for kind in SPECIFICITY if kind not in GENERAL)
    for act, who, what in EXTERNAL_TRACKS:
        names = compiled(who)
        if headed and not names.search(notice.from_name):
            continue
        named = names.search(notice.from_name) or names.search(subject.text)
        for passage in (subject, body):
            for found in names.finditer(passage.text):
                plain = passage.polarity(*found.span(), asks=True) is Polarity.PLAIN
                if not plain or not compiled(what).search(subject.text + "\n" + body.text):
                    continue
                speaks = named or _AUTHORITY_SPEAKS.search(body.text) or _signs(passage, found)
                score, words = _external_state(subject, body)
                if speaks and score >= HINTED:
                    name = Because("kind", passage.folded.verbatim(*found.span()), passage.where)
                    return Classified(Kind.EXTERNAL, score, (name, *words), act=Act(act), by=Party.AUTHORITY)
        if names.search(notice.from_name) and compiled(what).search(subject.text + "\n" + body.text):
            score, words = _external_state(subject, body)
            if score >= HINTED:  # a court seldom names itself in the text of its own letter
                return Classified(Kind.EXTERNAL, score, words, act=Act(act), by=Party.AUTHORITY)
    return None


def _signs(passage: Passage, found: re.Match[str]) -> bool:
    """Whether the name stands where letters are signed or opened: alone at an edge of its line."""
    line_start = passage.text.rfind("\n", 0, found.start()) + 1
    line_end = passage.text.find("\n", found.end())
    rest = passage.text[found.end() : line_end if line_end != -1 else len(passage.text)]
    opens = found.start() - line_start <= 10 and rest[:1] in (" ", ":", ",", "。", "】", ")")
    return len(rest.strip()) <= 2 or opens or rest.lstrip().startswith((":", "决定", "已"))


def _external_state(subject: Passage, body: Passage) -> tuple[float, tuple[Because, ...]]:
    best = 0.0
    words: tuple[Because, ...] = ()
    for phrase, weight in EXTERNAL_STATES:
        for passage in (subject, body):
            found = compiled(phrase).search(passage.text)
            if not found or weight <= best:
                continue
            polarity = passage.polarity(*found.span(), asks=True)
            itself = "已" in found.group() and _AUTHORITY_SPEAKS.match(found.group())  # 您反映要求……，本会已收到
            if polarity is Polarity.PLAIN or (itself and polarity in (Polarity.SAID, Polarity.CONDITIONAL)):
                best = weight
                words = (Because("kind", passage.folded.verbatim(*found.span()), passage.where),)
    return best, words
