"""What one step of the mail line hands to the next. Frozen, plain, no Django.

`Reading` is all that the bytes alone can tell. It crosses a pipe between the limited reader process
and the worker as JSON, and `as_contract` prints it as `parse_mail` shows it (docs/parse_mail.md).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from complaints.stages import KINDS, Act, Kind, Party, Stage, Verdict

PARSER = "4"  # rises with every change that can read an old mail differently

# At or above this a notice on a verified route moves its case by itself (docs/decisions/0004-the-threshold.md).
THRESHOLD = 0.9
PUT_ASIDE = 0.6  # below it, a mail that seems to be no notice waits for a person instead of being put aside


class Door(StrEnum):
    """How something reached us."""

    SMTP = "smtp"
    LMTP = "lmtp"
    WEBHOOK = "webhook"
    IMAP = "imap"
    UPLOAD = "upload"
    PASTE = "paste"
    INGEST = "ingest"
    SCREENSHOT = "screenshot"


class How(StrEnum):
    """How a notice reached its owner's hands and ours (`forward.how`)."""

    DIRECT = "direct"
    AUTO = "auto"
    INLINE = "inline"
    ATTACHED = "attached"
    PASTED = "pasted"
    SCREENSHOT = "screenshot"


class Trust(StrEnum):
    OK = "ok"
    SUSPICIOUS = "suspicious"
    PHISHING = "phishing"


class Where(StrEnum):
    SUBJECT = "subject"
    BODY = "body"
    HEADER = "header"
    ATTACHMENT = "attachment"
    PICTURE = "picture"


class Picture(StrEnum):
    """What a picture of a screen shows."""

    NOTICE = "notice"
    ORDER = "order"
    CHAT = "chat"
    LOGISTICS = "logistics"
    SMS = "sms"
    REFUSAL = "refusal"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Because:
    """A verbatim piece of the notice, what it led to, and where it stands."""

    of: str  # kind, outcome, deadline, order_no, case_no, other_no, shop, amount, trust ...
    words: str
    where: Where


@dataclass(frozen=True, slots=True)
class Seal:
    """A DKIM signature as far as the mail's own bytes tell it (signatures.py): whoever has the key can check it."""

    domain: str  # d=, "" when nothing of it can be read
    selector: str
    algorithm: str = ""
    digest: str = ""  # SHA-256 of what was signed, in hex
    signature: str = ""  # base64
    signed: tuple[str, ...] = ()  # names of the headers under it, lower-case
    at: int | None = None  # t= and x=, seconds of the Unix clock
    until: int | None = None
    flaw: str = ""  # why it cannot count, whatever the key says

    def with_flaw(self, flaw: str) -> Seal:
        return dataclasses.replace(self, flaw=flaw)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text of the mail. `raw` is decoded content, not transfer-encoded."""

    name: str
    content_type: str
    raw: bytes
    is_mail: bool  # message/rfc822 however encoded, or an .eml file
    offset: tuple[int, int] | None = None  # where an unencoded message/rfc822 lies in the outer bytes
    mail: Mail | None = None  # where the original was never bytes of its own: inside an Outlook file


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail whose bytes were made text: all headers decoded, the best text found."""

    headers: tuple[tuple[str, str], ...]  # every header, decoded, in order, names as written
    from_name: str
    from_address: str  # lower-case, "" when there is none
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    date: datetime | None  # aware
    message_id: str
    text: str  # what a person sees of the body: from HTML when there is HTML, else plain
    html: str  # the HTML body as decoded, "" when there is none
    attachments: tuple[Attachment, ...]
    is_text: bool  # not a mail at all but a pasted text
    warnings: tuple[str, ...]
    seals: tuple[Seal, ...] = ()

    def header(self, name: str) -> str:
        """The first header of that name, decoded, "" if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class Notice:
    """What was inside: text that some party said, with its own sender, date and subject."""

    how: How
    client: str | None
    depth: int
    note: str  # the shopper's own words above the forward
    from_name: str
    from_address: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    date: datetime | None
    body: str  # visible text, newest block only
    html: str  # the HTML the body was read from, unsafe still; "" when there is none
    headers: tuple[tuple[str, str], ...] = ()  # of the original where they survived (direct, auto, attached)
    attachments: tuple[str, ...] = ()  # file names that came with it
    warnings: tuple[str, ...] = ()
    seals: tuple[Seal, ...] = ()  # of the original where it came whole (direct, auto, attached)
    from_count: int = 1  # senders that the original names; several contradict each other


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A mailbox provider asks whether it may forward to us. Shown to nobody but the owner, on the set-up page."""

    code: str | None
    link: str | None
    mailbox: str | None


