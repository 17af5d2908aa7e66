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
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.ground.worktime.rules import WorkCalendar
from huiyin.journey.promises.rules import days
from huiyin.journey.promises.rules.days import DAY, NEAR, Today
from huiyin.journey.promises.rules.text import CN

N = rf"(?:(?<!\d)\d{{1,6}}(?:\.\d{{1,4}})?|(?<![{CN}])[{CN}]{{1,12}}|半)"
RANGE = rf"{N}(?:[-—–~到至或、]{N})?"
WITHIN = r"(?:之内|以内|内|里)"
BY = r"(?:之前|以前|前)"
PART = r"(?:凌晨|一大?早|早上|早晨|清晨|上午|中午|午间|下午|午后|傍晚|晚上|晚间|夜里)"
TILL = (
    r"(?:[-–—~至到](?P<till>\d{1,2}|[一二两三四五六七八九十]{1,3})"
    r"(?:[:：](?P<till_minute>\d{2})|点(?P<till_half>半)?))?"
)
CLOCK = (
    rf"(?P<part>{PART}|早|晚|晨)?"
    rf"(?:(?P<hour>\d{{1,2}}|零(?=点)|[一二两三四五六七八九十]{{1,3}})"
    rf"(?:[:：](?P<minute>\d{{2}})|点(?:钟|整)?(?:(?P<half>半)|(?P<quarter>[一三])刻|"
    rf"(?P<spoken>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})分?)?){TILL}|(?P<close>下班))?"
)
CLOCK_NEEDED = (
    rf"(?P<part>{PART})?"
    rf"(?P<hour>\d{{1,2}}|零|[一二两三四五六七八九十]{{1,3}})"
    rf"(?:[:：](?P<minute>\d{{2}})|点(?:钟|整)?(?:(?P<half>半)|(?P<quarter>[一三])刻|"
    rf"(?P<spoken>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})分?)?)"
)
END = rf"(?:{BY}|左右|{WITHIN})?"
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


Reader = Callable[[re.Match[str], Today], "datetime | None"]


SOON = (
    r"尽快|尽早|尽速|稍后|稍晚|稍候|一会儿?|待会儿?|等会儿?|马上|立即|立刻|即刻|第一时间|随后|后续|"
    r"近期|近日|不久|过几天|几天内?|这几天|这两天|很快|即将|半天|抽空|有空|回头|过[一两几些][天日]|晚[点些](?!前|之前|以前)|及时|日后|改天|"
    r"每[天日周][早中晚上下午]{0,2}"
)
READERS: tuple[tuple[re.Pattern[str], Reader, bool], ...] = tuple(
    (re.compile(pattern), reader, relative)
    for pattern, reader, relative in (
        (
            rf"(?P<name>{FESTIVALS})?(?:节|假期|放假|长假|小长假|假)?(?:结束)?"
            rf"(?<=[节假期束旦庆明一动午秋])(?:之后|以后|后)的?(?:第)?(?P<n>{N})个?工作日{WITHIN}?",
            days.after_holiday,
            False,
        ),
        (rf"(?P<name>{FESTIVALS})(?:节|假期|长假)?之?前", days.before_holiday, False),
        (r"(?P<name>(?!))?节前", days.before_holiday, False),
        (rf"(?P<n>{RANGE})个?工作[日天](?:{WITHIN}|左右|后|{BY})?", days.work_days, True),
        (
            rf"(?P<n>{RANGE})个?(?P<half>半)?(?:个)?(?:小时|钟头)(?:{WITHIN}|后|左右)?",
            days.hours,
            True,
        ),
        (rf"(?P<n>{RANGE})分钟(?:{WITHIN}|后|左右)?", days.minutes, True),
        (rf"一刻钟(?:{WITHIN}|后)?", days.quarter, True),
        (
            rf"(?<![第前每])(?P<n>{RANGE})(?:天|(?:个)?自然日|日(?={WITHIN}|后))(?!无理由)"
            rf"(?:{WITHIN}|左右|(?P<after>之?后))?",
            days.days,
            True,
        ),
        (
            rf"(?<![第每])(?P<n>{RANGE})个?(?:周|星期|礼拜)(?![一二三四五六日天末])"
            rf"(?:{WITHIN}|左右|(?P<after>之?后))?",
            days.weeks,
            True,
        ),
        (rf"(?P<n>{RANGE})个月(?:{WITHIN}|(?P<after>之?后))", days.some_months, True),
        (
            rf"(?:(?P<year>20\d\d)年)?(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月"
            rf"(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]?\s*{CLOCK}{END}",
            days.dated,
            False,
        ),
        (
            rf"(?P<year>20\d\d)[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})日?\s*{CLOCK}{END}",
            days.dated,
            False,
        ),
        (
            rf"(?<![\d/.])(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?![\d/])\s*{CLOCK}{END}",
            days.dated,
            False,
        ),
        (
            rf"(?P<which>本月|这个?月|下个?月)?(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})"
            rf"(?:号|日(?={BY}))(?![楼店线门库院])\s*{CLOCK}{END}",
            days.day_of_month,
            False,
        ),
        (
            rf"(?P<day>{'|'.join(sorted(NEAR, key=len, reverse=True))})(?<!今)(?<!明){CLOCK}{END}",
            days.near,
            False,
        ),
        (rf"(?P<day>今|明)(?=[早晚晨]|下班){CLOCK}{END}", days.near, False),
        (
            rf"(?<!每)(?P<which>下下个?|下个?|本|这个?)?(?:周|星期|礼拜)(?P<name>[一二三四五六日天末])"
            rf"(?:[、或至到](?:周|星期)?(?P<until>[一二三四五六日天])(?![点个]))?{CLOCK}{END}",
            days.weekday,
            False,
        ),
        (
            rf"(?P<which>本|这|下)个?(?:周|星期)(?![一二三四五六日天末])(?:{WITHIN}|{BY})?",
            days.whole_week,
            False,
        ),
        (
            rf"(?:(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})(?=月[底末])|(?P<next>下个?)"
            rf"(?=月[底末内])|(?:本|这个?|当)(?=月[底末内]))?月(?:[底末]|内)(?:{BY})?",
            days.month_end,
            False,
        ),
        (rf"年底{BY}?|年内|今年内", days.year_end, False),
        (rf"下班(?:{BY})?", days.closing, False),
        (rf"{CLOCK_NEEDED}{END}", days.bare_clock, False),
        (rf"(?<![天日\d]){PART}(?={WITHIN}|{BY}|[^\d一二三四五六七八九十两])", days.part, False),
        (SOON, days.soon, False),
    )
)
# A cheap look before the readers: a clause without any of these says no time.
HINT = re.compile(
    r"[庆元春前上下晚早中\d天日周月年点时分号节班今明后尽稍会马立第即随近久快抽有及改星礼半刻]"
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
            if at is None and reader is not days.soon:
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
