"""Outlook's .msg files: an OLE storage, a stream for each property. Source: MS-OXMSG, docs/sources.md#outlook."""

from __future__ import annotations

import io
import struct
from datetime import datetime

import olefile

from complaints.intake import mapi
from complaints.intake.decode import Body, mail_of
from complaints.intake.mapi import Message, Value
from complaints.intake.shapes import Attachment, Mail

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARK = "__properties_version1.0".encode("utf-16-le")
_FIXED = "__properties_version1.0"
DEEPEST = 3  # messages inside messages
MOST_ATTACHMENTS = 100
MOST_STREAMS = 5_000
_TOP, _INNER, _ROW = 32, 24, 8  # bytes before the fixed properties: of the file, of a message inside, of a row
_LONG, _BOOLEAN, _TIME, _OBJECT = 0x0003, 0x000B, 0x0040, 0x000D
# What a broken or hostile storage makes olefile and struct raise.
_BROKEN = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    struct.error,
    RuntimeError,
    MemoryError,
)


def is_msg(raw: bytes) -> bool:
    """Whether `raw` is an Outlook message: other Office files are OLE storages too."""
    return raw.startswith(OLE) and _MARK in raw


def read_msg(raw: bytes) -> Mail:
    """The mail in an Outlook message file. Never raises: of a broken one what can be read, with `damaged_file`."""
    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as ole:
            storage = _Storage(ole)
            if _FIXED not in storage.streams.get((), []):
                return mail_of((), Body(warnings=["damaged_file"]), ())
            mail = mapi.mail_of_message(_message(storage, (), _TOP, 0))
    except _BROKEN:
        return mail_of((), Body(warnings=["damaged_file"]), ())
    return mail


class _Storage:
    """The streams of the file by folder."""

    def __init__(self, ole: olefile.OleFileIO) -> None:
        self.ole = ole
        self.streams: dict[tuple[str, ...], list[str]] = {}
        self.folders: dict[tuple[str, ...], list[str]] = {}
        for path in ole.listdir(streams=True, storages=False)[:MOST_STREAMS]:
            self.streams.setdefault(tuple(path[:-1]), []).append(path[-1])
            for depth in range(len(path) - 1):
                inside = self.folders.setdefault(tuple(path[:depth]), [])
                if path[depth] not in inside:
                    inside.append(path[depth])

    def read(self, folder: tuple[str, ...], name: str) -> bytes:
        data: bytes = self.ole.openstream([*folder, name]).read()
        return data


def _properties(storage: _Storage, folder: tuple[str, ...], head: int) -> dict[int, Value]:
    """Every property of one folder that a mail needs: numbers and times, strings, bytes."""
    said: dict[int, Value] = {}
    names = storage.streams.get(folder, [])
    if _FIXED in names:
        fixed = storage.read(folder, _FIXED)
        for kind, tag, _flags, value in struct.iter_unpack(
            "<HHIQ", fixed[head : head + (len(fixed) - head) // 16 * 16]
        ):
            if kind in (_LONG, _BOOLEAN):
                said[tag] = value & 0xFFFFFFFF
            elif kind == _TIME and isinstance(told := mapi.moment(value), datetime):
                said[tag] = told
    page = said.get(mapi.MESSAGE_CODE_PAGE) or said.get(mapi.CODE_PAGE)
    for name in names:
        if not name.startswith("__substg1.0_") or len(name) != 20:
            continue
        tag, kind = int(name[12:16], 16), name[16:].upper()
        if kind == "001F":
            said[tag] = storage.read(folder, name).decode("utf-16-le", "replace").rstrip("\0")
        elif kind == "001E":
            said[tag] = mapi.decoded(storage.read(folder, name), page)
        elif kind == "0102":
            said[tag] = storage.read(folder, name)
    return said


def _message(storage: _Storage, folder: tuple[str, ...], head: int, level: int) -> Message:
    message = Message(_properties(storage, folder, head))
    for name in storage.folders.get(folder, []):
        if name.startswith("__recip_version1.0_") and len(message.recipients) < mapi.MOST_RECIPIENTS:
            message.recipients.append(_properties(storage, (*folder, name), _ROW))
        elif name.startswith("__attach_version1.0_") and len(message.attachments) < MOST_ATTACHMENTS:
            found = _attachment(storage, (*folder, name), level)
            message.attachments += [found] if found else []
    return message


def _attachment(storage: _Storage, folder: tuple[str, ...], level: int) -> Attachment | None:
    inside = (*folder, f"__substg1.0_{mapi.DATA:04X}{_OBJECT:04X}")
    mail = None
    if _FIXED in storage.streams.get(inside, []) and level < DEEPEST:
        mail = mapi.mail_of_message(_message(storage, inside, _INNER, level + 1))
    return mapi.attachment_of(_properties(storage, folder, _ROW), mail)
