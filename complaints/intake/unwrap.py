"""From the mail that reached us to what was inside: the notices, each with its own sender, date and subject.

Structure first (an attached original, the traces of a forwarding rule, the marks that clients leave in
HTML), then the text of the header block. Sources: docs/sources.md#forwards.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from complaints.intake.blocks import (
    Block,
    bare_subject,
    ends_forward,
    find_bare_separator,
    find_block,
    history_start,
    parted,
    read_prefixes,
)
from complaints.intake.decode import Person, count_senders, decode_words, read_people, read_sender
from complaints.intake.intros import find_intro
from complaints.intake.opening import open_mail, with_opened
from complaints.intake.shapes import How, Mail, Notice
from complaints.intake.stamps import read_stamp
from complaints.intake.visible import shallow

DEEPEST = 3  # forwards of forwards, and mails inside mails
MOST_ORIGINALS = 20  # attached to one mail

_SIGNATURE = re.compile(
    r"(?:发自|發自)(?:我的)?.{0,24}"
    r"|(?:从|從)我的.{1,20}(?:发送|傳送|寄出|发出)"
    r"|(?:发送|發送|傳送|寄)自.{1,30}"
    r"|来自(?:我的)?.{0,10}(?:手机|邮箱|iPhone|iPad|Android|QQ|网易).{0,16}"
    r"|(?:获取|下载|取得).{0,16}Outlook.{0,40}"
    r"|(?:Sent from|Sent with|Sent via|Get Outlook for).{1,60}"
    r"|签名由.{1,20}定制",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 90
_WIDE_QUOTES = re.compile(r"^[ >＞]{1,60}", re.MULTILINE)
_EDGES = " \t>*|\u00a0\u3000"

# What a client leaves behind: in the headers of the mail that it sends …
_MAILERS = (
    ("foxmail", "foxmail"),
    ("exmail", "wecom"),
    ("wxwork", "wecom"),
    ("wework", "wecom"),
    ("qqmail", "qq_mail"),
    ("163com", "netease"),
    ("126com", "netease"),
    ("mailmaster", "netease_master"),
    ("netease", "netease"),
    ("coremail", "coremail"),
    ("richmail", "mail_139"),
    ("alimail", "alimail"),
    ("zimbra", "zimbra"),
    ("sina", "sina"),
    ("apple mail", "apple_mail"),
    ("iphone mail", "apple_mail"),
    ("ipad mail", "apple_mail"),
    ("microsoft outlook", "outlook"),
    ("thunderbird", "thunderbird"),
    ("roundcube", "roundcube"),
    ("yahoo", "yahoo"),
    ("ykyl", "kylin"),
    ("kylin", "kylin"),
)
_NETEASE = re.compile(r"@(?:vip\.)?(?:163|126|188|yeah)\.(?:com|net)\b", re.IGNORECASE)
# … and in the HTML of the forward.
_HTML_MARKS = (
    ("ntes-mailmaster", "netease_master"),
    ("divneteasemailcard", "netease"),
    ("isforwardcontent", "netease"),
    ("gmail_attr", "gmail"),
    ("gmail_sendername", "gmail"),
    ("gmail_quote", "gmail"),
    ("moz-email-headers-table", "thunderbird"),
    ("moz-forward-container", "thunderbird"),
    ("divrplyfwdmsg", "outlook_web"),
    ("appendonsend", "outlook_web"),
    ("referencesquote", "coremail"),
    ("referencequote", "coremail"),
    ("rc_senttime", "coremail"),
    ("__aliyun", "alimail"),
    ("apple-interchange-newline", "apple_mail"),
    ("applemailsignature", "apple_mail"),
    ("yahoo_quoted", "yahoo"),
    ("zwchr", "zimbra"),
    ("forwardbody", "roundcube"),
    ("font-family: arial narrow;padding:2px 0 2px 0", "qq_mail"),
    ("font-family:arial narrow;padding:2px 0 2px 0", "qq_mail"),
    ("qmbox", "qq_mail"),
    ('background: #efefef"><div><b>发件人：', "foxmail"),
    ("border-top:solid #e1e1e1 1.0pt", "outlook"),
    ("border-top:solid #b5c4df 1.0pt", "outlook"),
)
# … and in its text.
_TEXT_MARKS = (
    ("转发邮件信息", "netease"),
    ("邮件原文", "mail_139"),
    ("邮件原件", "outlook"),
    ("下面是被转发的邮件", "apple_mail"),
    ("開始轉寄", "apple_mail"),
    ("Begin forwarded message", "apple_mail"),
    ("---------- Forwarded message", "gmail"),
    ("---------- 转发的邮件", "gmail"),
    ("---------- 轉寄郵件", "gmail"),
    ("-------- Forwarded Message", "thunderbird"),
    ("-------- 转发的消息", "thunderbird"),
    ("------------------ 原始邮件", "qq_mail"),
    ("------------------ Original", "qq_mail"),
    ("---- 转发的", "netease_master"),
    ("---- Forwarded Message", "netease_master"),
    ("-----原始邮件-----", "coremail"),
    ("-----Original Message-----", "outlook"),
    ("发 件 人", "alimail"),
    ("_" * 32, "outlook_web"),
)


# --- small things ----------------------------------------------------------------------------------------


def _client(mail: Mail) -> str:
    """The client that forwarded `mail`, "other" if nothing tells."""
    for name in ("X-Mailer", "User-Agent", "X-QQ-MIME", "X-RICHINFO", "X-Originating-Client"):
        said = f"{name}: {mail.header(name)}".lower() if mail.header(name) else ""
        if said.startswith("x-qq-mime"):
            return "qq_mail"
        if said.startswith("x-richinfo"):
            return "mail_139"
        for mark, client in _MAILERS:
            if mark in said:
                return "netease" if client == "coremail" and _from_netease(mail) else client
    lowered = mail.html[:200_000].lower()
    marked = [(place, client) for mark, client in _HTML_MARKS if (place := lowered.find(mark)) >= 0]
    if marked:
        return min(marked)[1]
    top = mail.text[:20_000]
    return next((client for mark, client in _TEXT_MARKS if mark in top), "other")


def _from_netease(mail: Mail) -> bool:
    """Whether `mail` came from a mailbox of NetEase, whose webmail calls itself Coremail in X-Mailer."""
    return bool(_NETEASE.search(mail.header("From"))) or "转发邮件信息" in mail.text[:20_000]


def _without_tail(lines: list[str]) -> list[str]:
    """`lines` without blank ends and without the signature that a phone or client adds."""
    kept = list(lines)
    for at, line in enumerate(kept):
        if line.rstrip(" ") == "--" and at >= len(kept) - 12:
            kept = kept[:at]
            break
    while kept:
        last = kept[-1].strip(_EDGES)
        if last and not (len(last) <= _LONGEST_SIGNATURE and _SIGNATURE.fullmatch(last)):
            break
        kept.pop()
    while kept and not kept[0].strip(_EDGES):
        kept.pop(0)
    return kept


def _unquoted(lines: list[str]) -> list[str]:
    """`lines` without the levels of `>` that all of them share."""
    for _level in range(5):
        said = [line for line in lines if line.strip()]
        if not said or not all(line.lstrip(" ").startswith(">") for line in said):
            break
        lines = [line.lstrip(" ").removeprefix(">").removeprefix(" ") for line in lines]
    return lines


def _lines(text: str) -> list[str]:
    """The lines of `text`, with one kind of quote mark."""
    if "＞" in text:
        text = _WIDE_QUOTES.sub(lambda found: found[0].replace("＞", ">"), text)
    return parted(text.split("\n"))


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _newest(lines: list[str]) -> str:
    """The text of `lines` down to where older history begins, without its tail."""
    return _joined(_without_tail(_unquoted(lines[: history_start(lines)])))


def _squashed(text: str) -> str:
    return "".join(text.split())


# --- inline ----------------------------------------------------------------------------------------------


def _sender(block: Block, mail: Mail) -> Person:
    """Who the block says wrote it. Where only a name stands, the address is the one its link leads to."""
    value = html.unescape(block.fields.get("from", ""))
    sender = read_sender(value)
    if "<" not in value and mail.html and (linked := _linked_address(mail.html, value.strip())):
        return Person("" if linked == sender.address else value.strip(), linked)
    return sender


def _linked_address(page: str, name: str) -> str:
    """The address behind a name: Foxmail writes names, and the addresses only into their links."""
    for link in LexborHTMLParser(shallow(page).html).css('a[href^="mailto:"]')[:50]:
        if link.text(deep=True).strip() == name:
            people = read_people((link.attributes.get("href") or "").removeprefix("mailto:").partition("?")[0])
            if people:
                return people[0].address
    return ""


def _who(value: str) -> tuple[str, ...]:
    return tuple(person.address or person.name for person in read_people(value))


class _Place(NamedTuple):
    """A block, the lines it stands in, and how deep it is."""

    block: Block
    lines: list[str]
    depth: int
    note: str


def _descended(mail: Mail, place: _Place) -> _Place:
    """The block of the newest notice: a forward of a forward is followed inward.

    The first level is the notice, unless its sender forwarded it: the outer sender themself, or somebody
    who put no words of their own above the next block, or under a subject that says it was forwarded.
    """
    while place.depth < DEEPEST:
        block = place.block
        below = [block.rest, *place.lines[block.end :]] if block.rest else place.lines[block.end :]
        inner = find_block(below, strong_only=True)
        if inner is None:
            break
        own = _joined(_without_tail(_unquoted(below[: inner.first])))
        sender = _sender(block, mail)
        is_own = bool(sender.address) and sender.address == mail.from_address
        is_own = is_own or (not sender.address and bool(sender.name) and sender.name == mail.from_name)
        if own and not is_own and read_prefixes(block.fields.get("subject", "")).first != "forward":
            break
        note = "\n".join(words for words in (place.note, own) if words)
        place = _Place(inner, below, place.depth + 1, note)
    return place


def _whole_subject(block: Block, lines: list[str], outer: str) -> tuple[str, int]:
    """The block's subject and where the body begins: a long subject may go on in the line below."""
    subject = decode_words(block.fields.get("subject", ""))
    if not subject:
        return outer, block.end
    if block.end < len(lines) and _squashed(outer) != _squashed(subject):
        longer = subject + lines[block.end].strip(_EDGES)
        if _squashed(outer) == _squashed(longer):
            return outer, block.end + 1
    return subject, block.end


