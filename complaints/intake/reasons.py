"""Why the shopper complained, and why the merchant refused: two grounds that one notice may state beside each other.

The shopper's stands behind a label, in words that only a complaint has, in everyday words of a sentence that speaks of
the complaint (因…, 您反映的…, …一事), in what the merchant concedes (抱歉, 确实), or in what it denies (无法证明少件). The
merchant's stands behind its own label or in its sentence of refusal. The words are rows of vocabulary.py.
"""

from __future__ import annotations

import re

from complaints.intake.clauses import Passage, Polarity
from complaints.intake.shapes import Because
from complaints.intake.vocabulary import EVERYDAY_REASONS, ONLY_LABELLED, PLAIN_REASONS, REASONS, REFUSAL_GROUNDS
from complaints.stages import Kind

Told = tuple[str, Because]

# -- the shopper's ----------------------------------------------------------------------------------------------

_VALUE = r"[ ]{0,2}(?:登记|填写|备注|勾选|选择|写)?(?:[:|]|为|是|系|[ ](?=[^ ]))[ \n|]{0,3}"
_DISPUTE = re.compile(
    r"(?:(?:投诉|退款|维权|申请|售后|纠纷|退货|换货|争议|举报|介入|仅退款)(?:的)?(?:原因|理由|事由|缘由|类型)|问题类型)"
    + _VALUE
    + r"(?P<value>[^\n,。;|]{2,40})"
    r"|(?:^|\n)[ ]{0,4}(?:原因|事由|类型|reason)[ ]{0,2}[:|][ ]{0,3}(?P<value2>[^\n,。;]{2,40})"
    r"|(?:complaint|refund|claim|dispute|return) (?:reason|type)[ ]{0,2}[:|][ ]{0,3}(?P<value3>[^\n,.;]{2,40})"
)
# Labels behind which the reason may stand among other things: nothing is told where no row knows it.
_ABOUT = re.compile(
    r"(?<![\u4e00-\u9fa5])(?:您(?:的|选|填)?的?)?(?:原因|理由|事由|缘由|起因|案由)"
    + _VALUE
    + r"(?P<value>[^\n,。;|]{2,40})"
    r"|(?:投诉|争议|举报|纠纷|维权|申请|售后)(?:的)?(?:内容|事项|焦点|问题|说明|描述|情况|点)[ ]{0,2}(?:[:|]|为|是)[ ]{0,3}(?P<value2>[^\n。;|]{2,60})"
    r"|问题描述[ ]{0,2}[:|][ ]{0,3}(?P<value3>[^\n。;|]{2,60})"
    r"|\breason (?:given|stated|chosen|selected|for (?:the |your )?(?:refund|return|complaint))[ ]{0,2}(?:[:|]|is|was)[ ]{0,3}(?P<value4>[^\n.;]{2,60})"
)
_NOT_THE_SHOPPERS = re.compile(
    r"拒绝|驳回|不同意|不予|未通过|不通过|失败|关闭|取消|退回|延期|延长|中止|暂停|终止|商家|卖家|对方|店铺|seller|merchant|refus|declin|reject"
)
_PROBLEM = re.compile(
    r"(?:的)?(?:(?:问题|纠纷|争议)(?:的情况|的投诉|一事|,|。|\n|$)|一事|(?:这)?件事|事宜|类(?:投诉|纠纷|问题))"
)
_CLAIM_TYPE = re.compile(r"[ ]*(?:退货退款|仅?退款|换货|维修|补寄|退货|退款)(?![^,。;\n])")
_SHOWN = re.compile(r"[^,。;、\n]{0,6}(?:部位|照片|图片|视频|截图|凭证|报告|材料|证明)")
# The sentence speaks of what was complained of.
_OF_COMPLAINT = re.compile(
    r"投诉|反映|反馈|举报|(?:您|你)说|您购自|您在[^,。;\n]{2,20}买的|told us|letting us know|針對|针对|因为?(?!此)|由于|说的|提(?:到|出)的|所称|一事|这件事|问题|complain|reported (?:that|an?\b)|\babout\b|because|reason|\bover\b"
)
_NOT_OF_COMPLAINT = re.compile(  # 因商家未响应: why the platform did something; 请上传发票: what it wants
    r"上传|提供|补充|出示|材料|凭证|证据|资料|\bplease\b|投诉(?:编号|单号|详情|页|状态|记录|进度|时效)|(?:因为?|由于)(?:商家|卖家|(?:您|你|买家)(?!说|反映|投诉|提到|反馈)|双方|系统|对方|网络|物流|逾期|超时)"
)
_LOOKED_INTO = re.compile(
    r"(?:调查|核实|查明|核查|确认|查证)[^,。;\n]{0,20}(?:是否|有没有|有无)[^,。;\n]{0,4}$|investigating whether[^.;\n]{0,40}$"
)
_CONCEDES = re.compile(
    r"抱歉|不好意思|对不起|确实|承认|致歉|道歉|所致|我们的(?:错|问题|疏忽)|疏忽|sorry|apolog|admit|our (?:fault|mistake)"
)
_CONCEDED_REACH = 60  # characters of the sentence around the clause in which it is conceded
_NO_STATEMENT = frozenset({Polarity.CONDITIONAL, Polarity.QUOTED, Polarity.QUESTION, Polarity.SAID, Polarity.NEGATED})
# What a refusal may deny: 无法证明质量问题 is an answer to that complaint.
_DENIABLE = frozenset(
    {"quality", "damaged", "short_or_wrong", "not_received", "misdescribed", "counterfeit", "false_advertising"}
)
_DENIED = re.compile(
    r"(?:无法|不能|难以|不足以|未能|不存在|没有|不认可?|不属于?|并非|不是|未发现|证明|确实|途中|运输|快递|transit|courier|不承认|无关|(?:do|does|did|is|are|was|cannot|can|could)(?: not|n't)|\bno\b)"
)
_DENIED_REACH = 24  # characters between the denial and what it denies
_SILENT_KINDS = frozenset({Kind.LOGISTICS, Kind.MARKETING})
_DENYING_KINDS = frozenset({Kind.MERCHANT_REFUSAL, Kind.RULING, Kind.APPEAL_RULING})


