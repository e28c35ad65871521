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

MOST_LINES = 12  # a block is no longer, the lines of long recipient lists not counted
MOST_RECIPIENT_LINES = 80
MOST_SCANNED = 6_000  # lines in which blocks are looked for; no mail of a person is longer

# Labels with the blanks inside taken out (发 件 人), half-width and lower-case.
_LABELS_BY_KIND = {
    "from": "发件人 发信人 寄件人 寄件者 發件人 發信人 发送人 发自 from",
    "date": "发送时间 发送日期 发件时间 发件日期 时间 日期 已发送 寄件日期 已傳送 發送時間 傳送日期 寄件時間 時間"
    " date sent",
    "to": "收件人 收信人 收件者 to",
    "cc": "抄送 抄送人 副本 cc",
    "bcc": "密送 密件副本 bcc",
    "subject": "主题 标题 主旨 主題 標題 邮件主题 郵件主題 subject",
    "reply_to": "回复至 回复地址 回覆至 reply-to replyto",
    "other": "附件 重要性 优先级 組織 组织 attachments importance priority organization",  # told apart from the body
}
LABELS = {label: kind for kind, labels in _LABELS_BY_KIND.items() for label in labels.split()}
_LONGEST_LABEL = 14


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words between dashes, blanks taken out.
_SEPARATORS = _words(
    "原始邮件 原始郵件 原邮件 邮件原件 邮件原文 转发邮件信息 转发邮件 转发的邮件 转发的消息 转发消息 转发的原邮件"
    " 回复的原邮件 回复邮件 轉寄郵件 轉寄的郵件 轉寄訊息 轉發的郵件 original originalmessage originalmail originalemail"
    " forwardedmessage forwardedmail forwardmessage repliedmessage"
)
# Words that need no dashes.
_PHRASES = _words("下面是被转发的邮件 开始转发的邮件 開始轉寄郵件 開始轉寄的郵件 beginforwardedmessage")
_DASHES = "-–—─﹣－_=~*> \t\u00a0\u3000"
_RULE = re.compile(r"[-–—─﹣－_=]{3,200}")
_EDGES = "> \t*|\u00a0\u3000\u200b\ufeff"
_ENDS = " \t*|\u00a0\u3000\u200b\ufeff"
_PARTS_LABEL = re.compile("[:：﹕\t|]")
_INLINE_LABEL = re.compile(
    r"(?:(?<![A-Za-z])(?:from|date|sent|to|cc|subject)|"
    + "|".join(sorted((label for label in LABELS if not label.isascii()), key=len, reverse=True))
    + r")[ \u00a0\u3000]{0,3}[:：]",
    re.IGNORECASE,
)
_WROTE = ("写道:", "写道：", "写道", "寫道:", "寫道：", "寫道", "wrote:", "来信：", "來信：")

_FORWARD = ["fw", "fwd", "转发", "轉寄", "轉發", "转", "自动转发", "自動轉寄", "wg", "tr"]
_REPLY = ["re", "回复", "回覆", "答复", "答覆", "回", "sv", "aw"]
_PREFIX = re.compile(
    r"\s{0,8}(" + "|".join(sorted([*_FORWARD, *_REPLY], key=len, reverse=True)) + r")"
    r"\s{0,3}(?:[\[(（]\d{1,3}[\])）])?\s{0,3}[:：]\s{0,8}",
    re.IGNORECASE,
)
_MOST_PREFIXES = 20


class Prefixes(NamedTuple):
    first: str  # "forward", "reply" or "": what the outermost prefix says was done
    rest: str  # the subject without the run of prefixes that ends with the last forward prefix


def read_prefixes(subject: str) -> Prefixes:
    """What 转发：/Fw:/回复：… in front of `subject` say; the original's own Re: stays with it."""
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
    if len(line) > 160:
        return False
    words = _squash(line.strip(_DASHES).removeprefix("以下是")).rstrip(":")
    if words in _PHRASES:
        return True
    return words in _SEPARATORS and any(dash in line for dash in ("--", "––", "——", "──", "﹣﹣", "－－", "__", "=="))


def _begins_with_separator(line: str) -> bool:
    """`----邮件原文----发件人：…`: the separator is glued to the labels."""
    mark = _INLINE_LABEL.search(line, 0, 200)
    return mark is not None and is_separator(line[: mark.start()])


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line.strip(_EDGES)) is not None


