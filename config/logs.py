"""What a log may say: ids, classes and places. An error's own words may be somebody's mail."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

from accounts import trail

ROOT = Path(__file__).resolve().parent.parent


class WithoutWords(logging.Filter):
    """Prints of an exception only its class and place. Its own text and values may quote a mail or a row."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            # Celery puts the exception's text into the message itself; others say what they were doing.
            is_celery = record.name.startswith("celery")
            said = record.__dict__.get("data", {}).get("name", "") if is_celery else record.getMessage()
            record.msg, record.args = f"{said} {place_of(error)}".strip(), ()
            record.exc_info = record.exc_text = record.stack_info = None
        return True


def place_of(error: BaseException) -> str:
    """`ValueError at complaints/intake/line.py:60, match.py:12`: the class, and our own lines that led to it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [Path(frame.filename).relative_to(ROOT) for frame in frames if _is_ours(frame.filename)]
    lines = [frame.lineno for frame in frames if _is_ours(frame.filename)]
    places = ", ".join(f"{file}:{line}" for file, line in list(zip(ours, lines, strict=True))[-4:])
    return f"{type(error).__name__} at {places or 'nowhere of ours'}"


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and ".venv" not in path.parts


class Line(logging.Formatter):
    """A line for people; at its end what it is about: request=…, mail=…"""

    def format(self, record: logging.LogRecord) -> str:
        ids = "".join(f" {name}={value}" for name, value in trail.now().items())
        return f"{super().format(record)}{ids}"


class Json(logging.Formatter):
    """A line for machines, one object each: at (UTC), level, logger, said, and what it is about (request, mail)."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "said": super().format(record),
        }
        return json.dumps(said | trail.now(), ensure_ascii=False)
