"""A notice wrapped as mail clients forward it: whole mails, as bytes, for the demo world and the tests.

Each client has its own separator, labels, date form, subject prefix, charset and MIME shape
(docs/sources.md#forwards). Nothing here is random and no clock is read: the same call gives the
same bytes. `CLIENTS` names every form there is.
"""

from __future__ import annotations

import base64
import hashlib
import quopri
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from html import escape

CRLF = "\r\n"
LONGEST_LINE = 900  # bytes; SMTP allows 998
NBSP = "\u00a0"
_SHANGHAI = timezone(timedelta(hours=8))
_WEEKDAYS = "一二三四五六日"
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The notice itself: who said what, to whom, when."""

    subject: str
    from_name: str
    from_address: str
    to: str
    date: datetime  # aware
    body: str

    @property
    def sender(self) -> str:
        return f"{self.from_name} <{self.from_address}>" if self.from_name else self.from_address


@dataclass(frozen=True, slots=True)
class Client:
    """How one mail client writes a forward."""

    prefix: str
    text: Callable[[Letter], str]  # from the separator to the end of the notice
    html: Callable[[Letter], str]
    charset: str = "utf-8"  # the label; gb2312, gbk and gb18030 all carry GB18030 bytes, as in life
    transfer: str = "base64"  # base64, quoted-printable or 8bit
    headers: tuple[tuple[str, str], ...] = ()  # extra ones of the outer mail
    boundary: str = "----=_Part_{}"


# --- dates, as each client writes them -------------------------------------------------------------------


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_SHANGHAI)


def _iso_seconds(moment: datetime) -> str:
    return f"{_local(moment):%Y-%m-%d %H:%M:%S}"


def _iso_minutes(moment: datetime) -> str:
    return f"{_local(moment):%Y-%m-%d %H:%M}"


def _slashes(moment: datetime) -> str:
    return f"{_local(moment):%Y/%m/%d %H:%M}"


def _iso_weekday(moment: datetime) -> str:
    return f"{_iso_seconds(moment)} (星期{_WEEKDAYS[_local(moment).weekday()]})"


def _day(moment: datetime) -> str:
    local = _local(moment)
    return f"{local.year}年{local.month}月{local.day}日"


def _zh(moment: datetime) -> str:
    return f"{_day(moment)} {_local(moment):%H:%M}"


def _zh_padded(moment: datetime) -> str:
    return f"{_local(moment):%Y年%m月%d日 %H:%M}"


def _zh_sina(moment: datetime) -> str:
    return f"{_local(moment):%Y年%m月%d日 %H点%M分}"


def _zh_qq(moment: datetime) -> str:
    local = _local(moment)
    part = "凌晨" if local.hour < 6 else "上午" if local.hour < 12 else "中午" if local.hour < 13 else "下午"
    if local.hour >= 18:
        part = "晚上"
    return f"{_day(moment)}(星期{_WEEKDAYS[local.weekday()]}) {part}{local.hour % 12 or 12}:{local:%M}"


def _zh_gmail(moment: datetime) -> str:
    return f"{_day(moment)}周{_WEEKDAYS[_local(moment).weekday()]} {_local(moment):%H:%M}"


def _hant_gmail(moment: datetime) -> str:
    local = _local(moment)
    part = "上午" if local.hour < 12 else "下午"
    return f"{_day(moment)} 週{_WEEKDAYS[local.weekday()]} {part}{local.hour % 12 or 12}:{local:%M}"


def _hant_outlook(moment: datetime) -> str:
    local = _local(moment)
    return f"{_day(moment)} {'上午' if local.hour < 12 else '下午'} {local.hour % 12 or 12}:{local:%M}"


def _zh_apple(moment: datetime) -> str:
    return f"{_day(moment)} GMT+8 {_local(moment):%H:%M:%S}"


def _twelve(local: datetime, seconds: bool, space: str = " ") -> str:
    clock = f"{local.hour % 12 or 12}:{local:%M:%S}" if seconds else f"{local.hour % 12 or 12}:{local:%M}"
    return f"{clock}{space}{'AM' if local.hour < 12 else 'PM'}"


def _en_short(moment: datetime, at: str = " ") -> str:
    local = _local(moment)
    day, month = _EN_DAYS[local.weekday()][:3], _EN_MONTHS[local.month - 1][:3]
    return f"{day}, {month} {local.day}, {local.year}{at}{_twelve(local, seconds=False)}"


def _en_gmail(moment: datetime) -> str:
    return _en_short(moment, at=" at ")


def _en_long(moment: datetime) -> str:
    local = _local(moment)
    day, month = _EN_DAYS[local.weekday()], _EN_MONTHS[local.month - 1]
    return f"{day}, {month} {local.day}, {local.year} {_twelve(local, seconds=True)}"


def _en_apple(moment: datetime) -> str:
    local = _local(moment)
    month = _EN_MONTHS[local.month - 1]
    return f"{month} {local.day}, {local.year} at {_twelve(local, seconds=True, space=chr(0x202F))} GMT+8"


def _rfc(moment: datetime) -> str:
    day, month = _EN_DAYS[moment.weekday()][:3], _EN_MONTHS[moment.month - 1][:3]
    return f"{day}, {moment.day} {month} {moment:%Y %H:%M:%S %z}"


# --- pieces of HTML --------------------------------------------------------------------------------------


def _lines(body: str, tag: str = "div") -> str:
    """`body` as HTML, one element a line."""
    return "\n".join(f"<{tag}>{escape(line, quote=False) or '<br>'}</{tag}>" for line in body.split("\n"))


def _mailto(address: str, shown: str | None = None) -> str:
    return f'<a href="mailto:{escape(address)}">{escape(shown or address)}</a>'


def _bold_rows(rows: list[tuple[str, str]], colon: str, end: str = "<br>") -> str:
    return "".join(f"<b>{label}{colon}</b> {escape(value, quote=False)}{end}" for label, value in rows)


def _table(rows: list[tuple[str, str]], colon: str = "", attributes: str = "") -> str:
    cells = "".join(
        f'<tr><th valign="baseline" align="right" nowrap="nowrap">{label}{colon} </th>'
        f"<td>{escape(value, quote=False)}</td></tr>\n"
        for label, value in rows
    )
    return f"<table{attributes}><tbody>{cells}</tbody></table>"


def _rows(letter: Letter, labels: str, date: Callable[[datetime], str]) -> list[tuple[str, str]]:
    """(label, value) in the order of `labels`: blank-separated, each `kind=label`."""
    values = {
        "from": letter.sender,
        "date": date(letter.date),
        "to": letter.to,
        "subject": letter.subject,
    }
    pairs = (pair.split("=") for pair in labels.split())
    return [(label.replace("_", " ").replace("~", "\u3000"), values[kind]) for kind, label in pairs]


# --- clients ---------------------------------------------------------------------------------------------


def _plain(
    separator: str, labels: str, date: Callable[[datetime], str], colon: str = ": ", quote: str = ""
) -> Callable[[Letter], str]:
    """A forward in plain text: separator, one label a line, a blank line, the notice."""

    def write(letter: Letter) -> str:
        head = [f"{label}{colon}{value}" for label, value in _rows(letter, labels, date)]
        lines = [*([separator, *([""] if quote else [])] if separator else []), *head, "", letter.body]
        return "\n".join(f"{quote}{line}".rstrip(" ") for line in "\n".join(lines).split("\n"))

    return write


def _bordered(
    before: str, labels: str, date: Callable[[datetime], str], colon: str, after: str
) -> Callable[[Letter], str]:
    """A forward in HTML whose header is bold labels with <br>, between `before` and `after`."""

    def write(letter: Letter) -> str:
        return f"{before}{_bold_rows(_rows(letter, labels, date), colon)}{after}<br>{_lines(letter.body)}"

    return write


def _qq(separator: str, labels: str, date: Callable[[datetime], str], prefix: str) -> Client:
    def text(letter: Letter) -> str:
        rows = _rows(letter, labels, date)
        # QQ writes its entities into the plain text as well, and doubles the closing one.
        shown = {
            letter.sender: f'"{letter.from_name}"<{letter.from_address}&gt;;',
            letter.to: f'"{letter.to}";',
        }
        head = [f"{label}:&nbsp;{shown.get(value, value)}" for label, value in rows]
        rule = "-" * 18
        return "\n".join([f"{rule}&nbsp;{separator}&nbsp;{rule}", *head, "", "", "", letter.body])

    def html(letter: Letter) -> str:
        shown = {
            letter.sender: f'"{escape(letter.from_name)}"&lt;{escape(letter.from_address)}&gt;;',
            letter.to: f'"{escape(letter.to)}"&lt;{escape(letter.to)}&gt;;',
        }
        rows = "".join(
            f"<div><b>{label}:</b>&nbsp;{shown.get(value) or escape(value, quote=False)}</div>"
            for label, value in _rows(letter, labels, date)
        )
        rule = "-" * 18
        return (
            '<div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">'
            f"{rule}&nbsp;{separator}&nbsp;{rule}</div>"
            f'<div style="font-size: 12px;background:#efefef;padding:8px;">{rows}</div>'
            f"<div><br></div>{_lines(letter.body)}<style>.qmbox style, .qmbox script {{display:none}}</style>"
        )

    return Client(
        prefix,
        text,
        html,
        charset="gb18030",
        headers=(("X-QQ-MIME", "TCMime 1.0 by Tencent"), ("X-Mailer", "QQMail 2.x")),
        boundary="----=_NextPart_{}",
    )


def _netease_master(separator: str, labels: str, date: Callable[[datetime], str]) -> Client:
    def text(letter: Letter) -> str:
        head = [f"| {label} | {value} |" for label, value in _rows(letter, labels, date)]
        return "\n".join([f"---- {separator} ----", *head, letter.body])

    def html(letter: Letter) -> str:
        cells = "".join(
            f'<tr><td style="width:60px">{label}</td><td>{escape(value, quote=False)}</td></tr>'
            for label, value in _rows(letter, labels, date)
        )
        return (
            f'<div class="ntes-mailmaster-quote"><div style="font-size:14px">---- {separator} ----</div>'
            f"<table><tbody>{cells}</tbody></table>{_lines(letter.body)}</div>"
        )

    return Client("转发：" if "转发" in separator else "Fwd: ", text, html)


def _coremail() -> Client:
    labels = "from=发件人 date=发送时间 to=收件人 subject=主题"
    ids = {"发件人": "rc_from", "发送时间": "rc_senttime", "收件人": "rc_to", "主题": "rc_subject"}

    def text(letter: Letter) -> str:
        quoted = replace(letter, from_name=f'"{letter.from_name}"')
        return _plain("-----原始邮件-----", labels, _iso_weekday, ":", quote="> ")(quoted)

    def html(letter: Letter) -> str:
        rows = "".join(
            f'<b>{label}:</b><span id="{ids[label]}">{escape(value, quote=False)}</span><br>'
            for label, value in _rows(letter, labels, _iso_weekday)
        )
        return (
            '<blockquote name="replyContent" class="ReferenceQuote" style="padding-left:5px;'
            f'border-left:#b6b6b6 2px solid">-----原始邮件-----<br>{rows}<br>'
            f"{_lines(letter.body)}</blockquote>"
        )

    return Client("Fw: ", text, html, charset="GBK", headers=(("X-Mailer", "Coremail Webmail Server"),))


def _foxmail() -> Client:
    labels = "from=发件人 date=发送时间 to=收件人 subject=主题"

    def text(letter: Letter) -> str:
        name = letter.to.split("@")[0]
        named = replace(letter, from_address=letter.from_name, from_name="", to=name)
        return f"{NBSP}\n" + _plain("", labels, _iso_minutes, "： ")(named)

    def html(letter: Letter) -> str:
        rows = (
            f"<div><b>发件人：</b>&nbsp;{_mailto(letter.from_address, letter.from_name)}</div>"
            f"<div><b>发送时间：</b>&nbsp;{_iso_minutes(letter.date)}</div>"
            f"<div><b>收件人：</b>&nbsp;{_mailto(letter.to, letter.to.split('@')[0])}</div>"
            f"<div><b>主题：</b>&nbsp;{escape(letter.subject, quote=False)}</div>"
        )
        return (
            '<blockquote style="margin-Top: 0px; margin-Bottom: 0px; margin-Left: 0.5em"><div>&nbsp;</div>'
            '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            '<div style="PADDING-RIGHT: 8px; PADDING-LEFT: 8px; FONT-SIZE: 12px; BACKGROUND: #efefef">'
            f"{rows}</div></div><div>{_lines(letter.body)}</div></blockquote>"
        )

    return Client(
        "转发: ",
        text,
        html,
        charset="gb2312",
        headers=(("X-Mailer", "Foxmail 7.2.25.213[cn]"),),
        boundary="----=_001_NextPart{}_=----",
    )


def _outlook(labels: str, date: Callable[[datetime], str], separator: str, prefix: str, charset: str) -> Client:
    def text(letter: Letter) -> str:
        shown = replace(letter, from_address=f"mailto:{letter.from_address}")
        written = _plain(separator, labels, date)(shown)
        return written.replace(f"<mailto:{letter.from_address}>", f"[mailto:{letter.from_address}]", 1)

    def html(letter: Letter) -> str:
        rows = "".join(
            f"<b><span lang=EN-US>{label}<span lang=EN-US>:</span></span></b><span lang=EN-US> "
            f"{escape(value, quote=False)}<br></span>"
            for label, value in _rows(letter, labels, date)
        )
        return (
            "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
            f"<p class=MsoNormal>{rows}</p></div></div>{_lines(letter.body, 'p')}"
        )

    return Client(
        prefix,
        text,
        html,
        charset=charset,
        transfer="quoted-printable",
        headers=(("X-Mailer", "Microsoft Outlook 16.0"), ("Thread-Index", "AQHYuXkq8m9c0QJ3")),
        boundary="----=_NextPart_000_{}",
    )


def _outlook_web(labels: str, date: Callable[[datetime], str], prefix: str) -> Client:
    return Client(
        prefix,
        _plain("_" * 32, labels, date),
        _bordered(
            '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
            '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt">',
            labels,
            date,
            ":",
            "</font><div>&nbsp;</div></div>",
        ),
        headers=(("X-MS-Has-Attach", ""), ("X-MS-Exchange-MessageSentRepresentingType", "1")),
        boundary="_000_{}_",
    )


def _apple(begin: str, labels: str, date: Callable[[datetime], str], prefix: str) -> Client:
    def html(letter: Letter) -> str:
        rows = "".join(
            '<div style="margin-top: 0px;"><span style="font-family: -webkit-system-font;">'
            f"<b>{label}: </b></span><span>{escape(value, quote=False)}<br></span></div>"
            for label, value in _rows(letter, labels, date)
        )
        return (
            f'<div><blockquote type="cite"><div>{begin}</div><br class="Apple-interchange-newline">'
            f"{rows}<br><div>{_lines(letter.body)}</div></blockquote></div>"
        )

    return Client(
        prefix,
        _plain(begin, labels, date, quote="> "),
        html,
        transfer="quoted-printable",
        headers=(("X-Mailer", "Apple Mail (2.3774.600.62)"),),
        boundary="Apple-Mail={}",
    )


def _gmail(separator: str, labels: str, date: Callable[[datetime], str], colon: str) -> Client:
    def html(letter: Letter) -> str:
        shown = {
            letter.sender: f'<strong class="gmail_sendername" dir="auto">{escape(letter.from_name)}</strong> '
            f'<span dir="auto">&lt;{_mailto(letter.from_address)}&gt;</span>',
            letter.to: f"&lt;{_mailto(letter.to)}&gt;",
        }
        rows = "".join(
            f"{label}{colon}{shown.get(value) or escape(value, quote=False)}<br>"
            for label, value in _rows(letter, labels, date)
        )
        return (
            f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{separator}<br>{rows}</div>'
            f"<br><br>{_lines(letter.body)}</div>"
        )

    def text(letter: Letter) -> str:
        shown = replace(letter, to=f"<{letter.to}>")
        return _plain(separator, labels, date, colon)(shown).replace("\n\n", "\n\n\n", 1)

    return Client("Fwd: ", text, html, boundary="000000000000{}")


def _thunderbird(separator: str, labels: str, prefix: str) -> Client:
    def html(letter: Letter) -> str:
        rows = _table(
            _rows(letter, labels, _rfc),
            ":",
            ' class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"',
        )
        return f'<div class="moz-forward-container"><br><br>{separator}{rows}<br><br>{_lines(letter.body)}</div>'

    return Client(
        prefix,
        _plain(separator, labels, _rfc, ": \t"),
        html,
        transfer="8bit",
        headers=(
            ("User-Agent", "Mozilla Thunderbird"),
            ("X-Forwarded-Message-Id", "<20261108.1@mc.mail.taobao.com>"),
        ),
        boundary="------------{}",
    )


def _mail_139() -> Client:
    labels = "from=发件人 to=收件人 date=发送时间 subject=主题"

    def one_line(letter: Letter) -> str:
        rows = _rows(letter, labels, _iso_seconds)
        return "----邮件原文----" + "".join(f"{label}：{value}" for label, value in rows)

    return Client(
        "转发：",
        lambda letter: f"{one_line(letter)}\n{letter.body}",
        lambda letter: f"<div>{escape(one_line(letter), quote=False)}<br>{_lines(letter.body)}</div>",
        headers=(("X-RICHINFO", "TagIdParams:0"), ("X-Mailer", "Richmail_Webapp(V2.4.19)")),
    )


def _alimail() -> Client:
    labels = "from=发_件_人 date=发送时间 to=收_件_人 subject=主~题"
    rule = "-" * 66
    return Client(
        "转发：",
        _plain(rule, labels, _zh, "："),
        _bordered(
            f'<div class="__aliyun_email_body_block"><div>{rule}</div><div>',
            labels,
            _zh,
            "：",
            "</div></div>",
        ),
        headers=(("X-Mailer", "[Alimail-Mailagent revision 1]"),),
    )


def _netease() -> Client:
    labels = "from=发件人 date=发送日期 to=收件人 subject=主题"
    return Client(
        "Fw:",
        _plain("-------- 转发邮件信息 --------", labels, _iso_seconds, "："),
        _bordered(
            '<div id="divNeteaseMailCard"></div><div id="isForwardContent">-------- 转发邮件信息 --------<br>',
            labels,
            _iso_seconds,
            "：",
            "</div>",
        ),
        charset="GBK",
        headers=(("X-Mailer", "Coremail Webmail Server Version XT5.0.13 Copyright (c) 163com"),),
    )


def _simple(
    separator: str,
    labels: str,
    date: Callable[[datetime], str],
    colon: str,
    prefix: str,
    headers: tuple[tuple[str, str], ...] = (),
) -> Client:
    """A webmail without marks of its own in the HTML."""
    return Client(
        prefix,
        _plain(separator, labels, date, colon),
        _bordered(f"<div>{separator}</div><div>", labels, date, colon, "</div>"),
        headers=headers,
    )


_ZH = "from=发件人 date=发送时间 to=收件人 subject=主题"
_EN_SENT = "from=From date=Sent to=To subject=Subject"
_EN_DATE = "from=From date=Date to=To subject=Subject"
_SUBJECT_FIRST = "subject=主题 date=日期 from=发件人 to=收件人"

_INLINE: dict[str, Client] = {
    "qq": _qq("原始邮件", _ZH, _zh_qq, "转发："),
    "qq_en": _qq("Original", _EN_DATE, _en_short, "Fw: "),
    "netease": _netease(),
    "netease_master": _netease_master("转发的邮件", "from=发件人 date=发送日期 to=收件人 subject=主题", _zh_padded),
    "netease_master_en": _netease_master("Forwarded Message", _EN_DATE, _slashes),
    "coremail": _coremail(),
    "zimbra": _simple(
        "----- 原始邮件 -----",
        "from=发件人 to=收件人 date=发送时间 subject=主题",
        _zh_gmail,
        ": ",
        "Fwd: ",
        (("X-Mailer", "Zimbra 8.8.15"),),
    ),
    "sina": _simple(
        "----- 原始邮件 -----",
        "from=发件人 to=收件人 subject=主题 date=日期",
        _zh_sina,
        "：",
        "转发：",
        (("X-Mailer", "Sina WebMail 4.0"),),
    ),
    "foxmail": _foxmail(),
    "outlook": _outlook(_ZH, _zh, "-----邮件原件-----", "转发: ", "gb2312"),
    "outlook_en": _outlook(_EN_SENT, _en_long, "-----Original Message-----", "FW: ", "utf-8"),
    "outlook_web": _outlook_web(_ZH, _zh, "转发: "),
    "outlook_web_en": _outlook_web(_EN_SENT, _en_long, "Fw: "),
    "outlook_tw": _outlook_web("from=寄件者 date=寄件日期 to=收件者 subject=主旨", _hant_outlook, "轉寄: "),
    "apple": _apple("下面是被转发的邮件：", "from=发件人 subject=主题 date=日期 to=收件人", _zh_apple, "转发："),
    "apple_tw": _apple("開始轉寄郵件：", "from=寄件人 subject=標題 date=日期 to=收件人", _zh_apple, "轉寄："),
    "apple_en": _apple("Begin forwarded message:", "from=From subject=Subject date=Date to=To", _en_apple, "Fwd: "),
    "gmail": _gmail(
        "---------- 转发的邮件 ---------", "from=发件人 date=日期 subject=主题 to=收件人", _zh_gmail, "： "
    ),
    "gmail_tw": _gmail(
        "---------- 轉寄郵件 ----------", "from=寄件者 date=日期 subject=主旨 to=收件者", _hant_gmail, "： "
    ),
    "gmail_en": _gmail(
        "---------- Forwarded message ---------", "from=From date=Date subject=Subject to=To", _en_gmail, ": "
    ),
    "thunderbird": _thunderbird("-------- 转发的消息 --------", "subject=主题 date=日期 from=From to=收件人", "转发："),
    "thunderbird_tw": _thunderbird(
        "-------- 轉寄郵件 --------", "subject=主旨 date=日期 from=寄件者 to=收件者", "Fwd: "
    ),
    "thunderbird_en": _thunderbird(
        "-------- Forwarded Message --------", "subject=Subject date=Date from=From to=To", "Fwd: "
    ),
    "roundcube": _simple(
        "-------- 原始邮件 --------",
        _SUBJECT_FIRST,
        _iso_minutes,
        ": ",
        "Fwd: ",
        (("User-Agent", "Roundcube Webmail/1.6.6"),),
    ),
    "mail_139": _mail_139(),
    "alimail": _alimail(),
}
CLIENTS = (*_INLINE, "attached", "attached_b64", "auto", "direct")


# --- whole mails -----------------------------------------------------------------------------------------


def _codec(label: str) -> str:
    return "gb18030" if label.lower().startswith("gb") else label


def _word(text: str, charset: str) -> str:
    """`text` as RFC 2047 words; like QQ's, words of GB18030 are cut without regard to characters."""
    if text.isascii():
        return text
    raw = text.encode(_codec(charset))
    if _codec(charset) == "gb18030":
        pieces = [raw[at : at + 39] for at in range(0, len(raw), 39)]
    else:
        pieces = [text[at : at + 13].encode() for at in range(0, len(text), 13)]
    return f"{CRLF} ".join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def _address(name: str, address: str, charset: str) -> str:
    return f"{_word(name, charset)} <{address}>" if name else address