def _next_said(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip(_EDGES):
        at += 1
    return at


def _reply_intro(lines: list[str], at: int) -> int | None:
    """Where `2026年11月8日 18:30，某某 <a@b> 写道：` or `On … wrote:` begins, if line `at` ends one.

    It names an address or stands above quoted lines; 商家于11月9日写道： in a notice does neither.
    """
    if not lines[at].rstrip(_ENDS).endswith(_WROTE):
        return None
    below = _next_said(lines, at + 1)
    is_quoting = below < len(lines) and lines[below].lstrip(" ").startswith(">")
    for first in (at, at - 1):  # clients wrap it
        if first >= 0:
            said = " ".join(lines[first : at + 1])[-400:]
            if "@" in said or (is_quoting and any(moment.day is not None for moment in find_moments(said))):
                return first
    return None


class _Label(NamedTuple):
    kind: str
    value: str
    has_mark: bool  # a colon or the border of a cell


def _label(line: str) -> _Label | None:
    """The label that begins `line`, and its value."""
    bare = line[:2000].strip(_ENDS).lstrip(_EDGES)
    mark = _PARTS_LABEL.search(bare, 0, 40)
    if mark is None:
        kind = LABELS.get(_squash(bare)) if len(bare) <= _LONGEST_LABEL else None
        return _Label(kind, "", False) if kind else None
    kind = LABELS.get(_squash(bare[: mark.start()]))
    if kind is None:
        return None
    value = line.strip(_ENDS).lstrip(_EDGES)[mark.end() :]
    return _Label(kind, value.lstrip("：: \t*|\u00a0\u3000").rstrip(_ENDS), True)


def _is_people(value: str) -> bool:
    return "@" in value or value.rstrip().endswith((";", ",", "；", "，"))


def _read(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """Fields and end of the run of labels that begins at line `start`."""
    fields: dict[str, str] = {}
    last, end, at, counted = _Label("", "", True), start, start, 0
    values_follow = False  # each value stands on a line below its label
    while at < len(lines) and counted < MOST_LINES + 8 and at - start < MOST_RECIPIENT_LINES:
        line = lines[at].strip(_EDGES)
        found = _label(lines[at]) if line else None
        touches = at == end  # no blank line above
        said = fields.get(last.kind, "")
        if found is not None and (found.kind not in fields or found.kind == "other" or not fields[found.kind]):
            fields[found.kind] = found.value
            last, end = found, at + 1
        elif not line:
            if at > end + 1:  # two blank lines end a block
                break
        elif found is not None or not last.kind:
            break
        elif not said and (touches or not last.has_mark) and (values_follow or _is_label_below(lines, at, fields)):
            fields[last.kind], end, values_follow = line, at + 1, True
        elif touches and last.kind in ("to", "cc", "bcc") and _is_people(said) and _is_people(line):
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
    below = _next_said(lines, at + 1)
    found = _label(lines[below]) if below < len(lines) else None
    return found is not None and found.kind not in fields


def _is_block(fields: dict[str, str], least: int) -> bool:
    return len(fields.keys() - {"other"}) >= least and ("from" in fields or "subject" in fields)


def _flattened(line: str, subject: str) -> tuple[dict[str, str], str] | None:
    """Fields and rest of `line` if a whole block stands on it, as mailers and copying flatten it.

    subject   of the outer mail, without prefixes: where the block's own, being last, would end
    """
    marks = list(_INLINE_LABEL.finditer(line[:20_000]))
    above = line[: marks[0].start()] if marks else ""
    if len(marks) < 3 or (above.strip(_EDGES + _DASHES) and not is_separator(above)):
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
        fields[kind] = line[mark.end() : stop].strip(_ENDS)
    if not _is_block(fields, 3) or "from" not in fields:
        return None
    last = taken[-1][0]
    value, rest = fields[last], ""
    if last == "subject" and subject and value.startswith(subject):
        value, rest = subject, value[len(subject) :]
    elif last == "date" and (moments := find_moments(value[:300])):
        value, rest = value[: moments[0].end], value[moments[0].end :]
    fields[last] = value
    return fields, rest.strip()


def find_block(lines: list[str], start: int = 0, subject: str = "", *, strong_only: bool = False) -> Block | None:
    """The first header block at or after line `start`, None if there is none. Linear.

    subject      the outer mail's, without prefixes: tells where a flattened block ends
    strong_only  only blocks that have a separator, or both a sender and a subject
    """
    skip_to = start
    for at in range(start, min(len(lines), start + MOST_SCANNED)):
        if at < skip_to or not lines[at].strip(_EDGES):
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
    is_marked = is_separator(line)
    begin = at
    if is_marked:
        begin = _next_said(lines, at + 1)
        if begin - at > 4 or begin >= len(lines):
            return None
    elif _label(line) is None and len(line) < 20:
        return None
    flat = _flattened(lines[begin], subject)
    if flat is not None:
        fields, rest = flat
        marked = is_marked or _begins_with_separator(lines[begin])
        return Block(at, begin + 1, fields, marked, rest)
    if _label(lines[begin]) is None:
        return None
    fields, end = _read(lines, begin)
    if not _is_block(fields, 2 if is_marked else 3):
        return None
    first = at
    if not is_marked:
        above = at - 1
        while above >= start and not lines[above].strip(_EDGES):
            above -= 1
        if above >= start and _is_rule(lines[above]):
            first = above
    return Block(first, end, fields, is_marked)


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
        intro = _reply_intro(lines, at)
        if intro is not None:
            return intro
    return end
