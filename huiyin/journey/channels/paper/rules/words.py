"""Words put into a letter of ours: only what is named here. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta

PLACEHOLDERS = ("name", "number", "organisation", "date", "writer", "incoming")
UNDONE_FOR = 7  # days in which a wrong click is taken back
MARK = re.compile(r"\{([^{}]*)\}")


def may_be_undone(at: datetime, now: datetime) -> bool:
    return now - at <= timedelta(days=UNDONE_FOR)


def unknown(text: str) -> list[str]:
    """What stands in braces and is nothing that can be put in."""
    return [found for found in MARK.findall(text) if found not in PLACEHOLDERS]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Each mark once, by its value; a value is never looked into again, so nobody gets another
    one by calling himself {number}."""
    return MARK.sub(lambda hit: values.get(hit[1], "") if hit[1] in PLACEHOLDERS else hit[0], text)


def spoken_day(day: date, language: str) -> str:
    if language == "en":
        return f"{day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日"


def folds(text: str) -> list[float]:
    """“105, 210” as millimetres; Python's own ValueError for what is none."""
    return [float(one) for one in unicodedata.normalize("NFKC", text).split(",") if one.strip()]


def address_lines(address: str, most: int = 6) -> list[str]:
    """What stands in the window: line by line; what is too much goes on in the last one."""
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    return lines if len(lines) <= most else [*lines[: most - 1], " ".join(lines[most - 1 :])]
