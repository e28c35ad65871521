"""Keep what was handed in: its bytes exactly, its hash, its true type. Yes is said only when it is on the disk."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import filetype
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext

from accounts.models import User
from evidence import pictures
from evidence.models import Exhibit
from evidence.names import safe_name

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/avif"})
VIDEOS = frozenset({"video/mp4", "video/quicktime"})
KEPT = PICTURES | VIDEOS | {"application/pdf"}
# What filetype calls otherwise than we do.
SAME_AS = {"image/apng": "image/png", "video/x-m4v": "video/mp4"}
HEIC_BRANDS = (b"heix", b"hevc", b"heim", b"heis")  # of some phones; filetype knows only heic and mif1
HEAD = 8192  # bytes that the type is told from
CHUNK = 256 * 1024


class Refused(Exception):
    """The file is not kept. `why` is a sentence for the person who handed it in."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Empty(Refused):
    """No bytes."""


class TooLarge(Refused):
    """More bytes than one file of its type may have."""


class OverQuota(Refused):
    """More bytes than one person may keep here."""


class WrongType(Refused):
    """Something that we do not take, whatever it calls itself."""


class NotAPicture(Refused):
    """It begins like a picture and cannot be decoded as one."""


class Busy(Refused):
    """Our fault: too many pictures at once."""


class DiskFull(Refused):
    """Our fault: there is no room left."""


def megabytes(size: int) -> int:
    return size // (1024 * 1024)


def keep(
    owner: User,
    file: IO[bytes] | UploadedFile,
    name: str,
    among: QuerySet[Exhibit] | None = None,
    then: Callable[[Exhibit], object] | None = None,
) -> Exhibit:
    """Keep `file` as it came, under a random key, and return its exhibit once it is safe on the disk.

    name    what the person's device calls it
    among   where the same bytes count as handed in already: that exhibit is returned, nothing is written
    then    writes what belongs to the new exhibit in the transaction of its row: both are there, or neither
    raises  Refused, one of the classes above, with a sentence for the person
    """
    with near(file) as original:
        content_type = sniff(original)
        sha256, size = measure(original, most(content_type))
        there = among.filter(sha256=sha256).first() if among is not None else None
        if there:
            return there
        check_room(owner, size)
        picture, is_shown = look_at(original, content_type) if content_type in PICTURES else (pictures.Picture(), False)
        key = write(original, content_type, sha256, size)
        exhibit = Exhibit(
            owner=owner,
            sha256=sha256,
            size=size,
            name=safe_name(name),
            content_type=content_type,
            file=key,
            copy=Exhibit.Copy.WAITING if is_shown else Exhibit.Copy.NONE,
            width=picture.width or None,
            height=picture.height or None,
            hash=picture.hash,
            facts=picture.facts,
        )
        try:
            with transaction.atomic():
                User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two uploads at once share one room
                check_room(owner, size)
                exhibit.save(force_insert=True)
                if then:
                    then(exhibit)
        except BaseException:
            default_storage.delete(key)
            raise
        return exhibit


def is_unchanged(exhibit: Exhibit) -> bool:
    """Whether the original still is what was handed in: read whole, and hashed again. False when it is gone."""
    try:
        with default_storage.open(exhibit.file) as kept:
            return measure(kept, exhibit.size) == (exhibit.sha256, exhibit.size)
    except (FileNotFoundError, TooLarge):
        return False


def forget(exhibit: Exhibit) -> None:
    """Delete an exhibit for good: its row, and once that is certain its original and its copies."""
    keys = [key for key in (exhibit.file, exhibit.copy_file, exhibit.thumbnail_file) if key]

    def delete_files() -> None:
        for key in keys:
            default_storage.delete(key)

    with transaction.atomic():
        exhibit.delete()
        transaction.on_commit(delete_files)


@contextmanager
def near(file: IO[bytes] | UploadedFile) -> Iterator[IO[bytes]]:
    """`file` as an open file of this machine, which the picture process can read by itself."""
    path = getattr(file, "temporary_file_path", None)
    if path:
        with open(path(), "rb") as there:
            yield there
        return
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        while chunk := file.read(CHUNK):
            copy.write(chunk)
        copy.flush()
        yield copy


