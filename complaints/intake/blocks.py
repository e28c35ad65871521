"""The header blocks that mail clients write above a forwarded or quoted mail, found in its visible text.

Line by line, by dictionaries of labels and separators (docs/sources.md#forwards); no pattern runs
over the whole text. A block is at least three kinds of label (发件人, 日期, 主题 …) close together, on
lines of their own, in table cells, or all on one flattened line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from complaints.intake.dates import find_moments
from complaints.intake.intros import EDGES, ENDS, next_said, reply_intro

MOST_LINES = 12  # a block is no longer, the lines of long recipient lists not counted
MOST_RECIPIENT_LINES = 80
MOST_SCANNED = 6_000  # lines in which blocks are looked for; no mail of a person is longer

# Labels by kind, a row for each language, with the blanks inside taken out (发 件 人), half-width and lower-case.
# fmt: off
_LABELS_BY_KIND = {
    "from": (
        "发件人 发信人 发送人 发件者 发自 寄件人 寄信人",
        "發件人 發信人 寄件者 寄信者 發送人",
        "from sender",
        "差出人 送信者 보낸사람 von de da van från fra от",
    ),
    "date": (
        "发送时间 发送日期 发件时间 发件日期 发信时间 发信日期 寄件时间 已发送 时间 日期 发件时刻",
        "發送時間 發送日期 發件時間 發件日期 發信時間 傳送時間 傳送日期 寄件時間 寄件日期 已傳送 時間",
        "date sent time sentat senttime sendtime datesent sentdate sendat senddate",
        "日時 送信日時 보낸날짜 날짜 gesendet datum envoyé fecha enviado data inviato verzonden skickat sendt дата отправлено",
    ),
    "to": ("收件人 收信人", "收件者 收信者", "to recipient recipients", "宛先 받는사람 an à para aan till til кому"),
    "cc": ("抄送 抄送人 抄送至", "副本 副本抄送", "cc", "참조 kopie копия"),
    "bcc": ("密送 密送人 密抄", "密件副本", "bcc"),
    "subject": (
        "主题 标题 邮件主题 邮件标题",
        "主旨 主題 標題 郵件主題 郵件標題",
        "subject title",
        "件名 제목 betreff objet asunto assunto oggetto onderwerp ämne emne тема",
    ),
    "reply_to": (
        "回复至 回复到 回复地址 回复给 答复至 回复-收件人", "回覆至 回覆給 回覆地址", "reply-to replyto", "返信先 回信先"
    ),
    # Told apart from the body, but of no use.
    "other": (
        "附件 重要性 优先级 组织 敏感度 敏感性 邮件大小 邮件编号",
        "組織 優先級 優先順序 敏感性",
        "attachments attachment importance priority organization sensitivity message-id",
    ),
}
# fmt: on
LABELS = {label: kind for kind, rows in _LABELS_BY_KIND.items() for row in rows for label in row.split()}
# How Chinese programs make their labels, for those that the table does not have.
_SHAPES = (
    ("from", re.compile("(?:邮件|郵件|信件|原)?(?:发|發|寄|来|來)(?:件|信|送|出)?(?:人|者|方|邮箱|郵箱|人邮箱)")),
    ("to", re.compile("(?:邮件|郵件)?(?:接收|收)(?:件|信|取)?(?:人|者|方|邮箱|郵箱|人邮箱)")),
    ("date", re.compile("(?:邮件|郵件|信件)?(?:发|發|寄|传|傳|收|来|來)(?:件|信|送|出)?的?(?:时间|日期|時間)")),
    ("subject", re.compile("(?:邮件|郵件|信件|原)?(?:主题|标题|主旨|主題|標題|题目|題目)")),
)
# Everyday words that are labels only before an address.
_WEAK_LABELS = {"自": "from", "由": "from", "至": "to", "回复": "reply_to", "回覆": "reply_to", "回信": "reply_to"}
_LONGEST_LABEL = 14


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words between dashes, blanks taken out.
_SEPARATORS = _words(
    "原始邮件 原始郵件 原邮件 原郵件 邮件原件 邮件原文 郵件原文 转发邮件信息 轉發郵件信息 转发邮件 转发的邮件 转发的消息"
    " 转发消息 转发信息 转发的信件 转发的原邮件 回复的原邮件 回复邮件 被转发的邮件 轉寄郵件 轉寄的郵件 轉寄訊息 轉寄的訊息"
    " 轉發的郵件 轉發郵件 original originalmessage originalmessages originalmail originalemail forwardedmessage"
    " forwardedmail forwardedemail forwardmessage forwardingmessages repliedmessage startofforwardedmessage"
)
# Words that need no dashes.
_PHRASES = _words(
    "下面是被转发的邮件 下面是转发的邮件 被转发的邮件 开始转发的邮件 开始转发邮件 開始轉寄郵件 開始轉寄的郵件 開始轉寄訊息"
    " 轉寄的郵件 轉寄的訊息 beginforwardedmessage thisisaforwardedmessage"
)
# In a line that begins with dashes and stands right above labels, any of these makes it the separator.
_ROOTS = re.compile("转发|轉發|轉寄|原始|原邮件|原郵件|原文|写道|寫道|forward|original|replied|wrote", re.IGNORECASE)
_END_MARK = re.compile(
    r"[>\s]{0,20}[-–—─=*8<]{3,60}\s{0,3}(?:(?:end|finish) of|end (?:original|forwarded)|转发(?:邮件|内容)?结束"
    r"|邮件结束|結束轉寄).{0,40}?[-–—─=*8<\s]{0,60}",
    re.IGNORECASE,
)
_LEAD_INS = ("以下是", "以下为", "以下為", "下面是", "下面为")
_DASHES = "-–—─﹣－_=~*>| \t\u00a0\u3000"
_AROUND = re.compile(r"^[\W_]{1,120}|[\W_]{1,120}$")  # around words that announce
_BULLET = re.compile(r"[^\w\"'“【\[<]{1,6}")  # in front of a label
_RULES = ("--", "––", "——", "──", "﹣﹣", "－－", "__", "==")  # two dashes or the like
_LONGEST_SEPARATOR = 160
_RULE = re.compile(r"[-–—─﹣－_=]{3,200}")
_PARTS_LABEL = re.compile("[:：﹕\t|]")
_BRACKETED = re.compile(r"[【\[]([^】\]:：]{1,14})[】\]](?:[ \u00a0]{0,3}[:：])?")
_LOOSE_LABEL = re.compile(r"(\S{1,14})[ \u00a0\u3000]{1,8}(?=\S)")
# A label glued to what comes before it begins with a capital: <a@b>To: …, a@b.comSent: …
_INLINE_LABEL = re.compile(
    r"(?:(?<![A-Z])(?:From|Date|Sent|To|Cc|Subject)|(?<![A-Za-z])(?i:from|date|sent|to|cc|subject)|"
    + "|".join(
        "[ \u3000]{0,2}".join(label)  # 发 件 人
        for label in sorted(LABELS, key=len, reverse=True)
        if "\u4e00" <= label[0] <= "\u9fff"
    )
    + r")\*?[ \u00a0\u3000]{0,3}[:：]"
)

_FORWARD = [
    "fw",
    "fwd",
    "转发",
    "轉寄",
    "轉發",
    "转",
    "轉",
    "转寄",
    "自动转发",
    "自動轉寄",
    "wg",
    "tr",
    "rv",
    "enc",
    "転送",
]
_REPLY = ["re", "回复", "回覆", "回復", "答复", "答覆", "回", "sv", "aw", "res", "返信"]
_PREFIX = re.compile(
    r"\s{0,8}(" + "|".join(sorted([*_FORWARD, *_REPLY], key=len, reverse=True)) + r")"
    r"\s{0,3}(?:[\[(（]\d{1,3}[\])）])?\s{0,3}[:：]\s{0,8}",
    re.IGNORECASE,
)
_MOST_PREFIXES = 20
_BRACKETED_PREFIX = re.compile(
    r"\s{0,8}\[\s{0,3}(fwd?|转发|轉寄)\s{0,3}[:：](.{0,2000})\]\s{0,8}", re.IGNORECASE | re.DOTALL
)


class Prefixes(NamedTuple):
    first: str  # "forward", "reply" or "": what the outermost prefix says was done
    rest: str  # the subject without the run of prefixes that ends with the last forward prefix


def read_prefixes(subject: str) -> Prefixes:
    """What 转发：/Fw:/回复：… in front of `subject` say; the original's own Re: stays with it."""
    if bracketed := _BRACKETED_PREFIX.fullmatch(subject):  # [Fwd: …]
        return Prefixes("forward", read_prefixes(f"Fwd:{bracketed[2]}").rest)
    place, rest_at, first = 0, 0, ""
    for _count in range(_MOST_PREFIXES):
        found = _PREFIX.match(subject, place)
        if found is None:
            break
        is_forward = found[1].lower() in _FORWARD
        first = first or ("forward" if is_forward else "reply")
        place = found.end()
        if is_forward:
            rest_at = place
    return Prefixes(first, subject[rest_at:].strip())


