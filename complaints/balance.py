"""Does it add up? What was received is what ended somewhere plus what waits, always."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum
from django.utils import timezone

from accounts.models import User
from complaints import ledger
from complaints.models import IncomingMail, RawMail
from complaints.models.mail import Outcome
from complaints.reminders import is_night, late
from evidence import custody

STUCK = timedelta(hours=1)  # a mail that waits so long waits for a person who looks after the machine


def balance(owner: User | None = None) -> dict[str, int]:
    """How many mails were received, how many ended in each outcome or wait, and how many came again.

    owner    only theirs; None counts all
    returns  "received", each value of Outcome, and "repeats" (the same bytes again, which have no row)
    """
    mails = IncomingMail.objects.all() if owner is None else IncomingMail.objects.filter(owner=owner)
    rows = mails.order_by().values("outcome").annotate(mails=Count("pk"), again=Sum("repeats"))
    counts = Counter({row["outcome"]: row["mails"] for row in rows})
    repeats = sum(row["again"] for row in rows)
    return {
        "received": mails.count(),
        **{outcome.value: counts[outcome.value] for outcome in Outcome},
        "repeats": repeats,
    }


def reconcile(now: datetime) -> dict[str, int]:
    """Count everything, keep the counts for pages and figures, and return the `differences`. The hourly check."""
    counted = ledger.count()
    ledger.keep(counted, now)
    return differences(counted)


def differences(counted: ledger.Counts | None = None) -> dict[str, int]:
    """What does not add up, by name: {} when all is well. Counts only, nothing of anybody's mail.

    missing      mails that a door accepted and nobody deleted, and that are not there; or the other way round
    unaccounted  mails received that are in no known outcome
    stuck        mails that have waited longer than STUCK
    bytes_lost   mails whose bytes are nowhere: no row has them, nor does a file that was whole when last looked at
    exhibits     whose originals are gone or not what was handed in, when last looked at (evidence/custody.py)
    reminders    that are due for longer than STUCK, by day, and not sent
    """
    counted = counted or ledger.count()
    now = timezone.now()
    bytes_of = RawMail.objects.filter(mail=OuterRef("pk"))
    damaged = RawMail.objects.filter(data__isnull=True, file__damaged_at__isnull=False)
    found: dict[str, Any] = {
        "missing": sum(abs(count) for count in counted.missing.values()),
        "unaccounted": sum(n for (_door, outcome), n in counted.rows.items() if outcome not in Outcome.values),
        "stuck": IncomingMail.objects.waiting().filter(received_at__lt=now - STUCK).count(),
        "reminders": 0 if is_night(now - STUCK) or is_night(now) else late(now, STUCK),
        "bytes_lost": IncomingMail.objects.filter(~Exists(bytes_of)).count() + damaged.count(),
        "exhibits": custody.damaged(),
    }
    return {name: count for name, count in found.items() if count}
