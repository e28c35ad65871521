"""STARTTLS at the real door, with a certificate made for the test."""

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path
from typing import Any

import pytest

from complaints.models import IncomingMail
from tests import make
from tests.complaints.test_door import a_line, open_door
from tests.mailservers import a_certificate
from tests.processes import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return a_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusting(settings: Any, certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """The door has the certificate; a client that believes it alone."""
    settings.SMTP_TLS_CERT, settings.SMTP_TLS_KEY = map(str, certificate)
    return ssl.create_default_context(cafile=str(certificate[0]))


def test_a_mail_over_tls_is_kept_and_nothing_more_is_offered_there(trusting: ssl.SSLContext) -> None:
    to = make.an_inbox().address
    with open_door() as here, smtplib.SMTP("localhost", here.port, timeout=10) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        client.starttls(context=trusting)
        client.ehlo()
        assert not {"starttls", "auth", "help"} & set(client.esmtp_features)
        assert client.docmd("STARTTLS")[0] == 502
        client.sendmail("mei@example.com", [to], make.raw_mail())
        assert here.handler.crowd.total == 1
    mail = IncomingMail.objects.get()
    assert bytes(mail.raw.data) == make.raw_mail()
    assert mail.peer in ("127.0.0.1", "::1")
    assert here.handler.crowd.total == 0


def test_what_was_said_in_the_clear_is_forgotten(trusting: ssl.SSLContext) -> None:
    """Also what stood behind STARTTLS in the same packet: somebody between may have put it there."""
    with open_door() as here, a_line(here.port) as line:
        assert line.say(b"MAIL FROM:<before@example.com>").startswith(b"250")
        assert line.say(b"STARTTLS\r\nEHLO between.example\r\nMAIL FROM:<between@example.com>").startswith(b"220")
        with trusting.wrap_socket(line.socket, server_hostname="localhost") as safe, safe.makefile("rb") as answers:

            def say(command: bytes) -> bytes:
                safe.sendall(command + b"\r\n")
                while (answer := answers.readline())[3:4] == b"-":
                    pass
                return answer

            assert say(b"RCPT TO:<x@example.com>").startswith(b"503")
            assert say(b"EHLO after.example").startswith(b"250 ")
            assert say(b"RCPT TO:<x@example.com>") == b"503 5.5.1 MAIL comes first\r\n"


def test_a_handshake_that_fails_ends_the_connection_without_a_word_in_the_log(
    trusting: ssl.SSLContext, caplog: Any
) -> None:
    with open_door() as here:
        with a_line(here.port) as line:
            assert line.say(b"STARTTLS").startswith(b"220")
            line.socket.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert until(lambda: here.handler.crowd.total == 0, 10)
        with smtplib.SMTP("localhost", here.port, timeout=10) as client:
            assert client.noop()[0] == 250
    assert "door failed" not in caplog.text


def test_without_a_certificate_it_is_not_offered() -> None:
    with open_door() as here, smtplib.SMTP("127.0.0.1", here.port, timeout=10) as client:
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.docmd("STARTTLS")[0] == 502
