"""A picture of a screen as a notice: its writing in order, who says what, and how sure each value is.

pixels → glyphs.py (where and what) → layout.py (rows, bubbles) → classify and extract, as a mail's text goes.
Runs in the picture reader; no Django, no clock. What was read of a picture is a suggestion to its owner, never more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import cv2
import numpy as np

from complaints.clocks import SHANGHAI
from complaints.intake.classify import classify
from complaints.intake.codes import mask, without_codes
from complaints.intake.extract import extract
from complaints.intake.fingerprint import fingerprint, language
from complaints.intake.folding import fold
from complaints.intake.glyphs import Glyphs, Pixels
from complaints.intake.layout import (
    Box,
    Bubble,
    Piece,
    Side,
    Text,
    bubbles,
    compose,
    in_order,
    is_chat,
    lies,
    tilt,
    without_frame,
)
from complaints.intake.shapes import (
    PARSER,
    Because,
    Classified,
    Facts,
    How,
    Line,
    Notice,
    Outer,
    Picture,
    Place,
    Read,
    Reading,
    Screen,
    Where,
)
from complaints.intake.shops import find_sender
from complaints.stages import KINDS, End, Kind, Party

UNSURE = "picture_unsure"

LEVEL = 0.6  # degrees: below, lines are level enough
STEEPEST = 30.0
SURE = 0.80  # how sure every letter of a number, amount or date must be
SURE_NAME = 0.55  # and of a name, on average of its worst half
LEAST_SURE = 0.45  # of a piece on average: below, it is a picture of something and no writing
SAMPLE = 6  # so many of the longest lines tell which way up a picture is
CLEAR = 0.9  # how sure their letters are in a picture that is the right way up; below, the other ways are tried


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture decoded: its pixels, and its size as the file has it, upright."""

    pixels: Pixels
    width: int
    height: int


def read(glyphs: Glyphs, shot: Shot, sha256: str) -> Reading:
    """All that the picture alone can tell. Never raises on any pixels."""
    pieces, turn, quarter = upright(glyphs, shot.pixels)
    pieces = [mended(piece) for piece in pieces if sum(piece.sure) / len(piece.sure) >= LEAST_SURE]
    height, width = shot.pixels.shape[:2]
    scale = (shot.width / width, shot.height / height)
    seen = told(pieces, *((width, height) if quarter % 2 == 0 else (height, width)))
    finished = [finish(one, pieces, turn, scale, (shot.width, shot.height)) for one in seen]
    warnings = [warning for one in finished for warning in (*one.classified.warnings, *one.facts.warnings)]
    if any(one.screen and one.screen.unsure for one in finished):
        warnings.append(UNSURE)
    outer = Outer(from_name="", from_address="", from_count=0, subject="", date=None, message_id="")
    return Reading(sha256, PARSER, outer, tuple(finished), tuple(dict.fromkeys(warnings)))


# -- which way up, and tilt ----------------------------------------------------------------------------------------


def upright(glyphs: Glyphs, pixels: Pixels) -> tuple[list[Piece], np.ndarray | None, int]:
    """The writing with turn and tilt taken out, the matrix from there back to `pixels`, and the quarter turns taken out.

    A photo may lie on its side or stand on its head although nothing beside it says so.
    """
    boxes = glyphs.find(pixels)
    if lies(boxes):
        quarter = max((1, 3), key=lambda way: how_clear(turned(glyphs, pixels, boxes, way)))
    else:
        pieces, turn = level(glyphs, pixels, boxes)
        clear = how_clear(pieces)
        if not pieces or clear >= CLEAR or how_clear(turned(glyphs, pixels, boxes, 2)) <= clear:
            return pieces, turn, 0
        quarter = 2
    right = np.ascontiguousarray(np.rot90(pixels, quarter))
    pieces, turn = level(glyphs, right, glyphs.find(right))
    back = turned_back(quarter, right.shape[1], right.shape[0])
    return pieces, (back if turn is None else back @ np.vstack([turn, (0, 0, 1)]))[:2], quarter


def level(glyphs: Glyphs, pixels: Pixels, boxes: Sequence[Box]) -> tuple[list[Piece], np.ndarray | None]:
    """The writing in `boxes` with the tilt of the lines taken out, and the matrix from there back to `pixels`."""
    angle = tilt(boxes)
    if not LEVEL < abs(angle) < STEEPEST:
        return glyphs.tell(pixels, boxes), None
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    levelled = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    found = np.asarray(levelled, np.uint8)
    return glyphs.tell(found, glyphs.find(found)), cv2.invertAffineTransform(turn)


