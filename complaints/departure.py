"""Somebody leaves: what is theirs goes, for good; what others keep of them names nobody any more.

First they are shut out, in one transaction. Then their files go, then their rows, in turns that may be stopped anywhere
and gone on with. A volunteer's acts in the cases of others stay, for the chain of a case rests on them, and so do what
they wrote there and that they looked: the row that these name keeps a random id and the role, and nothing of a person.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import CASCADE, SET_NULL, Model
from django.db.models.fields.reverse_related import ForeignObjectRel

from accounts.models import InboxAddress, OutgoingMail, User
from complaints import ledger, raw, tombstones
from complaints.models import Case, Event, IncomingMail, Look, Note, Opinion, Review
from complaints.models.mail import IncomingMailQuerySet
from evidence import keep
from evidence.models import Exhibit

log = logging.getLogger(__name__)

GONE = "left.invalid"  # the domain of what stands where an e-mail was (RFC 2606: nobody's)
AT_ONCE = 200
# What others keep of somebody who helped them, by model and the field that names the helper.
OTHERS_KEEP: tuple[tuple[type[Model], str], ...] = ((Event, "actor"), (Look, "by"), (Note, "by"), (Opinion, "reader"))


def leave(user: User, now: datetime) -> Counter[str]:
    """Delete the account of `user` and everything that is theirs. Again, or after a crash, goes on where it was.

    returns  what was deleted: how many "cases", "mails", "exhibits", …
    """
    begin(user, now)
    return finish(user, now)


@transaction.atomic
def begin(user: User, now: datetime) -> None:
    """Shut them out at once: no log-in, no mail for them, no reminders."""
    User.objects.filter(pk=user.pk, leaving_at=None).update(leaving_at=now)
    user.refresh_from_db()
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    user.inbox_addresses.update(state=InboxAddress.State.PAUSED)


def go_on(now: datetime) -> int:
    """Finish the departures that were begun. Returns how many."""
    begun = list(User.objects.filter(leaving_at__isnull=False).exclude(email__endswith=f"@{GONE}"))
    for user in begun:
        finish(user, now)
    return len(begun)


def finish(user: User, now: datetime) -> Counter[str]:
    """Delete what `begin` shut: files, mails, cases, and at last the person."""
    receipt: Counter[str] = Counter()
    receipt["sessions"] += end_sessions(user)
    for exhibit in Exhibit.objects.filter(owner=user).order_by("pk").iterator(AT_ONCE):
        for key in (exhibit.file, exhibit.copy_file, exhibit.thumbnail_file):
            if key:
                default_storage.delete(key)  # before the row: after a crash the next turn finds it
        keep.forget(exhibit)
        receipt["exhibits"] += 1
    receipt["cases"] += _delete_cases(user)
    receipt["mails"] += delete_mails(IncomingMail.objects.filter(owner=user), now)
    with transaction.atomic():
        emails = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
        OutgoingMail.objects.filter(to__in=emails).delete()
        _delete_rest(user)
        tombstones.bury(tombstones.USER, [user.public_id], now)
        if is_kept_by_others(user):
            _make_nobody(user)
        else:
            user.delete()
    raw.forget_unused(now)
    tombstones.carve(now)
    forget_what_was_on_the_disk()
    log.info("account %s deleted: %s", user.public_id, dict(receipt))
    return receipt


def end_sessions(user: User) -> int:
    """Take away every session of `user`. Reads them all: what they hold is written in the session itself."""
    theirs = [one.pk for one in Session.objects.iterator() if one.get_decoded().get("_auth_user_id") == str(user.pk)]
    return Session.objects.filter(pk__in=theirs).delete()[0]


def _delete_cases(user: User) -> int:
    deleted = 0
    while pks := list(Case.objects.filter(owner=user).values_list("pk", flat=True)[:AT_ONCE]):
        Case.objects.filter(pk__in=pks).delete()
        deleted += len(pks)
    return deleted


def delete_mails(mails: IncomingMailQuerySet, now: datetime) -> int:
    """Delete `mails`, in turns; those that an act of a case rests on stay with their case. Returns how many."""
    free = mails.exclude(pk__in=Event.objects.filter(notice__isnull=False).values("notice__mail"))
    deleted = 0
    while pks := list(free.values_list("pk", flat=True)[:AT_ONCE]):
        deleted += ledger.delete(IncomingMail.objects.filter(pk__in=pks), now)
    return deleted


def _delete_rest(user: User) -> None:
    """Everything else that is theirs, whatever table it is in, but for what others keep."""
    kept = {(model, name) for model, name in OTHERS_KEEP}
    Review.objects.filter(volunteer=user).update(volunteer=None, until=None, unmasked_at=None)
    for relation in User._meta.related_objects:
        if (relation.related_model, relation.field.name) not in kept:
            _let_go(relation, user)
    user.groups.clear()
    user.user_permissions.clear()


def _let_go(relation: ForeignObjectRel, user: User) -> None:
    model = relation.related_model
    if relation.field.many_to_many or isinstance(model, str):
        return
    rows = model._base_manager.filter(**{relation.field.name: user})
    if relation.on_delete is SET_NULL:
        rows.update(**{relation.field.name: None})
    elif relation.on_delete is CASCADE:
        rows.delete()


def is_kept_by_others(user: User) -> bool:
    """Whether anything that `user` did in cases of others is still there."""
    return any(model._base_manager.filter(**{name: user}).exists() for model, name in OTHERS_KEEP)


def _make_nobody(user: User) -> None:
    """What the acts in cases of others name from now on: a random id and a role, and nobody behind it."""
    User.objects.filter(pk=user.pk).update(
        email=f"{user.public_id}@{GONE}",
        is_active=False,
        language="",
        consented_at=None,
        consented_to="",
        last_login=None,
        date_joined=user.leaving_at or user.date_joined,
    )


def forget_what_was_on_the_disk() -> None:
    """SQLite's journal holds pages as they were until it is emptied; secure_delete wipes them in the file itself."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
