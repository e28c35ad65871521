"""Exhibits (证据) in the file of a case: handing in, putting aside, bringing back."""

from __future__ import annotations

from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from complaints.models import Case, CaseExhibit
from evidence import tasks
from evidence.keep import VIDEOS, keep
from evidence.models import Exhibit


def hand_in(case: Case, file: IO[bytes] | UploadedFile, name: str, kind: str = "") -> CaseExhibit:
    """Put `file` into the file of `case`, kept as it came; its copy is made later.

    The same bytes again are the exhibit that is there: an upload whose answer was lost can be repeated.
    raises  evidence.keep.Refused, with a sentence for the person
    """
    there = Exhibit.objects.filter(in_case__case=case, in_case__removed_at=None)

    def show_in_case(exhibit: Exhibit) -> None:
        """Without its case nobody could reach an exhibit: both rows are written, or neither."""
        usual = CaseExhibit.Kind.VIDEO if exhibit.content_type in VIDEOS else CaseExhibit.Kind.OTHER
        said = kind if kind in CaseExhibit.Kind.values else usual
        CaseExhibit.objects.create(case=case, exhibit=exhibit, kind=said)

    exhibit = keep(case.owner, file, name, among=there, then=show_in_case)
    if exhibit.copy == Exhibit.Copy.WAITING:
        transaction.on_commit(lambda: tasks.ring([exhibit.pk]))
    return CaseExhibit.objects.select_related("exhibit").get(exhibit=exhibit)


def put_aside(shown: CaseExhibit) -> None:
    """Take an exhibit out of the file of its case; nothing is lost. Running it again changes nothing."""
    CaseExhibit.objects.filter(pk=shown.pk, removed_at=None).update(removed_at=timezone.now())


def bring_back(shown: CaseExhibit) -> None:
    """Undo `put_aside`."""
    CaseExhibit.objects.filter(pk=shown.pk).update(removed_at=None)
