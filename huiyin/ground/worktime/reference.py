"""Calendars and days that every installation begins with."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.ground.worktime.models import Calendar, CalendarDay

FOLDER = Path(__file__).parent / "reference"
OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
MALL = [["10:00", "22:00"]]
ALWAYS = [["00:00", "24:00"]]
CALENDARS = (
    (
        "office",
        "标准工时 9–18 点（午休 12–13 点）",
        "Office hours 9–18, lunch 12–13",
        [OFFICE] * 5 + [[]] * 2,
        True,
    ),
    ("always", "7×24 小时", "Around the clock", [ALWAYS] * 7, False),
    ("mall", "商场营业 10–22 点", "Mall hours 10–22", [MALL] * 7, False),
)


def load_reference() -> int:
    made = 0
    for code, name, name_en, week, follows in CALENDARS:
        _row, new = Calendar.objects.get_or_create(
            code=code,
            defaults={"name": name, "name_en": name_en, "week": week, "follows_holidays": follows},
        )
        made += new
    with (FOLDER / "days_cn.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            CalendarDay(
                day=r["date"],
                kind=r["kind"],
                name=r["name_zh"],
                name_en=r["name_en"],
                provisional=r["provisional"] == "1",
                source=r["source"],
            )
            for r in csv.DictReader(file)
        ]
    before = CalendarDay.objects.count()
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    return made + CalendarDay.objects.count() - before
