"""Plain builders of what tests talk about. No chance, no hidden now: what is not said is fixed here."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import InboxAddress, Role, User
from accounts.people import settle_in
from complaints import ledger, review, workflow
from complaints.models import Case, CaseExhibit, Claim, Event, IncomingMail, Look, Notice, RawMail, Review
from complaints.models.mail import Outcome
from complaints.stages import KINDS, Act, Kind, Party, State, Verdict
from evidence.models import Exhibit

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 9, 10, 0, tzinfo=SHANGHAI)  # a Monday
PASSWORD = "paper-crane-7482"

# What most acts are done by, so that a test need not say it.
USUAL_PARTY = {
    Act.FILES: Party.BUYER,
    Act.REPLIES: Party.MERCHANT,
    Act.REFUSES: Party.MERCHANT,
    Act.AGREES_RETURN: Party.MERCHANT,
    Act.AGREES_REFUND: Party.MERCHANT,
    Act.SENDS_BACK: Party.BUYER,
    Act.RECEIVES_RETURN: Party.MERCHANT,
    Act.REFUSES_RETURN: Party.MERCHANT,
    Act.CHANGES_REQUEST: Party.BUYER,
    Act.ASKS_INTERVENTION: Party.BUYER,
    Act.SUBMITS_EVIDENCE: Party.BUYER,
    Act.APPEALS: Party.BUYER,
    Act.EXECUTES: Party.PAYER,
    Act.SETTLES: Party.BUYER,
    Act.WITHDRAWS: Party.BUYER,
    Act.LAPSES: Party.BUYER,
    Act.REOPENS: Party.BUYER,
    Act.REGULATOR: Party.AUTHORITY,
    Act.CONSUMER_ASSOCIATION: Party.AUTHORITY,
    Act.COURT: Party.AUTHORITY,
}


def a_user(email: str = "mei@example.com", *, role: str = Role.SHOPPER, password: str | None = None) -> User:
    """A shopper with a confirmed mailbox and an inbox address; the same e-mail again is the same person."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, password, role=role)
        settle_in(user)
    return user


def a_volunteer(email: str = "lin@example.com") -> User:
    return a_user(email, role=Role.VOLUNTEER)


def an_inbox(owner: User | None = None, *, state: str = InboxAddress.State.ACTIVE) -> InboxAddress:
    """The first inbox address of `owner`, in that state."""
    inbox = (owner or a_user()).inbox_addresses.order_by("pk").first()
    assert inbox is not None
    if inbox.state != state:
        inbox.state = state
        inbox.rotated_at = NOW if state == InboxAddress.State.ROTATED else None
        inbox.save(update_fields=["state", "rotated_at"])
    return inbox


def a_case(
    owner: User | None = None,
    *,
    shop: str = "暖冬旗舰店",
    act: Act | None = Act.FILES,
    by: Party | None = None,
    at: datetime = NOW,
    order_no: str = "",
    case_no: str = "",
    reason: str = "misdescribed",
    amount: str | None = "459.00",
    **said: Any,
) -> Case:
    """A case of `owner` whose story begins with `act`; with `act=None` it has no story yet."""
    case = workflow.open_case(owner or a_user(), shop=shop, reason=reason, amount=amount)
    numbers = [("order", order_no)] * bool(order_no) + [("complaint", case_no)] * bool(case_no)
    if numbers:
        workflow.learn(case, shop=None, numbers=numbers, reason=None, amount=None)
    if act is not None:
        an_event(case, act, by, at=at, **said)
    case.refresh_from_db()
    return case


def an_event(
    case: Case,
    act: Act = Act.ACKNOWLEDGES,
    by: Party | None = None,
    *,
    at: datetime = NOW,
    state: State = State.APPLIED,
    outcome: Verdict | None = None,
    notice: Notice | None = None,
    fingerprint: str = "",
    actor: User | None = None,
    **said: Any,
) -> Event:
    """An act recorded in the story of `case`; further keywords are keys of workflow.Payload."""
    payload: Any = {"provenance": "D", "why": "by_hand"} | said
    if outcome is not None:
        payload["outcome"] = outcome.value
    saying = workflow.Saying(
        act=act,
        by=by or USUAL_PARTY.get(act, Party.PLATFORM),
        at=at,
        kind=Kind(notice.kind) if notice else None,
        state=state,
        notice=notice,
        actor=actor,
        payload=payload,
        **({"fingerprint": fingerprint} if fingerprint else {}),
    )
    return workflow.record(case, saying).event


def a_deadline(
    at: datetime = NOW + timedelta(days=2, hours=3),
    *,
    waiting_for: Party = Party.MERCHANT,
    source: str = "stated",
    if_missed: str | None = None,
    because: str = "",
) -> dict[str, Any]:
    """The `deadline` of a payload."""
    return {
        "at": at.isoformat(),
        "for": waiting_for.value,
        "from": source,
        "if_missed": if_missed,
        "because": because,
    }


def raw_mail(
    subject: str = "投诉已受理",
    body: str = "您的投诉已受理，受理编号 2026110900123。",
    sender: str = "mei@example.com",
    to: str = "inbox@in.suji.localhost",
) -> bytes:
    """The bytes of a plain UTF-8 mail."""
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 09 Nov 2026 10:00:00 +0800\r\n"
        "Message-ID: <1@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    ).encode()


