"""A sample story for whoever has no account: real replay, real page, not one row of the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.templatetags.looks import SHANGHAI
from complaints import story
from complaints.models import Case, CaseNumber, Event, Shop
from complaints.stages import Act, Kind, Party, Stage, State, Type, Verdict

# A whole story in seven lines: a face cream arrives broken, the shop points at the carrier, and the
# platform decides nothing. The texts are ours, in the manner of such notices; nobody is meant.
# days before now, act, by, kind, the words it rests on, further keys of the payload
Line = tuple[float, Act, Party, Kind | None, str, dict[str, Any]]
STORY: tuple[Line, ...] = (
    (9.2, Act.FILES, Party.BUYER, None, "", {"note": "面霜到手时瓶身碎了，外箱完好。"}),
    (8.1, Act.ACKNOWLEDGES, Party.PLATFORM, Kind.ACKNOWLEDGEMENT, "您的投诉已受理", {}),
    (
        7.4,
        Act.REFUSES,
        Party.MERCHANT,
        Kind.MERCHANT_REFUSAL,
        "运输途中可能出现的问题，本店不承担责任",
        {"refusal_ground": "transit"},
    ),
    (5.6, Act.ASKS_INTERVENTION, Party.BUYER, None, "", {}),
    (
        4.5,
        Act.REQUESTS_EVIDENCE,
        Party.PLATFORM,
        Kind.EVIDENCE_REQUEST,
        "请上传商品破损的实物照片",
        {"asked": "buyer", "evidence_asked": ["photo"]},
    ),
    (3.9, Act.SUBMITS_EVIDENCE, Party.BUYER, None, "", {"note": "交了三张照片和开箱视频。"}),
    (
        0.8,
        Act.RULES,
        Party.PLATFORM,
        Kind.RULING,
        "建议您与商家协商解决",
        {"outcome": Verdict.AMBIGUOUS.value},
    ),
)
TO_APPEAL = timedelta(days=2, hours=3, minutes=30)  # after now: the clock of the sample always runs


def sample_context(now: datetime | None = None) -> dict[str, Any]:
    """What `sample_case.html` shows: the page of a case that nobody has, seen at `now`."""
    now = now or timezone.now()
    case = Case(
        public_id="sample",
        owner_id=0,
        shop=Shop(name="晴川美妆专营店"),
        reason="damaged",
        amount=Decimal("268.00"),
        stage=Stage.RULED,
    )
    events = [event_of(case, seq, line, now) for seq, line in enumerate(STORY, start=1)]
    numbers = [
        CaseNumber(case=case, kind="order", number="2026000000000000268"),
        CaseNumber(case=case, kind="complaint", number="TS00000000268"),
    ]
    return {"page": story.tell(case, events, [], numbers, now), "case": case, "now": now, "readonly": True}


def event_of(case: Case, seq: int, line: Line, now: datetime) -> Event:
    """One line of the story as an event that is never saved."""
    days, act, by, kind, words, said = line
    by_hand = kind is None
    payload: dict[str, Any] = {
        "provenance": "D" if by_hand else "C",
        "why": "by_hand" if by_hand else "verified_route",
        "because": [{"of": "kind", "words": words, "where": "body"}] if words else [],
    } | said
    if act is Act.RULES:
        due = (now + TO_APPEAL).astimezone(SHANGHAI).replace(second=0, microsecond=0)
        payload["deadline"] = {
            "at": due.isoformat(),
            "for": Party.BUYER.value,
            "from": "stated",
            "if_missed": "closes",
            "because": f"如有异议，请于{due.month}月{due.day}日{due:%H:%M}前申诉",
        }
    at = now - timedelta(days=days)
    return Event(
        public_id=f"sample{seq}",
        case=case,
        seq=seq,
        type=Type.ACT,
        act=act,
        by=by,
        kind=kind or "",
        at=at,
        recorded_at=at + timedelta(minutes=2),
        state=State.APPLIED,
        fingerprint=f"sample{seq}",
        actor_id=case.owner_id if by_hand else None,
        payload=payload,
    )
