"""Exhibits (证据) in the file of a case: handing in, putting aside, bringing back."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import User
from complaints.models import Case, CaseExhibit
from complaints.models.case import Shown
from evidence import tasks
from evidence.keep import VIDEOS, keep
from evidence.models import Exhibit


def hand_in(case: Case, file: IO[bytes] | UploadedFile, name: str, kind: str = "") -> CaseExhibit:
    """Put `file` into the file of `case`, kept as it came; its copy is made later.

    The same bytes again are the exhibit that is there: an upload whose answer was lost can be repeated.
    raises  evidence.keep.Refused, with a sentence for the person
    """
    there = Exhibit.objects.filter(in_case__case=case, in_case__removed_at=None)
    exhibit = take_in(case.owner, file, name, among=there, then=lambda fresh: show_in_case(case, fresh, kind))
    return CaseExhibit.objects.select_related("exhibit").get(exhibit=exhibit)


def take_in(
    owner: User,
    file: IO[bytes] | UploadedFile,
    name: str,
    among: QuerySet[Exhibit] | None = None,
    then: Callable[[Exhibit], object] | None = None,
) -> Exhibit:
    """`evidence.keep.keep`, and the ring for the copies: the one way in for every door and every kind of file.

    then    writes the row (a `Shown`) by which a page reaches the exhibit: without one nobody could
    """
    exhibit = keep(owner, file, name, among=among, then=then)
    if exhibit.copy == Exhibit.Copy.WAITING:
        transaction.on_commit(lambda: tasks.ring([exhibit.pk]))
    return exhibit


def show_in_case(case: Case, exhibit: Exhibit, kind: str = "", caption: str = "") -> CaseExhibit:
    """Put what `case.owner` handed in already into the file of `case`, as its last piece. To be called once for each.

    kind  of `Shown.Kind`; without one the usual kind of such a file
    """
    said = kind if kind in Shown.Kind.values else usual_kind(exhibit.content_type)
    last = case.case_exhibits.aggregate(place=Max("place"))["place"] or 0
    return CaseExhibit.objects.create(case=case, exhibit=exhibit, kind=said, caption=caption, place=last + 1)


def usual_kind(content_type: str) -> str:
    return Shown.Kind.VIDEO if content_type in VIDEOS else Shown.Kind.OTHER


def put_aside(shown: CaseExhibit) -> None:
    """Take an exhibit out of the file of its case; nothing is lost. Running it again changes nothing."""
    CaseExhibit.objects.filter(pk=shown.pk, removed_at=None).update(removed_at=timezone.now())


def bring_back(shown: CaseExhibit) -> None:
    """Undo `put_aside`."""
    CaseExhibit.objects.filter(pk=shown.pk).update(removed_at=None)
