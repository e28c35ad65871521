"""Which of the owner's cases a notice belongs to. Never anybody else's, whatever number it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from complaints.models import Case, ShopAlias
from complaints.models.case import CaseQuerySet, shop_key
from complaints.stages import Stage


@dataclass(frozen=True, slots=True)
class Match:
    """`case` when exactly one is certain; else `candidates` for a person, and why. Neither: a new case."""

    case: Case | None = None
    candidates: tuple[Case, ...] = ()
    why: str = ""  # several_cases, shop_only, no_number


def match(owner: User, numbers: list[tuple[str, str]], shop: str | None) -> Match:
    """The case of `owner` that a notice naming `numbers`, as (kind, number), and `shop` belongs to.

    A case number decides, unless the order it comes with is another case's: numbers of two cases are for
    a person. An order may carry several cases (one per item, or a refund and a complaint), so its number
    decides only while one case has it and no number of the same kind speaks against it; where an order
    and its parts are named, the case that has most of them. A shop's name only suggests.
    """
    mine = Case.objects.editable_by(owner)
    own = [(kind, number) for kind, number in numbers if kind != "order"]
    orders = [number for kind, number in numbers if kind == "order"]
    if own:
        found = told_first(mine.filter(numbers__number__in=[number for _kind, number in own]).distinct()[:20])
        if len(found) == 1:
            others = [case for case in by_order(mine, orders) if case != found[0]]
            if not others or named_of(found[0], orders):
                return Match(found[0])
            found += others
        if found:
            return Match(candidates=tuple(found), why="several_cases")
    if orders:
        named = [case for case in by_order(mine, orders) if not speaks_against(case, own)]
        found = told_first(named)
        if found:
            most = max(named_of(case, orders) for case in found)
            found = [case for case in found if named_of(case, orders) == most]
        if len(found) == 1:
            return Match(found[0])
        return Match(candidates=tuple(found), why="several_cases") if found else Match()
    if own:
        return Match()
    return by_shop(owner, shop)


def by_order(mine: CaseQuerySet, orders: list[str]) -> list[Case]:
    """Those of `mine` that have one of `orders`, with all their numbers at hand."""
    if not orders:
        return []
    named = mine.filter(numbers__kind="order", numbers__number__in=orders).distinct()
    return list(named.prefetch_related("numbers").order_by("pk")[:20])


def named_of(case: Case, orders: list[str]) -> int:
    """How many of `orders` `case` has."""
    return sum(number.kind == "order" and number.number in orders for number in case.numbers.all())


def told_first(cases: Iterable[Case]) -> list[Case]:
    """`cases` without the drafts, where one that counts is among them: anybody can write what opens a draft."""
    found = list(cases)
    return [case for case in found if not case.is_draft] or found


def speaks_against(case: Case, own: list[tuple[str, str]]) -> bool:
    """Whether `case` already has another number of a kind that the notice names: then it is another case."""
    kinds = {kind for kind, _number in own}
    return any(one.kind in kinds and (one.kind, one.number) not in own for one in case.numbers.all())


def by_shop(owner: User, shop: str | None) -> Match:
    """Without a number a shop's name only suggests: the owner's open cases at that shop, or all open ones."""
    open_cases = Case.objects.editable_by(owner).told().exclude(stage=Stage.CLOSED).order_by("-updated_at", "-pk")
    if shop:
        key = shop_key(shop)
        known = ShopAlias.objects.filter(key=key).values("shop")
        there = (open_cases.filter(shop__key=key) | open_cases.filter(shop__in=known)).distinct()
        candidates = tuple(there[:20])
        return Match(candidates=candidates, why="shop_only") if candidates else Match()
    candidates = tuple(open_cases[:20])
    return Match(candidates=candidates, why="no_number") if candidates else Match()
