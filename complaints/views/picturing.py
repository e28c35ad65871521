"""What the page of a picture shows beside its mail: the picture with the places, what was read, and the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints import chats, screenshots, words
from complaints.forms import PictureForm, did_label
from complaints.intake.endings import waits
from complaints.models import IncomingMail, Notice
from complaints.models.mail import Outcome
from complaints.screenshots import Box
from complaints.stages import Act, Party
from complaints.words import Text
from evidence.models import Exhibit

# What a place of the picture, or a doubtful value, is called (`of` in a reading).
PLACES: dict[str, Text] = {
    "kind": _("这是什么"),
    "act": _("发生了什么"),
    "outcome": _("结果"),
    "deadline": _("截止时间"),
    "date": _("日期"),
    "amount": _("金额"),
    "order_no": _("订单编号"),
    "case_no": _("投诉或退款编号"),
    "shop": _("店铺"),
    "reason": _("原因"),
    "offer": _("提议"),
}
# What a line of the merchant counts as (chats.MEANT).
MEANT: dict[str, Text] = {
    "replies": _("商家答复"),
    "refuses": _("商家拒绝"),
    "offers": _("商家提议"),
}
PICTURES: dict[str, Text] = {
    "notice": _("通知截图"),
    "order": _("订单截图"),
    "chat": _("聊天截图"),
    "logistics": _("物流截图"),
    "sms": _("短信截图"),
    "refusal": _("拒绝的截图"),
    "nothing": _("没看出和投诉有关的内容"),
}


def picture_context(mail: IncomingMail, notices: Sequence[Notice], form: PictureForm | None) -> dict[str, Any]:
    """What `_picture.html` and `_picture_confirm.html` show of a picture."""
    asked = [notice for notice in notices if waits(notice, mail)]  # of several short messages one after another
    notice = next(iter(asked or notices), None)
    exhibit = screenshots.picture_of(mail)
    reading = notice.reading if notice else {}
    boxes = screenshots.boxes_of(reading)
    waiting = screenshots.waiting_of(mail.owner).exclude(pk=mail.pk)
    is_open = mail.outcome == Outcome.REVIEW and notice is not None
    case = notice.case if notice else None
    context: dict[str, Any] = {
        "exhibit": exhibit,
        "is_copy_waiting": exhibit is not None and exhibit.copy == Exhibit.Copy.WAITING,
        "size": size_of(reading, exhibit),
        "boxes": [(place, PLACES.get(box.of, box.of), box) for place, box in enumerate(boxes, start=1)],
        "picture_kind": PICTURES.get(str(reading.get("picture") or ""), ""),
        "is_read": bool(notice and notice.body),
        "lines": lines_shown(notice) if notice else [],
        "left": waiting.count(),
        "next_picture": waiting.first(),
        "told_stage": words.STAGES[case.stage] if case and mail.outcome == Outcome.FILED else "",
    }
    if is_open and notice:
        form = form or PictureForm(None, mail=mail, notice=notice)
        begun = form.initial
        context |= {
            "picture_form": form,
            "guess": guess_of(notice, begun),
            "may_confirm": bool(begun["did"] and begun["into"]),
            "doubtful": doubtful(reading, boxes),
            "is_offer": bool(begun["offer"]),
        }
    return context


def lines_shown(notice: Notice) -> list[dict[str, Any]]:
    """Each line of a chat: who says it, what it counts as, and what else its owner may say of it, each in one tap."""
    return [
        {
            "line": line,
            "party": words.PARTIES.get(line["who"], ""),
            "counts": MEANT.get(line.get("counts", ""), ""),
            "may_count": [(f"{number}:{meant}", label) for meant, label in MEANT.items() if meant != line.get("counts")]
            if line["who"] == Party.MERCHANT
            else [],
            "may_stop": f"{number}:{chats.NOTHING}" if line.get("counts") else "",
            "others": [(f"{number}:{who}", words.PARTIES[who]) for who in chats.SPEAKERS if who != line["who"]],
        }
        for number, line in enumerate(chats.lines_of(notice))
    ]


def size_of(reading: dict[str, Any], exhibit: Exhibit | None) -> tuple[int, int] | None:
    """Width and height in which the places are drawn."""
    if size := reading.get("size"):
        return size[0], size[1]
    return (exhibit.width, exhibit.height) if exhibit and exhibit.width and exhibit.height else None


def guess_of(notice: Notice, begun: Mapping[str, Any]) -> str:
    """What the machine takes it for, in a line; "" when it is not sure."""
    if not begun["did"]:
        return ""
    act, _colon, by = begun["did"].partition(":")
    done = Act(act), Party(by)
    outcome = words.OUTCOMES.get(begun["outcome"], "")
    return " · ".join(str(part) for part in (did_label(done), outcome) if part)


def doubtful(reading: dict[str, Any], boxes: Sequence[Box]) -> list[tuple[Text, str, Box | None]]:
    """Each value that was read and may be wrong: its name, the words as they were read, and where they stand."""
    found: list[tuple[Text, str, Box | None]] = []
    for name in sorted(screenshots.unsure_of(reading)):
        box = next((box for box in boxes if box.of == name), None)
        value = box.words if box else str(reading["fields"].get(name) or "")
        found.append((PLACES.get(name, name), value, box))
    return found
