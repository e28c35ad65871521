"""The same over HTTP to an object store: a moto server of this process, on loopback."""

import hashlib
import io
import urllib.error
import urllib.request

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

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
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    yield client
    client.close()


def keys(client) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket="suji").get("Contents", [])]


def test_an_exhibit_in_an_object_store_is_kept_shown_and_forgotten(bucket, django_capture_on_commit_callbacks):
    data = files.jpeg_with_place()
    exhibit = keep(make.a_user(), io.BytesIO(data), "photo.jpg")
    assert keys(bucket) == [exhibit.file]
    stored = bucket.get_object(Bucket="suji", Key=exhibit.file)
    assert stored["ContentType"] == "image/jpeg"
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
