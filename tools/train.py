"""Learn which texts tell of a step: `python -m tools.train` says what it is worth, `--write` records the weights.

Learned from texts written here: the open part of the corpus, the wordings of tests/complaints/intake/fresh.py and
twists.py, and tests/mails/lessons. Nothing of the part set aside is read. Worth is measured on wordings left out of the
learning, a fifth at a time; the mails made of one wording are never on both sides.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from complaints.intake.clauses import cut
from complaints.intake.learned import SCALE, WEIGHTS, chance, features
from complaints.intake.shapes import Where
from complaints.stages import KINDS, Kind
from tests.complaints.intake import fresh, twists
from tests.mails.corpus import cases
from tests.mails.near_misses import NEAR_MISSES
from tests.mails.parts import OPEN
from tests.mails.true_notices import TRUE_NOTICES

LESSONS = Path(__file__).parent.parent / "tests" / "mails" / "lessons"
NEITHER = frozenset({Kind.REMINDER, Kind.SUSPENSION, Kind.EXECUTION, Kind.EXTERNAL})  # a case's own, and no step
PASSED_ON = ("商家留言", "商家回复", "商家不同意")  # somebody's message: that it came is itself a step
ENDINGS = (
    "\n此邮件为系统自动发送，请勿直接回复。",
    "\n淘宝网 版权所有 退订请点击这里",
    "请勿向任何人提供短信验证码或银行卡密码，谨防屏幕共享诈骗，平台不会要求您转账。",
    "\n如有疑问请联系客服。感谢您的支持！",
    "\nThis is an automatic message, please do not reply.",
)
RENDERED = 2  # mails of one wording that are learned from
SEEN = 2  # wordings that a piece must stand in
FOLDS = 5
ROUNDS = 12
RATE = 3.0
SHRINK = 2e-5
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Lesson:
    wording: str
    subject: str
    body: str
    step: bool


def lessons() -> list[Lesson]:
    """Every text that is learned from, in a fixed order."""
    return [*_corpus(), *_tables(), *_written()]


def _corpus() -> Iterator[Lesson]:
    taken: Counter[str] = Counter()
    for case in cases(OPEN):
        if case.shape == "odd" or case.kind in NEITHER:
            continue
        wording = case.name.rsplit("-", 1)[0]
        if taken[wording] < RENDERED:
            taken[wording] += 1
            subject, _, body = case.text.partition("\n")
            if case.shape == "pasted":
                subject, body = "", case.text
            yield Lesson(wording, subject, body, bool(case.truth["moves_case"]))


def _tables() -> Iterator[Lesson]:
    for place, (kind, subject, body, _more) in enumerate(fresh.TRUE_WORDINGS):
        if Kind(kind) not in NEITHER:
            yield Lesson(f"fresh-{place}", subject, body, KINDS[Kind(kind)].stage is not None)
    for place, (kinds, subject, body, _more) in enumerate(fresh.MISSED_WORDINGS):
        if not NEITHER & {Kind(kind) for kind in kinds}:
            yield Lesson(f"missed-{place}", subject, body, step=False)
    for name, rows, step in (("twisted", twists.TWISTED, False), ("plain", twists.PLAIN, True)):
        for group, texts in rows.items():
            if group not in NEITHER:
                for place, text in enumerate(texts):
                    subject, _, body = text.rpartition("|")
                    yield Lesson(f"{name}-{group}-{place}", subject, body, step)
    for place, row in enumerate(TRUE_NOTICES):
        if row.kind not in NEITHER:
            yield Lesson(f"notice-{place}", row.subject, row.body, row.moves)
    for kind, misses in NEAR_MISSES.items():
        for place, (subject, body) in enumerate(misses):
            if not body.startswith(PASSED_ON):
                yield Lesson(f"near-{kind}-{place}", subject, body, step=False)


def _written() -> Iterator[Lesson]:
    for name, step in (("steps.txt", True), ("misses.txt", False)):
        for place, line in enumerate((LESSONS / name).read_text("utf-8").splitlines()):
            if line and not line.startswith("#"):
                subject, _, body = line.partition(" | ")
                yield Lesson(f"{name}-{place}", subject.strip(), body.strip(), step)


def prepared(texts: list[Lesson]) -> list[tuple[Lesson, frozenset[str]]]:
    """Every text with its pieces, as it stands and with one of the usual endings, which must tell nothing."""
    rows = []
    for place, one in enumerate(texts):
        subject = cut(one.subject, Where.SUBJECT)
        for ending in ("", ENDINGS[place % len(ENDINGS)]):
            rows.append((one, features(subject, cut(one.body + ending, Where.BODY))))
    return rows


def digest(texts: list[Lesson]) -> str:
    """A sum over all that is learned from, which stands above the weights."""
    told = "\0".join(f"{one.wording}\t{one.subject}\t{one.body}\t{one.step}" for one in texts)
    return hashlib.sha256(f"{told}\0{ROUNDS} {RATE} {SHRINK} {SEED} {SEEN} {ENDINGS}".encode()).hexdigest()


def learn(texts: list[tuple[Lesson, frozenset[str]]]) -> tuple[float, dict[str, int]]:
    """Bias and weights in hundredths: logistic regression by stochastic descent in a fixed order."""
    stands: Counter[str] = Counter()
    for wording in {one.wording: found for one, found in texts}.values():
        stands.update(wording)
    known = sorted(piece for piece, count in stands.items() if count >= SEEN)
    place = {piece: at for at, piece in enumerate(known)}
    rows = [([place[p] for p in sorted(found) if p in place], len(found), one.step) for one, found in texts]
    weight = [0.0] * len(known)
    bias = 0.0
    steps = sum(one.step for one, _ in texts)
    share = {True: len(texts) / (2 * steps), False: len(texts) / (2 * (len(texts) - steps))}
    order = list(range(len(rows)))
    rng = random.Random(SEED)
    for turn in range(ROUNDS):
        rng.shuffle(order)
        rate = RATE / (1 + turn)
        for at in order:
            held, size, step = rows[at]
            norm = 1 / math.sqrt(size or 1)
            total = bias + norm * sum([weight[p] for p in held])
            miss = share[step] * (step - 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
            bias += 0.02 * rate * miss
            change = rate * miss * norm
            for p in held:
                weight[p] += change
        weight = [w * (1 - SHRINK * len(rows)) for w in weight]
    return round(bias, 4), {piece: whole for piece, w in zip(known, weight, strict=True) if (whole := round(SCALE * w))}


def judged(texts: list[tuple[Lesson, frozenset[str]]]) -> list[tuple[Lesson, float]]:
    """Every text with the chance that a model gives it which saw nothing of its wording."""
    out: list[tuple[Lesson, float]] = []
    for fold in range(FOLDS):
        kept = [row for row in texts if _fold(row[0]) != fold]
        bias, known = learn(kept)
        out += [(one, chance(found, bias, known)) for one, found in texts if _fold(one) == fold]
    return out


def _fold(one: Lesson) -> int:
    return int(hashlib.sha256(one.wording.encode()).hexdigest(), 16) % FOLDS


def written(texts: list[Lesson], bias: float, known: dict[str, int]) -> str:
    rows = (f"{piece.replace(chr(10), chr(92) + 'n')}\t{weight}" for piece, weight in known.items())
    return "\n".join([digest(texts), str(bias), *rows]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"record the weights in {WEIGHTS.name}")
    options = parser.parse_args()
    texts = lessons()
    rows = prepared(texts)
    if options.write:
        WEIGHTS.write_text(written(texts, *learn(rows)), "utf-8")
        return
    out = judged(rows)
    sys.stdout.write(
        f"{len(texts)} texts of {len({one.wording for one in texts})} wordings, a fifth left out at a time\n"
    )
    sys.stdout.write("doubted below   misses doubted   steps doubted\n")
    for limit in (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        share = [
            sum(chance < limit for one, chance in out if one.step is step) / sum(one.step is step for one, _ in out)
            for step in (False, True)
        ]
        sys.stdout.write(f"{limit:13.2f}   {share[0]:13.1%}   {share[1]:13.1%}\n")


if __name__ == "__main__":
    main()
