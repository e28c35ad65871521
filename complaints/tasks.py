"""The doors of the worker: ids in, one call, safe to repeat. Rung by a mail's door, or on schedule."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from complaints import (
    alarms,
    departure,
    forwarding,
    imap,
    indexing,
    keepings,
    leaving,
    mailboxes,
    raw,
    reminders,
    retention,
    screenshots,
    tombstones,
)
from complaints import sweep as sweeping
from complaints.balance import reconcile
from complaints.intake import again, line
from complaints.models import PeriodicJob
from evidence import custody

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
LOOK = timedelta(seconds=4)
MINUTE = timedelta(minutes=1)

worker_shutting_down.connect(leaving.give_back_in_time)


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def run_line(mail_pk: int) -> str:
    """Take one mail to the end of the line, a picture to the queue of OCR; what fails again is the sweep's."""
    became = line.run(mail_pk, with_pictures=False)
    if became == line.FOR_OCR:
        read_picture.delay(mail_pk)
    return became


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def read_picture(mail_pk: int) -> str:
    """The same for a picture, which OCR reads: seconds of both cores and much memory, one at a time."""
    became = line.run(mail_pk)
    screenshots.name_kind(mail_pk)
    return became


@shared_task
def sweep() -> int:
    """Find what waits and nobody was told of. Returns how many mails."""
    return sweeping.sweep()


@shared_task
def count_balance() -> dict[str, int]:
    """Once an hour: does it add up? What does not is an alarm (complaints/alarms.py); returned by name."""
    now = timezone.now()
    if not PeriodicJob.objects.take("count_balance", HOUR, now):
        return {}
    found = reconcile(now)
    alarms.note(found, now)
    PeriodicJob.objects.done("count_balance")
    return found


@shared_task
def look_around() -> int:
    """Every few seconds: let count what only waited for a key, a mailbox or a better way. Returns how many mails."""
    now = timezone.now()
    if not PeriodicJob.objects.take("look_around", LOOK, now):
        return 0
    counted = again.look_around(now)
    PeriodicJob.objects.done("look_around")
    return counted


@shared_task
def purge() -> int:
    """Once an hour: delete what should be gone. Returns how many rows."""
    now = timezone.now()
    if not PeriodicJob.objects.take("purge", HOUR, now):
        return 0
    deleted = retention.purge(now) + forwarding.forget(now) + keepings.purge(now) + screenshots.forget_unreached(now)
    indexing.wipe()
    PeriodicJob.objects.done("purge")
    if deleted:
        log.info("purged %s rows", deleted)
    return deleted


@shared_task
def last_calls() -> int:
    """Every ten minutes: tell owners of mails that will be deleted. Returns how many owners."""
    now = timezone.now()
    if not PeriodicJob.objects.take("last_calls", 10 * MINUTE, now):
        return 0
    told = retention.tell(now)
    PeriodicJob.objects.done("last_calls")
    return told


@shared_task
def leave() -> int:
    """Once a minute: go on with departures that were begun, carve tombstones. Returns how many people left."""
    now = timezone.now()
    if not PeriodicJob.objects.take("leave", MINUTE, now):
        return 0
    left = departure.go_on(now)
    tombstones.carve(now)
    PeriodicJob.objects.done("leave")
    return left


@shared_task
def tell_sources() -> int:
    """Once a minute: tell mailboxes that they forward to here, each once. Returns how many were told."""
    now = timezone.now()
    if not PeriodicJob.objects.take("tell_sources", timedelta(minutes=1), now):
        return 0
    told = forwarding.tell_sources(now)
    PeriodicJob.objects.done("tell_sources")
    return told


@shared_task
def remind() -> int:
    """Once a minute, and again while more wait: plan reminders and send those that are due. Returns how many."""
    now = timezone.now()
    if not PeriodicJob.objects.take("remind", MINUTE, now, longest=2 * MINUTE):
        return 0
    reminders.plan(now)
    sent = reminders.send(now, seconds=MINUTE.seconds / 2)
    PeriodicJob.objects.done("remind")
    if sent:
        log.info("sent %s reminders", sent)
        if not reminders.is_night(now) and reminders.waits(now):
            PeriodicJob.objects.filter(name="remind").update(due_at=now)
    return sent


@shared_task
def move_large() -> int:
    """Once an hour, and while more wait: move large bytes to the file storage, look after what lies there.

    returns  how many mails were moved
    """
    now = timezone.now()
    if not PeriodicJob.objects.take("move_large", HOUR, now):
        return 0
    moved = raw.move_large(now)
    raw.forget_unused(now)
    raw.audit(now)
    PeriodicJob.objects.done("move_large")
    if moved:
        log.info("moved the bytes of %s mails to the file storage", moved)
        if any(raw.to_move()):
            PeriodicJob.objects.filter(name="move_large").update(due_at=now)
    return moved


@shared_task
def look_after_exhibits() -> int:
    """Once an hour: read exhibits again that nobody read for a month, delete files that no row names.

    returns  how many exhibits are not what was handed in, of those that were read; the hourly count makes it an alarm
    """
    now = timezone.now()
    if not PeriodicJob.objects.take("look_after_exhibits", HOUR, now):
        return 0
    wrong = custody.audit(now)
    custody.forget_orphans(now, turn=int(now.timestamp() // HOUR.total_seconds()))
    PeriodicJob.objects.done("look_after_exhibits")
    return wrong


@shared_task
def poll_imap() -> int:
    """Every IMAP_SECONDS: take what is new in the mailboxes of IMAP_URL. Returns how many mailboxes there are."""
    now = timezone.now()
    found = len(mailboxes.sources(settings.IMAP_URL))
    every = timedelta(seconds=settings.IMAP_SECONDS)
    if not found or not PeriodicJob.objects.take("poll_imap", every, now, longest=found * imap.LONGEST_TURN):
        return 0
    if not imap.poll_all(now):
        PeriodicJob.objects.filter(name="poll_imap").update(due_at=now)  # there is more: at once again
    PeriodicJob.objects.done("poll_imap")
    return found


@shared_task
def index_texts() -> int:
    """Every few seconds: make findable what was written meanwhile. Returns how many texts were looked at."""
    now = timezone.now()
    if not indexing.waits() or not PeriodicJob.objects.take("index_texts", LOOK, now, MINUTE):
        return 0
    done, end = 0, time.monotonic() + LOOK.total_seconds()
    try:
        while time.monotonic() < end and (worked := indexing.fill()):
            done += worked
    except IntegrityError:  # deleted, or made findable by another, while we looked at it: the next turn sees it
        log.info("texts changed while they were made findable")
    PeriodicJob.objects.done("index_texts")
    return done
