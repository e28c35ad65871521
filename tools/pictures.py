"""How well pictures of screens are read: `make pictures`.

    .venv/bin/python tools/pictures.py [--part open|aside] [--every N] [--failures] [--names NAME...] [--draw] [--write]

Draws the pictures of tests/pictures (its README.md says what they are) into var/pictures, each once, reads all
with the reader of pictures as the line does, and prints what came out right, for the open part and for the one set
aside. Failing pictures are listed from the open part alone. `--write` records in tests/pictures/scores.json what came
out of the parts that were read, for which all of their pictures must be.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.pictures.gallery import MISLEADING, SCORES, VALUES, chosen, draw, judge, recorded  # noqa: E402


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Score:
    """What came out of one part."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    values: int = 0
    misleading: int = 0
    seconds: list[float] = field(default_factory=list)

    def counts(self) -> dict[str, tuple[int, int]]:
        """As tests/pictures/gallery.py has them of scores.json."""
        found = {what: (self.right[what], self.all[what]) for what in sorted(self.all)}
        return found | {MISLEADING: (self.misleading, self.values)}

    def tell(self, part: str) -> None:
        if not self.seconds:
            return
        share = 100 * self.right.total() / self.all.total()
        say(f"{part}: {len(self.seconds)} pictures, {share:.1f} % of {self.all.total()} key fields right")
        say("   " + ", ".join(f"{what} {self.right[what]}/{self.all[what]}" for what in self.all))
        wrong = 100 * self.misleading / max(1, self.values)
        say(f"   wrong and shown as sure: {self.misleading} of {self.values} values, {wrong:.2f} %")
        say(f"   seconds: median {statistics.median(self.seconds):.2f}, longest {max(self.seconds):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("open", "aside"), default="")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth picture alone")
    parser.add_argument("--failures", action="store_true", help="what came out wrong in the open part")
    parser.add_argument("--names", nargs="*", default=(), help="these pictures alone")
    parser.add_argument("--draw", action="store_true", help="only draw them")
    parser.add_argument("--write", action="store_true", help="record the scores")
    asked = parser.parse_args()
    if asked.write and (asked.every > 1 or asked.names):
        parser.error("--write goes with all pictures of a part")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.PICTURE_READER_LIMITS["wall_seconds"] = 600  # on a busy machine too; the limit of processor stays
    from complaints.intake import reader

    scores = {"open": Score(), "aside": Score()}
    for scene, path in draw(chosen(asked.part, asked.names)[:: asked.every], ROOT / "var" / "pictures"):
        if asked.draw:
            continue
        before = time.perf_counter()
        read = reader.read(path.read_bytes()).main.as_contract()
        score = scores[scene.part]
        score.seconds.append(time.perf_counter() - before)
        for verdict in judge(scene.truth, read):
            score.all[verdict.what] += 1
            score.right[verdict.what] += verdict.is_right
            score.values += verdict.what in VALUES
            score.misleading += verdict.misleads
            if asked.failures and not verdict.is_right and scene.part == "open":
                say(f"{path}: {verdict.what}: {verdict.wanted!r}, read {verdict.found!r}")
    memory = reader.peak_memory(reader.PICTURES)
    reader.end_all()
    for part, score in scores.items():
        score.tell(part)
    if asked.write:
        now = recorded() | {part: score.counts() for part, score in scores.items() if score.seconds}
        parts = [
            f'  "{part}": {{\n' + ",\n".join(f'    "{what}": {list(counts)}' for what, counts in row.items()) + "\n  }"
            for part, row in now.items()
        ]
        SCORES.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")
    if memory:
        say(f"memory of the reader of pictures at its peak: {memory / 2**20:.0f} MB")


if __name__ == "__main__":
    main()
