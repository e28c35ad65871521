"""What the clients saw: every try to hand over a mail, its answer, and when. Nothing of it is from our own tables."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

YES = "250"


@dataclass(frozen=True)
class Attempt:
    """One try of one client."""

    mail: str  # Mail.key
    number: int  # from 1
    began: float  # seconds since the epoch
    ended: float
    reply: str  # "250", "451", or the name of what went wrong

    @property
    def is_yes(self) -> bool:
        return self.reply == YES


@dataclass
class History:
    """All tries of all clients, in the order in which they ended; in a file as well, if it is told one."""

    attempts: list[Attempt] = field(default_factory=list)
    file: Path | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, attempt: Attempt) -> None:
        with self._lock:
            self.attempts.append(attempt)
            if self.file:
                with self.file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(asdict(attempt)) + "\n")

    def by_mail(self) -> dict[str, list[Attempt]]:
        with self._lock:
            attempts = list(self.attempts)
        found: dict[str, list[Attempt]] = defaultdict(list)
        for attempt in attempts:
            found[attempt.mail].append(attempt)
        return found

    def accepted(self) -> dict[str, float]:
        """When each mail heard its first yes."""
        return {
            mail: min(one.ended for one in tries if one.is_yes)
            for mail, tries in self.by_mail().items()
            if any(one.is_yes for one in tries)
        }

    def first_yes_after(self, moment: float) -> float | None:
        """When the first yes was heard after `moment`, in seconds after it."""
        later = [one.ended for one in self.attempts if one.is_yes and one.ended >= moment]
        return min(later) - moment if later else None

    def slowest_yes(self, since: float = 0.0) -> float:
        """Seconds that the slowest yes took, from connecting on."""
        return max((one.ended - one.began for one in self.attempts if one.is_yes and one.began >= since), default=0.0)


def now() -> float:
    return time.time()