def find_reason(kind: Kind, subject: Passage, body: Passage) -> Told | None:
    """Why the shopper complained: behind its label, else by words that stand in no other part of a notice."""
    if told := _labelled(kind, subject, body):
        return told
    if kind in _SILENT_KINDS:
        return None
    refusal: list[tuple[int, int]] = []
    if kind is Kind.MERCHANT_REFUSAL:
        refusal = [label.span() for words in (_REFUSED_FOR, _GIVEN_FOR) for label in words.finditer(body.text)]
    return (
        _plain(subject, body, refusal)
        or _everyday(kind, subject, body, refusal)
        or (_conceded(body) if kind in (Kind.MERCHANT_REPLY, Kind.RETURN_AGREED) else None)
        or (_denied(body) if kind in _DENYING_KINDS else None)
    )


def _told(name: str, passage: Passage, start: int, end: int) -> Told:
    return name, Because("reason", passage.folded.verbatim(start, end).strip(" “”「」\"'"), passage.where)


def _labelled(kind: Kind, subject: Passage, body: Passage) -> Told | None:
    for passage in (body, subject):
        for label in _DISPUTE.finditer(passage.text):
            group = next(name for name in ("value", "value2", "value3") if label[name])
            if (
                passage.text[max(0, label.start() - 2) : label.start()] in ("拒绝", "驳回")
                or "拒绝" in label.group()[:3]
            ):
                continue
            if _CLAIM_TYPE.match(label[group]):
                continue  # 维权类型：退货退款 says what is wanted, not why
            if name := _named(label[group]):
                return _told(name, passage, *label.span(group))
            if kind is Kind.EXTERNAL or "类型" in label.group()[: -len(label[group])]:
                continue  # 事由：买卖合同纠纷 is a court's word for all of them
            return _told("other", passage, *label.span(group))
        for label in _ABOUT.finditer(passage.text):
            group = next(name for name in ("value", "value2", "value3", "value4") if label[name])
            clause = passage.clause_at(label.start())
            reach = 30 if group in ("value", "value4") else 0  # 争议事项 says by itself whose it is
            lead = passage.text[max(0, (clause.start if clause else 0) - reach) : label.start()]
            lead = lead[max(lead.rfind("\n"), lead.rfind("。")) + 1 :]
            if _NOT_THE_SHOPPERS.search(lead) or (group == "value" and kind is Kind.MERCHANT_REFUSAL):
                continue
            if name := _named(label[group]):
                return _told(name, passage, *label.span(group))
    return None


def _named(value: str) -> str | None:
    """The reason that `value`, said behind a label, names; the plainest words first."""
    return next((name for name, words in (*PLAIN_REASONS, *REASONS, *EVERYDAY_REASONS) if words.search(value)), None)


