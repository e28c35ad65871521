"""The schedule without a broker: every worker of the mail queue runs the periodic jobs by itself as well, every worker
of the sending queue those that talk to mail servers.

So a broker that is away, empty or full stops nothing. Beat rings for the same jobs; each of them takes a
lease in the database, and runs once.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery import bootsteps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, close_old_connections, connection

from complaints import bell
from complaints.durability import durability_problem
from config.checks import refuse_to_start

log = logging.getLogger(__name__)

TICK = 1.0  # seconds between two looks at what is due
WITHOUT_BROKER = 0.25  # then the look at the table is what mail waits for
EVERY_TICK = {"complaints.tasks.sweep", "evidence.tasks.sweep_copies"}
# Talk to mail servers, which may be slow: a thread of their own.
SENDS = {"complaints.tasks.remind", "complaints.tasks.last_calls", "complaints.tasks.poll_imap"}
SENDING = "out"  # the queue of those
# Talk to the file storage, which may be far away and hang: mail must not wait for it.
STORES = {
    "complaints.tasks.look_after_exhibits",
    "complaints.tasks.move_large",
    "complaints.tasks.purge",
    "complaints.tasks.leave",
    "evidence.tasks.sweep_copies",
}


class Ticker(bootsteps.StartStopStep):
    """Threads beside the worker's pool: two where it takes mail, one where it sends; none where pictures alone."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, parent: Any) -> None:
        refuse_to_start()
        if problem := durability_problem():
            raise ImproperlyConfigured(problem)
        connection.close()
        scheduled = {entry["task"] for entry in parent.app.conf.beat_schedule.values()}
        taken = parent.app.amqp.queues.consume_from
        mail = settings.CELERY_TASK_DEFAULT_QUEUE
        for queue, name, names in (
            (mail, "mail", scheduled - SENDS - STORES),
            (mail, "files", scheduled & STORES),
            (SENDING, "out", scheduled & SENDS),
        ):
            if queue in taken:
                thread = threading.Thread(target=self._run, args=(parent.app, names), name=f"ticker-{name}")
                thread.daemon = True
                self._threads.append(thread)
                thread.start()

    def stop(self, parent: Any) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5)

    terminate = stop

    def _run(self, app: Any, names: set[str]) -> None:
        has_broker = bell.has_broker()
        pause = TICK if has_broker else WITHOUT_BROKER
        due = dict.fromkeys(sorted(names), 0.0)
        every = {entry["task"]: float(entry["schedule"]) for entry in app.conf.beat_schedule.values()}
        while not self._stop.wait(pause):
            for name in due:
                is_due = time.monotonic() >= due[name] or (name in EVERY_TICK and not has_broker)
                if is_due and not self._stop.is_set():
                    due[name] = time.monotonic() + every[name]
                    run(app, name)


def run(app: Any, name: str) -> None:
    """Run the task `name` here; whatever it fails with, the next turn comes."""
    try:
        result = app.tasks[name].apply()
        if result.failed():
            log.error("%s failed: %s", name, type(result.result).__name__)
            connection.close()
        elif not settings.IS_SQLITE:
            close_old_connections()
    except DatabaseError as error:
        log.error("%s failed: %s", name, type(error).__name__)
