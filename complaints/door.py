"""The SMTP and LMTP door: aiosmtpd with every weak default closed.

aiosmtpd as it comes answers an error with a permanent 500 and the exception's text, has no limit of
connections, lets endless NOOPs hold one, gives one answer for several LMTP recipients, and refuses
lines above 1000 bytes, which real notices have. What is kept is what was sent, byte for byte: no
header is added. Nothing of a mail, and no address, goes to a log.
"""

from __future__ import annotations

import asyncio
import logging
import re
import signal
import ssl
import sys
import time
import traceback
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import AnyStr, TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, TLSSetupException
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from accounts import limits
from accounts.limits import Refusal
from accounts.models import InboxAddress
from complaints import bell
from complaints.intake.receive import (
    NOTED_AGAIN,
    Delivery,
    DiskFull,
    Envelope,
    Kept,
    OverLimit,
    Receipt,
    TooLarge,
    UnknownAddress,
    disk_is_full,
    flooding,
    is_own_mta,
    look_up,
    note_refusal,
    receive_together,
)
from complaints.intake.shapes import Door

log = logging.getLogger(__name__)
T = TypeVar("T")
Refused = InboxAddress.Refused

# Whole answers, fixed: what went wrong inside is our business, and which addresses exist is nobody's.
KEPT = "250 2.0.0 OK"
OUR_FAULT = "451 4.3.0 Temporary failure, please try again later"
BUSY = "451 4.3.2 Busy, please try again later"
DISK_FULL = "452 4.3.1 Insufficient storage, please try again later"
FULL_INBOX = "452 4.2.2 Too many mails for this mailbox now, please try again later"
FLOOD = "452 4.7.28 Too many mails from you now, please try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients"
NO_SUCH_INBOX = "550 5.1.1 No such mailbox here"
NO_OPTIONS = "555 5.5.4 No parameters are known for RCPT TO"
TOO_LARGE = "552 5.3.4 Message too large"
GOODBYE = "421 4.7.0 Too many errors, goodbye"
TOO_MANY_CONNECTIONS = b"421 4.7.0 Too many connections, please try again later\r\n"
CANNOT_VRFY = "252 2.1.5 Cannot VRFY; send some mail and see"
NOT_HERE = "502 5.5.1 Command not available"
# Refusals that aiosmtpd speaks by itself: of a mail announced too large, and of one command said too often.
ITS_OWN = ((re.compile("552 Error"), Refusal.TOO_LARGE), (re.compile(".* sent too many times"), Refusal.COMMANDS))

COMMANDS = 200  # of one kind in one session; beyond, 421
IN_FLIGHT = 128 * 1024 * 1024  # bytes of all mails being received at once; what is above comes again
DRIP = 16 * 1024  # a mail on its way must bring so many bytes within the idle time
FRESH = 2.0  # seconds that an address which was found is not looked up again: mails come in bursts
REMEMBERED = 1000  # addresses
COMPANY = 0.002  # seconds that a mail waits for others that are on their way, to share the wait for the disk
GROUP, GROUP_BYTES = 32, 8 * 1024 * 1024  # of mails that one commit holds
LAST_SECONDS = 5.0  # that a mail on its way in has to come whole once the door is told to close
CHUNK = 64 * 1024  # of the reader's buffer; aiosmtpd's own makes large mails slow
END = b"\r\n.\r\n"  # the only end of a mail (CVE-2023-51764: nothing that looks like it)
# RCPT TO:<address> and what follows it. Anything stranger is nobody's address.
ADDRESS = "[!-;=?-~]{1,320}"
RECIPIENT = re.compile(rf"to:\s*(?:<({ADDRESS})>|({ADDRESS}))(?:\s+(\S.*))?", re.IGNORECASE)
NOT_TEXT = re.compile(r"[\x00-\x1f\x7f]")