def turned(glyphs: Glyphs, pixels: Pixels, boxes: Sequence[Box], quarter: int) -> list[Piece]:
    """What the longest of `boxes` say once `pixels` is turned by so many quarters against the clock."""
    right = np.ascontiguousarray(np.rot90(pixels, quarter))
    there = np.linalg.inv(turned_back(quarter, right.shape[1], right.shape[0]))
    sample = sorted(boxes, key=lambda box: -max(math.dist(box[0], box[1]), math.dist(box[0], box[3])))[:SAMPLE]
    moved = [in_order([(float(there[0] @ (x, y, 1)), float(there[1] @ (x, y, 1))) for x, y in box]) for box in sample]
    return glyphs.tell(right, moved)


def how_clear(pieces: Sequence[Piece]) -> float:
    """How sure the letters of the longest of `pieces` are, 0 to 1: hardly of lines that stand on their heads."""
    sample = sorted(pieces, key=lambda piece: piece.left - piece.right)[:SAMPLE]
    letters = [sure for piece in sample for sure in piece.sure]
    return sum(letters) / len(letters) if letters else 0.0


def turned_back(quarter: int, width: int, height: int) -> np.ndarray:
    """The matrix (3 × 3) from a picture of that size to the one that it was before `quarter` turns of np.rot90."""
    return np.array(
        {
            0: ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
            1: ((0, -1, height), (1, 0, 0), (0, 0, 1)),
            2: ((-1, 0, width), (0, -1, height), (0, 0, 1)),
            3: ((0, 1, 0), (-1, 0, width), (0, 0, 1)),
        }[quarter],
        float,
    )


# -- letters that look alike -----------------------------------------------------------------------------------------

_LOOKS = str.maketrans("OoQDlI|Z", "000011" + "12")
_DIGITS = re.compile(r"(?<![A-Za-z])[0-9OolI|]{9,}(?![A-Za-z])")
_SUM = re.compile(r"(?<![A-Za-z0-9])[YV¥￥羊](?=\d{1,6}(?:[.,]\d|\b))")
DOUBTED = 0.5


def mended(piece: Piece) -> Piece:
    """`piece` with O and l for 0 and 1 inside long numbers, and ¥ for what looks like it; what was mended is not sure."""
    text, sure = piece.text, list(piece.sure)

    def number(found: re.Match[str]) -> str:
        said = found.group()
        if sum(letter.isdigit() for letter in said) < 0.7 * len(said):
            return said
        for place, letter in enumerate(said, start=found.start()):
            if not letter.isdigit():
                sure[place] *= DOUBTED
        return said.translate(_LOOKS)

    text = _DIGITS.sub(number, text)
    text = _SUM.sub("¥", text)
    return replace(piece, text=text, sure=tuple(sure))


# -- what the picture shows --------------------------------------------------------------------------------------------

_ORDER_LABELS = re.compile(
    r"订单编号|订单号|实付款?|下单时间|创建时间|付款时间|发货时间|成交时间|收货地址|交易快照|商品总价|优惠|支付方式|再次购买|收货人"
)
_LOGISTICS = re.compile(r"已?签收|揽收|派送|派件|运输中|到达|离开|运单|物流单号|快递单号|快件|驿站|取件|已发货|转运")
_SMS_SENDER = re.compile(r"^\D{0,3}(?:\+?86)?(?:106\d{5,}|1[0-9]{4,5}|9\d{4})\D{0,3}$")
_SMS_TAG = re.compile(r"^\s*[【\[][^】\]]{2,12}[】\]]")
_CHINESE = re.compile(r"[一-鿿]")
_TIME_LINE = re.compile(
    r"^\D{0,2}(?:(?P<date>20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)|\d{1,2}月\d{1,2}日|\d{1,2}[-/]\d{1,2}|今天|昨天|前天|(?:星期|周)[一二三四五六日天])?"
    r"\s*(?:上午|下午|晚上|凌晨|中午|早上)?\s*(?P<clock>\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?\D{0,2}$"
)
# A shop may be called so too: 喵小二零食专营店.
_PLATFORM_NAME = re.compile(
    r"^(?!.*店)(?=.*(?:平台|官方客服|小二|天猫客服|淘宝客服|消费者(?:服务|中心)|客服中心|维权专员))"
)
_NAME_TAIL = re.compile(r"(?:\s*[(（]?\d{1,4}[)）]?|[<>‹›＜＞…\s]+|(?:在线|已认证|正在输入.*))$")
_SPOKEN_BY_MERCHANT = frozenset(
    {
        *(Kind.MERCHANT_REPLY, Kind.MERCHANT_REFUSAL, Kind.RETURN_AGREED, Kind.RETURN_RECEIVED, Kind.MERCHANT_PLEA),
        *(Kind.UNKNOWN, Kind.PHISHING, Kind.VERIFICATION_CODE, Kind.MARKETING, Kind.LOGISTICS, Kind.SURVEY),
    }
)
BORROWED = 0.7  # what a merchant tells of others


