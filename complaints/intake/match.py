"""Which of the owner's cases a notice belongs to. Never anybody else's, whatever number it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from complaints.models import Case, CaseNumber, ShopAlias
from complaints.models.case import shop_key
from complaints.stages import Stage


@dataclass(frozen=True, slots=True)
class Match:
    """`case` when exactly one is certain; else `candidates` for a person, and why. Neither: a new case."""

    case: Case | None = None
    candidates: tuple[Case, ...] = ()
    why: str = ""  # several_cases, shop_only, no_number


def match(owner: User, numbers: list[tuple[str, str]], shop: str | None) -> Match:
    """The case of `owner` that a notice naming `numbers`, as (kind, number), and `shop` belongs to.

    A case number decides; an order may carry several cases (one per item, or a refund and a complaint),
    so its number decides only while one case has it and no number of the same kind speaks against it.
    A shop's name only suggests.
    """
    mine = Case.objects.editable_by(owner)
    own = [(kind, number) for kind, number in numbers if kind != "order"]
    if own:
        found = told_first(mine.filter(numbers__number__in=[number for _kind, number in own]).distinct()[:20])
        if len(found) == 1:
            return Match(found[0])
        if found:
            return Match(candidates=tuple(found), why="several_cases")
    if orders := [number for kind, number in numbers if kind == "order"]:
        named = mine.filter(numbers__kind="order", numbers__number__in=orders).distinct()[:20]
        found = told_first(case for case in named if not speaks_against(case, own))
        if len(found) == 1:
            return Match(found[0])
        return Match(candidates=tuple(found), why="several_cases") if found else Match()
    if own:
        return Match()
    return by_shop(owner, shop)


def told_first(cases: Iterable[Case]) -> list[Case]:
    """`cases` without the drafts, where one that counts is among them: anybody can write what opens a draft."""
    found = list(cases)
    return [case for case in found if not case.is_draft] or found


def speaks_against(case: Case, own: list[tuple[str, str]]) -> bool:
    """Whether `case` already has another number of a kind that the notice names: then it is another case."""
    kinds = {kind for kind, _number in own}
    there = CaseNumber.objects.filter(case=case, kind__in=kinds).values_list("kind", "number")
    return any((kind, number) not in own for kind, number in there)


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