@dataclass
class Crowd:
    """Who is connected: all, and from each address; and how much they are sending right now."""

    total: int = 0
    per_peer: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    sending: int = 0  # mails on their way in, or kept and not answered yet
    lines: set[asyncio.Transport] = field(default_factory=set)

    def let_in(self, peer: str, per_peer: int) -> bool:
        """Count a connection from `peer`; False, and nothing counted, when there are enough."""
        is_crowded = self.total >= settings.MAIL_LIMITS["connections"] or self.per_peer[peer] >= per_peer
        if is_crowded and not settings.LIMITS_OFF:
            return False
        self.total += 1
        self.per_peer[peer] += 1
        return True

    def let_out(self, peer: str) -> None:
        self.total -= 1
        self.per_peer[peer] -= 1
        if not self.per_peer[peer]:
            del self.per_peer[peer]


class Body:
    """One mail being read: up to CRLF.CRLF and nothing else, bounded, its dots taken off again."""

    def __init__(self, reader: asyncio.StreamReader, limit: int, crowd: Crowd) -> None:
        self._reader = reader
        self._limit = limit
        self._crowd = crowd
        self._pieces: list[bytes] = []
        self._size = self._held = 0
        self._tail = b""
        self.is_too_large = False
        self.is_too_much = False  # for all connections together

    async def read(self) -> bytes:
        """The mail; b"" when it is too large or too much, which was then read past and not held.

        raises  EOFError when the client is gone before the end
        """
        is_line_start = True
        while is_line_start:
            first = await self._reader.readexactly(1)
            self._take(first)
            if first not in b".\r":  # no part of an end has been taken: search the rest for a whole one
                break
            length = await self._up_to(b"\n")
            if first == b"." and length == 2 and self._tail == b"\r\n":
                return self._mail()
            is_line_start = self._tail == b"\r\n"
        await self._up_to(END)
        return self._mail()

    def let_go(self) -> None:
        """The bytes are no longer held here; again changes nothing."""
        self._pieces.clear()
        self._crowd.in_flight -= self._held
        self._held = 0

    async def _up_to(self, separator: bytes) -> int:
        """Take everything up to and with `separator`; how many bytes that were."""
        before = self._size
        while True:
            try:
                self._take(await self._reader.readuntil(separator))
            except asyncio.LimitOverrunError as error:  # not found yet, and the buffer is full
                self._take(await self._reader.readexactly(error.consumed))
            else:
                return self._size - before

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        self._tail = (self._tail + piece[-2:])[-2:]
        self.is_too_large |= self._size > self._limit + len(END)
        self.is_too_much |= self._crowd.in_flight + len(piece) > IN_FLIGHT
        if self.is_too_large or self.is_too_much:
            self.let_go()
            return
        self._pieces.append(piece)
        self._held += len(piece)
        self._crowd.in_flight += len(piece)

    def _mail(self) -> bytes:
        if self.is_too_large or self.is_too_much:
            return b""
        raw = b"".join(self._pieces)[:-3]  # without the line of the dot
        if raw.startswith(b"."):
            raw = raw[1:]
        return raw.replace(b"\r\n.", b"\r\n")


Waits = tuple[Delivery, "asyncio.Future[Kept]"]