@dataclass(frozen=True, slots=True)
class Seen:
    """A notice in the picture, before its places are told."""

    picture: Picture
    notice: Notice
    classified: Classified
    facts: Facts
    text: Text  # of notice.body
    lines: tuple[Line, ...] = ()
    head: Text = field(default_factory=Text)  # whom a chat is with, as its title says


def told(pieces: Sequence[Piece], width: float, height: float) -> list[Seen]:
    """What `pieces` say: at least one notice; of several (short messages below each other) the newest first."""
    numbers = without_frame(pieces, width, height)
    found = bubbles(pieces, numbers)
    if is_short_messages(pieces, found):
        if messages := of_messages(pieces, found):
            return messages
    elif is_chat(found):
        return [of_chat(pieces, found)]
    return [of_page(pieces, numbers)]


def of_page(pieces: Sequence[Piece], numbers: Iterable[int]) -> Seen:
    text = compose(pieces, numbers)
    notice = notice_of(text.letters)
    classified = classify(notice)
    facts = extract(notice, classified)
    picture = kind_of_page(text.letters, classified, facts)
    if picture is Picture.ORDER and KINDS[classified.kind].end is not End.HELD:
        classified = Classified(Kind.UNKNOWN, 0.0, (), classified.trust)  # a state of the order is no act of the story
        facts = extract(notice, classified)
    return Seen(picture, notice, classified, facts, text)


def kind_of_page(text: str, classified: Classified, facts: Facts) -> Picture:
    labels = set(_ORDER_LABELS.findall(text))
    if len(labels) >= 3:
        return Picture.ORDER
    if len(set(_LOGISTICS.findall(text))) >= 3 and KINDS[classified.kind].end is not End.FILED:
        return Picture.LOGISTICS
    if classified.kind is Kind.MERCHANT_REFUSAL:
        return Picture.REFUSAL
    if KINDS[classified.kind].end is End.FILED or classified.kind is Kind.MERCHANT_PLEA:
        return Picture.NOTICE
    if classified.kind is Kind.LOGISTICS:
        return Picture.LOGISTICS
    if len(labels) >= 2:
        return Picture.ORDER
    if classified.kind is Kind.UNKNOWN and not (facts.order_no or facts.case_no):
        return Picture.NOTHING
    return Picture.NOTICE


def notice_of(body: str, from_name: str = "", date: datetime | None = None) -> Notice:
    return Notice(
        how=How.SCREENSHOT, client=None, depth=0, note="", from_name=from_name, from_address="", to=(), cc=(), subject="",
        date=date, body=body, html="",
    )  # fmt: skip


# -- short messages ------------------------------------------------------------------------------------------------------


def is_short_messages(pieces: Sequence[Piece], found: Sequence[Bubble]) -> bool:
    """Whether these are short messages: nobody speaks from the right, and a service number or a 【name】 tells of it."""
    spoken = [bubble for bubble in found if not bubble.is_on_page]
    if any(bubble.side is Side.RIGHT for bubble in spoken):
        return False
    tagged = any(_SMS_TAG.match(pieces[bubble.numbers[0]].text) for bubble in spoken if bubble.side is Side.LEFT)
    heads = [pieces[bubble.numbers[0]].text.replace(" ", "") for bubble in found[:4]]
    return tagged or (bool(spoken) and any(_SMS_SENDER.match(head) for head in heads))


def of_messages(pieces: Sequence[Piece], found: Sequence[Bubble]) -> list[Seen]:
    messages: list[Seen] = []
    at: datetime | None = None
    for bubble in found:
        text = compose(pieces, bubble.numbers)
        if bubble.is_on_page or bubble.side is Side.CENTRE:
            at = moment_of(text.letters) if is_time(text.letters) else at
        if bubble.is_on_page or bubble.side is not Side.LEFT or len(text.letters) < 6:
            continue
        notice = notice_of(text.letters, date=at)
        classified = classify(notice)
        messages.append(Seen(Picture.SMS, notice, classified, extract(notice, classified), text))
    # what tells a step goes first, the newest of them, which stands lowest
    messages.reverse()
    return sorted(messages, key=lambda one: KINDS[one.classified.kind].end is not End.FILED)


