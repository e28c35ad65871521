"""Reminders and calendar: what is sent, how to stop it, and the dates for a calendar program."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import Request, SignedIn, go, render_page
from accounts.models import User
from complaints import calendars, outgoing, reminders, words
from complaints.models import CalendarFeed, Case, Keeping, Mute

CALENDAR = "text/calendar; charset=utf-8"


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_settings(request: SignedIn) -> HttpResponse:
    """提醒和日历: reminders on or off, of everything and of cases; the calendar's address, made and changed here."""
    if request.method == "POST":
        match request.POST.get("do"):
            case "off":
                reminders.mute(request.user, None)
                messages.success(request, _("提醒已全部关掉。"))
            case "on":
                reminders.unmute(request.user, None)
                messages.success(request, _("提醒已打开。"))
            case "feed":
                calendars.new_address(request.user, timezone.now())
                messages.success(request, _("日历地址已生成。以前的地址如果有，已经失效。"))
            case "no_feed":
                calendars.no_address(request.user)
                messages.success(request, _("日历地址已停用。"))
        return go(request, "complaints:reminder_settings")
    mutes = list(Mute.objects.filter(owner=request.user).select_related("case__shop").order_by("-at")[:50])
    context: dict[str, Any] = {
        "is_off": any(mute.case is None for mute in mutes),
        "muted": [(mute.case, words.heading(mute.case)) for mute in mutes if mute.case],
        "feed": (feed := CalendarFeed.objects.filter(owner=request.user).first()),
        "feed_url": settings.SITE_URL + reverse("complaints:calendar_feed", args=[feed.token]) if feed else "",
    }
    context["feed_link"] = "webcal://" + context["feed_url"].partition("://")[2]
    return render_page(request, "complaints/reminder_settings.html", context)


@require_POST
def case_remind(request: SignedIn, public_id: str) -> HttpResponse:
    """Reminders of this case off (`off`), or on again."""
    case = get_object_or_404(Case.objects.editable_by(request.user), public_id=public_id)
    if request.POST.get("off"):
        reminders.mute(request.user, case)
        messages.success(request, _("这个案件不再提醒。"))
    else:
        reminders.unmute(request.user, case)
        messages.success(request, _("这个案件会提醒。"))
    return go(request, "complaints:reminder_settings" if request.POST.get("next") == "settings" else case)


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_stop(request: Request, token: str) -> HttpResponse:
    """The link in a reminder: works without a log-in, for whoever holds the mail, and for nothing but reminders.

    A mail program posts `List-Unsubscribe=One-Click` (RFC 8058), which has neither cookie nor CSRF token; the token in
    the address is what is asked for instead. Opening the page changes nothing: mail scanners open links.
    """
    found = outgoing.stopped_by(token)
    if found is None:
        if request.method == "POST":
            raise PermissionDenied
        raise Http404
    owner, about = found
    keeping = about if isinstance(about, Keeping) else None
    case = about if isinstance(about, Case) else None
    if request.method == "POST":
        match request.POST.get("do", ""):
            case "all":
                reminders.mute(owner, None)
            case "all_on":
                reminders.unmute(owner, None)
                set_reminds(owner, about, True)
            case "case_on":
                set_reminds(owner, about, True)
            case _:  # one click in a mail program: what one may expect of it is no more of these at all
                if "List-Unsubscribe" in request.POST:
                    reminders.mute(owner, None)
                    return HttpResponse("ok\n", content_type="text/plain")
                set_reminds(owner, about, False)
    if owner.language:
        translation.activate(owner.language)
        request.LANGUAGE_CODE = owner.language
    all_off, case_off = reminders.is_muted(owner, case)
    context = {
        "all_off": all_off,
        "case_off": not keeping.reminds if keeping else case_off,
        "shop": case.shop.name if case and case.shop else "",
        "keeping": words.keeping_heading(keeping) if keeping else "",
        "is_done": request.method == "POST",
    }
    return render(request, "complaints/reminder_stop.html", context)


def set_reminds(owner: User, about: Case | Keeping, on: bool) -> None:
    """Reminders of that case, or of that order's file, on or off."""
    if isinstance(about, Keeping):
        about.reminds = on
        about.save(update_fields=["reminds"])
    elif on:
        reminders.unmute(owner, about)
    else:
        reminders.mute(owner, about)


@require_safe
def case_calendar(request: SignedIn, public_id: str) -> HttpResponse:
    """The one date of a case as an .ics file; 404 when it never had one of its owner's."""
    cases = Case.objects.visible_to(request.user).select_related("shop")
    body = calendars.single(get_object_or_404(cases, public_id=public_id), timezone.now())
    if body is None:
        raise Http404
    return as_calendar(body, f"suji-{public_id}.ics")


@login_not_required
@require_safe
def calendar_feed(request: Request, token: str) -> HttpResponse:
    """The dates of whoever was given this address, for their calendar program; 404 once it was changed."""
    feed = calendars.read_by(token, timezone.now())
    if feed is None:
        raise Http404
    with translation.override(feed.owner.language or settings.LANGUAGE_CODE):
        return as_calendar(calendars.feed(feed.owner, timezone.now()), "suji.ics")


def as_calendar(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=CALENDAR)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
