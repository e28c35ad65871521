"""What can be found: for each notice, note, letter, exhibit and case one passage, folded, with the pairs in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints import gate
from complaints.models.case import Case, CaseExhibit, Event
from complaints.models.letter import LetterDraft
from complaints.models.mail import Notice

FTS = "complaints_passage_pairs"  # the table of SQLite's full-text search (migration and complaints/indexing.py)


class PairsField(models.Field):  # type: ignore[type-arg]  # generic only to the stubs
    """A set of short strings that can be asked which rows hold all of some: text[] with GIN, or words for FTS5.

    SQLite's own words are ASCII: code points in hexadecimal digits, so that no tokeniser takes a sign away.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return sorted(value) if connection.vendor == "postgresql" else " ".join(map(in_ascii, sorted(value)))


def in_ascii(pair: str) -> str:
    return "z".join(f"{ord(sign):x}" for sign in pair)


@PairsField.register_lookup
class Holds(models.Lookup):  # type: ignore[type-arg]  # generic only to the stubs
    """Rows whose set holds all of the given strings."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self.lhs.output_field.get_db_prep_value(value, connection)]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, before = self.process_lhs(compiler, connection)
        _place, asked = self.process_rhs(compiler, connection)
        return f"{column} @> %s::text[]", [*before, *asked]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        alias = connection.ops.quote_name(self.lhs.alias)
        _place, asked = self.process_rhs(compiler, connection)
        return f"{alias}.id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)", list(asked)


class PassageQuerySet(models.QuerySet["Passage"]):
    def visible_to(self, user: gate.Visitor) -> PassageQuerySet:
        """What `user` may find: their own."""
        return self.filter(gate.may_find(user))


class Passage(models.Model):
    """A text as search knows it. complaints/indexing.py alone writes it, from what it names; the truth is there."""

    class What(models.TextChoices):
        CASE = "case", _("案件")
        NOTICE = "notice", _("来信")
        NOTE = "note", _("记录")
        LETTER = "letter", _("写的信")
        EXHIBIT = "exhibit", _("证据")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()  # of the notice, the act, the writing: the order of what is found
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="passages")
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, null=True, related_name="+")
    event = models.OneToOneField(Event, on_delete=models.CASCADE, null=True, related_name="+")
    letter = models.OneToOneField(LetterDraft, on_delete=models.CASCADE, null=True, related_name="+")
    exhibit = models.OneToOneField(CaseExhibit, on_delete=models.CASCADE, null=True, related_name="+")
    folded = models.TextField()  # pairs.folded of the text: what a hit is looked up in
    pairs = PairsField()  # pairs.bigrams of it, and whose it is

    objects = PassageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(what="case"), name="passage_once_per_case")]
        indexes = [models.Index(fields=["owner", "-at", "-id"], name="passage_of_owner_newest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.what}"


class PassageDue(models.Model):
    """Something was written or changed: the database itself notes it (complaints/indexing.py TRIGGERS)."""

    what = models.CharField(max_length=10, choices=Passage.What)
    ref = models.BigIntegerField()  # the row's key in its own table; the row may be gone by now

    def __str__(self) -> str:
        return f"{self.what} {self.ref}"
