"""When a promise is due, by the words in which it was given and the calendar. Pure.

Every ambiguous case has one reading (conventions, “Dates in promises”): N 个工作日内 is 18:00 of
the N-th working day after today, N 天内 is 24:00 of the N-th day after, a named day is 18:00 of
that day, hours and minutes count from now; soon, later and nothing have no due date.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.ground.worktime.rules import WorkCalendar
from huiyin.journey.promises.rules.text import CN, number, upper

CLOSE = time(18)
DAY = timedelta(days=1)
LAST_YEAR = 180  # a day and month so far behind us is next year's

N = rf"(?:\d+(?:\.\d+)?|[{CN}]+|半)"
RANGE = rf"{N}(?:[-—–~到至或、]{N})?"
WITHIN = r"(?:之内|以内|内|里)"
BY = r"(?:之前|以前|前)"
PART = r"(?:凌晨|早上|早晨|清晨|上午|中午|午间|下午|午后|傍晚|晚上|晚间|夜里)"
CLOCK = (
    rf"(?P<part>{PART}|早|晚|晨)?"
    rf"(?:(?P<hour>\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})"
    rf"(?:[:：](?P<minute>\d{{2}})|点(?:钟|整)?(?:(?P<half>半)|(?P<quarter>[一三])刻|"
    rf"(?P<spoken>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})分?)?)|(?P<close>下班))?"
)
CLOCK_NEEDED = (
    rf"(?P<part>{PART})?"
    rf"(?P<hour>\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})"
    rf"(?:[:：](?P<minute>\d{{2}})|点(?:钟|整)?(?:(?P<half>半)|(?P<quarter>[一三])刻|"
    rf"(?P<spoken>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})分?)?)"
)
END = rf"(?:{BY}|左右|{WITHIN})?"
WEEKDAYS = {c: i for i, c in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 6}
NEAR = {
    "今天": 0,
    "今日": 0,
    "今儿": 0,
    "当天": 0,
    "当日": 0,
    "今": 0,
    "本日": 0,
    "明天": 1,
    "明日": 1,
    "明": 1,
    "次日": 1,
    "第二天": 1,
    "隔天": 1,
    "后天": 2,
    "后日": 2,
    "大后天": 3,
}
AFTER_EVENT = ("当天", "当日", "次日", "第二天", "隔天")  # of that event, where one is named
FESTIVALS = r"(?:国庆|春节|元旦|清明|五一|劳动|端午|中秋)"


@dataclass(frozen=True)
class Due:
    """Where a text says when: `at` is None where it says no moment. `relative`: counted from now,
    so that an event of unknown time before it takes the moment away."""

    start: int
    end: int
    at: datetime | None
    relative: bool = False
    past: bool = False
    of_event: bool = False  # 当天: of whatever is named before


@dataclass(frozen=True)
class Today:
    """The moment of writing, on the wall of the calendar's zone."""

    now: datetime
    works: WorkCalendar

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.works.zone)

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def day(self) -> date:
        return self.local.date()

    def at(self, day: date, clock: time = CLOSE) -> datetime:
        return datetime.combine(day, clock, self.zone)

    def end_of(self, day: date) -> datetime:
        return self.at(day + DAY, time(0))


Reader = Callable[[re.Match[str], Today], "datetime | None"]


# --- spans from now -------------------------------------------------------------------------------


def _work_days(m: re.Match[str], today: Today) -> datetime | None:
    count = upper(m["n"])
    if count is None or not 0 < count <= 250 or count != int(count):
        return None
    return today.at(today.works.workday_after(today.day, int(count)))


def _hours(m: re.Match[str], today: Today) -> datetime | None:
    hours = upper(m["n"])
    if hours is None or hours > 24 * 90:
        return None
    return today.now + timedelta(hours=hours + (0.5 if m["half"] else 0))


def _minutes(m: re.Match[str], today: Today) -> datetime | None:
    minutes = upper(m["n"])
    return today.now + timedelta(minutes=minutes) if minutes is not None else None


def _quarter(m: re.Match[str], today: Today) -> datetime:
    return today.now + timedelta(minutes=15)


def _days(m: re.Match[str], today: Today) -> datetime | None:
    return _after_days(upper(m["n"]), m["after"], today)


