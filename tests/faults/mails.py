"""What the clients send: notices of many cases, in any order, some twice in other bytes, and mail that is no notice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random

# The texts are ours, in the manner of such notices; {case} is the complaint's number.
STEPS = (
    ("投诉受理通知", "您好，您的投诉已受理，投诉编号：{case}，请等待商家处理。"),
    ("商家拒绝了您的退款申请", "投诉编号：{case}。商家拒绝了您的退款申请，拒绝原因：商品不影响二次销售。"),
    ("平台已介入", "投诉编号：{case}。平台客服已介入处理您的投诉，请耐心等待。"),
    ("处理结果通知", "投诉编号：{case}。经平台核实，判定支持买家，商家需向您退款459.00元。"),
)
FILLER = "<p>尊敬的用户，感谢您使用我们的服务，祝您生活愉快。本邮件由系统自动发出，请勿直接回复。</p>\r\n"
SURVEY = "诚邀您参加满意度调查，填写问卷即有机会获得优惠券。本次问卷编号：{case}。"


@dataclass(frozen=True)
class Mail:
    """One mail to send, and what the server owes it."""

    key: str  # of this one mail, to whichever inboxes
    inboxes: tuple[int, ...]  # places in the list of those that the clients know
    raw: bytes
    case: str  # the complaint it is about; "" when it tells nothing
    tells: str  # the notice in it: the same in other bytes is told once; "" when it tells nothing

    @property
    def sha256(self) -> str:
        """Of the bytes as the server has to keep them."""
        return hashlib.sha256(self.raw).hexdigest()


def a_mail(sender: str, subject: str, body: str, number: str, *, day: int = 9, pages: int = 0) -> bytes:
    """The bytes: plain text, or HTML of about `pages` times 10 KB, which take their time to be read."""
    kind, text = "plain", body
    if pages:
        kind, text = "html", f"<html><body><p>{body}</p>{FILLER * (pages * 64)}</body></html>"
    return (
        f"From: {sender}\r\nTo: in@in.suji.example.org\r\nSubject: {subject}\r\nMessage-ID: <{number}@example.com>\r\n"
        f"Date: {day:02d} Nov 2026 10:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    ).encode()


def workload(count: int, owners: list[str], chance: Random, start: int = 0) -> list[Mail]:
    """`count` mails to the inboxes of `owners` in an order by chance: whole stories of cases, repeats, others.

    start  of the complaints' numbers: two workloads of one house must not meet
    """
    mails: list[Mail] = []
    number = start
    while len(mails) < count:
        number += 1
        case = f"20261122{number:06d}"
        inbox = chance.randrange(len(owners))
        for step, (subject, body) in enumerate(STEPS[: chance.randint(1, len(STEPS))]):
            tells = f"{case}-{step}"
            # a day for each step, so that the order they happened in does not hang on the order they came in
            pages = chance.choice((0, 0, 1, 6))
            for again in range(1 + (chance.random() < 0.1)):
                key = f"{tells}-{again}"
                raw = a_mail(owners[inbox], subject, body.format(case=case), key, day=9 + step, pages=pages)
                mails.append(Mail(key, (inbox,), raw, case, tells))
        if chance.random() < 0.2:
            key = f"{case}-survey"
            both = tuple(sorted({inbox, chance.randrange(len(owners))}))
            raw = a_mail(owners[inbox], "满意度调查", SURVEY.format(case=case), key)
            mails.append(Mail(key, both, raw, "", ""))
    chance.shuffle(mails)
    return mails[:count]
