"""manage mail_server: take mail from your own mail server."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huiyin.journey.channels.mail.actions.hosting import controller


class Command(BaseCommand):
    help = (
        "Receive mail for the addresses of our mailboxes, from a mail server of yours, by LMTP or "
        "SMTP. Unencrypted and without sign-in: bind it to this machine or an inner network only. "
        "Answers 250 only when the mail is committed. Ends on SIGTERM."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--lmtp", metavar="HOST:PORT")
        which.add_argument("--smtp", metavar="HOST:PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        host, _colon, port = (options["lmtp"] or options["smtp"]).rpartition(":")
        if not host or not port.isdigit():
            raise CommandError("HOST:PORT, for example 127.0.0.1:2424")
        server = controller(host.strip("[]"), int(port), lmtp=bool(options["lmtp"]))
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        server.start()
        self.stdout.write(f"receiving at {host}:{port}")
        self.stdout.flush()
        stop.wait()
        server.stop()
