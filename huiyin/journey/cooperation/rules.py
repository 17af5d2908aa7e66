"""Judgement about tasks: how often, how long, how fair. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MOST_HOPS = 3  # then only whoever rules moves it (domain §7.3)
MOST_REDOS = 2
RETURN_WITHIN_WORK_DAYS = 1
SIGN_S1_WITHIN_HOURS = 0.5  # by the wall clock: an S1 waits for no office hours
LONGEST_QUESTION = 4000
LONGEST_ANSWER = 8000
LONGEST_REMARK = 4000
LONGEST_REASON = 500
LONGEST_TITLE = 120
MOST_FILES = 6
LONGEST_LIMIT = 365
LINK_DAYS = (1, 3, 7, 14, 30)  # how long a link may live; the middle is proposed
UNANSWERED_REMARKS_A_HOUR = 20  # by one link


def refusal_of_return(
    *, before: int, is_head: bool, ruled: bool, now: datetime, until: datetime
) -> str:
    """Why a task cannot be returned: ruled, often, head, late; "" when it can.

    `before`: how often this department returned this very task.
    """
    if ruled:
        return "ruled"
    if before >= 2:
        return "often"
    if before == 1 and not is_head:
        return "head"
    return "late" if now > until else ""


def title_of(question: str) -> str:
    """The first sentence of the question as what the task is called."""
    first = question.strip().splitlines()[0] if question.strip() else ""
    for mark in "。？！?!；;":
        first = first.split(mark)[0]
    return first[:40].strip()


@dataclass(frozen=True)
class Share:
    """How many of how many; None of nothing is no share."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.part / self.whole, 1) if self.whole else None
