"""What SUJI_ENV=production must not run with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from config.checks import production, refuse_to_start
from config.ticker import Ticker


@pytest.fixture
def _sound(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    settings.SITE_URL = "https://suji.example"
    settings.ALLOWED_HOSTS = ["suji.example"]
    settings.INBOX_DOMAIN = "in.suji.example"
    settings.SECRET_KEY = "0123456789abcdefghijklmnopqrstuvwxyz" * 2
    settings.REDIS_URL = "redis://suji:word@redis:6379/0"


def ids() -> list[str]:
    return [message.id for message in production(None)]


@pytest.mark.usefixtures("_sound")
def test_a_sound_production_passes() -> None:
    assert ids() == []


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("INBOX_DOMAIN", "suji.example", "suji.E002"),
        ("SITE_URL", "http://suji.example", "suji.E003"),
        ("ALLOWED_HOSTS", ["*"], "suji.E004"),
        ("SECRET_KEY", "short", "suji.E005"),
        ("SECRET_KEY", "x" * 80, "suji.E005"),
        ("DEBUG", True, "suji.E006"),
        ("REDIS_URL", "redis://redis:6379/0", "suji.W001"),
    ],
)
def test_each_insecure_value_is_named_with_what_to_do(
    settings: LazySettings, name: str, value: object, wanted: str
) -> None:
    setattr(settings, name, value)
    assert ids() == [wanted]


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize("url", ["unix:///run/valkey.sock", "redis://127.0.0.1:6379/0"])
def test_a_broker_that_only_this_machine_reaches_needs_no_password(settings: LazySettings, url: str) -> None:
    settings.REDIS_URL = url
    assert ids() == []


def test_the_embedded_mode_is_not_held_to_it(settings: LazySettings) -> None:
    settings.SECRET_KEY = "short"
    assert ids() == []


@pytest.mark.usefixtures("_sound")
def test_a_worker_starts_with_a_warning_and_not_with_an_error(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://redis:6379/0"
    refuse_to_start()
    settings.SECRET_KEY = "short"
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is shorter"):
        Ticker(None).start(None)


def test_the_pages_do_not_start_with_a_short_secret_and_everything_wrong_is_named(
    settings: LazySettings, tmp_path: Path
) -> None:
    said = {
        "PATH": os.environ["PATH"],
        "SUJI_ENV": "production",
        "SECRET_KEY": "changeme",
        "SITE_URL": "http://suji.example",
        "INBOX_DOMAIN": "suji.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/suji.sqlite3",
        "REDIS_URL": "redis://redis:6379/0",
        "EMAIL_URL": "smtp://mail.example",
        "DEFAULT_FROM_EMAIL": "suji@suji.example",
        "DATA_DIR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env=said,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    for wrong in ("SECRET_KEY is shorter", "SITE_URL does not begin", "INBOX_DOMAIN is the site's own"):
        assert wrong in done.stderr
    assert "changeme" not in done.stderr


@pytest.mark.django_db
def test_all_checks_pass_as_shipped() -> None:
    call_command("check", fail_level="WARNING", databases=["default"])
