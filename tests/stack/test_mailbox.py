"""Debian's own Dovecot: what is taken from a mailbox, and how it looks afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import timezone

from complaints import imap
from complaints.models import IncomingMail, PolledMailbox
from tests import make
from tests.mailservers import CODE, Dovecot, dovecot
from tools.stack import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.mailservers, pytest.mark.django_db(transaction=True)]

USER = "mei@example.net"
# As the platform's mails are: 8-bit, in GB18030, one line longer than SMTP allows.
ODD = (
    b"From: notice@taobao.com\r\nTo: mei@example.net\r\nSubject: =?gb18030?B?zba439LRytzA7Q==?=\r\n"
    b"Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    + "投诉已受理".encode("gb18030") * 300 + b"\r\n"
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def source(server: Dovecot, user: str, how: str = "imap") -> imap.Source:
    port = server.tls_port if how == "imaps" else server.port
    (found,) = imap.sources(f"{how}://{user.replace('@', '%40')}:{CODE}@127.0.0.1:{port}/INBOX?to=mei@example.com")
    return found


def kept() -> list[bytes]:
    return [bytes(mail.raw.data) for mail in IncomingMail.objects.order_by("pk")]


def mail(number: int, sender: str = "notice@taobao.com") -> bytes:
    return make.raw_mail(f"投诉已受理 {number}", sender=sender)


def test_a_mailbox_is_read_once_byte_for_byte_and_looks_as_before(server: Dovecot) -> None:
    make.a_user()
    user = f"first{USER}"
    for raw in (ODD, mail(1, "mum@example.com"), mail(2)):
        server.deliver(user, raw)
    assert imap.poll(source(server, user), timezone.now())
    assert kept() == [ODD, mail(2)]
    assert server.flags(user) == ["", "", ""]
    assert "ID sent: name=Suji" in server.said
    assert imap.poll(source(server, user), timezone.now())
    row = PolledMailbox.objects.get()
    assert (row.taken, row.repeats, row.passed_over, row.problem) == (2, 0, 1, "")
    server.deliver(user, mail(3))
    imap.poll(source(server, user), timezone.now())
    assert kept() == [ODD, mail(2), mail(3)]


def test_a_mailbox_that_counts_anew_is_looked_through_again_and_nothing_is_kept_twice(server: Dovecot) -> None:
    make.a_user()
    user = f"anew{USER}"
    server.deliver(user, mail(1))
    imap.poll(source(server, user), timezone.now())
    first = PolledMailbox.objects.get().uidvalidity
    server.forget_numbers(user)
    server.deliver(user, mail(2))
    imap.poll(source(server, user), timezone.now())
    row = PolledMailbox.objects.get()
    assert row.uidvalidity != first
    assert (row.renumbered, row.taken, row.repeats) == (1, 3, 1)
    assert sorted(kept()) == sorted([mail(1), mail(2)])


def test_a_mail_that_was_gone_before_we_looked_is_counted(server: Dovecot) -> None:
    make.a_user()
    user = f"gone{USER}"
    server.deliver(user, mail(1))
    imap.poll(source(server, user), timezone.now())
    server.deliver(user, mail(2))
    with imap.MailBoxUnencrypted("127.0.0.1", server.port).login(user, CODE) as box:
        box.delete(box.uids("SUBJECT 2")[:1] or box.uids()[-1:])
    server.deliver(user, mail(3))
    imap.poll(source(server, user), timezone.now())
    row = PolledMailbox.objects.get()
    assert (row.gone, row.taken, row.last_uid) == (1, 2, 3)


DIES = """
import os, signal, django
django.setup()
from django.utils import timezone
from complaints import imap
imap.receive = lambda *about: os.kill(os.getpid(), signal.SIGKILL)
imap.poll_all(timezone.now())
"""


def test_killed_between_fetching_and_keeping_it_takes_the_mail_the_next_time(server: Dovecot, tmp_path: Path) -> None:
    make.a_user()
    user = f"killed{USER}"
    for number in (1, 2):
        server.deliver(user, mail(number))
    looked = source(server, user)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{site.DATABASES['default']['NAME']}",
        "IMAP_URL": f"imap://{user.replace('@', '%40')}:{CODE}@127.0.0.1:{server.port}/INBOX?to=mei@example.com",
    }
    died = subprocess.run([sys.executable, "-c", DIES], cwd=ROOT, env=environment, timeout=60)
    assert died.returncode == -signal.SIGKILL
    assert (PolledMailbox.objects.get().last_uid, kept()) == (0, [])
    imap.poll(looked, timezone.now())
    assert kept() == [mail(1), mail(2)]
    assert PolledMailbox.objects.get().gone == 0


def test_the_certificate_of_the_server_must_hold(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    make.a_user()
    user = f"tls{USER}"
    server.deliver(user, mail(1))
    for how in ("imaps", "imap+tls"):
        assert imap.try_out(source(server, user, how)) == "certificate"
    assert user not in server.said, "the code went to a server that nobody vouches for"
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    for how in ("imaps", "imap+tls"):
        assert imap.try_out(source(server, user, how)) == ""
    imap.poll(source(server, user, "imaps"), timezone.now())
    assert kept() == [mail(1)]