def a_mail(
    owner: User | None = None,
    *,
    outcome: str = Outcome.WAITING,
    reason: str = "",
    raw: bytes | None = None,
    door: str = IncomingMail.Door.SMTP,
    at: datetime = NOW,
    sender: str = "mei@example.com",
    subject: str = "投诉已受理",
    verified: bool = True,
) -> IncomingMail:
    """A mail that reached the inbox of `owner`, with its bytes; settled unless it is still waiting."""
    owner = owner or a_user()
    if raw is None:
        raw = raw_mail(subject, f"第 {IncomingMail.objects.count() + 1} 封", sender)
    waiting = outcome == Outcome.WAITING
    mail = IncomingMail.objects.create(
        inbox=an_inbox(owner),
        owner=owner,
        door=door,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        mail_from=sender,
        peer="127.0.0.1",
        received_at=at,
        due_at=at,
        outcome=outcome,
        reason="" if waiting else reason or "by_hand",
        settled_at=None if waiting else at,
        sender=sender,
        subject=subject,
        verified=verified,
    )
    RawMail.objects.create(mail=mail, data=raw)
    ledger.accepted(door, 1, at)
    return mail


def a_reading(kind: Kind = Kind.ACKNOWLEDGEMENT, **fields: Any) -> dict[str, Any]:
    """A notice as telling.kept keeps it; keywords are keys of `fields`."""
    row = KINDS[kind]
    return {
        "kind": kind.value,
        "confidence": 0.97,
        "act": row.act,
        "by": row.by,
        "stage": row.stage,
        "moves_case": row.stage is not None,
        "outcome": None,
        "freight_payer": None,
        "language": "zh-Hans",
        "trust": "ok",
        "provenance": "D",
        "forward": {"how": "inline", "client": "qq_mail", "depth": 1, "note": None},
        "original": {
            "from_name": "天猫客服",
            "from_address": "service@notice.example",
            "to": [],
            "cc": [],
            "subject": "投诉已受理",
            "date": NOW.isoformat(),
            "body": "您的投诉已受理。",
        },
        "fields": {
            "order_no": None,
            "case_no": None,
            "case_no_kind": None,
            "shop": None,
            "amount": None,
            "currency": None,
            "deadline": None,
            "deadline_for": None,
            "deadline_from": None,
            "if_missed": None,
            "reason": None,
            "refusal_ground": None,
            "evidence_asked": [],
            "tracking_no": None,
            "offer": None,
        }
        | fields,
        "confirmation": None,
        "because": [{"of": "kind", "words": "投诉已受理", "where": "subject"}],
        "stated_at": NOW.isoformat(),
        "other_nos": [],
        "money_arrived": kind is Kind.REFUND_ARRIVED,
    }


def a_notice(
    mail: IncomingMail | None = None,
    *,
    kind: Kind = Kind.ACKNOWLEDGEMENT,
    case: Case | None = None,
    body: str = "您的投诉已受理。",
    safe_html: str = "",
    subject: str = "投诉已受理",
    fingerprint: str = "",
    provenance: str = "D",
    reading: dict[str, Any] | None = None,
) -> Notice:
    """What was inside `mail`, read as `kind`."""
    mail = mail or a_mail(outcome=Outcome.FILED)
    position = mail.notices.count()
    reading = reading or a_reading(kind)
    return Notice.objects.create(
        mail=mail,
        position=position,
        owner=mail.owner,
        case=case,
        fingerprint=fingerprint or hashlib.sha256(f"{mail.sha256} {position}".encode()).hexdigest(),
        kind=kind.value,
        confidence=reading["confidence"],
        moves_case=reading["moves_case"],
        trust=reading["trust"],
        provenance=provenance,
        how=reading["forward"]["how"],
        from_name=reading["original"]["from_name"] or "",
        from_address=reading["original"]["from_address"] or "",
        subject=subject,
        dated_at=NOW,
        body=body,
        safe_html=safe_html,
        reading=reading,
    )


def a_claim(mail: IncomingMail, volunteer: User | None = None, *, until: datetime | None = None) -> Claim:
    """A volunteer's lease on `mail`. A live one must be asked for with an `until` after the real present."""
    return Claim.objects.create(
        mail=mail, volunteer=volunteer or a_volunteer(), until=until or NOW + timedelta(minutes=15)
    )


def a_look(mail: IncomingMail, by: User | None = None, *, what: str = Look.What.READ, why: str = "") -> Look:
    return Look.objects.create(owner=mail.owner, mail=mail, by=by or a_volunteer(), what=what, why=why, at=NOW)


def a_review(
    case: Case | None = None,
    *,
    by: User | None = None,
    wants: tuple[str, ...] = ("evidence",),
    question: str = "",
    shows_pictures: bool = False,
    at: datetime | None = None,
) -> Review:
    """The owner of `case` asks volunteers to look; with `by` that volunteer looks after it since now."""
    case, now = case or a_case(), at or timezone.now()
    asked = review.ask(case, list(wants), question, shows_pictures=shows_pictures, now=now)
    if by:
        review.take(asked, by, now)
        asked.refresh_from_db()
    return asked


def an_exhibit(case: Case, *, name: str = "photo.jpg", kind: str = CaseExhibit.Kind.PHOTO) -> CaseExhibit:
    """An exhibit in the file of `case`: rows only, no bytes in storage."""
    exhibit = Exhibit.objects.create(
        owner=case.owner,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        size=1024,
        name=name,
        content_type="image/jpeg",
        file=f"exhibits/{name}",
        received_at=NOW,
    )
    return CaseExhibit.objects.create(case=case, exhibit=exhibit, kind=kind, added_at=NOW)
