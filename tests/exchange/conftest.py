"""Files as people send them, and the house they come into."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest
from django.core.management import call_command


def sent(answer) -> bytes:
    """The bytes of an answer that is sent in pieces."""

    async def collect():
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(collect())


HEADERS = ("外部编号", "受理时间", "渠道", "姓名", "电话", "投诉内容")
ROWS = (
    ("K-1", "2026/11/20 9:05", "电话", "王芳", "138 0013 8000", "电饭煲第一次用就不加热，没人回电"),
    ("K-2", "2026年11月20日", "门店", "李先生", "", "店员态度很差，让我排了两个小时队"),
    ("K-3", "2026-11-21 14:30", "微信", "赵女士", "13912345678", "快递显示已签收但我没有收到"),
)


@pytest.fixture(autouse=True)
def _imports_in_a_folder_of_the_test(settings, tmp_path):
    settings.IMPORTS_DIR = tmp_path / "imports"


@pytest.fixture
def file(tmp_path):
    """`file(rows, headers)` writes a CSV and gives its path; `raw` writes bytes as they are."""

    def write(rows=ROWS, headers=HEADERS, *, name="投诉.csv", encoding="utf-8", raw=None, **how):
        path = tmp_path / name
        if raw is None:
            text = io.StringIO()
            csv.writer(text, **how).writerows([headers, *rows])
            raw = text.getvalue().encode(encoding)
        path.write_bytes(raw)
        return path

    return write


@pytest.fixture
def imported(capsys):
    """`imported(path, "--dry-run")` runs the command and gives what it printed."""

    def run(path, *options):
        call_command("import_complaints", str(path), *options)
        return capsys.readouterr().out

    return run


@pytest.fixture
def now(clock):
    with clock("2026-11-25 10:00"):
        yield
