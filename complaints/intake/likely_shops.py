"""Where in a text a shop's name most likely stands, by what stands around it and how it looks.

A linear model over pieces of characters: those before a stretch, those behind it, those that it begins and ends with,
those in it. Its weights are learned by `tools/train.py` from sentences written here, with thousands of made-up names in
turn in the place of each, and lie in learned_shops.tsv, one piece a line. It is asked where no rule of shops.py knows a
name (docs/decisions/0025-shops-are-learned-too.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path

from complaints.intake.folding import Folded

WEIGHTS = Path(__file__).with_name("learned_shops.tsv")
SURE = 2.0  # how much likelier than no name at all a stretch must be
UNLIKELY = -18.0  # and how much less likely than none what a rule takes for a name may be
LOOKED_AT = 600  # characters; notices name the shop early
LONGEST_CHINESE, LONGEST_LATIN = 20, 30
BEFORE, BEHIND = 7, 6  # characters of the surroundings that are looked at
NO_NAME = "-"  # the feature of a text without a name

_STOPS = frozenset('\n,。;:!?()<>|"“”「」『』【】[]《》‘~…')
_ALNUM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_DIGIT = re.compile(r"\d")
_SMALL_WORDS = frozenset({"and", "of", "the", "&", "de", "la"})

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Likely:
    """A stretch of a folded text, and how much likelier it is a name than that there is none."""

    start: int
    end: int
    margin: float


class Seen:
    """A text as the model sees it: its stretches that could be a name, and the features of each."""

    def __init__(self, folded: Folded) -> None:
        self.text = folded.text[:LOOKED_AT]
        self.letters = _DIGIT.sub("0", folded.lower[:LOOKED_AT])

    @cached_property
    def spans(self) -> list[Span]:
        """Every stretch that could be a name, from the left."""
        return list(_spans(self.text, self.letters))

    def of_start(self, at: int) -> list[str]:
        """What stands before a name that begins at `at`, and its first characters."""
        before = ("^" + self.letters[:at])[-BEFORE:]
        found = ["<" + before[-size:] for size in range(1, len(before) + 1)]
        return [*found, "[" + self.letters[at], "[" + self.letters[at : at + 2]]

    def of_end(self, at: int) -> list[str]:
        """What stands behind a name that ends before `at`, and its last characters."""
        behind = (self.letters[at : at + BEHIND] + "$")[:BEHIND]
        found = [">" + behind[:size] for size in range(1, len(behind) + 1)]
        return [*found, *("]" + self.letters[at - size : at] for size in (1, 2, 3) if size <= at)]

    def inside(self, at: int) -> list[str]:
        """What the character at `at` tells of a name that holds it, but for its last: the pair with the next too."""
        return ["." + self.letters[at], ":" + self.letters[at : at + 2]]

    def of_whole(self, start: int, end: int) -> list[str]:
        """How long the stretch is, and of Latin ones whether capitals begin its words and those beside it."""
        found = [f"#{end - start}"]
        if self.letters[start] in _ALNUM and self.text[start:end].isascii():
            words = [word for word in self.text[start:end].split(" ") if word.lower() not in _SMALL_WORDS]
            found.append(f"A{all(word[:1].isupper() or word[:1].isdigit() for word in words):d}{min(len(words), 5)}")
            left = re.search(r"(\S+) $", self.text[max(0, start - 24) : start])
            right = re.match(r" (\S+)", self.text[end : end + 24])
            found.append(f"B{bool(left and left[1][0].isupper()):d}{bool(right and right[1][0].isupper()):d}")
        return found

    def features(self, start: int, end: int) -> list[str]:
        """Every feature of a stretch."""
        pairs = [piece for at in range(start, end) for piece in self.inside(at)[: 2 if at < end - 1 else 1]]
        return [*self.of_start(start), *self.of_end(end), *pairs, *self.of_whole(start, end)]

    def scores(self, weight: Mapping[str, int]) -> list[int]:
        """What every stretch of `spans` weighs, in their order."""
        get = weight.get
        length = len(self.letters)
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        one = [0, *accumulate(get("." + letter, 0) for letter in self.letters)]
        two = [0, *accumulate(get(":" + self.letters[at : at + 2], 0) for at in range(length))]
        out = []
        for start, end in self.spans:
            if start not in starts:
                starts[start] = sum([get(piece, 0) for piece in self.of_start(start)])
            if end not in ends:
                ends[end] = sum([get(piece, 0) for piece in self.of_end(end)])
            whole = sum([get(piece, 0) for piece in self.of_whole(start, end)])
            out.append(starts[start] + ends[end] + one[end] - one[start] + two[end - 1] - two[start] + whole)
        return out


def _spans(text: str, letters: str) -> Iterator[Span]:
    """Every stretch that no punctuation cuts and that cuts no Latin word or number, at least two characters."""
    length = len(letters)
    for start in range(length):
        if letters[start] in _STOPS or letters[start] == " ":
            continue
        if start and letters[start] in _ALNUM and letters[start - 1] in _ALNUM:
            continue
        for end in range(start + 1, min(length, start + LONGEST_LATIN) + 1):
            last = letters[end - 1]
            if last in _STOPS:
                break
            if end - start > LONGEST_CHINESE and not text[start:end].isascii():
                break
            if end - start < 2 or last == " " or (end < length and last in _ALNUM and letters[end] in _ALNUM):
                continue
            yield start, end


def likely_shop(folded: Folded) -> Likely | None:
    """The stretch of `folded` that is likeliest a shop's name; None where there is nothing to choose from."""
    seen = Seen(folded)
    if not seen.spans:
        return None
    scale, weight = shop_weights()
    scores = seen.scores(weight)
    best = max(range(len(scores)), key=scores.__getitem__)
    return Likely(*seen.spans[best], (scores[best] - weight.get(NO_NAME, 0)) / scale)


def is_unlikely(folded: Folded, start: int, end: int) -> bool:
    """Whether what a rule took for a name is much less likely one than that there is none. False beyond LOOKED_AT."""
    if not start < end < LOOKED_AT:
        return False
    scale, weight = shop_weights()
    weighs = sum([weight.get(piece, 0) for piece in Seen(folded).features(start, end)])
    return (weighs - weight.get(NO_NAME, 0)) / scale < UNLIKELY


@cache
def shop_weights() -> tuple[int, dict[str, int]]:
    """How much weighs one, and what every feature weighs; read once."""
    _digest, scale, *rows = WEIGHTS.read_text("utf-8").splitlines()
    pairs = (row.rpartition("\t") for row in rows)
    return int(scale), {piece.replace("\\n", "\n"): int(weighs) for piece, _, weighs in pairs}
