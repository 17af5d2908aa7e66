"""manage reference_page: write docs/reference.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from huiyin.surface.operation.reference_page import page


class Command(BaseCommand):
    help = (
        "Write docs/reference.md: statuses, moves, events and what follows, roles, permissions and "
        "the operations of the API, from the code itself. --print shows it instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="show it, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            self.stdout.write(page())
            return
        (settings.ROOT / "docs" / "reference.md").write_text(page(), encoding="utf-8")
