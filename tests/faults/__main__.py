"""The long form of the fault tests. Fresh houses, seed after seed, in both modes at once; figures as JSON.

make faults LONG=1                                   20 seeds, 10,000 mails in all, 10 holders of a lease killed in each
make faults LONG=1 MODE=scaled SEED=7 SEEDS=1        one run again
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests import services
from tests.faults import house, kills

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench" / "results"
MODES = {"embedded": house.embedded, "scaled": house.scaled}


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of all runs together: sums, and the slowest."""
    summed = (
        "mails",
        "kills",
        "holders_killed",
        "lost",
        "doubled",
        "stuck",
        "otherwise_broken",
        "repeats",
        "lost_leases",
    )
    return {
        "runs": len(runs),
        "seeds": sorted({run["seed"] for run in runs}),
        **{key: sum(run[key] for run in runs) for key in summed},
        **{key: max((run[key] for run in runs), default=0.0) for key in ("slowest_s", "queue_s")},
        "hours": round(sum(run["seconds"] for run in runs) / 3600, 2),
    }


def main() -> int:
    words = argparse.ArgumentParser(prog="make faults LONG=1", description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--mode", choices=[*MODES, "both"], default="both")
    words.add_argument("--seed", type=int, default=1, help="the first seed (1)")
    words.add_argument("--seeds", type=int, default=20, help="how many seeds; in both modes they take turns (20)")
    words.add_argument("--mails", type=int, default=500, help="mails in each run (500)")
    words.add_argument("--holders", type=int, default=10, help="workers killed in each run with a lease in hand (10)")
    words.add_argument("--minutes", type=float, default=600, help="begin no further run after so many (600)")
    words.add_argument("--out", type=Path, default=RESULTS / "faults.json")
    said = words.parse_args()
    modes = list(MODES) if said.mode == "both" else [said.mode]
    if why := services.missing("cluster"):
        if said.mode == "scaled":
            say(f"{why}")
            return 1
        say(f"NOT TESTED: the scaled mode: {why}")
        modes = ["embedded"]
    top = Path(tempfile.mkdtemp(prefix="suji-faults-"))
    began = time.monotonic()
    houses: list[house.House] = []

    def end(*_about: object) -> None:
        """Told to end: leave no process behind."""
        for suji in houses:
            suji.down()
        os._exit(130)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)

    def some(mode: str) -> list[kills.Run]:
        """The seeds of one mode, one after the other, in one house."""
        found = []
        folder = top / mode
        folder.mkdir()
        with MODES[mode](folder) as suji:
            houses.append(suji)
            for seed in range(said.seed + modes.index(mode), said.seed + said.seeds, len(modes)):
                if time.monotonic() - began > said.minutes * 60:
                    break
                suji.up()
                run = kills.storm(suji, mode, seed, said.mails, said.holders, start=len(found) * said.mails)
                say(json.dumps(run.figures) + ("\n" + run.report if run.report else ""))
                found.append(run)
        return found

    with ThreadPoolExecutor(len(modes)) as both:
        all_runs = [run for runs in both.map(some, modes) for run in runs]
    runs = [run.figures for run in all_runs]
    broken = sum(bool(run.report) for run in all_runs)
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[2], 1)},
        "minutes": round((time.monotonic() - began) / 60, 1),
        "all": summary(runs),
        **{mode: summary([run for run in runs if run["mode"] == mode]) for mode in modes},
        "each": runs,
    }
    said.out.parent.mkdir(parents=True, exist_ok=True)
    said.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    say(f"{json.dumps(found['all'])}\n{said.out}")
    if broken:
        say(f"{broken} runs broke a promise; what was left of them: {top}")
        return 1
    shutil.rmtree(top, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
