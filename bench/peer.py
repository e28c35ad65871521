"""django-helpdesk on the same mails: in a virtual environment of its own, made for one run and thrown away.

What is asked of it is its own `process_email` over a queue that is a folder of mails, as its documentation sets one
up: it parses each mail, opens a ticket or finds the one it belongs to, adds a follow-up and its files, and deletes the
mail. SQLite, WAL, synchronous=FULL, as for the line. Its answers and its log are left out (no template, no mail is
sent): all this is in its favour. `read.py --helpdesk` lets it take turns with the line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

PACKAGE = "django-helpdesk"
PATIENCE = 300  # seconds for the installation
APPS = (
    *("admin", "auth", "contenttypes", "humanize", "messages", "sessions", "sites"),
    *("rest_framework", "helpdesk"),
)


urlpatterns: list[Any] = []  # of the child


class NotInstalled(RuntimeError):
    """The package could not be had here; says why."""


class HelpDesk:
    """The other help desk, in a process of its own under `folder`. Raises NotInstalled."""

    def __init__(self, folder: Path) -> None:
        self._mails = folder / "mails"
        self._mails.mkdir(parents=True)
        there = folder / "environment"
        venv.create(there, with_pip=True, symlinks=True)
        python = there / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
        try:
            done = subprocess.run(install, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise NotInstalled(f"{PACKAGE} was not there after {PATIENCE} s") from error
        if done.returncode:
            raise NotInstalled((done.stderr.strip().splitlines() or ["pip failed"])[-1])
        self._child = subprocess.Popen(
            [str(python), __file__, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.version = str(self._hear()["version"])
        self.seconds = self.processor = 0.0
        self.mails = self.tickets = 0
        self._number = 0

    def __enter__(self) -> HelpDesk:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._child.kill()
        self._child.wait()

    def warm(self, raw: bytes) -> None:
        """One mail that does not count: caches, connections."""
        self.take([raw])
        self.seconds = self.processor = 0.0
        self.mails = self.tickets = 0

    def take(self, raws: Sequence[bytes]) -> None:
        """Lay `raws` into its folder and let it process them; its own seconds and processor time are added up."""
        assert self._child.stdin
        for raw in raws:
            self._number += 1
            (self._mails / f"{self._number:07}.eml").write_bytes(raw)
        self._child.stdin.write("go\n")
        self._child.stdin.flush()
        said = self._hear()
        self.seconds += said["seconds"]
        self.processor += said["processor"]
        self.tickets += said["tickets"]
        self.mails += len(raws)
        for left in self._mails.iterdir():  # what it would not take
            left.unlink()

    def _hear(self) -> dict[str, Any]:
        assert self._child.stdout
        line = self._child.stdout.readline()
        if not line:
            raise NotInstalled(f"{PACKAGE} ended with {self._child.wait()}")
        return dict(json.loads(line))


def serve(folder: Path) -> None:
    """Runs in the other environment: process the folder of mails for each line that comes, tell what it took."""
    import logging
    import time
    from importlib.metadata import version

    import django
    from django.conf import settings

    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "helpdesk.sqlite3"),
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
    }
    names = [name if name in ("rest_framework", "helpdesk") else f"django.contrib.{name}" for name in APPS]
    settings.configure(
        SECRET_KEY="x",
        USE_TZ=True,
        SITE_ID=1,
        DATABASES={"default": database},
        INSTALLED_APPS=names,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        MEDIA_ROOT=str(folder / "media"),
        ROOT_URLCONF=__name__,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        HELPDESK_TEAMS_MODE_ENABLED=False,
        LOGGING_CONFIG=None,
    )
    django.setup()
    logging.disable(logging.CRITICAL)
    from django.core.management import call_command
    from django.urls import include, path
    from helpdesk.email import process_email
    from helpdesk.models import EmailTemplate, FollowUp, Queue

    call_command("migrate", verbosity=0)
    urlpatterns.append(path("", include("helpdesk.urls")))  # each ticket is given its address
    EmailTemplate.objects.all().delete()
    Queue.objects.create(
        title="bench",
        slug="bench",
        email_address="bench@example.com",
        allow_email_submission=True,
        email_box_type="local",
        email_box_local_dir=str(folder / "mails"),
        email_box_interval=0,
        logging_type="none",
    )
    print(json.dumps({"version": version(PACKAGE)}), flush=True)
    for _line in sys.stdin:
        before = FollowUp.objects.count()
        wall, own = time.perf_counter(), time.process_time()
        process_email(quiet=True)
        seconds, processor = time.perf_counter() - wall, time.process_time() - own
        taken = FollowUp.objects.count() - before
        print(json.dumps({"seconds": seconds, "processor": processor, "tickets": taken}), flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
