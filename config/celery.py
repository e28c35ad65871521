"""The Celery application: queues are hints, rows are jobs (complaints/tasks.py)."""

from __future__ import annotations

import logging
import os

from celery import Celery

from config.logs import WithoutWords
from config.pulse import Pulse
from config.ticker import Ticker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("suji")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Threads: reading is done by processes of its own, so a worker is one process, and nothing forks beside threads.
app.conf.worker_pool = "threads"
app.conf.worker_consumer = "config.consumer:Consumer"
# Static, reviewed, versioned. Who rings matters not: beat, or each worker's own ticker (config/ticker.py).
app.conf.beat_schedule = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in (
        ("sweep", "complaints.tasks.sweep", 5.0),
        ("sweep-copies", "evidence.tasks.sweep_copies", 30.0),
        ("look-around", "complaints.tasks.look_around", 5.0),
        ("count-balance", "complaints.tasks.count_balance", 600.0),  # the job itself knows: once an hour
        ("purge", "complaints.tasks.purge", 600.0),
        ("leave", "complaints.tasks.leave", 60.0),
        ("last-calls", "complaints.tasks.last_calls", 600.0),
        ("tell-sources", "complaints.tasks.tell_sources", 60.0),
        ("remind", "complaints.tasks.remind", 15.0),  # once a minute, at once again while more wait
        ("poll-imap", "complaints.tasks.poll_imap", 5.0),  # the job itself knows: every IMAP_SECONDS
        ("index-texts", "complaints.tasks.index_texts", 5.0),
        ("move-large", "complaints.tasks.move_large", 60.0),  # once an hour, sooner while more wait
        ("look-after-exhibits", "complaints.tasks.look_after_exhibits", 600.0),  # the job itself knows: once an hour
    )
}
app.autodiscover_tasks()
app.steps["worker"].add(Pulse)
app.steps["worker"].add(Ticker)
# A task that fails prints its exception otherwise, and a database's exceptions quote the row.
logging.getLogger("celery.app.trace").addFilter(WithoutWords())
