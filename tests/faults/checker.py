"""Did the server keep its word? What the clients saw on one side, what is in the tables at the end on the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.faults.history import History
from tests.faults.mails import Mail

FINAL = frozenset({"filed", "review", "held", "quarantined", "duplicate", "ignored"})
MANY = 30  # of a kind that a report names
IN_A_CASE = frozenset({"filed", "duplicate"})


@dataclass(frozen=True)
class Row:
    """One incoming mail as the database has it."""

    pk: int
    inbox: str  # the local part
    sha256: str
    bytes_sha256: str  # of the bytes that are there, hashed by whoever asks; "" when there are none
    outcome: str
    repeats: int
    attempts: int
    lost_leases: int
    received: float  # seconds since the epoch
    settled: float | None
    lease: str = ""
    leased_until: float | None = None
    due: float = 0.0


@dataclass(frozen=True)
class Told:
    """One act in the story of a case, and the mail whose notice told it."""

    case: int
    case_no: str
    owner: int
    mail: int | None


@dataclass(frozen=True)
class Broken:
    """A broken promise: lost, doubled, stuck, refused, counts, strange."""

    how: str
    what: str

    def __str__(self) -> str:
        return f"{self.how}: {self.what}"


def judge(
    mails: Sequence[Mail],
    history: History,
    inboxes: Sequence[str],
    rows: Sequence[Row],
    told: Sequence[Told],
    limit: float = 120.0,
    calm: float = 0.0,
) -> list[Broken]:
    """Every promise that was broken; [] when all were kept.

    inboxes  the local parts that Mail.inboxes means
    limit    seconds within which an accepted mail has to be settled
    calm     when the last fault was over; the limit counts from there for what was accepted earlier
    """
    found: list[Broken] = []
    by_place: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_place[row.inbox, row.sha256].append(row)
    accepted, tries = history.accepted(), history.by_mail()
    rows_of: dict[str, list[Row]] = {}
    for mail in mails:
        places = [(inboxes[place], mail.sha256) for place in mail.inboxes]
        there = rows_of[mail.key] = [row for place in places for row in by_place.pop(place, [])]
        if mail.key not in accepted:
            found.append(Broken("refused", f"{mail.key} never heard a yes in {len(tries.get(mail.key, []))} tries"))
            continue
        missing = set(places) - {(row.inbox, row.sha256) for row in there}
        found += [Broken("lost", f"{mail.key} heard a yes and has no row in {inbox}") for inbox, _sha in missing]
        if len(there) > len(places):
            found.append(Broken("doubled", f"{mail.key} has {len(there)} rows"))
        found += _of_rows(mail, there, accepted[mail.key], limit, calm)
        yes = sum(one.is_yes for one in tries[mail.key])
        for row in there:
            if not yes <= 1 + row.repeats <= len(tries[mail.key]):
                heard = f"{yes} times yes in {len(tries[mail.key])} tries"
                found.append(Broken("counts", f"{mail.key} heard {heard}, the row says {1 + row.repeats}"))
    found += [Broken("strange", f"row {row.pk} was sent by nobody") for left in by_place.values() for row in left]
    found += _of_stories(mails, rows_of, told)
    found += _of_counts(rows)
    return found


def judge_again(before: Sequence[Row], after: Sequence[Row]) -> list[Broken]:
    """Whoever comes late finds a settled mail and leaves it as it is: every row of `before` that was not left so."""
    now = {row.pk: row for row in after}
    settled = [row for row in before if row.settled is not None]
    return [Broken("doubled", f"row {row.pk} was settled, and done again") for row in settled if now.get(row.pk) != row]


def _of_rows(mail: Mail, rows: Iterable[Row], accepted: float, limit: float, calm: float) -> list[Broken]:
    found = []
    for row in rows:
        if row.bytes_sha256 != mail.sha256:
            found.append(Broken("lost", f"the bytes of {mail.key} are not those that were sent"))
        if row.outcome not in FINAL or row.settled is None:
            found.append(Broken("stuck", f"{mail.key} is {row.outcome} (row {row.pk})"))
        elif row.settled > max(accepted, calm) + limit:
            late = row.settled - max(accepted, calm)
            found.append(Broken("stuck", f"{mail.key} took {late:.0f} s"))
    return found


def _of_stories(mails: Sequence[Mail], rows_of: dict[str, list[Row]], told: Sequence[Told]) -> list[Broken]:
    """Each notice stands in exactly one place of one case; each complaint is one case of its owner."""
    found = []
    acts = Counter(one.mail for one in told)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for mail in mails:
        for row in rows_of[mail.key]:
            if not mail.tells and acts[row.pk]:
                found.append(Broken("strange", f"{mail.key} tells nothing and stands in a case"))
            if mail.tells:
                groups[mail.tells, row.inbox].append(row)
    for (tells, inbox), rows in groups.items():
        count = sum(acts[row.pk] for row in rows)
        if not count and any(row.outcome in IN_A_CASE for row in rows):
            found.append(Broken("lost", f"{tells} of {inbox} counts as filed and stands in no case"))
        if count > 1:
            found.append(Broken("doubled", f"{tells} of {inbox} stands {count} times in cases"))
    cases: dict[tuple[int, str], set[int]] = defaultdict(set)
    for one in told:
        cases[one.owner, one.case_no].add(one.case)
    return found + [
        Broken("doubled", f"complaint {case_no} became {len(there)} cases")
        for (_owner, case_no), there in cases.items()
        if len(there) > 1
    ]


def _of_counts(rows: Sequence[Row]) -> list[Broken]:
    """received = filed + review + held + quarantined + duplicate + ignored + waiting, and nothing else."""
    counts = Counter(row.outcome for row in rows)
    known = sum(counts[outcome] for outcome in FINAL) + counts["waiting"]
    return [] if known == len(rows) else [Broken("counts", f"{len(rows)} received, {dict(counts)}")]


def told_of(broken: Sequence[Broken], rows: Sequence[Row], again: str) -> str:
    """What a person needs who looks into a failed run: what broke, the states of all rows, how to repeat it."""
    states = Counter((row.outcome, row.attempts, row.lost_leases) for row in rows)
    lines = [f"{len(broken)} promises broken:", *(f"  {one}" for one in broken[:MANY])]
    lines.append("rows by (outcome, attempts, lost leases):")
    lines += [f"  {state}: {count}" for state, count in sorted(states.items())]
    lines += [f"  {row}" for row in rows if row.outcome not in FINAL][:MANY]
    return "\n".join([*lines, f"again: {again}"])
