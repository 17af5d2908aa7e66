"""manage check_facts: does the spine carry what the stages recorded?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huiyin.surface.operation.facts import differences


class Command(BaseCommand):
    help = (
        "Compare the facts that lists sort and find by (severity, category, team, assignee, next "
        "due date, solved, closed, last activity) with the records of the stages that own them, "
        "and print each difference with the complaint's number. Changes nothing; may run while "
        "people work. Ends with status 1 when something differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=200, help="stop after so many differences")

    def handle(self, *args: Any, **options: Any) -> None:
        seen = 0

        def count(done: int) -> None:
            nonlocal seen
            seen = done

        found = 0
        for one in differences(count):
            self.stdout.write(
                f"{one.number}  {one.fact}: carried {one.carried}, recorded {one.recorded}"
            )
            found += 1
            if found >= options["most"]:
                raise CommandError(f"{found} differences; there may be more (--most).")
        if found:
            raise CommandError(f"{found} differences in {seen:,} complaints.")
        self.stdout.write(f"{seen:,} complaints, no difference.")
