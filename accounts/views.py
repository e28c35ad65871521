"""The pages about the person: where to begin, the links that log in, the mail that was kept, the language."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import addresses
from accounts.adapter import KEPT, landing
from accounts.http import Request, SignedIn, go
from accounts.links import use_up, user_of
from accounts.mailbox_forms import LabelForm
from accounts.models import InboxAddress, OutgoingMail
from accounts.people import forget_mailbox


@require_safe
def start(request: SignedIn) -> HttpResponse:
    """Where the notices are (`?where=` app, sms or mail), what to do with each, and the inbox address to send them to.

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
        "where": request.GET.get("where", ""),
        "inbox": active.order_by("pk").first(),
        "mailboxes": request.user.confirmed_mailboxes.order_by("pk"),
        "smtp_port": settings.SMTP_PORT if settings.DEMO else None,
    }
    return render(request, "accounts/start.html", context)


# -- inbox addresses ---------------------------------------------------------------------------------------

SAID = {
    "pause": gettext_lazy("已暂停。寄到这个地址的信会被退回，直到你恢复它。"),
    "resume": gettext_lazy("已恢复收信。"),
    "label": gettext_lazy("备注改好了。"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def address_list(request: SignedIn) -> HttpResponse:
    """The inbox addresses, what came to each, and a form for a further one."""
    form = LabelForm(request.POST if request.method == "POST" else None, auto_id="new-%s")
    if form.is_bound and form.is_valid():
        try:
            addresses.add(request.user, form.cleaned_data["label"], timezone.now())
        except addresses.TooMany:
            messages.warning(request, too_many())
        else:
            messages.success(request, gettext("多了一个收件地址。"))
        return go(request, "address_list")
    held = Q(state=InboxAddress.State.ROTATED, rotated_at__gt=timezone.now() - InboxAddress.HELD_FOR)
    inboxes = (
        request.user.inbox_addresses.filter(held | ~Q(state=InboxAddress.State.ROTATED))
        .annotate(many=Count("mails"), last_at=Max("mails__received_at"))
        .order_by("pk")
    )
    context = {
        "form": form,
        "inboxes": [(inbox, addresses.qr(inbox)) for inbox in inboxes],
        "held_days": InboxAddress.HELD_FOR.days,
        "may_add": addresses.live(request.user) < addresses.MOST,
    }
    return render(request, "accounts/address_list.html", context, status=422 if form.is_bound else 200)


@require_POST
def address_change(request: SignedIn) -> HttpResponse:
    """Pause, resume, change or label one of them, or take it along as a contact. The address stands in the form,
    never in a link: it is a secret."""
    inbox = get_object_or_404(request.user.inbox_addresses, local=request.POST.get("inbox", ""))
    what = request.POST.get("what", "")
    if what == "contact":
        response = HttpResponse(addresses.vcard(inbox), content_type="text/vcard; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="suji.vcf"'
        return response
    try:
        if what == "rotate":
            addresses.rotate(inbox, timezone.now())
            days = InboxAddress.HELD_FOR.days
            messages.success(request, gettext("换好了。寄到旧地址的信先扣下，%(days)d天后退回。") % {"days": days})
        else:
            change(inbox, what, request.POST.get("label", ""))
            messages.success(request, str(SAID[what]))
    except addresses.TooMany:
        messages.warning(request, too_many())
    except addresses.NotSo:
        messages.warning(request, gettext("这个地址刚才已经变了，请看现在的样子。"))
    return go(request, "address_list")


def change(inbox: InboxAddress, what: str, label: str) -> None:
    match what:
        case "pause":
            addresses.pause(inbox)
        case "resume":
            addresses.resume(inbox)
        case "label":
            addresses.relabel(inbox, label[: InboxAddress._meta.get_field("label").max_length])
        case _:
            raise Http404


def too_many() -> str:
    return gettext("最多同时有%(most)d个地址，一天最多换%(day)d次。") % {
        "most": addresses.MOST,
        "day": addresses.NEW_A_DAY,
    }


# -- confirmed mailboxes -----------------------------------------------------------------------------------


@require_POST
def mailbox_remove(request: SignedIn) -> HttpResponse:
    """What is forwarded from that mailbox no longer moves a case. One that logs in is removed where it was added."""
    email = request.POST.get("email", "")
    mailbox = get_object_or_404(request.user.confirmed_mailboxes, email=email)
    if EmailAddress.objects.filter(user=request.user, email=mailbox.email).exists():
        raise Http404
    forget_mailbox(request.user, mailbox.email)
    messages.success(request, gettext("已移除。从这个邮箱转来的通知以后只作提议。"))
    return go(request, "account_email")


# -- doors into the account --------------------------------------------------------------------------------


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
