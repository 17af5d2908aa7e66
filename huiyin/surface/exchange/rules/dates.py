"""Moments as people and spreadsheets write them. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")
# Year first only: 03/04/2026 is two days, and guessing would move a deadline by a month.
DAY = re.compile(
    r"(?P<y>\d{4})\s{0,9}[-/.年]\s{0,9}(?P<m>\d{1,2})\s{0,9}[-/.月]\s{0,9}(?P<d>\d{1,2})\s{0,9}[日号]?"
    r"|(?P<y2>\d{4})(?P<m2>\d{2})(?P<d2>\d{2})(?=\D|\d{6}$|$)"
)
TIME = re.compile(
    r"\s{0,9}(?P<half>上午|中午|下午|晚上|凌晨|早上|am|pm)?\s{0,9}(?P<h>\d{1,2})\s{0,9}[:时点]\s{0,9}(?P<i>\d{1,2})?\s{0,9}分?"
    r"(?::?\s{0,9}(?P<s>\d{1,2})(?:\.\d{1,9})?\s{0,9}秒?)?\s{0,9}(?P<after>am|pm)?\s{0,9}(?P<zone>z|[+-]\d{2}:?[0-5]\d)?"
    r"|(?P<h2>\d{2})(?P<i2>\d{2})(?P<s2>\d{2})"
)
WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
SERIAL = re.compile(r"\d{5}(?:\.\d{1,20})?")
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_050  # 1990-01-01 and 2099-12-31
SERIAL_ORIGIN = datetime(1899, 12, 30, tzinfo=HOME)  # Excel believes in a 29 February 1900


def moment_from(typed: str) -> datetime | None:
    """The moment, aware; a day without time is its first minute at home. None when unreadable."""
    text = unicodedata.normalize("NFKC", typed).strip().lower()
    if SERIAL.fullmatch(text):
        return _of_serial(float(text))
    found = DAY.match(text)
    if found is None:
        return None
    rest = WEEKDAY.sub("", text[found.end() :]).strip().removeprefix("t").strip(" ,")
    at = TIME.fullmatch(rest) if rest else None
    if rest and at is None:
        return None
    try:
        day = datetime(*(int(found[n] or found[n + "2"]) for n in "ymd"), tzinfo=HOME)  # type: ignore[arg-type,misc]
        return _with_time(day, at) if at else day
    except (ValueError, OverflowError):
        return None


def _with_time(day: datetime, at: re.Match[str]) -> datetime:
    hour, minute, second = (int(at[n] or at[n + "2"] or 0) for n in "his")
    half = at["half"] or at["after"] or ""
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("am", "凌晨") and hour == 12:
        hour = 0
    moment = day.replace(hour=hour, minute=minute, second=second)
    if at["zone"]:
        moment = moment.replace(tzinfo=_zone(at["zone"].replace(":", "")))
    return moment


def _zone(typed: str) -> timezone:
    if typed == "z":
        return UTC
    offset = timedelta(hours=int(typed[1:3]), minutes=int(typed[3:]))
    return timezone(-offset if typed[0] == "-" else offset)


def _of_serial(number: float) -> datetime | None:
    if not FIRST_SERIAL <= number <= LAST_SERIAL:
        return None
    return SERIAL_ORIGIN + timedelta(seconds=round(number * 86_400))
