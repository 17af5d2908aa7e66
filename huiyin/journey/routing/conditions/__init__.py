"""What a complaint can be asked for, of an object and of the table alike.

`matches` asks one complaint, in the table or not yet; `picked` is the same question as one query.
tests/conditions holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from huiyin.ground.conditions import rules
from huiyin.ground.conditions.rules import Condition
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.models import Field
from huiyin.journey.routing.conditions.asked import ALWAYS, NEVER, Asked
from huiyin.journey.routing.conditions.facts import answer_of
from huiyin.journey.routing.conditions.fields import ANSWER, KINDS, of_field
from huiyin.journey.routing.conditions.parts import STEPS, every, some
from huiyin.journey.routing.conditions.spine import BY_KEY, SPINE, category_choices

__all__ = [
    "BY_KEY",
    "KINDS",
    "SPINE",
    "STEPS",
    "Asked",
    "Fitting",
    "attributes",
    "category_choices",
    "fitting",
    "in_words",
    "matches",
    "picked",
]

PREVIEWED = timedelta(days=7)
MOST_COUNTED = 500
MOST_SHOWN = 5


def attributes() -> list[Asked]:
    """Everything that can be asked now: the spine, the customer, and the custom fields."""
    return [*SPINE, *(of_field(field) for field in Field.objects.live())]


def matches(condition: Condition | None, complaint: Complaint, *, now: datetime) -> bool:
    """Whether the condition holds of this complaint, which need not be in the table yet."""
    return rules.holds(condition, Facts(complaint, now))


def picked(condition: Condition | None, now: datetime) -> Q:
    """The complaints of which the condition holds, as a part of one query."""
    if condition is None:
        return NEVER
    known = _asked_by(condition)

    def line(one: Mapping[str, Any]) -> Q:
        asked = known.get(one["field"])
        if asked is None:  # a custom field that is gone: nobody answered it
            return ALWAYS if rules.OPERATORS[one["is"]]("", one.get("value", "")) else NEVER
        return asked.ask(one["is"], one.get("value", ""), now)

    found: Q = rules.fold(condition, line, every, some)
    return found


@dataclass(frozen=True)
class Fitting:
    """How many complaints of the last days fit, as far as somebody sees them, and the latest."""

    count: int
    is_more: bool  # there are more than were counted
    latest: list[Complaint]


def fitting(user: User, condition: Condition | None, now: datetime) -> Fitting:
    """What a condition would have picked lately: bounded, and through the index of receipts."""
    seen = Complaint.objects.visible_to(user).filter(received_at__gte=now - PREVIEWED)
    fit = seen.filter(picked(condition, now)).order_by("-received_at", "-pk")
    keys = list(fit.values_list("pk", flat=True)[: MOST_COUNTED + 1])
    latest = seen.filter(pk__in=keys[:MOST_SHOWN]).for_list().order_by("-received_at", "-pk")
    return Fitting(
        count=min(len(keys), MOST_COUNTED),
        is_more=len(keys) > MOST_COUNTED,
        latest=list(latest) if keys else [],
    )


def in_words(condition: Condition | None) -> str:
    """The condition as a sentence in the reader's language."""
    return rules.in_words(condition, _asked_by(condition).values())


def _asked_by(condition: Condition | None) -> dict[str, Asked]:
    """The attributes that a condition needs; of custom fields only those it names."""
    keys = rules.fields_of(condition)
    known = {one.key: one for one in SPINE if one.key in keys}
    if named := [key.removeprefix(ANSWER) for key in keys if key.startswith(ANSWER)]:
        known |= {(one := of_field(f)).key: one for f in Field.objects.filter(key__in=named)}
    return known


class Facts(Mapping[str, Any]):
    """A complaint's facts, each looked up when it is asked for."""

    def __init__(self, complaint: Complaint, now: datetime) -> None:
        self.complaint = complaint
        self.now = now

    def __getitem__(self, key: str) -> Any:
        if key in BY_KEY:
            return BY_KEY[key].read(self.complaint, self.now)
        if key.startswith(ANSWER):
            return answer_of(self.complaint, key.removeprefix(ANSWER))
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(BY_KEY)

    def __len__(self) -> int:
        return len(BY_KEY)
