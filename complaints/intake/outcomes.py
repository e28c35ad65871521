"""How a deciding notice came out, in its own words."""

from __future__ import annotations

from complaints.intake.clauses import Passage, Polarity
from complaints.intake.kinds import APPEAL_OUTCOME_ROWS, OUTCOME_ROWS, OutcomeRow
from complaints.intake.shapes import Because
from complaints.stages import Kind, Verdict

_DECIDES = {Kind.RULING: (OUTCOME_ROWS,), Kind.APPEAL_RULING: (APPEAL_OUTCOME_ROWS, OUTCOME_ROWS)}


def find_outcome(kind: Kind, subject: Passage, body: Passage) -> tuple[Verdict, Because] | None:
    """The outcome that the statements of a ruling give, with its words; None where they give none or several."""
    for rows in _DECIDES.get(kind, ()):
        if found := _only_one(rows, subject, body):
            return found
    return None


def _only_one(rows: tuple[OutcomeRow, ...], subject: Passage, body: Passage) -> tuple[Verdict, Because] | None:
    said: dict[Verdict, Because] = {}
    for passage in (subject, body):
        taken: list[tuple[int, int]] = []
        for row in rows:
            for found in row.pattern.finditer(passage.text):
                start, end = found.span()
                asks = row.outcome is Verdict.AMBIGUOUS
                if any(s < end and start < e for s, e in taken):
                    continue
                if passage.polarity(start, end, asks=asks) is not Polarity.PLAIN:
                    continue
                taken.append((start, end))
                said.setdefault(row.outcome, Because("outcome", passage.folded.verbatim(start, end), passage.where))
    if Verdict.PARTIAL in said:  # 部分支持 says itself that each side got something
        return Verdict.PARTIAL, said[Verdict.PARTIAL]
    decided = {verdict: words for verdict, words in said.items() if verdict is not Verdict.AMBIGUOUS}
    if len(decided) == 1:
        return next(iter(decided.items()))
    if not decided and Verdict.AMBIGUOUS in said:
        return Verdict.AMBIGUOUS, said[Verdict.AMBIGUOUS]
    return None
