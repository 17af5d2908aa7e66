"""`manage bench_triage`: how many texts a second one core reads, and how well it sorts a file."""

from __future__ import annotations

import csv
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from huiyin.journey.triage import knowledge, rules

SEED = 20261122  # the same texts in every run, so that two runs compare


class Command(BaseCommand):
    help = (
        "测量一个核每秒能读多少条投诉。默认用系统自己的词语拼成文本；--file 读取 CSV 的一列。"
        "给出 --labels 和 --map 时，另外计算类别建议与人工标签相符的程度（macro-F1）。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--n", type=int, default=2000, help="拼成多少条文本（默认 2000）")
        parser.add_argument("--file", help="CSV 文件（UTF-8，第一行为列名）")
        parser.add_argument("--column", default="text", help="正文所在的列（默认 text）")
        parser.add_argument("--labels", help="人工标签所在的列")
        parser.add_argument(
            "--map",
            metavar="FILE",
            help="标签与类别的对应：每行“标签=类别代码前缀 前缀 …”，更长的前缀优先",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = self._rows(options)
        texts = [text for text, _label in rows]
        if not texts:
            raise CommandError(_("文件里没有可读的文本"))
        knowledge.current()  # building the lexicon is paid once, not with every text
        start = time.process_time()
        readings = [knowledge.preview(text) for text in texts]
        spent = time.process_time() - start
        length = sum(map(len, texts)) / len(texts)
        self.stdout.write(f"{len(texts)} texts, {length:.0f} characters on average")
        self.stdout.write(f"{len(texts) / spent:.0f} texts/s on one core ({spent:.2f} s of CPU)")
        if options["labels"]:
            self._score(rows, readings, _mapping(options["map"]))

    def _rows(self, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        if not options["file"]:
            return [(text, "") for text in composed(options["n"])]
        if bool(options["labels"]) != bool(options["map"]):
            raise CommandError(_("--labels 和 --map 要一起给出"))
        with Path(options["file"]).open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            wanted = [options["column"], *([options["labels"]] if options["labels"] else [])]
            if missing := [name for name in wanted if name not in (table.fieldnames or ())]:
                raise CommandError(_("文件里没有“%(name)s”这一列") % {"name": missing[0]})
            return [(row[wanted[0]] or "", row[wanted[-1]] or "") for row in table]

    def _score(
        self,
        rows: Sequence[tuple[str, str]],
        readings: Sequence[rules.Reading],
        mapping: Mapping[str, str],
    ) -> None:
        """F1 of each label: a text goes to the label of its best guess that has one."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for (_text, label), reading in zip(rows, readings, strict=True):
            codes = (guess.code for guess in reading.guesses)
            found[label][next((said for code in codes if (said := _label(mapping, code))), "")] += 1
        scores = {label: _f1(label, found) for label in sorted(set(mapping.values()))}
        for label, score in scores.items():
            self.stdout.write(f"  {score:.3f}  {label} ({found[label].total()})")
        self.stdout.write(f"macro-F1 {sum(scores.values()) / len(scores):.3f}")


def _mapping(file: str) -> dict[str, str]:
    """Prefix → label, from lines "label=prefix prefix …"."""
    mapping: dict[str, str] = {}
    with Path(file).open(encoding="utf-8") as lines:
        for line in lines:
            label, there, prefixes = line.strip().partition("=")
            if there:
                mapping |= dict.fromkeys(prefixes.split(), label.strip())
    return mapping


def _label(mapping: Mapping[str, str], code: str) -> str:
    best = max((prefix for prefix in mapping if code.startswith(prefix)), key=len, default="")
    return mapping.get(best, "")


def _f1(label: str, found: Mapping[str, Counter[str]]) -> float:
    right = found[label][label]
    said = sum(counts[label] for counts in found.values())
    there = found[label].total()
    return 2 * right / (said + there) if said + there else 0.0


def composed(n: int) -> Iterable[str]:
    """Texts of the length of real complaints, from the product's own words. The same every time."""
    known = knowledge.current()
    dice = random.Random(SEED)  # noqa: S311 — texts for a stopwatch
    leaves = [row for row in known.rows.values() if row.seeds]
    told = [c.description_zh for c in known.categories.values() if c.description_zh]
    openings = ("您好，我要投诉。", "客户来电反映：", "上周在你们店里，", "麻烦你们看一下，")
    endings = (
        "要求退款{n}元并道歉！",
        "打了{n}次电话都没人管，什么时候能解决？",
        "希望尽快处理，谢谢。",
        "再不处理我就打12315投诉。",
    )
    for _turn in range(n):
        words = [_spoken(seed) for row in dice.sample(leaves, 2) for seed, _w in row.seeds[:12]]
        yield "".join(
            [
                dice.choice(openings),
                "，".join(dice.sample(words, min(len(words), 7))),
                "。",
                "".join(dice.sample(told, 3)),
                dice.choice(endings).format(n=dice.randint(2, 3000)),
            ]
        )


def _spoken(pattern: str) -> str:
    """A pattern as one of the phrases it stands for: 空调…坏/不转 → 空调坏."""
    parts = pattern.replace("……", "…").split("…")
    return "".join(part.split("/")[0] for part in parts).replace("#", "三")
