"""The shopper's dates for their calendar program (RFC 5545): one entry a case, changed and cancelled under one name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from accounts.models import User
from complaints import words
from complaints.models import CalendarFeed, Case, Keeping
from complaints.models import Event as CaseEvent
from complaints.models.reminder import new_token
from complaints.stages import Deadline, Told, replay

LENGTH = timedelta(minutes=30)  # an entry ends at the date; one without length is hidden by some programs
ALARM = timedelta(hours=24)
FRESH = timedelta(hours=1)  # how often a program should ask again
GONE_FOR = timedelta(days=60)  # a date that no longer stands is told as cancelled for so long after it was
MOST = 300
LOOK_BACK = 10  # events: a date called off longer ago needs no telling


def new_address(owner: User, now: datetime) -> CalendarFeed:
    """A new secret address for the dates of `owner`; an older one is no longer read."""
    said = {"token": new_token(), "created_at": now, "read_at": None}
    made, _is_new = CalendarFeed.objects.update_or_create(owner=owner, defaults=said)
    return made


def no_address(owner: User) -> None:
    CalendarFeed.objects.filter(owner=owner).delete()


def read_by(token: str, now: datetime) -> CalendarFeed | None:
    """The feed of that address, noted as read (to the hour: programs ask often); None for any other."""
    found = CalendarFeed.objects.select_related("owner").filter(token=token, owner__is_active=True).first()
    if found and (found.read_at is None or found.read_at < now - FRESH):
        CalendarFeed.objects.filter(pk=found.pk).update(read_at=now)
    return found


def feed(owner: User, now: datetime) -> bytes:
    """All dates of `owner` that are ahead or went by lately, and those called off; of orders kept before any trouble
    the last day to send back. Four queries."""
    told = Prefetch("events", CaseEvent.objects.select_related("answers").order_by("seq"))
    cases = (
        Case.objects.visible_to(owner)
        .filter(owner=owner, is_draft=False, updated_at__gte=now - timedelta(days=400))
        .select_related("shop")
        .prefetch_related(told)
        .order_by("-updated_at", "-pk")[:MOST]
    )
    kept = Keeping.objects.visible_to(owner).filter(signed_on__gte=(now - GONE_FOR).date(), reminds=True).open()
    entries = [entry for case in cases if (entry := entry_of(case, now))]
    entries += [return_entry(keeping) for keeping in kept.order_by("-signed_on", "-pk")[:MOST]]
    return calendar_of(entries, name=_("诉迹：我的期限"))


def single(case: Case, now: datetime) -> bytes | None:
    """The one date of `case` as a file to open; None when it never had one of its owner's."""
    entry = entry_of(case, now)
    return calendar_of([entry]) if entry else None


def calendar_of(entries: Iterable[Event], name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Suji//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", vDuration(FRESH), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(FRESH))
    for entry in entries:
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def entry_of(case: Case, now: datetime) -> Event | None:
    """The date of `case` as a calendar entry, cancelled when it no longer stands; None when there is nothing to tell.

    Its name (UID) is the case's for good; SEQUENCE is the number of events told, which only grows.
    """
    due, is_on = date_of([event.told() for event in case.events.all()])
    if due is None or due.at < now - GONE_FOR:
        return None
    shop = case.shop.name if case.shop else ""
    entry = Event()
    entry.add("uid", f"{case.public_id}@{urlsplit(settings.SITE_URL).hostname or 'suji.invalid'}")
    entry.add("sequence", case.version)
    entry.add("dtstamp", case.updated_at.astimezone(UTC))
    entry.add("last-modified", case.updated_at.astimezone(UTC))
    entry.add("dtstart", (due.at - LENGTH).astimezone(UTC))
    entry.add("dtend", due.at.astimezone(UTC))
    entry.add("summary", _("投诉截止：%(shop)s") % {"shop": shop} if shop else _("投诉截止"))
    entry.add("url", settings.SITE_URL + case.get_absolute_url())
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    if not is_on:
        entry.add("status", "CANCELLED")
        return entry
    entry.add("status", "TENTATIVE" if due.source == "rule" else "CONFIRMED")
    missed = words.IF_MISSED.get(due.if_missed or "", "")
    entry.add("description", "\n".join(str(text) for text in (words.DEADLINE_FROM[due.source], missed) if text))
    entry.add_component(alarm_of(entry))
    return entry


def return_entry(keeping: Keeping) -> Event:
    """七天无理由退货, the last day, of an order that is kept; `keeping` says when it was signed for."""
    at = keeping.return_by
    assert at is not None  # asked for by signed_on
    entry = Event()
    entry.add("uid", f"{keeping.public_id}@{urlsplit(settings.SITE_URL).hostname or 'suji.invalid'}")
    entry.add("sequence", int(keeping.updated_at.timestamp()))
    entry.add("dtstamp", keeping.updated_at.astimezone(UTC))
    entry.add("last-modified", keeping.updated_at.astimezone(UTC))
    entry.add("dtstart", (at - LENGTH).astimezone(UTC))
    entry.add("dtend", at.astimezone(UTC))
    shop = keeping.shop
    entry.add("summary", _("七天无理由退货截止：%(shop)s") % {"shop": shop} if shop else _("七天无理由退货截止"))
    entry.add("url", settings.SITE_URL + keeping.get_absolute_url())
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    entry.add("status", "TENTATIVE")  # some goods are excepted
    entry.add("description", _("按签收日期推算，有例外；以订单页为准"))
    entry.add_component(alarm_of(entry))
    return entry


def alarm_of(entry: Event) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(entry["summary"]))
    alarm.add("trigger", -ALARM, parameters={"RELATED": "END"})
    return alarm


def date_of(told: list[Told]) -> tuple[Deadline | None, bool]:
    """The owner's own date once `told`, in the order it was recorded, and that it stands; else the last that stood."""
    own = replay(told).own_deadline
    if own:
        return own, True
    before = (replay(told[:count]).own_deadline for count in range(len(told) - 1, max(len(told) - LOOK_BACK, 0), -1))
    return next((due for due in before if due), None), False
