"""The embedded mode's outbox: mails are kept and shown instead of sent (docs/operating.md)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts.models import OutgoingMail

KEPT_FOR = timedelta(days=30)


class KeptBackend(BaseEmailBackend):
    """Writes each mail to OutgoingMail. `message.kept_as` then names the row; `message.code`, if there is
    one, is also printed in the terminal: whoever runs `serve` can log in without looking for a mail.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        OutgoingMail.objects.filter(written_at__lt=timezone.now() - KEPT_FOR).delete()
        return sum(keep(message) for message in email_messages)


def keep(message: EmailMessage) -> int:
    """Keep `message`, one row for each who would get it; how many that were."""
    message.message()  # refuses header injection just as a real server's backend does
    said = {"subject": message.subject[:200], "body": str(message.body)}
    for to in message.recipients():
        if named := message.extra_headers.get("Message-ID"):  # handed over again: one mail, as in a mailbox
            row, _is_new = OutgoingMail.objects.get_or_create(message_id=named[:255], to=to[:254], defaults=said)
        else:
            row = OutgoingMail.objects.create(to=to[:254], **said)
        message.kept_as = row.public_id  # type: ignore[attr-defined]  # read by accounts.adapter
        if code := getattr(message, "code", ""):
            sys.stderr.write(f"mail to {to}: code {code}\n")
            sys.stderr.flush()
    return 1 if message.recipients() else 0
