"""What is wrong with this installation, in plain words: each examination ends as findings with what to do."""

from __future__ import annotations

import os
import platform
import shutil
import smtplib
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import django
import dns.exception
import dns.resolver
import redis
from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import to_locale

from accounts.ids import random_id
from complaints import alarms, imap, operations
from complaints.balance import differences
from complaints.durability import durability_problem
from complaints.intake import keyring, reader
from complaints.intake.receive import disk_is_full
from complaints.intake.route import lmtp_is_open
from complaints.mailboxes import BadUrl, sources
from complaints.models import IncomingMail
from config import last_backup
from config.serve import broker_binary

OLDEST_PYTHON = (3, 11)
PULSE_SECONDS = 60  # a worker touches its file every 10 s (config/pulse.py)
WAITS_TOO_LONG = timedelta(minutes=5)
SMTP_SECONDS = 5
CLOCKS_APART = 30.0  # seconds
BACKUP_TOO_OLD = timedelta(hours=36)
SECRETS = frozenset(
    {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "S3_SECRET_KEY", "EMAIL_URL", "IMAP_URL", "METRICS_TOKEN"}
)
IMAP_ADVICE = "docs/operating.md, “A mailbox of your own”, says what to do."


@dataclass(frozen=True, slots=True)
class Finding:
    is_fine: bool
    said: str  # what was looked at, and how it is
    advice: str = ""  # what to do; "" when it is fine


def fine(said: str) -> Finding:
    return Finding(True, said)


def wrong(said: str, advice: str) -> Finding:
    return Finding(False, said, advice)


def examine() -> Iterator[Finding]:
    """Every examination in turn. One that cannot even be made is a finding too."""
    for look in EXAMINATIONS:
        try:
            yield from look()
        except (DatabaseError, OSError, redis.RedisError) as error:
            what = look.__name__.replace("_", " ")
            yield wrong(
                f"{what}: could not be looked at ({type(error).__name__}: {error})", "See the line above, or the logs."
            )


# -- this machine ------------------------------------------------------------------------------------------


def versions() -> Iterator[Finding]:
    said = f"Python {platform.python_version()}, Django {django.get_version()}"
    mode = "production" if settings.PRODUCTION else f"embedded, data in {settings.DATA_DIR}"
    if sys.version_info < OLDEST_PYTHON:
        yield wrong(said, "Python 3.11 or newer is needed.")
    else:
        yield fine(f"{said}, {mode}")


def disk() -> Iterator[Finding]:
    most = settings.MAIL_LIMITS
    said = f"disk: {filesizeformat(shutil.disk_usage(settings.DATA_DIR).free)} free at {settings.DATA_DIR}"
    if disk_is_full():
        floor = f"{filesizeformat(most['free_bytes'])} or {most['free_percent']} % of the disk"
        yield wrong(said, f"Below {floor} no mail is taken (452). Make room.")
    else:
        yield fine(said)


def clock() -> Iterator[Finding]:
    """Dates of cases, codes and leases hang on it; machines that share a database must agree."""
    if settings.IS_SQLITE:
        yield fine(f"clock: {timezone.now():%Y-%m-%d %H:%M} UTC; is that so?")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    if apart > CLOCKS_APART:
        yield wrong(f"clock: {apart:.0f} s apart from the database's", "Let NTP set both (chrony, systemd-timesyncd).")
    else:
        yield fine("clock: agrees with the database's")


def secrets_kept() -> Iterator[Finding]:
    """Files that hold secrets are for their owner's eyes alone."""
    named = [Path(os.environ[name]) for name in sorted(os.environ) if name.endswith("_FILE") and name[:-5] in SECRETS]
    seen = [path for path in (settings.DATA_DIR, *named) if path.exists() and path.stat().st_mode & 0o007]
    for path in seen:
        yield wrong(f"secrets: {path} is open to everybody on this machine", f"chmod o-rwx {path}")
    if not seen:
        yield fine("secrets: nobody else on this machine can read them")