def _part(kind: str, text: str, charset: str, transfer: str) -> bytes:
    raw = text.replace("\n", CRLF).encode(_codec(charset))
    if transfer == "8bit" and any(len(line) > LONGEST_LINE for line in raw.split(b"\r\n")):
        transfer = "base64"  # as a client does, or the door would refuse the mail
    if transfer == "base64":
        body = base64.encodebytes(raw).replace(b"\n", b"\r\n")
    elif transfer == "quoted-printable":
        body = quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    else:
        body = raw
    head = f"Content-Type: {kind}; charset={charset}{CRLF}Content-Transfer-Encoding: {transfer}{CRLF}{CRLF}"
    return head.encode() + body


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{subtype};{CRLF}\tboundary="{boundary}"{CRLF}{CRLF}'.encode()
    joined = b"".join(f"--{boundary}{CRLF}".encode() + part + b"\r\n" for part in parts)
    return head + joined + f"--{boundary}--{CRLF}".encode()


def _stamp(*pieces: str) -> str:
    return hashlib.sha256("\0".join(pieces).encode()).hexdigest()[:16].upper()


def _page(inner: str) -> str:
    return f"<html><head><title></title></head><body>{inner}</body></html>"


def _top(sender: str, to: str, subject: str, date: datetime, mark: str, extra: tuple[tuple[str, str], ...]) -> bytes:
    domain = sender.rstrip(">").rpartition("@")[2]
    head = [
        ("From", sender),
        ("To", to),
        ("Subject", subject),
        ("Date", _rfc(date)),
        ("Message-ID", f"<{mark.lower()}@{domain}>"),
        ("MIME-Version", "1.0"),
        *extra,
    ]
    return "".join(f"{name}: {value}{CRLF}" for name, value in head).encode()