class Handler:
    """What the door does with what it hears. Database work runs in threads, off the event loop."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.tls = certificate()
        self.crowd = Crowd()
        # SQLite has one writer at a time: several threads would only sleep and look again, up to 100 ms each
        threads = 1 if settings.IS_SQLITE else 2
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="receive")
        self._threads, self._at_work = threads, 0
        self._waiting: deque[Waits] = deque()
        self.on_their_way = 0  # mails of which a part is here
        self._setting_out: asyncio.TimerHandle | None = None  # when what waits goes without more company
        self._found: dict[str, tuple[float, InboxAddress]] = {}
        self._noted: dict[tuple[int, str], float] = {}  # when a refusal was last written, by inbox and reason
        self._writing: asyncio.TimerHandle | None = None  # when what was counted is written down

    def _fresh(self, address: str) -> InboxAddress | None:
        """The inbox that was found for `address` within the last FRESH seconds."""
        at, inbox = self._found.get(address, (0.0, None))
        return inbox if time.monotonic() - at < FRESH else None

    def _remember(self, address: str, inbox: InboxAddress) -> None:
        if len(self._found) >= REMEMBERED:
            self._found.clear()
        self._found[address] = (time.monotonic(), inbox)

    def refused(self, envelope: SmtpEnvelope, why: InboxAddress.Refused) -> None:
        """The mail that `envelope` announced is not taken: note it on each inbox it was for."""
        for address in envelope.rcpt_tos:
            if found := self._found.get(address):
                self._note(found[1], why)

    def _note(self, inbox: InboxAddress, why: InboxAddress.Refused) -> None:
        """Have the refusal written, off the loop: the answer does not wait for it, and tells nothing by its time."""
        last = self._noted.get((inbox.pk, why))
        if last is not None and time.monotonic() - last < NOTED_AGAIN.total_seconds():
            return
        if len(self._noted) >= REMEMBERED:
            self._noted.clear()
        self._noted[inbox.pk, why] = time.monotonic()
        write = self._pool.submit(_with_connection, lambda: note_refusal(inbox, why, timezone.now()))
        write.add_done_callback(_written)

    def count(self, why: Refusal) -> None:
        """Count a refusal that `receive` did not hear of; written down a moment later, off the loop."""
        limits.refuse(why, timezone.now())
        if self._writing is None:
            self._writing = asyncio.get_running_loop().call_later(limits.WRITTEN_EVERY, self._write)

    def _write(self) -> None:
        self._writing = None
        self._pool.submit(_with_connection, lambda: limits.write_down(at_once=True)).add_done_callback(_written)

    def close(self) -> None:
        """Wait for what is being kept, then close the connection that SQLite's one thread kept for itself."""
        if self._writing:
            self._writing.cancel()
        self._write()
        self._pool.submit(lambda: connection.close())  # a lambda: which connection is meant depends on the thread
        self._pool.shutdown()

    async def off_loop(self, work: Callable[[], T]) -> T:
        """What `work` returns, run in a thread with a database connection of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _with_connection, work)

    async def handle_EHLO(
        self, server: SMTP, session: SmtpSession, envelope: SmtpEnvelope, hostname: str, answers: list[str]
    ) -> list[str]:
        """aiosmtpd's answers without its last one, HELP, and without AUTH, which it offers under TLS."""
        session.host_name = hostname
        *others, last = (answer for answer in answers[:-1] if not answer.startswith("250-AUTH"))
        return [*others, last.replace("250-", "250 ", 1)]

    async def handle_MAIL(
        self, server: SMTP, session: SmtpSession, envelope: SmtpEnvelope, address: str, options: list[str]
    ) -> str:
        if disk_is_full():
            self.count(Refusal.DISK)
            return DISK_FULL
        peer = server.peer if isinstance(server, DoorProtocol) else ""
        if why := flooding(Envelope(_plain(address), (), peer), self.door, timezone.now()):
            self.count(why)
            return FLOOD
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def recipient(self, envelope: SmtpEnvelope, address: str) -> str:
        """The answer to one RCPT; unless it is a no, `address` is one of the mail's recipients now."""
        if len(envelope.rcpt_tos) >= settings.MAIL_LIMITS["recipients"]:
            self.count(Refusal.RECIPIENTS)
            return TOO_MANY_RECIPIENTS
        if not self._fresh(address):
            inbox, why = await self.off_loop(lambda: look_up(address))
            if inbox is None:
                self.count(Refusal.UNKNOWN)
                return NO_SUCH_INBOX
            if why:
                self.count(Refusal.INBOX if why is Refused.FULL else Refusal.UNKNOWN)
                self._note(inbox, why)
                return FULL_INBOX if why is Refused.FULL else NO_SUCH_INBOX
            self._remember(address, inbox)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def keep(self, raw: bytes, envelope: SmtpEnvelope, peer: str) -> tuple[str, tuple[int, ...]]:
        """The answer to a whole mail, and the rows to ring for once it is given."""
        found = [self._fresh(address) for address in envelope.rcpt_tos]
        fresh = tuple(inbox for inbox in found if inbox) if all(found) else ()
        ours = Envelope(_plain(envelope.mail_from or ""), tuple(envelope.rcpt_tos), peer, inboxes=fresh)
        match await self._keep_with_others(Delivery(raw, ours, self.door)):
            case Receipt() as receipt:
                return KEPT, receipt.mail_pks
            case DiskFull():
                return DISK_FULL, ()
            case OverLimit(why=Refusal.DOMAIN | Refusal.PEER):
                return FLOOD, ()
            case OverLimit():
                self.refused(envelope, Refused.FULL)
                return FULL_INBOX, ()
            case TooLarge():
                return TOO_LARGE, ()
            case UnknownAddress():  # closed since its RCPT; at the next try RCPT says so, to that one alone
                return OUR_FAULT, ()
            case error:
                raise error

    async def _keep_with_others(self, delivery: Delivery) -> Kept:
        """Have `delivery` kept, in one commit with whatever waits when its turn comes: the disk is waited for once."""
        answer: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, answer))
        self._keep_waiting()
        return await answer

    def _keep_waiting(self, *, alone: bool = False) -> None:
        """Let each thread that has nothing to do keep some of what waits; not yet when more is about to come.

        alone  however much is on its way: it took longer than COMPANY
        """
        loop = asyncio.get_running_loop()
        if self.on_their_way and not alone and 0 < len(self._waiting) < GROUP:
            if self._setting_out is None:
                self._setting_out = loop.call_later(COMPANY, partial(self._keep_waiting, alone=True))
            return
        if self._setting_out:
            self._setting_out.cancel()
            self._setting_out = None
        while self._waiting and self._at_work < self._threads:
            group: list[Waits] = []
            size = 0
            while self._waiting and len(group) < GROUP and size < GROUP_BYTES:
                group.append(self._waiting.popleft())
                size += len(group[-1][0].raw)
            self._at_work += 1
            deliveries = [delivery for delivery, _answer in group]
            kept = loop.run_in_executor(self._pool, _with_connection, partial(_keep, deliveries))
            kept.add_done_callback(partial(self._tell, group))

    def _tell(self, group: list[Waits], kept: asyncio.Future[list[Kept]]) -> None:
        """Give each of `group` its answer, unless its client is gone; then the next ones have their turn."""
        self._at_work -= 1
        self._keep_waiting()
        for place, (_delivery, answer) in enumerate(group):
            if answer.cancelled():
                continue
            if error := kept.exception():
                answer.set_exception(error)
            else:
                answer.set_result(kept.result()[place])


