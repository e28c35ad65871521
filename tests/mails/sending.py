"""The corpus through the real door: a sample forwarded from a confirmed mailbox, and what moved unasked."""

from __future__ import annotations

import hashlib
import random
import smtplib
import time
from dataclasses import dataclass
from typing import Any

from tests.mails.corpus import INBOX, OWNER, Case, Part, cases
from tools.stack import Stack

FORGER = "wenxin.li@mail.invalid"
FORGED = 10  # of every part
SEED, EACH = 7, 35  # the sample whose score is recorded
NOT_FORWARDED = ("direct", "auto", "bounce", "text", "odd")  # these come from elsewhere, or not by mail
PATIENCE = 120  # seconds until every mail is settled


@dataclass(frozen=True, slots=True)
class Sent:
    """How a sample came out: the names of the cases that did, and of those that were sent."""

    moved: tuple[str, ...]
    sent: tuple[str, ...]

    @property
    def stayed(self) -> tuple[str, ...]:
        return tuple(name for name in self.sent if name not in self.moved)


def sample(parts: tuple[Part, ...], seed: int, each: int) -> dict[str, list[Case]]:
    """`each` true steps, and as many that must move nothing, of every part; and others that are forged.

    One variant of a wording comes before a second of any.
    """
    rng = random.Random(seed)
    groups: dict[str, list[Case]] = {"true": [], "negative": [], "forged": []}
    for part in parts:
        shuffled = [case for case in cases(part) if case.client not in NOT_FORWARDED]
        rng.shuffle(shuffled)
        seen: dict[str, int] = {}
        turns = []
        for case in shuffled:
            wording = case.name.rpartition("-")[0]
            seen[wording] = seen.get(wording, 0) + 1
            turns.append(seen[wording])
        in_turn = [case for _turn, case in sorted(zip(turns, shuffled, strict=True), key=lambda pair: pair[0])]
        true = [case for case in in_turn if case.truth["moves_case"]]
        groups["true"] += true[:each]
        groups["forged"] += true[each : each + FORGED]
        groups["negative"] += [case for case in in_turn if not case.truth["moves_case"]][:each]
    return groups


def send(stack: Stack, groups: dict[str, list[Case]]) -> dict[str, Sent]:
    """What each group of cases moved, all sent from the confirmed mailbox but the group "forged".

    raises  TimeoutError when a mail is not settled in time
    """
    _login, inbox = stack.add_user(OWNER)
    raws: dict[str, list[tuple[str, str]]] = {}
    with smtplib.SMTP("127.0.0.1", stack.smtp_port, timeout=30) as door:
        for group, some in groups.items():
            sender = FORGER if group == "forged" else OWNER
            for case in some:
                raw = case.raw.replace(OWNER.encode(), sender.encode()).replace(INBOX.encode(), inbox.encode())
                door.sendmail(sender, [inbox], raw, mail_options=["BODY=8BITMIME"])
                raws.setdefault(group, []).append((case.name, hashlib.sha256(raw).hexdigest()))
    told = _when_settled(stack, sum(map(len, raws.values())))
    applied = {
        event["mail"]
        for case in told["cases"]
        for event in case["events"]
        if event["state"] == "applied" and event["stage"]
    }
    moving = {mail["sha256"] for mail in told["mails"] if mail["id"] in applied}
    return {
        group: Sent(tuple(name for name, sha in pairs if sha in moving), tuple(name for name, _ in pairs))
        for group, pairs in raws.items()
    }


def right(out: dict[str, Sent]) -> dict[str, tuple[int, int]]:
    """Right and sent of every group: the true ones moved, the others stayed."""
    return {group: (len(sent.moved if group == "true" else sent.stayed), len(sent.sent)) for group, sent in out.items()}


def _when_settled(stack: Stack, count: int) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        told = stack.tell(OWNER)
        if told["counts"]["received"] + told["counts"].get("repeats", 0) >= count and not told["counts"]["waiting"]:
            return told
        time.sleep(1)
    raise TimeoutError(f"{told['counts']} after {PATIENCE} s")
