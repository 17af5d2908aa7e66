"""The rules against a clerk who counts minutes, on random cases.

Some hundred in every run; HUIYIN_RANDOM_CASES=100000 for the long one (docs/worktime.md).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date, timedelta

import pytest

from huiyin.ground.worktime.rules import deadline, due_at
from tests.worktime.calendars import CALENDARS
from tests.worktime.oracle import MINUTE, Clerk

CASES = int(os.environ.get("HUIYIN_RANDOM_CASES", "600"))
# Calendar, first day, days: around the long breaks, and where clocks are put forward and back.
SCENES = (
    ("标准工时", date(2026, 9, 1), 110),
    ("标准工时", date(2026, 1, 20), 110),
    ("标准工时（到下班为止）", date(2026, 9, 1), 110),
    ("双班", date(2026, 4, 20), 110),
    ("工作日夜班", date(2026, 9, 10), 110),
    ("商场", date(2026, 6, 1), 90),
    ("7×24", date(2026, 6, 1), 90),
    ("柏林夜班", date(2026, 3, 1), 90),
    ("柏林夜班", date(2026, 10, 1), 90),
    ("纽约夜班", date(2026, 10, 10), 90),
    ("豪勋爵岛", date(2026, 3, 20), 90),
)


@pytest.fixture(scope="module")
def clerks():
    return [Clerk(CALENDARS[name], first, days) for name, first, days in SCENES]


def random_case(dice: random.Random, days: int):
    start = dice.randrange(3 * 24 * 60, 40 * 24 * 60)
    if dice.random() < 0.3:  # where it is delicate: on the hour, and at midnight
        start -= start % dice.choice((60, 24 * 60))
    pauses = []
    for _ in range(dice.choice((0, 0, 1, 2, 3))):
        begin = start + dice.randrange(-2 * 24 * 60, 12 * 24 * 60)
        if dice.random() < 0.3:
            begin -= begin % 60
        length = dice.choice((1, 60, dice.randrange(1, 600), dice.randrange(1, 4 * 24 * 60)))
        pauses.append((begin, begin + length))
    unit = dice.choice(("hours", "work_hours", "days", "work_days"))
    amount = dice.randrange(0, 40 * 60) if "hours" in unit else dice.choice((0, 1, 2, 3, 5, 7, 10))
    extra = dice.choice((0, 0, 0, 1, 2)) * (60 if "hours" in unit else 1)
    return start, pauses, unit, amount, extra, dice.choice(("anew", "anew", "shift"))


def joined(pauses, start):
    """Cut to what lies after the start, overlapping ones as one."""
    out: list[list[int]] = []
    for begin, end in sorted(pauses):
        begin = max(begin, start)
        if end <= begin:
            continue
        if out and begin <= out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([begin, end])
    return out


def slow(clerk, start, pauses, unit, total, rule):
    calendar = clerk.calendar
    paused = {minute for begin, end in pauses for minute in range(begin, end)}
    if unit in ("hours", "work_hours"):
        return clerk.hours(start, total, paused, unit == "work_hours")
    only_work = unit == "work_days"
    if rule == "shift":
        return clerk.moved(start, total, joined(pauses, start), only_work, calendar.ends_at_close)
    return clerk.days(start, total, paused, only_work, calendar.ends_at_close)


@pytest.mark.parametrize("seed", range(2))
def test_rules_and_clerk_agree_to_the_minute(clerks, seed):
    dice = random.Random(20260928 + seed)
    kinds: Counter[str] = Counter()
    for number in range(CASES // 2):
        clerk = clerks[number % len(clerks)]
        start, pauses, unit, amount, extra, rule = random_case(dice, 90)
        spans = [
            (clerk.begin + begin * MINUTE, clerk.begin + end * MINUTE) for begin, end in pauses
        ]
        per = 60 if "hours" in unit else 1
        how = {"pauses": spans, "extra": extra / per, "pause_rule": rule}
        asked = (clerk.begin + start * MINUTE, amount / per, unit, clerk.calendar)
        fast = due_at(*asked, **how)
        expected = slow(clerk, start, pauses, unit, amount + extra, rule)
        assert abs(fast - expected) < timedelta(seconds=1), (seed, number, asked[:3], how)
        assert deadline(*asked, **how).at == fast
        kinds[unit] += 1
    assert min(kinds.values()) > CASES // 20
