"""Learn where a shop's name stands in a text: what `tools/train.py` writes to learned_shops.tsv.

An averaged perceptron over whole numbers, so that the same texts give the same file anywhere: each text is looked at in
turn, and where another stretch than the name seems likelier, what speaks for the name gains and what speaks for the
other loses. Learned from the open wordings, the true notices and tests/mails/lessons/shops.txt; in every text the name
is changed for others, made of the words of shop_names.txt, so that what stands around it is learned and not the name.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from complaints.intake.folding import fold
from complaints.intake.likely_shops import NO_NAME, Seen, Span
from tests.mails.corpus import cases
from tests.mails.parts import OPEN
from tests.mails.true_notices import TRUE_NOTICES

LESSONS = Path(__file__).parent.parent / "tests" / "mails" / "lessons" / "shops.txt"
NAMES = 3  # other names in the place of each
ROUNDS = 12
SEED = 20261123
KEPT = 100  # of one, in hundredths, a weight is rounded to
SMALL = 8  # weights nearer to nothing than this many hundredths are not kept

_MARK = re.compile("〔([^〕]+)〕")
Text = tuple[str, str | None]  # a subject or a body, and the name in it


def _names() -> list[list[str]]:
    """The lists of shop_names.txt: first words, trades, endings, Latin first words, Latin trades."""
    lists = (LESSONS.with_name("shop_names.txt")).read_text("utf-8").split("\n\n")
    return [[word for row in rows.splitlines() if row[:1] != "#" for word in row.split()] for rows in lists]


def a_name(rng: random.Random, lists: list[list[str]], *, latin: bool) -> str:
    """A shop's name, made up."""
    firsts, trades, endings, latin_firsts, latin_trades = lists
    chance = rng.random()
    if latin or chance < 0.08:
        words = rng.sample(latin_firsts, rng.choice((1, 2, 2, 3))) + rng.sample(latin_trades, rng.choice((0, 1, 1, 2)))
        return " ".join(words)
    if chance > 0.96:
        return rng.choice((*latin_firsts, *firsts)).lower() + str(rng.randrange(10, 10_000))
    if chance < 0.16:
        first = rng.choice(latin_firsts) + rng.choice(("", " "))
    else:
        first = rng.choice(firsts) + (rng.choice(firsts) if rng.random() < 0.25 else "")
    return first + rng.choice(firsts if chance > 0.9 else trades) + rng.choice((*endings, *[""] * 8))


def texts() -> list[Text]:
    """Every subject and body that is learned from, in a fixed order, with its own name and with others."""
    rng = random.Random(SEED)
    lists = _names()
    out: list[Text] = []
    for parts, name in _named():
        latin = not re.search("[\u4e00-\u9fff]", "".join(parts).replace(name or "", ""))
        names: list[str | None] = [name]
        if name:
            names += [a_name(rng, lists, latin=latin) for _ in range(NAMES)]
        for other in names:
            for part in parts:
                if part:
                    out.append((part.replace(name, other), other) if name and other and name in part else (part, None))
    return out


def _named() -> Iterator[tuple[tuple[str, str], str | None]]:
    """Subject and body of every text, and the name that one of them holds; None where none stands in them."""
    taken: set[str] = set()
    for case in cases(OPEN):
        wording = case.name.rsplit("-", 1)[0]
        if case.shape != "odd" and "shop" in case.truth and wording not in taken:
            taken.add(wording)
            name = case.truth["shop"]
            if not name or name in case.text:
                subject, _, body = case.text.partition("\n")
                yield ("", case.text) if case.shape == "pasted" else (subject, body), name
    for row in TRUE_NOTICES:
        name = row.expect.get("shop")
        if (name and name in row.subject + row.body) or (not name and "shop" not in row.free):
            yield (row.subject, row.body), name
    for line in LESSONS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            marked = _MARK.search(line)
            subject, _, body = _MARK.sub(r"\1", line).replace("\\n", "\n").partition("|")
            yield (subject.strip(), body.strip()), marked[1] if marked else None


def learn(rows: list[Text]) -> tuple[int, dict[str, int]]:
    """How much weighs one, and the weight of every feature that matters."""
    seen = [(one, _places(one, name)) for one, name in ((Seen(fold(text)), name) for text, name in rows)]
    weight: dict[str, int] = defaultdict(int)
    sums: dict[str, int] = defaultdict(int)  # of every change times the step it came at: for the mean over all steps
    steps = 1
    order = list(range(len(seen)))
    rng = random.Random(SEED)
    for _ in range(ROUNDS):
        rng.shuffle(order)
        for at in order:
            one, right = seen[at]
            steps += 1
            told, taken = _guess(one, right, weight)
            if told == taken or (right and taken in right):
                continue
            for span, by in ((told, 1), (taken, -1)):
                for piece in one.features(*span) if span else [NO_NAME]:
                    weight[piece] += by
                    sums[piece] += by * steps
    rounded = {piece: (KEPT * (steps * weight[piece] - sums[piece])) // steps for piece in sorted(weight)}
    return KEPT, {piece: weighs for piece, weighs in rounded.items() if abs(weighs) >= SMALL}


def _guess(one: Seen, right: frozenset[Span], weight: dict[str, int]) -> tuple[Span | None, Span | None]:
    """The name that should be found (the likeliest of its places), and what the weights find."""
    scores = one.scores(weight)
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    taken = one.spans[best] if best is not None and scores[best] > weight[NO_NAME] else None
    told = max((place for place, span in enumerate(one.spans) if span in right), key=scores.__getitem__, default=None)
    return one.spans[told] if told is not None else None, taken


def _places(one: Seen, name: str | None) -> frozenset[Span]:
    """Where in its text the name stands."""
    if not name:
        return frozenset()
    looked_for = fold(name).text
    return frozenset(span for span in one.spans if one.text[slice(*span)] == looked_for)


def digest(rows: list[Text]) -> str:
    """A sum over all that is learned from and how, which stands above the weights."""
    told = hashlib.sha256("\0".join(f"{text}\t{name}" for text, name in rows).encode())
    told.update(f"{NAMES} {ROUNDS} {SEED} {SMALL}".encode())
    return told.hexdigest()


def written(rows: list[Text], scale: int, weight: dict[str, int]) -> str:
    """A digest of all that is learned from, how much weighs one, then a feature a line with its weight."""
    told = (f"{piece.replace(chr(10), chr(92) + 'n')}\t{weighs}" for piece, weighs in weight.items())
    return "\n".join([digest(rows), str(scale), *told]) + "\n"
