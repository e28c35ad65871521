"""Mail that Mailgun posts to us (a route that forwards to a URL ending in "mime"): the form, taken apart byte for byte.

django-anymail checks the signature. It is not used for the mail itself: it makes text of the posted field, a mail of
the text, and bytes of the mail again, and 8-bit mails and signatures do not survive that. Nor is Django's own parser,
which makes text of every field and takes no more than pages need. Source: Mailgun's manual, docs/sources.md#mailgun.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from django.http import HttpRequest, QueryDict
from django.utils.http import parse_header_parameters

from complaints.models import HookToken

# Mailgun tries for eight hours. Its signature covers token and time alone, so that a token is good for one mail only.
OLDEST, EARLY = timedelta(hours=9), timedelta(minutes=5)
MOST_FIELDS = 200
OTHER_FIELDS = 1024 * 1024  # bytes of a form beside its mail
LONGEST_PART_HEAD = 4_096

Fields = dict[str, bytes]


class NotAForm(ValueError):
    """The body is not what its content type says."""


# -- the form ------------------------------------------------------------------------------------------------


def most_bytes(content_type: str, mail: int) -> int:
    """How large a form with a mail of `mail` bytes may be: where bytes are written %XX it is three times as large."""
    return (3 if content_type.startswith("application/x-www-form-urlencoded") else 1) * mail + OTHER_FIELDS


def fields(content_type: str, body: bytes) -> Fields:
    """The fields of a form, their values the bytes that were posted; of several of a name the last. Raises NotAForm."""
    kind, said = parse_header_parameters(content_type)
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(body.decode("latin-1"), True, encoding="latin-1", max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise NotAForm from error
        return {name: value.encode("latin-1") for name, value in pairs}
    boundary = said.get("boundary", "")
    if kind != "multipart/form-data" or not re.fullmatch(r"[!-~ ]{0,69}[!-~]", boundary):
        raise NotAForm
    return _parts(b"\r\n--" + boundary.encode(), b"\r\n" + body)


def _parts(line: bytes, body: bytes) -> Fields:
    """RFC 7578: parts between delimiter lines; what stands before the first and after the last is nothing."""
    if body.count(line) > MOST_FIELDS + 1:
        raise NotAForm
    _before, *parts = body.split(line)
    if not parts or not parts[-1].startswith(b"--"):
        raise NotAForm
    found: Fields = {}
    for part in parts[:-1]:
        head, blank, value = part.partition(b"\r\n\r\n")
        name = re.search(rb"(?i)\r\ncontent-disposition:[^\r\n]*?[; ]name=\"([^\"\r\n]{1,200})\"", head)
        if not blank or len(head) > LONGEST_PART_HEAD or name is None:
            raise NotAForm
        found[name[1].decode("latin-1")] = value
    return found


# -- who sends it ----------------------------------------------------------------------------------------------


def is_signed(said: Fields, key: str, now: datetime) -> bool:
    """Whether whoever knows `key` signed the token and the time of this form, within the hours that Mailgun tries."""
    told = {name: said.get(name, b"").decode("latin-1") for name in ("timestamp", "token", "signature")}
    if not re.fullmatch(r"\d{1,11}", told["timestamp"], re.ASCII) or not re.fullmatch(
        r"\w{8,128}", told["token"], re.ASCII
    ):
        return False
    request = HttpRequest()
    request.POST = QueryDict(mutable=True)
    request.POST.update(told)
    try:
        MailgunInboundWebhookView(webhook_signing_key=key).run_validators(request)
    except AnymailWebhookValidationFailure:
        return False
    age = now.timestamp() - int(told["timestamp"])
    return -EARLY.total_seconds() <= age <= OLDEST.total_seconds()


def is_first_use(said: Fields, now: datetime) -> bool:
    """Whether the token of this form came with no other mail before; with the same mail it may come again."""
    HookToken.objects.filter(seen_at__lt=now - OLDEST - EARLY).delete()
    mail = hashlib.sha256(said.get("recipient", b"") + b"\0" + said.get("body-mime", b"")).hexdigest()
    token = hashlib.sha256(said["token"]).hexdigest()
    row, _is_new = HookToken.objects.get_or_create(token=token, defaults={"mail": mail, "seen_at": now})
    return row.mail == mail
