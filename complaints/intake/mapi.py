"""What Outlook calls properties, made a mail: for .msg files (msg.py) and winmail.dat (tnef.py) alike.

Source of the numbers: MS-OXPROPS, docs/sources.md#outlook.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from complaints.clocks import SHANGHAI
from complaints.intake.charsets import codec_of, to_text
from complaints.intake.decode import Body, header_lines, mail_of, meta_charset, safe_file_name, unfolded
from complaints.intake.rtf import decompressed, read_rtf
from complaints.intake.shapes import Attachment, Mail

Value = str | bytes | int | datetime

SUBJECT, SUBMITTED, DELIVERED = 0x0037, 0x0039, 0x0E06
TRANSPORT_HEADERS = 0x007D
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
BEHALF_NAME, BEHALF_ADDRESS, BEHALF_SMTP = 0x0042, 0x0065, 0x5D02
DISPLAY_TO, DISPLAY_CC = 0x0E04, 0x0E03
MESSAGE_ID = 0x1035
PLAIN, RICH, HTML = 0x1000, 0x1009, 0x1013
NAME, ADDRESS, SMTP, RECIPIENT_TYPE = 0x3001, 0x3003, 0x39FE, 0x0C15
LONG_FILE_NAME, FILE_NAME, MIME_TAG, DATA = 0x3707, 0x3704, 0x370E, 0x3701
CODE_PAGE, MESSAGE_CODE_PAGE = 0x3FDE, 0x3FFD
TO, CC = 1, 2

_PAGES = {65001: "utf-8", 54936: "gb18030", 936: "gbk", 950: "big5", 1200: "utf-16-le", 20936: "gb2312", 52936: "hz"}
MOST_RECIPIENTS = 200

Properties = Mapping[int, Value]


@dataclass(slots=True)
class Message:
    """An Outlook message taken apart."""

    properties: Properties
    recipients: list[Properties] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def charset_of(code_page: Value | None) -> str | None:
    """The charset label of a Windows code page, None for one that says nothing."""
    if not isinstance(code_page, int):
        return None
    label = _PAGES.get(code_page, f"cp{code_page}")
    return label if codec_of(label) else None


def moment(ticks: int) -> datetime | None:
    """A FILETIME (tenths of a microsecond since 1601) in Shanghai's time; None outside 1990–2100."""
    seconds = ticks // 10_000_000 - 11_644_473_600
    if not 631_152_000 <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, SHANGHAI)


def mail_of_message(message: Message) -> Mail:
    """`message` as any other mail. Headers as they came over the wire win over what Outlook made of them."""
    headers = _transport_headers(_text(message.properties.get(TRANSPORT_HEADERS)))
    there = {name.lower() for name, _value in headers}
    headers += [(name, value) for name, value in _made_headers(message) if value and name.lower() not in there]
    return mail_of(tuple(headers), _body(message.properties), tuple(message.attachments))


def attachment_of(properties: Properties, mail: Mail | None) -> Attachment | None:
    """One attachment; `mail` where it is a message inside the message."""
    name = _text(properties.get(LONG_FILE_NAME)) or _text(properties.get(FILE_NAME)) or _text(properties.get(NAME))
    data = properties.get(DATA)
    if mail is None and not isinstance(data, bytes):
        return None
    return Attachment(
        name=safe_file_name(name),
        content_type=_text(properties.get(MIME_TAG)).lower()[:200] or "application/octet-stream",
        raw=data if isinstance(data, bytes) else b"",
        is_mail=mail is not None or name.lower().endswith((".eml", ".msg")),
        mail=mail,
    )


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""


def _transport_headers(text: str) -> list[tuple[str, str]]:
    raw = text.encode("utf-8", "replace")
    end = min(len(raw), 256 * 1024)
    return [(name.decode("ascii"), unfolded(value)) for name, value in header_lines(raw, 0, end)][:1000]


def _made_headers(message: Message) -> list[tuple[str, str]]:
    said = message.properties
    sent = said.get(SUBMITTED) or said.get(DELIVERED)
    return [
        ("From", _sender(said)),
        ("To", _recipients(message, TO) or _line(_text(said.get(DISPLAY_TO)))),
        ("Cc", _recipients(message, CC) or _line(_text(said.get(DISPLAY_CC)))),
        ("Subject", _line(_text(said.get(SUBJECT)))),
        ("Date", sent.strftime("%Y-%m-%d %H:%M:%S %z") if isinstance(sent, datetime) else ""),
        ("Message-ID", _line(_text(said.get(MESSAGE_ID)))),
    ]


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _person(name: str, *addresses: str) -> str:
    """`"name" <address>`; an address inside Exchange (/o=…) is none."""
    address = next((each for each in map(_line, addresses) if "@" in each), "")
    shown = _line(name).replace("\\", "").replace('"', "'")
    if not address:
        return f'"{shown}"' if shown else ""
    return f'"{shown}" <{address}>' if shown and shown != address else address


def _sender(said: Properties) -> str:
    """Whom the message is from: on whose behalf, if it was sent for somebody."""
    behalf = _person(_text(said.get(BEHALF_NAME)), _text(said.get(BEHALF_SMTP)), _text(said.get(BEHALF_ADDRESS)))
    if "@" in behalf:
        return behalf
    return (
        _person(_text(said.get(SENDER_NAME)), _text(said.get(SENDER_SMTP)), _text(said.get(SENDER_ADDRESS))) or behalf
    )


def _recipients(message: Message, kind: int) -> str:
    people = [
        _person(_text(row.get(NAME)), _text(row.get(SMTP)), _text(row.get(ADDRESS)))
        for row in message.recipients[:MOST_RECIPIENTS]
        if row.get(RECIPIENT_TYPE, TO) == kind
    ]
    return ", ".join(person for person in people if person)


def _body(said: Properties) -> Body:
    """The best body there is: HTML, else HTML inside rich text, else the plain text, else the rich text's."""
    body = Body()
    page = said.get(HTML)
    if isinstance(page, bytes) and page.strip(b"\0 \r\n"):
        body.show(body.take(page, charset_of(said.get(CODE_PAGE)) or meta_charset(page)))
    elif isinstance(page, str) and page.strip():
        body.show(body.take(page.encode("utf-8", "replace"), "utf-8"))
    plain = body.take(_text(said.get(PLAIN)).encode("utf-8", "replace"), "utf-8")
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    rich = said.get(RICH)
    if not body.text.strip() and isinstance(rich, bytes):
        text, was_html = read_rtf(decompressed(rich))
        if was_html:
            body.show(text)
        elif not plain.strip():
            plain = text
    if not body.text.strip():
        body.text = plain
        body.html = f"<pre>{html.escape(plain, quote=False)}</pre>" if body.html else ""
    return body


def decoded(data: bytes, code_page: Value | None) -> str:
    """A string of a property in an 8-bit code page."""
    return to_text(data.rstrip(b"\0"), charset_of(code_page)).text
