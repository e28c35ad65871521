"""The pages about the person: where to begin, the links that log in, the mail that was kept, the language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.adapter import KEPT, landing
from accounts.http import Request, SignedIn
from accounts.links import use_up, user_of
from accounts.models import InboxAddress, OutgoingMail


@require_safe
def start(request: SignedIn) -> HttpResponse:
    """Where the notices are (App, SMS, mail), what to do with each, and the inbox address to send them to.

    Asked with `?seen=` (what the page has shown of the last mail) it answers 204 while that is still so,
    and else the part that says whether mail gets through.
    """
    newest = request.user.mails.order_by("-received_at", "-id").first()
    context: dict[str, Any] = {
        "newest": newest,
        "version": f"{newest.public_id}-{newest.outcome}" if newest else "none",
    }
    if (seen := request.GET.get("seen")) is not None:
        if seen == context["version"]:
            return HttpResponse(status=204)
        return render(request, "accounts/_start_check.html", context)
    active = request.user.inbox_addresses.filter(state=InboxAddress.State.ACTIVE)
    context |= {
        "inbox": active.order_by("pk").first(),
        "mailboxes": request.user.confirmed_mailboxes.order_by("pk"),
        "smtp_port": settings.SMTP_PORT if settings.DEMO else None,
    }
    return render(request, "accounts/start.html", context)


@login_not_required
@never_cache
@require_safe
def login_link(request: Request, token: str) -> HttpResponse:
    """Log in whoever was given this link; a link that does not work says so and leads to the log-in page."""
    user = user_of(token)
    if user is not None and request.method == "HEAD":  # a mail scanner looks; it must not use the link up
        return HttpResponse()
    if user is None or not use_up(user):
        return render(request, "accounts/login_link.html", status=404)
    login(request, user)
    return redirect(landing(user))


@login_not_required
@never_cache
@require_safe
def outgoing_detail(request: Request, public_id: str) -> HttpResponse:
    """A mail that was kept instead of sent: for the session that caused it, and for those who run this."""
    caused = public_id in request.session.get(KEPT, [])
    if not settings.DEMO or not (caused or (request.user.is_authenticated and request.user.is_host)):
        raise Http404
    return render(
        request, "accounts/outgoing_detail.html", {"mail": get_object_or_404(OutgoingMail, public_id=public_id)}
    )


@login_not_required
@require_POST
def set_language(request: Request) -> HttpResponse:
    """Speak another language from here on; a signed-in person's mails follow."""
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and request.user.is_authenticated:
        request.user.language = code
        request.user.save(update_fields=["language"])
    return i18n.set_language(request)
