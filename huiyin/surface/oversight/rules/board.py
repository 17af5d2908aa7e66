"""Arithmetic of the board: roll-ups, ageing, Pareto, and the finding each chart tells. Pure.

The database groups once by (team, person, severity); everything else is added up here, so that
the figures of a page can never contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

# K32: open by 0-1/1-3/3-5/5-15/>15 days of the calendar; the last has no end.
AGE_EDGES_DAYS = (1, 3, 5, 15)
AGE_LABELS = ("0–1", "1–3", "3–5", "5–15", "> 15")
SEVERITIES = (1, 2, 3, 4)
PARETO_BARS = 10
FEW = 30  # K rules: a ratio over fewer cases is shown greyed
VITAL_SHARE = 0.8  # Pareto: the causes which together make four fifths

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Load:
    """Open complaints of one group: how many, how urgent, how old. Adds up."""

    open: int = 0
    due_today: int = 0
    overdue: int = 0
    urgent: int = 0
    age: timedelta = timedelta()  # the sum over all of them
    ages: tuple[int, ...] = (0,) * len(AGE_LABELS)
    tomorrow: int = 0  # due tomorrow
    newly_late: int = 0  # overdue since less than a day
    soon: int = 0  # due within the hour
    unsigned: int = 0  # S1 that nobody has signed for
    stuck: int = 0  # waiting, and nothing happened for days
    weight: int = 0  # an S1 weighs as much as four small ones

    def __add__(self, other: Load) -> Load:
        return Load(
            self.open + other.open,
            self.due_today + other.due_today,
            self.overdue + other.overdue,
            self.urgent + other.urgent,
            self.age + other.age,
            tuple(a + b for a, b in zip(self.ages, other.ages, strict=True)),
            self.tomorrow + other.tomorrow,
            self.newly_late + other.newly_late,
            self.soon + other.soon,
            self.unsigned + other.unsigned,
            self.stuck + other.stuck,
            self.weight + other.weight,
        )

    @property
    def average_age(self) -> timedelta:
        return self.age / self.open if self.open else timedelta()

    @property
    def average_age_days(self) -> float:
        return round(self.average_age / timedelta(days=1), 1)


@dataclass(frozen=True)
class Group:
    """One line of the database's answer: the load of one (team, person, severity)."""

    team: int | None
    person: int | None
    severity: int | None
    load: Load = field(default_factory=Load)


def total(groups: Iterable[Group]) -> Load:
    return sum((group.load for group in groups), Load())


def by(groups: Iterable[Group], key: Callable[[Group], Key]) -> dict[Key, Load]:
    """The loads added up per key, most overdue first, then most open."""
    sums: dict[Key, Load] = {}
    for group in groups:
        sums[key(group)] = sums.get(key(group), Load()) + group.load
    return dict(sorted(sums.items(), key=lambda kv: (-kv[1].overdue, -kv[1].open)))


@dataclass(frozen=True)
class HeatCell:
    severity: int
    count: int
    tone: int  # 0 none … 4 most, relative to the largest cell of the same severity


def heat(groups: Sequence[Group]) -> dict[int | None, list[HeatCell]]:
    """Open by team × severity. A tone compares within a severity: S1 is rare, never pale."""
    counts: dict[tuple[int | None, int | None], int] = {}
    for group in groups:
        cell = (group.team, group.severity)
        counts[cell] = counts.get(cell, 0) + group.load.open
    peak = {s: max((n for (_t, x), n in counts.items() if x == s), default=0) for s in SEVERITIES}
    return {
        team: [
            HeatCell(s, counts.get((team, s), 0), tone(counts.get((team, s), 0), peak[s]))
            for s in SEVERITIES
        ]
        for team in by(groups, lambda g: g.team)
    }


