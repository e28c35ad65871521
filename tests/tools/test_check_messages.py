"""The check of the translations finds each thing that can be wrong with a catalogue."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tools import check_messages

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"POT-Creation-Date: 2026-11-22 10:00+0800\\n"\n'
)
GOOD = f'{HEAD}\nmsgid "案件"\nmsgstr "Case"\n'


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good English catalogue with its compiled twin, in a repository of its own."""
    if not shutil.which("msgfmt"):
        # A system tool that make test may lack where it may not install; with CI set, what begins so is a failure.
        pytest.skip("NOT TESTED: no gettext found (Debian: apt-get install gettext)")
    po = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(GOOD, "utf-8")
    compile_it(po)
    monkeypatch.setattr(check_messages, "ROOT", tmp_path)
    return po


def compile_it(po: Path) -> None:
    subprocess.run(["msgfmt", "-o", po.with_suffix(".mo"), po], check=True)


def test_a_complete_and_compiled_catalogue_is_fine(catalogue: Path) -> None:
    assert check_messages.wrong_with(catalogue, GOOD) == []


def test_another_date_is_no_difference(catalogue: Path) -> None:
    assert check_messages.wrong_with(catalogue, GOOD.replace("2026-11-22", "2026-11-23")) == []


def test_text_that_the_code_has_and_the_catalogue_has_not_is_found(catalogue: Path) -> None:
    [said] = check_messages.wrong_with(catalogue, HEAD)
    assert "is not what the code says" in said


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ('msgid "证据"\nmsgstr ""\n', 'without a translation: "证据"'),
        ('#, fuzzy\nmsgid "证据"\nmsgstr "Exhibit"\n', 'fuzzy: "证据"'),
    ],
)
def test_what_is_not_translated_for_sure_is_found(catalogue: Path, entry: str, what: str) -> None:
    text = f"{GOOD}\n{entry}"
    catalogue.write_text(text, "utf-8")
    compile_it(catalogue)
    assert [line for line in check_messages.wrong_with(catalogue, text) if what in line]


def test_a_stale_or_missing_compiled_catalogue_is_found(catalogue: Path) -> None:
    text = GOOD.replace('"Case"', '"A case"')
    catalogue.write_text(text, "utf-8")
    [said] = check_messages.wrong_with(catalogue, text)
    assert "django.mo is not compiled from" in said
    catalogue.with_suffix(".mo").unlink()
    assert check_messages.wrong_with(catalogue, text) == [said]
