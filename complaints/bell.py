"""The doorbell: tell a worker that a mail waits. Rung after the yes, in the background, bounded.

A ring may get lost (broker gone, queue full, process killed): the row is the job, and the sweep
(complaints/sweep.py) finds what nobody was told of. So `ring` never waits and never fails.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Iterable

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

TASK = "complaints.tasks.run_line"  # by name: doors need not load the line
ROOM = 10_000  # rings that may wait; more are the sweep's
SILENCE = 5.0  # seconds without trying after a ring failed: a broker that is away is not asked for every mail


class Bell:
    """One thread that rings, started when first needed."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[int] = queue.Queue(ROOM)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._silent_until = 0.0

    def ring(self, mail_pk: int) -> bool:
        """Leave a ring for the thread; False when there was no room, which is no harm."""
        try:
            self._waiting.put_nowait(mail_pk)
        except queue.Full:
            return False
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()
        return True

    def wait(self, seconds: float) -> bool:
        """Until all is rung, at most `seconds`; for commands that end at once. True when nothing waits."""
        end = time.monotonic() + seconds
        while self._waiting.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)
        return not self._waiting.unfinished_tasks

    def _run(self) -> None:
        while True:
            mail_pk = self._waiting.get()
            try:
                if time.monotonic() >= self._silent_until:
                    current_app.send_task(TASK, (mail_pk,), retry=False)
            except (OperationalError, RedisError, OSError) as error:
                self._silent_until = time.monotonic() + SILENCE
                log.warning("the broker did not take a ring (%s); the sweep will", type(error).__name__)
            finally:
                self._waiting.task_done()


_bell = Bell()


def _new_bell() -> None:
    """After a fork: the thread stayed with the parent."""
    global _bell
    _bell = Bell()


os.register_at_fork(after_in_child=_new_bell)


def has_broker() -> bool:
    """Is there a broker at all? Without one the worker looks at the table by itself."""
    return not settings.CELERY_BROKER_URL.startswith("memory:")


def ring(mail_pks: Iterable[int]) -> None:
    """Tell a worker that these mails wait. Returns at once, whatever the broker does."""
    if not has_broker():
        return
    for mail_pk in mail_pks:
        _bell.ring(mail_pk)


def ring_now(mail_pks: Iterable[int]) -> bool:
    """Ring for these mails here and now, for who can wait; False when the broker did not take them all."""
    try:
        for mail_pk in mail_pks:
            current_app.send_task(TASK, (mail_pk,), retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("the broker did not take a ring (%s)", type(error).__name__)
        return False
    return True


def wait(seconds: float = 2.0) -> bool:
    """Until what was left is rung; for a command that ends right after. False when time ran out first."""
    return _bell.wait(seconds)