def _plain(subject: Passage, body: Passage, refusal: list[tuple[int, int]]) -> Told | None:
    for passage in (subject, body):
        for name, words in (*PLAIN_REASONS, *REASONS):
            for found in words.finditer(passage.text):
                labelled_only = name in ONLY_LABELLED and (name, words) not in PLAIN_REASONS
                if labelled_only and not _PROBLEM.match(passage.text, found.end()):
                    continue
                if passage is body and any(s <= found.start() < e for s, e in refusal):
                    continue
                if _SHOWN.match(passage.text, found.end()):
                    continue  # 瑕疵部位的照片 is asked for, nothing is told
                polarity = passage.polarity(found.start(), found.end(), asks=True)
                if polarity in _NO_STATEMENT and not _is_looked_into(passage, found.start()):
                    continue
                return _told(name, passage, *found.span())
    return None


def _is_looked_into(passage: Passage, at: int) -> bool:
    """Whether it is asked what the dispute is about: 正在调查商家是否虚假发货."""
    clause = passage.clause_at(at)
    return bool(clause and _LOOKED_INTO.search(passage.text, clause.start, at))


def _everyday(kind: Kind, subject: Passage, body: Passage, refusal: list[tuple[int, int]]) -> Told | None:
    """By everyday words, in quotation marks too, of a clause that speaks of the complaint: 关于“没有按时发货”的投诉."""
    for passage in (subject, body):
        for clause in passage.clauses:
            about = _OF_COMPLAINT.search(clause.text)
            if not about or _NOT_OF_COMPLAINT.search(clause.text) or clause.condition_at is not None:
                continue
            if passage is body and any(s <= clause.start < e for s, e in refusal):
                continue
            for name, words in (*PLAIN_REASONS, *REASONS, *EVERYDAY_REASONS):
                found = words.search(passage.text, clause.start, clause.end)
                if not found or _SHOWN.match(passage.text, found.end()):
                    continue
                polarity = passage.polarity(found.start(), found.end(), asks=True)
                if polarity in _NO_STATEMENT - {Polarity.QUOTED, Polarity.NEGATED} or clause.is_question:
                    continue
                return _told(name, passage, *found.span())
    return None


def _conceded(body: Passage) -> Told | None:
    """What the merchant admits or is sorry for, in its own quoted words."""
    for clause in body.clauses:
        start = max(clause.sentence_start, clause.start - _CONCEDED_REACH)
        if _CONCEDES.search(body.text, start, min(clause.sentence_end, clause.end + _CONCEDED_REACH)):
            for name, words in (*PLAIN_REASONS, *REASONS):
                if name in ONLY_LABELLED and (name, words) not in PLAIN_REASONS:
                    continue
                if (found := words.search(body.text, clause.start, clause.end)) and not _SHOWN.match(
                    body.text, found.end()
                ):
                    return _told(name, body, *found.span())
    return None


def _denied(body: Passage) -> Told | None:
    """What a refusal or a ruling says was not so."""
    for clause in body.clauses:
        denied = _DENIED.search(clause.text)
        if not denied:
            continue
        for name, words in REASONS:
            found = words.search(body.text, clause.start, clause.end) if name in _DENIABLE else None
            if found and abs(found.start() - clause.start - denied.start()) <= _DENIED_REACH:
                return _told(name, body, *found.span())
    return None


# -- the merchant's ---------------------------------------------------------------------------------------------

