"""What the repository as a whole promises: whole at the top, at home on any machine, its links alive."""

from __future__ import annotations

import functools
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import call_command

from complaints.stages import CLOCKS
from tests.conftest import NetworkUsed

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = [
    *(".ci/run", ".dockerignore", ".env.example", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile"),
    *("LICENSE", "Makefile", "README.md", "README.zh-CN.md", "SECURITY.md", "docker-compose.yml", "manage.py"),
    *("bench/README.md", "docs/decisions", "docs/glossary.md", "docs/operating.md", "docs/sources.md"),
    *("docs/stages.md", "locale", "pyproject.toml"),
]


@functools.cache
def tracked() -> tuple[Path, ...]:
    """The files under version control that are text, or all files beside the ignored folders where git is absent."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    )
    if listing.returncode:
        away = {".venv", ".tools", "var", "staticfiles", "screens", "__pycache__"}
        paths = [path for path in ROOT.rglob("*") if path.is_file() and not away & set(path.parts)]
    else:
        paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return tuple(path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000])


def lines_with(pattern: str, *, code_only: bool = False) -> list[str]:
    found = []
    for path in tracked():
        if code_only and path.suffix not in {".py", ".html", ".js", ".css", ".sh"}:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


def names_in(file: str) -> dict[str, str]:
    """Package → pinned version, of a compiled requirements file."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^\s;]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_whole(name: str) -> None:
    assert (ROOT / name).exists()


def test_no_package_host_is_named() -> None:
    """Which registry, mirror or cache a machine asks is its own affair."""
    hosts = "py" + "pi[.]org|python" + "hosted|registry[.]np" + "mjs|np" + "mmirror|deb[.]deb" + "ian|/opt/wh" + "eels"
    assert not lines_with(hosts)


def test_no_path_of_somebodys_machine_is_named() -> None:
    """Fixed places of every system (/etc, /usr, /tmp of a container) are fine; a developer's folders are not."""
    assert not lines_with("/wo" + "rk/|/ro" + "ot/|/ho" + r"me/\w|/Us" + r"ers/\w|[.][.]/sha" + "red|/t" + "mp/w/")


def test_nothing_is_left_to_do() -> None:
    assert not lines_with(r"\b(TO" + "DO|FIX" + "ME|X" + r"XX)\b|NotImplemented" + "Error", code_only=True)


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


# -- documents -------------------------------------------------------------------------------------------


def slug(heading: str) -> str:
    """The anchor of a heading, as common Markdown renderers make it."""
    text = re.sub(r"[`*\[\]]|\(\S*\)", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


@functools.cache
def anchors(path: Path) -> frozenset[str]:
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#{1,6} +(.+?)\s*$", text, re.MULTILINE)
    named = re.findall(r'<a (?:id|name)="([^"]+)"', text)
    return frozenset({slug(heading) for heading in headings} | set(named))


def links() -> list[tuple[str, str]]:
    pages = [path for path in tracked() if path.suffix == ".md"]
    return [
        (str(page.relative_to(ROOT)), target)
        for page in pages
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", page.read_text("utf-8")))
        if not re.match(r"[a-z]+:", target)
    ]


@pytest.mark.parametrize(("page", "target"), links())
def test_links_between_documents_lead_somewhere(page: str, target: str) -> None:
    name, _, anchor = unquote(target).partition("#")
    path = (ROOT / page).parent / name if name else ROOT / page
    assert path.exists(), f"{page} names {name}"
    if anchor and path.suffix == ".md":
        assert anchor in anchors(path.resolve()), f"{page} names the heading {anchor} of {path.name}"


def test_every_clock_has_its_source() -> None:
    assert {clock.key for clock in CLOCKS} <= anchors(ROOT / "docs" / "sources.md")


def test_the_stages_page_is_the_table() -> None:
    call_command("stages_page", "--check")


def test_every_setting_is_in_the_table() -> None:
    read = set(
        re.findall(r'(?:env\.\w+|setting)\("([A-Z0-9_]+)"', (ROOT / "config" / "settings.py").read_text("utf-8"))
    )
    told = set(re.findall(r"`([A-Z0-9_]+)`", (ROOT / "docs" / "operating.md").read_text("utf-8")))
    assert "SECRET_KEY" in read
    assert read <= told


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony
    explained = set(re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE))
    assert set(phony[1].split()) == explained


# -- requirements ----------------------------------------------------------------------------------------


def test_what_the_tests_run_on_is_what_is_shipped() -> None:
    shipped, tested = names_in("requirements/runtime.txt"), names_in("requirements/dev.txt")
    assert {name: tested.get(name) for name in shipped} == shipped


def test_every_direct_dependency_is_compiled() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    def wanted(lines: list[str]) -> set[str]:
        names = {match[0] for line in lines if (match := re.match(r"[A-Za-z0-9._-]+", line))}
        return {re.sub(r"[-_.]+", "-", name).lower() for name in names}

    assert wanted(project["project"]["dependencies"]) <= set(names_in("requirements/runtime.txt"))
    assert wanted(project["dependency-groups"]["dev"]) <= set(names_in("requirements/dev.txt"))
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements" / "runtime.txt").read_text("utf-8"))
    asked_for = {re.split(r"\W*==", entry)[0] for entry in entries if "suji (pyproject.toml)" in entry}
    assert asked_for <= wanted(project["project"]["dependencies"])


@pytest.mark.parametrize("file", ["runtime.txt", "dev.txt", "tools.txt"])
def test_every_requirement_is_pinned_and_hashed(file: str) -> None:
    text = (ROOT / "requirements" / file).read_text("utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==\S+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]
        assert "://" not in entry, entry[:60]


# -- scripts and the tests themselves ----------------------------------------------------------------------


@pytest.mark.parametrize("script", [".ci/run", "tools/setup.sh", "tools/test.sh", "tools/requirements.sh"])
def test_shell_scripts_parse_and_may_be_run(script: str) -> None:
    subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize(
    ("interpreter", "says"),
    [("no-such-python", "no Python found"), ("false", "does not start")],
)
def test_set_up_names_a_python_that_will_not_do(interpreter: str, says: str) -> None:
    run = subprocess.run(
        ["tools/setup.sh", "runtime"],
        cwd=ROOT, env=os.environ | {"PYTHON": interpreter}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert says in run.stderr
    assert "PYTHON=" in run.stderr


def test_set_up_refuses_an_old_python_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text(f'#!/bin/sh\ncase "$2" in *print*) echo 3.9;; *) exit 1;; esac\n# instead of {sys.executable}\n')
    old.chmod(0o755)
    run = subprocess.run(
        ["tools/setup.sh", "runtime"],
        cwd=ROOT, env=os.environ | {"PYTHON": str(old)}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert "is Python 3.9; Suji needs 3.11 or later" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_tests_cannot_reach_another_machine() -> None:
    with pytest.raises(NetworkUsed):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(NetworkUsed):
        socket.getaddrinfo("suji.example", 80)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram, pytest.raises(NetworkUsed):
        datagram.sendto(b"", ("192.0.2.1", 53))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 1), timeout=1)
