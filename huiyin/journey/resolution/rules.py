"""Authority: how much who may promise. Money is whole fen. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MOST_FEN = 10_000_000_000  # a hundred million yuan: above it somebody mistyped


@dataclass(frozen=True)
class Limit:
    """What one role may decide: per case and per month, in fen. None: without limit."""

    role: str
    per_case_fen: int | None
    monthly_fen: int | None


@dataclass(frozen=True)
class Verdict:
    """`within` own authority; else which bound was passed: case or month."""

    within: bool
    bound: str = ""
    limit_fen: int = 0


def widest(limits: Iterable[Limit], roles: Iterable[str]) -> Limit | None:
    """Of several roles the one that may decide most."""
    mine = [limit for limit in limits if limit.role in set(roles)]
    return max(
        mine,
        key=lambda limit: MOST_FEN if limit.per_case_fen is None else limit.per_case_fen,
        default=None,
    )


def judge(amount_fen: int, *, limit: Limit | None, case_fen: int, month_fen: int) -> Verdict:
    """May somebody with this limit promise `amount_fen` more?

    `case_fen`: promised on this case already (splitting a sum does not widen the limit);
    `month_fen`: decided by this person this month. Nothing needs no authority.
    """
    if amount_fen == 0:
        return Verdict(within=True)
    if limit is None:
        return Verdict(within=False, bound="case", limit_fen=0)
    if limit.per_case_fen is not None and case_fen + amount_fen > limit.per_case_fen:
        return Verdict(within=False, bound="case", limit_fen=limit.per_case_fen)
    if limit.monthly_fen is not None and month_fen + amount_fen > limit.monthly_fen:
        return Verdict(within=False, bound="month", limit_fen=limit.monthly_fen)
    return Verdict(within=True)


def read_yuan(typed: str) -> int | None:
    """“58”, “58.5”, “￥1,058.00” as fen; "" is 0; None when it is no amount of money."""
    text = unicodedata.normalize("NFKC", typed).strip().lstrip("¥￥$").replace(",", "")
    text = text.removesuffix("元").strip()
    if not text:
        return 0
    if not text.replace(".", "", 1).isascii() or not text.replace(".", "", 1).isdigit():
        return None
    try:
        fen = Decimal(text) * 100
    except InvalidOperation:
        return None
    if fen != fen.to_integral_value() or not 0 <= fen <= MOST_FEN:
        return None
    return int(fen)
