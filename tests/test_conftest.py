"""A service that is not there is said loudly, and is a failure where CI is set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = "import pytest\n\n\n@pytest.mark.redis\ndef test_it():\n    pass\n\n\ndef test_other():\n    pass\n"
NOBODY = "redis://127.0.0.1:1/0"


def run(folder: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    """(exit status, what pytest printed, what it left for tools/test.sh) on a sample with a test of Redis."""
    (folder / "test_sample.py").write_text(SAMPLE)
    left = folder / "left"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CI", "SUJI_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "tests.conftest", *words, str(folder)],
        cwd=ROOT,
        env=kept | {"SUJI_NOT_TESTED_FILE": str(left)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, left.read_text() if left.exists() else ""


def test_with_ci_what_was_not_tested_is_a_failure(tmp_path: Path) -> None:
    status, said, left = run(tmp_path, "-n1", CI="true", TEST_REDIS_URL=NOBODY)
    assert status == 1
    assert "1 passed, 1 skipped" in said
    assert "NOT TESTED: 1 tests: no Redis at TEST_REDIS_URL" in said
    assert left.startswith("NOT TESTED: 1 tests: no Redis")


def test_without_ci_it_is_only_said(tmp_path: Path) -> None:
    status, said, left = run(tmp_path, "-n0", TEST_REDIS_URL=NOBODY)
    assert status == 0
    assert "NOT TESTED" in said
    assert "NOT TESTED" in left


def test_a_run_on_postgres_without_one_does_not_start(tmp_path: Path) -> None:
    status, said, _left = run(
        tmp_path, "-n0", SUJI_TEST_DATABASE="postgres", TEST_POSTGRES_URL="postgres://nobody@127.0.0.1:1/none"
    )
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "passed" not in said
