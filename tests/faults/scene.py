"""Mails that clients hand over while something is wrong, what they heard, and what became of the mails."""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random

from tests.faults import checker, kills
from tests.faults.history import History
from tests.faults.house import OWNERS, House
from tests.faults.mails import Mail, workload
from tests.processes import until

PAUSE = 20.0  # seconds without any mail settled: then what waits, waits for more than its turn


class Scene:
    """`count` mails to the doors of `house`; nothing is sent before `send`.

    start  of the complaints' numbers: every scene of one house has its own
    """

    def __init__(self, house: House, count: int, start: int) -> None:
        self.house, self.start = house, start
        self.load: list[Mail] = workload(count, OWNERS[: len(house.inboxes)], Random(start), start)
        self.history = History()
        self._left = list(self.load)
        self._before = {row.pk for row in house.tables()[0]}
        self._clients = kills.clients_of(house, self.history, start)

    def send(self, count: int | None = None, first: Sequence[Mail] = ()) -> None:
        """Hand over the next `count` mails (all that are left unless said); `first` are of another's making."""
        share = self._left if count is None else self._left[:count]
        self._left = self._left[len(share) :]
        self.load += first
        self._clients.release([*first, *share])

    def answered(self, seconds: float) -> bool:
        """Has every mail that was sent heard a yes, within so many seconds?"""
        return self._clients.wait(seconds)

    def settled(self, seconds: float) -> bool:
        """Does nothing wait any more, within so many seconds?"""
        return kills.settle(self.house, seconds)

    def accepted(self, count: int, seconds: float = 20) -> bool:
        return until(lambda: len(self.history.accepted()) >= count, seconds)

    def replies(self, since: float, until: float) -> set[str]:
        """What clients heard that began after `since` and heard it before `until`."""
        return {one.reply for one in self.history.attempts if one.began >= since and one.ended <= until}

    def rows(self) -> list[checker.Row]:
        return [row for row in self.house.tables()[0] if row.pk not in self._before]

    def broken(self, calm: float, within: float = 60, drift: float = 0) -> str:
        """Once all is taken and settled `within` seconds after `calm`, or not: the promises broken, in words; "".

        drift  seconds by which the clock that says when a mail was settled may be wrong
        """
        try:
            left = calm + within - time.time()
            if not self.answered(max(left, 1)):
                return f"clients still wait for a yes, hearing {self.replies(calm, time.time())}"
            self.settled(max(calm + within - time.time(), 1))
        finally:
            self._clients.stop()
        run = kills.Run("scene", self.start, len(self.load))
        kills.reckon(self.house, run, self.load, self.history, calm, self._before, within + drift, PAUSE)
        return run.report