@dataclass(frozen=True, slots=True)
class Classified:
    kind: Kind
    confidence: float  # 0–1, calibrated
    because: tuple[Because, ...]
    trust: Trust = Trust.OK
    act: Act | None = (
        None  # where the kind leaves it open: suspends or resumes, closes/lapses/rejects, an outside track
    )
    by: Party | None = None
    money_arrived: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    amount: str | None = None
    form: str | None = None  # compensation, refund, exchange, coupon, other
    condition: str | None = None
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notice states. Nothing is invented: what is not said is None."""

    order_no: str | None = None
    case_no: str | None = None
    case_no_kind: str | None = None
    other_nos: tuple[tuple[str, str], ...] = ()  # (kind of number, number): matching uses all
    shop: str | None = None
    amount: str | None = None
    currency: str | None = None
    deadline: datetime | None = None
    deadline_for: Party | None = None
    deadline_from: str | None = None  # stated, computed
    if_missed: str | None = None
    outcome: Verdict | None = None
    freight_payer: str | None = None
    reason: str | None = None
    refusal_ground: str | None = None
    evidence_asked: tuple[str, ...] = ()
    tracking_no: str | None = None
    offer: Offer | None = None
    acted_at: datetime | None = None  # the time of the act, where the text states it
    because: tuple[Because, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said in a chat. `at` only where the picture states day and year."""

    who: Party
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand that something rests on; what goes over several lines of writing has a place in each.

    The box is left, top, width, height, in pixels of the picture as a person sees it: upright, as large as the file has it.
    """

    of: str
    words: str
    box: tuple[int, int, int, int]
    sure: bool  # all of it was read clearly


@dataclass(frozen=True, slots=True)
class Screen:
    """What a picture adds to the reading of a notice."""

    picture: Picture
    size: tuple[int, int]  # width and height that `places` count in
    lines: tuple[Line, ...]  # of a chat, from top to bottom
    places: tuple[Place, ...]
    unsure: tuple[str, ...]  # of which values (`of` in because) not all was read clearly

    def as_contract(self) -> dict[str, Any]:
        return {
            "picture": self.picture.value,
            "lines": [
                {"who": line.who.value, "text": line.text, "at": line.at.isoformat() if line.at else None}
                for line in self.lines
            ],
            "size": list(self.size),
            "places": [
                {"of": place.of, "words": place.words, "box": list(place.box), "sure": place.sure}
                for place in self.places
            ],
            "unsure": list(self.unsure),
        }


@dataclass(frozen=True, slots=True)
class Read:
    """One notice, read to the end."""

    notice: Notice
    classified: Classified
    facts: Facts
    language: str  # zh-Hans, zh-Hant, en
    fingerprint: str  # of the inner text: the same notice forwarded twice has one
    safe_html: str  # may be shown inside the sandboxed frame
    confirmation: Confirmation | None = None
    screen: Screen | None = None  # where it was read from a picture

    @property
    def act(self) -> Act | None:
        return self.classified.act or KINDS[self.classified.kind].act

    @property
    def by(self) -> Party | None:
        return self.classified.by or KINDS[self.classified.kind].by

    @property
    def stage(self) -> Stage | None:
        row = KINDS[self.classified.kind]
        if row.act is Act.EXECUTES:
            return Stage.CLOSED if self.classified.money_arrived else None
        return row.stage

    @property
    def outcome(self) -> Verdict | None:
        return self.facts.outcome

    @property
    def is_sure(self) -> bool:
        return self.classified.confidence >= THRESHOLD

    @property
    def moves_case(self) -> bool:
        """What the words would do on a verified route."""
        return self.stage is not None and self.classified.trust is Trust.OK and self.is_sure

    def as_contract(self, provenance: str = "D") -> dict[str, Any]:
        """The keys of `parse_mail` from "kind" to "because"; `provenance` as graded by whoever checked (provenance.py)."""
        notice, facts = self.notice, self.facts
        return {
            "kind": self.classified.kind.value,
            "confidence": round(self.classified.confidence, 4),
            "act": self.act,
            "by": self.by,
            "stage": self.stage,
            "moves_case": self.moves_case,
            "outcome": facts.outcome,
            "freight_payer": facts.freight_payer,
            "language": self.language,
            "trust": self.classified.trust.value,
            "provenance": provenance,
            "forward": {
                "how": notice.how.value,
                "client": notice.client,
                "depth": notice.depth,
                "note": notice.note or None,
            },
            "original": {
                "from_name": notice.from_name or None,
                "from_address": notice.from_address or None,
                "to": list(notice.to),
                "cc": list(notice.cc),
                "subject": notice.subject or None,
                "date": notice.date.isoformat() if notice.date else None,
                "body": notice.body,
            },
            "fields": {
                "order_no": facts.order_no,
                "case_no": facts.case_no,
                "case_no_kind": facts.case_no_kind,
                "shop": facts.shop,
                "amount": facts.amount,
                "currency": facts.currency,
                "deadline": facts.deadline.isoformat() if facts.deadline else None,
                "deadline_for": facts.deadline_for,
                "deadline_from": facts.deadline_from,
                "if_missed": facts.if_missed,
                "reason": facts.reason,
                "refusal_ground": facts.refusal_ground,
                "evidence_asked": list(facts.evidence_asked),
                "tracking_no": facts.tracking_no,
                "offer": dataclasses.asdict(facts.offer) if facts.offer else None,
            },
            "confirmation": dataclasses.asdict(self.confirmation) if self.confirmation else None,
            "because": [
                {"of": b.of, "words": b.words, "where": self._where(b)}
                for b in (*self.classified.because, *facts.because)
            ],
            **(self.screen.as_contract() if self.screen else {}),
        }

    def _where(self, because: Because) -> str:
        return (Where.PICTURE if self.screen else because.where).value


@dataclass(frozen=True, slots=True)
class Outer:
    """The envelope of headers that the mail arrived in: who forwarded it."""

    from_name: str
    from_address: str
    from_count: int  # more than one sender is a trick
    subject: str
    date: datetime | None
    message_id: str
    seals: tuple[Seal, ...] = ()
    trace: tuple[tuple[str, str], ...] = ()  # Received and Authentication-Results from the top to the second Received


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the bytes alone can tell: no database, no clock, no settings."""

    sha256: str
    parser: str
    outer: Outer
    notices: tuple[Read, ...]  # at least one; the first is the one the mail is about
    warnings: tuple[str, ...]

    @property
    def main(self) -> Read:
        return self.notices[0]

    def as_contract(self, file: str, grades: Sequence[str] = (), warnings: Sequence[str] = ()) -> dict[str, Any]:
        """The object that `parse_mail` prints for `file` (design contract, docs/parse_mail.md).

        grades    the provenance of each notice, as far as it was checked; without them D
        warnings  what the checks have to say beside what reading said
        """
        graded = [*grades, *["D"] * len(self.notices)]
        return {
            "file": file,
            "sha256": self.sha256,
            "parser": self.parser,
            **self.main.as_contract(graded[0]),
            "notices": [read.as_contract(grade) for read, grade in zip(self.notices[1:], graded[1:], strict=False)],
            "warnings": list(dict.fromkeys([*self.warnings, *warnings])),
        }

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, default=_plain)

    @classmethod
    def from_json(cls, text: str) -> Reading:
        """The reverse of `to_json`; raises ValueError or KeyError on anything else."""
        return _reading(json.loads(text))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not cross the pipe")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _because(rows: list[dict[str, str]]) -> tuple[Because, ...]:
    return tuple(Because(row["of"], row["words"], Where(row["where"])) for row in rows)


