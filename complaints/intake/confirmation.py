"""A mailbox asks whether it may forward to us: Gmail's exact mail, and the form that others share.

Looked for before anything else: such mails look like bulk mail and carry a code (docs/sources.md#forwards).
"""

from __future__ import annotations

import re
import unicodedata

from complaints.intake.clauses import Passage, cut
from complaints.intake.shapes import Because, Confirmation, Notice, Where
from complaints.intake.trust import domain_of

_GMAIL_SENDER = "forwarding-noreply@google.com"
_GMAIL_SUBJECT = re.compile(
    r"\(?#(?P<code>\d{6,12})\)?|gmail forwarding confirmation|gmail\)? ?转发确认|转发确认|转寄确认|轉寄確認"
)
_GMAIL_LINK = re.compile(r"https://(?:mail-settings|mail)\.google\.com/mail/[A-Za-z0-9%_.~/?&=+\-\[\]]{4,500}")
_CODE = re.compile(
    r"(?:confirmation code|verification code|this code|确认码|验证码|验证代码|确认代码|授权码|校验码|此代码|以下代码)(?: to [a-z ]{3,24})?\s{0,3}(?:is|为|是)?\s{0,3}[:：]?\s{0,6}(?P<code>[0-9]{4,12}|[a-z0-9]{6,12})(?![a-z0-9])"
)
_ADDRESS = r"[A-Za-z0-9._%+'\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,6}[A-Za-z]{2,18}"
_ANY_ADDRESS = re.compile(_ADDRESS)
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
    r"(?:自动)?转[发寄][^。\n]{0,24}(?:确认|验证|授权|激活)|(?:确认|验证|授权|激活)[^。\n]{0,24}(?:自动)?转[发寄]"
    r"|forward(?:ing)?[^.\n]{0,30}(?:confirm|verif|authori)|(?:confirm|verif|authori)[a-z]{0,8}[^.\n]{0,30}forward(?:ing)?"
)
_ABOUT_MAIL = re.compile(r"邮件|邮箱|来信|e-?mail|mailbox|mail")
_MAILBOX_SENDERS = re.compile(
    r"(?:^|\.)(?:qq\.com|163\.com|126\.com|yeah\.net|139\.com|sina\.(?:com|cn)|aliyun\.com|outlook\.com|hotmail\.com|microsoft\.com|google\.com|yahoo\.com|zoho\.com(?:\.cn)?|icloud\.com|apple\.com|10086\.cn|foxmail\.com|netease\.com|tencent\.com|coremail\.cn|21cn\.com|189\.cn)$"
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
        code = said["code"] or _code(body)
        link = _GMAIL_LINK.search(notice.body) or _GMAIL_LINK.search(notice.html[:65_536])
        words = subject.folded.verbatim(*said.span())
        return (
            Confirmation(code, link.group() if link else None, _mailbox(notice)),
            (Because("kind", words, Where.SUBJECT),),
        )
    return _general(notice, subject, body)


def _general(notice: Notice, subject: Passage, body: Passage) -> tuple[Confirmation, tuple[Because, ...]] | None:
    """Any other provider's: forwarding is to be confirmed, and a code or a link does it."""
    where, source = Where.SUBJECT, subject
    found = _GENERAL.search(subject.text)
    if not found:
        where, source = Where.BODY, body
        found = _GENERAL.search(body.text, 0, 1500)
    if not found or not _ABOUT_MAIL.search(subject.text + body.text[:1500]):
        return None
    code = _code(subject) or _code(body)
    link = next((url for url in _LINK.findall(notice.body) if _LINK_WORDS.search(url)), None)
    if not code and not link:
        return None
    words = source.folded.verbatim(*found.span())
    confirmation = Confirmation(code, link, _mailbox(notice))
    return confirmation, (Because("kind", words, where),)


def _code(passage: Passage) -> str | None:
    """The code as it is written, capitals and all, its digits in the usual width."""
    found = _CODE.search(passage.text)
    if not found or not any(letter.isdigit() for letter in found["code"]):
        return None
    return unicodedata.normalize("NFKC", passage.folded.verbatim(*found.span("code")))


def _mailbox(notice: Notice) -> str | None:
    """The mailbox that wants to forward; never the address that it forwards to."""
    text = f"{notice.subject}\n{notice.body}"
    ours = {address.lower() for address in notice.to}
    for pattern in _ASKS:
        for found in pattern.finditer(text[:8192]):
            address = found.group(1).lower()
            if address not in ours and address != notice.from_address:
                return address
    named = {address.lower() for address in _ANY_ADDRESS.findall(text[:8192])} - ours - {notice.from_address}
    return named.pop() if len(named) == 1 and ours else None  # where only one could be meant, the words matter less
