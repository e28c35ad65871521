"""Setting up a mailbox to forward: who may see its confirmation, the mail that tries the way, and whom we tell.

A confirmation is a key to somebody's mail (docs/decisions/0012-confirmations-and-test-mails.md). It is held unseen and
shown only in a window: opened by the owner, in their session, for a quarter of an hour, for the mailbox they named.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from accounts import limits, people
from accounts.models import ConfirmedMailbox, InboxAddress, User
from complaints.intake.route import is_loopback, trusts_loopback
from complaints.intake.shapes import How, Read, Reading
from complaints.intake.trust import belongs_to, domain_of
from complaints.models import IncomingMail, Notice, Probe, SetUp
from complaints.models.mail import Outcome
from complaints.providers import PROVIDERS, Provider, plain, same_mailbox
from complaints.stages import KINDS, End, Kind

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
PROBE_LIFE = timedelta(days=3)  # a rule may be slow, and a person too
FORGOTTEN = timedelta(days=60)  # windows and test mails that nothing rests on any more
LOOK_BACK = 20  # held confirmations that a window looks through
MAIL_DOORS = (IncomingMail.Door.SMTP, IncomingMail.Door.LMTP, IncomingMail.Door.WEBHOOK)
HOUR = timedelta(hours=1)

# How often one person may have mail sent to mailboxes they have not proved, and how often one mailbox may get it.
PER_PERSON, PER_MAILBOX = 10, 3  # an hour

MARK = "SUJI-"
TOKEN = re.compile(rf"{MARK}([a-z2-9]{{16}})(?![a-z0-9])", re.IGNORECASE)


class TooOften(Exception):
    """So many in so short a time; later it may be done again."""


# -- the window ------------------------------------------------------------------------------------------


def open_window(owner: User, inbox: InboxAddress, provider: Provider, mailbox: str, now: datetime) -> SetUp:
    """From `now` on the confirmation of `mailbox` may be shown, for WINDOW. Raises TooOften."""
    if not limits.take("set up", owner.pk, 3 * PER_PERSON, HOUR, now):
        raise TooOften
    return SetUp.objects.create(
        owner=owner, inbox=inbox, provider=provider.key, mailbox=mailbox.lower(), opened_at=now, until=now + WINDOW
    )


def close_window(set_up: SetUp, now: datetime) -> None:
    """Nothing is shown in it from `now` on."""
    set_up.until = min(set_up.until, now)
    set_up.save(update_fields=["until"])


def is_open(set_up: SetUp, now: datetime) -> bool:
    return set_up.opened_at <= now < set_up.until


# -- what is caught ----------------------------------------------------------------------------------------


class Why(StrEnum):
    """Why a confirmation that came is not shown in this window."""

    OTHER_MAILBOX = "other_mailbox"  # of another mailbox than the one they named
    UNNAMED = "unnamed"  # it does not say of which
    OTHER_SENDER = "other_sender"  # not from whoever runs that mailbox
    UNSIGNED = "unsigned"  # nothing shows that it comes from there
    SHOWN = "shown"  # in an earlier window


@dataclass(frozen=True, slots=True)
class Caught:
    """What to do with it: a code to copy, a link to open, or both."""

    mail: IncomingMail
    code: str
    link: str


def look(set_up: SetUp) -> tuple[Caught | None, set[Why]]:
    """The newest confirmation that `set_up` may show, and why the others may not be shown."""
    provider = PROVIDERS[set_up.provider]
    shown = last_shown(set_up)
    refused: set[Why] = set()
    for notice in confirmations(set_up.owner):
        if why := why_not(set_up, provider, notice, shown):
            refused.add(why)
            continue
        said = notice.reading["confirmation"]
        link = said["link"] if said["link"] and leads_home(said["link"], notice, provider) else ""
        if said["code"] or link:
            return Caught(notice.mail, said["code"] or "", link), refused
    return None, refused


def confirmations(owner: User) -> list[Notice]:
    """The confirmations that reached `owner` and are still held, newest first."""
    return list(
        Notice.objects.filter(
            mail__owner=owner,
            mail__outcome=Outcome.HELD,
            mail__reason=Kind.FORWARD_CONFIRMATION.value,
            mail__door__in=MAIL_DOORS,
            kind=Kind.FORWARD_CONFIRMATION.value,
        )
        .select_related("mail__shown_in")
        .defer("body", "safe_html")
        .order_by("-mail__received_at", "-pk")[:LOOK_BACK]
    )


def last_shown(set_up: SetUp) -> datetime | None:
    """When an earlier window for the same mailbox last showed a confirmation: what came before that is used up."""
    earlier = SetUp.objects.filter(owner_id=set_up.owner_id, mailbox=set_up.mailbox).exclude(pk=set_up.pk)
    found: datetime | None = earlier.aggregate(last=Max("shown_at"))["last"]
    return found


def why_not(set_up: SetUp, provider: Provider, notice: Notice, shown: datetime | None) -> Why | None:
    """Why `notice` is not to be shown in `set_up`; None when it may be."""
    said = notice.reading["confirmation"] or {}
    if not said.get("mailbox"):
        return Why.UNNAMED
    if not same_mailbox(said["mailbox"], set_up.mailbox):
        return Why.OTHER_MAILBOX
    if provider.confirms_from and not belongs_to(domain_of(notice.from_address), provider.confirms_from):
        return Why.OTHER_SENDER
    if not is_signed(notice):
        return Why.UNSIGNED
    there: SetUp | None = getattr(notice.mail, "shown_in", None)
    is_used_up = (there and there != set_up) or (shown and notice.mail.received_at <= shown)
    return Why.SHOWN if is_used_up else None


def is_signed(notice: Notice) -> bool:
    """Whether the sender is who it says: its signature verifies, our own MTA vouches for it, or it came from this very
    machine on trial (never while an LMTP door runs: an MTA hands on by loopback what comes from anywhere)."""
    is_proven = notice.provenance == "A" or (notice.mail.from_proven and notice.provenance != "E")
    is_near = notice.mail.door == IncomingMail.Door.SMTP and is_loopback(notice.mail.peer)
    return is_proven or (is_near and notice.provenance != "E" and trusts_loopback())


def leads_home(link: str, notice: Notice, provider: Provider) -> bool:
    """Whether `link` leads to whoever runs the mailbox, over TLS."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    home = provider.confirms_from or (domain_of(notice.from_address),)
    return parts.scheme == "https" and belongs_to(parts.hostname or "", home)


