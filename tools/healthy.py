"""Is this container's process doing its work? The health checks of docker-compose.yml; standard library only.

    python tools/healthy.py web       /readyz answers 200: the database is there, every migration is applied
    python tools/healthy.py door      the SMTP door greets
    python tools/healthy.py worker    a worker's main loop of this host touched its file in the last minute
    python tools/healthy.py beat      the schedule was written in the last ten minutes

Exit status 0 means healthy; otherwise 1 and one line that says why. Reads the environment of the service.
"""

from __future__ import annotations

import http.client
import os
import smtplib
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

DATA_DIR = Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / "var")


def web() -> str:
    """Ask as the proxy in front would: by the site's own name, over its scheme."""
    site = urlsplit(os.environ.get("SITE_URL") or "http://127.0.0.1")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
    headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
    connection.request("GET", "/readyz", headers=headers)
    status = connection.getresponse().status
    return "" if status == 200 else f"/readyz answers {status}"


def door() -> str:
    with smtplib.SMTP("127.0.0.1", int(os.environ.get("SMTP_PORT") or 2525), timeout=4) as smtp:
        code, _words = smtp.noop()
    return "" if code == 250 else f"the door answers {code}"


def _youngest(files: Iterable[Path], seconds: int, what: str) -> str:
    ages = [time.time() - file.stat().st_mtime for file in files]
    if not ages:
        return f"{what} has never been seen"
    return "" if min(ages) < seconds else f"{what} was last seen {min(ages):.0f} s ago"


def worker() -> str:
    return _youngest((DATA_DIR / "pulse").glob(f"*@{socket.gethostname()}"), 60, "the worker")


def beat() -> str:
    return _youngest(DATA_DIR.glob("schedule*"), 600, "the schedule")


def main() -> int:
    checks = {"web": web, "door": door, "worker": worker, "beat": beat}
    if len(sys.argv) != 2 or sys.argv[1] not in checks:
        sys.exit(f"usage: python tools/healthy.py {'|'.join(checks)}")
    try:
        wrong = checks[sys.argv[1]]()
    except (OSError, http.client.HTTPException, smtplib.SMTPException) as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong:
        sys.stderr.write(f"{wrong}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