class DoorProtocol(SMTP):
    """One connection, spoken to in SMTP."""

    command_size_limit = 1024
    commands: int | None = COMMANDS
    answers_each_recipient = False

    def __init__(self, handler: Handler, loop: asyncio.AbstractEventLoop) -> None:
        self.line_length_limit = CHUNK
        # aiosmtpd shares this one between all connections, and lets every EHLO raise it
        self.command_size_limits = defaultdict(lambda: self.command_size_limit)
        super().__init__(
            handler,
            data_size_limit=settings.MAIL_LIMITS["size"],
            enable_SMTPUTF8=True,
            tls_context=handler.tls,
            hostname=settings.INBOX_DOMAIN,
            ident="ESMTP",  # no name, no version
            timeout=settings.MAIL_LIMITS["idle_seconds"],
            command_call_limit=None if settings.LIMITS_OFF else self.commands,
            loop=loop,
        )
        self.handler = handler
        self.peer = ""
        self.unknown = 0
        self._is_in = self._is_body = False
        self._since_reset = 0
        self._answers_due = 1
        self._end: asyncio.TimerHandle | None = None

    # -- who may come in, and for how long ---------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        peername = transport.get_extra_info("peername")
        if self._is_in:  # the same connection after STARTTLS
            super().connection_made(transport)
            return
        self.peer = str(peername[0]) if isinstance(peername, tuple) else ""
        if not self.handler.crowd.let_in(self.peer, self._per_peer()):
            self.handler.count(Refusal.CONNECTIONS)
            transport.write(TOO_MANY_CONNECTIONS)
            transport.close()
            return
        self._is_in = True
        self._line = transport
        self.handler.crowd.lines.add(transport)
        super().connection_made(transport)
        self._end = self.loop.call_later(settings.MAIL_LIMITS["session_seconds"], self._session_over)
        assert self._handler_coroutine is not None
        self._handler_coroutine.add_done_callback(_ended)

    def _per_peer(self) -> int:
        return int(settings.MAIL_LIMITS["connections" if is_own_mta(self.peer) else "connections_per_ip"])

    def _session_over(self) -> None:
        self.handler.count(Refusal.SESSION)
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()

    def _timeout_cb(self) -> None:
        self.handler.count(Refusal.IDLE)
        super()._timeout_cb()  # type: ignore[no-untyped-call]

    async def push(self, status: AnyStr) -> None:
        if isinstance(status, str):
            for own, why in ITS_OWN:
                if own.match(status):
                    self.handler.count(why)
        await super().push(status)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_in:
            return
        self._is_in = False
        self.handler.crowd.lines.discard(self._line)
        self.handler.crowd.let_out(self.peer)
        if self._end:
            self._end.cancel()
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._is_in else False

    def data_received(self, data: bytes) -> None:
        if not self._is_in:
            return
        if self._is_body:  # a large mail on a slow line is not idle; a byte now and then is
            self._since_reset += len(data)
            if self._since_reset >= DRIP:
                self._since_reset = 0
                self._reset_timeout()
        super().data_received(data)

    async def handle_exception(self, error: Exception) -> str:
        """aiosmtpd would answer 500 and the exception's text: the sender bounces the mail, and reads it."""
        if isinstance(error, TLSSetupException):  # a client's fault, and a scanner's habit; the connection ends
            return GOODBYE
        if isinstance(error, EOFError):
            raise ConnectionResetError from error
        log.error("the door failed: %s", _where(error))
        self.handler.count(Refusal.FAULT)
        for _another in range(self._answers_due - 1):
            await self.push(OUR_FAULT)
        self._answers_due = 1
        return OUR_FAULT

    # -- commands that would tell a stranger too much, or answer unlike each other ---------------------------

    async def smtp_RCPT(self, arg: str | None) -> None:
        """Unknown, paused, changed and malformed addresses get one and the same answer, and only so many."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.mail_from:
            await self.push("503 5.5.1 MAIL comes first")
            return
        told = RECIPIENT.fullmatch(arg or "")
        if told and told[3]:
            await self.push(NO_OPTIONS)
            return
        answer = NO_SUCH_INBOX
        if not told:
            self.handler.count(Refusal.UNKNOWN)
        else:
            answer = await self.handler.recipient(self.envelope, told[1] or told[2])
        self.unknown += answer == NO_SUCH_INBOX
        if self.unknown > settings.MAIL_LIMITS["unknown_recipients"]:
            self.handler.count(Refusal.GUESSING)
            await self.push(GOODBYE)
            assert self.transport is not None
            self.transport.close()
            return
        await self.push(answer)

    async def smtp_VRFY(self, arg: str | None) -> None:
        await self.push(CANNOT_VRFY)

    async def smtp_HELP(self, arg: str | None) -> None:
        await self.push("214 2.0.0 See RFC 5321")

    async def smtp_EXPN(self, arg: str | None) -> None:
        await self.push(NOT_HERE)

    async def smtp_AUTH(self, arg: str | None) -> None:
        await self.push(NOT_HERE)

    async def smtp_STARTTLS(self, arg: str | None) -> None:
        """Once, where a certificate is set; what was sent before in the clear, commands behind it too, is forgotten."""
        if self.tls_context is None or self._tls_protocol:
            await self.push(NOT_HERE)
            return
        await super().smtp_STARTTLS(arg)

    # -- the mail itself -------------------------------------------------------------------------------------

    async def smtp_DATA(self, arg: str | None) -> None:
        """Read the mail, keep it, say so, and only then ring."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 RCPT comes first")
            return
        if arg:
            await self.push("501 5.5.4 DATA takes no argument")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        if self.answers_each_recipient:
            self._answers_due = len(self.envelope.rcpt_tos)
        self.handler.crowd.sending += 1
        try:
            answer, to_ring = await self._receive(self.envelope)
            while self._answers_due > 1:
                self._answers_due -= 1
                await self.push(answer)
            await self.push(answer)
        finally:
            self.handler.crowd.sending -= 1
        bell.ring(to_ring)

    async def _receive(self, envelope: SmtpEnvelope) -> tuple[str, tuple[int, ...]]:
        body = Body(self._reader, settings.MAIL_LIMITS["size"], self.handler.crowd)
        self._since_reset = 0
        try:
            with self._reading_body():
                raw = await body.read()
            self._reset_timeout()
            if body.is_too_large:
                self.handler.count(Refusal.TOO_LARGE)
                self.handler.refused(envelope, Refused.TOO_LARGE)
                return TOO_LARGE, ()
            if body.is_too_much:
                self.handler.count(Refusal.BUSY)
                return BUSY, ()
            return await self.handler.keep(raw, envelope, self.peer)
        finally:
            body.let_go()
            self.envelope = self._create_envelope()

    @contextmanager
    def _reading_body(self) -> Iterator[None]:
        self._is_body = True
        self.handler.on_their_way += 1
        try:
            yield
        finally:
            self._is_body = False
            self.handler.on_their_way -= 1