def show(set_up: SetUp, caught: Caught, now: datetime) -> None:
    """Keep that `set_up` showed it: no later window will. Once for each; again changes nothing."""
    if set_up.confirmation_id == caught.mail.pk:
        return
    set_up.confirmation, set_up.shown_at = caught.mail, now
    set_up.save(update_fields=["confirmation", "shown_at"])
    log.info("set-up %s showed the confirmation in mail %s", set_up.public_id, caught.mail.public_id)


# -- the test mail -----------------------------------------------------------------------------------------


def send_probe(owner: User, mailbox: str, inbox: InboxAddress, now: datetime) -> Probe:
    """Write to `mailbox`: what comes back of it to an inbox of `owner` proves the way. Raises TooOften.

    raises  OSError when the mail could not be handed over
    """
    mailbox = mailbox.lower()
    if not may_write_to(owner, mailbox, now):
        raise TooOften
    probe = Probe.objects.create(owner=owner, mailbox=mailbox, sent_at=now)
    said = {"token": f"{MARK}{probe.token}", "inbox": inbox.address, "days": PROBE_LIFE.days}
    if not get_adapter().send_mail("accounts/email/test_mail", mailbox, said):
        probe.delete()
        raise OSError
    return probe


def may_write_to(owner: User, mailbox: str, now: datetime) -> bool:
    """Count a mail that `owner` has us write to a mailbox that may be somebody else's."""
    return limits.take("mail by", owner.pk, PER_PERSON, HOUR, now) and limits.take(
        "mail to", plain(mailbox), PER_MAILBOX, HOUR, now
    )


def probe_in(mail: IncomingMail, reading: Reading) -> Probe | None:
    """The test mail that `mail` brings back to the owner who asked for it; however it was wrapped."""
    tokens = tokens_in(reading.outer.subject).union(*(tokens_of(read) for read in reading.notices))
    if not tokens:
        return None
    return Probe.objects.filter(owner_id=mail.owner_id, token__in=tokens).order_by("-sent_at").first()


def tokens_of(read: Read) -> set[str]:
    """What looks like a token of ours in one notice."""
    return tokens_in(read.notice.subject, read.notice.body[:16_384], read.notice.note)


def tokens_in(*texts: str) -> set[str]:
    return {found.group(1).lower() for text in texts for found in TOKEN.finditer(text)}


def is_beside(read: Read, reading: Reading) -> bool:
    """Whether `read` lies in the same mail as a test mail and says something of its own."""
    says = KINDS[read.classified.kind].end in (End.FILED, End.HELD)
    return says and len(reading.notices) > 1 and not tokens_of(read)


def came_back(mail: IncomingMail, reading: Reading) -> str:
    """Whether `mail` is one of our test mails: a key of words.REASONS, "" when it is none.

    Whoever let it through has the mailbox: it is confirmed from now on.
    """
    probe = probe_in(mail, reading)
    if probe is None:
        return ""
    if mail.received_at > probe.sent_at + PROBE_LIFE:
        return "test_mail_late"
    probe.returned_at, probe.how = mail.received_at, reading.main.notice.how.value
    with transaction.atomic():
        probe.save(update_fields=["returned_at", "how"])
        people.confirm_mailbox(mail.owner, probe.mailbox, ConfirmedMailbox.How.TEST_MAIL)
    return "test_mail"


