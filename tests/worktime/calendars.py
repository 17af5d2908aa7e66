"""The calendars of the published table, by the names a manager uses."""

from __future__ import annotations

import csv
from datetime import date, time
from pathlib import Path

from huiyin.ground.worktime.rules import WorkCalendar, read_week

DAYS = Path(__file__).parents[2] / "huiyin/ground/worktime/reference/days_cn.csv"
NATIONAL = list(csv.DictReader(DAYS.open(encoding="utf-8", newline="")))
HOLIDAYS = frozenset(date.fromisoformat(r["date"]) for r in NATIONAL if r["kind"] == "holiday")
MAKEUP = {date.fromisoformat(r["date"]): () for r in NATIONAL if r["kind"] == "makeup"}

LUNCH = read_week([[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []])
NIGHTS = tuple(((time(22), time(6)),) for _ in range(7))
TWO_SHIFTS = read_week([[["07:00", "15:00"], ["14:00", "22:00"]]] * 5 + [[["09:00", "12:00"]], []])
WEEKNIGHTS = read_week([[["20:00", "04:00"]]] * 5 + [[], []])


def national(week: tuple, **how) -> WorkCalendar:
    return WorkCalendar(week=week, holidays=HOLIDAYS, makeup=MAKEUP, **how)


CALENDARS = {
    "标准工时": national(LUNCH),
    "标准工时（到下班为止）": national(LUNCH, ends_at_close=True),
    "双班": national(TWO_SHIFTS),
    "工作日夜班": national(WEEKNIGHTS),
    "商场": WorkCalendar(week=read_week([[["10:00", "22:00"]]] * 7)),
    "夜班": WorkCalendar(week=NIGHTS),
    "7×24": WorkCalendar(week=read_week([[["00:00", "24:00"]]] * 7)),
    "柏林夜班": WorkCalendar(week=NIGHTS, zone="Europe/Berlin"),
    "纽约夜班": WorkCalendar(week=NIGHTS, zone="America/New_York"),
    "豪勋爵岛": WorkCalendar(week=LUNCH, zone="Australia/Lord_Howe"),
}
