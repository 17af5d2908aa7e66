"""A file on disk as a table: its headers, and its rows with their line numbers.

Everything that can be judged without parsing is judged first, so that no file makes us work or
remember more than it is worth.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.surface.exchange import vocabulary
from huiyin.surface.exchange.rules import delimiter_of, encoding_of, kind_fault, restored

MB = 1024 * 1024
LARGEST = 32 * MB  # some 60,000 complaints of usual length
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_UNPACKED = 160 * MB  # of an xlsx: what is inside the zip
MOST_SWOLLEN = 150  # times: sheets of text shrink to a tenth, bombs to a thousandth
MOST_PARTS = 2_000
HEAD = 64 * 1024
XLSX = b"PK\x03\x04"

# A cell may be as long as the file: too long ones are refused by row, not by the parser, which
# would lose its place inside the quotes.
csv.field_size_limit(LARGEST)


@dataclass(frozen=True)
class Line:
    """`number` is where the row begins in the file; `fault` says why its cells are of no use."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    path: Path
    encoding: str  # "" for xlsx
    delimiter: str
    headers: tuple[str, ...]
    count: int

    def lines(self) -> Iterator[Line]:
        """Every row below the headers that is not empty; opens the file anew each time."""
        width = len(self.headers)
        lines = _filled(self)
        next(lines, None)
        for line in lines:
            if any(cell.strip() for cell in line.cells[width:]):
                yield Line(line.number, line.cells, _too_wide(line, width))
            else:
                padding = ("",) * (width - len(line.cells))
                yield Line(line.number, (*line.cells[:width], *padding), line.fault)


def _too_wide(line: Line, width: int) -> str:
    return _(
        "这一行有 %(cells)d 列，表头只有 %(width)d 列：可能是内容里的分隔符没有加引号，请检查"
    ) % {"cells": len(line.cells), "width": width}


def open_table(path: Path, *, counted: bool = True) -> Table:
    """Judge the file and find headers, encoding and delimiter. Raises Invalid with a sentence.

    Counting reads it to its end; a file that was counted once need not be again.
    """
    head = _head(path)
    if head.startswith(XLSX):
        _judge_zip(path)
        encoding, delimiter = "", ""
    else:
        encoding = encoding_of(path.read_bytes())
        if not encoding:
            raise Invalid(_("无法识别文件编码，请另存为 UTF-8 的 CSV 再导入"))
        delimiter = ","
    table = Table(path, encoding, delimiter, (), 0)
    if encoding:
        table = Table(path, encoding, _delimiter(table), (), 0)
    lines = _filled(table)
    first = next(lines, None)
    if first is None:
        raise Invalid(_("文件是空的，请选择有表头和内容的文件"))
    headers = tuple(cell.strip() for cell in first.cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    if len(headers) > MOST_COLUMNS:
        raise Invalid(
            _("表头有 %(count)d 列，最多 %(most)d 列；请删去用不到的列再导入")
            % {"count": len(headers), "most": MOST_COLUMNS}
        )
    return Table(path, encoding, table.delimiter, headers, _count(lines) if counted else 0)


def _count(lines: Iterator[Line]) -> int:
    count = 0
    for count, _line in enumerate(lines, 1):
        if count > MOST_ROWS:
            raise Invalid(_("文件超过 %(most)d 行，请分成几个文件再导入") % {"most": MOST_ROWS})
    if not count:
        raise Invalid(_("文件只有表头，没有内容"))
    return count


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise Invalid(_("“%(name)s”是文件夹，请指定一个文件") % {"name": path.name})
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise Invalid(
            _("打不开文件“%(name)s”：%(why)s") % {"name": path.name, "why": error.strerror}
        ) from error
    if size > LARGEST:
        raise Invalid(
            _("文件有 %(size).1f MB，最多 %(most)d MB；请分成几个文件再导入")
            % {"size": size / MB, "most": LARGEST // MB}
        )
    if not size:
        raise Invalid(_("文件是空的，请选择有表头和内容的文件"))
    if fault := kind_fault(head):
        raise Invalid(fault)
    return head


# --- text ----------------------------------------------------------------------------------------


def _text(table: Table) -> io.TextIOWrapper:
    # Broken bytes become lone surrogates, which only their own row is refused for.
    broken = "surrogatepass" if table.encoding == "utf-16" else "surrogateescape"
    return table.path.open(encoding=table.encoding, errors=broken, newline="")


def _delimiter(table: Table) -> str:
    with _text(table) as file:
        line = next((line for line in file if line.strip()), "")
    if line.lower().startswith("sep=") and len(line.strip()) == 5:
        return line[4]
    return delimiter_of(line.rstrip("\r\n")[:HEAD], vocabulary.headers())


def _csv_lines(table: Table) -> Iterator[Line]:
    with _text(table) as file:
        reader = csv.reader(file, delimiter=table.delimiter)
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnicodeError) as error:
                raise Invalid(
                    _("第 %(line)d 行起无法继续读取（%(why)s），请检查文件是否完整")
                    % {"line": number, "why": error}
                ) from error
            if number == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith("sep="):
                continue
            yield Line(number, tuple(restored(cell) for cell in cells))


# --- xlsx ----------------------------------------------------------------------------------------


def _judge_zip(path: Path) -> None:
    """Before anything is unpacked: zipfile never reads beyond the sizes that are declared here."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            swollen = unpacked > max(MB, path.stat().st_size * MOST_SWOLLEN)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or swollen:
                raise Invalid(
                    _("这个 Excel 文件解开后异常大（%(size)d MB），没有打开；请另存为 CSV 再导入")
                    % {"size": unpacked // MB}
                )
            if "[Content_Types].xml" not in archive.namelist():
                raise Invalid(_("这是压缩包，不是 Excel 文件；请解压后选择里面的表格"))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(4096).upper():
                            raise Invalid(_broken_excel())
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise Invalid(_broken_excel()) from error


def _broken_excel() -> str:
    return _("无法读取这个 Excel 文件，可能已损坏；请在 Excel 中打开并另存为 .xlsx 或 CSV 再试")


def _xlsx_lines(table: Table) -> Iterator[Line]:
    """Rows of the first sheet that is shown; of formulas the value Excel had calculated."""
    try:
        book = openpyxl.load_workbook(table.path, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            sheet: Any = (sheets or book.worksheets)[0]
            sheet.reset_dimensions()  # what the file says of its size may be a lie
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                yield Line(number, tuple(map(_cell, values)))
        finally:
            book.close()
    except Invalid:
        raise
    except Exception as error:  # a crafted file fails in any way; to a person it is all one
        raise Invalid(_broken_excel()) from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # a telephone number that Excel took for an amount
    return str(value)


def _filled(table: Table) -> Iterator[Line]:
    lines = _csv_lines(table) if table.encoding else _xlsx_lines(table)
    return (line for line in lines if any(map(str.strip, line.cells)))


def samples(table: Table, most: int = 3, longest: int = 60) -> list[list[str]]:
    """For each column its first few values, cut for showing."""
    found: list[list[str]] = [[] for _header in table.headers]
    for seen, line in enumerate(table.lines()):
        if seen >= 200 or all(len(column) >= most for column in found):
            break
        if not line.fault:
            _add(found, line.cells, most, longest)
    return found


def _add(found: list[list[str]], cells: Sequence[str], most: int, longest: int) -> None:
    for column, cell in zip(found, cells, strict=True):
        text = " ".join(cell.split())
        if text and len(column) < most:
            column.append(text if len(text) <= longest else text[: longest - 1] + "…")
