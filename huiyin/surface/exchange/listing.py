"""The rows of a list as lines of a file: what the list shows, masked as it is there."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import IO

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground.privacy.rules import masked_name, masked_phone
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.triage import knowledge
from huiyin.surface.exchange.rules import safe_cell
from huiyin.surface.exchange.words import FileKind
from huiyin.surface.workbench.lists import ORDERS

CHUNK = 500  # rows read at a time, bytes ×128 sent at a time
WIDTHS = (16, 6, 42, 30, 10, 14, 24, 8, 12, 17, 17, 10, 12, 10, 6)


def headings() -> list[str]:
    return [
        _("编号"),
        _("级别"),
        _("摘要"),
        _("诉求"),
        _("客户"),
        _("电话"),
        _("类别"),
        _("渠道"),
        _("环节"),
        _("受理时间"),
        _("到期时间"),
        _("到期事项"),
        _("小组"),
        _("处理人"),
        _("联系次数"),
    ]


def lines(found: QuerySet[Complaint]) -> Iterator[list[str]]:
    path = knowledge.current().path
    for row in found.prefetch_related("customer__contact_points").iterator(chunk_size=CHUNK):
        yield [
            row.number,
            f"S{row.severity}" if row.severity else "",
            row.subject,
            row.wanted,
            masked_name(row.customer.name),
            masked_phone(row.customer.contact("phone")),
            path(row.category) or row.category,
            row.get_channel_display(),
            row.get_status_display(),
            _written(row.received_at),
            _written(row.next_due_at) if row.is_open else "",
            row.get_next_due_kind_display() if row.is_open else "",
            row.team.name if row.team else "",
            row.assignee.name if row.assignee else "",
            str(row.contact_count),
        ]


def _written(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def ordered(found: QuerySet[Complaint], sort: str) -> QuerySet[Complaint]:
    """The rows in the order of the list, with what a row shows."""
    order = ORDERS[sort]
    sign = "-" if order.descending else ""
    rows: QuerySet[Complaint] = found.for_list()  # type: ignore[attr-defined]
    return rows.order_by(f"{sign}{order.field}", f"{sign}pk")


def list_file(found: QuerySet[Complaint], kind: str) -> IO[bytes]:
    """An open temporary file, at its beginning. Memory does not grow with the rows."""
    if kind == FileKind.CSV:
        return csv_file([headings()], lines(found))
    file = tempfile.TemporaryFile()  # noqa: SIM115 — whoever sends it closes it
    _write_xlsx(file, lines(found))
    file.seek(0)
    return file


def csv_file(*parts: Iterable[Sequence[str]]) -> IO[bytes]:
    """The same for any rows, as CSV in which nothing is a formula."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — whoever sends it closes it
    # With the mark, or Excel takes UTF-8 for the code page of the machine.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    for row in chain(*parts):
        writer.writerow(list(map(safe_cell, row)))
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _write_xlsx(file: IO[bytes], rows: Iterator[list[str]]) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(_("投诉"))
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    for column, (title, width) in enumerate(zip(headings(), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)  # as text, never as formula, link or number
    book.close()


async def sent(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file in pieces; asynchronous, for a server that would else collect them all first."""
    with file:
        while piece := file.read(CHUNK * 128):
            yield piece


def file_name(kind: str, now: datetime) -> str:
    stamp = timezone.localtime(now).strftime("%Y%m%d-%H%M")
    return f"complaints-{stamp}.{kind}"