def is_reply(subject: str) -> bool:
    """Whether `subject` is what another mail was headed, answered with 回复： or Re: before it."""
    return read_prefixes(subject).first == "reply"


def bare_subject(subject: str) -> str:
    """`subject` without any prefix."""
    for _count in range(_MOST_PREFIXES):
        found = _PREFIX.match(subject)
        if found is None:
            break
        subject = subject[found.end() :]
    return subject.strip()


@dataclass(frozen=True, slots=True)
class Block:
    """A header block in lines of text."""

    first: int  # the line where the forward begins: its separator, if it has one
    end: int  # the line after the block
    fields: dict[str, str]  # kind of label: value as written
    is_marked: bool  # a separator with words stands above it
    rest: str = ""  # of a flattened line: what follows the block on it

    @property
    def is_strong(self) -> bool:
        """Sure enough to be a header block without a forward being announced."""
        return self.is_marked or ("from" in self.fields and "subject" in self.fields)


def _squash(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("*", "").lower()


def is_separator(line: str) -> bool:
    """A line of dashes with words: ------------------ 原始邮件 ------------------."""
    if len(line) > _LONGEST_SEPARATOR:
        return False
    words = _announcing_words(line)
    if words in _PHRASES:
        return True
    return words in _SEPARATORS and any(dash in line for dash in _RULES)


def _announcing_words(line: str) -> str:
    words = _squash(_AROUND.sub("", line))
    for lead_in in _LEAD_INS:
        words = words.removeprefix(lead_in).removesuffix("如下").removesuffix("内容")
    return words


_TWO_DASHES = re.compile("|".join(map(re.escape, _RULES)))
_BEHIND_WORDS = re.compile(
    r"(?<=[^\s>|*\-–—─﹣－_=~])\s{0,8}(?P<mark>[-–—─﹣－_=]{2,60}[^-–—─﹣－_=]{2,60}[-–—─﹣－_=]{2,60}\s{0,8})$"
)


def parted(lines: list[str]) -> list[str]:
    """`lines`, a forward that is flattened behind the sender's own words on a line of its own.

    看看 -------- 转发邮件信息 -------- 发件人：天猫 <a@b> 发送日期：… 主题：…
    """
    return [piece for line in lines for piece in (_parted(line) if _TWO_DASHES.search(line) else (line,))]


def _parted(line: str) -> tuple[str, ...]:
    first = _INLINE_LABEL.search(line[:20_000])
    above = line[max(0, first.start() - _LONGEST_SEPARATOR) : first.start()] if first else ""
    found = _BEHIND_WORDS.search(above)
    if (
        first is None
        or found is None
        or not is_separator(found["mark"])
        or _flattened(line[first.start() :], "") is None
    ):
        return (line,)
    at = first.start() - len(above) + found.start("mark")
    return line[:at].rstrip(), line[at:]


def _announces(line: str) -> bool:
    """Whether `line` announces the forward, if labels follow: dashes with any words of forwarding, or the words bare."""
    if is_separator(line):
        return True
    if len(line) > 160:
        return False
    bare = line.lstrip(" >\t|")
    if bare.startswith(("--", "––", "——", "──", "－－", "==", "**", "__")):
        return bool(_ROOTS.search(bare) and not _INLINE_LABEL.search(bare) and not _END_MARK.fullmatch(line))
    return _announcing_words(line) in _SEPARATORS


def ends_forward(line: str) -> bool:
    """----- End forwarded message -----: what stands below is the forwarder's again."""
    return len(line) <= 200 and _END_MARK.fullmatch(line) is not None


def _begins_with_separator(line: str) -> bool:
    """`----邮件原文----发件人：…`: the separator is glued to the labels."""
    mark = _INLINE_LABEL.search(line, 0, 200)
    return mark is not None and is_separator(line[: mark.start()])


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line.strip(EDGES)) is not None


