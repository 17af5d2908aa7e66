"""What a sweep of the clocks costs: it grows with what is due, not with what is open."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status

COMPLAINTS = 200  # over which the clocks are spread
FAR = timedelta(days=30)

MANY = """
INSERT INTO clocks_clock (complaint_id, kind, subject, label, policy, policy_version, amount, unit,
    calendar_code, ends_at_close, pause_rule, pauses_for_customer, pauses_for_testing, most_extra,
    extra_steps, warn_percent, started_at, due_at, first_due_at, warn_at, next_rung_at)
SELECT (%(pks)s::bigint[])[1 + i %% %(count)s], 'task', 'bench:' || (%(from)s + i), 'bench', '', '',
    1, 'hours', 'always', false, 'anew', false, false, 0, '', 80,
    %(now)s::timestamptz - interval '1 day', at, at, at, at
FROM (SELECT i, %(due)s::timestamptz + i * interval '1 second' AS at
      FROM generate_series(1, %(rows)s) AS i) AS made
"""


class Cost(NamedTuple):
    open: int
    due: int
    idle_queries: int
    idle_ms: float
    settled: int
    queries: int
    ms: float
    rows_read: int


class Command(BaseCommand):
    help = (
        "Make so many open clocks of which a fixed number is due, sweep, tell what it cost, and "
        "take everything back. Nothing stays in the database. Give it a database of its own, for "
        "example `--data DIR`: what is due there anyway is swept along, and measured with it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--open", type=int, nargs="+", default=[10_000, 300_000])
        parser.add_argument("--due", type=int, default=100)

    def handle(self, **options: Any) -> None:
        costs = [measured(count, options["due"]) for count in options["open"]]
        self.stdout.write(
            f"{'open':>8} {'due':>5} | nothing due: queries    ms | due: settled queries      ms"
            "  rows read"
        )
        for cost in costs:
            self.stdout.write(
                f"{cost.open:>8} {cost.due:>5} | {cost.idle_queries:>20} {cost.idle_ms:>5.1f} |"
                f" {cost.settled:>12} {cost.queries:>7} {cost.ms:>7.1f} {cost.rows_read:>10}"
            )
        if len(costs) > 1:
            first, last = costs[0], costs[-1]
            self.stdout.write(
                f"{last.open / first.open:.0f} times the open clocks: "
                f"{last.ms / first.ms:.2f} times the milliseconds, "
                f"{last.queries / first.queries:.2f} times the queries, "
                f"{last.rows_read / max(first.rows_read, 1):.2f} times the rows"
            )


def measured(count: int, due: int) -> Cost:
    with transaction.atomic():
        now = moment.now()
        _fill(count - due, now + FAR, now, begin=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE clocks_clock")
        _timed()  # warm
        idle_queries, idle_ms, _none = _timed()
        _fill(due, now - timedelta(hours=1), now, begin=count)
        rows = _rows_read()
        queries, ms, settled = _timed()
        transaction.set_rollback(True)
    return Cost(count, due, idle_queries, idle_ms, settled, queries, ms, rows)


def _fill(rows: int, due: Any, now: Any, *, begin: int) -> None:
    pks = list(Complaint.objects.filter(subject="bench").values_list("pk", flat=True))
    pks = pks or [_complaint().pk for _ in range(COMPLAINTS)]
    values = {"pks": pks, "count": len(pks), "from": begin, "rows": rows, "due": due, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(MANY, values)


def _complaint() -> Complaint:
    customer = find_or_create(Contact(name="bench", phone="13800138000"))
    made = Complaint.begin(customer=customer, text="bench", subject="bench", channel="phone")
    made.status = Status.HND
    made.severity = 3
    made.arrive()
    return made


def _timed() -> tuple[int, float, int]:
    asked = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        settled = sweep()
    return asked, (time.perf_counter() - began) * 1000, settled


def _rows_read() -> int:
    """Rows that the three questions of a sweep touch, by the plans PostgreSQL chose."""
    now = moment.now()
    return sum(
        _touched(json.loads(asked.explain(format="json", analyze=True))[0]["Plan"])
        for asked in (
            Clock.objects.overdue(now)[:500],
            Clock.objects.to_warn(now)[:500],
            Clock.objects.to_climb(now)[:500],
        )
    )


def _touched(plan: dict[str, Any]) -> int:
    own = int(plan["Actual Rows"]) + int(plan.get("Rows Removed by Filter", 0))
    inner = [_touched(part) for part in plan.get("Plans", [])]
    return max([own, *inner])
