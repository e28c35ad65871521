"""Outlook files, winmail.dat and zips: opened within limits, read like any other mail."""

import io
import struct
import zipfile
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.intake.archives import LARGEST, MOST_MAILS, unpack
from complaints.intake.opening import open_mail
from complaints.intake.reading import read
from complaints.intake.rtf import decompressed, read_rtf
from complaints.intake.shapes import How
from complaints.intake.unwrap import unwrap
from tests.mails.outlook import attached, compressed, mapi, message, properties, storage, tnef
from tests.mails.wraps import ADDRESS, BODY, NOTE, SENDER, SENT, SHOPPER, SUBJECT, forwarded

SENT_BY = {0x0C1A: SENDER, 0x0C1F: "/O=EX/CN=X", 0x5D01: ADDRESS, 0x0037: SUBJECT, 0x0039: SENT, 0x3FDE: 936}
TO_ME = [{0x3001: "李雷", 0x39FE: SHOPPER, 0x0C15: 1}, {0x3001: "韩梅梅", 0x3003: "hmm@qq.com", 0x0C15: 2}]
PAGE = "<html><body>" + "".join(f"<div>{line or '<br>'}</div>" for line in BODY.split("\n")) + "</body></html>"
RICH = (
    "{\\rtf1\\ansi\\ansicpg936\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}"
    "{\\f1\\fnil\\fcharset134 宋体;}}\\uc1\\pard\\plain"
    "{\\*\\htmltag64 <html><body>}"
    + "".join(
        f"{{\\*\\htmltag64 <div>}}\\htmlrtf {{\\htmlrtf0 {line}\\htmlrtf }}\\htmlrtf0 {{\\*\\htmltag72 </div>}}\n"
        for line in BODY.split("\n")
        if line
    )
    + "{\\*\\htmltag64 </body></html>}}"
)


def in_gbk(rich):
    """Rich text with every character beyond ASCII as the bytes of GBK in hexadecimal."""
    return "".join(
        character if character.isascii() else "".join(f"\\'{byte:02x}" for byte in character.encode("gb18030"))
        for character in rich
    ).encode("ascii")


def the_only(raw):
    (notice,) = unwrap(open_mail(raw))
    return notice


def squashed(text):
    return "".join(text.split())


BODIES = {
    "html": {0x1013: PAGE.encode("gb18030"), 0x1000: "x"},
    "html as text": {0x1013: PAGE},
    "plain": {0x1000: BODY.replace("\n", "\r\n")},
    "html inside rich text": {0x1009: compressed(in_gbk(RICH)), 0x1000: "x"},
    "rich text alone": {
        0x1009: compressed(in_gbk("{\\rtf1\\ansi\\ansicpg936 " + BODY.replace("\n", "\\par\n") + "\\par}"))
    },
}


@pytest.mark.parametrize("form", BODIES)
@pytest.mark.parametrize("ansi", ["", "gb18030"])
def test_an_outlook_file_is_read_like_the_mail_it_was(form, ansi):
    said = SENT_BY | {0x3FFD: 936} | BODIES[form]
    notice = the_only(storage(message(said, TO_ME, ansi=ansi)))
    assert (notice.how, notice.depth) == (How.DIRECT, 0)
    assert (notice.from_name, notice.from_address) == (SENDER, ADDRESS)
    assert (notice.to, notice.cc) == ((SHOPPER,), ("hmm@qq.com",))
    assert (notice.subject, notice.date) == (SUBJECT, SENT)
    assert squashed(notice.body) == squashed(BODY)


def test_headers_that_came_over_the_wire_win_and_keep_their_signature():
    wire = (
        f"DKIM-Signature: v=1; d=taobao.com\r\nFrom: =?utf-8?B?5aSp54yr?= <{ADDRESS}>\r\n"
        "Date: Sun, 8 Nov 2026 10:30:05 +0000\r\nMessage-ID: <1@taobao.com>\r\n\r\n"
    )
    notice = the_only(storage(message(SENT_BY | {0x007D: wire} | BODIES["plain"], TO_ME)))
    assert (notice.from_name, notice.from_address) == ("天猫", ADDRESS)
    assert notice.date.isoformat() == "2026-11-08T10:30:05+00:00"
    assert dict(notice.headers)["DKIM-Signature"] == "v=1; d=taobao.com"
    assert notice.subject == SUBJECT


def test_sent_on_behalf_is_from_whom_it_was_sent_for():
    said = SENT_BY | {0x0042: "天猫小二", 0x5D02: "xiaoer@tmall.example"} | BODIES["plain"]
    assert the_only(storage(message(said))).from_address == "xiaoer@tmall.example"


