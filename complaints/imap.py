"""Mail from a mailbox of the owner's own, over IMAP: for whoever has no mail server and no rule that forwards.

The host names it (IMAP_URL) and says whose it is. Only complaint mail is taken: headers first, by sender and subject,
unless a folder is kept for it alone. The mailbox is opened read-only and looks as before: nothing is marked as seen,
moved or deleted. Mails are known by UIDVALIDITY and UID (RFC 3501 2.3.1.1); how far we are is committed after each
mail was kept, so that a crash repeats one and never skips any. Anybody can write to a mailbox, so that a mail lay in it
proves nothing of its sender: signatures do (docs/decisions/0009-routes.md).
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import ssl
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from accounts import people
from accounts.models import ConfirmedMailbox, InboxAddress
from complaints import bell
from complaints.intake.decode import decode
from complaints.intake.receive import (
    DiskFull,
    Envelope,
    OverLimit,
    TooLarge,
    UnknownAddress,
    note_refusal,
    receive,
)
from complaints.intake.shapes import Door
from complaints.intake.trust import belongs_to, domain_of
from complaints.mailboxes import Source, sources
from complaints.models import PolledMailbox

log = logging.getLogger(__name__)

TIMEOUT = 20.0  # seconds that a server may be silent
TURN = 30.0  # seconds that one mailbox may take in one turn; the rest is the next turn's
LONGEST_TURN = timedelta(seconds=TURN + 2 * TIMEOUT)  # a turn of one mailbox that lasts longer was killed
AT_ONCE = 50  # mails whose headers are asked for together
HEADERS = 16 * 1024  # bytes of From and Subject that are looked at
TRIES = 5  # that a mail gets which its server does not hand over
MOST_RETRIED = 100
STALE = timedelta(minutes=10)  # not looked at for so long: nobody looks
RECENT = timedelta(days=7)  # so long something unusual is told of
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Text = str | Promise

# Why nothing comes from a mailbox, and what to do.
PROBLEMS: dict[str, Text] = {
    "login": _("邮箱不让登录：用户名或授权码不对，或者没有开启IMAP。这里要填的是授权码，不是登录网页的密码。"),
    "unsafe": _(
        "邮箱说“Unsafe Login”：登录成功了，但不许打开收件箱。请在邮箱网页版里重新开启IMAP服务，换一个新的授权码。"
    ),
    "folder": _("邮箱里没有这个文件夹，请核对IMAP_URL里的文件夹名。"),
    "certificate": _("服务器的TLS证书核对不过，没有登录。请核对主机名。"),
    "connection": _("连不上邮箱的服务器，或者中途断了。会接着再试，不会漏掉信。"),
    "inbox": _("IMAP_URL里的to不是正在收信的收件地址，也不是这里的用户。先不取信，不会漏掉。"),
    "full": _("这个收件地址这一小时或这一天收得太多，晚些接着取，不会漏掉。"),
    "disk": _("磁盘快满了，先不取信，不会漏掉。"),
    "stale": _("很久没有看过这个邮箱了：取信的进程没有在运行。"),
}


class Trouble(Exception):
    """This look ends here; `why` is a key of PROBLEMS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def inbox_of(source: Source) -> InboxAddress | None:
    """Where the mails of `source` go: that inbox, or the first of that person; None unless it takes mail now."""
    taking = InboxAddress.objects.filter(state=InboxAddress.State.ACTIVE, owner__is_active=True)
    if domain_of(source.to) == settings.INBOX_DOMAIN:
        return InboxAddress.objects.named(source.to).filter(pk__in=taking.values("pk")).first()
    return taking.filter(owner__email=source.to.lower()).order_by("pk").first()


# -- the connection ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def opened(source: Source) -> Iterator[BaseMailBox]:
    """The folder of `source`, opened read-only. Raises Trouble."""
    try:
        server = _connect(source)
    except ssl.SSLError as error:
        raise Trouble("certificate" if isinstance(error, ssl.SSLCertVerificationError) else "connection") from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise Trouble("connection") from error
    try:
        _log_in(server, source)
        yield server
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise Trouble("connection") from error
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            server.logout()
        with contextlib.suppress(OSError):  # a line that broke off is closed by nobody else
            server.client.shutdown()


def _connect(source: Source) -> BaseMailBox:
    context = ssl.create_default_context()  # imaplib's own would believe any certificate
    if source.scheme == "imaps":
        return MailBox(source.host, source.port, timeout=TIMEOUT, ssl_context=context)
    if source.scheme == "imap+tls":
        return MailBoxStartTls(source.host, source.port, timeout=TIMEOUT, ssl_context=context)
    return MailBoxUnencrypted(source.host, source.port, timeout=TIMEOUT)


