"""Links that log a person in without a password: for whoever runs this installation to hand out (`add_user`)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import User

SALT = "accounts.links"
EMBEDDED_LIFE = timedelta(days=7)  # on one's own machine the same link may be used again
PRODUCTION_LIFE = timedelta(hours=1)  # and only until the person logs in by whatever way


def login_url(user: User) -> str:
    """The whole address that logs `user` in when opened."""
    said = {"user": user.public_id}
    if settings.PRODUCTION:
        said["last"] = last_login(user)
    return settings.SITE_URL + reverse("login_link", args=[signing.dumps(said, salt=SALT)])


def user_of(token: str) -> User | None:
    """Whom the link with `token` would log in now, or None: forged, too old, used up, or no longer active."""
    life = PRODUCTION_LIFE if settings.PRODUCTION else EMBEDDED_LIFE
    try:
        said = signing.loads(token, salt=SALT, max_age=life)
    except signing.BadSignature:
        return None
    user = User.objects.filter(public_id=said["user"], is_active=True).first()
    if user and settings.PRODUCTION and said.get("last") != last_login(user):
        return None
    return user


def use_up(user: User) -> bool:
    """Take the one use of the link that `user_of` found; False when another click was faster. Embedded: always."""
    if not settings.PRODUCTION:
        return True
    as_found = User.objects.filter(pk=user.pk, last_login=user.last_login)
    return bool(as_found.update(last_login=timezone.now()))


def last_login(user: User) -> str:
    return user.last_login.isoformat() if user.last_login else ""
