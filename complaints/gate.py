"""Who may see what. One module of rules; the querysets of cases and mails ask it, everything else asks them."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

Visitor = User | AnonymousUser


def may_see_case(user: Visitor) -> Q:
    """The cases that `user` may know about: their own."""
    return Q(owner_id=user.pk) if user.is_authenticated else Q(pk__in=())


def may_see_mail(user: Visitor) -> Q:
    """The mails that `user` may know about: their own, and for a volunteer what they hold a live claim on."""
    if not user.is_authenticated:
        return Q(pk__in=())
    if user.is_volunteer:
        return Q(owner_id=user.pk) | Q(claim__volunteer_id=user.pk, claim__until__gt=timezone.now())
    return Q(owner_id=user.pk)


def may_work_tray(user: Visitor) -> bool:
    """Whether `user` is one of those who look after what the machine is unsure of."""
    return user.is_authenticated and user.is_volunteer
