"""docs/systemd.md and the table of processes in docs/operating.md say the same commands as docker-compose.yml."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.test_compose import ROOT, SERVICES, words

SYSTEMD = (ROOT / "docs" / "systemd.md").read_text("utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
BLOCKS: list[str] = re.findall(r"^```\n(.*?)^```$", SYSTEMD, re.MULTILINE | re.DOTALL)
VENV = "/opt/suji/.venv/bin/"
NAMES = {  # of the table → of docker-compose.yml
    "tables": "migrate",
    "mail worker": "worker-mail",
    "image worker": "worker-images",
    "screenshot worker": "worker-ocr",
    "sending worker": "worker-out",
    "schedule": "beat",
}


def unit(start: str) -> str:
    """The one block of the page whose `Description` begins so."""
    (found,) = (block for block in BLOCKS if f"Description={start}" in block)
    return found


def plain(command: list[str]) -> list[str]:
    """Without the path of the environment, and without where it listens, which differs by how it is reached."""
    said = [word.removeprefix(VENV) for word in command]
    if "--host" in said:
        place = said.index("--host")
        del said[place : place + 2]
    return said


def of_compose(name: str) -> list[list[str]]:
    return [plain(command) for command in words(SERVICES[name]["command"])]


def of_table() -> dict[str, list[list[str]]]:
    """What the table of operating.md says for each process, by the names of docker-compose.yml."""
    rows = re.findall(r"^\| ([\w ]+) \| (`(?:python|granian|celery) [^|]+) \|", OPERATING, re.MULTILINE)
    return {
        NAMES.get(name, name): [plain(shlex.split(one)) for one in re.findall("`(.+?)`", cell)] for name, cell in rows
    }


def test_the_table_of_processes_says_the_commands_of_compose() -> None:
    table = of_table()
    assert set(table) == {name for name, service in SERVICES.items() if "build" in service}
    assert table == {name: of_compose(name) for name in table}


def test_the_image_starts_the_web_as_compose_does() -> None:
    (said,) = re.findall(r"^CMD \[(.+)\]$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert [plain(re.findall(r'"([^"]+)"', said))] == of_compose("web")


def test_the_tables_unit_runs_what_compose_runs_before_anything_else() -> None:
    said = re.findall(r"^ExecStart=(.+)$", unit("Suji: tables"), re.MULTILINE)
    assert [plain(shlex.split(one)) for one in said] == of_compose("migrate")


def test_the_script_of_the_web_and_the_enabled_jobs_are_those_of_compose() -> None:
    (script,) = (block for block in BLOCKS if block.startswith("#!/bin/sh"))
    said = shlex.split(script.splitlines()[1].removeprefix("exec "))
    assert [plain(said)] == of_compose("web")
    enabled = re.search(r"`systemctl enable --now ([^`]+)`", SYSTEMD)
    assert enabled
    jobs = {one.removeprefix("suji@") for one in enabled[1].split()}
    assert jobs == set(of_table()) - {"migrate"}


def test_every_manage_command_of_both_pages_exists() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", SYSTEMD + OPERATING))
    assert {"migrate", "backup", "restore", "doctor", "tombstones"} <= named
    assert named <= set(get_commands())


def test_units_give_at_least_the_grace_of_compose() -> None:
    template = configparser.ConfigParser(strict=False, interpolation=None)
    template.read_string(unit("Suji %i"))
    grace = float(template["Service"]["TimeoutStopSec"])
    assert grace >= max(
        float(service["stop_grace_period"].removesuffix("s"))
        for service in SERVICES.values()
        if "stop_grace_period" in service
    )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    """Programs stand where the page says only on a machine that was set up: here they are named from this one."""
    files = {"suji@.service": unit("Suji %i"), "suji-migrate.service": unit("Suji: tables")}
    for name, text in files.items():
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        (tmp_path / name).write_text(text.replace("User=suji", "User=root"), "utf-8")
    (tmp_path / "suji@web.service").symlink_to(tmp_path / "suji@.service")
    said = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            str(tmp_path / "suji@web.service"),
            *map(str, tmp_path.glob("suji-*")),
        ],
        capture_output=True,
        text=True,
        timeout=30,
    )
    ours = [line for line in said.stderr.splitlines() if "suji" in line]
    assert ours == []
    assert said.returncode == 0, said.stderr
