"""A log says where it failed, and nothing of what somebody wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from accounts import trail
from complaints.intake import line, reader
from complaints.models import IncomingMail
from config.logs import Json, Line, WithoutWords
from tests import make

SECRET = "您的投诉编号 TS-SECRET-77"


def fails(request: object) -> None:
    raise ValueError(SECRET)


urlpatterns = [path("fails/", login_not_required(fails))]
handler500 = "config.views.server_error"


def record_of(name: str, **extra: object) -> logging.LogRecord:
    try:
        fails(None)
    except ValueError as error:
        record = logging.LogRecord(name, logging.ERROR, "", 1, "doing %s", ("it",), (ValueError, error, None))
        record.__dict__.update(extra)
        return record
    raise AssertionError


@pytest.mark.parametrize("name", ["django.request", "celery.app.trace", "complaints.tasks"])
def test_an_exception_is_named_by_class_and_place(name: str) -> None:
    record = record_of(name, data={"name": "complaints.tasks.sweep"})
    assert WithoutWords().filter(record)
    said = logging.Formatter("%(message)s").format(record)
    assert "ValueError at " in said
    assert SECRET not in said


@override_settings(ROOT_URLCONF="tests.config.test_logs")
def test_a_page_that_fails_logs_its_address_and_no_words() -> None:
    handler = next(handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler)
    said = io.StringIO()
    before = handler.setStream(said)
    try:
        Client(raise_request_exception=False).get("/fails/")
    finally:
        handler.setStream(before)
    assert "Internal Server Error: /fails/ ValueError at tests/config/test_logs.py" in said.getvalue()
    assert SECRET not in said.getvalue()


# -- what a line is about --------------------------------------------------------------------------------


def logged(formatter: str, work: Callable[[], object]) -> str:
    """What the root's handler prints during `work`, in that format."""
    handler = next(handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler)
    said, before = io.StringIO(), handler.formatter
    stream = handler.setStream(said)
    handler.setFormatter({"json": Json(), "line": Line("%(levelname)s %(message)s")}[formatter])
    try:
        work()
    finally:
        handler.setStream(stream)
        handler.setFormatter(before)
    return said.getvalue()


@override_settings(ROOT_URLCONF="tests.config.test_logs")
def test_the_page_of_an_error_names_the_request_that_the_log_names() -> None:
    client = Client(raise_request_exception=False)
    pages = []
    (line,) = logged("json", lambda: pages.append(client.get("/fails/"))).splitlines()
    said = json.loads(line)
    assert said["request"] == pages[0]["X-Request-ID"]
    assert f"<code>{said['request']}</code>" in pages[0].content.decode()
    assert (said["level"], said["logger"]) == ("ERROR", "django.request")
    assert datetime.fromisoformat(said["at"]).tzinfo is not None
    assert SECRET not in line


@pytest.mark.django_db
def test_lines_of_a_mail_name_it_and_none_of_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = make.a_mail(subject=SECRET, sender="secret@example.com", raw=make.raw_mail(SECRET, SECRET, SECRET))

    def dies(raw: bytes) -> NoReturn:
        raise reader.ReaderDied(raw.decode())

    def does_not_fit(*_args: object) -> NoReturn:
        raise ValueError(SECRET)

    monkeypatch.setattr(reader, "read", dies)
    for _attempt in range(line.ATTEMPTS - 1):
        IncomingMail.objects.update(due_at=timezone.now())
        line.run(mail.pk)
    monkeypatch.undo()
    monkeypatch.setattr(line, "file", does_not_fit)
    try:
        said = logged("json", lambda: line.run(mail.pk))
    finally:
        reader.end_all()
    assert [json.loads(one)["mail"] for one in said.splitlines()] == [str(mail.pk)] * 2
    assert mail.public_id in said  # it went into quarantine
    assert "secret" not in said.lower()
    assert "投诉" not in said


def test_a_line_for_people_ends_with_what_it_is_about() -> None:
    def work() -> None:
        with trail.about(request="r1"), trail.about(mail=7):
            logging.getLogger("complaints").warning("it waits")
        logging.getLogger("complaints").warning("nobody's")

    assert logged("line", work).splitlines() == ["WARNING it waits request=r1 mail=7", "WARNING nobody's"]