_REFUSED_FOR = re.compile(
    r"(?:拒绝|驳回|不同意)(?:退款|退货|申请)?(?:的)?(?:原因|理由|说明|依据|说法)[ ]{0,2}(?:[:|]|为|是)?[: \n]{0,3}(?P<value>[^\n]{2,120})|(?:\breason(?: given)?(?: is)?[ ]?:|\bbecause\b|\bon the grounds? (?:that|of)\b|\bgrounds?(?: (?:stated|given))?(?: by the (?:seller|merchant|shop))?(?: is| was)?[ ]?:|\b(?:declined|rejected|refused)[^.:;\n]{0,40}:)[ ]{0,3}(?P<value2>[^\n]{4,120})"
)
_GIVEN_FOR = re.compile(
    r"(?:^|[\n,。;])[ ]{0,4}(?:(?:它|他家?|她|其|给出?)的?)?(?:原因|理由|说明|依据|说法|(?:商家|卖家|对方|店家)(?:的)?(?:反馈|说明|解释|理由|留言|表示|称|说法?))[ ]{0,2}(?:[:|]|为|是)[ \n]{0,3}(?P<value>[^\n]{2,120})(?P<value2>)"
)
# Told again by a later notice: 此前商家拒绝的理由是…, 对方说划痕在正常误差内.
_REFUSED_BEFORE = re.compile(
    r"(?:商家|卖家|对方|店家|店铺|seller|merchant|shop)[^。;\n]{0,20}?(?:拒绝|驳回|不同意|不认|拒退|refus|declin|turned down|reject)[^。;\n]{0,40}?(?:理由|原因|说法|依据|说明|grounds?|because|reason)[^。\n]{0,3}?(?:是|为|[:]|that|is|was|系| )[: ]{0,2}(?P<value>[^\n。;]{2,80})(?P<value2>)"
)
_SAID_BY_IT = re.compile(
    r"(?:商家|卖家|对方|店家)(?:则|却|一直|坚持|主张|辩)?(?:说|称|表示|认为|解释)[: ,]{0,2}(?P<value>[^\n。;]{2,60})(?P<value2>)"
)
_REFUSES = re.compile(
    r"拒绝|拒退|不同意|不认可|不予|不退|不能(?:退|给|换)|无法(?:退|给|换|为您|受理|同意)|概不|不支持|不接受|驳回|refus|declin|reject|cannot (?:refund|accept)|unable to (?:refund|accept)|won't"
)
# 超过7天未处理将关闭, 您可上传开箱视频: what may come, no ground of the refusal.
_NO_GROUND = re.compile(r"@[^,。;]{0,4}(?:未处理|未操作|将|视为|系统|自动)|(?:上传|提供|补充|提交)[^,。;@]{0,4}@")
# Notices of later steps, which may tell the refusal again.
_TOLD_AGAIN = frozenset({Kind.INTERVENTION, Kind.REMINDER, Kind.EVIDENCE_REQUEST})


def find_refusal_ground(kind: Kind, body: Passage) -> Told | None:
    """Why the merchant refused, behind its label or in its words; "other" where a label stands before anything else."""
    if kind in _TOLD_AGAIN:
        label = _REFUSED_BEFORE.search(body.text)
        told = _ground(body, *_stretch(label)) if label else None
        if label and told is None:
            return _grounded("other", body, *_stretch(label))
        if told is None and kind is Kind.INTERVENTION and (label := _SAID_BY_IT.search(body.text)):
            told = _ground(body, *_stretch(label))
        return told
    if kind not in (Kind.MERCHANT_REFUSAL, Kind.MERCHANT_REPLY):
        return None
    label = next((found for found in _REFUSED_FOR.finditer(body.text) if found["value"] or found["value2"]), None)
    if label is None and kind is Kind.MERCHANT_REFUSAL:
        label = _GIVEN_FOR.search(body.text)
    if label is None:
        if kind is Kind.MERCHANT_REPLY and not _REFUSES.search(body.text):
            return None  # an answer that explains refuses nothing
        return _ground(body, 0, len(body.text), told_plainly=False, reply=kind is Kind.MERCHANT_REPLY)
    told = _ground(body, *_stretch(label))
    if told is None and kind is Kind.MERCHANT_REFUSAL:
        return _grounded("other", body, *_stretch(label))
    return told


def _stretch(label: re.Match[str]) -> tuple[int, int]:
    """What stands behind `label`."""
    return label.span("value" if label["value"] else "value2")


def _grounded(name: str, body: Passage, start: int, end: int) -> Told:
    return name, Because("refusal_ground", body.folded.verbatim(start, end).strip()[:60], body.where)


def _ground(body: Passage, start: int, end: int, *, told_plainly: bool = True, reply: bool = False) -> Told | None:
    """The first ground named from `start` to `end`.

    told_plainly  a label stands before: whatever is named is the ground
    """
    grounds = (
        (found.start(), place, name, found.span())
        for place, (name, words) in enumerate(REFUSAL_GROUNDS)
        if (found := words.search(body.text, start, end))
    )
    for _start, _place, name, span in sorted(grounds):
        if not told_plainly and _NO_GROUND.search(
            body.text[max(0, span[0] - 8) : span[0]] + "@" + body.text[span[1] : span[1] + 10]
        ):
            continue
        if reply and name in ("no_video", "no_proof", "late", "opened"):
            continue  # a reply that asks for pictures refuses nothing
        return _grounded(name, body, *span)
    return None
