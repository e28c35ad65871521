"""A worker that is told to end: it finishes the mails it holds, or gives them back before it is ended."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.db import DatabaseError, connection

from complaints.intake import line

log = logging.getLogger(__name__)

GIVE_BACK_SECONDS = 4.0  # after SIGTERM; `serve` ends its children after 7


def give_back_in_time(**_about: Any) -> None:
    """Celery's signal: SIGTERM came, and the worker waits for what it has begun."""
    timer = threading.Timer(GIVE_BACK_SECONDS, give_back)
    timer.daemon = True  # who is done sooner does not wait for it
    timer.start()


def give_back() -> None:
    """What is not done now is another's; a database that is away leaves it to the lease."""
    try:
        if given := line.give_back():
            log.warning("%s mails given back: they took longer than this worker had", given)
    except DatabaseError as error:
        log.error("mails could not be given back (%s): they are free when their lease is over", type(error).__name__)
    finally:
        connection.close()