# -- the mailbox itself is told ----------------------------------------------------------------------------


def tell_sources(now: datetime) -> int:
    """Write to each mailbox from which mail now comes by a rule, once: whoever did not want that can stop it.

    returns  how many were told
    """
    waiting = SetUp.objects.filter(shown_at__gt=now - FORGOTTEN, told_at=None).select_related("owner", "inbox")
    return sum(tell_source(set_up, now) for set_up in waiting if forwards(set_up))


@transaction.atomic
def tell_source(set_up: SetUp, now: datetime) -> bool:
    """Write to the mailbox of `set_up` unless it was told, and keep that it was only once the mail is handed over.

    Who dies in between leaves it to the next turn; two turns at once wait for each other.
    """
    mine = SetUp.objects.select_for_update().filter(pk=set_up.pk, told_at=None)
    if mine.first() is None:
        return False
    again = SetUp.objects.filter(owner=set_up.owner, mailbox=set_up.mailbox, told_at__isnull=False).exists()
    said = {"inbox": set_up.inbox.address, "mailbox": set_up.mailbox}
    if not again and not get_adapter().send_mail("accounts/email/forwarding_on", set_up.mailbox, said):
        return False  # the next turn tries again
    mine.update(told_at=now)
    return not again


def forwards(set_up: SetUp) -> bool:
    """Whether mail has come by a rule of that mailbox since its confirmation was shown."""
    local, _at, domain = set_up.mailbox.partition("@")
    by_rule = Notice.objects.filter(
        mail__owner_id=set_up.owner_id, mail__received_at__gt=set_up.shown_at, how=How.AUTO.value
    )
    if by_rule.filter(
        Q(mail__mail_from__istartswith=f"{local}+caf_=") & Q(mail__mail_from__iendswith=f"@{domain}")
        | Q(mail__mail_from__iexact=set_up.mailbox)
    ).exists():
        return True
    addressed: Iterable[list[str]] = by_rule.order_by("-pk").values_list("reading__original__to", flat=True)[:200]
    return any(same_mailbox(address, set_up.mailbox) for to in addressed for address in to or ())


def forget(now: datetime) -> int:
    """Delete windows and test mails that nothing rests on any more. Returns how many."""
    windows, _kinds = SetUp.objects.filter(opened_at__lt=now - FORGOTTEN).delete()
    probes, _kinds = Probe.objects.filter(sent_at__lt=now - FORGOTTEN).delete()
    return windows + probes


# -- whose mailbox a mail came from ------------------------------------------------------------------------


def asked_mailbox(mail: IncomingMail, hows: Iterable[str], confirmed: Iterable[str]) -> str:
    """The mailbox whose owner the shopper may well be: "这是您吗？". "" when there is nothing to ask.

    Only of a mail that a person forwarded: what a rule forwards is From the platform.
    """
    if mail.outcome != Outcome.REVIEW or mail.reason != "unverified_route" or not mail.from_address:
        return ""
    if domain_of(mail.from_address) == settings.INBOX_DOMAIN or mail.from_address in confirmed:
        return ""
    return mail.from_address if {How.INLINE.value, How.ATTACHED.value} & set(hows) else ""


# -- what we saw, for whoever waits for a mail -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What reached an owner lately, and what did not get in."""

    newest: IncomingMail | None
    held: tuple[tuple[str, int], ...]  # of the last day: reason and how many
    unread: IncomingMail | None  # that could not be read
    refused: InboxAddress | None  # the inbox that last refused something, within 30 days
    probe: Probe | None


def seen(owner: User, now: datetime) -> Seen:
    """What the door and the line saw for `owner` up to `now`."""
    mails = IncomingMail.objects.filter(owner=owner)
    held: dict[str, int] = {}
    for reason in mails.filter(outcome=Outcome.HELD, received_at__gt=now - timedelta(days=1)).values_list(
        "reason", flat=True
    ):
        held[reason] = held.get(reason, 0) + 1
    return Seen(
        newest=mails.order_by("-received_at", "-pk").first(),
        held=tuple(sorted(held.items())),
        unread=mails.filter(outcome=Outcome.QUARANTINED).order_by("-received_at", "-pk").first(),
        refused=owner.inbox_addresses.filter(refused_at__gt=now - timedelta(days=30)).order_by("-refused_at").first(),
        probe=Probe.objects.filter(owner=owner).order_by("-sent_at").first(),
    )
