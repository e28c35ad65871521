"""Which kind of notice a text is most like, by its letters.

One linear model over the pieces of one to three characters of subject and newest block, numbers masked: what a piece
says of a kind, times how seldom the piece is. Its weights are learned by `tools/train.py` from texts written here and
lie in learned_kinds.tsv, one piece a line. classify.py says what it may do (docs/decisions/0018-deeds-and-letters.md).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from complaints.intake.clauses import Passage
from complaints.intake.shapes import Because
from complaints.stages import Kind

KIND_WEIGHTS = Path(__file__).with_name("learned_kinds.tsv")
NO_KIND = "none"
NEW_LINE = "⏎"  # in the table
# What lands in the same mailbox and says nothing of a complaint.
QUIET = frozenset({Kind.MARKETING, Kind.LOGISTICS, Kind.SURVEY, Kind.PLATFORM_NOTICE, Kind.USER_MESSAGE})
LONGEST_PIECE = 3
LOOKED_AT = 900  # characters of the body; what a notice is stands at its top
SUBJECT_LOOKED_AT = 120
SCALE = 100  # weights are kept as whole hundredths
SHARPNESS = 5.0  # from margins to chances: so that what is said to be likely is as often right (tools/train.py)
STRETCH = 12  # characters shown as the words that weighed most

_MASKED = re.compile(r"[a-z]{0,4}\d[\da-z.,:/-]*|https?://\S+|[\w.+-]{1,64}@[\w.-]{1,80}|[ \t]+")
_QUOTED_NAME = re.compile(r"[“\"「『][^“”\"「」『』\n]{1,16}[”\"」』]")


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Every piece of one to three characters of masked `text`, with its place."""
    for size in range(1, LONGEST_PIECE + 1):
        for start in range(len(text) - size + 1):
            yield start, text[start : start + size]


def masked(text: str) -> tuple[str, list[int]]:
    """Folded lower-case `text` with numbers, addresses and quoted names made alike; and the place of each character."""
    out: list[str] = []
    places: list[int] = []
    spans = sorted(
        [(*found.span(), "0" if any(c.isdigit() for c in found.group()) else " ") for found in _MASKED.finditer(text)]
        + [(*found.span(), "店") for found in _QUOTED_NAME.finditer(text)]
    )
    at = 0
    for start, end, stands in spans:
        if start < at:
            continue
        out.append(text[at:start])
        places += range(at, start)
        out.append(stands)
        places.append(start)
        at = end
    out.append(text[at:])
    places += range(at, len(text))
    return "".join(out), places


@lru_cache(maxsize=2)  # asked again for the words to show
def features(subject: Passage, body: Passage) -> Counter[str]:
    """How often each piece stands in a text, as the training sees it: the subject between bars, no small print."""
    letters = masked(_head(subject))[0] + "\n" + masked(_top(body))[0]
    return Counter(piece for _, piece in pieces(letters))


def _head(subject: Passage) -> str:
    return f"|{subject.text[:SUBJECT_LOOKED_AT]}|"


def _top(body: Passage) -> str:
    """What the body opens with, without the advice below it."""
    end = body.advice[0][0] if body.advice else 0
    return body.text[: min(end or LOOKED_AT, LOOKED_AT)]


@cache
def kind_weights() -> tuple[tuple[Kind | None, ...], list[int], dict[str, str]]:
    """The kinds (None first: none of them), their biases, and what each piece says of them as it is written; read once.

    A piece is taken apart only where it is met: the whole table would cost a reader its first half second.
    """
    with KIND_WEIGHTS.open(encoding="utf-8") as table:  # a line at a time: what is thrown away stays in the process
        _digest, names, biases = (next(table) for _ in range(3))
        kinds = tuple(None if name == NO_KIND else Kind(name) for name in names.split())
        rows = (line.rstrip("\n").rsplit("\t", 1) for line in table)
        known = {piece.replace(NEW_LINE, "\n"): said for piece, said in rows}
    return kinds, [int(bias) for bias in biases.split()], known


@lru_cache(maxsize=8192)  # a long text has some two thousand
def _says(piece: str) -> tuple[float, tuple[tuple[int, int], ...]]:
    """How seldom `piece` is, one of the table, and (place of a kind, weight) for every kind it speaks for or against."""
    rarity, *pairs = kind_weights()[2][piece].split()
    told = (pair.split(":") for pair in pairs)
    return int(rarity) / SCALE, tuple((int(at), int(weight)) for at, weight in told)


def likely(sums: list[float]) -> list[float]:
    """The chance of each of several, from the sums that speak for them."""
    most = max(sums)
    shares = [math.exp(max(-30.0, one - most)) for one in sums]
    total = math.fsum(shares)
    return [share / total for share in shares]


@lru_cache(maxsize=2)
def kind_likelihood(subject: Passage, body: Passage) -> dict[Kind | None, float]:
    """How likely a text is of each kind that can be learned; None stands for all that is none of them."""
    kinds, bias, known = kind_weights()
    sums = [0.0] * len(kinds)
    square = 0.0
    for piece, times in features(subject, body).items():
        if piece in known:
            rarity, said = _says(piece)
            much = (1 + math.log(times)) * rarity
            square += much * much
            for at, weight in said:
                sums[at] += much * weight
    length = math.sqrt(square) or 1.0
    margins = [(b + one / length) / SCALE for b, one in zip(bias, sums, strict=True)]
    return dict(zip(kinds, likely([SHARPNESS * margin for margin in margins]), strict=True))


def strongest(subject: Passage, body: Passage, kind: Kind) -> Because | None:
    """The words that speak most for `kind`."""
    kinds, _, known = kind_weights()
    at = kinds.index(kind)

    def against(piece: str) -> float:
        if piece not in known:
            return 0.0
        rarity, said = _says(piece)
        return -rarity * dict(said).get(at, 0)

    return _stretch(subject, body, against)


def _stretch(subject: Passage, body: Passage, weight: Callable[[str], float]) -> Because | None:
    """The stretch of subject or body whose pieces weigh least."""
    told = [_lightest(subject, _head(subject), 1, weight), _lightest(body, _top(body), 0, weight)]
    said = [one for one in told if one is not None]
    return min(said, key=lambda one: one[0])[1] if said else None


def _lightest(passage: Passage, text: str, ahead: int, weight: Callable[[str], float]) -> tuple[float, Because] | None:
    """The stretch of `text` whose pieces weigh least, and their weight."""
    letters, places = masked(text)
    against = [0.0] * len(letters)
    for start, piece in pieces(letters):
        against[start] += weight(piece)
    sums = [0.0, *accumulate(against)]
    best = min(range(len(letters)), key=lambda at: (sums[min(at + STRETCH, len(letters))] - sums[at], at), default=None)
    if best is None:
        return None
    start = max(0, places[best] - ahead)
    last = min(best + STRETCH, len(letters))
    end = min(len(passage.text), (places[last] if last < len(places) else len(text)) - ahead)
    words = passage.folded.verbatim(start, end).strip()
    least = sums[last] - sums[best]
    return (least, Because("kind", words, passage.where)) if words and least < 0 else None