class _Label(NamedTuple):
    kind: str
    value: str
    has_mark: bool  # a colon or the border of a cell


def _kind_of(label: str, value: str) -> str | None:
    said = _squash(label)
    if kind := LABELS.get(said):
        return kind
    if "@" in value and (kind := _WEAK_LABELS.get(said)):
        return kind
    return next((kind for kind, shape in _SHAPES if shape.fullmatch(said)), None) if len(said) <= 8 else None


def _label(line: str, *, is_loose: bool = False) -> _Label | None:
    """The label that begins `line`, and its value.

    is_loose  below a separator a blank is enough between them: 发件人 "名" <a@b>
    """
    bare = line[:2000].strip(ENDS).lstrip(EDGES)
    if bullet := _BULLET.match(bare):
        bare = bare[bullet.end() :]
    if bracketed := _BRACKETED.match(bare):
        kind = _kind_of(bracketed[1], bare)
        return _Label(kind, bare[bracketed.end() :].strip(ENDS), True) if kind else None
    mark = _PARTS_LABEL.search(bare, 0, 40)
    kind = _kind_of(bare[: mark.start()], bare) if mark else None
    if mark and kind:
        value = (bare if len(line) <= 2000 else line[line.find(bare[:40]) :].strip(ENDS))[mark.end() :]
        return _Label(kind, value.lstrip("：: \t*|\u00a0\u3000").rstrip(ENDS), True)
    if is_loose and (parted := _LOOSE_LABEL.match(bare)) and (kind := LABELS.get(_squash(parted[1]))):
        return _Label(kind, bare[parted.end() :], True)
    if mark is None and len(bare) <= _LONGEST_LABEL and (kind := LABELS.get(_squash(bare))):
        return _Label(kind, "", False)
    return None


