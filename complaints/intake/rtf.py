"""Outlook's rich text: decompressed, and made HTML again where it was HTML before, else plain text.

Sources: MS-OXRTFCP (compression) and MS-OXRTFEX (HTML inside RTF), docs/sources.md#outlook. Linear; never raises.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace

from complaints.intake.charsets import to_text

LONGEST = 2_000_000  # bytes of rich text that are read
DEEPEST = 200  # groups

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D  # "LZFu", "MELA"
_RING = 4096
_PRESET = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompressed(data: bytes) -> bytes:
    """The rich text in a compressed property; b"" if it is none, what there is of it if it breaks off."""
    if len(data) < _HEADER.size:
        return b""
    _size, raw_size, kind, _crc = _HEADER.unpack_from(data)
    most = min(raw_size, LONGEST)
    if kind == _PLAIN:
        return data[_HEADER.size : _HEADER.size + most]
    return _inflated(data, most) if kind == _COMPRESSED else b""


def _inflated(data: bytes, most: int) -> bytes:
    ring = bytearray(_PRESET + bytes(_RING - len(_PRESET)))
    place, said = len(_PRESET), bytearray()
    at, end = _HEADER.size, len(data)
    while at < end and len(said) < most:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= end:
                return bytes(said)
            if not control >> bit & 1:
                ring[place] = data[at]
                said.append(data[at])
                place = (place + 1) % _RING
                at += 1
                continue
            if at + 1 >= end:
                return bytes(said)
            reference = data[at] << 8 | data[at + 1]
            at += 2
            offset, length = reference >> 4, (reference & 15) + 2
            if offset == place:  # the mark of the end
                return bytes(said)
            for step in range(length):
                byte = ring[(offset + step) % _RING]
                ring[place] = byte
                said.append(byte)
                place = (place + 1) % _RING
    return bytes(said[:most])


# --- from rich text to HTML or text ----------------------------------------------------------------------

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\([^A-Za-z])|([{}])|([^\\{}\r\n]{1,65536})|[\r\n]{1,65536}|\\"
)
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 204: "cp1251", 238: "cp1250"}
_NOT_TEXT = frozenset(
    {
        b"fonttbl",
        b"colortbl",
        b"stylesheet",
        b"info",
        b"pict",
        b"object",
        b"header",
        b"footer",
        b"themedata",
        b"listtable",
    }
)
_AS_TEXT = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—",
}  # fmt: skip
_ESCAPED = {b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-"}


@dataclass(frozen=True, slots=True)
class _Group:
    is_skipped: bool = False
    is_html: bool = False  # inside {\*\htmltag …}: markup, kept as it is
    is_rtf_only: bool = False  # between \htmlrtf and \htmlrtf0: for readers of rich text alone
    codec: str = "cp1252"
    skip: int = 1  # characters that stand in for one \u


class _Writer:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.waiting = bytearray()
        self.codec = "cp1252"

    def byte(self, byte: int, codec: str) -> None:
        if codec != self.codec:
            self.flush()
            self.codec = codec
        self.waiting.append(byte)

    def text(self, text: str) -> None:
        self.flush()
        self.said.append(text)

    def flush(self) -> None:
        if self.waiting:
            self.said.append(to_text(bytes(self.waiting), self.codec).text)
            self.waiting.clear()

    def all(self) -> str:
        self.flush()
        return "".join(self.said).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_rtf(raw: bytes) -> tuple[str, bool]:
    """The text of rich text `raw`, and whether it is HTML (that the rich text was made from)."""
    raw = raw[:LONGEST]
    was_html = b"\\fromhtml1" in raw[:4096]
    page = re.search(rb"\\ansicpg(\d{3,5})", raw[:2048])
    group = _Group(codec=f"cp{page[1].decode()}" if page else "cp1252")
    default, stack, out = group.codec, [], _Writer()
    fonts: dict[int, str] = {}
    font, is_table, to_skip, is_starred = 0, False, 0, False
    for token in _TOKEN.finditer(raw):
        hexed, word, number, sign, brace, text = token.groups()
        if brace == b"{":
            stack.append((group, is_table))
            if len(stack) > DEEPEST:
                break
            to_skip, is_starred = 0, False
            continue
        if brace == b"}":
            group, is_table = stack.pop() if stack else (group, False)
            to_skip = 0
            continue
        if sign == b"*":
            is_starred = True
            continue
        if word:
            value = int(number) if number else None
            if word == b"fonttbl":
                is_table = True
            if is_table and word == b"f" and value is not None:
                font = value
            elif is_table and word == b"fcharset" and value in _CHARSETS:
                fonts[font] = _CHARSETS[value]
            group = _told(group, word, value, is_starred, fonts, default, was_html)
            is_starred = False
            if word == b"uc" or group.is_skipped:
                continue
            if word == b"u" and value is not None and _shows(group, was_html):
                out.text(chr(value % 0x10000))
                to_skip = group.skip
            elif word in _AS_TEXT and _shows(group, was_html) and not group.is_html:
                out.text(("\r\n" if was_html else "\n") if word in (b"par", b"line") else _AS_TEXT[word])
            continue
        is_starred = False
        if not _shows(group, was_html):
            continue
        if hexed:
            if to_skip:
                to_skip -= 1
            else:
                out.byte(int(hexed, 16), group.codec)
        elif sign:
            if sign in _ESCAPED:
                out.text(_ESCAPED[sign])
        elif text:
            kept = text[to_skip:]
            to_skip = max(0, to_skip - len(text))
            for byte in kept:
                out.byte(byte, group.codec)
    return out.all(), was_html


def _shows(group: _Group, was_html: bool) -> bool:
    return not group.is_skipped and not (was_html and group.is_rtf_only)


def _told(
    group: _Group, word: bytes, value: int | None, is_starred: bool, fonts: dict[int, str], default: str, was_html: bool
) -> _Group:
    """`group` after one control word."""
    if word == b"htmltag" and is_starred:
        return replace(group, is_html=True, is_skipped=False)
    if word == b"htmlrtf":
        return replace(group, is_rtf_only=value != 0)
    if word in _NOT_TEXT or (is_starred and not group.is_html):
        return replace(group, is_skipped=True)
    if word == b"f" and value is not None:
        return replace(group, codec=fonts.get(value, default))
    if word == b"uc":
        return replace(group, skip=value if value is not None and 0 <= value <= 20 else 1)
    return group
