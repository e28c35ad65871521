"""What search knows, and how it learns: the database notes what was written, a task makes passages of it.

A trigger writes one short row for each text that comes or changes; nothing else happens in the transaction of a mail.
The passages are made later, by the task `index_texts`, however the text came there. They go with what they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.db import connection, connections, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from complaints import pairs, words
from complaints.models import (
    Case,
    CaseExhibit,
    Event,
    LetterDraft,
    Notice,
    Passage,
    PassageDue,
)
from complaints.models.mail import Outcome
from complaints.models.search import FTS
from complaints.stages import KINDS, End
from complaints.words import Text

AT_ONCE = 50  # passages written in one transaction: SQLite lets nobody else write meanwhile
LONGEST = 100_000  # signs of a text that can be found
HELD_KINDS = [row.kind.value for row in KINDS.values() if row.end is End.HELD]  # codes of other services
UNSEEN = (Outcome.HELD, Outcome.QUARANTINED)
What = Passage.What

# -- noting what changed -----------------------------------------------------------------------------------

INTO = "INSERT INTO complaints_passagedue (what, ref)"
# table, event, when (in the words of both databases), what to note
TRIGGERS: dict[str, tuple[str, str, str, str]] = {
    "notice_new": ("notice", "INSERT", "", f"{INTO} VALUES ('notice', NEW.id)"),
    "notice_changed": (
        "notice",
        "UPDATE OF subject, body, note, kind, outcome, case_id, dated_at",
        "",
        f"{INTO} VALUES ('notice', NEW.id)",
    ),
    # What was decided anew may be held from now on, or held no more.
    "mail_settled_anew": (
        "incomingmail",
        "UPDATE OF outcome",
        "OLD.outcome <> 'waiting' AND OLD.outcome <> NEW.outcome",
        f"{INTO} SELECT 'notice', id FROM complaints_notice WHERE mail_id = NEW.id",
    ),
    # What is held from now on is found no more, in the same moment.
    "mail_unseen": (
        "incomingmail",
        "UPDATE OF outcome",
        "NEW.outcome IN ('held', 'quarantined')",
        "DELETE FROM complaints_passage WHERE notice_id IN (SELECT id FROM complaints_notice WHERE mail_id = NEW.id)",
    ),
    "notice_unseen": (
        "notice",
        "UPDATE OF outcome, kind",
        f"NEW.outcome IN ('held', 'quarantined') OR NEW.kind IN ({', '.join(map(repr, HELD_KINDS))})",
        "DELETE FROM complaints_passage WHERE notice_id = NEW.id",
    ),
    "case_new": ("case", "INSERT", "", f"{INTO} VALUES ('case', NEW.id)"),
    "case_changed": (
        "case",
        "UPDATE OF title, shop_id, reason, order_no, case_no",
        "OLD.title <> NEW.title OR OLD.reason <> NEW.reason OR OLD.order_no <> NEW.order_no "
        "OR OLD.case_no <> NEW.case_no OR COALESCE(OLD.shop_id, 0) <> COALESCE(NEW.shop_id, 0)",
        f"{INTO} VALUES ('case', NEW.id)",
    ),
    "number_new": ("casenumber", "INSERT", "", f"{INTO} VALUES ('case', NEW.case_id)"),
    "note_new": ("event", "INSERT", "NEW.notice_id IS NULL", f"{INTO} VALUES ('note', NEW.id)"),
    "letter_new": ("letterdraft", "INSERT", "", f"{INTO} VALUES ('letter', NEW.id)"),
    "letter_changed": ("letterdraft", "UPDATE OF text", "", f"{INTO} VALUES ('letter', NEW.id)"),
    "exhibit_new": ("caseexhibit", "INSERT", "", f"{INTO} VALUES ('exhibit', NEW.id)"),
    "exhibit_changed": (
        "caseexhibit",
        "UPDATE OF caption, removed_at, kind, case_id",
        "",
        f"{INTO} VALUES ('exhibit', NEW.id)",
    ),
}
# SQLite's full-text table follows the passages.
DELETE_PAIRS = f"INSERT INTO {FTS}({FTS}, rowid, pairs) VALUES ('delete', OLD.id, OLD.pairs)"
INSERT_PAIRS = f"INSERT INTO {FTS}(rowid, pairs) VALUES (NEW.id, NEW.pairs)"
FOLLOWING = {
    "passage_new": ("passage", "INSERT", "", INSERT_PAIRS),
    "passage_changed": ("passage", "UPDATE OF pairs", "", f"{DELETE_PAIRS}; {INSERT_PAIRS}"),
    "passage_gone": ("passage", "DELETE", "", DELETE_PAIRS),
}


def watch(sender: AppConfig, using: str, **_said: Any) -> None:
    """After migrations: every trigger is there. A migration that makes a table of SQLite anew loses those on it."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
        if "complaints_passage" not in tables:
            return  # migrated back to before there was search
        for name, trigger in (TRIGGERS if connection.vendor == "postgresql" else TRIGGERS | FOLLOWING).items():
            if f"search_{name}" not in there:
                for statement in creating(connection.vendor, name, *trigger):
                    cursor.execute(statement)


