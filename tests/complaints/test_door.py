"""The real door on a free port, spoken to by smtplib and by bare sockets."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import limits
from accounts.models import InboxAddress
from complaints import bell, door
from complaints.intake.receive import UnknownAddress
from complaints.intake.shapes import Door
from complaints.models import IncomingMail
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

RAW = make.raw_mail()
NOBODY = "nobody@in.suji.localhost"


@dataclass
class Open:
    port: int
    handler: door.Handler


@contextlib.contextmanager
def open_door(kind: Door = Door.SMTP) -> Iterator[Open]:
    """A door in a thread of its own."""
    handler = door.Handler(kind)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(door.open_door(handler, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield Open(server.sockets[0].getsockname()[1], handler)
    finally:
        loop.call_soon_threadsafe(server.close)
        deadline = time.monotonic() + 5
        while handler.crowd.total and time.monotonic() < deadline:
            time.sleep(0.01)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        handler.close()
        loop.close()


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    limits.forget_memory()


@pytest.fixture(autouse=True)
def _quiet_mail_log() -> Iterator[None]:
    """The door silences aiosmtpd's logger; other tests find it as it was."""
    logger = logging.getLogger("mail.log")
    level = logger.level
    yield
    logger.setLevel(level)


class Line:
    """A connection as a stranger's program has one."""

    def __init__(self, port: int, hello: bool = True) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.socket.makefile("rb")
        self.greeting = self.hear()
        if hello:
            self.say(b"EHLO stranger.example")

    def hear(self) -> bytes:
        """The last line of one answer, b"" when the door closed."""
        while (line := self.file.readline())[3:4] == b"-":
            pass
        return line

    def say(self, command: bytes) -> bytes:
        try:
            self.socket.sendall(command + b"\r\n")
            return self.hear()
        except (BrokenPipeError, ConnectionResetError):
            return b""

    def mail(self, recipient: str, data: bytes) -> bytes:
        """Everything up to DATA, then `data` as it is; the answer to it."""
        assert self.say(b"MAIL FROM:<shop@example.com>").startswith(b"250")
        assert self.say(b"RCPT TO:<" + recipient.encode() + b">").startswith(b"250")
        assert self.say(b"DATA").startswith(b"354")
        self.socket.sendall(data)
        return self.hear()

    def close(self) -> None:
        self.file.close()
        self.socket.close()


@contextlib.contextmanager
def a_line(port: int, hello: bool = True) -> Iterator[Line]:
    line = Line(port, hello)
    try:
        yield line
    finally:
        line.close()


def kept() -> list[bytes]:
    return [bytes(mail.raw.data) for mail in IncomingMail.objects.order_by("pk")]


def within(settings: Any, **limits: int) -> None:
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | limits


# -- what it is for --------------------------------------------------------------------------------------


def test_a_mail_is_taken_as_it_came_and_said_yes_to() -> None:
    inbox = make.an_inbox()
    raw = make.raw_mail(body=".dots\r\n..\r\n.\r\nand 8 bits: 投诉")
    with open_door() as here, smtplib.SMTP("127.0.0.1", here.port) as client:
        assert client.sendmail("Mei@Example.com", [inbox.address], raw) == {}
    assert kept() == [raw]
    mail = IncomingMail.objects.get()
    assert (mail.mail_from, mail.peer, mail.door) == ("Mei@Example.com", "127.0.0.1", "smtp")


def test_the_bell_is_rung_after_the_yes_for_each_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    answered = threading.Event()

    def ring(mail_pks: tuple[int, ...]) -> None:
        assert answered.wait(5)  # the client has its 250 while nobody has rung
        rung.extend(mail_pks)

    monkeypatch.setattr(bell, "ring", ring)
    inboxes = [make.an_inbox(), make.an_inbox(make.a_user("yu@example.com"))]
    with open_door() as here, smtplib.SMTP("127.0.0.1", here.port) as client:
        client.sendmail("mei@example.com", [inbox.address for inbox in inboxes], RAW)
        answered.set()
    assert sorted(rung) == sorted(IncomingMail.objects.values_list("pk", flat=True))
    assert len(rung) == 2


