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
from complaints.models import Alarm, Case, Keeping, KeepingReminder, Reminder
from complaints.models.reminder import ReminderJob
from complaints.stages import Party, State
from complaints.words import Text

SALT = "complaints.outgoing.stop"
BY_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def stop_token(owner: User, case: Case | Keeping) -> str:
    """What an address must hold to switch off the reminders of `owner`: works without a log-in, for nothing else."""
    return signing.Signer(salt=SALT).sign(f"{owner.public_id}.{case.public_id}")


def stopped_by(token: str) -> tuple[User, Case | Keeping] | None:
    """Whose reminders `token` may switch off, and what the mail was about that it came in; None when it is not ours."""
    try:
        owner, _dot, about = signing.Signer(salt=SALT).unsign(token).partition(".")
    except signing.BadSignature:
        return None
    user = User.objects.filter(public_id=owner, is_active=True).first()
    if user is None:
        return None
    cases = Case.objects.visible_to(user).select_related("shop").filter(owner=user)
    found = cases.filter(public_id=about).first() or Keeping.objects.visible_to(user).filter(public_id=about).first()
    return (user, found) if found else None


def message_id(reminder: ReminderJob) -> str:
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
    return EmailMessage(subject, body, to=[owner.email], headers=headers_of(reminder, stop))


def keeping_reminder(reminder: KeepingReminder, now: datetime) -> EmailMessage:
    """The mail before a date of what is kept of an order: the last day to send back, or the day it is thrown away."""
    keeping, owner = reminder.keeping, reminder.keeping.owner
    stop = settings.SITE_URL + reverse("complaints:reminder_stop", args=[stop_token(owner, keeping)])
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        context = {
            "at": f"{reminder.deadline_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            "left": spell(reminder.deadline_at - now),
            "heading": words.keeping_heading(keeping),
            "is_return": reminder.about == KeepingReminder.About.RETURN,
            "keeping_url": settings.SITE_URL + keeping.get_absolute_url(),
            "stop_url": stop,
            "site_url": settings.SITE_URL,
        }
        subject = render_to_string("complaints/email/keeping_subject.txt", context).strip()
        body = render_to_string("complaints/email/keeping_message.txt", context)
    return EmailMessage(subject, body, to=[owner.email], headers=headers_of(reminder, stop))


def headers_of(reminder: ReminderJob, stop: str) -> dict[str, str]:
    """What every reminder carries: one name however often it is sent, and how a mail program stops these."""
    return {
        "Message-ID": message_id(reminder),
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    } | BY_MACHINE


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


def last_call(owner: User, mails: int, until: datetime) -> EmailMessage:
    """To an owner: so many mails wait for them and will be deleted at `until`; nothing of what is in them."""
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        context = {
            "count": mails,
            "day": f"{until.astimezone(SHANGHAI):%Y-%m-%d}",
            "page_url": settings.SITE_URL + reverse("complaints:mail_list"),
            "site_url": settings.SITE_URL,
        }
        subject = render_to_string("complaints/email/last_call_subject.txt", context).strip()
        body = render_to_string("complaints/email/last_call_message.txt", context)
    return EmailMessage(subject, body, to=[owner.email], headers=BY_MACHINE)
