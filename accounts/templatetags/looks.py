"""How numbers, money, moments and icons look on a page (docs/looks.md). All of it is escape-safe."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOON = timedelta(hours=72)  # from here on a deadline is called due soon (first reminder, ux.md 2.1)
HAN = re.compile(r"[\u3400-\u9fff]")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon `name` of static/icons.svg; spoken as `label`, or silent without one."""
    return _drawn(name, str(label))


@lru_cache(maxsize=512)  # a list of cases shows fifty, and where the file is never changes while we run
def _drawn(name: str, label: str) -> SafeString:
    address = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.filter
def grouped(number: object) -> SafeString:
    """An order or case number in groups of four, set apart by margins so that it is copied whole."""
    text = "" if number is None else str(number)
    if not text:
        return format_html("{}", "")
    fours = [text[start : start + 4] for start in range(0, len(text), 4)]
    return format_html(
        '<span class="digits">{}</span>', format_html_join("", "<span>{}</span>", ((four,) for four in fours))
    )


@register.filter
def money(amount: Decimal | str | float | None, currency: str = "CNY") -> str:
    """`amount` as people read it: ¥1,299.00; other currencies by their code; "" for None or no number."""
    if amount is None or amount == "":
        return ""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return ""
    if not value.is_finite():
        return ""
    sign = "−" if value < 0 else ""
    mark = "¥" if currency in ("CNY", "") else f"{currency} "
    return f"{sign}{mark}{abs(value):,.2f}"


@register.filter
def lang(words: object) -> str:
    """The `lang` attribute, with a blank before it, of words that are nobody's translation: "" without Han letters."""
    return format_html(' lang="{}"', "zh-Hans") if HAN.search(str(words)) else ""


def in_its_language(words: str) -> SafeString:
    """`words` in a span with their `lang`: for the choices of a form, which no template writes out."""
    return format_html("<span{}>{}</span>", lang(words), words)


@register.filter
def moment(at: datetime | None) -> SafeString:
    """An aware datetime as <time>2026-11-10 18:30</time> of Shanghai; "" for None."""
    return _time(at, "%Y-%m-%d %H:%M")


@register.filter
def day(at: datetime | None) -> SafeString:
    """An aware datetime as the day it falls on in Shanghai; "" for None."""
    return _time(at, "%Y-%m-%d")


def _time(at: datetime | None, form: str) -> SafeString:
    if at is None:
        return format_html("{}", "")
    there = at.astimezone(SHANGHAI)
    return format_html('<time datetime="{}">{}</time>', there.isoformat(timespec="minutes"), there.strftime(form))


@register.simple_tag
def remaining(at: datetime | None, now: datetime | None = None) -> SafeString:
    """How long until `at`, in its two largest units; how long since when it has passed; "" for None.

    at, now  aware datetimes; `now` is the moment of the request, the present one when not given
    """
    if at is None:
        return format_html("{}", "")
    left = at - (now or timezone.now())
    span = spell(abs(left))
    if left < timedelta(0):
        return format_html('<span class="remaining past">{}</span>', _("已过%(span)s") % {"span": span})
    return format_html('<span class="remaining">{}</span>', _("还剩%(span)s") % {"span": span})


def spell(span: timedelta) -> str:
    """A positive `span` in days and hours; below a day hours and minutes; below an hour minutes only."""
    minutes = int(span.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    said = []
    if days:
        said.append(ngettext("%(n)d天", "%(n)d天", days) % {"n": days})
    if hours:
        said.append(ngettext("%(n)d小时", "%(n)d小时", hours) % {"n": hours})
    if minutes and not days:
        said.append(ngettext("%(n)d分钟", "%(n)d分钟", minutes) % {"n": minutes})
    if len(said) == 2:
        return _("%(larger)s%(smaller)s") % {"larger": said[0], "smaller": said[1]}
    return said[0] if said else _("不到1分钟")


@register.filter
def urgency(at: datetime | None, now: datetime | None = None) -> str:
    """Which tag a deadline wears: `overdue`, `due-soon` (within 72 h), `waiting`; `neutral` for None."""
    if at is None:
        return "neutral"
    left = at - (now or timezone.now())
    if left < timedelta(0):
        return "overdue"
    return "due-soon" if left <= SOON else "waiting"