def test_mails_that_come_while_one_is_kept_share_the_next_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    real, first_is_in, go_on = door.receive_together, threading.Event(), threading.Event()

    def slow(deliveries: list[Any]) -> Any:
        groups.append(len(deliveries))
        first_is_in.set()
        assert go_on.wait(10)
        return real(deliveries)

    monkeypatch.setattr(door, "receive_together", slow)
    inbox = make.an_inbox().address
    with open_door() as here, contextlib.ExitStack() as stack:
        here.handler._threads = 1
        lines = [stack.enter_context(a_line(here.port)) for _number in range(4)]
        for number, line in enumerate(lines):
            line.say(b"MAIL FROM:<shop@example.com>")
            line.say(b"RCPT TO:<" + inbox.encode() + b">")
            line.say(b"DATA")
            line.socket.sendall(b"%d\r\n.\r\n" % number)
            assert first_is_in.wait(10)
        while len(here.handler._waiting) < 3:
            time.sleep(0.01)
        go_on.set()
        assert [line.hear()[:3] for line in lines] == [b"250"] * 4
    assert groups == [1, 3]
    assert sorted(kept()) == [b"%d\r\n" % number for number in range(4)]


def test_a_mail_without_a_return_path_is_taken() -> None:
    with open_door() as here, a_line(here.port) as line:
        assert line.say(b"MAIL FROM:<>").startswith(b"250")
        assert line.say(b"RCPT TO:<" + make.an_inbox().address.encode() + b">").startswith(b"250")
        assert line.say(b"DATA").startswith(b"354")
        assert line.say(b"\r\n.").startswith(b"250")
    assert IncomingMail.objects.get().mail_from == ""


def test_a_sender_that_is_no_text_is_taken() -> None:
    with open_door() as here, a_line(here.port) as line:
        assert line.say(b"MAIL FROM:<a\xff\xfe@example.com>").startswith(b"250")
        assert line.say(b"RCPT TO:<" + make.an_inbox().address.encode() + b">").startswith(b"250")
        line.say(b"DATA")
        assert line.say(b"x\r\n.").startswith(b"250")
    assert IncomingMail.objects.get().mail_from == "a\ufffd\ufffd@example.com"


def test_lines_of_any_length_are_taken() -> None:
    raw = b"Subject: x\r\n\r\n" + b"a" * 300_000 + b"\r\nb\r\n"
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(make.an_inbox().address, raw + b".\r\n").startswith(b"250")
    assert kept() == [raw]


def test_lmtp_answers_for_each_recipient() -> None:
    inboxes = [make.an_inbox(), make.an_inbox(make.a_user("yu@example.com"))]
    with open_door(Door.LMTP) as here, a_line(here.port, hello=False) as line:  # smtplib.LMTP hears only one answer
        assert line.say(b"EHLO stranger").startswith(b"500")
        assert line.say(b"LHLO stranger").startswith(b"250")
        line.say(b"MAIL FROM:<mei@example.com>")
        answers = [line.say(b"RCPT TO:<" + inbox.address.encode() + b">") for inbox in inboxes]
        answers.append(line.say(b"RCPT TO:<nobody@in.suji.localhost>"))
        assert [answer[:3] for answer in answers] == [b"250", b"250", b"550"]
        assert line.say(b"DATA").startswith(b"354")
        assert [line.say(b"hello\r\n.")[:3], line.hear()[:3]] == [b"250", b"250"]
        assert line.say(b"VRFY x").startswith(b"252")  # no answer too many, none too few
    assert {mail.door for mail in IncomingMail.objects.all()} == {"lmtp"}
    assert IncomingMail.objects.count() == 2


# -- the end of a mail -----------------------------------------------------------------------------------

NO_ENDS = [
    b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\n.\r", b"\r.\n", b"\r\n\x00.\r\n",
    b"\r\n.\x00\r\n", b"\r\n.\r\r\n", b"\n\n.\r\n", b"\r\n. \r\n",
]  # fmt: skip
SMUGGLED = b"MAIL FROM:<forger@example.com>\r\nRCPT TO:<x@in.suji.localhost>\r\nDATA\r\nforged\r\n"


