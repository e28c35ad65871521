"""kill -9 by chance, under load, and the reckoning afterwards."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.faults import checker
from tests.faults.clients import Clients
from tests.faults.history import History
from tests.faults.house import OWNERS, House
from tests.faults.mails import Mail, workload

LIMIT = 120.0  # seconds within which all is settled once the last fault is over
OTHER = 0.5  # as many kills of a door, the broker, the database, or beat as this a worker
PAUSE = 45.0  # seconds without any mail settled, longer than a lease: what waits then, waits for more than its turn
SECOND = 1 / 3  # of the kills are followed by another while it recovers
TO_HIT = 45.0  # seconds to wait for a worker that holds a lease: one that was killed has to come up first


@dataclass
class Run:
    """One run of one house."""

    mode: str
    seed: int
    mails: int
    kills: Counter[str] = field(default_factory=Counter)
    hits: int = 0  # of those, workers that held a lease
    broken: list[checker.Broken] = field(default_factory=list)
    report: str = ""
    seconds: float = 0.0
    settled_in: float = 0.0  # seconds from the last fault, or the yes, to the settling of the slowest mail
    queue: float = 0.0  # of these, seconds until those that only waited for their turn were through
    lost_leases: int = 0
    again: int = 0  # yes to bytes that were here before

    @property
    def figures(self) -> dict[str, Any]:
        how = Counter(one.how for one in self.broken)
        return {
            "mode": self.mode,
            "seed": self.seed,
            "mails": self.mails,
            "kills": sum(self.kills.values()),
            "killed": dict(sorted(self.kills.items())),
            "holders_killed": self.hits,
            "lost": how["lost"],
            "doubled": how["doubled"],
            "stuck": how["stuck"],
            "otherwise_broken": len(self.broken) - how["lost"] - how["doubled"] - how["stuck"],
            "repeats": self.again,
            "lost_leases": self.lost_leases,
            "slowest_s": round(self.settled_in, 1),
            "queue_s": round(self.queue, 1),
            "seconds": round(self.seconds, 1),
        }


def clients_of(house: House, history: History, seed: int) -> Clients:
    """Clients of the doors of `house`; each mail comes from the mailbox of its first inbox's owner."""
    return Clients(lambda: house.ports, house.inboxes, lambda mail: OWNERS[mail.inboxes[0]], history, seed)


def storm(house: House, mode: str, seed: int, mails: int, holders: int, start: int = 0) -> Run:
    """Send `mails` while processes of `house` are killed, `holders` times a worker with a lease in its hands.

    start  of the complaints' numbers (mails.workload)
    """
    run = Run(mode, seed, mails)
    chance = Random(seed)
    load = workload(mails, OWNERS[: len(house.inboxes)], chance, start)
    before = {row.pk for row in house.tables()[0]}
    history = History(file=house.folder / f"history-{seed}.jsonl")
    began = time.time()
    house.keeper.start(seed)
    clients = clients_of(house, history, seed)
    try:
        left = list(load)
        orphans: set[str] = set()
        for turn in range(holders):
            share = len(left) // (holders - turn)
            clients.release(left[:share])
            del left[:share]
            time.sleep(chance.uniform(0.0, 0.25))  # somewhere in the burst
            if chance.random() < OTHER:
                _kill(house, run, chance.choice([name for name in house.services if not name.startswith("worker")]))
            _kill_a_holder(house, run, chance, orphans)
            if chance.random() < SECOND:
                time.sleep(chance.uniform(0.1, 1.5))
                _kill(house, run, chance.choice(list(house.services)))
            time.sleep(chance.uniform(0.0, 0.3))
        clients.release(left)
        calm = time.time()
        answered = clients.wait(LIMIT)
        settle(house, LIMIT)
    finally:
        clients.stop()
        house.keeper.stop()
    for name in house.services:  # what was killed last and not started again
        if not house.runs(name):
            house.services[name].start()
    run.seconds = time.time() - began
    reckon(house, run, load, history, calm, before)
    if not answered:
        run.report += "\nclients still waited for a yes"
    return run


def settle(house: House, seconds: float) -> bool:
    """Until nothing waits; False when for `seconds` nothing more was settled."""
    end, least = time.monotonic() + seconds, None
    while (waiting := house.waiting()) != 0:
        if waiting is not None and (least is None or waiting < least):
            end, least = time.monotonic() + seconds, waiting
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def busy_until(rows: Sequence[checker.Row], calm: float, pause: float = PAUSE) -> float:
    """Until when after `calm` the queue moved without such a pause, in seconds: a slow machine is not a stuck mail."""
    until = calm
    for settled in sorted(row.settled for row in rows if row.settled and row.settled > calm):
        if settled > until + pause:
            break
        until = settled
    return until


def reckon(
    house: House,
    run: Run,
    load: Sequence[Mail],
    history: History,
    calm: float,
    before: set[int],
    limit: float = LIMIT,
    pause: float = PAUSE,
) -> None:
    """Judge what the clients saw by what is in the tables; rows of `before` are not of this run."""
    rows, told = house.tables()
    rows = [row for row in rows if row.pk not in before]
    mine = {row.pk for row in rows}
    told = [one for one in told if one.mail is None or one.mail in mine]
    run.queue = busy_until(rows, calm, pause) - calm
    run.broken = checker.judge(load, history, house.locals, rows, told, limit, calm + run.queue)
    run.lost_leases = sum(row.lost_leases for row in rows)
    run.again = sum(row.repeats for row in rows)
    accepted = {mail.sha256: history.accepted().get(mail.key, calm) for mail in load}
    run.settled_in = max(
        (row.settled - max(calm, accepted.get(row.sha256, calm)) for row in rows if row.settled), default=0.0
    )
    if run.broken:
        again = f"make faults LONG=1 MODE={run.mode} SEED={run.seed} MAILS={run.mails} (history: {history.file})"
        run.report = checker.told_of(run.broken, rows, again)


def _kill(house: House, run: Run, name: str) -> None:
    if house.runs(name):
        house.kill(name)
        run.kills[name.rstrip("12")] += 1


def _kill_a_holder(house: House, run: Run, chance: Random, orphans: set[str]) -> None:
    """Kill a worker while it holds a lease; what then still is held, and nobody settles, was in its hands."""
    end = time.monotonic() + TO_HIT
    while time.monotonic() < end:
        workers = [name for name in house.services if name.startswith("worker") and house.runs(name)]
        if workers and (seen := set(house.held()) - orphans):
            victim = chance.choice(workers)
            _kill(house, run, victim)
            if len(workers) > 1:
                time.sleep(0.7)  # whoever lives settles what it holds meanwhile
            if hit := seen & set(house.held()):
                orphans |= hit
                run.hits += 1
                return
        time.sleep(0.003)
