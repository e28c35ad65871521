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
_NOT_TOLD = (Polarity.QUESTION, Polarity.QUOTED, Polarity.SAID, Polarity.FUTURE)
_THEIR_APPEAL = re.compile(
    r"(?:商家|卖家|店铺|对方|被投诉方|[“「\"][^”」\"\n]{2,24}[”」\"])[^,。;\n您]{0,16}申诉|申诉(?:人|方)[ ]{0,2}[:为是|][^,。;\n]{0,24}(?:商家|卖家|店)|\b(?:seller|merchant)(?:'s)? [^.\n]{0,20}appeal"
)
_BUYERS_APPEAL = re.compile(
    r"(?:您|你|买家|投诉方)[^,。;\n商卖]{0,16}(?:申诉|复核|复议|复审)|\byour? [^.\n]{0,16}appeal"
)
_YOU_APPEALED = re.compile(
    r"(?:您|你)(?:就|对|针对|关于|因|与|不服)[^,。;\n]{0,40}?(?:提出|提起|发起|提交|所提|的)(?:的|之)?(?:申诉|复核|复议)"
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
                if row.outcome is Verdict.PARTIAL and ABOUT_FREIGHT.search(passage.text, start, end):
                    continue  # 退货运费双方各一半: the way back is shared, not the verdict
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
    if _YOU_APPEALED.search(both):
        theirs, buyers = False, True  # 您就“…”一案提出的申诉: the shop is what it is about
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


# Who let the time run out, in a case that was closed for it: 因您逾期未寄回, 关闭原因：买家7天内未处理商家的拒绝.
_LET_LAPSE = re.compile(
    r"(?P<buyer>(?<![给与和向对])(?:您|买家|你|投诉方|投诉人|申请人)|\b(?:you|buyer)\b)"
    r"|(?P<seller>(?<![给与和向对])(?:商家|卖家|店铺|被投诉方)|\b(?:seller|merchant)\b)"
)
_LET_IT = re.compile(
    r"[^,。;\n]{0,24}?(?:逾期|超时|过期|(?:未|没有?)(?!收到|成立|通过|支持|见))|[^,.;\n]{0,40}?(?:did not|didn't|failed to|have not|has not|never)\b"
)
_SUPPOSED = re.compile(
    r"(?<![例比])如(?!期|约|实)|若|要是|一旦|将|(?<![协委员])会(?!员)|视为|\bif\b|\bwill\b|\bunless\b"
)


def find_lapse(subject: Passage, body: Passage) -> Told | None:
    """Who let the limit pass that a case was closed for: the party named nearest before not doing."""
    for passage in (body, subject):
        for clause in passage.clauses:
            parties = list(_LET_LAPSE.finditer(clause.text))
            late = _LET_IT.match(clause.text, parties[0].end()) if parties else None
            if not late or _SUPPOSED.search(passage.text, clause.sentence_start, clause.start + late.end()):
                continue
            if passage.polarity(clause.start + late.end() - 1, clause.start + late.end()) in _NOT_TOLD:
                continue
            by = [party for party in parties if party.end() <= late.end()][-1]
            verdict = Verdict.LAPSED_SELLER if by["seller"] else Verdict.LAPSED_BUYER
            words = passage.folded.verbatim(clause.start + by.start(), clause.end).strip()
            return verdict, Because("outcome", words, passage.where)
    return None


# -- freight ----------------------------------------------------------------------------------------------

_STATES_PAYER = (Polarity.PLAIN, Polarity.ADVICE, Polarity.FUTURE)
_NEED_NOT = re.compile(
    r"(?:您|你)(?:无需|无须|不用|不必)|(?:无需|无须|不用|不必)(?:您|你)|need not|do not have to|don't (?:have|need) to"
)
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
            is_said = passage.polarity(start, start + 1, asks=True) in _STATES_PAYER
            if not is_said and not _NEED_NOT.search(clause.text):
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
