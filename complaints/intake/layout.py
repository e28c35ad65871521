"""From boxes of writing to a text as a person reads it: tiles, rows, columns, wrapped lines, bubbles. No pixels here.

Places are pixels of the levelled picture, x to the right and y downward; `upright` in screens.py has taken the tilt out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Point = tuple[float, float]
Box = tuple[Point, ...]  # four corners from the upper left, clockwise

TALL = 2.2  # times as high as wide: above that a picture is looked at in tiles
TILE, SHARED = 1.6, 0.2  # height of a tile and what two neighbours share, in widths of the picture


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in one box. Of each letter: how sure (0 to 1), and where along the box (0 to 1)."""

    text: str
    box: Box
    sure: tuple[float, ...]
    at: tuple[float, ...]
    ground: tuple[int, int, int] = (255, 255, 255)  # the colour behind it
    span: tuple[float, float] = (0.0, 0.0)  # from where to where that colour goes on to its left and right

    @property
    def left(self) -> float:
        return min(x for x, _y in self.box)

    @property
    def right(self) -> float:
        return max(x for x, _y in self.box)

    @property
    def top(self) -> float:
        return min(y for _x, y in self.box)

    @property
    def bottom(self) -> float:
        return max(y for _x, y in self.box)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


# -- tiles ----------------------------------------------------------------------------------------------------------


def tiles(width: int, height: int) -> list[tuple[int, int]]:
    """From where to where (pixels of the height) each tile of a picture goes; neighbours share a strip."""
    if height <= TALL * width:
        return [(0, height)]
    high, step = round(TILE * width), round((TILE - SHARED) * width)
    tops = list(range(0, max(1, height - high), step))
    found = [(top, top + high) for top in tops]
    if found[-1][1] < height:
        found.append((found[-1][0] + step, height))
    return found


def by_tile(found: Sequence[Sequence[Box]], places: Sequence[tuple[int, int]]) -> list[Box]:
    """The boxes of all tiles, each line once and whole: where two tiles meet, the cut goes between lines."""
    cuts = [-math.inf]
    for place in range(len(places) - 1):
        cuts.append(_quiet(places[place + 1][0], places[place][1], [*found[place], *found[place + 1]]))
    cuts.append(math.inf)
    return [
        box
        for place, boxes in enumerate(found)
        for box in boxes
        if cuts[place] <= sum(y for _x, y in box) / 4 < cuts[place + 1]
    ]


def _quiet(start: float, end: float, boxes: Iterable[Box]) -> float:
    """A height between `start` and `end`, the nearer to their middle the better, that no box crosses if there is one."""
    spans = [(min(y for _x, y in box), max(y for _x, y in box)) for box in boxes]
    # what a tile's edge cut in two does not count: the other tile has it whole
    spans = [(top, bottom) for top, bottom in spans if top > start + 3 and bottom < end - 3]
    middle, reach = (start + end) / 2, int((end - start) / 2)
    for away in range(reach):
        for height in (middle - away, middle + away):
            if not any(top < height < bottom for top, bottom in spans):
                return height
    return middle


# -- which way up, and tilt --------------------------------------------------------------------------------------------

LONG_LINE = 2.5  # times as long as high: such a box is a line, and no sign that stands alone


def in_order(corners: Iterable[Point]) -> Box:
    """Those four corners from the upper left, clockwise: of a line that is level, or nearly."""
    by_x = sorted(corners)
    left, right = sorted(by_x[:2], key=lambda c: c[1]), sorted(by_x[2:], key=lambda c: c[1])
    return (left[0], right[0], right[1], left[1])


def lies(boxes: Sequence[Box]) -> bool:
    """Whether the lines go up and down, as in a picture that lies on its side."""
    up_and_down, level = 0.0, 0.0
    for box in boxes:
        short, long = sorted((box[1], box[3]), key=lambda corner: math.dist(box[0], corner))
        length = math.dist(box[0], long)
        if length < LONG_LINE * math.dist(box[0], short):
            continue
        if abs(long[1] - box[0][1]) > abs(long[0] - box[0][0]):
            up_and_down += length
        else:
            level += length
    return up_and_down > 2 * level


def tilt(boxes: Sequence[Box]) -> float:
    """By how many degrees the lines rise to the right (negative) or fall; 0 where hardly anything tells."""
    found: list[tuple[float, float]] = []
    for box in boxes:
        wide, high = math.dist(box[0], box[1]), math.dist(box[0], box[3])
        if wide >= 3 * high:
            angle = math.degrees(math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]))
            found.append((angle, wide))
    if not found:
        return 0.0
    found.sort()
    half, so_far = sum(wide for _angle, wide in found) / 2, 0.0
    for angle, wide in found:
        so_far += wide
        if so_far >= half:
            return angle
    return 0.0


# -- a text that knows where each of its letters stands -----------------------------------------------------------------

Letter = tuple[int, int]  # piece, letter in it


