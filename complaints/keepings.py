"""存证: keeping what belongs to an order before there is trouble, making it a case, throwing it away in time.

A keeping is nobody's complaint: it has no story and no stage. When it becomes a case its files go along as they are,
and what happened is told by its owner, never made up from what was kept.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from complaints import tombstones, workflow
from complaints.clocks import SHANGHAI, end_of
from complaints.exhibits import show_in_case, take_in
from complaints.guessing import guess_kind
from complaints.models import Case, CaseExhibit, Keeping, KeepingExhibit
from complaints.models.case import Shown
from evidence.keep import forget
from evidence.models import Exhibit

KEPT = timedelta(days=90)  # from signing, or from when it began: longer than most after-sale windows
LONGEST = timedelta(days=3 * 365)  # as long as a closed case is kept at most
MOST = 200  # of one owner
AT_ONCE = 100  # thrown away in one turn of the schedule


def kept_until(now: datetime, signed_on: date | None) -> datetime:
    """When a keeping that nobody extends is thrown away: the end of the 90th day after it began, or after signing."""
    began = now.astimezone(SHANGHAI).date()
    return end_of(max(began, signed_on or began) + KEPT)


def longest(keeping: Keeping) -> datetime:
    """Beyond this no keeping is extended."""
    return end_of((keeping.created_at + LONGEST).astimezone(SHANGHAI).date())


def begin(
    owner: User, once: str, *, title: str, shop: str, order_no: str, signed_on: date | None, now: datetime
) -> Keeping:
    """A new keeping of `owner`, with no files yet; the form named `once` sent again is the keeping that is there."""
    said = {"title": title.strip(), "shop": shop.strip(), "order_no": order_no, "signed_on": signed_on}
    said |= {"created_at": now, "updated_at": now, "kept_until": kept_until(now, signed_on)}
    return Keeping.objects.get_or_create(owner=owner, once=once, defaults=said)[0]


def describe(keeping: Keeping, *, title: str, shop: str, order_no: str, signed_on: date | None, now: datetime) -> None:
    """What its owner says of it now. A later signing day keeps it longer, an earlier one takes nothing away."""
    keeping.title, keeping.shop, keeping.order_no, keeping.signed_on = title.strip(), shop.strip(), order_no, signed_on
    keeping.kept_until = max(keeping.kept_until, kept_until(keeping.created_at, signed_on))
    keeping.updated_at = now
    keeping.save(update_fields=["title", "shop", "order_no", "signed_on", "kept_until", "updated_at"])


def extend(keeping: Keeping, now: datetime) -> bool:
    """Keep it so much longer; False when it has reached what is the most."""
    until = min(end_of((max(keeping.kept_until, now) + KEPT).astimezone(SHANGHAI).date()), longest(keeping))
    if until <= keeping.kept_until:
        return False
    keeping.kept_until, keeping.updated_at = until, now
    keeping.save(update_fields=["kept_until", "updated_at"])
    return True


# -- its files -------------------------------------------------------------------------------------------


def hand_in(keeping: Keeping, file: IO[bytes] | UploadedFile, name: str, kind: str = "") -> KeepingExhibit:
    """Put `file` into the file of an order, kept as it came (exhibits.hand_in does the same for a case).

    raises  evidence.keep.Refused, with a sentence for the person; BecameCase when it went into a case meanwhile
    """
    there = Exhibit.objects.filter(in_keeping__keeping=keeping, in_keeping__removed_at=None)

    def show(exhibit: Exhibit) -> None:
        still = Keeping.objects.select_for_update(no_key=True).open().filter(pk=keeping.pk)
        if not still.exists():
            raise BecameCase(keeping.public_id)
        last = keeping.keeping_exhibits.aggregate(place=Max("place"))["place"] or 0
        is_said = kind in Shown.Kind.values
        KeepingExhibit.objects.create(
            keeping=keeping,
            exhibit=exhibit,
            kind=kind if is_said else guess_kind(exhibit),
            guessed=not is_said,
            place=last + 1,
        )

    exhibit = take_in(keeping.owner, file, name, among=there, then=show)
    Keeping.objects.filter(pk=keeping.pk).update(updated_at=timezone.now())
    return KeepingExhibit.objects.select_related("exhibit").get(exhibit=exhibit)


class BecameCase(Exception):
    """The keeping has become a case: what belongs to it belongs there."""


def put_aside(shown: KeepingExhibit, now: datetime) -> None:
    """Take a file out; it is deleted with its keeping, and can be brought back until then."""
    KeepingExhibit.objects.filter(pk=shown.pk, removed_at=None).update(removed_at=now)


def bring_back(shown: KeepingExhibit) -> None:
    """Undo `put_aside`."""
    KeepingExhibit.objects.filter(pk=shown.pk).update(removed_at=None)


# -- what becomes of it ----------------------------------------------------------------------------------


@transaction.atomic
def join(keeping: Keeping, case: Case) -> bool:
    """Put everything of `keeping` into the file of `case`, both of one owner; False when it went into one before.

    The order's number and the shop are learned where the case does not know them; nothing is told of what happened.
    """
    locked = Keeping.objects.select_for_update().get(pk=keeping.pk)
    if locked.case_id is not None or locked.owner_id != case.owner_id:
        return False
    case = Case.objects.select_for_update().get(pk=case.pk)
    for shown in locked.keeping_exhibits.select_related("exhibit"):
        moved = show_in_case(case, shown.exhibit, shown.kind, shown.caption)
        CaseExhibit.objects.filter(pk=moved.pk).update(
            guessed=shown.guessed, added_at=shown.added_at, removed_at=shown.removed_at
        )
        shown.delete()
    numbers = [("order", locked.order_no)] if locked.order_no else []
    workflow.learn(case, shop=locked.shop or None, numbers=numbers, reason=None, amount=None)
    locked.case, locked.updated_at = case, timezone.now()
    locked.save(update_fields=["case", "updated_at"])
    return True


@transaction.atomic
def throw_away(keeping: Keeping) -> bool:
    """Delete a keeping with its files, for good; False when it has become a case, or is gone."""
    locked = Keeping.objects.select_for_update().open().filter(pk=keeping.pk).first()
    if locked is None:
        return False
    for exhibit in list(Exhibit.objects.filter(in_keeping__keeping=locked)):
        forget(exhibit)
    tombstones.bury(tombstones.KEEPING, [locked.public_id], timezone.now())
    locked.delete()
    return True


def purge(now: datetime) -> int:
    """Throw away what nobody extended. Returns how many keepings."""
    over = Keeping.objects.open().filter(kept_until__lte=now).order_by("kept_until", "pk")
    gone = 0
    for keeping in over[:AT_ONCE]:
        with transaction.atomic():
            # Looked at again under a lock: its owner may have extended it meanwhile.
            if over.select_for_update().filter(pk=keeping.pk).exists():
                gone += throw_away(keeping)
    return gone
