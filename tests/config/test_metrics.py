"""The figures: for whom, and that they say what is so, whichever process is asked."""

from __future__ import annotations

import shutil
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts import limits
from accounts.limits import Refusal
from complaints import balance, operations
from complaints.models import Alarm, Heartbeat, LedgerCount, PeriodicJob
from complaints.models.mail import Outcome
from tests import make

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-enough-signs"


def asked(**headers: str) -> Any:
    return Client().get("/metrics", headers=headers)


def figures() -> dict[tuple[str, ...], float]:
    """Name and labels → value, as a monitor reads them."""
    response = asked(authorization=f"Bearer {TOKEN}")
    assert response.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


@pytest.fixture
def _token(settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN


def test_unless_a_token_or_a_network_is_named_there_is_no_such_page() -> None:
    assert asked(authorization="Bearer ").status_code == 404
    assert asked().status_code == 404


@pytest.mark.usefixtures("_token")
def test_only_who_brings_the_whole_token_reads_them() -> None:
    assert asked(authorization=f"Bearer {TOKEN}").status_code == 200
    for wrong in ("", TOKEN, f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", f"Bearer {TOKEN}x"):
        assert asked(authorization=wrong).status_code == 404


@pytest.mark.parametrize(
    ("proxies", "forwarded", "is_let_in"),
    [
        (0, "", True),  # a monitor beside us
        (0, "10.1.2.3", False),  # somebody calls himself so
        (1, "10.1.2.3", True),  # our proxy saw it
        (1, "203.0.113.9", False),  # our proxy, which stands in the network, saw a stranger
        (1, "10.1.2.3, 203.0.113.9", False),  # who called himself so
        (2, "203.0.113.9", False),
        (1, "nonsense", False),
    ],
)
def test_by_address_counts_who_the_proxy_saw(
    settings: LazySettings, proxies: int, forwarded: str, is_let_in: bool
) -> None:
    settings.METRICS_PEERS = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert (asked(**headers).status_code == 200) is is_let_in


@pytest.mark.usefixtures("_token")
def test_they_say_what_came_what_waits_and_what_is_wrong() -> None:
    now = timezone.now()
    make.a_mail(at=now - timedelta(minutes=2))
    make.a_mail(outcome=Outcome.FILED, at=now, door="lmtp")
    make.a_mail(outcome=Outcome.QUARANTINED, reason="reader_died", at=now)
    balance.reconcile(now)
    limits.refuse(Refusal.DISK, now)
    limits.write_down(at_once=True)
    Alarm.objects.create(name="missing", count=3, since=now, seen_at=now)
    Heartbeat.objects.create(name="mail@here", started_at=now, seen_at=now)
    PeriodicJob.objects.create(name="sweep", ran_at=now)
    said = figures()
    assert said["suji_mails_accepted_total", "smtp"] == 2
    assert said["suji_mails_accepted_total", "lmtp"] == 1
    assert said["suji_door_last_mail_timestamp_seconds", "lmtp"] == pytest.approx(now.timestamp())
    assert said["suji_mails", "smtp", "quarantined"] == 1
    assert said["suji_mails_counted_timestamp_seconds",] == pytest.approx(now.timestamp())
    assert said["suji_waiting_mails",] == 1
    assert 120 <= said["suji_waiting_oldest_age_seconds",] < 180
    assert 120 <= said["suji_queue_age_seconds",] < 180
    assert said["suji_quarantined_mails",] == 1
    assert said["suji_refusals_total", "disk_full"] == 1
    assert said["suji_alarm", "missing"] == 3
    assert said["suji_alarm", "stuck"] == 0
    assert said["suji_worker_seen_timestamp_seconds", "mail@here"] == pytest.approx(now.timestamp())
    assert said["suji_job_ran_timestamp_seconds", "sweep"] == pytest.approx(now.timestamp())
    assert said["suji_reminders_overdue",] == said["suji_damaged_files",] == 0
    assert said["suji_broker_up",] == 1
    assert said["suji_disk_free_bytes",] == pytest.approx(shutil.disk_usage("/tmp").free, rel=0.2)


@pytest.mark.usefixtures("_token")
def test_a_counter_goes_on_where_another_process_left_it() -> None:
    make.a_mail()
    assert figures()["suji_mails_accepted_total", "smtp"] == 1
    LedgerCount.objects.create(name="accepted", door="smtp", slot=7, count=41)  # another door's slot
    assert figures()["suji_mails_accepted_total", "smtp"] == 42


@pytest.mark.usefixtures("_token")
def test_a_broker_that_is_away_is_a_figure_and_no_error(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "rings", lambda: None)
    assert figures()["suji_broker_up",] == 0


@pytest.mark.usefixtures("_token")
def test_they_count_no_big_table_and_cost_the_same_however_many_mails_there_are() -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        figures()
    for _number in range(5):
        make.a_mail(outcome=Outcome.FILED)
    with CaptureQueriesContext(connection) as many:
        figures()
    assert len(many) == len(few) <= 14
    asked_of_mails = [query["sql"] for query in many if 'FROM "complaints_incomingmail"' in query["sql"]]
    assert asked_of_mails
    for sql in asked_of_mails:
        assert "'waiting'" in sql or "'quarantined'" in sql or "'late'" in sql, sql
