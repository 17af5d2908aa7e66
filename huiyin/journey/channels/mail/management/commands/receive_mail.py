"""manage receive_mail < file: a mail from a pipe of a mail server."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from huiyin.journey.channels.mail.actions import keep
from huiyin.journey.channels.mail.actions.hosting import mailbox_of
from huiyin.journey.channels.mail.words import Source

EX_DATAERR, EX_TEMPFAIL = 65, 75  # sysexits.h, as mail servers read them


class Command(BaseCommand):
    help = (
        "Take one mail from standard input, as an alias or a pipe of your mail server gives it. "
        "Ends with 0 when the mail is committed, 75 when the server is to try again, 65 when the "
        "mail is larger than HUIYIN_MAIL_LARGEST. The worker reads it afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", default="", help="the address it was sent to")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(settings.MAIL_LARGEST + 1)
        if len(raw) > settings.MAIL_LARGEST:
            self.stderr.write(f"larger than {settings.MAIL_LARGEST} bytes")
            sys.exit(EX_DATAERR)
        if not raw:
            self.stderr.write("no mail on standard input")
            sys.exit(EX_DATAERR)
        try:
            mailbox = mailbox_of(options["mailbox"]) if options["mailbox"] else None
            keep(raw, source=Source.COMMAND, mailbox=mailbox)
        except Exception as error:  # a database that is away: the mail stays with the server
            self.stderr.write(f"not kept, try again: {type(error).__name__}")
            sys.exit(EX_TEMPFAIL)
