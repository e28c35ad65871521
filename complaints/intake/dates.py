"""Moments in the text of mails, Chinese and English: a grammar without backtracking.

Every quantifier is bounded or possessive, so a text of n characters costs a constant times n. The forms
are those that mail clients write into forwarded headers and that notices write into sentences
(docs/sources.md#forwards): ISO, 2026年11月8日 with or without weekday, the twelve-hour clock with its part
of the day (晚上7:32), RFC 2822, English long forms, Chinese numerals, 今天/明天, and ranges.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from complaints.clocks import SHANGHAI

FIRST_YEAR, LAST_YEAR = 1990, 2100
LAST_DAY = 32  # stands for the last day of a month
LONGEST_HEADER = 300  # a date header longer than this is not read further


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as written: what the text did not say is None."""

    start: int  # the span in the text, end exclusive
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None  # 0–24; 24 is midnight at the end of the day
    minute: int | None = None
    second: int | None = None
    offset_minutes: int | None = None  # of the zone, east positive
    days_ahead: int | None = None  # 今天 0, 明天 1, 昨天 -1: counted from the notice's own day
    months_ahead: int | None = None  # 本月 0, 下月 1; its day, or with LAST_DAY the last one (月底)
    weekday: int | None = None  # Monday 1 to Sunday 7, of the week that weeks_ahead names, else the next one
    weeks_ahead: int | None = None  # 本周 0, 下周 1; weeks begin on Monday

    @property
    def is_counted(self) -> bool:
        """Whether the day is told from the notice's own: 明天, 下周三, 本月12日, 12日."""
        return self.month is None or self.day is None

    @property
    def has_time(self) -> bool:
        return self.hour is not None


_ = r"[^\S\r\n]{0,8}+"  # blanks of any width within the line
_ZH_MONTH = r"十[一二]|[一二三四五六七八九十]"
_1_9 = "[一二三四五六七八九]"
_ZH_DAY = rf"三十一?|二十{_1_9}?|十{_1_9}?|{_1_9}|廿{_1_9}?"
_ZH_DIGIT = "〇零○一二三四五六七八九"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_EN_MONTH = "|".join(
    [*_LONG_MONTHS, *(name.upper() for name in _LONG_MONTHS), "Sept"]
    + [form for name in _MONTHS for form in (name.title(), name.upper())]
)
_ZONE = (
    r"[（(]?(?:GMT|UTC)[+\-−]\d{1,2}(?::?\d{2})?(?!\d)[）)]?"
    r"|[（(]?(?:GMT|UTC|CST|HKT|EST|EDT|PST|PDT|JST)(?![A-Za-z+\-])[）)]?"
    r"|[（(]?北京[时時][间間][）)]?|[（(]?Beijing\ [Tt]ime[）)]?"
)
_PART = "凌晨|清晨|早上|早晨|早间|上午|中午|正午|午后|午後|下午|傍晚|晚上|晚间|夜间|夜里|深夜|半夜|早|晚|AM|PM"
_WEEKDAY = (
    r"[（(]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天][）)]?"
    r"|[（(]?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?[）)]?"
)

