"""All that the bytes alone can tell: decode → unwrap → classify → extract, put into one `Reading`.

No database, no clock, no settings, no network. Runs in the limited reader process (reader_process.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from complaints.clocks import is_working_day
from complaints.intake.classify import classify
from complaints.intake.codes import mask, without_codes
from complaints.intake.confirmation import find_confirmation
from complaints.intake.decode import count_senders
from complaints.intake.extract import extract
from complaints.intake.fingerprint import fingerprint, language
from complaints.intake.folding import fold
from complaints.intake.learned import kind_weights
from complaints.intake.likely_shops import shop_weights
from complaints.intake.numbers import find_numbers
from complaints.intake.opening import open_mail
from complaints.intake.pictures import NOT_READ_YET, picture_type, unread_picture
from complaints.intake.shapes import (
    PARSER,
    Because,
    Classified,
    Facts,
    Mail,
    Notice,
    Outer,
    Read,
    Reading,
    Where,
)
from complaints.intake.unwrap import unwrap
from complaints.intake.visible import safe_html
from complaints.stages import KINDS, End, Kind

SEVERAL_ORDERS = "several_orders"
MOST_NOTICES = 20  # of one mail

_BARE_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{15,20}(?![0-9A-Za-z])")
_OF_ALL = re.compile(
    r"以上|上述|上列|以下|下列|前述|全部|所有|均|都已|[两二三四五六七八九十几\d]笔|\b(?:all|both|each)\b", re.IGNORECASE
)
_PICTURE_NAME = re.compile(r"\.(?:png|jpe?g|webp|heic|heif|bmp|gif)$", re.IGNORECASE)


def prepare() -> None:
    """Read the learned tables and the calendar now, so that the first mail pays neither their time nor their memory."""
    for table in (kind_weights, shop_weights):
        table()
    is_working_day(date.today())  # noqa: DTZ011  # any day


def read(raw: bytes, known: Collection[str] = ()) -> Reading:
    """All that `raw` alone can tell: a mail as it came, or a pasted text. Never raises. Pictures are not read here.

    known  order numbers that the owner's cases already have: such a number is one without a label too
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    if picture_type(raw):
        return unread_picture(raw, NOT_READ_YET)
    mail = open_mail(raw)
    reads: list[Read] = []
    for notice in unwrap(mail)[:MOST_NOTICES]:
        reads += _read(notice, known)
    held = any(read.classified.kind is Kind.VERIFICATION_CODE for read in reads)
    return Reading(
        sha256=sha256,
        parser=PARSER,
        outer=_outer(mail, held=held),
        notices=tuple(reads[:MOST_NOTICES]),
        warnings=_warnings(mail, reads),
    )


def _outer(mail: Mail, *, held: bool) -> Outer:
    """Who sent the mail that reached us; its subject without a code when it is held for one."""
    return Outer(
        from_name=mask(mail.from_name) if held else mail.from_name,
        from_address=mail.from_address,
        from_count=count_senders(mail.headers),
        subject=mask(mail.subject) if held else mail.subject,
        date=mail.date,
        message_id=mail.message_id,
        seals=mail.seals,
        trace=_trace(mail),
    )


def _trace(mail: Mail) -> tuple[tuple[str, str], ...]:
    """Who says how the mail arrived: what the last server to have it wrote on top, as far as it may have."""
    said: list[tuple[str, str]] = []
    for name, value in mail.headers[:100]:
        if name.lower() in ("received", "authentication-results"):
            said.append((name.lower(), value[:2_000]))
        if sum(name == "received" for name, _value in said) == 2:
            break
    return tuple(said)


def _read(notice: Notice, known: Collection[str]) -> list[Read]:
    """`notice` read to the end; one reading for each order, where it tells of several."""
    classified = classify(notice)
    if classified.kind is Kind.VERIFICATION_CODE:
        notice = without_codes(notice)
        words = tuple(replace(because, words=mask(because.words)) for because in classified.because)
        return [_finished(notice, replace(classified, because=words), Facts())]
    if KINDS[classified.kind].end is End.FILED and (pieces := _by_order(notice)):
        each = [(piece, _told_of(piece, notice, classified)) for piece in pieces]
        reads = [_finished(piece, told, extract(piece, told)) for piece, told in each]
        several = replace(reads[0].classified, warnings=(*reads[0].classified.warnings, SEVERAL_ORDERS))
        return [replace(reads[0], classified=several), *reads[1:]]
    facts = extract(notice, classified)
    if facts.order_no is None and known:
        facts = _with_known_order(notice, facts, known)
    return [_finished(notice, classified, facts)]


