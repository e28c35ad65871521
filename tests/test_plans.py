"""What PostgreSQL does for the pages and for search: it walks and sorts no table that grows, however many rows it has.

In a world of 5,000 cases (bench/world.py): few enough to be made in seconds, enough for the planner to mind.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bench.scale import troubles
from tools.stack import ROOT


@pytest.fixture(scope="module")
def world() -> Iterator[str]:
    """The name of a database that is dropped afterwards."""
    name = f"suji_plans_{os.getpid()}"
    try:
        python("bench/world.py", name, "--cases", "5000")
        yield name
    finally:
        python("bench/world.py", name, "--drop")


def python(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.postgres
def test_no_page_and_no_search_walks_or_sorts_a_table_that_grows(world: str) -> None:
    assert python("bench/scale.py", "--plans", "--database", world).strip() == ""


def test_a_walk_and_a_sort_of_a_whole_table_are_told() -> None:
    walk: dict[str, Any] = {"Node Type": "Seq Scan", "Relation Name": "complaints_event", "Plan Rows": 5000}
    few: dict[str, Any] = {"Node Type": "Index Scan", "Relation Name": "complaints_event", "Plan Rows": 20}
    assert list(troubles({"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Plans": [walk]}]})) == [
        "sorts 5000 rows",
        "walks complaints_event",
    ]
    assert list(troubles({"Node Type": "Sort", "Plans": [few]})) == []
