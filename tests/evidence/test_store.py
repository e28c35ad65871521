"""An object store that is away, slow, or has lost something: mail is taken and read, and nothing is believed lost."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import balance, raw, tasks
from complaints.exhibits import hand_in
from complaints.intake import line, reader, reading
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import IncomingMail, PeriodicJob, RawFile, RawMail
from complaints.models.mail import LARGE, Outcome
from evidence import fetch, keep, pictures
from evidence import store as stores
from tests import make
from tests.evidence import files
from tests.evidence.faulty import Proxy
from tests.evidence.test_object_store import bucket, keys, store

__all__ = ["bucket", "store"]
pytestmark = pytest.mark.django_db

AWAY = ["503", "cut", "hang"]
HOUR = timedelta(hours=1)
BIG = make.raw_mail(body="图" * LARGE)


@pytest.fixture
def proxy(bucket: Any, store: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """What our storage talks to, with nothing wrong yet."""
    quick = Config(connect_timeout=1, read_timeout=0.3, retries={"total_max_attempts": 2, "mode": "standard"})
    monkeypatch.setattr(stores, "PATIENCE", quick)
    between = Proxy(store)
    threading.Thread(target=between.serve_forever, daemon=True).start()
    default = settings.STORAGES["default"]
    options = default["OPTIONS"] | {"endpoint_url": between.url}
    settings.STORAGES = settings.STORAGES | {"default": default | {"OPTIONS": options}}
    yield between
    between.over.set()
    between.shutdown()
    between.server_close()


def a_big_mail(data: bytes = BIG) -> IncomingMail:
    return make.a_mail(outcome=Outcome.FILED, raw=data)


def out_of_quarantine(mail: IncomingMail) -> None:
    """`mail` is to be read once more, as operations.rerun lets it."""
    now = timezone.now()
    IncomingMail.objects.filter(pk=mail.pk).update(
        outcome=Outcome.WAITING, reason="", settled_at=None, due_at=now, received_at=now
    )


def row(mail: IncomingMail) -> RawMail:
    return RawMail.objects.select_related("file").get(mail=mail)


@pytest.mark.parametrize("fault", AWAY)
def test_whatever_is_wrong_with_the_store_is_an_os_error_as_of_a_disk(proxy: Proxy, fault: str) -> None:
    default_storage.save("there", ContentFile(b"bytes"))
    opened = default_storage.open("there")
    proxy.fault = fault
    for ask in (
        lambda: default_storage.save("new", ContentFile(b"bytes")),
        lambda: default_storage.open("there"),
        opened.read,
        lambda: default_storage.exists("there"),
        lambda: default_storage.size("there"),
        lambda: default_storage.delete("there"),
        lambda: default_storage.listdir(""),
    ):
        with pytest.raises(keep.StoreAway):
            ask()
    opened.close()


@pytest.mark.parametrize("fault", AWAY)
def test_a_page_that_wants_a_file_says_that_the_store_does_not_answer(proxy: Proxy, fault: str) -> None:
    case = make.a_case()
    shown = hand_in(case, io.BytesIO(files.PDF), "paper.pdf")
    visitor = Client(raise_request_exception=False)
    visitor.force_login(case.owner)
    address = reverse("complaints:exhibit_original", args=[case.public_id, shown.exhibit.public_id])
    proxy.fault = fault
    answer = visitor.get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "文件暂时取不到" in answer.text
    assert "Files are out of reach" in answer.text
    proxy.fault = ""
    assert visitor.get(address).status_code == 200


def test_what_is_not_in_the_store_is_a_file_that_is_not_there(proxy: Proxy, bucket: Any) -> None:
    default_storage.save("there", ContentFile(b"bytes"))
    opened = default_storage.open("there")
    bucket.delete_object(Bucket="suji", Key="there")
    with pytest.raises(FileNotFoundError):
        opened.read()
    opened.close()
    with pytest.raises(FileNotFoundError):
        default_storage.open("there")
    assert not default_storage.exists("there")


@pytest.mark.parametrize("fault", AWAY)
def test_mail_is_taken_and_read_without_asking_the_store(
    proxy: Proxy, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "read", reading.read)
    proxy.fault = fault
    owner = make.a_user()
    inbox = make.an_inbox(owner).address
    small = make.raw_mail(body="您的投诉已受理，投诉编号：2026110900123，请等待商家处理。")
    for data in (small, BIG):
        receipt = receive(data, Envelope(owner.email, (inbox,), "127.0.0.1"), Door.SMTP)
        assert [line.run(pk) for pk in receipt.mail_pks] != [line.NOT_YOURS]
    assert not IncomingMail.objects.waiting().exists()
    assert proxy.asked == 0


@pytest.mark.parametrize("fault", AWAY)
def test_while_the_store_is_away_the_bytes_stay_and_a_later_turn_moves_them(proxy: Proxy, fault: str) -> None:
    mail = a_big_mail()
    proxy.fault = fault
    assert tasks.move_large() == 0
    assert bytes(row(mail).data or b"") == BIG
    assert balance.differences() == {}
    proxy.fault = ""
    PeriodicJob.objects.update(due_at=timezone.now())  # an hour later; the turn before has ended as it should
    assert tasks.move_large() == 1
    assert row(mail).data is None
    assert raw.bytes_of(row(mail)) == BIG


@pytest.mark.parametrize("fault", AWAY)
def test_a_store_that_is_away_has_lost_nothing(proxy: Proxy, fault: str) -> None:
    mail = a_big_mail()
    assert raw.move_large(make.NOW) == 1
    proxy.fault = fault
    assert raw.audit(make.NOW + HOUR) == 0
    assert balance.differences() == {}
    with pytest.raises(OSError, match=r".*"):
        raw.bytes_of(row(mail))


def test_a_store_that_hands_out_other_bytes_than_it_was_given_never_gets_to_have_the_only_ones(
    proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    mail = a_big_mail()
    proxy.fault = "wrong"
    assert raw.move_large(make.NOW) == 0
    assert bytes(row(mail).data or b"") == BIG
    assert "ALARM" in caplog.text


def test_other_bytes_and_lost_objects_are_noticed_by_looking_again(proxy: Proxy, bucket: Any) -> None:
    a_big_mail()
    assert raw.move_large(make.NOW) == 1
    proxy.fault = "wrong"
    assert raw.audit(make.NOW + HOUR) == 1
    assert balance.differences() == {"bytes_lost": 1}
    proxy.fault = ""
    assert raw.audit(make.NOW + 2 * HOUR) == 0
    assert balance.differences() == {}
    bucket.delete_object(Bucket="suji", Key=RawFile.objects.get().name)
    assert raw.audit(make.NOW + 3 * HOUR) == 1
    assert balance.differences() == {"bytes_lost": 1}


@pytest.mark.parametrize("fault", AWAY)
def test_an_exhibit_that_could_not_be_kept_is_not_said_to_be(proxy: Proxy, bucket: Any, fault: str) -> None:
    owner = make.a_user()
    proxy.fault = fault
    with pytest.raises(keep.StoreAway):
        keep.keep(owner, io.BytesIO(files.PDF), "paper.pdf")
    assert not owner.exhibits.exists()
    proxy.fault = ""
    assert keys(bucket) == []
    assert keep.is_unchanged(keep.keep(owner, io.BytesIO(files.PDF), "paper.pdf"))


@pytest.mark.parametrize("fault", AWAY)
def test_a_piece_of_a_file_that_cannot_be_fetched_is_an_os_error_as_of_a_disk(proxy: Proxy, fault: str) -> None:
    name = default_storage.save("there", ContentFile(b"0123456789"))
    assert b"".join(fetch.pieces(name, 3, 6)) == b"345"
    proxy.fault = fault
    with pytest.raises(keep.StoreAway):
        b"".join(fetch.pieces(name, 3, 6))
    with pytest.raises(keep.StoreAway):
        fetch.size_of(name)


def test_a_piece_of_a_file_that_is_gone_is_a_file_that_is_not_there(proxy: Proxy) -> None:
    with pytest.raises(FileNotFoundError):
        b"".join(fetch.pieces("gone", 0, 6))


@pytest.mark.parametrize("fault", AWAY)
def test_a_mail_whose_bytes_the_store_does_not_give_is_tried_later_and_nothing_is_counted_against_it(
    proxy: Proxy, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "read", reading.read)
    mail = a_big_mail()
    assert raw.move_large(make.NOW) == 1
    out_of_quarantine(mail)
    proxy.fault = fault
    assert line.run(mail.pk) == Outcome.WAITING
    mail.refresh_from_db()
    assert (mail.attempts, mail.lost_leases, mail.lease) == (0, 0, "")
    assert mail.due_at > timezone.now()
    proxy.fault = ""
    assert line.run(mail.pk) == Outcome.FILED


def test_a_picture_in_the_store_is_left_to_ocr_as_one_in_the_table_is(proxy: Proxy) -> None:
    mail = a_big_mail(files.saved(files.room(1).resize((1600, 1200)), "PNG") + bytes(LARGE))
    assert raw.move_large(make.NOW) == 1
    out_of_quarantine(mail)
    assert line.run(mail.pk, with_pictures=False) == line.FOR_OCR
    claimed = line.claim(mail.pk)
    assert claimed is not None
    mail.refresh_from_db()
    assert mail.lease_until is not None
    assert mail.lease_until > timezone.now() + line.LEASE


@pytest.mark.parametrize("fault", AWAY)
def test_copies_that_the_store_does_not_let_us_make_are_made_later(proxy: Proxy, fault: str) -> None:
    exhibit = keep.keep(make.a_user(), io.BytesIO(files.png()), "a.png")
    proxy.fault = fault
    for _turn in range(pictures.ATTEMPTS + 1):
        assert pictures.make_copies(exhibit.pk) == "waiting"
    proxy.fault = ""
    assert pictures.make_copies(exhibit.pk) == "ready"


def test_a_copy_whose_thumbnail_could_not_be_kept_is_not_left_behind(
    proxy: Proxy, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = keep.keep(make.a_user(), io.BytesIO(files.png()), "a.png")
    save, saved = default_storage.save, []

    def once(name: str, content: ContentFile[bytes]) -> str:
        if saved:
            raise keep.StoreAway("it went away")
        saved.append(save(name, content))
        return str(saved[0])

    monkeypatch.setattr(type(default_storage._wrapped), "save", lambda _store, name, content: once(name, content))  # type: ignore[attr-defined]
    assert pictures.make_copies(exhibit.pk) == "waiting"
    assert keys(bucket) == [exhibit.file]


def test_a_picture_whose_original_is_gone_has_no_copy_after_some_attempts(proxy: Proxy, bucket: Any) -> None:
    exhibit = keep.keep(make.a_user(), io.BytesIO(files.png()), "a.png")
    bucket.delete_object(Bucket="suji", Key=exhibit.file)
    told = [pictures.make_copies(exhibit.pk) for _turn in range(pictures.ATTEMPTS + 1)]
    assert told == ["waiting"] * pictures.ATTEMPTS + ["failed"]
