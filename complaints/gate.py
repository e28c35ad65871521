"""Who may see what. One module of rules; the querysets of cases and mails ask it, everything else asks them."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

Visitor = User | AnonymousUser

OPEN_REVIEWS = ("waiting", "asked_back", "answered")  # of models.review.Review.State


def may_see_case(user: Visitor) -> Q:
    """The cases that `user` may know about: their own."""
    return Q(owner_id=user.pk) if user.is_authenticated else Q(pk__in=())


def may_see_keeping(user: Visitor) -> Q:
    """The keepings that `user` may know about: their own, and nobody else's whoever asks."""
    return Q(owner_id=user.pk) if user.is_authenticated else Q(pk__in=())


def may_find(user: Visitor) -> Q:
    """The passages that search may show `user`: their own. A volunteer finds nothing of what they look after."""
    return Q(owner_id=user.pk) if user.is_authenticated else Q(pk__in=())


def may_see_mail(user: Visitor) -> Q:
    """The mails that `user` may know about: their own, and for a volunteer what they hold a live claim on."""
    if not user.is_authenticated:
        return Q(pk__in=())
    if user.is_volunteer:
        return Q(owner_id=user.pk) | Q(claim__volunteer_id=user.pk, claim__until__gt=timezone.now())
    return Q(owner_id=user.pk)


def may_see_masked(user: Visitor) -> Q:
    """The cases that `user` may read with masks and never change: those they look after for their owner now."""
    if not user.is_authenticated or not user.is_volunteer:
        return Q(pk__in=())
    care = Q(reviews__volunteer_id=user.pk, reviews__until__gt=timezone.now(), reviews__state__in=OPEN_REVIEWS)
    return care & ~Q(owner_id=user.pk)


def may_see_review(user: Visitor) -> Q:
    """The reviews by which `may_see_masked` lets `user` in."""
    if not user.is_authenticated or not user.is_volunteer:
        return Q(pk__in=())
    care = Q(volunteer_id=user.pk, until__gt=timezone.now(), state__in=OPEN_REVIEWS)
    return care & ~Q(case__owner_id=user.pk)


def may_work_tray(user: Visitor) -> bool:
    """Whether `user` is one of those who look after what the machine is unsure of."""
    return user.is_authenticated and user.is_volunteer
