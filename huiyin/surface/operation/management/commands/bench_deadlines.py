"""manage bench_deadlines: how many deadlines one core computes in a second of its own."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import Pause, deadline, due_at
from huiyin.ground.worktime.rules.deadlines import Unit

CASES: tuple[tuple[str, float, Unit], ...] = (
    ("always", 24, "hours"),
    ("office", 4, "work_hours"),
    ("office", 15, "days"),
    ("office", 3, "work_days"),
    ("office", 5, "work_days"),
)
PAUSE: Pause = (
    datetime(2026, 9, 29, 2, tzinfo=UTC),
    datetime(2026, 9, 30, 7, tzinfo=UTC),
)


class Command(BaseCommand):
    help = (
        "Compute deadlines from moments all over a year and print how many a second of one core: "
        "plain, with a pause, and with the steps that explain them. Reads the calendars of this "
        "installation; changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--n", type=int, default=50_000, help="deadlines per line")

    def handle(self, *args: Any, **options: Any) -> None:
        n = options["n"]
        first = datetime(2026, 1, 1, tzinfo=UTC)
        starts = [first + timedelta(minutes=525_600 * i / n) for i in range(n)]
        paused = [PAUSE[0] - timedelta(minutes=i % 10_000) for i in range(n)]
        self.stdout.write(f"{'':24}{'plain':>12}{'paused':>12}{'with steps':>12}   deadlines/s")
        slowest = float("inf")
        for code, amount, unit in CASES:
            works = calendar(code)
            plain = _rate(lambda at: due_at(at, amount, unit, works), starts)  # noqa: B023
            with_pause = _rate(
                lambda at: due_at(at, amount, unit, works, pauses=[PAUSE]),  # noqa: B023
                paused,
            )
            told = _rate(lambda at: deadline(at, amount, unit, works), starts)  # noqa: B023
            slowest = min(slowest, plain, with_pause)
            name = f"{amount:g} {unit} ({code})"
            self.stdout.write(f"{name:24}{plain:12,.0f}{with_pause:12,.0f}{told:12,.0f}")
        self.stdout.write(f"slowest without steps: {slowest:,.0f}/s")


def _rate(compute: Any, moments: list[datetime]) -> float:
    began = time.process_time()
    for moment in moments:
        compute(moment)
    return len(moments) / (time.process_time() - began)
