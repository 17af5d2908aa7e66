"""What came in from outside systems, as it is looked through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huiyin.ground.people.models import User
from huiyin.journey.channels.hooks.models import Arrival, ArrivalQuerySet
from huiyin.journey.channels.hooks.words import ArrivalState
from huiyin.journey.complaint.models import Complaint

PAGE = 50
STATES = [(one.value, one.label) for one in ArrivalState]


@dataclass(frozen=True)
class Asked:
    """What was asked for; what cannot be is as if it had not been."""

    state: str = ""
    q: str = ""
    hook: int | None = None
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.hook)


def read(typed: dict[str, str]) -> Asked:
    return Asked(
        state=typed.get("state", "") if typed.get("state") in ArrivalState.values else "",
        q=typed.get("q", "").replace("\x00", "").strip()[:160],
        hook=number(typed.get("hook", "")),
        before=number(typed.get("before", "")),
    )


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def page(asked: Asked, user: User) -> tuple[list[Any], int | None]:
    """One page, the newest first, each with its complaint's number where this person may see it;
    and where to go on. Bodies are not read."""
    rows = narrowed(asked).select_related("hook").defer("raw", "facts", "hook__sealed")
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some: list[Any] = list(rows.order_by("-pk")[: PAGE + 1])
    more = some[PAGE - 1].pk if len(some) > PAGE else None
    shown = some[:PAGE]
    of = {one.complaint_id for one in shown if one.complaint_id}
    visible = Complaint.objects.visible_to(user).filter(pk__in=of)
    numbers = dict(visible.values_list("pk", "number")) if of else {}
    for one in shown:
        one.number = numbers.get(one.complaint_id, "")
    return shown, more


def narrowed(asked: Asked) -> ArrivalQuerySet:
    """Search is by the key, as the other side names it: its beginning, so an index finds it."""
    rows = Arrival.objects.all()
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.hook:
        rows = rows.filter(hook=asked.hook)
    if asked.q:
        rows = rows.filter(key__startswith=asked.q)
    return rows
