"""manage load_reference: the rows every installation begins with."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    help = (
        "Add reference rows that are missing (categories, policies, calendars, limits, phrases). "
        "Rows that exist are left as they are, so edits in the console survive upgrades. "
        "Runs after every migration; safe to run at any time."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for app in settings.HUIYIN_APPS:
            found = find_spec(f"{app}.reference")
            if found and found.origin:  # a folder of that name alone is data, not a module
                made = import_module(f"{app}.reference").load_reference()
                if options["verbosity"] > 1 or made:
                    self.stdout.write(f"{app.rsplit('.', 1)[1]}: {made or 0} rows added")
