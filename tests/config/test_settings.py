"""A setting that is missing or wrong is a sentence for whoever starts Suji."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tools.stack import ROOT


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PORT": "abc"}, "PORT is a whole number; 'abc' is none."),
        ({"DATA_DIR": "/proc/none"}, "DATA_DIR=/proc/none cannot be made"),
        ({"SUJI_ENV": "staging"}, "SUJI_ENV is either unset (embedded) or 'production'."),
        ({"SUJI_ENV": "production"}, "SUJI_ENV=production needs SECRET_KEY (or SECRET_KEY_FILE) to be set."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_said_in_one_sentence(wrong: dict[str, str], said: str, tmp_path: object) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)} | wrong
    ended = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
