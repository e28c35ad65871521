"""Debian's own Postfix, set up as docs/operating.md says, in front of the LMTP door: from port 25 to the case."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from sqlite3 import connect
from typing import Any

import pytest

from complaints.door import FRESH
from tests.mailservers import Postfix, answers, postfix
from tests.processes import until
from tests.stack.mails import FROM, notice, story
from tools.stack import ROOT, Stack, free_ports, running

pytestmark = [pytest.mark.stack, pytest.mark.mailservers]

MTA = "mx.suji.example"
# What a milter would write, were there one: that the mail comes from the domain of its From.
WRITES = f"PREPEND Authentication-Results: {MTA}; dkim=pass header.d={FROM.rpartition('@')[2]}"
VOUCHES = f"smtpd_sender_restrictions = check_sender_access static:{{{WRITES}}}\n"


@dataclass
class Site:
    stack: Stack
    mta: Postfix
    inboxes: dict[str, str]  # whose → the address

    def rows(self, question: str, *said: Any) -> list[tuple[Any, ...]]:
        with closing(connect(self.stack.data_dir / "suji.sqlite3", timeout=20)) as db, db:
            return list(db.execute(question, said))

    def client(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.mta.port, local_hostname="stranger.example", timeout=60)


PEOPLE = (FROM, "lan@example.com", "paused@example.com", "open@example.com", "closing@example.com", "sizes@example.com")
MAKE_PEOPLE = f"from accounts.people import add_user; print(*(add_user(one)[1].address for one in {PEOPLE}))"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Suji with an LMTP door beside its SMTP one, and the MTA in front."""
    (port,) = free_ports(1)
    with running(demo=False, MTA_NAME=MTA) as stack:
        door = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "receive", "--lmtp", "--port", str(port)],
            env=stack.environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            assert until(lambda: answers(port), 120)  # a machine that does other things too
            with postfix("in.suji.localhost", port, MTA, VOUCHES) as mta:
                inboxes = stack.manage("shell", "-v", "0", "-c", MAKE_PEOPLE).split()
                yield Site(stack, mta, dict(zip(PEOPLE, inboxes, strict=True)))
        finally:
            door.terminate()
            door.wait(20)


def settled(site: Site) -> bool:
    return not site.mta.queued and not site.rows("SELECT 1 FROM complaints_incomingmail WHERE outcome = 'waiting'")


def test_a_mail_from_the_world_moves_a_case_of_each_recipient(site: Site) -> None:
    first, second = site.inboxes[FROM], site.inboxes["lan@example.com"]
    with site.client() as client:
        client.starttls(context=ssl.create_default_context(cafile=str(site.mta.certificate)))
        assert client.sendmail(FROM, [first, second], notice(1)) == {}
    assert until(lambda: len(site.rows("SELECT 1 FROM complaints_incomingmail")) == 2, 60), site.mta.said
    assert until(lambda: settled(site), 90)
    kept = site.rows("SELECT door, outcome, verified, mail_from FROM complaints_incomingmail ORDER BY verified DESC")
    assert kept[0] == ("lmtp", "filed", 1, FROM)
    assert kept[1][1:3] == ("review", 0)  # not from a mailbox of hers
    assert story(site.stack.manage, FROM) == {"202611220001": ["acknowledges"]}


def test_unknown_and_paused_addresses_are_refused_in_the_dialogue_with_one_text(site: Site) -> None:
    paused = site.inboxes["paused@example.com"]
    site.rows("UPDATE accounts_inboxaddress SET state = 'paused' WHERE local = ?", paused.partition("@")[0])
    with site.client() as client:
        client.ehlo()
        client.mail("shop@example.org")
        said = {client.rcpt(address) for address in (paused, "abcdefghijkmnpqr@in.suji.localhost")}
        assert {code for code, _text in said} == {550}
        texts = {text.partition(b"rejected: ")[2] for _code, text in said}
        assert texts == {b"undeliverable address: No such mailbox here"}
        assert client.rcpt("somebody@elsewhere.example")[0] == 554
    assert not site.mta.queued


def test_an_inbox_closed_in_the_last_moment_holds_up_no_other_and_nothing_bounces(site: Site) -> None:
    open_one, closing_one = site.inboxes["open@example.com"], site.inboxes["closing@example.com"]
    before = len(site.rows("SELECT 1 FROM complaints_incomingmail"))
    with site.client() as client:
        client.ehlo()
        client.mail("shop@example.org")
        assert [client.rcpt(address)[0] for address in (open_one, closing_one)] == [250, 250]
        site.rows("UPDATE accounts_inboxaddress SET state = 'paused' WHERE local = ?", closing_one.partition("@")[0])
        time.sleep(FRESH + 0.5)  # so long the door itself does not look again
        assert client.data(notice(2))[0] == 250
    assert until(lambda: settled(site), 90), site.mta.said
    assert len(site.rows("SELECT 1 FROM complaints_incomingmail")) == before + 1
    assert until(
        lambda: site.rows(
            "SELECT 1 FROM accounts_inboxaddress WHERE local = ? AND refused_why = 'paused'",
            closing_one.partition("@")[0],
        ),
        10,
    )
    assert "status=bounced" in site.mta.said
    assert "status=sent (nothing leaves here)" in site.mta.said


def test_what_is_too_large_is_refused_before_it_is_sent_and_a_bare_newline_ends_no_mail(site: Site) -> None:
    inbox = site.inboxes["sizes@example.com"]
    with site.client() as client:
        client.ehlo()
        assert client.docmd(f"MAIL FROM:<a@example.org> SIZE={26 * 1024 * 1024}")[0] == 552
        client.rset()
        client.mail("a@example.org")
        assert client.rcpt(inbox)[0] == 250
        assert client.docmd("DATA")[0] == 354
        smuggled = b"\n.\nMAIL FROM:<b@example.org>\r\nRCPT TO:<" + inbox.encode() + b">\r\nDATA\r\nx\r\n.\r\n"
        client.send(b"From: a@example.org\r\nSubject: one\r\n\r\nx" + smuggled)
        assert client.getreply()[0] == 250
        with contextlib.suppress(socket.timeout):
            client.sock.settimeout(1)
            assert client.file.readline() == b""
    assert until(lambda: settled(site), 90)
    there = "(SELECT id FROM accounts_inboxaddress WHERE local = ?)"
    count = f"SELECT count(*) FROM complaints_incomingmail WHERE inbox_id = {there}"
    assert site.rows(count, inbox.partition("@")[0]) == [(1,)]
