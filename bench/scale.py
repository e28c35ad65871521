"""Pages and search over many cases: queries, processor time and waiting, at 1 k, 100 k and 1 M cases on PostgreSQL.

    .venv/bin/python bench/scale.py [--cases 1000,100000] [--rounds 40] [--database NAME,NAME] [--json FILE]

Makes each world (bench/world.py) in a database of its own, asks for the pages in a process of its own, through all of
the middleware, signed in, and drops the databases again; --database asks in those that are there and leaves them. The
worlds take turns. Each page is asked for once without being counted. Process time is that process's own, view and
template and database driver in it; the whole time has the waiting for the database in it as well, and for other work on
the machine. --plans --database NAME asks the database of every statement of those pages whether it would walk or sort a
whole table for it
(tests/test_plans.py).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.world import EVENTS, OWN, OWNED, RARE, database_url, drop

MARKS = {"queries": 10, "process_ms": 15.0, "p95_ms": 100.0, "search_p95_ms": 50.0}
GROWING = {
    f"complaints_{table}" for table in ("case", "casenumber", "event", "incomingmail", "notice", "passage", "rawmail")
}
SORTED = 2 * OWN  # rows
TURNS = 5
# what → who asks for which page; {case} is a case of theirs in the middle of their list
PAGES = {
    "case list": ("owner", "/cases/"),
    "case list, another page": ("owner", "{older}"),
    "case page": ("owner", "/cases/{case}/"),
    "mail list": ("owner", "/mails/"),
    "tray": ("volunteer", "/tray/"),
    "case list, owner of a hundredth": ("heavy", "/cases/"),
    "search, page of 20, every text": ("owner", "/search/?q=投诉"),
    "search, one of a hundred": ("owner", f"/search/?q={OWNED}"),
    "search, nothing": ("owner", "/search/?q=火星"),
    "search, one sign": ("owner", "/search/?q=投"),
    "search, owner of a hundredth, every text": ("heavy", "/search/?q=投诉"),
    "search, owner of a hundredth, one of 10,000": ("heavy", f"/search/?q={RARE}"),
    "search, owner of a hundredth, nothing": ("heavy", "/search/?q=火星"),
}
# what → who searches for what, without the page around it
FINDS = {
    "every text": ("owner", "投诉"),
    "one of a hundred": ("owner", OWNED),
    "owner of a hundredth, every text": ("heavy", "投诉"),
    "owner of a hundredth, one of 10,000": ("heavy", RARE),
    "owner of a hundredth, one of 13": ("heavy", "台灯"),
    "owner of a hundredth, two words": ("heavy", "台灯 退货"),
}


Taken = list[tuple[float, float]]  # process time and whole time, seconds


def figures_of(taken: Taken, queries: int) -> dict[str, float]:
    """Of (process time, whole time) in seconds: medians and the 95th of a hundred, in ms."""
    whole = sorted(each for _own, each in taken)
    return {
        "queries": queries,
        "process_ms": round(1000 * statistics.median(own for own, _each in taken), 2),
        "p50_ms": round(1000 * statistics.median(whole), 2),
        "p95_ms": round(1000 * whole[min(len(whole) - 1, int(len(whole) * 0.95))], 2),
    }


def timed(act: Any, rounds: int) -> tuple[int, Taken]:
    """How many queries `act` asks, and what each of its rounds took."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Any, sql: str, *said: Any) -> Any:
        asked.append(sql)
        return execute(sql, *said)

    act()
    with connection.execute_wrapper(note):
        act()
    taken = []
    for _round in range(rounds):
        own, whole = time.process_time(), time.perf_counter()
        act()
        taken.append((time.process_time() - own, time.perf_counter() - whole))
    return len(asked), taken


