"""Mails in a zip, as a shopper packs them. Listed first, unpacked into memory only within limits, never to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

from complaints.intake.decode import LARGEST_MAIL, looks_like_mail, safe_file_name
from complaints.intake.msg import is_msg
from complaints.intake.shapes import Attachment

ZIP = b"PK\x03\x04"
MOST_ENTRIES = 1_000  # listed
MOST_MAILS = 20  # attached to one mail
MOST_HANDED_IN = 100  # in a zip that is handed in as a file: each is a mail of its own
LARGEST_LIST = 1_000_000  # bytes of a zip's own list of its entries, which zipfile reads as a whole
LARGEST = LARGEST_MAIL  # unpacked, all together
LARGEST_RATIO = 200  # unpacked to packed, from a megabyte on
DEEPEST = 2  # zips inside zips

_MAILS = (".eml", ".msg")
_TEXTS = (".txt",)
_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")  # what systems put beside people's files
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what people's programs write; others cost memory to unpack
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, struct.error,
           IndexError, KeyError, MemoryError)  # fmt: skip


class Unpacked(NamedTuple):
    mails: tuple[Attachment, ...]
    warnings: tuple[str, ...]  # archive_not_opened: locked, broken, or over a limit


def is_zip(raw: bytes) -> bool:
    return raw.startswith(ZIP)


def unpack(raw: bytes) -> Unpacked:
    """The mails (.eml, .msg) in a zip, also in zips inside it. Never raises; other files are left alone."""
    mails: list[Attachment] = []
    try:
        _unpack(raw, mails, [LARGEST], 1)
    except _Refused:
        return Unpacked(tuple(mails), ("archive_not_opened",))
    except _BROKEN:
        return Unpacked(tuple(mails), ("archive_not_opened",))
    return Unpacked(tuple(mails), ())


class Packed(NamedTuple):
    mails: tuple[Attachment, ...]  # texts among them
    others: tuple[str, ...]  # names of the files that are none


def packed_in(raw: bytes) -> Packed | None:
    """What a zip holds that somebody hands in: all its mails and texts, each as it would be alone.

    None for one that is locked, broken or over a limit: all of it or nothing, so that nobody thinks all was taken.
    """
    mails: list[Attachment] = []
    others: list[str] = []
    try:
        _unpack(raw, mails, [LARGEST], 1, MOST_HANDED_IN, others)
    except _Refused:
        return None
    except _BROKEN:
        return None
    return Packed(tuple(mails), tuple(others))


class _Refused(Exception):
    """Over a limit, or locked."""


def _unpack(
    raw: bytes,
    mails: list[Attachment],
    room: list[int],
    depth: int,
    most: int = MOST_MAILS,
    others: list[str] | None = None,
) -> None:
    """Add the mails of a zip to `mails`; with `others` its texts too, and to that the names of all that is neither."""
    _check_list(raw)
    wanted = (*_MAILS, ".zip") if others is None else (*_MAILS, *_TEXTS, ".zip")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise _Refused
        for entry in entries:
            name = _name_of(entry)
            lowered = name.lower()
            if entry.is_dir() or lowered.endswith(_LITTER) or entry.filename.lower().startswith(_LITTER):
                continue
            if not lowered.endswith(wanted):
                if others is not None:
                    others.append(name)
                continue
            if lowered.endswith(".zip") and depth >= DEEPEST:
                raise _Refused
            data = _content(archive, entry, room)
            is_mail = bool(data.strip()) if others is not None else is_msg(data) or looks_like_mail(data)
            if lowered.endswith(".zip"):
                if is_zip(data):
                    _unpack(data, mails, room, depth + 1, most, others)
                elif others is not None:
                    others.append(name)
            elif is_mail:
                if len(mails) >= most:
                    raise _Refused
                mails.append(Attachment(name=name, content_type="message/rfc822", raw=data, is_mail=True))
            elif others is not None:
                others.append(name)


def _check_list(raw: bytes) -> None:
    """Raise _Refused when the zip says of its list that it is longer than we read; zipfile would read all of it."""
    end = raw.rfind(b"PK\x05\x06", max(0, len(raw) - 65_557))
    if end < 0 or len(raw) < end + 22:
        return  # zipfile will not open it
    entries, size = struct.unpack_from("<HI", raw, end + 10)
    is_huge = raw[max(0, end - 20) : end].startswith(b"PK\x06\x07")  # ZIP64 says both again, elsewhere
    if entries > MOST_ENTRIES or size > LARGEST_LIST or is_huge:
        raise _Refused


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: list[int]) -> bytes:
    """What the entry holds: no more than it declares, and no more than there is room for."""
    if entry.flag_bits & 1 or entry.file_size > room[0] or entry.compress_type not in _PACKINGS:
        raise _Refused
    if entry.file_size > 1_000_000 and entry.file_size > LARGEST_RATIO * max(1, entry.compress_size):
        raise _Refused
    with archive.open(entry) as file:
        data = file.read(min(entry.file_size, room[0]) + 1)
    if len(data) > entry.file_size:
        raise _Refused
    room[0] -= len(data)
    return data


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Windows writes names in GBK without saying so; zipfile reads them as cp437."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = entry.filename
    return safe_file_name(name)
