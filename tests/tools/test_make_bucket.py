"""`manage.py make_bucket` against an S3 store over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer

BUCKET = "suji-made-here"  # moto keeps one world for all its servers of a process


@pytest.fixture
def store(settings: Any) -> Iterator[str]:
    """An empty S3 store that the settings point to: its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    at = f"http://{host}:{port}"
    settings.STORAGES = settings.STORAGES | {"default": keeping_at(at)}
    yield at
    server.stop()


def keeping_at(address: str) -> dict[str, Any]:
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": address,
        "access_key": "suji",
        "secret_key": "word",
        "region_name": "us-east-1",
        "addressing_style": "path",
        "signature_version": "s3v4",
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def said() -> str:
    out = StringIO()
    call_command("make_bucket", stdout=out)
    return out.getvalue().strip()


def test_a_bucket_is_made_once_and_takes_files(store: str) -> None:
    assert said() == f"The bucket {BUCKET} is made."
    assert said() == f"The bucket {BUCKET} is there."
    name = storages["default"].save("sample.txt", ContentFile("证据".encode()))
    with storages["default"].open(name) as kept:
        assert kept.read().decode() == "证据"


def test_a_folder_needs_no_bucket() -> None:
    assert "no bucket is needed" in said()


def test_a_store_that_is_not_there_is_one_sentence(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"default": keeping_at("http://127.0.0.1:1")}
    with pytest.raises(CommandError, match=f"the bucket {BUCKET} could not be made"):
        said()