class LmtpProtocol(DoorProtocol, LMTP):
    """The same in LMTP, for our own MTA in front: it alone connects, and hears of each recipient apart."""

    answers_each_recipient = True
    commands = None  # an MTA sends mail after mail on one connection

    def _per_peer(self) -> int:
        return int(settings.MAIL_LIMITS["connections"])


# -- what both need ------------------------------------------------------------------------------------------


def _with_connection(work: Callable[[], T]) -> T:
    """`work` in this thread. SQLite keeps its connection; PostgreSQL's goes back to the pool; a broken one ends."""
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()
        raise
    finally:
        if not settings.IS_SQLITE:
            connection.close()


def _keep(deliveries: list[Delivery]) -> list[Kept]:
    kept = receive_together(deliveries)
    if any(isinstance(one, OperationalError | InterfaceError) for one in kept):
        connection.close()  # it may be broken
    return kept


def _plain(address: str) -> str:
    """An envelope sender that any database takes; "" for the empty path."""
    text = address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "" if text == "<>" else NOT_TEXT.sub("", text)


def _where(error: BaseException) -> str:
    """The class of `error` and the place it came from: its own words may be somebody's mail."""
    places = traceback.extract_tb(error.__traceback__)
    place = f"{PurePath(places[-1].filename).name}:{places[-1].lineno}" if places else "nowhere"
    return f"{type(error).__name__} at {place}"