# fmt: off
_DATE = re.compile(
    rf"""
      (?<![0-9A-Za-z])(?P<y1>\d{{4}}){_}年{_}(?P<m1>\d{{1,2}}){_}月{_}(?P<d1>\d{{1,2}})(?!\d){_}[日号號]?
    | (?<![0-9A-Za-z])(?P<y2>\d{{4}})(?P<s2>[-/.－／．])(?P<m2>\d{{1,2}})(?P=s2)(?P<d2>\d{{1,2}})(?!\d)
    | (?<![0-9])(?P<m3>\d{{1,2}}){_}月{_}(?P<d3>\d{{1,2}}){_}[日号號]
    | (?<![0-9A-Za-z./-])(?P<m4>\d{{1,2}})[-/.](?P<d4>\d{{1,2}})(?={_}\d{{1,2}}[:：]\d{{2}})
    | (?<![0-9A-Za-z./-])(?P<a5>\d{{1,2}})/(?P<b5>\d{{1,2}})/(?P<y5>\d{{4}})(?!\d)
    | (?<![0-9A-Za-z])(?P<d6>\d{{1,2}})(?:st|nd|rd|th)?[ \t-]{{1,2}}(?P<n6>{_EN_MONTH})\.?,?[ \t-]{{1,3}}
      (?P<y6>\d{{4}}|\d{{2}}(?=[ \t]\d{{1,2}}:))(?!\d)
    | (?<![0-9A-Za-z:.,])(?P<d11>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<n11>{_EN_MONTH})(?![A-Za-z])
    | (?<![A-Za-z])(?P<n7>{_EN_MONTH})\.?[^\S\r\n]{{1,3}}(?P<d7>\d{{1,2}})(?:st|nd|rd|th)?(?![0-9])
      (?:,?[^\S\r\n]{{1,2}}(?P<y7>\d{{4}})(?!\d))?
    | (?P<n8>{_ZH_MONTH}|(?<![0-9年])\d{{1,2}})月{_}(?P<d8>\d{{1,2}})(?!\d){_}[,，]?{_}(?P<y8>\d{{4}})(?![\d年])
    | (?:(?P<y9>[{_ZH_DIGIT}]{{4}})年)?(?P<n9>{_ZH_MONTH})月(?P<d9>{_ZH_DAY})[日号號]
    | (?P<mon>本月|当月|當月|这个月|這個月|下个?月|下個月|次月|(?<![0-9年])\d{{1,2}}月|(?<![0-9年一二三四五六七八九十个個])(?=月[底末])){_}
      (?:(?P<d10>\d{{1,2}}|{_ZH_DAY})[日号號]|(?P<last>月?[底末](?![层部尾单])))
    | (?P<nth>(?<=[于於在至到(（:：,，。;；请請须須应應止为為是\n ])\d{{1,2}})[日号號](?={_}(?:{_PART})?{_}\d{{1,2}}[:：点點时時]|{_}(?:之前|以前|前|截止))
    | (?P<wk>(?:本|这|這|下下|下个?|下個)?(?:周|週|星期|礼拜|禮拜)(?P<wd>[一二三四五六日天末])(?=(?P<wkdue>[^,，。;；\n]{{0,12}}?(?:之前|以前|前|截止|为止))|[^,，。;；\n]))
    | (?:(?<=[Bb]y\ )|(?<=[Bb]efore\ )|(?<=[Uu]ntil\ ))(?:this\ |next\ )?(?P<enwd>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?!,?[ ](?:\d{{1,2}}[ ]|{_EN_MONTH}))
    | (?P<rel>今[天日早晚]|明[天日早晚]|次日|当[天日](?=[^,，。;；\n]{{0,8}}(?:前|内|之?内))|后天|後天|昨[天日晚]|\b[Tt](?:oday|omorrow)\b|\b[Yy]esterday\b)
    """,
    re.VERBOSE,
)
_CLOCK = rf"""
      (?P<h>\d{{1,2}})[:：](?P<mi>\d{{2}})(?!\d)(?:[:：](?P<s>\d{{2}})(?!\d)(?:\.\d{{1,9}})?)?
    | (?P<h4>\d{{1,2}})(?=[ ]?[AaPp]\.?[Mm]\b)
    | (?P<h2>\d{{1,2}}){_}[点點时時](?!建议|要求|说明|意见|原因|理由)
      (?:{_}(?P<mi2>\d{{1,2}})(?!\d){_}分?(?:{_}(?P<s2>\d{{1,2}})秒)?|(?P<half>半)|整|钟)?
    | (?P<h3>{_ZH_DAY}|[零〇])[点點时時]
      (?:(?P<mi3>[二三四五]?十{_1_9}?|[零〇]{_1_9})分|(?P<half3>半)|整)?
"""
# 11月25日下班前（18:00）: what the hour in brackets is called
_CLOSING = rf"(?:(?:当天|當天|当日|當日|下班|打烊|收工|关门|關門|营业结束|營業結束)?之?[前]?{_})"
_TAIL = re.compile(
    rf"""
    {_}[,，]?{_}(?:{_WEEKDAY})?+{_}(?:[,，]|at\b|的)?+{_}(?:(?P<T>[Tt])(?=\d))?+
    (?:{_CLOSING}?[（(]{_})?+(?P<zone1>{_ZONE})?+{_}(?P<part>{_PART})?+{_}(?:{_CLOCK})
    {_}(?P<ampm>[AaPp]\.?[Mm]\.?(?![A-Za-z])|上午|下午)?+
    (?:{_}(?P<zone2>{_ZONE})|(?P<Z>Z)(?![A-Za-z])|{_}(?P<num>[+\-−]\d{{2}}:?\d{{2}})(?![\d:：]))?+
    """,
    re.VERBOSE,
)
_TIME_BEFORE = re.compile(
    rf"""
    (?<!\d)(?P<h>\d{{1,2}})(?::(?P<mi>\d{{2}})(?::(?P<s>\d{{2}}))?|(?=[ ]?[AaPp]\.?[Mm]\b)){_}(?P<ampm>[AaPp]\.?[Mm]\.?)?+
    {_}(?P<zone2>{_ZONE})?+{_}(?:,|on){_}(?:{_WEEKDAY})?+,?{_}$
    """,
    re.VERBOSE,
)
# ctime and Java write the year last
_YEAR_AFTER = re.compile(rf"{_}(?P<zone>{_ZONE})?+{_}(?P<year>(?:19|20|21)\d{{2}})(?![\d:：年])")
_RANGE = re.compile(rf"{_}(?:至|到|[-–—~～－])(?!\d{{4}}){_}")
_RANGE_DAY = re.compile(rf"(?P<d>\d{{1,2}}){_}[日号號]")
_RANGE_TIME = re.compile(rf"(?P<part>{_PART})?+{_}(?:{_CLOCK})", re.VERBOSE)
_PAREN_WEEKDAY = re.compile(rf"{_}[（(](?:星期|周|週)[一二三四五六日天][）)]")
# fmt: on

