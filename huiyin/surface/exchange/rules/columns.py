"""Which column holds what. Pure."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence

from huiyin.ground.sentence import sentence as _
from huiyin.surface.exchange.words import Column

DELIMITERS = (",", ";", "\t")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
NOISE = re.compile(r"[\W_]+")


def folded(header: str) -> str:
    """“客户 电话（必填）*” → 客户电话, “Order_No.” → orderno: what synonyms are compared by."""
    plain = unicodedata.normalize("NFKC", header).lower()
    return NOISE.sub("", ASIDE.sub("", plain)) or NOISE.sub("", plain)


def delimiter_of(line: str, known: Mapping[str, Sequence[str]]) -> str:
    """What separates the columns of this header line: what makes most sense of it."""

    def sense(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        return len(guess(cells, known)), len(cells)

    return max(DELIMITERS, key=sense)


def guess(headers: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """{column: position} of the headers that are recognised; each position is used once."""
    places: dict[str, int] = {}
    for position, header in enumerate(headers):
        places.setdefault(folded(header), position)
    found: dict[str, int] = {}
    for column, words in known.items():
        free = (places[w] for w in words if w in places and places[w] not in found.values())
        if (position := next(free, -1)) >= 0:
            found[column] = position
    return found


def mapping_fault(mapping: Mapping[str, int], headers: Sequence[str]) -> str:
    """The sentence that says why nothing can be imported with this mapping; "" when it can."""
    if Column.TEXT.value in mapping:
        return ""
    shown = "、".join(header or _("（无标题）") for header in headers[:12])
    return _(
        "没有认出“投诉内容”在哪一列，请指定（命令行用 --map text=列名）。文件里的列：%(columns)s"
    ) % {"columns": shown}