def test_a_message_inside_an_outlook_file_is_the_notice_and_a_large_file_beside_it_is_named():
    inner = message(SENT_BY | BODIES["html"], TO_ME, head=24)
    outer = message(
        {0x0C1A: "李雷", 0x5D01: SHOPPER, 0x0037: f"转发: {SUBJECT}", 0x1000: NOTE},
        attachments=[attached("原邮件", inner), attached("订单截图.jpg", b"\xff\xd8\xff" + bytes(9000), "image/jpeg")],
    )
    mail = open_mail(storage(outer))
    (notice,) = unwrap(mail)
    assert (notice.how, notice.depth, notice.note) == (How.ATTACHED, 1, NOTE)
    assert (notice.from_address, notice.subject, notice.date) == (ADDRESS, SUBJECT, SENT)
    assert [(part.name, len(part.raw)) for part in mail.attachments if not part.is_mail] == [("订单截图.jpg", 9003)]


def mail_with(name, content, kind="application/octet-stream", text=NOTE):
    import base64

    head = (
        f"From: lilei <{SHOPPER}>\r\nTo: u@in.example\r\nSubject: Fwd: x\r\nDate: Mon, 9 Nov 2026 08:00:00 +0800\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        f'Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\nContent-Type: {kind}; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n") + b"--b--\r\n"


def zipped(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


WRAPPED = {
    "msg": mail_with("x.msg", storage(message(SENT_BY | BODIES["html"])), "application/vnd.ms-outlook"),
    "msg without a name": mail_with("", storage(message(SENT_BY | BODIES["html"]))),
    "eml without a name": mail_with("forwarded", forwarded("direct")),
    "eml in a zip": mail_with("通知.zip", zipped(("a/通知.eml", forwarded("direct"))), "application/zip"),
    "msg in a zip": mail_with("m.zip", zipped(("m.msg", storage(message(SENT_BY | BODIES["plain"]))))),
    "eml in a zip in a zip": mail_with("z.zip", zipped(("i.zip", zipped(("m.eml", forwarded("direct")))))),
    "eml in winmail.dat": mail_with(
        "winmail.dat",
        tnef([(0x00069002, bytes(14)), (0x00018010, b"m.eml\0"), (0x0006800F, forwarded("direct"))]),
        "application/ms-tnef",
    ),
    "message in winmail.dat": mail_with(
        "winmail.dat",
        tnef(
            [
                (0x00069002, bytes(14)),
                (0x00069005, mapi({0x3701: bytes(16) + tnef([(0x00069003, mapi(SENT_BY | BODIES["html"]))])})),
            ]
        ),
        "application/ms-tnef",
    ),
}


@pytest.mark.parametrize("form", WRAPPED)
def test_an_original_is_found_however_it_is_wrapped(form):
    notice = the_only(WRAPPED[form])
    assert (notice.how, notice.depth, notice.note) == (How.ATTACHED, 1, NOTE)
    assert (notice.from_name, notice.from_address, notice.subject) == (SENDER, ADDRESS, SUBJECT)
    assert notice.date == SENT
    assert squashed(notice.body) == squashed(BODY)


def test_a_body_that_winmail_dat_hides_is_read():
    hidden = tnef([(0x00069007, struct.pack("<II", 936, 0)), (0x00069003, mapi(BODIES["html inside rich text"]))])
    mail = open_mail(mail_with("winmail.dat", hidden, "application/ms-tnef", text=""))
    assert squashed(mail.text) == squashed(BODY)
    plain = tnef([(0x00069007, struct.pack("<II", 936, 0)), (0x0002800C, BODY.encode("gbk") + b"\0")])
    assert squashed(open_mail(mail_with("winmail.dat", plain, text="")).text) == squashed(BODY)


def test_a_zip_of_mails_is_a_notice_each_and_a_name_in_gbk_is_read():
    raw = zipped(
        ("a.eml", forwarded("direct", subject="甲")), ("NAME.eml", forwarded("qq", subject="乙")), ("说明.txt", "看看")
    ).replace(b"NAME", "通知".encode("gbk"))
    notices = unwrap(open_mail(raw))
    assert [(notice.subject, notice.how) for notice in notices] == [("甲", How.ATTACHED), ("乙", How.INLINE)]
    assert [part.name for part in unpack(raw).mails] == ["a.eml", "通知.eml"]


def test_a_zip_without_mails_says_what_it_is():
    assert read(zipped(("a.txt", "x"))).warnings == ("not_text",)


REFUSED = {
    "a bomb": zipped(("a.eml", b"\0" * 20_000_000)),
    "too much together": zipped(
        *((f"{n}.eml", f"Subject: {n}\r\n\r\n".encode() + bytes(range(256)) * 9000) for n in range(14))
    ),
    "too many mails": zipped(*((f"{n}.eml", f"From: a@b.cn\r\nSubject: {n}\r\n\r\nx") for n in range(MOST_MAILS + 1))),
    "too deep": zipped(("1.zip", zipped(("2.zip", zipped(("3.eml", forwarded("direct"))))))),
    "too many entries": zipped(*((f"{n}.txt", "") for n in range(1_001))),
    "a list longer than we read": zipped(("a.eml", forwarded("direct")))[:-10] + b"\xff\xff\x7f\x00" + bytes(6),
    "a list that stands elsewhere": zipped(("a.eml", forwarded("direct"))).replace(
        b"PK\x05\x06", b"PK\x06\x07" + bytes(16) + b"PK\x05\x06"
    ),
    "cut off": zipped(("a.eml", forwarded("direct")))[:-30],
    "nothing but a mark": b"PK\x03\x04",
}


@pytest.mark.parametrize("form", REFUSED)
def test_a_zip_over_a_limit_is_not_opened_and_says_so(form):
    assert sum(len(REFUSED[form]) for form in REFUSED) < LARGEST
    assert "archive_not_opened" in read(REFUSED[form]).warnings


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("is_broken", [False, True])
def test_a_zip_packed_in_a_way_that_costs_memory_is_not_opened(packing, is_broken):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("a.eml", b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\n" + b"abc" * 400)
    raw = bytearray(file.getvalue())
    raw[45:80] = b"\xff" * 35 if is_broken else raw[45:80]
    assert unpack(bytes(raw)) == ((), ("archive_not_opened",))


def test_a_locked_zip_is_not_opened():
    raw = bytearray(zipped(("a.eml", forwarded("direct"))))
    raw[6] |= 1  # of the local header
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert "archive_not_opened" in read(bytes(raw)).warnings


def test_the_example_of_the_specification_is_decompressed():
    data = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert decompressed(data) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg936 \'cc\'ec\'c3\'a8\par b}", "天猫\nb"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset134 x;}{\f1\fcharset136 y;}}\f0\'cc\'ec\f1\'a4\'d1}", "天天"),
        (rb"{\rtf1\ansi\uc1 \u22825?\u29483?\'41}", "天猫A"),
        (rb"{\rtf1{\pict 0102}{\*\generator Riched20;}a\tab b\{c\}}", "a\tb{c}"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "\U0001f600"),
    ],
)
def test_rich_text_is_read_as_it_shows(rich, text):
    assert read_rtf(rich)[0].strip() == text


