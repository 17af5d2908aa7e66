"""manage check_files FOLDER: every file of a folder through the door that evidence comes in by."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.test.utils import override_settings

from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import Description, keep_evidence
from huiyin.journey.conversation.views import served

# Each also comes under the endings that we take: a lie about what it is must be found out.
LIES = ("jpg", "png", "pdf", "docx", "txt", "mp3", "mp4")
# What a browser would run, draw with scripts, or resolve entities in.
ACTIVE = ("html", "svg+xml", "xhtml+xml", "xml", "xslt+xml", "javascript", "ecmascript", "css")


class Command(BaseCommand):
    help = (
        "Try to add every file of a folder as evidence, under its own name and under those of "
        "other kinds, and look at how it would be served. Nothing is kept: rows are rolled back, "
        "bytes go to a folder that is deleted. Prints how many were taken, refused with a "
        "sentence, and how many would be active in a browser, which must be none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted(path for path in options["folder"].rglob("*") if path.is_file())
        if not files:
            raise CommandError("no file there")
        counted: Counter[str] = Counter()
        with (
            tempfile.TemporaryDirectory() as folder,
            override_settings(EVIDENCE_DIR=folder),
            transaction.atomic(),
        ):
            complaint = _complaint()
            for path, name in _names(files):
                counted[self._tried(complaint, path, name)] += 1
            transaction.set_rollback(True)
        tried = sum(counted.values())
        self.stdout.write(
            f"{len(files)} files, {tried} tries: {counted['taken']} taken and served inert, "
            f"{counted['refused']} refused with a sentence, {counted['active']} active, "
            f"{counted['broken']} without a sentence"
        )
        if counted["active"] or counted["broken"]:
            raise CommandError("not every file was taken or refused as it should be")

    def _tried(self, complaint: Complaint, path: Path, name: str) -> str:
        upload = SimpleUploadedFile(name, path.read_bytes())
        try:
            with transaction.atomic():
                kept = keep_evidence(
                    complaint, by=User.objects.system(), upload=upload, described=Description()
                )
        except Invalid as refusal:
            return "refused" if str(refusal.sentence) else "broken"
        except Exception as error:
            self.stderr.write(f"{path} as {name}: {type(error).__name__}: {error}")
            return "broken"
        answer = served(kept)
        inert = (
            answer["Content-Disposition"].startswith("attachment")
            and answer["X-Content-Type-Options"] == "nosniff"
            and answer["Content-Security-Policy"].startswith("sandbox")
            and answer["Content-Type"].partition(";")[0].rpartition("/")[2] not in ACTIVE
        )
        if answer.file_to_stream is not None:  # not the answer: its end closes the connection
            answer.file_to_stream.close()
        if not inert:
            self.stderr.write(f"{path} as {name}: {answer['Content-Type']}")
        return "taken" if inert else "active"


def _names(files: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in files:
        yield path, path.name
        for ending in LIES:
            yield path, f"{path.name}.{ending}"


def _complaint() -> Complaint:
    complaint = Complaint.begin(
        customer=find_or_create(Contact(name="check_files")),
        text="check_files",
        subject="check_files",
        channel=Channel.API,
    )
    complaint.arrive()
    return complaint
