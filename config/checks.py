"""Checks of our own, beside Django's."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from complaints.durability import durability_problem
from complaints.mailboxes import BadUrl, sources


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


@register()
def doors(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """What the doors cannot work with, in every mode: mailboxes, certificates, keys of providers."""
    found: list[CheckMessage] = []
    try:
        sources(settings.IMAP_URL)
    except BadUrl as error:
        found.append(Error(str(error), hint="docs/operating.md has the form.", id="suji.E007"))
    if problem := _certificate_problem():
        hint = "SMTP_TLS_CERT and SMTP_TLS_KEY name readable PEM files, of one certificate and its key."
        found.append(Error(problem, hint=hint, id="suji.E008"))
    key = settings.MAILGUN_SIGNING_KEY
    if key and (len(key) < 16 or not key.isascii()):
        hint = "Copy the HTTP webhook signing key of Mailgun's page; whoever guesses it can post mail."
        found.append(Error("MAILGUN_SIGNING_KEY is no key of Mailgun's.", hint=hint, id="suji.E009"))
    return found


def _certificate_problem() -> str:
    certificate, key = settings.SMTP_TLS_CERT, settings.SMTP_TLS_KEY
    if not certificate and not key:
        return ""
    if not certificate or not key:
        return f"SMTP_TLS_{'KEY' if key else 'CERT'} is set and SMTP_TLS_{'CERT' if key else 'KEY'} is not."
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:
        return f"The certificate of the SMTP door cannot be used: {error.strerror or type(error).__name__}."
    return ""


def refuse_to_start() -> None:
    """For what runs no checks by itself, a web server and a worker: raise ImproperlyConfigured with every error."""
    found = [*production(None), *doors(None)] if settings.PRODUCTION else []
    wrong = [f"{one.msg} {one.hint or ''}".strip() for one in found if isinstance(one, Error)]
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
