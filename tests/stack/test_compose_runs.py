"""docker-compose.yml in motion: its own commands and health checks, on PostgreSQL, its own Redis, and an S3.

The order is that of a day: all come up, a mail comes, a worker dies, the broker dies, all go down.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import smtplib
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.rows import dict_row

from tests import names
from tests.processes import alive, tell, until
from tests.sealing import record_of, rsa_key, sealed
from tests.stack.containers import OURS, Containers, composed
from tests.stack.mails import notice, story, whole

pytestmark = [pytest.mark.stack, pytest.mark.postgres]

MEI = "mei@example.com"
METRICS_TOKEN = "figures-for-the-monitor"

# What the page for exhibits does with a file that somebody hands in.
HAND_IN = """
import io
from PIL import Image
from complaints import exhibits
from complaints.models import Case
from evidence import tasks
file = io.BytesIO()
Image.new("RGB", (1200, 900), "#5cc4c0").save(file, "JPEG")
shown = exhibits.hand_in(Case.objects.get(), file, "吊牌.jpg")
tasks.ring([shown.exhibit.pk])
"""
FETCH = """
from PIL import Image
from django.core.files.storage import default_storage
from evidence.models import Exhibit
exhibit = Exhibit.objects.get()
for key in (exhibit.copy_file, exhibit.thumbnail_file):
    with default_storage.open(key) as file:
        print("SIZE", Image.open(file).width)
"""


@pytest.fixture(scope="module")
def dns() -> Iterator[names.Names]:
    """The keys of Mei's mailbox, and of nobody else."""
    with names.serving() as server:
        server.records["s1._domainkey.example.com"] = record_of(rsa_key())
        yield server


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, dns: names.Names) -> Iterator[Containers]:
    said = {"DNS_RESOLVER": f"127.0.0.1:{dns.port}", "METRICS_TOKEN": METRICS_TOKEN}
    with composed(tmp_path_factory.mktemp("compose"), **said) as containers:
        yield containers


@pytest.fixture(scope="module")
def inbox(stack: Containers) -> str:
    return stack.add_user(MEI)[1]


def send(stack: Containers, inbox: str, *mails: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", stack.door_port, timeout=10) as door:
        for mail in mails:
            assert door.sendmail(MEI, [inbox], mail) == {}


def rows(stack: Containers, question: str) -> list[dict[str, Any]]:
    with psycopg.connect(stack.database, row_factory=dict_row) as connection:
        return connection.execute(question).fetchall()


def waiting(stack: Containers) -> list[dict[str, Any]]:
    return rows(stack, "SELECT * FROM complaints_incomingmail WHERE outcome = 'waiting'")


def page(stack: Containers, path: str, **more: str) -> tuple[int, str]:
    """Status and text of a page, asked for as the proxy in front does, with `more` headers."""
    site = urlsplit(stack.dotenv["SITE_URL"])
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", stack.web_port, timeout=10)) as web:
        web.request("GET", path, headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme} | more)
        answer = web.getresponse()
        return answer.status, answer.read().decode()


# -- up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["redis", *OURS])
def test_every_service_says_by_its_own_check_that_it_is_healthy(stack: Containers, name: str) -> None:
    service = stack.redis if name == "redis" else stack.ours[name]
    health = service.ask_health()
    assert health.returncode == 0, health.stderr
    assert "Traceback" not in service.said


def test_the_bucket_is_there_and_making_it_again_says_so(stack: Containers) -> None:
    assert "is made" in stack.ours["migrate"].said
    assert "is there" in stack.manage("make_bucket")


def test_the_pages_come_with_their_looks(stack: Containers) -> None:
    status, text = page(stack, "/")
    assert status == 200
    style = text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert style.startswith("/static/")
    assert page(stack, style)[0] == 200


# -- a mail --------------------------------------------------------------------------------------------------


def test_a_mail_goes_in_by_the_door_and_waits_for_its_owner_in_the_database(stack: Containers, inbox: str) -> None:
    send(stack, inbox, notice(1))
    assert until(lambda: not waiting(stack), 5)
    (mail,) = rows(stack, "SELECT outcome, reason, attempts, lost_leases, door FROM complaints_incomingmail")
    # production believes no loopback client: the notice proposes
    assert mail == {
        "outcome": "review",
        "reason": "unproven_route",
        "attempts": 0,
        "lost_leases": 0,
        "door": "smtp",
    }
    assert story(stack.manage, MEI) == {"202611220001": ["acknowledges"]}


# -- a picture -----------------------------------------------------------------------------------------------


def test_a_picture_that_is_handed_in_is_made_ready_by_its_worker_in_the_object_store(stack: Containers) -> None:
    stack.manage("shell", "-v", "0", "-c", HAND_IN)
    assert until(lambda: rows(stack, "SELECT copy FROM evidence_exhibit") == [{"copy": "ready"}], 20)
    widths = [line.split()[1] for line in stack.manage("shell", "-v", "0", "-c", FETCH).splitlines() if "SIZE" in line]
    assert len(widths) == 2
    assert 0 < int(widths[1]) < int(widths[0]) <= 1200
    assert "0 faults" in stack.manage("verify")


def test_the_figures_know_every_worker_whichever_process_answers(stack: Containers) -> None:
    assert page(stack, "/metrics")[0] == 404
    answers = [page(stack, "/metrics", Authorization=f"Bearer {METRICS_TOKEN}") for _turn in range(6)]
    for status, text in answers:  # of two processes
        assert status == 200
        seen = re.findall(r'suji_worker_seen_timestamp_seconds\{worker="(\w+)@', text)
        assert sorted(seen) == ["images", "mail", "ocr", "out"]
        assert 'suji_mails_accepted_total{door="smtp"} 1.0' in text
        assert "suji_broker_up 1.0" in text