# -- chats ---------------------------------------------------------------------------------------------------------------


def of_chat(pieces: Sequence[Piece], found: Sequence[Bubble]) -> Seen:
    """Who says what, and what the other side says as a notice: the merchant's words, or the platform's own."""
    first = next((place for place, bubble in enumerate(found) if not bubble.is_on_page), len(found))
    titles = [pieces[one.numbers[0]] for one in found[:first] if not is_time(pieces[one.numbers[0]].text)]
    title = max(titles, key=lambda piece: (piece.height, -piece.top), default=None)
    name = _NAME_TAIL.sub("", title.text.strip()) if title else ""
    head = compose(pieces, [pieces.index(title)]) if title else Text()
    peer = Party.PLATFORM if _PLATFORM_NAME.search(name) else Party.MERCHANT
    lines: list[Line] = []
    body = Text()
    at: datetime | None = None
    latest: datetime | None = None
    for place, bubble in enumerate(found):
        text = compose(pieces, bubble.numbers)
        if bubble.is_on_page or bubble.side is Side.CENTRE:
            if is_time(text.letters):
                at = moment_of(text.letters)
            elif (
                bubble.side is Side.CENTRE and place >= first and len(text.letters) >= 6 and not is_footer(place, found)
            ):
                lines.append(Line(Party.PLATFORM, text.letters, at))
            continue
        who = Party.BUYER if bubble.side is Side.RIGHT else speaker(pieces, found, place, peer)
        lines.append(Line(who, text.letters, at))
        if who is peer:
            if body.letters:
                body.add("\n")
            body.add_text(text)
            latest = at or latest
    notice = notice_of(body.letters, from_name=name, date=latest)
    if peer is Party.PLATFORM:
        classified = classify(notice)
        return Seen(Picture.CHAT, notice, classified, extract(notice, classified), body, tuple(lines), head)
    # the classifier tells a merchant by their signature; here it is known
    classified = by_merchant(classify(replace(notice, from_name=f"{name}店铺客服")) if body.letters.strip() else None)
    facts = extract(notice, classified)
    if 2 <= len(name) <= 30 and _CHINESE.search(name) and (facts.shop is None or find_sender(fold(name))):
        others = [because for because in facts.because if because.of != "shop"]
        facts = replace(facts, shop=name, because=(*others, Because("shop", name, Where.HEADER)))
    return Seen(Picture.CHAT, notice, classified, facts, body, tuple(lines), head)


def by_merchant(classified: Classified | None) -> Classified:
    """What a merchant says in a chat: never more than a merchant's own act, whatever it tells of the platform."""
    if classified is None:
        return Classified(Kind.UNKNOWN, 0.0, ())
    if classified.kind in _SPOKEN_BY_MERCHANT:
        return classified
    if KINDS[classified.kind].end is End.FILED:
        return Classified(
            Kind.MERCHANT_REPLY, min(BORROWED, classified.confidence), classified.because, classified.trust
        )
    return Classified(Kind.UNKNOWN, 0.0, (), classified.trust)


def speaker(pieces: Sequence[Piece], found: Sequence[Bubble], place: int, peer: Party) -> Party:
    """Who speaks from the left: whose name stands above, else the one this chat is with."""
    if place and found[place - 1].is_on_page and found[place - 1].side is Side.LEFT:
        above = pieces[found[place - 1].numbers[0]]
        if pieces[found[place].numbers[0]].top - above.bottom < 2.5 * above.height and _PLATFORM_NAME.search(
            above.text
        ):
            return Party.PLATFORM
    return peer


def is_footer(place: int, found: Sequence[Bubble]) -> bool:
    """Whether nobody speaks after found[place]: what stands there is the page's."""
    return all(bubble.is_on_page for bubble in found[place:])


def is_time(text: str) -> bool:
    found = _TIME_LINE.match(text.strip())
    return bool(found and text.strip() and re.search(r"\d|今天|昨天|前天|周|星期", text))


def moment_of(text: str) -> datetime | None:
    """The time that a line between bubbles states; None where it leaves out the day or the year."""
    found = _TIME_LINE.match(text.strip())
    if not found or not found["date"] or not found["clock"]:
        return None
    year, month, day = (int(part) for part in re.findall(r"\d+", found["date"])[:3])
    hour, minute = (int(part) for part in re.findall(r"\d+", found["clock"])[:2])
    if re.search(r"下午|晚上", text) and hour < 12:
        hour += 12
    try:
        return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
    except ValueError:
        return None


# -- how sure, and where ---------------------------------------------------------------------------------------------------