def _finished(notice: Notice, classified: Classified, facts: Facts) -> Read:
    confirmation = None
    if classified.kind is Kind.FORWARD_CONFIRMATION and (found := find_confirmation(notice)):
        confirmation = found[0]
    return Read(
        notice=notice,
        classified=classified,
        facts=facts,
        language=language(notice.subject + "\n" + notice.body),
        fingerprint=fingerprint(notice),
        safe_html=safe_html(notice.html) if notice.html else "",
        confirmation=confirmation,
    )


def _with_known_order(notice: Notice, facts: Facts, known: Collection[str]) -> Facts:
    for where, text in ((Where.SUBJECT, notice.subject), (Where.BODY, notice.body[:65_536])):
        for found in _BARE_NUMBER.finditer(fold(text).text):
            if found.group() in known:
                because = Because("order_no", fold(text).verbatim(*found.span()), where)
                return replace(facts, order_no=found.group(), because=(*facts.because, because))
    return facts


# -- one mail, several orders -----------------------------------------------------------------------------


def _by_order(notice: Notice) -> list[Notice]:
    """`notice` once for each order that it treats apart, each with the common opening; [] if it treats one.

    Apart means: the same label stands before each number, at the start of its line or sentence, and no
    number of one order is named again with the other's.
    """
    folded = fold(notice.body, 16_384)
    orders = [n for n in find_numbers(folded) if n.kind == "order" and n.label]
    if len({order.value for order in orders}) < 2 or len(orders) != len({order.value for order in orders}):
        return []
    if len(orders) > 10 or len({order.label for order in orders}) != 1:
        return []
    starts = [_opening(folded.text, order.start, order.label) for order in orders]
    if any(start is None for start in starts):
        return []
    places = [start for start in starts if start is not None]
    common = folded.verbatim(0, places[0])
    ends = [*places[1:], len(folded.text)]
    return [
        replace(notice, body=(common + folded.verbatim(start, end)).strip("\n"))
        for start, end in zip(places, ends, strict=True)
    ]


def _told_of(piece: Notice, notice: Notice, whole: Classified) -> Classified:
    """What `piece`, one order's part of `notice`, says itself; else what the `whole` says of all of them.

    What the whole says in another order's part is not said of this one.
    """
    own = classify(piece)
    if KINDS[own.kind].end is End.FILED:
        return own
    said = [because.words for because in whole.because if because.of == "kind" and because.where is Where.BODY]
    return whole if all(words in piece.body or _is_of_all(words, notice.body) for words in said) else own


def _is_of_all(words: str, body: str) -> bool:
    """Whether the sentence of `words` speaks of all the orders: 以上申请均已关闭."""
    place = body.find(words)
    begin = max(body.rfind(mark, 0, max(place, 0)) for mark in "\n。；;") + 1
    return place != -1 and _OF_ALL.search(body, begin, place + len(words)) is not None


def _opening(text: str, place: int, label: str) -> int | None:
    """Where the line or sentence opens whose first words are the label before `place`; None if others are."""
    begin = max(text.rfind(mark, 0, place) for mark in "\n。;") + 1
    lead = text[begin:place].lower()
    at = lead.find(label)
    return begin if at != -1 and len(lead[:at].strip(" \t-*•·.、()0123456789一二三四五六七八九十:")) <= 4 else None


# -- warnings -------------------------------------------------------------------------------------------------


def _warnings(mail: Mail, reads: list[Read]) -> tuple[str, ...]:
    """Every warning of every step, once each, in the order of the steps."""
    warnings: list[str] = list(mail.warnings)
    for read in reads:
        warnings += read.notice.warnings
        warnings += read.classified.warnings
        warnings += read.facts.warnings
        if not read.notice.body.strip() and any(_PICTURE_NAME.search(name) for name in read.notice.attachments):
            warnings.append(NOT_READ_YET)
    return tuple(dict.fromkeys(warnings))
