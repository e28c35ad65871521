"""The same mail by every door there is: one mail."""

from __future__ import annotations

import io
import smtplib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import imap
from complaints.intake.shapes import Door
from complaints.models import IncomingMail
from tests import make
from tests.complaints.test_door import open_door
from tests.complaints.test_imap import url
from tests.complaints.test_mailgun import KEY, ODD, a_form, multipart
from tests.mailservers import odd_imap

pytestmark = pytest.mark.django_db(transaction=True)

# Without the line ends and the zero byte that no line of SMTP may have; 8-bit in GB18030 still.
RAW = ODD.replace(b"\nbare\rends", b"\r\nends").replace(b"\x00", b"")


def by_smtp(_folder: Path, kind: Door = Door.SMTP) -> None:
    with open_door(kind) as here:
        speaker = smtplib.LMTP if kind is Door.LMTP else smtplib.SMTP
        with speaker("127.0.0.1", here.port) as client:
            client.ehlo()
            assert client.mail("mei@example.com")[0] == 250
            assert client.rcpt(make.an_inbox().address)[0] == 250
            assert client.data(RAW)[0] == 250


def by_lmtp(folder: Path) -> None:
    by_smtp(folder, Door.LMTP)


def by_imap(_folder: Path) -> None:
    make.a_user()
    with odd_imap({7: RAW}) as server:
        (source,) = imap.sources(url(server))
        imap.poll(source, timezone.now())


def by_webhook(_folder: Path) -> None:
    content_type, body = multipart(a_form(RAW))
    assert Client().post(reverse("complaints:mailgun_mime"), body, content_type=content_type).status_code == 200


def by_upload(_folder: Path, name: str = "通知.eml", raw: bytes = RAW) -> None:
    client = Client()
    client.force_login(make.a_user())
    answer = client.post(reverse("complaints:hand_in"), {"files": SimpleUploadedFile(name, raw)})
    assert answer.status_code == 302


def by_zip(folder: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("通知.eml", RAW)
    by_upload(folder, "通知.zip", out.getvalue())


def by_ingest(folder: Path) -> None:
    file = folder / "a.eml"
    file.write_bytes(RAW)
    call_command("ingest", file, to=make.an_inbox().address, stdout=io.StringIO())


DOORS: dict[Door, Callable[[Path], None]] = {
    Door.SMTP: by_smtp,
    Door.LMTP: by_lmtp,
    Door.IMAP: by_imap,
    Door.WEBHOOK: by_webhook,
    Door.UPLOAD: by_upload,
    Door.INGEST: by_ingest,
}


def test_the_same_mail_by_every_door_is_the_same_mail(settings: Any, tmp_path: Path) -> None:
    settings.MAILGUN_SIGNING_KEY = KEY
    assert set(DOORS) == set(Door) - {Door.PASTE, Door.SCREENSHOT}  # which take no mails
    for place, (door, bring) in enumerate(DOORS.items()):
        bring(tmp_path)
        mail = IncomingMail.objects.get()
        assert mail.repeats == place, door
    by_zip(tmp_path)
    mail = IncomingMail.objects.get()
    assert (mail.repeats, bytes(mail.raw.data)) == (len(DOORS), RAW)


@pytest.mark.parametrize("door", DOORS)
def test_whichever_door_comes_first_keeps_the_same_bytes(door: Door, settings: Any, tmp_path: Path) -> None:
    settings.MAILGUN_SIGNING_KEY = KEY
    DOORS[door](tmp_path)
    mail = IncomingMail.objects.get()
    assert (mail.door, bytes(mail.raw.data)) == (door.value, RAW)