def _log_in(server: BaseMailBox, source: Source) -> None:
    try:
        server.login(source.user, source.password, initial_folder=None)
    except MailboxLoginError as error:
        raise Trouble("login") from error
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Trouble("login") from error
    # NetEase opens no folder for a program that has not said who it is (RFC 2971); who does not know ID says BAD.
    try:
        server.client.xatom("ID", '("name" "Suji" "vendor" "Suji" "version" "1")')
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        log.debug("a mail server does not know ID")
    try:
        server.folder.set(source.folder, readonly=True)
    except (MailboxFolderSelectError, imaplib.IMAP4.readonly) as error:
        raise Trouble("unsafe" if "unsafe" in str(error).lower() else "folder") from error


def try_out(source: Source) -> str:
    """Why nothing could be taken from `source` now, a key of PROBLEMS; "" when it could. Changes nothing."""
    if inbox_of(source) is None:
        return "inbox"
    try:
        with opened(source):
            return ""
    except Trouble as trouble:
        return trouble.why


# -- one look ------------------------------------------------------------------------------------------------


def poll(source: Source, now: datetime) -> bool:
    """Take what is new in `source` and is complaint mail. True when nothing more waits there for this turn.

    What went wrong stands in its row, and once in the log; it raises nothing of the mailbox's.
    """
    row, _is_new = PolledMailbox.objects.get_or_create(name=source.name)
    row.looked_at = now
    row.save(update_fields=["looked_at"])
    try:
        inbox = inbox_of(source)
        if inbox is None:
            raise Trouble("inbox")
        with opened(source) as server:
            is_done = _Look(server, source, row, inbox, now).run()
    except Trouble as trouble:
        _note_problem(row, trouble.why, now)
        return True
    PolledMailbox.objects.filter(pk=row.pk).update(problem="", problem_at=None, **({"fine_at": now} if is_done else {}))
    if row.problem:
        log.info("mailbox %s is looked into again", row.pk)
    return is_done


def _note_problem(row: PolledMailbox, why: str, now: datetime) -> None:
    if row.problem == why:
        return
    PolledMailbox.objects.filter(pk=row.pk).update(problem=why, problem_at=now)
    log.error("ALARM nothing comes from mailbox %s: %s", row.pk, why)


@dataclass(frozen=True, slots=True)
class _Head:
    uid: int
    size: int
    text: bytes  # From and Subject as they stand there


