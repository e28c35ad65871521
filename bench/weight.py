"""What the first view of a page costs a phone: requests, compressed bytes, and the largest paint on a slow line.

    .venv/bin/python bench/weight.py [--json]

Starts a `manage.py serve` of its own with the demo world and opens pages in headless Chromium, 360 px wide, nothing
cached: once at full speed to count, once at 400 kbit/s with 150 ms each way and a processor slowed down four times.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, sync_playwright

from tests.services import chromium
from tools.stack import running

SHOPPER = "lin@example.com"  # of the demo world
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 3, "is_mobile": True}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # bytes a second
BYTES_MARK, REQUESTS_MARK, PAINT_MARK = 60 * 1024, 8, 2.5
LARGEST_PAINT = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) last = entry.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last / 1000), 1000);
})"""


@dataclass
class View:
    page: str
    paint: float = 0.0  # seconds until the largest paint on the slow line
    parts: dict[str, int] = field(default_factory=dict)  # address → bytes on the wire, headers included

    @property
    def bytes(self) -> int:
        return sum(self.parts.values())


def look(browser: Browser, cookies: Any, site: str, path: str) -> View:
    """Open `path` with nothing cached, and again on the slow line."""
    view = View(path)
    for slow in (False, True):
        context = browser.new_context(**PHONE)
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        if slow:
            wire.send("Network.emulateNetworkConditions", SLOW)
            wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        else:
            addresses: dict[str, str] = {}
            wire.on("Network.requestWillBeSent", lambda e, a=addresses: a.update({e["requestId"]: e["request"]["url"]}))
            wire.on("Network.loadingFinished",
                    lambda e, a=addresses: view.parts.update({a[e["requestId"]]: int(e["encodedDataLength"])})
                    if a.get(e["requestId"], "data:").startswith("http") else None)  # fmt: skip
        page.goto(site + path, wait_until="networkidle")
        if slow:
            view.paint = page.evaluate(LARGEST_PAINT)
        context.close()
    return view


def measure() -> list[View]:
    with running() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        views = [look(browser, None, stack.url, "/")]
        context = browser.new_context(**PHONE)
        login, _inbox = stack.add_user(SHOPPER)
        context.new_page().goto(login)
        newest = stack.tell(SHOPPER)["cases"][0]["id"]
        paths = ["/cases/", f"/cases/{newest}/"]
        cookies = context.cookies()
        views += [look(browser, cookies, stack.url, path) for path in paths]
        browser.close()
        return views


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
    asked = parser.parse_args()
    if not chromium():
        sys.exit("no Chromium found (Debian: apt-get install chromium)")
    views = measure()
    if asked.json:
        print(json.dumps({view.page: vars(view) for view in views}))
        return
    for view in views:
        met = view.bytes <= BYTES_MARK and len(view.parts) <= REQUESTS_MARK and view.paint <= PAINT_MARK
        print(f"{view.page}: {view.bytes / 1024:.1f} KB in {len(view.parts)} requests, "
              f"largest paint {view.paint:.2f} s at 400 kbit/s; "
              f"marks ≤ 60 KB, ≤ 8, ≤ 2.5 s: {'met' if met else 'missed'}")  # fmt: skip
        for address, size in sorted(view.parts.items(), key=lambda part: -part[1]):
            print(f"    {size / 1024:6.1f} KB  {urlsplit(address).path}")
        others = {urlsplit(address).hostname for address in view.parts} - {"127.0.0.1", "localhost"}
        if others:
            print(f"    asks other hosts: {', '.join(sorted(filter(None, others)))}")


if __name__ == "__main__":
    main()
