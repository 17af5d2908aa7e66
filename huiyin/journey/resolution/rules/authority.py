"""Authority: how much who may promise. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huiyin.journey.resolution.rules.money import MOST_FEN

SPLIT_WITHIN = timedelta(days=30)  # sums to one customer count together (domain §6.6, guards)

# Who approves what others propose, and who signs together what is beyond each of them (§6.6).
DECIDERS = ("lead", "supervisor", "manager")
JOINT = ("manager", "finance", "legal")
USED_UP = 100  # percent of a budget
OVER_BUDGET = ("manager", "finance")  # one of them lets a budget be exceeded


@dataclass(frozen=True)
class Limit:
    """What one role may decide, in fen. None: without limit.

    `kind`: the money it is about, "" all that has no row of its own. `percent`: at most so much of
    the order, where its value is known; both bounds hold, since who promises types that value too.
    `alone_fen`: above it somebody else must look, even within the limit (four eyes).
    """

    role: str
    per_case_fen: int | None
    monthly_fen: int | None
    kind: str = ""
    percent: int | None = None
    alone_fen: int | None = None
    row: int = 0
    version: str = ""

    def bound_fen(self, order_fen: int | None = None) -> int | None:
        """The most for one case; None: no bound."""
        bounds = [self.per_case_fen] if self.per_case_fen is not None else []
        if self.percent is not None and order_fen is not None:
            bounds.append(order_fen * self.percent // 100)
        return min(bounds, default=None)

    def covers(self, fen: int, order_fen: int | None = None) -> bool:
        bound = self.bound_fen(order_fen)
        return bound is None or fen <= bound


@dataclass(frozen=True)
class Verdict:
    """`within` own authority; else which bound was passed: case, month, four_eyes, budget, joint.

    `facts`: the limit, its version and the sums counted against it, as an offer keeps them.
    """

    within: bool
    bound: str = ""
    limit_fen: int = 0
    facts: Mapping[str, Any] | None = None


def rows_for(limits: Iterable[Limit], kind: str) -> list[Limit]:
    """Of each role the row that counts for this kind of money: its own, else the general one."""
    found: dict[str, Limit] = {}
    for limit in limits:
        if limit.kind == kind or (limit.kind == "" and limit.role not in found):
            found[limit.role] = limit
    return list(found.values())


def own_kinds(limits: Iterable[Limit], role: str) -> frozenset[str]:
    """Kinds of money for which this role has a row of its own."""
    return frozenset(one.kind for one in limits if one.role == role and one.kind)


def counted_fen(sums: Mapping[str, int], limit: Limit, limits: Iterable[Limit]) -> int:
    """What of these sums by kind counts against this row: of its kind, or what no other covers."""
    if limit.kind:
        return sums.get(limit.kind, 0)
    others = own_kinds(limits, limit.role)
    return sum(fen for kind, fen in sums.items() if kind not in others)


def widest(limits: Iterable[Limit], roles: Iterable[str], kind: str = "") -> Limit | None:
    """Of several roles the one that may decide most of this kind."""
    held = set(roles)
    mine = [limit for limit in rows_for(limits, kind) if limit.role in held]
    return max(
        mine,
        key=lambda limit: MOST_FEN if limit.per_case_fen is None else limit.per_case_fen,
        default=None,
    )


def judge(
    amount_fen: int,
    *,
    limit: Limit | None,
    case_fen: int,
    month_fen: int,
    order_fen: int | None = None,
    eyes: bool = False,
) -> Verdict:
    """May somebody with this limit promise `amount_fen` more?

    `case_fen`: promised on this case, and to this customer lately, already (splitting a sum does
    not widen the limit); `month_fen`: decided by this person this month; `eyes`: somebody else has
    looked, or looks. Nothing needs no authority.
    """
    if amount_fen == 0:
        return Verdict(within=True)
    if limit is None:
        return Verdict(within=False, bound="case", limit_fen=0)
    total = case_fen + amount_fen
    if not limit.covers(total, order_fen):
        return Verdict(within=False, bound="case", limit_fen=limit.bound_fen(order_fen) or 0)
    if limit.monthly_fen is not None and month_fen + amount_fen > limit.monthly_fen:
        return Verdict(within=False, bound="month", limit_fen=limit.monthly_fen)
    if not eyes and limit.alone_fen is not None and total > limit.alone_fen:
        return Verdict(within=False, bound="four_eyes", limit_fen=limit.alone_fen)
    return Verdict(within=True)


def deciders(
    total_fen: int, limits: Iterable[Limit], *, kind: str = "", order_fen: int | None = None
) -> list[str]:
    """Roles one of whom may approve this sum, the nearest first; none: they sign together."""
    rows = rows_for(limits, kind)
    enough = [one for one in rows if one.role in DECIDERS and one.covers(total_fen, order_fen)]
    enough.sort(key=lambda limit: (limit.per_case_fen is None, limit.per_case_fen or 0))
    return [limit.role for limit in enough]


def signs_as(
    roles: Collection[str], signed: Collection[str], asked: Collection[str] = JOINT
) -> str:
    """The role in which a person with these roles signs next; "" when it is not asked for."""
    return next((role for role in asked if role in roles and role not in signed), "")


def month_begins(now: datetime) -> datetime:
    """Midnight of the first day; `now` in the zone in which months are counted."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class BudgetState:
    """A budget and what of it is gone."""

    amount_fen: int
    used_fen: int
    warn_percent: int = 80

    @property
    def left_fen(self) -> int:
        return self.amount_fen - self.used_fen

    @property
    def percent(self) -> int:
        return self.used_fen * 100 // self.amount_fen if self.amount_fen else 100

    @property
    def mark(self) -> int:
        """What it has come to: the mark of warning, USED_UP, or 0 for neither."""
        if not self.used_fen:
            return 0
        if self.used_fen >= self.amount_fen:
            return USED_UP
        return (
            self.warn_percent if self.used_fen * 100 >= self.amount_fen * self.warn_percent else 0
        )

    def exceeded_by(self, fen: int) -> bool:
        return fen > self.left_fen

    def warned_by(self, fen: int) -> bool:
        """Whether just this sum passes the mark of warning."""
        mark = self.amount_fen * self.warn_percent
        return self.used_fen * 100 < mark <= (self.used_fen + fen) * 100
