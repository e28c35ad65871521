"""How often somebody may do what costs others something: a mail to a mailbox, a new address."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

SALT = "accounts.limits"


def take(what: str, who: object, most: int, per: timedelta, now: datetime) -> bool:
    """Count one more `what` of `who`; False, and it should not be done, beyond `most` in the present window of `per`.

    Windows stand side by side from 1970 on, so that counting needs no clock of the cache. Addresses and ids are not
    written into the cache as they are: the key is a hash.
    """
    if settings.LIMITS_OFF:
        return True
    seconds = int(per.total_seconds())
    window = int(now.timestamp()) // seconds
    key = f"limit:{salted_hmac(SALT, f'{what} {who}').hexdigest()[:20]}:{window}"
    cache.add(key, 0, timeout=seconds * 2)
    try:
        return cache.incr(key) <= most
    except ValueError:  # dropped by the cache between the two: in doubt no
        return False
