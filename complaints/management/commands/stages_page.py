"""`manage.py stages_page`: docs/stages.md, written from the tables of complaints/stages.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from complaints import words
from complaints.stages import CLOCKS, FIRST_OF, KINDS, MOVES, Act, Move, Party, Stage, Then

PAGE = Path(settings.BASE_DIR) / "docs" / "stages.md"

INTRODUCTION = """\
# Stages, acts and clocks

Written by `manage.py stages_page` from the tables of `complaints/stages.py`, which the engine, the buttons of the
case page, the deadlines and the tests read too. Change the table, run the command, commit both;
[CONTRIBUTING.md](../CONTRIBUTING.md#a-new-stage-act-or-clock) has the recipe.

A case is the list of its events, told in the order the acts happened. Stories start in the middle: any act may open
one, and what was not seen before it is shown as such. An act that joins tells the story on and leaves the stage where
it was. An act that fits no row moves nothing and waits for a person.
"""

CLOSING = """\
Each arrow starts at the nearest stage that the act may come from; the same act may come from any earlier one too,
because a notice in between may have been lost or never sent:
[decision 0001](decisions/0001-one-table-and-forward-jumps.md).
"""

CLOCKS_NOTE = """\
Used only where no notice states a date, and never shown as certain: the page says that sources differ and that the
countdown on the order page counts. Days are calendar days. An act without a row here starts no clock.
"""


def table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; `head` is its first line's cells, separated by bars."""
    cells = [part.strip() for part in head.split("|")]
    lines = [cells, ["---"] * len(cells), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def named(value: Stage | Act | Party, names: dict[Any, words.Text]) -> tuple[str, str]:
    """What a value is called in Chinese and in English."""
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(str(names[value]))
    return found[0], found[1]


def code(value: str | None) -> str:
    return f"`{value}`" if value else "–"


def heres(move: Move) -> str:
    """The stages of a row in words: shorter where it is all of them, or all but the last."""
    stages = [stage for stage in move.here if stage is not None]
    told = "any stage" if len(stages) == len(Stage) else ", ".join(code(stage) for stage in stages)
    return f"{told}{', or nothing yet' if None in move.here else ''}"


def arrows() -> dict[tuple[Stage, Stage], list[Act]]:
    """Between open stages: from the nearest earlier stage of each row, and from every later one."""
    found: dict[tuple[Stage, Stage], list[Act]] = defaultdict(list)
    for move in MOVES:
        there = move.there
        if there is None or there is Stage.CLOSED:
            continue
        open_stages = [stage for stage in move.here if stage not in (None, Stage.CLOSED, there)]
        before = [stage for stage in open_stages if stage and FIRST_OF[stage] < FIRST_OF[there]]
        after = [stage for stage in open_stages if stage and FIRST_OF[stage] > FIRST_OF[there]]
        for here in [*before[-1:], *after]:
            found[here, there].append(move.done)
    return found


def diagram() -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2\n"
    yield f"    [*] --> {Stage.FILED}\n"
    yield "    state open {\n"
    for stage in Stage:
        if stage is not Stage.CLOSED:
            yield f"        {stage} : {stage} {named(stage, words.STAGES)[0]}\n"
    for (here, there), acts in arrows().items():
        yield f"        {here} --> {there} : {', '.join(dict.fromkeys(acts))}\n"
    yield "    }\n"
    yield f"    {Stage.CLOSED} : {Stage.CLOSED} {named(Stage.CLOSED, words.STAGES)[0]}\n"
    closing = dict.fromkeys(move.done for move in MOVES if move.there is Stage.CLOSED)
    yield f"    open --> {Stage.CLOSED} : {', '.join(closing)}\n"
    for move in MOVES:
        if Stage.CLOSED in move.here and move.there not in (None, Stage.CLOSED):
            yield f"    {Stage.CLOSED} --> {move.there} : {move.done}\n"
    yield "```\n"


def page() -> str:
    """The whole of docs/stages.md."""
    then = {Then.SAME: "as before", Then.ASKED: "the party asked", Then.OUTCOME: "by outcome", Then.NOBODY: "nobody"}
    parts = [
        INTRODUCTION,
        "## Stages\n",
        table("stage | 中文 | English", ((code(stage), *named(stage, words.STAGES)) for stage in Stage)),
        "".join(diagram()),
        CLOSING,
        "## Moves\n",
        table(
            "from | act | 中文 | by | to | then the move is",
            (
                (
                    heres(move),
                    code(move.done),
                    named(move.done, words.ACTS)[0],
                    ", ".join(move.by),
                    code(move.there) if move.there else "joins",
                    then[move.then] if isinstance(move.then, Then) else str(move.then),
                )
                for move in MOVES
            ),
        ),
        "An execution (`executes`) closes a case only once its notice says that the money has arrived.\n",
        "## Kinds of notice\n",
        table(
            "kind | 中文 | act | by | stage | the mail ends as",
            (
                (code(row.kind), str(words.KINDS[row.kind]), code(row.act), row.by or "–", code(row.stage), row.end)
                for row in KINDS.values()
            ),
        ),
        "`reminder` may set a deadline. `external` takes its act from its track: `regulator` (12315), "
        "`consumer_association` or `court`. `suspension` is also the kind of a resumption.\n",
        "## Clocks\n",
        CLOCKS_NOTE,
        table(
            "after | waiting for | days | if missed | source",
            (
                (
                    code(clock.after),
                    clock.waiting_for,
                    str(clock.days),
                    code(clock.if_missed),
                    f"[{clock.key}](sources.md#{clock.key})",
                )
                for clock in CLOCKS
            ),
        ),
    ]
    return "\n".join(parts)


class Command(BaseCommand):
    help = "Write docs/stages.md from the tables of complaints/stages.py. With --check, only say whether it is so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is not the table")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("zh-hans"):
            said = page()
        if not options["check"]:
            PAGE.write_text(said, "utf-8")
        elif not PAGE.exists() or PAGE.read_text("utf-8") != said:
            raise CommandError("docs/stages.md is not what complaints/stages.py says: run manage.py stages_page")
