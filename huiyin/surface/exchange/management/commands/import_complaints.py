"""manage import_complaints FILE: complaints from a CSV or Excel file."""

from __future__ import annotations

import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.people.rules import sign_in_name
from huiyin.ground.refusal import Refused
from huiyin.journey.intake.rules import cleaned
from huiyin.surface.exchange import vocabulary
from huiyin.surface.exchange.actions import Known, Reading, check, known, many_commits, take
from huiyin.surface.exchange.listing import csv_file
from huiyin.surface.exchange.permissions import can_import
from huiyin.surface.exchange.rules import folded, guess, mapping_fault
from huiyin.surface.exchange.sources import Table, open_table, samples
from huiyin.surface.exchange.words import Column, Outcome

BATCH = 100
BAR = 30  # characters
MOST_TOLD = 20  # faults printed; all of them are in the errors file


class Command(BaseCommand):
    help = (
        "Import complaints from a CSV (UTF-8, UTF-16 with BOM, GB18030; comma, semicolon, tab) or "
        ".xlsx file. Headers are recognised in Chinese and English; the mapping is printed first. "
        "Each row is registered, read, numbered, routed and timed like any other complaint, from "
        "its date of receipt if the file has one. A row that cannot be taken is reported with its "
        "line and reason and written to FILE.errors.csv; the others go on. Safe to run again, also "
        "after it was killed: rows that are there already are left as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=HEADER",
            help="the column of this header (or number, from 1) holds FIELD; FIELD= ignores it. "
            f"FIELD is one of {', '.join(Column.values)}",
            nargs="+",
        )
        parser.add_argument("--dry-run", action="store_true", help="only check, write nothing")
        parser.add_argument(
            "--by", default="", metavar="USER", help="who imports; by default the system itself"
        )
        parser.add_argument(
            "--errors", type=Path, help="where rows that failed go; default FILE.errors.csv"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = self._user(options["by"])
        try:
            can_import.require(by, None)
            table = open_table(options["file"])
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        mapping = guess(table.headers, vocabulary.headers())
        for told in (one for several in options["map"] for one in several):
            self._override(mapping, told, table.headers)
        self._preview(table, mapping)
        if fault := mapping_fault(mapping, table.headers):
            raise CommandError(fault)
        errors = options["errors"] or options["file"].with_name(
            f"{options['file'].name}.errors.csv"
        )
        if options["dry_run"]:
            self._go(table, mapping, by=None, errors=errors)
        else:
            with many_commits():
                self._go(table, mapping, by=by, errors=errors)

    def _user(self, name: str) -> User:
        user: User | None
        if not name:
            user = User.objects.system()
        else:
            user = User.objects.active().filter(username=sign_in_name(name)).first()
        if user is None:
            raise CommandError(_("没有名为“%(name)s”的在用账号") % {"name": name})
        return user

    def _override(self, mapping: dict[str, int], told: str, headers: tuple[str, ...]) -> None:
        column, _equals, header = told.partition("=")
        if not _equals or column not in Column.values:
            raise CommandError(
                _("--map 应写成 字段=列名，字段是：%(columns)s")
                % {"columns": " ".join(Column.values)}
            )
        mapping.pop(column, None)
        if not header:
            return
        names = [folded(h) for h in headers]
        if header in headers:
            position = headers.index(header)
        elif folded(header) in names:
            position = names.index(folded(header))
        elif header.isdecimal() and 1 <= int(header) <= len(headers):
            position = int(header) - 1
        else:
            raise CommandError(
                _("文件里没有“%(header)s”这一列，有的是：%(headers)s")
                % {"header": header, "headers": "、".join(headers)}
            )
        for other in [c for c, p in mapping.items() if p == position]:
            del mapping[other]  # what is said by hand wins over what was guessed
        mapping[column] = position

    # --- what is printed -------------------------------------------------------------------------

    def _preview(self, table: Table, mapping: dict[str, int]) -> None:
        told = {",": _("逗号"), ";": _("分号"), "\t": _("制表符"), "": "—"}
        self._say(
            _("%(name)s：%(count)d 行，%(kind)s，分隔符 %(delimiter)s")
            % {
                "name": table.path.name,
                "count": table.count,
                "kind": table.encoding or "xlsx",
                "delimiter": told.get(table.delimiter, table.delimiter),
            }
        )
        columns = {position: column for column, position in mapping.items()}
        for place, (header, values) in enumerate(zip(table.headers, samples(table), strict=True)):
            column = columns.get(place)
            means = str(Column(column).label) if column else _("（不导入）")
            shown = " | ".join(value[:24] for value in values)
            self._say(f"  {place + 1:>3}. {header} → {means}    {shown}")

    def _say(self, text: str) -> None:
        # What comes from a file must not steer the terminal, nor break a pipe of another alphabet.
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        plain = "".join(c if c.isprintable() else " " for c in text)
        self.stdout.write(plain.encode(encoding, "replace").decode(encoding))

    def _progress(self, done: int, total: int, began: float) -> None:
        share = done / total if total else 1.0
        rate = done / max(time.monotonic() - began, 0.001)
        bar = "█" * int(share * BAR) + "░" * (BAR - int(share * BAR))
        line = f"{bar} {share:4.0%}  {done}/{total}  {rate:.0f}/s"
        if sys.stderr.isatty():
            self.stderr.write(f"\r{line}", ending="\n" if done == total else "")
        elif int(share * 10) > int((done - BATCH) / max(total, 1) * 10) or done == total:
            self.stderr.write(line)
        self.stderr.flush()

    # --- the rows --------------------------------------------------------------------------------

    def _go(self, table: Table, mapping: dict[str, int], *, by: User | None, errors: Path) -> None:
        """Without `by` nothing is written."""
        reading = Reading.of(mapping)
        rows = ((line, reading.row(line)) for line in table.lines())
        counts: Counter[str] = Counter()
        failed: list[tuple[str, ...]] = []
        there: dict[str, Known] = {}
        began = time.monotonic()
        while batch := tuple(islice(rows, BATCH)):
            there |= known(row.key for _line, row in batch)
            for line, row in batch:
                result = take(row, by=by, there=there) if by else check(row, there)
                counts[result.outcome] += 1
                if result.reason:
                    counts["told"] += 1
                    self._tell(line.number, result.outcome, result.reason, counts["told"])
                if result.outcome is Outcome.BAD:
                    width = len(table.headers)
                    cells = (*line.cells, *[""] * width)[:width]
                    failed.append((*cells, str(line.number), result.reason))
                else:
                    there.setdefault(row.key, Known(cleaned(row["text"])))
            self._progress(sum(counts[o] for o in Outcome.values), table.count, began)
        self._conclude(counts, by=by, seconds=time.monotonic() - began)
        if failed:
            self._keep(errors, [(*table.headers, _("行号"), _("原因")), *failed])

    def _tell(self, line: int, outcome: str, reason: str, told: int) -> None:
        if told <= MOST_TOLD:
            mark = "✗" if outcome == Outcome.BAD else "!"
            where = _("第 %(line)d 行：%(reason)s") % {"line": line, "reason": reason}
            self._say(f"{mark} {where}")
        elif told == MOST_TOLD + 1:
            self._say("…")

    def _conclude(self, counts: Counter[str], *, by: User | None, seconds: float) -> None:
        if by:
            sentence = _("已导入 %(added)d 条，此前已有 %(known)d 条，未导入 %(bad)d 条")
        else:
            sentence = _("只检查，没有登记：可导入 %(added)d，此前已有 %(known)d，有问题 %(bad)d")
        told = {outcome: counts[outcome] for outcome in Outcome.values}
        self._say(f"{sentence % told} · {seconds:.1f} s")

    def _keep(self, path: Path, rows: list[tuple[str, ...]]) -> None:
        try:
            with csv_file(rows) as made:
                path.write_bytes(made.read())
        except OSError as error:
            raise CommandError(
                _("写不了错误文件 %(path)s：%(why)s") % {"path": path, "why": error.strerror}
            ) from error
        self._say(_("未导入的行在 %(path)s，改好后可直接再次导入") % {"path": path})
