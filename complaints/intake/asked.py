"""Which evidence a notice asks for: in its sentences that ask for something, the rows of vocabulary.EVIDENCE."""

from __future__ import annotations

import re

from complaints.intake.clauses import Passage, Polarity
from complaints.intake.shapes import Because
from complaints.intake.vocabulary import EVIDENCE, PLAIN_EVIDENCE
from complaints.stages import Kind

Told = tuple[str, Because]

_ASKED_FOR = re.compile(
    r"追加|提供|提交|上传|补充|补交|补传|补(?=一|两|几|上|拍|齐|张|份|段)|举证|出示|凭证|证据|发(?:一下|给|来|我|上|过)|拍|录制|缺少|缺|需要?补|附上|传上来|出具|所需|待补|补送|备妥|备齐|递交|呈交|导出|留存|想看|让我们看|需要?看|[传寄]过?来|(?:再|请|把|也|先|并)[^,。;\n]{0,12}(?:传(?!统|达|真|票)|截(?!止|至)|附(?!近|加|赠|属))|截(?:下|好|来|过来|给|上)|传(?:几|一|两|三|张|上|个)|给(?:一|两|我们)?(?:段|张|份)|附[上一两几]|要什么|要啥|[什啥]么材料|要求[ ]?:|【要|缺[ ]?:|还[缺差少]|尚缺|拿出(?=[^,。;\n]{0,8}东西)|开[一张具]|材料|资料|准备好|要看|交出|拍下|要[两三四]样|给出|补(?=医院|一|两|几)|录(?:一|下|个|段)|发到|upload|submit|provide|send|supply|evidence|proof|attach|share|need|\bfilm\b|\bsnap\b|directed to file|need to see|\blacks\b|ask from you|would like|\badd\b"
)
_FIRST_OF_LIST = re.compile(r":[ ]?\(?[1一]$")
_ASKED_AGAIN = re.compile(
    r"(?:还|仍|尚|另)(?:需要?|须|要|请)(?:您)?(?:再|另行)?(?:补充|提供|提交|上传)|(?<!申)(?<!无需)请(?!勿|耐心|等待)[^,。;\n]{0,20}?(?:重新|补充|再次|另行|继续)(?:提供|提交|上传)?"
)
# 我们看过您发来的视频: seen, not asked for.
_SEEN = re.compile(r"(?:看过|看了|看到|收到)了?(?:您|你)|(?:您|你)[^,。;\n]{0,10}(?:发来|提供|提交|上传|发|传)的")
_ASKED_LATER = re.compile(r"(?:可以?|请|需要?|须)(?:您|再|另行|继续)?[^,。;\n不]{0,12}(?:上传|提供|提交|补|拍|出示)")
# 请在投诉详情页上传, 上传至商品页面: where it is done, not what is asked for.
_PLACE = re.compile(
    r"(?:[在到于]|至(?!少)|进入|前往|通过|打开|点击|登录|\b(?:on|in|at|from|via|through|to)\b)[^,。;:、\n内前时传交供充]{0,16}$"
)
_PLACE_REACH = 20  # characters before a page in which 在 may stand
_PAGE = re.compile(r"详情|页|page|listing")
_DONE_THERE = re.compile(
    r"[ ]?(?:面|界面)?(?:[中内里上]|进行|及时|尽快|直接|按[^,。;\n]{0,4}要求)?"
    r"(?:上传|提交|补充|提供|举证|操作|查看|处理|完成|点击|选择|填写|补|,|。|;|\n|$)"
)
# Notices of another step that may ask for evidence too, and how they do.
_MAY_ASK = (
    *(Kind.EVIDENCE_REQUEST, Kind.MERCHANT_REPLY, Kind.UNKNOWN, Kind.INTERVENTION, Kind.REMINDER),
    *(
        Kind.ACKNOWLEDGEMENT,
        Kind.APPEAL_ACKNOWLEDGEMENT,
        Kind.EXTERNAL,
        Kind.SUSPENSION,
        Kind.MERCHANT_REFUSAL,
        Kind.EVIDENCE_RECEIVED,
    ),
)
_PLAINLY_ASKED = re.compile(
    r"(?<!申)(?:请|麻烦|劳驾|烦请|方便的?话?|能不能|可否|建议您)[^,。;\n]{0,24}?(?:传(?!统|达|真|票)|截(?!止|至)|拍(?!卖|下)|附(?!近|加|赠|属)|补(?!偿|贴|退|差|发|寄|款|货|单)|递交|补送|备妥|备齐|拿出|提供|提交|出示)|也别闲着|把[^,。;\n]{2,30}(?:传|截|拍|附|发|准备)(?:好|来|上|过|给|到|下|一)|(?:需|待|应|须)(?:您)?(?:补充|补交|提交|提供|上传|举证)(?:的)?(?:材料|凭证|资料|证据)?[ ]?[:|]|(?:复核|仍|还|尚)[^,。;\n]{0,3}(?:需要|缺)[ ]?:"
    r"|(?:请您?|烦请|麻烦您?|需要?您|务必|敬请)[^,。;\n]{0,24}(?:提供|提交|上传|补充|补交|补传|补(?!偿|贴|退|差|发|寄)|出示|出具|附上|准备|传|发|举证)|please (?:upload|provide|send|submit|supply|attach)"
)
_IF_YOU_CAN = re.compile(
    r"如(?:您|果您)?方便|方便的话|(?:若|要是|您要是)(?:您)?方便|if you can\b|if possible"
)  # courtesy, no condition
# Of a reminder: what has not come yet is what is asked for.
_STILL_OUT = re.compile(
    r"(?:尚未|还没有?|仍未|未|没有?|待)(?:能)?(?:收到|看到|见到|提交|上传|补齐|完成|补充|举证)|仍[缺差]|还[缺差]|尚[缺差]|缺少|(?:not|n't) (?:yet )?(?:received|seen|uploaded)|still (?:missing|need|waiting for)"
)
# What there is already, and what comes of having no more.
_THERE = re.compile(
    r"现有|已有|既有|目前|看到了|看过|收到|提交的|上传的|提供的|您说|你说|不足以|无法|模糊|逾期|超时|过期|否则|依据|为准|据此|已经?(?:提交|上传|收)|凭证通道|举证(?:期|通道|入口)|不清|无需|不需要?|不用|不必|勿"
)
# A clause that speaks of what was handed in, does not serve, or is not wanted: what it names is not asked for.
_NOT_WANTED = re.compile(
    r"(?:无需|无须|毋须|毋需|无庸|不用|不需要?|不必|不再需要|不要|别再?)[^,。;\n]{0,12}(?:传|交|补|提供|发|上传|提交|给|重复)?|(?:已经?|均已|都已?)[^,。;\n]{0,6}(?:在案|收到|齐|有了|给过|交过|传过|提交|存档|归档)|没有用处|不起作用|用不上"
    r"|(?:上次|前次|前面|此前|先前|之前|早前|昨天)[^,。;\n]{0,8}(?:发|传|交|提交|上传|给)(?:来|过|上来)?的|看不(?:出|到|清)|收到了(?:您|你)|(?:您|你)(?:发来|传来|上传|提交|交来|寄来)(?:了)?的"
    r"|\bnot? (?:needed|required|necessary)\b|\bno (?:further|more|other)\b|\bneed not\b|(?:don't|do not) (?:need|have to)|already (?:have|received|on file)|we can read"
)
_STILL_WANTED = re.compile(
    r"(?<!申)请(?!勿|耐心|等)|(?:再|另|还|重新|尚|仍)(?:请|需|须|要|缺|补|差|拍|传|交)|补(?:一|上|齐|传|交|拍)|换成|改成|麻烦|\bplease\b|\bneed\b(?! not)|\bbut\b"
)
_REDO = re.compile(r"(?:重新|再次?|重)(?:上传|提交|拍|传|提供|发|补)")
_WAY_IN = re.compile(r"入口[ ]{0,2}[:为是]|上传(?:路径|方式|通道)")
_REQUESTED = re.compile(r"could you|can you|would you|please|请|(?<!添)麻烦|能否|方便")

