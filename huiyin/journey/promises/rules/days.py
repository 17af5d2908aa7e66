"""The moments that words name: spans from now, days of the week, dates, ends, holidays. Pure."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiyin.ground.worktime.rules import WorkCalendar
from huiyin.journey.promises.rules.text import number, upper

CLOSE = time(18)
DAY = timedelta(days=1)
LAST_YEAR = 180  # a day and month so far behind us is next year's

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
    "今明两天": 1,
    "今明": 1,
    "明后两天": 2,
    "明后天": 2,
    "后日": 2,
    "大后天": 3,
}


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


# --- spans from now -------------------------------------------------------------------------------


def work_days(m: re.Match[str], today: Today) -> datetime | None:
    count = upper(m["n"])
    if count is None or not 0 < count <= 250 or count != int(count):
        return None
    return today.at(today.works.workday_after(today.day, int(count)))


def hours(m: re.Match[str], today: Today) -> datetime | None:
    hours = upper(m["n"])
    if hours is None or hours > 24 * 90:
        return None
    return today.now + timedelta(hours=hours + (0.5 if m["half"] else 0))


def minutes(m: re.Match[str], today: Today) -> datetime | None:
    minutes = upper(m["n"])
    return today.now + timedelta(minutes=minutes) if minutes is not None else None


def quarter(m: re.Match[str], today: Today) -> datetime:
    return today.now + timedelta(minutes=15)


def days(m: re.Match[str], today: Today) -> datetime | None:
    return _after_days(upper(m["n"]), m["after"], today)


def weeks(m: re.Match[str], today: Today) -> datetime | None:
    weeks = upper(m["n"])
    return _after_days(weeks * 7 if weeks is not None else None, m["after"], today)


def some_months(m: re.Match[str], today: Today) -> datetime | None:
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
    if _group(m, "till"):  # 9:00–11:00 is kept until the later one
        hour = int(number(m["till"]) or 0)
        minute = 30 if m["till_half"] else int(m["till_minute"] or 0)
        return _of_day(part, hour, minute, said=bool(m["till_minute"]))
    if m["half"]:
        minute = 30
    elif m["quarter"]:
        minute = 15 if m["quarter"] == "一" else 45
    elif m["spoken"]:
        minute = int(number(m["spoken"]) or 0)
    return _of_day(part, hour, minute, said=bool(m["minute"]))


def _of_day(part: str, hour: int, minute: int, *, said: bool) -> tuple[time | None, bool]:
    """下午三点 is 15:00; 三点 alone too: nobody calls at three at night."""
    late = part in ("下午", "午后", "傍晚", "晚上", "晚间", "晚", "夜里") and hour < 12
    noon = part in ("中午", "午间") and hour < 6
    if late or noon or (not part and 1 <= hour <= 6 and not said):
        hour += 12
    if hour == 24 and not minute:
        return time.max, True
    return (time(hour, minute), True) if hour < 24 and minute < 60 else (None, False)


def _group(m: re.Match[str], name: str) -> str | None:
    return m.groupdict().get(name)


def _of_part(part: str) -> time:
    if part in ("一早", "一大早", "上午", "早上", "早晨", "清晨", "早", "晨", "中午", "午间"):
        return time(12)
    if part in ("晚上", "晚间", "晚", "夜里"):
        return time.max
    return CLOSE


def _moment(today: Today, day: date, clock: time) -> datetime:
    return today.end_of(day) if clock == time.max else today.at(day, clock)


def near(m: re.Match[str], today: Today) -> datetime | None:
    clock, exact = _clock(m)
    if clock is None:
        return None
    at = _moment(today, today.day + timedelta(days=NEAR[m["day"]]), clock)
    if at <= today.now and not exact and NEAR[m["day"]] == 0:
        return today.end_of(today.day)  # 今天, said after closing time
    return at


def weekday(m: re.Match[str], today: Today) -> datetime | None:
    clock, _exact = _clock(m)
    if clock is None:
        return None
    monday = today.day - timedelta(days=today.day.weekday())
    day = monday + timedelta(days=WEEKDAYS[m["until"] or m["name"]])
    which = m["which"] or ""
    if which.startswith("下"):
        return _moment(today, day + timedelta(days=7 * which.count("下")), clock)
    at = _moment(today, day, clock)
    if at <= today.now and not which:
        at = _moment(today, day + timedelta(days=7), clock)
    return at


def whole_week(m: re.Match[str], today: Today) -> datetime:
    ahead = 13 if m["which"] == "下" else 6
    return today.at(today.day - timedelta(days=today.day.weekday()) + timedelta(days=ahead))


def dated(m: re.Match[str], today: Today) -> datetime | None:
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


def day_of_month(m: re.Match[str], today: Today) -> datetime | None:
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


def month_end(m: re.Match[str], today: Today) -> datetime | None:
    year, month = today.day.year, today.day.month
    if m["month"]:
        named = number(m["month"])
        if named is None or not 1 <= named <= 12:
            return None
        year, month = (year + (named < month), int(named))
    elif m["next"]:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return today.at(date(year, month, months.monthrange(year, month)[1]))


def year_end(m: re.Match[str], today: Today) -> datetime:
    return today.at(date(today.day.year, 12, 31))


def after_holiday(m: re.Match[str], today: Today) -> datetime | None:
    count = number(m["n"])
    run = _holiday(today, m["name"] or "")
    if run is None or count is None or not 0 < count <= 30:
        return None
    return today.at(today.works.workday_after(run[1], int(count)))


def before_holiday(m: re.Match[str], today: Today) -> datetime | None:
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


def soon(m: re.Match[str], today: Today) -> None:
    return None


def bare_clock(m: re.Match[str], today: Today) -> datetime | None:
    clock, _exact = _clock(m)
    if clock is None:
        return None
    at = _moment(today, today.day, clock)
    return at if at > today.now else _moment(today, today.day + DAY, clock)


def part(m: re.Match[str], today: Today) -> datetime:
    at = _moment(today, today.day, _of_part(m[0]))
    return at if at > today.now else at + DAY


def closing(m: re.Match[str], today: Today) -> datetime:
    at = today.at(today.day)
    return at if at > today.now else today.at(today.works.workday_after(today.day, 1))