@pytest.mark.parametrize("no_end", NO_ENDS, ids=repr)
@pytest.mark.parametrize("before", [b"Subject: x\r\n\r\nhello", b"", b".x", b"\r\n"], ids=repr)
def test_nothing_but_a_dot_between_two_line_ends_ends_a_mail(before: bytes, no_end: bytes) -> None:
    data = before + no_end + SMUGGLED
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(make.an_inbox().address, data + b".\r\n").startswith(b"250")
        assert line.say(b"NOOP").startswith(b"250")
    (raw,) = kept()
    assert SMUGGLED in raw


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 4096])
def test_a_mail_is_the_same_in_whatever_pieces_it_arrives(size: int) -> None:
    raw = b".\r\r\n\r\n.\r\n..\r\na\r\n\r\n\r\n.b\r\n" * 3 + b"\r\n"
    stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
    with open_door() as here, a_line(here.port) as line:
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert line.say(b"MAIL FROM:<shop@example.com>").startswith(b"250")
        assert line.say(b"RCPT TO:<" + make.an_inbox().address.encode() + b">").startswith(b"250")
        assert line.say(b"DATA").startswith(b"354")
        for start in range(0, len(stuffed), size):
            line.socket.sendall(stuffed[start : start + size])
            time.sleep(0.001)
        assert line.hear().startswith(b"250")
        assert line.say(b"QUIT").startswith(b"221")
    assert kept() == [raw]


def test_an_empty_mail_ends_at_its_first_line() -> None:
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(make.an_inbox().address, b".\r\n").startswith(b"250")
    assert kept() == [b""]


def test_a_client_that_goes_in_the_middle_leaves_nothing() -> None:
    with open_door() as here:
        with a_line(here.port) as line:
            line.say(b"MAIL FROM:<shop@example.com>")
            line.say(b"RCPT TO:<" + make.an_inbox().address.encode() + b">")
            line.say(b"DATA")
            line.socket.sendall(b"Subject: half a mail\r\n\r\n")
        with a_line(here.port) as line:  # and the door is open
            assert line.say(b"NOOP").startswith(b"250")
    assert not IncomingMail.objects.exists()


# -- who gets no mail here -------------------------------------------------------------------------------


def test_unknown_malformed_paused_and_changed_addresses_get_one_answer() -> None:
    paused = make.an_inbox(make.a_user("p@example.com"), state=InboxAddress.State.PAUSED).address
    gone = make.an_inbox(make.a_user("g@example.com"), state=InboxAddress.State.ROTATED)
    InboxAddress.objects.filter(pk=gone.pk).update(rotated_at=timezone.now() - timedelta(days=31))
    strange = [b"<", b"", b"<a b@c>", b"<\x00@in.suji.localhost>", b"<@>", b'<"x y"@in.suji.localhost>', b"<\xff@x>"]
    named = [paused, gone.address, NOBODY, "postmaster@example.com", "a" * 300 + "@in.suji.localhost"]
    with open_door() as here, a_line(here.port) as line:
        line.say(b"MAIL FROM:<shop@example.com>")
        answers = {line.say(b"RCPT TO:" + one) for one in [*strange, *(b"<" + n.encode() + b">" for n in named)]}
    assert answers == {b"550 5.1.1 No such mailbox here\r\n"}