# A request and no report: somebody is to do it still.
_WANTED = re.compile(
    r"(?<!申)(?<!邀)请(?!勿|耐心|等待|求|放心)|(?<!添)麻烦|烦请|劳烦|有劳|辛苦|喊(?:您|你)|(?<!无)(?<!不)需|务必|(?:还|尚|仍|就|只|目前)[^,。;\n]{0,3}[缺差欠]|[缺差](?:一|两|几|张|份|段)"
    r"|(?:补|重)(?:拍|传|交|件|齐|录)|希望(?:您|你)|您的(?:举证)?任务|\bplease\b|\bneed|\bmust\b|(?:could|can) you|asks? (?:you )?for|asked (?:you )?for|required"
)


def asks_plainly(subject: Passage, body: Passage) -> tuple[Because, ...]:
    """The words by which a text of no known kind asks for evidence all the same; () where it does not."""
    told: list[Because] = []
    for passage in (subject, body):
        for start, end in _asking_stretches(passage, Kind.EVIDENCE_REQUEST):
            wanted = _WANTED.search(passage.text, start, end)
            asks = _ASKED_FOR.search(passage.text, start, end)
            named = _named(passage.text, start, end)
            if not (wanted and asks and named):
                continue
            last = max(stop for _name, (_start, stop) in named)
            if passage.polarity(asks.start(), asks.end(), asks=True) is Polarity.PLAIN:
                told.append(
                    Because(
                        "kind",
                        passage.folded.verbatim(wanted.start(), max(last, wanted.end())).strip(),
                        passage.where,
                    )
                )
    return tuple(told[:2])


