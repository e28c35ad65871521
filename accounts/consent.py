"""Which text a person agreed to: the privacy page names its version, and signing up stores it with the time."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

from django.template.loader import get_template

from accounts.models import User

TEXT = "privacy.html"  # its message ids are the text; translations follow it


@cache
def version() -> str:
    """The version of today's text: twelve signs that change with every word of it. History keeps the older ones."""
    origin = get_template(TEXT).origin  # type: ignore[attr-defined]  # every template of ours is a file
    return hashlib.sha256(Path(origin.name).read_bytes()).hexdigest()[:12]


def agree(user: User, now: datetime) -> None:
    """`user` ticked the box under today's text."""
    user.consented_at, user.consented_to = now, version()
    user.save(update_fields=["consented_at", "consented_to"])