def _original(letter: Letter, to: str) -> bytes:
    """The notice as its sender mailed it."""
    mark = _stamp("original", letter.subject, letter.date.isoformat(), letter.body)
    top = _top(
        _address(letter.from_name, letter.from_address, "GBK"),
        to,
        _word(letter.subject, "GBK"),
        letter.date,
        mark,
        (("Auto-Submitted", "auto-generated"),),
    )
    parts = [
        _part("text/plain", letter.body, "GBK", "base64"),
        _part("text/html", _page(_lines(letter.body, "p")), "GBK", "base64"),
    ]
    return top + _multipart("alternative", f"----=_Part_{mark}", parts)


def _auto(letter: Letter, outer_from: str, outer_to: str) -> bytes:
    """The original with the traces that a mailbox's forwarding rule leaves on top."""
    traces = [
        ("Delivered-To", outer_to),
        ("Received", f"by 2002:a05:1 with SMTP id x; {_rfc(letter.date)}"),
        ("X-Forwarded-To", outer_to),
        ("X-Forwarded-For", f"{outer_from} {outer_to}"),
        ("Resent-From", outer_from),
        ("Resent-To", outer_to),
    ]
    return "".join(f"{name}: {value}{CRLF}" for name, value in traces).encode() + _original(letter, letter.to)


