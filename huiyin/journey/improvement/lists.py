"""The list of improvements: what is asked for, in keyset pages on an index; and the board."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.search import rules as search
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.actions.figures import HELPED, KEPT, checked_within, due_within
from huiyin.journey.improvement.models import Improvement, ImprovementQuerySet
from huiyin.journey.improvement.words import Stage, Trigger

PAGE = 50
COLUMN = 8  # cards of one column of the board
LONGEST_Q = 100


@dataclass(frozen=True)
class View:
    """`picks` at this moment; `ended` ones come newest first, the others by when they ask for
    somebody. Those without a title are reached from a figure alone."""

    key: str
    title: Any
    picks: Callable[[datetime], Q]
    ended: bool = False
    in_row: bool = True


def _in(*stages: str) -> Callable[[datetime], Q]:
    return lambda now: Q(stage__in=stages)


VIEWS: tuple[View, ...] = (
    View("open", _("进行中"), _in(*rules.OPEN)),
    View("proposed", Stage.PROPOSED.label, _in(Stage.PROPOSED)),
    View("working", Stage.WORKING.label, _in(Stage.WORKING)),
    View("late", _("已逾期"), lambda now: Q(stage=Stage.WORKING, due_at__lte=now)),
    View("done", Stage.DONE.label, _in(Stage.DONE)),
    View("watching", Stage.WATCHING.label, _in(Stage.WATCHING)),
    View("judging", Stage.JUDGING.label, _in(Stage.JUDGING)),
    View("ended", _("已结束"), _in(*rules.ENDED), ended=True),
    View("due", _("近 90 天到期"), due_within, ended=True, in_row=False),
    View("kept", _("近 90 天按期完成并核验"), lambda now: due_within(now) & KEPT, True, False),
    View("checked", _("近 90 天判定过效果"), checked_within, ended=True, in_row=False),
    View("helped", _("近 90 天判定有效"), lambda now: checked_within(now) & HELPED, True, False),
)
BY_KEY = {view.key: view for view in VIEWS}


@dataclass(frozen=True)
class Asked:
    """Checked: unknown values are dropped, never an error."""

    view: str = "open"
    kind: int | None = None
    trigger: str = ""
    department: int | None = None
    q: str = ""
    after: int | None = None
    mine: bool = False  # owned by the reader or his department

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        trigger = asked.get("trigger", "")
        return cls(
            view=asked.get("view", "") if asked.get("view", "") in BY_KEY else "open",
            kind=_number(asked.get("kind", "")),
            trigger=trigger if trigger in Trigger.values else "",
            department=_number(asked.get("department", "")),
            q=asked.get("q", "").replace("\0", "").strip()[:LONGEST_Q],
            after=_number(asked.get("after", "")),
            mine=asked.get("mine") == "1",
        )

    def query(self) -> dict[str, str]:
        """As URL parameters, without the place in the list."""
        asked = {
            "view": self.view,
            "kind": self.kind,
            "trigger": self.trigger,
            "department": self.department,
            "q": self.q,
            "mine": int(self.mine),
        }
        return {name: str(value) for name, value in asked.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.mine or self.kind or self.trigger or self.department or self.q)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def narrowed(user: User, asked: Asked) -> ImprovementQuerySet:
    found = Improvement.objects.visible_to(user)
    if asked.mine:
        found = found.owned_by(user)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.trigger:
        found = found.filter(trigger=asked.trigger)
    if asked.department:
        found = found.filter(department=asked.department)
    if asked.q:
        found = _searched(found, asked.q)
    return found


def _searched(found: ImprovementQuerySet, q: str) -> ImprovementQuerySet:
    """By its own number, or any words of title and text."""
    number = _number(q.upper().removeprefix("ZG-"))
    if number is not None:
        return found.filter(pk=number)
    query = search.query(q)
    return found.filter(search__matches=query) if query else found.none()


def page(
    user: User, asked: Asked, now: datetime, size: int = PAGE
) -> tuple[list[Improvement], int | None]:
    """The rows after the one that is named, and the id of the last row if more follow."""
    view = BY_KEY[asked.view]
    found = narrowed(user, asked).filter(view.picks(now)).with_all()
    last = Improvement.objects.filter(pk=asked.after).first() if asked.after else None
    if last is not None and view.ended:
        found = found.filter(Q(sort_at__lt=last.sort_at) | Q(sort_at=last.sort_at, pk__lt=last.pk))
    elif last is not None:
        found = found.filter(Q(sort_at__gt=last.sort_at) | Q(sort_at=last.sort_at, pk__gt=last.pk))
    order = ("-sort_at", "-pk") if view.ended else ("sort_at", "pk")
    rows = list(found.order_by(*order)[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


@dataclass(frozen=True)
class Column:
    stage: Stage
    view: str
    rows: list[Improvement]
    is_more: bool


def board(user: User, asked: Asked) -> list[Column]:
    """A column for each state, with its first cards: one question each, never more."""
    columns = []
    for stage in rules.BOARD:
        ended = stage in rules.ENDED
        found = narrowed(user, asked).filter(stage=stage).with_all()
        rows = list(found.order_by("-sort_at" if ended else "sort_at", "pk")[: COLUMN + 1])
        view = "ended" if ended else str(stage)
        columns.append(Column(stage, view, rows[:COLUMN], len(rows) > COLUMN))
    return columns