def test_what_was_refused_is_noted_for_its_owner_and_only_there(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    within(settings, size=1000, per_inbox_hour=1)
    monkeypatch.setattr(door, "FRESH", 0.0)
    paused = make.an_inbox(make.a_user("p@example.com"), state=InboxAddress.State.PAUSED)
    gone = make.an_inbox(make.a_user("g@example.com"), state=InboxAddress.State.ROTATED)
    InboxAddress.objects.filter(pk=gone.pk).update(rotated_at=timezone.now() - timedelta(days=31))
    full, large = make.an_inbox(make.a_user("f@example.com")), make.an_inbox(make.a_user("l@example.com"))
    untouched = make.an_inbox(make.a_user("u@example.com"))
    with open_door() as here, a_line(here.port) as line:
        for inbox in (paused, gone):
            line.say(b"MAIL FROM:<shop@example.com>")
            assert line.say(b"RCPT TO:<" + inbox.address.encode() + b">") == b"550 5.1.1 No such mailbox here\r\n"
            line.say(b"RSET")
        assert line.mail(full.address, b"x\r\n.\r\n").startswith(b"250")
        line.say(b"MAIL FROM:<shop@example.com>")
        assert line.say(b"RCPT TO:<" + full.address.encode() + b">").startswith(b"452")
        line.say(b"RSET")
        assert line.mail(large.address, b"x" * 2000 + b"\r\n.\r\n").startswith(b"552")
    noted = {
        inbox: InboxAddress.objects.get(pk=inbox.pk).refused_why for inbox in (paused, gone, full, large, untouched)
    }
    assert noted == {paused: "paused", gone: "rotated", full: "full", large: "too_large", untouched: ""}


def test_that_a_refusal_cannot_be_noted_changes_nothing_for_the_sender(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_about: Any) -> None:
        raise RuntimeError("what stands in somebody's mail")

    monkeypatch.setattr(door, "note_refusal", broken)
    paused = make.an_inbox(state=InboxAddress.State.PAUSED).address.encode()
    with open_door() as here, a_line(here.port) as line:
        line.say(b"MAIL FROM:<shop@example.com>")
        assert line.say(b"RCPT TO:<" + paused + b">") == b"550 5.1.1 No such mailbox here\r\n"
    assert "a refusal was not noted: RuntimeError" in caplog.text
    assert "somebody" not in caplog.text


def test_after_twenty_guesses_the_line_is_cut(settings: Any) -> None:
    with open_door() as here, a_line(here.port) as line:
        line.say(b"MAIL FROM:<shop@example.com>")
        guesses = [line.say(b"RCPT TO:<guess%d@in.suji.localhost>" % number)[:3] for number in range(22)]
    assert guesses == [b"550"] * settings.MAIL_LIMITS["unknown_recipients"] + [b"421", b""]


def test_a_mail_has_so_many_recipients(settings: Any) -> None:
    within(settings, recipients=2)
    inboxes = [make.an_inbox(make.a_user(f"{name}@example.com")).address for name in "abc"]
    with open_door() as here, a_line(here.port) as line:
        line.say(b"MAIL FROM:<shop@example.com>")
        answers = [line.say(b"RCPT TO:<" + one.encode() + b">")[:9] for one in inboxes]
    assert answers == [b"250 2.1.5", b"250 2.1.5", b"452 4.5.3"]


@pytest.mark.parametrize("fresh", [0.0, 60.0])
def test_a_paused_address_is_refused_once_what_was_found_is_no_longer_fresh(
    monkeypatch: pytest.MonkeyPatch, fresh: float
) -> None:
    monkeypatch.setattr(door, "FRESH", fresh)
    inbox = make.an_inbox()
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(inbox.address, b"x\r\n.\r\n").startswith(b"250")
        make.an_inbox(state=InboxAddress.State.PAUSED)
        line.say(b"MAIL FROM:<a@example.com>")
        answer = line.say(b"RCPT TO:<" + inbox.address.encode() + b">")
    assert answer[:3] == (b"250" if fresh else b"550")


@pytest.mark.parametrize("fresh", [0.0, 2.0])
def test_an_inbox_that_had_its_fill_says_come_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch, fresh: float
) -> None:
    within(settings, per_inbox_hour=1)
    monkeypatch.setattr(door, "FRESH", fresh)
    inbox = make.an_inbox().address
    with open_door() as here, smtplib.SMTP("127.0.0.1", here.port) as client:
        client.sendmail("a@example.com", [inbox], RAW)
        with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError), match="452"):
            client.sendmail("a@example.com", [inbox], RAW + b"another")
    assert IncomingMail.objects.count() == 1