def _weeks(m: re.Match[str], today: Today) -> datetime | None:
    weeks = upper(m["n"])
    return _after_days(weeks * 7 if weeks is not None else None, m["after"], today)


def _months(m: re.Match[str], today: Today) -> datetime | None:
    count = upper(m["n"])
    return _after_days(count * 30 if count is not None else None, m["after"], today)


def _after_days(days: float | None, after: str | None, today: Today) -> datetime | None:
    """三天内 is any time until the third day ends; 三天后 names that day."""
    if days is None or not 0 < days <= 400 or days != int(days):
        return None
    day = today.day + timedelta(days=int(days))
    return today.at(day) if after else today.end_of(day)


# --- named days -----------------------------------------------------------------------------------


def _clock(m: re.Match[str]) -> tuple[time | None, bool]:
    """The time of day, and whether it was said exactly."""
    part = m["part"] or ""
    if _group(m, "close"):
        return CLOSE, True
    if not m["hour"]:
        return _of_part(part), False
    hour = int(number(m["hour"]) or 0)
    minute = int(m["minute"] or 0)
    if m["half"]:
        minute = 30
    elif m["quarter"]:
        minute = 15 if m["quarter"] == "一" else 45
    elif m["spoken"]:
        minute = int(number(m["spoken"]) or 0)
    late = part in ("下午", "午后", "傍晚", "晚上", "晚间", "晚", "夜里")
    if (late and hour < 12) or (part in ("中午", "午间") and hour < 6):
        hour += 12
    elif not part and 1 <= hour <= 6 and not m["minute"]:
        hour += 12  # nobody calls at three at night
    if hour == 24 and not minute:
        return time.max, True
    return (time(hour, minute), True) if hour < 24 and minute < 60 else (None, False)


def _group(m: re.Match[str], name: str) -> str | None:
    return m.groupdict().get(name)


def _of_part(part: str) -> time:
    if part in ("上午", "早上", "早晨", "清晨", "早", "晨", "中午", "午间"):
        return time(12)
    if part in ("晚上", "晚间", "晚", "夜里"):
        return time.max
    return CLOSE


def _moment(today: Today, day: date, clock: time) -> datetime:
    return today.end_of(day) if clock == time.max else today.at(day, clock)


def _near(m: re.Match[str], today: Today) -> datetime | None:
    clock, exact = _clock(m)
    if clock is None:
        return None
    at = _moment(today, today.day + timedelta(days=NEAR[m["day"]]), clock)
    if at <= today.now and not exact and NEAR[m["day"]] == 0:
        return today.end_of(today.day)  # 今天, said after closing time
    return at


def _weekday(m: re.Match[str], today: Today) -> datetime | None:
    clock, _exact = _clock(m)
    if clock is None:
        return None
    monday = today.day - timedelta(days=today.day.weekday())
    day = monday + timedelta(days=WEEKDAYS[m["name"]])
    which = m["which"] or ""
    if which.startswith("下"):
        return _moment(today, day + timedelta(days=7 * which.count("下")), clock)
    at = _moment(today, day, clock)
    if at <= today.now and not which:
        at = _moment(today, day + timedelta(days=7), clock)
    return at


def _whole_week(m: re.Match[str], today: Today) -> datetime:
    ahead = 13 if m["which"] == "下" else 6
    return today.at(today.day - timedelta(days=today.day.weekday()) + timedelta(days=ahead))


def _dated(m: re.Match[str], today: Today) -> datetime | None:
    clock, _exact = _clock(m)
    month, day = number(m["month"]), number(m["day"])
    if clock is None or month is None or day is None:
        return None
    year = int(m["year"]) if _group(m, "year") else today.day.year
    found = _a_day(year, int(month), int(day))
    if found is None:
        return None
    if not _group(m, "year") and (today.day - found).days > LAST_YEAR:
        found = _a_day(year + 1, int(month), int(day))
    return _moment(today, found, clock) if found else None


def _day_of_month(m: re.Match[str], today: Today) -> datetime | None:
    clock, _exact = _clock(m)
    day = number(m["day"])
    if clock is None or day is None:
        return None
    year, month = today.day.year, today.day.month
    found = _a_day(year, month, int(day))
    which = m["which"] or ""
    if which.startswith("下") or (not which and (found is None or found < today.day)):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        found = _a_day(year, month, int(day))
    return _moment(today, found, clock) if found else None


