"""How a deciding notice came out, and who pays the way back, in its own words."""

from __future__ import annotations

import re

from complaints.intake.clauses import Clause, Passage, Polarity
from complaints.intake.kinds import (
    APPEAL_LOST,
    APPEAL_OUTCOME_ROWS,
    APPEAL_WON,
    CONSEQUENCE_ROWS,
    OUTCOME_ROWS,
    OutcomeRow,
    compiled,
)
from complaints.intake.shapes import Because
from complaints.intake.vocabulary import ABOUT_FREIGHT, ABOUT_RETURN_FREIGHT, FREIGHT, PAYS_AHEAD
from complaints.stages import Kind, Verdict

Told = tuple[Verdict, Because]

_STATED = (Polarity.PLAIN,)
_ORDERED = (Polarity.PLAIN, Polarity.ADVICE, Polarity.FUTURE)  # 商家应向您退款, 将为您退款: what a ruling brings about
_THEIR_APPEAL = re.compile(
    r"(?:商家|卖家|店铺|对方|被投诉方|[“「\"][^”」\"\n]{2,24}[”」\"])[^,。;\n您]{0,16}申诉|\b(?:seller|merchant)(?:'s)? [^.\n]{0,20}appeal"
)
_BUYERS_APPEAL = re.compile(
    r"(?:您|你|买家|投诉方)[^,。;\n商卖]{0,16}(?:申诉|复核|复议|复审)|\byour? [^.\n]{0,16}appeal"
)


def find_outcome(kind: Kind, subject: Passage, body: Passage) -> Told | None:
    """The outcome that the statements of a ruling give, with its words; None where they give none or several.

    What says who is right goes before what merely follows from it (who pays, whose the money is).
    """
    if kind is Kind.APPEAL_RULING:
        return (
            _only_one(APPEAL_OUTCOME_ROWS, subject, body, _STATED)
            or _of_appeal(subject, body)
            or _only_one(OUTCOME_ROWS, subject, body, _STATED)
            or _only_one(CONSEQUENCE_ROWS, subject, body, _ORDERED)
        )
    if kind is not Kind.RULING:
        return None
    return _only_one(OUTCOME_ROWS, subject, body, _STATED) or _only_one(CONSEQUENCE_ROWS, subject, body, _ORDERED)


def _only_one(
    rows: tuple[OutcomeRow, ...], subject: Passage, body: Passage, allowed: tuple[Polarity, ...]
) -> Told | None:
    said: dict[Verdict, Because] = {}
    for passage in (subject, body):
        taken: list[tuple[int, int]] = []
        for row in rows:
            for found in row.pattern.finditer(passage.text):
                start, end = found.span()
                asks = row.outcome is Verdict.AMBIGUOUS
                if any(s < end and start < e for s, e in taken):
                    continue
                if passage.polarity(start, end, asks=asks) not in allowed:
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


def _of_appeal(subject: Passage, body: Passage) -> Told | None:
    """Whose appeal it was, and whether it went through: the other side wins when it did not."""
    both = subject.text + "\n" + body.text
    theirs, buyers = bool(_THEIR_APPEAL.search(both)), bool(_BUYERS_APPEAL.search(both))
    if theirs == buyers:
        return None
    winner, loser = (Verdict.SELLER, Verdict.BUYER) if theirs else (Verdict.BUYER, Verdict.SELLER)
    told: dict[Verdict, Because] = {}
    for passage in (subject, body):
        for verdict, words in ((loser, APPEAL_LOST), (winner, APPEAL_WON)):
            for found in compiled(words).finditer(passage.text):
                if passage.polarity(*found.span()) is Polarity.PLAIN:
                    told.setdefault(verdict, Because("outcome", passage.folded.verbatim(*found.span()), passage.where))
    return next(iter(told.items())) if len(told) == 1 else None


# -- freight ----------------------------------------------------------------------------------------------

_STATES_PAYER = (Polarity.PLAIN, Polarity.ADVICE, Polarity.FUTURE)
_FREIGHT_REACH = 2  # clauses after the one that names the freight which may still say who bears it


def find_freight(subject: Passage, body: Passage) -> tuple[str, Because] | None:
    """Who pays the freight of the return, in a plain sentence about freight; of the way back rather than another."""
    best: tuple[bool, str, Because] | None = None
    for passage in (subject, body):
        for place, clause in enumerate(passage.clauses):
            about = ABOUT_FREIGHT.search(clause.text)
            if not about:
                continue
            start = clause.start + about.start()
            if passage.polarity(start, start + 1, asks=True) not in _STATES_PAYER:
                continue
            found = _payer(passage.clauses[place : place + 1 + _FREIGHT_REACH], clause.sentence_end)
            if found is None:
                continue
            returning = bool(ABOUT_RETURN_FREIGHT.search(clause.text))
            words = passage.folded.verbatim(clause.start, found[1].end).strip()
            if best is None or (returning and not best[0]):
                best = (returning, found[0], Because("freight_payer", words, passage.where))
    return (best[1], best[2]) if best else None


def _payer(clauses: tuple[Clause, ...], sentence_end: int) -> tuple[str, Clause] | None:
    """The payer that the first of `clauses` to name one names. Who pays ahead (先行垫付) does not bear it."""
    for clause in clauses:
        if clause.start >= sentence_end:
            break
        text = PAYS_AHEAD.sub(lambda found: " " * len(found.group()), clause.text)
        for payer, words in FREIGHT:
            if words.search(text):
                return payer, clause
    return None
