"""The mailboxes that a host set up to take complaint mail from (IMAP_URL), read from the setting. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.intake.provenance import VOICES
from complaints.intake.trust import belongs_to

FIRST_DAYS = 30  # so far back the first look goes
PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
SENDERS = tuple(dict.fromkeys(domain for voice in VOICES for domain in voice.domains))

Text = str | Promise

# What each provider calls a password for programs, by the end of its server's name.
CODES: dict[str, Text] = {
    "qq.com": _("QQ邮箱：网页版“设置→账号”里开启IMAP/SMTP服务，按提示生成授权码。"),
    "163.com": _("网易邮箱：网页版“设置→POP3/SMTP/IMAP”里开启IMAP/SMTP服务，新增授权密码。"),
    "126.com": _("网易邮箱：网页版“设置→POP3/SMTP/IMAP”里开启IMAP/SMTP服务，新增授权密码。"),
    "yeah.net": _("网易邮箱：网页版“设置→POP3/SMTP/IMAP”里开启IMAP/SMTP服务，新增授权密码。"),
    "gmail.com": _("Gmail：先开启两步验证，再生成“应用专用密码”，去掉空格填进来。"),
    "office365.com": _("Outlook已不接受密码登录IMAP，请改用自动转发。"),
    "outlook.com": _("Outlook已不接受密码登录IMAP，请改用自动转发。"),
}


class BadUrl(ValueError):
    """IMAP_URL is not as it should be; the words say how, without the secret."""


@dataclass(frozen=True, slots=True)
class Source:
    """One mailbox to look into, and whose inbox its mails go to."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    to: str  # an inbox address, or the e-mail of whoever it belongs to
    senders: tuple[str, ...] = SENDERS  # domains
    subjects: tuple[str, ...] = ()  # words, of which one in the subject is enough
    takes_all: bool = False  # the folder is kept for complaint mail alone
    days: int = FIRST_DAYS

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"

    @property
    def mailbox(self) -> str:
        """The address of the mailbox, where its user name tells; else ""."""
        return self.user.lower() if "@" in self.user else ""

    def advice(self) -> Text:
        """What its provider calls the password for programs, and where to get one; "" if unknown."""
        return next((text for end, text in CODES.items() if belongs_to(self.host, (end,))), "")


def sources(text: str) -> list[Source]:
    """The mailboxes of IMAP_URL, separated by blanks: imaps://user:code@host[:port]/FOLDER?to=WHOSE[&…].

    further keys  from (domains, comma-separated), subject (words), take=all, days (of the first look)
    raises        BadUrl
    """
    found = [_source(part, number) for number, part in enumerate(text.split(), 1)]
    if len({source.name for source in found}) < len(found):
        raise BadUrl("IMAP_URL names the same folder of the same mailbox twice.")
    return found


def _source(text: str, number: int) -> Source:
    where = f"IMAP_URL, mailbox {number}:"
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise BadUrl(
            f"{where} this is no URL; signs such as @ : / # in a user or password are written %40 %3A %2F %23."
        ) from None
    if url.scheme not in PORTS:
        raise BadUrl(f"{where} it begins with imaps:// (TLS) or imap+tls:// (STARTTLS).")
    user, password, host = unquote(url.username or ""), unquote(url.password or ""), url.hostname or ""
    if not host or not user or not password:
        raise BadUrl(f"{where} imaps://USER:CODE@HOST/FOLDER?to=ADDRESS needs a user, a code and a host.")
    if not (user + password).isascii() or re.search(r"[\x00-\x1f]", user + password):
        raise BadUrl(f"{where} user and code are plain ASCII.")
    if url.scheme == "imap" and not _is_near(host):
        raise BadUrl(f"{where} imap:// sends the code in the clear; use imaps:// or imap+tls://.")
    said = dict(parse_qsl(url.query, keep_blank_values=True))
    if unknown := set(said) - {"to", "from", "subject", "take", "days"}:
        raise BadUrl(f"{where} {', '.join(sorted(unknown))}: only to, from, subject, take and days are known.")
    if "@" not in said.get("to", ""):
        raise BadUrl(f"{where} to= names an inbox address, or the e-mail of the person whose mailbox it is.")
    if said.get("take", "all") != "all":
        raise BadUrl(f"{where} take= is either absent (complaint mail alone) or all.")
    days = said.get("days", str(FIRST_DAYS))
    if not (days.isascii() and days.isdecimal() and 1 <= int(days) <= 3_650):
        raise BadUrl(f"{where} days= is a whole number from 1 to 3650.")
    source = Source(
        scheme=url.scheme,
        host=host,
        port=port or PORTS[url.scheme],
        user=user,
        password=password,
        folder=unquote(url.path.removeprefix("/")) or "INBOX",
        to=said["to"],
        senders=_list(said["from"].lower()) if "from" in said else SENDERS,
        subjects=_list(said.get("subject", "").casefold()),
        takes_all="take" in said,
        days=int(days),
    )
    if len(source.name) > 200 or re.search(r"[\x00-\x1f]", source.folder):
        raise BadUrl(f"{where} user, host and folder are at most 200 signs together.")
    return source


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
