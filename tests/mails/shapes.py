# ruff: noqa: E501  # tables are as wide as they are
"""Forms and shapes beyond complaints/demo/wraps.py: further clients, charsets, quoting, flattening, nesting.

A form is how one client writes a forward; a shape is what is done to the finished mail on top of it. Each
says what a reader can still know of the notice's sender, subject and date.
"""

from __future__ import annotations

import base64
import email
import quopri
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import policy
from email.utils import format_datetime
from html import escape
from typing import Any

from complaints.demo.wraps import wrap

CRLF = "\r\n"
# What parse_mail calls the clients of wraps.py.
CALLED = {
    "qq": "qq_mail", "qq_en": "qq_mail", "netease": "netease", "netease_master": "netease_master",
    "netease_master_en": "netease_master", "coremail": "coremail", "zimbra": "zimbra", "sina": "sina",
    "foxmail": "foxmail", "outlook": "outlook", "outlook_en": "outlook", "outlook_web": "outlook_web",
    "outlook_web_en": "outlook_web", "outlook_tw": "outlook_web", "apple": "apple_mail", "apple_tw": "apple_mail",
    "apple_en": "apple_mail", "gmail": "gmail", "gmail_tw": "gmail", "gmail_en": "gmail",
    "thunderbird": "thunderbird", "thunderbird_tw": "thunderbird", "thunderbird_en": "thunderbird",
    "roundcube": "roundcube", "mail_139": "mail_139", "alimail": "alimail",
}  # fmt: skip
NOT_INLINE = ("attached", "attached_b64", "auto", "direct")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True, slots=True)
class Shaped:
    """A notice and who forwards it: the arguments of wraps.wrap."""

    client: str
    subject: str
    from_name: str
    from_address: str
    to: str
    date: datetime
    body: str
    note: str
    outer_from: str
    outer_to: str
    outer_name: str
    form: Form | None = None  # how it is written, where wraps.py does not know the client


@dataclass(frozen=True, slots=True)
class Made:
    raw: bytes
    truth: dict[str, Any]


# -- further clients -------------------------------------------------------------------------------------------


def chinese(moment: datetime) -> str:
    """2026年11月8日 18:30"""
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def block(
    separator: str, rows: tuple[str, ...], colon: str, date: Callable[[datetime], str]
) -> Callable[[Shaped], str]:
    """A plain-text forward; a row is `kind=label`."""

    def write(letter: Shaped) -> str:
        values = {
            "from": f"{letter.from_name} <{letter.from_address}>", "date": date(letter.date), "to": letter.to,
            "subject": letter.subject,
        }  # fmt: skip
        head = [f"{row.split('=')[1]}{colon}{values[row.split('=')[0]]}" for row in rows]
        return "\n".join([separator, *head, "", letter.body])

    return write


# Subject prefix, text, a header of the outer mail, tail.
Form = tuple[str, Callable[[Shaped], str], tuple[str, str], str]
FORMS: dict[str, Form] = {
    "kylin": ("转发：", block("----", ("subject=*主　题：*", "date=*日　期：*", "from=*发件人：*", "to=*收件人：*"), "",
              lambda d: f"{d:%Y-%m-%d %H:%M}"), ("User-Agent", "kylin-mail"), ""),
    "xiaomi": ("转发：", block("---------- 转发的邮件 ----------",
               ("subject=主题", "from=发件人", "to=收件人", "date=日期"), "：", chinese), ("X-Mailer", "MiuiMail"),
               "\n\n发自我的小米手机"),
    "wecom": ("转发：", block("------------------ 原始邮件 ------------------",
              ("from=发件人", "date=发送时间", "to=收件人", "subject=主题"), ": ", lambda d: f"{d:%Y-%m-%d %H:%M}"),
              ("X-Mailer", "WeComMail"), ""),
    "in_house": ("转发: ", block("---------- 转发的消息 ----------",
                 ("from=发件人", "date=日期", "subject=主题", "to=收件人"), ": ", lambda d: f"{d:%Y/%m/%d %H:%M:%S}"),
                 ("X-Mailer", "Webmail"), ""),
}  # fmt: skip


