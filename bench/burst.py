"""A burst: so many mails through the SMTP door at once, until every one of them is in its case.

    .venv/bin/python bench/burst.py [--mails 10000] [--workers 1,2] [--modes postgres,sqlite] [--json FILE]

Each run has an installation of its own: PostgreSQL (a database of its own on the server of the tests) with a Redis of
its own and so many workers of two threads, or SQLite with its Valkey child and one worker. Four connections send as
fast as the door takes it. The first half are acknowledgements, each of a new case of one of four people; the second
half are rulings, one to each of those cases. Drained means that no mail waits. Processor time is that of each process
and its readers; of PostgreSQL that of the processes that served this database. Memory is PSS.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg

from bench.accept import Line, processor_time
from bench.page import CHINA, SHOPPER, acknowledgement, forwarded, ruling
from bench.start import pss
from bench.world import create, database_url, drop
from tests.faults.house import OWNERS, House
from tests.processes import family

MAILS, CONNECTIONS = 10_000, 4
MARK = 180.0  # seconds until 10,000 are drained, with PostgreSQL and Redis
FLAT = 1.25  # memory after the burst, as times that after its first tenth
PATIENCE = 900.0
LOOK = 1.0  # seconds between two looks at table and memory; the error of the figures
REST = 20.0  # seconds until memory counts as idle again


def the_mails(house: House, count: int) -> list[tuple[str, str, bytes]]:
    """(envelope sender, inbox, bytes): to each case its acknowledgement, and later on its ruling."""
    written = datetime.now(CHINA) - timedelta(days=3)
    found = []
    for number in range(count):
        case, told = (number, acknowledgement) if number < (count + 1) // 2 else (number - (count + 1) // 2, ruling)
        owner = OWNERS[case % len(OWNERS)]
        raw = forwarded(house.inboxes[case % len(OWNERS)], *told(case), written + timedelta(seconds=number))
        found.append((owner, house.inboxes[case % len(OWNERS)], raw.replace(SHOPPER.encode(), owner.encode())))
    return found


class Door(Line):
    """One connection, each mail from another sender."""

    def hand_over(self, sender: str, inbox: str, raw: bytes) -> None:
        self.say(b"MAIL FROM:<" + sender.encode() + b">", b"250")
        self.say(b"RCPT TO:<" + inbox.encode() + b">", b"250")
        self.say(b"DATA", b"354")
        self.socket.sendall(raw.replace(b"\n", b"\r\n") if b"\r\n" not in raw else raw)
        self.socket.sendall(b"\r\n.\r\n")
        self.hear(b"250")


def send(port: int, mails: list[tuple[str, str, bytes]]) -> None:
    def some(place: int) -> None:
        door = Door(port)
        for mail in mails[place::CONNECTIONS]:
            door.hand_over(*mail)

    threads = [threading.Thread(target=some, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextlib.contextmanager
def installation(mode: str, workers: int) -> Iterator[tuple[House, Callable[[str], list[tuple[Any, ...]]]]]:
    """Everything running, and how to ask its database."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="suji-burst-")))
        environment = {"LIMITS": "off"}
        database: str | Path = folder / "data" / "suji.sqlite3"
        if mode == "postgres":
            name = f"suji_burst_{os.getpid()}"
            create(name)
            stack.callback(drop, name)
            database = environment["DATABASE_URL"] = database_url(name)
        house = House(folder, database, **environment)
        stack.callback(house.down)
        if mode == "postgres":
            house.add_redis()
        else:
            house.add_broker()
        house.up("broker")
        house.prepare(OWNERS)
        house.add_door()
        for number in range(workers):
            house.add_worker(f"worker{number}")
        house.up()
        if mode == "postgres":
            connection = stack.enter_context(psycopg.connect(str(database), autocommit=True))
            yield house, lambda asked: connection.execute(asked).fetchall()  # type: ignore[arg-type]
        else:
            there = stack.enter_context(contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)))
            yield house, lambda asked: there.execute(asked).fetchall()


def memory(house: House) -> dict[str, float]:
    """MB of each of its processes with what it started, PSS."""
    found = {}
    for name, service in house.services.items():
        if service.process:
            found[name] = sum(map(pss, [service.process.pid, *family(service.process.pid)])) / 1024
    return found


def processor(house: House, ask: Callable[[str], list[tuple[Any, ...]]], mode: str) -> dict[str, float]:
    """Seconds of processor used so far, by process."""
    found = {}
    for name, service in house.services.items():
        if service.process:
            pids = [service.process.pid, *family(service.process.pid)]
            found[name] = sum(_used(pid) for pid in pids)
    if mode == "postgres":
        pids = [pid for (pid,) in ask("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")]
        found["database"] = sum(map(_used, pids))
    return found


