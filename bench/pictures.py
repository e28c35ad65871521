"""How long a thumbnail of 12 million pixels takes, and how much memory, for each kind of picture that phones send.

    .venv/bin/python bench/pictures.py [--times 5] [--json]

Each picture goes the way of an upload: the limited process is started, decodes it, makes the copy and the
thumbnail, and ends. "look" is what a person waits for when handing in (is it a picture?), "copies" what the queue does
afterwards. Time is counted from before the process is started until its answer is here; memory is the largest resident
size of that process, and its PSS the same with pages that others share counted by their share. The pictures are made
here, of shapes and noise, as large in bytes as phones make them; the HEIC is a grid of 48 tiles. Two more rows have 48
million pixels, for which there is no mark. On a busy machine only the seconds of processor tell something.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageFilter  # noqa: E402

from bench import machine  # noqa: E402
from tests.evidence import files  # noqa: E402

PROCESS = ROOT / "evidence" / "picture_process.py"
LIMITS = [str(1536 * 1024 * 1024), "20", str(50_000_000)]  # memory, seconds of processor, pixels: as in settings.py
MARK_SECONDS, MARK_MEGABYTES = 1.0, 256


def a_photo(width: int, height: int) -> Image.Image:
    """Shapes, soft edges and the noise of a sensor."""
    rolled, image = random.Random(7), Image.linear_gradient("L").resize((width, height)).convert("RGB")
    for _shape in range(300):
        x, y, edge = rolled.randrange(width), rolled.randrange(height), rolled.randrange(20, width // 6)
        image.paste(tuple(rolled.randbytes(3)), (x, y, x + edge, y + edge))
    noise = Image.effect_noise((width, height), 12).convert("RGB")
    return Image.blend(image.filter(ImageFilter.GaussianBlur(2)), noise, 0.2)


PICTURES: dict[str, tuple[str, Callable[[], bytes], bool]] = {
    # name: content type, how it is made, whether the mark is for it
    "JPEG": ("image/jpeg", lambda: files.saved(a_photo(4000, 3000), "JPEG", quality=92), True),
    "JPEG, progressive": (
        "image/jpeg",
        lambda: files.saved(a_photo(4000, 3000), "JPEG", quality=92, progressive=True),
        True,
    ),
    "HEIC": ("image/heic", lambda: files.heic_of_tiles(8, 6), True),
    "WebP": ("image/webp", lambda: files.saved(a_photo(4000, 3000), "WEBP", quality=85, method=2), True),
    "PNG": ("image/png", lambda: files.saved(a_photo(4000, 3000).quantize(64).convert("RGB"), "PNG"), True),
    "JPEG, 48 million": ("image/jpeg", lambda: files.saved(a_photo(8064, 6048), "JPEG", quality=88), False),
    "HEIC, 48 million": ("image/heic", lambda: files.heic_of_tiles(15, 12), False),
}


def one(work: str, content_type: str, path: Path) -> tuple[float, float, float, float]:
    """Seconds by the clock, seconds of processor, and megabytes at most (resident, PSS), of one process."""
    with open(path, "rb") as picture:
        started = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-I", str(PROCESS), work, content_type, *LIMITS],
            stdin=picture,
            stdout=subprocess.PIPE,
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        )
        assert child.stdout is not None
        peak = machine.Peak(PROCESS.name)
        peak.start()
        child.stdout.read()
        peak.over.set()
        peak.join()
        child.stdout.close()
        _pid, status, used = os.wait4(child.pid, 0)
        took = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{path.name}: the process ended with {child.returncode}")
    return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, peak.bytes / 2**20


def measure(name: str, folder: Path, times: int) -> list[dict[str, Any]]:
    content_type, _make, is_marked = PICTURES[name]
    path = folder / name
    # In a process of its own: the largest size of a process that is started counts what its parent had just then.
    subprocess.run([sys.executable, __file__, "--make", name, "--into", str(path)], check=True)
    rows = []
    for work in ("look", "copies"):
        runs = [one(work, content_type, path) for _time in range(times)]
        took, used, memory, pss = (statistics.median(run[place] for run in runs) for place in range(4))
        rows.append(
            {
                "picture": name,
                "work": work,
                "megabytes_in": round(path.stat().st_size / 2**20, 1),
                "seconds": round(took, 2),
                "processor_seconds": round(used, 2),
                "megabytes": round(memory),
                "pss": round(pss),
                "is_marked": is_marked,
                "within": (took <= MARK_SECONDS and memory <= MARK_MEGABYTES) if is_marked else None,
            }
        )
    return rows


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--json", action="store_true")
    options.add_argument("--make", help=argparse.SUPPRESS)
    options.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.make:
        asked.into.write_bytes(PICTURES[asked.make][1]())
        return 0
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rows, load = [], machine.load()
    with tempfile.TemporaryDirectory(prefix="suji-bench-") as folder:
        for name in PICTURES:
            fresh = measure(name, Path(folder), asked.times)
            rows += fresh
            if not asked.json:
                sys.stdout.write("".join(map(sentence, fresh)))
                sys.stdout.flush()
    if asked.json:
        sys.stdout.write(json.dumps({"load": load, "pictures": rows}) + "\n")
    elif said := machine.warning(load):
        sys.stdout.write(said + "\n")
    return 0


def sentence(row: dict[str, Any]) -> str:
    mark = f" (mark {MARK_SECONDS:.0f} s, {MARK_MEGABYTES} MB)" if row["is_marked"] else ""
    return (
        f"{row['picture']}, {row['megabytes_in']} MB, {row['work']}: {row['seconds']} s, of these "
        f"{row['processor_seconds']} s of processor, {row['megabytes']} MB (PSS {row['pss']}){mark}\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