def _in_cells(value: str) -> tuple[str, list[_Label]]:
    """The value up to the next label in the same row of a table, and the labels that follow with theirs."""
    if "\t" not in value:
        return _apart(value)
    cells = [cell for cell in value[:4000].split("\t") if cell.strip(EDGES)]
    first: list[str] = []
    labels: list[_Label] = []
    for cell in cells:
        kind = LABELS.get(_squash(cell.strip(EDGES + ":："))) if len(cell) <= _LONGEST_LABEL else None
        if kind:
            labels.append(_Label(kind, "", True))
        elif labels:
            labels[-1] = labels[-1]._replace(value=f"{labels[-1].value} {cell}".strip())
        else:
            first.append(cell)
    return (" ".join(first), labels) if labels else (value, [])


_WIDE_GAP = re.compile(r"(?<=\S)[ \u00a0\u3000]{2,40}(?=\S{1,14}?[ \u00a0\u3000]{0,3}[:：])")


def _apart(value: str) -> tuple[str, list[_Label]]:
    """The same for labels that only a wide gap parts: 发件人：天猫    日期：2026-11-08."""
    pieces = _WIDE_GAP.split(value[:4000]) if "  " in value else [value]
    labels = [_label(piece) for piece in pieces[1:]]
    told = [label for label in labels if label is not None]
    return (pieces[0], told) if told and len(told) == len(labels) else (value, [])


