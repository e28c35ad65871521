"""Mails to send to a running Suji, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Callable

FROM = "mei@example.com"


def notice(number: int) -> bytes:
    """A platform's acknowledgement of the complaint 20261122NNNN."""
    return (
        f"From: {FROM}\r\nSubject: =?utf-8?b?5oqV6K+J?= {number}\r\nMessage-ID: <{number}@example.com>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        f"您好，您的投诉已受理，投诉编号：20261122{number:04d}，请等待商家处理。\r\n"
    ).encode()


def whole(number: int) -> bytes:
    """The same with every header that a signature has to cover."""
    return b"To: in@in.suji.example.org\r\nDate: Mon, 09 Nov 2026 10:00:00 +0800\r\n" + notice(number)


def story(manage: Callable[..., str], owner: str) -> dict[str, list[str]]:
    """The cases of `owner` by number: what was done in each, proposals too."""
    told = json.loads(manage("tell", "--owner", owner))
    return {case["case_no"]: [event["act"] for event in case["events"]] for case in told["cases"]}