def _inline(mail: Mail) -> Notice | None:
    """The notice that stands in the text of `mail` below a header block, None if `mail` is no forward."""
    prefixes = read_prefixes(mail.subject)
    if prefixes.first == "reply":
        prefixes = prefixes._replace(rest=bare_subject(prefixes.rest))  # whoever passes it on answered, not the notice
    lines = _lines(mail.text)
    is_announced = prefixes.first == "forward" or mail.is_text
    block = find_block(lines, subject=prefixes.rest, strong_only=not is_announced)
    if block is None and prefixes.first == "forward":
        block = _intro_block(lines)
    if block is None:
        return _unnamed(mail, lines, prefixes.rest) if prefixes.first == "forward" else None
    note = _joined(_without_tail(lines[: block.first]))
    if prefixes.first == "reply" and note:
        return None  # the notice is only quoted below the sender's own words
    place = _descended(mail, _Place(block, lines, 1, note))
    block, lines = place.block, place.lines
    outer_subject = prefixes.rest if place.depth == 1 and not mail.is_text else ""
    subject, body_at = _whole_subject(block, lines, outer_subject)
    sender = _sender(block, mail)
    body_lines, below = _parted_at_end([block.rest, *lines[body_at:]] if block.rest else lines[body_at:])
    return Notice(
        how=How.PASTED if mail.is_text else How.INLINE,
        client=_client(mail),
        depth=place.depth,
        note="\n".join(words for words in (place.note, _joined(_without_tail(below))) if words),
        from_name=sender.name,
        from_address=sender.address,
        to=_who(block.fields.get("to", "")),
        cc=_who(block.fields.get("cc", "")),
        subject=subject,
        date=read_stamp(block.fields.get("date", ""), mail.date),
        body=_newest(body_lines),
        html=mail.html,
        attachments=_file_names(mail),
    )


