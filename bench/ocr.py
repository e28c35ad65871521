"""What reading a picture costs: seconds by the clock, seconds of processor, and memory of the reader of pictures.

    .venv/bin/python bench/ocr.py [--times 5] [--json]

Draws four pictures of tests/pictures (a notice, a chat, a tilted photo, a long capture) and reads each some times: the
median. Each goes the whole way, decoding included. The first figure is that of a reader which has to start and to load
its models. Memory is that of the reader at its largest: shared pages by their share (PSS), and resident.
Mark: ≤ 4 s on 2 cores for a notice, ≤ 1 GB. On a busy machine only the seconds of processor tell something.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import machine

READER = "complaints.intake.picture_reader_process"
PATIENCE = 600  # seconds by the clock for one picture, however busy the machine is; the limit of processor stays
MARK_SECONDS, MARK_MEGABYTES = 4.0, 1024


def measure(times: int) -> dict[str, Any]:
    """Of each picture the medians of `times` readings, of the first one its only one, in seconds; memory in bytes."""
    with tempfile.TemporaryDirectory(prefix="suji-bench-") as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        from django.conf import settings

        settings.PICTURE_READER_LIMITS["wall_seconds"] = PATIENCE
        from complaints.intake import reader
        from tests.pictures.gallery import chosen, draw

        scenes = chosen("open")
        photo = next(one for one in scenes if "tilt" in one.effects)
        sorts = {sort: next(one for one in scenes if one.name.endswith(sort)) for sort in ("notice", "chat", "long")}
        wanted = sorts | {"photo": photo}
        paths = {scene.name: path for scene, path in draw(wanted.values(), Path(folder) / "pictures")}
        found: dict[str, Any] = {"load": machine.load()}
        peak = machine.Peak(READER)
        peak.start()
        found["first"] = timed(lambda: reader.read(paths[wanted["notice"].name].read_bytes()))
        for sort, scene in wanted.items():
            raw = paths[scene.name].read_bytes()
            took = [timed(lambda raw=raw: reader.read(raw)) for _time in range(times)]  # type: ignore[misc]
            found[sort] = {key: statistics.median(one[key] for one in took) for key in took[0]}
        peak.over.set()
        peak.join()
        found["pss"], found["resident"] = peak.bytes, reader.peak_memory(reader.PICTURES)
        reader.end_all()
        return found


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds of `work` by the clock, and of processor: of this process, of those it ended, and of the reader."""
    before, used = time.perf_counter(), processor_seconds()
    work()
    return {"seconds": time.perf_counter() - before, "processor_seconds": processor_seconds() - used}


def processor_seconds() -> float:
    mine = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    readers = sum(machine.processor_seconds(pid) for pid in machine.children(READER))
    return readers + sum(used.ru_utime + used.ru_stime for used in mine)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.times)
    if asked.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for name in ("first", "notice", "chat", "photo", "long"):
        mark = f" (mark: {MARK_SECONDS:.0f} s)" if name == "notice" else ""
        took = found[name]
        print(f"{name}: {took['seconds']:.2f} s{mark}, {took['processor_seconds']:.2f} s of processor")
    print(
        f"memory: {found['pss'] / 2**20:.0f} MB (mark: {MARK_MEGABYTES}), {found['resident'] / 2**20:.0f} MB resident"
    )
    if said := machine.warning(found["load"]):
        print(said)


if __name__ == "__main__":
    main()
