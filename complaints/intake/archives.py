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
MOST_MAILS = 20
LARGEST = LARGEST_MAIL  # unpacked, all together
LARGEST_RATIO = 200  # unpacked to packed, from a megabyte on
DEEPEST = 2  # zips inside zips

_MAILS = (".eml", ".msg")
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


class _Refused(Exception):
    """Over a limit, or locked."""


def _unpack(raw: bytes, mails: list[Attachment], room: list[int], depth: int) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise _Refused
        for entry in entries:
            name = _name_of(entry)
            lowered = name.lower()
            if entry.is_dir() or not lowered.endswith((*_MAILS, ".zip")):
                continue
            if lowered.endswith(".zip") and depth >= DEEPEST:
                raise _Refused
            data = _content(archive, entry, room)
            if lowered.endswith(".zip"):
                if is_zip(data):
                    _unpack(data, mails, room, depth + 1)
            elif is_msg(data) or looks_like_mail(data):
                if len(mails) >= MOST_MAILS:
                    raise _Refused
                mails.append(Attachment(name=name, content_type="message/rfc822", raw=data, is_mail=True))


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
