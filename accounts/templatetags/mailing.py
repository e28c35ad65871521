"""Says which of our mails is on its way, and when it may be sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django import template
from django.conf import settings

from accounts.adapter import KEPT, SENT_AT
from accounts.models import ConfirmedMailbox, User
from accounts.templatetags.looks import SHANGHAI

register = template.Library()


@register.filter
def clock(at: datetime) -> str:
    """An aware datetime as the time of day in Shanghai, to the second: 14:31:05."""
    return at.astimezone(SHANGHAI).strftime("%H:%M:%S")


@register.simple_tag
def forward_only(user: User) -> list[ConfirmedMailbox]:
    """The confirmed mailboxes of `user` that do not log in: those that a test mail or the host proved."""
    log_in = EmailAddress.objects.filter(user=user).values("email")
    return list(user.confirmed_mailboxes.exclude(email__in=log_in).order_by("pk"))


@register.inclusion_tag("account/_mail_on_its_way.html", takes_context=True)
def mail_on_its_way(context: dict[str, Any], email: str) -> dict[str, Any]:
    """The code that this session asked for: whereto, since when, when again; embedded: where to read it."""
    session = context["request"].session
    sent_at = session.get(SENT_AT)
    at = datetime.fromtimestamp(sent_at, tz=UTC) if sent_at else None
    return {
        "email": email,
        "sent_at": at,
        "again_at": at + timedelta(seconds=settings.RESEND_SECONDS) if at else None,
        "can_resend": context.get("can_resend"),
        "kept": next(iter(session.get(KEPT, [])), "") if settings.DEMO else "",
    }
