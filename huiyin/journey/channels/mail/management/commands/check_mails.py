"""manage check_mails FOLDER: every file of a folder through the whole reading, with its limits."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huiyin.journey.channels.mail.actions.knowing import limits
from huiyin.journey.channels.mail.models import signs
from huiyin.journey.channels.mail.reading import Measured, measured
from huiyin.journey.channels.mail.rules.case import Known
from huiyin.journey.channels.mail.rules.judging import judge
from huiyin.journey.channels.mail.rules.writing import new_words

SECONDS, BYTES = 5.0, 256 * 1024 * 1024  # the goal, of processor time and of memory


class Command(BaseCommand):
    help = (
        "Read every file of a folder as if it had come by mail: in the child with its limits, "
        "judged and folded. Nothing is kept. Prints N of N, slowest, largest and faults."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted(path for path in options["folder"].rglob("*") if path.is_file())
        if not files:
            raise CommandError("no file there")
        began = time.monotonic()
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            found = list(pool.map(partial(_read, known=Known(signs=signs())), files))
        good = [one for one in found if _is_good(one[1])]
        slowest = max(found, key=lambda one: one[1].cpu)
        largest = max(found, key=lambda one: one[1].peak)
        faults = [(path, one.read.fault) for path, one in found if one.read.fault]
        self.stdout.write(
            f"{len(good)} of {len(found)} within {SECONDS:g} s and {BYTES >> 20} MB, "
            f"in {time.monotonic() - began:.0f} s\n"
            f"slowest: {slowest[1].cpu:.2f} s of processor time, {slowest[0].name}\n"
            f"largest: {largest[1].peak / 2**20:.0f} MB, {largest[0].name}\n"
            f"read only in part, kept whole: {len(faults)}"
        )
        for path, fault in faults:
            self.stdout.write(f"  {path.name}: {fault}")


def _read(path: Path, *, known: Known) -> tuple[Path, Measured]:
    found = measured(path.read_bytes(), limits())
    judge(found.read, known)
    new_words(found.read, known.signs)
    return path, found


def _is_good(one: Measured) -> bool:
    return one.cpu <= SECONDS and one.peak <= BYTES