def seal_from(row: dict[str, Any]) -> Seal:
    """The seal that `dataclasses.asdict` made `row` of."""
    return Seal(**row | {"signed": tuple(row["signed"])})


def _seals(rows: list[dict[str, Any]]) -> tuple[Seal, ...]:
    return tuple(map(seal_from, rows))


def _read(row: dict[str, Any]) -> Read:
    notice, said, facts, confirmation = row["notice"], row["classified"], row["facts"], row["confirmation"]
    return Read(
        notice=Notice(
            **notice
            | {
                "how": How(notice["how"]),
                "to": tuple(notice["to"]),
                "cc": tuple(notice["cc"]),
                "date": _moment(notice["date"]),
                "headers": tuple((name, value) for name, value in notice["headers"]),
                "attachments": tuple(notice["attachments"]),
                "warnings": tuple(notice["warnings"]),
                "seals": _seals(notice["seals"]),
            }
        ),
        classified=Classified(
            kind=Kind(said["kind"]),
            confidence=said["confidence"],
            because=_because(said["because"]),
            trust=Trust(said["trust"]),
            act=Act(said["act"]) if said["act"] else None,
            by=Party(said["by"]) if said["by"] else None,
            money_arrived=said["money_arrived"],
            warnings=tuple(said["warnings"]),
        ),
        facts=Facts(
            **facts
            | {
                "other_nos": tuple((kind, number) for kind, number in facts["other_nos"]),
                "deadline": _moment(facts["deadline"]),
                "deadline_for": Party(facts["deadline_for"]) if facts["deadline_for"] else None,
                "outcome": Verdict(facts["outcome"]) if facts["outcome"] else None,
                "evidence_asked": tuple(facts["evidence_asked"]),
                "offer": Offer(**facts["offer"]) if facts["offer"] else None,
                "acted_at": _moment(facts["acted_at"]),
                "because": _because(facts["because"]),
                "warnings": tuple(facts["warnings"]),
            }
        ),
        language=row["language"],
        fingerprint=row["fingerprint"],
        safe_html=row["safe_html"],
        confirmation=Confirmation(**confirmation) if confirmation else None,
        screen=_screen(row["screen"]) if row["screen"] else None,
    )


def _screen(row: dict[str, Any]) -> Screen:
    return Screen(
        picture=Picture(row["picture"]),
        size=(row["size"][0], row["size"][1]),
        lines=tuple(Line(Party(line["who"]), line["text"], _moment(line["at"])) for line in row["lines"]),
        places=tuple(Place(place["of"], place["words"], (*place["box"],), place["sure"]) for place in row["places"]),
        unsure=tuple(row["unsure"]),
    )


def _reading(row: dict[str, Any]) -> Reading:
    outer = row["outer"]
    return Reading(
        sha256=row["sha256"],
        parser=row["parser"],
        outer=Outer(
            **outer
            | {
                "date": _moment(outer["date"]),
                "seals": _seals(outer["seals"]),
                "trace": tuple((name, value) for name, value in outer["trace"]),
            }
        ),
        notices=tuple(_read(notice) for notice in row["notices"]),
        warnings=tuple(row["warnings"]),
    )
