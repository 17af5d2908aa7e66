"""manage demo_accounts: who may be tried in the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huiyin.surface.demo import cast


class Command(BaseCommand):
    help = "Print the demo accounts and their password; in demo mode only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are demo accounts in demo mode only: `dev.py run`.")
        if table := cast.table():
            self.stdout.write(table)
