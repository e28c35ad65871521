"""Mails made to cost time: a structure each, any size. By hand up to 20 MB: python -m tests.mails.hostile [WORD …]"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from time import process_time

from complaints.intake.reading import read
from tests.mails.wraps import a_mail

HEAD = 240_000  # bytes: a header block has a limit of its own


def _repeated(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _forward(text: str, **more: str) -> bytes:
    return a_mail(text, **{"subject": "转发: x", **more})


def _html(text: str) -> bytes:
    return _forward(text).replace(b"text/plain", b"text/html")


def _coded(encoding: bytes, data: bytes) -> bytes:
    return _forward("").replace(b"8bit", encoding) + data


def _mixed(parts: list[bytes]) -> bytes:
    head = b"From: a@b.cn\r\nSubject: Fwd: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def _nested_in_base64(size: int) -> bytes:
    raw = _forward("x")
    while len(raw) < size:
        part = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(raw)
        raw = _mixed([part, part])
    return raw


_NESTED = "-----原始邮件-----\n发件人: 李雷 <lilei@qq.com>\n日期: 2026-11-08\n主题: 转发: x\n\n"
_BLOCK = "发件人：a@b.cn\n主题：x\n日期：2026-11-08 18:30\n\n"

TEXTS = {  # pieces, repeated
    "a notice": "您的投诉已受理，订单编号：3299194706518006493。\n",
    "one line": "您的投诉已受理，",
    "one word": "a",
    "digits": "1",
    "digits apart": "1 ",
    "quote marks": ">",
    "quoted deeper and deeper": ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> x\n",
    "labels": "发件人：a@b.cn\n",
    "blocks": _BLOCK,
    "blocks on one line": _BLOCK.replace("\n", " "),
    "separators": "-----原始邮件-----\n",
    "forwards of forwards": _NESTED,
    "intros": "On 2026-11-08 18:30, a <a@b.cn> wrote:\n> x\n",
    "nearly intros": "a@b.cn 2026-11-08 18:30 many more words than the name of anybody is long, really\n",
    "ends": "----- End forwarded message -----\n",
    "dates": "2026-11-08 18:30 ",
    "dates without a year": "11月8日18:30前",
    "opening quotes": "“",
    "brackets": "（【「",
    "dashes": "-",
    "newlines": "\n",
    "blanks": " ",
    "no-break blanks": "\u00a0",
    "cells": "发件人\t",
    "conditions": "如果，",
    "negations": "不未没尚",
    "turned round": "\u202ea",
}
PAGES = {
    "less than": "<",
    "blocks": "<div>",
    "rows": "<tr><td>发件人</td><td>a@b.cn</td></tr>",
    "ampersands": "&",
    "entities": "&nbsp;",
    "formats": "<b>",
    "comments": "<!--",
    "paragraphs": "<p>您的投诉已受理</p>",
    "rules": "<style>.a{color:red}",
    "styles": '<i style="/*/*/*\\66\\66:x;;;;color:rgb(1,1">x</i>',
    "links": '<a href="mailto:a@b.cn">天猫</a>',
    "terms": "<dt>a<dd>b",
    "side by side": "<div style=display:flex><div>a</div>",
}
HEADERS = {
    "encoded words": "X: =?utf-8?b?YQ==?= ",
    "people": "Cc: a@b.cn, ",
    "quotes": 'Cc: """""""',
    "comments": "Cc: (((((((",
    "folds": "X: y\r\n y",
}

STRUCTURES: dict[str, Callable[[int], bytes]] = {
    **{f"text, {name}": lambda size, piece=piece: _forward(_repeated(piece, size)) for name, piece in TEXTS.items()},
    **{f"page, {name}": lambda size, piece=piece: _html(_repeated(piece, size)) for name, piece in PAGES.items()},
    **{
        f"header, {name}": lambda size, piece=piece: _forward(
            "x",
            headers=piece[: piece.index(":") + 2] + _repeated(piece[piece.index(":") + 2 :], min(size, HEAD)) + "\r\n",
        )
        for name, piece in HEADERS.items()
    },
    "subject, encoded words": lambda size: _forward("x", subject=_repeated("=?utf-8?b?YQ==?= ", min(size, HEAD))),
    "pieces of a parameter": lambda size: _forward("x").replace(
        b"text/plain;", b"text/plain;" + b"".join(b" n*%d=x;" % number for number in range(min(size, HEAD) // 12))
    ),
    "base64, rubbish": lambda size: _coded(b"base64", _repeated("!@#$%^&*()=", size).encode()),
    "base64": lambda size: _coded(b"base64", base64.encodebytes(_repeated("您的投诉已受理。\n", size // 4).encode())),
    "quoted-printable, cut": lambda size: _coded(b"quoted-printable", b"=" * size),
    "quoted-printable": lambda size: _coded(b"quoted-printable", _repeated("=E6=82=A8", size).encode()),
    "flowed": lambda size: _forward(_repeated("abc \n", size)).replace(
        b"charset=utf-8", b"charset=utf-8; format=flowed"
    ),
    "entities in text": lambda size: _forward("&nbsp;" + _repeated("&gt;;&amp;", size)),
    "carriage returns": lambda size: _coded(b"7bit", b"\r" * size),
    "nul": lambda size: _coded(b"8bit", b"\0" * size),
    "high bytes": lambda size: _coded(b"8bit", b"\xff" * size),
    "gbk without a label": lambda size: (
        _forward("").replace(b"utf-8", b"us-ascii") + _repeated("您的投诉已受理", size // 2).encode("gbk")
    ),
    "pasted": lambda size: _repeated(TEXTS["a notice"], size // 3).encode(),
    "parts": lambda size: _mixed([b"Content-Type: text/plain\r\n\r\nx"] * (size // 40)),
    "450 pages": lambda size: _mixed(
        [b"Content-Type: text/html\r\n\r\n" + _repeated("<div>x", size // 450).encode()] * 450
    ),
    "200 originals": lambda size: _mixed(
        [b"Content-Type: message/rfc822\r\n\r\nFrom: a@b.cn\r\nSubject: y\r\n\r\n" + b"x" * (size // 200)] * 200
    ),
    "originals in originals": lambda size: (
        b"From: a@b.cn\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n" * (size // 62)
    ),
    "originals in base64": _nested_in_base64,
    "boundaries": lambda size: _forward("\n".join(f"boundary=b{number}\n--b{number}" for number in range(size // 20))),
}


if __name__ == "__main__":
    for name, build in STRUCTURES.items():
        if len(sys.argv) > 1 and not any(word in name for word in sys.argv[1:]):
            continue
        row = []
        for size in (2_000, 20_000, 200_000, 2_000_000, 20_000_000):
            raw = build(size)
            started = process_time()
            read(raw)
            row.append(f"{process_time() - started:6.2f}")
        print(f"{name:36}", *row, flush=True)  # noqa: T201
