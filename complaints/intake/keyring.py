"""Keys of signatures, asked of the DNS: one resolver, few questions, little time, and every record kept as it came.

Asked by the worker while no transaction is open, never by the reader, which has no network. DNS_RESOLVER names the
resolver (host:port); unset it is the system's; `off` asks nobody.
"""

from __future__ import annotations

import hashlib
import logging
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

import dns.exception
import dns.flags
import dns.name
import dns.rdatatype
import dns.resolver
from django.conf import settings

from complaints.intake.provenance import Answer, Key, Keys, organisation
from complaints.models import Signature, SigningKey

log = logging.getLogger(__name__)

OFF = "off"
MOST_NAMES = 10  # that one mail may have looked up
SECONDS = 5.0  # for all of them together
ONE_TRY = 2.0  # seconds until a question is asked again, of the next server
LARGEST_RECORD = 4_096
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)  # that a record counts as fresh, whatever its TTL
FORGET_AFTER = 60.0  # seconds that "none" and "no answer" are remembered, in this process alone
REMEMBERED = 2_000
KEPT = timedelta(days=30)  # a record that proves nothing


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came of it."""

    key: Key
    resolver: str = ""
    authenticated: bool = False
    ttl: timedelta = SHORTEST


_without_key: dict[str, tuple[float, Key]] = {}  # asked a moment ago, in vain
_lock = threading.Lock()


def asks() -> bool:
    """Whether this installation looks keys up at all."""
    return bool(settings.DNS_RESOLVER != OFF)


def fetch(names: Iterable[str], now: datetime) -> dict[str, Key]:
    """The keys under `names`: those that were fetched lately, else asked now and kept. Never raises for a name.

    At most MOST_NAMES, in SECONDS altogether; what was not asked in time is SILENT.
    """
    wanted = list(dict.fromkeys(names))[:MOST_NAMES]
    if not wanted:
        return {}
    if not asks():
        return {name: Key(name, Answer.NOT_ASKED) for name in wanted}
    keys = _fresh(wanted, now)
    end = time.monotonic() + SECONDS
    for name in wanted:
        if name in keys:
            continue
        if known := _remembered(name) or _remembered(_zone(name)):
            keys[name] = Key(name, known.key.answer)
            continue
        asked = ask(name, end - time.monotonic())
        keys[name] = asked.key
        if asked.key.answer is Answer.FOUND:
            _keep(asked, now)
        else:
            _remember(asked.key)
            if asked.key.answer is Answer.SILENT:  # whoever runs those names answers for none: a mail may name many
                _remember(Key(_zone(name), Answer.SILENT))
    return keys


def _zone(name: str) -> str:
    """The domain that whoever answers for `name` registered."""
    domain = name.partition("._domainkey.")[2]
    return organisation(domain) or domain


def look_up(names: Iterable[str]) -> Keys:
    """The keys under `names`, asked here and now, with no table: for `parse_mail --dns`."""
    end = time.monotonic() + SECONDS
    return {
        name: (_remembered(name) or ask(name, end - time.monotonic())).key
        for name in list(dict.fromkeys(names))[:MOST_NAMES]
    }


def row_of(key: Key | None) -> SigningKey | None:
    """The kept record that `key` was answered with."""
    if key is None or key.answer is not Answer.FOUND:
        return None
    return SigningKey.objects.filter(name=key.name, digest=_digest(key.record)).first()


# -- the DNS -------------------------------------------------------------------------------------------------------


def ask(name: str, seconds: float = SECONDS) -> Asked:
    """One question to the resolver."""
    if not asks():
        return Asked(Key(name, Answer.NOT_ASKED))
    if seconds <= 0:
        return Asked(Key(name, Answer.SILENT))
    try:
        resolver = resolver_of_ours()
        found = resolver.resolve(dns.name.from_text(name), dns.rdatatype.TXT, lifetime=seconds, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.NameTooLong):
        return Asked(Key(name, Answer.NONE))
    except (dns.exception.DNSException, OSError) as error:
        log.info("no answer from the DNS: %s", type(error).__name__)
        return Asked(Key(name, Answer.SILENT))
    records = [b"".join(one.strings) for one in found]
    ours = [record for record in records if len(records) == 1 or record.lstrip().lower().startswith(b"v=dkim1")]
    if len(ours) != 1 or len(ours[0]) > LARGEST_RECORD:  # several: nobody says which one counts (RFC 6376 3.6.2.2)
        return Asked(Key(name, Answer.NONE))
    return Asked(
        key=Key(name, Answer.FOUND, ours[0]),
        resolver=str(getattr(found, "nameserver", "") or "")[:64],
        authenticated=bool(found.response.flags & dns.flags.AD),
        ttl=timedelta(seconds=found.rrset.ttl if found.rrset else 0),
    )


def resolver_of_ours() -> dns.resolver.Resolver:
    """The one that DNS_RESOLVER names, else the system's. Raises dns.exception.DNSException or OSError without one."""
    if isinstance(settings.DNS_RESOLVER, str):
        resolver = dns.resolver.Resolver()
    else:
        host, port = settings.DNS_RESOLVER
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [_address_of(host)]
        resolver.port = port
    resolver.timeout = ONE_TRY
    resolver.use_edns(0, dns.flags.DO, 1232)
    return resolver


def _address_of(host: str) -> str:
    """The address of the resolver, which a closed network may know by name; the system's own look-up finds it."""
    try:
        return str(ip_address(host))
    except ValueError:
        return str(socket.getaddrinfo(host, None)[0][4][0])


# -- remembering ---------------------------------------------------------------------------------------------------


def _digest(record: bytes) -> str:
    return hashlib.sha256(record).hexdigest()


def _fresh(names: list[str], now: datetime) -> dict[str, Key]:
    """The newest fresh record under each name."""
    rows = SigningKey.objects.filter(name__in=names, fresh_until__gt=now).order_by("seen_at", "pk")
    return {row.name: Key(row.name, Answer.FOUND, bytes(row.record)) for row in rows}


def _keep(asked: Asked, now: datetime) -> None:
    key = asked.key
    seen = {
        "seen_at": now,
        "fresh_until": now + min(max(asked.ttl, SHORTEST), LONGEST),
        "resolver": asked.resolver,
        "authenticated": asked.authenticated,
    }
    SigningKey.objects.update_or_create(
        name=key.name,
        digest=_digest(key.record),
        defaults=seen,
        create_defaults=seen | {"record": key.record, "fetched_at": now},
    )


def forget_unused(now: datetime) -> int:
    """Delete the records that no checked signature rests on and that nobody saw for KEPT. Returns how many."""
    old = SigningKey.objects.filter(seen_at__lte=now - KEPT)
    deleted, _rows = old.exclude(pk__in=Signature.objects.filter(key__isnull=False).values("key")).delete()
    return deleted


def _remembered(name: str) -> Asked | None:
    until, key = _without_key.get(name, (0.0, None))
    return Asked(key) if key and time.monotonic() < until else None


def _remember(key: Key) -> None:
    if key.answer is Answer.NOT_ASKED:
        return
    with _lock:
        if len(_without_key) >= REMEMBERED:
            _without_key.clear()
        _without_key[key.name] = (time.monotonic() + FORGET_AFTER, key)


def forget() -> None:
    """What was asked in vain may be asked again at once."""
    with _lock:
        _without_key.clear()
