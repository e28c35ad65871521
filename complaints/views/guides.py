"""Forwarding guides: the steps for each mailbox, its confirmation while a window is open, the test mail, and what if
no mail comes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.adapter import KEPT
from accounts.http import Request, SignedIn, render_page
from accounts.mailbox_forms import MailboxForm
from accounts.models import InboxAddress, User
from complaints import forwarding, providers, words
from complaints.forwarding import Why
from complaints.models import Probe, SetUp
from complaints.providers import PROVIDERS, Provider
from complaints.words import Text

SESSION = "set_up"  # public id of the window that this session opened; nothing is shown in any other

# What the page says of a confirmation that came and is not shown here.
NOT_SHOWN: dict[Why, Text] = {
    Why.OTHER_MAILBOX: gettext_lazy("收到一封确认信，但它是另一个邮箱发起的，没有显示。请核对上面填的邮箱。"),
    Why.UNNAMED: gettext_lazy("收到一封确认信，但它没写是哪个邮箱发起的，没有显示。请先用手转发。"),
    Why.OTHER_SENDER: gettext_lazy("收到一封确认信，但不是这家邮箱寄来的，没有显示。"),
    Why.UNSIGNED: gettext_lazy("收到一封确认信，但签名没有核对通过，说不准是谁写的，没有显示。"),
    Why.SHOWN: gettext_lazy("以前的确认信已经显示过一次，不再显示。请在邮箱里重新发送确认。"),
}


# -- pages -------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def guide_list(request: Request) -> HttpResponse:
    """Whose mailbox is it? And what was set up before."""
    user = request.user if request.user.is_authenticated else None
    mine = {providers.provider_of(email).key for email in mailboxes_of(user)} if user else set()
    context = {
        "guides": [(provider, provider.key in mine) for provider in PROVIDERS.values()],
        "set_ups": SetUp.objects.filter(owner=user, shown_at__isnull=False).order_by("-opened_at")[:10] if user else (),
    }
    return render_page(request, "complaints/guide_list.html", context)


@login_not_required
@require_safe
def guide_detail(request: Request, provider: str) -> HttpResponse:
    """The steps for one provider's mailboxes; for whoever is signed in also their address, and the live part."""
    found = provider_or_404(provider)
    context: dict[str, Any] = {
        "provider": found,
        "by_hand": providers.BY_HAND,
        "senders": providers.SENDERS,
        "as_attachment": providers.AS_ATTACHMENT,
    }
    if request.user.is_authenticated:
        context |= {"inbox": active(request.user).first()} | live_context(request, request.user, found)
    return render_page(request, "complaints/guide_detail.html", context)


@require_safe
def guide_part(request: SignedIn, provider: str) -> HttpResponse:
    """The live part; 204 while it is what the page has seen."""
    context = live_context(request, request.user, provider_or_404(provider))
    if request.GET.get("seen") == context["version"]:
        return HttpResponse(status=204)
    return render_page(request, "complaints/_set_up.html", context)


@require_POST
def guide_open(request: SignedIn, provider: str) -> HttpResponse:
    """The owner says which mailbox they are setting up: from now on its confirmation may be shown, to this session."""
    found = provider_or_404(provider)
    form = a_form(request.user, "set-up", request.POST)
    if not form.is_valid():
        return refused(request, found, {"set_up_form": form})
    try:
        set_up = forwarding.open_window(
            request.user, form.cleaned_data["inbox"], found, form.cleaned_data["mailbox"], timezone.now()
        )
    except forwarding.TooOften:
        messages.warning(request, _("这一小时里开得太多了，请晚点再来。"))
        return back(found)
    request.session[SESSION] = set_up.public_id
    return back(found)


@require_POST
def guide_close(request: SignedIn, provider: str) -> HttpResponse:
    """Done, or not now: nothing is shown any more."""
    found = provider_or_404(provider)
    if set_up := window_of(request, request.user):
        forwarding.close_window(set_up, timezone.now())
    request.session.pop(SESSION, None)
    return back(found)


@require_POST
def guide_test(request: SignedIn, provider: str) -> HttpResponse:
    """A mail of ours to their mailbox; forwarded back, it proves the way."""
    found = provider_or_404(provider)
    form = a_form(request.user, "probe", request.POST)
    if not form.is_valid():
        return refused(request, found, {"probe_form": form})
    try:
        forwarding.send_probe(request.user, form.cleaned_data["mailbox"], form.cleaned_data["inbox"], timezone.now())
    except forwarding.TooOften:
        messages.warning(request, _("往这个邮箱寄得太勤了，请过一小时再试。"))
    except OSError:
        pass  # the adapter said so already
    return back(found)


