"""Pairs of neighbouring signs: how texts are found by any piece of them, on both databases alike.

Chinese has no blanks between words, and a piece of an order number is no word either: a text is known by its pairs.
Whoever looks for 退款 asks for texts that hold the pair; whether the whole word stands there the text itself says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST = 60  # signs of a question
MOST_WORDS = 8
BEFORE, WIDTH = 24, 110  # signs of a snippet before its first hit, and in all
GAP = "…"


@lru_cache(maxsize=16_384)
def fold_sign(sign: str) -> str:
    """One sign as it is compared: narrow, lower case; "" for signs without width, " " for blanks and controls."""
    if sign.isspace():
        return " "
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn") or 0xFE00 <= ord(sign) <= 0xFE0F:
        return ""
    if category == "Cc":
        return " "
    return "".join(" " if one.isspace() else one for one in unicodedata.normalize("NFKC", sign).casefold())


def folded(text: str) -> str:
    """`text` as it is compared: NFC, then sign by sign narrow and lower case; blanks one, and none beside Chinese."""
    return with_places(text)[0]


def with_places(text: str) -> tuple[str, list[int]]:
    """`folded(text)`, and for each of its signs the place in the NFC form of `text` that it came from."""
    signs: list[str] = []
    places: list[int] = []
    blank_at = -1  # of a blank that stands only if narrow signs are on both sides of it
    for place, sign in enumerate(unicodedata.normalize("NFC", text)):
        for one in fold_sign(sign):
            if one == " ":
                blank_at = blank_at if blank_at >= 0 else place
                continue
            if blank_at >= 0 and signs and signs[-1].isascii() and one.isascii():
                signs.append(" ")
                places.append(blank_at)
            blank_at = -1
            signs.append(one)
            places.append(place)
    return "".join(signs), places


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring letters and digits in `text`, of any script, folded. Nothing else is a sign here."""
    flat = folded(text)
    return {a + b for a, b in pairwise(flat) if a.isalnum() and b.isalnum()}


def words_of(asked: str) -> list[str]:
    """The words of a question, folded, each once; no more than LONGEST signs and MOST_WORDS words of it count."""
    found = (folded(word) for word in asked[:LONGEST].split())
    return [word for word in dict.fromkeys(found) if word][:MOST_WORDS]


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where `words` (folded) stand in the NFC form of `text`, from first to last, overlapping ones made one."""
    flat, places = with_places(text)
    found = sorted(
        (places[start], places[start + len(word) - 1] + 1) for word in words for start in _starts(flat, word)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _starts(flat: str, word: str) -> Iterator[int]:
    start = flat.find(word)
    while start >= 0:
        yield start
        start = flat.find(word, start + len(word))


def marked(text: str, words: Iterable[str]) -> SafeString:
    """`text` escaped, with a <mark> around each of `words` (folded)."""
    return _marked(unicodedata.normalize("NFC", text), spans(text, words))


def _marked(text: str, found: Iterable[tuple[int, int]]) -> SafeString:
    pieces: list[str] = []
    done = 0
    for start, end in found:
        pieces += [text[done:start], format_html("<mark>{}</mark>", text[start:end])]
        done = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, text[done:]]))


def snippet(text: str, words: Iterable[str]) -> SafeString:
    """The neighbourhood of the first of `words` in `text`, marked, on one line; "" when none of them stands there."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    found = spans(flat, words)
    if not found:
        return format_html_join("", "", ())
    start = max(0, found[0][0] - BEFORE)
    end = min(len(flat), max(start + WIDTH, found[0][1]))
    inside = [(a - start, min(b, end) - start) for a, b in found if a < end]
    piece = _marked(flat[start:end], inside)
    return format_html("{}{}{}", GAP if start else "", piece, GAP if end < len(flat) else "")
