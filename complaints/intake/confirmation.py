"""A mailbox asks whether it may forward to us: Gmail's exact mail, and the form that others share.

Looked for before anything else: such mails look like bulk mail and carry a code (docs/sources.md#forwards).
"""

from __future__ import annotations

import re

from complaints.intake.clauses import cut
from complaints.intake.shapes import Because, Confirmation, Notice, Where
from complaints.intake.trust import domain_of

_GMAIL_SENDER = "forwarding-noreply@google.com"
_GMAIL_SUBJECT = re.compile(
    r"\(?#(?P<code>\d{6,12})\)?|gmail forwarding confirmation|gmail\)? ?转发确认|转发确认|轉寄確認"
)
_GMAIL_LINK = re.compile(r"https://(?:mail-settings|mail)\.google\.com/mail/[A-Za-z0-9%_.~/?&=+\-\[\]]{4,500}")
_CODE = re.compile(
    r"(?:confirmation code|verification code|确认码|验证码|验证代码|确认代码|授权码|校验码)\s{0,3}(?:is|为|是)?\s{0,3}[:：]?\s{0,6}(?P<code>[0-9]{4,12}|[a-z0-9]{6,12})(?![a-z0-9])"
)
_ADDRESS = r"[A-Za-z0-9._%+'\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,6}[A-Za-z]{2,18}"
_ASKS = (
    re.compile(
        rf"({_ADDRESS})\s{{0,3}}(?:has requested to automatically forward|已?请求(?:将|自动)|要求将|希望将|申请将|想要?将|设置了?(?:自动)?转发)"
    ),
    re.compile(
        rf"(?:receive mail from|接收来自|来自|将|从|邮箱|帐号|账号|account)\s{{0,3}}[:：]?\s{{0,3}}[<“\"'【]?({_ADDRESS})"
    ),
)
# 转发 + 确认 in one short stretch, and it is about mail, not about forwarding a post or a prize.
_GENERAL = re.compile(
    r"(?:自动)?转发[^。\n]{0,24}(?:确认|验证|授权|激活)|(?:确认|验证|授权|激活)[^。\n]{0,24}(?:自动)?转发"
    r"|forward(?:ing)?[^.\n]{0,30}(?:confirm|verif|authori)|(?:confirm|verif|authori)[a-z]{0,8}[^.\n]{0,30}forward(?:ing)?"
)
_ABOUT_MAIL = re.compile(r"邮件|邮箱|来信|e-?mail|mailbox|mail")
_MAILBOX_SENDERS = re.compile(
    r"(?:^|\.)(?:qq\.com|163\.com|126\.com|yeah\.net|139\.com|sina\.(?:com|cn)|aliyun\.com|outlook\.com|hotmail\.com|microsoft\.com|google\.com|yahoo\.com|zoho\.com(?:\.cn)?|icloud\.com|foxmail\.com|netease\.com|tencent\.com|coremail\.cn|21cn\.com|189\.cn)$"
)
_LINK = re.compile(r"https?://[^\s<>\"'，。；、）)]{8,600}")
_LINK_WORDS = re.compile(r"confirm|verif|forward|activate|accept|vf-|auth|queren|zhuanfa", re.IGNORECASE)


def find_confirmation(notice: Notice) -> tuple[Confirmation, tuple[Because, ...]] | None:
    """What a mailbox's forwarding confirmation carries, and the words that show it to be one; None if it is none.

    Only the owner may see the result, on the set-up page. The link is never opened here.
    """
    if notice.depth or not _MAILBOX_SENDERS.search(domain_of(notice.from_address)):
        return None
    subject, body = cut(notice.subject, Where.SUBJECT), cut(notice.body, Where.BODY, 6000)
    gmail = notice.from_address.lower() == _GMAIL_SENDER
    if gmail and (said := _GMAIL_SUBJECT.search(subject.text)):
        code = said["code"] or _code(body.text)
        link = _GMAIL_LINK.search(notice.body) or _GMAIL_LINK.search(notice.html[:65_536])
        words = subject.folded.verbatim(*said.span())
        return (
            Confirmation(code, link.group() if link else None, _mailbox(notice, notice.subject + "\n" + notice.body)),
            (Because("kind", words, Where.SUBJECT),),
        )
    return _general(notice, subject.text, body.text)


def _general(notice: Notice, subject: str, body: str) -> tuple[Confirmation, tuple[Because, ...]] | None:
    """Any other provider's: forwarding is to be confirmed, and a code or a link does it."""
    found = _GENERAL.search(subject) or _GENERAL.search(body[:1500])
    if not found or not _ABOUT_MAIL.search(subject + body[:1500]):
        return None
    where = Where.SUBJECT if _GENERAL.search(subject) else Where.BODY
    code = _code(subject) or _code(body)
    link = next((url for url in _LINK.findall(notice.body) if _LINK_WORDS.search(url)), None)
    if not code and not link:
        return None
    source = cut(notice.subject if where is Where.SUBJECT else notice.body, where, 6000).folded
    words = source.verbatim(*found.span())
    confirmation = Confirmation(code, link, _mailbox(notice, notice.subject + "\n" + notice.body))
    return confirmation, (Because("kind", words, where),)


def _code(text: str) -> str | None:
    found = _CODE.search(text)
    return found["code"] if found and any(letter.isdigit() for letter in found["code"]) else None


def _mailbox(notice: Notice, text: str) -> str | None:
    """The mailbox that wants to forward; never the address that it forwards to."""
    ours = {address.lower() for address in notice.to}
    for pattern in _ASKS:
        for found in pattern.finditer(text[:8192]):
            address = found.group(1).lower()
            if address not in ours and address != notice.from_address:
                return address
    return None
