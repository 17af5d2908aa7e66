"""manage check_seals: is the archive as it was sealed?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huiyin.journey.closure.actions.sealing import check_all


class Command(BaseCommand):
    help = (
        "Count the digest (SHA-256 over all rows) of every archived complaint again and print each "
        "table that is not as it was sealed, with the complaint's number. Changes nothing; may run "
        "while people work. Ends with status 1 when something differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=200, help="stop after so many differences")

    def handle(self, *args: Any, **options: Any) -> None:
        seen, found = 0, 0
        for _pk, wrong in check_all():
            seen += 1
            for one in wrong:
                what = f"{one.table}: {one.was} → {one.now} rows" if one.table else "no seal"
                self.stdout.write(f"{one.number}  {what}")
            found += len(wrong)
            if found >= options["most"]:
                raise CommandError(f"{found} differences; there may be more (--most).")
        if found:
            raise CommandError(f"{found} differences in {seen:,} archived complaints.")
        self.stdout.write(f"{seen:,} archived complaints, every seal holds.")
