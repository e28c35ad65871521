"""A sign of life of a Celery worker: a file in DATA_DIR/pulse that its main loop touches.

Remote control is off (a stranger on the broker could steer workers through it), so `celery inspect ping`
has nobody to ask; tools/healthy.py looks at the file's age instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery import bootsteps
from django.conf import settings

SECONDS = 10  # between two touches


def pulse_file(nodename: str) -> Path:
    """Where the worker called `nodename` (mail@host) shows that it lives."""
    return Path(settings.DATA_DIR) / "pulse" / nodename.replace("/", "_")


class Pulse(bootsteps.StartStopStep):
    """Touch the worker's file every SECONDS; take it away when the worker stops."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.entry: Any = None

    def start(self, parent: Any) -> None:
        file = pulse_file(parent.hostname)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch()
        self.entry = parent.timer.call_repeatedly(SECONDS, file.touch)

    def stop(self, parent: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()
            self.entry = None
        pulse_file(parent.hostname).unlink(missing_ok=True)
