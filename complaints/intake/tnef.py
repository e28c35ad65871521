"""winmail.dat: the envelope in which Outlook hides body and attachments. Source: MS-OXTNEF, docs/sources.md#outlook."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from complaints.intake import mapi
from complaints.intake.mapi import Message, Value
from complaints.intake.shapes import Attachment, Mail

SIGNATURE = struct.pack("<I", 0x223E9F78)
DEEPEST = 3
MOST_ATTRIBUTES = 5_000
MOST_PROPERTIES = 5_000

_SUBJECT, _BODY, _PROPERTIES, _CODE_PAGE = 0x00018004, 0x0002800C, 0x00069003, 0x00069007
_NEW_ATTACHMENT, _TITLE, _DATA, _ITS_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_MANY = 0x1000  # of a property type: a list of values
_WIDTHS = {0x0001: 0, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8,
           0x0040: 8, 0x0048: 16}  # fmt: skip
_TEXT, _WIDE, _BINARY, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
_IID = 16  # bytes of the interface's name before a message inside


def is_tnef(raw: bytes) -> bool:
    return raw.startswith(SIGNATURE)


def read_tnef(raw: bytes, level: int = 0) -> Mail:
    """What is inside winmail.dat, as a mail of its own. Never raises: what breaks off is read as far as it goes."""
    said: dict[int, Value] = {}
    page: Value | None = None
    attachments: list[Attachment] = []
    its: dict[int, Value] = {}
    inner: Mail | None = None
    for tag, data in _attributes(raw):
        if tag == _CODE_PAGE and len(data) >= 4:
            page = int.from_bytes(data[:4], "little")
        elif tag == _SUBJECT:
            said[mapi.SUBJECT] = mapi.decoded(data, page)
        elif tag == _BODY:
            said[mapi.PLAIN] = mapi.decoded(data, page)
        elif tag == _PROPERTIES:
            said.update(_properties(data, page))
        elif tag == _NEW_ATTACHMENT:
            _finish(attachments, its, inner)
            its, inner = {}, None
        elif tag == _TITLE:
            its.setdefault(mapi.FILE_NAME, mapi.decoded(data, page))
        elif tag == _DATA:
            its[mapi.DATA] = data
        elif tag == _ITS_PROPERTIES:
            more = _properties(data, page)
            held = more.get(mapi.DATA)
            if isinstance(held, bytes) and is_tnef(held[_IID:]) and level < DEEPEST:
                inner = read_tnef(held[_IID:], level + 1)
            its.update({key: value for key, value in more.items() if key != mapi.DATA or key not in its})
    _finish(attachments, its, inner)
    return mapi.mail_of_message(Message(said, attachments=attachments))


def _finish(attachments: list[Attachment], its: dict[int, Value], inner: Mail | None) -> None:
    if its and (found := mapi.attachment_of(its, inner)):
        attachments.append(found)


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(attribute, its bytes): level, attribute, length, bytes, checksum."""
    at = 6
    for _count in range(MOST_ATTRIBUTES):
        if at + 9 > len(raw):
            return
        _level, tag, length = struct.unpack_from("<BII", raw, at)
        at += 9
        yield tag, raw[at : at + length]
        at += length + 2


def _properties(data: bytes, page: Value | None) -> dict[int, Value]:
    """The properties that `data` lists; the first that cannot be read ends the list."""
    said: dict[int, Value] = {}
    count, at = int.from_bytes(data[:4], "little"), 4
    for _count in range(min(count, MOST_PROPERTIES)):
        if at + 4 > len(data):
            break
        kind, tag = struct.unpack_from("<HH", data, at)
        at += 4
        if tag >= 0x8000:  # a named property: its name comes first
            at = _past_name(data, at)
        values = 1
        if kind & _MANY or kind in (_TEXT, _WIDE, _BINARY, _OBJECT):
            values, at = int.from_bytes(data[at : at + 4], "little"), at + 4
        plain = kind & ~_MANY
        if values > MOST_PROPERTIES or (plain not in _WIDTHS and plain not in (_TEXT, _WIDE, _BINARY, _OBJECT)):
            break
        for _value in range(values):
            width = _WIDTHS.get(plain)
            if width is None:
                width, at = int.from_bytes(data[at : at + 4], "little"), at + 4
            told = _value_of(plain, data[at : at + width], page)
            if told is not None and tag < 0x8000:
                said.setdefault(tag, told)
            at += width + (-width % 4)
            if at > len(data):
                return said
    return said


def _past_name(data: bytes, at: int) -> int:
    kind = int.from_bytes(data[at + 16 : at + 20], "little")
    if kind == 0:
        return at + 24
    length = int.from_bytes(data[at + 20 : at + 24], "little")
    return at + 24 + length + (-length % 4)


def _value_of(kind: int, data: bytes, page: Value | None) -> Value | None:
    if kind == _TEXT:
        return mapi.decoded(data, page)
    if kind == _WIDE:
        return data.decode("utf-16-le", "replace").rstrip("\0")
    if kind in (_BINARY, _OBJECT):
        return data
    if kind == 0x0040:
        return mapi.moment(int.from_bytes(data, "little"))
    return int.from_bytes(data[:4], "little") if kind in (0x0002, 0x0003, 0x000B) else None
