"""One notice, and the mails that carry it: the writer itself is complaints/demo/wraps.py."""

import re
from datetime import datetime, timedelta, timezone

from complaints.demo.wraps import CLIENTS, wrap

SHANGHAI = timezone(timedelta(hours=8))
SENT = datetime(2026, 11, 8, 18, 30, 5, tzinfo=SHANGHAI)
SUBJECT = "【天猫】您的投诉已受理（投诉编号：TS202611080031）"
BODY = (
    "亲爱的会员：\n\n您对“云朵服饰旗舰店”的投诉我们收到了。\n订单编号：3299194706518006493\n"
    "涉及金额：￥459.00\n请于2026-11-10 18:30:00前补充凭证，逾期系统将自动处理。"
)
NOTE = "帮我看看这个，谢谢"
SENDER, ADDRESS = "天猫客服", "service@mc.mail.taobao.com"
SHOPPER, INBOX = "lilei@qq.com", "u-7k2m9x@in.suji.example"
INLINE = tuple(client for client in CLIENTS if client not in ("attached", "attached_b64", "auto", "direct"))

__all__ = ["ADDRESS", "BODY", "CLIENTS", "INBOX", "INLINE", "NOTE", "SENDER", "SENT", "SHANGHAI", "SHOPPER", "SUBJECT"]


def forwarded(client, **changed):
    """The standing notice as `client` forwards it, with what is `changed`."""
    said = {
        "subject": SUBJECT,
        "from_name": SENDER,
        "from_address": ADDRESS,
        "to": SHOPPER,
        "date": SENT,
        "body": BODY,
        "note": NOTE,
        "outer_from": SHOPPER,
        "outer_to": INBOX,
        "outer_name": "李雷",
    }
    return wrap(client, **said | changed)


def without_html(raw):
    """A multipart/alternative mail with its HTML half cut out, as a client that sends plain text would."""
    boundary = re.search(rb'boundary="([^"]+)"', raw)[1]
    mark = b"--" + boundary
    head, plain, _html, end = raw.split(mark)
    return head + mark + plain + mark + end


def a_mail(text, *, subject="你好", sender="李雷 <lilei@qq.com>", headers="", charset="utf-8"):
    """A plain mail as smtplib would send it."""
    head = (
        f"From: {sender}\r\nTo: {INBOX}\r\nSubject: {subject}\r\nDate: Sun, 8 Nov 2026 19:00:00 +0800\r\n"
        f"Message-ID: <1@qq.com>\r\nMIME-Version: 1.0\r\n{headers}"
        f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + text.replace("\n", "\r\n").encode(charset)