def _intro_block(lines: list[str]) -> Block | None:
    """A forward sent with the reply button: all its header is 在 …，… 写道："""
    intro = find_intro(lines)
    if intro is None:
        return None
    return Block(intro.first, intro.end, {"from": intro.sender, "date": intro.date}, is_marked=True)


def _parted_at_end(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of the notice, and what the forwarder wrote below the line that says where it ends."""
    at = next((at for at, line in enumerate(lines) if ends_forward(line)), len(lines))
    return lines[:at], lines[at + 1 :]


def _unnamed(mail: Mail, lines: list[str], subject: str) -> Notice | None:
    """A forward whose separator names nobody: all that is known is the subject and the text."""
    at = find_bare_separator(lines)
    if at is None:
        return None
    return Notice(
        how=How.INLINE,
        client=_client(mail),
        depth=1,
        note=_joined(_without_tail(lines[:at])),
        from_name="",
        from_address="",
        to=(),
        cc=(),
        subject=subject,
        date=None,
        body=_newest(lines[at + 1 :]),
        html=mail.html,
        attachments=_file_names(mail),
    )


# --- attached, automatic, direct -------------------------------------------------------------------------


def _file_names(mail: Mail) -> tuple[str, ...]:
    return tuple(part.name for part in mail.attachments if part.name and not part.is_mail)


def _is_report(mail: Mail) -> bool:
    """A bounce or receipt carries the mail that it is about, which nobody forwarded."""
    return mail.header("Content-Type").strip().lower().startswith("multipart/report")


def _attached(mail: Mail, deeper: Callable[[bytes], Mail], level: int) -> list[Notice]:
    """The notices in the originals attached to `mail`, each with its own headers."""
    originals = [part for part in mail.attachments if part.is_mail]
    if not originals or _is_report(mail) or level >= DEEPEST:
        return []
    lines = parted(mail.text.split("\n"))
    note = _joined(_without_tail(lines[: history_start(lines)]))
    found: list[Notice] = []
    for part in originals[:MOST_ORIGINALS]:
        inner = with_opened(part.mail) if part.mail else deeper(part.raw)
        if inner.is_text:
            continue
        for notice in _notices(inner, deeper, level + 1):
            is_original = notice.how in (How.DIRECT, How.AUTO)
            found.append(
                replace(
                    notice,
                    how=How.ATTACHED if is_original else notice.how,
                    client=_client(mail) if is_original else notice.client,
                    depth=1 if is_original else notice.depth + 1,
                    note="\n".join(words for words in (note, notice.note) if words),
                    warnings=tuple(dict.fromkeys((*notice.warnings, *inner.warnings))),
                )
            )
    return found


def _is_auto(mail: Mail) -> bool:
    """Whether a rule of some mailbox forwarded `mail`, headers kept."""
    names = {name.lower() for name, _value in mail.headers}
    if names & {"resent-from", "resent-to", "x-forwarded-for", "x-forwarded-to"}:
        return True
    # A mail server writes this into every mail; it tells something where the mail was addressed elsewhere.
    delivered = {value.strip().lower() for name, value in mail.headers if name.lower() == "delivered-to"}
    if mail.to and delivered - {*mail.to, *mail.cc}:
        return True
    if any(name.startswith(("x-autoforward", "x-auto-forward", "x-ms-exchange-inbox-rules")) for name in names):
        return True
    if "x-forwarded-message-id" in names:
        return True
    passed_qq = any(name.startswith("x-qq-") for name in names)  # its own users' mails carry these too
    return passed_qq and not mail.from_address.endswith(("@qq.com", ".qq.com", "@foxmail.com"))


def _rule_client(mail: Mail) -> str | None:
    """The mailbox service whose rule forwarded `mail`, None if it left no name."""
    names = {name.lower() for name, _value in mail.headers}
    if any(name.startswith("x-qq-") for name in names):
        return "qq_mail"
    if "x-gm-message-state" in names or "x-google-dkim-signature" in names or "x-forwarded-to" in names:
        return "gmail"
    return "outlook_web" if "x-ms-exchange-inbox-rules-loop" in names else None


def _itself(mail: Mail) -> Notice:
    """`mail` as the notice: nobody wrapped it."""
    is_auto = not mail.is_text and _is_auto(mail)
    body = mail.text.strip("\n") if mail.is_text else _newest(parted(mail.text.split("\n")))
    return Notice(
        how=How.PASTED if mail.is_text else How.AUTO if is_auto else How.DIRECT,
        client=_rule_client(mail) if is_auto else None,
        depth=1 if is_auto else 0,
        note="",
        from_name=mail.from_name,
        from_address=mail.from_address,
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        date=mail.date,
        body=body or _joined(_without_tail(_unquoted(mail.text.split("\n")))),
        html=mail.html,
        headers=mail.headers,
        attachments=_file_names(mail),
        seals=mail.seals,
        from_count=count_senders(mail.headers),
    )


def _notices(mail: Mail, deeper: Callable[[bytes], Mail], level: int) -> list[Notice]:
    attached = _attached(mail, deeper, level)
    inline = None if _is_report(mail) else _inline(mail)
    if attached:
        said = {_squashed(notice.subject) for notice in attached}
        if inline is not None and _squashed(inline.subject) not in said:
            attached.append(inline)
        return attached
    return [inline or _itself(mail)]


def unwrap(mail: Mail, deeper: Callable[[bytes], Mail] = open_mail) -> tuple[Notice, ...]:
    """What was inside `mail`: at least one notice, the one that the mail is about first.

    deeper   how the bytes of an attached original are decoded

    An attached original is a notice each. A forward in the text gives the newest block that is not just
    another forward; what stands above it is the note, older history below is cut off. A reply with the
    notice quoted under the sender's own words is no forward. Whatever else is the notice itself: `auto`
    where a mailbox's rule left its traces, `pasted`, or `direct`.
    """
    return tuple(_notices(mail, deeper, 0))