def find_asked(kind: Kind, subject: Passage, body: Passage) -> tuple[Told, ...]:
    """The kinds of evidence that a notice of `kind` asks for, in the order they are named, with the words."""
    if kind not in _MAY_ASK:
        return ()
    asked: dict[str, tuple[int, Because]] = {}
    stretches = [(passage, _asking_stretches(passage, kind)) for passage in (subject, body)]
    if kind is Kind.EVIDENCE_REQUEST and not any(_named(p.text, *span) for p, spans in stretches for span in spans):
        stretches = [(passage, _other_stretches(passage)) for passage in (subject, body)]
    for passage, spans in stretches:
        for start, end in spans:
            for name, span in _named(passage.text, start, end):
                if not _wanted(passage, span):
                    continue
                told = Because("evidence_asked", passage.folded.verbatim(*span), passage.where)
                place = span[0] + (100_000 if passage is body else 0)
                if name not in asked or place < asked[name][0]:
                    asked[name] = (place, told)
    ordered = sorted(asked.items(), key=lambda item: item[1][0])
    return tuple((name, told) for name, (_, told) in ordered)


def _wanted(passage: Passage, span: tuple[int, int]) -> bool:
    """Whether the clause that names it does not speak of what is there already, or not needed."""
    clause = passage.clause_at(span[0])
    if clause is None:
        return True
    refused = _NOT_WANTED.search(passage.text, clause.start, clause.end)
    if refused is None:
        return True
    if any(
        refused.end() <= again.start() < span[0] or refused.start() > span[1]
        for again in _STILL_WANTED.finditer(passage.text, clause.start, clause.end)
    ):
        return True
    redo = _REDO.search(passage.text, span[1], clause.sentence_end)  # 您提交的照片不够清晰，请重新上传
    return redo is not None and not _named(passage.text, redo.end(), clause.sentence_end)


def _named(text: str, start: int, end: int) -> list[tuple[str, tuple[int, int]]]:
    """The kinds of evidence that stand from `start` to `end`, and where; a word belongs to the first row that has it."""
    named: list[tuple[str, tuple[int, int]]] = []
    for rows in (EVIDENCE, PLAIN_EVIDENCE):
        for name, words in rows:
            for found in words.finditer(text, start, end):
                if any(s < found.end() and found.start() < e for _name, (s, e) in named):
                    continue
                if not _is_place(text, found, start):
                    named.append((name, found.span()))
        if named:
            break
    return named


def _is_place(text: str, found: re.Match[str], start: int) -> bool:
    """Whether the page that is named is where the evidence goes."""
    if not _PAGE.search(found.group()):
        return False
    lead = _PLACE.search(text, max(start, found.start() - _PLACE_REACH), found.start())
    return bool(lead and _DONE_THERE.match(text, found.end()))