def _used(pid: int) -> float:
    try:
        return processor_time(pid)
    except OSError:  # it has ended
        return 0.0


def run(mode: str, workers: int, mails: int) -> dict[str, Any]:
    with installation(mode, workers) as (house, ask):
        raws = the_mails(house, mails)
        time.sleep(3)
        before, used = memory(house), processor(house, ask, mode)
        begun = time.perf_counter()
        sender = threading.Thread(target=send, args=(house.ports[0], raws))
        sender.start()
        seen: list[tuple[int, dict[str, float]]] = []  # how many are done, and memory then
        accepted = 0.0
        while True:
            time.sleep(LOOK)
            now = time.perf_counter() - begun
            if not sender.is_alive() and not accepted:
                accepted = now
            ((rows, waiting),) = ask(
                "SELECT count(*), count(*) FILTER (WHERE outcome = 'waiting') FROM complaints_incomingmail"
            )
            seen.append((rows - waiting, memory(house)))
            if (accepted and not waiting) or now > PATIENCE:
                break
        drained = time.perf_counter() - begun
        spent = {name: most - used.get(name, 0.0) for name, most in processor(house, ask, mode).items()}
        outcomes = dict(ask("SELECT outcome, count(*) FROM complaints_incomingmail GROUP BY outcome"))
        ((doubled,),) = ask("SELECT count(*) - count(DISTINCT notice_id) FROM complaints_event")
        ((cases,),) = ask("SELECT count(*) FROM complaints_case")
        time.sleep(REST)
        after = memory(house)
        first = next((told for done, told in seen if done >= mails / 10), before)
        most = {name: max(told.get(name, 0.0) for _done, told in seen) for name in before}
        return {
            "mode": mode,
            "workers": workers,
            "mails": mails,
            "accepted_s": accepted,
            "drained_s": drained,
            "lost": mails - sum(outcomes.values()),
            "doubled": doubled,
            "waiting": outcomes.get("waiting", 0),
            "outcomes": outcomes,
            "cases": cases,
            "processor_ms_a_mail": {name: 1000 * taken / mails for name, taken in spent.items()},
            "memory_mb": {"before": before, "first tenth": first, "most": most, "after": after},
            "load": os.getloadavg()[0],
        }


def sentences(said: dict[str, Any]) -> Iterator[str]:
    mails = said["mails"]
    taken, done = said["accepted_s"], said["drained_s"]
    yield (f"{said['mode']}, {said['workers']} workers: {mails} mails, accepted {mails / taken:.0f} a second "
           f"({taken:.0f} s), all drained after {done:.0f} s ({mails / done:.0f} a second)")  # fmt: skip
    yield (f"  lost {said['lost']}, doubled {said['doubled']}, waiting {said['waiting']}; became {said['outcomes']}, "
           f"{said['cases']} cases")  # fmt: skip
    spent = said["processor_ms_a_mail"]
    yield (f"  processor, ms a mail: {sum(spent.values()):.1f}: "
           + ", ".join(f"{name} {taken:.1f}" for name, taken in spent.items()))  # fmt: skip
    held = said["memory_mb"]
    yield "  MB (PSS) before, at a tenth, at most, at rest: " + "; ".join(
        f"{name} {held['before'][name]:.0f}, {held['first tenth'].get(name, 0):.0f}, {held['most'][name]:.0f}, "
        f"{held['after'].get(name, 0):.0f}"
        for name in held["before"]
    )
    ours = [name for name in held["before"] if name != "broker"]
    is_flat = all(held["after"][name] <= FLAT * held["first tenth"][name] for name in ours)
    is_whole = said["outcomes"] == {"filed": mails} and not said["doubled"]
    yield (f"  each in its case, once: {'met' if is_whole else 'missed'}; "
           f"memory flat: {'met' if is_flat else 'missed'}")  # fmt: skip
    if said["mode"] == "postgres":
        limit = MARK * mails / MAILS
        yield f"  mark ≤ {limit:.0f} s for {mails}: {'met' if said['drained_s'] <= limit else 'missed'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=MAILS, help=f"how many ({MAILS})")
    parser.add_argument("--workers", default="1,2", help="on PostgreSQL: how many, or several by commas (1,2)")
    parser.add_argument("--modes", default="postgres,sqlite", help="postgres, sqlite, or both by a comma (both)")
    parser.add_argument("--json", metavar="FILE", default="", help="write the figures there as well")
    asked = parser.parse_args()
    found = []
    for mode in asked.modes.split(","):
        for workers in map(int, asked.workers.split(",")) if mode == "postgres" else (1,):
            found.append(run(mode, workers, asked.mails))
            print("\n".join(sentences(found[-1])), flush=True)
    if asked.json:
        Path(asked.json).write_text(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