def tone(count: int, peak: int) -> int:
    """0 for none, else a quarter step of the peak, 1…4."""
    if count <= 0 or peak <= 0:
        return 0
    return -(-4 * min(count, peak) // peak)


def age_bucket(age: timedelta) -> int:
    """Index into AGE_LABELS. An edge belongs to the older bucket: 24 h 00 min is 1–3 days."""
    return sum(age >= timedelta(days=edge) for edge in AGE_EDGES_DAYS)


def ratio(part: float, whole: float) -> float | None:
    """A share, or None when there is nothing to share: no division by zero, no false 0 %."""
    return part / whole if whole else None


def percent(part: float, whole: float) -> str:
    """For people: 12.5 % → "12.5%", nothing → "—"."""
    share = ratio(part, whole)
    return "—" if share is None else f"{share * 100:.1f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True)
class Bar:
    code: str
    count: int
    cumulative: float  # share of all up to and with this bar, 0…1


@dataclass(frozen=True)
class Pareto:
    bars: tuple[Bar, ...]
    rest: int  # complaints in the categories that are not drawn
    total: int

    @property
    def vital(self) -> int:
        """How many of the first bars make four fifths of all; 0 when they never do."""
        return next((i for i, b in enumerate(self.bars, 1) if b.cumulative >= VITAL_SHARE), 0)


def pareto(counts: Iterable[tuple[str, int]]) -> Pareto:
    """The largest categories first with the share they make together; ties by code."""
    ranked = sorted(((c, n) for c, n in counts if n > 0), key=lambda row: (-row[1], row[0]))
    whole = sum(n for _c, n in ranked)
    bars, seen = [], 0
    for code, count in ranked[:PARETO_BARS]:
        seen += count
        bars.append(Bar(code, count, seen / whole))
    return Pareto(tuple(bars), whole - seen, whole)


def days(last: date, length: int) -> list[date]:
    """`length` days up to and with `last`, oldest first."""
    return [last - timedelta(days=back) for back in range(length - 1, -1, -1)]


def series(counts: dict[date, int], over: Sequence[date]) -> list[int]:
    """One value per day, 0 where nothing happened: a line must not jump over quiet days."""
    return [counts.get(day, 0) for day in over]


@dataclass(frozen=True)
class Trend:
    """This week against the week before, of a series by day (oldest first)."""

    now: int
    before: int

    @property
    def change(self) -> float | None:
        return ratio(self.now - self.before, self.before)

    @property
    def direction(self) -> int:
        """1 more, -1 less, 0 the same within a tenth (weeks are never quite alike)."""
        if self.change is None:
            return 1 if self.now else 0
        return 0 if abs(self.change) < 0.1 else (1 if self.change > 0 else -1)


def week_trend(values: Sequence[int]) -> Trend:
    """The last seven whole days against the seven before; today is not over and is left out."""
    whole = list(values[:-1])
    return Trend(sum(whole[-7:]), sum(whole[-14:-7]))


@dataclass(frozen=True)
class Week:
    """What the last seven days brought: how much the pile grew, and the S1 against before; and of
    thirty days how many were closed, and how many of those are archived by now."""

    grown: int
    urgent: Trend
    closed: int = 0
    archived: int = 0


@dataclass(frozen=True)
class Standing:
    """Those of one status: how many, how many of them late, how long nothing happened."""

    status: str
    count: int
    late: int
    idle: timedelta  # the sum over all of them
    longest: timedelta

    @property
    def average(self) -> timedelta:
        return self.idle / self.count if self.count else timedelta()


@dataclass(frozen=True)
class Step:
    """One of the ten steps of the road, with the statuses that stand on it."""

    at: int
    parts: tuple[Standing, ...]

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def late(self) -> int:
        return sum(part.late for part in self.parts)

    @property
    def average(self) -> timedelta:
        idle = sum((part.idle for part in self.parts), timedelta())
        return idle / self.count if self.count else timedelta()

    @property
    def longest(self) -> timedelta:
        return max((part.longest for part in self.parts), default=timedelta())


def road(standings: Iterable[Standing], place: Callable[[str], int], length: int) -> list[Step]:
    """Every step of the road, the empty ones too; within a step the fullest status first."""
    on: dict[int, list[Standing]] = {at: [] for at in range(length)}
    for one in standings:
        on[min(place(one.status), length - 1)].append(one)
    return [
        Step(at, tuple(sorted(parts, key=lambda part: -part.count))) for at, parts in on.items()
    ]
