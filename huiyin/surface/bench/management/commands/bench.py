"""manage bench: what the product does with an archive of a given size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from huiyin.journey.complaint.models import Complaint
from huiyin.surface.bench import measures, processes
from huiyin.surface.bench.load import BenchError
from huiyin.surface.bench.measures import Bench, Row
from huiyin.surface.bench.scene import scene
from huiyin.surface.bench.serving import INTERFACES, served

HEAD = f"{'':<22}{'clients':>8}{'p50 ms':>9}{'p95 ms':>9}{'req/s':>9}{'app CPU':>9}{'db CPU':>8}"
# Aims at 100,000 complaints: milliseconds at the median with one client.
AIMS = {
    "queue": 25,
    "queue, all open": 25,
    "complaint": 20,
    "search, common word": 25,
    "search, rare word": 25,
    "search, agent": 25,
    "board": 25,
}
INTAKE_AIM = 300  # a second with eight clients


class Command(BaseCommand):
    help = (
        "Measure the product in a closed loop with 1 and 8 clients: queue, complaint page, search, "
        "board, intake over the API; beside them a one-row durable insert and an empty view. Run "
        "it as `python3 dev.py bench`: that gives it a durable database of its own under "
        "<data>/bench and the settings of production. Makes complaints until there are N, serves "
        "on 127.0.0.1 on a free port, and ends by itself. Intake adds complaints to that database. "
        "Results are comparable only when the machine has nothing else to do."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--n", type=int, default=100_000, help="complaints in the archive")
        parser.add_argument("--seconds", type=float, default=5.0, help="for each measure")
        parser.add_argument("--json", metavar="FILE", help="also write the figures there")
        parser.add_argument(
            "--interface",
            choices=tuple(INTERFACES),
            default="asgi",
            help="asgi: as `dev.py run` serves; wsgi: pages alone, behind a proxy",
        )
        parser.add_argument("--workers", type=int, default=1, help="web processes")
        parser.add_argument("--threads", type=int, default=4, help="threads each, with wsgi")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["n"] < 1 or options["seconds"] <= 0:
            raise CommandError("--n and --seconds must be above 0.")
        there = Complaint.objects.count()
        if there < options["n"]:
            call_command("generate", options["n"] - there, seed=there + 1, stdout=self.stdout)
        serving = served(
            options["interface"], workers=options["workers"], threads=options["threads"]
        )
        rows: list[Row] = []
        where = measures.about() | {"complaints": Complaint.objects.count()}
        where |= {name: options[name] for name in ("interface", "workers", "seconds")}
        self.stdout.write("  ".join(f"{name} {value}" for name, value in where.items()))
        try:
            with scene() as made, serving as (port, pid):
                bench = Bench(made, port=port, app=pid, seconds=options["seconds"])
                before = processes.memory_mb(pid)
                self.stdout.write(HEAD)
                for row in bench.rows():
                    rows.append(row)
                    self.stdout.write(_line(row))
                after = processes.memory_mb(pid)
        except BenchError as failed:
            raise CommandError(f"{failed}") from failed
        memory = {"memory_mb_at_start": before, "memory_mb_at_end": after}
        self.stdout.write("\n".join(_summary(rows, before, after)))
        if options["json"]:
            content = measures.as_json(rows, **where, **memory)
            Path(options["json"]).write_text(json.dumps(content, ensure_ascii=False, indent=1))


def _line(row: Row) -> str:
    app, db = (f"{cpu:.2f}" if cpu is not None else "–" for cpu in (row.app_cpu, row.db_cpu))
    times = f"{row.p50:>9.2f}{row.p95:>9.2f}{row.per_second:>9.1f}"
    return f"{row.what:<22}{row.clients:>8}{times}{app:>9}{db:>8}  {row.note}".rstrip()


def _summary(rows: list[Row], before: float | None, after: float | None) -> list[str]:
    """Ratios to the limits, and the aims."""
    found = {(row.what, row.clients): row for row in rows}
    empty, insert = found["empty view", 1], found["one-row insert", 1]
    lines = ["", "Median with one client, against an empty view and a one-row durable insert:"]
    for what in (*AIMS, "intake"):
        row = found[what, 1]
        ratios = f"{row.p50 / empty.p50:>7.1f}x{row.p50 / insert.p50:>8.1f}x"
        aim = AIMS.get(what)
        lines.append(f"  {what:<22}{ratios}  {_verdict(row.p50, aim) if aim else ''}".rstrip())
    rate = found["intake", 8].per_second
    lines.append(f"Intake with 8 clients: {rate:.0f}/s, aim {INTAKE_AIM}/s or more")
    if before and after:
        lines.append(f"Memory of the web process: {before:.0f} MB at first, {after:.0f} MB now")
    return lines


def _verdict(p50: float, aim: float) -> str:
    met = "met" if p50 <= aim else f"missed by {p50 - aim:.1f} ms"
    return f"aim {aim} ms: {met}"
