"""Whatever was handed in, opened as a mail: a mail, a pasted text, an Outlook file, a zip of mails.

Also what is inside such a mail: winmail.dat is opened, mails are found in zips and among files without a name.
"""

from __future__ import annotations

from dataclasses import replace

from complaints.intake.archives import is_zip, unpack
from complaints.intake.decode import LARGEST_MAIL, Body, decode, looks_like_mail, mail_of
from complaints.intake.msg import OLE, is_msg, read_msg
from complaints.intake.shapes import Attachment, Mail
from complaints.intake.tnef import is_tnef, read_tnef

MOST_OPENED = 10  # winmail.dat and zips in one mail


def open_mail(raw: bytes) -> Mail:
    """`raw` as a mail. Never raises; warnings as in `decode`, and `damaged_file`, `archive_not_opened`."""
    if len(raw) <= LARGEST_MAIL and is_msg(raw):
        return with_opened(read_msg(raw))
    if raw.startswith(OLE):  # another file of Office
        return mail_of((), Body(warnings=["not_text"]), ())
    if len(raw) <= LARGEST_MAIL and is_zip(raw):
        mails, warnings = unpack(raw)
        return mail_of((), Body(warnings=[*warnings, *(() if mails else ("not_text",))]), mails)
    return with_opened(decode(raw))


def with_opened(mail: Mail) -> Mail:
    """`mail` with what its wrapped attachments hold in their place."""
    if not any(_is_wrapped(part) for part in mail.attachments):
        return mail
    parts: list[Attachment] = []
    warnings = list(mail.warnings)
    text, html, opened = mail.text, mail.html, 0
    for part in mail.attachments:
        if not _is_wrapped(part) or opened >= MOST_OPENED:
            parts.append(part)
        elif is_tnef(part.raw):
            opened += 1
            inner = read_tnef(part.raw)
            parts += inner.attachments
            warnings += inner.warnings
            if not text.strip():
                text, html = inner.text, inner.html
        elif is_zip(part.raw):
            opened += 1
            mails, said = unpack(part.raw)
            parts += [part, *mails]
            warnings += said
        else:
            parts.append(replace(part, is_mail=True))
    return replace(mail, text=text, html=html, attachments=tuple(parts), warnings=tuple(dict.fromkeys(warnings)))


def _is_wrapped(part: Attachment) -> bool:
    """winmail.dat, a zip, or a mail that neither its type nor its name gives away."""
    if part.is_mail:
        return False
    if is_tnef(part.raw) or is_msg(part.raw):
        return True
    if is_zip(part.raw):
        return part.name.lower().endswith(".zip") or "zip" in part.content_type
    has_no_kind = part.content_type in ("application/octet-stream", "application/eml") or part.content_type.startswith(
        "message/"
    )
    return has_no_kind and "." not in part.name and looks_like_mail(part.raw)
