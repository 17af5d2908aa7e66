"""manage load_demo: sixty days of complaints into an empty database."""

from __future__ import annotations

import gc
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huiyin.surface.demo import actions


class Command(BaseCommand):
    help = (
        "Fill an empty database with the demonstration: people, customers and some 300 complaints "
        "of the last 60 days. In demo mode only (`dev.py run` does it at the first start); where "
        "people or complaints exist already it does nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data is loaded in demo mode only: `dev.py run`.")
        if not actions.is_empty():
            return
        began = time.monotonic()
        gc.disable()  # nor will it look through all of it at the end: this process ends soon
        made = actions.load(progress=self._progress if options["verbosity"] else None)
        gc.freeze()
        if options["verbosity"]:
            self.stderr.write(f"{made} complaints in {time.monotonic() - began:.1f} s")

    def _progress(self, percent: int) -> None:
        self.stderr.write(f"demo {percent} %")
