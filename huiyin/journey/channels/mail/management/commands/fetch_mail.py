"""manage fetch_mail: visit the mailboxes now."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from huiyin.journey.channels.mail.actions import receiving
from huiyin.journey.channels.mail.models import Mailbox

ROUND = 60.0  # seconds


class Command(BaseCommand):
    help = (
        "Visit every mailbox that receives, once, and tell what was kept. The worker does the same "
        "by itself each minute and waits for news with IDLE; with --idle this command goes on so "
        "until SIGTERM, for whoever wants it in a process of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--idle", action="store_true", help="stay and wait for news")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["idle"]:
            stop = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            while not stop.is_set():
                receiving.watch()
                stop.wait(ROUND)
            return
        for mailbox in Mailbox.objects.receiving():
            kept = receiving.visit(mailbox)
            mailbox.refresh_from_db()
            said = mailbox.receive_error if kept is None else f"{kept} kept"
            self.stdout.write(f"{mailbox.address}: {said}")
