"""解释这个日期: from when a date was counted, which days count, by which rule, and how well that is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from complaints import words
from complaints.clocks import SHANGHAI, Day, count_working_days, days_after, is_working_day
from complaints.stages import CLOCKS, Deadline, Party, Step
from complaints.words import Text

LONGEST = 400  # days that are listed at most; no clock of the platform comes near

# What the sources say of each usual clock (docs/sources.md#clocks); all of them are of grade B.
RULES: dict[str, Text] = {
    "merchant-first-response": _("商家首次回应退款申请，多数文章写2天（2022年8月起），也有写3天、5天的。"),
    "merchant-re-response": _("买家修改申请后，商家再次回应，文章写2天。"),
    "buyer-after-refusal": _("商家拒绝后，买家修改申请或申请平台介入，两处文章写7天，另有一处写5天。"),
    "buyer-return": _(
        "商家同意退货后，买家寄回并填写运单号，文章写7天；争议处理规则第43条确认逾期会关闭，但没有写天数。"
    ),
    "merchant-confirm-return": _("商家确认收到退货，文章写寄出后10天；物流显示签收后3天。"),
    "evidence": _("平台要求举证后，双方提交凭证，各处文章都写3天。通知里写了日期的，以通知为准。"),
}

WORKING = re.compile(r"工作日|working days?|business days?", re.IGNORECASE)
HOURS = re.compile(r"小时|分钟|\bhours?|\bminutes?", re.IGNORECASE)
DAYS = re.compile(r"天|日|\bdays?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Explained:
    """A date and where it comes from. What is not known is not said: `start` is None, `days` is empty."""

    deadline: Deadline
    party: Text
    is_mine: bool
    source: Text
    quote: str  # the notice's own words
    if_missed: Text
    began_with: Text  # the act that the count starts from
    start: datetime | None
    unit: str  # working, calendar, hours; "" where nothing was counted, or we cannot say how
    count: int  # of that unit
    days: tuple[Day, ...]  # of a count of working days
    is_estimate: bool  # it runs through a year whose make-up days are not known
    rule: Text
    grade: str  # of the rule, as in docs/sources.md


def explain(deadline: Deadline, step: Step | None) -> Explained:
    """How `deadline` came about; `step` is the act that it belongs to, as it is told now."""
    start = step.told.at if step else None
    unit, count, is_estimate = "", 0, False
    days: tuple[Day, ...] = ()
    clock = None
    if deadline.source == "computed" and start:
        unit, count, days, is_estimate = counted(start, deadline.at, deadline.because)
    elif deadline.source == "rule":
        clock = next(
            (row for row in CLOCKS if row.key == deadline.because and step and row.after is step.told.act), None
        )
        unit, count = ("calendar", clock.days) if clock else ("", 0)
    by = words.PARTIES[step.told.by or ""] if step else ""
    return Explained(
        deadline=deadline,
        party=words.PARTIES[deadline.waiting_for],
        is_mine=deadline.waiting_for is Party.BUYER,
        source=words.DEADLINE_FROM.get(deadline.source, deadline.source),
        quote="" if deadline.source == "rule" else deadline.because,
        if_missed=words.IF_MISSED.get(deadline.if_missed or "", ""),
        began_with=f"{by}{_('：') if by else ''}{words.ACTS[step.told.act or '']}" if step else "",
        start=start if unit else None,
        unit=unit,
        count=count,
        days=days,
        is_estimate=is_estimate,
        rule=RULES.get(deadline.because, "") if clock else "",
        grade="B" if clock else "",
    )


def counted(start: datetime, due: datetime, said: str) -> tuple[str, int, tuple[Day, ...], bool]:
    """(unit, how many, the days, whether it is an estimate) of the count that leads from `start` to `due`.

    said  the notice's words for it, which name the unit
    returns  "" and nothing when no count from `start` leads there: it began with something else that the notice names
    """
    span = due - start
    if not timedelta(0) < span < timedelta(days=LONGEST):
        return "", 0, (), False
    first, last = start.astimezone(SHANGHAI).date(), due.astimezone(SHANGHAI).date()
    between = [first + timedelta(days=day) for day in range(1, (last - first).days + 1)]
    if WORKING.search(said):
        many = sum(is_working_day(day) for day in between)
        told = count_working_days(start, many) if many else None
        return ("working", many, told.days, told.is_estimate) if told and told.due == due else ("", 0, (), False)
    if HOURS.search(said):
        return ("hours", span // timedelta(hours=1), (), False) if not span % timedelta(hours=1) else ("", 0, (), False)
    if DAYS.search(said) and between and days_after(start, len(between)) == due:
        return "calendar", len(between), (), False
    return "", 0, (), False
