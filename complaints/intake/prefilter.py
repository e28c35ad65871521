"""Which rows cannot match a text, told from its letters alone, so that few patterns are tried.

The characters that every match of a phrase must contain are read off its compiled form once. A text
that lacks them all at any required place cannot match; the others are searched as usual.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from complaints.intake.kinds import compiled

Needs = tuple[frozenset[str], ...]


class Prefilter:
    """Which of several phrases a text may match. Each phrase is kept under the fewest characters of which it needs one."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._needs = [required(phrase) for phrase in phrases]
        self._always: list[int] = []
        self._under: dict[str, list[int]] = defaultdict(list)
        for at, needs in enumerate(self._needs):
            if not needs:
                self._always.append(at)
                continue
            for letter in min(needs, key=len):
                self._under[letter].append(at)

    def possible(self, letters: frozenset[str]) -> list[int]:
        """The places of the phrases that a text made of `letters` may match, in their order; the others cannot."""
        found = set(self._always)
        for letter in self._under.keys() & letters:
            found.update(self._under[letter])
        return sorted(at for at in found if _could_match(self._needs[at], letters))


def _could_match(needs: Needs, letters: frozenset[str]) -> bool:
    for needed in needs:  # noqa: SIM110  # a generator would cost more than the search it saves
        if needed.isdisjoint(letters):
            return False
    return True


def required(phrase: str) -> Needs:
    """Sets of characters, at least one of each of which stands in every match of `phrase`."""
    parser = _Parser(compiled(phrase).pattern)
    return tuple(parser.sequence_needs())


class _Parser:
    """Reads the subset of regular expressions that kinds.py uses, as far as needs go."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def sequence_needs(self) -> list[frozenset[str]]:
        """The needs of a whole alternation: each need of one branch joined with one of every other."""
        branches = [self._branch()]
        while self._peek() == "|":
            self.place += 1
            branches.append(self._branch())
        if len(branches) == 1:
            return branches[0]
        if any(not branch for branch in branches):
            return []
        return [frozenset().union(*(min(branch, key=len) for branch in branches))]

    def _branch(self) -> list[frozenset[str]]:
        needs: list[frozenset[str]] = []
        while self.place < len(self.pattern) and self._peek() not in "|)":
            atom = self._atom()
            if not self._optional():
                needs += atom
        return needs

    def _atom(self) -> list[frozenset[str]]:
        letter = self._peek()
        self.place += 1
        if letter == "(":
            return self._group()
        if letter == "[":
            self._skip_class()
            return []
        if letter == "\\":
            self.place += 1
            return []
        return [] if letter in "^$." else [frozenset(letter)]

    def _group(self) -> list[frozenset[str]]:
        looks = False
        if self._peek() == "?":
            if self.pattern.startswith("?:", self.place):
                self.place += 2
            else:
                looks = True  # a look-around takes nothing
                self.place += 3 if self.pattern.startswith("?<", self.place) else 2
        needs = self.sequence_needs()
        self.place += 1
        return [] if looks else needs

    def _skip_class(self) -> None:
        if self._peek() == "^":
            self.place += 1
        if self._peek() == "]":
            self.place += 1
        while self._peek() != "]":
            self.place += 2 if self._peek() == "\\" else 1
        self.place += 1

    def _optional(self) -> bool:
        """Whether the quantifier that follows allows none; it is passed over."""
        letter = self._peek()
        if letter not in ("?", "*", "+", "{"):
            return False
        optional = letter in "?*"
        if letter == "{":
            end = self.pattern.index("}", self.place)
            optional = self.pattern[self.place + 1 : end].startswith(("0", ","))
            self.place = end
        self.place += 1
        if self._peek() in ("?", "+"):
            self.place += 1
        return optional

    def _peek(self) -> str:
        return self.pattern[self.place] if self.place < len(self.pattern) else ""
