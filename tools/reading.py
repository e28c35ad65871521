"""How well notices are read: `make reading`.

    .venv/bin/python tools/reading.py [--failures FIELD] [--kind KIND] [--json] [--send] [--write] [--out FOLDER]

Reads the whole corpus of tests/mails (its README.md says what it is) and prints what came out right, for the
open part and for the part set aside. Failing cases are listed from the open part alone. Writes nothing without
`--write` (the scores, tests/mails/scores.json) or `--out` (the open mails as files, each with its truth).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from complaints.intake.shapes import THRESHOLD
from tests.mails.corpus import cases
from tests.mails.judging import (
    FIELDS,
    SCORES,
    SILENT,
    WHOLE,
    Count,
    Verdict,
    by_field,
    by_group,
    recorded,
    reliability,
    verdicts,
)
from tests.mails.parts import ASIDE, NOTED, OPEN
from tests.mails.sending import EACH, SEED, Sent, right, sample, send
from tools.stack import running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failures", metavar="FIELD", help=f"list failing open cases: {', '.join((*FIELDS, *WHOLE))}")
    parser.add_argument("--kind", metavar="KIND", help="with --failures: only notices that are this kind")
    parser.add_argument("--json", action="store_true", help="the scores for machines")
    parser.add_argument("--write", action="store_true", help="record the scores in tests/mails/scores.json")
    parser.add_argument("--send", action="store_true", help="also send a sample through the door of a whole Suji")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="write the open mails and their truths there")
    options = parser.parse_args()
    if options.out:
        write_files(options.out)
        return
    open_ = verdicts(OPEN)
    if options.failures:
        print_failures(open_ + verdicts(NOTED), options.failures, options.kind)
        return
    aside = verdicts(ASIDE)
    scores = {"open": by_field(open_), "noted": by_field(verdicts(NOTED)), "aside": by_field(aside)}
    if options.send:
        with running(demo=False) as stack:
            out = send(stack, sample((OPEN, ASIDE), SEED, EACH))
        scores["sent"] = right(out)
    elif "sent" in (before := recorded()):
        scores["sent"] = {group: (count[0], count[1]) for group, count in before["sent"].items()}
    if options.json:
        say(json.dumps(scores, indent=1))
    else:
        print_scores(open_, aside)
        print_noted(scores["noted"])
    if options.send and not options.json:
        print_sent(out)
    if options.write:
        rows = [
            f'  "{part}": {{\n'
            + ",\n".join(f'    "{field}": [{right}, {of}]' for field, (right, of) in fields.items())
            + "\n  }"
            for part, fields in scores.items()
        ]
        SCORES.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


def print_noted(scores: dict[str, Count]) -> None:
    say("\nwordings by people who knew nothing of the rules, learned from since (tests/mails/noted):")
    said = (f"{field} {right / of:.1%} of {of}" for field, (right, of) in scores.items() if "unsaid" not in field)
    say("  " + ", ".join(said))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def share(count: Count | None) -> str:
    """98.3 %  (118/120)"""
    if not count or not count[1]:
        return f"{'–':>7} {'':>13}"
    right, of = count
    return f"{100 * right / of:5.1f} % {f'{right}/{of}':>13}"


def gap(one: Count | None, other: Count | None) -> str:
    if not one or not other:
        return ""
    return f"{100 * one[0] / one[1] - 100 * other[0] / other[1]:+6.1f}"


def print_scores(open_: list[Verdict], aside: list[Verdict]) -> None:
    for name, part in (("open", open_), ("set aside", aside)):
        still = sum("stays" in verdict.right for verdict in part)
        short = sum(verdict.shape == "pasted" for verdict in part)
        say(f"{name}: {len(part)} texts, {short} of them short ones without a head; {still} must move nothing")
    scores, others = by_field(open_), by_field(aside)
    say(f"\n{'field, where something is said':32}{'open':>21}   {'set aside':>21}    gap")
    for field in (*FIELDS, *WHOLE):
        if field in scores or field in others:
            row = f"{share(scores.get(field))}   {share(others.get(field))}"
            say(f"{field:32}{row}  {gap(scores.get(field), others.get(field))}")
    say(f"\n{'left empty, where nothing is said':32}{'open':>21}   {'set aside':>21}    gap")
    for field in SILENT:
        key = f"{field}, unsaid"
        say(f"{field:32}{share(scores.get(key))}   {share(others.get(key))}  {gap(scores.get(key), others.get(key))}")
    for group in ("kind", "client", "shape"):
        say(f"\n{group:32}{'kind right / whole, open':>43}   {'kind right / whole, set aside':>43}")
        tables = [by_group(part, group, field) for part in (open_, aside) for field in ("kind", "whole")]
        for name in sorted(set().union(*tables)):
            say(f"{name:32}" + "  ".join(share(table.get(name)) for table in tables))
    for name, part in (("open", open_), ("set aside", aside)):
        print_trust(name, part)


def print_trust(name: str, part: list[Verdict]) -> None:
    bins, error = reliability(part)
    say(f"\nconfidence of readings that name a step, {name}: expected calibration error {error:.3f}")
    for row in bins:
        say(f"  {row.low:.1f}–{row.low + 0.1:.1f}  {row.count:5}  said {row.confidence:.3f}  right {row.right:.3f}")
    sure = [verdict for verdict in part if verdict.confidence >= THRESHOLD and verdict.steps is not None]
    right = sum(bool(verdict.steps) for verdict in sure)
    say(f"  at or above {THRESHOLD}: {share((right, len(sure)))} name the right step")


def print_sent(out: dict[str, Sent]) -> None:
    say("\nsent through the door, forwarded from a confirmed mailbox, and forged from another one")
    for group, count in right(out).items():
        wrong = out[group].stayed if group == "true" else out[group].moved
        named = [name for name in wrong if name.startswith(OPEN.name)]
        say(f"  {group:10}{share(count)} {'moved' if group == 'true' else 'stayed'}  open ones that did not: {named}")


def print_failures(open_: list[Verdict], field: str, kind: str | None) -> None:
    texts = {case.name: case for part in (OPEN, NOTED) for case in cases(part)}
    keys = {"sender": ("from_name", "from_address"), "moves": ("moves_case",), "stays": ("moves_case",)}
    shown = 0
    for verdict in open_:
        failed = verdict.right.get(field) is False or verdict.invented.get(field) is True
        if not failed or (kind and verdict.kind != kind):
            continue
        shown += 1
        wanted = keys.get(field, (field,))
        wrong = {key: pair for key, pair in verdict.wrong.items() if field in WHOLE or key in wanted}
        case = texts[verdict.case]
        say(f"\n== {verdict.case}  ({verdict.client}, {verdict.shape}) read as {verdict.read_as} {verdict.confidence}")
        for key, (told, got) in wrong.items():
            say(f"   {key}: {told!r} is true, {got!r} came out")
        say("\n".join(f"   | {line}" for line in case.text.split("\n")))
    say(f"\n{shown} of the open part fail at {field}")


def write_files(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases(OPEN):
        (folder / f"{case.name}{case.suffix}").write_bytes(case.raw)
        truth = json.dumps(case.truth, ensure_ascii=False, indent=1)
        (folder / f"{case.name}.json").write_text(truth + "\n", "utf-8")


if __name__ == "__main__":
    main()
