"""Reading letters: only where the extra is installed; its arithmetic everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huiyin.journey.channels.paper import recognition
from huiyin.journey.channels.paper.management.commands import bench_ocr
from huiyin.journey.channels.paper.reading import Unreadable
from huiyin.journey.channels.paper.reading.ocr import Bit, _back, rows
from huiyin.journey.channels.paper.reading.recognising import ROOMY, read

installed = pytest.mark.skipif(
    not recognition.is_there(), reason="the extra `ocr` is not installed (HUIYIN_EXTRAS=ocr)"
)


@installed
@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_letter_is_read_whichever_way_it_lies(font, tmp_path, turn):
    from huiyin.ground.printing import fonts

    case = bench_ocr.Case(0, 28, skew=1.2, noise=8, turn=turn)
    bench_ocr.drawn(case, fonts.prepare()).save(tmp_path / "a.png")
    answer = read(tmp_path / "a.png", "image/png", 0)
    text = "\n".join(line["text"] for line in answer["lines"])
    assert bench_ocr.accuracy(bench_ocr.LETTERS[0], text) >= 0.98
    assert answer["turn"] == (360 - turn) % 360
    assert answer["peak"] < 800 * 1024 * 1024
    phone = next(line for line in answer["lines"] if "13812345678" in line["text"])
    x, y, width, height = phone["box"]
    assert 0 <= x <= 1 and 0 <= y <= 1 and 0 < width < 1 and 0 < height < 1


@installed
@pytest.mark.slow
def test_a_child_that_holds_too_much_is_ended(font, tmp_path):
    from huiyin.ground.printing import fonts

    bench_ocr.drawn(bench_ocr.Case(0, 28), fonts.prepare()).save(tmp_path / "a.png")
    with pytest.raises(Unreadable, match="memory"):
        read(tmp_path / "a.png", "image/png", 0, replace(ROOMY, resident=200 * 1024 * 1024))


def test_what_stands_side_by_side_is_one_line():
    bits = [
        Bit("电话", 0.9, (10, 100, 60, 20)),
        Bit("地址", 0.99, (10, 140, 60, 20)),
        Bit("13812345678", 0.95, (90, 103, 200, 20)),
    ]
    assert [(one.text, one.sure) for one in rows(bits)] == [
        ("电话 13812345678", 0.9),
        ("地址", 0.99),
    ]
    assert rows([]) == []


@pytest.mark.parametrize(
    ("turn", "box"),
    [
        # a box of 20 × 10 in the upper left corner of the upright page of 100 × 50
        (0, (0.0, 0.0, 0.2, 0.2)),
        (180, (0.8, 0.8, 0.2, 0.2)),
    ],
)
def test_a_box_is_told_where_it_lies_in_the_scan(turn, box):
    assert _back((0, 0, 20, 10), turn, 100, 50) == pytest.approx(box)


def test_boxes_of_pages_that_lay_on_their_side():
    # The scan is 100 wide and 50 high; turned by 90 clockwise it is 50 wide and 100 high, and its
    # lower left corner has become the upper left one.
    x, y, width, height = _back((0, 0, 10, 20), 90, 100, 50)
    assert (x, y, width, height) == pytest.approx((0.0, 0.8, 0.2, 0.2))
    # By 270 the upper right corner has become the upper left one.
    x, y, width, height = _back((0, 0, 10, 20), 270, 100, 50)
    assert (x, y, width, height) == pytest.approx((0.8, 0.0, 0.2, 0.2))


def test_accuracy_is_by_characters():
    assert bench_ocr.accuracy("退货 退款", "退货退款") == 1
    assert bench_ocr.accuracy("退货退款", "退货退") == 0.75
    assert bench_ocr.distance("kitten", "sitting") == 3
