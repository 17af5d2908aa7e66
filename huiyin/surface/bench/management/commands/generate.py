"""manage generate N: complaints for load tests."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huiyin.surface.bench.generator import generate

MOST = 10_000_000


class Command(BaseCommand):
    help = (
        "Add N plausible complaints of the last two years: numbers, stories, triage, assignments, "
        "clocks, findings, offers, closings, and what search needs. About 4 % of them are open. "
        "For load tests and trying things out, not for an installation that serves people: nothing "
        "is ever deleted here. Rows are written by COPY, 2,000 complaints in a transaction, so "
        "100,000 take a few minutes; Ctrl-C keeps the batches that are done. Teams without agents "
        "get colleagues who cannot sign in. Rows that exist are left alone, and numbers go on "
        "from the last one of each year."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help="how many, e.g. 100000")
        parser.add_argument(
            "--seed", type=int, default=1, help="another number makes other texts and fates"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["count"]
        if not 1 <= count <= MOST:
            raise CommandError(f"N must lie between 1 and {MOST:,}.")
        began = time.monotonic()

        def show(done: int) -> None:
            seconds = time.monotonic() - began
            bar = "█" * (30 * done // count)
            left = seconds / done * (count - done)
            line = f"[{bar:<30}] {done:,}/{count:,}  {done / seconds:,.0f}/s  {left:,.0f} s left"
            # A terminal sees one line grow; a log sees ten.
            if self.stdout.isatty():
                self.stdout.write(f"\r{line}   ", ending="\n" if done == count else "")
                self.stdout.flush()
            elif done * 10 // count != max(done - 2000, 0) * 10 // count or done == count:
                self.stdout.write(line)

        generate(count, seed=options["seed"], on_progress=show)
        self.stdout.write(f"{count:,} complaints in {time.monotonic() - began:,.1f} s.")
