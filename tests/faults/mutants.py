"""A product broken on purpose, one way at a time: whoever looks for broken promises has to find them.

`late` alone breaks nothing: it is what the others are measured by.

An app that only SUJI_FAULTS_MUTANT installs (altered.py); the product itself knows nothing of it.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from typing import Any

from django.apps import AppConfig


class Mutant(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        MUTANTS[os.environ["SUJI_FAULTS_MUTANT"]]()


def early_yes() -> None:
    """The door says yes, and keeps the mail right after."""
    from complaints import door

    kept = door.Handler.keep
    later: list[Any] = []

    async def keep(self: Any, raw: bytes, envelope: Any, peer: str) -> tuple[str, tuple[int, ...]]:
        work = kept(self, raw, envelope, peer)
        asyncio.get_running_loop().call_later(0.5, lambda: later.append(asyncio.ensure_future(work)))
        return door.KEPT, ()

    door.Handler.keep = keep  # type: ignore[method-assign]


def no_sweep() -> None:
    """What lost its ring is looked for by nobody."""
    from complaints import sweep

    sweep.sweep = lambda: 0


LATE = 9.0  # seconds: the lease is over, and a sweep, every five, has rung for what nobody holds


def late() -> None:
    """A worker stands still, longer than its lease, between reading and filing; once for each mail."""
    from complaints import sweep
    from complaints.intake import line

    filed, seen = line.file, set()

    def file(mail_pk: int, *about: Any) -> str:
        if mail_pk not in seen:
            seen.add(mail_pk)
            time.sleep(LATE)
        return filed(mail_pk, *about)

    line.file = file
    line.LEASE = timedelta(seconds=1)
    sweep.PATIENCE = timedelta(seconds=0.5)


def no_second_look() -> None:
    """And files what it read then without asking whether it still holds the mail."""
    from complaints.intake import line
    from complaints.models import IncomingMail

    late()
    line.held_by = lambda mail_pk, _lease: IncomingMail.objects.select_related("owner").filter(pk=mail_pk).first()


MUTANTS = {mutant.__name__: mutant for mutant in (early_yes, no_sweep, late, no_second_look)}