@pytest.mark.parametrize(
    "bait",
    [
        b"{" * 2_000_000,
        b"\\'cc" * 700_000,
        b"\\u22825?" * 300_000,
        b"{\\*\\htmltag64 <b>}" * 130_000,
        b"{\\fonttbl" * 200_000,
    ],
)
def test_rich_text_bombs_cost_little(bait):
    started = process_time()
    read_rtf(b"{\\rtf1\\fromhtml1 " + bait)
    assert process_time() - started < 10


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*WRAPPED.values(), storage(message(SENT_BY | BODIES["html"], TO_ME))]), st.data())
def test_broken_files_still_give_a_notice(raw, data):
    broken = bytearray(raw)
    for _change in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(broken) - 1))
        broken[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    assert unwrap(open_mail(bytes(broken)))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_broken_storages_and_envelopes_still_give_a_mail(data):
    whole = data.draw(st.sampled_from([STORAGE, ENVELOPE]))
    broken = bytearray(whole)
    for _change in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(broken) - 1))
        broken[place] = data.draw(st.sampled_from([0, 1, 0x7F, 0xFE, 0xFF]))
    open_mail(bytes(broken))
    open_mail(mail_with("winmail.dat", bytes(broken)))


STORAGE = storage(message(SENT_BY | BODIES["html inside rich text"], TO_ME))
ENVELOPE = tnef([(0x00069003, mapi(SENT_BY | BODIES["html"])), (0x00069002, bytes(14)), (0x0006800F, b"x")])


def test_a_broken_outlook_file_says_so():
    broken = STORAGE[:48] + b"\x01\0\0\0" + STORAGE[52:]  # where the folder begins
    assert "damaged_file" in read(broken).warnings


def test_a_body_without_end_is_cut_in_an_outlook_file_too():
    mail = open_mail(storage(message({0x1000: "您的投诉已受理\n" * 120_000})))
    assert "text_cut" in mail.warnings
    assert len(mail.text.encode()) <= 2_000_000


def test_another_office_file_is_no_mail():
    assert read(storage({"WordDocument": bytes(5000)})).warnings == ("not_text",)
    assert read(storage(properties({}, 32))).main.notice.subject == ""
