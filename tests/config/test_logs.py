"""A log says where it failed, and nothing of what somebody wrote."""

from __future__ import annotations

import io
import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client, override_settings
from django.urls import path

from config.logs import WithoutWords

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