# What is told by letters that must all be right; what else is told by words that a reader knows.
EXACT = frozenset({"order_no", "case_no", "other_no", "tracking_no", "amount", "offer", "deadline", "acted_at"})
NAMED = frozenset({"shop"})
ORDER_DIGITS = range(15, 21)


def finish(
    seen: Seen,
    pieces: Sequence[Piece],
    turn: np.ndarray | None,
    scale: tuple[float, float],
    size: tuple[int, int],
) -> Read:
    """`seen` with the place of all words that something rests on, and which values nobody should rely on."""
    classified, notice, facts = seen.classified, seen.notice, seen.facts
    if classified.kind is Kind.VERIFICATION_CODE:
        notice = without_codes(notice)
        masked = tuple(replace(because, words=mask(because.words)) for because in classified.because)
        classified, facts = replace(classified, because=masked), Facts()
        screen = Screen(seen.picture, size, (), (), ())
    else:
        places, unsure = [], []
        for because in (*classified.because, *facts.because):
            letters = letters_of(seen.head if because.where is Where.HEADER else seen.text, because.words)
            sure = sure_of(because.of, letters, pieces) and passes(because.of, facts)
            if not sure:
                unsure += ["date"] if because.of == "acted_at" else [because.of]
            boxes = boxes_of(letters, pieces, turn, scale)
            places += [Place(because.of, because.words, box, sure) for box in boxes]
        screen = Screen(seen.picture, size, seen.lines, tuple(places), tuple(dict.fromkeys(unsure)))
    return Read(
        notice=notice,
        classified=classified,
        facts=facts,
        language=language(notice.body),
        fingerprint=fingerprint(notice),
        safe_html="",
        screen=screen,
    )


Letters = list[tuple[int, int]]


def letters_of(text: Text, words: str) -> Letters:
    """Where the letters of `words` stand, the first time that they do."""
    start = text.letters.find(words) if words else -1
    if start < 0:
        return []
    return [place for place in text.places[start : start + len(words)] if place is not None]


def sure_of(what: str, letters: Letters, pieces: Sequence[Piece]) -> bool:
    """Whether every letter that `what` rests on was read clearly enough."""
    if what in EXACT:
        told = [(pieces[p].text[k], pieces[p].sure[k]) for p, k in letters]
        weighty = [
            sure
            for letter, sure in told
            if letter.isalnum() and (letter.isascii() or letter in "一二三四五六七八九十百千万两零")
        ]
        return all(sure >= SURE for sure in weighty) and bool(letters)
    if what in NAMED and letters:
        sures = sorted(pieces[p].sure[k] for p, k in letters)
        worst = sures[: max(1, len(sures) // 2)]
        return sum(worst) / len(worst) >= SURE_NAME
    return True


def passes(what: str, facts: Facts) -> bool:
    """Whether a value looks as such a value must: what lost or won a digit does not."""
    if what == "order_no" and facts.order_no and facts.order_no.isdigit():
        return len(facts.order_no) in ORDER_DIGITS
    return True


def boxes_of(
    letters: Letters,
    pieces: Sequence[Piece],
    turn: np.ndarray | None,
    scale: tuple[float, float],
) -> list[tuple[int, int, int, int]]:
    """The boxes (left, top, width, height) around `letters`, one for each line, in pixels of the upright original."""
    by_piece: dict[int, list[int]] = {}
    for piece, letter in letters:
        by_piece.setdefault(piece, []).append(letter)
    return [_around(pieces[piece], min(at), max(at), turn, scale) for piece, at in by_piece.items()]


def _around(
    piece: Piece,
    first: int,
    last: int,
    turn: np.ndarray | None,
    scale: tuple[float, float],
) -> tuple[int, int, int, int]:
    step = 0.6 / max(1, len(piece.at))
    start, end = max(0.0, piece.at[first] - step), min(1.0, piece.at[last] + step)
    upper_left, upper_right, lower_right, lower_left = piece.box
    corners = [
        _on(upper_left, upper_right, start),
        _on(upper_left, upper_right, end),
        _on(lower_left, lower_right, end),
        _on(lower_left, lower_right, start),
    ]
    if turn is not None:
        corners = [(float(turn[0] @ (x, y, 1)), float(turn[1] @ (x, y, 1))) for x, y in corners]
    xs, ys = [x * scale[0] for x, _y in corners], [y * scale[1] for _x, y in corners]
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    return left, top, math.ceil(max(xs)) - left, math.ceil(max(ys)) - top


def _on(one: tuple[float, float], other: tuple[float, float], share: float) -> tuple[float, float]:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
