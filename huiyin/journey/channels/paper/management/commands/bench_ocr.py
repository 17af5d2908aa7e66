"""manage bench_ocr: letters are drawn, read, and compared with what was drawn."""

from __future__ import annotations

import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

LETTERS = (
    "云朵家电商城客户关系部：\n我于2026年10月12日购买电压力锅一台，\n订单号YD20261012008817，"
    "实付459.00元。\n使用不到一周，内胆涂层大片脱落，先后三次\n联系门店，均被推脱，至今没有答复。\n"
    "要求退货退款，并承担往返运费36元。\n此致敬礼\n陈桂芳\n联系电话13812345678\n"
    "地址杭州市西湖区文三路98号3幢502室",
    "致云朵家电商城：\n贵公司安装师傅上门装热水器时，打碎了\n我家厨房的玻璃，答应三天内来换，\n"
    "至今已经二十天，没有任何人联系我。\n我请求尽快上门更换玻璃，并书面答复。\n投诉人孙志远\n"
    "电话13955550188\n地址南京市鼓楼区中山北路45号\n2026年11月3日",
    "Dear Sir or Madam,\non 12 October 2026 I bought a vacuum cleaner,\norder YD20261012008817.\n"
    "It stopped working after six days and the\nshop refuses to take it back.\n"
    "Please refund the price of 1,299 yuan.\nYours faithfully\nTom Baker",
)


@dataclass(frozen=True)
class Case:
    """How a letter lies on the glass."""

    letter: int
    size: int  # pixels of a line at 150 dots an inch
    skew: float = 0.0  # degrees
    noise: int = 0  # grey levels
    turn: int = 0  # as it was put in: 90 is on its side


CASES = tuple(
    Case(letter, size, skew, noise, turn)
    for letter in range(len(LETTERS))
    for size, skew, noise, turn in (
        (34, 0, 0, 0),
        (26, 1.5, 8, 0),
        (22, -2.0, 14, 0),
        (30, 0.7, 10, 90),
        (30, -1.0, 6, 180),
        (26, 0.5, 10, 270),
    )
)


def drawn(case: Case, font: Path) -> Any:
    """An A4 page at 150 dots an inch, as a scanner would give it."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (1240, 1754), 248)
    letters = ImageFont.truetype(str(font), case.size)
    pen = ImageDraw.Draw(page)
    pen.multiline_text(
        (120, 160), LETTERS[case.letter], font=letters, fill=40, spacing=case.size // 2
    )
    page = page.rotate(case.skew, fillcolor=248, resample=Image.Resampling.BICUBIC)
    if case.noise:
        seed = np.random.default_rng(case.letter * 100 + case.size)
        spots = seed.normal(0, case.noise, (page.height, page.width))
        page = Image.fromarray(np.clip(np.asarray(page) + spots, 0, 255).astype("uint8"))
    return page.rotate(-case.turn, expand=True)


def accuracy(said: str, read: str) -> float:
    """Of the characters that were written, how many were read; blanks count for nothing."""
    said, read = "".join(said.split()), "".join(read.split())
    return 1 - distance(said, read) / max(len(said), 1)


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, start=1):
        before, row[0] = row[0], at
        for place, there in enumerate(other, start=1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (sign != there)),
            )
    return row[-1]


class Command(BaseCommand):
    help = "Draw letters, read them with the extra `ocr`, and print how much was read and how fast."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=len(CASES), help="only so many")

    def handle(self, *args: Any, **options: Any) -> None:
        from huiyin.ground.printing import fonts
        from huiyin.journey.channels.paper import recognition
        from huiyin.journey.channels.paper.reading.recognising import read

        if not recognition.is_there():
            raise CommandError("The extra `ocr` is not installed: start with HUIYIN_EXTRAS=ocr.")
        font = fonts.prepare()
        chosen = random.Random(7).sample(CASES, min(options["cases"], len(CASES)))  # noqa: S311
        found, seconds, cpus, peak, wrong = [], [], [], 0, 0
        for case in chosen:
            with tempfile.NamedTemporaryFile(suffix=".png") as file:
                drawn(case, font).save(file, "PNG")
                file.flush()
                began = time.monotonic()
                answer = read(Path(file.name), "image/png", 0)
                seconds.append(time.monotonic() - began)
            text = "\n".join(line["text"] for line in answer["lines"])
            found.append(accuracy(LETTERS[case.letter], text))
            cpus.append(answer["cpu"])
            peak = max(peak, answer["peak"])
            wrong += answer["turn"] != (360 - case.turn) % 360
            self.stdout.write(
                f"{case}: {found[-1]:.4f} read, {seconds[-1]:.1f} s, {cpus[-1]:.1f} s of CPU"
            )
        load = os.getloadavg()[0]
        self.stdout.write(
            f"{len(found)} pages: {sum(found) / len(found):.4f} of all characters, worst page "
            f"{min(found):.4f}; {sum(seconds) / len(seconds):.1f} s a page (worst "
            f"{max(seconds):.1f}), {sum(cpus) / len(cpus):.1f} s of CPU; {peak / 1e6:.0f} MB at "
            f"most; {wrong} turned wrongly; load average {load:.1f}"
        )
