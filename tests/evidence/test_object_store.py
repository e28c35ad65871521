"""The same over HTTP to an object store: a moto server of this process, on loopback."""

import hashlib
import io
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

from complaints.exhibits import hand_in
from complaints.models import CaseExhibit
from evidence import tasks
from evidence.keep import NotAPicture, forget, keep
from tests import make
from tests.evidence import files

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def store():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(store, settings):
    """An empty private bucket, which the default storage uses."""
    client = boto3.client(
        "s3",
        endpoint_url=store,
        aws_access_key_id="suji",
        aws_secret_access_key="word",
        region_name="us-east-1",
    )
    urllib.request.urlopen(urllib.request.Request(f"{store}/moto-api/reset", method="POST")).close()
    client.create_bucket(Bucket="suji")
    options = {"bucket_name": "suji", "endpoint_url": store, "access_key": "suji", "secret_key": "word"}
    options |= {"region_name": "us-east-1", "addressing_style": "path", "signature_version": "s3v4"}
    options |= {"file_overwrite": False, "default_acl": None, "max_memory_size": 1024 * 1024}  # as settings.py
    options |= {"object_parameters": {"ContentDisposition": "attachment"}}
    files = {"BACKEND": "evidence.store.ObjectStore", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": files}
    yield client
    client.close()


@pytest.fixture
def links(bucket, settings):
    """The same, where browsers reach the store by themselves."""
    settings.STORAGES = settings.STORAGES | {"links": settings.STORAGES["default"]}


@pytest.fixture
def video(bucket) -> CaseExhibit:
    """A video of two parts, of which every byte tells its place."""
    data = files.mp4(64) + bytes(place % 251 for place in range(9 * 1024 * 1024))
    return hand_in(make.a_case(), io.BytesIO(data), "开箱 1.html")


def original_of(shown: CaseExhibit, name: str = "exhibit_original") -> str:
    return reverse(f"complaints:{name}", args=[shown.case.public_id, shown.exhibit.public_id])


def keys(client) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket="suji").get("Contents", [])]


def test_an_exhibit_in_an_object_store_is_kept_shown_and_forgotten(bucket, django_capture_on_commit_callbacks):
    data = files.jpeg_with_place()
    exhibit = keep(make.a_user(), io.BytesIO(data), "photo.jpg")
    assert keys(bucket) == [exhibit.file]
    stored = bucket.get_object(Bucket="suji", Key=exhibit.file)
    assert (stored["ContentType"], stored["ContentDisposition"]) == ("image/jpeg", "attachment")
    assert hashlib.sha256(stored["Body"].read()).hexdigest() == exhibit.sha256
    assert tasks.make_copies(exhibit.pk) == "ready"
    exhibit.refresh_from_db()
    assert sorted(keys(bucket)) == sorted([exhibit.file, exhibit.copy_file, exhibit.thumbnail_file])
    with default_storage.open(exhibit.thumbnail_file) as thumbnail:
        assert thumbnail.read(4) == b"RIFF"
    with django_capture_on_commit_callbacks(execute=True):
        forget(exhibit)
    assert keys(bucket) == []


def test_a_video_larger_than_one_part_comes_back_the_same(bucket):
    data = files.mp4(9 * 1024 * 1024)
    exhibit = keep(make.a_user(), io.BytesIO(data), "clip.mp4")
    with default_storage.open(exhibit.file) as file:
        assert hashlib.sha256(file.read()).hexdigest() == hashlib.sha256(data).hexdigest() == exhibit.sha256


def test_a_refusal_leaves_nothing_in_the_object_store(bucket):
    with pytest.raises(NotAPicture):
        keep(make.a_user(), io.BytesIO(files.heic_in_name_only()), "photo.heic")
    assert keys(bucket) == []


def test_nobody_reads_from_the_object_store_without_its_keys(bucket, store):
    exhibit = keep(make.a_user(), io.BytesIO(files.PDF), "paper.pdf")
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{store}/suji/{exhibit.file}")
    with refusal.value:
        assert refusal.value.code == 403


@pytest.mark.parametrize("name", ["exhibit_original", "exhibit_video"])
def test_of_a_video_in_an_object_store_only_what_was_asked_for_is_fetched(video, client, name, monkeypatch):
    client.force_login(video.exhibit.owner)
    monkeypatch.setattr(S3Storage, "_open", lambda *_args: pytest.fail("all of it"))
    answer = client.get(original_of(video, name), headers={"Range": "bytes=9000000-9000099"})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == bytes((place - 64) % 251 for place in range(9_000_000, 9_000_100))
    assert answer["Content-Range"] == f"bytes 9000000-9000099/{video.exhibit.size}"


def test_an_original_is_handed_out_by_a_link_that_is_signed_for_it_alone_and_soon_over(links, client):
    shown = hand_in(make.a_case(), io.BytesIO(files.PDF), "回执 1.html")
    client.force_login(shown.exhibit.owner)
    answer = client.get(original_of(shown))
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    parts = urlsplit(answer["Location"])
    said = parse_qs(parts.query)
    assert parts.path == f"/suji/{shown.exhibit.file}"
    assert said["X-Amz-Expires"] == ["60"]
    assert said["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    with urllib.request.urlopen(answer["Location"]) as got:
        assert hashlib.sha256(got.read()).hexdigest() == shown.exhibit.sha256
        assert got.headers["Content-Type"] == "application/pdf"
        assert got.headers["Content-Disposition"].startswith("attachment; filename*=utf-8")
        assert got.headers["Content-Disposition"].endswith("1.html.pdf")
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{parts.scheme}://{parts.netloc}{parts.path}")
    with refusal.value:
        assert refusal.value.code == 403


def test_the_same_gate_stands_before_a_link(video, links, client):
    client.force_login(make.a_user("other@example.com"))
    assert client.get(original_of(video)).status_code == 404


def test_a_player_gets_its_video_from_us_where_there_are_links_too(video, links, client):
    client.force_login(video.exhibit.owner)
    assert client.get(original_of(video, "exhibit_video"), headers={"Range": "bytes=0-9"}).status_code == 206


def test_an_original_that_is_gone_gets_no_link(video, links, client, bucket):
    bucket.delete_object(Bucket="suji", Key=video.exhibit.file)
    client.force_login(video.exhibit.owner)
    client.raise_request_exception = False
    assert client.get(original_of(video)).status_code == 500
