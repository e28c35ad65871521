"""An object store as a file storage whose troubles are OSErrors, as those of a disk are, and end within seconds.

boto3 tells of them with exceptions of its own, which nobody who only knows files catches, and waits a minute for each
of five tries: meanwhile whoever asked would do nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

from evidence.keep import StoreAway

# Seconds until it has to answer at all, and between two pieces of an answer; how often it is asked.
PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})


@contextmanager
def troubles() -> Iterator[None]:
    """Whatever boto3 raises within, as StoreAway; as FileNotFoundError when the store has no such object."""
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError("no such object") from error
        raise StoreAway(type(error).__name__) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreAway(type(error).__name__) from error


class StoredFile(S3File):  # type: ignore[misc]  # django-storages has no types
    """A file of the store; its bytes come when they are first read."""

    _file: Any

    def _get_file(self) -> Any:
        try:
            with troubles():
                return super()._get_file()
        except OSError:  # half a file is none: who asks again asks the store
            if self._file is not None:
                self._file.close()
                self._file = None
            raise

    file = property(_get_file, S3File._set_file)


def told(name: str) -> Callable[..., Any]:
    """The method `name` of S3Storage, with its troubles told as ours."""
    method = getattr(S3Storage, name)

    def asked(self: S3Storage, *args: Any, **options: Any) -> Any:
        with troubles():
            return method(self, *args, **options)

    return asked


class ObjectStore(S3Storage):  # type: ignore[misc]
    """django-storages' S3Storage: patient for seconds, with troubles that are OSErrors."""

    client_config: Config

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(PATIENCE)

    def _open(self, name: str, mode: str = "rb") -> StoredFile:
        with troubles():
            return StoredFile(self._normalize_name(clean_name(name)), mode, self)

    def pieces(self, name: str, start: int, stop: int, chunk: int) -> Iterator[bytes]:
        """The bytes of `name` from `start` up to before `stop`, `chunk` at a time; for no others the store is asked.

        raises  StoreAway, also between two pieces; FileNotFoundError
        """
        with troubles():
            there = self.bucket.Object(self._normalize_name(clean_name(name)))
            body = there.get(Range=f"bytes={start}-{stop - 1}")["Body"]
            try:
                yield from body.iter_chunks(chunk)
            finally:
                body.close()

    _save, delete, exists, size = told("_save"), told("delete"), told("exists"), told("size")
    listdir, get_modified_time = told("listdir"), told("get_modified_time")
