"""Checks of our own, beside Django's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from complaints.durability import durability_problem


@register(Tags.database)
def durability(app_configs: Any, databases: Any = None, **options: Any) -> list[CheckMessage]:
    """`manage.py check --database default`, and before every migrate."""
    if not databases or "default" not in databases:
        return []
    problem = durability_problem()
    return [Error(problem, id="suji.E001")] if problem else []


@register(Tags.security)
def production(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """What SUJI_ENV=production must not run with, in plain words with what to do."""
    if not settings.PRODUCTION:
        return []
    return [*_names(), *_secrets(), *_broker()]


def refuse_to_start() -> None:
    """For what runs no checks by itself, a web server and a worker: raise ImproperlyConfigured with every error."""
    wrong = [f"{one.msg} {one.hint or ''}".strip() for one in production(None) if isinstance(one, Error)]
    if wrong:
        raise ImproperlyConfigured(" ".join(["SUJI_ENV=production does not start so.", *wrong]))


def _names() -> list[CheckMessage]:
    site = (urlsplit(settings.SITE_URL).hostname or "").lower()
    found: list[CheckMessage] = []
    if site == settings.INBOX_DOMAIN:
        hint = "Use a domain for inboxes alone, such as in.example.org: nobody logs in anywhere with an inbox address."
        found.append(Error("INBOX_DOMAIN is the site's own domain.", hint=hint, id="suji.E002"))
    if urlsplit(settings.SITE_URL).scheme != "https":
        found.append(
            Error("SITE_URL does not begin with https://.", hint="Put a proxy with TLS in front.", id="suji.E003")
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS takes every name.", hint="Name the hosts of the site.", id="suji.E004"))
    return found


def _secrets() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        hint = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        found.append(Error("SECRET_KEY is shorter than 50 signs or too regular.", hint=hint, id="suji.E005"))
    if settings.DEBUG:
        found.append(Error("DEBUG is on: strangers see the code and its values.", id="suji.E006"))
    return found


def _broker() -> list[CheckMessage]:
    """A password is needed where others may connect: not on a unix socket, not on this machine's loopback."""
    broker = urlsplit(settings.REDIS_URL)
    is_near = broker.scheme == "unix" or broker.hostname in ("127.0.0.1", "::1", "localhost")
    if is_near or broker.password:
        return []
    hint = "Give Redis a user with a password, and name both: REDIS_URL=redis://user:password@host:6379/0"
    return [Warning("The broker is asked without a password.", hint=hint, id="suji.W001")]
