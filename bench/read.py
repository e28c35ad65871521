"""How fast a mail is read, and how that grows with its size.

    .venv/bin/python bench/read.py [--mails 300] [--largest 20000000] [--only speed|growth] [--helpdesk] [--json]

Speed: a fixed set (the first variant of every wording of the open corpus, tests/mails) goes through the pure part alone
(decode to extract, in this process), through the whole line (receive, claim, limited reader process, file: every commit
durable), and through a floor: the standard library's parser and one durable insert into SQLite; with --helpdesk through
django-helpdesk's `process_email` too (peer.py). They take turns, a block of mails each, so that what else runs on
the machine weighs on all alike. Only the ratios travel.

Growth: notices of 2 KB to 20 MB in six ordinary shapes, step by step, and every hostile structure of
tests/mails/hostile.py. The exponent of a step is the steepest slope of its processor time from one size to the next:
1 is linear. Times under 20 ms are too short to tell.
"""

from __future__ import annotations

import argparse
import contextlib
import email
import json
import math
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from email import policy
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.peer import HelpDesk, NotInstalled

BLOCK = 25  # mails that one contestant takes before it is the next one's turn
SIZES = (2_000, 20_000, 200_000, 2_000_000, 20_000_000)
LONG_ENOUGH = 0.02  # seconds
MOST = 1.2  # times what a help desk takes (docs/decisions/0026-the-line-and-a-help-desk.md)
STEEP = 1.15  # an exponent above this is worse than linear; below, it may be noise
SHOPPER = "wenxin.li@mail.example"  # who forwards in the corpus


# -- speed -----------------------------------------------------------------------------------------------------


