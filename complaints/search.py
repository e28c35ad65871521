"""Finding what one wrote, sent and received again, by any piece of it. The words asked for are never kept or logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Prefetch, Q

from accounts.models import User
from complaints import pairs
from complaints.clocks import SHANGHAI
from complaints.indexing import whose
from complaints.models import CaseNumber, Passage, ShopAlias
from complaints.models.case import shop_key
from complaints.models.search import PassageQuerySet
from complaints.stages import Party

PAGE = 20
# Texts of one's own that are looked through first, newest first: all that most people have. And a word that stands in
# nearly all of a great many fills a page from them, where the index of pairs would gather and sort every one.
WALKED = 1000
DEEPEST = 1000  # passages of one moment that a cursor may skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for; what is "" or None is left open."""

    words: tuple[str, ...]  # folded, as pairs.words_of gives them
    what: str = ""  # a value of Passage.What
    stage: str = ""  # a value of Stage
    kind: str = ""  # a value of Kind: of the notice
    move: str = ""  # mine, others
    shop: str = ""
    since: date | None = None  # days in China, both included
    until: date | None = None


def find(user: User, question: Question, after: str = "") -> tuple[list[Passage], str]:
    """A page of what `user` may see and `question` asks for, newest first, and the cursor of the next one or "".

    after  the cursor of this page; one that is none is the first page
    """
    if not question.words:
        return [], ""
    moment, skipped = place_of(after)
    passages = Passage.objects.visible_to(user).order_by("-at", "-pk")
    if moment is not None:
        passages = passages.filter(at__lte=moment)
    here = slice(skipped, skipped + PAGE + 1)
    oldest = passages.values_list("at", flat=True)[WALKED - 1 : WALKED].first()
    newest = passages.filter(at__gte=oldest) if oldest else passages
    rows = list(shown(narrowed(saying(newest, question.words), question))[here])
    if len(rows) <= PAGE and oldest:  # there may be more of them further back
        rows = list(shown(narrowed(holding(passages, user, question.words), question))[here])
    if len(rows) <= PAGE:
        return rows, ""
    rows = rows[:PAGE]
    last = rows[-1].at
    same = sum(row.at == last for row in rows) + (skipped if moment == last else 0)
    return rows, f"{(last - EPOCH) // timedelta(microseconds=1)}-{same}"


def holding(passages: PassageQuerySet, user: User, words: tuple[str, ...]) -> PassageQuerySet:
    """Those of `passages` in which every one of `words` stands.

    The index knows pairs, and whose they are; whether a word stands there whole is asked of the text. A word of one
    sign has no pair: then the texts of `user` alone are gone through, newest first.
    """
    wanted = set[str]().union(*(pairs.bigrams(word) for word in words))
    if wanted:
        passages = passages.filter(pairs__holds=wanted | {whose(user.pk)})
    return saying(passages, words)


def saying(passages: PassageQuerySet, words: tuple[str, ...]) -> PassageQuerySet:
    """Those of `passages` in whose text every one of `words` stands."""
    for word in words:
        passages = passages.filter(folded__contains=word)
    return passages


def narrowed(passages: PassageQuerySet, question: Question) -> PassageQuerySet:
    """Those of `passages` that fit the filters."""
    if question.what:
        passages = passages.filter(what=question.what)
    if question.kind:
        passages = passages.filter(notice__kind=question.kind)
    if question.stage:
        passages = passages.filter(case__stage=question.stage)
    if question.shop:
        key = shop_key(question.shop)
        passages = passages.filter(case__shop__key__contains=key)
    if question.move:
        mine = Q(case__waiting_on=Party.BUYER)
        passages = passages.filter(mine if question.move == "mine" else ~mine, case__isnull=False)
    if question.since:
        passages = passages.filter(at__gte=datetime.combine(question.since, time.min, SHANGHAI))
    if question.until and question.until < date.max:
        passages = passages.filter(at__lt=datetime.combine(question.until + timedelta(days=1), time.min, SHANGHAI))
    return passages


def shown(passages: PassageQuerySet) -> PassageQuerySet:
    """`passages` with all that a page shows of them, however many: three queries."""
    return (
        passages.select_related("case__shop", "notice__mail", "event", "letter", "exhibit__exhibit")
        .defer("folded", "pairs", "notice__safe_html", "notice__reading")
        .prefetch_related(
            Prefetch("case__numbers", CaseNumber.objects.order_by("pk")),
            Prefetch("case__shop__aliases", ShopAlias.objects.order_by("pk")),
        )
    )


def place_of(cursor: str) -> tuple[datetime | None, int]:
    """The moment that a page begins at, and how many passages of that moment were shown already."""
    micros, _dash, skipped = cursor.partition("-")
    if not (micros + skipped).isascii() or not micros.isdecimal() or not skipped.isdecimal():
        return None, 0
    if len(micros) > 17 or len(skipped) > 4 or int(skipped) > DEEPEST:
        return None, 0
    return EPOCH + timedelta(microseconds=int(micros)), int(skipped)
