"""What people put right, as candidates for the corpus: the words without anybody's data, and what the person chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from complaints import chats
from complaints.intake.provenance import domain_of
from complaints.intake.trust import PLATFORM_DOMAINS, belongs_to
from complaints.masking import mask
from complaints.models import Event, IncomingMail, Notice
from complaints.models.mail import Outcome
from complaints.stages import Type

NOTHING = "none"  # said to be about no complaint

# Fields of a reading that hold one word of a closed list, or no word of the mail at all.
CLOSED = ("case_no_kind", "currency", "deadline_for", "deadline_from", "if_missed", "reason", "refusal_ground")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A notice that a person read otherwise than the machine, or was asked about."""

    notice: Notice
    by: str  # owner, volunteer
    kind: str  # as that person says, NOTHING when it is about no complaint
    said: dict[str, Any]  # further fields that they put right

    def as_row(self) -> dict[str, Any]:
        """One line of the export: nobody's name, number, address or code is in it."""
        notice, reading = self.notice, self.notice.reading
        fields = reading["fields"]
        return {
            "parser": notice.mail.parser,
            "how": notice.how,
            "client": reading["forward"]["client"],
            "language": reading["language"],
            "from": sender_of(notice.from_address),
            "subject": mask(notice.subject),
            "body": mask(notice.body),
            "read": {
                "kind": notice.kind,
                "confidence": notice.confidence,
                "outcome": reading["outcome"],
                "has": sorted(name for name, value in fields.items() if value),
                **{name: fields[name] for name in CLOSED if fields.get(name)},
            },
            "by": self.by,
            "said": {"kind": self.kind, **self.said},
        }


def sender_of(address: str) -> str:
    """Who wrote, as far as that is nobody's own: the platform's domain, or "other"."""
    domain = domain_of(address)
    return domain if domain and belongs_to(domain, PLATFORM_DOMAINS) else "other"


def candidates() -> Iterator[Candidate]:
    """Every notice of which a person said what it is, once for each thing they said, oldest first."""
    yield from filed()
    yield from rejected()
    yield from corrected()
    yield from put_right()


def filed() -> Iterator[Candidate]:
    """What a person filed as a kind, and what they confirmed."""
    acts = Event.objects.filter(type=Type.ACT, actor__isnull=False, notice__isnull=False)
    for act in acts.select_related("notice__mail", "case").order_by("pk").iterator(200):
        if act.notice:
            yield Candidate(act.notice, by_whom(act), act.kind, {})
    answers = Event.objects.filter(type=Type.CONFIRM, actor__isnull=False, answers__notice__isnull=False)
    for answer in answers.select_related("answers__notice__mail", "case").order_by("pk").iterator(200):
        if answer.answers and answer.answers.notice:
            yield Candidate(answer.answers.notice, by_whom(answer), answer.answers.kind, {})


def rejected() -> Iterator[Candidate]:
    """What a person said is about no complaint."""
    reasons = Q(reason="rejected_by_owner") | Q(reason="rejected_by_volunteer")
    for mail in IncomingMail.objects.filter(reasons, outcome=Outcome.IGNORED).order_by("pk").iterator(200):
        for notice in mail.notices.select_related("mail"):
            yield Candidate(notice, mail.reason.removeprefix("rejected_by_"), NOTHING, {})


def corrected() -> Iterator[Candidate]:
    """What a person put right about an act."""
    answers = Event.objects.filter(type=Type.CORRECT, actor__isnull=False, answers__notice__isnull=False)
    for answer in answers.select_related("answers__notice__mail", "case").order_by("pk").iterator(200):
        act = answer.answers
        if act and act.notice:
            yield Candidate(act.notice, by_whom(answer), act.kind, plain(answer.payload.get("correction") or {}))


def put_right() -> Iterator[Candidate]:
    """Pictures of chats whose owner said otherwise who says what, or which line counts."""
    for notice in Notice.objects.exclude(lines_said=None).select_related("mail").order_by("pk").iterator(200):
        counted = chats.counting(notice)
        lines = [{**line, "text": mask(line["text"])} for line in chats.lines_of(notice)]
        yield Candidate(notice, "owner", chats.KIND_OF[counted["counts"]] if counted else notice.kind, {"lines": lines})


def plain(correction: dict[str, Any]) -> dict[str, Any]:
    """`correction` without the words that somebody wrote into it."""
    return {
        name: {key: inner for key, inner in value.items() if key != "because"} if isinstance(value, dict) else value
        for name, value in correction.items()
    }


def by_whom(event: Event) -> str:
    return "owner" if event.actor_id == event.case.owner_id else "volunteer"
