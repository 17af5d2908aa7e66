"""Authority: how much who may promise. Money is whole fen. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

MOST_FEN = 10_000_000_000  # a hundred million yuan: above it somebody mistyped
SPLIT_WITHIN = timedelta(days=30)  # sums to one customer count together (domain §6.6, guards)
LATEST = timedelta(days=366)  # nobody promises further ahead; a later year is a slip of the keys

MOST_OPTIONS = 3  # in one round

# What still waits for somebody, and what binds us no more.
OPEN_STATES = ("waiting", "offered", "agreed")
VOID_STATES = ("denied", "declined", "passed", "changed")

# Who approves what others propose, and who signs together what is beyond each of them (§6.6).
DECIDERS = ("lead", "supervisor", "manager")
JOINT = ("manager", "finance", "legal")


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02d}"


@dataclass(frozen=True)
class Limit:
    """What one role may decide: per case and per month, in fen. None: without limit."""

    role: str
    per_case_fen: int | None
    monthly_fen: int | None

    def covers(self, fen: int) -> bool:
        return self.per_case_fen is None or fen <= self.per_case_fen


@dataclass(frozen=True)
class Verdict:
    """`within` own authority; else which bound was passed: case or month."""

    within: bool
    bound: str = ""
    limit_fen: int = 0


def widest(limits: Iterable[Limit], roles: Iterable[str]) -> Limit | None:
    """Of several roles the one that may decide most."""
    held = set(roles)
    mine = [limit for limit in limits if limit.role in held]
    return max(
        mine,
        key=lambda limit: MOST_FEN if limit.per_case_fen is None else limit.per_case_fen,
        default=None,
    )


def judge(amount_fen: int, *, limit: Limit | None, case_fen: int, month_fen: int) -> Verdict:
    """May somebody with this limit promise `amount_fen` more?

    `case_fen`: promised on this case, and to this customer lately, already (splitting a sum does
    not widen the limit); `month_fen`: decided by this person this month. Nothing needs no
    authority.
    """
    if amount_fen == 0:
        return Verdict(within=True)
    if limit is None:
        return Verdict(within=False, bound="case", limit_fen=0)
    if not limit.covers(case_fen + amount_fen):
        return Verdict(within=False, bound="case", limit_fen=limit.per_case_fen or 0)
    if limit.monthly_fen is not None and month_fen + amount_fen > limit.monthly_fen:
        return Verdict(within=False, bound="month", limit_fen=limit.monthly_fen)
    return Verdict(within=True)


def deciders(total_fen: int, limits: Iterable[Limit]) -> list[str]:
    """Roles one of whom may approve this sum, the nearest first; none: they sign together."""
    enough = [limit for limit in limits if limit.role in DECIDERS and limit.covers(total_fen)]
    enough.sort(key=lambda limit: (limit.per_case_fen is None, limit.per_case_fen or 0))
    return [limit.role for limit in enough]


def signs_as(roles: Collection[str], signed: Collection[str]) -> str:
    """The role in which a person with these roles signs next; "" when it is not asked for."""
    return next((role for role in JOINT if role in roles and role not in signed), "")


def month_begins(now: datetime) -> datetime:
    """Midnight of the first day; `now` in the zone in which months are counted."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_round(rounds: Iterable[int]) -> int:
    return max(rounds, default=0) + 1


def value_fen(
    amount_fen: int, fields: Iterable[Mapping[str, Any]], filled: Mapping[str, Any]
) -> int:
    """What an option is worth to the customer: the sum, or what its own money fields come to.

    A coupon says its worth in a field: without this it would pass every limit.
    """
    money = [filled.get(one["name"]) or 0 for one in fields if one["type"] == "money"]
    return max(amount_fen, sum(money))


def due_is_sensible(due_on: date, today: date) -> bool:
    return today <= due_on <= today + LATEST


YUAN = re.compile(r"[¥￥]?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?\s*(?:元|块)?", re.ASCII)


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
