"""From a notice as it was kept to the event it tells: the same whether the line or a person files it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from complaints.intake.shapes import Read, Reading
from complaints.models import Notice
from complaints.stages import Act
from complaints.workflow import Payload

FUTURE = timedelta(hours=24)  # an act cannot be told longer before it happens

# Files that could be exhibits, by their names alone: intake/cutting.py looks at their bytes.
FILE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|heic|heif|avif|pdf|mp4|m4v|mov)$", re.IGNORECASE)
MOST_NAMES = 20
# Payload keys that are the same in the reading's fields.
SAME = ("amount", "freight_payer", "evidence_asked", "refusal_ground", "offer")


def kept(read: Read, reading: Reading, provenance: str, part: int | None) -> dict[str, Any]:
    """What `Notice.reading` holds: the contract's keys, and what telling and matching need beside them.

    part  which of the mail's originals it is (proof.Proof), None where it is only told of
    """
    stated = read.facts.acted_at or read.notice.date or reading.outer.date
    return read.as_contract(provenance) | {
        "part": part,
        "stated_at": stated.isoformat() if stated else None,
        "other_nos": [list(pair) for pair in read.facts.other_nos],
        "money_arrived": read.classified.money_arrived,
        "files": [name for name in read.notice.attachments if FILE_NAME.search(name)][:MOST_NAMES],
    }


def numbers_of(notice: Notice) -> list[tuple[str, str]]:
    """Every number that `notice` names, as (kind, number), the order's under "order"."""
    fields = notice.reading["fields"]
    numbers = [("order", fields["order_no"])] if fields["order_no"] else []
    if fields["case_no"]:
        numbers.append((fields["case_no_kind"] or "other", fields["case_no"]))
    return list(dict.fromkeys([*numbers, *((kind, number) for kind, number in notice.reading["other_nos"])]))


def moment_of(notice: Notice, received_at: datetime) -> tuple[datetime, bool]:
    """When the act happened, and whether that had to be clamped.

    The time the text states, else the notice's, else the mail's, else when it came; later than a
    day after it came cannot be: then it is when it came.
    """
    stated = notice.reading["stated_at"]
    at = datetime.fromisoformat(stated) if stated else received_at
    return (received_at, True) if at > received_at + FUTURE else (at, False)


def payload_of(notice: Notice, why: str) -> Payload:
    """What the event keeps of the reading: enough to tell the story and to show its words."""
    read = notice.reading
    fields = read["fields"]
    payload = Payload(
        because=read["because"],
        confidence=read["confidence"],
        provenance=notice.provenance,
        why=why,
    )
    if read["outcome"]:
        payload["outcome"] = read["outcome"]
    if read["act"] == Act.REQUESTS_EVIDENCE and fields["deadline_for"] in ("buyer", "merchant"):
        payload["asked"] = fields["deadline_for"]
    if read["money_arrived"]:
        payload["money_arrived"] = True
    if fields["deadline"] and fields["deadline_for"]:
        payload["deadline"] = {
            "at": fields["deadline"],
            "for": fields["deadline_for"],
            "from": fields["deadline_from"] or "stated",
            "if_missed": fields["if_missed"],
            "because": next((b["words"] for b in read["because"] if b["of"] == "deadline"), ""),
        }
    for key, value in (fields | {"freight_payer": read["freight_payer"]}).items():
        if key in SAME and value:
            payload[key] = value  # type: ignore[literal-required]  # SAME holds keys of Payload
    return payload