@require_safe
def guide_missing(request: SignedIn) -> HttpResponse:
    """邮件没有来: what to look at, in which order, with what we saw."""
    now = timezone.now()
    seen = forwarding.seen(request.user, now)
    addresses = list(request.user.inbox_addresses.exclude(state=InboxAddress.State.ROTATED).order_by("pk"))
    context = {
        "seen": seen,
        "held": [(words.REASONS.get(reason, ""), many) for reason, many in seen.held],
        "newest_reason": words.REASONS.get(seen.newest.reason, "") if seen.newest else "",
        "addresses": addresses,
        "paused": [inbox for inbox in addresses if inbox.state == InboxAddress.State.PAUSED],
        "provider": providers.provider_of(request.user.email),
    }
    return render_page(request, "complaints/guide_missing.html", context)


# -- parts -------------------------------------------------------------------------------------------------


def provider_or_404(key: str) -> Provider:
    if key not in PROVIDERS:
        raise Http404
    return PROVIDERS[key]


def back(provider: Provider) -> HttpResponse:
    return redirect(reverse("complaints:guide_detail", args=[provider.key]) + "#set-up")


def refused(request: SignedIn, provider: Provider, forms: dict[str, Any]) -> HttpResponse:
    """The page again, with what is wrong in the form."""
    context = {
        "provider": provider,
        "by_hand": providers.BY_HAND,
        "senders": providers.SENDERS,
        "as_attachment": providers.AS_ATTACHMENT,
        "inbox": active(request.user).first(),
    }
    context |= live_context(request, request.user, provider) | forms
    return render_page(request, "complaints/guide_detail.html", context, status=422)


def active(user: User) -> Any:
    return user.inbox_addresses.filter(state=InboxAddress.State.ACTIVE).order_by("pk")


def mailboxes_of(user: User) -> list[str]:
    return list(user.confirmed_mailboxes.order_by("pk").values_list("email", flat=True))


def window_of(request: Request, user: User) -> SetUp | None:
    """The window that this very session opened."""
    public_id = request.session.get(SESSION, "")
    return SetUp.objects.filter(owner=user, public_id=public_id).first() if public_id else None


def live_context(request: Request, user: User, provider: Provider) -> dict[str, Any]:
    """The window, what it caught, and the test mail. A confirmation that is shown is kept as shown."""
    now = timezone.now()
    set_up = window_of(request, user)
    if set_up and set_up.provider != provider.key:
        set_up = None
    is_open = bool(set_up and forwarding.is_open(set_up, now))
    caught, why = forwarding.look(set_up) if set_up and is_open else (None, set())
    if set_up and caught and request.method != "HEAD":  # also on the page that a wrong form brings back
        forwarding.show(set_up, caught, now)
    mailbox = set_up.mailbox if set_up else suggested(user, provider)
    probe = Probe.objects.filter(owner=user, sent_at__gt=now - forwarding.PROBE_LIFE).order_by("-sent_at").first()
    return {
        "provider": provider,
        "set_up": set_up,
        "is_open": is_open,
        "caught": caught,
        "not_shown": [NOT_SHOWN[one] for one in sorted(why)],
        "probe": probe,
        "kept": next(iter(request.session.get(KEPT, [])), ""),
        "set_up_form": a_form(user, "set-up", mailbox=mailbox),
        "probe_form": a_form(user, "probe", mailbox=mailbox),
        "version": version(set_up, is_open, caught, why, probe),
    }


def a_form(user: User, name: str, posted: QueryDict | None = None, mailbox: str = "") -> MailboxForm:
    """One of the two forms of the live part; `name` keeps their ids apart."""
    return MailboxForm(posted, owner=user, auto_id=f"{name}-%s", initial={"mailbox": mailbox})


def suggested(user: User, provider: Provider) -> str:
    """A mailbox of theirs that this guide is for."""
    return next((email for email in mailboxes_of(user) if providers.provider_of(email) is provider), "")


def version(
    set_up: SetUp | None, is_open: bool, caught: forwarding.Caught | None, why: set[Why], probe: Probe | None
) -> str:
    """What polling compares."""
    returned: datetime | None = probe.returned_at if probe else None
    said = (set_up and set_up.public_id, is_open, caught and caught.mail.public_id, sorted(why), probe and probe.pk)
    return hashlib.sha256(f"{said}{returned}".encode()).hexdigest()[:16]