def test_an_address_that_closes_between_its_rcpt_and_the_mail_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_about: Any) -> list[UnknownAddress]:
        return [UnknownAddress()]

    monkeypatch.setattr(door, "receive_together", closed)
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(make.an_inbox().address, b"x\r\n.\r\n").startswith(b"451 4.3.0")


# -- too large, too much, no room --------------------------------------------------------------------------


def test_a_mail_that_is_too_large_is_refused_when_announced_and_when_not(settings: Any) -> None:
    within(settings, size=10_000)
    inbox = make.an_inbox().address
    with open_door() as here, a_line(here.port) as line:
        assert line.say(b"MAIL FROM:<a@example.com> SIZE=10001").startswith(b"552")
        assert line.mail(inbox, b"x" * 200_000 + b"\r\n.\r\n").startswith(b"552")
        assert here.handler.crowd.in_flight == 0
        assert line.mail(inbox, b"x" * 9_998 + b"\r\n.\r\n").startswith(b"250")
    assert [len(raw) for raw in kept()] == [10_000]


def test_more_at_once_than_memory_is_for_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "IN_FLIGHT", 1000)
    inbox = make.an_inbox().address
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(inbox, b"x" * 2_000 + b"\r\n.\r\n").startswith(b"451")
        assert line.mail(inbox, b"x" * 500 + b"\r\n.\r\n").startswith(b"250")
        assert here.handler.crowd.in_flight == 0


def test_a_full_disk_says_come_again_before_the_mail_is_sent(settings: Any) -> None:
    within(settings, free_bytes=1 << 60)
    with open_door() as here, a_line(here.port) as line:
        assert line.say(b"MAIL FROM:<a@example.com>").startswith(b"452 4.3.1")


# -- floods, and what was counted -----------------------------------------------------------------------------


def counted() -> dict[str, int]:
    """What a door that is closed now has counted."""
    return {why: count for why, count in limits.refusals().items() if count}


@pytest.mark.parametrize("limit", ["per_domain_hour", "per_domain_hour_bytes", "per_peer_hour", "per_peer_hour_bytes"])
def test_a_domain_or_a_machine_that_brought_its_fill_is_told_to_come_again_before_its_mail(
    settings: Any, limit: str
) -> None:
    within(settings, **{limit: 1})
    inbox = make.an_inbox().address
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(inbox, b"first\r\n.\r\n").startswith(b"250")
        assert line.say(b"MAIL FROM:<shop@EXAMPLE.com>") == door.FLOOD.encode() + b"\r\n"
        elsewhere = line.say(b"MAIL FROM:<mei@elsewhere.example>")
    assert elsewhere[:3] == (b"250" if "domain" in limit else b"452")
    assert counted() == ({"sender_domain_flood": 1} if "domain" in limit else {"peer_flood": 2})


def test_a_flood_is_known_to_a_door_that_opens_later(settings: Any) -> None:
    within(settings, per_domain_hour=1)
    inbox = make.an_inbox().address
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(inbox, b"first\r\n.\r\n").startswith(b"250")
    limits.write_down(at_once=True)
    limits.forget_memory()  # another process: it learns when it writes
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(inbox, b"second\r\n.\r\n").startswith(b"250")
        assert line.say(b"MAIL FROM:<shop@example.com>").startswith(b"452 4.7.28")


def test_what_an_mta_of_ours_brings_is_not_the_mtas(settings: Any) -> None:
    within(settings, per_peer_hour=1, connections_per_ip=1)
    settings.MTA_NAME = "mx.example.org"
    inbox = make.an_inbox().address
    with open_door() as here, a_line(here.port) as line, a_line(here.port) as another:
        for number in range(3):
            data = b"%d\r\n.\r\n" % number
            assert (line if number % 2 else another).mail(inbox, data).startswith(b"250")
    assert counted() == {}


def test_a_user_with_many_addresses_has_one_fill(settings: Any) -> None:
    within(settings, per_owner_day=1)
    mine = make.an_inbox()
    other = InboxAddress.objects.create(owner=mine.owner)
    with open_door() as here, a_line(here.port) as line:
        assert line.mail(mine.address, b"first\r\n.\r\n").startswith(b"250")
        line.say(b"MAIL FROM:<shop@example.com>")
        assert line.say(b"RCPT TO:<" + other.address.encode() + b">").startswith(b"452 4.2.2")


