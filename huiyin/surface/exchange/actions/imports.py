"""An import step by step: upload, choose the columns, check, run. Each step may be taken once.

Check and run are jobs that may be killed at any moment: what is done is a row of ImportRow, written
together with its complaint, and the job goes on with the others.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.intake.rules import cleaned
from huiyin.surface.exchange import vocabulary
from huiyin.surface.exchange.actions.rows import Known, Reading, check, known, many_commits, take
from huiyin.surface.exchange.models import Import, ImportRow
from huiyin.surface.exchange.permissions import can_import
from huiyin.surface.exchange.rules import Row, guess, mapping_fault
from huiyin.surface.exchange.sources import LARGEST, MB, Line, Table, open_table
from huiyin.surface.exchange.words import Column, Outcome, State

BATCH = 50  # rows between two looks at whether somebody has halted it
MOST_REASONS = 100
LINES_SHOWN = 6
KEPT = timedelta(days=30)  # then the file goes: it holds people's data in clear


def upload(file: UploadedFile[Any], *, by: User) -> Import:
    """Keep a file and guess its columns. Raises Invalid with field `file` for what is no table."""
    can_import.require(by, None)
    if (file.size or 0) > LARGEST:
        sentence = _("文件超过 %(most)d MB，请分成几个文件再导入") % {"most": LARGEST // MB}
        raise Invalid(sentence, file=sentence)
    path = _stored(file)
    try:
        table = open_table(path)
    except Invalid as invalid:
        path.unlink()
        raise Invalid(invalid.sentence, file=invalid.sentence) from invalid
    return Import.objects.create(
        name=_shown_name(file.name or ""),
        path=path.name,
        size=file.size or 0,
        by=by,
        at=moment.now(),
        state=State.MAPPING,
        mapping=guess(table.headers, vocabulary.headers()),
        total=table.count,
    )


def _stored(file: UploadedFile[Any]) -> Path:
    folder = Path(settings.IMPORTS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / secrets.token_hex(16)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return path


def _shown_name(name: str) -> str:
    plain = "".join(c for c in name if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF)
    return plain[-200:].strip() or _("未命名文件")


@transaction.atomic
def choose(one: Import, *, by: User, mapping: Mapping[str, int]) -> None:
    """Settle which column holds what, and let the file be checked."""
    can_import.require(by, None)
    headers = open_table(one.file, counted=False).headers
    if fault := mapping_fault(mapping, headers):
        raise Invalid(fault, mapping=fault)
    if not all(c in Column.values and 0 <= p < len(headers) for c, p in mapping.items()):
        raise Invalid(_("文件里没有这一列，请刷新页面后重新选择"))
    _move(one, State.CHECKING, from_=(State.MAPPING, State.CHECKED), mapping=dict(mapping))
    _enqueue(one)


@transaction.atomic
def run(one: Import, *, by: User) -> None:
    """Begin to import, or go on after a halt."""
    can_import.require(by, None)
    _move(one, State.RUNNING, from_=(State.CHECKED, State.HALTED))
    _enqueue(one)


@transaction.atomic
def halt(one: Import, *, by: User) -> None:
    """Stop after the rows at hand; what is imported stays."""
    can_import.require(by, None)
    _move(one, State.HALTED, from_=(State.RUNNING,))


@transaction.atomic
def discard(one: Import, *, by: User) -> None:
    """Forget a file of which nothing has been imported yet."""
    can_import.require(by, None)
    path = one.file
    gone = Import.objects.filter(
        pk=one.pk, state__in=(State.MAPPING, State.CHECKED, State.FAILED), rows=None
    ).delete()[0]
    if not gone:
        raise Refused(_("已经开始导入，不能放弃；已登记的投诉请在各自的页面作废"))
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _move(one: Import, state: State, *, from_: tuple[State, ...], **facts: Any) -> None:
    """Conditional on where it stands, so that of two people at once one is refused."""
    facts["state"] = state
    if not Import.objects.filter(pk=one.pk, state__in=from_).update(**facts):
        raise Refused(_("这次导入刚刚有了变化，请刷新页面查看最新状态"))
    for name, value in facts.items():
        setattr(one, name, value)


def _enqueue(one: Import) -> None:
    from huiyin.surface.exchange.tasks import carry_on_with

    carry_on_with.configure(lock=f"import-{one.pk}").defer(import_id=one.pk)


# --- in the worker -------------------------------------------------------------------------------


def carry_on(one: Import) -> None:
    """Do what its state asks for. Safe to run again, also after a kill in the middle."""
    if not one.is_working:
        return
    try:
        can_import.require(one.by, None)
        table = open_table(one.file, counted=False)
        if one.state == State.CHECKING:
            _check(one, table)
        else:
            with many_commits():
                done = _import(one, table)
            if done:
                Import.objects.filter(pk=one.pk, state=State.RUNNING).update(
                    state=State.DONE, ended_at=moment.now()
                )
    except (Refused, OSError) as fault:
        sentence = getattr(fault, "sentence", None) or _("文件已不在原处，请重新上传")
        Import.objects.filter(pk=one.pk).update(
            state=State.FAILED, fault=sentence, ended_at=moment.now()
        )


def _read(table: Table, reading: Reading) -> Iterator[tuple[tuple[Line, Row], ...]]:
    rows = ((line, reading.row(line)) for line in table.lines())
    return iter(lambda: tuple(islice(rows, BATCH)), ())


class Told:
    """Reasons with the lines they were given for: two thousand times the same is one sentence."""

    def __init__(self, told: Iterable[tuple[int, str]] = ()) -> None:
        self.lines: dict[str, list[int]] = {}
        for line, reason in told:
            self.add(line, reason)

    def add(self, line: int, reason: str) -> None:
        if reason and (reason in self.lines or len(self.lines) < MOST_REASONS):
            self.lines.setdefault(reason, []).append(line)

    def shown(self) -> list[dict[str, Any]]:
        """The commonest first; of the lines a few."""
        ranked = sorted(self.lines.items(), key=lambda told: -len(told[1]))
        return [
            {"reason": reason, "count": len(lines), "lines": lines[:LINES_SHOWN]}
            for reason, lines in ranked
        ]


def _check(one: Import, table: Table) -> None:
    counts = dict.fromkeys(Outcome.values, 0)
    faults, remarks = Told(), Told()
    there: dict[str, Known] = {}
    for batch in _read(table, Reading.of(one.mapping)):
        there |= known(row.key for _line, row in batch)
        for line, row in batch:
            result = check(row, there)
            counts[result.outcome] += 1
            told = faults
            if result.outcome is not Outcome.BAD:
                there.setdefault(row.key, Known(cleaned(row["text"])))
                told = remarks
            told.add(line.number, result.reason)
    checked = {**counts, "faults": faults.shown(), "remarks": remarks.shown()}
    Import.objects.filter(pk=one.pk, state=State.CHECKING).update(
        state=State.CHECKED, checked=checked
    )


def _import(one: Import, table: Table) -> bool:
    """True when every row is settled, False when somebody halted it."""
    done = set(one.rows.values_list("line", flat=True))
    for batch in _read(table, Reading.of(one.mapping)):
        left = [(line, row) for line, row in batch if line.number not in done]
        if not left:
            continue
        if not Import.objects.filter(pk=one.pk, state=State.RUNNING).exists():
            return False
        there = known(row.key for _line, row in left)
        for line, row in left:
            _settle(one, line, row, there)
    return True


def _settle(one: Import, line: Line, row: Row, there: dict[str, Known]) -> None:
    try:
        with transaction.atomic():
            result = take(row, by=one.by, there=there)
            ImportRow.objects.create(
                of=one,
                line=line.number,
                outcome=result.outcome,
                complaint=result.complaint,
                reason=result.reason,
            )
    except IntegrityError:
        # Another worker thought this one dead and has settled the line meanwhile.
        if not one.rows.filter(line=line.number).exists():
            raise


def sweep_imports() -> int:
    """Throw away files after 30 days; what became of their rows stays."""
    old = Import.objects.filter(at__lt=moment.now() - KEPT).exclude(path="")
    gone = 0
    for one in old.exclude(state__in=(State.CHECKING, State.RUNNING))[:100]:
        one.file.unlink(missing_ok=True)
        gone += Import.objects.filter(pk=one.pk).update(path="")
    return gone