def speed(count: int, *, helpdesk: bool = False) -> dict[str, Any]:
    """Mails per second of the pure part, the receiving, the line from row to case, and the floor; by the wall clock.

    "line ms" is the processor time of the line for one mail: its own, and the pure part's for the reader process.
    """
    with tempfile.TemporaryDirectory(prefix="suji-bench-") as folder, contextlib.ExitStack() as stack:
        os.environ |= {"DATA_DIR": folder, "LIMITS": "off", "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        from accounts.models import User
        from accounts.people import settle_in
        from complaints.intake import line
        from complaints.intake.reading import prepare, read
        from complaints.intake.receive import Envelope, receive
        from complaints.intake.shapes import Door

        call_command("migrate", verbosity=0)
        inbox = settle_in(User.objects.create_user(SHOPPER, None))
        envelope = Envelope(SHOPPER, (inbox.address,), "127.0.0.1")
        floor = Floor(Path(folder) / "floor.sqlite3")
        outcomes: dict[str, int] = {}

        kept: list[int] = []  # by `receive`, for the line that follows it

        def keep(raw: bytes) -> None:
            kept.extend(receive(raw, envelope, Door.SMTP).mail_pks)

        def run(_raw: bytes) -> None:
            outcome = line.run(kept.pop(0))
            outcomes[outcome] = outcomes.get(outcome, 0) + 1

        contestants: dict[str, Callable[[bytes], object]] = {
            "pure": read, "receive": keep, "line": run, "floor": floor.take,
        }  # fmt: skip
        mails = fixed_set(count)
        prepare()  # as a reader process does before its first mail
        for take in contestants.values():  # start readers, fill caches
            take(mails[0] + b"\r\nwarm\r\n")
        outcomes.clear()
        peer, why_not = None, ""
        if helpdesk:
            try:
                peer = stack.enter_context(HelpDesk(Path(folder) / "helpdesk"))
                peer.warm(mails[0] + b"\r\nwarm\r\n")
            except NotInstalled as error:
                why_not = str(error)
        taken, worked = dict.fromkeys(contestants, 0.0), dict.fromkeys(contestants, 0.0)
        for at in range(0, len(mails), BLOCK):
            for name, take in contestants.items():
                started, own = time.perf_counter(), time.process_time()
                for raw in mails[at : at + BLOCK]:
                    take(raw)
                taken[name] += time.perf_counter() - started
                worked[name] += time.process_time() - own
            if peer:
                peer.take(mails[at : at + BLOCK])
        settled = sum(outcomes.get(outcome, 0) for outcome in ("filed", "review", "held", "ignored", "duplicate"))
        if settled != len(mails):
            raise SystemExit(f"not every mail came to an end: {outcomes}")
        rates = {name: len(mails) / seconds for name, seconds in taken.items()}
        size = statistics.mean(map(len, mails))
        said = rates | {"mails": len(mails), "mean size": size, "line to floor": rates["line"] / rates["floor"]}
        said["line ms"] = 1000 * (worked["line"] + worked["pure"]) / len(mails)
        if peer:
            rate = peer.mails / peer.seconds
            said |= {
                "helpdesk": rate,
                "helpdesk version": peer.version,
                "helpdesk took": peer.tickets,
                "line to helpdesk": rates["line"] / rate,
                "line in helpdesks": said["line ms"] * rate / 1000,
            }
        return said | ({"helpdesk not installed": why_not} if why_not else {})


def fixed_set(count: int) -> list[bytes]:
    """The first `count` mails of the open corpus, one of each wording before a second of any; no two alike."""
    from tests.mails.corpus import cases
    from tests.mails.parts import OPEN

    some = [case for case in cases(OPEN) if case.suffix == ".eml" and case.shape != "odd"]
    turn = {case.name: int(case.name.rpartition("-")[2]) for case in some}
    return list(dict.fromkeys(case.raw for case in sorted(some, key=lambda case: turn[case.name])))[:count]


class Floor:
    """The least that could be done with a mail: parse it, and keep it durably."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, sender TEXT, subject TEXT, body TEXT, raw BLOB)")

    def take(self, raw: bytes) -> None:
        mail = email.message_from_bytes(raw, policy=policy.compat32)
        texts = [
            payload.decode("utf-8", "replace")
            for part in mail.walk()
            if isinstance(payload := part.get_payload(decode=True), bytes)
        ]
        row = (str(mail["From"]), str(mail["Subject"]), "\n".join(texts), raw)
        self._db.execute("INSERT INTO mail (sender, subject, body, raw) VALUES (?, ?, ?, ?)", row)


# -- growth ----------------------------------------------------------------------------------------------------


def ordinary() -> dict[str, Callable[[int], bytes]]:
    """Notices of any size in the shapes that mails are really large in."""
    from tests.mails.wraps import BODY, a_mail, forwarded

    line = "商家留言：您好，仓库正在核对出库记录，请您耐心等待，给您添麻烦了。\n"

    def long(size: int) -> str:
        return BODY + "\n" + line * (size // len(line.encode()))

    def with_attachment(size: int) -> bytes:
        text = a_mail(BODY, subject="转发: x").split(b"\r\n\r\n", 1)[1]
        head = b"From: lilei@qq.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        part = b"Content-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        return (
            head
            + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
            + text
            + b"\r\n--b\r\n"
            + part
            + (b"A" * 76 + b"\r\n") * (size // 78)
            + b"--b--\r\n"
        )

    return {
        "pasted text": lambda size: long(size).encode(),
        "QQ, text and HTML": lambda size: forwarded("qq", body=long(size // 4)),
        "Outlook, quoted-printable": lambda size: forwarded("outlook", body=long(size // 8)),
        "Apple, quoted lines": lambda size: forwarded("apple", body=long(size // 8)),
        "attached original": lambda size: forwarded("attached", body=long(size // 4)),
        "large attachment": with_attachment,
    }


def steps_of(raw: bytes) -> dict[str, float]:
    """Processor seconds of every step on `raw`."""
    from complaints.intake.classify import classify
    from complaints.intake.extract import extract
    from complaints.intake.fingerprint import fingerprint
    from complaints.intake.opening import open_mail
    from complaints.intake.reading import read
    from complaints.intake.unwrap import unwrap
    from complaints.intake.visible import safe_html

    taken: dict[str, float] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        started = time.process_time()
        result = work()
        taken[step] = taken.get(step, 0.0) + time.process_time() - started
        return result

    mail = timed("open", lambda: open_mail(raw))
    notices = timed("unwrap", lambda: unwrap(mail))
    for notice in notices[:1]:
        classified = timed("classify", lambda notice=notice: classify(notice))
        timed("extract", lambda notice=notice, said=classified: extract(notice, said))
        timed("fingerprint", lambda notice=notice: fingerprint(notice))
        timed("safe_html", lambda notice=notice: safe_html(notice.html) if notice.html else "")
    timed("whole", lambda: read(raw))
    return taken


def exponent(times: dict[int, float]) -> float | None:
    """The steepest slope between neighbouring sizes, or None where the times are too short to tell."""
    sizes = sorted(times)
    slopes = [
        math.log(times[large] / times[small]) / math.log(large / small)
        for small, large in pairwise(sizes)
        if times[small] >= LONG_ENOUGH / 4 and times[large] >= LONG_ENOUGH
    ]
    return max(slopes, default=None)


def growth(largest: int, say: Callable[[str], None]) -> dict[str, dict[str, Any]]:
    from complaints.intake.reading import read
    from tests.mails.hostile import STRUCTURES

    sizes = [size for size in SIZES if size <= largest]
    found: dict[str, dict[str, Any]] = {}

    def tell(name: str, times: dict[int, float]) -> None:
        slope = exponent(times)
        found[name] = {"seconds": times, "exponent": slope}
        shown = "  ".join(f"{taken * 1000:8.1f}" for taken in times.values())
        mark = "" if slope is None or slope <= STEEP else "  worse than linear"
        say(f"{name:44}{shown}  {'' if slope is None else f'{slope:.2f}'}{mark}")

    say(f"\n{'milliseconds at, and exponent':44}" + "  ".join(f"{size:8}" for size in sizes))
    for shape, build in ordinary().items():
        steps: dict[str, dict[int, float]] = {}
        for size in sizes:
            raw = build(size)
            runs = [steps_of(raw) for _ in range(3 if size <= 200_000 else 1)]
            for step in runs[0]:
                steps.setdefault(step, {})[size] = min(run[step] for run in runs)
        for step, times in steps.items():
            tell(f"{shape}: {step}", times)
    hostile = [size for size in sizes if 20_000 <= size <= 2_000_000]
    say(f"\n{'hostile, the whole reading':44}" + "  ".join(f"{size:8}" for size in hostile))
    for name, build in STRUCTURES.items():
        tell(name, {size: _seconds(read, build(size)) for size in hostile})
    return found


def _seconds(work: Callable[[bytes], object], raw: bytes) -> float:
    started = time.process_time()
    work(raw)
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=300, help="how many mails (300)")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="the largest mail of the growth part, in bytes")
    parser.add_argument("--only", choices=("speed", "growth"), help="one half")
    parser.add_argument("--helpdesk", action="store_true", help="django-helpdesk on the same mails (from PyPI)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
    asked = parser.parse_args()
    say: Callable[[str], None] = (lambda _line: None) if asked.json else print
    figures: dict[str, Any] = {}
    if asked.only != "growth":
        figures["speed"] = rates = speed(asked.mails, helpdesk=asked.helpdesk)
        say(f"{rates['mails']} mails of {rates['mean size'] / 1000:.1f} KB, a second: pure part {rates['pure']:.0f}, "
            f"received {rates['receive']:.0f}, the line {rates['line']:.1f}, floor (parse, one durable insert) "
            f"{rates['floor']:.0f}; the line does {rates['line to floor']:.3f} of the floor")  # fmt: skip
        say(f"processor time of the line {rates['line ms']:.1f} ms a mail")
        if "helpdesk" in rates:
            ratio, times = rates["line to helpdesk"], rates["line in helpdesks"]
            say(f"django-helpdesk {rates['helpdesk version']}: {rates['helpdesk']:.1f} a second "
                f"({rates['helpdesk took']} of {rates['mails']} taken); the line {ratio:.2f} times that")  # fmt: skip
            say(f"its processor time is {times:.2f} times that; mark ≤ {MOST}: {'met' if times <= MOST else 'missed'}")
        elif asked.helpdesk:
            say(f"django-helpdesk could not be installed, so it is not compared: {rates['helpdesk not installed']}")
    if asked.only != "speed":
        figures["growth"] = growth(asked.largest, say)
        steep = {n: g["exponent"] for n, g in figures["growth"].items() if (g["exponent"] or 0) > STEEP}
        say(f"\nworse than linear (exponent over {STEEP}): {steep or 'none'}")
    if asked.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
