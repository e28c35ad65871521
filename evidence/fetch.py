"""The bytes of the storage on their way out: a piece of a file, or a link by which an object store hands it out."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import FileSystemStorage, default_storage, storages

CHUNK = 256 * 1024
LINKS = "links"  # of settings.STORAGES: the object store under the address that browsers can reach, where there is one
LINK_SECONDS = 60


def size_of(key: str) -> int:
    """The bytes of the file `key`. Raises FileNotFoundError."""
    if not default_storage.exists(key):
        raise FileNotFoundError(key)
    return default_storage.size(key)


def pieces(key: str, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of the file `key` from `start` up to before `stop`, opened only when somebody begins to read.

    Of an object store only these bytes are fetched, and none of them waits on our disk. Raises OSError, as a disk does.
    """
    if isinstance(default_storage, FileSystemStorage):
        with default_storage.open(key) as file:
            file.seek(start)
            left = stop - start
            while left > 0 and (piece := file.read(min(CHUNK, left))):
                left -= len(piece)
                yield piece
        return
    yield from default_storage.pieces(key, start, stop, CHUNK)  # type: ignore[attr-defined]  # evidence.store.ObjectStore


def link(key: str, content_type: str, disposition: str) -> str | None:
    """A signed address of the file `key` alone, good for LINK_SECONDS; None where browsers reach no object store.

    The store answers with the content type and the Content-Disposition that are signed into the address.
    """
    if LINKS not in storages.backends:
        return None
    said = {
        "ResponseContentType": content_type,
        "ResponseContentDisposition": disposition,
        "ResponseCacheControl": "private, no-store",
    }
    return storages[LINKS].url(key, parameters=said, expire=LINK_SECONDS)  # type: ignore[call-arg]  # of S3Storage
