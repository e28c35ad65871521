"""How right a reading is: each case judged key by key, and the counts that come of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from complaints.intake.reading import read
from complaints.stages import KINDS, Kind
from tests.mails.corpus import FACTS, Case, Part, cases, flat

SCORES = Path(__file__).parent / "scores.json"
HEAD = ("sender", "subject", "date", "how", "client")
FIELDS = (*HEAD, "kind", "act", "by", "stage", "moves", "stays", "outcome", "freight_payer", "trust", *FACTS)
WHOLE = ("nothing_invented", "deadline_not_late", "code_kept", "whole")
# What may be silent in a truth, so that something could be invented there.
SILENT = ("outcome", "freight_payer", *FACTS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case, judged."""

    case: str
    kind: str  # of the truth
    client: str
    shape: str
    read_as: str
    confidence: float
    moved: bool
    right: dict[str, bool]  # a field that the truth says something of, or one of WHOLE
    invented: dict[str, bool]  # a field that the truth leaves empty: whether something came out
    wrong: dict[str, tuple[Any, Any]]  # key: (the truth, what came out)
    steps: bool | None  # whether the reading names a step, and the right one; None where it names none


def judge(case: Case, row: dict[str, Any]) -> Verdict:
    """`row`, an object of parse_mail for `case`, against the truth of `case`."""
    got, truth = flat(row), case.truth
    right: dict[str, bool] = {}
    invented: dict[str, bool] = {}
    same = {key: _same(key, value, got[key]) for key, value in truth.items()}
    for key, value in truth.items():
        if key in ("from_name", "from_address", "moves_case"):
            continue
        if key in SILENT and value in (None, []):
            invented[key] = not same[key]
        else:
            right[key] = same[key]
    if "from_name" in truth:
        right["sender"] = same["from_name"] and same.get("from_address", True)
    right["moves" if truth["moves_case"] else "stays"] = same["moves_case"]
    right["nothing_invented"] = not any(invented.values())
    if truth.get("deadline") and got["deadline"]:
        right["deadline_not_late"] = _moment(got["deadline"]) <= _moment(truth["deadline"])
    if case.secret:
        right["code_kept"] = case.secret not in json.dumps(row)
    right["whole"] = all(same.values()) and right.get("code_kept", True)
    return Verdict(
        case=case.name,
        kind=case.kind,
        client=case.client,
        shape=case.shape,
        read_as=str(row["kind"]),
        confidence=row["confidence"],
        moved=row["moves_case"],
        right=right,
        invented=invented,
        wrong={key: (truth[key], got[key]) for key, ok in same.items() if not ok},
        steps=_right_step(truth, row),
    )


def _right_step(truth: dict[str, Any], row: dict[str, Any]) -> bool | None:
    if KINDS[Kind(row["kind"])].stage is None:
        return None
    return bool(truth.get("kind") == row["kind"])


def _same(key: str, told: Any, got: Any) -> bool:
    if key in ("deadline", "date"):
        return told is got or (told is not None and got is not None and _moment(told) == _moment(got))
    if key == "evidence_asked":
        return set(told) == set(got)
    if key == "subject":  # what nobody sees in it may stay or go
        return bool((told or "").replace("\u200b", "") == (got or "").replace("\u200b", ""))
    if key == "from_address":
        return bool((told or "").lower() == (got or "").lower())
    if key == "offer" and told and got:
        return told["amount"] == got["amount"] and told["form"] in (None, got["form"])
    return bool(told == got)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def verdicts(part: Part) -> list[Verdict]:
    """Every case of `part` read and judged, in their order."""
    return [judge(case, read(case.raw).as_contract(case.name)) for case in cases(part)]


# -- counts ----------------------------------------------------------------------------------------------------

Count = tuple[int, int]  # right, of


def by_field(all_: Iterable[Verdict]) -> dict[str, Count]:
    """Right and judged for every field; `FIELD, unsaid` counts the cases where it stays empty as it should."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for verdict in all_:
        for field, right in verdict.right.items():
            counts[field][0] += right
            counts[field][1] += 1
        for field, invented in verdict.invented.items():
            counts[f"{field}, unsaid"][0] += not invented
            counts[f"{field}, unsaid"][1] += 1
    order = [*FIELDS, *WHOLE, *(f"{field}, unsaid" for field in SILENT)]
    return {field: (counts[field][0], counts[field][1]) for field in order if field in counts}


def by_group(all_: Iterable[Verdict], group: str, field: str) -> dict[str, Count]:
    """Right and judged of `field` for each kind, client or shape."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for verdict in all_:
        if field in verdict.right:
            count = counts[getattr(verdict, group)]
            count[0] += verdict.right[field]
            count[1] += 1
    return {name: (right, of) for name, (right, of) in sorted(counts.items())}


@dataclass(frozen=True, slots=True)
class Bin:
    low: float
    count: int
    confidence: float  # mean
    right: float  # share


def reliability(all_: Iterable[Verdict]) -> tuple[list[Bin], float]:
    """Ten bins of confidence over the readings that name a step of a case, and the expected calibration error."""
    named = [(verdict.confidence, bool(verdict.steps)) for verdict in all_ if verdict.steps is not None]
    bins = []
    for tenth in range(10):
        inside = [(sure, right) for sure, right in named if min(int(sure * 10 + 1e-9), 9) == tenth]
        if inside:
            count = len(inside)
            bins.append(Bin(tenth / 10, count, sum(s for s, _ in inside) / count, sum(r for _, r in inside) / count))
    error = sum(b.count * abs(b.confidence - b.right) for b in bins) / max(len(named), 1)
    return bins, error


def recorded() -> dict[str, dict[str, list[int]]]:
    """The scores of scores.json: part, field, [right, of]."""
    found: dict[str, dict[str, list[int]]] = json.loads(SCORES.read_text("utf-8"))
    return found
