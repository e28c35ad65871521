"""Learn which kind of notice a text is, and where a shop's name stands: `python -m tools.train` says what the first is
worth, `--write` records both (learn_shops.py is the second).

Learned from texts written here: the open part of the corpus, the wordings of tests/complaints/intake/fresh.py and
twists.py, and tests/mails/lessons. Nothing of the part set aside is read. Worth is measured on wordings left out of the
learning, a fifth at a time; the mails made of one wording are never on both sides.

The model is a support vector machine over rare and less rare pieces of characters, one against the rest for each kind
(scikit-learn's); the same texts give the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from complaints.intake.clauses import cut
from complaints.intake.learned import KIND_WEIGHTS, NEW_LINE, NO_KIND, QUIET, SCALE, SHARPNESS, features, likely
from complaints.intake.likely_shops import WEIGHTS as SHOP_WEIGHTS
from complaints.intake.shapes import Where
from complaints.stages import KINDS, Kind
from tests.complaints.intake import fresh, twists
from tests.mails.corpus import cases
from tests.mails.near_misses import NEAR_MISSES
from tests.mails.parts import NOTED, OPEN
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
SLACK = 0.5  # the C of the machine
SEED = 20261122
FORGOTTEN = 4  # weights nearer to nothing than this many hundredths are not kept


@dataclass(frozen=True, slots=True)
class Lesson:
    wording: str
    subject: str
    body: str
    kind: Kind | None  # of NAMED; None: it is none of them


def lesson(wording: str, subject: str, body: str, kind: Kind | None) -> Lesson:
    """What a text of `kind` teaches; None: it tells of nothing."""
    return Lesson(wording, subject, body, kind if kind in NAMED else None)


def lessons() -> list[Lesson]:
    """Every text that is learned from, in a fixed order."""
    return [*_corpus(), *_tables(), *_written()]


def _corpus() -> Iterator[Lesson]:
    taken: Counter[str] = Counter()
    for case in (*cases(OPEN), *cases(NOTED)):
        if case.shape == "odd":
            continue
        wording = case.name.rsplit("-", 1)[0]
        if taken[wording] < RENDERED:
            taken[wording] += 1
            subject, _, body = case.text.partition("\n")
            if case.shape == "pasted":
                subject, body = "", case.text
            told = case.truth.get("kind")
            yield lesson(wording, subject, body, Kind(told) if told else None)


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
        yield lesson(f"notice-{place}", row.subject, row.body, row.kind)
    for kind, misses in NEAR_MISSES.items():
        for place, (subject, body) in enumerate(misses):
            if not body.startswith(PASSED_ON):
                yield lesson(f"near-{kind}-{place}", subject, body, None)


def _written() -> Iterator[Lesson]:
    for name in ("steps.txt", "quiet.txt", "misses.txt"):
        for place, line in enumerate((LESSONS / name).read_text("utf-8").splitlines()):
            if line and not line.startswith("#"):
                kind, _, told = line.partition("|") if name != "misses.txt" else ("", "", line)
                subject, _, body = told.replace("\\n", "\n").partition("|")
                yield lesson(f"{name}-{place}", subject.strip(), body.strip(), Kind(kind.strip()) if kind else None)


Seen = tuple[Lesson, Counter[str]]


def prepared(texts: list[Lesson]) -> list[Seen]:
    """Every text with its pieces, as it stands and with one of the usual endings, which must tell nothing."""
    rows = []
    for place, one in enumerate(texts):
        subject = cut(one.subject, Where.SUBJECT)
        for ending in ("", ENDINGS[place % len(ENDINGS)]):
            rows.append((one, features(subject, cut(one.body + ending, Where.BODY))))
    return rows


def digest(texts: list[Lesson]) -> str:
    """A sum over all that is learned from, which stands above the weights."""
    told = "\0".join(f"{one.wording}\t{one.subject}\t{one.body}\t{one.kind}" for one in texts)
    settings = f"{SLACK} {SEED} {SEEN} {ENDINGS} {FORGOTTEN} {SHARPNESS}"
    return hashlib.sha256(f"{told}\0{settings}".encode()).hexdigest()


CLASSES: tuple[Kind | None, ...] = (None, *NAMED)
# In hundredths: the bias of each of CLASSES, and of each piece how seldom it is and what it says of each.
KindWeights = tuple[list[int], dict[str, tuple[int, list[int]]]]


def learn_kinds(rows: list[Seen]) -> KindWeights:
    """Bias and weights of every class."""
    pieces = TfidfVectorizer(analyzer=Counter.elements, min_df=SEEN * len(("", "ending")), sublinear_tf=True)
    matrix = pieces.fit_transform([found for _, found in rows])
    machine = LinearSVC(C=SLACK, class_weight="balanced", random_state=SEED)
    machine.fit(matrix, [CLASSES.index(one.kind) for one, _ in rows])
    whole = np.rint(SCALE * machine.coef_.T).astype(int)
    whole[np.abs(whole) < FORGOTTEN] = 0
    rare = np.rint(SCALE * pieces.idf_).astype(int)
    weights = np.zeros((len(rare), len(CLASSES)), dtype=int)
    weights[:, machine.classes_] = whole
    bias = np.full(len(CLASSES), -10 * SCALE)
    bias[machine.classes_] = np.rint(SCALE * machine.intercept_).astype(int)
    names = pieces.get_feature_names_out()
    return bias.tolist(), {
        str(piece): (int(seldom), row.tolist()) for piece, seldom, row in zip(names, rare, weights, strict=True)
    }


def kind_chances(found: Counter[str], bias: list[int], known: dict[str, tuple[int, list[int]]]) -> list[float]:
    """How likely a text with these pieces is of each of CLASSES."""
    held = [(1 + np.log(times), *known[piece]) for piece, times in found.items() if piece in known]
    much = np.array([times * seldom for times, seldom, _ in held])
    weights = np.array([row for _, _, row in held]).reshape(len(held), len(bias))
    sums = much @ weights / (np.sqrt((much**2).sum()) or 1.0)
    return likely((SHARPNESS * (np.array(bias) + sums) / SCALE).tolist())


def judged_kinds(rows: list[Seen]) -> list[tuple[Lesson, Kind | None, float]]:
    """Every text with the kind that a model takes it for which saw nothing of its wording, and how likely."""
    out: list[tuple[Lesson, Kind | None, float]] = []
    for fold in range(FOLDS):
        bias, known = learn_kinds([row for row in rows if _fold(row[0]) != fold])
        for one, found in rows:
            if _fold(one) == fold:
                chances = kind_chances(found, bias, known)
                best = max(range(len(chances)), key=chances.__getitem__)
                out.append((one, CLASSES[best], chances[best]))
    return out


def _fold(one: Lesson) -> int:
    return int(hashlib.sha256(one.wording.encode()).hexdigest(), 16) % FOLDS


def written_kinds(texts: list[Lesson], bias: list[int], known: dict[str, tuple[int, list[int]]]) -> str:
    """A digest, the kinds, their biases, then a piece a line, how seldom it is, what it says of each: 612 3:45."""
    rows = (
        f"{piece.replace(chr(10), NEW_LINE)}\t"
        + " ".join([str(seldom), *(f"{at}:{weight}" for at, weight in enumerate(weights) if weight)])
        for piece, (seldom, weights) in known.items()
    )
    head = [digest(texts), " ".join([NO_KIND, *(kind.value for kind in NAMED)]), " ".join(map(str, bias))]
    return "\n".join([*head, *rows]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="record the weights, learned*.tsv")
    parser.add_argument("--kinds", action="store_true", help="with --write: of the kinds alone, which takes seconds")
    options = parser.parse_args()
    texts = lessons()
    rows = prepared(texts)
    if options.write:
        KIND_WEIGHTS.write_text(written_kinds(texts, *learn_kinds(rows)), "utf-8")
        if not options.kinds:
            named = learn_shops.texts()
            SHOP_WEIGHTS.write_text(learn_shops.written(named, *learn_shops.learn(named)), "utf-8")
        return
    sys.stdout.write(
        f"{len(texts)} texts of {len({one.wording for one in texts})} wordings, a fifth left out at a time\n"
    )
    kinds = judged_kinds(rows)
    sys.stdout.write("likelier than   kinds named right   named wrong   named where there is none\n")
    for limit in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        some = [(one.kind, kind) for one, kind, sure in kinds if sure > limit and kind]
        true = sum(one.kind is not None for one, _, _ in kinds)
        right, wrong = sum(told is kind for told, kind in some), sum(told not in (kind, None) for told, kind in some)
        invented = sum(told is None for told, _ in some)
        sys.stdout.write(
            f"{limit:13.2f}   {right / true:17.1%}   {wrong / true:11.1%}   {invented / (len(kinds) - true):11.1%}\n"
        )


if __name__ == "__main__":
    main()
