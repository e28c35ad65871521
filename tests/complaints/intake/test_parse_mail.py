import hashlib
import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests import make

ORDER = "3299194706518006493"
TEXT = f"订单编号：{ORDER}\n商家拒绝了您的退款申请\n拒绝原因：已拆封"
MAIL = (
    "From: service@mail.taobao.com\nTo: in@suji.example\nSubject: =?utf-8?b?5oKo55qE5oqV6K+J5bey5Y+X55CG?=\n"
    "Date: Sun, 8 Nov 2026 18:30:00 +0800\nContent-Type: text/plain; charset=utf-8\n\n您的投诉已受理\n"
)


def parse(*arguments):
    out = io.StringIO()
    call_command("parse_mail", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "B.eml").write_text(MAIL, encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "z.eml").write_text(MAIL, encoding="utf-8")
    (tmp_path / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "notes.md").write_text("not a mail", encoding="utf-8")
    return tmp_path


def test_one_file_is_one_indented_object(folder):
    out = parse(str(folder / "b.txt"))
    row = json.loads(out)
    assert out.startswith('{\n  "file"')
    assert row["kind"] == "merchant_refusal"
    assert row["forward"]["how"] == "pasted"
    assert row["fields"]["order_no"] == ORDER


def test_several_files_are_an_array(folder):
    rows = json.loads(parse(str(folder / "b.txt"), str(folder / "B.eml")))
    assert [row["kind"] for row in rows] == ["merchant_refusal", "acknowledgement"]


def test_a_folder_is_walked_in_byte_order(folder):
    lines = parse("--jsonl", str(folder)).splitlines()
    names = [os.path.relpath(json.loads(line)["file"], folder) for line in lines]
    assert names == ["B.eml", os.path.join("a", "z.eml"), "b.txt", "p.png"]


def test_each_line_is_an_object_of_its_own(folder):
    for line in parse("--jsonl", str(folder)).splitlines():
        assert json.loads(line)["parser"]


def test_what_only_begins_like_a_picture_is_none(folder):
    row = json.loads(parse(str(folder / "p.png")))
    assert (row["kind"], row["moves_case"], row["warnings"]) == ("unknown", False, ["not_a_picture"])


@pytest.mark.parametrize("name", ["broken.JPG", "empty.webp"])
def test_a_name_of_a_picture_is_enough(folder, name):
    (folder / name).write_bytes("您的投诉已受理，投诉编号：TS202611080031".encode())
    row = json.loads(parse(str(folder / name)))
    assert (row["kind"], row["moves_case"], row["warnings"]) == ("unknown", False, ["not_a_picture"])
    assert row["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_a_reader_may_stop_listening(folder):
    for number in range(40):
        (folder / f"{number}.txt").write_bytes(b"x" * 4000)
    command = f"{sys.executable} manage.py parse_mail --jsonl {folder} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["file"]
    assert done.stderr == ""


def test_one_bad_file_does_not_end_the_run(folder, capsys):
    bad = folder / "a" / "loop.eml"
    bad.symlink_to(bad)
    rows = [json.loads(line) for line in parse("--jsonl", str(folder)).splitlines()]
    by_name = {os.path.basename(row["file"]): row for row in rows}
    assert by_name["loop.eml"]["warnings"] == ["file_not_readable"]
    assert by_name["b.txt"]["kind"] == "merchant_refusal"
    assert "loop.eml" in capsys.readouterr().err


def test_a_path_that_does_not_exist_is_exit_status_2(folder):
    with pytest.raises(CommandError) as raised:
        parse("--jsonl", str(folder / "nowhere.eml"))
    assert raised.value.returncode == 2


def test_dns_is_accepted_and_grades_nothing_up(folder):
    assert json.loads(parse("--dns", str(folder / "B.eml")))["provenance"] == "D"


@pytest.mark.django_db
def test_the_owners_orders_are_known_without_a_label(folder):
    owner = make.a_user("mei@example.com")
    case = make.a_case(owner=owner)
    case.numbers.create(kind="order", number=ORDER)
    (folder / "bare.txt").write_text(f"您的投诉已受理，{ORDER}，请留意。", encoding="utf-8")
    assert json.loads(parse(str(folder / "bare.txt")))["fields"]["order_no"] is None
    known = json.loads(parse("--owner", "mei@example.com", str(folder / "bare.txt")))
    assert known["fields"]["order_no"] == ORDER


@pytest.mark.django_db
def test_an_unknown_owner_is_said(folder):
    with pytest.raises(CommandError, match=r"nobody@example\.com"):
        parse("--owner", "nobody@example.com", str(folder / "b.txt"))