def backups() -> Iterator[Finding]:
    """That one was made lately; whether it can be restored, only a drill tells."""
    at = last_backup.at()
    age = timezone.now() - at if at else None
    if age is None and not settings.PRODUCTION:
        yield fine("backup: none yet; python manage.py backup FILE makes one")
    elif age is None or age > BACKUP_TOO_OLD:
        said = "never made" if age is None else f"the last is {age.days} days old"
        yield wrong(f"backup: {said}", "python manage.py backup FILE, every night (docs/operating.md#backups)")
    else:
        yield fine(f"backup: {age.total_seconds() / 3600:.0f} hours old")


def alarms_that_ring() -> Iterator[Finding]:
    """What the hourly check found and nobody put right yet."""
    if not (ringing := operations.alarms()):
        return
    with translation.override("en"):
        for alarm in ringing:
            name, advice = alarms.ALARMS.get(alarm.name, (alarm.name, "See the logs."))
            yield wrong(f"alarm since {alarm.since:%Y-%m-%d %H:%M} UTC: {name} ({alarm.count})", str(advice))


def message_catalogues() -> Iterator[Finding]:
    languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    for code in languages:
        compiled = Path(settings.LOCALE_PATHS[0]) / to_locale(code) / "LC_MESSAGES" / "django.mo"
        if compiled.exists():
            yield fine(f"message catalogue '{code}' is compiled")
        else:
            yield wrong(f"message catalogue '{code}' is not compiled", "make messages (needs gettext)")


# -- what keeps things -------------------------------------------------------------------------------------


def database() -> Iterator[Finding]:
    if problem := durability_problem():
        yield wrong(f"database: {problem}", "docs/operating.md tells how to set it up.")
    else:
        yield fine(f"database: {connection.vendor}, a commit is on the disk before a door says yes")
    executor = MigrationExecutor(connection)
    if missing := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        yield wrong(f"migrations: {missing} not applied", "python manage.py migrate")
    else:
        yield fine("migrations: all applied")


def cache_of_limits() -> Iterator[Finding]:
    """Log-in limits count in the cache: without it nobody gets in, and no guesser either."""
    key = f"doctor-{random_id()}"
    cache.set(key, "here", 60)
    if cache.get(key) == "here":
        cache.delete(key)
        yield fine("cache: keeps what it is given")
    else:
        yield wrong("cache: forgets what it is given", "python manage.py createcachetable (embedded), or look at Redis")


def storage() -> Iterator[Finding]:
    name = default_storage.save(f"doctor-{random_id()}", ContentFile(b"here"))
    with default_storage.open(name) as file:
        is_kept = file.read() == b"here"
    default_storage.delete(name)
    if is_kept:
        yield fine("files: can be written, read and deleted")
    else:
        yield wrong("files: come back different from what was written", "Look at the disk or the S3 store.")


def broker() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        if binary := broker_binary():
            yield fine(f"broker: `serve` starts its own ({Path(binary).name})")
        else:
            yield fine("broker: none here, so the worker looks at the table by itself, every few seconds")
        return
    place = urlsplit(settings.REDIS_URL)
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3)
    try:
        client.ping()
    except redis.RedisError as error:
        yield wrong(
            f"broker: does not answer at {place.hostname or place.path} ({type(error).__name__})",
            "Start it, or put REDIS_URL right. No mail is lost meanwhile: the sweep reads what waits.",
        )
    else:
        yield fine(f"broker: answers at {place.hostname or place.path}")
    finally:
        client.close()


# -- the mail line -----------------------------------------------------------------------------------------


def reader_process() -> Iterator[Finding]:
    limits = settings.READER_LIMITS
    try:
        has_network = reader.has_network()
    except (reader.ReaderNotStarted, reader.ReaderDied) as error:
        yield wrong(f"reader: does not start ({error})", "Mails wait until it does; see what it says above.")
        return
    finally:
        reader.end_all()
    net = "it could reach a network: nothing here shuts it off" if has_network else "it has no network"
    each = f"{limits['cpu_seconds']} s and {filesizeformat(limits['memory'])} a mail"
    yield fine(f"reader: a process of its own, {each}; {net}")