def _attached(letter: Letter, note: str, top: bytes, mark: str, *, as_base64: bool) -> bytes:
    original = _original(letter, letter.to)
    if as_base64:
        name = base64.b64encode("原邮件.eml".encode()).decode()
        head = (
            f'Content-Type: application/octet-stream; name="=?utf-8?B?{name}?="{CRLF}'
            f"Content-Disposition: attachment;{CRLF} filename*=UTF-8''%E5%8E%9F%E9%82%AE%E4%BB%B6.eml{CRLF}"
            f"Content-Transfer-Encoding: base64{CRLF}{CRLF}"
        )
        part = head.encode() + base64.encodebytes(original).replace(b"\n", b"\r\n")
    else:
        part = b'Content-Type: message/rfc822; name="original.eml"\r\nContent-Disposition: attachment\r\n\r\n'
        part += original
    return top + _multipart("mixed", f"----=_Mixed_{mark}", [_part("text/plain", note, "utf-8", "base64"), part])


def wrap(
    client: str,
    *,
    subject: str,
    from_name: str,
    from_address: str,
    to: str,
    date: datetime,
    body: str,
    note: str = "",
    outer_from: str,
    outer_to: str,
    outer_name: str = "",
    outer_date: datetime | None = None,
) -> bytes:
    """A whole mail that carries a notice as `client` (one of CLIENTS) forwards it, CRLF-terminated.

    subject … body   the notice: its sender, the address it went to, its aware date, its text (lines by \\n)
    note             the shopper's own words above the forward; not in `auto` and `direct`
    outer_from       the bare address that forwards; outer_name its display name
    outer_to         the inbox address
    outer_date       when it was forwarded, else ten minutes after `date`
    raises           KeyError for a client that is not in CLIENTS
    """
    letter = Letter(subject, from_name, from_address, to, date, body)
    if client == "direct":
        return _original(letter, outer_to)
    if client == "auto":
        return _auto(letter, outer_from, outer_to)
    sent = outer_date or date + timedelta(minutes=10)
    mark = _stamp(client, subject, body, note, outer_from, sent.isoformat())
    if client in ("attached", "attached_b64"):
        top = _top(
            _address(outer_name, outer_from, "utf-8"),
            outer_to,
            _word(f"转发: {subject}", "utf-8"),
            sent,
            mark,
            (),
        )
        return _attached(letter, note, top, mark, as_base64=client == "attached_b64")
    form = _INLINE[client]
    top = _top(
        _address(outer_name, outer_from, form.charset),
        outer_to,
        _word(f"{form.prefix}{subject}", form.charset),
        sent,
        mark,
        form.headers,
    )
    text = f"{note}\n\n{form.text(letter)}\n"
    above = f"<div>{_lines(note)}</div><div><br></div>" if note else "<div><br></div>"
    parts = [
        _part("text/plain", text, form.charset, form.transfer),
        _part("text/html", _page(above + form.html(letter)), form.charset, form.transfer),
    ]
    return top + _multipart("alternative", form.boundary.format(mark), parts)
