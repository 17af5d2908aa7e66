"""How well promises are found: every line of a table, exact in kind, moment and sum.

cases.csv mends the rules; held_out.csv was written beside it and is measured only: nobody reads its
faults, or it is held out no more. `python -m tests.promises.scoring` prints both.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from huiyin.ground.worktime.rules import WorkCalendar, plain_week
from huiyin.journey.promises.rules import detect

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASES = Path(__file__).parent / "cases.csv"
HELD_OUT = Path(__file__).parent / "held_out.csv"
DAYS = Path("huiyin/ground/worktime/reference/days_cn.csv")


def office() -> WorkCalendar:
    """Nine to six, with the holidays that every installation begins with."""
    with DAYS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days = {date.fromisoformat(row["date"]): row for row in rows}
    return WorkCalendar(
        week=plain_week(time(9), time(18)),
        holidays=frozenset(d for d, r in days.items() if r["kind"] == "holiday"),
        makeup={d: () for d, r in days.items() if r["kind"] == "makeup"},
        names={d: r["name_zh"] for d, r in days.items()},
    )


@dataclass(frozen=True)
class Case:
    text: str
    now: datetime
    promises: Counter[str]
    part: str


def cases(part: str = "", table: Path = CASES) -> list[Case]:
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if part in ("", row["part"])]
    return [
        Case(
            row["text"],
            datetime.fromisoformat(row["now"]).replace(tzinfo=SHANGHAI),
            Counter(one.strip() for one in row["promises"].split(";") if one.strip()),
            row["part"],
        )
        for row in rows
    ]


def found(case: Case, works: WorkCalendar) -> Counter[str]:
    return Counter(written(one) for one in detect(case.text, case.now, works))


def written(one) -> str:
    """“refund 2026-12-01T18:00 58”, as the table says it."""
    due = f"{one.due_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if one.due_at else "?"
    amount = f"{one.amount_fen / 100:g}" if one.amount_fen else ""
    return " ".join(filter(None, (one.kind, due, amount)))


@dataclass(frozen=True)
class Score:
    right: int
    said: int
    expected: int
    wrong: list[str]

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0


def score(some: list[Case], works: WorkCalendar) -> Score:
    right = said = expected = 0
    wrong = []
    for case in some:
        got = found(case, works)
        right += (got & case.promises).total()
        said += got.total()
        expected += case.promises.total()
        if got != case.promises:
            wrong.append(
                f"{case.text!r} at {case.now:%m-%d %H:%M}: expected "
                f"{sorted(case.promises.elements())}, found {sorted(got.elements())}"
            )
    return Score(right, said, expected, wrong)


def told(name: str, some: list[Case], works: WorkCalendar) -> str:
    got = score(some, works)
    return (
        f"{name}: {len(some)} texts, {got.expected} promises, "
        f"precision {got.precision:.3f}, recall {got.recall:.3f}"
    )


def figures() -> list[str]:
    """Every figure of docs/promises.md, a line each."""
    works, every = office(), cases()
    parts = list(dict.fromkeys(one.part for one in every))
    return [
        told("whole table", every, works),
        *(told(f"  {part}", cases(part), works) for part in parts),
        told("held out (held_out.csv)", cases(table=HELD_OUT), works),
    ]


if __name__ == "__main__":
    print("\n".join(figures()))