def test_every_refusal_is_counted_by_its_reason(settings: Any) -> None:
    within(settings, size=1_000, idle_seconds=1, session_seconds=2, connections=1, recipients=1)
    inbox = make.an_inbox().address.encode()
    with open_door() as here:
        with a_line(here.port) as line, a_line(here.port, hello=False):
            line.say(b"MAIL FROM:<shop@example.com> SIZE=1001")
            line.say(b"MAIL FROM:<shop@example.com>")
            line.say(b"RCPT TO:<" + inbox + b">")
            line.say(b"RCPT TO:<" + inbox + b">")
            line.say(b"DATA")
            line.say(b"x" * 2_000 + b"\r\n.")
            line.say(b"MAIL FROM:<shop@example.com>")
            for number in range(settings.MAIL_LIMITS["unknown_recipients"] + 1):
                line.say(b"RCPT TO:<%d@in.suji.localhost>" % number)
        with a_line(here.port) as line:
            for _number in range(door.COMMANDS + 1):
                line.say(b"NOOP")
        with a_line(here.port) as line:
            assert line.hear() == b""
        with a_line(here.port) as line:
            while line.say(b"RSET"):
                time.sleep(0.05)
    assert counted() == {
        "too_large": 2,
        "too_many_recipients": 1,
        "unknown_recipient": settings.MAIL_LIMITS["unknown_recipients"] + 1,
        "too_many_unknown": 1,
        "too_many_connections": 1,
        "too_many_commands": 1,
        "idle": 1,
        "session_too_long": 1,
    }


# -- faults of ours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Door.SMTP, Door.LMTP])
@pytest.mark.parametrize("place", ["look_up", "receive_together", "disk_is_full"])
def test_whatever_breaks_inside_the_sender_hears_one_fixed_sentence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str, kind: Door
) -> None:
    secret = "what stands in somebody's mail"

    def broken(*_about: Any) -> None:
        raise RuntimeError(secret)

    inboxes = [make.an_inbox(make.a_user(f"{name}@example.com")).address.encode() for name in "ab"]
    monkeypatch.setattr(door, place, broken)
    with open_door(kind) as here, a_line(here.port, hello=False) as line:
        line.say(b"LHLO stranger" if kind is Door.LMTP else b"EHLO stranger")
        answers = [line.say(b"MAIL FROM:<a@example.com>")]
        answers += [line.say(b"RCPT TO:<" + inbox + b">") for inbox in inboxes]
        answers.append(line.say(b"DATA"))
        if answers[-1].startswith(b"354"):
            answers.append(line.say(b"x\r\n."))
            if kind is Door.LMTP:
                answers.append(line.hear())
        assert line.say(b"NOOP").startswith(b"250")
    assert b"451 4.3.0 Temporary failure, please try again later\r\n" in answers
    assert not any(answer.startswith(b"5") and not answer.startswith(b"503") for answer in answers)
    assert secret.encode() not in b"".join(answers)
    assert "RuntimeError at test_door.py" in caplog.text
    assert secret not in caplog.text
    assert not IncomingMail.objects.exists()


def test_neither_a_mail_nor_an_address_goes_to_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    inbox = make.an_inbox().address
    with open_door() as here, a_line(here.port) as line:
        caplog.set_level(logging.CRITICAL, "mail.log")
        line.say(b"SECRETWORD x")
        line.mail(inbox, make.raw_mail(body="SECRETWORD") + b".\r\n")
        line.say(b"RCPT TO:<secretword@in.suji.localhost>")
    assert "secretword" not in caplog.text.lower()
    assert inbox.partition("@")[0] not in caplog.text


# -- strangers -----------------------------------------------------------------------------------------------