# -- a worker dies -------------------------------------------------------------------------------------------


def test_a_worker_killed_with_a_mail_in_its_hands_loses_nothing_and_doubles_nothing(
    stack: Containers, inbox: str
) -> None:
    worker = stack.ours["worker-mail"]
    readers = [pid for pid, command in worker.left.items() if "reader_process" in command]
    assert readers
    tell(readers, signal.SIGSTOP)  # a mail that takes its time
    before = rows(stack, "SELECT count(*) FROM complaints_incomingmail")[0]["count"]
    send(stack, inbox, *(notice(number) for number in range(10, 18)))
    assert until(lambda: any(mail["lease"] for mail in waiting(stack)), 5)
    worker.kill()
    held = [mail["id"] for mail in waiting(stack) if mail["lease"]]
    assert held
    tell(readers, signal.SIGCONT)
    assert until(lambda: not alive(readers), 5), "a reader outlives its worker"
    worker.start()
    assert until(lambda: not waiting(stack), 50), waiting(stack)
    mails = rows(stack, "SELECT id, outcome, attempts, lost_leases FROM complaints_incomingmail ORDER BY id")
    assert len(mails) == before + 8
    assert {mail["outcome"] for mail in mails} == {"review"}
    assert {mail["id"]: mail["lost_leases"] for mail in mails if mail["lost_leases"]} == dict.fromkeys(held, 1)
    assert not any(mail["attempts"] for mail in mails)
    assert rows(stack, "SELECT mail_id FROM complaints_notice GROUP BY mail_id HAVING count(*) <> 1") == []
    told = story(stack.manage, MEI)
    assert {number: told[number] for number in told if number >= "202611220010"} == {
        f"20261122{number:04d}": ["acknowledges"] for number in range(10, 18)
    }
    stack.wait_for(worker)


# -- the broker dies -----------------------------------------------------------------------------------------


def test_mails_are_settled_while_the_broker_is_gone_and_when_it_is_back(stack: Containers) -> None:
    """It goes while the worker has both hands full: what it then cannot answer for must not keep it from listening."""
    _login, inbox = stack.add_user("hua@example.com")
    before = rows(stack, "SELECT count(*) FROM complaints_incomingmail")[0]["count"]
    send(stack, inbox, *(notice(number) for number in range(20, 30)))
    assert until(lambda: not waiting(stack), 20)
    readers = [pid for pid, command in stack.ours["worker-mail"].left.items() if "reader_process" in command]
    assert len(readers) == 2
    tell(readers, signal.SIGSTOP)
    send(stack, inbox, *(notice(number) for number in range(30, 33)))
    assert until(lambda: sum(bool(mail["lease"]) for mail in waiting(stack)) == 2, 5)
    stack.redis.kill()
    tell(readers, signal.SIGCONT)
    began = time.monotonic()
    send(stack, inbox, *(notice(number) for number in range(33, 38)))
    assert time.monotonic() - began < 5  # the yes does not wait for a bell
    assert until(lambda: not waiting(stack), 25), waiting(stack)
    time.sleep(max(0.0, began + 16 - time.monotonic()))
    for name in ("worker-mail", "worker-images"):  # they read from the table or have nothing to do: they are not dead
        (pulse,) = (stack.folder / name / "pulse").iterdir()
        assert time.time() - pulse.stat().st_mtime < 14, name
    stack.redis.start()
    stack.wait_for(stack.redis)
    send(stack, inbox, *(notice(number) for number in range(38, 43)))
    assert until(lambda: not waiting(stack), 25), waiting(stack)
    assert rows(stack, "SELECT count(*) FROM complaints_incomingmail")[0]["count"] == before + 23
    told = story(stack.manage, "hua@example.com")
    assert told == {f"20261122{number:04d}": ["acknowledges"] for number in range(20, 43)}


def test_a_signed_mail_from_a_confirmed_mailbox_moves_its_case_unasked(stack: Containers) -> None:
    hong = "hong@example.com"
    _login, inbox = stack.add_user(hong)
    mails = [whole(number).replace(b"mei@", b"hong@") for number in (60, 61)]
    send(stack, inbox, sealed(mails[0], "example.com"), sealed(mails[1], "example.net"))
    assert until(lambda: not waiting(stack), 20)
    told = json.loads(stack.manage("tell", "--owner", hong))
    stages = {case["case_no"]: case["stage"] for case in told["cases"]}
    assert stages == {"202611220060": "acknowledged", "202611220061": None}


def test_no_log_has_a_mails_words_an_address_or_a_secret_in_it(stack: Containers, inbox: str) -> None:
    send(stack, inbox, notice(50))
    assert until(lambda: not waiting(stack), 10)
    secrets = [stack.dotenv[name] for name in ("SECRET_KEY", "REDIS_PASSWORD", "S3_SECRET_KEY")]
    for service in stack.all:
        for word in (inbox.partition("@")[0], MEI, "受理", "20261122", *secrets):
            assert word not in service.said, f"{service.name} says {word}"
        assert "Traceback" not in service.said, service.name


# -- gone ----------------------------------------------------------------------------------------------------


def test_all_stop_within_their_grace_and_leave_nobody(stack: Containers) -> None:
    assert all(service.left for service in stack.all if service.name != "migrate")
    statuses = stack.down()
    assert statuses == dict.fromkeys(statuses, 0)
    assert not stack.ours["migrate"].left
    assert until(lambda: not any(service.left for service in stack.all), 2), [one.left for one in stack.all]
    for name in ("web", "worker-mail", "worker-images", "door"):
        assert stack.ours[name].ask_health().returncode == 1
