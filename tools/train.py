"""Learn which texts tell of a step, of which, and where a shop's name stands: `python -m tools.train` says what the
first two are worth, `--write` records all three (learn_shops.py is the third).

Learned from texts written here: the open part of the corpus, the wordings of tests/complaints/intake/fresh.py and
twists.py, and tests/mails/lessons. Nothing of the part set aside is read. Worth is measured on wordings left out of the
learning, a fifth at a time; the mails made of one wording are never on both sides.

Two models of the same pieces: one says how likely a text tells of a step (learned.tsv), one which kind it most likely
is (learned_kinds.tsv). Numbers are added up in a fixed order, so that the same texts give the same files anywhere.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from complaints.intake.clauses import cut
from complaints.intake.learned import KIND_WEIGHTS, NO_KIND, QUIET, SCALE, WEIGHTS, chance, features, likely
from complaints.intake.likely_shops import WEIGHTS as SHOP_WEIGHTS
from complaints.intake.shapes import Where
from complaints.stages import KINDS, Kind
from tests.complaints.intake import fresh, twists
from tests.mails.corpus import cases
from tests.mails.near_misses import NEAR_MISSES
from tests.mails.parts import OPEN
from tests.mails.true_notices import TRUE_NOTICES
from tools import learn_shops

LESSONS = Path(__file__).parent.parent / "tests" / "mails" / "lessons"
NEITHER = frozenset({Kind.REMINDER, Kind.SUSPENSION, Kind.EXECUTION, Kind.EXTERNAL})  # a case's own, and no step
# The kinds that are told apart: every step, what belongs to a case beside its steps, and what says nothing of it.
NAMED = tuple(kind for kind in Kind if KINDS[kind].stage or kind in NEITHER | QUIET | {Kind.MERCHANT_PLEA})
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
KIND_ROUNDS = 10
FORGOTTEN = 10  # weights nearer to nothing than this many hundredths are not kept


@dataclass(frozen=True, slots=True)
class Lesson:
    wording: str
    subject: str
    body: str
    step: bool | None  # None: it belongs to a case and is no step of it
    kind: Kind | None = None  # of NAMED; None: it is none of them


def lesson(wording: str, subject: str, body: str, kind: Kind | None) -> Lesson:
    """What a text of `kind` teaches; None: it tells of nothing."""
    named = kind if kind in NAMED else None
    step = None if kind in NEITHER else bool(kind and KINDS[kind].stage)
    return Lesson(wording, subject, body, step, named)


def lessons() -> list[Lesson]:
    """Every text that is learned from, in a fixed order."""
    return [*_corpus(), *_tables(), *_written()]


def _corpus() -> Iterator[Lesson]:
    taken: Counter[str] = Counter()
    for case in cases(OPEN):
        if case.shape == "odd":
            continue
        wording = case.name.rsplit("-", 1)[0]
        if taken[wording] < RENDERED:
            taken[wording] += 1
            subject, _, body = case.text.partition("\n")
            if case.shape == "pasted":
                subject, body = "", case.text
            told = case.truth.get("kind")
            one = lesson(wording, subject, body, Kind(told) if told else None)
            yield one if one.step is not True or case.truth["moves_case"] else replace(one, step=False)


def _tables() -> Iterator[Lesson]:
    for place, (kind, subject, body, _more) in enumerate(fresh.TRUE_WORDINGS):
        yield lesson(f"fresh-{place}", subject, body, Kind(kind))
    for place, (kinds, subject, body, _more) in enumerate(fresh.MISSED_WORDINGS):
        beside = [kind for kind in map(Kind, kinds) if kind in NEITHER]
        yield lesson(f"missed-{place}", subject, body, beside[0] if beside else None)
    for name, rows in (("twisted", twists.TWISTED), ("plain", twists.PLAIN)):
        for group, texts in rows.items():
            for place, text in enumerate(texts):
                subject, _, body = text.rpartition("|")
                yield lesson(f"{name}-{group}-{place}", subject, body, Kind(group) if name == "plain" else None)
    for place, row in enumerate(TRUE_NOTICES):
        one = lesson(f"notice-{place}", row.subject, row.body, row.kind)
        yield one if one.step is not True or row.moves else replace(one, step=False)
    for kind, misses in NEAR_MISSES.items():
        for place, (subject, body) in enumerate(misses):
            if not body.startswith(PASSED_ON):
                yield lesson(f"near-{kind}-{place}", subject, body, None)


def _written() -> Iterator[Lesson]:
    for name in ("steps.txt", "quiet.txt", "misses.txt"):
        for place, line in enumerate((LESSONS / name).read_text("utf-8").splitlines()):
            if line and not line.startswith("#"):
                kind, _, told = line.partition("|") if name != "misses.txt" else ("", "", line)
                subject, _, body = told.partition("|")
                named = Kind(kind.strip()) if kind else None
                one = lesson(f"{name}-{place}", subject.strip(), body.strip(), named)
                # Safety tips and sales fill the end of many a true notice: there they must doubt nothing.
                yield replace(one, step=None) if name == "quiet.txt" else one


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
    told = "\0".join(f"{one.wording}\t{one.subject}\t{one.body}\t{one.step}\t{one.kind}" for one in texts)
    settings = f"{ROUNDS} {RATE} {SHRINK} {SEED} {SEEN} {ENDINGS} {KIND_ROUNDS} {FORGOTTEN}"
    return hashlib.sha256(f"{told}\0{settings}".encode()).hexdigest()


def learn(texts: list[tuple[Lesson, frozenset[str]]]) -> tuple[float, dict[str, int]]:
    """Bias and weights in hundredths: logistic regression by stochastic descent in a fixed order."""
    texts = [(one, found) for one, found in texts if one.step is not None]
    known = _known(texts)
    place = {piece: at for at, piece in enumerate(known)}
    rows = [([place[p] for p in sorted(found) if p in place], len(found), bool(one.step)) for one, found in texts]
    weight = [0.0] * len(known)
    bias = 0.0
    steps = sum(bool(one.step) for one, _ in texts)
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


def _known(texts: list[tuple[Lesson, frozenset[str]]]) -> list[str]:
    """The pieces that stand in more than one wording, in order."""
    stands: Counter[str] = Counter()
    for wording in {one.wording: found for one, found in texts}.values():
        stands.update(wording)
    return sorted(piece for piece, count in stands.items() if count >= SEEN)


KindWeights = tuple[list[int], dict[str, list[int]]]  # in hundredths, of NO_KIND and each of NAMED in turn


def learn_kinds(texts: list[tuple[Lesson, frozenset[str]]]) -> KindWeights:
    """Bias and weights of every kind: softmax regression by stochastic descent in a fixed order.

    Rare kinds weigh more, at most three times as much. The rows of `weight` are added one after the other and the
    exponentials are Python's own, so that no processor's way of adding shows in the rounded weights.
    """
    known = _known(texts)
    place = {piece: at for at, piece in enumerate(known)}
    classes = [None, *NAMED]
    rows = [
        (np.array([place[p] for p in sorted(found) if p in place], dtype=np.int64), len(found), classes.index(one.kind))
        for one, found in texts
    ]
    counts = Counter(label for _, _, label in rows)
    share = {label: min(3.0, math.sqrt(len(rows) / (len(classes) * count))) for label, count in counts.items()}
    weight: NDArray[np.float64] = np.zeros((len(known), len(classes)))
    bias: NDArray[np.float64] = np.zeros(len(classes))
    order = list(range(len(rows)))
    rng = random.Random(SEED)
    for turn in range(KIND_ROUNDS):
        rng.shuffle(order)
        rate = RATE / (1 + turn)
        for at in order:
            held, size, label = rows[at]
            norm = 1 / math.sqrt(size or 1)
            miss = -np.array(likely((bias + norm * weight[held].sum(axis=0)).tolist()))
            miss[label] += 1
            miss *= share[label]
            bias += 0.02 * rate * miss
            weight[held] += rate * norm * miss
        weight *= 1 - SHRINK * len(rows)
    whole = np.rint(SCALE * weight).astype(int)
    whole[np.abs(whole) < FORGOTTEN] = 0
    return [round(SCALE * b) for b in bias.tolist()], {
        piece: row.tolist() for piece, row in zip(known, whole, strict=True) if row.any()
    }


def judged(texts: list[tuple[Lesson, frozenset[str]]]) -> list[tuple[Lesson, float]]:
    """Every text that is a step or none, with the chance that a model gives it which saw nothing of its wording."""
    out: list[tuple[Lesson, float]] = []
    for fold in range(FOLDS):
        bias, known = learn([row for row in texts if _fold(row[0]) != fold])
        left = [row for row in texts if _fold(row[0]) == fold and row[0].step is not None]
        out += [(one, chance(found, bias, known)) for one, found in left]
    return out


def kind_chances(found: frozenset[str], bias: list[int], known: dict[str, list[int]]) -> list[float]:
    """How likely a text with these pieces is of NO_KIND and each of NAMED."""
    sums = [0] * len(bias)
    for piece in found:
        for at, weight in enumerate(known.get(piece, ())):
            sums[at] += weight
    root = math.sqrt(len(found) or 1)
    return likely([(b + one / root) / SCALE for b, one in zip(bias, sums, strict=True)])


def judged_kinds(texts: list[tuple[Lesson, frozenset[str]]]) -> list[tuple[Lesson, Kind | None, float]]:
    """Every text with the kind that a model takes it for which saw nothing of its wording, and how likely."""
    out: list[tuple[Lesson, Kind | None, float]] = []
    for fold in range(FOLDS):
        bias, known = learn_kinds([row for row in texts if _fold(row[0]) != fold])
        for one, found in texts:
            if _fold(one) == fold:
                chances = kind_chances(found, bias, known)
                best = max(range(len(chances)), key=chances.__getitem__)
                out.append((one, [None, *NAMED][best], chances[best]))
    return out


def _fold(one: Lesson) -> int:
    return int(hashlib.sha256(one.wording.encode()).hexdigest(), 16) % FOLDS


def written(texts: list[Lesson], bias: float, known: dict[str, int]) -> str:
    rows = (f"{piece.replace(chr(10), chr(92) + 'n')}\t{weight}" for piece, weight in known.items())
    return "\n".join([digest(texts), str(bias), *rows]) + "\n"


def written_kinds(texts: list[Lesson], bias: list[int], known: dict[str, list[int]]) -> str:
    """A digest, the kinds, their biases, then a piece a line with what it says of each kind: 3:45 7:-12."""
    rows = (
        f"{piece.replace(chr(10), chr(92) + 'n')}\t" + " ".join(f"{at}:{w}" for at, w in enumerate(weights) if w)
        for piece, weights in known.items()
    )
    head = [digest(texts), " ".join([NO_KIND, *(kind.value for kind in NAMED)]), " ".join(map(str, bias))]
    return "\n".join([*head, *rows]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="record the weights, learned*.tsv")
    options = parser.parse_args()
    texts = lessons()
    rows = prepared(texts)
    if options.write:
        WEIGHTS.write_text(written(texts, *learn(rows)), "utf-8")
        KIND_WEIGHTS.write_text(written_kinds(texts, *learn_kinds(rows)), "utf-8")
        named = learn_shops.texts()
        SHOP_WEIGHTS.write_text(learn_shops.written(named, *learn_shops.learn(named)), "utf-8")
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
    kinds = judged_kinds(rows)
    sys.stdout.write("likelier than   kinds named right   named wrong   named where there is none\n")
    for limit in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        some = [(one.kind, kind) for one, kind, sure in kinds if sure > limit and kind]
        true = sum(one.kind is not None for one, _, _ in kinds)
        right, wrong = sum(told is kind for told, kind in some), sum(told not in (kind, None) for told, kind in some)
        invented = sum(told is None for told, _ in some)
        sys.stdout.write(
            f"{limit:13.2f}   {right / true:17.1%}   {wrong / true:11.1%}   {invented / (len(kinds) - true):11.1%}\n"
        )


if __name__ == "__main__":
    main()