def _asking_stretches(passage: Passage, kind: Kind) -> list[tuple[int, int]]:
    """The sentences that ask for something, with the list of lines that may follow a colon."""
    stretches: list[tuple[int, int]] = []
    last_end = -1
    for clause in passage.clauses:
        if clause.sentence_start < last_end:
            continue
        sentence = passage.text[clause.sentence_start : clause.sentence_end]
        asks = _ASKED_FOR.search(sentence)
        if not asks or _WAY_IN.search(sentence):
            last_end = clause.sentence_end  # nor do its other clauses: they are not looked at again
            continue
        polarity = passage.polarity(clause.start, clause.start + 1, asks=True)
        if polarity is Polarity.CONDITIONAL and _IF_YOU_CAN.search(sentence):
            polarity = Polarity.PLAIN
        if kind is Kind.REMINDER and _STILL_OUT.search(sentence) and polarity is not Polarity.QUOTED:
            stretches.append((clause.sentence_start, clause.sentence_end))
            last_end = clause.sentence_end
            continue
        if kind not in (Kind.EVIDENCE_REQUEST, Kind.MERCHANT_REPLY) and (
            polarity is not Polarity.PLAIN or not _PLAINLY_ASKED.search(sentence)
        ):
            continue
        if kind is Kind.EVIDENCE_REQUEST and (
            polarity is Polarity.QUOTED or (polarity is Polarity.QUESTION and not _REQUESTED.search(sentence))
        ):
            continue
        start = clause.sentence_start
        again = _ASKED_AGAIN.search(sentence, asks.end())
        seen = _SEEN.search(sentence, 0, asks.start() + 4)
        if seen and again and _named(passage.text, start + again.start(), clause.sentence_end):
            start += again.start()  # 您11月19日提交的图片模糊，请重新上传发票
        elif seen and not again and not _PLAINLY_ASKED.search(sentence):
            if not (later := _ASKED_LATER.search(sentence, seen.end())):
                continue
            start += later.start()  # 您提交的内容不足以说明问题，期间可上传照片
        elif re.search(r"已(?:收到|提交|上传|提供)|无需|不需要|逾期", sentence[: asks.start() + 4]):
            if not again:
                continue
            start += again.start()  # 已上传的凭证不清晰，请重新上传照片
        end = clause.sentence_end
        if _FIRST_OF_LIST.search(sentence):  # 以下材料：1. 照片；2. 聊天记录。
            end = min((at for stop in "。\n" if (at := passage.text.find(stop, end)) > 0), default=len(passage.text))
        elif ":" in sentence[-40:]:
            end = _list_end(passage.text, end)
            if end == clause.sentence_end and passage.text[end : end + 1] == ";":  # 请提供:拒收证明;物流截图。
                end = min(
                    (at for stop in "。\n" if (at := passage.text.find(stop, end)) > 0), default=len(passage.text)
                )
        stretches.append((start, end))
        last_end = end
    return stretches


def _other_stretches(passage: Passage) -> list[tuple[int, int]]:
    """The clauses of a request for evidence that say nothing of what is there, or of what comes of having none.

    Where no sentence asks in words that are known, what they name is what is asked for: 只缺这一样：和客服的聊天截图.
    """
    quiet = (Polarity.NEGATED, Polarity.CONDITIONAL, Polarity.QUOTED, Polarity.SAID, Polarity.PAST)
    stretches = []
    for clause in passage.clauses:
        said = passage.text[clause.sentence_start : clause.end]
        if _THERE.search(said) or _WAY_IN.search(said):
            continue
        if passage.polarity(clause.start, clause.start + 1, asks=True) not in quiet:
            stretches.append((clause.start, clause.end))
    return stretches


def _list_end(text: str, place: int) -> int:
    """The end of the numbered or bulleted lines that follow a colon, the first maybe in the colon's own line."""
    item = re.compile(
        r"[ ]?[\n;]{1,2}[ ]{0,6}(?:[(（]?(?:[\d一二三四五六七八九十]{1,2}|[a-h甲乙丙丁戊己])[.、)）:]|[-—–*•●·・‧▪◆■→>★☆✦✓✔|+]{1,3}|[①-⑳])[^\n;。]{1,120}"
    )
    while found := item.match(text, place):
        place = found.end()
    return place
