"""Money is whole fen; here it is read and shown in yuan, and an option's worth is counted. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

MOST_FEN = 10_000_000_000  # a hundred million yuan: above it somebody mistyped

YUAN = re.compile(
    r"[¥￥]?\s{0,9}(\d{1,3}(?:,\d{3}){1,9}|\d{1,24})(?:\.(\d{1,2}))?\s{0,9}(?:元|块)?", re.ASCII
)


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02d}"


def plain(fen: int) -> str:
    """As it stands in a box: 1234.50."""
    return f"{fen // 100}.{fen % 100:02d}"


def read_yuan(typed: str) -> int | None:
    """“58”, “58.5”, “￥1,058.00” as fen; "" is 0; None when it is not written as a sum of money.

    Strict on purpose: “1.200” and “12,00” mean one thing here and another elsewhere.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return 0
    found = YUAN.fullmatch(text)
    if not found:
        return None
    fen = int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    return fen if fen <= MOST_FEN else None


def value_fen(
    amount_fen: int, fields: Iterable[Mapping[str, Any]], filled: Mapping[str, Any]
) -> int:
    """What an option is worth to the customer: the sum, or what its own money fields come to.

    A coupon says its worth in a field: without this it would pass every limit.
    """
    money = [filled.get(one["name"]) or 0 for one in fields if one["type"] == "money"]
    return max(amount_fen, sum(money))
