"""The worker of `serve`, on its private broker: ended with a mail in its hands."""

from __future__ import annotations

import signal
import smtplib
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.processes import alive, family, tell, until
from tests.stack.mails import FROM, notice, story
from tools.stack import Stack, running

pytestmark = pytest.mark.stack


def rows(stack: Stack, question: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{stack.data_dir}/suji.sqlite3?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(question)]


def waiting(stack: Stack) -> list[dict[str, Any]]:
    return rows(stack, "SELECT * FROM complaints_incomingmail WHERE outcome = 'waiting'")


def send(stack: Stack, inbox: str, *mails: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", stack.smtp_port, timeout=10) as door:
        for mail in mails:
            assert door.sendmail(FROM, [inbox], mail) == {}


def processes(stack: Stack, words: str) -> set[int]:
    return {pid for pid, command in family(stack.process.pid).items() if words in command}


def test_ended_with_mails_in_its_hands_it_loses_none_and_files_none_twice() -> None:
    with running(demo=False) as stack:
        _login, inbox = stack.add_user(FROM)
        send(stack, inbox, notice(1))
        assert until(lambda: rows(stack, "SELECT 1 FROM complaints_incomingmail WHERE outcome = 'filed'"), 10)
        readers, workers = processes(stack, "reader_process"), processes(stack, "celery")
        tell(readers, signal.SIGSTOP)  # a mail that takes its time
        send(stack, inbox, *(notice(number) for number in range(2, 12)))
        assert until(lambda: any(mail["lease"] for mail in waiting(stack)), 5)
        tell(workers, signal.SIGKILL)
        assert until(lambda: not alive(workers), 5)
        held = [mail["id"] for mail in waiting(stack) if mail["lease"]]
        assert held
        assert until(lambda: not alive(readers), 10), "serve left a reader of the worker that ended"
        assert until(lambda: len(waiting(stack)) <= len(held), 20), "the others need not wait for a lease"
        assert until(lambda: not waiting(stack), 50), waiting(stack)
        mails = rows(stack, "SELECT id, outcome, attempts, lost_leases FROM complaints_incomingmail")
        assert [mail["outcome"] for mail in mails] == ["filed"] * 11
        assert {mail["id"]: mail["lost_leases"] for mail in mails if mail["lost_leases"]} == dict.fromkeys(held, 1)
        assert not any(mail["attempts"] for mail in mails)
        assert rows(stack, "SELECT mail_id FROM complaints_notice GROUP BY mail_id HAVING count(*) <> 1") == []
        assert story(stack.manage, FROM) == {f"20261122{number:04d}": ["acknowledges"] for number in range(1, 12)}
        assert stack.tell(FROM)["counts"]["received"] == 11
