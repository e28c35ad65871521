"""A sign of life of a Celery worker: a file in DATA_DIR/pulse that its main loop touches, and a row for all to see.

Remote control is off (a stranger on the broker could steer workers through it), so `celery inspect ping`
has nobody to ask; tools/healthy.py looks at the file's age instead. Pages and figures of other machines look at the
row: a thread writes it while the file is fresh, so that a database which hangs holds up no main loop.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import bootsteps
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

log = logging.getLogger(__name__)

SECONDS = 10  # between two touches
ROW_SECONDS = 20.0  # between two writings of the row


def pulse_file(nodename: str) -> Path:
    """Where the worker called `nodename` (mail@host) shows that it lives."""
    return Path(settings.DATA_DIR) / "pulse" / nodename.replace("/", "_")


class Pulse(bootsteps.StartStopStep):
    """Touch the worker's file every SECONDS, write its row every ROW_SECONDS; take both away when the worker stops."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.entry: Any = None
        self._stop = threading.Event()
        self._writer: threading.Thread | None = None

    def start(self, parent: Any) -> None:
        file = pulse_file(parent.hostname)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch()
        self.entry = parent.timer.call_repeatedly(SECONDS, file.touch)
        self._writer = threading.Thread(target=self._write, args=(parent.hostname, file), name="pulse", daemon=True)
        self._writer.start()

    def stop(self, parent: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()
            self.entry = None
        self._stop.set()
        if self._writer:
            self._writer.join(timeout=5)
        pulse_file(parent.hostname).unlink(missing_ok=True)

    def _write(self, name: str, file: Path) -> None:
        started = timezone.now()
        while True:
            if _is_fresh(file):
                _tried(lambda: beat(name, started))
            if self._stop.wait(ROW_SECONDS):
                _tried(lambda: still(name))
                return


def beat(name: str, started_at: datetime) -> None:
    """The worker `name` lives."""
    seen = {"seen_at": timezone.now(), "started_at": started_at}
    rows().update_or_create(name=name[:200], defaults=seen)


def still(name: str) -> None:
    """It stopped as it should: nobody need miss it."""
    rows().filter(name=name[:200]).delete()


def rows() -> Any:
    """The table of heartbeats; models are there once a worker runs, not yet when this module is loaded."""
    return apps.get_model("complaints", "Heartbeat")._default_manager


def _is_fresh(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime < 3 * SECONDS
    except FileNotFoundError:
        return False


def _tried(write: Callable[[], None]) -> None:
    try:
        write()
    except DatabaseError as error:
        log.warning("a sign of life was not written: %s", type(error).__name__)
    finally:
        connection.close()