def _is_people(value: str) -> bool:
    return "@" in value or _goes_on(value)


def _goes_on(value: str) -> bool:
    return value.rstrip().endswith((";", ",", "；", "，"))


def _read(lines: list[str], start: int, *, is_loose: bool = False) -> tuple[dict[str, str], int]:
    """Fields and end of the run of labels that begins at line `start`."""
    fields: dict[str, str] = {}
    last, end, at, counted = _Label("", "", True), start, start, 0
    values_follow = False  # each value stands on a line below its label
    while at < len(lines) and counted < MOST_LINES + 8 and at - start < MOST_RECIPIENT_LINES:
        line = lines[at].strip(EDGES)
        found = _label(lines[at], is_loose=is_loose) if line else None
        touches = at == end  # no blank line above
        said = fields.get(last.kind, "")
        if found is not None and (found.kind not in fields or found.kind == "other" or not fields[found.kind]):
            value, beside = _in_cells(found.value)
            fields[found.kind] = value
            for label in beside:
                fields.setdefault(label.kind, label.value)
            last, end = beside[-1] if beside else found, at + 1
        elif not line:
            if at > end + 1:  # two blank lines end a block
                break
        elif found is not None or not last.kind:
            break
        elif not said and (touches or not last.has_mark) and (values_follow or _is_label_below(lines, at, fields)):
            fields[last.kind], end, values_follow = line, at + 1, True
        elif touches and last.kind == "from" and said.endswith("<") and "@" in line:  # wrapped inside the brackets
            fields[last.kind] += line
            end = at + 1
        elif touches and last.kind in ("to", "cc", "bcc") and _is_people(line) and (_goes_on(said) or "@" in line):
            fields[last.kind] += f" {line}"
            end, counted = at + 1, counted - 1
        elif touches and at + 1 < len(lines) and lines[at + 1].strip() and _is_label_below(lines, at, fields):
            fields[last.kind] += f" {line}"
            end = at + 1
        else:
            break
        at += 1
        counted += 1
    return fields, end


def _is_label_below(lines: list[str], at: int, fields: dict[str, str]) -> bool:
    """Whether the next line that says something is a label that the block does not have yet."""
    below = next_said(lines, at + 1)
    found = _label(lines[below]) if below < len(lines) else None
    return found is not None and found.kind not in fields


def _is_block(fields: dict[str, str], least: int) -> bool:
    return len(fields.keys() - {"other"}) >= least and ("from" in fields or "subject" in fields)


_PERSON = r"[^<>@;；\n]{0,60}<[^<>@\s]{1,100}@[^<>\s]{1,200}>|[\w.+-]{1,100}@[\w.-]{1,200}"
_PEOPLE = re.compile(rf"(?:{_PERSON})(?:\s{{0,3}}[;,；，]\s{{0,3}}(?:{_PERSON})){{0,40}}", re.ASCII)


