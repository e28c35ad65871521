"""Are the translations in locale/ those of the code? `--write` makes them so, without it this only looks.

Message ids are Simplified Chinese; every other language must be complete. Checked for each catalogue:
what makemessages finds is what is committed, nothing is fuzzy or empty, and the compiled .mo is its .po.
Needs gettext. Exit status 1 and one line for each thing that is wrong.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLLECT = [
    "makemessages",
    "--all",
    "--no-location",
    "--no-wrap",
    "--no-obsolete",
    "--extension",
    "html,txt,py,svg",
]
IGNORED = (".venv", "var", "staticfiles", "tests", "bench", "tools", "screens")


def output(*command: str | Path) -> str:
    """What `command` prints; ends this program with its words when it fails."""
    run = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{Path(command[0]).name}: {run.stderr.strip() or run.stdout.strip()}")
    return run.stdout


def collect() -> None:
    ignored = [part for name in IGNORED for part in ("--ignore", f"{name}/*")]
    output(sys.executable, "manage.py", *COLLECT, *ignored)


def without_dates(po: str) -> str:
    return "\n".join(line for line in po.splitlines() if not line.startswith('"POT-Creation-Date:'))


def wrong_with(po: Path, committed: str) -> list[str]:
    """Everything wrong with the catalogue `po` as just collected, given its `committed` text."""
    name = po.relative_to(ROOT)
    found = []
    if without_dates(po.read_text("utf-8")) != without_dates(committed):
        found.append(f"{name} is not what the code says: make messages, then translate")
    for what, option in (("without a translation", "--untranslated"), ("fuzzy", "--only-fuzzy")):
        left = [line for line in output("msgattrib", option, "--no-wrap", po).splitlines() if line.startswith("msgid ")]
        found += [f"{name}: {what}: {line.removeprefix('msgid ')}" for line in left if line != 'msgid ""']
    with tempfile.TemporaryDirectory() as folder:
        fresh, mo = Path(folder) / "fresh.mo", po.with_suffix(".mo")
        output("msgfmt", "--check-format", "--output-file", fresh, po)
        if not mo.exists() or output("msgunfmt", fresh) != output("msgunfmt", mo):
            found.append(f"{mo.relative_to(ROOT)} is not compiled from {name}: make messages")
    return found


def main() -> int:
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    if not catalogues:
        sys.exit("locale/ holds no catalogue: .venv/bin/python manage.py makemessages --locale en")
    before = {po: po.read_bytes() for po in catalogues}
    if "--write" in sys.argv[1:]:
        collect()
        for po in catalogues:
            if without_dates(po.read_text("utf-8")) == without_dates(before[po].decode("utf-8")):
                po.write_bytes(before[po])  # a new date alone is no change
            output("msgfmt", "--check-format", "--output-file", po.with_suffix(".mo"), po)
        return 0
    try:
        collect()
        found = [line for po in catalogues for line in wrong_with(po, before[po].decode("utf-8"))]
    finally:
        for po, was in before.items():
            po.write_bytes(was)
    for line in found:
        sys.stderr.write(f"{line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
