"""10,000 reminders fall due at once and the scheduler is killed ten times: each is kept once, how soon, how much twice.

A database of its own in a fresh folder, real processes, SIGKILL at moments that nobody chose. Prints sentences;
`--json` for machines; `--count` for fewer. Ends with status 1 when one is missing or one was kept twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILL = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from complaints.models import Case
from complaints.clocks import SHANGHAI
noon = timezone.now().astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
due = noon + timedelta(hours=24)
said = {"deadline_at": due, "deadline_for": "buyer", "deadline_from": "stated"}
said |= {"own_deadline_at": due, "own_deadline_from": "stated", "stage": "merchant_replied", "waiting_on": "buyer"}
users = User.objects.bulk_create([User(email=f"u{n}@example.com", password="!") for n in range(COUNT)], batch_size=500)
Case.objects.bulk_create([Case(owner=user, is_draft=False, **said) for user in users], batch_size=500)
"""
WORK = """
from datetime import timedelta
from django.utils import timezone
from accounts import outgoing as box
from complaints import reminders
from complaints.clocks import SHANGHAI
handed = open("handed", "ab", buffering=0)
real = box.keep
def keep(message):
    kept = real(message)
    handed.write(b"x")
    return kept
box.keep = keep
reminders.LEASE = timedelta(seconds=2)  # so that what a killed process held is soon free
while True:
    noon = timezone.now().astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    now = noon + (timezone.now() - START)
    planned, sent = reminders.plan(now), reminders.send(now, 5)
    if not planned and not sent and not reminders.Reminder.objects.filter(sent_at=None).exists():
        break
"""
TELL = """
import json
from accounts.models import OutgoingMail
from complaints.models import Reminder
print(json.dumps({"planned": Reminder.objects.count(), "noted": Reminder.objects.exclude(sent_at=None).count(),
    "kept": OutgoingMail.objects.count(), "names": OutgoingMail.objects.values("message_id").distinct().count()}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="suji-reminders-") as folder:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        surroundings = kept | {"DATA_DIR": folder, "LOG_LEVEL": "ERROR"}

        def python(code: str) -> subprocess.Popen[str]:
            words = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", code]
            return subprocess.Popen(words, env=surroundings, cwd=folder, text=True, stdout=subprocess.PIPE)

        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0"], env=surroundings, check=True, cwd=folder
        )
        python(FILL.replace("COUNT", str(chosen.count))).communicate()
        start = f"from datetime import datetime\nSTART = datetime.fromtimestamp({time.time()}).astimezone()\n"
        began, chance = time.monotonic(), random.Random(7)
        rows = Path(folder) / "handed"
        for killed in range(chosen.kills):
            worker = python(start + WORK)
            enough = chosen.count * (killed + 1) // (chosen.kills + 1)
            while worker.poll() is None and (not rows.exists() or rows.stat().st_size < enough):
                time.sleep(0.02)
            time.sleep(chance.random() / 20)
            worker.send_signal(signal.SIGKILL)
            worker.communicate()
        python(start + WORK).communicate()
        took = time.monotonic() - began
        told = json.loads(python(TELL).communicate()[0])
        handed = rows.stat().st_size
    told |= {"seconds": round(took, 1), "handed_over": handed, "kills": chosen.kills}
    is_good = told["kept"] == told["names"] == told["noted"] == chosen.count and handed <= chosen.count + chosen.kills
    if chosen.json:
        print(json.dumps(told))
    else:
        speed = f"in {took:.0f} s with {chosen.kills + 1} starts of Python ({chosen.count / took:.0f}/s)"
        print(f"{chosen.count} reminders due at once, {chosen.kills} kills, {speed}:")
        print(f"{told['kept']} kept under {told['names']} names, {handed} handed over.")
        print("Each once." if is_good else "NOT each once.")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
