"""Doors that are set up wrongly: what the checks refuse, and what `doctor` says of mailboxes, providers and LMTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from complaints import imap
from complaints.intake.route import lmtp_open
from config import checks, doctor
from tests import make
from tests.complaints.test_imap import mail, url
from tests.mailservers import a_certificate, odd_imap


def wrong() -> list[tuple[str, str]]:
    return [(message.id or "", message.msg) for message in checks.doors(None)]


def test_nothing_set_is_nothing_wrong() -> None:
    assert wrong() == []


def test_a_mailbox_that_cannot_be_understood_keeps_everything_from_starting(settings: Any) -> None:
    settings.IMAP_URL = "imaps://mei:secret99@mail.example.com/INBOX"
    ((name, said),) = wrong()
    assert name == "suji.E007"
    assert "to= names" in said
    assert "secret99" not in said
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="to= names"):
        checks.refuse_to_start()


def test_a_certificate_must_be_there_with_its_own_key(settings: Any, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    certificate, key = a_certificate(tmp_path / "one")
    _other, others_key = a_certificate(tmp_path / "other")
    for wanted, pair in {
        "": (certificate, key),
        "cannot be used": (certificate, others_key),
        "No such file": (tmp_path / "gone.pem", key),
        "SMTP_TLS_KEY is set and SMTP_TLS_CERT is not": ("", key),
        "SMTP_TLS_CERT is set and SMTP_TLS_KEY is not": (certificate, ""),
    }.items():
        settings.SMTP_TLS_CERT, settings.SMTP_TLS_KEY = map(str, pair)
        assert [(name, wanted in said) for name, said in wrong()] == ([("suji.E008", True)] if wanted else [])


@pytest.mark.parametrize("key", ["short", "密钥" * 20])
def test_a_key_that_is_guessed_or_mistyped_is_refused(settings: Any, key: str) -> None:
    settings.MAILGUN_SIGNING_KEY = key
    assert [name for name, _said in wrong()] == ["suji.E009"]


@pytest.mark.django_db
def test_the_doctor_opens_each_mailbox_and_says_how_it_stands(settings: Any) -> None:
    make.a_user()
    assert list(doctor.mailboxes()) == []
    with odd_imap({1: mail(1), 2: mail(2)}, wants_id=True, sizes={2: 1 << 30}) as server:
        settings.IMAP_URL = url(server)
        (found,) = doctor.mailboxes()
        assert (found.is_fine, "Nobody" in found.said or "does not run" in found.said) == (False, True)
        imap.poll_all(timezone.now())
        (found,) = doctor.mailboxes()
        assert not found.is_fine
        assert "1 taken (0 repeats), 0 passed over, 1 too large" in found.said
        settings.IMAP_URL = url(server).replace(":code1234@", ":zebra99@")
        (found,) = doctor.mailboxes()
        assert "refuses the log-in" in found.said
        assert "zebra99" not in found.said + found.advice
    (found,) = doctor.mailboxes()
    assert "cannot be reached" in found.said
    settings.IMAP_URL = "nonsense"
    assert list(doctor.mailboxes()) == []


def test_the_doctor_says_when_posted_mail_would_be_in_the_clear(settings: Any) -> None:
    assert list(doctor.posted_mail()) == []
    settings.MAILGUN_SIGNING_KEY = "k" * 32
    (found,) = doctor.posted_mail()
    assert not found.is_fine
    settings.SITE_URL = "https://suji.example"
    (found,) = doctor.posted_mail()
    assert (found.is_fine, found.said) == (True, "Mailgun: may post to https://suji.example/mail/mailgun/mime")


def test_the_doctor_says_whether_anything_proves_where_lmtp_mail_comes_from(settings: Any) -> None:
    assert list(doctor.lmtp()) == []
    with lmtp_open():
        assert [found.is_fine for found in doctor.lmtp()] == [False]  # tests ask no name server
        settings.MTA_NAME = "mx.suji.example"
        assert [found.is_fine for found in doctor.lmtp()] == [True]
        settings.MTA_NAME, settings.DNS_RESOLVER = "", ""
        assert [found.is_fine for found in doctor.lmtp()] == [True]
