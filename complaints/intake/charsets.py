"""Bytes to text, whatever the label says. A ladder; the rung that decided is kept.

A label is a hint: mailers write gb2312 over GBK, iso-8859-1 over anything, or nothing at all. Nearly every
Big5 text is valid GB18030 and so is most of UTF-8, so UTF-8 is tried strictly before them, and only what
no label and no strict decoding settles is voted on (docs/sources.md#forwards).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

import chardet


class Rung(StrEnum):
    """What decided the charset."""

    ASCII = "ascii"
    LABEL = "label"
    UTF8 = "utf-8"  # strictly valid, no label or a label that says nothing
    OVERRULED = "overruled"  # strictly valid UTF-8 under another label
    NEARLY = "nearly"  # UTF-8 but for a few broken bytes
    VOTE = "vote"
    REPLACED = "replaced"  # the best there is, with U+FFFD

    @property
    def is_guess(self) -> bool:
        return self not in (Rung.ASCII, Rung.LABEL, Rung.UTF8)


class Decoded(NamedTuple):
    text: str
    rung: Rung


_GB, _BIG5 = "gb18030", "big5hkscs"
# Only these reach .decode(): a label may also name unicode_escape, rot13 or zlib_codec.
_CODECS: dict[str, str] = {
    **dict.fromkeys(("utf8", "unicode11utf8", "utf8mb4"), "utf-8"),
    **dict.fromkeys(
        ("gb2312", "gb231280", "gbk", "cp936", "ms936", "windows936", "xgbk", "gb18030", "euccn", "cngb", "gb",
         "chinese", "xeuccn", "gb180302000", "gb180302022", "isoir58", "csgb2312", "hgb"), _GB),
    **dict.fromkeys(("big5", "cnbig5", "big5hkscs", "xbig5", "big5tw", "csbig5", "xxbig5", "big5eten"), _BIG5),
    **dict.fromkeys(("cp950", "ms950", "windows950"), "cp950"),
    **dict.fromkeys(("latin1", "iso88591", "l1", "cp1252", "windows1252", "ansi", "iso885915"), "cp1252"),
    **{f"iso8859{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16)},
    **{f"windows{page}": f"cp{page}" for page in range(1250, 1259) if page != 1252},
    **{f"cp{page}": f"cp{page}" for page in range(1250, 1259) if page != 1252},
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "cp932", "windows31j", "ms932"), "cp932"),
    **dict.fromkeys(("eucjp", "xeucjp"), "euc_jp"),
    **dict.fromkeys(("euckr", "cp949", "ksc56011987", "ksc5601", "uhc", "windows949"), "cp949"),
    **dict.fromkeys(("iso2022jp", "csiso2022jp"), "iso2022_jp_2"),
    "iso2022kr": "iso2022_kr", "hzgb2312": "hz", "hz": "hz", "koi8r": "koi8-r", "koi8u": "koi8-u",
    "tis620": "tis-620", "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be",
}  # fmt: skip
_WESTERN = frozenset({"cp1252", *(f"iso8859-{part}" for part in (2, 3, 4, 9, 10, 13, 14, 16)), "cp1250", "cp1257"})
_SEVEN_BIT = frozenset({"iso2022_jp_2", "iso2022_kr", "hz"})
_WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be"})
_NOT_ALNUM = re.compile(r"[^a-z0-9]")
_HIGH = bytes(range(0x80, 0x100))
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SURE_OF_UTF8 = 8  # high bytes: fewer may be valid UTF-8 by chance
NEARLY_ALL = 0.9  # of the high bytes


def codec_of(label: str | None) -> str | None:
    """The Python codec for a charset label, None if it is missing, unknown or not allowed."""
    return _CODECS.get(_NOT_ALNUM.sub("", (label or "").lower()[:40]))


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _high_bytes(raw: bytes) -> int:
    return len(raw) - len(raw.translate(None, _HIGH))


def _nearly_utf8(raw: bytes, is_labelled: bool) -> str | None:
    """`raw` as UTF-8 with U+FFFD, None unless nearly all of its high bytes are whole characters.

    GBK read as UTF-8 gives no whole Chinese character, so a label of UTF-8 is believed sooner.
    """
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    chinese = sum("\u2e80" <= character <= "\ufeff" for character in text)
    if is_labelled and chinese and chinese >= broken:
        return text
    return text if whole >= 3 and whole / (whole + broken) >= NEARLY_ALL else None


def _vote(raw: bytes) -> str | None:
    """GB18030 or Big5, by which of them fits strictly and else by the frequency of characters."""
    as_gb, as_big5 = _strict(raw, _GB), _strict(raw, _BIG5)
    if as_gb is None or as_big5 is None:
        return as_gb if as_gb is not None else as_big5
    found = chardet.detect(
        raw[:20_000], include_encodings=["gb18030", "big5", "big5hkscs"], no_match_encoding="gb18030"
    )
    return as_big5 if str(found["encoding"]).lower().startswith("big5") else as_gb


def to_text(raw: bytes, label: str | None) -> Decoded:
    """`raw` as text, and what decided how. Never raises; NUL and control characters are dropped."""
    text, rung = _to_text(raw, label)
    return Decoded(_CONTROLS.sub("", text.removeprefix("\ufeff")), rung)


def _to_text(raw: bytes, label: str | None) -> tuple[str, Rung]:
    codec = codec_of(label)
    if codec in _WIDE or raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        wide = codec if codec in _WIDE else "utf-16"
        return _whole(raw.decode(wide or "utf-16", "replace")), Rung.LABEL if codec in _WIDE else Rung.VOTE
    if codec in _SEVEN_BIT and raw.isascii():
        return raw.decode(codec or "ascii", "replace"), Rung.LABEL
    if raw.isascii():
        return raw.decode("ascii"), Rung.ASCII
    as_utf8 = _strict(raw, "utf-8")
    if as_utf8 is not None and (codec is None or codec == "utf-8" or codec in _WESTERN | _SEVEN_BIT):
        return as_utf8, Rung.LABEL if codec == "utf-8" else Rung.UTF8 if codec is None else Rung.OVERRULED
    if as_utf8 is not None and _high_bytes(raw) >= SURE_OF_UTF8:
        return as_utf8, Rung.OVERRULED
    if codec is not None and codec != "utf-8" and not _is_lie(raw, codec):
        said = _strict(raw, codec)
        if said is not None:
            return said, Rung.LABEL
    nearly = _nearly_utf8(raw, codec == "utf-8")
    if nearly is not None:
        return nearly, Rung.NEARLY
    voted = _vote(raw)
    if voted is not None:
        return voted, Rung.VOTE
    fallback = codec if codec is not None and codec not in _WESTERN else _GB
    return raw.decode(fallback, "replace"), Rung.REPLACED


def _is_lie(raw: bytes, codec: str) -> bool:
    """A Western label over text that is mostly high bytes: no Western language looks so."""
    return codec in _WESTERN and _high_bytes(raw) * 3 > len(raw)


def _whole(text: str) -> str:
    """Half surrogate pairs, which a wide codec with replacement may leave, as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
