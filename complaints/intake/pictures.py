"""A mail that is a picture of a screen: told by its first bytes, and what is said of it as long as nobody has read it."""

from __future__ import annotations

import hashlib

from complaints.intake.fingerprint import fingerprint
from complaints.intake.shapes import PARSER, Classified, Facts, How, Notice, Outer, Read, Reading
from complaints.stages import Kind

NOT_READ_YET = "not_read_yet"
NOT_A_PICTURE = "not_a_picture"
PICTURE_TOO_LARGE = "picture_too_large"

PICTURE_HEAD = 64  # bytes that tell a picture from anything else
# What an ISO file (ISO 14496-12) of a picture calls itself. Several phones write the general name of such files first.
_BRANDS = dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis"), "image/heic") | {b"avif": "image/avif"}
_ANY_BRAND = (b"mif1", b"msf1")


def picture_type(raw: bytes) -> str:
    """The content type of the picture that `raw` begins like; "" for anything else."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    if raw[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if raw[4:8] == b"ftyp":
        brand, others = raw[8:12], raw[16 : min(int.from_bytes(raw[:4]), PICTURE_HEAD)]
        if brand in _ANY_BRAND:
            return "image/avif" if b"avif" in others else "image/heic"
        return _BRANDS.get(brand, "")
    return ""


def is_not_read_yet(raw: bytes) -> bool:
    """Whether `raw` is a picture, by its first bytes: read by OCR alone (reader.py)."""
    return bool(picture_type(raw))


def unread_picture(raw: bytes, why: str) -> Reading:
    """The reading of a picture that nobody could read, or has read yet; `why` is its warning."""
    return Reading(hashlib.sha256(raw).hexdigest(), PARSER, _NOBODY, (_unread(),), (why,))


_NOBODY = Outer(from_name="", from_address="", from_count=0, subject="", date=None, message_id="")


def _unread() -> Read:
    notice = Notice(
        how=How.SCREENSHOT, client=None, depth=0, note="", from_name="", from_address="", to=(), cc=(), subject="",
        date=None, body="", html="",
    )  # fmt: skip
    return Read(notice, Classified(Kind.UNKNOWN, 0.0, ()), Facts(), "zh-Hans", fingerprint(notice), "")
