"""The door for a provider that posts mails to us. Off until its key is set; then only what it signed comes in."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts import limits
from accounts.limits import Refusal
from accounts.models import InboxAddress
from complaints import bell, mailgun
from complaints.intake.receive import (
    DiskFull,
    Envelope,
    OverLimit,
    TooLarge,
    UnknownAddress,
    look_up,
    note_refusal,
    receive,
    why_closed,
)
from complaints.intake.shapes import Door

log = logging.getLogger(__name__)

# After 200 and 406 Mailgun does not try again; after anything else it does, for eight hours (docs/sources.md#mailgun).
KEPT, NEVER = 200, 406
AT_ONCE = threading.BoundedSemaphore(2)  # a form is in memory as a whole: so many of them in one process


@csrf_exempt
@login_not_required
def mailgun_mime(request: HttpRequest) -> HttpResponse:
    """One mail for one or several inboxes, whole, as Mailgun received it. Says 200 once it is on the disk."""
    if not settings.MAILGUN_SIGNING_KEY:
        raise Http404
    if request.method != "POST":
        return _answer(405, "POST only")
    if settings.PRODUCTION and not request.is_secure():
        return _answer(403, "TLS only")
    if not AT_ONCE.acquire(blocking=False):
        limits.refuse(Refusal.BUSY, timezone.now())
        return _answer(503, "busy")
    try:
        return _take(request)
    finally:
        AT_ONCE.release()


def _take(request: HttpRequest) -> HttpResponse:
    now, content_type = timezone.now(), request.headers.get("Content-Type", "")
    length = request.headers.get("Content-Length", "")
    if not (length.isascii() and length.isdecimal()):
        return _answer(411, "no length")
    if int(length) > mailgun.most_bytes(content_type, settings.MAIL_LIMITS["size"]):
        limits.refuse(Refusal.TOO_LARGE, now)
        return _answer(NEVER, "too large")
    try:
        said = mailgun.fields(content_type, request.read(int(length)))
    except mailgun.NotAForm:
        return _answer(400, "no form")
    if not mailgun.is_signed(said, settings.MAILGUN_SIGNING_KEY, now):
        return _answer(403, "not signed")
    if "body-mime" not in said:
        log.error("Mailgun posts mails without their bytes: its route must forward to a URL that ends in /mime")
        return _answer(422, "no body-mime")
    if not mailgun.is_first_use(said, now):
        return _answer(403, "token used")
    return _keep(said)


def _keep(said: mailgun.Fields) -> HttpResponse:
    """Hand the mail over to those of its recipients that are here; what each refusal says Mailgun understands."""
    now = timezone.now()
    inboxes = []
    for address in dict.fromkeys(_text(said.get("recipient", b"")).split(",")):
        inbox, why = look_up(address)
        if inbox and why and why_closed(inbox, now):
            note_refusal(inbox, why, now)
        elif inbox:
            inboxes.append(inbox)
    if not inboxes:
        limits.refuse(Refusal.UNKNOWN, now)
        return _answer(NEVER, "no such mailbox here")
    recipients = tuple(inbox.address for inbox in inboxes)
    envelope = Envelope(_text(said.get("sender", b""))[:320], recipients, peer="", inboxes=tuple(inboxes))
    try:
        receipt = receive(said["body-mime"], envelope, Door.WEBHOOK)
    except TooLarge:
        for inbox in inboxes:
            note_refusal(inbox, InboxAddress.Refused.TOO_LARGE, now)
        return _answer(NEVER, "too large")
    except OverLimit:
        for inbox in inboxes:
            note_refusal(inbox, InboxAddress.Refused.FULL, now)
        return _answer(429, "later")
    except DiskFull:
        return _answer(503, "later")
    except UnknownAddress:  # closed since it was looked up: the next try finds that out
        return _answer(503, "later")
    bell.ring(receipt.mail_pks)
    return _answer(KEPT, "kept")


def _text(value: bytes) -> str:
    """An address of the envelope; what is none names nobody."""
    return "".join(sign for sign in value.decode("utf-8", "replace").strip() if sign.isprintable())


def _answer(status: int, said: str) -> HttpResponse:
    return HttpResponse(f"{said}\n", content_type="text/plain", status=status)
