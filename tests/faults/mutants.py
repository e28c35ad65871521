"""A product broken on purpose, one way at a time: whoever looks for broken promises has to find them.

An app that only SUJI_FAULTS_MUTANT installs (altered.py); the product itself knows nothing of it.
"""

from __future__ import annotations

import asyncio
import os
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


MUTANTS = {mutant.__name__: mutant for mutant in (early_yes, no_sweep)}