def _a_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(m: re.Match[str], today: Today) -> datetime | None:
    year, month = today.day.year, today.day.month
    if m["month"]:
        named = number(m["month"])
        if named is None or not 1 <= named <= 12:
            return None
        year, month = (year + (named < month), int(named))
    elif m["next"]:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return today.at(date(year, month, months.monthrange(year, month)[1]))


def _year_end(m: re.Match[str], today: Today) -> datetime:
    return today.at(date(today.day.year, 12, 31))


def _after_holiday(m: re.Match[str], today: Today) -> datetime | None:
    count = number(m["n"])
    run = _holiday(today, m["name"] or "")
    if run is None or count is None or not 0 < count <= 30:
        return None
    return today.at(today.works.workday_after(run[1], int(count)))


def _before_holiday(m: re.Match[str], today: Today) -> datetime | None:
    run = _holiday(today, m["name"] or "")
    if run is None:
        return None
    day = run[0] - DAY
    while not today.works.is_workday(day):
        day -= DAY
    return today.at(day)


def _holiday(today: Today, name: str) -> tuple[date, date] | None:
    """First and last day of the break of this name, or of the next one, that is not over yet."""
    name = "劳动" if name == "五一" else name
    days = sorted(day for day in today.works.holidays if day >= today.day)
    first = next((d for d in days if not name or name in today.works.names.get(d, "")), None)
    if first is None:
        return None
    last = first
    while last + DAY in today.works.holidays:
        last += DAY
    return first, last


def _soon(m: re.Match[str], today: Today) -> None:
    return None


def _bare_clock(m: re.Match[str], today: Today) -> datetime | None:
    clock, _exact = _clock(m)
    if clock is None:
        return None
    at = _moment(today, today.day, clock)
    return at if at > today.now else _moment(today, today.day + DAY, clock)


def _part(m: re.Match[str], today: Today) -> datetime:
    at = _moment(today, today.day, _of_part(m[0]))
    return at if at > today.now else at + DAY


def _close(m: re.Match[str], today: Today) -> datetime:
    at = today.at(today.day)
    return at if at > today.now else today.at(today.works.workday_after(today.day, 1))