@dataclass(slots=True)
class Text:
    """Letters, and of each the piece it stands in; None where we set it: a line break, a colon behind a label."""

    letters: str = ""
    places: list[Letter | None] = field(default_factory=list)

    def add(self, said: str) -> None:
        self.letters += said
        self.places += [None] * len(said)

    def add_piece(self, number: int, piece: Piece) -> None:
        self.letters += piece.text
        self.places += [(number, letter) for letter in range(len(piece.text))]

    def add_text(self, text: Text) -> None:
        self.letters += text.letters
        self.places += text.places


# -- rows -----------------------------------------------------------------------------------------------------------------

_LABEL = re.compile(r"^[^\d:：，。,.!！?？¥￥]{2,9}[:：]?$")
_BUTTON_ROW = 3  # so many pieces at most make a row of buttons
_ENDS = re.compile(r"[。！？!?；;：:]$")


def rows(pieces: Sequence[Piece], numbers: Iterable[int]) -> list[list[int]]:
    """The pieces `numbers` as rows from top to bottom, each from left to right."""
    found: list[list[int]] = []
    for number in sorted(numbers, key=lambda n: pieces[n].middle):
        piece = pieces[number]
        for row in reversed(found[-3:]):
            beside = pieces[row[0]]
            shared = min(piece.bottom, beside.bottom) - max(piece.top, beside.top)
            apart = all(_apart(piece, pieces[other]) for other in row)
            if apart and shared > 0.55 * min(piece.height, beside.height):
                row.append(number)
                break
        else:
            found.append([number])
    return [sorted(row, key=lambda n: pieces[n].left) for row in found]


def _apart(one: Piece, other: Piece) -> bool:
    """Whether two pieces stand beside each other, not one below the other."""
    return min(one.right, other.right) - max(one.left, other.left) < 0.3 * min(one.height, other.height)


def compose(pieces: Sequence[Piece], numbers: Iterable[int]) -> Text:
    """The pieces `numbers` as a text: a row a line, label and value joined, lines that were only wrapped put together."""
    lines = rows(pieces, numbers)
    text = Text()
    for place, row in enumerate(lines):
        if place:
            above = lines[place - 1]
            text.add(_between(pieces, above, row, _edge(pieces, lines, place - 1)))
        for column, number in enumerate(row):
            if column:
                text.add(_gap(pieces[row[column - 1]], pieces[number]))
            text.add_piece(number, pieces[number])
    return text


def _gap(left: Piece, right: Piece) -> str:
    """What goes between two pieces of one row."""
    if right.left - left.right < 0.6 * min(left.height, right.height):
        both_latin = left.text[-1:].isascii() and right.text[:1].isascii() and left.text[-1:].isalnum()
        return " " if both_latin else ""
    if _LABEL.match(left.text.strip()) and left.text.strip()[-1] not in ":：":
        return "："
    return " "


def _edge(pieces: Sequence[Piece], lines: Sequence[Sequence[int]], place: int) -> float:
    """How far right the lines around lines[place] go that begin where its last piece does: where a paragraph wraps."""
    last = pieces[lines[place][-1]]
    near: list[float] = []
    for row in lines[max(0, place - 6) : place + 7]:
        one = pieces[row[-1]]
        if abs(one.left - last.left) < 2.5 * last.height and _same_size(one, last):
            near.append(one.right)
    return max(near)


def _same_size(one: Piece, other: Piece) -> bool:
    return 0.72 < one.height / max(other.height, 1.0) < 1.39


def _between(pieces: Sequence[Piece], above: Sequence[int], below: Sequence[int], edge: float) -> str:
    """What goes between two rows: nothing where the upper was only wrapped, else a line break."""
    last, first = pieces[above[-1]], pieces[below[0]]
    goes_on = (
        len(below) == 1
        and _same_size(first, last)
        and first.top - last.bottom < 0.9 * last.height
        and first.left <= last.left + 0.7 * last.height
        and abs(first.left - last.left) < 2.6 * last.height
        and edge - last.right < max(1.7 * last.height, _first_word(first) + 0.6 * last.height)
        and last.right - last.left > 6 * last.height
        and not _ENDS.search(last.text)
        and _alike(first.ground, last.ground)
    )
    if not goes_on:
        return "\n"
    latin = last.text[-1:].isascii() and last.text[-1:].isalpha() and first.text[:1].isascii()
    return " " if latin and first.text[:1].isalpha() else ""


_WORD = re.compile(r"[(（“【]?[A-Za-z0-9.,:%/¥￥_-]+")


def _first_word(piece: Piece) -> float:
    """How wide the number or word is that `piece` begins with: no line is broken within, it goes to the next whole."""
    word = _WORD.match(piece.text)
    return (piece.right - piece.left) * piece.at[word.end() - 1] if word else 0.0


