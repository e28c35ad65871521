"""`parse_mail --dns`: signatures checked over the real protocol, with no table."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from complaints.intake import keyring
from tests import names, sealing
from tests.complaints.intake.test_signatures import SIGNED, a_mail, attached


@pytest.fixture
def dns(settings) -> Iterator[names.Names]:
    keyring.forget()
    with names.serving() as server:
        settings.DNS_RESOLVER = server.address
        server.records["s1._domainkey.taobao.com"] = sealing.record_of(sealing.rsa_key())
        yield server
    keyring.forget()


def parse(folder: Path, raw: bytes, *options: str) -> tuple[str, list[str]]:
    file = folder / "a.eml"
    file.write_bytes(raw)
    out = io.StringIO()
    call_command("parse_mail", *options, str(file), stdout=out)
    row = json.loads(out.getvalue())
    return row["provenance"], row["warnings"]


CHANGED = SIGNED.replace("已受理".encode(), "已驳回".encode())


@pytest.mark.parametrize(
    ("raw", "grade", "warnings"),
    [
        (SIGNED, "A", []),
        (attached(SIGNED), "B", []),
        (CHANGED, "D", ["signature_fails"]),
        (attached(CHANGED), "D", ["signature_fails"]),
        (a_mail(), "D", []),
        (b"From: x@evil.example\r\n" + SIGNED, "E", ["signature_fails"]),
    ],
)
def test_with_dns_a_file_is_graded_by_its_signatures(
    raw: bytes, grade: str, warnings: list[str], dns: names.Names, tmp_path: Path
) -> None:
    assert parse(tmp_path, raw, "--dns") == (grade, warnings)


@pytest.mark.parametrize("raw", [SIGNED, attached(SIGNED), CHANGED])
def test_without_nothing_is_asked_and_the_warning_says_so(raw: bytes, dns: names.Names, tmp_path: Path) -> None:
    assert parse(tmp_path, raw) == ("D", ["signature_not_checked"])
    assert dns.asked == []


def test_where_the_dns_does_not_answer_nothing_is_proven_and_nothing_fails(dns: names.Names, tmp_path: Path) -> None:
    dns.refuses = True
    assert parse(tmp_path, SIGNED, "--dns") == ("D", ["signature_not_checked"])