SOON = (
    r"尽快|尽早|尽速|稍后|稍晚|稍候|一会儿?|待会儿?|等会儿?|马上|立即|立刻|即刻|第一时间|随后|后续|"
    r"近期|近日|不久|过几天|几天内?|这几天|这两天|很快|即将|抽空|有空|及时|日后|改天|"
    r"每[天日周][早中晚上下午]{0,2}"
)
READERS: tuple[tuple[re.Pattern[str], Reader, bool], ...] = tuple(
    (re.compile(pattern), reader, relative)
    for pattern, reader, relative in (
        (
            rf"(?P<name>{FESTIVALS})?(?:节|假期|放假|长假|小长假|假)?(?:结束)?"
            rf"(?<=[节假期束旦庆明一动午秋])(?:之后|以后|后)的?(?:第)?(?P<n>{N})个?工作日{WITHIN}?",
            _after_holiday,
            False,
        ),
        (rf"(?P<name>{FESTIVALS})(?:节|假期|长假)?之?前", _before_holiday, False),
        (r"(?P<name>(?!))?节前", _before_holiday, False),
        (rf"(?P<n>{RANGE})个?工作[日天](?:{WITHIN}|左右|后|{BY})?", _work_days, True),
        (
            rf"(?P<n>{RANGE})个?(?P<half>半)?(?:个)?(?:小时|钟头)(?:{WITHIN}|后|左右)?",
            _hours,
            True,
        ),
        (rf"(?P<n>{RANGE})分钟(?:{WITHIN}|后|左右)?", _minutes, True),
        (rf"一刻钟(?:{WITHIN}|后)?", _quarter, True),
        (
            rf"(?<![第前每])(?P<n>{RANGE})(?:天|(?:个)?自然日|日(?={WITHIN}|后))(?!无理由)"
            rf"(?:{WITHIN}|左右|(?P<after>之?后))?",
            _days,
            True,
        ),
        (
            rf"(?<![第每])(?P<n>{RANGE})个?(?:周|星期|礼拜)(?![一二三四五六日天末])"
            rf"(?:{WITHIN}|左右|(?P<after>之?后))?",
            _weeks,
            True,
        ),
        (rf"(?P<n>{RANGE})个月(?:{WITHIN}|(?P<after>之?后))", _months, True),
        (
            rf"(?:(?P<year>20\d\d)年)?(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月"
            rf"(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]?\s*{CLOCK}{END}",
            _dated,
            False,
        ),
        (
            rf"(?P<year>20\d\d)[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})日?\s*{CLOCK}{END}",
            _dated,
            False,
        ),
        (
            rf"(?<![\d/.])(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?![\d/])\s*{CLOCK}{END}",
            _dated,
            False,
        ),
        (
            rf"(?P<which>本月|这个?月|下个?月)?(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})"
            rf"(?:号|日(?={BY}))(?![楼店线门库院])\s*{CLOCK}{END}",
            _day_of_month,
            False,
        ),
        (
            rf"(?P<day>{'|'.join(sorted(NEAR, key=len, reverse=True))})(?<!今)(?<!明){CLOCK}{END}",
            _near,
            False,
        ),
        (rf"(?P<day>今|明)(?=[早晚晨]|下班){CLOCK}{END}", _near, False),
        (
            rf"(?<!每)(?P<which>下下个?|下个?|本|这个?)?(?:周|星期|礼拜)(?P<name>[一二三四五六日天末])"
            rf"{CLOCK}{END}",
            _weekday,
            False,
        ),
        (
            rf"(?P<which>本|这|下)个?(?:周|星期)(?![一二三四五六日天末])(?:{WITHIN}|{BY})?",
            _whole_week,
            False,
        ),
        (
            rf"(?:(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})(?=月[底末])|(?P<next>下个?)"
            rf"(?=月[底末内])|(?:本|这个?|当)(?=月[底末内]))?月(?:[底末]|内)(?:{BY})?",
            _month_end,
            False,
        ),
        (rf"年底{BY}?|年内|今年内", _year_end, False),
        (rf"下班(?:{BY})?", _close, False),
        (rf"{CLOCK_NEEDED}{END}", _bare_clock, False),
        (rf"(?<![天日\d]){PART}(?={WITHIN}|{BY}|[^\d一二三四五六七八九十两])", _part, False),
        (SOON, _soon, False),
    )
)
# A cheap look before the readers: a clause without any of these says no time.
HINT = re.compile(
    r"[庆元春前上下晚早中\d天日周月年点时号节班今明后尽稍会马立第即随近久快抽有及改星礼半刻]"
)


def dues(text: str, today: Today) -> list[Due]:
    """Every expression of time, in order; of overlapping ones the first and longest."""
    if not HINT.search(text):
        return []
    found = sorted(_every(text, today), key=lambda one: (one.start, -one.end))
    kept: list[Due] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _every(text: str, today: Today) -> Iterator[Due]:
    for pattern, reader, relative in READERS:
        for m in pattern.finditer(text):
            at = reader(m, today)
            if at is None and reader is not _soon:
                continue
            if at is not None and at <= today.now:
                yield Due(m.start(), m.end(), None, past=True)
            else:
                then = m[0].startswith(AFTER_EVENT)
                yield Due(m.start(), m.end(), at, relative=relative or then, of_event=then)


def workday_end(now: datetime, count: int, works: WorkCalendar) -> datetime:
    """18:00 of the `count`-th working day after today: what N 个工作日内 means."""
    today = Today(now, works)
    return today.at(works.workday_after(today.day, count))


def told(at: datetime, zone: ZoneInfo) -> str:
    """As a sentence to a customer says it: 12月2日18:00; midnight is 24:00 of the day that ends."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        day = local.date() - DAY
        return f"{day.month}月{day.day}日24:00"
    return f"{local.month}月{local.day}日{local:%H:%M}"


def told_in_english(at: datetime, zone: ZoneInfo) -> str:
    local: Any = at.astimezone(zone)
    return f"{local.day} {months.month_name[local.month]} {local:%H:%M}"
