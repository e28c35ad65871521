"""What the letters of a text are like: more like notices that tell of a step, or like texts that move nothing; and
which kind of notice it is most like.

Two linear models over the pieces of one to four characters of subject and newest block, numbers masked. Their weights
are learned by `tools/train.py` from texts written here and lie in learned.tsv and learned_kinds.tsv, one piece a line.
They doubt, and they propose where the rules know nothing: they make a reading of the rules a question, never a step,
and never answer one (docs/decisions/0018-deeds-before-learning.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from complaints.intake.clauses import Passage
from complaints.intake.shapes import Because
from complaints.stages import Kind

WEIGHTS = Path(__file__).with_name("learned.tsv")
KIND_WEIGHTS = Path(__file__).with_name("learned_kinds.tsv")
NO_KIND = "none"
# What lands in the same mailbox and says nothing of a complaint.
QUIET = frozenset({Kind.MARKETING, Kind.LOGISTICS, Kind.SURVEY, Kind.PLATFORM_NOTICE, Kind.USER_MESSAGE})
LONGEST_PIECE = 4
LOOKED_AT = 900  # characters of the body; what a notice is stands at its top
SUBJECT_LOOKED_AT = 120
SCALE = 100  # weights are kept as whole hundredths
DOUBTED_BELOW = 0.2  # costs about one step in a hundred of unseen wordings (tools/train.py)
STRETCH = 12  # characters shown as the words that weighed most

_MASKED = re.compile(r"[a-z]{0,4}\d[\da-z.,:/-]*|https?://\S+|[\w.+-]{1,64}@[\w.-]{1,80}|[ \t]+")
_QUOTED_NAME = re.compile(r"[“\"「『][^“”\"「」『』\n]{1,16}[”\"」』]")


@dataclass(frozen=True, slots=True)
class Weights:
    bias: float
    pieces: dict[str, int]


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Every piece of one to four characters of masked `text`, with its place."""
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


@lru_cache(maxsize=2)  # asked of both tables
def features(subject: Passage, body: Passage) -> frozenset[str]:
    """The pieces of a text, once each, as the training sees them: the subject between bars, no small print."""
    head, _ = masked(_head(subject))
    text, _ = masked(_top(body))
    return frozenset(
        part[start : start + size]
        for part in (head, text)
        for size in range(1, LONGEST_PIECE + 1)
        for start in range(len(part) - size + 1)
    )


def _head(subject: Passage) -> str:
    return f"|{subject.text[:SUBJECT_LOOKED_AT]}|"


def _top(body: Passage) -> str:
    """What the body opens with, without the advice below it."""
    end = body.advice[0][0] if body.advice else 0
    return body.text[: min(end or LOOKED_AT, LOOKED_AT)]


@cache
def weights() -> Weights:
    """The weights as they were learned, read once."""
    lines = WEIGHTS.read_text("utf-8").split("\n")
    rows = (line.rsplit("\t", 1) for line in lines[2:] if line)
    return Weights(float(lines[1]), {piece.replace("\\n", "\n"): int(weight) for piece, weight in rows})


def chance(found: frozenset[str], bias: float, known: dict[str, int]) -> float:
    """How likely a text with these pieces tells of a step."""
    total = sum(known[piece] for piece in known.keys() & found) / SCALE
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, bias + total / math.sqrt(len(found) or 1)))))


@cache
def kind_weights() -> tuple[tuple[Kind | None, ...], list[int], dict[str, str]]:
    """The kinds (None first: none of them), their biases, and what each piece says of them as it is written; read once.

    A piece is taken apart only where it is met: the whole table would cost a reader its first half second.
    """
    _, names, biases, *lines = KIND_WEIGHTS.read_text("utf-8").split("\n")
    kinds = tuple(None if name == NO_KIND else Kind(name) for name in names.split())
    rows = (line.rsplit("\t", 1) for line in lines if line)
    known = {piece.replace("\\n", "\n"): said for piece, said in rows}
    return kinds, [int(bias) for bias in biases.split()], known


@cache
def _says(piece: str) -> tuple[tuple[int, int], ...]:
    """(place of a kind, weight) for every kind that `piece`, one of the table, speaks for or against."""
    pairs = (pair.split(":") for pair in kind_weights()[2][piece].split())
    return tuple((int(at), int(weight)) for at, weight in pairs)


def likely(sums: list[float]) -> list[float]:
    """The chance of each of several, from the sums that speak for them."""
    most = max(sums)
    shares = [math.exp(max(-30.0, one - most)) for one in sums]
    total = math.fsum(shares)
    return [share / total for share in shares]


def kind_likelihood(subject: Passage, body: Passage) -> dict[Kind | None, float]:
    """How likely a text is of each kind that can be learned; None stands for all that is none of them."""
    kinds, bias, known = kind_weights()
    found = features(subject, body)
    sums = [0] * len(kinds)
    for piece in known.keys() & found:
        for at, weight in _says(piece):
            sums[at] += weight
    root = math.sqrt(len(found) or 1)
    return dict(zip(kinds, likely([(b + one / root) / SCALE for b, one in zip(bias, sums, strict=True)]), strict=True))


def strongest(subject: Passage, body: Passage, kind: Kind) -> Because | None:
    """The words that speak most for `kind`."""
    kinds, _, known = kind_weights()
    at = kinds.index(kind)
    return _stretch(subject, body, lambda piece: -dict(_says(piece)).get(at, 0) if piece in known else 0)


def doubts(subject: Passage, body: Passage) -> Because | None:
    """The words that weigh most against a step, where the whole is unlike the texts that tell of one; else None."""
    learned = weights()
    if chance(features(subject, body), learned.bias, learned.pieces) >= DOUBTED_BELOW:
        return None
    return _stretch(subject, body, lambda piece: learned.pieces.get(piece, 0))


def _stretch(subject: Passage, body: Passage, weight: Callable[[str], int]) -> Because | None:
    """The stretch of subject or body whose pieces weigh least."""
    told = [_lightest(subject, _head(subject), 1, weight), _lightest(body, _top(body), 0, weight)]
    said = [one for one in told if one is not None]
    return min(said, key=lambda one: one[0])[1] if said else None


def _lightest(passage: Passage, text: str, ahead: int, weight: Callable[[str], int]) -> tuple[int, Because] | None:
    """The stretch of `text` whose pieces weigh least, and their weight."""
    letters, places = masked(text)
    against = [0] * len(letters)
    for start, piece in pieces(letters):
        against[start] += weight(piece)
    sums = [0, *accumulate(against)]
    best = min(range(len(letters)), key=lambda at: (sums[min(at + STRETCH, len(letters))] - sums[at], at), default=None)
    if best is None:
        return None
    start = max(0, places[best] - ahead)
    last = min(best + STRETCH, len(letters))
    end = min(len(passage.text), (places[last] if last < len(places) else len(text)) - ahead)
    words = passage.folded.verbatim(start, end).strip()
    least = sums[last] - sums[best]
    return (least, Because("kind", words, passage.where)) if words and least < 0 else None
