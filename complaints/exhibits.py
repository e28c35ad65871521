"""Exhibits (证据) in the file of a case: handing in, putting aside, bringing back."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import User
from complaints.guessing import guess_kind
from complaints.models import Case, CaseExhibit
from complaints.models.case import Shown
from complaints.stages import Act
from evidence import tasks
from evidence.keep import keep
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

    kind  of `Shown.Kind`, as a person said it; without one it is guessed
    """
    is_said = kind in Shown.Kind.values
    said = kind if is_said else guess_kind(exhibit, asked_of(case))
    last = case.case_exhibits.aggregate(place=Max("place"))["place"] or 0
    return CaseExhibit.objects.create(
        case=case, exhibit=exhibit, kind=said, guessed=not is_said, caption=caption, place=last + 1
    )


def asked_of(case: Case) -> list[str]:
    """The kinds of evidence that the newest request in the story of `case` asks its owner for."""
    requests = case.events.filter(act=Act.REQUESTS_EVIDENCE).order_by("-at", "-pk")
    payload = requests.values_list("payload", flat=True).first() or {}
    return list(payload.get("evidence_asked") or ())


def move(shown: CaseExhibit, steps: int) -> None:
    """Move an exhibit so many places up (below 0) or down among those in the file of its case, as far as there are."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=shown.case_id)  # two moves at once would make one place of two
        rows = list(CaseExhibit.objects.filter(case_id=shown.case_id, removed_at=None))
        place = next((place for place, row in enumerate(rows) if row.pk == shown.pk), None)
        if place is None:
            return
        row = rows.pop(place)
        rows.insert(max(0, min(len(rows), place + steps)), row)
        for place, row in enumerate(rows, start=1):
            row.place = place
        CaseExhibit.objects.bulk_update(rows, ["place"])


def put_aside(shown: CaseExhibit) -> None:
    """Take an exhibit out of the file of its case; nothing is lost. Running it again changes nothing."""
    CaseExhibit.objects.filter(pk=shown.pk, removed_at=None).update(removed_at=timezone.now())


def bring_back(shown: CaseExhibit) -> None:
    """Undo `put_aside`."""
    CaseExhibit.objects.filter(pk=shown.pk).update(removed_at=None)