_WEEKDAYS = {day: place for place, day in enumerate("一二三四五六日", start=1)} | {"天": 7, "末": 7}
_EN_WEEKDAYS = {"Mon": 1, "Tues": 2, "Wednes": 3, "Thurs": 4, "Fri": 5, "Satur": 6, "Sun": 7}
_RELATIVE = {"今": 0, "当": 0, "明": 1, "次": 1, "后": 2, "後": 2, "昨": -1, "yesterday": -1, "today": 0, "tomorrow": 1}
_ZONES = {"EST": -300, "EDT": -240, "PST": -480, "PDT": -420, "JST": 540, "GMT": 0, "UTC": 0}
_WINDOW_BEFORE = 48  # how far before an English date its time of day may stand


def _chinese(text: str) -> int:
    """The number that `text` (at most 五十九) writes in Chinese."""
    if text.startswith("廿"):
        text = "二十" + text[1:]
    values = {digit: max(0, place - 2) for place, digit in enumerate(_ZH_DIGIT)}
    if "十" in text:
        tens, ones = text.split("十")
        return (values[tens] if tens else 1) * 10 + (values[ones] if ones else 0)
    return values[text[-1]]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _chinese(text)


def _chinese_year(text: str) -> int:
    return int("".join(str(max(0, _ZH_DIGIT.index(digit) - 2)) for digit in text))


