"""A second look at what only proposes: the key came at last, the mailbox was confirmed, the same bytes came by hand.

Nothing is read again and nothing is opened: what was kept of the mail is judged once more by what is known now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from accounts.models import ConfirmedMailbox
from complaints import workflow
from complaints.intake import keyring, route, settle
from complaints.intake.endings import settle_some
from complaints.intake.proof import note, signed_for
from complaints.intake.provenance import Key, Keys, Result, check, key_name
from complaints.intake.shapes import How, seal_from
from complaints.models import Arrival, Event, IncomingMail, Signature
from complaints.models.mail import Outcome
from complaints.stages import Type
from complaints.workflow import Payload, Saying

AT_ONCE = 100  # mails in one turn, of each mailbox that was confirmed
SINCE = timedelta(hours=1)  # a mailbox confirmed within that time may be the one that a mail waits for


def look_around(now: datetime) -> int:
    """One turn: everything that may have become clear since. Returns how many mails count now."""
    ask_again(now)
    waiting = [*with_arrivals(now), *from_confirmed(now)]
    return sum(look_again(mail_pk) for mail_pk in dict.fromkeys(waiting))


def with_arrivals(now: datetime) -> list[int]:
    """The mails whose bytes came once more, and nobody asked yet what that changes."""
    arrivals = Arrival.objects.filter(looked_at=None).order_by("received_at")[:AT_ONCE]
    found = {arrival.pk: arrival.mail_id for arrival in arrivals}
    Arrival.objects.filter(pk__in=found).exclude(mail__outcome=Outcome.WAITING).update(looked_at=now)
    return list(found.values())


def from_confirmed(now: datetime) -> list[int]:
    """The mails that wait, and name a mailbox that their owner confirmed a moment ago.

    Each turn goes on where the last one ended, and from the first again: forgeries in the name of that mailbox stay
    waiting, and keep no other mail from its turn.
    """
    found: list[int] = []
    for mailbox in ConfirmedMailbox.objects.filter(confirmed_at__gt=now - SINCE).order_by("pk"):
        waiting = IncomingMail.objects.filter(
            owner=mailbox.owner_id, from_address=mailbox.email, outcome=Outcome.REVIEW, verified=False
        )
        after = waiting.filter(pk__gt=mailbox.looked_up_to).order_by("pk").values_list("pk", flat=True)
        batch = list(after[:AT_ONCE])
        found += batch
        up_to = batch[-1] if len(batch) == AT_ONCE else 0
        if up_to != mailbox.looked_up_to:
            ConfirmedMailbox.objects.filter(pk=mailbox.pk).update(looked_up_to=up_to)
    return found


# -- keys that nobody answered for ---------------------------------------------------------------------------------


def ask_again(now: datetime) -> int:
    """Check the signatures once more that could not be checked yet and are due. Returns how many mails."""
    due = Signature.objects.filter(due_at__lte=now).order_by("due_at", "pk")[:AT_ONCE]
    rows = sorted(due, key=lambda row: row.mail_id)
    names = list(dict.fromkeys(key_name(seal_from(row.seal)) for row in rows))
    keys: dict[str, Key] = {}
    for place in range(0, len(names), keyring.MOST_NAMES):
        keys |= keyring.fetch(names[place : place + keyring.MOST_NAMES], now)
    mails = [(mail_pk, list(group)) for mail_pk, group in groupby(rows, key=lambda row: row.mail_id)]
    for mail_pk, group in mails:
        check_again(mail_pk, [row.pk for row in group], keys, now)
        look_again(mail_pk)
    return len(mails)


@transaction.atomic
def check_again(mail_pk: int, signature_pks: list[int], keys: Keys, now: datetime) -> None:
    """Judge those signatures of one mail with `keys`, and grade the notices that rest on them."""
    mail = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail_pk)
    for row in Signature.objects.filter(pk__in=signature_pks, due_at__lte=now):
        note(row, check(seal_from(row.seal), row.from_address, keys, mail.received_at), keys, now)
        row.save(update_fields=["result", "why", "key", "checked_at", "tries", "due_at"])
    held = set(mail.signatures.filter(result=Result.PASSED).values_list("part", flat=True))
    if 0 in held and not mail.from_proven:
        mail.from_proven = True
        mail.save(update_fields=["from_proven"])
    for notice in mail.notices.filter(provenance__in=("C", "D")):
        if notice.reading.get("part") in held:
            notice.provenance = "B" if notice.how == How.ATTACHED else "A"
            notice.reading["provenance"] = notice.provenance
            notice.save(update_fields=["provenance", "reading"])


# -- one mail ------------------------------------------------------------------------------------------------------


@transaction.atomic
def look_again(mail_pk: int) -> bool:
    """Let what `mail_pk` proposes count, where only the way spoke against it and no longer does.

    What a person has answered stays as they said. Again changes nothing.
    """
    mail = (
        IncomingMail.objects.select_for_update(of=("self", "owner"), no_key=True)
        .select_related("owner")
        .filter(pk=mail_pk, outcome=Outcome.REVIEW)
        .first()
    )
    if mail is None:
        return False
    way = route.look_again(mail)
    counts = [event for event in settle.proposals(mail) if may_count(event, way)]
    for event in counts:
        let_count(event)
    if way.verified and not mail.verified:
        mail.verified = True
        mail.save(update_fields=["verified"])
    still = {event.notice_id for event in settle.proposals(mail) if settle.is_proposed(event)}
    told = {event.notice_id for event in counts} - still
    if notices := [notice for notice in settle.waiting(mail) if notice.pk in told]:
        settle_some(mail, notices, (Outcome.FILED, "verified_later"))
    return bool(counts)


def may_count(event: Event, way: route.Route) -> bool:
    """Whether the act `event`, proposed by the machine for want of a better way, has one now."""
    notice = event.notice
    if notice is None or event.actor_id is not None or notice.provenance == "E":
        return False
    if not route.doubts_way_alone(event.payload) or not settle.is_proposed(event):
        return False
    return way.verified or signed_for(notice, event.case)


def let_count(event: Event) -> None:
    """The act of `event` counts from now on, and its case learns what its notice says."""
    assert event.notice is not None
    recorded = workflow.record(
        event.case,
        Saying(
            act=None,
            by=None,
            at=timezone.now(),
            type=Type.CONFIRM,
            answers=event,
            notice=event.notice,
            payload=Payload(why="verified_later", provenance=event.notice.provenance),
        ),
    )
    settle.learn_from(event.case, event.notice, afresh=recorded.is_first)