def _flattened(line: str, subject: str) -> tuple[dict[str, str], str] | None:
    """Fields and rest of `line` if a whole block stands on it, as mailers and copying flatten it.

    subject   of the outer mail, without prefixes: where the block's own, being last, would end
    """
    marks = list(_INLINE_LABEL.finditer(line[:20_000]))
    above = line[: marks[0].start()] if marks else ""
    if len(marks) < 3 or (above.strip(EDGES + _DASHES) and not is_separator(above)):
        return None
    fields: dict[str, str] = {}
    taken = []
    for mark in marks:
        kind = LABELS[_squash(mark[0]).rstrip(":")]
        if kind in fields:
            break
        fields[kind] = ""
        taken.append((kind, mark))
    for number, (kind, mark) in enumerate(taken):
        stop = taken[number + 1][1].start() if number + 1 < len(taken) else len(line)
        fields[kind] = line[mark.end() : stop].strip(ENDS)
    if not _is_block(fields, 3) or "from" not in fields:
        return None
    last = taken[-1][0]
    value, rest = fields[last], ""
    if last == "subject" and subject and value.startswith(subject):
        value, rest = subject, value[len(subject) :]
    elif last == "date" and (moments := find_moments(value[:300])):
        value, rest = value[: moments[0].end], value[moments[0].end :]
    elif last in ("to", "cc") and (people := _PEOPLE.match(value)):
        value, rest = value[: people.end()], value[people.end() :]
    fields[last] = value
    return fields, rest.strip()


def find_block(lines: list[str], start: int = 0, subject: str = "", *, strong_only: bool = False) -> Block | None:
    """The first header block at or after line `start`, None if there is none. Linear.

    subject      the outer mail's, without prefixes: tells where a flattened block ends
    strong_only  only blocks that have a separator, or both a sender and a subject
    """
    skip_to = start
    for at in range(start, min(len(lines), start + MOST_SCANNED)):
        if at < skip_to or not lines[at].strip(EDGES):
            continue
        block = _block_at(lines, at, start, subject)
        if block is None:
            continue
        if block.is_strong or not strong_only:
            return block
        skip_to = block.end
    return None


def _block_at(lines: list[str], at: int, start: int, subject: str) -> Block | None:
    line = lines[at]
    is_marked = _announces(line)
    begin = at
    if is_marked:
        begin = next_said(lines, at + 1)
        if begin - at > 4 or begin >= len(lines):
            return None
    elif _label(line) is None and len(line) < 20:
        return None
    flat = _flattened(lines[begin], subject)
    if flat is not None:
        fields, rest = flat
        marked = is_marked or _begins_with_separator(lines[begin])
        return Block(at, begin + 1, fields, marked, rest)
    if _label(lines[begin], is_loose=is_marked) is None:
        return None
    fields, end = _read(lines, begin, is_loose=is_marked)
    if not _is_block(fields, 2 if is_marked else 3):
        return None
    first = at
    if not is_marked:
        above = at - 1
        while above >= start and not lines[above].strip(EDGES):
            above -= 1
        if above >= start and (_is_rule(lines[above]) or (at - above <= 2 and _announces(lines[above]))):
            first = above
    return Block(first, _past_rule(lines, end), fields, is_marked)


def _past_rule(lines: list[str], end: int) -> int:
    """The line after the rule, or the second separator, that some programs draw below the block too."""
    at = next_said(lines, end)
    if at >= min(len(lines), end + 3) or not (_is_rule(lines[at]) or is_separator(lines[at]) or _frames(lines[at])):
        return end
    below = next_said(lines, at + 1)
    has_labels = below < len(lines) and (_label(lines[below]) or _flattened(lines[below], ""))
    return end if has_labels else at + 1


def _frames(line: str) -> bool:
    return line.startswith(("===", "---")) and len(line) <= 160 and "original message text" in line.lower()


def find_bare_separator(lines: list[str]) -> int | None:
    """The first separator with words, for the forward that names nobody below it."""
    return next((at for at, line in enumerate(lines) if is_separator(line)), None)


def history_start(lines: list[str]) -> int:
    """The line where older, quoted history begins; the number of lines if there is none."""
    block = find_block(lines, strong_only=True)
    end = block.first if block else len(lines)
    for at in range(min(end, MOST_SCANNED)):
        if is_separator(lines[at]):
            return at
        intro = reply_intro(lines, at)
        if intro is not None:
            return intro
    return end
