"""Take the code of some other service out of a notice before anything of it is kept, shown or printed."""

from __future__ import annotations

import re
from dataclasses import replace

from complaints.intake.shapes import Notice

MASK = "•"

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；、）)]{1,2000}", re.IGNORECASE)
_BARE_LINK = re.compile(r"\b(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,18}/[^\s<>\"'，。；、）)]{1,500}", re.IGNORECASE)
# A run of letters and digits with a digit in it, or capitals alone: any of them may be the code.
_TOKEN = re.compile(r"(?=[^\W_]{0,40}\d)[^\W_]{1,80}(?:-(?=[^\W_]{0,40}\d)[^\W_]{1,40}){0,6}|\b[A-Z]{4,12}\b")
_DIGIT = re.compile(r"\d")


def mask(text: str) -> str:
    """`text` without links, without digits, and without words that could be a code."""
    text = _BARE_LINK.sub("", _LINK.sub("", text))
    text = _TOKEN.sub(lambda found: MASK * len(found.group()), text)
    return _DIGIT.sub(MASK, text)


def without_codes(notice: Notice) -> Notice:
    """`notice` with every code and link masked: sender, recipients and date stay, headers and HTML go."""
    return replace(
        notice,
        subject=mask(notice.subject),
        body=mask(notice.body),
        note=mask(notice.note),
        from_name=mask(notice.from_name),
        html="",
        headers=(),
        attachments=tuple(mask(name) for name in notice.attachments),
    )