def creating(vendor: str, name: str, table: str, event: str, when: str, act: str) -> list[str]:
    """The statements that make one trigger."""
    head = f"CREATE TRIGGER search_{name} AFTER {event} ON complaints_{table} FOR EACH ROW"
    when = f" WHEN ({when})" if when else ""
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION search_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {act}; RETURN NULL; END $$",
            f"{head}{when} EXECUTE FUNCTION search_{name}()",
        ]
    return [f"{head}{when} BEGIN {act}; END"]


def look_away(sender: AppConfig, using: str, **_said: Any) -> None:
    """Before migrations of SQLite: it cannot rename a table that the trigger of another one names."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in TRIGGERS | FOLLOWING:
                cursor.execute(f"DROP TRIGGER IF EXISTS search_{name}")


# -- making passages ---------------------------------------------------------------------------------------


def passage(owner_id: int, what: str, at: datetime, text: str, **of: Any) -> Passage:
    flat = pairs.folded(text[:LONGEST])
    return Passage(
        owner_id=owner_id, what=what, at=at, folded=flat, pairs=pairs.bigrams(flat) | {whose(owner_id)}, **of
    )


def whose(owner_id: int) -> str:
    """What stands among the pairs of all that one person owns: with it the index finds theirs alone."""
    return f"@{owner_id}"


def notices() -> QuerySet[Notice]:
    """The notices that may be found: never codes of other services, nor what nobody could read."""
    told = Notice.objects.exclude(mail__outcome__in=UNSEEN).exclude(outcome__in=UNSEEN).exclude(kind__in=HELD_KINDS)
    return told.select_related("mail").defer("safe_html", "reading").order_by()


def of_notice(notice: Notice) -> Passage:
    at = notice.dated_at or notice.mail.received_at
    text = text_of_notice(notice)
    return passage(notice.owner_id, What.NOTICE, at, text, notice=notice, case_id=notice.case_id)


def text_of_notice(notice: Notice) -> str:
    return "\n".join(
        part for part in (notice.subject, notice.from_name, notice.from_address, notice.body, notice.note) if part
    )


def cases() -> QuerySet[Case]:
    return Case.objects.select_related("shop").prefetch_related("numbers", "shop__aliases").order_by()


def of_case(case: Case) -> Passage:
    return passage(case.owner_id, What.CASE, case.created_at, text_of_case(case), case=case)


def text_of_case(case: Case) -> str:
    """Its title, its shop by every name, what it is about, and every number that it is known by."""
    shop = [case.shop.name, *(alias.name for alias in case.shop.aliases.all())] if case.shop else []
    numbers = [case.order_no, case.case_no, *(one.number for one in case.numbers.all())]
    about: list[Text] = [case.title, *shop, words.COMPLAINT_REASONS.get(case.reason, "")]
    return "\n".join(dict.fromkeys(str(part) for part in (*about, *numbers) if part))


def notes() -> QuerySet[Event]:
    """What its owner wrote beside an act; never what another has written."""
    said = Event.objects.filter(notice=None, payload__has_key="note", case__owner=F("actor"))
    return said.select_related("case").order_by()


def of_note(event: Event) -> Passage:
    return passage(event.case.owner_id, What.NOTE, event.at, event.payload["note"], event=event, case=event.case)


def letters() -> QuerySet[LetterDraft]:
    return LetterDraft.objects.select_related("case").order_by()


def of_letter(draft: LetterDraft) -> Passage:
    return passage(draft.case.owner_id, What.LETTER, draft.saved_at, draft.text, letter=draft, case=draft.case)


def exhibits() -> QuerySet[CaseExhibit]:
    return CaseExhibit.objects.filter(removed_at=None).select_related("case", "exhibit").order_by()


def of_exhibit(shown: CaseExhibit) -> Passage:
    return passage(
        shown.case.owner_id, What.EXHIBIT, shown.added_at, text_of_exhibit(shown), exhibit=shown, case=shown.case
    )


def text_of_exhibit(shown: CaseExhibit) -> str:
    return "\n".join(part for part in (shown.caption, shown.exhibit.name) if part)


# what → its rows that may be found, how one becomes a passage, the passage's column that names it
SOURCES: dict[str, tuple[Callable[[], QuerySet[Any]], Callable[[Any], Passage], str]] = {
    What.CASE: (cases, of_case, "case"),
    What.NOTICE: (notices, of_notice, "notice"),
    What.NOTE: (notes, of_note, "event"),
    What.LETTER: (letters, of_letter, "letter"),
    What.EXHIBIT: (exhibits, of_exhibit, "exhibit"),
}


def fill(most: int = AT_ONCE) -> int:
    """Make the passages of what was noted longest ago. Returns how many notes were worked off; 0: nothing waits.

    What changes meanwhile is noted anew. Two at once are in each other's way (IntegrityError), never wrong.
    """
    due = list(PassageDue.objects.order_by("pk")[:most])
    asked: dict[str, set[int]] = {}
    for one in due:
        asked.setdefault(one.what, set()).add(one.ref)
    made = [(what, refs, passages_of(what, refs)) for what, refs in asked.items()]
    with transaction.atomic():
        for what, refs, passages in made:
            Passage.objects.filter(what=what, **{f"{SOURCES[what][2]}__in": refs}).delete()
            Passage.objects.bulk_create(passages)
        PassageDue.objects.filter(pk__in=[one.pk for one in due]).delete()
    return len(due)


def waits() -> bool:
    """Whether something was written that search does not know yet."""
    return PassageDue.objects.exists()


def passages_of(what: str, refs: Iterable[int]) -> list[Passage]:
    rows, make, _column = SOURCES[what]
    return [make(row) for row in rows().filter(pk__in=refs)]


def wipe() -> None:
    """What was deleted is gone from the index's own pages too. SQLite's keeps it until they are merged."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('optimize')")


def note_missing() -> int:
    """Note everything that has no passage yet: after an update from before there was search. Returns how many."""
    noted = 0
    for what, (rows, _make, column) in SOURCES.items():
        there = Passage.objects.filter(what=what, **{column: OuterRef("pk")})
        waits = PassageDue.objects.filter(what=what, ref=OuterRef("pk"))
        missing = rows().filter(~Q(Exists(there)), ~Q(Exists(waits))).values_list("pk", flat=True)
        batch: list[PassageDue] = []
        for pk in missing.iterator(chunk_size=5000):
            batch.append(PassageDue(what=what, ref=pk))
            if len(batch) == 5000:
                noted += len(PassageDue.objects.bulk_create(batch))
                batch = []
        noted += len(PassageDue.objects.bulk_create(batch))
    return noted
