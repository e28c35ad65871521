"""The icons of the home screen, drawn from static/favicon.svg into static/icons/: `python tools/icons.py`."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from tests.services import chromium
from tools.screens import ARGUMENTS
from tools.stack import ROOT

PAPER = "#0b6468"  # the ground of the mark
# Name: size, how much of it the mark takes, and the ground behind it. What is maskable or Apple's is cut to a shape
# by the phone: the ground goes to the edge and the mark stays within the middle four fifths.
ICONS = {
    "192": (192, 1.0, ""),
    "512": (512, 1.0, ""),
    "180": (180, 0.86, PAPER),
    "maskable-512": (512, 0.8, PAPER),
}


def main() -> None:
    mark = base64.b64encode((ROOT / "static" / "favicon.svg").read_bytes()).decode()
    folder = ROOT / "static" / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for name, (size, share, ground) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(
                f'<body style="margin:0;height:100vh;display:grid;place-items:center;background:{ground}">'
                f'<img width="{size * share:.0f}" src="data:image/svg+xml;base64,{mark}">'
            )
            page.screenshot(path=folder / f"{name}.png", omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
