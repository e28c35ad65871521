"""What the letters of a text are like: more like notices that tell of a step, or like texts that move nothing.

A linear model over the pieces of one to four characters of subject and newest block, numbers masked. Its weights are
learned by `tools/train.py` from texts written here and lie in learned.tsv, one piece a line. It only doubts: it makes a
reading of the rules a question, never a step, and never answers one (docs/decisions/0018-deeds-before-learning.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from complaints.intake.clauses import Passage
from complaints.intake.shapes import Because

WEIGHTS = Path(__file__).with_name("learned.tsv")
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


def features(subject: Passage, body: Passage) -> frozenset[str]:
    """The pieces of a text, once each, as the training sees them: the subject between bars, no small print."""
    head, _ = masked(_head(subject))
    text, _ = masked(_top(body))
    return frozenset(piece for part in (head, text) for _, piece in pieces(part))


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
    total = sum(known.get(piece, 0) for piece in found) / SCALE
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, bias + total / math.sqrt(len(found) or 1)))))


def doubts(subject: Passage, body: Passage) -> Because | None:
    """The words that weigh most against a step, where the whole is unlike the texts that tell of one; else None."""
    learned = weights()
    if chance(features(subject, body), learned.bias, learned.pieces) >= DOUBTED_BELOW:
        return None
    told = [_lightest(subject, _head(subject), 1), _lightest(body, _top(body), 0)]
    said = [one for one in told if one is not None]
    return min(said, key=lambda one: one[0])[1] if said else None


def _lightest(passage: Passage, text: str, ahead: int) -> tuple[int, Because] | None:
    """The stretch of `text` whose pieces weigh most against a step, and their weight."""
    letters, places = masked(text)
    against = [0] * len(letters)
    known = weights().pieces
    for start, piece in pieces(letters):
        against[start] += known.get(piece, 0)
    sums = [0, *accumulate(against)]
    best = min(range(len(letters)), key=lambda at: (sums[min(at + STRETCH, len(letters))] - sums[at], at), default=None)
    if best is None:
        return None
    start = max(0, places[best] - ahead)
    last = min(best + STRETCH, len(letters))
    end = min(len(passage.text), (places[last] if last < len(places) else len(text)) - ahead)
    words = passage.folded.verbatim(start, end).strip()
    weight = sums[last] - sums[best]
    return (weight, Because("kind", words, passage.where)) if words and weight < 0 else None