class _Look:
    """One look through an open folder."""

    def __init__(
        self, server: BaseMailBox, source: Source, row: PolledMailbox, inbox: InboxAddress, now: datetime
    ) -> None:
        self.server, self.source, self.row, self.inbox, self.now = server, source, row, inbox, now
        self.end = time.monotonic() + TURN

    def run(self) -> bool:
        """True when it came to the end of the folder."""
        uid_next = self._recognise()
        uids = self._new(uid_next)
        # After a look that broke off, one by one: then it is known at which mail it breaks, and that one is put off.
        step = 1 if self.row.problem == "connection" else AT_ONCE
        for place in range(0, len(uids), step):
            batch = uids[place : place + step]
            heads = {head.uid: head for head in self._heads(batch)}
            for uid in batch:
                if time.monotonic() > self.end:
                    return False
                self._one(uid, heads.get(uid))
        if uid_next and uid_next - 1 > self.row.last_uid:
            self._reached(uid_next - 1)
        self._once_more()
        return True

    # -- which mails ---------------------------------------------------------------------------------------

    def _recognise(self) -> int:
        """Whether it is the folder that we know; the UID that its next mail will have, 0 if it does not say."""
        validity, uid_next = self._number("UIDVALIDITY"), self._number("UIDNEXT")
        if self.row.uidvalidity is None:
            if self.source.mailbox:  # whoever has its code, and says whose it is, is its host
                people.confirm_mailbox(self.inbox.owner, self.source.mailbox, ConfirmedMailbox.How.HOST)
        elif validity == self.row.uidvalidity and not 0 < uid_next <= self.row.last_uid:
            return uid_next
        else:  # a folder made anew or put back: which mails we had cannot be told by their numbers any more
            log.error("ALARM mailbox %s counts its mails anew; looking through it again", self.row.pk)
            self._count(renumbered=1)
        self.row.uidvalidity, self.row.last_uid, self.row.retry = validity, 0, {}
        self.row.save(update_fields=["uidvalidity", "last_uid", "retry"])
        return uid_next

    def _number(self, name: str) -> int:
        _type, said = self.server.client.response(name)
        return int(said[0]) if said and said[0] else 0

    def _new(self, uid_next: int) -> list[int]:
        """The UIDs above the last one, ascending; those of the first look since some days ago."""
        last, criteria = self.row.last_uid, [f"UID {self.row.last_uid + 1}:*"]
        if not last:
            since = self.now - timedelta(days=self.source.days)
            criteria += ["SINCE", f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"]
        _type, said = self.server.client.uid("SEARCH", *criteria)
        found = {int(uid) for part in said if part for uid in part.split()}
        # n:* names the last mail even where that is below n; what came since the folder was opened is the next turn's
        uids = sorted(uid for uid in found if uid > last and (not uid_next or uid < uid_next))
        if last and uid_next and (gone := uid_next - 1 - last - len(uids)) > 0:
            log.warning("ALARM in mailbox %s %s mails were gone before we looked", self.row.pk, gone)
            self._count(gone=gone)
        return uids

    def _heads(self, uids: list[int]) -> list[_Head]:
        """From, Subject and size of those mails; where the server refuses, one by one, and what it refuses is noted."""
        what = f"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]<0.{HEADERS}>)"
        try:
            kind, said = self.server.client.uid("FETCH", ",".join(map(str, uids)), what)
        except (imaplib.IMAP4.abort, OSError):
            if len(uids) == 1:
                self._put_off(uids[0])
                self._reached(uids[0])
            raise
        except imaplib.IMAP4.error:
            kind, said = "NO", []
        if kind == "OK":
            return [head for meta, text in _answers(said) if (head := _head(meta, text))]
        if len(uids) == 1:
            self._put_off(uids[0])
            return []
        return [head for uid in uids for head in self._heads([uid])]

    # -- one mail ------------------------------------------------------------------------------------------

    def _one(self, uid: int, head: _Head | None) -> None:
        """Take the mail, or pass it over; either way it was dealt with and the next look begins behind it."""
        if head is None:
            if str(uid) not in self.row.retry:  # deleted in this very moment
                self._count(gone=1)
        elif not is_wanted(self.source, head.text):
            self._count(passed_over=1)
        elif head.size > settings.MAIL_LIMITS["size"]:
            self._refuse_large()
        else:
            self._take(uid)
        self._reached(uid)

    def _take(self, uid: int) -> None:
        """Fetch the mail and keep it; what the server does not hand over is tried again by later looks."""
        try:
            kind, said = self.server.client.uid("FETCH", str(uid), "(UID BODY.PEEK[])")
        except (imaplib.IMAP4.abort, OSError):  # it broke at this mail, and may always: the others must have their turn
            self._put_off(uid)
            self._reached(uid)
            raise
        except imaplib.IMAP4.error:
            kind, said = "NO", []
        raw = (
            next((text for meta, text in _answers(said) if _uid(meta) == uid and text), None) if kind == "OK" else None
        )
        if raw is None:
            self._put_off(uid)
            return
        try:
            receipt = receive(raw, Envelope(mail_from="", recipients=(self.inbox.address,), peer=""), Door.IMAP)
        except TooLarge:
            self._refuse_large()
            return
        except OverLimit:
            raise Trouble("full") from None
        except DiskFull:
            raise Trouble("disk") from None
        except UnknownAddress:
            raise Trouble("inbox") from None
        self._reached(uid)
        self._count(taken=1, repeats=receipt.repeats)
        if self.row.retry.pop(str(uid), None):
            self.row.save(update_fields=["retry"])
        bell.ring(receipt.mail_pks)

    def _refuse_large(self) -> None:
        log.error("ALARM a mail in mailbox %s is larger than a mail may be", self.row.pk)
        note_refusal(self.inbox, InboxAddress.Refused.TOO_LARGE, self.now)
        self._count(too_large=1)

    def _put_off(self, uid: int) -> None:
        """The server did not hand it over: later looks try again, a few times."""
        tries = self.row.retry.get(str(uid), 0) + 1
        if tries >= TRIES or len(self.row.retry) >= MOST_RETRIED:
            self.row.retry.pop(str(uid), None)
            log.error("ALARM mailbox %s does not hand over mail %s; given up", self.row.pk, uid)
            self._count(failed=1)
        else:
            self.row.retry[str(uid)] = tries
        self.row.save(update_fields=["retry"])

    def _once_more(self) -> None:
        """Try again what earlier looks could not get."""
        uids = sorted(int(uid) for uid in self.row.retry)
        for uid in uids:
            before = self.row.retry.get(str(uid))
            for head in self._heads([uid]):
                if is_wanted(self.source, head.text):
                    self._take(uid)
                else:
                    self._count(passed_over=1)
                    self.row.retry.pop(str(uid), None)
            if self.row.retry.get(str(uid)) == before:  # it is not there any more, or was taken or passed over
                self.row.retry.pop(str(uid), None)
        if uids:
            self.row.save(update_fields=["retry"])

    # -- what is kept of the look ----------------------------------------------------------------------------

    def _reached(self, uid: int) -> None:
        """Committed: up to `uid` all was dealt with. Never backwards, whoever else looks as well."""
        self.row.last_uid = max(self.row.last_uid, uid)
        PolledMailbox.objects.filter(pk=self.row.pk, last_uid__lt=uid).update(last_uid=uid)

    def _count(self, **more: int) -> None:
        is_unusual = bool({"too_large", "failed", "gone", "renumbered"} & set(more))
        PolledMailbox.objects.filter(pk=self.row.pk).update(
            **{name: F(name) + number for name, number in more.items()},
            **({"unusual_at": self.now} if is_unusual else {}),
        )


def is_wanted(source: Source, head: bytes) -> bool:
    """Whether From and Subject are those of complaint mail: a known sender's domain, or a word of the subject."""
    if source.takes_all:
        return True
    mail = decode(b"MIME-Version: 1.0\r\n" + head.strip() + b"\r\n\r\n")
    if belongs_to(domain_of(mail.from_address), source.senders):
        return True
    subject = mail.subject.casefold()
    return any(word in subject for word in source.subjects)


def _answers(said: Iterable[bytes | tuple[bytes, bytes] | None]) -> Iterator[tuple[bytes, bytes]]:
    """What a FETCH answered, a mail each: (all that stands around the literal, the literal)."""
    meta, text = b"", b""
    for part in said:
        if isinstance(part, tuple):
            if meta and re.match(rb"\d+ \(", part[0]):
                yield meta, text
                meta = b""
            meta, text = meta + part[0], part[1]
        elif part:
            if meta and re.match(rb"\d+ \(", part):
                yield meta, text
                meta, text = b"", b""
            meta += part
    if meta:
        yield meta, text


def _uid(meta: bytes) -> int:
    found = re.search(rb"\bUID (\d{1,10})\b", meta)
    return int(found[1]) if found else 0


def _head(meta: bytes, text: bytes) -> _Head | None:
    uid, size = _uid(meta), re.search(rb"\bRFC822\.SIZE (\d{1,18})\b", meta)
    return _Head(uid, int(size[1]), text) if uid and size else None


# -- all of them, and how they are ---------------------------------------------------------------------------


def poll_all(now: datetime) -> bool:
    """Look into every mailbox of IMAP_URL once. True when nothing more waits for this turn."""
    ends = [poll(source, now) for source in sources(settings.IMAP_URL)]  # each has its turn, whatever the first says
    return all(ends)


@dataclass(frozen=True, slots=True)
class State:
    """How it stands with one mailbox of IMAP_URL, for whoever runs this installation."""

    name: str
    row: PolledMailbox | None  # None: it was never looked into
    problem: Text  # a sentence with what to do, "" when mail comes
    advice: Text  # what its provider calls things, "" when it needs none
    is_stale: bool  # nobody looks
    is_unusual: bool  # within a week a mail was too large, given up, gone, or the folder counted anew

    @property
    def told(self) -> str:
        """The counts since it was set up, for a terminal."""
        if self.row is None:
            return "never looked into"
        odd = {
            "too large": self.row.too_large,
            "not handed over": self.row.failed,
            "gone before we looked": self.row.gone,
            "times counted anew": self.row.renumbered,
            "to be tried again": len(self.row.retry),
        }
        counts = f"{self.row.taken} taken ({self.row.repeats} repeats), {self.row.passed_over} passed over"
        return ", ".join([counts, *(f"{count} {name}" for name, count in odd.items() if count)])


def state(now: datetime | None = None) -> list[State]:
    """How each mailbox of IMAP_URL is, in its order; [] when none is set up. Asks the table, no server."""
    now = now or timezone.now()
    rows = {row.name: row for row in PolledMailbox.objects.all()}
    found = []
    for source in sources(settings.IMAP_URL):
        row = rows.get(source.name)
        is_stale = not row or not row.looked_at or row.looked_at < now - STALE
        why = "stale" if is_stale else row.problem if row else ""
        is_unusual = bool(row and row.unusual_at and row.unusual_at > now - RECENT)
        advice = source.advice() if why in ("login", "unsafe") else ""
        found.append(State(source.name, row, PROBLEMS[why] if why else "", advice, is_stale, is_unusual))
    return found
