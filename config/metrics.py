"""The figures of this installation, for Prometheus and whatever reads its text format.

All of them come from the database or the broker (complaints/operations.py), none is kept in a process: each of several
web processes answers the same. Who may read them is named in METRICS_TOKEN or METRICS_PEERS; for all others, and while
neither is set, there is no such page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from complaints import alarms, operations

BEARER = "Bearer "


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text; 404 for whoever may not read them."""
    if not may_read(request):
        raise Http404
    collected = CollectorRegistry()
    collected.register(Figures())
    return HttpResponse(generate_latest(collected), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Whether `request` brings the token, or comes from one of the named networks."""
    said = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and constant_time_compare(said, BEARER + settings.METRICS_TOKEN):
        return True
    return bool(settings.METRICS_PEERS) and any(address_of(request, network) for network in settings.METRICS_PEERS)


def address_of(request: HttpRequest, network: object) -> bool:
    """Whether the request comes from `network`. Behind a proxy of ours that is what the proxy saw, never the proxy."""
    seen = request.META.get("REMOTE_ADDR", "")
    if forwarded := request.headers.get("X-Forwarded-For", ""):
        hops = [hop.strip() for hop in forwarded.split(",")]
        proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        if not 0 < proxies <= len(hops):
            return False  # from a proxy that is none of ours
        seen = hops[-proxies]
    try:
        return ip_address(seen) in network  # type: ignore[operator]  # settings.networks made it
    except ValueError:
        return False


class Figures:
    """One reading of everything. Names end in their unit; times are seconds since 1970."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        yield from self._mails(now)
        yield from self._line(now)
        yield from self._machine(now)

    def _mails(self, now: datetime) -> Iterator[Metric]:
        accepted = CounterMetricFamily("suji_mails_accepted", "Mails that a door said yes to.", labels=["door"])
        last = GaugeMetricFamily("suji_door_last_mail_timestamp_seconds", "When a door last took one.", labels=["door"])
        for door, (count, at) in operations.doors().items():
            accepted.add_metric([door], count)
            last.add_metric([door], at.timestamp())
        yield accepted
        yield last
        counts, counted_at = operations.last_counts()
        mails = GaugeMetricFamily("suji_mails", "Mails by door and outcome, last counted.", labels=["door", "outcome"])
        for (door, outcome), count in sorted(counts.items()):
            mails.add_metric([door, outcome], count)
        yield mails
        if counted_at:
            yield gauge("suji_mails_counted_timestamp_seconds", "When suji_mails was counted.", counted_at.timestamp())
        refused = CounterMetricFamily("suji_refusals", "How often a door said no, by reason.", labels=["reason"])
        for why, count in operations.refusals().items():
            refused.add_metric([why], count)
        yield refused

    def _line(self, now: datetime) -> Iterator[Metric]:
        waiting = operations.waiting()
        yield gauge("suji_waiting_mails", f"Mails not read yet, counted to {operations.MANY}.", waiting.count)
        yield gauge("suji_waiting_oldest_age_seconds", "Age of the mail waiting longest.", age(waiting.oldest_at, now))
        yield gauge("suji_queue_age_seconds", "How long the mail due longest is due.", age(waiting.due_at, now))
        quarantined = operations.some(operations.quarantined())
        yield gauge("suji_quarantined_mails", f"Mails nobody could read, counted to {operations.MANY}.", quarantined)
        rings = operations.rings()
        yield gauge("suji_broker_up", "Whether the broker answers; 1 too where none is used.", int(rings is not None))
        queue = GaugeMetricFamily("suji_queue_rings", "Rings that wait for a worker.", labels=["queue"])
        for name, count in (rings or {}).items():
            queue.add_metric([name], count)
        yield queue
        overdue = operations.overdue_reminders(now)
        yield gauge("suji_reminders_overdue", "Reminders that are late by more than an hour.", overdue)

    def _machine(self, now: datetime) -> Iterator[Metric]:
        rings = {alarm.name: alarm.count for alarm in operations.alarms()}
        alarm = GaugeMetricFamily("suji_alarm", "What the hourly check found wrong; 0 is well.", labels=["name"])
        for name in sorted({*alarms.ALARMS, *rings}):
            alarm.add_metric([name], rings.get(name, 0))
        yield alarm
        seen = GaugeMetricFamily("suji_worker_seen_timestamp_seconds", "A worker's last sign.", labels=["worker"])
        for worker, _is_alive in operations.workers(now):
            seen.add_metric([worker.name], worker.seen_at.timestamp())
        yield seen
        ran = GaugeMetricFamily("suji_job_ran_timestamp_seconds", "When a periodic job last began.", labels=["job"])
        for job in operations.jobs():
            if job.ran_at:
                ran.add_metric([job.name], job.ran_at.timestamp())
        yield ran
        free, total = operations.disk()
        yield gauge("suji_disk_free_bytes", "Free room under DATA_DIR of the process that answers.", free)
        yield gauge("suji_disk_bytes", "All room there.", total)
        yield gauge("suji_damaged_files", "Files of mails that are missing or not whole.", operations.damaged_files())


def gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def age(at: datetime | None, now: datetime) -> float:
    """Seconds since `at`; 0 for nothing, and for what is only due later."""
    return max(0.0, (now - at).total_seconds()) if at else 0.0