def word(text: str, charset: str = "utf-8") -> str:
    if text.isascii():
        return text
    pieces = [text[at : at + 12].encode(_codec(charset)) for at in range(0, len(text), 12)]
    return f"{CRLF} ".join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def _codec(label: str) -> str:
    return "gb18030" if label.lower().startswith("gb") else label


def build(head: list[tuple[str, str]], text: str | None, html: str | None, charset: str = "utf-8",
          transfer: str = "base64", label: str | None = None, extra: bytes = b"", subtype: str = "mixed") -> bytes:  # fmt: skip
    """A mail of these parts. `label` is what the mail says of its charset: "" for nothing."""
    parts = [_part(kind, said, charset, transfer, charset if label is None else label)
             for kind, said in (("text/plain", text), ("text/html", html)) if said is not None]  # fmt: skip
    body = parts[0] if len(parts) == 1 else _multi("alternative", "=_alt", parts)
    if extra:
        body = _multi(subtype, "=_mix", [body, extra])
    top = "".join(f"{name}: {value}{CRLF}" for name, value in (*head, ("MIME-Version", "1.0")))
    return top.encode() + body


def _part(kind: str, text: str, charset: str, transfer: str, label: str) -> bytes:
    raw = text.replace("\n", CRLF).encode(_codec(charset))
    coded = {
        "base64": lambda: base64.encodebytes(raw).replace(b"\n", b"\r\n"),
        "quoted-printable": lambda: quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
        "8bit": lambda: raw,
    }[transfer]()
    said = f"; charset={label}" if label else ""
    return f"Content-Type: {kind}{said}{CRLF}Content-Transfer-Encoding: {transfer}{CRLF}{CRLF}".encode() + coded


