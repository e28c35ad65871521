"""What reading a picture costs: seconds and memory of the reader of pictures.

    .venv/bin/python bench/ocr.py [--times 5] [--json]

Draws four pictures of tests/pictures (a notice, a chat, a tilted photo, a long capture) and reads each some times. The
first figure is that of a reader which has to start and to load its models. Mark: ≤ 4 s on 2 cores for a notice, ≤ 1 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def measure(times: int) -> dict[str, Any]:
    """Seconds of each picture (median, wall clock), of the first one, and the peak of memory in bytes."""
    with tempfile.TemporaryDirectory(prefix="suji-bench-") as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        from complaints.intake import reader
        from tests.pictures.gallery import chosen, draw

        scenes = chosen("open")
        photo = next(one for one in scenes if "tilt" in one.effects)
        sorts = {sort: next(one for one in scenes if one.name.endswith(sort)) for sort in ("notice", "chat", "long")}
        wanted = sorts | {"photo": photo}
        paths = {scene.name: path for scene, path in draw(wanted.values(), Path(folder) / "pictures")}
        found: dict[str, Any] = {}
        before = time.perf_counter()
        reader.read(paths[wanted["notice"].name].read_bytes())
        found["first"] = time.perf_counter() - before
        for sort, scene in wanted.items():
            took: list[float] = []
            for _time in range(times):
                before = time.perf_counter()
                reader.read(paths[scene.name].read_bytes())
                took.append(time.perf_counter() - before)
            found[sort] = statistics.median(took)
        found["memory"] = reader.peak_memory(reader.PICTURES)
        reader.end_all()
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.times)
    if asked.json:
        print(json.dumps(found))
        return
    for name, figure in found.items():
        print(f"{name}: {figure / 2**20:.0f} MB (mark: 1024)" if name == "memory" else f"{name}: {figure:.2f} s")


if __name__ == "__main__":
    main()
