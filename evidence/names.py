"""File names as people's devices call them, made safe to show and to hand back."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext

# What a file of that type may be called; the first is added where the name says something else.
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/heic": (".heic", ".heif"),
    "image/avif": (".avif",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov", ".qt"),
}
LONGEST = 120  # characters; storage and screens stay far from their limits


def safe_name(name: str) -> str:
    """`name` without folders and without signs that cannot be seen or turn the text around; never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    seen = " ".join(seen.split()).strip(". ")
    if len(seen) > LONGEST:
        stem, dot, ending = seen.rpartition(".")
        seen = stem[: LONGEST - 9] + dot + ending if dot and len(ending) <= 8 else seen[:LONGEST]
    return seen or gettext("未命名文件")


def name_to_save(name: str, content_type: str) -> str:
    """`name` with the ending that its bytes deserve: a picture called x.html is saved as x.html.jpg."""
    endings = ENDINGS.get(content_type, ())
    if not endings or name.lower().endswith(endings):
        return name
    return name + endings[0]