def asking(name: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every page and every search in the database `name`, by name. To be called in a process of its own."""
    os.environ["DATABASE_URL"] = database_url(name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import re

    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    from accounts.models import Role, User
    from complaints.models import Case
    from complaints.pairs import words_of
    from complaints.search import Question, find

    heavy, owner = User.objects.get(pk=1), User.objects.get(pk=2)
    volunteer = User.objects.filter(role=Role.VOLUNTEER).first() or User.objects.create_user(
        "v@bench.example", role=Role.VOLUNTEER
    )
    people = {"heavy": heavy, "owner": owner, "volunteer": volunteer}
    clients = {who: Client(headers={"accept-language": "zh-hans"}) for who in people}
    for who, client in clients.items():
        client.force_login(people[who])
    case = Case.objects.filter(owner=owner).order_by("pk")[50].public_id
    first = clients["owner"].get("/cases/").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    place = {"case": case, "older": f"/cases/{older[1].replace('&amp;', '&')}" if older else "/cases/"}
    for what, (who, address) in PAGES.items():
        at = address.format(**place)

        def ask(who: str = who, at: str = at) -> None:
            assert clients[who].get(at).status_code == 200, at

        yield what, ask
    for what, (who, words) in FINDS.items():
        question = Question(tuple(words_of(words)))
        yield f"find: {what}", lambda who=who, question=question: find(people[who], question)  # type: ignore[misc]


def measure(names: list[str], rounds: int) -> list[dict[str, dict[str, float]]]:
    """The figures of each of the databases `names`. They take turns, a few rounds each, so that a machine that is slow
    for a minute is slow for all of them."""
    found: list[dict[str, tuple[int, Taken]]] = [{} for _name in names]
    for _turn in range(TURNS):
        for name, known in zip(names, found, strict=True):
            some = json.loads(
                in_a_process(__file__, "--only-measure", "--database", name, "--rounds", str(-(-rounds // TURNS)))
            )
            for what, (queries, taken) in some.items():
                known[what] = (queries, [*known.get(what, (0, []))[1], *taken])
    return [{what: figures_of(taken, queries) for what, (queries, taken) in known.items()} for known in found]


def plans(name: str) -> list[str]:
    """What the database would walk, or sort, the whole of for a page: "" of nothing, else a line for each."""
    found = []
    for what, act in asking(name):
        from django.db import connection

        asked: list[tuple[str, Any]] = []

        def note(execute: Any, sql: str, values: Any, *said: Any, asked: list[tuple[str, Any]] = asked) -> Any:
            asked.append((sql, values))
            return execute(sql, values, *said)

        act()
        with connection.execute_wrapper(note):
            act()
        with connection.cursor() as cursor:
            for sql, values in asked:
                if sql.lstrip().upper().startswith(("SELECT", "WITH")):
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
                    ((plan,),) = cursor.fetchall()
                    plan = json.loads(plan) if isinstance(plan, str) else plan
                    found += [f"{what}: {trouble}: {sql[:300]}" for trouble in troubles(plan[0]["Plan"])]
    return found


def troubles(node: dict[str, Any]) -> Iterator[str]:
    """Walks of a table that grows, and sorts of more than a page could show or an owner has."""
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield f"walks {node['Relation Name']}"
    if node["Node Type"] in ("Sort", "Incremental Sort") and node["Plans"][0]["Plan Rows"] > SORTED:
        yield f"sorts {node['Plans'][0]['Plan Rows']} rows"
    for below in node.get("Plans", ()):
        yield from troubles(below)


def in_a_process(*words: str) -> str:
    return subprocess.run([sys.executable, *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def sentences(cases: int, found: dict[str, dict[str, float]]) -> None:
    print(f"{cases:,} cases, {cases * EVENTS:,} events, {cases:,} mails")
    for what, said in found.items():
        most = MARKS["search_p95_ms"] if what.startswith("find") else MARKS["p95_ms"]
        met = (
            said["queries"] <= MARKS["queries"] and said["process_ms"] <= MARKS["process_ms"] and said["p95_ms"] <= most
        )
        print(f"  {what}: {said['queries']:.0f} queries, {said['process_ms']:.1f} ms of process time, "
              f"p50 {said['p50_ms']:.1f} ms, p95 {said['p95_ms']:.1f} ms: {'met' if met else 'missed'}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="1000", help="how many, or several by commas (1000)")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for (40)")
    parser.add_argument("--database", default="", help="worlds that are there, as many as --cases")
    parser.add_argument("--only-measure", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--plans", action="store_true", help="tell instead what is walked or sorted as a whole")
    parser.add_argument("--json", metavar="FILE", default="", help="write the figures there as well")
    asked = parser.parse_args()
    if asked.only_measure:
        print(json.dumps({what: timed(act, asked.rounds) for what, act in asking(asked.database)}))
        return
    if asked.plans:
        print("\n".join(plans(asked.database)))
        return
    sizes = [int(one) for one in asked.cases.split(",")]
    names = asked.database.split(",") if asked.database else [f"suji_bench_{os.getpid()}_{one}" for one in sizes]
    if len(names) != len(sizes):
        parser.error("as many --database as --cases")
    try:
        if not asked.database:
            for name, cases in zip(names, sizes, strict=True):
                print(in_a_process("bench/world.py", name, "--cases", str(cases)).splitlines()[-1], flush=True)
        told = dict(zip(sizes, measure(names, asked.rounds), strict=True))
    finally:
        if not asked.database:
            for name in names:
                drop(name)
    for cases, found in told.items():
        sentences(cases, found)
    if len(told) > 1:
        least, most = min(told), max(told)
        for what, said in told[most].items():
            times = {key: said[key] / told[least][what][key] for key in ("process_ms", "p50_ms")}
            print(f"  {what}: {times['process_ms']:.2f} × the process time at {most:,} as at {least:,}, "
                  f"{times['p50_ms']:.2f} × the whole")  # fmt: skip
    if asked.json:
        Path(asked.json).write_text(
            json.dumps({"marks": MARKS, "load": os.getloadavg()[0], "cases": told}, ensure_ascii=False, indent=1)
        )


if __name__ == "__main__":
    main()