def _written(note: Future[None]) -> None:
    """A refusal that could not be noted is nobody's mail: say so and go on."""
    if not note.cancelled() and (error := note.exception()):
        log.error("a refusal was not noted: %s", _where(error))


def _ended(conversation: asyncio.Task[None]) -> None:
    """A client that left in the middle is nothing to report."""
    if not conversation.cancelled():
        conversation.exception()


# -- open and close --------------------------------------------------------------------------------------------


def certificate() -> ssl.SSLContext | None:
    """For STARTTLS, where SMTP_TLS_CERT and SMTP_TLS_KEY name one. Raises OSError for files that hold none."""
    if not settings.SMTP_TLS_CERT:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings.SMTP_TLS_CERT, settings.SMTP_TLS_KEY or None)
    return context


async def open_door(handler: Handler, host: str, port: int) -> asyncio.Server:
    """Listen; `port` 0 takes a free one. Raises OSError when the port is taken."""
    sys.setswitchinterval(0.001)  # the threads that keep mail must not hold up the conversation
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's: it logs commands and addresses
    loop = asyncio.get_running_loop()
    protocol = LmtpProtocol if handler.door is Door.LMTP else DoorProtocol
    return await loop.create_server(lambda: protocol(handler, loop), host, port)


async def stay_open(door: Door, host: str, port: int, listening: Callable[[str, int], None]) -> None:
    """Listen until SIGTERM or SIGINT; then take nothing new, keep what is on its way, and say so to who sent it.

    What has not come whole after LAST_SECONDS comes again from its sender. `listening` hears where.
    """
    handler = Handler(door)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await open_door(handler, host, port)
    listening(*server.sockets[0].getsockname()[:2])
    await stop.wait()
    server.close()  # whoever is connected stays so until they have their answer
    end = asyncio.get_running_loop().time() + LAST_SECONDS
    while handler.crowd.sending and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.02)
    for line in list(handler.crowd.lines):
        line.abort()
    await asyncio.sleep(0)  # the lines hear of it
    handler.close()