def test_the_door_says_little_of_itself() -> None:
    with open_door() as here, a_line(here.port, hello=False) as line:
        assert line.greeting == b"220 in.suji.localhost ESMTP\r\n"
        line.socket.sendall(b"EHLO stranger\r\n")
        offered = []
        while True:
            offered.append(line.file.readline().strip())
            if offered[-1][3:4] == b" ":
                break
        told = [line.say(command) for command in [b"HELP", b"HELP MAIL", b"EXPN list", b"AUTH PLAIN", b"STARTTLS"]]
    assert offered == [b"250-in.suji.localhost", b"250-SIZE 26214400", b"250-8BITMIME", b"250 SMTPUTF8"]
    assert [answer[:3] for answer in told] == [b"214", b"214", b"502", b"502", b"502"]


def test_vrfy_knows_nobody() -> None:
    inbox = make.an_inbox().address
    with open_door() as here, a_line(here.port) as line:
        answers = {line.say(b"VRFY " + one) for one in [inbox.encode(), NOBODY.encode(), b"", b"<<"]}
    assert len(answers) == 1
    assert answers.pop().startswith(b"252")


def test_endless_noops_come_to_an_end() -> None:
    with open_door() as here, a_line(here.port) as line:
        answers = [line.say(b"NOOP")[:3] for _number in range(door.COMMANDS + 2)]
    assert answers == [b"250"] * door.COMMANDS + [b"421", b""]


def test_from_one_address_come_only_so_many_at_once(settings: Any) -> None:
    within(settings, connections_per_ip=3)
    with open_door() as here, contextlib.ExitStack() as stack:
        lines = [stack.enter_context(a_line(here.port)) for _number in range(3)]
        with a_line(here.port, hello=False) as fourth:
            assert fourth.greeting.startswith(b"421 4.7.0")
            assert fourth.hear() == b""
        assert lines[0].say(b"QUIT").startswith(b"221")
        assert lines[0].hear() == b""
        with a_line(here.port) as another:
            assert another.say(b"NOOP").startswith(b"250")
    assert here.handler.crowd.total == 0
    assert not here.handler.crowd.per_peer


def test_there_is_an_end_to_connections_over_all_addresses(settings: Any) -> None:
    within(settings, connections=2, connections_per_ip=100)
    with open_door() as here, contextlib.ExitStack() as stack:
        greetings = [stack.enter_context(a_line(here.port, hello=False)).greeting[:3] for _number in range(4)]
    assert greetings == [b"220", b"220", b"421", b"421"]


def test_who_says_nothing_is_asked_to_leave(settings: Any) -> None:
    within(settings, idle_seconds=1)
    with open_door() as here, a_line(here.port) as line:
        began = time.monotonic()
        assert line.hear() == b""
        assert 0.5 < time.monotonic() - began < 5


@pytest.mark.parametrize(("size", "is_kept"), [(1, False), (door.DRIP, True)])
def test_a_slow_mail_is_waited_for_and_a_drip_is_not(settings: Any, size: int, is_kept: bool) -> None:
    within(settings, idle_seconds=1)
    with open_door() as here, a_line(here.port) as line:
        line.say(b"MAIL FROM:<a@example.com>")
        line.say(b"RCPT TO:<" + make.an_inbox().address.encode() + b">")
        line.say(b"DATA")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _number in range(6):
                line.socket.sendall(b"x" * size)
                time.sleep(0.4)
            line.socket.sendall(b"\r\n.\r\n")
        with contextlib.suppress(ConnectionResetError):
            line.hear()
    assert IncomingMail.objects.exists() is is_kept


def test_a_session_has_an_end_however_busy(settings: Any) -> None:
    within(settings, session_seconds=1)
    with open_door() as here, a_line(here.port) as line:
        began = time.monotonic()
        while line.say(b"RSET"):
            time.sleep(0.05)
        assert 0.5 < time.monotonic() - began < 5


def test_a_command_line_has_an_end() -> None:
    with open_door() as here, a_line(here.port) as line:
        assert line.say(b"MAIL FROM:<" + b"a" * 200_000 + b">").startswith(b"500")
        for _number in range(30):
            line.say(b"EHLO again")  # each used to raise the limit, for everybody
        assert line.say(b"MAIL FROM:<" + b"a" * 3_000 + b">").startswith(b"500")
        assert line.say(b"NOOP").startswith(b"250")
