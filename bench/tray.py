"""How long from a volunteer's key until the next mail of the tray is there.

    .venv/bin/python bench/tray.py [--mails 25] [--json]

Starts a `manage.py serve` of its own in a fresh folder, without the demo world, and fills its tray with notices from a
mailbox that nobody confirmed. One volunteer confirms one after the other: the time runs from sending the decision to
the last byte of the next mail's page, both requests included. What a browser needs to lay the page out is not in it.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import re
import smtplib
import statistics
import sys
import time
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.page import SHOPPER, acknowledgement, forwarded
from tools.stack import Stack, running

STRANGER = "somebody@elsewhere.example"
CHINA = timezone(timedelta(hours=8))
MARK = 0.3  # seconds, p95
MOST = 28  # below what one volunteer may open in an hour
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class NotThere(RuntimeError):
    """The tray did not fill, or gave out too early."""


def fill(stack: Stack, inbox: str, count: int) -> None:
    """`count` mails that wait for a person."""
    written = datetime.now(CHINA) - timedelta(days=1)
    for number in range(count):
        with smtplib.SMTP("127.0.0.1", stack.smtp_port, timeout=10) as door:
            door.sendmail(STRANGER, [inbox], forwarded(inbox, *acknowledgement(number), written))
    end = time.monotonic() + 60
    while stack.tell(SHOPPER)["counts"]["review"] < count:
        if time.monotonic() > end:
            raise NotThere("the mails were not read within a minute")
        time.sleep(0.5)


def measure(mails: int) -> list[float]:
    """Seconds from key to next mail, for each of `mails`."""
    with running(demo=False, LIMITS="off") as stack:
        _login, inbox = stack.add_user(SHOPPER)
        login, _inbox = stack.add_user("bench-volunteer@example.com", "volunteer")
        fill(stack, inbox, mails + 1)
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        browser.open(login, timeout=10).close()
        page, address = post(browser, f"{stack.url}/tray/next/", read(browser, f"{stack.url}/tray/"), {})
        taken: list[float] = []
        while len(taken) < mails:
            item = urllib.parse.urlsplit(address).path
            if item == "/tray/":
                raise NotThere(f"nothing was left after {len(taken)} mails")
            start = time.perf_counter()
            page, address = post(browser, f"{stack.url}{item}decide/", page, {"decision": "confirm"})
            taken.append(time.perf_counter() - start)
        return taken


def read(browser: urllib.request.OpenerDirector, address: str) -> str:
    with browser.open(address, timeout=10) as answer:
        return str(answer.read().decode())


def post(browser: urllib.request.OpenerDirector, address: str, page: str, said: dict[str, str]) -> tuple[str, str]:
    """Send a form of `page`; what is there then, and where."""
    token = TOKEN.search(page)
    if token is None:
        raise NotThere("the page holds no form")
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **said}).encode()
    with browser.open(urllib.request.Request(address, data=body), timeout=10) as answer:
        return answer.read().decode(), answer.geturl()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=25, help=f"how many decisions are measured (25, at most {MOST})")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
    asked = parser.parse_args()
    taken = sorted(measure(min(asked.mails, MOST)))
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    p50 = statistics.median(taken)
    if asked.json:
        print(json.dumps({"mails": len(taken), "p50": p50, "p95": p95, "slowest": taken[-1], "mark": MARK}))
        return
    verdict = "met" if p95 <= MARK else "missed"
    print(f"key to next mail, {len(taken)} mails: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
          f"slowest {taken[-1] * 1000:.0f} ms; mark p95 ≤ {MARK * 1000:.0f} ms: {verdict}")  # fmt: skip


if __name__ == "__main__":
    main()