def _month_number(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _full_year(digits: str) -> int:
    """RFC 5322 4.3: two digits below 50 are this century."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)


def _dated(found: re.Match[str]) -> Moment | None:
    """The date of a match of _DATE, None if no calendar has it."""
    start, end, group = found.start(), found.end(), found.groupdict()
    if rel := group["rel"]:
        return Moment(start, end, days_ahead=_RELATIVE.get(rel[0], _RELATIVE.get(rel.lower(), 0)))
    if group["mon"] is not None or group["nth"] or group["wk"] or group["enwd"]:
        return _counted(start, end, group)
    year: int | None = None
    if group["m1"]:
        year, month, day = int(group["y1"]), int(group["m1"]), int(group["d1"])
    elif group["m2"]:
        year, month, day = int(group["y2"]), int(group["m2"]), int(group["d2"])
    elif group["m3"]:
        month, day = int(group["m3"]), int(group["d3"])
    elif group["m4"]:
        month, day = int(group["m4"]), int(group["d4"])
    elif group["y5"]:
        year, month, day = int(group["y5"]), int(group["a5"]), int(group["b5"])
        if month > 12:  # 28/6/2024: only the day can be above twelve
            month, day = day, month
    elif group["n6"]:
        year, month, day = _full_year(group["y6"]), _month_number(group["n6"]), int(group["d6"])
    elif group["n11"]:
        month, day = _month_number(group["n11"]), int(group["d11"])
    elif group["n7"]:
        year = int(group["y7"]) if group["y7"] else None
        month, day = _month_number(group["n7"]), int(group["d7"])
    elif group["n8"]:
        year, month, day = int(group["y8"]), _number(group["n8"]), int(group["d8"])
    else:
        year = _chinese_year(group["y9"]) if group["y9"] else None
        month, day = _chinese(group["n9"]), _chinese(group["d9"])
    moment = Moment(start, end, year, month, day)
    return moment if _exists(moment) else None


def _counted(start: int, end: int, group: dict[str, str | None]) -> Moment | None:
    """A day that is counted from the notice's own: 本月12日, 12日, 月底, 下周三, by Friday."""
    if group["enwd"]:
        return Moment(start, end, weekday=_EN_WEEKDAYS[group["enwd"]])
    if week := group["wk"]:
        here = week[0] in "本这這"
        if not here and week[0] != "下" and not group["wkdue"]:
            return None  # 周一至周五: not a day but a habit
        return Moment(
            start,
            end,
            weekday=_WEEKDAYS[group["wd"] or "日"],
            weeks_ahead=0 if here else 2 if week.startswith("下下") else 1 if week[0] == "下" else None,
        )
    if nth := group["nth"]:
        return Moment(start, end, day=int(nth)) if 1 <= int(nth) <= 31 else None
    month = group["mon"] or ""
    if group["last"]:
        day = LAST_DAY
    else:
        written = group["d10"] or ""
        day = _number(written)
    if month[:1].isdigit():
        number = int(month.rstrip("月"))
        return Moment(start, end, month=number, day=LAST_DAY) if 1 <= number <= 12 and day == LAST_DAY else None
    return Moment(start, end, day=day, months_ahead=1 if month[:1] in ("下", "次") else 0) if day else None


def _exists(moment: Moment) -> bool:
    if moment.year is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return False
    if moment.month is None or moment.day is None:
        return moment.days_ahead is not None
    if not 1 <= moment.month <= 12:
        return False
    leap_year = 2024
    return 1 <= moment.day <= calendar.monthrange(moment.year or leap_year, moment.month)[1]


def _offset(group: dict[str, str | None], *, iso: bool) -> int | None:
    """Minutes east of UTC that the zone pieces of a time say."""
    if group.get("Z"):
        return 0
    if number := group.get("num"):
        if ":" in number and number[0] != "+" and not iso:
            return None  # 9:00-10:00 is a range of hours, not a zone
        digits = number[1:].replace(":", "")
        return _signed(number[0], int(digits[:2]), int(digits[2:]))
    zone = (group.get("zone2") or group.get("zone1") or "").strip("()（）")
    if not zone:
        return None
    if zone[:3] in ("GMT", "UTC") and len(zone) > 3:
        digits = zone[4:].replace(":", "")
        hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
        return _signed(zone[3], int(hours), int(minutes))
    return _ZONES.get(zone, 480)  # CST in a Chinese mail is China's; 北京时间


def _signed(sign: str, hours: int, minutes: int) -> int | None:
    offset = (hours * 60 + minutes) * (1 if sign == "+" else -1)
    return offset if abs(offset) <= 14 * 60 and minutes < 60 else None


def _clock(group: dict[str, str | None]) -> tuple[int, int, int] | None:
    """Hour (0–24), minute and second of a match of _CLOCK with its part of the day, None if none shows it."""
    if hour := group.get("h") or group.get("h4"):
        hours, minutes, seconds = int(hour), int(group.get("mi") or 0), int(group.get("s") or 0)
    elif hour := group.get("h2"):
        hours, seconds = int(hour), int(group.get("s2") or 0)
        minutes = 30 if group.get("half") else int(group.get("mi2") or 0)
    else:
        hours, seconds = _chinese(group["h3"] or "零"), 0
        minutes = 30 if group.get("half3") else _chinese(group.get("mi3") or "零")
    part = (group.get("part") or group.get("ampm") or "").replace(".", "").upper()
    hours = _on_24(hours, part)
    if hours > 24 or minutes > 59 or seconds > 60:
        return None
    return hours, minutes, min(seconds, 59)


def _on_24(hours: int, part: str) -> int:
    """`hours` of a clock face in its `part` of the day, counted from midnight; 晚上12点 is 24."""
    if not part or hours > 12:
        return hours
    if part in ("AM", "上午", "凌晨", "清晨", "早上", "早晨", "早间", "早"):
        return 0 if hours == 12 else hours
    if part in ("PM", "下午", "午后", "午後", "傍晚"):
        return 12 if hours == 12 else hours + 12
    if part in ("中午", "正午"):
        return hours if hours >= 10 else hours + 12
    if hours == 12:
        return 24
    return hours + 12 if hours >= 5 else hours  # 晚上7:32; 半夜2点 is already past midnight


def _timed(text: str, moment: Moment) -> Moment:
    """`moment` with the time of day that stands right after it, or before it in English."""
    part = None
    if moment.days_ahead is not None and text[moment.end - 1] in "早晚":
        part = text[moment.end - 1]  # 明早9点
    found = _TAIL.match(text, moment.end)
    if found:
        group = found.groupdict()
        if part and not group["part"]:
            group["part"] = part
        clock = _clock(group)
        if clock is None:
            return moment
        offset = _offset(group, iso=bool(group["T"]))
        end = found.end()
        if group["num"] and offset is None:
            end = found.start("num")  # the start of a range
        timed = replace(moment, end=end, hour=clock[0], minute=clock[1], second=clock[2], offset_minutes=offset)
        return _with_late_year(text, timed)
    window = text[max(0, moment.start - _WINDOW_BEFORE) : moment.start]
    if before := _TIME_BEFORE.search(window):
        clock = _clock(before.groupdict())
        if clock is not None:
            return replace(
                moment,
                start=moment.start - len(window) + before.start(),
                hour=clock[0],
                minute=clock[1],
                second=clock[2],
                offset_minutes=_offset(before.groupdict(), iso=False),
            )
    return moment


def _with_late_year(text: str, moment: Moment) -> Moment:
    """`Wed Mar  6 10:23:00 CST 2024`: the year stands last."""
    if moment.year is not None or moment.month is None or not "A" <= text[moment.start] <= "Z":
        return moment
    late = _YEAR_AFTER.match(text, moment.end)
    if late is None:
        return moment
    offset = moment.offset_minutes
    if late["zone"]:
        offset = _offset({"zone2": late["zone"]}, iso=False)
    dated = replace(moment, end=late.end(), year=int(late["year"]), offset_minutes=offset)
    return dated if _exists(dated) else moment


def _range_end(text: str, moment: Moment) -> Moment | None:
    """The end of 11月8日至10日 or of 11月10日9:00-18:00, which leaves out what its start said."""
    bridge = _RANGE.match(text, moment.end)
    if bridge is None:
        return None
    if moment.day is not None and (day := _RANGE_DAY.match(text, bridge.end())):
        ended = Moment(day.start(), day.end(), moment.year, moment.month, int(day["d"]))
        return _timed(text, ended) if _exists(ended) else None
    if moment.has_time and (found := _RANGE_TIME.match(text, bridge.end())):
        clock = _clock(found.groupdict())
        if clock is not None:
            return replace(
                moment,
                start=found.start(),
                end=found.end(),
                hour=clock[0],
                minute=clock[1],
                second=clock[2],
            )
    return None


def find_moments(text: str) -> list[Moment]:
    """Every moment that `text` names, in order, never overlapping.

    A bare time of day (18:30) is none. Days that no calendar has, and years outside 1990–2100, are left
    out. The end of a range (11月8日至10日) is a moment of its own. Linear in the length of `text`.
    """
    moments: list[Moment] = []
    place = 0
    while found := _DATE.search(text, place):
        moment = _dated(found)
        place = found.end()
        if moment is None:
            continue
        moment = _timed(text, moment)
        if weekday := _PAREN_WEEKDAY.match(text, moment.end):
            moment = replace(moment, end=weekday.end())
        moments.append(moment)
        place = max(place, moment.end)
        if ended := _range_end(text, moment):
            moments.append(ended)
            place = max(place, ended.end)
    return moments


def resolve(moment: Moment, not_before: datetime | None, *, as_deadline: bool = False) -> datetime | None:
    """The aware datetime that `moment` means, None where it cannot be told.

    not_before   aware; the notice's own moment. A date without a year is the first one not earlier than
                 the day before it, 今天/明天 count from its day; without it both are None
    as_deadline  a day without a time, and 24:00, mean 23:59:59 of that day; else 00:00 of the day, and
                 24:00 is the midnight that follows
    The zone is the one stated, else Shanghai's.
    """
    zone = SHANGHAI
    if moment.offset_minutes is not None:
        zone = timezone(timedelta(minutes=moment.offset_minutes))
    day = _day(moment, not_before, zone)
    if day is None:
        return None
    if moment.hour is None:
        return datetime.combine(day, time(23, 59, 59) if as_deadline else time(0), zone)
    minute, second = moment.minute or 0, moment.second or 0
    if moment.hour == 24:
        if as_deadline and not minute and not second:
            return datetime.combine(day, time(23, 59, 59), zone)
        return datetime.combine(day, time(0, minute, second), zone) + timedelta(days=1)
    return datetime.combine(day, time(moment.hour, minute, second), zone)


def _day(moment: Moment, not_before: datetime | None, zone: timezone) -> date | None:
    if moment.year is not None and moment.month is not None and moment.day is not None:
        return date(moment.year, moment.month, moment.day)
    if not_before is None or not FIRST_YEAR <= not_before.year <= LAST_YEAR:
        return None
    here = not_before.astimezone(zone).date()
    if moment.days_ahead is not None:
        return here + timedelta(days=moment.days_ahead)
    if moment.weekday is not None:
        return _weekday(moment.weekday, moment.weeks_ahead, here)
    if moment.month is None and moment.months_ahead is None and moment.day is not None:
        earliest = here - timedelta(days=1)
        days = (_in_month(earliest.year, earliest.month + ahead, moment.day) for ahead in range(3))
        return next((day for day in days if day and day >= earliest), None)
    if moment.months_ahead is not None and moment.day is not None:
        return _in_month(here.year, here.month + moment.months_ahead, moment.day)
    if moment.month is not None and moment.day == LAST_DAY:
        return _in_month(here.year + (moment.month < here.month), moment.month, LAST_DAY)
    if moment.month is None or moment.day is None:
        return None
    earliest = here - timedelta(days=1)
    for year in range(earliest.year, earliest.year + 9):  # 29 February may be eight years away
        if moment.day <= calendar.monthrange(year, moment.month)[1]:
            day = date(year, moment.month, moment.day)
            if day >= earliest:
                return day
    return None


def _weekday(weekday: int, weeks_ahead: int | None, here: date) -> date:
    ahead = weekday - here.isoweekday()
    if weeks_ahead is None:
        return here + timedelta(days=ahead % 7)
    return here + timedelta(days=ahead + 7 * weeks_ahead)


def _in_month(year: int, month: int, day: int) -> date | None:
    if month > 12:
        year, month = year + 1, month - 12
    last = calendar.monthrange(year, month)[1]
    return date(year, month, last if day == LAST_DAY else day) if day in (LAST_DAY, *range(1, last + 1)) else None


def read_date(text: str) -> datetime | None:
    """The moment that a date header says, in any form a mail client writes; None if it says none.

    Years outside 1990–2100 are None: they overflow when made UTC.
    """
    for moment in find_moments(text[:LONGEST_HEADER]):
        if moment.year is not None:
            told = resolve(moment, None)
            if told is not None and FIRST_YEAR <= told.astimezone(UTC).year <= LAST_YEAR:
                return told
    return None
