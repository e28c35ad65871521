"""The mails that Suji writes about cases. Never an answer to a mail, and no more of a case than its reader needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.templatetags.looks import SHANGHAI, spell
from complaints import words, workflow
from complaints.models import Alarm, Case, Reminder
from complaints.stages import Party, State
from complaints.words import Text

SALT = "complaints.outgoing.stop"
BY_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def stop_token(owner: User, case: Case) -> str:
    """What an address must hold to switch off the reminders of `owner`: works without a log-in, for nothing else."""
    return signing.Signer(salt=SALT).sign(f"{owner.public_id}.{case.public_id}")


def stopped_by(token: str) -> tuple[User, Case] | None:
    """Whose reminders `token` may switch off, and the case whose mail it came in; None when it is not ours."""
    try:
        owner, _dot, case = signing.Signer(salt=SALT).unsign(token).partition(".")
    except signing.BadSignature:
        return None
    user = User.objects.filter(public_id=owner, is_active=True).first()
    found = (
        Case.objects.visible_to(user).select_related("shop").filter(owner=user, public_id=case).first()
        if user
        else None
    )
    return (user, found) if user and found else None


def message_id(reminder: Reminder) -> str:
    """One name for one reminder, however often it is handed over: a mailbox keeps mails of one name once."""
    return f"<reminder.{reminder.public_id}@{urlsplit(settings.SITE_URL).hostname or 'suji.invalid'}>"


def reminder(reminder: Reminder, now: datetime) -> EmailMessage:
    """The mail a day before the date, in its reader's language: which case, until when, what to do, how to stop these.

    No numbers, no words of a notice, no amounts; the shop's name stands in the body alone, not in the subject that
    shows on a locked phone.
    """
    case, owner = reminder.case, reminder.case.owner
    standing = workflow.standing(case)
    due = standing.own_deadline
    settled = tuple(step for step in standing.steps if step.state is State.APPLIED)
    stop = settings.SITE_URL + reverse("complaints:reminder_stop", args=[stop_token(owner, case)])
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        context = {
            "at": f"{reminder.deadline_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            "left": spell(reminder.deadline_at - now),
            "shop": case.shop.name if case.shop else "",
            "step": words.next_step(case, replace(standing, waiting_on=Party.BUYER, steps=settled))[0],  # theirs to do
            "if_missed": words.IF_MISSED.get(due.if_missed or "", "") if due else "",
            "source": words.DEADLINE_FROM[case.own_deadline_from],
            "case_url": settings.SITE_URL + case.get_absolute_url(),
            "stop_url": stop,
            "site_url": settings.SITE_URL,
        }
        subject = render_to_string("complaints/email/reminder_subject.txt", context).strip()
        body = render_to_string("complaints/email/reminder_message.txt", context)
    headers = {
        "Message-ID": message_id(reminder),
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    } | BY_MACHINE
    return EmailMessage(subject, body, to=[owner.email], headers=headers)


def alarms(host: User, ringing: Sequence[tuple[Alarm, Text, Text]]) -> EmailMessage:
    """To one who runs this installation: what does not add up, since when, and what to do; counts only."""
    with translation.override(host.language or settings.LANGUAGE_CODE):
        context = {
            "alarms": [
                (name, alarm.count, f"{alarm.since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", advice)
                for alarm, name, advice in ringing
            ],
            "page_url": settings.SITE_URL + reverse("complaints:operations"),
            "site_url": settings.SITE_URL,
        }
        subject = render_to_string("complaints/email/alarm_subject.txt", context).strip()
        body = render_to_string("complaints/email/alarm_message.txt", context)
    return EmailMessage(subject, body, to=[host.email], headers=BY_MACHINE)
