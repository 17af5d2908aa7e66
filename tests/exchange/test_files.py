"""Files of every alphabet and kind, and those that mean harm: a table, or a clear sentence."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from huiyin.ground.refusal import Invalid
from huiyin.surface.exchange import sources
from huiyin.surface.exchange.sources import LARGEST, MOST_ROWS, open_table, samples
from tests.exchange.conftest import HEADERS, ROWS


def read(path):
    table = open_table(path)
    return table, [line.cells for line in table.lines()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_with_every_delimiter(file, encoding, delimiter):
    table, rows = read(file(encoding=encoding, delimiter=delimiter))
    assert (table.headers, table.count, table.delimiter) == (HEADERS, 3, delimiter)
    assert rows == list(ROWS)


def test_utf_16_of_the_other_byte_order_is_read(file):
    raw = b"\xfe\xff" + "投诉内容,电话\n不加热,13800138000\n".encode("utf-16-be")
    assert read(file(raw=raw))[1] == [("不加热", "13800138000")]


def test_line_numbers_are_those_of_the_file(file):
    table, _rows = read(file(raw='text\r\n"两\r\n行"\r\n\r\n第三\r\n'.encode()))
    assert [(line.number, line.cells[0]) for line in table.lines()] == [
        (2, "两\r\n行"),
        (5, "第三"),
    ]


def test_what_excel_writes_first_is_no_header(file):
    table, rows = read(file(raw="sep=;\n投诉内容;电话\n不加热;138\n".encode()))
    assert (table.headers, rows) == (("投诉内容", "电话"), [("不加热", "138")])


def test_a_row_with_more_cells_than_headers_is_told_and_a_shorter_one_is_filled(file):
    table = open_table(file(raw="投诉内容,电话\n坏了,还漏电,138\n短\n好,138,,\n".encode()))
    wide, short, padded = table.lines()
    assert "这一行有 3 列，表头只有 2 列" in wide.fault
    assert (short.cells, short.fault) == (("短", ""), "")
    assert (padded.cells, padded.fault) == (("好", "138"), "")


def test_a_broken_byte_spoils_its_own_row_only(file):
    raw = "text\n第一行很好的内容\n".encode() * 40 + b"\xff\xfe\xfa\n" + "最后一行\n".encode()
    _table, rows = read(file(raw=raw))
    assert rows[-1] == ("最后一行",)
    assert "\udcff" in rows[-2][0]


def workbook(path, rows, **how):
    book: Any = openpyxl.Workbook()
    if how.get("hidden"):
        book.active.append(["隐藏"])
        book.active.sheet_state = "hidden"
        book.create_sheet("投诉")
        book.active = 1
    for row in rows:
        book.worksheets[-1].append(row)
    book.save(path)
    return path


def test_xlsx_is_read_with_numbers_and_dates_as_people_see_them(tmp_path):
    import datetime

    at = datetime.datetime(2026, 11, 20, 9, 5)
    path = workbook(
        tmp_path / "a.xlsx", [["投诉内容", "电话", "时间"], ["坏了", 13800138000.0, at]]
    )
    assert read(path)[1] == [("坏了", "13800138000", "2026-11-20T09:05:00")]


def test_a_hidden_sheet_is_not_the_table(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["投诉内容"], ["坏了"]], hidden=True)
    assert read(path)[1] == [("坏了",)]


def test_a_formula_is_never_calculated(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["text"], ["=1+1"], ["好"]])
    assert read(path)[1] == [("好",)]  # Excel has not left a value, so the cell is empty


def zipped(path, **parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: pytest.fail("opened"))
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(b" " * 1024 * 1024)
    with pytest.raises(Invalid, match="解开后异常大"):
        open_table(path)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"a.txt": "x"}, "这是压缩包"),
        ({"[Content_Types].xml": "<Types/>"}, "无法读取这个 Excel 文件"),
        (
            {"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><Types/>'},
            "无法读取这个 Excel 文件",
        ),
    ],
)
def test_a_zip_that_is_no_workbook_is_told(tmp_path, parts, sentence):
    with pytest.raises(Invalid, match=sentence):
        open_table(zipped(tmp_path / "a.xlsx", **parts))


def test_a_workbook_that_lies_about_its_size_is_read_to_its_end(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["text"], ["好"]])
    told = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part).replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
            new.writestr(part, content)
    path.write_bytes(told.getvalue())
    assert read(path)[1] == [("好",)]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf", "文件是空的"),
        (b"\r\n \r\n,,\r\n", "文件是空的"),
        ("投诉内容,电话\n".encode(), "文件只有表头"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "不是表格文件"),
        (bytes(range(256)) * 40, "不是文本文件"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "旧版 .xls"),
        (b"PK\x03\x04 broken", "无法读取这个 Excel 文件"),
        ((",".join(f"c{n}" for n in range(1000)) + "\n1\n").encode(), "表头有 1000 列"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_clear_sentence(file, raw, sentence):
    with pytest.raises(Invalid, match=sentence):
        open_table(file(raw=raw))


def test_a_folder_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(Invalid, match="是文件夹"):
        open_table(tmp_path)
    with pytest.raises(Invalid, match=r"打不开文件“nothing\.csv”"):
        open_table(tmp_path / "nothing.csv")


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "cell.csv"
    with path.open("wb") as target:
        target.write(b"text\n")
        target.truncate(50 * 1024 * 1024)
    with pytest.raises(Invalid, match=r"文件有 50\.0 MB"):
        open_table(path)


def test_a_giant_cell_stays_one_cell(file):
    raw = b'text\n"' + b"a,\n" * (LARGEST // 8) + b'"\nsmall\n'
    table, rows = read(file(raw=raw))
    assert (table.count, rows[1]) == (2, ("small",))
    assert [len(value) for value in samples(table)[0]] == [60, 5]


def test_too_many_rows_are_told(file, monkeypatch):
    monkeypatch.setattr(sources, "MOST_ROWS", 10)
    assert MOST_ROWS == 50_000
    with pytest.raises(Invalid, match="文件超过 10 行"):
        open_table(file(raw=b"text\n" + b"a\n" * 11))