def _alike(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < 48


# -- what is no part of what is said -------------------------------------------------------------------------------------

_CLOCK = re.compile(r"^\D{0,3}\d{1,2}[:：]\d{2}\D{0,3}$")
_STATUS = re.compile(r"^[\d:：%.\sA-Za-z+/·|•]{1,24}$")


def without_frame(pieces: Sequence[Piece], width: float, height: float) -> list[int]:
    """The pieces that are not the phone's own: its status bar, rows of buttons at the bottom."""
    top = max(0.11 * width, 0.02 * height) if height > width else 0.05 * height
    has_clock = any(_CLOCK.match(piece.text.strip()) and piece.middle < top for piece in pieces)
    kept = [
        number
        for number, piece in enumerate(pieces)
        if not (has_clock and piece.middle < top and _STATUS.match(piece.text.strip()))
    ]
    lines = rows(pieces, kept)
    while lines and _is_buttons([pieces[number] for number in lines[-1]], width, height):
        lines.pop()
    return [number for row in lines for number in row]


def _is_buttons(row: Sequence[Piece], width: float, height: float) -> bool:
    if row[0].top < height - 0.3 * width:
        return False
    short = all(len(piece.text) <= 7 and not re.search(r"\d", piece.text) for piece in row)
    return short and (len(row) >= 2 or row[0].top > height - 0.16 * width)


# -- bubbles ---------------------------------------------------------------------------------------------------------------


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Bubble:
    """What one side said at once, or a line in the middle; `numbers` of its pieces from top to bottom."""

    side: Side
    numbers: tuple[int, ...]
    is_on_page: bool = False  # it stands on the page itself, in no bubble


NEAR = 0.24  # of the width: so far from its side's edge a bubble ends at most (avatar and margin)
LOPSIDED = 0.012  # of the width: what its two margins differ by at least


def screen_of(pieces: Sequence[Piece], numbers: Iterable[int]) -> tuple[float, float]:
    """From where to where the screen goes in the picture: as far as the page does behind what stands on it.

    A photo of a screen has a desk on either side.
    """
    spans = [pieces[number].span for number in numbers]
    return min((span[0] for span in spans), default=0.0), max((span[1] for span in spans), default=0.0)


def side_of(piece: Piece, screen: tuple[float, float]) -> Side | None:
    """Whose bubble a piece stands in, by how the colour behind it lies on the screen; None: in no bubble."""
    left, right = piece.span[0] - screen[0], screen[1] - piece.span[1]
    width = screen[1] - screen[0]
    if piece.span[1] - piece.span[0] > 0.9 * width or left < 0.02 * width or right < 0.02 * width:
        return None
    if min(left, right) > NEAR * width or abs(left - right) < LOPSIDED * width:
        return Side.CENTRE
    return Side.LEFT if left < right else Side.RIGHT


def bubbles(pieces: Sequence[Piece], numbers: Sequence[int]) -> list[Bubble]:
    """The bubbles from top to bottom; a line that stands on the page itself is one of its own."""
    found: list[Bubble] = []
    screen = screen_of(pieces, numbers)
    width = screen[1] - screen[0]
    for row in rows(pieces, numbers):
        for number in row:
            piece = pieces[number]
            side = side_of(piece, screen)
            last = next((one for one in reversed(found[-4:]) if _goes_on(pieces, one, piece, side)), None)
            if last is not None:
                found[found.index(last)] = Bubble(last.side, (*last.numbers, number), last.is_on_page)
                continue
            if side is None:
                middle = (piece.left + piece.right) / 2
                centred = abs(middle - sum(screen) / 2) < 0.06 * width
                right = piece.left > sum(screen) / 2
                where = Side.CENTRE if centred else Side.RIGHT if right else Side.LEFT
                found.append(Bubble(where, (number,), is_on_page=True))
            else:
                found.append(Bubble(side, (number,)))
    return found


def _goes_on(pieces: Sequence[Piece], bubble: Bubble, piece: Piece, side: Side | None) -> bool:
    if bubble.is_on_page or side is not bubble.side:
        return False
    last = pieces[bubble.numbers[-1]]
    close = piece.top - last.bottom < 1.3 * min(last.height, piece.height)
    edges = max(abs(a - b) for a, b in zip(piece.span, last.span, strict=True))
    return close and edges < max(0.8 * last.height, 8.0) and _alike(piece.ground, last.ground)


SPOKEN = 0.3  # of all pieces: so many at least stand in the bubbles of a chat


def is_chat(found: Sequence[Bubble]) -> bool:
    """Whether people talk here: somebody from the right, and somebody from the left or in the middle."""
    spoken = [bubble for bubble in found if not bubble.is_on_page and bubble.side is not Side.CENTRE]
    if sum(len(bubble.numbers) for bubble in spoken) < SPOKEN * sum(len(bubble.numbers) for bubble in found):
        return False
    sides = [bubble.side for bubble in spoken]
    right, left = sides.count(Side.RIGHT), sides.count(Side.LEFT)
    return (right >= 1 and left >= 1) or left >= 2 or right >= 2