def names() -> Iterator[Finding]:
    site = (urlsplit(settings.SITE_URL).hostname or "").lower()
    if site == settings.INBOX_DOMAIN:
        yield wrong(
            f"INBOX_DOMAIN: {settings.INBOX_DOMAIN} is the site's own domain",
            "Use a domain for inboxes alone: whoever gets mail at a domain can pass its log-ins.",
        )
    else:
        yield fine(f"INBOX_DOMAIN: {settings.INBOX_DOMAIN}, apart from the site {site}")


def inbox_domain_in_the_dns() -> Iterator[Finding]:
    """Where the world sends mail for INBOX_DOMAIN. That the machines named there are ours, nobody but you can say."""
    domain = settings.INBOX_DOMAIN
    if domain.endswith(".localhost") or not keyring.asks():
        yield fine(f"MX: {domain} is not asked for; mail comes only from where the door can be reached")
        return
    try:
        resolver = keyring.resolver_of_ours()
        found = sorted(resolver.resolve(domain, "MX", search=False), key=lambda one: one.preference)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        yield wrong(
            f"MX: {domain} has none", "Add an MX record that names your MTA, or nobody's mail finds its way here."
        )
        return
    except dns.exception.DNSException as error:
        yield wrong(f"MX: the DNS does not answer for {domain} ({type(error).__name__})", "Look at DNS_RESOLVER.")
        return
    for host in (one.exchange.to_text(omit_final_dot=True) for one in found):
        addresses = _addresses(resolver, host)
        if addresses:
            yield fine(f"MX: {domain} goes to {host} ({', '.join(addresses)}); is that your MTA?")
        else:
            yield wrong(f"MX: {domain} goes to {host}, which has no address", "Add an A or AAAA record for it.")


def _addresses(resolver: dns.resolver.Resolver, host: str) -> list[str]:
    addresses = []
    for kind in ("A", "AAAA"):
        with suppress(dns.exception.DNSException):
            addresses += [one.to_text() for one in resolver.resolve(host, kind, search=False)]
    return addresses


def door() -> Iterator[Finding]:
    """The SMTP door of this machine. In production it may stand on another, so there its silence is no fault."""
    try:
        with socket.create_connection(("127.0.0.1", settings.SMTP_PORT), timeout=3) as line:
            banner = line.recv(512)
    except OSError as error:
        if settings.PRODUCTION:
            yield fine("door: none on this machine")
        else:
            yield wrong(
                f"door: 127.0.0.1:{settings.SMTP_PORT} does not answer ({error.strerror or error})",
                "Start Suji: make run (or python manage.py serve)",
            )
        return
    if banner.startswith(b"220"):
        yield fine(f"door: greets on 127.0.0.1:{settings.SMTP_PORT}")
    else:
        yield wrong(f"door: something else answers on port {settings.SMTP_PORT}", "Name another port: SMTP_PORT=2600")


def mailboxes() -> Iterator[Finding]:
    """Each mailbox of IMAP_URL is logged in to, and nothing is fetched."""
    try:
        found = sources(settings.IMAP_URL)
    except BadUrl:
        return  # Django's checks, below, say what is wrong with it
    states = {state.name: state for state in imap.state()}
    for source in found:
        state = states[source.name]
        with translation.override("en"):
            if why := imap.try_out(source):
                yield wrong(f"mailbox {source.name}: {imap.PROBLEMS[why]}", str(source.advice()) or IMAP_ADVICE)
            elif state.is_stale and not settings.PRODUCTION:
                yield wrong(f"mailbox {source.name}: opens, but {imap.PROBLEMS['stale']}", "Start Suji: make run")
            elif state.is_unusual:
                yield wrong(f"mailbox {source.name}: opens; lately {state.told}", "The logs say when (ALARM).")
            else:
                yield fine(f"mailbox {source.name}: opens; {state.told}")


def posted_mail() -> Iterator[Finding]:
    """What a provider posts reaches the pages over TLS alone."""
    if not settings.MAILGUN_SIGNING_KEY:
        return
    address = f"{settings.SITE_URL}{reverse('complaints:mailgun_mime')}"
    if address.startswith("https://"):
        yield fine(f"Mailgun: may post to {address}")
    else:
        yield wrong(f"Mailgun: would post to {address} in the clear", "Put a proxy with TLS in front; set SITE_URL.")


