"""`manage.py serve` as a person types it: up, looked after, and gone without a trace."""

from __future__ import annotations

import contextlib
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import serve
from tests.processes import alive, command_of, family, until
from tests.stack.containers import a_database
from tools.stack import ROOT, Stack, answers, free_ports, running

pytestmark = pytest.mark.stack

MEI = "mei@example.com"


def children(stack: Stack, words: str) -> set[int]:
    """The processes below `serve` whose command line has these words."""
    return {pid for pid, command in family(stack.process.pid).items() if words in command}


def kill(stack: Stack, words: str) -> None:
    """Kill what has these words, and wait until `serve` started another."""
    old = children(stack, words)
    assert old, words
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: children(stack, words) - old, 20), f"{words} was not started again"


def notice(number: int, words: str = "投诉已受理") -> bytes:
    return (
        f"From: {MEI}\r\nSubject: =?utf-8?b?5oqV6K+J?= {number}\r\nMessage-ID: <{number}@example.com>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        f"您好，您的{words}，投诉编号：20261122{number:06d}，请等待商家处理。\r\n"
    ).encode()


def send(stack: Stack, inbox: str, *mails: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", stack.smtp_port, timeout=10) as door:
        for mail in mails:
            assert door.sendmail(MEI, [inbox], mail) == {}


def outcomes(stack: Stack) -> Counter[str]:
    return Counter(mail["outcome"] for mail in stack.tell(MEI)["mails"])


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(demo=False) as one:
        yield one


def serve_again(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "serve"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


# -- up ------------------------------------------------------------------------------------------------------


def test_a_mail_sent_to_the_door_is_filed_and_again_changes_nothing(stack: Stack) -> None:
    _login, inbox = stack.add_user(MEI)
    send(stack, inbox, notice(1))
    assert until(lambda: outcomes(stack)["filed"], 60)  # how soon, bench/page.py measures
    told = stack.tell(MEI)
    assert told["counts"]["filed"] == 1
    assert told["cases"][0]["stage"] == "acknowledged"
    send(stack, inbox, notice(1))
    again = stack.tell(MEI)
    assert again["cases"] == told["cases"]
    assert again["counts"]["repeats"] == 1


def test_it_keeps_its_data_to_itself(stack: Stack) -> None:
    for file in ("suji.sqlite3", "secret_key", "logs/worker.log", "logs/door.log", "broker.sock"):
        assert stack.data_dir.joinpath(file).exists(), file
    assert stack.data_dir.joinpath("broker.sock").stat().st_mode & 0o077 == 0


def test_no_log_has_a_mails_words_or_an_address_in_it(stack: Stack) -> None:
    _login, inbox = stack.add_user(MEI)
    send(stack, inbox, notice(2), b"\xff\x00 secretword \r\n")
    assert until(lambda: not outcomes(stack)["waiting"], 20)
    text = "".join(file.read_text(errors="replace") for file in stack.data_dir.joinpath("logs").iterdir())
    for word in ("secretword", "受理", inbox.partition("@")[0], MEI):
        assert word not in text


def test_a_second_one_on_the_same_data_says_so(stack: Stack) -> None:
    web, smtp = free_ports(2)
    second = serve_again(DATA_DIR=str(stack.data_dir), PORT=str(web), SMTP_PORT=str(smtp))
    assert second.returncode == 1
    assert "Suji runs already" in second.stderr
    assert "Traceback" not in second.stderr
    assert answers(f"{stack.url}/readyz")


@pytest.mark.parametrize("name", ["PORT", "SMTP_PORT"])
def test_a_taken_port_is_a_sentence_that_names_the_variable(name: str, tmp_path: Path) -> None:
    ports = dict(zip(("PORT", "SMTP_PORT"), map(str, free_ports(2)), strict=True))
    with socket.create_server(("127.0.0.1", int(ports[name]))):
        said = serve_again(DATA_DIR=str(tmp_path), **ports)
    assert said.returncode == 1
    assert f"{name}=" in said.stderr
    assert "Traceback" not in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_database_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    web, smtp = free_ports(2)
    said = serve_again(
        DATA_DIR=str(tmp_path), PORT=str(web), SMTP_PORT=str(smtp), DATABASE_URL="postgres://nobody@127.0.0.1:1/none"
    )
    assert said.returncode == 1
    assert "database" in said.stderr
    assert "Traceback" not in said.stderr


def test_the_lock_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    with serve.alone_in(tmp_path), pytest.raises(serve.CannotServe), serve.alone_in(tmp_path):
        pass
    with serve.alone_in(tmp_path):
        pass


def test_a_deep_data_folder_gets_its_socket_elsewhere(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / ("deep" * 30)
    with serve.socket_folder() as folder:
        assert len(os.fsencode(folder / "broker.sock")) < 107
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
    settings.DATA_DIR = Path("/short")
    with serve.socket_folder() as folder:
        assert folder == Path("/short")


# -- looked after ---------------------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(stack: Stack) -> None:
    _login, inbox = stack.add_user(MEI)
    before = stack.tell(MEI)["counts"]["received"]
    for batch in range(3):
        send(stack, inbox, *(notice(100 + batch * 10 + number) for number in range(10)))
        kill(stack, "celery")
    assert until(lambda: not outcomes(stack)["waiting"], 60), outcomes(stack)
    told = stack.tell(MEI)
    assert told["counts"]["received"] == before + 30
    numbers = Counter(case["case_no"] for case in told["cases"] if case["case_no"])
    wanted = {f"20261122{100 + batch * 10 + number:06d}" for batch in range(3) for number in range(10)}
    assert wanted <= set(numbers)
    assert set(numbers.values()) == {1}
    assert all(len(case["events"]) == 1 for case in told["cases"] if case["case_no"] in wanted)


def test_what_ends_is_started_again(stack: Stack) -> None:
    _login, inbox = stack.add_user(MEI)
    send(stack, inbox, *(notice(210 + number) for number in range(5)))
    for words in ("valkey-server", "manage.py receive", "granian"):  # with the broker go the rings it held
        kill(stack, words)
    assert until(lambda: answers(f"{stack.url}/readyz") and serve.answers(stack.smtp_port), 30)
    send(stack, inbox, notice(200))
    assert until(lambda: not outcomes(stack)["waiting"], 30)


def test_a_reader_killed_while_it_reads_costs_one_attempt_at_most(stack: Stack) -> None:
    _login, inbox = stack.add_user(MEI)
    send(stack, inbox, *(notice(300 + number) for number in range(8)))
    for pid, command in family(stack.process.pid).items():
        if "reader_process" in command:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    assert until(lambda: not outcomes(stack)["waiting"], 40)
    assert outcomes(stack)["quarantined"] == 0


# -- gone -----------------------------------------------------------------------------------------------------


def test_it_stops_within_ten_seconds_and_leaves_nobody() -> None:
    with running(demo=False) as stack:
        _login, inbox = stack.add_user(MEI)
        send(stack, inbox, notice(1))
        assert until(lambda: outcomes(stack)["filed"], 10)
        pids = set(family(stack.process.pid))
        assert len(pids) >= 6  # broker, door, web and its worker, worker, a reader
        began = time.monotonic()
        stack.process.send_signal(signal.SIGINT)  # `running` ends all others with SIGTERM
        assert stack.process.wait(12) == 0
        assert time.monotonic() - began < 10
        assert until(lambda: not alive(pids), 2), [command_of(pid) for pid in alive(pids)]
        assert not serve.answers(stack.smtp_port)


def test_killed_itself_it_takes_everybody_along() -> None:
    with running(demo=False) as stack:
        pids = set(family(stack.process.pid))
        stack.process.kill()
        stack.process.wait(5)
        assert until(lambda: not alive(pids), 15), [command_of(pid) for pid in alive(pids)]


# -- other surroundings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "memory://"])
def test_with_a_broker_that_is_never_there_and_with_none_the_table_is_drained(broker: str) -> None:
    environment = {"REDIS_URL": broker} if broker != "memory://" else {"SUJI_BROKER": "none"}
    with running(demo=False, **environment) as stack:
        assert not any("valkey" in command for command in family(stack.process.pid).values())
        _login, inbox = stack.add_user(MEI)
        began = time.monotonic()
        send(stack, inbox, *(notice(number) for number in range(5)))
        assert time.monotonic() - began < 5  # the yes does not wait for a bell
        assert until(lambda: outcomes(stack)["filed"] == 5, 30), outcomes(stack)


@pytest.mark.postgres
def test_it_runs_on_the_database_it_is_told() -> None:
    with a_database() as url, running(demo=False, DATABASE_URL=url) as stack:
        _login, inbox = stack.add_user(MEI)
        send(stack, inbox, notice(1))
        assert until(lambda: outcomes(stack)["filed"] == 1, 20)
        assert not stack.data_dir.joinpath("suji.sqlite3").exists()
