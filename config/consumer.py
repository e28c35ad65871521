"""How a worker waits for a broker that is away: for ever, and showing that it lives.

Celery gives up after a hundred tries, and its main loop, timers and all, stands still between them. The mails are
read from the table meanwhile (config/ticker.py): whoever looks after the worker must not take it for dead and end it.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from celery.worker.consumer import Consumer as CelerysConsumer
from celery.worker.state import maybe_shutdown
from redis.exceptions import ResponseError

from config.pulse import pulse_file

log = logging.getLogger(__name__)

UNWILLING = 5  # seconds between two tries of a broker that takes nothing


class Consumer(CelerysConsumer):
    """Celery's, with its own patience, and silent among its kind."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options, without_heartbeat=True, without_gossip=True, without_mingle=True)

    def ensure_connected(self, connection: Any) -> Any:
        """`connection` once it is one; until then try again, after 2 to 30 seconds.

        raises  WorkerShutdown when the worker is told to end meanwhile
        """
        connected = connection.ensure_connection(_say, max_retries=None, callback=self._while_away)
        # What was rung for and not heard is the sweep's; kombu would write it to a file when the broker is gone.
        connected.default_channel.do_restore = False
        self.first_connection_attempt = False
        return connected

    def on_connection_error_after_connected(self, error: Exception) -> None:
        """A broker that answers and takes nothing (it is full, or only to be read) is asked again after a while."""
        super().on_connection_error_after_connected(error)
        if isinstance(error, ResponseError):
            _say(error, UNWILLING)
            for _second in range(UNWILLING):
                self._while_away()
                time.sleep(1)

    def _while_away(self) -> None:
        """Once a second."""
        maybe_shutdown()
        pulse_file(self.hostname).touch()


def _say(error: Exception, seconds: float) -> None:
    log.warning("the broker is away (%s); trying again in %.0f s", type(error).__name__, seconds)