def lmtp() -> Iterator[Finding]:
    """An LMTP door on this machine, and whether the word of the MTA in front counts."""
    if not lmtp_is_open():
        return
    if settings.MTA_NAME:
        yield fine(
            f"LMTP: a door is open; the word of {settings.MTA_NAME} counts, from {len(settings.MTA_PEERS)} networks"
        )
    elif settings.DNS_RESOLVER == "off":
        advice = "Set MTA_NAME to the authserv-id of your MTA, or let DNS_RESOLVER ask for keys."
        yield wrong(
            "LMTP: a door is open, and nothing proves where its mail comes from: all of it only proposes", advice
        )
    else:
        yield fine("LMTP: a door is open; DKIM signatures show where its mail comes from")


def worker() -> Iterator[Finding]:
    """The workers of this machine touch a file each. In production they may be elsewhere."""
    files = (Path(settings.DATA_DIR) / "pulse").glob("*")
    ages = {file.name: time.time() - file.stat().st_mtime for file in files}
    alive = {name: age for name, age in ages.items() if age < PULSE_SECONDS}
    if alive:
        yield fine(f"worker: {', '.join(f'{name} {age:.0f} s ago' for name, age in sorted(alive.items()))}")
    elif settings.PRODUCTION and not ages:
        elsewhere = [one.name for one, is_alive in operations.workers(timezone.now()) if is_alive]
        if elsewhere:
            yield fine(f"worker: none on this machine; elsewhere {', '.join(elsewhere)}")
        else:
            yield wrong("worker: none lives, here or elsewhere", "Mail is kept and nobody reads it: start the workers.")
    else:
        seen = f"last seen {min(ages.values()):.0f} s ago" if ages else "never seen"
        yield wrong(f"worker: {seen}", "Start Suji: make run; in production the workers (docs/operating.md)")


def waiting_mail() -> Iterator[Finding]:
    oldest = IncomingMail.objects.waiting().order_by("received_at").values_list("received_at", flat=True).first()
    age = timezone.now() - oldest if oldest else timedelta(0)
    if age > WAITS_TOO_LONG:
        minutes = age.total_seconds() // 60
        yield wrong(f"waiting mail: the oldest waits {minutes:.0f} minutes", "Look at the workers and their logs.")
    else:
        yield fine("waiting mail: none waits too long" if oldest else "waiting mail: none")
    if found := differences():
        counts = ", ".join(f"{name} {count}" for name, count in found.items())
        yield wrong(
            f"balance: does not add up ({counts})", "Keep a copy of the database and the logs, then look closer."
        )
    else:
        yield fine("balance: what was received is what ended somewhere and what waits")


# -- outward -----------------------------------------------------------------------------------------------


def mail_out() -> Iterator[Finding]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield fine("mail out: kept and shown to staff" if settings.DEMO else f"mail out: {settings.EMAIL_BACKEND}")
        return
    try:
        server = get_connection(timeout=SMTP_SECONDS)
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(
            f"mail out: {settings.EMAIL_HOST}:{settings.EMAIL_PORT} refuses ({type(error).__name__})",
            "Put EMAIL_URL right: without it nobody gets a code or a reminder.",
        )
    else:
        yield fine(f"mail out: {settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes our mail")


def django_checks() -> Iterator[Finding]:
    found = checks.run_checks(include_deployment_checks=settings.PRODUCTION)
    for message in found:
        if not message.is_silenced():
            yield wrong(f"{message.id}: {message.msg}", message.hint or "See Django's documentation of this check.")
    if not found:
        yield fine("settings: Django's checks and ours find nothing")


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    versions,
    disk,
    clock,
    secrets_kept,
    message_catalogues,
    database,
    cache_of_limits,
    storage,
    broker,
    reader_process,
    names,
    inbox_domain_in_the_dns,
    door,
    lmtp,
    mailboxes,
    posted_mail,
    worker,
    waiting_mail,
    alarms_that_ring,
    backups,
    mail_out,
    django_checks,
)