def _multi(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"{CRLF}{CRLF}'.encode()
    return (
        head
        + b"".join(f"--{boundary}{CRLF}".encode() + part + b"\r\n" for part in parts)
        + f"--{boundary}--{CRLF}".encode()
    )


def stamp(moment: datetime) -> str:
    return format_datetime(moment)


def _outer(letter: Shaped, subject: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    sent = letter.date + timedelta(minutes=25)
    return [
        ("From", f"{word(letter.outer_name)} <{letter.outer_from}>"), ("To", letter.outer_to),
        ("Subject", word(subject)), ("Date", stamp(sent)),
        ("Message-ID", f"<{abs(hash_of(letter.body + letter.client)):x}@mail.example>"), *more,
    ]  # fmt: skip


def hash_of(text: str) -> int:
    return int.from_bytes(base64.b64encode(text.encode())[-9:], "big") ^ len(text)


def made(letter: Shaped) -> bytes:
    """The mail as its client writes it."""
    if letter.form is None:
        return wrap(
            letter.client, subject=letter.subject, from_name=letter.from_name, from_address=letter.from_address,
            to=letter.to, date=letter.date, body=letter.body, note=letter.note, outer_from=letter.outer_from,
            outer_to=letter.outer_to, outer_name=letter.outer_name,
        )  # fmt: skip
    prefix, text, header, tail = letter.form
    above = f"{letter.note}\n\n" if letter.note else ""
    return build(_outer(letter, prefix + letter.subject, header), f"{above}{text(letter)}{tail}\n", None)


def known(letter: Shaped) -> dict[str, Any]:
    """What stands in the forward of the notice's own head."""
    how = {"attached": "attached", "attached_b64": "attached", "auto": "auto", "direct": "direct"}.get(
        letter.client, "inline"
    )
    truth: dict[str, Any] = {
        "from_name": letter.from_name, "from_address": letter.from_address, "subject": letter.subject or None,
        "date": letter.date.isoformat(), "how": how,
    }  # fmt: skip
    if letter.client in CALLED:
        truth["client"] = CALLED[letter.client]
    return truth


# -- shapes ----------------------------------------------------------------------------------------------------


def _halves(raw: bytes) -> tuple[list[tuple[str, str]], str, str | None]:
    """(outer headers as they stand, text, HTML or None) of a mail that `made` wrote."""
    mail = email.message_from_bytes(raw, policy=policy.compat32)
    found: dict[str, str] = {}
    for part in mail.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            said = payload.decode(_codec(part.get_content_charset() or "utf-8")) if isinstance(payload, bytes) else ""
            found.setdefault(part.get_content_type(), said.replace(CRLF, "\n"))
    skip = ("content-type", "content-transfer-encoding", "mime-version")
    block = raw.split(b"\r\n\r\n")[0].decode("ascii")
    lines = re.split(r"\r\n(?![ \t])", block)
    head = [(line.split(": ", 1)[0], line.split(": ", 1)[-1]) for line in lines]
    head = [(name, value) for name, value in head if name.lower().rstrip(":") not in skip]
    return head, found.get("text/plain", ""), found.get("text/html")


def _as_is(letter: Shaped) -> Made:
    return Made(made(letter), known(letter))


def _only_text(letter: Shaped) -> Made:
    head, text, _ = _halves(made(letter))
    truth = known(letter)
    if letter.client == "foxmail":  # names alone
        truth.pop("from_address")
    return Made(build(head, text, None), truth)


def _only_html(letter: Shaped) -> Made:
    head, _, html = _halves(made(letter))
    return Made(build(head, None, html), known(letter))


def _coded(charset: str, transfer: str, label: str | None = None) -> Callable[[Shaped], Made]:
    def shape(letter: Shaped) -> Made:
        head, text, html = _halves(made(letter))
        return Made(build(head, text, html, charset, transfer, label), known(letter))

    return shape


def _with_picture(letter: Shaped) -> Made:
    head, text, html = _halves(made(letter))
    name = base64.b64encode("截图.png".encode()).decode()
    part = (
        f'Content-Type: image/png; name="=?utf-8?B?{name}?="{CRLF}Content-Transfer-Encoding: base64{CRLF}'
        f"Content-Disposition: attachment{CRLF}{CRLF}".encode()
        + base64.encodebytes(PNG).replace(b"\n", b"\r\n")
    )
    return Made(build(head, text, html, extra=part), known(letter))


def _quoted(letter: Shaped) -> Made:
    head, text, _ = _halves(made(letter))
    truth = known(letter)
    if letter.client == "foxmail":
        truth.pop("from_address")
    note, _, rest = text.partition("\n\n") if letter.note else ("", "", text)
    lines = [f"> {line}".rstrip() for line in rest.strip("\n").split("\n")]
    return Made(build(head, "\n".join([note, "", *lines]), None), truth)


def _flattened(letter: Shaped) -> Made:
    """The head of the forward in one line, as copying out of a page leaves it."""
    head, text, _ = _halves(made(letter))
    at = text.index(letter.body)
    above, rest = text[:at], text[at:]
    note = f"{letter.note}\n\n" if letter.note else ""
    line = " ".join(above[len(note) :].split())
    return Made(build(head, f"{note}{line}\n{rest}", None), known(letter))


def _squeezed(letter: Shaped) -> Made:
    """No blank line anywhere."""
    head, text, _ = _halves(made(letter))
    note = f"{letter.note}\n" if letter.note else ""
    lines = [line for line in text[len(note) :].split("\n") if line.strip()]
    return Made(build(head, note + "\n".join(lines), None), known(letter))


def _twice(letter: Shaped) -> Made:
    """Forwarded by the shopper from another mailbox of theirs first."""
    _, text, _ = _halves(made(replace(letter, note="")))
    outer = replace(
        letter, client="gmail", form=None, subject=f"转发：{letter.subject}", from_name=letter.outer_name,
        from_address="liwenxin.work@corp.example", to=letter.outer_from, date=letter.date + timedelta(hours=1), body=text.strip("\n"),
    )  # fmt: skip
    truth = known(letter)
    if letter.client == "foxmail":
        truth.pop("from_address")
    truth.pop("client", None)
    head, text, _ = _halves(made(outer))
    return Made(build(head, text, None), truth)


def _tabled(letter: Shaped) -> Made:
    """`label：value` lines of the notice as rows of a table, the rest as paragraphs."""
    head, _, _ = _halves(made(letter))
    rows = []
    for line in letter.body.split("\n"):
        label, colon, value = line.partition("：")
        if colon and len(label) <= 8 and value and "。" not in value:
            rows.append(
                f'<table width="100%"><tr><td width="90">{escape(label)}：</td><td><span>{escape(value)}</span></td></tr></table>'
            )
        else:
            rows.append(f"<p>{escape(line) or '&nbsp;'}</p>")
    kind = replace(letter, body="")
    _, _, empty = _halves(made(kind))
    assert empty is not None
    html = (
        re.sub(r"(?:</blockquote></div>|</blockquote>|</div>|)</body></html>$", "", empty)
        + "".join(rows)
        + "</body></html>"
    )
    return Made(build(head, None, html), known(letter))


SHAPES: dict[str, Callable[[Shaped], Made]] = {
    "as_is": _as_is,
    "only_text": _only_text,
    "only_html": _only_html,
    "utf8_quoted_printable": _coded("utf-8", "quoted-printable"),
    "gbk_called_gb2312": _coded("gb18030", "base64", "gb2312"),
    "utf8_unlabelled": _coded("utf-8", "8bit", ""),
    "gbk_unlabelled": _coded("gb18030", "base64", ""),
    "gbk_called_utf8": _coded("gb18030", "base64", "utf-8"),
    "utf8_called_gbk": _coded("utf-8", "base64", "gbk"),
    "big5": _coded("big5hkscs", "base64", "big5"),
    "utf16": _coded("utf-16", "base64"),
    "with_picture": _with_picture,
    "quoted": _quoted,
    "flattened": _flattened,
    "squeezed": _squeezed,
    "twice": _twice,
    "tabled": _tabled,
}
_OF_HTML = ("only_html", "tabled")
# Clients whose head is not lines of labels, or who quote already.
_NOT_LINES = ("coremail", "apple", "apple_tw", "apple_en", "mail_139", "netease_master", "netease_master_en", "foxmail")


def suits(shape: str, client: str, lang: str) -> bool:
    """Whether `client` can send it like that."""
    if shape == "as_is":
        return True
    if client in NOT_INLINE:
        return False
    if shape == "big5":
        return lang == "zh-Hant" and client.endswith("_tw")
    if shape in _OF_HTML:
        return client in CALLED
    if shape in ("quoted", "flattened", "squeezed"):
        return client not in _NOT_LINES
    return not (shape.startswith("utf8_unlabelled") and client == "mail_139")


def plain(form: str, subject: str, sender: tuple[str, str], owner: str, inbox: str, on: datetime, body: str,
          headers: str) -> bytes:  # fmt: skip
    """A mail that is no forward: from the shopper (`own`), straight from its writer (`direct`), or a bounce."""
    name, address = sender
    head = [
        ("From", f"{word(name)} <{address}>"), ("To", inbox), ("Subject", word(subject)), ("Date", stamp(on)),
        ("Message-ID", f"<{abs(hash_of(body)):x}@{address.rpartition('@')[2]}>"),
    ]  # fmt: skip
    head += [(line.split(": ", 1)[0], line.split(": ", 1)[1]) for line in headers.split(" | ") if line]
    if form != "bounce":
        return build(head, body, None)
    report = (
        f"Content-Type: message/delivery-status{CRLF}{CRLF}Reporting-MTA: dns; mx.example{CRLF}{CRLF}"
        f"Final-Recipient: rfc822; {owner}{CRLF}Action: failed{CRLF}Status: 5.1.1{CRLF}"
    )
    top = "".join(f"{key}: {value}{CRLF}" for key, value in (*head, ("MIME-Version", "1.0")))
    kind = f'Content-Type: multipart/report; report-type=delivery-status; boundary="=_rep"{CRLF}{CRLF}'
    text = _part("text/plain", body, "utf-8", "base64", "utf-8")
    return (
        (top + kind).encode()
        + b"".join(b"--=_rep\r\n" + part + b"\r\n" for part in (text, report.encode()))
        + b"--=_rep--\r\n"
    )