def sniff(file: IO[bytes]) -> str:
    """The content type that the first bytes of `file` are of; nobody's claim is heard.

    raises  Empty, WrongType
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Empty(gettext("这个文件是空的。"))
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "image/heic"
    guessed = filetype.guess_mime(head) or ""
    content_type = SAME_AS.get(guessed, guessed)
    if content_type not in KEPT:
        raise WrongType(
            gettext("这种文件不能作为证据保存。可以交：jpg、png、webp、gif、heic、avif图片，pdf，mp4、mov视频。")
        )
    return content_type


def most(content_type: str) -> int:
    """The largest file of `content_type` that is kept, in bytes."""
    limits = settings.EXHIBIT_LIMITS
    return int(limits["video"] if content_type in VIDEOS else limits["picture"])


def measure(file: IO[bytes] | File[bytes], at_most: int) -> tuple[str, int]:
    """SHA-256 (hex) and size of `file` in bytes. Raises TooLarge above `at_most`, having read no further."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > at_most:
            raise TooLarge(gettext("文件太大：这种文件每个不超过%(limit)d MB。") % {"limit": megabytes(at_most)})
    return digest.hexdigest(), size


def check_room(owner: User, size: int) -> None:
    """Raises OverQuota when `size` more bytes do not fit into what `owner` may keep."""
    room = settings.EXHIBIT_LIMITS["per_owner"]
    used = Exhibit.objects.filter(owner=owner).aggregate(bytes=Sum("size"))["bytes"] or 0
    if used + size > room:
        raise OverQuota(
            gettext("你的证据已存满：总共可存%(limit)d MB，已用%(used)d MB。")
            % {"limit": megabytes(room), "used": megabytes(used)}
        )


def look_at(file: IO[bytes], content_type: str) -> tuple[pictures.Picture, bool]:
    """`file` decoded in the limited process, and whether it can be shown.

    What has more pixels than we decode, or takes too long, is kept all the same: without a preview.
    raises  NotAPicture, Busy
    """
    try:
        return pictures.look(file, content_type), True
    except pictures.TooMuch as much:
        return much.picture, False
    except pictures.Overrun:
        return pictures.Picture(), False
    except pictures.NotAPicture:
        raise NotAPicture(gettext("这个文件看起来是图片，但打不开：可能已损坏，或者不是真的图片。")) from None
    except pictures.Busy:
        raise Busy(gettext("服务器正忙着处理别的图片，这个文件没有保存。请稍后再交一次。")) from None


class Typed(File):  # type: ignore[type-arg]  # generic only to the stubs
    """A file that an object store is told the type of: the one we found, never one that somebody claims."""

    def __init__(self, file: IO[bytes], content_type: str) -> None:
        super().__init__(file)
        self.content_type = content_type


class StoreAway(OSError):
    """The storage could not be asked: nothing is known of what lies there (evidence/store.py)."""


class NotWritten(OSError):
    """The storage said yes and has something else than what it was given."""


def write(file: IO[bytes], content_type: str, sha256: str, size: int) -> str:
    """`file` in the storage, under a new random key, on the disk and looked at again when this returns.

    raises  DiskFull; NotWritten, after which nothing is left there
    """
    file.seek(0)
    try:
        key = save_durably(pictures.new_key("exhibits"), Typed(file, content_type))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise DiskFull(gettext("服务器的空间不够了，文件没有保存。请稍后再试。")) from error
    if not is_there(key, sha256, size):
        default_storage.delete(key)
        raise NotWritten(key)
    return key


def is_there(key: str, sha256: str, size: int) -> bool:
    """Whether the storage has these bytes. On a disk they are read again; an object store has checked them itself."""
    if not isinstance(default_storage, FileSystemStorage):
        return default_storage.size(key) == size
    with default_storage.open(key) as there:
        return measure(there, size) == (sha256, size)


def save_durably(name: str, file: File[bytes]) -> str:
    """`file` in the storage under `name`, or one like it that is free; on the disk when this returns the name."""
    key = default_storage.save(name, file)
    if isinstance(default_storage, FileSystemStorage):  # an object store has said yes by itself
        settle(Path(default_storage.path(key)), Path(default_storage.location))
    return key


def settle(path: Path, top: Path) -> None:
    """Wait until the file at `path`, and every folder between it and `top`, is on the disk."""
    for there in (path, *path.parents):
        descriptor = os.open(there, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if there == top:
            return
