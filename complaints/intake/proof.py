"""What was checked about a mail, kept beside it: a row for each signature, with the key it was checked with.

Also who may speak by signature alone: what the platform or a known shop signed for this owner, about a case of theirs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.intake import keyring
from complaints.intake.provenance import SHOP_VOICE, Keys, Result, Verdict, check, domain_of, key_name, may_tell
from complaints.intake.provenance import organisation as organisation_of
from complaints.intake.shapes import How, Read, Reading, Seal, seal_from
from complaints.intake.telling import numbers_of
from complaints.models import Case, IncomingMail, Notice, ShopSender, Signature
from complaints.stages import Party

# How long after each try the DNS is asked again for a key that nobody answered for; then never.
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdicts on the seals of the mail itself, and on those of each notice that came as an original."""

    outer: tuple[Verdict, ...]
    notices: tuple[tuple[Verdict, ...], ...]
    parts: tuple[int | None, ...]  # which part each notice is: 0 the mail itself, from 1 what was attached


def parts_of(reading: Reading) -> tuple[int | None, ...]:
    """For each notice the number of the original that it is; None where it is only told of."""
    known: list[tuple[str, tuple[Seal, ...]]] = []
    parts: list[int | None] = []
    for read in reading.notices:
        notice = read.notice
        if notice.how in (How.DIRECT, How.AUTO):
            parts.append(0)
        elif notice.how is not How.ATTACHED:
            parts.append(None)
        else:
            original = (notice.from_address, notice.seals)
            if original not in known:
                known.append(original)
            parts.append(known.index(original) + 1)
    return tuple(parts)


def prove(mail: IncomingMail, reading: Reading, keys: Keys, now: datetime) -> Proof:
    """Check every signature of `reading` with `keys` as of when `mail` came, and keep what came of it.

    What was checked before is not checked again: a key may be gone since, and what it proved stays proven.
    """
    parts = parts_of(reading)
    sealed = {0: (reading.outer.from_address, reading.outer.seals)}
    for part, read in zip(parts, reading.notices, strict=True):
        if part:
            sealed[part] = (read.notice.from_address, read.notice.seals)
    is_signed = any(seals for _sender, seals in sealed.values())
    there = {(row.part, row.place): row for row in mail.signatures.all()} if is_signed else {}
    verdicts: dict[int, tuple[Verdict, ...]] = {}
    rows: list[Signature] = []
    for part, (sender, seals) in sealed.items():
        found: list[Verdict] = []
        for place, seal in enumerate(seals):
            before = there.get((part, place))
            if before and seal_from(before.seal) == seal and before.result != Result.UNCHECKED:
                found.append(Verdict(Result(before.result), before.why))
                continue
            if before:
                before.delete()
            found.append(check(seal, sender, keys, mail.received_at))
            row = Signature(
                mail=mail,
                part=part,
                place=place,
                from_address=sender[:320],
                domain=seal.domain,
                selector=seal.selector,
                seal=dataclasses.asdict(seal),
                tries=0,
            )
            note(row, found[-1], keys, now)
            rows.append(row)
        verdicts[part] = tuple(found)
    if rows:
        Signature.objects.bulk_create(rows)
    notices = tuple(() if part is None else verdicts[part] for part in parts)
    return Proof(verdicts[0], notices, parts)


def note(row: Signature, verdict: Verdict, keys: Keys, now: datetime) -> None:
    """Write on `row`, unsaved, what `verdict` came of `keys`, and when to ask again."""
    row.result, row.why = verdict.result.value, verdict.why
    row.key = keyring.row_of(keys.get(key_name(seal_from(row.seal))))
    row.checked_at = now
    row.tries += 1
    is_open = verdict.result is Result.PENDING and row.tries <= len(AGAIN)
    row.due_at = now + AGAIN[row.tries - 1] if is_open else None


# -- by signature alone --------------------------------------------------------------------------------------------


def signed_for(notice: Notice, case: Case | None) -> bool:
    """Whether a verified signature alone lets `notice` move `case` (None: open a case of its owner).

    It is graded A or B; its sender may tell of the act's party; it was sent to this owner; it names a number. So
    somebody else's signed ruling, sent on, moves nothing. `case` was found by that number, among the owner's alone.
    """
    party = Party(notice.reading["by"]) if notice.reading["by"] else None
    if notice.provenance not in ("A", "B") or not numbers_of(notice) or not is_for_owner(notice):
        return False
    return may_tell(notice.from_address, party) or is_known_shop(notice, case, party)


def is_for_owner(notice: Notice) -> bool:
    """Whether `notice` was sent to a confirmed mailbox, or to an inbox address, of its owner."""
    to = {address.lower() for address in notice.reading["original"]["to"]}
    mailboxes = set(notice.owner.confirmed_mailboxes.values_list("email", flat=True))
    return bool(to & mailboxes) or any(inbox.address in to for inbox in notice.owner.inbox_addresses.all())


def is_known_shop(notice: Notice, case: Case | None, party: Party | None) -> bool:
    """Whether the owner said of the sender's domain that it is the shop of `case`, and the act is the merchant's."""
    if case is None or case.shop_id is None or party not in SHOP_VOICE:
        return False
    domains = names_of(notice.from_address)
    return ShopSender.objects.filter(owner_id=notice.owner_id, shop=case.shop_id, domain__in=domains).exists()


def names_of(from_address: str) -> Collection[str]:
    """The sender's domain, and the one that its organisation registered."""
    domain = domain_of(from_address)
    return {domain, organisation_of(domain) or domain}


def signer_of(read: Read, verdicts: Sequence[Verdict]) -> str:
    """The domain whose signature on the original held, "" where none did."""
    held = (seal.domain for seal, said in zip(read.notice.seals, verdicts, strict=True) if said.result is Result.PASSED)
    return next(held, "")
