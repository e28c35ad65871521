"""When this installation was last backed up: a row, so that `doctor` and the figures can tell."""

from __future__ import annotations

from datetime import datetime

from complaints.models import PeriodicJob

NAME = "backup"


def note(now: datetime) -> None:
    """A backup was made, by hand or by a timer of the machine."""
    PeriodicJob.objects.update_or_create(name=NAME, defaults={"ran_at": now, "due_at": now, "running_until": None})


def at() -> datetime | None:
    return PeriodicJob.objects.filter(name=NAME).values_list("ran_at", flat=True).first()
