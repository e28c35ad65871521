"""Real forms with broken bytes: seeded, so that what breaks can be told again.

By hand, for so many seconds: python -m tests.mails.mutate SECONDS [SEED].
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from complaints.intake.reading import read
from complaints.intake.shapes import Reading
from tests.mails.forwards import FORMS, NOTICES
from tests.mails.outlook import attached, mapi, message, storage, tnef
from tests.mails.wraps import CLIENTS, forwarded

# What breaks parsers: marks of every format that is read, and bytes that no text has.
PIECES = (
    *(b"\r\n", b"\n\n", b"\r", b"\0", b"\xff\xfe", b"\xf0\x9f", b"\xed\xa0\x80", b"\x1b$B", b"=", b"=?", b"?="),
    *(b"--", b'"', b"<", b">", b"(", b"\\", b";", b":", b",", b"@", b"{", b"}", b"&#x", b"&#1114112;", b"=?gb2312?B?"),
    *(b"<!--", b"<table>", b"</div>", b"<style>", b"charset=utf-16", b"charset=hz", b"charset*0*=x''%", b"PK\x03\x04"),
    *(b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Type: message/rfc822\r\n", b"Subject:", b"From:"),
    *(b"Content-Transfer-Encoding: base64\r\n", b"9999-12-31 24:00", b"2026-02-30", "日期：0001年1月1日".encode()),
    *("发件人：".encode(), "-----原始邮件-----\n".encode(), "订单编号：".encode("gbk"), "\u202e\u200b\ufeff".encode()),
)  # fmt: skip


def seeds() -> list[bytes]:
    """The mails that mutants come from: every form there is, and every format."""
    said = {0x0037: "结果", 0x0C1A: "天猫", 0x5D01: "a@b.cn", 0x1013: b"<p>x</p>", 0x1000: "x"}
    msg = storage(message(said, attachments=[attached("a.eml", forwarded("direct"))]))
    winmail = tnef([(0x00069003, mapi(said)), (0x00069002, bytes(14)), (0x0006800F, forwarded("direct"))])
    return [
        *(forwarded(client) for client in CLIENTS),
        *(form.mail(NOTICES[place % len(NOTICES)]) for place, form in enumerate(FORMS.values())),
        *(msg, winmail),
    ]


def mutants(seed: int) -> Iterator[bytes]:
    """Mails without end, always the same for one seed: bytes changed, pieces put in, cut out, doubled, exchanged."""
    chance = random.Random(seed)
    whole = seeds()
    while True:
        raw = bytearray(chance.choice(whole))
        for _change in range(chance.choice((1, 1, 2, 4, 16))):
            at = chance.randrange(len(raw) + 1)
            end = min(len(raw), at + chance.choice((1, 2, 8, 64, 1000)))
            match chance.randrange(6):
                case 0:
                    raw[at:end] = bytes(chance.randrange(256) for _byte in range(chance.randrange(5)))
                case 1:
                    raw[at:at] = chance.choice(PIECES) * chance.choice((1, 1, 1, 30))
                case 2:
                    del raw[at:end]
                case 3:
                    raw[at:at] = raw[at:end] * chance.choice((1, 3))
                case 4:
                    other = chance.choice(whole)
                    start = chance.randrange(len(other))
                    raw[at:end] = other[start : start + chance.choice((10, 100, 3000))]
                case _:
                    del raw[end:]
            if not raw:
                raw = bytearray(b"\n")
        yield bytes(raw)


def check(raw: bytes) -> Reading:
    """Read `raw`; what comes of it must cross the pipe, and a row of a database must hold it."""
    reading = read(raw)
    text = reading.to_json()
    assert Reading.from_json(text) == reading
    assert "\\u0000" not in text
    text.encode()
    assert reading.notices
    for one in reading.notices:
        assert one.notice.date is None or 1980 < one.notice.date.year < 2110
    return reading


if __name__ == "__main__":
    until = time.monotonic() + float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for count, mutant in enumerate(mutants(seed)):
        try:
            check(mutant)
        except BaseException:
            with open(f"mutant-{seed}-{count}.eml", "wb") as file:
                file.write(mutant)
            raise
        if time.monotonic() > until:
            print(count + 1, "mutants of seed", seed)  # noqa: T201
            break
